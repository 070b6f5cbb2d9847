//! Case conferences with other organisations (S27): who comes, on what ground, and which part of the minutes each receives.
mod called_off;
mod covered;
mod decided;
mod recalled;
mod told;

use serde_json::json;
use uuid::Uuid;

use crate::support::World;
use crate::support::case_work::{ASSISTANCE, GBV};
use crate::support::sent::PROTECTION;
use crate::support::world::{RECEPTION, user};

/// The clinic, and the stranger's organisation.
const CLINIC: &str = "2";
const STRANGER: &str = "3";

async fn meeting(w: &World, case: &str, kind: &str, in_hours: i64) -> String {
    let at = w.in_hours(in_hours);
    let form = [
        ("kind", kind),
        ("starts_at", at.as_str()),
        ("minutes", "60"),
        ("place", "Shelter for women"),
        ("purpose", "Her husband must not know"),
    ];
    w.amina.post(format!("{case}/meetings"), form).await.redirects()
}

// A case of Amina's with a conference that is about to begin; Dana agreed that these organisations hear of need and urgency.
async fn conference(w: &World, to_orgs: &str) -> (String, String) {
    let person = w.known_person("Dana Saleh").await;
    let case = w.case(&w.amina, PROTECTION, person, &[]).await;
    agreed(w, &case, person, to_orgs).await;
    let meeting = meeting(w, &case, "conference", 0).await;
    (case, meeting)
}

async fn agreed(w: &World, case: &str, person: Uuid, to_orgs: &str) {
    let (case, amina) = (case.trim_start_matches("/cases/"), user("amina"));
    w.sql(&format!(
        "insert into consents (id, case_id, person_id, basis, kind, purpose, to_orgs, sections, given_on, recorded_by, recorded_by_name)
         values (gen_random_uuid(), '{case}', '{person}', 'consent', 'consent', 'to confer', '{{{to_orgs}}}', '{{need,urgency}}', current_date, '{amina}', 'Amina')"
    ))
    .await;
}

async fn person_comes(w: &World, meeting: &str) {
    w.amina.post(format!("{meeting}/conference/person"), [("person", "yes")]).await.redirects();
}

async fn asked(w: &World, meeting: &str, org: &str, section: &str) {
    let party = [("org", org), ("who", "Nurse Adel"), ("sections", section)];
    w.amina.post(format!("{meeting}/conference/parties"), party).await.redirects();
}

async fn all_promise(w: &World, meeting: &str) {
    for org in [CLINIC, STRANGER] {
        promises(w, meeting, org).await;
    }
}

async fn promises(w: &World, meeting: &str, org: &str) {
    let id = w.value(&format!("select id::text from conference_parties where to_org = {org}")).await;
    w.amina.post(format!("{meeting}/conference/parties/{id}/agreement"), [("how", "signed")]).await.redirects();
}

// A conference that was held with the clinic, which keeps what it hears to itself.
async fn held_with_the_clinic(w: &World) -> (String, String) {
    let (case, meeting) = conference(w, CLINIC).await;
    person_comes(w, &meeting).await;
    asked(w, &meeting, CLINIC, "need").await;
    held(w, &meeting).await;
    (case, meeting)
}

// And whose minutes are with the clinic, under this address.
async fn minutes_at_the_clinic(w: &World) -> (String, String, String) {
    let (case, meeting) = held_with_the_clinic(w).await;
    w.amina.post(format!("{meeting}/conference/minutes"), [MINUTES[0]]).await.redirects();
    let packet = packet_of(w, CLINIC).await;
    w.chen.get(&packet).await.shows("Back to school");
    (case, meeting, packet)
}

fn id_of(case: &str) -> &str {
    case.trim_start_matches("/cases/")
}

async fn held(w: &World, meeting: &str) {
    let parties =
        w.value("select coalesce(string_agg(id::text, ','), '') from conference_parties where removed_at is null").await;
    let came = parties.split(',').filter(|one| !one.is_empty());
    let came = came.flat_map(|one| [(format!("att_{one}"), "came"), (format!("agreed_{one}"), "true")]);
    let said = [("version", "1"), ("state", "held"), ("att_person", "came")].map(|(field, value)| (field.to_owned(), value));
    let form: Vec<_> = said.into_iter().chain(came).collect();
    w.amina.post(format!("{meeting}/outcome"), form).await.redirects();
}

async fn packet_of(w: &World, org: &str) -> String {
    format!("/conferences/{}", w.value(&format!("select id::text from conference_packets where to_org = {org}")).await)
}

const MINUTES: [(&str, &str); 2] = [("m_need", "Back to school"), ("m_urgency", "Before winter")];

#[tokio::test]
async fn s27_an_organisation_is_asked_once_it_is_said_whether_the_person_comes_and_for_what_is_covered() {
    let w = World::new().await;
    let (case, meeting) = conference(&w, CLINIC).await;
    let (page, person) = (format!("{meeting}/conference"), format!("{meeting}/conference/person"));
    let parties = format!("{page}/parties");
    let clinic = [("org", CLINIC), ("who", "Nurse Adel"), ("sections", "need")];
    w.amina.post(&parties, clinic).await.is(422).shows("First say whether the person is asked to come");
    w.amina.post(&person, [("person", "no")]).await.is(422).shows("Fill this in");
    w.amina.post(&person, [("person", "no"), ("reason", "too_young")]).await.redirects();
    w.amina.get(&page).await.shows("Covered for").shows("Needs another basis").link(&format!("{case}/consents/new"));
    w.amina.get(&page).await.shows("The person is not asked to come: Too young for it");
    let beyond = [("org", CLINIC), ("who", ""), ("sections", "address")];
    w.amina.post(&parties, beyond).await.is(422).shows("Consent does not name every section").shows("Not covered:");
    let elsewhere = [("org", STRANGER), ("who", ""), ("sections", "need")];
    w.amina.post(&parties, elsewhere).await.is(422).shows("Consent does not reach this organisation");
    w.amina.post(&parties, [("org", "1"), ("who", ""), ("sections", "need")]).await.is(422);
    w.amina.post(&parties, clinic).await.redirects();
    w.amina.get(&page).await.shows("Nurse Adel").shows("Has not agreed yet to keep it to itself").link("/cases/");
    w.amina.post(&parties, clinic).await.is(422).shows("This organisation is asked already");
    assert_eq!(w.count("conference_parties where position('Adel'::bytea in who) > 0").await, 0);
    assert_eq!(w.count("conference_shares s join consents c on c.id = s.consent_id where s.section = 'need'").await, 1);
    w.odd.get(&page).await.is(404);
}

#[tokio::test]
async fn s27_the_invitation_carries_the_code_of_the_case_and_nobodys_name() {
    let w = World::new().await;
    let (case, meeting) = conference(&w, CLINIC).await;
    person_comes(&w, &meeting).await;
    asked(&w, &meeting, CLINIC, "need").await;
    let code = w.value(&format!("select code from cases where id = '{}'", case.trim_start_matches("/cases/"))).await;
    let invitation = w.amina.get(format!("{meeting}/conference")).await.link(&format!("{meeting}/conference/parties/"));
    let party = w.value("select id::text from conference_parties").await;
    assert!(invitation.contains(&party));
    let paper = w.amina.get(format!("{meeting}/conference/parties/{party}/invitation")).await;
    paper.is(200).shows(&code).shows("Kept among ourselves");
    paper.lacks("Dana").lacks("husband");
}

#[tokio::test]
async fn s17_the_invitation_says_less_the_closer_a_case_is_guarded() {
    let w = World::new().await;
    let (case, meeting) = conference(&w, CLINIC).await;
    person_comes(&w, &meeting).await;
    asked(&w, &meeting, CLINIC, "need").await;
    let (id, salma) = (id_of(&case), user("salma"));
    let code = w.value(&format!("select code from cases where id = '{id}'")).await;
    let party = w.value("select id::text from conference_parties").await;
    let paper = format!("{meeting}/conference/parties/{party}/invitation");
    let (desk, section, place) = ("Harbour switchboard", "Service wanted and reason", "Shelter for women");
    w.amina.get(&paper).await.shows(&code).shows(desk).lacks(section).lacks(place);
    w.sql(&format!("update cases set case_type = {ASSISTANCE} where id = '{id}'")).await;
    w.amina.get(&paper).await.shows(&code).shows(desk).shows(section).shows(place);
    w.sql(&format!("update cases set case_type = {GBV}, case_manager = '{salma}' where id = '{id}'")).await;
    let card = w.salma.get(&paper).await;
    card.is(200).shows(desk).lacks(&code).lacks(section).lacks(place).lacks("Kept among ourselves");
}

#[tokio::test]
async fn s27_each_organisation_reads_its_own_part_of_the_minutes_once_all_keep_it_to_themselves() {
    let w = World::new().await;
    let (_, meeting) = conference(&w, "2,3").await;
    let minutes = format!("{meeting}/conference/minutes");
    person_comes(&w, &meeting).await;
    asked(&w, &meeting, CLINIC, "need").await;
    asked(&w, &meeting, STRANGER, "urgency").await;
    w.amina.post(&minutes, MINUTES).await.is(409);
    held(&w, &meeting).await;
    // As it may stand from before that was asked.
    w.sql("update conference_parties set agreed_at = null, agreed_how = null").await;
    w.amina.post(&minutes, MINUTES).await.is(422).shows("has not agreed yet to keep it to itself").shows("Back to school");
    all_promise(&w, &meeting).await;
    w.amina.post(&minutes, [("m_need", " ")]).await.is(422);
    w.amina.post(&minutes, MINUTES).await.redirects();
    let (clinics, strangers) = (packet_of(&w, CLINIC).await, packet_of(&w, STRANGER).await);
    w.chen.get("/conferences").await.link(&clinics);
    w.chen.get(&clinics).await.shows("Back to school").lacks("Before winter").lacks("Dana");
    w.chen.get(&strangers).await.is(404);
    // Who does not answer for the organisation reads nothing of it.
    w.odd.get(&strangers).await.is(404);
    w.sql("update roles set acts = acts || '{referral.answer}' where code = 'case_worker'").await;
    w.odd.get(&strangers).await.shows("Before winter").lacks("Back to school");
    w.odd.get(&clinics).await.is(404);
    w.amina.get(&clinics).await.shows("Back to school");
    // Whoever wrote them a second time keeps what they typed.
    w.amina.post(&minutes, MINUTES).await.is(409).shows("Back to school");
    assert_eq!(w.count("conference_packets where position('school'::bytea in body) > 0").await, 0);
    assert_eq!(w.count("facts where kind = 'conference.opened'").await, 2);
}

#[tokio::test]
async fn s27_a_conference_keeps_who_took_part_and_what_was_decided_and_each_organisation_reads_what_it_agreed_to() {
    let w = World::new().await;
    let (case, meeting) = conference(&w, "2,3").await;
    person_comes(&w, &meeting).await;
    asked(&w, &meeting, CLINIC, "need").await;
    asked(&w, &meeting, STRANGER, "urgency").await;
    let part = async |org: &str| w.value(&format!("select id::text from conference_parties where to_org = {org}")).await;
    let (clinic, day) = (part(CLINIC).await, w.in_days(30)[..10].to_owned());
    let (att, role, who) = (format!("att_{clinic}"), format!("role_{clinic}"), format!("o:{clinic}"));
    let other = format!("att_{}", part(STRANGER).await);
    w.amina.get(&meeting).await.shows("Who took part").shows("What was decided");
    let mut form =
        vec![("version", "1"), ("state", "held"), ("att_person", "did_not"), (att.as_str(), "sent"), (other.as_str(), "came")];
    w.amina.post(format!("{meeting}/outcome"), form.clone()).await.is(422);
    form.extend([(role.as_str(), "Head nurse"), ("decision_1", "Ring the school"), ("who_1", "me"), ("by_1", day.as_str())]);
    form.extend([("decision_2", "Offer a place"), ("who_2", who.as_str()), ("by_2", day.as_str())]);
    let ticks = [&att, &other].map(|field| field.replace("att_", "agreed_"));
    w.amina.get(&meeting).await.shows("agreed to keep to itself what was said");
    // S27: whoever was there is bound, also who was sent.
    let unbound = w.amina.post(format!("{meeting}/outcome"), form.clone()).await;
    unbound.is(422).shows("Note that this organisation agreed").link(&format!("#f-{}", ticks[0]));
    form.extend(ticks.iter().map(|field| (field.as_str(), "true")));
    let named = [&form[..], &[("decision_3", "Visit Dana Saleh"), ("who_3", "me"), ("by_3", day.as_str())]].concat();
    w.amina.post(format!("{meeting}/outcome"), named).await.is(422).shows("These words tell who is meant").link("#f-decision_3");
    w.amina.post(format!("{meeting}/outcome"), form).await.redirects();
    let page = w.amina.get(&meeting).await;
    // Whose it is stands on both pages, as on that of the case (S28).
    page.shows("Dana Saleh");
    w.amina.get(format!("{meeting}/conference")).await.shows("Dana Saleh");
    page.shows("Sent somebody: Head nurse").shows("Did not come").shows("Ring the school").shows("Offer a place");
    w.amina.get(&case).await.shows("Case conference: Took place").shows("Offer a place");
    assert_eq!(w.count("tasks where title = 'Ring the school' and done_at is null").await, 1);
    assert_eq!(w.count("tasks where title = 'Offer a place'").await, 0, "another organisation's work is nobody's task here");
    assert_eq!(w.count("conference_parties where agreed_how = 'said'").await, 2);
    w.amina.post(format!("{meeting}/conference/minutes"), MINUTES).await.redirects();
    let (clinics, strangers) = (packet_of(&w, CLINIC).await, packet_of(&w, STRANGER).await);
    w.chen.get(&clinics).await.shows("What your organisation agreed to do").shows("Offer a place").lacks("Ring the school");
    w.amina.get(&strangers).await.lacks("Offer a place");
}

#[tokio::test]
async fn a_conference_that_took_place_says_of_everybody_who_was_asked_how_they_took_part() {
    let w = World::new().await;
    let (_, meeting) = conference(&w, CLINIC).await;
    person_comes(&w, &meeting).await;
    asked(&w, &meeting, CLINIC, "need").await;
    let att = format!("att_{}", w.value("select id::text from conference_parties").await);
    let form = [("version", "1"), ("state", "held"), ("att_person", "came"), (att.as_str(), "did_not")];
    for lacking in [&form[..2], &form[..3], &[form[0], form[1], form[3]][..]] {
        w.amina.post(format!("{meeting}/outcome"), lacking.to_vec()).await.is(422).shows("Fill this in");
    }
    assert_eq!(w.count("meetings where state = 'planned'").await, 1);
    w.amina.post(format!("{meeting}/outcome"), form).await.redirects();
}

#[tokio::test]
async fn s27_what_an_organisation_agreed_to_names_nobody_whom_it_was_not_told_of_also_in_a_standard_case() {
    let w = World::new().await;
    let (_, meeting) = conference(&w, CLINIC).await;
    person_comes(&w, &meeting).await;
    asked(&w, &meeting, CLINIC, "need").await;
    promises(&w, &meeting, CLINIC).await;
    w.sql("update case_types set sensitivity = 'standard' where sensitivity = 'protected'").await;
    let clinic = w.value(&format!("select id::text from conference_parties where to_org = {CLINIC}")).await;
    let (att, who, day) = (format!("att_{clinic}"), format!("o:{clinic}"), w.in_days(30)[..10].to_owned());
    let decided = [("decision_1", "Visit Dana Saleh"), ("by_1", day.as_str())];
    let form = [&[("version", "1"), ("state", "held"), ("att_person", "came"), (att.as_str(), "came")][..], &decided].concat();
    let agreed = [&form[..], &[("who_1", who.as_str())]].concat();
    w.amina.post(format!("{meeting}/outcome"), agreed).await.is(422).shows("These words tell who is meant");
    // Of a task of one's own it says nothing that the list does not say anyway.
    w.amina.post(format!("{meeting}/outcome"), [&form[..], &[("who_1", "me")]].concat()).await.redirects();
}

#[tokio::test]
async fn s27_whoever_reads_minutes_is_told_by_the_code_and_where_nobody_can_they_go_on_paper() {
    let w = World::new().await;
    let (case, meeting) = conference(&w, "2,3").await;
    let page = format!("{meeting}/conference");
    let code = w.value(&format!("select code from cases where id = '{}'", id_of(&case))).await;
    person_comes(&w, &meeting).await;
    asked(&w, &meeting, CLINIC, "need").await;
    w.amina.get(&page).await.shows("Nothing is sent yet").lacks("Nobody there can open minutes here");
    asked(&w, &meeting, STRANGER, "urgency").await;
    w.amina.get(&page).await.shows("Nobody there can open minutes here");
    held(&w, &meeting).await;
    w.amina.post(format!("{page}/minutes"), MINUTES).await.redirects();
    w.work_off().await;
    let told = "Minutes of a conference were shared with your organisation";
    w.chen.get("/notifications").await.shows(told).shows(&code).lacks("Dana");
    w.odd.get("/notifications").await.lacks(told);
    w.amina.get(&page).await.shows("What it received").shows("Its part, to give on paper");
    w.sql("update consents set withdrawn_at = now()").await;
    w.chen.get("/notifications").await.lacks(told);
}

#[tokio::test]
async fn s27_consent_that_is_taken_back_closes_what_was_shared_and_lets_nothing_more_out() {
    let w = World::new().await;
    let (_, meeting) = conference(&w, "2,3").await;
    let minutes = format!("{meeting}/conference/minutes");
    person_comes(&w, &meeting).await;
    asked(&w, &meeting, CLINIC, "need").await;
    asked(&w, &meeting, STRANGER, "urgency").await;
    held(&w, &meeting).await;
    w.amina.post(&minutes, [MINUTES[0]]).await.redirects();
    let clinics = packet_of(&w, CLINIC).await;
    w.chen.get(&clinics).await.is(200);
    w.sql("update consents set withdrawn_at = now()").await;
    w.chen.get(&clinics).await.is(404);
    w.chen.get("/conferences").await.lacks(&clinics);
    assert_eq!(w.count("keys k join conference_packets p on p.id = k.owner where k.destroyed_at is not null").await, 1);
    w.amina.get(format!("{meeting}/conference")).await.shows("Taken back");
    w.amina.post(&minutes, [MINUTES[1]]).await.is(422).shows("Consent was withdrawn");
}

#[tokio::test]
async fn s27_no_more_organisations_are_asked_than_the_page_shows() {
    let w = World::new().await;
    let (_, meeting) = conference(&w, CLINIC).await;
    person_comes(&w, &meeting).await;
    let (id, amina) = (meeting.rsplit('/').next().expect("an id"), user("amina"));
    w.sql(&format!(
        "insert into organisations (id, name, kind) select 300 + n, 'Guest ' || n, 'ngo' from generate_series(1, 20) n;
         insert into conference_parties (id, meeting_id, case_id, to_org, who, author, author_name)
           select gen_random_uuid(), m.id, m.case_id, 300 + n, '', '{amina}', 'Amina' from meetings m, generate_series(1, 20) n where m.id = '{id}'"
    ))
    .await;
    let clinic = [("org", CLINIC), ("who", ""), ("sections", "need")];
    w.amina.post(format!("{meeting}/conference/parties"), clinic).await.is(422).shows("Twenty organisations are asked already");
    assert_eq!(w.count("conference_parties").await, 20);
}

#[tokio::test]
async fn s10_whoever_is_barred_from_the_case_opens_no_minutes_of_it() {
    let w = World::new().await;
    let (case, _, packet) = minutes_at_the_clinic(&w).await;
    w.sql(&format!(
        "insert into bars (id, case_id, unit, reason) values (gen_random_uuid(), '{}', {RECEPTION}, 'relative')",
        id_of(&case)
    ))
    .await;
    w.chen.get(&packet).await.is(404);
    w.chen.get("/conferences").await.lacks(&packet);
    w.chen.program().await.get(format!("/api/v1{packet}")).await.is(404);
}

#[tokio::test]
async fn s01_minutes_close_when_what_they_rested_on_is_found_not_justified() {
    let w = World::new().await;
    let (_, meeting, packet) = minutes_at_the_clinic(&w).await;
    w.sql("update consents set basis = 'vital_interest', reason = 'child_at_risk', review_finding = 'not_justified'").await;
    w.chen.get(&packet).await.is(404);
    w.chen.get("/conferences").await.lacks(&packet);
    w.amina.get(format!("{meeting}/conference")).await.shows("Taken back");
    assert_eq!(w.count("keys k join conference_packets p on p.id = k.owner where k.destroyed_at is not null").await, 1);
}

#[tokio::test]
async fn s04_minutes_rest_on_what_covers_them_when_they_are_shared() {
    let w = World::new().await;
    let (case, meeting) = held_with_the_clinic(&w).await;
    let person = w.value(&format!("select person_id::text from cases where id = '{}'", id_of(&case))).await;
    w.sql("update consents set withdrawn_at = now()").await;
    agreed(&w, &case, person.parse().expect("an id"), CLINIC).await;
    w.amina.post(format!("{meeting}/conference/minutes"), [MINUTES[0]]).await.redirects();
    let packet = packet_of(&w, CLINIC).await;
    w.chen.get(&packet).await.shows("Back to school");
    w.amina.get(format!("{meeting}/conference")).await.lacks("Taken back");
    // The later consent is taken back too: nothing covers them any more.
    w.sql("update consents set withdrawn_at = now() where withdrawn_at is null").await;
    w.chen.get(&packet).await.is(404);
}

#[tokio::test]
async fn s27_a_conference_is_prepared_over_rest_as_on_its_page() {
    let w = World::new().await;
    let (_, meeting) = conference(&w, CLINIC).await;
    let (program, path) = (w.amina.program().await, format!("/api/v1{meeting}/conference"));
    let clinic = json!({ "org": 2, "who": "Nurse Adel", "sections": ["need"] });
    program.call("POST", &format!("{path}/parties"), Some(&clinic)).await.is(422).shows("person_first");
    program.call("POST", &format!("{path}/person"), Some(&json!({ "invited": true }))).await.is(200);
    let made = program.call("POST", &format!("{path}/parties"), Some(&clinic)).await;
    let made: serde_json::Value = serde_json::from_str(&made.is(201).body).expect("JSON");
    let party = made["id"].as_str().expect("an id");
    program.call("POST", &format!("{path}/parties/{party}/agreement"), Some(&json!({ "how": "said" }))).await.is(200);
    program
        .get(&path)
        .await
        .is(200)
        .shows("\"person_invited\":true")
        .shows("\"agreed_how\":\"said\"")
        .shows("\"basis\":\"consent\"");
    held(&w, &meeting).await;
    let minutes = json!({ "minutes": { "need": "Back to school", "urgency": "Before winter" } });
    program.call("POST", &format!("{path}/minutes"), Some(&minutes)).await.is(200).shows("\"packets\":1");
    let receiver = w.chen.program().await;
    receiver.get("/api/v1/conferences").await.is(200).shows("held_at");
    receiver.get(format!("/api/v1{}", packet_of(&w, CLINIC).await)).await.shows("Back to school").lacks("Before winter");
    w.odd.program().await.get(&path).await.is(404);
}
