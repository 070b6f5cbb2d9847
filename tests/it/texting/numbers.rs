//! Numbers as people write them, made whole by the country that is set; what can't be made whole is told and not guessed.
use super::reminders::{PERSON, case, planned};
use super::{SMS, phone, post, send, standing};
use crate::support::World;
use crate::support::gateway::Gateway;
use crate::support::sent::ASSISTANCE;

const COUNTRY: &str = "THROUGHCARE_SMS_COUNTRY";

#[tokio::test]
async fn a_local_number_leaves_with_the_code_of_its_country() {
    let w = World::new().await;
    let gateway = Gateway::answering(202).await;
    let ground = w.with_mail(&[(SMS, gateway.url()), (COUNTRY, "+962".to_owned())]);
    post(&w, "0790 123456").await;
    send(&ground).await;
    post(&w, "00963 944 123 456").await;
    let unclear = post(&w, "790 123456").await;
    send(&ground).await;
    let to: Vec<_> = gateway.took().into_iter().map(|took| took.body["to"].as_str().map(str::to_owned)).collect();
    assert_eq!(to, [Some("+962790123456".to_owned()), Some("+963944123456".to_owned())]);
    assert_eq!(w.standing(unclear).await, standing("bounced", "text_not_whole", "", 1));
    w.browser("ada").await.get("/admin/mail").await.shows("The number lacks its country’s code").lacks("790 123456");
}

#[tokio::test]
async fn a_worker_reads_beside_the_telephone_that_its_number_lacks_the_country() {
    let mut w = World::new().await;
    let gateway = Gateway::answering(202).await;
    w.ground = w.with_mail(&[(SMS, gateway.url()), (COUNTRY, "+962".to_owned())]);
    let amina = w.browser("amina").await;
    case(&w, ASSISTANCE, "amina").await;
    let today = w.ground.clock.now().format("%Y-%m-%d").to_string();
    let typed = async |number: &str| {
        let form = [("channel", "phone"), ("value", number), ("safe_to_text", "true"), ("checked_on", today.as_str())];
        amina.post(format!("/people/{PERSON}/contacts"), form).await
    };
    typed("790 123456").await.is(422).shows("The number lacks its country’s code").keeps("790 123456");
    // Written down before anybody had set a country.
    phone(&w, PERSON, true, "").await;
    w.sql("update person_contacts set value = '790 123456'").await;
    amina.get(format!("/people/{PERSON}")).await.shows("Messages by themselves Never: The number lacks");
    planned(&w, &amina).await.is(422).shows("The number lacks its country’s code");
    w.sql("delete from person_contacts").await;
    typed("0790 123456").await.redirects();
    planned(&w, &amina).await.redirects();
}
