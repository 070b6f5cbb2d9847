//! Who can say that the service came: a child only where the referral is for one.
use crate::error::{Error, invalid};
use crate::people::{self, Person};
use crate::platform::db::Work;
use crate::referrals::action::Action;
use crate::referrals::loop_state::Receipt;
use crate::referrals::row::Referral;
use crate::referrals::store;
use crate::referrals::words::Confirmer;

// Of age everywhere this program works.
const GROWN: u32 = 18;

/// Refuses the word of a child where all for whom the referral is are grown; whose age nobody knows may be one.
pub async fn check(work: &mut Work, referral: &Referral, action: &Action) -> Result<(), Error> {
    let Action::ConfirmReceipt(Receipt::Received(Confirmer::Child) | Receipt::NotReceived(Confirmer::Child)) = action else {
        return Ok(());
    };
    let persons = store::persons(work, referral.id).await?;
    let persons = people::store::several(work, &persons).await?;
    if may_be_child(work, &persons) { Ok(()) } else { Err(invalid("confirmer", "no_child_to_ask")) }
}

/// Whom the form offers.
pub fn offered(work: &Work, persons: &[Person]) -> Vec<Confirmer> {
    let child = may_be_child(work, persons);
    Confirmer::ALL.iter().copied().filter(|who| child || *who != Confirmer::Child).collect()
}

fn may_be_child(work: &Work, persons: &[Person]) -> bool {
    let today = work.today();
    persons.is_empty() || persons.iter().any(|person| person.age_on(today).is_none_or(|age| age < GROWN))
}
