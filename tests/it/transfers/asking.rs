//! What is said before a case is asked for, and what becomes of a request that cannot come true.
use super::{id_of, wanted};
use crate::support::World;
use crate::support::world::{COAST, FIELD, RECEPTION, user};

#[tokio::test]
async fn whoever_sees_more_than_a_unit_chooses_from_all_they_see() {
    let w = World::new().await;
    let case = w.assistance("Dana Aziz").await;
    let code = w.case_code(&case).await;
    w.bruno.get("/transfers/choose?keeper=mine").await.lacks(&code).shows("All I may see");
    w.bruno.get("/transfers/choose?keeper=all").await.shows(&code);
    w.odd.get("/transfers/choose?keeper=all").await.lacks(&code);
}

#[tokio::test]
async fn a_request_goes_only_where_somebody_may_decide() {
    let w = World::new().await;
    let case = w.assistance("Dana Aziz").await;
    let start = format!("/transfers/new?case={}", id_of(&case));
    w.amina.get(&start).await.shows("Clinic").lacks("Harbour coast unit");
    let refused = wanted(&[&case], COAST).sent(&w.amina).await;
    refused.is(422).shows("Nobody there may decide on it").shows("Harbour coast unit");
    assert_eq!(w.count("transfers").await, 0, "nothing was sent");
    // A draft waits until somebody is there.
    let draft = wanted(&[&case], COAST).with("go", "save").sent(&w.amina).await.redirects();
    w.amina.post(format!("{draft}/submission"), [("a", "b")]).await.is(422).shows("Nobody there may decide on it");
    w.works_also("bruno", COAST, "supervisor").await;
    w.amina.get(&start).await.shows("Harbour coast unit");
    w.amina.post(format!("{draft}/submission"), [("a", "b")]).await.redirects();
    // Somebody who is not cleared for the type of the case decides nothing.
    w.sql("update roles set cleared = array_remove(cleared, 3::smallint) where code = 'supervisor'").await;
    wanted(&[&case], COAST).sent(&w.amina).await.is(422).shows("Nobody there may decide on it");
}

#[tokio::test]
async fn a_notice_goes_only_where_somebody_may_take_the_case_over() {
    let w = World::new().await;
    let case = w.assistance("Dana Aziz").await;
    w.sql("insert into agreements (id, from_org, to_org, kind, starts_on) values (gen_random_uuid(), 1, 2, 'flagged', '2020-01-01')").await;
    w.sql("update roles set acts = array_remove(acts, 'transfer.receive')").await;
    let to = RECEPTION.to_string();
    let refused = w.amina.post(format!("{case}/transfer-notice"), [("to", to.as_str())]).await;
    refused.is(422).shows("Nobody there may take the case over").shows(&w.case_code(&case).await);
    assert_eq!(w.count("referrals").await, 0);
}

#[tokio::test]
async fn a_case_in_follow_up_is_not_offered_and_is_refused_before_anything_is_sent() {
    let w = World::new().await;
    let (open, fixed) = (w.assistance("Dana Aziz").await, w.assistance("Sami Noor").await);
    w.sql("insert into agreements (id, from_org, to_org, kind, starts_on) values (gen_random_uuid(), 1, 2, 'flagged', '2020-01-01')").await;
    let codes = (w.case_code(&open).await, w.case_code(&fixed).await);
    w.sql(&format!(
        "update packs set body = jsonb_set(body, '{{processes,0,stages,5,transferable}}', 'false');
         update cases set stage = 'review' where id = '{}'",
        id_of(&fixed)
    ))
    .await;
    w.amina.get("/transfers/choose").await.shows(&codes.0).lacks(&codes.1);
    let form = w.amina.get(format!("/transfers/new?case={}&to={RECEPTION}", id_of(&fixed))).await;
    form.shows("At their stage these cases do not change hands").shows(&codes.1).lacks("Write a transfer notice");
    let refused = wanted(&[&open, &fixed], RECEPTION).sent(&w.amina).await;
    refused.is(422).shows("At this stage a case does not change hands").shows(&codes.1);
    assert_eq!(w.count("transfers").await, 0);
    let to = RECEPTION.to_string();
    let notice = w.amina.post(format!("{fixed}/transfer-notice"), [("to", to.as_str())]).await;
    notice.is(422).shows("At this stage a case does not change hands");
    assert_eq!(w.count("referrals").await, 0);
}

#[tokio::test]
async fn what_is_there_already_is_named_and_the_others_go() {
    let w = World::new().await;
    w.works_also("bruno", COAST, "supervisor").await;
    let (there, goes) = (w.assistance("Dana Aziz").await, w.assistance("Sami Noor").await);
    wanted(&[&there], COAST).with("go", "direct").sent(&w.bruno).await.redirects();
    let form = w.bruno.get(format!("/transfers/new?case={}&case={}&to={COAST}", id_of(&there), id_of(&goes))).await;
    form.shows("These cases are there already").shows(&w.case_code(&there).await);
    let transfer = wanted(&[&there, &goes], COAST).with("go", "direct").with("version", "99").sent(&w.bruno).await.redirects();
    w.bruno.get(&transfer).await.shows("1 moved").lacks(&w.case_code(&there).await);
    assert_eq!(w.owner(&goes).await, COAST.to_string());
    wanted(&[&there, &goes], COAST).with("go", "direct").sent(&w.bruno).await.is(422).shows("The case is there already");
}

#[tokio::test]
async fn of_two_requests_for_a_case_the_second_is_warned_of_and_ends_when_the_first_wins() {
    let w = World::new().await;
    w.works_also("bruno", COAST, "supervisor").await;
    let case = w.assistance("Dana Aziz").await;
    let first = wanted(&[&case], RECEPTION).sent(&w.amina).await.redirects();
    let form = w.amina.get(format!("/transfers/new?case={}&to={COAST}", id_of(&case))).await;
    form.shows("Somebody has asked for these cases already").link(&first);
    let second = wanted(&[&case], COAST).sent(&w.amina).await.redirects();
    w.taken(&first).await;
    assert_eq!(w.records(&second).await, [("failed".to_owned(), "moved_already".to_owned())]);
    for side in [&w.amina, &w.bruno] {
        side.get(&second).await.shows("It was handed over meanwhile").lacks("1 waiting");
    }
    w.bruno.post(format!("{second}/decision"), [("go", "approve")]).await.is(409);
    w.amina.get(&first).await.shows("1 moved");
    w.amina.get("/transfers?which=outgoing").await.lacks("Pending decision");
}

#[tokio::test]
async fn of_a_declined_request_nothing_waits_and_the_receiver_reads_whose_unit_asked() {
    let w = World::new().await;
    let case = w.assistance("Dana Aziz").await;
    let transfer = wanted(&[&case], RECEPTION).sent(&w.amina).await.redirects();
    w.chen.get("/transfers").await.shows("Harbour · Harbour field unit").lacks("Harbour · Clinic");
    w.chen.get(&transfer).await.shows("Harbour · Harbour field unit").shows("1 waiting");
    w.chen.post(format!("{transfer}/decision"), [("go", "reject"), ("reason", "no_capacity")]).await.redirects();
    for side in [&w.amina, &w.chen] {
        side.get(&transfer).await.shows("The receiving side does not take it").lacks("1 waiting");
    }
    // Another request is not warned of one that is over.
    w.amina.get(format!("/transfers/new?case={}&to={RECEPTION}", id_of(&case))).await.lacks("Somebody has asked");
}

#[tokio::test]
async fn where_nobody_decides_but_somebody_may_take_over_a_notice_is_offered() {
    let w = World::new().await;
    let case = w.assistance("Dana Aziz").await;
    w.sql("update roles set acts = array_remove(acts, 'transfer.decide')").await;
    w.amina.get(format!("/transfers/new?case={}", id_of(&case))).await.shows("Clinic").lacks("Harbour coast unit");
    let form = w.amina.get(format!("/transfers/new?case={}&to={RECEPTION}", id_of(&case))).await;
    form.shows("Write a transfer notice");
    wanted(&[&case], RECEPTION).sent(&w.amina).await.is(422).shows("Nobody there may decide on it");
}

#[tokio::test]
async fn a_request_that_nobody_may_decide_any_more_is_told_to_who_can_help_and_once() {
    let w = World::new().await;
    let case = w.assistance("Dana Aziz").await;
    let code = w.case_code(&case).await;
    let asked = wanted(&[&case], RECEPTION).sent(&w.amina).await.redirects();
    w.member("clara", RECEPTION, "administrator").await;
    w.after(chrono::TimeDelta::minutes(1)).await;
    assert_eq!(w.count("facts where kind = 'transfer.unattended'").await, 0);
    w.sql("update users set active = false where org = 2 and login <> 'clara'").await;
    for _ in 0..2 {
        w.after(chrono::TimeDelta::minutes(1)).await;
    }
    assert_eq!(w.count("facts where kind = 'transfer.unattended'").await, 1);
    let told = w.browser("clara").await.get("/notifications").await;
    told.shows("nobody there may decide on it").lacks(&code).lacks("Dana").link("/admin/users");
    w.amina.get("/notifications").await.shows("nobody there may decide on it").link(&asked);
    // Somebody decides again; should they go too, it is told anew.
    w.sql("update users set active = true where org = 2").await;
    w.after(chrono::TimeDelta::minutes(1)).await;
    w.sql("update users set active = false where org = 2 and login <> 'clara'").await;
    w.after(chrono::TimeDelta::minutes(1)).await;
    assert_eq!(w.count("facts where kind = 'transfer.unattended'").await, 2);
}

#[tokio::test]
async fn a_case_that_waited_to_be_assigned_goes_on_with_the_keeper_that_a_transfer_gives_it() {
    let w = World::new().await;
    w.load_pack("inclusion").await;
    for unit in [FIELD, COAST] {
        w.works_also("bruno", unit, "inclusion_coordinator").await;
    }
    let case = crate::achievements::waiting(&w, &w.bruno).await;
    w.bruno.get(&case).await.shows("To be assigned · now");
    let version = w.value(&format!("select version::text from cases where id = '{}'", id_of(&case))).await;
    let direct = wanted(&[&case], COAST).with("go", "direct").with("version", &version);
    direct.with("manager", &user("bruno").to_string()).sent(&w.bruno).await.redirects();
    assert_eq!(w.owner(&case).await, COAST.to_string());
    w.bruno.get(&case).await.shows("Preliminary analysis · now").shows("Moved to Preliminary analysis");
}

#[tokio::test]
async fn s21_what_waits_in_the_inbox_goes_to_whoever_gets_the_case_elsewhere_and_they_are_asked_once_to_take_it_up() {
    let w = World::new().await;
    w.works_also("bruno", COAST, "supervisor").await;
    let case = w.assistance("Dana Aziz").await;
    let version = w.bruno.get(format!("{case}/assignment")).await.marked("version");
    w.bruno.post(format!("{case}/assignment"), [("manager", ""), ("version", &version)]).await.redirects();
    let (bruno, version) = (user("bruno").to_string(), w.bruno.get(format!("{case}/assignment")).await.marked("version"));
    let moved = wanted(&[&case], COAST).with("go", "direct").with("version", &version).with("manager", &bruno);
    moved.sent(&w.bruno).await.redirects();
    let his = |kind: &str| format!("tasks where kind = '{kind}' and done_at is null and assignee = '{bruno}'");
    assert_eq!((w.count(&his("follow_up")).await, w.count(&his("take_up")).await), (1, 1));
    assert_eq!(w.count("tasks where done_at is null and assignee is null").await, 0);
    // That the inbox is asked no more is written down, with ids alone.
    let ended = "facts where kind = 'task.done' and subjects = (select array_agg(id) from tasks where kind = 'take_up' and done_at is not null)";
    assert_eq!(w.count(ended).await, 1);
}

#[tokio::test]
async fn what_a_colleague_held_of_a_case_that_moves_is_written_down_as_given_to_its_new_keeper() {
    let w = World::new().await;
    w.newcomer("karim", "Karim Saleh", 1, FIELD, "case_worker").await;
    let case = w.assistance("Dana Aziz").await;
    w.amina.post(format!("{case}/tasks"), [("title", "Call the school"), ("due_at", &w.in_days(60))]).await.redirects();
    let task = w.value("select id::text from tasks where kind = 'own'").await;
    // A task that comes from the work itself stays with whoever was given it while they see nothing of the case.
    w.sql(&format!("update tasks set kind = 'follow_up', assignee = '{}' where id = '{task}'", user("karim"))).await;
    let transfer = wanted(&[&case], RECEPTION).sent(&w.amina).await.redirects();
    w.taken(&transfer).await;
    let chen = user("chen");
    let told = format!("facts where kind = 'task.assigned' and org = 2 and subjects = array['{task}', '{chen}']::uuid[]");
    assert_eq!(w.count(&told).await, 1);
}

#[tokio::test]
async fn s10_whoever_decides_reads_before_that_a_case_cannot_move_and_that_it_failed_nobody_did() {
    let w = World::new().await;
    let case = w.assistance("Dana Aziz").await;
    let transfer = wanted(&[&case], RECEPTION).sent(&w.amina).await.redirects();
    w.chen.get(format!("{transfer}/decision")).await.lacks("can’t be transferred");
    let draft = [("need", "health".to_owned()), ("to", format!("unit:{COAST}")), ("draft", uuid::Uuid::now_v7().to_string())];
    w.amina.post(format!("{case}/refer"), draft.iter().map(|(name, value)| (*name, value.as_str()))).await.redirects();
    let page = w.chen.get(format!("{transfer}/decision")).await;
    page.shows("As things are it can’t be transferred").lacks("draft referral");
    w.amina.get(&transfer).await.shows("A draft referral is still being written");
    w.taken(&transfer).await;
    w.amina.get(&transfer).await.shows("The rules stopped it").lacks("Failed Amina Haddad");
}
