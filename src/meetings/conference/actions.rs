//! The verbs: say whether the person comes, ask organisations to come, write down that they keep it to themselves, and share the minutes.
use std::collections::BTreeMap;

use serde_json::json;
use uuid::Uuid;

use super::party::{AGREED, Invited, LONGEST_LINE, LONGEST_TEXT, NOT_INVITED, NewParty, Part, Party};
use super::store;
use crate::access::Act;
use crate::audit::{About, Fact};
use crate::cases::{self, Case};
use crate::consent::{self, Consent, CoverQuestion};
use crate::error::{Clash, Error, FieldErrors, invalid};
use crate::meetings::Meeting;
use crate::packs::Pack;
use crate::people::guard::{self, Known};
use crate::platform::db::Work;
use crate::platform::ids::{ConsentId, OrgId, ReferralId, RowId};

/// A conference of a case, and nothing else that was planned on it.
pub async fn find(work: &mut Work, case: &Case, id: Uuid) -> Result<Meeting, Error> {
    let meeting = crate::meetings::store::find(work, case.id, id).await?;
    if meeting.kind == "conference" { Ok(meeting) } else { Err(Error::NotFound) }
}

/// Says whether the person, or the child, is asked to come; if not, why.
pub async fn say_invited(work: &mut Work, case: &Case, meeting: &Meeting, (person, reason): (&str, &str)) -> Result<(), Error> {
    work.may_in(Act::CaseEdit, case.unit, Some(case.id)).await?;
    meeting.must_be_planned()?;
    let mut errors = FieldErrors::default();
    let person = match person {
        "yes" => true,
        "no" => false,
        other => return Err(invalid("person", if other.is_empty() { "required" } else { "not_a_choice" })),
    };
    if !person && !NOT_INVITED.contains(&reason) {
        errors.add("reason", if reason.is_empty() { "required" } else { "not_a_choice" });
    }
    errors.or_ok()?;
    let invited = Invited { person, reason: Some(reason.to_owned()).filter(|_| !person) };
    store::say_invited(work, meeting, &invited).await?;
    let note = json!({ "person": invited.person, "reason": invited.reason });
    work.record(Fact::ConferencePersonSaid, About::case(case.id).with(meeting.id).note(note)).await
}

/// Asks an organisation to come. What is to be shared with it must be covered, section by section.
pub async fn ask(work: &mut Work, case: &Case, meeting: &Meeting, new: &NewParty) -> Result<RowId, Error> {
    work.may_in(Act::ReferralWrite, case.unit, Some(case.id)).await?;
    case.must_be_open()?;
    meeting.must_be_planned()?;
    let pack = cases::actions::pack_of(work, case).await?;
    let mut errors = FieldErrors::default();
    let (said, asked) = store::hold(work, meeting.id).await?;
    if !said {
        errors.add("person", "person_first");
    }
    if asked >= store::MOST_PARTIES {
        errors.add("org", "too_many_invited");
    }
    if new.who.chars().count() > LONGEST_LINE {
        errors.add("who", "too_long");
    }
    // It stands on the invitation, which names nobody.
    if !guard::find(&new.who, &guard::known(work, case.id).await?).is_empty() {
        errors.add("who", "tells_too_much");
    }
    if new.sections.is_empty() {
        errors.add("sections", "required");
    } else if new.sections.iter().any(|code| pack.section(code).is_none()) {
        errors.add("sections", "not_a_choice");
    }
    let org = new.org.ok_or_else(|| invalid("org", "required"))?;
    let Some(kind) = store::org_kind(work, org).await? else { return Err(invalid("org", "not_a_choice")) };
    let consents = store::consents(work, case).await?;
    let mut shares = Vec::new();
    for section in &new.sections {
        match covered(work, (case, &*pack), &consents, (org, kind.as_str()), section) {
            Ok(consent) => shares.push((section.clone(), consent)),
            Err(gap) => errors.add("sections", gap),
        }
    }
    errors.or_ok()?;
    let party = store::insert_party(work, meeting, (org, new.who.trim()), &shares).await?;
    let note = json!({ "sections": new.sections, "org": org });
    work.record(Fact::ConferencePartyChanged, About::case(case.id).with(meeting.id).with(party).note(note)).await?;
    Ok(party)
}

/// The consent or other basis that covers one section for an organisation, or the code of what is missing.
pub(super) fn covered(
    work: &Work,
    (case, pack): (&Case, &Pack),
    consents: &[Consent],
    (org, kind): (OrgId, &str),
    section: &str,
) -> Result<ConsentId, &'static str> {
    let sections = [section.to_owned()];
    let sensitive: &[String] = if pack.section(section).is_some_and(|known| known.sensitive) { &sections[..] } else { &[] };
    let question = CoverQuestion {
        person: case.person_id,
        org,
        org_kind: kind,
        sections: &sections,
        sensitive,
        // What was given for one referral in an emergency covers that one alone, and no conference.
        referral: ReferralId::new(),
        on: work.today(),
        now: work.now(),
    };
    consent::covers(consents, &question).map_err(|gap| gap.code())
}

/// The party of this id that is asked to a conference.
pub async fn party(work: &mut Work, case: &Case, meeting: &Meeting, id: RowId) -> Result<Party, Error> {
    let parties = store::parties(work, case.id, meeting.id).await?;
    parties.into_iter().find(|party| party.id == id).ok_or(Error::NotFound)
}

/// An organisation agreed to keep to itself what it hears.
pub async fn agree(work: &mut Work, case: &Case, meeting: &Meeting, party: &Party, how: &str) -> Result<(), Error> {
    work.may_in(Act::CaseEdit, case.unit, Some(case.id)).await?;
    if !AGREED.contains(&how) {
        return Err(invalid("how", if how.is_empty() { "required" } else { "not_a_choice" }));
    }
    store::agree(work, party.id, how).await?;
    work.record(Fact::ConferenceAgreed, About::case(case.id).with(meeting.id).with(party.id).note(json!({ "how": how }))).await
}

/// An organisation is not asked to come any more. What it received stays.
pub async fn remove(work: &mut Work, case: &Case, meeting: &Meeting, party: &Party) -> Result<(), Error> {
    work.may_in(Act::CaseEdit, case.unit, Some(case.id)).await?;
    if party.packet.is_some() {
        return Err(Error::Conflict(Clash::State { state: meeting.state.clone(), code: "conference_shared" }));
    }
    store::remove(work, party.id).await?;
    work.record(Fact::ConferencePartyChanged, About::case(case.id).with(meeting.id).with(party.id)).await
}

/// Shares the minutes of a conference that was held: each organisation receives the sections that are shared with it, once it agreed to keep them to
/// itself and as far as something covers them now; that is written down with them. Where somebody reads them there, they are told.
pub async fn share(work: &mut Work, case: &Case, meeting: &Meeting, minutes: &BTreeMap<String, String>) -> Result<Shared, Error> {
    work.may_in(Act::ReferralWrite, case.unit, Some(case.id)).await?;
    // Whoever puts right how it took place at this moment comes before or after, and not in between.
    let meeting = &crate::meetings::store::held(work, case.id, meeting.id).await?;
    if !meeting.took_place() {
        return Err(Error::Conflict(Clash::State { state: meeting.state.clone(), code: "conference_not_held" }));
    }
    let mut written = minutes.clone();
    written.retain(|_, text| !text.trim().is_empty());
    if written.is_empty() {
        return Err(invalid("minutes", "required"));
    }
    if written.values().any(|text| text.chars().count() > LONGEST_TEXT) {
        return Err(invalid("minutes", "too_long"));
    }
    let pack = cases::actions::pack_of(work, case).await?;
    let consents = store::consents(work, case).await?;
    let parties = store::parties(work, case.id, meeting.id).await?;
    if !parties.is_empty() && parties.iter().all(|party| party.packet.is_some()) {
        return Err(Error::Conflict(Clash::Stale));
    }
    let known = guard::known(work, case.id).await?;
    check_told(&parties, &written, &known)?;
    let (mut made, mut orgs, mut on_paper) = (Vec::new(), Vec::new(), 0);
    for party in parties.iter().filter(|party| party.packet.is_none()) {
        let parts = parts(work, (case, &*pack), &consents, party, &written).await?;
        if !parts.is_empty() {
            let agreed = party.agreed_to(&meeting.words.decided, &known);
            made.push(store::insert_packet(work, (case, meeting), party, (parts, agreed)).await?);
            orgs.push(party.org);
            on_paper += usize::from(!party.reads);
        }
    }
    if made.is_empty() {
        return Err(invalid("minutes", "nothing_to_share"));
    }
    let about = made.iter().fold(About::case(case.id).with(meeting.id), |about, packet| about.with(*packet));
    work.record(Fact::ConferenceShared, about.between(orgs)).await?;
    Ok(Shared { packets: made.len(), on_paper })
}

/// What was shared.
#[derive(Debug, Clone, Copy)]
pub struct Shared {
    /// How many packets were made.
    pub packets: usize,
    /// How many of these nobody there can open: they go on paper.
    pub on_paper: usize,
}

// Beside each part of the minutes, that it tells one of those who receive it more of who is meant than is shared with them.
fn check_told(parties: &[Party], written: &BTreeMap<String, String>, known: &Known) -> Result<(), Error> {
    let mut errors = FieldErrors::default();
    for party in parties.iter().filter(|party| party.packet.is_none()) {
        for (section, text) in party.part_of(written) {
            if party.is_told_too_much(&text, known) {
                errors.add(&format!("m_{section}"), "tells_too_much");
            }
        }
    }
    errors.or_ok()
}

// What of the minutes goes to a party, each part with what covers it now.
async fn parts(
    work: &mut Work,
    (case, pack): (&Case, &Pack),
    consents: &[Consent],
    party: &Party,
    written: &BTreeMap<String, String>,
) -> Result<Vec<Part>, Error> {
    let part = party.part_of(written);
    if part.is_empty() {
        return Ok(Vec::new());
    }
    if party.agreed_how.is_none() {
        return Err(invalid("minutes", "agreement_missing"));
    }
    let kind = store::org_kind(work, party.org).await?.ok_or_else(|| invalid("minutes", "recipient_not_covered"))?;
    let mut parts = Vec::new();
    for (section, text) in part {
        let consent =
            covered(work, (case, pack), consents, (party.org, kind.as_str()), &section).map_err(|gap| invalid("minutes", gap))?;
        parts.push(Part { section, text, consent });
    }
    Ok(parts)
}
