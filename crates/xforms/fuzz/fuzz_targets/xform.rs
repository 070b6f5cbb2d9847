//! Any text as an XForm and as a submission.
#![no_main]
use libfuzzer_sys::fuzz_target;
use xforms::instance::{Extent, Instance};
use xforms::xform;

fuzz_target!(|text: &str| {
    if let Some(form) = xform::read(text).form {
        let _ = form.to_xform();
    }
    if let Ok(instance) = Instance::read(text) {
        let once = instance.to_xml(Extent::Everything);
        let twice = Instance::read(&once).expect("our own XML is read").to_xml(Extent::Everything);
        assert_eq!(once, twice);
    }
});
