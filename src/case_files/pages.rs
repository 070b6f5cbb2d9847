//! Pages: asking for a file, looking through it and releasing it, and taking it.
use askama::Template;
use axum::response::{IntoResponse, Response};
use http::header;

use super::case_file::{CaseFile, Entry, NewCaseFile, SECTIONS};
use super::{actions, store};
use crate::audit::About;
use crate::cases::pages::told_apart;
use crate::cases::{self, Case, Member};
use crate::error::Error;
use crate::platform::db::Work;
use crate::platform::ids::{CaseId, PersonId, RowId};
use crate::platform::lang::Lang;
use crate::web::form::Path;
use crate::web::format::apart;
use crate::web::parts::{Badge, Choice, Tone};
use crate::web::{Form, Page, Routes};

/// The pages of this room.
pub(super) fn routes() -> Routes {
    Routes::new()
        .page("GET", "/cases/{id}/file", index)
        .page("POST", "/cases/{id}/file", create)
        .page("GET", "/cases/{id}/file/{file}", show)
        .page("POST", "/cases/{id}/file/{file}/release", release)
        .page("POST", "/cases/{id}/file/{file}/refusal", refuse)
        .page("GET", "/cases/{id}/file/{file}/pdf", async |work: Work, Path(ids): Path<(CaseId, RowId)>| {
            taken(work, ids, "pdf").await
        })
        .page("GET", "/cases/{id}/file/{file}/bundle", async |work: Work, Path(ids): Path<(CaseId, RowId)>| {
            taken(work, ids, "zip").await
        })
}

#[derive(Template)]
#[template(path = "case_files/html/index.html")]
struct Index {
    p: Page,
    form: Form,
    path: String,
    back: String,
    code: String,
    may: bool,
    people: Vec<Choice>,
    sections: Vec<Choice>,
    langs: Vec<Choice>,
    heads: [String; 4],
    rows: Vec<Row>,
}

struct Row {
    href: String,
    when: String,
    whose: String,
    by: String,
    state: Badge,
}

/// GET /cases/{id}/file
async fn index(mut work: Work, Path(id): Path<CaseId>) -> Result<Response, Error> {
    let case = Case::read(&mut work, id).await?;
    let mut form = Form::default();
    form.set("person", case.person_id.to_string());
    form.set("lang", work.lang().code());
    let page = index_page(&mut work, &case, form).await?;
    work.show(About::case(id).with(case.person_id), page).await
}

async fn index_page(work: &mut Work, case: &Case, form: Form) -> Result<Index, Error> {
    let p = Page::titled(work, "case-file-title").await?;
    let files = store::list(work, case.id, None).await?;
    let may = work.may_steer(case.unit, case.id).await.is_ok();
    let members = cases::store::people(work, case.id).await?;
    let safe = members.iter().filter(|member| !member.not_safe_to_involve);
    // Whoever may not look at a copy reads here how it stands with it, and is led nowhere.
    let (releases, me) = (actions::may_release_others(work, case).await.is_ok(), work.me()?);
    let href = |file: &CaseFile| if releases || file.asked_by == me { file.path() } else { String::new() };
    Ok(Index {
        path: format!("{}/file", case.path()),
        back: case.path(),
        code: case.code.clone(),
        may,
        people: safe
            .map(|member| {
                Choice::new(member.person_id.to_string(), told_apart(&p, &members, member))
                    .with_hint(p.tc("case-part", &member.part))
            })
            .collect(),
        sections: SECTIONS.iter().map(|code| Choice::new(*code, p.tc("case-file-section", code))).collect(),
        langs: Lang::ALL.iter().map(|lang| Choice::new(lang.code(), lang.own_name())).collect(),
        heads: ["when", "whose", "by", "state"].map(|head| p.tc("case-file-head", head)),
        rows: files.iter().map(|file| Row { href: href(file), ..row(&p, file, &members) }).collect(),
        form,
        p,
    })
}

fn row(p: &Page, file: &CaseFile, people: &[Member]) -> Row {
    Row {
        href: String::new(),
        when: p.moment(&file.asked_at),
        whose: name(p, people, file.person_id),
        by: file.asked_by_name.clone(),
        state: state(p, file),
    }
}

fn name(p: &Page, people: &[Member], id: PersonId) -> String {
    let known = people.iter().find(|member| member.person_id == id);
    known.map_or_else(|| p.t("case-part-removed"), |member| told_apart(p, people, member))
}

fn state(p: &Page, file: &CaseFile) -> Badge {
    let tone = match file.state.as_str() {
        "made" => Tone::Good,
        "refused" => Tone::Danger,
        "gone" => Tone::Neutral,
        _ => Tone::Info,
    };
    Badge::new(p.tc("case-file-state", &file.state), tone)
}

/// POST /cases/{id}/file
async fn create(mut work: Work, Path(id): Path<CaseId>, mut form: Form) -> Result<Response, Error> {
    let case = cases::store::find(&mut work, id).await?;
    let new = NewCaseFile {
        person: form.parsed_maybe("person"),
        given_to: form.parsed_maybe("given_to"),
        own_wish: form.ticked("own_wish"),
        sections: form.all("sections").to_vec(),
        reason: form.text_maybe("reason", 400),
        lang: form.parsed_maybe("lang"),
    };
    let asked = match form.check() {
        Ok(()) => actions::ask(&mut work, &case, &new).await,
        Err(error) => Err(error),
    };
    match asked {
        Ok(file) => work.then(&file.path(), "case-file-asked").await,
        Err(Error::Invalid(errors)) => {
            let mut work = work.again().await?;
            let page = index_page(&mut work, &case, form.with_errors(errors)).await?;
            work.show_again(&page)
        }
        Err(error) => Err(error),
    }
}

#[derive(Template)]
#[template(path = "case_files/html/show.html")]
struct Show {
    p: Page,
    form: Form,
    path: String,
    back: String,
    code: String,
    state: Badge,
    whose: String,
    goes_to: String,
    own_wish: bool,
    reason: String,
    by: String,
    until: String,
    making: bool,
    made: bool,
    // Somebody said since it was asked for that it must not go.
    held: bool,
    hand_over: String,
    may: bool,
    sections: Vec<Part>,
}

struct Part {
    title: String,
    entries: Vec<Told>,
}

struct Told {
    place: usize,
    title: String,
    lines: Vec<(String, String)>,
    ticked: bool,
}

/// GET /cases/{id}/file/{file}
async fn show(mut work: Work, Path((id, file)): Path<(CaseId, RowId)>) -> Result<Response, Error> {
    let case = cases::store::find(&mut work, id).await?;
    let file = store::find(&mut work, id, file).await?;
    actions::may_look(&mut work, &case, &file).await?;
    let page = page(&mut work, &case, &file, Form::default()).await?;
    work.show(About::case(id).with(file.person_id).with(file.id), page).await
}

async fn page(work: &mut Work, case: &Case, file: &CaseFile, form: Form) -> Result<Show, Error> {
    let p = Page::titled(work, "case-file-title").await?;
    let entries = store::content(work, file).await?;
    let may = file.state == "asked" && actions::may_release(work, case, file).await.is_ok();
    let people = cases::store::people(work, case.id).await?;
    let held = file.state != "refused" && file.state != "gone" && !actions::still_goes(work, case, file).await?;
    let parts = SECTIONS.iter().map(|section| Part {
        title: p.tc("case-file-section", section),
        entries: entries
            .iter()
            .enumerate()
            .filter(|(_, one)| one.section == *section)
            .map(|(nth, one)| told(&form, nth, one))
            .collect(),
    });
    let sections = parts.filter(|part| !part.entries.is_empty()).collect();
    let decided = file.decided_by_name.clone().into_iter();
    Ok(Show {
        path: file.path(),
        back: format!("{}/file", case.path()),
        code: case.code.clone(),
        state: state(&p, file),
        whose: name(&p, &people, file.person_id),
        goes_to: name(&p, &people, file.given_to.unwrap_or(file.person_id)),
        own_wish: file.own_wish && file.given_to.is_some(),
        hand_over: match file.given_to {
            Some(other) => p.ta("case-file-hand-over-to", "name", apart(&name(&p, &people, other))),
            None => p.t("case-file-hand-over"),
        },
        reason: file.reason.clone(),
        by: std::iter::once(file.asked_by_name.clone()).chain(decided).collect::<Vec<_>>().join(" · "),
        until: file.expires_at.map(|end| p.moment(&end)).unwrap_or_default(),
        making: file.state == "released",
        made: !held && file.must_be_made(work.now()).is_ok(),
        held,
        may,
        sections,
        form,
        p,
    })
}

// Free words and pictures may speak of others: they go only where somebody ticks them.
fn told(form: &Form, place: usize, entry: &Entry) -> Told {
    let sent = form.has("sent", "true");
    Told {
        place,
        title: entry.title.clone(),
        lines: entry.lines.iter().map(|line| (line.label.clone(), line.value.clone())).collect(),
        ticked: if sent { form.has("keep", &place.to_string()) } else { !entry.free },
    }
}

/// POST /cases/{id}/file/{file}/release
async fn release(mut work: Work, Path((id, file)): Path<(CaseId, RowId)>, form: Form) -> Result<Response, Error> {
    let case = cases::store::find(&mut work, id).await?;
    let file = store::find(&mut work, id, file).await?;
    let released = match actions::places(form.all("keep")) {
        Ok(kept) => actions::release(&mut work, &case, &file, &kept).await,
        Err(error) => Err(error),
    };
    match released {
        Ok(()) => work.then(&file.path(), "case-file-released").await,
        Err(Error::Invalid(errors)) => {
            let mut work = work.again().await?;
            actions::may_look(&mut work, &case, &file).await?;
            let page = page(&mut work, &case, &file, form.with_errors(errors)).await?;
            work.show_again(&page)
        }
        Err(error) => Err(error),
    }
}

/// POST /cases/{id}/file/{file}/refusal
async fn refuse(mut work: Work, Path((id, file)): Path<(CaseId, RowId)>) -> Result<Response, Error> {
    let case = cases::store::find(&mut work, id).await?;
    let file = store::find(&mut work, id, file).await?;
    actions::refuse(&mut work, &case, &file).await?;
    work.then(&file.path(), "case-file-refused").await
}

/// GET /cases/{id}/file/{file}/pdf and /bundle: the bytes, to be kept and not shown.
pub(super) async fn taken(mut work: Work, (id, file): (CaseId, RowId), ending: &'static str) -> Result<Response, Error> {
    let case = cases::store::find(&mut work, id).await?;
    let file = store::find(&mut work, id, file).await?;
    let bytes = actions::take(&mut work, &case, &file, ending).await?;
    work.commit().await?;
    let media_type = if ending == "pdf" { "application/pdf" } else { "application/zip" };
    let headers = [
        (header::CONTENT_TYPE, media_type.to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"file.{ending}\"")),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff".to_owned()),
    ];
    Ok((headers, bytes).into_response())
}
