//! Who is in a filled form: the person or the head of a household, and its members, by the names of the questions.
//!
//! A form needs no mapping beside it: an element called `head_name` is the head's name, an element `member_birth_date` within a repeat that of a
//! member. docs/collect.md lists the names. What is not there, or is no date, sex or relationship that the registry knows, is left out.
use std::collections::HashSet;

use chrono::NaiveDate;
use xforms::form::{Form, Kind};
use xforms::instance::{Instance, NodeId};
use xforms::xml::local;

use crate::people::household::RELATIONSHIPS;
use crate::people::person::SEXES;
use crate::people::{ContactEntry, DocumentEntry, Particulars};
use crate::platform::typed;

/// More people than this are registered by hand.
pub(super) const MOST: usize = 20;
/// Groups deeper than this hold nobody.
const DEEPEST: usize = 16;

/// Somebody as a form describes them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Described {
    pub particulars: Particulars,
    /// To the head; empty where the form says nothing.
    pub relationship: String,
    pub contacts: Vec<ContactEntry>,
    pub documents: Vec<DocumentEntry>,
}

/// Those whom the form names, the head or the person it is about first.
pub(super) fn of(form: &Form, instance: &Instance, today: NaiveDate) -> Vec<Described> {
    let (mut head, mut place, mut members) = (Leaves::default(), Leaves::default(), Vec::new());
    let rounds = Rounds::of(form, instance);
    let mut open = vec![(instance.root(), 0)];
    while let Some((at, depth)) = open.pop() {
        for &child in instance.children(at) {
            let element = instance.get(child);
            if element.template || element.irrelevant || depth > DEEPEST {
                continue;
            }
            let name = local(&element.name);
            if instance.children(child).is_empty() {
                let part = ["head_", "person_"].iter().find_map(|prefix| name.strip_prefix(prefix));
                part.into_iter().for_each(|part| head.put(part, &element.text));
                place.put(name, &element.text);
            } else if let Some(member) = rounds.member(child) {
                members.push(member);
            } else {
                open.push((child, depth + 1));
            }
        }
    }
    gathered(&head, &place, &members, today)
}

// The head may be told among the members, or beside them, or both: then it is one person.
fn gathered(head: &Leaves, place: &Leaves, members: &[Leaves], today: NaiveDate) -> Vec<Described> {
    let mut people: Vec<Described> = members.iter().filter_map(|leaves| described(leaves, place, today)).collect();
    let among = people.iter().position(|one| one.relationship == "head");
    let mut first = described(head, place, today);
    if let Some(among) = among {
        let told = people.remove(among);
        let same = first.as_ref().is_none_or(|first| first.particulars.name == told.particulars.name);
        if same {
            first = Some(merged(first, told));
        } else {
            people.insert(among, Described { relationship: String::new(), ..told });
        }
    }
    let mut all: Vec<Described> = first.map(|first| Described { relationship: "head".to_owned(), ..first }).into_iter().collect();
    all.extend(people);
    all.truncate(MOST);
    all
}

// Each tells what the other leaves out.
fn merged(first: Option<Described>, told: Described) -> Described {
    let Some(mut one) = first else { return told };
    let (mine, theirs) = (&mut one.particulars, told.particulars);
    mine.sex = mine.sex.take().or(theirs.sex);
    if mine.born_on.is_none() {
        (mine.born_on, mine.born_estimated) = (theirs.born_on, theirs.born_estimated);
    }
    if mine.name_latin.is_empty() {
        mine.name_latin = theirs.name_latin;
    }
    one
}

// What one person or household says, name by name.
#[derive(Debug, Default)]
struct Leaves(Vec<(String, String)>);

impl Leaves {
    fn put(&mut self, name: &str, text: &str) {
        let text = typed::cleaned(text);
        if !text.is_empty() {
            self.0.push((name.to_owned(), text));
        }
    }

    fn get(&self, names: &[&str]) -> Option<&str> {
        names.iter().find_map(|name| self.0.iter().find(|(known, _)| known == name)).map(|(_, text)| text.as_str())
    }

    fn text(&self, name: &str, most: usize) -> String {
        self.get(&[name]).unwrap_or_default().chars().take(most).collect()
    }
}

// The rounds of the form's repeats.
struct Rounds<'a> {
    instance: &'a Instance,
    paths: HashSet<String>,
}

impl<'a> Rounds<'a> {
    fn of(form: &Form, instance: &'a Instance) -> Self {
        let mut paths = HashSet::new();
        form.walk(&mut |node| {
            if matches!(node.kind, Kind::Repeat(_)) {
                paths.insert(node.path.clone());
            }
        });
        Self { instance, paths }
    }

    fn has(&self, at: NodeId) -> bool {
        self.paths.contains(&self.instance.path(at))
    }

    // A round that describes a member: it holds a name, alone or after `member_`. Rounds within it are of something else.
    fn member(&self, at: NodeId) -> Option<Leaves> {
        if !self.has(at) {
            return None;
        }
        let mut leaves = Leaves::default();
        let is_named_so = matches!(local(&self.instance.get(at).name), "member" | "members" | "household_member");
        let mut open = vec![(at, 0)];
        while let Some((at, depth)) = open.pop() {
            for &child in self.instance.children(at) {
                let element = self.instance.get(child);
                let name = local(&element.name);
                if element.template || element.irrelevant {
                    continue;
                }
                if !self.instance.children(child).is_empty() {
                    if depth < DEEPEST && !self.has(child) {
                        open.push((child, depth + 1));
                    }
                } else if let Some(part) = name.strip_prefix("member_") {
                    leaves.put(part, &element.text);
                } else if is_named_so {
                    leaves.put(name, &element.text);
                }
            }
        }
        leaves.get(&["name"]).is_some().then_some(leaves)
    }
}

fn described(leaves: &Leaves, place: &Leaves, today: NaiveDate) -> Option<Described> {
    let name = leaves.text("name", 200);
    if name.is_empty() {
        return None;
    }
    let born = leaves.get(&["birth_date", "date_of_birth", "born_on"]).and_then(|text| text.get(..10)?.parse().ok());
    let born: Option<NaiveDate> = born.filter(|day| *day <= today && today.years_since(*day).is_some_and(|age| age <= 120));
    let age = leaves.get(&["age"]).and_then(|text| text.parse::<u32>().ok()).filter(|age| *age <= 120);
    let about = age.and_then(|age| Particulars::born_about(age, today));
    let phone = leaves.get(&["phone"]).map(|number| ContactEntry {
        channel: "phone".to_owned(),
        value: number.chars().take(40).collect(),
        ..ContactEntry::default()
    });
    let document = leaves.get(&["national_id", "document_number"]).map(|number| DocumentEntry {
        kind: "national_id".to_owned(),
        number: number.chars().take(60).collect(),
        expires_on: None,
    });
    let relationship = leaves.get(&["relationship", "relation"]).unwrap_or_default().to_lowercase();
    Some(Described {
        particulars: Particulars {
            name,
            name_latin: leaves.text("name_latin", 200),
            sex: leaves.get(&["sex"]).and_then(sex),
            born_on: born.or(about),
            born_estimated: born.is_none() && about.is_some(),
            admin1: place.text("admin1", 100),
            admin2: place.text("admin2", 100),
            admin3: place.text("admin3", 100),
            address: place.text("address", 400),
            ..Particulars::default()
        },
        relationship: if RELATIONSHIPS.contains(&relationship.as_str()) { relationship } else { String::new() },
        contacts: phone.filter(|entry| crate::people::check::contact(entry).is_empty()).into_iter().collect(),
        documents: document.filter(|entry| crate::people::check::document(entry).is_empty()).into_iter().collect(),
    })
}

fn sex(text: &str) -> Option<String> {
    let code = match text.to_lowercase().as_str() {
        "f" | "woman" => "female".to_owned(),
        "m" | "man" => "male".to_owned(),
        other => other.to_owned(),
    };
    SEXES.contains(&code.as_str()).then_some(code)
}

#[cfg(test)]
mod tests {
    use super::*;
    use xforms::form::{Node, Repeat};

    fn read(body: &str) -> Vec<Described> {
        let repeat = |name: &str| Node::new(name, format!("/data/household/{name}"), Kind::Repeat(Repeat::default()));
        let form = Form { body: vec![repeat("member"), repeat("person")], ..Form::default() };
        let instance = Instance::read(&format!("<data id=\"f\">{body}</data>")).unwrap();
        of(&form, &instance, NaiveDate::from_ymd_opt(2026, 11, 27).unwrap())
    }

    #[test]
    fn head_and_members_are_told_by_the_names_of_the_questions() {
        let people = read(
            "<where><admin1>North</admin1></where><head_name>Dana Saleh</head_name><head_sex>f</head_sex><head_birth_date>1990-05-01</head_birth_date>
             <head_phone>0790 123456</head_phone>
             <household><member><member_name>Omar</member_name><more><member_age>7</member_age></more><member_relationship>child</member_relationship></member>
             <member><name>Lina</name><sex>female</sex><relationship>cousin</relationship></member></household>",
        );
        let names: Vec<_> = people.iter().map(|one| (one.particulars.name.as_str(), one.relationship.as_str())).collect();
        assert_eq!(names, [("Dana Saleh", "head"), ("Omar", "child"), ("Lina", "")]);
        assert_eq!(people[0].particulars.sex.as_deref(), Some("female"));
        assert_eq!((people[0].particulars.admin1.as_str(), people[0].contacts.len()), ("North", 1));
        assert!(!people[0].contacts[0].is_safe(), "nobody asked whether it is safe (S6)");
        assert_eq!(
            (people[1].particulars.born_estimated, people[1].particulars.born_on.map(|day| day.to_string())),
            (true, Some("2019-01-01".into()))
        );
    }

    #[test]
    fn a_head_told_twice_is_one_person() {
        let member = |name: &str| {
            format!(
                "<household><person><member_name>{name}</member_name><member_age>36</member_age><member_relation>head</member_relation></person></household>"
            )
        };
        let people = read(&format!("<head_name>Dana</head_name>{}", member("Dana")));
        assert_eq!(people.len(), 1);
        assert!(people[0].particulars.born_estimated);
        let people = read(&format!("<head_name>Dana</head_name>{}", member("Omar")));
        assert_eq!(people.iter().map(|one| one.relationship.as_str()).collect::<Vec<_>>(), ["head", ""]);
        assert_eq!(read(&member("Omar"))[0].relationship, "head");
    }

    #[test]
    fn what_the_registry_does_not_know_is_left_out() {
        let people = read(
            "<person_name>Dana</person_name><person_sex>2</person_sex><person_birth_date>2030-01-01</person_birth_date><person_age>300</person_age>",
        );
        assert_eq!((&people[0].particulars.sex, people[0].particulars.born_on), (&None, None));
        assert!(read("<question><answer>yes</answer></question>").is_empty());
    }
}
