//! The inter-agency referral form (DOMAIN 5), in the order in which agencies fill and read it.
use typeset::{Block, Document, Hand, Paper};

use super::Words;
use super::content::{Accompaniment, Agency, Child, Consent, Content, Discretion, Form, Informed, Priority};
use crate::error::{Error, invalid};

pub(super) fn document(content: &Content) -> Result<Document, Error> {
    let form = content.form.as_ref().ok_or_else(|| invalid("form", "required"))?;
    let words = content.words();
    let title = words.t("paper-form");
    let mut blocks = content.head();
    blocks.push(Block::Title(title.clone()));
    blocks.push(Block::Facts(vec![
        (words.t("paper-date"), content.date.clone()),
        (words.t("paper-reference"), content.reference.clone()),
        (words.t("paper-answer-by"), form.answer_by.clone()),
    ]));
    priority(&words, form.priority, &mut blocks);
    agencies(content, form, &mut blocks);
    match content.discreet() {
        None => person(&words, form, &mut blocks),
        Some(instead) => blocks.push(Block::Notice(instead)),
    }
    services(&words, form, &mut blocks);
    if content.discretion == Discretion::Standard {
        agreed(&words, form, &mut blocks);
    }
    blocks.push(Block::Heading(words.t("paper-follow-up")));
    blocks.push(Block::Rows(vec![
        (words.t("paper-follow-up-channel"), or_none(&words, &form.follow_up.channel)),
        (words.t("paper-follow-up-date"), or_none(&words, &form.follow_up.date)),
    ]));
    blocks.extend(content.how_to_answer());
    blocks.push(Block::Heading(words.t("paper-hand-over")));
    blocks.push(Block::Sign(vec![hand(&words, "paper-handed-over-by"), hand(&words, "paper-received-by")]));
    Ok(content.document(Paper::Form, title, blocks))
}

fn priority(words: &Words, priority: Priority, blocks: &mut Vec<Block>) {
    let choices = [
        (Priority::Emergency, "paper-priority-emergency"),
        (Priority::Urgent, "paper-priority-urgent"),
        (Priority::Normal, "paper-priority-normal"),
    ];
    blocks.push(Block::Heading(words.t("paper-priority")));
    blocks.push(ticks(
        words,
        3,
        choices.map(|(choice, key)| typeset::Tick { ticked: choice == priority, text: words.t(key) }).to_vec(),
    ));
}

fn agencies(content: &Content, form: &Form, blocks: &mut Vec<Block>) {
    let words = content.words();
    let side = |key: &str, name: &str, lines: &[String]| {
        let lines = std::iter::once(name.to_owned()).chain(lines.iter().cloned()).filter(|line| !line.is_empty()).collect();
        vec![Block::Heading(words.t(key)), Block::Lines(lines)]
    };
    let Agency { name, lines } = &form.referring;
    let referring = match content.discretion {
        Discretion::Standard => side("paper-referring", name, lines),
        _ => side("paper-referring", content.sender_name(), &content.sender),
    };
    blocks.push(Block::Columns(vec![referring, side("paper-receiving", &form.receiving.name, &form.receiving.lines)]));
}

fn person(words: &Words, form: &Form, blocks: &mut Vec<Block>) {
    blocks.push(Block::Heading(words.t("paper-person")));
    blocks.push(Block::Rows(form.person.clone()));
    if let Some(of_child) = &form.child {
        blocks.push(Block::Heading(words.t("paper-child")));
        blocks.push(Block::Rows(child(words, of_child)));
    }
    for (key, texts) in [("paper-reason", &form.reason), ("paper-provided", &form.provided)] {
        blocks.push(Block::Heading(words.t(key)));
        blocks.extend(paragraphs(words, texts));
    }
}

fn child(words: &Words, child: &Child) -> Vec<(String, String)> {
    let situation = match child.accompaniment {
        Accompaniment::WithCaregiver => "paper-child-with-caregiver",
        Accompaniment::Separated => "paper-child-separated",
        Accompaniment::Unaccompanied => "paper-child-unaccompanied",
        Accompaniment::NotKnown => "paper-not-recorded",
    };
    let informed = match &child.informed {
        Informed::Yes => words.t("paper-yes"),
        Informed::No { reason } => words.ta("paper-no-because", "reason", reason),
        Informed::NotRecorded => words.t("paper-not-recorded"),
    };
    let mut rows = vec![(words.t("paper-child-situation"), words.t(situation))];
    // A caregiver who is not safe to involve leaves no empty line that asks who it is.
    if let Some(name) = &child.caregiver {
        let or_not = |value: &Option<String>| value.clone().unwrap_or_else(|| words.t("paper-not-recorded"));
        rows.push((words.t("paper-child-caregiver"), name.clone()));
        rows.push((words.t("paper-child-relationship"), or_not(&child.relationship)));
        rows.push((words.t("paper-child-contact"), child.contact.clone().unwrap_or_else(|| words.t("paper-child-no-contact"))));
    }
    rows.push((words.t("paper-child-informed"), informed));
    rows
}

fn services(words: &Words, form: &Form, blocks: &mut Vec<Block>) {
    let wanted =
        form.services.iter().map(|service| typeset::Tick { ticked: service.ticked, text: service.text.clone() }).collect();
    blocks.push(Block::Heading(words.t("paper-services")));
    blocks.push(ticks(words, 2, wanted));
}

fn agreed(words: &Words, form: &Form, blocks: &mut Vec<Block>) {
    blocks.push(Block::Heading(words.t("paper-consent")));
    let head = ["paper-consent-recipient", "paper-consent-shared", "paper-consent-withheld", "paper-consent-until"];
    let rows = form.consent.iter().map(|consent| row(words, consent)).collect();
    blocks.push(Block::Table { head: head.map(|key| words.t(key)).to_vec(), rows });
    blocks.push(Block::Heading(words.t("paper-restrictions")));
    blocks.extend(paragraphs(words, &form.restrictions));
}

fn row(words: &Words, consent: &Consent) -> Vec<Vec<String>> {
    let items = |items: &[String]| if items.is_empty() { vec![words.t("paper-none")] } else { items.to_vec() };
    let until = if consent.until.is_empty() { words.t("paper-not-recorded") } else { consent.until.clone() };
    vec![vec![consent.recipient.clone()], items(&consent.shared), items(&consent.withheld), vec![until]]
}

fn paragraphs(words: &Words, texts: &[String]) -> Vec<Block> {
    if texts.is_empty() {
        vec![Block::Paragraph(words.t("paper-none"))]
    } else {
        texts.iter().cloned().map(Block::Paragraph).collect()
    }
}

fn ticks(words: &Words, columns: usize, ticks: Vec<typeset::Tick>) -> Block {
    Block::Ticks { columns, ticks, ticked: words.t("paper-ticked"), not_ticked: words.t("paper-not-ticked") }
}

fn hand(words: &Words, title: &str) -> Hand {
    let fields = ["paper-sign-name", "paper-sign-signature", "paper-sign-date"].map(|key| words.t(key)).to_vec();
    Hand { title: words.t(title), fields }
}

fn or_none(words: &Words, value: &str) -> String {
    if value.is_empty() { words.t("paper-none") } else { value.to_owned() }
}
