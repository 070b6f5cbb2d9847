//! The verbs of the administration: upload, settings, publish, retire, discard.
use std::sync::Arc;

use serde_json::json;
use xforms::form::Form as Definition;

use super::asked_alone;
use super::problem::Kept;
use super::reading::{self, MOST_MEDIA, MOST_MEDIA_BYTES, Media, Sent};
use super::store;
use crate::access::Act;
use crate::audit::{About, Fact};
use crate::error::{Clash, Error, FieldErrors, invalid};
use crate::forms::store::{self as forms, NewEdition, NewForm};
use crate::forms::{Edition, Form};
use crate::platform::db::Work;
use crate::platform::ids::{EditionId, FormId};

/// Which forms an organisation may keep at most.
const MOST_FORMS: usize = 300;

/// Who may fill a form, and where.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Terms {
    /// The numbers of the case types it is for; none for all that are not restricted.
    pub case_types: Vec<i16>,
    /// `household` or `person`.
    pub subject: String,
    /// It may come from a device before there is a case.
    pub intake: bool,
    /// It may be filled in without a network, in the browser and with a field client.
    pub offline: bool,
}

impl Terms {
    /// As they stand.
    pub fn of(form: &Form) -> Self {
        Self { case_types: form.case_types.clone(), subject: form.subject.clone(), intake: form.intake, offline: form.offline }
    }
}

/// What came of an upload.
pub enum Uploaded {
    /// Nothing was kept; all that has to be mended, and what is unwise.
    Mistaken(Vec<Kept>),
    /// A draft stands; of a form that was known by its id, whose terms stay as they are, whatever was chosen beside the file.
    Draft { form: FormId, edition: EditionId, is_known: bool },
}

/// Reads a file and keeps it as a draft: of the form that it names, or of this one where one is meant. With a mistake nothing is kept.
pub async fn upload(work: &mut Work, sent: Arc<Sent>, terms: &Terms, of: Option<&Form>) -> Result<Uploaded, Error> {
    work.may(Act::FormManage)?;
    if let Some(form) = of {
        must_be_own(work, form)?;
    }
    check_media(&sent.media)?;
    let outcome = reading::read(sent.clone()).await?;
    let problems = outcome.problems;
    let Some(read) = outcome.form.as_ref().or(outcome.sketch.as_ref()) else { return Ok(Uploaded::Mistaken(problems)) };
    let is_named = of.is_some();
    let of = match of {
        Some(form) => Some(form.clone()),
        None => own_of_code(work, &read.id).await?,
    };
    // Together a household is asked nothing that only one may be (S12); told in the same round as what else is wrong.
    let of_household = of.as_ref().map_or(&terms.subject, |form| &form.subject) == "household";
    let alone = if of_household { alone(read, &sent.media).await? } else { Vec::new() };
    let asks_nothing = outcome.form.as_ref().is_some_and(|form| form.shown_questions() == 0);
    let Some(definition) = outcome.form.filter(|_| alone.is_empty() && !asks_nothing) else {
        let nothing = asks_nothing.then(Kept::no_question);
        return Ok(Uploaded::Mistaken(nothing.into_iter().chain(alone).chain(problems).collect()));
    };
    let xform = definition.to_xform();
    let form = form_for(work, &definition, terms, of.as_ref()).await?;
    if let Some(twice) = version_twice(work, form.id, &definition, (&xform, &sent.media)).await? {
        return Ok(Uploaded::Mistaken(std::iter::once(twice).chain(problems).collect()));
    }
    let languages: Vec<String> =
        definition.languages.iter().map(|one| one.name.clone()).filter(|name| name != "default").collect();
    let new = NewEdition {
        form_version: &clipped(&definition.version, 120),
        source: &sent.bytes,
        source_name: &named(&sent.name),
        xform: &xform,
        hash: &forms::digest(work, xform.as_bytes()).await?,
        problems: serde_json::to_value(&problems).map_err(anyhow::Error::from)?,
        languages: &languages,
        questions: i32::try_from(definition.shown_questions()).unwrap_or(i32::MAX),
    };
    let edition = forms::insert_edition(work, form.id, &new).await?;
    keep_media(work, edition, &sent.media).await?;
    let about = About::subjects([form.id.0, edition.0]).note(json!({ "form": form.code, "questions": new.questions }));
    work.record(Fact::FormUploaded, about).await?;
    Ok(Uploaded::Draft { form: form.id, edition, is_known: !is_named && of.is_some() })
}

async fn alone(definition: &Definition, media: &[Media]) -> Result<Vec<Kept>, Error> {
    let (definition, lists) = (definition.clone(), lists_of(media));
    let found = tokio::task::spawn_blocking(move || asked_alone::found(&definition, &lists));
    Ok(found.await.map_err(anyhow::Error::from)?)
}

async fn keep_media(work: &mut Work, edition: EditionId, media: &[Media]) -> Result<(), Error> {
    for file in media {
        let hash = forms::digest(work, &file.bytes).await?;
        let kept = crate::forms::Media { name: file.name.clone(), media_type: file.media_type.to_owned(), hash };
        forms::insert_media(work, edition, &kept, &file.bytes).await?;
    }
    Ok(())
}

// The organisation's own form of this id.
async fn own_of_code(work: &mut Work, code: &str) -> Result<Option<Form>, Error> {
    Ok(forms::form_of_code(work, code).await?.filter(|form| form.org.is_some() && form.org == work.org()))
}

// The form that a definition names: the one that stands, or a new one. A pack's keeps its id for itself.
async fn form_for(work: &mut Work, definition: &Definition, terms: &Terms, of: Option<&Form>) -> Result<Form, Error> {
    if let Some(form) = of {
        return if form.code == definition.id { Ok(form.clone()) } else { Err(invalid("file", "form_other_id")) };
    }
    let org = work.standing.org;
    let known = forms::forms(work).await?;
    if known.iter().any(|form| form.code == definition.id && form.org.is_none()) {
        return Err(invalid("file", "form_of_pack"));
    }
    if known.iter().filter(|form| form.org == Some(org)).count() >= MOST_FORMS {
        return Err(invalid("file", "form_too_many"));
    }
    check_terms(work, terms).await?;
    let title = if definition.title.trim().is_empty() { &definition.id } else { &definition.title };
    let new = NewForm {
        org: Some(org),
        pack: None,
        code: &definition.id,
        title: &clipped(title, 300),
        case_types: &terms.case_types,
        subject: &terms.subject,
        intake: terms.intake,
        offline: terms.offline,
    };
    let id = forms::insert_form(work, &new).await?;
    forms::form(work, id).await
}

// The same form with the same files beside it is no new edition, unless the newest was retired: that is the way back. Clients tell editions
// apart by the author's version, and a copy that comes late is read by the edition of its version: another form under one that was used is
// refused, the same form with other files is not.
async fn version_twice(
    work: &mut Work,
    form: FormId,
    definition: &Definition,
    (xform, media): (&str, &[Media]),
) -> Result<Option<Kept>, Error> {
    let hash = forms::digest(work, xform.as_bytes()).await?;
    let editions = forms::editions(work, form).await?;
    if let Some(newest) = editions.first().filter(|newest| newest.hash == hash && newest.state != "retired")
        && has_files(work, newest.id, media).await?
    {
        return Err(invalid("file", "form_same"));
    }
    let version = clipped(&definition.version, 120);
    let is_used = editions.iter().any(|one| one.form_version == version && one.hash != hash);
    Ok(is_used.then(|| {
        Kept::mistake(
            "same-version",
            &format!("An earlier edition has the version `{version}` too."),
            "Give each edition a `version` of its own, such as the day: field clients tell editions apart by it.",
        )
    }))
}

// Whether just these files stand beside an edition.
async fn has_files(work: &mut Work, edition: EditionId, media: &[Media]) -> Result<bool, Error> {
    let mut kept: Vec<(String, String)> =
        forms::media(work, edition).await?.into_iter().map(|file| (file.name, file.hash)).collect();
    let mut sent = Vec::new();
    for file in media {
        sent.push((file.name.clone(), forms::digest(work, &file.bytes).await?));
    }
    kept.sort();
    sent.sort();
    Ok(kept == sent)
}

/// Changes who may fill a form, over the version that was read.
pub async fn change(work: &mut Work, form: &Form, version: i32, terms: &Terms) -> Result<(), Error> {
    work.may(Act::FormManage)?;
    must_be_own(work, form)?;
    check_terms(work, terms).await?;
    if terms.subject == "household" && form.subject != "household" {
        for edition in forms::editions(work, form.id).await?.iter().filter(|edition| edition.state != "retired") {
            let lists = forms::lists(work, edition.id).await?;
            let plan = definition(work, edition.id).await?;
            let read = tokio::task::spawn_blocking(move || asked_alone::found(plan.form(), &lists));
            if !read.await.map_err(anyhow::Error::from)?.is_empty() {
                return Err(invalid("subject", "form_asks_alone"));
            }
        }
    }
    let new = NewForm {
        org: form.org,
        pack: None,
        code: &form.code,
        title: &form.title,
        case_types: &terms.case_types,
        subject: &terms.subject,
        intake: terms.intake,
        offline: terms.offline,
    };
    forms::change_form(work, form.id, version, &new).await?;
    let before = Terms::of(form);
    let changed = [
        ("case_types", before.case_types != terms.case_types),
        ("subject", before.subject != terms.subject),
        ("intake", before.intake != terms.intake),
        ("offline", before.offline != terms.offline),
    ];
    let fields = changed.iter().filter(|(_, differs)| *differs).map(|(name, _)| (*name).to_owned()).collect();
    work.record(Fact::FormChanged, About { fields, ..about(form) }).await
}

/// The published edition that came after this one. An older draft never takes its place: whoever means to go back uploads that file again, which
/// makes it the newest.
pub fn newer<'e>(edition: &Edition, editions: &'e [Edition]) -> Option<&'e Edition> {
    editions.iter().find(|one| one.state == "published" && one.number > edition.number)
}

/// Publishes a draft: it is filled in from now on, and the edition before it is retired. Copies that were begun keep theirs.
pub async fn publish(work: &mut Work, form: &Form, edition: &Edition, version: i32) -> Result<(), Error> {
    work.may(Act::FormManage)?;
    must_be_own(work, form)?;
    must_be(edition, "draft", version)?;
    if newer(edition, &forms::editions(work, form.id).await?).is_some() {
        return Err(Error::Conflict(Clash::State { state: "edition_draft".to_owned(), code: "edition_older" }));
    }
    forms::publish(work, edition).await?;
    // An edition that can't be made ready is not for anybody to meet.
    let title = clipped(definition(work, edition.id).await?.form().title.trim(), 300);
    if !title.is_empty() && title != form.title {
        let terms = Terms::of(form);
        let new = NewForm {
            org: form.org,
            pack: None,
            code: &form.code,
            title: &title,
            case_types: &terms.case_types,
            subject: &terms.subject,
            intake: terms.intake,
            offline: terms.offline,
        };
        forms::change_form(work, form.id, form.version, &new).await?;
    }
    work.record(Fact::FormPublished, about(form).with(edition.id).note(json!({ "form": form.code, "edition": edition.number })))
        .await
}

/// Retires what is published: the form is not begun any more until another edition is published.
pub async fn retire(work: &mut Work, form: &Form, edition: &Edition, version: i32) -> Result<(), Error> {
    work.may(Act::FormManage)?;
    must_be_own(work, form)?;
    must_be(edition, "published", version)?;
    forms::retire(work, edition).await?;
    work.record(Fact::FormRetired, about(form).with(edition.id).note(json!({ "form": form.code, "edition": edition.number })))
        .await
}

/// Discards a draft that nobody filled. Whether the form went with it, since that was all there was of it.
pub async fn discard(work: &mut Work, form: &Form, edition: &Edition, version: i32) -> Result<bool, Error> {
    work.may(Act::FormManage)?;
    must_be_own(work, form)?;
    must_be(edition, "draft", version)?;
    let gone = store::discard(work, form, edition).await?;
    let note = json!({ "form": form.code, "edition": edition.number });
    work.record(Fact::FormDiscarded, about(form).with(edition.id).note(note)).await?;
    Ok(gone)
}

/// An edition of this form.
pub async fn edition(work: &mut Work, form: &Form, id: EditionId) -> Result<Edition, Error> {
    let edition = forms::edition(work, id).await?;
    if edition.form_id == form.id { Ok(edition) } else { Err(Error::NotFound) }
}

/// A form that the actor may look at as its keeper: of their organisation, or a pack's. Another's is not there.
pub async fn form(work: &mut Work, id: FormId) -> Result<Form, Error> {
    let form = forms::form(work, id).await?;
    if form.org.is_none_or(|org| Some(org) == work.org()) { Ok(form) } else { Err(Error::NotFound) }
}

/// What an edition says.
pub async fn definition(work: &mut Work, id: EditionId) -> Result<Arc<xforms::session::Plan>, Error> {
    crate::forms::plans::plan(work, id).await
}

fn must_be_own(work: &Work, form: &Form) -> Result<(), Error> {
    if form.org.is_some() && form.org == work.org() { Ok(()) } else { Err(Error::Forbidden(Act::FormManage.code())) }
}

fn must_be(edition: &Edition, state: &str, version: i32) -> Result<(), Error> {
    if edition.state != state {
        let code = if state == "draft" { "edition_not_draft" } else { "edition_not_published" };
        return Err(Error::Conflict(Clash::State { state: format!("edition_{}", edition.state), code }));
    }
    if edition.version == version { Ok(()) } else { Err(Error::Conflict(Clash::Stale)) }
}

async fn check_terms(work: &mut Work, terms: &Terms) -> Result<(), Error> {
    let mut errors = FieldErrors::default();
    if terms.subject != "household" && terms.subject != "person" {
        errors.add("subject", if terms.subject.is_empty() { "required" } else { "not_a_choice" });
    }
    let types = store::case_types(work).await?;
    if terms.case_types.iter().any(|id| !types.iter().any(|known| known.id == *id)) {
        errors.add("case_types", "not_a_choice");
    }
    // Restricted work stays off devices (S20).
    let restricted = |id: &i16| types.iter().any(|known| known.id == *id && known.sensitivity == "restricted");
    if terms.case_types.iter().any(restricted) && (terms.offline || terms.intake) {
        errors.add(if terms.offline { "offline" } else { "intake" }, "form_restricted_online");
    }
    // A copy that comes from a device without a case must say what case it would open.
    if terms.offline && terms.case_types.is_empty() {
        errors.add("case_types", "form_offline_types");
    }
    errors.or_ok()
}

fn check_media(media: &[Media]) -> Result<(), Error> {
    if media.len() > MOST_MEDIA {
        return Err(invalid("media", "form_media_many"));
    }
    if media.iter().any(|file| file.bytes.len() > MOST_MEDIA_BYTES) {
        return Err(invalid("media", "form_too_large"));
    }
    let twice = media.iter().enumerate().any(|(at, file)| media[..at].iter().any(|before| before.name == file.name));
    if twice { Err(invalid("media", "form_media_twice")) } else { Ok(()) }
}

// The lists among the files beside a form: name and text.
pub(super) fn lists_of(media: &[Media]) -> Vec<(String, String)> {
    let text = |file: &Media| Some((file.name.clone(), std::str::from_utf8(&file.bytes).ok()?.to_owned()));
    media.iter().filter_map(text).collect()
}

fn about(form: &Form) -> About {
    About::subjects([form.id.0])
}

fn clipped(text: &str, most: usize) -> String {
    text.chars().take(most).collect()
}

fn named(name: &str) -> String {
    let name = reading::safe_name(name);
    if name.is_empty() { "form".to_owned() } else { name }
}
