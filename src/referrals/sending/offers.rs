//! Services offered for a need of a case, best first, each with its reasons in plain words: what the directory knows of it, how its
//! organisation has answered so far, and whether it has declined this case before.
//!
//! How an organisation answers is read from the published aggregates alone, and only where at least thirty referrals stand behind the
//! figure (S8, S15): no list of services ever ranks by a handful of people.
use uuid::Uuid;

use super::draft::CaseBrief;
use crate::directory::{Listed, Record, Speaks, Suggestion, Wanted, suggest};
use crate::error::Error;
use crate::packs::Word;
use crate::people;
use crate::platform::db::Work;
use crate::platform::ids::{PersonId, ServiceId};
use crate::web::Page;

// Fewer referrals than this say nothing about a provider.
const ENOUGH: i32 = 30;

/// What is sought for a case.
#[derive(Clone, Debug, Default)]
pub struct Sought {
    /// The need's code.
    pub need: String,
    /// For whom, where not for the person of the case.
    pub person: Option<PersonId>,
    /// Services not to offer again.
    pub exclude: Vec<ServiceId>,
    /// At most so many.
    pub limit: usize,
}

/// A service as a page offers it.
#[derive(Clone, Debug)]
pub struct Offer {
    /// The service.
    pub id: ServiceId,
    /// Its name.
    pub name: String,
    /// Its organisation, and whether that answers here.
    pub whose: String,
    /// What speaks for it, in one line.
    pub speaks_for: String,
    /// What speaks against it.
    pub speaks_against: String,
    /// What nobody knows and the worker asks.
    pub to_ask: String,
}

/// The services that fit this need of this case, best first, as far as the actor may see them.
pub async fn offers(work: &mut Work, case: &CaseBrief, sought: Sought) -> Result<Vec<Suggestion>, Error> {
    let person = people::store::find(work, sought.person.unwrap_or(PersonId(case.person))).await?;
    let today = work.today();
    let area = [person.admin1.as_str(), person.admin2.as_str()].into_iter().filter(|at| !at.is_empty()).collect::<Vec<_>>();
    let wanted = Wanted {
        area: area.join(" / "),
        languages: person.languages.clone(),
        age: person.age_on(today).and_then(|age| i32::try_from(age).ok()),
        sex: person.sex.clone().filter(|sex| sex != "unknown"),
        records: records(work, case).await?,
        declined: declined(work, case, &sought.need).await?,
        need: sought.need,
        exclude: sought.exclude,
        limit: sought.limit,
    };
    suggest(work, &wanted).await
}

// Of the same sensitivity: an organisation may answer ordinary and protected referrals at very different speeds.
async fn records(work: &mut Work, case: &CaseBrief) -> Result<Vec<Record>, Error> {
    let rows = sqlx::query!(
        r#"select value as "org!", days_to_answer_median as days_to_answer, verified, due from access.loop_figures(null)
           where cut = 'to_org' and sensitivity = $1 and sent >= $2 and not immature"#,
        case.sensitivity.as_str(),
        ENOUGH
    )
    .fetch_all(work.db())
    .await?;
    let record = |org: String, days: Option<f64>, verified: Option<i32>, due: Option<i32>| {
        let confirmed = verified.zip(due.filter(|due| *due >= ENOUGH)).map(|(verified, due)| verified * 100 / due);
        Some(Record { org: org.parse().ok()?, days_to_answer: days.map(|days| days.ceil() as i64), confirmed })
    };
    Ok(rows.into_iter().filter_map(|row| record(row.org, row.days_to_answer, row.verified, row.due)).collect())
}

// Services that have declined this case for the same need, as far as the actor sees them (S11).
async fn declined(work: &mut Work, case: &CaseBrief, need: &str) -> Result<Vec<ServiceId>, Error> {
    let ids: Vec<Uuid> = sqlx::query_scalar!(
        r#"select distinct service_id as "id!" from referrals
           where case_id = $1 and need = $2 and service_id is not null and status in ('rejected', 'failed')"#,
        case.id.0,
        need
    )
    .fetch_all(work.db())
    .await?;
    Ok(ids.into_iter().map(ServiceId).collect())
}

/// A suggestion in the reader's words.
pub fn offer(p: &Page, suggestion: &Suggestion) -> Offer {
    let service: &Listed = &suggestion.service;
    let said = |speaks: Speaks| {
        let words = suggestion.reasons.iter().filter(|reason| reason.speaks == speaks);
        p.reader.digits(&words.map(|reason| reason.text(p.reader.lang)).collect::<Vec<_>>().join(" · "))
    };
    let how = if service.in_system { p.t("refer-in-system") } else { p.t("refer-outside") };
    Offer {
        id: service.id,
        name: service.name.clone(),
        whose: format!("{} · {how}", service.org_name),
        speaks_for: said(Speaks::For),
        speaks_against: said(Speaks::Against),
        to_ask: said(Speaks::Unknown),
    }
}
