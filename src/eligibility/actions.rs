//! The verbs of rules: save a draft, put a version into force, end it; and what a pack brings.
use rules::Mistake;
use serde_json::json;

use super::known::Known;
use super::rule::{MOST_TESTS, MOST_TEXT, Ran, Rule, Test, VERDICTS};
use super::store::{self, Written};
use crate::access::Act;
use crate::audit::{About, Fact};
use crate::directory;
use crate::directory::Service;
use crate::error::{Clash, Error, FieldErrors, invalid};
use crate::packs::{self, Labels, PackRule};
use crate::platform::db::Work;
use crate::platform::ids::{RowId, ServiceId};

/// What a rule is to say.
#[derive(Debug, Clone, Default)]
pub struct Saying {
    /// The expression.
    pub text: String,
    /// What it is called.
    pub labels: Labels,
    /// Its test cases.
    pub tests: Vec<Test>,
    /// The version of the draft that was read; 0 where none stood.
    pub version: i32,
}

/// A service whose rules the actor keeps. Whoever only sees it may not; whoever does not see it learns nothing.
pub async fn kept(work: &mut Work, id: ServiceId) -> Result<Service, Error> {
    let service = directory::store::find(work, id).await?;
    work.may(Act::RuleManage)?;
    if keeps(work, &service).await? { Ok(service) } else { Err(Error::Forbidden(Act::RuleManage.code())) }
}

/// The actor keeps the rules of this service: it is their organisation's, and they may.
pub async fn keeps(work: &mut Work, service: &Service) -> Result<bool, Error> {
    store::keeps(work, service.organisation.id).await
}

/// Compiles an expression over the known fields. A rule that is too long is refused before anything reads it.
pub fn compiled(text: &str, known: &Known) -> Result<rules::Rule, Vec<Mistake>> {
    rules::compile(text, &known.for_rules())
}

/// The pack whose fields the next version of a service's rule speaks of: that of the version before.
pub fn speaks_of(versions: &[Rule]) -> Option<&str> {
    versions.first().and_then(|newest| newest.speaks_of.as_deref())
}

/// Saves a draft, the only one of its service. What is wrong in the expression hinders it; a failing test does not, until it is to be in force.
pub async fn save(work: &mut Work, service: ServiceId, saying: &Saying) -> Result<RowId, Error> {
    kept(work, service).await?;
    let standing = store::versions(work, service).await?;
    let known = Known::of_rule(work, speaks_of(&standing)).await?;
    let text = checked(saying, &known)?;
    let rule = compiled(text, &known).map_err(|_| invalid("text", "rule_mistakes"))?;
    let compiled = serde_json::to_value(&rule).map_err(anyhow::Error::from)?;
    let names = rule.fields();
    let fields_of = known.read_as(&names);
    let written = Written { text, compiled, labels: &saying.labels, tests: &saying.tests, pack: None, fields_of };
    let id = match standing.iter().find(|rule| rule.is_draft()) {
        Some(draft) => {
            store::save(work, draft, saying.version, written).await?;
            draft.id
        }
        // Somebody put the draft that was read into force meanwhile.
        None if saying.version != 0 => return Err(Error::Conflict(Clash::Stale)),
        None => store::begin(work, service, written).await?,
    };
    work.record(Fact::RuleSaved, about(service, id)).await?;
    Ok(id)
}

fn checked<'a>(saying: &'a Saying, known: &Known) -> Result<&'a str, Error> {
    let text = saying.text.trim();
    let mut errors = FieldErrors::default();
    if text.is_empty() {
        errors.add("text", "required");
    }
    if text.chars().count() > MOST_TEXT {
        errors.add("text", "rule_too_long");
    }
    if saying.tests.len() > MOST_TESTS {
        errors.add("tests", "too_many");
    }
    for test in &saying.tests {
        if test.name.trim().is_empty() || test.name.chars().count() > 120 {
            errors.add("tests", "rule_test_name");
        }
        if !VERDICTS.contains(&test.expect.as_str()) {
            errors.add("tests", "rule_test_expect");
        }
        let of_household = test.household.keys().map(|name| format!("household.{name}"));
        let of_members = test.members.iter().flatten().flat_map(|member| member.keys()).map(|name| format!("member.{name}"));
        if of_household.chain(of_members).any(|name| known.field(&name).is_none()) {
            errors.add("tests", "rule_test_field");
        }
    }
    errors.or_ok().map(|()| text)
}

/// How the test cases of a rule go.
pub fn run(rule: &rules::Rule, tests: &[Test]) -> Result<Vec<Ran>, Error> {
    tests.iter().map(|test| test.run(rule)).collect()
}

/// Puts a version into force, over the one that was read; a failing test case hinders it. Services are judged by it from now on.
pub async fn activate(work: &mut Work, service: ServiceId, number: i32, version: i32) -> Result<(), Error> {
    kept(work, service).await?;
    let rule = version_of(work, service, number).await?;
    let known = Known::of_rule(work, rule.speaks_of.as_deref()).await?;
    if rule.is_active() {
        return Err(Error::Conflict(Clash::State { state: rule.state, code: "rule_in_force" }));
    }
    // Fields may have gone since it was written.
    let ready = compiled(&rule.text, &known).map_err(|_| invalid("text", "rule_mistakes"))?;
    if run(&ready, &rule.tests)?.iter().any(|ran| !ran.passes) {
        return Err(invalid("tests", "rule_test_fails"));
    }
    store::activate(work, &rule, version).await?;
    work.record(Fact::RuleActivated, about(service, rule.id).note(json!({ "number": number }))).await
}

/// Ends the rule in force: the service is judged by its entry alone.
pub async fn retire(work: &mut Work, service: ServiceId) -> Result<(), Error> {
    kept(work, service).await?;
    if !store::retire(work, service).await? {
        return Err(Error::Conflict(Clash::State { state: "none".to_owned(), code: "rule_none" }));
    }
    work.record(Fact::RuleRetired, About::subjects([service.0])).await
}

/// A version of a service's rule.
pub async fn version_of(work: &mut Work, service: ServiceId, number: i32) -> Result<Rule, Error> {
    let versions = store::versions(work, service).await?;
    versions.into_iter().find(|rule| rule.number == number).ok_or(Error::NotFound)
}

/// Takes over the rules of every loaded pack: each is in force at once, unless its service is unknown here, or somebody here has written a rule
/// since. Answers how many were taken over; a second time that is none.
pub async fn take_over(work: &mut Work) -> Result<usize, Error> {
    work.may(Act::AdminPacks)?;
    let mut taken = 0;
    for (_, pack) in packs::store::newest(work).await? {
        let known = Known::of_pack(&pack);
        for rule in &pack.rules {
            for service in std::iter::once(&rule.service).chain(&rule.also) {
                taken += usize::from(take_over_one(work, (&pack.name, rule), &known, service).await?);
            }
        }
    }
    Ok(taken)
}

async fn take_over_one(work: &mut Work, (pack, rule): (&str, &PackRule), known: &Known, external: &str) -> Result<bool, Error> {
    let Some(service) = store::by_external_id(work, external).await? else { return Ok(false) };
    let (text, tests) = (rule.text.trim(), rule.tests.iter().map(Test::from).collect::<Vec<_>>());
    let standing = store::versions(work, service).await?;
    let newest = standing.first();
    let is_own = newest.is_some_and(|newest| newest.pack.as_deref() != Some(pack));
    if is_own || newest.is_some_and(|newest| newest.text == text && newest.tests == tests) {
        return Ok(false);
    }
    let compiled = compiled(text, known)
        .map_err(|mistakes| anyhow::anyhow!("the rule {} of the pack {pack} does not compile: {mistakes:?}", rule.code))?;
    let compiled = serde_json::to_value(&compiled).map_err(anyhow::Error::from)?;
    let written = Written { text, compiled, labels: &rule.labels, tests: &tests, pack: Some(pack), fields_of: None };
    let id = store::begin(work, service, written).await?;
    let draft = store::versions(work, service).await?.into_iter().find(|rule| rule.id == id).ok_or(Error::NotFound)?;
    store::activate(work, &draft, draft.version).await?;
    work.record(Fact::RuleActivated, about(service, id).note(json!({ "pack": pack }))).await?;
    Ok(true)
}

fn about(service: ServiceId, rule: RowId) -> About {
    About::subjects([service.0, rule.0])
}
