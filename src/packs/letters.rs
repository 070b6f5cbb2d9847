//! The letters of a pack: `letters/<kind>.<lang>.toml`, each kind in every language of the program.
//!
//! A letter has two faces. The *message* (subject and text) travels in the open and may name no person and no service (S13); the *paper*
//! may. So each has fields of its own, and a field in the wrong place is a mistake like an unknown one.
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use super::entry::Entry;
use super::letter::{LetterTemplate, LetterTexts};
use super::mistake::Mistake;
use super::pack::Pack;
use super::page::{Page, suggestion};
use super::words::{LetterLayout, LetterUse};
use crate::platform::lang::Lang;
use crate::platform::merge::{self, Fault, Slip};

/// The fields of subject and text of a message.
pub const MESSAGE_FIELDS: &[&str] =
    &["code", "date", "due", "to_organisation", "to_contact", "from_organisation", "from_unit", "sender", "phone", "programme"];

/// The fields of the paper: those of the message, and what only the paper says.
pub const PAPER_FIELDS: &[&str] = &[
    "code",
    "date",
    "due",
    "to_organisation",
    "to_contact",
    "from_organisation",
    "from_unit",
    "sender",
    "phone",
    "programme",
    "service",
    "need",
    "priority",
    "person",
    "case_code",
];

/// The texts of a letter: name, whether it belongs to the message, whether it must be there.
pub const TEXTS: &[(&str, Face)] = &[
    ("title", Face::Plain),
    ("subject", Face::Message),
    ("message", Face::Message),
    ("heading", Face::Paper),
    ("letter", Face::Paper),
    ("confidentiality", Face::Paper),
];

/// Where a text is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Face {
    /// Nobody outside reads it; it has no fields.
    Plain,
    Message,
    Paper,
}

impl Face {
    /// The fields a text of this face may use.
    pub fn fields(self) -> &'static [&'static str] {
        match self {
            Face::Plain => &[],
            Face::Message => MESSAGE_FIELDS,
            Face::Paper => PAPER_FIELDS,
        }
    }
}

impl LetterTexts {
    /// The text of this name.
    pub fn get(&self, name: &str) -> &str {
        match name {
            "title" => &self.title,
            "subject" => &self.subject,
            "message" => &self.message,
            "heading" => &self.heading,
            "letter" => &self.letter,
            _ => &self.confidentiality,
        }
    }

    /// The texts read by `read`, which is given each name.
    pub fn from_each(mut read: impl FnMut(&'static str) -> String) -> Self {
        Self {
            title: read("title"),
            subject: read("subject"),
            message: read("message"),
            heading: read("heading"),
            letter: read("letter"),
            confidentiality: read("confidentiality"),
        }
    }

    /// What is wrong with the texts, each with its name.
    pub fn slips(&self) -> Vec<(&'static str, Slip)> {
        let slip = |(name, face): &(&'static str, Face)| {
            let found = merge::check(self.get(name), face.fields()).err();
            found.map(|slip| (*name, slip))
        };
        TEXTS.iter().filter_map(slip).collect()
    }
}

impl Pack {
    /// The letter of this kind in this language.
    pub fn letter(&self, kind: &str, lang: Lang) -> Option<&LetterTemplate> {
        self.letters.iter().find(|letter| letter.kind == kind && letter.lang == lang)
    }
}

/// The letters of the pack in this folder, or every mistake in them. A pack without letters has no such folder.
pub fn read(dir: &Path) -> Result<Vec<LetterTemplate>, Vec<Mistake>> {
    let folder = dir.join("letters");
    if !folder.is_dir() {
        return Ok(Vec::new());
    }
    let mut texts = Vec::new();
    let mut unread = Vec::new();
    for file in files(&folder) {
        match std::fs::read_to_string(&file) {
            Ok(text) => texts.push((file, text)),
            Err(error) => unread.push(Mistake::of_file(&file, format!("It can't be read: {error}"), "Save it as UTF-8")),
        }
    }
    match parse(&texts) {
        Ok(letters) if unread.is_empty() => Ok(letters),
        Ok(_) => Err(unread),
        Err(mistakes) => Err([unread, mistakes].concat()),
    }
}

/// The letters in these files, or every mistake in them.
pub fn parse(texts: &[(PathBuf, String)]) -> Result<Vec<LetterTemplate>, Vec<Mistake>> {
    let mut letters = Vec::new();
    let mut mistakes = Vec::new();
    for (file, text) in texts {
        match read_file(file, text) {
            Ok(letter) => letters.push(letter),
            Err(found) => mistakes.extend(found),
        }
    }
    mistakes.extend(missing(texts));
    if mistakes.is_empty() { Ok(letters) } else { Err(mistakes) }
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let mut files: Vec<PathBuf> =
        entries.map(|entry| entry.path()).filter(|path| path.extension().is_some_and(|end| end == "toml")).collect();
    files.sort();
    files
}

// `referral_letter.fr.toml` is the kind `referral_letter` in French.
fn named(file: &Path) -> Option<(String, Lang)> {
    let name = file.file_name()?.to_string_lossy().into_owned();
    let (kind, lang) = name.strip_suffix(".toml")?.rsplit_once('.')?;
    let lang = Lang::ALL.into_iter().find(|known| known.code() == lang)?;
    let good = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    (!kind.is_empty() && kind.len() <= 40 && kind.chars().all(good)).then(|| (kind.to_owned(), lang))
}

fn read_file(file: &Path, text: &str) -> Result<LetterTemplate, Vec<Mistake>> {
    let Some((kind, lang)) = named(file) else {
        return Err(vec![Mistake::of_file(
            file,
            "The name of this file says no kind and language",
            "Name it `<kind>.<language>.toml`, for instance `referral_letter.fr.toml`",
        )]);
    };
    let mut page = Page::new(file, text);
    let read = page.whole(|entry| letter(entry, kind, lang, text));
    let mistakes = page.into_mistakes();
    match read {
        Some(letter) if mistakes.is_empty() => Ok(letter),
        _ => Err(mistakes),
    }
}

fn letter(entry: &mut Entry<'_, '_>, kind: String, lang: Lang, source: &str) -> LetterTemplate {
    let layout: LetterLayout = entry.word("layout");
    let uses: Vec<LetterUse> = entry.words("uses");
    let texts = LetterTexts::from_each(|name| {
        let face = TEXTS.iter().find(|(known, _)| *known == name).map_or(Face::Plain, |(_, face)| *face);
        // An appointment card travels with no message.
        let optional = name == "confidentiality" || (face == Face::Message && layout == LetterLayout::AppointmentCard);
        let found = if optional { entry.text_maybe(name) } else { entry.text(name) };
        let Some((text, offset)) = found else { return String::new() };
        if let Err(slip) = merge::check(&text, face.fields()) {
            let (what, remedy) = told(name, face, &slip);
            // A text between three quotes begins on the line after them.
            let below = usize::from(source.get(offset..).is_some_and(|at| at.starts_with("\"\"\"\n") || at.starts_with("'''\n")));
            entry.complain_below(offset, slip.line - 1 + below, what, remedy);
        }
        text
    });
    LetterTemplate { kind, lang, layout, uses, texts }
}

fn told(name: &str, face: Face, slip: &Slip) -> (String, String) {
    match &slip.fault {
        Fault::Unknown(field) if face != Face::Paper && PAPER_FIELDS.contains(&field.as_str()) => {
            let what = format!("The field `{field}` must not stand in `{name}`, which travels in the open");
            (what, "Say it in `letter` instead".to_owned())
        }
        Fault::Unknown(field) => (format!("There is no field `{field}` for `{name}`"), suggestion(field, face.fields())),
        Fault::Broken => {
            let what = format!("The text `{name}` can't be read: {}", slip.said);
            (what, "Write fields as `{{ code }}` and close every brace".to_owned())
        }
        Fault::TooLong => {
            (format!("The text `{name}` is longer than {} characters", merge::MOST_CHARACTERS), "Shorten it".to_owned())
        }
    }
}

// Every kind stands in every language, so that choosing a language is never a dead end.
fn missing(texts: &[(PathBuf, String)]) -> Vec<Mistake> {
    let mut kinds: BTreeMap<(PathBuf, String), BTreeSet<&'static str>> = BTreeMap::new();
    for (file, _) in texts {
        let Some((kind, lang)) = named(file) else { continue };
        let folder = file.parent().map(Path::to_owned).unwrap_or_default();
        kinds.entry((folder, kind)).or_default().insert(lang.code());
    }
    let mut mistakes = Vec::new();
    for ((folder, kind), has) in kinds {
        for lang in Lang::ALL.iter().filter(|lang| !has.contains(lang.code())) {
            let file = folder.join(format!("{kind}.{lang}.toml"));
            let what = format!("The letter `{kind}` is missing in {} (`{lang}`)", lang.own_name());
            mistakes.push(Mistake::of_file(&file, what, "Write this file; every letter stands in every language"));
        }
    }
    mistakes
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(files: &[(&str, &str)]) -> PathBuf {
        let folder = std::env::temp_dir().join(format!("letters-{}", uuid::Uuid::now_v7()));
        std::fs::create_dir_all(folder.join("letters")).expect("a folder");
        for (name, text) in files {
            std::fs::write(folder.join("letters").join(name), text).expect("a file");
        }
        folder
    }

    const GOOD: &str = "layout = \"letter\"\nuses = [\"within\"]\ntitle = \"A letter\"\nsubject = \"{{ code }}\"\nmessage = \"Hello\"\n\
                        heading = \"About {{ need }}\"\nletter = \"\"\"\nOne\n\n{{ person }}\n\"\"\"\n";

    fn told_of(text: &str) -> Vec<String> {
        let all: Vec<(String, &str)> = Lang::ALL.iter().map(|lang| (format!("note.{lang}.toml"), GOOD)).collect();
        let mut files: Vec<(&str, &str)> = all.iter().map(|(name, text)| (name.as_str(), *text)).collect();
        files[0].1 = text;
        let mistakes = read(&folder(&files)).expect_err("a mistake");
        mistakes
            .iter()
            .map(|slip| format!("{}:{}: {}", slip.file.file_name().unwrap_or_default().display(), slip.line, slip.what))
            .collect()
    }

    #[test]
    fn a_broken_letter_is_told_with_file_line_and_remedy() {
        let rows = [
            ("{{ person }}", "{{ nobody }}", "note.en.toml:10: There is no field `nobody` for `letter`"),
            (
                "\"Hello\"",
                "\"{{ person }}\"",
                "note.en.toml:5: The field `person` must not stand in `message`, which travels in the open",
            ),
            ("{{ person }}", "{{ person", "note.en.toml:10: The text `letter` can't be read: "),
            ("layout = \"letter\"", "layout = \"poster\"", "note.en.toml:1: `layout` can't be `poster`"),
            ("title = \"A letter\"", "", "note.en.toml:1: The key `title` is missing here"),
        ];
        for (from, to, expected) in rows {
            let told = told_of(&GOOD.replacen(from, to, 1));
            assert!(told.len() == 1 && told[0].starts_with(expected), "{told:?} instead of {expected}");
        }
    }

    #[test]
    fn a_missing_language_and_a_nameless_file_are_told() {
        let mistakes =
            read(&folder(&[("note.en.toml", GOOD), ("note.ar.toml", GOOD), ("note.toml", GOOD)])).expect_err("mistakes");
        let told: Vec<&str> = mistakes.iter().map(|slip| slip.what.as_str()).collect();
        assert_eq!(
            told,
            [
                "The name of this file says no kind and language",
                "The letter `note` is missing in Français (`fr`)",
                "The letter `note` is missing in Español (`es`)",
            ]
        );
    }

    #[test]
    fn the_shipped_letters_are_right() {
        for pack in ["protection", "employment-services"] {
            let dir = Path::new("packs").join(pack);
            let letters =
                read(&dir).unwrap_or_else(|mistakes| panic!("{}", mistakes.iter().map(|m| format!("{m}\n")).collect::<String>()));
            assert!(letters.len() >= 12, "{pack}");
        }
    }
}
