//! Page: the inbox, with its quick answers and the capacity of our services beside it.
use std::sync::Arc;

use askama::Template;
use axum::response::Response;

use super::{After, Capacity, Colleague, Inbox, Row, Shelf, store};
use crate::access::Act;
use crate::audit::About;
use crate::error::Error;
use crate::packs::{Pack, ReasonKind};
use crate::platform::db::Work;
use crate::projects::store::hosted;
use crate::referrals::inbox;
use crate::referrals::row::Referral;
use crate::web::Page;
use crate::web::form::Query;
use crate::web::parts::{Badge, Choice, Pager, Tab, Tone};

#[derive(Template)]
#[template(path = "referrals/html/inbox.html")]
struct InboxPage {
    p: Page,
    shelves: Vec<Tab>,
    heads: [String; 5],
    rows: Vec<Line>,
    pager: Pager,
    services: Vec<Place>,
    empty_next: &'static str,
    may_answer: bool,
    may_assign: bool,
    hosts: bool,
    back: String,
}

/// One referral as the list shows it.
struct Line {
    id: String,
    code: String,
    need: String,
    service: String,
    area: String,
    urgency: Badge,
    state: Badge,
    from: String,
    due: Badge,
    note: String,
    assignee: String,
    is_claimed: bool,
    is_new: bool,
    version: i32,
    reasons: Vec<Choice>,
    colleagues: Vec<Choice>,
}

/// One of our services with what it can take on.
struct Place {
    name: String,
    free: Badge,
    wait: String,
    href: String,
}

/// GET /inbox
pub(super) async fn index(mut work: Work, Query(query): Query) -> Result<Response, Error> {
    let shelf: Shelf = query.value("shelf").parse().unwrap_or(Shelf::All);
    let inbox = inbox::look(&mut work, shelf, After::read(query.value("after"))).await?;
    let packs = inbox::packs(&mut work).await?;
    let title = crate::platform::text::text(work.lang(), "inbox-title");
    let p = Page::of(&mut work, title).await?;
    let seen: Vec<_> = inbox.rows.iter().map(|row| row.id).collect();
    let hosts = !hosted::list(&mut work).await?.is_empty() || !hosted::to_delete(&mut work).await?.is_empty();
    let page = InboxPage { hosts, ..page(p, shelf, &inbox, &packs, &work) };
    work.show(About::subjects(seen), page).await
}

fn page(p: Page, shelf: Shelf, inbox: &Inbox, packs: &[Arc<Pack>], work: &Work) -> InboxPage {
    let address = |shelf: Shelf| if shelf == Shelf::All { "/inbox".to_owned() } else { format!("/inbox?shelf={shelf}") };
    let shelves = Shelf::ALL.iter().map(|each| {
        let count = inbox.counts.of(*each);
        // Where there are more than were counted, each figure is the least there are.
        let more = if inbox.counts.all >= store::MOST_COUNTED && count > 0 { "+" } else { "" };
        let count = format!("{}{more}", p.number(count));
        Tab::new(address(*each), p.tc("inbox-shelf", each.code())).counted(count).on_when(shelf.code(), each.code())
    });
    let heads = ["inbox-referral", "inbox-need", "inbox-from", "inbox-due", "inbox-answer"].map(|key| p.t(key));
    let joint = if shelf == Shelf::All { "?" } else { "&" };
    let next = inbox.next.map(|after| format!("{}{joint}after={}", address(shelf), after.write())).unwrap_or_default();
    let summary = p.ta("inbox-shown", "count", inbox.rows.len() as i64);
    InboxPage {
        shelves: shelves.collect(),
        heads,
        rows: inbox.rows.iter().map(|row| line(&p, row, packs, &inbox.colleagues)).collect(),
        pager: Pager { summary: p.reader.digits(&summary), prev: String::new(), next },
        services: inbox.services.iter().map(|service| place(&p, service)).collect(),
        empty_next: if shelf == Shelf::All { "inbox-empty-next" } else { "inbox-empty-shelf-next" },
        may_answer: work.holds(Act::ReferralAnswer),
        may_assign: work.holds(Act::ReferralAssign),
        hosts: false,
        back: address(shelf),
        p,
    }
}

fn line(p: &Page, row: &Row, packs: &[Arc<Pack>], colleagues: &[Colleague]) -> Line {
    let confidential = p.t("inbox-confidential-need");
    let cleared = colleagues.iter().filter(|colleague| colleague.cleared.contains(&row.case_type));
    Line {
        id: row.id.to_string(),
        code: row.code.clone(),
        need: inbox::need_on_lists(packs, &row.need, p.reader.lang, &confidential),
        // A service can give a need away whose name may not stand on lists.
        service: if inbox::is_sensitive(packs, &row.need) { String::new() } else { row.service.clone() },
        area: row.area.clone(),
        urgency: urgency(p, &row.priority),
        state: state_of(p, &row.kind, &row.status, &row.step),
        from: if row.kind == "internal" { format!("{} · {}", row.from_org, row.from_unit) } else { row.from_org.clone() },
        due: due(p, row),
        note: note(p, row),
        assignee: row.assignee_name.clone().unwrap_or_default(),
        is_claimed: row.assignee.is_some(),
        // A transfer notice is answered on its own page, where the case is taken over.
        is_new: row.status == "requested" && row.kind != "transfer_notice",
        version: row.version,
        reasons: decline_reasons(p, packs),
        colleagues: cleared.map(|colleague| Choice::new(colleague.id.to_string(), colleague.name.clone())).collect(),
    }
}

/// How urgent a referral is, as a word with a tone.
pub fn urgency(p: &Page, priority: &str) -> Badge {
    let tone = match priority {
        "emergency" => Tone::Danger,
        "urgent" => Tone::Warning,
        _ => Tone::Neutral,
    };
    Badge::new(p.tc("inbox-priority", priority), tone)
}

/// Where a referral stands, as a word with a tone; what the far side never got is nothing that was just sent.
pub fn standing(p: &Page, referral: &Referral) -> Badge {
    let state = &referral.state;
    if state.is_copy_lost() {
        return Badge::new(p.tc("inbox-step", "copy_lost"), Tone::Danger);
    }
    state_of(p, state.terms.kind.code(), state.status.code(), state.step.code())
}

// A notice is taken over; no service is given by it.
fn state_of(p: &Page, kind: &str, status: &str, step: &str) -> Badge {
    match (kind, status) {
        ("transfer_notice", "accepted") => Badge::new(p.t("referral-log-accept-notice"), Tone::Neutral),
        ("transfer_notice", "completed") => Badge::new(p.t("referral-log-complete-notice"), Tone::Good),
        _ => state(p, status, step),
    }
}

/// What a step is called that any referral but a notice came to.
pub fn state(p: &Page, status: &str, step: &str) -> Badge {
    let tone = match (status, step) {
        (_, "cancellation_requested" | "no_show" | "appointment_cancelled" | "person_unreachable") => Tone::Warning,
        ("requested" | "on_hold", _) => Tone::Info,
        ("completed", _) => Tone::Good,
        ("rejected" | "failed", _) => Tone::Danger,
        _ => Tone::Neutral,
    };
    let family = if step == "ended" { ("inbox-status", status) } else { ("inbox-step", step) };
    Badge::new(p.tc(family.0, family.1), tone)
}

fn due(p: &Page, row: &Row) -> Badge {
    // What the sender decides once sharing has ended is due for nobody here (S4).
    let senders_own = row.status == "requested" && row.next_side.as_deref() == Some("from");
    match row.next_due_at.filter(|_| !senders_own) {
        Some(due) if row.is_overdue(p.reader.now) => Badge::new(p.reader.overdue(due), Tone::Danger).with_icon("clock"),
        Some(due) => Badge::new(p.when(&due), Tone::Neutral).with_icon("clock"),
        None => Badge::default(),
    }
}

// What a worker wants to know before opening the referral: the appointment, or the place on the waiting list.
fn note(p: &Page, row: &Row) -> String {
    let appointment = row.appointment_at.filter(|_| row.shelf() == Shelf::Scheduled);
    let expected = row.expected_on.filter(|_| row.step == "waitlisted");
    match (appointment, expected) {
        (Some(at), _) => p.ta("inbox-appointment-at", "when", p.moment(&at)),
        (None, Some(on)) => p.ta("inbox-expected-on", "date", p.date(&on)),
        (None, None) => String::new(),
    }
}

/// The reasons for declining, each with what it means for the sender.
pub fn decline_reasons(p: &Page, packs: &[Arc<Pack>]) -> Vec<Choice> {
    let reasons = packs.first().into_iter().flat_map(|pack| pack.reasons(ReasonKind::Decline));
    reasons.map(|reason| Choice::new(reason.code.clone(), reason.labels.get(p.reader.lang))).collect()
}

fn place(p: &Page, service: &Capacity) -> Place {
    let free = match (service.not_accepting, service.places_free) {
        (true, _) => Badge::new(p.t("inbox-not-accepting"), Tone::Danger),
        (_, Some(0)) => Badge::new(p.t("inbox-full"), Tone::Warning),
        (_, Some(free)) => Badge::new(p.ta("inbox-places-free", "count", free), Tone::Good),
        (_, None) => Badge::new(p.t("inbox-places-unknown"), Tone::Neutral),
    };
    let own = service.names.get(p.lang).and_then(|name| name.as_str());
    Place {
        name: own.unwrap_or(&service.name).to_owned(),
        free: Badge { word: p.reader.digits(&free.word), ..free },
        wait: service.waiting_days.map(|days| p.reader.span("inbox-waiting", days.into())).unwrap_or_default(),
        href: format!("/services/{}", service.id),
    }
}
