//! Our XForms beside those of another converter, and before the validator that field clients trust.
//! `scripts/forms-oracle.sh` puts the tools there and runs it.
mod commas;
mod generated;
mod spreadsheets;
mod support;

use std::path::PathBuf;
use std::process::Command;

use xforms::xlsform::{self, Workbook};

#[test]
#[ignore = "needs the tools of scripts/forms-oracle.sh"]
fn the_same_forms_mean_the_same() {
    let python = python();
    let folder = folder("oracle");
    let mut samples = support::samples();
    assert!(samples.len() >= 40, "forms of our own making: {}", samples.len());
    samples.extend((0..40).map(generated::sample));
    let mut refused = Vec::new();
    for sample in &samples {
        let bytes = spreadsheets::to_xlsx(&sample.workbook);
        let workbook = Workbook::open(&bytes).expect("we wrote it");
        let outcome = xlsform::read(&workbook, &sample.name);
        let Some(form) = outcome.form else {
            refused.push(format!("{}:\n{}", sample.name, listed(&outcome.problems)));
            continue;
        };
        std::fs::write(folder.join(format!("{}.xlsx", sample.name)), bytes).expect("the folder is there");
        std::fs::write(folder.join(format!("{}.xml", sample.name)), form.to_xform()).expect("the folder is there");
    }
    refused.extend(as_csv(&folder));
    assert!(refused.is_empty(), "{}", refused.join("\n"));
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/../../scripts/forms-oracle.py");
    let status = Command::new(python).arg(script).arg(&folder).status().expect("the script runs");
    assert!(status.success(), "see above");
}

// Forms that come as CSV: those of `tests/forms/household.md`, and the ones that the packs bring.
fn as_csv(folder: &std::path::Path) -> Vec<String> {
    let written = support::samples().into_iter().filter(|sample| sample.name == "household-visit");
    let mut files: Vec<(String, Vec<u8>)> =
        written.map(|sample| (sample.name, commas::to_csv(&sample.workbook).into_bytes())).collect();
    let packs = std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/../../packs")).expect("the packs are there");
    let forms = packs.flatten().filter_map(|pack| std::fs::read_dir(pack.path().join("forms")).ok()).flatten().flatten();
    for file in forms.map(|form| form.path()).filter(|path| path.extension().is_some_and(|end| end == "csv")) {
        let name = file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        files.push((name, std::fs::read(&file).expect("it can be read")));
    }
    assert!(files.len() > 2, "the packs bring forms");
    let mut refused = Vec::new();
    for (name, bytes) in files {
        let workbook = Workbook::from_csv(&bytes).expect("it is CSV");
        let outcome = xlsform::read(&workbook, &name);
        let Some(form) = outcome.form else {
            refused.push(format!("{name}:\n{}", listed(&outcome.problems)));
            continue;
        };
        std::fs::write(folder.join(format!("csv-{name}.csv")), bytes).expect("the folder is there");
        std::fs::write(folder.join(format!("csv-{name}.xml")), form.to_xform()).expect("the folder is there");
    }
    refused
}

#[test]
#[ignore = "needs the tools of scripts/forms-oracle.sh"]
fn old_spreadsheets_say_the_same_as_new_ones() {
    let python = python();
    let folder = folder("old");
    for sample in support::samples() {
        std::fs::write(folder.join(format!("{}.xlsx", sample.name)), spreadsheets::to_xlsx(&sample.workbook))
            .expect("the folder is there");
    }
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/../../scripts/forms-oracle.py");
    let status = Command::new(python).args([script, "--to-xls"]).arg(&folder).status().expect("the script runs");
    assert!(status.success(), "see above");
    for sample in support::samples() {
        // Whatever it is called: what is in it counts.
        let old = std::fs::read(folder.join(format!("{}.xls", sample.name))).expect("the script wrote it");
        let new = std::fs::read(folder.join(format!("{}.xlsx", sample.name))).expect("we wrote it");
        assert_eq!(Workbook::open(&old), Workbook::open(&new), "{}", sample.name);
    }
}

fn listed(problems: &[xforms::problem::Problem]) -> String {
    problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

fn folder(name: &str) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).expect("the target folder can be written");
    folder
}

#[expect(clippy::disallowed_methods, reason = "a test has no settings")]
fn python() -> String {
    std::env::var("FORMS_ORACLE_PYTHON").expect("scripts/forms-oracle.sh says where the tools are")
}
