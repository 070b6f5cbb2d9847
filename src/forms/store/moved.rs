//! Copies on the wrong case, and the stubs that stay there when they are moved (S28).
use super::changed;
use super::copies::{ANSWERS, MOST_COPIES, Standing};
use crate::cases::Case;
use crate::error::Error;
use crate::forms::form::Submission;
use crate::platform::db::Work;
use crate::platform::ids::{CaseId, EditionId, FormId, SubmissionId};

/// What was moved away to other cases: who filled in which form, and when; the newest first.
pub async fn moved_away(work: &mut Work, case: CaseId) -> Result<Vec<Submission>, Error> {
    let stubs = sqlx::query_as!(
        Submission,
        r#"select s.id as "id: SubmissionId", s.case_id as "case_id: CaseId", s.form_id as "form_id: FormId", f.title, f.code, s.edition_id as "edition_id: EditionId",
             s.instance_id, s.replaces as "replaces: SubmissionId", s.state, s.at_page, s.answered, s.asked, s.origin, s.author_name, s.started_at,
             s.completed_at, s.recorded_at, s.version, coalesce(s.names_other and s.belongs_at is null, false) as "names_other!"
           from submissions s join forms f on f.id = s.form_id where s.case_id = $1 and s.state = 'moved'
           order by s.completed_at desc, s.id limit $2"#,
        case.0,
        MOST_COPIES
    )
    .fetch_all(work.db())
    .await?;
    Ok(stubs)
}

/// A copy with every version of it on its case: what it corrects, what corrects it, and what stands beside it; each after what it corrects.
pub async fn line(work: &mut Work, copy: &Submission) -> Result<Vec<Submission>, Error> {
    let line = sqlx::query_as!(
        Submission,
        r#"with recursive older as (
             select one.id, one.replaces from submissions one where one.id = $1
             union select one.id, one.replaces from submissions one join older on one.id = older.replaces),
           line as (
             select older.id, 0 as nth from older where older.replaces is null or older.replaces not in (select id from older)
             union select one.id, line.nth + 1 from submissions one join line on one.replaces = line.id)
           select s.id as "id: SubmissionId", s.case_id as "case_id: CaseId", s.form_id as "form_id: FormId", f.title, f.code, s.edition_id as "edition_id: EditionId",
             s.instance_id, s.replaces as "replaces: SubmissionId", s.state, s.at_page, s.answered, s.asked, s.origin, s.author_name, s.started_at,
             s.completed_at, s.recorded_at, s.version, coalesce(s.names_other and s.belongs_at is null, false) as "names_other!"
           from line join submissions s on s.id = line.id join forms f on f.id = s.form_id where s.case_id = $2 and s.state <> 'moved' order by line.nth, s.id"#,
        copy.id.0,
        copy.case_id.0
    )
    .fetch_all(work.db())
    .await?;
    Ok(line)
}

/// Whether the copy that devices know by this id was moved away from this case, or one that it corrects was and it waits since.
pub async fn was_moved_away(work: &mut Work, instance: &str, case: CaseId) -> Result<bool, Error> {
    let found = sqlx::query_scalar!(
        r#"with recursive line as (
             select $1::text as instance
             union select a.corrects from arrivals a join line on a.instance_id = line.instance)
           select exists (select from submissions s join line on s.instance_id = line.instance where s.case_id = $2 and s.state = 'moved') as "was_moved!""#,
        instance,
        case.0
    );
    Ok(found.fetch_one(work.db()).await?)
}

/// The copy of a form that one which came meanwhile corrects in turn: of a correction that waits, or that gave its place to another, what it corrects.
pub async fn corrected_in_turn(work: &mut Work, instance: &str, form: FormId) -> Result<Option<Standing>, Error> {
    let found = sqlx::query_as!(
        Standing,
        r#"with recursive line as (
             select $1::text as instance
             union select a.corrects from arrivals a join line on a.instance_id = line.instance where a.corrects is not null)
           select s.id as "copy: SubmissionId", s.case_id as "case: CaseId", s.form_id as "form: FormId", s.state <> 'complete' as "is_taken!"
           from submissions s join line on s.instance_id = line.instance
           where s.form_id = $2 and s.state in ('complete', 'replaced') order by s.recorded_at desc limit 1"#,
        instance,
        form.0
    )
    .fetch_optional(work.db())
    .await?;
    Ok(found)
}

/// Leaves a stub without answers where a copy stood that is moved, over the version that was read (S28).
pub async fn empty(work: &mut Work, copy: &Submission) -> Result<(), Error> {
    let done = sqlx::query!(
        "update submissions set state = 'moved', answers = ''::bytea, at_page = '', version = version + 1
         where id = $1 and version = $2 and state in ('complete', 'replaced')",
        copy.id.0,
        copy.version
    )
    .execute(work.db())
    .await?;
    changed(done.rows_affected())
}

/// The complete copies on a case at which nobody looked whom they name: kept before that was asked, or moved beside another.
pub async fn unasked(work: &mut Work, case: CaseId) -> Result<Vec<Submission>, Error> {
    let copies = sqlx::query_as!(
        Submission,
        r#"select s.id as "id: SubmissionId", s.case_id as "case_id: CaseId", s.form_id as "form_id: FormId", f.title, f.code, s.edition_id as "edition_id: EditionId",
             s.instance_id, s.replaces as "replaces: SubmissionId", s.state, s.at_page, s.answered, s.asked, s.origin, s.author_name, s.started_at,
             s.completed_at, s.recorded_at, s.version, coalesce(s.names_other and s.belongs_at is null, false) as "names_other!"
           from submissions s join forms f on f.id = s.form_id
           where s.case_id = $1 and s.state = 'complete' and s.names_other is null and s.belongs_at is null order by s.id limit $2"#,
        case.0,
        MOST_COPIES
    )
    .fetch_all(work.db())
    .await?;
    Ok(copies)
}

/// Keeps of a complete copy whether it names somebody else than its case.
pub async fn mark(work: &mut Work, copy: SubmissionId, names_other: bool) -> Result<(), Error> {
    sqlx::query!("update submissions set names_other = $2 where id = $1 and state = 'complete'", copy.0, names_other)
        .execute(work.db())
        .await?;
    Ok(())
}

/// Writes a copy of which a stub is left into its right case, with its author and times as they were and since when it stands there, sealed with
/// that case's key.
pub async fn insert_moved(
    work: &mut Work,
    to: &Case,
    copy: &Submission,
    (xml, replaces): (&str, Option<SubmissionId>),
) -> Result<SubmissionId, Error> {
    let (id, now) = (SubmissionId::new(), work.now());
    let sealed = work.case_key(to.id.0).await?.seal(ANSWERS, xml.as_bytes());
    let done = sqlx::query!(
        "insert into submissions (id, case_id, form_id, edition_id, instance_id, replaces, state, answers, sent_digest, answered, asked, origin, author, author_name, started_at, completed_at, recorded_at, arrived_at, moved_here_at)
         select $1::uuid, $2::uuid, form_id, edition_id, instance_id, $3::uuid, $4::text, $5::bytea, sent_digest, answered, asked, origin, author, author_name, started_at, completed_at, recorded_at, arrived_at, $7::timestamptz
         from submissions where id = $6 and state = 'moved'",
        id.0,
        to.id.0,
        replaces.map(|id| id.0),
        copy.state,
        sealed,
        copy.id.0,
        now
    )
    .execute(work.db())
    .await?;
    changed(done.rows_affected())?;
    Ok(id)
}
