//! Files made to harm: refused within bounds of time and memory.
mod spreadsheets;
mod support;

use std::io::{Cursor, Write};

use rust_xlsxwriter::Workbook as Xlsx;
use xforms::xlsform::{Limits, Sheet, Workbook, WorkbookError};
use xforms::{xform, xlsform};

#[test]
fn a_packed_bomb_is_refused() {
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    archive.start_file("xl/sharedStrings.xml", zip::write::SimpleFileOptions::default()).expect("it begins");
    let block = vec![b' '; 1 << 20];
    for _ in 0..12 {
        archive.write_all(&block).expect("it fits");
    }
    let bytes = archive.finish().expect("it ends").into_inner();
    assert!(bytes.len() < 1 << 20);
    let limits = Limits { unpacked: 8 << 20, ..Limits::default() };
    assert_eq!(Workbook::open_within(&bytes, limits), Err(WorkbookError::TooMuch("parts")));
}

#[test]
fn a_cell_far_away_asks_for_no_memory() {
    for (row, column, what) in [(1_048_575, 0, "rows"), (0, 16_383, "columns")] {
        let mut file = Xlsx::new();
        let page = file.add_worksheet();
        page.write(0, 0, "type").expect("it fits");
        page.write(row, column, "x").expect("it fits");
        let bytes = file.save_to_buffer().expect("it fits in memory");
        assert_eq!(Workbook::open(&bytes), Err(WorkbookError::TooMuch(what)));
    }
}

#[test]
fn one_text_in_many_cells_is_counted_each_time() {
    let mut file = Xlsx::new();
    let page = file.add_worksheet();
    let text = "x".repeat(30_000);
    for row in 0..3_000 {
        page.write(row, 0, &text).expect("it fits");
    }
    let bytes = file.save_to_buffer().expect("it fits in memory");
    assert_eq!(Workbook::open(&bytes), Err(WorkbookError::TooMuch("texts")));
}

#[test]
fn what_is_no_spreadsheet_is_refused() {
    assert_eq!(Workbook::open(b""), Err(WorkbookError::NotASpreadsheet));
    assert_eq!(Workbook::open(b"type,name\ntext,a\n"), Err(WorkbookError::NotASpreadsheet));
    assert!(matches!(Workbook::open(b"PK\x03\x04rubbish"), Err(WorkbookError::Damaged(_))));
    let mut compound = vec![0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1];
    compound.resize(2_000, 0xff);
    assert!(matches!(Workbook::open(&compound), Err(WorkbookError::Damaged(_))));
    let small = Limits { bytes: 10, ..Limits::default() };
    assert_eq!(Workbook::open_within(b"PK\x03\x04 and more", small), Err(WorkbookError::TooMuch("bytes")));
}

fn survey(rows: Vec<Vec<&str>>) -> Workbook {
    let rows = (1..).zip(rows.into_iter().map(|row| row.into_iter().map(str::to_owned).collect())).collect();
    Workbook { sheets: vec![Sheet { name: "survey".to_owned(), rows }] }
}

#[test]
fn groups_in_groups_without_end_are_refused() {
    let mut rows = vec![vec!["type", "name", "label"]];
    rows.extend((0..50_000).map(|_| vec!["begin group", "g", "G"]));
    let outcome = xlsform::read(&survey(rows), "deep");
    assert!(outcome.form.is_none());
    assert!(outcome.problems.iter().any(|problem| problem.code == "too-deep"));
    assert!(outcome.problems.len() <= 500);
}

#[test]
fn a_sheet_of_nonsense_gives_a_bounded_list() {
    let mut rows = vec![vec!["type", "name", "label", "relevant"]];
    let long = "${".repeat(10_000);
    rows.extend((0..2_000).map(|_| vec!["\u{0}\u{fffe}", "1 2", "${", "${a b} ${"]));
    rows.push(vec!["text", "a", long.as_str(), long.as_str()]);
    let outcome = xlsform::read(&survey(rows), "nonsense");
    assert!(outcome.form.is_none());
    assert!(outcome.problems.len() <= 500);
}

#[test]
fn hostile_xforms_are_refused() {
    let bomb = "<!DOCTYPE lolz [<!ENTITY lol \"lol\"><!ENTITY lol2 \"&lol;&lol;&lol;\">]><h:html>&lol2;</h:html>";
    let outside = "<!DOCTYPE x SYSTEM \"file:///etc/passwd\"><html/>";
    let deep = format!("<html>{}", "<group>".repeat(1_000_000));
    let wide = format!("<html>{}</html>", "<a/>".repeat(600_000));
    let attributes = format!("<html {}/>", (0..500).map(|n| format!("a{n}='' ")).collect::<String>());
    for text in [
        bomb,
        outside,
        &deep,
        &wide,
        &attributes,
        "",
        "<html/>",
        "not xml",
        "<a></b>",
        "<html><head><model/></head><body/></html>",
    ] {
        let outcome = xform::read(text);
        assert!(outcome.form.is_none(), "{}", text.chars().take(60).collect::<String>());
        assert!(!outcome.problems.is_empty());
    }
}

#[test]
fn a_form_cut_off_anywhere_breaks_nothing() {
    for sample in support::samples().into_iter().step_by(9) {
        let form = xlsform::read(&sample.workbook, &sample.name).form.expect("it is right");
        let xml = form.to_xform();
        for at in (0..xml.len()).step_by(1997).filter(|&at| xml.is_char_boundary(at)) {
            assert!(xform::read(&xml[..at]).form.is_none());
        }
        let bytes = spreadsheets::to_xlsx(&sample.workbook);
        for at in (0..bytes.len()).step_by(2029) {
            // Cut short, and with one byte changed: refused or read, never more.
            let _ = Workbook::open(&bytes[..at]);
            let mut changed = bytes.clone();
            changed[at] ^= 0x55;
            if let Ok(workbook) = Workbook::open(&changed) {
                let _ = xlsform::read(&workbook, "changed");
            }
        }
    }
}

// Twice as much takes about twice as long, not four times; the runner ends a test that takes minutes.
#[test]
fn wide_forms_are_read_in_time() {
    let mut rows = vec![vec!["type".to_owned(), "name".to_owned(), "label".to_owned(), "relevant".to_owned()]];
    rows.extend((0..6_000).map(|n| vec!["text".to_owned(), format!("q{n}"), "Q".to_owned(), format!("${{q{}}} = 1", n / 2)]));
    rows.extend((0..6_000).map(|n| vec!["text".to_owned(), format!("r{n}"), "R".to_owned(), "${unknown} = 1".to_owned()]));
    let mut lists = vec![vec!["list_name".to_owned(), "name".to_owned(), "label".to_owned()]];
    lists.extend((0..6_000).map(|n| vec![format!("l{n}"), "x".to_owned(), "X".to_owned()]));
    let sheet = |name: &str, rows: Vec<Vec<String>>| Sheet { name: name.to_owned(), rows: (1..).zip(rows).collect() };
    let outcome = xlsform::read(&Workbook { sheets: vec![sheet("survey", rows), sheet("choices", lists)] }, "wide");
    assert!(outcome.problems.len() == 500);

    let many = |text: &dyn Fn(usize) -> String| (0..12_000).map(text).collect::<String>();
    let xml = format!(
        "<h:html xmlns:h=\"h\"><h:head><model><instance><d id=\"f\">{}</d></instance>{}</model></h:head><h:body>{}</h:body></h:html>",
        many(&|n| format!("<q{n}/>")),
        many(&|n| format!("<bind nodeset=\"/d/q{n}\"/>")),
        many(&|n| format!("<input ref=\"/d/q{n}\"><label>Q</label></input>"))
    );
    assert!(xform::read(&xml).form.is_some());
}

#[test]
fn names_and_languages_do_not_multiply() {
    let name = "n".repeat(100_000);
    let long = format!("<h:html><{name}>{}</{name}></h:html>", "<a/>".repeat(1_000));
    assert!(xform::read(&long).form.is_none());
    let outcome = xlsform::read(
        &survey(vec![vec!["type", "name", "label"], vec!["begin group", &name, "G"], vec!["end group", "", ""]]),
        "long",
    );
    assert!(outcome.form.is_none());
    let headings: Vec<String> = (0..60).map(|n| format!("label::l{n}")).collect();
    let mut columns = vec!["type", "name"];
    columns.extend(headings.iter().map(String::as_str));
    let mut cells = vec!["text", "a"];
    cells.extend(headings.iter().map(String::as_str));
    let outcome = xlsform::read(&survey(vec![columns, cells]), "babel");
    assert!(outcome.problems.iter().any(|problem| problem.code == "too-large"));
}
