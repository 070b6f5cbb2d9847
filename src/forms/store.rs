//! Every SQL statement of this room: here forms and their editions; `copies` has what is filled in, `arrivals` what waits for a case, `moved`
//! what was on the wrong one.
mod arrivals;
mod copies;
mod moved;

use uuid::Uuid;

pub use arrivals::{
    arrival, arrival_body, arrival_file_names, arrival_files, arrival_of_instance, arrival_said, arrival_type,
    clear_arrival_files, insert_arrival, insert_arrival_file, is_corrected, is_correction, is_guarded, meant_for, settle,
    settled, settled_by, twins, unit_names, waiting,
};
pub use copies::{
    ANSWERS, Counted, Filled, NewSubmission, Standing, Whose, Written, answers, arrived, asking_one, belongs_as, by_instance,
    complete, corrected, counted, discard, files, hold, hold_case, insert_submission, newest_answers, put_file, replaced, save,
    say_belongs, sent_before, submission, submissions, whose,
};
pub use moved::{corrected_in_turn, empty, insert_moved, line, mark, moved_away, unasked, was_moved_away};

use super::form::{Edition, Form, Media};
use crate::error::{Clash, Error, OnConstraint, invalid};
use crate::platform::db::Work;
use crate::platform::ids::{EditionId, FormId, OrgId};

/// More forms than any organisation keeps.
pub const MOST_FORMS: i64 = 500;

/// The forms of the actor's organisation and those of packs, by title; not those of others whose copies lie on a case that came from them.
pub async fn forms(work: &mut Work) -> Result<Vec<Form>, Error> {
    let forms = sqlx::query_as!(
        Form,
        r#"select id as "id: FormId", org, pack, code, title, case_types, subject, intake, offline, version from forms
           where org is null or org = access.actor_org() order by title, id limit $1"#,
        MOST_FORMS
    )
    .fetch_all(work.db())
    .await?;
    Ok(forms)
}

/// One form.
pub async fn form(work: &mut Work, id: FormId) -> Result<Form, Error> {
    let form = sqlx::query_as!(
        Form,
        r#"select id as "id: FormId", org, pack, code, title, case_types, subject, intake, offline, version from forms where id = $1"#,
        id.0
    )
    .fetch_one(work.db())
    .await?;
    Ok(form)
}

/// The form of this code: the organisation's own before a pack's, and that before one of others whose copies lie on a case that came from them.
pub async fn form_of_code(work: &mut Work, code: &str) -> Result<Option<Form>, Error> {
    let form = sqlx::query_as!(
        Form,
        r#"select id as "id: FormId", org, pack, code, title, case_types, subject, intake, offline, version from forms where code = $1
           order by (org is not distinct from access.actor_org()) desc, (org is null) desc, id limit 1"#,
        code
    )
    .fetch_optional(work.db())
    .await?;
    Ok(form)
}

/// The form of this code that a pack brings.
pub async fn packed(work: &mut Work, code: &str) -> Result<Option<Form>, Error> {
    let form = sqlx::query_as!(
        Form,
        r#"select id as "id: FormId", org, pack, code, title, case_types, subject, intake, offline, version from forms where code = $1 and org is null"#,
        code
    )
    .fetch_optional(work.db())
    .await?;
    Ok(form)
}

/// How guarded case types are.
pub async fn sensitivities(work: &mut Work) -> Result<Vec<(i16, String)>, Error> {
    let rows = sqlx::query!("select id, sensitivity from case_types order by id limit 300").fetch_all(work.db()).await?;
    Ok(rows.into_iter().map(|row| (row.id, row.sensitivity)).collect())
}

/// The MD5 digest of a text in hexadecimal, as field clients compare editions by it.
/// Files beside an edition are compared in the same way.
pub async fn digest(work: &mut Work, bytes: &[u8]) -> Result<String, Error> {
    Ok(sqlx::query_scalar!("select md5($1::bytea) as \"hash!\"", bytes).fetch_one(work.db()).await?)
}

/// A form's particulars, before there is an edition.
#[derive(Debug, Clone)]
pub struct NewForm<'a> {
    /// Whose it is; none with a pack.
    pub org: Option<OrgId>,
    /// The pack that brings it.
    pub pack: Option<&'a str>,
    /// Its id in the form itself.
    pub code: &'a str,
    /// Its name for people.
    pub title: &'a str,
    /// The case types that it is for.
    pub case_types: &'a [i16],
    /// `household` or `person`.
    pub subject: &'a str,
    /// It may come from a device before there is a case.
    pub intake: bool,
    /// It may be filled in without a network.
    pub offline: bool,
}

/// Keeps a new form.
pub async fn insert_form(work: &mut Work, new: &NewForm<'_>) -> Result<FormId, Error> {
    let id = FormId::new();
    sqlx::query!(
        "insert into forms (id, org, pack, code, title, case_types, subject, intake, offline) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        id.0,
        new.org,
        new.pack,
        new.code,
        new.title,
        new.case_types,
        new.subject,
        new.intake,
        new.offline
    )
    .execute(work.db())
    .await
    .on_constraint("forms_code_key", || invalid("file", "form_code_taken"))?;
    Ok(id)
}

/// Changes a form's particulars over the version that was read.
pub async fn change_form(work: &mut Work, id: FormId, version: i32, new: &NewForm<'_>) -> Result<(), Error> {
    let done = sqlx::query!(
        "update forms set title = $3, case_types = $4, subject = $5, intake = $6, offline = $7, version = version + 1 where id = $1 and version = $2",
        id.0,
        version,
        new.title,
        new.case_types,
        new.subject,
        new.intake,
        new.offline
    )
    .execute(work.db())
    .await?;
    changed(done.rows_affected())
}

/// The editions of a form, the newest first.
pub async fn editions(work: &mut Work, form: FormId) -> Result<Vec<Edition>, Error> {
    let editions = sqlx::query_as!(
        Edition,
        r#"select id as "id: EditionId", form_id as "form_id: FormId", number, state, form_version, source_name, hash, languages, questions, uploaded_by_name,
             recorded_at, published_at, retired_at, version
           from form_editions where form_id = $1 order by number desc limit $2"#,
        form.0,
        MOST_FORMS
    )
    .fetch_all(work.db())
    .await?;
    Ok(editions)
}

/// One edition.
pub async fn edition(work: &mut Work, id: EditionId) -> Result<Edition, Error> {
    let edition = sqlx::query_as!(
        Edition,
        r#"select id as "id: EditionId", form_id as "form_id: FormId", number, state, form_version, source_name, hash, languages, questions, uploaded_by_name,
             recorded_at, published_at, retired_at, version
           from form_editions where id = $1"#,
        id.0
    )
    .fetch_one(work.db())
    .await?;
    Ok(edition)
}

/// The published editions that the actor sees, of these forms.
pub async fn published(work: &mut Work, forms: &[FormId]) -> Result<Vec<Edition>, Error> {
    let ids: Vec<Uuid> = forms.iter().map(|id| id.0).collect();
    let editions = sqlx::query_as!(
        Edition,
        r#"select id as "id: EditionId", form_id as "form_id: FormId", number, state, form_version, source_name, hash, languages, questions, uploaded_by_name,
             recorded_at, published_at, retired_at, version
           from form_editions where form_id = any ($1) and state = 'published' order by form_id limit $2"#,
        &ids,
        MOST_FORMS
    )
    .fetch_all(work.db())
    .await?;
    Ok(editions)
}

/// The newest edition of a form that its author gave this version, once published.
pub async fn edition_of_version(work: &mut Work, form: FormId, version: &str) -> Result<Option<Edition>, Error> {
    let edition = sqlx::query_as!(
        Edition,
        r#"select id as "id: EditionId", form_id as "form_id: FormId", number, state, form_version, source_name, hash, languages, questions, uploaded_by_name,
             recorded_at, published_at, retired_at, version
           from form_editions where form_id = $1 and form_version = $2 and state <> 'draft' order by number desc limit 1"#,
        form.0,
        version
    )
    .fetch_optional(work.db())
    .await?;
    Ok(edition)
}

/// A definition to keep as a form's next edition.
#[derive(Debug, Clone)]
pub struct NewEdition<'a> {
    /// The version as the author wrote it.
    pub form_version: &'a str,
    /// The file as it was uploaded.
    pub source: &'a [u8],
    /// Its name.
    pub source_name: &'a str,
    /// Its XForm.
    pub xform: &'a str,
    /// The MD5 digest of the XForm, in hexadecimal.
    pub hash: &'a str,
    /// What is unwise in it.
    pub problems: serde_json::Value,
    /// Its languages.
    pub languages: &'a [String],
    /// How many questions it has.
    pub questions: i32,
}

/// Keeps a form's next edition as a draft.
pub async fn insert_edition(work: &mut Work, form: FormId, new: &NewEdition<'_>) -> Result<EditionId, Error> {
    let (id, me, now) = (EditionId::new(), work.me().ok(), work.now());
    let name = work.standing.name.clone();
    sqlx::query!(
        "insert into form_editions (id, form_id, number, form_version, source, source_name, xform, hash, problems, languages, questions, uploaded_by, uploaded_by_name, recorded_at)
         values ($1, $2, (select coalesce(max(number), 0) + 1 from form_editions where form_id = $2), $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
        id.0,
        form.0,
        new.form_version,
        new.source,
        new.source_name,
        new.xform,
        new.hash,
        new.problems,
        new.languages,
        new.questions,
        me.map(|me| me.0),
        name,
        now
    )
    .execute(work.db())
    .await
    .on_constraint("form_editions_number_key", || Error::Conflict(Clash::Stale))?;
    Ok(id)
}

/// Publishes a draft; the edition that was published before is retired. Of two that are published at the same moment the second is refused:
/// [`Clash::State`] `edition_published_meanwhile`.
pub async fn publish(work: &mut Work, edition: &Edition) -> Result<(), Error> {
    let now = work.now();
    sqlx::query!(
        "update form_editions set state = 'retired', retired_at = $2, version = version + 1 where form_id = $1 and state = 'published'",
        edition.form_id.0,
        now
    )
    .execute(work.db())
    .await?;
    let done = sqlx::query!(
        "update form_editions set state = 'published', published_at = $3, version = version + 1 where id = $1 and version = $2 and state = 'draft'",
        edition.id.0,
        edition.version,
        now
    )
    .execute(work.db())
    .await
    .on_constraint("form_editions_published_key", || {
        Error::Conflict(Clash::State { state: "edition_published".to_owned(), code: "edition_published_meanwhile" })
    })?;
    changed(done.rows_affected())
}

/// Retires a published edition.
pub async fn retire(work: &mut Work, edition: &Edition) -> Result<(), Error> {
    let now = work.now();
    let done = sqlx::query!(
        "update form_editions set state = 'retired', retired_at = $3, version = version + 1 where id = $1 and version = $2 and state = 'published'",
        edition.id.0,
        edition.version,
        now
    )
    .execute(work.db())
    .await?;
    changed(done.rows_affected())
}

/// The XForm of an edition.
pub async fn xform(work: &mut Work, edition: EditionId) -> Result<String, Error> {
    Ok(sqlx::query_scalar!("select xform from form_editions where id = $1", edition.0).fetch_one(work.db()).await?)
}

/// The files beside an edition.
pub async fn media(work: &mut Work, edition: EditionId) -> Result<Vec<Media>, Error> {
    let media =
        sqlx::query_as!(Media, "select name, media_type, hash from form_media where edition_id = $1 order by name", edition.0)
            .fetch_all(work.db())
            .await?;
    Ok(media)
}

/// One file beside an edition, with its bytes.
pub async fn media_file(work: &mut Work, edition: EditionId, name: &str) -> Result<(Media, Vec<u8>), Error> {
    let row =
        sqlx::query!("select name, media_type, hash, bytes from form_media where edition_id = $1 and name = $2", edition.0, name)
            .fetch_one(work.db())
            .await?;
    Ok((Media { name: row.name, media_type: row.media_type, hash: row.hash }, row.bytes))
}

/// The lists beside an edition that questions choose from: name and text.
pub async fn lists(work: &mut Work, edition: EditionId) -> Result<Vec<(String, String)>, Error> {
    let rows = sqlx::query!(
        "select name, bytes from form_media where edition_id = $1 and (name like '%.csv' or name like '%.xml') order by name",
        edition.0
    )
    .fetch_all(work.db())
    .await?;
    Ok(rows.into_iter().filter_map(|row| Some((row.name, String::from_utf8(row.bytes).ok()?))).collect())
}

/// Keeps a file beside a draft edition.
pub async fn insert_media(work: &mut Work, edition: EditionId, media: &Media, bytes: &[u8]) -> Result<(), Error> {
    sqlx::query!(
        "insert into form_media (edition_id, name, media_type, bytes, hash) values ($1, $2, $3, $4, $5)",
        edition.0,
        media.name,
        media.media_type,
        bytes,
        media.hash
    )
    .execute(work.db())
    .await
    .on_constraint("form_media_pkey", || invalid("files", "twice"))?;
    Ok(())
}

fn changed(rows: u64) -> Result<(), Error> {
    if rows == 1 { Ok(()) } else { Err(Error::Conflict(Clash::Stale)) }
}
