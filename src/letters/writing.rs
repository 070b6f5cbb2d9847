//! From a referral and a template to what is printed: texts ready to be read, in the language of the letter.
//!
//! Preview and submission call the same function with the same things, so that what is previewed is what goes out. How much may be told is
//! decided here a first time (guarded types: no name, no free words) and by `paper` a second time, by the case type's discretion.
use chrono::{DateTime, Datelike, NaiveDate, Utc};

use super::letter::{Letter, Way};
use super::paper::{Answer, Card, Content, Discretion, Layout, Letterhead, Section};
use super::store::{self, Organisation};
use super::templates::Template;
use crate::directory::contacts::Contact;
use crate::error::Error;
use crate::packs::{LetterLayout, Pack, Sensitivity};
use crate::people;
use crate::platform::db::Work;
use crate::platform::lang::{Direction, Lang};
use crate::platform::merge::{self, Values};
use crate::platform::text::{text, text_with, without_marks};
use crate::referrals::clocks::watch::Clockwork;
use crate::referrals::links;
use crate::referrals::packet_view;
use crate::referrals::row::Referral;
use crate::referrals::sending::send::Prepared;
use crate::referrals::words::Kind;
use crate::web::{Form, Page};

/// Everything a letter is written from.
pub struct Sources<'a> {
    pub referral: &'a Referral,
    pub pack: &'a Pack,
    pub template: &'a Template,
    pub letter: &'a Letter,
    /// The registered contact it goes to, if to one.
    pub contact: Option<&'a Contact>,
    /// The referral's draft, and what was looked up for it.
    pub form: &'a Form,
    pub prepared: &'a Prepared,
}

/// Both sides as the letter names them.
pub struct Sides {
    pub from: Organisation,
    pub unit: String,
    pub to_name: String,
    pub person: String,
    pub case_code: String,
}

impl Sources<'_> {
    fn lang(&self) -> Lang {
        self.template.lang
    }

    fn sensitivity(&self) -> Sensitivity {
        self.referral.state.terms.sensitivity
    }

    fn is_open(&self) -> bool {
        self.sensitivity() == Sensitivity::Standard
    }
}

/// A day with its year, as the language writes it.
pub fn day(lang: Lang, date: NaiveDate) -> String {
    format!("{} {} {}", date.day(), text(lang, &format!("month-{}", date.month())), date.year())
}

fn day_of(work: &Work, lang: Lang, moment: DateTime<Utc>) -> String {
    day(lang, moment.with_timezone(&work.zone()).date_naive())
}

/// How both sides are named in the letter's language.
pub async fn sides(work: &mut Work, sources: &Sources<'_>) -> Result<Sides, Error> {
    let (lang, referral) = (sources.lang(), sources.referral);
    let to_name = match referral.to.org {
        Some(org) => store::organisation(work, org, lang).await?.name,
        None => referral.to.name.clone(),
    };
    let names_it = sources.form.has("sections", "identity") && sources.is_open();
    let persons = people::store::several(work, &sources.prepared.persons).await?;
    let person = if names_it { lang.list(persons.iter().map(|person| person.full_name())) } else { referral.code.clone() };
    let mut from = store::organisation(work, referral.from.org, lang).await?;
    if is_neutral(sources) {
        from.desk = number_of(&from.desk);
    }
    Ok(Sides {
        from,
        unit: store::unit_name(work, referral.from.unit).await?,
        to_name,
        person,
        case_code: if sources.is_open() { sources.prepared.case.code.clone() } else { referral.code.clone() },
    })
}

/// The values of the merge fields.
pub fn values(work: &Work, sources: &Sources<'_>, sides: &Sides) -> Values {
    let (lang, pack, referral) = (sources.lang(), sources.pack, sources.referral);
    let restricted = sources.sensitivity() == Sensitivity::Restricted;
    let priority = sources.form.value("priority");
    let due = sources.prepared.submission.due_at.map(|due| day_of(work, lang, due)).unwrap_or_default();
    Values::from([
        ("code", referral.code.clone()),
        ("date", day(lang, work.today())),
        ("due", due),
        ("to_organisation", sides.to_name.clone()),
        ("to_contact", sources.letter.typed.contact_name.clone()),
        ("from_organisation", sides.from.name.clone()),
        ("from_unit", sides.unit.clone()),
        // The other side of a restricted case reads role and organisation, not who works there (S31).
        ("sender", if restricted { String::new() } else { work.standing.name.clone() }),
        ("phone", sides.from.desk.clone()),
        ("programme", pack.title.get(lang).to_owned()),
        ("service", referral.wanted.service_name.clone()),
        ("need", need_label(pack, &referral.wanted.need, lang)),
        ("priority", pack.priority(priority).map_or_else(String::new, |known| known.labels.get(lang).to_owned())),
        ("person", sides.person.clone()),
        ("case_code", sides.case_code.clone()),
    ])
}

/// A need by its name.
pub fn need_label(pack: &Pack, code: &str, lang: Lang) -> String {
    pack.need(code).map_or_else(|| code.to_owned(), |need| need.labels.get(lang).to_owned())
}

/// A template's text with its values; a template that an edit broke after all is a defect of ours, for edits are checked.
pub fn filled(text: &str, values: &Values) -> Result<String, Error> {
    let written = merge::render(text, values).map_err(|slip| anyhow::anyhow!("a letter's template does not render: {slip:?}"))?;
    Ok(written.trim().to_owned())
}

/// What is printed.
pub async fn content(work: &mut Work, sources: &Sources<'_>) -> Result<Content, Error> {
    let (lang, referral) = (sources.lang(), sources.referral);
    let sides = sides(work, sources).await?;
    let values = values(work, sources, &sides);
    let p = page(work, lang);
    let letter = filled(&sources.template.texts.letter, &values)?;
    let form = match sources.template.layout {
        LetterLayout::InterAgencyForm => Some(super::form_sheet::form(work, &p, sources, &sides).await?),
        _ => None,
    };
    Ok(Content {
        layout: layout(sources.template.layout),
        lang,
        discretion: discretion(sources.sensitivity()),
        letterhead: letterhead(sources, &sides),
        date: day(lang, work.today()),
        reference: referral.code.clone(),
        recipient: recipient(sources, &sides),
        subject: filled(&sources.template.texts.heading, &values)?,
        paragraphs: letter.split("\n\n").map(|part| part.trim().to_owned()).filter(|part| !part.is_empty()).collect(),
        sections: sections(&p, sources),
        sender: sender(work, sources, &sides),
        answer: answer(work, sources).await?,
        by_telephone: (answering(sources) == Answering::Telephone).then(|| desk(sources, &sides).in_lines()),
        confidentiality: filled(&sources.template.texts.confidentiality, &values)?,
        form,
        card: card(sources, &sides),
    })
}

// A page without a reader: it knows the words of the letter's language.
fn page(work: &Work, lang: Lang) -> Page {
    let mut p = Page::plain(lang, "", work.now());
    p.reader.zone = work.zone();
    p
}

fn layout(layout: LetterLayout) -> Layout {
    match layout {
        LetterLayout::Letter => Layout::Letter,
        LetterLayout::InterAgencyForm => Layout::InterAgencyForm,
        LetterLayout::AppointmentCard => Layout::AppointmentCard,
    }
}

fn discretion(sensitivity: Sensitivity) -> Discretion {
    match sensitivity {
        Sensitivity::Standard => Discretion::Standard,
        Sensitivity::Protected => Discretion::CodeOnly,
        Sensitivity::Restricted => Discretion::CardOnly,
    }
}

fn letterhead(sources: &Sources<'_>, sides: &Sides) -> Letterhead {
    let logo = sides.from.logo.clone().filter(|_| sources.is_open());
    Letterhead { lines: sides.from.head(), logo, ..desk(sources, sides) }
}

// Whom to ring. What a person of a guarded case carries names no agency (S17).
fn desk(sources: &Sources<'_>, sides: &Sides) -> Letterhead {
    let org_name = if is_neutral(sources) { String::new() } else { sides.from.name.clone() };
    Letterhead { org_name, lines: lines([sides.from.desk.clone()]), logo: None }
}

// What a person of a guarded case carries names no agency, neither by its name nor by that of its switchboard (S17).
fn is_neutral(sources: &Sources<'_>) -> bool {
    !sources.is_open() && sources.letter.way == Way::Hand
}

// The number alone of how a desk is described: the longest run that reads as one.
fn number_of(desk: &str) -> String {
    let digits = |run: &&str| run.chars().filter(|c| c.is_numeric()).count();
    let runs = desk.split(|c: char| !(c.is_numeric() || " +-()/.".contains(c)));
    let run = runs.max_by_key(digits).filter(|run| digits(run) > 0).unwrap_or_default();
    run.trim_matches(|c: char| !(c.is_numeric() || c == '+' || c == '(')).to_owned()
}

pub(super) fn lines(parts: impl IntoIterator<Item = String>) -> Vec<String> {
    parts.into_iter().filter(|part| !part.trim().is_empty()).collect()
}

fn recipient(sources: &Sources<'_>, sides: &Sides) -> Vec<String> {
    lines([sides.to_name.clone(), sources.letter.typed.contact_name.clone()])
}

fn sender(work: &Work, sources: &Sources<'_>, sides: &Sides) -> Vec<String> {
    if sources.is_open() {
        lines([work.standing.name.clone(), sides.unit.clone(), sides.from.desk.clone()])
    } else {
        lines([sides.from.desk.clone()])
    }
}

// What the receiver may read while deciding; the rest opens with acceptance, in the inbox or on the answer page, and never on paper.
fn sections(p: &Page, sources: &Sources<'_>) -> Vec<Section> {
    let mut sections: Vec<Section> = Vec::new();
    for disclosure in &sources.prepared.disclosures {
        for shown in packet_view::view(p, sources.pack, &disclosure.brief) {
            let rows = shown.rows.into_iter().map(|row| (row.term, row.text)).collect();
            let section = Section { title: shown.title, rows, withheld: false };
            // Need and urgency are the same for everybody the referral is for.
            if !sections.iter().any(|known| known.title == section.title && known.rows == section.rows) {
                sections.push(section);
            }
        }
    }
    sections
}

fn card(sources: &Sources<'_>, sides: &Sides) -> Option<Card> {
    (sources.template.layout == LetterLayout::AppointmentCard).then(|| {
        let typed = &sources.letter.typed;
        Card {
            date: typed.card_on.map(|date| day(sources.lang(), date)).unwrap_or_default(),
            time: typed.card_time.clone(),
            place: lines(typed.card_place.lines().map(str::to_owned)),
            phone: sides.from.desk.clone(),
            say: sources.referral.code.clone(),
        }
    })
}

/// How the receiver answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answering {
    /// Signed in.
    Account,
    /// On the answer page, by the link or code that the letter carries.
    Link,
    /// By telephone or post; the sender registers it.
    Telephone,
}

/// How the receiver answers: outside the system by link where a registered contact receives the one-time code, for guarded types a
/// verified one (S17). Nobody is promised a code that goes to nobody.
pub fn answering(sources: &Sources<'_>) -> Answering {
    if sources.referral.state.terms.kind != Kind::External {
        return Answering::Account;
    }
    let reached = sources.contact.is_some() && links::actions::refusal(sources.referral, sources.contact).is_none();
    let card = sources.template.layout == LetterLayout::AppointmentCard;
    if reached && !card { Answering::Link } else { Answering::Telephone }
}

async fn answer(work: &mut Work, sources: &Sources<'_>) -> Result<Option<Answer>, Error> {
    if answering(sources) != Answering::Link {
        return Ok(None);
    }
    let secrets = links::secrets(work.ground(), sources.letter.id.0);
    let expires = Clockwork::of(work, sources.referral).await?.due(sources.pack.deadlines.answer_link, work.now());
    Ok(Some(Answer {
        url: links::url(work.ground(), &secrets.token),
        address: links::secret::entrance(work.ground()),
        short_code: secrets.short_code,
        expires: day_of(work, sources.lang(), expires),
    }))
}

/// How a message's reader answers, with what they need for it.
#[derive(Clone, Copy, Debug)]
pub enum Answers<'a> {
    Account,
    Link(&'a Answer),
    Telephone(&'a str),
}

impl<'a> Answers<'a> {
    /// As the letter says.
    pub fn of(content: &'a Content) -> Self {
        match (&content.answer, &content.by_telephone) {
            (Some(answer), _) => Self::Link(answer),
            (None, Some(desk)) => Self::Telephone(desk),
            (None, None) => Self::Account,
        }
    }
}

/// What stands below the words of a message: how its reader answers. It is made when the message is posted and never edited.
pub fn below_message(lang: Lang, base_url: &str, code: &str, answers: Answers<'_>) -> String {
    let written = match answers {
        Answers::Link(answer) => text_with(
            lang,
            "letter-mail-answer",
            &[
                ("url", answer.url.clone().into()),
                ("address", answer.address.clone().into()),
                ("code", answer.short_code.clone().into()),
                ("date", answer.expires.clone().into()),
            ],
        ),
        Answers::Telephone(desk) => {
            let comma = if lang.dir() == Direction::RightToLeft { "، " } else { ", " };
            text_with(lang, "letter-mail-ring", &[("desk", desk.replace('\n', comma).into()), ("code", code.to_owned().into())])
        }
        Answers::Account => {
            text_with(lang, "letter-mail-sign-in", &[("url", base_url.to_owned().into()), ("code", code.to_owned().into())])
        }
    };
    without_marks(&written)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn s17_of_a_desk_the_number_alone_is_left() {
        for (desk, number) in [
            ("Harbour Relief switchboard, 555 0100", "555 0100"),
            ("Office 4, +961 (1) 555-100, ask for intake", "+961 (1) 555-100"),
            ("المقسم ٠٧٩ ١٢٣ ٤٥٦", "٠٧٩ ١٢٣ ٤٥٦"),
            ("555 0100", "555 0100"),
            ("The front desk", ""),
        ] {
            assert_eq!(number_of(desk), number, "{desk}");
        }
    }
}
