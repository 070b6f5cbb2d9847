//! Several referrals begun in one action: one draft to each service, for the need that is chosen or, without one, for what the service is for.
use crate::cases;
use crate::directory;
use crate::eligibility::whom::Members;
use crate::error::{Error, invalid};
use crate::platform::db::Work;
use crate::platform::ids::{PersonId, ReferralId, ServiceId};
use crate::referrals::clocks::watch;
use crate::referrals::row::Referral;
use crate::referrals::store;
use crate::web::Form;

use super::draft::{self, CaseBrief};
use super::{others, target};

/// More drafts than this at once nobody would finish.
pub const MOST: usize = 8;

/// Begins a draft to each of these services. The ids come from the form, so that a second click finds the first one's drafts. All or none.
pub async fn begin(
    work: &mut Work,
    case: &CaseBrief,
    need: &str,
    services: &[ServiceId],
    ids: &[ReferralId],
) -> Result<Vec<Referral>, Error> {
    if services.is_empty() {
        return Err(invalid("to", "required"));
    }
    if services.len() > MOST.min(ids.len()) {
        return Err(invalid("to", "too_many_drafts"));
    }
    let members = members(work, case).await?;
    let mut drafts = Vec::new();
    // A service that is named twice is sent to once.
    let once =
        services.iter().enumerate().filter(|(nth, service)| !services[..*nth].contains(service)).map(|(_, service)| service);
    for (service, id) in once.zip(ids) {
        // A draft that waits already is gone on with: two of one service could be told apart by their codes alone.
        if let Some(waiting) = others::draft_to(work, case.id, *service).await? {
            drafts.push(store::find(work, waiting).await?);
            continue;
        }
        let target = target::target(work, &format!("service:{service}")).await?;
        let need = if need.is_empty() { need_of(work, case, *service).await? } else { need.to_owned() };
        let meant = members.meant(&directory::store::find(work, *service).await?)?;
        let person = meant.unwrap_or(PersonId(case.person));
        let form = Form::blank([("need", need), ("person", person.to_string())]);
        drafts.push(draft::begin(work, *id, case, &target, None, &form).await?);
    }
    Ok(drafts)
}

// Whoever meets what a service asks of a member is who it is drafted for; the worker sees it and may choose otherwise.
async fn members(work: &mut Work, case: &CaseBrief) -> Result<Members, Error> {
    let whole = cases::store::find(work, case.id).await?;
    let people: Vec<PersonId> = case.people.iter().copied().map(PersonId).collect();
    Members::of(work, &whole, &people).await
}

/// The first need of a service that the case's pack knows; empty where it knows none, and the worker says it in the draft.
pub async fn need_of(work: &mut Work, case: &CaseBrief, service: ServiceId) -> Result<String, Error> {
    let pack = watch::pack_of(work, case.case_type).await?.ok_or(Error::NotFound)?;
    let service = directory::store::find(work, service).await?;
    Ok(service.needs.into_iter().find(|need| pack.need(need).is_some()).unwrap_or_default())
}
