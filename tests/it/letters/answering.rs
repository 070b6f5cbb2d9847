//! How whoever gets a letter may answer it, and in which language they are helped to.
use super::{arranged, draft, field, submitted};
use crate::referrals::CASE;
use crate::support::World;
use crate::support::case_work::ASSISTANCE;

#[tokio::test]
async fn of_a_letter_on_paper_no_message_is_shown() {
    let w = World::new().await;
    arranged(&w, ASSISTANCE, "amina").await;
    let path = draft(&w, &w.amina, "outside", &[("to_name", "The parish hall"), ("to_kind", "provider")]).await;
    let subject = field(&w.amina.get(format!("{path}/letter")).await, "subject");
    submitted(&w.amina, &path, &[("way", "post")]).await.redirects();
    for page in [format!("{path}/letter"), format!("/cases/{CASE}/referrals")] {
        w.amina.get(page).await.is(200).shows("The parish hall").lacks(&subject);
    }
}
