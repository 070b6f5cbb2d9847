//! Text that people edit (letters, messages): merge fields between double braces, read strictly and sandboxed.
//!
//! A text may use its own list of fields, conditions and the plain filters of the engine. It reaches no file, no other text and no
//! function; it works for a bounded number of steps; an unknown field is a mistake and never an empty place.
use std::collections::BTreeMap;

use minijinja::{Environment, UndefinedBehavior};

// What a page of text needs is far below; a loop inside a loop is far above.
const MOST_STEPS: u64 = 20_000;
/// No text is longer.
pub const MOST_CHARACTERS: usize = 10_000;

/// What is wrong with a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// It can't be read.
    Broken,
    /// It names a field that it doesn't have: the field.
    Unknown(String),
    /// It is longer than any letter.
    TooLong,
}

/// A fault and the line of the text at which it stands, counted from 1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Slip {
    pub fault: Fault,
    pub line: usize,
    /// What the engine says of it; for who writes packs.
    pub said: String,
}

/// The values of the fields by their names.
pub type Values = BTreeMap<&'static str, String>;

/// Every fault of a text that may use these fields.
pub fn check(text: &str, fields: &[&str]) -> Result<(), Slip> {
    if text.chars().count() > MOST_CHARACTERS {
        return Err(Slip { fault: Fault::TooLong, line: 1, said: String::new() });
    }
    let engine = engine();
    let template = engine.template_from_str(text).map_err(|error| slip(&error))?;
    let mut unknown: Vec<String> =
        template.undeclared_variables(false).into_iter().filter(|name| !fields.contains(&name.as_str())).collect();
    unknown.sort_by_key(|name| line_of(text, name));
    if let Some(name) = unknown.into_iter().next() {
        let line = line_of(text, &name);
        return Err(Slip { fault: Fault::Unknown(name), line, said: String::new() });
    }
    // Filters and tests are looked up while it runs, so it runs once.
    let sample: BTreeMap<&str, &str> = fields.iter().map(|field| (*field, "x")).collect();
    template.render(sample).map(|_| ()).map_err(|error| slip(&error))
}

/// The text with its values.
pub fn render(text: &str, values: &Values) -> Result<String, Slip> {
    let engine = engine();
    let template = engine.template_from_str(text).map_err(|error| slip(&error))?;
    template.render(values).map_err(|error| slip(&error))
}

fn engine() -> Environment<'static> {
    let mut engine = Environment::new();
    engine.set_undefined_behavior(UndefinedBehavior::Strict);
    engine.set_fuel(Some(MOST_STEPS));
    engine.set_auto_escape_callback(|_| minijinja::AutoEscape::None);
    // No function of the engine is of use in a letter, and `range` makes long ones.
    for name in ["range", "dict", "debug", "namespace"] {
        engine.remove_global(name);
    }
    engine
}

fn slip(error: &minijinja::Error) -> Slip {
    let said = error.detail().map_or_else(|| error.kind().to_string(), ToOwned::to_owned);
    Slip { fault: Fault::Broken, line: error.line().unwrap_or(1), said }
}

fn line_of(text: &str, name: &str) -> usize {
    text.lines().position(|line| line.contains("{") && line.contains(name)).map_or(1, |at| at + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(text: &str) -> Slip {
        check(text, &["code", "date"]).expect_err(text)
    }

    #[test]
    fn fields_are_filled_and_markup_stays_text() {
        let values = Values::from([("code", "R-1 <b>".to_owned()), ("date", "1 May".to_owned())]);
        assert_eq!(render("{{ code }} of {{ date }}\n", &values).expect("it renders"), "R-1 <b> of 1 May");
        assert_eq!(check("{% if date %}{{ code|upper }}{% endif %}", &["code", "date"]), Ok(()));
    }

    #[test]
    fn each_fault_is_told_with_its_line() {
        assert_eq!(fault("One\n{{ name }}"), Slip { fault: Fault::Unknown("name".into()), line: 2, said: String::new() });
        assert_eq!((fault("One\n{{ code }").fault, fault("One\n{{ code }").line), (Fault::Broken, 2));
        assert_eq!(fault("{{ code|nothing }}").fault, Fault::Broken);
        assert_eq!(fault("{% include 'x' %}").fault, Fault::Broken);
        assert_eq!(fault("{% for a in range(99999) %}x{% endfor %}").fault, Fault::Unknown("range".into()));
        assert_eq!(fault(&"x".repeat(MOST_CHARACTERS + 1)).fault, Fault::TooLong);
    }

    #[test]
    fn a_text_that_never_ends_is_stopped() {
        let text = "{% for a in code %}{% for b in code %}{% for c in code %}{% for d in code %}x{% endfor %}{% endfor %}{% endfor %}{% endfor %}";
        let long = Values::from([("code", "x".repeat(60)), ("date", String::new())]);
        assert!(render(text, &long).is_err());
    }
}
