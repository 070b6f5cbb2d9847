//! Forms that a pack brings to every organisation: loading the pack publishes what changed in them, and nothing else.
use serde_json::json;
use xforms::file;
use xforms::form::Form as Definition;

use super::form::Form;
use super::store::{self, NewEdition, NewForm};
use crate::audit::{About, Fact};
use crate::error::{Error, invalid};
use crate::packs::{Pack, PackForm, Word};
use crate::platform::db::Work;
use crate::platform::ids::FormId;

/// Keeps the forms of a pack that was loaded, each changed one as a new edition that is filled in from now on. Answers with the codes of those
/// that changed; the same pack again changes nothing.
pub async fn load(work: &mut Work, pack: &Pack) -> Result<Vec<String>, Error> {
    let mut changed = Vec::new();
    for listed in &pack.forms {
        let definition = file::read(&listed.file, &listed.source).form;
        let definition = definition.ok_or_else(|| anyhow::anyhow!("the form {} of a checked pack can't be read", listed.file))?;
        let form = keep(work, pack, listed).await?;
        if publish(work, form, listed, &definition).await? {
            changed.push(listed.code.clone());
        }
    }
    Ok(changed)
}

async fn keep(work: &mut Work, pack: &Pack, listed: &PackForm) -> Result<FormId, Error> {
    let types = listed.case_types.iter().filter_map(|code| pack.case_type(code));
    let case_types: Vec<i16> = types.map(|case_type| i16::from(case_type.id)).collect();
    let new = NewForm {
        org: None,
        pack: Some(&pack.name),
        code: &listed.code,
        title: &listed.title,
        case_types: &case_types,
        subject: listed.subject.as_str(),
        intake: listed.intake,
        offline: listed.offline,
    };
    let Some(known) = store::packed(work, &listed.code).await? else { return store::insert_form(work, &new).await };
    // An id is one pack's, as the number of a case type is.
    if known.pack.as_deref() != Some(pack.name.as_str()) {
        return Err(invalid("forms", "form_code_taken"));
    }
    if !says_the_same(&known, &new) {
        store::change_form(work, known.id, known.version, &new).await?;
    }
    Ok(known.id)
}

fn says_the_same(known: &Form, new: &NewForm<'_>) -> bool {
    (known.title.as_str(), known.case_types.as_slice(), known.subject.as_str(), known.intake, known.offline)
        == (new.title, new.case_types, new.subject, new.intake, new.offline)
}

async fn publish(work: &mut Work, form: FormId, listed: &PackForm, definition: &Definition) -> Result<bool, Error> {
    let xform = definition.to_xform();
    let hash = store::digest(work, xform.as_bytes()).await?;
    let editions = store::editions(work, form).await?;
    if editions.first().is_some_and(|newest| newest.hash == hash) {
        return Ok(false);
    }
    let questions = i32::try_from(definition.shown_questions()).unwrap_or(i32::MAX);
    let languages: Vec<String> = definition.languages.iter().map(|language| language.name.clone()).collect();
    let new = NewEdition {
        form_version: &definition.version,
        source: &listed.source,
        source_name: &listed.file,
        xform: &xform,
        hash: &hash,
        problems: json!([]),
        languages: &languages,
        questions,
    };
    let id = store::insert_edition(work, form, &new).await?;
    let edition = store::edition(work, id).await?;
    store::publish(work, &edition).await?;
    let about = About::subjects([form.0, id.0]).note(json!({ "form": listed.code, "questions": questions }));
    work.record(Fact::FormPublished, about).await?;
    Ok(true)
}
