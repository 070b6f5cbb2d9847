//! The receiver's questions, one page each, and a word to the sender. They are answered through the same verb as by an account.
use askama::Template;
use axum::response::Response;
use axum_extra::extract::CookieJar;
use http::StatusCode;

use super::door::Guest;
use super::{door, entrance, pages};
use crate::error::{Error, FieldErrors};
use crate::platform::db::Work;
use crate::platform::text::text;
use crate::referrals::answer::{self, ASKED_BY, Ask, Resource, WHY};
use crate::referrals::conversation::{self, Words};
use crate::referrals::row::Referral;
use crate::referrals::store;
use crate::referrals::words::Status;
use crate::web::form::Query;
use crate::web::parts::Choice;
use crate::web::{Form, Page, Routes};

/// Every question with its address.
pub(super) fn routes() -> Routes {
    let places: [(Resource, &'static str); 14] = [
        (Resource::Acknowledgement, "/r/acknowledgement"),
        (Resource::Acceptance, "/r/acceptance"),
        (Resource::Decline, "/r/decline"),
        (Resource::Waiting, "/r/waiting"),
        (Resource::Hold, "/r/hold"),
        (Resource::Appointment, "/r/appointment"),
        (Resource::NoShow, "/r/no-show"),
        (Resource::AppointmentCancellation, "/r/appointment-cancellation"),
        (Resource::Start, "/r/start-service"),
        (Resource::Visit, "/r/visit"),
        (Resource::InterimNote, "/r/interim-note"),
        (Resource::Outcome, "/r/outcome"),
        (Resource::Failure, "/r/failure"),
        (Resource::CancellationConfirmation, "/r/cancellation-confirmation"),
    ];
    let routes = Routes::new().open("GET", "/r/message", new_message).open("POST", "/r/message", create_message);
    places.into_iter().fold(routes, |routes, (resource, path)| {
        routes.open("GET", path, move |work: Work, jar: CookieJar, query: Query| new(work, jar, query, resource)).open(
            "POST",
            path,
            move |work: Work, jar: CookieJar, form: Form| create(work, jar, form, resource),
        )
    })
}

/// Where a question stands.
pub(super) fn path(resource: Resource) -> String {
    if resource == Resource::Start { "/r/start-service".to_owned() } else { format!("/r/{resource}") }
}

#[derive(Template)]
#[template(path = "referrals/links/html/question.html")]
struct Question {
    p: Page,
    here: String,
    form: Form,
    code: String,
    version: i32,
    words: [String; 3],
    asks: Vec<Ask>,
    reasons: Vec<Choice>,
    askers: Vec<Choice>,
    whys: Vec<Choice>,
    yes_no: Vec<Choice>,
    /// It writes a word and asks nothing of the state.
    is_message: bool,
}

impl Question {
    fn asks(&self, code: &str) -> bool {
        self.asks.iter().any(|ask| ask.code() == code)
    }
}

async fn question(work: &mut Work, guest: &Guest, resource: Resource, form: Form) -> Result<Question, Error> {
    let referral = store::find(work, guest.referral).await?;
    let pack = answer::pack(work, &referral).await?;
    let asks = answer::with_payment(pages::asks(resource, &referral), &pack, &referral);
    let key = |part: &str| answer::key(part, resource, &referral);
    let p = entrance::page(work, text(work.lang(), &key("title")));
    let choices =
        |family: &str, codes: &[&str]| codes.iter().map(|code| Choice::new(*code, p.tc(family, code))).collect::<Vec<_>>();
    Ok(Question {
        here: path(resource),
        code: referral.code.clone(),
        version: referral.version,
        words: ["title", "lead", "go"].map(|part| p.t(&key(part))),
        reasons: answer::reasons(&p, &pack, &asks),
        askers: choices("answer-asked-by", ASKED_BY),
        whys: choices("answer-why", WHY),
        yes_no: choices("follow-up", &["yes", "no"]),
        is_message: false,
        asks,
        form,
        p,
    })
}

fn message(work: &Work, referral: &Referral, form: Form) -> Question {
    let p = entrance::page(work, text(work.lang(), "link-message-title"));
    Question {
        here: "/r/message".to_owned(),
        code: referral.code.clone(),
        version: referral.version,
        words: [p.t("link-message-title"), p.t("link-message-lead"), p.t("link-message-go")],
        asks: Vec::new(),
        reasons: Vec::new(),
        askers: Vec::new(),
        whys: Vec::new(),
        yes_no: Vec::new(),
        is_message: true,
        form,
        p,
    }
}

async fn new(mut work: Work, jar: CookieJar, query: Query, resource: Resource) -> Result<Response, Error> {
    let chosen = entrance::choose(&mut work, &query);
    let ground = work.ground().clone();
    let Some(guest) = door::open(&mut work, &jar).await? else { return pages::out(work, &Form::default()).await };
    answer::still_asked(resource, &store::find(&mut work, guest.referral).await?)?;
    let page = question(&mut work, &guest, resource, Form::default()).await?;
    let about = pages::about(&mut work, &guest).await?;
    let response = work.show(about, page).await?;
    Ok(entrance::keep(&ground, response, chosen))
}

async fn create(mut work: Work, jar: CookieJar, mut form: Form, resource: Resource) -> Result<Response, Error> {
    let Some(guest) = pages::open(&mut work, &jar, &form).await? else { return pages::out(work, &form).await };
    let referral = store::find(&mut work, guest.referral).await?;
    let pack = answer::pack(&mut work, &referral).await?;
    match answer::answer(&mut work, referral.id, resource, &mut form, &pack).await {
        Ok(after) => pages::answered(work, &after, resource.code()).await,
        Err(error) => {
            let (errors, status) = told(error)?;
            let mut work = work.again().await?;
            // Over meanwhile: nothing of it is shown any more, and what was typed still is.
            let Some(guest) = door::open(&mut work, &jar).await? else { return pages::out(work, &form).await };
            let twice = status == StatusCode::CONFLICT
                && resource == Resource::Acceptance
                && is_accepted(&store::find(&mut work, guest.referral).await?);
            let errors = if twice { FieldErrors::one("", "accepted_already") } else { errors };
            let page = question(&mut work, &guest, resource, form.with_errors(errors)).await?;
            pages::again(&page, status)
        }
    }
}

// Accepted in another tab, say, or by a colleague with the same link.
fn is_accepted(referral: &Referral) -> bool {
    matches!(referral.state.status, Status::Accepted | Status::InProgress | Status::Completed)
}

// What can be said beside the form; anything else is a defect.
fn told(error: Error) -> Result<(FieldErrors, StatusCode), Error> {
    match error {
        Error::Invalid(errors) => Ok((errors, StatusCode::UNPROCESSABLE_ENTITY)),
        Error::Conflict(clash) => Ok((FieldErrors::one("", pages::clash_code(&clash)), StatusCode::CONFLICT)),
        other => Err(other),
    }
}

/// GET /r/message
async fn new_message(mut work: Work, jar: CookieJar, query: Query) -> Result<Response, Error> {
    let chosen = entrance::choose(&mut work, &query);
    let ground = work.ground().clone();
    let Some(guest) = door::open(&mut work, &jar).await? else { return pages::out(work, &Form::default()).await };
    let referral = store::find(&mut work, guest.referral).await?;
    let page = message(&work, &referral, Form::default());
    let about = pages::about(&mut work, &guest).await?;
    let response = work.show(about, page).await?;
    Ok(entrance::keep(&ground, response, chosen))
}

/// POST /r/message: a word to the sender.
async fn create_message(mut work: Work, jar: CookieJar, mut form: Form) -> Result<Response, Error> {
    let Some(guest) = pages::open(&mut work, &jar, &form).await? else { return pages::out(work, &form).await };
    let referral = store::find(&mut work, guest.referral).await?;
    let words = Words::typed(&mut form);
    let sent = match form.check() {
        Ok(()) => conversation::say(&mut work, &referral, &words).await,
        Err(error) => Err(error),
    };
    match sent {
        Ok(after) => pages::answered(work, &after, "message").await,
        Err(error) => {
            let (errors, status) = told(error)?;
            let mut work = work.again().await?;
            let Some(guest) = door::open(&mut work, &jar).await? else { return pages::out(work, &form).await };
            let referral = store::find(&mut work, guest.referral).await?;
            let page = message(&work, &referral, form.with_errors(errors));
            pages::again(&page, status)
        }
    }
}
