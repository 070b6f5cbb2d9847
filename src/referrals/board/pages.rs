//! Page: the referrals board.
use std::collections::HashMap;
use std::sync::Arc;

use askama::Template;
use axum::response::Response;
use uuid::Uuid;

use super::store::Offered;
use super::{Column, Filter, Overdue, Tab, View};
use crate::audit::About;
use crate::error::Error;
use crate::packs::Pack;
use crate::platform::db::Work;
use crate::platform::ids::OrgId;
use crate::referrals::answer::Resource;
use crate::referrals::board;
use crate::referrals::follow_up::pages::closing;
use crate::referrals::inbox::pages::{standing, urgency};
use crate::referrals::inbox::{self, need_on_lists};
use crate::referrals::row::Referral;
use crate::referrals::words::{Act, Status};
use crate::web::form::Query;
use crate::web::parts::{Badge, Choice, Pager, Tab as TabLink, Tone};
use crate::web::{Form, Page};

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
    back: String,
    is_empty: bool,
}

/// One column with its cards.
struct Lane {
    code: &'static str,
    title: String,
    count: String,
    cards: Vec<Card>,
    /// Where all of them are, if more stand there than are shown.
    all: String,
    /// The pages of it, where it is looked at alone.
    pager: Option<Pager>,
}

/// One referral on the board: a code, never a name (S13).
struct Card {
    href: String,
    code: String,
    // The case it is written from, by its code (S13).
    case: String,
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
pub async fn index(mut work: Work, Query(form): Query) -> Result<Response, Error> {
    let tab: Tab = form.value("tab").parse().unwrap_or_else(|_| board::api::default_tab(&work));
    let filter = Filter {
        overdue: if form.ticked("overdue") { Overdue::Only } else { Overdue::All },
        service: form.value("service").to_owned(),
        org: form.value("org").parse().ok(),
    };
    let column = form.value("column").parse().ok().filter(|column| board::columns(tab).contains(column));
    let view = View { column, page: form.value("page").parse().unwrap_or(1).clamp(1, 100_000) };
    let lanes = board::look(&mut work, tab, &filter, view).await?;
    let offered = board::store::offered(&mut work, tab).await?;
    let on_cards = lanes.iter().flat_map(|lane| &lane.referrals).filter_map(|referral| board::other_side(referral, tab));
    let others: Vec<OrgId> = offered.iter().filter_map(|one| one.other).chain(on_cards).collect();
    let names = board::names(&mut work, &others).await?;
    let packs = inbox::packs(&mut work).await?;
    let written_from: Vec<Uuid> = lanes.iter().flat_map(|lane| &lane.referrals).filter_map(|one| Some(one.case_id?.0)).collect();
    let cases = board::store::case_codes(&mut work, &written_from).await?;
    let title = crate::platform::text::text(work.lang(), "board-title");
    let p = Page::of(&mut work, title).await?;
    let seen = About::subjects(lanes.iter().flat_map(|lane| &lane.referrals).map(|referral| referral.id.0));
    let page =
        Board { work: &work, tab, view, names: &names, packs: &packs, cases: &cases, form: &form }.page(p, &lanes, &offered);
    work.show(seen, page).await
}

struct Board<'a> {
    work: &'a Work,
    tab: Tab,
    view: View,
    names: &'a [(OrgId, String)],
    packs: &'a [Arc<Pack>],
    cases: &'a HashMap<Uuid, String>,
    form: &'a Form,
}

impl Board<'_> {
    fn page(&self, p: Page, lanes: &[board::Lane], offered: &[Offered]) -> BoardPage {
        // A service of a sensitive need stays unnamed among the choices too.
        let named = offered.iter().filter(|one| !one.service.is_empty() && !self.is_sensitive(&one.need));
        let mut services: Vec<(&str, &str)> = named.map(|one| (one.service.as_str(), one.called.as_str())).collect();
        services.dedup_by_key(|(name, _)| *name);
        let tabs = Tab::ALL.iter().map(|each| {
            TabLink::new(format!("/referrals?tab={each}"), p.tc("board-tab", each.code())).on_when(self.tab.code(), each.code())
        });
        BoardPage {
            tabs: tabs.collect(),
            tab: self.tab,
            services: services.into_iter().map(|(name, called)| Choice::new(name, called)).collect(),
            orgs: self.names.iter().map(|(id, name)| Choice::new(id.to_string(), name.clone())).collect(),
            only_overdue: self.form.ticked("overdue"),
            columns: lanes.iter().map(|lane| self.lane(&p, lane)).collect(),
            back: if self.view.column.is_some() { self.address(None, 1) } else { String::new() },
            is_empty: lanes.iter().all(|lane| lane.referrals.is_empty()),
            form: self.form.clone(),
            p,
        }
    }

    fn lane(&self, p: &Page, lane: &board::Lane) -> Lane {
        let more = lane.total > lane.referrals.len() as i64 && self.view.column.is_none();
        Lane {
            code: lane.column.code(),
            title: p.tc("board-column", lane.column.code()),
            count: p.number(lane.total) + if lane.cut { "+" } else { "" },
            cards: lane.referrals.iter().map(|referral| self.card(p, referral)).collect(),
            all: if more { self.address(Some(lane.column), 1) } else { String::new() },
            pager: self.view.column.map(|column| self.pager(p, column, lane)),
        }
    }

    fn pager(&self, p: &Page, column: Column, lane: &board::Lane) -> Pager {
        let page = self.view.page;
        let first = (page - 1) * board::PAGE;
        let shown = lane.referrals.len() as i64;
        let values =
            [("from", (first + 1).min(first + shown).into()), ("to", (first + shown).into()), ("count", lane.total.into())];
        let summary = crate::platform::text::text_with(p.reader.lang, "board-shown", &values);
        Pager {
            summary: p.reader.digits(&summary),
            prev: if page > 1 { self.address(Some(column), page - 1) } else { String::new() },
            next: if first + shown < lane.total { self.address(Some(column), page + 1) } else { String::new() },
        }
    }

    // The same tab and filter, of one column or all.
    fn address(&self, column: Option<Column>, page: i64) -> String {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        query.append_pair("tab", self.tab.code());
        for name in ["service", "org", "overdue"] {
            if self.form.filled(name) {
                query.append_pair(name, self.form.value(name));
            }
        }
        if let Some(column) = column {
            query.append_pair("column", column.code());
        }
        if page > 1 {
            query.append_pair("page", &page.to_string());
        }
        format!("/referrals?{}", query.finish())
    }

    fn is_sensitive(&self, need: &str) -> bool {
        inbox::is_sensitive(self.packs, need)
    }

    fn card(&self, p: &Page, referral: &Referral) -> Card {
        let known = &referral.state;
        let other = board::other_side(referral, self.tab);
        let name = self.names.iter().find(|(id, _)| Some(*id) == other).map(|(_, name)| name.clone());
        let age = board::age_days(referral, p.reader.now).filter(|_| known.status != Status::Draft);
        Card {
            href: format!("/referrals/{}", referral.id),
            code: referral.code.clone(),
            case: referral.case_id.and_then(|case| self.cases.get(&case.0).cloned()).unwrap_or_default(),
            need: need_on_lists(self.packs, &referral.wanted.need, p.reader.lang, &p.t("inbox-confidential-need")),
            service: self.service(referral),
            other: name.unwrap_or_else(|| referral.to.name.clone()),
            urgency: if known.terms.priority.code() == "normal" {
                Badge::default()
            } else {
                urgency(p, known.terms.priority.code())
            },
            state: standing(p, referral),
            closing: if known.status.is_answered() { closing(p, board::closing(referral, self.tab)) } else { Badge::default() },
            due: due(p, referral, self.tab),
            age: age.map(|days| p.reader.span("board-age", days)).unwrap_or_default(),
            moves: self.moves(p, referral),
        }
    }

    // A service's name can say as much as a need; both stay unnamed together.
    fn service(&self, referral: &Referral) -> String {
        if self.is_sensitive(&referral.wanted.need) { String::new() } else { referral.wanted.service_called.clone() }
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

fn due(p: &Page, referral: &Referral, tab: Tab) -> Badge {
    match referral.clocks.next_due_at.filter(|_| referral.tells_due(board::side(tab))) {
        Some(due) if due < p.reader.now => Badge::new(p.reader.overdue(due), Tone::Danger).with_icon("clock"),
        Some(due) => Badge::new(p.when(&due), Tone::Neutral).with_icon("clock"),
        None => Badge::default(),
    }
}
