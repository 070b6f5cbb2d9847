//! The big world: rows by the million, made inside the database.
use serde_json::json;
use sqlx::{AssertSqlSafe, Executor};

use crate::demo::{self, keys, names};
use crate::error::Error;
use crate::packs;
use crate::platform::db::Work;

const STEPS: &str = include_str!("world.sql");

// Rows are written with the access columns that these triggers would set, by the same formula; a trigger for each row would take an hour.
const TRIGGERED: &[&str] = &["households", "persons", "cases", "case_people", "consents", "referrals", "tasks"];

/// Makes a world of so many households in the caller's transaction as operator; `say` hears of each step.
pub async fn make(work: &mut Work, households: u32, say: impl Fn(&str)) -> Result<(), Error> {
    packs::store::load(work, &demo::pack()?).await?;
    // One statement may sort and hash millions of rows.
    work.db().execute("set local work_mem = '128MB'").await?;
    write_names(work).await?;
    for table in TRIGGERED {
        work.db().execute(AssertSqlSafe(format!("alter table {table} disable trigger user"))).await?;
    }
    for step in STEPS.split("-- step: ").skip(1) {
        let (name, sql) = step.split_once('\n').unwrap_or((step, ""));
        say(name);
        work.db()
            .execute(AssertSqlSafe(sql.replace("{n}", &households.to_string())))
            .await
            .map_err(|error| anyhow::Error::from(error).context(format!("the step {name:?} failed")))?;
    }
    for table in TRIGGERED {
        work.db().execute(AssertSqlSafe(format!("alter table {table} enable trigger user"))).await?;
    }
    Ok(())
}

// Names with their search keys. The first are the commonest; composed families make the rare ones.
async fn write_names(work: &mut Work) -> Result<(), Error> {
    work.db().execute("create temp table synth_names (no int primary key, name text not null, latin text not null, keys text[] not null) on commit drop").await?;
    let mut rows = Vec::new();
    for (family, latin_family) in families() {
        let given = if family.is_empty() { &LATIN } else { &ARABIC };
        for (own, latin) in given.iter().flat_map(|list| list.iter()) {
            let spelt = format!("{latin} {latin_family}");
            let (name, latin) = if own.is_empty() { (spelt, String::new()) } else { (format!("{own} {family}"), spelt) };
            let mut found = keys::of_name(&name);
            found.extend(keys::of_name(&latin));
            found.sort();
            found.dedup();
            rows.push(json!({ "no": rows.len() + 1, "name": name, "latin": latin, "keys": found }));
        }
    }
    for batch in rows.chunks(2000) {
        #[expect(clippy::disallowed_methods, reason = "the table is a temporary one, unknown to the checker")]
        let insert = sqlx::query(
            "insert into synth_names (no, name, latin, keys) select no, name, latin, keys from jsonb_populate_recordset(null::synth_names, $1)",
        );
        insert.bind(serde_json::Value::Array(batch.to_vec())).execute(work.db()).await?;
    }
    work.db().execute("analyze synth_names").await?;
    Ok(())
}

static ARABIC: [&[names::Name]; 2] = [&names::ARABIC_MEN, &names::ARABIC_WOMEN];
static LATIN: [&[names::Name]; 2] = [&names::LATIN_MEN, &names::LATIN_WOMEN];

// The listed families, then composed ones, which are rare because they come last.
fn families() -> Vec<(String, String)> {
    let listed = names::ARABIC_FAMILIES.iter().chain(&names::LATIN_FAMILIES);
    let mut all: Vec<(String, String)> = listed.map(|(own, latin)| ((*own).to_owned(), (*latin).to_owned())).collect();
    let first = [("با", "Ba"), ("دا", "Da"), ("كا", "Ka"), ("ما", "Ma"), ("را", "Ra"), ("شا", "Sha"), ("تا", "Ta"), ("زا", "Za")];
    let middle = [("ري", "ri"), ("لو", "lu"), ("مي", "mi"), ("نو", "nu"), ("كي", "ki"), ("سو", "su")];
    let last = [("دان", "dan"), ("رف", "ref"), ("مول", "mul"), ("نيم", "nim"), ("شق", "shaq"), ("بت", "bet"), ("غور", "ghur")];
    for a in first {
        for b in middle {
            for c in last {
                all.push((format!("{}{}{}", a.0, b.0, c.0), format!("{}{}{}", a.1, b.1, c.1)));
            }
        }
    }
    all
}

/// The id of a service of the measured world.
pub fn service(number: u64) -> uuid::Uuid {
    uuid::Uuid::from_u128((0x0190_a003_0000_7000_8000 << 48) | u128::from(number))
}
