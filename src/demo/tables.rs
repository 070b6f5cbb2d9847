//! Rows, collected by table and written many at a time, in the order in which their tables depend on each other.
use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, Utc};
use serde_json::Value;
use sqlx::AssertSqlSafe;
use uuid::Uuid;

use crate::error::Error;
use crate::platform::db::Work;
use crate::platform::seal::{DataKey, Keyring};

/// What is written, and what before what.
const ORDER: &[&str] = &[
    "organisations",
    "units",
    "users",
    "memberships",
    "focal_points",
    "agreements",
    "organisation_contacts",
    "services",
    "service_viewers",
    "locations",
    "opening_hours",
    "projects",
    "persons",
    "person_contacts",
    "person_documents",
    "person_keys",
    "households",
    "household_members",
    "keys",
    "cases",
    "case_people",
    "bars",
    "grants",
    "case_moves",
    "case_notes",
    "case_records",
    "submissions",
    "assessments",
    "meetings",
    "supervision_sessions",
    "supervision_cases",
    "plans",
    "plan_lines",
    "plan_agreements",
    "plan_reviews",
    "project_exemptions",
    "project_placements",
    "project_attendance",
    "achievement_marks",
    "consents",
    "referrals",
    "referral_people",
    "referral_moves",
    "referral_messages",
    "packets",
    "appointments",
    "tasks",
    "notifications",
];

/// As many rows go in one statement: enough to be quick, few enough to stay small.
const BATCH: usize = 500;

/// Rows waiting to be written.
#[derive(Default)]
pub struct Tables {
    rows: BTreeMap<&'static str, Vec<Value>>,
    // Where the row of each case waits: every note and meeting looks for its own.
    cases: HashMap<String, usize>,
}

impl Tables {
    /// Adds a row; every row of a table names the same columns.
    pub fn add(&mut self, table: &'static str, row: Value) {
        let rows = self.rows.entry(table).or_default();
        if table == "cases"
            && let Some(id) = row["id"].as_str()
        {
            self.cases.insert(id.to_owned(), rows.len());
        }
        rows.push(row);
    }

    /// How many rows of this table wait.
    pub fn count(&self, table: &str) -> usize {
        self.rows.get(table).map_or(0, Vec::len)
    }

    /// Somebody spoke with the person of this case then, which its row says if nobody had since.
    pub fn met(&mut self, case: Uuid, at: DateTime<Utc>) {
        let Some(nth) = self.cases.get(&case.to_string()) else { return };
        let Some(row) = self.rows.get_mut("cases").and_then(|rows| rows.get_mut(*nth)) else { return };
        let before = row["last_contact_at"].as_str().and_then(|moment| moment.parse::<DateTime<Utc>>().ok());
        if before.is_none_or(|before| before < at) {
            row["last_contact_at"] = serde_json::json!(at);
        }
    }

    /// When somebody last spoke with the person of this case, as its row says.
    pub fn last_met(&self, case: Uuid) -> Option<DateTime<Utc>> {
        let nth = self.cases.get(&case.to_string())?;
        self.rows.get("cases")?.get(*nth)?["last_contact_at"].as_str()?.parse().ok()
    }

    /// How many tasks of this person are late at this moment.
    pub fn late(&self, assignee: Uuid, now: DateTime<Utc>) -> usize {
        let assignee = Value::from(assignee.to_string());
        let is_late = |row: &&Value| {
            row["assignee"] == assignee
                && row["due_at"].as_str().and_then(|due| due.parse::<DateTime<Utc>>().ok()).is_some_and(|due| due < now)
        };
        self.rows.get("tasks").map_or(0, |rows| rows.iter().filter(is_late).count())
    }

    /// A new data key for this owner, which waits to be written too.
    pub fn new_key(&mut self, keyring: &Keyring, owner: Uuid, case: Option<Uuid>) -> DataKey {
        let (key, wrapped, epoch) = keyring.new_data_key(owner);
        self.add("keys", serde_json::json!({ "owner": owner, "case_id": case, "wrapped": bytes(&wrapped), "epoch": epoch, "destroyed_at": null }));
        key
    }

    /// Destroys a data key that waits to be written, as a withdrawal does.
    pub fn destroy_key(&mut self, owner: Uuid, at: DateTime<Utc>) {
        let keys = self.rows.get_mut("keys").into_iter().flatten();
        for key in keys.filter(|key| key["owner"] == owner.to_string()) {
            key["wrapped"] = Value::from("\\x");
            key["destroyed_at"] = serde_json::json!(at);
        }
    }

    /// Writes every row.
    pub async fn write(mut self, work: &mut Work) -> Result<(), Error> {
        for table in ORDER {
            let rows = self.rows.remove(table).unwrap_or_default();
            for batch in rows.chunks(BATCH) {
                insert(work, table, batch).await?;
            }
        }
        match self.rows.pop_first() {
            None => Ok(()),
            Some((table, _)) => Err(anyhow::anyhow!("the demo does not know when to write {table}").into()),
        }
    }
}

/// Sealed bytes as PostgreSQL reads them from text.
pub fn bytes(sealed: &[u8]) -> String {
    format!("\\x{}", hex::encode(sealed))
}

async fn insert(work: &mut Work, table: &str, rows: &[Value]) -> Result<(), Error> {
    let Some(Value::Object(first)) = rows.first() else { return Ok(()) };
    // Every row names the columns of the first, and the table must know each: a value that found no column would be lost in silence.
    if let Some(other) = rows.iter().filter_map(Value::as_object).find(|row| !row.keys().eq(first.keys())) {
        return Err(anyhow::anyhow!("rows of {table} name different columns: {:?} and {:?}", first.keys(), other.keys()).into());
    }
    let columns = first.keys().map(|name| format!("\"{name}\"")).collect::<Vec<_>>().join(", ");
    // Table and columns are constants of this room; what varies is a parameter.
    let sql = format!("insert into {table} ({columns}) select {columns} from jsonb_populate_recordset(null::{table}, $1)");
    #[expect(clippy::disallowed_methods, reason = "one statement for every table")]
    let insert = sqlx::query(AssertSqlSafe(sql)).bind(Value::Array(rows.to_vec()));
    insert
        .execute(work.db())
        .await
        .map_err(|error| anyhow::Error::from(error).context(format!("the demo's rows of {table} do not fit")))?;
    Ok(())
}
