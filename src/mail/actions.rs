//! What an administrator does with the outbox.
use super::store::{self, Row};
use super::{PROBLEMS, TRIAL};
use crate::access::Act;
use crate::audit::{About, Fact};
use crate::error::{Clash, Error, same_version};
use crate::platform::db::Work;
use crate::platform::ids::MessageId;
use crate::platform::outbox::{Carrier, NewMessage, Recipient};
use crate::platform::text::text;

/// Queues a message again that did not get through: the room that owns it is asked anew whether it may go.
pub async fn resend(work: &mut Work, id: MessageId, version: i32) -> Result<Row, Error> {
    work.may(Act::AdminMail)?;
    let message = store::find(work, id).await?;
    same_version(message.version, version)?;
    again(work, &message).await?;
    store::find(work, id).await
}

/// The same for everything that did not get through; answers how many.
pub async fn resend_all(work: &mut Work) -> Result<usize, Error> {
    work.may(Act::AdminMail)?;
    let mut count = 0;
    let (mut before, most) = (None, 500);
    loop {
        let rows = store::list(work, PROBLEMS, before, most).await?;
        let Some(last) = rows.last() else { return Ok(count) };
        before = Some((last.posted_at, last.id.0));
        for message in rows.iter().filter(|message| !message.forgotten) {
            again(work, message).await?;
            count += 1;
        }
    }
}

async fn again(work: &mut Work, message: &Row) -> Result<(), Error> {
    if !store::queue_again(work, message.id, message.version).await? {
        let code = if message.forgotten { "forgotten" } else { "not_resendable" };
        return Err(Error::Conflict(Clash::State { state: message.state.clone(), code }));
    }
    work.wake_sender_after_commit();
    work.record(Fact::MessageResent, About::subjects([message.id.0])).await
}

/// Sends the actor a message that says nothing, to see that mail works; false if they have no address.
pub async fn try_out(work: &mut Work) -> Result<bool, Error> {
    work.may(Act::AdminMail)?;
    let (me, lang, minute) = (work.me()?, work.lang(), work.now().timestamp() / 60);
    let address = store::own_address(work).await?;
    if address.is_empty() {
        return Ok(false);
    }
    let message = NewMessage {
        kind: TRIAL,
        org: work.standing.org,
        carrier: Carrier::Mail,
        to: Recipient { name: String::new(), address },
        lang,
        subject: text(lang, "mail-trial-subject"),
        text: text(lang, "mail-trial-text"),
        attach: None,
        about: None,
        referral: None,
        once: format!("{TRIAL}:{me}:{minute}"),
    };
    work.post(message).await?;
    Ok(true)
}
