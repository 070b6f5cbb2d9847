//! All SQL of OpenRosa.
use super::case_list::ADDRESS;
use crate::error::Error;
use crate::platform::db::Work;
use crate::platform::ids::{CaseId, EditionId};

/// A published edition that the caller may fill.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Offered {
    pub id: EditionId,
    pub code: String,
    pub title: String,
    pub form_version: String,
    pub hash: String,
    pub case_types: Vec<i16>,
    pub has_files: bool,
    /// It lets the worker choose from their own cases.
    pub names_cases: bool,
}

/// The published editions of forms that may be filled without a network, for a case type that the caller is cleared for: standard ones, protected
/// ones for a phone that is vouched for, restricted ones never (S20). An organisation's own form goes before a pack's of the same code.
pub(super) async fn offered(work: &mut Work, is_vouched: bool, code: Option<&str>) -> Result<Vec<Offered>, Error> {
    let forms = sqlx::query_as!(
        Offered,
        r#"select distinct on (f.code) e.id as "id: EditionId", f.code, f.title, e.form_version, e.hash, f.case_types,
             exists (select from form_media m where m.edition_id = e.id) as "has_files!", position($3 in e.xform) > 0 as "names_cases!"
           from forms f join form_editions e on e.form_id = f.id and e.state = 'published'
           where f.offline and ($1::text is null or f.code = $1)
             and exists (select from case_types t where (f.case_types = '{}' or t.id = any (f.case_types)) and t.id = any ((select access.my_types())::smallint[])
               and (t.sensitivity = 'standard' or ($2 and t.sensitivity = 'protected')))
             and (f.org is null or f.org = access.actor_org())
           order by f.code, f.org nulls last limit 200"#,
        code,
        is_vouched,
        ADDRESS
    );
    Ok(forms.fetch_all(work.db()).await?)
}

/// How closely cases of these types are guarded, those that the caller is cleared for.
pub(super) async fn guarded(work: &mut Work, case_types: &[i16]) -> Result<Vec<String>, Error> {
    let found = sqlx::query_scalar!(
        r#"select distinct sensitivity from case_types where ($1::smallint[] = '{}' or id = any ($1)) and id = any ((select access.my_types())::smallint[])"#,
        case_types
    );
    Ok(found.fetch_all(work.db()).await?)
}

/// A case for the list of a phone.
#[derive(Debug)]
pub(super) struct OwnCase {
    pub id: CaseId,
    pub code: String,
    pub name: String,
    pub edition: i32,
}

/// The open standard cases of these types that the caller keeps.
pub(super) async fn own_cases(work: &mut Work, case_types: &[i16]) -> Result<Vec<OwnCase>, Error> {
    let cases = sqlx::query_as!(
        OwnCase,
        r#"select c.id as "id: CaseId", c.code, p.name, c.version + p.version as "edition!"
           from cases c join persons p on p.id = c.person_id join case_types t on t.id = c.case_type
           where c.case_manager = access.me() and c.closed_at is null and t.sensitivity = 'standard' and ($1::smallint[] = '{}' or c.case_type = any ($1))
           order by c.code limit 2000"#,
        case_types
    );
    Ok(cases.fetch_all(work.db()).await?)
}
