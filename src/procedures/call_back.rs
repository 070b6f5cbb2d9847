//! Whoever has something of a case is asked to stop using it and to delete every copy: receivers of referrals, organisations that got minutes of a
//! conference, hosts of community projects. Each room knows whom; here stands that none is forgotten.
use chrono::{DateTime, TimeDelta, Utc};

use crate::access::subject::{self, Subject};
use crate::consent::{self, Consent, Kind};
use crate::error::Error;
use crate::meetings::conference::recall;
use crate::platform::db::Work;
use crate::platform::ids::ReferralId;
use crate::platform::jobs::Taken;
use crate::projects;
use crate::referrals;
use crate::referrals::action::Action;
use crate::referrals::actions::Said;
use crate::referrals::clocks::copies;
use crate::referrals::sending::draft;
use crate::referrals::words::{Extent, Status};

/// Everything that rests on a consent or another basis: what was sent is closed and called back, what was being written is emptied. Whether minutes
/// had to be called back.
pub(super) async fn resting_on(work: &mut Work, consent: &Consent, subject: &Subject, extent: Extent) -> Result<bool, Error> {
    for referral in consent::store::referrals_resting_on(work, consent).await? {
        end_sharing(work, referral, extent).await?;
    }
    let minutes = recall::resting_on(work, consent, subject).await?;
    projects::recall::resting_on(work, consent, subject).await?;
    for draft in draft::drafts_about(work, subject.id, consent.person_id).await? {
        draft::drop_packet(work, &draft).await?;
    }
    Ok(minutes)
}

// The referral's own verb closes packets, destroys their keys, writes the log without a reason and asks for deletion.
async fn end_sharing(work: &mut Work, id: ReferralId, extent: Extent) -> Result<(), Error> {
    let referral = referrals::store::find(work, id).await?;
    if referral.state.status == Status::Draft {
        return Ok(());
    }
    let Ok(extent) = referrals::withdrawal(&referral.state, extent) else { return Ok(()) };
    referrals::actions::act(work, &referral, Action::Withdraw { extent }, Said::default()).await.map(|_| ())
}

/// Somebody refused what they had agreed to (S3): hosts of community projects that may not know them any more are asked to delete, as after a withdrawal.
/// What was sent to others on an earlier yes stands until that is withdrawn.
pub async fn call_back_refused(work: &mut Work, job: &Taken) -> Result<(), Error> {
    let id = serde_json::from_value(job.body["consent"].clone()).map_err(anyhow::Error::from)?;
    let refusal = match consent::store::find(work, id).await {
        Ok(refusal) => refusal,
        Err(Error::NotFound) => return Ok(()),
        Err(error) => return Err(error),
    };
    if refusal.kind != Kind::Refused || refusal.withdrawn_at.is_some() {
        return Ok(());
    }
    let subject = subject::find(work, refusal.case_id).await?;
    projects::recall::resting_on(work, &refusal, &subject).await
}

/// Everything that was shared of a case which is to be erased; until when everybody has time to answer, which is now where nobody got anything.
pub(super) async fn with_its_case(work: &mut Work, subject: &Subject) -> Result<DateTime<Utc>, Error> {
    let shared = referrals::store::shared_of_case(work, subject.id).await?;
    for referral in &shared {
        copies::recalled_with_its_case(work, *referral).await?;
    }
    let minutes = recall::with_its_case(work, subject).await?;
    let hosted = projects::recall::with_its_case(work, subject).await?;
    let wait = if shared.is_empty() {
        TimeDelta::zero()
    } else {
        TimeDelta::hours(subject.pack(work).await?.deadlines.withdrawal.rough_hours().into())
    };
    let later = work.now() + wait;
    Ok([minutes, hosted].into_iter().flatten().fold(later, Ord::max))
}
