//! Closing: what became of each goal, the child's best interests, referrals that run on, and the letter that may be kept.
use serde_json::json;

use crate::plans::{agreed, assessed, id, step, written};
use crate::support::World;
use crate::support::browser::{Browser, Seen};
use crate::support::sent::{CHILD, GBV, PROTECTION};
use crate::support::world::{FIELD, RECEPTION, user};

pub async fn version(w: &World, case: &str) -> String {
    w.value(&format!("select version::text from cases where id = '{}'", id(case))).await
}

pub async fn closes(w: &World, by: &Browser, case: &str, more: &[(&str, &str)]) -> Seen {
    let version = version(w, case).await;
    let talk =
        [("discussed", "true"), ("reviewed", "true"), ("way_back", "true"), ("way_back_how", "spoken"), ("version", &version)];
    by.post(format!("{case}/closure"), talk.iter().chain(more).copied().collect::<Vec<_>>()).await
}

// A case with an agreed plan of one goal; answers the goal's id too.
async fn planned(w: &World) -> (String, String) {
    let (case, person) = assessed(w, PROTECTION).await;
    let plan = written(w, &case, &person).await;
    step(w, &w.amina, &plan, "proposal", &[]).await.redirects();
    agreed(w, &plan, &person).await;
    (case, w.value("select id::text from plan_lines where kind = 'goal'").await)
}

#[tokio::test]
async fn a_closing_says_what_became_of_each_goal_and_stays_when_the_case_is_opened_again() {
    let w = World::new().await;
    let (case, goal) = planned(&w).await;
    w.amina.get(format!("{case}/closure")).await.shows("What became of each goal").shows("A dry home");
    let (outcome, remark) = (format!("g_{goal}"), format!("w_{goal}"));
    closes(&w, &w.amina, &case, &[("reason", "needs_met")]).await.is(422).shows("Fill this in");
    closes(&w, &w.amina, &case, &[("reason", "needs_met"), (&outcome, "splendid")]).await.is(422).shows("Choose one");
    let said = [("reason", "needs_met"), (outcome.as_str(), "partly"), (remark.as_str(), "The roof still leaks")];
    closes(&w, &w.amina, &case, &said).await.redirects();
    let seen = w.amina.get(&case).await;
    seen.shows("Needs met").shows("Goals: Partly reached 1");
    let closing = seen.link(&format!("{case}/closures/"));
    w.amina
        .get(&closing)
        .await
        .shows("Partly reached")
        .shows("The roof still leaks")
        .shows("In person, aloud")
        .lacks("Print the letter");
    w.odd.get(&closing).await.is(404);
    let version = version(&w, &case).await;
    w.amina.post(format!("{case}/reopening"), [("reason", "new_need"), ("version", &version)]).await.redirects();
    w.amina.get(&case).await.shows("Goals: Partly reached 1");
    closes(&w, &w.amina, &case, &[("reason", "needs_met"), (&outcome, "achieved")]).await.redirects();
    w.amina.get(&case).await.shows("Goals: Partly reached 1").shows("Goals: Reached 1");
    w.bruno.get("/team").await.shows("Goals at closing, last twelve months Reached 1 Partly reached 1 Not reached 0");
    assert_eq!(w.count("case_closures where position('leaks'::bytea in sealed) > 0").await, 0, "its words are sealed");
}

#[tokio::test]
async fn s17_a_closing_letter_is_printed_only_where_it_is_safe_to_keep_and_says_nothing_but_the_goals() {
    let w = World::new().await;
    w.sql(&format!("update case_types set sensitivity = 'standard' where id = {PROTECTION}")).await;
    let (case, goal) = planned(&w).await;
    let (outcome, remark) = (format!("g_{goal}"), format!("w_{goal}"));
    let said = [("reason", "needs_met"), (outcome.as_str(), "achieved"), (remark.as_str(), "The landlord threatened her")];
    closes(&w, &w.amina, &case, &said).await.redirects();
    let refused = w.amina.get(&case).await.link(&format!("{case}/closures/"));
    w.amina.get(format!("{refused}/letter?lang=en&safe=true")).await.is(409).shows("Nothing is printed here");
    let version = version(&w, &case).await;
    w.amina.post(format!("{case}/reopening"), [("reason", "new_need"), ("version", &version)]).await.redirects();
    w.sql("update organisations set general_desk = '+961 1 555 100' where id = 1").await;
    closes(&w, &w.amina, &case, &[&said[..], &[("letter", "yes")]].concat()).await.redirects();
    let closing = w.amina.get(&case).await.link(&format!("{case}/closures/"));
    let letter = w.amina.get(&closing).await.link(&format!("{closing}/letter"));
    w.amina.get(&letter).await.shows("Ask again now").lacks("A dry home");
    let paper = w.amina.get(format!("{letter}?lang=en&safe=true")).await;
    paper.shows("A dry home").shows("Reached").shows("You can come back at any time").shows("+961 1 555 100");
    paper.lacks("landlord").lacks("Needs met").shows(&w.ground.clock.now().format("%Y").to_string());
    let paper = w.amina.get(format!("{letter}?lang=ar&safe=true")).await;
    paper.shows("عملنا معًا").shows("My day");
    assert!(paper.body.contains("<article class=\"tc-paper\" lang=\"ar\" dir=\"rtl\">"), "the letter speaks one language");
    assert!(paper.body.contains("lang=\"en\""), "and the page around it the worker's");
    assert_eq!(w.count("facts where kind = 'printed'").await, 2);
}

#[tokio::test]
async fn s17_the_closing_letter_of_a_protected_case_has_no_goal_in_a_workers_words() {
    let w = World::new().await;
    let (case, goal) = planned(&w).await;
    let outcome = format!("g_{goal}");
    let said = [("reason", "needs_met"), (outcome.as_str(), "achieved"), ("letter", "yes")];
    closes(&w, &w.amina, &case, &said).await.redirects();
    let closing = w.amina.get(&case).await.link(&format!("{case}/closures/"));
    let paper = w.amina.get(format!("{closing}/letter?lang=en&safe=true")).await;
    paper.is(200).shows("You can come back at any time").lacks("A dry home").lacks("What we agreed").lacks("Dana Saleh");
}

#[tokio::test]
async fn s17_no_letter_is_printed_of_a_restricted_case() {
    let w = World::new().await;
    w.gita().await;
    let person = w.known_person("Dana Saleh").await;
    let case = w.case(&w.salma, GBV, person, &[("risk", "low"), ("supervisor", &user("gita").to_string())]).await;
    w.salma.get(format!("{case}/closure")).await.is(200).lacks("A letter about the closing");
    closes(&w, &w.salma, &case, &[("reason", "needs_met"), ("letter", "yes")]).await.redirects();
    let closing = w.salma.get(&case).await.link(&format!("{case}/closures/"));
    w.salma.get(&closing).await.lacks("Print the letter");
    w.salma.get(format!("{closing}/letter?lang=en&safe=true")).await.is(409);
}

#[tokio::test]
async fn s23_a_caregivers_request_needs_the_supervisor_and_who_considered_the_child() {
    let w = World::new().await;
    let child = w.known_person("Dana Saleh").await;
    w.sql(&format!("update persons set born_on = '2016-03-01' where id = '{child}'")).await;
    let case = w.case(&w.amina, CHILD, child, &[("risk", "low")]).await;
    let asked = [("reason", "caregiver_request"), ("best_interests", "She wants to stay at school.")];
    closes(&w, &w.amina, &case, &asked).await.is(422).shows("Who considered them");
    let unheard = [("reason", "caregiver_request"), ("considered_by", "Bruno, with her")];
    closes(&w, &w.amina, &case, &unheard).await.is(422).shows("Fill this in");
    closes(&w, &w.amina, &case, &[&asked[..], &[("considered_by", "Bruno, with her")]].concat()).await.redirects();
    w.amina.get(&case).await.shows("Closing waits for approval");
    decides(&w, &w.amina, &case, "approval", "").await.is(403);
    decides(&w, &w.bruno, &case, "approval", "").await.redirects();
    let closing = w.bruno.get(&case).await.link(&format!("{case}/closures/"));
    w.bruno.get(closing).await.shows("She wants to stay at school.").shows("Bruno, with her");
}

pub async fn decides(w: &World, by: &Browser, case: &str, how: &str, remark: &str) -> Seen {
    let version = w.value("select version::text from closure_requests order by recorded_at desc limit 1").await;
    by.post(format!("{case}/closing/{how}"), [("version", version.as_str()), ("remark", remark)]).await
}

#[tokio::test]
async fn a_closing_waits_for_a_second_person_who_gives_it_back_or_approves_it() {
    let w = World::new().await;
    let child = w.known_person("Dana Saleh").await;
    let case = w.case(&w.amina, CHILD, child, &[("risk", "low")]).await;
    let said = [("reason", "needs_met"), ("explanation", "She is at home and well.")];
    w.amina
        .get(format!("{case}/closure"))
        .await
        .shows("Ask for approval to close")
        .shows("Somebody else approves it")
        .lacks("Close case");
    closes(&w, &w.amina, &case, &said).await.redirects();
    assert_eq!(w.count("cases where closed_at is not null").await, 0, "nothing is closed yet");
    assert_eq!(w.amina.get(format!("{case}/closure")).await.redirects(), format!("{case}/closing"), "what waits is looked at");
    closes(&w, &w.amina, &case, &said).await.is(409).shows("waits for approval already");
    w.bruno.get("/").await.shows("Approve that a case is closed");
    w.bruno.get(format!("{case}/closing")).await.shows("She is at home and well.").shows("Approve and close");
    w.amina.get(format!("{case}/closing")).await.lacks("Approve and close");
    decides(&w, &w.amina, &case, "approval", "").await.is(403);
    w.odd.get(format!("{case}/closing")).await.is(404);
    decides(&w, &w.bruno, &case, "return", "").await.is(422).shows("Fill this in");
    decides(&w, &w.bruno, &case, "return", "Has the school been told?").await.redirects();
    w.amina.get("/").await.shows("Look again at a closing that was given back");
    w.amina.get(&case).await.shows("Has the school been told?");
    w.amina.get(format!("{case}/closing")).await.shows("Closing was given back").shows("Has the school been told?");
    // What she wrote is still there, beside what is missing.
    let again = w.amina.get(format!("{case}/closure")).await;
    again.shows("She is at home and well.").shows("Bruno Costa: Has the school been told?");
    assert!(again.body.contains("value=\"needs_met\" selected"), "{}", again.body);
    closes(&w, &w.amina, &case, &said).await.redirects();
    decides(&w, &w.bruno, &case, "approval", "Well done.").await.redirects();
    w.bruno.get(format!("{case}/closing")).await.shows("Closing was approved").lacks("waits for approval");
    assert_eq!(w.value("select author_name || ', ' || approved_by_name from case_closures").await, "Amina Haddad, Bruno Costa");
    assert_eq!(w.count("cases where closed_at is not null").await, 1);
    // What she said stands in the timeline once and in her name, though it was asked twice.
    assert_eq!(w.value("select string_agg(author_name, ', ') from case_notes where kind = 'note'").await, "Amina Haddad");
    decides(&w, &w.bruno, &case, "approval", "").await.is(409);
    assert_eq!(
        w.count("closure_requests where position('school'::bytea in coalesce(remark, sealed)) > 0").await,
        0,
        "its words are sealed"
    );
}

#[tokio::test]
async fn a_closing_that_is_given_back_stands_in_what_happened_and_whoever_asked_hears_of_it() {
    let w = World::new().await;
    let child = w.known_person("Dana Saleh").await;
    let case = w.case(&w.amina, CHILD, child, &[("risk", "low")]).await;
    closes(&w, &w.amina, &case, &[("reason", "needs_met")]).await.redirects();
    decides(&w, &w.bruno, &case, "return", "Has the school been told?").await.redirects();
    w.work_off().await;
    let seen = w.amina.get(&case).await;
    seen.shows("Asked that a case be closed").shows("Needs met").shows("Gave a closing back").shows("Has the school been told?");
    w.amina.get("/notifications?due=all").await.shows("The closing that you asked for was given back");
    w.amina.get("/").await.shows("In the next days").shows("Look again at a closing that was given back");
    closes(&w, &w.amina, &case, &[("reason", "needs_met")]).await.redirects();
    w.bruno
        .get(format!("{case}/closing"))
        .await
        .shows("What was said before")
        .shows("Has the school been told?")
        .shows("Last contact");
    decides(&w, &w.bruno, &case, "approval", "Well done.").await.redirects();
    w.work_off().await;
    w.bruno.get(&case).await.shows("Approved that a case is closed").shows("Well done.");
    w.amina.get("/notifications?due=all").await.shows("The closing that you asked for was approved");
    w.bruno.get("/notifications?due=all").await.lacks("The closing that you asked for");
    assert_eq!(w.count("facts where note::text like '%school%'").await, 0, "a fact holds no words");
}

#[tokio::test]
async fn whoever_asked_takes_a_closing_back_and_the_case_stays_open() {
    let w = World::new().await;
    let child = w.known_person("Dana Saleh").await;
    let case = w.case(&w.amina, CHILD, child, &[("risk", "low")]).await;
    closes(&w, &w.amina, &case, &[("reason", "needs_met")]).await.redirects();
    decides(&w, &w.bruno, &case, "withdrawal", "").await.is(403);
    decides(&w, &w.amina, &case, "withdrawal", "").await.redirects();
    assert_eq!(
        (w.count("facts where kind = 'closing.withdrawn'").await, w.count("facts where kind = 'closing.returned'").await),
        (1, 0)
    );
    assert_eq!(w.count("tasks where kind = 'approve_closure' and done_at is null").await, 0);
    w.amina.get(&case).await.lacks("Closing waits for approval");
}

#[tokio::test]
async fn where_the_pack_lets_referrals_run_on_somebody_is_named_who_follows_them() {
    let w = World::new().await;
    w.load_pack("employment-services").await;
    let amina = w.also("amina", FIELD, "employment_case_manager").await;
    let person = w.known_person("Yusuf Karam").await;
    let case = w.case(&amina, 20, person, &[]).await;
    let me = user("amina").to_string();
    w.sql(&format!(
        "insert into referrals (id, code, kind, case_id, from_org, from_unit, to_unit, need, area, priority, status, step, author, hands, confirm_way,
           service_name, requested_at, last_moved_at)
         values (gen_random_uuid(), 'R-RUNS-ON', 'partner', '{}', 1, {FIELD}, {RECEPTION}, 'training', 'Old Port', 'normal', 'requested', 'sent', '{me}',
           '{{{me}}}', 'with_worker', 'Evening course', now(), now())",
        id(&case)
    ))
    .await;
    amina.get(format!("{case}/closure")).await.shows("These referrals go on after closing").shows("R-RUNS-ON");
    closes(&w, &amina, &case, &[("reason", "needs_met")]).await.is(422).shows("Fill this in");
    closes(&w, &amina, &case, &[("reason", "needs_met"), ("follows", &user("odd").to_string())]).await.is(403);
    closes(&w, &amina, &case, &[("reason", "needs_met"), ("follows", &me)]).await.redirects();
    amina.get("/").await.shows("Follow the referrals that go on after closing");
    let closing = amina.get(&case).await.link(&format!("{case}/closures/"));
    amina.get(closing).await.shows("Who follows the referrals that go on").shows("Amina Haddad");
}

#[tokio::test]
async fn a_program_closes_with_outcomes_and_reads_every_closing() {
    let w = World::new().await;
    let (case, goal) = planned(&w).await;
    let token = w.token(&w.amina).await;
    let api = format!("/api/v1{case}");
    let version = version(&w, &case).await;
    let body = json!({ "reason": "needs_met", "discussed": true, "reviewed": true, "way_back": true, "way_back_how": "phone",
        "outcomes": [{ "goal": goal, "outcome": "no_longer_wanted", "remark": "Moved to her sister" }] });
    let over = format!("\"{version}\"");
    crate::people::call(&w, &token, "POST", &format!("{api}/closure"), &over, body).await.is(200);
    let read = crate::people::call(&w, &token, "GET", &format!("{api}/closures"), "", json!(null)).await;
    let read: serde_json::Value = serde_json::from_str(&read.body).expect("JSON");
    assert_eq!(read[0]["outcomes"][0], json!({ "goal": goal, "outcome": "no_longer_wanted", "remark": "Moved to her sister" }));
    assert_eq!((&read[0]["way_back_how"], &read[0]["letter"]), (&json!("phone"), &json!(false)));
}

#[tokio::test]
async fn a_case_opened_again_goes_on_where_it_stood_and_waits_in_the_inbox_where_its_keeper_left() {
    let w = World::new().await;
    let case = w.case(&w.amina, PROTECTION, w.known_person("Dana Aziz").await, &[]).await;
    let moved = version(&w, &case).await;
    w.amina.post(format!("{case}/stage"), [("stage", "assessment"), ("version", &moved)]).await.redirects();
    let stands = format!(
        "select c.stage || ' ' || coalesce(u.login, 'nobody') from cases c left join users u on u.id = c.case_manager where c.id = '{}'",
        id(&case)
    );
    for (left, after) in [(false, "assessment amina"), (true, "identified nobody")] {
        closes(&w, &w.amina, &case, &[("reason", "needs_met")]).await.redirects();
        if left {
            w.sql(&format!("update memberships set ended_at = now() where user_id = '{}'", user("amina"))).await;
        }
        let closed = version(&w, &case).await;
        w.bruno.post(format!("{case}/reopening"), [("reason", "new_need"), ("version", &closed)]).await.redirects();
        assert_eq!(w.value(&stands).await, after);
    }
    w.bruno.get("/").await.shows("Take up this case");
}

#[tokio::test]
async fn what_only_a_supervisor_may_close_waits_for_them_with_the_workers_words() {
    let w = World::new().await;
    let case = w.case(&w.amina, PROTECTION, w.known_person("Dana Aziz").await, &[]).await;
    w.amina.get(format!("{case}/closure")).await.shows("For these reasons a supervisor decides").shows("Opened by mistake");
    w.bruno.get(format!("{case}/closure")).await.lacks("For these reasons a supervisor decides");
    let said = [("reason", "opened_by_mistake"), ("explanation", "She is known under another code.")];
    closes(&w, &w.amina, &case, &said).await.redirects();
    w.amina.get(&case).await.shows("Closing waits for approval");
    w.amina.get("/").await.lacks("Approve that a case is closed");
    decides(&w, &w.bruno, &case, "return", "Which code?").await.redirects();
    w.amina.get(format!("{case}/closure")).await.shows("She is known under another code.").shows("Which code?");
    closes(&w, &w.amina, &case, &said).await.redirects();
    // Whoever approves closings and supervises none gets no button that always refuses.
    w.sql("update roles set acts = array_remove(acts, 'case.assign') where code = 'supervisor'").await;
    w.bruno.get(format!("{case}/closing")).await.shows("A supervisor must do this").lacks("/closing/approval");
    w.sql("update roles set acts = acts || '{case.assign}' where code = 'supervisor'").await;
    w.bruno.get(format!("{case}/closing")).await.lacks("A supervisor must do this").link(&format!("{case}/closing/approval"));
    decides(&w, &w.bruno, &case, "approval", "").await.redirects();
    assert_eq!(w.value("select author_name || ', ' || approved_by_name from case_closures").await, "Amina Haddad, Bruno Costa");
}

#[tokio::test]
async fn any_other_reason_closes_at_once_and_so_does_a_supervisor() {
    let w = World::new().await;
    for (by, reason) in [(&w.amina, "needs_met"), (&w.bruno, "opened_by_mistake")] {
        let case = w.case(&w.amina, PROTECTION, w.known_person("Dana Aziz").await, &[]).await;
        closes(&w, by, &case, &[("reason", reason), ("explanation", "Known under another code.")]).await.redirects();
        assert_eq!(w.count(&format!("cases where id = '{}' and closed_at is not null", id(&case))).await, 1, "{reason}");
    }
    assert_eq!(w.count("closure_requests").await, 0);
}

#[tokio::test]
async fn a_case_opened_by_mistake_is_closed_without_a_talk_or_results_but_says_why() {
    let w = World::new().await;
    let (case, _) = planned(&w).await;
    let version = version(&w, &case).await;
    let said =
        [("version", version.as_str()), ("reason", "opened_by_mistake"), ("explanation", "She is known under another code.")];
    let asked = w.bruno.post(format!("{case}/closure"), [said[0], ("reason", "needs_met"), said[2]]).await;
    asked.is(422).shows("Confirm this").shows("A dry home *");
    let again = w.bruno.post(format!("{case}/closure"), [said[0], said[1]]).await;
    again.is(422).lacks("Confirm this").shows("neither goals nor a last conversation are asked for").lacks("A dry home *");
    w.bruno.post(format!("{case}/closure"), said).await.redirects();
    assert_eq!(w.count("case_closures where not discussed and not reviewed and reason = 'opened_by_mistake'").await, 1);
}

#[tokio::test]
async fn a_case_opened_again_waits_anew_for_what_its_plan_asks() {
    let w = World::new().await;
    let (case, goal) = planned(&w).await;
    let open = "tasks where kind in ('plan_action', 'plan_review') and done_at is null";
    let asked = w.count(open).await;
    assert!(asked > 1, "{asked}");
    let outcome = format!("g_{goal}");
    closes(&w, &w.amina, &case, &[("reason", "needs_met"), (&outcome, "partly")]).await.redirects();
    assert_eq!(w.count(open).await, 0);
    let closed = version(&w, &case).await;
    w.amina.post(format!("{case}/reopening"), [("reason", "new_need"), ("version", &closed)]).await.redirects();
    assert_eq!(w.count(open).await, asked);
    assert_eq!(w.count(&format!("{open} and due_at < now()")).await, 0);
}

#[tokio::test]
async fn a_pause_says_why_and_since_when_and_is_ended_by_an_action_of_its_own() {
    let w = World::new().await;
    let case = w.case(&w.amina, PROTECTION, w.known_person("Dana Aziz").await, &[]).await;
    let now = version(&w, &case).await;
    w.amina.post(format!("{case}/stage"), [("stage", "assessment"), ("version", &now)]).await.redirects();
    let now = version(&w, &case).await;
    w.amina.post(format!("{case}/pause"), [("reason", "person_away"), ("version", &now)]).await.redirects();
    w.amina.get(&case).await.shows("The person is away · since").shows("Resume case").lacks("Pause case");
    let now = version(&w, &case).await;
    w.amina.post(format!("{case}/pause"), [("reason", "person_away"), ("version", &now)]).await.is(409).shows("paused already");
    // Another stage is no way round saying why.
    w.amina.get(format!("{case}/stage")).await.is(409);
    w.amina.post(format!("{case}/stage"), [("stage", "consented"), ("version", &now)]).await.is(409).shows("say why");
    w.amina.post(format!("{case}/resumption"), [("version", now.as_str())]).await.is(422).shows("Fill this in");
    w.amina.post(format!("{case}/resumption"), [("reason", "person_back"), ("version", &now)]).await.redirects();
    w.amina.get(&case).await.shows("Resumed").shows("The person is back").shows("Pause case");
    assert_eq!(w.value(&format!("select stage from cases where id = '{}'", id(&case))).await, "assessment");
}

#[tokio::test]
async fn nobody_is_asked_why_a_case_goes_on_that_runs_or_is_opened_that_is_open() {
    let w = World::new().await;
    let case = w.case(&w.amina, PROTECTION, w.known_person("Dana Aziz").await, &[]).await;
    let now = version(&w, &case).await;
    for (topic, reason, says) in [("resumption", "person_back", "is not paused"), ("reopening", "new_need", "is open already")] {
        w.amina.get(format!("{case}/{topic}")).await.is(409).shows(says);
        w.amina.post(format!("{case}/{topic}"), [("reason", reason), ("version", &now)]).await.is(409).shows(says);
        w.amina.post(format!("{case}/{topic}"), [("reason", reason), ("version", "0")]).await.is(409).shows(says);
    }
}

#[tokio::test]
async fn s09_a_restricted_case_that_is_opened_again_is_never_nobodys() {
    let w = World::new().await;
    let gita = w.gita().await;
    let person = w.known_person("Dana Saleh").await;
    let case = w.case(&w.salma, GBV, person, &[("risk", "low"), ("supervisor", &user("gita").to_string())]).await;
    closes(&w, &w.salma, &case, &[("reason", "needs_met")]).await.redirects();
    w.sql(&format!("update memberships set ended_at = now() where user_id = '{}'", user("salma"))).await;
    let closed = version(&w, &case).await;
    gita.post(format!("{case}/reopening"), [("reason", "new_need"), ("version", &closed)]).await.redirects();
    let kept = format!("cases where id = '{}' and case_manager = '{}'", id(&case), user("gita"));
    assert_eq!(w.count(&kept).await, 1);
    assert_eq!(w.count(&format!("tasks where case_id = '{}' and done_at is null and assignee is null", id(&case))).await, 0);
    gita.get(&case).await.is(200);
}
