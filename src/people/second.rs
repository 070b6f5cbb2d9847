//! The task of a second person: what one proposes of a registered person waits with somebody else, who finds it there and ends it by answering.
//! It hangs on a case that the proposer sees, or on the person's unit; whoever answers ends it wherever it hangs, for they may not see that.
use super::Person;
use crate::error::Error;
use crate::platform::db::Work;
use crate::platform::ids::{CaseId, RowId, UnitId, UserId};
use crate::tasks::{self, NewTask, clock};

/// Looks at a correction.
pub(super) const CORRECTION: &str = "check_correction";
/// Looks at two records that somebody holds to be of one person.
pub(super) const JOIN: &str = "check_join";
/// Working days within which a second person looks.
pub(super) const LOOKED_AT_WITHIN: u16 = 3;

struct Beside {
    id: CaseId,
    unit: UnitId,
    supervisor: Option<UserId>,
}

/// Asks the supervisor of the person's case that the proposer sees, or their stand-in; where there is none, whoever takes it in the person's unit.
pub(super) async fn ask(work: &mut Work, kind: &'static str, person: &Person, row: RowId) -> Result<(), Error> {
    let me = work.me()?;
    let case = sqlx::query_as!(
        Beside,
        r#"select c.id as "id: CaseId", c.unit, access.approver_for(c.id, $2) as "supervisor: UserId"
           from cases c join case_people p on p.case_id = c.id where p.person_id = $1 and c.closed_at is null order by c.opened_at desc, c.id limit 1"#,
        person.id.0,
        &[me.0]
    )
    .fetch_optional(work.db())
    .await?;
    let own = if Some(person.org) == work.org() { Some(person.unit) } else { work.standing.units.first().copied() };
    let unit = case.as_ref().map(|case| case.unit).or(own);
    let Some(unit) = unit else { return Ok(()) };
    let calendar = tasks::store::calendar(work, unit).await?;
    let due = clock::due_by_working_days(work.now(), LOOKED_AT_WITHIN, &calendar);
    let task = match case {
        Some(case) => NewTask::of_case(kind, case.id, due).to(case.supervisor),
        None => NewTask::of_unit(kind, unit, due),
    };
    tasks::actions::add(work, task.once(format!("{kind}:{row}"))).await.map(drop)
}
