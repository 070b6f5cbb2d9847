//! The pages of an export: what goes into it, how far a large one has come, and the file.
use askama::Template;
use axum::response::{IntoResponse, Response};
use http::header;

use super::store::Export;
use super::wanted::{FORMATS, Wanted};
use super::{AT_ONCE, MOST_COPIES, jobs, make, may, may_names, store};
use crate::access::Act;
use crate::audit::{About, Fact};
use crate::error::{Clash, Error, invalid};
use crate::forms::admin::actions;
use crate::forms::store as forms;
use crate::forms::{Form, plans};
use crate::platform::db::Work;
use crate::platform::ids::{FormId, RowId};
use crate::web::form::Path;
use crate::web::parts::{Badge, Choice, Tone};
use crate::web::{Form as Fields, Page, Routes};

/// No more than this is made for one person at a time.
const MOST_WAITING: i64 = 3;

/// The pages.
pub(super) fn routes() -> Routes {
    Routes::new()
        .page("GET", "/forms/{form}/export", new)
        .page("POST", "/forms/{form}/export", create)
        .page("GET", "/forms/{form}/exports/{export}", show)
        .page("GET", "/forms/{form}/exports/{export}/progress", progress)
        .page("GET", "/forms/{form}/exports/{export}/file", file)
}

#[derive(Template)]
#[template(path = "forms/admin/html/export.html")]
struct New {
    p: Page,
    form: Fields,
    path: String,
    back: String,
    title: String,
    formats: Vec<Choice>,
    values: Vec<Choice>,
    languages: Vec<Choice>,
    editions: Vec<Choice>,
    may_names: bool,
    recent: Vec<(String, String, Badge)>,
}

/// GET /forms/{form}/export
pub async fn new(mut work: Work, Path(id): Path<FormId>) -> Result<Response, Error> {
    let form = actions::form(&mut work, id).await?;
    may(&work)?;
    let first = Fields::blank([("format", "xlsx".to_owned()), ("values", "labels".to_owned())]);
    let page = page(&mut work, &form, first).await?;
    work.show_plain(page).await
}

/// POST /forms/{form}/export: the file at once, or, of many copies, its page.
pub async fn create(mut work: Work, Path(id): Path<FormId>, mut fields: Fields) -> Result<Response, Error> {
    let form = actions::form(&mut work, id).await?;
    may(&work)?;
    let wanted = typed(&mut fields);
    let asked = match fields.check() {
        Ok(()) => ask(&mut work, &form, &wanted).await,
        Err(error) => Err(error),
    };
    let made = match asked {
        Ok(Asked::Later(export)) => return work.then(&format!("/forms/{}/exports/{export}", form.id), "form-export-begun").await,
        Ok(Asked::Now) => make::make(&mut work, &form, &wanted, None).await,
        Err(error) => Err(error),
    };
    match made {
        Ok(made) => {
            work.commit().await?;
            Ok(attached(&form, made.media_type, made.ending, made.bytes))
        }
        Err(Error::Invalid(errors)) => {
            let mut work = work.again().await?;
            let page = page(&mut work, &form, fields.with_errors(errors)).await?;
            work.show_again(&page)
        }
        Err(error) => Err(error),
    }
}

/// How an export goes on.
pub(super) enum Asked {
    /// It is small enough to be made while one waits.
    Now,
    /// A job makes it.
    Later(RowId),
}

/// Checks a wish, and leaves a job where it is large.
pub(super) async fn ask(work: &mut Work, form: &Form, wanted: &Wanted) -> Result<Asked, Error> {
    let total = count(work, form, wanted).await?;
    if total <= AT_ONCE { Ok(Asked::Now) } else { Ok(Asked::Later(later(work, form, wanted, total).await?)) }
}

/// How many copies a wish comes to; refused where there are none, or too many.
pub(super) async fn count(work: &mut Work, form: &Form, wanted: &Wanted) -> Result<i64, Error> {
    may(work)?;
    wanted.faults().or_ok()?;
    if wanted.names {
        may_names(work)?;
    }
    let org = work.org().ok_or(Error::SignIn)?;
    let (total, _) = store::extent(work, form, wanted, org).await?;
    match total {
        0 => Err(invalid("from", "form_export_none")),
        total if total > MOST_COPIES => Err(invalid("from", "form_export_large")),
        total => Ok(total),
    }
}

/// Leaves the job that makes it.
pub(super) async fn later(work: &mut Work, form: &Form, wanted: &Wanted, total: i64) -> Result<RowId, Error> {
    if store::waiting(work).await? >= MOST_WAITING {
        return Err(invalid("format", "form_export_busy"));
    }
    let id = store::insert(work, form.id, wanted, total).await?;
    let export = store::export(work, form.id, id).await?;
    work.enqueue(jobs::later(&export)).await?;
    Ok(id)
}

fn typed(fields: &mut Fields) -> Wanted {
    Wanted {
        format: fields.one_of("format", FORMATS),
        labels: fields.one_of("values", ["labels", "codes"]) == "labels",
        language: fields.text_maybe("language", 120),
        names: fields.ticked("names"),
        edition: fields.parsed_maybe("edition"),
        from: fields.date_maybe("from"),
        until: fields.date_maybe("until"),
    }
}

async fn page(work: &mut Work, form: &Form, fields: Fields) -> Result<New, Error> {
    let p = Page::titled(work, "form-export").await?;
    let editions = forms::editions(work, form.id).await?;
    let newest = editions.iter().find(|one| one.state == "published").or(editions.iter().find(|one| one.state != "draft"));
    let languages = match newest {
        Some(edition) => plans::plan(work, edition.id).await?.form().languages.iter().map(|one| one.name.clone()).collect(),
        None => Vec::<String>::new(),
    };
    let recent = store::exports(work, form.id, None).await?;
    let back = if work.holds(Act::FormManage) { format!("/forms/{}", form.id) } else { "/forms".to_owned() };
    Ok(New {
        path: format!("/forms/{}/export", form.id),
        back,
        title: form.title.clone(),
        formats: FORMATS
            .map(|code| {
                Choice::new(code, p.tc("form-export-format", code)).with_hint(p.t(&format!("form-export-format-hint-{code}")))
            })
            .to_vec(),
        values: ["labels", "codes"].map(|code| Choice::new(code, p.tc("form-export-values", code))).to_vec(),
        languages: languages
            .into_iter()
            .filter(|name: &String| name != "default")
            .map(|name| Choice::new(name.clone(), name))
            .collect(),
        editions: editions
            .iter()
            .filter(|one| one.state != "draft")
            .map(|one| Choice::new(one.id.to_string(), p.ta("form-edition", "number", p.number(one.number))))
            .collect(),
        may_names: may_names(work).is_ok(),
        recent: recent.iter().map(|export| (export.path(), p.moment(&export.asked_at), badge(&p, export))).collect(),
        form: fields,
        p,
    })
}

fn badge(p: &Page, export: &Export) -> Badge {
    let tone = match export.state.as_str() {
        "made" => Tone::Good,
        "failed" => Tone::Danger,
        "waiting" => Tone::Info,
        _ => Tone::Neutral,
    };
    Badge::new(p.tc("form-export-state", &export.state), tone)
}

#[derive(Template)]
#[template(path = "forms/admin/html/export_show.html")]
struct Show {
    p: Page,
    back: String,
    title: String,
    progress: Progress,
}

#[derive(Template)]
#[template(path = "forms/admin/html/export_progress.html")]
struct Part {
    p: Page,
    progress: Progress,
}

/// How far an export has come.
struct Progress {
    path: String,
    running: bool,
    made: bool,
    state: Badge,
    figures: String,
    done: i32,
    total: i32,
    until: String,
    reason: String,
}

/// GET /forms/{form}/exports/{export}
pub async fn show(mut work: Work, Path((form, id)): Path<(FormId, RowId)>) -> Result<Response, Error> {
    let form = actions::form(&mut work, form).await?;
    let export = store::export(&mut work, form.id, id).await?;
    may(&work)?;
    let p = Page::titled(&mut work, "form-export").await?;
    let progress = progress_of(&p, &export);
    work.show_plain(Show { back: format!("/forms/{}/export", form.id), title: form.title, progress, p }).await
}

/// GET /forms/{form}/exports/{export}/progress: the same in part, asked for by the page.
pub async fn progress(mut work: Work, Path((form, id)): Path<(FormId, RowId)>) -> Result<Response, Error> {
    let export = store::export(&mut work, form, id).await?;
    may(&work)?;
    let p = Page::titled(&mut work, "form-export").await?;
    let progress = progress_of(&p, &export);
    work.show_plain(Part { p, progress }).await
}

fn progress_of(p: &Page, export: &Export) -> Progress {
    let figures = [p.number(export.done), p.number(export.total)].join(" / ");
    Progress {
        path: export.path(),
        running: export.state == "waiting",
        made: export.state == "made",
        state: badge(p, export),
        figures: p.ta("form-export-figures", "figures", figures),
        done: export.done,
        total: export.total.max(1),
        until: export.expires_at.map(|at| p.moment(&at)).unwrap_or_default(),
        reason: export.reason.as_deref().map(|code| p.error(code)).unwrap_or_default(),
    }
}

/// GET /forms/{form}/exports/{export}/file
pub async fn file(work: Work, Path(ids): Path<(FormId, RowId)>) -> Result<Response, Error> {
    taken(work, ids).await
}

/// The bytes of a file that was made, for whoever asked for it and still may.
pub(super) async fn taken(mut work: Work, (form, id): (FormId, RowId)) -> Result<Response, Error> {
    let form = actions::form(&mut work, form).await?;
    let export = store::export(&mut work, form.id, id).await?;
    may(&work)?;
    let there = export.state == "made" && export.expires_at.is_some_and(|until| until > work.now());
    let (Some(media_type), Some(ending), true) = (&export.media_type, &export.ending, there) else {
        let code = if export.state == "waiting" { "form_export_not_made" } else { "form_export_gone" };
        return Err(Error::Conflict(Clash::State { state: format!("form_export_{}", export.state), code }));
    };
    let bytes = jobs::read(&work, id).await?;
    let note = serde_json::json!({ "what": "form", "form": form.code, "taken": true });
    work.record(Fact::Exported, About::subjects([form.id.0, id.0]).note(note)).await?;
    work.commit().await?;
    Ok(attached(&form, media_type, ending, bytes))
}

// The form's own id names the file: it is the agency's, and tells of nobody (S13).
fn attached(form: &Form, media_type: &str, ending: &str, bytes: Vec<u8>) -> Response {
    let name: String = form.code.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '_' || *c == '-').take(60).collect();
    let headers = [
        (header::CONTENT_TYPE, media_type.to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}.{ending}\"")),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff".to_owned()),
    ];
    (headers, bytes).into_response()
}
