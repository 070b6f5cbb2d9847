//! What the fuzz targets run, on a stable compiler: over their seeds and some thousand changes of them, the same ones each time. To look further
//! takes a nightly compiler; see `fuzz/Cargo.toml`.
#[path = "../fuzz/src/lib.rs"]
mod bodies;
mod spreadsheets;
mod support;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use xforms::instance::Extent;
use xforms::xlsform;

// What means something to one of the readers.
const TOKENS: &[&str] = &[
    "<",
    ">",
    "/>",
    "</",
    "&",
    "&lt;",
    "<!DOCTYPE x [",
    "\"",
    "'",
    "|",
    "\n",
    "${",
    "}",
    "(",
    ")",
    "[",
    "]",
    "/",
    "//",
    "..",
    "::",
    "*",
    "-",
    " and ",
    " div ",
    "not(",
    "current()",
    "1e309",
    "\u{0}",
    "بيت",
    "begin_repeat",
    "end_group",
    "select_one ",
    "PK\u{3}\u{4}",
];

// The generator "splitmix64".
struct Chance(u64);

impl Chance {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ self.0 >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((mixed ^ mixed >> 31) % bound as u64) as usize
    }
}

// One of the seeds with a few things cut out, repeated, turned, put in, or brought from another.
fn changed(chance: &mut Chance, seeds: &[Vec<u8>]) -> Vec<u8> {
    let mut bytes = seeds[chance.below(seeds.len())].clone();
    for _ in 0..=chance.below(4) {
        let at = chance.below(bytes.len() + 1);
        let end = (at + chance.below(24)).min(bytes.len());
        let put_in = match chance.below(5) {
            0 => {
                bytes.drain(at..end);
                Vec::new()
            }
            1 => bytes[at..end].to_vec(),
            2 => TOKENS[chance.below(TOKENS.len())].as_bytes().to_vec(),
            3 => {
                let other = &seeds[chance.below(seeds.len())];
                let from = chance.below(other.len() + 1);
                other[from..(from + 200).min(other.len())].to_vec()
            }
            _ => {
                let bit = 1 << chance.below(8);
                bytes.iter_mut().skip(at).take(1).for_each(|byte| *byte ^= bit);
                Vec::new()
            }
        };
        bytes.splice(at..at, put_in);
    }
    bytes
}

// Runs it over the seeds and so many changes; what it breaks on is told.
fn over(seeds: &[Vec<u8>], changes: usize, body: fn(&[u8])) {
    assert!(!seeds.is_empty());
    let mut chance = Chance(7);
    let all = seeds.iter().cloned().map(Some).chain((0..changes).map(|_| None));
    for input in all {
        let input = input.unwrap_or_else(|| changed(&mut chance, seeds));
        let ended = catch_unwind(AssertUnwindSafe(|| body(&input)));
        assert!(ended.is_ok(), "it broke on:\n{}", String::from_utf8_lossy(&input));
    }
}

// The forms of `tests/forms` as XForm, and a copy of each before anything is answered.
fn xforms() -> Vec<String> {
    let samples = support::samples();
    let forms = samples.iter().step_by(3).filter_map(|sample| xlsform::read(&sample.workbook, &sample.name).form);
    forms.flat_map(|form| [form.to_xform(), form.template.to_xml(Extent::Everything)]).collect()
}

fn bytes(texts: impl IntoIterator<Item = String>) -> Vec<Vec<u8>> {
    texts.into_iter().map(String::into_bytes).collect()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[test]
fn expressions() {
    let plain = |text: &str| text.replace("&lt;", "<").replace("&gt;", ">").replace("&apos;", "'").replace("&amp;", "&");
    let quoted: Vec<String> = xforms().iter().flat_map(|form| form.split('"').map(plain).collect::<Vec<_>>()).collect();
    let is_one = |text: &String| text.len() < 400 && text.contains(['/', '(', '=']) && !text.contains("\n<");
    let seeds = bytes(quoted.into_iter().filter(is_one));
    over(&seeds, 5_000, |input| bodies::expression(&text(input)));
}

#[test]
fn tables() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/forms");
    let mut files: Vec<_> = std::fs::read_dir(folder).expect("the folder is there").flatten().map(|file| file.path()).collect();
    files.sort();
    let whole = files.iter().map(|file| std::fs::read_to_string(file).expect("it is text"));
    let forms: Vec<String> = whole.flat_map(|all| all.split("\n## ").skip(1).map(str::to_owned).collect::<Vec<_>>()).collect();
    let seeds = bytes(forms.into_iter().filter(|form| form.len() < 2_000));
    over(&seeds, 1_000, |input| bodies::tables(&text(input)));
}

#[test]
fn xforms_and_submissions() {
    let seeds = bytes(xforms().into_iter().filter(|form| form.len() < 6_000));
    over(&seeds, 1_000, |input| bodies::xform(&text(input)));
}

#[test]
fn spreadsheets_of_any_bytes() {
    let samples = support::samples();
    let seeds: Vec<Vec<u8>> = samples.iter().step_by(9).map(|sample| spreadsheets::to_xlsx(&sample.workbook)).collect();
    over(&seeds, 500, bodies::xlsform);
}

#[test]
fn each_target_is_one_line_around_what_runs_here() {
    let fuzz = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz");
    let manifest = std::fs::read_to_string(fuzz.join("Cargo.toml")).expect("it is text");
    let mut targets: Vec<String> = Vec::new();
    for file in std::fs::read_dir(fuzz.join("fuzz_targets")).expect("the folder is there").flatten() {
        let name = file.path().file_stem().and_then(|stem| stem.to_str()).expect("a name").to_owned();
        let code = std::fs::read_to_string(file.path()).expect("it is text");
        let last = code.lines().last().unwrap_or_default();
        assert!(last.starts_with("libfuzzer_sys::fuzz_target!(|"), "{name}: {last}");
        assert!(last.contains(&format!("| xforms_fuzz::{name}(")), "{name}: {last}");
        assert!(manifest.contains(&format!("path = \"fuzz_targets/{name}.rs\"")), "{name} is no target in fuzz/Cargo.toml");
        targets.push(name);
    }
    targets.sort();
    assert_eq!(targets, ["expression", "tables", "xform", "xlsform"], "whoever adds a target runs its body here");
}
