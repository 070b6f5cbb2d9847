//! REST calls: what a conference needs before it is held, its minutes, and what an organisation received.
use std::collections::BTreeMap;

use axum::response::{IntoResponse, Response};
use chrono::{DateTime, NaiveDate, Utc};
use http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::{OpenApi, ToSchema};
use uuid::Uuid;

use super::party::{NewParty, Party, Received, ToDelete};
use super::{actions, recall, received, store};
use crate::access::Act;
use crate::api::Asked;
use crate::audit::{About, Fact};
use crate::cases::{self, Case};
use crate::consent::recall::may_answer;
use crate::error::Error;
use crate::meetings::Meeting;
use crate::platform::db::Work;
use crate::platform::ids::{CaseId, ConsentId, OrgId, RowId};
use crate::web::Routes;
use crate::web::form::Path;

/// The calls of conferences.
pub(super) fn routes() -> Routes {
    Routes::new()
        .api("GET", "/api/v1/cases/{id}/meetings/{meeting}/conference", show)
        .api("POST", "/api/v1/cases/{id}/meetings/{meeting}/conference/person", say_invited)
        .api("POST", "/api/v1/cases/{id}/meetings/{meeting}/conference/parties", ask)
        .api("POST", "/api/v1/cases/{id}/meetings/{meeting}/conference/parties/{party}/agreement", agree)
        .api("POST", "/api/v1/cases/{id}/meetings/{meeting}/conference/parties/{party}/removal", remove)
        .api("POST", "/api/v1/cases/{id}/meetings/{meeting}/conference/minutes", share)
        .api("GET", "/api/v1/conferences", index)
        .api("GET", "/api/v1/conferences/deletions", deletions)
        .api("GET", "/api/v1/conferences/{id}", open)
        .api("POST", "/api/v1/conferences/{id}/deletion", delete)
        .described::<Described>()
}

#[derive(OpenApi)]
#[openapi(paths(show, say_invited, ask, agree, remove, share, index, deletions, open, delete))]
struct Described;

/// One section that is shared with an organisation.
#[derive(Debug, Serialize, ToSchema)]
struct SharedWire {
    section: String,
    /// What it rests on.
    consent: ConsentId,
    /// `consent`, `vital_interest`, `child_best_interests` or `legal_duty`.
    basis: String,
    /// It was taken back since.
    withdrawn: bool,
}

/// An organisation that comes.
#[derive(Debug, Serialize, ToSchema)]
struct PartyWire {
    id: RowId,
    org: OrgId,
    /// Somebody there can open minutes of the case; where nobody can, its part goes on paper.
    reads: bool,
    who: String,
    shares: Vec<SharedWire>,
    /// `signed`, `said` or `written`; it has not agreed yet without it.
    agreed_how: Option<String>,
    packet: Option<RowId>,
    /// By when it is asked to delete the packet, where that was called back.
    delete_by: Option<DateTime<Utc>>,
    /// When it said that no copy is left.
    deleted_at: Option<DateTime<Utc>>,
}

impl From<Party> for PartyWire {
    fn from(one: Party) -> Self {
        let shares = one.shares.into_iter().map(|share| SharedWire {
            section: share.section,
            consent: share.consent,
            basis: share.basis,
            withdrawn: share.withdrawn,
        });
        Self {
            id: one.id,
            org: one.org,
            reads: one.reads,
            who: one.who,
            shares: shares.collect(),
            agreed_how: one.agreed_how,
            packet: one.packet,
            delete_by: one.recall.map(|asked| asked.by),
            deleted_at: one.recall.and_then(|asked| asked.deleted_at),
        }
    }
}

/// A conference with other organisations.
#[derive(Debug, Serialize, ToSchema)]
struct ConferenceWire {
    /// Absent while nobody said whether the person is asked to come.
    person_invited: Option<bool>,
    not_invited_reason: Option<String>,
    parties: Vec<PartyWire>,
}

async fn found(work: &mut Work, id: CaseId, one: Uuid) -> Result<(Case, Meeting), Error> {
    let case = cases::store::find(work, id).await?;
    let meeting = actions::find(work, &case, one).await?;
    Ok((case, meeting))
}

/// What is prepared of a conference.
#[utoipa::path(get, path = "/api/v1/cases/{id}/meetings/{meeting}/conference", tag = "meetings", params(("id" = CaseId, Path), ("meeting" = Uuid, Path)), responses((status = 200, body = ConferenceWire), (status = 404)))]
async fn show(mut work: Work, Path((id, one)): Path<(CaseId, Uuid)>) -> Result<Response, Error> {
    let (case, meeting) = found(&mut work, id, one).await?;
    work.may(Act::CaseRead)?;
    let invited = store::invited(&mut work, meeting.id).await?;
    let parties = store::parties(&mut work, case.id, meeting.id).await?;
    work.record(Fact::Viewed, About::case(id).with(case.person_id)).await?;
    work.commit().await?;
    let wire = ConferenceWire {
        person_invited: invited.as_ref().map(|said| said.person),
        not_invited_reason: invited.and_then(|said| said.reason),
        parties: parties.into_iter().map(PartyWire::from).collect(),
    };
    Ok(axum::Json(wire).into_response())
}

/// What was done, by its id.
#[derive(Debug, Serialize, ToSchema)]
struct ConferenceDone {
    id: Uuid,
}

/// Whether the person is asked to come.
#[derive(Debug, Deserialize, ToSchema)]
struct PersonInvitedWire {
    #[serde(default)]
    invited: Option<bool>,
    /// Why not: `declined`, `not_safe`, `too_young`, `unwell` or `other`.
    #[serde(default)]
    reason: String,
}

/// Says whether the person is asked to come, or why not.
#[utoipa::path(post, path = "/api/v1/cases/{id}/meetings/{meeting}/conference/person", tag = "meetings", params(("id" = CaseId, Path), ("meeting" = Uuid, Path)), request_body = PersonInvitedWire, responses((status = 200, body = ConferenceDone), (status = 404), (status = 409), (status = 422)))]
async fn say_invited(
    mut work: Work,
    Path((id, one)): Path<(CaseId, Uuid)>,
    asked: Asked<PersonInvitedWire>,
) -> Result<Response, Error> {
    if let Some(before) = asked.answered(&mut work).await? {
        return Ok(before);
    }
    let (case, meeting) = found(&mut work, id, one).await?;
    let person = match asked.body.invited {
        Some(true) => "yes",
        Some(false) => "no",
        None => "",
    };
    actions::say_invited(&mut work, &case, &meeting, (person, asked.body.reason.as_str())).await?;
    asked.answer(work, StatusCode::OK, None, &ConferenceDone { id: one }).await
}

/// An organisation to ask.
#[derive(Debug, Deserialize, ToSchema)]
struct NewPartyWire {
    #[serde(default)]
    org: Option<OrgId>,
    /// Who comes for it.
    #[serde(default)]
    who: String,
    /// Sections of the pack; each must be covered by a consent or another basis.
    #[serde(default)]
    sections: Vec<String>,
}

/// Asks an organisation to come.
#[utoipa::path(post, path = "/api/v1/cases/{id}/meetings/{meeting}/conference/parties", tag = "meetings", params(("id" = CaseId, Path), ("meeting" = Uuid, Path)), request_body = NewPartyWire, responses((status = 201, body = ConferenceDone), (status = 404), (status = 409), (status = 422)))]
async fn ask(mut work: Work, Path((id, one)): Path<(CaseId, Uuid)>, asked: Asked<NewPartyWire>) -> Result<Response, Error> {
    if let Some(before) = asked.answered(&mut work).await? {
        return Ok(before);
    }
    let (case, meeting) = found(&mut work, id, one).await?;
    let body = &asked.body;
    let new = NewParty { org: body.org, who: body.who.clone(), sections: body.sections.clone() };
    let party = actions::ask(&mut work, &case, &meeting, &new).await?;
    asked.answer(work, StatusCode::CREATED, None, &ConferenceDone { id: party.0 }).await
}

/// How it agreed.
#[derive(Debug, Deserialize, ToSchema)]
struct AgreementWire {
    /// `signed`, `said` or `written`.
    #[serde(default)]
    how: String,
}

/// An organisation agreed to keep to itself what it hears.
#[utoipa::path(post, path = "/api/v1/cases/{id}/meetings/{meeting}/conference/parties/{party}/agreement", tag = "meetings", params(("id" = CaseId, Path), ("meeting" = Uuid, Path), ("party" = RowId, Path)), request_body = AgreementWire, responses((status = 200, body = ConferenceDone), (status = 404), (status = 409), (status = 422)))]
async fn agree(
    mut work: Work,
    Path((id, one, party)): Path<(CaseId, Uuid, RowId)>,
    asked: Asked<AgreementWire>,
) -> Result<Response, Error> {
    if let Some(before) = asked.answered(&mut work).await? {
        return Ok(before);
    }
    let (case, meeting) = found(&mut work, id, one).await?;
    let party = actions::party(&mut work, &case, &meeting, party).await?;
    actions::agree(&mut work, &case, &meeting, &party, &asked.body.how).await?;
    asked.answer(work, StatusCode::OK, None, &ConferenceDone { id: party.id.0 }).await
}

/// Nothing more is to be said.
#[derive(Debug, Deserialize, ToSchema)]
struct NotAskedWire {}

/// An organisation is not asked to come any more.
#[utoipa::path(post, path = "/api/v1/cases/{id}/meetings/{meeting}/conference/parties/{party}/removal", tag = "meetings", params(("id" = CaseId, Path), ("meeting" = Uuid, Path), ("party" = RowId, Path)), request_body = NotAskedWire, responses((status = 200, body = ConferenceDone), (status = 404), (status = 409)))]
async fn remove(
    mut work: Work,
    Path((id, one, party)): Path<(CaseId, Uuid, RowId)>,
    asked: Asked<NotAskedWire>,
) -> Result<Response, Error> {
    if let Some(before) = asked.answered(&mut work).await? {
        return Ok(before);
    }
    let (case, meeting) = found(&mut work, id, one).await?;
    let party = actions::party(&mut work, &case, &meeting, party).await?;
    actions::remove(&mut work, &case, &meeting, &party).await?;
    asked.answer(work, StatusCode::OK, None, &ConferenceDone { id: party.id.0 }).await
}

/// The minutes.
#[derive(Debug, Deserialize, ToSchema)]
struct ConferenceMinutesWire {
    /// Text by section of the pack.
    #[serde(default)]
    minutes: BTreeMap<String, String>,
}

/// For how many organisations a part was made.
#[derive(Debug, Serialize, ToSchema)]
struct ConferenceSharedWire {
    packets: usize,
    /// How many of these nobody there can open: they go on paper.
    on_paper: usize,
}

/// Shares the minutes: each organisation receives the sections that are shared with it.
#[utoipa::path(post, path = "/api/v1/cases/{id}/meetings/{meeting}/conference/minutes", tag = "meetings", params(("id" = CaseId, Path), ("meeting" = Uuid, Path)), request_body = ConferenceMinutesWire, responses((status = 200, body = ConferenceSharedWire), (status = 404), (status = 409), (status = 422)))]
async fn share(
    mut work: Work,
    Path((id, one)): Path<(CaseId, Uuid)>,
    asked: Asked<ConferenceMinutesWire>,
) -> Result<Response, Error> {
    if let Some(before) = asked.answered(&mut work).await? {
        return Ok(before);
    }
    let (case, meeting) = found(&mut work, id, one).await?;
    let shared = actions::share(&mut work, &case, &meeting, &asked.body.minutes).await?;
    let wire = ConferenceSharedWire { packets: shared.packets, on_paper: shared.on_paper };
    asked.answer(work, StatusCode::OK, None, &wire).await
}

/// Minutes that came to the caller's organisation.
#[derive(Debug, Serialize, ToSchema)]
struct ReceivedMinutesWire {
    id: RowId,
    /// Of the case.
    code: String,
    /// Who held the conference.
    from: String,
    held_at: DateTime<Utc>,
}

impl From<Received> for ReceivedMinutesWire {
    fn from(one: Received) -> Self {
        Self { id: one.id, code: one.code, from: one.from_name, held_at: one.held_at }
    }
}

/// The minutes of conferences that came to the caller's organisation, the latest first.
#[utoipa::path(get, path = "/api/v1/conferences", tag = "meetings", responses((status = 200, body = Vec<ReceivedMinutesWire>)))]
async fn index(mut work: Work) -> Result<Response, Error> {
    work.may(Act::ReferralAnswer)?;
    let received = store::received(&mut work).await?;
    work.record(Fact::Viewed, About::subjects(received.iter().map(|one| one.id.0))).await?;
    work.commit().await?;
    Ok(axum::Json(received.into_iter().map(ReceivedMinutesWire::from).collect::<Vec<_>>()).into_response())
}

/// One organisation's minutes, opened.
#[derive(Debug, Serialize, ToSchema)]
struct OpenedMinutesWire {
    code: String,
    held_at: DateTime<Utc>,
    /// Text by section of the sender's pack.
    sections: BTreeMap<String, String>,
    /// What the receiver agreed to do.
    agreed: Vec<AgreedWire>,
}

/// Something that an organisation agreed to do.
#[derive(Debug, Serialize, ToSchema)]
struct AgreedWire {
    what: String,
    due_on: Option<NaiveDate>,
}

/// Opens the minutes that are shared with the caller's organisation, or that it shared.
#[utoipa::path(get, path = "/api/v1/conferences/{id}", tag = "meetings", params(("id" = RowId, Path)), responses((status = 200, body = OpenedMinutesWire), (status = 404)))]
async fn open(mut work: Work, Path(id): Path<RowId>) -> Result<Response, Error> {
    let (packet, minutes) = received::opened(&mut work, id).await?;
    work.record(Fact::Viewed, About::subjects([id.0])).await?;
    work.commit().await?;
    let agreed = minutes.agreed.into_iter().map(|one| AgreedWire { what: one.what, due_on: one.due_on }).collect();
    let wire = OpenedMinutesWire { code: packet.code, held_at: packet.held_at, sections: minutes.sections, agreed };
    Ok(axum::Json(wire).into_response())
}

/// Minutes that the caller's organisation is asked to delete.
#[derive(Debug, Serialize, ToSchema)]
struct MinutesToDeleteWire {
    /// The packet they were in.
    id: RowId,
    /// Of the case.
    code: String,
    /// Who asks.
    from: String,
    held_at: DateTime<Utc>,
    /// By when.
    delete_by: DateTime<Utc>,
}

impl From<ToDelete> for MinutesToDeleteWire {
    fn from(one: ToDelete) -> Self {
        Self { id: one.id, code: one.code, from: one.from_name, held_at: one.held_at, delete_by: one.due_at }
    }
}

/// What the caller's organisation is asked to delete of minutes that it got, the most pressing first.
#[utoipa::path(get, path = "/api/v1/conferences/deletions", tag = "meetings", responses((status = 200, body = Vec<MinutesToDeleteWire>)))]
async fn deletions(mut work: Work) -> Result<Response, Error> {
    may_answer(&work)?;
    let asked = store::to_delete(&mut work).await?;
    work.record(Fact::Viewed, About::subjects(asked.iter().map(|one| one.id.0))).await?;
    work.commit().await?;
    Ok(axum::Json(asked.into_iter().map(MinutesToDeleteWire::from).collect::<Vec<_>>()).into_response())
}

/// Says that no copy of minutes that were called back is left with the caller's organisation.
#[utoipa::path(post, path = "/api/v1/conferences/{id}/deletion", tag = "meetings", params(("id" = RowId, Path)), request_body = NotAskedWire, responses((status = 200, body = ConferenceDone), (status = 404)))]
async fn delete(mut work: Work, Path(id): Path<RowId>, asked: Asked<NotAskedWire>) -> Result<Response, Error> {
    if let Some(before) = asked.answered(&mut work).await? {
        return Ok(before);
    }
    recall::deleted(&mut work, id).await?;
    asked.answer(work, StatusCode::OK, None, &ConferenceDone { id: id.0 }).await
}
