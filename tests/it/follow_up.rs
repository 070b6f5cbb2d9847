//! The loop: asking the person whether the service came (S7).
use crate::referrals::does;
use crate::support::World;
use crate::support::sent::{ASSISTANCE, CHILD, PROTECTION};

#[tokio::test]
async fn s07_the_person_confirms_and_the_loop_is_closed() {
    let w = World::new().await;
    let sent = w.served(PROTECTION).await;
    let task = format!(
        "tasks where referral_id = '{}' and kind = 'referral_ask_person' and side = 'from' and due_at > now() + interval '6 days'",
        sent.id
    );
    assert_eq!(w.count(&task).await, 1);
    w.amina.get(sent.path("follow-up")).await.shows("In private, with the worker").shows("3 tries left");
    w.amina.post(sent.path("follow-up"), [("answer", "received")]).await.is(422);
    let said = [("answer", "received"), ("confirmer", "person"), ("satisfied", "yes"), ("new_needs", "no")];
    w.amina.post(sent.path("follow-up"), said).await.redirects();
    w.amina.get("/referrals").await.shows("Confirmed by the person");
    let kept = format!("referral_moves where referral_id = '{}' and action = 'confirm_receipt' and reason = 'person'", sent.id);
    assert_eq!(w.count(&kept).await, 1);
}

#[tokio::test]
async fn s07_a_caregiver_never_verifies_what_is_protected() {
    let w = World::new().await;
    let guarded = w.served(CHILD).await;
    let by_caregiver = [("answer", "received"), ("confirmer", "caregiver")];
    w.amina.post(guarded.path("follow-up"), by_caregiver).await.is(422).shows("A caregiver can’t confirm this referral.");
    let by_head = [("answer", "received"), ("confirmer", "head_of_household")];
    w.amina.post(guarded.path("follow-up"), by_head).await.is(422);
    let open = w.served(ASSISTANCE).await;
    w.amina.post(open.path("follow-up"), by_caregiver).await.redirects();
}

#[tokio::test]
async fn s07_after_three_tries_the_person_counts_as_unreachable() {
    let w = World::new().await;
    let sent = w.served(PROTECTION).await;
    for _ in 0..3 {
        w.amina.post(sent.path("follow-up"), [("answer", "no_answer")]).await.redirects();
        w.amina.get(format!("/referrals/{}", sent.id)).await.shows("Nobody was reached").lacks("The person was asked");
        w.ground.clock.forward(chrono::TimeDelta::days(1));
    }
    w.amina.get(sent.path("follow-up")).await.shows("Person not reached").shows("This is settled");
    w.amina.post(sent.path("follow-up"), [("answer", "no_answer")]).await.is(409);
}

#[tokio::test]
async fn s07_tries_of_one_day_are_one_try() {
    let w = World::new().await;
    let sent = w.served(PROTECTION).await;
    w.amina.get(sent.path("follow-up")).await.shows("One try a day counts");
    w.amina.post(sent.path("follow-up"), [("answer", "no_answer")]).await.redirects();
    let again = [("answer", "no_answer"), ("remark", "Rang twice")];
    w.amina
        .post(sent.path("follow-up"), again)
        .await
        .is(422)
        .shows("tried already that day")
        .shows("Rang twice")
        .shows("2 tries left");
    does(&w.amina, &format!("/referrals/{}", sent.id), "confirm_receipt", &[("receipt", "no_answer")]).await.is(409);
    w.ground.clock.forward(chrono::TimeDelta::days(1));
    w.amina.post(sent.path("follow-up"), again).await.redirects();
}

#[tokio::test]
async fn s07_where_it_was_agreed_not_to_ask_nobody_is_asked() {
    let w = World::new().await;
    let sent = w.sent(PROTECTION).await;
    w.sql(&format!("update referrals set confirm_way = 'do_not_ask' where id = '{}'", sent.id)).await;
    w.chen.post(sent.path("acceptance"), [("remark", "")]).await.redirects();
    w.chen.post(sent.path("outcome"), [("what", "A check-up")]).await.redirects();
    w.amina.get(sent.path("follow-up")).await.shows("Not asked");
    assert_eq!(w.count(&format!("tasks where referral_id = '{}' and kind = 'referral_ask_person'", sent.id)).await, 0);
}

#[tokio::test]
async fn s07_the_provider_never_sees_a_dispute_unless_the_person_agrees() {
    let w = World::new().await;
    let secret = w.served(PROTECTION).await;
    let no = [("answer", "not_received"), ("confirmer", "person"), ("remark", "Nobody came")];
    w.amina.post(secret.path("follow-up"), no).await.redirects();
    w.amina.get("/referrals").await.shows("The person says no");
    assert_eq!(
        w.count(&format!("tasks where referral_id = '{}' and kind = 'referral_resolve_dispute' and done_at is null", secret.id))
            .await,
        1
    );
    w.chen.get("/referrals?tab=received").await.shows("Reported by the provider only").lacks("The person says no");
    w.chen.get(secret.path("follow-up")).await.is(404);
    let told = w.served(PROTECTION).await;
    w.amina.post(told.path("follow-up"), [no[0], no[1], ("tell_provider", "true")]).await.redirects();
    w.chen.get("/referrals?tab=received").await.shows("The person says no");
}

#[tokio::test]
async fn s06_only_ways_marked_safe_are_shown() {
    let w = World::new().await;
    let sent = w.served(PROTECTION).await;
    w.sql(&format!(
        "update referrals set confirm_way = 'call' where id = '{}';
         insert into person_contacts (id, person_id, channel, value, value_key) values (gen_random_uuid(), '{}', 'phone', '555 0111', 'a')",
        sent.id, sent.person
    ))
    .await;
    w.amina.get(sent.path("follow-up")).await.shows("No safe way is on record").lacks("555 0111");
    w.sql("update person_contacts set safe_to_call = true, hours = '9 to 11', agreed_word = 'market'").await;
    w.amina.get(sent.path("follow-up")).await.shows("555 0111").shows("9 to 11").shows("market").lacks("Dana");
}

#[tokio::test]
async fn s06_who_asks_reads_what_limits_contact_with_the_person() {
    let w = World::new().await;
    let sent = w.served(PROTECTION).await;
    w.amina.get(sent.path("follow-up")).await.lacks("Limits on contact");
    w.sql("update persons set contact_restriction = 'Never before noon', dont_go_alone = true").await;
    w.amina.get(sent.path("follow-up")).await.shows("Limits on contact").shows("Never before noon").shows("Don’t go alone");
}

#[tokio::test]
async fn a_loop_closed_wrongly_is_opened_again_with_a_reason() {
    let w = World::new().await;
    let sent = w.served(PROTECTION).await;
    w.amina.post(sent.path("follow-up"), [("answer", "provider_only")]).await.redirects();
    w.amina.post(sent.path("loop-reopening"), [("reason", "")]).await.is(422);
    w.amina.post(sent.path("loop-reopening"), [("reason", "The person came by")]).await.redirects();
    w.amina.post(sent.path("follow-up"), [("answer", "received"), ("confirmer", "person")]).await.redirects();
}
