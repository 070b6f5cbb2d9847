//! Need to know: what the database shows each user, in generated worlds, against a plain restatement of the rule.
mod erased;
mod links;

use std::collections::{BTreeMap, BTreeSet};

use rand::rngs::StdRng;
use rand::seq::IndexedRandom;
use rand::{RngExt, SeedableRng};
use sqlx::AssertSqlSafe;
use throughcare::platform::db::{Actor, Work};
use throughcare::platform::ids::UserId;
use uuid::Uuid;

use crate::support::World;
#[derive(Clone, Copy, PartialEq)]
enum Reach {
    Own,
    Unit,
    Subtree,
}

struct Role {
    id: i32,
    reach: Reach,
    cleared: Vec<i16>,
}

struct Case {
    id: Uuid,
    unit: i32,
    case_type: i16,
    manager: Option<Uuid>,
    supervisor: Option<Uuid>,
}

struct Referral {
    id: Uuid,
    case: usize,
    to_unit: i32,
    assignee: Option<Uuid>,
    draft: bool,
}

#[derive(Default)]
struct Generated {
    parent: BTreeMap<i32, Option<i32>>,
    users: Vec<Uuid>,
    roles: Vec<Role>,
    memberships: Vec<(Uuid, i32, usize)>,
    focal: Vec<(i32, Uuid)>,
    cases: Vec<Case>,
    grants: Vec<(usize, Uuid)>,
    bars: Vec<(usize, Result<Uuid, i32>)>,
    referrals: Vec<Referral>,
    links: Vec<Link>,
}

/// An answer link to one of the referrals.
struct Link {
    id: Uuid,
    referral: usize,
    revoked: bool,
    expired: bool,
}

const TYPES: [i16; 5] = [1, 2, 3, 4, 5];
const RESTRICTED: [i16; 2] = [4, 5];

impl Generated {
    fn new(seed: u64) -> Self {
        let mut r = StdRng::seed_from_u64(seed);
        let mut g = Self::default();
        for unit in 1001..1013 {
            let above: Vec<i32> = g.parent.keys().copied().collect();
            g.parent.insert(unit, if unit == 1001 { None } else { above.choose(&mut r).copied() });
        }
        let units: Vec<i32> = g.parent.keys().copied().collect();
        g.users = (0..10).map(|n| Uuid::from_u128(u128::from(seed) << 32 | n)).collect();
        for id in 900..906 {
            let reach = *[Reach::Own, Reach::Unit, Reach::Subtree].choose(&mut r).expect("three");
            g.roles.push(Role { id, reach, cleared: TYPES.into_iter().filter(|_| r.random_bool(0.6)).collect() });
        }
        for &user in &g.users {
            for _ in 0..r.random_range(0..3) {
                g.memberships.push((user, *units.choose(&mut r).expect("units"), r.random_range(0..g.roles.len())));
            }
        }
        for n in 0..60u128 {
            // Most cases lie in one unit, as in life.
            let unit = if r.random_bool(0.6) { 1002 } else { *units.choose(&mut r).expect("units") };
            let somebody = |r: &mut StdRng| g.users.choose(r).copied();
            let manager = if r.random_bool(0.7) { somebody(&mut r) } else { None };
            let supervisor = if r.random_bool(0.3) { somebody(&mut r) } else { None };
            g.cases.push(Case {
                id: Uuid::from_u128(u128::from(seed) << 64 | n),
                unit,
                case_type: *TYPES.choose(&mut r).expect("types"),
                manager,
                supervisor,
            });
        }
        for _ in 0..8 {
            g.grants.push((r.random_range(0..60), *g.users.choose(&mut r).expect("users")));
            let whom = if r.random_bool(0.5) {
                Ok(*g.users.choose(&mut r).expect("users"))
            } else {
                Err(*units.choose(&mut r).expect("units"))
            };
            g.bars.push((r.random_range(0..60), whom));
        }
        for _ in 0..3 {
            let focal = (*units.choose(&mut r).expect("units"), *g.users.choose(&mut r).expect("users"));
            if !g.focal.contains(&focal) {
                g.focal.push(focal);
            }
        }
        for n in 0..40u128 {
            let assignee = if r.random_bool(0.3) { g.users.choose(&mut r).copied() } else { None };
            g.referrals.push(Referral {
                id: Uuid::from_u128(u128::from(seed) << 96 | n),
                case: r.random_range(0..60),
                to_unit: *units.choose(&mut r).expect("units"),
                assignee,
                draft: r.random_bool(0.2),
            });
        }
        for n in 0..30u128 {
            let id = Uuid::from_u128(u128::from(seed) << 100 | n | 1 << 90);
            g.links.push(Link { id, referral: r.random_range(0..40), revoked: r.random_bool(0.2), expired: r.random_bool(0.2) });
        }
        g
    }

    // A link opens its one referral once that is sent, until it is taken back or past its time. Nothing else, whoever may reach the case.
    fn opens(&self, link: &Link) -> Option<&Referral> {
        Some(&self.referrals[link.referral]).filter(|referral| !referral.draft && !link.revoked && !link.expired)
    }

    // The rule, said plainly. A membership reaches a unit by being in it, or above it with reach over the subtree.
    fn reaches(&self, user: Uuid, unit: i32, case_type: i16) -> bool {
        !RESTRICTED.contains(&case_type)
            && self.memberships.iter().filter(|m| m.0 == user).any(|&(_, of, role)| {
                let role = &self.roles[role];
                role.cleared.contains(&case_type)
                    && match role.reach {
                        Reach::Own => false,
                        Reach::Unit => of == unit,
                        Reach::Subtree => self.path(unit).contains(&of),
                    }
            })
    }

    fn cleared(&self, user: Uuid, case_type: i16) -> bool {
        self.memberships.iter().any(|&(of, _, role)| of == user && self.roles[role].cleared.contains(&case_type))
    }

    fn path(&self, unit: i32) -> Vec<i32> {
        std::iter::successors(Some(unit), |unit| self.parent[unit]).collect()
    }

    fn barred(&self, user: Uuid, case: usize) -> bool {
        self.bars.iter().filter(|bar| bar.0 == case).any(|(_, whom)| match whom {
            Ok(barred) => *barred == user,
            Err(unit) => self.memberships.iter().any(|m| m.0 == user && self.path(m.1).contains(unit)),
        })
    }

    fn sees_case(&self, user: Uuid, index: usize) -> bool {
        let case = &self.cases[index];
        let person = (case.manager == Some(user) || case.supervisor == Some(user)) && self.cleared(user, case.case_type);
        let granted = self.grants.contains(&(index, user));
        (self.reaches(user, case.unit, case.case_type) || person || granted) && !self.barred(user, index)
    }

    fn sees_referral(&self, user: Uuid, referral: &Referral) -> bool {
        let case = &self.cases[referral.case];
        let named = referral.assignee == Some(user) || self.focal.contains(&(referral.to_unit, user));
        let receiving = !referral.draft
            && (self.reaches(user, referral.to_unit, case.case_type) || (named && self.cleared(user, case.case_type)));
        self.sees_case(user, referral.case) || (receiving && !self.barred(user, referral.case))
    }

    #[expect(clippy::too_many_lines, reason = "one insert a table")]
    fn sql(&self) -> String {
        let mut sql = String::from("insert into organisations (id, name, kind) values (90, 'Generated', 'ngo');");
        let id = |id: Option<Uuid>| id.map_or("null".to_owned(), |id| format!("'{id}'"));
        for (unit, parent) in &self.parent {
            sql += &format!(
                "insert into units (id, org, parent, name) values ({unit}, 90, {}, 'Unit');",
                parent.map_or("null".into(), |p| p.to_string())
            );
        }
        for (n, user) in self.users.iter().enumerate() {
            sql += &format!("insert into users (id, org, login, name) values ('{user}', 90, 'generated-{n}', 'Generated');");
        }
        for role in &self.roles {
            let reach = match role.reach {
                Reach::Own => "own",
                Reach::Unit => "unit",
                Reach::Subtree => "subtree",
            };
            sql += &format!(
                "insert into roles (id, org, code, labels, acts, reach, cleared) values ({}, 90, 'role-{}', '{{}}', '{{}}', '{reach}', '{{{}}}');",
                role.id,
                role.id,
                role.cleared.iter().map(ToString::to_string).collect::<Vec<_>>().join(",")
            );
        }
        for (user, unit, role) in &self.memberships {
            sql += &format!(
                "insert into memberships (id, user_id, unit, org, role) values (gen_random_uuid(), '{user}', {unit}, 90, {});",
                self.roles[*role].id
            );
        }
        for (unit, user) in &self.focal {
            sql += &format!("insert into focal_points (unit, user_id) values ({unit}, '{user}');");
        }
        for (n, c) in self.cases.iter().enumerate() {
            sql += &format!(
                "insert into persons (id, code, org, unit, name) values ('{0}', 'P{n}', 90, {1}, 'Somebody');
                 insert into cases (id, code, org, unit, case_type, case_manager, supervisor, person_id, pack, pack_version, stage, intake_source, opened_at)
                   values ('{0}', 'C{n}', 90, {1}, {2}, {3}, {4}, '{0}', 'protection', 1, 'identified', 'self', now());
                 insert into case_notes (id, case_id, kind, happened_at, author, author_name) values ('{0}', '{0}', 'note', now(), '{5}', 'x');
                 insert into case_records (id, case_id, root, kind, happened_at, author, author_name) values ('{0}', '{0}', '{0}', 'incident', now(), '{5}', 'x');
                 insert into assessments (id, case_id, pack, pack_version, tool, panel, round, author, author_name, writers) values ('{0}', '{0}', 'protection', 1, 'household_screening', 'assessment', 1, '{5}', 'x', '{{{5}}}');
                 insert into plans (id, case_id, nth, author, author_name, writers, state, proposed_at, agreed_at) values ('{0}', '{0}', 1, '{5}', 'x', '{{{5}}}', 'agreed', now(), now());
                 insert into plan_lines (id, plan_id, case_id, kind, words, author) values ('{0}', '{0}', '{0}', 'goal', '', '{5}');
                 insert into plan_agreements (id, plan_id, case_id, round, side, way, happened_at, author, author_name) values ('{0}', '{0}', '{0}', 1, 'organisation', 'signed_in', now(), '{5}', 'x');
                 insert into plan_reviews (id, plan_id, case_id, kind, happened_at, author, author_name) values ('{0}', '{0}', '{0}', 'review', now(), '{5}', 'x');
                 insert into achievement_marks (id, case_id, line, nth, state, seen_on, author, author_name) values ('{0}', '{0}', 'papers', 1, 'to_achieve', '2026-01-01', '{5}', 'x');
                 insert into case_closures (id, case_id, reason, discussed, reviewed, author, author_name) values ('{0}', '{0}', 'needs_met', true, true, '{5}', 'x');
                 insert into forms (id, org, code, title) values ('{5}', 90, 'needs', 'Needs') on conflict do nothing;
                 insert into form_editions (id, form_id, number, source, source_name, xform, hash) values ('{5}', '{5}', 1, '', 'x', '', repeat('0', 32)) on conflict do nothing;
                 insert into submissions (id, case_id, form_id, edition_id, instance_id, answers, origin, author, author_name, started_at) values ('{0}', '{0}', '{5}', '{5}', '{0}', '', 'page', '{5}', 'x', now());
                 insert into profiles (case_id, computed_at) values ('{0}', now());
                 insert into task_series (id, case_id, title, every, step, first_due_at, author, author_name) values ('{0}', '{0}', 'Call', 1, 'weeks', now(), '{5}', 'x');
                 insert into case_people (id, case_id, person_id, part) values ('{0}', '{0}', '{0}', 'subject');
                 insert into person_corrections (id, person_id, field, value, reason, author, author_name) values ('{0}', '{0}', 'name', 'Dana', 'Seen', '{5}', 'x');
                 insert into person_records (id, person_id, org, unit, root, pack, pack_version, kind, case_types, happened_at, author, author_name)
                   values ('{0}', '{0}', 90, {1}, '{0}', 'protection', 1, 'counselling', '{{1,2}}', now(), '{5}', 'x');",
                c.id, c.unit, c.case_type, id(c.manager), id(c.supervisor), self.users[0]
            );
        }
        for (case, user) in &self.grants {
            sql += &format!(
                "insert into grants (id, case_id, user_id, basis, until, org) values (gen_random_uuid(), '{}', '{user}', 'team', now() + interval '1 day', 90);",
                self.cases[*case].id
            );
        }
        for (case, whom) in &self.bars {
            let (user, unit) = match whom {
                Ok(user) => (format!("'{user}'"), "null".to_owned()),
                Err(unit) => ("null".to_owned(), unit.to_string()),
            };
            sql += &format!(
                "insert into bars (id, case_id, user_id, unit, reason) values (gen_random_uuid(), '{}', {user}, {unit}, 'relative');",
                self.cases[*case].id
            );
        }
        for (n, r) in self.referrals.iter().enumerate() {
            let status = if r.draft { "draft" } else { "requested" };
            sql += &format!(
                "insert into referrals (id, code, kind, case_id, from_org, from_unit, to_unit, to_assignee, need, priority, status, step, author, requested_at)
                   values ('{0}', 'R{n}', 'internal', '{1}', 90, 1001, {2}, {3}, 'health', 'normal', '{status}', 'sent', '{4}', now());
                 insert into referral_moves (id, referral_id, action, side, from_status, to_status, step, happened_at) values ('{0}', '{0}', 'submit', 'from', 'draft', 'requested', 'sent', now());",
                r.id, self.cases[r.case].id, r.to_unit, id(r.assignee), self.users[0]
            );
        }
        for link in &self.links {
            sql += &format!(
                "insert into answer_links (id, referral_id, letter, token_hash, code_hash, issued_at, expires_at, revoked_at)
                   values ('{0}', '{1}', '{0}', '{0}', '{0}', now() - interval '9 days', now() + interval '{2} days', {3});",
                link.id,
                self.referrals[link.referral].id,
                if link.expired { -1 } else { 5 },
                if link.revoked { "now()" } else { "null" }
            );
        }
        sql
    }
}

async fn ids(work: &mut Work, sql: &str) -> BTreeSet<Uuid> {
    let rows = sqlx::query_scalar::<_, Uuid>(AssertSqlSafe(sql.to_owned())).fetch_all(work.db()).await;
    rows.expect("the rows").into_iter().collect()
}

async fn check(seed: u64) {
    let w = World::new().await;
    let g = Generated::new(seed);
    w.sql(&g.sql()).await;
    for &user in &g.users {
        let mut work = Work::open(&w.ground, Actor::User(UserId(user))).await.expect("work");
        let cases: BTreeSet<Uuid> = (0..g.cases.len()).filter(|&i| g.sees_case(user, i)).map(|i| g.cases[i].id).collect();
        assert_eq!(ids(&mut work, "select id from cases where org = 90").await, cases, "cases, seed {seed}");
        assert_eq!(ids(&mut work, "select case_id from case_notes").await, cases, "notes, seed {seed}");
        assert_eq!(ids(&mut work, "select id from persons where org = 90").await, cases, "persons, seed {seed}");
        let of_cases = "case_records assessments plans plan_agreements plan_reviews achievement_marks case_closures task_series submissions profiles";
        for table in of_cases.split(' ') {
            assert_eq!(ids(&mut work, &format!("select case_id from {table}")).await, cases, "{table}, seed {seed}");
        }
        assert_eq!(ids(&mut work, "select person_id from person_corrections").await, cases, "corrections, seed {seed}");
        // Nobody's date of birth is known, so every case that is seen has a gap, and no other.
        let gaps = "select distinct case_id from access.data_gaps(array(select generate_series(1, 20000)), now(), current_date)";
        assert_eq!(ids(&mut work, gaps).await, cases, "gaps, seed {seed}");
        // What is kept of a person directly: like the person, by whoever is cleared for what it is kept for.
        let cleared = [1, 2].into_iter().any(|case_type| g.cleared(user, case_type));
        let kept = if cleared { cases.clone() } else { BTreeSet::new() };
        assert_eq!(ids(&mut work, "select person_id from person_records").await, kept, "person records, seed {seed}");
        let referrals: BTreeSet<Uuid> = g.referrals.iter().filter(|r| g.sees_referral(user, r)).map(|r| r.id).collect();
        assert_eq!(ids(&mut work, "select id from referrals").await, referrals, "referrals, seed {seed}");
        assert_eq!(ids(&mut work, "select referral_id from referral_moves").await, referrals, "moves, seed {seed}");
    }
}

#[tokio::test]
async fn sql_shows_exactly_what_the_rule_says() {
    for seed in 1..=12 {
        check(seed).await;
    }
}

#[tokio::test]
async fn sight_follows_a_case_that_moves_and_changes_its_type() {
    let w = World::new().await;
    let mut g = Generated::new(77);
    w.sql(&g.sql()).await;
    let mut r = StdRng::seed_from_u64(77);
    for index in 0..20 {
        let (unit, case_type) = (1001 + r.random_range(0..12), *TYPES.choose(&mut r).expect("types"));
        w.sql(&format!("update cases set unit = {unit}, case_type = {case_type} where id = '{}'", g.cases[index].id)).await;
        (g.cases[index].unit, g.cases[index].case_type) = (unit, case_type);
    }
    for &user in &g.users {
        let mut work = Work::open(&w.ground, Actor::User(UserId(user))).await.expect("work");
        let cases: BTreeSet<Uuid> = (0..g.cases.len()).filter(|&i| g.sees_case(user, i)).map(|i| g.cases[i].id).collect();
        assert_eq!(ids(&mut work, "select case_id from case_notes").await, cases);
        assert_eq!(ids(&mut work, "select case_id from case_records").await, cases);
        assert_eq!(ids(&mut work, "select case_id from assessments").await, cases);
        assert_eq!(ids(&mut work, "select case_id from plan_lines").await, cases);
        let referrals: BTreeSet<Uuid> = g.referrals.iter().filter(|r| g.sees_referral(user, r)).map(|r| r.id).collect();
        assert_eq!(ids(&mut work, "select referral_id from referral_moves").await, referrals);
    }
}

#[tokio::test]
async fn sight_follows_a_case_to_another_organisation() {
    let w = World::new().await;
    let mut g = Generated::new(91);
    w.sql(&g.sql()).await;
    // A unit of another organisation, where two of the users work as well, one of them with every clearance.
    let (mover, elsewhere) = (g.users[0], g.users[1]);
    g.parent.insert(2001, None);
    g.roles.push(Role { id: 990, reach: Reach::Unit, cleared: TYPES.to_vec() });
    g.memberships.extend([(mover, 2001, g.roles.len() - 1), (elsewhere, 2001, 0)]);
    w.sql(&format!(
        "insert into organisations (id, name, kind) values (91, 'Another', 'ngo'); insert into units (id, org, parent, name) values (2001, 91, null, 'Unit');
         insert into roles (id, org, code, labels, acts, reach, cleared) values (990, 91, 'role-990', '{{}}', '{{transfer.direct,case.edit}}', 'unit', '{{1,2,3,4,5}}');
         insert into memberships (id, user_id, unit, org, role) values (gen_random_uuid(), '{mover}', 2001, 91, 990), (gen_random_uuid(), '{elsewhere}', 2001, 91, {});",
        g.roles[0].id
    ))
    .await;
    let mut moved = 0;
    for index in (0..g.cases.len()).filter(|index| !RESTRICTED.contains(&g.cases[*index].case_type)).collect::<Vec<_>>() {
        let (id, unit) = (g.cases[index].id, g.cases[index].unit);
        w.sql(&format!(
            "update cases set limits_explained_on = '2026-01-01' where id = '{id}';
             insert into transfers (id, code, mode, state, from_org, from_unit, to_org, to_unit, reason, basis, agreed_on, requested_by, requested_by_name)
               values ('{id}', 'T-{id}', 'direct', 'approved', 0, {unit}, 0, 2001, 'other', 'agreed', '2026-01-01', '{mover}', 'x');
             insert into transfer_items (id, transfer_id, case_id, code, from_unit) values ('{id}', '{id}', '{id}', 'C', {unit});"
        ))
        .await;
        let mut work = Work::open(&w.ground, Actor::System { job: "test", org: Some(90) }).await.expect("work");
        let stays: Option<String> = sqlx::query_scalar("select access.move_case($1, now(), gen_random_uuid(), now())")
            .bind(id)
            .fetch_one(work.db())
            .await
            .expect("an answer");
        work.commit().await.expect("it commits");
        if stays.is_none() {
            moved += 1;
            let case = &mut g.cases[index];
            (case.unit, case.manager, case.supervisor) = (2001, None, None);
            g.grants.retain(|(of, _)| *of != index);
        }
    }
    assert!(moved > 10, "{moved} moved");
    for &user in &g.users {
        let mut work = Work::open(&w.ground, Actor::User(UserId(user))).await.expect("work");
        let cases: BTreeSet<Uuid> = (0..g.cases.len()).filter(|&i| g.sees_case(user, i)).map(|i| g.cases[i].id).collect();
        assert_eq!(ids(&mut work, "select id from cases where org in (90, 91)").await, cases);
        assert_eq!(ids(&mut work, "select case_id from case_notes").await, cases);
        assert_eq!(ids(&mut work, "select case_id from assessments").await, cases);
        assert_eq!(ids(&mut work, "select case_id from plan_lines").await, cases);
        assert_eq!(ids(&mut work, "select id from persons where org in (90, 91)").await, cases, "persons");
        let referrals: BTreeSet<Uuid> = g.referrals.iter().filter(|r| g.sees_referral(user, r)).map(|r| r.id).collect();
        assert_eq!(ids(&mut work, "select referral_id from referral_moves").await, referrals);
    }
}
