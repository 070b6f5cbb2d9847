//! Tokens into a tree. Recursion follows nesting alone, and nesting is bounded.
use super::lexer::{self, Placed, Token};
use super::mistake::{Span, Wrong};
use super::syntax::{Node, Syntax};
use super::{MAX_CHARACTERS, MAX_LIST, MAX_NESTING, MAX_NODES};
use crate::shape::{Arithmetic, Comparison};

/// Reads a rule within all bounds.
pub(super) fn parse(text: &str) -> Result<Node, Wrong> {
    if text.chars().count() > MAX_CHARACTERS {
        let what = format!("The rule has more than {MAX_CHARACTERS} characters.");
        return Err(Wrong::new((0, 0), "too-long", what, "Shorten it, or put what several rules need into a field of the form."));
    }
    let tokens = lexer::tokens(text)?;
    if tokens.is_empty() {
        return Err(Wrong::new((0, 0), "empty", "There is no rule here.", "Write a condition, such as household.size >= 3."));
    }
    let mut parser = Parser { tokens, next: 0, end: text.trim_end().len(), depth: 0, nodes: 0 };
    let node = parser.whole()?;
    if parser.next < parser.tokens.len() {
        return Err(parser.left_over());
    }
    if node.depth() > MAX_NESTING {
        return Err(too_deep(node.at));
    }
    Ok(node)
}

fn too_deep(at: Span) -> Wrong {
    let remedy = "Take brackets away, or put a part of it into a field of the form.";
    Wrong::new(at, "too-deep", format!("Parts lie in each other deeper than {MAX_NESTING} times."), remedy)
}

struct Parser {
    tokens: Vec<Placed>,
    next: usize,
    end: usize,
    depth: usize,
    nodes: usize,
}

impl Parser {
    fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.next).map(|placed| &placed.token)
    }

    fn at(&self) -> Span {
        self.tokens.get(self.next).map_or((self.end, self.end), |placed| placed.at)
    }

    /// Where the last token taken ends.
    fn done(&self) -> usize {
        self.next.checked_sub(1).and_then(|last| self.tokens.get(last)).map_or(0, |placed| placed.at.1)
    }

    fn sign(&self) -> &'static str {
        match self.peek() {
            Some(Token::Sign(sign)) => sign,
            _ => "",
        }
    }

    fn take(&mut self, sign: &str) -> bool {
        let found = !sign.is_empty() && self.sign() == sign;
        self.next += usize::from(found);
        found
    }

    fn must(&mut self, sign: &str, remedy: &str) -> Result<(), Wrong> {
        if self.take(sign) {
            return Ok(());
        }
        if matches!(self.peek(), Some(Token::Name(_))) {
            return Err(self.left_over());
        }
        let what =
            if self.peek().is_none() { format!("A {sign} is missing at the end.") } else { format!("A {sign} is missing here.") };
        Err(Wrong::new(self.at(), "syntax", what, remedy))
    }

    fn node(&mut self, start: usize, what: Syntax) -> Result<Node, Wrong> {
        let at = (start, self.done());
        self.nodes += 1;
        if self.nodes > MAX_NODES {
            let remedy = "Shorten it, or put what several rules need into a field of the form.";
            return Err(Wrong::new(at, "too-large", format!("The rule has more than {MAX_NODES} parts."), remedy));
        }
        Ok(Node { at, what })
    }

    /// One level deeper.
    fn nested(&mut self, read: impl FnOnce(&mut Self) -> Result<Node, Wrong>) -> Result<Node, Wrong> {
        if self.depth == MAX_NESTING {
            return Err(too_deep(self.at()));
        }
        self.depth += 1;
        let node = read(self);
        self.depth -= 1;
        node
    }

    fn whole(&mut self) -> Result<Node, Wrong> {
        let start = self.at().0;
        let condition = self.either()?;
        if !self.take("?") {
            return Ok(condition);
        }
        let then = self.nested(Self::whole)?;
        self.must(":", "Write condition ? then : otherwise.")?;
        let otherwise = self.nested(Self::whole)?;
        let [condition, then, otherwise] = [condition, then, otherwise].map(Box::new);
        self.node(start, Syntax::Choose { condition, then, otherwise })
    }

    fn either(&mut self) -> Result<Node, Wrong> {
        self.chain("||", Self::both, Syntax::Or)
    }

    fn both(&mut self) -> Result<Node, Wrong> {
        self.chain("&&", Self::relation, Syntax::And)
    }

    fn chain(
        &mut self,
        sign: &str,
        part: fn(&mut Self) -> Result<Node, Wrong>,
        join: fn(Vec<Node>) -> Syntax,
    ) -> Result<Node, Wrong> {
        let start = self.at().0;
        let first = part(self)?;
        if self.sign() != sign {
            return Ok(first);
        }
        let mut parts = vec![first];
        while self.take(sign) {
            parts.push(part(self)?);
        }
        self.node(start, join(parts))
    }

    fn relation(&mut self) -> Result<Node, Wrong> {
        let start = self.at().0;
        let left = self.sum()?;
        let Some(relation) = self.relation_sign() else { return Ok(left) };
        self.next += 1;
        let right = self.sum()?;
        if self.relation_sign().is_some() {
            let remedy = "Write each comparison by itself and join them: 6 <= m.age && m.age < 18.";
            let wrong = Wrong::new(self.at(), "chained", "Two comparisons follow each other.", remedy);
            return Err(wrong.write("6 <= m.age && m.age < 18"));
        }
        let [left, right] = [left, right].map(Box::new);
        let what = match relation {
            Relation::Compare(operator) => Syntax::Compare { operator, left, right },
            Relation::In => Syntax::In { left, right },
        };
        self.node(start, what)
    }

    fn relation_sign(&self) -> Option<Relation> {
        let operator = match self.peek()? {
            Token::Name(name) if name == "in" => return Some(Relation::In),
            Token::Sign("==") => Comparison::Equal,
            Token::Sign("!=") => Comparison::NotEqual,
            Token::Sign("<") => Comparison::Less,
            Token::Sign("<=") => Comparison::AtMost,
            Token::Sign(">") => Comparison::More,
            Token::Sign(">=") => Comparison::AtLeast,
            _ => return None,
        };
        Some(Relation::Compare(operator))
    }

    fn sum(&mut self) -> Result<Node, Wrong> {
        self.arithmetic(Self::product, |sign| match sign {
            "+" => Some(Arithmetic::Add),
            "-" => Some(Arithmetic::Subtract),
            _ => None,
        })
    }

    fn product(&mut self) -> Result<Node, Wrong> {
        self.arithmetic(Self::unary, |sign| match sign {
            "*" => Some(Arithmetic::Multiply),
            "/" => Some(Arithmetic::Divide),
            "%" => Some(Arithmetic::Remainder),
            _ => None,
        })
    }

    fn arithmetic(
        &mut self,
        part: fn(&mut Self) -> Result<Node, Wrong>,
        operator: fn(&str) -> Option<Arithmetic>,
    ) -> Result<Node, Wrong> {
        let start = self.at().0;
        let first = part(self)?;
        if operator(self.sign()).is_none() {
            return Ok(first);
        }
        let (mut terms, mut operators) = (vec![first], Vec::new());
        while let Some(operator) = operator(self.sign()) {
            self.next += 1;
            operators.push(operator);
            terms.push(part(self)?);
        }
        self.node(start, Syntax::Arithmetic { terms, operators })
    }

    fn unary(&mut self) -> Result<Node, Wrong> {
        let start = self.at().0;
        let sign = self.sign();
        if sign != "!" && sign != "-" {
            return self.member();
        }
        let mut times = 0;
        while self.take(sign) {
            times += 1;
        }
        let of = match self.peek().cloned() {
            Some(token @ (Token::Int(_) | Token::Number(_))) if sign == "-" => {
                times -= 1;
                self.negative(&token)?
            }
            _ => self.member()?,
        };
        // An even number of signs says what two of them say, and so on.
        let times = if times > 2 { 2 - times % 2 } else { times };
        (0..times).try_fold(of, |of, _| {
            let of = Box::new(of);
            self.node(start, if sign == "!" { Syntax::Not(of) } else { Syntax::Minus(of) })
        })
    }

    /// A number after its minus.
    fn negative(&mut self, token: &Token) -> Result<Node, Wrong> {
        let at = self.at();
        self.next += 1;
        let value = match token {
            Token::Int(value) => Syntax::Int(0_i64.checked_sub_unsigned(*value).ok_or_else(|| too_large(at))?),
            Token::Number(value) => Syntax::Number(-value),
            _ => return Err(self.missing()),
        };
        self.node(at.0.saturating_sub(1), value)
    }

    /// A value, with what is asked of it after points.
    fn member(&mut self) -> Result<Node, Wrong> {
        let start = self.at().0;
        let mut node = self.primary()?;
        loop {
            if self.sign() == "[" {
                let remedy = "Ask of all members at once: members.exists(m, m.age < 6).";
                let wrong = Wrong::new(self.at(), "index", "Places in a list can't be asked for.", remedy);
                return Err(wrong.write("members.exists(m, m.age < 6)"));
            }
            if !self.take(".") {
                return Ok(node);
            }
            let name = self.at();
            let Some(Token::Name(field)) = self.peek().cloned() else { return Err(self.missing()) };
            self.next += 1;
            let of = Box::new(node);
            let what = if self.take("(") {
                Syntax::Call { of: Some(of), function: field, name, arguments: self.list(")")? }
            } else {
                Syntax::Select { of, field, name }
            };
            node = self.node(start, what)?;
        }
    }

    fn primary(&mut self) -> Result<Node, Wrong> {
        let at = self.at();
        let Some(token) = self.peek().cloned() else { return Err(self.missing()) };
        let what = match token {
            Token::Int(value) => Syntax::Int(i64::try_from(value).map_err(|_| too_large(at))?),
            Token::Number(value) => Syntax::Number(value),
            Token::Text(text) => Syntax::Text(text),
            Token::Name(name) => return self.named(name),
            Token::Sign("(") => return self.brackets(),
            Token::Sign("[") => {
                self.next += 1;
                Syntax::List(self.list("]")?)
            }
            Token::Sign(_) => return Err(self.missing()),
        };
        // The list has taken its bracket already.
        self.next += usize::from(!matches!(what, Syntax::List(_)));
        self.node(at.0, what)
    }

    fn named(&mut self, name: String) -> Result<Node, Wrong> {
        let at = self.at();
        self.next += 1;
        let what = match name.as_str() {
            "true" => Syntax::Bool(true),
            "false" => Syntax::Bool(false),
            "null" => {
                let remedy = "Ask whether it is known: has(household.income).";
                let wrong = Wrong::new(at, "null", "Nothing is ever null: it is known or not.", remedy);
                return Err(wrong.write("has(household.income)"));
            }
            "in" => {
                let wrong = Wrong::new(at, "syntax", "Something is missing before “in”.", "Write 'radio' in household.assets.");
                return Err(wrong.write("'radio' in household.assets"));
            }
            _ if self.take("(") => Syntax::Call { of: None, function: name, name: at, arguments: self.list(")")? },
            _ => Syntax::Name(name),
        };
        self.node(at.0, what)
    }

    fn brackets(&mut self) -> Result<Node, Wrong> {
        let start = self.at().0;
        self.next += 1;
        let inside = self.nested(Self::whole)?;
        self.must(")", "Close every bracket that is opened.")?;
        Ok(Node { at: (start, self.done()), ..inside })
    }

    /// What stands between commas, up to the closing bracket.
    fn list(&mut self, close: &str) -> Result<Vec<Node>, Wrong> {
        let mut items = Vec::new();
        let start = self.at();
        if self.take(close) {
            return Ok(items);
        }
        loop {
            items.push(self.nested(Self::whole)?);
            if items.len() > MAX_LIST {
                let what = format!("A list has more than {MAX_LIST} values.");
                return Err(Wrong::new(start, "long-list", what, "Put the answer into a field of the form, and ask for that."));
            }
            if !self.take(",") {
                self.must(close, "Put commas between values, and close every bracket that is opened.")?;
                return Ok(items);
            }
        }
    }

    fn missing(&self) -> Wrong {
        let what = match self.peek() {
            None => "The rule ends too early.".to_owned(),
            Some(Token::Sign(sign)) => format!("Something is missing before {sign} here."),
            Some(_) => "A name is missing here.".to_owned(),
        };
        Wrong::new(self.at(), "syntax", what, "Write a field such as household.size, a value or a condition here.")
    }

    /// Something stands where the rule, or what is in brackets, should have ended.
    fn left_over(&self) -> Wrong {
        let before = self.next.checked_sub(1).map(|last| &self.tokens[last].token);
        let (what, remedy) = match self.peek() {
            _ if is_word(before, "not") => ("“not” isn't understood.", "Write ! before a condition."),
            Some(token) if is_word(Some(token), "and") => ("“and” isn't understood.", "Write && between conditions."),
            Some(token) if is_word(Some(token), "or") => ("“or” isn't understood.", "Write || between conditions."),
            Some(Token::Sign(")" | "]")) => {
                ("A bracket is closed here that was not opened.", "Leave it out, or open one before.")
            }
            Some(Token::Sign(":")) => ("This : belongs to no ?.", "Write condition ? then : otherwise."),
            _ => ("Nothing joins this with what stands before.", "Join conditions by && or ||."),
        };
        let wrong = Wrong::new(self.at(), "syntax", what, remedy);
        match self.peek() {
            _ if is_word(before, "not") => wrong.write("!"),
            Some(token) if is_word(Some(token), "and") => wrong.write("&&"),
            Some(token) if is_word(Some(token), "or") => wrong.write("||"),
            Some(Token::Sign(")" | "]")) => wrong,
            Some(Token::Sign(":")) => wrong.write("… ? … : …"),
            _ => wrong.write("&&").write("||"),
        }
    }
}

enum Relation {
    Compare(Comparison),
    In,
}

fn is_word(token: Option<&Token>, word: &str) -> bool {
    matches!(token, Some(Token::Name(name)) if name.eq_ignore_ascii_case(word))
}

fn too_large(at: Span) -> Wrong {
    Wrong::new(at, "number", "This number is too large.", "Write a smaller one.")
}
