//! Files: what the author put beside the form, and what is attached to an answer. Attached files are documents of the case: looked through,
//! without what a picture tells beside what it shows, and never under the name they had on a device (S13, S18).
use axum::response::{IntoResponse, Response};
use http::header;
use xforms::form::QuestionKind;

use super::at::{At, Ids, case_of};
use super::{said, stroke};
use crate::documents::actions::NewDocument;
use crate::documents::{self, document};
use crate::error::{Error, FieldErrors, invalid};
use crate::forms::{Origin, actions, store, withheld};
use crate::platform::db::Work;
use crate::platform::ids::{CaseId, DocumentId, SubmissionId};
use crate::web::Form;
use crate::web::form::Path;
use crate::web::upload::Chosen;

// What a browser may show from here; anything else it keeps.
const SHOWN: [&str; 9] =
    ["image/png", "image/jpeg", "image/gif", "image/webp", "audio/mpeg", "audio/mp4", "audio/ogg", "audio/wav", "audio/x-wav"];

/// GET /cases/{id}/forms/{submission}/media/{name}: a picture or sound of the form, for whoever sees the copy.
pub(super) async fn media(
    mut work: Work,
    Path((case, id, name)): Path<(CaseId, SubmissionId, String)>,
) -> Result<Response, Error> {
    let case = case_of(&mut work, case).await?;
    let copy = store::submission(&mut work, case.id, id).await?;
    let (media, bytes) = store::media_file(&mut work, copy.edition_id, &name).await?;
    work.commit().await?;
    let is_shown = SHOWN.contains(&media.media_type.as_str());
    let (kind, disposition) =
        if is_shown { (media.media_type.as_str(), "inline") } else { ("application/octet-stream", "attachment") };
    let headers = [
        (header::CONTENT_TYPE, kind.to_owned()),
        (header::CONTENT_DISPOSITION, disposition.to_owned()),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff".to_owned()),
    ];
    Ok((headers, bytes).into_response())
}

/// Keeps what was attached or drawn on a page, and answers each question with it; what can't be taken is noted beside its field.
pub(super) async fn attach(work: &mut Work, at: &mut At, form: &Form, files: Vec<Chosen>) -> Result<FieldErrors, Error> {
    let mut refused = FieldErrors::default();
    let mut given: Vec<(String, Vec<u8>)> = files.into_iter().map(|file| (file.field, file.bytes)).collect();
    for name in form.all("drawn").iter().filter(|name| form.filled(name)) {
        match stroke::picture(form.value(name)) {
            Some(bytes) if given.iter().all(|(field, _)| field != name) => given.push((name.clone(), bytes)),
            Some(_) => {}
            None => refused.add(name, "picture_broken"),
        }
    }
    for (name, bytes) in given.into_iter().filter(|(name, _)| form.has("asked", name)) {
        match attach_one(work, at, &name, bytes).await {
            Ok(()) => {}
            Err(Error::Invalid(errors)) => {
                for code in errors.0.values().take(1) {
                    refused.add(&name, code);
                }
            }
            Err(error) => return Err(error),
        }
    }
    Ok(refused)
}

async fn attach_one(work: &mut Work, at: &mut At, name: &str, bytes: Vec<u8>) -> Result<(), Error> {
    let element = at.session.find(name).ok_or_else(|| invalid(name, "not_understood"))?;
    let node = at.session.node(element).ok_or_else(|| invalid(name, "not_understood"))?;
    let Some(QuestionKind::File(kind)) = node.question().map(|question| question.kind.clone()) else {
        return Err(invalid(name, "not_understood"));
    };
    if withheld::is_withheld(&at.case, node) {
        return Err(invalid(name, "no_photo"));
    }
    let found = match document::sniff(&bytes) {
        // A recording comes as plain samples, which tell nothing beside what is heard; a script of the page makes them of any other.
        sniffed if kind.starts_with("audio") => {
            sniffed.ok().filter(|found| found.starts_with("audio/")).ok_or_else(|| invalid(name, "sound_type"))?
        }
        sniffed => sniffed?,
    };
    if kind.starts_with("image") && !found.starts_with("image/") {
        return Err(invalid(name, "picture_type"));
    }
    let photo = kind.starts_with("image") && !withheld::is_drawn(node);
    // A drawing shows nobody; a picture taken in its place might.
    let is_guarded = withheld::is_drawn(node) && !actions::keeps_places(&at.case);
    if is_guarded && !withheld::was_drawn((name, &bytes), found, Origin::Page.as_str()).await {
        return Err(invalid(name, "no_photo"));
    }
    let new = NewDocument {
        kind: if photo { document::PHOTO } else { "other" }.to_owned(),
        title: said::label(&at.session, element).chars().take(200).collect(),
        expires_on: None,
        bytes,
        record: None,
    };
    let id = documents::actions::add(work, at.case.id, new).await?;
    let ending = found.rsplit('/').next().map_or("bin", |kind| if kind == "jpeg" { "jpg" } else { kind });
    let file = format!("{id}.{ending}");
    store::put_file(work, at.copy.id, at.case.id, &file, id).await?;
    at.session.answer(element, &file).map_err(|_| invalid(name, "not_understood"))?;
    Ok(())
}

/// Takes back what was attached, where that was ticked. The document stays with the case until somebody withdraws it there.
pub(super) fn take_back(at: &mut At, form: &Form) {
    for name in form.all("drop").iter().filter(|name| form.has("asked", name)) {
        let Some(element) = at.session.find(name) else { continue };
        let is_file = at
            .session
            .node(element)
            .and_then(|node| node.question())
            .is_some_and(|one| matches!(one.kind, QuestionKind::File(_)));
        if is_file && at.session.answer(element, "").is_err() {
            tracing::debug!("A file of a question that is not asked any more stays.");
        }
    }
}

/// The files of a copy by the names that its answers call them.
pub(super) async fn of(work: &mut Work, copy: SubmissionId) -> Result<Vec<(String, DocumentId)>, Error> {
    store::files(work, copy).await
}

/// The address of a copy, for `Path`.
pub(super) type CopyPath = Path<Ids>;
