//! What the page of a meeting begins with, and who said that somebody is back.
use chrono::TimeDelta;

use super::{CASE, GENERAL, case, out_on_a_visit, planned};
use crate::support::World;
use crate::support::browser::Seen;
use crate::support::world::user;

// Of these two texts this one stands further up.
#[track_caller]
fn stands_before(page: &Seen, first: &str, then: &str) {
    let text = page.text();
    let (one, two) = (text.find(first), text.find(then));
    assert!(one.is_some() && two.is_some() && one < two, "{first:?} does not stand before {then:?}:\n{text}");
}

#[tokio::test]
async fn s22_a_visit_begins_with_setting_out_then_with_being_back_and_once_it_is_over_with_how_it_went() {
    let w = World::new().await;
    case(&w, GENERAL, "amina").await;
    let path = planned(&w, "home_visit", 3).await;
    let end = w.in_hours(4);
    w.amina.get(&path).await.shows("Set out on this visit").keeps(&end).lacks("How did it go?");
    w.after(TimeDelta::hours(3)).await;
    let begun = w.amina.get(&path).await;
    stands_before(&begun, "Set out on this visit", "How did it go?");
    let by = w.in_hours(2);
    let out = [("back_by", by.as_str()), ("safe_for_person", "yes"), ("safe_for_worker", "yes"), ("version", "1")];
    w.amina.post(format!("{path}/setting-out"), out).await.redirects();
    let away = w.amina.get(&path).await;
    stands_before(&away, "I am back", "At the centre");
    stands_before(&away, "I am back", "How did it go?");
    away.lacks("I am setting out");
    w.amina.post(format!("{path}/return"), [("", "")]).await.redirects();
    stands_before(&w.amina.get(&path).await, "How did it go?", "Set out on this visit");
    // A visit that nobody set out on asks how it went once its time is over.
    let path = planned(&w, "home_visit", 0).await;
    w.after(TimeDelta::hours(2)).await;
    stands_before(&w.amina.get(&path).await, "How did it go?", "Set out on this visit");
}

#[tokio::test]
async fn s22_who_said_that_somebody_is_back_stands_there_and_the_timeline_tells_of_what_was_not_safe() {
    let w = World::new().await;
    case(&w, GENERAL, "amina").await;
    let path = out_on_a_visit(&w).await;
    w.amina.post(format!("{path}/return"), [("", "")]).await.redirects();
    w.amina.get(&path).await.shows("as Amina Haddad said");
    let path = out_on_a_visit(&w).await;
    let off = [("version", "2"), ("state", "not_held"), ("reason", "not_safe"), ("minutes", "He stood at the door.")];
    w.amina.post(format!("{path}/outcome"), off).await.redirects();
    w.bruno.post(format!("{path}/return"), [("spoke", "yes")]).await.redirects();
    w.amina.get(&path).await.shows("Bruno Costa spoke to them");
    let page = w.bruno.get(format!("/cases/{CASE}")).await;
    page.shows("Home visit: Did not take place").shows("It was not safe").lacks("He stood at the door.");
}

#[tokio::test]
async fn s22_what_was_not_safe_is_looked_at_by_somebody_else_than_whoever_went() {
    let w = World::new().await;
    case(&w, GENERAL, "amina").await;
    let path = planned(&w, "home_visit", 0).await;
    let by = w.in_hours(2);
    let out = [("back_by", by.as_str()), ("safe_for_person", "yes"), ("safe_for_worker", "yes"), ("version", "1")];
    w.bruno.post(format!("{path}/setting-out"), out).await.redirects();
    let off = [("version", "2"), ("state", "not_held"), ("reason", "not_safe")];
    w.bruno.post(format!("{path}/outcome"), off).await.redirects();
    assert_eq!(w.count("tasks where kind = 'visit_not_safe'").await, 1);
    assert_eq!(w.count(&format!("tasks where kind = 'visit_not_safe' and assignee = '{}'", user("bruno"))).await, 0);
}
