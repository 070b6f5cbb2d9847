//! Who of a household does not go along to another organisation, said before anything is sent.
use crate::error::Error;
use crate::platform::db::Work;
use crate::platform::ids::{CaseId, OrgId};
use crate::transfers::choices;
use crate::web::Page;

/// Somebody of the household who stays behind: how they are called here, of which case, why, and where their consent is written down.
pub(super) struct Stays {
    pub who: String,
    pub of_case: String,
    pub why: String,
    pub href: String,
}

/// Who of the households of these cases would stay behind; nobody where they go to no other organisation.
pub(super) async fn of(work: &mut Work, p: &Page, cases: &[(CaseId, String)], to: Option<OrgId>) -> Result<Vec<Stays>, Error> {
    let Some(to) = to else { return Ok(Vec::new()) };
    let ids: Vec<CaseId> = cases.iter().map(|(id, _)| *id).collect();
    let left = choices::members_left(work, &ids, to).await?;
    let code = |id: CaseId| cases.iter().find(|(known, _)| *known == id).map(|(_, code)| code.as_str()).unwrap_or_default();
    let line = |one: choices::LeftMember| Stays {
        who: if one.name.is_empty() { one.code } else { one.name },
        of_case: p.ta("transfer-stays-of", "case", code(one.case_id)),
        why: p.tc("transfer-stays", &one.why),
        href: format!("/cases/{}/consents/new?person={}", one.case_id, one.person_id),
    };
    Ok(left.into_iter().map(line).collect())
}
