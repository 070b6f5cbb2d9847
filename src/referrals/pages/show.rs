//! The referral's own page, the same for both sides: where it is, whose move, what happened, what was disclosed, what can be done now.

use askama::Template;
use axum::response::Response;

use super::log::{LogLine, lines};
use super::packet_view::{self, Shown};
use super::review::{self, Review};
pub(in crate::referrals) use super::steps::whose_move;
use super::{facts, notice, steps};
use crate::audit::{About, Fact};
use crate::error::{Error, FieldErrors};
use crate::packs::Pack;
use crate::platform::db::Work;
use crate::platform::ids::ReferralId;
use crate::platform::lang::Lang;
use crate::referrals::answer::panel::{self as answer_panel, Panel};
use crate::referrals::ask;
use crate::referrals::clocks::watch;
use crate::referrals::conversation::{self, Message};
use crate::referrals::elsewhere;
use crate::referrals::inbox::pages::{standing, urgency};
use crate::referrals::next::NextMove;
use crate::referrals::possible;
use crate::referrals::row::Referral;
use crate::referrals::sending::emergency;
use crate::referrals::sending::origin;
use crate::referrals::sending::packet;
use crate::referrals::sides::{self, Rights};
use crate::referrals::store;
use crate::referrals::telling::{self, Stopped};
use crate::referrals::words::{Act, Kind, Priority, Sharing, Side, Status, Step as At};
use crate::web::form::Path;
use crate::web::parts::{Choice, Entry, Identity, Step, Tone};
use crate::web::{Form, Page};

#[derive(Template)]
#[template(path = "referrals/html/show.html")]
struct Show {
    p: Page,
    form: Form,
    id: ReferralId,
    version: i32,
    identity: Identity,
    steps: Vec<Step>,
    whose_move: String,
    // Outside, and nothing was sent to anybody: the sender tells them.
    nothing_sent: bool,
    // Who outside was asked to delete, and whom the sender must ask.
    recalled: String,
    // The letter came back: writing a further one is the main act.
    writes_again: bool,
    side: Side,
    // The draft itself, for whoever may approve it.
    review: Option<Review>,
    acts: Vec<Act>,
    facts: Vec<Entry>,
    // Of the case that a transfer notice announces, for whoever decides on it.
    summary: Vec<Entry>,
    // What it was started from: the page where that stands, and what it is.
    origin: (String, String),
    log: Vec<LogLine>,
    messages: Vec<Message>,
    stopped: Stopped,
    // The receiver no longer reads the conversation.
    closed_words: bool,
    // The receiver has a way to read it.
    read_there: bool,
    packets: Vec<(bool, Vec<Shown>)>,
    has_attachments: bool,
    has_letter: bool,
    cancellation_reasons: Vec<Choice>,
    sections: Vec<Choice>,
    // An emergency whose service was not given yet: the two sides phone each other.
    hands_off: bool,
    reached: Vec<Choice>,
    phone: String,
    panel: Panel,
    links: crate::referrals::links::panel::Panel,
    case_path: String,
    moves_path: String,
    edit_path: String,
    edit_text: &'static str,
}

impl Show {
    fn may(&self, code: &str) -> bool {
        self.acts.iter().any(|act| act.code() == code)
    }

    fn is_sender(&self) -> bool {
        self.side == Side::From
    }
}

/// GET /referrals/{id}
pub async fn show(mut work: Work, Path(id): Path<ReferralId>) -> Result<Response, Error> {
    let referral = store::find(&mut work, id).await?;
    let rights = sides::rights(&mut work, &referral).await?;
    let page = page(&mut work, &referral, rights, Form::default()).await?;
    if rights.reading_side() == Side::To && page.packets.iter().any(|(full, _)| *full) {
        work.record(Fact::PacketOpened, About::referral(id).between(referral.orgs())).await?;
    }
    let case = referral.case_id.filter(|_| rights.reads_from);
    work.show(About { case_id: case, ..About::referral(id) }, page).await
}

/// POST /referrals/{id}/moves
pub async fn create_move(mut work: Work, Path(id): Path<ReferralId>, mut form: Form) -> Result<Response, Error> {
    let referral = store::find(&mut work, id).await?;
    match ask::carry_out(&mut work, &referral, &mut form).await {
        Ok(_) => work.then(&format!("/referrals/{id}"), "referral-done").await,
        Err(Error::Invalid(errors)) => again(work, id, form, errors).await,
        Err(error) => Err(error),
    }
}

/// POST /referrals/{id}/hand-off
pub async fn hand_off(mut work: Work, Path(id): Path<ReferralId>, mut form: Form) -> Result<Response, Error> {
    let referral = store::find(&mut work, id).await?;
    match emergency::hand_off(&mut work, &referral, &mut form).await {
        Ok(_) => work.then(&format!("/referrals/{id}"), "referral-done").await,
        Err(Error::Invalid(errors)) => again(work, id, form, errors).await,
        Err(error) => Err(error),
    }
}

/// Shows the page again with what is wrong with a form on it.
pub(in crate::referrals) async fn again(work: Work, id: ReferralId, form: Form, errors: FieldErrors) -> Result<Response, Error> {
    let mut work = work.again().await?;
    let referral = store::find(&mut work, id).await?;
    let rights = sides::rights(&mut work, &referral).await?;
    let page = page(&mut work, &referral, rights, form.with_errors(errors)).await?;
    work.show_again(&page)
}

// Only one of the two ways is open at a time.
fn cancellation_reasons(pack: &Pack, acts: &[Act], lang: Lang) -> Vec<Choice> {
    let act = if acts.contains(&Act::RequestCancellation) { Act::RequestCancellation } else { Act::Cancel };
    ask::cancelling(pack, act).map(|reason| Choice::new(&reason.code, reason.labels.get(lang))).collect()
}

async fn page(work: &mut Work, referral: &Referral, rights: Rights, form: Form) -> Result<Show, Error> {
    let pack = watch::pack_of(work, referral.case_type).await?.ok_or(Error::NotFound)?;
    let side = rights.reading_side();
    let clockwork = watch::Clockwork::of(work, referral).await?;
    let next = steps::awaited(&referral.state, &clockwork.watch(), work.now(), side);
    let p = Page::of(work, referral.code.clone()).await?;
    let lang = work.lang();
    let mut acts = offered(work, referral, side, rights);
    let hands_off = referral.state.terms.priority == Priority::Emergency && referral.state.status.is_in_flight();
    let log = store::moves(work, referral).await?;
    let disclosed = packet::read(work, referral).await?;
    let to = facts::to_name(work, referral).await?;
    let links = crate::referrals::links::panel::panel(work, &p, referral, rights).await?;
    let has_letter = store::has_letter(work, referral.id).await?;
    let read_there = is_read_there(referral, &links);
    acts.retain(|act| *act != Act::Message || read_there);
    let nothing_sent = side == Side::From && is_unheard(referral) && !has_letter && links.rows.is_empty();
    let tells = nothing_sent.then(|| steps::tells_them(&p, next));
    let mut panel = answer_panel::panel(work, &p, referral).await?;
    if nothing_sent {
        panel.defer();
    }
    Ok(Show {
        nothing_sent,
        moves_path: format!("/referrals/{}/moves", referral.id),
        edit_path: format!("/referrals/{}/edit", referral.id),
        edit_text: if referral.state.step == At::Approved { "referral-edit-approved" } else { "referral-edit" },
        id: referral.id,
        version: referral.version,
        identity: identity(work, &p, &pack, referral, side, to.clone()).await?,
        steps: steps::steps(&p, referral, &log, side),
        whose_move: tells.unwrap_or_else(|| steps::whose_move_of(&p, referral, side, ones_own(next, side, rights))),
        recalled: steps::recalled(&p, referral, side, &clockwork.watch(), &to),
        writes_again: side == Side::From && rights.write && referral.state.is_copy_lost(),
        side,
        panel,
        links,
        review: review::review(work, &p, &pack, referral, &acts).await?,
        cancellation_reasons: cancellation_reasons(&pack, &acts, lang),
        acts,
        facts: facts::facts(work, &p, referral, side, &disclosed).await?,
        summary: if side == Side::To { notice::summary(work, &p, &pack, referral).await? } else { Vec::new() },
        origin: origin(work, &p, referral, side).await?,
        log: lines(work, &p, &pack, referral, &log, side).await?,
        messages: conversation::messages(work, &p, referral).await?,
        stopped: telling::stopped(work, referral, side, &form).await?,
        has_attachments: disclosed.iter().any(|one| one.full && one.sections.iter().any(|section| section.code == "attachments")),
        has_letter,
        closed_words: referral.state.sharing != Sharing::Open,
        read_there,
        packets: disclosed.iter().map(|one| (one.full, packet_view::view_of(&p, &pack, referral, &one.sections))).collect(),
        sections: pack.packet_sections.iter().map(|section| Choice::new(&section.code, section.labels.get(lang))).collect(),
        reached: ["yes", "no"].map(|code| Choice::new(code, p.tc("follow-up", code))).to_vec(),
        phone: if hands_off { emergency::phone(work, referral, side).await? } else { String::new() },
        hands_off,
        case_path: referral.case_id.filter(|_| rights.reads_from).map(|case| format!("/cases/{case}")).unwrap_or_default(),
        form,
        p,
    })
}

fn offered(work: &Work, referral: &Referral, side: Side, rights: Rights) -> Vec<Act> {
    let mut acts = possible::possible(&referral.state, sides::actor(work, referral, side, None), rights, work.now());
    // A draft was not sent, so not by mistake either: it is thrown away.
    acts.retain(|act| *act != Act::MarkError || referral.state.status != Status::Draft);
    if rights.reads_from && rights.answer {
        acts.extend(possible::possible(&referral.state, crate::referrals::referral::Actor::RECEIVER, rights, work.now()));
    }
    acts
}

// Whoever answers for the other side too, as within one unit, is told that the move is theirs: the button stands below.
fn ones_own(next: NextMove, side: Side, rights: Rights) -> NextMove {
    let both = rights.reads_from && rights.answer && next.side == Some(Side::To);
    if both { NextMove { side: Some(side), ..next } } else { next }
}

// Outside, words are read through a link that works, and by no other way.
fn is_read_there(referral: &Referral, links: &crate::referrals::links::panel::Panel) -> bool {
    referral.state.terms.kind != Kind::External || links.rows.iter().any(|link| link.works)
}

// Sent to somebody without account who has not answered by any way.
fn is_unheard(referral: &Referral) -> bool {
    let state = &referral.state;
    state.terms.kind == Kind::External
        && state.status == Status::Requested
        && state.step == At::Sent
        && state.sharing == Sharing::Open
}

async fn identity(
    work: &mut Work,
    p: &Page,
    pack: &Pack,
    referral: &Referral,
    side: Side,
    to: String,
) -> Result<Identity, Error> {
    let from = facts::org_name(work, referral.from.org).await?;
    let need =
        pack.need(&referral.wanted.need).map_or(referral.wanted.need.clone(), |need| need.labels.get(p.reader.lang).to_owned());
    let who = if side == Side::From { about(work, referral).await? } else { None };
    let who = who.map(|who| Entry::new(p.t("referral-about"), who));
    let mut facts: Vec<Entry> = who.into_iter().collect();
    facts.extend([Entry::new(p.t("referral-from"), from.unwrap_or_default()), Entry::new(p.t("referral-to"), to)]);
    if let Some(due) = referral.state.terms.due_at {
        let late = due < p.reader.now && referral.state.status.is_in_flight();
        facts.push(Entry::new(p.t("referral-due"), p.when(&due)).toned(if late { Tone::Danger } else { Tone::Neutral }));
    }
    if let Some(word) = own_word(work, pack, referral).await? {
        facts
            .push(Entry::new(p.ta("referral-called-there", "programme", pack.title.get(p.reader.lang)), word.get(p.reader.lang)));
    }
    let mut restrictions = Vec::new();
    if referral.care.dont_go_alone {
        restrictions.push(p.t("referral-dont-go-alone"));
    }
    if side == Side::From && referral.care.for_person == Some(false) {
        restrictions.push(p.t("referral-not-safe-for-person"));
    }
    Ok(Identity {
        who: referral.code.clone(),
        detail: need,
        risk: urgency(p, referral.state.terms.priority.code()),
        status: standing(p, referral),
        facts,
        restrictions,
    })
}

// What the programme itself calls this state, beside our word for it.
async fn own_word<'a>(work: &mut Work, pack: &'a Pack, referral: &Referral) -> Result<Option<&'a crate::packs::Labels>, Error> {
    let (state, letter) = (&referral.state, store::letter(work, referral).await?);
    Ok(elsewhere::state_words(state.status, state.step, letter).into_iter().find_map(|word| pack.own_word(word)))
}

// Whom the sender helps: by name where one may stand outside the case, else by the case's code (S13).
async fn about(work: &mut Work, referral: &Referral) -> Result<Option<String>, Error> {
    let Some(case) = referral.case_id else { return Ok(None) };
    let row = sqlx::query!(
        r#"select c.code, p.name as "name?" from cases c left join persons p on p.id = c.person_id where c.id = $1"#,
        case.0
    )
    .fetch_optional(work.db())
    .await?;
    let named = referral.state.terms.sensitivity == crate::packs::Sensitivity::Standard;
    Ok(row.map(|row| row.name.filter(|_| named).unwrap_or(row.code)))
}

// The receiver is not told what a referral was started from: it may say more than the packet (S11).
async fn origin(work: &mut Work, p: &Page, referral: &Referral, side: Side) -> Result<(String, String), Error> {
    let (Side::From, Some(case), Some(record)) = (side, referral.case_id, referral.started_from) else {
        return Ok(Default::default());
    };
    let Some(origin) = origin::find_maybe(work, case, record).await? else { return Ok(Default::default()) };
    let called = if origin.called.is_empty() { p.tc("referral-origin", &origin.kind) } else { origin.called };
    Ok((origin.path, format!("{called}, {}", p.moment(&origin.at))))
}
