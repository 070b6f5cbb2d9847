//! The letter: letterhead, receiver, date and reference, subject, text, whom to ask, how to answer, and the packet's sections.
use typeset::{Block, Document, Paper};

use super::content::{Content, Discretion, Section};

pub(super) fn document(content: &Content) -> Document {
    let words = content.words();
    let mut blocks = content.head();
    blocks.push(Block::Columns(vec![
        vec![Block::Lines(content.recipient.clone())],
        vec![Block::Facts(vec![
            (words.t("paper-date"), content.date.clone()),
            (words.t("paper-reference"), content.reference.clone()),
        ])],
    ]));
    blocks.push(Block::Title(content.subject.clone()));
    blocks.extend(content.paragraphs.iter().cloned().map(Block::Paragraph));
    if !content.sender.is_empty() {
        blocks.push(Block::Heading(words.t("paper-contact")));
        blocks.push(Block::Lines(content.sender.clone()));
    }
    blocks.extend(content.discreet().map(Block::Aside));
    blocks.extend(content.how_to_answer());
    if content.discretion == Discretion::Standard {
        sections(content, &mut blocks);
    }
    content.document(Paper::Letter, content.subject.clone(), blocks)
}

/// What may be shared, and by name what may not.
fn sections(content: &Content, blocks: &mut Vec<Block>) {
    let words = content.words();
    let (withheld, shared): (Vec<&Section>, Vec<&Section>) = content.sections.iter().partition(|section| section.withheld);
    for section in shared {
        blocks.push(Block::Heading(section.title.clone()));
        blocks.push(Block::Rows(section.rows.clone()));
    }
    if !withheld.is_empty() {
        blocks.push(Block::Heading(words.t("paper-withheld")));
        blocks.push(Block::Aside(words.t("paper-withheld-why")));
        blocks.push(Block::Rows(
            withheld.into_iter().map(|section| (section.title.clone(), words.t("paper-withheld-mark"))).collect(),
        ));
    }
}
