//! Whom a screening proposes: within the places that are free, nobody who said no, and as a task to ask for consent.
use uuid::Uuid;

use super::{ASSISTANCE, ELDER, LARGE, begun, households, old, service};
use crate::referrals::{ALL, answers};
use crate::support::World;
use crate::support::world::{CLINIC, FIELD, RECEPTION, user};

async fn proposals(w: &World, state: &str) -> i64 {
    w.count(&format!("screening_proposals where state = '{state}'")).await
}

async fn is_proposed(w: &World, case: Uuid) -> bool {
    w.count(&format!("screening_proposals where case_id = '{case}' and state = 'proposed'")).await == 1
}

#[tokio::test]
async fn as_many_are_proposed_as_there_are_places_those_who_wait_longest_first() {
    let w = World::new().await;
    service(&w, "Elder care", ELDER, Some(2)).await;
    let cases = households(&w, 6, ASSISTANCE, &old()).await;
    let path = begun(&w).await;
    w.work_off().await;
    assert_eq!((proposals(&w, "proposed").await, proposals(&w, "waits").await), (2, 4));
    assert!(is_proposed(&w, cases[0]).await && is_proposed(&w, cases[1]).await);
    w.bruno.get(&path).await.shows("Amina Haddad Elder care").shows("2 4");
    let list = w.bruno.get(format!("{path}/proposals")).await;
    list.shows("Proposed").shows("Waits: No place is free").shows(&format!("C-{}", cases[5]));
}

#[tokio::test]
async fn what_is_asked_for_already_takes_its_place() {
    let w = World::new().await;
    let elder = service(&w, "Elder care", ELDER, Some(2)).await;
    let cases = households(&w, 6, ASSISTANCE, &old()).await;
    referred(&w, cases[5], elder, "requested", false).await;
    begun(&w).await;
    w.work_off().await;
    assert_eq!(proposals(&w, "proposed").await, 1);
}

async fn referred(w: &World, case: Uuid, service: Uuid, status: &str, declined: bool) {
    w.sql(&format!(
        "insert into referrals (id, code, kind, case_id, from_org, from_unit, to_unit, service_id, need, priority, status, step, author, requested_at, person_declined)
         values (gen_random_uuid(), 'R-{case}', 'partner', '{case}', 0, {FIELD}, {RECEPTION}, '{service}', 'health', 'normal', '{status}', 'sent', '{}', now(), {declined})",
        user("amina")
    ))
    .await;
}

#[tokio::test]
async fn whoever_said_no_or_is_referred_already_is_not_proposed() {
    let w = World::new().await;
    let elder = service(&w, "Elder care", ELDER, Some(50)).await;
    let cases = households(&w, 9, ASSISTANCE, &old()).await;
    let amina = user("amina");
    referred(&w, cases[0], elder, "accepted", false).await;
    referred(&w, cases[1], elder, "rejected", true).await;
    let consent = |case: Uuid, kind: &str, withdrawn: &str| {
        format!(
            "insert into consents (id, case_id, person_id, basis, kind, purpose, to_orgs, sections, given_on, recorded_by, recorded_by_name, withdrawn_at)
             select gen_random_uuid(), id, person_id, 'consent', '{kind}', 'to refer', '{{{CLINIC}}}', '{{need}}', current_date - 3, '{amina}', 'Amina', {withdrawn} from cases where id = '{case}';"
        )
    };
    let not_referred = "insert into not_referred (id, case_id, need, service_id, reason, recorded_by) values (gen_random_uuid()";
    w.sql(&format!(
        "{}{}{not_referred}, '{}', 'health', '{elder}', 'already_receives', '{amina}');
         insert into service_preferences (id, case_id, service_id, nth, wish, author, author_name) values (gen_random_uuid(), '{}', '{elder}', 1, 'unwanted', '{amina}', 'Amina');
         insert into bars (id, case_id, unit, reason) values (gen_random_uuid(), '{}', {RECEPTION}, 'relative')",
        consent(cases[2], "consent", "now()"),
        consent(cases[3], "refused", "null"),
        cases[4],
        cases[5],
        cases[6]
    ))
    .await;
    let path = begun(&w).await;
    w.work_off().await;
    w.bruno.get(&path).await.shows("Eligible, and not proposed").shows("fewer than");
    for case in &cases[..7] {
        assert!(!is_proposed(&w, *case).await, "{case}");
    }
    assert!(is_proposed(&w, cases[7]).await && is_proposed(&w, cases[8]).await);
}

#[tokio::test]
async fn what_was_given_in_the_last_twelve_months_is_shown_as_given_and_not_proposed() {
    let w = World::new().await;
    let elder = service(&w, "Elder care", ELDER, Some(50)).await;
    let cases = households(&w, 3, ASSISTANCE, &old()).await;
    for case in &cases {
        referred(&w, *case, elder, "completed", false).await;
    }
    let now = w.ground.clock.now();
    let ended = |case: Uuid, days: i64| {
        format!(
            "update referrals set ended_at = '{}' where case_id = '{case}';",
            (now - chrono::TimeDelta::days(days)).to_rfc3339()
        )
    };
    // The person of the third says that it never came.
    w.sql(&format!(
        "{}{}{}update referrals set loop = 'disputed' where case_id = '{}'",
        ended(cases[0], 300),
        ended(cases[1], 400),
        ended(cases[2], 300),
        cases[2]
    ))
    .await;
    let path = begun(&w).await;
    w.work_off().await;
    assert!(!is_proposed(&w, cases[0]).await);
    assert!(is_proposed(&w, cases[1]).await && is_proposed(&w, cases[2]).await);
    w.bruno.get(&path).await.shows("was given it in the last twelve months");
    // On the case it stays to be chosen, and says so.
    let services = w.amina.get(format!("/cases/{}/services", cases[0])).await;
    services.shows("Elder care").shows("Given on").shows(&format!("R-{}", cases[0]));
    w.amina.get(format!("/cases/{}/services", cases[2])).await.shows("Elder care").lacks("Given on");
    // What was given long ago is no answer to what is asked now.
    w.bruno.post(format!("{path}/proposals"), [("", "")]).await.redirects();
    w.work_off().await;
    let proposed = "Proposed by a screening Elder care";
    w.amina.get(format!("/cases/{}/services", cases[1])).await.shows(proposed).shows("Given on");
    // Nor is what never came, nor what says no more than when it was sent.
    w.amina.get(format!("/cases/{}/services", cases[2])).await.shows(proposed).lacks("Given on");
    w.sql(&format!("update referrals set requested_at = ended_at, ended_at = null where case_id = '{}'", cases[1])).await;
    w.amina.get(format!("/cases/{}/services", cases[1])).await.shows(proposed).shows("Given on");
}

#[tokio::test]
async fn what_a_screening_before_asks_already_is_with_the_worker_and_no_second_task_is_made() {
    let w = World::new().await;
    service(&w, "Elder care", ELDER, Some(5)).await;
    households(&w, 1, ASSISTANCE, &old()).await;
    let first = begun(&w).await;
    w.work_off().await;
    let second = begun(&w).await;
    w.work_off().await;
    for path in [&first, &second] {
        w.bruno.post(format!("{path}/proposals"), [("", "")]).await.redirects();
        w.work_off().await;
        w.bruno.get(format!("{path}/proposals")).await.shows("With the worker");
        w.bruno.get(path).await.shows("none is given twice");
    }
    assert_eq!((proposals(&w, "asked").await, w.count("tasks where kind = 'screening_consent'").await), (2, 1));
}

#[tokio::test]
async fn a_yes_after_a_no_counts() {
    let w = World::new().await;
    service(&w, "Elder care", ELDER, Some(5)).await;
    let case = households(&w, 1, ASSISTANCE, &old()).await[0];
    let said = |kind: &str, days: i32| {
        format!(
            "insert into consents (id, case_id, person_id, basis, kind, purpose, to_orgs, sections, given_on, recorded_by, recorded_by_name)
             select gen_random_uuid(), id, person_id, 'consent', '{kind}', 'to refer', '{{{CLINIC}}}', '{{need}}', current_date - {days}, '{}', 'Amina' from cases where id = '{case}';",
            user("amina")
        )
    };
    w.sql(&format!("{}{}", said("refused", 9), said("consent", 2))).await;
    begun(&w).await;
    w.work_off().await;
    assert!(is_proposed(&w, case).await);
}

#[tokio::test]
async fn proposing_gives_the_worker_a_task_to_ask_for_consent_and_sends_nothing() {
    let w = World::new().await;
    service(&w, "Elder care", ELDER, Some(1)).await;
    let cash = service(&w, "Family cash", LARGE, Some(1)).await.to_string();
    let case = households(&w, 1, ASSISTANCE, &old()).await[0];
    let path = begun(&w).await;
    w.work_off().await;
    w.amina.get("/").await.lacks("Elder care");
    w.bruno.get(&path).await.shows("Give the proposals to the workers");
    w.bruno.post(format!("{path}/proposals"), [("", "")]).await.redirects();
    w.work_off().await;
    w.amina.get("/").await.shows("Consent to ask for").lacks("Elder care");
    assert_eq!(
        w.count(&format!("tasks where kind = 'screening_consent' and case_id = '{case}' and assignee = '{}'", user("amina")))
            .await,
        1
    );
    assert_eq!(
        (w.count("referrals").await, w.count("packets").await, w.count("messages where kind = 'letter'").await),
        (0, 0, 0)
    );
    // On the case's page they come first, and nothing is ticked before the person was asked.
    let services = w.amina.get(format!("/cases/{case}/services")).await;
    services.is(200).shows("Proposed by a screening Elder care, Family cash");
    // Why the household is eligible is read there, condition by condition.
    services.shows("Met At least one member: Age at least 60");
    assert_eq!(services.body.matches(" checked").count(), 0);
    let (wish, words) = (format!("wish-{cash}"), format!("words-{cash}"));
    let unwanted = [("service", cash.as_str()), (wish.as_str(), "unwanted"), (words.as_str(), "Too far")];
    w.amina.post(format!("/cases/{case}/services/preference"), unwanted).await.redirects();
    w.amina.get(format!("/cases/{case}/services")).await.shows("Proposed by a screening Elder care They come first");
    w.bruno.get(&path).await.lacks("Give the proposals to the workers").shows("The workers have them");
    // What came of it stands in the list.
    let all = format!("{path}/proposals");
    w.bruno.get(&all).await.shows("With the worker").shows("The person does not want it");
    let wanted = [("service", cash.as_str()), (wish.as_str(), "wanted"), (words.as_str(), "")];
    w.amina.post(format!("/cases/{case}/services/preference"), wanted).await.redirects();
    let elder = w.value("select id::text from services where name = 'Elder care'").await;
    referred(&w, case, elder.parse().expect("an id"), "requested", false).await;
    w.sql("update referrals set requested_at = now() + interval '1 day', status = 'completed'").await;
    w.bruno.get(&all).await.shows("Referred: Served").shows("With the worker").lacks("does not want it");
    w.bruno.post(format!("{path}/proposals"), [("", "")]).await.is(409);
    // Whom somebody is asking already is not proposed once more, and keeps the place.
    let again = begun(&w).await;
    w.work_off().await;
    assert_eq!(proposals(&w, "proposed").await + proposals(&w, "waits").await, 0);
    w.bruno.get(&again).await.shows("somebody is asking the person already");
    // What is hidden since is named nowhere (S14).
    w.sql("update services set visibility = 'named' where name = 'Elder care'").await;
    w.bruno.get(&path).await.shows("Family cash").lacks("Elder care");
    w.bruno.get(format!("{path}/proposals")).await.lacks("Elder care");
    w.amina.get(format!("/cases/{case}/services")).await.lacks("Elder care");
}

#[tokio::test]
async fn what_was_proposed_is_agreed_to_and_sent_and_the_list_says_so() {
    let w = World::new().await;
    let elder = service(&w, "Elder care", ELDER, Some(1)).await.to_string();
    let case = households(&w, 1, ASSISTANCE, &old()).await[0];
    w.sql(
        "update persons set born_on = '1956-01-01', admin1 = 'Amman';
         insert into case_people (id, case_id, person_id, part) select gen_random_uuid(), id, person_id, 'subject' from cases;
         insert into person_contacts (id, person_id, channel, value, value_key, safe_to_call)
           select gen_random_uuid(), person_id, 'phone', '555 7788', '5557788', true from cases",
    )
    .await;
    let person = w.value("select person_id::text from cases").await;
    let path = begun(&w).await;
    w.work_off().await;
    w.bruno.post(format!("{path}/proposals"), [("", "")]).await.redirects();
    w.work_off().await;
    let list = format!("{path}/proposals");
    w.bruno.get(&list).await.shows("With the worker");
    // The person agrees, and Amina writes and sends.
    let mut said =
        vec![("person", person.as_str()), ("answer", "yes"), ("purpose", "To refer"), ("to_orgs", "2"), ("given_by", "person")];
    said.extend([
        ("understood", "true"),
        ("spoken_alone", "true"),
        ("language", "ar"),
        ("form", "thumb_mark"),
        ("limits_explained", "true"),
    ]);
    said.extend(ALL.iter().map(|section| ("sections", *section)));
    let today = w.ground.clock.now().format("%Y-%m-%d").to_string();
    said.push(("given_on", today.as_str()));
    w.amina.post(format!("/cases/{case}/consents/new"), said).await.redirects();
    let draft = Uuid::now_v7().to_string();
    let chosen = [("draft", draft.as_str()), ("to", elder.as_str()), ("need", "health")];
    w.amina.post(format!("/cases/{case}/services"), chosen).await.redirects();
    let mut written = answers("send", ALL);
    written.retain(|(name, _)| *name != "person");
    written.push(("person", person.clone()));
    w.amina.post(format!("/referrals/{draft}/edit"), written).await.redirects();
    w.bruno.get(&list).await.shows("Referred: Sent").lacks("With the worker");
    w.chen.get(format!("/referrals/{draft}")).await.is(200).shows("Elder care").lacks("555 7788");
}

#[tokio::test]
async fn s16_a_type_that_becomes_protected_takes_what_was_found_with_it() {
    let w = World::new().await;
    service(&w, "Elder care", ELDER, Some(1)).await;
    households(&w, 2, ASSISTANCE, &old()).await;
    begun(&w).await;
    w.work_off().await;
    w.sql(&format!("update case_types set sensitivity = 'protected' where id = {ASSISTANCE}")).await;
    for left in ["screening_results", "screening_proposals", "profiles where fields is not null"] {
        assert_eq!(w.count(left).await, 0, "{left}");
    }
}

#[tokio::test]
async fn s14_a_hidden_service_is_never_screened() {
    let w = World::new().await;
    let hidden = service(&w, "Safe house", ELDER, Some(1)).await;
    service(&w, "Family cash", LARGE, Some(1)).await;
    w.sql(&format!(
        "update services set visibility = 'named' where id = '{hidden}';
         insert into service_viewers (service_id, user_id) values ('{hidden}', '{}')",
        user("bruno")
    ))
    .await;
    households(&w, 6, ASSISTANCE, &old()).await;
    w.bruno.get("/screenings").await.shows("Family cash").lacks("Safe house");
    let path = begun(&w).await;
    w.work_off().await;
    w.bruno.get(&path).await.shows("Family cash").lacks("Safe house");
}
