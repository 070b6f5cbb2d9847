//! The big world: rows by the million, as the program itself would have written them, skewed as ARCHITECTURE "Access" says.
//!
//! Made in this process, since narratives and packets are sealed before they reach a database, and copied in while the next are made.
//! Access columns are given as the tables' triggers would set them; a test asks the triggers whether they agree.
pub(super) mod aside;
mod casework;
mod copy;
mod people;
mod row;
mod sending;
pub mod skew;

use std::sync::Arc;

use chrono::{DateTime, Utc, Weekday};
use sqlx::{AssertSqlSafe, Executor};
use tokio::sync::mpsc;

use crate::demo::chance::Chance;
use crate::demo::{self, SEED};
use crate::error::Error;
use crate::packs::{self, Pack};
use crate::platform::db::{Ground, Work};
use crate::referrals::clocks::watch::Clockwork;
use crate::tasks::calendar::Calendar;
use copy::{Chunk, Sheets};
use skew::Keepers;

/// What is written by copying.
pub const TABLES: &[&str] = &[
    "households",
    "persons",
    "person_keys",
    "person_contacts",
    "person_documents",
    "household_members",
    "cases",
    "case_people",
    "case_notes",
    "case_moves",
    "consents",
    "keys",
    "referrals",
    "referral_people",
    "referral_moves",
    "packets",
    "appointments",
    "meetings",
    "tasks",
    "notifications",
    "facts",
];

/// Makes a world of so many households in the caller's transaction as operator; `say` hears of each step.
pub async fn make(work: &mut Work, households: u32, say: impl Fn(&str)) -> Result<(), Error> {
    let pack = demo::pack()?;
    let (version, _) = packs::store::load(work, &pack).await?;
    work.db().execute(include_str!("ground.sql")).await?;
    // Building an index sorts millions of rows.
    work.db().execute("set local maintenance_work_mem = '256MB'; set local work_mem = '256MB'").await?;
    let aside = aside::lay(work, TABLES).await?;
    let (ready, mut waiting) = mpsc::channel(4);
    let (ground, now) = (work.ground().clone(), work.now());
    let made = tokio::task::spawn_blocking(move || fill(&ground, &pack, version, households, now, Sheets::new(ready)));
    let mut said = 0;
    while let Some(chunk) = waiting.recv().await {
        copy_in(work, &chunk).await?;
        if chunk.done / (households / 20 + 1) > said {
            said = chunk.done / (households / 20 + 1);
            say(&format!("{} of {households} households", chunk.done));
        }
    }
    made.await.map_err(anyhow::Error::from)??;
    aside.put_back(work, |name| say(&format!("puts back {name}"))).await?;
    // Somebody with a single case in sight, through a grant.
    work.db()
        .execute(AssertSqlSafe(format!(
            "insert into grants (id, case_id, user_id, basis, until, org) select gen_random_uuid(), id, '{}', 'team', now() + interval '300 days', {}
             from cases where unit = {} and case_type = 1 order by id limit 1",
            skew::user(5),
            skew::NGO,
            skew::LARGE
        )))
        .await?;
    Ok(())
}

async fn copy_in(work: &mut Work, chunk: &Chunk) -> Result<(), Error> {
    let statement = format!("copy {} ({}) from stdin (format binary)", chunk.table, chunk.columns);
    let mut copy = work.db().copy_in_raw(&statement).await?;
    copy.send(&chunk.bytes[..]).await?;
    copy.finish().await.map_err(|error| anyhow::Error::from(error).context(format!("rows of {} do not fit", chunk.table)))?;
    Ok(())
}

fn fill(
    ground: &Arc<Ground>,
    pack: &Pack,
    version: i32,
    households: u32,
    now: DateTime<Utc>,
    mut sheets: Sheets,
) -> anyhow::Result<()> {
    let calendar = Calendar::new(chrono_tz::UTC, &[Weekday::Sat, Weekday::Sun], [])
        .map_err(|_| anyhow::anyhow!("a week has working days"))?;
    let clockwork = Clockwork::new(Some(pack), calendar.clone(), calendar);
    let sending = sending::Ground { keyring: &ground.keyring, pack, clockwork: &clockwork };
    let (mut chance, mut names, mut keepers) = (Chance::new(SEED, now), people::Names::new(), Keepers::default());
    for number in 1..=households {
        let home = people::home(&mut chance, &mut names, number);
        let mut files = Vec::new();
        // One case for each household, a second for every other.
        let numbers = [Some(number), (number <= households / 2).then_some(households + number)];
        for case in numbers.into_iter().flatten() {
            let opened = casework::open(&mut chance, &ground.keyring, &mut keepers, pack, &home, case);
            let (mut file, key) = opened.ok_or_else(|| anyhow::anyhow!("the pack has none of the measured types"))?;
            key.write(&mut sheets);
            file.code = sheets.code(&mut chance, 'C');
            files.push(file);
        }
        people::write(&mut sheets, &mut chance, &home, number, &clearances(&files));
        for file in &mut files {
            casework::write_papers(&mut sheets, &mut chance, &home, file);
        }
        for nth in 0..5 {
            let file = nth as usize % files.len();
            sending::send(&mut sheets, &mut chance, &sending, &home, &mut files[file], number * 5 + nth)?;
        }
        for file in &files {
            casework::write(&mut sheets, &home, file, (&pack.name, version));
        }
        sheets.done = number;
    }
    sheets.finish();
    Ok(())
}

// Under which type's clearance each member of a household is found: 0 for everybody's, none where no case is theirs.
fn clearances(files: &[casework::File]) -> Vec<Option<i16>> {
    let of = |member: usize| {
        let mine = files.iter().filter(|file| file.people().contains(&member));
        mine.map(|file| if file.scope.is_empty() { file.case_type } else { 0 }).min()
    };
    (0..people::SIZE).map(of).collect()
}
