//! A host that works in the system: whom it is told of, what it writes down, and when that ends.
use chrono::TimeDelta;

use super::{Scene, id, noted, started};
use crate::retention::erased;
use crate::support::World;
use crate::support::browser::Browser;
use crate::support::world::{CLINIC, ELSEWHERE, RECEPTION, user};

const WEEK: (&str, &str) = ("2026-02-02", "0");

async fn hosted(w: &World) -> (Scene, String, String) {
    w.sql(&format!(
        "insert into services (id, org, unit, name, needs) values (gen_random_uuid(), {CLINIC}, {RECEPTION}, 'Day clinic', '{{health}}')"
    ))
    .await;
    let scene = Scene::open(w).await;
    let unit = RECEPTION.to_string();
    let project = started(&scene.coordinator, &[("title", "Clinic garden"), ("host_unit", &unit)]).await.redirects();
    let placement = scene.place(&w.amina, &[("project", id(&project))]).await.redirects();
    let here = format!("/hosted/{}", id(&placement));
    (scene, placement, here)
}

async fn agrees(w: &World, scene: &Scene) {
    says(w, scene, ("consent", "need,identity", "2026-02-01")).await;
}

// Dana's word on what Clinic may know, of a kind, of these sections, on a day.
async fn says(w: &World, scene: &Scene, (kind, sections, day): (&str, &str, &str)) {
    w.sql(&format!(
        "insert into consents (id, case_id, person_id, basis, kind, purpose, to_orgs, sections, given_on, recorded_by, recorded_by_name)
         select gen_random_uuid(), '{}', '{}', 'consent', '{kind}', 'a place', '{{{CLINIC}}}', '{{{sections}}}', '{day}', id, name from users where login = 'amina'",
        id(&scene.case),
        scene.person
    ))
    .await;
}

async fn sees_nobody(chen: &Browser, here: &str) {
    chen.get("/hosted").await.is(200).lacks("Dana Saleh");
    chen.get("/inbox").await.lacks("/hosted");
    chen.get(here).await.is(404);
    noted(chen, here, WEEK, ["8", "", ""]).await.is(404);
}

#[tokio::test]
async fn a_host_is_told_a_name_while_consent_stands_and_writes_hours_down() {
    let w = World::new().await;
    let (scene, placement, here) = hosted(&w).await;
    sees_nobody(&w.chen, &here).await;
    agrees(&w, &scene).await;
    w.chen.get("/inbox").await.link("/hosted");
    w.chen.get("/hosted").await.shows("Dana Saleh").shows("Clinic garden · 8 hours a week");
    noted(&w.chen, &here, WEEK, ["6", "2", ""]).await.redirects();
    w.chen.get(&here).await.shows("Chen Li, for the host").lacks(id(&scene.case));
    // Who works with the person sees it, and may say it anew; the host reads that no name of theirs stands beside it.
    w.amina.get(&placement).await.shows("6 of 8 agreed hours").shows("Chen Li, for the host");
    noted(&w.amina, &placement, ("2026-02-02", "1"), ["8", "", ""]).await.redirects();
    w.chen.get(&here).await.shows("Whoever works with the person").lacks("Amina");
    // Nothing else of the case is theirs to see.
    for path in [scene.case.clone(), scene.plan.clone(), placement.clone(), format!("{}/placements", scene.case)] {
        w.chen.get(&path).await.is(404);
    }
    for other in [&w.odd, &w.pia] {
        other.get(&here).await.is(404);
    }
    w.sql("update consents set withdrawn_at = now()").await;
    sees_nobody(&w.chen, &here).await;
    w.amina.get(&placement).await.shows("8 of 8 agreed hours");
}

#[tokio::test]
async fn of_two_who_write_one_week_down_the_second_reads_what_the_first_wrote() {
    let w = World::new().await;
    let (scene, placement, here) = hosted(&w).await;
    agrees(&w, &scene).await;
    noted(&w.chen, &here, WEEK, ["", "", "8"]).await.redirects();
    let second = noted(&w.amina, &placement, WEEK, ["8", "", ""]).await;
    second.is(422).shows("This week was written down meanwhile").shows("Chen Li, for the host").keeps("8");
    second.shows("There: 0 · Away, for a good reason: 0 · Away, without one: 8");
    noted(&w.amina, &placement, ("2026-02-02", "1"), ["", "", "9"]).await.redirects();
    let late = noted(&w.chen, &here, ("2026-02-02", "1"), ["", "", "7"]).await;
    late.is(422).keeps("7").shows("Away, without one: 9").lacks("Amina");
}

#[tokio::test]
async fn s03_a_host_knows_what_consent_names_and_no_later_refusal_reaches() {
    let w = World::new().await;
    let (scene, _, here) = hosted(&w).await;
    // What was agreed for something else tells no host a name.
    says(&w, &scene, ("consent", "need,health", "2026-02-01")).await;
    sees_nobody(&w.chen, &here).await;
    agrees(&w, &scene).await;
    w.chen.get(&here).await.is(200).shows("Dana Saleh");
    // An older no is overruled by the yes, one of something else does not reach it, a later one of the name does.
    says(&w, &scene, ("refused", "identity", "2026-01-31")).await;
    says(&w, &scene, ("refused", "health", "2026-02-03")).await;
    w.chen.get(&here).await.is(200);
    says(&w, &scene, ("refused", "identity", "2026-02-03")).await;
    sees_nobody(&w.chen, &here).await;
    says(&w, &scene, ("consent", "need,identity", "2026-02-04")).await;
    w.chen.get(&here).await.is(200);
}

#[tokio::test]
async fn s10_a_barred_unit_hosts_nobody_and_a_closed_case_is_hosted_no_more() {
    let w = World::new().await;
    let (scene, _, here) = hosted(&w).await;
    agrees(&w, &scene).await;
    w.chen.get(&here).await.is(200);
    w.sql(&format!(
        "insert into bars (id, case_id, unit, reason) values (gen_random_uuid(), '{}', {RECEPTION}, 'relative')",
        id(&scene.case)
    ))
    .await;
    sees_nobody(&w.chen, &here).await;
    w.sql("delete from bars").await;
    w.chen.get(&here).await.is(200);
    w.sql(&format!("update cases set closed_at = now(), close_reason = 'needs_met' where id = '{}'", id(&scene.case))).await;
    sees_nobody(&w.chen, &here).await;
}

#[tokio::test]
async fn s04_a_host_that_was_told_a_name_is_asked_to_delete_it_and_says_so() {
    let w = World::new().await;
    let (scene, placement, here) = hosted(&w).await;
    agrees(&w, &scene).await;
    noted(&w.chen, &here, WEEK, ["6", "2", ""]).await.redirects();
    let consent = format!("/consents/{}", w.value("select id::text from consents where purpose = 'a place'").await);
    let withdrawal = [("extent", "stop_sharing"), ("how", "by_phone")];
    w.amina.post(format!("{consent}/withdrawal"), withdrawal).await.redirects();
    w.amina.get(&consent).await.shows("Clinic garden").shows("asked here, in its inbox").link(&placement);
    w.work_off().await;
    let asked = format!("tasks where kind = 'delete_hosted' and unit = {RECEPTION} and done_at is null");
    assert_eq!(w.count(&asked).await, 1);
    let told = format!(
        "notifications n join tasks t on t.id = n.task_id where n.user_id = '{}' and t.kind = 'delete_hosted'",
        user("chen")
    );
    assert_eq!(w.count(&told).await, 1);
    w.chen.get("/inbox").await.link("/hosted");
    w.chen.get("/hosted").await.shows("To be deleted at the latest").shows("Clinic garden").lacks("Dana Saleh");
    w.chen.program().await.get("/api/v1/hosted/deletions").await.is(200).shows("delete_by").lacks("Dana");
    w.odd.post(format!("{here}/deletion"), [("", "")]).await.is(403);
    w.chen.post(format!("{here}/deletion"), [("", "")]).await.redirects();
    w.chen.get("/hosted").await.lacks("To be deleted at the latest");
    w.chen.post(format!("{here}/deletion"), [("", "")]).await.is(404);
    w.amina.get(&consent).await.shows("copies are deleted");
    assert_eq!(w.count(&asked).await, 0);
}

#[tokio::test]
async fn s04_a_host_that_another_consent_still_tells_a_name_is_asked_once_that_ends_too() {
    let w = World::new().await;
    let (scene, _, here) = hosted(&w).await;
    says(&w, &scene, ("consent", "identity,need", "2026-02-02")).await;
    agrees(&w, &scene).await;
    let withdrawal = [("extent", "stop_sharing"), ("how", "by_phone")];
    for (day, asked) in [("2026-02-02", 0), ("2026-02-01", 1)] {
        let consent = w.value(&format!("select id::text from consents where purpose = 'a place' and given_on = '{day}'")).await;
        w.amina.post(format!("/consents/{consent}/withdrawal"), withdrawal).await.redirects();
        assert_eq!(w.count("project_recalls where deleted_at is null").await, asked, "{day}");
    }
    w.chen.get(&here).await.is(404);
}

#[tokio::test]
async fn s29_a_host_is_asked_before_the_case_of_whom_it_knows_is_erased() {
    let w = World::new().await;
    let (scene, _, here) = hosted(&w).await;
    agrees(&w, &scene).await;
    w.chen.get(&here).await.shows("Dana Saleh");
    w.also("pia", 1, "inclusion_protection_officer").await;
    let case = id(&scene.case);
    w.sql(&format!("update cases set closed_at = now() - interval '8 years', close_reason = 'needs_met' where id = '{case}'"))
        .await;
    erased(&w, &[case]).await;
    scene.coordinator.get(&scene.case).await.is(200);
    w.chen.get("/hosted").await.shows("To be deleted at the latest").lacks("Dana Saleh");
    w.after(TimeDelta::days(8)).await;
    scene.coordinator.get(&scene.case).await.is(404);
    // The asking outlives the case: the host may still hold what it wrote down.
    w.chen.post(format!("{here}/deletion"), [("", "")]).await.redirects();
    assert_eq!(w.count("project_placements").await, 0);
}

#[tokio::test]
async fn s04_a_host_is_asked_to_delete_what_a_refusal_ends_as_after_a_withdrawal() {
    let w = World::new().await;
    let (scene, _, here) = hosted(&w).await;
    agrees(&w, &scene).await;
    w.chen.get(&here).await.is(200);
    let no = [("person", scene.person.as_str()), ("answer", "no"), ("given_by", "person"), ("given_on", "2026-11-20")];
    let refusal = w.amina.post(format!("{}/consents/new", scene.case), no).await.redirects();
    w.work_off().await;
    sees_no_name(&w.chen, &here).await;
    assert_eq!(w.count(&format!("tasks where kind = 'delete_hosted' and unit = {RECEPTION} and done_at is null")).await, 1);
    w.amina.get(&refusal).await.shows("Clinic garden").shows("asked here, in its inbox");
    w.chen.post(format!("{here}/deletion"), [("", "")]).await.redirects();
    w.amina.get(&refusal).await.shows("copies are deleted");
    // Whoever refuses once more is not asked after a second time.
    w.amina.post(format!("{}/consents/new", scene.case), no).await.redirects();
    w.work_off().await;
    assert_eq!(w.count("project_recalls").await, 1);
}

// Asked to delete, and told no name any more.
async fn sees_no_name(host: &Browser, here: &str) {
    host.get("/hosted").await.shows("To be deleted at the latest").lacks("Dana Saleh");
    host.get(here).await.is(404);
}

// The clinic's garden goes on with this host.
async fn goes_on_with(w: &World, scene: &Scene, (unit, title): (i32, &str)) {
    let project = format!("/projects/{}", w.value("select id::text from projects where host_unit is not null").await);
    let (unit, read) = (unit.to_string(), super::version(w, "projects", &project).await);
    let form = [
        ("version", read.as_str()),
        ("title", title),
        ("host", "Whoever gardens"),
        ("host_unit", unit.as_str()),
        ("area", "environment"),
        ("places", "2"),
        ("weekly_hours", "8"),
        ("starts_on", "2026-01-05"),
        ("responsible", "Rosa Neri"),
    ];
    scene.coordinator.post(&project, form).await.redirects();
    w.work_off().await;
}

#[tokio::test]
async fn s04_whoever_is_host_no_more_is_asked_to_delete_and_the_new_host_knows_whom_its_own_consent_names() {
    let w = World::new().await;
    let (scene, _, here) = hosted(&w).await;
    agrees(&w, &scene).await;
    w.chen.get(&here).await.is(200);
    w.sql(&format!(
        "insert into services (id, org, unit, name, needs) values (gen_random_uuid(), 3, {ELSEWHERE}, 'Library', '{{health}}')"
    ))
    .await;
    let odd = w.also("odd", ELSEWHERE, "provider").await;
    goes_on_with(&w, &scene, (RECEPTION, "Herb garden")).await;
    assert_eq!(w.count("project_recalls").await, 0, "the host stays the host");
    goes_on_with(&w, &scene, (ELSEWHERE, "Herb garden")).await;
    sees_no_name(&w.chen, &here).await;
    assert_eq!(w.count(&format!("project_recalls where to_org = {CLINIC}")).await, 1);
    sees_nobody(&odd, &here).await;
    w.sql("update consents set to_orgs = '{3}'").await;
    odd.get("/hosted").await.shows("Dana Saleh");
    w.chen.post(format!("{here}/deletion"), [("", "")]).await.redirects();
    assert_eq!(w.count("project_recalls where deleted_at is null").await, 0);
}

#[tokio::test]
async fn s04_where_nobody_of_a_host_answers_any_more_its_administrator_says_that_no_copy_is_left() {
    let w = World::new().await;
    let (scene, _, here) = hosted(&w).await;
    agrees(&w, &scene).await;
    let consent = w.value("select id::text from consents where purpose = 'a place'").await;
    w.sql("update roles set acts = array_remove(acts, 'referral.answer') where code = 'provider'").await;
    let withdrawal = [("extent", "stop_sharing"), ("how", "by_phone")];
    w.amina.post(format!("/consents/{consent}/withdrawal"), withdrawal).await.redirects();
    w.chen.get("/hosted").await.is(403);
    let desk = w.also("chen", RECEPTION, "administrator").await;
    w.work_off().await;
    sees_no_name(&desk, &here).await;
    desk.get("/notifications").await.shows("Delete");
    desk.post(format!("{here}/deletion"), [("", "")]).await.redirects();
    assert_eq!(w.count("project_recalls where deleted_at is null").await, 0);
    w.ada.post(format!("{here}/deletion"), [("", "")]).await.is(404);
}

#[tokio::test]
async fn s04_a_former_host_that_answered_a_withdrawal_is_not_asked_once_more() {
    let w = World::new().await;
    let (scene, _, here) = hosted(&w).await;
    agrees(&w, &scene).await;
    w.chen.get(&here).await.is(200);
    w.sql(&format!(
        "insert into services (id, org, unit, name, needs) values (gen_random_uuid(), 3, {ELSEWHERE}, 'Library', '{{health}}')"
    ))
    .await;
    let consent = w.value("select id::text from consents where purpose = 'a place'").await;
    let withdrawal = [("extent", "stop_sharing"), ("how", "by_phone")];
    w.amina.post(format!("/consents/{consent}/withdrawal"), withdrawal).await.redirects();
    w.work_off().await;
    w.chen.post(format!("{here}/deletion"), [("", "")]).await.redirects();
    goes_on_with(&w, &scene, (ELSEWHERE, "Herb garden")).await;
    goes_on_with(&w, &scene, (RECEPTION, "Herb garden")).await;
    assert_eq!(w.count("project_recalls").await, 1);
}
