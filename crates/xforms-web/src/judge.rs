//! Rules over the answers of a copy: the evaluator that the server has, fed with what the server reads out of the same copy.
use rules::{Answers, Kind, Profile, Rule, Value, Verdict};
use serde::{Deserialize, Serialize};
use xforms::instance::{Instance, NodeId};

// As the server has it (`src/forms/profile.rs`).
const MOST_MEMBERS: usize = 50;
const LONGEST_TEXT: usize = 200;

/// A field that rules know, and the question that it comes from.
#[derive(Debug, Deserialize)]
pub struct Field {
    name: String,
    #[serde(default)]
    of_member: bool,
    kind: Kind,
    #[serde(default)]
    choices: Vec<String>,
    path: String,
    // The path of the repeat that holds the members.
    #[serde(default)]
    repeat: Option<String>,
}

/// What a rule says.
#[derive(Debug, Serialize)]
pub struct Judged {
    verdict: Verdict,
    // Of each of its conditions whether it holds; nothing where that is unknown.
    clauses: Vec<Option<bool>>,
    // What each looked at: fields and what they hold.
    values: Vec<Vec<(String, Option<Value>)>>,
    // The fields that would decide it.
    decides: Vec<String>,
}

/// What each rule says of a finished copy.
pub fn judge(rules: &[Rule], fields: &[Field], copy: &Instance) -> Vec<Judged> {
    let profile = profile(fields, copy);
    let judged = |rule: &Rule| {
        let explained = rule.explain(&profile);
        let clauses = explained.clauses.iter().map(|clause| clause.holds).collect();
        let values = explained.clauses.into_iter().map(|clause| clause.values).collect();
        Judged { verdict: explained.verdict, clauses, values, decides: explained.decides }
    };
    rules.iter().map(judged).collect()
}

fn profile(fields: &[Field], copy: &Instance) -> Profile {
    let mut household = Answers::new();
    let mut members: Vec<Answers> = Vec::new();
    for field in fields {
        if !field.of_member {
            if let Some(value) = copy.find(&field.path).and_then(|at| value(field, copy.text(at))) {
                household.insert(field.name.clone(), value);
            }
            continue;
        }
        let Some(repeat) = field.repeat.as_deref() else { continue };
        let Some(below) = field.path.strip_prefix(repeat) else { continue };
        for (nth, round) in rounds(copy, repeat).into_iter().take(MOST_MEMBERS).enumerate() {
            if members.len() <= nth {
                members.push(Answers::new());
            }
            if let Some(value) = below_at(copy, round, below).and_then(|at| value(field, copy.text(at))) {
                members[nth].insert(field.name.clone(), value);
            }
        }
    }
    // Nobody in the list says no more than no list.
    let members = Some(members).filter(|members| !members.is_empty());
    if let Some(size) = members.as_ref().and_then(|members| i64::try_from(members.len()).ok()) {
        household.insert("size".to_owned(), Value::Int(size));
    }
    Profile { household, members }
}

fn rounds(copy: &Instance, repeat: &str) -> Vec<NodeId> {
    let (parent, name) = repeat.rsplit_once('/').unwrap_or(("", repeat));
    let Some(parent) = copy.find(parent) else { return Vec::new() };
    copy.named(parent, name).filter(|id| !copy.get(*id).template).collect()
}

fn below_at(copy: &Instance, round: NodeId, below: &str) -> Option<NodeId> {
    below.split('/').filter(|name| !name.is_empty()).try_fold(round, |at, name| copy.child(at, name))
}

fn value(field: &Field, text: &str) -> Option<Value> {
    let text = text.trim();
    if text.is_empty() {
        return None;
    }
    let is_choice = |code: &str| field.choices.iter().any(|choice| choice == code);
    match field.kind {
        Kind::Bool => match text {
            "yes" | "true" | "1" => Some(Value::Bool(true)),
            "no" | "false" | "0" => Some(Value::Bool(false)),
            _ => None,
        },
        Kind::Int => {
            let number = text.parse::<f64>().ok().filter(|number| number.fract() == 0.0 && number.abs() < 9e15);
            number.map(|number| Value::Int(number as i64))
        }
        Kind::Number => text.parse::<f64>().ok().filter(|number| number.is_finite()).map(Value::Number),
        Kind::Text => (text.chars().count() <= LONGEST_TEXT).then(|| Value::Text(text.to_owned())),
        Kind::Choice => is_choice(text).then(|| Value::Text(text.to_owned())),
        Kind::Choices => Some(Value::Choices(text.split_whitespace().filter(|one| is_choice(one)).map(str::to_owned).collect())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // The same copy, fields and profile stand in the test of `src/forms/profile.rs`: both read alike.
    const COPY: &str = include_str!("../tests/profile/copy.xml");
    const FIELDS: &str = include_str!("../tests/profile/fields.json");
    const PROFILE: &str = include_str!("../tests/profile/profile.json");

    #[test]
    fn a_copy_is_read_as_the_server_reads_it() {
        let fields: Vec<Field> = serde_json::from_str(FIELDS).expect("fields");
        let copy = Instance::read(COPY).expect("a copy");
        let mut expected: Profile = serde_json::from_str(PROFILE).expect("a profile");
        expected.household.insert("size".to_owned(), Value::Int(2));
        assert_eq!(profile(&fields, &copy), expected);
    }

    #[test]
    fn without_members_nobody_knows_who_they_are() {
        let fields: Vec<Field> = serde_json::from_str(FIELDS).expect("fields");
        let copy = Instance::read("<data id=\"f\"><rent>40</rent></data>").expect("a copy");
        let read = profile(&fields, &copy);
        assert_eq!((read.members, read.household.len()), (None, 1));
    }
}
