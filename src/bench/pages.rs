//! What is measured: the pages people open most, and sending a referral, for each kind of desk.
use std::sync::atomic::Ordering;

use anyhow::{Context, ensure};
use axum::Router;
use uuid::Uuid;

use super::budgets;
use super::desk::{Desk, STATEMENTS, broken};
use super::report::Report;
use crate::cli::set_up::Opened;
use crate::platform::db::{Actor, Work};

/// How often a page is asked for by one client, and by each of eight.
const TIMES: usize = 40;
const CLIENTS: usize = 8;

/// Names as people type them: one that many bear, one that few bear, one misspelt, one in Arabic.
const SEARCHES: [(&str, &str); 4] = [
    ("search common", "/search?q=Mohammed+Al-Haddad"),
    ("search rare", "/search?q=Wafa+Zalunim"),
    ("search misspelt", "/search?q=Mohamad+Hadad"),
    ("search arabic", "/search?q=%D9%85%D8%AD%D9%85%D8%AF+%D8%A7%D9%84%D8%AD%D8%AF%D8%A7%D8%AF"),
];

/// Measures every page over the world that is loaded.
pub async fn measure(opened: &Opened, app: &Router, scale: u32, report: &mut Report) -> anyhow::Result<()> {
    count_rows(opened, scale, report).await?;
    for (login, who) in [("worker200", "with 200"), ("worker1000", "with 1,000"), ("over5000", "over all")] {
        let desk = Desk::of(&opened.ground, app, login).await?;
        let cases = cases_of(opened, login).await?;
        page(&desk, &format!("caseload {who}"), &["/cases".to_owned()], scale, report).await?;
        page(&desk, &format!("case {who}"), &cases.iter().map(|id| format!("/cases/{id}")).collect::<Vec<_>>(), scale, report)
            .await?;
        for (name, path) in SEARCHES {
            page(&desk, &format!("{name} {who}"), &[path.to_owned()], scale, report).await?;
        }
    }
    let desk = Desk::of(&opened.ground, app, "answers").await?;
    page(&desk, "inbox", &["/inbox".to_owned()], scale, report).await?;
    let desk = Desk::of(&opened.ground, app, "worker1000").await?;
    submit(opened, &desk, scale, report).await?;
    weigh(&desk, scale, report).await
}

async fn page(desk: &Desk, name: &str, paths: &[String], scale: u32, report: &mut Report) -> anyhow::Result<()> {
    let probe = desk.get(paths.first().context("nothing to open")?).await?;
    if !probe.status.is_success() {
        eprintln!("  {name}: {} at {}", probe.status, paths[0]);
        report.missing(format!("{name} p95"), scale, "ms", budgets::PAGE);
        return Ok(());
    }
    let alone = repeat(desk, paths, 0).await?;
    let before = STATEMENTS.load(Ordering::Relaxed);
    desk.get(&paths[0]).await?;
    let statements = STATEMENTS.load(Ordering::Relaxed) - before;
    let mut clients = tokio::task::JoinSet::new();
    for client in 0..CLIENTS {
        let (desk, paths) = (desk.clone(), paths.to_vec());
        clients.spawn(async move { repeat(&desk, &paths, client).await });
    }
    let mut together = Vec::new();
    while let Some(done) = clients.join_next().await {
        together.extend(done??);
    }
    times(report, name, scale, alone, together, budgets::PAGE);
    report.counted(format!("{name} queries"), scale, "queries", f64::from(u32::try_from(statements).unwrap_or(u32::MAX)));
    Ok(())
}

async fn repeat(desk: &Desk, paths: &[String], from: usize) -> anyhow::Result<Vec<f64>> {
    let mut millis = Vec::with_capacity(TIMES);
    for nth in 0..TIMES + 3 {
        let answer = desk.get(&paths[(nth + from * 7) % paths.len()]).await?;
        // The first few fill caches and plans.
        if nth > 2 {
            millis.push(answer.millis);
        }
    }
    Ok(millis)
}

fn times(report: &mut Report, name: &str, scale: u32, alone: Vec<f64>, together: Vec<f64>, budget: f64) {
    report.counted(format!("{name} p50"), scale, "ms", percentile(alone.clone(), 50));
    report.within(format!("{name} p95"), scale, "ms", percentile(alone, 95), budget);
    report.counted(format!("{name} p50, 8 clients"), scale, "ms", percentile(together.clone(), 50));
    report.counted(format!("{name} p95, 8 clients"), scale, "ms", percentile(together, 95));
}

fn percentile(mut values: Vec<f64>, of: usize) -> f64 {
    values.sort_by(f64::total_cmp);
    let at = (values.len() * of).div_ceil(100).saturating_sub(1);
    values.get(at).copied().unwrap_or_default()
}

async fn cases_of(opened: &Opened, login: &str) -> anyhow::Result<Vec<Uuid>> {
    let mut work = Work::open_with(&opened.ground, &opened.operator, Actor::Operator).await.map_err(broken)?;
    let ids = sqlx::query_scalar!(
        "select c.id from cases c join users u on u.login = $1 where c.case_type in (1, 3) and c.closed_at is null
           and (c.case_manager = u.id or $1 = 'over5000' and c.unit > 100001) order by c.code limit 40",
        login
    )
    .fetch_all(work.db())
    .await?;
    Ok(ids)
}

async fn count_rows(opened: &Opened, scale: u32, report: &mut Report) -> anyhow::Result<()> {
    let mut work = Work::open_with(&opened.ground, &opened.operator, Actor::Operator).await.map_err(broken)?;
    let row = sqlx::query!(
        r#"select (select count(*) from persons)::float8 as "persons!", (select count(*) from cases)::float8 as "cases!",
             (select count(*) from referrals)::float8 as "referrals!", (select count(*) from person_keys)::float8 as "keys!""#
    )
    .fetch_one(work.db())
    .await?;
    for (name, count) in [("persons", row.persons), ("cases", row.cases), ("referrals", row.referrals), ("search keys", row.keys)]
    {
        report.counted(format!("{name} stored"), scale, "rows", count);
    }
    Ok(())
}

// Each send is of a new draft, made beforehand and not timed.
async fn submit(opened: &Opened, desk: &Desk, scale: u32, report: &mut Report) -> anyhow::Result<()> {
    let cases = cases_of(opened, "worker1000").await?;
    let mut millis = Vec::new();
    for (nth, case) in cases.iter().enumerate() {
        match send(desk, *case, nth).await {
            Ok(took) => millis.push(took),
            Err(error) => eprintln!("  submit: {error:#}"),
        }
        if nth == 4 && millis.is_empty() {
            break;
        }
    }
    if millis.is_empty() {
        report.missing("submit p95", scale, "ms", budgets::SUBMIT);
        return Ok(());
    }
    report.counted("submit p50", scale, "ms", percentile(millis.clone(), 50));
    report.within("submit p95", scale, "ms", percentile(millis, 95), budgets::SUBMIT);
    Ok(())
}

async fn send(desk: &Desk, case: Uuid, nth: usize) -> anyhow::Result<f64> {
    let draft = Uuid::now_v7().to_string();
    // Services of the measured world are numbered from one; each case asks a different one.
    let service = format!("service:{}", super::world::service(u64::try_from(nth)? % 150 + 1));
    let made = desk.post(&format!("/cases/{case}/refer"), &[("need", "health"), ("to", &service), ("draft", &draft)]).await?;
    ensure!(made.status.is_redirection(), "no draft was made: {}", made.status);
    let edit = String::from_utf8_lossy(&desk.get(&made.location).await?.body).into_owned();
    let person = checked(&edit, "person").context("the draft names nobody")?;
    let mut fields = vec![
        ("need", "health"),
        ("reason", "Asks for a check-up."),
        ("priority", "normal"),
        ("person", &person),
        ("already_receives", "no"),
        ("without_help", "no"),
        ("available_here", "yes"),
        ("safe_for_person", "yes"),
        ("safe_for_worker", "yes"),
        ("follow_up", "with_worker"),
        ("accompaniment", "adult"),
        ("go", "send"),
    ];
    fields.extend(["need", "urgency", "area", "identity"].map(|section| ("sections", section)));
    let sent = desk.post(&made.location, &fields).await?;
    ensure!(sent.status.is_redirection(), "it was not sent: {}", sent.status);
    Ok(sent.millis)
}

// The value of the first box of this name.
fn checked(html: &str, name: &str) -> Option<String> {
    let at = html.find(&format!("name=\"{name}\""))?;
    let tag = &html[html[..at].rfind('<')?..];
    let value = &tag[tag.find("value=\"")? + 7..];
    Some(value[..value.find('"')?].to_owned())
}

// A first page brings styles and scripts along, a later one only itself.
async fn weigh(desk: &Desk, scale: u32, report: &mut Report) -> anyhow::Result<()> {
    let page = desk.get_compressed("/cases").await?;
    let later = kilobytes(page.body.len());
    let plain = desk.get("/cases").await?;
    let html = String::from_utf8_lossy(&plain.body);
    let mut first = later;
    let mut seen = std::collections::BTreeSet::new();
    for part in html.split(['"', '\'']).filter(|part| part.starts_with("/assets/")) {
        let path = part.split('#').next().unwrap_or(part);
        if seen.insert(path.to_owned()) {
            first += kilobytes(desk.get_compressed(path).await?.body.len());
        }
    }
    report.within("later page", scale, "kB", later, budgets::LATER_PAGE);
    report.within("first page", scale, "kB", first, budgets::FIRST_PAGE);
    Ok(())
}

fn kilobytes(bytes: usize) -> f64 {
    f64::from(u32::try_from(bytes).unwrap_or(u32::MAX)) / 1000.0
}
