//! What stands beside a draft: referrals of its persons that run for the same service, and other drafts of its case that wait.
//!
//! Only what the actor may see: row security keeps restricted cases out of both questions (S11).
use chrono::{DateTime, Utc};

use crate::error::Error;
use crate::platform::db::Work;
use crate::platform::ids::{CaseId, PersonId, ReferralId, ServiceId};
use crate::referrals::row::Referral;

/// Another referral, by what a link to it says.
#[derive(Clone, Debug)]
pub struct Other {
    /// Its id.
    pub id: ReferralId,
    /// Its code.
    pub code: String,
    /// The service's name in the reader's language.
    pub service: String,
    /// The service, where it goes to one.
    pub service_id: Option<ServiceId>,
}

impl Other {
    /// The service with the code.
    pub fn words(&self) -> String {
        [self.service.as_str(), &self.code].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ")
    }
}

/// A referral of a case that runs, and since when.
#[derive(Clone, Debug)]
pub struct UnderWay {
    /// Its id.
    pub id: ReferralId,
    /// Its code.
    pub code: String,
    /// The service that it went to.
    pub service: ServiceId,
    /// When it was sent.
    pub sent_at: DateTime<Utc>,
}

/// The referrals of a case to services that run, the latest first.
pub async fn under_way(work: &mut Work, case: CaseId) -> Result<Vec<UnderWay>, Error> {
    let running = sqlx::query_as!(
        UnderWay,
        r#"select id as "id: ReferralId", code, service_id as "service!: ServiceId", coalesce(requested_at, recorded_at) as "sent_at!" from referrals
           where case_id = $1 and service_id is not null and status in ('requested', 'accepted', 'in_progress', 'on_hold')
           order by requested_at desc limit 60"#,
        case.0
    )
    .fetch_all(work.db())
    .await?;
    Ok(running)
}

/// A service that a case was given.
#[derive(Clone, Debug)]
pub struct Given {
    /// The referral that says so.
    pub id: ReferralId,
    /// Its code.
    pub code: String,
    /// The service.
    pub service: ServiceId,
    /// When that was reported.
    pub given_at: DateTime<Utc>,
}

/// The services that a case was given, each with the latest referral that says so; what the person says never came is not among them.
pub async fn given(work: &mut Work, case: CaseId) -> Result<Vec<Given>, Error> {
    let given = sqlx::query_as!(
        Given,
        r#"select distinct on (service_id) id as "id: ReferralId", code, service_id as "service!: ServiceId",
             access.given_at(status, loop, ended_at, requested_at, recorded_at) as "given_at!" from referrals
           where case_id = $1 and service_id is not null and kind <> 'transfer_notice'
             and access.given_at(status, loop, ended_at, requested_at, recorded_at) is not null
           order by service_id, access.given_at(status, loop, ended_at, requested_at, recorded_at) desc limit 200"#,
        case.0
    )
    .fetch_all(work.db())
    .await?;
    Ok(given)
}

/// Referrals in flight for one of these persons and the same service.
pub async fn running(work: &mut Work, referral: &Referral, persons: &[PersonId]) -> Result<Vec<Other>, Error> {
    let ids: Vec<uuid::Uuid> = persons.iter().map(|id| id.0).collect();
    let lang = work.lang().code();
    let rows = sqlx::query_as!(
        Other,
        r#"select r.id as "id!: ReferralId", r.code as "code!", access.named(s.names, r.service_name, $4) as "service!", r.service_id as "service_id: ServiceId"
           from referrals r left join services s on s.id = r.service_id
           where r.service_id = $1 and r.id <> $3 and r.status in ('requested', 'accepted', 'in_progress', 'on_hold')
             and exists (select from referral_people p where p.referral_id = r.id and p.person_id = any ($2))
           order by r.requested_at desc limit 5"#,
        referral.wanted.service_id.map(|id| id.0),
        &ids,
        referral.id.0,
        lang
    )
    .fetch_all(work.db())
    .await?;
    Ok(rows)
}

/// The other drafts of the same case, the oldest first.
pub async fn waiting(work: &mut Work, referral: &Referral) -> Result<Vec<Other>, Error> {
    let lang = work.lang().code();
    let rows = sqlx::query_as!(
        Other,
        r#"select r.id as "id!: ReferralId", r.code as "code!", access.named(s.names, r.service_name, $3) as "service!", r.service_id as "service_id: ServiceId"
           from referrals r left join services s on s.id = r.service_id
           where r.case_id = $1 and r.id <> $2 and r.status = 'draft' and r.step <> 'discarded' order by r.recorded_at, r.id limit 8"#,
        referral.case_id.map(|id| id.0),
        referral.id.0,
        lang
    )
    .fetch_all(work.db())
    .await?;
    Ok(rows)
}

/// Every draft of a case that waits, the oldest first.
pub async fn drafts_of(work: &mut Work, case: CaseId) -> Result<Vec<Other>, Error> {
    let lang = work.lang().code();
    let rows = sqlx::query_as!(
        Other,
        r#"select r.id as "id!: ReferralId", r.code as "code!", access.named(s.names, r.service_name, $2) as "service!", r.service_id as "service_id: ServiceId"
           from referrals r left join services s on s.id = r.service_id
           where r.case_id = $1 and r.status = 'draft' and r.step <> 'discarded' order by r.recorded_at, r.id limit 30"#,
        case.0,
        lang
    )
    .fetch_all(work.db())
    .await?;
    Ok(rows)
}

/// The draft of a case that waits for this service, the oldest of several.
pub async fn draft_to(work: &mut Work, case: CaseId, service: ServiceId) -> Result<Option<ReferralId>, Error> {
    let draft = sqlx::query_scalar!(
        r#"select id as "id: ReferralId" from referrals
           where case_id = $1 and service_id = $2 and status = 'draft' and step <> 'discarded' order by recorded_at, id limit 1"#,
        case.0,
        service.0
    );
    Ok(draft.fetch_optional(work.db()).await?)
}
