//! Cover at the receiving side: what waits for the absent worker in the inbox goes to the colleague, and comes back.
use chrono::TimeDelta;

use crate::support::World;
use crate::support::browser::Browser;
use crate::support::sent::{ASSISTANCE, GBV, PROTECTION, Sent};
use crate::support::world::{CLINIC, RECEPTION, user};

struct Clinic {
    lena: Browser,
    omar: Browser,
}

impl World {
    // Lena supervises Clinic's reception, Omar answers beside Chen.
    async fn clinic_staff(&self) -> Clinic {
        let lena = self.newcomer("lena", "Lena Brand", CLINIC, RECEPTION, "supervisor").await;
        let omar = self.newcomer("omar", "Omar Said", CLINIC, RECEPTION, "provider").await;
        Clinic { lena, omar }
    }

    async fn held_by_chen(&self, case_type: i16) -> Sent {
        let sent = self.sent(case_type).await;
        self.chen.post(sent.path("acknowledgement"), [("version", "1")]).await.redirects();
        self.chen.post(sent.path("assignment"), [("assignee", user("chen").to_string().as_str())]).await.redirects();
        self.work_off().await;
        sent
    }

    fn days(&self, count: i64) -> (String, String) {
        let today = self.ground.clock.now().date_naive();
        (today.to_string(), (today + TimeDelta::days(count)).to_string())
    }

    async fn omar_stands_in(&self, lena: &Browser, for_good: bool) {
        let (from, until) = self.days(3);
        let (worker, colleague) = (user("chen").to_string(), user("omar").to_string());
        let (until, good) = if for_good { (String::new(), "true") } else { (until, "") };
        let fields = [
            ("worker", worker.as_str()),
            ("colleague", &colleague),
            ("from_on", &from),
            ("until_on", &until),
            ("for_good", good),
        ];
        lena.post("/covers", fields.into_iter().filter(|(_, value)| !value.is_empty())).await.redirects();
    }
}

#[tokio::test]
async fn incoming_referrals_go_to_the_colleague_with_their_tasks_and_come_back() {
    let w = World::new().await;
    let staff = w.clinic_staff().await;
    let rita = w.newcomer("rita", "Rita Roy", CLINIC, RECEPTION, "provider").await;
    let (sent, third) = (w.held_by_chen(ASSISTANCE).await, w.held_by_chen(ASSISTANCE).await);
    w.omar_stands_in(&staff.lena, false).await;
    staff.lena.get("/covers").await.shows("Incoming referrals you see").shows("Running");
    staff.omar.get("/inbox?shelf=mine").await.shows(&sent.code).shows("Omar Said");
    staff.omar.get("/").await.shows(&sent.code);
    w.chen.get("/").await.lacks(&sent.code);
    // Both sides' log says so, and the sender learns no name of it.
    w.amina.get(format!("/referrals/{}", sent.id)).await.shows("A colleague of the receiver stands in").lacks("Omar");
    w.work_off().await;
    staff.omar.get("/notifications").await.shows("2 incoming referrals").lacks("was assigned");
    // What is given to the absent worker meanwhile goes along too, and the colleague hears of it as of any.
    let second = w.sent(PROTECTION).await;
    staff.omar.post(second.path("assignment"), [("assignee", user("chen").to_string().as_str())]).await.redirects();
    w.after(TimeDelta::hours(1)).await;
    staff.omar.get("/inbox?shelf=mine").await.shows(&second.code);
    // What somebody else took on since is left alone.
    staff.omar.post(third.path("assignment"), [("assignee", user("rita").to_string().as_str())]).await.redirects();
    w.after(TimeDelta::days(4)).await;
    w.chen.get("/inbox?shelf=mine").await.shows(&sent.code).shows(&second.code).shows("Chen Li");
    w.chen.get("/").await.shows(&sent.code);
    staff.omar.get("/").await.lacks(&sent.code);
    rita.get("/inbox?shelf=mine").await.shows(&third.code);
    w.chen.get("/notifications").await.shows("2 incoming referrals");
    w.amina.get(format!("/referrals/{}", sent.id)).await.shows("own worker is back");
    staff.lena.get("/covers").await.shows("Ended");
}

#[tokio::test]
async fn s10_a_referral_that_the_colleague_may_not_see_stays_and_the_list_says_so_without_naming_a_bar() {
    let w = World::new().await;
    let staff = w.clinic_staff().await;
    let (open, barred) = (w.held_by_chen(ASSISTANCE).await, w.held_by_chen(PROTECTION).await);
    w.sql(&format!(
        "insert into bars (id, case_id, user_id, reason) values (gen_random_uuid(), '{}', '{}', 'relative')",
        barred.case,
        user("omar")
    ))
    .await;
    w.omar_stands_in(&staff.lena, false).await;
    let page = staff.lena.get("/covers").await;
    page.shows("1 stays with them").shows(&barred.code).shows("The colleague may not see it").lacks("relative").lacks("barred");
    staff.omar.get("/covers").await.lacks(&barred.code);
    staff.omar.get(format!("/referrals/{}", barred.id)).await.is(404);
    staff.omar.get("/inbox?shelf=mine").await.shows(&open.code).lacks(&barred.code);
    w.chen.get("/inbox?shelf=mine").await.shows(&barred.code).lacks(&open.code);
}

#[tokio::test]
async fn a_program_is_told_how_many_went_and_what_stays() {
    let w = World::new().await;
    let staff = w.clinic_staff().await;
    w.held_by_chen(ASSISTANCE).await;
    let stays = w.held_by_chen(PROTECTION).await;
    w.sql(&format!(
        "insert into bars (id, case_id, user_id, reason) values (gen_random_uuid(), '{}', '{}', 'relative')",
        stays.case,
        user("omar")
    ))
    .await;
    let lena = staff.lena.program().await;
    let (from, until) = w.days(3);
    let body = serde_json::json!({ "worker": user("chen"), "colleague": user("omar"), "from_on": from, "until_on": until });
    let made = lena.call("POST", "/api/v1/covers", Some(&body)).await;
    made.is(201);
    let made: serde_json::Value = serde_json::from_str(&made.body).expect("json");
    assert_eq!((&made["cases"], &made["referrals"]), (&0.into(), &1.into()), "{made}");
    let listed: serde_json::Value = serde_json::from_str(&lena.get("/api/v1/covers").await.body).expect("json");
    assert_eq!(listed[0]["left"][0]["code"], stays.code.as_str(), "{listed}");
    assert_eq!(listed[0]["left"][0]["why"], "not_permitted");
    let path = format!("/api/v1/covers/{}/end", made["id"].as_str().expect("an id"));
    let ended = lena.call("POST", &path, Some(&serde_json::json!({}))).await;
    let ended: serde_json::Value = serde_json::from_str(&ended.is(200).body).expect("json");
    assert_eq!(ended["referrals"], 1);
    w.chen.get("/inbox?shelf=mine").await.shows("Mine 2");
}

#[tokio::test]
async fn a_cover_for_good_takes_the_inbox_along_and_nothing_comes_back() {
    let w = World::new().await;
    let staff = w.clinic_staff().await;
    let sent = w.held_by_chen(ASSISTANCE).await;
    w.omar_stands_in(&staff.lena, true).await;
    staff.omar.get("/inbox?shelf=mine").await.shows(&sent.code);
    w.after(TimeDelta::days(10)).await;
    staff.omar.get("/inbox?shelf=mine").await.shows(&sent.code);
    staff.omar.get("/notifications").await.shows("You keep a colleague").shows("1 incoming referral");
}

#[tokio::test]
async fn s09_a_restricted_referral_goes_only_with_a_cover_that_a_focal_point_arranges() {
    let w = World::new().await;
    let staff = w.clinic_staff().await;
    w.sql(&format!(
        "update roles set cleared = cleared || {GBV}::smallint where code in ('provider', 'supervisor');
         insert into focal_points (unit, user_id) values ({RECEPTION}, '{}')",
        user("chen")
    ))
    .await;
    let sent = w.held_by_chen(GBV).await;
    w.omar_stands_in(&staff.lena, false).await;
    staff.lena.get("/covers").await.shows("Omar Said").lacks(&sent.code).lacks("stays with them");
    staff.omar.get(format!("/referrals/{}", sent.id)).await.is(404);
    w.sql(&format!("insert into focal_points (unit, user_id) values ({RECEPTION}, '{}')", user("lena"))).await;
    w.after(TimeDelta::minutes(2)).await;
    staff.omar.get(format!("/referrals/{}", sent.id)).await.is(200);
    w.after(TimeDelta::days(4)).await;
    staff.omar.get(format!("/referrals/{}", sent.id)).await.is(404);
}
