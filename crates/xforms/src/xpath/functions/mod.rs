//! The functions: those of XPath 1.0 and those of the ODK XForms specification.
//!
//! One row of the table for each name, in the order of the alphabet. A function gets its arguments unevaluated, since some leave one alone.
mod choices;
mod digest;
mod geo;
pub(super) mod nodes;
mod numbers;
mod random;
mod strings;
mod times;
mod truths;

use std::fmt;

pub use random::shuffled;
pub(crate) use strings::is_pattern;

use super::ast::Expr;
use super::error::Error;
use super::eval::{Evaluator, Focus};
use super::value::Value;

type Run = fn(&mut Evaluator, &[Expr], Focus) -> Result<Value, Error>;

/// Any number of arguments.
const MANY: usize = usize::MAX;

struct Row {
    name: &'static str,
    least: usize,
    most: usize,
    run: Run,
}

const fn row(name: &'static str, least: usize, most: usize, run: Run) -> Row {
    Row { name, least, most, run }
}

/// A function that there is.
#[derive(Clone, Copy)]
pub struct Function(&'static Row);

impl PartialEq for Function {
    fn eq(&self, other: &Self) -> bool {
        self.0.name == other.0.name
    }
}

impl fmt::Debug for Function {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.0.name)
    }
}

impl Function {
    /// The function of this name.
    pub fn named(name: &str) -> Option<Self> {
        TABLE.binary_search_by(|row| row.name.cmp(name)).ok().map(|place| Self(&TABLE[place]))
    }

    /// All names, in the order of the alphabet.
    pub fn all() -> impl Iterator<Item = &'static str> {
        TABLE.iter().map(|row| row.name)
    }

    /// Its name.
    pub fn name(self) -> &'static str {
        self.0.name
    }

    /// Whether it can be called with so many arguments.
    pub fn takes(self, count: usize) -> bool {
        let even = self.0.name != "weighted-checklist" || count.is_multiple_of(2);
        let odd = self.0.name != "indexed-repeat" || !count.is_multiple_of(2);
        (self.0.least..=self.0.most).contains(&count) && even && odd
    }

    pub(super) fn run(self, evaluator: &mut Evaluator, arguments: &[Expr], focus: Focus) -> Result<Value, Error> {
        (self.0.run)(evaluator, arguments, focus)
    }

    /// Whether its value depends on its arguments alone, and not on the node it is evaluated at, nor on chance.
    pub(super) fn is_steady(self, arguments: usize) -> bool {
        match self.0.name {
            "current" | "today" | "now" | "true" | "false" | "pi" | "version" => true,
            "random" | "uuid" | "randomize" | "once" | "lang" | "jr:choice-name" | "indexed-repeat" => false,
            _ => arguments > 0,
        }
    }
}

const TABLE: &[Row] = &[
    row("abs", 1, 1, |e, a, f| numbers::one(e, a, f, libm::fabs)),
    row("acos", 1, 1, |e, a, f| numbers::one(e, a, f, libm::acos)),
    row("area", 1, 1, geo::area),
    row("asin", 1, 1, |e, a, f| numbers::one(e, a, f, libm::asin)),
    row("atan", 1, 1, |e, a, f| numbers::one(e, a, f, libm::atan)),
    row("atan2", 2, 2, |e, a, f| numbers::two(e, a, f, libm::atan2)),
    row("base64-decode", 1, 1, digest::base64_decode),
    row("boolean", 1, 1, truths::boolean),
    row("boolean-from-string", 1, 1, truths::boolean_from_string),
    row("ceiling", 1, 1, |e, a, f| numbers::one(e, a, f, libm::ceil)),
    row("checklist", 2, MANY, truths::checklist),
    row("coalesce", 2, MANY, truths::coalesce),
    row("concat", 1, MANY, strings::concat),
    row("contains", 2, 2, |e, a, f| strings::test(e, a, f, |text, part| text.contains(part))),
    row("cos", 1, 1, |e, a, f| numbers::one(e, a, f, libm::cos)),
    row("count", 1, 1, nodes::count),
    row("count-non-empty", 1, 1, nodes::count_non_empty),
    row("count-selected", 1, 1, choices::count_selected),
    row("current", 0, 0, nodes::current),
    row("date", 1, 1, times::date),
    row("date-time", 1, 1, times::date_time),
    row("decimal-date-time", 1, 1, times::decimal_date_time),
    row("decimal-time", 1, 1, times::decimal_time),
    row("digest", 2, 3, digest::digest),
    row("distance", 1, MANY, geo::distance),
    row("enclosed-area", 1, 1, geo::area),
    row("ends-with", 2, 2, |e, a, f| strings::test(e, a, f, |text, part| text.ends_with(part))),
    row("exp", 1, 1, |e, a, f| numbers::one(e, a, f, libm::exp)),
    row("exp10", 1, 1, |e, a, f| numbers::one(e, a, f, libm::exp10)),
    row("false", 0, 0, |_, _, _| Ok(Value::Bool(false))),
    row("floor", 1, 1, |e, a, f| numbers::one(e, a, f, libm::floor)),
    row("format-date", 2, 2, times::format),
    row("format-date-time", 2, 2, times::format),
    row("geofence", 2, 2, geo::geofence),
    row("id", 1, 1, nodes::none),
    row("if", 3, 3, truths::choose),
    row("indexed-repeat", 3, 11, nodes::indexed_repeat),
    row("instance", 1, 1, nodes::instance),
    row("int", 1, 1, numbers::int),
    row("is-selected", 2, 2, choices::selected),
    row("join", 1, MANY, strings::join),
    row("jr:choice-name", 2, 2, choices::choice_name),
    row("jr:itext", 1, 1, choices::itext),
    row("lang", 1, 1, nodes::lang),
    row("last", 0, 0, nodes::last),
    row("local-name", 0, 1, nodes::local_name),
    row("log", 1, 1, |e, a, f| numbers::one(e, a, f, libm::log)),
    row("log10", 1, 1, |e, a, f| numbers::one(e, a, f, libm::log10)),
    row("lower-case", 1, 1, |e, a, f| strings::changed(e, a, f, str::to_lowercase)),
    row("max", 1, MANY, numbers::max),
    row("min", 1, MANY, numbers::min),
    row("name", 0, 1, nodes::name),
    row("namespace-uri", 0, 1, nodes::namespace_uri),
    row("normalize-space", 0, 1, strings::normalize_space),
    row("not", 1, 1, truths::not),
    row("now", 0, 0, times::now),
    row("number", 0, 1, numbers::number),
    row("once", 1, 1, truths::once),
    row("pi", 0, 0, |_, _, _| Ok(Value::Number(std::f64::consts::PI))),
    row("position", 0, 1, nodes::position),
    row("pow", 2, 2, |e, a, f| numbers::two(e, a, f, libm::pow)),
    row("property", 1, 1, choices::property),
    row("pulldata", 4, 4, choices::pulldata),
    row("random", 0, 0, random::random),
    row("randomize", 1, 2, random::randomize),
    row("regex", 2, 2, strings::regex),
    row("round", 1, 2, numbers::round),
    row("selected", 2, 2, choices::selected),
    row("selected-at", 2, 2, choices::selected_at),
    row("sin", 1, 1, |e, a, f| numbers::one(e, a, f, libm::sin)),
    row("sqrt", 1, 1, |e, a, f| numbers::one(e, a, f, libm::sqrt)),
    row("starts-with", 2, 2, |e, a, f| strings::test(e, a, f, |text, part| text.starts_with(part))),
    row("string", 0, 1, strings::string),
    row("string-length", 0, 1, strings::string_length),
    row("substr", 2, 3, strings::substr),
    row("substring", 2, 3, strings::substring),
    row("substring-after", 2, 2, strings::substring_after),
    row("substring-before", 2, 2, strings::substring_before),
    row("sum", 1, 1, numbers::sum),
    row("tan", 1, 1, |e, a, f| numbers::one(e, a, f, libm::tan)),
    row("today", 0, 0, times::today),
    row("translate", 3, 3, strings::translate),
    row("true", 0, 0, |_, _, _| Ok(Value::Bool(true))),
    row("upper-case", 1, 1, |e, a, f| strings::changed(e, a, f, str::to_uppercase)),
    row("uuid", 0, 1, random::uuid),
    row("version", 0, 0, choices::version),
    row("weighted-checklist", 2, MANY, truths::weighted_checklist),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_in_the_order_of_the_alphabet() {
        assert!(TABLE.windows(2).all(|pair| pair[0].name < pair[1].name));
    }
}
