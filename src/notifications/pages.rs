//! Pages: "My notifications" by when they are due, marking as read and as done, preferences. Marking is a POST; the button of an unread one marks it and leads on.
use std::sync::Arc;

use askama::Template;
use axum::response::Response;

use super::filter::{Due, Filter};
use super::kinds::{Group, KINDS, codes_of};
use super::store::{self, Notification};
use super::wanted::{Place, Wanted};
use crate::error::Error;
use crate::packs::{CaseType, Pack, Sensitivity};
use crate::platform::db::Work;
use crate::platform::ids::{CaseId, NotificationId};
use crate::platform::text::{text, text_with};
use crate::tasks::task;
use crate::web::form::{Path, Query};
use crate::web::parts::{Badge, Choice, Pager, Tab, Tone};
use crate::web::{Form, Page, Routes};

// A page of so many is read on a phone too; the rest comes page by page.
const MOST: i64 = 30;
const DIGESTS: [&str; 3] = ["never", "daily", "weekly"];

/// The pages of this room.
pub fn routes() -> Routes {
    Routes::new()
        .page("GET", "/notifications", index)
        .page("POST", "/notifications/reading", read_all)
        .page("POST", "/notifications/{id}/reading", read)
        .page("POST", "/notifications/{id}/done", done)
        .page("POST", "/notifications/{id}/reopening", reopen)
        .page("GET", "/account/notifications", edit)
        .page("POST", "/account/notifications", update)
}

#[derive(Template)]
#[template(path = "notifications/html/index.html")]
struct Index {
    p: Page,
    dues: Vec<Tab>,
    kinds: Vec<Tab>,
    programmes: Vec<Tab>,
    here: String,
    parts: Vec<(String, Vec<Row>)>,
    pager: Pager,
}

struct Row {
    id: NotificationId,
    what: String,
    code: String,
    programme: String,
    at: String,
    due: Badge,
    exact: String,
    href: String,
    unread: bool,
    done: bool,
}

/// GET /notifications
async fn index(mut work: Work, Query(query): Query) -> Result<Response, Error> {
    let title = text(work.lang(), "notifications-title");
    let p = Page::of(&mut work, title).await?;
    let filter = Filter::of(&query);
    let packs = programmes(&mut work).await?;
    let after = Place::read(query.value("after"));
    let wanted = Wanted { after, ..filter.wanted(p.reader.now, p.reader.zone) };
    let mut found = store::list(&mut work, &wanted, MOST + 1).await?;
    let more = found.len() as i64 > MOST;
    found.truncate(usize::try_from(MOST).unwrap_or(usize::MAX));
    let urgent = codes_of(Group::Urgent);
    let trail = Filter::trail(&query);
    let next = found.last().filter(|_| more).map(|last| Place::of(last, filter.order(), &urgent));
    let (prev, next) = filter.around(after, &trail, next);
    let mut parts: Vec<(String, Vec<Row>)> = Vec::new();
    for one in found {
        let part = part(&p, &filter, &urgent, &one);
        let row = row(&p, &packs, one);
        match parts.last_mut() {
            Some((last, rows)) if *last == part => rows.push(row),
            _ => parts.push((part, vec![row])),
        }
    }
    let page = Index {
        dues: dues(&p, &filter),
        kinds: kinds(&p, &filter),
        programmes: programme_tabs(&p, &packs, &filter),
        here: filter.page(after, &trail),
        parts,
        pager: Pager { prev, next, ..Pager::default() },
        p,
    };
    work.show_plain(page).await
}

type Programmes = Vec<(Arc<Pack>, Vec<CaseType>)>;

// The programmes that the reader works in; a type they are not cleared for is no choice (S11), a restricted one is named on no list (S13).
async fn programmes(work: &mut Work) -> Result<Programmes, Error> {
    let cleared = sqlx::query_scalar!("select access.my_types() as \"types!\"").fetch_one(work.db()).await?;
    let mut packs = crate::packs::store::for_types(work, &cleared).await?;
    for (_, types) in &mut packs {
        types.retain(|known| known.sensitivity != Sensitivity::Restricted);
    }
    Ok(packs)
}

// Under which heading a row stands: what is urgent, by when, or the day it was told or done.
fn part(p: &Page, filter: &Filter, urgent: &[String], one: &Notification) -> String {
    match (one.done_at, one.due_at) {
        (Some(done), _) => p.reader.day(done),
        _ if filter.due == Due::Newest => p.reader.day(one.recorded_at),
        (None, _) if urgent.contains(&one.kind) => p.tc("notifications-group", Group::Urgent.code()),
        (None, Some(due)) if due < p.reader.now => p.t("notifications-part-overdue"),
        (None, Some(_)) => p.t("notifications-part-due"),
        (None, None) => p.t("notifications-part-undated"),
    }
}

fn row(p: &Page, packs: &Programmes, one: Notification) -> Row {
    let late = one.due_at.is_some_and(|due| due < p.reader.now) && one.done_at.is_none();
    let due = match one.due_at.filter(|_| one.done_at.is_none()) {
        Some(due) if late => Badge::new(p.reader.overdue(due), Tone::Danger).with_icon("clock"),
        Some(due) => Badge::new(p.when(&due), Tone::Neutral).with_icon("clock"),
        None => Badge::default(),
    };
    let types = packs.iter().flat_map(|(_, types)| types);
    let programme = types.filter(|known| Some(i16::from(known.id)) == one.case_type).map(|known| known.labels.get(p.reader.lang));
    Row {
        id: one.id,
        what: what(p, &one),
        programme: programme.map(str::to_owned).next().unwrap_or_default(),
        at: p.moment(&one.recorded_at),
        exact: one.due_at.filter(|_| one.done_at.is_none()).map(|due| p.moment(&due)).unwrap_or_default(),
        due,
        href: href(&one),
        code: one.code.unwrap_or_default(),
        unread: one.read_at.is_none(),
        done: one.done_at.is_some(),
    }
}

// What happened and, where it happened to a task, which one.
fn what(p: &Page, one: &Notification) -> String {
    let family = "notification";
    if let Some(cases) = one.cover_cases {
        let day = one.cover_until.map(|day| p.date(&day)).unwrap_or_default();
        let key = format!("{family}-{}", one.kind.replace('_', "-"));
        let said = text_with(p.reader.lang, &key, &[("count", cases.into()), ("day", day.into())]);
        let referrals = one.cover_referrals.filter(|count| *count > 0);
        let beside = referrals.map(|count| text_with(p.reader.lang, "notification-cover-referrals", &[("count", count.into())]));
        return p.reader.digits(&[Some(said), beside].into_iter().flatten().collect::<Vec<_>>().join(" · "));
    }
    let happened = p.tc(family, &one.kind.replace('.', "_"));
    if let (Some(cases), Some(to)) = (one.away_cases.as_deref(), one.away_to.as_deref()) {
        let gone = text_with(p.reader.lang, "notification-away-where", &[("cases", cases.into()), ("to", to.into())]);
        return p.detailed(&happened, &gone);
    }
    if let Some(at) = &one.called_off_at {
        return p.detailed(&happened, &p.moment(at));
    }
    match &one.task {
        None => happened,
        // Who it is says all of it.
        Some(kind) if kind == task::VISIT_OVERDUE && one.kind == kind.as_str() => {
            task::called(p, kind, one.task_title.as_deref().unwrap_or_default())
        }
        Some(kind) if kind == task::VISIT_OUT && one.kind == "visit_prolonged" => {
            p.ta("notification-visit-prolonged-who", "name", one.task_title.clone().unwrap_or_default())
        }
        Some(kind) => p.detailed(&happened, &task::called(p, kind, one.task_title.as_deref().unwrap_or_default())),
    }
}

fn dues(p: &Page, filter: &Filter) -> Vec<Tab> {
    let tab = |due: Due| {
        Tab::new(Filter { due, ..filter.clone() }.href(), p.tc("notifications-due", due.code()))
            .on_when(filter.due.code(), due.code())
    };
    Due::ALL.map(tab).to_vec()
}

fn kinds(p: &Page, filter: &Filter) -> Vec<Tab> {
    let mut tabs = vec![Tab {
        on: filter.unread,
        ..Tab::new(Filter { unread: !filter.unread, ..filter.clone() }.href(), p.t("notifications-unread"))
    }];
    tabs.extend(Group::ALL.map(|one| {
        // A second tap on a chosen group shows every kind again.
        let on = filter.group == Some(one);
        let group = Some(one).filter(|_| !on);
        Tab { on, ..Tab::new(Filter { group, ..filter.clone() }.href(), p.tc("notifications-group", one.code())) }
    }));
    tabs
}

// Programmes where there are several; the types of the chosen one, or of the only one.
fn programme_tabs(p: &Page, packs: &Programmes, filter: &Filter) -> Vec<Tab> {
    let lang = p.reader.lang;
    let mut tabs = Vec::new();
    if packs.len() > 1 {
        tabs.extend(packs.iter().map(|(pack, _)| {
            let on = filter.programme.as_deref() == Some(pack.name.as_str());
            let programme = Some(pack.name.clone()).filter(|_| !on);
            Tab { on, ..Tab::new(Filter { programme, case_type: None, ..filter.clone() }.href(), pack.title.get(lang)) }
        }));
    }
    let chosen = packs.iter().filter(|(pack, _)| packs.len() == 1 || filter.programme.as_deref() == Some(pack.name.as_str()));
    for case_type in chosen.flat_map(|(_, types)| types) {
        let id = i16::from(case_type.id);
        let on = filter.case_type == Some(id);
        let to = Filter { case_type: Some(id).filter(|_| !on), ..filter.clone() };
        tabs.push(Tab { on, ..Tab::new(to.href(), case_type.labels.get(lang)) });
    }
    tabs
}

fn href(one: &Notification) -> String {
    if let Some(transfer) = one.transfer_id {
        return format!("/transfers/{transfer}");
    }
    if let Some(packet) = one.packet_id {
        return format!("/conferences/{packet}");
    }
    if one.called_off_at.is_some() {
        return "/conferences".to_owned();
    }
    if one.cover_id.is_some() {
        return "/covers".to_owned();
    }
    if one.kind.starts_with("supervision_") {
        return "/team/sessions".to_owned();
    }
    if one.kind == "correction_answered" {
        return "/corrections".to_owned();
    }
    // Whoever arranges rights does not see what they are needed for.
    if one.kind == "transfer_unattended" {
        return "/admin/users".to_owned();
    }
    match (one.referral_id, one.case_id, &one.task) {
        (Some(referral), _, _) => format!("/referrals/{referral}"),
        (None, case, Some(kind)) => task::href(kind, case.map(CaseId)).unwrap_or_else(|| "/".to_owned()),
        (None, Some(case), None) => format!("/cases/{case}"),
        (None, None, None) => "/notifications".to_owned(),
    }
}

/// POST /notifications/{id}/reading
async fn read(mut work: Work, Path(id): Path<NotificationId>) -> Result<Response, Error> {
    let one = store::read(&mut work, id).await?;
    work.commit().await?;
    Ok(axum::response::IntoResponse::into_response(axum::response::Redirect::to(&href(&one))))
}

/// POST /notifications/{id}/done
async fn done(mut work: Work, Path(id): Path<NotificationId>, form: Form) -> Result<Response, Error> {
    store::set_done(&mut work, id).await?;
    work.then(&back(&form), "notifications-marked").await
}

/// POST /notifications/{id}/reopening: it was not done after all.
async fn reopen(mut work: Work, Path(id): Path<NotificationId>, form: Form) -> Result<Response, Error> {
    store::set_open(&mut work, id).await?;
    work.then(&back(&form), "notifications-unmarked").await
}

// To the list as it was narrowed; never to an address of somebody else's making.
fn back(form: &Form) -> String {
    let query = form.value("back").split_once('?').map(|(_, query)| query).unwrap_or_default();
    let query = Form::parse(query.as_bytes());
    Filter::of(&query).page(Place::read(query.value("after")), &Filter::trail(&query))
}

/// POST /notifications/reading
async fn read_all(mut work: Work) -> Result<Response, Error> {
    store::read_all(&mut work).await?;
    work.then("/notifications", "notifications-all-read").await
}

#[derive(Template)]
#[template(path = "notifications/html/preferences.html")]
struct Preferences {
    p: Page,
    form: Form,
    groups: Vec<Topic>,
    email: String,
    digests: Vec<Choice>,
}

// What may be switched off of one topic, behind how much of it is on.
struct Topic {
    title: String,
    kinds: Vec<Choice>,
}

fn quietable() -> Vec<String> {
    KINDS.iter().filter(|kind| kind.may_be_quiet()).map(|kind| kind.code()).collect()
}

fn all_but(kinds: &[String]) -> Vec<String> {
    quietable().into_iter().filter(|kind| !kinds.contains(kind)).collect()
}

/// GET /account/notifications
async fn edit(mut work: Work) -> Result<Response, Error> {
    let title = text(work.lang(), "notifications-preferences");
    let p = Page::of(&mut work, title).await?;
    let (quiet, unmailed) = (store::quiet(&mut work).await?, store::digest::quiet(&mut work).await?);
    let (digest, email) = store::digest::choice(&mut work).await?;
    let mut form = Form::default();
    form.set_all("kinds", all_but(&quiet));
    form.set_all("mailed", all_but(&unmailed));
    form.set("digest", digest);
    let page = preferences(p, form, email);
    work.show_plain(page).await
}

fn preferences(p: Page, form: Form, email: String) -> Preferences {
    let groups = Group::ALL.into_iter().filter(|group| *group != Group::Urgent).map(|group| topic(&p, &form, group)).collect();
    let digests = DIGESTS.iter().map(|often| Choice::new(*often, p.tc("digest", often))).collect();
    Preferences { groups, p, form, email, digests }
}

fn topic(p: &Page, form: &Form, group: Group) -> Topic {
    let of_group = KINDS.iter().filter(|kind| kind.group == group && kind.may_be_quiet()).map(|kind| kind.code());
    let kinds: Vec<Choice> = of_group.map(|kind| Choice::new(kind.clone(), p.tc("notification", &kind))).collect();
    let heard = kinds.iter().filter(|kind| form.all("kinds").contains(&kind.value)).count();
    let number = |count: usize| p.number(i64::try_from(count).unwrap_or(i64::MAX));
    let name = p.tc("notifications-group", group.code());
    Topic { title: format!("{name} · {}/{}", number(heard), number(kinds.len())), kinds }
}

/// POST /account/notifications
async fn update(mut work: Work, mut form: Form) -> Result<Response, Error> {
    let known = quietable();
    let wanted = form.some_of("kinds", known.iter().map(String::as_str));
    let mailed = form.some_of("mailed", known.iter().map(String::as_str));
    // Whoever has no address is not asked.
    let has_address = form.filled("digest_address");
    let digest = if has_address { form.one_of("digest", DIGESTS) } else { String::new() };
    form.check()?;
    store::set_quiet(&mut work, &all_but(&wanted)).await?;
    if has_address {
        store::digest::set_quiet(&mut work, &all_but(&mailed)).await?;
    }
    if !digest.is_empty() && !store::digest::choose(&mut work, &digest, form.value("digest_address")).await? {
        return address_changed(work, form).await;
    }
    work.then("/account/notifications", "account-saved").await
}

// The choice is for the address that was shown. Another one is shown first.
async fn address_changed(work: Work, form: Form) -> Result<Response, Error> {
    let mut work = work.again().await?;
    let p = Page::titled(&mut work, "notifications-preferences").await?;
    let (_, email) = store::digest::choice(&mut work).await?;
    let errors = crate::error::FieldErrors::one("digest", "address_changed");
    let page = preferences(p, form.with_errors(errors), email);
    work.show_again(&page)
}
