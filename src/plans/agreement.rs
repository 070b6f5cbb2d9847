//! Who agreed to a plan, and who has yet to.
use chrono::{DateTime, Months, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use super::line::Line;
use super::plan::Plan;
use crate::cases::Member;
use crate::platform::ids::{DocumentId, PersonId, RowId};

/// One side's agreement, opened.
#[derive(Debug, Clone)]
pub struct Agreement {
    /// Its id.
    pub id: RowId,
    /// The time of putting forward that it was given for.
    pub round: i32,
    /// `person` or `organisation`.
    pub side: String,
    /// Who of the household.
    pub person_id: Option<PersonId>,
    /// `paper`, `thumb`, `said`, `drawn`, `code` or `signed_in`.
    pub way: String,
    /// The paper.
    pub document_id: Option<DocumentId>,
    /// Witness, interpreter, signature.
    pub sealed: Signed,
    /// In which language it was explained.
    pub language: String,
    /// When.
    pub happened_at: DateTime<Utc>,
    /// Who wrote it down; for the organisation, who agreed.
    pub author_name: String,
}

/// What of an agreement is sealed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signed {
    /// Before whom it was said.
    #[serde(default)]
    pub witness: String,
    /// Who interpreted, and keeps it to themselves (S25).
    #[serde(default)]
    pub interpreter: String,
    /// The strokes of a drawn signature: points of a box of 600 by 200, strokes parted by semicolons.
    #[serde(default)]
    pub strokes: String,
}

/// How one agrees: a spoken word before a witness, or a mark, counts as much as a signature (S25).
pub const WAYS: &[&str] = &["said", "drawn", "paper", "thumb", "code"];

/// The ways that are open to a side.
pub fn ways(side: &str) -> Vec<&'static str> {
    let own: &[&str] = if side == "organisation" { &["signed_in"] } else { &[] };
    own.iter().chain(WAYS.iter().filter(|way| side == "person" || matches!(**way, "drawn" | "paper"))).copied().collect()
}

/// Who has yet to agree before a plan holds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Owed {
    /// Each adult who commits to something agrees for themselves (S3).
    pub people: Vec<PersonId>,
    /// Nobody of the person's side has.
    pub anybody: bool,
    /// Nobody of the organisation has.
    pub organisation: bool,
}

impl Owed {
    /// Both sides have agreed.
    pub fn is_nothing(&self) -> bool {
        self.people.is_empty() && !self.anybody && !self.organisation
    }
}

/// Who has yet to agree to a plan as it was put forward last. Whoever is not safe to involve is never asked (S3).
pub fn owed(plan: &Plan, lines: &[Line], agreements: &[Agreement], people: &[Member], today: NaiveDate) -> Owed {
    let given = |person: PersonId| agreements.iter().any(|one| one.round == plan.round && one.person_id == Some(person));
    let commits = |member: &&Member| {
        lines.iter().any(|line| line.kind == "commitment" && line.person_id == Some(member.person_id))
            && !member.not_safe_to_involve
            && !member.born_on.is_some_and(|born| is_child(born, today))
    };
    let side = |side: &str| agreements.iter().any(|one| one.round == plan.round && one.side == side);
    Owed {
        people: people.iter().filter(commits).map(|member| member.person_id).filter(|person| !given(*person)).collect(),
        anybody: !side("person"),
        organisation: !side("organisation"),
    }
}

fn is_child(born: NaiveDate, today: NaiveDate) -> bool {
    born.checked_add_months(Months::new(18 * 12)).is_some_and(|of_age| of_age > today)
}

/// Whether these are strokes of a pen: at least eight points inside the box.
pub fn are_strokes(text: &str) -> bool {
    let inside = |point: &str| {
        let Some((x, y)) = point.split_once(',') else { return false };
        x.parse::<u16>().is_ok_and(|x| x <= 600) && y.parse::<u16>().is_ok_and(|y| y <= 200)
    };
    let points = || text.split(';').flat_map(str::split_whitespace);
    text.len() <= 40_000 && points().all(inside) && points().count() >= 8
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plans::line::tests::line;
    use crate::plans::plan::tests::plan;

    fn member(born: &str, unsafe_to_involve: bool) -> Member {
        Member {
            person_id: PersonId::new(),
            name: String::new(),
            name_latin: String::new(),
            code: String::new(),
            born_on: born.parse().ok(),
            born_estimated: false,
            part: "member".into(),
            not_safe_to_involve: unsafe_to_involve,
            contact_restriction: String::new(),
            dont_go_alone: false,
            has_safe_contact: true,
        }
    }

    fn commitment(of: PersonId) -> Line {
        Line { person_id: Some(of), ..line("commitment", "") }
    }

    fn agreement(side: &str, person: Option<PersonId>, round: i32) -> Agreement {
        Agreement {
            id: RowId::new(),
            round,
            side: side.into(),
            person_id: person,
            way: "said".into(),
            document_id: None,
            sealed: Signed::default(),
            language: String::new(),
            happened_at: DateTime::<Utc>::from_timestamp(1_790_000_000, 0).expect("a moment"),
            author_name: "Amina".into(),
        }
    }

    #[test]
    fn s03_each_adult_who_commits_agrees_for_themselves_and_nobody_unsafe_is_asked() {
        let today = "2026-11-26".parse().expect("a day");
        let people = [member("1990-01-01", false), member("2012-02-29", false), member("1985-01-01", true), member("", false)];
        let lines: Vec<Line> = people.iter().map(|one| commitment(one.person_id)).collect();
        let (adult, unknown) = (people[0].person_id, people[3].person_id);
        let plan = plan("proposed", false);
        let still = |given: &[Agreement]| owed(&plan, &lines, given, &people, today);
        assert_eq!(still(&[]), Owed { people: vec![adult, unknown], anybody: true, organisation: true });
        let one = agreement("person", Some(adult), 2);
        assert_eq!(still(std::slice::from_ref(&one)), Owed { people: vec![unknown], anybody: false, organisation: true });
        let all = [one, agreement("person", Some(unknown), 2), agreement("organisation", None, 2)];
        assert!(still(&all).is_nothing());
        // What was agreed to before it was taken back counts no more.
        let before = all.map(|one| Agreement { round: 1, ..one });
        assert_eq!(still(&before).people.len(), 2);
    }

    #[test]
    fn strokes_are_points_inside_the_box() {
        assert!(are_strokes("1,2 3,4 5,6 7,8;9,10 11,12 13,14 600,200"));
        for wrong in ["", "1,2 3,4", "1,2 3,4 5,6 7,8 9,10 11,12 13,14 601,1", "<svg>", "1,2;3;4"] {
            assert!(!are_strokes(wrong), "{wrong}");
        }
    }
}
