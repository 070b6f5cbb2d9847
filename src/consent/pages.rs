//! Pages: what was agreed on a case, a new agreement or another basis, one of them with what may be done with it.
use std::sync::Arc;

use askama::Template;
use axum::response::Response;

use super::actions;
use super::basis::Told;
use super::consent::{Basis, Consent, Form as Shape, Giver, Kind, Standing};
use super::draft::{self, ORG_KINDS, Terms};
use super::store::{self, CasePerson, Recipient};
use super::{basis, giver, shown};
use crate::access::Act;
use crate::access::break_glass::FINDINGS;
use crate::access::subject::{self, Subject};
use crate::audit::About;
use crate::error::Error;
use crate::packs::{Pack, ReasonKind, Shape as Recorded, Under, Word};
use crate::platform::db::Work;
use crate::platform::ids::{CaseId, ConsentId, OrgId};
use crate::platform::text::text;
use crate::projects::store::hosted;
use crate::web::form::{Path, Query};
use crate::web::parts::{Badge, Choice, Entry};
use crate::web::{Form, Page, Routes};

/// Pages of consent.
pub fn routes() -> Routes {
    Routes::new()
        .page("GET", "/cases/{id}/consents", index)
        .page("GET", "/cases/{id}/consents/new", new)
        .page("POST", "/cases/{id}/consents/new", create)
        .page("GET", "/consents/{id}", show)
        .page("POST", "/consents/{id}/agreement", agree)
        .page("POST", "/consents/{id}/review", review)
}

#[derive(Template)]
#[template(path = "consent/html/index.html")]
struct Index {
    p: Page,
    subject: Subject,
    may_record: bool,
    limits_due: bool,
    rows: Vec<shown::Row>,
}

/// GET /cases/{id}/consents
async fn index(mut work: Work, Path(id): Path<CaseId>) -> Result<Response, Error> {
    let subject = subject::find(&mut work, id).await?;
    work.may(Act::CaseRead)?;
    let consents = store::list_of_case(&mut work, id).await?;
    let (people, recipients) = (store::people(&mut work, id).await?, store::recipients(&mut work).await?);
    let title = text(work.lang(), "consent-title");
    let p = Page::of(&mut work, title).await?;
    let rows = consents.iter().map(|consent| shown::row(&p, consent, &people, &recipients)).collect();
    let may_record = work.holds(Act::ConsentRecord);
    let limits_due = !subject.limits_explained;
    work.show(About::case(id), Index { p, may_record, limits_due, rows, subject }).await
}

#[derive(Template)]
#[template(path = "consent/html/new.html")]
struct New {
    p: Page,
    form: Form,
    subject: Subject,
    is_basis: bool,
    // Where searches for family are kept, one may be agreed to.
    traces: bool,
    lead: String,
    save_word: String,
    limits_due: bool,
    people: Vec<Choice>,
    givers: Vec<Choice>,
    given_by_people: Vec<Choice>,
    // Nobody on the case may speak for the child it is about.
    lacks_adult: bool,
    people_path: String,
    // Grown-ups of the child's household: where each is put on the case, and the name.
    near: Vec<(String, String)>,
    answers: Vec<Choice>,
    orgs: Vec<Choice>,
    kinds: Vec<Choice>,
    ordinary: Vec<Choice>,
    sensitive: Vec<Choice>,
    shapes: Vec<Choice>,
    reasons: Vec<Choice>,
    yes_no: Vec<Choice>,
}

struct Ground {
    subject: Subject,
    pack: Arc<Pack>,
    people: Vec<CasePerson>,
    recipients: Vec<Recipient>,
}

async fn ground(work: &mut Work, case: CaseId) -> Result<Ground, Error> {
    let subject = subject::find(work, case).await?;
    work.may_in(Act::ConsentRecord, subject.unit, Some(case)).await?;
    let pack = subject.pack(work).await?;
    let people = store::people(work, case).await?;
    let recipients = store::recipients(work).await?;
    Ok(Ground { subject, pack, people, recipients })
}

/// GET /cases/{id}/consents/new; `?way=basis` for another basis than consent, `?person=` for somebody of the case beside its subject.
async fn new(mut work: Work, Path(id): Path<CaseId>, Query(query): Query) -> Result<Response, Error> {
    let ground = ground(&mut work, id).await?;
    let today = work.today().to_string();
    let asked = ground.people.iter().map(|person| person.id.to_string()).find(|id| id == query.value("person"));
    let form = Form::blank([
        ("way", query.value("way").to_owned()),
        ("person", asked.unwrap_or_else(|| ground.subject.person_id.to_string())),
        ("given_on", today),
        ("given_by", Giver::Person.as_str().to_owned()),
    ]);
    let page = new_page(&mut work, ground, form).await?;
    work.show(About::case(id), page).await
}

async fn new_page(work: &mut Work, ground: Ground, form: Form) -> Result<New, Error> {
    let is_basis = form.value("way") == "basis";
    let title = text(work.lang(), if is_basis { "consent-basis-title" } else { "consent-new-title" });
    let p = Page::of(work, title).await?;
    let Ground { subject, pack, people, recipients } = ground;
    let lang = p.reader.lang;
    let about = people.iter().find(|person| person.id.to_string() == form.value("person"));
    let lacks_adult = !is_basis && about.is_some_and(|child| giver::lacks_adult(child, &people, &pack, work.today()));
    let near = match about.filter(|_| lacks_adult) {
        Some(child) => giver::near(work, &subject, child, &people, &pack).await?,
        None => Vec::new(),
    };
    let given_by_people = giver::offered(&p, &people, &pack, work.today());
    let sections = |sensitive| {
        let some = pack.packet_sections.iter().filter(move |section| section.sensitive == sensitive);
        some.map(|section| Choice::new(section.code.clone(), section.labels.get(lang))).collect()
    };
    let words =
        |family: &str, codes: &[&str]| codes.iter().map(|code| Choice::new(*code, p.tc(family, code))).collect::<Vec<_>>();
    let givers = [Giver::Person, Giver::Caregiver, Giver::ChosenAdult, Giver::Guardian].map(Giver::as_str);
    Ok(New {
        limits_due: !subject.limits_explained,
        is_basis,
        traces: traces(&pack, &subject),
        lead: p.t(if is_basis { "consent-basis-lead" } else { "consent-new-lead" }),
        save_word: p.t(if is_basis { "consent-basis-save" } else { "consent-save" }),
        people: people
            .iter()
            .filter(|person| person.part != "caregiver")
            .map(|person| Choice::new(person.id.to_string(), giver::called(&p, &people, person)))
            .collect(),
        givers: words("consent-giver", &givers),
        given_by_people,
        lacks_adult,
        people_path: subject.under("people"),
        near,
        answers: words("consent-answer", &["yes", "no"]),
        orgs: Choice::told_apart(&p, recipients.iter().map(|org| Choice::new(org.id.to_string(), &org.name)).collect()),
        kinds: words("consent-org-kind", &ORG_KINDS),
        ordinary: sections(false),
        sensitive: sections(true),
        shapes: words("consent-form", &Shape::ALL.iter().map(|shape| shape.as_str()).collect::<Vec<_>>()),
        reasons: pack
            .reasons(ReasonKind::Basis)
            .map(|reason| Choice::new(reason.code.clone(), reason.labels.get(lang)))
            .collect(),
        yes_no: words("consent-told", &["yes", "no"]),
        form,
        subject,
        p,
    })
}

fn traces(pack: &Pack, subject: &Subject) -> bool {
    let own = pack.case_types.iter().find(|known| i16::from(known.id) == subject.case_type);
    own.is_some_and(|own| pack.record_kinds(Under::Case, &own.code).any(|kind| kind.shape == Recorded::Tracing))
}

/// POST /cases/{id}/consents/new
async fn create(mut work: Work, Path(id): Path<CaseId>, mut form: Form) -> Result<Response, Error> {
    let ground = ground(&mut work, id).await?;
    match save(&mut work, &ground, &mut form).await? {
        Some(consent) => work.then(&format!("/consents/{consent}"), "consent-recorded").await,
        None => {
            let page = new_page(&mut work, ground, form).await?;
            work.show_again(&page)
        }
    }
}

async fn save(work: &mut Work, ground: &Ground, form: &mut Form) -> Result<Option<ConsentId>, Error> {
    let orgs: Vec<OrgId> = ground.recipients.iter().map(|org| org.id).collect();
    let terms = terms(work, &ground.subject, &ground.pack, &ground.people, &orgs);
    if form.value("way") == "basis" {
        return match basis::read(form, &terms) {
            Some(draft) => actions::record_basis(work, &ground.subject, draft).await.map(Some),
            None => Ok(None),
        };
    }
    match draft::read(form, &terms) {
        Some(draft) => actions::record(work, &ground.subject, draft).await.map(Some),
        None => Ok(None),
    }
}

/// What a form about this case is read against.
pub(super) fn terms<'a>(
    work: &Work,
    subject: &Subject,
    pack: &'a Pack,
    people: &'a [CasePerson],
    orgs: &'a [OrgId],
) -> Terms<'a> {
    Terms {
        people,
        pack,
        months: subject.type_in(pack).map_or(6, |kind| kind.consent_months),
        orgs,
        today: work.today(),
        limits_due: !subject.limits_explained,
    }
}

#[derive(Template)]
#[template(path = "consent/html/show.html")]
struct Show {
    p: Page,
    consent: Consent,
    back: String,
    heading: String,
    badge: Badge,
    entries: Vec<Entry>,
    may_withdraw: bool,
    may_agree: bool,
    may_review: bool,
    extents: Vec<Choice>,
    hows: Vec<Choice>,
    findings: Vec<Choice>,
    yes_no: Vec<Choice>,
    // Who was asked to delete what rested on it: where that stands, and in words.
    recalled: Vec<(String, String)>,
    form: Form,
}

/// GET /consents/{id}
async fn show(mut work: Work, Path(id): Path<ConsentId>) -> Result<Response, Error> {
    let consent = store::find(&mut work, id).await?;
    work.may(Act::CaseRead)?;
    let about = About::case(consent.case_id).with(id);
    let page = page(&mut work, consent, Form::blank([("extent", "stop_sharing".to_owned())])).await?;
    work.show(about, page).await
}

/// The page of a consent again, with what is wrong with the form by which it is withdrawn.
pub async fn show_again(mut work: Work, id: ConsentId, form: Form) -> Result<Response, Error> {
    let consent = store::find(&mut work, id).await?;
    let page = page(&mut work, consent, form).await?;
    work.show_again(&page)
}

async fn page(work: &mut Work, consent: Consent, form: Form) -> Result<Show, Error> {
    let subject = subject::find(work, consent.case_id).await?;
    let pack = subject.pack(work).await?;
    let (people, recipients) = (store::people(work, subject.id).await?, store::recipients(work).await?);
    let note = actions::note(work, &consent).await?;
    let title = text(work.lang(), "consent-one-title");
    let p = Page::of(work, title).await?;
    let me = work.me()?;
    let today = work.today();
    let standing = consent.standing(today, work.now());
    let is_basis = consent.basis != Basis::Consent;
    let words =
        |family: &str, codes: &[&str]| codes.iter().map(|code| Choice::new(*code, p.tc(family, code))).collect::<Vec<_>>();
    let recalled = store::recalled(work, &consent).await?;
    let hosts = hosted::asked_since(work, consent.id).await?;
    let recalled = recalled.iter().map(|one| shown::recalled(&p, one));
    Ok(Show {
        recalled: recalled.chain(hosts.iter().map(|one| shown::host_asked(&p, &consent, one))).collect(),
        form,
        back: subject.under("consents"),
        heading: shown::heading(&p, &consent),
        badge: shown::badge(&p, standing),
        entries: shown::entries(
            &p,
            &consent,
            &shown::Names { pack: &pack, people: &people, recipients: &recipients, note: &note },
        ),
        may_withdraw: work.holds(Act::ConsentRecord) && consent.withdrawn_at.is_none() && consent.kind != Kind::Refused,
        may_agree: is_basis && consent.second_agreed_at.is_none() && work.holds(Act::ConsentAgree) && consent.recorded_by != me,
        may_review: is_basis
            && consent.reviewed_at.is_none()
            && work.holds(Act::ConsentReview)
            && consent.recorded_by != me
            && standing != Standing::Withdrawn,
        extents: words("consent-extent", &["stop_sharing", "end_service"]),
        hows: words("consent-how", &["in_person", "by_phone", "in_writing", "through_another"]),
        findings: words("consent-finding", &FINDINGS),
        yes_no: words("consent-told", &["yes", "no"]),
        consent,
        p,
    })
}

/// POST /consents/{id}/agreement
async fn agree(mut work: Work, Path(id): Path<ConsentId>, mut form: Form) -> Result<Response, Error> {
    let known = store::find(&mut work, id).await?;
    work.may(Act::ConsentAgree)?;
    let told = known.told.is_none().then(|| Told::read(&mut form));
    form.check()?;
    let consent = actions::agree(&mut work, id, told).await?;
    work.then(&consent.path(), "consent-agreed").await
}

/// POST /consents/{id}/review
async fn review(mut work: Work, Path(id): Path<ConsentId>, mut form: Form) -> Result<Response, Error> {
    store::find(&mut work, id).await?;
    work.may(Act::ConsentReview)?;
    let finding = form.one_of("finding", FINDINGS);
    form.check()?;
    let consent = actions::review(&mut work, id, &finding).await?;
    work.then(&consent.path(), "consent-reviewed").await
}
