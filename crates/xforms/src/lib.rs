//! Forms: XLSForm and XForm in, questions, rules and submissions out. Pure: no database, no HTTP, no clock of its own.
//!
//! Words: a *form* is what `form.rs` describes; an *instance* is one filled copy of it; a *problem* is what is wrong or unwise in a form,
//! with its place and its remedy. Expressions are kept as text in the form and parsed by whoever evaluates them.
//! What deliberately is not here: storage, the OpenRosa protocol, pages, and rules over answers that are not part of a form.
mod actions;
pub mod beside;
mod choices;
mod expressions;
#[cfg(feature = "xlsx")]
pub mod file;
mod findings;
pub mod form;
pub mod instance;
mod namespaces;
pub mod problem;
pub mod sense;
pub mod session;
mod text;
pub mod xform;
pub mod xlsform;
pub mod xml;
pub mod xpath;
