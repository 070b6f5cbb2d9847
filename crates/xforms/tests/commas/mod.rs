//! CSV made of tables.
use xforms::xlsform::Workbook;

/// It as one CSV file: the name of each sheet stands beside its headings.
pub fn to_csv(workbook: &Workbook) -> String {
    let quoted = |text: &String| {
        if text.contains([',', '"', '\n']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text.clone() }
    };
    let mut text = String::new();
    for sheet in &workbook.sheets {
        for (at, (_, cells)) in sheet.rows.iter().enumerate() {
            let name = if at == 0 { sheet.name.as_str() } else { "" };
            let line: Vec<String> = cells.iter().map(quoted).collect();
            text.push_str(&format!("{name},{}\n", line.join(",")));
        }
    }
    text
}
