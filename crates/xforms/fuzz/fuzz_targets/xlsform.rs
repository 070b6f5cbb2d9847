//! See `src/lib.rs`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| xforms_fuzz::xlsform(bytes));
