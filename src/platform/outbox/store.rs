//! Every SQL statement of posting and asking.
use std::collections::HashMap;

use serde::{Deserialize, Serialize};
use sha2::Digest;
use uuid::Uuid;

use super::{Attach, Carrier, Delivery, NewMessage, Recipient, State};
use crate::error::Error;
use crate::platform::db::Work;
use crate::platform::ids::{MessageId, OrgId};

/// What is sealed of a message.
#[derive(Serialize, Deserialize)]
pub struct Sealed {
    /// Whom it goes to.
    pub to: Recipient,
    /// Its subject.
    pub subject: String,
    /// What it says.
    pub text: String,
    /// What is fetched when it is sent.
    pub attach: Option<Attach>,
}

const PLACE: &str = "messages.body";

// The id follows from the key, so that whoever posts twice need not read the table to learn which message they left the first time.
fn id_of(org: OrgId, once: &str) -> MessageId {
    MessageId(Uuid::new_v5(&Uuid::NAMESPACE_OID, format!("message:{org}:{once}").as_bytes()))
}

// Which mail domain a message goes to, told apart and not told; text messages all go to one gateway.
fn lane_of(message: &NewMessage) -> String {
    let domain = match message.carrier {
        Carrier::Mail => message.to.address.rsplit_once('@').map_or("", |(_, domain)| domain).trim().to_lowercase(),
        Carrier::Text => String::new(),
    };
    hex::encode(&sha2::Sha256::digest(domain.as_bytes())[..8])
}

/// Posts a message; see [`Work::post`].
pub async fn post(work: &mut Work, message: NewMessage) -> Result<MessageId, Error> {
    let (id, now) = (id_of(message.org, &message.once), work.now());
    let (lane, carrier) = (lane_of(&message), message.carrier.code());
    let sealed = Sealed { to: message.to, subject: message.subject, text: message.text, attach: message.attach };
    let made = work.ground().keyring.new_data_key(id.0);
    let body = made.0.seal_json(PLACE, &sealed)?;
    let posted = sqlx::query!(
        "insert into messages (id, org, kind, lang, about, referral_id, lane, body, posted_at, due_at, carrier) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9, $10)
         on conflict do nothing",
        id.0,
        message.org,
        message.kind,
        message.lang.code(),
        message.about,
        message.referral.map(|id| id.0),
        lane,
        body,
        now,
        carrier
    );
    // A message that is there already keeps its words and its key.
    if posted.execute(work.db()).await?.rows_affected() == 1 {
        work.put_key(id.0, None, made).await?;
    }
    Ok(id)
}

/// Opens what a message says, for the job that sends it; [`Error::NotFound`] once it is forgotten.
pub async fn open(work: &mut Work, id: MessageId, body: Option<&[u8]>) -> Result<Sealed, Error> {
    let body = body.ok_or(Error::NotFound)?;
    Ok(work.message_key(id.0).await?.open_json(PLACE, body)?)
}

/// How the last message about this fares, for a page that shows it; none if there is none, or the actor's organisation did not send it.
pub async fn state_of(work: &mut Work, about: Uuid) -> Result<Option<Delivery>, Error> {
    Ok(states_of(work, &[about]).await?.remove(&about))
}

/// The same for many at once.
pub async fn states_of(work: &mut Work, abouts: &[Uuid]) -> Result<HashMap<Uuid, Delivery>, Error> {
    let rows = sqlx::query!(
        r#"select about as "about!", message_id as "id!: MessageId", kind as "kind!", state as "state!", posted_at as "posted_at!", sent_at, settled_at,
             tries as "tries!", result
           from access.deliveries($1)"#,
        abouts
    )
    .fetch_all(work.db())
    .await?;
    let delivery = rows.into_iter().map(|row| {
        let delivery = Delivery {
            id: row.id,
            kind: row.kind,
            state: State::of(&row.state),
            posted_at: row.posted_at,
            sent_at: row.sent_at,
            settled_at: row.settled_at,
            tries: row.tries,
            result: row.result,
        };
        (row.about, delivery)
    });
    Ok(delivery.collect())
}

/// Destroys the keys of all messages about something that is erased. What was sent can't be recalled; what we kept of it is gone.
pub async fn forget_about(work: &mut Work, about: Uuid) -> Result<(), Error> {
    sqlx::query!("select access.forget_messages_about($1)", about).fetch_one(work.db()).await?;
    Ok(())
}
