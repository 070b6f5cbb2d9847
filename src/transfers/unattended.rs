//! Requests that nobody can decide any more, because the last who may has left or lost the right: whoever arranges rights there, and whoever
//! asked, hear of it once. Restricted cases are left out: that one waits would tell administrators that there is one (S11).
use crate::audit::{About, Fact};
use crate::error::Error;
use crate::platform::db::Work;
use crate::platform::ids::OrgId;

/// Looks through the requests that wait for this organisation.
pub async fn look(work: &mut Work) -> Result<(), Error> {
    let now = work.now();
    let found = sqlx::query!(
        r#"select id as "id!", from_org as "from_org!: OrgId", to_org as "to_org!: OrgId" from access.mark_unattended_transfers($1)"#,
        now
    )
    .fetch_all(work.db())
    .await?;
    for transfer in found {
        let mut orgs = vec![transfer.to_org, transfer.from_org];
        orgs.dedup();
        work.record(Fact::TransferUnattended, About::subjects([transfer.id]).between(orgs)).await?;
    }
    Ok(())
}
