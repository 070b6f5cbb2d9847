//! The supervisor's review of the safety of a person whom nobody reaches (S23): what was looked at, what was decided, when to look again.
use chrono::{Days, NaiveDate};
use serde_json::json;

use crate::access::Act;
use crate::audit::{About, Fact};
use crate::cases::case::Case;
use crate::cases::lost_contact::{self, CLOSE_PROPOSED, REVIEWED};
use crate::cases::note::NewNote;
use crate::cases::store::{self, NewMove};
use crate::cases::{beside, notes};
use crate::error::{Error, FieldErrors};
use crate::packs::Pack;
use crate::platform::db::Work;
use crate::platform::ids::NoteId;
use crate::tasks::task::{CONTACT_LOST, SAFETY_REVIEW};
use crate::tasks::{self, NewTask};

/// What a safety review can come to.
pub const DECISIONS: &[&str] = &["keep_trying", "visit_together", "other_agency", CLOSE_PROPOSED];
const LONGEST: usize = 4000;

/// A safety review as the supervisor writes it.
#[derive(Debug, Clone)]
pub struct SafetyReview {
    /// What was looked at; sealed, as a note.
    pub looked_at: String,
    /// One of [`DECISIONS`].
    pub decision: String,
    /// When to look again, while the silence lasts.
    pub next_on: Option<NaiveDate>,
    /// The edition of the case that the supervisor looked at.
    pub version: i32,
}

/// Keeps a safety review as a line on the case with its words as a note. While the silence lasts the supervisor is asked again on the day
/// they set, and whoever keeps the case learns what was decided.
pub async fn review_safety(work: &mut Work, case: Case, review: &SafetyReview) -> Result<(), Error> {
    may_review(work, &case).await?;
    case.must_be_open()?;
    case.must_be(review.version)?;
    let pack = super::pack_of(work, &case).await?;
    let next_on = check(work, &case, &pack, review).await?;
    store::save(work, &case).await?;
    let (now, day) = (work.now(), next_on.to_string());
    let step = NewMove { kind: "safety_review", from: None, to: Some(&day), reason: &review.decision, happened_at: now };
    store::insert_move(work, case.id, step).await?;
    let (id, note) = (NoteId::new(), NewNote::of("decision", review.looked_at.trim()));
    notes::insert(work, &case, id, &note, now).await?;
    work.record(Fact::NoteWritten, About::case(case.id).with(id).note(json!({ "kind": note.kind }))).await?;
    ask_further(work, &case, &pack, (review, next_on)).await?;
    work.record(Fact::SafetyReviewed, About::case(case.id).with(id).note(json!({ "reason": review.decision }))).await
}

/// Only who assigns such cases reviews, and nobody the silence of a case that they keep themselves (S23).
pub async fn may_review(work: &mut Work, case: &Case) -> Result<(), Error> {
    work.may_in(Act::CaseAssign, case.unit, Some(case.id)).await?;
    if case.case_manager == Some(work.me()?) { Err(Error::Forbidden(Act::CaseAssign.code())) } else { Ok(()) }
}

async fn check(work: &mut Work, case: &Case, pack: &Pack, review: &SafetyReview) -> Result<NaiveDate, Error> {
    let (today, mut errors) = (work.today(), FieldErrors::default());
    let said = review.looked_at.trim();
    if said.is_empty() || said.chars().count() > LONGEST {
        errors.add("looked_at", if said.is_empty() { "required" } else { "too_long" });
    }
    if review.decision == "other_agency" {
        // Nobody else is asked but with the consent that was given before (S23).
        if !beside::consents(work, case.id).await?.iter().any(|consent| consent.carries(today)) {
            errors.add("decision", "needs_prior_consent");
        }
    } else if !DECISIONS.contains(&review.decision.as_str()) {
        errors.add("decision", if review.decision.is_empty() { "required" } else { "not_a_choice" });
    }
    // Nobody looks away for longer than the silence that asks for a review.
    let days = u64::from(pack.deadlines.contact_lost.rough_hours()).div_ceil(24).max(1);
    let next_on = review.next_on.unwrap_or(today);
    match review.next_on {
        None => errors.add("next_on", "required"),
        Some(day) if day <= today => errors.add("next_on", "not_after_today"),
        Some(day) if day > today.checked_add_days(Days::new(days)).unwrap_or(day) => errors.add("next_on", "too_far"),
        Some(_) => {}
    }
    errors.or_ok()?;
    Ok(next_on)
}

async fn ask_further(
    work: &mut Work,
    case: &Case,
    pack: &Pack,
    (review, next_on): (&SafetyReview, NaiveDate),
) -> Result<(), Error> {
    tasks::actions::done_in_case(work, case.id, lost_contact::TASKS).await?;
    if !lost_contact::is_silent(work, pack, case) {
        return Ok(());
    }
    let me = work.me()?;
    let due = tasks::store::calendar(work, case.unit).await?.end_of(next_on);
    let reviewer = lost_contact::named_supervisor(case.supervisor, case.case_manager).unwrap_or(me);
    tasks::actions::add(work, NewTask::of_case(SAFETY_REVIEW, case.id, due).to(Some(reviewer))).await?;
    let Some(keeper) = case.case_manager else { return Ok(()) };
    let kind = if review.decision == CLOSE_PROPOSED { CONTACT_LOST } else { REVIEWED };
    tasks::actions::add(work, NewTask::of_case(kind, case.id, due).to(Some(keeper))).await?;
    Ok(())
}
