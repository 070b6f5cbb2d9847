//! Arrangements that many tests need: a person, a case, through the front door where a page exists.
use uuid::Uuid;

use super::World;
use super::browser::Browser;
use super::world::{FIELD, user};

/// What most cases are, in the pack `protection` as those below.
pub const GENERAL: i16 = 1;
/// Child protection.
pub const CHILD_PROTECTION: i16 = 2;
/// The standard one.
pub const ASSISTANCE: i16 = 3;
/// A restricted one.
pub const GBV: i16 = 4;

impl World {
    /// A person whom the field unit registered.
    pub async fn known_person(&self, name: &str) -> Uuid {
        let id = Uuid::now_v7();
        let code = throughcare::platform::ids::code('P');
        self.sql(&format!(
            "insert into persons (id, code, org, unit, name, born_on) values ('{id}', '{code}', 1, {FIELD}, '{name}', '1990-05-01')"
        ))
        .await;
        id
    }

    /// Nine o'clock so many days from now, as a form has it.
    pub fn in_days(&self, days: i64) -> String {
        (self.ground.clock.now() + chrono::TimeDelta::days(days)).format("%Y-%m-%dT09:00").to_string()
    }

    /// So many hours from now, as the form of a reader in UTC writes it.
    pub fn in_hours(&self, hours: i64) -> String {
        (self.ground.clock.now() + chrono::TimeDelta::hours(hours)).format("%Y-%m-%dT%H:%M").to_string()
    }

    /// A household with this person as its head.
    pub async fn household(&self, head: Uuid) -> Uuid {
        let id = Uuid::now_v7();
        let code = throughcare::platform::ids::code('H');
        self.sql(&format!(
            "insert into households (id, code, org, unit, head_id) values ('{id}', '{code}', 1, {FIELD}, '{head}');
             insert into household_members (id, household_id, person_id, relationship, joined_on)
             values (gen_random_uuid(), '{id}', '{head}', 'head', '2020-01-01')"
        ))
        .await;
        id
    }

    /// A case of this type, opened by this user for themselves; answers its address.
    pub async fn case(&self, by: &Browser, case_type: i16, person: Uuid, more: &[(&str, &str)]) -> String {
        let (case_type, person) = (case_type.to_string(), person.to_string());
        let mut fields = vec![
            ("person", person.as_str()),
            ("case_type", &case_type),
            ("intake_source", "self"),
            ("priority", "normal"),
            ("keeper", "me"),
            ("limits_explained_on", "2026-01-15"),
        ];
        fields.extend(more);
        by.post("/cases/new", fields).await.redirects()
    }

    /// Gita, who supervises work with survivors in the field unit.
    pub async fn gita(&self) -> Browser {
        let id = user("gita").0;
        self.sql(&format!(
            "insert into users (id, org, login, name) values ('{id}', 1, 'gita', 'Gita Rao');
             insert into memberships (id, user_id, unit, org, role)
             select gen_random_uuid(), '{id}', {FIELD}, 1, id from roles where code = 'gbv_supervisor' and org is null"
        ))
        .await;
        let mut work = self.operate().await;
        sqlx::query("select access.set_password($1, (select password_hash from credentials where user_id = $2), false)")
            .bind(id)
            .bind(user("amina").0)
            .execute(work.db())
            .await
            .expect("a password");
        work.commit().await.expect("it commits");
        self.browser("gita").await
    }

    /// The one value that this SQL answers with, read as the operator.
    pub async fn value(&self, sql: &str) -> String {
        let mut work = self.operate().await;
        let (value,): (String,) = sqlx::query_as(sqlx::AssertSqlSafe(sql)).fetch_one(work.db()).await.expect("one row");
        value
    }

    /// An API token of this user, made through the page.
    pub async fn token(&self, of: &Browser) -> String {
        self.sql("update roles set acts = acts || '{token.create}' where code = 'case_worker'").await;
        let page = of.post("/account/tokens", [("name", "a program"), ("days", "30")]).await;
        page.body
            .split(|c: char| c.is_whitespace() || c == '<' || c == '>' || c == '"')
            .find(|word| word.starts_with("tc_"))
            .expect("a token")
            .to_owned()
    }
}
