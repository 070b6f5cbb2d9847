//! What each fuzz target runs over whatever it is given. `crates/xforms/tests/fuzz.rs` runs the same on a stable compiler, in each test run.
use xforms::instance::{Extent, Instance};
use xforms::xlsform::{self, Workbook};
use xforms::{xform, xpath};

/// Any text as an expression.
pub fn expression(text: &str) {
    let _ = xpath::parse(text);
}

/// Any text as the tables of a workbook: past the packing, right into what is written in the cells.
pub fn tables(text: &str) {
    let workbook = Workbook::from_tables(text);
    if let Some(form) = xlsform::read(&workbook, "fuzz").form {
        // What we write we can read, nothing of it is lost, and from then on it stays the same. An element that is empty and asks nothing, such as an empty
        // group, is read as a hidden text: its bind comes in addition.
        let read = |xml: &str| xform::read(xml).form.expect("our own XForm is read").to_xform();
        let xml = form.to_xform();
        let once = read(&xml);
        assert_eq!(read(&once), once);
        let (written, kept) = (shown(&xml), shown(&once));
        let mut lines = kept.lines();
        for line in written.lines() {
            assert!(lines.any(|kept| kept == line), "{line}\nis lost from\n{xml}");
        }
    }
}

// Without the texts that nothing shows, such as the label of an audit: pyxform writes them, and no reader has a place for them.
fn shown(xml: &str) -> String {
    let mut whole = String::new();
    let mut rest = xml;
    while let Some((before, from)) = rest.split_once("<text id=\"") {
        let (id, _) = from.split_once('"').expect("a text has a name");
        let (text, after) = from.split_once("</text>\n").expect("a text ends");
        whole.push_str(before);
        if xml.contains(&format!("jr:itext('{id}')")) || xml.contains(&format!("<itextId>{id}</itextId>")) {
            whole.extend(["<text id=\"", text, "</text>\n"]);
        }
        rest = after;
    }
    whole + rest
}

/// Any text as an XForm and as a submission.
pub fn xform(text: &str) {
    if let Some(form) = xform::read(text).form {
        let _ = form.to_xform();
    }
    if let Ok(instance) = Instance::read(text) {
        let once = instance.to_xml(Extent::Everything);
        let twice = Instance::read(&once).expect("our own XML is read").to_xml(Extent::Everything);
        assert_eq!(once, twice);
    }
}

/// Any bytes as a spreadsheet.
pub fn xlsform(bytes: &[u8]) {
    if let Ok(workbook) = Workbook::open(bytes) {
        let _ = xlsform::read(&workbook, "fuzz");
    }
}
