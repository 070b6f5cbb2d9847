//! Opening a case for a person who was found or registered before.
use std::collections::HashMap;

use askama::Template;
use axum::response::Response;
use uuid::Uuid;

use super::fields::Field;
use super::index::priorities;
use crate::access::Act;
use crate::audit::About;
use crate::cases::actions::{self, Complaint, Keeper, Opening};
use crate::cases::{Case, beside, list, store};
use crate::error::{Clash, Error, FieldErrors, invalid};
use crate::packs;
use crate::platform::db::Work;
use crate::platform::ids::{CaseId, PersonId};
use crate::platform::text::text;
use crate::supervision::carrying::{self, Meant};
use crate::supervision::own::Carries;
use crate::web::form::Query;
use crate::web::parts::Choice;
use crate::web::{Form, Page};

#[derive(Template)]
#[template(path = "cases/html/new.html")]
struct New {
    p: Page,
    form: Form,
    name: String,
    back: String,
    types: Vec<Choice>,
    sources: Vec<Choice>,
    priorities: Vec<Choice>,
    risks: Vec<Choice>,
    keepers: Vec<Choice>,
    meant: Vec<Field>,
    supervisors: Vec<Choice>,
    units: Vec<Choice>,
    // Whom a complaint may be about; empty for those who take none.
    named: Vec<Choice>,
    household: bool,
    may_register: bool,
    // Open cases of the chosen type that the person has already, as far as the reader sees them (S11).
    twins: Vec<(String, String)>,
}

impl New {
    // Of a type for households, for one person.
    fn lacks_household(&self) -> bool {
        self.form.error("case_type") == Some("for_a_household")
    }
}

/// GET /cases/new?person=
pub async fn new(mut work: Work, Query(query): Query) -> Result<Response, Error> {
    work.may(Act::CaseOpen)?;
    if !query.filled("person") {
        // Search first, then create: a case begins from a person.
        return Ok(axum::response::IntoResponse::into_response(axum::response::Redirect::to("/search")));
    }
    let form = Form::blank([
        ("draft", CaseId::new().to_string()),
        ("person", query.value("person").to_owned()),
        ("household", query.value("household").to_owned()),
        // Back from making a household for this case.
        ("case_type", query.value("case_type").to_owned()),
        ("whole_household", if query.filled("case_type") { "true" } else { "" }.to_owned()),
        ("priority", "normal".to_owned()),
        ("keeper", "me".to_owned()),
        ("limits_explained_on", String::new()),
    ]);
    let (page, person) = page(&mut work, form).await?;
    work.show(About::subjects([person]), page).await
}

/// POST /cases/new
pub async fn create(mut work: Work, mut form: Form) -> Result<Response, Error> {
    // Without an id of its own, as older forms come, each sending opens a case.
    let drawn = form.parsed_maybe("draft").unwrap_or_else(CaseId::new);
    match open(&mut work, &mut form, drawn).await {
        Ok(id) => {
            let say = opened(&mut work, &form).await?;
            leave(work, id, say).await
        }
        Err(Error::Invalid(errors)) => again(work, form, errors).await,
        Err(Error::Conflict(Clash::State { code: "case_opened_before", .. })) => {
            leave(work.again().await?, drawn, "case-opened-before").await
        }
        Err(error) => Err(error),
    }
}

// Whoever carries more than a full caseload by it reads so (S24).
async fn opened(work: &mut Work, form: &Form) -> Result<&'static str, Error> {
    let mine = matches!(form.value("keeper"), "me" | "");
    Ok(if mine && Carries::of_me(work).await?.is_too_much() { "warning:case-opened-full" } else { "case-opened" })
}

// What was opened for somebody else is theirs to see.
async fn leave(mut work: Work, id: CaseId, say: &str) -> Result<Response, Error> {
    let to = match store::find(&mut work, id).await {
        Ok(case) => case.path(),
        Err(Error::NotFound) => "/cases".to_owned(),
        Err(error) => return Err(error),
    };
    work.then(&to, say).await
}

async fn again(work: Work, form: Form, errors: FieldErrors) -> Result<Response, Error> {
    let mut work = work.again().await?;
    let (page, _) = page(&mut work, form.with_errors(errors)).await?;
    work.show_again(&page)
}

async fn open(work: &mut Work, form: &mut Form, id: CaseId) -> Result<CaseId, Error> {
    let person: Option<PersonId> = form.parsed("person");
    let keeper = match form.value("keeper") {
        "inbox" => Keeper::UnitInbox,
        "me" | "" => Keeper::Me,
        other => Keeper::Colleague(other.parse().map_err(|_| invalid("keeper", "not_a_choice"))?),
    };
    let opening = Opening {
        id,
        household: if form.ticked("whole_household") { form.parsed_maybe("household") } else { None },
        case_type: form.parsed("case_type").unwrap_or(0),
        unit: form.parsed_maybe("unit"),
        intake_source: form.text("intake_source", 60),
        priority: form.text("priority", 60),
        risk: Some(form.text_maybe("risk", 60)).filter(|risk| !risk.is_empty()),
        keeper,
        supervisor: form.parsed_maybe("supervisor"),
        complaint: match form.value("complaint_about") {
            "" => Complaint::Unsaid,
            "nobody" => Complaint::NobodyHere,
            user => Complaint::About(user.parse().map_err(|_| invalid("complaint_about", "not_a_choice"))?),
        },
        limits_explained_on: form.date_maybe("limits_explained_on"),
        opened_at: None,
        meant: Meant::ticked(form),
        person: person.unwrap_or(PersonId(Uuid::nil())),
    };
    form.check()?;
    // What was opened with this form already is no other case. One that the actor no longer sees is found when the row is written.
    match store::find(work, id).await {
        Ok(case) => return Err(store::opened_before(case.stage)),
        Err(Error::NotFound) => {}
        Err(error) => return Err(error),
    }
    if !form.ticked("another") && !twins(work, form).await?.is_empty() {
        return Err(invalid("another", "open_case_of_type"));
    }
    actions::open(work, opening).await
}

async fn twins(work: &mut Work, form: &Form) -> Result<Vec<Case>, Error> {
    let (Ok(person), Ok(case_type)) = (form.value("person").parse::<PersonId>(), form.value("case_type").parse::<i16>()) else {
        return Ok(Vec::new());
    };
    let mut cases = store::list_of_people(work, &[person]).await?;
    cases.retain(|case| case.is_open() && case.case_type == case_type && case.person_id == person);
    Ok(cases)
}

async fn page(work: &mut Work, mut form: Form) -> Result<(New, Uuid), Error> {
    let lang = work.lang();
    let title = text(lang, "case-new-title");
    let p = Page::of(work, title).await?;
    let person: Uuid = form.value("person").parse().map_err(|_| Error::NotFound)?;
    let name = list::names(work, &[person]).await?.remove(&person).ok_or(Error::NotFound)?;
    if !form.filled("household") {
        form.set("household", beside::household_of(work, person).await?.map(|id| id.to_string()).unwrap_or_default());
    }
    let (twins, cleared) = (twins(work, &form).await?, store::cleared_types(work).await?);
    let carries = Carries::of_me(work).await?;
    let full = if carries.is_full() { p.ta("case-keeper-full", "load", p.reader.percent(carries.load)) } else { String::new() };
    let mut page = New {
        twins: twins.iter().map(|case| (case.path(), p.signed(&case.code, &p.reader.day(case.opened_at)))).collect(),
        household: form.filled("household"),
        may_register: work.holds(Act::PersonRegister),
        back: format!("/people/{person}"),
        name,
        types: Vec::new(),
        sources: Vec::new(),
        priorities: Vec::new(),
        risks: Vec::new(),
        keepers: vec![Choice::new("me", p.t("case-keeper-me")).with_hint(full), Choice::new("inbox", p.t("case-keeper-inbox"))],
        meant: Field::meant_of(&p, &form, "manager"),
        supervisors: Vec::new(),
        units: Vec::new(),
        named: Vec::new(),
        form,
        p,
    };
    let mine = packs::store::for_types(work, &cleared).await?;
    let takes_complaints = mine.iter().any(|(_, types)| types.iter().any(|case_type| case_type.outside_unit));
    for (pack, types) in &mine {
        let programme = if mine.len() > 1 { pack.title.get(lang) } else { "" };
        let choice = |case_type: &packs::CaseType| Choice::new(case_type.id.to_string(), case_type.labels.get(lang));
        page.types.extend(types.iter().map(|case_type| choice(case_type).with_hint(programme)));
        let sources = pack.intake_sources.iter().map(|source| Choice::new(&source.code, source.labels.get(lang)));
        sources.for_each(|source| source.add_once(&mut page.sources));
        priorities(pack, lang).into_iter().for_each(|priority| priority.add_once(&mut page.priorities));
        let risks = pack.risk_levels.iter().map(|level| Choice::new(&level.code, level.labels.get(lang)));
        risks.for_each(|level| level.add_once(&mut page.risks));
    }
    if takes_complaints {
        page.named = vec![Choice::new("nobody", page.p.t("case-complaint-nobody"))];
        let staff = store::everybody_here(work).await?;
        page.named.extend(staff.into_iter().map(|(id, name)| Choice::new(id.to_string(), name)));
    }
    add_colleagues(work, &mut page, &cleared).await?;
    page.units = store::units_of_org(work).await?.into_iter().map(|(id, name)| Choice::new(id.to_string(), name)).collect();
    Ok((page, person))
}

// Who may supervise the case, and to whom it can be given, each with what they carry.
async fn add_colleagues(work: &mut Work, page: &mut New, cleared: &[i16]) -> Result<(), Error> {
    let (me, own, gives) = (work.me()?, work.standing.units.clone(), work.holds(Act::CaseAssign));
    let colleagues = store::colleagues_for_any(work, &own, cleared).await?;
    let people: Vec<_> = colleagues.iter().map(|colleague| colleague.id).filter(|id| gives && *id != me).collect();
    let carry = if people.is_empty() { HashMap::new() } else { carrying::of(work, &people).await? };
    for colleague in colleagues {
        let value = colleague.id.to_string();
        if people.contains(&colleague.id) {
            let now = carry.get(&colleague.id).copied().unwrap_or_default();
            page.keepers.push(Choice::new(&value, now.named(&page.p, &colleague.name)));
        }
        if colleague.supervises {
            page.supervisors.push(Choice::new(value, &colleague.name));
        }
    }
    Ok(())
}
