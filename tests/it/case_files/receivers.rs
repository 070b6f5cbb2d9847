//! To whom a copy goes, and what of a household is whose.
use super::{asked, scene};
use crate::plans;
use crate::projects::{Scene, noted};
use crate::support::World;
use crate::support::sent::PROTECTION;

// Somebody of the household who is on the case too.
async fn joined(w: &World, case: &str, name: &str) -> String {
    let person = w.known_person(name).await.to_string();
    let id = case.trim_start_matches("/cases/");
    w.sql(&format!(
        "insert into case_people (id, case_id, person_id, part) values (gen_random_uuid(), '{id}', '{person}', 'member')"
    ))
    .await;
    person
}

#[tokio::test]
async fn s12_an_adults_copy_goes_to_another_at_their_own_wish_only_and_the_reviewer_reads_to_whom() {
    let w = World::new().await;
    let (case, person) = scene(&w).await;
    let head = joined(&w, &case, "Omar Saleh").await;
    let fields = [
        ("sections", "person"),
        ("person", person.as_str()),
        ("given_to", head.as_str()),
        ("reason", "He asks for hers"),
        ("lang", "en"),
    ];
    w.amina.post(format!("{case}/file"), fields).await.is(422).shows("Say that they asked for this themselves");
    assert_eq!(w.count("case_files").await, 0);
    let path = w.amina.post(format!("{case}/file"), fields.into_iter().chain([("own_wish", "true")])).await.redirects();
    w.pia.get(&path).await.shows("Whose data Dana Saleh").shows("Goes to Omar Saleh · at their own wish");
    w.amina.get(format!("{case}/file")).await.shows("Whose By State").shows("Dana Saleh Amina Haddad To be looked through");
    // A child's copy may go to whoever cares for the child.
    w.sql(&format!("update persons set born_on = current_date - 3000 where id = '{person}'")).await;
    w.amina.post(format!("{case}/file"), fields).await.redirects();
    let own = asked(&w, &case, &person).await;
    w.pia.get(&own).await.shows("Goes to Dana Saleh").lacks("at their own wish");
}

#[tokio::test]
async fn s30_whoever_is_found_unsafe_after_a_copy_was_asked_for_receives_nothing() {
    let w = World::new().await;
    let (case, person) = scene(&w).await;
    let head = joined(&w, &case, "Omar Saleh").await;
    let fields = [("sections", "person"), ("person", person.as_str()), ("given_to", head.as_str()), ("reason", "She sends him")];
    let fields = fields.into_iter().chain([("own_wish", "true"), ("lang", "en")]);
    let path = w.amina.post(format!("{case}/file"), fields).await.redirects();
    let unsafe_is = async |word: &str| {
        w.sql(&format!("update case_people set not_safe_to_involve = {word} where person_id = '{head}'")).await;
    };
    unsafe_is("true").await;
    w.pia.get(&path).await.shows("It must not go");
    w.pia.post(format!("{path}/release"), [("keep", "0")]).await.is(422).shows("receives nothing");
    assert_eq!(w.count("case_files where state = 'asked'").await, 1);
    unsafe_is("false").await;
    w.pia.post(format!("{path}/release"), [("keep", "0")]).await.redirects();
    w.work_off().await;
    w.amina.get(&path).await.shows("Hand it to Omar Saleh alone");
    unsafe_is("true").await;
    w.amina.get(&path).await.shows("It must not go").lacks(&format!("{path}/pdf"));
    w.amina.get(format!("{path}/pdf")).await.is(409).shows("It is held back");
}

#[tokio::test]
async fn s30_what_another_member_promised_in_the_plan_stays_out() {
    let w = World::new().await;
    let (case, person) = plans::assessed(&w, PROTECTION).await;
    let other = joined(&w, &case, "Maryam Saleh").await;
    let plan = plans::written(&w, &case, &person).await;
    plans::step(&w, &w.amina, &plan, "words", &[("wants", "To sleep dry")]).await.redirects();
    plans::step(&w, &w.amina, &plan, "proposal", &[]).await.redirects();
    for whose in [&person, &other] {
        plans::step(
            &w,
            &w.amina,
            &plan,
            "agreement",
            &[("side", "person"), ("person", whose.as_str()), ("way", "said"), ("witness", "The receptionist")],
        )
        .await;
    }
    plans::step(&w, &w.amina, &plan, "agreement", &[("side", "organisation"), ("way", "signed_in")]).await.redirects();
    assert_eq!(w.count("plans where agreed_at is not null").await, 1);
    for (whose, hers) in [(&person, true), (&other, false)] {
        let fields = [("sections", "plan"), ("person", whose.as_str()), ("reason", "She asks"), ("lang", "en")];
        let path = w.amina.post(format!("{case}/file"), fields).await.redirects();
        let read = w.pia.get(&path).await;
        read.shows("A dry home");
        assert_eq!(read.text().contains("Clears the room"), hers);
        // So are the words above the goals: the person's own, and nobody else's.
        assert_eq!(read.text().contains("To sleep dry"), hers);
    }
}

#[tokio::test]
async fn s30_two_of_one_name_are_told_apart_where_a_copy_is_asked_for() {
    let w = World::new().await;
    let (case, person) = plans::assessed(&w, PROTECTION).await;
    let other = joined(&w, &case, "Dana Saleh").await;
    let own = w.value(&format!("select code from persons where id = '{person}'")).await;
    let others = w.value(&format!("select code from persons where id = '{other}'")).await;
    // Of the same age, it is the code that tells.
    w.amina.get(format!("{case}/file")).await.shows(&own).shows(&others);
    w.sql(&format!("update persons set born_on = '2016-05-01' where id = '{other}'")).await;
    let fields = [("sections", "person"), ("person", person.as_str()), ("reason", "She asks"), ("lang", "en")];
    let path = w.amina.post(format!("{case}/file"), fields).await.redirects();
    let page = w.amina.get(&path).await;
    page.shows("Dana Saleh").shows("years").lacks(&others);
}

#[tokio::test]
async fn s30_hours_in_a_community_project_reach_the_person() {
    let w = World::new().await;
    let scene = Scene::open(&w).await;
    let placement = scene.place(&w.amina, &[]).await.redirects();
    noted(&w.amina, &placement, ("2026-02-02", "0"), ["6", "2", ""]).await.redirects();
    let fields = [("sections", "projects"), ("person", scene.person.as_str()), ("reason", "She asks"), ("lang", "en")];
    let path = w.amina.post(format!("{}/file", scene.case), fields).await.redirects();
    w.amina.get(&path).await.shows("There: 6 · Away, for a good reason: 2");
}
