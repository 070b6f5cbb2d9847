//! The search page of the directory.
use askama::Template;
use axum::response::Response;

use super::{accepting, freshness, hidden, language_choices};
use crate::access::Act;
use crate::directory::service::Listed;
use crate::directory::store::{self, Openness, PAGE, Question, Taking};
use crate::directory::vocabulary::{Vocabulary, vocabulary};
use crate::error::Error;
use crate::platform::db::Work;
use crate::platform::text::text;
use crate::web::form::Query;
use crate::web::parts::{Badge, Choice, Pager};
use crate::web::{Form, Page};

#[derive(Template)]
#[template(path = "directory/html/services.html")]
struct Services {
    p: Page,
    form: Form,
    needs: Vec<Choice>,
    areas: Vec<Choice>,
    languages: Vec<Choice>,
    openings: Vec<Choice>,
    heads: [String; 4],
    groups: Vec<(String, Vec<Row>)>,
    asked: bool,
    pager: Pager,
    may_edit: bool,
}

struct Row {
    href: String,
    name: String,
    org: String,
    states: Vec<Badge>,
    capacity: String,
    confirmed: String,
}

/// GET /services
pub(super) async fn index(mut work: Work, Query(mut form): Query) -> Result<Response, Error> {
    let lang = work.lang();
    let question = asked(&mut form, &work);
    let known = vocabulary(&mut work).await?;
    let found = store::search(&mut work, &question).await?;
    let areas = store::areas(&mut work).await?;
    let may_edit = work.holds(Act::ServiceEdit);
    let p = Page::of(&mut work, text(lang, "directory-title")).await?;
    let page = Services {
        needs: known.need_choices(lang),
        areas: areas.into_iter().map(|area| Choice::new(area.clone(), area)).collect(),
        languages: language_choices(&p),
        openings: openings(&p),
        heads: [p.t("directory-service"), p.t("directory-state"), p.t("directory-capacity"), p.t("directory-confirmed")],
        pager: pager(&p, &form, question.page.max(1), found.total),
        groups: groups(&p, found.services, &known),
        asked: ["q", "need", "area", "language", "open", "accepting", "mine"].iter().any(|name| form.filled(name)),
        may_edit,
        form,
        p,
    };
    work.show_plain(page).await
}

fn asked(form: &mut Form, work: &Work) -> Question {
    Question {
        text: form.text_maybe("q", 200),
        need: form.value("need").to_owned(),
        area: form.value("area").to_owned(),
        language: form.value("language").to_owned(),
        open: match form.value("open") {
            "now" => Openness::Now,
            day => day.parse().ok().filter(|day| (1..=7).contains(day)).map_or(Openness::Any, Openness::On),
        },
        taking: if form.ticked("accepting") { Taking::AcceptingNow } else { Taking::Any },
        org: form.ticked("mine").then_some(work.standing.org),
        page: form.parsed_maybe("page").unwrap_or(1).clamp(1, 100_000),
        ..Question::default()
    }
}

fn openings(p: &Page) -> Vec<Choice> {
    let mut choices = vec![Choice::new("now", p.t("directory-open-now"))];
    choices.extend((1..=7).map(|day| Choice::new(day.to_string(), p.t(&format!("directory-day-{day}")))));
    choices
}

// Under the name of each area, in the order of the best service in it.
fn groups(p: &Page, services: Vec<Listed>, known: &Vocabulary) -> Vec<(String, Vec<Row>)> {
    let mut groups: Vec<(String, Vec<Row>)> = Vec::new();
    for service in services {
        let area = if service.admin1.is_empty() { p.t("directory-no-area") } else { service.admin1.clone() };
        let row = row(p, service, known);
        match groups.iter_mut().find(|(name, _)| *name == area) {
            Some((_, rows)) => rows.push(row),
            None => groups.push((area, vec![row])),
        }
    }
    groups
}

fn row(p: &Page, service: Listed, known: &Vocabulary) -> Row {
    let approval = if service.requires_approval {
        Badge::new(p.t("directory-requires-approval"), crate::web::parts::Tone::Info)
    } else {
        Badge::default()
    };
    let agreement = service.agreement.as_ref().map_or_else(Badge::default, |_| {
        Badge::new(p.t("directory-has-agreement"), crate::web::parts::Tone::Neutral).with_icon("check")
    });
    Row {
        href: format!("/services/{}", service.id),
        states: vec![accepting(p, service.accepting), approval, agreement, hidden(p, service.visibility)],
        capacity: capacity(p, service.places_free, service.waiting_days),
        confirmed: service.verified_at.map_or_else(
            || p.t("directory-never-confirmed"),
            |at| {
                let when = p.reader.relative(at);
                let stale = freshness(p, Some(at), known).word;
                if stale.is_empty() { when } else { format!("{stale} · {when}") }
            },
        ),
        org: service.org_name,
        name: service.name,
    }
}

/// `3 places free · wait 5 days`, as far as it is known.
pub(super) fn capacity(p: &Page, places_free: Option<i32>, waiting_days: Option<i32>) -> String {
    let free = places_free.map(|count| p.reader.digits(&p.ta("directory-places-free", "count", count)));
    let wait = waiting_days.map(|days| p.reader.digits(&p.ta("directory-wait", "count", days)));
    let parts: Vec<String> = free.into_iter().chain(wait).collect();
    if parts.is_empty() { p.t("directory-capacity-unknown") } else { parts.join(" · ") }
}

fn pager(p: &Page, form: &Form, page: i64, total: i64) -> Pager {
    let link = |page: i64| {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        for name in ["q", "need", "area", "language", "open", "accepting", "mine"] {
            if form.filled(name) {
                query.append_pair(name, form.value(name));
            }
        }
        format!("/services?{}", query.append_pair("page", &page.to_string()).finish())
    };
    Pager {
        summary: p.reader.digits(&p.ta("directory-count", "count", total)),
        prev: if page > 1 { link(page - 1) } else { String::new() },
        next: if page * PAGE < total { link(page + 1) } else { String::new() },
    }
}
