//! Not referring is a decision too: it is kept on the case with one of the pack's reasons, so that nobody asks the same again next week.
use std::collections::HashMap;

use serde_json::json;
use uuid::Uuid;

use super::draft::CaseBrief;
use crate::audit::{About, Fact};
use crate::error::{Error, FieldErrors};
use crate::packs::{Pack, ReasonKind};
use crate::platform::db::Work;
use crate::platform::ids::{CaseId, ServiceId};
use crate::web::Form;

/// What was decided against.
#[derive(Clone, Debug)]
pub struct Decision {
    /// The need's code.
    pub need: String,
    /// The service, where one was chosen.
    pub service: Option<ServiceId>,
    /// The reason's code.
    pub reason: String,
}

// The questions of the form, and the reason that each of their answers is.
const ANSWERS: &[(&str, &str, &str)] = &[
    ("already_receives", "yes", "already_receives"),
    ("without_help", "yes", "without_help"),
    ("available_here", "no", "not_available"),
];

/// The reason that the answers of the form give already; empty where they speak for a referral, or the pack has no such reason.
pub fn answered(form: &Form, pack: &Pack) -> String {
    let given = ANSWERS.iter().find(|(field, answer, _)| form.value(field) == *answer).map(|(_, _, reason)| *reason);
    given.filter(|code| pack.reason(ReasonKind::NotReferred, code).is_some()).unwrap_or_default().to_owned()
}

/// Keeps the decision on the case.
pub async fn record(work: &mut Work, case: &CaseBrief, pack: &Pack, decision: &Decision) -> Result<(), Error> {
    let mut errors = FieldErrors::default();
    if pack.need(&decision.need).is_none() {
        errors.add("need", "not_a_choice");
    }
    if pack.reason(ReasonKind::NotReferred, &decision.reason).is_none() {
        errors.add("not_referred", "not_a_choice");
    }
    errors.or_ok()?;
    let me = work.me()?;
    let now = work.now();
    sqlx::query!(
        "insert into not_referred (id, case_id, need, service_id, reason, recorded_by, recorded_at) values ($1, $2, $3, $4, $5, $6, $7)",
        Uuid::now_v7(),
        case.id.0,
        decision.need,
        decision.service.map(|service| service.0),
        decision.reason,
        me.0,
        now
    )
    .execute(work.db())
    .await?;
    work.record(Fact::NotReferred, About::case(case.id).note(json!({ "need": decision.need, "reason": decision.reason }))).await
}

/// Of the services of a case that somebody decided against: the reason's code, the latest.
pub async fn of_case(work: &mut Work, case: CaseId) -> Result<HashMap<ServiceId, String>, Error> {
    let rows = sqlx::query!(
        r#"select distinct on (service_id) service_id as "service!: ServiceId", reason from not_referred
           where case_id = $1 and service_id is not null order by service_id, recorded_at desc limit 200"#,
        case.0
    );
    Ok(rows.fetch_all(work.db()).await?.into_iter().map(|row| (row.service, row.reason)).collect())
}
