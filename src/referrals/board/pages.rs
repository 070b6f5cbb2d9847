//! Page: the referrals board.
use std::sync::Arc;

use askama::Template;
use axum::response::Response;

use super::{Column, Filter, Overdue, Tab};
use crate::audit::About;
use crate::error::Error;
use crate::packs::Pack;
use crate::platform::db::Work;
use crate::platform::ids::OrgId;
use crate::referrals::answer::Resource;
use crate::referrals::board;
use crate::referrals::follow_up::pages::closing;
use crate::referrals::inbox::pages::{state, urgency};
use crate::referrals::inbox::{self, need_on_lists};
use crate::referrals::row::Referral;
use crate::referrals::words::{Act, Status};
use crate::web::form::Query;
use crate::web::parts::{Badge, Choice, Tab as TabLink, Tone};
use crate::web::{Form, Page, Routes};

/// The board.
pub fn routes() -> Routes {
    Routes::new().page("GET", "/referrals", index)
}

#[derive(Template)]
#[template(path = "referrals/html/board.html")]
struct BoardPage {
    p: Page,
    tabs: Vec<TabLink>,
    tab: Tab,
    form: Form,
    services: Vec<Choice>,
    orgs: Vec<Choice>,
    only_overdue: bool,
    columns: Vec<Lane>,
    is_empty: bool,
}

/// One column with its cards.
struct Lane {
    code: &'static str,
    title: String,
    count: String,
    cards: Vec<Card>,
}

/// One referral on the board: a code, never a name (S13).
struct Card {
    href: String,
    code: String,
    need: String,
    service: String,
    other: String,
    urgency: Badge,
    state: Badge,
    closing: Badge,
    due: Badge,
    age: String,
    moves: Vec<(String, String)>,
}

/// GET /referrals
async fn index(mut work: Work, Query(form): Query) -> Result<Response, Error> {
    let default = if work.holds(crate::access::Act::ReferralWrite) { Tab::Sent } else { Tab::Received };
    let tab: Tab = form.value("tab").parse().unwrap_or(default);
    let all = board::look(&mut work, tab).await?;
    let others: Vec<OrgId> = all.iter().filter_map(|referral| board::other_side(referral, tab)).collect();
    let names = board::names(&mut work, &others).await?;
    let packs = inbox::packs(&mut work).await?;
    let title = crate::platform::text::text(work.lang(), "board-title");
    let p = Page::of(&mut work, title).await?;
    let seen = About::subjects(all.iter().map(|referral| referral.id.0));
    let page = Board { work: &work, tab, names: &names, packs: &packs }.page(p, form, &all);
    work.show(seen, page).await
}

struct Board<'a> {
    work: &'a Work,
    tab: Tab,
    names: &'a [(OrgId, String)],
    packs: &'a [Arc<Pack>],
}

impl Board<'_> {
    fn page(&self, p: Page, form: Form, all: &[Referral]) -> BoardPage {
        let filter = Filter {
            overdue: if form.ticked("overdue") { Overdue::Only } else { Overdue::All },
            service: form.value("service").to_owned(),
            org: form.value("org").parse().ok(),
        };
        let shown: Vec<&Referral> = all.iter().filter(|referral| self.is_shown(referral, &filter, &p)).collect();
        let lane = |column: &Column| {
            let inside: Vec<&&Referral> = shown.iter().filter(|referral| board::column(referral, self.tab) == *column).collect();
            Lane {
                code: column.code(),
                title: p.tc("board-column", column.code()),
                count: p.number(inside.len() as i64),
                cards: inside.iter().map(|referral| self.card(&p, referral)).collect(),
            }
        };
        let mut services: Vec<&str> =
            all.iter().map(|referral| referral.wanted.service_name.as_str()).filter(|name| !name.is_empty()).collect();
        services.sort_unstable();
        services.dedup();
        let tabs = Tab::ALL.iter().map(|each| {
            TabLink::new(format!("/referrals?tab={each}"), p.tc("board-tab", each.code())).on_when(self.tab.code(), each.code())
        });
        BoardPage {
            tabs: tabs.collect(),
            tab: self.tab,
            services: services.into_iter().map(|name| Choice::new(name, name)).collect(),
            orgs: self.names.iter().map(|(id, name)| Choice::new(id.to_string(), name.clone())).collect(),
            only_overdue: filter.overdue == Overdue::Only,
            columns: board::columns(self.tab).iter().map(lane).collect(),
            is_empty: shown.is_empty(),
            form,
            p,
        }
    }

    fn is_shown(&self, referral: &Referral, filter: &Filter, p: &Page) -> bool {
        (filter.overdue == Overdue::All || board::is_overdue(referral, p.reader.now))
            && (filter.service.is_empty() || referral.wanted.service_name == filter.service)
            && (filter.org.is_none() || board::other_side(referral, self.tab) == filter.org)
    }

    fn card(&self, p: &Page, referral: &Referral) -> Card {
        let known = &referral.state;
        let other = board::other_side(referral, self.tab);
        let name = self.names.iter().find(|(id, _)| Some(*id) == other).map(|(_, name)| name.clone());
        let age = board::age_days(referral, p.reader.now).filter(|_| known.status != Status::Draft);
        Card {
            href: format!("/referrals/{}", referral.id),
            code: referral.code.clone(),
            need: need_on_lists(self.packs, &referral.wanted.need, p.reader.lang, &p.t("inbox-confidential-need")),
            service: self.service(referral),
            other: name.unwrap_or_else(|| referral.to.name.clone()),
            urgency: if known.terms.priority.code() == "normal" {
                Badge::default()
            } else {
                urgency(p, known.terms.priority.code())
            },
            state: state(p, known.status.code(), known.step.code()),
            closing: if known.status.is_answered() { closing(p, board::closing(referral, self.tab)) } else { Badge::default() },
            due: due(p, referral),
            age: age.map(|days| p.reader.digits(&p.ta("board-age", "count", days))).unwrap_or_default(),
            moves: self.moves(p, referral),
        }
    }

    // A service's name can say as much as a need; both stay unnamed together.
    fn service(&self, referral: &Referral) -> String {
        let sensitive = self.packs.iter().find_map(|pack| pack.need(&referral.wanted.need)).is_some_and(|need| need.sensitive);
        if sensitive { String::new() } else { referral.wanted.service_name.clone() }
    }

    fn moves(&self, p: &Page, referral: &Referral) -> Vec<(String, String)> {
        let link = |act: &Act| {
            let id = referral.id;
            let to = match act {
                Act::ConfirmReceipt | Act::ReopenLoop => format!("/referrals/{id}/follow-up"),
                Act::Approve | Act::Submit | Act::Cancel | Act::RequestCancellation => format!("/referrals/{id}"),
                act => format!("{}?back={}", Resource::of(*act)?.path(id), "/referrals?tab=received"),
            };
            Some((to, p.tc("board-act", act.code())))
        };
        board::moves(self.work, referral, self.tab).iter().filter_map(link).collect()
    }
}

fn due(p: &Page, referral: &Referral) -> Badge {
    match referral.clocks.next_due_at {
        Some(due) if due < p.reader.now => Badge::new(p.reader.overdue(due), Tone::Danger).with_icon("clock"),
        Some(due) => Badge::new(p.when(&due), Tone::Neutral).with_icon("clock"),
        None => Badge::default(),
    }
}
