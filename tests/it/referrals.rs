//! Sending referrals and the referral's own page, from Harbour's field unit to Clinic's reception.
use uuid::Uuid;

use crate::support::World;
use crate::support::world::{CLINIC, FIELD, RECEPTION, user};

pub const PERSON: Uuid = Uuid::from_u128(0xDA7A);
pub const CASE: Uuid = Uuid::from_u128(0xCA5E);
pub const SERVICE: Uuid = Uuid::from_u128(0x5E4);

// Dana and her case of this type, kept by this worker; a service of Clinic; consent to these sections for Clinic.
pub async fn scene(w: &World, case_type: i16, keeper: &str, sections: &str) {
    let keeper = user(keeper).0;
    w.sql(&format!(
        "insert into persons (id, code, org, unit, name, sex, born_on, admin1) values ('{PERSON}', 'P-2222-2222', 1, {FIELD}, 'Dana Saleh', 'female', '1990-01-01', 'Amman');
         insert into person_contacts (id, person_id, channel, value, value_key, safe_to_call) values (gen_random_uuid(), '{PERSON}', 'phone', '555 7788', '5557788', true);
         insert into cases (id, code, org, unit, case_type, case_manager, supervisor, person_id, pack, pack_version, stage, intake_source, opened_at)
           values ('{CASE}', 'C-2222-2222', 1, {FIELD}, {case_type}, '{keeper}', '{bruno}', '{PERSON}', 'protection', 1, 'assessment', 'self', now());
         insert into case_people (id, case_id, person_id, part) values (gen_random_uuid(), '{CASE}', '{PERSON}', 'subject');
         insert into services (id, org, unit, name, needs) values ('{SERVICE}', {CLINIC}, {RECEPTION}, 'Walk-in clinic', '{{health}}');
         insert into consents (id, case_id, person_id, basis, kind, purpose, to_orgs, sections, given_on, understood, spoken_alone, recorded_by, recorded_by_name)
           values (gen_random_uuid(), '{CASE}', '{PERSON}', 'consent', 'consent', 'to refer', '{{{CLINIC}}}', '{{{sections}}}', current_date, true, true, '{keeper}', 'Amina')",
        bruno = user("bruno").0
    ))
    .await;
    let mut work = w.operate().await;
    work.new_key(CASE, Some(CASE)).await.expect("a key");
    work.commit().await.expect("it commits");
}

pub const COVERED: &str = "need,urgency,area,identity,safe_contact";

pub fn answers<'a>(go: &'a str, sections: &'a [&'a str]) -> Vec<(&'a str, String)> {
    let fixed = [
        ("need", "health"),
        ("reason", "Stitches need care"),
        ("priority", "normal"),
        ("already_receives", "no"),
        ("without_help", "no"),
        ("available_here", "yes"),
        ("safe_for_person", "yes"),
        ("safe_for_worker", "yes"),
        ("follow_up", "with_worker"),
        ("go", go),
    ];
    let mut fields: Vec<(&str, String)> = fixed.into_iter().map(|(name, value)| (name, value.to_owned())).collect();
    fields.push(("person", PERSON.to_string()));
    fields.extend(sections.iter().map(|section| ("sections", (*section).to_owned())));
    fields
}

pub async fn drafted(w: &World, by: &crate::support::browser::Browser) -> String {
    let draft = Uuid::now_v7().to_string();
    let to = format!("service:{SERVICE}");
    let _ = w;
    let path = by.post(format!("/cases/{CASE}/refer"), [("need", "health"), ("draft", &draft), ("to", &to)]).await.redirects();
    path.trim_end_matches("/edit").to_owned()
}

pub const ALL: &[&str] = &["need", "urgency", "area", "identity", "safe_contact"];

/// The address of a referral of Dana's that Amina sent to the walk-in clinic.
pub async fn sent(w: &World) -> String {
    scene(w, 1, "amina", COVERED).await;
    let path = drafted(w, &w.amina).await;
    assert_eq!(w.amina.post(format!("{path}/edit"), answers("send", ALL)).await.redirects(), path);
    path
}

pub async fn does(
    by: &crate::support::browser::Browser,
    path: &str,
    action: &str,
    more: &[(&str, &str)],
) -> crate::support::browser::Seen {
    let mut fields = vec![("action", action)];
    fields.extend_from_slice(more);
    by.post(format!("{path}/moves"), fields).await
}

#[tokio::test]
async fn the_loop_closes_between_harbour_and_clinic() {
    let w = World::new().await;
    let path = sent(&w).await;
    does(&w.chen, &path, "acknowledge", &[]).await.redirects();
    does(&w.chen, &path, "accept", &[]).await.redirects();
    does(&w.chen, &path, "complete", &[("what", "Wound dressed")]).await.redirects();
    w.amina.get(&path).await.is(200).shows("Wound dressed").shows("Chen Li");
    does(&w.amina, &path, "confirm_receipt", &[("receipt", "received"), ("by", "person")]).await.redirects();
    w.amina.get(&path).await.shows("Confirmed by the person");
    does(&w.chen, &path, "accept", &[]).await.is(409).shows("The referral has ended").shows("service given");
}

#[tokio::test]
async fn the_receiver_reads_the_brief_first_the_rest_on_acceptance_and_nothing_after_withdrawal() {
    let w = World::new().await;
    let path = sent(&w).await;
    w.chen.get(&path).await.is(200).shows("Walk-in clinic").lacks("Dana Saleh").lacks("555 7788").lacks("Stitches");
    does(&w.chen, &path, "accept", &[]).await.redirects();
    w.chen.get(&path).await.shows("Dana Saleh").shows("555 7788").shows("Stitches need care");
    does(&w.amina, &path, "withdraw", &[("extent", "stop_sharing")]).await.redirects();
    w.chen.get(&path).await.is(200).lacks("Dana Saleh").lacks("555 7788");
}

#[tokio::test]
async fn the_preview_shows_exactly_what_they_will_see_and_a_stranger_sees_nothing() {
    let w = World::new().await;
    scene(&w, 1, "amina", COVERED).await;
    let path = drafted(&w, &w.amina).await;
    w.amina.post(format!("{path}/edit"), answers("keep", ALL)).await.redirects();
    let form = w.amina.get(format!("{path}/edit")).await;
    form.shows("Exactly what they will see").shows("Stitches need care").shows("555 7788");
    // Whoever needs the service is chosen by name, age and code.
    form.shows("years · P-2222-2222");
    w.chen.get(&path).await.is(404);
    w.odd.get(&path).await.is(404);
    w.amina.post(format!("{path}/edit"), answers("send", ALL)).await.redirects();
    w.odd.get(&path).await.is(404);
}

#[tokio::test]
async fn what_consent_does_not_name_is_not_sent() {
    let w = World::new().await;
    scene(&w, 1, "amina", "need,urgency,area").await;
    let path = drafted(&w, &w.amina).await;
    let seen = w.amina.post(format!("{path}/edit"), answers("send", &["need", "health"])).await;
    seen.is(422).shows("Consent does not name").shows("Health");
    w.amina.get(format!("{path}/edit")).await.shows("Stitches need care");
}

#[tokio::test]
async fn nobody_reviews_their_own_referral() {
    let w = World::new().await;
    scene(&w, 1, "bruno", COVERED).await;
    w.sql("update services set requires_approval = true").await;
    let path = drafted(&w, &w.bruno).await;
    w.bruno.post(format!("{path}/edit"), answers("send", ALL)).await.is(409).shows("must approve");
    w.bruno.post(format!("{path}/edit"), answers("review", ALL)).await.redirects();
    does(&w.bruno, &path, "approve", &[]).await.is(409).shows("Nobody reviews what they wrote");
}

#[tokio::test]
async fn a_double_click_sends_once() {
    let w = World::new().await;
    let path = sent(&w).await;
    assert_eq!(w.amina.post(format!("{path}/edit"), answers("send", ALL)).await.redirects(), path);
    let mut work = w.operate().await;
    let count: (i64,) = sqlx::query_as("select count(*) from packets").fetch_one(work.db()).await.expect("a count");
    assert_eq!(count.0, 1);
}

#[tokio::test]
async fn s02_an_emergency_asks_four_fields_and_is_reviewed_later() {
    let w = World::new().await;
    scene(&w, 1, "amina", "").await;
    let to = format!("service:{SERVICE}");
    let page = format!("/cases/{CASE}/emergency");
    w.amina.get(&page).await.is(200);
    w.amina.post(&page, [("need", "health"), ("to", &to)]).await.is(422).shows("Fill this in");
    let fields = [("need", "health"), ("to", to.as_str()), ("safe_contact", "Knock twice"), ("basis", "vital_interest")];
    let path = w.amina.post(&page, fields).await.redirects();
    let path = path.trim_end_matches("#hand-off").to_owned();
    w.chen.get(&path).await.is(200).shows("Emergency").lacks("Knock twice");
    w.amina.post(format!("{path}/hand-off"), [("who", "Night nurse"), ("reached", "yes")]).await.redirects();
    does(&w.chen, &path, "serve_now", &[("what", "Taken in")]).await.redirects();
    w.bruno.get(&path).await.shows("Approve").shows("Night nurse");
    does(&w.bruno, &path, "approve", &[]).await.redirects();
}

#[tokio::test]
async fn s05_a_child_without_a_safe_adult_is_never_blocked() {
    let w = World::new().await;
    scene(&w, 1, "amina", COVERED).await;
    w.sql("update persons set born_on = current_date - 4000").await;
    let path = drafted(&w, &w.amina).await;
    w.amina.post(format!("{path}/edit"), answers("send", ALL)).await.is(422).shows("Who goes with the child");
    let mut fields = answers("send", ALL);
    fields.extend([("accompaniment", "no_safe_adult".to_owned()), ("accompaniment_reason", "no_trusted_adult".to_owned())]);
    assert_eq!(w.amina.post(format!("{path}/edit"), fields).await.redirects(), path);
}

#[tokio::test]
async fn s05_who_goes_with_a_child_or_why_nobody_does_is_read_by_whoever_reviews() {
    let w = World::new().await;
    scene(&w, 1, "amina", COVERED).await;
    w.sql("update services set requires_approval = true; update persons set born_on = current_date - 4000").await;
    let path = drafted(&w, &w.amina).await;
    let with = |more: &[(&'static str, &str)]| {
        let mut fields = answers("review", ALL);
        fields.extend(more.iter().map(|(name, value)| (*name, (*value).to_owned())));
        fields
    };
    w.amina.post(format!("{path}/edit"), with(&[("accompaniment", "no_safe_adult")])).await.is(422);
    w.amina.post(format!("{path}/edit"), with(&[("accompaniment", "case_worker")])).await.redirects();
    w.bruno.get(&path).await.shows("Who goes with the child The case worker");
    does(&w.bruno, &path, "return", &[("reason", "Ask her once more")]).await.redirects();
    let alone = [("accompaniment", "no_safe_adult"), ("accompaniment_reason", "no_trusted_adult")];
    w.amina.post(format!("{path}/edit"), with(&alone)).await.redirects();
    let read = w.bruno.get(&path).await;
    read.shows("Who goes with the child There is no safe adult").shows("Why there is none No adult the child trusts");
}

#[tokio::test]
async fn s07_not_to_ask_is_agreed_when_referring_and_kept() {
    let w = World::new().await;
    scene(&w, 1, "amina", COVERED).await;
    let path = drafted(&w, &w.amina).await;
    let mut fields = answers("send", ALL);
    fields.retain(|(name, _)| *name != "follow_up");
    w.amina.post(format!("{path}/edit"), fields.clone()).await.is(422);
    fields.push(("follow_up", "do_not_ask".to_owned()));
    w.amina.post(format!("{path}/edit"), fields).await.redirects();
    does(&w.chen, &path, "accept", &[]).await.redirects();
    does(&w.chen, &path, "complete", &[("what", "Seen")]).await.redirects();
    w.amina.get(&path).await.shows("Not asked");
}

#[tokio::test]
async fn s09_a_restricted_referral_reaches_the_focal_points_of_the_receiving_unit_alone() {
    let w = World::new().await;
    let restricted = "(select id from case_types where sensitivity = 'restricted' order by id limit 1)";
    scene(&w, 1, "salma", COVERED).await;
    w.sql(&format!("update cases set case_type = {restricted}")).await;
    let path = drafted(&w, &w.salma).await;
    assert_eq!(w.salma.post(format!("{path}/edit"), answers("send", ALL)).await.redirects(), path);
    w.chen.get(&path).await.is(404);
    w.amina.get(&path).await.is(404);
    w.sql(&format!(
        "update roles set cleared = cleared || {restricted} where code = 'provider'; insert into focal_points (unit, user_id) values ({RECEPTION}, '{}')",
        user("chen").0
    ))
    .await;
    w.chen.get(&path).await.is(200).lacks("Dana").lacks("Salma");
    does(&w.chen, &path, "accept", &[]).await.redirects();
    w.salma.get(&path).await.lacks("Chen Li");
}

// Sends Dana's referral with everything that these sections hold, and answers what Clinic reads once it has accepted.
async fn read_on_acceptance(w: &World, sections: &[&str]) -> crate::support::browser::Seen {
    let path = drafted(w, &w.amina).await;
    assert_eq!(w.amina.post(format!("{path}/edit"), answers("send", sections)).await.redirects(), path);
    does(&w.chen, &path, "accept", &[]).await.redirects();
    w.chen.get(&path).await
}

#[tokio::test]
async fn s06_a_shared_phone_travels_in_no_packet_until_it_is_marked_safe() {
    let w = World::new().await;
    scene(&w, 1, "amina", COVERED).await;
    w.sql("update person_contacts set safe_to_call = false, shared = true, others = 'Her husband answers'").await;
    read_on_acceptance(&w, ALL).await.shows("Dana Saleh").lacks("555 7788").lacks("Her husband");
}

#[tokio::test]
async fn s03_a_caregiver_not_safe_to_involve_travels_in_no_packet() {
    let w = World::new().await;
    scene(&w, 1, "amina", "need,urgency,area,identity,safe_contact,household,child").await;
    let (caregiver, household) = (Uuid::now_v7(), w.household(PERSON).await);
    w.sql(&format!(
        "insert into persons (id, code, org, unit, name) values ('{caregiver}', 'P-3333-3333', 1, {FIELD}, 'Kasim Saleh');
         insert into case_people (id, case_id, person_id, part, not_safe_to_involve) values (gen_random_uuid(), '{CASE}', '{caregiver}', 'caregiver', true);
         insert into household_members (id, household_id, person_id, relationship, joined_on) values (gen_random_uuid(), '{household}', '{caregiver}', 'spouse', '2020-01-01')"
    ))
    .await;
    let packet = read_on_acceptance(&w, &["need", "urgency", "area", "identity", "safe_contact", "household", "child"]).await;
    packet.shows("Dana Saleh").lacks("Kasim").lacks("not safe to involve");
    w.work_off().await;
    w.chen.get("/notifications").await.lacks("Kasim");
}

#[tokio::test]
async fn services_are_ranked_for_this_person_and_each_says_why() {
    let w = World::new().await;
    scene(&w, 1, "amina", COVERED).await;
    w.sql(&format!(
        "update persons set languages = '{{ar}}';
         update services set languages = '{{ar}}', places_free = 3;
         insert into services (id, org, unit, name, needs, not_accepting, min_age, max_age) values
           (gen_random_uuid(), {CLINIC}, {RECEPTION}, 'A full clinic', '{{health}}', true, null, null),
           (gen_random_uuid(), {CLINIC}, {RECEPTION}, 'Baby clinic', '{{health}}', false, 0, 2)"
    ))
    .await;
    let page = w.amina.get(format!("/cases/{CASE}/refer?need=health")).await;
    page.shows("Speaks the person's language")
        .shows("Places free: 3")
        .shows("Does not accept anybody now")
        .shows("Is for ages 0–2");
    let at = |name: &str| page.text().find(name).unwrap_or_else(|| panic!("{name} is not offered"));
    assert!(at("Walk-in clinic") < at("A full clinic") && at("A full clinic") < at("Baby clinic"));
    w.amina.get(format!("/cases/{CASE}")).await.shows("Refer");
}

#[tokio::test]
async fn the_preview_follows_what_is_ticked_and_keeps_nothing() {
    let w = World::new().await;
    scene(&w, 1, "amina", COVERED).await;
    let path = drafted(&w, &w.amina).await;
    let seen = w.amina.post(format!("{path}/preview"), answers("", &["need", "safe_contact", "health"])).await;
    seen.is(200).shows("555 7788").shows("Consent does not name").lacks("<html");
    w.amina.get(format!("{path}/edit")).await.lacks("555 7788");
    w.odd.post(format!("{path}/preview"), answers("", &["need"])).await.is(404);
}

#[tokio::test]
async fn two_who_write_one_draft_are_shown_each_others_words() {
    let w = World::new().await;
    scene(&w, 1, "amina", COVERED).await;
    let path = drafted(&w, &w.amina).await;
    let with = |reason: &str, version: &str| {
        let mut fields = answers("send", ALL);
        fields.retain(|(name, _)| *name != "reason");
        fields.extend([("reason", reason.to_owned()), ("version", version.to_owned())]);
        fields
    };
    let opened = w.value("select version::text from referrals").await;
    w.bruno.post(format!("{path}/edit"), answers("keep", ALL)).await.redirects();
    let seen = w.amina.post(format!("{path}/edit"), with("Asks for a woman doctor", &opened)).await;
    seen.is(409).shows("Asks for a woman doctor").shows("Stitches need care");
    assert_eq!(w.value("select status from referrals").await, "draft");
}

#[tokio::test]
async fn what_the_pack_does_not_know_or_is_too_long_is_refused_beside_its_field_and_nothing_typed_is_lost() {
    let w = World::new().await;
    scene(&w, 1, "amina", COVERED).await;
    let path = drafted(&w, &w.amina).await;
    let mut fields = answers("send", ALL);
    fields.retain(|(name, _)| *name != "reason");
    fields.push(("reason", "x".repeat(4001)));
    w.amina.post(format!("{path}/edit"), fields).await.is(422).shows("This is too long").shows(&"x".repeat(4001));
    let mut fields = answers("send", ALL);
    fields.retain(|(name, _)| *name != "need");
    fields.push(("need", "Beaten by her husband".to_owned()));
    w.amina.post(format!("{path}/edit"), fields).await.is(422);
    assert_eq!(w.value("select need from referrals").await, "health");
}

#[tokio::test]
async fn s04_a_draft_that_lost_its_consent_is_emptied_and_says_why_it_cannot_be_sent() {
    let w = World::new().await;
    scene(&w, 1, "amina", COVERED).await;
    let path = drafted(&w, &w.amina).await;
    w.amina.post(format!("{path}/edit"), answers("keep", ALL)).await.redirects();
    let consent = w.amina.get(format!("/cases/{CASE}/consents")).await.link("/consents/");
    w.amina.post(format!("{consent}/withdrawal"), [("extent", "stop_sharing"), ("how", "by_phone")]).await.redirects();
    w.amina.get(format!("{path}/edit")).await.shows("Consent was withdrawn.").lacks("555 7788");
    w.amina.post(format!("{path}/edit"), answers("send", ALL)).await.is(422).shows("What was to be shared has been dropped");
}

#[tokio::test]
async fn a_decision_not_to_refer_is_kept_on_the_case_with_its_reason() {
    let w = World::new().await;
    scene(&w, 1, "amina", COVERED).await;
    let path = drafted(&w, &w.amina).await;
    let mut fields = answers("send", ALL);
    fields.retain(|(name, _)| *name != "already_receives");
    fields.push(("already_receives", "yes".to_owned()));
    w.amina.post(format!("{path}/edit"), fields).await.is(422).shows("Not referred: the person already receives it");
    let mut fields = answers("not_referred", ALL);
    w.amina.post(format!("{path}/edit"), fields.clone()).await.is(422);
    fields.push(("not_referred", "already_receives".to_owned()));
    assert_eq!(w.amina.post(format!("{path}/edit"), fields).await.redirects(), format!("/cases/{CASE}"));
    w.amina.get(format!("/cases/{CASE}")).await.shows("Health · Walk-in clinic: Already receives the service");
    w.amina.post(format!("/cases/{CASE}/not-referred"), [("need", "health"), ("not_referred", "not_safe")]).await.redirects();
    w.amina.get(format!("/cases/{CASE}")).await.shows("Health: A referral would not be safe");
    w.odd.post(format!("/cases/{CASE}/not-referred"), [("need", "health"), ("not_referred", "not_safe")]).await.is(404);
}
