//! After a letter was submitted: its bytes are made, its answer link is issued, its message is posted, each once. And when the message's
//! turn comes: may it still go?
use serde_json::json;
use uuid::Uuid;

use super::letter::{Letter, State, Way};
use super::paper::{self, Content};
use super::store;
use super::writing::{self, Answers};
use crate::audit::Fact;
use crate::directory::contacts;
use crate::error::Error;
use crate::packs::Word;
use crate::platform::db::Work;
use crate::platform::ids::LetterId;
use crate::platform::jobs::{Job, RecordedFact, Taken};
use crate::platform::outbox::{self, Attach, Carrier, May, NewMessage, Outgoing, Part, Recipient};
use crate::referrals::clocks::copies;
use crate::referrals::links;
use crate::referrals::row::Referral;

/// The job's kind.
pub const ISSUE: &str = "letters.issue";
/// The job's kind that looks at a letter whose message did not get through.
pub const LOST: &str = "letters.lost";
/// The kind of the messages that carry letters.
pub const MESSAGE: &str = "letter";

/// The jobs that a submitted letter wakes, and one whose message did not get through.
pub fn of_fact(fact: &RecordedFact) -> Vec<Job> {
    let Some(letter) = fact.subjects.first() else { return Vec::new() };
    let body = json!({ "letter": letter });
    let failed = [Fact::MessageBounced, Fact::MessageDead].iter().any(|known| known.code() == fact.kind);
    if fact.kind == Fact::LetterSubmitted.code() {
        return vec![Job::new(ISSUE, fact.org, body).once(format!("{ISSUE}:{letter}"))];
    }
    // What else is sent about a referral is about no letter; the job finds none then.
    if failed && fact.referral_id.is_some() {
        return vec![Job::new(LOST, fact.org, body).once(format!("{LOST}:{}", fact.id))];
    }
    Vec::new()
}

/// Makes the letter and posts it. Safe to run twice: what is issued stays as it is.
pub async fn issue(work: &mut Work, job: &Taken) -> Result<(), Error> {
    let id: LetterId = serde_json::from_value(job.body["letter"].clone()).map_err(anyhow::Error::from)?;
    let letter = store::find(work, id).await?;
    if letter.state != State::Submitted {
        return Ok(());
    }
    let referral = crate::referrals::store::find(work, letter.referral).await?;
    if let Some(reason) = refusal(work, &letter, &referral).await? {
        return withhold(work, &letter, &referral, &reason).await;
    }
    let content = store::frozen(work, id).await?;
    let below = below(work, &letter, &referral, &content);
    let has_link = content.answer.is_some();
    // Typesetting takes a tenth of a second of a processor: not on a thread that answers requests.
    let bytes = tokio::task::spawn_blocking(move || paper::render(&content)).await.map_err(anyhow::Error::from)??;
    if !store::issue(work, id, &bytes).await? {
        return Ok(());
    }
    match (has_link, letter.is_further()) {
        (true, true) => links::replace(work, referral.id, id.0, letter.contact).await.map(|_| ())?,
        (true, false) => links::issue(work, referral.id, id.0, letter.contact).await.map(|_| ())?,
        (false, _) => {}
    }
    copies::on_its_way(work, referral.id).await?;
    if letter.way == Way::Email {
        post(work, &letter, &referral, &below).await?;
    }
    let note = json!({ "way": letter.way.as_str() });
    work.record(Fact::LetterIssued, referral.about_for_sender().with(id).note(note)).await
}

/// A letter whose message came back, was refused or is dead: whoever wrote hears of it, and where nobody has an account on the other side it
/// is their move again. An older letter that a later one has replaced is no loss.
pub async fn lost(work: &mut Work, job: &Taken) -> Result<(), Error> {
    let id: LetterId = serde_json::from_value(job.body["letter"].clone()).map_err(anyhow::Error::from)?;
    let Some(known) = letter(work, id.0).await?.filter(|known| known.state == State::Issued) else { return Ok(()) };
    let newest = store::all_of(work, known.referral).await?.into_iter().find(|one| !one.is_draft());
    let delivery = outbox::store::state_of(work, id.0).await?;
    let failed = delivery.is_some_and(|known| matches!(known.state, outbox::State::Bounced | outbox::State::Dead));
    let referral = crate::referrals::store::find(work, known.referral).await?;
    let current = newest.is_some_and(|one| one.id == id);
    if !failed || !current || !referral.state.status.is_in_flight() {
        return Ok(());
    }
    copies::lost(work, referral.id).await?;
    work.record(Fact::LetterLost, referral.about_for_sender().with(id)).await
}

fn below(work: &Work, letter: &Letter, referral: &Referral, content: &Content) -> String {
    let base = work.ground().base_url.to_string();
    writing::below_message(letter.lang, &base, &referral.code, Answers::of(content))
}

async fn post(work: &mut Work, letter: &Letter, referral: &Referral, below: &str) -> Result<(), Error> {
    let typed = &letter.typed;
    let message = NewMessage {
        kind: MESSAGE,
        org: referral.from.org,
        carrier: Carrier::Mail,
        to: Recipient { name: typed.contact_name.clone(), address: typed.email.clone() },
        lang: letter.lang,
        subject: typed.words.subject.trim().to_owned(),
        text: format!("{}\n\n{below}\n", typed.words.message.trim()),
        attach: Some(Attach::Letter(letter.id.0)),
        about: Some(letter.id.0),
        referral: Some(referral.id),
        once: format!("{MESSAGE}:{}", letter.id),
    };
    work.post(message).await.map(|_| ())
}

// What the letter rests on may have changed since it was submitted: consent, the referral, the agreement, the contact.
async fn refusal(work: &mut Work, letter: &Letter, referral: &Referral) -> Result<Option<String>, Error> {
    if let Some(reason) = store::refusal(work, letter.id).await? {
        return Ok(Some(reason));
    }
    if letter.way != Way::Email {
        return Ok(None);
    }
    let sensitivity = referral.state.terms.sensitivity;
    let contact = match letter.contact {
        Some(id) => contacts::find(work, id).await.map(Some).or_else(|error| match error {
            Error::NotFound => Ok(None),
            error => Err(error),
        })?,
        None if sensitivity == crate::packs::Sensitivity::Standard => return Ok(None),
        None => None,
    };
    Ok(match contact {
        Some(contact) if !contact.is_active() => Some("contact_retired"),
        Some(contact) if !contact.may_hear_of(sensitivity) => Some("contact_not_verified"),
        Some(contact) if sensitivity != crate::packs::Sensitivity::Standard && contact.email != letter.typed.email => {
            Some("contact_not_verified")
        }
        Some(_) => None,
        None => Some("contact_retired"),
    }
    .map(str::to_owned))
}

async fn withhold(work: &mut Work, letter: &Letter, referral: &Referral, reason: &str) -> Result<(), Error> {
    if store::withhold(work, letter.id, reason).await? {
        let about = referral.about_for_sender().with(letter.id).note(json!({ "reason": reason }));
        work.record(Fact::LetterDropped, about).await?;
    }
    Ok(())
}

/// Whether a letter's message may still go when its turn has come, and the file it carries: the exact bytes that were kept.
pub async fn may(work: &mut Work, message: &Outgoing) -> Result<May, Error> {
    let Some(Attach::Letter(id)) = message.attach else { return Ok(May::Drop("no_letter")) };
    let Some(letter) = letter(work, id).await? else { return Ok(May::Drop("no_letter")) };
    let referral = crate::referrals::store::find(work, letter.referral).await?;
    if letter.state != State::Issued {
        return Ok(May::Drop("no_letter"));
    }
    if let Some(reason) = refusal(work, &letter, &referral).await? {
        withhold(work, &letter, &referral, &reason).await?;
        return Ok(May::Drop(coded(&reason)));
    }
    // Sent again after it had come back: it is on its way once more.
    copies::on_its_way(work, referral.id).await?;
    let bytes = store::bytes(work, letter.id).await?;
    let file = Part::File { name: Letter::file_name(&referral.code), media_type: "application/pdf", bytes };
    Ok(May::Send(vec![file]))
}

async fn letter(work: &mut Work, id: Uuid) -> Result<Option<Letter>, Error> {
    match store::find(work, LetterId(id)).await {
        Ok(letter) => Ok(Some(letter)),
        Err(Error::NotFound) => Ok(None),
        Err(error) => Err(error),
    }
}

// The outbox keeps codes that live as long as the program.
fn coded(reason: &str) -> &'static str {
    match reason {
        "consent_withdrawn" => "consent_withdrawn",
        "referral_ended" => "referral_ended",
        "agreement_ended" => "agreement_ended",
        "contact_retired" => "contact_retired",
        "contact_not_verified" => "contact_not_verified",
        _ => "not_allowed",
    }
}
