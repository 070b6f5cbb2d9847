//! Meetings of a case, the calendar, and its feed.
mod correcting;
mod leading;
mod out;
mod own;

use chrono::TimeDelta;
use uuid::Uuid;

use crate::people::call;
use crate::support::World;
use crate::support::browser::Seen;
use crate::support::world::{FIELD, user};

const CASE: Uuid = Uuid::from_u128(0x3e);
const GENERAL: i16 = 1;

async fn case(w: &World, case_type: i16, keeper: &str) {
    let person = Uuid::from_u128(0x3f);
    w.sql(&format!(
        "insert into persons (id, code, org, unit, name) values ('{person}', 'P-M', 1, {FIELD}, 'Dana Secret');
         insert into cases (id, code, org, unit, case_type, case_manager, person_id, pack, pack_version, stage, intake_source, opened_at)
           values ('{CASE}', 'C-MEET', 1, {FIELD}, {case_type}, '{}', '{person}', 'protection', 1, 'assessment', 'self', now())",
        user(keeper)
    ))
    .await;
    w.key_of(CASE).await;
}

// Plans one of Amina's and answers with its path.
async fn planned(w: &World, kind: &str, in_hours: i64) -> String {
    let at = w.in_hours(in_hours);
    let form = [
        ("kind", kind),
        ("starts_at", &at),
        ("minutes", "60"),
        ("place", "At the centre"),
        ("invited", "Nurse Adel, Clinic\nTeacher Rana, School"),
        ("safe_for_person", "yes"),
        ("safe_for_worker", "yes"),
    ];
    w.amina.post(format!("/cases/{CASE}/meetings"), form).await.redirects()
}

#[tokio::test]
async fn a_meeting_stands_in_the_calendar_is_moved_with_who_asked_and_is_a_task_of_its_day() {
    let w = World::new().await;
    case(&w, GENERAL, "amina").await;
    let path = planned(&w, "interview", 2).await;
    w.amina.get("/calendar?view=day").await.is(200);
    w.amina.get(format!("/cases/{CASE}")).await.shows("Interview");
    w.amina.get("/").await.shows("Meeting");
    let to = w.in_hours(50);
    let form = [("version", "1"), ("starts_at", &to), ("asked_by", "person"), ("move_reason", "transport")];
    w.amina.post(format!("{path}/time"), form).await.redirects();
    w.amina.get(&path).await.shows("Changes of time").shows("The person, No way to get there");
    w.amina.post(format!("{path}/time"), form).await.is(409);
    let of_day = (w.ground.clock.now() + TimeDelta::hours(50)).format("%Y-%m-%d").to_string();
    w.amina.get(format!("/calendar?view=day&on={of_day}")).await.shows("Interview").shows("C-MEET").lacks("Dana Secret");
    w.odd.get(&path).await.is(404);
}

#[tokio::test]
async fn a_meeting_that_was_held_is_a_contact_one_that_the_person_missed_an_attempt_and_decisions_are_tasks() {
    let w = World::new().await;
    case(&w, GENERAL, "amina").await;
    let path = planned(&w, "interview", 0).await;
    let form = [
        ("version", "1"),
        ("state", "held"),
        ("minutes", "She wants to go back to school."),
        ("decisions", "Call the school\n\nAsk for the form"),
    ];
    w.amina.post(format!("{path}/outcome"), form).await.redirects();
    let page = w.amina.get(format!("/cases/{CASE}")).await;
    page.shows("She wants to go back to school.").shows("Call the school").shows("Ask for the form");
    assert_eq!(w.count(&format!("case_notes where case_id = '{CASE}' and kind = 'contact'")).await, 1);
    w.amina.post(format!("{path}/outcome"), form).await.is(409);
    let path = planned(&w, "home_visit", 0).await;
    w.amina.post(format!("{path}/outcome"), [("version", "1"), ("state", "not_held")]).await.is(422);
    w.amina.post(format!("{path}/outcome"), [("version", "1"), ("state", "no_show")]).await.redirects();
    assert_eq!(w.count(&format!("case_notes where case_id = '{CASE}' and kind = 'contact_attempt'")).await, 1);
}

#[tokio::test]
async fn whoever_comes_late_was_met_and_that_stands_on_the_meeting_and_among_what_happened() {
    let w = World::new().await;
    case(&w, GENERAL, "amina").await;
    let path = planned(&w, "interview", 0).await;
    let form = [("version", "1"), ("state", "late"), ("minutes", "She missed the bus.")];
    w.amina.post(format!("{path}/outcome"), form).await.redirects();
    w.amina.get(&path).await.shows("Took place, late").shows("She missed the bus.");
    let notes = w.amina.get(format!("/cases/{CASE}?only=notes")).await;
    notes.shows("Interview · Took place, late").shows("She missed the bus.");
    assert_eq!(w.count(&format!("cases where id = '{CASE}' and last_contact_at is not null")).await, 1);
}

#[tokio::test]
async fn of_a_conference_stands_who_came_and_what_was_decided() {
    let w = World::new().await;
    case(&w, GENERAL, "amina").await;
    let path = planned(&w, "conference", 0).await;
    let form = [
        ("version", "1"),
        ("state", "held"),
        ("came", "Nurse Adel, Clinic"),
        ("others_agreed", "true"),
        ("minutes", "One plan for all."),
        ("decisions", "Write to the school"),
    ];
    w.amina.post(format!("{path}/outcome"), form).await.redirects();
    w.amina.get(&path).await.shows("Nurse Adel, Clinic · came").lacks("Teacher Rana, School · came").shows("One plan for all.");
    assert_eq!(
        w.count(&format!("case_notes where case_id = '{CASE}'")).await,
        0,
        "a conference is not a contact with the person"
    );
    assert_eq!(w.count(&format!("tasks where case_id = '{CASE}' and title = 'Write to the school'")).await, 1);
}

#[tokio::test]
async fn who_came_to_a_conference_is_asked_and_told_in_one_place() {
    let w = World::new().await;
    case(&w, GENERAL, "amina").await;
    let path = planned(&w, "conference", 0).await;
    w.amina.get(&path).await.shows("Who took part").shows("Who else came").lacks("Who of those asked came");
    let form = [("version", "1"), ("state", "held"), ("att_person", "came"), ("came", "Nurse Adel, Clinic")];
    // S27: whoever is no organisation here is bound to keep it to themselves, as those are.
    let refused = w.amina.post(format!("{path}/outcome"), form).await;
    refused.is(422).shows("agreed to keep it to themselves").shows("They receive nothing in writing");
    let form = [&form[..], &[("others_agreed", "true")]].concat();
    w.amina.post(format!("{path}/outcome"), form).await.redirects();
    w.amina.get(format!("{path}/conference")).await.shows("Also asked, by name alone: Nurse Adel, Clinic");
    w.amina.get(&path).await.shows("The person · Came Nurse Adel, Clinic · Came").lacks("Nurse Adel, Clinic · came");
}

// Sets out on a visit that begins now, to be back in two hours; answers with its path.
async fn out_on_a_visit(w: &World) -> String {
    let path = planned(w, "home_visit", 0).await;
    let by = w.in_hours(2);
    let form = [("back_by", by.as_str()), ("safe_for_person", "yes"), ("safe_for_worker", "yes"), ("version", "1")];
    w.amina.post(format!("{path}/setting-out"), form).await.redirects();
    path
}

const OVERDUE: &str = "tasks where kind = 'visit_overdue' and done_at is null";

#[tokio::test]
async fn s22_a_visit_asks_whether_it_is_safe_for_both_when_planned_and_again_when_setting_out() {
    let w = World::new().await;
    case(&w, GENERAL, "amina").await;
    let at = w.in_hours(0);
    let visit = [("kind", "home_visit"), ("starts_at", at.as_str()), ("minutes", "60")];
    let meetings = format!("/cases/{CASE}/meetings");
    w.amina.post(&meetings, visit).await.is(422).shows("Fill this in");
    let unsafe_one = [visit[0], visit[1], visit[2], ("safe_for_person", "yes"), ("safe_for_worker", "no")];
    w.amina.post(&meetings, unsafe_one).await.is(422).shows("Say what is done where it is not safe");
    let alone = [unsafe_one[0], unsafe_one[1], unsafe_one[2], unsafe_one[3], unsafe_one[4], ("precaution", "Two of us go")];
    // Whoever is not back is looked for where they went.
    w.amina.post(&meetings, alone).await.is(422).shows("Fill this in");
    let path = w.amina.post(&meetings, [&alone[..], &[("place", "At her home")]].concat()).await.redirects();
    w.amina.get(&path).await.shows("Is it safe for the worker? No").shows("Two of us go");
    let by = w.in_hours(2);
    let out = format!("{path}/setting-out");
    w.amina.post(&out, [("back_by", by.as_str()), ("version", "1")]).await.is(422).shows("Fill this in");
    let asked = [("back_by", by.as_str()), ("safe_for_person", "yes"), ("safe_for_worker", "yes"), ("version", "1")];
    w.amina.post(&out, asked).await.redirects();
    w.amina.get(&path).await.shows("When setting out").shows("When it was planned");
    assert_eq!(w.count("meetings where position('Two of us'::bytea in words) > 0").await, 0, "its words are sealed");
    // An interview at the office asks nothing of it.
    w.amina.post(&meetings, [("kind", "interview"), visit[1], visit[2]]).await.redirects();
}

#[tokio::test]
async fn s22_whoever_is_not_back_from_a_visit_in_time_is_looked_for_by_the_supervisor_once() {
    let w = World::new().await;
    case(&w, GENERAL, "amina").await;
    let path = out_on_a_visit(&w).await;
    w.after(TimeDelta::hours(1)).await;
    assert_eq!(w.count("tasks where kind = 'visit_overdue'").await, 0);
    w.after(TimeDelta::hours(2)).await;
    w.after(TimeDelta::hours(1)).await;
    assert_eq!(w.count(&format!("{OVERDUE} and assignee = '{}'", user("bruno"))).await, 1);
    w.bruno.get("/notifications").await.shows("Amina Haddad is not back from a visit");
    // No tap ends it.
    let task = w.value("select id::text from tasks where kind = 'visit_overdue'").await;
    w.bruno.post(format!("/tasks/{task}/done"), [("", "")]).await.is(409);
    w.amina.post(format!("{path}/return"), [("", "")]).await.redirects();
    assert_eq!(w.count(OVERDUE).await, 0);
}

#[tokio::test]
async fn s22_nobody_takes_the_place_of_a_colleague_who_is_out_and_one_sets_out_on_visits_alone() {
    let w = World::new().await;
    case(&w, GENERAL, "amina").await;
    let path = out_on_a_visit(&w).await;
    let kept = "select to_char(set_out_at, 'YYYY-MM-DD HH24:MI:SS.US') || to_char(back_by, 'YYYY-MM-DD HH24:MI') || version from meetings";
    let stood = w.value(kept).await;
    w.ground.clock.forward(TimeDelta::minutes(20));
    let by = w.in_hours(5);
    let out = |version: &'static str| {
        [("back_by", by.as_str()), ("safe_for_person", "yes"), ("safe_for_worker", "yes"), ("version", version)]
    };
    // From the page as it was before, and as it is now.
    w.bruno.post(format!("{path}/setting-out"), out("1")).await.is(409);
    w.bruno.post(format!("{path}/setting-out"), out("2")).await.is(409).shows("Somebody is out on this visit already");
    assert_eq!(w.value(kept).await, stood, "she is looked for as she said");
    w.amina.get(&path).await.shows("I am back, all is well");
    w.amina.post(format!("{path}/return"), [("", "")]).await.redirects();
    w.bruno.post(format!("{path}/setting-out"), out("2")).await.is(409);
    w.bruno.post(format!("{path}/setting-out"), out("3")).await.redirects();
    let path = planned(&w, "interview", 0).await;
    w.amina.post(format!("{path}/setting-out"), out("1")).await.is(409).shows("It is no visit");
    assert_eq!(w.count("meetings where kind = 'interview' and set_out_at is not null").await, 0);
}

#[tokio::test]
async fn s28_the_fact_that_somebody_set_out_holds_nothing_of_what_they_answered() {
    let w = World::new().await;
    case(&w, GENERAL, "amina").await;
    out_on_a_visit(&w).await;
    assert_eq!(w.value("select note::text from facts where kind = 'visit.begun'").await, "{}");
}

#[tokio::test]
async fn s22_only_whoever_is_out_or_their_supervisor_who_spoke_to_them_says_that_they_are_back() {
    let w = World::new().await;
    case(&w, GENERAL, "amina").await;
    let path = out_on_a_visit(&w).await;
    let off = [("version", "2"), ("state", "not_held"), ("reason", "not_safe")];
    w.amina.post(format!("{path}/outcome"), off).await.redirects();
    assert_eq!(w.count("meetings where back_at is null and state = 'not_held'").await, 1, "what became of it brings nobody back");
    w.amina.get(&path).await.shows("It was not safe").link(&format!("/cases/{CASE}/notes?kind=threat"));
    let asked = format!("tasks where kind = 'visit_not_safe' and assignee = '{}' and done_at is null", user("bruno"));
    assert_eq!(w.count(&asked).await, 1);
    w.after(TimeDelta::hours(3)).await;
    assert_eq!(w.count(OVERDUE).await, 1);
    w.bruno.get(&path).await.shows("I spoke to them");
    w.bruno.post(format!("{path}/return"), [("", "")]).await.is(422).shows("Speak to them first");
    w.bruno.post(format!("{path}/return"), [("spoke", "yes")]).await.redirects();
    assert_eq!(w.count("meetings where back_at is not null").await, 1);
    assert_eq!(w.count(OVERDUE).await, 0);
}

#[tokio::test]
async fn s22_what_must_change_after_a_visit_that_was_not_safe_is_a_supervisors_decision_and_no_tap() {
    let w = World::new().await;
    case(&w, GENERAL, "amina").await;
    let path = out_on_a_visit(&w).await;
    w.amina.post(format!("{path}/outcome"), [("version", "2"), ("state", "not_held"), ("reason", "not_safe")]).await.redirects();
    let open = "tasks where kind = 'visit_not_safe' and done_at is null";
    let soon = w.ground.clock.now() + TimeDelta::hours(1);
    assert_eq!(w.count(&format!("{open} and due_at > '{}'", soon.to_rfc3339())).await, 1, "it is not late at once");
    let task = w.value("select id::text from tasks where kind = 'visit_not_safe'").await;
    w.bruno.post(format!("/tasks/{task}/done"), [("", "")]).await.is(409);
    let notes = format!("/cases/{CASE}/notes");
    let way = w.bruno.get("/").await.link(&format!("/cases/{CASE}/meetings/not-safe"));
    assert!(w.bruno.get(&way).await.redirects().ends_with(&path));
    let visit = path.rsplit('/').next().unwrap_or_default();
    let decided = [("kind", "decision"), ("body", "Two of us go, and only by day."), ("visit", visit)];
    // Whoever keeps the case does not settle it.
    w.amina.post(&notes, decided).await.redirects();
    assert_eq!(w.count(open).await, 1);
    // Nor does what is no decision, or one on something else.
    for kind in ["note", "decision"] {
        w.bruno.post(&notes, [("kind", kind), ("body", "Spoke with her.")]).await.redirects();
        assert_eq!(w.count(open).await, 1);
    }
    w.bruno.post(&notes, decided).await.redirects();
    assert_eq!(w.count(open).await, 0);
}

#[tokio::test]
async fn what_lies_ahead_is_called_off_and_how_it_went_is_asked_once_it_has_begun() {
    let w = World::new().await;
    case(&w, GENERAL, "amina").await;
    let path = planned(&w, "interview", 3).await;
    w.amina.get(&path).await.lacks("How did it go?").shows("It will not take place").shows("C-MEET").shows("Remind the person");
    w.after(TimeDelta::hours(3)).await;
    w.amina.get(&path).await.shows("How did it go?").lacks("It will not take place").lacks("Remind the person");
}

#[tokio::test]
async fn two_meetings_of_one_worker_at_the_same_hour_are_told_of_and_not_refused() {
    let w = World::new().await;
    case(&w, GENERAL, "amina").await;
    let (first, at) = (w.in_hours(3), w.in_hours(4));
    let form = |at| [("kind", "interview"), ("starts_at", at), ("minutes", "90")];
    let word = |seen: &Seen| format!("{:?}", seen.headers.get_all("set-cookie").iter().collect::<Vec<_>>());
    let one = w.amina.post(format!("/cases/{CASE}/meetings"), form(first.as_str())).await;
    assert!(!word(&one).contains("meeting-planned-over"), "{}", word(&one));
    let two = w.amina.post(format!("/cases/{CASE}/meetings"), form(at.as_str())).await;
    assert!(word(&two).contains("meeting-planned-over"), "{}", word(&two));
    assert_eq!(w.count("meetings").await, 2);
}

#[tokio::test]
async fn s13_the_feed_says_appointment_and_when_and_nobody_widens_it() {
    let w = World::new().await;
    case(&w, GENERAL, "amina").await;
    planned(&w, "home_visit", 3).await;
    let address = |page: &str| {
        let from = page.find("/calendar/feed/").expect("the address is shown");
        page[from..].split(['<', '"', ' ', '\n']).next().unwrap_or_default().to_owned()
    };
    let made = w.amina.post("/calendar/feed", [("", "")]).await;
    let first = address(&made.body);
    w.amina.get("/calendar").await.lacks("code of the case");
    // What the page does not offer is not heard either.
    let made = w.amina.post("/calendar/feed", [("with_codes", "yes")]).await;
    let feed = address(&made.body);
    w.nobody.get(&first).await.is(404);
    let seen = w.nobody.get(&feed).await;
    seen.is(200).shows("SUMMARY:Appointment").lacks("C-MEET").lacks("Home visit").lacks("Dana").lacks("centre");
    w.sql(&format!("update users set lang = 'fr' where id = '{}'", user("amina"))).await;
    w.nobody.get(&feed).await.shows("SUMMARY:Rendez-vous");
    // A pack may leave its cases out.
    w.sql("update packs set body = jsonb_set(body, '{supervision,no_calendar_feed}', 'true') where name = 'protection'").await;
    w.nobody.get(&feed).await.is(200).lacks("SUMMARY");
    w.amina.post("/calendar/feed/end", [("", "")]).await.redirects();
    w.nobody.get(&feed).await.is(404);
}

#[tokio::test]
async fn meetings_are_planned_and_concluded_over_rest() {
    let w = World::new().await;
    case(&w, GENERAL, "amina").await;
    let token = w.token(&w.amina).await;
    let now = w.ground.clock.now();
    let body = serde_json::json!({ "kind": "interview", "starts_at": now, "minutes": 30, "place": "Office" });
    let path = format!("/api/v1/cases/{CASE}/meetings");
    let made = call(&w, &token, "POST", &path, "", body).await;
    // What is kept for a day to be answered again holds no word of the meeting.
    made.is(201).shows("\"state\":\"planned\"").lacks("Office");
    let made: serde_json::Value = serde_json::from_str(&made.body).expect("it is JSON");
    let id = made["id"].as_str().expect("an id").to_owned();
    let wrong = serde_json::json!({ "state": "held", "version": 7 });
    call(&w, &token, "POST", &format!("{path}/{id}/outcome"), "", wrong).await.is(409);
    let held = serde_json::json!({ "state": "held", "minutes": "Well.", "version": 1 });
    call(&w, &token, "POST", &format!("{path}/{id}/outcome"), "", held).await.is(200).shows("\"state\":\"held\"");
    let (from, to) = (now - TimeDelta::days(1), now + TimeDelta::days(1));
    let at = |moment: chrono::DateTime<chrono::Utc>| moment.format("%Y-%m-%dT%H:%M:%SZ").to_string();
    let seen =
        call(&w, &token, "GET", &format!("/api/v1/calendar?from={}&to={}", at(from), at(to)), "", serde_json::Value::Null).await;
    seen.is(200).shows("C-MEET").shows("interview");
}

#[tokio::test]
async fn s31_a_meeting_written_down_long_afterwards_says_why_and_one_in_time_says_nothing_of_it() {
    let w = World::new().await;
    case(&w, GENERAL, "amina").await;
    let (late, timely) = (planned(&w, "interview", 0).await, planned(&w, "interview", 24 * 40).await);
    w.ground.clock.forward(TimeDelta::days(40));
    let held = [("version", "1"), ("state", "held"), ("minutes", "Spoke of school.")];
    w.amina.post(format!("{late}/outcome"), held).await.is(422).shows("Spoke of school.");
    assert_eq!(w.count("case_notes where body is not null").await, 0, "nothing was written");
    let why = [held[0], held[1], held[2], ("late_reason", "No network for weeks")];
    w.amina.post(format!("{late}/outcome"), why).await.redirects();
    w.amina.post(format!("{timely}/outcome"), held).await.redirects();
    assert_eq!(w.count("case_notes where late_reason = 'No network for weeks'").await, 1);
    assert_eq!(w.count("case_notes where late_reason is null").await, 1);
}

#[tokio::test]
async fn what_is_planned_follows_the_case_to_its_next_keepers_calendar() {
    let w = World::new().await;
    case(&w, GENERAL, "amina").await;
    planned(&w, "interview", 3).await;
    let made = w.amina.post("/calendar/feed", [("", "")]).await;
    let from = made.body.find("/calendar/feed/").expect("the address is shown");
    let feed = made.body[from..].split(['<', '"', ' ', '\n']).next().unwrap_or_default().to_owned();
    // In the inbox nobody keeps the case; the meeting is still hers.
    w.sql(&format!("update cases set case_manager = null where id = '{CASE}'")).await;
    w.nobody.get(&feed).await.shows("SUMMARY:Appointment").lacks("C-MEET");
    w.sql(&format!("update cases set case_manager = '{}' where id = '{CASE}'", user("amina"))).await;
    w.sql(&format!("update cases set case_manager = '{}' where id = '{CASE}'", user("bruno"))).await;
    w.nobody.get(&feed).await.lacks("SUMMARY");
    assert_eq!(w.count(&format!("meetings where holder = '{}'", user("bruno"))).await, 1);
}
