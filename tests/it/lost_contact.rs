//! Lost contact (S23): somebody is asked to act, and no clock closes a case.
use chrono::TimeDelta;
use uuid::Uuid;

use crate::support::World;
use crate::support::browser::{Browser, Seen};
use crate::support::world::{FIELD, user};

const CASE: Uuid = Uuid::from_u128(0x51);

// A case of Amina's of this type and risk, about an adult or a child.
async fn case(w: &World, case_type: i16, risk: &str, born: &str, keeper: &str, supervisor: &str) {
    let person = Uuid::from_u128(0x52);
    w.sql(&format!(
        "insert into persons (id, code, org, unit, name, born_on) values ('{person}', 'P-S', 1, {FIELD}, 'Dana Secret', '{born}');
         insert into cases (id, code, org, unit, case_type, case_manager, supervisor, person_id, pack, pack_version, stage, intake_source, opened_at, risk)
           values ('{CASE}', 'C-S', 1, {FIELD}, {case_type}, '{}', {supervisor}, '{person}', 'protection', 1, 'implementation', 'self', now(), '{risk}')",
        user(keeper)
    ))
    .await;
    w.key_of(CASE).await;
}

async fn asked(w: &World, kind: &str) -> String {
    let found = format!(
        "select coalesce(string_agg(u.login, ','), 'nobody') from tasks t left join users u on u.id = t.assignee where t.kind = '{kind}' and t.done_at is null"
    );
    w.value(&found).await
}

#[tokio::test]
async fn s23_after_thirty_days_the_worker_is_asked_to_try_again_or_propose_closing_and_nothing_closes_by_itself() {
    let w = World::new().await;
    case(&w, 3, "low", "1990-01-01", "amina", "null").await;
    w.after(TimeDelta::days(29)).await;
    assert_eq!(asked(&w, "contact_lost").await, "nobody");
    w.after(TimeDelta::days(2)).await;
    assert_eq!((asked(&w, "contact_lost").await.as_str(), asked(&w, "safety_review").await.as_str()), ("amina", "nobody"));
    let day = w.amina.get("/").await;
    day.shows("No contact for a long time").link(&format!("/cases/{CASE}/notes?kind=contact_attempt"));
    day.link(&format!("/cases/{CASE}/closure"));
    w.after(TimeDelta::days(300)).await;
    assert_eq!(asked(&w, "contact_lost").await, "amina", "asked once for one silence");
    assert_eq!(w.count(&format!("cases where id = '{CASE}' and closed_at is null")).await, 1);
    // A contact ends it; the next silence asks anew.
    w.amina.post(format!("/cases/{CASE}/notes"), [("kind", "contact"), ("body", "Met at the centre.")]).await.redirects();
    assert_eq!(asked(&w, "contact_lost").await, "nobody");
    w.after(TimeDelta::days(31)).await;
    assert_eq!(asked(&w, "contact_lost").await, "amina");
}

#[tokio::test]
async fn s23_once_the_risk_is_high_the_supervisor_reviews_and_nobody_proposes_closing() {
    let w = World::new().await;
    case(&w, 1, "low", "1990-01-01", "amina", "null").await;
    w.after(TimeDelta::days(31)).await;
    assert_eq!(asked(&w, "contact_lost").await, "amina");
    let version = w.value(&format!("select version::text from cases where id = '{CASE}'")).await;
    w.amina.post(format!("/cases/{CASE}/risk"), [("risk", "high"), ("version", &version)]).await.redirects();
    assert_eq!((asked(&w, "contact_lost").await.as_str(), asked(&w, "safety_review").await.as_str()), ("nobody", "bruno"));
    w.after(TimeDelta::days(1)).await;
    assert_eq!(asked(&w, "safety_review").await, "bruno", "asked once for one silence");
}

#[tokio::test]
async fn s23_for_a_high_risk_a_child_or_a_restricted_case_the_supervisor_reviews_the_persons_safety() {
    for (case_type, risk, born, keeper, reviewer) in [
        (1, "high", "1990-01-01", "amina", "bruno"),
        (1, "low", "2020-01-01", "amina", "bruno"),
        (4, "low", "1990-01-01", "salma", "rosa"),
    ] {
        let w = World::new().await;
        let rosa = w.member("rosa", FIELD, "gbv_supervisor").await;
        let named = if case_type == 4 { format!("'{rosa}'") } else { "null".to_owned() };
        case(&w, case_type, risk, born, keeper, &named).await;
        w.after(TimeDelta::days(31)).await;
        assert_eq!((asked(&w, "contact_lost").await.as_str(), asked(&w, "safety_review").await.as_str()), ("nobody", reviewer));
    }
}

#[tokio::test]
async fn what_waits_with_the_supervisor_is_told_alike_on_the_list_and_on_the_case() {
    let w = World::new().await;
    let rosa = w.member("rosa", FIELD, "gbv_supervisor").await;
    case(&w, 4, "low", "1990-01-01", "salma", &format!("'{rosa}'")).await;
    w.after(TimeDelta::days(31)).await;
    let (salma, rosa) = (w.browser("salma").await, w.browser("rosa").await);
    salma.get("/cases").await.shows("with a colleague");
    salma.get(format!("/cases/{CASE}")).await.shows("Due with a colleague");
    rosa.get(format!("/cases/{CASE}")).await.lacks("Due with a colleague");
}

#[tokio::test]
async fn s23_a_safety_review_says_what_was_decided_is_asked_again_and_comes_before_any_closing() {
    let w = World::new().await;
    case(&w, 1, "high", "1990-01-01", "amina", "null").await;
    w.after(TimeDelta::days(31)).await;
    let (path, version) = (format!("/cases/{CASE}"), format!("select version::text from cases where id = '{CASE}'"));
    w.amina.get(format!("{path}/safety-review")).await.is(403);
    w.bruno.get("/").await.shows("No contact for a long time: review");
    w.bruno.get(format!("{path}/safety-review")).await.is(200).shows("What was looked at");
    let review = async |decision: &str, days: i64| {
        let (now, day) = (w.value(&version).await, w.in_days(days));
        let fields = [("looked_at", "Rang twice."), ("decision", decision), ("next_on", &day[..10]), ("version", &now)];
        w.bruno.post(format!("{path}/safety-review"), fields).await
    };
    review("", 7).await.is(422).shows("Fill this in").shows("Rang twice.");
    review("other_agency", 7).await.is(422).shows("No consent stands");
    review("keep_trying", 0).await.is(422).shows("after today");
    review("keep_trying", 7).await.redirects();
    w.amina.get(&path).await.shows("reviewed this person’s safety").shows("Keep trying to reach the person").shows("Rang twice.");
    w.amina.get("/").await.shows("See what your supervisor decided");
    assert_eq!(asked(&w, "safety_review").await, "bruno", "asked again while the silence lasts");
    // Nobody closes it for lost contact before the supervisor says so.
    w.amina.post(format!("{path}/notes"), [("kind", "contact_attempt"), ("body", "No answer.")]).await.redirects();
    let now = w.value(&version).await;
    w.bruno
        .post(format!("{path}/closure"), [("reason", "contact_lost"), ("version", &now)])
        .await
        .is(422)
        .shows("Review this person’s safety first");
    w.amina.post(format!("{path}/closure"), [("reason", "contact_lost"), ("version", &now)]).await.redirects();
    // What is judged stands on the page: when they were last spoken with, and what was tried since.
    w.bruno.get(format!("{path}/closing")).await.shows("Last contact").shows("Attempts to reach the person").shows("No answer.");
    w.bruno.post(format!("{path}/closing/approval"), [("version", "1")]).await.is(422).shows("Review this person’s safety first");
    review("close_proposed", 7).await.redirects();
    w.bruno.post(format!("{path}/closing/approval"), [("version", "1")]).await.redirects();
    assert_eq!(w.count(&format!("cases where id = '{CASE}' and closed_at is not null")).await, 1);
}

#[tokio::test]
async fn s23_a_contact_ends_the_safety_review_that_was_to_come() {
    let w = World::new().await;
    case(&w, 1, "high", "1990-01-01", "amina", "null").await;
    w.after(TimeDelta::days(31)).await;
    let (now, day) = (w.value(&format!("select version::text from cases where id = '{CASE}'")).await, w.in_days(5));
    let fields = [("looked_at", "Asked the school."), ("decision", "visit_together"), ("next_on", &day[..10]), ("version", &now)];
    w.bruno.post(format!("/cases/{CASE}/safety-review"), fields).await.redirects();
    w.amina.post(format!("/cases/{CASE}/notes"), [("kind", "contact"), ("body", "Met at the centre.")]).await.redirects();
    assert_eq!((asked(&w, "safety_review").await.as_str(), asked(&w, "safety_reviewed").await.as_str()), ("nobody", "nobody"));
}

// Reviews with the decision that closing may be proposed.
async fn reviewed(w: &World, by: &Browser) -> Seen {
    let (now, day) = (w.value(&format!("select version::text from cases where id = '{CASE}'")).await, w.in_days(7));
    let fields =
        [("looked_at", "Rang twice."), ("decision", "close_proposed"), ("next_on", &day[..10]), ("version", now.as_str())];
    by.post(format!("/cases/{CASE}/safety-review"), fields).await
}

async fn closed_for_silence(w: &World, by: &Browser) -> Seen {
    let now = w.value(&format!("select version::text from cases where id = '{CASE}'")).await;
    by.post(format!("/cases/{CASE}/closure"), [("reason", "contact_lost"), ("version", now.as_str())]).await
}

#[tokio::test]
async fn s23_a_supervisor_who_keeps_the_case_does_not_review_their_own_silence_and_another_is_asked() {
    let w = World::new().await;
    case(&w, 1, "high", "1990-01-01", "bruno", &format!("'{}'", user("bruno"))).await;
    w.member("farah", FIELD, "supervisor").await;
    w.after(TimeDelta::days(31)).await;
    assert_eq!(asked(&w, "safety_review").await, "farah");
    w.bruno.get(format!("/cases/{CASE}/safety-review")).await.is(403);
    reviewed(&w, &w.bruno).await.is(403);
    assert_eq!(w.count("case_moves where kind = 'safety_review'").await, 0);
    reviewed(&w, &w.browser("farah").await).await.redirects();
    assert_eq!((asked(&w, "safety_review").await.as_str(), asked(&w, "contact_lost").await.as_str()), ("farah", "bruno"));
}

#[tokio::test]
async fn s23_a_review_counts_no_more_once_whoever_wrote_it_keeps_the_case_themselves() {
    let w = World::new().await;
    case(&w, 1, "high", "1990-01-01", "amina", "null").await;
    w.member("farah", FIELD, "supervisor").await;
    w.after(TimeDelta::days(31)).await;
    w.amina.post(format!("/cases/{CASE}/notes"), [("kind", "contact_attempt"), ("body", "No answer.")]).await.redirects();
    reviewed(&w, &w.bruno).await.redirects();
    let now = w.value(&format!("select version::text from cases where id = '{CASE}'")).await;
    let taken = [("manager", user("bruno").to_string()), ("version", now)];
    w.bruno.post(format!("/cases/{CASE}/assignment"), taken).await.redirects();
    closed_for_silence(&w, &w.bruno).await.is(422).shows("First the supervisor");
    reviewed(&w, &w.browser("farah").await).await.redirects();
    closed_for_silence(&w, &w.bruno).await.redirects();
    assert_eq!(w.count(&format!("cases where id = '{CASE}' and closed_at is not null")).await, 1);
}

#[tokio::test]
async fn s23_a_try_to_reach_somebody_that_was_none_counts_for_no_closing() {
    let w = World::new().await;
    case(&w, 1, "low", "1990-01-01", "amina", "null").await;
    w.after(TimeDelta::days(31)).await;
    let notes = format!("/cases/{CASE}/notes");
    w.amina.post(&notes, [("kind", "contact_attempt"), ("body", "No answer.")]).await.redirects();
    let id = w.value("select id::text from case_notes").await;
    w.amina.post(&notes, [("kind", "note"), ("body", "Rang somebody else."), ("corrects", &id)]).await.redirects();
    closed_for_silence(&w, &w.bruno).await.is(422).shows("Log at least one attempt");
    w.amina.post(&notes, [("kind", "contact_attempt"), ("body", "No answer.")]).await.redirects();
    closed_for_silence(&w, &w.bruno).await.redirects();
}

#[tokio::test]
async fn s23_who_was_reached_meanwhile_is_no_lost_contact_to_whoever_approves() {
    let w = World::new().await;
    case(&w, 1, "low", "1990-01-01", "amina", "null").await;
    w.after(TimeDelta::days(31)).await;
    let notes = format!("/cases/{CASE}/notes");
    w.amina.post(&notes, [("kind", "contact_attempt"), ("body", "No answer.")]).await.redirects();
    closed_for_silence(&w, &w.amina).await.redirects();
    w.amina.post(&notes, [("kind", "contact"), ("body", "She rang back.")]).await.redirects();
    let approval = w.bruno.post(format!("/cases/{CASE}/closing/approval"), [("version", "1")]).await;
    approval.is(422).shows("The person was reached meanwhile").lacks("Log at least one attempt");
}
