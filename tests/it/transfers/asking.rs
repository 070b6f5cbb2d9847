//! What is said before a case is asked for, and what becomes of a request that cannot come true.
use crate::support::World;

#[tokio::test]
async fn whoever_sees_more_than_a_unit_chooses_from_all_they_see() {
    let w = World::new().await;
    let case = w.assistance("Dana Aziz").await;
    let code = w.case_code(&case).await;
    w.bruno.get("/transfers/choose?keeper=mine").await.lacks(&code).shows("All I may see");
    w.bruno.get("/transfers/choose?keeper=all").await.shows(&code);
    w.odd.get("/transfers/choose?keeper=all").await.lacks(&code);
}
