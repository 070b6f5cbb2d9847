//! From the text of a rule to the rule: read, checked against the fields there are, and refused with a place and a remedy.
//!
//! The language is a part of CEL. It is read by our own parser: the crate `cel` knows no kinds before it evaluates, keeps no brackets and
//! only the place of each operator in its tree, and overflows the stack on deep nesting. In tests it is the judge of what we make of a rule.
//! Wider than CEL in one thing: a whole number beside one with a fraction is taken as such (`household.income / 2`).
//! Not in it: maps, indexes, `map()`, bytes, unsigned numbers, regular expressions, times.
mod calls;
mod check;
mod lexer;
mod mistake;
mod nearest;
mod parser;
mod syntax;
mod values;

pub use mistake::{Instead, Mistake};

use crate::fields::Fields;
use crate::rule::{Rule, Score, Stated};
use check::{Checked, Checker};
use mistake::Wrong;
use syntax::{Node, Syntax};

/// The longest rule, in characters.
pub const MAX_CHARACTERS: usize = 2000;
/// How many parts a rule may have: names, values, operators.
pub const MAX_NODES: usize = 500;
/// How deep brackets, and parts in parts, may lie in each other.
pub const MAX_NESTING: usize = 30;
/// How many values a list may have.
pub const MAX_LIST: usize = 100;
/// How deep conditions on members may lie in each other.
pub const MAX_MACROS: usize = 2;
/// How many conditions a rule may join with `&&`: a stored reason names one in a byte.
pub const MAX_CLAUSES: usize = 200;

/// Compiles a rule: an expression that says yes or no.
///
/// # Errors
/// Everything that is wrong with it, at least one mistake.
pub fn compile(text: &str, fields: &Fields) -> Result<Rule, Vec<Mistake>> {
    let tree = parser::parse(text).map_err(|wrong| vec![wrong.placed(text)])?;
    let mut conditions = Vec::new();
    conjuncts(&tree, &mut conditions);
    let mut checker = Checker::new(fields);
    if conditions.len() > MAX_CLAUSES {
        checker.wrong(Wrong::new(
            tree.at,
            "too-many",
            "The rule joins too many conditions.",
            "Join them by || or split the rule.",
        ));
    }
    let mut clauses = Vec::new();
    for node in conditions {
        match checker.check(node) {
            Some(Checked::Truth(shape)) => clauses.push(Stated { source: node.at, shape }),
            Some(other) => checker.wrong(other.no_truth(node.at)),
            None => {}
        }
    }
    let text = text.to_owned();
    checker.finish(&text).map(|()| Rule { text, clauses })
}

/// Compiles a score: an expression that gives a number.
///
/// # Errors
/// As [`compile`].
pub fn compile_score(text: &str, fields: &Fields) -> Result<Score, Vec<Mistake>> {
    let tree = parser::parse(text).map_err(|wrong| vec![wrong.placed(text)])?;
    let mut checker = Checker::new(fields);
    let checked = checker.check(&tree);
    let shape = match checked {
        Some(Checked::Term(term, kind)) if !kind.is_text() => Some(term),
        Some(other) => {
            checker.wrong(other.no_number(tree.at));
            None
        }
        None => None,
    };
    let text = text.to_owned();
    checker.finish(&text)?;
    shape.map(|shape| Score { text, shape }).ok_or_else(Vec::new)
}

/// The conditions joined by `&&`, in whatever brackets.
fn conjuncts<'n>(node: &'n Node, into: &mut Vec<&'n Node>) {
    match &node.what {
        Syntax::And(parts) => parts.iter().for_each(|part| conjuncts(part, into)),
        _ => into.push(node),
    }
}
