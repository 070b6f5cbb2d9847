//! Whoever is out on a visit and sees its case no more (S22).
use chrono::TimeDelta;
use serde_json::json;

use super::{CASE, GENERAL, OVERDUE, case, out_on_a_visit};
use crate::fences::{DENIED, is, tries};
use crate::support::World;
use crate::support::program::Program;
use crate::support::world::{FIELD, user};

const OUT: &str = "tasks where kind = 'visit_out' and done_at is null";

// Amina is out on a visit, and Karim works beside her; each sees a case as long as they keep it. Answers with the path of the meeting, and of the visit.
async fn out(w: &World) -> (String, String) {
    w.newcomer("karim", "Karim Saleh", 1, FIELD, "case_worker").await;
    case(w, GENERAL, "amina").await;
    let path = out_on_a_visit(w).await;
    let id = path.rsplit('/').next().expect("an id").to_owned();
    (path, format!("/visits/{id}"))
}

#[tokio::test]
async fn s22_who_is_out_says_that_they_are_back_while_a_colleague_covers_for_them() {
    let w = World::new().await;
    let (path, visit) = out(&w).await;
    let today = w.ground.clock.now().date_naive();
    let (from, until) = (today.to_string(), (today + TimeDelta::days(3)).to_string());
    let (worker, colleague) = (user("amina").to_string(), user("karim").to_string());
    let cover = [("worker", worker.as_str()), ("colleague", &colleague), ("from_on", &from), ("until_on", &until)];
    w.bruno.post("/covers", cover).await.redirects();
    w.amina.get(&path).await.is(404);
    w.amina.get("/").await.shows("You are out on a visit").link("/visits");
    w.amina.get("/calendar?view=day").await.link("/visits");
    w.amina.get("/visits").await.shows("I am back, all is well").lacks("C-MEET").lacks("Dana Secret").lacks("At the centre");
    // It is hers to say; whoever supervises says it on the page of the meeting.
    let back = format!("{visit}/return");
    w.browser("karim").await.post(&back, [("", "")]).await.is(404);
    w.bruno.post(&back, [("", "")]).await.is(404);
    w.amina.post(&back, [("", "")]).await.redirects();
    assert_eq!(w.count("meetings where back_at is not null").await, 1);
    assert_eq!(w.count(OUT).await, 0);
    w.bruno.get(&path).await.shows("as Amina Haddad said").shows("At the centre");
    w.amina.get("/visits").await.shows("You are out on no visit");
}

#[tokio::test]
async fn s22_who_is_out_needs_more_time_and_says_what_was_not_safe_although_the_case_went_to_somebody_else() {
    let w = World::new().await;
    let (path, visit) = out(&w).await;
    w.sql(&format!("update cases set case_manager = '{}' where id = '{CASE}'", user("karim"))).await;
    w.after(TimeDelta::hours(3)).await;
    w.amina.get("/visits").await.shows("This is late");
    let (by, stays) = (w.in_hours(2), format!("{visit}/back-by"));
    w.amina.post(&stays, [("back_by", "2001-01-01T10:00"), ("version", "2")]).await.is(422).shows("within a day");
    w.amina.post(&stays, [("back_by", by.as_str()), ("version", "2")]).await.redirects();
    assert_eq!((w.count(OVERDUE).await, w.count(OUT).await), (0, 1));
    w.work_off().await;
    w.bruno.get("/notifications").await.shows("Amina Haddad needs more time on a visit");
    let back = format!("{visit}/return");
    w.amina.post(&back, [("unsafe", "yes"), ("not_safe", " ")]).await.is(422).shows("Fill this in");
    w.amina.post(&back, [("unsafe", "yes"), ("not_safe", "He had a knife.")]).await.redirects();
    w.bruno.get(&path).await.shows("He had a knife.");
    assert_eq!(w.count("meetings where position('knife'::bytea in words) > 0").await, 0, "its words are sealed");
    let asked = format!("tasks where kind = 'visit_not_safe' and assignee = '{}' and done_at is null", user("bruno"));
    assert_eq!(w.count(&asked).await, 1);
}

#[tokio::test]
async fn s22_a_program_says_for_whoever_is_out_what_they_say_on_the_page_and_reads_nothing_of_the_case() {
    let w = World::new().await;
    let (path, visit) = out(&w).await;
    let amina = Program::of(&w.amina, w.token(&w.amina).await);
    let karim = w.browser("karim").await.program().await;
    w.sql(&format!("update cases set case_manager = '{}' where id = '{CASE}'", user("karim"))).await;
    let seen = amina.get("/api/v1/visits").await;
    seen.is(200).shows("\"version\":2").lacks(&CASE.to_string()).lacks("C-MEET").lacks("At the centre").lacks("home_visit");
    assert_eq!(karim.get("/api/v1/visits").await.is(200).body, "[]");
    let (stays, back) = (format!("/api/v1{visit}/back-by"), format!("/api/v1{visit}/return"));
    let by = w.ground.clock.now() + TimeDelta::hours(3);
    let longer = |version: i32| json!({ "back_by": by, "version": version });
    amina.call("POST", &stays, Some(&longer(1))).await.is(412);
    for _ in 0..2 {
        amina.call_once("more-time", &stays, &longer(2)).await.is(200).shows("\"version\":3");
    }
    for (other, refused) in [(&karim, 404), (&amina, 422)] {
        other.call("POST", &back, Some(&json!({ "not_safe": " " }))).await.is(refused);
    }
    let said = amina.call("POST", &back, Some(&json!({ "not_safe": "He had a knife." }))).await;
    said.is(200).lacks("knife").lacks("\"back_at\":null");
    assert_eq!(amina.get("/api/v1/visits").await.body, "[]");
    w.bruno.get(&path).await.shows("He had a knife.");
}

#[tokio::test]
async fn s10_whoever_is_barred_while_they_are_out_says_that_they_are_back_and_is_let_into_nothing() {
    let w = World::new().await;
    let (path, visit) = out(&w).await;
    w.sql(&format!(
        "insert into bars (id, case_id, user_id, reason) values (gen_random_uuid(), '{CASE}', '{}', 'relative')",
        user("amina")
    ))
    .await;
    w.amina.get(&path).await.is(404);
    w.amina.get("/").await.shows("You are out on a visit").lacks("C-MEET").link("/visits");
    w.amina.post(format!("{visit}/return"), [("", "")]).await.redirects();
    assert_eq!((w.count("meetings where back_at is not null").await, w.count("grants").await), (1, 0));
    w.amina.get("/").await.lacks("You are out on a visit");
    w.amina.get(&path).await.is(404);
}

#[tokio::test]
async fn s10_a_week_after_somebody_is_back_they_add_nothing_to_a_visit_whose_case_they_see_no_more() {
    let w = World::new().await;
    let (_, visit) = out(&w).await;
    w.sql(&format!("update cases set case_manager = '{}' where id = '{CASE}'", user("karim"))).await;
    let (back, said) = (format!("{visit}/return"), [("unsafe", "yes"), ("not_safe", "He had a knife.")]);
    w.amina.post(&back, [("", "")]).await.redirects();
    w.amina.post(&back, said).await.redirects();
    w.sql("update meetings set back_at = now() - interval '8 days'").await;
    w.amina.post(&back, [("unsafe", "yes"), ("not_safe", "And a dog.")]).await.is(404);
}

#[tokio::test]
async fn s10_a_supervisor_who_is_barred_from_the_case_is_not_asked_about_a_visit_that_was_not_safe() {
    let w = World::new().await;
    let (_, visit) = out(&w).await;
    for barred in ["amina", "bruno"] {
        w.sql(&format!(
            "insert into bars (id, case_id, user_id, reason) values (gen_random_uuid(), '{CASE}', '{}', 'relative')",
            user(barred)
        ))
        .await;
    }
    w.amina.post(format!("{visit}/return"), [("unsafe", "yes"), ("not_safe", "He had a knife.")]).await.redirects();
    let asked = format!("tasks where kind = 'visit_not_safe' and assignee = '{}'", user("bruno"));
    assert_eq!((w.count("tasks where kind = 'visit_not_safe'").await, w.count(&asked).await), (1, 0));
}

#[tokio::test]
async fn s22_nobody_makes_a_colleagues_visit_their_own_or_sends_a_colleague_out() {
    let w = World::new().await;
    let (path, visit) = out(&w).await;
    let id = visit.rsplit('/').next().unwrap_or_default();
    for other in ["karim", "bruno"] {
        is(tries(&w, "bruno", &format!("update meetings set out_by = '{}'", user(other))).await, DENIED);
    }
    assert_eq!(tries(&w, "bruno", "select from access.my_visits(null)").await, Ok(0));
    assert_eq!(tries(&w, "bruno", &format!("select 1 where access.visit_key('{id}') is not null")).await, Ok(0));
    assert_eq!(tries(&w, "bruno", &format!("select 1 where access.save_my_visit('{id}', 2, null, now(), now())")).await, Ok(0));
    w.amina.get(&path).await.shows("I am back, all is well");
}
