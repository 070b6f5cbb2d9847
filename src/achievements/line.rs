//! How the lines of a list stand on a day, and from what that is known. No SQL.
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use crate::assessments::scoring::Answers;
use crate::packs::{AchievementLine, Achievements, Applies, Asks, Dimension, Known, Word, vocabulary};
use crate::platform::ids::{DocumentId, PersonId, RowId};

vocabulary! {
    /// How a line stands.
    State {
        Achieved = "achieved",
        ToAchieve = "to_achieve",
        DoesNotApply = "does_not_apply",
        Unknown = "unknown",
    }
}

/// A member of the household, as far as lines look at them.
#[derive(Debug, Clone)]
pub struct Person {
    /// Their id.
    pub id: PersonId,
    /// Their name; read inside the case only.
    pub name: String,
    /// Their code.
    pub code: String,
    /// Date of birth.
    pub born_on: Option<NaiveDate>,
    /// The date of birth is a guess.
    pub born_estimated: bool,
    /// As the registry writes it.
    pub sex: Option<String>,
    /// Never printed (S3).
    pub not_safe_to_involve: bool,
    /// Since when the registry holds an identity document of theirs.
    pub documented_at: Option<DateTime<Utc>>,
}

/// One time that somebody said how a line stands, without its words.
#[derive(Debug, Clone)]
pub struct Mark {
    /// Its id.
    pub id: RowId,
    /// The line, a code of the pack.
    pub line: String,
    /// Whose, of a line that each member has.
    pub person_id: Option<PersonId>,
    /// The how-manieth time.
    pub nth: i32,
    /// How it stands.
    pub state: String,
    /// Since when it is known to be so.
    pub seen_on: NaiveDate,
    /// The document that shows it.
    pub document_id: Option<DocumentId>,
    /// Who said so.
    pub author_name: String,
    /// When it was written down.
    pub recorded_at: DateTime<Utc>,
}

impl Mark {
    /// How it stands; nothing is known where the word is none of ours.
    pub fn state(&self) -> State {
        State::parse(&self.state).unwrap_or(State::Unknown)
    }
}

/// A settled round of an assessment, with the answers that lie open.
#[derive(Debug, Clone)]
pub struct Told {
    /// The tool.
    pub tool: String,
    /// When it took place.
    pub on: NaiveDate,
    /// What was answered.
    pub answers: Answers,
}

/// What the rule of a line says today, of the household or of one member.
#[derive(Debug, Clone)]
pub struct Ruled {
    /// The line, a code of the pack.
    pub line: String,
    /// Whose, of a line that each member has.
    pub person_id: Option<PersonId>,
    /// How it stands.
    pub state: State,
    /// The newest of the forms whose answers it reads; `None` where none was filled in.
    pub filled: Option<Filled>,
}

/// A form that was filled in for the household.
#[derive(Debug, Clone)]
pub struct Filled {
    /// Its code.
    pub form: String,
    /// Its title.
    pub title: String,
    /// The day.
    pub on: NaiveDate,
}

/// Everything that lines are judged by.
#[derive(Debug, Clone, Default)]
pub struct Grounds {
    /// The household.
    pub people: Vec<Person>,
    /// What was set by hand, the newest first.
    pub marks: Vec<Mark>,
    /// Rounds of assessments, the newest of each tool first.
    pub told: Vec<Told>,
    /// What rules say, by line and person.
    pub ruled: Vec<Ruled>,
}

/// From what it is known how a line stands.
#[derive(Debug, Clone, Copy)]
pub enum Source<'a> {
    /// Somebody said so.
    Hand(&'a Mark),
    /// The registry holds a document, or none.
    Registry(Option<DateTime<Utc>>),
    /// An assessment says so.
    Answer(&'a Told),
    /// A rule says so.
    Rule(&'a Ruled),
    /// Age or sex: the line is not for them.
    NotTheirs,
    /// It is for some age only, and theirs is not known.
    NoAge,
    /// Nobody has said anything yet.
    Nothing,
}

/// How a line stands for the household, or for one member.
#[derive(Debug, Clone, Copy)]
pub struct Judged<'a> {
    /// Who, of a line that each member has.
    pub person: Option<&'a Person>,
    /// How.
    pub state: State,
    /// From what.
    pub from: Source<'a>,
}

impl Judged<'_> {
    /// The time of setting that a next one must know of.
    pub fn version(&self) -> i32 {
        if let Source::Hand(mark) = self.from { mark.nth } else { 0 }
    }
}

/// A line with how it stands in all, and for each member.
#[derive(Debug, Clone)]
pub struct Stood<'a> {
    /// Where it belongs.
    pub dimension: &'a Dimension,
    /// The line.
    pub line: &'a AchievementLine,
    /// In all: to achieve as long as one member lacks it.
    pub state: State,
    /// For the household, or for each member.
    pub judged: Vec<Judged<'a>>,
}

impl Grounds {
    /// Every line of a list as it stands on a day.
    pub fn stand<'a>(&'a self, list: &'a Achievements, on: NaiveDate) -> Vec<Stood<'a>> {
        let stood = |(dimension, line): (&'a Dimension, &'a AchievementLine)| {
            let judged: Vec<Judged<'a>> = match line.of {
                Asks::Household => vec![self.judge(line, None, on)],
                Asks::Member => self.people.iter().map(|person| self.judge(line, Some(person), on)).collect(),
            };
            Stood { dimension, line, state: in_all(&judged), judged }
        };
        list.lines().map(stood).collect()
    }

    /// How a line stands on a day, for the household or for this member.
    pub fn judge<'a>(&'a self, line: &AchievementLine, person: Option<&'a Person>, on: NaiveDate) -> Judged<'a> {
        let theirs = person.zip(line.applies).map_or(Some(true), |(person, applies)| fits(person, applies, on));
        let (state, from) = match (theirs, line.known) {
            (Some(false), _) => (State::DoesNotApply, Source::NotTheirs),
            (_, Known::ByHand) => match self.mark(&line.code, person, on) {
                Some(mark) => (mark.state(), Source::Hand(mark)),
                None if theirs.is_none() => (State::Unknown, Source::NoAge),
                None => (State::Unknown, Source::Nothing),
            },
            (None, _) => (State::Unknown, Source::NoAge),
            (_, Known::IdentityDocument) => {
                let since = person.and_then(|person| person.documented_at).filter(|at| at.date_naive() <= on);
                (if since.is_some() { State::Achieved } else { State::ToAchieve }, Source::Registry(since))
            }
            (_, Known::Answer) => self.answer(line, on),
            (_, Known::Rule) => self.rule(line, person, on),
        };
        Judged { person, state, from }
    }

    fn mark(&self, line: &str, person: Option<&Person>, on: NaiveDate) -> Option<&Mark> {
        let whose = person.map(|person| person.id);
        let said = self.marks.iter().filter(|mark| mark.line == line && mark.person_id == whose && mark.seen_on <= on);
        said.max_by_key(|mark| mark.nth)
    }

    // The newest round says how it stands; an answer that says nothing of it leaves it unknown.
    fn answer(&self, line: &AchievementLine, on: NaiveDate) -> (State, Source<'_>) {
        let Some(looked_at) = &line.answer else { return (State::Unknown, Source::Nothing) };
        let mut rounds = self.told.iter().filter(|told| told.tool == looked_at.assessment && told.on <= on);
        let Some(told) = rounds.next() else { return (State::Unknown, Source::Nothing) };
        let Some(answer) = told.answers.get(&looked_at.question) else { return (State::Unknown, Source::Nothing) };
        let state = if looked_at.achieved.contains(answer) {
            State::Achieved
        } else if looked_at.to_achieve.contains(answer) {
            State::ToAchieve
        } else if looked_at.does_not_apply.contains(answer) {
            State::DoesNotApply
        } else {
            State::Unknown
        };
        (state, Source::Answer(told))
    }

    // What the answers of a form make of it is known from the form's day on; what the registry makes of it by itself is said of any day.
    fn rule(&self, line: &AchievementLine, person: Option<&Person>, on: NaiveDate) -> (State, Source<'_>) {
        let whose = person.map(|person| person.id);
        let said = self.ruled.iter().find(|ruled| ruled.line == line.code && ruled.person_id == whose);
        match said.map(|ruled| (ruled, &ruled.filled)) {
            Some((ruled, Some(filled))) if filled.on <= on => (ruled.state, Source::Rule(ruled)),
            Some((ruled, None)) if ruled.state != State::Unknown => (ruled.state, Source::Rule(ruled)),
            _ => (State::Unknown, Source::Nothing),
        }
    }
}

// One member who lacks it is enough; what is not known of one leaves the whole unknown.
fn in_all(judged: &[Judged<'_>]) -> State {
    let order = [State::ToAchieve, State::Unknown, State::Achieved];
    let any = |state: &State| judged.iter().any(|one| one.state == *state);
    order.into_iter().find(any).unwrap_or(State::DoesNotApply)
}

// Whether a line is for this member; `None` where the registry doesn't say enough.
fn fits(person: &Person, applies: Applies, on: NaiveDate) -> Option<bool> {
    let sex = match (applies.sex, person.sex.as_deref()) {
        (None, _) => Some(true),
        (Some(_), None | Some("unknown")) => None,
        (Some(sex), Some(theirs)) => Some(sex.as_str() == theirs),
    };
    let age = if applies.from.is_none() && applies.to.is_none() {
        Some(true)
    } else {
        let years = person.born_on.map(|born| on.years_since(born).unwrap_or(0));
        years.map(|years| {
            applies.from.is_none_or(|from| years >= u32::from(from)) && applies.to.is_none_or(|to| years <= u32::from(to))
        })
    };
    match (sex, age) {
        (Some(false), _) | (_, Some(false)) => Some(false),
        (Some(true), Some(true)) => Some(true),
        _ => None,
    }
}

#[cfg(test)]
pub(in crate::achievements) mod tests {
    use super::*;
    use crate::packs::Labels;

    pub(in crate::achievements) fn day(text: &str) -> NaiveDate {
        text.parse().expect("a day")
    }

    pub(in crate::achievements) fn person(born: &str, sex: &str) -> Person {
        Person {
            id: PersonId::new(),
            name: String::new(),
            code: String::new(),
            born_on: born.parse().ok(),
            born_estimated: false,
            sex: Some(sex.to_owned()).filter(|sex| !sex.is_empty()),
            not_safe_to_involve: false,
            documented_at: None,
        }
    }

    pub(in crate::achievements) fn line(code: &str, of: Asks, known: Known) -> AchievementLine {
        let (applies, answer, rule) = (None, None, None);
        AchievementLine { code: code.into(), labels: Labels::default(), of, weight: 1, known, applies, answer, rule }
    }

    pub(in crate::achievements) fn mark(line: &str, person: Option<&Person>, nth: i32, state: State, on: &str) -> Mark {
        let recorded_at = day(on).and_hms_opt(9, 0, 0).expect("a moment").and_utc();
        Mark {
            id: RowId::new(),
            line: line.into(),
            person_id: person.map(|person| person.id),
            nth,
            state: state.as_str().into(),
            seen_on: day(on),
            document_id: None,
            author_name: "Amina".into(),
            recorded_at,
        }
    }

    #[test]
    fn the_newest_word_counts_and_a_day_before_it_knows_the_older_one() {
        let home = line("rent", Asks::Household, Known::ByHand);
        let marks = vec![
            mark("rent", None, 2, State::Achieved, "2026-05-01"),
            mark("rent", None, 1, State::ToAchieve, "2026-02-01"),
            mark("other", None, 7, State::Achieved, "2026-01-01"),
        ];
        let grounds = Grounds { marks, ..Grounds::default() };
        for (on, state, version) in
            [("2026-01-15", State::Unknown, 0), ("2026-02-01", State::ToAchieve, 1), ("2026-06-01", State::Achieved, 2)]
        {
            let judged = grounds.judge(&home, None, day(on));
            assert_eq!((judged.state, judged.version()), (state, version), "{on}");
        }
    }

    #[test]
    fn a_line_is_for_those_of_its_age_and_sex_and_unknown_where_neither_is_known() {
        let applies = Applies { from: Some(18), to: Some(50), sex: Some(crate::packs::Sex::Male) };
        let card = AchievementLine { applies: Some(applies), ..line("card", Asks::Member, Known::ByHand) };
        let grounds = Grounds::default();
        for (born, sex, state) in [
            ("1990-01-01", "male", State::Unknown),
            ("1990-01-01", "female", State::DoesNotApply),
            ("2015-01-01", "male", State::DoesNotApply),
            ("1970-01-01", "", State::DoesNotApply),
            ("", "male", State::Unknown),
            ("", "female", State::DoesNotApply),
        ] {
            let somebody = person(born, sex);
            assert_eq!(grounds.judge(&card, Some(&somebody), day("2026-11-27")).state, state, "{born} {sex}");
        }
    }

    #[test]
    fn one_member_without_it_is_enough() {
        let judged = |state: State| Judged { person: None, state, from: Source::Nothing };
        for (states, whole) in [
            (vec![], State::DoesNotApply),
            (vec![State::DoesNotApply, State::Achieved], State::Achieved),
            (vec![State::Unknown, State::Achieved], State::Unknown),
            (vec![State::Unknown, State::ToAchieve, State::Achieved], State::ToAchieve),
        ] {
            assert_eq!(in_all(&states.iter().map(|state| judged(*state)).collect::<Vec<_>>()), whole, "{states:?}");
        }
    }
}
