//! Writing a transfer: which cases, where to, what goes along, on what ground; then ask, or move at once.
use askama::Template;
use axum::response::{IntoResponse, Redirect, Response};

use super::beforehand::{self, Beforehand};
use super::pack_of;
use super::stays::Stays;
use crate::access::Act;
use crate::audit::About;
use crate::cases::{self, Case};
use crate::error::{Error, invalid};
use crate::packs::{Sensitivity, Subject};
use crate::platform::db::Work;
use crate::platform::ids::{CaseId, ReferralId, TransferId, UnitId};
use crate::referrals::sending::{draft, target};
use crate::supervision::carrying::{self, Tick};
use crate::transfers::rules::{Action, Side};
use crate::transfers::wish::{self, Place, REASONS, When};
use crate::transfers::{Transfer, actions, choices as offered, store};
use crate::web::form::{Path, Query};
use crate::web::parts::Choice;
use crate::web::{Form, Page};

/// GET /cases/{id}/transfer
pub async fn of_case(mut work: Work, Path(id): Path<CaseId>) -> Result<Response, Error> {
    cases::store::find(&mut work, id).await?;
    may_ask(&work)?;
    work.reaches_beyond_task(id).await?;
    Ok(Redirect::to(&format!("/transfers/new?case={id}")).into_response())
}

pub(super) fn may_ask(work: &Work) -> Result<(), Error> {
    work.may(Act::TransferRequest).or_else(|_| work.may(Act::TransferDirect))
}

#[derive(Template)]
#[template(path = "transfers/html/new.html")]
struct New {
    p: Page,
    form: Form,
    action: String,
    version: i32,
    cases: Vec<(String, String, String)>,
    case_ids: Vec<String>,
    count: String,
    places: Vec<Choice>,
    to: String,
    to_name: String,
    change: String,
    types: Vec<(String, String)>,
    reasons: Vec<Choice>,
    yes_no: Vec<Choice>,
    household_fixed: bool,
    left: Vec<Stays>,
    beforehand: Beforehand,
    bases: Vec<Choice>,
    direct: bool,
    restricted: bool,
    keepers: Vec<Choice>,
    meant: Vec<Tick>,
    supervisors: Vec<Choice>,
    announce: String,
    editing: bool,
}

/// GET /transfers/new
pub async fn new(mut work: Work, Query(query): Query) -> Result<Response, Error> {
    may_ask(&work)?;
    let mut form = query;
    if form.all("case").is_empty() {
        return Ok(Redirect::to("/transfers/choose?chosen=none").into_response());
    }
    all_along(&mut form);
    let (page, about) = page(&mut work, form, None).await?;
    work.show(about, page).await
}

// Until somebody says otherwise, everything goes along.
fn all_along(form: &mut Form) {
    for name in ["documents", "referrals", "household"] {
        if !form.filled(name) {
            form.set(name, "yes");
        }
    }
}

/// GET /transfers/{id}/edit
pub async fn edit(mut work: Work, Path(id): Path<TransferId>, Query(query): Query) -> Result<Response, Error> {
    let transfer = editable(&mut work, id).await?;
    let mut form = filled(&mut work, &transfer).await?;
    if query.filled("to") {
        form.set("to", query.value("to"));
    }
    let (page, about) = page(&mut work, form, Some(&transfer)).await?;
    work.show(about, page).await
}

async fn editable(work: &mut Work, id: TransferId) -> Result<Transfer, Error> {
    let transfer = store::find(work, id).await?;
    actions::may_send(work, &transfer).await?;
    transfer.step(Action::Edit, Side::Sender)?;
    Ok(transfer)
}

async fn filled(work: &mut Work, transfer: &Transfer) -> Result<Form, Error> {
    let items = store::items(work, transfer.id).await?;
    let mut form = Form::default();
    form.set_all("case", items.iter().filter(|item| item.kind == "asked").map(|item| item.case_id.to_string()).collect());
    form.set("to", transfer.to_unit.to_string());
    form.set("reason", &transfer.reason);
    let goes =
        [("documents", transfer.with_documents), ("referrals", transfer.with_referrals), ("household", transfer.with_household)];
    for (name, along) in goes {
        form.set(name, if along { "yes" } else { "no" });
    }
    for kind in &transfer.with_types {
        form.set(&format!("type_{kind}"), "yes");
    }
    form.set("basis", &transfer.basis);
    form.set("agreed_on", transfer.agreed_on.map(|day| day.to_string()).unwrap_or_default());
    Ok(form)
}

/// POST /transfers/new
pub async fn create(mut work: Work, mut form: Form) -> Result<Response, Error> {
    match made(&mut work, &mut form).await {
        Ok((transfer, said)) => work.then(&transfer.path(), said).await,
        Err(Error::Invalid(errors)) => again(work, form.with_errors(errors), None).await,
        Err(error) => Err(error),
    }
}

async fn made(work: &mut Work, form: &mut Form) -> Result<(Transfer, &'static str), Error> {
    may_ask(work)?;
    let today = work.today();
    let wish = wish::read(form, today);
    let (go, version) = (form.value("go").to_owned(), form.parsed_maybe("version"));
    let (place, when) = (Place::read(form), When::read(work, form));
    form.check()?;
    match go.as_str() {
        "direct" => {
            let transfer = actions::direct(work, &wish, &place, version).await?;
            let over = transfer.state().is_over();
            Ok((transfer, if over { "transfer-moved" } else { "transfer-moving" }))
        }
        "submit" => {
            let transfer = actions::draft(work, &wish).await?;
            Ok((actions::submit(work, transfer.id, &when).await?, "transfer-submitted-done"))
        }
        _ => Ok((actions::draft(work, &wish).await?, "transfer-saved")),
    }
}

/// POST /transfers/{id}/edit
pub async fn update(mut work: Work, Path(id): Path<TransferId>, mut form: Form) -> Result<Response, Error> {
    let transfer = editable(&mut work, id).await?;
    match changed(&mut work, &transfer, &mut form).await {
        Ok(said) => work.then(&transfer.path(), said).await,
        Err(Error::Invalid(errors)) => again(work, form.with_errors(errors), Some(&transfer)).await,
        Err(error) => Err(error),
    }
}

async fn changed(work: &mut Work, transfer: &Transfer, form: &mut Form) -> Result<&'static str, Error> {
    let today = work.today();
    let wish = wish::read(form, today);
    let (version, when) = (form.parsed_maybe("version").unwrap_or(0), When::read(work, form));
    form.check()?;
    actions::edit(work, transfer, &wish, version).await?;
    if form.value("go") != "submit" {
        return Ok("transfer-saved");
    }
    actions::submit(work, transfer.id, &when).await?;
    Ok("transfer-submitted-done")
}

async fn again(work: Work, form: Form, transfer: Option<&Transfer>) -> Result<Response, Error> {
    let mut work = work.again().await?;
    let (page, _) = page(&mut work, form, transfer).await?;
    work.show_again(&page)
}

async fn chosen(work: &mut Work, form: &Form) -> Result<Vec<Case>, Error> {
    let mut found = Vec::new();
    for id in form.all("case").iter().filter_map(|id| id.parse().ok()).take(wish::MOST_RECORDS) {
        found.push(cases::store::find(work, id).await?);
        work.reaches_beyond_task(id).await?;
    }
    Ok(found)
}

async fn page(work: &mut Work, form: Form, transfer: Option<&Transfer>) -> Result<(New, About), Error> {
    let found = chosen(work, &form).await?;
    let first = found.first().ok_or(Error::NotFound)?;
    let destinations = offered::destinations(work, &kinds(&found)).await?;
    let to = destinations.iter().find(|place| place.unit.to_string() == form.value("to"));
    let p = Page::titled(work, "transfer-new-title").await?;
    let (org, across) = (first.org, to.is_some_and(|place| place.org != first.org));
    let direct = match to {
        Some(place) if transfer.is_none() && work.holds(Act::TransferDirect) => may_direct(work, &found, place.unit).await,
        _ => false,
    };
    let restricted = found.iter().any(|case| case.sensitivity() == Sensitivity::Restricted);
    let (keepers, supervisors) = keepers(work, &p, to.filter(|_| direct).map(|place| place.unit), &kinds(&found)).await?;
    let household = any_household(work, &found).await;
    let ids: Vec<CaseId> = found.iter().map(|case| case.id).collect();
    let query = ids.iter().map(|id| format!("case={id}")).collect::<Vec<_>>().join("&");
    let action = transfer.map_or_else(|| "/transfers/new".to_owned(), |transfer| format!("{}/edit", transfer.path()));
    let lone = found.len() == 1 && transfer.is_none();
    let (yes_no, bases) = (choices(&p, "transfer-goes", &["yes", "no"]), choices(&p, "transfer-basis", &["on_file", "agreed"]));
    let places = destinations
        .iter()
        .filter(|place| place.unit != first.unit && (restricted || !place.discreet))
        .filter(|place| place.decides || place.direct || (lone && place.receives))
        .map(|place| Choice::new(place.unit.to_string(), place_name(&p, place, org)));
    let coded: Vec<(CaseId, String)> = found.iter().map(|case| (case.id, case.code.clone())).collect();
    let beforehand = beforehand::of(work, &found, to.map(|place| (place.unit, place.org))).await?;
    let receives = to.is_some_and(|place| place.receives);
    let announces = receives && lone && work.holds(Act::ReferralWrite) && beforehand.fixed.is_empty();
    let announce = if announces { format!("/cases/{}/transfer-notice", first.id) } else { String::new() };
    let page = New {
        version: transfer.map_or_else(|| first.version, |transfer| transfer.version),
        types: types(work, &p, &found).await?,
        places: Choice::told_apart(&p, places.collect()),
        to: to.map(|place| place.unit.to_string()).unwrap_or_default(),
        to_name: to.map(|place| place_name(&p, place, org)).unwrap_or_default(),
        change: transfer.map_or_else(|| format!("/transfers/new?{query}"), |_| String::new()),
        reasons: choices(&p, "transfer-reason", REASONS),
        yes_no,
        household_fixed: household,
        left: super::stays::of(work, &p, &coded, to.filter(|_| across).map(|place| place.org)).await?,
        beforehand,
        bases,
        direct,
        restricted,
        keepers,
        meant: carrying::ticks(&p, &form, "manager"),
        supervisors,
        announce,
        editing: transfer.is_some(),
        cases: lines(work, &p, &found).await?,
        count: p.number(i64::try_from(found.len()).unwrap_or(0)),
        case_ids: ids.iter().map(CaseId::to_string).collect(),
        action,
        form,
        p,
    };
    Ok((page, About::subjects(found.iter().map(|case| case.id.0))))
}

fn kinds(cases: &[Case]) -> Vec<i16> {
    let mut kinds: Vec<i16> = cases.iter().map(|case| case.case_type).collect();
    kinds.sort_unstable();
    kinds.dedup();
    kinds
}

fn place_name(p: &Page, place: &offered::Destination, own: i32) -> String {
    match (place.org == own, place.discreet) {
        (true, _) => place.name.clone(),
        (_, true) if place.alike > 1 => {
            offered::placed(&place.org_name, &p.ta("transfer-discreet-desk-nth", "number", p.number(place.nth)))
        }
        (_, true) => offered::placed(&place.org_name, &p.t("transfer-discreet-desk")),
        _ => offered::placed(&place.org_name, &place.name),
    }
}

fn choices(p: &Page, family: &str, codes: &[&str]) -> Vec<Choice> {
    codes.iter().map(|code| Choice::new(*code, p.tc(family, code))).collect()
}

async fn may_direct(work: &mut Work, cases: &[Case], unit: UnitId) -> bool {
    for case in cases {
        if work.may_in(Act::TransferDirect, case.unit, Some(case.id)).await.is_err() {
            return false;
        }
    }
    work.may_in(Act::TransferDirect, unit, None).await.is_ok()
}

async fn keepers(work: &mut Work, p: &Page, unit: Option<UnitId>, types: &[i16]) -> Result<(Vec<Choice>, Vec<Choice>), Error> {
    match unit {
        Some(unit) => super::keepers(work, p, unit, types).await,
        None => Ok((Vec::new(), Vec::new())),
    }
}

// A household's case takes its household along; there is no choice.
async fn any_household(work: &mut Work, cases: &[Case]) -> bool {
    for case in cases {
        let pack = pack_of(work, case.case_type).await;
        let kind = u8::try_from(case.case_type).ok().and_then(|id| pack.as_ref()?.case_type_by_id(id));
        if kind.is_none_or(|kind| kind.subject != Subject::Household) {
            return false;
        }
    }
    true
}

// The types of related cases that there are, as far as the actor sees them; restricted ones never (S11).
async fn types(work: &mut Work, p: &Page, cases: &[Case]) -> Result<Vec<(String, String)>, Error> {
    let ids: Vec<CaseId> = cases.iter().map(|case| case.id).collect();
    let mut counted = std::collections::BTreeMap::<i16, i64>::new();
    for (_, kind) in offered::related(work, &ids).await? {
        *counted.entry(kind).or_default() += 1;
    }
    let mut types = Vec::new();
    for (kind, count) in counted {
        let pack = pack_of(work, kind).await;
        let label = u8::try_from(kind)
            .ok()
            .and_then(|id| pack.as_ref()?.case_type_by_id(id))
            .map(|kind| kind.labels.get(p.reader.lang).to_owned());
        types.push((format!("type_{kind}"), format!("{} ({})", label.unwrap_or_default(), p.number(count))));
    }
    Ok(types)
}

// Code, type and stage; the name of a standard case only (S13).
async fn lines(work: &mut Work, p: &Page, cases: &[Case]) -> Result<Vec<(String, String, String)>, Error> {
    let mut lines = Vec::new();
    for case in cases {
        let pack = pack_of(work, case.case_type).await;
        let kind = u8::try_from(case.case_type).ok().and_then(|id| pack.as_ref()?.case_type_by_id(id));
        let kind = kind.map(|kind| kind.labels.get(p.reader.lang).to_owned()).unwrap_or_default();
        let name = if case.goes_by_code() {
            String::new()
        } else {
            format!("{} · ", offered::subject_name(work, case.person_id).await?)
        };
        let stage = super::stage_label(pack.as_deref(), case.case_type, &case.stage, p);
        lines.push((case.path(), format!("{name}{}", case.code), format!("{kind} · {stage}")));
    }
    Ok(lines)
}

/// POST /cases/{id}/transfer-notice: announces the transfer; the other organisation completes it.
pub async fn announce(mut work: Work, Path(id): Path<CaseId>, mut form: Form) -> Result<Response, Error> {
    match announced(&mut work, id, &form).await {
        Ok(notice) => work.then(&format!("/referrals/{notice}/edit"), "transfer-notice-drafted").await,
        Err(Error::Invalid(errors)) => {
            form.set("case", id.to_string());
            all_along(&mut form);
            again(work, form.with_errors(errors), None).await
        }
        Err(error) => Err(error),
    }
}

async fn announced(work: &mut Work, id: CaseId, form: &Form) -> Result<ReferralId, Error> {
    let case = draft::case(work, id).await?;
    work.may(Act::ReferralWrite)?;
    let to = offered::destinations(work, &[]).await?.into_iter().find(|place| place.unit.to_string() == form.value("to"));
    let to = to.ok_or_else(|| invalid("to", "not_a_choice"))?;
    let target = target::target(work, &format!("notice:{}", to.org)).await?;
    let mut fields = Form::default();
    fields.set("person", case.person.to_string());
    Ok(draft::begin(work, ReferralId::new(), &case, &target, None, &fields).await?.id)
}
