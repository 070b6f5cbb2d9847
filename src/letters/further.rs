//! A further letter of a referral that was sent: in another language, or to another contact (ADR 0007).
//!
//! It is written in the same dialogue and checked like the first. Nothing more is disclosed by it: what it prints of the person comes from
//! the packet as it was frozen, and nothing can be attached any more. The link it carries takes the place of those before it.
use super::actions;
use super::compose::Dialogue;
use super::letter::{FIRST, Letter, use_of, ways};
use super::store;
use crate::access::Act as Right;
use crate::audit::{About, Fact};
use crate::error::{Clash, Error, FieldErrors};
use crate::packs::Pack;
use crate::platform::db::Work;
use crate::referrals::row::Referral;
use crate::referrals::sending::draft;
use crate::referrals::sending::packet::{self, Disclosure};
use crate::referrals::sending::send::Prepared;
use crate::referrals::sides;
use crate::referrals::words::{Act as Move, Sharing, Side};
use crate::web::Form;

/// Begins the next letter with what the last one said, or the first one of a referral that was sent without. One that was begun already is
/// gone on with, so that a double click begins one.
pub async fn begin(work: &mut Work, referral: &Referral) -> Result<Letter, Error> {
    // Before it is sent there is nothing that a letter could follow.
    if referral.state.times.sent.is_none() || !sides::rights(work, referral).await?.reads_from {
        return Err(Error::NotFound);
    }
    may_begin(work, referral).await?;
    let number = store::next_number(work, referral.id).await?.max(FIRST + 1);
    let next = match store::of_referral(work, referral.id).await? {
        Some(last) if last.is_further() && last.is_draft() => return Ok(last),
        Some(last) => last.next(number),
        None if use_of(referral.state.terms.kind).is_none() => return Err(Error::NotFound),
        None => first_of_all(work, referral, number),
    };
    store::keep(work, &next, referral.case_id).await?;
    let about = About { case_id: referral.case_id, ..About::referral(referral.id) };
    work.record(Fact::ReferralEdited, about.with(next.id).between([referral.from.org])).await?;
    store::find(work, next.id).await
}

// It goes the way that such a case may be written about (S17).
fn first_of_all(work: &Work, referral: &Referral, number: i16) -> Letter {
    let blank = Letter { way: ways(referral.state.terms.sensitivity)[0], ..Letter::blank(referral.id, work.lang()) };
    blank.next(number)
}

/// Throws away one that was begun.
pub async fn give_up(work: &mut Work, referral: &Referral) -> Result<(), Error> {
    may_begin(work, referral).await?;
    let letter = actions::find(work, referral).await?;
    store::give_up(work, &letter).await?;
    let about = About { case_id: referral.case_id, ..About::referral(referral.id) };
    work.record(Fact::ReferralEdited, about.with(letter.id).between([referral.from.org])).await
}

/// Whoever writes the referral may write on about it while it runs and sharing stands.
pub async fn may_begin(work: &mut Work, referral: &Referral) -> Result<(), Error> {
    if !sides::rights(work, referral).await?.allow(Move::Amend, Side::From) {
        return Err(Error::Forbidden(Right::ReferralWrite.code()));
    }
    let refused = |code| Err(Error::Conflict(Clash::State { state: referral.state.status.code().to_owned(), code }));
    match (referral.state.status.is_in_flight(), referral.state.sharing) {
        (false, _) => refused("already_ended"),
        (true, Sharing::Open) => Ok(()),
        _ => refused("sharing_stopped"),
    }
}

/// The dialogue may be opened: on the first letter while the referral is a draft, on a further one that was begun.
pub async fn may_write(work: &mut Work, referral: &Referral, newest: Option<&Letter>) -> Result<(), Error> {
    match newest {
        Some(letter) if letter.is_further() && letter.is_draft() => may_begin(work, referral).await,
        _ => draft::may_write(work, referral).await,
    }
}

/// The draft as it was sent, out of its frozen packets: the draft itself went with the sending.
pub async fn form(work: &mut Work, referral: &Referral) -> Result<Form, Error> {
    let mut form = Form::default();
    let persons = sqlx::query_scalar!("select person_id from referral_people where referral_id = $1", referral.id.0)
        .fetch_all(work.db())
        .await?;
    form.set_all("person", persons.iter().map(ToString::to_string).collect());
    let mut codes: Vec<String> = Vec::new();
    for section in packet::read(work, referral).await?.into_iter().flat_map(|one| one.sections) {
        for (key, value) in &section.lines {
            match key.as_str() {
                "text" => form.set(&format!("text_{}", section.code), value.as_str()),
                "reason"
                | "accompaniment"
                | "care"
                | "caregiver_relationship"
                | "caregiver_informed"
                | "caregiver_not_informed" => {
                    form.set(key, value.as_str());
                }
                _ => {}
            }
        }
        if !codes.contains(&section.code) {
            codes.push(section.code);
        }
    }
    form.set_all("sections", codes);
    form.set("need", referral.wanted.need.as_str());
    form.set("priority", referral.state.terms.priority.code());
    form.set("follow_up", referral.state.terms.follow_up.map(|way| way.code()).unwrap_or_default());
    Ok(form)
}

/// Puts in place what was disclosed and asked for when the referral was sent; what the registry says by now stays out of it.
pub async fn as_sent(work: &mut Work, referral: &Referral, pack: &Pack, prepared: &mut Prepared) -> Result<(), Error> {
    let sensitivity = referral.state.terms.sensitivity;
    let persons = prepared.persons.iter().copied().chain(std::iter::repeat(prepared.case.person.into()));
    let opened = packet::read(work, referral).await?;
    prepared.disclosures = opened
        .into_iter()
        .zip(persons)
        .map(|(one, person)| Disclosure { person, brief: packet::brief(pack, sensitivity, &one.sections), full: one.sections })
        .collect();
    prepared.submission.due_at = referral.state.terms.due_at;
    prepared.submission.priority = referral.state.terms.priority;
    prepared.problems.clear();
    Ok(())
}

/// What no longer holds of what the letter rests on.
pub fn faults(dialogue: &Dialogue, errors: &mut FieldErrors) {
    if dialogue.letter.is_further() && dialogue.prepared.consents.iter().any(|said| said.gap.is_some()) {
        errors.add("consent", "no_consent");
    }
}
