//! The lists behind the figures of what a screening found.
use super::{ASSISTANCE, ELDER, begun, households, old, service, unasked, young};
use crate::support::World;

#[tokio::test]
async fn each_figure_opens_its_households_with_every_condition_and_what_is_lacking() {
    let w = World::new().await;
    service(&w, "Elder care", ELDER, None).await;
    let (elders, open) = (households(&w, 6, ASSISTANCE, &old()).await, households(&w, 5, ASSISTANCE, &unasked()).await);
    let path = begun(&w).await;
    w.work_off().await;
    let page = w.bruno.get(&path).await;
    assert!(page.body.contains("verdict=eligible") && page.body.contains("verdict=unknown"), "{}", page.body);
    // Nothing opens where there is nothing.
    page.lacks("verdict=not_eligible").lacks("Not asked");
    let eligible = w.bruno.get(format!("{path}/results?line=0&verdict=eligible")).await;
    eligible.is(200).shows("Elder care · Clinic · 6").shows("Met At least one member: Age at least 60").shows("Amina Haddad");
    eligible.shows(&format!("C-{}", elders[0])).lacks(&format!("C-{}", open[0]));
    let unknown = w.bruno.get(format!("{path}/results?line=0&verdict=unknown")).await;
    unknown.shows(&format!("C-{}", open[0])).lacks(&format!("C-{}", elders[0])).shows("Unknown").shows("Ask: Age");
    w.bruno.get(format!("{path}/results?line=0&verdict=not_eligible")).await.is(200).shows("Nobody to list");
}

#[tokio::test]
async fn what_was_found_stands_though_something_else_is_known_by_now_and_the_list_says_so() {
    let w = World::new().await;
    service(&w, "Elder care", ELDER, None).await;
    households(&w, 6, ASSISTANCE, &young()).await;
    let path = begun(&w).await;
    w.work_off().await;
    let list = format!("{path}/results?line=0&verdict=not_eligible");
    w.bruno.get(&list).await.shows("Not met").lacks("judged otherwise");
    w.sql(&format!("update profiles set fields = '{}'", old())).await;
    w.bruno.get(&list).await.shows("At least one member: Age at least 60: no").shows("judged otherwise");
}

#[tokio::test]
async fn a_list_of_what_was_found_is_for_whoever_sees_the_screening_and_its_cases() {
    let w = World::new().await;
    service(&w, "Elder care", ELDER, None).await;
    let cases = households(&w, 6, ASSISTANCE, &old()).await;
    let path = begun(&w).await;
    w.work_off().await;
    let list = format!("{path}/results?line=0&verdict=eligible");
    for stranger in [&w.amina, &w.chen, &w.odd] {
        stranger.get(&list).await.is(404);
    }
    for nothing in ["line=7&verdict=eligible", "line=first&verdict=eligible", "line=0&verdict=perhaps"] {
        w.bruno.get(format!("{path}/results?{nothing}")).await.is(404);
    }
    // A case from which the reader is barred is in no list; of a service that is hidden since there is none (S14).
    w.sql(&format!(
        "insert into bars (id, case_id, user_id, reason) values (gen_random_uuid(), '{}', '{}', 'relative')",
        cases[0],
        crate::support::world::user("bruno")
    ))
    .await;
    w.bruno.get(&list).await.is(200).shows(&format!("C-{}", cases[1])).lacks(&format!("C-{}", cases[0]));
    w.sql("update services set visibility = 'named' where name = 'Elder care'").await;
    w.bruno.get(&list).await.is(404);
}
