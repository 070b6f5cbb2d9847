//! One table of a `pack.toml`: typed reading of its keys, each of which may be missing, misspelt or of the wrong kind.

use std::collections::BTreeSet;
use std::ops::RangeInclusive;

use serde_json::{Map, Value};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::pack::Labels;
use super::page::{Page, suggestion};
use super::period::Period;
use super::words::Word;
use crate::platform::lang::Lang;

/// One table of the document: the whole, a section, or one entry of a list.
pub struct Entry<'p, 'a> {
    page: &'p mut Page<'a>,
    table: &'p DeTable<'p>,
    path: String,
    scope: String,
    offset: usize,
    used: BTreeSet<&'static str>,
}

impl<'p, 'a> Entry<'p, 'a> {
    /// A table with no key asked for yet.
    pub fn new(page: &'p mut Page<'a>, table: &'p DeTable<'p>, path: String, offset: usize) -> Entry<'p, 'a> {
        page.place(path.clone(), offset);
        Entry { page, table, path, scope: String::new(), offset, used: BTreeSet::new() }
    }

    /// Codes that the tables below declare or mention count only within this name.
    pub fn set_scope(&mut self, scope: &str) {
        scope.clone_into(&mut self.scope);
    }

    /// A code that this entry declares, unique among its kind.
    pub fn code(&mut self, key: &'static str, kind: &'static str) -> String {
        let Some((code, offset)) = self.string(key) else {
            return String::new();
        };
        if !is_code(&code) {
            let what = format!("`{code}` is not a code");
            let remedy = "Use up to 40 small Latin letters, digits and underscores, starting with a letter";
            self.page.complain_at(offset, what, remedy.into());
        }
        self.page.declare(&self.scope, kind, &code, offset);
        code
    }

    /// The name of a pack, which is the name of its folder too: like a code, and hyphens may part its words.
    pub fn folder(&mut self, key: &'static str) -> String {
        let Some((name, offset)) = self.string(key) else {
            return String::new();
        };
        if !is_code(&name.replace('-', "_")) {
            let what = format!("`{name}` is not the name of a pack");
            let remedy = "Use up to 40 small Latin letters, digits, hyphens and underscores, starting with a letter";
            self.page.complain_at(offset, what, remedy.into());
        }
        name
    }

    /// A code that another place must declare.
    pub fn mention(&mut self, key: &'static str, kind: &'static str) -> String {
        let Some((code, offset)) = self.string(key) else {
            return String::new();
        };
        self.page.mention(&self.scope, kind, &code, offset);
        code
    }

    /// A code that another place must declare, if the key is there.
    pub fn mention_maybe(&mut self, key: &'static str, kind: &'static str) -> Option<String> {
        self.has(key).then(|| self.mention(key, kind))
    }

    /// A list of codes that other places must declare; empty if absent.
    pub fn mentions(&mut self, key: &'static str, kind: &'static str) -> Vec<String> {
        let strings = self.strings(key);
        for (code, offset) in &strings {
            self.page.mention(&self.scope, kind, code, *offset);
        }
        strings.into_iter().map(|(code, _)| code).collect()
    }

    /// A text with where it stands; nothing but a mistake if it is missing.
    pub fn text(&mut self, key: &'static str) -> Option<(String, usize)> {
        self.string(key)
    }

    /// A text with where it stands, if the key is there.
    pub fn text_maybe(&mut self, key: &'static str) -> Option<(String, usize)> {
        if self.has(key) { self.string(key) } else { None }
    }

    /// A list of texts; empty if absent.
    pub fn texts(&mut self, key: &'static str) -> Vec<String> {
        self.strings(key).into_iter().map(|(text, _)| text).collect()
    }

    /// Notes a mistake some lines below an offset.
    pub fn complain_below(&mut self, offset: usize, lines: usize, what: String, remedy: String) {
        self.page.complain_below(offset, lines, what, remedy);
    }

    /// A word out of a closed list.
    pub fn word<T: Word>(&mut self, key: &'static str) -> T {
        let read = self.string(key).and_then(|(text, offset)| self.parse_word(key, &text, offset));
        read.unwrap_or(T::ALL[0])
    }

    /// A word out of a closed list, if the key is there.
    pub fn word_maybe<T: Word>(&mut self, key: &'static str) -> Option<T> {
        if !self.has(key) {
            return None;
        }
        self.string(key).and_then(|(text, offset)| self.parse_word(key, &text, offset))
    }

    /// Words out of a closed list; empty if the key is absent.
    pub fn words<T: Word>(&mut self, key: &'static str) -> Vec<T> {
        let strings = self.strings(key);
        strings.iter().filter_map(|(text, offset)| self.parse_word(key, text, *offset)).collect()
    }

    /// A length of time.
    pub fn period(&mut self, key: &'static str) -> Period {
        self.string(key).and_then(|(text, offset)| self.parse_period(key, &text, offset)).unwrap_or_default()
    }

    /// A length of time, if the key is there.
    pub fn period_maybe(&mut self, key: &'static str) -> Option<Period> {
        self.has(key).then(|| self.period(key))
    }

    /// A whole number within bounds.
    pub fn number(&mut self, key: &'static str, bounds: RangeInclusive<u16>) -> u16 {
        let Some((value, offset)) = self.needed(key) else {
            return *bounds.start();
        };
        let integer = value.as_integer().map(|integer| i64::from_str_radix(integer.as_str(), integer.radix()));
        let read = integer.and_then(Result::ok).and_then(|number| u16::try_from(number).ok());
        read.filter(|number| bounds.contains(number)).unwrap_or_else(|| {
            let what = format!("`{key}` is not a whole number from {} to {}", bounds.start(), bounds.end());
            self.page.complain_at(offset, what, "Write the number without quotes".into());
            *bounds.start()
        })
    }

    /// A whole number within bounds, if the key is there.
    pub fn number_maybe(&mut self, key: &'static str, bounds: RangeInclusive<u16>) -> Option<u16> {
        self.has(key).then(|| self.number(key, bounds))
    }

    /// `true` or `false`; false if the key is absent.
    pub fn flag(&mut self, key: &'static str) -> bool {
        let Some((value, offset)) = self.get(key) else {
            return false;
        };
        value.as_bool().unwrap_or_else(|| {
            let what = format!("`{key}` is neither `true` nor `false`");
            self.page.complain_at(offset, what, "Write one of the two without quotes".into());
            false
        })
    }

    /// `true` or `false`, if the key is there.
    pub fn flag_maybe(&mut self, key: &'static str) -> Option<bool> {
        self.has(key).then(|| self.flag(key))
    }

    /// One text in every language.
    pub fn labels(&mut self, key: &'static str) -> Labels {
        let mut labels = Labels::default();
        self.inside(key, |texts| {
            labels.en = texts.label(Lang::En);
            labels.ar = texts.label(Lang::Ar);
            labels.fr = texts.label(Lang::Fr);
            labels.es = texts.label(Lang::Es);
        });
        labels
    }

    /// What `read` makes of the section under a key; none, and a mistake, if there is no such section.
    pub fn inside<T>(&mut self, key: &'static str, read: impl FnOnce(&mut Entry<'_, 'a>) -> T) -> Option<T> {
        let (value, offset) = self.needed(key)?;
        let Some(table) = value.as_table() else {
            let what = format!("`{key}` is {}, not a section", kind_of(value));
            self.page.complain_at(offset, what, format!("Write `[{key}]` above its keys, or braces around them"));
            return None;
        };
        let path = self.path_to(key);
        Some(self.child(table, path, offset, read))
    }

    /// What `read` makes of the section under a key, if the key is there.
    pub fn inside_maybe<T>(&mut self, key: &'static str, read: impl FnOnce(&mut Entry<'_, 'a>) -> T) -> Option<T> {
        if self.has(key) { self.inside(key, read) } else { None }
    }

    /// What `read` makes of each entry of a list that must not be empty.
    pub fn each<T>(&mut self, key: &'static str, read: impl FnMut(&mut Entry<'_, 'a>) -> T) -> Vec<T> {
        if self.needed(key).is_none() {
            return Vec::new();
        }
        let list = self.each_maybe(key, read);
        if list.is_empty() {
            let what = format!("The list `{key}` is empty");
            self.page.complain(&self.path_to(key), what, "Give it at least one entry");
        }
        list
    }

    /// What `read` makes of each entry of a list that may be empty or absent.
    pub fn each_maybe<T>(&mut self, key: &'static str, mut read: impl FnMut(&mut Entry<'_, 'a>) -> T) -> Vec<T> {
        let mut list = Vec::new();
        for (index, item) in self.items(key).iter().enumerate() {
            let offset = item.span().start;
            let Some(table) = item.get_ref().as_table() else {
                let what = format!("An entry of `{key}` is {}, not a table", kind_of(item.get_ref()));
                self.page.complain_at(offset, what, format!("Write `[[{key}]]` above the keys of each entry"));
                continue;
            };
            let path = format!("{}#{index}", self.path_to(key));
            list.push(self.child(table, path, offset, &mut read));
        }
        list
    }

    /// Plain values by their names, if the key is there.
    pub fn values_maybe(&mut self, key: &'static str) -> Option<Map<String, Value>> {
        let (value, offset) = self.get(key)?;
        self.expect_values(key, value, offset)
    }

    /// A list of plain values by their names, if the key is there.
    pub fn lists_of_values(&mut self, key: &'static str) -> Option<Vec<Map<String, Value>>> {
        if !self.has(key) {
            return None;
        }
        let items = self.items(key).iter();
        Some(items.filter_map(|item| self.expect_values(key, item.get_ref(), item.span().start)).collect())
    }

    fn expect_values(&mut self, key: &str, value: &DeValue<'_>, offset: usize) -> Option<Map<String, Value>> {
        if let Value::Object(values) = plain(value) {
            return Some(values);
        }
        let what = format!("`{key}` is {}, not values with their names", kind_of(value));
        self.page.complain_at(offset, what, "Write them as `{ name = value, … }`".into());
        None
    }

    fn child<T>(&mut self, table: &DeTable<'_>, path: String, offset: usize, read: impl FnOnce(&mut Entry<'_, 'a>) -> T) -> T {
        let scope = self.scope.clone();
        let mut child = Entry::new(self.page, table, path, offset);
        child.scope = scope;
        let value = read(&mut child);
        child.close();
        value
    }

    /// Every key that nobody asked for is a mistake: usually a slip of the pen that would change nothing silently.
    pub fn close(self) {
        let known: Vec<&str> = self.used.iter().copied().collect();
        for key in self.table.keys() {
            if !known.contains(&key.get_ref().as_ref()) {
                let what = format!("The key `{}` is unknown here", key.get_ref());
                self.page.complain_at(key.span().start, what, suggestion(key.get_ref(), &known));
            }
        }
    }

    fn label(&mut self, lang: Lang) -> String {
        let Some((text, offset)) = self.string(lang.code()) else {
            return String::new();
        };
        if text.trim().is_empty() {
            let what = format!("The label in {} ({}) is empty", lang.own_name(), lang.code());
            self.page.complain_at(offset, what, "Translate it; every text stands in every language".into());
        }
        text
    }

    fn parse_word<T: Word>(&mut self, key: &str, text: &str, offset: usize) -> Option<T> {
        let read = T::parse(text);
        if read.is_none() {
            let choices: Vec<&str> = T::ALL.iter().map(|word| word.as_str()).collect();
            let what = format!("`{key}` can't be `{text}`");
            self.page.complain_at(offset, what, suggestion(text, &choices));
        }
        read
    }

    fn parse_period(&mut self, key: &str, text: &str, offset: usize) -> Option<Period> {
        let read = text.parse();
        if let Err(reason) = read {
            let what = format!("`{key}` is `{text}`, which {reason}");
            self.page.complain_at(offset, what, format!("Write for instance {}", Period::EXAMPLES));
        }
        read.ok()
    }

    fn string(&mut self, key: &'static str) -> Option<(String, usize)> {
        let (value, offset) = self.needed(key)?;
        self.expect_string(key, value, offset)
    }

    fn strings(&mut self, key: &'static str) -> Vec<(String, usize)> {
        let items = self.items(key).iter();
        items.filter_map(|item| self.expect_string(key, item.get_ref(), item.span().start)).collect()
    }

    fn expect_string(&mut self, key: &str, value: &DeValue<'_>, offset: usize) -> Option<(String, usize)> {
        let text = value.as_str().map(|text| (text.to_owned(), offset));
        if text.is_none() {
            let what = format!("`{key}` is {}, not a text", kind_of(value));
            self.page.complain_at(offset, what, "Put it in quotes".into());
        }
        text
    }

    fn items(&mut self, key: &'static str) -> &'p [Spanned<DeValue<'p>>] {
        let Some((value, offset)) = self.get(key) else {
            return &[];
        };
        let Some(items) = value.as_array() else {
            let what = format!("`{key}` is {}, not a list", kind_of(value));
            self.page.complain_at(offset, what, "Put square brackets around it".into());
            return &[];
        };
        items
    }

    fn needed(&mut self, key: &'static str) -> Option<(&'p DeValue<'p>, usize)> {
        let found = self.get(key);
        if found.is_none() {
            let what = match Lang::ALL.iter().find(|lang| lang.code() == key) {
                Some(lang) => format!("The label in {} (`{key}`) is missing", lang.own_name()),
                None => format!("The key `{key}` is missing here"),
            };
            self.page.complain_at(self.offset, what, format!("Add `{key} = …`"));
        }
        found
    }

    fn get(&mut self, key: &'static str) -> Option<(&'p DeValue<'p>, usize)> {
        self.used.insert(key);
        let value = self.table.get(key)?;
        let start = value.span().start;
        self.page.place(self.path_to(key), start);
        Some((value.get_ref(), start))
    }

    fn has(&self, key: &'static str) -> bool {
        self.table.contains_key(key)
    }

    fn path_to(&self, key: &str) -> String {
        if self.path.is_empty() { key.to_owned() } else { format!("{}.{key}", self.path) }
    }
}

// A value outside the vocabulary of packs; a number that can't be one is none.
fn plain(value: &DeValue<'_>) -> Value {
    match value {
        DeValue::String(text) => text.to_string().into(),
        DeValue::Integer(number) => i64::from_str_radix(number.as_str(), number.radix()).ok().into(),
        DeValue::Float(number) => number.as_str().parse::<f64>().ok().into(),
        DeValue::Boolean(yes) => (*yes).into(),
        DeValue::Datetime(moment) => moment.to_string().into(),
        DeValue::Array(items) => items.iter().map(|item| plain(item.get_ref())).collect(),
        DeValue::Table(table) => table.iter().map(|(key, value)| (key.get_ref().to_string(), plain(value.get_ref()))).collect(),
    }
}

/// What a value is, in the words of who writes packs.
fn kind_of(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "a text",
        DeValue::Integer(_) | DeValue::Float(_) => "a number",
        DeValue::Boolean(_) => "true or false",
        DeValue::Datetime(_) => "a date",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a section",
    }
}

fn is_code(text: &str) -> bool {
    let good = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '_';
    text.len() <= 40 && text.starts_with(|first: char| first.is_ascii_lowercase()) && text.chars().all(good)
}
