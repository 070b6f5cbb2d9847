//! The page of one service, and what its keepers say there in one tap.
use askama::Template;
use axum::response::Response;

use super::list::capacity;
use super::{accepting, freshness, hidden, inside, language};
use crate::directory::actions;
use crate::directory::service::{Opening, Service};
use crate::directory::store::{self, Capacity};
use crate::directory::vocabulary::{Vocabulary, vocabulary};
use crate::error::{Clash, Error};
use crate::platform::db::Work;
use crate::platform::ids::ServiceId;
use crate::web::conflict::{self, Asked, Compared};
use crate::web::form::Path;
use crate::web::parts::{Badge, Entry, Tone};
use crate::web::{Form, Page};

#[derive(Template)]
#[template(path = "directory/html/service.html")]
struct ServicePage {
    p: Page,
    id: ServiceId,
    edit: String,
    rule: String,
    name: String,
    org: String,
    description: String,
    states: Vec<Badge>,
    rows: Vec<Entry>,
    places: Vec<(String, Badge)>,
    hours: Vec<(String, String)>,
    agreement: String,
    own: bool,
    form: Form,
}

/// GET /services/{id}
pub(super) async fn show(mut work: Work, Path(id): Path<ServiceId>) -> Result<Response, Error> {
    let service = store::find(&mut work, id).await?;
    let page = service_page(&mut work, service, None).await?;
    work.show_plain(page).await
}

async fn service_page(work: &mut Work, service: Service, form: Option<Form>) -> Result<ServicePage, Error> {
    let known = vocabulary(work).await?;
    let own = store::keeps(work, service.id).await?;
    let lang = work.lang();
    let p = Page::of(work, service.name_in(lang)).await?;
    let shown = |number: Option<i32>| number.map(|number| number.to_string()).unwrap_or_default();
    let form = form.unwrap_or_else(|| {
        Form::blank([
            ("version", service.version.to_string()),
            ("places_free", shown(service.places_free)),
            ("waiting_days", shown(service.waiting_days)),
            ("not_accepting", if service.not_accepting { "true".to_owned() } else { String::new() }),
        ])
    });
    Ok(ServicePage {
        id: service.id,
        edit: format!("/services/{}/edit", service.id),
        rule: format!("/services/{}/rule", service.id),
        name: service.name_in(lang).to_owned(),
        org: service.organisation.name_in(lang).to_owned(),
        description: service.description.clone(),
        states: states(&p, &service, &known),
        rows: rows(&p, &service, &known),
        places: service.locations.iter().map(|place| (place.line(), hidden(&p, place.visibility))).collect(),
        hours: hours(&p, &service.opening_hours),
        agreement: agreement(&p, &service),
        own,
        form,
        p,
    })
}

fn states(p: &Page, service: &Service, known: &Vocabulary) -> Vec<Badge> {
    let approval =
        if service.requires_approval { Badge::new(p.t("directory-requires-approval"), Tone::Info) } else { Badge::default() };
    vec![accepting(p, service.accepts()), freshness(p, service.verified_at, known), approval, hidden(p, service.visibility)]
}

fn rows(p: &Page, service: &Service, known: &Vocabulary) -> Vec<Entry> {
    let lang = p.reader.lang;
    let needs: Vec<&str> = service.needs.iter().map(|code| known.need(code, lang)).collect();
    let languages: Vec<String> = service.languages.iter().map(|code| language(p, code)).collect();
    let sexes: Vec<String> = service.sexes.iter().map(|code| p.tc("directory-sex", code)).collect();
    let ages = match (service.min_age, service.max_age) {
        (None, None) => p.t("directory-all-ages"),
        (min, max) => p.reader.digits(&format!("{}–{}", min.unwrap_or(0), max.map(|max| max.to_string()).unwrap_or_default())),
    };
    let contact: Vec<&str> =
        [&service.phone, &service.email, &service.url].map(String::as_str).into_iter().filter(|c| !c.is_empty()).collect();
    vec![
        Entry::new(p.t("directory-needs"), p.list(needs)),
        Entry::new(p.t("directory-status"), p.tc("directory-status", service.status.code())),
        Entry::new(p.t("directory-capacity"), capacity(p, service.places_free, service.waiting_days)),
        Entry::new(p.t("directory-languages"), p.list(languages)),
        Entry::new(p.t("directory-documents"), service.documents_required.clone()),
        Entry::new(p.t("directory-eligibility"), service.eligibility.clone()),
        Entry::new(p.t("directory-ages"), ages),
        Entry::new(p.t("directory-sexes"), if sexes.is_empty() { p.t("directory-everybody") } else { p.list(sexes) }),
        Entry::new(p.t("directory-accessibility"), service.accessibility.clone()),
        Entry::new(p.t("directory-contact"), contact.join(" · ")),
        Entry::new(p.t("directory-reached"), reached(p, service)),
        Entry::new(p.t("directory-confirmed"), confirmed(p, service)),
    ]
}

fn reached(p: &Page, service: &Service) -> String {
    match (&service.unit_name, service.organisation.in_system) {
        (Some(unit), _) => p.ta("directory-reached-inbox", "unit", unit.as_str()),
        (None, true) => p.t("directory-reached-none"),
        (None, false) => p.t("directory-reached-outside"),
    }
}

// Colleagues learn who confirmed; others learn which organisation did.
fn confirmed(p: &Page, service: &Service) -> String {
    let Some(at) = service.verified_at else { return p.t("directory-never-confirmed") };
    let by = service.verified_by.as_deref().unwrap_or_else(|| service.organisation.name_in(p.reader.lang));
    format!("{} · {by}", p.when(&at))
}

fn hours(p: &Page, hours: &[Opening]) -> Vec<(String, String)> {
    let mut days: Vec<(String, String)> = Vec::new();
    for day in 1..=7_i16 {
        let spans: Vec<String> = hours
            .iter()
            .filter(|hour| hour.weekday == day)
            .map(|hour| p.reader.digits(&format!("{}–{}", hour.opens.format("%H:%M"), hour.closes.format("%H:%M"))))
            .collect();
        if !spans.is_empty() {
            days.push((p.t(&format!("directory-day-{day}")), p.list(spans)));
        }
    }
    days
}

fn agreement(p: &Page, service: &Service) -> String {
    let Some(agreement) = &service.agreement else { return String::new() };
    let kind = p.tc("directory-agreement", &agreement.kind);
    let places = agreement.places.map(|count| p.reader.digits(&p.ta("directory-agreement-places", "count", count)));
    let until = agreement.ends_on.map(|day| p.ta("directory-agreement-until", "date", p.date(&day)));
    [Some(kind), places, until].into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

/// POST /services/{id}/capacity
pub(super) async fn update_capacity(mut work: Work, Path(id): Path<ServiceId>, mut form: Form) -> Result<Response, Error> {
    let service = actions::kept(&mut work, id).await?;
    let back = inside(form.value("back"), &format!("/services/{id}")).to_owned();
    match write_capacity(&mut work, &service, &mut form).await {
        Ok(()) => work.then(&back, "directory-capacity-saved").await,
        Err(Error::Invalid(errors)) => {
            let mut work = work.again().await?;
            let page = service_page(&mut work, service, Some(form.with_errors(errors))).await?;
            work.show_again(&page)
        }
        Err(Error::Conflict(Clash::Stale)) => show_conflict(work.again().await?, id, &form).await,
        Err(error) => Err(error),
    }
}

async fn show_conflict(mut work: Work, id: ServiceId, mine: &Form) -> Result<Response, Error> {
    let now = actions::kept(&mut work, id).await?;
    let count = |count: Option<i32>| count.map(|count| count.to_string()).unwrap_or_default();
    let mut theirs = Form::blank([
        ("version", now.version.to_string()),
        ("places_free", count(now.places_free)),
        ("waiting_days", count(now.waiting_days)),
    ]);
    if now.not_accepting {
        theirs.set("not_accepting", "true");
    }
    let p = Page::of(&mut work, "").await?;
    let said = |form: &Form| p.t(if form.ticked("not_accepting") { "conflict-yes" } else { "conflict-no" });
    let compared = vec![
        Compared::field("places_free", p.t("directory-places-free-field"), mine, &theirs),
        Compared::field("waiting_days", p.t("directory-waiting-days-field"), mine, &theirs),
        Compared {
            mine: said(mine),
            theirs: said(&theirs),
            ..Compared::field("not_accepting", p.t("directory-not-accepting-field"), mine, &theirs)
        },
    ];
    let back = format!("/services/{id}");
    conflict::show(work, Asked { action: format!("{back}/capacity"), back, mine, theirs: &theirs }, compared).await
}

// A form of one field, as beside the inbox, leaves the others as they are.
async fn write_capacity(work: &mut Work, service: &Service, form: &mut Form) -> Result<(), Error> {
    let only_places = form.value("only") == "places_free";
    let capacity = Capacity {
        places_free: number(form, "places_free"),
        waiting_days: if only_places { service.waiting_days } else { number(form, "waiting_days") },
        not_accepting: if only_places { service.not_accepting } else { form.ticked("not_accepting") },
    };
    form.check()?;
    // One number beside the inbox says what is true now, over whatever stood there; the whole form has been read in some version.
    let version = if only_places { None } else { Some(form.parsed_maybe("version").unwrap_or_default()) };
    actions::set_capacity(work, service.id, version, capacity).await.map(drop)
}

/// A count from 0 to 3,650, which may be missing.
pub(super) fn number(form: &mut Form, name: &str) -> Option<i32> {
    let number = form.parsed_maybe::<i32>(name)?;
    if !(0..=3650).contains(&number) {
        form.errors.add(name, "not_understood");
    }
    Some(number)
}

/// POST /services/{id}/verification
pub(super) async fn verify(mut work: Work, Path(id): Path<ServiceId>, form: Form) -> Result<Response, Error> {
    actions::verify(&mut work, id).await?;
    let otherwise = format!("/services/{id}");
    let back = inside(form.value("back"), &otherwise).to_owned();
    work.then(&back, "directory-verified").await
}
