//! How whoever gets a letter may answer it, and in which language they are helped to.
use super::{LEGAL_AID, arranged, contact, draft, field, sent_again, submitted, within};
use crate::answer_links::{mails, way_in};
use crate::referrals::CASE;
use crate::support::World;
use crate::support::case_work::ASSISTANCE;
use crate::support::world::CLINIC;

#[tokio::test]
async fn s17_nobody_is_promised_a_code_that_goes_to_nobody() {
    let w = World::new().await;
    arranged(&w, ASSISTANCE, "amina").await;
    let path = draft(&w, &w.amina, "outside", &[("to_name", "The parish hall"), ("to_kind", "provider")]).await;
    let page = w.amina.get(format!("{path}/letter")).await;
    page.shows("nobody is registered for their one-time codes").shows("register it by hand").lacks("without an account");
    let warden = [("contact", "other"), ("contact_name", "The warden"), ("email", "warden@hall.example")];
    submitted(&w.amina, &path, &warden).await.redirects();
    w.work_off().await;
    let sent = mails(&w).await;
    let text = sent.last().and_then(|mail| mail["text"].as_str()).expect("a mail");
    assert!(text.contains("Please answer by telephone or post: Harbour, ") && !text.contains("/r"), "{text}");
    assert_eq!(w.count("answer_links").await, 0);
    w.amina.get(&path).await.is(200).lacks("Answer by secure link");
}

#[tokio::test]
async fn whoever_is_written_to_beside_the_register_answers_by_telephone_too() {
    let w = World::new().await;
    arranged(&w, ASSISTANCE, "amina").await;
    contact(&w, LEGAL_AID, false, false).await;
    let path = draft(&w, &w.amina, "outside", &[("organisation", "50")]).await;
    w.amina.get(format!("{path}/letter")).await.lacks("They can't answer by link");
    let other = sent_again(&w.amina, &path, &[("contact", "other")]).await;
    w.amina.post(format!("{path}/letter/fields"), other).await.shows("one-time codes go to registered contacts only");
}

#[tokio::test]
async fn a_name_that_is_typed_is_greeted_and_its_address_is_not_said_to_be_registered() {
    let w = World::new().await;
    arranged(&w, ASSISTANCE, "amina").await;
    contact(&w, CLINIC, false, false).await;
    let path = within(&w, &w.amina).await;
    let page = w.amina.get(format!("{path}/letter")).await;
    page.shows("Taken from the organisation");
    let edited = format!("{}\nOne line more.", field(&page, "message"));
    let typed = [("contact", "other"), ("contact_name", "Mr. Sample"), ("email", "s@sample.example"), ("message", &edited)];
    let mut fields = sent_again(&w.amina, &path, &typed).await;
    fields.push(("go".to_owned(), "keep".to_owned()));
    w.amina.post(format!("{path}/letter"), fields).await.redirects();
    let page = w.amina.get(format!("{path}/letter")).await;
    page.lacks("Taken from the organisation");
    let message = field(&page, "message");
    assert!(message.contains("Dear Mr. Sample,") && message.contains("One line more."), "{message}");
    assert!(!message.contains("Rima"), "{message}");
}

#[tokio::test]
async fn a_case_transfer_offers_only_partners_whose_desk_works_with_the_programme() {
    let w = World::new().await;
    arranged(&w, ASSISTANCE, "amina").await;
    let offers = format!("/cases/{CASE}/referrals/new?type=case_transfer");
    w.amina.get(&offers).await.is(200).shows("Clinic");
    w.sql(&format!("update roles set cleared = array_remove(cleared, {ASSISTANCE}::smallint) where code = 'provider'")).await;
    w.amina.get(&offers).await.is(200).lacks("Clinic").shows("No organisation to choose from");
    w.amina.get(format!("/cases/{CASE}/referrals/new?type=within")).await.shows("Clinic");
}

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

#[tokio::test]
async fn the_registered_contact_that_is_chosen_decides_the_address_whatever_was_typed() {
    let w = World::new().await;
    arranged(&w, ASSISTANCE, "amina").await;
    let desk = contact(&w, CLINIC, false, false).await.to_string();
    let path = within(&w, &w.amina).await;
    let typed = [("contact", "other"), ("contact_name", "Mr. Sample"), ("email", "s@sample.example")];
    let mut fields = sent_again(&w.amina, &path, &typed).await;
    fields.push(("go".to_owned(), "keep".to_owned()));
    w.amina.post(format!("{path}/letter"), fields).await.redirects();
    let mixed = [("contact", desk.as_str()), ("contact_name", "Mr. Sample"), ("email", "s@sample.example")];
    let mut fields = sent_again(&w.amina, &path, &mixed).await;
    fields.push(("go".to_owned(), "keep".to_owned()));
    w.amina.post(format!("{path}/letter"), fields).await.redirects();
    w.amina.get(format!("{path}/letter/submission")).await.shows("desk2@partner.example").lacks("sample.example");
}
