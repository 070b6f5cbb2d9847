//! Tokens into an expression. Recursion follows nesting alone, and nesting is bounded.
use super::ast::{Axis, Expr, Operator, Path, Start, Step, Test};
use super::error::Error;
use super::functions::Function;
use super::lexer::{self, Placed, Token};

/// The longest source, in bytes.
pub const MAX_SOURCE: usize = 65_536;
/// How deep brackets, predicates and calls may lie in each other.
pub const MAX_DEPTH: usize = 100;

/// Reads an expression. Every function in it exists and has a fitting number of arguments.
pub fn parse(source: &str) -> Result<Expr, Error> {
    if source.len() > MAX_SOURCE {
        return Err(Error::TooLong);
    }
    let tokens = lexer::tokens(source)?;
    let mut parser = Parser { tokens, next: 0, end: source.len(), depth: 0 };
    let expr = parser.binary(0)?;
    match parser.peek() {
        None => Ok(expr),
        Some(Token::Close | Token::CloseSquare) => Err(parser.wrong("a bracket is closed here that was not opened")),
        Some(_) => Err(parser.wrong("the expression should have ended before this")),
    }
}

struct Parser {
    tokens: Vec<Placed>,
    next: usize,
    end: usize,
    depth: usize,
}

impl Parser {
    fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.next).map(|placed| &placed.token)
    }

    fn at(&self) -> usize {
        self.tokens.get(self.next).map_or(self.end, |placed| placed.at)
    }

    fn wrong(&self, hint: &'static str) -> Error {
        Error::Syntax { at: self.at(), hint }
    }

    fn take(&mut self, token: &Token) -> bool {
        let found = self.peek() == Some(token);
        self.next += usize::from(found);
        found
    }

    fn must(&mut self, token: &Token, hint: &'static str) -> Result<(), Error> {
        if self.take(token) { Ok(()) } else { Err(self.wrong(hint)) }
    }

    /// A whole expression inside brackets of some kind.
    fn nested(&mut self) -> Result<Expr, Error> {
        if self.depth == MAX_DEPTH {
            return Err(Error::TooDeep { at: self.at() });
        }
        self.depth += 1;
        let expr = self.binary(0);
        self.depth -= 1;
        expr
    }

    fn operator(&self) -> Option<Operator> {
        match self.peek() {
            Some(Token::Operator(operator)) => Some(*operator),
            _ => None,
        }
    }

    fn binary(&mut self, least: u8) -> Result<Expr, Error> {
        let mut left = self.unary()?;
        while let Some(level) = self.operator().map(Operator::level).filter(|level| *level >= least) {
            let mut rest = Vec::new();
            while let Some(operator) = self.operator().filter(|operator| operator.level() == level) {
                self.next += 1;
                rest.push((operator, self.binary(level + 1)?));
            }
            left = Expr::Chain { first: Box::new(left), rest };
        }
        Ok(left)
    }

    fn unary(&mut self) -> Result<Expr, Error> {
        let mut times = 0;
        while self.take(&Token::Operator(Operator::Minus)) {
            times += 1;
        }
        let of = self.union()?;
        Ok(if times == 0 { of } else { Expr::Negate { times, of: Box::new(of) } })
    }

    fn union(&mut self) -> Result<Expr, Error> {
        let first = self.path()?;
        if self.peek() != Some(&Token::Union) {
            return Ok(first);
        }
        let mut parts = vec![first];
        while self.take(&Token::Union) {
            parts.push(self.path()?);
        }
        Ok(Expr::Union(parts))
    }

    fn path(&mut self) -> Result<Expr, Error> {
        match self.peek() {
            Some(Token::Slash) => {
                self.next += 1;
                let steps = if self.step_follows() { self.steps()? } else { Vec::new() };
                Ok(Expr::Path(Path { start: Start::Root, steps }))
            }
            Some(Token::DoubleSlash) => {
                let mut steps = Vec::new();
                self.more_steps(&mut steps)?;
                Ok(Expr::Path(Path { start: Start::Root, steps }))
            }
            _ if self.step_follows() => Ok(Expr::Path(Path { start: Start::Here, steps: self.steps()? })),
            _ => self.filter(),
        }
    }

    fn step_follows(&self) -> bool {
        matches!(
            self.peek(),
            Some(
                Token::Name(_)
                    | Token::Prefix(_)
                    | Token::Star
                    | Token::NodeType(_)
                    | Token::Axis(_)
                    | Token::At
                    | Token::Dot
                    | Token::DotDot
            )
        )
    }

    fn steps(&mut self) -> Result<Vec<Step>, Error> {
        let mut steps = vec![self.step()?];
        self.more_steps(&mut steps)?;
        Ok(steps)
    }

    /// Steps that each follow a `/` or a `//`.
    fn more_steps(&mut self, steps: &mut Vec<Step>) -> Result<(), Error> {
        loop {
            if self.take(&Token::DoubleSlash) {
                steps.push(Step::plain(Axis::DescendantOrSelf, Test::Node));
            } else if !self.take(&Token::Slash) {
                return Ok(());
            }
            steps.push(self.step()?);
        }
    }

    fn step(&mut self) -> Result<Step, Error> {
        if self.take(&Token::Dot) {
            return Ok(Step::plain(Axis::Itself, Test::Node));
        }
        if self.take(&Token::DotDot) {
            return Ok(Step::plain(Axis::Parent, Test::Node));
        }
        let axis = match self.peek() {
            Some(Token::Axis(axis)) => Some(*axis),
            Some(Token::At) => Some(Axis::Attribute),
            _ => None,
        };
        self.next += usize::from(axis.is_some());
        let test = self.test()?;
        Ok(Step { axis: axis.unwrap_or(Axis::Child), test, predicates: self.predicates()? })
    }

    fn test(&mut self) -> Result<Test, Error> {
        let hint = "a name or * should stand here";
        let Some(token) = self.peek().cloned() else { return Err(self.wrong(hint)) };
        let test = match token {
            Token::Name(name) => Test::Name(name),
            Token::Prefix(prefix) => Test::Prefix(prefix),
            Token::Star => Test::Any,
            Token::NodeType(kind) => return self.node_type(kind),
            _ => return Err(self.wrong(hint)),
        };
        self.next += 1;
        Ok(test)
    }

    fn node_type(&mut self, kind: &str) -> Result<Test, Error> {
        self.next += 1;
        self.must(&Token::Open, "a ( is missing here")?;
        let target = match self.peek() {
            Some(Token::Text(target)) if kind == "processing-instruction" => Some(target.clone()),
            _ => None,
        };
        self.next += usize::from(target.is_some());
        self.must(&Token::Close, "a ) is missing here")?;
        Ok(match kind {
            "text" => Test::Text,
            "comment" => Test::Comment,
            "node" => Test::Node,
            _ => Test::Instruction(target),
        })
    }

    fn predicates(&mut self) -> Result<Vec<Expr>, Error> {
        let mut predicates = Vec::new();
        while self.take(&Token::OpenSquare) {
            predicates.push(self.nested()?);
            self.must(&Token::CloseSquare, "a ] is missing here")?;
        }
        Ok(predicates)
    }

    /// A value, perhaps with predicates and steps behind it.
    fn filter(&mut self) -> Result<Expr, Error> {
        let from = self.primary()?;
        let predicates = self.predicates()?;
        let mut steps = Vec::new();
        self.more_steps(&mut steps)?;
        if predicates.is_empty() && steps.is_empty() {
            return Ok(from);
        }
        Ok(Expr::Path(Path { start: Start::Filter { from: Box::new(from), predicates }, steps }))
    }

    fn primary(&mut self) -> Result<Expr, Error> {
        let at = self.at();
        let Some(token) = self.peek().cloned() else { return Err(self.wrong("something is missing at the end")) };
        match token {
            Token::Number(value) => {
                self.next += 1;
                Ok(Expr::Number(value))
            }
            Token::Text(text) => {
                self.next += 1;
                Ok(Expr::Text(text))
            }
            Token::Open => {
                self.next += 1;
                let inside = self.nested()?;
                self.must(&Token::Close, "a ) is missing here")?;
                Ok(inside)
            }
            Token::Function(name) => self.call(at, name),
            Token::Operator(_) => Err(self.wrong("something is missing before this operator")),
            _ => Err(self.wrong("a value, a path or a function should stand here")),
        }
    }

    fn call(&mut self, at: usize, name: String) -> Result<Expr, Error> {
        self.next += 1;
        self.must(&Token::Open, "a ( is missing here")?;
        let mut arguments = Vec::new();
        if !self.take(&Token::Close) {
            loop {
                arguments.push(self.nested()?);
                if !self.take(&Token::Comma) {
                    break;
                }
            }
            self.must(&Token::Close, "a ) or a comma is missing here")?;
        }
        let Some(function) = Function::named(&name) else { return Err(Error::UnknownFunction { at, name }) };
        if !function.takes(arguments.len()) {
            return Err(Error::Arguments { at, name: function.name(), given: arguments.len() });
        }
        Ok(Expr::Call { function, arguments })
    }
}
