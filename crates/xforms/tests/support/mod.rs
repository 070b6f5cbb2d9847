//! Forms as small tables in text, and workbooks made of them.
use rust_xlsxwriter::Workbook as Xlsx;
use xforms::xlsform::{Sheet, Workbook};

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

/// Reads `## name` headings and the tables below them. The first cell of a row names the sheet that begins there.
pub fn parse(text: &str) -> Vec<Sample> {
    let mut samples: Vec<Sample> = Vec::new();
    for line in text.lines() {
        if let Some(name) = line.strip_prefix("## ") {
            samples.push(Sample { name: name.trim().to_owned(), workbook: Workbook::default() });
            continue;
        }
        let (Some(sample), Some(row)) = (samples.last_mut(), line.strip_prefix('|')) else { continue };
        let cells: Vec<String> = row.trim_end().trim_end_matches('|').split('|').map(|cell| cell.trim().to_owned()).collect();
        let sheets = &mut sample.workbook.sheets;
        if !cells[0].is_empty() {
            sheets.push(Sheet { name: cells[0].clone(), rows: Vec::new() });
        } else if let Some(sheet) = sheets.last_mut() {
            let number = u32::try_from(sheet.rows.len()).expect("it is small") + 1;
            sheet.rows.push((number, cells[1..].to_vec()));
        }
    }
    samples
}

/// One form from rows of `|`-separated cells.
pub fn workbook(text: &str) -> Workbook {
    let lines: Vec<&str> = text.lines().map(str::trim).collect();
    parse(&format!("## form\n{}", lines.join("\n"))).remove(0).workbook
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
