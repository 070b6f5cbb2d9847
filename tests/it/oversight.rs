//! What nobody may slip past: complaints about staff, break-glass and its review, safety alerts, reviews of what is hidden.
use uuid::Uuid;

use crate::consent::child_case;
use crate::support::World;
use crate::support::browser::Browser;
use crate::support::case_work::CHILD_PROTECTION;
use crate::support::world::{COAST, FIELD, user};

const COMPLAINT: i16 = 5;

fn id_of(path: &str) -> &str {
    path.trim_start_matches("/cases/")
}

// Cora takes complaints for all of Harbour and Dov supervises them; Eli, who does so too, is named in the one that is opened here.
async fn complaint(w: &World, named: &str) -> (Browser, Browser, String, Uuid) {
    for login in ["cora", "dov", "eli"] {
        w.member(login, 1, "complaints_officer").await;
    }
    let (cora, eli) = (w.browser("cora").await, w.browser("eli").await);
    let dana = w.person(&cora, "Dana Aziz", &[("unit", "1")]).await;
    let (coast, dov) = (COAST.to_string(), user("dov").to_string());
    let more = [("keeper", "inbox"), ("unit", coast.as_str()), ("supervisor", &dov), ("complaint_about", named)];
    w.case(&cora, COMPLAINT, dana, &more).await;
    let id: Uuid = w.value("select id::text from cases where case_type = 5").await.parse().expect("the complaint");
    (cora, eli, format!("/cases/{id}"), id)
}

#[tokio::test]
async fn s09_whoever_a_complaint_is_about_never_learns_of_it() {
    let w = World::new().await;
    let (_, eli, case, id) = complaint(&w, &user("eli").to_string()).await;
    let code = w.value("select code from cases where case_type = 5").await;
    let dov = w.browser("dov").await;
    dov.get(&case).await.is(200);
    // Neither a grant nor the part of case manager opens it.
    let named = user("eli");
    w.sql(&format!(
        "insert into grants (id, case_id, user_id, basis, until, org) values (gen_random_uuid(), '{id}', '{named}', 'team', now() + interval '1 day', 1);
         update cases set case_manager = '{named}' where id = '{id}'"
    ))
    .await;
    w.work_off().await;
    eli.get(&case).await.is(404);
    for page in ["/", "/cases?keeper=all", "/cases?keeper=mine", "/cases/export?keeper=all", "/notifications"] {
        eli.get(page).await.is(200).lacks(&code).lacks("Dana").lacks("Aziz");
    }
    eli.get("/search?q=Aziz").await.is(200).lacks(&code).lacks("Dana");
    dov.get(format!("{case}/access")).await.shows("The complaint is about this person");
}

#[tokio::test]
async fn s09_a_protection_officer_named_in_a_complaint_finds_no_trace_in_the_log() {
    let w = World::new().await;
    let (_, _, _, id) = complaint(&w, &user("pia").to_string()).await;
    w.pia.get("/protection").await.is(200).lacks("case.opened").lacks("Case opened");
    w.pia.get(format!("/cases/{id}/log")).await.is(404);
}

#[tokio::test]
async fn s09_a_complaint_says_whom_it_is_about_and_is_not_kept_by_them() {
    let w = World::new().await;
    let (cora, _, _, _) = complaint(&w, "nobody").await;
    let dana = w.person(&cora, "Omar Said", &[("unit", "1")]).await.to_string();
    let (coast, dov) = (COAST.to_string(), user("dov").to_string());
    let with = |named: &str| {
        let fields = [
            ("person", dana.as_str()),
            ("case_type", "5"),
            ("intake_source", "self"),
            ("priority", "normal"),
            ("keeper", "inbox"),
        ];
        let more = [("unit", coast.as_str()), ("supervisor", dov.as_str()), ("complaint_about", named)];
        fields.into_iter().chain(more).map(|(name, value)| (name.to_owned(), value.to_owned())).collect::<Vec<_>>()
    };
    cora.post("/cases/new", with("")).await.is(422).shows("Fill this in");
    cora.post("/cases/new", with(&dov)).await.is(422).shows("can't keep or supervise it");
    cora.post("/cases/new", with(&user("cora").to_string())).await.is(422).shows("You can't bar yourself");
}

#[tokio::test]
async fn s09_break_glass_is_heard_of_by_the_owning_side_and_its_review_ends_the_task() {
    let w = World::new().await;
    let (case, _, _) = child_case(&w, "2017-03-01", "false").await;
    let code = w.value(&format!("select code from cases where id = '{case}'")).await;
    w.odd.post("/break-glass", [("case", code.as_str()), ("ground", "child"), ("reason", "Found alone.")]).await.redirects();
    w.work_off().await;
    for told in [&w.pia, &w.bruno, &w.amina] {
        told.get("/notifications").await.shows("Emergency access was used").shows(&code);
    }
    w.pia.get("/").await.shows("Review an emergency access");
    let review = w.pia.get("/protection?view=glass").await.link("/break-glass/");
    w.pia.post(review, [("finding", "justified")]).await.redirects();
    w.pia.get("/").await.lacks("Review an emergency access");
}

async fn without_safety_action(w: &World) -> String {
    let case = w.case(&w.amina, CHILD_PROTECTION, w.known_person("Dana Aziz").await, &[("risk", "high")]).await;
    w.sql("update tasks set remind_at = now() - interval '1 minute' where kind = 'safety_action'").await;
    throughcare::worker::tick(&w.ground).await.expect("the minute's work");
    w.work_off().await;
    w.bruno.get("/").await.shows("High risk without a safety action");
    case
}

async fn version_of(w: &World, case: &str) -> String {
    w.value(&format!("select version::text from cases where id = '{}'", id_of(case))).await
}

#[tokio::test]
async fn s21_a_logged_safety_action_ends_the_supervisors_alert_and_tells_them() {
    let w = World::new().await;
    let case = without_safety_action(&w).await;
    w.amina.post(format!("{case}/notes"), [("kind", "safety_action"), ("body", "Moved to her sister.")]).await.redirects();
    w.work_off().await;
    w.bruno.get("/").await.lacks("High risk without a safety action");
    w.bruno.get("/notifications").await.shows("A safety action was logged");
}

#[tokio::test]
async fn s21_the_supervisors_alert_ends_by_no_tap_and_goes_to_no_colleague_but_another_supervisor() {
    let w = World::new().await;
    w.member("farah", FIELD, "supervisor").await;
    let case = without_safety_action(&w).await;
    let task = w.value("select id::text from tasks where kind = 'safety_alert'").await;
    w.bruno.get("/").await.link(&format!("{case}/notes?kind=safety_action"));
    w.bruno.post(format!("/tasks/{task}/done"), [("", "")]).await.is(409).shows("done by the work itself");
    let handing = format!("/tasks/{task}/handing");
    w.bruno.get(&handing).await.is(200).shows("Farah").lacks("Amina Haddad");
    w.bruno.post(&handing, [("assignee", user("amina").to_string()), ("reason", "I am on leave".to_owned())]).await.is(422);
    w.bruno.post(format!("{case}/notes"), [("kind", "safety_action"), ("body", "Moved to her sister.")]).await.redirects();
    assert_eq!(w.count("tasks where kind in ('safety_action', 'safety_alert') and done_at is null").await, 0);
}

#[tokio::test]
async fn s21_no_tap_no_new_level_and_no_closing_passes_by_a_missing_safety_action() {
    let w = World::new().await;
    let case = without_safety_action(&w).await;
    let task = w.value("select id::text from tasks where kind = 'safety_action'").await;
    w.amina.post(format!("/tasks/{task}/done"), [("", "")]).await.is(409).shows("done by the work itself");
    w.amina.post(format!("{case}/risk"), [("risk", "high"), ("version", &version_of(&w, &case).await)]).await.redirects();
    w.bruno.get("/").await.shows("High risk without a safety action");
    assert_eq!(w.value("select count(*)::text from tasks where kind = 'safety_action' and done_at is null").await, "1");
    let version = version_of(&w, &case).await;
    let closing = [
        ("reason", "needs_met"),
        ("discussed", "true"),
        ("reviewed", "true"),
        ("way_back", "true"),
        ("way_back_how", "spoken"),
        ("version", &version),
    ];
    w.amina.post(format!("{case}/closure"), closing).await.is(422).shows("A safety action was asked for");
    w.bruno.post(format!("{case}/closure"), closing).await.is(422).shows("A safety action was asked for");
    w.bruno.post(format!("{case}/closure"), closing.into_iter().chain([("explanation", "She is with us.")])).await.redirects();
    // In child protection a second person approves, and never whoever asked.
    w.member("carol", 1, "coordinator").await;
    w.bruno.post(format!("{case}/closing/approval"), [("version", "1")]).await.is(403);
    w.browser("carol").await.post(format!("{case}/closing/approval"), [("version", "1")]).await.redirects();
    w.bruno.get("/").await.lacks("High risk without a safety action");
    assert_eq!(w.value("select count(*)::text from tasks where done_at is null").await, "0");
}

async fn basis(w: &World) -> (Uuid, Uuid, String) {
    let (case, _, _) = child_case(w, "1995-03-01", "false").await;
    let (id, salma) = (Uuid::now_v7(), user("salma"));
    w.sql(&format!(
        "update cases set case_type = 4, case_manager = '{salma}', supervisor = null where id = '{case}';
         insert into consents (id, case_id, person_id, basis, kind, purpose, to_orgs, sections, given_by, given_on, expires_on, reason, told, not_told_reason,
             recorded_by, recorded_by_name)
           select '{id}', id, person_id, 'vital_interest', 'none', 'To save her life', '{{2}}', '{{need}}', 'workers', current_date, current_date + 30,
             'danger_to_life', false, 'She could not be reached safely', '{salma}', 'Salma Noor' from cases where id = '{case}'"
    ))
    .await;
    (case.0, id, w.value(&format!("select code from cases where id = '{case}'")).await)
}

#[tokio::test]
async fn s01_a_basis_in_a_restricted_case_is_reviewed_without_opening_the_case() {
    let w = World::new().await;
    let (case, id, code) = basis(&w).await;
    w.pia.get(format!("/cases/{case}")).await.is(404);
    let page = w.pia.get("/protection?view=bases").await;
    page.shows(&code).shows("Waits for review");
    let page = w.pia.get(page.link("/protection/bases/")).await;
    page.shows("Danger to life").shows("Clinic").shows("She could not be reached safely").lacks("Dana").lacks("Gender");
    w.pia.post(format!("/protection/bases/{id}"), [("finding", "")]).await.is(422).shows("Fill this in");
    w.pia.post(format!("/protection/bases/{id}"), [("finding", "not_justified")]).await.redirects();
    w.pia.get(format!("/protection/bases/{id}")).await.shows("Not justified");
    // What went out on it is called back, by the worker's next job.
    let job = format!("select count(*)::text from jobs where kind = 'consent.unjustified' and body ->> 'consent' = '{id}'");
    assert_eq!(w.value(&job).await, "1");
    assert_eq!(w.value(&format!("select access.consent_stands('{id}')::text")).await, "false");
    w.pia.post(format!("/protection/bases/{id}"), [("finding", "justified")]).await.is(409);
}

#[tokio::test]
async fn s01_nobody_but_the_officer_of_the_owning_organisation_sees_a_basis_to_review() {
    let w = World::new().await;
    let (case, id, _) = basis(&w).await;
    w.member("olga", crate::support::world::ELSEWHERE, "protection_officer").await;
    let olga = w.browser("olga").await;
    for other in [&w.bruno, &w.amina, &w.ada, &w.salma, &olga] {
        other.get(format!("/protection/bases/{id}")).await.is(404);
        other.post(format!("/protection/bases/{id}"), [("finding", "justified")]).await.is(404);
    }
    let pia = user("pia");
    w.sql(&format!("insert into bars (id, case_id, user_id, reason) values (gen_random_uuid(), '{case}', '{pia}', 'relative')"))
        .await;
    w.pia.get(format!("/protection/bases/{id}")).await.is(404);
}
