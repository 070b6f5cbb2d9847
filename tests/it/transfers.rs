//! A case changes hands: asked for, moved at once, or taken over after a notice; and covered for a time.
mod asking;
mod carrying;
mod cover;
mod cover_apart;
mod cover_inbox;
mod guarded;
mod household;
mod notices;
mod races;

use uuid::Uuid;

use crate::support::World;
use crate::support::browser::{Browser, Seen};
use crate::support::case_work::ASSISTANCE;
use crate::support::world::{COAST, FIELD, RECEPTION, user};

/// The fields of the form, with what a test changes.
struct Wanted {
    fields: Vec<(String, String)>,
}

fn wanted(cases: &[&str], to: i32) -> Wanted {
    let mut fields: Vec<(String, String)> = cases.iter().map(|case| ("case".to_owned(), id_of(case).to_owned())).collect();
    for (name, value) in [
        ("reason", "closer_service"),
        ("documents", "yes"),
        ("referrals", "yes"),
        ("household", "yes"),
        ("basis", "agreed"),
        ("agreed_on", today().as_str()),
        ("go", "submit"),
    ] {
        fields.push((name.to_owned(), value.to_owned()));
    }
    fields.push(("to".to_owned(), to.to_string()));
    Wanted { fields }
}

impl Wanted {
    fn with(mut self, name: &str, value: &str) -> Self {
        self.fields.retain(|(known, _)| known != name);
        self.fields.push((name.to_owned(), value.to_owned()));
        self
    }

    async fn sent(&self, by: &Browser) -> Seen {
        by.post("/transfers/new", self.fields.iter().map(|(name, value)| (name.as_str(), value.as_str()))).await
    }
}

// Cases are opened when they are made, and nobody agrees to hand one over before.
fn today() -> String {
    chrono::DateTime::<chrono::Utc>::from(std::time::SystemTime::now()).date_naive().to_string()
}

fn id_of(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or_default()
}

impl World {
    async fn assistance(&self, name: &str) -> String {
        let person = self.known_person(name).await;
        let household = self.household(person).await.to_string();
        self.case(&self.amina, ASSISTANCE, person, &[("household", &household), ("whole_household", "true")]).await
    }

    // What arrangements by rows leave out.
    pub async fn key_of(&self, case: Uuid) {
        let mut work = self.operate().await;
        work.new_key(case, Some(case)).await.expect("a key");
        work.commit().await.expect("it commits");
    }

    async fn case_code(&self, case: &str) -> String {
        self.value(&format!("select code from cases where id = '{}'", id_of(case))).await
    }

    async fn owner(&self, case: &str) -> String {
        self.value(&format!("select unit::text from cases where id = '{}'", id_of(case))).await
    }

    async fn records(&self, transfer: &str) -> Vec<(String, String)> {
        let mut work = self.operate().await;
        let sql = format!(
            "select state, coalesce(reason, '') from transfer_items where transfer_id = '{}' order by kind, id",
            id_of(transfer)
        );
        sqlx::query_as(sqlx::AssertSqlSafe(sql)).fetch_all(work.db()).await.expect("the records")
    }

    // Somebody of the cast works in another unit too.
    async fn works_also(&self, login: &str, unit: i32, role: &str) {
        let id = user(login).0;
        self.sql(&format!(
            "insert into memberships (id, user_id, unit, org, role) select gen_random_uuid(), '{id}', {unit}, 0, id from roles where code = '{role}' and org is null"
        ))
        .await;
    }

    // Somebody new, with the password and browser of the cast.
    pub async fn newcomer(&self, login: &str, name: &str, org: i32, unit: i32, role: &str) -> Browser {
        let id = user(login).0;
        self.sql(&format!("insert into users (id, org, login, name) values ('{id}', {org}, '{login}', '{name}')")).await;
        self.works_also(login, unit, role).await;
        self.sql(&format!(
            "select access.set_password('{id}', (select password_hash from credentials where user_id = '{}'), false)",
            user("amina").0
        ))
        .await;
        self.browser(login).await
    }

    async fn consent(&self, case: &str, to_org: i32) -> Uuid {
        let id = Uuid::now_v7();
        self.sql(&format!(
            "insert into consents (id, case_id, person_id, basis, kind, purpose, to_orgs, sections, given_on, recorded_by, recorded_by_name)
             select '{id}', c.id, c.person_id, 'consent', 'consent', 'transfer', '{{{to_org}}}', '{{need}}', '2026-01-05', '{}', 'Amina Haddad' from cases c where c.id = '{}'",
            user("amina").0,
            id_of(case)
        ))
        .await;
        id
    }

    // Takes a whole request over, with Chen as the new case manager.
    async fn taken(&self, transfer: &str) {
        let items = self.records_ids(transfer).await;
        let mut fields = vec![("manager".to_owned(), user("chen").to_string()), ("go".to_owned(), "approve".to_owned())];
        fields.extend(items.into_iter().map(|id| ("take".to_owned(), id)));
        let fields = fields.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        self.chen.post(format!("{transfer}/decision"), fields).await.redirects();
        self.work_off().await;
    }

    async fn records_ids(&self, transfer: &str) -> Vec<String> {
        let mut work = self.operate().await;
        let sql = format!("select id::text from transfer_items where transfer_id = '{}' order by kind, id", id_of(transfer));
        sqlx::query_scalar(sqlx::AssertSqlSafe(sql)).fetch_all(work.db()).await.expect("the records")
    }
}

#[tokio::test]
async fn a_requested_case_moves_whole_and_the_former_side_keeps_a_receipt() {
    let w = World::new().await;
    let dana = w.person(&w.amina, "Dana Aziz", &[]).await;
    let household = w.household(dana).await.to_string();
    let case = w.case(&w.amina, ASSISTANCE, dana, &[("household", &household), ("whole_household", "true")]).await;
    let code = w.case_code(&case).await;
    w.amina.post(format!("{case}/notes"), [("kind", "note"), ("body", "She likes mornings")]).await.redirects();
    w.amina.post(format!("{case}/tasks"), [("title", "Call the school"), ("due_at", &w.in_days(60))]).await.redirects();
    let transfer = wanted(&[&case], RECEPTION).sent(&w.amina).await.redirects();
    w.chen.get("/transfers").await.shows("Pending decision").shows("Harbour");
    w.chen.get(&case).await.is(404);
    w.chen.get(&transfer).await.shows(&code).lacks("Dana");
    w.taken(&transfer).await;

    w.amina.get(&case).await.is(404);
    w.bruno.get(&case).await.is(404);
    w.amina.post(format!("{case}/notes"), [("kind", "note"), ("body", "One more")]).await.is(409).shows("handed over to others");
    w.amina.get(&transfer).await.shows("Transferred").shows("1 moved").shows("Clinic switchboard");
    let told = w.amina.get("/notifications").await;
    told.shows("A case of yours was taken over elsewhere").shows(&format!("{code}, now with Clinic"));
    told.shows("A transfer of yours has ended");
    let found = w.amina.get(format!("/search?q={code}")).await.redirects();
    w.amina.get(&found).await.shows("Ask at Clinic").shows("Clinic switchboard, 555 0200").lacks("Dana");
    w.bruno.get(&found).await.shows("Ask at Clinic");
    w.odd.get(&found).await.lacks("Ask at Clinic").shows("No receipt with this code");
    w.amina.get("/search?q=Dana+Aziz").await.shows("Clinic switchboard").lacks("Dana Aziz</a>");

    w.chen
        .get(&case)
        .await
        .shows("Dana Aziz")
        .shows("She likes mornings")
        .shows("Call the school")
        .shows("This case came from Harbour");
    w.chen.get("/").await.shows("Call the school");
    w.chen.get("/notifications").await.shows("A case was handed over to you");
    assert_eq!(
        w.count(&format!(
            "tasks where case_id = '{}' and kind = 'take_up' and assignee = '{}' and done_at is null",
            id_of(&case),
            user("chen")
        ))
        .await,
        1
    );
    assert_eq!(
        w.count(&format!("tasks where case_id = '{}' and assignee = '{}' and done_at is null", id_of(&case), user("amina")))
            .await,
        0
    );
}

#[tokio::test]
async fn who_may_act_in_both_units_moves_a_case_at_once() {
    let w = World::new().await;
    w.works_also("bruno", COAST, "supervisor").await;
    let case = w.assistance("Dana Aziz").await;
    w.bruno.get(format!("/transfers/new?case={}&to={COAST}", id_of(&case))).await.shows("Move at once");
    w.amina.get(format!("/transfers/new?case={}&to={COAST}", id_of(&case))).await.lacks("Move at once");
    let direct = || wanted(&[&case], COAST).with("go", "direct").with("version", "1");
    direct().with("manager", &user("bruno").to_string()).sent(&w.amina).await.is(403);
    direct().with("version", "99").sent(&w.bruno).await.is(409);
    let version = w.value(&format!("select version::text from cases where id = '{}'", id_of(&case))).await;
    let transfer =
        direct().with("version", &version).with("manager", &user("bruno").to_string()).sent(&w.bruno).await.redirects();
    w.bruno.get(&transfer).await.shows("Transferred");
    assert_eq!(w.owner(&case).await, COAST.to_string());
    w.amina.get(&case).await.is(404);
    direct().sent(&w.bruno).await.is(422).shows("The case is there already");
    // It comes back, and the receipt says so.
    wanted(&[&case], FIELD).with("go", "direct").with("manager", &user("amina").to_string()).sent(&w.bruno).await.redirects();
    w.amina.get(&case).await.is(200);
    assert_eq!(
        w.count(&format!("transfer_receipts where case_id = '{}' and unit = {FIELD} and returned_at is null", id_of(&case)))
            .await,
        0
    );
}

#[tokio::test]
async fn a_request_is_decided_once_and_what_comes_second_names_the_state() {
    let w = World::new().await;
    let case = w.assistance("Dana Aziz").await;
    let transfer = wanted(&[&case], RECEPTION).with("go", "save").sent(&w.amina).await.redirects();
    w.chen.get(&transfer).await.is(404);
    w.amina.post(format!("{transfer}/submission"), [("a", "b")]).await.redirects();
    w.amina
        .post(format!("{transfer}/submission"), [("a", "b")])
        .await
        .is(409)
        .shows("submitted already")
        .shows("pending decision");
    w.amina.post(format!("{transfer}/decision"), [("go", "approve")]).await.is(403);
    let item = w.records_ids(&transfer).await.remove(0);
    let approve = w.chen.post(format!("{transfer}/decision"), [("go", "approve"), ("take", item.as_str())]);
    let reject = w.chen.post(format!("{transfer}/decision"), [("go", "reject"), ("reason", "no_capacity")]);
    let back = w.amina.post(format!("{transfer}/taking-back"), [("a", "b")]);
    let (approve, reject, back) = tokio::join!(approve, reject, back);
    let statuses = [&approve, &reject, &back].map(|seen| seen.status.as_u16());
    assert_eq!(statuses.iter().filter(|status| **status == 303).count(), 1, "{statuses:?}");
    for loser in [&approve, &reject, &back].into_iter().filter(|seen| seen.status != 303) {
        // A draft that was taken back is not there any more for the other side.
        assert!(matches!(loser.status.as_u16(), 404 | 409), "{}", loser.text());
        if loser.status == 409 {
            loser.shows("State:");
        }
    }
}

#[tokio::test]
async fn each_record_moves_or_says_why_and_the_rest_goes_on() {
    let w = World::new().await;
    let mut cases = Vec::new();
    for n in 0..9 {
        cases.push(w.assistance(&format!("Person Number{n}")).await);
    }
    let paths: Vec<&str> = cases.iter().map(String::as_str).collect();
    let transfer = wanted(&paths, RECEPTION).sent(&w.amina).await.redirects();
    let id = |at: usize| id_of(&cases[at]).to_owned();
    w.sql(&format!(
        "update cases set closed_at = now(), close_reason = 'needs_met' where id = '{}';
         update packs set body = jsonb_set(body, '{{processes,0,stages,5,transferable}}', 'false');
         update cases set stage = 'review' where id = '{}';
         insert into bars (id, case_id, unit, reason) values (gen_random_uuid(), '{}', 2, 'relative');
         insert into bars (id, case_id, user_id, reason) values (gen_random_uuid(), '{}', '{}', 'relative');
         update cases set unit = {COAST} where id = '{}'",
        id(1),
        id(2),
        id(3),
        id(4),
        user("chen"),
        id(5)
    ))
    .await;
    w.amina
        .post(
            format!("{}/refer", cases[6]),
            [("need", "health"), ("to", &format!("unit:{COAST}")), ("draft", &Uuid::now_v7().to_string())],
        )
        .await
        .redirects();
    let consent = w.consent(&cases[7], 2).await;
    w.sql(&format!("update consents set withdrawn_at = now() + interval '1 second' where id = '{consent}'")).await;
    // Chen leaves the last one out, and takes the rest.
    let items = w.records_ids(&transfer).await;
    let mut fields = vec![("manager".to_owned(), user("chen").to_string()), ("go".to_owned(), "approve".to_owned())];
    fields.extend(items.iter().take(8).map(|item| ("take".to_owned(), item.clone())));
    w.chen.post(format!("{transfer}/decision"), fields.iter().map(|(a, b)| (a.as_str(), b.as_str()))).await.redirects();
    w.work_off().await;
    let said: Vec<String> = w.records(&transfer).await.into_iter().map(|(state, reason)| format!("{state} {reason}")).collect();
    let expected = [
        "done ",
        "failed closed",
        "failed in_follow_up",
        "failed barred",
        "failed keeper_unfit",
        "failed moved_already",
        "failed open_draft",
        "failed consent_withdrawn",
        "left_out declined",
    ];
    assert_eq!(said, expected);
    for at in [2, 3, 4, 6, 7, 8] {
        assert_eq!(w.owner(&cases[at]).await, FIELD.to_string(), "what stays has not moved");
        w.amina.get(&cases[at]).await.is(200);
    }
    w.amina.get(&transfer).await.shows("Transferred").shows("1 moved").shows("At this stage a case does not change hands");
}

#[tokio::test]
async fn what_does_not_go_along_stays_and_open_referrals_follow_with_their_clocks() {
    let w = World::new().await;
    let sent = w.sent(ASSISTANCE).await;
    let case = format!("/cases/{}", sent.case);
    w.key_of(sent.case).await;
    let key = Uuid::from_u128(7);
    w.sql(&format!(
        "insert into persons (id, code, org, unit, name) values ('{key}', 'P-7', 1, {FIELD}, 'Little Brother');
         insert into case_people (id, case_id, person_id, part) values (gen_random_uuid(), '{case_id}', '{key}', 'member');
         insert into documents (id, case_id, kind, title, media_type, size_bytes, file, added_by, added_by_name)
           values ('{key}', '{case_id}', 'letter', '', 'application/pdf', 1, 'x', '{amina}', 'Amina');
         update referrals set due_at = '2031-05-05' where id = '{id}'; update cases set limits_explained_on = '2026-01-15';
         update packs set body = jsonb_set(body, '{{case_types,2,subject}}', '\"either\"')",
        case_id = sent.case,
        amina = user("amina"),
        id = sent.id
    ))
    .await;
    let ask =
        |referrals: &str| wanted(&[&case], COAST).with("referrals", referrals).with("documents", "no").with("household", "no");
    w.works_also("bruno", COAST, "supervisor").await;
    ask("no").with("go", "direct").sent(&w.bruno).await.is(409).shows("Referrals are still open");
    assert_eq!(w.owner(&case).await, FIELD.to_string());
    assert_eq!(w.count(&format!("case_people where person_id = '{key}'")).await, 1, "nothing is half moved");
    let transfer = ask("yes").with("to", &RECEPTION.to_string()).sent(&w.amina).await.redirects();
    w.taken(&transfer).await;
    assert_eq!(
        w.count(&format!(
            "referrals where id = '{}' and from_org = 2 and from_manager = '{}' and due_at = '2031-05-05'",
            sent.id,
            user("chen")
        ))
        .await,
        1
    );
    w.chen.get(format!("/referrals/{}", sent.id)).await.shows("The sender handed the case over");
    w.amina.get(format!("/referrals/{}", sent.id)).await.is(404);
    assert_eq!(w.count(&format!("case_people where person_id = '{key}'")).await, 0);
    // Who left the case without another one is the registering unit's to find again.
    w.amina.get(format!("/people/{key}")).await.is(200);
    w.chen.get(format!("/people/{key}")).await.is(404);
    let mut work = throughcare::platform::db::Work::open(&w.ground, throughcare::platform::db::Actor::User(user("chen")))
        .await
        .expect("work");
    let documents: i64 = sqlx::query_scalar("select count(*) from documents").fetch_one(work.db()).await.expect("a count");
    assert_eq!(documents, 0, "the document stayed sealed");
}

#[tokio::test]
async fn after_a_notice_the_receiving_organisation_takes_the_case_over_itself() {
    let w = World::new().await;
    let sent = w.sent(ASSISTANCE).await;
    let case = format!("/cases/{}", sent.case);
    w.sql(&format!("update referrals set kind = 'transfer_notice' where id = '{}'", sent.id)).await;
    w.key_of(sent.case).await;
    w.consent(&case, 2).await;
    w.chen.get(format!("/referrals/{}", sent.id)).await.shows("Complete the transfer");
    w.chen.get(&case).await.is(404);
    w.odd.get(sent.path("transfer")).await.is(404);
    w.amina.get(sent.path("transfer")).await.is(403);
    w.chen.get(sent.path("transfer")).await.shows("Case manager").shows("Chen Li");
    let (bruno, chen) = (user("bruno").to_string(), user("chen").to_string());
    w.chen.post(sent.path("transfer"), [("unit", "21"), ("manager", bruno.as_str())]).await.is(422);
    let there = w.chen.post(sent.path("transfer"), [("unit", "21"), ("manager", chen.as_str())]).await.redirects();
    assert_eq!(there, case);
    w.chen.get(&case).await.shows("Dana Example");
    w.amina.get(&case).await.is(404);
    w.amina.get(format!("/referrals/{}", sent.id)).await.is(404);
    assert_eq!(w.value(&format!("select status from referrals where id = '{}'", sent.id)).await, "completed");
    w.chen.post(sent.path("transfer"), [("unit", "21")]).await.is(409);
    w.work_off().await;
    w.amina.get("/notifications").await.shows("A case of yours was taken over elsewhere");
}

#[tokio::test]
async fn a_pack_may_leave_the_former_holder_a_dated_look_and_nothing_more() {
    let w = World::new().await;
    w.sql("update packs set body = jsonb_set(body, '{case_types,2,transfer_view_days}', '30')").await;
    let case = w.assistance("Dana Aziz").await;
    let transfer = wanted(&[&case], RECEPTION).sent(&w.amina).await.redirects();
    w.taken(&transfer).await;
    w.amina.get(&case).await.shows("Dana Aziz").lacks("Write a note");
    w.amina.post(format!("{case}/notes"), [("kind", "note"), ("body", "Still me")]).await.is(403);
    w.sql("update grants set until = now() - interval '1 second'").await;
    w.amina.get(&case).await.is(404);
}
