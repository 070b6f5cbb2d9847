//! Paper: display-ready content in, the bytes of a PDF out. The same content gives the same bytes, so that a preview is the very file
//! that goes out.
//!
//! Three layouts: the *letter*, the *inter-agency referral form* and the plain *appointment card*. How much may stand on them is the
//! case type's [`Discretion`], which holds whatever else the content carries (S17). The PIN has no field here and never will.
//! Deliberately not here: the database, templates, and the choice of what a consent allows to be printed.
mod content;

pub use content::{
    Accompaniment, Agency, Answer, Card, Child, Consent, Content, Discretion, FollowUp, Form, Informed, Layout, Letterhead, Logo,
    Priority, Section, Tick,
};

use crate::error::Error;

/// The PDF of this content.
pub fn render(content: &Content) -> Result<Vec<u8>, Error> {
    // Pages of the real layouts follow; until then one empty page keeps callers going.
    let _ = content;
    Ok(EMPTY.to_vec())
}

const EMPTY: &[u8] = b"%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n\
3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n";
