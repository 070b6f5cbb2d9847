//! Who covers whom, for everybody; a supervisor arranges it here.
use std::collections::HashMap;

use askama::Template;
use axum::response::Response;
use uuid::Uuid;

use super::tabs;
use crate::access::Act;
use crate::error::Error;
use crate::platform::db::Work;
use crate::platform::ids::UserId;
use crate::platform::text::text_with;
use crate::supervision::carrying::{self, Carrying, Meant};
use crate::transfers::cover::{self, Cover, Left, NewCover};
use crate::web::form::Path;
use crate::web::parts::{Badge, Choice, Tab, Tone};
use crate::web::{Form, Page};

#[derive(Template)]
#[template(path = "transfers/html/covers.html")]
struct Index {
    p: Page,
    form: Form,
    tabs: Vec<Tab>,
    heads: [String; 6],
    rows: Vec<Row>,
    may_arrange: bool,
    // Whose caseload can be handed over.
    workers: Vec<Choice>,
    // With what each carries; once it is known whose caseload they would take, also what it comes to.
    colleagues: Vec<Choice>,
    // The chosen colleague would carry more than a full caseload; whoever arranges it all the same says so.
    overfull: bool,
}

struct Row {
    worker: String,
    colleague: String,
    dates: String,
    cases: String,
    referrals: String,
    state: Badge,
    end: String,
    left: Vec<(String, String, String)>,
    left_says: String,
}

/// GET /covers
pub async fn index(mut work: Work) -> Result<Response, Error> {
    work.may(Act::CaseRead)?;
    let today = work.today().to_string();
    let page = page(&mut work, Form::blank([("from_on", today)])).await?;
    work.show_plain(page).await
}

async fn page(work: &mut Work, form: Form) -> Result<Index, Error> {
    let p = Page::titled(work, "covers-title").await?;
    let may_arrange = work.holds(Act::CoverArrange);
    let me = work.me()?;
    let rows = cover::list(work).await?;
    let left = cover::left(work).await?;
    let colleagues = if may_arrange { cover::colleagues(work).await? } else { Vec::new() };
    let workers = if may_arrange { cover::workers(work).await? } else { Vec::new() };
    let people: Vec<UserId> = colleagues.iter().chain(&workers).map(|(id, _)| *id).collect();
    let carry = if may_arrange { carrying::of(work, &people).await? } else { HashMap::new() };
    let more = form.value("worker").parse::<UserId>().ok().and_then(|worker| carry.get(&worker)).map_or(0.0, |one| one.load);
    let choice = |(id, name): (UserId, String), more: f64| {
        Choice::new(id.to_string(), carries(&p, &name, carry.get(&id).copied().unwrap_or_default(), more))
    };
    Ok(Index {
        tabs: tabs(&p, "covers"),
        heads: ["worker", "colleague", "dates", "cases", "referrals", "state"].map(|head| p.t(&format!("covers-head-{head}"))),
        rows: rows.into_iter().map(|cover| row(&p, cover, me, &left)).collect(),
        may_arrange,
        workers: workers.into_iter().map(|one| choice(one, 0.0)).collect(),
        colleagues: colleagues.into_iter().map(|one| choice(one, more)).collect(),
        overfull: form.ticked("overfull") || form.error("colleague") == Some("cover_overfull"),
        form,
        p,
    })
}

// A colleague with what they carry, and what that comes to with so much more.
fn carries(p: &Page, name: &str, now: Carrying, more: f64) -> String {
    if more <= 0.0 {
        return now.named(p, name);
    }
    let loads = [("now", p.reader.percent(now.load).into()), ("then", p.reader.percent(now.load + more).into())];
    p.joined([name.to_owned(), text_with(p.reader.lang, "covers-comes-to", &loads), carrying::away(p, now.away_until)])
}

fn row(p: &Page, cover: Cover, me: UserId, left: &[Left]) -> Row {
    let until = cover.until_on.map_or_else(|| p.t("covers-for-good"), |day| format!("– {}", p.date(&day)));
    let tone = match cover.state.as_str() {
        "running" => Tone::Info,
        "planned" => Tone::Warning,
        _ => Tone::Neutral,
    };
    let planned = cover.state == "planned";
    let count = |count: i64| if planned { String::new() } else { p.number(count) };
    let left: Vec<_> = left.iter().filter(|one| one.cover == cover.id).map(|one| left_behind(p, one)).collect();
    let ends = cover.arranged_by == me && cover.state != "ended";
    Row {
        worker: cover.worker_name,
        colleague: cover.colleague_name,
        dates: format!("{} {until}", p.date(&cover.from_on)),
        cases: count(cover.cases),
        referrals: count(cover.referrals),
        left_says: p.ta("covers-left", "count", i64::try_from(left.len()).unwrap_or(0)),
        left,
        state: Badge::new(p.tc("covers-state", &cover.state), tone),
        end: if ends { format!("/covers/{}/end", cover.id) } else { String::new() },
    }
}

// Where it is, its code, why it stays.
fn left_behind(p: &Page, one: &Left) -> (String, String, String) {
    let case = one.case_id.map(|id| format!("/cases/{id}"));
    let href = case.or(one.referral_id.map(|id| format!("/referrals/{id}"))).unwrap_or_default();
    (href, one.code.clone(), p.tc("covers-left-why", &one.why))
}

/// POST /covers
pub async fn create(mut work: Work, mut form: Form) -> Result<Response, Error> {
    work.may(Act::CoverArrange)?;
    match arranged(&mut work, &mut form).await {
        Ok(()) => work.then("/covers", "covers-arranged").await,
        Err(Error::Invalid(errors)) => {
            let mut work = work.again().await?;
            let page = page(&mut work, form.with_errors(errors)).await?;
            work.show_again(&page)
        }
        Err(error) => Err(error),
    }
}

async fn arranged(work: &mut Work, form: &mut Form) -> Result<(), Error> {
    let (worker, colleague, from) = (form.parsed("worker"), form.parsed("colleague"), form.date("from_on"));
    let until_on = if form.ticked("for_good") { None } else { form.date("until_on") };
    if form.ticked("for_good") && form.filled("until_on") {
        form.errors.add("until_on", "cover_until_or_for_good");
    }
    form.check()?;
    let (Some(worker), Some(colleague), Some(from_on)) = (worker, colleague, from) else { return Err(Error::NotFound) };
    let meant = Meant { overfull: form.ticked("overfull"), ..Meant::default() };
    cover::arrange(work, NewCover { worker, colleague, from_on, until_on, meant }).await.map(drop)
}

/// POST /covers/{id}/end
pub async fn end(mut work: Work, Path(id): Path<Uuid>) -> Result<Response, Error> {
    cover::end(&mut work, id).await?;
    work.then("/covers", "covers-ended").await
}
