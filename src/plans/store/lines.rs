//! The lines of a plan.
use super::WORDS;
use crate::error::{Clash, Error, changed};
use crate::plans::line::{Line, MOST_LINES, Typed, Wording};
use crate::plans::plan::Plan;
use crate::platform::db::Work;
use crate::platform::ids::{PersonId, PlanId, PlanLineId, RowId, ServiceId, UserId};
use crate::platform::lang::Lang;

const FORMER: &str = "plan_wordings.words";

/// The lines of these versions of one case's plan, in the order in which they were written, with the version each stands in.
pub async fn lines(work: &mut Work, plans: &[&Plan]) -> Result<Vec<(PlanId, Line)>, Error> {
    let lang = work.lang();
    lines_in(work, lang, plans).await
}

/// The same, with services by their names in this language: paper speaks another than its reader's.
pub(in crate::plans) async fn lines_in(work: &mut Work, lang: Lang, plans: &[&Plan]) -> Result<Vec<(PlanId, Line)>, Error> {
    let Some(first) = plans.first() else { return Ok(Vec::new()) };
    let (ids, lang): (Vec<uuid::Uuid>, _) = (plans.iter().map(|plan| plan.id.0).collect(), lang.code());
    let most = i64::try_from(MOST_LINES * plans.len()).unwrap_or(i64::MAX);
    let rows = sqlx::query!(
        r#"select l.id as "id: PlanLineId", l.plan_id as "plan_id: PlanId", l.parent as "parent: PlanLineId", l.kind, l.words, l.doer as "person_id: PersonId",
             l.worker as "worker: UserId", u.name as "worker_name?", l.service_id as "service_id: ServiceId",
             access.named(s.names, s.name, $3) as "service?", coalesce(s.visibility = 'public', false) as "service_is_public!",
             coalesce(s.needs, '{}') as "service_needs!", l.need,
             l.starts_on, l.due_on, l.state, l.was as "was: PlanLineId", l.version, coalesce(l.worded_by, l.author) as "worded_by!: UserId", w.name as "worded_by_name?"
           from plan_lines l left join users u on u.id = l.worker left join services s on s.id = l.service_id
             left join users w on w.id = coalesce(l.worded_by, l.author)
           where l.case_id = $1 and l.plan_id = any ($2) and l.removed_at is null order by l.recorded_at, l.id limit $4"#,
        first.case_id.0,
        &ids,
        lang,
        most
    )
    .fetch_all(work.db())
    .await?;
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let key = work.case_key(first.case_id.0).await?;
    let mut lines = Vec::new();
    for row in rows {
        let line = Line {
            words: key.open_text(WORDS, &row.words)?,
            id: row.id,
            parent: row.parent,
            kind: row.kind,
            person_id: row.person_id,
            worker: row.worker,
            worker_name: row.worker_name,
            service_id: row.service_id,
            service: row.service.filter(|name| !name.is_empty()),
            service_is_public: row.service_is_public,
            service_needs: row.service_needs,
            need: row.need,
            starts_on: row.starts_on,
            due_on: row.due_on,
            state: row.state,
            was: row.was,
            worded_by: row.worded_by,
            worded_by_name: row.worded_by_name,
            version: row.version,
        };
        lines.push((row.plan_id, line));
    }
    Ok(lines)
}

/// One line of this version. One that was taken out meanwhile is told so, so that what was typed upon it is not lost.
pub(in crate::plans) async fn find_line(work: &mut Work, plan: &Plan, id: PlanLineId) -> Result<Line, Error> {
    if let Some((_, line)) = lines(work, &[plan]).await?.into_iter().find(|(_, line)| line.id == id) {
        return Ok(line);
    }
    let taken_out = sqlx::query_scalar!("select true from plan_lines where id = $1 and plan_id = $2", id.0, plan.id.0);
    match taken_out.fetch_optional(work.db()).await? {
        Some(_) => Err(Error::Conflict(Clash::State { state: "removed".to_owned(), code: "plan_line_gone" })),
        None => Err(Error::NotFound),
    }
}

/// Adds a line.
pub(in crate::plans) async fn insert(
    work: &mut Work,
    plan: &Plan,
    (kind, parent): (&str, Option<PlanLineId>),
    typed: &Typed,
) -> Result<PlanLineId, Error> {
    let (id, me, now) = (PlanLineId::new(), work.me()?, work.now());
    let words = work.case_key(plan.case_id.0).await?.seal(WORDS, typed.words.as_bytes());
    sqlx::query!(
        "insert into plan_lines (id, plan_id, case_id, parent, kind, words, doer, worker, service_id, need, starts_on, due_on, author, recorded_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
        id.0,
        plan.id.0,
        plan.case_id.0,
        parent.map(|id| id.0),
        kind,
        words,
        typed.person_id.map(|id| id.0),
        typed.worker.map(|id| id.0),
        typed.service_id.map(|id| id.0),
        typed.need,
        typed.starts_on,
        typed.due_on,
        me.0,
        now
    )
    .execute(work.db())
    .await?;
    Ok(id)
}

/// Keeps the words that stand in a line, before others take their place.
pub(in crate::plans) async fn keep_wording(work: &mut Work, plan: &Plan, line: &Line) -> Result<(), Error> {
    let words = work.case_key(plan.case_id.0).await?.seal(FORMER, line.words.as_bytes());
    let (me, now) = (work.me()?, work.now());
    sqlx::query!(
        "insert into plan_wordings (id, case_id, line_id, words, author, author_name, replaced_by, replaced_at) values ($1, $2, $3, $4, $5, $6, $7, $8)",
        RowId::new().0,
        plan.case_id.0,
        line.id.0,
        words,
        line.worded_by.0,
        line.worded_by_name.as_deref().unwrap_or_default(),
        me.0,
        now
    )
    .execute(work.db())
    .await?;
    Ok(())
}

/// The former wordings of a line, the newest first.
pub(in crate::plans) async fn wordings(work: &mut Work, plan: &Plan, line: PlanLineId) -> Result<Vec<Wording>, Error> {
    let rows = sqlx::query!(
        "select words, author_name, replaced_at from plan_wordings where case_id = $1 and line_id = $2 order by replaced_at desc, id desc limit 20",
        plan.case_id.0,
        line.0
    )
    .fetch_all(work.db())
    .await?;
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let key = work.case_key(plan.case_id.0).await?;
    rows.into_iter()
        .map(|row| {
            Ok(Wording { words: key.open_text(FORMER, &row.words)?, author_name: row.author_name, replaced_at: row.replaced_at })
        })
        .collect()
}

/// Saves a line over the version that was read.
pub(in crate::plans) async fn save(work: &mut Work, plan: &Plan, line: &Line, typed: &Typed) -> Result<(), Error> {
    let words = work.case_key(plan.case_id.0).await?.seal(WORDS, typed.words.as_bytes());
    let worded_by = if line.words == typed.words { line.worded_by } else { work.me()? };
    let done = sqlx::query!(
        "update plan_lines set words = $3, doer = $4, worker = $5, service_id = $6, need = $7, starts_on = $8, due_on = $9, worded_by = $10, version = version + 1
         where id = $1 and version = $2 and removed_at is null",
        line.id.0,
        line.version,
        words,
        typed.person_id.map(|id| id.0),
        typed.worker.map(|id| id.0),
        typed.service_id.map(|id| id.0),
        typed.need,
        typed.starts_on,
        typed.due_on,
        worded_by.0
    )
    .execute(work.db())
    .await?;
    changed(done.rows_affected())
}

/// Takes a line out, which was read at this version, and with it what stands under it; the rows stay.
pub(in crate::plans) async fn remove(work: &mut Work, line: &Line, below: &[PlanLineId]) -> Result<(), Error> {
    let (now, below): (_, Vec<uuid::Uuid>) = (work.now(), below.iter().map(|id| id.0).collect());
    let done = sqlx::query!(
        "update plan_lines set removed_at = $3, version = version + 1 where id = $1 and version = $2 and removed_at is null",
        line.id.0,
        line.version,
        now
    )
    .execute(work.db())
    .await?;
    changed(done.rows_affected())?;
    sqlx::query!(
        "update plan_lines set removed_at = $2, version = version + 1 where id = any ($1) and removed_at is null",
        &below,
        now
    )
    .execute(work.db())
    .await?;
    Ok(())
}

/// Says how an action went, over the version that was read.
pub(in crate::plans) async fn mark(work: &mut Work, line: &Line, state: &str) -> Result<(), Error> {
    let done = sqlx::query!(
        "update plan_lines set state = $3, version = version + 1 where id = $1 and version = $2 and removed_at is null",
        line.id.0,
        line.version,
        state
    )
    .execute(work.db())
    .await?;
    changed(done.rows_affected())
}

/// Copies the lines of a version into the one that follows it, some of them without their need, some without their service.
pub(in crate::plans) async fn copy(
    work: &mut Work,
    of: &[Line],
    into: PlanId,
    (less_need, less_service): (&[PlanLineId], &[PlanLineId]),
) -> Result<(), Error> {
    let bare = |ids: &[PlanLineId]| ids.iter().map(|id| id.0).collect::<Vec<uuid::Uuid>>();
    let (less_need, less_service) = (bare(less_need), bare(less_service));
    let old: Vec<uuid::Uuid> = of.iter().map(|line| line.id.0).collect();
    let new: Vec<uuid::Uuid> = old.iter().map(|_| PlanLineId::new().0).collect();
    let (me, now) = (work.me()?, work.now());
    sqlx::query!(
        "insert into plan_lines (id, plan_id, case_id, parent, kind, words, doer, worker, service_id, need, starts_on, due_on, state, was, author, recorded_at, worded_by)
         select m.new, $3, l.case_id, p.new, l.kind, l.words, l.doer, l.worker, case when l.id = any ($7) then null else l.service_id end,
           case when l.id = any ($6) then null else l.need end, l.starts_on, l.due_on, l.state, l.id, $4, $5, coalesce(l.worded_by, l.author)
         from unnest($1::uuid[], $2::uuid[]) m (old, new) join plan_lines l on l.id = m.old
           left join unnest($1::uuid[], $2::uuid[]) p (old, new) on p.old = l.parent",
        &old,
        &new,
        into.0,
        me.0,
        now,
        &less_need,
        &less_service
    )
    .execute(work.db())
    .await?;
    Ok(())
}

/// How the actions of a version that was just agreed stand now: as they stand in the one whose place it takes, whatever they stood like when it
/// began as a copy. What makes safer is marked in either, and what somebody said of it stays.
pub(in crate::plans) async fn carry_over(work: &mut Work, of: PlanId, into: PlanId) -> Result<(), Error> {
    sqlx::query!(
        "update plan_lines l set state = w.state, version = l.version + 1 from plan_lines w
         where l.plan_id = $2 and w.id = l.was and w.plan_id = $1 and w.state <> l.state and l.removed_at is null
           and (l.kind <> 'safety' or w.state <> 'open')",
        of.0,
        into.0
    )
    .execute(work.db())
    .await?;
    Ok(())
}

/// The results of a version, each with those of former versions that it is a copy of.
pub(in crate::plans) async fn former_results(work: &mut Work, plan: &Plan) -> Result<Vec<(PlanLineId, PlanLineId)>, Error> {
    let rows = sqlx::query!(
        r#"with recursive chain (line, was) as (
             select l.id, l.was from plan_lines l
             where l.case_id = $1 and l.plan_id = $2 and l.kind = 'result' and l.removed_at is null and l.was is not null
             union all select c.line, l.was from chain c join plan_lines l on l.id = c.was where l.was is not null)
           select line as "line!: PlanLineId", was as "was!: PlanLineId" from chain limit 7200"#,
        plan.case_id.0,
        plan.id.0
    )
    .fetch_all(work.db())
    .await?;
    Ok(rows.into_iter().map(|row| (row.line, row.was)).collect())
}
