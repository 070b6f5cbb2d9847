//! Break-glass (S9): a case opened for some hours where life or a child is at risk or the law requires it, with a reason, told to its
//! owner, reviewed afterwards. Restricted, barred and absent answer alike, with whom to call.
use askama::Template;
use axum::response::Response;
use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::subject;
use super::table::Act;
use crate::audit::{About, Fact};
use crate::error::{Clash, Error, invalid};
use crate::packs::{self, Period};
use crate::platform::db::Work;
use crate::platform::ids::{CaseId, RowId, read_code};
use crate::platform::jobs::Job;
use crate::platform::text::text;
use crate::web::form::{Path, Query};
use crate::web::parts::Choice;
use crate::web::{Form, Page, Routes};

/// Pages of break-glass.
pub fn routes() -> Routes {
    Routes::new().page("GET", "/break-glass", new).page("POST", "/break-glass", create).page(
        "POST",
        "/break-glass/{id}/review",
        review_page,
    )
}

/// On what ground glass is broken.
pub const GROUNDS: [&str; 3] = ["life", "child", "law"];

/// What a review may find.
pub const FINDINGS: [&str; 2] = ["justified", NOT_JUSTIFIED];
/// What ends a disclosure at once.
pub const NOT_JUSTIFIED: &str = "not_justified";

/// The job that leaves the review task.
pub const REVIEW: &str = "break_glass.review";

/// A review that is owed.
#[derive(Debug, Serialize, Deserialize)]
pub struct Review {
    /// The case that was opened.
    pub case: CaseId,
    /// The grant that opened it.
    pub grant: Uuid,
    /// By when.
    pub due_at: DateTime<Utc>,
}

impl Review {
    /// The key of its task.
    pub fn once(&self) -> String {
        format!("review_break_glass {}", self.grant)
    }
}

/// Opens a case to the actor for the hours that its pack allows; [`Error::NotFound`] alike for absent, restricted and barred ones. What
/// this work wrote must be rolled back then.
pub async fn open(work: &mut Work, asked: &str, reason: &str) -> Result<CaseId, Error> {
    work.may(Act::BreakGlassUse)?;
    let now = work.now();
    let limit = shortest(work).await?;
    let grant = Uuid::now_v7();
    let case = sqlx::query_scalar!(
        "select access.break_glass($1, $2, $3, $4, $5)",
        grant,
        asked.parse::<Uuid>().unwrap_or_default(),
        read_code('C', asked).unwrap_or_default(),
        reason,
        now + limit
    )
    .fetch_one(work.db())
    .await?;
    let case = CaseId(case.ok_or(Error::NotFound)?);
    let subject = subject::find(work, case).await?;
    let pack = subject.pack(work).await?;
    if !subject.type_in(&pack).is_some_and(|kind| kind.break_glass) {
        return Err(Error::NotFound);
    }
    let due_at = now + hours(pack.deadlines.break_glass_review);
    let owed = serde_json::to_value(Review { case, grant, due_at }).map_err(anyhow::Error::from)?;
    work.enqueue(Job::new(REVIEW, Some(subject.org), owed).once(format!("{REVIEW} {grant}"))).await?;
    let orgs = [subject.org, work.standing.org];
    let about = About { subjects: vec![grant], ..About::case(case) }.between(orgs);
    work.record(Fact::GlassBroken, about).await?;
    Ok(case)
}

// The time limit stands before it is known which case it is, so the strictest of the loaded packs decides.
async fn shortest(work: &mut Work) -> Result<TimeDelta, Error> {
    let packs = packs::store::newest(work).await?;
    Ok(packs.iter().map(|(_, pack)| hours(pack.deadlines.break_glass)).min().unwrap_or(TimeDelta::hours(8)))
}

fn hours(period: Period) -> TimeDelta {
    TimeDelta::hours(period.rough_hours().into())
}

/// The protection officer of the owning organisation reviews a break-glass, never their own. Not justified ends it at once.
pub async fn review(work: &mut Work, grant: RowId, finding: &str) -> Result<(), Error> {
    work.may(Act::BreakGlassReview)?;
    let me = work.me()?;
    let now = work.now();
    let row =
        sqlx::query!("select case_id, user_id, reviewed_at, org from grants where id = $1 and basis = 'break_glass'", grant.0)
            .fetch_one(work.db())
            .await?;
    if row.org != work.standing.org {
        return Err(Error::NotFound);
    }
    if row.user_id == Some(me.0) || row.reviewed_at.is_some() {
        return Err(Error::Conflict(Clash::State { state: "reviewed".to_owned(), code: "glass_review_not_yours" }));
    }
    sqlx::query!("select access.review_glass($1, $2, $3)", grant.0, finding, now).fetch_one(work.db()).await?;
    work.record(Fact::GlassReviewed, About::case(CaseId(row.case_id)).with(grant).note(serde_json::json!({ "finding": finding })))
        .await
}

#[derive(Template)]
#[template(path = "access/html/break_glass.html")]
struct New {
    p: Page,
    form: Form,
    grounds: Vec<Choice>,
    closed: bool,
    desk: String,
    focal_points: Vec<String>,
}

/// GET /break-glass
async fn new(mut work: Work, Query(query): Query) -> Result<Response, Error> {
    work.may(Act::BreakGlassUse)?;
    let form = Form::blank([("case", query.value("case").to_owned())]);
    let page = page(&mut work, form, Closed::No).await?;
    work.show_plain(page).await
}

#[derive(PartialEq)]
enum Closed {
    Yes,
    No,
}

async fn page(work: &mut Work, form: Form, closed: Closed) -> Result<New, Error> {
    let org = work.standing.org;
    let desk = sqlx::query_scalar!("select general_desk from organisations where id = $1", org).fetch_one(work.db()).await?;
    let focal_points = sqlx::query_scalar!(
        "select u.name from focal_points f join users u on u.id = f.user_id where f.on_duty and u.active and u.org = $1 order by u.name limit 20",
        org
    )
    .fetch_all(work.db())
    .await?;
    let title = text(work.lang(), "protection-break-glass");
    let p = Page::of(work, title).await?;
    let grounds = GROUNDS.iter().map(|code| Choice::new(*code, p.tc("protection-ground", code))).collect();
    Ok(New { p, form, grounds, closed: closed == Closed::Yes, desk, focal_points })
}

/// POST /break-glass
async fn create(mut work: Work, mut form: Form) -> Result<Response, Error> {
    work.may(Act::BreakGlassUse)?;
    let asked = form.text("case", 60);
    let ground = form.one_of("ground", GROUNDS);
    let reason = form.text("reason", 400);
    let tried = match form.check() {
        Ok(()) => open(&mut work, &asked, &format!("{ground}: {reason}")).await,
        Err(error) => Err(error),
    };
    match tried {
        Ok(case) => work.then(&format!("/cases/{case}"), "warning:protection-glass-broken").await,
        Err(Error::NotFound) => {
            // The try is a fact; whatever was written before it is not.
            let mut work = work.again().await?;
            work.record(Fact::AccessDenied, About::default().note(serde_json::json!({ "route": "/break-glass" }))).await?;
            let page = page(
                &mut work,
                form.with_errors(match invalid("case", "glass_closed") {
                    Error::Invalid(errors) => errors,
                    other => return Err(other),
                }),
                Closed::Yes,
            )
            .await?;
            let mut answer = work.show_plain(page).await?;
            *answer.status_mut() = http::StatusCode::UNPROCESSABLE_ENTITY;
            Ok(answer)
        }
        Err(Error::Invalid(_)) => {
            let mut work = work.again().await?;
            let page = page(&mut work, form, Closed::No).await?;
            work.show_again(&page)
        }
        Err(error) => Err(error),
    }
}

/// POST /break-glass/{id}/review
async fn review_page(mut work: Work, Path(id): Path<RowId>, mut form: Form) -> Result<Response, Error> {
    work.may(Act::BreakGlassReview)?;
    let known = sqlx::query_scalar!("select id from grants where id = $1", id.0).fetch_optional(work.db()).await?;
    known.ok_or(Error::NotFound)?;
    let finding = form.one_of("finding", FINDINGS);
    form.check()?;
    review(&mut work, id, &finding).await?;
    work.then("/protection?view=glass", "protection-reviewed").await
}
