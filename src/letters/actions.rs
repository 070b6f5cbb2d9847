//! The verbs of letters: keep a draft, say what stands in the way, submit it with its referral, print it.
use serde_json::json;

use super::attachments;
use super::compose::{Dialogue, MOST_CHARACTERS};
use super::letter::{Letter, State, Way};
use super::store::{self, Frozen};
use super::{further, writing};
use crate::access::Act;
use crate::audit::Fact;
use crate::error::{Clash, Error, FieldErrors, invalid};
use crate::packs::{LetterLayout, Sensitivity, Word};
use crate::people::guard;
use crate::platform::db::Work;
use crate::platform::ids::LetterId;
use crate::platform::mail::is_address;
use crate::referrals::attachments::{self as kept, Chosen};
use crate::referrals::row::Referral;
use crate::referrals::sending::{cash, send};
use crate::referrals::sides;
use crate::referrals::words::{Act as Move, Kind, Side, Status};

/// Keeps the draft as it stands in the dialogue.
pub async fn keep(work: &mut Work, dialogue: &Dialogue) -> Result<(), Error> {
    store::keep(work, &dialogue.letter, dialogue.referral.case_id).await?;
    work.record(Fact::ReferralEdited, dialogue.referral.about_for_sender().with(dialogue.letter.id)).await
}

/// What is wrong with the letter itself, beside its fields. What is wrong with the referral is said by its own page.
pub fn faults(work: &Work, dialogue: &Dialogue) -> FieldErrors {
    let mut errors = FieldErrors::default();
    let letter = &dialogue.letter;
    if letter.way == Way::Email {
        message_faults(dialogue, &mut errors);
        contact_faults(dialogue, &mut errors);
        guard_faults(work, dialogue, &mut errors);
    }
    // Whoever carries a paper through a checkpoint or home answers for what it says (S17).
    if letter.way == Way::Hand && dialogue.sensitivity() != Sensitivity::Standard {
        match letter.typed.safe_to_carry.as_str() {
            "yes" => {}
            "no" => errors.add("safe_to_carry", "not_safe_to_carry"),
            _ => errors.add("safe_to_carry", "required"),
        }
    }
    if letter.way == Way::Email && dialogue.template.layout == LetterLayout::AppointmentCard {
        errors.add("template", "card_on_paper");
    }
    further::faults(dialogue, &mut errors);
    errors
}

fn message_faults(dialogue: &Dialogue, errors: &mut FieldErrors) {
    let words = &dialogue.letter.typed.words;
    for (field, text, most) in [("subject", &words.subject, 200), ("message", &words.message, MOST_CHARACTERS)] {
        if text.trim().is_empty() {
            errors.add(field, "required");
        }
        if text.chars().count() > most {
            errors.add(field, "too_long");
        }
        if text.contains('\0') {
            errors.add(field, "not_text");
        }
    }
    if words.subject.trim().contains(['\n', '\r']) {
        errors.add("subject", "one_line");
    }
}

// For guarded types only a named contact, verified by telephone, at the address that is registered (S17).
fn contact_faults(dialogue: &Dialogue, errors: &mut FieldErrors) {
    let typed = &dialogue.letter.typed;
    if typed.email.is_empty() {
        errors.add("email", "required");
    } else if !is_address(&typed.email) {
        errors.add("email", "not_an_email");
    }
    if dialogue.sensitivity() == Sensitivity::Standard {
        return;
    }
    match dialogue.contact() {
        Some(contact) if contact.may_hear_of(dialogue.sensitivity()) => {
            if contact.email != typed.email {
                errors.add("email", "registered_address_only");
            }
        }
        _ => errors.add("contact", "contact_not_verified"),
    }
}

fn guard_faults(work: &Work, dialogue: &Dialogue, errors: &mut FieldErrors) {
    if dialogue.found.is_clean() {
        return;
    }
    if work.holds(Act::LetterOverrideGuard) && !dialogue.letter.typed.guard_reason.is_empty() {
        return;
    }
    for (field, hits) in [("subject", &dialogue.found.subject), ("message", &dialogue.found.message)] {
        if !hits.is_empty() {
            errors.add(field, "personal_data");
        }
    }
    if dialogue.found.lapsed && work.holds(Act::LetterOverrideGuard) {
        errors.add("guard_reason", "reason_lapsed");
    }
}

/// Sends the referral and freezes its letter, in one transaction; a further letter is frozen alone. What was sent already answers as it is,
/// so that a double click sends once.
pub async fn submit(work: &mut Work, dialogue: &Dialogue) -> Result<Referral, Error> {
    let (referral, letter) = (&dialogue.referral, &dialogue.letter);
    if is_sent(work, referral).await? {
        return Ok(referral.clone());
    }
    faults(work, dialogue).or_ok()?;
    let by_agreement = by_agreement(work, referral).await?;
    let content = writing::content(work, &dialogue.sources()).await?;
    let sent = if letter.is_further() { referral.clone() } else { send_with_attachments(work, dialogue).await? };
    store::submit(work, letter, &Frozen { content: &content, pinned: &dialogue.template.pinned, by_agreement }).await?;
    overridden(work, dialogue).await?;
    let note = json!({ "way": letter.way.as_str(), "template": letter.template, "lang": letter.lang.code() });
    work.record(Fact::LetterSubmitted, sent.about_for_sender().with(letter.id).note(note)).await?;
    Ok(sent)
}

async fn send_with_attachments(work: &mut Work, dialogue: &Dialogue) -> Result<Referral, Error> {
    let chosen = chosen(work, dialogue).await?;
    if !chosen.is_empty() && cash::is(&dialogue.pack, &dialogue.referral.wanted.need) {
        return Err(invalid("document", "cash_alone"));
    }
    let titles: Vec<String> = chosen.iter().map(|one| one.title.clone()).collect();
    let form = attachments::announced(&dialogue.form, &titles);
    let sent = send::submit(work, &dialogue.referral, &form).await?;
    kept::freeze(work, &sent, &chosen).await?;
    Ok(sent)
}

/// The records to be attached, opened.
pub async fn chosen(work: &mut Work, dialogue: &Dialogue) -> Result<Vec<Chosen>, Error> {
    let (lang, typed) = (dialogue.letter.lang, &dialogue.letter.typed);
    attachments::chosen(work, lang, dialogue.prepared.case.id, (&typed.documents, &typed.notes)).await
}

// A notice of transfer, and a referral to an organisation rather than to a service, go under an agreement or not at all; another referral
// says that one is missing and is never stopped by it.
async fn by_agreement(work: &mut Work, referral: &Referral) -> Result<bool, Error> {
    let kind = referral.state.terms.kind;
    let (Kind::Partner | Kind::TransferNotice, Some(to)) = (kind, referral.to.org) else { return Ok(false) };
    let stands = store::agreement_stands(work, referral.from.org, to).await?;
    if !stands && referral.wanted.service_id.is_none() {
        return Err(invalid("organisation", "no_agreement"));
    }
    Ok(stands)
}

async fn overridden(work: &mut Work, dialogue: &Dialogue) -> Result<(), Error> {
    if dialogue.found.is_clean() {
        return Ok(());
    }
    work.may_in(Act::LetterOverrideGuard, dialogue.referral.from.unit, dialogue.referral.case_id).await?;
    let kinds = guard::kinds(dialogue.found.subject.iter().chain(&dialogue.found.message));
    // The reason stands sealed in the letter; whoever reads the log is led to its page.
    let page = format!("/referrals/{}/letter", dialogue.referral.id);
    let about = dialogue.referral.about_for_sender().with(dialogue.letter.id).note(json!({ "found": kinds, "page": page }));
    work.record(Fact::GuardOverridden, about).await
}

/// Whether the referral was sent and no further letter is being written: then nothing can be changed. Whoever may not read the letter
/// learns neither.
pub async fn is_sent(work: &mut Work, referral: &Referral) -> Result<bool, Error> {
    if referral.state.times.sent.is_none() {
        return Ok(false);
    }
    find(work, referral).await.map(|letter| !(letter.is_further() && letter.is_draft()))
}

/// The newest letter of a referral that the actor reads from the sender's side.
pub async fn find(work: &mut Work, referral: &Referral) -> Result<Letter, Error> {
    if !sides::rights(work, referral).await?.reads_from {
        return Err(Error::NotFound);
    }
    store::of_referral(work, referral.id).await?.ok_or(Error::NotFound)
}

/// The exact bytes that went out or will be handed over; opening them is a fact.
pub async fn open(work: &mut Work, referral: &Referral) -> Result<Vec<u8>, Error> {
    let letter = find(work, referral).await?;
    open_one(work, referral, letter.id).await
}

/// The same of any letter of the referral, earlier ones too.
pub async fn open_one(work: &mut Work, referral: &Referral, id: LetterId) -> Result<Vec<u8>, Error> {
    find(work, referral).await?;
    let letter = store::find(work, id).await?;
    if letter.referral != referral.id {
        return Err(Error::NotFound);
    }
    let bytes = store::bytes(work, letter.id).await?;
    work.record(Fact::LetterOpened, referral.about_for_sender().with(letter.id)).await?;
    Ok(bytes)
}

/// Writes down that the letter is printed, to be handed over or sent by post. Nothing is printed that no longer may go.
pub async fn print(work: &mut Work, referral: &Referral) -> Result<(), Error> {
    let letter = find(work, referral).await?;
    let rights = sides::rights(work, referral).await?;
    if !rights.allow(Move::Edit, Side::From) {
        return Err(Error::Forbidden(Act::ReferralWrite.code()));
    }
    let refused = |code| Error::Conflict(Clash::State { state: referral.state.status.code().to_owned(), code });
    if letter.state != State::Issued {
        return Err(refused("letter_not_ready"));
    }
    let over = matches!(referral.state.status, Status::Rejected | Status::Cancelled | Status::EnteredInError);
    if over || referral.state.times.deletion_asked.is_some() || store::refusal(work, letter.id).await?.is_some() {
        return Err(refused("letter_may_not_go"));
    }
    store::printed(work, &letter).await?;
    work.record(Fact::LetterPrinted, referral.about_for_sender().with(letter.id).note(json!({ "way": letter.way.as_str() })))
        .await
}
