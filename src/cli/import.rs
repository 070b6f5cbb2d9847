//! `throughcare import directory PATH`: takes over a directory in HSDS, and says what became of every row.
use std::path::Path;

use anyhow::Context;

use crate::cli::set_up;
use crate::config::Config;
use crate::directory::hsds;
use crate::directory::import::{Counts, Report, import};
use crate::eligibility::actions::take_over;
use crate::platform::db::{Actor, Work};

/// Imports a file or folder, and prints the report. Whatever calls this learns of a file that could not be read at all.
pub async fn directory(config: &Config, path: &Path) -> anyhow::Result<()> {
    let reading = hsds::read(path).with_context(|| format!("{} cannot be read", path.display()))?;
    let unread = reading.unread;
    let opened = set_up::open_beside(config).await?;
    let mut work = Work::open_with(&opened.ground, &opened.operator, Actor::Operator).await.map_err(plainly)?;
    let report = import(&mut work, reading).await.map_err(plainly)?;
    // Rules of packs that were loaded before their services were known.
    let rules = take_over(&mut work).await.map_err(plainly)?;
    work.commit().await.map_err(plainly)?;
    print!("{}", describe(&report));
    if rules > 0 {
        println!("{rules} services are judged by a rule of a pack.");
    }
    anyhow::ensure!(unread == 0, "{unread} of the files could not be read; what is right in the others was taken over");
    Ok(())
}

fn plainly(error: crate::error::Error) -> anyhow::Error {
    match error {
        crate::error::Error::Broken(cause) => cause.context("nothing was imported"),
        other => anyhow::anyhow!("nothing was imported: {other:?}"),
    }
}

fn describe(report: &Report) -> String {
    let mut lines = vec![counted("Organisations", report.organisations), counted("Services", report.services)];
    if report.changed_nothing() {
        lines.push("Nothing was changed: everything in it is known already.".to_owned());
    }
    if !report.unmapped.is_empty() {
        lines.push("Terms that are no need of a loaded pack:".to_owned());
        lines.extend(report.unmapped.iter().map(|(term, count)| format!("  {term} ({count} services)")));
    }
    if !report.refused.is_empty() {
        lines.push(format!("Refused: {}", report.refused.len()));
        lines.extend(report.refused.iter().map(|row| {
            let at = if row.row == 0 { row.file.clone() } else { format!("{}, row {}", row.file, row.row) };
            let column = if row.column.is_empty() { String::new() } else { format!(", column {}", row.column) };
            format!("  {at}{column}: {}", row.reason)
        }));
    }
    lines.join("\n") + "\n"
}

fn counted(what: &str, counts: Counts) -> String {
    let Counts { added, changed, unchanged, kept_by_hand } = counts;
    let kept = if kept_by_hand > 0 { format!(", {kept_by_hand} kept as changed here by hand") } else { String::new() };
    format!("{what}: {added} added, {changed} changed, {unchanged} unchanged{kept}.")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_is_no_json_is_no_success() {
        let folder = std::env::temp_dir().join(format!("throughcare-import-{}", uuid::Uuid::now_v7()));
        std::fs::create_dir_all(&folder).unwrap();
        for (text, expected) in [("{ \"id\": ", 1), ("[]", 0)] {
            std::fs::write(folder.join("services.json"), text).unwrap();
            assert_eq!(hsds::read(&folder).unwrap().unread, expected, "{text}");
        }
        std::fs::remove_dir_all(&folder).unwrap();
    }
}
