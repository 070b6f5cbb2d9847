//! The file on paper.
use typeset::{Block, Direction, Document, Paper};

use super::case_file::{CaseFile, Entry, SECTIONS};
use crate::error::Error;
use crate::platform::lang;
use crate::platform::text::text;

/// The PDF of these entries. Takes some tenths of a second: keep it off the threads that answer requests.
pub(super) fn pdf(file: &CaseFile, entries: &[Entry]) -> Result<Vec<u8>, Error> {
    let t = |key: &str| text(file.lang, key);
    let mut blocks = vec![Block::Title(t("case-file-title")), Block::Aside(t("case-file-printed-hint"))];
    for section in SECTIONS {
        let of: Vec<&Entry> = entries.iter().filter(|entry| entry.section == section).collect();
        if of.is_empty() {
            continue;
        }
        blocks.push(Block::Heading(t(&format!("case-file-section-{section}"))));
        for entry in of {
            blocks.push(Block::Notice(entry.title.clone()));
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
    let document = Document {
        title: t("case-file-title"),
        author: String::new(),
        lang: file.lang.code().to_owned(),
        direction: match file.lang.dir() {
            lang::Direction::LeftToRight => Direction::LeftToRight,
            lang::Direction::RightToLeft => Direction::RightToLeft,
        },
        paper: Paper::Form,
        foot: String::new(),
        running: t("case-file-title"),
        page_words: String::new(),
        blocks,
    };
    // Words of the file may stand in the cause, so only its kind is kept.
    typeset::pdf(&document).map_err(|error| Error::Broken(anyhow::anyhow!("a case file could not be printed: {error}")))
}

fn is_answer(section: &str) -> bool {
    matches!(section, "assessments" | "forms")
}
