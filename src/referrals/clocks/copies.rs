//! What became of the copies outside: a letter that never arrived is the sender's move again, and after a withdrawal whoever can't be asked
//! by mail is asked by hand (S4). Jobs find these out; no side has moved. Each makes a new version: whoever acts on what they read before would wind the
//! clocks as if it had not been.
use super::watch::{self, Clockwork};
use crate::audit::Fact;
use crate::error::Error;
use crate::platform::db::Work;
use crate::platform::ids::ReferralId;
use crate::referrals::store;

/// The copy that was sent never arrived.
pub async fn lost(work: &mut Work, id: ReferralId) -> Result<(), Error> {
    let now = work.now();
    sqlx::query!("update referrals set copy_lost_at = $2, version = version + 1 where id = $1", id.0, now)
        .execute(work.db())
        .await?;
    wind(work, id).await
}

/// Another copy is on its way.
pub async fn on_its_way(work: &mut Work, id: ReferralId) -> Result<(), Error> {
    let had = sqlx::query!(
        "update referrals set copy_lost_at = null, version = version + 1 where id = $1 and copy_lost_at is not null",
        id.0
    )
    .execute(work.db())
    .await?;
    if had.rows_affected() == 0 { Ok(()) } else { wind(work, id).await }
}

/// Whoever has a copy outside was asked by mail to stop using it and delete it.
pub async fn recalled_by_mail(work: &mut Work, id: ReferralId) -> Result<(), Error> {
    let now = work.now();
    sqlx::query!(
        "update referrals set deletion_mailed_at = $2, deletion_by_hand_at = null, version = version + 1 where id = $1",
        id.0,
        now
    )
    .execute(work.db())
    .await?;
    wind(work, id).await
}

/// Nobody can be asked by mail: the sender asks by hand.
pub async fn left_to_be_recalled_by_hand(work: &mut Work, id: ReferralId) -> Result<(), Error> {
    let now = work.now();
    sqlx::query!(
        "update referrals set deletion_by_hand_at = $2, version = version + 1 where id = $1 and deletion_mailed_at is null",
        id.0,
        now
    )
    .execute(work.db())
    .await?;
    wind(work, id).await
}

/// The message that asked for it did not get through.
pub async fn not_recalled_by_mail(work: &mut Work, id: ReferralId) -> Result<(), Error> {
    sqlx::query!("update referrals set deletion_mailed_at = null, version = version + 1 where id = $1", id.0)
        .execute(work.db())
        .await?;
    left_to_be_recalled_by_hand(work, id).await
}

/// The case that it was sent from is to be erased (S29): whoever has copies is asked to delete them. Nobody took anything back, so that no figure changes.
pub async fn recalled_with_its_case(work: &mut Work, id: ReferralId) -> Result<(), Error> {
    let now = work.now();
    let asked = sqlx::query!(
        "update referrals set sharing = 'deletion_asked', deletion_asked_at = $2, version = version + 1 where id = $1 and sharing = 'open'",
        id.0,
        now
    )
    .execute(work.db())
    .await?;
    if asked.rows_affected() == 0 {
        return Ok(());
    }
    store::destroy_packets(work, id).await?;
    let referral = store::find(work, id).await?;
    let about = || referral.about().between(referral.orgs());
    work.record(Fact::PacketClosed, about()).await?;
    work.record(Fact::DeletionAsked, about()).await?;
    wind(work, id).await
}

// Whose move it is follows at once, and the clocks look again.
async fn wind(work: &mut Work, id: ReferralId) -> Result<(), Error> {
    let now = work.now();
    sqlx::query!("update referrals set look_at = $2 where id = $1", id.0, now).execute(work.db()).await?;
    let referral = crate::referrals::store::find(work, id).await?;
    let clockwork = Clockwork::of(work, &referral).await?;
    watch::keep(work, &referral, &clockwork).await
}
