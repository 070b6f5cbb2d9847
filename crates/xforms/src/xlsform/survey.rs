//! The sheet `survey`: rows become a tree of drafts.
use crate::form::QuestionKind;

use super::draft::{Asked, Deed, Draft, Shape};
use super::lists::ListDraft;
use super::names;
use super::parameters;
use super::selects;
use super::settings::is_yes;
use super::sheet::{Record, Table};
use super::types::{self, RowType, Section, Select};
use crate::findings::{Findings, nearest};

// A tree deeper than this is no form that people fill in, and would make everything that walks it deep too.
const DEEPEST: usize = 24;

/// Reads the rows of the survey.
pub(super) struct Reader<'f> {
    pub draft: Draft,
    pub lists: Vec<ListDraft>,
    pub findings: &'f mut Findings,
    /// Settings that stand on the survey in old forms.
    pub settings: Vec<(&'static str, String)>,
    /// Rows that belong into `meta`.
    pub audit: Option<Record>,
    /// Groups and repeats that are open.
    open: Vec<Open>,
}

struct Open {
    item: usize,
    section: Section,
    /// In a table: the list that all its selects share, once the first is seen.
    table: Option<Option<String>>,
}

impl<'f> Reader<'f> {
    pub fn new(root: &str, lists: Vec<ListDraft>, findings: &'f mut Findings) -> Reader<'f> {
        Reader { draft: Draft::new(root), lists, findings, settings: Vec::new(), audit: None, open: Vec::new() }
    }

    /// Reads all rows.
    pub fn read(&mut self, table: Table) {
        for record in table.records {
            if record.cells.is_empty() || self.is_disabled(&record) {
                continue;
            }
            self.row(record);
        }
        while let Some(open) = self.open.pop() {
            let item = &self.draft.items[open.item];
            let what = format!("The {} `{}` is never closed.", section_name(open.section), item.name);
            let remedy = format!("Add a row `end_{}` after its last question.", section_name(open.section));
            self.findings.mistake("unclosed-section", item.record.place("type"), what, remedy);
        }
    }

    fn is_disabled(&mut self, record: &Record) -> bool {
        let Some(disabled) = record.get("disabled") else { return false };
        self.findings.warn(
            "disabled-column",
            record.place("disabled"),
            "The column `disabled` is not part of XLSForm.",
            "Use `relevant` instead.",
        );
        is_yes(disabled)
    }

    fn row(&mut self, record: Record) {
        let Some(text) = record.get("type") else {
            if record.get("name").is_some() {
                self.findings.mistake(
                    "no-type",
                    record.place("type"),
                    "This row has no type.",
                    "Fill in `type`, such as `text`.",
                );
            } else {
                self.findings.warn(
                    "row-skipped",
                    record.at(""),
                    "This row has neither type nor name and is left out.",
                    "Clear it.",
                );
            }
            return;
        };
        match types::read(text) {
            Some(RowType::End(section)) => self.end(section, &record),
            Some(RowType::Begin(section)) => self.begin(section, record),
            Some(RowType::Audit) => self.audit(record),
            Some(RowType::Setting(key)) => self.settings.push((key, record.get("name").unwrap_or_default().to_owned())),
            Some(kind) => self.question(kind, record),
            None => self.unknown_type(text, &record),
        }
    }

    fn unknown_type(&mut self, text: &str, record: &Record) {
        let first = text.split_whitespace().next().unwrap_or_default();
        let remedy = match (first, nearest(first, types::COMMON.iter().copied())) {
            ("select_one" | "select_multiple" | "rank" | "select_one_from_file" | "select_multiple_from_file", _) => {
                "Write the name of one list, without spaces, after the type.".to_owned()
            }
            ("begin" | "begin_loop", _) if text.contains("loop") => {
                "Loops are no longer part of XLSForm; use a repeat, or write the groups out.".to_owned()
            }
            (_, Some(close)) => format!("Perhaps `{close}` is meant."),
            _ => "Use a type that XLSForm knows, such as `text`, `integer` or `select_one`.".to_owned(),
        };
        self.findings.mistake("unknown-type", record.place("type"), format!("There is no type `{text}`."), remedy);
    }

    fn here(&self) -> usize {
        self.open.last().map_or(0, |open| open.item)
    }

    fn begin(&mut self, section: Section, mut record: Record) {
        if self.open.len() >= DEEPEST {
            let what = format!("Groups and repeats lie more than {DEEPEST} deep.");
            self.findings.mistake("too-deep", record.place("type"), what, "Put questions on fewer levels.");
        }
        let name = self.name(&record);
        let mut table = None;
        if section == Section::Repeat {
            self.repeat_count(&name, &mut record);
            if record.cell("label").is_none() && record.cell("image").is_none() {
                let what = format!("The repeat `{name}` has no label.");
                self.findings.warn(
                    "no-repeat-label",
                    record.place("label"),
                    what,
                    "Say what is repeated, so that people know what they add.",
                );
            }
        }
        let appearance = record.get("appearance").unwrap_or_default().to_owned();
        let heading = if appearance.split_whitespace().any(|word| word == "table-list") {
            table = Some(None);
            table_heading(&mut record, &appearance)
        } else {
            None
        };
        let shape = if section == Section::Repeat { Shape::Repeat } else { Shape::Group };
        let item = self.add(&name, shape, record);
        // Too deep a tree is refused already; its rows are still looked at.
        let item = if self.open.len() >= DEEPEST { self.here() } else { item };
        self.open.push(Open { item, section, table });
        if let Some((name, heading)) = heading {
            self.add(&name, Shape::Question(Asked::new(QuestionKind::Note)), heading);
        }
    }

    // A count that is more than one reference gets a node of its own, so that it is computed once.
    fn repeat_count(&mut self, name: &str, record: &mut Record) {
        let Some(cell) = record.cell("repeat_count").cloned() else { return };
        if super::references::only_reference(&cell.text).is_some() {
            return;
        }
        let counter = format!("{name}_count");
        let mut made = Record::made(&record.sheet, record.row, &[("calculation", &cell.text), ("read_only", "true()")]);
        for copy in &mut made.cells {
            copy.heading.clone_from(&cell.heading);
        }
        self.add(&counter, Shape::Question(Asked::new(QuestionKind::Hidden("string".to_owned()))), made);
        record.take("repeat_count");
        record.put("repeat_count", &format!("${{{counter}}}"));
        if let Some(new) = record.cells.last_mut() {
            new.heading = cell.heading;
        }
    }

    fn end(&mut self, section: Section, record: &Record) {
        match self.open.last() {
            Some(open) if open.section == section => {
                self.open.pop();
            }
            Some(open) => {
                let item = &self.draft.items[open.item];
                let what = format!(
                    "A {} ends here, but the {} `{}` of row {} is still open.",
                    section_name(section),
                    section_name(open.section),
                    item.name,
                    item.record.row
                );
                self.findings.mistake("wrong-end", record.place("type"), what, "Close what was opened last first.");
                // What was opened further out may well be what is closed here.
                if self.open.iter().any(|open| open.section == section) {
                    while self.open.pop().is_some_and(|open| open.section != section) {}
                }
            }
            None => {
                let what = format!("A {} ends here, but none is open.", section_name(section));
                self.findings.mistake("wrong-end", record.place("type"), what, "Take the row out, or add the row that opens it.");
            }
        }
    }

    fn audit(&mut self, record: Record) {
        if record.get("name").is_some_and(|name| name != "audit") {
            self.findings.mistake(
                "audit-name",
                record.place("name"),
                "An audit must be named `audit`.",
                "Leave its `name` blank.",
            );
        }
        self.audit = Some(record);
    }

    fn question(&mut self, kind: RowType, mut record: Record) {
        let name = match record.get("name") {
            None if kind == RowType::Question(QuestionKind::Note) => format!("generated_note_name_{}", record.row),
            _ => self.name(&record),
        };
        let asked = match kind {
            RowType::Select(select) => return self.select(&name, select, record),
            RowType::External(ending) => {
                self.draft.add(0, &name, Shape::External(ending), record);
                return;
            }
            RowType::Metadata(data, preload) => {
                Asked { preload: Some(preload), ..Asked::new(QuestionKind::Hidden(data.to_owned())) }
            }
            RowType::Calculate => self.calculate(&record),
            RowType::Hidden => Asked::new(QuestionKind::Hidden("string".to_owned())),
            RowType::BackgroundAudio => {
                Asked { deed: Deed::RecordAudio, ..Asked::new(QuestionKind::Hidden("binary".to_owned())) }
            }
            RowType::StartGeopoint => {
                Asked { deed: Deed::SetGeopoint, ..Asked::new(QuestionKind::Hidden("geopoint".to_owned())) }
            }
            RowType::BackgroundGeopoint => {
                if record.get("trigger").is_none() {
                    let remedy = "Fill in `trigger` with the question that sets it off, such as `${name}`.";
                    self.findings.mistake(
                        "no-trigger",
                        record.place("trigger"),
                        "A place taken in the background needs a trigger.",
                        remedy,
                    );
                }
                Asked { deed: Deed::SetGeopointOnTrigger, ..Asked::new(QuestionKind::Hidden("geopoint".to_owned())) }
            }
            RowType::Preset(kind, constraint, hint) => {
                if record.get("constraint").is_none() {
                    record.put("constraint", constraint);
                }
                if record.cell("hint").is_none() && !hint.is_empty() {
                    record.put("hint", hint);
                }
                Asked::new(kind)
            }
            RowType::Question(kind) => Asked::new(kind),
            RowType::Begin(_) | RowType::End(_) | RowType::Audit | RowType::Setting(_) => return,
        };
        self.add(&name, Shape::Question(asked), record);
    }

    fn calculate(&mut self, record: &Record) -> Asked {
        let kind = QuestionKind::Hidden("string".to_owned());
        let dynamic = record.get("default").is_some_and(|text| super::defaults::is_dynamic(text, &kind));
        if record.get("calculation").is_none() && !dynamic {
            let remedy = "Fill in `calculation`, or use the type `hidden` for a value that is set otherwise.";
            self.findings.mistake("no-calculation", record.place("calculation"), "This row calculates nothing.", remedy);
        }
        Asked::new(kind)
    }

    fn select(&mut self, name: &str, select: Select, mut record: Record) {
        let place = record.place("type");
        selects::check(&select, &record, &mut self.lists, self.findings);
        if let Some(open) = self.open.last_mut()
            && let Some(list) = &mut open.table
        {
            record.take("appearance");
            record.put("appearance", "list-nolabel");
            match list {
                None => {
                    *list = Some(select.list.clone());
                    let heading = format!("reserved_name_for_field_list_labels_{}", record.row);
                    let made = Record::made(&record.sheet, record.row, &[("appearance", "label"), ("label", " ")]);
                    let asked = Asked { select: Some(select.clone()), ..Asked::new(select.kind.clone()) };
                    self.add(&heading, Shape::Question(asked), made);
                }
                Some(list) if *list != select.list => {
                    let what = format!("This table shows the list `{list}`, but this row uses `{}`.", select.list);
                    self.findings.mistake("table-lists-differ", place.clone(), what, "Use one list in all rows of a table.");
                }
                Some(_) => {}
            }
        }
        let or_other = select.or_other;
        let asked = Asked { select: Some(select.clone()), ..Asked::new(select.kind) };
        let sheet = record.sheet.clone();
        let row = record.row;
        self.add(name, Shape::Question(asked), record);
        if or_other {
            let relevant = format!("selected(../{name}, 'other')");
            let made = Record::made(&sheet, row, &[("label", "Specify other."), ("relevant", &relevant)]);
            self.add(&format!("{name}_other"), Shape::Question(Asked::new(QuestionKind::Text)), made);
            if let Some(list) = self.lists.iter_mut().find(|list| list.name == select.list && !list.outside) {
                list.add_other(&place);
            }
        }
    }

    fn name(&mut self, record: &Record) -> String {
        match record.get("name") {
            Some(name) if crate::xml::is_name(name) && name.len() <= 200 => name.to_owned(),
            Some(name) => {
                let remedy = "Begin with a letter or `_`, and use only letters, digits, `_`, `-` and `.`.";
                self.findings.mistake(
                    "bad-name",
                    record.place("name"),
                    format!("`{}` is no name.", name.chars().take(50).collect::<String>()),
                    remedy,
                );
                name.chars().take(50).map(|c| if c.is_alphanumeric() { c } else { '_' }).collect()
            }
            None => {
                self.findings.mistake("no-name", record.place("name"), "This row has no name.", "Fill in `name`.");
                format!("unnamed_{}", record.row)
            }
        }
    }

    fn add(&mut self, name: &str, shape: Shape, record: Record) -> usize {
        let parent = self.here();
        names::check(&self.draft, parent, name, &shape, &record, self.findings);
        let place = record.place("parameters");
        let pairs = record.get("parameters").map(|text| parameters::read(text, &place, self.findings)).unwrap_or_default();
        let allowed = match &shape {
            Shape::Question(asked) if asked.deed == Deed::RecordAudio => &["quality"],
            Shape::Question(asked) => {
                parameters::allowed(&asked.kind, asked.select.as_ref().is_some_and(|select| select.from_file))
            }
            _ => &[] as &[&str],
        };
        parameters::only(allowed, &pairs, &place, self.findings);
        let item = self.draft.add(parent, name, shape, record);
        self.draft.items[item].parameters = pairs;
        item
    }
}

// The label of a table becomes a note above it, so that it does not shift the columns.
fn table_heading(record: &mut Record, appearance: &str) -> Option<(String, Record)> {
    let others: Vec<&str> = appearance.split_whitespace().filter(|word| *word != "table-list").collect();
    record.take("appearance");
    record.put("appearance", &[&["field-list"], others.as_slice()].concat().join(" "));
    let mut heading = Record::made(&record.sheet, record.row, &[]);
    heading.cells = record.take("label");
    heading.cells.extend(record.take("hint"));
    let name = format!("generated_table_list_label_{}", record.row);
    (!heading.cells.is_empty()).then_some((name, heading))
}

fn section_name(section: Section) -> &'static str {
    match section {
        Section::Group => "group",
        Section::Repeat => "repeat",
    }
}
