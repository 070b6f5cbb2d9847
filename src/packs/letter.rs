//! A letter of a pack, as the program uses it.
use serde::{Deserialize, Serialize};

use super::words::{LetterLayout, LetterUse};
use crate::platform::lang::Lang;

/// A letter in one language: the message it travels with, and what stands on its paper. The texts hold merge fields.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LetterTemplate {
    pub kind: String,
    pub lang: Lang,
    pub layout: LetterLayout,
    pub uses: Vec<LetterUse>,
    pub texts: LetterTexts,
}

/// What an organisation may edit of a letter.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LetterTexts {
    /// What people choose it by.
    pub title: String,
    /// The subject line of the message.
    pub subject: String,
    /// The text of the message; no field of a person may stand in either.
    pub message: String,
    /// The subject on the paper.
    pub heading: String,
    /// The paragraphs on the paper, an empty line between them.
    pub letter: String,
    /// The line at the foot of each page; empty for the layout's own.
    pub confidentiality: String,
}
