//! The receiver's own case for somebody it has taken on: registers the person from what was shared, and opens a case of ours.
//!
//! The two cases stay apart; only the referral knows both. Phone numbers are not carried over: they were marked safe for the sender's
//! calls, and unknown is not safe (S6).
use askama::Template;
use axum::response::Response;
use chrono::NaiveDate;

use super::pages::pack;
use crate::access::Act;
use crate::audit::About;
use crate::cases::actions::{Complaint, Keeper, Opening, open};
use crate::error::{Clash, Error};
use crate::packs::Subject;
use crate::people::actions::{NewPerson, make_household, register};
use crate::people::{Particulars, person};
use crate::platform::db::Work;
use crate::platform::ids::{CaseId, ReferralId, UnitId};
use crate::referrals::row::Referral;
use crate::referrals::sending::packet;
use crate::referrals::sides;
use crate::referrals::store;
use crate::referrals::words::Status;
use crate::supervision::carrying::Meant;
use crate::web::form::Path;
use crate::web::parts::Choice;
use crate::web::{Form, Page, Routes};

/// Our own case from a referral.
pub fn routes() -> Routes {
    Routes::new().page("GET", "/referrals/{id}/case", new).page("POST", "/referrals/{id}/case", create)
}

#[derive(Template)]
#[template(path = "referrals/html/answer_case.html")]
struct OurCase {
    p: Page,
    form: Form,
    id: ReferralId,
    code: String,
    back: String,
    sexes: Vec<Choice>,
    sources: Vec<Choice>,
}

/// GET /referrals/{id}/case
async fn new(mut work: Work, Path(id): Path<ReferralId>) -> Result<Response, Error> {
    let (referral, _) = taken_on(&mut work, id).await?;
    let form = shared(&mut work, &referral).await?;
    let page = page(&mut work, &referral, form).await?;
    work.show(About::referral(id), page).await
}

/// POST /referrals/{id}/case
async fn create(mut work: Work, Path(id): Path<ReferralId>, mut form: Form) -> Result<Response, Error> {
    match open_from(&mut work, id, &mut form).await {
        Ok(case) => work.then(&format!("/cases/{case}"), "answer-case-opened").await,
        Err(Error::Invalid(errors)) => {
            let mut work = work.again().await?;
            let referral = store::find(&mut work, id).await?;
            let page = page(&mut work, &referral, form.with_errors(errors)).await?;
            work.show_again(&page)
        }
        Err(error) => Err(error),
    }
}

/// Registers the person with the receiving unit, opens a case of the referral's type there, and links it.
pub async fn open_from(work: &mut Work, id: ReferralId, form: &mut Form) -> Result<CaseId, Error> {
    let (referral, unit) = taken_on(work, id).await?;
    let today = work.today();
    let particulars = particulars(form, today);
    let intake_source = form.text("intake_source", 40);
    form.check()?;
    let person = register(work, unit, &NewPerson { particulars, ..NewPerson::default() }).await?;
    let (_, pack) = crate::packs::store::of_case_type(work, referral.case_type).await?;
    // A type for households gets one, with this person as its head; the others are added as they become known.
    let for_household = u8::try_from(referral.case_type)
        .ok()
        .and_then(|id| pack.case_type_by_id(id))
        .is_some_and(|kind| kind.subject == Subject::Household);
    let household = if for_household { Some(make_household(work, unit, person, today).await?) } else { None };
    let case = open(work, Opening { household, ..opening(&referral, unit, person, intake_source) }).await?;
    // Of two clicks one opens it; what the other has made so far is undone.
    let opened = sqlx::query!("update referrals set opened_case = $2 where id = $1 and opened_case is null", id.0, case.0);
    if opened.execute(work.db()).await?.rows_affected() != 1 {
        let state = referral.state.status.code().to_owned();
        return Err(Error::Conflict(Clash::State { state, code: "case_opened_already" }));
    }
    Ok(case)
}

fn opening(referral: &Referral, unit: UnitId, person: crate::platform::ids::PersonId, intake_source: String) -> Opening {
    Opening {
        id: CaseId::new(),
        person,
        household: None,
        case_type: referral.case_type,
        unit: Some(unit),
        intake_source,
        priority: referral.state.terms.priority.code().to_owned(),
        risk: None,
        keeper: Keeper::Me,
        supervisor: None,
        complaint: Complaint::default(),
        limits_explained_on: None,
        opened_at: None,
        meant: Meant::default(),
    }
}

// The receiver's side, from acceptance on, and once only.
async fn taken_on(work: &mut Work, id: ReferralId) -> Result<(Referral, UnitId), Error> {
    let referral = store::find(work, id).await?;
    let rights = sides::rights(work, &referral).await?;
    let (Some(unit), true) = (referral.to.unit, rights.reads_to) else { return Err(Error::NotFound) };
    if !rights.answer {
        return Err(Error::Forbidden(Act::ReferralAnswer.code()));
    }
    let refused = |code| {
        let state = referral.state.status.code().to_owned();
        Error::Conflict(Clash::State { state, code })
    };
    match (referral.state.status, referral.ending.opened_case) {
        (_, Some(_)) => Err(refused("case_opened_already")),
        (status, None) if status.is_running() || status == Status::Completed => Ok((referral, unit)),
        _ => Err(refused("not_yet_accepted")),
    }
}

fn particulars(form: &mut Form, today: NaiveDate) -> Particulars {
    let name = form.text("name", 200);
    let sex = form.filled("sex").then(|| form.one_of("sex", person::SEXES.iter().copied()));
    let age = form.parsed_maybe::<u32>("age");
    let born_on = age.and_then(|age| Particulars::born_about(age, today));
    Particulars { name, sex, born_on, born_estimated: born_on.is_some(), ..Particulars::default() }
}

// What the packet says of who it is, for checking with the person before it is kept.
async fn shared(work: &mut Work, referral: &Referral) -> Result<Form, Error> {
    let mut form = Form::default();
    for opened in packet::read(work, referral).await?.iter().filter(|opened| opened.full).take(1) {
        for (key, value) in opened.sections.iter().flat_map(|section| &section.lines) {
            if matches!(key.as_str(), "name" | "sex" | "age") {
                form.set(key, value.clone());
            }
        }
    }
    Ok(form)
}

async fn page(work: &mut Work, referral: &Referral, form: Form) -> Result<OurCase, Error> {
    let pack = pack(work, referral).await?;
    let title = crate::platform::text::text(work.lang(), "answer-case-title");
    let p = Page::of(work, title).await?;
    let lang = p.reader.lang;
    Ok(OurCase {
        id: referral.id,
        code: referral.code.clone(),
        back: format!("/referrals/{}", referral.id),
        sexes: person::SEXES.iter().map(|sex| Choice::new(*sex, p.tc("answer-case-sex", sex))).collect(),
        sources: pack.intake_sources.iter().map(|source| Choice::new(source.code.clone(), source.labels.get(lang))).collect(),
        form,
        p,
    })
}
