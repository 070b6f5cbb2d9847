//! Moves what was filled in on the wrong case to the right one (S28), as notes and records are moved: every version of it, its files, its author and
//! its times. A stub without answers stays where it stood, and what rules know of both cases is worked out anew.
use std::collections::HashMap;

use serde_json::json;
use xforms::form::{Form as Definition, Node, QuestionKind};
use xforms::instance::{Extent, Instance, NodeId};

use super::actions::{keeps_places, may_write};
use super::arrivals::{self, Named};
use super::openrosa::{case_code, case_questions};
use super::{Submission, plans, profile, store, withheld};
use crate::audit::{About, Fact};
use crate::cases::{self, Case};
use crate::documents;
use crate::error::{Clash, Error, invalid, same_version};
use crate::platform::db::Work;
use crate::platform::ids::{DocumentId, EditionId, SubmissionId, read_code};

/// Why a filled form is moved.
pub const REASONS: &[&str] = &["other_person", "other_case"];

// The case that a copy leaves, and the one to which it goes.
#[derive(Clone, Copy)]
struct Way<'a> {
    from: &'a Case,
    to: &'a Case,
}

impl Way<'_> {
    // Places and pictures of people, which the one kept, are not kept on the other (S18).
    fn leads_into_guard(self) -> bool {
        keeps_places(self.from) && !keeps_places(self.to)
    }
}

/// Moves a complete copy with all its versions, for a reason out of [`REASONS`] and over the version that was read; answers what it is on the other
/// case. Where it names somebody else than that case, they say so first, unless that stays to be settled there.
pub async fn move_to(
    work: &mut Work,
    case: &Case,
    copy: &Submission,
    (to, reason, named): (&Case, &str, Named),
    version: i32,
) -> Result<SubmissionId, Error> {
    may_write(work, case).await?;
    if to.id == case.id {
        return Err(invalid("to", "same_place"));
    }
    if !REASONS.contains(&reason) {
        return Err(invalid("reason", "not_a_choice"));
    }
    let form = store::form(work, copy.form_id).await?;
    let takes = |to: &Case| to.org == case.org && form.is_for(to);
    let to = arrivals::writable(work, to.id).await?.filter(takes).ok_or_else(|| invalid("to", "case_of_form"))?;
    // In one order, so that of two who move forms towards each other neither waits for the other.
    let mut held = [case.id, to.id];
    held.sort();
    for id in held {
        store::hold_case(work, id).await?;
    }
    let now = store::submission(work, case.id, copy.id).await?;
    same_version(now.version, version)?;
    if now.state != "complete" {
        return Err(Error::Conflict(Clash::State { state: now.state.clone(), code: "form_not_complete" }));
    }
    let line = store::line(work, &now).await?;
    if line.iter().any(Submission::is_draft) {
        return Err(invalid("to", "correction_begun"));
    }
    let names_other = named != Named::Confirmed && arrivals::strangers_on(work, &now, &form, &to).await?.is_some();
    if names_other && named == Named::Unasked {
        return Err(invalid("other_person", "arrival_other_person"));
    }
    let mut moved: HashMap<SubmissionId, SubmissionId> = HashMap::new();
    let mut carried = HashMap::new();
    for one in &line {
        let replaces = one.replaces.and_then(|old| moved.get(&old).copied());
        let there = carry(work, one, Way { from: case, to: &to }, replaces, &mut carried).await?;
        moved.insert(one.id, there);
    }
    let there = moved.get(&copy.id).copied().ok_or(Error::NotFound)?;
    if named == Named::Confirmed {
        store::say_belongs(work, there, 1).await?;
    } else {
        store::mark(work, there, names_other).await?;
    }
    for (place, id, step) in [(case, copy.id, "form_moved_away"), (&to, there, "form_moved_here")] {
        profile::project(work, place).await?;
        cases::actions::tell_step(work, place.id, step, reason).await?;
        let about = About::case(place.id).with(id).note(json!({ "form": copy.code, "reason": reason }));
        work.record(Fact::FormMoved, about).await?;
    }
    Ok(there)
}

// Several versions may show the same file: it is taken along once.
async fn carry(
    work: &mut Work,
    one: &Submission,
    way: Way<'_>,
    replaces: Option<SubmissionId>,
    carried: &mut HashMap<DocumentId, Option<DocumentId>>,
) -> Result<SubmissionId, Error> {
    let kept = store::answers(work, one).await?;
    let plan = plans::plan(work, one.edition_id).await?;
    let mut tree = Instance::read(&kept).map_err(|error| anyhow::anyhow!("a kept copy can't be read: {error}"))?;
    let drawn = withheld::answers_to(plan.form(), &tree, withheld::shows_nobody);
    let drawn: Vec<String> = drawn.into_iter().map(|at| tree.text(at).to_owned()).collect();
    let mut changes = named_anew(plan.form(), &tree, &way.from.code, way.to);
    if way.leads_into_guard() {
        changes.extend(guarded(plan.form(), &tree)?);
    }
    let is_changed = !changes.is_empty();
    changes.into_iter().for_each(|(at, text)| tree.set_text(at, &text));
    let xml = if is_changed { tree.to_xml(Extent::Submission) } else { kept };
    store::empty(work, one).await?;
    let there = store::insert_moved(work, way.to, one, (&xml, replaces)).await?;
    for (name, document) in store::files(work, one.id).await? {
        let new = match carried.get(&document) {
            Some(known) => *known,
            None => carry_file(work, document, way, drawn.contains(&name).then_some((&name, &one.origin))).await?,
        };
        carried.insert(document, new);
        if let Some(new) = new {
            store::put_file(work, there, way.to.id, &name, new).await?;
        }
    }
    Ok(there)
}

/// The answers of a copy that names another case than the one on which it is put, with that one named; nothing where it names no other.
pub(super) async fn named_rightly(work: &mut Work, edition: EditionId, xml: &str, case: &Case) -> Result<Option<String>, Error> {
    // A form that can't be made ready asks for no case, and its copy is kept all the same.
    let Some(plan) = plans::plan_maybe(work, edition).await? else { return Ok(None) };
    let mut tree = Instance::read(xml).map_err(|error| anyhow::anyhow!("a kept copy can't be read: {error}"))?;
    let Some(named) = case_code(plan.form(), &tree).filter(|code| *code != case.code) else { return Ok(None) };
    for (at, text) in named_anew(plan.form(), &tree, &named, case) {
        tree.set_text(at, &text);
    }
    Ok(Some(tree.to_xml(Extent::Submission)))
}

// What asks for the case is answered with the code of the right one: whoever reads that case may not see the wrong one (S11, S13). What was worked
// out of the former code, such as a title of the copy, is taken out.
fn named_anew(form: &Definition, tree: &Instance, former: &str, to: &Case) -> Vec<(NodeId, String)> {
    let paths = case_questions(form);
    let takes_code = |node: &Node| {
        let kind = node.question().map(|question| &question.kind);
        matches!(kind, Some(QuestionKind::Text | QuestionKind::SelectOne | QuestionKind::Hidden(_)))
    };
    let asked = withheld::answers_to(form, tree, |node| paths.contains(&node.path));
    let answered = withheld::answers_to(form, tree, |node| paths.contains(&node.path) && takes_code(node));
    let typed = asked.iter().map(|at| tree.text(*at)).filter(|text| read_code('C', text).is_some());
    let former: Vec<&str> = typed.chain([former]).collect();
    let worked_out = withheld::answers_to(form, tree, |node| node.bind.calculate.is_some() && !paths.contains(&node.path));
    let title = tree.child(tree.root(), "meta").and_then(|meta| tree.child(meta, "instanceName"));
    let tells = |at: &NodeId| former.iter().any(|code| tree.text(*at).contains(*code));
    let code = |at: &NodeId| if answered.contains(at) { to.code.clone() } else { String::new() };
    let named = asked.iter().map(|at| (*at, code(at)));
    named.chain(worked_out.into_iter().chain(title).filter(tells).map(|at| (at, String::new()))).collect()
}

// Places hold the move up, as files do that a guarded case does not keep. The name of a picture that is gone leads to nothing and is taken out.
fn guarded(form: &Definition, tree: &Instance) -> Result<Vec<(NodeId, String)>, Error> {
    if !withheld::answers_to(form, tree, withheld::asks_where).is_empty() {
        return Err(not_kept_there());
    }
    let gone = withheld::answers_to(form, tree, |node| withheld::asks_for_likeness(node) && !withheld::shows_nobody(node));
    Ok(gone.into_iter().map(|at| (at, String::new())).collect())
}

// What was withdrawn before stays behind, and what is in quarantine goes nowhere. `drawn` is the name of what answers a question to draw, with
// where it was filled in.
async fn carry_file(
    work: &mut Work,
    id: DocumentId,
    way: Way<'_>,
    drawn: Option<(&String, &String)>,
) -> Result<Option<DocumentId>, Error> {
    let document = match documents::store::find(work, way.from.id, id).await {
        Ok(document) => document,
        Err(Error::NotFound) => return Ok(None),
        Err(error) => return Err(error),
    };
    let is_judged = withheld::is_likeness(&document.media_type) && way.leads_into_guard() && !document.is_in_quarantine();
    if is_judged {
        let shows_nobody = match drawn {
            Some((name, origin)) => {
                let bytes = documents::store::read(work, &document).await?;
                withheld::was_drawn((name, &bytes), &document.media_type, origin).await
            }
            None => false,
        };
        if !shows_nobody {
            return Err(not_kept_there());
        }
    }
    documents::actions::take_along(work, document, (way.to.id, None)).await
}

fn not_kept_there() -> Error {
    invalid("to", "document_not_kept_there")
}
