//! Referrals that have been sent already, for tests of what happens next. What the pages of sending do is arranged here as rows.
use throughcare::platform::ids::UserId;
use uuid::Uuid;

use super::World;
use super::browser::Browser;
use super::world::{FIELD, RECEPTION, user};

/// Case types of the shipped pack.
pub const PROTECTION: i16 = 1;
pub const CHILD: i16 = 2;
pub const ASSISTANCE: i16 = 3;
pub const GBV: i16 = 4;

/// A referral that Harbour sent to Clinic's reception.
pub struct Sent {
    pub id: Uuid,
    pub code: String,
    pub case: Uuid,
    pub person: Uuid,
}

impl Sent {
    /// The address of something that belongs to it.
    pub fn path(&self, tail: &str) -> String {
        format!("/referrals/{}/{tail}", self.id)
    }
}

// What is random in an id, as codes end.
fn tail(id: Uuid) -> String {
    id.simple().to_string()[24..].to_uppercase()
}

impl World {
    /// Dana's case of this type with Amina, or for a restricted one with Salma, referred to Clinic's reception just now.
    pub async fn sent(&self, case_type: i16) -> Sent {
        let worker = user(if case_type == GBV { "salma" } else { "amina" });
        let (case, person) = (Uuid::now_v7(), Uuid::now_v7());
        let tail = tail(case);
        let now = self.ground.clock.now().to_rfc3339();
        self.sql(&format!(
            "insert into persons (id, code, org, unit, name) values ('{person}', 'P-{tail}', 1, {FIELD}, 'Dana Example');
             insert into cases (id, code, org, unit, case_type, case_manager, person_id, pack, pack_version, stage, intake_source, opened_at)
               values ('{case}', 'C-{tail}', 1, {FIELD}, {case_type}, '{worker}', '{person}', 'protection', 1, 'implementation', 'self', '{now}');
             insert into case_people (id, case_id, person_id, part) values (gen_random_uuid(), '{case}', '{person}', 'subject');"
        ))
        .await;
        self.referred(case, person, worker).await
    }

    /// This worker's referral of a case that is there already to Clinic's reception, sent just now.
    pub async fn referred(&self, case: Uuid, person: Uuid, worker: UserId) -> Sent {
        let id = Uuid::now_v7();
        let tail = tail(id);
        let now = self.ground.clock.now().to_rfc3339();
        self.sql(&format!(
            "insert into referrals (id, code, kind, case_id, from_org, from_unit, to_unit, need, area, priority, status, step, author, hands, confirm_way,
                 service_name, requested_at, last_moved_at)
               values ('{id}', 'R-{tail}', 'partner', '{case}', 1, {FIELD}, {RECEPTION}, 'health', 'Old Port', 'normal', 'requested', 'sent', '{worker}',
                 '{{{worker}}}', 'with_worker', 'Day clinic', '{now}', '{now}');
             insert into referral_people (id, referral_id, person_id) values (gen_random_uuid(), '{id}', '{person}');"
        ))
        .await;
        let mut work = self.operate().await;
        work.new_key(id, Some(case)).await.expect("a key");
        work.commit().await.expect("it commits");
        Sent { id, code: format!("R-{tail}"), case, person }
    }

    /// A referral whose service Clinic has reported as given.
    pub async fn served(&self, case_type: i16) -> Sent {
        let sent = self.sent(case_type).await;
        self.chen.post(sent.path("acceptance"), [("remark", "")]).await.redirects();
        self.chen.post(sent.path("outcome"), [("what", "A check-up"), ("how_much", "1 visit")]).await.redirects();
        sent
    }

    /// Another member of staff.
    pub async fn member(&self, login: &str, unit: i32, role: &str) -> UserId {
        let id = user(login);
        self.sql(&format!(
            "insert into users (id, org, login, name) select '{id}', org, '{login}', initcap('{login}') from units where id = {unit};
             insert into memberships (id, user_id, unit, org, role) select gen_random_uuid(), '{id}', {unit}, 0, id from roles where code = '{role}' and org is null;
             select access.set_password('{id}', 'x', false)"
        ))
        .await;
        id
    }

    /// Nadia, the focal point of Clinic's reception for what is restricted.
    pub async fn nadia(&self) -> Browser {
        let nadia = self.member("nadia", RECEPTION, "gbv_focal_point").await;
        self.sql(&format!("insert into focal_points (unit, user_id) values ({RECEPTION}, '{nadia}')")).await;
        self.browser("nadia").await
    }

    /// How many rows a condition holds for, where no page shows it.
    pub async fn count(&self, from_where: &str) -> i64 {
        let mut work = self.operate().await;
        let sql = sqlx::AssertSqlSafe(format!("select count(*) from {from_where}"));
        let (count,): (i64,) = sqlx::query_as(sql).fetch_one(work.db()).await.expect("a count");
        count
    }

    /// Time passes, and the worker does what is due by then.
    pub async fn after(&self, time: chrono::TimeDelta) {
        self.ground.clock.forward(time);
        throughcare::worker::tick(&self.ground).await.expect("the minute's work is left");
        self.work_off().await;
    }
}
