//! SQL of following up: the safe ways to reach the persons a referral is for (S6).
use crate::error::Error;
use crate::platform::db::Work;
use crate::platform::ids::{PersonId, ReferralId};
use crate::referrals::submission::Reach;
use crate::referrals::words::FollowUp;

/// A way to reach a person that they marked safe, with what they said about it.
#[derive(Clone, Debug)]
pub struct SafeWay {
    pub name: String,
    pub code: String,
    pub value: String,
    pub shared: bool,
    pub others: String,
    pub hours: String,
    pub may_say: String,
    pub voicemail: bool,
    pub agreed_word: String,
    pub checked_on: Option<chrono::NaiveDate>,
}

/// The ways that fit how the person agreed to be asked. Unknown is not safe, so it is not in the list.
pub async fn safe_ways(work: &mut Work, referral: ReferralId, way: &str) -> Result<Vec<SafeWay>, Error> {
    let ways = sqlx::query_as!(
        SafeWay,
        "select p.name, p.code, c.value, c.shared, c.others, c.hours, c.may_say, c.voicemail, c.agreed_word, c.checked_on
         from referral_people r
         join persons p on p.id = r.person_id
         join person_contacts c on c.person_id = p.id
         where r.referral_id = $1 and ((c.safe_to_call and $2 = 'call') or (c.safe_to_text and $2 in ('sms', 'portal')))
         order by p.code, c.recorded_at, c.id limit 50",
        referral.0,
        way
    )
    .fetch_all(work.db())
    .await?;
    Ok(ways)
}

/// Whether any of these persons marked a number safe for this way (S6); what is answered face to face needs none.
pub async fn reach(work: &mut Work, persons: &[PersonId], way: Option<FollowUp>) -> Result<Reach, Error> {
    let channel = match way {
        Some(way @ (FollowUp::Call | FollowUp::Sms)) => way.code(),
        _ => return Ok(Reach::Covered),
    };
    let ids: Vec<uuid::Uuid> = persons.iter().map(|id| id.0).collect();
    let safe = sqlx::query_scalar!(
        r#"select exists (select from person_contacts where person_id = any ($1)
             and ((safe_to_call and $2 = 'call') or (safe_to_text and $2 = 'sms'))) as "is!""#,
        &ids,
        channel
    )
    .fetch_one(work.db())
    .await?;
    Ok(if safe { Reach::Covered } else { Reach::NotCovered })
}
