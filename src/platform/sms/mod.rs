//! Text messages and how they leave: to a gateway over HTTP, into a folder or, in tests, into memory.
//!
//! A message carries the same id each time it is handed over, the one by which the outside knows it: a gateway that gets it a
//! second time, after a crash or an answer that was lost, can tell, and sends it once.
//! What deliberately is not here: who may be written to and what they read (the rooms that own the messages), and the waiting (`outbox`).
mod gateway;

use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use tokio::sync::Notify;
use uuid::Uuid;

use crate::config::Sms as Settings;
use crate::platform::mail::{Failure, files};

/// How this program's text messages leave.
pub struct Sms {
    /// Where to.
    pub channel: Channel,
    /// The most messages a minute.
    pub per_minute: u32,
    /// Wakes their sender in this process as soon as a message was committed.
    pub wake: Notify,
}

/// Where text messages go.
pub enum Channel {
    /// Nowhere: no gateway is set, and they wait.
    None,
    /// To a gateway.
    Gateway(Box<gateway::Gateway>),
    /// Into a folder, one file a message: for demonstrations and development.
    Folder(PathBuf),
    /// Into memory: for tests.
    Memory(Memory),
}

/// A text message as it is handed over.
#[derive(Clone, PartialEq, Eq)]
pub struct ShortMessage {
    /// Whom it goes to: digits, after a plus sign where the number begins with a country's code.
    pub to: String,
    /// What it says.
    pub text: String,
    /// The same each time it is handed over.
    pub id: String,
}

/// What was handed over in a test.
#[derive(Clone, Default)]
pub struct Memory(Arc<Mutex<Vec<ShortMessage>>>);

impl Sms {
    /// As the settings say.
    pub fn of(settings: &Settings) -> anyhow::Result<Self> {
        let channel = match &settings.gateway {
            Some(gateway) => Channel::Gateway(Box::new(gateway::Gateway::new(gateway)?)),
            None => Channel::None,
        };
        Ok(Self { channel, per_minute: settings.per_minute, wake: Notify::new() })
    }

    /// Keeps everything in memory.
    pub fn in_memory() -> Self {
        Self { channel: Channel::Memory(Memory::default()), per_minute: 60_000, wake: Notify::new() }
    }

    /// What was kept in memory, oldest first; nothing where messages leave otherwise.
    pub fn kept(&self) -> Vec<ShortMessage> {
        let Channel::Memory(memory) = &self.channel else { return Vec::new() };
        memory.0.lock().map(|kept| kept.clone()).unwrap_or_default()
    }
}

impl ShortMessage {
    /// A message to this number; one that can't be dialled can never be written to.
    pub fn of(public_id: Uuid, number: &str, text: &str) -> Result<Self, Failure> {
        let to = dialled(number).ok_or_else(|| Failure::never("bad_number", None))?;
        Ok(Self { to, text: text.to_owned(), id: public_id.simple().to_string() })
    }
}

/// A number as it is dialled; none where what is written is no number. Spaces, dashes and brackets are how people write one, and the digits of every
/// script are the same ones.
pub fn dialled(number: &str) -> Option<String> {
    let plain = any_ascii::any_ascii(number.trim());
    let digits: String = plain.chars().filter(char::is_ascii_digit).collect();
    let fits = (5..=15).contains(&digits.len()) && !plain.chars().any(|sign| sign.is_ascii_alphabetic());
    let plus = if plain.starts_with('+') { "+" } else { "" };
    fits.then(|| format!("{plus}{digits}"))
}

impl Channel {
    /// What it is, as a code, and which gateway or folder: for administrators.
    pub fn described(&self) -> (&'static str, String) {
        match self {
            Self::None => ("none", String::new()),
            Self::Gateway(gateway) => ("gateway", gateway.host().to_owned()),
            Self::Folder(folder) => ("folder", folder.display().to_string()),
            Self::Memory(_) => ("memory", String::new()),
        }
    }

    /// Messages can leave.
    pub fn is_open(&self) -> bool {
        !matches!(self, Self::None)
    }

    /// Hands a message over.
    pub async fn hand_over(&self, message: &ShortMessage) -> Result<(), Failure> {
        match self {
            Self::None => Err(Failure::server("gateway_not_set", None)),
            Self::Gateway(gateway) => gateway.hand_over(message).await,
            Self::Folder(folder) => {
                let written = format!("{}\n\n{}\n", message.to, message.text);
                files::write(folder, format!("{}.txt", message.id), written.into_bytes()).await
            }
            Self::Memory(memory) => {
                if let Ok(mut kept) = memory.0.lock() {
                    kept.push(message.clone());
                }
                Ok(())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_folder_gets_one_file_a_message_whatever_a_number_or_words_hold() {
        let folder = std::env::temp_dir().join(format!("throughcare-texts-{}", Uuid::now_v7().simple()));
        let channel = Channel::Folder(folder.clone());
        let message = ShortMessage::of(Uuid::from_u128(7), "+962 79 012 3456", "موعد غداً").unwrap();
        channel.hand_over(&message).await.unwrap();
        channel.hand_over(&message).await.unwrap();
        let files: Vec<_> = std::fs::read_dir(&folder).unwrap().map(|file| file.unwrap().file_name()).collect();
        assert_eq!(files, ["00000000000000000000000000000007.txt"]);
        assert_eq!(std::fs::read_to_string(folder.join(&files[0])).unwrap(), "+962790123456\n\nموعد غداً\n");
        std::fs::remove_dir_all(&folder).unwrap();
    }

    #[test]
    fn a_number_is_dialled_as_it_is_meant_and_a_sentence_is_none() {
        for (written, meant) in [
            ("0790 12-34 56", Some("0790123456")),
            (" +962 (79) 012 3456", Some("+962790123456")),
            ("٠٧٩٠١٢٣٤٥٦", Some("0790123456")),
            ("1234", None),
            ("0790 123456 ext 4", None),
            ("ask her brother", None),
            ("+9627901234560000", None),
        ] {
            assert_eq!(dialled(written).as_deref(), meant, "{written}");
        }
    }
}
