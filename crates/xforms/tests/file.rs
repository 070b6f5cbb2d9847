//! A form in whatever file: what is in it counts, not what it is called.
mod spreadsheets;
mod support;

use xforms::file;

#[test]
fn a_form_is_known_by_what_is_in_its_file() {
    let sample = support::samples().remove(0);
    let read = file::read("form.csv", &spreadsheets::to_xlsx(&sample.workbook));
    let form = read.form.expect("a spreadsheet");
    let again = file::read("form.xlsx", form.to_xform().as_bytes()).form.expect("an XForm");
    assert_eq!((again.id, again.title), (form.id, form.title), "{}", sample.name);
    let no_workbook = file::read("visit.xlsx", b"Dear all,\nplease find the form attached.\n");
    assert_eq!(no_workbook.problems[0].what, "The file is neither .xlsx nor .xls.");
    let plain = file::read("visit.txt", b"survey,type,name,label\n,text,a,A\n").form.expect("CSV");
    assert_eq!(plain.id, "visit");
}

#[test]
fn what_can_not_be_read_is_a_problem_with_a_remedy() {
    for (bytes, what) in [
        (b"survey,\xff".as_slice(), "The file is not UTF-8."),
        (b"<h:html \xff", "The file is not UTF-8."),
        (b"survey,type\n,\"text", "A cell in row 2 begins with a quotation mark and never ends."),
        (b"", "The workbook has no sheet `survey`."),
    ] {
        let read = file::read("form.csv", bytes);
        assert!(read.form.is_none());
        let problem = &read.problems[0];
        assert!(problem.what == what && problem.remedy.ends_with('.'), "{problem}");
    }
}
