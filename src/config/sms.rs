//! How text messages leave, through a gateway that takes them over HTTP, and how it is heard of what became of them.
use std::ops::RangeInclusive;
use std::path::PathBuf;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use url::Url;

use super::mail::{number, percent_decoded};
use super::{Lookup, Mistake, SecretText, is_loopback, mistake, parse, readable};

const URL: &str = "THROUGHCARE_SMS_URL";
const PACE: &str = "THROUGHCARE_SMS_PACE";
const TIMEOUT: &str = "THROUGHCARE_SMS_TIMEOUT";
const CA: &str = "THROUGHCARE_SMS_CA";
const COUNTRY: &str = "THROUGHCARE_SMS_COUNTRY";
const TRUNK: &str = "THROUGHCARE_SMS_TRUNK";
const DIGITS: &str = "THROUGHCARE_SMS_DIGITS";
const REPORTS: &str = "THROUGHCARE_SMS_REPORTS";
/// What is shorter could be guessed, and would not be kept out of logs (`web::gate::loggable`).
const SHORTEST_SECRET: usize = 20;

/// How text messages leave.
#[derive(Debug, Clone)]
pub struct Sms {
    /// The gateway; without one messages wait in the outbox.
    pub gateway: Option<SmsGateway>,
    /// The most messages a minute.
    pub per_minute: u32,
    /// How numbers are made whole.
    pub numbering: Numbering,
    /// The secret under which the gateway reports what became of messages; without one nobody is listened to.
    pub reports: Option<SecretText>,
}

/// How the numbers of this country are made whole, so that they can be dialled from anywhere.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Numbering {
    /// The country's code, digits alone. Without one numbers go as they were written down, and the gateway knows where it is.
    pub country: Option<String>,
    /// What numbers begin with where they are dialled inside the country, and not from outside; empty where they begin with nothing.
    pub trunk: String,
    /// How many digits follow that in the number of a mobile telephone, where it is said: then one that goes on like the country's code is no riddle.
    pub digits: Option<RangeInclusive<usize>>,
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
    /// A PEM file of who vouches for it; the system's list without.
    pub ca: Option<PathBuf>,
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
        let ca = get(CA).map(|path| readable(CA, &path)).transpose()?;
        let gateway = get(URL).map(|text| gateway(&text, timeout)).transpose()?;
        Ok(Self {
            gateway: gateway.map(|gateway| SmsGateway { ca, ..gateway }),
            per_minute: number(PACE, get(PACE), 60, 1..=60_000)?,
            numbering: Numbering::read(get)?,
            reports: get(REPORTS).map(reports).transpose()?,
        })
    }
}

impl Numbering {
    fn read(get: Lookup) -> Result<Self, Mistake> {
        let country = get(COUNTRY).map(|text| text.trim_start_matches('+').to_owned());
        let is_code = |code: &String| (1..=4).contains(&code.len()) && are_digits(code) && !code.starts_with('0');
        if country.as_ref().is_some_and(|code| !is_code(code)) {
            return Err(mistake(COUNTRY, "it is no country's code. Write one such as +962."));
        }
        let trunk = get(TRUNK).unwrap_or_else(|| "0".to_owned());
        let trunk = if trunk == "none" { String::new() } else { trunk };
        if trunk.len() > 2 || !are_digits(&trunk) {
            return Err(mistake(TRUNK, "it is one digit or two, or the word none."));
        }
        let wrong = || mistake(DIGITS, "it is no number of digits. Write one such as 9, or 8-9.");
        let digits = get(DIGITS).map(|text| digits(&text).ok_or_else(wrong)).transpose()?;
        Ok(Self { country, trunk, digits })
    }
}

// `9`, or `8-9`.
fn digits(text: &str) -> Option<RangeInclusive<usize>> {
    let (least, most) = text.split_once('-').unwrap_or((text, text));
    let (least, most): (usize, usize) = (least.trim().parse().ok()?, most.trim().parse().ok()?);
    ((5..=most).contains(&least) && most <= 14).then_some(least..=most)
}

fn are_digits(text: &str) -> bool {
    text.chars().all(|sign| sign.is_ascii_digit())
}

// It stands in an address: letters, digits and two signs that need no escaping.
fn reports(secret: String) -> Result<SecretText, Mistake> {
    let fits = secret.chars().all(|sign| sign.is_ascii_alphanumeric() || matches!(sign, '-' | '_'));
    if secret.len() < SHORTEST_SECRET || !fits {
        return Err(mistake(
            REPORTS,
            "it is easily guessed or can't stand in an address. Set at least 20 letters and digits, such as `openssl rand -hex 16` prints.",
        ));
    }
    Ok(SecretText::new(secret))
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
        ca: None,
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
    fn a_country_is_a_code_and_a_secret_is_long() {
        let with =
            |name: &'static str, value: &'static str| Sms::read(&move |asked: &str| (asked == name).then(|| value.to_owned()));
        let numbering = with(COUNTRY, "+962").expect("a code").numbering;
        assert_eq!((numbering.country.as_deref(), numbering.trunk.as_str()), (Some("962"), "0"));
        assert_eq!(with(TRUNK, "none").expect("nothing to begin with").numbering.trunk, "");
        assert_eq!(with(DIGITS, "8-9").expect("two lengths").numbering.digits, Some(8..=9));
        assert_eq!(with(DIGITS, "10").expect("a length").numbering.digits, Some(10..=10));
        for (name, wrong) in [
            (DIGITS, "ten"),
            (DIGITS, "9-8"),
            (COUNTRY, "Jordan"),
            (COUNTRY, "0962"),
            (TRUNK, "zero"),
            (REPORTS, "short"),
            (REPORTS, "with/a/slash/and/long/enough"),
        ] {
            assert!(with(name, wrong).is_err(), "{name} {wrong}");
        }
        let secret = with(REPORTS, "0123456789abcdef0123").expect("long enough").reports.expect("a secret");
        assert_eq!(format!("{secret:?}"), "***");
    }

    #[test]
    fn nothing_crosses_a_network_in_the_open() {
        assert!(read("http://sms.example.org/send").is_err());
        assert!(read("https://a%0Ab@sms.example.org/send").is_err());
        assert!(read("ftp://sms.example.org/send").is_err());
    }
}
