//! The dialogue: a draft's letter as it stands on the page, with what is chosen and what follows from the choices.
//!
//! Words have an origin: the template and language they were begun from. When either changes, words that were edited are kept under their
//! origin and shown beside the new ones; the person takes them over or throws them away. Nothing typed is ever replaced unseen.
use std::collections::BTreeMap;

use uuid::Uuid;

use super::letter::{Letter, Typed, Way, Words, use_of, ways};
use super::templates::{self, Template};
use super::wording::{follow_name, origin, settle};
use super::writing::{self, Sources};
use super::{attachments, further, store};
use crate::directory::contacts::{self, Contact};
use crate::documents::document::Document;
use crate::error::{Clash, Error};
use crate::packs::{self, LetterLayout, Pack, Sensitivity, Word};
use crate::people::guard::{self, Hit};
use crate::platform::db::Work;
use crate::platform::ids::ContactId;
use crate::platform::lang::Lang;
use crate::referrals::row::Referral;
use crate::referrals::sending::draft;
use crate::referrals::sending::send::{self, Prepared};
use crate::web::Form;

/// No text of a message is longer.
pub const MOST_CHARACTERS: usize = 5_000;

/// Everything the dialogue knows of one draft.
pub struct Dialogue {
    pub referral: Referral,
    pub pack: std::sync::Arc<Pack>,
    /// What is chosen and typed, settled.
    pub letter: Letter,
    /// The templates for this kind of referral, in the letter's language.
    pub templates: Vec<Template>,
    /// The chosen one.
    pub template: Template,
    /// Registered contacts of the receiver.
    pub contacts: Vec<Contact>,
    /// The referral's own draft.
    pub form: Form,
    pub prepared: Prepared,
    /// Records of the case that could be attached.
    pub documents: Vec<Document>,
    pub notes: Vec<attachments::NoteBrief>,
    /// What the guard found in subject and message.
    pub found: Found,
}

/// What the guard found.
#[derive(Clone, Debug, Default)]
pub struct Found {
    pub subject: Vec<Hit>,
    pub message: Vec<Hit>,
    /// A reason was given, for other words than these.
    pub lapsed: bool,
}

impl Found {
    /// Nothing was found.
    pub fn is_clean(&self) -> bool {
        self.subject.is_empty() && self.message.is_empty()
    }
}

impl Dialogue {
    /// What the letter is written from.
    pub fn sources(&self) -> Sources<'_> {
        Sources {
            referral: &self.referral,
            pack: &self.pack,
            template: &self.template,
            letter: &self.letter,
            contact: self.contact(),
            form: &self.form,
            prepared: &self.prepared,
        }
    }

    /// The registered contact that is chosen.
    pub fn contact(&self) -> Option<&Contact> {
        self.letter.contact.and_then(|id| self.contacts.iter().find(|contact| contact.id == id))
    }

    /// How closely the case is guarded.
    pub fn sensitivity(&self) -> Sensitivity {
        self.referral.state.terms.sensitivity
    }
}

/// What the page sent, or nothing typed yet.
pub enum Typing<'a> {
    Kept,
    Sent(&'a Form),
}

/// Opens the dialogue of a draft: what was kept, overlaid with what the page sent, settled.
pub async fn open(work: &mut Work, referral: Referral, typing: Typing<'_>) -> Result<Dialogue, Error> {
    let kept = store::of_referral(work, referral.id).await?;
    further::may_write(work, &referral, kept.as_ref()).await?;
    let meant = use_of(referral.state.terms.kind).ok_or(no_letter(&referral))?;
    let (pack_version, pack) = packs::store::of_case_type(work, referral.case_type).await?;
    let case = referral.case_id.ok_or(Error::NotFound)?;
    let contacts = match referral.to.org {
        Some(org) => contacts::list(work, org).await?.into_iter().filter(Contact::is_active).collect(),
        None => Vec::new(),
    };
    let first = first_language(work, &referral, &contacts).await?;
    let mut letter = kept.unwrap_or_else(|| Letter::blank(referral.id, first));
    let sensitivity = referral.state.terms.sensitivity;
    if letter.version == 0 {
        letter.way = ways(sensitivity)[0];
        letter.contact = contacts.iter().find(|contact| contact.may_hear_of(sensitivity)).map(|contact| contact.id);
    }
    if let Typing::Sent(form) = typing {
        overlay(&mut letter, form, sensitivity);
    }
    let offered = offered(work, &referral, &pack, pack_version, meant).await?;
    let template = choose(&offered, &mut letter).ok_or(no_letter(&referral))?;
    let templates = offered.into_iter().filter(|known| known.lang == letter.lang).collect();
    let form = if letter.is_further() { further::form(work, &referral).await? } else { draft::form(work, &referral).await? };
    let mut prepared = send::prepare(work, &referral, &form, &pack).await?;
    let (documents, notes) = if letter.is_further() {
        further::as_sent(work, &referral, &pack, &mut prepared).await?;
        (Vec::new(), Vec::new())
    } else {
        (attachments::documents(work, case).await?, attachments::notes(work, letter.lang, case).await?)
    };
    let mut dialogue = Dialogue {
        documents,
        notes,
        referral,
        pack,
        letter,
        templates,
        template,
        contacts,
        form,
        prepared,
        found: Found::default(),
    };
    follow_contact(&mut dialogue);
    let known = all_words(work, &mut dialogue, meant, pack_version).await?;
    greet(work, &mut dialogue, &known, (meant, pack_version)).await?;
    settle(&mut dialogue.letter, &known);
    look(work, &mut dialogue).await?;
    Ok(dialogue)
}

fn no_letter(referral: &Referral) -> Error {
    Error::Conflict(Clash::State { state: referral.state.status.code().to_owned(), code: "no_letter" })
}

// The receiver's language first, so that nobody edits a text that is then replaced.
async fn first_language(work: &mut Work, referral: &Referral, contacts: &[Contact]) -> Result<Lang, Error> {
    if let Some(contact) = contacts.first() {
        return Ok(contact.lang);
    }
    match referral.to.org {
        Some(org) => Ok(store::organisation(work, org, Lang::En).await?.lang),
        None => Ok(work.lang()),
    }
}

fn overlay(letter: &mut Letter, form: &Form, sensitivity: Sensitivity) {
    if let Some(way) = Way::parse(form.value("way")).filter(|way| ways(sensitivity).contains(way)) {
        letter.way = way;
    }
    if let Ok(lang) = form.value("lang").parse() {
        letter.lang = lang;
    }
    letter.contact = form.value("contact").parse::<Uuid>().ok().map(ContactId);
    form.value("template").clone_into(&mut letter.template);
    letter.version = form.value("version").parse().unwrap_or(0);
    let ids = |name: &str| form.all(name).iter().filter_map(|id| id.parse().ok()).collect::<Vec<Uuid>>();
    let text = |name: &str| form.value(name).to_owned();
    letter.typed = Typed {
        contact_name: text("contact_name"),
        greeted: text("greeted"),
        email: form.value("email").trim().to_owned(),
        words: Words { subject: text("subject"), message: text("message") },
        based_on: text("based_on"),
        kept: kept(form),
        documents: ids("document"),
        notes: ids("note"),
        safe_to_carry: text("safe_to_carry"),
        guard_reason: form.value("guard_reason").trim().to_owned(),
        guard_words: text("guard_words"),
        card_on: form.clone().date_maybe("card_on"),
        card_time: text("card_time"),
        card_place: text("card_place"),
    };
}

// `kept.<template>.<lang>.subject` and `.message`.
fn kept(form: &Form) -> BTreeMap<String, Words> {
    let mut kept: BTreeMap<String, Words> = BTreeMap::new();
    for (name, values) in form.entries() {
        let Some((origin, part)) = name.strip_prefix("kept.").and_then(|rest| rest.rsplit_once('.')) else { continue };
        let words = kept.entry(origin.to_owned()).or_default();
        let text = values.first().cloned().unwrap_or_default();
        match part {
            "subject" => words.subject = text,
            "message" => words.message = text,
            _ => {}
        }
    }
    kept.retain(|origin, _| origin.len() <= 60);
    kept
}

// Restricted cases have nothing but a card; a card is nothing for a case that may be spoken of.
async fn offered(
    work: &mut Work,
    referral: &Referral,
    pack: &Pack,
    pack_version: i32,
    meant: packs::LetterUse,
) -> Result<Vec<Template>, Error> {
    let all = templates::all(work, referral.from.org, pack, pack_version).await?;
    let fits = |template: &Template| match referral.state.terms.sensitivity {
        Sensitivity::Restricted => template.layout == LetterLayout::AppointmentCard,
        Sensitivity::Standard => template.layout != LetterLayout::AppointmentCard && template.uses.contains(&meant),
        Sensitivity::Protected => template.uses.contains(&meant),
    };
    Ok(all.into_iter().filter(fits).collect())
}

fn choose(offered: &[Template], letter: &mut Letter) -> Option<Template> {
    let in_lang = |template: &&Template| template.lang == letter.lang;
    let letters_first = |template: &&Template| template.layout != LetterLayout::Letter;
    let chosen = offered.iter().filter(in_lang).find(|template| template.kind == letter.template);
    let chosen = chosen.or_else(|| offered.iter().filter(in_lang).min_by_key(|template| letters_first(template)))?.clone();
    letter.template.clone_from(&chosen.kind);
    Some(chosen)
}

// Who is chosen brings name and address along; what is typed counts for somebody else alone. An address that the register lacks may be typed,
// but never for guarded types (S17).
fn follow_contact(dialogue: &mut Dialogue) {
    let Some(contact) = dialogue.contact().cloned() else { return };
    let guarded = dialogue.sensitivity() != Sensitivity::Standard;
    let typed = &mut dialogue.letter.typed;
    if guarded || !contact.email.is_empty() {
        typed.email = contact.email;
    }
    typed.contact_name = contact.name;
}

// A name that was typed or chosen since the words were begun reaches their greeting.
async fn greet(
    work: &mut Work,
    dialogue: &mut Dialogue,
    known: &BTreeMap<String, Words>,
    (meant, pack_version): (packs::LetterUse, i32),
) -> Result<(), Error> {
    let typed = &mut dialogue.letter.typed;
    if typed.greeted != typed.contact_name && !typed.based_on.is_empty() {
        let name = std::mem::replace(&mut typed.contact_name, typed.greeted.clone());
        let before = all_words(work, dialogue, meant, pack_version).await;
        dialogue.letter.typed.contact_name = name;
        follow_name(&mut dialogue.letter.typed, &before?, known);
    }
    let typed = &mut dialogue.letter.typed;
    typed.greeted.clone_from(&typed.contact_name);
    Ok(())
}

// The words of every template in every language, as they would be begun now, by their origin.
async fn all_words(
    work: &mut Work,
    dialogue: &mut Dialogue,
    meant: packs::LetterUse,
    pack_version: i32,
) -> Result<BTreeMap<String, Words>, Error> {
    let mut all = BTreeMap::new();
    let pack = dialogue.pack.clone();
    for template in offered(work, &dialogue.referral, &pack, pack_version, meant).await? {
        let sources = Sources { template: &template, ..dialogue.sources() };
        let sides = writing::sides(work, &sources).await?;
        let values = writing::values(work, &sources, &sides);
        let words = Words {
            subject: writing::filled(&template.texts.subject, &values)?,
            message: writing::filled(&template.texts.message, &values)?,
        };
        all.insert(origin(&template.kind, template.lang), words);
    }
    Ok(all)
}

/// Marks what would tell who is meant; only a message travels in the open.
pub async fn look(work: &mut Work, dialogue: &mut Dialogue) -> Result<(), Error> {
    let lapsed = dialogue.letter.typed.drop_lapsed_reason();
    if dialogue.letter.way != Way::Email {
        return Ok(());
    }
    let known = guard::known(work, dialogue.prepared.case.id).await?;
    let words = &dialogue.letter.typed.words;
    dialogue.found = Found { subject: guard::find(&words.subject, &known), message: guard::find(&words.message, &known), lapsed };
    Ok(())
}
