//! Nobody's words vanish: two who write one plan, and one line that a colleague took out. And who may be named in a plan.
use super::{agreed, assessed, begun, id, line, step, version, written};
use crate::support::World;
use crate::support::sent::PROTECTION;

#[tokio::test]
async fn two_who_write_one_plan_lose_no_word() {
    let w = World::new().await;
    let (case, person) = assessed(&w, PROTECTION).await;
    let plan = begun(&w.amina, &case).await;
    let old = version(&w, &plan).await;
    let words = |wants: &'static str| [("version", old.as_str()), ("wants", wants), ("limits", "A bad knee")];
    w.amina.post(format!("{plan}/words"), words("To sing in the choir")).await.redirects();
    let seen = w.bruno.post(format!("{plan}/words"), words("To work again")).await;
    seen.is(409).shows("To sing in the choir").shows("To work again").shows("Nothing you typed is lost");
    let next = version(&w, &plan).await;
    let chosen = [
        ("version", next.as_str()),
        ("_either", "wants"),
        ("_mine.wants", "To work again"),
        ("_theirs.wants", "To sing in the choir"),
        ("_take.wants", "mine"),
        ("limits", "A bad knee"),
    ];
    w.bruno.post(format!("{plan}/words"), chosen).await.redirects();
    w.amina.get(&plan).await.shows("To work again").shows("A bad knee");
    // Different lines: both stand. One line: both sides are shown.
    let goal = line(&w, &w.amina, &plan, "goal", "", "A dry home", &[]).await;
    let papers = line(&w, &w.bruno, &plan, "goal", "", "Papers for everybody", &[]).await;
    line(&w, &w.bruno, &plan, "result", &papers, "All have a card", &[]).await;
    w.amina.post(&goal, [("version", "1"), ("words", "A dry home by May")]).await.redirects();
    let seen = w.bruno.post(&goal, [("version", "1"), ("words", "A dry, warm home")]).await;
    seen.is(409).shows("A dry home by May").shows("A dry, warm home");
    w.amina.get(&plan).await.shows("A dry home by May").shows("Papers for everybody");
    // A line that a colleague took out meanwhile: what was typed upon it is shown still.
    w.amina.post(format!("{goal}/removal"), [("version", "1")]).await.is(409);
    w.amina.post(format!("{goal}/removal"), [("version", "2")]).await.redirects();
    w.bruno
        .post(&goal, [("version", "2"), ("words", "A dry, warm home")])
        .await
        .is(409)
        .shows("This line was taken out")
        .shows("A dry, warm home");
    // And so it is when the plan was put forward meanwhile.
    let plan = written(&w, &case, &person).await;
    step(&w, &w.bruno, &plan, "proposal", &[]).await.redirects();
    let late = [("version", version(&w, &plan).await), ("wants", "One more wish".to_owned())];
    w.amina.post(format!("{plan}/words"), late).await.is(409).shows("One more wish");
}

#[tokio::test]
async fn a_result_taken_out_takes_along_what_stands_under_it_and_the_rows_stay() {
    let w = World::new().await;
    let (case, person) = assessed(&w, PROTECTION).await;
    let plan = written(&w, &case, &person).await;
    let goal = w.value("select id::text from plan_lines where kind = 'goal'").await;
    w.amina.post(format!("{plan}/lines/{goal}/removal"), [("version", "1")]).await.redirects();
    w.amina.get(&plan).await.shows("No goals yet").lacks("Clears the room");
    assert_eq!(w.count("plan_lines where removed_at is not null").await, 4);
}

#[tokio::test]
async fn s03_whoever_is_not_safe_to_involve_is_asked_for_nothing() {
    let w = World::new().await;
    let (case, person) = assessed(&w, PROTECTION).await;
    let other = w.known_person("Sami Saleh").await;
    let code = w.value(&format!("select code from persons where id = '{other}'")).await;
    let put = [("person", code), ("part", "member".to_owned()), ("not_safe_to_involve", "true".to_owned())];
    w.amina.post(format!("{case}/people"), put).await.redirects();
    let plan = written(&w, &case, &person).await;
    let result = w.value("select id::text from plan_lines where kind = 'result'").await;
    let asked = [("kind", "commitment"), ("under", result.as_str()), ("words", "Stays away"), ("person", &other.to_string())];
    w.amina.get(format!("{plan}/lines/new?kind=commitment&under={result}")).await.shows("Dana Saleh").lacks("Sami Saleh");
    w.amina.post(format!("{plan}/lines"), asked).await.is(422);
    // Nor somebody who is not on the case, nor a colleague who may not know it.
    let stranger = w.known_person("Rima Haddad").await.to_string();
    w.amina.post(format!("{plan}/lines"), [&asked[..3], &[("person", &stranger)]].concat()).await.is(422);
    let odd = crate::support::world::user("odd").to_string();
    let support = [("kind", "support"), ("under", result.as_str()), ("words", "Helps"), ("worker", odd.as_str())];
    w.amina.post(format!("{plan}/lines"), support).await.is(422);
    step(&w, &w.amina, &plan, "proposal", &[]).await.redirects();
    let other = other.to_string();
    let said = [("side", "person"), ("person", other.as_str()), ("way", "said"), ("witness", "The receptionist")];
    step(&w, &w.amina, &plan, "agreement", &said).await.is(422);
    assert_eq!(id(&plan).len(), 36);
    agreed(&w, &plan, &person).await;
}

#[tokio::test]
async fn s25_each_way_of_agreeing_needs_its_proof_and_no_relative_interprets() {
    let w = World::new().await;
    let (case, person) = assessed(&w, PROTECTION).await;
    let plan = written(&w, &case, &person).await;
    step(&w, &w.amina, &plan, "proposal", &[]).await.redirects();
    let with = |more: &[(&'static str, &'static str)]| {
        let mut fields = vec![("side", "person"), ("person", person.as_str())];
        fields.extend(more);
        fields
    };
    let refused: [&[(&str, &str)]; 6] = [
        &[],
        &[("way", "paper")],
        &[("way", "thumb")],
        &[("way", "drawn"), ("strokes", "<svg>")],
        &[("way", "signed_in")],
        &[("way", "said"), ("witness", "The receptionist"), ("interpreter", "Mr. Noor")],
    ];
    for more in refused {
        step(&w, &w.amina, &plan, "agreement", &with(more)).await.is(422);
    }
    let empty = step(&w, &w.amina, &plan, "agreement", &with(&[("way", "drawn")])).await;
    empty.is(422).shows("Sign here: Fill this in.");
    let drawn = [("way", "drawn"), ("strokes", "10,10 20,20 30,30 40,40;50,50 60,60 70,70 80,80"), ("language", "Arabic")];
    step(&w, &w.amina, &plan, "agreement", &with(&drawn)).await.redirects();
    let page = w.amina.get(&plan).await;
    assert!(page.body.contains("<polyline points=\"50,50 60,60"), "the signature is shown");
    page.shows("Drawn on the screen").shows("Explained in: Arabic");
    assert_eq!(w.count("plan_agreements where position('50,50'::bytea in sealed) > 0").await, 0);
    // Taken back and put forward again, both sides are asked again.
    step(&w, &w.amina, &plan, "draft", &[]).await.redirects();
    step(&w, &w.amina, &plan, "proposal", &[]).await.redirects();
    step(&w, &w.amina, &plan, "agreement", &[("side", "organisation"), ("way", "signed_in")]).await.redirects();
    w.amina.get(&plan).await.shows("Ready to be agreed").shows("Still to agree Dana Saleh").lacks("<polyline");
}

#[tokio::test]
async fn nobody_agrees_twice_to_what_was_put_forward_once_and_another_of_the_household_still_may() {
    let w = World::new().await;
    let (case, person) = assessed(&w, PROTECTION).await;
    let son = w.known_person("Sami Saleh").await.to_string();
    let code = w.value(&format!("select code from persons where id = '{son}'")).await;
    w.amina.post(format!("{case}/people"), [("person", code.as_str()), ("part", "member")]).await.redirects();
    let plan = written(&w, &case, &person).await;
    step(&w, &w.amina, &plan, "proposal", &[]).await.redirects();
    let hers = [("side", "person"), ("person", person.as_str()), ("way", "said"), ("witness", "The receptionist")];
    let again = [hers[0], hers[1], hers[2], ("witness", "The driver")];
    let his = [hers[0], ("person", son.as_str()), hers[2], hers[3]];
    step(&w, &w.amina, &plan, "agreement", &hers).await.redirects();
    let seen = step(&w, &w.amina, &plan, "agreement", &again).await;
    seen.is(422).shows("This was agreed to already, by the same person");
    step(&w, &w.amina, &plan, "agreement", &his).await.redirects();
    assert_eq!(w.count("plan_agreements where side = 'person'").await, 2);
    w.amina.get(&plan).await.shows("Witness: The receptionist").lacks("The driver");
}

#[tokio::test]
async fn two_colleagues_of_one_name_sign_for_the_organisation_each_for_themselves() {
    let w = World::new().await;
    let (case, person) = assessed(&w, PROTECTION).await;
    let plan = written(&w, &case, &person).await;
    step(&w, &w.amina, &plan, "proposal", &[]).await.redirects();
    w.sql("update users set name = 'Amina Haddad' where login in ('amina', 'bruno')").await;
    let signed = [("side", "organisation"), ("way", "signed_in")];
    step(&w, &w.amina, &plan, "agreement", &signed).await.redirects();
    step(&w, &w.amina, &plan, "agreement", &signed).await.is(422).shows("This was agreed to already, by the same person");
    step(&w, &w.bruno, &plan, "agreement", &signed).await.redirects();
    assert_eq!(w.count("plan_agreements where side = 'organisation'").await, 2);
}

#[tokio::test]
async fn s25_nobody_of_the_case_interprets_and_whoever_does_keeps_it_confidential() {
    let w = World::new().await;
    let (case, person) = assessed(&w, PROTECTION).await;
    let son = w.known_person("Sami Saleh").await;
    w.sql(&format!("update persons set name = 'سامي صالح', name_latin = 'Sami Saleh' where id = '{son}'")).await;
    w.sql(&format!("update persons set interpreter_sex = 'woman' where id = '{person}'")).await;
    let code = w.value(&format!("select code from persons where id = '{son}'")).await;
    w.amina.post(format!("{case}/people"), [("person", code.as_str()), ("part", "member")]).await.redirects();
    let plan = written(&w, &case, &person).await;
    step(&w, &w.amina, &plan, "proposal", &[]).await.redirects();
    let said = [("side", "person"), ("person", person.as_str()), ("way", "said"), ("witness", "The receptionist")];
    let through = |name: &'static str| [&said[..], &[("interpreter_bound", "true"), ("interpreter", name)]].concat();
    w.amina.get(format!("{plan}/agreement?side=person")).await.shows("a child. Preferred interpreter: a woman");
    for relative in ["سامي صالح", " sami  SALEH"] {
        let seen = step(&w, &w.amina, &plan, "agreement", &through(relative)).await;
        seen.is(422).shows("Somebody of this case is called so");
    }
    step(&w, &w.amina, &plan, "agreement", &through("Mr. Noor")).await.redirects();
    w.amina.get(&plan).await.shows("Interpreter: Mr. Noor").shows("is no relative and no child, and keeps it confidential");
}

#[tokio::test]
async fn a_signature_that_was_drawn_stands_on_the_printed_plan() {
    let w = World::new().await;
    let (case, person) = assessed(&w, PROTECTION).await;
    let plan = written(&w, &case, &person).await;
    step(&w, &w.amina, &plan, "proposal", &[]).await.redirects();
    let strokes = "10,10 20,20 30,30 40,40;50,50 60,60 70,70 80,80";
    let drawn = [("side", "person"), ("person", person.as_str()), ("way", "drawn"), ("strokes", strokes)];
    step(&w, &w.amina, &plan, "agreement", &drawn).await.redirects();
    step(&w, &w.amina, &plan, "agreement", &[("side", "organisation"), ("way", "signed_in")]).await.redirects();
    let paper = w.amina.get(format!("{plan}/print?lang=en&safe=true")).await;
    paper.shows("Drawn on the screen");
    assert!(paper.body.contains("<polyline points=\"50,50 60,60"), "{}", paper.body);
}

#[tokio::test]
async fn s25_a_mark_of_the_thumb_makes_a_plan_hold_as_a_signature_does_and_the_organisation_may_draw_one() {
    let w = World::new().await;
    let (case, person) = assessed(&w, PROTECTION).await;
    let plan = written(&w, &case, &person).await;
    step(&w, &w.amina, &plan, "proposal", &[]).await.redirects();
    let mark = [
        ("side", "person"),
        ("person", person.as_str()),
        ("way", "thumb"),
        ("witness", "The receptionist"),
        ("interpreter", "Mr. Noor"),
        ("interpreter_bound", "true"),
    ];
    step(&w, &w.amina, &plan, "agreement", &mark).await.redirects();
    let strokes = "10,10 20,20 30,30 40,40;50,50 60,60 70,70 80,80";
    let drawn = [("side", "organisation"), ("way", "drawn"), ("strokes", strokes)];
    step(&w, &w.amina, &plan, "agreement", &drawn).await.redirects();
    let page = w.amina.get(&plan).await;
    page.shows("Agreed").shows("Thumb mark before a witness").shows("Witness: The receptionist").shows("Interpreter: Mr. Noor");
    page.shows("Drawn on the screen").lacks("Still to agree");
    let paper = w.amina.get(format!("{plan}/print?lang=en&safe=true")).await;
    paper.shows("Thumb mark before a witness").shows("Drawn on the screen").lacks("Signature or mark, date");
}

#[tokio::test]
async fn words_that_were_replaced_are_kept_and_whoever_wrote_them_is_told_by_code_alone() {
    let w = World::new().await;
    let (case, _) = assessed(&w, PROTECTION).await;
    let plan = begun(&w.amina, &case).await;
    let goal = line(&w, &w.amina, &plan, "goal", "", "A home", &[]).await;
    w.amina.post(&goal, [("version", "1"), ("words", "A dry home by spring")]).await.redirects();
    let seen = w.bruno.post(&goal, [("version", "1"), ("words", "A dry, warm home")]).await;
    seen.is(409).shows("Changed by: Amina Haddad").shows("Both, joined by hand");
    assert!(seen.body.contains("name=\"_joined.words\""), "a field to join both in");
    let joined = [
        ("version", "2"),
        ("_either", "words"),
        ("_mine.words", "A dry, warm home"),
        ("_theirs.words", "A dry home by spring"),
        ("_take.words", "joined"),
        ("_joined.words", "A dry, warm home by spring"),
    ];
    w.bruno.post(&goal, joined).await.redirects();
    w.amina.get(&plan).await.shows("A dry, warm home by spring");
    w.amina.get(&goal).await.shows("Former wordings").shows("A dry home by spring").shows("Amina Haddad");
    assert_eq!(w.count("plan_wordings where position('spring'::bytea in words) > 0").await, 0, "they are sealed");
    w.work_off().await;
    let code = w.value(&format!("select code from cases where id = '{}'", id(&case))).await;
    let told = w.amina.get("/notifications").await;
    told.shows("other words in the place of yours").shows(&code).lacks("A dry home");
    w.bruno.get("/notifications").await.lacks("other words in the place of yours");
}
