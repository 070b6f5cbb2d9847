//! Fields and profiles that the tests share.
use rules::{Field, Fields, Kind, Profile, Rule, Verdict, compile};

fn field(name: &str, kind: Kind, choices: &[&str]) -> Field {
    Field { name: name.to_owned(), kind, choices: choices.iter().map(|choice| (*choice).to_owned()).collect() }
}

/// One field of each kind, for the household and for its members.
pub fn fields() -> Fields {
    Fields {
        household: vec![
            field("size", Kind::Int, &[]),
            field("income", Kind::Number, &[]),
            field("has_toilet", Kind::Bool, &[]),
            field("tenure", Kind::Choice, &["owned", "rented", "free"]),
            field("assets", Kind::Choices, &["radio", "phone", "bicycle"]),
            field("admin1", Kind::Text, &[]),
        ],
        members: vec![
            field("age", Kind::Int, &[]),
            field("weight", Kind::Number, &[]),
            field("in_school", Kind::Bool, &[]),
            field("sex", Kind::Choice, &["female", "male"]),
            field("needs", Kind::Choices, &["seeing", "hearing"]),
            field("name", Kind::Text, &[]),
        ],
    }
}

pub fn rule(text: &str) -> Rule {
    compile(text, &fields()).unwrap_or_else(|mistakes| panic!("{text}: {mistakes:?}"))
}

pub fn profile(json: &str) -> Profile {
    serde_json::from_str(json).unwrap_or_else(|error| panic!("{json}: {error}"))
}

pub fn judge(text: &str, json: &str) -> Verdict {
    rule(text).judge(&profile(json))
}
