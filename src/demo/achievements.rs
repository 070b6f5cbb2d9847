//! Achievements on the cases of packs that have a list: set over the months, more and more of them reached, some not yet known.
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::json;
use uuid::Uuid;

use super::casework::CaseFile;
use super::cast::{member_of, user};
use super::chance::Chance;
use super::tables::{Tables, bytes};
use crate::achievements::line::Source;
use crate::achievements::{Grounds, Person, State, store};
use crate::packs::{Known, Pack, Word};
use crate::platform::ids::PersonId;

/// Adds what was set on a case, if its pack has a list and it has come that far.
// No chance is used up: what else the world holds stays as it was.
pub fn add(tables: &mut Tables, chance: &Chance, pack: &Pack, file: &CaseFile, nth: usize) {
    let case_type = u8::try_from(file.case_type).ok().and_then(|id| pack.case_type_by_id(id));
    let Some(list) = case_type.and_then(|case_type| pack.achievements_of(&case_type.code)) else { return };
    if matches!(file.stage.as_str(), "registered" | "to_assign" | "preliminary_analysis") {
        return;
    }
    let people: Vec<Person> = file.household.members.iter().map(person).collect();
    let grounds = Grounds { people, ..Grounds::default() };
    let until = file.closed_at.unwrap_or(chance.now);
    let at = |percent: i32| (file.opened_at + (until - file.opened_at) * percent / 100).min(chance.now - TimeDelta::hours(1));
    let leaves = matches!(file.stage.as_str(), "graduation" | "evaluation" | "closed");
    for (place, stood) in grounds.stand(list, chance.now.date_naive()).iter().enumerate() {
        let theirs = stood.judged.iter().filter(|judged| !matches!(judged.from, Source::NotTheirs));
        for (member, judged) in theirs.enumerate().filter(|_| stood.line.known == Known::ByHand) {
            let luck = (nth * 7 + place * 3 + member) % 10;
            let mark = MarkOf { file, line: &stood.line.code, person: judged.person.map(|person| person.id) };
            match luck {
                9 if !leaves => {}
                7..=8 if !leaves => mark.add(tables, (1, State::ToAchieve), at(20 + 2 * place as i32), ""),
                6 if judged.person.is_none() => {
                    mark.add(tables, (1, State::DoesNotApply), at(25), "Nobody in the household needs this.");
                }
                4..=6 => {
                    mark.add(tables, (1, State::ToAchieve), at(20), "");
                    mark.add(
                        tables,
                        (2, State::Achieved),
                        at(60 + 3 * luck as i32),
                        "Seen at the visit; the paper lies with the family.",
                    );
                }
                _ => mark.add(tables, (1, State::Achieved), at(20 + 5 * luck as i32), "Shown at the first visit."),
            }
        }
    }
}

fn person(person: &super::registry::Person) -> Person {
    Person {
        id: PersonId(person.id),
        name: person.name.clone(),
        code: String::new(),
        born_on: Some(person.born_on),
        born_estimated: false,
        sex: Some(person.sex.to_owned()),
        not_safe_to_involve: false,
        documented_at: None,
    }
}

struct MarkOf<'a> {
    file: &'a CaseFile,
    line: &'a str,
    person: Option<PersonId>,
}

impl MarkOf<'_> {
    fn add(&self, tables: &mut Tables, (nth, state): (i32, State), at: DateTime<Utc>, words: &str) {
        let (file, who) = (self.file, self.file.worker());
        let seed = format!("achievement {} {} {nth}", self.line, self.person.map(|id| id.to_string()).unwrap_or_default());
        let words = (!words.is_empty()).then(|| bytes(&file.key.seal(store::WORDS, words.as_bytes())));
        tables.add(
            "achievement_marks",
            json!({ "id": Uuid::new_v5(&file.id, seed.as_bytes()), "case_id": file.id, "line": self.line, "person_id": self.person, "nth": nth,
                "state": state.as_str(), "seen_on": at.date_naive(), "document_id": null, "words": words, "author": user(who),
                "author_name": member_of(who).name, "recorded_at": at }),
        );
    }
}
