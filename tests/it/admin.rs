//! Administration: arranging people and places without seeing a case.
use crate::support::World;
use crate::support::browser::Browser;
use crate::support::program::Program;
use crate::support::world::{COAST, ELSEWHERE, FIELD, PASSWORD, user};

const CASE: &str = "00000000-0000-0000-0000-0000000000ca";
const PERSON: &str = "00000000-0000-0000-0000-0000000000da";

// A case of this type that Amina keeps.
async fn with_case(case_type: i32) -> World {
    let w = World::new().await;
    let amina = user("amina");
    w.sql(&format!(
        "insert into persons (id, code, org, unit, name) values ('{PERSON}', 'P-1', 0, {FIELD}, 'Dana Secret');
         insert into cases (id, code, org, unit, case_type, case_manager, person_id, pack, pack_version, stage, intake_source, opened_at)
           values ('{CASE}', 'C-CASE-CODE', 0, {FIELD}, {case_type}, '{amina}', '{PERSON}', 'protection', 1, 'assessment', 'walk_in', now());"
    ))
    .await;
    w
}

async fn manager(w: &World) -> Option<uuid::Uuid> {
    let mut work = w.operate().await;
    let (manager,) = sqlx::query_as("select case_manager from cases").fetch_one(work.db()).await.expect("the case");
    manager
}

async fn role(w: &World, code: &str) -> String {
    let mut work = w.operate().await;
    let (id,): (i32,) =
        sqlx::query_as("select id from roles where code = $1").bind(code).fetch_one(work.db()).await.expect("a role");
    id.to_string()
}

fn path(login: &str) -> String {
    format!("/admin/users/{}", user(login))
}

#[tokio::test]
async fn the_pages_are_for_administrators() {
    let w = World::new().await;
    for page in ["", "/organisation", "/units", "/units/11", "/users", "/users/new", "/focal-points", "/roles"] {
        w.ada.get(format!("/admin{page}")).await.is(200);
        w.amina.get(format!("/admin{page}")).await.is(403);
    }
    w.ada.get(path("amina")).await.is(200).shows("Amina Haddad");
    w.ada.get(path("chen")).await.is(404);
}

#[tokio::test]
async fn what_is_offered_opens_for_administrators_of_every_programme() {
    let w = World::new().await;
    let rooms =
        ["organisation", "units", "users", "focal-points", "roles", "letters", "mail"].map(|room| format!("/admin/{room}"));
    for (pack, role) in [("employment-services", "employment_administrator"), ("refugee-protection", "refugee_administrator")] {
        w.load_pack(pack).await;
        w.member(role, ELSEWHERE, role).await;
        let keeper = w.browser(role).await;
        let offered = keeper.get("/admin").await.body;
        for room in &rooms {
            assert!(offered.contains(&format!("href=\"{room}\"")), "{role} is offered {room}");
            keeper.get(room).await.is(200);
        }
    }
    w.sql("update roles set acts = '{admin.users}' where code = 'administrator'").await;
    let offered = w.browser("ada").await.get("/admin").await.body;
    for room in &rooms {
        let opens = w.browser("ada").await.get(room).await.status == 200;
        assert_eq!(offered.contains(&format!("href=\"{room}\"")), opens, "{room}");
    }
}

#[tokio::test]
async fn s11_an_administrator_sees_no_case_by_being_one() {
    let w = with_case(1).await;
    for page in ["/admin", "/admin/users", "/admin/units", "/notifications"] {
        w.ada.get(page).await.lacks("C-CASE-CODE").lacks("Dana");
    }
    let mut work = throughcare::platform::db::Work::open(&w.ground, throughcare::platform::db::Actor::User(user("ada")))
        .await
        .expect("work");
    let (seen,): (i64,) = sqlx::query_as("select count(*) from cases").fetch_one(work.db()).await.expect("a count");
    assert_eq!(seen, 0);
}

#[tokio::test]
async fn nobody_changes_their_own_rights() {
    let w = World::new().await;
    let (role, unit) = (role(&w, "case_worker").await, FIELD.to_string());
    w.ada.post(format!("{}/memberships", path("ada")), [("unit", unit.as_str()), ("role", &role)]).await.is(409);
    w.ada.post(format!("{}/deactivation", path("ada")), [("colleague", "")]).await.is(409);
    w.ada.post("/admin/focal-points", [("unit", unit), ("user", user("ada").to_string())]).await.is(409);
}

#[tokio::test]
async fn a_new_user_signs_in_with_the_temporary_password_and_must_change_it() {
    let w = World::new().await;
    let (role, unit) = (role(&w, "case_worker").await, FIELD.to_string());
    let new = [("name", "Noor New"), ("login", "Noor.New"), ("unit", &unit), ("role", &role)];
    let seen = w.ada.post("/admin/users", new).await;
    seen.is(200).shows("Temporary password");
    let text =
        seen.body.split("<code dir=\"ltr\">").nth(1).and_then(|rest| rest.split('<').next()).expect("it is shown").to_owned();
    w.nobody.post("/sign-in", [("login", "noor.new"), ("password", &text)]).await.redirects();
    assert_eq!(w.nobody.get("/cases").await.redirects(), "/account/password");
    w.ada.post("/admin/users", new).await.is(422).shows("This user name is taken").keeps("Noor New");
}

#[tokio::test]
async fn whoever_leaves_hands_their_cases_to_a_colleague_who_may_have_them() {
    let w = with_case(1).await;
    let bruno = user("bruno").to_string();
    w.ada.post(format!("{}/deactivation", path("amina")), [("colleague", &bruno)]).await.redirects();
    assert_eq!(manager(&w).await, Some(user("bruno").0));
    w.amina.get("/account").await.redirects();
    w.nobody.post("/sign-in", [("login", "amina"), ("password", PASSWORD)]).await.is(422);
    w.bruno.get("/notifications").await.shows("C-CASE-CODE");
}

#[tokio::test]
async fn what_whoever_leaves_held_of_the_cases_of_others_goes_on_and_that_is_written_down() {
    let w = with_case(1).await;
    let (amina, bruno, task) = (user("amina"), user("bruno").to_string(), uuid::Uuid::from_u128(7));
    w.sql(&format!(
        "update cases set case_manager = '{bruno}';
         insert into tasks (id, kind, case_id, org, unit, assignee, due_at)
           values ('{task}', 'follow_up', '{CASE}', 1, {FIELD}, '{amina}', now() + interval '9 days')"
    ))
    .await;
    w.ada.post(format!("{}/deactivation", path("amina")), [("colleague", &bruno)]).await.redirects();
    assert_eq!(w.value("select assignee::text from tasks").await, bruno);
    let told = format!("facts where kind = 'task.assigned' and subjects = array['{task}', '{bruno}']::uuid[]");
    assert_eq!(w.count(&told).await, 1);
}

#[tokio::test]
async fn what_a_colleague_is_not_cleared_for_goes_to_the_units_inbox() {
    let w = with_case(1).await;
    let ada = user("pia").to_string();
    w.sql(&format!("update memberships set ended_at = now() where user_id = '{ada}'")).await;
    w.ada.post(format!("{}/deactivation", path("amina")), [("colleague", &ada)]).await.redirects();
    assert_eq!(manager(&w).await, None);
}

#[tokio::test]
async fn s09_a_restricted_case_is_handed_to_somebody_cleared_and_the_answer_is_the_same() {
    let w = with_case(4).await;
    let bruno = user("bruno").to_string();
    let to = w.ada.post(format!("{}/deactivation", path("amina")), [("colleague", &bruno)]).await.redirects();
    assert_eq!((to.as_str(), manager(&w).await), ("/admin/users", Some(user("salma").0)));
}

#[tokio::test]
async fn s10_a_bar_goes_before_handing_over() {
    let w = with_case(1).await;
    let bruno = user("bruno").to_string();
    w.sql(&format!(
        "insert into bars (id, case_id, user_id, reason) values (gen_random_uuid(), '{CASE}', '{bruno}', 'relative')"
    ))
    .await;
    w.ada.post(format!("{}/deactivation", path("amina")), [("colleague", &bruno)]).await.redirects();
    assert_eq!(manager(&w).await, None);
}

async fn moved(w: &World, admin: &Browser, unit: i32, parent: i32) -> u16 {
    let name = format!("Unit {unit}");
    let seen = admin
        .post(
            format!("/admin/units/{unit}"),
            [("name", name.as_str()), ("parent", &parent.to_string()), ("state", "active"), ("version", "1")],
        )
        .await;
    let _ = w;
    seen.status.as_u16()
}

#[tokio::test]
async fn a_unit_with_records_keeps_its_place_and_an_empty_one_moves() {
    let w = with_case(1).await;
    assert_eq!(moved(&w, &w.ada, FIELD, COAST).await, 422);
    assert_eq!(moved(&w, &w.ada, COAST, FIELD).await, 303);
    assert_eq!(moved(&w, &w.ada, 1, FIELD).await, 422);
    let mut work = w.operate().await;
    let (path,): (Vec<i32>,) =
        sqlx::query_as("select path from units where id = $1").bind(COAST).fetch_one(work.db()).await.expect("a path");
    assert_eq!(path, [1, FIELD, COAST]);
}

#[tokio::test]
async fn a_changed_role_counts_at_once_and_pack_roles_stay() {
    let w = World::new().await;
    let worker = role(&w, "case_worker").await;
    w.ada.post(format!("/admin/roles/{worker}"), [("name", "x")]).await.is(404);
    let copy = w.ada.post(format!("/admin/roles/{worker}/copies"), [("", "")]).await.redirects();
    let id = copy.rsplit('/').next().expect("an id").to_owned();
    w.ada.post(format!("{}/memberships", path("amina")), [("unit", FIELD.to_string()), ("role", id)]).await.redirects();
    w.amina.get("/account").await.redirects();
    let amina = w.browser("amina").await;
    w.ada.post(&copy, [("name", "Junior"), ("reach", "own"), ("acts", "case.read")]).await.redirects();
    amina.get("/account").await.redirects();
    w.ada.get("/admin/roles").await.shows("Junior");
}

#[tokio::test]
async fn the_calendar_of_the_organisation_keeps_a_working_day() {
    let w = World::new().await;
    let week = |days: &'static [&'static str]| {
        let base =
            [("name", "Harbour"), ("lang", "en"), ("time_zone", "Asia/Amman"), ("holidays", "2026-12-25"), ("version", "1")];
        base.into_iter().chain(days.iter().map(|day| ("weekend", *day)))
    };
    w.ada.post("/admin/organisation", week(&["1", "2", "3", "4", "5", "6", "7"])).await.is(422).shows("at least one working day");
    w.ada.post("/admin/organisation", week(&["5", "6"])).await.redirects();
    w.ada.get("/admin/organisation").await.shows("2026-12-25");
}

#[tokio::test]
async fn whose_role_makes_no_tokens_is_told_so() {
    let w = World::new().await;
    w.sql("update roles set acts = array_remove(acts, 'token.create') where code = 'provider'").await;
    w.chen.get("/account/tokens").await.shows("Your role makes no tokens").lacks("Make a token");
    w.amina.get("/account/tokens").await.shows("Make a token");
}

#[tokio::test]
async fn a_program_of_the_organisation_works_by_tokens_that_an_administrator_makes() {
    let w = World::new().await;
    let role = w.value("select id::text from roles where code = 'case_worker' and org is null").await;
    let field = FIELD.to_string();
    let new =
        [("name", "Figures robot"), ("login", "robot"), ("unit", field.as_str()), ("role", role.as_str()), ("program", "true")];
    let page = w.ada.post("/admin/users", new).await.redirects();
    w.ada.get(&page).await.shows("This is a program of your organisation").lacks("Give a new temporary password");
    let token = [("token_name", "Monthly figures"), ("days", "30")];
    let made = w.ada.post(format!("{page}/tokens"), token).await;
    let secret = made.is(200).text().split_whitespace().find(|word| word.starts_with("tc_")).expect("the secret").to_owned();
    let robot = Program::of(&w.nobody, secret);
    robot.get("/api/v1/me").await.is(200).shows("Figures robot").shows("case.read");
    // It has no password, and whoever does not administer makes it no tokens; a person's tokens are their own.
    assert_eq!(
        w.value("select count(*)::text from credentials c join users u on u.id = c.user_id where u.login = 'robot'").await,
        "0"
    );
    w.ada.post(format!("{page}/password"), [("", "")]).await.is(409);
    w.bruno.post(format!("{page}/tokens"), token).await.is(403);
    w.ada.post(format!("/admin/users/{}/tokens", user("amina")), token).await.is(409).shows("People make their own tokens");
    w.ada.post(format!("{page}/deactivation"), [("colleague", "")]).await.redirects();
    robot.get("/api/v1/me").await.is(401);
}
