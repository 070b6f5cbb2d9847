//! From settings to a migrated database and the ground everything stands on.
use std::path::Path;
use std::str::FromStr;
use std::sync::Arc;

use anyhow::Context;
use sqlx::postgres::PgConnectOptions;

use crate::config::{Config, Database};
use crate::error::Error;
use crate::platform::clock::Clock;
use crate::platform::cluster::Cluster;
use crate::platform::db::{Ground, Pool};
use crate::platform::mail::{Channel, Mail};
use crate::platform::migrate::migrate;
use crate::platform::seal::Keyring;
use crate::platform::sms::{self, Sms};
use crate::worker;

/// A migrated database, ready to work with. Dropping it stops the private cluster.
pub struct Opened {
    /// What everything stands on.
    pub ground: Arc<Ground>,
    /// Works as the tables' owner: for the command line alone.
    pub operator: Pool,
    /// The private cluster, when there is one.
    pub cluster: Option<Cluster>,
}

impl Opened {
    /// Closes every connection, and stops the private cluster unless it is borrowed.
    pub async fn close(self) -> anyhow::Result<()> {
        self.ground.web.close().await;
        self.ground.worker.close().await;
        self.operator.close().await;
        match self.cluster {
            Some(cluster) => tokio::task::spawn_blocking(move || cluster.stop()).await?,
            None => Ok(()),
        }
    }
}

impl Opened {
    /// Demonstrations and development have no mail server and no gateway: their messages become files, one each, where anybody at this machine
    /// reads them.
    pub fn keep_messages_as_files(&mut self, data: &Path) {
        let nobody_has_it_yet = Arc::get_mut(&mut self.ground);
        let Some(ground) = nobody_has_it_yet else { return };
        if !ground.mail.channel.is_open() {
            ground.mail.channel = Channel::Folder(data.join("mail"));
        }
        if !ground.sms.channel.is_open() {
            ground.sms.channel = sms::Channel::Folder(data.join("texts"));
        }
    }
}

/// A refusal in words for the command line.
pub fn plainly(error: Error) -> anyhow::Error {
    match error {
        Error::Broken(cause) => cause,
        Error::Invalid(errors) => {
            let wrong: Vec<String> = errors.0.iter().map(|(field, code)| format!("{field}: {code}")).collect();
            anyhow::anyhow!("not acceptable: {}", wrong.join(", "))
        }
        other => anyhow::anyhow!("{other:?}"),
    }
}

/// Starts the private cluster if no server is named, and migrates.
pub async fn open(config: &Config) -> anyhow::Result<Opened> {
    open_with(config, Cluster::start).await
}

/// The same beside a program that may be serving already: its private cluster is borrowed.
pub async fn open_beside(config: &Config) -> anyhow::Result<Opened> {
    open_with(config, Cluster::borrow_or_start).await
}

async fn open_with(config: &Config, reach: fn(&Path) -> anyhow::Result<Cluster>) -> anyhow::Result<Opened> {
    let keyring_path = config.storage.keyring.clone();
    let (admin, cluster) = match &config.storage.database {
        Database::Private => {
            let data = config.storage.data.clone();
            let cluster = tokio::task::spawn_blocking(move || reach(&data)).await??;
            (PgConnectOptions::from_str(&cluster.admin_url())?, Some(cluster))
        }
        Database::Server(url) => (PgConnectOptions::from_str(url.exposed())?, None),
    };
    if let Some(folder) = keyring_path.parent() {
        std::fs::create_dir_all(folder).with_context(|| format!("{} cannot be made", folder.display()))?;
    }
    let keyring = Keyring::load_or_create(&keyring_path)?;
    migrate(&admin, &keyring).await?;
    let files = config.storage.data.join("files");
    std::fs::create_dir_all(&files).with_context(|| format!("{} cannot be made", files.display()))?;
    let mut ground = ground(&admin, keyring, files, config.web.base_url.parse()?);
    ground.mail = Mail::of(&config.messages.mail)?;
    ground.sms = Sms::of(&config.messages.sms)?;
    ground.clamd = config.clamd.clone();
    ground.metrics_token = config.web.metrics_token.clone();
    let operator = Pool::new(admin.options([("role", "throughcare_migrator")]), 2);
    Ok(Opened { ground: Arc::new(ground), operator, cluster })
}

/// The ground over a migrated database that `admin` connects to.
pub fn ground(admin: &PgConnectOptions, keyring: Keyring, files: std::path::PathBuf, base_url: url::Url) -> Ground {
    let role =
        |name: &str, connections| Pool::new(admin.clone().username(name).password(&keyring.role_password(name)), connections);
    Ground {
        web: role("throughcare_web", 24),
        worker: role("throughcare_worker", 8),
        clock: Clock::default(),
        jobs_of_fact: worker::jobs_of_fact,
        wake: tokio::sync::Notify::new(),
        wake_mail: tokio::sync::Notify::new(),
        mail: Mail::in_memory(),
        sms: Sms::in_memory(),
        disk: crate::platform::disk::Disk::of(files.clone()),
        files,
        base_url,
        keyring,
        metrics_token: None,
        clamd: None,
        kept: crate::platform::kept::Kept::default(),
    }
}
