//! Every setting, read once from the environment, and refused with the variable's name and a remedy when it cannot be used.
//!
//! The only file that reads the environment. All settings are optional: without any, Throughcare serves this machine alone
//! from a private database. What deliberately is not here: settings an administrator changes while it runs (organisations).

mod mail;
mod scanner;
mod secret;
mod sms;
#[cfg(test)]
mod tests;

use std::fmt;
use std::net::{SocketAddr, ToSocketAddrs};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use url::{Host, Url};

pub use mail::{Mail, MailServer, MailSignIn, MailTls};
pub use scanner::Clamd;
pub use secret::{SecretText, SecretUrl};
pub use sms::{Numbering, Sms, SmsGateway};

/// The whole configuration, one part per concern.
#[derive(Debug, Clone)]
pub struct Config {
    /// Where pages are served.
    pub web: Web,
    /// Where everything is kept.
    pub storage: Storage,
    /// How messages leave.
    pub messages: Messages,
    /// What looks through documents for viruses, if anything does.
    pub clamd: Option<Clamd>,
}

/// Where pages are served, and under which address people know them.
#[derive(Debug, Clone)]
pub struct Web {
    /// The address that is listened on.
    pub listen: SocketAddr,
    /// The address in links; never ends in a slash.
    pub base_url: String,
    /// Certificate and key, when the program itself speaks TLS.
    pub tls: Option<Tls>,
    /// What opens `/metrics` to other machines.
    pub metrics_token: Option<SecretText>,
}

impl Web {
    /// Whether browsers reach us over https, so that cookies may be bound to it.
    pub fn is_https(&self) -> bool {
        self.base_url.starts_with("https://")
    }
}

/// Certificate and key, both PEM files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tls {
    /// The certificate with its chain.
    pub certificate: PathBuf,
    /// The certificate's private key.
    pub key: PathBuf,
}

/// Where everything is kept.
#[derive(Debug, Clone)]
pub struct Storage {
    /// The data folder: private database, files, keys.
    pub data: PathBuf,
    /// The file of the key-encryption keys.
    pub keyring: PathBuf,
    /// The database.
    pub database: Database,
}

/// Which database is used.
#[derive(Debug, Clone)]
pub enum Database {
    /// A private cluster in the data folder, started and stopped by the program.
    Private,
    /// A server elsewhere.
    Server(SecretUrl),
}

/// How messages leave; what is not set is kept in the outbox.
#[derive(Debug, Clone)]
pub struct Messages {
    /// Mail.
    pub mail: Mail,
    /// Text messages.
    pub sms: Sms,
}

/// A setting that cannot be used: its name, what is wrong and what to do.
#[derive(Debug, PartialEq, Eq)]
pub struct Mistake {
    variable: &'static str,
    text: String,
}

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.variable, self.text)
    }
}

impl std::error::Error for Mistake {}

fn mistake(variable: &'static str, text: impl Into<String>) -> Mistake {
    Mistake { variable, text: text.into() }
}

/// What the C library keeps of memory that is not needed any more: how many heaps, which blocks go back at once, and what is left at the end of a heap.
pub const MEMORY: [&str; 3] = ["MALLOC_ARENA_MAX", "MALLOC_MMAP_THRESHOLD_", "MALLOC_TRIM_THRESHOLD_"];

/// The operator, or this program when it began anew, said one of [`MEMORY`].
pub fn says_how_memory_is_kept() -> bool {
    MEMORY.iter().any(|name| std::env::var_os(name).is_some())
}

impl Config {
    /// Reads the settings of this process.
    #[expect(clippy::disallowed_methods, reason = "the one place that reads the environment")]
    pub fn from_env() -> Result<Self, Mistake> {
        Self::read(&|name| std::env::var(name).ok())
    }

    /// Reads the settings from whatever answers for a name; an empty answer counts as none.
    pub fn read(lookup: &dyn Fn(&str) -> Option<String>) -> Result<Self, Mistake> {
        let get = |name: &str| lookup(name).map(|value| value.trim().to_owned()).filter(|value| !value.is_empty());
        let web = Web::read(&get)?;
        Ok(Self {
            storage: Storage::read(&get)?,
            messages: Messages { mail: Mail::read(&get, &web.base_url)?, sms: Sms::read(&get)? },
            clamd: Clamd::read(&get)?,
            web,
        })
    }
}

type Lookup<'a> = &'a dyn Fn(&str) -> Option<String>;

impl Web {
    fn read(get: Lookup) -> Result<Self, Mistake> {
        let listen = address(&get("THROUGHCARE_LISTEN").unwrap_or_else(|| "127.0.0.1:8080".into()))?;
        let tls = match (get("THROUGHCARE_TLS_CERT"), get("THROUGHCARE_TLS_KEY")) {
            (Some(certificate), Some(key)) => Some(Tls {
                certificate: readable("THROUGHCARE_TLS_CERT", &certificate)?,
                key: readable("THROUGHCARE_TLS_KEY", &key)?,
            }),
            (None, None) => None,
            (Some(_), None) => {
                return Err(mistake("THROUGHCARE_TLS_KEY", "it is missing beside THROUGHCARE_TLS_CERT. Set both, or neither."));
            }
            (None, Some(_)) => {
                return Err(mistake("THROUGHCARE_TLS_CERT", "it is missing beside THROUGHCARE_TLS_KEY. Set both, or neither."));
            }
        };
        let base_url = match get("THROUGHCARE_BASE_URL") {
            Some(text) => Some(base(&text)?),
            None => None,
        };
        let https = tls.is_some() || base_url.as_ref().is_some_and(|url| url.scheme() == "https");
        if !https && !listen.ip().is_loopback() {
            return Err(mistake(
                "THROUGHCARE_LISTEN",
                format!(
                    "other machines could reach {listen}, and what people read and type would cross the network in the open. \
                     Set THROUGHCARE_TLS_CERT and THROUGHCARE_TLS_KEY, or, if a proxy in front speaks TLS, set \
                     THROUGHCARE_BASE_URL to its https address, or listen on 127.0.0.1."
                ),
            ));
        }
        let base_url =
            base_url.map_or_else(|| own_address(listen, tls.as_ref()), |url| url.as_str().trim_end_matches('/').to_owned());
        let metrics_token = get("THROUGHCARE_METRICS_TOKEN").map(SecretText::new);
        if metrics_token.as_ref().is_some_and(|token| token.exposed().len() < 16) {
            return Err(mistake(
                "THROUGHCARE_METRICS_TOKEN",
                "it is easily guessed. Set at least 16 characters, such as `openssl rand -hex 16` prints.",
            ));
        }
        Ok(Self { listen, base_url, tls, metrics_token })
    }
}

impl Storage {
    fn read(get: Lookup) -> Result<Self, Mistake> {
        let data = get("THROUGHCARE_DATA").map_or_else(|| default_data(get), |text| Ok(PathBuf::from(text)))?;
        let data = std::path::absolute(&data).map_err(|error| mistake("THROUGHCARE_DATA", error.to_string()))?;
        let keyring = get("THROUGHCARE_KEYRING").map_or_else(|| data.join("keyring"), PathBuf::from);
        let database = secret("DATABASE_URL", &["postgres", "postgresql"], get)?.map_or(Database::Private, Database::Server);
        Ok(Self { data, keyring, database })
    }
}

fn default_data(get: Lookup) -> Result<PathBuf, Mistake> {
    let is_root = std::fs::metadata("/proc/self").is_ok_and(|own| own.uid() == 0);
    if is_root {
        return Ok("/var/lib/throughcare".into());
    }
    if let Some(state) = get("XDG_STATE_HOME").map(PathBuf::from).filter(|state| state.is_absolute()) {
        return Ok(state.join("throughcare"));
    }
    match get("HOME") {
        Some(home) => Ok(Path::new(&home).join(".local/state/throughcare")),
        None => Err(mistake(
            "THROUGHCARE_DATA",
            "there is no home folder to keep the data in. Set it to a folder this user may write.",
        )),
    }
}

fn address(text: &str) -> Result<SocketAddr, Mistake> {
    let explain =
        || mistake("THROUGHCARE_LISTEN", format!("\"{text}\" is not an address. Write host and port, such as 127.0.0.1:8080."));
    let all: Vec<SocketAddr> = text.to_socket_addrs().map_err(|_| explain())?.collect();
    // "localhost" means both kinds; people and scripts type 127.0.0.1.
    all.iter().find(|address| address.is_ipv4()).or(all.first()).copied().ok_or_else(explain)
}

fn base(text: &str) -> Result<Url, Mistake> {
    let url = parse("THROUGHCARE_BASE_URL", &["http", "https"], text)?;
    if url.scheme() == "http" && !is_loopback(&url) {
        return Err(mistake(
            "THROUGHCARE_BASE_URL",
            "it must begin with https unless it names this machine (127.0.0.1 or localhost), since sign-in would cross the \
             network in the open. Put the https address there under which people reach Throughcare.",
        ));
    }
    if url.path() != "/" || url.query().is_some() {
        return Err(mistake("THROUGHCARE_BASE_URL", "it must be a scheme and a host alone, such as https://care.example.org."));
    }
    Ok(url)
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        None => false,
    }
}

fn own_address(listen: SocketAddr, tls: Option<&Tls>) -> String {
    let scheme = if tls.is_some() { "https" } else { "http" };
    if !listen.ip().is_unspecified() {
        return format!("{scheme}://{listen}");
    }
    // Listening everywhere says nothing of the name that others use; the machine's own is the best guess.
    let name = std::fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
    let name = if name.trim().is_empty() { "localhost" } else { name.trim() };
    format!("{scheme}://{name}:{}", listen.port())
}

fn secret(variable: &'static str, schemes: &[&str], get: Lookup) -> Result<Option<SecretUrl>, Mistake> {
    let Some(text) = get(variable) else {
        return Ok(None);
    };
    parse(variable, schemes, &text)?;
    Ok(Some(SecretUrl::new(text)))
}

/// The value itself stays out of the message: it can hold a password.
fn parse(variable: &'static str, schemes: &[&str], text: &str) -> Result<Url, Mistake> {
    let wanted = schemes.join(":// or ");
    let url = Url::parse(text)
        .map_err(|error| mistake(variable, format!("it is not an address ({error}). It begins with {wanted}://.")))?;
    if !schemes.contains(&url.scheme()) {
        return Err(mistake(variable, format!("it begins with {}://, but only {wanted}:// is understood.", url.scheme())));
    }
    Ok(url)
}

fn readable(variable: &'static str, path: &str) -> Result<PathBuf, Mistake> {
    match std::fs::File::open(path) {
        Ok(_) => Ok(path.into()),
        Err(error) => {
            Err(mistake(variable, format!("the file {path} cannot be read ({error}). Name a PEM file this user may read.")))
        }
    }
}
