//! The counting job: once an hour, for each organisation and for all together, into suppressed cells in fixed cuts.
use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::Datelike;

use super::store::{self, Cell, Dated};
use super::tally::{Stage, Tally};
use crate::access::suppress;
use crate::directory;
use crate::error::Error;
use crate::packs::{Sensitivity, Word};
use crate::platform::db::{Actor, Ground, Work};
use crate::platform::ids::OrgId;

/// Counts anew for every organisation and for all together. Each is a work of its own, so that none sees more than it must.
pub async fn refresh_all(ground: &Arc<Ground>) -> Result<(), Error> {
    let mut work = Work::open(ground, Actor::System { job: "figures", org: None }).await?;
    let organisations = directory::store::remind::organisations(&mut work).await?;
    work.commit().await?;
    for org in organisations.into_iter().map(Some).chain([None]) {
        let mut work = Work::open(ground, Actor::System { job: "figures", org }).await?;
        refresh(&mut work, org).await?;
        work.commit().await?;
    }
    Ok(())
}

/// Counts anew for one organisation, or for all together.
pub async fn refresh(work: &mut Work, org: Option<OrgId>) -> Result<(), Error> {
    let rows = store::dates(work, org).await?;
    let (now, time_to_ask) = (work.now(), super::own::TIME_TO_ASK);
    let mut cells = Vec::new();
    for sensitivity in [Sensitivity::Standard, Sensitivity::Protected] {
        for cut in ["all", "month", "need", "to_org", "area"] {
            let mut tallies: BTreeMap<String, Tally> = BTreeMap::new();
            for row in rows.iter().filter(|row| row.sensitivity == sensitivity) {
                tallies.entry(value(row, cut)).or_default().count(&row.counted, now, time_to_ask);
            }
            let sizes: Vec<u64> = tallies.values().map(|tally| tally.figures.sent).collect();
            let show = suppress::showable(&sizes, sensitivity);
            cells.extend(tallies.iter().zip(show).map(|((value, tally), show)| cell(cut, value, tally, sensitivity, show)));
        }
    }
    store::replace(work, org, &cells).await
}

fn value(row: &Dated, cut: &str) -> String {
    match cut {
        "month" => row.counted.requested_at.map(|at| format!("{:04}-{:02}", at.year(), at.month())).unwrap_or_default(),
        "need" => row.need.clone(),
        "to_org" => row.to_org.map(|org| org.to_string()).unwrap_or_default(),
        "area" => row.area.clone(),
        _ => String::new(),
    }
}

fn cell(cut: &str, value: &str, tally: &Tally, sensitivity: Sensitivity, show: bool) -> Cell {
    let named =
        Cell { cut: cut.to_owned(), value: value.to_owned(), sensitivity: sensitivity.as_str().to_owned(), ..Cell::default() };
    if !show {
        return named;
    }
    // Each count is a cell of its own: a stage that only a few reached, or that only a few did not, is hidden too.
    let sent = tally.figures.sent;
    let floor = suppress::floor(sensitivity);
    let count = |n: u64| ((n == 0 || n >= floor) && (sent == n || sent - n >= floor)).then(|| suppress::shown(n, sensitivity));
    let rate = tally.figures.verified_served();
    let days = |stage: Stage| tally.days_to(stage).filter(|_| tally.reached(stage) >= floor);
    let (answer, accept, serve, verify) =
        (days(Stage::Answered), days(Stage::Accepted), days(Stage::Served), days(Stage::Verified));
    Cell {
        sent: Some(suppress::shown(sent, sensitivity)),
        answered: count(tally.reached(Stage::Answered)),
        accepted: count(tally.reached(Stage::Accepted)),
        served: count(tally.reached(Stage::Served)),
        verified: count(rate.part),
        due: count(rate.of),
        immature: tally.figures.is_immature(),
        days_to_answer_median: answer.map(|days| days.median),
        days_to_answer_p90: answer.map(|days| days.p90),
        days_to_accept_median: accept.map(|days| days.median),
        days_to_accept_p90: accept.map(|days| days.p90),
        days_to_serve_median: serve.map(|days| days.median),
        days_to_serve_p90: serve.map(|days| days.p90),
        days_to_verify_median: verify.map(|days| days.median),
        days_to_verify_p90: verify.map(|days| days.p90),
        ..named
    }
}
