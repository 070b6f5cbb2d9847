//! XLSForms written as CSV: the same forms and the same problems, told by the rows of the file.
mod commas;
mod support;

use xforms::xlsform::{self, CsvError, Workbook};

fn open(text: &str) -> Workbook {
    Workbook::from_csv(text.as_bytes()).expect("it is CSV")
}

// Code, sheet and row of each.
fn told(workbook: &Workbook) -> Vec<String> {
    let problems = xlsform::read(workbook, "form").problems;
    problems.iter().map(|problem| format!("{} {} {}", problem.code, problem.place.sheet, problem.place.row)).collect()
}

#[test]
fn every_form_means_the_same_as_csv() {
    for sample in support::samples() {
        let written = commas::to_csv(&sample.workbook);
        let (there, back) = (xlsform::read(&sample.workbook, "f"), xlsform::read(&open(&written), "f"));
        let xform = |outcome: xlsform::Outcome| outcome.form.map(|form| form.to_xform());
        assert_eq!(xform(back), xform(there), "{}", sample.name);
    }
}

#[test]
fn problems_are_told_by_the_rows_of_the_file() {
    let text = "survey,type,name,label\n,txt,a,A\n\n,\"select_one l\",b,\"two\nlines\"\n,text,c d,C\nchoices\n,list_name,name,lable\n,l,1,One\n\
                settings,form_id,form_titel\n,f,F\n,f,F\n";
    assert_eq!(
        told(&open(text)),
        [
            "unknown-type survey 2",
            "bad-name survey 5",
            "no-choice-label choices 8",
            "unknown-column settings 9",
            "second-settings settings 11"
        ]
    );
}

#[test]
fn a_sheet_begins_beside_its_headings_or_above_them_and_may_go_on_later() {
    let text = "survey,type,name,label\n,text,a,A\nsettings\n,form_id\n,f\nsurvey,label,hint,type,name\n,B,H,text,b\n";
    let outcome = xlsform::read(&open(text), "x");
    let form = outcome.form.expect("it is a form");
    let names: Vec<&str> = form.body.iter().map(|node| node.name.as_str()).collect();
    assert_eq!((form.id.as_str(), names.as_slice()), ("f", ["a", "b", "meta"].as_slice()));
    assert_eq!(form.body[1].hint.in_language(0).expect("a hint").outline(), "H");
}

#[test]
fn spreadsheets_write_csv_in_several_ways() {
    let plain = "survey,type,name,label\n,text,a,\"A, \"\"b\"\"\"\n";
    let expected = open(plain);
    for text in [
        plain.replace('\n', "\r\n"),
        format!("\u{feff}{plain}"),
        "survey;type;name;label\n;text;a;\"A, \"\"b\"\"\"\n".to_owned(),
        "survey\ttype\tname\tlabel\n\ttext\ta\tA, \"b\"\n".to_owned(),
        format!("{},,\n,,,,,\n", plain.trim_end()),
    ] {
        assert_eq!(open(&text), expected, "{text:?}");
    }
}

#[test]
fn what_is_no_csv_or_far_too_much_is_refused() {
    assert_eq!(Workbook::from_csv(b"survey,\xff"), Err(CsvError::NotText));
    assert_eq!(Workbook::from_csv(b"survey,type\n,\"text\n,more"), Err(CsvError::OpenQuote(2)));
    assert_eq!(Workbook::from_csv(format!("survey{}x", ",".repeat(600)).as_bytes()), Err(CsvError::TooMuch("columns")));
    assert_eq!(Workbook::from_csv("\n".repeat(200_001).as_bytes()), Err(CsvError::TooMuch("rows")));
    let sheets: String = (0..65).map(|number| format!("sheet{number},type\n")).collect();
    assert_eq!(Workbook::from_csv(sheets.as_bytes()), Err(CsvError::TooMuch("sheets")));
    assert!(told(&open("")).contains(&"no-survey survey 0".to_owned()));
}
