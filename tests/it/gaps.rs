//! Gaps in what is kept: counted over what the reader sees, each figure opens its list.
use serde_json::json;

use crate::plans::id;
use crate::support::World;
use crate::support::case_work::{CHILD_PROTECTION, GBV};
use crate::support::world::{FIELD, user};

#[tokio::test]
async fn each_figure_of_the_board_opens_its_list_and_what_is_mended_leaves_it() {
    let w = World::new().await;
    let dana = w.known_person("Dana Aziz").await;
    let case = w.case(&w.amina, CHILD_PROTECTION, dana, &[]).await;
    let code = w.value(&format!("select code from cases where id = '{}'", id(&case))).await;
    w.sql(&format!("update persons set born_on = null where id = '{dana}'")).await;
    w.amina.get("/team/data").await.is(403);
    let page = w.bruno.get("/team/data").await;
    page.shows("No date of birth 1")
        .shows("No phone or e-mail 1")
        .shows("Opened before the person was born 0")
        .shows("Amina Haddad");
    let list = page.link("/team/data?unit=11&#38;of=no_birth").replace("&#38;", "&").replace("#list", "");
    w.bruno.get(&list).await.shows(&code).lacks("Dana");
    w.sql(&format!("update persons set born_on = '2030-01-01' where id = '{dana}'")).await;
    w.bruno.get(&list).await.lacks(&code).shows("Nothing here");
    w.bruno.get("/team/data?of=contradictory").await.shows(&code).shows("Opened before the person was born");
    w.bruno.get(format!("/team/data?of=missing&worker={}", user("bruno"))).await.lacks(&code);
    w.bruno.get(format!("/team/data?of=missing&worker={}", user("amina"))).await.shows(&code);
    w.bruno.get("/team/data?of=everything").await.is(404);
}

#[tokio::test]
async fn what_has_grown_old_is_found() {
    let w = World::new().await;
    let dana = w.known_person("Dana Aziz").await;
    let case = w.case(&w.amina, CHILD_PROTECTION, dana, &[]).await;
    w.sql(&format!(
        "update cases set risk_set_at = now() - interval '200 days', opened_at = now() - interval '300 days', last_contact_at = now() - interval '100 days' where id = '{0}';
         insert into person_contacts (id, person_id, channel, value, value_key) values (gen_random_uuid(), '{dana}', 'phone', '555 0199', '5550199');
         insert into consents (id, case_id, person_id, basis, kind, purpose, given_on, expires_on, recorded_by, recorded_by_name)
           values (gen_random_uuid(), '{0}', '{dana}', 'consent', 'consent', 'to refer', current_date - 90, current_date - 1, '{1}', 'Amina'),
             (gen_random_uuid(), '{0}', '{dana}', 'consent', 'assent', 'to refer', current_date - 90, null, '{1}', 'Amina')",
        id(&case),
        user("amina")
    ))
    .await;
    let page = w.bruno.get("/team/data").await;
    page.shows("Consent expired 1").shows("Risk not looked at for 180 days 1").shows("Phone never checked 1");
    page.shows("No contact for 90 days 1").shows("Adult whose consent is still a child’s 1");
}

#[tokio::test]
async fn s11_a_restricted_case_of_others_is_in_no_figure() {
    let w = World::new().await;
    w.gita().await;
    let dana = w.known_person("Dana Aziz").await;
    w.case(&w.salma, GBV, dana, &[("supervisor", &user("gita").to_string())]).await;
    w.bruno.get("/team/data").await.shows("No phone or e-mail 0").lacks("Salma");
    let other = w.case(&w.amina, CHILD_PROTECTION, w.known_person("Sami Noor").await, &[]).await;
    w.sql("update roles set acts = acts || '{token.create}'").await;
    let program = w.bruno.program().await;
    let counts = program.get("/api/v1/team/data").await;
    let counts: Vec<serde_json::Value> = serde_json::from_str(&counts.body).expect("JSON");
    let missing = counts.iter().find(|one| one["gap"] == json!("no_contact")).expect("a figure");
    assert_eq!((&missing["cases"], &missing["group"], &missing["worker"]), (&json!(1), &json!("missing"), &json!(user("amina"))));
    let found = program.get("/api/v1/team/data/cases?of=no_contact").await;
    let found: Vec<serde_json::Value> = serde_json::from_str(&found.body).expect("JSON");
    assert_eq!(found.len(), 1);
    assert_eq!(found[0]["case"], json!(id(&other)));
}

#[tokio::test]
async fn a_datum_is_corrected_by_two_and_nothing_of_it_is_taken_away() {
    let w = World::new().await;
    let dana = w.known_person("Dana Aziz").await;
    w.case(&w.amina, CHILD_PROTECTION, dana, &[]).await;
    let page = format!("/people/{dana}/corrections");
    let born = |day: &'static str| [("field", "born_on"), ("value", day), ("reason", "Seen in the birth certificate")];
    w.amina.post(&page, born("in May")).await.is(422);
    w.amina.post(&page, born("1990-05-01")).await.is(422).shows("what stands already");
    w.amina.post(&page, born("1991-06-02")).await.redirects();
    let own = w.value("select id::text from person_corrections").await;
    let answer = format!("{page}/{own}/answer");
    w.amina.get(&page).await.shows("Waits for a second person").lacks(&answer);
    w.amina.get(format!("/people/{dana}")).await.shows("A correction waits for a second person");
    w.amina.get(format!("/people/{dana}/edit")).await.shows("A correction of it waits for a second person.");
    w.amina.post(&answer, [("answer", "accept")]).await.is(409).shows("Nobody answers their own proposal");
    w.odd.post(&answer, [("answer", "accept")]).await.is(404);
    w.bruno.get("/team/data").await.shows("Corrections that wait for a second person").lacks("1991");
    w.bruno.post(&answer, [("answer", "return")]).await.is(422);
    let version = w.bruno.get(&page).await.marked("version");
    w.bruno.post(&answer, [("answer", "accept"), ("version", version.as_str())]).await.redirects();
    assert_eq!(w.value(&format!("select born_on::text from persons where id = '{dana}'")).await, "1991-06-02");
    w.bruno.post(&answer, [("answer", "accept")]).await.is(409);
    w.amina.post(&page, [("field", "name"), ("value", "Dana Asis"), ("reason", "So she spells it")]).await.redirects();
    let second = w.value("select id::text from person_corrections where field = 'name'").await;
    w.bruno.post(format!("{page}/{second}/answer"), [("answer", "return"), ("remark", "The card says Aziz")]).await.redirects();
    w.amina.get(&page).await.shows("The card says Aziz").shows("Accepted").shows("Returned").shows("2 Jun 1991");
    assert_eq!(w.count("facts where note::text ~ '1991|Asis'").await, 0, "facts name the field, never the value");
    w.work_off().await;
    let told = "A correction that you proposed was accepted or returned";
    w.amina.get("/notifications").await.shows(told).lacks("Dana").lacks("Asis");
    w.bruno.get("/notifications").await.lacks(told);
    w.amina.get("/corrections").await.link(&page);
    w.amina.get("/corrections").await.shows("Accepted").shows("Returned").lacks("Asis");
    w.bruno.get("/corrections").await.lacks("Yours that were answered lately");
}

#[tokio::test]
async fn a_correction_is_chosen_and_shown_as_its_reader_writes_it() {
    let w = World::new().await;
    let dana = w.known_person("Dana Aziz").await;
    w.case(&w.amina, CHILD_PROTECTION, dana, &[]).await;
    w.sql(&format!("update persons set born_on = '1962-06-16', born_estimated = true, sex = 'male' where id = '{dana}'")).await;
    let page = format!("/people/{dana}/corrections");
    let chosen = w.amina.get(&page).await.link(&format!("{page}?field=sex"));
    w.amina.get(chosen.trim_end_matches("#f-value")).await.keeps("female").keeps("unknown").lacks("What stands");
    w.amina.get(format!("{page}?field=born_on")).await.keeps("born_on").shows("about").lacks("1962-06").lacks("Jun 1962");
    let born = |how: &'static str, said: &'static str| [("field", "born_on"), (how, said), ("reason", "Seen in her passport")];
    w.amina.post(&page, born("age", "old")).await.is(422);
    w.amina.post(&page, born("value", "2/6/1991")).await.redirects();
    w.amina.post(&page, born("age", "30")).await.redirects();
    w.amina.get(&page).await.shows("2 Jun 1991").shows("about 30 years").lacks("Jun 1962").lacks("1991-06-02");
    let second = w.value("select id::text from person_corrections where value like '%-01-01~'").await;
    let version = w.bruno.get(&page).await.marked("version");
    let answer = [("answer", "accept"), ("version", version.as_str())];
    w.bruno.post(format!("{page}/{second}/answer"), answer).await.redirects();
    assert_eq!(w.value(&format!("select born_estimated::text from persons where id = '{dana}'")).await, "true");
}

#[tokio::test]
async fn nobody_corrects_alone_past_the_pages_either() {
    let w = World::new().await;
    let dana = w.known_person("Dana Aziz").await;
    w.case(&w.amina, CHILD_PROTECTION, dana, &[]).await;
    let fields = [("field", "name"), ("value", "Dana Asis"), ("reason", "So she spells it")];
    w.amina.post(format!("/people/{dana}/corrections"), fields).await.redirects();
    let forged = "insert into person_correction_answers (id, correction_id, accepted, author, author_name)
        select gen_random_uuid(), id, true, access.me(), 'x' from person_corrections";
    crate::fences::is(crate::fences::tries(&w, "amina", forged).await, crate::fences::DENIED);
    crate::fences::is(
        crate::fences::tries(&w, "amina", "update person_corrections set value = 'x'").await,
        crate::fences::DENIED,
    );
    crate::fences::is(crate::fences::tries(&w, "bruno", "delete from person_corrections").await, crate::fences::DENIED);
    // Nor does whoever proposed it take the task of the second person, or end it.
    w.sql(&format!("update tasks set assignee = '{}' where kind = 'check_correction'", user("amina"))).await;
    let task = w.value("select id::text from tasks where kind = 'check_correction'").await;
    w.amina.post(format!("/tasks/{task}/assignment"), [("assignee", user("amina").to_string())]).await.is(403);
    let ends = "select access.end_answered(id, now()) from person_corrections";
    assert_eq!(crate::fences::tries(&w, "amina", ends).await, Ok(0));
    w.sql("update roles set acts = acts || '{token.create}'").await;
    let program = w.bruno.program().await;
    let listed = program.get(format!("/api/v1/people/{dana}/corrections")).await;
    let listed: Vec<serde_json::Value> = serde_json::from_str(&listed.body).expect("JSON");
    let path = format!("/api/v1/people/{dana}/corrections/{}/answer", listed[0]["id"].as_str().expect("an id"));
    program.call("POST", &path, Some(&json!({ "accept": true, "version": 1 }))).await.is(200);
    assert_eq!(w.value(&format!("select name from persons where id = '{dana}'")).await, "Dana Asis");
}

#[tokio::test]
async fn the_inbox_offers_a_correction_to_a_second_person_and_not_to_whoever_proposed_it() {
    let w = World::new().await;
    let dana = w.known_person("Dana Aziz").await;
    w.case(&w.amina, CHILD_PROTECTION, dana, &[]).await;
    let fields = [("field", "name"), ("value", "Dana Asis"), ("reason", "So she spells it")];
    w.amina.post(format!("/people/{dana}/corrections"), fields).await.redirects();
    w.sql("update tasks set assignee = null where kind = 'check_correction'").await;
    let asked = "Look at a correction that a colleague proposes";
    w.bruno.get("/").await.shows(asked);
    w.amina.get("/").await.lacks(asked);
}

#[tokio::test]
async fn name_and_date_of_birth_of_somebody_registered_are_changed_by_two_and_the_second_person_has_a_task() {
    let w = World::new().await;
    let dana = w.known_person("Dana Aziz").await;
    let case = w.case(&w.amina, CHILD_PROTECTION, dana, &[]).await;
    w.sql(&format!("update cases set supervisor = '{}'", user("bruno"))).await;
    let edit = format!("/people/{dana}/edit");
    w.amina.get(&edit).await.shows("Name and date of birth are changed by two");
    let version = w.value(&format!("select version::text from persons where id = '{dana}'")).await;
    let typed = [("name", "Lina Aziz"), ("born_on", "1990-05-01"), ("address", "Mill Lane 2"), ("version", version.as_str())];
    w.amina.post(&edit, typed).await.is(422).shows("Say how you know");
    let known = [&typed[..], &[("reason", "Seen in her passport")]].concat();
    let page = w.amina.post(&edit, known).await.redirects();
    let stands = format!("select name || ', ' || address from persons where id = '{dana}'");
    assert_eq!(w.value(&stands).await, "Dana Aziz, Mill Lane 2", "only the address is hers to change");
    w.amina.get(&page).await.shows("What stands").shows("Dana Aziz").shows("What would be right").shows("Lina Aziz");
    w.bruno.get("/").await.shows("Look at a correction that a colleague proposes").lacks("Lina");
    w.bruno.get("/corrections").await.link(&page);
    w.odd.get("/corrections").await.lacks(&page);
    let seen = w.bruno.get(&page).await;
    let (answer, version) = (seen.link(&format!("{page}/")), seen.marked("version"));
    w.bruno.post(&answer, [("answer", "accept"), ("version", version.as_str())]).await.redirects();
    assert_eq!(w.value(&stands).await, "Lina Aziz, Mill Lane 2");
    w.bruno.get("/").await.lacks("Look at a correction that a colleague proposes");
    w.bruno.get(&page).await.shows("Dana Aziz").shows("Accepted");
    w.amina.get(&case).await.is(200);
}

#[tokio::test]
async fn whoever_answers_a_correction_from_a_case_of_their_own_ends_the_task_that_they_do_not_see() {
    let w = World::new().await;
    let dana = w.known_person("Dana Aziz").await;
    let case = w.case(&w.amina, CHILD_PROTECTION, dana, &[]).await;
    w.sql(&format!("update cases set supervisor = '{}'", user("bruno"))).await;
    w.only_case(dana, FIELD, "gender_based_violence", user("salma")).await;
    let page = format!("/people/{dana}/corrections");
    let fields = [("field", "address"), ("value", "Mill Lane 2"), ("reason", "She moved")];
    w.amina.post(&page, fields).await.redirects();
    let open = "tasks where kind = 'check_correction' and done_at is null";
    assert_eq!(w.count(&format!("{open} and assignee = '{}' and case_id = '{}'", user("bruno"), id(&case))).await, 1);
    w.salma.get(&case).await.is(404);
    let seen = w.salma.get(&page).await;
    let (answer, version) = (seen.link(&format!("{page}/")), seen.marked("version"));
    w.salma.post(&answer, [("answer", "accept"), ("version", version.as_str())]).await.redirects();
    assert_eq!(w.count(open).await, 0);
}

#[tokio::test]
async fn a_correction_is_accepted_over_what_was_read_and_nothing_newer() {
    let w = World::new().await;
    let dana = w.known_person("Dana Aziz").await;
    w.case(&w.amina, CHILD_PROTECTION, dana, &[]).await;
    let page = format!("/people/{dana}/corrections");
    let fields = [("field", "name"), ("value", "Dana Asis"), ("reason", "So she spells it")];
    w.amina.post(&page, fields).await.redirects();
    let seen = w.bruno.get(&page).await;
    let (answer, version) = (seen.link(&format!("{page}/")), seen.marked("version"));
    w.sql(&format!("update persons set name = 'Lina Aziz', version = version + 1 where id = '{dana}'")).await;
    let stands = format!("select name from persons where id = '{dana}'");
    w.bruno.post(&answer, [("answer", "accept"), ("version", version.as_str())]).await.is(409);
    assert_eq!(w.value(&stands).await, "Lina Aziz");
    let version = w.bruno.get(&page).await.marked("version");
    w.bruno.post(&answer, [("answer", "accept"), ("version", version.as_str())]).await.redirects();
    assert_eq!(w.value(&stands).await, "Dana Asis");
}

#[tokio::test]
async fn who_registered_somebody_puts_a_slip_right_alone_for_a_day_and_the_packs_may_let_spelling_be_mended() {
    let w = World::new().await;
    let id = w.person(&w.amina, "Dana Aziz", &[("born_on", "1990-05-01")]).await;
    let edit = format!("/people/{id}/edit");
    let named = |name: &'static str, version: &'static str| [("name", name), ("born_on", "1990-05-01"), ("version", version)];
    w.bruno.post(&edit, named("Lina Aziz", "1")).await.is(422);
    w.amina.post(&edit, named("Lina Aziz", "1")).await.redirects();
    assert_eq!(w.value(&format!("select name from persons where id = '{id}'")).await, "Lina Aziz");
    w.sql("update persons set recorded_at = recorded_at - interval '25 hours'").await;
    w.amina.post(&edit, named("Linah Aziz", "2")).await.is(422).shows("Say how you know");
    let w = World::new().await;
    w.sql("update packs set body = jsonb_set(body, '{supervision,mends_spelling}', 'true')").await;
    let dana = w.known_person("Dana Aziz").await;
    let edit = format!("/people/{dana}/edit");
    w.amina.post(&edit, named("Rana Aziz", "1")).await.is(422);
    w.amina.post(&edit, named("Danah Aziz", "1")).await.redirects();
}
