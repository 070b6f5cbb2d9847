//! The protection officer's review of a disclosure on another basis than consent (S1), also where row security hides its case (S9). What is
//! read here is what a definer function shows of it: the ground and its circumstances, and nothing of the person.
use askama::Template;
use axum::response::Response;
use chrono::{DateTime, Utc};
use serde_json::json;
use uuid::Uuid;

use super::break_glass::{FINDINGS, NOT_JUSTIFIED};
use super::table::Act;
use crate::audit::{About, Fact};
use crate::error::Error;
use crate::packs::{self, ReasonKind};
use crate::platform::db::Work;
use crate::platform::ids::{CaseId, OrgId, RowId};
use crate::platform::jobs::Job;
use crate::platform::text::text;
use crate::web::form::Path;
use crate::web::parts::{Choice, Entry};
use crate::web::{Form, Page, Routes};

/// The page of one basis to review.
pub fn routes() -> Routes {
    Routes::new().page("GET", "/protection/bases/{id}", show).page("POST", "/protection/bases/{id}", update)
}

/// A basis other than consent, as far as its review needs it.
#[derive(Debug)]
pub struct Reviewed {
    /// The row of the basis.
    pub id: Uuid,
    /// The code of its case; never a name.
    pub case_code: String,
    /// The ground.
    pub basis: String,
    /// When it was recorded.
    pub recorded_at: DateTime<Utc>,
    /// What was found, once it was reviewed.
    pub finding: Option<String>,
    recorded_by: Uuid,
    recorded_by_name: String,
    pack: String,
    pack_version: i32,
    reason: String,
    law: String,
    sections: Vec<String>,
    recipients: Vec<String>,
    told: Option<bool>,
    not_told_reason: String,
    second_name: Option<String>,
    second_agreed_at: Option<DateTime<Utc>>,
    second_due_at: Option<DateTime<Utc>>,
}

/// The bases that the actor reviews, those that wait first.
pub async fn list(work: &mut Work) -> Result<Vec<Reviewed>, Error> {
    some(work, None).await
}

async fn some(work: &mut Work, only: Option<Uuid>) -> Result<Vec<Reviewed>, Error> {
    let rows = sqlx::query_as!(
        Reviewed,
        r#"select id as "id!", case_code as "case_code!", basis as "basis!", recorded_at as "recorded_at!", finding, recorded_by as "recorded_by!",
             recorded_by_name as "recorded_by_name!", pack as "pack!", pack_version as "pack_version!", reason as "reason!", law as "law!",
             sections as "sections!", recipients as "recipients!", told, not_told_reason as "not_told_reason!", second_name, second_agreed_at, second_due_at
           from access.bases_to_review($1)"#,
        only
    )
    .fetch_all(work.db())
    .await?;
    Ok(rows)
}

async fn find(work: &mut Work, id: RowId) -> Result<Reviewed, Error> {
    some(work, Some(id.0)).await?.pop().ok_or(Error::NotFound)
}

#[derive(Template)]
#[template(path = "access/html/basis_review.html")]
struct Show {
    p: Page,
    form: Form,
    action: String,
    entries: Vec<Entry>,
    findings: Vec<Choice>,
    may_review: bool,
}

/// GET /protection/bases/{id}
async fn show(mut work: Work, Path(id): Path<RowId>) -> Result<Response, Error> {
    let basis = find(&mut work, id).await?;
    work.may(Act::ConsentReview)?;
    let page = page(&mut work, &basis, Form::default()).await?;
    work.show(About::default().with(id), page).await
}

async fn page(work: &mut Work, basis: &Reviewed, form: Form) -> Result<Show, Error> {
    let pack = packs::store::find(work, &basis.pack, basis.pack_version).await?;
    let me = work.me()?;
    let title = text(work.lang(), "protection-review-title");
    let p = Page::of(work, title).await?;
    let lang = p.reader.lang;
    let reason = pack.reason(ReasonKind::Basis, &basis.reason).map_or(basis.reason.as_str(), |reason| reason.labels.get(lang));
    let section = |code: &String| {
        let known = pack.packet_sections.iter().find(|section| section.code == *code);
        known.map_or_else(|| code.clone(), |section| section.labels.get(lang).to_owned())
    };
    let sections: Vec<String> = basis.sections.iter().map(section).collect();
    let told = match basis.told {
        Some(true) => p.t("consent-told-yes"),
        _ => [p.t("consent-told-no"), basis.not_told_reason.clone()].join(" · "),
    };
    let second = match (&basis.second_name, basis.second_agreed_at, basis.second_due_at) {
        (Some(name), Some(at), _) => p.list([name.clone(), p.moment(&at)]),
        (_, _, Some(due)) => p.ta("protection-review-second-due", "when", p.when(&due)),
        _ => p.t("protection-review-second-missing"),
    };
    let entry = |key: &str, text: String| Entry::new(p.t(&format!("protection-review-{key}")), text);
    let mut entries = vec![
        Entry::new(p.t("protection-case-code"), basis.case_code.clone()),
        entry("ground", p.tc("consent-basis", &basis.basis)),
        entry("reason", reason.to_owned()),
        entry("law", basis.law.clone()),
        entry("recipients", p.list(&basis.recipients)),
        entry("sections", p.list(sections)),
        entry("told", told),
        entry("recorded", p.list([basis.recorded_by_name.clone(), p.moment(&basis.recorded_at)])),
        entry("second", second),
    ];
    if let Some(finding) = &basis.finding {
        entries.push(Entry::new(p.t("protection-state"), p.tc("protection-finding", finding)));
    }
    Ok(Show {
        action: format!("/protection/bases/{}", basis.id),
        findings: FINDINGS.iter().map(|code| Choice::new(*code, p.tc("protection-finding", code))).collect(),
        may_review: basis.finding.is_none() && basis.recorded_by != me.0,
        entries,
        form,
        p,
    })
}

/// POST /protection/bases/{id}
async fn update(mut work: Work, Path(id): Path<RowId>, mut form: Form) -> Result<Response, Error> {
    let basis = find(&mut work, id).await?;
    work.may(Act::ConsentReview)?;
    let finding = form.one_of("finding", FINDINGS);
    if let Err(Error::Invalid(errors)) = form.check() {
        let page = page(&mut work, &basis, form.with_errors(errors)).await?;
        return work.show_again(&page);
    }
    review(&mut work, id, &finding).await?;
    work.then("/protection?view=bases", "protection-reviewed").await
}

/// Reviews another basis; never one's own. Not justified ends it at once.
pub async fn review(work: &mut Work, id: RowId, finding: &str) -> Result<(), Error> {
    work.may(Act::ConsentReview)?;
    let now = work.now();
    let case = sqlx::query_scalar!("select access.review_basis($1, $2, $3) as \"case!\"", id.0, finding, now)
        .fetch_one(work.db())
        .await?;
    if let Some(org) = work.org() {
        stop_unless_justified(work, org, id.0, finding).await?;
    }
    work.record(Fact::BasisReviewed, About::case(CaseId(case)).with(id).note(json!({ "finding": finding }))).await
}

/// The job that calls back what went out on a basis that was found not justified.
pub const UNJUSTIFIED: &str = "consent.unjustified";

/// Leaves that job, whichever way the review came about.
pub async fn stop_unless_justified(work: &mut Work, org: OrgId, consent: Uuid, finding: &str) -> Result<(), Error> {
    if finding != NOT_JUSTIFIED {
        return Ok(());
    }
    let job = Job::new(UNJUSTIFIED, Some(org), json!({ "consent": consent }));
    work.enqueue(job.once(format!("{UNJUSTIFIED} {consent}"))).await
}
