//! What can be printed: a document of blocks, all texts ready to be read.

/// One piece of paper, of one or more pages.
#[derive(Clone, Debug, Default)]
pub struct Document {
    /// Read out first by a screen reader, and shown in the window's title.
    pub title: String,
    pub author: String,
    /// Language code, for example `ar`.
    pub lang: String,
    pub direction: Direction,
    pub paper: Paper,
    /// At the foot of every page.
    pub foot: String,
    /// At the head of the second and later pages.
    pub running: String,
    /// "Page %n of %m" in the language of the document; empty prints no numbers.
    pub page_words: String,
    pub blocks: Vec<Block>,
}

/// Which way lines run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Direction {
    #[default]
    LeftToRight,
    RightToLeft,
}

/// The sheet and how closely it is set.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Paper {
    /// A4, a letter's size of text.
    #[default]
    Letter,
    /// A4, set closely.
    Form,
    /// A6, lying.
    Card,
}

/// One thing on the paper.
#[derive(Clone, Debug)]
pub enum Block {
    /// The sender's name, lines beside it, a picture, a rule below.
    Letterhead { name: String, lines: Vec<String>, logo: Option<Logo> },
    /// The document's own heading.
    Title(String),
    /// The heading of a part.
    Heading(String),
    /// Lines of an address, the first one stronger.
    Lines(Vec<String>),
    /// Running text; line breaks stay.
    Paragraph(String),
    /// A sentence that stands back: a hint, something withheld.
    Aside(String),
    /// A sentence that must be seen.
    Notice(String),
    /// Label and value, a line each.
    Rows(Vec<(String, String)>),
    /// Labels and values side by side, one short line.
    Facts(Vec<(String, String)>),
    /// A table with a head; a cell holds one or more lines.
    Table { head: Vec<String>, rows: Vec<Vec<Vec<String>>> },
    /// A list to tick; `columns` beside each other. The two words are read out for the boxes.
    Ticks { columns: usize, ticks: Vec<Tick>, ticked: String, not_ticked: String },
    /// Blocks side by side, of equal width.
    Columns(Vec<Vec<Block>>),
    /// How to answer, with a code to type and a picture to scan.
    Answer { heading: String, steps: Vec<String>, code_label: String, code: String, note: String, qr: String, qr_alt: String },
    /// Places to sign by hand, one column for each side.
    Sign(Vec<Hand>),
}

/// A picture.
#[derive(Clone, Debug)]
pub enum Logo {
    Png(Vec<u8>),
    Jpeg(Vec<u8>),
}

/// A line of a tick list.
#[derive(Clone, Debug)]
pub struct Tick {
    pub ticked: bool,
    pub text: String,
}

/// One side that signs.
#[derive(Clone, Debug)]
pub struct Hand {
    pub title: String,
    /// What stands under each line.
    pub fields: Vec<String>,
}
