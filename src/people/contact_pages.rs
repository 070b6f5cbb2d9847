//! Pages: the phones, e-mail addresses and documents of a person.
use askama::Template;
use axum::response::Response;

use crate::access::Act;
use crate::audit::About;
use crate::error::{Clash, Error};
use crate::people::forms::{self, Offered};
use crate::people::texting::undialled;
use crate::people::{Contact, Person, actions, store};
use crate::platform::db::Work;
use crate::platform::ids::{PersonId, RowId};
use crate::platform::text::text;
use crate::platform::typed;
use crate::web::conflict::{self, Asked, Compared};
use crate::web::form::Path;
use crate::web::{Form, Page, Routes};

/// The pages of contacts and documents.
pub fn routes() -> Routes {
    Routes::new()
        .page("GET", "/people/{id}/contacts/new", new)
        .page("POST", "/people/{id}/contacts", create)
        .page("GET", "/people/{id}/contacts/{row}", edit)
        .page("POST", "/people/{id}/contacts/{row}", update)
        .page("POST", "/people/{id}/contacts/{row}/removal", destroy)
        .page("GET", "/people/{id}/documents/new", new_document)
        .page("POST", "/people/{id}/documents", create_document)
        .page("POST", "/people/{id}/documents/{row}/removal", destroy_document)
}

#[derive(Template)]
#[template(path = "people/html/contact.html")]
struct ContactPage {
    p: Page,
    form: Form,
    offered: Offered,
    path: String,
    name: String,
    action: String,
    // Where this contact is removed; empty for a new one.
    removal: String,
}

impl ContactPage {
    async fn load(work: &mut Work, person: &Person, row: Option<RowId>, form: Form) -> Result<Self, Error> {
        let key = if row.is_some() { "people-contact-edit" } else { "people-contact-new" };
        let title = text(work.lang(), key);
        let p = Page::of(work, title).await?;
        let action = match row {
            Some(row) => format!("{}/contacts/{row}", person.path()),
            None => format!("{}/contacts", person.path()),
        };
        let removal = if row.is_some() { format!("{action}/removal") } else { String::new() };
        Ok(Self { offered: Offered::on(&p), p, form, path: person.path(), name: person.full_name(), action, removal })
    }
}

/// GET /people/{id}/contacts/new
async fn new(mut work: Work, Path(id): Path<PersonId>) -> Result<Response, Error> {
    let person = store::find(&mut work, id).await?;
    work.may(Act::PersonEdit)?;
    let form = Form::blank([("channel", "phone".to_owned())]);
    let page = ContactPage::load(&mut work, &person, None, form).await?;
    work.show(About::default().with(id), page).await
}

/// POST /people/{id}/contacts
async fn create(work: Work, Path(id): Path<PersonId>, form: Form) -> Result<Response, Error> {
    keep(work, id, None, form).await
}

/// GET /people/{id}/contacts/{row}
async fn edit(mut work: Work, Path((id, row)): Path<(PersonId, RowId)>) -> Result<Response, Error> {
    let person = store::find(&mut work, id).await?;
    work.may(Act::PersonEdit)?;
    let contacts = store::contacts(&mut work, id).await?;
    let contact = contacts.iter().find(|contact| contact.id == row).ok_or(Error::NotFound)?;
    let form = filled(contact);
    let page = ContactPage::load(&mut work, &person, Some(row), form).await?;
    work.show(About::default().with(id), page).await
}

/// POST /people/{id}/contacts/{row}
async fn update(work: Work, Path((id, row)): Path<(PersonId, RowId)>, form: Form) -> Result<Response, Error> {
    keep(work, id, Some(row), form).await
}

async fn keep(mut work: Work, id: PersonId, row: Option<RowId>, mut form: Form) -> Result<Response, Error> {
    let person = store::find(&mut work, id).await?;
    let entry = forms::contact(&mut form, work.today());
    if let Some(why) = undialled(&entry, &work.ground().sms.numbering) {
        form.errors.add("value", why);
    }
    if form.check().is_err() {
        let mut work = work.again().await?;
        let page = ContactPage::load(&mut work, &person, row, form).await?;
        return work.show_again(&page);
    }
    let version = form.value("version").parse().unwrap_or_default();
    let done = match row {
        Some(row) => actions::change_contact(&mut work, id, row, version, &entry).await,
        None => actions::add_contact(&mut work, id, &entry).await.map(drop),
    };
    match (done, row) {
        (Ok(()), _) => work.then(&person.path(), "people-saved").await,
        (Err(Error::Conflict(Clash::Stale)), Some(row)) => show_conflict(work.again().await?, &person, row, &form).await,
        (Err(error), _) => Err(error),
    }
}

fn filled(contact: &Contact) -> Form {
    let mut form = Form::blank([("version", contact.version.to_string())]);
    forms::fill_contact(&mut form, contact);
    form
}

async fn show_conflict(mut work: Work, person: &Person, row: RowId, mine: &Form) -> Result<Response, Error> {
    let contacts = store::contacts(&mut work, person.id).await?;
    let now = contacts.iter().find(|contact| contact.id == row).ok_or(Error::NotFound)?;
    let theirs = filled(now);
    let p = Page::of(&mut work, person.code.clone()).await?;
    let texts = [
        ("value", "people-contact-value"),
        ("others", "person-field-others"),
        ("hours", "person-field-hours"),
        ("may_say", "person-field-may-say"),
        ("agreed_word", "person-field-agreed-word"),
        ("checked_on", "person-field-checked-on"),
    ];
    let marks = [
        ("safe_to_call", "people-mark-call"),
        ("safe_to_text", "people-mark-text"),
        ("safe_to_email", "people-mark-email"),
        ("voicemail", "people-mark-voicemail"),
        ("shared", "people-mark-shared"),
    ];
    let mut compared: Vec<_> = texts.iter().map(|(name, key)| Compared::field(name, p.t(key), mine, &theirs)).collect();
    let ticked = |form: &Form, name: &str| p.t(if form.ticked(name) { "conflict-yes" } else { "conflict-no" });
    compared.extend(marks.iter().map(|(name, key)| Compared {
        mine: ticked(mine, name),
        theirs: ticked(&theirs, name),
        ..Compared::field(name, p.t(key), mine, &theirs)
    }));
    let channel = |form: &Form| p.tc("person-channel", form.value("channel"));
    compared.push(Compared {
        mine: channel(mine),
        theirs: channel(&theirs),
        ..Compared::field("channel", p.t("people-channel"), mine, &theirs)
    });
    let asked = Asked { action: format!("{}/contacts/{row}", person.path()), back: person.path(), mine, theirs: &theirs };
    conflict::show(work, asked, compared).await
}

/// POST /people/{id}/contacts/{row}/removal
async fn destroy(mut work: Work, Path((id, row)): Path<(PersonId, RowId)>, form: Form) -> Result<Response, Error> {
    let person = store::find(&mut work, id).await?;
    let version = form.value("version").parse().unwrap_or_default();
    actions::remove_contact(&mut work, id, row, version).await?;
    work.then(&person.path(), "people-saved").await
}

#[derive(Template)]
#[template(path = "people/html/document.html")]
struct DocumentPage {
    p: Page,
    form: Form,
    offered: Offered,
    path: String,
    name: String,
}

impl DocumentPage {
    async fn load(work: &mut Work, person: &Person, form: Form) -> Result<Self, Error> {
        let title = text(work.lang(), "people-document-new");
        let p = Page::of(work, title).await?;
        Ok(Self { offered: Offered::on(&p), p, form, path: person.path(), name: person.full_name() })
    }
}

/// GET /people/{id}/documents/new
async fn new_document(mut work: Work, Path(id): Path<PersonId>) -> Result<Response, Error> {
    let person = store::find(&mut work, id).await?;
    work.may(Act::PersonEdit)?;
    let page = DocumentPage::load(&mut work, &person, Form::default()).await?;
    work.show(About::default().with(id), page).await
}

/// POST /people/{id}/documents
async fn create_document(mut work: Work, Path(id): Path<PersonId>, mut form: Form) -> Result<Response, Error> {
    let person = store::find(&mut work, id).await?;
    let entry = forms::document_maybe(&mut form);
    if entry.is_none() {
        form.errors.add("document_number", "required");
    }
    let expires = entry.as_ref().and_then(|entry| entry.expires_on);
    if let Some(code) = expires.and_then(|day| typed::wrong_expiry(day, work.today())) {
        form.errors.add("document_expires_on", code);
    }
    match entry.filter(|_| form.errors.is_empty()) {
        Some(entry) => {
            actions::add_document(&mut work, id, &entry).await?;
            work.then(&person.path(), "people-saved").await
        }
        None => {
            let mut work = work.again().await?;
            let page = DocumentPage::load(&mut work, &person, form).await?;
            work.show_again(&page)
        }
    }
}

/// POST /people/{id}/documents/{row}/removal
async fn destroy_document(mut work: Work, Path((id, row)): Path<(PersonId, RowId)>) -> Result<Response, Error> {
    let person = store::find(&mut work, id).await?;
    actions::remove_document(&mut work, id, row).await?;
    work.then(&person.path(), "people-saved").await
}
