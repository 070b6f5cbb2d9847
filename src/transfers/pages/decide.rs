//! The receiving side's decision: which records, to whom, under what; or why not.
use std::collections::HashMap;

use askama::Template;
use axum::response::Response;
use uuid::Uuid;

use super::{label, pack_of, risk_label, stage_label};
use crate::access::Act;
use crate::audit::About;
use crate::error::Error;
use crate::platform::db::Work;
use crate::platform::ids::{OrgId, TransferId, UnitId};
use crate::supervision::carrying::{self, Tick};
use crate::transfers::actions::{self, Decision};
use crate::transfers::rules::{Action, Side};
use crate::transfers::wish::{Place, REJECTIONS, When};
use crate::transfers::{Transfer, choices as offered, store};
use crate::web::form::Path;
use crate::web::parts::Choice;
use crate::web::{Form, Page};

/// What may be chosen for a unit that takes cases over.
pub(super) struct Choices {
    pub(super) managers: Vec<Choice>,
    pub(super) supervisors: Vec<Choice>,
    pub(super) agreements: Vec<Choice>,
    pub(super) locations: Vec<Choice>,
}

/// Gathers what may be chosen.
pub(super) async fn choices(work: &mut Work, p: &Page, org: OrgId, unit: UnitId, types: &[i16]) -> Result<Choices, Error> {
    let (managers, supervisors) = super::keepers(work, p, unit, types).await?;
    let agreements = offered::agreements(work, org).await?;
    let locations = offered::locations(work, org).await?.into_iter();
    Ok(Choices {
        managers,
        supervisors,
        agreements: Choice::told_apart(
            p,
            agreements.iter().map(|one| Choice::new(one.id.to_string(), agreement(p, one))).collect(),
        ),
        locations: Choice::told_apart(p, locations.map(|(id, name)| Choice::new(id.to_string(), name)).collect()),
    })
}

/// An agreement in words: who refers to whom, what kind, from when to when; so that no two look alike.
pub(super) fn agreement(p: &Page, one: &offered::Agreement) -> String {
    let whose = p.ta(if one.comes { "transfer-agreement-comes" } else { "transfer-agreement-goes" }, "org", one.other.as_str());
    let until = one.ends_on.map(|day| p.date(&day)).unwrap_or_default();
    format!("{whose} · {} · {} – {until}", p.tc("directory-agreement", &one.kind), p.date(&one.starts_on)).trim_end().to_owned()
}

#[derive(Template)]
#[template(path = "transfers/html/decide.html")]
struct Decide {
    p: Page,
    form: Form,
    path: String,
    code: String,
    version: i32,
    from: String,
    restricted: bool,
    records: Vec<Choice>,
    choices: Choices,
    meant: Vec<Tick>,
    rejections: Vec<Choice>,
}

/// GET /transfers/{id}/decision
pub async fn new(mut work: Work, Path(id): Path<TransferId>) -> Result<Response, Error> {
    let transfer = decidable(&mut work, id).await?;
    transfer.step(Action::Approve, Side::Receiver)?;
    let items = store::items(&mut work, id).await?;
    let mut form = Form::default();
    form.set_all("take", items.iter().map(|item| item.id.to_string()).collect());
    let (page, about) = page(&mut work, &transfer, form).await?;
    work.show(about, page).await
}

async fn decidable(work: &mut Work, id: TransferId) -> Result<Transfer, Error> {
    let transfer = store::find(work, id).await?;
    work.may_in(Act::TransferDecide, transfer.to_unit, None).await?;
    Ok(transfer)
}

async fn page(work: &mut Work, transfer: &Transfer, form: Form) -> Result<(Decide, About), Error> {
    let items = store::items(work, transfer.id).await?;
    let p = Page::titled(work, "transfer-decide-title").await?;
    let mut types: Vec<i16> = items.iter().map(|item| item.case_type).collect();
    types.sort_unstable();
    types.dedup();
    let choices = choices(work, &p, transfer.to_org, transfer.to_unit, &types).await?;
    // Who is to keep it and to supervise it is asked here.
    let ways = store::in_the_way(work, transfer.id).await?.into_iter().filter(|(_, code)| code != "not_cleared");
    let ways: HashMap<Uuid, String> = ways.collect();
    let mut records = Vec::new();
    for item in items.iter().filter(|item| item.state == "waiting") {
        let pack = pack_of(work, item.case_type).await;
        let parts = [
            label(&p, &item.type_labels),
            stage_label(pack.as_deref(), item.case_type, &item.stage, &p),
            risk_label(pack.as_deref(), item.risk.as_deref(), &p),
            ways.get(&item.id).map(|code| p.tc("transfer-why", code)).unwrap_or_default(),
        ];
        let hint = parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ");
        records.push(Choice::new(item.id.to_string(), item.code.clone()).with_hint(hint));
    }
    let page = Decide {
        path: transfer.path(),
        code: transfer.code.clone(),
        version: transfer.version,
        from: transfer.from_org_name.clone(),
        restricted: transfer.is_restricted(),
        records,
        choices,
        meant: carrying::ticks(&p, &form, "manager"),
        rejections: REJECTIONS.iter().map(|code| Choice::new(*code, p.tc("transfer-rejection", code))).collect(),
        form,
        p,
    };
    Ok((page, About::subjects([transfer.id.0].into_iter().chain(items.iter().map(|item| item.case_id.0)))))
}

/// POST /transfers/{id}/decision
pub async fn create(mut work: Work, Path(id): Path<TransferId>, mut form: Form) -> Result<Response, Error> {
    let transfer = decidable(&mut work, id).await?;
    match decided(&mut work, &transfer, &mut form).await {
        Ok(said) => work.then(&transfer.path(), said).await,
        Err(Error::Invalid(errors)) => {
            let mut work = work.again().await?;
            let (page, _) = page(&mut work, &transfer, form.with_errors(errors)).await?;
            work.show_again(&page)
        }
        Err(error) => Err(error),
    }
}

async fn decided(work: &mut Work, transfer: &Transfer, form: &mut Form) -> Result<&'static str, Error> {
    // A decision that comes too late is refused by the state it finds, whatever else the form says.
    actions::locked(work, transfer.id).await?.step(Action::Approve, Side::Receiver)?;
    let when = When::read(work, form);
    if form.value("go") == "reject" {
        let reason = form.one_of("reason", REJECTIONS.iter().copied());
        form.check()?;
        actions::decide(work, transfer.id, Decision::Reject(reason), &[], &when).await?;
        return Ok("transfer-rejected-done");
    }
    let place = Place::read(form);
    let taken: Vec<Uuid> = form.all("take").iter().filter_map(|id| id.parse().ok()).collect();
    let items = store::items(work, transfer.id).await?;
    let left: Vec<Uuid> =
        items.iter().filter(|item| item.state == "waiting" && !taken.contains(&item.id)).map(|item| item.id).collect();
    if taken.is_empty() {
        form.errors.add("take", "required");
    }
    form.check()?;
    actions::decide(work, transfer.id, Decision::Approve(place), &left, &when).await?;
    Ok("transfer-approved-done")
}
