//! A form that is sent a second time, by a double click without scripts or from a page come back to, leads where it led the first time and nothing is
//! done twice; the page says that this was saved already. Each page gives its forms a mark of its own; the same words under the same mark to the same
//! address are the same act. A form that is shown again with its errors keeps its mark. The mark, the change and the answer commit together, as for a
//! program that sends an `Idempotency-Key`.
use std::sync::Arc;

use axum::response::Response;
use sha2::Digest;

use crate::error::Error;
use crate::platform::db::{Ground, Work};
use crate::platform::ids;
use crate::platform::standing::SentForm;
use crate::web::{Form, answer};

/// The field that carries the mark.
pub const FIELD: &str = "_once";

const LONGEST: usize = 60;
// What whoever sends a form a second time reads.
const ALREADY: &str = "saved-already";

/// A mark for the forms of a page: that of the form which is shown again, or a new one.
pub(super) fn mark(work: &Work) -> String {
    let sent = work.standing.sent.as_ref().map(|sent| sent.mark.clone());
    sent.unwrap_or_else(|| ids::secret().chars().take(22).collect())
}

/// Where this form led before. Otherwise it is taken from here on: a second one waits until this work has committed or not.
pub(super) async fn answered(ground: &Arc<Ground>, work: &mut Work, form: &Form) -> Result<Option<Response>, Error> {
    let mark = form.value(FIELD);
    if mark.is_empty() || mark.len() > LONGEST {
        return Ok(None);
    }
    let (me, now, hash) = (work.me()?, work.now(), hash_of(&work.standing.path, form));
    let key = format!("form:{}", hex::encode(&hash[..16]));
    work.standing.sent = Some(SentForm { mark: mark.to_owned(), key: key.clone() });
    let taken = sqlx::query!(
        "insert into idempotency_keys (user_id, key, request_hash, at) values ($1, $2, $3, $4) on conflict do nothing",
        me.0,
        key,
        hash,
        now
    )
    .execute(work.db())
    .await?;
    if taken.rows_affected() == 1 {
        return Ok(None);
    }
    let before = sqlx::query!("select body, location from idempotency_keys where user_id = $1 and key = $2", me.0, key)
        .fetch_one(work.db())
        .await?;
    // What committed without leading on to another page left nothing to repeat. Whoever meant a second one learns that there is none; a warning is said
    // again.
    let again = |say: &str| if say.contains(':') { say.to_owned() } else { ALREADY.to_owned() };
    Ok(before.location.zip(before.body).map(|(to, say)| answer::redirect(ground, &to, &again(&say))))
}

/// Keeps where a form led and what was said there, in the transaction that did what it asked.
pub(super) async fn keep(work: &mut Work, to: &str, say: &str) -> Result<(), Error> {
    let Some(sent) = work.standing.sent.clone() else { return Ok(()) };
    let me = work.me()?;
    sqlx::query!(
        "update idempotency_keys set status = 303, body = $3, location = $4 where user_id = $1 and key = $2",
        me.0,
        sent.key,
        say,
        to
    )
    .execute(work.db())
    .await?;
    Ok(())
}

fn hash_of(path: &str, form: &Form) -> Vec<u8> {
    let mut hash = sha2::Sha256::new();
    hash.update(path);
    for (name, values) in form.entries().filter(|(name, _)| *name != "_csrf") {
        for part in std::iter::once(name).chain(values.iter().map(String::as_str)) {
            hash.update((part.len() as u64).to_be_bytes());
            hash.update(part);
        }
        hash.update(u64::MAX.to_be_bytes());
    }
    hash.finalize().to_vec()
}
