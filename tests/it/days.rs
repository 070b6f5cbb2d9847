//! After midnight where somebody works it is their day that counts, though it is still yesterday in UTC.
use chrono::{Days, NaiveTime, TimeDelta};

use crate::people::LOOKED;
use crate::support::World;
use crate::support::browser::Browser;
use crate::support::case_work::CHILD_PROTECTION;

// Harbour lies in Amman, where it is half past one in the night; answers Amina, her day and the next.
async fn after_midnight(w: &World) -> (Browser, String, String) {
    w.sql("update organisations set time_zone = 'Asia/Amman' where id = 1").await;
    let late = NaiveTime::from_hms_opt(22, 30, 0).expect("a time");
    let wait = (late - w.ground.clock.now().time() + TimeDelta::days(1)).num_seconds() % 86_400;
    w.ground.clock.forward(TimeDelta::seconds(wait));
    let today = w.ground.clock.now().date_naive() + Days::new(1);
    (w.browser("amina").await, today.to_string(), (today + Days::new(1)).to_string())
}

#[tokio::test]
async fn who_joins_and_leaves_a_household_after_midnight_does_so_today() {
    let w = World::new().await;
    let (amina, today, tomorrow) = after_midnight(&w).await;
    let head = w.person(&amina, "Dana Haddad", &[]).await.to_string();
    let child = w.person(&amina, "Sami Khoury", &[("age", "12")]).await.to_string();
    let begins = |day: &str| [("head", head.clone()), ("joined_on", day.to_owned())];
    amina.post("/households/new", begins(&tomorrow)).await.is(422).shows("still to come");
    let home = amina.post("/households/new", begins(&today)).await.redirects();
    let joins = |day| [("person_id", child.as_str()), ("relationship", "child"), ("joined_on", day), ("version", "1")];
    amina.post(format!("{home}/members"), joins(&tomorrow)).await.is(422).shows("still to come");
    amina.post(format!("{home}/members"), joins(&today)).await.redirects();
    let leaving = crate::people::last_leaving(&amina.get(&home).await.body);
    amina.post(&leaving, [("left_on", tomorrow.as_str()), ("version", "2")]).await.is(422).shows("still to come");
    amina.post(&leaving, [("left_on", today.as_str()), ("version", "2")]).await.redirects();
    amina.get(&home).await.shows("Earlier members");
}

#[tokio::test]
async fn who_is_registered_into_a_household_joins_today_or_on_the_day_that_is_typed() {
    let w = World::new().await;
    let (amina, today, tomorrow) = after_midnight(&w).await;
    let home = w.household(w.known_person("Dana Haddad").await).await.to_string();
    let prefilled = amina.post("/people/prefilled", [("q", "Rana Khoury"), ("household", home.as_str())]).await;
    prefilled.shows("Lives here since").keeps(&today);
    let sister =
        |name, day| [("name", name), ("household", home.as_str()), ("relationship", "sibling"), ("joined_on", day), LOOKED];
    amina.post("/people/new", sister("Rana Khoury", &tomorrow)).await.is(422).shows("still to come").keeps(&tomorrow);
    let path = amina.post("/people/new", sister("Rana Khoury", "2024-05-01")).await.redirects();
    amina.post("/people/new", sister("Samira Aziz", "")).await.redirects();
    amina.get(&path).await.shows("Rana Khoury").shows("1 May 2024").shows("Samira Aziz");
    assert_eq!(w.count(&format!("household_members where joined_on = '{today}'")).await, 1);
}

#[tokio::test]
async fn s01_limits_explained_after_midnight_were_explained_today() {
    let w = World::new().await;
    let (amina, today, tomorrow) = after_midnight(&w).await;
    let (dana, kind) = (w.known_person("Dana Aziz").await.to_string(), CHILD_PROTECTION.to_string());
    let opens = |day| {
        [
            ("person", dana.as_str()),
            ("case_type", kind.as_str()),
            ("intake_source", "self"),
            ("priority", "normal"),
            ("keeper", "me"),
            ("limits_explained_on", day),
        ]
    };
    amina.post("/cases/new", opens(&tomorrow)).await.is(422).shows("still to come");
    let case = amina.post("/cases/new", opens(&today)).await.redirects();
    amina.post(format!("{case}/limits"), [("limits_explained_on", tomorrow.as_str())]).await.is(422).shows("still to come");
    amina.post(format!("{case}/limits"), [("limits_explained_on", today.as_str())]).await.redirects();
}
