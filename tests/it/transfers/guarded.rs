//! Transfers of guarded and restricted cases, and of cases from which somebody is barred.
use uuid::Uuid;

use super::{id_of, wanted};
use crate::support::World;
use crate::support::browser::Browser;
use crate::support::case_work::{ASSISTANCE, CHILD_PROTECTION, GBV};
use crate::support::world::{FIELD, RECEPTION, user};

#[tokio::test]
async fn without_consent_or_agreement_a_case_does_not_leave_the_organisation() {
    let w = World::new().await;
    let (bare, agreed) = (w.assistance("Dana Aziz").await, w.assistance("Sami Noor").await);
    w.consent(&agreed, 2).await;
    let transfer = wanted(&[&bare, &agreed], RECEPTION).with("basis", "on_file").sent(&w.amina).await.redirects();
    w.amina.get(&transfer).await.shows("No consent or other basis reaches this organisation");
    w.taken(&transfer).await;
    let said = w.records(&transfer).await;
    assert_eq!(said, [("failed".to_owned(), "no_basis".to_owned()), ("done".to_owned(), String::new())]);
}

#[tokio::test]
async fn s01_a_consent_that_named_the_former_organisation_opens_nothing_towards_it() {
    let w = World::new().await;
    let case = w.assistance("Dana Aziz").await;
    let (within, both) = (w.consent(&case, 1).await, w.consent(&case, 2).await);
    w.sql(&format!("update consents set to_orgs = '{{1,2,3}}' where id = '{both}'")).await;
    let transfer = wanted(&[&case], RECEPTION).sent(&w.amina).await.redirects();
    w.taken(&transfer).await;
    assert_eq!(w.count(&format!("consents where id = '{within}' and expires_on < current_date")).await, 1);
    assert_eq!(w.value(&format!("select to_orgs::text from consents where id = '{both}'")).await, "{2,3}");
}

#[tokio::test]
async fn s11_restricted_cases_are_no_tick_box_no_related_case_and_no_hint() {
    let w = World::new().await;
    let dana = w.known_person("Dana Aziz").await;
    let household = w.household(dana).await.to_string();
    let open = w.case(&w.amina, ASSISTANCE, dana, &[("household", &household), ("whole_household", "true")]).await;
    w.case(&w.amina, CHILD_PROTECTION, dana, &[]).await;
    let hidden = w.only_case(dana, FIELD, "gender_based_violence", user("salma")).await;
    w.sql(&format!("update cases set case_manager = '{}' where id = '{hidden}'", user("salma"))).await;
    let page = w.amina.get(format!("/transfers/new?case={}&to={RECEPTION}", id_of(&open))).await;
    page.shows("Child protection (1)").lacks("Gender-based").lacks("type_4");
    // Salma sees both of Dana's restricted and ordinary cases; the restricted one is no choice for her either.
    w.salma.get("/transfers/choose").await.lacks(&hidden.to_string());
    let transfer = wanted(&[&open], RECEPTION).with("type_4", "yes").with("type_2", "yes").sent(&w.amina).await.redirects();
    assert_eq!(w.records(&transfer).await.len(), 2, "the child protection case goes along, the restricted one does not");
    let refused = wanted(&[&format!("/cases/{hidden}")], RECEPTION).sent(&w.amina).await;
    let absent = wanted(&[&format!("/cases/{}", Uuid::from_u128(9))], RECEPTION).sent(&w.amina).await;
    assert_eq!((refused.status, refused.text()), (absent.status, absent.text()), "hidden answers as absent does");
    w.taken(&transfer).await;
    assert_eq!(w.owner(&format!("/cases/{hidden}")).await, FIELD.to_string());
    // The registration went along although a restricted case stays: nothing may depend on that one.
    assert_eq!(w.value(&format!("select org::text from persons where id = '{dana}'")).await, "2");
}

// A survivor's case with Salma, and people at Clinic who are cleared for it.
async fn restricted(w: &World) -> (String, Browser, Browser) {
    let noor = w.newcomer("noor", "Noor Focal", 2, RECEPTION, "gbv_focal_point").await;
    let rana = w.newcomer("rana", "Rana Lead", 2, RECEPTION, "gbv_supervisor").await;
    w.sql(&format!("insert into focal_points (unit, user_id) values ({RECEPTION}, '{}')", user("noor"))).await;
    w.gita().await;
    let person = w.known_person("Dana Aziz").await;
    let gita = user("gita").to_string();
    let case = w.case(&w.salma, GBV, person, &[("supervisor", &gita)]).await;
    w.salma.post(format!("{case}/notes"), [("kind", "note"), ("body", "What she told")]).await.redirects();
    (case, noor, rana)
}

#[tokio::test]
async fn s09_a_restricted_case_goes_alone_and_only_its_own_people_know_of_it() {
    let w = World::new().await;
    let (case, noor, rana) = restricted(&w).await;
    let other = w.case(&w.salma, GBV, w.known_person("Sara Khan").await, &[("supervisor", &user("gita").to_string())]).await;
    wanted(&[&case, &other], RECEPTION).sent(&w.salma).await.is(422).shows("travels alone");
    let transfer = wanted(&[&case], RECEPTION).sent(&w.salma).await.redirects();
    let code = w.value(&format!("select code from transfers where id = '{}'", id_of(&transfer))).await;
    for stranger in [&w.amina, &w.bruno, &w.chen, &rana, &w.odd, &w.ada] {
        stranger.get(&transfer).await.is(404);
        let list = stranger.get("/transfers").await;
        if list.status == 200 {
            list.lacks(&code);
        }
    }
    let item = w.records_ids(&transfer).await.remove(0);
    let decision = format!("{transfer}/decision");
    noor.get(&decision).await.shows("Take these cases over").lacks("Dana").lacks("can’t be transferred");
    let (me, lead) = (user("noor").to_string(), user("rana").to_string());
    noor.post(&decision, [("go", "approve"), ("take", &item), ("manager", &me)]).await.is(422);
    noor.post(&decision, [("go", "approve"), ("take", &item), ("manager", &me), ("supervisor", &lead)]).await.redirects();
    w.work_off().await;
    noor.get(&case).await.shows("What she told");
    rana.get(&case).await.is(200);
    for former in [&w.salma, &w.bruno, &w.amina] {
        former.get(&case).await.is(404);
    }
    let case_code = w.case_code(&case).await;
    w.salma.get(format!("/transfers/receipts?code={case_code}")).await.shows("Ask at Clinic");
    for colleague in [&w.amina, &w.bruno] {
        colleague.get(format!("/transfers/receipts?code={case_code}")).await.shows("No receipt with this code").lacks("Ask at");
        colleague.get("/transfers/receipts").await.lacks(&case_code);
    }
}

#[tokio::test]
async fn s31_the_new_side_of_a_restricted_case_reads_role_and_organisation_not_names() {
    let w = World::new().await;
    let (case, noor, _) = restricted(&w).await;
    let transfer = wanted(&[&case], RECEPTION).sent(&w.salma).await.redirects();
    let item = w.records_ids(&transfer).await.remove(0);
    let (me, lead) = (user("noor").to_string(), user("rana").to_string());
    let late = [("go", "approve"), ("take", &item), ("manager", &me), ("supervisor", &lead), ("happened_at", "2026-01-12T10:00")];
    noor.post(format!("{transfer}/decision"), late).await.is(422).shows("Say why it is typed in later");
    let said = late.into_iter().chain([("late_reason", "The line was down")]);
    noor.post(format!("{transfer}/decision"), said).await.redirects();
    w.work_off().await;
    noor.get(&case).await.shows("What she told").shows("Harbour").lacks("Salma").lacks("Gita");
    noor.get(&transfer).await.lacks("Salma").shows("The line was down").shows("12 Jan").shows("Noor Focal, Clinic");
    w.salma.get(&transfer).await.lacks("Noor Focal").shows("Clinic");
}

#[tokio::test]
async fn s10_a_bar_beats_a_transfer_and_says_nothing_to_whom_it_bars() {
    let w = World::new().await;
    let case = w.assistance("Dana Aziz").await;
    let transfer = wanted(&[&case], RECEPTION).sent(&w.amina).await.redirects();
    let item = w.records_ids(&transfer).await.remove(0);
    w.newcomer("lina", "Lina Desk", 2, RECEPTION, "provider").await;
    w.sql(&format!(
        "insert into bars (id, case_id, user_id, reason) values (gen_random_uuid(), '{}', '{}', 'relative')",
        id_of(&case),
        user("lina")
    ))
    .await;
    let lina = user("lina").to_string();
    w.chen.post(format!("{transfer}/decision"), [("go", "approve"), ("take", &item), ("manager", &lina)]).await.redirects();
    w.work_off().await;
    w.chen
        .get(&transfer)
        .await
        .shows("Transfer failed")
        .shows("The other side knows why")
        .lacks("must not see")
        .lacks("given to this person");
    w.amina
        .get(&transfer)
        .await
        .shows("be given to this person")
        .shows("Transfer failed · ended here")
        .lacks("Transfer failed · done");
    w.amina.get(&case).await.is(200);
    // Whom the bar names does not even see that there was a transfer.
    w.browser("lina").await.get(&transfer).await.is(404);
    // And a bar goes along with a case that does move.
    let again = wanted(&[&case], RECEPTION).sent(&w.amina).await.redirects();
    w.taken(&again).await;
    w.chen.get(&case).await.is(200);
    w.browser("lina").await.get(&case).await.is(404);
}

#[tokio::test]
async fn s01_no_case_leaves_before_the_limits_of_confidentiality_were_explained() {
    let w = World::new().await;
    let case = w.assistance("Dana Aziz").await;
    w.sql(&format!("update cases set limits_explained_on = null where id = '{}'", id_of(&case))).await;
    let form = w.amina.get(format!("/transfers/new?case={}&to={RECEPTION}", id_of(&case))).await;
    form.shows("limits of confidentiality").link(&format!("{case}/limits"));
    wanted(&[&case], RECEPTION).sent(&w.amina).await.is(422).shows("Explain the limits of confidentiality first");
    let before = wanted(&[&case], RECEPTION).with("agreed_on", "2020-01-01").sent(&w.amina).await;
    before.is(422).shows("The case was not open yet on that day");
    let today = super::today();
    w.amina.post(format!("{case}/limits"), [("limits_explained_on", today.as_str())]).await.redirects();
    let asked = wanted(&[&case], RECEPTION).sent(&w.amina).await.redirects();
    // Agreed to, and then found never to have been explained: it stays.
    w.sql(&format!("update cases set limits_explained_on = null where id = '{}'", id_of(&case))).await;
    w.taken(&asked).await;
    assert_eq!(w.records(&asked).await, [("failed".to_owned(), "limits_unexplained".to_owned())]);
}

#[tokio::test]
async fn a_note_on_a_case_that_was_handed_over_says_so_to_its_former_side_alone() {
    let w = World::new().await;
    let case = w.assistance("Dana Aziz").await;
    let asked = wanted(&[&case], RECEPTION).sent(&w.amina).await.redirects();
    w.taken(&asked).await;
    let note = [("kind", "note"), ("body", "She rang")];
    w.amina.post(format!("{case}/notes"), note).await.is(409).shows("handed over to others").lacks("Clinic");
    w.odd.post(format!("{case}/notes"), note).await.is(404);
}

#[tokio::test]
async fn where_a_restricted_case_can_not_go_the_page_says_why_and_what_to_do() {
    let w = World::new().await;
    let (case, ..) = restricted(&w).await;
    w.sql("update roles set acts = array_remove(array_remove(acts, 'transfer.decide'), 'transfer.receive')").await;
    w.sql("update roles set acts = array_remove(acts, 'transfer.direct')").await;
    let page = w.salma.get(format!("/transfers/new?case={}", id_of(&case))).await;
    page.shows("There is no unit that could take this over now").shows("Ask your focal point");
}
