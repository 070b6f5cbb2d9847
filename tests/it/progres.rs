//! The flows of proGres: from a child record to a user, a unit, a partner here and a partner outside, with and without approval.
use chrono::TimeDelta;
use uuid::Uuid;

use crate::referrals::{ALL, CASE, COVERED, PERSON, SERVICE, answers, does, scene};
use crate::support::World;
use crate::support::browser::Browser;
use crate::support::world::{COAST, FIELD, RECEPTION, user};

const APPROVED: Uuid = Uuid::from_u128(0xA991);
const OUTSIDE: Uuid = Uuid::from_u128(0x0075);

struct Field {
    w: World,
    amina: Browser,
    bruno: Browser,
    chen: Browser,
    incident: String,
}

// Dana's child protection case of the pack, an incident on it, and services that do and do not require approval, here and outside.
async fn field() -> Field {
    let w = World::new().await;
    w.load_pack("refugee-protection").await;
    scene(&w, 1, "amina", COVERED).await;
    w.sql(&format!(
        "update cases set case_type = 46, pack = 'refugee-protection' where id = '{CASE}';
         update consents set to_orgs = '{{1,2,9}}';
         insert into organisations (id, name, kind, in_system) values (9, 'Lighthouse Association', 'ngo', false);
         insert into services (id, org, unit, name, needs, requires_approval) values ('{APPROVED}', 2, {RECEPTION}, 'Foster care', '{{health}}', true);
         insert into services (id, org, name, needs) values ('{OUTSIDE}', 9, 'Night school', '{{health}}')"
    ))
    .await;
    let amina = w.also("amina", FIELD, "refugee_intermediate").await;
    let bruno = w.also("bruno", FIELD, "refugee_advanced").await;
    let chen = w.also("chen", RECEPTION, "refugee_partner").await;
    let record =
        amina.post(format!("/cases/{CASE}/records"), [("kind", "cp_incident"), ("account", "Seen working at night.")]).await;
    let incident = record.redirects();
    Field { w, amina, bruno, chen, incident }
}

impl Field {
    async fn drafted(&self, to: &str) -> String {
        let (draft, from) = (Uuid::now_v7().to_string(), self.incident.rsplit('/').next().expect("an id"));
        let fields = [("need", "health"), ("draft", &draft), ("to", to), ("from", from)];
        let path = self.amina.post(format!("/cases/{CASE}/refer"), fields).await.redirects();
        path.trim_end_matches("/edit").to_owned()
    }

    async fn linked(&self, path: &str) {
        self.amina.get(path).await.shows("Child protection incident").link(&self.incident);
        self.amina.get(&self.incident).await.link(path);
        self.amina.get(format!("/cases/{CASE}")).await.link(path);
    }
}

#[tokio::test]
async fn a_service_that_requires_approval_is_pending_review_until_a_second_person_approves() {
    let f = field().await;
    let path = f.drafted(&format!("service:{APPROVED}")).await;
    f.amina.post(format!("{path}/edit"), answers("send", ALL)).await.is(409);
    f.amina.post(format!("{path}/edit"), answers("review", ALL)).await.redirects();
    f.amina.get(&path).await.shows("In the words of Refugee protection").shows("Pending Review");
    f.linked(&path).await;
    f.chen.get(&path).await.is(404);
    does(&f.bruno, &path, "approve", &[]).await.redirects();
    f.amina.post(format!("{path}/edit"), answers("send", ALL)).await.redirects();
    f.chen.get(&path).await.shows("Pending Action").lacks("Started from").lacks("incident");
}

#[tokio::test]
async fn a_service_that_requires_none_is_pending_action_at_once_to_a_partner_here() {
    let f = field().await;
    let path = f.drafted(&format!("service:{SERVICE}")).await;
    f.amina.post(format!("{path}/edit"), answers("send", ALL)).await.redirects();
    f.amina.get(&path).await.shows("Pending Action");
    f.linked(&path).await;
    does(&f.chen, &path, "acknowledge", &[]).await.redirects();
    f.chen.get(&path).await.lacks("Pending Action");
}

#[tokio::test]
async fn a_referral_goes_to_a_user_and_to_a_unit() {
    let f = field().await;
    let lena = f.w.member("lena", COAST, "refugee_intermediate").await;
    for to in [format!("user:{lena}"), format!("unit:{COAST}")] {
        let path = f.drafted(&to).await;
        f.amina.post(format!("{path}/edit"), answers("send", ALL)).await.redirects();
        f.linked(&path).await;
        f.w.browser("lena").await.get(&path).await.is(200).shows("Pending Action");
    }
}

#[tokio::test]
async fn the_sender_is_told_where_nobody_would_see_it() {
    let f = field().await;
    let seen = f.drafted(&format!("service:{SERVICE}")).await;
    f.amina.get(format!("{seen}/edit")).await.lacks("Nobody there would see");
    let unseen = f.drafted(&format!("unit:{COAST}")).await;
    f.amina.get(format!("{unseen}/edit")).await.shows("Nobody there would see this referral");
}

#[tokio::test]
async fn a_partner_outside_is_answered_for_by_the_sender() {
    let f = field().await;
    let path = f.drafted(&format!("service:{OUTSIDE}")).await;
    f.amina.post(format!("{path}/edit"), answers("send", ALL)).await.redirects();
    f.amina.get(&path).await.shows("Lighthouse Association").shows("Pending Action");
    f.linked(&path).await;
    f.amina.post(format!("{path}/acceptance"), [("on_behalf", "phone"), ("who", "Sister Ruth")]).await.redirects();
    f.amina.get(&path).await.shows("By phone · Sister Ruth");
}

#[tokio::test]
async fn a_due_date_is_heard_of_by_who_it_was_referred_from_and_to() {
    let f = field().await;
    let path = f.drafted(&format!("service:{SERVICE}")).await;
    let day = (f.w.ground.clock.now() + TimeDelta::days(10)).format("%Y-%m-%d").to_string();
    let fields = answers("send", ALL).into_iter().chain([("due_on", day)]).collect::<Vec<_>>();
    f.amina.post(format!("{path}/edit"), fields).await.redirects();
    does(&f.chen, &path, "acknowledge", &[]).await.redirects();
    does(&f.chen, &path, "accept", &[]).await.redirects();
    f.w.after(TimeDelta::zero()).await;
    f.chen.get("/notifications").await.shows("A referral has arrived");
    for _ in 0..12 {
        f.w.after(TimeDelta::days(1)).await;
    }
    for (login, browser) in [("amina", &f.amina), ("chen", &f.chen)] {
        let told = f.w.count(&format!("notifications where user_id = '{}' and kind = 'referral.due'", user(login))).await;
        assert!(told >= 1, "{login}");
        let page = f.w.browser(login).await.get("/notifications?due=overdue").await;
        page.shows("overdue by").lacks("Dana");
        browser.get("/").await.shows("My notifications").shows(" not read yet");
    }
    let _ = PERSON;
}

#[tokio::test]
async fn the_table_of_status_words_and_each_referral_say_what_others_call_it() {
    let f = field().await;
    f.w.sql("update roles set acts = acts || '{token.create}' where code = 'case_worker'").await;
    let amina = f.w.browser("amina").await;
    let program = amina.program().await;
    let table: serde_json::Value = serde_json::from_str(&program.get("/api/v1/status-words").await.body).expect("json");
    let row = |status: &str, key: &str, value: &str| {
        table.as_array().expect("rows").iter().find(|row| row["status"] == status && row[key] == value).expect("a row")["elsewhere"].clone()
    };
    assert_eq!(row("draft", "step", "in_review")["progres"][1], "Pending Recommendation");
    assert_eq!(row("requested", "letter", "queued")["lampss"], "Submitted");
    assert_eq!(row("requested", "letter", "sent")["lampss"], "Emailed");
    assert_eq!(row("requested", "step", "acknowledged")["costa_rica"], "EN TRAMITE");
    let path = f.drafted(&format!("service:{SERVICE}")).await;
    let read: serde_json::Value = serde_json::from_str(&program.get(format!("/api/v1{path}")).await.body).expect("json");
    assert_eq!((&read["elsewhere"]["lampss"], &read["elsewhere"]["fhir"]), (&"Draft".into(), &"draft".into()));
}
