//! What is measured: the pages people open most, and sending a referral, for each kind of desk.
use axum::Router;

use super::desk::{Desk, Mark, Packing, Visit, statements};
use super::report::Report;
use super::served::Seat;
use super::world::skew;
use super::{budgets, rows, submit, weight};
use crate::cases::list;
use crate::cli::set_up::Opened;
use crate::platform::ids::UserId;

/// How often a page is asked for by one client, and by each of eight.
const TIMES: usize = 60;
/// How many ask together.
pub const CLIENTS: usize = 8;

/// Names as people type them: one that many bear, one that few bear, one misspelt, one in Arabic.
const SEARCHES: [(&str, &str); 4] = [
    ("search common", "/search?q=Mohammed+Al-Haddad"),
    ("search rare", "/search?q=Wafa+Zalunim"),
    ("search misspelt", "/search?q=Mohamad+Hadad"),
    ("search arabic", "/search?q=%D9%85%D8%AD%D9%85%D8%AF+%D8%A7%D9%84%D8%AD%D8%AF%D8%A7%D8%AF"),
];

/// Somebody whose pages are measured.
struct Who {
    name: &'static str,
    number: u32,
    caseload: &'static str,
    sends: bool,
}

const WHO: [Who; 3] = [
    Who { name: "with 200", number: 1, caseload: "/cases", sends: true },
    Who { name: "with 1,000", number: 2, caseload: "/cases", sends: true },
    Who { name: "over all", number: 4, caseload: "/cases?keeper=all", sends: false },
];

/// Measures every page over the world that is loaded.
pub async fn measure(opened: &Opened, app: &Router, scale: u32, report: &mut Report) -> anyhow::Result<()> {
    rows::count(opened, scale, report).await?;
    for who in &WHO {
        let user = UserId(skew::user(who.number));
        let desk = Desk::of(&opened.ground, app, user).await?;
        let name = who.name;
        let caseload = Visit { path: who.caseload.to_owned(), mark: Mark::often("href=\"/cases/0", list::PAGE) };
        page(&desk, &format!("caseload {name}"), &[caseload], scale, report).await?;
        let cases = rows::cases(opened, user, 40).await?;
        let cases: Vec<Visit> =
            cases.iter().map(|case| Visit { path: format!("/cases/{}", case.id), mark: Mark::of(&case.code) }).collect();
        page(&desk, &format!("case {name}"), &cases, scale, report).await?;
        for (search, path) in SEARCHES {
            page(&desk, &format!("{search} {name}"), &[found(path)], scale, report).await?;
        }
        others(&desk, name, scale, report).await?;
        if !who.sends {
            page(&desk, &format!("coordinator's board {name}"), &[other("/team")], scale, report).await?;
        }
        if who.sends
            && let Err(error) = submit::submit(opened, &desk, user, name, scale, report).await
        {
            eprintln!("  submit {name}: {error:#}");
            report.missing(format!("submit {name} p95"), scale, "ms", budgets::SUBMIT);
        }
    }
    let answers = Desk::of(&opened.ground, app, UserId(skew::user(5001))).await?;
    let inbox = Visit { path: "/inbox".to_owned(), mark: Mark::often("href=\"/referrals/0", 25) };
    page(&answers, "inbox of the busiest desk", std::slice::from_ref(&inbox), scale, report).await?;
    let over = Desk::of(&opened.ground, app, UserId(skew::user(8))).await?;
    page(&over, "inbox over all desks", std::slice::from_ref(&inbox), scale, report).await?;
    let desk = Desk::of(&opened.ground, app, UserId(skew::user(2))).await?;
    let case = rows::cases(opened, UserId(skew::user(2)), 1).await?.remove(0);
    let mut weighed = vec![
        ("caseload", Visit { path: "/cases".to_owned(), mark: Mark::often("href=\"/cases/0", list::PAGE) }),
        ("case", Visit { path: format!("/cases/{}", case.id), mark: Mark::of(case.code) }),
        ("search", found(SEARCHES[0].1)),
    ];
    weighed.extend(OTHERS.map(|(name, path)| (name, other(path))));
    weight::weigh(&desk, &weighed, scale, report).await?;
    weight::weigh(&answers, &[("inbox", inbox)], scale, report).await?;
    weight::weigh_engine(&desk, scale, report).await
}

/// The same pages for whoever opens them in another process over this world.
pub async fn seats(opened: &Opened, app: &Router) -> anyhow::Result<Vec<Seat>> {
    let mut seats = Vec::new();
    for who in &WHO {
        let user = UserId(skew::user(who.number));
        let mut paths = vec![who.caseload.to_owned()];
        paths.extend(rows::cases(opened, user, 40).await?.iter().map(|case| format!("/cases/{}", case.id)));
        paths.extend(SEARCHES.iter().chain(&OTHERS).map(|(_, path)| (*path).to_owned()));
        if !who.sends {
            paths.push("/team".to_owned());
        }
        seats.push(Desk::of(&opened.ground, app, user).await?.seat(paths));
    }
    for number in [5001, 8] {
        seats.push(Desk::of(&opened.ground, app, UserId(skew::user(number))).await?.seat(vec!["/inbox".to_owned()]));
    }
    Ok(seats)
}

// A hit is a person the searcher may open, or a masked one with the organisation's desk.
fn found(path: &str) -> Visit {
    Visit { path: path.to_owned(), mark: Mark::of("tc-task-who") }
}

/// The other pages that people open every day; they have no budget of their own.
const OTHERS: [(&str, &str); 7] = [
    ("my day", "/"),
    ("week", "/calendar?view=week"),
    ("month", "/calendar?view=month"),
    ("board", "/referrals"),
    ("directory", "/services"),
    ("notifications", "/notifications"),
    ("loop", "/loop"),
];

fn other(path: &str) -> Visit {
    Visit { path: path.to_owned(), mark: Mark::of("tc-main") }
}

async fn others(desk: &Desk, who: &str, scale: u32, report: &mut Report) -> anyhow::Result<()> {
    for (name, path) in OTHERS {
        page(desk, &format!("{name} {who}"), &[other(path)], scale, report).await?;
    }
    Ok(())
}

// A page that answers wrongly is a miss, and says so; the others are measured all the same.
async fn page(desk: &Desk, name: &str, visits: &[Visit], scale: u32, report: &mut Report) -> anyhow::Result<()> {
    match timed(desk, visits).await {
        Ok((alone, together, statements)) => {
            times(report, name, scale, alone, together, budgets::PAGE);
            report.counted(format!("{name} queries"), scale, "queries", f64::from(statements));
        }
        Err(error) => {
            eprintln!("  {name}: {error:#}");
            report.missing(format!("{name} p95"), scale, "ms", budgets::PAGE);
        }
    }
    Ok(())
}

// The many first: they open every connection and have each statement planned there as often as the database does before it keeps the plan.
async fn timed(desk: &Desk, visits: &[Visit]) -> anyhow::Result<(Vec<f64>, Vec<f64>, u32)> {
    let mut clients = tokio::task::JoinSet::new();
    for client in 0..CLIENTS {
        let (desk, visits) = (desk.clone(), visits.to_vec());
        clients.spawn(async move { repeat(&desk, &visits, client).await });
    }
    let mut together = Vec::new();
    while let Some(done) = clients.join_next().await {
        together.extend(done??);
    }
    let alone = repeat(desk, visits, 0).await?;
    Ok((alone, together, statements(desk, &visits[0]).await?))
}

async fn repeat(desk: &Desk, visits: &[Visit], from: usize) -> anyhow::Result<Vec<f64>> {
    let mut millis = Vec::with_capacity(TIMES);
    for nth in 0..TIMES + 3 {
        let answer = desk.visit(&visits[(nth + from * 7) % visits.len()], Packing::Compressed).await?;
        // The first few fill caches and plans.
        if nth > 2 {
            millis.push(answer.millis);
        }
    }
    Ok(millis)
}

/// Reports how long it took, for one client and for eight.
pub fn times(report: &mut Report, name: &str, scale: u32, alone: Vec<f64>, together: Vec<f64>, budget: f64) {
    let (middle, most) = (percentile(alone.clone(), 50), percentile(alone, 95));
    eprintln!("  {name}: p50 {middle:.1} ms, p95 {most:.1} ms");
    report.counted(format!("{name} p50"), scale, "ms", middle);
    report.within(format!("{name} p95"), scale, "ms", most, budget);
    report.counted(format!("{name} p50, 8 clients"), scale, "ms", percentile(together.clone(), 50));
    report.counted(format!("{name} p95, 8 clients"), scale, "ms", percentile(together, 95));
}

fn percentile(mut values: Vec<f64>, of: usize) -> f64 {
    values.sort_by(f64::total_cmp);
    let at = (values.len() * of).div_ceil(100).saturating_sub(1);
    values.get(at).copied().unwrap_or_default()
}
