//! The first page of referring: what is needed, and who could give it; several at once make one draft each.

use askama::Template;
use axum::response::Response;

use super::{needs, reasons};
use crate::audit::About;
use crate::error::Error;
use crate::packs::ReasonKind;
use crate::platform::db::Work;
use crate::platform::ids::{CaseId, ReferralId};
use crate::referrals::clocks::watch;
use crate::referrals::sending::draft::{self, CaseBrief};
use crate::referrals::sending::not_referred::{self, Decision};
use crate::referrals::sending::offers::{self, Offer, Sought};
use crate::referrals::sending::origin;
use crate::referrals::sending::target;
use crate::web::form::{Path, Query};
use crate::web::parts::Choice;
use crate::web::{Form, Page};

#[derive(Template)]
#[template(path = "referrals/html/new.html")]
struct New {
    p: Page,
    form: Form,
    case: CaseBrief,
    case_path: String,
    ids: Vec<ReferralId>,
    needs: Vec<Choice>,
    services: Vec<Offer>,
    units: Vec<Choice>,
    colleagues: Vec<Choice>,
    reasons: Vec<Choice>,
}

/// GET /cases/{id}/refer
pub async fn show(mut work: Work, Path(id): Path<CaseId>, Query(query): Query) -> Result<Response, Error> {
    let case = draft::case(&mut work, id).await?;
    let page = page(&mut work, case, query).await?;
    work.show(About::case(id), page).await
}

async fn page(work: &mut Work, case: CaseBrief, form: Form) -> Result<New, Error> {
    let pack = watch::pack_of(work, case.case_type).await?.ok_or(Error::NotFound)?;
    let p = Page::of(work, crate::platform::text::text(work.lang(), "refer-new-title")).await?;
    let lang = work.lang();
    let services = if form.filled("need") { ranked(work, &p, &case, form.value("need")).await? } else { Vec::new() };
    let org = work.standing.org;
    let units =
        sqlx::query!(
            "select id, name from units where org = $1 and active and id <> $2 and id <> all (access.my_hidden_units()) order by name limit 200",
            org,
            case.unit
        )
        .fetch_all(work.db())
        .await?;
    let units = units.into_iter().map(|unit| Choice::new(format!("unit:{}", unit.id), unit.name)).collect();
    let units = Choice::told_apart(&p, units);
    let named = target::colleagues(work).await?.into_iter().filter(|colleague| colleague.cleared.contains(&case.case_type));
    let colleagues =
        named.map(|one| Choice::new(format!("user:{}", one.id), format!("{} · {}", one.name, one.unit_name))).collect();
    let ids = (0..8).map(|_| ReferralId::new()).collect();
    Ok(New {
        needs: needs(&pack, lang),
        reasons: reasons(&pack, ReasonKind::NotReferred, lang),
        services,
        units,
        colleagues,
        ids,
        case_path: format!("/cases/{}", case.id),
        case,
        form,
        p,
    })
}

// More than this is a directory to browse, not an offer.
const MOST: usize = 20;

async fn ranked(work: &mut Work, p: &Page, case: &CaseBrief, need: &str) -> Result<Vec<Offer>, Error> {
    let sought = Sought { need: need.to_owned(), limit: MOST, ..Sought::default() };
    let found = offers::offers(work, case, sought).await?;
    Ok(found.iter().map(|suggestion| offers::offer(p, suggestion)).collect())
}

/// POST /cases/{id}/refer
pub async fn create(mut work: Work, Path(id): Path<CaseId>, mut form: Form) -> Result<Response, Error> {
    let case = draft::case(&mut work, id).await?;
    form.text("need", 60);
    let chosen: Vec<String> = form.all("to").iter().filter(|choice| !choice.is_empty()).cloned().collect();
    if chosen.is_empty() {
        form.errors.add("to", "required");
    }
    if form.check().is_err() {
        let page = page(&mut work, case, form).await?;
        return work.show_again(&page);
    }
    let started_from: Option<uuid::Uuid> = form.parsed_maybe("from");
    if let Some(record) = started_from {
        origin::find_maybe(&mut work, id, record).await?.ok_or(Error::NotFound)?;
    }
    let ids: Vec<ReferralId> = form.all("draft").iter().filter_map(|id| id.parse().ok()).collect();
    let mut first = None;
    form.set("person", case.person.to_string());
    for (choice, id) in chosen.iter().zip(ids) {
        let target = target::target(&mut work, choice).await?;
        let referral = draft::begin(&mut work, id, &case, &target, started_from, &form).await?;
        first.get_or_insert(referral.id);
    }
    let first = first.ok_or(Error::NotFound)?;
    work.then(&format!("/referrals/{first}/edit"), "refer-drafted").await
}

/// POST /cases/{id}/not-referred: nobody is referred for this need, and the case says why.
pub async fn decline_to_refer(mut work: Work, Path(id): Path<CaseId>, form: Form) -> Result<Response, Error> {
    let case = draft::case(&mut work, id).await?;
    let pack = watch::pack_of(&mut work, case.case_type).await?.ok_or(Error::NotFound)?;
    let decision = Decision { need: form.value("need").to_owned(), service: None, reason: form.value("not_referred").to_owned() };
    match not_referred::record(&mut work, &case, &pack, &decision).await {
        Ok(()) => work.then(&format!("/cases/{id}"), "refer-not-kept").await,
        Err(Error::Invalid(errors)) => {
            let page = page(&mut work, case, form.with_errors(errors)).await?;
            work.show_again(&page)
        }
        Err(error) => Err(error),
    }
}
