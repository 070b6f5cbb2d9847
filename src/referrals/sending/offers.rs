//! Services offered for a need of a case, best first, each with its reasons in plain words: what the directory knows of it, how its
//! organisation has answered so far, and whether it has declined this case before.
//!
//! How an organisation answers is read from the published aggregates alone, and only where at least thirty referrals stand behind the
//! figure (S8, S15): no list of services ever ranks by a handful of people.
use super::draft::CaseBrief;
use crate::access::Act;
use crate::cases;
use crate::directory::Listed;
use crate::eligibility::matching::weights::ENOUGH;
use crate::eligibility::matching::{Declined, Reason, Record, Speaks, Suggestion, Wanted, share, suggest};
use crate::eligibility::{judge, preference, words};
use crate::error::Error;
use crate::packs::{Sensitivity, Word};
use crate::people;
use crate::platform::db::Work;
use crate::platform::ids::{PersonId, ServiceId};
use crate::referrals::clocks::watch;
use crate::web::Page;

/// What is sought for a case.
#[derive(Clone, Debug, Default)]
pub struct Sought {
    /// The need's code; empty for any.
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
    let whole = cases::store::find(work, case.id).await?;
    let judged = judge(work, &whole).await?;
    let wanted = Wanted {
        area: area.join(" / "),
        at: judged.at,
        languages: person.languages.clone(),
        age: person.age_on(today).and_then(|age| i32::try_from(age).ok()),
        sex: person.sex.clone().filter(|sex| sex != "unknown"),
        has_disability: person.has_disability(),
        judged: judged.by_rule,
        wishes: preference::of_case(work, case.id).await?,
        records: records(work, case).await?,
        declined: declined(work, case, &sought.need).await?,
        need: sought.need,
        exclude: sought.exclude,
        limit: sought.limit,
    };
    suggest(work, &wanted).await
}

// Of the same sensitivity: an organisation may answer ordinary and protected referrals at very different speeds. Of restricted ones nothing is
// counted, and whoever may not read the figures is told nothing of them.
async fn records(work: &mut Work, case: &CaseBrief) -> Result<Option<Vec<Record>>, Error> {
    if case.sensitivity == Sensitivity::Restricted || !work.holds(Act::ReportLoop) {
        return Ok(None);
    }
    let rows = sqlx::query!(
        r#"select value as "org!", days_to_answer_median as days_to_answer, days_to_serve_median as days_to_serve, verified, due from access.loop_figures(null)
           where cut = 'to_org' and sensitivity = $1 and sent >= $2 and not immature"#,
        case.sensitivity.as_str(),
        ENOUGH
    )
    .fetch_all(work.db())
    .await?;
    let whole = |days: f64| days.ceil() as i64;
    let records = rows.into_iter().filter_map(|row| {
        Some(Record {
            org: row.org.parse().ok()?,
            days_to_answer: row.days_to_answer.map(whole),
            days_to_serve: row.days_to_serve.map(whole),
            confirmed: row.verified.zip(row.due.filter(|due| *due >= ENOUGH)).and_then(|(verified, due)| share(verified, due)),
        })
    });
    Ok(Some(records.collect()))
}

// Referrals of this case that came to nothing, for this need or for any, with why, as far as the actor sees them (S11).
async fn declined(work: &mut Work, case: &CaseBrief, need: &str) -> Result<Vec<Declined>, Error> {
    let rows = sqlx::query!(
        r#"select service_id as "service!: ServiceId", coalesce(outcome, '') as "outcome!", bool_or(person_declined) as "by_person!" from referrals
           where case_id = $1 and ($2 = '' or need = $2) and service_id is not null and (status in ('rejected', 'failed') or (sent and person_declined))
           group by 1, 2 order by 1, 2 limit 500"#,
        case.id.0,
        need
    )
    .fetch_all(work.db())
    .await?;
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let (pack, lang) = (watch::pack_of(work, case.case_type).await?, work.lang());
    let why = |code: &str| {
        let known = pack.as_ref().and_then(|pack| pack.reasons.iter().find(|reason| reason.code == code));
        known.map(|reason| reason.labels.get(lang).to_owned()).unwrap_or_default()
    };
    let declined = |row: (ServiceId, String, bool)| Declined { service: row.0, why: why(&row.1), by_person: row.2 };
    Ok(rows.into_iter().map(|row| declined((row.service, row.outcome, row.by_person))).collect())
}

/// A suggestion in the reader's words.
pub fn offer(p: &Page, suggestion: &Suggestion) -> Offer {
    let service: &Listed = &suggestion.service;
    let said = |speaks: Speaks| {
        let words = suggestion.reasons.iter().filter(|reason| reason.speaks == speaks);
        p.reader.digits(&words.map(|reason| in_words(p, suggestion, reason)).collect::<Vec<_>>().join(" · "))
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

// That a rule is not met says which condition; that it is unknown, what to ask.
fn in_words(p: &Page, suggestion: &Suggestion, reason: &Reason) -> String {
    let judgement = &suggestion.judgement;
    let more = match reason.key {
        "match-reason-not-eligible" => judgement
            .clauses
            .iter()
            .find(|clause| clause.holds() == Some(false))
            .map(|clause| words::sentence(p.reader.lang, &judgement.known, clause)),
        "match-reason-unknown" => Some(words::to_ask(p, judgement)).filter(|words| !words.is_empty()),
        _ => None,
    };
    let words = reason.text(p.reader.lang);
    more.map_or_else(|| words.clone(), |more| p.detailed(&words, &more))
}
