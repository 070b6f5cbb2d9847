//! What the far end says of a message: delivery status notifications (RFC 3464), and the plain words of servers that know none.
//!
//! Pure: bytes in, verdict out. A report is told apart by a message's public id alone, wherever the far end put it: the address that it
//! returns to, the envelope's name, the Message-ID of what it quotes. No address is kept.
use mail_parser::{Message, MessageParser, MessagePart, MimeHeaders};
use uuid::Uuid;

/// What the far end says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// It arrived.
    Delivered,
    /// It never will; the status code that says why, where there is one.
    Bounced(Option<String>),
    /// Nothing final: a delay, an answer by a machine, something else altogether.
    Nothing,
}

/// A report, read.
#[derive(Debug, PartialEq, Eq)]
pub struct Report {
    /// The public ids that it may be about, the likeliest first.
    pub about: Vec<Uuid>,
    /// What it says.
    pub verdict: Verdict,
}

const RETURNED_TO: [&str; 5] = ["Delivered-To", "X-Original-To", "Envelope-To", "To", "X-Failed-Recipients"];

/// Reads what came back; `returned_to` is the address it came to, where the mail server told it.
pub fn read(bytes: &[u8], returned_to: Option<&str>) -> Report {
    let mut about: Vec<Uuid> = returned_to.and_then(id_in_address).into_iter().collect();
    let Some(message) = MessageParser::default().parse(bytes) else { return Report { about, verdict: Verdict::Nothing } };
    for (name, value) in message.headers_raw() {
        if RETURNED_TO.iter().any(|known| known.eq_ignore_ascii_case(name)) {
            about.extend(id_in_address(value));
        }
    }
    let status = message.parts.iter().find(|part| is(part, "message", "delivery-status"));
    let verdict = match status {
        Some(part) => {
            let text = String::from_utf8_lossy(part.contents()).into_owned();
            about.extend(field(&text, "Original-Envelope-Id").and_then(|id| Uuid::try_parse(id.trim()).ok()));
            said_by_status(&text)
        }
        None => said_in_words(&message),
    };
    about.extend(quoted(&message));
    let mut seen = std::collections::BTreeSet::new();
    about.retain(|id| seen.insert(*id));
    Report { about, verdict }
}

fn is(part: &MessagePart, kind: &str, subkind: &str) -> bool {
    part.content_type().is_some_and(|found| {
        found.c_type.eq_ignore_ascii_case(kind) && found.c_subtype.as_ref().is_some_and(|sub| sub.eq_ignore_ascii_case(subkind))
    })
}

// `bounces+0123…@host`: 32 hexadecimal digits between a plus and an at.
fn id_in_address(text: &str) -> Option<Uuid> {
    text.split('+').skip(1).find_map(|rest| rest.split_once('@')).and_then(|(id, _)| id_of_32(id))
}

fn id_of_32(text: &str) -> Option<Uuid> {
    (text.len() == 32).then(|| Uuid::try_parse(text).ok()).flatten()
}

// The Message-ID of what the report quotes, whole or by its headers.
fn quoted(message: &Message) -> Option<Uuid> {
    let texts = message.parts.iter().filter(|part| is(part, "message", "rfc822") || is(part, "text", "rfc822-headers"));
    let of = |part: &MessagePart| {
        let text = String::from_utf8_lossy(part.contents()).into_owned();
        let id = field(&text, "Message-ID").or_else(|| field(&text, "Message-Id"))?;
        id_of_32(id.trim().trim_start_matches('<').split('@').next()?)
    };
    texts.into_iter().find_map(of)
}

fn field<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    text.lines().find_map(|line| {
        let (found, value) = line.split_once(':')?;
        found.trim().eq_ignore_ascii_case(name).then(|| value.trim())
    })
}

fn said_by_status(text: &str) -> Verdict {
    let Some(action) = field(text, "Action") else { return Verdict::Nothing };
    match action.split_whitespace().next().unwrap_or_default().to_lowercase().as_str() {
        "failed" => Verdict::Bounced(field(text, "Status").and_then(|status| enhanced(status.split_whitespace().next()?))),
        "delivered" | "expanded" => Verdict::Delivered,
        // "relayed" says that a server further on will not report; "delayed" that it goes on trying.
        _ => Verdict::Nothing,
    }
}

// 5.1.1: three numbers, the first a 4 or a 5.
fn enhanced(text: &str) -> Option<String> {
    let numbers: Vec<&str> = text.split('.').collect();
    let fits = numbers.len() == 3
        && matches!(numbers[0], "4" | "5")
        && numbers.iter().all(|number| (1..=3).contains(&number.len()) && number.bytes().all(|b| b.is_ascii_digit()));
    fits.then(|| text.to_owned())
}

const POSTMEN: [&str; 4] = ["mailer-daemon", "postmaster", "mail-daemon", "mdaemon"];
const FAILED: [&str; 8] =
    ["undeliver", "returned", "failure", "failed", "not delivered", "returning message", "non remis", "no se pudo"];

// Servers that send no status speak as mailer-daemon or postmaster; an answering machine speaks as the person it answers for.
fn said_in_words(message: &Message) -> Verdict {
    let raw = |name: &str| message.header_raw(name).unwrap_or_default().trim().to_lowercase();
    let from = raw("From");
    if raw("Auto-Submitted").starts_with("auto-replied") || !POSTMEN.iter().any(|postman| from.contains(&format!("{postman}@"))) {
        return Verdict::Nothing;
    }
    let body = message.body_text(0).unwrap_or_default().to_lowercase();
    let words = body.split(|c: char| c.is_whitespace() || "()[]<>#;,".contains(c));
    let codes: Vec<String> = words.filter_map(|word| enhanced(word.trim_end_matches([':', '.']))).collect();
    let permanent = codes.into_iter().find(|code| code.starts_with('5'));
    let said = format!("{} {body}", raw("Subject"));
    let delayed = said.contains("delayed") || said.contains("will keep trying") || said.contains("not yet been delivered");
    match permanent {
        Some(code) if !delayed => Verdict::Bounced(Some(code)),
        None if !delayed && FAILED.iter().any(|word| said.contains(word)) => Verdict::Bounced(None),
        _ => Verdict::Nothing,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "0123456789abcdef0123456789abcdef";

    fn id() -> Uuid {
        Uuid::try_parse(ID).unwrap()
    }

    fn dsn(action: &str, status: &str, envelope: &str) -> String {
        format!(
            "Return-Path: <>\r\nFrom: MAILER-DAEMON@mx.far.example\r\nTo: bounces+{ID}@care.example\r\nSubject: Undelivered Mail\r\n\
             MIME-Version: 1.0\r\nContent-Type: multipart/report; report-type=delivery-status; boundary=\"b\"\r\n\r\n\
             --b\r\nContent-Type: text/plain\r\n\r\nThis is the mail system.\r\n\
             --b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.far.example\r\n{envelope}\r\n\
             Final-Recipient: rfc822; desk@clinic.example\r\nAction: {action}\r\nStatus: {status}\r\n\r\n\
             --b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: <{ID}@care.example>\r\nSubject: x\r\n\r\n--b--\r\n"
        )
    }

    fn plain(from: &str, more: &str, subject: &str, body: &str) -> String {
        format!("From: {from}\r\nTo: bounces+{ID}@care.example\r\n{more}Subject: {subject}\r\n\r\n{body}\r\n")
    }

    #[test]
    fn a_status_report_says_what_became_of_which_message() {
        let verdict = |action, status| read(dsn(action, status, "").as_bytes(), None).verdict;
        assert_eq!(verdict("failed", "5.1.1"), Verdict::Bounced(Some("5.1.1".into())));
        assert_eq!(verdict("failed", "4.4.7 (expired)"), Verdict::Bounced(Some("4.4.7".into())));
        assert_eq!(verdict("failed", "oops; select"), Verdict::Bounced(None));
        assert_eq!(verdict("delivered", "2.0.0"), Verdict::Delivered);
        assert_eq!(verdict("relayed", "2.0.0"), Verdict::Nothing);
        assert_eq!(verdict("delayed", "4.0.0"), Verdict::Nothing);
    }

    #[test]
    fn a_message_is_known_by_any_of_the_places_the_far_end_puts_its_id() {
        let whole = dsn("failed", "5.1.1", "");
        let elsewhere = whole.replace(&format!("bounces+{ID}@"), "somebody@").replace("care.example\r\nSubject: x", "x\r\nX: y");
        assert_eq!(read(whole.as_bytes(), None).about, [id()]);
        assert_eq!(read(elsewhere.as_bytes(), None).about, [id()], "by the Message-ID it quotes");
        let envelope = dsn("failed", "5.1.1", &format!("Original-Envelope-Id: {ID}")).replace(&format!("+{ID}"), "");
        assert_eq!(read(envelope.replace(&format!("<{ID}@"), "<x@").as_bytes(), None).about, [id()], "by its envelope");
        let lost = whole.replace(ID, "x");
        assert!(read(lost.as_bytes(), None).about.is_empty());
        assert_eq!(read(lost.as_bytes(), Some(&format!("bounces+{ID}@care.example"))).about, [id()], "by where it came to");
    }

    #[test]
    fn servers_without_status_are_understood_and_answering_machines_are_not_believed() {
        let verdict = |from, more, subject, body| read(plain(from, more, subject, body).as_bytes(), None).verdict;
        let daemon = "Mail Delivery System <MAILER-DAEMON@far.example>";
        let qmail = "Hi. This is the qmail-send program at far.example.\r\n<desk@clinic.example>:\r\nSorry, no mailbox here by that name. (#5.1.1)";
        assert_eq!(verdict(daemon, "", "failure notice", qmail), Verdict::Bounced(Some("5.1.1".into())));
        assert_eq!(verdict(daemon, "", "Undeliverable: A letter", "The address was not found."), Verdict::Bounced(None));
        assert_eq!(verdict(daemon, "", "Warning: message delayed", "It will keep trying (5.4.1)."), Verdict::Nothing);
        assert_eq!(
            verdict("Lina <lina@clinic.example>", "", "Out of office", "I have returned on Monday 5.1.1"),
            Verdict::Nothing
        );
        assert_eq!(verdict("postmaster@clinic.example", "Auto-Submitted: auto-replied\r\n", "failed", ""), Verdict::Nothing);
        assert_eq!(read(b"\x00\xff", None).verdict, Verdict::Nothing);
    }
}
