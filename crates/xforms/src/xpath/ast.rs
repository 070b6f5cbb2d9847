//! The tree of a read expression.
use super::functions::Function;

/// An expression. Operators of one level lie flat in a `Chain`, so that a sum of a thousand terms is no deeper than a sum of two.
#[derive(Debug, Clone, PartialEq)]
pub enum Expr {
    /// A number as written: never negative, never NaN.
    Number(f64),
    /// A text in quotes.
    Text(String),
    /// Operators of one level, applied from left to right. `rest` is never empty.
    Chain { first: Box<Expr>, rest: Vec<(Operator, Expr)> },
    /// So many minus signs (at least one) before an expression.
    Negate { times: u32, of: Box<Expr> },
    /// Node-sets joined by `|`, at least two.
    Union(Vec<Expr>),
    /// A path, or a filtered expression.
    Path(Path),
    /// A call of a known function with a fitting number of arguments.
    Call { function: Function, arguments: Vec<Expr> },
}

/// Operators between two expressions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operator {
    Or,
    And,
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Plus,
    Minus,
    Times,
    Div,
    Mod,
}

impl Operator {
    /// How tightly it binds; higher binds tighter.
    pub fn level(self) -> u8 {
        match self {
            Self::Or => 1,
            Self::And => 2,
            Self::Equal | Self::NotEqual => 3,
            Self::Less | Self::LessOrEqual | Self::Greater | Self::GreaterOrEqual => 4,
            Self::Plus | Self::Minus => 5,
            Self::Times | Self::Div | Self::Mod => 6,
        }
    }

    /// As it is written.
    pub fn sign(self) -> &'static str {
        match self {
            Self::Or => "or",
            Self::And => "and",
            Self::Equal => "=",
            Self::NotEqual => "!=",
            Self::Less => "<",
            Self::LessOrEqual => "<=",
            Self::Greater => ">",
            Self::GreaterOrEqual => ">=",
            Self::Plus => "+",
            Self::Minus => "-",
            Self::Times => "*",
            Self::Div => "div",
            Self::Mod => "mod",
        }
    }
}

/// A start and the steps from there. Without steps it is the start alone.
#[derive(Debug, Clone, PartialEq)]
pub struct Path {
    pub start: Start,
    pub steps: Vec<Step>,
}

/// Where a path begins.
#[derive(Debug, Clone, PartialEq)]
pub enum Start {
    /// `/`: the root of the form's own instance.
    Root,
    /// The node the expression stands at.
    Here,
    /// The nodes another expression gives, thinned by predicates.
    Filter { from: Box<Expr>, predicates: Vec<Expr> },
}

/// One step of a path.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    pub axis: Axis,
    pub test: Test,
    pub predicates: Vec<Expr>,
}

impl Step {
    /// A step without predicates.
    pub fn plain(axis: Axis, test: Test) -> Self {
        Self { axis, test, predicates: Vec::new() }
    }
}

/// In which direction a step goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Axis {
    Child,
    Parent,
    Itself,
    Descendant,
    DescendantOrSelf,
    Ancestor,
    AncestorOrSelf,
    Following,
    FollowingSibling,
    Preceding,
    PrecedingSibling,
    Attribute,
    Namespace,
}

impl Axis {
    const ALL: [Self; 13] = [
        Self::Child,
        Self::Parent,
        Self::Itself,
        Self::Descendant,
        Self::DescendantOrSelf,
        Self::Ancestor,
        Self::AncestorOrSelf,
        Self::Following,
        Self::FollowingSibling,
        Self::Preceding,
        Self::PrecedingSibling,
        Self::Attribute,
        Self::Namespace,
    ];

    /// The axis of this name, if there is one.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|axis| axis.name() == name)
    }

    /// As it is written before `::`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Child => "child",
            Self::Parent => "parent",
            Self::Itself => "self",
            Self::Descendant => "descendant",
            Self::DescendantOrSelf => "descendant-or-self",
            Self::Ancestor => "ancestor",
            Self::AncestorOrSelf => "ancestor-or-self",
            Self::Following => "following",
            Self::FollowingSibling => "following-sibling",
            Self::Preceding => "preceding",
            Self::PrecedingSibling => "preceding-sibling",
            Self::Attribute => "attribute",
            Self::Namespace => "namespace",
        }
    }

    /// Whether positions on it count backwards through the document.
    pub fn is_reverse(self) -> bool {
        matches!(self, Self::Ancestor | Self::AncestorOrSelf | Self::Preceding | Self::PrecedingSibling)
    }
}

/// Which nodes of an axis a step takes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Test {
    /// `*`
    Any,
    /// `prefix:*`
    Prefix(String),
    /// A name as written, with its prefix.
    Name(String),
    /// `node()`
    Node,
    /// `text()`
    Text,
    /// `comment()`; instances keep no comments, so it finds nothing.
    Comment,
    /// `processing-instruction()`; instances keep none, so it finds nothing.
    Instruction(Option<String>),
}

impl Expr {
    /// Calls `visit` with this expression and everything inside it, outermost first.
    pub fn walk<'a>(&'a self, visit: &mut dyn FnMut(&'a Self)) {
        visit(self);
        match self {
            Self::Number(_) | Self::Text(_) => {}
            Self::Chain { first, rest } => {
                first.walk(visit);
                rest.iter().for_each(|(_, expr)| expr.walk(visit));
            }
            Self::Negate { of, .. } => of.walk(visit),
            Self::Union(parts) => parts.iter().for_each(|part| part.walk(visit)),
            Self::Call { arguments, .. } => arguments.iter().for_each(|argument| argument.walk(visit)),
            Self::Path(path) => {
                if let Start::Filter { from, predicates } = &path.start {
                    from.walk(visit);
                    predicates.iter().for_each(|predicate| predicate.walk(visit));
                }
                path.steps.iter().flat_map(|step| &step.predicates).for_each(|predicate| predicate.walk(visit));
            }
        }
    }
}
