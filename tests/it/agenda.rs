//! A worker's week in hours, sessions that are planned ahead, moving a meeting within the calendar; and who is no colleague.
use chrono::{Datelike, Days, NaiveDate, TimeDelta};
use serde_json::json;

use crate::support::World;
use crate::support::browser::Seen;
use crate::support::case_work::CHILD_PROTECTION;
use crate::support::sent::GBV;
use crate::support::world::{FIELD, user};

fn today(w: &World) -> NaiveDate {
    w.ground.clock.now().date_naive()
}

// Sets time of Amina's aside, on this day from nine o'clock.
async fn planned(w: &World, kind: &str, on: NaiveDate, minutes: &str) {
    let on = on.to_string();
    let form = [("kind", kind), ("on_day", on.as_str()), ("from", "09:00"), ("minutes", minutes), ("words", "Walk by the sea")];
    w.amina.post("/agenda/blocks", form).await.redirects();
}

#[tokio::test]
async fn a_week_is_planned_by_kind_and_says_when_nothing_is_left_for_oneself() {
    let w = World::new().await;
    let week = w.amina.get("/agenda/week").await;
    week.shows("Hours contracted 40:00").shows("No time for yourself this week").lacks("more than you are contracted for");
    let on = today(&w).to_string();
    let wrong = [("kind", "self_care"), ("on_day", on.as_str()), ("from", "23:30"), ("minutes", "60"), ("words", "Read")];
    w.amina.post("/agenda/blocks", wrong).await.is(422).shows("It would end after midnight").keeps("Read");
    w.amina.post("/agenda/blocks", [("kind", "visits")]).await.is(422).shows("Choose one of the answers");
    planned(&w, "self_care", today(&w), "60").await;
    w.amina
        .get("/agenda/week")
        .await
        .shows("Hours planned 1:00")
        .shows("Self-care 1:00")
        .shows("Walk by the sea")
        .lacks("No time for yourself");
    // A meeting is not planned over it unseen; and nobody else sees it.
    w.amina.get("/calendar?view=day").await.shows("09:00 – 10:00").shows("Walk by the sea");
    w.bruno.get(format!("/calendar?view=day&of={}", user("amina"))).await.is(200).lacks("Walk by the sea");
    let next = today(&w) + Days::new(7);
    w.amina.get(format!("/agenda/week?on={next}")).await.shows("Hours planned 0:00").lacks("Walk by the sea");
    assert_eq!(w.count("week_blocks where position('Walk'::bytea in words) > 0").await, 0, "its words are sealed");
}

#[tokio::test]
async fn a_block_that_comes_every_week_is_changed_and_ended_from_a_day_on_by_its_worker_alone() {
    let w = World::new().await;
    let (first, next) = (today(&w), today(&w) + Days::new(7));
    let on = first.to_string();
    let weekly = [
        ("kind", "networking"),
        ("on_day", on.as_str()),
        ("from", "10:00"),
        ("minutes", "90"),
        ("weekly", "true"),
        ("words", "Market"),
    ];
    w.amina.post("/agenda/blocks", weekly).await.redirects();
    w.amina.get(format!("/agenda/week?on={next}")).await.shows("10:00 – 11:30").shows("Market");
    let block = format!("/agenda/blocks/{}", w.value("select id::text from week_blocks").await);
    w.amina.get(&block).await.keeps("Market");
    for other in [&w.bruno, &w.odd, &w.salma] {
        other.get(&block).await.is(404);
        other.post(&block, weekly).await.is(404);
        other.post(format!("{block}/removal"), [("version", "1")]).await.is(404);
    }
    let shorter = [&weekly[..3], &[("minutes", "60"), ("weekly", "true"), ("words", "Market"), ("version", "1")]].concat();
    w.amina.post(&block, shorter.clone()).await.redirects();
    w.amina.post(&block, shorter).await.is(409);
    let from = next.to_string();
    w.amina.post(format!("{block}/removal"), [("version", "2"), ("from_day", from.as_str())]).await.redirects();
    w.amina.get("/agenda/week").await.shows("Market");
    w.amina.get(format!("/agenda/week?on={next}")).await.lacks("Market");
    w.amina.post(format!("{block}/removal"), [("version", "3")]).await.redirects();
    w.amina.get("/agenda/week").await.lacks("Market");
}

#[tokio::test]
async fn changing_what_comes_every_week_leaves_the_weeks_that_are_over_as_they_were() {
    let w = World::new().await;
    let (first, before) = (today(&w) - Days::new(14), today(&w) - Days::new(7));
    let on = first.to_string();
    let weekly = |words: &'static str| {
        [
            ("kind", "networking"),
            ("on_day", on.as_str()),
            ("from", "10:00"),
            ("minutes", "90"),
            ("weekly", "true"),
            ("words", words),
        ]
    };
    w.amina.post("/agenda/blocks", weekly("Market")).await.redirects();
    let block = format!("/agenda/blocks/{}", w.value("select id::text from week_blocks").await);
    let changed = [&weekly("Library")[..], &[("version", "1")]].concat();
    w.amina.post(&block, changed.clone()).await.redirects();
    w.amina.get("/agenda/week").await.shows("Library").lacks("Market");
    w.amina.get(format!("/agenda/week?on={before}")).await.shows("Market").lacks("Library");
    w.amina.post(&block, changed).await.is(409);
}

#[tokio::test]
async fn a_week_holds_no_more_blocks_than_its_page_shows() {
    let w = World::new().await;
    w.sql(&format!(
        "insert into week_blocks (id, user_id, kind, on_day, from_minute, minutes, weekly, words)
           select gen_random_uuid(), '{}', 'networking', current_date, 540, 15, true, '' from generate_series(1, 100)",
        user("amina")
    ))
    .await;
    let on = today(&w).to_string();
    let form = [("kind", "networking"), ("on_day", on.as_str()), ("from", "10:00"), ("minutes", "15")];
    w.amina.post("/agenda/blocks", form).await.is(422).shows("at most; remove some first");
}

#[tokio::test]
async fn a_supervisor_sets_hours_and_sees_interviews_and_visits_and_nothing_that_tells_what_else_is_planned() {
    let w = World::new().await;
    let amina = format!("/agenda/hours/{}", user("amina"));
    w.amina.get("/agenda/team").await.is(403);
    w.amina.post(&amina, [("hours", "10"), ("version", "0")]).await.is(403);
    w.bruno.get(&amina).await.shows("Amina Haddad").shows("Nobody set them yet");
    w.bruno.post(&amina, [("hours", "99"), ("version", "0")]).await.is(422).shows("out of range");
    w.bruno.post(&amina, [("hours", "10"), ("version", "0")]).await.redirects();
    w.ada.post(&amina, [("hours", "11"), ("version", "0")]).await.is(409);
    w.bruno.get(format!("/agenda/hours/{}", user("odd"))).await.is(404);
    planned(&w, "administration", today(&w), "480").await;
    planned(&w, "self_care", today(&w), "240").await;
    w.amina.get("/agenda/week").await.shows("2:00 hours more than you are contracted for");
    let page = w.bruno.get("/agenda/team").await;
    page.shows("Amina Haddad 0:00 10:00 · Amina Haddad")
        .lacks("by the sea")
        .lacks("Haddad 4:00")
        .lacks("Haddad 8:00")
        .lacks("Haddad 12:00")
        .lacks("Self-care");
    let program = w.bruno.program().await;
    let team = program.get("/api/v1/agenda/team").await;
    team.is(200).shows("\"visits_minutes\":0").lacks("planned_minutes").lacks("by the sea").lacks("self_care");
    let hours = json!({ "hours": 38, "version": 1 });
    assert_eq!(program.call("POST", &format!("/api/v1{amina}"), Some(&hours)).await.status, 200);
    w.amina.get("/agenda/week").await.shows("Hours contracted 38:00").lacks("more than you are contracted for");
    assert_eq!(w.count("facts where kind = 'hours.contracted'").await, 2);
}

#[tokio::test]
async fn a_conference_with_others_is_networking_and_no_visit() {
    let w = World::new().await;
    let (now, person) = (w.in_hours(0), w.known_person("Dana Saleh").await);
    let case = w.case(&w.amina, CHILD_PROTECTION, person, &[]).await;
    let form = [("kind", "conference"), ("starts_at", now.as_str()), ("minutes", "60")];
    let path = w.amina.post(format!("{case}/meetings"), form).await.redirects();
    let week = w.amina.get("/agenda/week").await;
    week.shows("Interviews and visits 0:00").shows("Networking 1:00").shows("Case conference").lacks("Dana").link(&path);
    w.bruno.get("/agenda/team").await.shows("Amina Haddad 0:00");
}

#[tokio::test]
async fn s11_hours_on_cases_that_the_supervisor_does_not_see_are_in_no_sum() {
    let w = World::new().await;
    let now = w.in_hours(0);
    let form = [("kind", "interview"), ("starts_at", now.as_str()), ("minutes", "60")];
    let (seen, hidden) = (w.known_person("Dana Saleh").await, w.known_person("Rima Saleh").await);
    let case = w.case(&w.amina, CHILD_PROTECTION, seen, &[]).await;
    w.amina.post(format!("{case}/meetings"), form).await.redirects();
    w.gita().await;
    let supervisor = user("gita").to_string();
    let guarded = w.case(&w.salma, GBV, hidden, &[("supervisor", &supervisor)]).await;
    w.salma.post(format!("{guarded}/meetings"), form).await.redirects();
    w.salma.get("/agenda/week").await.shows("Interviews and visits 1:00");
    let team = w.bruno.get("/agenda/team").await;
    team.shows("Amina Haddad 1:00").shows("Salma Noor 0:00").lacks("Dana").lacks("Rima");
}

#[tokio::test]
async fn a_week_is_planned_over_rest_and_its_words_come_back_to_nobody_else() {
    let w = World::new().await;
    let (own, other) = (w.amina.program().await, w.bruno.program().await);
    let new = json!({ "kind": "self_care", "on_day": today(&w), "from_minute": 540, "minutes": 30, "words": "Walk" });
    let made = own.call("POST", "/api/v1/agenda/blocks", Some(&new)).await;
    made.is(201).lacks("Walk");
    let made: serde_json::Value = serde_json::from_str(&made.body).expect("JSON");
    let block = format!("/api/v1/agenda/blocks/{}", made["id"].as_str().expect("an id"));
    own.get("/api/v1/agenda/week").await.is(200).shows("\"planned_minutes\":30").shows("Walk");
    other.get("/api/v1/agenda/week").await.is(200).lacks("Walk");
    assert_eq!(other.call("POST", &format!("{block}/removal"), Some(&json!({ "version": 1 }))).await.status, 404);
    let changed = json!({ "kind": "visits", "on_day": today(&w), "from_minute": 540, "minutes": 30, "version": 1 });
    assert_eq!(own.call("POST", &block, Some(&changed)).await.status, 422);
    assert_eq!(own.call("POST", &format!("{block}/removal"), Some(&json!({ "version": 1 }))).await.status, 200);
    own.get("/api/v1/agenda/week").await.lacks("Walk");
}

#[tokio::test]
async fn a_planned_session_stands_in_both_calendars_until_it_is_written_down_or_called_off() {
    let w = World::new().await;
    let (amina, at) = (user("amina").to_string(), w.in_hours(30));
    let form = [("kind", "individual"), ("workers", amina.as_str()), ("starts_at", at.as_str()), ("minutes", "60")];
    w.bruno.post("/team/sessions/planned", [("kind", "group"), form[1], form[2], form[3]]).await.is(422).shows("two workers");
    w.amina.post("/team/sessions/planned", form).await.is(403);
    w.bruno.post("/team/sessions/planned", form).await.redirects();
    let day = format!("/calendar?view=day&on={}", (w.ground.clock.now() + TimeDelta::hours(30)).date_naive());
    w.amina.get(&day).await.shows("Supervision session").shows("Bruno Costa");
    w.bruno.get(&day).await.shows("Supervision session").shows("Amina Haddad");
    w.salma.get(&day).await.lacks("Bruno Costa");
    let plan = w.value("select id::text from supervision_plans").await;
    let off = format!("/team/sessions/planned/{plan}/calling-off");
    w.amina.get("/team/sessions").await.shows("Individual").lacks("Call it off");
    w.amina.post(&off, [("", "")]).await.is(403);
    w.odd.post(&off, [("", "")]).await.is(404);
    w.bruno.get("/team/sessions").await.shows("Call it off").lacks("It was held: write it down");
    let held = [("kind", "individual"), ("workers", amina.as_str()), ("planned", plan.as_str())];
    w.bruno.post("/team/sessions", held).await.is(422).shows("This session is planned for later");
    w.ground.clock.forward(TimeDelta::hours(31));
    let list = w.bruno.get("/team/sessions").await;
    list.shows("It was held: write it down");
    assert!(list.body.contains(&format!("happened_at={at}")), "{}", list.body);
    w.bruno.post("/team/sessions", held).await.redirects();
    w.bruno.get("/team/sessions").await.lacks("It was held: write it down");
    w.bruno.post("/team/sessions", held).await.is(409);
    w.bruno.post(&off, [("", "")]).await.is(409);
    let later = w.in_hours(30);
    w.bruno.post("/team/sessions/planned", [form[0], form[1], ("starts_at", later.as_str()), form[3]]).await.redirects();
    let second = w.value("select id::text from supervision_plans where state = 'planned'").await;
    w.bruno.post(format!("/team/sessions/planned/{second}/calling-off"), [("", "")]).await.redirects();
    assert_eq!(w.count("supervision_plans where state = 'called_off'").await, 1);
    w.amina.get(&day).await.shows("Took place");
}

#[tokio::test]
async fn a_planned_session_counts_in_the_week_of_each_and_whoever_takes_part_is_told() {
    let w = World::new().await;
    let (amina, at) = (user("amina").to_string(), w.in_hours(30));
    let form = [("kind", "individual"), ("workers", amina.as_str()), ("starts_at", at.as_str()), ("minutes", "60")];
    w.bruno.post("/team/sessions/planned", form).await.redirects();
    w.work_off().await;
    w.amina.get("/notifications").await.shows("A supervision session with you is planned");
    w.bruno.get("/notifications").await.lacks("A supervision session with you");
    let week = format!("/agenda/week?on={}", &at[..10]);
    w.amina.get(&week).await.shows("Self-care 1:00").shows("Supervision session").lacks("No time for yourself");
    w.bruno.get(&week).await.shows("Administration 1:00").shows("No time for yourself");
    w.bruno.get(format!("/agenda/team?on={}", &at[..10])).await.shows("Amina Haddad 0:00");
    let plan = w.value("select id::text from supervision_plans").await;
    w.bruno.post(format!("/team/sessions/planned/{plan}/calling-off"), [("", "")]).await.redirects();
    w.work_off().await;
    w.amina.get("/notifications").await.shows("A supervision session with you is called off");
    w.amina.get(&week).await.shows("Hours planned 0:00").lacks("Supervision session");
}

#[tokio::test]
async fn a_session_that_is_planned_over_something_else_says_so() {
    let w = World::new().await;
    let (amina, at, later) = (user("amina").to_string(), w.in_hours(30), w.in_hours(31));
    let plan = |at| [("kind", "individual"), ("workers", amina.as_str()), ("starts_at", at), ("minutes", "90")];
    let first = w.bruno.post("/team/sessions/planned", plan(at.as_str())).await;
    let second = w.bruno.post("/team/sessions/planned", plan(later.as_str())).await;
    let word = |seen: &Seen| format!("{:?}", seen.headers.get_all("set-cookie").iter().collect::<Vec<_>>());
    assert!(word(&first).contains("session-is-planned"), "{}", word(&first));
    assert!(word(&second).contains("session-meets-others"), "{}", word(&second));
}

#[tokio::test]
async fn removing_what_comes_every_week_leaves_the_weeks_that_are_over() {
    let w = World::new().await;
    let (first, before) = ((today(&w) - Days::new(14)).to_string(), today(&w) - Days::new(7));
    let weekly = [
        ("kind", "networking"),
        ("on_day", first.as_str()),
        ("from", "10:00"),
        ("minutes", "90"),
        ("weekly", "true"),
        ("words", "Market"),
    ];
    w.amina.post("/agenda/blocks", weekly).await.redirects();
    let block = format!("/agenda/blocks/{}", w.value("select id::text from week_blocks").await);
    w.amina.post(format!("{block}/removal"), [("version", "1")]).await.redirects();
    w.amina.get("/agenda/week").await.lacks("Market");
    w.amina.get(format!("/agenda/week?on={before}")).await.shows("Market");
}

#[tokio::test]
async fn what_somebody_planned_who_left_is_called_off_by_whoever_supervises_there_and_stands_in_no_list_for_ever() {
    let w = World::new().await;
    w.member("carla", FIELD, "supervisor").await;
    let carla = w.browser("carla").await;
    let (amina, at) = (user("amina").to_string(), w.in_hours(30));
    let form = [("kind", "individual"), ("workers", amina.as_str()), ("starts_at", at.as_str()), ("minutes", "60")];
    w.bruno.post("/team/sessions/planned", form).await.redirects();
    let plan = w.value("select id::text from supervision_plans").await;
    w.sql(&format!("update memberships set ended_at = now() where user_id = '{}'", user("bruno"))).await;
    w.amina.get("/team/sessions").await.shows("Bruno Costa").lacks("Call it off");
    carla.get("/team/sessions").await.shows("Call it off").lacks("It was held: write it down");
    w.sql("update supervision_plans set starts_at = starts_at - interval '40 days', ends_at = ends_at - interval '40 days'")
        .await;
    w.amina.get("/team/sessions").await.lacks("Bruno Costa");
    carla.get("/team/sessions").await.lacks("Call it off");
    let off = format!("/team/sessions/planned/{plan}/calling-off");
    w.salma.post(&off, [("", "")]).await.is(404);
    carla.post(&off, [("", "")]).await.redirects();
    assert_eq!(w.count("supervision_plans where state = 'called_off'").await, 1);
    carla.post(&off, [("", "")]).await.is(409);
}

#[tokio::test]
async fn a_month_mutes_days_of_other_months_and_each_is_heard_with_its_whole_date() {
    let w = World::new().await;
    let page = w.amina.get("/calendar?view=month&on=2025-11-10").await;
    page.shows("Mon 27 Oct 2025").shows("Sat 1 Nov 2025").shows("Sun 30 Nov 2025").lacks("1 Dec 2025");
    assert_eq!(page.body.matches("class=\"tc-outside\"").count(), 5, "from Monday to Friday");
}

#[tokio::test]
async fn a_month_counts_all_that_a_day_holds_in_the_readers_own_day() {
    let w = World::new().await;
    let case = w.case(&w.amina, CHILD_PROTECTION, w.known_person("Dana Saleh").await, &[]).await;
    let day = today(&w) + Days::new(10);
    let starts = format!("{day}T00:30");
    let form = [("kind", "interview"), ("starts_at", starts.as_str()), ("minutes", "60")];
    w.amina.post(format!("{case}/meetings"), form).await.redirects();
    // More than the list of a week would hold. In Amman the hour after midnight is still the day before in UTC.
    w.sql(
        "insert into meetings (id, case_id, kind, starts_at, ends_at, holder, words, author, author_name)
         select gen_random_uuid(), case_id, kind, starts_at, ends_at, holder, words, author, author_name from meetings, generate_series(1, 519)",
    )
    .await;
    let page = w.amina.get(&format!("/calendar?view=month&on={day}")).await;
    page.shows("520 meetings").lacks("Dana Saleh");
    let cell = page.body.split("</td>").find(|cell| cell.contains(">520<")).unwrap();
    assert!(cell.contains(&day.format("%-d %b %Y").to_string()), "{cell}");
    // Where a column is too narrow for words the figure stands alone.
    assert!(cell.contains("<span class=\"tc-month-figure\" aria-hidden=\"true\">520</span>"), "{cell}");
}

#[tokio::test]
async fn a_meeting_that_was_dragged_says_who_asked_and_leads_back_to_the_calendar() {
    let w = World::new().await;
    let case = w.case(&w.amina, CHILD_PROTECTION, w.known_person("Dana Saleh").await, &[]).await;
    let (at, to) = (w.in_hours(0), w.in_hours(50));
    let form = [("kind", "interview"), ("starts_at", at.as_str()), ("minutes", "60")];
    let meeting = w.amina.post(format!("{case}/meetings"), form).await.redirects();
    let page = w.amina.get("/calendar").await;
    assert!(page.body.contains(&format!("data-move=\"{meeting}/time\" data-version=\"1\"")), "{}", page.body);
    page.shows("Who asked for it");
    let month = today(&w).format("%b %Y").to_string();
    w.amina.get("/calendar?view=month").await.lacks("data-move").shows(&month);
    let back = format!("/calendar?view=week&on={}", today(&w));
    let moved = |version: &'static str, back: &str| {
        let fields =
            [("version", version), ("starts_at", &to), ("asked_by", "person"), ("move_reason", "transport"), ("back", back)];
        fields.map(|(name, value)| (name.to_owned(), value.to_owned()))
    };
    let send = async |fields: [(String, String); 5]| {
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        w.amina.post(format!("{meeting}/time"), fields).await
    };
    assert_eq!(send(moved("1", &back)).await.redirects(), back);
    send(moved("1", &back)).await.is(409);
    w.amina.get(&meeting).await.shows("The person, No way to get there");
    assert_eq!(send(moved("2", "https://elsewhere.example/calendar?")).await.redirects(), meeting);
}

#[tokio::test]
async fn a_program_is_nobodys_colleague() {
    let w = World::new().await;
    w.member("robot", FIELD, "case_worker").await;
    let case = w.case(&w.amina, CHILD_PROTECTION, w.known_person("Dana Saleh").await, &[]).await;
    let pages = [
        "/team/sessions/new".to_owned(),
        "/team/sessions/plan".to_owned(),
        "/team".to_owned(),
        "/agenda/team".to_owned(),
        "/covers".to_owned(),
        format!("{case}/meetings/new"),
    ];
    for page in &pages {
        w.bruno.get(page).await.is(200).shows("Robot");
    }
    w.sql("update users set is_program = true where login = 'robot'").await;
    for page in &pages {
        w.bruno.get(page).await.is(200).lacks("Robot");
    }
    let (robot, at) = (user("robot").to_string(), w.in_hours(5));
    let form = [("kind", "interview"), ("starts_at", at.as_str()), ("minutes", "60"), ("holder", robot.as_str())];
    w.bruno.post(format!("{case}/meetings"), form).await.is(422);
    w.bruno.get(format!("/calendar?of={robot}")).await.is(404);
}

// A week is one week: what is planned on its last day stands in it, and the day after does not.
#[tokio::test]
async fn a_week_begins_on_monday_and_where_arabic_is_read_on_saturday() {
    let w = World::new().await;
    let monday = today(&w) - Days::new(u64::from(today(&w).weekday().num_days_from_monday()));
    let saturday = monday + Days::new(5);
    planned(&w, "self_care", saturday, "60").await;
    w.amina.get(format!("/agenda/week?on={monday}")).await.shows("Hours planned 1:00");
    w.sql(&format!("update users set lang = 'ar' where id = '{}'", user("amina"))).await;
    w.amina.get(format!("/agenda/week?on={monday}")).await.lacks("Walk by the sea");
    w.amina.get(format!("/agenda/week?on={saturday}")).await.shows("Walk by the sea");
}
