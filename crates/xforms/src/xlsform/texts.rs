//! Texts in several languages: which languages there are, and what each says.
use crate::form::{Media, Piece, Place, Text, Wording};

use super::references::{Context, Resolver, scan};
use super::sheet::{Cell, Record};
use crate::findings::Findings;

/// The languages of a form, and which one a column without a language speaks.
#[derive(Debug, Default)]
pub(super) struct Languages {
    pub names: Vec<String>,
    /// Where texts without a language go if others of the same text have one.
    pub unnamed: String,
}

/// How a text is kept: once for all languages, or for each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Keeping {
    /// A text in no language holds for all.
    Inline,
    /// A text in no language is one of the default language, since the text has parts that must be kept for each.
    Translated,
}

impl Languages {
    /// Notes the languages that a text speaks.
    pub fn note(&mut self, cells: &[&Cell], keeping: Keeping) {
        let translated = keeping == Keeping::Translated || cells.iter().any(|cell| cell.language.is_some());
        for cell in cells {
            match &cell.language {
                Some(name) => self.add(name.clone()),
                None if translated => self.add(self.unnamed.clone()),
                None => {}
            }
        }
    }

    fn add(&mut self, name: String) {
        if !self.names.contains(&name) {
            self.names.push(name);
        }
    }

    /// The position of the default language.
    pub fn default(&self) -> usize {
        self.names.iter().position(|name| *name == self.unnamed).unwrap_or_default()
    }

    fn position(&self, name: &str) -> Option<usize> {
        self.names.iter().position(|known| known == name)
    }
}

/// How the texts of a label are kept.
pub(super) fn keeping_of(record: &Record, key: &str) -> Keeping {
    let media = ["image", "big-image", "audio", "video"].iter().any(|kind| record.cell(kind).is_some());
    let refers = |key: &str| record.all(key).any(|cell| cell.text.contains("${"));
    let translated = match key {
        "label" => media,
        "hint" | "guidance_hint" => record.cell("guidance_hint").is_some(),
        _ => refers(key),
    };
    if translated { Keeping::Translated } else { Keeping::Inline }
}

/// Builds texts.
pub(super) struct Writer<'a> {
    pub resolver: Resolver<'a>,
    pub languages: &'a Languages,
}

impl Writer<'_> {
    /// A text of a row, without media.
    pub fn text(&self, record: &Record, key: &str, keeping: Keeping, context: Context, findings: &mut Findings) -> Text {
        let cells: Vec<&Cell> = record.all(key).collect();
        let mut text = Text::default();
        if cells.is_empty() {
            return text;
        }
        text.wordings = vec![Wording::default(); self.languages.names.len()];
        let translated = keeping == Keeping::Translated || cells.iter().any(|cell| cell.language.is_some());
        for cell in cells {
            let pieces = self.pieces(cell, &record.at(&cell.heading), context, findings);
            match &cell.language {
                None if !translated => text.wordings.iter_mut().for_each(|wording| wording.pieces.clone_from(&pieces)),
                language => {
                    let name = language.as_deref().unwrap_or(&self.languages.unnamed);
                    let Some(at) = self.languages.position(name) else { continue };
                    // A column that names the language goes before one that does not.
                    if language.is_some() || text.wordings[at].pieces.is_empty() {
                        text.wordings[at].pieces = pieces;
                    }
                }
            }
        }
        text
    }

    /// A label with its pictures and sounds.
    pub fn label(&self, record: &Record, keeping: Keeping, context: Context, findings: &mut Findings) -> Text {
        let mut text = self.text(record, "label", keeping, context, findings);
        for kind in ["image", "big-image", "audio", "video"] {
            for cell in record.all(kind) {
                if text.wordings.is_empty() {
                    text.wordings = vec![Wording::default(); self.languages.names.len()];
                }
                let name = cell.language.as_deref().unwrap_or(&self.languages.unnamed);
                if let Some(at) = self.languages.position(name) {
                    text.wordings[at].media.push(Media { kind: kind.to_owned(), file: cell.text.trim().to_owned() });
                }
            }
        }
        text
    }

    // Words and values in turn. `instance(…)…` up to the next space outside brackets is a value too.
    fn pieces(&self, cell: &Cell, place: &Place, context: Context, findings: &mut Findings) -> Vec<Piece> {
        let text = cell.text.as_str();
        let mut spans: Vec<(usize, usize)> = instance_spans(text);
        for reference in scan(text, place, findings) {
            if !spans.iter().any(|(start, end)| reference.start >= *start && reference.end <= *end) {
                spans.push((reference.start, reference.end));
            }
        }
        spans.sort_unstable();
        let mut pieces = Vec::new();
        let mut last = 0;
        for (start, end) in spans {
            if start > last {
                pieces.push(Piece::Plain(text[last..start].to_owned()));
            }
            pieces.push(Piece::Output(self.resolver.expression(&text[start..end], context, place, findings)));
            last = end;
        }
        if last < text.len() {
            pieces.push(Piece::Plain(text[last..].to_owned()));
        }
        pieces
    }
}

fn instance_spans(text: &str) -> Vec<(usize, usize)> {
    let mut spans = Vec::new();
    let mut at = 0;
    while let Some(start) = text[at..].find("instance('").or_else(|| text[at..].find("instance(\"")).map(|offset| at + offset) {
        let mut depth = 0_i32;
        let mut end = text.len();
        for (offset, character) in text[start..].char_indices() {
            match character {
                '[' | '(' => depth += 1,
                ']' | ')' => depth -= 1,
                other if other.is_whitespace() && depth <= 0 => {
                    end = start + offset;
                    break;
                }
                _ => {}
            }
        }
        // Only a path into the instance is a value; the word alone is a word.
        if text[start..end].contains(")/") {
            spans.push((start, end));
        }
        at = end.max(start + 1);
    }
    spans
}

#[cfg(test)]
mod tests {
    use super::instance_spans;

    #[test]
    fn paths_into_instances_are_values_in_a_text() {
        let text = "see instance('yn')/root/item[name = ${a}]/label there";
        let spans = instance_spans(text);
        assert_eq!(spans.len(), 1);
        assert_eq!(&text[spans[0].0..spans[0].1], "instance('yn')/root/item[name = ${a}]/label");
        assert!(instance_spans("an instance('x') of").is_empty());
    }
}
