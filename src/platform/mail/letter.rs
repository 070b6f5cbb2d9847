//! A message as it is written down for the wire. Headers say what mail must say and nothing of the program or of anybody.
use chrono::{DateTime, Utc};
use lettre::message::header::{ContentType, Header, HeaderName, HeaderValue};
use lettre::message::{Attachment, Mailbox, MultiPart, SinglePart};
use lettre::{Address, Message};
use uuid::Uuid;

use super::{Failure, Mail};
use crate::platform::lang::Lang;

/// What is to be written.
pub struct Letter<'a> {
    /// What the outside knows the message by.
    pub public_id: Uuid,
    /// What the sender is called, where it may be said; else as the settings say.
    pub sender: Option<&'a str>,
    /// Whom it goes to.
    pub to: &'a str,
    /// Its language.
    pub lang: Lang,
    /// Its subject.
    pub subject: &'a str,
    /// What it says.
    pub text: String,
    /// Names, media types and contents.
    pub files: Vec<(String, &'static str, Vec<u8>)>,
    /// When it was posted.
    pub at: DateTime<Utc>,
}

/// A message as bytes, with the addresses on its envelope.
#[derive(Clone)]
pub struct Written {
    /// What the outside knows it by.
    pub public_id: Uuid,
    /// Where it returns to.
    pub from: Address,
    /// Whom it goes to.
    pub to: Address,
    /// Its headers and body.
    pub bytes: Vec<u8>,
}

// Machines that answer mail by themselves leave such mail alone.
#[derive(Clone)]
struct AutoSubmitted;

impl Header for AutoSubmitted {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str("Auto-Submitted")
    }

    fn parse(_: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Self)
    }

    fn display(&self) -> HeaderValue {
        HeaderValue::new(Self::name(), "auto-generated".to_owned())
    }
}

#[derive(Clone)]
struct ContentLanguage(&'static str);

impl Header for ContentLanguage {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str("Content-Language")
    }

    fn parse(_: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Self(""))
    }

    fn display(&self) -> HeaderValue {
        HeaderValue::new(Self::name(), self.0.to_owned())
    }
}

impl Mail {
    /// Writes a message down. An address that is none can never be sent to.
    pub fn write(&self, letter: Letter) -> Result<Written, Failure> {
        let unwritable = || Failure::never("unwritable", None);
        let to: Address = letter.to.trim().parse().map_err(|_| Failure::never("bad_address", None))?;
        let wrong_sender = || Failure::server("sender_refused", None);
        let mut sender: Mailbox = self.from.parse().map_err(|_| wrong_sender())?;
        if let Some(name) = letter.sender {
            sender.name = Some(name.replace(char::is_control, " "));
        }
        let from: Address = self.return_path_of(letter.public_id).parse().map_err(|_| wrong_sender())?;
        let builder = Message::builder()
            .message_id(Some(format!("<{}@{}>", letter.public_id.simple(), self.domain())))
            .date(letter.at.into())
            .from(sender)
            .to(Mailbox::new(None, to.clone()))
            .subject(letter.subject.replace(char::is_control, " "))
            .header(AutoSubmitted)
            .header(ContentLanguage(letter.lang.code()));
        let text = SinglePart::plain(letter.text);
        let message = if letter.files.is_empty() {
            builder.singlepart(text)
        } else {
            let mut parts = MultiPart::mixed().singlepart(text);
            for (name, media_type, bytes) in letter.files {
                let media_type = ContentType::parse(media_type).map_err(|_| unwritable())?;
                parts = parts.singlepart(Attachment::new(name).body(bytes, media_type));
            }
            builder.multipart(parts)
        };
        let bytes = message.map_err(|_| unwritable())?.formatted();
        Ok(Written { public_id: letter.public_id, from, to, bytes })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn letter<'a>(subject: &'a str, files: Vec<(String, &'static str, Vec<u8>)>) -> Letter<'a> {
        Letter {
            public_id: Uuid::from_u128(7),
            sender: None,
            to: "desk@clinic.example",
            lang: Lang::Ar,
            subject,
            text: "مرحباً\r\nsign in".into(),
            files,
            at: DateTime::from_timestamp(1_764_150_000, 0).unwrap(),
        }
    }

    #[test]
    fn headers_hold_what_mail_needs_and_no_gossip() {
        let written = Mail::in_memory().write(letter("خطاب\r\nBcc: all@example.org", Vec::new())).unwrap();
        let text = String::from_utf8(written.bytes).unwrap();
        let (headers, _) = text.split_once("\r\n\r\n").unwrap();
        let mut names: Vec<&str> =
            headers.lines().filter(|line| !line.starts_with([' ', '\t'])).filter_map(|line| line.split(':').next()).collect();
        names.sort_unstable();
        assert_eq!(
            names,
            [
                "Auto-Submitted",
                "Content-Language",
                "Content-Transfer-Encoding",
                "Content-Type",
                "Date",
                "From",
                "MIME-Version",
                "Message-ID",
                "Subject",
                "To"
            ]
        );
        assert!(headers.contains("Message-ID: <00000000000000000000000000000007@care.example>"), "{headers}");
        assert_eq!(written.from.to_string(), "bounces+00000000000000000000000000000007@care.example");
    }

    #[test]
    fn the_sender_goes_by_its_name_from_the_one_address() {
        let named = Letter { sender: Some("Harbour, \r\nBcc: x"), ..letter("A letter", Vec::new()) };
        let written = Mail::in_memory().write(named).unwrap();
        let parsed = mail_parser::MessageParser::default().parse(&written.bytes).unwrap();
        let from = parsed.from().unwrap().first().unwrap();
        assert_eq!((from.name(), from.address()), (Some("Harbour,   Bcc: x"), Some("no-reply@care.example")));
        assert!(parsed.bcc().is_none());
    }

    #[test]
    fn a_file_travels_as_it_is_and_a_wrong_address_is_never_tried() {
        let files = vec![("letter.pdf".to_owned(), "application/pdf", vec![0, 159, 146, 150])];
        let written = Mail::in_memory().write(letter("A letter", files)).unwrap();
        let parsed = mail_parser::MessageParser::default().parse(&written.bytes).unwrap();
        assert_eq!(parsed.attachment(0).unwrap().contents(), [0, 159, 146, 150]);
        assert_eq!(parsed.body_text(0).unwrap().trim_end(), "مرحباً\r\nsign in");
        let wrong = Letter { to: "desk at clinic", ..letter("A letter", Vec::new()) };
        assert_eq!(Mail::in_memory().write(wrong).map(|_| ()).unwrap_err().result, "bad_address");
    }
}
