//! What the figures are counted from: of each household its place, its members' ages, and how its lines were set or answered; nobody's name.
use std::collections::{BTreeMap, HashMap};

use uuid::Uuid;

use super::tally::{Place, Tally};
use crate::achievements::line::Told;
use crate::achievements::ruling::{self, Rules};
use crate::achievements::{Grounds, Mark, Person};
use crate::error::Error;
use crate::packs::{Achievements, Pack};
use crate::platform::db::Work;
use crate::platform::ids::{PersonId, RowId};

/// So many households are counted, the newest.
pub(super) const MOST: i64 = 2_000;
// Members and lines of so many households.
const MOST_PEOPLE: i64 = MOST * 15;
const MOST_MARKS: i64 = MOST * 60;

/// Counts the households with an open case of this type that the reader sees, by place; and how many they are. Four queries,
/// and two more where rules say how lines stand.
pub(super) async fn tallies(
    work: &mut Work,
    case_type: i16,
    (pack, list): (&Pack, &Achievements),
) -> Result<(usize, BTreeMap<Place, Tally>), Error> {
    let households = households(work, case_type).await?;
    let ids: Vec<Uuid> = households.iter().map(|(id, _)| *id).collect();
    let mut grounds: HashMap<Uuid, Grounds> = HashMap::new();
    people(work, &ids, &mut grounds).await?;
    marks(work, &ids, &mut grounds).await?;
    told(work, &ids, &mut grounds).await?;
    ruled(work, &ids, &Rules::of(pack, list)?, &mut grounds).await?;
    let (today, nothing) = (work.today(), Grounds::default());
    let mut tallies: BTreeMap<Place, Tally> = BTreeMap::new();
    for (id, place) in &households {
        let stood = grounds.get(id).unwrap_or(&nothing).stand(list, today);
        tallies.entry(place.clone()).or_default().count(list, &stood);
    }
    Ok((households.len(), tallies))
}

// Where somebody lives whose address is confidential is not said.
async fn households(work: &mut Work, case_type: i16) -> Result<Vec<(Uuid, Place)>, Error> {
    let rows = sqlx::query!(
        r#"select c.id, case when p.address_confidential then '' else p.admin1 end as "admin1!", case when p.address_confidential then '' else p.admin2 end as "admin2!"
           from cases c join persons p on p.id = c.person_id
           where c.case_type = $1 and c.closed_at is null
             and not exists (select from case_types t where t.id = c.case_type and t.sensitivity = 'restricted')
           order by c.opened_at desc, c.id desc limit $2"#,
        case_type,
        MOST
    )
    .fetch_all(work.db())
    .await?;
    Ok(rows.into_iter().map(|row| (row.id, (row.admin1, row.admin2))).collect())
}

async fn people(work: &mut Work, cases: &[Uuid], grounds: &mut HashMap<Uuid, Grounds>) -> Result<(), Error> {
    let rows = sqlx::query!(
        r#"select cp.case_id, p.id as "id: PersonId", p.born_on, p.born_estimated, p.sex,
             (select min(d.recorded_at) from person_documents d where d.person_id = p.id) as "documented_at?"
           from case_people cp join persons p on p.id = cp.person_id
           where cp.case_id = any ($1) and cp.part in ('subject', 'member') order by cp.case_id, p.id limit $2"#,
        cases,
        MOST_PEOPLE
    )
    .fetch_all(work.db())
    .await?;
    for row in rows {
        grounds.entry(row.case_id).or_default().people.push(Person {
            id: row.id,
            name: String::new(),
            code: String::new(),
            born_on: row.born_on,
            born_estimated: row.born_estimated,
            sex: row.sex,
            not_safe_to_involve: false,
            documented_at: row.documented_at,
        });
    }
    Ok(())
}

// Of each line, and member, what was said last: it alone counts today.
async fn marks(work: &mut Work, cases: &[Uuid], grounds: &mut HashMap<Uuid, Grounds>) -> Result<(), Error> {
    let today = work.today();
    let rows = sqlx::query!(
        r#"select distinct on (case_id, line, person_id) case_id, id as "id: RowId", line, person_id as "person_id: PersonId", nth, state, seen_on, recorded_at
           from achievement_marks where case_id = any ($1) and seen_on <= $2
           order by case_id, line, person_id, nth desc limit $3"#,
        cases,
        today,
        MOST_MARKS
    )
    .fetch_all(work.db())
    .await?;
    for row in rows {
        grounds.entry(row.case_id).or_default().marks.push(Mark {
            id: row.id,
            line: row.line,
            person_id: row.person_id,
            nth: row.nth,
            state: row.state,
            seen_on: row.seen_on,
            document_id: None,
            author_name: String::new(),
            recorded_at: row.recorded_at,
        });
    }
    Ok(())
}

// The answers that lines look at are never sensitive, and so lie open.
async fn told(work: &mut Work, cases: &[Uuid], grounds: &mut HashMap<Uuid, Grounds>) -> Result<(), Error> {
    let zone = work.zone();
    let rows = sqlx::query!(
        r#"select distinct on (case_id, tool) case_id, tool, answers, coalesce(happened_at, finalised_at, recorded_at) as "at!"
           from assessments
           where case_id = any ($1) and (state = 'approved' or (state = 'finalised' and not needs_approval))
           order by case_id, tool, round desc limit $2"#,
        cases,
        MOST_PEOPLE
    )
    .fetch_all(work.db())
    .await?;
    for row in rows {
        grounds.entry(row.case_id).or_default().told.push(Told {
            tool: row.tool,
            on: row.at.with_timezone(&zone).date_naive(),
            answers: serde_json::from_value(row.answers).map_err(anyhow::Error::from)?,
        });
    }
    Ok(())
}

// Only today is counted: since when a form was answered does not matter. What lies sealed of a guarded case stays unknown.
async fn ruled(work: &mut Work, cases: &[Uuid], rules: &Rules, grounds: &mut HashMap<Uuid, Grounds>) -> Result<(), Error> {
    if rules.is_empty() {
        return Ok(());
    }
    let today = work.today();
    for (case, profile) in ruling::profiles(work, cases).await? {
        let of = grounds.entry(case).or_default();
        of.ruled = rules.judge(&profile, &of.people, &[], today);
    }
    Ok(())
}
