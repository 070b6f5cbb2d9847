//! Every SQL statement of conferences. Who comes is sealed with the case's key, a packet with a key of its own.
use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::party::{Agreed, Invited, Minutes, Part, Party, Recall, Received, Share, ToDelete};
use crate::cases::Case;
use crate::consent::Consent;
use crate::error::{Clash, Error, OnConstraint, invalid};
use crate::meetings::Meeting;
use crate::platform::db::Work;
use crate::platform::ids::{CaseId, ConsentId, OrgId, RowId};

const WHO: &str = "conference_parties.who";
const BODY: &str = "conference_packets.body";
/// So many organisations come at most.
pub const MOST_PARTIES: i64 = 20;

/// Whether the person is asked to come; none while nobody said.
pub async fn invited(work: &mut Work, meeting: Uuid) -> Result<Option<Invited>, Error> {
    let invited = sqlx::query_as!(
        Invited,
        "select person_invited as person, not_invited_reason as reason from conferences where meeting_id = $1",
        meeting
    );
    Ok(invited.fetch_optional(work.db()).await?)
}

/// Holds a conference for asking one more organisation; answers whether it was said whether the person comes, and how many organisations are asked.
pub async fn hold(work: &mut Work, meeting: Uuid) -> Result<(bool, i64), Error> {
    let said = sqlx::query_scalar!("select meeting_id from conferences where meeting_id = $1 for update", meeting)
        .fetch_optional(work.db())
        .await?;
    let asked = sqlx::query_scalar!(
        r#"select count(*) as "asked!" from conference_parties where meeting_id = $1 and removed_at is null"#,
        meeting
    )
    .fetch_one(work.db())
    .await?;
    Ok((said.is_some(), asked))
}

/// Writes down whether the person is asked to come.
pub async fn say_invited(work: &mut Work, meeting: &Meeting, invited: &Invited) -> Result<(), Error> {
    sqlx::query!(
        "insert into conferences (meeting_id, case_id, person_invited, not_invited_reason) values ($1, $2, $3, $4)
         on conflict (meeting_id) do update set person_invited = excluded.person_invited, not_invited_reason = excluded.not_invited_reason",
        meeting.id,
        meeting.case_id.0,
        invited.person,
        invited.reason
    )
    .execute(work.db())
    .await?;
    Ok(())
}

/// Who comes, by the name of the organisation.
pub async fn parties(work: &mut Work, case: CaseId, meeting: Uuid) -> Result<Vec<Party>, Error> {
    let lang = work.lang().code();
    let rows = sqlx::query!(
        r#"select p.id as "id!: RowId", p.to_org as "to_org!", access.named(o.names, o.name, $2) as "org_name!", p.who as "who!", p.agreed_how,
             cardinality(access.minutes_readers(p.case_id, p.to_org)) > 0 as "reads!", k.id as "packet?: RowId", r.due_at as "asked_back?", r.deleted_at as "deleted_at?",
             r.id is not null and access.nobody_answers(r.id) as "unanswered!"
           from conference_parties p join organisations o on o.id = p.to_org left join conference_packets k on k.party_id = p.id
             left join conference_recalls r on r.id = k.id
           where p.meeting_id = $1 and p.removed_at is null order by 3, p.id limit $3"#,
        meeting,
        lang,
        MOST_PARTIES
    )
    .fetch_all(work.db())
    .await?;
    let mut shares = shares(work, meeting).await?;
    // The key is asked for only where there are words to open.
    let key = if rows.iter().any(|row| !row.who.is_empty()) { Some(work.case_key(case.0).await?) } else { None };
    let mut parties = Vec::new();
    for row in rows {
        let who = match &key {
            Some(key) if !row.who.is_empty() => key.open_text(WHO, &row.who)?,
            _ => String::new(),
        };
        let shares = shares.remove(&row.id).unwrap_or_default();
        let (org, org_name, reads) = (row.to_org, row.org_name, row.reads);
        let recall = row.asked_back.map(|by| Recall { by, deleted_at: row.deleted_at, unanswered: row.unanswered });
        parties.push(Party {
            id: row.id,
            org,
            org_name,
            reads,
            who,
            agreed_how: row.agreed_how,
            shares,
            packet: row.packet,
            recall,
        });
    }
    Ok(parties)
}

// What each part rests on: where it was shared, on what it rested then.
async fn shares(work: &mut Work, meeting: Uuid) -> Result<BTreeMap<RowId, Vec<Share>>, Error> {
    let rows = sqlx::query!(
        r#"select s.party_id as "party!: RowId", s.section as "section!", c.id as "consent!: ConsentId", c.basis as "basis!",
             not access.consent_stands(c.id) as "withdrawn!"
           from conference_shares s join conference_parties p on p.id = s.party_id left join conference_packets k on k.party_id = p.id
             left join conference_packet_bases b on b.packet_id = k.id and b.section = s.section join consents c on c.id = coalesce(b.consent_id, s.consent_id)
           where p.meeting_id = $1 and p.removed_at is null order by s.section limit 1000"#,
        meeting
    )
    .fetch_all(work.db())
    .await?;
    let mut shares: BTreeMap<RowId, Vec<Share>> = BTreeMap::new();
    for row in rows {
        let share = Share { section: row.section, consent: row.consent, basis: row.basis, withdrawn: row.withdrawn };
        shares.entry(row.party).or_default().push(share);
    }
    Ok(shares)
}

/// The kind of an organisation that may be asked to come.
pub async fn org_kind(work: &mut Work, org: OrgId) -> Result<Option<String>, Error> {
    let own = work.standing.org;
    let kind = sqlx::query_scalar!("select kind from organisations where id = $1 and id <> $2 and active", org, own);
    Ok(kind.fetch_optional(work.db()).await?)
}

/// An organisation that may be asked to come.
#[derive(Debug)]
pub struct Org {
    /// Its id.
    pub id: OrgId,
    /// Its name in the reader's language.
    pub name: String,
    /// What kind of organisation it is.
    pub kind: String,
}

/// The organisations that may be asked to come: all others.
pub async fn orgs(work: &mut Work) -> Result<Vec<Org>, Error> {
    let (own, lang) = (work.standing.org, work.lang().code());
    let orgs = sqlx::query_as!(
        Org,
        r#"select id, access.named(names, name, $1) as "name!", kind from organisations where active and id <> $2 order by 2, 1 limit 500"#,
        lang,
        own
    );
    Ok(orgs.fetch_all(work.db()).await?)
}

/// Whom to ring at an organisation.
pub async fn switchboard(work: &mut Work, org: OrgId) -> Result<String, Error> {
    let desk = sqlx::query_scalar!("select general_desk from organisations where id = $1", org);
    Ok(desk.fetch_optional(work.db()).await?.unwrap_or_default())
}

/// Writes a party with what is shared with it and what each section rests on.
pub async fn insert_party(
    work: &mut Work,
    meeting: &Meeting,
    (org, who): (OrgId, &str),
    shares: &[(String, ConsentId)],
) -> Result<RowId, Error> {
    let who = if who.is_empty() { Vec::new() } else { work.case_key(meeting.case_id.0).await?.seal(WHO, who.as_bytes()) };
    let (id, me, name, now) = (RowId::new(), work.me()?, work.standing.name.clone(), work.now());
    sqlx::query!(
        "insert into conference_parties (id, meeting_id, case_id, to_org, who, author, author_name, recorded_at) values ($1, $2, $3, $4, $5, $6, $7, $8)",
        id.0,
        meeting.id,
        meeting.case_id.0,
        org,
        who,
        me.0,
        name,
        now
    )
    .execute(work.db())
    .await
    .on_constraint("conference_parties_once", || invalid("org", "invited_already"))?;
    let sections: Vec<String> = shares.iter().map(|(section, _)| section.clone()).collect();
    let consents: Vec<Uuid> = shares.iter().map(|(_, consent)| consent.0).collect();
    sqlx::query!(
        "insert into conference_shares (id, party_id, case_id, section, consent_id)
         select gen_random_uuid(), $1, $2, x.section, x.consent from unnest($3::text[], $4::uuid[]) as x (section, consent)",
        id.0,
        meeting.case_id.0,
        &sections,
        &consents
    )
    .execute(work.db())
    .await?;
    Ok(id)
}

/// A party agreed to keep what it hears to itself; once.
pub async fn agree(work: &mut Work, party: RowId, how: &str) -> Result<(), Error> {
    let now = work.now();
    let agreed = sqlx::query!(
        "update conference_parties set agreed_at = $2, agreed_how = $3 where id = $1 and agreed_at is null and removed_at is null",
        party.0,
        now,
        how
    )
    .execute(work.db())
    .await?;
    if agreed.rows_affected() == 0 { Err(Error::Conflict(Clash::Stale)) } else { Ok(()) }
}

/// A party is not asked to come any more.
pub async fn remove(work: &mut Work, party: RowId) -> Result<(), Error> {
    let now = work.now();
    sqlx::query!("update conference_parties set removed_at = $2 where id = $1 and removed_at is null", party.0, now)
        .execute(work.db())
        .await?;
    Ok(())
}

/// Seals a party's part of the minutes into a packet of its own, once, and writes down what each section of it rests on.
pub async fn insert_packet(
    work: &mut Work,
    (case, meeting): (&Case, &Meeting),
    party: &Party,
    (parts, agreed): (Vec<Part>, Vec<Agreed>),
) -> Result<RowId, Error> {
    let (id, me, now) = (RowId::new(), work.me()?, work.now());
    let sections: Vec<String> = parts.iter().map(|part| part.section.clone()).collect();
    let consents: Vec<Uuid> = parts.iter().map(|part| part.consent.0).collect();
    let words = Minutes { sections: parts.into_iter().map(|part| (part.section, part.text)).collect(), agreed };
    let words = serde_json::to_vec(&words).map_err(anyhow::Error::from)?;
    let body = work.new_key(id.0, Some(case.id.0)).await?.seal(BODY, &words);
    sqlx::query!(
        "insert into conference_packets (id, party_id, case_id, from_org, to_org, code, pack, pack_version, held_at, body, author, recorded_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
        id.0,
        party.id.0,
        case.id.0,
        case.org,
        party.org,
        case.code,
        case.pack,
        case.pack_version,
        meeting.starts_at,
        body,
        me.0,
        now
    )
    .execute(work.db())
    .await
    .on_constraint("conference_packets_once", || Error::Conflict(Clash::Stale))?;
    sqlx::query!(
        "insert into conference_packet_bases (packet_id, case_id, section, consent_id)
         select $1, $2, x.section, x.consent from unnest($3::text[], $4::uuid[]) as x (section, consent)",
        id.0,
        case.id.0,
        &sections,
        &consents
    )
    .execute(work.db())
    .await?;
    Ok(id)
}

/// The packets that came to organisations of the actor's, the latest first.
pub async fn received(work: &mut Work) -> Result<Vec<Received>, Error> {
    let org = work.standing.org;
    packets(work, Some(org), None).await
}

/// One packet, for its receiver or for the case's side.
pub async fn packet(work: &mut Work, id: RowId) -> Result<Received, Error> {
    packets(work, None, Some(id)).await?.pop().ok_or(Error::NotFound)
}

async fn packets(work: &mut Work, to: Option<OrgId>, only: Option<RowId>) -> Result<Vec<Received>, Error> {
    let lang = work.lang().code();
    let packets = sqlx::query_as!(
        Received,
        r#"select p.id as "id: RowId", p.case_id as "case_id: CaseId", p.code, access.named(o.names, o.name, $3) as "from_name!",
             p.to_org, p.held_at, p.pack, p.pack_version, p.body
           from conference_packets p join organisations o on o.id = p.from_org
           where ($1::int is null or p.to_org = $1) and ($2::uuid is null or p.id = $2) order by p.recorded_at desc, p.id limit 200"#,
        to,
        only.map(|id| id.0),
        lang
    );
    Ok(packets.fetch_all(work.db()).await?)
}

/// What stands in a packet; [`Error::NotFound`] once what it rested on was taken back.
pub async fn opened(work: &mut Work, packet: &Received) -> Result<Minutes, Error> {
    if packet.body.is_empty() {
        return Ok(Minutes::default());
    }
    let key = work.conference_key(packet.id.0).await?;
    Ok(serde_json::from_str(&key.open_text(BODY, &packet.body)?).map_err(anyhow::Error::from)?)
}

/// What the person agreed to, and the other bases, of this case.
pub async fn consents(work: &mut Work, case: &Case) -> Result<Vec<Consent>, Error> {
    crate::consent::store::list_of_case(work, case.id).await
}

/// The packets in which anything rests on a consent, or on what belongs to it.
pub async fn packets_resting_on(work: &mut Work, consent: &Consent) -> Result<Vec<RowId>, Error> {
    let packets = sqlx::query_scalar!(
        r#"select distinct b.packet_id as "id!: RowId" from conference_packet_bases b join consents c on c.id = b.consent_id
           where c.id = $1 or c.child_assent_of = $1 limit 500"#,
        consent.pair()
    );
    Ok(packets.fetch_all(work.db()).await?)
}

/// The packets of a case.
pub async fn packets_of(work: &mut Work, case: CaseId) -> Result<Vec<RowId>, Error> {
    let packets = sqlx::query_scalar!(
        r#"select id as "id: RowId" from conference_packets where case_id = $1 order by id limit 500"#,
        case.0
    );
    Ok(packets.fetch_all(work.db()).await?)
}

/// Asks for these packets to be deleted by then; answers which were not asked for before, and of whom.
pub async fn recall(work: &mut Work, packets: &[RowId], due: DateTime<Utc>) -> Result<Vec<(RowId, OrgId)>, Error> {
    let (ids, now) = (uuids(packets), work.now());
    let asked = sqlx::query!(
        r#"insert into conference_recalls (id, case_ref, from_org, to_org, case_type, code, held_at, asked_at, due_at)
           select p.id, p.case_id, p.from_org, p.to_org, p.case_type, p.code, p.held_at, $2::timestamptz, $3::timestamptz
           from conference_packets p where p.id = any ($1)
           on conflict (id) do nothing returning id as "id: RowId", to_org"#,
        &ids,
        now,
        due
    )
    .fetch_all(work.db())
    .await?;
    Ok(asked.into_iter().map(|row| (row.id, row.to_org)).collect())
}

/// By when the last of these is to be deleted, as far as that was not done.
pub async fn last_day_of(work: &mut Work, packets: &[RowId]) -> Result<Option<DateTime<Utc>>, Error> {
    let ids = uuids(packets);
    let last = sqlx::query_scalar!("select max(due_at) from conference_recalls where id = any ($1) and deleted_at is null", &ids);
    Ok(last.fetch_one(work.db()).await?)
}

fn uuids(packets: &[RowId]) -> Vec<Uuid> {
    packets.iter().map(|packet| packet.0).collect()
}

/// What the actor's organisation is asked to delete, the most pressing first.
pub async fn to_delete(work: &mut Work) -> Result<Vec<ToDelete>, Error> {
    let (org, lang) = (work.standing.org, work.lang().code());
    let asked = sqlx::query_as!(
        ToDelete,
        r#"select r.id as "id: RowId", r.code, access.named(o.names, o.name, $2) as "from_name!", r.held_at, r.due_at
           from conference_recalls r join organisations o on o.id = r.from_org
           where r.to_org = $1 and r.deleted_at is null order by r.due_at, r.id limit 200"#,
        org,
        lang
    );
    Ok(asked.fetch_all(work.db()).await?)
}

/// Writes down that no copy of a packet is left, and ends the tasks for it; false where the actor was not asked.
pub async fn deleted(work: &mut Work, packet: RowId) -> Result<bool, Error> {
    let now = work.now();
    let done = sqlx::query_scalar!(r#"select access.minutes_deleted($1, $2) as "done!""#, packet.0, now);
    Ok(done.fetch_one(work.db()).await?)
}
