//! A household's plan: what it never names, who agrees to it, and what a new version takes over of what happened meanwhile.
use super::{agreed, assessed, begun, id, line, step, written};
use crate::achievements::household;
use crate::fences::{DENIED, is, tries};
use crate::support::World;
use crate::support::sent::{ASSISTANCE, CHILD, PROTECTION};
use crate::support::world::{FIELD, RECEPTION, user};

/// A household's plan with a goal, a result and what Dana commits to; answers the case, Dana, the plan and the result.
async fn together(w: &World) -> (String, String, String, String) {
    let (case, dana) = household(w, &w.amina, ASSISTANCE).await;
    w.sql(&format!(
        "insert into assessments (id, case_id, pack, pack_version, tool, panel, round, author, author_name, writers, state, finalised_at, happened_at)
         values (gen_random_uuid(), '{}', 'protection', 1, 'household_screening', 'assessment', 1, '{1}', 'Amina', '{{{1}}}', 'finalised', now(), now())",
        id(&case),
        user("amina")
    ))
    .await;
    let plan = begun(&w.amina, &case).await;
    let goal = line(w, &w.amina, &plan, "goal", "", "A dry home", &[]).await;
    let result = line(w, &w.amina, &plan, "result", &goal, "The roof holds", &[]).await;
    let dana = dana.to_string();
    line(w, &w.amina, &plan, "commitment", &result, "Clears the room", &[("person", &dana), ("due_on", "2030-03-01")]).await;
    (case, dana, plan, result)
}

// Somebody of the household, born on this day, is put on the case.
async fn member(w: &World, case: &str, (name, born): (&str, &str)) -> String {
    let person = w.known_person(name).await;
    w.sql(&format!("update persons set born_on = '{born}' where id = '{person}'")).await;
    let code = w.value(&format!("select code from persons where id = '{person}'")).await;
    w.amina.post(format!("{case}/people"), [("person", code.as_str()), ("part", "member")]).await.redirects();
    person.to_string()
}

fn said(person: &str) -> [(&str, &str); 4] {
    [("side", "person"), ("person", person), ("way", "said"), ("witness", "The receptionist")]
}

#[tokio::test]
async fn s12_s14_a_household_plan_names_no_need_that_only_one_may_be_asked_about() {
    let w = World::new().await;
    let (case, dana, plan, result) = together(&w).await;
    let new = format!("{plan}/lines/new?kind=support&under={}", id(&result));
    w.amina.get(&new).await.shows("Shelter and housing").lacks("gbv_response").lacks("safe_accommodation");
    let support = [("kind", "support"), ("under", id(&result)), ("words", "Somewhere quiet")];
    let wrong = [&support[..], &[("need", "gbv_response")]].concat();
    w.amina
        .post(format!("{plan}/lines"), wrong)
        .await
        .is(422)
        .shows("This is asked of one person alone")
        .shows("Somewhere quiet");
    w.sql("insert into services (id, org, name, needs) values (gen_random_uuid(), 1, 'A quiet house', '{safe_accommodation}')")
        .await;
    let service = w.value("select id::text from services where name = 'A quiet house'").await;
    w.amina.get(&new).await.lacks("A quiet house");
    w.amina.post(format!("{plan}/lines"), [&support[..], &[("service", service.as_str())]].concat()).await.is(422);
    // What was saved before that was refused is neither shown nor printed, nor carried into the next version.
    let old = line(&w, &w.amina, &plan, "support", &result, "Somewhere quiet", &[]).await;
    w.sql(&format!("update plan_lines set need = 'gbv_response', service_id = '{service}' where id = '{}'", id(&old))).await;
    // Nor is it named by the referral that was started from the line.
    w.sql(&format!(
        "insert into referrals (id, code, kind, case_id, from_org, from_unit, to_unit, need, area, priority, status, step, author, hands, confirm_way,
           service_name, requested_at, last_moved_at, started_from)
         values (gen_random_uuid(), 'R-QUIET', 'partner', '{}', 1, {FIELD}, {RECEPTION}, 'gbv_response', 'Old Port', 'normal', 'requested', 'sent',
           '{amina}', '{{{amina}}}', 'with_worker', 'A quiet house', now(), now(), '{}')",
        id(&case),
        id(&old),
        amina = user("amina")
    ))
    .await;
    w.amina.get(&plan).await.shows("R-QUIET");
    let secret = "Response to gender-based violence";
    let paper = format!("{plan}/print?lang=en&safe=true");
    for page in [&plan, &old, &paper] {
        w.amina.get(page).await.is(200).shows("Somewhere quiet").lacks(secret).lacks("A quiet house");
    }
    step(&w, &w.amina, &plan, "proposal", &[]).await.redirects();
    agreed(&w, &plan, &dana).await;
    begun(&w.amina, &case).await;
    assert_eq!(w.count("plan_lines where need = 'gbv_response' or service_id is not null").await, 1);
    // One person's own plan may name it: nobody else reads that.
    let person = w.known_person("Rima Haddad").await;
    let own = w.case(&w.amina, PROTECTION, person, &[("risk", "low")]).await;
    let hers = begun(&w.amina, &own).await;
    let goal = line(&w, &w.amina, &hers, "goal", "", "Safe nights", &[]).await;
    let result = line(&w, &w.amina, &hers, "result", &goal, "Sleeps", &[]).await;
    line(&w, &w.amina, &hers, "support", &result, "Somewhere quiet", &[("need", "gbv_response")]).await;
    w.amina.get(&hers).await.shows(secret);
}

#[tokio::test]
async fn s03_a_childs_word_alone_makes_no_plan_and_whoever_is_placed_agrees() {
    let w = World::new().await;
    let (case, dana, plan, result) = together(&w).await;
    let small = member(&w, &case, ("Lina Saleh", "2022-05-01")).await;
    let older = member(&w, &case, ("Omar Saleh", "2014-05-01")).await;
    line(&w, &w.amina, &plan, "commitment", &result, "Goes to school", &[("person", &older)]).await;
    // A small child promises nothing.
    w.amina.get(format!("{plan}/lines/new?kind=commitment&under={}", id(&result))).await.shows("Omar Saleh").lacks("Lina Saleh");
    let plays = [("kind", "commitment"), ("under", id(&result)), ("words", "Plays outside"), ("person", small.as_str())];
    w.amina.post(format!("{plan}/lines"), plays).await.is(422).shows("Choose one");
    step(&w, &w.amina, &plan, "proposal", &[]).await.redirects();
    w.amina.get(&plan).await.shows("Still to agree Dana Saleh Omar Saleh The caregiver, for the child The organisation");
    w.amina.get(format!("{plan}/agreement?side=person")).await.shows("Omar Saleh").lacks("Lina Saleh");
    step(&w, &w.amina, &plan, "agreement", &said(&small)).await.is(422).shows("At this age the caregiver agrees");
    step(&w, &w.amina, &plan, "agreement", &[("side", "organisation"), ("way", "signed_in")]).await.redirects();
    step(&w, &w.amina, &plan, "agreement", &said(&older)).await.redirects();
    w.amina.get(&plan).await.shows("Ready to be agreed").shows("Still to agree Dana Saleh The caregiver, for the child");
    // Nobody bears themselves witness.
    let own = [("side", "person"), ("person", dana.as_str()), ("way", "said"), ("witness", "Amina Haddad, social worker")];
    step(&w, &w.amina, &plan, "agreement", &own).await.is(422).shows("Name somebody else who was there");
    step(&w, &w.amina, &plan, "agreement", &said(&dana)).await.redirects();
    w.amina.get(&plan).await.shows("Agreed").lacks("Still to agree");
    // What both sides agreed to says so on paper.
    let paper = w.amina.get(format!("{plan}/print?lang=en&safe=true")).await;
    paper.shows("Dana Saleh Said aloud before a witness").shows("own account").lacks("Signature or mark, date");
}

#[tokio::test]
async fn a_new_version_takes_over_how_things_stand_when_it_is_agreed() {
    let w = World::new().await;
    let (case, dana, first, result) = together(&w).await;
    step(&w, &w.amina, &first, "proposal", &[]).await.redirects();
    agreed(&w, &first, &dana).await;
    let second = begun(&w.amina, &case).await;
    // Meanwhile the first goes on: what was promised is done, and the result is looked at.
    let deed =
        w.value(&format!("select id::text from plan_lines where kind = 'commitment' and plan_id = '{}'", id(&first))).await;
    w.amina.get(&case).await.shows("Plan: Clears the room");
    w.amina.get("/").await.lacks("Clears the room");
    w.amina.post(format!("{first}/lines/{deed}/state"), [("version", "1"), ("state", "done")]).await.redirects();
    let how = format!("p_{}", id(&result));
    step(&w, &w.amina, &first, "review", &[(&how, "achieved"), ("satisfaction", "4")]).await.redirects();
    step(&w, &w.amina, &second, "proposal", &[]).await.redirects();
    agreed(&w, &second, &dana).await;
    w.amina.get(&case).await.shows("1 of 1 done");
    w.amina.get(&second).await.shows("Progress of the results").shows("Achieved");
    assert_eq!(w.count("tasks where kind = 'plan_action' and done_at is null").await, 0);
}

#[tokio::test]
async fn a_support_by_a_service_of_ones_own_is_read_on_the_plan_on_the_case_and_on_paper_in_their_language() {
    let w = World::new().await;
    let (case, dana, plan, result) = together(&w).await;
    w.sql(
        "insert into services (id, org, name, names, needs) values
           (gen_random_uuid(), 1, 'Warm clothes', '{\"ar\": \"ملابس دافئة\"}', '{relief_items}'),
           (gen_random_uuid(), 2, 'Clothes of the clinic', '{}', '{relief_items}')",
    )
    .await;
    let service = w.value("select id::text from services where org = 1").await;
    let new = format!("{plan}/lines/new?kind=support&under={}", id(&result));
    w.amina.get(&new).await.shows("Warm clothes").lacks("Clothes of the clinic");
    let own = [("service", service.as_str()), ("need", "relief_items"), ("due_on", "2030-04-01")];
    let support = line(&w, &w.amina, &plan, "support", &result, "Coats for the winter", &own).await;
    let form = w.amina.get(&support).await;
    assert!(form.body.contains(&format!("value=\"{service}\" selected")), "{}", form.body);
    w.amina.get(&plan).await.shows("Coats for the winter").shows("Service: Warm clothes");
    step(&w, &w.amina, &plan, "proposal", &[]).await.redirects();
    agreed(&w, &plan, &dana).await;
    // Nobody is named for it, so that whoever keeps the case sees to it.
    w.amina.get(&case).await.shows("0 of 2 done").shows("Plan: Coats for the winter");
    w.amina.get(format!("{plan}/print?lang=en&safe=true")).await.shows("Service: Warm clothes");
    let paper = w.amina.get(format!("{plan}/print?lang=ar&safe=true")).await;
    paper.shows("دعم").shows("Coats for the winter").shows("الخدمة").shows("ملابس دافئة").lacks("Warm clothes");
}

#[tokio::test]
async fn nothing_is_promised_for_before_the_plan_or_for_a_day_that_nobody_sees_coming() {
    let w = World::new().await;
    let (_, dana, plan, result) = together(&w).await;
    let promise = |due: &str| {
        [("kind", "commitment"), ("under", id(&result)), ("words", "Paints it"), ("person", dana.as_str()), ("due_on", due)]
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
    };
    let day = |days| (w.ground.clock.now() + chrono::TimeDelta::days(days)).date_naive().to_string();
    w.amina.post(format!("{plan}/lines"), promise(&day(-400))).await.is(422).shows("This lies before the plan begins");
    w.amina.post(format!("{plan}/lines"), promise(&day(2_000))).await.is(422).shows("This lies too far ahead");
    w.amina.post(format!("{plan}/lines"), promise(&day(30))).await.redirects();
}

#[tokio::test]
async fn whoever_signs_was_met_and_no_silence_goes_on() {
    let w = World::new().await;
    let (case, dana, plan, _) = together(&w).await;
    w.sql(&format!("update cases set opened_at = now() - interval '60 days', last_contact_at = null where id = '{}'", id(&case)))
        .await;
    step(&w, &w.amina, &plan, "proposal", &[]).await.redirects();
    assert_eq!(w.count("cases where last_contact_at is not null").await, 0, "writing a plan is no contact");
    step(&w, &w.amina, &plan, "agreement", &said(&dana)).await.redirects();
    assert_eq!(w.count("cases where last_contact_at > now() - interval '1 day'").await, 1);
}

// A scan of the signed plan among the documents of the case.
async fn scanned(w: &World, case: &str) -> String {
    let signed = [("title", "The plan, signed"), ("kind", "report")];
    w.amina.upload(format!("{case}/documents"), &signed, Some(("file", "p.pdf", &b"%PDF-1.7 signed"[..]))).await.redirects();
    w.value("select id::text from documents").await
}

#[tokio::test]
async fn a_paper_that_comes_back_signed_is_no_meeting() {
    let w = World::new().await;
    let (case, dana, plan, _) = together(&w).await;
    w.sql(&format!("update cases set last_contact_at = null where id = '{}'", id(&case))).await;
    step(&w, &w.amina, &plan, "proposal", &[]).await.redirects();
    let paper = scanned(&w, &case).await;
    let how = [("side", "person"), ("person", dana.as_str()), ("way", "paper"), ("document", paper.as_str())];
    step(&w, &w.amina, &plan, "agreement", &how).await.redirects();
    assert_eq!(w.count("cases where last_contact_at is not null").await, 0);
}

#[tokio::test]
async fn s09_a_signed_paper_stands_beside_whoever_signed_and_opens_for_nobody_who_may_not_see_the_case() {
    let w = World::new().await;
    let (case, person) = assessed(&w, PROTECTION).await;
    let plan = written(&w, &case, &person).await;
    step(&w, &w.amina, &plan, "proposal", &[]).await.redirects();
    let paper = scanned(&w, &case).await;
    let how = [("side", "person"), ("person", person.as_str()), ("way", "paper"), ("document", paper.as_str())];
    step(&w, &w.amina, &plan, "agreement", &how).await.redirects();
    let scan = format!("{case}/documents/{paper}");
    assert_eq!(w.amina.get(&plan).await.shows("Signed on paper").shows("The signed paper").link(&scan), scan);
    assert_eq!(w.amina.get(&scan).await.is(200).body, "%PDF-1.7 signed");
    w.sql(&format!(
        "insert into bars (id, case_id, user_id, reason) values (gen_random_uuid(), '{}', '{}', 'relative')",
        id(&case),
        user("bruno")
    ))
    .await;
    for somebody in [&w.bruno, &w.chen, &w.odd] {
        somebody.get(&plan).await.is(404);
        somebody.get(&scan).await.is(404).lacks("%PDF");
    }
    // That it was signed stays; what was withdrawn since is called so, and no link leads nowhere.
    w.amina.post(format!("{scan}/withdrawal"), [("", "")]).await.redirects();
    let page = w.amina.get(&plan).await;
    page.shows("Signed on paper").shows("The signed paper: A document that was withdrawn").lacks(&scan);
}

#[tokio::test]
async fn s23_a_caregivers_word_ends_no_silence_of_a_child() {
    let w = World::new().await;
    let (case, child) = assessed(&w, CHILD).await;
    w.sql(&format!("update persons set born_on = '2016-05-01' where id = '{child}'")).await;
    let caregiver = w.known_person("Rima Saleh").await.to_string();
    let code = w.value(&format!("select code from persons where id = '{caregiver}'")).await;
    w.amina.post(format!("{case}/people"), [("person", code.as_str()), ("part", "caregiver")]).await.redirects();
    let plan = written(&w, &case, &child).await;
    step(&w, &w.amina, &plan, "proposal", &[]).await.redirects();
    w.member("carol", 1, "coordinator").await;
    step(&w, &w.browser("carol").await, &plan, "approval", &[]).await.redirects();
    w.sql(&format!("update cases set opened_at = now() - interval '60 days', last_contact_at = null where id = '{}'", id(&case)))
        .await;
    let met = format!("cases where id = '{}' and last_contact_at is not null", id(&case));
    step(&w, &w.amina, &plan, "agreement", &said(&caregiver)).await.redirects();
    step(&w, &w.amina, &plan, "agreement", &[("side", "organisation"), ("way", "signed_in")]).await.redirects();
    assert_eq!(w.count(&met).await, 0);
    step(&w, &w.amina, &plan, "agreement", &said(&child)).await.redirects();
    assert_eq!(w.count(&met).await, 1);
}

#[tokio::test]
async fn s03_where_nobody_can_speak_for_a_small_child_a_supervisor_records_what_is_best() {
    let w = World::new().await;
    let (case, child) = assessed(&w, CHILD).await;
    let plan = written(&w, &case, &child).await;
    w.sql(&format!("update persons set born_on = '2024-05-01' where id = '{child}'")).await;
    step(&w, &w.amina, &plan, "proposal", &[]).await.redirects();
    step(&w, &w.bruno, &plan, "approval", &[]).await.redirects();
    w.amina.get(&plan).await.shows("What is best for the child, recorded by the supervisor");
    w.amina.get(format!("{plan}/agreement?side=person")).await.lacks("What is best for the child");
    step(&w, &w.amina, &plan, "agreement", &said(&child)).await.is(422).shows("Nobody can agree for a child of this age");
    let best = [("side", "person"), ("person", child.as_str()), ("way", "best_interests")];
    step(&w, &w.amina, &plan, "agreement", &best).await.is(403);
    w.bruno.get(format!("{plan}/agreement?side=person")).await.shows("Why it is best for the child").shows("Dana Saleh");
    step(&w, &w.bruno, &plan, "agreement", &best).await.is(422);
    let reason = [&best[..], &[("reason", "Her aunt and the doctor were heard.")]].concat();
    step(&w, &w.bruno, &plan, "agreement", &reason).await.redirects();
    // Nor past the pages by whoever wrote the plan.
    let forged = "insert into plan_agreements (id, plan_id, case_id, round, side, person_id, way, happened_at, author, author_name)
         select gen_random_uuid(), plan_id, case_id, round, side, person_id, way, now(), access.me(), 'x' from plan_agreements where way = 'best_interests'";
    is(tries(&w, "amina", forged).await, DENIED);
    step(&w, &w.amina, &plan, "agreement", &[("side", "organisation"), ("way", "signed_in")]).await.redirects();
    w.bruno.get(&plan).await.shows("Agreed").shows("Her aunt and the doctor were heard.");
    assert_eq!(w.count("plan_agreements where position('doctor'::bytea in sealed) > 0").await, 0);
}
