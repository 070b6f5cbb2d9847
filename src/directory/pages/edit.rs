//! The form of a service, for those who keep its entry.
use askama::Template;
use axum::response::Response;
use uuid::Uuid;

use super::form::{self, SEXES};
use super::language_choices;
use crate::access::Act;
use crate::directory::actions;
use crate::directory::service::{Organisation, Service, Status, Visibility};
use crate::directory::store;
use crate::directory::vocabulary::{Vocabulary, vocabulary};
use crate::error::{Error, FieldErrors};
use crate::platform::db::Work;
use crate::platform::ids::{ServiceId, UnitId};
use crate::platform::text::text;
use crate::web::form::Path;
use crate::web::parts::Choice;
use crate::web::{Form, Page};

#[derive(Template)]
#[template(path = "directory/html/edit.html")]
struct Edit {
    p: Page,
    form: Form,
    action: String,
    back: String,
    choices: Choices,
    names: Vec<(String, String)>,
    days: Vec<(String, String)>,
    places: usize,
    unseen_viewers: String,
}

struct Choices {
    units: Vec<Choice>,
    needs: Vec<Choice>,
    languages: Vec<Choice>,
    sexes: Vec<Choice>,
    statuses: Vec<Choice>,
    visibilities: Vec<Choice>,
    types: Vec<Choice>,
}

/// What every showing of the form needs.
struct Around {
    known: Vocabulary,
    units: Vec<(UnitId, String)>,
}

async fn around(work: &mut Work) -> Result<Around, Error> {
    let org = work.standing.org;
    Ok(Around { known: vocabulary(work).await?, units: store::units(work, org).await? })
}

/// A blank entry of the actor's organisation.
pub(in crate::directory) fn mine(work: &Work) -> Service {
    let organisation = Organisation { id: work.standing.org, name: work.standing.org_name.clone(), ..Organisation::default() };
    Service::blank(organisation)
}

/// GET /services/new
pub(super) async fn new(mut work: Work) -> Result<Response, Error> {
    work.may(Act::ServiceEdit)?;
    let blank = form::of(&mine(&work), &[]);
    let page = page(&mut work, blank, None).await?;
    work.show_plain(page).await
}

/// POST /services/new
pub(super) async fn create(mut work: Work, mut form: Form) -> Result<Response, Error> {
    work.may(Act::ServiceEdit)?;
    let mut service = mine(&work);
    match write(&mut work, &mut service, &mut form, Write::Add).await {
        Ok(()) => work.then(&format!("/services/{}", service.id), "directory-added").await,
        Err(Error::Invalid(errors)) => show_again(work, form, errors, None).await,
        Err(error) => Err(error),
    }
}

/// GET /services/{id}/edit
pub(super) async fn edit(mut work: Work, Path(id): Path<ServiceId>) -> Result<Response, Error> {
    let service = actions::kept(&mut work, id).await?;
    let (viewers, _) = store::viewers(&mut work, id).await?;
    let page = page(&mut work, form::of(&service, &viewers), Some(id)).await?;
    work.show_plain(page).await
}

/// POST /services/{id}/edit
pub(super) async fn update(mut work: Work, Path(id): Path<ServiceId>, mut form: Form) -> Result<Response, Error> {
    let mut service = actions::kept(&mut work, id).await?;
    match write(&mut work, &mut service, &mut form, Write::Change).await {
        Ok(()) => work.then(&format!("/services/{id}"), "directory-saved").await,
        Err(Error::Invalid(errors)) => show_again(work, form, errors, Some(id)).await,
        Err(error) => Err(error),
    }
}

/// Whether an entry is new.
#[derive(Clone, Copy)]
pub(in crate::directory) enum Write {
    Add,
    Change,
}

/// Writes an entry as the form says; mistakes are noted in the form.
pub(in crate::directory) async fn write(
    work: &mut Work,
    service: &mut Service,
    form: &mut Form,
    how: Write,
) -> Result<(), Error> {
    let around = around(work).await?;
    form::fill(form, service, &around.known, &around.units);
    let viewers = viewers(work, form).await?;
    form.check()?;
    match how {
        Write::Add => actions::add(work, service, &viewers).await,
        Write::Change => {
            // Those named from other organisations stay named; they count as viewers too.
            let (_, unseen) = store::viewers(work, service.id).await?;
            let others = if unseen > 0 { actions::Others::AreNamed } else { actions::Others::Unnamed };
            actions::change(work, service, &viewers, others).await
        }
    }
}

async fn viewers(work: &mut Work, form: &mut Form) -> Result<Vec<Uuid>, Error> {
    let typed = form.text_maybe("viewers", 4000);
    let mut logins: Vec<String> =
        typed.split([',', ';', '\n', ' ']).map(|login| login.trim().to_lowercase()).filter(|login| !login.is_empty()).collect();
    logins.sort();
    logins.dedup();
    let users = store::users_by_login(work, &logins).await?;
    if users.len() != logins.len() {
        form.errors.add("viewers", "unknown_user");
    }
    Ok(users)
}

async fn show_again(work: Work, form: Form, errors: FieldErrors, id: Option<ServiceId>) -> Result<Response, Error> {
    let mut work = work.again().await?;
    let page = page(&mut work, form.with_errors(errors), id).await?;
    work.show_again(&page)
}

async fn page(work: &mut Work, form: Form, id: Option<ServiceId>) -> Result<Edit, Error> {
    let around = around(work).await?;
    let unseen = match id {
        Some(id) => store::viewers(work, id).await?.1,
        None => 0,
    };
    let lang = work.lang();
    let title = if id.is_some() { text(lang, "directory-edit-title") } else { text(lang, "directory-new-title") };
    let p = Page::of(work, title).await?;
    let back = id.map_or_else(|| "/services".to_owned(), |id| format!("/services/{id}"));
    Ok(Edit {
        action: id.map_or_else(|| "/services/new".to_owned(), |id| format!("/services/{id}/edit")),
        back,
        choices: choices(&p, &around, &form),
        names: crate::platform::lang::Lang::ALL.iter().map(|lang| (format!("name_{lang}"), lang.own_name().to_owned())).collect(),
        days: (1..=7).map(|day| (format!("hours_{day}"), p.t(&format!("directory-day-{day}")))).collect(),
        places: form::room_for_places(&form),
        unseen_viewers: if unseen > 0 {
            p.reader.digits(&p.ta("directory-viewers-others", "count", unseen as i64))
        } else {
            String::new()
        },
        form,
        p,
    })
}

fn choices(p: &Page, around: &Around, form: &Form) -> Choices {
    let lang = p.reader.lang;
    let mut languages = language_choices(p);
    for code in form.all("languages") {
        if !languages.iter().any(|choice| choice.value == *code) {
            languages.push(Choice::new(code.clone(), code.clone()));
        }
    }
    let visibility = |visibility: Visibility| {
        Choice::new(visibility.code(), p.tc("directory-visibility", visibility.code()))
            .with_hint(p.tc("directory-visibility-hint", visibility.code()))
    };
    Choices {
        units: around.units.iter().map(|(id, name)| Choice::new(id.to_string(), name.clone())).collect(),
        needs: around.known.need_choices(lang),
        languages,
        sexes: SEXES.iter().map(|code| Choice::new(*code, p.tc("directory-sex", code))).collect(),
        statuses: Status::ALL.iter().map(|status| Choice::new(status.code(), p.tc("directory-status", status.code()))).collect(),
        visibilities: Visibility::ALL.into_iter().map(visibility).collect(),
        types: around.known.guarded_types.iter().map(|(id, labels)| Choice::new(id.to_string(), labels.get(lang))).collect(),
    }
}
