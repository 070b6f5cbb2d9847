//! Forms as small tables in text, and workbooks made of them.
use rust_xlsxwriter::Workbook as Xlsx;
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

/// It as an .xlsx.
pub fn to_xlsx(workbook: &Workbook) -> Vec<u8> {
    let mut file = Xlsx::new();
    for sheet in &workbook.sheets {
        let page = file.add_worksheet();
        page.set_name(&sheet.name).expect("it is a name");
        for (row, cells) in &sheet.rows {
            for (column, cell) in cells.iter().enumerate().filter(|(_, cell)| !cell.is_empty()) {
                page.write(row - 1, u16::try_from(column).expect("it is small"), cell.as_str()).expect("it fits");
            }
        }
    }
    file.save_to_buffer().expect("it fits in memory")
}
