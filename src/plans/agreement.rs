//! Who agreed to a plan, and who has yet to.
use chrono::{DateTime, NaiveDate, Utc};

use super::line::Line;
use super::plan::Plan;
use super::signed::Signed;
use crate::cases::Member;
use crate::packs::{ConsentGiver, Pack};
use crate::platform::ids::{DocumentId, PersonId, RowId, UserId};

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
    /// `paper`, `thumb`, `said`, `drawn`, `code`, `best_interests` or `signed_in`.
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
    pub author: UserId,
    /// Their name then.
    pub author_name: String,
}

/// How one agrees: a spoken word before a witness, or a mark, counts as much as a signature (S25).
pub const WAYS: &[&str] = &["said", "drawn", "paper", "thumb", "code"];

/// For a small child for whom no adult can safely speak nobody agrees: a supervisor who wrote none of the plan records that it is best for them (S3).
pub const BEST_INTERESTS: &str = "best_interests";

/// The ways that are open to a side.
pub fn ways(side: &str) -> Vec<&'static str> {
    let open = WAYS.iter().copied().filter(|way| side == "person" || matches!(*way, "drawn" | "paper"));
    let mut open: Vec<&'static str> = open.collect();
    match side {
        "organisation" => open.insert(0, "signed_in"),
        "person" => open.push(BEST_INTERESTS),
        _ => {}
    }
    open
}

/// Who has yet to agree before a plan holds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Owed {
    /// Whoever commits to something or has a place in a community project agrees for themselves, from the age on from which they assent (S3);
    /// so does the child whom the case is about.
    pub people: Vec<PersonId>,
    /// For a child of that age or younger somebody of [`Asking::caregivers`] agrees, and nobody has.
    pub caregiver: bool,
    /// Small children for whom nobody can speak, and of whom nobody recorded that it is best for them.
    pub best_interests: Vec<PersonId>,
    /// Nobody of the person's side has whose word counts by itself: a small child's alone does not, while there is somebody to ask.
    pub anybody: bool,
    /// Nobody of the organisation has.
    pub organisation: bool,
}

impl Owed {
    /// Both sides have agreed.
    pub fn is_nothing(&self) -> bool {
        self.people.is_empty() && !self.caregiver && self.best_interests.is_empty() && !self.anybody && !self.organisation
    }
}

/// What says who must agree to a plan.
#[derive(Debug, Clone, Copy)]
pub struct Asking<'a> {
    /// The plan, as it was put forward last.
    pub plan: &'a Plan,
    /// Its lines.
    pub lines: &'a [Line],
    /// Who has a place in a community project for one of them.
    pub placed: &'a [PersonId],
    /// Who agreed.
    pub agreements: &'a [Agreement],
    /// Everybody of the case.
    pub people: &'a [Member],
    /// Says who agrees for children.
    pub pack: &'a Pack,
    /// This day.
    pub today: NaiveDate,
}

impl<'a> Asking<'a> {
    /// Who has yet to agree. Whoever is not safe to involve is never asked (S3).
    pub fn owed(&self) -> Owed {
        let asked: Vec<&Member> = self.safe().filter(|member| self.is_asked(member)).collect();
        let caregivers = self.caregivers();
        let small = |member: &&Member| self.is_small(member);
        let with_caregiver = |member: &&Member| small(member) || self.giver(member) == Some(ConsentGiver::CaregiverAndAssent);
        let for_a_child = asked.iter().any(with_caregiver) && !caregivers.is_empty();
        let owing = asked.iter().filter(|member| !small(member) && !self.given(member.person_id));
        let alone = asked.iter().filter(|member| small(member) && caregivers.is_empty() && !self.is_best_for(member.person_id));
        Owed {
            people: owing.map(|member| member.person_id).collect(),
            best_interests: alone.map(|member| member.person_id).collect(),
            caregiver: for_a_child && !caregivers.iter().any(|member| self.given(member.person_id)),
            anybody: !self.of_this_round().any(|one| one.side == "person" && self.counts(one, &caregivers)),
            organisation: !self.of_this_round().any(|one| one.side == "organisation"),
        }
    }

    /// Who agrees for a child: the caregivers of the case and adults whom the child chose; where no caregiver is named, any adult of it. Nobody where a
    /// caregiver is named and none of these is safe: whoever else is on the case may stand by the one who is not (S3).
    pub fn caregivers(&self) -> Vec<&'a Member> {
        let adults: Vec<&Member> = self.safe().filter(|member| self.giver(member).is_none()).collect();
        let known: Vec<&Member> =
            adults.iter().filter(|member| matches!(member.part.as_str(), "caregiver" | "chosen_adult")).copied().collect();
        let is_named = self.people.iter().any(|member| member.part == "caregiver");
        if known.is_empty() && !is_named { adults } else { known }
    }

    /// At this age the caregiver agrees, and there is one to ask.
    pub fn is_spoken_for(&self, person: PersonId) -> bool {
        self.is_small_one(person) && !self.caregivers().is_empty()
    }

    /// At this age the caregiver agrees, and there is none to ask: what is best for the child is recorded.
    pub fn is_without_voice(&self, person: PersonId) -> bool {
        self.is_small_one(person) && self.caregivers().is_empty()
    }

    fn is_small_one(&self, person: PersonId) -> bool {
        self.people.iter().any(|member| member.person_id == person && self.is_small(member))
    }

    fn is_small(&self, member: &Member) -> bool {
        is_too_young(self.pack, member, self.today)
    }

    fn is_best_for(&self, person: PersonId) -> bool {
        self.of_this_round().any(|one| one.person_id == Some(person) && one.way == BEST_INTERESTS)
    }

    // Who commits, who is placed, and the child whom the case is about.
    fn is_asked(&self, member: &Member) -> bool {
        let id = member.person_id;
        self.lines.iter().any(|line| line.kind == "commitment" && line.person_id == Some(id))
            || self.placed.contains(&id)
            || (member.part == "subject" && self.giver(member).is_some())
    }

    // While a caregiver can be asked, a younger child's word does not stand for the whole side; a small child's never does, but what was recorded as
    // best for them. Of whoever left the case it stays.
    fn counts(&self, one: &Agreement, caregivers: &[&Member]) -> bool {
        let child = |member: &Member| {
            one.person_id == Some(member.person_id)
                && matches!(self.giver(member), Some(ConsentGiver::Caregiver | ConsentGiver::CaregiverAndAssent))
        };
        if caregivers.is_empty() {
            return one.way == BEST_INTERESTS || !one.person_id.is_some_and(|person| self.is_small_one(person));
        }
        !self.people.iter().any(child)
    }

    fn safe(&self) -> impl Iterator<Item = &'a Member> + use<'a> {
        self.people.iter().filter(|member| !member.not_safe_to_involve)
    }

    fn giver(&self, member: &Member) -> Option<ConsentGiver> {
        giver(self.pack, member, self.today)
    }

    fn of_this_round(&self) -> impl Iterator<Item = &'a Agreement> + use<'a> {
        let round = self.plan.round;
        self.agreements.iter().filter(move |one| one.round == round)
    }

    fn given(&self, person: PersonId) -> bool {
        self.of_this_round().any(|one| one.person_id == Some(person))
    }
}

/// At this age nobody commits to anything: the caregiver agrees (S3).
pub fn is_too_young(pack: &Pack, member: &Member, today: NaiveDate) -> bool {
    giver(pack, member, today) == Some(ConsentGiver::Caregiver)
}

// Nobody else: an adult, as far as is known.
fn giver(pack: &Pack, member: &Member, today: NaiveDate) -> Option<ConsentGiver> {
    let age = member.born_on.and_then(|born| today.years_since(born)).and_then(|years| u16::try_from(years).ok());
    age.and_then(|age| pack.consent_giver(age))
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
            worker_sex: None,
            interpreter_sex: None,
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
            author: UserId::new(),
            author_name: "Amina".into(),
        }
    }

    fn named(part: &str, born: &str) -> Member {
        Member { part: part.into(), ..member(born, false) }
    }

    fn owed(lines: &[Line], given: &[Agreement], people: &[Member]) -> Owed {
        owed_with(lines, given, (people, &[]))
    }

    fn owed_with(lines: &[Line], agreements: &[Agreement], (people, placed): (&[Member], &[PersonId])) -> Owed {
        let (plan, pack) = (plan("proposed", false), crate::packs::samples::protection());
        let today = "2026-11-26".parse().expect("a day");
        Asking { plan: &plan, lines, placed, agreements, people, pack: &pack, today }.owed()
    }

    #[test]
    fn s03_each_adult_who_commits_agrees_for_themselves_and_nobody_unsafe_is_asked() {
        let people = [member("1990-01-01", false), member("1985-01-01", true), member("", false)];
        let lines: Vec<Line> = people.iter().map(|one| commitment(one.person_id)).collect();
        let (adult, unknown) = (people[0].person_id, people[2].person_id);
        let still = |given: &[Agreement]| owed(&lines, given, &people);
        assert_eq!(still(&[]), Owed { people: vec![adult, unknown], anybody: true, organisation: true, ..Owed::default() });
        let one = agreement("person", Some(adult), 2);
        assert_eq!(still(std::slice::from_ref(&one)), Owed { people: vec![unknown], organisation: true, ..Owed::default() });
        let all = [one, agreement("person", Some(unknown), 2), agreement("organisation", None, 2)];
        assert!(still(&all).is_nothing());
        // What was agreed to before it was taken back counts no more.
        let before = all.map(|one| Agreement { round: 1, ..one });
        assert_eq!(still(&before).people.len(), 2);
    }

    #[test]
    fn s03_for_a_small_child_the_caregiver_agrees_and_with_an_older_one_beside_them() {
        let people = [
            named("caregiver", "1990-01-01"),
            named("member", "1992-01-01"),
            named("subject", "2022-06-01"),
            member("2014-01-01", false),
        ];
        let [mother, aunt, small, older] = people.each_ref().map(|one| one.person_id);
        let lines = [commitment(small), commitment(older)];
        let person = |id: PersonId| agreement("person", Some(id), 2);
        let still = |given: &[Agreement]| owed(&lines, given, &people);
        let all = Owed { people: vec![older], caregiver: true, anybody: true, organisation: true, ..Owed::default() };
        assert_eq!(still(&[person(small)]), all, "a child of four agrees to nothing alone");
        assert_eq!(still(&[person(small), person(older)]), Owed { people: vec![], ..all.clone() });
        // Nor does another adult, while there is a caregiver.
        assert!(still(&[person(aunt), person(older)]).caregiver);
        let both = [person(mother), person(older), agreement("organisation", None, 2)];
        assert!(still(&both).is_nothing());
    }

    #[test]
    fn s03_a_young_person_agrees_alone_and_where_no_adult_is_safe_a_child_is_asked() {
        let people = [named("caregiver", "1990-01-01"), named("subject", "2010-01-01")];
        let given = [agreement("person", Some(people[1].person_id), 2), agreement("organisation", None, 2)];
        assert!(owed(&[], &given, &people).is_nothing());
        let people = [Member { not_safe_to_involve: true, ..named("caregiver", "1990-01-01") }, named("subject", "2015-01-01")];
        let child = people[1].person_id;
        assert_eq!(owed(&[], &[], &people), Owed { people: vec![child], anybody: true, organisation: true, ..Owed::default() });
        let given = [agreement("person", Some(child), 2), agreement("organisation", None, 2)];
        assert!(owed(&[], &given, &people).is_nothing());
    }

    #[test]
    fn s03_where_the_caregiver_is_not_safe_nobody_but_an_adult_whom_the_child_chose_speaks_for_it() {
        let father = Member { not_safe_to_involve: true, ..named("caregiver", "1980-01-01") };
        let people = [father, named("member", "1985-01-01"), named("subject", "2015-01-01"), named("chosen_adult", "1970-01-01")];
        let [_, brother, child, aunt] = people.each_ref().map(|one| one.person_id);
        let said = |id: PersonId| agreement("person", Some(id), 2);
        assert!(owed(&[], &[said(brother), said(child)], &people).caregiver, "a brother of the father speaks for nobody");
        assert!(!owed(&[], &[said(aunt), said(child)], &people).caregiver);
        let still = owed(&[], &[], &people[..3]);
        assert_eq!((still.people, still.caregiver), (vec![child], false), "nobody is left to ask but the child");
    }

    #[test]
    fn s03_where_nobody_can_speak_for_a_small_child_what_is_best_for_it_is_recorded() {
        let people = [Member { not_safe_to_involve: true, ..named("caregiver", "1990-01-01") }, named("subject", "2024-01-01")];
        let child = people[1].person_id;
        let all = Owed { best_interests: vec![child], anybody: true, organisation: true, ..Owed::default() };
        assert_eq!(owed(&[], &[], &people), all);
        let said = agreement("person", Some(child), 2);
        assert_eq!(owed(&[], std::slice::from_ref(&said), &people), all, "a child of two agrees to nothing");
        let given = [Agreement { way: BEST_INTERESTS.into(), ..said }, agreement("organisation", None, 2)];
        assert!(owed(&[], &given, &people).is_nothing());
    }

    #[test]
    fn whoever_is_placed_in_a_project_agrees_for_themselves() {
        let people = [named("subject", "1990-01-01"), member("1991-01-01", false)];
        let [head, placed] = people.each_ref().map(|one| one.person_id);
        let given = [agreement("person", Some(head), 2), agreement("organisation", None, 2)];
        let still = owed_with(&[commitment(head)], &given, (&people, &[placed]));
        assert_eq!(still, Owed { people: vec![placed], ..Owed::default() });
    }
}
