//! The demo: what `throughcare serve --demo` fills an empty database with.
use std::sync::Arc;

use sqlx::postgres::PgConnectOptions;
use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection};
use throughcare::access::password;
use throughcare::cli::set_up;
use throughcare::demo::{self, Found, cast};
use throughcare::platform::db::{Actor, Ground, Pool, Work};
use throughcare::platform::migrate::migrate;
use throughcare::platform::seal::Keyring;

use super::support::browser::Browser;

/// A world of the demonstration's.
pub struct Demo {
    pub ground: Arc<Ground>,
    operator: Pool,
}

impl Demo {
    /// A fresh one.
    pub async fn loaded() -> Self {
        Self::loaded_at(None).await
    }

    /// The world as it is loaded at this moment; now if none.
    async fn loaded_at(moment: Option<&str>) -> Self {
        let server: PgConnectOptions =
            std::env::var("THROUGHCARE_TEST_PG").expect("THROUGHCARE_TEST_PG names a server").parse().expect("an address");
        let name = format!("demo_{}", uuid::Uuid::now_v7().simple());
        let mut db = PgConnection::connect_with(&server).await.expect("the test server answers");
        db.execute(AssertSqlSafe(format!("create database {name}"))).await.expect("a database");
        let path = std::env::temp_dir().join("throughcare-test-keyring.toml");
        let keyring = Keyring::load_or_create(&path).or_else(|_| Keyring::load_or_create(&path)).expect("the keyring");
        let admin = server.database(&name);
        migrate(&admin, &keyring).await.expect("the migrations apply");
        let base = "http://127.0.0.1:8080".parse().expect("an address");
        let ground = Arc::new(set_up::ground(&admin, keyring, std::env::temp_dir(), base));
        let operator = Pool::new(admin.options([("role", "throughcare_migrator")]), 1);
        let demo = Self { ground, operator };
        let mut work = demo.operate().await;
        assert_eq!(demo::look(&mut work).await.expect("a look"), Found::Nothing);
        let now = moment.map_or_else(|| work.now(), |moment| moment.parse().expect("a moment"));
        demo::load(&mut work, demo::SEED, now).await.expect("the demo loads");
        work.commit().await.expect("it commits");
        demo
    }

    /// Work as the tables' owner.
    pub async fn operate(&self) -> Work {
        Work::open_with(&self.ground, &self.operator, Actor::Operator).await.expect("the operator works")
    }

    async fn number(&self, sql: &str) -> i64 {
        let mut work = self.operate().await;
        let (number,): (i64,) = sqlx::query_as(AssertSqlSafe(sql)).fetch_one(work.db()).await.expect("a number");
        number
    }
}

#[test]
fn the_demo_password_passes_our_own_check() {
    for member in cast::members() {
        assert_eq!(password::weakness(demo::PASSWORD, &[member.login, member.name]), None);
    }
}

#[tokio::test]
async fn the_demo_tells_of_nothing_that_cannot_be_true() {
    let demo = Demo::loaded().await;
    for (told, untrue, said) in [
        (
            "case_moves m join cases c on c.id = m.case_id where m.kind = 'closed'",
            "m.happened_at <> c.closed_at",
            "one closing, one moment",
        ),
        (
            "tasks t join assessments a on a.case_id = t.case_id and a.goes_on_to is not null where t.kind = 'analysis_due'",
            "t.due_at <> a.next_due_at",
            "one analysis, one clock",
        ),
        (
            "tasks t join units u on u.id = t.unit where t.kind = 'referral_review_emergency' and t.assignee is not null",
            "not exists (select from memberships m where m.user_id = t.assignee and m.unit = any (u.path))",
            "whoever reviews works there",
        ),
        (
            "cases c where c.keepers_due_at is not null",
            "c.keepers_due_at is distinct from (select min(coalesce(t.overdue_at, t.due_at)) from tasks t where t.case_id = c.id and t.side = 'from'
               and t.done_at is null and coalesce(t.assignee = c.case_manager, t.assignee is null))",
            "what is late for the keeper is what is late among the keeper's tasks",
        ),
        (
            "cases c where c.case_manager is null and c.closed_at is null and c.stage <> 'paused'",
            "not exists (select from tasks t where t.case_id = c.id and t.kind = 'follow_up' and t.assignee is null and t.done_at is null
               and t.due_at = greatest(c.last_contact_at, c.risk_set_at)
                 + case c.risk when 'high' then interval '48 hours' when 'moderate' then interval '72 hours' else interval '240 hours' end)",
            "the clock of a case runs while it waits for a worker (S21)",
        ),
        (
            "packets p join referrals r on r.id = p.referral_id where r.need = 'cash'",
            "(p.sections <> '{need,payment}' or p.brief::text like '%reason%' or r.area <> '')",
            "cash goes with no reason (S26)",
        ),
        (
            "referrals r where r.need = 'cash' and r.status = 'completed'",
            "(r.paid_on is null or r.paid_on < (r.requested_at at time zone 'UTC')::date)",
            "cash that was given was paid on a day",
        ),
        (
            "appointments a where true",
            "extract(hour from a.at at time zone 'UTC') not between 7 and 14",
            "appointments are in the daytime",
        ),
        (
            "referrals r join cases c on c.id = r.case_id join persons p on p.id = c.person_id where r.need = 'livelihood'",
            "p.born_on > r.recorded_at::date - 5844",
            "no child is to open a business",
        ),
        (
            "meetings m join cases c on c.id = m.case_id where c.pack = 'protection'",
            "exists (select from meetings o where o.holder = m.holder and o.starts_at = m.starts_at and o.id <> m.id)",
            "nobody is at two meetings at once",
        ),
    ] {
        assert!(demo.number(&format!("select count(*) from {told}")).await > 0, "nothing tells of it: {said}");
        assert_eq!(demo.number(&format!("select count(*) from {told} and {untrue}")).await, 0, "{said}");
    }
}

#[tokio::test]
async fn the_demo_holds_what_was_promised() {
    let demo = Demo::loaded().await;
    assert_eq!(demo::look(&mut demo.operate().await).await.expect("a look"), Found::Demo);
    assert_eq!(demo.number("select count(*) from organisations").await, 11);
    assert_eq!(demo.number("select count(*) from users").await, 67);
    assert_eq!(
        demo.number("select count(distinct role) from memberships").await,
        demo.number("select count(*) from roles").await
    );
    assert_eq!(demo.number("select count(*) from services").await, 56);
    assert_eq!(demo.number("select count(*) from services where visibility = 'named'").await, 1);
    assert_eq!(demo.number("select count(*) from households").await, 432);
    assert!((1450..2100).contains(&demo.number("select count(*) from persons").await));
    assert_eq!(demo.number("select count(distinct admin1) from persons").await, 4);
    assert!(demo.number("select count(*) from cases").await >= 240);
    assert_eq!(demo.number("select count(distinct stage) from cases where stage = any ('{identified,consented,assessment,planning,implementation,review,paused,closed}')").await, 8);
    assert!((630..=670).contains(&demo.number("select count(*) from referrals").await));
    demo.every_pack_is_worked_with().await;
    let unsaid = "select count(*) from cases c where exists (select from case_notes n where n.case_id = c.id and n.kind in ('contact', 'visit')
        and n.happened_at > coalesce(c.last_contact_at, '-infinity'))";
    assert_eq!(demo.number(unsaid).await, 0, "what is written on a case says when somebody was last met");
    let untold = "select count(*) from meetings m where m.state = 'held' and m.kind <> 'conference' and not exists (select from case_notes n
        where n.case_id = m.case_id and n.kind in ('contact', 'visit') and n.happened_at = m.starts_at)";
    assert_eq!(demo.number(untold).await, 0, "a meeting that was held is told by its note");
    assert!(demo.number("select count(*) from supervision_sessions").await > 8);
    assert_eq!(demo.number("select count(*) from projects").await, 2);
    assert_eq!(demo.number("select count(distinct case_id) from project_attendance").await, 3);
    assert_eq!(demo.number("select count(*) from submissions where state = 'complete'").await, 5);
    assert_eq!(demo.number("select count(*) from profiles where fields -> 'household' ? 'income_per_head'").await, 5);
    assert!(demo.number("select count(distinct stage) from cases where case_type in (60, 80)").await >= 6);
    assert!(demo.number("select count(distinct state) from achievement_marks").await == 3);
    assert!(demo.number("select count(*) from referrals where started_from is not null").await > 5);
    assert!(demo.number("select count(*) from assessments where tool like '%_analysis' and round = 2").await > 20);
    assert!(demo.number("select count(distinct level) from assessments").await == 3);
    assert_eq!(demo.number("select count(distinct status) from referrals").await, 10);
    assert_eq!(demo.number("select count(distinct loop) from referrals").await, 7);
    assert!(demo.number("select count(*) from bars").await >= 2);
    assert!(demo.number("select count(*) from case_people where not_safe_to_involve").await >= 1);
    assert!(demo.number("select count(*) from person_contacts where shared").await >= 20);
    assert!(
        demo.number("select count(*) from cases c join case_types t on t.id = c.case_type where t.sensitivity = 'restricted'")
            .await
            > 5
    );
    demo.main_desks_are_alive().await;
}

impl Demo {
    async fn every_pack_is_worked_with(&self) {
        assert_eq!(self.number("select count(*) from packs").await, 7);
        let (cases, on) = ("cases c", |table: &str| format!("{table} t join cases c on c.id = t.case_id"));
        let (referrals, records) = (on("referrals"), on("case_records"));
        let (rounds, plans, marks) = (on("assessments"), on("plans"), on("achievement_marks"));
        for (pack, fewest, kept) in [
            ("employment-services", 8, vec![cases, &referrals, &records]),
            ("refugee-protection", 8, vec![cases, &referrals, &records]),
            ("inclusion", 1, vec![cases, &rounds, &plans, &marks, &records]),
            ("family-accompaniment", 1, vec![cases, &rounds, &plans, &marks, &records]),
            ("household-referral", 1, vec![cases, &referrals]),
            ("social-referral", 1, vec![cases, &referrals]),
        ] {
            for what in kept {
                let number = self.number(&format!("select count(*) from {what} where c.pack = '{pack}'")).await;
                assert!(number >= fewest, "{pack}: {number} {what}");
            }
        }
        for level in 81..=83 {
            assert!(self.number(&format!("select count(*) from cases where case_type = {level}")).await >= 3, "{level}");
        }
        let sheets = "submissions s join forms f on f.id = s.form_id where f.code = 'ficha_familiar'";
        assert_eq!(self.number(&format!("select count(*) from {sheets}")).await, 2);
    }

    async fn main_desks_are_alive(&self) {
        let app = throughcare::cli::serve::service(self.ground.clone());
        for login in ["amina", "bruno", "chen", "salma"] {
            let browser = Browser::signed_in(&self.ground, &app, login).await;
            assert_eq!(browser.get("/account").await.status, 200, "{login}");
        }
        let hers = |what: &str| {
            format!("select count(*) from tasks where assignee = '{}' and done_at is null and {what}", cast::user("amina"))
        };
        for what in ["due_at < now()", "due_at::date = now()::date", "due_at > now()"] {
            let mut work = self.operate().await;
            let (number,): (i64,) = sqlx::query_as(AssertSqlSafe(hers(what))).fetch_one(work.db()).await.expect("a number");
            assert!(number > 0, "Amina has no task with {what}");
        }
        assert!(self.number("select count(*) from notifications where read_at is null").await > 10);
    }
}

#[tokio::test]
async fn a_worker_of_the_demo_is_late_with_a_handful_the_morning_after_a_weekend() {
    is_late_with_a_handful("2026-11-22T06:00:00Z").await;
}

#[tokio::test]
async fn a_worker_of_the_demo_is_late_with_a_handful_in_the_middle_of_a_week() {
    is_late_with_a_handful("2026-11-25T12:00:00Z").await;
}

#[tokio::test]
async fn a_worker_of_the_demo_is_late_with_a_handful_on_the_evening_before_a_weekend() {
    is_late_with_a_handful("2026-11-26T17:00:00Z").await;
}

async fn is_late_with_a_handful(moment: &str) {
    let demo = Demo::loaded_at(Some(moment)).await;
    let hers = "select count(*) from tasks where assignee = (select id from users where login = 'amina') and done_at is null and due_at <";
    let late = demo.number(&format!("{hers} '{moment}'")).await;
    assert!((2..=9).contains(&late), "{late} tasks are late at {moment}");
    let longest = format!(
        "select max(extract(day from '{moment}'::timestamptz - due_at))::bigint from tasks where done_at is null and side = 'from'"
    );
    let longest = demo.number(&longest).await;
    assert!(longest < 15, "one is late by {longest} days at {moment}");
}
