//! See `src/lib.rs`.
#![no_main]

libfuzzer_sys::fuzz_target!(|text: &str| xforms_fuzz::xform(text));
