//! Source text into tokens, with the rules of XPath 1.0 section 3.7 that tell operators from names.
use super::ast::{Axis, Operator};
use super::error::Error;

/// A token and where it starts, in bytes from 0.
#[derive(Debug, Clone, PartialEq)]
pub struct Placed {
    pub at: usize,
    pub token: Token,
}

/// A token. `*` is already told apart into the operator and the name test.
#[derive(Debug, Clone, PartialEq)]
pub enum Token {
    Number(f64),
    Text(String),
    /// A name test, perhaps with a prefix.
    Name(String),
    /// `prefix:*`
    Prefix(String),
    Star,
    /// A name before `(` that is no node type.
    Function(String),
    /// `node`, `text`, `comment` or `processing-instruction` before `(`.
    NodeType(&'static str),
    /// An axis with its `::`.
    Axis(Axis),
    Operator(Operator),
    Union,
    Slash,
    DoubleSlash,
    Open,
    Close,
    OpenSquare,
    CloseSquare,
    Dot,
    DotDot,
    At,
    Comma,
}

const NODE_TYPES: [&str; 4] = ["node", "text", "comment", "processing-instruction"];

/// All tokens of a source text.
pub fn tokens(source: &str) -> Result<Vec<Placed>, Error> {
    let mut lexer = Lexer { source, at: 0, found: Vec::new() };
    while lexer.next()? {}
    Ok(lexer.found)
}

struct Lexer<'a> {
    source: &'a str,
    at: usize,
    found: Vec<Placed>,
}

impl Lexer<'_> {
    fn next(&mut self) -> Result<bool, Error> {
        self.skip_spaces();
        let Some(first) = self.rest().chars().next() else { return Ok(false) };
        let at = self.at;
        let token = match first {
            '0'..='9' => self.number(),
            '.' if self.rest()[1..].starts_with(|next: char| next.is_ascii_digit()) => self.number(),
            '\'' | '"' => self.text(first)?,
            '*' => {
                self.at += 1;
                if self.operator_fits() { Token::Operator(Operator::Times) } else { Token::Star }
            }
            _ if starts_name(first) => self.name()?,
            _ => self.sign(first)?,
        };
        self.found.push(Placed { at, token });
        Ok(true)
    }

    fn rest(&self) -> &str {
        &self.source[self.at..]
    }

    fn skip_spaces(&mut self) {
        let rest = self.rest();
        // No-break spaces come along when a formula is copied from a web page; nobody can see them.
        let spaces = rest.len() - rest.trim_start_matches([' ', '\t', '\n', '\r', '\u{a0}']).len();
        self.at += spaces;
    }

    fn number(&mut self) -> Token {
        let bytes = self.rest().as_bytes();
        let mut end = bytes.iter().take_while(|byte| byte.is_ascii_digit()).count();
        if bytes.get(end) == Some(&b'.') {
            end += 1 + bytes[end + 1..].iter().take_while(|byte| byte.is_ascii_digit()).count();
        }
        let value = self.rest()[..end].parse().unwrap_or(f64::NAN);
        self.at += end;
        Token::Number(value)
    }

    fn text(&mut self, quote: char) -> Result<Token, Error> {
        let inside = &self.rest()[1..];
        let Some(end) = inside.find(quote) else {
            return Err(Error::Syntax { at: self.at, hint: "a quotation mark is opened here and not closed" });
        };
        let token = Token::Text(inside[..end].to_owned());
        self.at += end + 2;
        Ok(token)
    }

    /// Whether what comes next can be an operator: something stands before it that an operator can follow.
    fn operator_fits(&self) -> bool {
        self.found.last().is_some_and(|last| {
            !matches!(
                last.token,
                Token::At
                    | Token::Axis(_)
                    | Token::Open
                    | Token::OpenSquare
                    | Token::Comma
                    | Token::Operator(_)
                    | Token::Union
                    | Token::Slash
                    | Token::DoubleSlash
            )
        })
    }

    fn name(&mut self) -> Result<Token, Error> {
        let at = self.at;
        let name = self.part();
        if self.operator_fits() {
            let operator = match name.as_str() {
                "or" => Operator::Or,
                "and" => Operator::And,
                "div" => Operator::Div,
                "mod" => Operator::Mod,
                _ => {
                    return Err(Error::Syntax {
                        at,
                        hint: "an operator (and, or, div, mod, =, + …) is missing before this name",
                    });
                }
            };
            return Ok(Token::Operator(operator));
        }
        let whole = match self.rest().strip_prefix(':') {
            Some(after) if after.starts_with('*') => {
                self.at += 2;
                return Ok(Token::Prefix(name));
            }
            Some(after) if after.starts_with(starts_name) => {
                self.at += 1;
                format!("{name}:{}", self.part())
            }
            _ => name,
        };
        let after = self.at;
        self.skip_spaces();
        if self.rest().starts_with("::") {
            self.at += 2;
            return Axis::named(&whole)
                .map(Token::Axis)
                .ok_or(Error::Syntax { at, hint: "this is no axis: use child, parent, self, descendant, ancestor …" });
        }
        if self.rest().starts_with('(') {
            let kind = NODE_TYPES.into_iter().find(|kind| *kind == whole);
            return Ok(kind.map_or_else(|| Token::Function(whole), Token::NodeType));
        }
        self.at = after;
        Ok(Token::Name(whole))
    }

    fn part(&mut self) -> String {
        let rest = self.rest();
        let end = rest.find(|c| !continues_name(c)).unwrap_or(rest.len());
        let part = rest[..end].to_owned();
        self.at += end;
        part
    }

    fn sign(&mut self, first: char) -> Result<Token, Error> {
        let (token, length) = match (first, self.rest().as_bytes().get(1)) {
            ('/', Some(b'/')) => (Token::DoubleSlash, 2),
            ('/', _) => (Token::Slash, 1),
            ('.', Some(b'.')) => (Token::DotDot, 2),
            ('.', _) => (Token::Dot, 1),
            ('!', Some(b'=')) => (Token::Operator(Operator::NotEqual), 2),
            ('<', Some(b'=')) => (Token::Operator(Operator::LessOrEqual), 2),
            ('>', Some(b'=')) => (Token::Operator(Operator::GreaterOrEqual), 2),
            ('<', _) => (Token::Operator(Operator::Less), 1),
            ('>', _) => (Token::Operator(Operator::Greater), 1),
            ('=', _) => (Token::Operator(Operator::Equal), 1),
            ('+', _) => (Token::Operator(Operator::Plus), 1),
            ('-', _) => (Token::Operator(Operator::Minus), 1),
            ('|', _) => (Token::Union, 1),
            ('(', _) => (Token::Open, 1),
            (')', _) => (Token::Close, 1),
            ('[', _) => (Token::OpenSquare, 1),
            (']', _) => (Token::CloseSquare, 1),
            ('@', _) => (Token::At, 1),
            (',', _) => (Token::Comma, 1),
            _ => return Err(self.stranger(first)),
        };
        self.at += length;
        Ok(token)
    }

    fn stranger(&self, first: char) -> Error {
        let at = self.at;
        match first {
            '$' if self.rest().starts_with("${") => {
                Error::Syntax { at, hint: "${…} names a question only in an XLSForm; here a path is needed" }
            }
            '$' => Error::Variable { at },
            '‘' | '’' | '“' | '”' | '«' | '»' => {
                Error::Syntax { at, hint: "use straight quotation marks (' or \"), not curly ones" }
            }
            '≤' | '≥' | '≠' => Error::Syntax { at, hint: "write <=, >= or != with two signs" },
            '&' => Error::Syntax { at, hint: "join texts with concat(), conditions with and" },
            '%' => Error::Syntax { at, hint: "write mod for the rest of a division" },
            ';' => Error::Syntax { at, hint: "separate arguments with a comma" },
            '!' => Error::Syntax { at, hint: "write not(…), or != for unequal" },
            _ => Error::Syntax { at, hint: "this sign has no meaning here" },
        }
    }
}

/// Whether a name can begin with this character.
pub fn starts_name(c: char) -> bool {
    c == '_' || c.is_alphabetic()
}

fn continues_name(c: char) -> bool {
    // Beyond letters, digits and the three signs, marks: Arabic and Indic names carry their vowels as characters of their own.
    starts_name(c)
        || c.is_numeric()
        || matches!(c, '-' | '.' | '\u{b7}' | '\u{300}'..='\u{36f}' | '\u{610}'..='\u{61a}' | '\u{64b}'..='\u{669}')
}
