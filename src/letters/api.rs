//! Letters over REST: write the draft, look at the very file, submit it with its referral, ask how it fares.
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Utc};
use http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::{OpenApi, ToSchema};
use uuid::Uuid;

use super::compose::{self, Typing};
use super::letter::{Letter, standing};
use super::pages::pdf;
use super::{actions, further, paper, store, writing};
use crate::api::{Asked, IfMatch, versioned};
use crate::audit::{About, Fact};
use crate::error::Error;
use crate::packs::Word;
use crate::platform::db::Work;
use crate::platform::ids::{ContactId, LetterId, ReferralId};
use crate::platform::outbox::{self, Delivery};
use crate::referrals::store as referrals;
use crate::web::form::Path;
use crate::web::{Form, Routes};

/// The calls and their description.
pub fn routes() -> Routes {
    Routes::new()
        .api("GET", "/api/v1/referrals/{id}/letter", show)
        .api("PUT", "/api/v1/referrals/{id}/letter", update)
        .api("GET", "/api/v1/referrals/{id}/letter/preview", preview)
        .api("POST", "/api/v1/referrals/{id}/letter/submission", submit)
        .api("GET", "/api/v1/referrals/{id}/letter/file", file)
        .api("POST", "/api/v1/referrals/{id}/letter/printing", print)
        .api("GET", "/api/v1/referrals/{id}/letters", list)
        .api("POST", "/api/v1/referrals/{id}/letters", begin)
        .api("GET", "/api/v1/referrals/{id}/letters/{letter}/file", file_of)
        .described::<Described>()
}

#[derive(OpenApi)]
#[openapi(paths(show, update, preview, submit, file, print, list, begin, file_of))]
struct Described;

/// A letter as a program reads it: codes and times, no words.
#[derive(Debug, Serialize, ToSchema)]
pub struct LetterWire {
    /// Its id.
    pub id: LetterId,
    /// 1 went with the referral; those after it are further ones.
    pub number: i16,
    /// `draft`, `queued`, `sent`, `delivered`, `bounced`, `dropped`, `dead`; on paper `being-made`, `to-print`, `printed`.
    pub state: &'static str,
    /// Why nothing went out.
    pub reason: Option<String>,
    /// `email`, `hand` or `post`.
    pub way: &'static str,
    /// Its language.
    pub lang: &'static str,
    /// The template's kind.
    pub template: String,
    /// The registered contact it goes to.
    pub contact: Option<ContactId>,
    /// When it was submitted.
    pub submitted_at: Option<DateTime<Utc>>,
    /// When the mail server took its message.
    pub sent_at: Option<DateTime<Utc>>,
    /// When it was printed.
    pub printed_at: Option<DateTime<Utc>>,
    /// What the personal-data guard found in subject and message of a draft: ranges of bytes.
    pub found: Vec<FoundWire>,
    /// Counts its changes; 0 before the first.
    pub version: i32,
}

/// A piece of subject or message that tells who is meant.
#[derive(Debug, Serialize, ToSchema)]
pub struct FoundWire {
    /// `subject` or `message`.
    pub field: &'static str,
    /// Its first byte.
    pub start: usize,
    /// The byte after its last.
    pub end: usize,
    /// `name`, `birth`, `phone`, `document`, `email` or `address`.
    pub kind: &'static str,
}

/// A letter to be written. What is left out is the template's.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default)]
pub struct LetterDraft {
    /// `email`, `hand` or `post`.
    pub way: String,
    /// `en`, `ar`, `fr` or `es`.
    pub lang: String,
    /// The template's kind.
    pub template: String,
    /// A registered contact of the receiver.
    pub contact: Option<Uuid>,
    /// The receiver's name, where it is no registered contact.
    pub contact_name: String,
    /// Their address, likewise.
    pub email: String,
    /// The message's subject.
    pub subject: Option<String>,
    /// The message's text.
    pub message: Option<String>,
    /// Documents of the case to be attached to the packet.
    pub documents: Vec<Uuid>,
    /// Notes of the case, likewise.
    pub notes: Vec<Uuid>,
    /// `yes` or `no`, for paper that the person carries.
    pub safe_to_carry: String,
    /// Why a message in which personal data was found goes nevertheless.
    pub guard_reason: String,
}

fn wire(letter: &Letter, delivery: Option<&Delivery>, found: Vec<FoundWire>) -> LetterWire {
    LetterWire {
        id: letter.id,
        number: letter.number,
        state: standing(letter, delivery),
        reason: letter.reason.clone(),
        way: letter.way.as_str(),
        lang: letter.lang.code(),
        template: letter.template.clone(),
        contact: letter.contact,
        submitted_at: letter.submitted_at,
        sent_at: delivery.and_then(|known| known.sent_at),
        printed_at: letter.printed_at,
        found,
        version: letter.version,
    }
}

async fn standing_of(work: &mut Work, letter: &Letter) -> Result<LetterWire, Error> {
    let delivery = outbox::store::state_of(work, letter.id.0).await?;
    Ok(wire(letter, delivery.as_ref(), Vec::new()))
}

/// Reads the letter of a referral, from the sender's side.
#[utoipa::path(get, path = "/api/v1/referrals/{id}/letter", tag = "letters", params(("id" = ReferralId, Path)),
  responses((status = 200, body = LetterWire)))]
async fn show(mut work: Work, Path(id): Path<ReferralId>) -> Result<Response, Error> {
    let referral = referrals::find(&mut work, id).await?;
    let letter = actions::find(&mut work, &referral).await?;
    let body = standing_of(&mut work, &letter).await?;
    work.record(Fact::Viewed, About::referral(id).between([referral.from.org])).await?;
    work.commit().await?;
    Ok(versioned(letter.version, body))
}

fn form(draft: &LetterDraft, version: i32) -> Form {
    let mut form = Form::default();
    for (name, value) in [
        ("way", &draft.way),
        ("lang", &draft.lang),
        ("template", &draft.template),
        ("contact_name", &draft.contact_name),
        ("email", &draft.email),
        ("safe_to_carry", &draft.safe_to_carry),
    ] {
        form.set(name, value.as_str());
    }
    form.set("version", version.to_string());
    form.set("contact", draft.contact.map(|id| id.to_string()).unwrap_or_default());
    form.set_all("document", draft.documents.iter().map(ToString::to_string).collect());
    form.set_all("note", draft.notes.iter().map(ToString::to_string).collect());
    form
}

/// Writes the draft of a letter; `If-Match: "0"` the first time.
#[utoipa::path(put, path = "/api/v1/referrals/{id}/letter", tag = "letters", params(("id" = ReferralId, Path)), request_body = LetterDraft,
  responses((status = 200, body = LetterWire)))]
async fn update(
    mut work: Work,
    Path(id): Path<ReferralId>,
    version: IfMatch,
    asked: Asked<LetterDraft>,
) -> Result<Response, Error> {
    let referral = referrals::find(&mut work, id).await?;
    let mut dialogue = compose::open(&mut work, referral, Typing::Sent(&form(&asked.body, version.0))).await?;
    let words = &mut dialogue.letter.typed.words;
    if let Some(subject) = &asked.body.subject {
        words.subject.clone_from(subject);
    }
    if let Some(message) = &asked.body.message {
        words.message.clone_from(message);
    }
    // A program says its words and its reason in one breath.
    let typed = &mut dialogue.letter.typed;
    asked.body.guard_reason.trim().clone_into(&mut typed.guard_reason);
    typed.guard_words = typed.words.print();
    compose::look(&mut work, &mut dialogue).await?;
    actions::keep(&mut work, &dialogue).await?;
    dialogue.letter.version += 1;
    let body = wire(&dialogue.letter, None, found(&dialogue));
    work.commit().await?;
    Ok(versioned(dialogue.letter.version, body))
}

fn found(dialogue: &compose::Dialogue) -> Vec<FoundWire> {
    let parts = [("subject", &dialogue.found.subject), ("message", &dialogue.found.message)];
    let hits = parts.iter().flat_map(|(field, hits)| {
        hits.iter().map(|hit| FoundWire { field, start: hit.start, end: hit.end, kind: hit.kind.code() })
    });
    hits.collect()
}

/// The very file that would go out, from the draft as it was kept; of a submitted letter the file itself. Nothing is made by it.
#[utoipa::path(get, path = "/api/v1/referrals/{id}/letter/preview", tag = "letters", params(("id" = ReferralId, Path)),
  responses((status = 200, content_type = "application/pdf")))]
async fn preview(mut work: Work, Path(id): Path<ReferralId>) -> Result<Response, Error> {
    let referral = referrals::find(&mut work, id).await?;
    if actions::is_sent(&mut work, &referral).await? {
        let bytes = actions::open(&mut work, &referral).await?;
        work.commit().await?;
        return Ok(pdf(&Letter::file_name(&referral.code), bytes));
    }
    let dialogue = compose::open(&mut work, referral, Typing::Kept).await?;
    let content = writing::content(&mut work, &dialogue.sources()).await?;
    let about = About { case_id: dialogue.referral.case_id, ..About::referral(id) };
    work.record(Fact::Viewed, about).await?;
    work.commit().await?;
    let bytes = tokio::task::spawn_blocking(move || paper::render(&content)).await.map_err(anyhow::Error::from)??;
    Ok(pdf(&Letter::file_name(&dialogue.referral.code), bytes))
}

/// The version of the draft that is submitted.
#[derive(Debug, Deserialize, ToSchema)]
pub struct Submission {
    /// As it was read.
    #[serde(default)]
    pub version: i32,
}

/// Sends the referral and freezes its letter, in one step.
#[utoipa::path(post, path = "/api/v1/referrals/{id}/letter/submission", tag = "letters", params(("id" = ReferralId, Path)),
  request_body = Submission, responses((status = 200, body = LetterWire)))]
async fn submit(mut work: Work, Path(id): Path<ReferralId>, asked: Asked<Submission>) -> Result<Response, Error> {
    if let Some(answer) = asked.answered(&mut work).await? {
        return Ok(answer);
    }
    let referral = referrals::find(&mut work, id).await?;
    if !actions::is_sent(&mut work, &referral).await? {
        let dialogue = compose::open(&mut work, referral, Typing::Kept).await?;
        IfMatch(asked.body.version).check(dialogue.letter.version)?;
        actions::submit(&mut work, &dialogue).await?;
    }
    let referral = referrals::find(&mut work, id).await?;
    let letter = actions::find(&mut work, &referral).await?;
    let body = standing_of(&mut work, &letter).await?;
    asked.answer(work, StatusCode::OK, None, &body).await
}

/// The exact bytes that went out, or will be handed over.
#[utoipa::path(get, path = "/api/v1/referrals/{id}/letter/file", tag = "letters", params(("id" = ReferralId, Path)),
  responses((status = 200, content_type = "application/pdf")))]
async fn file(mut work: Work, Path(id): Path<ReferralId>) -> Result<Response, Error> {
    let referral = referrals::find(&mut work, id).await?;
    let bytes = actions::open(&mut work, &referral).await?;
    work.commit().await?;
    Ok(pdf(&Letter::file_name(&referral.code), bytes).into_response())
}

/// The letters of a referral.
#[derive(Debug, Serialize, ToSchema)]
pub struct LetterList {
    /// The newest first.
    pub letters: Vec<LetterWire>,
}

/// Reads all letters of a referral, from the sender's side.
#[utoipa::path(get, path = "/api/v1/referrals/{id}/letters", tag = "letters", params(("id" = ReferralId, Path)),
  responses((status = 200, body = LetterList)))]
async fn list(mut work: Work, Path(id): Path<ReferralId>) -> Result<Response, Error> {
    let referral = referrals::find(&mut work, id).await?;
    actions::find(&mut work, &referral).await?;
    let all = store::all_of(&mut work, id).await?;
    let ids: Vec<Uuid> = all.iter().map(|letter| letter.id.0).collect();
    let deliveries = outbox::store::states_of(&mut work, &ids).await?;
    let letters = all.iter().map(|letter| wire(letter, deliveries.get(&letter.id.0), Vec::new())).collect();
    work.record(Fact::Viewed, About::referral(id).between([referral.from.org])).await?;
    work.commit().await?;
    Ok(axum::Json(LetterList { letters }).into_response())
}

/// Nothing has to be said of a further letter: it begins with what the last one said, and is written and submitted like it.
#[derive(Debug, Deserialize, ToSchema)]
pub struct Beginning {}

/// Begins a further letter of a referral that runs: in another language, or to another contact. The link it carries takes the place of the
/// one before.
#[utoipa::path(post, path = "/api/v1/referrals/{id}/letters", tag = "letters", params(("id" = ReferralId, Path)), request_body = Beginning,
  responses((status = 201, body = LetterWire)))]
async fn begin(mut work: Work, Path(id): Path<ReferralId>, asked: Asked<Beginning>) -> Result<Response, Error> {
    if let Some(answer) = asked.answered(&mut work).await? {
        return Ok(answer);
    }
    let referral = referrals::find(&mut work, id).await?;
    let letter = further::begin(&mut work, &referral).await?;
    let body = standing_of(&mut work, &letter).await?;
    asked.answer(work, StatusCode::CREATED, None, &body).await
}

/// The exact bytes of one of a referral's letters.
#[utoipa::path(get, path = "/api/v1/referrals/{id}/letters/{letter}/file", tag = "letters",
  params(("id" = ReferralId, Path), ("letter" = LetterId, Path)), responses((status = 200, content_type = "application/pdf")))]
async fn file_of(mut work: Work, Path((id, letter)): Path<(ReferralId, LetterId)>) -> Result<Response, Error> {
    let referral = referrals::find(&mut work, id).await?;
    let bytes = actions::open_one(&mut work, &referral, letter).await?;
    work.commit().await?;
    Ok(pdf(&Letter::file_name(&referral.code), bytes))
}

/// Nothing has to be said of a printing.
#[derive(Debug, Deserialize, ToSchema)]
pub struct Printing {}

/// Writes down that the letter was printed, to be handed over or sent by post.
#[utoipa::path(post, path = "/api/v1/referrals/{id}/letter/printing", tag = "letters", params(("id" = ReferralId, Path)),
  request_body = Printing, responses((status = 200, body = LetterWire)))]
async fn print(mut work: Work, Path(id): Path<ReferralId>, asked: Asked<Printing>) -> Result<Response, Error> {
    if let Some(answer) = asked.answered(&mut work).await? {
        return Ok(answer);
    }
    let referral = referrals::find(&mut work, id).await?;
    actions::print(&mut work, &referral).await?;
    let letter = actions::find(&mut work, &referral).await?;
    let body = standing_of(&mut work, &letter).await?;
    asked.answer(work, StatusCode::OK, None, &body).await
}
