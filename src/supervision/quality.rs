//! Review of quality: each month one case in twenty of every worker is drawn, and somebody who does not keep it looks at how it is worked.
use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate};

use super::store;
use crate::access::Act;
use crate::audit::{About, Fact};
use crate::cases::Case;
use crate::error::{Error, FieldErrors, invalid};
use crate::platform::db::Work;
use crate::platform::ids::RowId;
use crate::tasks::{self, NewTask, approvals, clock};

/// What is looked at, in the order of the form.
pub const QUESTIONS: [&str; 7] = ["consent", "assessment", "plan", "follow_up", "notes", "referrals", "safety"];
/// How each is answered.
pub const ANSWERS: [&str; 4] = ["yes", "partly", "no", "not_applicable"];
/// What comes of it.
pub const RESULTS: [&str; 3] = ["good", "improve", SERIOUS];
// What the supervisor gets a task for.
const SERIOUS: &str = "serious";
/// The longest remark.
pub const LONGEST_REMARK: usize = 4000;

/// A review to be written.
#[derive(Debug, Clone, Default)]
pub struct Review {
    /// Question to answer; every question has one.
    pub answers: BTreeMap<String, String>,
    /// One of [`RESULTS`].
    pub result: String,
    /// In the reviewer's words; needed unless the result is good.
    pub remark: String,
}

/// The first day of this moment's month, on the reader's calendar.
pub fn month(work: &Work) -> NaiveDate {
    let today = work.today();
    today.with_day(1).unwrap_or(today)
}

/// May the actor write one? Not of a case that they keep.
pub async fn may(work: &mut Work, case: &Case) -> Result<(), Error> {
    work.may_in(Act::CaseApprove, case.unit, Some(case.id)).await?;
    if case.case_manager == Some(work.me()?) { Err(invalid("result", "own_case")) } else { Ok(()) }
}

/// Writes the review of this month. The case's worker hears that there is one; what is serious leaves a task with the supervisor.
pub async fn write(work: &mut Work, case: &Case, review: &Review) -> Result<RowId, Error> {
    may(work, case).await?;
    let mut errors = FieldErrors::default();
    for question in QUESTIONS {
        match review.answers.get(question).map(String::as_str).filter(|answer| !answer.is_empty()) {
            None => errors.add(question, "required"),
            Some(answer) if !ANSWERS.contains(&answer) => errors.add(question, "not_a_choice"),
            Some(_) => {}
        }
    }
    if !RESULTS.contains(&review.result.as_str()) {
        errors.add("result", if review.result.is_empty() { "required" } else { "not_a_choice" });
    }
    // What is to be better must be said.
    if review.result != "good" && review.remark.trim().is_empty() {
        errors.add("remark", "required");
    }
    if review.remark.chars().count() > LONGEST_REMARK {
        errors.add("remark", "too_long");
    }
    errors.or_ok()?;
    let (id, month) = (RowId::new(), month(work));
    store::insert_review(work, case.id, id, month, review).await?;
    work.record(Fact::QualityReviewed, About::case(case.id).with(id)).await?;
    if review.result == SERIOUS {
        act_now(work, case, id).await?;
    }
    Ok(id)
}

// The named supervisor, or whoever stands in for them; where there is none, whoever found it.
async fn act_now(work: &mut Work, case: &Case, review: RowId) -> Result<(), Error> {
    let keeper: Vec<uuid::Uuid> = case.case_manager.iter().map(|user| user.0).collect();
    let supervisor = match approvals::approver(work, case.id, &keeper).await? {
        Some(supervisor) => supervisor,
        None => work.me()?,
    };
    let calendar = tasks::store::calendar(work, case.unit).await?;
    let due = clock::due_by_working_days(work.now(), 1, &calendar);
    let once = format!("quality_serious:{review}");
    tasks::actions::add(work, NewTask::of_case("quality_serious", case.id, due).to(Some(supervisor)).once(once)).await?;
    Ok(())
}
