//! Pages: a household, its head and members, who joins and who leaves.
use askama::Template;
use axum::response::{IntoResponse, Redirect, Response};
use chrono::NaiveDate;
use http::StatusCode;

use crate::access::Act;
use crate::audit::About;
use crate::error::{Clash, Error};
use crate::people::actions::{self, Whereabouts};
use crate::people::forms::Offered;
use crate::people::household::RELATIONSHIPS;
use crate::people::{Household, Person, pages, store};
use crate::platform::db::Work;
use crate::platform::ids::{HouseholdId, PersonId, RowId};
use crate::platform::text::{text, text_with};
use crate::web::conflict;
use crate::web::form::{Path, Query};
use crate::web::parts::Choice;
use crate::web::{Form, Page, Routes};

// From this age on somebody may be a spouse without a word.
const GROWN: u32 = 18;

/// The pages of households.
pub fn routes() -> Routes {
    Routes::new()
        .page("GET", "/households/new", new)
        .page("POST", "/households/new", create)
        .page("GET", "/households/{id}", show)
        .page("POST", "/households/{id}/head", update_head)
        .page("GET", "/households/{id}/members/new", new_member)
        .page("POST", "/households/{id}/members", create_member)
        .page("POST", "/households/{id}/members/{row}", update_member)
        .page("POST", "/households/{id}/members/{row}/leaving", leave)
}

#[derive(Template)]
#[template(path = "people/html/household_new.html")]
struct NewPage {
    p: Page,
    form: Form,
    units: Vec<Choice>,
    name: String,
    head: PersonId,
}

impl NewPage {
    async fn load(work: &mut Work, head: &Person, form: Form) -> Result<Self, Error> {
        let title = text(work.lang(), "household-new");
        let units = store::own_units(work).await?.into_iter().map(|(id, name)| Choice::new(id.to_string(), name)).collect();
        Ok(Self { p: Page::of(work, title).await?, form, units, name: head.full_name(), head: head.id })
    }
}

/// The title of a page on the way to a new member: it says of which household; of any other page it is the text under this key.
pub(super) async fn titled(work: &mut Work, household: Option<HouseholdId>, otherwise: &str) -> Result<String, Error> {
    let Some(id) = household else { return Ok(text(work.lang(), otherwise)) };
    let code = store::find_household(work, id).await?.code;
    Ok(text_with(work.lang(), "household-add-to", &[("code", code.into())]))
}

/// GET /households/new?head=…: a household begins with its head.
async fn new(mut work: Work, Query(query): Query) -> Result<Response, Error> {
    work.may(Act::PersonRegister)?;
    let Ok(head) = query.value("head").parse::<PersonId>() else { return Ok(Redirect::to("/people").into_response()) };
    let head = store::find(&mut work, head).await?;
    // Where a case waits for the household, its type leads back there.
    let waits = query.value("case_type").to_owned();
    let form = Form::blank([("joined_on", work.today().to_string()), ("case_type", waits)]);
    let about = About::default().with(head.id);
    let page = NewPage::load(&mut work, &head, form).await?;
    work.show(about, page).await
}

/// POST /households/new
async fn create(mut work: Work, mut form: Form) -> Result<Response, Error> {
    work.may(Act::PersonRegister)?;
    let head = form.value("head").parse::<PersonId>().map_err(|_| Error::NotFound)?;
    let head = store::find(&mut work, head).await?;
    let since = form.date("joined_on");
    if since.is_some_and(|day| day > work.today()) {
        form.errors.add("joined_on", "in_the_future");
    }
    let unit = pages::unit(&work, &mut form);
    let waits: Option<i16> = form.parsed_maybe("case_type");
    if form.check().is_err() {
        let mut work = work.again().await?;
        let page = NewPage::load(&mut work, &head, form).await?;
        return work.show_again(&page);
    }
    let id = actions::make_household(&mut work, unit.unwrap_or_default(), head.id, since.unwrap_or_default()).await?;
    let to = match waits {
        Some(case_type) => format!("/cases/new?person={}&household={id}&case_type={case_type}", head.id),
        None => format!("/households/{id}"),
    };
    work.then(&to, "household-made").await
}

/// A member as the page shows them.
struct ShownMember {
    href: String,
    action: String,
    person: PersonId,
    who: String,
    note: String,
    relationship: String,
    is_head: bool,
}

#[derive(Template)]
#[template(path = "people/html/household.html")]
struct HouseholdPage {
    p: Page,
    form: Form,
    offered: Offered,
    add_href: String,
    path: String,
    code: String,
    present: Vec<ShownMember>,
    past: Vec<ShownMember>,
    may_edit: bool,
    today: String,
    version: i32,
    // Whose leaving was refused, for showing the error and what was typed there.
    leaving: String,
    // What is said where the household changed since the form was opened; empty where it did not.
    stale: &'static str,
}

impl HouseholdPage {
    async fn load(work: &mut Work, home: &Household, form: Form, leaving: String) -> Result<Self, Error> {
        let p = Page::of(work, home.code.clone()).await?;
        let shown = |member: &crate::people::Member| {
            let since = p.date(&member.joined_on);
            let time = match member.left_on {
                Some(left) => format!("{since} – {}", p.date(&left)),
                None => p.ta("household-since", "date", since),
            };
            let age = member.born_on.map(|day| p.reader.age(day, member.born_estimated));
            ShownMember {
                href: format!("/people/{}", member.person_id),
                action: format!("{}/members/{}", home.path(), member.id),
                person: member.person_id,
                who: member.on_lists(),
                note: [p.tc("person-relationship", &member.relationship)]
                    .into_iter()
                    .chain(age)
                    .chain([time])
                    .collect::<Vec<_>>()
                    .join(" · "),
                relationship: member.relationship.clone(),
                is_head: home.head == Some(member.person_id),
            }
        };
        Ok(Self {
            present: home.present().map(shown).collect(),
            past: home.past().map(shown).collect(),
            offered: Offered::on(&p),
            form,
            add_href: format!("/people?household={}", home.id),
            path: home.path(),
            code: home.code.clone(),
            may_edit: work.holds(Act::PersonEdit),
            today: work.today().to_string(),
            version: home.version,
            leaving,
            stale: "",
            p,
        })
    }
}

/// GET /households/{id}
async fn show(mut work: Work, Path(id): Path<HouseholdId>) -> Result<Response, Error> {
    work.may(Act::CaseRead)?;
    let home = store::find_household(&mut work, id).await?;
    let page = HouseholdPage::load(&mut work, &home, Form::default(), String::new()).await?;
    let subjects = home.members.iter().map(|member| member.person_id.0).chain([id.0]);
    work.show(About::subjects(subjects), page).await
}

/// POST /households/{id}/head
async fn update_head(mut work: Work, Path(id): Path<HouseholdId>, form: Form) -> Result<Response, Error> {
    let home = store::find_household(&mut work, id).await?;
    let person = form.value("person_id").parse().map_err(|_| Error::NotFound)?;
    match actions::make_head(&mut work, (id, version(&form)), person).await {
        Ok(()) => work.then(&home.path(), "household-head-saved").await,
        Err(Error::Conflict(Clash::Stale)) => changed_meanwhile(work, id, form, String::new()).await,
        Err(error) => Err(error),
    }
}

// The version of the household that the form was opened on; a form without one has seen none.
fn version(form: &Form) -> i32 {
    form.value("version").parse().unwrap_or_default()
}

// The household as it stands now, with what was typed, to be looked at and sent once more.
async fn changed_meanwhile(work: Work, id: HouseholdId, form: Form, leaving: String) -> Result<Response, Error> {
    let mut work = work.again().await?;
    let home = store::find_household(&mut work, id).await?;
    let stale = conflict::title(&mut work, id.0).await?;
    let page = HouseholdPage::load(&mut work, &home, form, leaving).await?;
    let mut response = work.show_again(&HouseholdPage { stale, ..page })?;
    *response.status_mut() = StatusCode::CONFLICT;
    Ok(response)
}

#[derive(Template)]
#[template(path = "people/html/member_new.html")]
struct MemberPage {
    p: Page,
    form: Form,
    offered: Offered,
    path: String,
    code: String,
    name: String,
    person: PersonId,
    version: i32,
    stale: &'static str,
}

impl MemberPage {
    async fn load(work: &mut Work, home: &Household, person: &Person, form: Form) -> Result<Self, Error> {
        let title = text(work.lang(), "household-join");
        let p = Page::of(work, title).await?;
        Ok(Self {
            offered: Offered::on(&p),
            p,
            form,
            path: home.path(),
            code: home.code.clone(),
            name: person.full_name(),
            person: person.id,
            version: home.version,
            stale: "",
        })
    }
}

/// GET /households/{id}/members/new?person=…: without a person, they are searched for first.
async fn new_member(mut work: Work, Path(id): Path<HouseholdId>, Query(query): Query) -> Result<Response, Error> {
    let home = store::find_household(&mut work, id).await?;
    work.may(Act::PersonEdit)?;
    let Ok(person) = query.value("person").parse::<PersonId>() else {
        return Ok(Redirect::to(&format!("/people?household={id}")).into_response());
    };
    let person = store::find(&mut work, person).await?;
    let form = Form::blank([("joined_on", work.today().to_string())]);
    let page = MemberPage::load(&mut work, &home, &person, form).await?;
    work.show(About::default().with(id).with(person.id), page).await
}

/// POST /households/{id}/members
async fn create_member(mut work: Work, Path(id): Path<HouseholdId>, mut form: Form) -> Result<Response, Error> {
    let home = store::find_household(&mut work, id).await?;
    let person = form.value("person_id").parse::<PersonId>().map_err(|_| Error::NotFound)?;
    let person = store::find(&mut work, person).await?;
    let relationship = form.one_of("relationship", RELATIONSHIPS.iter().copied());
    let on = form.date("joined_on");
    let done = match form.check() {
        Ok(()) => actions::join(&mut work, (id, version(&form)), person.id, &relationship, on.unwrap_or_default()).await,
        Err(error) => Err(error),
    };
    match done {
        Ok(()) => {
            let say = check_spouse(&work, &relationship, person.born_on).unwrap_or("household-joined");
            work.then(&home.path(), say).await
        }
        Err(Error::Invalid(errors)) => {
            let mut work = work.again().await?;
            let page = MemberPage::load(&mut work, &home, &person, form.with_errors(errors)).await?;
            work.show_again(&page)
        }
        Err(Error::Conflict(Clash::Stale)) => {
            let mut work = work.again().await?;
            let home = store::find_household(&mut work, id).await?;
            let stale = conflict::title(&mut work, id.0).await?;
            let page = MemberPage::load(&mut work, &home, &person, form).await?;
            let mut response = work.show_again(&MemberPage { stale, ..page })?;
            *response.status_mut() = StatusCode::CONFLICT;
            Ok(response)
        }
        Err(error) => Err(error),
    }
}

// A child as a spouse is a slip, or somebody to protect; either is said, and what was chosen stands.
fn check_spouse(work: &Work, relationship: &str, born_on: Option<NaiveDate>) -> Option<&'static str> {
    let age = work.today().years_since(born_on?)?;
    (relationship == "spouse" && age < GROWN).then_some("warning:household-young-spouse")
}

/// POST /households/{id}/members/{row}: what somebody is to the head.
async fn update_member(mut work: Work, Path((id, row)): Path<(HouseholdId, RowId)>, mut form: Form) -> Result<Response, Error> {
    let home = store::find_household(&mut work, id).await?;
    let relationship = form.one_of("relationship", RELATIONSHIPS.iter().copied());
    form.check()?;
    let born_on = home.members.iter().find(|member| member.id == row).and_then(|member| member.born_on);
    match actions::relate(&mut work, (id, version(&form)), row, &relationship).await {
        Ok(()) => {
            let said = check_spouse(&work, &relationship, born_on).unwrap_or("people-saved");
            work.then(&home.path(), said).await
        }
        Err(Error::Conflict(Clash::Stale)) => changed_meanwhile(work, id, form, String::new()).await,
        Err(error) => Err(error),
    }
}

/// POST /households/{id}/members/{row}/leaving
async fn leave(mut work: Work, Path((id, row)): Path<(HouseholdId, RowId)>, mut form: Form) -> Result<Response, Error> {
    let home = store::find_household(&mut work, id).await?;
    let on = form.date("left_on");
    let whereabouts = if form.ticked("confidential") { Whereabouts::Confidential } else { Whereabouts::Open };
    let done = match form.check() {
        Ok(()) => actions::leave(&mut work, (id, version(&form)), row, on.unwrap_or_default(), whereabouts).await,
        Err(error) => Err(error),
    };
    match done {
        Ok(()) => work.then(&home.path(), "household-left").await,
        Err(Error::Invalid(errors)) => {
            let mut work = work.again().await?;
            let page = HouseholdPage::load(&mut work, &home, form.with_errors(errors), row.to_string()).await?;
            work.show_again(&page)
        }
        Err(Error::Conflict(Clash::Stale)) => changed_meanwhile(work, id, form, row.to_string()).await,
        Err(error) => Err(error),
    }
}
