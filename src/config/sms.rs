//! How text messages leave: through a gateway that takes them over HTTP.
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use url::Url;

use super::mail::{number, percent_decoded};
use super::{Lookup, Mistake, SecretText, is_loopback, mistake, parse};

const URL: &str = "THROUGHCARE_SMS_URL";
const PACE: &str = "THROUGHCARE_SMS_PACE";
const TIMEOUT: &str = "THROUGHCARE_SMS_TIMEOUT";

/// How text messages leave.
#[derive(Debug, Clone)]
pub struct Sms {
    /// The gateway; without one messages wait in the outbox.
    pub gateway: Option<SmsGateway>,
    /// The most messages a minute.
    pub per_minute: u32,
}

/// A gateway, and how it is spoken to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SmsGateway {
    /// Its name or address.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// What is said is encrypted.
    pub tls: bool,
    /// Where on it messages are left, with what follows a question mark.
    pub path: String,
    /// What proves who leaves them: the value of the header `Authorization`.
    pub authorization: Option<SecretText>,
    /// The most seconds that one step may take.
    pub timeout: u64,
}

impl Sms {
    pub(super) fn read(get: Lookup) -> Result<Self, Mistake> {
        let timeout = u64::from(number(TIMEOUT, get(TIMEOUT), 30, 1..=120)?);
        Ok(Self {
            gateway: get(URL).map(|text| gateway(&text, timeout)).transpose()?,
            per_minute: number(PACE, get(PACE), 60, 1..=60_000)?,
        })
    }
}

// https://token@sms.example.org/send, https://name:password@sms.example.org/send?from=care
fn gateway(text: &str, timeout: u64) -> Result<SmsGateway, Mistake> {
    let url = parse(URL, &["http", "https"], text)?;
    let tls = url.scheme() == "https";
    if !tls && !is_loopback(&url) {
        return Err(mistake(
            URL,
            "numbers and words would cross the network in the open. Begin it with https://, or name a gateway on this machine.",
        ));
    }
    let host = url.host_str().ok_or_else(|| mistake(URL, "it names no host."))?;
    let path = url.query().map_or_else(|| url.path().to_owned(), |query| format!("{}?{query}", url.path()));
    Ok(SmsGateway {
        host: host.trim_matches(['[', ']']).to_owned(),
        port: url.port_or_known_default().unwrap_or(443),
        tls,
        path,
        authorization: authorization(&url)?,
        timeout,
    })
}

// A name alone is a token; a name and a password are what they say.
fn authorization(url: &Url) -> Result<Option<SecretText>, Mistake> {
    let (name, password) = (percent_decoded(url.username()), url.password().map(percent_decoded));
    let said = match (name.as_str(), password) {
        ("", None) => return Ok(None),
        (token, None) => format!("Bearer {token}"),
        (name, Some(password)) => format!("Basic {}", STANDARD.encode(format!("{name}:{password}"))),
    };
    if said.chars().any(|sign| sign.is_control() || !sign.is_ascii()) {
        return Err(mistake(URL, "a token consists of letters, digits and signs of ASCII alone."));
    }
    Ok(Some(SecretText::new(said)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(url: &str) -> Result<SmsGateway, Mistake> {
        let get = |name: &str| (name == URL).then(|| url.to_owned());
        Sms::read(&get).map(|sms| sms.gateway.expect("a gateway"))
    }

    fn says(gateway: &SmsGateway) -> Option<&str> {
        gateway.authorization.as_ref().map(SecretText::exposed)
    }

    #[test]
    fn a_name_alone_is_a_token_and_no_secret_is_printed() {
        let token = read("https://t0ken%2F1@sms.example.org/v1/send?from=care").unwrap();
        assert_eq!((token.host.as_str(), token.port, token.path.as_str()), ("sms.example.org", 443, "/v1/send?from=care"));
        assert_eq!(says(&token), Some("Bearer t0ken/1"));
        assert!(!format!("{token:?}").contains("t0ken"));
        assert_eq!(says(&read("https://care:tram@sms.example.org").unwrap()), Some("Basic Y2FyZTp0cmFt"));
        assert_eq!(says(&read("http://127.0.0.1:9000/").unwrap()), None);
    }

    #[test]
    fn nothing_crosses_a_network_in_the_open() {
        assert!(read("http://sms.example.org/send").is_err());
        assert!(read("https://a%0Ab@sms.example.org/send").is_err());
        assert!(read("ftp://sms.example.org/send").is_err());
    }
}
