//! SQL that only the administration needs; the rest is the room's own store.
use super::problem::Kept;
use crate::error::{Clash, Error};
use crate::forms::{Edition, Form};
use crate::platform::db::Work;
use crate::platform::ids::{EditionId, FormId};

/// A form on the list, with what stands in force.
#[derive(Debug, Clone)]
pub struct Line {
    /// The form.
    pub id: FormId,
    /// Editions that wait to be published.
    pub drafts: i64,
    /// The number of the newest edition.
    pub newest: i32,
    /// Filled copies on cases of standard types of the reader's organisation.
    pub open: i64,
    /// The same of protected types; restricted ones are counted by nobody.
    pub guarded: i64,
}

/// How the editions and copies of these forms stand, for who keeps forms.
pub async fn lines(work: &mut Work, forms: &[FormId]) -> Result<Vec<Line>, Error> {
    let ids: Vec<uuid::Uuid> = forms.iter().map(|id| id.0).collect();
    let lines = sqlx::query_as!(
        Line,
        r#"select e.form_id as "id: FormId", count(*) filter (where e.state = 'draft') as "drafts!", max(e.number) as "newest!",
             coalesce(max(c.open), 0) as "open!", coalesce(max(c.guarded), 0) as "guarded!"
           from form_editions e left join access.forms_filled() c on c.form_id = e.form_id
           where e.form_id = any ($1) group by e.form_id"#,
        &ids
    )
    .fetch_all(work.db())
    .await?;
    Ok(lines)
}

/// What is unwise in an edition.
pub async fn warnings(work: &mut Work, edition: EditionId) -> Result<Vec<Kept>, Error> {
    let kept = sqlx::query_scalar!("select problems from form_editions where id = $1", edition.0).fetch_one(work.db()).await?;
    // Editions of packs may keep another shape; what can't be read is no warning of ours.
    Ok(serde_json::from_value(kept).unwrap_or_default())
}

/// The file as it was uploaded.
pub async fn source(work: &mut Work, edition: EditionId) -> Result<Vec<u8>, Error> {
    Ok(sqlx::query_scalar!("select source from form_editions where id = $1", edition.0).fetch_one(work.db()).await?)
}

/// Takes a draft away; a form that nothing is left of goes with its last one.
pub async fn discard(work: &mut Work, form: &Form, edition: &Edition) -> Result<bool, Error> {
    let done = sqlx::query!(
        "delete from form_editions where id = $1 and version = $2 and state = 'draft'",
        edition.id.0,
        edition.version
    )
    .execute(work.db())
    .await?;
    if done.rows_affected() == 0 {
        return Err(Error::Conflict(Clash::Stale));
    }
    let gone = sqlx::query!(
        "delete from forms f where f.id = $1 and not exists (select from form_editions e where e.form_id = f.id)",
        form.id.0
    )
    .execute(work.db())
    .await?;
    Ok(gone.rows_affected() == 1)
}

/// Numbers, codes and sensitivities of case types with their labels and packs.
pub async fn case_types(work: &mut Work) -> Result<Vec<CaseType>, Error> {
    let types = sqlx::query_as!(
        CaseType,
        r#"select t.id, t.sensitivity, coalesce(t.labels ->> $1, t.labels ->> 'en', t.code) as "label!" from case_types t
           order by t.pack, t.id limit 250"#,
        work.lang().code()
    )
    .fetch_all(work.db())
    .await?;
    Ok(types)
}

/// A case type as a choice.
#[derive(Debug, Clone)]
pub struct CaseType {
    /// Its number.
    pub id: i16,
    /// `standard`, `protected` or `restricted`.
    pub sensitivity: String,
    /// Its name.
    pub label: String,
}
