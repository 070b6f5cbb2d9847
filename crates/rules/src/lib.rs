//! Rules over what is known of a household: eligibility for a service, and scores. Pure: no database, no HTTP, no clock.
//!
//! Words: a *field* is a named value that rules know, of the household or of each member; a *profile* holds what is known of one
//! household; a *rule* is an expression in CEL that says yes, no, or that something is missing; a *clause* is one of the conditions a rule
//! joins with `&&`; a *score* is an expression that gives a number; a *batch* holds many profiles, a column for each field.
//! What isn't known stays unknown (Kleene's logic): `unknown && false` is false, `unknown && true` is unknown.
//!
//! Three ways lead to a verdict and agree: [`Rule::judge`] and [`Rule::explain`] for one profile, [`Rule::judge_batch`] for many.
//! What deliberately is not here: where rules are kept, their words in four languages, and where profiles come from.
mod batch;
#[cfg(feature = "cel")]
mod compile;
mod explain;
mod fields;
mod lanes;
mod profile;
mod rule;
mod shape;
mod weigh;

pub use batch::{Batch, Broken, Cell, Row};
#[cfg(feature = "cel")]
pub use compile::{
    Instead, MAX_CHARACTERS, MAX_CLAUSES, MAX_LIST, MAX_MACROS, MAX_NESTING, MAX_NODES, Mistake, compile, compile_score,
};
pub use explain::{Clause, Explanation};
pub use fields::{Field, FieldRef, Fields, Kind, Of};
pub use profile::{Answers, Profile, Value};
pub use rule::{NO_REASON, Part, Rule, Score, Stated, Verdict};
pub use shape::{Arithmetic, Comparison, How, Term, Truth, Values, WordTest};
pub use weigh::Trouble;
