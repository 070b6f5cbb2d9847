//! The words of `itext`, and those that stand where they are used.
use std::collections::HashMap;

use crate::form::{Expression, Language, Media, Piece, Place, Text, Wording};
use crate::xml::{Child, Tree};

/// All texts by language.
#[derive(Debug, Default)]
pub(super) struct Words {
    pub languages: Vec<Language>,
    pub default: usize,
    /// For each id: elements `text`, one for each language that has it.
    texts: HashMap<String, Vec<Option<usize>>>,
}

impl Words {
    pub fn read(tree: &Tree, model: usize) -> Words {
        let mut words = Words::default();
        let Some(itext) = tree.child(model, "itext") else {
            words.languages.push(Language { name: "default".to_owned() });
            return words;
        };
        let translations: Vec<usize> = tree.children(itext).filter(|&child| tree.name(child) == "translation").collect();
        for (at, &translation) in translations.iter().enumerate() {
            words.languages.push(Language { name: tree.attribute(translation, "lang").unwrap_or("default").to_owned() });
            if tree.attribute(translation, "default").is_some_and(|value| value != "false()") {
                words.default = at;
            }
            for text in tree.children(translation) {
                let Some(id) = tree.attribute(text, "id") else { continue };
                let slots = words.texts.entry(id.to_owned()).or_insert_with(|| vec![None; translations.len()]);
                slots[at] = Some(text);
            }
        }
        if words.languages.is_empty() {
            words.languages.push(Language { name: "default".to_owned() });
        }
        words
    }

    pub fn knows(&self, id: &str) -> bool {
        self.texts.contains_key(id)
    }

    /// A text of `itext`; `guidance` chooses the longer help that goes with a hint.
    pub fn by_id(&self, tree: &Tree, id: &str, guidance: bool) -> Text {
        let Some(slots) = self.texts.get(id) else { return Text::default() };
        let wordings: Vec<Wording> = slots
            .iter()
            .map(|slot| slot.map(|text| wording(tree, text, guidance, self.languages.len() > 1)).unwrap_or_default())
            .collect();
        let text = Text { wordings };
        if text.is_empty() { Text::default() } else { text }
    }

    /// Words that stand in place: the same in all languages.
    pub fn in_place(&self, tree: &Tree, element: usize) -> Text {
        let pieces = pieces(tree, element);
        if pieces.is_empty() {
            return Text::default();
        }
        Text { wordings: vec![Wording { pieces, media: Vec::new() }; self.languages.len()] }
    }
}

fn wording(tree: &Tree, text: usize, guidance: bool, many: bool) -> Wording {
    let mut wording = Wording::default();
    for value in tree.children(text) {
        match tree.attribute(value, "form") {
            Some("guidance") if guidance => wording.pieces = pieces(tree, value),
            None | Some("long") if !guidance => wording.pieces = pieces(tree, value),
            Some(kind @ ("image" | "big-image" | "audio" | "video")) if !guidance => {
                let file = tree.text(value);
                let file = file.rsplit('/').next().unwrap_or_default().trim().to_owned();
                wording.media.push(Media { kind: kind.to_owned(), file });
            }
            _ => {}
        }
    }
    // A hyphen stands for what this language lacks.
    if many && matches!(wording.pieces.as_slice(), [Piece::Plain(words)] if words.trim() == "-") {
        wording.pieces.clear();
    }
    wording
}

fn pieces(tree: &Tree, element: usize) -> Vec<Piece> {
    let mut pieces = Vec::new();
    for child in &tree.elements[element].children {
        match child {
            Child::Text(words) => pieces.push(Piece::Plain(words.clone())),
            Child::Element(output) => {
                if let Some(value) = tree.attribute(*output, "value").or_else(|| tree.attribute(*output, "ref")) {
                    let place = Place { sheet: "xform".to_owned(), row: tree.elements[*output].line, column: "value".to_owned() };
                    pieces.push(Piece::Output(Expression { text: value.trim().to_owned(), place }));
                }
            }
        }
    }
    pieces
}

/// The id in `jr:itext('id')`.
pub(super) fn itext_id(reference: &str) -> Option<&str> {
    let inside = reference.trim().strip_prefix("jr:itext(")?.strip_suffix(')')?.trim();
    inside
        .strip_prefix('\'')
        .and_then(|id| id.strip_suffix('\''))
        .or_else(|| inside.strip_prefix('"').and_then(|id| id.strip_suffix('"')))
}
