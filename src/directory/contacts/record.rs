//! How organisations outside the system have answered the reader's own so far.
//!
//! Read from the published aggregates alone, which hold no restricted type and no cell of a few (S15). Below thirty referrals neither speed nor
//! share is shown, and nothing here is sorted by either (S8).
use std::collections::{BTreeMap, BTreeSet};

use chrono::TimeDelta;

use crate::error::Error;
use crate::platform::db::Work;
use crate::platform::ids::OrgId;
use crate::web::Page;
use crate::web::parts::Entry;

// Fewer referrals than this say nothing about a provider.
const ENOUGH: i32 = 30;
// Who answered by link so often in three months is asked whether they want to come in.
const OFTEN: i32 = 5;

/// What is published of one organisation.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Record {
    /// Referrals sent in thirteen months.
    pub sent: i32,
    /// Answered.
    pub answered: i32,
    /// Served.
    pub served: i32,
    /// Half of the answers came within so many days; only where enough stands behind it.
    pub days_to_answer: Option<i64>,
}

/// The records of the reader's partners, by organisation.
pub async fn records(work: &mut Work) -> Result<BTreeMap<OrgId, Record>, Error> {
    let rows = sqlx::query!(
        r#"select value as "org!", sent, answered, served, days_to_answer_median as days from access.partner_figures()
           where sensitivity in ('standard', 'protected')"#
    )
    .fetch_all(work.db())
    .await?;
    let mut records: BTreeMap<OrgId, Record> = BTreeMap::new();
    for row in rows {
        let Ok(org) = row.org.parse() else { continue };
        let record = records.entry(org).or_default();
        // The slower of the two guards speaks: nobody is shown faster than somebody waits.
        let days = row.days.filter(|_| row.sent.unwrap_or_default() >= ENOUGH).map(|days| days.ceil() as i64);
        record.days_to_answer = record.days_to_answer.max(days);
        record.sent += row.sent.unwrap_or_default();
        record.answered += row.answered.unwrap_or_default();
        record.served += row.served.unwrap_or_default();
    }
    Ok(records)
}

/// Organisations outside that answer so often that an administrator might invite them in.
pub async fn often_answering(work: &mut Work) -> Result<BTreeSet<OrgId>, Error> {
    let since = work.now() - TimeDelta::days(90);
    let rows = sqlx::query_scalar!("select org as \"org!\" from access.often_answering($1, $2)", since, OFTEN)
        .fetch_all(work.db())
        .await?;
    Ok(rows.into_iter().collect())
}

/// A record in the reader's words.
pub(super) fn entries(p: &Page, record: Option<&Record>) -> Vec<Entry> {
    let Some(record) = record.filter(|record| record.sent > 0) else {
        return vec![Entry::new(p.t("contacts-record"), p.t("contacts-record-none"))];
    };
    let mut entries = vec![
        Entry::new(p.t("contacts-sent"), p.number(record.sent)),
        Entry::new(p.t("contacts-answered"), p.number(record.answered)),
    ];
    if record.sent < ENOUGH {
        entries.push(Entry::new(p.t("contacts-record"), p.ta("contacts-record-few", "count", ENOUGH)));
        return entries;
    }
    if let Some(days) = record.days_to_answer {
        entries.push(Entry::new(p.t("contacts-days"), p.number(days)));
    }
    entries.push(Entry::new(p.t("contacts-served"), format!("{} %", p.number(record.served * 100 / record.sent))));
    entries
}
