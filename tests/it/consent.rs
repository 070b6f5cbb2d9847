//! What a person agreed to: who may give it, what else may stand in its place, and what ends when it is withdrawn.
use throughcare::platform::ids::CaseId;
use uuid::Uuid;

use crate::referrals::{ALL, CASE, COVERED, PERSON, SERVICE, answers, does, scene};
use crate::support::World;
use crate::support::world::{CLINIC, RECEPTION, user};

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
async fn s03_how_it_was_spoken_of_is_kept_whole_and_what_makes_it_count_is_asked_for() {
    let w = World::new().await;
    let (case, child, caregiver) = child_case(&w, "2017-03-01", "false").await;
    let (child, caregiver, new) = (child.to_string(), caregiver.to_string(), format!("/cases/{case}/consents/new"));
    let interpreter = [("interpreter", "Nour Hamdan, sworn"), ("interpreter_bound", "true")];
    let further = [&[("assent", "true"), ("witness", "Sister Agnes")][..], &interpreter].concat();
    let mut whole = consent(&child, "caregiver", &caregiver, &further);
    whole.iter_mut().filter(|(name, _)| *name == "form").for_each(|(_, how)| *how = "spoken_before_witness");
    for (field, words) in [
        ("understood", "Consent counts only once it was understood"),
        ("language", "Fill this in"),
        ("form", "Fill this in"),
        ("witness", "Fill this in"),
        ("interpreter_bound", "Fill this in"),
    ] {
        let lacking = whole.iter().copied().filter(|(name, _)| *name != field);
        w.amina.post(&new, lacking).await.is(422).shows(words).link(&format!("#f-{field}"));
    }
    let page = w.amina.post(&new, whole.clone()).await.redirects();
    let seen = w.amina.get(&page).await;
    for said in [
        "How it was given Spoken before a witness",
        "Witness Sister Agnes",
        "Language of the conversation Arabic",
        "Interpreter Nour Hamdan, sworn",
        "Spoken to alone Yes",
        "Understanding was checked Yes",
    ] {
        seen.shows(said);
    }
    // Who could not be spoken to alone still gives consent, and the page says so.
    let page = w.amina.post(&new, whole.iter().copied().filter(|(name, _)| *name != "spoken_alone")).await.redirects();
    w.amina.get(&page).await.shows("Spoken to alone No");
}

const ORDER: (&str, &str) = ("law", "Family court, 12 of 2026");
const ASSENT: (&str, &str) = ("assent", "true");

// How old somebody is, who gives consent for them, with what else, and what stands against it.
type Given = (i64, &'static str, &'static [(&'static str, &'static str)], &'static str);

#[tokio::test]
async fn s03_who_gives_consent_follows_the_age_and_a_guardian_shows_the_order_of_a_court() {
    let w = World::new().await;
    let (too_young, alone) = ("At this age an adult gives consent", "An adult consents for themselves");
    let (child_too, young_first) = ("The child must agree as well", "a caregiver consents only if the young person agrees");
    let court = "A guardian consents only by order of a court";
    let rows: [Given; 22] = [
        (3, "person", &[ASSENT], too_young),
        (3, "caregiver", &[], ""),
        (3, "guardian", &[], court),
        (3, "guardian", &[ORDER], ""),
        (5, "person", &[], too_young),
        (5, "caregiver", &[], ""),
        (6, "caregiver", &[], child_too),
        (6, "caregiver", &[ASSENT], ""),
        (14, "person", &[ASSENT], too_young),
        (14, "chosen_adult", &[], child_too),
        (14, "chosen_adult", &[ASSENT], ""),
        (14, "guardian", &[ORDER], child_too),
        (14, "guardian", &[ORDER, ASSENT], ""),
        (15, "person", &[], ""),
        (15, "caregiver", &[], young_first),
        (15, "caregiver", &[ASSENT], ""),
        (17, "person", &[], ""),
        (17, "guardian", &[ASSENT], court),
        (17, "guardian", &[ORDER, ASSENT], ""),
        (30, "caregiver", &[], alone),
        (30, "guardian", &[], court),
        (30, "guardian", &[ORDER], ""),
    ];
    for (age, given_by, more, refusal) in rows {
        let born = (w.ground.clock.now() - chrono::TimeDelta::days(age * 365 + 200)).date_naive().to_string();
        let (case, person, giver) = child_case(&w, &born, "false").await;
        let (person, giver, new) = (person.to_string(), giver.to_string(), format!("/cases/{case}/consents/new"));
        let giver = if given_by == "person" { "" } else { giver.as_str() };
        let answer = w.amina.post(&new, consent(&person, given_by, giver, more)).await;
        if refusal.is_empty() {
            let page = w.amina.get(answer.redirects()).await;
            if more.contains(&ORDER) {
                page.shows("A guardian by court order").shows(ORDER.1);
            }
        } else {
            answer.is(422).shows(refusal);
        }
    }
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

// Dana's referral to this service of Clinic's, sent and accepted; answers its address.
async fn taken_on(w: &World, service: Uuid, need: &str) -> String {
    let (draft, to) = (Uuid::now_v7().to_string(), format!("service:{service}"));
    let fields = [("need", need), ("draft", draft.as_str()), ("to", to.as_str())];
    let path = w.amina.post(format!("/cases/{CASE}/refer"), fields).await.redirects();
    let path = path.trim_end_matches("/edit").to_owned();
    let mut fields = answers("send", ALL);
    fields.iter_mut().filter(|(name, _)| *name == "need").for_each(|(_, was)| *was = need.to_owned());
    assert_eq!(w.amina.post(format!("{path}/edit"), fields).await.redirects(), path);
    does(&w.chen, &path, "accept", &[]).await.redirects();
    path
}

#[tokio::test]
async fn s03_refusing_or_withdrawing_never_costs_another_service() {
    let w = World::new().await;
    scene(&w, 1, "amina", COVERED).await;
    let (school, person, new) = (Uuid::now_v7(), PERSON.to_string(), format!("/cases/{CASE}/consents/new"));
    let stitches = taken_on(&w, SERVICE, "health").await;
    w.sql(&format!(
        "insert into services (id, org, unit, name, needs) values ('{school}', {CLINIC}, {RECEPTION}, 'Evening classes', '{{education}}')"
    ))
    .await;
    // The second service rests on a consent of its own, which ends.
    let further = ["urgency", "area", "identity", "safe_contact"].map(|section| ("sections", section));
    let own = w.amina.post(&new, consent(&person, "person", "", &further)).await.redirects();
    let classes = taken_on(&w, school, "education").await;
    w.chen.get(&classes).await.shows("Dana Saleh");
    w.amina.post(format!("{own}/withdrawal"), [("extent", "end_service"), ("how", "in_person")]).await.redirects();
    w.work_off().await;
    w.chen.get(&classes).await.lacks("Dana Saleh");
    w.chen.get(&stitches).await.is(200).shows("Dana Saleh").shows("555 7788");
    // Nor does a no to whatever else the clinic might be told.
    let today = w.ground.clock.now().date_naive().to_string();
    let no = [("person", person.as_str()), ("answer", "no"), ("to_orgs", "2"), ("given_on", today.as_str())];
    let refusal = w.amina.post(&new, no).await.redirects();
    w.work_off().await;
    w.amina.get(&refusal).await.shows("Refusal");
    w.chen.get(&stitches).await.is(200).shows("Dana Saleh").shows("555 7788");
    does(&w.chen, &stitches, "complete", &[("what", "Wound dressed")]).await.redirects();
    w.amina.get(&stitches).await.shows("Wound dressed");
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
