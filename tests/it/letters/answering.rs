//! How whoever gets a letter may answer it, and in which language they are helped to.
use super::{LEGAL_AID, arranged, contact, draft, field, sent_again, submitted};
use crate::answer_links::{mails, way_in};
use crate::referrals::CASE;
use crate::support::World;
use crate::support::case_work::ASSISTANCE;

#[tokio::test]
async fn a_one_time_code_speaks_the_language_of_its_letter_or_of_the_page() {
    let w = World::new().await;
    arranged(&w, ASSISTANCE, "amina").await;
    contact(&w, LEGAL_AID, false, false).await;
    let path = draft(&w, &w.amina, "outside", &[("organisation", "50")]).await;
    let arabic = sent_again(&w.amina, &path, &[("lang", "ar"), ("go", "keep")]).await;
    w.amina.post(format!("{path}/letter"), arabic).await.redirects();
    submitted(&w.amina, &path, &[]).await.redirects();
    w.work_off().await;
    let door = format!("/r/{}", way_in(&w).await.0);
    let subject = async || mails(&w).await.last().expect("a mail")["subject"].clone();
    w.guest().post(&door, &[]).await.redirects();
    w.work_off().await;
    assert_eq!(subject().await, "رمزكم لمرة واحدة");
    w.after(chrono::TimeDelta::minutes(1)).await;
    let guest = w.guest();
    guest.get(&format!("{door}?lang=fr")).await.is(200);
    guest.post(&door, &[]).await.redirects();
    w.work_off().await;
    assert_eq!(subject().await, "Votre code à usage unique");
}

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
