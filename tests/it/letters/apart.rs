//! What stays apart from whatever leaves the house: what one member does alone (S12), and what makes somebody safer (S25).
use super::{arranged, contact, submitted, within};
use crate::answer_links::mails;
use crate::plans::{begun, id, line};
use crate::referrals::{ALL, CASE, PERSON, answers, does};
use crate::support::World;
use crate::support::case_work::ASSISTANCE;
use crate::support::pdf::read;
use crate::support::sent::PROTECTION;
use crate::support::world::{CLINIC, user};

// Dana's own case, with a meeting on this day and a letter that went to Clinic; answers their addresses.
async fn alone(w: &World, day: &str) -> (String, String, String) {
    let own = w.case(&w.amina, PROTECTION, PERSON, &[("risk", "low")]).await;
    w.sql(&format!(
        "insert into consents (id, case_id, person_id, basis, kind, purpose, to_orgs, sections, given_on, understood, spoken_alone, recorded_by, recorded_by_name)
         select gen_random_uuid(), '{}', person_id, basis, kind, purpose, to_orgs, sections, given_on, understood, spoken_alone, recorded_by, recorded_by_name
         from consents where case_id = '{CASE}'",
        id(&own)
    ))
    .await;
    let at = format!("{day}T09:00");
    let talk = [("kind", "interview"), ("starts_at", at.as_str()), ("minutes", "60"), ("place", "Behind the chapel")];
    let meeting = w.amina.post(format!("{own}/meetings"), talk).await.redirects();
    let to = [("type", "within"), ("need", "education"), ("organisation", "2")];
    let letter = w.amina.post(format!("{own}/referrals"), to).await.redirects();
    let letter = letter.trim_end_matches("/edit").to_owned();
    let mut fields = answers("letter", ALL);
    fields.iter_mut().filter(|(name, _)| *name == "need").for_each(|(_, need)| *need = "education".to_owned());
    w.amina.post(format!("{letter}/edit"), fields).await.redirects();
    submitted(&w.amina, &letter, &[]).await.redirects();
    (own, meeting, letter)
}

#[tokio::test]
async fn s12_what_a_member_does_alone_is_on_no_letter_and_in_no_calendar_of_the_household() {
    let w = World::new().await;
    arranged(&w, ASSISTANCE, "amina").await;
    contact(&w, CLINIC, true, true).await;
    let home = w.household(PERSON).await;
    w.sql(&format!("update cases set household_id = '{home}' where id = '{CASE}'")).await;
    let (household, day) = (format!("/cases/{CASE}"), w.in_days(3)[..10].to_owned());
    let (own, meeting, hers) = alone(&w, &day).await;
    let at = format!("{day}T11:00");
    let together = [("kind", "interview"), ("starts_at", at.as_str()), ("minutes", "60"), ("place", "At the centre")];
    w.amina.post(format!("{household}/meetings"), together).await.redirects();
    let path = within(&w, &w.amina).await;
    submitted(&w.amina, &path, &[]).await.redirects();
    w.work_off().await;
    let code = w.value(&format!("select code from cases where id = '{}'", id(&own))).await;
    let referral = w.value(&format!("select code from referrals where id = '{}'", id(&hers))).await;
    let secrets = [code.as_str(), referral.as_str(), "chapel", id(&meeting)];
    let letter = read(&w.amina.get(format!("{path}/letter/file")).await.is(200).bytes);
    assert!(letter.contains("Harbour"), "{letter}");
    for secret in secrets {
        assert!(!letter.contains(secret), "{secret} in\n{letter}");
    }
    w.amina.get(format!("{household}/meetings")).await.is(200).lacks("chapel").lacks(id(&meeting));
    w.amina.get(format!("{household}/referrals")).await.is(200).lacks(&referral);
    // Who works with the household and may not know of the member's own case.
    w.sql(&format!(
        "insert into bars (id, case_id, user_id, reason) values (gen_random_uuid(), '{}', '{}', 'relative')",
        id(&own),
        user("bruno")
    ))
    .await;
    for hidden in [&own, &meeting, &hers] {
        w.bruno.get(hidden).await.is(404);
    }
    let calendar = format!("/calendar?view=day&on={day}");
    let of_amina = format!("{calendar}&of={}", user("amina"));
    w.bruno.get(&of_amina).await.shows("Interview");
    let rooms = ["", "/meetings", "/referrals", "/print"].map(|room| format!("{household}{room}"));
    for page in rooms.iter().chain([&path, &calendar, &of_amina]) {
        let seen = w.bruno.get(page).await;
        seen.is(200);
        for secret in secrets {
            seen.lacks(secret);
        }
    }
}

#[tokio::test]
async fn s25_what_makes_somebody_safer_is_in_no_packet_and_no_letter() {
    let w = World::new().await;
    arranged(&w, ASSISTANCE, "amina").await;
    contact(&w, CLINIC, false, false).await;
    w.sql("update consents set sections = sections || '{history,assessment,risk}'").await;
    let plan = begun(&w.amina, &format!("/cases/{CASE}")).await;
    line(&w, &w.amina, &plan, "safety", "", "A rucksack stands ready", &[]).await;
    let path = within(&w, &w.amina).await;
    let sections = [ALL, &["history", "assessment", "risk"]].concat();
    let mut fields = answers("letter", &sections);
    fields.extend([("text_history", "Came in spring".to_owned()), ("text_assessment", "Lives in one room".to_owned())]);
    w.amina.post(format!("{path}/edit"), fields).await.redirects();
    submitted(&w.amina, &path, &[]).await.redirects();
    w.work_off().await;
    let letter = read(&w.amina.get(format!("{path}/letter/file")).await.is(200).bytes);
    assert!(letter.contains("Harbour") && !letter.contains("rucksack"), "{letter}");
    assert!(mails(&w).await.iter().all(|mail| !mail.to_string().contains("rucksack")), "no mail says it");
    does(&w.chen, &path, "accept", &[]).await.redirects();
    w.chen.get(&path).await.shows("Dana Saleh").shows("Came in spring").lacks("rucksack");
    w.chen.get(format!("{path}/attachments")).await.lacks("rucksack");
    w.amina.get(&plan).await.shows("A rucksack stands ready");
}
