//! Forms as small tables in text.
use xforms::xlsform::Workbook;

/// A form of `tests/forms`.
pub struct Sample {
    pub name: String,
    pub workbook: Workbook,
}

/// All forms of `tests/forms`, in order.
pub fn samples() -> Vec<Sample> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/forms");
    let mut files: Vec<_> = std::fs::read_dir(folder).expect("the folder is there").flatten().map(|entry| entry.path()).collect();
    files.sort();
    files.iter().flat_map(|file| parse(&std::fs::read_to_string(file).expect("it is text"))).collect()
}

/// Forms below `## name` headings.
pub fn parse(text: &str) -> Vec<Sample> {
    text.split("\n## ")
        .skip(1)
        .filter_map(|part| part.split_once('\n'))
        .map(|(name, tables)| Sample { name: name.trim().to_owned(), workbook: Workbook::from_tables(tables) })
        .collect()
}
