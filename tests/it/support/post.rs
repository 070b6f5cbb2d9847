//! Mail in tests: the misbehaving server of `tests/mail/server.py`, Postfix in a folder of its own, and messages to send.
use std::collections::HashMap;
use std::io::BufRead;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use throughcare::cli::set_up;
use throughcare::config::Config;
use throughcare::platform::db::Ground;
use throughcare::platform::ids::MessageId;
use throughcare::platform::lang::Lang;
use throughcare::platform::mail::Mail;
use throughcare::platform::outbox::{Carrier, NewMessage, Recipient};
use throughcare::platform::seal::Keyring;
use throughcare::platform::sms::Sms;
use uuid::Uuid;

use super::World;
use super::world::{HARBOUR, keyring_path};

fn kept() -> PathBuf {
    let home = std::env::var_os("HOME").expect("there is a home");
    PathBuf::from(home).join(".cache/throughcare/mail")
}

/// A folder that is removed afterwards, with what was left in it. Others may look in: Postfix does not run as us.
pub struct Scratch(pub PathBuf);

impl Scratch {
    pub fn new() -> Self {
        use std::os::unix::fs::PermissionsExt;
        let folder = std::env::temp_dir().join(format!("throughcare-mail-{}", Uuid::now_v7().simple()));
        std::fs::create_dir_all(&folder).expect("a scratch folder");
        std::fs::set_permissions(&folder, std::fs::Permissions::from_mode(0o755)).expect("it is ours");
        Self(folder)
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    /// A certificate for `localhost`, and who vouches for it.
    pub fn certificate(&self) -> (PathBuf, PathBuf) {
        self.certificate_of("DNS:localhost,IP:127.0.0.1")
    }

    /// A certificate for these names, and who vouches for it.
    pub fn certificate_of(&self, names: &str) -> (PathBuf, PathBuf) {
        let (certificate, key) = (self.path("cert.pem"), self.path("key.pem"));
        let done = Command::new("openssl")
            .args(["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"])
            .args(["-subj", "/CN=localhost", "-addext", &format!("subjectAltName={names}")])
            .args(["-addext", "basicConstraints=critical,CA:FALSE", "-keyout"])
            .arg(&key)
            .arg("-out")
            .arg(&certificate)
            .stderr(Stdio::null())
            .status()
            .expect("openssl is installed by scripts/setup.sh mail");
        assert!(done.success(), "openssl makes a certificate");
        (certificate, key)
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        std::fs::remove_dir_all(&self.0).ok();
    }
}

/// A running mail server; ends with the test.
pub struct MailServer {
    child: Child,
    pub port: u16,
    log: PathBuf,
}

/// A message that the server took.
#[derive(Debug, serde::Deserialize)]
pub struct Took {
    pub id: String,
    pub to: String,
    pub from: String,
    pub at: f64,
    pub tls: bool,
    pub signed_in: bool,
}

impl MailServer {
    /// Starts it; `more` are further arguments of `tests/mail/server.py`.
    pub fn start(scratch: &Scratch, more: &[&str]) -> Self {
        let log = scratch.path("took.jsonl");
        let mut child = Command::new(kept().join("venv/bin/python"))
            .arg("tests/mail/server.py")
            .arg("--log")
            .arg(&log)
            .args(more)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("the mail server is installed by scripts/setup.sh mail");
        let mut said = String::new();
        std::io::BufReader::new(child.stdout.take().expect("it speaks")).read_line(&mut said).expect("it says its port");
        let port = said.trim().parse().expect("the mail server says its port");
        Self { child, port, log }
    }

    /// Everything it took, in order.
    pub fn took(&self) -> Vec<Took> {
        let text = std::fs::read_to_string(&self.log).unwrap_or_default();
        // The last line may be half written while the server is at work.
        text.lines().filter_map(|line| serde_json::from_str(line).ok()).collect()
    }

    /// How often each Message-ID was taken.
    pub fn counts(&self) -> HashMap<String, usize> {
        let mut counts = HashMap::new();
        for took in self.took() {
            *counts.entry(took.id).or_default() += 1;
        }
        counts
    }
}

impl Drop for MailServer {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

/// A port that nobody listens on.
pub fn free_port() -> u16 {
    std::net::TcpListener::bind("127.0.0.1:0").and_then(|free| free.local_addr()).expect("a free port").port()
}

impl World {
    /// Another program over the same world, whose mail and text messages leave under these settings.
    pub fn with_mail(&self, settings: &[(&str, String)]) -> Arc<Ground> {
        let get = |name: &str| {
            let set = settings.iter().find(|(known, _)| *known == name).map(|(_, value)| value.clone());
            set.or_else(|| (name == "THROUGHCARE_MAIL_FROM").then(|| "Throughcare <care@care.example>".to_owned()))
        };
        let config = Config::read(&|name| get(name).or_else(|| (name == "HOME").then(|| "/nowhere".into()))).expect("settings");
        let keyring = Keyring::load_or_create(&keyring_path()).expect("the keyring is there");
        let base_url = "http://127.0.0.1:8080".parse().expect("an address");
        let mut ground = set_up::ground(&self.database, keyring, self.ground.files.clone(), base_url);
        ground.mail = Mail::of(&config.messages.mail).expect("mail");
        ground.sms = Sms::of(&config.messages.sms).expect("text messages");
        Arc::new(ground)
    }

    /// Posts a message to this address; it may always go.
    pub async fn post(&self, to: &str) -> MessageId {
        let mut work = self.operate().await;
        let id = work.post(trial(to)).await.expect("it is posted");
        work.commit().await.expect("it commits");
        id
    }

    /// Where a message stands, how the last try ended, the reply with it, and how often it was tried.
    pub async fn standing(&self, id: MessageId) -> (String, String, String, i32) {
        let mut work = self.operate().await;
        sqlx::query_as("select state, coalesce(result, ''), coalesce(detail, ''), tries from messages where id = $1")
            .bind(id.0)
            .fetch_one(work.db())
            .await
            .expect("the message is there")
    }
}

/// A message that says nothing to nobody in particular.
pub fn trial(to: &str) -> NewMessage {
    NewMessage {
        kind: throughcare::mail::TRIAL,
        org: HARBOUR,
        carrier: Carrier::Mail,
        to: Recipient { name: "Front desk".into(), address: to.into() },
        lang: Lang::En,
        subject: "A message for you".into(),
        text: "Please sign in.".into(),
        attach: None,
        about: None,
        referral: None,
        once: Uuid::now_v7().to_string(),
    }
}

/// Postfix, unpacked and not installed, with a configuration and a queue of its own; ends with the test.
pub struct Postfix {
    master: Child,
    pub port: u16,
}

impl Postfix {
    /// Starts it with TLS on its own port. It takes mail for `clinic.example` (one desk), for `never.example`, which it hands on to
    /// the server at that port, and what returns to us. None where we are not root, since Postfix does not run without.
    pub async fn start(scratch: &Scratch, beyond: u16) -> Option<Self> {
        if !std::fs::metadata("/proc/self").is_ok_and(|own| std::os::unix::fs::MetadataExt::uid(&own) == 0) {
            return None;
        }
        let (home, port) = (kept().join("postfix"), free_port());
        configure(scratch, &home, port, beyond);
        let libraries = home.join("usr/lib/postfix");
        let master = Command::new(home.join("usr/lib/postfix/sbin/master"))
            .arg("-d")
            .arg("-c")
            .arg(scratch.path("conf"))
            .env("LD_LIBRARY_PATH", &libraries)
            .env("MAIL_CONFIG", scratch.path("conf"))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            // It ends its whole group when it ends.
            .process_group(0)
            .spawn()
            .expect("Postfix is unpacked by scripts/setup.sh mail");
        let begun = Instant::now();
        while tokio::net::TcpStream::connect(("127.0.0.1", port)).await.is_err() {
            let said = std::fs::read_to_string(scratch.path("mail.log")).unwrap_or_default();
            assert!(begun.elapsed() < Duration::from_secs(20), "Postfix does not listen: {said}");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        Some(Self { master, port })
    }
}

impl Drop for Postfix {
    fn drop(&mut self) {
        super::server::signal("TERM", self.master.id());
        self.master.wait().ok();
    }
}

fn configure(scratch: &Scratch, home: &Path, port: u16, beyond: u16) {
    let run = |program: &str, arguments: &[&str]| {
        let done = Command::new(program).args(arguments).status().expect("it runs");
        assert!(done.success(), "{program} {arguments:?}");
    };
    let (certificate, key) = scratch.certificate();
    for folder in ["conf", "queue", "data", "mail"] {
        std::fs::create_dir(scratch.path(folder)).expect("a folder");
    }
    let (at, home) = (scratch.0.display(), home.display());
    let main = format!(
        "compatibility_level = 3.6\nqueue_directory = {at}/queue\ndata_directory = {at}/data\ncommand_directory = {home}/usr/sbin\n\
         daemon_directory = {home}/usr/lib/postfix/sbin\nshlib_directory = {home}/usr/lib/postfix\nmeta_directory = {home}/etc/postfix\n\
         mail_owner = mail\nsetgid_group = daemon\ndefault_privs = nobody\ninet_interfaces = 127.0.0.1\ninet_protocols = ipv4\n\
         myhostname = mx.far.example\nmydestination =\nmynetworks = 127.0.0.0/8\nmaillog_file = {at}/mail.log\nmaillog_file_prefixes = {at}\n\
         import_environment = LD_LIBRARY_PATH={home}/usr/lib/postfix MAIL_CONFIG\nrecipient_delimiter = +\n\
         smtpd_tls_security_level = encrypt\nsmtpd_tls_cert_file = {}\nsmtpd_tls_key_file = {}\n\
         virtual_mailbox_domains = clinic.example care.example\nvirtual_mailbox_base = {at}/mail\n\
         virtual_mailbox_maps = texthash:{at}/conf/mailboxes\nvirtual_minimum_uid = 1\nvirtual_uid_maps = static:8\nvirtual_gid_maps = static:8\n\
         alias_maps =\nrelay_domains = never.example\ntransport_maps = texthash:{at}/conf/transport\n",
        certificate.display(),
        key.display()
    );
    let write = |name: &str, text: &str| std::fs::write(scratch.path("conf").join(name), text).expect("a file");
    write("main.cf", &main);
    write("mailboxes", "desk@clinic.example clinic/\nbounces@care.example bounces/\n");
    write("transport", &format!("never.example smtp:[127.0.0.1]:{beyond}\n"));
    write("master.cf", &services(port));
    let path = |name: &str| scratch.path(name).display().to_string();
    run("chown", &["mail", &path("data"), &path("mail")]);
    let made = Command::new(format!("{home}/usr/sbin/postfix"))
        .args(["-c", &path("conf"), "check"])
        .env("LD_LIBRARY_PATH", format!("{home}/usr/lib/postfix"))
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .expect("postfix makes its queue");
    assert!(made.success(), "postfix check: {}", std::fs::read_to_string(scratch.path("mail.log")).unwrap_or_default());
}

// The processes of a mail server that takes mail, hands it on, keeps it and reports; none in a cage, since nothing is installed there.
fn services(port: u16) -> String {
    let service = |name: &str, kind: &str, rest: &str| format!("{name} {kind} {rest}\n");
    let mut services = service(&format!("127.0.0.1:{port}"), "inet", "n - n - - smtpd");
    for (name, rest) in [
        ("pickup", "n - n 60 1 pickup"),
        ("cleanup", "n - n - 0 cleanup"),
        ("qmgr", "n - n 300 1 qmgr"),
        ("tlsmgr", "- - n 1000? 1 tlsmgr"),
        ("rewrite", "- - n - - trivial-rewrite"),
        ("bounce", "- - n - 0 bounce"),
        ("defer", "- - n - 0 bounce"),
        ("trace", "- - n - 0 bounce"),
        ("verify", "- - n - 1 verify"),
        ("proxymap", "- - n - - proxymap"),
        ("smtp", "- - n - - smtp"),
        ("relay", "- - n - - smtp"),
        ("error", "- - n - - error"),
        ("retry", "- - n - - error"),
        ("virtual", "- n n - - virtual"),
        ("anvil", "- - n - 1 anvil"),
        ("scache", "- - n - 1 scache"),
    ] {
        services += &service(name, "unix", rest);
    }
    services += &service("postlog", "unix-dgram", "n - n - 1 postlogd");
    services
}
