//! Nobody sees what was erased, in whatever way they saw it before: S29 within the rule of need to know.
use std::collections::BTreeSet;

use throughcare::platform::db::{Actor, Work};
use throughcare::platform::ids::UserId;
use uuid::Uuid;

use super::{Generated, ids};
use crate::support::World;

#[tokio::test]
async fn s29_an_erased_case_is_seen_by_nobody_and_nothing_else_is_hidden_with_it() {
    let w = World::new().await;
    let g = Generated::new(29);
    w.sql(&g.sql()).await;
    let erased = |index: usize| index.is_multiple_of(3);
    // What was noted of people themselves is long over, so that nobody is known by that alone.
    w.sql("update person_records set happened_at = '1990-01-01', recorded_at = '1990-01-01' where org = 90").await;
    for case in g.cases.iter().step_by(3) {
        w.sql(&format!("select access.erase_again('{}', now())", case.id)).await;
    }
    for &user in &g.users {
        let mut work = Work::open(&w.ground, Actor::User(UserId(user))).await.expect("work");
        let seen = (0..g.cases.len()).filter(|&index| !erased(index) && g.sees_case(user, index));
        let cases: BTreeSet<Uuid> = seen.map(|index| g.cases[index].id).collect();
        for (id, table) in [
            ("id", "cases"),
            ("case_id", "case_notes"),
            ("case_id", "plans"),
            ("case_id", "assessments"),
            ("case_id", "case_closures"),
        ] {
            let of = if table == "cases" { " where org = 90" } else { "" };
            assert_eq!(ids(&mut work, &format!("select {id} from {table}{of}")).await, cases, "{table}");
        }
        assert_eq!(ids(&mut work, "select id from persons where org = 90").await, cases, "persons");
        let sent = g.referrals.iter().filter(|referral| !erased(referral.case) && g.sees_referral(user, referral));
        let referrals: BTreeSet<Uuid> = sent.map(|referral| referral.id).collect();
        assert_eq!(ids(&mut work, "select id from referrals").await, referrals, "referrals");
        assert_eq!(ids(&mut work, "select referral_id from referral_moves").await, referrals, "moves");
    }
}
