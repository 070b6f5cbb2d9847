//! The list of cases: filters, order, paging by key. Row security decides what exists; `order` finds the page's cases, here they are read.
use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::order;
use crate::error::Error;
use crate::platform::db::Work;
use crate::platform::ids::{CaseId, PersonId, UnitId, UserId};
use crate::web::Form;

/// Rows on a page.
pub const PAGE: usize = 50;
/// Rows in a file: more than anybody's caseload, less than a whole registry.
pub const MOST: usize = 5000;

/// Who keeps what nobody keeps.
pub const NOBODY: UserId = UserId(Uuid::nil());

/// What a list asks for.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// `mine`, `inbox`, `unit`, `all`, or `team`: what the coordinator's board counts.
    pub keeper: String,
    /// That board's unit; it and all below it.
    pub unit: Option<UnitId>,
    /// One worker's cases, for a supervisor; [`NOBODY`]'s are those in an inbox.
    pub worker: Option<UserId>,
    /// Only what is overdue.
    pub overdue: bool,
    /// Only this risk level.
    pub risk: Option<String>,
    /// Only this stage.
    pub stage: Option<String>,
    /// Only this type.
    pub case_type: Option<i16>,
    /// Closed cases instead of open ones.
    pub closed: bool,
    /// `due`, `risk` or `opened`.
    pub sort: String,
    /// The place after which the page begins.
    pub after: Option<Place>,
}

/// Where a case stands in the order of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// Its risk, the highest first, in a list by risk; 0 in any other.
    pub rank: i32,
    /// When it is due, or was opened.
    pub at: DateTime<Utc>,
    /// The case.
    pub id: Uuid,
}

impl Place {
    /// As an address carries it.
    pub fn write(&self) -> String {
        format!("{}_{}_{}", self.rank, self.at.timestamp_micros(), self.id)
    }

    /// As an address carries it; anything else begins at the top.
    pub fn read(text: &str) -> Option<Self> {
        let mut parts = text.split('_');
        let rank = parts.next()?.parse().ok()?;
        let at = DateTime::from_timestamp_micros(parts.next()?.parse().ok()?)?;
        Some(Self { rank, at, id: parts.next()?.parse().ok()? })
    }
}

impl Filter {
    /// Reads a query string; what is not understood is left out.
    pub fn of(query: &Form) -> Self {
        let word = |name: &str| Some(query.value(name).to_owned()).filter(|value| !value.is_empty());
        Self {
            keeper: word("keeper")
                .filter(|keeper| ["mine", "inbox", "unit", "all", "team"].contains(&keeper.as_str()))
                .unwrap_or_else(|| "mine".to_owned()),
            unit: query.value("unit").parse().ok(),
            worker: match query.value("worker") {
                "inbox" => Some(NOBODY),
                id => id.parse().ok(),
            },
            overdue: query.ticked("overdue"),
            risk: word("risk"),
            stage: word("stage"),
            case_type: query.value("type").parse().ok(),
            closed: query.ticked("closed"),
            sort: word("sort")
                .filter(|sort| ["due", "risk", "opened"].contains(&sort.as_str()))
                .unwrap_or_else(|| "due".to_owned()),
            after: Place::read(query.value("after")),
        }
    }

    /// The query string of this filter, with one part changed; an empty value takes it away.
    pub fn href(&self, part: &str, value: &str) -> String {
        let mut parts: Vec<(&str, String)> = vec![("keeper", self.keeper.clone()), ("sort", self.sort.clone())];
        parts.extend(self.unit.map(|id| ("unit", id.to_string())));
        parts.extend(self.worker.map(|id| ("worker", if id == NOBODY { "inbox".to_owned() } else { id.to_string() })));
        parts.extend(self.risk.clone().map(|risk| ("risk", risk)));
        parts.extend(self.stage.clone().map(|stage| ("stage", stage)));
        parts.extend(self.case_type.map(|id| ("type", id.to_string())));
        if self.overdue {
            parts.push(("overdue", "yes".to_owned()));
        }
        if self.closed {
            parts.push(("closed", "yes".to_owned()));
        }
        parts.retain(|(name, _)| *name != part);
        if !value.is_empty() {
            parts.push((part, value.to_owned()));
        }
        let query = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(parts).finish();
        format!("/cases?{query}")
    }
}

/// One row of a list.
#[derive(Debug, Clone)]
pub struct Row {
    /// The case.
    pub id: CaseId,
    /// Its code.
    pub code: String,
    /// The person, whose name is shown for standard cases only (S13).
    pub person_id: PersonId,
    /// Its type's number.
    pub case_type: i16,
    /// How closely it is guarded.
    pub guarded: String,
    /// Its pack, for the words of its stage.
    pub pack: String,
    /// That pack's version.
    pub pack_version: i32,
    /// Its stage.
    pub stage: String,
    /// Its risk level.
    pub risk: Option<String>,
    /// The worker's name.
    pub manager_name: Option<String>,
    /// What is due next.
    pub next_due_at: Option<DateTime<Utc>>,
    /// What is due next for whoever keeps the case, or for the reader.
    pub own_due_at: Option<DateTime<Utc>>,
    /// Something of that is overdue, which it may be only some time after it is due.
    pub own_late: bool,
    /// Since when it runs.
    pub opened_at: DateTime<Utc>,
}

impl Row {
    /// When somebody else's task is due before any of those, and none of those is overdue.
    pub fn due_elsewhere(&self) -> Option<DateTime<Utc>> {
        self.next_due_at.filter(|due| !self.own_late && self.own_due_at.is_none_or(|own| *due < own))
    }
}

/// The cases that the filter lets through, at most `most`, and where the next page begins, if there is one.
pub async fn list(work: &mut Work, filter: &Filter, most: usize) -> Result<(Vec<Row>, Option<Place>), Error> {
    let mut places = order::places(work, filter, most + 1).await?;
    let more = places.len() > most;
    places.truncate(most);
    let next = places.last().copied().filter(|_| more);
    let ids: Vec<Uuid> = places.iter().map(|place| place.id).collect();
    let now = work.now();
    let rows = sqlx::query_as!(
        Row,
        r#"select c.id as "id: CaseId", c.code, c.person_id as "person_id: PersonId", c.case_type, t.sensitivity as guarded, c.pack, c.pack_version,
           c.stage, c.risk, m.name as "manager_name?", c.next_due_at, c.opened_at,
             own.due_at as "own_due_at?", coalesce(own.late, false) as "own_late!"
           from cases c join case_types t on t.id = c.case_type left join users m on m.id = c.case_manager
             left join lateral (select min(w.due_at) as due_at, bool_or(coalesce(w.overdue_at, w.due_at) < $2) as late from tasks w
               where w.case_id = c.id and w.side = 'from' and w.done_at is null
                 and (access.is_the_keepers(w.assignee, c.case_manager) or w.assignee = (select access.me()))) own on true
           where c.id = any ($1) order by array_position($1, c.id)"#,
        &ids,
        now
    )
    .fetch_all(work.db())
    .await?;
    Ok((rows, next))
}

/// The names of these persons, as far as the actor may see them.
pub async fn names(work: &mut Work, persons: &[Uuid]) -> Result<std::collections::HashMap<Uuid, String>, Error> {
    if persons.is_empty() {
        return Ok(std::collections::HashMap::new());
    }
    let rows = sqlx::query!("select id, name from persons where id = any ($1)", persons).fetch_all(work.db()).await?;
    Ok(rows.into_iter().map(|row| (row.id, row.name)).collect())
}

/// How risky these cases are, of those that the actor may see and that have a risk: its code, and the pack that has words for it.
pub async fn risks(work: &mut Work, cases: &[Uuid]) -> Result<Vec<(Uuid, String, (String, i32))>, Error> {
    if cases.is_empty() {
        return Ok(Vec::new());
    }
    let rows = sqlx::query!(
        r#"select id, risk as "risk!", pack, pack_version from cases where id = any ($1) and risk is not null"#,
        cases
    )
    .fetch_all(work.db())
    .await?;
    Ok(rows.into_iter().map(|row| (row.id, row.risk, (row.pack, row.pack_version))).collect())
}

/// The saved views of this user for a page: id, name, query.
pub async fn saved_views(work: &mut Work, page: &str) -> Result<Vec<(Uuid, String, String)>, Error> {
    let rows = sqlx::query!("select id, name, query from saved_views where page = $1 order by name limit 20", page)
        .fetch_all(work.db())
        .await?;
    Ok(rows.into_iter().map(|row| (row.id, row.name, row.query)).collect())
}

/// Keeps a view under a name.
pub async fn save_view(work: &mut Work, page: &str, name: &str, query: &str) -> Result<(), Error> {
    let me = work.me()?;
    sqlx::query!(
        "insert into saved_views (id, user_id, page, name, query) values ($1, $2, $3, $4, $5)",
        Uuid::now_v7(),
        me.0,
        page,
        name,
        query
    )
    .execute(work.db())
    .await?;
    Ok(())
}

struct OwnRow {
    id: CaseId,
    code: String,
    person: PersonId,
    // Their name may stand on a list (S13).
    standard: bool,
}

/// One's own open cases, the one that was come from first, then what is due next; each as a list may call it: by name and code where the
/// case is a standard one, by its code where not (S13).
pub async fn own_open(work: &mut Work, from: Option<CaseId>) -> Result<Vec<(CaseId, String)>, Error> {
    let user = work.me()?;
    let rows = sqlx::query_as!(
        OwnRow,
        r#"select c.id as "id: CaseId", c.code, c.person_id as "person: PersonId", t.sensitivity = 'standard' as "standard!"
           from cases c join case_types t on t.id = c.case_type
           where (c.case_manager = $1 and c.closed_at is null) or c.id = $2
           order by c.id is distinct from $2, c.next_due_at nulls last, c.id limit 100"#,
        user.0,
        from.map(|id| id.0)
    )
    .fetch_all(work.db())
    .await?;
    let open: Vec<Uuid> = rows.iter().filter(|row| row.standard).map(|row| row.person.0).collect();
    let known = names(work, &open).await?;
    let called = |row: OwnRow| {
        let name = known.get(&row.person.0).filter(|_| row.standard);
        let words = name.map_or_else(|| row.code.clone(), |name| format!("{name} · {}", row.code));
        (row.id, words)
    };
    Ok(rows.into_iter().map(called).collect())
}
