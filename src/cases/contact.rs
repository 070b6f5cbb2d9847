//! Being met while something else is done. An assessment that is gone through, an adult's session, a review of a plan at which the person was asked, and
//! their own agreement to it, given any way but on paper, are contacts as a note of a visit is: they end a silence. They move no follow-up: of that is written what came of it, and a
//! level that is set once more buys nobody time (S21).
use chrono::{DateTime, Utc};

use super::case::Case;
use super::{actions, lost_contact, store};
use crate::error::Error;
use crate::packs::{Pack, Shape, Subject};
use crate::platform::db::Work;
use crate::tasks;

/// Somebody spoke with the person at this moment. The edition of the case stays: no form that lies open says anything of it.
pub async fn met(work: &mut Work, case: &Case, at: DateTime<Utc>) -> Result<(), Error> {
    actions::taken_up(work, case).await?;
    ends_silence(work, case, at).await.map(drop)
}

/// What was written down as missed was a contact after all: it ends a silence, and moves the follow-up as a note of it does.
pub async fn met_after_all(work: &mut Work, case: &Case, at: DateTime<Utc>) -> Result<(), Error> {
    if !ends_silence(work, case, at).await? {
        return Ok(());
    }
    follow(work, case, Some(at)).await
}

// Whether it is the last contact now.
async fn ends_silence(work: &mut Work, case: &Case, at: DateTime<Utc>) -> Result<bool, Error> {
    let newer = sqlx::query!(
        "update cases set last_contact_at = $2 where id = $1 and closed_at is null and (last_contact_at is null or last_contact_at < $2)",
        case.id.0,
        at
    )
    .execute(work.db())
    .await?;
    if newer.rows_affected() == 0 {
        return Ok(false);
    }
    tasks::actions::done_in_case(work, case.id, lost_contact::TASKS).await?;
    Ok(true)
}

/// What was written down as a contact at this moment was none: the silence goes on from the last one that still stands. The follow-up is counted from there,
/// and whoever keeps the case is asked again about a silence that they were told of already (S23).
pub async fn not_met(work: &mut Work, case: &Case, at: DateTime<Utc>) -> Result<(), Error> {
    let pack = actions::pack_of(work, case).await?;
    let last = still_stands(work, case, &pack).await?;
    let back = sqlx::query!(
        "update cases set last_contact_at = $3, silence_told_for = null
         where id = $1 and last_contact_at = $2 and last_contact_at is distinct from $3",
        case.id.0,
        at,
        last
    )
    .execute(work.db())
    .await?;
    // A closed case asks nobody; once it is opened again its silence is counted from here.
    if back.rows_affected() == 0 || !case.is_open() {
        return Ok(());
    }
    lost_contact::ask_anew(work, case, last).await?;
    follow(work, case, last).await
}

async fn follow(work: &mut Work, case: &Case, last: Option<DateTime<Utc>>) -> Result<(), Error> {
    let (pack, case) = (actions::pack_of(work, case).await?, Case { last_contact_at: last, ..case.clone() });
    actions::follow_from(work, &case, &pack).await
}

// The last moment at which somebody spoke with the person, of all that nobody has put right or moved since: what calls `met`, and notes. A meeting that
// was held is told by its note. Nothing is kept of this but what is written down: what was the last contact once may be none today.
async fn still_stands(work: &mut Work, case: &Case, pack: &Pack) -> Result<Option<DateTime<Utc>>, Error> {
    let is_child = store::is_child(work, case.person_id).await?;
    let kinds = pack.records.iter().filter(|kind| kind.shape == Shape::Session && !is_child);
    let sessions: Vec<String> = kinds.map(|kind| kind.code.clone()).collect();
    let together = pack.case_type(&case.type_code).is_some_and(|known| known.subject == Subject::Household);
    let last = sqlx::query_scalar!(
        r#"select max(x.at) as "at?" from (
             select max(n.happened_at) as at from case_notes n where n.case_id = $1 and n.kind in ('contact', 'visit') and n.moved_at is null
               and not exists (select from case_notes k where k.corrects = n.id)
             union all
             select max(a.happened_at) from assessments a where a.case_id = $1
             union all
             select max(v.happened_at) from plan_reviews v where v.case_id = $1 and (v.satisfaction is not null or v.unsaid)
             union all
             select max(g.happened_at) from plan_agreements g where g.case_id = $1 and g.side = 'person' and ($3::boolean or g.person_id = $2)
               and g.way not in ('paper', 'best_interests')
             union all
             select max(r.happened_at) from case_records r where r.case_id = $1 and r.kind = any ($4) and r.moved_at is null
               and not exists (select from case_records k where k.corrects = r.id)
           ) x"#,
        case.id.0,
        case.person_id.0,
        together,
        &sessions
    );
    Ok(last.fetch_one(work.db()).await?)
}
