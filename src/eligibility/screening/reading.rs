//! What a screening reads, and what it keeps of it. The query names standard types, and so do the row policies of whoever reads (S16).
use uuid::Uuid;

use super::course::Screening;
use super::judging::{Chunk, Judged};
use crate::error::Error;
use crate::platform::db::Work;
use crate::platform::ids::{OrgId, ScreeningId, UnitId};

/// Which cases a screening goes through.
#[derive(Debug, Clone)]
pub struct Extent {
    org: OrgId,
    units: Vec<UnitId>,
    types: Vec<i16>,
    previous: Option<ScreeningId>,
}

/// The extent of a screening as it is now: the unit and all below it, and of its types those that are still standard.
pub async fn extent(work: &mut Work, screening: &Screening) -> Result<Extent, Error> {
    let row = sqlx::query!(
        r#"select array(select id from units where path @> array[$1::int] and org = $2) as "units!",
             array(select id from case_types where id = any ($3) and sensitivity = 'standard') as "types!""#,
        screening.unit,
        screening.org,
        &screening.case_types
    )
    .fetch_one(work.db())
    .await?;
    Ok(Extent { org: screening.org, units: row.units, types: row.types, previous: screening.previous })
}

/// How many cases there are to go through.
pub async fn count(reader: &mut Work, extent: &Extent) -> Result<i64, Error> {
    let count = sqlx::query_scalar!(
        r#"select count(*) as "count!" from cases where org = $1 and unit = any ($2) and case_type = any ($3) and closed_at is null"#,
        extent.org,
        &extent.units,
        &extent.types
    );
    Ok(count.fetch_one(reader.db()).await?)
}

/// The next cases after this one, in the order of their ids. To what is kept of their forms comes what the registry says today, in the words of
/// `forms::profile`: members where no form lists them, and where the household lives.
//
// Both ids are named in the query: a merge of the two indexes would else begin at the first case each time. What was found before is
// looked up case by case: a join would go through all of it for each chunk while statistics are old.
pub async fn read(reader: &mut Work, extent: &Extent, after: Option<Uuid>, most: i64) -> Result<Chunk, Error> {
    let today = reader.today();
    let rows = sqlx::query!(
        r#"select c.id, c.case_type, c.pack, (case when p.fields ? 'members' then
               p.fields || jsonb_build_object('household', coalesce(p.fields -> 'household', '{}') || coalesce((
                 select jsonb_strip_nulls(jsonb_build_object('admin1', nullif(q.admin1, ''), 'admin2', nullif(q.admin2, ''))) from persons q where q.id = c.person_id), '{}'))
             else (
               select coalesce(p.fields, '{}') || jsonb_strip_nulls(jsonb_build_object(
                 'household', coalesce(p.fields -> 'household', '{}') || jsonb_strip_nulls(jsonb_build_object('size', nullif(count(*), 0),
                   'admin1', max(nullif(q.admin1, '')) filter (where q.id = c.person_id), 'admin2', max(nullif(q.admin2, '')) filter (where q.id = c.person_id))),
                 'members', jsonb_agg(jsonb_build_object('age', extract(year from age($7::date, q.born_on))::int, 'sex', nullif(q.sex, 'unknown')))))
               from case_people m join persons q on q.id = m.person_id where m.case_id = c.id) end)::text as "fields!",
             (select b.verdicts from screening_results b where b.screening_id = $6 and b.case_id = c.id) as "before?"
           from cases c left join profiles p on p.case_id = c.id and p.case_id > $4
           where c.org = $1 and c.unit = any ($2) and c.case_type = any ($3) and c.closed_at is null and c.id > $4
           order by c.id limit $5"#,
        extent.org,
        &extent.units,
        &extent.types,
        after.unwrap_or_default(),
        most,
        extent.previous.map(|id| id.0),
        today
    )
    .fetch_all(reader.db())
    .await?;
    let mut chunk = Chunk::default();
    for row in rows {
        chunk.cases.push(row.id);
        chunk.types.push(row.case_type);
        chunk.packs.push(row.pack);
        chunk.profiles.push(row.fields);
        chunk.before.push(row.before);
    }
    Ok(chunk)
}

/// Keeps what came of a chunk. One statement: COPY is refused under row security, which holds for jobs too.
pub async fn keep(work: &mut Work, screening: &Screening, judged: &Judged) -> Result<(), Error> {
    sqlx::query!(
        r#"insert into screening_results (screening_id, case_id, org, case_type, verdicts, reasons, changes, need)
           select $1, r.case_id, $2, r.case_type, r.verdicts, r.reasons, r.changes, r.need
           from unnest($3::uuid[], $4::smallint[], $5::bytea[], $6::bytea[], $7::bytea[], $8::real[]) as r (case_id, case_type, verdicts, reasons, changes, need)"#,
        screening.id.0,
        screening.org,
        &judged.cases,
        &judged.types,
        &judged.verdicts,
        &judged.reasons,
        &judged.changes as &[Option<Vec<u8>>],
        &judged.need as &[Option<f32>]
    )
    .execute(work.db())
    .await?;
    Ok(())
}
