//! What the inter-agency referral form says, section by section. For guarded types `paper` prints code, service and switchboard of it.
use super::paper::{Accompaniment, Agency, Child, Consent, FollowUp, Form, Informed, Priority, Tick};
use super::writing::{Sides, Sources, day, lines, need_label};
use crate::error::Error;
use crate::packs::{Pack, Sensitivity};
use crate::people;
use crate::platform::db::Work;
use crate::referrals::packet_view;
use crate::referrals::sending::cash;
use crate::referrals::sending::child::{self, Care};
use crate::referrals::words;
use crate::web::Page;

/// The form of a referral.
pub async fn form(work: &mut Work, p: &Page, sources: &Sources<'_>, sides: &Sides) -> Result<Form, Error> {
    let lang = p.reader.lang;
    let zone = work.zone();
    let due = sources.prepared.submission.due_at.map(|due| day(lang, due.with_timezone(&zone).date_naive()));
    // Of cash a letter says no more than the packet does (S26).
    let cash = cash::is(sources.pack, &sources.referral.wanted.need);
    let open = sources.referral.state.terms.sensitivity == Sensitivity::Standard && !cash;
    let typed = &sources.letter.typed;
    let phone = sources.contact.map(|contact| contact.phone.clone()).unwrap_or_default();
    let sender = if open { work.standing.name.clone() } else { String::new() };
    Ok(Form {
        priority: priority(sources.prepared.submission.priority),
        answer_by: due.clone().unwrap_or_default(),
        referring: Agency { name: sides.from.name.clone(), lines: lines([sides.unit.clone(), sender, sides.from.desk.clone()]) },
        receiving: Agency { name: sides.to_name.clone(), lines: lines([typed.contact_name.clone(), phone]) },
        person: person(p, sources, sides),
        child: if open { child(work, p, sources).await? } else { None },
        reason: if open { paragraphs(sources.form.value("reason")) } else { Vec::new() },
        provided: if open && sources.form.has("sections", "history") {
            paragraphs(sources.form.value("text_history"))
        } else {
            Vec::new()
        },
        services: services(sources.pack, &sources.referral.wanted.need, p),
        consent: vec![consent(work, p, sources, sides).await?],
        restrictions: if open { restrictions(work, sources).await? } else { Vec::new() },
        follow_up: follow_up(p, sources, due.unwrap_or_default()),
    })
}

fn priority(priority: words::Priority) -> Priority {
    match priority {
        words::Priority::Emergency => Priority::Emergency,
        words::Priority::Urgent => Priority::Urgent,
        words::Priority::Normal => Priority::Normal,
    }
}

fn paragraphs(text: &str) -> Vec<String> {
    text.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect()
}

// Who it is, as far as the receiver may know while deciding; for guarded types the code.
fn person(p: &Page, sources: &Sources<'_>, sides: &Sides) -> Vec<(String, String)> {
    let mut rows = vec![(p.t("letter-form-code"), sides.case_code.clone())];
    for disclosure in &sources.prepared.disclosures {
        // Who it is comes first, whatever the pack's order of sections.
        let of = |code: &'static str| disclosure.brief.iter().filter(move |section| section.code == code);
        let identity: Vec<_> = of("identity").chain(of("access_needs")).cloned().collect();
        for shown in packet_view::view(p, sources.pack, &identity) {
            rows.extend(shown.rows.into_iter().map(|row| (row.term, row.text)));
        }
    }
    rows
}

// Only with the section that names it: for a child alone, and of its caregiver no more than the packet says.
async fn child(work: &mut Work, p: &Page, sources: &Sources<'_>) -> Result<Option<Child>, Error> {
    if !sources.form.has("sections", "child") {
        return Ok(None);
    }
    for person in people::store::several(work, &sources.prepared.persons).await? {
        if let Some(care) = child::care(work, sources.prepared.case.id, &person, sources.form).await? {
            return Ok(Some(printed(p, care)));
        }
    }
    Ok(None)
}

fn printed(p: &Page, care: Care) -> Child {
    let said = |text: String| Some(text).filter(|text| !text.is_empty());
    let caregiver = care.caregiver.unwrap_or_default();
    Child {
        caregiver: said(caregiver.name),
        relationship: said(caregiver.relationship).map(|code| p.tc("refer-caregiver-relationship", &code)),
        contact: said(caregiver.contact),
        accompaniment: match care.situation.as_str() {
            "with_caregiver" => Accompaniment::WithCaregiver,
            "separated" => Accompaniment::Separated,
            "unaccompanied" => Accompaniment::Unaccompanied,
            _ => Accompaniment::NotKnown,
        },
        informed: match care.informed.as_str() {
            "yes" => Informed::Yes,
            "no" => Informed::No { reason: care.not_informed },
            _ => Informed::NotRecorded,
        },
    }
}

// The taxonomy's needs, with the one that is asked for ticked.
fn services(pack: &Pack, wanted: &str, p: &Page) -> Vec<Tick> {
    let lang = p.reader.lang;
    let known = pack.needs.iter().filter(|need| !need.sensitive || need.code == wanted);
    known.map(|need| Tick { ticked: need.code == wanted, text: need_label(pack, &need.code, lang) }).collect()
}

async fn consent(work: &mut Work, p: &Page, sources: &Sources<'_>, sides: &Sides) -> Result<Consent, Error> {
    let lang = p.reader.lang;
    let label = |shared: bool| {
        let sections =
            sources.pack.packet_sections.iter().filter(|section| sources.form.has("sections", &section.code) == shared);
        sections.map(|section| section.labels.get(lang).to_owned()).collect::<Vec<_>>()
    };
    let covering = sources.prepared.consents.iter().find_map(|said| said.covered_by);
    let until = match covering {
        Some(id) => crate::consent::store::find(work, id).await?.expires_on.map(|date| day(lang, date)),
        None => None,
    };
    Ok(Consent {
        recipient: sides.to_name.clone(),
        shared: label(true),
        withheld: label(false),
        until: until.unwrap_or_default(),
    })
}

// Said only where the person marked a channel safe and agreed that it travels (S6).
async fn restrictions(work: &mut Work, sources: &Sources<'_>) -> Result<Vec<String>, Error> {
    if !sources.form.has("sections", "safe_contact") {
        return Ok(Vec::new());
    }
    let mut said = Vec::new();
    for id in &sources.prepared.persons {
        let person = people::store::find(work, *id).await?;
        if !person.phone_confidential {
            said.extend(lines([person.contact_restriction.clone()]));
        }
    }
    Ok(said)
}

fn follow_up(p: &Page, sources: &Sources<'_>, date: String) -> FollowUp {
    let way = sources.form.value("follow_up");
    FollowUp { channel: if way.is_empty() { String::new() } else { p.tc("follow-up-way", way) }, date }
}
