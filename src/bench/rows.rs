//! What is stored: counted rows, and the cases that are opened while measuring.
use anyhow::Context;
use uuid::Uuid;

use super::desk::broken;
use super::report::Report;
use crate::cli::set_up::Opened;
use crate::platform::db::{Actor, Work};
use crate::platform::ids::UserId;

/// A case to open.
pub struct Case {
    /// Its id.
    pub id: Uuid,
    /// Its code, which its page holds.
    pub code: String,
}

/// Up to so many cases that this user works on and refers from without review; of everybody where the user keeps none.
pub async fn cases(opened: &Opened, user: UserId, most: i64) -> anyhow::Result<Vec<Case>> {
    let mut work = Work::open_with(&opened.ground, &opened.operator, Actor::Operator).await.map_err(broken)?;
    let cases = sqlx::query_as!(
        Case,
        "select id, code from cases where case_type in (1, 3) and closed_at is null
           and (case_manager = $1 or not exists (select from cases where case_manager = $1)) order by code limit $2",
        user.0,
        most
    )
    .fetch_all(work.db())
    .await?;
    cases.first().context("the measured user has no case")?;
    Ok(cases)
}

/// Counts every table that grows with the world.
pub async fn count(opened: &Opened, scale: u32, report: &mut Report) -> anyhow::Result<()> {
    let mut work = Work::open_with(&opened.ground, &opened.operator, Actor::Operator).await.map_err(broken)?;
    let row = sqlx::query!(
        r#"select (select count(*) from persons)::float8 as "persons!", (select count(*) from cases)::float8 as "cases!",
             (select count(*) from referrals)::float8 as "referrals!", (select count(*) from person_keys)::float8 as "keys!",
             (select count(*) from referral_moves)::float8 as "moves!", (select count(*) from packets)::float8 as "packets!",
             (select count(*) from tasks)::float8 as "tasks!", (select count(*) from case_notes)::float8 as "notes!",
             (select count(*) from facts)::float8 as "facts!", pg_database_size(current_database())::float8 / 1e6 as "size!""#
    )
    .fetch_one(work.db())
    .await?;
    let counted = [
        ("persons", row.persons),
        ("cases", row.cases),
        ("referrals", row.referrals),
        ("search keys", row.keys),
        ("referral moves", row.moves),
        ("packets", row.packets),
        ("tasks", row.tasks),
        ("notes", row.notes),
        ("facts", row.facts),
    ];
    for (name, rows) in counted {
        report.counted(format!("{name} stored"), scale, "rows", rows);
    }
    report.counted("database", scale, "MB", row.size);
    Ok(())
}

/// What a sent referral leaves behind, counted for one author.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Traces {
    /// Referrals sent.
    pub sent: i64,
    /// Lines in their movement logs that say so.
    pub moves: i64,
    /// Packets frozen.
    pub packets: i64,
    /// Tasks for the receiver.
    pub tasks: i64,
    /// Facts.
    pub facts: i64,
    /// Jobs that tell the receiver.
    pub jobs: i64,
}

/// Counts what this author's sent referrals left behind.
pub async fn traces(opened: &Opened, author: UserId) -> anyhow::Result<Traces> {
    let mut work = Work::open_with(&opened.ground, &opened.operator, Actor::Operator).await.map_err(broken)?;
    let traces = sqlx::query_as!(
        Traces,
        r#"with mine as materialized (select id from referrals where author = $1 and status = 'requested' and service_name like 'Measured service %')
           select (select count(*) from mine) as "sent!",
             (select count(*) from referral_moves m join mine on mine.id = m.referral_id where m.action = 'submit') as "moves!",
             (select count(distinct p.referral_id) from packets p join mine on mine.id = p.referral_id where p.frozen_at is not null) as "packets!",
             (select count(*) from tasks t join mine on mine.id = t.referral_id where t.side = 'to' and t.done_at is null) as "tasks!",
             (select count(*) from facts f join mine on mine.id = f.referral_id where f.kind = 'referral.submitted') as "facts!",
             (select count(distinct j.body->>'referral') from jobs j join mine on j.body->>'referral' = mine.id::text) as "jobs!""#,
        author.0
    )
    .fetch_one(work.db())
    .await?;
    Ok(traces)
}
