//! Our XForms beside those of another converter, and before the validator that field clients trust.
//! Runs where `scripts/forms-oracle.sh` has put the tools; says so and passes elsewhere.
mod generated;
mod spreadsheets;
mod support;

use std::path::PathBuf;
use std::process::Command;

use xforms::xlsform::{self, Workbook};

#[test]
fn the_same_forms_mean_the_same() {
    let Some(python) = tool("FORMS_ORACLE_PYTHON") else {
        println!("not run: scripts/forms-oracle.sh gets the tools ready");
        return;
    };
    let folder = folder("oracle");
    let mut samples = support::samples();
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
    assert!(refused.is_empty(), "{}", refused.join("\n"));
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/../../scripts/forms-oracle.py");
    let status = Command::new(python).arg(script).arg(&folder).status().expect("the script runs");
    assert!(status.success(), "see above");
}

#[test]
fn old_spreadsheets_say_the_same_as_new_ones() {
    let Some(python) = tool("FORMS_ORACLE_PYTHON") else {
        println!("not run: scripts/forms-oracle.sh gets the tools ready");
        return;
    };
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
fn tool(name: &str) -> Option<String> {
    std::env::var(name).ok()
}
