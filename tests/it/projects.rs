//! Community projects: what a unit offers, who is placed from a plan and who is exempt, places that nobody is given twice, hours by week.
mod host;
mod nothing_follows;

use chrono::TimeDelta;

use crate::achievements::{assessed, household};
use crate::fences::{DENIED, is, tries};
use crate::plans::{id, step, written};
use crate::support::World;
use crate::support::browser::{Browser, Seen};
use crate::support::world::{FIELD, user};

const INCLUSION: i16 = 60;
const PRELIMINARY: &str = "Opens after: Preliminary analysis (finalised)";
const OUTCOME: [(&str, &str); 3] = [("home_lost", "no"), ("living_from", "work"), ("path", "complex")];

/// A household of the inclusion income that Amina accompanies, its plan with a support, and a project that Bruno coordinates.
pub struct Scene {
    pub coordinator: Browser,
    pub case: String,
    pub person: String,
    pub plan: String,
    pub line: String,
    pub project: String,
}

impl Scene {
    /// Before the preliminary analysis.
    pub async fn shut(w: &World) -> Self {
        w.load_pack("inclusion").await;
        let coordinator = w.also("bruno", FIELD, "inclusion_coordinator").await;
        w.also("amina", FIELD, "inclusion_case_manager").await;
        let (case, person) = household(w, &w.amina, INCLUSION).await;
        let person = person.to_string();
        let plan = written(w, &case, &person).await;
        let line = w.value("select id::text from plan_lines where kind = 'support'").await;
        let project = started(&coordinator, &[]).await.redirects();
        Self { coordinator, case, person, plan, line, project }
    }

    /// Once it is finalised.
    pub async fn open(w: &World) -> Self {
        let scene = Self::shut(w).await;
        assessed(w, &w.amina, &scene.case, "preliminary_analysis", &OUTCOME).await;
        scene
    }

    /// Dana is placed in the project, eight hours a week from the second of February on, unless something else is said.
    pub async fn place(&self, by: &Browser, other: &[(&str, &str)]) -> Seen {
        let usual = [
            ("person", self.person.as_str()),
            ("project", id(&self.project)),
            ("line", self.line.as_str()),
            ("weekly_hours", "8"),
            ("starts_on", "2026-02-02"),
        ];
        by.post(format!("{}/placements", self.case), with(&usual, other)).await
    }
}

// These fields, some of them with another value.
fn with<'a>(usual: &[(&'a str, &'a str)], other: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let kept = usual.iter().filter(|(name, _)| !other.iter().any(|(changed, _)| changed == name));
    kept.chain(other).copied().collect()
}

/// A project for two is written down, unless something else is said.
pub async fn started(by: &Browser, other: &[(&str, &str)]) -> Seen {
    let unit = FIELD.to_string();
    let usual = [
        ("unit", unit.as_str()),
        ("title", "Town garden"),
        ("host", "Municipality of Samra"),
        ("area", "environment"),
        ("places", "2"),
        ("weekly_hours", "8"),
        ("starts_on", "2026-01-05"),
        ("place", "Behind the library"),
        ("responsible", "Rosa Neri"),
    ];
    by.post("/projects", with(&usual, other)).await
}

/// The edition of a row of this table.
pub async fn version(w: &World, table: &str, path: &str) -> String {
    w.value(&format!("select version::text from {table} where id = '{}'", id(path))).await
}

/// The hours of a week are written down over how often that was done.
pub async fn noted(by: &Browser, placement: &str, (week, version): (&str, &str), hours: [&str; 3]) -> Seen {
    let [present, justified, unjustified] = hours;
    let fields =
        [("week", week), ("version", version), ("present", present), ("justified", justified), ("unjustified", unjustified)];
    by.post(format!("{placement}/attendance"), fields).await
}

#[tokio::test]
async fn a_project_is_written_down_changed_and_ended_by_whoever_keeps_it() {
    let w = World::new().await;
    let scene = Scene::shut(&w).await;
    started(&w.amina, &[]).await.is(403);
    for wrong in [("weekly_hours", "17"), ("weekly_hours", "7"), ("places", "0"), ("area", "sport"), ("responsible", "")] {
        started(&scene.coordinator, &[wrong]).await.is(422).keeps("Town garden");
    }
    w.amina.get("/projects").await.shows("Town garden").shows("2 of 2 places free").lacks("/projects/new");
    w.amina.get(&scene.project).await.shows("Rosa Neri").shows("8 hours a week").lacks(&format!("{}/edit", scene.project));
    let read = version(&w, "projects", &scene.project).await;
    let changed =
        [("version", read.as_str()), ("title", "Town garden"), ("host", "Municipality of Samra"), ("area", "environment")];
    let more = [("places", "3"), ("weekly_hours", "12"), ("starts_on", "2026-01-05"), ("responsible", "Ugo Blu")];
    w.amina.post(&scene.project, with(&changed, &more)).await.is(403);
    scene.coordinator.post(&scene.project, with(&changed, &more)).await.redirects();
    // Whoever wrote upon the older edition sees both and loses nothing.
    let late = scene.coordinator.post(&scene.project, with(&changed, &with(&more, &[("places", "5")]))).await;
    late.is(409).shows("Places").shows("You changed this meanwhile, in another window");
    scene.coordinator.get(&scene.project).await.shows("Ugo Blu").shows("12 hours a week").shows("3 of 3 places free");
    for stranger in [&w.odd, &w.chen] {
        stranger.get(&scene.project).await.is(404);
    }
    // Whose programs know of no community projects has no such page.
    w.salma.get("/projects").await.is(404);
    w.salma.get(&scene.project).await.is(404);
    let read = version(&w, "projects", &scene.project).await;
    scene.coordinator.post(format!("{}/ending", scene.project), [("version", read.as_str())]).await.redirects();
    scene.coordinator.post(format!("{}/ending", scene.project), [("version", read.as_str())]).await.is(409);
    w.amina.get("/projects").await.lacks("Town garden");
    w.amina.get("/projects?show=all").await.shows("Town garden").shows("Over");
}

#[tokio::test]
async fn somebody_is_placed_from_a_support_once_the_panel_is_open() {
    let w = World::new().await;
    let scene = Scene::shut(&w).await;
    let new = format!("{}/placements/new?line={}", scene.case, scene.line);
    w.amina.get(&new).await.shows(PRELIMINARY).shows("Town garden · Municipality of Samra");
    scene.place(&w.amina, &[]).await.is(422).shows(PRELIMINARY).keeps("2026-02-02");
    assessed(&w, &w.amina, &scene.case, "preliminary_analysis", &OUTCOME).await;
    let commitment = w.value("select id::text from plan_lines where kind = 'commitment'").await;
    for wrong in [
        ("line", commitment.as_str()),
        ("weekly_hours", "18"),
        ("starts_on", "2026-01-04"),
        ("person", &user("amina").to_string()),
    ] {
        scene.place(&w.amina, &[wrong]).await.is(422);
    }
    assert_eq!(w.count("project_placements").await, 0);
    assert!(w.amina.get(&scene.plan).await.link(&format!("{}/placements/new?line=", scene.case)).ends_with(&scene.line));
    let placement = scene.place(&w.amina, &[]).await.redirects();
    w.amina.get(&scene.plan).await.shows("Community project: Town garden · Municipality of Samra (8 hours a week)");
    w.amina.get(&scene.case).await.shows("Town garden · Municipality of Samra").shows("No week is written down yet");
    w.amina.get("/projects").await.shows("1 of 2 places free");
    scene.place(&w.amina, &[]).await.is(422).shows("They have a place already");
    // What both sides sign says where and how many hours.
    step(&w, &w.amina, &scene.plan, "proposal", &[]).await.redirects();
    w.amina
        .get(format!("{}/print?lang=en&safe=true", scene.plan))
        .await
        .shows("Town garden · Municipality of Samra (8 hours a week)");
    let read = version(&w, "project_placements", &placement).await;
    let leaving = [("left_version", read.as_str()), ("left_on", "2026-02-10"), ("reason", "found_work")];
    w.amina.post(format!("{placement}/ending"), with(&leaving, &[("reason", "")])).await.is(422);
    w.amina.post(format!("{placement}/ending"), with(&leaving, &[("left_on", "2026-02-01")])).await.is(422);
    w.amina.post(format!("{placement}/ending"), leaving).await.redirects();
    w.amina.post(format!("{placement}/ending"), leaving).await.is(409);
    w.amina.get("/projects").await.shows("2 of 2 places free");
    w.amina.get(&placement).await.shows("Found work");
}

#[tokio::test]
async fn whoever_is_still_to_come_may_leave_and_no_place_is_kept_for_years() {
    let w = World::new().await;
    let scene = Scene::open(&w).await;
    let day = |days| (w.ground.clock.now() + TimeDelta::days(days)).date_naive().to_string();
    scene.place(&w.amina, &[("starts_on", &day(800))]).await.is(422).shows("This lies too far ahead");
    let placement = scene.place(&w.amina, &[("starts_on", &day(9))]).await.redirects();
    w.amina.get(&placement).await.shows("Begins later").shows("the place is free at once").lacks("Last day");
    let read = version(&w, "project_placements", &placement).await;
    let leaving = [("left_version", read.as_str()), ("reason", "found_work")];
    w.amina.post(format!("{placement}/ending"), leaving).await.redirects();
    w.amina.get("/projects").await.shows("2 of 2 places free");
    w.amina.get(&placement).await.shows("Found work").lacks("Write a week down");
    scene.place(&w.amina, &[]).await.redirects();
}

#[tokio::test]
async fn whoever_has_a_place_leaves_it_with_the_case_and_is_told_when_the_project_is_over() {
    let w = World::new().await;
    let scene = Scene::open(&w).await;
    // Nobody exempt, nobody's own wish.
    let placement = scene.place(&w.amina, &[("own_wish", "true")]).await.redirects();
    w.amina.get(&placement).await.shows("Takes part").lacks("though exempt");
    w.sql("update projects set ends_on = '2026-02-20'").await;
    w.amina.get(&placement).await.shows("The project ended on").lacks("Takes part");
    w.sql("update projects set ends_on = null").await;
    let of = format!("where id = '{}'", id(&scene.case));
    w.sql(&format!("update cases set closed_at = now(), close_reason = 'needs_met' {of}")).await;
    w.sql(&format!("update cases set closed_at = null, close_reason = null {of}")).await;
    w.amina.get(&placement).await.shows("The case was closed").lacks("Takes part");
    w.amina.get("/projects").await.shows("2 of 2 places free");
}

#[tokio::test]
async fn whoever_is_exempt_is_placed_by_their_own_wish_alone_and_no_child_at_all() {
    let w = World::new().await;
    let scene = Scene::open(&w).await;
    let exempt = [("person", scene.person.as_str()), ("reason", "small_children")];
    let exemptions = format!("{}/exemptions", scene.case);
    w.amina.post(&exemptions, with(&exempt, &[("reason", "lazy")])).await.is(422);
    w.amina.post(&exemptions, exempt).await.redirects();
    w.amina.post(&exemptions, exempt).await.is(422).shows("That exemption is kept already");
    w.amina.get(format!("{}/placements", scene.case)).await.shows("Dana Saleh · Care of small children");
    // A place begins at a support of the plan: whoever comes without one reads so.
    let asked = w.amina.get(format!("{}/placements/new", scene.case)).await.redirects();
    w.amina.get(&asked).await.shows("A place is given from a support in the plan").link(&format!("{}/plans", scene.case));
    scene.place(&w.amina, &[]).await.is(422).shows("They are exempt");
    let placement = scene.place(&w.amina, &[("own_wish", "true")]).await.redirects();
    w.amina.get(&placement).await.shows("Takes part by their own wish, though exempt");
    // The audit tells that, and not why.
    assert_eq!(w.count("facts where kind = 'project.exempted'").await, 1);
    assert_eq!(w.count("facts where note::text ~ 'children|Dana'").await, 0);
    let exemption = w.value("select id::text from project_exemptions").await;
    w.amina.post(format!("{exemptions}/{exemption}/ending"), [("version", "1")]).await.redirects();
    w.amina.get(format!("{}/placements", scene.case)).await.lacks("Dana Saleh · Care of small children");
    w.sql("update project_placements set left_on = starts_on, left_reason = 'moved'").await;
    w.sql(&format!("update persons set born_on = '2010-05-01' where id = '{}'", scene.person)).await;
    scene.place(&w.amina, &[]).await.is(422).shows("Choose one of the answers");
}

#[tokio::test]
async fn the_last_place_is_given_once_and_the_figure_counts_everybody() {
    let w = World::new().await;
    let scene = Scene::open(&w).await;
    let garden = started(&scene.coordinator, &[("title", "One bench"), ("places", "1")]).await.redirects();
    // A second household, of which the coordinator alone knows.
    let (theirs, other) = household(&w, &scene.coordinator, INCLUSION).await;
    assessed(&w, &scene.coordinator, &theirs, "preliminary_analysis", &OUTCOME).await;
    let plan = scene.coordinator.post(format!("{theirs}/plans"), [("", "")]).await.redirects();
    let line =
        |kind: &'static str| format!("select id::text from plan_lines where kind = '{kind}' and case_id = '{}'", id(&theirs));
    for (kind, under) in [("goal", ""), ("result", "goal"), ("support", "result")] {
        let under = if under.is_empty() { String::new() } else { w.value(&line(under)).await };
        let fields = [("kind", kind), ("under", under.as_str()), ("words", "x")];
        scene.coordinator.post(format!("{plan}/lines"), fields).await.redirects();
    }
    let hers = Scene {
        coordinator: scene.coordinator.clone(),
        case: theirs.clone(),
        person: other.to_string(),
        plan,
        line: w.value(&line("support")).await,
        project: garden.clone(),
    };
    let bench = [("project", id(&garden))];
    let (one, two) = tokio::join!(scene.place(&w.amina, &bench), hers.place(&scene.coordinator, &bench));
    let mut answers = [one.status.as_u16(), two.status.as_u16()];
    answers.sort_unstable();
    assert_eq!(answers, [303, 422], "one has the place, the other is told: {} {}", one.text(), two.text());
    assert_eq!(w.count("project_placements").await, 1);
    for reader in [&w.amina, &scene.coordinator] {
        reader.get(&garden).await.shows("0 of 1 places free");
    }
    // The other one takes a place elsewhere; a place that somebody has is not taken away.
    scene.place(&w.amina, &[]).await;
    hers.place(&scene.coordinator, &[("project", id(&scene.project))]).await;
    assert_eq!(w.count("project_placements where left_on is null").await, 2);
    w.sql(&format!("update project_placements set project_id = '{}'", id(&scene.project))).await;
    let read = version(&w, "projects", &scene.project).await;
    let fewer =
        [("version", read.as_str()), ("title", "Town garden"), ("host", "Samra"), ("area", "environment"), ("places", "1")];
    let more = [("weekly_hours", "8"), ("starts_on", "2026-01-05"), ("responsible", "Rosa Neri")];
    let refused = scene.coordinator.post(&scene.project, with(&fewer, &more)).await;
    refused.is(422).shows("More places than that are taken.");
    // A case that is closed holds no place.
    w.amina.get(&scene.project).await.shows("0 of 2 places free");
    w.sql("update cases set closed_at = now(), close_reason = 'needs_met' where case_type = 60").await;
    w.amina.get(&scene.project).await.shows("2 of 2 places free");
}

#[tokio::test]
async fn s10_who_does_not_see_the_case_sees_nobody_placed_and_nothing_is_changed_past_the_pages() {
    let w = World::new().await;
    let scene = Scene::open(&w).await;
    let placement = scene.place(&w.amina, &[]).await.redirects();
    noted(&w.amina, &placement, ("2026-02-02", "0"), ["8", "", ""]).await.redirects();
    w.sql(&format!(
        "insert into bars (id, case_id, user_id, reason) values (gen_random_uuid(), '{}', '{}', 'relative')",
        id(&scene.case),
        user("bruno")
    ))
    .await;
    for somebody in [&scene.coordinator, &w.odd, &w.chen] {
        somebody.get(&placement).await.is(404);
        somebody.get(format!("{}/placements", scene.case)).await.is(404);
        noted(somebody, &placement, ("2026-02-09", "0"), ["8", "", ""]).await.is(404);
    }
    scene.coordinator.get(&scene.project).await.shows("1 of 2 places free").lacks(id(&scene.case));
    is(tries(&w, "amina", "update project_attendance set present = 0").await, DENIED);
    is(tries(&w, "amina", "delete from project_attendance").await, DENIED);
    is(tries(&w, "amina", "update project_placements set person_id = person_id").await, DENIED);
    let forged = "insert into project_attendance (id, placement_id, case_id, week, nth, present, justified, unjustified, by_host, author, author_name)
        select gen_random_uuid(), placement_id, case_id, week, 2, 0, 0, 8, true, author, 'x' from project_attendance";
    is(tries(&w, "amina", forged).await, DENIED);
    assert_eq!(tries(&w, "bruno", "update project_placements set left_on = starts_on, left_reason = 'moved'").await, Ok(0));
}
