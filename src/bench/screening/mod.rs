//! Screening a registry: a made world of households with profiles, every one of them judged by twenty services, results and reasons stored; and
//! judging alone beside `openfisca-core`, which judges the same households by the same rules in the same run.
mod beside;
mod population;

use std::time::Instant;

use anyhow::{Context, ensure};
use rules::Fields;
use sqlx::{AssertSqlSafe, Executor};
use uuid::Uuid;

use super::report::Report;
use super::world::aside;
use super::{budgets, desk::broken};
use crate::cli::set_up::Opened;
use crate::demo;
use crate::eligibility::screening::run::{Step, advance};
use crate::eligibility::screening::{self, NewScreening, Screening, actions};
use crate::packs;
use crate::platform::db::{Actor, Work};
use crate::platform::ids::{OrgId, ScreeningId, UnitId};
use crate::worker;

pub use beside::compare;

const ORG: OrgId = 9001;
const UNIT: UnitId = 100_000;
/// Tables that are filled by the million.
const FILLED: &[&str] = &["cases", "profiles"];
/// What is read while screening.
const READ: &[&str] = &["cases", "profiles", "screening_results"];

/// Twenty rules over what the made households tell.
const RULES: [&str; 20] = [
    "household.income < 100.0",
    "household.income < 60.0 && household.size >= 5",
    "members.exists(m, m.age >= 60)",
    "members.exists(m, m.age < 18 && m.in_school == false)",
    "members.filter(m, m.age < 6).size() >= 2",
    "!household.has_toilet && household.shelter in ['tent', 'unfinished']",
    "members.exists(m, m.has_disability) && household.income < 150.0",
    "members.all(m, m.age >= 18)",
    "household.debt > 500.0 || household.income < 40.0",
    "household.shelter == 'tent'",
    "members.exists(m, m.sex == 'female' && m.age >= 15 && m.age < 50) && household.income < 120.0",
    "household.rent / household.income > 0.5",
    "household.size >= 7",
    "members.exists_one(m, m.age >= 18) && members.exists(m, m.age < 18)",
    "household.has_water == false || household.has_toilet == false",
    "household.income < 200.0 && members.exists(m, m.age >= 18 && m.age < 60 && m.works == false)",
    "size(members) >= 4 && household.rooms <= 1",
    "members.exists(m, m.age < 1)",
    "household.income / double(household.size) < 20.0",
    "household.debt <= 500.0 && household.income >= 100.0 && household.has_water",
];

/// Makes a world of so many households in an empty database, and measures screening all of them.
pub async fn measure(opened: &Opened, households: u32, report: &mut Report) -> anyhow::Result<()> {
    let start = Instant::now();
    let mut work = Work::open_with(&opened.ground, &opened.operator, Actor::Operator).await.map_err(broken)?;
    make(&mut work, households).await?;
    work.commit().await.map_err(broken)?;
    opened.operator.tidy_up(READ).await.map_err(broken)?;
    report.counted("making households to screen", households, "s", start.elapsed().as_secs_f64());
    let screening = go_through(opened, households, report).await?;
    let start = Instant::now();
    worker::work_off(&opened.ground).await.map_err(broken)?;
    report.counted("screening, working out proposals", households, "s", start.elapsed().as_secs_f64());
    let chosen = find(opened, screening).await?;
    ensure!(chosen.has_chosen(), "the proposals were not worked out");
    Ok(())
}

async fn make(work: &mut Work, households: u32) -> anyhow::Result<()> {
    let mut pack = demo::pack().map_err(broken)?;
    pack.fields = population::fields();
    let (version, _) = packs::store::load(work, &pack).await.map_err(broken)?;
    let fields = population::for_rules();
    work.db().execute(AssertSqlSafe(include_str!("ground.sql").to_owned())).await?;
    insert_rules(work, &fields).await?;
    work.db().execute("set local maintenance_work_mem = '256MB'; set local work_mem = '256MB'").await?;
    let aside = aside::lay(work, FILLED).await.map_err(broken)?;
    let sql =
        include_str!("households.sql").replace(":households", &households.to_string()).replace(":version", &version.to_string());
    work.db().execute(AssertSqlSafe(sql)).await?;
    aside.put_back(work, |_| {}).await.map_err(broken)
}

async fn insert_rules(work: &mut Work, fields: &Fields) -> anyhow::Result<()> {
    for (nth, text) in RULES.iter().enumerate() {
        let rule = rules::compile(text, fields).map_err(|mistakes| anyhow::anyhow!("{text}: {mistakes:?}"))?;
        let (id, service, compiled) = (Uuid::now_v7(), Uuid::now_v7(), serde_json::to_value(&rule)?);
        let name = format!("Measured service {}", nth + 1);
        sqlx::query!(
            "with service as (insert into services (id, org, unit, name, needs, places_free) values ($1, 9002, 200000, $2, '{health}', 200) returning id)
             insert into eligibility_rules (id, service_id, number, state, text, compiled, written_by_name, activated_at)
             select $3, id, 1, 'active', $4, $5, 'Measured', now() from service",
            service,
            name,
            id,
            *text,
            compiled
        )
        .execute(work.db())
        .await?;
    }
    Ok(())
}

async fn go_through(opened: &Opened, households: u32, report: &mut Report) -> anyhow::Result<ScreeningId> {
    let mut work = Work::open_with(&opened.ground, &opened.operator, Actor::Operator).await.map_err(broken)?;
    let id = actions::begin_for(&mut work, ORG, UNIT, &NewScreening::default()).await.map_err(broken)?;
    work.commit().await.map_err(broken)?;
    super::memory::forget_peak();
    let start = Instant::now();
    loop {
        let mut work = Work::open(&opened.ground, Actor::System { job: "bench", org: Some(ORG) }).await.map_err(broken)?;
        let step = advance(&mut work, id).await.map_err(broken)?;
        work.commit().await.map_err(broken)?;
        if step == Step::Over {
            break;
        }
    }
    let took = start.elapsed().as_secs_f64();
    let done = find(opened, id).await?;
    ensure!(done.done == i64::from(households), "{} of {households} households were screened", done.done);
    report.within("screening, 20 services, stored", households, "s", took, budgets::SCREENING);
    if let Some(most) = super::memory::peak() {
        report.within("screening, memory", households, "MB", most, budgets::SCREENING_MEMORY);
    }
    stored(opened, id, households, report).await?;
    Ok(id)
}

async fn stored(opened: &Opened, id: ScreeningId, households: u32, report: &mut Report) -> anyhow::Result<()> {
    let mut work = Work::open_with(&opened.ground, &opened.operator, Actor::Operator).await.map_err(broken)?;
    let row = sqlx::query!(
        r#"select (select count(*) from screening_results where screening_id = $1)::float8 as "rows!",
             pg_total_relation_size('screening_results')::float8 / 1e6 as "size!""#,
        id.0
    )
    .fetch_one(work.db())
    .await?;
    ensure!(row.rows >= f64::from(households), "only {} results are stored", row.rows);
    report.counted("screening, results stored", households, "MB", row.size);
    Ok(())
}

async fn find(opened: &Opened, id: ScreeningId) -> anyhow::Result<Screening> {
    let mut work = Work::open_with(&opened.ground, &opened.operator, Actor::Operator).await.map_err(broken)?;
    screening::find(&mut work, id).await.map_err(broken).context("the screening is gone")
}
