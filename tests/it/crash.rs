//! `kill -9` in the middle of five hundred referrals being sent at once: what was acknowledged is there once, with its audit fact and its
//! notification job; what was not is sent once when it is asked for again under the same key.
use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::sync::Arc;

use serde_json::json;
use sqlx::postgres::PgConnectOptions;
use throughcare::platform::cluster::Place;
use throughcare::platform::db::Work;
use throughcare::platform::seal::Keyring;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use uuid::Uuid;

use crate::support::World;
use crate::support::program::Program;
use crate::support::sent::ASSISTANCE;
use crate::support::server::{self, Server};
use crate::support::world::{CLINIC, FIELD, RECEPTION, keyring_path, user};

const CASES: usize = 25;
const SERVICES: usize = 20;
/// Enough to be in the middle of it.
const KILL_AFTER: usize = 20;
/// Repeated without haste, so that nobody waits too long for a connection.
const AT_ONCE: usize = 16;

/// Five hundred drafts, ready to be sent by Amina's program.
struct Desk {
    program: Program,
    drafts: Vec<Uuid>,
}

// A draft for each case and service, so that no two are the same referral.
async fn desk(w: &World) -> Desk {
    let amina = user("amina");
    w.sql(&format!(
        "insert into persons (id, code, org, unit, name) select ('00000000-0000-0000-0000-' || lpad(to_hex(4096 + n), 12, '0'))::uuid, 'P-' || n, 1, {FIELD}, 'Somebody'
           from generate_series(0, {CASES} - 1) n;
         insert into cases (id, code, org, unit, case_type, case_manager, person_id, pack, pack_version, stage, intake_source, limits_explained_on, opened_at)
           select id, replace(code, 'P', 'C'), 1, {FIELD}, {ASSISTANCE}, '{amina}', id, 'protection', 1, 'identified', 'self', current_date, now() from persons;
         insert into case_people (id, case_id, person_id, part) select id, id, id, 'subject' from persons;
         insert into consents (id, case_id, person_id, basis, kind, purpose, to_orgs, sections, given_on, understood, spoken_alone, recorded_by, recorded_by_name)
           select id, id, id, 'consent', 'consent', 'to refer', '{{{CLINIC}}}', '{{need,urgency,area}}', current_date, true, true, '{amina}', 'Amina' from persons;
         insert into services (id, org, unit, name, needs) select gen_random_uuid(), {CLINIC}, {RECEPTION}, 'Service ' || n, '{{health}}'
           from generate_series(1, {SERVICES}) n"
    ))
    .await;
    let mut work = w.operate().await;
    let services: Vec<Uuid> = sqlx::query_scalar("select id from services").fetch_all(work.db()).await.expect("the services");
    let mut drafts = Vec::new();
    for number in 0..CASES * SERVICES {
        let case = Uuid::from_u128(0x1000 + (number / SERVICES) as u128);
        drafts.push(drafted(&mut work, case, services[number % SERVICES]).await);
    }
    work.commit().await.expect("it commits");
    Desk { program: w.amina.program().await, drafts }
}

// A draft as the form leaves it.
async fn drafted(work: &mut Work, case: Uuid, service: Uuid) -> Uuid {
    let fields = json!({
        "need": ["health"], "reason": ["A check-up"], "priority": ["normal"], "person": [case], "sections": ["need", "urgency", "area"],
        "already_receives": ["no"], "without_help": ["no"], "available_here": ["yes"], "safe_for_person": ["yes"], "safe_for_worker": ["yes"],
        "follow_up": ["with_worker"]
    });
    let id = Uuid::now_v7();
    let key = work.new_key(id, Some(case)).await.expect("a key");
    sqlx::query(
        "insert into referrals (id, code, kind, case_id, from_org, from_unit, to_org, to_unit, service_id, service_name, need, priority, status, step, author,
           hands, draft) values ($1, $2, 'partner', $3, 1, $4, $5, $6, $7, 'Service', 'health', 'normal', 'draft', 'writing', $8, array[$8], $9)",
    )
    .bind(id)
    .bind(throughcare::platform::ids::code('R'))
    .bind(case)
    .bind(FIELD)
    .bind(CLINIC)
    .bind(RECEPTION)
    .bind(service)
    .bind(user("amina").0)
    .bind(key.seal("referrals.draft", fields.to_string().as_bytes()))
    .execute(work.db())
    .await
    .expect("a draft");
    id
}

impl Desk {
    /// Sends every draft, so many at once, each under a key of its own. Answers with those that were acknowledged; `meanwhile` hears how
    /// many they are.
    async fn send(&self, address: SocketAddr, at_once: usize, mut meanwhile: impl FnMut(usize)) -> BTreeSet<Uuid> {
        let (mut sending, turns) = (JoinSet::new(), Arc::new(Semaphore::new(at_once)));
        for draft in self.drafts.iter().copied() {
            let (token, turns) = (self.program.token.clone(), turns.clone());
            let path = format!("/api/v1/referrals/{draft}/moves");
            sending.spawn(async move {
                let _turn = turns.acquire().await.expect("it stays open");
                (draft, server::post(address, &token, &draft.to_string(), &path, r#"{"action":"submit"}"#).await)
            });
        }
        let mut acknowledged = BTreeSet::new();
        while let Some(Ok((draft, status))) = sending.join_next().await {
            if status == Some(200) && acknowledged.insert(draft) {
                meanwhile(acknowledged.len());
            }
        }
        acknowledged
    }

    /// All at once, and in the middle of it something happens.
    async fn send_all(&self, address: SocketAddr, mut happens: impl FnMut()) -> BTreeSet<Uuid> {
        let middle = |count| {
            if count == KILL_AFTER {
                happens()
            }
        };
        self.send(address, self.drafts.len(), middle).await
    }
}

// Of each: its row, its move, its fact, and the job that tells the receiver; each of them once.
async fn whole(w: &World) -> BTreeSet<Uuid> {
    let mut work = w.operate().await;
    let ids: Vec<Uuid> = sqlx::query_scalar(
        "select id from referrals r where status = 'requested'
           and (select count(*) from referral_moves m where m.referral_id = r.id and m.action = 'submit') = 1
           and (select count(*) from packets p where p.referral_id = r.id) = 1
           and (select count(*) from facts f where f.referral_id = r.id and f.kind = 'referral.submitted') = 1
           and (select count(*) from jobs j where j.kind = 'notify' and j.org = $1 and j.body ->> 'referral' = r.id::text
                and j.body ->> 'kind' = 'referral.submitted') = 1",
    )
    .bind(CLINIC)
    .fetch_all(work.db())
    .await
    .expect("the rows");
    ids.into_iter().collect()
}

async fn halves(w: &World) -> i64 {
    w.count(
        "referrals r where (status = 'requested') <> exists (select from referral_moves m where m.referral_id = r.id and m.action = 'submit')
           or (status = 'requested') <> exists (select from facts f where f.referral_id = r.id and f.kind = 'referral.submitted')",
    )
    .await
}

async fn nothing_was_lost(w: &World, desk: &Desk, acknowledged: &BTreeSet<Uuid>, address: SocketAddr) {
    assert!((KILL_AFTER..desk.drafts.len()).contains(&acknowledged.len()), "killed in the middle: {}", acknowledged.len());
    let lost: Vec<_> = acknowledged.difference(&whole(w).await).copied().collect();
    assert!(lost.is_empty(), "acknowledged and not whole: {lost:?}");
    assert_eq!(halves(w).await, 0, "a referral is sent with all that belongs to it, or not at all");
    let answered = desk.send(address, AT_ONCE, |_| ()).await;
    assert_eq!(answered.len(), desk.drafts.len(), "whoever got no answer asks again under the same key, and gets one");
    assert_eq!(whole(w).await, desk.drafts.iter().copied().collect(), "each is there once");
}

#[tokio::test]
async fn a_killed_program_has_lost_nothing_that_it_acknowledged() {
    let w = World::new().await;
    let desk = desk(&w).await;
    let data = w.ground.files.join("server");
    let url = std::env::var("THROUGHCARE_TEST_PG").expect("a server");
    let name = w.database.get_database().expect("a database").to_owned();
    let url = format!("{}/{name}", url.rsplit_once('/').expect("an address").0);
    let settings = [("DATABASE_URL", url), ("THROUGHCARE_KEYRING", keyring_path().display().to_string())];
    let mut victim = Some(Server::start(&data, &settings).await);
    let address = victim.as_ref().expect("it runs").address;
    let acknowledged = desk.send_all(address, || victim.take().expect("it runs").kill()).await;
    let server = Server::start(&data, &settings).await;
    nothing_was_lost(&w, &desk, &acknowledged, server.address).await;
}

/// A data folder that is removed afterwards. Not below root's home, where PostgreSQL's user may not go.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Self {
        Self(PathBuf::from(format!("/tmp/throughcare-crash-{}", std::process::id())))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        std::fs::remove_dir_all(&self.0).ok();
    }
}

async fn founded(data: &Path) -> World {
    let place = Place::of(data).expect("a place");
    let admin = PgConnectOptions::from_str(&place.url_for("postgres", "throughcare")).expect("an address");
    World::founded(admin, Keyring::load_or_create(&data.join("keyring")).expect("the keyring")).await
}

#[tokio::test]
async fn a_program_killed_together_with_its_database_has_lost_nothing_that_it_acknowledged() {
    let folder = Folder::new();
    let mut victim = Some(Server::start(&folder.0, &[]).await);
    let w = founded(&folder.0).await;
    let desk = desk(&w).await;
    let address = victim.as_ref().expect("it runs").address;
    let database = Place::of(&folder.0).expect("a place").postmaster().expect("it runs").0;
    let acknowledged = desk
        .send_all(address, || {
            server::signal("KILL", database);
            victim.take().expect("it runs").kill();
        })
        .await;
    let server = Server::start(&folder.0, &[]).await;
    nothing_was_lost(&w, &desk, &acknowledged, server.address).await;
}
