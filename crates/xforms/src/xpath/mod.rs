//! Expressions of forms: XPath 1.0 with the functions of the ODK XForms specification.
//!
//! Words: a *source* is the text of an expression; an [`Expr`] is what was read from it; a [`Context`] is what the caller gives to evaluate
//! it: instances, the time, chance, texts of the form. The same expression over the same context gives the same bytes everywhere, so
//! neither clock nor random source is asked here, and functions such as `sin` come from `libm` and not from the platform.
//! Everything is bounded: length and nesting of a source, steps, nodes and text of an evaluation. No input panics.
//!
//! Where ODK and XPath 1.0 differ, ODK counts: dates turn into days; absolute paths stay in the round of a repeat they are written in;
//! what is not relevant is blank, and rounds that are not relevant are not there; `sum`, `min` and `max` pass over blank answers.
//! What deliberately is not here: `${name}` of an XLSForm.
mod ast;
mod axes;
mod compare;
mod context;
mod error;
mod eval;
mod functions;
mod lexer;
pub mod moment;
pub mod number;
mod parser;
mod predicate;
mod print;
#[cfg(test)]
mod tests;
mod value;
mod walk;

pub use ast::{Axis, Expr, Operator, Path, Start, Step, Test};
pub use context::{Context, Names, Node, Part};
pub use error::Error;
pub use eval::{Limits, evaluate, evaluate_within};
pub(crate) use functions::is_pattern;
pub use functions::{Function, shuffled};
pub use parser::{MAX_DEPTH, MAX_SOURCE, parse};
pub use value::Value;
