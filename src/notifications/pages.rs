//! Pages: the list by day, marking as read, preferences. Marking is a POST; the button of an unread one marks it and leads on.
use askama::Template;
use axum::response::Response;

use super::kinds::{Group, KINDS, codes_of};
use super::store::{self, Notification, Wanted};
use crate::error::Error;
use crate::platform::db::Work;
use crate::platform::ids::{CaseId, NotificationId};
use crate::platform::text::text;
use crate::tasks::task;
use crate::web::form::{Path, Query};
use crate::web::parts::{Choice, Tab};
use crate::web::{Form, Page, Routes};

const MOST: i64 = 200;

/// The pages of this room.
pub fn routes() -> Routes {
    Routes::new()
        .page("GET", "/notifications", index)
        .page("POST", "/notifications/reading", read_all)
        .page("POST", "/notifications/{id}/reading", read)
        .page("GET", "/account/notifications", edit)
        .page("POST", "/account/notifications", update)
}

#[derive(Template)]
#[template(path = "notifications/html/index.html")]
struct Index {
    p: Page,
    filters: Vec<Tab>,
    days: Vec<(String, Vec<Row>)>,
    any_unread: bool,
}

struct Row {
    id: NotificationId,
    what: String,
    code: String,
    at: String,
    href: String,
    unread: bool,
}

/// GET /notifications
async fn index(mut work: Work, Query(query): Query) -> Result<Response, Error> {
    let title = text(work.lang(), "notifications-title");
    let p = Page::of(&mut work, title).await?;
    let group = Group::ALL.into_iter().find(|group| group.code() == query.value("kind"));
    let kinds = group.map(codes_of).unwrap_or_default();
    let wanted = Wanted { unread: query.value("show") == "unread", kinds, ..Wanted::default() };
    let found = store::list(&mut work, &wanted, MOST).await?;
    let any_unread = found.iter().any(|one| one.read_at.is_none());
    let mut days: Vec<(String, Vec<Row>)> = Vec::new();
    for one in found {
        let day = p.reader.day(one.recorded_at);
        let row = row(&p, one);
        match days.last_mut() {
            Some((last, rows)) if *last == day => rows.push(row),
            _ => days.push((day, vec![row])),
        }
    }
    let filters = filters(&p, wanted.unread, group);
    work.show_plain(Index { p, filters, days, any_unread }).await
}

fn row(p: &Page, one: Notification) -> Row {
    Row {
        id: one.id,
        what: what(p, &one),
        at: p.moment(&one.recorded_at),
        href: href(&one),
        code: one.code.unwrap_or_default(),
        unread: one.read_at.is_none(),
    }
}

// What happened and, where it happened to a task, which one.
fn what(p: &Page, one: &Notification) -> String {
    let happened = p.tc("notification", &one.kind.replace('.', "_"));
    match (&one.task, one.task_title.as_deref()) {
        (None, _) => happened,
        (Some(_), Some(title)) if !title.is_empty() => format!("{happened}: {title}"),
        (Some(kind), _) => format!("{happened}: {}", p.tc("task", kind)),
    }
}

fn filters(p: &Page, unread: bool, group: Option<Group>) -> Vec<Tab> {
    let show = if unread { "unread" } else { "all" };
    let kind = group.map_or("all", Group::code);
    let mut tabs = vec![
        Tab::new(format!("/notifications?kind={kind}"), p.t("notifications-all")).on_when(show, "all"),
        Tab::new(format!("/notifications?show=unread&kind={kind}"), p.t("notifications-unread")).on_when(show, "unread"),
    ];
    tabs.extend(Group::ALL.into_iter().map(|one| {
        // A second tap on a chosen group shows every kind again.
        let to = if group == Some(one) { "all" } else { one.code() };
        Tab::new(format!("/notifications?show={show}&kind={to}"), p.tc("notifications-group", one.code()))
            .on_when(kind, one.code())
    }));
    tabs
}

fn href(one: &Notification) -> String {
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
    kinds: Vec<Choice>,
}

fn quietable() -> Vec<String> {
    KINDS.iter().filter(|kind| kind.may_be_quiet()).map(|kind| kind.code()).collect()
}

/// GET /account/notifications
async fn edit(mut work: Work) -> Result<Response, Error> {
    let title = text(work.lang(), "notifications-preferences");
    let p = Page::of(&mut work, title).await?;
    let quiet = store::quiet(&mut work).await?;
    let mut form = Form::default();
    form.set_all("kinds", quietable().into_iter().filter(|kind| !quiet.contains(kind)).collect());
    let kinds = quietable().into_iter().map(|kind| Choice::new(kind.clone(), p.tc("notification", &kind))).collect();
    work.show_plain(Preferences { p, form, kinds }).await
}

/// POST /account/notifications
async fn update(mut work: Work, mut form: Form) -> Result<Response, Error> {
    let known = quietable();
    let wanted = form.some_of("kinds", known.iter().map(String::as_str));
    form.check()?;
    let quiet: Vec<String> = known.into_iter().filter(|kind| !wanted.contains(kind)).collect();
    store::set_quiet(&mut work, &quiet).await?;
    work.then("/account/notifications", "account-saved").await
}
