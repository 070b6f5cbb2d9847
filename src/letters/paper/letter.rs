//! The letter: letterhead, receiver, date and reference, subject, text, whom to ask, how to answer, and the packet's sections.
use typeset::{Block, Document, Paper};

use super::content::{Content, Discretion};

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
    let title = match content.discretion {
        Discretion::Standard => open(content, &mut blocks),
        Discretion::CodeOnly | Discretion::CardOnly => discreet(content, &mut blocks),
    };
    content.document(Paper::Letter, title, blocks)
}

/// What consent allows.
fn open(content: &Content, blocks: &mut Vec<Block>) -> String {
    let words = content.words();
    blocks.push(Block::Title(content.subject.clone()));
    blocks.extend(content.paragraphs.iter().cloned().map(Block::Paragraph));
    let wanted = content.services_wanted.iter().map(|service| (words.t("paper-service-wanted"), service.clone())).collect();
    blocks.push(Block::Rows(wanted));
    if !content.sender.is_empty() {
        blocks.push(Block::Heading(words.t("paper-contact")));
        blocks.push(Block::Lines(content.sender.clone()));
    }
    blocks.extend(content.answer_box());
    let (withheld, shared): (Vec<_>, Vec<_>) = content.sections.iter().partition(|section| section.withheld);
    for section in shared {
        blocks.push(Block::Heading(section.title.clone()));
        blocks.push(Block::Rows(section.rows.clone()));
    }
    if !withheld.is_empty() {
        blocks.push(Block::Heading(words.t("paper-withheld")));
        blocks.push(Block::Aside(words.t("paper-withheld-why")));
        let names = withheld.into_iter().map(|section| (section.title.clone(), words.t("paper-withheld-mark"))).collect();
        blocks.push(Block::Rows(names));
    }
    content.subject.clone()
}

/// Code, service wanted and switchboard; the rest waits behind the PIN.
fn discreet(content: &Content, blocks: &mut Vec<Block>) -> String {
    let words = content.words();
    let title = words.t("paper-referral");
    blocks.push(Block::Title(title.clone()));
    blocks.push(Block::Paragraph(words.ta("paper-discreet", "code", &content.reference)));
    let mut rows: Vec<_> =
        content.services_wanted.iter().map(|service| (words.t("paper-service-wanted"), service.clone())).collect();
    rows.push((words.t("paper-switchboard"), content.switchboard.clone()));
    blocks.push(Block::Rows(rows));
    blocks.extend(content.answer_box());
    title
}
