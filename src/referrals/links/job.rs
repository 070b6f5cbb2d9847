//! The job that makes a one-time code and posts it to the registered contact, and what the outbox asks before a message of this room goes.
use std::time::Duration;

use serde::Deserialize;
use sqlx::postgres::types::PgInterval;
use uuid::Uuid;

use super::store::{self, Link};
use super::{actions, secret};
use crate::audit::Fact;
use crate::directory::contacts::{self, Contact};
use crate::error::Error;
use crate::platform::db::Work;
use crate::platform::ids::{LinkId, ReferralId};
use crate::platform::jobs::{Job, RecordedFact, Taken};
use crate::platform::lang::Lang;
use crate::platform::outbox::{Carrier, May, NewMessage, Outgoing, Recipient};
use crate::platform::text::{text, text_with, without_marks};
use crate::referrals::clocks::{copies, watch};
use crate::referrals::row::Referral;
use crate::referrals::words::{Kind, Sharing};

/// Makes and sends a one-time code.
pub const SEND_CODE: &str = "answer_code";
/// The outbox's kind of a message with a one-time code.
pub const CODE: &str = "code";
/// Asks a receiver without account to delete what it has (S4).
pub const ASK_DELETION: &str = "answer_deletion";
/// Looks whether the message that asked for it came back.
pub const DELETION_FAILED: &str = "answer_deletion_failed";
/// The outbox's kind of a message that asks for deletion.
pub const DELETION: &str = "deletion";
/// The outbox's kind of a message with a link.
pub const LINK: &str = "answer_link";

// How long a one-time code counts.
const LIFE: Duration = Duration::from_secs(15 * 60);
// Nobody's mailbox is flooded: so many an hour, and so long between two.
const MOST_AN_HOUR: i64 = 6;
const APART: chrono::TimeDelta = chrono::TimeDelta::seconds(30);

#[derive(Deserialize)]
struct Asked {
    link: Option<LinkId>,
    // The language chosen on the page where it was asked for.
    #[serde(default)]
    lang: Option<Lang>,
}

/// Makes a one-time code for a link that was asked for one, and posts it in the language of the page if one was chosen there, else of the
/// letter that carried the link. What can't be sent is a fact that the sender hears of.
pub async fn send_code(work: &mut Work, job: &Taken) -> Result<(), Error> {
    let asked = Asked::deserialize(&job.body).map_err(anyhow::Error::from)?;
    let Some(id) = asked.link else { return Ok(()) };
    let Ok(link) = store::find(work, id).await else { return Ok(()) };
    if !store::is_live(work, id).await? {
        return Ok(());
    }
    let referral = crate::referrals::store::find(work, link.referral).await?;
    let Some(contact) = reachable(work, &referral, &link).await? else {
        return work.record(Fact::LinkCodeNotSent, referral.about_for_sender().with(id)).await;
    };
    let now = work.now();
    let (made, last) = store::codes_since(work, id, now - chrono::TimeDelta::hours(1)).await?;
    if made >= MOST_AN_HOUR || last.is_some_and(|last| now - last < APART) {
        return Ok(());
    }
    let (code_id, code) = make(work, id, "code_sent").await?;
    let lang = match asked.lang {
        Some(chosen) => chosen,
        None => store::lang_of_letter(work, link.letter).await?.unwrap_or(contact.lang),
    };
    let spaced = format!("{} {}", &code[..4], &code[4..]);
    let message = NewMessage {
        kind: CODE,
        org: referral.from.org,
        carrier: Carrier::Mail,
        to: Recipient { name: contact.name, address: contact.email },
        lang,
        subject: text(lang, "link-mail-code-subject"),
        text: without_marks(&text_with(lang, "link-mail-code-text", &[("code", spaced.into())])),
        attach: None,
        about: Some(code_id),
        referral: Some(referral.id),
        once: format!("code {code_id}"),
    };
    work.post(message).await?;
    work.record(Fact::LinkCodeSent, referral.about_for_sender().with(id)).await
}

// Whoever the link was made for, if they may still be written to about this case.
async fn reachable(work: &mut Work, referral: &Referral, link: &Link) -> Result<Option<Contact>, Error> {
    let Some(id) = link.contact else { return Ok(None) };
    let contact = contacts::find(work, id).await.ok();
    Ok(contact.filter(|contact| actions::refusal(referral, Some(contact)).is_none() && !contact.email.is_empty()))
}

/// Makes a one-time code; `what` says how it travels.
pub(super) async fn make(work: &mut Work, link: LinkId, what: &str) -> Result<(Uuid, String), Error> {
    let (id, code) = (Uuid::now_v7(), secret::one_time_code());
    let hash = secret::one_time_hash(work.ground(), link.0, &code);
    let life = PgInterval::try_from(LIFE).map_err(|_| anyhow::anyhow!("a quarter of an hour is an interval"))?;
    sqlx::query!("select access.put_link_code($1, $2, $3, $4, $5)", id, link.0, hash, what, life).fetch_one(work.db()).await?;
    Ok((id, code))
}

/// Posts the address of a link to its contact: nothing in it but the address and how to go on.
pub(super) async fn post_link(
    work: &mut Work,
    referral: &Referral,
    link: LinkId,
    letter: Uuid,
    contact: &Contact,
) -> Result<(), Error> {
    let url = secret::url(work.ground(), &secret::secrets(work.ground(), letter).token);
    let (org, _) = sender(work, referral, contact).await?;
    let message = NewMessage {
        kind: LINK,
        org: referral.from.org,
        carrier: Carrier::Mail,
        to: Recipient { name: contact.name.clone(), address: contact.email.clone() },
        lang: contact.lang,
        subject: text(contact.lang, "link-mail-link-subject"),
        text: without_marks(&text_with(contact.lang, "link-mail-link-text", &[("url", url.into()), ("org", org.into())])),
        attach: None,
        about: Some(link.0),
        referral: Some(referral.id),
        once: format!("answer link {link}"),
    };
    work.post(message).await?;
    Ok(())
}

// The sending organisation as the contact reads its name, and its general desk.
async fn sender(work: &mut Work, referral: &Referral, contact: &Contact) -> Result<(String, String), Error> {
    let row = sqlx::query!(
        r#"select access.named(names, name, $2) as "name!", general_desk from organisations where id = $1"#,
        referral.from.org,
        contact.lang.code()
    )
    .fetch_one(work.db())
    .await?;
    Ok((row.name, row.general_desk))
}

/// The jobs that a fact wakes: whoever answers by link has no inbox that would ask for deletion.
pub fn of_fact(fact: &RecordedFact) -> Vec<Job> {
    let (Some(referral), Some(org)) = (fact.referral_id, fact.orgs.first()) else { return Vec::new() };
    let body = serde_json::json!({ "referral": referral });
    if [Fact::MessageBounced, Fact::MessageDead].iter().any(|failed| failed.code() == fact.kind) {
        return vec![Job::new(DELETION_FAILED, Some(*org), body).once(format!("{DELETION_FAILED}:{}", fact.id))];
    }
    if fact.kind != Fact::DeletionAsked.code() {
        return Vec::new();
    }
    vec![Job::new(ASK_DELETION, Some(*org), body).once(format!("{ASK_DELETION}:{}", fact.id))]
}

#[derive(Deserialize)]
struct Deleted {
    referral: ReferralId,
}

/// Writes to the contact of the last link that what was received be no longer used and be deleted. No reason is given.
pub async fn ask_deletion(work: &mut Work, job: &Taken) -> Result<(), Error> {
    let asked = Deleted::deserialize(&job.body).map_err(anyhow::Error::from)?;
    let Ok(referral) = crate::referrals::store::find(work, asked.referral).await else { return Ok(()) };
    if referral.state.terms.kind != Kind::External || Some(referral.from.org) != work.org() {
        return Ok(());
    }
    let links = store::of_referral(work, referral.id).await?;
    // A name that was only typed, a copy on paper, a contact that is no longer one: the sender asks by hand.
    let Some(link) = links.iter().find(|link| link.contact.is_some()) else {
        return copies::left_to_be_recalled_by_hand(work, referral.id).await;
    };
    let Some(contact) = reachable(work, &referral, link).await? else {
        return copies::left_to_be_recalled_by_hand(work, referral.id).await;
    };
    let (org, desk) = sender(work, &referral, &contact).await?;
    let pack = watch::pack_of(work, referral.case_type).await?;
    let days = pack.map_or(5, |pack| pack.deadlines.withdrawal.rough_hours() / 24);
    let values = [("org", org.into()), ("code", referral.code.clone().into()), ("days", days.into()), ("desk", desk.into())];
    let message = NewMessage {
        kind: DELETION,
        org: referral.from.org,
        carrier: Carrier::Mail,
        to: Recipient { name: contact.name.clone(), address: contact.email.clone() },
        lang: contact.lang,
        subject: text(contact.lang, "link-mail-deletion-subject"),
        text: without_marks(&text_with(contact.lang, "link-mail-deletion-text", &values)),
        attach: None,
        about: Some(link.id.0),
        referral: Some(referral.id),
        once: format!("deletion {}", referral.id),
    };
    work.post(message).await?;
    copies::recalled_by_mail(work, referral.id).await
}

/// The message that asks for deletion did not get through: the sender asks by hand.
pub async fn deletion_failed(work: &mut Work, job: &Taken) -> Result<(), Error> {
    let asked = Deleted::deserialize(&job.body).map_err(anyhow::Error::from)?;
    let Ok(referral) = crate::referrals::store::find(work, asked.referral).await else { return Ok(()) };
    if referral.state.sharing != Sharing::DeletionAsked || referral.state.times.deletion_mailed.is_none() {
        return Ok(());
    }
    let failed = sqlx::query_scalar!(
        r#"select exists (select from messages where referral_id = $1 and kind = $2 and state in ('bounced', 'dead')) as "is!""#,
        referral.id.0,
        DELETION
    )
    .fetch_one(work.db())
    .await?;
    if failed { copies::not_recalled_by_mail(work, referral.id).await } else { Ok(()) }
}

/// Whether a message of this room may still go: the link still opens the referral, its contact may still be written to, the code still counts.
pub async fn may_send(work: &mut Work, message: &Outgoing) -> Result<May, Error> {
    // What is asked for by the person's own wish goes whatever became of the link.
    if message.kind == DELETION {
        return Ok(May::Send(Vec::new()));
    }
    let about = message.about.unwrap_or_default();
    let link = if message.kind == CODE { store::link_of_code(work, about).await? } else { Some(LinkId(about)) };
    let Some(link) = link else { return Ok(May::Drop("expired")) };
    let Ok(link) = store::find(work, link).await else { return Ok(May::Drop("expired")) };
    if !store::is_live(work, link.id).await? {
        return Ok(May::Drop("link_closed"));
    }
    let referral = crate::referrals::store::find(work, link.referral).await?;
    let reachable = reachable(work, &referral, &link).await?;
    // An address that was changed since is another one: what was posted to the old goes nowhere.
    Ok(match reachable {
        Some(contact) if contact.email == message.to.address => May::Send(Vec::new()),
        _ => May::Drop("contact_changed"),
    })
}
