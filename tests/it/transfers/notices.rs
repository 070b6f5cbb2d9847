//! After a transfer notice: what its receiver reads and may do, and what holds nobody up.
use uuid::Uuid;

use super::id_of;
use crate::support::World;
use crate::support::case_work::{ASSISTANCE, GBV};
use crate::support::sent::{PROTECTION, Sent};
use crate::support::world::{COAST, user};

/// A notice of Dana's case that Clinic may take over.
pub(super) async fn announced(w: &World) -> Sent {
    let sent = w.sent(ASSISTANCE).await;
    w.sql(&format!("update referrals set kind = 'transfer_notice' where id = '{}'", sent.id)).await;
    w.key_of(sent.case).await;
    w.consent(&format!("/cases/{}", sent.case), 2).await;
    sent
}

#[tokio::test]
async fn a_notice_shows_a_summary_of_its_case_and_only_its_own_moves() {
    let w = World::new().await;
    let sent = announced(&w).await;
    let page = format!("/referrals/{}", sent.id);
    let code = w.case_code(&format!("/cases/{}", sent.case)).await;
    let read = w.chen.get(&page).await;
    read.shows("Summary of the case").shows(&code).shows("Implementation").lacks("Dana");
    read.shows("Complete the transfer").shows("Case taken over").lacks("Accept").lacks("Served").lacks("Confirmed by the person");
    w.chen.post(sent.path("acceptance"), [("remark", "")]).await.is(422);
    w.amina.get(&page).await.lacks("Summary of the case");
    w.sql(&format!("update referrals set sharing = 'deletion_asked' where id = '{}'", sent.id)).await;
    w.chen.get(&page).await.lacks("Summary of the case");
}

#[tokio::test]
async fn a_case_taken_over_after_a_notice_is_told_as_that_and_not_as_a_service_given() {
    let w = World::new().await;
    let sent = announced(&w).await;
    w.newcomer("noor", "Noor Karam", 2, 21, "provider").await;
    let noor = user("noor").to_string();
    w.chen.post(sent.path("transfer"), [("unit", "21"), ("manager", noor.as_str())]).await.redirects();
    w.work_off().await;
    let heard = w.browser("noor").await.get("/notifications").await;
    heard.shows("The case was taken over").lacks("The service was given");
    assert_eq!(w.count("facts where kind = 'referral.completed'").await, 0);
    let (timeline, log) = (format!("/cases/{}?only=referrals", sent.case), format!("/referrals/{}", sent.id));
    for page in [&timeline, &log] {
        let told = w.browser("noor").await.get(page).await;
        told.is(200).shows("The case was taken over").lacks("Service given").lacks("no appointment yet");
    }
    w.chen.get("/referrals?tab=received").await.shows(&sent.code).shows("The case was taken over").lacks("Service given");
    w.chen.get(sent.path("outcome")).await.is(409).shows("the case was taken over").lacks("service given");
    // What the program says of it is read in the reader's language, not in that of whoever took it over.
    w.sql("update users set lang = 'ar' where login = 'noor'").await;
    w.browser("noor").await.get(&log).await.shows("تم تولّي الحالة.").lacks("The case was taken over");
}

#[tokio::test]
async fn a_draft_of_the_sender_holds_up_nobody_who_takes_a_case_over() {
    let w = World::new().await;
    let sent = announced(&w).await;
    let case = format!("/cases/{}", sent.case);
    let draft = Uuid::now_v7().to_string();
    let to = format!("unit:{COAST}");
    w.amina.post(format!("{case}/refer"), [("need", "health"), ("to", to.as_str()), ("draft", &draft)]).await.redirects();
    let chen = user("chen").to_string();
    w.chen.post(sent.path("transfer"), [("unit", "21"), ("manager", chen.as_str())]).await.redirects();
    w.chen.get(&case).await.shows("Dana Example");
    w.work_off().await;
    w.amina.get("/notifications").await.shows("A draft referral was discarded");
    assert_eq!(
        w.count(&format!("referrals where case_id = '{}' and status = 'draft' and step <> 'discarded'", sent.case)).await,
        0
    );
    assert_eq!(w.count(&format!("referral_moves where action = 'discard' and referral_id = '{draft}'")).await, 1);
}

#[tokio::test]
async fn who_takes_a_case_over_tells_places_and_agreements_apart() {
    let w = World::new().await;
    let sent = announced(&w).await;
    w.sql(
        "insert into agreements (id, from_org, to_org, kind, starts_on) values
           (gen_random_uuid(), 1, 2, 'locked', '2020-01-01'), (gen_random_uuid(), 2, 1, 'locked', '2020-01-01')",
    )
    .await;
    w.chen.get(sent.path("transfer")).await.shows("Harbour refers here").shows("referring to Harbour").shows("1 Jan 2020");
    // Two that read alike are numbered.
    w.sql(
        "insert into agreements (id, from_org, to_org, kind, starts_on) values (gen_random_uuid(), 1, 2, 'locked', '2020-01-01')",
    )
    .await;
    w.chen.get(sent.path("transfer")).await.shows("1 Jan 2020 – · 2");
}

#[tokio::test]
async fn organisations_are_called_as_the_reader_calls_them() {
    let w = World::new().await;
    let sent = announced(&w).await;
    let chen = user("chen");
    w.sql(&format!(
        "update organisations set names = '{{\"ar\": \"منظمة المرفأ\"}}' where id = 1; update users set lang = 'ar' where id = '{chen}'"
    ))
    .await;
    w.chen.get(format!("/referrals/{}", sent.id)).await.shows("منظمة المرفأ");
    w.chen.get("/inbox").await.shows("منظمة المرفأ");
    w.chen.post(sent.path("assignment"), [("version", "1")]).await.redirects();
    w.chen.get("/").await.shows("منظمة المرفأ").lacks("Harbour");
    let case = w.case(&w.chen, PROTECTION, w.person(&w.chen, "Sara Khan", &[]).await, &[]).await;
    w.chen.get(format!("{case}/consents/new")).await.shows("منظمة المرفأ").lacks("Harbour");
    w.sql(
        "insert into agreements (id, from_org, to_org, kind, starts_on) values (gen_random_uuid(), 1, 2, 'locked', '2020-01-01')",
    )
    .await;
    w.chen.get("/agreements").await.shows("منظمة المرفأ").lacks("Harbour");
    w.amina.get("/").await.shows("Harbour");
}

#[tokio::test]
async fn s11_a_unit_whose_name_would_tell_is_no_choice_outside_and_nameless_for_restricted_cases() {
    let w = World::new().await;
    w.gita().await;
    w.sql("insert into units (id, org, parent, name) values (29, 2, 21, 'Confidential support unit')").await;
    w.newcomer("noor", "Noor Focal", 2, 29, "gbv_supervisor").await;
    let open = w.assistance("Sami Noor").await;
    let choose = |case: &str| format!("/transfers/new?case={}", id_of(case));
    w.amina.get(choose(&open)).await.shows("Clinic").lacks("Confidential support").lacks("confidential cases");
    let person = w.known_person("Dana Aziz").await;
    let guarded = w.case(&w.salma, GBV, person, &[("supervisor", &user("gita").to_string())]).await;
    w.salma.get(choose(&guarded)).await.shows("its desk for confidential cases").lacks("Confidential support").lacks("desk 1");
    // Of two nobody learns more than that there are two; each keeps its number.
    w.sql("insert into units (id, org, parent, name) values (28, 2, 21, 'Night shelter')").await;
    w.newcomer("sana", "Sana Focal", 2, 28, "gbv_supervisor").await;
    let places = w.salma.get(choose(&guarded)).await;
    places.shows("its desk 1 for confidential cases").shows("its desk 2 for confidential cases").lacks("Night shelter");
    let chosen = w.salma.get(format!("{}&to=29", choose(&guarded))).await;
    chosen.shows("its desk 2 for confidential cases").lacks("desk 1");
}

#[tokio::test]
async fn nothing_ticked_is_said_beside_the_list() {
    let w = World::new().await;
    w.assistance("Dana Aziz").await;
    let back = w.amina.get("/transfers/new").await.redirects();
    w.amina.get(&back).await.shows("Choose at least one case");
    w.amina.get("/transfers/choose").await.lacks("Choose at least one case");
}
