//! The outbox: every message that leaves the house is a row, posted in the transaction of the change that asks for it.
//!
//! What a message says and to whom is sealed under a key of its own; what lies open are ids, codes and times. The room `mail` sends: it
//! asks the room that owns the message's kind whether it may still go, hands it over through `platform::mail` or `platform::sms`, and records how it ended.
//! Words: a *message* is `queued`, `sending`, `sent`; then `delivered` or `bounced` if the far end says so; `dropped` when it may no longer
//! go, `dead` when two days of tries have failed. What deliberately is not here: facts, pages, the sending itself.
pub mod store;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::error::Error;
use crate::platform::db::Work;
use crate::platform::ids::{MessageId, OrgId, ReferralId};
use crate::platform::lang::Lang;

/// A message to post.
#[derive(Debug, Clone)]
pub struct NewMessage {
    /// Which room it belongs to, and what it is: `letter`, `code`, `digest`, `invitation`. `worker.rs` knows whom to ask.
    pub kind: &'static str,
    /// The organisation that sends it.
    pub org: OrgId,
    /// What carries it.
    pub carrier: Carrier,
    /// Whom it goes to.
    pub to: Recipient,
    /// Its language.
    pub lang: Lang,
    /// Its subject; nothing personal, no name of a service or case (S13). A text message has none.
    pub subject: String,
    /// What it says, in plain text; the same holds.
    pub text: String,
    /// What is fetched and attached when it is sent.
    pub attach: Option<Attach>,
    /// What it is about, in the owning room's tables: the subject of its facts, and what [`store::state_of`] is asked for.
    pub about: Option<Uuid>,
    /// The referral it belongs to, where there is one.
    pub referral: Option<ReferralId>,
    /// A second message of this organisation under the same key is the first.
    pub once: String,
}

/// What carries a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Carrier {
    /// Mail.
    Mail,
    /// The gateway of text messages, to a telephone.
    Text,
}

impl Carrier {
    /// Every carrier.
    pub const ALL: [Self; 2] = [Self::Mail, Self::Text];

    /// Its code in the database.
    pub fn code(self) -> &'static str {
        match self {
            Self::Mail => "mail",
            Self::Text => "text",
        }
    }

    /// The one of this code.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|carrier| carrier.code() == code)
    }
}

/// Whom a message goes to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recipient {
    /// Their name, or that of their desk; may be empty.
    pub name: String,
    /// Their address, or the number of their telephone.
    pub address: String,
}

/// A sealed thing that is read when the message is sent, under the rights of that moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Attach {
    /// A frozen letter.
    Letter(Uuid),
}

/// A message that is about to be sent, as the room that owns its kind gets to see it.
#[derive(Debug, Clone)]
pub struct Outgoing {
    /// Its id.
    pub id: MessageId,
    /// Its kind.
    pub kind: String,
    /// The organisation that sends it; the work that the room is handed is this organisation's.
    pub org: OrgId,
    /// Its language.
    pub lang: Lang,
    /// What it is about.
    pub about: Option<Uuid>,
    /// The referral it belongs to.
    pub referral: Option<ReferralId>,
    /// Whom it goes to.
    pub to: Recipient,
    /// What is to be attached.
    pub attach: Option<Attach>,
    /// When it was posted.
    pub posted_at: DateTime<Utc>,
}

/// Whether a message may still go: the answer of the room that owns its kind.
#[derive(Debug)]
pub enum May {
    /// It may, with these parts.
    Send(Vec<Part>),
    /// Not before then; it is asked for again.
    Later(DateTime<Utc>),
    /// It may not any more; why, as a code.
    Drop(&'static str),
}

/// What is added to a message when it is sent.
#[derive(Debug)]
pub enum Part {
    /// A file. Its name says nothing of anybody (S13).
    File {
        /// Its name.
        name: String,
        /// Its media type, such as `application/pdf`.
        media_type: &'static str,
        /// What it holds.
        bytes: Vec<u8>,
    },
    /// Text that takes the place of the one posted: what is counted at the last moment.
    Text(String),
}

/// How a message fares, for pages of other rooms.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    /// The message.
    pub id: MessageId,
    /// Its kind.
    pub kind: String,
    /// Where it stands.
    pub state: State,
    /// When it was posted.
    pub posted_at: DateTime<Utc>,
    /// When the mail server took it.
    pub sent_at: Option<DateTime<Utc>>,
    /// When it was delivered, bounced, dropped or given up.
    pub settled_at: Option<DateTime<Utc>>,
    /// How often it was tried.
    pub tries: i32,
    /// How the last try ended, or why it was dropped: a code, the tail of a text key `mail-result-…`.
    pub result: Option<String>,
}

/// Where a message stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// It waits for its turn, or for its next try.
    Queued,
    /// It is being handed over.
    Sending,
    /// The mail server took it.
    Sent,
    /// The far end says that it arrived.
    Delivered,
    /// The far end refused it for good.
    Bounced,
    /// It was not sent, because it might not go any more.
    Dropped,
    /// It could not be handed over for two days.
    Dead,
}

impl State {
    /// Every state.
    pub const ALL: [Self; 7] =
        [Self::Queued, Self::Sending, Self::Sent, Self::Delivered, Self::Bounced, Self::Dropped, Self::Dead];

    /// Its code in the database and in text keys.
    pub fn code(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Sending => "sending",
            Self::Sent => "sent",
            Self::Delivered => "delivered",
            Self::Bounced => "bounced",
            Self::Dropped => "dropped",
            Self::Dead => "dead",
        }
    }

    /// The state of this code; unknown ones, which the database refuses, count as waiting.
    pub fn of(code: &str) -> Self {
        Self::ALL.into_iter().find(|state| state.code() == code).unwrap_or(Self::Queued)
    }
}

impl Work {
    /// Leaves a message that exists once this work commits. Under a key that was used before it answers with the message of that time.
    pub async fn post(&mut self, message: NewMessage) -> Result<MessageId, Error> {
        let id = store::post(self, message).await?;
        self.wake_sender_after_commit();
        Ok(id)
    }
}
