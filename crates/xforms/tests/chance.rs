//! Forms and files made by chance: whatever is in them, the readers end and what is written can be read.
use proptest::prelude::{Strategy, any, prop, prop_oneof, proptest};
use proptest::sample::select;
use xforms::instance::{Extent, Instance};
use xforms::xform;
use xforms::xlsform::{self, Sheet, Workbook};

const HEADINGS: &[&str] = &[
    "type",
    "name",
    "label",
    "label::en",
    "label::ar",
    "hint",
    "guidance_hint::en",
    "image",
    "relevant",
    "constraint",
    "constraint_message::ar",
    "required",
    "calculation",
    "default",
    "trigger",
    "appearance",
    "parameters",
    "choice_filter",
    "repeat_count",
    "save_to",
    "bind::x",
    "other",
];

const TYPES: &[&str] = &[
    "text",
    "integer",
    "note",
    "calculate",
    "begin group",
    "end group",
    "begin repeat",
    "end repeat",
    "select_one l",
    "select_multiple l or_other",
    "select_one ${a}",
    "select_one_from_file f.csv",
    "rank l",
    "range",
    "image",
    "audit",
    "start",
    "hidden",
    "csv-external",
    "geopoint",
    "background-audio",
    "background-geopoint",
    "select_one_external l",
    "nonsense",
];

const CELLS: &[&str] = &[
    "a",
    "b",
    "c",
    "a b",
    "${a}",
    "${b} + 1",
    "${a",
    "yes",
    "no",
    "1",
    "now()",
    "position(..)",
    "indexed-repeat(${a}, ${b}, 1)",
    ". > 1",
    "instance('l')/root/item[name = ${a}]/x",
    "${last-saved#a}",
    "table-list",
    "field-list",
    "randomize=true",
    "seed=1",
    "start=1 end=0",
    "<&>'\"",
    "اسم",
    "pulldata('f', 'a', 'b', ${a})",
    "-",
    "",
    "",
    "",
];

fn cell() -> impl Strategy<Value = String> {
    prop_oneof![8 => select(CELLS).prop_map(str::to_owned), 1 => any::<String>()]
}

fn survey() -> impl Strategy<Value = Vec<Vec<String>>> {
    let row = (select(TYPES), select(&["a", "b", "c", "d", "e", "f", ""][..]), prop::collection::vec(cell(), HEADINGS.len() - 2));
    prop::collection::vec(row, 0..14).prop_map(|rows| {
        let mut all = vec![HEADINGS.iter().map(|heading| (*heading).to_owned()).collect()];
        all.extend(rows.into_iter().map(|(kind, name, cells)| [vec![kind.to_owned(), name.to_owned()], cells].concat()));
        all
    })
}

fn sheet(name: &str, rows: Vec<Vec<String>>) -> Sheet {
    Sheet { name: name.to_owned(), rows: (1..).zip(rows).collect() }
}

proptest! {
    #[test]
    fn any_workbook_is_a_form_or_a_list_of_mistakes(survey in survey(), choices in prop::collection::vec(prop::collection::vec(cell(), 4), 0..5)) {
        let mut lists = vec![["list_name", "name", "label", "x"].map(str::to_owned).to_vec(), ["l", "1", "One", "y"].map(str::to_owned).to_vec()];
        lists.extend(choices);
        let workbook = Workbook { sheets: vec![sheet("survey", survey), sheet("choices", lists)] };
        let outcome = xlsform::read(&workbook, "chance");
        match outcome.form {
            Some(form) => {
                let xml = form.to_xform();
                let again = xform::read(&xml);
                assert!(again.form.is_some(), "{:?}\n{xml}", again.problems);
                assert_eq!(again.form.map(|form| form.to_xform()), Some(xml));
            }
            None => assert!(!outcome.problems.is_empty()),
        }
    }

    #[test]
    fn any_text_is_an_instance_or_refused(text in "(<[a-c](:d)?( e=\"[^\"<]{0,3}\")?/?>|</[a-c]>|&amp;|&#x41;|[x ]){0,20}") {
        if let Ok(instance) = Instance::read(&text) {
            let once = instance.to_xml(Extent::Everything);
            let again = Instance::read(&once).map(|instance| instance.to_xml(Extent::Everything));
            assert_eq!(again, Ok(once));
        }
        let _ = xform::read(&text);
    }

    #[test]
    fn any_bytes_are_refused_or_read(bytes in prop::collection::vec(any::<u8>(), 0..300), kind in 0..3_usize) {
        let start: &[u8] = [b"PK\x03\x04".as_slice(), &[0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1], b""][kind];
        let _ = Workbook::open(&[start, &bytes].concat());
    }
}
