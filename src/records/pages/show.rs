//! One record: what it says, its earlier versions, what was started from it, and moving it where it belongs.
use askama::Template;
use axum::response::{IntoResponse, Redirect, Response};

use crate::access::Act;
use crate::error::{Error, FieldErrors, invalid};
use crate::packs::Shape;
use crate::platform::db::Work;
use crate::platform::ids::{RecordId, read_code};
use crate::records::part::{self, Ask};
use crate::records::place::{Of, Place};
use crate::records::record::{self, Record, Said};
use crate::records::{actions, card, next, store};
use crate::web::parts::{Badge, Entry, Tone};
use crate::web::{Form, Page};

use super::papers;

#[derive(Template)]
#[template(path = "records/html/show.html")]
struct Show {
    p: Page,
    form: Form,
    back: String,
    code: String,
    kind: String,
    facts: Vec<Entry>,
    texts: Vec<(String, String)>,
    stub: bool,
    // By when it is to be looked at again, and where what is found is written; empty where nothing is asked of the reader.
    look: String,
    look_at: String,
    withheld: Vec<String>,
    earlier: Vec<Earlier>,
    referrals: Vec<(String, String, Badge)>,
    // Of a record that stands beside the cases of a person there is no such card.
    holds_papers: bool,
    papers: Vec<(String, String, String)>,
    add_paper: String,
    refer: String,
    correct: String,
    move_to: String,
    move_what: String,
    move_label: String,
}

struct Earlier {
    by: String,
    when: String,
    exact: String,
    texts: Vec<(String, String)>,
}

/// GET /cases/{id}/records/{record} and /people/{id}/records/{record}
pub(super) async fn show(mut work: Work, of: Of, root: RecordId) -> Result<Response, Error> {
    let place = Place::find(&mut work, of).await?;
    // A task of a case may be about a record of its person.
    if let Of::Case(case) = of
        && let Some((Of::Person(person), _)) = store::origin(&mut work, case, root).await?
    {
        return Ok(Redirect::to(&format!("/people/{person}/records/{root}")).into_response());
    }
    let page = page(&mut work, &place, root, Form::default()).await?;
    work.show(actions::about(&place, root), page).await
}

/// POST /cases/{id}/records/{record}/move and the same of a person
pub(super) async fn move_on(mut work: Work, of: Of, root: RecordId, mut form: Form) -> Result<Response, Error> {
    let place = Place::find(&mut work, of).await?;
    store::versions(&mut work, of, root).await?;
    match carry(&mut work, &place, root, &mut form).await {
        Ok(()) => work.then(&format!("{}/records", place.path()), "record-moved").await,
        Err(Error::Invalid(errors)) => again(work, of, root, form, errors).await,
        Err(error) => Err(error),
    }
}

async fn carry(work: &mut Work, place: &Place, root: RecordId, form: &mut Form) -> Result<(), Error> {
    let typed = form.text("to", 20);
    form.check()?;
    // A code that is not there and one that is not the actor's to see answer alike (S11).
    let (letter, absent) = if matches!(place.of, Of::Case(_)) { ('C', "no_such_case") } else { ('P', "no_such_person") };
    let code = read_code(letter, &typed).ok_or_else(|| invalid("to", absent))?;
    let to = store::by_code(work, place.of, &code).await?.ok_or_else(|| invalid("to", absent))?;
    let to = Place::find(work, to).await?;
    actions::move_to(work, place, root, &to).await.map(drop)
}

async fn again(work: Work, of: Of, root: RecordId, form: Form, errors: FieldErrors) -> Result<Response, Error> {
    let mut work = work.again().await?;
    let place = Place::find(&mut work, of).await?;
    let page = page(&mut work, &place, root, form.with_errors(errors)).await?;
    work.show_again(&page)
}

async fn page(work: &mut Work, place: &Place, root: RecordId, form: Form) -> Result<Show, Error> {
    let versions = actions::read(work, place, root).await?;
    let newest = versions.first().ok_or(Error::NotFound)?;
    // The title stands in the browser's history: the code, never the name (S13).
    let p = Page::of(work, place.code.clone()).await?;
    let may_write = place.may_write(work).await.is_ok();
    let started = store::referrals(work, root).await?;
    let papers = papers::of(work, place.of, root).await?;
    let path = format!("{}/records/{root}", place.path());
    let when = |offered: bool, address: String| if offered { address } else { String::new() };
    let said = newest.said.as_ref();
    let person = matches!(place.of, Of::Person(_));
    let asked = said.and_then(|said| said.next_on).filter(|_| may_write && place.open && place.kind(&newest.kind).is_some());
    let look = if let Some(day) = asked
        && next::is_newest(work, place, &newest.kind, root).await?
    {
        p.ta("record-look", "day", p.date(&day))
    } else {
        String::new()
    };
    let editable = may_write && said.is_some() && newest.withheld.is_empty() && place.kind(&newest.kind).is_some();
    Ok(Show {
        back: format!("{}/records", place.path()),
        code: place.code.clone(),
        kind: card::label(&p, place, &newest.kind),
        facts: facts(&p, place, newest),
        texts: said.map(|said| texts(&p, place, &newest.kind, said)).unwrap_or_default(),
        stub: said.is_none(),
        look,
        look_at: format!("{}/records/new?kind={}", place.path(), newest.kind),
        withheld: newest.withheld.iter().map(|part| p.tc("record-field", part)).collect(),
        earlier: versions.iter().skip(1).map(|version| earlier(&p, place, version)).collect(),
        referrals: started.iter().map(|referral| referral_row(&p, referral)).collect(),
        holds_papers: !person && said.is_some(),
        papers: papers.iter().map(|one| (one.path(), one.title.clone(), p.reader.day(one.recorded_at))).collect(),
        add_paper: when(editable && !person, format!("{path}/documents")),
        refer: when(
            said.is_some() && place.open && work.holds(Act::ReferralWrite),
            format!("{}/refer?from={root}", place.path()),
        ),
        correct: when(editable, format!("{path}/correction")),
        move_to: when(editable, format!("{path}/move")),
        move_what: p.t(if person { "record-move-what-person" } else { "record-move-what" }),
        move_label: p.t(if person { "record-move-to-person" } else { "record-move-to" }),
        form,
        p,
    })
}

fn facts(p: &Page, place: &Place, newest: &Record) -> Vec<Entry> {
    let mut facts = vec![
        Entry::new(p.t("record-field-happened-at"), p.moment(&newest.happened_at)),
        Entry::new(p.t("record-written"), format!("{}, {}", p.moment(&newest.recorded_at), newest.author_name)),
    ];
    if let Some(reason) = &newest.late_reason {
        facts.push(Entry::new(p.t("record-field-late-reason"), reason.clone()));
    }
    let (Some(said), Some(known)) = (&newest.said, place.kind(&newest.kind)) else { return facts };
    for part in record::parts(known.kind.shape) {
        let text = match *part {
            "finding" => known.pack.risk_level(&said.finding).map(|level| level.labels.get(p.reader.lang).to_owned()),
            "way" if !said.way.is_empty() => Some(p.tc("record-way", &said.way)),
            "direction" if !said.direction.is_empty() => Some(p.tc("record-direction", &said.direction)),
            "minutes" => said.minutes.map(|minutes| p.ta("record-minutes", "count", minutes)),
            "next_on" => said.next_on.map(|day| p.date(&day)),
            "place" if !said.place.is_empty() => Some(said.place.clone()),
            name => short(p, said, name),
        };
        facts.extend(text.map(|text| Entry::new(p.tc("record-field", part), text)));
    }
    facts
}

// A line or a code of a shape's own.
fn short(p: &Page, said: &Said, name: &str) -> Option<String> {
    let text = said.more.get(name)?;
    match part::find(name)?.ask {
        Ask::Words => None,
        Ask::Line => Some(text.clone()),
        Ask::Choice(_) => Some(p.tc(&format!("record-{}", name.replace('_', "-")), text)),
    }
}

// The longer words, in the order of the form.
fn texts(p: &Page, place: &Place, kind: &str, said: &Said) -> Vec<(String, String)> {
    let shape = place.kind(kind).map(|known| known.kind.shape);
    let parts = shape.map(record::parts).unwrap_or(&["account"]);
    let text = |name: &&str| match *name {
        "account" => Some((account_label(p, shape), said.account.clone())),
        "done" => Some((p.tc("record-field", name), said.done.clone())),
        "advice" => Some((p.tc("record-field", name), said.advice.clone())),
        name => {
            let asked = part::find(name).filter(|part| part.ask == Ask::Words)?;
            Some((p.tc("record-field", name), said.more.get(asked.name)?.clone()))
        }
    };
    let texts = parts.iter().filter_map(text);
    texts.filter(|(_, text)| !text.is_empty()).collect()
}

/// What the account is of, by shape.
pub(super) fn account_label(p: &Page, shape: Option<Shape>) -> String {
    p.t(match shape {
        Some(Shape::BestInterests | Shape::Determination) => "record-account-situation",
        Some(Shape::Separation) => "record-account-separation",
        Some(Shape::Tracing) => "record-account-tracing",
        Some(Shape::Reunification) => "record-account-verification",
        _ => "record-field-account",
    })
}

fn earlier(p: &Page, place: &Place, version: &Record) -> Earlier {
    Earlier {
        by: version.author_name.clone(),
        when: p.when(&version.recorded_at),
        exact: p.moment(&version.recorded_at),
        texts: version.said.as_ref().map(|said| texts(p, place, &version.kind, said)).unwrap_or_default(),
    }
}

fn referral_row(p: &Page, referral: &store::Started) -> (String, String, Badge) {
    let words = [referral.service_name.clone(), referral.code.clone()];
    let words = words.into_iter().filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" · ");
    let tone = match referral.status.as_str() {
        "rejected" | "failed" => Tone::Danger,
        "completed" => Tone::Good,
        _ => Tone::Info,
    };
    let family = if referral.step == "ended" { ("inbox-status", &referral.status) } else { ("inbox-step", &referral.step) };
    (format!("/referrals/{}", referral.id), words, Badge::new(p.tc(family.0, family.1), tone))
}
