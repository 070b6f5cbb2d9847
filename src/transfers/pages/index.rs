//! The lists: what comes, what goes, what is kept of what has gone.
use askama::Template;
use axum::response::Response;
use uuid::Uuid;

use super::{state_badge, tabs};
use crate::access::Act;
use crate::audit::About;
use crate::error::Error;
use crate::platform::db::Work;
use crate::platform::ids::read_code;
use crate::transfers::choices;
use crate::transfers::store::{self, Which};
use crate::transfers::transfer::Receipt;
use crate::web::Page;
use crate::web::form::Query;
use crate::web::parts::{Badge, Pager, Tab};

const PAGE: i64 = 50;

#[derive(Template)]
#[template(path = "transfers/html/index.html")]
struct Index {
    p: Page,
    tabs: Vec<Tab>,
    lead: String,
    heads: [String; 5],
    rows: Vec<Row>,
    pager: Pager,
    may_ask: bool,
}

struct Row {
    href: String,
    code: String,
    other: String,
    records: String,
    state: Badge,
    when: String,
}

/// GET /transfers
pub async fn index(mut work: Work, Query(query): Query) -> Result<Response, Error> {
    work.may(Act::CaseRead)?;
    let receives = work.holds(Act::TransferDecide) || work.holds(Act::TransferReceive);
    let which = match query.value("which") {
        "incoming" => Which::Incoming,
        "outgoing" => Which::Outgoing,
        _ if receives => Which::Incoming,
        _ => Which::Outgoing,
    };
    let before = query.value("before").parse::<Uuid>().ok();
    let found = store::list(&mut work, which, before, PAGE + 1).await?;
    let p = Page::titled(&mut work, "transfers-title").await?;
    let name = if which == Which::Incoming { "incoming" } else { "outgoing" };
    let more = found.len() > PAGE as usize;
    let mut rows = Vec::new();
    let mut last = String::new();
    for transfer in found.into_iter().take(PAGE as usize) {
        let (waiting, done, failed) = store::counts(&mut work, transfer.id).await?;
        let other = match which {
            Which::Incoming => choices::placed(&transfer.from_org_name, &transfer.from_unit_name),
            Which::Outgoing if transfer.is_across() => transfer.to_org_name.clone(),
            Which::Outgoing => transfer.to_unit_name.clone(),
        };
        last = transfer.id.to_string();
        rows.push(Row {
            href: transfer.path(),
            other,
            records: p.number(waiting + done + failed),
            state: state_badge(&p, &transfer.state_code),
            when: p.when(&transfer.submitted_at.unwrap_or(transfer.recorded_at)),
            code: transfer.code,
        });
    }
    let next = if more { format!("/transfers?which={name}&before={last}") } else { String::new() };
    let other = if which == Which::Incoming { "from" } else { "to" };
    let page = Index {
        tabs: tabs(&p, name),
        lead: p.t(&format!("transfers-{name}-lead")),
        heads: ["code", other, "records", "state", "when"].map(|head| p.t(&format!("transfers-head-{head}"))),
        rows,
        pager: Pager { next, ..Pager::default() },
        may_ask: work.holds(Act::TransferRequest) || work.holds(Act::TransferDirect),
        p,
    };
    work.show_plain(page).await
}

#[derive(Template)]
#[template(path = "transfers/html/receipts.html")]
struct Receipts {
    p: Page,
    tabs: Vec<Tab>,
    typed: String,
    searched: bool,
    found: Option<Kept>,
    heads: [String; 4],
    rows: Vec<Kept>,
}

struct Kept {
    code: String,
    org: String,
    desk: String,
    when: String,
    back: String,
}

/// GET /transfers/receipts: where a case has gone, for whoever comes back with its code.
pub async fn receipts(mut work: Work, Query(query): Query) -> Result<Response, Error> {
    work.may(Act::CaseRead)?;
    let p = Page::titled(&mut work, "transfers-receipts-title").await?;
    let typed = query.value("code").trim().to_owned();
    let code = read_code('C', &typed).unwrap_or_else(|| typed.clone());
    let found = if typed.is_empty() { None } else { choices::receipt_of(&mut work, &code).await? };
    let found = found.map(|(code, org, desk, at)| Kept { code, org, desk, when: p.when(&at), back: String::new() });
    let rows = choices::receipts(&mut work, None, 200).await?;
    let page = Receipts {
        tabs: tabs(&p, "receipts"),
        searched: !typed.is_empty(),
        typed,
        found,
        heads: ["code", "now-with", "moved", "back"].map(|head| p.t(&format!("transfers-head-{head}"))),
        rows: rows.into_iter().map(|receipt| kept(&p, receipt)).collect(),
        p,
    };
    work.show(About::default(), page).await
}

fn kept(p: &Page, receipt: Receipt) -> Kept {
    Kept {
        code: receipt.case_code,
        org: receipt.org_name,
        desk: receipt.desk,
        when: p.when(&receipt.moved_at),
        back: receipt.returned_at.map(|at| p.when(&at)).unwrap_or_default(),
    }
}
