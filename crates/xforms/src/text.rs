//! What people read, in each language of a form.
use crate::form::Expression;

/// A text with one wording for each language of the form, in the form's order; empty if there is no such text.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Text {
    /// One for each language.
    pub wordings: Vec<Wording>,
}

/// A text in one language.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Wording {
    /// Words and values in turn; empty if this language has none.
    pub pieces: Vec<Piece>,
    /// Pictures and sounds that go with it.
    pub media: Vec<Media>,
}

/// A part of a text.
#[derive(Debug, Clone, PartialEq)]
pub enum Piece {
    /// Words, in which Markdown counts.
    Plain(String),
    /// The value of an expression, evaluated at the question that the text belongs to.
    Output(Expression),
}

/// A file shown or played with a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Media {
    /// `image`, `big-image`, `audio` or `video`.
    pub kind: String,
    /// Name of the file.
    pub file: String,
}

impl Text {
    /// The same words in the only language.
    pub fn plain(words: &str) -> Text {
        Text { wordings: vec![Wording { pieces: vec![Piece::Plain(words.to_owned())], media: Vec::new() }] }
    }

    /// Whether there is nothing in any language.
    pub fn is_empty(&self) -> bool {
        self.wordings.iter().all(Wording::is_empty)
    }

    /// What is said in a language; nothing if it says nothing.
    pub fn in_language(&self, language: usize) -> Option<&Wording> {
        self.wordings.get(language).filter(|wording| !wording.is_empty())
    }

    /// Whether any language has a picture or a sound.
    pub fn has_media(&self) -> bool {
        self.wordings.iter().any(|wording| !wording.media.is_empty())
    }
}

impl Wording {
    /// Whether it has neither words nor media.
    pub fn is_empty(&self) -> bool {
        self.pieces.is_empty() && self.media.is_empty()
    }

    /// The words alone, values as `…`.
    pub fn outline(&self) -> String {
        self.pieces
            .iter()
            .map(|piece| match piece {
                Piece::Plain(words) => words.as_str(),
                Piece::Output(_) => "…",
            })
            .collect()
    }
}
