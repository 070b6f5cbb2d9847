//! That nothing follows by itself from what somebody committed to and did not do (S25).
use chrono::TimeDelta;

use super::{agreed, assessed, id, line, step, written};
use crate::support::World;
use crate::support::sent::PROTECTION;

// How often these tables were written in.
async fn counted(w: &World, tables: &[&str]) -> Vec<i64> {
    let mut counts = Vec::new();
    for table in tables {
        counts.push(w.count(table).await);
    }
    counts
}

#[tokio::test]
async fn s25_nothing_follows_from_a_commitment_that_is_not_kept_or_overdue() {
    let w = World::new().await;
    let (case, person) = assessed(&w, PROTECTION).await;
    let plan = written(&w, &case, &person).await;
    let result = w.value("select id::text from plan_lines where kind = 'result'").await;
    let broken = w.value("select id::text from plan_lines where kind = 'commitment'").await;
    let today = w.ground.clock.now().date_naive().to_string();
    let due = [("person", person.as_str()), ("due_on", today.as_str())];
    line(&w, &w.amina, &plan, "commitment", &result, "Brings the papers", &due).await;
    step(&w, &w.amina, &plan, "proposal", &[]).await.redirects();
    agreed(&w, &plan, &person).await;
    w.work_off().await;
    let standing =
        format!("select concat_ws(' ', stage, risk, priority, version, closed_at) from cases where id = '{}'", id(&case));
    let stood = w.value(&standing).await;
    // It is said that one is not kept: nobody is told, and nothing is left to do.
    let left = ["tasks", "notifications", "messages", "case_moves", "case_notes"];
    let before = counted(&w, &left).await;
    w.amina.post(format!("{plan}/lines/{broken}/state"), [("version", "1"), ("state", "not_done")]).await.redirects();
    w.work_off().await;
    assert_eq!(counted(&w, &left).await, before, "{left:?}");
    assert_eq!(w.value(&standing).await, stood, "the case stands as it stood");
    // The day of the other passes: it is the worker's to ask after, and what the person gets goes on.
    let gets = ["case_moves", "case_notes", "closure_requests", "case_closures", "referrals", "referral_moves", "plan_reviews"];
    let before = counted(&w, &gets).await;
    w.after(TimeDelta::days(2)).await;
    w.amina.get(&plan).await.shows("Not done").shows("Overdue");
    assert_eq!(counted(&w, &gets).await, before, "{gets:?}");
    assert_eq!(w.value(&standing).await, stood, "the case stands as it stood");
    // Nor does any machine read who kept what.
    for table in ["plans", "plan_lines"] {
        let reads = format!("select has_any_column_privilege('throughcare_figures', '{table}', 'select')::text");
        assert_eq!(w.value(&reads).await, "false", "{table}");
    }
}
