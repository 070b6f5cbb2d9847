//! What whoever hands cases over should know before they send anything.
use crate::cases::Case;
use crate::error::Error;
use crate::platform::db::Work;
use crate::platform::ids::{CaseId, OrgId, UnitId};
use crate::platform::lang::Lang;
use crate::transfers::choices;

/// Codes of cases that will not move, and requests that wait for the same cases.
pub(super) struct Beforehand {
    /// At their stage they do not change hands.
    pub fixed: String,
    /// Nobody noted that the limits of confidentiality were explained (S1): where that is dated, and the code.
    pub limits: Vec<(String, String)>,
    /// They are in the receiving unit already.
    pub there: String,
    /// Code of the case, address and code of the request.
    pub asked: Vec<(String, String, String)>,
}

/// What stands against moving these cases there, as far as it is known now.
pub(super) async fn of(work: &mut Work, cases: &[Case], to: Option<(UnitId, OrgId)>) -> Result<Beforehand, Error> {
    let ids: Vec<CaseId> = cases.iter().map(|case| case.id).collect();
    let fixed = choices::fixed(work, &ids).await?;
    let asked = choices::asked_already(work, &ids).await?;
    let unexplained = |case: &&Case| case.limits_explained_on.is_none() && to.is_some_and(|(_, org)| org != case.org);
    let limits = cases.iter().filter(unexplained).map(|case| (format!("{}/limits", case.path()), case.code.clone()));
    Ok(Beforehand {
        limits: limits.collect(),
        fixed: codes(work.lang(), cases, |case| fixed.contains(&case.id)),
        there: codes(work.lang(), cases, |case| to.is_some_and(|(unit, _)| unit == case.unit)),
        asked: asked.into_iter().map(|(case, id, code)| (case, format!("/transfers/{id}"), code)).collect(),
    })
}

fn codes(lang: Lang, cases: &[Case], which: impl Fn(&Case) -> bool) -> String {
    lang.list(cases.iter().filter(|case| which(case)).map(|case| case.code.as_str()))
}
