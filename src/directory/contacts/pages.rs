//! Pages of contacts: by organisation with how it has answered so far; add, change, verify, retire.
use askama::Template;
use axum::response::Response;

use super::store::{self, Kept, Typed};
use super::{Contact, ContactKind, actions, record};
use crate::access::Act;
use crate::error::Error;
use crate::platform::db::Work;
use crate::platform::ids::ContactId;
use crate::platform::lang::Lang;
use crate::platform::text::text;
use crate::web::form::{Path, Query};
use crate::web::parts::{Badge, Choice, Entry, Tone};
use crate::web::{Form, Page, Routes};

/// Every page of contacts.
pub(super) fn routes() -> Routes {
    Routes::new()
        .page("GET", "/contacts", index)
        .page("POST", "/contacts", create)
        .page("GET", "/contacts/new", new)
        .page("GET", "/contacts/{id}", edit)
        .page("POST", "/contacts/{id}", update)
        .page("POST", "/contacts/{id}/verification", verify)
        .page("POST", "/contacts/{id}/retirement", retire)
}

#[derive(Template)]
#[template(path = "directory/contacts/html/index.html")]
struct Index {
    p: Page,
    form: Form,
    groups: Vec<Group>,
    heads: [String; 4],
    may_keep: bool,
}

struct Group {
    name: String,
    desk: String,
    outside: bool,
    record: Vec<Entry>,
    invite: bool,
    add: String,
    rows: Vec<Row>,
}

struct Row {
    href: String,
    name: String,
    desk: String,
    kind: String,
    // E-mail and telephone; an address in the two parts between which a line may break.
    reach: Vec<(String, String)>,
    state: Badge,
}

/// GET /contacts
async fn index(mut work: Work, Query(mut form): Query) -> Result<Response, Error> {
    let may_keep = work.holds(Act::AgreementEdit);
    let words = form.text_maybe("q", 100).to_lowercase();
    let (all, orgs) = (store::all(&mut work).await?, store::organisations(&mut work).await?);
    let (records, often) = (record::records(&mut work).await?, record::often_answering(&mut work).await?);
    let title = text(work.lang(), "contacts-title");
    let p = Page::of(&mut work, title).await?;
    let mine = work.standing.org;
    let wanted = |kept: &Kept, rows: &[&Contact]| {
        kept.name.to_lowercase().contains(&words) || rows.iter().any(|contact| contact.name.to_lowercase().contains(&words))
    };
    let mut groups = Vec::new();
    for kept in orgs.into_iter().chain(partners(&all, mine)) {
        let rows: Vec<&Contact> = all.iter().filter(|contact| contact.org == kept.org).collect();
        if !words.is_empty() && !wanted(&kept, &rows) {
            continue;
        }
        let keeps = may_keep && (kept.org == mine || !kept.in_system);
        groups.push(Group {
            record: if kept.in_system { Vec::new() } else { record::entries(&p, records.get(&kept.org)) },
            invite: may_keep && often.contains(&kept.org),
            add: if keeps { format!("/contacts/new?org={}", kept.org) } else { String::new() },
            rows: rows.iter().map(|contact| row(&p, contact)).collect(),
            outside: !kept.in_system,
            name: kept.name,
            desk: kept.desk,
        });
    }
    let heads = ["contacts-name", "contacts-kind", "contacts-reach", "contacts-state"].map(|key| p.t(key));
    work.show_plain(Index { heads, groups, form, may_keep, p }).await
}

// Partners in the system whose desks the reader sees under an agreement.
fn partners(all: &[Contact], mine: i32) -> Vec<Kept> {
    let mut partners: Vec<Kept> = Vec::new();
    for contact in all.iter().filter(|contact| contact.keeper == contact.org && contact.org != mine) {
        if !partners.iter().any(|kept| kept.org == contact.org) {
            partners.push(Kept { org: contact.org, name: contact.org_name.clone(), in_system: true, desk: String::new() });
        }
    }
    partners
}

fn row(p: &Page, contact: &Contact) -> Row {
    Row {
        href: format!("/contacts/{}", contact.id),
        name: contact.name.clone(),
        desk: contact.desk.clone(),
        kind: p.tc("contacts-kind", contact.kind.code()),
        reach: [&contact.email, &contact.phone].into_iter().filter(|part| !part.is_empty()).map(|part| at_sign(part)).collect(),
        state: state(p, contact),
    }
}

fn at_sign(address: &str) -> (String, String) {
    let (before, after) = address.split_at(address.find('@').map_or(address.len(), |at| at + 1));
    (before.to_owned(), after.to_owned())
}

fn state(p: &Page, contact: &Contact) -> Badge {
    match contact.verified_at {
        _ if !contact.is_active() => Badge::new(p.t("contacts-retired"), Tone::Neutral),
        Some(at) => Badge::new(p.ta("contacts-verified-on", "date", p.reader.day(at)), Tone::Good).with_icon("check"),
        None => Badge::new(p.t("contacts-not-verified"), Tone::Warning),
    }
}

#[derive(Template)]
#[template(path = "directory/contacts/html/edit.html")]
struct Edit {
    p: Page,
    form: Form,
    /// The address of this contact; empty for a new one.
    path: String,
    orgs: Vec<Choice>,
    kinds: Vec<Choice>,
    langs: Vec<Choice>,
    state: Badge,
    verified_by: String,
    org_name: String,
    phone: String,
    may_keep: bool,
    active: bool,
}

async fn page(work: &mut Work, contact: Option<&Contact>, form: Form) -> Result<Edit, Error> {
    let orgs = if contact.is_some() { Vec::new() } else { store::organisations(work).await? };
    let key = if contact.is_some() { "contacts-edit-title" } else { "contacts-new-title" };
    let title = text(work.lang(), key);
    let p = Page::of(work, title).await?;
    let mine = work.org();
    Ok(Edit {
        path: contact.map(|contact| format!("/contacts/{}", contact.id)).unwrap_or_default(),
        orgs: orgs.into_iter().map(|kept| Choice::new(kept.org.to_string(), kept.name)).collect(),
        kinds: [ContactKind::Person, ContactKind::Desk]
            .map(|kind| {
                Choice::new(kind.code(), p.tc("contacts-kind", kind.code())).with_hint(p.tc("contacts-kind-hint", kind.code()))
            })
            .to_vec(),
        langs: Lang::ALL.iter().map(|lang| Choice::new(lang.code(), lang.own_name())).collect(),
        state: contact.map(|contact| state(&p, contact)).unwrap_or_default(),
        verified_by: contact.map(|contact| contact.verified_by.clone()).unwrap_or_default(),
        org_name: contact.map(|contact| contact.org_name.clone()).unwrap_or_default(),
        phone: contact.map(|contact| contact.phone.clone()).unwrap_or_default(),
        may_keep: work.holds(Act::AgreementEdit) && contact.is_none_or(|contact| Some(contact.keeper) == mine),
        active: contact.is_none_or(Contact::is_active),
        form,
        p,
    })
}

/// GET /contacts/new
async fn new(mut work: Work, Query(query): Query) -> Result<Response, Error> {
    work.may(Act::AgreementEdit)?;
    let lang = work.lang().code().to_owned();
    let form = Form::blank([("org", query.value("org").to_owned()), ("kind", "person".to_owned()), ("lang", lang)]);
    let page = page(&mut work, None, form).await?;
    work.show_plain(page).await
}

fn typed(form: &mut Form) -> Result<Typed, Error> {
    let typed = Typed {
        name: form.text("name", 200),
        desk: form.text_maybe("desk", 200),
        kind: ContactKind::parse(&form.one_of("kind", ["person", "desk"])).unwrap_or_default(),
        email: form.text_maybe("email", 200),
        phone: form.text_maybe("phone", 60),
        lang: form.one_of("lang", Lang::ALL.iter().map(|lang| lang.code())).parse().unwrap_or_default(),
    };
    form.check().map(|()| typed)
}

async fn add(work: &mut Work, form: &mut Form) -> Result<(), Error> {
    let org = form.parsed::<i32>("org");
    let typed = typed(form)?;
    actions::add(work, org.unwrap_or_default(), &typed).await.map(|_| ())
}

/// POST /contacts
async fn create(mut work: Work, mut form: Form) -> Result<Response, Error> {
    work.may(Act::AgreementEdit)?;
    match add(&mut work, &mut form).await {
        Ok(()) => work.then("/contacts", "contacts-added").await,
        Err(Error::Invalid(errors)) => {
            let mut work = work.again().await?;
            let page = page(&mut work, None, form.with_errors(errors)).await?;
            work.show_again(&page)
        }
        Err(error) => Err(error),
    }
}

/// GET /contacts/{id}
async fn edit(mut work: Work, Path(id): Path<ContactId>) -> Result<Response, Error> {
    let contact = store::find(&mut work, id).await?;
    let form = Form::blank([
        ("name", contact.name.clone()),
        ("desk", contact.desk.clone()),
        ("kind", contact.kind.code().to_owned()),
        ("email", contact.email.clone()),
        ("phone", contact.phone.clone()),
        ("lang", contact.lang.code().to_owned()),
        ("version", contact.version.to_string()),
    ]);
    let page = page(&mut work, Some(&contact), form).await?;
    work.show_plain(page).await
}

async fn change(work: &mut Work, id: ContactId, form: &mut Form) -> Result<(), Error> {
    let version = form.parsed::<i32>("version").unwrap_or_default();
    let typed = typed(form)?;
    actions::change(work, id, version, &typed).await
}

/// POST /contacts/{id}
async fn update(mut work: Work, Path(id): Path<ContactId>, mut form: Form) -> Result<Response, Error> {
    let contact = actions::kept(&mut work, id).await?;
    match change(&mut work, id, &mut form).await {
        Ok(()) => work.then("/contacts", "contacts-saved").await,
        Err(Error::Invalid(errors)) => {
            let mut work = work.again().await?;
            let page = page(&mut work, Some(&contact), form.with_errors(errors)).await?;
            work.show_again(&page)
        }
        Err(error) => Err(error),
    }
}

/// POST /contacts/{id}/verification
async fn verify(mut work: Work, Path(id): Path<ContactId>, form: Form) -> Result<Response, Error> {
    actions::verify(&mut work, id, form.value("version").parse().unwrap_or_default()).await?;
    work.then(&format!("/contacts/{id}"), "contacts-verified").await
}

/// POST /contacts/{id}/retirement
async fn retire(mut work: Work, Path(id): Path<ContactId>, form: Form) -> Result<Response, Error> {
    actions::retire(&mut work, id, form.value("version").parse().unwrap_or_default()).await?;
    work.then("/contacts", "contacts-retired-now").await
}
