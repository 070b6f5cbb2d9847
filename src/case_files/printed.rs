//! The file on paper.
use typeset::{Block, Direction, Document, Paper};

use super::bundle::Manifest;
use super::case_file::{Entry, SECTIONS};
use crate::error::Error;
use crate::platform::lang::{self, Lang};
use crate::platform::text::{text, text_with};
use crate::web::format::Reader;

/// The PDF of these entries. Takes some tenths of a second: keep it off the threads that answer requests.
pub(super) fn pdf(manifest: &Manifest<'_>, entries: &[Entry]) -> Result<Vec<u8>, Error> {
    let lang = manifest.file.lang;
    let t = |key: &str| text(lang, key);
    let mut blocks =
        vec![Block::Title(t("case-file-title")), Block::Facts(head(manifest)), Block::Aside(t("case-file-printed-hint"))];
    blocks.extend(told(lang, entries));
    let document = Document {
        title: t("case-file-title"),
        author: String::new(),
        lang: lang.code().to_owned(),
        direction: match lang.dir() {
            lang::Direction::LeftToRight => Direction::LeftToRight,
            lang::Direction::RightToLeft => Direction::RightToLeft,
        },
        paper: Paper::Form,
        foot: String::new(),
        running: t("case-file-title"),
        page_words: text_with(lang, "paper-page", &[("page", "%n".into()), ("pages", "%m".into())]),
        blocks,
    };
    // Words of the file may stand in the cause, so only its kind is kept.
    typeset::pdf(&document).map_err(|error| Error::Broken(anyhow::anyhow!("a case file could not be printed: {error}")))
}

// Who gives it and when it was made. The paper of a restricted case names no organisation (S17).
fn head(manifest: &Manifest<'_>) -> Vec<(String, String)> {
    let lang = manifest.file.lang;
    let zone = manifest.case.time_zone.parse().unwrap_or(chrono_tz::UTC);
    let reader = Reader { lang, arabic_digits: false, zone, now: manifest.made_at, years: true };
    let by = Some(("letter-organisation", manifest.case.organisation.clone())).filter(|_| manifest.case.names_workers);
    let made = ("case-file-made-on", reader.day(manifest.made_at));
    by.into_iter().chain([made]).map(|(key, value)| (text(lang, key), value)).collect()
}

// Section by section.
fn told(lang: Lang, entries: &[Entry]) -> Vec<Block> {
    let mut blocks = Vec::new();
    for section in SECTIONS {
        let of: Vec<&Entry> = entries.iter().filter(|entry| entry.section == section).collect();
        if of.is_empty() {
            continue;
        }
        let heading = text(lang, &format!("case-file-section-{section}"));
        blocks.push(Block::Heading(heading.clone()));
        for entry in of {
            // What is called as its section is said once.
            if entry.title != heading {
                blocks.push(Block::Notice(entry.title.clone()));
            }
            let (words, facts): (Vec<_>, Vec<_>) =
                entry.lines.iter().partition(|line| line.value.contains('\n') || line.value.len() > 120);
            if !facts.is_empty() {
                blocks.push(Block::Rows(facts.iter().map(|line| (line.label.clone(), line.value.clone())).collect()));
            }
            for line in words {
                // An answer says nothing without its question.
                if is_answer(section) {
                    blocks.push(Block::Aside(line.label.clone()));
                }
                blocks.push(Block::Paragraph(line.value.clone()));
            }
        }
    }
    blocks
}

fn is_answer(section: &str) -> bool {
    matches!(section, "assessments" | "forms")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::case_files::case_file::Line;

    #[test]
    fn what_is_called_as_its_section_is_said_once() {
        let entry = |title: &str| Entry {
            section: "person".to_owned(),
            title: title.to_owned(),
            kind: String::new(),
            on: String::new(),
            lines: vec![Line { key: "name".to_owned(), label: "Name".to_owned(), value: "Dana".to_owned(), code: String::new() }],
            free: false,
            file: None,
        };
        let blocks = told(Lang::En, &[entry("The person"), entry("Another")]);
        let said: Vec<&str> = blocks
            .iter()
            .filter_map(|block| match block {
                Block::Heading(words) | Block::Notice(words) => Some(words.as_str()),
                _ => None,
            })
            .collect();
        assert_eq!(said, ["The person", "Another"]);
    }
}
