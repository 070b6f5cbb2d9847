//! The verbs of forms: begin, save, complete, correct, receive.
use serde_json::json;
use sha2::{Digest, Sha256};
use xforms::form::{Node, QuestionKind};
use xforms::instance::{Extent, Instance};
use xforms::session::Session;

use super::form::{Edition, Form, Origin, Submission};
use super::openrosa::case_questions;
use super::store::{self, Filled, NewSubmission, Standing, Written};
use super::{arrivals, moving, papers, plans, profile, times, withheld};
use crate::access::Act;
use crate::audit::{About, Fact};
use crate::cases::{self, Case};
use crate::error::{Clash, Error, invalid};
use crate::packs::Sensitivity;
use crate::platform::db::Work;
use crate::platform::ids::{ArrivalId, CaseId, EditionId, FormId, SubmissionId, UnitId};

/// The longest copy, in bytes.
pub const LONGEST: usize = 2 << 20;
// As the database takes it, in characters.
const LONGEST_NAME: usize = 200;

/// Begins a copy of a form's published edition; where this form has a draft on the case already that corrects nothing, answers that one.
pub async fn begin(work: &mut Work, case: &Case, form: FormId) -> Result<SubmissionId, Error> {
    may_write(work, case).await?;
    let form = store::form(work, form).await?;
    if !form.is_for(case) {
        return Err(invalid("form", "form_not_for_case"));
    }
    store::hold_case(work, case.id).await?;
    let standing = store::submissions(work, case.id).await?;
    if let Some(draft) = standing.iter().find(|copy| copy.form_id == form.id && copy.is_draft() && copy.replaces.is_none()) {
        return Ok(draft.id);
    }
    let edition = published(work, &form).await?;
    let plan = plans::plan(work, edition.id).await?;
    let surroundings = plans::on_case(work, &plan, case, rand::random());
    let mut session = Session::open(plan, surroundings);
    name_case(&mut session, case);
    let xml = session.instance().to_xml(Extent::Everything);
    let instance_id = session.instance().instance_id().map_or_else(new_instance_id, str::to_owned);
    let new = NewSubmission {
        edition: &edition,
        instance_id: &instance_id,
        replaces: None,
        xml: &xml,
        origin: Origin::Page,
        times: None,
        sent_digest: None,
        filled: None,
        names_other: None,
    };
    let id = store::insert_submission(work, case, &new).await?;
    work.record(Fact::FormBegun, about(case.id, id).note(json!({ "form": form.code }))).await?;
    Ok(id)
}

// A form that asks which case it is about is begun on one: nobody is asked to copy its code, or to choose it. Elsewhere than on phones the list
// of cases to choose from holds this one alone.
fn name_case(session: &mut Session, case: &Case) {
    for path in case_questions(session.plan().form()) {
        let Some(element) = session.find(&path) else { continue };
        let question = session.node(element).and_then(Node::question);
        if question.is_none_or(|question| !matches!(question.kind, QuestionKind::Text | QuestionKind::SelectOne)) {
            continue;
        }
        if session.answer(element, &case.code).is_err() {
            tracing::debug!("A question for the case that is not asked yet was left blank.");
        }
    }
}

/// Writes into a draft over the version that was read. What is wrong with answers does not hinder saving.
pub async fn save(work: &mut Work, case: &Case, copy: &Submission, session: &Session, at_page: &str) -> Result<(), Error> {
    may_write(work, case).await?;
    store::save(work, copy, &written(session, &whole(session)?, at_page)).await?;
    work.record(Fact::FormSaved, about(case.id, copy.id).note(json!({ "form": copy.code }))).await
}

/// Completes a draft in which nothing is missing or wrong: it never changes again, and what rules know of the case is worked out anew.
pub async fn complete(work: &mut Work, case: &Case, copy: &Submission, mut session: Session) -> Result<(), Error> {
    may_write(work, case).await?;
    if !withheld::findings(case, &session).is_empty() {
        return Err(invalid("", "answers_missing"));
    }
    session.finish();
    let xml = session.instance().to_xml(Extent::Submission);
    let ids = (copy.form_id, copy.edition_id);
    let names_other = arrivals::names_other(work, case, ids, session.instance()).await?;
    store::complete(work, copy, &Written { names_other: Some(names_other), ..written(&session, &xml, "") }).await?;
    if let Some(old) = copy.replaces {
        store::replaced(work, old).await?;
        if names_other {
            arrivals::stays_settled(work, case, old, copy.id).await?;
        }
        work.record(Fact::FormCorrected, about(case.id, copy.id).with(old).note(json!({ "form": copy.code }))).await?;
    }
    profile::project(work, case).await?;
    work.record(Fact::FormCompleted, about(case.id, copy.id).note(json!({ "form": copy.code }))).await
}

/// Throws a draft away. Files that were attached to it stay among the documents of the case.
pub async fn discard(work: &mut Work, case: &Case, copy: &Submission) -> Result<(), Error> {
    may_write(work, case).await?;
    store::discard(work, copy).await?;
    work.record(Fact::FormDiscarded, about(case.id, copy.id).note(json!({ "form": copy.code }))).await
}

/// Begins a copy that will take the place of a complete one: with its answers, and a new id that names the old.
pub async fn correct(work: &mut Work, case: &Case, copy: &Submission) -> Result<SubmissionId, Error> {
    may_write(work, case).await?;
    store::hold_case(work, case.id).await?;
    let copy = &store::submission(work, case.id, copy.id).await?;
    if copy.state != "complete" {
        return Err(Error::Conflict(Clash::State { state: copy.state.clone(), code: "form_not_complete" }));
    }
    let standing = store::submissions(work, case.id).await?;
    if let Some(draft) = standing.iter().find(|one| one.replaces == Some(copy.id) && one.is_draft()) {
        return Ok(draft.id);
    }
    let edition = store::edition(work, copy.edition_id).await?;
    let plan = plans::plan(work, edition.id).await?;
    let kept = store::answers(work, copy).await?;
    let mut tree = Instance::read(&kept).map_err(|error| anyhow::anyhow!("a kept copy can't be read: {error}"))?;
    let instance_id = new_instance_id();
    tree.supersede(&instance_id);
    let surroundings = plans::on_case(work, &plan, case, rand::random());
    let session = Session::resume(plan, tree, surroundings);
    let xml = session.instance().to_xml(Extent::Everything);
    let new = NewSubmission {
        edition: &edition,
        instance_id: &instance_id,
        replaces: Some(copy.id),
        xml: &xml,
        origin: Origin::Page,
        times: None,
        sent_digest: None,
        filled: None,
        names_other: None,
    };
    let id = store::insert_submission(work, case, &new).await?;
    for (name, document) in store::files(work, copy.id).await? {
        store::put_file(work, id, case.id, &name, document).await?;
    }
    work.record(Fact::FormBegun, about(case.id, id).with(copy.id).note(json!({ "form": copy.code }))).await?;
    Ok(id)
}

/// A filled copy from a device.
#[derive(Debug, Clone)]
pub struct Received {
    /// The copy as XML, as the device submits it.
    pub xml: String,
    /// The case that it is for, if the device knew it.
    pub case: Option<CaseId>,
    /// The case that it was taken along for. Where it can't land there it waits for whoever sees that case.
    pub meant_for: Option<CaseId>,
    /// The unit whose inbox it waits in when it names no case; the actor's first when `None`.
    pub unit: Option<UnitId>,
    /// The edition that it was filled with, where the device knows; that of its version when `None`.
    pub edition: Option<EditionId>,
    /// Where it was filled in.
    pub origin: Origin,
    /// Its files: the name that its answers call each by, and the bytes.
    pub files: Vec<(String, Vec<u8>)>,
    /// When it was filled in, where the device says so beside the form.
    pub said: times::Said,
}

/// What became of a copy from a device.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Landed {
    /// It stands on a case.
    Case(CaseId, SubmissionId),
    /// It waits until somebody looked whether its people are known.
    Arrival(ArrivalId),
    /// This actor sent it before.
    Known,
}

/// Takes in a filled copy from a device. The same copy twice is kept once; a copy that names the one it corrects takes its place.
pub async fn receive(work: &mut Work, received: &Received) -> Result<Landed, Error> {
    work.may(Act::CaseEdit)?;
    if received.xml.len() > LONGEST {
        return Err(invalid("xml", "too_large"));
    }
    if received.files.iter().any(|(name, _)| name.is_empty() || name.chars().count() > LONGEST_NAME) {
        return Err(invalid("file", "too_long"));
    }
    let tree = Instance::read(&received.xml).map_err(|_| invalid("xml", "form_unreadable"))?;
    let instance_id =
        tree.instance_id().filter(|id| id.len() <= 120).ok_or_else(|| invalid("xml", "form_no_instance"))?.to_owned();
    match store::sent_before(work, &instance_id).await? {
        None => {}
        Some(sent) if sent.is_empty() || sent == digest(&received.xml) => return Ok(Landed::Known),
        // Something else under the same id: one and the same draft, filled in twice.
        Some(_) => return Err(Error::Conflict(Clash::State { state: "complete".to_owned(), code: "form_known" })),
    }
    let (form, newest) = form_of(work, &tree).await?;
    let edition = filled_with(work, &form, received.edition).await?.unwrap_or(newest);
    let (corrected, named) = match tree.deprecated_id() {
        Some(old) => (held(work, old, &form).await?, unless_moved_away(work, old, received.case).await?),
        None => (None, received.case),
    };
    // What is corrected with another case named is put nowhere by itself: both may belong there, and somebody says so.
    if let (Some(old), Some(case)) = (tree.deprecated_id(), named)
        && let Some(stands) = arrivals::elsewhere(work, (old, &form), case).await?
    {
        return arrive(work, &form, &edition, received, (&instance_id, Some(old), Some(stands))).await;
    }
    let Some(case) = corrected.map(|standing| standing.case).or(named) else {
        return arrive(work, &form, &edition, received, (&instance_id, tree.deprecated_id(), received.meant_for)).await;
    };
    let case = cases::store::find(work, case).await?;
    may_write(work, &case).await?;
    let was_along = received.meant_for == Some(case.id) && form.asks_about(&case);
    if !was_along && !form.is_for(&case) {
        return Err(invalid("form", "form_not_for_case"));
    }
    let id = land(work, &case, &edition, (received, &instance_id, corrected), None).await?;
    Ok(Landed::Case(case.id, id))
}

// The copy that one corrects, on its case, which is held: until that is, the copy may be moved to another.
async fn held(work: &mut Work, old: &str, form: &Form) -> Result<Option<Standing>, Error> {
    let mut case = None;
    loop {
        let standing = store::corrected(work, old).await?.filter(|standing| standing.form == form.id);
        let there = standing.map(|standing| standing.case);
        if there == case || there.is_none() {
            return Ok(standing);
        }
        if let Some(there) = there {
            store::hold_case(work, there).await?;
        }
        case = there;
    }
}

// The case that a copy names: not where what it corrects was moved away from there, for then it follows that, and waits where its sender does not
// see the case to which it went (S28).
async fn unless_moved_away(work: &mut Work, old: &str, named: Option<CaseId>) -> Result<Option<CaseId>, Error> {
    let Some(case) = named else { return Ok(None) };
    Ok(if store::was_moved_away(work, old, case).await? { None } else { Some(case) })
}

/// Puts a complete copy on a case, with its files, in the name of whoever filled it in, and works out what rules know of the case. A guarded
/// one keeps no places and no pictures (S18).
pub async fn land(
    work: &mut Work,
    case: &Case,
    edition: &Edition,
    (received, instance_id, corrects): (&Received, &str, Option<Standing>),
    filled: Option<Filled<'_>>,
) -> Result<SubmissionId, Error> {
    let came = filled.map_or(work.now(), |filled| filled.at);
    let times = Some(times::of(work, edition, received, came).await?);
    let stripped = if keeps_places(case) { None } else { Some(withheld::guarded(work, edition.id, &received.xml).await?) };
    let xml = stripped.as_deref().unwrap_or(&received.xml);
    let renamed = moving::named_rightly(work, edition.id, xml, case).await?;
    let xml = renamed.as_deref().unwrap_or(xml);
    let tree = Instance::read(xml).map_err(|error| anyhow::anyhow!("a received copy can't be read: {error}"))?;
    let is_other = arrivals::names_other(work, case, (edition.form_id, edition.id), &tree).await?;
    let names_other = Some(is_other);
    let sent_digest = Some(digest(&received.xml));
    let replaces = corrects.map(|standing| standing.copy);
    let origin = received.origin;
    let new = NewSubmission { edition, instance_id, replaces, xml, origin, times, sent_digest, filled, names_other };
    let id = store::insert_submission(work, case, &new).await?;
    papers::attach(work, case, id, &received.files).await?;
    let form = store::form(work, edition.form_id).await?;
    if let Some(old) = corrects {
        // Of two corrections of one copy neither takes the other's place by itself.
        if !old.is_taken {
            store::replaced(work, old.copy).await?;
        }
        if is_other {
            arrivals::stays_settled(work, case, old.copy, id).await?;
        }
        work.record(Fact::FormCorrected, about(case.id, id).with(old.copy).note(json!({ "form": form.code }))).await?;
    }
    profile::project(work, case).await?;
    let note = json!({ "form": form.code, "origin": received.origin.as_str() });
    work.record(Fact::FormCompleted, about(case.id, id).note(note)).await?;
    Ok(id)
}

async fn arrive(
    work: &mut Work,
    form: &Form,
    edition: &Edition,
    received: &Received,
    (instance_id, corrects, meant_for): (&str, Option<&str>, Option<CaseId>),
) -> Result<Landed, Error> {
    // Whether it may open a case is asked when somebody decides on it: what can't be sent would stay on the phone for ever.
    let (case_type, is_guarded) = guarded_as(work, form, meant_for).await?;
    let stripped = if is_guarded { Some(withheld::guarded(work, edition.id, &received.xml).await?) } else { None };
    let xml = stripped.as_deref().unwrap_or(&received.xml);
    let unit = match received.unit {
        Some(unit) => unit,
        None => own_unit(work).await?,
    };
    let ids = (instance_id, corrects.filter(|old| old.len() <= 120), meant_for);
    let sent = (xml, received.origin, digest(&received.xml), received.said);
    let id = store::insert_arrival(work, (unit, case_type), edition, ids, sent).await?;
    let files = &received.files;
    let from = (files.as_slice(), received.origin.as_str());
    let kept = if is_guarded { withheld::kept_files(work, edition.id, xml, from).await? } else { files.iter().collect() };
    for (name, bytes) in kept {
        store::insert_arrival_file(work, id, name, bytes).await?;
    }
    work.record(Fact::ArrivalReceived, About::default().with(id).note(json!({ "form": form.code }))).await?;
    if store::is_corrected(work, instance_id).await? {
        arrivals::overtaken(work, id).await?;
    } else {
        arrivals::await_look(work, id, (unit, meant_for)).await?;
    }
    Ok(Landed::Arrival(id))
}

// As a case of which type an arrival waits, and whether places and pictures are left out of it. What was taken along for a case waits as that
// case, which the database knows and whoever brings the copy perhaps not any more.
async fn guarded_as(work: &mut Work, form: &Form, meant_for: Option<CaseId>) -> Result<(Option<i16>, bool), Error> {
    if let Some(case) = meant_for {
        return Ok((None, store::is_guarded(work, case).await?.ok_or(Error::NotFound)?));
    }
    let case_type = store::arrival_type(work, &form.case_types).await?.ok_or_else(|| invalid("form", "form_needs_case"))?;
    Ok((Some(case_type), withheld::may_be_guarded(work, form).await?))
}

async fn own_unit(work: &mut Work) -> Result<UnitId, Error> {
    let units = crate::people::store::own_units(work).await?;
    units.first().map(|(unit, _)| *unit).ok_or(Error::Forbidden(Act::CaseEdit.code()))
}

/// The form and edition of a copy: by the id and version that stand in its root element.
pub async fn form_of(work: &mut Work, tree: &Instance) -> Result<(Form, Edition), Error> {
    let unknown = || invalid("form", "form_unknown");
    let code = tree.attribute(tree.root(), "id").ok_or_else(unknown)?;
    let form = store::form_of_code(work, code).await?.ok_or_else(unknown)?;
    let version = tree.attribute(tree.root(), "version").unwrap_or_default();
    let edition = store::edition_of_version(work, form.id, version).await?.ok_or_else(unknown)?;
    Ok((form, edition))
}

/// The edition that a device names, where it is one of this form's that was ever published.
pub async fn filled_with(work: &mut Work, form: &Form, sent: Option<EditionId>) -> Result<Option<Edition>, Error> {
    let Some(sent) = sent else { return Ok(None) };
    let editions = store::editions(work, form.id).await?;
    Ok(editions.into_iter().find(|edition| edition.id == sent && edition.state != "draft"))
}

/// The edition of a form that is filled in now.
pub async fn published(work: &mut Work, form: &Form) -> Result<Edition, Error> {
    store::published(work, &[form.id]).await?.into_iter().next().ok_or_else(|| invalid("form", "form_not_published"))
}

/// Whoever may work on a case fills in its forms, while it is open.
pub async fn may_write(work: &mut Work, case: &Case) -> Result<(), Error> {
    work.may_in(Act::CaseEdit, case.unit, Some(case.id)).await?;
    case.must_be_open()
}

/// No coordinates and no pictures of people where they would lead to somebody in hiding (S18).
pub fn keeps_places(case: &Case) -> bool {
    case.sensitivity() == Sensitivity::Standard
}

fn whole(session: &Session) -> Result<String, Error> {
    let xml = session.instance().to_xml(Extent::Everything);
    if xml.len() > LONGEST { Err(invalid("", "too_large")) } else { Ok(xml) }
}

fn written<'a>(session: &Session, xml: &'a str, at_page: &'a str) -> Written<'a> {
    let progress = session.progress();
    let count = |number: usize| i32::try_from(number).unwrap_or(i32::MAX);
    Written { xml, at_page, answered: count(progress.answered), asked: count(progress.asked), names_other: None }
}

fn digest(xml: &str) -> Vec<u8> {
    Sha256::digest(xml).to_vec()
}

fn new_instance_id() -> String {
    format!("uuid:{}", uuid::Uuid::new_v4())
}

fn about(case: CaseId, copy: SubmissionId) -> About {
    About::case(case).with(copy)
}
