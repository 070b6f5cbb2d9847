//! A file becomes a draft, or a table of what has to be mended: all of it at once, and nothing is kept meanwhile.
use std::sync::Arc;

use askama::Template;
use axum::extract::Request;
use axum::response::Response;

use super::super::actions::{self, Terms, Uploaded};
use super::super::problem::{self, Kept, MOST_SHOWN, Told};
use super::super::reading::{self, Media, Sent};
use super::super::store;
use super::path;
use crate::access::Act;
use crate::error::{Error, FieldErrors, invalid};
use crate::forms::Form;
use crate::platform::db::Work;
use crate::platform::ids::FormId;
use crate::web::form::Path;
use crate::web::parts::Choice;
use crate::web::upload::Uploads;
use crate::web::{Form as Fields, Page};

#[derive(Template)]
#[template(path = "forms/admin/html/new.html")]
struct New {
    p: Page,
    form: Fields,
    action: String,
    back: String,
    back_name: String,
    // Of a form that stands already: who may fill it is decided there.
    again: bool,
    terms: TermsFields,
    mistaken: Option<Mistaken>,
    heads: [String; 5],
}

/// The fields of who may fill a form.
pub(super) struct TermsFields {
    pub case_types: Vec<Choice>,
    pub subjects: Vec<Choice>,
}

// What is wrong with a file that was chosen.
struct Mistaken {
    file: String,
    count: String,
    mistakes: Vec<Told>,
    warnings: Vec<Told>,
    more: bool,
}

/// GET /forms/new
pub async fn new(mut work: Work) -> Result<Response, Error> {
    work.may(Act::FormManage)?;
    let page = page(&mut work, None, Fields::blank([("subject", "household".to_owned())]), None).await?;
    work.show_plain(page).await
}

/// GET /forms/{form}/editions/new
pub async fn again(mut work: Work, Path(id): Path<FormId>) -> Result<Response, Error> {
    let form = own(&mut work, id).await?;
    let page = page(&mut work, Some(&form), Fields::default(), None).await?;
    work.show_plain(page).await
}

/// POST /forms
pub async fn create(work: Work, request: Request) -> Result<Response, Error> {
    work.may(Act::FormManage)?;
    take(work, request, None).await
}

/// POST /forms/{form}/editions
pub async fn add(mut work: Work, Path(id): Path<FormId>, request: Request) -> Result<Response, Error> {
    let form = own(&mut work, id).await?;
    take(work, request, Some(form)).await
}

async fn own(work: &mut Work, id: FormId) -> Result<Form, Error> {
    let form = actions::form(work, id).await?;
    work.may(Act::FormManage)?;
    // A pack's form is read here, and its editions come with the pack.
    if form.org.is_some() { Ok(form) } else { Err(Error::Forbidden(Act::FormManage.code())) }
}

async fn take(mut work: Work, request: Request, of: Option<Form>) -> Result<Response, Error> {
    let uploads = match Uploads::read(&work, request).await {
        Ok(uploads) => uploads,
        Err(Error::Invalid(errors)) => return refused(work, of.as_ref(), Fields::default(), errors).await,
        Err(error) => return Err(error),
    };
    let Uploads { form: mut fields, files } = uploads;
    let sent = sent(files);
    let terms = match &of {
        Some(form) => Terms::of(form),
        None => terms(&mut fields),
    };
    let uploaded = match sent.and_then(|sent| fields.check().map(|()| sent)) {
        Ok(sent) => {
            let sent = Arc::new(sent);
            actions::upload(&mut work, sent.clone(), &terms, of.as_ref()).await.map(|uploaded| (sent, uploaded))
        }
        Err(error) => Err(error),
    };
    match uploaded {
        Ok((_, Uploaded::Draft { form, edition, is_known })) => {
            let word = if is_known { "form-uploaded-known" } else { "form-uploaded" };
            work.then(&format!("/forms/{form}/editions/{edition}"), word).await
        }
        Ok((sent, Uploaded::Mistaken(problems))) => {
            let mut work = work.again().await?;
            let page = page(&mut work, of.as_ref(), fields, Some((sent.name.as_str(), problems.as_slice()))).await?;
            work.show_again(&page)
        }
        Err(Error::Invalid(errors)) => refused(work, of.as_ref(), fields, errors).await,
        Err(error) => Err(error),
    }
}

async fn refused(work: Work, of: Option<&Form>, fields: Fields, errors: FieldErrors) -> Result<Response, Error> {
    let mut work = work.again().await?;
    let page = page(&mut work, of, fields.with_errors(errors), None).await?;
    work.show_again(&page)
}

fn sent(files: Vec<crate::web::upload::Chosen>) -> Result<Sent, Error> {
    let mut sent = Sent::default();
    for file in files {
        let name = reading::safe_name(&file.name);
        if file.field == "file" {
            (sent.name, sent.bytes) = (name, file.bytes);
            continue;
        }
        let media_type = reading::media_type(&name, &file.bytes).ok_or_else(|| invalid("media", "form_media_type"))?;
        sent.media.push(Media { name, media_type, bytes: file.bytes });
    }
    Ok(sent)
}

/// Who may fill a form, as it was typed.
pub(super) fn terms(fields: &mut Fields) -> Terms {
    let subject = fields.one_of("subject", ["household", "person"]);
    let typed = fields.all("case_types").to_vec();
    let case_types: Vec<i16> = typed.iter().filter_map(|id| id.parse().ok()).collect();
    if case_types.len() != typed.len() {
        fields.errors.add("case_types", "not_a_choice");
    }
    Terms { case_types, subject, intake: fields.ticked("intake"), offline: fields.ticked("offline") }
}

/// What may be chosen for it.
pub(super) async fn terms_fields(work: &mut Work, p: &Page) -> Result<TermsFields, Error> {
    let types = store::case_types(work).await?;
    let choice = |known: store::CaseType| {
        let hint = if known.sensitivity == "restricted" { p.t("form-type-restricted") } else { String::new() };
        Choice::new(known.id.to_string(), known.label).with_hint(hint)
    };
    let subjects = ["household", "person"]
        .map(|code| Choice::new(code, p.tc("form-subject", code)).with_hint(p.t(&format!("form-subject-hint-{code}"))));
    Ok(TermsFields { case_types: types.into_iter().map(choice).collect(), subjects: subjects.to_vec() })
}

async fn page(work: &mut Work, of: Option<&Form>, form: Fields, wrong: Option<(&str, &[Kept])>) -> Result<New, Error> {
    let p = Page::titled(work, if of.is_some() { "form-new-edition" } else { "forms-upload" }).await?;
    let terms = terms_fields(work, &p).await?;
    let (action, back, back_name) = match of {
        Some(form) => (format!("{}/editions", path(form)), path(form), form.title.clone()),
        None => ("/forms".to_owned(), "/forms".to_owned(), p.t("forms-title")),
    };
    let mistaken = wrong.map(|(file, problems)| mistaken(&p, file, problems));
    Ok(New { action, back, back_name, again: of.is_some(), terms, mistaken, heads: problem_heads(&p), form, p })
}

fn mistaken(p: &Page, file: &str, problems: &[Kept]) -> Mistaken {
    let count = problems.iter().filter(|one| one.mistake).count();
    let (mistakes, warnings) = problem::told(p, problems).into_iter().partition(|one| one.mistake);
    Mistaken {
        file: file.to_owned(),
        count: p.ta("form-mistakes-count", "count", count as i64),
        mistakes,
        warnings,
        more: problems.len() > MOST_SHOWN,
    }
}

/// The headings of a table of mistakes or warnings.
pub(super) fn problem_heads(p: &Page) -> [String; 5] {
    ["sheet", "row", "column", "what", "mend"].map(|head| p.t(&format!("form-problems-{head}")))
}
