//! Filled copies on cases. Answers are sealed with the case's key.
use chrono::{DateTime, Utc};

use super::{MOST_FORMS, changed};
use crate::cases::Case;
use crate::error::{Clash, Error, OnConstraint};
use crate::forms::Times;
use crate::forms::form::{Edition, Origin, Submission};
use crate::platform::db::Work;
use crate::platform::ids::{CaseId, DocumentId, EditionId, FormId, SubmissionId, UserId};

/// Where sealed answers lie.
pub const ANSWERS: &str = "submissions.answers";
// More copies than anybody fills in on one case.
pub(super) const MOST_COPIES: i64 = 300;

/// The copies on a case, drafts first, then the newest.
pub async fn submissions(work: &mut Work, case: CaseId) -> Result<Vec<Submission>, Error> {
    let copies = sqlx::query_as!(
        Submission,
        r#"select s.id as "id: SubmissionId", s.case_id as "case_id: CaseId", s.form_id as "form_id: FormId", f.title, f.code, s.edition_id as "edition_id: EditionId",
             s.instance_id, s.replaces as "replaces: SubmissionId", s.state, s.at_page, s.answered, s.asked, s.origin, s.author_name, s.started_at,
             s.completed_at, s.recorded_at, s.version, coalesce(s.names_other and s.belongs_at is null, false) as "names_other!"
           from submissions s join forms f on f.id = s.form_id where s.case_id = $1 and s.state <> 'moved'
           order by s.state <> 'draft', coalesce(s.completed_at, s.started_at) desc, s.id limit $2"#,
        case.0,
        MOST_COPIES
    )
    .fetch_all(work.db())
    .await?;
    Ok(copies)
}

/// The forms with copies on a case that ask one person, not a household.
pub async fn asking_one(work: &mut Work, case: CaseId) -> Result<Vec<FormId>, Error> {
    let forms = sqlx::query_scalar!(
        r#"select id as "id: FormId" from forms where subject = 'person' and id in (select form_id from submissions where case_id = $1) limit $2"#,
        case.0,
        MOST_FORMS
    );
    Ok(forms.fetch_all(work.db()).await?)
}

/// One copy of this case.
pub async fn submission(work: &mut Work, case: CaseId, id: SubmissionId) -> Result<Submission, Error> {
    let copy = sqlx::query_as!(
        Submission,
        r#"select s.id as "id: SubmissionId", s.case_id as "case_id: CaseId", s.form_id as "form_id: FormId", f.title, f.code, s.edition_id as "edition_id: EditionId",
             s.instance_id, s.replaces as "replaces: SubmissionId", s.state, s.at_page, s.answered, s.asked, s.origin, s.author_name, s.started_at,
             s.completed_at, s.recorded_at, s.version, coalesce(s.names_other and s.belongs_at is null, false) as "names_other!"
           from submissions s join forms f on f.id = s.form_id where s.case_id = $1 and s.id = $2 and s.state <> 'moved'"#,
        case.0,
        id.0
    )
    .fetch_one(work.db())
    .await?;
    Ok(copy)
}

/// A copy that devices know.
#[derive(Debug, Clone, Copy)]
pub struct Standing {
    /// The copy.
    pub copy: SubmissionId,
    /// Its case.
    pub case: CaseId,
    /// Its form.
    pub form: FormId,
    /// Another was corrected before it: one that comes now does not take its place, but stands beside what did.
    pub is_taken: bool,
}

/// The complete copy that devices know by this id.
pub async fn by_instance(work: &mut Work, instance: &str) -> Result<Option<Standing>, Error> {
    Ok(corrected(work, instance).await?.filter(|standing| !standing.is_taken))
}

/// The copy that one corrects which names this id: complete, or replaced by an earlier correction; or, where it never stood on a case itself, an
/// earlier correction of it that does.
pub async fn corrected(work: &mut Work, instance: &str) -> Result<Option<Standing>, Error> {
    let found = sqlx::query_as!(
        Standing,
        r#"select s.id as "copy: SubmissionId", s.case_id as "case: CaseId", s.form_id as "form: FormId", s.state <> 'complete' as "is_taken!"
           from submissions s where s.instance_id = $1 and s.state in ('complete', 'replaced') order by s.state = 'complete' desc, s.recorded_at desc limit 1"#,
        instance
    )
    .fetch_optional(work.db())
    .await?;
    match found {
        Some(found) => Ok(Some(found)),
        None => corrected_already(work, instance).await,
    }
}

async fn corrected_already(work: &mut Work, instance: &str) -> Result<Option<Standing>, Error> {
    let found = sqlx::query_as!(
        Standing,
        r#"select s.id as "copy!: SubmissionId", s.case_id as "case!: CaseId", s.form_id as "form!: FormId", true as "is_taken!"
           from submissions s join arrivals a on a.instance_id = s.instance_id and a.org = s.org
           where a.corrects = $1 and s.state = 'complete' order by s.recorded_at desc limit 1"#,
        instance
    )
    .fetch_optional(work.db())
    .await?;
    Ok(found)
}

/// Holds a case until this work is done: of two who begin the same form on it the second finds what the first began, and of two who complete
/// forms the second works out its profile with what the first said.
pub async fn hold_case(work: &mut Work, case: CaseId) -> Result<(), Error> {
    sqlx::query_scalar!("select id from cases where id = $1 for no key update", case.0).fetch_optional(work.db()).await?;
    Ok(())
}

/// Holds a copy until this work is done, so that two don't put the same files on it.
pub async fn hold(work: &mut Work, copy: SubmissionId) -> Result<(), Error> {
    sqlx::query_scalar!("select id from submissions where id = $1 for update", copy.0).fetch_optional(work.db()).await?;
    Ok(())
}

/// The digest of what this actor sent under this id before, wherever it stands now; empty where none was kept.
pub async fn sent_before(work: &mut Work, instance: &str) -> Result<Option<Vec<u8>>, Error> {
    Ok(sqlx::query_scalar!("select access.sent_before($1)", instance).fetch_one(work.db()).await?)
}

/// The answers of a copy, as XML.
pub async fn answers(work: &mut Work, copy: &Submission) -> Result<String, Error> {
    let sealed = sqlx::query_scalar!("select answers from submissions where id = $1", copy.id.0).fetch_one(work.db()).await?;
    let key = work.case_key(copy.case_id.0).await?;
    Ok(key.open_text(ANSWERS, &sealed)?)
}

/// The newest complete copy of each form on a case, with its form's id in itself and its answers. One that names somebody else counts once somebody
/// said that it belongs there (S28).
pub async fn newest_answers(work: &mut Work, case: CaseId) -> Result<Vec<(String, String)>, Error> {
    let rows = sqlx::query!(
        "select distinct on (s.form_id) f.code, s.answers from submissions s join forms f on f.id = s.form_id
         where s.case_id = $1 and s.state = 'complete' and (s.names_other is not true or s.belongs_at is not null)
         order by s.form_id, s.completed_at desc, s.id desc limit $2",
        case.0,
        MOST_FORMS
    )
    .fetch_all(work.db())
    .await?;
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let key = work.case_key(case.0).await?;
    let open = |sealed: &[u8]| key.open_text(ANSWERS, sealed);
    Ok(rows.into_iter().map(|row| Ok((row.code, open(&row.answers)?))).collect::<anyhow::Result<_>>()?)
}

/// A form whose newest complete copy counts.
#[derive(Debug, Clone)]
pub struct Counted {
    /// The form's id in itself.
    pub code: String,
    /// The form's title.
    pub title: String,
    /// When the copy was completed.
    pub completed_at: DateTime<Utc>,
}

/// Of which forms [`newest_answers`] has the answers, and since when.
pub async fn counted(work: &mut Work, case: CaseId) -> Result<Vec<Counted>, Error> {
    let counted = sqlx::query_as!(
        Counted,
        r#"select distinct on (s.form_id) f.code, f.title, s.completed_at as "completed_at!" from submissions s join forms f on f.id = s.form_id
           where s.case_id = $1 and s.state = 'complete' and (s.names_other is not true or s.belongs_at is not null)
           order by s.form_id, s.completed_at desc, s.id desc limit $2"#,
        case.0,
        MOST_FORMS
    )
    .fetch_all(work.db())
    .await?;
    Ok(counted)
}

/// A copy to keep.
#[derive(Debug, Clone)]
pub struct NewSubmission<'a> {
    /// The edition.
    pub edition: &'a Edition,
    /// Its id as devices know it.
    pub instance_id: &'a str,
    /// The copy whose place it takes.
    pub replaces: Option<SubmissionId>,
    /// Its answers, as XML.
    pub xml: &'a str,
    /// Where it was filled in.
    pub origin: Origin,
    /// When it was filled in on a device, and came; a draft when `None`.
    pub times: Option<Times>,
    /// The digest of what a device sent.
    pub sent_digest: Option<Vec<u8>>,
    /// Who filled it in, and when it came, where somebody else puts it on the case later.
    pub filled: Option<Filled<'a>>,
    /// Whether it names somebody else than the case; nobody looks at a draft.
    pub names_other: Option<bool>,
}

/// By whom a copy was filled in.
#[derive(Debug, Clone, Copy)]
pub struct Filled<'a> {
    /// Who.
    pub by: UserId,
    /// By what name.
    pub name: &'a str,
    /// When it came from their device.
    pub at: DateTime<Utc>,
}

/// Keeps a copy on a case. A copy of this id stands already: [`Clash::State`] `known`.
pub async fn insert_submission(work: &mut Work, case: &Case, new: &NewSubmission<'_>) -> Result<SubmissionId, Error> {
    let (id, me, now) = (SubmissionId::new(), work.me()?, work.now());
    let own_name = work.standing.name.clone();
    let filled = new.filled.unwrap_or(Filled { by: me, name: &own_name, at: now });
    let sealed = work.case_key(case.id.0).await?.seal(ANSWERS, new.xml.as_bytes());
    sqlx::query!(
        "insert into submissions (id, case_id, form_id, edition_id, instance_id, replaces, state, answers, origin, author, author_name, started_at, completed_at, recorded_at, sent_digest, arrived_at, names_other)
         values ($1, $2, $3, $4, $5, $6, case when $7::timestamptz is null then 'draft' else 'complete' end, $8, $9, $10, $11, $12, $7, $14, $13, $15, $16)",
        id.0,
        case.id.0,
        new.edition.form_id.0,
        new.edition.id.0,
        new.instance_id,
        new.replaces.map(|id| id.0),
        new.times.map(|times| times.completed),
        sealed,
        new.origin.as_str(),
        filled.by.0,
        filled.name,
        new.times.map_or(filled.at, |times| times.begun),
        new.sent_digest,
        now,
        new.times.map(|times| times.arrived),
        new.names_other
    )
    .execute(work.db())
    .await
    .on_constraint("submissions_instance_key", || Error::Conflict(Clash::State { state: "complete".to_owned(), code: "form_known" }))?;
    Ok(id)
}

/// What is written into a draft.
#[derive(Debug, Clone)]
pub struct Written<'a> {
    /// The answers, as XML.
    pub xml: &'a str,
    /// Where whoever fills it in is.
    pub at_page: &'a str,
    /// How many questions are answered.
    pub answered: i32,
    /// Of how many that are asked.
    pub asked: i32,
    /// Whether it names somebody else than the case; nobody looks at a draft.
    pub names_other: Option<bool>,
}

/// Writes into a draft over the version that was read.
pub async fn save(work: &mut Work, copy: &Submission, written: &Written<'_>) -> Result<(), Error> {
    write(work, copy, written, None).await
}

/// The same, and it is complete.
pub async fn complete(work: &mut Work, copy: &Submission, written: &Written<'_>) -> Result<(), Error> {
    let now = work.now();
    write(work, copy, written, Some(now)).await
}

async fn write(
    work: &mut Work,
    copy: &Submission,
    written: &Written<'_>,
    completed_at: Option<DateTime<Utc>>,
) -> Result<(), Error> {
    let sealed = work.case_key(copy.case_id.0).await?.seal(ANSWERS, written.xml.as_bytes());
    let done = sqlx::query!(
        "update submissions set answers = $3, at_page = $4, answered = $5, asked = $6, version = version + 1,
           state = case when $7::timestamptz is null then state else 'complete' end, completed_at = coalesce($7, completed_at), names_other = $8
         where id = $1 and version = $2 and state = 'draft'",
        copy.id.0,
        copy.version,
        sealed,
        written.at_page,
        written.answered,
        written.asked,
        completed_at,
        written.names_other
    )
    .execute(work.db())
    .await?;
    changed(done.rows_affected())
}

/// Takes a draft away, over the version that was read.
pub async fn discard(work: &mut Work, copy: &Submission) -> Result<(), Error> {
    let done =
        sqlx::query!("delete from submissions where id = $1 and version = $2 and state = 'draft'", copy.id.0, copy.version)
            .execute(work.db())
            .await?;
    changed(done.rows_affected())
}

/// A complete copy gave its place to a corrected one. One that gave it to another before stays as it is: both corrections stand then, and
/// somebody chooses.
pub async fn replaced(work: &mut Work, id: SubmissionId) -> Result<(), Error> {
    sqlx::query!("update submissions set state = 'replaced', version = version + 1 where id = $1 and state = 'complete'", id.0)
        .execute(work.db())
        .await?;
    Ok(())
}

/// When a copy came from a device, where it did.
pub async fn arrived(work: &mut Work, copy: SubmissionId) -> Result<Option<DateTime<Utc>>, Error> {
    let at = sqlx::query_scalar!("select arrived_at from submissions where id = $1", copy.0);
    Ok(at.fetch_one(work.db()).await?)
}

/// Whose a complete copy is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whose {
    /// It names whomever the case is about, or nobody; or somebody said that it belongs there.
    Theirs,
    /// It names somebody else, and nobody settled that yet.
    Others,
    /// Nobody looked yet.
    Unasked,
}

/// Whose a copy is, as far as that was looked at or settled.
pub async fn whose(work: &mut Work, copy: SubmissionId) -> Result<Whose, Error> {
    let row = sqlx::query!(r#"select names_other, belongs_at is not null as "settled!" from submissions where id = $1"#, copy.0)
        .fetch_one(work.db())
        .await?;
    Ok(match row.names_other {
        Some(true) if !row.settled => Whose::Others,
        None if !row.settled => Whose::Unasked,
        _ => Whose::Theirs,
    })
}

/// Somebody says that a copy which names somebody else belongs on its case, of the version that was read.
pub async fn say_belongs(work: &mut Work, copy: SubmissionId, version: i32) -> Result<(), Error> {
    let now = work.now();
    let done = sqlx::query!(
        "update submissions set belongs_at = $3 where id = $1 and version = $2 and state = 'complete'",
        copy.0,
        version,
        now
    )
    .execute(work.db())
    .await?;
    changed(done.rows_affected())
}

/// Since when a copy belongs on its case though it names somebody else: as was said of the one whose place it takes.
pub async fn belongs_as(work: &mut Work, old: SubmissionId, new: SubmissionId) -> Result<(), Error> {
    sqlx::query!(
        "update submissions set belongs_at = (select o.belongs_at from submissions o where o.id = $1) where id = $2 and state = 'complete'",
        old.0,
        new.0
    )
    .execute(work.db())
    .await?;
    Ok(())
}

/// The files of a copy: the name that its answers call each by, and the document.
pub async fn files(work: &mut Work, copy: SubmissionId) -> Result<Vec<(String, DocumentId)>, Error> {
    let rows = sqlx::query!("select name, document_id from submission_files where submission_id = $1 order by name", copy.0)
        .fetch_all(work.db())
        .await?;
    Ok(rows.into_iter().map(|row| (row.name, DocumentId(row.document_id))).collect())
}

/// Says which document is the file of this name; another one takes its place.
pub async fn put_file(work: &mut Work, copy: SubmissionId, case: CaseId, name: &str, document: DocumentId) -> Result<(), Error> {
    sqlx::query!(
        "insert into submission_files (submission_id, case_id, name, document_id) values ($1, $2, $3, $4)
         on conflict on constraint submission_files_pkey do update set document_id = excluded.document_id",
        copy.0,
        case.0,
        name,
        document.0
    )
    .execute(work.db())
    .await?;
    Ok(())
}
