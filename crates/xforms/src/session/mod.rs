//! Filling a form: what is asked, what follows from an answer, what is wrong with it.
//!
//! Words: a [`Plan`] is a form made ready, once for all who fill it: expressions read, dependencies known, other instances at hand. A
//! [`Session`] is one filled copy at work. A *place* is where the form has a question, group or repeat; an *element* is what stands there in
//! the instance, one for each round. A *page* is what Collect shows at a time.
//!
//! How it is used. A server page: `Session::resume` with the draft, `answer` for each field, `check` for the page, `next` or `previous`,
//! store `instance().to_xml(Extent::Everything)`. A browser: the same, and `Changes` say what to show anew. A batch: one plan,
//! `Session::resume` for each record, then `findings`. All three give the same bytes for the same answers, time and seed.
//!
//! Invariants. After every call all calculations and relevance are up to date. What is not relevant keeps its answer and is not submitted.
//! A mistake in a calculation blanks it and is told by `troubles`; it never panics. What deliberately is not here: pages as HTML, storage,
//! and encryption.
mod actions;
mod check;
mod choices;
mod fill;
mod graph;
mod index;
mod opening;
mod pages;
mod plan;
mod references;
mod rounds;
mod run;
mod secondary;
mod tally;
#[cfg(test)]
mod tests;
mod texts;

pub(crate) use check::fits;
pub use check::{Fault, Finding};
pub use choices::Item;
pub use fill::{Changes, Refusal, Session, Surroundings, Trouble};
pub use pages::{Page, Progress};
pub use plan::{PlaceId, Plan};
pub use secondary::Files;
