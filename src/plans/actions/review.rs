//! How far the results have come: a review now and then, and once more at the end.
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use serde_json::json;

use super::{record, state};
use crate::audit::Fact;
use crate::cases::actions::pack_of;
use crate::cases::contact::met;
use crate::cases::{Case, note};
use crate::error::{Error, FieldErrors, same_version};
use crate::plans::plan::{PROGRESS, Plan, Review, Reviewed};
use crate::plans::{chores, store};
use crate::platform::db::Work;
use crate::platform::ids::{PlanLineId, RowId};

/// What is said at a review.
#[derive(Debug, Clone, Default)]
pub struct Reviewing {
    /// The edition that was looked at.
    pub version: i32,
    /// It is the evaluation at the end, and ends the plan.
    pub ends: bool,
    /// The results, each with how far it has come.
    pub progress: Vec<(PlanLineId, String)>,
    /// What was said.
    pub said: Reviewed,
    /// How satisfied the person is: 1 to 5, `unsaid`, or `unasked` where it is said why.
    pub satisfaction: String,
    /// When it took place; now when `None`.
    pub happened_at: Option<DateTime<Utc>>,
    /// Why it is written down so late.
    pub late_reason: String,
    /// When progress is looked at next.
    pub next_on: Option<NaiveDate>,
}

/// Keeps how far each result has come; at the end the plan is over with it.
pub async fn review(work: &mut Work, case: &Case, plan: &Plan, how: &Reviewing) -> Result<(), Error> {
    case.may_be_written(work).await?;
    if !plan.is_agreed() {
        return Err(state(plan, "plan_not_agreed"));
    }
    same_version(plan.version, how.version)?;
    let lines = store::lines(work, &[plan]).await?;
    let now = work.now();
    let happened_at = how.happened_at.unwrap_or(now);
    let mut errors = FieldErrors::default();
    for (_, result) in lines.iter().filter(|(_, line)| line.kind == "result") {
        match how.progress.iter().find(|(id, _)| *id == result.id) {
            Some((_, word)) if PROGRESS.contains(&word.as_str()) => {}
            Some((_, word)) if !word.is_empty() => errors.add(&field(result.id), "not_a_choice"),
            _ => errors.add(&field(result.id), "required"),
        }
    }
    let is_result = |id: &PlanLineId| lines.iter().any(|(_, line)| line.id == *id && line.kind == "result");
    if how.progress.iter().any(|(id, _)| !is_result(id)) || how.said.of_results.keys().any(|id| !is_result(id)) {
        errors.add("", "not_a_choice");
    }
    let satisfaction = how.satisfaction.parse::<i16>().ok().filter(|step| (1..=5).contains(step));
    match how.satisfaction.as_str() {
        "" => errors.add("satisfaction", "required"),
        "unasked" if how.said.unasked.trim().is_empty() => errors.add("unasked", "required"),
        "unsaid" | "unasked" => {}
        _ if satisfaction.is_none() => errors.add("satisfaction", "not_a_choice"),
        _ => {}
    }
    let late_after = TimeDelta::hours(i64::from(pack_of(work, case).await?.deadlines.late_entry.rough_hours()));
    note::check_moment(happened_at, now, late_after, &how.late_reason, &mut errors);
    if !how.ends && how.next_on.is_some_and(|day| day < work.today()) {
        errors.add("next_on", "in_past");
    }
    errors.or_ok()?;
    let plan = store::touch(work, plan).await?;
    let kept = Review {
        id: RowId::new(),
        kind: if how.ends { "end" } else { "review" }.to_owned(),
        progress: how.progress.iter().cloned().collect(),
        said: Reviewed { unasked: why_unasked(how), ..how.said.clone() },
        satisfaction,
        unsaid: how.satisfaction == "unsaid",
        happened_at,
        author_name: work.standing.name.clone(),
    };
    let late_reason = Some(how.late_reason.trim()).filter(|text| !text.is_empty());
    store::insert_review(work, &plan, &kept, late_reason).await?;
    // Only where the person was asked how they see it: the results are looked at without them too, and then a silence goes on (S23).
    if kept.satisfaction.is_some() || kept.unsaid {
        met(work, case, happened_at).await?;
    }
    if how.ends { end(work, case, &plan).await } else { go_on(work, case, &plan, how.next_on).await }
}

// Whoever was asked needs no reason for not having been.
fn why_unasked(how: &Reviewing) -> String {
    if how.satisfaction == "unasked" { how.said.unasked.trim().to_owned() } else { String::new() }
}

async fn go_on(work: &mut Work, case: &Case, plan: &Plan, next_on: Option<NaiveDate>) -> Result<(), Error> {
    let next_on = match next_on {
        Some(day) => day,
        None => chores::next_review(work, case).await?,
    };
    store::set_review(work, plan.id, Some(next_on)).await?;
    chores::ask_review(work, case, Some(next_on)).await?;
    record(work, Fact::PlanReviewed, case, plan.id, json!({})).await
}

async fn end(work: &mut Work, case: &Case, plan: &Plan) -> Result<(), Error> {
    store::end(work, plan).await?;
    for (_, line) in store::lines(work, &[plan]).await?.iter().filter(|(_, line)| line.is_action()) {
        chores::end_of_line(work, case, line.id).await?;
    }
    chores::ask_review(work, case, None).await?;
    record(work, Fact::PlanEnded, case, plan.id, json!({})).await
}

/// The name of a result's field in a form.
pub(in crate::plans) fn field(result: PlanLineId) -> String {
    format!("p_{result}")
}
