//! A small document tree in, the bytes of a tagged PDF (PDF/UA-1) out.
//!
//! Pure: no file, no network, no clock; the same tree gives the same bytes. Texts go in as data, so markup in a name prints as text.
//! Arabic and Latin mix freely; numbers written in groups keep their order inside Arabic. Characters that no font of ours has are
//! written in Latin letters. What deliberately is not here: words of any language, and what a letter is.
mod bidi;
mod fonts;
mod inputs;
mod qr;
mod tree;
mod world;

use std::fmt;

use typst::comemo;
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards};

pub use tree::{Block, Direction, Document, Hand, Logo, Paper, Tick};

/// Why a document could not be printed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Error {
    /// The program was built without fonts.
    NoFonts,
    /// A QR code can't hold so long an address.
    Qr,
    /// The layout or the PDF failed; the text says how, and may hold words of the document.
    Layout(String),
}

/// An SVG of the QR code of this text, dark on white with the empty margin that the standard asks for.
pub fn qr_svg(text: &str) -> Result<String, Error> {
    qr::svg(text)
}

impl fmt::Display for Error {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoFonts => out.write_str("the program was built without fonts; run scripts/assets.sh and build again"),
            Self::Qr => out.write_str("the address is too long for a QR code"),
            Self::Layout(_) => out.write_str("the layout failed"),
        }
    }
}

impl std::error::Error for Error {}

/// The PDF of this document.
pub fn pdf(document: &Document) -> Result<Vec<u8>, Error> {
    let world = world::Printer::new(inputs::of(document)?)?;
    let printed = print(&world, document);
    // The layout engine remembers what it has seen; names must not stay in memory after the letter is done.
    comemo::evict(0);
    printed
}

fn print(world: &world::Printer, document: &Document) -> Result<Vec<u8>, Error> {
    let pages: PagedDocument =
        typst::compile(world).output.map_err(|errors| failed(errors.iter().map(|error| &error.message)))?;
    let standards = PdfStandards::new(&[PdfStandard::Ua_1]).map_err(|error| Error::Layout(error.message().to_string()))?;
    let options = PdfOptions {
        ident: typst::foundations::Smart::Custom(document.title.clone()),
        creator: typst::foundations::Smart::Custom(None),
        standards,
        ..PdfOptions::default()
    };
    typst_pdf::pdf(&pages, &options).map_err(|errors| failed(errors.iter().map(|error| &error.message)))
}

fn failed<T: fmt::Display>(messages: impl Iterator<Item = T>) -> Error {
    Error::Layout(messages.map(|message| message.to_string()).collect::<Vec<_>>().join("; "))
}
