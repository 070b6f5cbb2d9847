//! The list of cases: filters, order, paging by key. Row security decides what exists; the filter names where an index starts.
use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::error::Error;
use crate::platform::db::Work;
use crate::platform::ids::{CaseId, PersonId, UserId};
use crate::web::Form;

/// Rows on a page.
pub const PAGE: usize = 50;
/// Rows in a file: more than anybody's caseload, less than a whole registry.
pub const MOST: i64 = 5000;

/// What a list asks for.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// `mine`, `inbox`, `unit` or `all`.
    pub keeper: String,
    /// One worker's cases, for a supervisor.
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
    /// The key after which the page begins.
    pub after: Option<(f64, Uuid)>,
}

impl Filter {
    /// Reads a query string; what is not understood is left out.
    pub fn of(query: &Form) -> Self {
        let word = |name: &str| Some(query.value(name).to_owned()).filter(|value| !value.is_empty());
        let after = query.value("after").split_once('_').and_then(|(key, id)| Some((key.parse().ok()?, id.parse().ok()?)));
        Self {
            keeper: word("keeper")
                .filter(|keeper| ["mine", "inbox", "unit", "all"].contains(&keeper.as_str()))
                .unwrap_or_else(|| "mine".to_owned()),
            worker: query.value("worker").parse().ok(),
            overdue: query.ticked("overdue"),
            risk: word("risk"),
            stage: word("stage"),
            case_type: query.value("type").parse().ok(),
            closed: query.ticked("closed"),
            sort: word("sort")
                .filter(|sort| ["due", "risk", "opened"].contains(&sort.as_str()))
                .unwrap_or_else(|| "due".to_owned()),
            after,
        }
    }

    /// The query string of this filter, with one part changed; an empty value takes it away.
    pub fn href(&self, part: &str, value: &str) -> String {
        let mut parts: Vec<(&str, String)> = vec![("keeper", self.keeper.clone()), ("sort", self.sort.clone())];
        parts.extend(self.worker.map(|id| ("worker", id.to_string())));
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
    /// Since when it runs.
    pub opened_at: DateTime<Utc>,
    /// Where it stands in this order.
    pub key: f64,
}

/// The cases that the filter lets through, at most `most`.
pub async fn list(work: &mut Work, filter: &Filter, most: i64) -> Result<Vec<Row>, Error> {
    let (me, now, units) = (work.me()?, work.now(), work.standing.units.clone());
    let (after_key, after_id) = filter.after.unzip();
    let rows = sqlx::query_as!(
        Row,
        r#"select r.id as "id: CaseId", r.code, r.person_id as "person_id: PersonId", r.case_type, t.sensitivity as guarded, r.pack, r.pack_version,
           r.stage, r.risk, m.name as "manager_name?", r.next_due_at, r.opened_at, r.key as "key!"
         from (
           select c.*, case $9::text
             when 'risk' then coalesce(array_position(array['high', 'moderate', 'low'], c.risk), 9) * 1e11 + extract(epoch from coalesce(c.next_due_at, '2900-01-01'))::float8
             when 'opened' then -extract(epoch from c.opened_at)::float8
             else extract(epoch from coalesce(c.next_due_at, '2900-01-01'))::float8 end as key
           from cases c
           where (c.closed_at is not null) = $7
             and case $1::text when 'mine' then c.case_manager = $2 when 'inbox' then c.unit = any ($3) and c.case_manager is null
               when 'unit' then c.unit = any ($3) or c.supervisor = $2 else true end
             and ($4::uuid is null or c.case_manager = $4)
             and (not $5 or c.next_due_at < $6)
             and ($8::text is null or c.risk = $8)
             and ($10::text is null or c.stage = $10)
             and ($11::smallint is null or c.case_type = $11)
         ) r join case_types t on t.id = r.case_type left join users m on m.id = r.case_manager
         where $12::float8 is null or (r.key, r.id) > ($12, $13::uuid)
         order by r.key, r.id limit $14"#,
        filter.keeper,
        me.0,
        &units,
        filter.worker.map(|id| id.0),
        filter.overdue,
        now,
        filter.closed,
        filter.risk,
        filter.sort,
        filter.stage,
        filter.case_type,
        after_key,
        after_id,
        most
    )
    .fetch_all(work.db())
    .await?;
    Ok(rows)
}

/// The names of these persons, as far as the actor may see them.
pub async fn names(work: &mut Work, persons: &[Uuid]) -> Result<std::collections::HashMap<Uuid, String>, Error> {
    let rows = sqlx::query!("select id, name from persons where id = any ($1)", persons).fetch_all(work.db()).await?;
    Ok(rows.into_iter().map(|row| (row.id, row.name)).collect())
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
