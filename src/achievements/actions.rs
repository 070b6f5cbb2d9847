//! The verb of achievements: set a line by hand, with what shows it.
use chrono::NaiveDate;
use serde_json::json;

use super::line::{Judged, Source, State};
use super::standing::Standing;
use super::store::{self, NewMark};
use crate::audit::{About, Fact};
use crate::cases::{Case, gates};
use crate::documents;
use crate::error::{Error, FieldErrors, invalid, same_version};
use crate::packs::{AchievementLine, Asks, Known, Word};
use crate::platform::db::Work;
use crate::platform::ids::{DocumentId, PersonId};

/// No words on a line are longer.
pub const LONGEST: usize = 2_000;

/// How a line is set.
#[derive(Debug, Clone, Default)]
pub struct Setting {
    /// How often it had been set when it was read.
    pub version: i32,
    /// The line, a code of the pack.
    pub line: String,
    /// Whose, of a line that each member has.
    pub person: Option<PersonId>,
    /// How it stands.
    pub state: String,
    /// Since when that is known; today where nothing was seen.
    pub seen_on: Option<NaiveDate>,
    /// The document of the case that shows it.
    pub document: Option<DocumentId>,
    /// What was seen, or why.
    pub words: String,
}

/// Sets a line. What was set before is kept; two who set upon one state: the second is stale.
pub async fn set(work: &mut Work, case: &Case, how: &Setting) -> Result<(), Error> {
    case.may_be_written(work).await?;
    let standing = Standing::of(work, case).await?.ok_or(Error::NotFound)?;
    let line = standing.list().line(&how.line).ok_or_else(|| invalid("line", "not_a_choice"))?;
    let judged = whose(&standing, line, how.person)?;
    if line.known != Known::ByHand {
        return Err(invalid("state", "achievement_is_computed"));
    }
    let (state, seen_on) = check(work, case, &standing, how).await?;
    same_version(judged.version(), how.version)?;
    let new = NewMark {
        line: &line.code,
        person: how.person,
        nth: how.version + 1,
        state: state.as_str(),
        seen_on,
        document: how.document,
        words: how.words.trim(),
    };
    let id = store::insert(work, case, new).await?;
    let about = About::case(case.id).with(case.person_id).with(id);
    work.record(Fact::AchievementSet, about.note(json!({ "line": line.code, "state": state.as_str() }))).await
}

/// How a line stands for whom it is asked of: the household, or one of its members for whom it is.
pub(super) fn whose<'a>(standing: &'a Standing, line: &AchievementLine, person: Option<PersonId>) -> Result<Judged<'a>, Error> {
    let people = &standing.grounds.people;
    let person = match (line.of, person) {
        (Asks::Household, None) => None,
        (Asks::Member, Some(id)) => {
            Some(people.iter().find(|person| person.id == id).ok_or_else(|| invalid("person", "not_a_choice"))?)
        }
        (Asks::Member, None) => return Err(invalid("person", "required")),
        (Asks::Household, Some(_)) => return Err(invalid("person", "not_a_choice")),
    };
    let judged = standing.grounds.judge(line, person, standing.today);
    if matches!(judged.from, Source::NotTheirs) { Err(invalid("person", "achievement_not_theirs")) } else { Ok(judged) }
}

async fn check(work: &mut Work, case: &Case, standing: &Standing, how: &Setting) -> Result<(State, NaiveDate), Error> {
    let mut errors = FieldErrors::default();
    let state = State::parse(&how.state);
    if state.is_none() {
        errors.add("state", if how.state.is_empty() { "required" } else { "not_a_choice" });
    }
    let said = !how.words.trim().is_empty();
    match state {
        Some(State::Achieved) if !said && how.document.is_none() => errors.add("words", "achievement_not_shown"),
        Some(State::DoesNotApply | State::Unknown) if !said => errors.add("words", "achievement_needs_reason"),
        _ => {}
    }
    if how.words.trim().chars().count() > LONGEST {
        errors.add("words", "too_long");
    }
    let looked_at = matches!(state, Some(State::Achieved | State::ToAchieve));
    let seen_on = how.seen_on.or((!looked_at).then_some(standing.today));
    match seen_on {
        None => errors.add("seen_on", "required"),
        Some(day) if day > standing.today => errors.add("seen_on", "in_the_future"),
        Some(_) => {}
    }
    if let Some(paper) = how.document
        && !documents::store::list(work, case.id, None).await?.iter().any(|one| one.id == paper)
    {
        errors.add("document", "not_a_choice");
    }
    if !gates::of_panel(work, case, &standing.list().panel).await?.is_empty() {
        errors.add("", "panel_shut");
    }
    errors.or_ok()?;
    state.zip(seen_on).ok_or_else(|| invalid("state", "required"))
}
