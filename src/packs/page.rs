//! A `pack.toml` under the reader's finger: it walks the document, keeps every mistake and never stops at the first.
//!
//! What can't be read is replaced by a stand-in, so that the rest is still looked at; a pack with mistakes is never
//! handed out, so no stand-in escapes. Places are named by paths such as `case_types#1.break_glass`.

use std::collections::BTreeMap;
use std::path::Path;

use toml::de::DeTable;

use super::entry::Entry;
use super::mistake::Mistake;

/// The document with what was found in it so far.
pub struct Page<'a> {
    file: &'a Path,
    text: &'a str,
    mistakes: Vec<Mistake>,
    places: BTreeMap<String, usize>,
    /// Declared codes by scope and kind, with their offsets.
    codes: BTreeMap<(String, &'static str), BTreeMap<String, usize>>,
    mentions: Vec<Mention>,
}

/// A code used in one place that must be declared in another.
struct Mention {
    scope: String,
    kind: &'static str,
    code: String,
    offset: usize,
}

impl<'a> Page<'a> {
    /// A page on which nothing was read yet.
    pub fn new(file: &'a Path, text: &'a str) -> Page<'a> {
        let (mistakes, mentions) = (Vec::new(), Vec::new());
        Page { file, text, mistakes, mentions, places: BTreeMap::new(), codes: BTreeMap::new() }
    }

    /// Reads the whole document with `read`; none if it isn't TOML at all.
    pub fn whole<T>(&mut self, read: impl FnOnce(&mut Entry<'_, 'a>) -> T) -> Option<T> {
        let (table, errors) = DeTable::parse_recoverable(self.text);
        for error in &errors {
            let offset = error.span().map_or(0, |span| span.start);
            let what = format!("This is not TOML: {}", error.message().replace('\n', ", "));
            self.complain_at(offset, what, "Mend the line; text stands in quotes, a list in square brackets".into());
        }
        if !errors.is_empty() {
            return None;
        }
        let mut entry = Entry::new(self, table.get_ref(), String::new(), 0);
        let value = read(&mut entry);
        entry.close();
        Some(value)
    }

    /// Makes codes known that are declared outside the pack.
    pub fn know(&mut self, kind: &'static str, codes: &[&str]) {
        let known = codes.iter().map(|code| ((*code).to_owned(), 0));
        self.codes.entry((String::new(), kind)).or_default().extend(known);
    }

    /// Notes that a rule is broken at a path, or at the nearest place around it that was read.
    ///
    /// Where a mistake stands already, the rule was looking at a stand-in, and its complaint would only confuse.
    pub fn complain(&mut self, path: &str, what: impl Into<String>, remedy: impl Into<String>) {
        let mut around = path;
        let offset = loop {
            if let Some(offset) = self.places.get(around) {
                break *offset;
            }
            let Some(end) = around.rfind(['.', '/', '#']) else {
                break 0;
            };
            around = &around[..end];
        };
        let (line, column) = self.line_and_column(offset);
        let spoiled = |mistake: &Mistake| (mistake.line, mistake.column) == (line, Some(column));
        if !self.mistakes.iter().any(spoiled) {
            self.complain_at(offset, what.into(), remedy.into());
        }
    }

    /// Remembers where a path stands.
    pub fn place(&mut self, path: String, offset: usize) {
        self.places.insert(path, offset);
    }

    /// Notes that a code is declared here.
    pub fn declare(&mut self, scope: &str, kind: &'static str, code: &str, offset: usize) {
        let declared = self.codes.entry((scope.to_owned(), kind)).or_default();
        let Some(first) = declared.get(code).copied() else {
            declared.insert(code.to_owned(), offset);
            return;
        };
        let line = self.line_and_column(first).0;
        let what = format!("The {kind} `{code}` is declared twice, first on line {line}");
        self.complain_at(offset, what, "Remove one of them or give it another code".into());
    }

    /// Notes that a code is used here, which any part of the document may declare.
    pub fn mention(&mut self, scope: &str, kind: &'static str, code: &str, offset: usize) {
        let (scope, code) = (scope.to_owned(), code.to_owned());
        self.mentions.push(Mention { scope, kind, code, offset });
    }

    /// Checks that what was mentioned is declared, and gives back all mistakes from top to bottom.
    pub fn into_mistakes(mut self) -> Vec<Mistake> {
        for mention in std::mem::take(&mut self.mentions) {
            let key = (mention.scope, mention.kind);
            let known = self.codes.get(&key).map(|codes| codes.keys().map(String::as_str).collect());
            let known: Vec<&str> = known.unwrap_or_default();
            if !known.contains(&mention.code.as_str()) {
                let what = format!("There is no {} `{}`", mention.kind, mention.code);
                let remedy = suggestion(&mention.code, &known);
                self.complain_at(mention.offset, what, remedy);
            }
        }
        self.mistakes.sort();
        self.mistakes
    }

    /// Notes a mistake at an offset in the text.
    pub fn complain_at(&mut self, offset: usize, what: String, remedy: String) {
        let (line, column) = self.line_and_column(offset);
        self.mistakes.push(Mistake { file: self.file.to_owned(), line, column: Some(column), what, remedy });
    }

    /// Notes a mistake some lines below an offset: inside a text that spans several.
    pub fn complain_below(&mut self, offset: usize, lines: usize, what: String, remedy: String) {
        let (line, _) = self.line_and_column(offset);
        self.mistakes.push(Mistake { file: self.file.to_owned(), line: line + lines, column: None, what, remedy });
    }

    fn line_and_column(&self, offset: usize) -> (usize, usize) {
        let before = self.text.get(..offset).unwrap_or(self.text);
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        (before.matches('\n').count() + 1, before[line_start..].chars().count() + 1)
    }
}

/// Names the nearest known name, or all of them where none is near.
pub fn suggestion(text: &str, known: &[&str]) -> String {
    let near = |name: &&&str| strsim::jaro_winkler(text, name) > 0.85;
    let closest = |a: &&&str, b: &&&str| strsim::jaro_winkler(text, a).total_cmp(&strsim::jaro_winkler(text, b));
    if let Some(name) = known.iter().filter(near).max_by(closest) {
        return format!("Write `{name}` if that is meant");
    }
    if known.is_empty() {
        return "Declare it first".to_owned();
    }
    format!("Use one of {}", known.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", "))
}

#[cfg(test)]
mod tests {
    use crate::packs::samples::{self, broken, expect};

    #[test]
    fn each_mistake_of_a_single_key_is_told() {
        expect(&[
            ("version = 1", "", "The key `version` is missing here"),
            ("version = 1", "version = 0", "`version` is not a whole number from 1 to 65535"),
            ("version = 1", "version = \"1\"", "`version` is not a whole number from 1 to 65535"),
            ("version = 1", "version = 1\nedition = 2", "The key `edition` is unknown here"),
            ("name = \"protection\"", "name = 7", "`name` is a number, not a text"),
            ("id = 1\n", "id = 0\n", "`id` is not a whole number from 1 to 254"),
            ("id = 1\n", "id = 255\n", "`id` is not a whole number from 1 to 254"),
            ("sensitivity = \"protected\"", "sensitivity = \"secret\"", "`sensitivity` can't be `secret`"),
            ("break_glass = true", "break_glass = \"yes\"", "`break_glass` is neither `true` nor `false`"),
            ("decide = \"5 working days\"", "decide = \"0 days\"", "`decide` is `0 days`, which is not positive"),
            ("decide = \"5 working days\"", "decide = \"soon\"", "`decide` is `soon`, which is not a length of time"),
        ]);
        let slips = broken("[supervision]", "[supervsion]");
        let remedies: Vec<&str> = slips.iter().map(|slip| slip.remedy.as_str()).collect();
        assert!(remedies.contains(&"Write `supervision` if that is meant"), "{remedies:?}");
    }

    #[test]
    fn each_mistake_of_labels_lists_and_sections_is_told() {
        expect(&[
            ("title = { en = ", "title = { de = \"Schutz\", en = ", "The key `de` is unknown here"),
            (", es = \"Gestión de casos de protección\"", "", "The label in Español (`es`) is missing"),
            ("fr = \"Gestion des cas de protection\"", "fr = \" \"", "The label in Français (fr) is empty"),
            ("duties = [\"case_manager\"]", "duties = \"case_manager\"", "`duties` is a text, not a list"),
            ("duties = [\"case_manager\"]", "duties = [\"boss\"]", "`duties` can't be `boss`"),
            ("reopening = [\n", "reopening = [\n 7,\n", "An entry of `reopening` is a number, not a table"),
            ("to = 5\ngiver = \"caregiver\"", "to = 5\ngiver = 1", "`giver` is a number, not a text"),
        ]);
        let emptied = samples::PROTECTION.replace("[[consent_ages]]", "[[left_out]]");
        let mistakes = samples::read(&format!("consent_ages = []\n{emptied}")).expect_err("a list is empty");
        assert!(mistakes.iter().any(|mistake| mistake.what == "The list `consent_ages` is empty"));
    }

    #[test]
    fn each_mistake_of_codes_is_told() {
        expect(&[
            ("code = \"outreach\"", "code = \"Out reach\"", "`Out reach` is not a code"),
            ("code = \"outreach\"", "code = \"self\"", "The intake source `self` is declared twice, first on line 440"),
            ("{ panel = \"assessment\"", "{ panel = \"asessment\"", "There is no panel `asessment`"),
            ("\"case.open\"", "\"case.opne\"", "There is no act `case.opne`"),
            ("cleared = [\"general_protection\"", "cleared = [\"rent\", \"general_protection\"", "There is no case type `rent`"),
            ("process = \"six_steps\"", "process = \"seven_steps\"", "There is no process `seven_steps`"),
            ("default_risk = \"moderate\"", "default_risk = \"medium\"", "There is no risk level `medium`"),
        ]);
        let near = broken("\"case.open\"", "\"case.opne\"");
        assert_eq!(near[0].remedy, "Write `case.open` if that is meant");
    }
}
