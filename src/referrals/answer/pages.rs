//! Pages: one question to the receiver each, shown again with what was typed when something is missing.
use askama::Template;
use axum::response::Response;

use super::{ASKED_BY, Ask, Resource, WHY};
use crate::access::Act as Right;
use crate::audit::About;
use crate::error::Error;
use crate::packs::{Pack, ReasonKind, Word};
use crate::platform::db::Work;
use crate::platform::ids::ReferralId;
use crate::referrals::answer;
use crate::referrals::clocks::watch;
use crate::referrals::inbox;
use crate::referrals::inbox::pages::{standing, urgency};
use crate::referrals::next;
use crate::referrals::row::Referral;
use crate::referrals::store;
use crate::referrals::telling::{self, Stopped};
use crate::referrals::words::{Side, Source, Status};
use crate::web::form::{Path, Query};
use crate::web::parts::{Badge, Choice};
use crate::web::{Form, Page, Routes};

/// Every question with its address.
pub fn routes() -> Routes {
    let places: [(Resource, &'static str); 16] = [
        (Resource::Acknowledgement, "/referrals/{id}/acknowledgement"),
        (Resource::Acceptance, "/referrals/{id}/acceptance"),
        (Resource::Decline, "/referrals/{id}/decline"),
        (Resource::Waiting, "/referrals/{id}/waiting"),
        (Resource::Hold, "/referrals/{id}/hold"),
        (Resource::Appointment, "/referrals/{id}/appointment"),
        (Resource::NoShow, "/referrals/{id}/no-show"),
        (Resource::AppointmentCancellation, "/referrals/{id}/appointment-cancellation"),
        (Resource::Start, "/referrals/{id}/start"),
        (Resource::Visit, "/referrals/{id}/visit"),
        (Resource::InterimNote, "/referrals/{id}/interim-note"),
        (Resource::Outcome, "/referrals/{id}/outcome"),
        (Resource::Failure, "/referrals/{id}/failure"),
        (Resource::CancellationConfirmation, "/referrals/{id}/cancellation-confirmation"),
        (Resource::DeletionConfirmation, "/referrals/{id}/deletion-confirmation"),
        (Resource::Assignment, "/referrals/{id}/assignment"),
    ];
    places.into_iter().fold(Routes::new(), |routes, (resource, path)| {
        routes.page("GET", path, move |work: Work, path: Path<ReferralId>, query: Query| new(work, path, query, resource)).page(
            "POST",
            path,
            move |work: Work, path: Path<ReferralId>, form: Form| create(work, path, form, resource),
        )
    })
}

#[derive(Template)]
#[template(path = "referrals/html/answer.html")]
struct Question {
    p: Page,
    form: Form,
    id: ReferralId,
    code: String,
    version: i32,
    words: [String; 3],
    state: Badge,
    urgency: Badge,
    need: String,
    resource: Resource,
    asks: Vec<Ask>,
    reasons: Vec<Choice>,
    colleagues: Vec<Choice>,
    askers: Vec<Choice>,
    whys: Vec<Choice>,
    sources: Vec<Choice>,
    yes_no: Vec<Choice>,
    stopped: Stopped,
    back: String,
}

impl Question {
    fn asks(&self, code: &str) -> bool {
        self.asks.iter().any(|ask| ask.code() == code)
    }
}

async fn new(mut work: Work, Path(id): Path<ReferralId>, Query(query): Query, resource: Resource) -> Result<Response, Error> {
    let referral = store::find(&mut work, id).await?;
    may_answer(&work, &referral)?;
    answer::still_asked(resource, &referral)?;
    let form = Form::blank([("back", query.value("back").to_owned())]);
    let page = question(&mut work, &referral, resource, form).await?;
    work.show(About::referral(id), page).await
}

fn may_answer(work: &Work, referral: &Referral) -> Result<(), Error> {
    if super::has_no_account(referral) { work.may(Right::ReferralWrite) } else { inbox::may_look(work) }
}

async fn create(mut work: Work, Path(id): Path<ReferralId>, mut form: Form, resource: Resource) -> Result<Response, Error> {
    let seen = store::find(&mut work, id).await?;
    may_answer(&work, &seen)?;
    let pack = pack(&mut work, &seen).await?;
    match answer::answer(&mut work, id, resource, &mut form, &pack).await {
        Ok(after) => {
            let to = onward(&form, id);
            let late =
                matches!(resource, Resource::Acceptance | Resource::Appointment) && is_after_due(&mut work, &after).await?;
            let say = if late { "warning:answer-appointment-after-due".to_owned() } else { format!("answer-done-{resource}") };
            work.then(&to, &say).await
        }
        Err(Error::Invalid(errors)) => {
            let mut work = work.again().await?;
            let page = question(&mut work, &seen, resource, form.with_errors(errors)).await?;
            work.show_again(&page)
        }
        Err(error) => Err(error),
    }
}

// The sender needs the outcome before this appointment: its due date stays, and whoever appoints hears so.
async fn is_after_due(work: &mut Work, referral: &Referral) -> Result<bool, Error> {
    let clockwork = watch::Clockwork::of(work, referral).await?;
    let due = next::outcome_due(&referral.state, &clockwork.watch());
    Ok(referral.state.appointment_at.zip(due).is_some_and(|(at, due)| at > due))
}

// Back to the inbox where the answer was given there; never to an address that a form makes up.
fn onward(form: &Form, id: ReferralId) -> String {
    let back = form.value("back");
    if back == "/inbox" || back.starts_with("/inbox?") || back.starts_with("/referrals?") {
        back.to_owned()
    } else {
        format!("/referrals/{id}")
    }
}

/// The pack whose words a referral uses.
pub(in crate::referrals) async fn pack(work: &mut Work, referral: &Referral) -> Result<std::sync::Arc<Pack>, Error> {
    watch::pack_of(work, referral.case_type).await?.ok_or_else(|| anyhow::anyhow!("no pack is loaded").into())
}

async fn question(work: &mut Work, referral: &Referral, resource: Resource, form: Form) -> Result<Question, Error> {
    let pack = pack(work, referral).await?;
    let asks = super::with_payment(resource.asks(referral), &pack, referral);
    let colleagues = match (asks.contains(&Ask::Assignee), referral.to.unit) {
        (true, Some(unit)) => crate::referrals::inbox::store::colleagues(work, &[unit]).await?,
        _ => Vec::new(),
    };
    let cleared = colleagues.into_iter().filter(|colleague| colleague.cleared.contains(&referral.case_type));
    let colleagues = cleared.map(|colleague| Choice::new(colleague.id.to_string(), colleague.name)).collect();
    let title = crate::platform::text::text(work.lang(), &worded("title", resource, referral));
    let p = Page::of(work, title).await?;
    let choices =
        |family: &str, codes: &[&str]| codes.iter().map(|code| Choice::new(*code, p.tc(family, code))).collect::<Vec<_>>();
    Ok(Question {
        id: referral.id,
        code: referral.code.clone(),
        version: referral.version,
        words: ["title", "lead", "go"].map(|part| p.t(&worded(part, resource, referral))),
        state: standing(&p, referral),
        urgency: urgency(&p, referral.state.terms.priority.code()),
        need: pack
            .need(&referral.wanted.need)
            .map_or(referral.wanted.need.clone(), |need| need.labels.get(p.reader.lang).to_owned()),
        reasons: reasons(&p, &pack, &asks),
        askers: choices("answer-asked-by", ASKED_BY),
        whys: choices("answer-why", WHY),
        sources: choices("answer-source", &Source::ALL.iter().map(|source| source.code()).collect::<Vec<_>>()),
        yes_no: choices("follow-up", &["yes", "no"]),
        back: onward(&form, referral.id),
        stopped: telling::stopped(work, referral, if super::has_no_account(referral) { Side::From } else { Side::To }, &form)
            .await?,
        resource,
        asks,
        colleagues,
        form,
        p,
    })
}

// What the sender notes of somebody without account, in the sender's words.
fn worded(part: &str, resource: Resource, referral: &Referral) -> String {
    match resource {
        Resource::DeletionConfirmation if super::has_no_account(referral) => format!("answer-{part}-deletion-noted"),
        resource => key(part, resource, referral),
    }
}

// The emergency's four steps in one, and going on after waiting, have words of their own.
pub(in crate::referrals) fn key(part: &str, resource: Resource, referral: &Referral) -> String {
    let code = match (resource, referral.state.status) {
        (Resource::Outcome, Status::Requested) => "served-now",
        (Resource::Start, Status::OnHold) => "resume",
        (resource, _) => resource.code(),
    };
    format!("answer-{part}-{code}")
}

// A decline says with each reason what it means for the sender's next move.
pub(in crate::referrals) fn reasons(p: &Page, pack: &Pack, asks: &[Ask]) -> Vec<Choice> {
    let kind = match (asks.contains(&Ask::DeclineReason), asks.contains(&Ask::FailureReason)) {
        (true, _) => ReasonKind::Decline,
        (_, true) => ReasonKind::Failure,
        _ => return Vec::new(),
    };
    let choice = |reason: &crate::packs::Reason| {
        let means = reason.consequence.map(|consequence| p.tc("answer-consequence", consequence.as_str()));
        Choice::new(reason.code.clone(), reason.labels.get(p.reader.lang)).with_hint(means.unwrap_or_default())
    };
    pack.reasons(kind).map(choice).collect()
}
