//! Which parts of a case are offered when an organisation is asked to come.
use super::conference;
use crate::support::World;

#[tokio::test]
async fn s27_whom_a_part_is_covered_for_is_said_once_and_who_cares_for_a_child_of_a_child_alone() {
    let w = World::new().await;
    w.sql("insert into organisations (id, name, kind, general_desk, time_zone) values (4, 'Legal aid', 'ngo', 'Desk, 555 0400', 'UTC')").await;
    let (_, meeting) = conference(&w, "2,3").await;
    let page = w.amina.get(format!("{meeting}/conference")).await;
    page.shows("Covered for the same organisations as").lacks("Child: caregiver");
    assert_eq!(page.text().matches("Covered for Clinic, Stranger").count(), 1);
    w.sql("update persons set born_on = current_date - 3000 where name = 'Dana Saleh'").await;
    w.amina.get(format!("{meeting}/conference")).await.shows("Child: caregiver");
}
