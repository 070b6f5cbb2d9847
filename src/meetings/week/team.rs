//! Page: the week of those whom one supervises, in sums by kind and never in words.
use std::collections::BTreeMap;

use askama::Template;
use axum::response::Response;
use chrono::{Days, NaiveDate};

use super::block::{self, KINDS, Load};
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

/// The week of one worker.
pub struct Loaded {
    /// Whose.
    pub worker: Worker,
    /// What is planned.
    pub load: Load,
    /// For how many hours they are contracted.
    pub contracted: i16,
}

/// The week that begins on this day, of everybody whom the actor supervises.
pub async fn loads(work: &mut Work, from: NaiveDate) -> Result<Vec<Loaded>, Error> {
    work.may(Act::CaseAssign)?;
    let zone = work.zone();
    let span = (midnight(from, zone), midnight(from + Days::new(7), zone));
    let mut by_worker: BTreeMap<UserId, Load> = BTreeMap::new();
    for (worker, kind, minutes) in store::team_week(work, from, span).await? {
        by_worker.entry(worker).or_default().add(&kind, i64::from(minutes));
    }
    let packs = mine::newest_packs(work).await?;
    let team = store::team(work).await?;
    let loaded = team.into_iter().map(|worker| Loaded {
        load: by_worker.get(&worker.id).copied().unwrap_or_default(),
        contracted: mine::contracted(&worker, &packs),
        worker,
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
    heads: [String; 7],
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
        heads: ["worker", "planned", "contracted", "visits", "networking", "administration", "self-care"]
            .map(|head| p.tc("week-head", head)),
        bars: all.iter().map(|one| bar(&p, one)).collect(),
        p,
    };
    Ok((page, seen))
}

fn bar(p: &Page, one: &Loaded) -> Bar {
    let by_kind = KINDS.iter().map(|kind| pages::length(p, one.load.of(kind)));
    Bar {
        label: one.worker.name.clone(),
        figure: pages::length(p, one.load.all()),
        share: pages::share(one.load.all(), one.contracted),
        notes: std::iter::once(pages::length(p, i64::from(one.contracted) * 60)).chain(by_kind).collect(),
        note_hrefs: vec![format!("/agenda/hours/{}", one.worker.id)],
        tone: if one.load.is_over(one.contracted) { Tone::Warning } else { Tone::Neutral },
        ..Bar::default()
    }
}
