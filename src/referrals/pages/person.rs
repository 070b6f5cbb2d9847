//! Referring somebody whose page is open: from the case they have, or from one opened here in one step.
//!
//! Every referral rests on a case, which holds the consent and decides who sees it; a person without one gets it on the way.

use askama::Template;
use axum::response::{IntoResponse, Redirect, Response};

use crate::access::Act;
use crate::audit::About;
use crate::cases::actions::{Complaint, Keeper, Opening, open};
use crate::error::{Clash, Error, invalid};
use crate::packs::{self, CaseType, Sensitivity, Subject};
use crate::people;
use crate::platform::db::Work;
use crate::platform::ids::{CaseId, HouseholdId, PersonId};
use crate::supervision::carrying::Meant;
use crate::web::form::{Path, Query};
use crate::web::parts::Choice;
use crate::web::{Form, Page};

#[derive(Template)]
#[template(path = "referrals/html/person.html")]
struct FromPerson {
    p: Page,
    form: Form,
    path: String,
    code: String,
    cases: Vec<(String, String)>,
    types: Vec<Choice>,
    sources: Vec<Choice>,
    may_open: bool,
}

/// GET /people/{id}/refer: straight to the case where there is only one.
pub async fn show(mut work: Work, Path(id): Path<PersonId>, Query(query): Query) -> Result<Response, Error> {
    work.may(Act::ReferralWrite)?;
    people::store::find(&mut work, id).await?;
    let cases = open_cases(&mut work, id).await?;
    if let [only] = cases.as_slice() {
        let to = onward(&query, only.id);
        work.commit().await?;
        return Ok(Redirect::to(&to).into_response());
    }
    let page = page(&mut work, id, cases, query).await?;
    work.show(About::default().with(id), page).await
}

/// POST /people/{id}/refer: opens the case and goes on to the referral.
pub async fn create(mut work: Work, Path(id): Path<PersonId>, mut form: Form) -> Result<Response, Error> {
    work.may(Act::ReferralWrite)?;
    // Without an id of its own, as older forms come, each sending opens a case.
    let drawn = form.parsed_maybe("draft").unwrap_or_else(CaseId::new);
    match open_for(&mut work, id, drawn, &mut form).await {
        Ok(case) => work.then(&onward(&form, case), "refer-person-opened").await,
        Err(Error::Conflict(Clash::State { code: "case_opened_before", .. })) => {
            let mut work = work.again().await?;
            crate::cases::store::find(&mut work, drawn).await?;
            work.then(&onward(&form, drawn), "case-opened-before").await
        }
        Err(Error::Invalid(errors)) => {
            let mut work = work.again().await?;
            let cases = open_cases(&mut work, id).await?;
            let page = page(&mut work, id, cases, form.with_errors(errors)).await?;
            work.show_again(&page)
        }
        Err(error) => Err(error),
    }
}

// A record of the person, from which this was started, goes along.
fn onward(form: &Form, case: CaseId) -> String {
    match form.value("from").parse::<uuid::Uuid>() {
        _ if form.ticked("emergency") => format!("/cases/{case}/emergency"),
        Ok(record) => format!("/cases/{case}/refer?from={record}"),
        Err(_) => format!("/cases/{case}/refer"),
    }
}

struct OpenCase {
    id: CaseId,
    code: String,
    case_type: i16,
}

// The person's own: a member of somebody else's household case is not referred from there without looking at it first.
async fn open_cases(work: &mut Work, person: PersonId) -> Result<Vec<OpenCase>, Error> {
    let rows = sqlx::query!(
        "select distinct c.id, c.code, c.case_type, c.opened_at from case_people p join cases c on c.id = p.case_id
         where p.person_id = $1 and p.part in ('subject', 'member') and c.closed_at is null order by c.opened_at desc limit 20",
        person.0
    )
    .fetch_all(work.db())
    .await?;
    Ok(rows.into_iter().map(|row| OpenCase { id: CaseId(row.id), code: row.code, case_type: row.case_type }).collect())
}

async fn open_for(work: &mut Work, person: PersonId, drawn: CaseId, form: &mut Form) -> Result<CaseId, Error> {
    let household = people::store::household_of(work, person).await?.map(|household| household.id);
    let case_type: i16 = form.parsed("case_type").unwrap_or_default();
    let intake_source = form.text("intake_source", 60);
    form.check()?;
    let fitting = types(work, household).await?.into_iter().find(|(_, kind)| i16::from(kind.id) == case_type);
    let (_, kind) = fitting.ok_or_else(|| invalid("case_type", "not_a_choice"))?;
    let whole = kind.subject == Subject::Household;
    let opening = Opening {
        id: drawn,
        person,
        household: household.filter(|_| whole),
        case_type,
        unit: None,
        intake_source,
        priority: "normal".to_owned(),
        risk: None,
        keeper: Keeper::Me,
        supervisor: None,
        limits_explained_on: None,
        opened_at: None,
        meant: Meant::default(),
        complaint: Complaint::default(),
    };
    open(work, opening).await
}

// What can be opened in one step: a restricted type needs a named supervisor, and some go to another unit; those keep their own page.
async fn types(work: &mut Work, household: Option<HouseholdId>) -> Result<Vec<(std::sync::Arc<packs::Pack>, CaseType)>, Error> {
    let cleared = crate::cases::store::cleared_types(work).await?;
    let mut types = Vec::new();
    for (_, pack) in packs::store::newest(work).await? {
        let fits = |kind: &&CaseType| {
            cleared.contains(&i16::from(kind.id))
                && kind.sensitivity != Sensitivity::Restricted
                && !kind.outside_unit
                && (kind.subject != Subject::Household || household.is_some())
        };
        types.extend(pack.case_types.iter().filter(fits).map(|kind| (pack.clone(), kind.clone())));
    }
    Ok(types)
}

async fn page(work: &mut Work, id: PersonId, cases: Vec<OpenCase>, mut form: Form) -> Result<FromPerson, Error> {
    let person = people::store::find(work, id).await?;
    let household = people::store::household_of(work, id).await?.map(|household| household.id);
    let types = types(work, household).await?;
    let p = Page::of(work, person.code.clone()).await?;
    let lang = p.reader.lang;
    // Gone back to and sent again with other words, the form still opens one case.
    if !form.filled("draft") {
        form.set("draft", CaseId::new().to_string());
    }
    if let ([(_, only)], false) = (types.as_slice(), form.filled("case_type")) {
        form.set("case_type", only.id.to_string());
    }
    let label = |case_type: i16| {
        let known = types.iter().find(|(_, kind)| i16::from(kind.id) == case_type);
        known.map(|(_, kind)| kind.labels.get(lang).to_owned()).unwrap_or_default()
    };
    let mut sources = Vec::new();
    for source in types.iter().flat_map(|(pack, _)| &pack.intake_sources) {
        Choice::new(&source.code, source.labels.get(lang)).add_once(&mut sources);
    }
    Ok(FromPerson {
        path: person.path(),
        cases: cases
            .iter()
            .map(|case| {
                let words = [case.code.clone(), label(case.case_type)].into_iter().filter(|word| !word.is_empty());
                (onward(&form, case.id), words.collect::<Vec<_>>().join(" · "))
            })
            .collect(),
        sources,
        types: types.iter().map(|(_, kind)| Choice::new(kind.id.to_string(), kind.labels.get(lang))).collect(),
        may_open: work.holds(Act::CaseOpen),
        code: person.code.clone(),
        form,
        p,
    })
}
