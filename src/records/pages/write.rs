//! Writing a record, and correcting one: the same form, whose parts follow from the kind's shape.
use askama::Template;
use axum::response::{IntoResponse, Redirect, Response};

use crate::cases::note::MOST_CHARACTERS;
use crate::error::{Error, FieldErrors, invalid};
use crate::packs::Shape;
use crate::platform::db::Work;
use crate::platform::ids::RecordId;
use crate::records::part::{self, Ask};
use crate::records::place::{Kind, Of, Place};
use crate::records::record::{self, NewRecord, Record, Said};
use crate::records::{actions, store};
use crate::web::parts::Choice;
use crate::web::{Form, Page};

use super::show;

#[derive(Template)]
#[template(path = "records/html/write.html")]
struct Write {
    p: Page,
    form: Form,
    back: String,
    code: String,
    kind: String,
    action: String,
    autosave: String,
    parts: Vec<Asked>,
    ways: Vec<Choice>,
    directions: Vec<Choice>,
    levels: Vec<Choice>,
    lead: String,
    opens: String,
    holds_papers: bool,
    account_hint: String,
    account_label: String,
}

// A part as the form asks it: a part of a shape's own by how it is asked, any other by its name.
struct Asked {
    how: &'static str,
    name: &'static str,
    label: String,
    hint: String,
    needed: bool,
    choices: Vec<Choice>,
}

/// GET /cases/{id}/records/new?kind= and the same of a person
pub(super) async fn new(mut work: Work, of: Of, query: Form) -> Result<Response, Error> {
    let place = Place::find(&mut work, of).await?;
    place.may_add(&mut work).await?;
    if !query.filled("kind") {
        // The kind is chosen on the list.
        return Ok(Redirect::to(&format!("{}/records", place.path())).into_response());
    }
    let kind = place.kind(query.value("kind")).cloned().ok_or(Error::NotFound)?;
    let form = Form::blank([("kind", kind.kind.code.clone())]);
    let page = page(&mut work, &place, &kind, None, form).await?;
    work.show(actions::about(&place, RecordId(place.person.0)), page).await
}

/// POST /cases/{id}/records and the same of a person
pub(super) async fn create(mut work: Work, of: Of, mut form: Form) -> Result<Response, Error> {
    let place = Place::find(&mut work, of).await?;
    let kind = form.value("kind").to_owned();
    let written = match read(&work, &mut form) {
        Ok(new) => actions::write(&mut work, &place, &kind, &new).await,
        Err(error) => Err(error),
    };
    match written {
        Ok(root) => {
            let tail = if form.has("then", "document") && matches!(of, Of::Case(_)) { "/documents" } else { "" };
            work.then(&format!("{}/records/{root}{tail}", place.path()), "record-saved").await
        }
        Err(Error::Invalid(errors)) => again(work, of, None, form, errors).await,
        Err(error) => Err(error),
    }
}

/// GET /cases/{id}/records/{record}/correction and the same of a person
pub(super) async fn edit(mut work: Work, of: Of, root: RecordId) -> Result<Response, Error> {
    let place = Place::find(&mut work, of).await?;
    place.may_write(&mut work).await?;
    let newest = actions::read(&mut work, &place, root).await?.into_iter().next().ok_or(Error::NotFound)?;
    let kind = place.kind(&newest.kind).cloned().ok_or(Error::NotFound)?;
    if !newest.withheld.is_empty() {
        return Err(Error::Forbidden(crate::access::Act::CaseApprove.code()));
    }
    let form = filled(&work, &newest)?;
    let page = page(&mut work, &place, &kind, Some(root), form).await?;
    work.show(actions::about(&place, root), page).await
}

/// POST /cases/{id}/records/{record}/correction and the same of a person
pub(super) async fn update(mut work: Work, of: Of, root: RecordId, mut form: Form) -> Result<Response, Error> {
    let place = Place::find(&mut work, of).await?;
    store::versions(&mut work, of, root).await?;
    let upon = form.parsed_maybe("upon").unwrap_or(root);
    let written = match read(&work, &mut form) {
        Ok(new) => actions::correct(&mut work, &place, root, upon, &new).await,
        Err(error) => Err(error),
    };
    match written {
        Ok(()) => work.then(&format!("{}/records/{root}", place.path()), "record-corrected").await,
        Err(Error::Invalid(errors)) => again(work, of, Some(root), form, errors).await,
        Err(error) => Err(error),
    }
}

async fn newest(work: &mut Work, of: Of, root: RecordId) -> Result<Record, Error> {
    store::versions(work, of, root).await?.into_iter().next().ok_or(Error::NotFound)
}

fn read(work: &Work, form: &mut Form) -> Result<NewRecord, Error> {
    let said = Said {
        // What must be filled in is asked for all at once, by the kind.
        account: form.text_maybe("account", MOST_CHARACTERS),
        place: form.text_maybe("place", 400),
        done: form.text_maybe("done", MOST_CHARACTERS),
        finding: form.text_maybe("finding", 40),
        advice: form.text_maybe("advice", MOST_CHARACTERS),
        next_on: form.date_maybe("next_on"),
        way: form.text_maybe("way", 40),
        minutes: form.parsed_maybe("minutes"),
        direction: form.text_maybe("direction", 40),
        more: part::ALL.iter().map(|part| (part.name.to_owned(), form.text_maybe(part.name, MOST_CHARACTERS))).collect(),
    };
    let happened_at = form.moment_maybe("happened_at", work.zone());
    let new = NewRecord { said, happened_at, late_reason: form.text_maybe("late_reason", 200) };
    form.check()?;
    Ok(new)
}

// The record as it stands, for correcting it.
fn filled(work: &Work, newest: &Record) -> Result<Form, Error> {
    let said = newest.said.as_ref().ok_or(Error::NotFound)?;
    let happened = newest.happened_at.with_timezone(&work.zone()).format("%Y-%m-%dT%H:%M").to_string();
    let more = said.more.iter().filter_map(|(name, text)| Some((part::find(name)?.name, text.clone())));
    let fields = [
        ("kind", newest.kind.clone()),
        ("upon", newest.id.to_string()),
        ("account", said.account.clone()),
        ("place", said.place.clone()),
        ("done", said.done.clone()),
        ("finding", said.finding.clone()),
        ("advice", said.advice.clone()),
        ("next_on", said.next_on.map(|day| day.to_string()).unwrap_or_default()),
        ("way", said.way.clone()),
        ("minutes", said.minutes.map(|minutes| minutes.to_string()).unwrap_or_default()),
        ("direction", said.direction.clone()),
        ("happened_at", happened),
        ("late_reason", newest.late_reason.clone().unwrap_or_default()),
    ];
    Ok(Form::blank(fields.into_iter().chain(more)))
}

async fn again(work: Work, of: Of, root: Option<RecordId>, form: Form, errors: FieldErrors) -> Result<Response, Error> {
    let mut work = work.again().await?;
    let place = Place::find(&mut work, of).await?;
    let code = match root {
        Some(root) => newest(&mut work, of, root).await?.kind,
        None => form.value("kind").to_owned(),
    };
    let kind = place.kind(&code).cloned().ok_or_else(|| invalid("kind", "not_a_choice"))?;
    let page = page(&mut work, &place, &kind, root, form.with_errors(errors)).await?;
    work.show_again(&page)
}

async fn page(work: &mut Work, place: &Place, kind: &Kind, root: Option<RecordId>, form: Form) -> Result<Write, Error> {
    let p = Page::of(work, place.code.clone()).await?;
    let lang = p.reader.lang;
    let coded = |family: &str, codes: &[&str]| codes.iter().map(|code| Choice::new(*code, p.tc(family, code))).collect();
    let base = format!("{}/records", place.path());
    // What is written already may be corrected at any time.
    let opens = if root.is_none() { place.opening(work, &p, kind).await? } else { String::new() };
    let action = root.map_or_else(|| base.clone(), |root| format!("{base}/{root}/correction"));
    Ok(Write {
        back: root.map_or_else(|| base.clone(), |root| format!("{base}/{root}")),
        code: place.code.clone(),
        kind: kind.kind.labels.get(lang).to_owned(),
        autosave: format!("{action} {}", kind.kind.code),
        action,
        parts: record::parts(kind.kind.shape).iter().map(|name| asked(&p, kind.kind.shape, name)).collect(),
        account_label: show::account_label(&p, Some(kind.kind.shape)),
        ways: coded("record-way", record::WAYS),
        directions: coded("record-direction", record::DIRECTIONS),
        levels: kind.pack.risk_levels.iter().map(|level| Choice::new(&level.code, level.labels.get(lang))).collect(),
        lead: p.t(match (root, place.of) {
            (Some(_), _) => "record-correct-lead",
            (None, Of::Person(_)) => "record-new-lead-person",
            (None, Of::Case(_)) => "record-new-lead",
        }),
        opens,
        holds_papers: root.is_none() && matches!(place.of, Of::Case(_)),
        account_hint: p.t(match kind.kind.shape {
            Shape::Incident => "record-hint-incident",
            _ => "record-hint-account",
        }),
        form,
        p,
    })
}

fn asked(p: &Page, shape: Shape, name: &'static str) -> Asked {
    let needed = part::needed(shape).contains(&name);
    let hint = match name {
        "panel" => p.t("record-hint-panel"),
        "childs_view" => p.t("record-hint-childs-view"),
        "sought" => p.t("record-hint-sought"),
        "last_known" => p.t("record-hint-last-known"),
        _ => String::new(),
    };
    let family = format!("record-{}", name.replace('_', "-"));
    let (how, choices) = match part::find(name).map(|part| part.ask) {
        None => (name, Vec::new()),
        Some(Ask::Line) => ("line", Vec::new()),
        Some(Ask::Words) => ("words", Vec::new()),
        Some(Ask::Choice(codes)) => ("choice", codes.iter().map(|code| Choice::new(*code, p.tc(&family, code))).collect()),
    };
    Asked { how, name, label: p.tc("record-field", name), hint, needed, choices }
}
