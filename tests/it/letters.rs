//! Letters: the dialogue of a draft, the preview that is the very file, what goes out and what is held back, templates, attachments.
mod answering;
mod apart;
mod by_link;
mod came_back;
mod child_form;
mod further;
mod held_back;
mod letterhead;
mod overriding;
mod templates;

use uuid::Uuid;

use crate::referrals::{ALL, CASE, COVERED, answers, does, scene};
use crate::support::World;
use crate::support::browser::{Browser, Seen};
use crate::support::case_work::ASSISTANCE;
use crate::support::world::{CLINIC, HARBOUR, user};

const LEGAL_AID: i32 = 50;
const GUARDED: i16 = 1;
const RESTRICTED: i16 = 4;

// Dana's case of this type; an agreement with Clinic; an organisation outside the system; consent for both and for any provider.
async fn arranged(w: &World, case_type: i16, keeper: &str) {
    scene(w, case_type, keeper, COVERED).await;
    w.sql(&format!(
        "insert into agreements (id, from_org, to_org, kind, starts_on) values (gen_random_uuid(), {HARBOUR}, {CLINIC}, 'flagged', current_date - 10);
         insert into organisations (id, name, kind, in_system) values ({LEGAL_AID}, 'Legal Aid', 'ngo', false);
         update consents set to_orgs = '{{{CLINIC},{LEGAL_AID}}}', to_kinds = '{{provider}}'"
    ))
    .await;
}

// A registered contact: of a partner kept by itself, of an organisation outside kept by Harbour.
async fn contact(w: &World, org: i32, named: bool, verified: bool) -> Uuid {
    let id = Uuid::now_v7();
    let keeper = if org == LEGAL_AID { HARBOUR } else { org };
    let checked = if verified { format!("now(), '{}'", user("ada")) } else { "null, null".to_owned() };
    w.sql(&format!(
        "insert into organisation_contacts (id, org, keeper, name, desk, named, email, phone, lang, verified_at, verified_by)
         values ('{id}', {org}, {keeper}, 'Rima Desk', 'Intake', {named}, 'desk{org}@partner.example', '555 0900', 'en', {checked})"
    ))
    .await;
    id
}

// A draft to an organisation, with everything on its own page answered; answers the referral's path.
async fn draft(w: &World, by: &Browser, kind: &str, to: &[(&str, &str)]) -> String {
    let _ = w;
    let mut fields = vec![("type", kind), ("need", "health")];
    fields.extend_from_slice(to);
    let path = by.post(format!("/cases/{CASE}/referrals"), fields).await.redirects();
    let path = path.trim_end_matches("/edit").to_owned();
    by.post(format!("{path}/edit"), answers("letter", ALL)).await.redirects();
    path
}

async fn within(w: &World, by: &Browser) -> String {
    draft(w, by, "within", &[("organisation", "2")]).await
}

// The tag of a page that carries this name, with what follows it.
fn tag<'a>(page: &'a Seen, name: &str) -> Option<&'a str> {
    let at = page.body.find(&format!("name=\"{name}\""))?;
    page.body[..at].rfind('<').map(|start| &page.body[start..])
}

// The value of a field of the page.
fn field(page: &Seen, name: &str) -> String {
    let tag = tag(page, name).unwrap_or_else(|| panic!("no field {name}:\n{}", page.text()));
    let (head, rest) = tag.split_once('>').expect("a tag ends");
    if head.starts_with("<textarea") {
        return unescaped(rest.split("</textarea>").next().unwrap_or_default());
    }
    unescaped(head.split("value=\"").nth(1).and_then(|value| value.split('"').next()).unwrap_or_default())
}

fn unescaped(text: &str) -> String {
    text.replace("&#39;", "'").replace("&quot;", "\"").replace("&#34;", "\"").replace("&amp;", "&").replace("&#38;", "&")
}

// What the letter's page holds, as a browser would send it again, with these changes.
async fn sent_again(by: &Browser, path: &str, changes: &[(&str, &str)]) -> Vec<(String, String)> {
    let page = by.get(format!("{path}/letter")).await;
    page.is(200);
    let mut fields: Vec<(String, String)> = Vec::new();
    for name in ["version", "based_on", "subject", "message", "contact_name", "greeted", "email", "guard_words"] {
        if page.body.contains(&format!("name=\"{name}\"")) {
            fields.push((name.to_owned(), field(&page, name)));
        }
    }
    for chosen in ["lang", "template", "way", "contact"] {
        if let Some(value) = chosen_of(&page, chosen) {
            fields.push((chosen.to_owned(), value));
        }
    }
    for (name, value) in changes {
        fields.retain(|(known, _)| known != name);
        fields.push(((*name).to_owned(), (*value).to_owned()));
    }
    fields
}

// The option or radio button that is chosen.
fn chosen_of(page: &Seen, name: &str) -> Option<String> {
    let first = tag(page, name)?;
    let (tags, mark, of_name) = if first.starts_with("<select") {
        (first.split("</select>").next()?.split("<option"), " selected", String::new())
    } else {
        (page.body.split("<input"), " checked", format!("name=\"{name}\""))
    };
    let heads = tags.filter_map(|tag| tag.split('>').next());
    let chosen = heads.filter(|head| head.contains(&of_name)).find(|head| head.contains(mark))?;
    chosen.split("value=\"").nth(1)?.split('"').next().map(str::to_owned)
}

// Through the last look; answers the page that says what is wrong, or where it led.
async fn submitted(by: &Browser, path: &str, changes: &[(&str, &str)]) -> Seen {
    let mut fields = sent_again(by, path, changes).await;
    fields.push(("go".to_owned(), "review".to_owned()));
    let seen = by.post(format!("{path}/letter"), fields).await;
    if !seen.status.is_redirection() {
        return seen;
    }
    assert_eq!(seen.redirects(), format!("{path}/letter/submission"));
    let page = by.get(format!("{path}/letter/submission")).await;
    page.is(200);
    if !page.body.contains("name=\"version\"") {
        return page;
    }
    let version = field(&page, "version");
    by.post(format!("{path}/letter/submission"), [("version", version)]).await
}

async fn posted(w: &World) -> i64 {
    w.count("messages where kind = 'letter'").await
}

#[tokio::test]
async fn the_three_types_of_referral_go_from_draft_to_the_post() {
    let w = World::new().await;
    arranged(&w, ASSISTANCE, "amina").await;
    contact(&w, CLINIC, false, false).await;
    contact(&w, LEGAL_AID, false, false).await;
    w.amina.get(format!("/cases/{CASE}/referrals")).await.shows("No referral yet").shows("Case transfer");
    for (kind, org) in [("case_transfer", "2"), ("within", "2"), ("outside", "50")] {
        let page = w.amina.get(format!("/cases/{CASE}/referrals/new?type={kind}")).await;
        page.is(200);
        assert_eq!(page.text().contains("Clinic"), kind != "outside", "only partners under an agreement");
        let path = draft(&w, &w.amina, kind, &[("organisation", org)]).await;
        let page = w.amina.get(format!("{path}/letter")).await;
        page.is(200).shows("Choose the language first").shows("Rima Desk");
        assert_eq!(field(&page, "email"), format!("desk{org}@partner.example"));
        submitted(&w.amina, &path, &[]).await.redirects();
        w.amina.get(format!("{path}/letter")).await.shows("Submitted, waits to be sent").shows("nothing of it can be changed");
        w.work_off().await;
        w.amina.get(format!("{path}/letter/file")).await.is(200);
    }
    assert_eq!(posted(&w).await, 3);
    let mails: Vec<String> = w.ground.mail.kept().iter().map(|mail| String::from_utf8_lossy(&mail.bytes).into_owned()).collect();
    assert_eq!(mails.len(), 3);
    for mail in &mails {
        // Behind its header the file is in base64, in which any four letters may stand.
        let (read, _) = mail.split_once("application/pdf").expect("the PDF is attached");
        assert!(read.contains(".pdf\"") && !read.contains("Dana"), "{mail}");
    }
    let page = w.amina.get(format!("/cases/{CASE}/referrals")).await;
    page.shows("E-mailed")
        .shows("Case transfer")
        .shows("Within this system")
        .shows("Outside this system")
        .shows("desk50@partner.example")
        .shows("Add referral");
    page.shows("E-mail to");
}

#[tokio::test]
async fn a_preview_is_the_very_file_and_creates_nothing() {
    let w = World::new().await;
    arranged(&w, ASSISTANCE, "amina").await;
    contact(&w, LEGAL_AID, false, false).await;
    let path = draft(&w, &w.amina, "outside", &[("organisation", "50")]).await;
    let fields = sent_again(&w.amina, &path, &[("lang", "fr"), ("subject", ""), ("message", ""), ("based_on", "")]).await;
    let preview = w.amina.post(format!("{path}/letter/preview"), fields).await;
    assert_eq!(preview.is(200).headers["content-type"], "application/pdf");
    assert_eq!(w.count("letters").await + w.count("answer_links").await + posted(&w).await, 0);
    submitted(&w.amina, &path, &[("lang", "fr"), ("subject", ""), ("message", ""), ("based_on", "")]).await.redirects();
    w.work_off().await;
    let file = w.amina.get(format!("{path}/letter/file")).await;
    assert!(file.is(200).body == preview.body, "the preview is the file");
    assert_eq!(w.count("answer_links").await, 1);
}

#[tokio::test]
async fn nothing_is_lost_when_the_language_changes_after_an_edit() {
    let w = World::new().await;
    arranged(&w, ASSISTANCE, "amina").await;
    contact(&w, CLINIC, false, false).await;
    let path = within(&w, &w.amina).await;
    let edited = sent_again(&w.amina, &path, &[("message", "Words of my own"), ("go", "keep")]).await;
    w.amina.post(format!("{path}/letter"), edited).await.redirects();
    let french = sent_again(&w.amina, &path, &[("lang", "fr"), ("go", "review")]).await;
    assert_eq!(w.amina.post(format!("{path}/letter"), french).await.redirects(), format!("{path}/letter"), "not sent unseen");
    let page = w.amina.get(format!("{path}/letter")).await;
    page.shows("Kept: your words in").shows("Words of my own").shows("Bonjour");
    let origin = "referral_letter.en";
    let taken = [
        sent_again(&w.amina, &path, &[("go", &format!("take.{origin}"))]).await,
        vec![
            (format!("kept.{origin}.subject"), field(&page, &format!("kept.{origin}.subject"))),
            (format!("kept.{origin}.message"), "Words of my own".to_owned()),
        ],
    ]
    .concat();
    w.amina.post(format!("{path}/letter"), taken).await.redirects();
    let page = w.amina.get(format!("{path}/letter")).await;
    assert_eq!(field(&page, "message"), "Words of my own");
    page.shows("Bonjour");
}

#[tokio::test]
async fn s13_subject_and_file_name_say_the_code_and_nothing_else() {
    let w = World::new().await;
    arranged(&w, ASSISTANCE, "amina").await;
    contact(&w, CLINIC, false, false).await;
    let path = within(&w, &w.amina).await;
    let code = w.value("select code from referrals").await;
    let page = w.amina.get(format!("{path}/letter")).await;
    let (subject, message) = (field(&page, "subject"), field(&page, "message"));
    assert!(subject.contains(&code), "{subject}");
    for told in ["Dana", "Saleh", "555 7788", "Health", "Stitches"] {
        assert!(!subject.contains(told) && !message.contains(told), "{told}");
    }
    submitted(&w.amina, &path, &[]).await.redirects();
    w.work_off().await;
    let file = w.amina.get(format!("{path}/letter/file")).await;
    assert_eq!(file.headers["content-disposition"], format!("inline; filename=\"{code}.pdf\""));
}

#[tokio::test]
async fn s17_of_a_guarded_case_nothing_goes_to_an_address_that_somebody_typed() {
    let w = World::new().await;
    arranged(&w, GUARDED, "amina").await;
    contact(&w, CLINIC, false, false).await;
    let path = within(&w, &w.amina).await;
    w.amina.get(format!("{path}/letter")).await.shows("No registered contact can be written to").lacks("desk2@partner.example");
    let seen = submitted(&w.amina, &path, &[("email", "friend@elsewhere.example"), ("contact_name", "A friend")]).await;
    seen.is(422).shows("verified");
    let named = contact(&w, CLINIC, true, true).await;
    let named = named.to_string();
    let seen = submitted(&w.amina, &path, &[("contact", &named), ("email", "friend@elsewhere.example")]).await;
    seen.redirects();
    w.amina.get(format!("{path}/letter")).await.shows("desk2@partner.example").lacks("friend@elsewhere.example");
}

#[tokio::test]
async fn s17_of_a_restricted_case_nothing_but_a_card_is_made_and_only_on_paper() {
    let w = World::new().await;
    arranged(&w, RESTRICTED, "salma").await;
    contact(&w, CLINIC, true, true).await;
    let path = within(&w, &w.salma).await;
    let page = w.salma.get(format!("{path}/letter")).await;
    page.is(200)
        .shows("Appointment card")
        .shows("no name, no service, no agency")
        .lacks("By e-mail")
        .lacks("Referral letter")
        .lacks("Rima Desk");
    let seen = submitted(&w.salma, &path, &[("way", "email"), ("email", "x@y.example")]).await;
    seen.is(422).shows("carry this paper safely");
    submitted(&w.salma, &path, &[("safe_to_carry", "yes")]).await.redirects();
    w.work_off().await;
    assert_eq!(posted(&w).await, 0);
    w.salma.get(format!("{path}/letter")).await.shows("Ready to print");
}

#[tokio::test]
async fn s17_whoever_carries_the_paper_was_asked_whether_that_is_safe() {
    let w = World::new().await;
    arranged(&w, GUARDED, "amina").await;
    let path = within(&w, &w.amina).await;
    submitted(&w.amina, &path, &[("way", "hand")]).await.is(422).shows("Fill this in");
    submitted(&w.amina, &path, &[("way", "hand"), ("safe_to_carry", "no")]).await.is(422).shows("give it to the person");
    submitted(&w.amina, &path, &[("way", "hand"), ("safe_to_carry", "yes")]).await.redirects();
}

#[tokio::test]
async fn the_guard_marks_the_words_and_only_a_supervisor_with_a_reason_gets_past_it() {
    let w = World::new().await;
    arranged(&w, ASSISTANCE, "amina").await;
    contact(&w, CLINIC, false, false).await;
    let path = within(&w, &w.amina).await;
    let telling = ("message", "Please see Dana Saleh on Monday");
    let seen = submitted(&w.amina, &path, &[telling]).await;
    seen.is(422).shows("These words would tell who is meant");
    assert!(seen.body.contains("<mark>Dana"), "{}", seen.body);
    assert!(!seen.body.contains("name=\"guard_reason\""));
    assert_eq!(w.count("referrals where status = 'requested'").await, 0);
    submitted(&w.bruno, &path, &[telling]).await.is(422);
    submitted(&w.bruno, &path, &[telling, ("guard_reason", "They share the surname with the street")]).await.redirects();
    assert_eq!(w.count("facts where kind = 'letter.guard_overridden' and note -> 'found' ? 'name'").await, 1);
}

#[tokio::test]
async fn a_double_click_submits_once_and_a_stale_page_submits_nothing() {
    let w = World::new().await;
    arranged(&w, ASSISTANCE, "amina").await;
    contact(&w, CLINIC, false, false).await;
    let path = within(&w, &w.amina).await;
    let fields = sent_again(&w.amina, &path, &[("go", "review")]).await;
    w.amina.post(format!("{path}/letter"), fields).await.redirects();
    w.amina.post(format!("{path}/letter/submission"), [("version", "7")]).await.is(409);
    assert_eq!(w.count("referrals where status = 'requested'").await, 0);
    for _ in 0..2 {
        w.amina.post(format!("{path}/letter/submission"), [("version", "1")]).await.redirects();
    }
    w.work_off().await;
    assert_eq!(posted(&w).await, 1);
    w.amina.post(format!("{path}/letter"), [("subject", "Another"), ("go", "keep")]).await.redirects();
    w.amina.get(format!("{path}/letter")).await.lacks("Another");
}

#[tokio::test]
async fn only_the_senders_side_reads_the_letter() {
    let w = World::new().await;
    arranged(&w, ASSISTANCE, "amina").await;
    contact(&w, CLINIC, false, false).await;
    let path = within(&w, &w.amina).await;
    submitted(&w.amina, &path, &[]).await.redirects();
    w.work_off().await;
    does(&w.chen, &path, "accept", &[]).await.redirects();
    w.chen.get(&path).await.is(200).lacks("/letter");
    for tail in ["letter", "letter/file", "letter/preview", "letter/submission"] {
        w.chen.get(format!("{path}/{tail}")).await.is(404);
        w.odd.get(format!("{path}/{tail}")).await.is(404);
    }
    w.chen.get(format!("{path}/letter/file")).await.is(404);
    w.chen.post(format!("{path}/letter/printing"), [("", "")]).await.is(404);
}

#[tokio::test]
async fn a_letter_on_paper_is_printed_and_that_is_written_down() {
    let w = World::new().await;
    arranged(&w, ASSISTANCE, "amina").await;
    let path = draft(&w, &w.amina, "outside", &[("to_name", "The parish hall"), ("to_kind", "provider")]).await;
    submitted(&w.amina, &path, &[("way", "post"), ("contact", "other"), ("contact_name", "The warden")]).await.redirects();
    w.work_off().await;
    assert_eq!(posted(&w).await, 0);
    w.amina.get(format!("{path}/letter")).await.shows("Ready to print").shows("The parish hall");
    w.amina.post(format!("{path}/letter/printing"), [("", "")]).await.redirects();
    w.amina.get(format!("{path}/letter")).await.shows("Printed");
    w.amina.get(format!("{path}/letter/file")).await.is(200);
    assert_eq!(w.count("facts where kind = 'letter.printed'").await, 1);
    does(&w.amina, &path, "mark_error", &[("reason", "Wrong hall")]).await.redirects();
    w.amina.post(format!("{path}/letter/printing"), [("", "")]).await.is(409).shows("may not go any more");
}

#[tokio::test]
async fn a_receiver_without_a_row_is_reached_by_the_kind_that_consent_names() {
    let w = World::new().await;
    arranged(&w, ASSISTANCE, "amina").await;
    let path = draft(&w, &w.amina, "outside", &[("to_name", "The ministry"), ("to_kind", "ministry")]).await;
    submitted(&w.amina, &path, &[("way", "post")]).await.is(200).shows("Before it can be submitted");
    w.amina.post(format!("/cases/{CASE}/referrals"), [("type", "outside"), ("need", "health")]).await.is(422);
}
