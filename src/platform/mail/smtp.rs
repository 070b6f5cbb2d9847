//! Mail to a server over SMTP: connections that are used again, every command with a time limit, every end as a code.
//!
//! Where the server can report back (DSN, RFC 3461) it is asked to, under the message's public id.
use std::time::{Duration, Instant};

use lettre::transport::smtp::Error;
use lettre::transport::smtp::authentication::{Credentials, DEFAULT_MECHANISMS};
use lettre::transport::smtp::client::{AsyncSmtpConnection, Certificate, CertificateStore, TlsParameters};
use lettre::transport::smtp::commands::{Data, Ehlo, Mail, Rcpt};
use lettre::transport::smtp::extension::{ClientId, Extension, MailBodyParameter, MailParameter, RcptParameter};
use tokio::sync::Mutex;
use tokio::time::timeout;

use super::{Failure, Written};
use crate::config::{MailServer, MailTls};

/// A mail server, and the connections to it that nobody uses just now.
pub struct Smtp {
    server: MailServer,
    tls: Option<TlsParameters>,
    hello: ClientId,
    idle: Mutex<Vec<Line>>,
}

/// A connection, signed in.
pub struct Line {
    connection: AsyncSmtpConnection,
    reports: bool,
    used: u32,
    since: Instant,
}

// Servers end what is idle for long, and some count messages.
const IDLE: Duration = Duration::from_secs(20);
const MOST_USES: u32 = 100;
// A server may think longer once it holds the whole message (RFC 5321, 4.5.3.2.6).
const AFTER_DATA: u32 = 3;

type Said<T> = Result<T, Error>;

impl Smtp {
    /// A server that is not spoken to yet; refuses a certificate file that is none.
    pub fn new(server: &MailServer, hello: &str) -> anyhow::Result<Self> {
        let tls = match server.tls {
            MailTls::Never => None,
            _ => Some(tls(server)?),
        };
        Ok(Self { server: server.clone(), tls, hello: ClientId::Domain(hello.to_owned()), idle: Mutex::default() })
    }

    /// Its name.
    pub fn host(&self) -> &str {
        &self.server.host
    }

    /// Says who writes to whom.
    pub async fn offer(&self, message: &Written) -> Result<Line, Failure> {
        let mut line = self.line().await?;
        match self.envelope(&mut line, message).await {
            Ok(()) => Ok(line),
            Err(failure) => {
                self.hang_up(line).await;
                Err(failure)
            }
        }
    }

    async fn envelope(&self, line: &mut Line, message: &Written) -> Result<(), Failure> {
        let from = Mail::new(Some(message.from.clone()), mail_parameters(line, message));
        self.say(line.connection.command(from)).await?.map_err(|error| match code(&error) {
            // The server's own view of us, or of the size, comes with this command; nothing is known of the recipient yet.
            Some(552) => Failure::never("too_big", Some(552)),
            Some(reply) => Failure::server("sender_refused", Some(reply)),
            None => lost(&error),
        })?;
        let to = Rcpt::new(message.to.clone(), rcpt_parameters(line));
        self.say(line.connection.command(to)).await?.map_err(|error| match code(&error) {
            Some(421) => Failure::server("busy", Some(421)),
            Some(reply) if reply >= 500 => Failure::never("recipient_refused", Some(reply)),
            Some(reply) => Failure::later("recipient_deferred", Some(reply)),
            None => lost(&error),
        })?;
        Ok(())
    }

    /// Sends the message on a line where it was offered.
    pub async fn hand_over(&self, mut line: Line, message: &Written) -> Result<(), Failure> {
        let handed = self.data(&mut line, message).await;
        match handed {
            Ok(()) => self.put_down(line).await,
            Err(_) => self.hang_up(line).await,
        }
        handed
    }

    async fn data(&self, line: &mut Line, message: &Written) -> Result<(), Failure> {
        self.say(line.connection.command(Data)).await?.map_err(|error| refused(&error))?;
        let limit = self.limit() * AFTER_DATA;
        let Ok(answer) = timeout(limit, line.connection.message(&message.bytes)).await else {
            return Err(Failure::later("timeout_after_data", None));
        };
        answer.map(|_| ()).map_err(|error| match code(&error) {
            Some(_) => refused(&error),
            // Whether the server took it is not known. It gets it again, under the same Message-ID.
            None => Failure::later("cut_off_after_data", None),
        })
    }

    async fn line(&self) -> Result<Line, Failure> {
        loop {
            let Some(mut line) = self.idle.lock().await.pop() else { break };
            let fresh = line.since.elapsed() < IDLE;
            if fresh && matches!(timeout(self.limit(), line.connection.test_connected()).await, Ok(true)) {
                return Ok(line);
            }
            self.hang_up(line).await;
        }
        self.connect().await
    }

    async fn connect(&self) -> Result<Line, Failure> {
        let (implicit, address) = (self.server.tls == MailTls::Implicit, (self.server.host.as_str(), self.server.port));
        let tls = self.tls.clone().filter(|_| implicit);
        let opening = AsyncSmtpConnection::connect_tokio1(address, Some(self.limit()), &self.hello, tls, None);
        let mut connection = self.say(opening).await?.map_err(|error| match code(&error) {
            Some(reply) => Failure::server("busy", Some(reply)),
            None if error.is_tls() => Failure::server("tls_failed", None),
            None if error.is_timeout() => Failure::server("timeout", None),
            None => Failure::server("unreachable", None),
        })?;
        self.encrypt(&mut connection).await?;
        if let Some(who) = &self.server.sign_in {
            let credentials = Credentials::new(who.name.clone(), who.password.clone());
            let signing = connection.auth(DEFAULT_MECHANISMS, &credentials);
            self.say(signing).await?.map_err(|error| Failure::server("sign_in_refused", code(&error)))?;
        }
        // Asked once more, since the library keeps only what it knows of itself, and DSN is not among it.
        let hello = self.say(connection.command(Ehlo::new(self.hello.clone()))).await?;
        let reports = hello.is_ok_and(|answer| answer.message().any(|line| line.trim().eq_ignore_ascii_case("DSN")));
        Ok(Line { connection, reports, used: 0, since: Instant::now() })
    }

    async fn encrypt(&self, connection: &mut AsyncSmtpConnection) -> Result<(), Failure> {
        let Some(tls) = self.tls.clone().filter(|_| self.server.tls != MailTls::Implicit) else { return Ok(()) };
        if !connection.can_starttls() {
            return if self.server.tls == MailTls::Required { Err(Failure::server("no_tls", None)) } else { Ok(()) };
        }
        let encrypted = self.say(connection.starttls(tls, &self.hello)).await?;
        encrypted.map_err(|error| Failure::server("tls_failed", code(&error)))
    }

    async fn put_down(&self, mut line: Line) {
        line.used += 1;
        line.since = Instant::now();
        if line.used < MOST_USES {
            self.idle.lock().await.push(line);
        } else {
            self.hang_up(line).await;
        }
    }

    // In order where the server still listens; not waited for long where it does not.
    async fn hang_up(&self, mut line: Line) {
        timeout(Duration::from_secs(2), line.connection.abort()).await.ok();
    }

    /// Takes leave on every line.
    pub async fn close(&self) {
        let lines = std::mem::take(&mut *self.idle.lock().await);
        for line in lines {
            self.hang_up(line).await;
        }
    }

    fn limit(&self) -> Duration {
        Duration::from_secs(self.server.timeout)
    }

    async fn say<T>(&self, command: impl Future<Output = Said<T>>) -> Result<Said<T>, Failure> {
        timeout(self.limit(), command).await.map_err(|_| Failure::server("timeout", None))
    }
}

fn tls(server: &MailServer) -> anyhow::Result<TlsParameters> {
    let mut tls = TlsParameters::builder(server.host.clone());
    if let Some(file) = &server.ca {
        tls = tls.certificate_store(CertificateStore::None);
        tls = tls.add_root_certificate(Certificate::from_pem(&std::fs::read(file)?)?);
    }
    Ok(tls.build_rustls()?)
}

fn code(error: &Error) -> Option<u16> {
    error.status().map(u16::from)
}

fn lost(error: &Error) -> Failure {
    Failure::server(if error.is_timeout() { "timeout" } else { "cut_off" }, None)
}

fn refused(error: &Error) -> Failure {
    match code(error) {
        Some(421) => Failure::server("busy", Some(421)),
        Some(reply) if reply >= 500 => Failure::never("content_refused", Some(reply)),
        Some(reply) => Failure::later("content_deferred", Some(reply)),
        None => Failure::later("cut_off", None),
    }
}

fn other(keyword: &str, value: String) -> MailParameter {
    MailParameter::Other { keyword: keyword.to_owned(), value: Some(value) }
}

fn mail_parameters(line: &Line, message: &Written) -> Vec<MailParameter> {
    let mut parameters = Vec::new();
    if !message.bytes.is_ascii() && line.connection.server_info().supports_feature(Extension::EightBitMime) {
        parameters.push(MailParameter::Body(MailBodyParameter::EightBitMime));
    }
    if line.reports {
        // Reports come with the headers alone: what was said does not travel a second time.
        parameters.push(other("RET", "HDRS".to_owned()));
        parameters.push(other("ENVID", message.public_id.simple().to_string()));
    }
    parameters
}

fn rcpt_parameters(line: &Line) -> Vec<RcptParameter> {
    let wanted = RcptParameter::Other { keyword: "NOTIFY".to_owned(), value: Some("SUCCESS,FAILURE".to_owned()) };
    if line.reports { vec![wanted] } else { Vec::new() }
}
