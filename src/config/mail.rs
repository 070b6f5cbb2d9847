//! How mail leaves: the server, who it comes from, and where what could not be delivered returns to.
use std::fmt;
use std::path::PathBuf;

use url::Url;

use super::{Lookup, Mistake, is_loopback, mistake, parse, readable};

const SMTP: &str = "THROUGHCARE_SMTP_URL";
const FROM: &str = "THROUGHCARE_MAIL_FROM";
const RETURN: &str = "THROUGHCARE_MAIL_RETURN";
const PACE: &str = "THROUGHCARE_MAIL_PACE";
const KEEP: &str = "THROUGHCARE_MAIL_KEEP_DAYS";
const BOUNCES: &str = "THROUGHCARE_BOUNCE_MAILDIR";

/// How mail leaves.
#[derive(Debug, Clone)]
pub struct Mail {
    /// The mail server; without one messages wait in the outbox.
    pub server: Option<MailServer>,
    /// Whom messages come from: an address, or a name with an address in angle brackets.
    pub from: String,
    /// Where what could not be delivered returns to; a message's own id is put before the `@`, after a `+`.
    pub return_path: String,
    /// The most messages a minute to one mail domain.
    pub per_minute: u32,
    /// How long sealed copies are kept after a message was sent.
    pub keep_days: u32,
    /// A maildir in which returned mail arrives.
    pub bounces: Option<PathBuf>,
}

/// A mail server, and how it is spoken to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MailServer {
    /// Its name or address.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// Whether what is said is encrypted.
    pub tls: MailTls,
    /// A PEM file of who vouches for it; the system's list without.
    pub ca: Option<PathBuf>,
    /// Who signs in.
    pub sign_in: Option<MailSignIn>,
    /// The most seconds that one command may take.
    pub timeout: u64,
}

/// Whether mail is encrypted on its way to the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MailTls {
    /// From the first byte.
    Implicit,
    /// From STARTTLS on, or nothing is sent.
    Required,
    /// From STARTTLS on, where the server offers it.
    Opportunistic,
    /// Never: for a server on this machine.
    Never,
}

/// Who signs in at the mail server.
#[derive(Clone, PartialEq, Eq)]
pub struct MailSignIn {
    /// The name.
    pub name: String,
    /// The password, which is never printed.
    pub password: String,
}

impl fmt::Debug for MailSignIn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:***", self.name)
    }
}

impl Mail {
    pub(super) fn read(get: Lookup, base_url: &str) -> Result<Self, Mistake> {
        let server = get(SMTP).map(|text| server(&text)).transpose()?;
        let base = Url::parse(base_url).ok();
        let domain = base.as_ref().and_then(Url::domain).unwrap_or("localhost");
        let from = get(FROM).unwrap_or_else(|| format!("Throughcare <no-reply@{domain}>"));
        let own_domain = domain_of(FROM, &from)?;
        let local_only = own_domain == "localhost" || own_domain.ends_with(".localhost");
        if server.is_some() && get(FROM).is_none() && local_only {
            return Err(mistake(
                FROM,
                "messages need a sender that others can place. Set it, such as no-reply@care.example.org.",
            ));
        }
        let return_path = get(RETURN).unwrap_or_else(|| format!("bounces@{own_domain}"));
        domain_of(RETURN, &return_path)?;
        Ok(Self {
            server,
            from,
            return_path,
            per_minute: number(PACE, get(PACE), 120, 1..=60_000)?,
            keep_days: number(KEEP, get(KEEP), 30, 1..=3650)?,
            bounces: get(BOUNCES).map(PathBuf::from),
        })
    }
}

fn domain_of(variable: &'static str, address: &str) -> Result<String, Mistake> {
    let plain = address.trim_end_matches('>');
    let domain = plain.rsplit_once('@').map(|(_, domain)| domain.to_lowercase());
    let fits = |domain: &String| !domain.is_empty() && !domain.contains(|c: char| c.is_whitespace() || c.is_control());
    domain
        .filter(fits)
        .ok_or_else(|| mistake(variable, format!("\"{address}\" is no mail address. Write one such as care@example.org.")))
}

pub(super) fn number(
    variable: &'static str,
    value: Option<String>,
    unless_set: u32,
    range: std::ops::RangeInclusive<u32>,
) -> Result<u32, Mistake> {
    let Some(text) = value else { return Ok(unless_set) };
    let number = text.parse().ok().filter(|number| range.contains(number));
    number
        .ok_or_else(|| mistake(variable, format!("\"{text}\" is not a whole number from {} to {}.", range.start(), range.end())))
}

// smtp://user:password@host:587?tls=required&ca=/etc/ssl/own.pem&timeout=60, smtps://host
fn server(text: &str) -> Result<MailServer, Mistake> {
    let url = parse(SMTP, &["smtp", "smtps"], text)?;
    let host = url.host_str().filter(|host| !host.is_empty()).ok_or_else(|| mistake(SMTP, "it names no host."))?;
    let (mut wanted, mut ca, mut timeout) = (None, None, 60);
    for (name, value) in url.query_pairs() {
        match name.as_ref() {
            "tls" => wanted = Some(value.into_owned()),
            "ca" => ca = Some(readable(SMTP, &value)?),
            "timeout" => timeout = u64::from(number(SMTP, Some(value.into_owned()), 60, 1..=600)?),
            other => return Err(mistake(SMTP, format!("\"{other}\" is not understood; tls, ca and timeout are."))),
        }
    }
    let here = is_loopback(&url) || host.parse::<std::net::IpAddr>().is_ok_and(|ip| ip.is_loopback());
    let tls = match (url.scheme(), wanted.as_deref()) {
        ("smtps", None | Some("required")) => MailTls::Implicit,
        ("smtp", Some("required")) => MailTls::Required,
        ("smtp", None) if !here => MailTls::Required,
        ("smtp", None | Some("opportunistic")) => MailTls::Opportunistic,
        ("smtp", Some("none")) => MailTls::Never,
        _ => return Err(mistake(SMTP, "tls is one of required, opportunistic and none; smtps:// is always encrypted.")),
    };
    let decoded = |text: &str| percent_decoded(text);
    let sign_in = (!url.username().is_empty())
        .then(|| MailSignIn { name: decoded(url.username()), password: decoded(url.password().unwrap_or_default()) });
    if sign_in.is_some() && !here && matches!(tls, MailTls::Opportunistic | MailTls::Never) {
        return Err(mistake(SMTP, "the password would cross the network in the open. Leave tls away, or set it to required."));
    }
    let port = url.port().unwrap_or(if url.scheme() == "smtps" { 465 } else { 587 });
    Ok(MailServer { host: host.trim_matches(['[', ']']).to_owned(), port, tls, ca, sign_in, timeout })
}

// What a form of addresses wrote as %40 stands for @.
pub(super) fn percent_decoded(text: &str) -> String {
    let pair = format!("x={}", text.replace('+', "%2B").replace('&', "%26"));
    url::form_urlencoded::parse(pair.as_bytes()).next().map(|(_, value)| value.into_owned()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(pairs: &[(&str, &str)]) -> Result<Mail, Mistake> {
        let get = |name: &str| pairs.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned());
        Mail::read(&get, "https://care.example.org")
    }

    #[test]
    fn without_settings_messages_wait_and_have_a_sender() {
        let mail = read(&[]).unwrap();
        assert_eq!((mail.server, mail.from.as_str()), (None, "Throughcare <no-reply@care.example.org>"));
        assert_eq!(mail.return_path, "bounces@care.example.org");
    }

    #[test]
    fn a_password_is_decoded_never_printed_and_never_sent_in_the_open() {
        let server = read(&[(SMTP, "smtp://care%40x:p%2Fw+d@mx.example.org")]).unwrap().server.unwrap();
        assert_eq!((server.port, server.tls), (587, MailTls::Required));
        assert!(!format!("{server:?}").contains("p/w"));
        assert_eq!(server.sign_in, Some(MailSignIn { name: "care@x".into(), password: "p/w+d".into() }));
        assert!(read(&[(SMTP, "smtp://a:b@mx.example.org?tls=none")]).is_err());
        assert!(read(&[(SMTP, "smtp://a:b@127.0.0.1?tls=none")]).is_ok());
    }

    #[test]
    fn tls_is_asked_for_wherever_the_network_is() {
        let tls = |url: &str| read(&[(SMTP, url)]).unwrap().server.unwrap().tls;
        assert_eq!(tls("smtp://mx.example.org"), MailTls::Required);
        assert_eq!(tls("smtps://mx.example.org"), MailTls::Implicit);
        assert_eq!(tls("smtp://localhost:2525"), MailTls::Opportunistic);
        assert!(read(&[(SMTP, "smtp://mx.example.org?tsl=none")]).is_err());
        assert!(read(&[(FROM, "nobody")]).is_err());
        assert!(read(&[(PACE, "0")]).is_err());
    }
}
