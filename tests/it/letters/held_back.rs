//! What holds a letter back, or closes what went with it, after it was submitted.
use super::{GUARDED, LEGAL_AID, arranged, contact, draft, posted, submitted, within};
use crate::documents::upload;
use crate::referrals::{ALL, CASE, answers, does};
use crate::support::World;
use crate::support::case_work::ASSISTANCE;
use crate::support::world::{CLINIC, user};

#[tokio::test]
async fn s17_a_contact_whose_check_has_gone_is_not_written_to() {
    let w = World::new().await;
    arranged(&w, GUARDED, "amina").await;
    contact(&w, CLINIC, true, true).await;
    let path = within(&w, &w.amina).await;
    submitted(&w.amina, &path, &[]).await.redirects();
    w.sql("update organisation_contacts set verified_at = null, verified_by = null").await;
    w.work_off().await;
    assert_eq!(posted(&w).await, 0);
    w.amina.get(format!("{path}/letter")).await.shows("Held back").shows("no longer verified");
}

#[tokio::test]
async fn s04_consent_withdrawn_before_it_is_sent_holds_the_letter_back() {
    let w = World::new().await;
    arranged(&w, ASSISTANCE, "amina").await;
    contact(&w, CLINIC, false, false).await;
    let path = within(&w, &w.amina).await;
    submitted(&w.amina, &path, &[]).await.redirects();
    let consent = w.amina.get(format!("/cases/{CASE}/consents")).await.link("/consents/");
    w.amina.post(format!("{consent}/withdrawal"), [("extent", "stop_sharing"), ("how", "by_phone")]).await.redirects();
    w.work_off().await;
    assert_eq!(posted(&w).await, 0);
    w.amina.get(format!("{path}/letter")).await.shows("Held back").shows("Consent was withdrawn");
    w.amina.get(format!("{path}/letter/file")).await.is(404);
    w.amina.get("/notifications").await.shows("A letter was held back");
}

#[tokio::test]
async fn s04_consent_withdrawn_between_posting_and_sending_drops_the_message() {
    let w = World::new().await;
    arranged(&w, ASSISTANCE, "amina").await;
    contact(&w, CLINIC, false, false).await;
    let path = within(&w, &w.amina).await;
    submitted(&w.amina, &path, &[]).await.redirects();
    throughcare::worker::work_off(&w.ground).await.expect("the letter is made");
    does(&w.amina, &path, "withdraw", &[("extent", "stop_sharing")]).await.redirects();
    w.work_off().await;
    assert_eq!(w.count("messages where kind = 'letter' and state = 'dropped'").await, 1);
    w.amina.get(format!("{path}/letter")).await.shows("Held back").shows("Consent was withdrawn");
}

#[tokio::test]
async fn an_agreement_that_ended_meanwhile_holds_the_letter_back() {
    let w = World::new().await;
    arranged(&w, ASSISTANCE, "amina").await;
    contact(&w, CLINIC, false, false).await;
    let path = within(&w, &w.amina).await;
    submitted(&w.amina, &path, &[]).await.redirects();
    w.sql("update agreements set ends_on = current_date - 1").await;
    w.work_off().await;
    assert_eq!(posted(&w).await, 0);
    w.amina.get(format!("{path}/letter")).await.shows("The agreement with the organisation had ended");
    w.amina
        .post(format!("/cases/{CASE}/referrals"), [("type", "within"), ("need", "health"), ("organisation", "2")])
        .await
        .is(422);
}

#[tokio::test]
async fn an_attachment_needs_consent_opens_on_acceptance_and_closes_with_the_packet() {
    let w = World::new().await;
    arranged(&w, ASSISTANCE, "amina").await;
    contact(&w, CLINIC, false, false).await;
    w.amina.post(format!("/cases/{CASE}/notes"), [("kind", "note"), ("body", "She can read and write French")]).await.redirects();
    let note = w.value("select id::text from case_notes").await;
    let path = within(&w, &w.amina).await;
    submitted(&w.amina, &path, &[("note", &note)]).await.shows("Consent does not name");
    w.sql("update consents set sections = sections || '{attachments}'").await;
    submitted(&w.amina, &path, &[("note", &note)]).await.redirects();
    w.work_off().await;
    w.chen.get(format!("{path}/attachments")).await.is(200).shows("Nothing can be opened here");
    does(&w.chen, &path, "accept", &[]).await.redirects();
    w.chen.get(&path).await.shows("Attached notes and documents");
    let one = w.chen.get(format!("{path}/attachments")).await.link(&format!("{path}/attachments/"));
    w.chen.get(&one).await.is(200).shows("She can read and write French");
    w.odd.get(&one).await.is(404);
    does(&w.amina, &path, "withdraw", &[("extent", "stop_sharing")]).await.redirects();
    w.chen.get(&one).await.is(404);
    assert_eq!(w.count("facts where kind = 'packet.attachment_opened'").await, 1);
}

#[tokio::test]
async fn what_the_program_says_in_an_attached_note_is_in_the_language_of_the_letter() {
    let w = World::new().await;
    arranged(&w, ASSISTANCE, "amina").await;
    contact(&w, CLINIC, false, false).await;
    w.sql("update consents set sections = sections || '{attachments}'").await;
    let at = w.in_hours(0);
    let plan = [("kind", "interview"), ("starts_at", at.as_str()), ("minutes", "60"), ("place", "At the centre")];
    let meeting = w.amina.post(format!("/cases/{CASE}/meetings"), plan).await.redirects();
    let held = [("version", "1"), ("state", "held"), ("minutes", "She can read and write French")];
    w.amina.post(format!("{meeting}/outcome"), held).await.redirects();
    let note = w.value("select id::text from case_notes").await;
    let path = within(&w, &w.amina).await;
    let french = [("note", note.as_str()), ("lang", "fr"), ("subject", ""), ("message", ""), ("based_on", "")];
    submitted(&w.amina, &path, &french).await.redirects();
    w.work_off().await;
    does(&w.chen, &path, "accept", &[]).await.redirects();
    let one = w.chen.get(format!("{path}/attachments")).await.link(&format!("{path}/attachments/"));
    w.chen.get(&one).await.shows("Entretien").shows("She can read and write French").lacks("Interview");
}

#[tokio::test]
async fn s12_a_document_of_a_record_with_guarded_parts_travels_with_no_referral() {
    let w = World::new().await;
    arranged(&w, ASSISTANCE, "amina").await;
    contact(&w, CLINIC, false, false).await;
    w.sql("update consents set sections = sections || '{attachments}'").await;
    upload(&w.amina, &format!("/cases/{CASE}"), "report", b"%PDF-1.7 minutes").await.redirects();
    let document = w.value("select id::text from documents").await;
    let path = within(&w, &w.amina).await;
    w.amina.get(format!("{path}/letter")).await.shows("Birth certificate of Dana");
    w.sql(&format!(
        "insert into case_records (id, case_id, root, kind, happened_at, author, author_name)
           values ('{CASE}', '{CASE}', '{CASE}', 'best_interests_determination', now(), '{}', 'Amina');
         update documents set record_root = '{CASE}', with_guarded_parts = true",
        user("amina")
    ))
    .await;
    w.amina.get(format!("/cases/{CASE}/documents")).await.shows("Birth certificate of Dana");
    w.amina.get(format!("{path}/letter")).await.is(200).lacks("Birth certificate of Dana");
    let sent = submitted(&w.amina, &path, &[("document", &document)]).await;
    assert!(!sent.status.is_redirection(), "{}", sent.status);
    assert_eq!(w.count("referral_attachments").await, 0);
}

#[tokio::test]
async fn each_lack_leads_to_where_it_is_mended() {
    let w = World::new().await;
    arranged(&w, ASSISTANCE, "amina").await;
    let path = within(&w, &w.amina).await;
    let mut kept = answers("keep", ALL);
    kept.retain(|(name, _)| *name != "safe_for_worker");
    w.amina.post(format!("{path}/edit"), kept).await.redirects();
    w.sql("update consents set withdrawn_at = now()").await;
    let (consent, question) = (format!("/cases/{CASE}/consents/new"), format!("{path}/edit#f-safe_for_worker"));
    for page in ["letter", "letter/submission"] {
        let seen = w.amina.get(format!("{path}/{page}")).await;
        seen.is(200).shows("Before it can be submitted").shows("Is it safe for the worker: Fill this in.").link(&consent);
        seen.link(&question);
    }
    w.amina.get(format!("{path}/letter/submission")).await.link(&format!("{path}/letter#f-email"));
    assert!(w.amina.get(format!("{path}/edit")).await.body.contains("id=\"f-safe_for_worker\""));
    assert!(w.amina.get(format!("{path}/letter")).await.body.contains("id=\"f-email\""));
    w.amina.get(&consent).await.is(200);
}

#[tokio::test]
async fn the_new_owner_of_a_case_reads_how_its_letters_went() {
    let w = World::new().await;
    arranged(&w, ASSISTANCE, "amina").await;
    contact(&w, CLINIC, false, false).await;
    let path = draft(&w, &w.amina, "case_transfer", &[("organisation", "2")]).await;
    submitted(&w.amina, &path, &[]).await.redirects();
    w.work_off().await;
    let chen = user("chen").to_string();
    w.chen.post(format!("{path}/transfer"), [("unit", "21"), ("manager", chen.as_str())]).await.redirects();
    let list = w.chen.get(format!("/cases/{CASE}/referrals")).await;
    list.is(200).shows("E-mailed").lacks("waits to be sent");
    w.chen.get(format!("{path}/letter")).await.shows("E-mailed");
    w.odd.get(format!("{path}/letter")).await.is(404);
}

// An organisation that works here, without an agreement.
const ELSEWHERE_ORG: i32 = 3;

#[tokio::test]
async fn a_letter_is_begun_only_to_an_organisation_that_its_page_offers() {
    let w = World::new().await;
    arranged(&w, ASSISTANCE, "amina").await;
    let begun = async |kind: &str, org: i32| {
        let org = org.to_string();
        w.amina
            .post(format!("/cases/{CASE}/referrals"), [("type", kind), ("need", "health"), ("organisation", org.as_str())])
            .await
    };
    for (kind, org) in
        [("case_transfer", ELSEWHERE_ORG), ("within", ELSEWHERE_ORG), ("case_transfer", LEGAL_AID), ("within", LEGAL_AID)]
    {
        begun(kind, org).await.is(422).shows("Choose one of the answers");
    }
    begun("outside", CLINIC).await.is(422);
    // Without client tracking there is no partner.
    w.sql("update agreements set client_tracking = false").await;
    begun("case_transfer", CLINIC).await.is(422).lacks("Clinic");
    assert_eq!(w.count("referrals").await, 0);
    w.sql("update agreements set client_tracking = true").await;
    begun("case_transfer", CLINIC).await.redirects();
}
