//! The inter-agency referral form of a child: who cares for them, whether that adult knows, and what of it is never printed.
use throughcare::letters::{paper, store};
use throughcare::platform::db::{Actor, Work};
use throughcare::platform::ids::LetterId;
use uuid::Uuid;

use super::{arranged, contact, submitted};
use crate::referrals::{ALL, CASE, PERSON, answers};
use crate::support::World;
use crate::support::case_work::ASSISTANCE;
use crate::support::pdf::read;
use crate::support::world::{CLINIC, FIELD};

// Dana is nine; Kasim, head of their household, cares for her.
async fn child_with(w: &World, not_safe: bool) {
    arranged(w, ASSISTANCE, "amina").await;
    contact(w, CLINIC, false, false).await;
    let (kasim, household) = (Uuid::now_v7(), Uuid::now_v7());
    w.sql(&format!(
        "update persons set born_on = current_date - interval '9 years' where id = '{PERSON}';
         update consents set sections = sections || '{{child}}';
         insert into persons (id, code, org, unit, name, contact_restriction) values ('{kasim}', 'P-3333-3333', 1, {FIELD}, 'Kasim Saleh', 'Never at work');
         insert into person_contacts (id, person_id, channel, value, value_key, safe_to_call, hours)
           values (gen_random_uuid(), '{kasim}', 'phone', '555 3311', '5553311', true, 'before noon'), (gen_random_uuid(), '{kasim}', 'phone', '555 3322', '5553322', false, '');
         insert into households (id, code, org, unit, head_id) values ('{household}', 'H-3333-3333', 1, {FIELD}, '{kasim}');
         insert into household_members (id, household_id, person_id, relationship, joined_on) values
           (gen_random_uuid(), '{household}', '{kasim}', 'head', '2020-01-01'), (gen_random_uuid(), '{household}', '{PERSON}', 'grandchild', '2020-01-01');
         insert into case_people (id, case_id, person_id, part, not_safe_to_involve) values (gen_random_uuid(), '{CASE}', '{kasim}', 'caregiver', {not_safe})"
    ))
    .await;
}

fn care<'a>(go: &'a str, more: &[(&'a str, &str)]) -> Vec<(&'a str, String)> {
    let sections: &[&str] = &["need", "urgency", "area", "identity", "safe_contact", "child"];
    let mut fields = answers(go, if more.is_empty() { ALL } else { sections });
    fields.push(("accompaniment", "adult".to_owned()));
    fields.extend(more.iter().map(|(name, value)| (*name, (*value).to_owned())));
    fields
}

// The form that was frozen for Clinic, in this language, as its reader sees it.
async fn form(w: &World, path: &str, lang: &str) -> String {
    let anew = [("template", "inter_agency_form"), ("lang", lang), ("subject", ""), ("message", ""), ("based_on", "")];
    submitted(&w.amina, path, &anew).await.redirects();
    let id = LetterId(w.value("select id::text from letters order by number desc limit 1").await.parse().expect("an id"));
    let mut work = Work::open(&w.ground, Actor::System { job: "test", org: Some(1) }).await.expect("work");
    let content = store::frozen(&mut work, id).await.expect("a frozen letter");
    read(&paper::render(&content).expect("it prints"))
}

async fn draft(w: &World) -> String {
    super::draft(w, &w.amina, "within", &[("organisation", "2")]).await
}

#[tokio::test]
async fn the_form_of_a_child_says_who_cares_and_whether_they_know() {
    let w = World::new().await;
    child_with(&w, false).await;
    let path = draft(&w).await;
    let page = w.amina.get(format!("{path}/edit")).await;
    page.is(200).shows("With whom the child is").shows("taken from the household register");
    let unsaid = care("letter", &[("care", "separated"), ("caregiver_informed", "no")]);
    w.amina.post(format!("{path}/edit"), unsaid).await.redirects();
    submitted(&w.amina, &path, &[]).await.shows("Write why the child's caregiver does not know");
    let wrong = care("letter", &[("care", "elsewhere")]);
    w.amina.post(format!("{path}/edit"), wrong).await.is(422);
    let said = care("letter", &[("care", "separated"), ("caregiver_informed", "no"), ("caregiver_not_informed", "He is at sea")]);
    w.amina.post(format!("{path}/edit"), said).await.redirects();
    w.amina.get(format!("{path}/edit")).await.shows("Kasim Saleh").shows("555 3311").shows("He is at sea").lacks("555 3322");
    let text = form(&w, &path, "en").await;
    for part in ["Separated child", "Kasim Saleh", "grandparent", "555 3311 · before noon · Never at work", "No: He is at sea"]
    {
        assert!(text.contains(part), "{part} in\n{text}");
    }
    assert!(!text.contains("555 3322"), "{text}");
    crate::referrals::does(&w.chen, &path, "accept", &[]).await.redirects();
    w.chen.get(&path).await.shows("Kasim Saleh").shows("grandparent").shows("He is at sea");
    for (lang, words) in
        [("fr", ["Enfant séparé", "grand-parent"]), ("es", ["separad", "abuelo o abuela"]), ("ar", ["منفصل", "جد"])]
    {
        w.amina.post(format!("{path}/letters"), [("", "")]).await.redirects();
        let text = form(&w, &path, lang).await;
        for part in words.iter().chain(&["Kasim Saleh", "555 3311", "He is at sea"]) {
            assert!(text.contains(part), "{part} in\n{text}");
        }
    }
}

#[tokio::test]
async fn s03_of_a_caregiver_who_is_not_safe_to_involve_neither_form_nor_packet_tells() {
    let w = World::new().await;
    child_with(&w, true).await;
    let path = draft(&w).await;
    let said = [("care", "with_caregiver"), ("caregiver_relationship", "grandparent"), ("caregiver_informed", "yes")];
    w.amina.post(format!("{path}/edit"), care("letter", &said)).await.redirects();
    let text = form(&w, &path, "en").await;
    assert!(text.contains("Caregiver informed of this referral"), "{text}");
    for told in ["Kasim", "555 33", "grandparent", "Primary caregiver", "usual caregiver", "Yes"] {
        assert!(!text.contains(told), "{told} in\n{text}");
    }
    crate::referrals::does(&w.chen, &path, "accept", &[]).await.redirects();
    w.chen.get(&path).await.shows("Dana Saleh").lacks("Kasim").lacks("grandparent").lacks("usual caregiver");
}

#[tokio::test]
async fn without_the_section_on_the_child_the_form_says_nothing_of_its_care() {
    let w = World::new().await;
    child_with(&w, false).await;
    let path = draft(&w).await;
    w.amina.post(format!("{path}/edit"), care("letter", &[])).await.redirects();
    let text = form(&w, &path, "fr").await;
    assert!(
        text.contains("Fiche de référencement interagences") && !text.contains("Kasim") && !text.contains("Situation"),
        "{text}"
    );
}
