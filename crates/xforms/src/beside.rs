//! Files beside a form, read as instances: lists of choices as CSV or XML.
//!
//! Both the server and browsers read them here, so that both know the same choices.
use crate::instance::{Bounds, Instance};
use crate::xml::is_name;

/// The most rows that are read of a list.
const MOST_ROWS: usize = 100_000;

/// Reads the file at an address such as `jr://file-csv/places.csv` or `jr://file/places.xml`; nothing if it is neither CSV nor XML, or
/// can't be read. A row of CSV is `/root/item`, with an element for each column that has a name.
pub fn read(address: &str, text: &str) -> Option<Instance> {
    if text.len() > Bounds::FORM.bytes {
        return None;
    }
    if address.to_ascii_lowercase().ends_with(".csv") {
        return Some(rows_as_items(text));
    }
    Instance::read_within(text, Bounds::FORM).ok()
}

fn rows_as_items(text: &str) -> Instance {
    let mut tree = Instance::new("root");
    let mut rows = Rows { rest: text.strip_prefix('\u{feff}').unwrap_or(text) };
    let names: Vec<String> = rows.next().unwrap_or_default().iter().map(|name| name.trim().to_owned()).collect();
    for row in rows.filter(|row| row.iter().any(|cell| !cell.is_empty())).take(MOST_ROWS) {
        let root = tree.root();
        let item = tree.add(root, "item");
        for (name, cell) in names.iter().zip(&row).filter(|(name, _)| is_name(name)) {
            let element = tree.add(item, name);
            tree.set_text(element, cell);
        }
    }
    tree
}

// Rows of CSV as RFC 4180 has them; a quote that is never closed reaches to the end.
struct Rows<'t> {
    rest: &'t str,
}

impl Iterator for Rows<'_> {
    type Item = Vec<String>;

    fn next(&mut self) -> Option<Vec<String>> {
        if self.rest.is_empty() {
            return None;
        }
        let (mut row, mut cell, mut quoted) = (Vec::new(), String::new(), false);
        let mut letters = self.rest.char_indices().peekable();
        while let Some((at, letter)) = letters.next() {
            match letter {
                '"' if quoted && letters.peek().is_some_and(|(_, next)| *next == '"') => {
                    letters.next();
                    cell.push('"');
                }
                '"' if quoted || cell.is_empty() => quoted = !quoted,
                ',' if !quoted => row.push(std::mem::take(&mut cell)),
                '\r' if !quoted && letters.peek().is_some_and(|(_, next)| *next == '\n') => {}
                '\n' | '\r' if !quoted => {
                    self.rest = &self.rest[at + letter.len_utf8()..];
                    row.push(cell);
                    return Some(row);
                }
                other => cell.push(other),
            }
        }
        self.rest = "";
        row.push(cell);
        Some(row)
    }
}

#[cfg(test)]
mod tests {
    use super::read;
    use crate::instance::Extent;

    fn items(text: &str) -> String {
        let tree = read("jr://file-csv/towns.csv", text).expect("a list");
        let xml = tree.to_xml(Extent::Everything);
        xml.split_once("<root").map(|(_, rest)| format!("<root{rest}")).unwrap_or_default()
    }

    #[test]
    fn each_row_is_an_item_with_its_columns() {
        let text = "\u{feff}name,label\r\nzarqa,\"Zarqa, old town\"\r\n\r\nirbid,\"the \"\"bride\"\"\nof the north\"";
        assert_eq!(
            items(text),
            "<root><item><name>zarqa</name><label>Zarqa, old town</label></item>\
             <item><name>irbid</name><label>the \"bride\"\nof the north</label></item></root>"
        );
    }

    #[test]
    fn a_column_without_a_proper_name_and_cells_without_a_column_are_left_out() {
        assert_eq!(items("name,,2nd\na,b,c,d\n"), "<root><item><name>a</name></item></root>");
    }

    #[test]
    fn what_is_no_list_is_refused_or_empty() {
        assert_eq!(items(""), "<root/>");
        assert_eq!(items("\"never closed"), "<root/>");
        assert!(read("jr://file/towns.xml", "<root><item>").is_none());
        assert!(read("jr://file/towns.geojson", "{}").is_none());
    }
}
