//! The pages after proof: what is asked and shared, and the receiver's answers. One request, its own words, no script.
use askama::Template;
use axum::response::{Html, IntoResponse, Redirect, Response};
use axum_extra::extract::CookieJar;
use http::StatusCode;

use super::door::{self, Guest};
use super::entrance::{self, At};
use super::{attached, store as links};
use crate::audit::{About, Fact};
use crate::error::{Clash, Error};
use crate::platform::db::Work;
use crate::referrals::answer::{self, Resource};
use crate::referrals::clocks::watch::{self, Clockwork};
use crate::referrals::conversation::{self, Message};
use crate::referrals::inbox::pages::{state, urgency};
use crate::referrals::next::next_move;
use crate::referrals::pages::{facts as recorded, log, packet_view, show};
use crate::referrals::possible;
use crate::referrals::referral::Actor;
use crate::referrals::row::Referral;
use crate::referrals::sending::packet::{self, Opened};
use crate::referrals::store;
use crate::referrals::words::{Act, Side};
use crate::web::form::Query;
use crate::web::gate;
use crate::web::parts::{Badge, Entry};
use crate::web::{Form, Page};

#[derive(Template)]
#[template(path = "referrals/links/html/request.html")]
struct Request {
    p: Page,
    here: &'static str,
    need: String,
    service: String,
    code: String,
    org: String,
    desk: String,
    states: [Badge; 2],
    whose_move: String,
    facts: Vec<Entry>,
    packets: Vec<(bool, Vec<packet_view::Shown>)>,
    attached: Vec<(String, String)>,
    first: Option<Button>,
    others: Vec<Button>,
    messages: Vec<Message>,
    may_write: bool,
    log: Vec<log::LogLine>,
    said: String,
}

/// A link to a question, or a form without one that answers at once.
struct Button {
    href: String,
    label: String,
    posts: bool,
}

/// GET /r: the request for whoever proved themselves; else the next step of the way in.
pub(super) async fn show(mut work: Work, jar: CookieJar, query: Query) -> Result<Response, Error> {
    let chosen = entrance::choose(&mut work, &query);
    let ground = work.ground().clone();
    let Some(guest) = door::open(&mut work, &jar).await? else {
        let at = match (door::was_in(&ground, &jar), door::asked(&ground, &jar)) {
            (true, _) => At::Out,
            (_, Some(_)) => At::Pin,
            _ => At::Code,
        };
        let page = entrance::door(&work, at, Form::default());
        let response = entrance::answer(work, page).await?;
        return Ok(entrance::keep(&ground, response, chosen));
    };
    let said = said(&work, query.0.value("said"));
    let page = request(&mut work, &guest, said).await?;
    links::note_use(&mut work, "opened", "").await?;
    let about = about(&mut work, &guest).await?;
    if page.packets.iter().any(|(full, _)| *full) {
        work.record(Fact::PacketOpened, about.clone()).await?;
    }
    let response = work.show(about, page).await?;
    Ok(entrance::keep(&ground, response, chosen))
}

// What the last answer wants to say: a question's own words, never the browser's.
fn said(work: &Work, code: &str) -> String {
    let key = match code.parse::<Resource>() {
        Ok(resource) => format!("answer-done-{resource}"),
        Err(_) if code == "message" => "link-message-sent".to_owned(),
        Err(_) => return String::new(),
    };
    crate::platform::text::text(work.lang(), &key)
}

async fn request(work: &mut Work, guest: &Guest, said: String) -> Result<Request, Error> {
    let referral = store::find(work, guest.referral).await?;
    let pack = watch::pack_of(work, referral.case_type).await?.ok_or(Error::NotFound)?;
    let p = entrance::page(work, crate::platform::text::text(work.lang(), "link-title"));
    let (now, lang) = (work.now(), work.lang());
    let clockwork = Clockwork::of(work, &referral).await?;
    let next = next_move(&referral.state, &clockwork.watch(), now);
    let acts = acts(work, &referral).await?;
    let first = possible::primary(&acts);
    let button = |act: &Act| {
        let resource = Resource::of(*act)?;
        Some(Button {
            href: super::questions::path(resource),
            label: p.tc("board-act", act.code()),
            posts: *act == Act::Acknowledge,
        })
    };
    let disclosed = packet::read(work, &referral).await?;
    let log = store::moves(work, &referral).await?;
    let need = pack.need(&referral.wanted.need).map_or(referral.wanted.need.clone(), |need| need.labels.get(lang).to_owned());
    // Whoever reads this has it, whatever became of a letter on another way.
    let stands = state(&p, referral.state.status.code(), referral.state.step.code());
    Ok(Request {
        here: "/r",
        service: Some(referral.wanted.service_called.clone()).filter(|name| *name != need).unwrap_or_default(),
        need,
        code: referral.code.clone(),
        org: guest.org.clone(),
        desk: guest.desk.clone(),
        states: [urgency(&p, referral.state.terms.priority.code()), stands],
        whose_move: show::whose_move(&p, Side::To, next),
        facts: facts(work, &p, &referral, &disclosed).await?,
        packets: disclosed.iter().map(|one| (one.full, packet_view::view_of(&p, &pack, &referral, &one.sections))).collect(),
        attached: attached::links(work, &referral).await?,
        first: first.as_ref().and_then(button),
        others: acts.iter().filter(|act| Some(**act) != first).filter_map(button).collect(),
        messages: conversation::messages(work, &p, &referral).await?,
        may_write: acts.contains(&Act::Message),
        log: log::lines(work, &p, &pack, &referral, &log, Side::To).await?,
        said,
        p,
    })
}

/// What the receiver may do now.
pub(super) async fn acts(work: &mut Work, referral: &Referral) -> Result<Vec<Act>, Error> {
    let rights = crate::referrals::sides::rights(work, referral).await?;
    Ok(possible::possible(&referral.state, Actor::RECEIVER, rights, work.now()))
}

async fn facts(work: &mut Work, p: &Page, referral: &Referral, disclosed: &[Opened]) -> Result<Vec<Entry>, Error> {
    let mut facts = Vec::new();
    if let Some(due) = referral.state.terms.due_at {
        facts.push(Entry::new(p.t("referral-due"), p.when(&due)));
    }
    if let Some(at) = referral.state.appointment_at {
        facts.push(Entry::new(p.t("answer-at"), p.moment(&at)));
    }
    if referral.care.dont_go_alone {
        facts.push(Entry::new(p.t("link-safety"), p.t("referral-dont-go-alone")));
    }
    facts.extend(recorded::facts(work, p, referral, Side::To, disclosed).await?);
    Ok(facts)
}

/// Answered: on to the request, or out where the answer has ended it.
pub(super) async fn answered(mut work: Work, after: &Referral, act: &str) -> Result<Response, Error> {
    links::note_use(&mut work, "answered", act).await?;
    prolong(&mut work, after).await?;
    work.commit().await?;
    let shut = matches!(after.state.status.code(), "rejected" | "cancelled");
    let to = if shut { "/r/done".to_owned() } else { format!("/r?said={act}") };
    Ok(Redirect::to(&to).into_response())
}

// An answer keeps the link alive as long after what was announced as the pack gives an unanswered one.
async fn prolong(work: &mut Work, after: &Referral) -> Result<(), Error> {
    let period = super::actions::period(work, after).await?;
    let now = work.now();
    let expected = after.ending.expected_on.map(|day| day.and_time(chrono::NaiveTime::MIN).and_utc());
    let last = [after.state.appointment_at, expected, after.state.terms.due_at].into_iter().flatten().max();
    let start = last.map_or(now, |last| last.max(now));
    let until = Clockwork::of(work, after).await?.due(period, start);
    links::renew(work, until.min(now + chrono::TimeDelta::days(300))).await
}

/// The page of somebody whose time ran out, with what they typed.
pub(super) async fn out(work: Work, form: &Form) -> Result<Response, Error> {
    let page = entrance::door(&work, At::Out, Form::default()).with_typed(form);
    entrance::answer(work, page).await
}

/// Opens the door for a form: the browser's session, and its token in the form.
pub(super) async fn open(work: &mut Work, jar: &CookieJar, form: &Form) -> Result<Option<Guest>, Error> {
    let guest = door::open(work, jar).await?;
    Ok(guest.filter(|_| gate::same(form.value("_csrf"), &work.standing.csrf)))
}

/// Shows a form again: with errors beside its fields, or because the request moved on meanwhile. Nothing typed is lost.
pub(super) fn again(page: &impl Template, status: StatusCode) -> Result<Response, Error> {
    let html = page.render().map_err(anyhow::Error::from)?;
    Ok((status, Html(html)).into_response())
}

/// The words for an answer that came too late.
pub(super) fn clash_code(clash: &Clash) -> &'static str {
    match clash {
        Clash::Stale | Clash::KeyReused => "moved_on",
        Clash::State { .. } => "not_any_more",
    }
}

/// What a view of the request is about.
pub(super) async fn about(work: &mut Work, guest: &Guest) -> Result<About, Error> {
    Ok(store::find(work, guest.referral).await?.about_for_sender())
}

/// The receiver's questions, all but those that need an account.
pub(super) fn asks(resource: Resource, referral: &Referral) -> Vec<answer::Ask> {
    let asks = resource.asks_of_receiver(referral);
    asks.into_iter().filter(|ask| !matches!(ask, answer::Ask::Position | answer::Ask::Assignee)).collect()
}
