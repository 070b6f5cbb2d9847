//! A case that is closed anew: what was said of an earlier closing is none of this one, and what is missing is told at once.
use chrono::TimeDelta;

use crate::closing::{closes, decides, version};
use crate::support::World;
use crate::support::sent::PROTECTION;

#[tokio::test]
async fn while_a_closing_waits_a_supervisor_decides_on_it_and_closes_the_case_in_no_other_way() {
    let w = World::new().await;
    let case = w.case(&w.amina, PROTECTION, w.known_person("Dana Aziz").await, &[]).await;
    let said = [("reason", "opened_by_mistake"), ("explanation", "She is known under another code.")];
    closes(&w, &w.amina, &case, &said).await.redirects();
    // His page is still open as it was before she asked.
    for reason in ["needs_met", "opened_by_mistake"] {
        let sent = closes(&w, &w.bruno, &case, &[("reason", reason), said[1]]).await;
        sent.is(409).shows("waits for approval already");
    }
    assert_eq!((w.count("case_closures").await, w.count("cases where closed_at is not null").await), (0, 0));
    decides(&w, &w.bruno, &case, "approval", "").await.redirects();
    assert_eq!(w.value("select author_name || ', ' || approved_by_name from case_closures").await, "Amina Haddad, Bruno Costa");
}

#[tokio::test]
async fn of_two_who_close_a_case_and_ask_for_it_at_the_same_moment_exactly_one_is_heard() {
    let w = World::new().await;
    for _ in 0..3 {
        let case = w.case(&w.amina, PROTECTION, w.known_person("Dana Aziz").await, &[]).await;
        let said = [("reason", "opened_by_mistake"), ("explanation", "She is known under another code.")];
        let (asks, closed) = tokio::join!(closes(&w, &w.amina, &case, &said), closes(&w, &w.bruno, &case, &said));
        let heard = [asks, closed].iter().filter(|seen| seen.status == 303).count();
        assert_eq!(heard, 1);
        let path = case.trim_start_matches("/cases/");
        let (waits, over) = ("closure_requests where state = 'waiting' and case_id", "cases where closed_at is not null and id");
        assert_eq!(w.count(&format!("{waits} = '{path}'")).await + w.count(&format!("{over} = '{path}'")).await, 1);
    }
}

#[tokio::test]
async fn a_request_past_which_the_case_was_closed_once_neither_waits_nor_is_approved() {
    let w = World::new().await;
    let case = w.case(&w.amina, PROTECTION, w.known_person("Dana Aziz").await, &[]).await;
    let said = [("reason", "opened_by_mistake"), ("explanation", "She is known under another code.")];
    closes(&w, &w.amina, &case, &said).await.redirects();
    let state = |state: &str| format!("update closure_requests set state = '{state}', settled_by = author, settled_at = now()");
    w.sql(&state("withdrawn")).await;
    w.after(TimeDelta::hours(1)).await;
    closes(&w, &w.amina, &case, &[("reason", "needs_met")]).await.redirects();
    let closed = version(&w, &case).await;
    w.amina.post(format!("{case}/reopening"), [("reason", "new_need"), ("version", &closed)]).await.redirects();
    // As it stood before the program saw to this.
    w.sql(&state("waiting")).await;
    w.bruno.get(&case).await.lacks("Closing waits for approval");
    decides(&w, &w.bruno, &case, "approval", "").await.is(409);
    closes(&w, &w.amina, &case, &[("reason", "needs_met")]).await.redirects();
    assert_eq!(w.count("case_closures").await, 2);
}

#[tokio::test]
async fn what_was_given_back_is_over_once_the_case_was_closed() {
    let w = World::new().await;
    let case = w.case(&w.amina, PROTECTION, w.known_person("Dana Aziz").await, &[]).await;
    let said = [("reason", "opened_by_mistake"), ("explanation", "She is known under another code.")];
    closes(&w, &w.amina, &case, &said).await.redirects();
    decides(&w, &w.bruno, &case, "return", "Which code?").await.redirects();
    w.amina.get(&case).await.shows("Closing was given back");
    w.after(TimeDelta::hours(1)).await;
    closes(&w, &w.amina, &case, &[("reason", "needs_met")]).await.redirects();
    let closed = version(&w, &case).await;
    w.amina.post(format!("{case}/reopening"), [("reason", "new_need"), ("version", &closed)]).await.redirects();
    w.amina.get(&case).await.lacks("Closing was given back");
    w.amina.get(format!("{case}/closure")).await.is(200).lacks("She is known under another code.").lacks("Which code?");
    w.amina.get(format!("{case}/closing")).await.shows("Which code?").lacks("Mend it and ask again");
}

#[tokio::test]
async fn a_closing_without_a_reason_says_at_once_what_else_is_missing() {
    let w = World::new().await;
    let case = w.case(&w.amina, PROTECTION, w.known_person("Dana Aziz").await, &[]).await;
    let now = version(&w, &case).await;
    let sent = w.amina.post(format!("{case}/closure"), [("version", now.as_str()), ("reason", "")]).await;
    sent.is(422).shows("Fill this in").shows("Confirm this");
}
