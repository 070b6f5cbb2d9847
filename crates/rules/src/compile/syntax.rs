//! A rule as it was read, before anything is known of its names.
use super::mistake::Span;
use crate::shape::{Arithmetic, Comparison};

#[derive(Debug)]
pub(super) struct Node {
    pub(super) at: Span,
    pub(super) what: Syntax,
}

#[derive(Debug)]
pub(super) enum Syntax {
    Bool(bool),
    Int(i64),
    Number(f64),
    Text(String),
    List(Vec<Node>),
    Name(String),
    /// `of.field`; `name` is where the field's name stands.
    Select {
        of: Box<Node>,
        field: String,
        name: Span,
    },
    /// `of.function(arguments)`, or without `of`; `name` is where the function's name stands.
    Call {
        of: Option<Box<Node>>,
        function: String,
        name: Span,
        arguments: Vec<Node>,
    },
    Not(Box<Node>),
    Minus(Box<Node>),
    /// One operator fewer than terms.
    Arithmetic {
        terms: Vec<Node>,
        operators: Vec<Arithmetic>,
    },
    Compare {
        operator: Comparison,
        left: Box<Node>,
        right: Box<Node>,
    },
    In {
        left: Box<Node>,
        right: Box<Node>,
    },
    And(Vec<Node>),
    Or(Vec<Node>),
    Choose {
        condition: Box<Node>,
        then: Box<Node>,
        otherwise: Box<Node>,
    },
}

impl Node {
    pub(super) fn children(&self) -> Vec<&Node> {
        match &self.what {
            Syntax::Bool(_) | Syntax::Int(_) | Syntax::Number(_) | Syntax::Text(_) | Syntax::Name(_) => Vec::new(),
            Syntax::List(nodes) | Syntax::And(nodes) | Syntax::Or(nodes) => nodes.iter().collect(),
            Syntax::Arithmetic { terms, .. } => terms.iter().collect(),
            Syntax::Select { of, .. } | Syntax::Not(of) | Syntax::Minus(of) => vec![&**of],
            Syntax::Call { of, arguments, .. } => of.iter().map(|of| &**of).chain(arguments).collect(),
            Syntax::Compare { left, right, .. } | Syntax::In { left, right } => vec![&**left, &**right],
            Syntax::Choose { condition, then, otherwise } => vec![&**condition, &**then, &**otherwise],
        }
    }

    /// How many levels of parts there are. Recursion is as deep as the parser allowed.
    pub(super) fn depth(&self) -> usize {
        1 + self.children().into_iter().map(Self::depth).max().unwrap_or_default()
    }
}
