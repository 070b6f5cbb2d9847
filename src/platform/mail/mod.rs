//! Mail as bytes and how they leave: writing a message, and handing it to a mail server, a folder or, in tests, to memory.
//!
//! A *handing over* has two halves. [`Channel::offer`] says who writes to whom and is told whether that may be; [`Channel::hand_over`] sends
//! the message itself, after which the other side has it. Whoever sends writes down the end right after the second half, so that a crash
//! in between is all that can make a message arrive twice; it then carries the same Message-ID.
//! What deliberately is not here: who may get what (`mail`, and the rooms that own the messages), and the waiting (`outbox`).
pub(in crate::platform) mod files;
mod letter;
mod smtp;

use std::sync::{Arc, Mutex};

use uuid::Uuid;

pub use letter::{Letter, Written};

use crate::config::Mail as Settings;

// No address that is kept is longer.
const LONGEST: usize = 200;

/// How this program's mail leaves.
pub struct Mail {
    /// Where to.
    pub channel: Channel,
    /// Whom messages come from.
    pub from: String,
    /// Where what can't be delivered returns to.
    pub return_path: String,
    /// The most messages a minute to one mail domain.
    pub per_minute: u32,
    /// How long sealed copies are kept after a message was sent.
    pub keep_days: u32,
    /// A maildir in which returned mail arrives.
    pub bounces: Option<std::path::PathBuf>,
}

/// Where messages go.
pub enum Channel {
    /// Nowhere: no mail server is set, and they wait.
    None,
    /// To a mail server.
    Smtp(Box<smtp::Smtp>),
    /// Into a folder, one file a message: for demonstrations and development.
    Folder(std::path::PathBuf),
    /// Into memory: for tests.
    Memory(Memory),
}

/// What was handed over in a test.
#[derive(Clone, Default)]
pub struct Memory(Arc<Mutex<Vec<Written>>>);

impl Memory {
    /// Every message so far, oldest first.
    pub fn all(&self) -> Vec<Written> {
        self.0.lock().map(|kept| kept.clone()).unwrap_or_default()
    }

    fn keep(&self, message: &Written) {
        if let Ok(mut kept) = self.0.lock() {
            kept.push(message.clone());
        }
    }
}

/// The other side is ready to take the message.
pub struct Offered(Option<smtp::Line>);

/// Why a message could not be handed over, as codes: never an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Failure {
    /// What it means for the message.
    pub kind: FailureKind,
    /// What happened: the tail of a text key `mail-result-…`.
    pub result: &'static str,
    /// The mail server's reply.
    pub reply: Option<u16>,
}

/// What a failure means for the message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FailureKind {
    /// The server itself is away or not set up: nothing else would get through either.
    Server,
    /// This message, later.
    Later,
    /// This message, never.
    Never,
}

impl Failure {
    pub(super) fn server(result: &'static str, reply: Option<u16>) -> Self {
        Self { kind: FailureKind::Server, result, reply }
    }

    pub(super) fn later(result: &'static str, reply: Option<u16>) -> Self {
        Self { kind: FailureKind::Later, result, reply }
    }

    pub(super) fn never(result: &'static str, reply: Option<u16>) -> Self {
        Self { kind: FailureKind::Never, result, reply }
    }
}

impl Mail {
    /// As the settings say.
    pub fn of(settings: &Settings) -> anyhow::Result<Self> {
        let channel = match &settings.server {
            Some(server) => Channel::Smtp(Box::new(smtp::Smtp::new(server, domain_of(&settings.from))?)),
            None => Channel::None,
        };
        Ok(Self {
            channel,
            from: settings.from.clone(),
            return_path: settings.return_path.clone(),
            per_minute: settings.per_minute,
            keep_days: settings.keep_days,
            bounces: settings.bounces.clone(),
        })
    }

    /// Keeps everything in memory.
    pub fn in_memory() -> Self {
        Self {
            channel: Channel::Memory(Memory::default()),
            from: "Throughcare <no-reply@care.example>".to_owned(),
            return_path: "bounces@care.example".to_owned(),
            per_minute: 60_000,
            keep_days: 30,
            bounces: None,
        }
    }

    /// What was kept in memory; nothing where mail leaves otherwise.
    pub fn kept(&self) -> Vec<Written> {
        if let Channel::Memory(memory) = &self.channel { memory.all() } else { Vec::new() }
    }

    /// Where this message returns to if it can't be delivered: the public id stands for it, and for nobody.
    pub fn return_path_of(&self, public_id: Uuid) -> String {
        match self.return_path.rsplit_once('@') {
            Some((local, domain)) => format!("{local}+{}@{domain}", public_id.simple()),
            None => self.return_path.clone(),
        }
    }

    /// The domain of this program's own messages.
    pub fn domain(&self) -> &str {
        domain_of(&self.from)
    }
}

/// One mailbox at one domain; what a mail server makes of it, it says itself.
pub fn is_address(text: &str) -> bool {
    let plain = !text.chars().any(|c| c.is_whitespace() || c.is_control() || "<>,;:\"()[]\\".contains(c));
    plain
        && text.len() <= LONGEST
        && text.matches('@').count() == 1
        && text.split_once('@').is_some_and(|(mailbox, domain)| {
            !mailbox.is_empty() && domain.contains('.') && !domain.starts_with('.') && !domain.ends_with('.')
        })
}

fn domain_of(from: &str) -> &str {
    from.trim_end_matches('>').rsplit_once('@').map_or("localhost", |(_, domain)| domain)
}

impl Channel {
    /// What it is, as a code, and which server or folder: for administrators.
    pub fn described(&self) -> (&'static str, String) {
        match self {
            Self::None => ("none", String::new()),
            Self::Smtp(smtp) => ("smtp", smtp.host().to_owned()),
            Self::Folder(folder) => ("folder", folder.display().to_string()),
            Self::Memory(_) => ("memory", String::new()),
        }
    }

    /// Messages can leave.
    pub fn is_open(&self) -> bool {
        !matches!(self, Self::None)
    }

    /// Says who writes to whom; the other side answers whether it may be.
    pub async fn offer(&self, message: &Written) -> Result<Offered, Failure> {
        match self {
            Self::None => Err(Failure::server("no_server", None)),
            Self::Smtp(smtp) => smtp.offer(message).await.map(|line| Offered(Some(line))),
            Self::Folder(_) | Self::Memory(_) => Ok(Offered(None)),
        }
    }

    /// Sends what was offered.
    pub async fn hand_over(&self, offered: Offered, message: &Written) -> Result<(), Failure> {
        match (self, offered.0) {
            (Self::Smtp(smtp), Some(line)) => smtp.hand_over(line, message).await,
            (Self::Folder(folder), _) => {
                files::write(folder, format!("{}.eml", message.public_id.simple()), message.bytes.clone()).await
            }
            (Self::Memory(memory), _) => {
                memory.keep(message);
                Ok(())
            }
            _ => Err(Failure::server("no_server", None)),
        }
    }

    /// Takes leave of the server.
    pub async fn close(&self) {
        if let Self::Smtp(smtp) = self {
            smtp.close().await;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::is_address;

    #[test]
    fn one_mailbox_at_one_domain_is_an_address() {
        let long = format!("{}@clinic.example", "d".repeat(200));
        for (text, is) in [
            ("desk@clinic.example", true),
            ("desk@clinic", false),
            ("desk@@clinic.example", false),
            ("desk@clinic.example, other@clinic.example", false),
            ("Desk <desk@clinic.example>", false),
            ("desk@clinic.example\r\nBcc: x@y.example", false),
            ("@clinic.example", false),
            (long.as_str(), false),
        ] {
            assert_eq!(is_address(text), is, "{text}");
        }
    }
}
