//! Paper: display-ready content in, the bytes of a PDF out. The same content gives the same bytes, so that a preview is the very file
//! that goes out.
//!
//! Three layouts: the *letter*, the *inter-agency referral form* and the plain *appointment card*. How much may stand on them is the
//! case type's [`Discretion`], which holds whatever else the content carries (S17). The PIN has no field here and never will.
//! Deliberately not here: the database, templates, and the choice of what a consent allows to be printed.
mod card;
mod content;
mod form;
mod letter;
#[cfg(test)]
mod tests;

use anyhow::anyhow;
use typeset::{Block, Document, Paper};

pub use content::{
    Accompaniment, Agency, Answer, Card, Child, Consent, Content, Discretion, FollowUp, Form, Informed, Layout, Letterhead, Logo,
    Priority, Section, Tick,
};

use crate::error::{Error, invalid};
use crate::platform::lang::{Direction, Lang};
use crate::platform::text::{text, text_with};

/// The PDF of this content. Takes some tenths of a second: commit before, and keep it off the threads that answer requests.
pub fn render(content: &Content) -> Result<Vec<u8>, Error> {
    let document = match (content.discretion, content.layout) {
        (Discretion::CardOnly, Layout::Letter | Layout::InterAgencyForm) => return Err(invalid("layout", "card-only")),
        (_, Layout::AppointmentCard) => card::document(content)?,
        (_, Layout::InterAgencyForm) => form::document(content)?,
        (_, Layout::Letter) => letter::document(content),
    };
    // Words of the letter may stand in the cause, so only its kind is kept.
    typeset::pdf(&document).map_err(|error| Error::Broken(anyhow!("a letter could not be printed: {error}")))
}

/// The words of this layout in the language of the letter.
struct Words(Lang);

impl Words {
    fn t(&self, key: &str) -> String {
        text(self.0, key)
    }

    fn ta(&self, key: &str, name: &'static str, value: &str) -> String {
        text_with(self.0, key, &[(name, value.into())])
    }
}

impl Logo {
    fn to_print(&self) -> typeset::Logo {
        match self {
            Self::Png(bytes) => typeset::Logo::Png(bytes.clone()),
            Self::Jpeg(bytes) => typeset::Logo::Jpeg(bytes.clone()),
        }
    }

    /// Whether a letter with it can be printed. Takes as long as a letter.
    pub fn prints(&self) -> Result<bool, Error> {
        let head = Block::Letterhead { name: "Logo".to_owned(), lines: Vec::new(), logo: Some(self.to_print()) };
        let document = Document { title: "Logo".to_owned(), lang: "en".to_owned(), blocks: vec![head], ..Document::default() };
        match typeset::pdf(&document) {
            Ok(_) => Ok(true),
            Err(typeset::Error::Layout(_)) => Ok(false),
            Err(error) => Err(Error::Broken(anyhow!("a logo could not be tried: {error}"))),
        }
    }
}

impl Content {
    fn words(&self) -> Words {
        Words(self.lang)
    }

    /// The name at the head; a card of a restricted type has none.
    fn sender_name(&self) -> &str {
        match self.discretion {
            Discretion::Standard | Discretion::CodeOnly => &self.letterhead.org_name,
            Discretion::CardOnly => "",
        }
    }

    fn head(&self) -> Vec<Block> {
        let name = self.sender_name().to_owned();
        match self.discretion {
            Discretion::Standard => {
                let logo = self.letterhead.logo.as_ref().map(Logo::to_print);
                vec![Block::Letterhead { name, lines: self.letterhead.lines.clone(), logo }]
            }
            _ if name.is_empty() => Vec::new(),
            _ => vec![Block::Letterhead { name, lines: Vec::new(), logo: None }],
        }
    }

    /// What a paper of a guarded type says instead of everything else.
    fn discreet(&self) -> Option<String> {
        let key = match (&self.answer, &self.by_telephone) {
            (Some(_), _) => "paper-discreet",
            (None, Some(_)) => "paper-discreet-telephone",
            (None, None) => "paper-discreet-within",
        };
        (self.discretion != Discretion::Standard).then(|| self.words().ta(key, "code", &self.reference))
    }

    /// How an organisation without account answers.
    fn how_to_answer(&self) -> Vec<Block> {
        self.answer_box().map_or_else(|| self.telephone_box(), |answer| vec![answer])
    }

    /// Nobody is registered for one-time codes, so that no page could be opened: they ring.
    fn telephone_box(&self) -> Vec<Block> {
        let Some(desk) = &self.by_telephone else { return Vec::new() };
        let words = self.words();
        vec![
            Block::Heading(words.t("paper-answer")),
            Block::Paragraph(words.ta("paper-answer-ring", "code", &self.reference)),
            Block::Paragraph(words.t("paper-answer-say")),
            Block::Lines(desk.lines().map(str::to_owned).collect()),
        ]
    }

    /// Code and square for the answer page.
    fn answer_box(&self) -> Option<Block> {
        let answer = self.answer.as_ref()?;
        let words = self.words();
        Some(Block::Answer {
            heading: words.t("paper-answer"),
            steps: vec![
                words.ta("paper-answer-open", "address", &answer.address),
                words.t("paper-answer-pin"),
                words.t("paper-answer-say"),
            ],
            code_label: words.t("paper-answer-code"),
            code: answer.short_code.clone(),
            note: [words.ta("paper-answer-until", "date", &answer.expires), words.t("paper-answer-phone")].join("\n"),
            qr: answer.url.clone(),
            qr_alt: words.t("paper-answer-square"),
        })
    }

    fn document(&self, paper: Paper, title: String, blocks: Vec<Block>) -> Document {
        let words = self.words();
        let foot = if self.confidentiality.is_empty() { words.t("paper-confidential") } else { self.confidentiality.clone() };
        Document {
            title,
            author: self.sender_name().to_owned(),
            lang: self.lang.code().to_owned(),
            direction: match self.lang.dir() {
                Direction::LeftToRight => typeset::Direction::LeftToRight,
                Direction::RightToLeft => typeset::Direction::RightToLeft,
            },
            paper,
            foot,
            running: [self.sender_name(), &self.reference]
                .into_iter()
                .filter(|part| !part.is_empty())
                .collect::<Vec<_>>()
                .join(" · "),
            page_words: text_with(self.lang, "paper-page", &[("page", "%n".into()), ("pages", "%m".into())]),
            blocks,
        }
    }
}
