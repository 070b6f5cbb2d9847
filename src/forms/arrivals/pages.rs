//! Pages of one arrival: what it says, who may be known, and what can be decided.
use askama::Template;
use axum::response::Response;
use chrono::Utc;
use uuid::Uuid;

use super::actions::{self, A_DAY, Named, REASONS};
use super::choices::{self, Candidate, Opened};
use super::correcting::{self, Corrects};
use super::list;
use super::opening::{self, Offered, Wanted, Who};
use super::sheet::{self, Line, Sheet};
use crate::access::Act;
use crate::audit::About;
use crate::cases::pages::type_label;
use crate::cases::{self, Case};
use crate::error::{Error, FieldErrors, invalid};
use crate::forms::{Arrival, Form as Questionnaire, store};
use crate::packs;
use crate::people::household::RELATIONSHIPS;
use crate::people::{shown, store as people};
use crate::platform::db::Work;
use crate::platform::ids::{ArrivalId, CaseId, read_code};
use crate::web::form::Path;
use crate::web::parts::{Badge, Choice, Tone};
use crate::web::{Form, Page, Routes};

/// The pages of arrivals.
pub(super) fn routes() -> Routes {
    Routes::new()
        .page("GET", "/arrivals", list::index)
        .page("GET", "/arrivals/{id}", show)
        .page("POST", "/arrivals/{id}/placement", place)
        .page("POST", "/arrivals/{id}/opening", open)
        .page("POST", "/arrivals/{id}/discarding", discard)
        .page("POST", "/arrivals/{id}/files", place_files)
}

// By which copies of one form that came in the same minute are told apart, where nobody may be named.
pub(super) fn code(id: ArrivalId) -> String {
    id.0.simple().to_string().chars().skip(27).collect::<String>().to_uppercase()
}

pub(super) fn path(id: ArrivalId) -> String {
    format!("/arrivals/{id}")
}

pub(super) fn state(p: &Page, arrival: &Arrival) -> Badge {
    let waits = arrival.state == "waiting";
    match arrival.state.as_str() {
        _ if waits && arrival.recorded_at + A_DAY < p.reader.now => Badge::new(p.tc("arrivals-state", "overdue"), Tone::Danger),
        "waiting" => Badge::new(p.tc("arrivals-state", "waiting"), Tone::Warning),
        "placed" => Badge::new(p.tc("arrivals-state", "placed"), Tone::Good),
        other => Badge::new(p.tc("arrivals-state", other), Tone::Neutral),
    }
}

#[derive(Template)]
#[template(path = "forms/html/arrival.html")]
struct Show {
    p: Page,
    form: Form,
    path: String,
    title: String,
    state: Badge,
    facts: Vec<(String, String)>,
    decided: String,
    waits: bool,
    case_href: String,
    // Files that came after the form was placed.
    late: bool,
    lines: Vec<Line>,
    files: Vec<String>,
    missing: Vec<String>,
    people: Vec<Person>,
    known: bool,
    elsewhere: Vec<String>,
    cases: Vec<Choice>,
    opening: Option<Offered>,
    corrects: Option<Corrects>,
    // The form is for cases that stand: it opens none.
    opens_none: bool,
    // Whom the form names, what the case goes by that was chosen for it; a tick counts for that case alone.
    strangers: Option<(String, String, Case)>,
    // Other corrections of the same copy that wait: page, and who sent it when.
    twins: Vec<(String, String)>,
    reasons: Vec<Choice>,
}

// Whom the form describes, and the answers to who it is.
struct Person {
    field: String,
    relationship_field: String,
    label: String,
    // Address, name and detail of those who are known.
    same: Vec<(String, String, String)>,
    choices: Vec<Choice>,
    relationships: Vec<Choice>,
    relationship_label: String,
}

/// GET /arrivals/{id}
async fn show(mut work: Work, Path(id): Path<ArrivalId>) -> Result<Response, Error> {
    let arrival = store::arrival(&mut work, id).await?;
    work.may(Act::CaseEdit)?;
    let meant = choices::meant(&mut work, &arrival).await?.unwrap_or_default();
    let form = Form::blank([("priority", "normal".to_owned()), ("case", meant)]);
    let (page, subjects) = Box::pin(page(&mut work, &arrival, form)).await?;
    work.show(About::subjects(subjects), page).await
}

// Where it is now: it may have been moved since to a case where it belongs, which the reader need not see.
async fn case_now(work: &mut Work, arrival: &Arrival) -> Result<Option<CaseId>, Error> {
    if arrival.case_id.is_none() {
        return Ok(None);
    }
    Ok(store::corrected(work, &arrival.instance_id).await?.map(|standing| standing.case))
}

async fn page(work: &mut Work, arrival: &Arrival, form: Form) -> Result<(Show, Vec<Uuid>), Error> {
    let waits = arrival.state == "waiting";
    let units = store::unit_names(work, &[arrival.unit]).await?;
    let settled = store::settled_by(work, arrival.id).await?;
    let files = store::arrival_file_names(work, arrival.id).await?;
    let p = Page::of(work, arrival.title.clone()).await?;
    let case = case_now(work, arrival).await?;
    let meant = choices::meant(work, arrival).await?;
    let facts = [
        ("from", arrival.author_name.clone()),
        ("unit", units.get(&arrival.unit).cloned().unwrap_or_default()),
        ("received", p.when(&arrival.recorded_at)),
        ("code", code(arrival.id)),
    ];
    let facts = facts.into_iter().chain(meant.map(|code| ("meant", code)));
    let mut page = Show {
        path: path(arrival.id),
        title: arrival.title.clone(),
        state: state(&p, arrival),
        facts: facts.map(|(head, text)| (p.tc("arrivals-head", head), text)).collect(),
        decided: settled.map(|(by, at)| decided(&p, arrival, &by, at)).unwrap_or_default(),
        waits,
        case_href: case.map(|case| format!("/cases/{case}")).unwrap_or_default(),
        late: !waits && !files.is_empty(),
        lines: Vec::new(),
        missing: Vec::new(),
        people: Vec::new(),
        known: false,
        elsewhere: Vec::new(),
        cases: Vec::new(),
        opening: None,
        corrects: None,
        opens_none: false,
        strangers: None,
        twins: Vec::new(),
        reasons: REASONS.iter().map(|code| Choice::new(*code, p.tc("arrivals-reason", code))).collect(),
        files: if waits { files } else { sheet::late(&p, &files) },
        form,
        p,
    };
    let mut subjects = vec![arrival.id.0];
    subjects.extend(arrival.case_id.map(|case| case.0));
    if waits {
        let questionnaire = store::form(work, arrival.form_id).await?;
        let opened = choices::opened(work, arrival).await?;
        subjects.extend(fill(work, &mut page, &questionnaire, &opened).await?);
        let twins = store::twins(work, arrival.id).await?;
        subjects.extend(twins.iter().map(|(id, _, _)| id.0));
        page.twins = twins.into_iter().map(|(id, by, at)| (path(id), page.p.signed(&by, &page.p.moment(&at)))).collect();
    }
    Ok((page, subjects))
}

fn decided(p: &Page, arrival: &Arrival, by: &str, at: chrono::DateTime<Utc>) -> String {
    let values = [("name", by.into()), ("when", p.moment(&at).into())];
    let who = crate::platform::text::text_with(p.reader.lang, "arrivals-decided", &values);
    let why = arrival.reason.as_ref().map(|reason| p.tc("arrivals-reason", reason));
    [Some(who), why].into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

// What a waiting arrival says, and what may be decided; answers whom the page names.
async fn fill(work: &mut Work, page: &mut Show, questionnaire: &Questionnaire, opened: &Opened) -> Result<Vec<Uuid>, Error> {
    let candidates = choices::likely(work, opened, questionnaire).await?;
    let cases = choices::cases_of(work, opened, questionnaire, &candidates).await?;
    let named: Vec<Uuid> = candidates.iter().flat_map(|one| &one.same).map(|person| person.id.0).collect();
    let coded = people::known_only_as_restricted(work, &named).await?;
    let read = sheet::read(&page.p, &opened.session(work), &page.files);
    Sheet { lines: page.lines, files: page.files, missing: page.missing } = read;
    page.known = candidates.iter().any(|candidate| !candidate.same.is_empty());
    page.elsewhere = candidates.iter().flat_map(|candidate| candidate.elsewhere_in_words(&page.p)).collect();
    page.elsewhere.dedup();
    page.people = candidates
        .iter()
        .enumerate()
        .map(|(nth, one)| person(&page.p, nth, one, questionnaire, |id| coded.contains(&id)))
        .collect();
    page.cases = case_choices(work, &page.p, &cases).await?;
    page.opens_none = !questionnaire.intake;
    page.corrects = correcting::corrects(work, opened, questionnaire).await?;
    page.strangers = strangers(work, page, questionnaire, opened).await?;
    let may_open = questionnaire.intake && work.holds(Act::CaseOpen) && work.holds(Act::PersonRegister) && !candidates.is_empty();
    page.opening = if may_open { opening::offered(work, &page.p, questionnaire).await? } else { None };
    Ok(named.into_iter().chain(cases.iter().map(|case| case.id.0)).collect())
}

// Both names and the case, where the form names somebody else than the case that was chosen.
async fn strangers(
    work: &mut Work,
    page: &Show,
    questionnaire: &Questionnaire,
    opened: &Opened,
) -> Result<Option<(String, String, Case)>, Error> {
    if page.form.errors.get("other_person").is_none() {
        return Ok(None);
    }
    let case = case_of(work, &chosen(&page.form)).await?;
    let case = cases::store::find(work, case).await?;
    let names = choices::strangers(work, opened, questionnaire, &case).await?;
    Ok(names.map(|(named, called)| (named, called, case)))
}

fn person(
    p: &Page,
    nth: usize,
    one: &Candidate,
    questionnaire: &Questionnaire,
    is_coded: impl Fn(crate::platform::ids::PersonId) -> bool,
) -> Person {
    let described = &one.described;
    let sex = described.particulars.sex.as_deref().map(|sex| p.tc("person-sex", sex));
    let age = described.particulars.born_on.map(|day| p.reader.age(day, described.particulars.born_estimated));
    let relation = Some(&described.relationship).filter(|code| !code.is_empty()).map(|code| p.tc("person-relationship", code));
    let name_of = |person: &crate::people::Person| if is_coded(person.id) { person.code.clone() } else { person.full_name() };
    let same = one.same.iter().map(|person| (person.path(), name_of(person), shown::detail(p, person))).collect();
    let mut choices: Vec<Choice> = one
        .same
        .iter()
        .map(|person| {
            Choice::new(person.id.to_string(), p.ta("arrivals-person-same", "name", name_of(person)))
                .with_hint(shown::detail(p, person))
        })
        .collect();
    choices.push(Choice::new("new", p.t("arrivals-person-new")));
    if nth > 0 {
        choices.push(Choice::new("leave", p.t("arrivals-person-leave")));
    }
    let is_asked = nth > 0 && questionnaire.subject == "household" && described.relationship.is_empty();
    let relationships = RELATIONSHIPS.iter().filter(|code| is_asked && **code != "head");
    Person {
        field: format!("person_{nth}"),
        relationship_field: format!("relationship_{nth}"),
        label: [described.particulars.full_name()]
            .into_iter()
            .chain(relation)
            .chain(sex)
            .chain(age)
            .collect::<Vec<_>>()
            .join(" · "),
        same,
        choices,
        relationships: relationships.map(|code| Choice::new(*code, p.tc("person-relationship", code))).collect(),
        relationship_label: p.ta("arrivals-relationship", "name", described.particulars.name.clone()),
    }
}

async fn case_choices(work: &mut Work, p: &Page, cases: &[Case]) -> Result<Vec<Choice>, Error> {
    let persons: Vec<Uuid> = cases.iter().filter(|case| !case.goes_by_code()).map(|case| case.person_id.0).collect();
    let names = cases::list::names(work, &persons).await?;
    let mut choices = Vec::new();
    for case in cases {
        let pack = packs::store::find(work, &case.pack, case.pack_version).await?;
        let name = names.get(&case.person_id.0).cloned();
        let label = [Some(case.code.clone()), name.filter(|_| !case.goes_by_code())].into_iter().flatten().collect::<Vec<_>>();
        let hint = [type_label(&pack, case.case_type, p.reader.lang), case.unit_name.clone(), p.reader.day(case.opened_at)];
        choices.push(Choice::new(&case.code, label.join(" · ")).with_hint(hint.join(" · ")));
    }
    Ok(choices)
}

/// POST /arrivals/{id}/placement: on the case that was chosen, or whose code was typed.
async fn place(mut work: Work, Path(id): Path<ArrivalId>, form: Form) -> Result<Response, Error> {
    let arrival = store::arrival(&mut work, id).await?;
    work.may(Act::CaseEdit)?;
    let placed = match case_of(&mut work, &chosen(&form)).await {
        Ok(case) => actions::place_chosen(&mut work, &arrival, case, named(&form, case)).await.map(|_| case),
        Err(error) => Err(error),
    };
    match placed {
        Ok(case) => work.then(&format!("/cases/{case}"), "arrivals-placed").await,
        Err(Error::Invalid(errors)) => again(work, &arrival, form, errors).await,
        Err(error) => Err(error),
    }
}

/// The tick is about the case whose name was shown beside it: with another one chosen, nobody has said anything yet (S28).
pub fn named(form: &Form, case: CaseId) -> Named {
    let is_shown = form.value("compared") == case.to_string();
    if is_shown && form.ticked("other_person") { Named::Confirmed } else { Named::Unasked }
}

// The case that was chosen, or whose code was typed.
fn chosen(form: &Form) -> String {
    Some(form.value("code")).filter(|code| !code.trim().is_empty()).unwrap_or(form.value("case")).to_owned()
}

/// The case of this code, if the actor sees it.
pub(super) async fn case_of(work: &mut Work, typed: &str) -> Result<CaseId, Error> {
    if typed.trim().is_empty() {
        return Err(invalid("case", "required"));
    }
    let code = read_code('C', typed).ok_or_else(|| invalid("case", "case_of_form"))?;
    cases::store::find_by_code(work, &code).await?.ok_or_else(|| invalid("case", "case_of_form"))
}

async fn again(work: Work, arrival: &Arrival, form: Form, errors: FieldErrors) -> Result<Response, Error> {
    let mut work = work.again().await?;
    let (page, _) = Box::pin(page(&mut work, arrival, form.with_errors(errors))).await?;
    work.show_again(&page)
}

/// POST /arrivals/{id}/opening
async fn open(mut work: Work, Path(id): Path<ArrivalId>, mut form: Form) -> Result<Response, Error> {
    let arrival = store::arrival(&mut work, id).await?;
    work.may(Act::CaseOpen)?;
    let opened = match wanted(&mut form) {
        Ok(wanted) => Box::pin(opening::open(&mut work, &arrival, &wanted)).await,
        Err(error) => Err(error),
    };
    match opened {
        Ok(case) => work.then(&format!("/cases/{case}"), "arrivals-opened").await,
        Err(Error::Invalid(errors)) => again(work, &arrival, form, errors).await,
        Err(error) => Err(error),
    }
}

fn wanted(form: &mut Form) -> Result<Wanted, Error> {
    let mut people = Vec::new();
    for nth in 0..super::people::MOST {
        let field = format!("person_{nth}");
        let who = opening::who(form.value(&field)).unwrap_or_else(|code| {
            form.errors.add(&field, code);
            Who::Unsaid
        });
        people.push((who, form.value(&format!("relationship_{nth}")).to_owned()));
    }
    let wanted = Wanted {
        people,
        case_type: form.parsed("case_type").unwrap_or(0),
        intake_source: form.text("intake_source", 60),
        priority: form.text("priority", 60),
        limits_explained_on: form.date_maybe("limits_explained_on"),
        another: form.ticked("another"),
    };
    form.check()?;
    Ok(wanted)
}

/// POST /arrivals/{id}/discarding
async fn discard(mut work: Work, Path(id): Path<ArrivalId>, form: Form) -> Result<Response, Error> {
    let arrival = store::arrival(&mut work, id).await?;
    work.may(Act::CaseEdit)?;
    match actions::discard(&mut work, &arrival, form.value("reason")).await {
        Ok(()) => work.then("/arrivals", "arrivals-discarded").await,
        Err(Error::Invalid(errors)) => again(work, &arrival, form, errors).await,
        Err(error) => Err(error),
    }
}

/// POST /arrivals/{id}/files: what came late goes where its form is.
async fn place_files(mut work: Work, Path(id): Path<ArrivalId>, form: Form) -> Result<Response, Error> {
    let arrival = store::arrival(&mut work, id).await?;
    work.may(Act::CaseEdit)?;
    match actions::place_files(&mut work, &arrival).await {
        Ok(()) => work.then(&path(id), "arrivals-files-moved").await,
        Err(Error::Invalid(errors)) => again(work, &arrival, form, errors).await,
        Err(error) => Err(error),
    }
}
