//! The caller's own open cases as the file `cases.csv`, so that a form can say which case it is about.
//!
//! Only what the caller keeps, of standard types: no list of guarded cases leaves for a phone (S20). The columns are those of Collect's lists of
//! entities; beside code and name nothing travels.
use anyhow::Context;

use super::store;
use crate::error::Error;
use crate::platform::db::Work;
use crate::platform::ids::CaseId;

/// Its name, as a form refers to it.
pub(in crate::forms) const FILE: &str = "cases.csv";
/// How a form's XML names it.
pub(in crate::forms) const ADDRESS: &str = "jr://file-csv/cases.csv";

/// The file, and whom it names.
pub(super) struct CaseList {
    /// Its bytes; the same cases give the same bytes.
    pub csv: Vec<u8>,
    /// Cases in it.
    pub cases: Vec<CaseId>,
}

/// The caller's open standard cases of these types.
pub(super) async fn written(work: &mut Work, case_types: &[i16]) -> Result<CaseList, Error> {
    let own = store::own_cases(work, case_types).await?;
    let mut out = csv::Writer::from_writer(Vec::new());
    out.write_record(["name", "label", "__version"]).context("a list is written to memory")?;
    for case in &own {
        let label = format!("{} · {}", case.name, case.code);
        out.write_record([case.code.as_str(), &label, &case.edition.to_string()]).context("a list is written to memory")?;
    }
    let csv = out.into_inner().context("a list is written to memory")?;
    Ok(CaseList { csv, cases: own.into_iter().map(|case| case.id).collect() })
}
