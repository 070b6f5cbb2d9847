//! What is recorded of a referral beside its packet, as far as each side reads it.

use crate::cases::note::read_in;
use crate::error::Error;
use crate::platform::db::Work;
use crate::platform::text::text_with;
use crate::referrals::row::Referral;
use crate::referrals::sending::packet::Opened;
use crate::referrals::words::{Sharing, Side, Step};
use crate::web::Page;
use crate::web::parts::Entry;

/// The facts for a side that reads so much of the packets.
pub(in crate::referrals) async fn facts(
    work: &mut Work,
    p: &Page,
    referral: &Referral,
    side: Side,
    packets: &[Opened],
) -> Result<Vec<Entry>, Error> {
    let mut facts = Vec::new();
    let open = side == Side::From || (referral.state.status.is_running() && referral.state.sharing == Sharing::Open);
    // The reason is the sender's own words; the receiver reads it in the packet, as far as that goes.
    if side == Side::From && referral.wanted.reason.is_some() {
        facts.push(Entry::new(p.t("referral-reason"), reason(work, referral).await?));
    }
    if let Some(sealed) = &referral.ending.outcome_note {
        let text = work.referral_key(referral.id.0).await?.open_text("referrals.outcome_note", sealed)?;
        facts.push(Entry::new(p.t("referral-outcome"), read_in(p.reader.lang, &text)));
    }
    if !referral.ending.outcome_amount.is_empty() {
        facts.push(Entry::new(p.t("answer-how-much"), referral.ending.outcome_amount.clone()));
    }
    if let Some((day, confirmed)) = referral.ending.paid {
        facts.push(Entry::new(p.t("answer-paid-on"), p.date(&day)));
        facts.push(Entry::new(p.t("answer-paid-confirmed"), p.tc("follow-up", if confirmed { "yes" } else { "no" })));
    }
    facts.extend(waiting(p, referral));
    if open && !referral.care.safe_contact.is_empty() {
        facts.push(Entry::new(p.t("referral-safe-contact"), referral.care.safe_contact.clone()));
    }
    // What is not safe, and why, may say as much as the packet does: the receiver reads it with that (S22).
    if side == Side::From || packets.iter().any(|one| one.full) {
        facts.extend(safety(work, p, referral).await?);
    }
    if side == Side::From && referral.state.times.sent.is_some() {
        facts.push(Entry::new(p.t("referral-loop"), p.tc("follow-up-loop", referral.state.closing.state.code())));
    }
    Ok(facts)
}

// Whether it is safe, as it was answered before sending, and what is done where it is not.
async fn safety(work: &mut Work, p: &Page, referral: &Referral) -> Result<Vec<Entry>, Error> {
    let care = &referral.care;
    let answers = [("referral-safety-person", care.for_person), ("referral-safety-worker", care.for_worker)];
    let said = |(family, safe): (&str, bool)| Entry::new(p.t(family), p.tc(family, if safe { "yes" } else { "no" }));
    let mut entries: Vec<Entry> = answers.into_iter().filter_map(|(family, safe)| Some((family, safe?))).map(said).collect();
    if let Some(sealed) = &care.precaution {
        let text = work.referral_key(referral.id.0).await?.open_text("referrals.precaution", sealed)?;
        entries.push(Entry::new(p.t("referral-precaution"), text));
    }
    Ok(entries)
}

// The place on the receiver's list and the day on which one is expected, as long as the person waits.
fn waiting(p: &Page, referral: &Referral) -> Option<Entry> {
    if referral.state.step != Step::Waitlisted {
        return None;
    }
    let place = referral.ending.waitlist_position.map(|place| p.number(place));
    let day = referral.ending.expected_on.map(|day| p.date(&day));
    let words = match (place, day) {
        (Some(place), Some(day)) => {
            let both = [("place", place.into()), ("date", day.into())];
            text_with(p.reader.lang, "referral-waiting-place-and-day", &both)
        }
        (Some(place), None) => p.ta("referral-waiting-place", "place", place),
        (None, Some(day)) => p.ta("referral-waiting-day", "date", day),
        (None, None) => return None,
    };
    Some(Entry::new(p.t("referral-waiting"), words))
}

/// Why the sender asks, in their words; empty while it is a draft.
pub async fn reason(work: &mut Work, referral: &Referral) -> Result<String, Error> {
    let Some(sealed) = &referral.wanted.reason else { return Ok(String::new()) };
    Ok(work.referral_key(referral.id.0).await?.open_text("referrals.reason", sealed)?)
}

/// An organisation's name in the reader's language, where it is known.
pub(super) async fn org_name(work: &mut Work, org: crate::platform::ids::OrgId) -> Result<Option<String>, Error> {
    let lang = work.lang().code();
    let name =
        sqlx::query_scalar!(r#"select access.named(names, name, $2) as "name!" from organisations where id = $1"#, org, lang);
    Ok(name.fetch_optional(work.db()).await?)
}

/// Who is asked, in words.
pub(super) async fn to_name(work: &mut Work, referral: &Referral) -> Result<String, Error> {
    let org = org_name(work, referral.to.org.unwrap_or_default()).await?;
    // Whom the sender chose by name; who holds it later is the receiver's own affair.
    let named = match referral.to.assignee.filter(|_| referral.state.times.sent.is_none()) {
        Some(user) => sqlx::query_scalar!("select name from users where id = $1", user.0).fetch_optional(work.db()).await?,
        None => None,
    };
    let parts =
        [named.unwrap_or_default(), referral.wanted.service_called.clone(), org.unwrap_or_else(|| referral.to.name.clone())];
    Ok(parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · "))
}
