//! What became of a meeting, to be put right.
use askama::Template;
use axum::response::Response;
use uuid::Uuid;

use super::show::{Asked, asked, invited};
use super::{choices, outcome, span};
use crate::access::Act;
use crate::audit::About;
use crate::cases::pages::whose;
use crate::cases::{self, Case};
use crate::error::Error;
use crate::meetings::correction::Noted;
use crate::meetings::meeting::{Meeting, OUTCOMES, REASONS};
use crate::meetings::outcome::ATTENDANCE;
use crate::meetings::{correction, store};
use crate::platform::db::Work;
use crate::platform::ids::CaseId;
use crate::web::form::Path;
use crate::web::parts::Choice;
use crate::web::{Form, Page};

#[derive(Template)]
#[template(path = "meetings/html/correction.html")]
struct Correct {
    p: Page,
    form: Form,
    back: String,
    lead: String,
    version: i32,
    outcomes: Vec<Choice>,
    reasons: Vec<Choice>,
    invited: Vec<Choice>,
    asked: Vec<Asked>,
    hows: Vec<Choice>,
}

async fn page(work: &mut Work, case: &Case, meeting: &Meeting, form: Form) -> Result<Correct, Error> {
    let p = Page::titled(work, "meeting-correct").await?;
    let (kind, whose) = (p.tc("meeting-kind", &meeting.kind), whose(work, case).await?);
    let asked = if meeting.kind == "conference" { asked(work, &p, meeting).await? } else { Vec::new() };
    Ok(Correct {
        back: format!("{}/meetings/{}", case.path(), meeting.id),
        lead: p.joined([kind, whose, span(&p, meeting)]),
        version: meeting.version,
        outcomes: choices(&p, "meeting-state", &OUTCOMES),
        reasons: choices(&p, "meeting-reason", &REASONS),
        invited: invited(meeting, &asked),
        asked,
        hows: choices(&p, "conference-attended", &ATTENDANCE),
        form,
        p,
    })
}

// As it stands.
fn filled(meeting: &Meeting) -> Form {
    let mut form = Form::blank([
        ("state", meeting.state.clone()),
        ("reason", meeting.reason.clone().unwrap_or_default()),
        ("minutes", meeting.words.minutes.clone()),
    ]);
    form.set_all("came", meeting.words.came.clone());
    if meeting.words.others_agreed {
        form.set("others_agreed", "true");
    }
    for one in &meeting.words.attended {
        form.set(&format!("att_{}", one.key()), one.how.clone());
        form.set(&format!("role_{}", one.key()), one.role.clone());
    }
    form
}

/// GET /cases/{id}/meetings/{meeting}/correction
pub(super) async fn show(mut work: Work, Path((id, one)): Path<(CaseId, Uuid)>) -> Result<Response, Error> {
    let case = cases::store::find(&mut work, id).await?;
    let meeting = store::find(&mut work, id, one).await?;
    work.may_in(Act::CaseEdit, case.unit, Some(id)).await?;
    meeting.must_be_recorded()?;
    let page = page(&mut work, &case, &meeting, filled(&meeting)).await?;
    work.show(About::case(id).with(case.person_id), page).await
}

/// POST /cases/{id}/meetings/{meeting}/correction
pub(super) async fn create(mut work: Work, Path((id, one)): Path<(CaseId, Uuid)>, form: Form) -> Result<Response, Error> {
    let case = cases::store::find(&mut work, id).await?;
    let meeting = store::find(&mut work, id, one).await?;
    let done = match form.check() {
        Ok(()) => correction::correct(&mut work, &case, &meeting, &outcome(&form), form.value("why")).await,
        Err(error) => Err(error),
    };
    match done {
        Ok(noted) => {
            let say = if noted == Noted::ByHand { "warning:meeting-corrected-by-hand" } else { "meeting-corrected" };
            work.then(&format!("{}/meetings/{one}", case.path()), say).await
        }
        Err(Error::Invalid(errors)) => {
            let mut work = work.again().await?;
            let meeting = store::find(&mut work, id, one).await?;
            let page = page(&mut work, &case, &meeting, form.with_errors(errors)).await?;
            work.show_again(&page)
        }
        Err(error) => Err(error),
    }
}
