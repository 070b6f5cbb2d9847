//! Spreadsheets made of tables.
use rust_xlsxwriter::Workbook as Xlsx;
use xforms::xlsform::Workbook;

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
