//! Any bytes as a spreadsheet.
#![no_main]
use libfuzzer_sys::fuzz_target;
use xforms::xlsform::{self, Workbook};

fuzz_target!(|bytes: &[u8]| {
    if let Ok(workbook) = Workbook::open(bytes) {
        let _ = xlsform::read(&workbook, "fuzz");
    }
});
