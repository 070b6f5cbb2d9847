//! What the reader of a referral can do next, for the referral page: the receiver's answers and own case, the sender's follow-up and,
//! after a decline, other services; beside them appointments and what the clocks said.
use super::Resource;
use super::appointments;
use super::successor as answer_next;
use crate::error::Error;
use crate::packs::{Consequence, Sensitivity, Word};
use crate::platform::db::Work;
use crate::referrals::actions;
use crate::referrals::clocks::{self, Said, watch};
use crate::referrals::follow_up;
use crate::referrals::possible;
use crate::referrals::referral::Actor;
use crate::referrals::row::Referral;
use crate::referrals::sending::offers::{self, Offer};
use crate::referrals::sides;
use crate::referrals::words::{Act, Kind, Sequel, Side, Status};
use crate::web::Page;

/// The panel; its template is `referrals/html/answer_panel.html`, which reads it as `panel`.
#[derive(Clone, Debug, Default)]
pub struct Panel {
    /// The one main action.
    pub primary: Option<Button>,
    /// The others.
    pub others: Vec<Button>,
    /// Every appointment, the latest first: when, where, what became of it, why.
    pub appointments: Vec<[String; 3]>,
    /// The reader is the sender, and the referral was declined or failed.
    pub offers_next: bool,
    /// Other services, best first, each with its reasons.
    pub next: Vec<Offer>,
    /// Where a new draft is made.
    pub next_path: String,
    /// What the reason means for the sender's next step, in words; empty where nothing is owed.
    pub owed: String,
    /// Reminders, due notices and escalations, the oldest first.
    pub rings: Vec<String>,
}

/// A link to a question, or a form without one that answers at once.
#[derive(Clone, Debug)]
pub struct Button {
    /// Where it leads or posts to.
    pub href: String,
    /// Its verb.
    pub label: String,
    /// Answers at once, without a question.
    pub posts: bool,
}

impl Panel {
    /// Nothing here is the main act of the page: it stands with the others, first.
    pub fn defer(&mut self) {
        if let Some(first) = self.primary.take() {
            self.others.insert(0, first);
        }
    }

    /// There is something to show.
    pub fn is_shown(&self) -> bool {
        self.primary.is_some() || !self.others.is_empty() || !self.appointments.is_empty()
    }
}

/// The panel for this reader.
pub async fn panel(work: &mut Work, p: &Page, referral: &Referral) -> Result<Panel, Error> {
    let rights = sides::rights(work, referral).await?;
    let mut buttons: Vec<(Act, Button)> = Vec::new();
    if rights.reads_to {
        let acts = possible::possible(&referral.state, Actor::RECEIVER, rights, work.now());
        buttons.extend(acts.iter().filter_map(|act| Some((*act, button(p, referral, *act, Resource::of(*act)?)))));
        buttons.extend(our_case(p, referral, rights.answer));
    }
    let takes_over =
        referral.state.terms.kind == Kind::TransferNotice && rights.reads_to && !watch::is_over(referral.state.status);
    let completes = takes_over && work.holds(crate::access::Act::TransferReceive);
    if rights.write && super::has_no_account(referral) {
        let acts = possible::possible(&referral.state, Actor::COLLEAGUE, rights, work.now());
        let asked = |act: &Act| Some((*act, Button { posts: false, ..button(p, referral, *act, Resource::of(*act)?) }));
        buttons.extend(acts.iter().filter_map(asked));
    }
    if rights.write && referral.state.status.is_answered() {
        let asked = follow_up::is_to_be_asked(&referral.state);
        let (act, label) = if asked { (Act::ConfirmReceipt, "follow-up-title") } else { (Act::ReopenLoop, "follow-up-see") };
        buttons.push((act, Button { href: format!("/referrals/{}/follow-up", referral.id), label: p.t(label), posts: false }));
    }
    let acts: Vec<Act> = buttons.iter().map(|(act, _)| *act).collect();
    // What came back is written anew first; that they were called is noted beside it.
    let first = possible::primary(&acts).filter(|_| !referral.state.is_copy_lost() && !referral.state.is_recalled_by_hand());
    // What a transfer notice asks for is one step: to take the case over.
    let taking = completes.then(|| Button {
        href: format!("/referrals/{}/transfer", referral.id),
        label: p.t("transfer-take-over"),
        posts: false,
    });
    let at = buttons.iter().position(|(act, _)| Some(*act) == first);
    let side = rights.reading_side();
    let offers_next = rights.write && side == Side::From && answer_next::is_called_for(referral);
    let next = if offers_next { answer_next::offers(work, referral).await? } else { Vec::new() };
    Ok(Panel {
        primary: if taking.is_some() { taking } else { at.map(|at| buttons.remove(at).1) },
        others: buttons.into_iter().map(|(_, button)| button).collect(),
        appointments: appointments::list(work, referral.id).await?.iter().map(|one| appointment(p, one)).collect(),
        offers_next,
        next: next.iter().map(|one| offers::offer(p, one)).collect(),
        owed: if offers_next { owed(work, p, referral).await? } else { String::new() },
        next_path: format!("/referrals/{}/successor", referral.id),
        rings: clocks::said(work, referral.id, side).await?.iter().map(|said| ring(p, said)).collect(),
    })
}

fn ring(p: &Page, said: &Said) -> String {
    let awaited =
        if said.awaited.is_empty() { String::new() } else { format!(" · {}", p.tc("referral-awaited", &said.awaited)) };
    format!("{} · {}{awaited}", p.moment(&said.happened_at), p.tc("answer-ring", &said.ring))
}

fn button(p: &Page, referral: &Referral, act: Act, resource: Resource) -> Button {
    // Of whoever has no account the sender notes it; nobody here confirms for them.
    let noted = act == Act::ConfirmDeletion && super::has_no_account(referral);
    let label = if noted { p.t("answer-go-deletion-noted") } else { p.tc("board-act", act.code()) };
    Button { href: resource.path(referral.id), label, posts: act == Act::Acknowledge }
}

// The consequence that the pack gives the reason; a failure has none of its own, so the person is asked what could help instead.
async fn owed(work: &mut Work, p: &Page, referral: &Referral) -> Result<String, Error> {
    if referral.state.sequel != Sequel::Owed {
        return Ok(String::new());
    }
    let reason = referral.ending.outcome.clone().unwrap_or_default();
    let consequence = actions::consequence(work, referral, &reason).await?.unwrap_or(Consequence::Reassess);
    Ok(p.tc("referral-sequel", consequence.as_str()))
}

// From acceptance on the receiver may keep a case of its own. A restricted one is opened by those who see it, on their own pages.
fn our_case(p: &Page, referral: &Referral, answers: bool) -> Option<(Act, Button)> {
    let state = &referral.state;
    if state.terms.kind == Kind::TransferNotice {
        return None;
    }
    if let Some(case) = referral.ending.opened_case {
        return Some((Act::Message, Button { href: format!("/cases/{case}"), label: p.t("answer-case-see"), posts: false }));
    }
    let taken_on = state.status.is_running() || state.status == Status::Completed;
    (answers && taken_on && state.terms.sensitivity != Sensitivity::Restricted).then(|| {
        (Act::Message, Button { href: format!("/referrals/{}/case", referral.id), label: p.t("answer-case-go"), posts: false })
    })
}

fn appointment(p: &Page, one: &appointments::Appointment) -> [String; 3] {
    let why = if one.reason.is_empty() { String::new() } else { p.tc("answer-why", &one.reason) };
    let by = if one.asked_by.is_empty() { String::new() } else { format!(" · {}", p.tc("answer-asked-by", &one.asked_by)) };
    [p.list([p.moment(&one.at), one.place.clone()]), p.tc("answer-appointment-state", &one.state), format!("{why}{by}")]
}
