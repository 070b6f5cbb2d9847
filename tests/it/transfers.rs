//! A case changes hands: asked for, moved at once, or taken over after a notice; and covered for a time.
use std::time::Duration;

use uuid::Uuid;

use crate::support::World;
use crate::support::browser::{Browser, Seen};
use crate::support::case_work::{ASSISTANCE, CHILD_PROTECTION, GBV};
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
        ("agreed_on", "2026-01-10"),
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
    async fn key_of(&self, case: Uuid) {
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
    async fn newcomer(&self, login: &str, name: &str, org: i32, unit: i32, role: &str) -> Browser {
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
    w.amina.post(format!("{case}/tasks"), [("title", "Call the school"), ("due_at", "2031-01-05T10:00")]).await.redirects();
    let transfer = wanted(&[&case], RECEPTION).sent(&w.amina).await.redirects();
    w.chen.get("/transfers").await.shows("Pending decision").shows("Harbour");
    w.chen.get(&case).await.is(404);
    w.chen.get(&transfer).await.shows(&code).lacks("Dana");
    w.taken(&transfer).await;

    w.amina.get(&case).await.is(404);
    w.bruno.get(&case).await.is(404);
    w.amina.post(format!("{case}/notes"), [("kind", "note"), ("body", "One more")]).await.is(404);
    w.amina.get(&transfer).await.shows("Transferred").shows("1 moved").shows("Clinic switchboard");
    w.amina.get("/notifications").await.shows("A case of yours was taken over elsewhere").shows("A transfer of yours has ended");
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
async fn without_consent_or_agreement_a_case_does_not_leave_the_organisation() {
    let w = World::new().await;
    let (bare, agreed) = (w.assistance("Dana Aziz").await, w.assistance("Sami Noor").await);
    w.consent(&agreed, 2).await;
    let transfer = wanted(&[&bare, &agreed], RECEPTION).with("basis", "on_file").sent(&w.amina).await.redirects();
    w.amina.get(&transfer).await.shows("No consent or other basis reaches this organisation");
    w.taken(&transfer).await;
    let said = w.records(&transfer).await;
    assert_eq!(said, [("failed".to_owned(), "no_basis".to_owned()), ("done".to_owned(), String::new())]);
}

#[tokio::test]
async fn s01_a_consent_that_named_the_former_organisation_opens_nothing_towards_it() {
    let w = World::new().await;
    let case = w.assistance("Dana Aziz").await;
    let (within, both) = (w.consent(&case, 1).await, w.consent(&case, 2).await);
    w.sql(&format!("update consents set to_orgs = '{{1,2,3}}' where id = '{both}'")).await;
    let transfer = wanted(&[&case], RECEPTION).sent(&w.amina).await.redirects();
    w.taken(&transfer).await;
    assert_eq!(w.count(&format!("consents where id = '{within}' and expires_on < current_date")).await, 1);
    assert_eq!(w.value(&format!("select to_orgs::text from consents where id = '{both}'")).await, "{2,3}");
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
         update referrals set due_at = '2031-05-05' where id = '{id}';
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
    let bruno = user("bruno").to_string();
    w.chen.post(sent.path("transfer"), [("unit", "21"), ("manager", bruno.as_str())]).await.is(422);
    let chen = user("chen").to_string();
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

#[tokio::test]
async fn s11_restricted_cases_are_no_tick_box_no_related_case_and_no_hint() {
    let w = World::new().await;
    let dana = w.known_person("Dana Aziz").await;
    let household = w.household(dana).await.to_string();
    let open = w.case(&w.amina, ASSISTANCE, dana, &[("household", &household), ("whole_household", "true")]).await;
    w.case(&w.amina, CHILD_PROTECTION, dana, &[]).await;
    let hidden = w.only_case(dana, FIELD, "gender_based_violence", user("salma")).await;
    w.sql(&format!("update cases set case_manager = '{}' where id = '{hidden}'", user("salma"))).await;
    let page = w.amina.get(format!("/transfers/new?case={}&to={RECEPTION}", id_of(&open))).await;
    page.shows("Child protection (1)").lacks("Gender-based").lacks("type_4");
    // Salma sees both of Dana's restricted and ordinary cases; the restricted one is no choice for her either.
    w.salma.get("/transfers/choose").await.lacks(&hidden.to_string());
    let transfer = wanted(&[&open], RECEPTION).with("type_4", "yes").with("type_2", "yes").sent(&w.amina).await.redirects();
    assert_eq!(w.records(&transfer).await.len(), 2, "the child protection case goes along, the restricted one does not");
    let refused = wanted(&[&format!("/cases/{hidden}")], RECEPTION).sent(&w.amina).await;
    let absent = wanted(&[&format!("/cases/{}", Uuid::from_u128(9))], RECEPTION).sent(&w.amina).await;
    assert_eq!((refused.status, refused.text()), (absent.status, absent.text()), "hidden answers as absent does");
    w.taken(&transfer).await;
    assert_eq!(w.owner(&format!("/cases/{hidden}")).await, FIELD.to_string());
    // The registration went along although a restricted case stays: nothing may depend on that one.
    assert_eq!(w.value(&format!("select org::text from persons where id = '{dana}'")).await, "2");
}

// A survivor's case with Salma, and people at Clinic who are cleared for it.
async fn restricted(w: &World) -> (String, Browser, Browser) {
    let noor = w.newcomer("noor", "Noor Focal", 2, RECEPTION, "gbv_focal_point").await;
    let rana = w.newcomer("rana", "Rana Lead", 2, RECEPTION, "gbv_supervisor").await;
    w.sql(&format!("insert into focal_points (unit, user_id) values ({RECEPTION}, '{}')", user("noor"))).await;
    w.gita().await;
    let person = w.known_person("Dana Aziz").await;
    let gita = user("gita").to_string();
    let case = w.case(&w.salma, GBV, person, &[("supervisor", &gita)]).await;
    w.salma.post(format!("{case}/notes"), [("kind", "note"), ("body", "What she told")]).await.redirects();
    (case, noor, rana)
}

#[tokio::test]
async fn s09_a_restricted_case_goes_alone_and_only_its_own_people_know_of_it() {
    let w = World::new().await;
    let (case, noor, rana) = restricted(&w).await;
    let other = w.case(&w.salma, GBV, w.known_person("Sara Khan").await, &[("supervisor", &user("gita").to_string())]).await;
    wanted(&[&case, &other], RECEPTION).sent(&w.salma).await.is(422).shows("travels alone");
    let transfer = wanted(&[&case], RECEPTION).sent(&w.salma).await.redirects();
    let code = w.value(&format!("select code from transfers where id = '{}'", id_of(&transfer))).await;
    for stranger in [&w.amina, &w.bruno, &w.chen, &rana, &w.odd, &w.ada] {
        stranger.get(&transfer).await.is(404);
        let list = stranger.get("/transfers").await;
        if list.status == 200 {
            list.lacks(&code);
        }
    }
    let item = w.records_ids(&transfer).await.remove(0);
    let decision = format!("{transfer}/decision");
    noor.get(&decision).await.shows("Take these cases over").lacks("Dana");
    let (me, lead) = (user("noor").to_string(), user("rana").to_string());
    noor.post(&decision, [("go", "approve"), ("take", &item), ("manager", &me)]).await.is(422);
    noor.post(&decision, [("go", "approve"), ("take", &item), ("manager", &me), ("supervisor", &lead)]).await.redirects();
    w.work_off().await;
    noor.get(&case).await.shows("What she told");
    rana.get(&case).await.is(200);
    for former in [&w.salma, &w.bruno, &w.amina] {
        former.get(&case).await.is(404);
    }
    let case_code = w.case_code(&case).await;
    w.salma.get(format!("/transfers/receipts?code={case_code}")).await.shows("Ask at Clinic");
    for colleague in [&w.amina, &w.bruno] {
        colleague.get(format!("/transfers/receipts?code={case_code}")).await.shows("No receipt with this code").lacks("Ask at");
        colleague.get("/transfers/receipts").await.lacks(&case_code);
    }
}

#[tokio::test]
async fn s31_the_new_side_of_a_restricted_case_reads_role_and_organisation_not_names() {
    let w = World::new().await;
    let (case, noor, _) = restricted(&w).await;
    let transfer = wanted(&[&case], RECEPTION).sent(&w.salma).await.redirects();
    let item = w.records_ids(&transfer).await.remove(0);
    let (me, lead) = (user("noor").to_string(), user("rana").to_string());
    let late = [("go", "approve"), ("take", &item), ("manager", &me), ("supervisor", &lead), ("happened_at", "2026-01-12T10:00")];
    noor.post(format!("{transfer}/decision"), late).await.is(422).shows("Say why it is typed in later");
    let said = late.into_iter().chain([("late_reason", "The line was down")]);
    noor.post(format!("{transfer}/decision"), said).await.redirects();
    w.work_off().await;
    noor.get(&case).await.shows("What she told").shows("Harbour").lacks("Salma").lacks("Gita");
    noor.get(&transfer).await.lacks("Salma").shows("The line was down").shows("12 Jan");
    w.salma.get(&transfer).await.lacks("Noor Focal").shows("Clinic");
}

#[tokio::test]
async fn s10_a_bar_beats_a_transfer_and_says_nothing_to_whom_it_bars() {
    let w = World::new().await;
    let case = w.assistance("Dana Aziz").await;
    let transfer = wanted(&[&case], RECEPTION).sent(&w.amina).await.redirects();
    let item = w.records_ids(&transfer).await.remove(0);
    w.newcomer("lina", "Lina Desk", 2, RECEPTION, "provider").await;
    w.sql(&format!(
        "insert into bars (id, case_id, user_id, reason) values (gen_random_uuid(), '{}', '{}', 'relative')",
        id_of(&case),
        user("lina")
    ))
    .await;
    let lina = user("lina").to_string();
    w.chen.post(format!("{transfer}/decision"), [("go", "approve"), ("take", &item), ("manager", &lina)]).await.redirects();
    w.work_off().await;
    w.chen
        .get(&transfer)
        .await
        .shows("Transfer failed")
        .shows("The other side knows why")
        .lacks("must not see")
        .lacks("given to this person");
    w.amina.get(&transfer).await.shows("be given to this person");
    w.amina.get(&case).await.is(200);
    // Whom the bar names does not even see that there was a transfer.
    w.browser("lina").await.get(&transfer).await.is(404);
    // And a bar goes along with a case that does move.
    let again = wanted(&[&case], RECEPTION).sent(&w.amina).await.redirects();
    w.taken(&again).await;
    w.chen.get(&case).await.is(200);
    w.browser("lina").await.get(&case).await.is(404);
}

async fn one_hand(n: usize, case: String, bruno: Browser) -> (usize, u16) {
    let seen = match n / 20 {
        0 | 5 => wanted(&[&case], COAST).with("go", "direct").sent(&bruno).await,
        1 | 6 => wanted(&[&case], FIELD).with("go", "direct").sent(&bruno).await,
        2 | 7 => bruno.post(format!("{case}/stage"), [("stage", "assessment"), ("version", "1")]).await,
        3 | 8 => bruno.post(format!("{case}/notes"), [("kind", "note"), ("body", "Came by")]).await,
        _ => bruno.post(format!("{case}/tasks"), [("title", "Look in"), ("due_at", "2031-01-05T10:00")]).await,
    };
    assert!(matches!(seen.status.as_u16(), 303 | 404 | 409 | 422), "{n}: {} {}", seen.status, seen.text());
    (n, seen.status.as_u16())
}

#[tokio::test]
async fn two_hundred_transfers_and_edits_at_once_leave_each_case_one_owner_and_a_whole_history() {
    let w = World::new().await;
    w.works_also("bruno", COAST, "supervisor").await;
    let mut cases = Vec::new();
    for n in 0..20 {
        cases.push(w.assistance(&format!("Person Number{n}")).await);
    }
    let answers = tokio::task::LocalSet::new()
        .run_until(async {
            let mut tries = tokio::task::JoinSet::new();
            for n in 0..200usize {
                tries.spawn_local(one_hand(n, cases[n % 20].clone(), w.bruno.clone()));
            }
            tokio::time::timeout(Duration::from_secs(120), tries.join_all()).await.expect("nobody waits for ever")
        })
        .await;
    let moved = answers.iter().filter(|(n, status)| matches!(n / 20, 0 | 1 | 5 | 6) && *status == 303).count();
    assert!(moved >= 20, "{moved} moved: a race that nobody wins proves nothing");
    for case in &cases {
        let id = id_of(case);
        let owner = w.owner(case).await;
        assert!(owner == FIELD.to_string() || owner == COAST.to_string());
        let moves = w.count(&format!("case_moves where case_id = '{id}' and kind = 'transferred'")).await;
        let receipts = w.count(&format!("transfer_receipts where case_id = '{id}'")).await;
        let done = w.count(&format!("transfer_items where case_id = '{id}' and state = 'done'")).await;
        assert_eq!((moves, receipts), (done, done), "every move is in the history, once");
        assert_eq!(
            w.count(&format!("transfer_items where case_id = '{id}' and state <> 'done'")).await,
            0,
            "a refused one left nothing"
        );
        // Each move begins where the one before it ended, and the last one led to where the case is.
        let to = async |unit: &str| {
            w.count(&format!("case_moves where case_id = '{id}' and kind = 'transferred' and to_value = '{unit}'")).await
        };
        let (there, back) = (to("Harbour coast unit").await, to("Harbour field unit").await);
        assert_eq!(there - back, i64::from(owner == COAST.to_string()), "{there} there and {back} back");
        for table in ["case_notes", "case_people", "tasks", "case_moves"] {
            assert_eq!(w.count(&format!("{table} where case_id = '{id}' and unit <> {owner}")).await, 0, "{table} went along");
        }
        let version: i32 =
            w.value(&format!("select version::text from cases where id = '{id}'")).await.parse().expect("a number");
        assert!(i64::from(version) > moves, "each move is a version");
    }
}

#[tokio::test]
async fn a_covered_caseload_comes_back_by_itself() {
    let w = World::new().await;
    w.newcomer("karim", "Karim Saleh", 1, FIELD, "case_worker").await;
    let karim = w.browser("karim").await;
    let case = w.assistance("Dana Aziz").await;
    w.amina.post(format!("{case}/tasks"), [("title", "Call the school"), ("due_at", "2031-01-05T10:00")]).await.redirects();
    let today = w.ground.clock.now().date_naive();
    let (from, until) = (today.to_string(), (today + chrono::TimeDelta::days(3)).to_string());
    let (worker, colleague) = (user("amina").to_string(), user("karim").to_string());
    let cover = [("worker", worker.as_str()), ("colleague", colleague.as_str()), ("from_on", &from), ("until_on", &until)];
    w.amina.post("/covers", cover).await.is(403);
    w.bruno.post("/covers", cover).await.redirects();
    w.bruno.post("/covers", cover).await.is(422).shows("arranged cover for this worker already");
    karim.get(&case).await.shows("Kept for Amina Haddad").shows("Call the school");
    karim.get("/").await.shows("Call the school");
    w.amina.get("/covers").await.shows("Karim Saleh").shows("Running");
    w.work_off().await;
    karim.get("/notifications").await.shows("A case was assigned to you");
    // What arrives for her meanwhile is kept too.
    let second = w.assistance("Sami Noor").await;
    w.after(chrono::TimeDelta::hours(1)).await;
    karim.get(&second).await.is(200);
    w.after(chrono::TimeDelta::days(4)).await;
    w.amina.get(&case).await.is(200);
    w.amina.get("/").await.shows("Call the school");
    karim.get(&case).await.is(404);
    karim.get(&second).await.is(404);
    w.bruno.get("/covers").await.shows("Ended");
}

#[tokio::test]
async fn a_cover_comes_back_when_the_colleague_leaves() {
    let w = World::new().await;
    w.newcomer("karim", "Karim Saleh", 1, FIELD, "case_worker").await;
    let case = w.assistance("Dana Aziz").await;
    let today = w.ground.clock.now().date_naive();
    let (from, until) = (today.to_string(), (today + chrono::TimeDelta::days(30)).to_string());
    let (worker, colleague) = (user("amina").to_string(), user("karim").to_string());
    w.bruno
        .post("/covers", [("worker", worker.as_str()), ("colleague", &colleague), ("from_on", &from), ("until_on", &until)])
        .await
        .redirects();
    w.amina.get(&case).await.is(404);
    w.ada
        .post(format!("/admin/users/{colleague}/deactivation"), [("colleague", user("bruno").to_string().as_str())])
        .await
        .redirects();
    w.amina.get(&case).await.is(200);
    w.bruno.get("/covers").await.shows("Ended");
}

#[tokio::test]
async fn s09_a_cover_takes_restricted_cases_only_from_their_named_supervisor() {
    let w = World::new().await;
    let gita = w.gita().await;
    w.newcomer("huda", "Huda Noor", 1, FIELD, "gbv_case_worker").await;
    let huda = w.browser("huda").await;
    let named = user("gita").to_string();
    let case = w.case(&w.salma, GBV, w.known_person("Dana Aziz").await, &[("supervisor", &named)]).await;
    let today = w.ground.clock.now().date_naive();
    let (from, until) = (today.to_string(), (today + chrono::TimeDelta::days(3)).to_string());
    let (worker, colleague) = (user("salma").to_string(), user("huda").to_string());
    let cover = [("worker", worker.as_str()), ("colleague", colleague.as_str()), ("from_on", &from), ("until_on", &until)];
    w.bruno.post("/covers", cover).await.redirects();
    huda.get(&case).await.is(404);
    w.salma.get(&case).await.is(200);
    w.bruno.get("/covers").await.shows("Huda Noor");
    gita.post("/covers", cover).await.redirects();
    huda.get(&case).await.is(200);
    w.bruno.get(&case).await.is(404);
}
