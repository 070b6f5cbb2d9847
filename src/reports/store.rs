//! Every SQL statement of the reports.
use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::tally::Counted;
use crate::error::Error;
use crate::packs::{Sensitivity, Word};
use crate::platform::db::Work;
use crate::platform::ids::{OrgId, ReferralId};
use crate::referrals::figures::Wanted;

// A page counts at most so many rows; whoever has more reads the aggregates.
const MOST_ROWS: i64 = 20_000;

// Whoever reaches more units than this has their organisation's referrals walked instead of unit by unit, as on the board.
const FEW_UNITS: usize = 50;

/// A referral that the reader sees, with what the list behind a figure shows.
#[derive(Debug)]
pub struct Seen {
    /// The referral.
    pub id: ReferralId,
    /// Its code.
    pub code: String,
    /// What is needed.
    pub need: String,
    /// To whom.
    pub to_name: String,
    /// The place.
    pub area: String,
    /// What is counted.
    pub counted: Counted,
}

/// Referrals sent since then from the units that the reader reaches, or by the reader, under the reader's own row security: what the board shows as sent.
pub async fn own(work: &mut Work, since: DateTime<Utc>) -> Result<Vec<Seen>, Error> {
    let (me, lang) = (work.me()?, work.lang().code());
    // A worker who reaches no whole unit has what is theirs by name; the unit's other rows are not walked for them.
    let most = i32::try_from(FEW_UNITS + 1).unwrap_or(i32::MAX);
    let reached = sqlx::query_scalar!("select access.my_reach(null, $1) as \"units!\"", most).fetch_one(work.db()).await?;
    let (units, org) = if reached.len() > FEW_UNITS { (Vec::new(), Some(work.standing.org)) } else { (reached, None) };
    let rows = sqlx::query!(
        "select r.id, r.code, r.kind, r.status, r.loop, r.requested_at, r.acknowledged_at, r.decided_at, r.ended_at, r.loop_closed_at, r.due_at,
           (r.person_declined or r.withdrawn_at is not null) as \"no_longer_wanted!\", r.need, coalesce(access.named(o.names, o.name, $5), r.to_name) as \"to_name!\", r.area
         from referrals r left join organisations o on o.id = r.to_org
         where (r.from_unit = any ($1) or r.from_manager = $2 or r.from_org = $6::int) and r.requested_at >= $3
           and not exists (select from case_types t where t.id = r.case_type and t.sensitivity = 'restricted')
         order by r.requested_at desc limit $4",
        &units,
        me.0,
        since,
        MOST_ROWS,
        lang,
        org
    )
    .fetch_all(work.db())
    .await?;
    rows.into_iter()
        .map(|r| {
            let counted = Counted {
                kind: word(&r.kind)?,
                status: word(&r.status)?,
                closing: word(&r.r#loop)?,
                requested_at: r.requested_at,
                acknowledged_at: r.acknowledged_at,
                decided_at: r.decided_at,
                ended_at: r.ended_at,
                loop_closed_at: r.loop_closed_at,
                due_at: r.due_at,
                wanted: wanted(r.no_longer_wanted),
            };
            Ok(Seen { id: ReferralId(r.id), code: r.code, need: r.need, to_name: r.to_name, area: r.area, counted })
        })
        .collect()
}

/// A referral as the counting job gets it: no id, no case, no person.
#[derive(Debug)]
pub struct Dated {
    /// What is needed.
    pub need: String,
    /// To whom.
    pub to_org: Option<OrgId>,
    /// The place.
    pub area: String,
    /// Standard or protected.
    pub sensitivity: Sensitivity,
    /// What is counted.
    pub counted: Counted,
}

/// Everything the job of one organisation, or of all together, counts from.
pub async fn dates(work: &mut Work, org: Option<OrgId>) -> Result<Vec<Dated>, Error> {
    let rows = sqlx::query!(
        "select kind as \"kind!\", status as \"status!\", loop as \"closing!\", requested_at, acknowledged_at, decided_at, ended_at, loop_closed_at, due_at,
           no_longer_wanted as \"no_longer_wanted!\", need as \"need!\", to_org, area as \"area!\", sensitivity as \"sensitivity!\"
         from access.referral_dates($1)",
        org
    )
    .fetch_all(work.db())
    .await?;
    rows.into_iter()
        .map(|r| {
            let counted = Counted {
                kind: word(&r.kind)?,
                status: word(&r.status)?,
                closing: word(&r.closing)?,
                requested_at: r.requested_at,
                acknowledged_at: r.acknowledged_at,
                decided_at: r.decided_at,
                ended_at: r.ended_at,
                loop_closed_at: r.loop_closed_at,
                due_at: r.due_at,
                wanted: wanted(r.no_longer_wanted),
            };
            let sensitivity = Sensitivity::parse(&r.sensitivity).unwrap_or(Sensitivity::Protected);
            Ok(Dated { need: r.need, to_org: r.to_org, area: r.area, sensitivity, counted })
        })
        .collect()
}

fn word<T: std::str::FromStr>(text: &str) -> Result<T, Error> {
    text.parse().map_err(|_| anyhow::anyhow!("the database holds an unknown word, {text}").into())
}

fn wanted(no_longer: bool) -> Wanted {
    if no_longer { Wanted::NoLonger } else { Wanted::Still }
}

/// One stored cell; absent counts are suppressed.
#[derive(Debug, Clone, Default)]
pub struct Cell {
    /// `all`, `month`, `need`, `to_org`, `area`.
    pub cut: String,
    /// Which month, need, organisation or area.
    pub value: String,
    /// `standard` or `protected`.
    pub sensitivity: String,
    /// Sent.
    pub sent: Option<i32>,
    /// Answered.
    pub answered: Option<i32>,
    /// Accepted.
    pub accepted: Option<i32>,
    /// Served.
    pub served: Option<i32>,
    /// Verified, of those due.
    pub verified: Option<i32>,
    /// Due, less not asked and no longer wanted.
    pub due: Option<i32>,
    /// Can still change by waiting.
    pub immature: bool,
    /// Days to the first answer.
    pub days_to_answer_median: Option<f64>,
    /// Days to the first answer, nine in ten.
    pub days_to_answer_p90: Option<f64>,
    /// Days until it was taken on.
    pub days_to_accept_median: Option<f64>,
    /// Days until it was taken on, nine in ten.
    pub days_to_accept_p90: Option<f64>,
    /// Days to the service.
    pub days_to_serve_median: Option<f64>,
    /// Days to the service, nine in ten.
    pub days_to_serve_p90: Option<f64>,
    /// Days until the person confirmed it.
    pub days_to_verify_median: Option<f64>,
    /// Days until the person confirmed it, nine in ten.
    pub days_to_verify_p90: Option<f64>,
}

/// Replaces the stored cells of one organisation, or of all together.
pub async fn replace(work: &mut Work, org: Option<OrgId>, cells: &[Cell]) -> Result<(), Error> {
    let now = work.now();
    sqlx::query!("delete from loop_figures where from_org is not distinct from $1", org).execute(work.db()).await?;
    for c in cells {
        sqlx::query!(
            "insert into loop_figures (id, from_org, cut, value, sensitivity, sent, answered, accepted, served, verified, due, immature,
               days_to_answer_median, days_to_answer_p90, days_to_accept_median, days_to_accept_p90, days_to_serve_median, days_to_serve_p90,
               days_to_verify_median, days_to_verify_p90, counted_at)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21)",
            Uuid::now_v7(),
            org,
            c.cut,
            c.value,
            c.sensitivity,
            c.sent,
            c.answered,
            c.accepted,
            c.served,
            c.verified,
            c.due,
            c.immature,
            c.days_to_answer_median,
            c.days_to_answer_p90,
            c.days_to_accept_median,
            c.days_to_accept_p90,
            c.days_to_serve_median,
            c.days_to_serve_p90,
            c.days_to_verify_median,
            c.days_to_verify_p90,
            now
        )
        .execute(work.db())
        .await?;
    }
    Ok(())
}

/// The stored cells of an organisation, or of all together, for a reader with the right to reports.
pub async fn wide(work: &mut Work, org: Option<OrgId>) -> Result<Vec<Cell>, Error> {
    let cells = sqlx::query_as!(
        Cell,
        "select cut as \"cut!\", value as \"value!\", sensitivity as \"sensitivity!\", sent, answered, accepted, served, verified, due, immature as \"immature!\",
           days_to_answer_median, days_to_answer_p90, days_to_accept_median, days_to_accept_p90, days_to_serve_median, days_to_serve_p90,
           days_to_verify_median, days_to_verify_p90
         from access.loop_figures($1) order by cut, sensitivity, value",
        org
    )
    .fetch_all(work.db())
    .await?;
    Ok(cells)
}

/// Names of organisations by number, for the cut by receiver.
pub async fn organisation_names(work: &mut Work) -> Result<std::collections::HashMap<String, String>, Error> {
    let lang = work.lang().code();
    let rows = sqlx::query!(r#"select id, access.named(names, name, $1) as "name!" from organisations"#, lang)
        .fetch_all(work.db())
        .await?;
    Ok(rows.into_iter().map(|row| (row.id.to_string(), row.name)).collect())
}
