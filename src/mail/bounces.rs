//! What comes back: a report on standard input, or in a maildir, marks its message.
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde_json::json;

use super::report::{self, Verdict};
use super::store::{self, Reported};
use crate::audit::{About, Fact};
use crate::error::Error;
use crate::platform::db::{Actor, Ground, Work};
use crate::platform::ids::ReferralId;
use crate::platform::outbox::State;

/// What became of something that came back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Taken {
    /// It marked its message, or told what was known.
    Known,
    /// It says nothing final.
    Nothing,
    /// It is about no message of ours.
    Unknown,
}

/// Larger reports are cut: what they say stands at the beginning, what follows is the quoted message.
pub const MOST_BYTES: usize = 1024 * 1024;

/// Takes in what came back, to this address where it is known.
pub async fn take(ground: &Arc<Ground>, bytes: &[u8], returned_to: Option<&str>) -> Result<Taken, Error> {
    let report = report::read(bytes, returned_to);
    let Some(message) = find(ground, &report.about).await? else { return Ok(Taken::Unknown) };
    let (state, fact, result, detail) = match &report.verdict {
        Verdict::Delivered => (State::Delivered, Fact::MessageDelivered, "delivered", None),
        Verdict::Bounced(detail) => (State::Bounced, Fact::MessageBounced, "bounced_back", detail.as_deref()),
        Verdict::Nothing => return Ok(Taken::Nothing),
    };
    let mut work = Work::open(ground, Actor::System { job: "bounce", org: Some(message.org) }).await?;
    if store::settle(&mut work, message.id, state, result, detail).await? {
        work.record(fact, about(&message, result)).await?;
    }
    work.commit().await?;
    Ok(Taken::Known)
}

pub(super) async fn find(ground: &Arc<Ground>, ids: &[uuid::Uuid]) -> Result<Option<Reported>, Error> {
    let mut work = Work::open(ground, Actor::System { job: "bounce", org: None }).await?;
    for id in ids {
        if let Some(message) = store::reported(&mut work, *id).await? {
            return Ok(Some(message));
        }
    }
    Ok(None)
}

pub(super) fn about(message: &Reported, result: &str) -> About {
    About {
        referral_id: message.referral_id.map(ReferralId),
        subjects: message.about.into_iter().chain([message.id.0]).collect(),
        note: json!({ "kind": message.kind, "result": result }),
        ..About::default()
    }
}

/// Takes in whatever lies new in the maildir of the settings. What marked a message is deleted, since it holds an address; what did not
/// is kept as seen, for the administrator to look at.
pub async fn look(ground: &Arc<Ground>) -> Result<usize, Error> {
    let Some(maildir) = &ground.mail.bounces else { return Ok(0) };
    let mut count = 0;
    for path in new_in(maildir).await? {
        let bytes = tokio::fs::read(&path).await.map_err(anyhow::Error::from)?;
        let taken = take(ground, &bytes[..bytes.len().min(MOST_BYTES)], None).await?;
        put_away(maildir, &path, taken).await?;
        count += 1;
    }
    Ok(count)
}

async fn new_in(maildir: &Path) -> Result<Vec<PathBuf>, Error> {
    let mut found = Vec::new();
    let mut entries = match tokio::fs::read_dir(maildir.join("new")).await {
        Ok(entries) => entries,
        // Mail servers make it with the first mail.
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(found),
        Err(error) => return Err(anyhow::Error::from(error).context("the maildir of returned mail cannot be read").into()),
    };
    while let Some(entry) = entries.next_entry().await.map_err(anyhow::Error::from)? {
        if entry.file_type().await.is_ok_and(|kind| kind.is_file()) {
            found.push(entry.path());
        }
    }
    Ok(found)
}

async fn put_away(maildir: &Path, path: &Path, taken: Taken) -> Result<(), Error> {
    let done = match (taken, path.file_name()) {
        (Taken::Unknown, Some(name)) => {
            let seen = maildir.join("cur");
            tokio::fs::create_dir_all(&seen).await.map_err(anyhow::Error::from)?;
            tokio::fs::rename(path, seen.join(format!("{}:2,S", name.to_string_lossy()))).await
        }
        _ => tokio::fs::remove_file(path).await,
    };
    Ok(done.map_err(anyhow::Error::from)?)
}
