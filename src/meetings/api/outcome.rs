//! REST calls: what became of a meeting, and putting it right.
use axum::response::Response;
use chrono::NaiveDate;
use serde::Deserialize;
use utoipa::{OpenApi, ToSchema};
use uuid::Uuid;

use super::{MeetingMade, changed, found};
use crate::api::Asked;
use crate::error::{Error, invalid};
use crate::meetings::outcome::{Attended, Doer, NewDecision, Outcome};
use crate::meetings::{actions, correction};
use crate::platform::db::Work;
use crate::platform::ids::{CaseId, UserId};
use crate::web::Routes;
use crate::web::form::Path;

/// The calls of this part.
pub(super) fn routes() -> Routes {
    Routes::new()
        .api("POST", "/api/v1/cases/{id}/meetings/{meeting}/outcome", conclude)
        .api("POST", "/api/v1/cases/{id}/meetings/{meeting}/correction", correct)
        .described::<Described>()
}

#[derive(OpenApi)]
#[openapi(paths(conclude, correct))]
struct Described;

/// What became of it.
#[derive(Debug, Deserialize, ToSchema)]
struct OutcomeWire {
    /// `held`, `late`, `no_show` or `not_held`.
    #[serde(default)]
    state: String,
    /// Needed where it was not held.
    #[serde(default)]
    reason: String,
    /// Who of the invited came.
    #[serde(default)]
    came: Vec<String>,
    /// Of a conference: they keep to themselves what they heard, and what was said before them is covered; needed where somebody of them came.
    #[serde(default)]
    others_agreed: bool,
    #[serde(default)]
    minutes: String,
    /// Needed where it is written down long afterwards.
    #[serde(default)]
    late_reason: String,
    /// Each becomes a task of the caller's, due in a week.
    #[serde(default)]
    decisions: Vec<String>,
    /// Of a conference: how the person and the organisations that were asked took part.
    #[serde(default)]
    attended: Vec<AttendedAsked>,
    /// What somebody does by a day: a task of the caller's or of a colleague's, or what the person or an organisation agreed to do.
    #[serde(default)]
    agreed: Vec<DecisionAsked>,
    #[serde(default)]
    version: i32,
}

/// How one of those who were asked to a conference took part.
#[derive(Debug, Deserialize, ToSchema)]
struct AttendedAsked {
    /// The organisation's part in the conference; the person without it.
    #[serde(default)]
    party: Option<Uuid>,
    /// `came`, `did_not` or `sent`.
    #[serde(default)]
    how: String,
    /// Who came, by what they are there, without a name; needed where somebody was sent.
    #[serde(default)]
    role: String,
    /// The organisation agreed there, aloud, to keep to itself what it heard; needed of one that came or sent somebody and had not agreed before.
    #[serde(default)]
    agreed: bool,
}

/// Something that was decided. It names one who does it, and a day.
#[derive(Debug, Deserialize, ToSchema)]
struct DecisionAsked {
    /// Without names.
    #[serde(default)]
    what: String,
    /// The caller does it.
    #[serde(default)]
    mine: bool,
    /// Or, of a conference, a colleague who may open the case: it becomes their task.
    #[serde(default)]
    assignee: Option<UserId>,
    /// Or, of a conference, the person.
    #[serde(default)]
    person: bool,
    /// Or the part in the conference of the organisation that agreed to it.
    #[serde(default)]
    party: Option<Uuid>,
    /// By when; always asked.
    #[serde(default)]
    due_on: Option<NaiveDate>,
}

impl DecisionAsked {
    fn read(&self) -> Result<NewDecision, Error> {
        let doer = match (self.mine, self.assignee, self.person, self.party) {
            (true, None, false, None) => Doer::Me,
            (false, Some(colleague), false, None) => Doer::Colleague(colleague),
            (false, None, true, None) => Doer::Person,
            (false, None, false, Some(party)) => Doer::Party(party),
            (false, None, false, None) => return Err(invalid("agreed", "required")),
            _ => return Err(invalid("agreed", "not_a_choice")),
        };
        if self.due_on.is_none() {
            return Err(invalid("due_on", "required"));
        }
        Ok(NewDecision { what: self.what.clone(), doer: Some(doer), due_on: self.due_on, field: "agreed".to_owned() })
    }
}

impl AttendedAsked {
    fn read(&self) -> Attended {
        Attended { party: self.party, how: self.how.clone(), role: self.role.clone(), ..Attended::default() }
    }
}

/// Says what became of a meeting.
#[utoipa::path(post, path = "/api/v1/cases/{id}/meetings/{meeting}/outcome", tag = "meetings", params(("id" = CaseId, Path), ("meeting" = Uuid, Path)), request_body = OutcomeWire, responses((status = 200, body = MeetingMade), (status = 404), (status = 409), (status = 422)))]
async fn conclude(mut work: Work, Path((id, one)): Path<(CaseId, Uuid)>, asked: Asked<OutcomeWire>) -> Result<Response, Error> {
    if let Some(before) = asked.answered(&mut work).await? {
        return Ok(before);
    }
    let (case, meeting) = found(&mut work, id, one, None).await?;
    let body = &asked.body;
    let agreed = body.agreed.iter().map(DecisionAsked::read).collect::<Result<Vec<_>, _>>()?;
    let outcome = Outcome {
        state: body.state.clone(),
        reason: body.reason.clone(),
        came: body.came.clone(),
        others_agreed: body.others_agreed,
        minutes: body.minutes.clone(),
        late_reason: body.late_reason.chars().take(200).collect(),
        attended: body.attended.iter().map(AttendedAsked::read).collect(),
        agreed: body.attended.iter().filter(|one| one.agreed).filter_map(|one| one.party).collect(),
        decisions: body.decisions.iter().map(|what| NewDecision::own(what)).chain(agreed).collect(),
        version: body.version,
    };
    actions::conclude(&mut work, &case, meeting, &outcome).await?;
    changed(work, &asked, id, one).await
}

/// What became of it, as it should stand.
#[derive(Debug, Deserialize, ToSchema)]
struct MeetingCorrectionWire {
    /// `held`, `late`, `no_show` or `not_held`.
    #[serde(default)]
    state: String,
    /// Needed where it was not held.
    #[serde(default)]
    reason: String,
    /// Who of the invited came.
    #[serde(default)]
    came: Vec<String>,
    /// Of a conference: they keep to themselves what they heard, and what was said before them is covered; needed where somebody of them came.
    #[serde(default)]
    others_agreed: bool,
    #[serde(default)]
    minutes: String,
    /// Of a conference: how the person and the organisations that were asked took part.
    #[serde(default)]
    attended: Vec<AttendedAsked>,
    /// Why it is put right, in a sentence; always asked.
    #[serde(default)]
    why: String,
    #[serde(default)]
    version: i32,
}

/// Puts right what became of a meeting. What stood before stays with it; decisions stay as they are.
#[utoipa::path(post, path = "/api/v1/cases/{id}/meetings/{meeting}/correction", tag = "meetings", params(("id" = CaseId, Path), ("meeting" = Uuid, Path)), request_body = MeetingCorrectionWire, responses((status = 200, body = MeetingMade), (status = 404), (status = 409), (status = 422)))]
async fn correct(
    mut work: Work,
    Path((id, one)): Path<(CaseId, Uuid)>,
    asked: Asked<MeetingCorrectionWire>,
) -> Result<Response, Error> {
    if let Some(before) = asked.answered(&mut work).await? {
        return Ok(before);
    }
    let (case, meeting) = found(&mut work, id, one, None).await?;
    let body = &asked.body;
    let outcome = Outcome {
        state: body.state.clone(),
        reason: body.reason.clone(),
        came: body.came.clone(),
        others_agreed: body.others_agreed,
        minutes: body.minutes.clone(),
        attended: body.attended.iter().map(AttendedAsked::read).collect(),
        agreed: body.attended.iter().filter(|one| one.agreed).filter_map(|one| one.party).collect(),
        version: body.version,
        ..Outcome::default()
    };
    correction::correct(&mut work, &case, &meeting, &outcome, &body.why).await?;
    changed(work, &asked, id, one).await
}
