//! Pages: ask the person whether the service came, and open a loop again.
use askama::Template;
use axum::response::Response;

use super::confirmers;
use super::ways::{self, SafeWay};
use super::{Answer, WHY_NOT};
use crate::error::Error;
use crate::packs::Sensitivity;
use crate::people::{self, Person};
use crate::platform::db::Work;
use crate::platform::ids::ReferralId;
use crate::referrals::follow_up;
use crate::referrals::inbox::pages as inbox_pages;
use crate::referrals::row::Referral;
use crate::referrals::store;
use crate::referrals::words::{Confirmer, FollowUp, Loop};
use crate::web::form::Path;
use crate::web::parts::{Badge, Choice, Entry, Tone};
use crate::web::{Form, Page, Routes};

/// The follow-up page and the re-opening of a loop.
pub fn routes() -> Routes {
    Routes::new().page("GET", "/referrals/{id}/follow-up", show).page("POST", "/referrals/{id}/follow-up", create).page(
        "POST",
        "/referrals/{id}/loop-reopening",
        reopen,
    )
}

#[derive(Template)]
#[template(path = "referrals/html/follow_up.html")]
struct FollowUpPage {
    p: Page,
    form: Form,
    id: ReferralId,
    back: String,
    code: String,
    state: Badge,
    closing: Badge,
    is_open: bool,
    is_ended: bool,
    agreed: String,
    tries: String,
    // What has to be kept to whenever these persons are contacted or met, one sentence each.
    limits: Vec<String>,
    ways: Vec<Vec<Entry>>,
    no_safe_way: bool,
    answers: Vec<Choice>,
    confirmers: Vec<Choice>,
    why_not: Vec<Choice>,
    yes_no: Vec<Choice>,
    new_referral: String,
    provider: String,
}

/// GET /referrals/{id}/follow-up
async fn show(mut work: Work, Path(id): Path<ReferralId>) -> Result<Response, Error> {
    let referral = follow_up::find(&mut work, id).await?;
    let page = page(&mut work, &referral, Form::default()).await?;
    work.show(referral.about(), page).await
}

/// POST /referrals/{id}/follow-up
async fn create(mut work: Work, Path(id): Path<ReferralId>, mut form: Form) -> Result<Response, Error> {
    match follow_up::record(&mut work, id, &mut form).await {
        Ok(after) => {
            let new_needs = form.value("new_needs") == "yes";
            let say = match after.state.closing.state {
                _ if new_needs => "warning:follow-up-new-needs",
                Loop::Disputed => "warning:follow-up-disputed",
                Loop::Open => "follow-up-tried",
                _ => "follow-up-recorded",
            };
            // What is settled is looked at on the referral; who was not reached is tried again from here.
            let open = follow_up::is_to_be_asked(&after.state);
            let to = if open { format!("/referrals/{id}/follow-up") } else { format!("/referrals/{id}") };
            work.then(&to, say).await
        }
        Err(error) => again(work, id, form, error).await,
    }
}

/// POST /referrals/{id}/loop-reopening
async fn reopen(mut work: Work, Path(id): Path<ReferralId>, mut form: Form) -> Result<Response, Error> {
    match follow_up::reopen(&mut work, id, &mut form).await {
        Ok(_) => work.then(&format!("/referrals/{id}/follow-up"), "follow-up-reopened").await,
        Err(error) => again(work, id, form, error).await,
    }
}

async fn again(work: Work, id: ReferralId, form: Form, error: Error) -> Result<Response, Error> {
    let Error::Invalid(errors) = error else { return Err(error) };
    let mut work = work.again().await?;
    let referral = follow_up::find(&mut work, id).await?;
    let page = page(&mut work, &referral, form.with_errors(errors)).await?;
    work.show_again(&page)
}

async fn page(work: &mut Work, referral: &Referral, form: Form) -> Result<FollowUpPage, Error> {
    let state = &referral.state;
    let way = state.terms.follow_up;
    let safe = match way {
        Some(way @ (FollowUp::Call | FollowUp::Sms | FollowUp::Portal)) => ways::safe_ways(work, referral.id, way.code()).await?,
        _ => Vec::new(),
    };
    let asks_remotely = matches!(way, Some(FollowUp::Call | FollowUp::Sms | FollowUp::Portal));
    let named = state.terms.sensitivity == Sensitivity::Standard;
    let persons = store::persons(work, referral.id).await?;
    let persons = people::store::several(work, &persons).await?;
    let offered = confirmers::offered(work, &persons);
    let title = crate::platform::text::text(work.lang(), "follow-up-title");
    let p = Page::of(work, title).await?;
    let choices =
        |family: &str, codes: &[&str]| codes.iter().map(|code| Choice::new(*code, p.tc(family, code))).collect::<Vec<_>>();
    let answers: Vec<&str> = Answer::ALL.iter().map(|answer| answer.code()).collect();
    let tries = p.reader.digits(&p.ta("follow-up-tries-left", "count", i64::from(follow_up::tries_left(state))));
    Ok(FollowUpPage {
        id: referral.id,
        back: format!("/referrals/{}", referral.id),
        code: referral.code.clone(),
        state: inbox_pages::standing(&p, referral),
        closing: closing(&p, state.closing.state),
        is_open: follow_up::is_to_be_asked(state),
        is_ended: state.status.is_answered(),
        agreed: p.tc("follow-up-way", way.map_or("open", |way| way.code())),
        tries,
        no_safe_way: asks_remotely && safe.is_empty(),
        limits: limits(&p, &persons, named),
        ways: safe.iter().map(|way| entries(&p, way, named)).collect(),
        answers: choices("follow-up-answer", &answers),
        confirmers: shown(&p, state.terms.sensitivity, &offered),
        why_not: choices("follow-up-why-not", WHY_NOT),
        yes_no: choices("follow-up", &["yes", "no"]),
        new_referral: referral.case_id.map(|case| format!("/cases/{case}/refer")).unwrap_or_default(),
        provider: referral.wanted.service_called.clone(),
        form,
        p,
    })
}

/// What is known of the loop, as a word with a tone.
pub fn closing(p: &Page, known: Loop) -> Badge {
    let tone = match known {
        Loop::Verified => Tone::Good,
        Loop::Disputed => Tone::Danger,
        Loop::Unreachable => Tone::Warning,
        Loop::Open | Loop::ReportedOnly => Tone::Info,
        Loop::NotAsked | Loop::NotServed => Tone::Neutral,
    };
    Badge::new(p.tc("follow-up-loop", known.code()), tone)
}

// Everybody on the person's side may say that the service did not come; who may confirm it is told beside the choice.
fn shown(p: &Page, sensitivity: Sensitivity, offered: &[Confirmer]) -> Vec<Choice> {
    let choice = |who: &Confirmer| {
        let choice = Choice::new(who.code(), p.tc("follow-up-confirmer", who.code()));
        let others = matches!(who, Confirmer::Caregiver | Confirmer::HeadOfHousehold);
        if others && sensitivity != Sensitivity::Standard { choice.with_hint(p.t("follow-up-cannot-verify")) } else { choice }
    };
    offered.iter().map(choice).collect()
}

// Of several persons each sentence says whose it is.
fn limits(p: &Page, persons: &[Person], named: bool) -> Vec<String> {
    let whose = |person: &Person, said: String| match persons.len() {
        1 => said,
        _ => p.detailed(&if named { person.full_name() } else { person.code.clone() }, &said),
    };
    let mut limits = Vec::new();
    for person in persons {
        if !person.contact_restriction.is_empty() {
            limits.push(whose(person, person.contact_restriction.clone()));
        }
        if person.dont_go_alone {
            limits.push(whose(person, p.t("people-dont-go-alone")));
        }
    }
    limits
}

// A name stands only where the rules allow one outside the case (S13).
fn entries(p: &Page, way: &SafeWay, named: bool) -> Vec<Entry> {
    let yes_no = |yes: bool| p.t(if yes { "follow-up-yes" } else { "follow-up-no" });
    vec![
        Entry::new(p.t("follow-up-person"), if named { way.name.clone() } else { way.code.clone() }),
        Entry::new(p.t("follow-up-number"), way.value.clone()),
        Entry::new(p.t("follow-up-hours"), way.hours.clone()),
        Entry::new(p.t("follow-up-may-say"), way.may_say.clone()),
        Entry::new(p.t("follow-up-agreed-word"), way.agreed_word.clone()),
        Entry::new(p.t("follow-up-voicemail"), yes_no(way.voicemail)),
        Entry::new(p.t("follow-up-shared"), if way.shared { way.others.clone() } else { yes_no(false) }),
        Entry::new(p.t("follow-up-checked-on"), way.checked_on.map(|on| p.date(&on)).unwrap_or_default()),
    ]
}
