//! The words and signs of a rule.
use super::mistake::{Span, Wrong};

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Token {
    Name(String),
    /// Without its sign.
    Int(u64),
    Number(f64),
    Text(String),
    Sign(&'static str),
}

#[derive(Debug, Clone)]
pub(super) struct Placed {
    pub(super) at: Span,
    pub(super) token: Token,
}

/// Longer ones first.
const SIGNS: &[&str] =
    &["&&", "||", "==", "!=", "<=", ">=", "<", ">", "+", "-", "*", "/", "%", "!", "?", ":", ".", ",", "(", ")", "[", "]"];

pub(super) fn tokens(text: &str) -> Result<Vec<Placed>, Wrong> {
    let mut lexer = Lexer { text, at: 0 };
    let mut tokens = Vec::new();
    while let Some(placed) = lexer.next()? {
        tokens.push(placed);
    }
    Ok(tokens)
}

struct Lexer<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> Lexer<'t> {
    fn rest(&self) -> &'t str {
        &self.text[self.at..]
    }

    fn next(&mut self) -> Result<Option<Placed>, Wrong> {
        self.space();
        let start = self.at;
        let Some(first) = self.rest().chars().next() else { return Ok(None) };
        let after = self.rest()[first.len_utf8()..].chars().next();
        let token = match first {
            '0'..='9' => self.number()?,
            '.' if after.is_some_and(|next| next.is_ascii_digit()) => self.number()?,
            '\'' | '"' => self.string(first)?,
            _ if first == '_' || first.is_ascii_alphabetic() => self.name(after)?,
            _ => self.sign(first)?,
        };
        Ok(Some(Placed { at: (start, self.at), token }))
    }

    /// Passes over spaces and comments.
    fn space(&mut self) {
        loop {
            let rest = self.rest();
            let trimmed = rest.trim_start();
            self.at += rest.len() - trimmed.len();
            if !trimmed.starts_with("//") {
                return;
            }
            self.at += trimmed.find('\n').unwrap_or(trimmed.len());
        }
    }

    fn take(&mut self, fits: impl Fn(char) -> bool) -> &'t str {
        let rest = self.rest();
        let taken = &rest[..rest.find(|sign: char| !fits(sign)).unwrap_or(rest.len())];
        self.at += taken.len();
        taken
    }

    fn name(&mut self, after: Option<char>) -> Result<Token, Wrong> {
        let start = self.at;
        let name = self.take(|sign| sign == '_' || sign.is_ascii_alphanumeric());
        let quoted = self.rest().starts_with(['\'', '"']) && after.is_none_or(|next| !next.is_ascii_alphabetic());
        if quoted {
            return Err(Wrong::new(
                (start, self.at),
                "syntax",
                "Texts need no letter before them.",
                "Write the text in quotes alone: 'rented'.",
            ));
        }
        Ok(Token::Name(name.to_owned()))
    }

    fn number(&mut self) -> Result<Token, Wrong> {
        let start = self.at;
        let token =
            if self.rest().starts_with("0x") || self.rest().starts_with("0X") { self.hexadecimal() } else { self.decimal() };
        let wrong = |lexer: &Self| (start, lexer.at.max(start + 1));
        if self.rest().starts_with(|sign: char| sign == '_' || sign.is_alphanumeric()) {
            let odd = self.take(|sign| sign == '_' || sign.is_alphanumeric());
            let what = format!("“{}{odd}” is no number.", &self.text[start..self.at - odd.len()]);
            return Err(Wrong::new(wrong(self), "number", what, "Write digits, with a point before the fraction: 12 or 0.5."));
        }
        token.ok_or_else(|| Wrong::new(wrong(self), "number", "This number is too large.", "Write a smaller one."))
    }

    fn hexadecimal(&mut self) -> Option<Token> {
        self.at += 2;
        let digits = self.take(|sign| sign.is_ascii_hexdigit());
        u64::from_str_radix(digits, 16).ok().map(Token::Int)
    }

    fn decimal(&mut self) -> Option<Token> {
        let start = self.at;
        self.take(|sign| sign.is_ascii_digit());
        let mut whole = true;
        let mut fraction = self.rest().chars();
        if fraction.next() == Some('.') && fraction.next().is_some_and(|next| next.is_ascii_digit()) {
            whole = false;
            self.at += 1;
            self.take(|sign| sign.is_ascii_digit());
        }
        let exponent = self.rest().strip_prefix(['e', 'E']).map(|rest| rest.strip_prefix(['+', '-']).unwrap_or(rest));
        if let Some(digits) = exponent.filter(|digits| digits.starts_with(|sign: char| sign.is_ascii_digit())) {
            whole = false;
            self.at = self.text.len() - digits.len();
            self.take(|sign| sign.is_ascii_digit());
        }
        let text = &self.text[start..self.at];
        if whole {
            return text.parse().ok().map(Token::Int);
        }
        text.parse().ok().filter(|value: &f64| value.is_finite()).map(Token::Number)
    }

    fn string(&mut self, quote: char) -> Result<Token, Wrong> {
        let start = self.at;
        self.at += 1;
        let mut text = String::new();
        while let Some(sign) = self.rest().chars().next() {
            self.at += sign.len_utf8();
            match sign {
                _ if sign == quote => return Ok(Token::Text(text)),
                '\\' => text.push(self.escape()?),
                '\n' => break,
                _ => text.push(sign),
            }
        }
        Err(Wrong::new(
            (start, self.at),
            "open-text",
            "This text has no end.",
            format!("Put {quote} behind it, in the same line."),
        ))
    }

    fn escape(&mut self) -> Result<char, Wrong> {
        let start = self.at - 1;
        let kind = self.rest().chars().next();
        self.at += kind.map_or(0, char::len_utf8);
        let plain = match kind {
            Some(sign @ ('\\' | '\'' | '"' | '`' | '?')) => Some(sign),
            Some('n') => Some('\n'),
            Some('r') => Some('\r'),
            Some('t') => Some('\t'),
            Some('u') => self.code_point(4),
            Some('U') => self.code_point(8),
            _ => None,
        };
        plain.ok_or_else(|| Wrong::new((start, self.at), "escape", "This \\ escapes nothing.", "Write \\\\ for a \\ in a text."))
    }

    fn code_point(&mut self, digits: usize) -> Option<char> {
        let code = self.rest().get(..digits).filter(|code| code.chars().all(|sign| sign.is_ascii_hexdigit()))?;
        self.at += digits;
        u32::from_str_radix(code, 16).ok().and_then(char::from_u32)
    }

    fn sign(&mut self, first: char) -> Result<Token, Wrong> {
        if let Some(sign) = SIGNS.iter().find(|sign| self.rest().starts_with(**sign)) {
            self.at += sign.len();
            return Ok(Token::Sign(sign));
        }
        let (what, remedy) = match first {
            '=' => ("One = asks nothing.".to_owned(), "Write == to ask whether two things are equal.".to_owned()),
            '&' | '|' => (format!("One {first} joins nothing."), format!("Write {first}{first}.")),
            '“' | '”' | '„' | '‘' | '’' | '«' | '»' => {
                ("Texts stand in straight quotes.".to_owned(), "Write 'rented' or \"rented\".".to_owned())
            }
            '≥' => ("≥ isn't understood.".to_owned(), "Write >=.".to_owned()),
            '≤' => ("≤ isn't understood.".to_owned(), "Write <=.".to_owned()),
            '≠' => ("≠ isn't understood.".to_owned(), "Write !=.".to_owned()),
            '{' | '}' => ("There are no maps in rules.".to_owned(), "Write a list in square brackets: ['a', 'b'].".to_owned()),
            _ if first.is_numeric() => {
                ("This digit isn't understood.".to_owned(), "Write numbers in the digits 0 to 9.".to_owned())
            }
            _ if first.is_alphabetic() => {
                ("Names have the letters a to z.".to_owned(), "If this is a text, put it in quotes: 'rented'.".to_owned())
            }
            _ => (format!("The sign {first} means nothing here."), "Leave it out.".to_owned()),
        };
        let wrong = Wrong::new((self.at, self.at + first.len_utf8()), "syntax", what, remedy);
        Err(match first {
            '=' => wrong.write("=="),
            '&' | '|' => wrong.write(format!("{first}{first}")),
            '≥' => wrong.write(">="),
            '≤' => wrong.write("<="),
            '≠' => wrong.write("!="),
            '“' | '”' | '„' | '‘' | '’' | '«' | '»' => wrong.write("'rented'"),
            '{' | '}' => wrong.write("['a', 'b']"),
            _ => wrong,
        })
    }
}
