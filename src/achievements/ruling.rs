//! Lines that a rule of the pack decides: an expression over what rules know of a case, which is what eligibility has it from too.
use std::collections::{BTreeSet, HashMap};

use chrono::NaiveDate;
use rules::{Profile, Rule, Verdict};
use uuid::Uuid;

use super::line::{Filled, Person, Ruled, State};
use crate::cases::Case;
use crate::eligibility::judging::as_profile;
use crate::eligibility::whom::alone;
use crate::eligibility::{self, Judgement};
use crate::error::Error;
use crate::forms::profile;
use crate::forms::store::{self, Counted};
use crate::packs::{AchievementLine, Achievements, Asks, Known, LineRule, Pack, Sensitivity};
use crate::platform::db::Work;

/// The rules of a list, ready to be applied to any number of households.
#[derive(Debug, Default)]
pub struct Rules {
    ready: Vec<Ready>,
}

// The rule of one line.
#[derive(Debug)]
struct Ready {
    line: String,
    of: Asks,
    achieved: Rule,
    does_not_apply: Option<Rule>,
    // The forms whose answers it reads.
    forms: BTreeSet<String>,
}

impl Rules {
    /// Those of a list; none where no line is known by a rule.
    pub fn of(pack: &Pack, list: &Achievements) -> Result<Self, Error> {
        let ruled = list.lines().filter(|(_, line)| line.known == Known::Rule);
        let ready: Result<Vec<Option<Ready>>, Error> = ruled.map(|(_, line)| Ready::of(pack, line)).collect();
        Ok(Self { ready: ready?.into_iter().flatten().collect() })
    }

    /// There are none.
    pub fn is_empty(&self) -> bool {
        self.ready.is_empty()
    }

    /// What each line's rule says of a household on a day, from its profile, its members and the forms that were filled in for it.
    pub fn judge(&self, profile: &Profile, people: &[Person], filled: &[Filled], today: NaiveDate) -> Vec<Ruled> {
        let mut all = Vec::new();
        for ready in &self.ready {
            let newest = filled.iter().filter(|one| ready.forms.contains(&one.form)).max_by_key(|one| one.on);
            let ruled = |person: Option<&Person>| Ruled {
                line: ready.line.clone(),
                person_id: person.map(|person| person.id),
                state: ready.state(&seen(profile, person, today)),
                filled: newest.cloned(),
            };
            match ready.of {
                Asks::Household => all.push(ruled(None)),
                Asks::Member => all.extend(people.iter().map(|person| ruled(Some(person)))),
            }
        }
        all
    }
}

impl Ready {
    fn of(pack: &Pack, line: &AchievementLine) -> Result<Option<Self>, Error> {
        let Some((achieved, does_not_apply)) = compiled(pack, line)? else { return Ok(None) };
        let names: BTreeSet<String> = achieved.fields().into_iter().chain(does_not_apply.iter().flat_map(Rule::fields)).collect();
        // What is asked of a member alone the registry knows; who belongs to a household a form says where it lists members.
        let read = pack.fields.iter().filter(|field| {
            let name = format!("{}.{}", if field.of_member { "member" } else { "household" }, field.name);
            let listed = field.of_member && names.contains("members");
            (names.contains(&name) || listed) && !(field.of_member && line.of == Asks::Member)
        });
        let forms = read.filter_map(|field| field.form.clone()).collect();
        Ok(Some(Self { line: line.code.clone(), of: line.of, achieved, does_not_apply, forms }))
    }

    // While it is not known whether the line applies, it is not known how it stands.
    fn state(&self, profile: &Profile) -> State {
        match self.does_not_apply.as_ref().map(|rule| rule.judge(profile)) {
            Some(Verdict::Eligible) => return State::DoesNotApply,
            Some(Verdict::Unknown) => return State::Unknown,
            Some(Verdict::NotEligible) | None => {}
        }
        match self.achieved.judge(profile) {
            Verdict::Eligible => State::Achieved,
            Verdict::NotEligible => State::ToAchieve,
            Verdict::Unknown => State::Unknown,
        }
    }
}

// The rules of a line, for what it has achieved and for whom it is not.
fn compiled(pack: &Pack, line: &AchievementLine) -> Result<Option<(Rule, Option<Rule>)>, Error> {
    let Some(LineRule { achieved, does_not_apply }) = &line.rule else { return Ok(None) };
    let fields = crate::packs::rules::known(&pack.fields);
    let compile = |text: &String| {
        rules::compile(text, &fields)
            .map_err(|_| anyhow::anyhow!("the rule of {} of the pack {} does not compile here", line.code, pack.name))
    };
    Ok(Some((compile(achieved)?, does_not_apply.as_ref().map(compile).transpose()?)))
}

// What the rule of a line sees: the household, or that with one member alone.
fn seen(profile: &Profile, person: Option<&Person>, today: NaiveDate) -> Profile {
    let Some(person) = person else { return profile.clone() };
    alone(profile, person.born_on.map(|born| profile::years(born, today)), person.sex.as_deref())
}

/// What the rules of a list say of a case. To a restricted one no rule is applied (S16).
pub(super) async fn ruled(
    work: &mut Work,
    case: &Case,
    (pack, list): (&Pack, &Achievements),
    people: &[Person],
) -> Result<Vec<Ruled>, Error> {
    let rules = Rules::of(pack, list)?;
    if rules.is_empty() || case.sensitivity() == Sensitivity::Restricted {
        return Ok(Vec::new());
    }
    let profile = as_profile(&profile::known(work, case).await?)?;
    let (zone, today) = (work.zone(), work.today());
    let filled =
        |one: Counted| Filled { form: one.code, title: one.title, on: one.completed_at.with_timezone(&zone).date_naive() };
    let filled: Vec<Filled> = store::counted(work, case.id).await?.into_iter().map(filled).collect();
    Ok(rules.judge(&profile, people, &filled, today))
}

/// The profiles of many cases of one type, as far as they lie open.
pub async fn profiles(work: &mut Work, cases: &[Uuid]) -> Result<HashMap<Uuid, Profile>, Error> {
    let known = profile::known_of(work, cases).await?;
    known.iter().map(|(case, values)| Ok((*case, as_profile(values)?))).collect()
}

/// A line's rules with every condition, as they came out: that for whom it is not where there is one, and that for what is achieved.
pub(super) async fn explained(
    work: &mut Work,
    case: &Case,
    (pack, line): (&Pack, &AchievementLine),
    person: Option<&Person>,
) -> Result<Vec<(&'static str, Judgement)>, Error> {
    let Some((achieved, does_not_apply)) = compiled(pack, line)?.filter(|_| line.known == Known::Rule) else {
        return Ok(Vec::new());
    };
    let judged = eligibility::judge(work, case).await?;
    let Some(profile) = &judged.profile else { return Ok(Vec::new()) };
    let profile = seen(profile, person, work.today());
    let of = |key: &'static str, rule: &Rule| (key, Judgement::explained(rule.explain(&profile), &judged.known));
    let beside = does_not_apply.iter().map(|rule| of("does_not_apply", rule));
    Ok(beside.chain(std::iter::once(of("achieved", &achieved))).collect())
}

#[cfg(test)]
mod tests {
    use super::super::line::tests::{day, line, person};
    use super::super::line::{Grounds, Source};
    use super::*;
    use crate::packs::{Dimension, Labels, samples};

    const TODAY: &str = "2026-11-27";

    fn by_rule(code: &str, of: Asks, achieved: &str, does_not_apply: Option<&str>) -> AchievementLine {
        let rule = LineRule { achieved: achieved.into(), does_not_apply: does_not_apply.map(str::to_owned) };
        AchievementLine { rule: Some(rule), ..line(code, of, Known::Rule) }
    }

    fn list(lines: Vec<AchievementLine>) -> Achievements {
        let dimension = Dimension { code: "all".into(), labels: Labels::default(), weight: 1, lines };
        Achievements { panel: "a".into(), case_types: Vec::new(), poor_from: None, dimensions: vec![dimension] }
    }

    fn states(list: &Achievements, profile: &str, people: &[Person]) -> Vec<State> {
        let rules = Rules::of(&samples::protection(), list).expect("they compile");
        let profile: Profile = serde_json::from_str(profile).expect("a profile");
        rules.judge(&profile, people, &[], day(TODAY)).into_iter().map(|ruled| ruled.state).collect()
    }

    #[test]
    fn a_rule_has_three_outcomes_and_a_line_applies_to_some_only() {
        let applies = Some("!members.exists(m, m.age >= 6 && m.age <= 16)");
        let list = list(vec![by_rule("school", Asks::Household, "household.size <= 2", applies)]);
        for (profile, state) in [
            (r#"{"household": {"size": 2}, "members": [{"age": 40}, {"age": 9}]}"#, State::Achieved),
            (r#"{"household": {"size": 3}, "members": [{"age": 40}, {"age": 9}]}"#, State::ToAchieve),
            (r#"{"household": {}, "members": [{"age": 9}]}"#, State::Unknown),
            (r#"{"household": {"size": 3}, "members": [{"age": 40}]}"#, State::DoesNotApply),
            (r#"{"household": {"size": 2}, "members": [{"age": 40}, {}]}"#, State::Unknown),
            (r#"{"household": {"size": 2}}"#, State::Unknown),
        ] {
            assert_eq!(states(&list, profile, &[]), [state], "{profile}");
        }
    }

    #[test]
    fn of_a_member_a_rule_sees_the_household_and_nobody_else_in_it() {
        let list = list(vec![by_rule("adult", Asks::Member, "household.size <= 4 && members.all(m, m.age >= 18)", None)]);
        let people = [person("1990-01-01", ""), person("2015-01-01", "female"), person("", "male")];
        let profile = r#"{"household": {"size": 3}, "members": [{"age": 1}]}"#;
        assert_eq!(states(&list, profile, &people), [State::Achieved, State::ToAchieve, State::Unknown]);
    }

    #[test]
    fn what_a_form_says_counts_from_its_day_and_the_registry_on_every_day() {
        let list = list(vec![by_rule("small", Asks::Household, "household.size <= 2", None)]);
        let (_, small) = list.lines().next().expect("a line");
        let filled = |on: &str| Filled { form: "needs".into(), title: "Needs".into(), on: day(on) };
        for (filled, on, state) in [
            (Some(filled("2026-06-01")), "2026-05-31", State::Unknown),
            (Some(filled("2026-06-01")), "2026-06-01", State::Achieved),
            (None, "2026-05-31", State::Achieved),
        ] {
            let ruled = Ruled { line: "small".into(), person_id: None, state: State::Achieved, filled };
            let grounds = Grounds { ruled: vec![ruled], ..Grounds::default() };
            let judged = grounds.judge(small, None, day(on));
            assert_eq!((judged.state, matches!(judged.from, Source::Rule(_))), (state, state == State::Achieved), "{on}");
        }
    }
}
