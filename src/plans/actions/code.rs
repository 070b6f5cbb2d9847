//! Agreeing by a code: six digits that go to a telephone that the person marked safe to text (S6) and are typed in where the plan lies open before both.
//! One way among others, and never needed (S25). Only the newest code counts, for ten minutes and five tries, and only its keyed hash is kept.
use chrono::TimeDelta;
use rand::RngExt;
use serde_json::json;
use uuid::Uuid;

use super::{record, state};
use crate::audit::Fact;
use crate::cases::{self, Case};
use crate::error::{Error, invalid};
use crate::packs::Sensitivity;
use crate::people::texting::{Reach, reach_by_text};
use crate::plans::plan::Plan;
use crate::plans::store::{self, NewCode};
use crate::platform::db::{Ground, Work};
use crate::platform::ids::PersonId;
use crate::platform::outbox::{Carrier, May, NewMessage, Outgoing, Recipient};
use crate::platform::text::{text_with, without_marks};
use crate::web::form::digits;

/// The outbox's kind of such a message.
pub const MESSAGE: &str = "plan_code";

const LIFE: TimeDelta = TimeDelta::minutes(10);
/// At an hour that is not safe the person is known to hold the telephone for so long, and no message comes later.
const PRESENCE: TimeDelta = TimeDelta::minutes(3);
/// Nobody's telephone is flooded.
const MOST_AN_HOUR: i64 = 5;

/// To whom a code goes.
#[derive(Debug, Clone, Copy)]
pub struct CodeTo {
    /// Who.
    pub person: PersonId,
    /// The worker says that the person is with them and has the telephone in their hand.
    pub in_hand: bool,
}

/// The person typed in the code that they were sent; made by [`prove`] alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Proven(PersonId);

impl Proven {
    /// It was this person.
    pub fn is(self, person: Option<PersonId>) -> bool {
        person == Some(self.0)
    }
}

/// A code may be offered: messages can leave, and nothing leaves by itself about a restricted case (S6).
pub fn is_offered(work: &Work, case: &Case) -> bool {
    work.ground().sms.channel.is_open() && case.sensitivity() != Sensitivity::Restricted
}

/// Leaves a code for the telephone of somebody on the case, who is to agree to a plan that was put forward. At an hour that is not safe it goes only
/// while they hold the telephone (S6).
pub async fn send(work: &mut Work, case: &Case, plan: &Plan, CodeTo { person, in_hand }: CodeTo) -> Result<(), Error> {
    case.may_be_written(work).await?;
    if !plan.awaits_agreement() {
        return Err(state(plan, if plan.is_proposed() { "plan_unapproved" } else { "plan_not_proposed" }));
    }
    let phone = match phone_of(work, case, person).await? {
        Reach::By(phone) => phone,
        Reach::Nobody(why) => return Err(invalid("person", why)),
    };
    let now = work.now();
    if !in_hand && !phone.is_safe_at(now, work.zone()) {
        return Err(invalid("in_hand", "text_not_in_hand"));
    }
    store::one_code_at_a_time(work, person).await?;
    if store::codes_since(work, person, now - TimeDelta::hours(1)).await? >= MOST_AN_HOUR {
        return Err(invalid("person", "too_many_codes"));
    }
    let (id, code) = (Uuid::now_v7(), format!("{:06}", rand::rng().random_range(0..1_000_000u32)));
    let hash = hash_of(work.ground(), id, &code);
    store::insert_code(work, plan, &NewCode { id, person, in_hand, hash, made_at: now, expires_at: now + LIFE }).await?;
    let lang = phone.lang.unwrap_or(work.lang());
    let message = NewMessage {
        kind: MESSAGE,
        org: case.org,
        carrier: Carrier::Text,
        to: Recipient { name: String::new(), address: phone.address },
        lang,
        subject: String::new(),
        text: without_marks(&text_with(lang, "texting-code", &[("code", code.into())])),
        attach: None,
        about: Some(id),
        referral: None,
        once: format!("{MESSAGE}:{id}"),
    };
    work.post(message).await?;
    record(work, Fact::PlanCodeSent, case, plan.id, json!({ "round": plan.round, "in_hand": in_hand })).await
}

async fn phone_of(work: &mut Work, case: &Case, person: PersonId) -> Result<Reach, Error> {
    let people = cases::store::people(work, case.id).await?;
    let Some(member) = people.iter().find(|one| one.person_id == person) else { return Err(invalid("person", "not_a_choice")) };
    if case.sensitivity() == Sensitivity::Restricted {
        return Ok(Reach::Nobody("text_restricted"));
    }
    if member.not_safe_to_involve {
        return Ok(Reach::Nobody("text_not_involved"));
    }
    reach_by_text(work, person, case.org).await
}

fn hash_of(ground: &Ground, id: Uuid, code: &str) -> Vec<u8> {
    ground.keyring.derive("plan agreement code", &[id.as_bytes().as_slice(), code.as_bytes()].concat()).to_vec()
}

/// Something of a code was typed in. Nothing is no try.
pub fn is_typed(typed: &str) -> bool {
    digits(typed).chars().any(|one| one.is_ascii_digit())
}

/// Whether this is the code that this person was sent last. Each wrong one counts: whoever gets none commits before they refuse.
pub async fn prove(
    work: &mut Work,
    case: &Case,
    plan: &Plan,
    (person, typed): (Option<PersonId>, &str),
) -> Result<Option<Proven>, Error> {
    case.may_be_written(work).await?;
    let Some(person) = person else { return Ok(None) };
    let now = work.now();
    let plain: String = digits(typed).chars().filter(char::is_ascii_digit).collect();
    if let Some((id, hash)) = store::try_code(work, plan, person, now).await?
        && hash == hash_of(work.ground(), id, &plain)
    {
        store::code_used(work, id, now).await?;
        return Ok(Some(Proven(person)));
    }
    record(work, Fact::PlanCodeRefused, case, plan.id, json!({ "round": plan.round })).await?;
    Ok(None)
}

/// Whether a message with a code may still go: it still counts, the telephone is still the safe one, and the hour is safe or the person there.
pub async fn may_send(work: &mut Work, message: &Outgoing) -> Result<May, Error> {
    let Some(code) = store::code_sent(work, message.about.unwrap_or_default()).await? else { return Ok(May::Drop("expired")) };
    let now = work.now();
    if code.used || code.expires_at <= now {
        return Ok(May::Drop("expired"));
    }
    if code.sensitivity != Some(Sensitivity::Standard) && code.sensitivity != Some(Sensitivity::Protected) {
        return Ok(May::Drop("text_restricted"));
    }
    if code.not_safe_to_involve {
        return Ok(May::Drop("text_not_involved"));
    }
    Ok(match reach_by_text(work, code.person_id, code.org).await? {
        Reach::By(phone) if phone.address != message.to.address => May::Drop("contact_changed"),
        Reach::By(phone) => {
            let there = code.in_hand && now <= code.made_at + PRESENCE;
            if there || phone.is_safe_at(now, code.zone) { May::Send(Vec::new()) } else { May::Drop("text_unsafe_hour") }
        }
        Reach::Nobody(why) => May::Drop(why),
    })
}
