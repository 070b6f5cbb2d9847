//! Visits that the actor set out on, whether they see the case or not (S22). The database says when, and who is asked about it; what was said of the visit
//! stays sealed, but for adding what whoever is back says.
use uuid::Uuid;

use super::{WORDS, sealed};
use crate::error::{Clash, Error};
use crate::meetings::meeting::{Meeting, Words};
use crate::platform::db::Work;
use crate::platform::ids::{CaseId, UnitId, UserId};

/// A visit that the actor set out on.
#[derive(Debug)]
pub struct Own {
    /// Which, without its words.
    pub meeting: Meeting,
    // Its words, sealed.
    words: Vec<u8>,
    /// Where its case is.
    pub unit: UnitId,
    /// Who supervises such cases there, and does not keep this one.
    pub supervisor: Option<UserId>,
    /// Who looks for the actor, where somebody does.
    pub looks: Option<UserId>,
}

/// The visits that the actor is out on, whoever is to be back first before the others.
pub async fn own_visits(work: &mut Work) -> Result<Vec<Own>, Error> {
    read(work, None).await
}

/// One visit that the actor set out on, also after they came back; [`Error::NotFound`] of everybody else's.
pub async fn own_visit(work: &mut Work, id: Uuid) -> Result<Own, Error> {
    read(work, Some(id)).await?.pop().ok_or(Error::NotFound)
}

async fn read(work: &mut Work, only: Option<Uuid>) -> Result<Vec<Own>, Error> {
    let me = work.me()?;
    let rows = sqlx::query!(
        r#"select id as "id!", case_id as "case_id!: CaseId", kind as "kind!", starts_at as "starts_at!", ends_at as "ends_at!", holder as "holder!: UserId",
             state as "state!", set_out_at as "set_out_at?", back_by as "back_by?", back_at as "back_at?", missed_at as "missed_at?", version as "version!",
             words as "words!", unit as "unit!", supervisor as "supervisor?: UserId", looks as "looks?: UserId"
           from access.my_visits($1)"#,
        only
    )
    .fetch_all(work.db())
    .await?;
    let own = rows.into_iter().map(|row| Own {
        meeting: Meeting {
            state: row.state,
            set_out_at: row.set_out_at,
            back_by: row.back_by,
            back_at: row.back_at,
            missed_at: row.missed_at,
            version: row.version,
            words: Words { out_by: Some(me), ..Words::default() },
            ..Meeting::planned((row.id, row.case_id), row.kind, (row.starts_at, row.ends_at), row.holder)
        },
        words: row.words,
        unit: row.unit,
        supervisor: row.supervisor,
        looks: row.looks,
    });
    Ok(own.collect())
}

/// What was said of such a visit, for adding to it.
pub async fn own_words(work: &mut Work, own: &Own) -> Result<Words, Error> {
    if own.words.is_empty() {
        return Ok(own.meeting.words.clone());
    }
    let key = work.visit_key(own.meeting.id, own.meeting.case_id.0).await?;
    Ok(serde_json::from_str(&key.open_text(WORDS, &own.words)?).map_err(anyhow::Error::from)?)
}

/// Saves by when the actor is back, or that they are, over the edition that was read; the words only where they are given.
pub async fn save_own(work: &mut Work, meeting: &Meeting, words: Option<&Words>) -> Result<(), Error> {
    let words = match words {
        Some(words) => {
            // The key of the case, which `sealed` asks for, is at hand from here on.
            work.visit_key(meeting.id, meeting.case_id.0).await?;
            Some(sealed(work, meeting.case_id, words).await?)
        }
        None => None,
    };
    let saved = sqlx::query_scalar!(
        r#"select access.save_my_visit($1, $2, $3, $4, $5) as "saved!""#,
        meeting.id,
        meeting.version,
        words,
        meeting.back_by,
        meeting.back_at
    );
    if saved.fetch_one(work.db()).await? { Ok(()) } else { Err(Error::Conflict(Clash::Stale)) }
}
