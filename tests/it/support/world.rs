//! A world per test: a database cloned from a migrated template, the real router, and the named cast.
//!
//! Amina is a case worker at Harbour (an NGO), Bruno her supervisor, Chen a focal point at Clinic, Dana the person they help, Odd a
//! worker at a stranger organisation. Beside them: Ada administers Harbour, Pia is its protection officer, Salma a worker for survivors.
use std::sync::Arc;

use sqlx::postgres::PgConnectOptions;
use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection};
use throughcare::access::Act;
use throughcare::cli::set_up;
use throughcare::platform::db::{Actor, Ground, Pool, Work};
use throughcare::platform::ids::UserId;
use throughcare::platform::migrate::migrate;
use throughcare::platform::seal::Keyring;
use uuid::Uuid;

use super::browser::Browser;

/// The password of everybody in the cast.
pub const PASSWORD: &str = "quiet olive tram 57";

/// Harbour, an NGO that does case work.
pub const HARBOUR: i32 = 1;
/// Clinic, a provider in this system.
pub const CLINIC: i32 = 2;
/// Harbour's field unit, below its head office (unit 1).
pub const FIELD: i32 = 11;
/// Harbour's second field unit, beside the first.
pub const COAST: i32 = 12;
/// Clinic's reception.
pub const RECEPTION: i32 = 21;
/// The stranger's office.
pub const ELSEWHERE: i32 = 31;

/// One test's world.
pub struct World {
    /// Where its superuser connects.
    pub database: PgConnectOptions,
    pub ground: Arc<Ground>,
    /// Works as the tables' owner, for arranging what no page arranges.
    pub operator: Pool,
    pub amina: Browser,
    pub bruno: Browser,
    pub chen: Browser,
    pub odd: Browser,
    pub ada: Browser,
    pub pia: Browser,
    pub salma: Browser,
    pub nobody: Browser,
}

struct Cast {
    login: &'static str,
    name: &'static str,
    unit: i32,
    role: &'static str,
}

const CAST: &[Cast] = &[
    Cast { login: "amina", name: "Amina Haddad", unit: FIELD, role: "case_worker" },
    Cast { login: "bruno", name: "Bruno Costa", unit: FIELD, role: "supervisor" },
    Cast { login: "chen", name: "Chen Li", unit: RECEPTION, role: "provider" },
    Cast { login: "odd", name: "Odd Stranger", unit: ELSEWHERE, role: "case_worker" },
    Cast { login: "ada", name: "Ada Admin", unit: 1, role: "administrator" },
    Cast { login: "pia", name: "Pia Guard", unit: 1, role: "protection_officer" },
    Cast { login: "salma", name: "Salma Noor", unit: FIELD, role: "gbv_case_worker" },
];

impl World {
    /// A new world.
    pub async fn new() -> Self {
        Self::over(database().await, keyring()).await
    }

    /// A new world whose documents this clamd looks through.
    pub async fn scanned_by(clamd: throughcare::config::Clamd) -> Self {
        let database = database().await;
        let (ground, operator) = opened(&database, keyring());
        let mut ground = Arc::into_inner(ground).expect("nobody else stands on it yet");
        ground.clamd = Some(clamd);
        Self::within(database, Arc::new(ground), operator).await
    }

    /// The named cast in an empty, migrated database of somebody else's.
    pub async fn founded(admin: PgConnectOptions, keyring: Keyring) -> Self {
        let (ground, operator) = opened(&admin, keyring);
        let mut work = Work::open_with(&ground, &operator, Actor::Operator).await.expect("the operator works");
        populate(&mut work).await;
        work.commit().await.expect("the world stands");
        Self::within(admin, ground, operator).await
    }

    async fn over(admin: PgConnectOptions, keyring: Keyring) -> Self {
        let (ground, operator) = opened(&admin, keyring);
        Self::within(admin, ground, operator).await
    }

    async fn within(database: PgConnectOptions, ground: Arc<Ground>, operator: Pool) -> Self {
        let app = throughcare::cli::serve::service(ground.clone());
        let as_user = |login: &'static str| Browser::signed_in(&ground, &app, login);
        Self {
            amina: as_user("amina").await,
            bruno: as_user("bruno").await,
            chen: as_user("chen").await,
            odd: as_user("odd").await,
            ada: as_user("ada").await,
            pia: as_user("pia").await,
            salma: as_user("salma").await,
            nobody: Browser::nobody(&app),
            database,
            ground,
            operator,
        }
    }

    /// A signed-in browser of somebody a test has added.
    pub async fn browser(&self, login: &str) -> Browser {
        Browser::signed_in(&self.ground, &throughcare::cli::serve::service(self.ground.clone()), login).await
    }

    /// Runs everything that waits to be done by the worker, and sends what then lies in the outbox; answers how many jobs there were.
    pub async fn work_off(&self) -> usize {
        let jobs = throughcare::worker::work_off(&self.ground).await.expect("the jobs run");
        throughcare::worker::send_off(&self.ground).await.expect("the mail leaves");
        jobs
    }

    /// Work as the tables' owner.
    pub async fn operate(&self) -> Work {
        Work::open_with(&self.ground, &self.operator, Actor::Operator).await.expect("the database is there")
    }

    /// Runs SQL as the operator: for arranging, never for asserting what a person would see.
    pub async fn sql(&self, sql: &str) {
        let mut work = self.operate().await;
        work.db().execute(AssertSqlSafe(sql)).await.expect("the arrangement works");
        work.commit().await.expect("it commits");
    }
}

/// The id of a member of the cast: the same in every world.
pub fn user(login: &str) -> UserId {
    UserId(Uuid::new_v5(&Uuid::NAMESPACE_OID, login.as_bytes()))
}

fn opened(admin: &PgConnectOptions, keyring: Keyring) -> (Arc<Ground>, Pool) {
    let ground = set_up::ground(admin, keyring, scratch(), "http://127.0.0.1:8080".parse().expect("an address"));
    (Arc::new(ground), Pool::new(admin.clone().options([("role", "throughcare_migrator")]), 1))
}

/// Where the run's one keyring lies: one, so that the roles' passwords agree.
pub fn keyring_path() -> std::path::PathBuf {
    std::env::temp_dir().join("throughcare-test-keyring.toml")
}

fn keyring() -> Keyring {
    let path = keyring_path();
    Keyring::load_or_create(&path).or_else(|_| Keyring::load_or_create(&path)).expect("the keyring is there")
}

fn scratch() -> std::path::PathBuf {
    let folder = std::env::temp_dir().join("throughcare-test-files").join(Uuid::now_v7().to_string());
    std::fs::create_dir_all(&folder).expect("a scratch folder");
    folder
}

fn server() -> PgConnectOptions {
    std::env::var("THROUGHCARE_TEST_PG")
        .expect("THROUGHCARE_TEST_PG names a throw-away PostgreSQL; run `make test`")
        .parse()
        .expect("an address")
}

// Clones the template, making it first if this run has none yet. Tests run in processes of their own, so the lock is the database's.
async fn database() -> PgConnectOptions {
    let server = server();
    let mut db = PgConnection::connect_with(&server).await.expect("the test server answers");
    let template = format!("template_{}", fingerprint());
    db.execute("select pg_advisory_lock(7420197)").await.expect("the lock");
    let exists: Option<(i32,)> = sqlx::query_as("select 1 from pg_database where datname = $1")
        .bind(&template)
        .fetch_optional(&mut db)
        .await
        .expect("a look");
    if exists.is_none() {
        make_template(&mut db, &server, &template).await;
    }
    let name = format!("world_{}", Uuid::now_v7().simple());
    db.execute(AssertSqlSafe(format!("create database {name} template {template}"))).await.expect("a clone");
    db.execute("select pg_advisory_unlock(7420197)").await.expect("the lock");
    server.database(&name)
}

async fn make_template(db: &mut PgConnection, server: &PgConnectOptions, template: &str) {
    let making = format!("{template}_making");
    db.execute(AssertSqlSafe(format!("drop database if exists {making}"))).await.expect("a clean start");
    db.execute(AssertSqlSafe(format!("create database {making}"))).await.expect("a database");
    let admin = server.clone().database(&making);
    migrate(&admin, &keyring()).await.expect("the migrations apply");
    let (ground, operator) = opened(&admin, keyring());
    let mut work = Work::open_with(&ground, &operator, Actor::Operator).await.expect("the operator works");
    populate(&mut work).await;
    work.commit().await.expect("the world stands");
    operator.close().await;
    ground.web.close().await;
    db.execute(AssertSqlSafe(format!("alter database {making} rename to {template}"))).await.expect("the template is ready");
}

async fn populate(work: &mut Work) {
    let acts: Vec<&str> = Act::ALL.iter().map(|act| act.code()).collect();
    let pack = throughcare::packs::read(std::path::Path::new("packs/protection"), &acts).expect("the shipped pack is right");
    throughcare::packs::store::load(work, &pack).await.expect("the pack loads");
    let organisations = "insert into organisations (id, name, kind, general_desk, time_zone) values
       (1, 'Harbour', 'ngo', 'Harbour switchboard, 555 0100', 'UTC'), (2, 'Clinic', 'provider', 'Clinic switchboard, 555 0200', 'UTC'),
       (3, 'Stranger', 'ngo', 'Stranger switchboard, 555 0300', 'UTC');
     insert into units (id, org, parent, name) values (1, 1, null, 'Harbour head office'), (11, 1, 1, 'Harbour field unit'), (12, 1, 1, 'Harbour coast unit'),
       (2, 2, null, 'Clinic'), (21, 2, 2, 'Clinic reception'), (3, 3, null, 'Stranger'), (31, 3, 3, 'Stranger office');
     select setval('organisation_ids', 100), setval('unit_ids', 1000);";
    work.db().execute(organisations).await.expect("organisations");
    let hash = throughcare::access::password::hash_now(PASSWORD).expect("a hash");
    for member in CAST {
        let id = user(member.login).0;
        sqlx::query("insert into users (id, org, login, name) select $1, org, $2, $3 from units where id = $4")
            .bind(id)
            .bind(member.login)
            .bind(member.name)
            .bind(member.unit)
            .execute(work.db())
            .await
            .expect("a user");
        sqlx::query("insert into memberships (id, user_id, unit, org, role) select gen_random_uuid(), $1, $2, 0, id from roles where code = $3 and org is null")
            .bind(id).bind(member.unit).bind(member.role).execute(work.db()).await.expect("a membership");
        sqlx::query("select access.set_password($1, $2, false)")
            .bind(id)
            .bind(&hash)
            .execute(work.db())
            .await
            .expect("a password");
    }
    work.db()
        .execute(AssertSqlSafe(format!("insert into focal_points (unit, user_id) values ({FIELD}, '{}')", user("salma"))))
        .await
        .expect("a focal point");
}

// Worlds of another schema or pack never share a template.
fn fingerprint() -> String {
    use std::hash::{DefaultHasher, Hash, Hasher};
    let mut hasher = DefaultHasher::new();
    for folder in ["migrations", "packs/protection", "packs/protection/letters", "tests/it/support"] {
        let mut files: Vec<_> =
            std::fs::read_dir(folder).expect("the folder is there").map(|entry| entry.expect("an entry").path()).collect();
        files.sort();
        for file in files {
            std::fs::read(&file).unwrap_or_default().hash(&mut hasher);
        }
    }
    format!("{:016x}", hasher.finish())
}
