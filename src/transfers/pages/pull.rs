//! Completing a transfer after its notice: unit, case manager, agreement, service location.
use askama::Template;
use axum::response::Response;

use super::decide::{Choices, choices};
use crate::audit::About;
use crate::error::Error;
use crate::packs::Sensitivity;
use crate::platform::db::Work;
use crate::platform::ids::{ReferralId, UnitId};
use crate::referrals::Referral;
use crate::supervision::carrying::{self, Tick};
use crate::transfers::choices as offered;
use crate::transfers::pull::{self, Pull};
use crate::transfers::wish::{Place, When};
use crate::web::form::{Path, Query};
use crate::web::parts::Choice;
use crate::web::{Form, Page};

#[derive(Template)]
#[template(path = "transfers/html/pull.html")]
struct Take {
    p: Page,
    form: Form,
    path: String,
    back: String,
    code: String,
    units: Vec<Choice>,
    unit: String,
    restricted: bool,
    choices: Choices,
    meant: Vec<Tick>,
}

/// GET /referrals/{id}/transfer
pub async fn new(mut work: Work, Path(id): Path<ReferralId>, Query(query): Query) -> Result<Response, Error> {
    let notice = pull::notice(&mut work, id).await?;
    let page = page(&mut work, &notice, query).await?;
    work.show(About::referral(id), page).await
}

async fn page(work: &mut Work, notice: &Referral, form: Form) -> Result<Take, Error> {
    let p = Page::titled(work, "transfer-pull-title").await?;
    let org = work.standing.org;
    let units = offered::destinations(work, &[]).await?.into_iter().filter(|place| place.org == org);
    let units: Vec<Choice> = units.map(|place| Choice::new(place.unit.to_string(), place.name)).collect();
    let asked = form.value("unit").parse::<UnitId>().ok();
    let unit = asked.filter(|unit| units.iter().any(|known| known.value == unit.to_string())).or(notice.to.unit);
    let unit = unit.ok_or(Error::NotFound)?;
    let choices = choices(work, &p, org, unit, &[notice.case_type]).await?;
    Ok(Take {
        path: format!("/referrals/{}/transfer", notice.id),
        back: format!("/referrals/{}", notice.id),
        code: notice.code.clone(),
        units,
        unit: unit.to_string(),
        restricted: notice.state.terms.sensitivity == Sensitivity::Restricted,
        choices,
        meant: carrying::ticks(&p, &form, "manager"),
        form,
        p,
    })
}

/// POST /referrals/{id}/transfer
pub async fn create(mut work: Work, Path(id): Path<ReferralId>, mut form: Form) -> Result<Response, Error> {
    let notice = pull::notice(&mut work, id).await?;
    match taken(&mut work, id, &mut form).await {
        Ok(case) => {
            let seen = crate::cases::store::find(&mut work, case).await.is_ok();
            work.then(&if seen { format!("/cases/{case}") } else { "/transfers?which=incoming".to_owned() }, "transfer-pulled")
                .await
        }
        Err(Error::Invalid(errors)) => {
            let mut work = work.again().await?;
            let page = page(&mut work, &notice, form.with_errors(errors)).await?;
            work.show_again(&page)
        }
        Err(error) => Err(error),
    }
}

async fn taken(work: &mut Work, id: ReferralId, form: &mut Form) -> Result<crate::platform::ids::CaseId, Error> {
    let unit = form.parsed("unit").unwrap_or(0);
    let place = Place::read(form);
    let when = When::read(work, form);
    form.check()?;
    pull::pull(work, id, Pull { unit, place }, &when).await
}
