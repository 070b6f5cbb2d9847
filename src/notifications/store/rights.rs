//! Who holds a right, as only the database itself may say: who can give one that is missing, and who reads minutes that another organisation shared.
use uuid::Uuid;

use crate::error::Error;
use crate::platform::db::Work;

/// Who arranges rights in this organisation, where it is the one that a transfer is asked of.
pub async fn administrators_for(work: &mut Work, transfer: Uuid) -> Result<Vec<Uuid>, Error> {
    let org = work.org();
    let users = sqlx::query_scalar!(
        "select distinct m.user_id from transfers t join memberships m on m.org = t.to_org and m.ended_at is null join roles r on r.id = m.role
         where t.id = $1 and t.to_org = $2 and 'admin.users' = any (r.acts)",
        transfer,
        org
    );
    Ok(users.fetch_all(work.db()).await?)
}

/// Those of these packets that came to the organisation of this job, each with whoever reads it there.
pub async fn minutes_received(work: &mut Work, packets: &[Uuid]) -> Result<Vec<(Uuid, Vec<Uuid>)>, Error> {
    let rows = sqlx::query!(r#"select packet as "packet!", readers as "readers!" from access.minutes_received($1)"#, packets);
    Ok(rows.fetch_all(work.db()).await?.into_iter().map(|row| (row.packet, row.readers)).collect())
}

/// Those of these parties to a conference which is called off that are the organisation of this job, each with whoever hears of it there.
pub async fn parties_called_off(work: &mut Work, parties: &[Uuid]) -> Result<Vec<(Uuid, Vec<Uuid>)>, Error> {
    let rows = sqlx::query!(r#"select party as "party!", readers as "readers!" from access.parties_called_off($1)"#, parties);
    Ok(rows.fetch_all(work.db()).await?.into_iter().map(|row| (row.party, row.readers)).collect())
}
