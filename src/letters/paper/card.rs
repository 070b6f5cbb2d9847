//! The appointment card: when, perhaps where, and the switchboard. It names no service, no kind of agency and no reason.
use typeset::{Block, Document, Paper};

use super::content::Content;
use crate::error::{Error, invalid};

pub(super) fn document(content: &Content) -> Result<Document, Error> {
    let card = content.card.as_ref().ok_or_else(|| invalid("card", "required"))?;
    let words = content.words();
    let title = words.t("paper-card");
    let mut blocks = Vec::new();
    let name = content.sender_name();
    if !name.is_empty() {
        blocks.push(Block::Letterhead { name: name.to_owned(), lines: Vec::new(), logo: None });
    }
    blocks.push(Block::Title(title.clone()));
    let rows = [
        (words.t("paper-card-date"), card.date.clone()),
        (words.t("paper-card-time"), card.time.clone()),
        (words.t("paper-card-place"), card.place.join("\n")),
        (words.t("paper-card-phone"), card.phone.clone()),
        (words.t("paper-card-say"), card.say.clone()),
    ];
    blocks.push(Block::Rows(rows.into_iter().filter(|(_, value)| !value.is_empty()).collect()));
    let mut document = content.document(Paper::Card, title, blocks);
    // A confidentiality line would make a plain card look like something to hide.
    document.foot = words.t("paper-card-foot");
    Ok(document)
}
