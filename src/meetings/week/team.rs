//! Page: the week of those whom one supervises: how much of it is interviews and visits; never what else, nor a word. No sum of everything either: what
//! would be left of it is what somebody set aside.
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
    /// How many minutes are interviews and visits.
    pub visits: i64,
    /// For how many hours they are contracted.
    pub contracted: i16,
}

/// The week that begins on this day, of everybody whom the actor supervises.
pub async fn loads(work: &mut Work, from: NaiveDate) -> Result<Vec<Loaded>, Error> {
    work.may(Act::CaseAssign)?;
    let zone = work.zone();
    let span = (midnight(from, zone), midnight(from + Days::new(7), zone));
    let by_worker: BTreeMap<UserId, i64> = store::team_visits(work, span).await?.into_iter().collect();
    let packs = mine::newest_packs(work).await?;
    let team = store::team(work).await?;
    let loaded = team.into_iter().map(|worker| {
        let visits = by_worker.get(&worker.id).copied().unwrap_or_default();
        Loaded { visits, contracted: mine::contracted(&worker, &packs), worker }
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
    heads: [String; 3],
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
        heads: ["worker", "visits", "contracted"].map(|head| p.tc("week-head", head)),
        bars: all.iter().map(|one| bar(&p, one)).collect(),
        p,
    };
    Ok((page, seen))
}

fn bar(p: &Page, one: &Loaded) -> Bar {
    Bar {
        label: one.worker.name.clone(),
        figure: pages::length(p, one.visits),
        share: pages::share(one.visits, one.contracted),
        notes: vec![pages::length(p, i64::from(one.contracted) * 60)],
        note_hrefs: vec![format!("/agenda/hours/{}", one.worker.id)],
        tone: if block::is_over(one.visits, one.contracted) { Tone::Warning } else { Tone::Neutral },
        ..Bar::default()
    }
}
