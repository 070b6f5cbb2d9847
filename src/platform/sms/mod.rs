//! Text messages and how they leave: to a gateway over HTTP, into a folder or, in tests, into memory.
//!
//! A message carries the same id each time it is handed over, the one by which the outside knows it: a gateway that gets it a
//! second time, after a crash or an answer that was lost, can tell, and sends it once.
//! Numbers are made whole here, as the settings say; what can't be made whole is not guessed.
//! What deliberately is not here: who may be written to and what they read (the rooms that own the messages), and the waiting (`outbox`).
mod gateway;

use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use chrono::{DateTime, Utc};
use tokio::sync::Notify;
use uuid::Uuid;

use crate::config::{Numbering, SecretText, Sms as Settings};
use crate::platform::mail::{Failure, files};

/// How this program's text messages leave.
pub struct Sms {
    /// Where to.
    pub channel: Channel,
    /// The most messages a minute.
    pub per_minute: u32,
    /// Wakes their sender in this process as soon as a message was committed.
    pub wake: Notify,
    /// How numbers are made whole.
    pub numbering: Numbering,
    /// The secret under which the gateway reports what became of messages.
    pub reports: Option<SecretText>,
    // Which minute it is, and how many reports came in it.
    heard: Mutex<(i64, u32)>,
}

// A gateway says two or three things of a message, and what was cut off again; a flood under a secret that got about stops here.
const REPORTS_A_MESSAGE: u32 = 10;

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
        let (numbering, reports) = (settings.numbering.clone(), settings.reports.clone());
        Ok(Self { channel, numbering, reports, ..Self::paced(settings.per_minute) })
    }

    fn paced(per_minute: u32) -> Self {
        Self {
            channel: Channel::None,
            per_minute,
            wake: Notify::new(),
            numbering: Numbering::default(),
            reports: None,
            heard: Mutex::default(),
        }
    }

    /// Keeps everything in memory.
    pub fn in_memory() -> Self {
        Self { channel: Channel::Memory(Memory::default()), ..Self::paced(60_000) }
    }

    /// What was kept in memory, oldest first; nothing where messages leave otherwise.
    pub fn kept(&self) -> Vec<ShortMessage> {
        let Channel::Memory(memory) = &self.channel else { return Vec::new() };
        memory.0.lock().map(|kept| kept.clone()).unwrap_or_default()
    }

    /// One more report may be heard in this minute, by this copy of the program.
    pub fn may_hear(&self, now: DateTime<Utc>) -> bool {
        let minute = now.timestamp() / 60;
        let Ok(mut heard) = self.heard.lock() else { return true };
        if heard.0 != minute {
            *heard = (minute, 0);
        }
        heard.1 = heard.1.saturating_add(1);
        heard.1 <= self.per_minute.saturating_mul(REPORTS_A_MESSAGE)
    }
}

impl ShortMessage {
    /// A message to this number; one that can't be dialled can never be written to.
    pub fn of(public_id: Uuid, number: &str, text: &str, numbering: &Numbering) -> Result<Self, Failure> {
        let to = dialled(number, numbering).map_err(|why| Failure::never(why.result(), None))?;
        Ok(Self { to, text: text.to_owned(), id: public_id.simple().to_string() })
    }
}

/// Why a number can't be dialled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Undialled {
    /// What is written is no number.
    NoNumber,
    /// It is the number of a telephone in some country, and nothing says which.
    NotWhole,
}

impl Undialled {
    fn result(self) -> &'static str {
        match self {
            Self::NoNumber => "bad_number",
            Self::NotWhole => "text_not_whole",
        }
    }
}

/// A number as it is dialled. Spaces, dashes and brackets are how people write one, and the digits of every script are the same ones. Where a country
/// is set, what comes out begins with a plus sign; where it is not clear what should follow that, nothing comes out: a guess would write to a stranger.
pub fn dialled(number: &str, numbering: &Numbering) -> Result<String, Undialled> {
    let plain = any_ascii::any_ascii(number.trim());
    let abroad = plain.trim_start_matches(['(', '[', ' ']).starts_with('+');
    // `+962 (0)79`: what stands in these brackets is dialled inside the country alone.
    let plain = if abroad { plain.replace("(0)", "") } else { plain };
    let digits: String = plain.chars().filter(char::is_ascii_digit).collect();
    if !(5..=15).contains(&digits.len()) || plain.chars().any(|sign| sign.is_ascii_alphabetic()) {
        return Err(Undialled::NoNumber);
    }
    if abroad {
        return Ok(format!("+{digits}"));
    }
    let Some(country) = &numbering.country else { return Ok(digits) };
    if let Some(whole) = digits.strip_prefix("00") {
        return if whole.len() >= 5 && !whole.starts_with('0') { Ok(format!("+{whole}")) } else { Err(Undialled::NotWhole) };
    }
    match digits.strip_prefix(numbering.trunk.as_str()) {
        Some(local) if is_local(local, country, numbering) => Ok(format!("+{country}{local}")),
        _ => Err(Undialled::NotWhole),
    }
}

// One that goes on like the country's code may have it already, also behind what local numbers begin with, by a slip of whoever wrote it. Where it is
// set how long a number is, its length tells the two apart.
fn is_local(local: &str, country: &str, numbering: &Numbering) -> bool {
    let behind = local.strip_prefix(country);
    let fits = match &numbering.digits {
        Some(known) => known.contains(&local.len()) && !behind.is_some_and(|rest| known.contains(&rest.len())),
        None => local.len() >= 5 && behind.is_none(),
    };
    fits && country.len() + local.len() <= 15
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
        let message = ShortMessage::of(Uuid::from_u128(7), "+962 79 012 3456", "موعد غداً", &Numbering::default()).unwrap();
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
            assert_eq!(dialled(written, &Numbering::default()).ok().as_deref(), meant, "{written}");
        }
    }

    #[test]
    fn a_local_number_gets_its_countrys_code_and_one_that_is_not_clear_gets_none() {
        let of = |country: &str, trunk: &str| Numbering { country: Some(country.into()), trunk: trunk.into(), digits: None };
        let kazakhstan = Numbering { digits: Some(10..=10), ..of("7", "8") };
        let (jordan, costa_rica) = (of("962", "0"), of("506", ""));
        for (written, numbering, meant) in [
            ("0790 12-34 56", &jordan, Ok("+962790123456")),
            ("٠٧٩٠١٢٣٤٥٦", &jordan, Ok("+962790123456")),
            ("00962 79 012 3456", &jordan, Ok("+962790123456")),
            ("(+963) 944 123 456", &jordan, Ok("+963944123456")),
            ("+962 (0)79 012 3456", &jordan, Ok("+962790123456")),
            ("790 123456", &jordan, Err(Undialled::NotWhole)),
            ("962790123456", &jordan, Err(Undialled::NotWhole)),
            ("0962790123456", &jordan, Err(Undialled::NotWhole)),
            ("ask her brother", &jordan, Err(Undialled::NoNumber)),
            ("8888 1234", &costa_rica, Ok("+50688881234")),
            ("506 8888 1234", &costa_rica, Err(Undialled::NotWhole)),
            ("8 701 234 56 78", &of("7", "8"), Err(Undialled::NotWhole)),
            ("8 701 234 56 78", &kazakhstan, Ok("+77012345678")),
            ("8 7 701 234 56 78", &kazakhstan, Err(Undialled::NotWhole)),
            ("8 701 234 56", &kazakhstan, Err(Undialled::NotWhole)),
        ] {
            assert_eq!(dialled(written, numbering).as_deref(), meant.as_deref(), "{written}");
        }
    }

    #[test]
    fn a_flood_of_reports_is_cut_off_until_the_next_minute() {
        let sms = Sms::paced(1);
        let now: DateTime<Utc> = "2026-11-26T07:00:00Z".parse().unwrap();
        assert_eq!((0..20).filter(|_| sms.may_hear(now)).count(), 10);
        assert!(sms.may_hear(now + chrono::TimeDelta::minutes(1)));
    }
}
