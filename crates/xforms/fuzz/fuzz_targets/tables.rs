//! Any text as the tables of a workbook: past the packing, right into what is written in the cells.
#![no_main]
use libfuzzer_sys::fuzz_target;
use xforms::{xform, xlsform};

fuzz_target!(|text: &str| {
    let workbook = xlsform::Workbook::from_tables(text);
    if let Some(form) = xlsform::read(&workbook, "fuzz").form {
        let xml = form.to_xform();
        // What we write we can read, and it stays the same.
        let again = xform::read(&xml).form.expect("our own XForm is read");
        assert_eq!(again.to_xform(), xml);
    }
});
