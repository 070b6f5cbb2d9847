//! Whoever is out on a visit, and whoever looks for them (S22).
use chrono::TimeDelta;

use super::{CASE, GENERAL, OVERDUE, case, out_on_a_visit, planned};
use crate::support::World;
use crate::support::case_work::GBV;
use crate::support::world::{FIELD, user};

// What whoever plans a visit or sets out on one reads until the supervisor has decided.
const WAIT: &str = "Nobody goes there again before the supervisor has decided";
const OUT: &str = "tasks where kind = 'visit_out' and done_at is null";

// What the form of a decision on the page of this visit says.
fn decided(path: &str) -> [(&'static str, &str); 3] {
    [("kind", "decision"), ("body", "Two of us go, and only by day."), ("visit", path.rsplit('/').next().unwrap_or_default())]
}

#[tokio::test]
async fn s22_whoever_is_out_finds_on_their_day_where_they_say_that_they_are_back() {
    let w = World::new().await;
    case(&w, GENERAL, "amina").await;
    let path = out_on_a_visit(&w).await;
    let (day, case) = (w.amina.get("/").await, w.amina.get(format!("/cases/{CASE}")).await);
    let back = day.shows("You are out on a visit").shows("Back by").lacks("Amina Haddad is out on a visit").link("/visits/");
    assert_eq!(case.shows("You are out on a visit").shows("I am back, all is well").link("/visits/"), back);
    // A colleague reads that she is out, and says nothing for her.
    let other = w.bruno.get(format!("/cases/{CASE}")).await;
    let way = other.shows("Amina Haddad is out on a visit").lacks("You are out").link(&format!("/cases/{CASE}/meetings/out"));
    assert!(w.bruno.get(&way).await.redirects().ends_with(&path));
    w.amina.get(&path).await.lacks("It will not take place").lacks("Another time");
    w.amina.post(&back, [("", "")]).await.redirects();
    w.amina.get("/").await.lacks("You are out on a visit");
    assert_eq!(w.count(OUT).await, 0);
}

#[tokio::test]
async fn s22_that_one_is_out_stands_on_ones_day_and_on_the_case_however_much_is_late() {
    let w = World::new().await;
    case(&w, GENERAL, "amina").await;
    out_on_a_visit(&w).await;
    w.sql(&format!(
        "insert into tasks (id, kind, case_id, org, unit, assignee, title, due_at)
         select gen_random_uuid(), 'own', '{CASE}', 1, {FIELD}, '{}', 'Call the school', now() - interval '9 days' from generate_series(1, 101)",
        user("amina")
    ))
    .await;
    for page in ["/".to_owned(), format!("/cases/{CASE}")] {
        w.amina.get(page).await.shows("You are out on a visit");
    }
}

#[tokio::test]
async fn s22_who_is_out_on_two_visits_says_of_each_that_they_are_back() {
    let w = World::new().await;
    case(&w, GENERAL, "amina").await;
    for path in [out_on_a_visit(&w).await, out_on_a_visit(&w).await] {
        let back = format!("/visits/{}/return", path.rsplit('/').next().unwrap_or_default());
        for page in ["/".to_owned(), format!("/cases/{CASE}")] {
            w.amina.get(page).await.link(&back);
        }
        w.amina.post(&back, [("", "")]).await.redirects();
        w.amina.get("/").await.lacks(&back);
    }
    w.amina.get("/").await.lacks("You are out on a visit");
}

#[tokio::test]
async fn s22_that_somebody_is_out_is_given_to_nobody_else() {
    let w = World::new().await;
    case(&w, GENERAL, "amina").await;
    out_on_a_visit(&w).await;
    let task = w.value("select id::text from tasks where kind = 'visit_out'").await;
    let taken = w.bruno.post(format!("/tasks/{task}/assignment"), [("", "")]).await;
    taken.is(409).shows("This task stays with whoever holds it");
    // Nor where something else gives it away, as leaving the organisation does.
    w.sql(&format!("update tasks set assignee = '{}' where kind = 'visit_out'", user("bruno"))).await;
    w.amina.get("/").await.shows("You are out on a visit");
    w.bruno.get("/").await.lacks("You are out on a visit");
}

#[tokio::test]
async fn s22_who_is_not_back_comes_first_is_named_and_whom_they_visit_is_not() {
    let w = World::new().await;
    case(&w, GENERAL, "amina").await;
    let path = out_on_a_visit(&w).await;
    w.after(TimeDelta::hours(3)).await;
    let day = w.bruno.get("/").await;
    let text = day.text();
    let first = text.split("Overdue").nth(1).unwrap_or_default().trim_start();
    assert!(first.starts_with("Amina Haddad is not back from a visit"), "{text}");
    let way = day.link(&format!("/cases/{CASE}/meetings/out"));
    let visit = w.bruno.get(&way).await.redirects();
    w.bruno.get(&visit).await.shows("I spoke to them").shows("The supervisor was told").shows("Where · At the centre");
    let back_by = "select count(*)::text from tasks t join meetings m on t.due_at = m.back_by where t.kind = 'visit_overdue'";
    assert_eq!(w.value(back_by).await, "1", "it is dated by when they were to be back");
    w.amina.get(&path).await.shows("This is late");
}

#[tokio::test]
async fn s22_who_is_not_back_comes_first_however_much_is_late() {
    let w = World::new().await;
    case(&w, GENERAL, "amina").await;
    out_on_a_visit(&w).await;
    // More is late than a day shows, both with him and in the inbox of the unit.
    w.sql(&format!(
        "insert into tasks (id, kind, case_id, org, unit, assignee, title, due_at)
         select gen_random_uuid(), 'own', '{CASE}', 1, {FIELD}, whose, 'Call the school', now() - interval '9 days'
         from generate_series(1, 101), unnest(array['{}', null]::uuid[]) whose",
        user("bruno")
    ))
    .await;
    w.after(TimeDelta::hours(3)).await;
    let day = w.bruno.get("/").await.text();
    let first = day.split("Overdue").nth(1).unwrap_or_default().trim_start();
    assert!(first.starts_with("Amina Haddad is not back from a visit"), "{day}");
    w.sql("update tasks set assignee = null where kind = 'visit_overdue'").await;
    w.bruno.get("/").await.shows("Amina Haddad is not back from a visit");
}

#[tokio::test]
async fn s22_who_needs_more_time_is_looked_for_once_that_has_passed_too() {
    let w = World::new().await;
    case(&w, GENERAL, "amina").await;
    let path = out_on_a_visit(&w).await;
    w.after(TimeDelta::hours(3)).await;
    assert_eq!(w.count(OVERDUE).await, 1);
    let (by, far) = (w.in_hours(2), w.in_hours(30));
    let stays = format!("{path}/back-by");
    w.amina.post(&stays, [("back_by", far.as_str()), ("version", "2")]).await.is(422);
    w.bruno.post(&stays, [("back_by", by.as_str()), ("version", "2")]).await.is(403);
    w.amina.post(&stays, [("back_by", by.as_str()), ("version", "1")]).await.is(409);
    w.amina.post(&stays, [("back_by", by.as_str()), ("version", "2")]).await.redirects();
    assert_eq!((w.count(OVERDUE).await, w.count(OUT).await), (0, 1));
    assert_eq!(w.count("facts where kind = 'visit.prolonged'").await, 1);
    // Whoever looked for her hears that they need not any more, by her name and not by that of whom she visits.
    w.work_off().await;
    w.bruno.get("/notifications").await.shows("Amina Haddad needs more time on a visit").lacks("Dana Secret");
    w.amina.get("/notifications").await.lacks("needs more time on a visit");
    w.after(TimeDelta::hours(3)).await;
    assert_eq!(w.count(OVERDUE).await, 1);
}

#[tokio::test]
async fn s22_who_is_back_says_that_it_was_not_safe_and_the_supervisor_is_asked() {
    let w = World::new().await;
    case(&w, GENERAL, "amina").await;
    let path = out_on_a_visit(&w).await;
    let back = format!("{path}/return");
    w.amina.post(&back, [("unsafe", "yes"), ("not_safe", " ")]).await.is(422).shows("Fill this in");
    w.amina.post(&back, [("unsafe", "yes"), ("not_safe", "He stood at the door.")]).await.redirects();
    w.amina.get(&path).await.shows("He stood at the door.");
    assert_eq!(w.count("meetings where back_at is not null").await, 1);
    let asked = format!("tasks where kind = 'visit_not_safe' and assignee = '{}' and done_at is null", user("bruno"));
    assert_eq!(w.count(&asked).await, 1);
}

#[tokio::test]
async fn s22_after_a_visit_that_was_not_safe_whoever_plans_or_goes_reads_that_the_supervisor_decides_first() {
    let w = World::new().await;
    case(&w, GENERAL, "amina").await;
    let path = out_on_a_visit(&w).await;
    w.amina.get(&path).await.lacks(WAIT);
    w.amina.post(format!("{path}/return"), [("unsafe", "yes"), ("not_safe", "He stood at the door.")]).await.redirects();
    let file = format!("/cases/{CASE}");
    let pages = [planned(&w, "home_visit", 3).await, format!("{file}/meetings/new"), path, file.clone()];
    for page in &pages {
        w.amina.get(page).await.shows(WAIT);
    }
    w.amina.get(planned(&w, "interview", 5).await).await.lacks(WAIT);
    w.bruno.post(format!("{file}/notes"), decided(&pages[2])).await.redirects();
    for page in &pages {
        w.amina.get(page).await.lacks(WAIT);
    }
}

#[tokio::test]
async fn s22_after_a_visit_that_was_not_safe_nobody_sets_out_before_the_supervisor_has_decided_and_the_words_stay() {
    let w = World::new().await;
    case(&w, GENERAL, "amina").await;
    let path = out_on_a_visit(&w).await;
    w.amina.post(format!("{path}/return"), [("unsafe", "yes"), ("not_safe", "He stood at the door.")]).await.redirects();
    let by = w.in_hours(1);
    let out = |version: &'static str| {
        [("back_by", by.as_str()), ("safe_for_person", "yes"), ("safe_for_worker", "yes"), ("version", version)]
    };
    // Neither on the same visit nor on another one, whoever goes.
    for (who, visit, version) in [(&w.amina, &path, "3"), (&w.bruno, &planned(&w, "home_visit", 0).await, "1")] {
        who.get(visit).await.lacks("I am setting out");
        who.post(format!("{visit}/setting-out"), out(version)).await.is(409).shows("A visit of this case was not safe");
    }
    assert_eq!(w.count(OUT).await, 0);
    // The supervisor decides with one tap, and whoever goes there next still reads what was said.
    let decide = w.bruno.get(&path).await;
    decide.shows("Somebody may go now").keeps("I know what happened. Somebody may go there again now.");
    w.bruno.post(format!("/cases/{CASE}/notes"), decided(&path)).await.redirects();
    w.amina.post(format!("{path}/setting-out"), out("3")).await.redirects();
    w.amina.post(format!("{path}/return"), [("", "")]).await.redirects();
    for who in [&w.amina, &w.bruno] {
        who.get(&path).await.shows("Earlier outings").shows("It was not safe · Amina Haddad").shows("He stood at the door.");
    }
    assert_eq!(w.count("meetings where position('the door'::bytea in words) > 0").await, 0, "its words are sealed");
}

#[tokio::test]
async fn s22_what_was_not_safe_is_kept_also_once_somebody_else_said_that_they_are_back() {
    let w = World::new().await;
    case(&w, GENERAL, "amina").await;
    let path = out_on_a_visit(&w).await;
    let back = format!("{path}/return");
    w.bruno.post(&back, [("spoke", "yes")]).await.redirects();
    // Her page is still open as it was.
    let said = [("unsafe", "yes"), ("not_safe", "He had a knife.")];
    w.amina.post(&back, said).await.redirects();
    w.amina.post(&back, said).await.redirects();
    // Whoever said that she is back still did, whoever adds to it.
    let page = w.bruno.get(&path).await;
    page.shows("He had a knife.").lacks("He had a knife. He had a knife.");
    page.shows("Bruno Costa spoke to them").lacks("as Amina Haddad said");
    // What is added is measured by itself, not with what was said before.
    let long = "x".repeat(3999);
    w.amina.post(&back, [("unsafe", "yes"), ("not_safe", long.as_str())]).await.redirects();
    let longer = "x".repeat(4001);
    w.amina.post(&back, [("unsafe", "yes"), ("not_safe", longer.as_str())]).await.is(422);
    let asked = format!("tasks where kind = 'visit_not_safe' and assignee = '{}' and done_at is null", user("bruno"));
    assert_eq!(w.count(&asked).await, 1);
}

#[tokio::test]
async fn s22_what_a_supervisor_is_asked_stays_open_when_it_is_said_once_more_that_it_was_not_safe() {
    let w = World::new().await;
    case(&w, GENERAL, "amina").await;
    let path = out_on_a_visit(&w).await;
    w.amina.post(format!("{path}/return"), [("unsafe", "yes"), ("not_safe", "He stood at the door.")]).await.redirects();
    let off = [("version", "3"), ("state", "not_held"), ("reason", "not_safe")];
    w.amina.post(format!("{path}/outcome"), off).await.redirects();
    assert_eq!(w.count("tasks where kind = 'visit_not_safe'").await, 1);
    assert_eq!(w.count("tasks where kind = 'visit_not_safe' and done_at is null").await, 1, "she did not do it for him");
}

#[tokio::test]
async fn s22_who_sets_out_hours_before_a_visit_begins_says_that_they_mean_it() {
    let w = World::new().await;
    case(&w, GENERAL, "amina").await;
    let path = planned(&w, "home_visit", 12).await;
    let (by, go) = (w.in_hours(2), format!("{path}/setting-out"));
    let out = [("back_by", by.as_str()), ("safe_for_person", "yes"), ("safe_for_worker", "yes"), ("version", "1")];
    w.amina.post(&go, out).await.is(422).shows("begins in more than four hours").shows("give it that first");
    assert_eq!(w.count(OUT).await, 0);
    w.amina.post(&go, [&out[..], &[("early", "yes")]].concat()).await.redirects();
    assert_eq!(w.count(OUT).await, 1);
}

#[tokio::test]
async fn s22_who_went_early_and_is_back_before_the_planned_time_says_how_it_went() {
    let w = World::new().await;
    case(&w, GENERAL, "amina").await;
    let path = planned(&w, "home_visit", 6).await;
    let by = w.in_hours(8);
    let safe = [("safe_for_person", "yes"), ("safe_for_worker", "yes")];
    let out = [safe[0], safe[1], ("back_by", by.as_str()), ("version", "1"), ("early", "yes")];
    w.amina.get(&path).await.lacks("How did it go");
    w.amina.post(format!("{path}/setting-out"), out).await.redirects();
    w.amina.post(format!("{path}/return"), [("", "")]).await.redirects();
    w.amina.get(&path).await.shows("How did it go");
    w.amina.post(format!("{path}/outcome"), [("version", "3"), ("state", "held")]).await.redirects();
    assert_eq!(w.count("meetings where state = 'held'").await, 1);
}

#[tokio::test]
async fn s22_the_supervisor_decides_beside_what_was_said_and_whoever_goes_there_next_reads_it_too() {
    let w = World::new().await;
    case(&w, GENERAL, "amina").await;
    let path = out_on_a_visit(&w).await;
    w.amina.post(format!("{path}/return"), [("unsafe", "yes"), ("not_safe", "He stood at the door.")]).await.redirects();
    let way = w.bruno.get("/").await.link(&format!("/cases/{CASE}/meetings/not-safe"));
    let visit = w.bruno.get(&way).await.redirects();
    assert!(visit.ends_with(&path), "{visit}");
    w.bruno.get(&visit).await.shows("He stood at the door.").shows("Decide what must change");
    // Whoever keeps the case does not decide, and is told before anybody goes there again.
    w.amina.get(&path).await.lacks("Decide what must change");
    let new = format!("/cases/{CASE}/meetings/new");
    for page in [&planned(&w, "home_visit", 3).await, &new] {
        assert_eq!(w.amina.get(page).await.shows("He stood at the door.").link(&path), path);
    }
    w.bruno.post(format!("/cases/{CASE}/notes"), decided(&path)).await.redirects();
    w.amina.get(&new).await.lacks("He stood at the door.");
    assert!(w.bruno.get(&way).await.redirects().ends_with("/meetings"));
}

#[tokio::test]
async fn s22_a_decision_settles_the_visit_on_whose_page_it_is_written_and_no_other() {
    let w = World::new().await;
    case(&w, GENERAL, "amina").await;
    let paths = [out_on_a_visit(&w).await, out_on_a_visit(&w).await];
    for (path, words) in paths.iter().zip(["He stood at the door.", "The dog was loose."]) {
        w.amina.post(format!("{path}/return"), [("unsafe", "yes"), ("not_safe", words)]).await.redirects();
    }
    let (notes, new) = (format!("/cases/{CASE}/notes"), format!("/cases/{CASE}/meetings/new"));
    w.bruno.get(&paths[1]).await.shows("settles this visit alone");
    w.bruno.post(&notes, decided(&paths[1])).await.redirects();
    w.amina.get(&new).await.shows(WAIT).shows("He stood at the door.").lacks("The dog was loose.");
    w.bruno.get(&paths[1]).await.lacks("Decide what must change");
    assert!(w.bruno.get(format!("/cases/{CASE}/meetings/not-safe")).await.redirects().ends_with(&paths[0]));
    // What was typed wrongly is asked again, of the same visit.
    let [kind, _, visit] = decided(&paths[0]);
    w.bruno.post(&notes, [kind, ("body", " "), visit]).await.is(422).keeps(visit.1);
    w.bruno.post(&notes, decided(&paths[0])).await.redirects();
    w.amina.get(&new).await.lacks(WAIT);
}

#[tokio::test]
async fn s22_what_must_change_after_a_visit_that_was_not_safe_comes_first_today_also_after_midnight() {
    let w = World::new().await;
    case(&w, GENERAL, "amina").await;
    let path = out_on_a_visit(&w).await;
    w.amina.post(format!("{path}/return"), [("unsafe", "yes"), ("not_safe", "He stood at the door.")]).await.redirects();
    w.sql("update tasks set due_at = now() + interval '30 hours' where kind = 'visit_not_safe'").await;
    w.sql(&format!(
        "insert into tasks (id, kind, case_id, org, unit, assignee, title, due_at)
         values (gen_random_uuid(), 'own', '{CASE}', 1, {FIELD}, '{}', 'Call the school', now() + interval '29 hours')",
        user("bruno")
    ))
    .await;
    let day = w.bruno.get("/").await.text();
    let at = ["A visit was not safe", "In the next days", "Call the school"].map(|words| day.find(words));
    assert!(at[0].is_some() && at.is_sorted(), "{day}");
}

#[tokio::test]
async fn s22_who_keeps_a_restricted_case_and_sees_no_task_of_their_supervisor_reads_that_nobody_goes_there() {
    let w = World::new().await;
    w.gita().await;
    case(&w, GBV, "salma").await;
    let new = format!("/cases/{CASE}/meetings/new");
    w.salma.get(&new).await.is(200).lacks(WAIT);
    w.sql(&format!(
        "insert into tasks (id, kind, case_id, org, unit, assignee, title, due_at, once)
         values (gen_random_uuid(), 'visit_not_safe', '{CASE}', 1, {FIELD}, '{}', '', now(), 'visit_not_safe:' || gen_random_uuid())",
        user("gita")
    ))
    .await;
    w.salma.get(&new).await.shows(WAIT);
}
