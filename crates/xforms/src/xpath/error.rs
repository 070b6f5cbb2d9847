//! What can be wrong with an expression, or stop it while it runs.
use std::fmt;

/// Why an expression can't be read, or gave no value. Offsets count bytes of the source text from 0.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Error {
    /// The source is longer than [`super::MAX_SOURCE`] bytes.
    TooLong,
    /// Brackets, predicates or calls lie deeper in each other than [`super::MAX_DEPTH`].
    TooDeep { at: usize },
    /// The text at this place fits no rule of the language; `hint` says what was expected or what to do.
    Syntax { at: usize, hint: &'static str },
    /// There is no function of this name.
    UnknownFunction { at: usize, name: String },
    /// The function is there, but not with so many arguments.
    Arguments { at: usize, name: &'static str, given: usize },
    /// `$name`: forms have no variables.
    Variable { at: usize },
    /// The evaluation took more steps than its limit.
    OutOfSteps,
    /// A node-set grew past the limit.
    TooManyNodes,
    /// A text grew past the limit.
    TooMuchText,
    /// A path, a count or a union was given something that is no node-set.
    NotNodes,
    /// `instance('…')` names nothing that the form has.
    NoInstance(String),
    /// A function can't work with the value it was given.
    Unusable { function: &'static str, reason: &'static str },
}

impl Error {
    /// Where in the source the mistake lies, in bytes from 0, if it lies in one place.
    pub fn at(&self) -> Option<usize> {
        match self {
            Self::TooDeep { at }
            | Self::Syntax { at, .. }
            | Self::UnknownFunction { at, .. }
            | Self::Arguments { at, .. }
            | Self::Variable { at } => Some(*at),
            _ => None,
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLong => out.write_str("the expression is too long"),
            Self::TooDeep { .. } => out.write_str("too many brackets lie inside each other"),
            Self::Syntax { hint, .. } => out.write_str(hint),
            Self::UnknownFunction { name, .. } => write!(out, "there is no function {name}()"),
            Self::Arguments { name, given, .. } => write!(out, "{name}() does not take {given} arguments"),
            Self::Variable { .. } => out.write_str("variables ($name) are not used in forms; to name a question write ${name}"),
            Self::OutOfSteps => out.write_str("the expression takes too long"),
            Self::TooManyNodes => out.write_str("the expression finds too many answers"),
            Self::TooMuchText => out.write_str("the expression makes too long a text"),
            Self::NotNodes => out.write_str("a path to a question is needed here"),
            Self::NoInstance(id) => write!(out, "the form has no instance \"{id}\""),
            Self::Unusable { function, reason } => write!(out, "{function}(): {reason}"),
        }
    }
}

impl std::error::Error for Error {}
