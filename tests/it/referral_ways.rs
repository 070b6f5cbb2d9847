//! Other ways to refer and to be answered: from a person without a case, from a record, to a colleague by name, for an organisation outside.
use crate::referrals::{ALL, CASE, COVERED, PERSON, SERVICE, answers, does, drafted, scene, sent};
use crate::support::World;
use crate::support::sent::PROTECTION;
use crate::support::world::{FIELD, user};

#[tokio::test]
async fn a_person_without_a_case_is_referred_in_one_step() {
    let w = World::new().await;
    let person = w.person(&w.amina, "Yusuf Karam", &[]).await;
    let page = format!("/people/{person}/refer");
    w.amina.get(format!("/people/{person}")).await.link(&page);
    w.amina.get(&page).await.is(200).shows("General protection").lacks("Gender-based violence").lacks("Yusuf");
    w.amina.post(&page, [("case_type", "1")]).await.is(422);
    let refer = w.amina.post(&page, [("case_type", "1"), ("intake_source", "self")]).await.redirects();
    w.amina.get(&refer).await.is(200).shows("Need");
    assert_eq!(w.amina.get(&page).await.redirects(), refer);
    let urgent = w.amina.get(format!("{page}?emergency=true")).await.redirects();
    assert!(urgent.ends_with("/emergency"), "{urgent}");
    w.odd.get(&page).await.is(404);
}

#[tokio::test]
async fn the_form_that_opens_a_case_on_the_way_opens_one_however_often_it_is_sent() {
    let w = World::new().await;
    let page = format!("/people/{}/refer", w.person(&w.amina, "Yusuf Karam", &[]).await);
    let form = w.amina.get(&page).await;
    let drawn = crate::polish::hidden(&form, "draft");
    let refused = w.amina.post(&page, [("case_type", "1"), ("draft", &drawn)]).await;
    assert_eq!(crate::polish::hidden(refused.is(422), "draft"), drawn);
    let opened = w.amina.post(&page, [("case_type", "1"), ("intake_source", "self"), ("draft", &drawn)]).await.redirects();
    let again = w.amina.post(&page, [("case_type", "1"), ("intake_source", "hotline"), ("draft", &drawn)]).await;
    assert_eq!(again.redirects(), opened);
    assert_eq!(w.count("cases").await, 1);
}

#[tokio::test]
async fn a_packet_says_in_words_what_is_kept_in_codes() {
    let w = World::new().await;
    scene(&w, 1, "amina", COVERED).await;
    w.sql(&format!(
        "update persons set languages = '{{ar,fr}}', disability = '{{\"seeing\": \"a_lot\"}}';
         insert into person_documents (id, person_id, kind, number, number_key) values (gen_random_uuid(), '{PERSON}', 'passport', 'N 4417', 'n4417')"
    ))
    .await;
    let path = drafted(&w, &w.amina).await;
    let mut kept = answers("keep", &["need", "urgency", "access_needs", "disability", "identity_documents"]);
    let due = w.ground.clock.now().date_naive() + chrono::Days::new(30);
    kept.push(("due_on", due.to_string()));
    w.amina.post(format!("{path}/edit"), kept).await.redirects();
    let seen = w.amina.get(format!("{path}/edit")).await;
    let day = due.format("%-d %b").to_string();
    for words in ["Arabic, French", "Seeing", "a lot of difficulty", "Passport", "N 4417", &day] {
        seen.shows(words);
    }
    seen.lacks("a_lot");
}

#[tokio::test]
async fn a_referral_is_linked_to_the_record_it_was_started_from() {
    let w = World::new().await;
    scene(&w, 1, "amina", COVERED).await;
    let record = w.amina.get(format!("/cases/{CASE}/consents")).await.link("/consents/").replace("/consents/", "");
    let to = format!("service:{SERVICE}");
    let draft = |id: &'static str| [("need", "health"), ("draft", id), ("to", to.as_str())];
    let (first, second) = ("01900000-0000-7000-8000-00000000000a", "01900000-0000-7000-8000-00000000000b");
    let foreign = [&draft(first)[..], &[("from", second)]].concat();
    w.amina.post(format!("/cases/{CASE}/refer"), foreign).await.is(404);
    let linked = [&draft(first)[..], &[("from", record.as_str())]].concat();
    let path = w.amina.post(format!("/cases/{CASE}/refer"), linked).await.redirects();
    w.amina.get(path.trim_end_matches("/edit")).await.shows("Started from").shows("Consent,");
}

#[tokio::test]
async fn a_colleague_named_by_the_sender_holds_it_and_the_unit_sees_it_too() {
    let w = World::new().await;
    scene(&w, 1, "amina", COVERED).await;
    let lena = w.member("lena", FIELD, "provider").await;
    w.sql("update consents set to_orgs = to_orgs || 1").await;
    w.amina.get(format!("/cases/{CASE}/refer?need=health")).await.shows("Lena · ");
    let to = format!("user:{lena}");
    let fields = [("need", "health"), ("draft", "01900000-0000-7000-8000-00000000000a"), ("to", to.as_str())];
    let path = w.amina.post(format!("/cases/{CASE}/refer"), fields).await.redirects();
    w.amina.get(&path).await.shows("Lena · ");
    let path = path.trim_end_matches("/edit").to_owned();
    assert_eq!(w.amina.post(format!("{path}/edit"), answers("send", ALL)).await.redirects(), path);
    let browser = w.browser("lena").await;
    browser.get("/inbox?shelf=mine").await.shows("New").shows("Health");
    does(&browser, &path, "accept", &[("side", "to")]).await.redirects();
    let stranger =
        [("need", "health"), ("draft", "01900000-0000-7000-8000-00000000000b"), ("to", &format!("user:{}", user("chen")))];
    w.amina.post(format!("/cases/{CASE}/refer"), stranger).await.is(422);
}

#[tokio::test]
async fn a_named_colleague_who_left_before_it_was_sent_leaves_it_to_the_unit() {
    let w = World::new().await;
    scene(&w, 1, "amina", COVERED).await;
    let lena = w.member("lena", FIELD, "provider").await;
    w.sql("update consents set to_orgs = to_orgs || 1").await;
    let to = format!("user:{lena}");
    let fields = [("need", "health"), ("draft", "01900000-0000-7000-8000-00000000000a"), ("to", to.as_str())];
    let path = w.amina.post(format!("/cases/{CASE}/refer"), fields).await.redirects();
    w.sql(&format!("update users set active = false where id = '{lena}'")).await;
    w.amina.post(&path, answers("send", ALL)).await.redirects();
    assert_eq!(w.count("referrals where status = 'requested' and to_assignee is null and to_unit is not null").await, 1);
}

#[tokio::test]
async fn the_sender_writes_down_what_an_organisation_outside_answered() {
    let w = World::new().await;
    scene(&w, 1, "amina", COVERED).await;
    w.sql("update organisations set in_system = false where id = 2").await;
    let path = drafted(&w, &w.amina).await;
    w.amina.post(format!("{path}/edit"), answers("send", ALL)).await.redirects();
    w.amina.get(&path).await.shows("Decline").link(&format!("{path}/acceptance"));
    let page = format!("{path}/acceptance");
    w.amina.get(&page).await.shows("Who said it?").shows("By phone");
    w.amina.post(&page, [("who", "Nurse Ruth")]).await.is(422);
    let said = [("on_behalf", "phone"), ("who", "Nurse Ruth"), ("remark", "Come on Monday")];
    w.amina.post(&page, said).await.redirects();
    w.amina.get(&path).await.shows("By phone · Nurse Ruth: Come on Monday");
    let given = [("on_behalf", "email"), ("who", "Nurse Ruth"), ("what", "Wound dressed")];
    w.amina.post(format!("{path}/outcome"), given).await.redirects();
    w.amina.get(&path).await.shows("Wound dressed").lacks("Confirmed by the person · done");
    w.chen.get(&page).await.is(404);
}

#[tokio::test]
async fn nobody_answers_for_a_receiver_that_works_here() {
    let w = World::new().await;
    let path = sent(&w).await;
    let said = [("on_behalf", "phone"), ("who", "Nurse Ruth")];
    let refused = w.amina.post(format!("{path}/acceptance"), said).await;
    assert!(refused.status.is_client_error(), "{}", refused.status);
}

#[tokio::test]
async fn a_referral_that_has_ended_opens_none_of_its_forms_and_says_how_it_ended() {
    let w = World::new().await;
    let (served, declined) = (w.served(PROTECTION).await, w.sent(PROTECTION).await);
    w.chen.post(declined.path("decline"), [("reason", "not_eligible")]).await.redirects();
    let answers = "acknowledgement acceptance decline waiting hold appointment no-show appointment-cancellation start visit interim-note outcome \
                   failure cancellation-confirmation deletion-confirmation assignment";
    for (sent, how) in [(&served, "State: service given"), (&declined, "State: declined")] {
        for form in answers.split_whitespace() {
            let seen = w.chen.get(sent.path(form)).await;
            seen.is(409).shows("The referral has ended").shows(how).shows("Back to where you were").lacks("tc-form");
        }
    }
    // That copies are deleted is confirmed after the end.
    w.sql(&format!("update referrals set sharing = 'deletion_asked' where id = '{}'", served.id)).await;
    w.chen.get(served.path("deletion-confirmation")).await.is(200);
}
