//! What a person agreed to: who may give it, what else may stand in its place, and what ends when it is withdrawn.
use throughcare::platform::ids::CaseId;
use uuid::Uuid;

use crate::support::World;
use crate::support::world::user;

/// A child protection case of Amina's at Harbour: a child of 9 with a caregiver.
pub async fn child_case(w: &World, born_on: &str, caregiver_unsafe: &str) -> (CaseId, Uuid, Uuid) {
    let (case, child, caregiver) = (Uuid::now_v7(), Uuid::now_v7(), Uuid::now_v7());
    let (amina, bruno) = (user("amina"), user("bruno"));
    let code = throughcare::platform::ids::code('C');
    w.sql(&format!(
        "insert into persons (id, code, org, unit, name, born_on) values
           ('{child}', 'P-{child}', 1, 11, 'Dana Saleh', '{born_on}'), ('{caregiver}', 'P-{caregiver}', 1, 11, 'Karim Saleh', '1985-01-01');
         insert into cases (id, code, org, unit, case_type, case_manager, supervisor, person_id, pack, pack_version, stage, intake_source, opened_at)
           values ('{case}', '{code}', 1, 11, 2, '{amina}', '{bruno}', '{child}', 'protection', 1, 'identified', 'self', now());
         insert into case_people (id, case_id, person_id, part, not_safe_to_involve, org, unit, case_type, scope) values
           (gen_random_uuid(), '{case}', '{child}', 'subject', false, 1, 11, 2, '{{}}'),
           (gen_random_uuid(), '{case}', '{caregiver}', 'caregiver', {caregiver_unsafe}, 1, 11, 2, '{{}}');"
    ))
    .await;
    let mut work = w.operate().await;
    work.new_key(case, Some(case)).await.expect("a key");
    work.commit().await.expect("it commits");
    (CaseId(case), child, caregiver)
}

fn consent<'a>(person: &'a str, given_by: &'a str, giver: &'a str, more: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let mut fields = vec![
        ("person", person),
        ("answer", "yes"),
        ("purpose", "Treatment at the clinic"),
        ("to_orgs", "2"),
        ("sections", "need"),
        ("given_by", given_by),
        ("given_by_person", giver),
        ("understood", "true"),
        ("spoken_alone", "true"),
        ("language", "ar"),
        ("form", "thumb_mark"),
        ("given_on", "2026-11-01"),
        ("limits_explained", "true"),
    ];
    fields.extend_from_slice(more);
    fields
}

#[tokio::test]
async fn s03_a_child_of_nine_needs_caregiver_and_own_assent() {
    let w = World::new().await;
    let (case, child, caregiver) = child_case(&w, "2017-03-01", "false").await;
    let (child, caregiver, new) = (child.to_string(), caregiver.to_string(), format!("/cases/{case}/consents/new"));
    w.amina.get(&new).await.shows("Record consent or refusal");
    w.amina.post(&new, consent(&child, "person", "", &[])).await.is(422).shows("At this age an adult gives consent");
    w.amina.post(&new, consent(&child, "caregiver", &caregiver, &[])).await.is(422).shows("The child must agree as well");
    let page = w.amina.post(&new, consent(&child, "caregiver", &caregiver, &[("assent", "true")])).await.redirects();
    w.amina.get(&page).await.shows("Consent given for the person").shows("Karim Saleh");
    w.amina.get(format!("/cases/{case}/consents")).await.shows("Assent of the child").shows("In force");
    w.odd.get(&page).await.is(404);
}

#[tokio::test]
async fn consent_is_of_a_lifetime_and_lasts_two_years_at_most() {
    let w = World::new().await;
    let (case, child, caregiver) = child_case(&w, "2017-03-01", "false").await;
    let (child, caregiver, new) = (child.to_string(), caregiver.to_string(), format!("/cases/{case}/consents/new"));
    let days = [
        ("2016-01-01", "", "before the person was born"),
        ("2020-01-01", "", "more than two years ago"),
        ("2026-11-01", "2126-11-01", "At most two years"),
    ];
    for (given, last, why) in days {
        let mut fields = consent(&child, "caregiver", &caregiver, &[("assent", "true"), ("expires_on", last)]);
        fields.iter_mut().filter(|(name, _)| *name == "given_on").for_each(|(_, day)| *day = given);
        w.amina.post(&new, fields).await.is(422).shows(why);
    }
}

#[tokio::test]
async fn s03_a_caregiver_not_safe_to_involve_is_never_asked() {
    let w = World::new().await;
    let (case, child, caregiver) = child_case(&w, "2017-03-01", "true").await;
    let (child, caregiver, new) = (child.to_string(), caregiver.to_string(), format!("/cases/{case}/consents/new"));
    w.amina.get(&new).await.lacks("Karim Saleh");
    w.amina
        .post(&new, consent(&child, "caregiver", &caregiver, &[("assent", "true")]))
        .await
        .is(422)
        .shows("not safe to involve");
}

#[tokio::test]
async fn s25_nobody_of_the_case_interprets_a_consent_and_whoever_does_keeps_it_confidential() {
    let w = World::new().await;
    let (case, child, caregiver) = child_case(&w, "2017-03-01", "false").await;
    let (child, caregiver, new) = (child.to_string(), caregiver.to_string(), format!("/cases/{case}/consents/new"));
    let through = |more: &[(&'static str, &'static str)]| {
        consent(&child, "caregiver", &caregiver, &[&[("assent", "true")][..], more].concat())
    };
    w.amina.get(&new).await.shows("The interpreter is no relative and no child, and keeps it confidential");
    w.amina.post(&new, through(&[("interpreter", "Mr. Noor")])).await.is(422);
    let relative = through(&[("interpreter", "karim  SALEH"), ("interpreter_bound", "true")]);
    w.amina.post(&new, relative).await.is(422).shows("Somebody of this case is called so");
    let page = w.amina.post(&new, through(&[("interpreter", "Mr. Noor"), ("interpreter_bound", "true")])).await.redirects();
    w.amina.get(&page).await.shows("Mr. Noor").shows("is no relative and no child, and keeps it confidential");
}

#[tokio::test]
async fn s03_nobody_is_their_own_representative_nor_is_a_child() {
    let w = World::new().await;
    let (case, child, sibling) = child_case(&w, "2017-03-01", "false").await;
    w.sql(&format!("update persons set born_on = '2014-01-01' where id = '{sibling}'")).await;
    let (child, sibling, new) = (child.to_string(), sibling.to_string(), format!("/cases/{case}/consents/new"));
    for (given_by, giver) in [("caregiver", &child), ("caregiver", &sibling), ("chosen_adult", &sibling)] {
        let fields = consent(&child, given_by, giver, &[("assent", "true")]);
        w.amina.post(&new, fields).await.is(422).shows("speak for the child: name an adult");
    }
    w.sql(&format!("update persons set born_on = '2010-01-01' where id = '{sibling}'")).await;
    w.amina.post(&new, consent(&child, "chosen_adult", &sibling, &[("assent", "true")])).await.is(422);
    w.amina.post(&new, consent(&child, "caregiver", &sibling, &[("assent", "true")])).await.redirects();
}

#[tokio::test]
async fn s01_another_basis_needs_a_second_person_and_a_review() {
    let w = World::new().await;
    let (case, child, _) = child_case(&w, "2017-03-01", "true").await;
    let child = child.to_string();
    let fields = [
        ("way", "basis"),
        ("person", child.as_str()),
        ("reason", "child_at_risk"),
        ("note", "Struck again last night."),
        ("told", "no"),
        ("not_told_reason", "The phone is shared."),
        ("to_orgs", "2"),
        ("sections", "need"),
    ];
    let page = w.amina.post(format!("/cases/{case}/consents/new"), fields).await.redirects();
    w.amina.get(&page).await.shows("Waits for a second person").shows("Struck again last night.");
    w.amina.post(format!("{page}/agreement"), [("a", "b")]).await.is(403);
    w.bruno.post(format!("{page}/agreement"), [("a", "b")]).await.redirects();
    w.bruno.get(&page).await.shows("In force");
    w.pia.get("/protection?view=bases").await.shows("Waits for review");
    w.pia.post(format!("{page}/review"), [("finding", "not_justified")]).await.redirects();
    w.amina.get(&page).await.shows("Found not justified");
}

#[tokio::test]
async fn s04_withdrawal_ends_consent_and_assent_together() {
    let w = World::new().await;
    let (case, child, caregiver) = child_case(&w, "2017-03-01", "false").await;
    let (child, caregiver) = (child.to_string(), caregiver.to_string());
    let fields = consent(&child, "caregiver", &caregiver, &[("assent", "true")]);
    let page = w.amina.post(format!("/cases/{case}/consents/new"), fields).await.redirects();
    w.amina.get(&page).await.shows("can't be called back").shows("End the service too");
    let fields = [("extent", "stop_sharing"), ("how", "in_person")];
    let withdrawn = w.amina.post(format!("{page}/withdrawal"), fields).await;
    assert_eq!(withdrawn.flash(), "consent-withdrawn-nobody");
    w.amina.get(format!("/cases/{case}/consents")).await.shows("Withdrawn").lacks("In force").shows("Treatment at the clinic");
    w.amina.get(format!("/cases/{case}")).await.shows("Treatment at the clinic");
    w.amina.post(format!("{page}/withdrawal"), fields).await.is(409);
    w.pia.get("/protection?view=withdrawals").await.shows("Consent");
}

#[tokio::test]
async fn consent_is_dated_on_the_day_where_the_worker_is() {
    let w = World::new().await;
    let (case, ..) = child_case(&w, "2017-03-01", "false").await;
    w.sql("update organisations set time_zone = 'Pacific/Kiritimati'").await;
    let there = w.ground.clock.now() + chrono::TimeDelta::hours(14);
    w.amina.get(format!("/cases/{case}/consents/new")).await.keeps(&there.date_naive().to_string());
    w.sql("update organisations set time_zone = 'Pacific/Pago_Pago'").await;
    let there = w.ground.clock.now() - chrono::TimeDelta::hours(11);
    w.amina.get(format!("/cases/{case}/consents/new")).await.keeps(&there.date_naive().to_string());
}

// In so many fields of the page this person may be chosen.
fn offers(page: &crate::support::browser::Seen, id: Uuid) -> usize {
    page.body.matches(&format!("value=\"{id}\"")).count()
}

#[tokio::test]
async fn s03_where_the_case_has_no_adult_one_of_the_household_is_offered() {
    let w = World::new().await;
    let (case, child, caregiver) = child_case(&w, "2017-03-01", "false").await;
    let new = format!("/cases/{case}/consents/new");
    let page = w.amina.get(&new).await;
    page.is(200).lacks("No adult who is safe to involve");
    assert_eq!((offers(&page, child), offers(&page, caregiver)), (1, 1), "the child is nobody's giver");
    w.sql(&format!(
        "delete from case_people where person_id = '{caregiver}'; update persons set code = 'P-3333-3333' where id = '{caregiver}'"
    ))
    .await;
    w.amina.get(&new).await.shows("No adult who is safe to involve").shows("Change people").lacks("Karim Saleh");
    let home = w.household(caregiver).await;
    w.sql(&format!(
        "insert into household_members (id, household_id, person_id, relationship, joined_on)
         values (gen_random_uuid(), '{home}', '{child}', 'child', '2020-01-01')"
    ))
    .await;
    let page = w.amina.get(&new).await;
    page.shows("Adults of the household").shows("Karim Saleh");
    let link = page.link(&format!("/cases/{case}/people?person=")).replace("&#38;", "&");
    w.amina.get(&link).await.is(200).keeps("P-3333-3333");
    let put = [("person", "P-3333-3333"), ("part", "caregiver"), ("version", "1")];
    w.amina.post(format!("/cases/{case}/people"), put).await.redirects();
    let page = w.amina.get(&new).await;
    page.lacks("No adult who is safe to involve");
    assert_eq!(offers(&page, caregiver), 1);
}

#[tokio::test]
async fn s03_whoever_is_not_safe_to_involve_elsewhere_is_not_offered_from_the_household() {
    let w = World::new().await;
    let (case, child, caregiver) = child_case(&w, "2017-03-01", "true").await;
    let (other, sibling, _) = child_case(&w, "2018-03-01", "false").await;
    let home = w.household(caregiver).await;
    w.sql(&format!(
        "insert into household_members (id, household_id, person_id, relationship, joined_on) select gen_random_uuid(), '{home}', id, 'child', '2020-01-01'
           from persons where id in ('{child}', '{sibling}');
         delete from case_people where case_id = '{other}' and part = 'caregiver'"
    ))
    .await;
    for case in [case, other] {
        let page = w.amina.get(format!("/cases/{case}/consents/new")).await;
        page.shows("No adult who is safe to involve").lacks("Adults of the household").lacks("Karim Saleh");
    }
}
