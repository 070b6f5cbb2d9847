//! Page: the week of those whom one supervises: how much is planned, and how much of it with people; never what else, nor a word.
use std::collections::BTreeMap;

use askama::Template;
use axum::response::Response;
use chrono::{Days, NaiveDate};

use super::block;
use super::store::Worker;
use super::{mine, pages, store};
use crate::access::Act;
use crate::audit::About;
use crate::error::Error;
use crate::platform::clock::midnight;
use crate::platform::db::Work;
use crate::platform::ids::UserId;
use crate::web::form::Query;
use crate::web::parts::{Bar, Tone};
use crate::web::{Form, Page, Routes};

/// The page of a team's week.
pub(super) fn routes() -> Routes {
    Routes::new().page("GET", "/agenda/team", show)
}

/// The week of one worker. What they set time aside for is theirs: self-care is planned and never reported.
pub struct Loaded {
    /// Whose.
    pub worker: Worker,
    /// How many minutes are planned in all.
    pub planned: i64,
    /// How many of these are interviews and visits.
    pub visits: i64,
    /// For how many hours they are contracted.
    pub contracted: i16,
}

/// The week that begins on this day, of everybody whom the actor supervises.
pub async fn loads(work: &mut Work, from: NaiveDate) -> Result<Vec<Loaded>, Error> {
    work.may(Act::CaseAssign)?;
    let zone = work.zone();
    let span = (midnight(from, zone), midnight(from + Days::new(7), zone));
    let mut by_worker: BTreeMap<UserId, (i64, i64)> = BTreeMap::new();
    for (worker, is_visit, minutes) in store::team_week(work, from, span).await? {
        let (planned, visits) = by_worker.entry(worker).or_default();
        *planned += i64::from(minutes);
        *visits += if is_visit { i64::from(minutes) } else { 0 };
    }
    let packs = mine::newest_packs(work).await?;
    let team = store::team(work).await?;
    let loaded = team.into_iter().map(|worker| {
        let (planned, visits) = by_worker.get(&worker.id).copied().unwrap_or_default();
        Loaded { planned, visits, contracted: mine::contracted(&worker, &packs), worker }
    });
    Ok(loaded.collect())
}

#[derive(Template)]
#[template(path = "meetings/html/team_week.html")]
struct Team {
    p: Page,
    period: String,
    earlier: String,
    today: String,
    later: String,
    heads: [String; 4],
    bars: Vec<Bar>,
}

/// GET /agenda/team
async fn show(mut work: Work, Query(form): Query) -> Result<Response, Error> {
    work.may(Act::CaseAssign)?;
    let page = page(&mut work, &form).await?;
    work.show(About::subjects(page.1), page.0).await
}

async fn page(work: &mut Work, form: &Form) -> Result<(Team, Vec<uuid::Uuid>), Error> {
    let p = Page::titled(work, "week-team").await?;
    let on = pages::asked(work, form);
    let from = block::begins(on, p.reader.lang);
    let all = loads(work, from).await?;
    let href = |on: NaiveDate| format!("/agenda/team?on={on}");
    let seen = all.iter().map(|one| one.worker.id.0).collect();
    let page = Team {
        period: format!("{} – {}", p.date(&from), p.date(&(from + Days::new(6)))),
        earlier: href(on - Days::new(7)),
        today: href(work.today()),
        later: href(on + Days::new(7)),
        heads: ["worker", "planned", "contracted", "visits"].map(|head| p.tc("week-head", head)),
        bars: all.iter().map(|one| bar(&p, one)).collect(),
        p,
    };
    Ok((page, seen))
}

fn bar(p: &Page, one: &Loaded) -> Bar {
    Bar {
        label: one.worker.name.clone(),
        figure: pages::length(p, one.planned),
        share: pages::share(one.planned, one.contracted),
        notes: vec![pages::length(p, i64::from(one.contracted) * 60), pages::length(p, one.visits)],
        note_hrefs: vec![format!("/agenda/hours/{}", one.worker.id)],
        tone: if block::is_over(one.planned, one.contracted) { Tone::Warning } else { Tone::Neutral },
        ..Bar::default()
    }
}
