//! Pages: search first, then register; a person's page; editing.
use askama::Template;
use axum::response::{IntoResponse, Redirect, Response};
use chrono::NaiveDate;

use crate::access::Act;
use crate::audit::{About, Fact};
use crate::error::{Clash, Error};
use crate::people::actions::{self, NewPerson};
use crate::people::forms::{self, Offered};
use crate::people::person_page::{self, PersonPage};
use crate::people::search_page::Results;
use crate::people::texting::undialled;
use crate::people::{Particulars, Person, by_two, corrections, household_pages, merge_store, search, shown, store};
use crate::platform::db::Work;
use crate::platform::ids::{HouseholdId, PersonId, UnitId};
use crate::platform::text::text;
use crate::web::conflict::{self, Asked, Compared};
use crate::web::form::{Path, Query};
use crate::web::parts::Choice;
use crate::web::{Form, Page, Routes};

const LONGEST_SEARCH: usize = 200;
// The field of the form to register somebody that holds what was looked for before.
const SEARCHED: &str = "searched";

/// The pages of persons.
pub fn routes() -> Routes {
    Routes::new()
        .page("GET", "/people", index)
        .page("GET", "/search", index)
        .page("POST", "/people", look)
        .page("POST", "/search", look)
        .page("GET", "/people/new", new)
        .page("POST", "/people/prefilled", prefilled)
        .page("POST", "/people/new", create)
        .page("GET", "/people/{id}", show)
        .page("GET", "/people/{id}/edit", edit)
        .page("POST", "/people/{id}/edit", update)
}

/// GET /people and /search: nothing typed shows who was registered lately. Pages of ours search by POST, so that no name, phone or number
/// of a document stands in an address, where browsers and proxies remember it.
async fn index(work: Work, Query(query): Query) -> Result<Response, Error> {
    results(work, query.value("q"), query.value("household")).await
}

/// POST /people and /search: what is typed is looked for; nothing is changed.
async fn look(work: Work, form: Form) -> Result<Response, Error> {
    results(work, form.value("q"), form.value("household")).await
}

async fn results(mut work: Work, typed: &str, household: &str) -> Result<Response, Error> {
    work.may(Act::CaseRead)?;
    let typed: String = typed.trim().chars().take(LONGEST_SEARCH).collect();
    if let Some(path) = search::jump(&mut work, &typed).await? {
        work.record(Fact::Searched, About::default().note(serde_json::json!({ "by_code": true }))).await?;
        work.commit().await?;
        return Ok(Redirect::to(&path).into_response());
    }
    let household = household.parse().ok();
    let (page, about) = Results::load(&mut work, typed, household).await?;
    work.show(about, page).await
}

#[derive(Template)]
#[template(path = "people/html/new.html")]
struct NewPage {
    p: Page,
    form: Form,
    offered: Offered,
    units: Vec<Choice>,
    same: Vec<(String, String, String)>,
}

impl NewPage {
    async fn load(work: &mut Work, form: Form, same: &[Person]) -> Result<Self, Error> {
        let title = household_pages::titled(work, form.value("household").parse().ok(), "people-new").await?;
        let p = Page::of(work, title).await?;
        let units = store::own_units(work).await?.into_iter().map(|(id, name)| Choice::new(id.to_string(), name)).collect();
        let same = same.iter().map(|person| (person.path(), person.full_name(), shown::detail(&p, person))).collect();
        Ok(Self { offered: Offered::on(&p), p, form, units, same })
    }
}

/// GET /people/new: the search, since the form is opened from what it found.
async fn new(work: Work, Query(query): Query) -> Result<Response, Error> {
    work.may(Act::PersonRegister)?;
    if !query.filled("q") {
        return Ok(Redirect::to("/people").into_response());
    }
    results(work, query.value("q"), query.value("household")).await
}

/// POST /people/prefilled: the form to register somebody, prefilled with what was looked for. Nothing is kept.
async fn prefilled(mut work: Work, asked: Form) -> Result<Response, Error> {
    work.may(Act::PersonRegister)?;
    let (typed, household) = (asked.value("q").trim(), asked.value("household"));
    if typed.is_empty() {
        return Ok(Redirect::to("/people").into_response());
    }
    let field = match typed {
        _ if typed.contains('@') => "email",
        _ if typed.chars().any(char::is_alphabetic) => "name",
        _ => "phone",
    };
    let today = work.today().to_string();
    let kept = [(field, typed), (SEARCHED, typed), ("household", household), ("joined_on", today.as_str())];
    let form = Form::blank(kept.map(|(name, value)| (name, value.to_owned())));
    let page = NewPage::load(&mut work, form, &[]).await?;
    work.show_plain(page).await
}

/// POST /people/new: of whom nobody looked whether they are known, is looked for first; nobody is registered by that.
async fn create(mut work: Work, mut form: Form) -> Result<Response, Error> {
    work.may(Act::PersonRegister)?;
    if !form.filled(SEARCHED) {
        let fields = ["name", "name_latin", "phone", "email"];
        let typed = fields.into_iter().find(|field| form.filled(field)).map_or("", |field| form.value(field));
        return results(work, typed, form.value("household")).await;
    }
    match register(&mut work, &mut form).await {
        Ok(Registered::Done(path)) => work.then(&path, "people-registered-flash").await,
        Ok(Registered::Likely(same)) => {
            let page = NewPage::load(&mut work, form, &same).await?;
            work.show_again(&page)
        }
        Err(Error::Invalid(errors)) => {
            let mut work = work.again().await?;
            let page = NewPage::load(&mut work, form.with_errors(errors), &[]).await?;
            work.show_again(&page)
        }
        Err(error) => Err(error),
    }
}

enum Registered {
    Done(String),
    Likely(Vec<Person>),
}

async fn register(work: &mut Work, form: &mut Form) -> Result<Registered, Error> {
    let today = work.today();
    let new = NewPerson {
        particulars: forms::particulars(form, today),
        contacts: forms::first_contacts(form, today),
        documents: forms::document_maybe(form).into_iter().collect(),
    };
    let unit = unit(work, form);
    let household: Option<HouseholdId> = form.parsed_maybe("household");
    let relationship = if household.is_some() {
        form.one_of("relationship", crate::people::household::RELATIONSHIPS.iter().copied())
    } else {
        String::new()
    };
    let joined_on = if household.is_some() { joined_on(form, today) } else { today };
    let numbering = &work.ground().sms.numbering;
    if let Some(why) = new.contacts.iter().find_map(|contact| undialled(contact, numbering)) {
        form.errors.add("phone", why);
    }
    form.check()?;
    if !form.ticked("somebody_else") {
        let same = search::likely_same(work, &new.particulars, &new.contacts, &new.documents).await?;
        if !same.is_empty() {
            return Ok(Registered::Likely(same));
        }
    }
    let id = actions::register(work, unit.unwrap_or_default(), &new).await?;
    let Some(household) = household else { return Ok(Registered::Done(format!("/people/{id}"))) };
    let home = store::find_household(work, household).await?;
    actions::join(work, (household, home.version), id, &relationship, joined_on).await?;
    Ok(Registered::Done(format!("/households/{household}")))
}

// Since when they live there: today, unless another day was typed.
fn joined_on(form: &mut Form, today: NaiveDate) -> NaiveDate {
    let day = form.date_maybe("joined_on").unwrap_or(today);
    if day > today {
        form.errors.add("joined_on", "in_the_future");
    }
    day
}

/// The unit named in the form, or the only one there is.
pub(super) fn unit(work: &Work, form: &mut Form) -> Option<UnitId> {
    match work.standing.units.as_slice() {
        [only] => Some(*only),
        _ => form.parsed("unit"),
    }
}

/// GET /people/{id}: a record that was joined into another leads there.
async fn show(mut work: Work, Path(id): Path<PersonId>) -> Result<Response, Error> {
    match PersonPage::load(&mut work, id).await {
        Ok(page) => work.show(About::default().with(id), page).await,
        Err(Error::NotFound) => {
            let stays = merge_store::joined_into(&mut work, id).await?.ok_or(Error::NotFound)?;
            work.then(&format!("/people/{stays}"), "join-led-here").await
        }
        Err(error) => Err(error),
    }
}

#[derive(Template)]
#[template(path = "people/html/edit.html")]
struct EditPage {
    p: Page,
    form: Form,
    offered: Offered,
    path: String,
    name: String,
    // Name and date of birth wait for a second person.
    by_two: bool,
}

impl EditPage {
    async fn load(work: &mut Work, person: &Person, form: Form) -> Result<Self, Error> {
        let title = format!("{} · {}", text(work.lang(), "people-edit"), person.code);
        let p = Page::of(work, title).await?;
        let by_two = by_two::applies(work, person).await?;
        let waiting = person_page::waiting(work, person.id).await?;
        let offered = Offered::on(&p).waiting(&p, &waiting);
        Ok(Self { offered, p, form, path: person.path(), name: person.full_name(), by_two })
    }
}

/// GET /people/{id}/edit
async fn edit(mut work: Work, Path(id): Path<PersonId>) -> Result<Response, Error> {
    let person = store::find(&mut work, id).await?;
    work.may(Act::PersonEdit)?;
    let mut form = Form::blank([("version", person.version.to_string())]);
    forms::fill(&mut form, &person, work.today());
    let page = EditPage::load(&mut work, &person, form).await?;
    work.show(About::default().with(id), page).await
}

/// POST /people/{id}/edit
async fn update(mut work: Work, Path(id): Path<PersonId>, mut form: Form) -> Result<Response, Error> {
    let person = store::find(&mut work, id).await?;
    let today = work.today();
    let typed = forms::particulars(&mut form, today);
    let version = form.parsed::<i32>("version").unwrap_or_default();
    let reason = form.text_maybe("reason", corrections::LONGEST);
    let done = match form.check() {
        Ok(()) => corrections::edit(&mut work, id, version, (&typed, &reason)).await,
        Err(error) => Err(error),
    };
    match done {
        Ok(waiting) if waiting.is_empty() => work.then(&person.path(), "people-saved").await,
        Ok(_) => work.then(&format!("{}/corrections", person.path()), "people-saved-by-two").await,
        Err(Error::Invalid(errors)) => {
            let mut work = work.again().await?;
            let page = EditPage::load(&mut work, &person, form.with_errors(errors)).await?;
            work.show_again(&page)
        }
        Err(Error::Conflict(Clash::Stale)) => show_conflict(work.again().await?, id, form, &typed).await,
        Err(error) => Err(error),
    }
}

// Nothing typed is lost: both versions stand side by side, and each field is chosen.
async fn show_conflict(mut work: Work, id: PersonId, mut mine: Form, typed: &Particulars) -> Result<Response, Error> {
    let now = store::find(&mut work, id).await?;
    let mut theirs = Form::blank([("version", now.version.to_string())]);
    forms::fill(&mut theirs, &now, work.today());
    mine.errors = crate::error::FieldErrors::default();
    let p = Page::of(&mut work, now.code.clone()).await?;
    let both = shown::fields(&p, &now).into_iter().zip(shown::fields(&p, typed));
    let compared = both.map(|((field, theirs), (_, mine))| Compared {
        names: forms::names_of(field),
        label: p.tc("person-field", field),
        mine,
        theirs,
    });
    let asked = Asked { action: format!("{}/edit", now.path()), back: now.path(), mine: &mine, theirs: &theirs };
    conflict::show(work, asked, compared.collect()).await
}
