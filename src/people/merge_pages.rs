//! Pages: two records beside each other, whether they are of one person, and what was joined with a record before.
use askama::Template;
use axum::response::Response;

use super::merge::{self, Answer, FIELDS, Join};
use super::merge_store::{self, Proposal};
use super::shown::{self, ShownContact};
use super::{MOST, actions, store};
use crate::access::Act;
use crate::audit::About;
use crate::error::{Error, FieldErrors, invalid};
use crate::people::Person;
use crate::platform::db::Work;
use crate::platform::ids::{HouseholdId, PersonId, RowId};
use crate::web::form::Path;
use crate::web::parts::{Badge, Choice, Tone};
use crate::web::{Form, Page, Routes};

/// The pages of joining two records.
pub fn routes() -> Routes {
    Routes::new()
        .page("GET", "/people/{id}/same/{other}", show)
        .page("POST", "/people/{id}/same/{other}/apart", apart)
        .page("POST", "/people/{id}/same/{other}/joins", propose)
        .page("GET", "/people/{id}/joins", index)
        .page("POST", "/people/{id}/joins/{join}/answer", answer)
        .page("POST", "/people/{id}/joins/{join}/undoing", undo)
}

#[derive(Template)]
#[template(path = "people/html/same.html")]
struct Same {
    p: Page,
    form: Form,
    path: String,
    back: String,
    code: String,
    heads: Vec<String>,
    rows: Vec<Row>,
    stays: Vec<Choice>,
    fields: Vec<Field>,
    versions: [i32; 2],
    // What was proposed and is not over; its answers where the reader may give them.
    waiting: Option<Shown>,
    is_apart: bool,
    may_change: bool,
}

// One thing as both records have it.
struct Row {
    label: String,
    one: String,
    other: String,
    differs: bool,
}

// A choice between the values of both.
struct Field {
    name: String,
    label: String,
    choices: Vec<Choice>,
    value: String,
}

// What became of a proposal.
struct Shown {
    title: String,
    state: Badge,
    by: String,
    words: String,
    compare: String,
    // Where it is answered and undone; empty where it is not for this reader or not for now.
    answer: String,
    agree: bool,
    object: bool,
    // The reader proposed it.
    own: bool,
    undo: String,
    version: i32,
}

#[derive(Template)]
#[template(path = "people/html/joins.html")]
struct Joins {
    p: Page,
    back: String,
    code: String,
    joins: Vec<Shown>,
    // Said where there are more than are shown.
    more: String,
}

/// GET /people/{id}/same/{other}
async fn show(mut work: Work, Path((id, other)): Path<(PersonId, PersonId)>) -> Result<Response, Error> {
    let page = compared(&mut work, (id, other), Form::blank([])).await?;
    work.show(About::default().with(id).with(other), page).await
}

/// POST /people/{id}/same/{other}/apart: they are two persons.
async fn apart(mut work: Work, Path((id, other)): Path<(PersonId, PersonId)>) -> Result<Response, Error> {
    merge::keep_apart(&mut work, id, other).await?;
    work.then(&format!("/people/{id}"), "join-kept-apart").await
}

/// POST /people/{id}/same/{other}/joins
async fn propose(mut work: Work, Path((id, other)): Path<(PersonId, PersonId)>, mut form: Form) -> Result<Response, Error> {
    merge::both(&mut work, id, other).await?;
    let proposed = match read(&mut form, id, other) {
        Ok(proposal) => merge::propose(&mut work, &proposal).await.map(drop),
        Err(error) => Err(error),
    };
    match proposed {
        Ok(()) => work.then(&format!("/people/{id}/same/{other}"), "join-was-proposed").await,
        Err(Error::Invalid(errors)) => again(work, (id, other), form, errors).await,
        Err(error) => Err(error),
    }
}

async fn again(work: Work, both: (PersonId, PersonId), form: Form, errors: FieldErrors) -> Result<Response, Error> {
    let mut work = work.again().await?;
    let page = compared(&mut work, both, form.with_errors(errors)).await?;
    work.show_again(&page)
}

// Each value is chosen by the record it stands in, so that choosing the other record to stay changes none of the choices.
fn read(form: &mut Form, id: PersonId, other: PersonId) -> Result<Proposal, Error> {
    let stays = form.one_of("stays", [id.to_string().as_str(), other.to_string().as_str()]);
    let (first, second) = (form.parsed::<i32>("version_one"), form.parsed::<i32>("version_other"));
    // What differs is chosen by somebody who looked at it.
    for name in FIELDS.iter().map(|field| named(field)) {
        if form.has("asked", &name) {
            form.one_of(&name, ["one", "other"]);
        }
    }
    form.check()?;
    let (first, second) = (first.unwrap_or_default(), second.unwrap_or_default());
    let own = stays == id.to_string();
    let from_goes = if own { "other" } else { "one" };
    let chosen = FIELDS.iter().filter(|field| form.value(&named(field)) == from_goes).map(|field| (*field).to_owned()).collect();
    let ((stays, version_that_stays), (goes, version_that_goes)) =
        if own { ((id, first), (other, second)) } else { ((other, second), (id, first)) };
    Ok(Proposal { stays, version_that_stays, goes, version_that_goes, chosen })
}

fn named(field: &str) -> String {
    format!("take_{field}")
}

/// GET /people/{id}/joins
async fn index(mut work: Work, Path(id): Path<PersonId>) -> Result<Response, Error> {
    let person = store::find(&mut work, id).await?;
    work.may(Act::CaseRead)?;
    let found = merge_store::of_person(&mut work, id).await?;
    let may_change = actions::could_change(&mut work, id).await?;
    let now = work.now();
    let p = Page::of(&mut work, person.code.clone()).await?;
    let line = |join: &Join| {
        let undoable = may_change && join.stays == id && join.undone_until().is_some_and(|until| until > now);
        let undo = if undoable { format!("/people/{id}/joins/{}/undoing", join.id) } else { String::new() };
        Shown { undo, ..said(&p, join) }
    };
    let joins = found.items.iter().map(line).collect();
    let more = if found.more { p.ta("people-first-shown", "count", MOST) } else { String::new() };
    let page = Joins { back: person.path(), code: person.code.clone(), joins, more, p };
    work.show(About::default().with(id), page).await
}

/// POST /people/{id}/joins/{join}/answer
async fn answer(mut work: Work, Path((id, row)): Path<(PersonId, RowId)>, mut form: Form) -> Result<Response, Error> {
    let join = merge::of(&mut work, id, row).await?;
    let how = Answer::parse(form.value("answer")).ok_or_else(|| invalid("answer", "not_a_choice"))?;
    let versions = ["version", "version_stays", "version_goes"].map(|name| form.parsed::<i32>(name).unwrap_or_default());
    form.check()?;
    merge::answer(&mut work, row, (versions[0], versions[1], versions[2]), how).await?;
    let said = match how {
        Answer::Agree => "join-was-agreed",
        Answer::Return => "join-was-returned",
        Answer::Object => "join-was-objected",
    };
    work.then(&format!("/people/{}/same/{}", join.stays, join.goes), said).await
}

/// POST /people/{id}/joins/{join}/undoing
async fn undo(mut work: Work, Path((id, row)): Path<(PersonId, RowId)>, mut form: Form) -> Result<Response, Error> {
    merge::of(&mut work, id, row).await?;
    let version = form.parsed::<i32>("version").unwrap_or_default();
    form.check()?;
    merge::undo(&mut work, row, version).await?;
    // Whoever knew the person through the other record's cases alone does not see this one any more.
    let back = match store::find(&mut work, id).await {
        Ok(person) => person.path(),
        Err(Error::NotFound) => "/people".to_owned(),
        Err(error) => return Err(error),
    };
    work.then(&back, "join-was-undone").await
}

async fn compared(work: &mut Work, (id, other): (PersonId, PersonId), form: Form) -> Result<Same, Error> {
    let (one, two) = merge::both(work, id, other).await?;
    work.may(Act::CaseRead)?;
    let may_change = merge::may_both(work, id, other).await?;
    let found = merge_store::of_pair(work, id, other).await?;
    let is_apart = merge_store::kept_apart_from(work, id).await?.contains(&other);
    let (me, lapsed) = (work.me()?, work.now() - merge::LAPSES);
    let p = Page::of(work, format!("{} · {}", one.code, two.code)).await?;
    let sides = [Side::load(work, &p, &one).await?, Side::load(work, &p, &two).await?];
    let live = found.iter().find(|join| (join.waits() && join.proposed_at > lapsed) || join.state == "agreed");
    let waiting = live.map(|join| {
        let versions = if join.stays == id { [one.version, two.version] } else { [two.version, one.version] };
        let answer = if may_change { format!("/people/{id}/joins/{}/answer", join.id) } else { String::new() };
        let own = join.proposed_by == me;
        let shown = Shown { answer, agree: join.waits() && !own, object: !join.waits(), own, ..said(&p, join) };
        (shown, versions)
    });
    let versions = waiting.as_ref().map_or([one.version, two.version], |(_, versions)| *versions);
    Ok(Same {
        path: format!("/people/{id}/same/{other}"),
        back: one.path(),
        code: one.code.clone(),
        heads: vec![p.t("join-what"), one.code.clone(), two.code.clone()],
        stays: [&one, &two].map(|person| Choice::new(person.id.to_string(), who(person))).to_vec(),
        fields: fields(&p, &sides, &form),
        rows: rows(&p, &sides),
        waiting: waiting.map(|(shown, _)| shown),
        versions,
        is_apart,
        may_change,
        form,
        p,
    })
}

fn who(person: &Person) -> String {
    format!("{} · {}", person.code, person.full_name())
}

// What one record says, as its reader sees it.
struct Side {
    fields: Vec<(&'static str, String)>,
    home: Option<(HouseholdId, String)>,
    contacts: String,
    documents: String,
    cases: String,
    registered: String,
}

impl Side {
    async fn load(work: &mut Work, p: &Page, person: &Person) -> Result<Self, Error> {
        let contacts = store::contacts(work, person.id).await?;
        let documents = store::documents(work, person.id).await?;
        let homes = store::households_of(work, person.id).await?;
        let cases = store::cases_of(work, person.id).await?;
        let home = homes.into_iter().find(|home| home.left_on.is_none());
        let numbering = work.ground().sms.numbering.clone();
        Ok(Self {
            fields: shown::fields(p, person),
            home: home.map(|home| (home.household_id, home.code)),
            contacts: p.list_apart(contacts.iter().map(|contact| reached(p, &shown::contact(p, person, contact, &numbering)))),
            documents: p.list_apart(
                documents.iter().map(|one| format!("{} {}", p.tc("person-document", &one.entry.kind), one.entry.number)),
            ),
            cases: p.list_apart(cases.iter().map(|case| case.code.as_str())),
            registered: p.when(&person.recorded_at),
        })
    }

    fn field(&self, field: &str) -> &str {
        self.fields.iter().find(|(name, _)| *name == field).map_or("", |(_, text)| text.as_str())
    }

    fn home(&self) -> &str {
        self.home.as_ref().map_or("", |(_, code)| code.as_str())
    }
}

// A number never stands without what it is safe for, when, and who else answers (S6): somebody may dial it from here.
fn reached(p: &Page, contact: &ShownContact) -> String {
    let states = contact.states.iter().map(|state| state.word.clone());
    let notes = contact.notes.iter().map(|note| p.detailed(&note.term, &note.text));
    format!("{} ({})", contact.value, states.chain(notes).collect::<Vec<_>>().join(" · "))
}

fn rows(p: &Page, [one, two]: &[Side; 2]) -> Vec<Row> {
    let said = |text: &str, nothing: &str| if text.is_empty() { p.t(nothing) } else { text.to_owned() };
    let row = |label: String, (first, second): (&str, &str), nothing: &str| Row {
        differs: first != second,
        label,
        one: said(first, nothing),
        other: said(second, nothing),
    };
    let particulars = one.fields.iter().map(|(field, text)| (field, (text.as_str(), two.field(field))));
    let mut rows: Vec<Row> = particulars
        .filter(|(_, (first, second))| !first.is_empty() || !second.is_empty())
        .map(|(field, both)| row(p.tc("person-field", field), both, "look-not-recorded"))
        .collect();
    let lists = [
        ("people-section-document", (one.documents.as_str(), two.documents.as_str())),
        ("join-contacts", (one.contacts.as_str(), two.contacts.as_str())),
        ("household-title", (one.home(), two.home())),
        ("people-cases", (one.cases.as_str(), two.cases.as_str())),
        ("people-registered", (one.registered.as_str(), two.registered.as_str())),
    ];
    rows.extend(lists.into_iter().map(|(label, both)| row(p.t(label), both, "paper-none")));
    rows
}

// A choice for whatever differs; what is said in one record alone is chosen to begin with, nothing else is.
fn fields(p: &Page, [one, two]: &[Side; 2], form: &Form) -> Vec<Field> {
    let home = |side: &Side| side.home().to_owned();
    let both = |field: &str| match field {
        "household" => (home(one), home(two)),
        field => (one.field(field).to_owned(), two.field(field).to_owned()),
    };
    let field = |name: &&'static str| {
        let (first, second) = both(name);
        // Somebody who lives in one household as far as anybody knows lives there.
        if first == second || (*name == "household" && (first.is_empty() || second.is_empty())) {
            return None;
        }
        let value = match form.value(&named(name)) {
            "" if first.is_empty() => "other",
            "" if second.is_empty() => "one",
            typed => typed,
        };
        let label = if *name == "household" { p.t("household-title") } else { p.tc("person-field", name) };
        let text = |text: &str| if text.is_empty() { p.t("look-not-recorded") } else { text.to_owned() };
        let choices = vec![Choice::new("one", text(&first)), Choice::new("other", text(&second))];
        Some(Field { name: named(name), label, choices, value: value.to_owned() })
    };
    FIELDS.iter().filter_map(field).collect()
}

fn said(p: &Page, join: &Join) -> Shown {
    let tone = match join.state.as_str() {
        "joined" => Tone::Good,
        "proposed" | "agreed" => Tone::Info,
        _ => Tone::Warning,
    };
    let decided = join.decided_by_name.as_deref().zip(join.decided_at).map(|(name, at)| p.signed(name, &p.moment(&at)));
    let by = [p.signed(&join.proposed_by_name, &p.moment(&join.proposed_at))].into_iter().chain(decided);
    let words = match (join.state.as_str(), join.due_at, join.undone_until()) {
        ("agreed", Some(due), _) => p.ta("join-due", "when", p.moment(&due)),
        ("stopped", ..) => p.t("join-stopped-words"),
        ("joined", _, Some(until)) => p.ta("join-until", "when", p.moment(&until)),
        ("undone", ..) => p.t("join-undone-words"),
        _ => String::new(),
    };
    let fields = |field: &String| if field == "household" { p.t("household-title") } else { p.tc("person-field", field) };
    let taken: Vec<String> = join.chosen.iter().map(fields).collect();
    let taken = if taken.is_empty() { String::new() } else { p.ta("join-taken", "fields", p.list(taken)) };
    // What is over is compared no more: one of the two is seen by nobody.
    let compare = if join.state == "joined" { String::new() } else { format!("/people/{}/same/{}", join.stays, join.goes) };
    Shown {
        title: format!("{} → {}", join.goes_code, join.stays_code),
        state: Badge::new(p.tc("join-state", &join.state), tone),
        by: by.collect::<Vec<_>>().join(" · "),
        words: [words, taken].into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>().join(" "),
        compare,
        answer: String::new(),
        agree: false,
        object: false,
        own: false,
        undo: String::new(),
        version: join.version,
    }
}
