//! SQL of cases, their people and their moves. Lists are in `list`, notes in `notes`.
use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::case::{Case, MOST_MOVES, Member, Move};
use crate::error::{Clash, Error, changed};
use crate::platform::db::Work;
use crate::platform::ids::{CaseId, HouseholdId, OrgId, PersonId, UnitId, UserId};
use crate::platform::lang::Lang;

/// The case of this id that the actor may see; [`Error::NotFound`] otherwise.
pub async fn find(work: &mut Work, id: CaseId) -> Result<Case, Error> {
    let case = sqlx::query_as!(
        Case,
        r#"select c.id as "id: CaseId", c.code, c.org, c.unit, u.name as unit_name, c.case_type, t.code as type_code, t.sensitivity as guarded,
           c.case_manager as "case_manager: UserId", m.name as "manager_name?", c.supervisor as "supervisor: UserId",
           c.person_id as "person_id: PersonId", c.household_id as "household_id: HouseholdId", c.pack, c.pack_version, c.stage, c.paused_reason,
           c.priority, c.risk, c.risk_set_at, c.safety_action_at, c.last_contact_at, c.next_due_at, c.intake_source, c.limits_explained_on,
           c.opened_at, c.closed_at, c.close_reason, c.version
         from cases c join units u on u.id = c.unit join case_types t on t.id = c.case_type left join users m on m.id = c.case_manager
         where c.id = $1"#,
        id.0
    )
    .fetch_one(work.db())
    .await?;
    Ok(case)
}

/// The case with this code, if the actor may see it.
pub async fn find_by_code(work: &mut Work, code: &str) -> Result<Option<CaseId>, Error> {
    let id =
        sqlx::query_scalar!(r#"select id as "id: CaseId" from cases where code = $1"#, code).fetch_optional(work.db()).await?;
    Ok(id)
}

/// The actor's visible cases of these persons in their order, the newest of each first.
pub async fn list_of_people(work: &mut Work, people: &[PersonId]) -> Result<Vec<Case>, Error> {
    let ids: Vec<Uuid> = people.iter().map(|person| person.0).collect();
    let cases = sqlx::query_as!(
        Case,
        r#"select c.id as "id: CaseId", c.code, c.org, c.unit, u.name as unit_name, c.case_type, t.code as type_code, t.sensitivity as guarded,
           c.case_manager as "case_manager: UserId", m.name as "manager_name?", c.supervisor as "supervisor: UserId",
           c.person_id as "person_id: PersonId", c.household_id as "household_id: HouseholdId", c.pack, c.pack_version, c.stage, c.paused_reason,
           c.priority, c.risk, c.risk_set_at, c.safety_action_at, c.last_contact_at, c.next_due_at, c.intake_source, c.limits_explained_on,
           c.opened_at, c.closed_at, c.close_reason, c.version
         from (select case_id, min(array_position($1::uuid[], person_id)) as nth from case_people where person_id = any ($1) group by case_id) cp
           join cases c on c.id = cp.case_id join units u on u.id = c.unit join case_types t on t.id = c.case_type left join users m on m.id = c.case_manager
         order by cp.nth, c.opened_at desc, c.id limit 50"#,
        &ids
    )
    .fetch_all(work.db())
    .await?;
    Ok(cases)
}

/// The form that would open this case has opened it before.
pub(super) fn opened_before(stage: String) -> Error {
    Error::Conflict(Clash::State { state: stage, code: "case_opened_before" })
}

/// Saves what a verb changed, if nobody was faster. Owner, unit, type and supervisor change through `access` only.
pub(super) async fn save(work: &mut Work, case: &Case) -> Result<(), Error> {
    let done = sqlx::query!(
        "update cases set stage = $3, paused_reason = $4, priority = $5, risk = $6, risk_set_at = $7, safety_action_at = $8, last_contact_at = $9,
           limits_explained_on = $10, closed_at = $11, close_reason = $12, version = version + 1
         where id = $1 and version = $2",
        case.id.0,
        case.version,
        case.stage,
        case.paused_reason,
        case.priority,
        case.risk,
        case.risk_set_at,
        case.safety_action_at,
        case.last_contact_at,
        case.limits_explained_on,
        case.closed_at,
        case.close_reason
    )
    .execute(work.db())
    .await?;
    changed(done.rows_affected())
}

/// A step to write down; whose it was is the actor's own name.
pub(super) struct NewMove<'a> {
    pub kind: &'a str,
    pub from: Option<&'a str>,
    pub to: Option<&'a str>,
    pub reason: &'a str,
    pub happened_at: DateTime<Utc>,
}

/// Writes a step down.
pub(super) async fn insert_move(work: &mut Work, case: CaseId, step: NewMove<'_>) -> Result<(), Error> {
    let by = work.me().ok().map(|me| me.0);
    let name = work.standing.name.clone();
    let now = work.now();
    sqlx::query!(
        "insert into case_moves (id, case_id, kind, from_value, to_value, reason, happened_at, recorded_at, actor_id, actor_name)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        Uuid::now_v7(),
        case.0,
        step.kind,
        step.from,
        step.to,
        step.reason,
        step.happened_at,
        now,
        by,
        name
    )
    .execute(work.db())
    .await?;
    Ok(())
}

/// The steps of a case, the newest first, with organisations as the reader's language calls them and by name whoever was given the case.
pub async fn moves(work: &mut Work, case: CaseId) -> Result<Vec<Move>, Error> {
    let lang = work.lang().code();
    let moves = sqlx::query_as!(
        Move,
        r#"select m.kind, coalesce(access.named(f.names, f.name, $2), m.from_value) as "from", coalesce(access.named(t.names, t.name, $2), (select u.name from users u where u.id = case when m.kind = 'assigned' and m.to_value ~ '^[0-9a-f-]{36}$' then m.to_value::uuid end), m.to_value) as "to",
           m.reason, m.happened_at, m.actor_name
         from case_moves m
           left join lateral (select o.names, o.name from organisations o where m.kind = 'transferred' and o.name = m.from_value order by o.id limit 1) f on true
           left join lateral (select o.names, o.name from organisations o where m.kind = 'transferred' and o.name = m.to_value order by o.id limit 1) t on true
         where m.case_id = $1 order by m.happened_at desc, m.id desc limit $3"#,
        case.0,
        lang,
        MOST_MOVES as i64
    )
    .fetch_all(work.db())
    .await?;
    Ok(moves)
}

/// Everybody on a case, the subject first.
pub async fn people(work: &mut Work, case: CaseId) -> Result<Vec<Member>, Error> {
    let people = sqlx::query_as!(
        Member,
        r#"select p.id as "person_id: PersonId", p.name, p.name_latin, p.code, p.born_on, p.born_estimated, cp.part, cp.not_safe_to_involve,
           p.contact_restriction, p.dont_go_alone, p.worker_sex, p.interpreter_sex, exists (select from person_contacts k where k.person_id = p.id
             and (k.channel = 'phone' and (k.safe_to_call or k.safe_to_text) or k.channel = 'email' and k.safe_to_email)) as "has_safe_contact!"
         from case_people cp join persons p on p.id = cp.person_id
         where cp.case_id = $1
         order by array_position(array['subject', 'caregiver', 'chosen_adult', 'member'], cp.part), p.born_on, p.id"#,
        case.0
    )
    .fetch_all(work.db())
    .await?;
    Ok(people)
}

/// Puts a person on a case, or changes the part they play.
pub(super) async fn set_person(work: &mut Work, case: CaseId, person: PersonId, part: &str, safety: Safety) -> Result<(), Error> {
    let done = sqlx::query!(
        "update case_people set part = $3, not_safe_to_involve = coalesce($4, not_safe_to_involve) where case_id = $1 and person_id = $2",
        case.0,
        person.0,
        part,
        safety.mark()
    )
    .execute(work.db())
    .await?;
    if done.rows_affected() == 1 {
        return Ok(());
    }
    sqlx::query!(
        "insert into case_people (id, case_id, person_id, part, not_safe_to_involve) values ($1, $2, $3, $4, $5)",
        Uuid::now_v7(),
        case.0,
        person.0,
        part,
        safety == Safety::NotSafe
    )
    .execute(work.db())
    .await?;
    Ok(())
}

/// Takes a person off a case; never its subject.
pub(super) async fn remove_person(work: &mut Work, case: CaseId, person: PersonId) -> Result<(), Error> {
    let done =
        sqlx::query!("delete from case_people where case_id = $1 and person_id = $2 and part <> 'subject'", case.0, person.0)
            .execute(work.db())
            .await?;
    if done.rows_affected() == 0 { Err(Error::NotFound) } else { Ok(()) }
}

/// May somebody on the case be asked, notified or printed (S3)?
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Safety {
    /// Nothing new is said of it: a mark that was set stays.
    AsBefore,
    /// Never.
    NotSafe,
    /// It was found safe again.
    SafeAgain,
}

impl Safety {
    // What the mark becomes; `None` leaves it.
    fn mark(self) -> Option<bool> {
        match self {
            Self::AsBefore => None,
            Self::NotSafe => Some(true),
            Self::SafeAgain => Some(false),
        }
    }
}

/// The person is one the actor may see.
pub(super) async fn sees_person(work: &mut Work, person: PersonId) -> Result<bool, Error> {
    let seen = sqlx::query_scalar!("select exists (select from persons where id = $1) as \"seen!\"", person.0)
        .fetch_one(work.db())
        .await?;
    Ok(seen)
}

/// The present members of a household that the actor may see; empty for one they may not.
pub(super) async fn household_members(work: &mut Work, household: HouseholdId) -> Result<Vec<PersonId>, Error> {
    let members = sqlx::query_scalar!(
        r#"select hm.person_id as "id: PersonId" from household_members hm join households h on h.id = hm.household_id
         where h.id = $1 and hm.left_on is null order by (hm.person_id = h.head_id) desc nulls last, hm.id"#,
        household.0
    )
    .fetch_all(work.db())
    .await?;
    Ok(members)
}

/// The case types the actor is cleared for, with pack, sensitivity and whether reach applies.
pub async fn cleared_types(work: &mut Work) -> Result<Vec<i16>, Error> {
    let types = sqlx::query_scalar!("select access.my_types() as \"types!\"").fetch_one(work.db()).await?;
    Ok(types.into_iter().filter(|&id| id != 0).collect())
}

/// A colleague who may keep, or supervise, cases of a type in a unit.
#[derive(Debug, Clone)]
pub struct Colleague {
    /// Who.
    pub id: UserId,
    /// Their name.
    pub name: String,
    /// One of their roles supervises.
    pub supervises: bool,
    /// Up to which level they work alone, where that was written down.
    pub level: Option<i16>,
}

/// Active colleagues with a membership that reaches this unit, cleared for this type, whose role holds `case.edit`.
pub async fn colleagues(work: &mut Work, unit: UnitId, case_type: i16) -> Result<Vec<Colleague>, Error> {
    colleagues_for_any(work, &[unit], &[case_type]).await
}

/// A safety action is asked for and not logged yet, whoever holds its task.
pub(super) async fn awaits_safety_action(work: &mut Work, case: CaseId) -> Result<bool, Error> {
    let waits = sqlx::query_scalar!(r#"select access.awaits_safety_action($1) as "waits!""#, case.0).fetch_one(work.db()).await?;
    Ok(waits)
}

/// The person is under eighteen, or of unknown age and therefore treated so.
pub async fn is_child(work: &mut Work, person: PersonId) -> Result<bool, Error> {
    let today = work.today();
    let child = sqlx::query_scalar!(
        r#"select coalesce(born_on > ($2::date - interval '18 years'), true) as "child!" from persons where id = $1"#,
        person.0,
        today
    )
    .fetch_one(work.db())
    .await?;
    Ok(child)
}

/// Who writes a letter, in its language: the organisation, and the lines below its name with the general desk.
pub(super) struct Sender {
    /// Its name.
    pub name: String,
    /// Address and telephone, a line each.
    pub head: Vec<String>,
}

/// The organisation that writes.
pub(super) async fn sender(work: &mut Work, org: OrgId, lang: Lang) -> Result<Sender, Error> {
    let row = sqlx::query!(
        r#"select access.named(names, name, $2) as "name!", general_desk, letterhead from organisations where id = $1"#,
        org,
        lang.code()
    )
    .fetch_one(work.db())
    .await?;
    let lines = row.letterhead.lines().map(str::trim).filter(|line| !line.is_empty());
    let desk = Some(row.general_desk.trim()).filter(|desk| !desk.is_empty() && !row.letterhead.contains(desk));
    Ok(Sender { name: row.name, head: lines.chain(desk).map(str::to_owned).collect() })
}

/// The person with this code, if the actor may see them.
pub(super) async fn person_by_code(work: &mut Work, code: &str) -> Result<Option<PersonId>, Error> {
    let id = sqlx::query_scalar!(r#"select id as "id: PersonId" from persons where code = $1"#, code)
        .fetch_optional(work.db())
        .await?;
    Ok(id)
}

/// Who may be put on a case with one tap: whoever is on it already, and who lives with its person or belongs to its household now.
pub(super) async fn near(work: &mut Work, case: &Case) -> Result<Vec<Near>, Error> {
    let found = sqlx::query_as!(
        Near,
        r#"select p.code as "code!", p.name as "name!", cp.part as "part?", coalesce(cp.not_safe_to_involve, false) as "not_safe!",
             coalesce((select bool_and(t.sensitivity = 'restricted') from case_people o join case_types t on t.id = o.case_type
                       where o.person_id = p.id), false) as "restricted_only!"
           from persons p left join case_people cp on cp.person_id = p.id and cp.case_id = $1
           where p.id <> $2 and p.id in (
             select person_id from case_people where case_id = $1
             union select m.person_id from household_members m where m.left_on is null and m.household_id in (
               select $3::uuid union select household_id from household_members where person_id = $2 and left_on is null))
           order by cp.part is null, p.born_on nulls last, p.id limit 60"#,
        case.id.0,
        case.person_id.0,
        case.household_id.map(|id| id.0)
    )
    .fetch_all(work.db())
    .await?;
    Ok(found)
}

/// Somebody near a case.
#[derive(Debug)]
pub(super) struct Near {
    /// Their code.
    pub code: String,
    /// Their name.
    pub name: String,
    /// The part they play already.
    pub part: Option<String>,
    /// They are marked as not safe to involve.
    pub not_safe: bool,
    /// The actor sees them through restricted cases alone.
    pub restricted_only: bool,
}

/// Active colleagues of these units, or above them with reach, cleared for any of these types; no program but the one that asks.
pub async fn colleagues_for_any(work: &mut Work, units: &[UnitId], types: &[i16]) -> Result<Vec<Colleague>, Error> {
    let found = sqlx::query_as!(
        Colleague,
        r#"select w.id as "id: UserId", w.name, bool_or(r.supervises) as "supervises!", w.level
         from memberships m join roles r on r.id = m.role join users w on w.id = m.user_id join units u on u.id = any ($1)
         where m.ended_at is null and w.active and (not w.is_program or w.id = access.me()) and $2 && r.cleared and 'case.edit' = any (r.acts)
           and (m.unit = u.id or (r.reach = 'subtree' and m.unit = any (u.path)))
         group by w.id, w.name, w.level order by w.name, w.id"#,
        units,
        types
    )
    .fetch_all(work.db())
    .await?;
    Ok(found)
}

/// The units of an active colleague; `None` for anybody whom the actor can't name.
pub(super) async fn units_of_colleague(work: &mut Work, user: UserId) -> Result<Option<Vec<UnitId>>, Error> {
    let units = sqlx::query_scalar!(
        r#"select array(select m.unit from memberships m where m.user_id = u.id and m.ended_at is null) as "units!" from users u where u.id = $1 and u.active"#,
        user.0
    )
    .fetch_optional(work.db())
    .await?;
    Ok(units)
}

/// Active colleagues of the actor's organisation, by name.
pub(super) async fn everybody_here(work: &mut Work) -> Result<Vec<(UserId, String)>, Error> {
    let org = work.standing.org;
    let sql = sqlx::query!(
        r#"select id as "id: UserId", name from users where org = $1 and active and not is_program order by name, id limit 1000"#,
        org
    );
    Ok(sql.fetch_all(work.db()).await?.into_iter().map(|row| (row.id, row.name)).collect())
}

/// The active units of the actor's organisation.
pub(super) async fn units_of_org(work: &mut Work) -> Result<Vec<(UnitId, String)>, Error> {
    let org = work.standing.org;
    let rows = sqlx::query!(
        "select id, name from units where org = $1 and active and id <> all (access.my_hidden_units()) order by path",
        org
    )
    .fetch_all(work.db())
    .await?;
    Ok(rows.into_iter().map(|row| (row.id, row.name)).collect())
}
