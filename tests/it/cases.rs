//! Cases: opening, who sees them, their course, their notes.
mod page;

use crate::support::World;
use crate::support::case_work::{ASSISTANCE, CHILD_PROTECTION, GBV, GENERAL};
use crate::support::world::{FIELD, user};

fn id_of(path: &str) -> &str {
    path.trim_start_matches("/cases/")
}

async fn code_of(w: &World, path: &str) -> String {
    w.value(&format!("select code from cases where id = '{}'", id_of(path))).await
}

async fn version_of(w: &World, path: &str) -> String {
    w.value(&format!("select version::text from cases where id = '{}'", id_of(path))).await
}

#[tokio::test]
async fn a_case_is_opened_worked_on_closed_and_opened_again() {
    let w = World::new().await;
    let dana = w.known_person("Dana Aziz").await;
    w.amina.get(format!("/cases/new?person={dana}")).await.is(200).shows("Dana Aziz").lacks("Gender-based violence");
    let case = w.case(&w.amina, CHILD_PROTECTION, dana, &[]).await;
    w.amina.get(&case).await.is(200).shows("Dana Aziz").shows("Identification").shows("Follow-up");
    w.amina.post(format!("{case}/stage"), [("stage", "assessment"), ("version", &version_of(&w, &case).await)]).await.redirects();
    w.amina.get(&case).await.shows("Moved to Assessment");
    let version = version_of(&w, &case).await;
    w.amina.post(format!("{case}/closure"), [("reason", "needs_met"), ("version", &version)]).await.is(422).shows("Confirm this");
    let checklist = [
        ("reason", "needs_met"),
        ("discussed", "true"),
        ("reviewed", "true"),
        ("way_back", "true"),
        ("way_back_how", "spoken"),
        ("version", &version),
    ];
    w.amina.post(format!("{case}/closure"), checklist).await.redirects();
    // In child protection a second person approves.
    w.bruno.post(format!("{case}/closing/approval"), [("version", "1")]).await.redirects();
    w.amina.get(&case).await.shows("Closed").shows("Re-open case").shows("Planning · not to come");
    let version = version_of(&w, &case).await;
    w.amina.post(format!("{case}/reopening"), [("reason", "new_need"), ("version", &version)]).await.redirects();
    w.amina.get(&case).await.shows("Re-opened").shows("Close case");
}

#[tokio::test]
async fn a_draft_that_was_thrown_away_does_not_keep_a_case_open() {
    let w = World::new().await;
    crate::referrals::scene(&w, 1, "amina", crate::referrals::COVERED).await;
    let draft = crate::referrals::drafted(&w, &w.amina).await;
    let case = format!("/cases/{}", crate::referrals::CASE);
    let closes = async || {
        let version = version_of(&w, &case).await;
        let fields = [
            ("reason", "needs_met"),
            ("discussed", "true"),
            ("reviewed", "true"),
            ("way_back", "true"),
            ("way_back_how", "spoken"),
            ("version", version.as_str()),
        ];
        w.amina.post(format!("{case}/closure"), fields).await
    };
    closes().await.is(422).shows("throw the draft away").shows("what you wrote stays below").shows("Send again");
    w.amina.get(format!("{case}/closure")).await.shows("come back here and close the case").lacks("last follow-up conversation");
    w.amina.post(format!("{draft}/edit"), crate::referrals::answers("discard", &[])).await.redirects();
    closes().await.redirects();
    // And an emergency begins from a closed case too (S2).
    let to = format!("service:{}", crate::referrals::SERVICE);
    let four = [("need", "health"), ("to", to.as_str()), ("safe_contact", "Knock twice"), ("basis", "vital_interest")];
    w.amina.post(format!("{case}/emergency"), four).await.redirects();
}

#[tokio::test]
async fn a_stranger_finds_no_trace_of_a_case() {
    let w = World::new().await;
    let case = w.case(&w.amina, CHILD_PROTECTION, w.known_person("Dana Aziz").await, &[]).await;
    for page in ["", "/print", "/log", "/notes", "/risk", "/documents"] {
        w.odd.get(format!("{case}{page}")).await.is(404);
    }
    w.odd.post(format!("{case}/notes"), [("kind", "note"), ("body", "x")]).await.is(404);
    w.odd.get("/cases?keeper=all").await.lacks(&code_of(&w, &case).await);
}

#[tokio::test]
async fn s01_the_day_on_which_the_limits_were_explained_is_kept() {
    let w = World::new().await;
    let case = w.case(&w.amina, CHILD_PROTECTION, w.known_person("Dana Aziz").await, &[("limits_explained_on", "")]).await;
    let case = case.as_str();
    w.sql(&format!("update cases set limits_explained_on = null where id = '{}'", id_of(case))).await;
    w.amina.get(case).await.shows("not dated yet");
    w.amina.post(format!("{case}/limits"), [("limits_explained_on", "2999-01-01")]).await.is(422).shows("still to come");
    w.amina.post(format!("{case}/limits"), [("limits_explained_on", "1900-01-01")]).await.is(422).shows("too long ago");
    w.amina.post(format!("{case}/limits"), [("limits_explained_on", "2026-02-03")]).await.redirects();
    w.amina.get(case).await.lacks("not dated yet").shows("Limits of confidentiality explained");
}

#[tokio::test]
async fn s09_a_restricted_case_is_seen_by_its_manager_and_one_named_supervisor_only() {
    let w = World::new().await;
    let gita = w.gita().await;
    let supervisor = user("gita").to_string();
    let dana = w.known_person("Dana Aziz").await;
    let alone = [
        ("person", dana.to_string()),
        ("case_type", GBV.to_string()),
        ("intake_source", "self".into()),
        ("priority", "normal".into()),
    ];
    w.salma.post("/cases/new", alone).await.is(422).shows("Fill this in");
    let case = w.case(&w.salma, GBV, dana, &[("supervisor", &supervisor)]).await;
    let code = code_of(&w, &case).await;
    w.salma.get(&case).await.is(200).shows("Dana Aziz");
    gita.get(&case).await.is(200);
    for other in [&w.bruno, &w.amina, &w.ada, &w.odd] {
        other.get(&case).await.is(404);
        other.get("/").await.lacks(&code).lacks("Dana");
    }
    for list in ["mine", "inbox", "unit", "all"] {
        w.bruno.get(format!("/cases?keeper={list}")).await.lacks(&code).lacks("Dana").lacks("Gender-based");
    }
    w.bruno.get("/cases/export?keeper=all").await.lacks(&code);
}

#[tokio::test]
async fn s10_a_bar_beats_scope_and_grant() {
    let w = World::new().await;
    let case = w.case(&w.amina, CHILD_PROTECTION, w.known_person("Dana Aziz").await, &[]).await;
    let (id, bruno) = (id_of(&case), user("bruno"));
    w.bruno.get(&case).await.is(200);
    w.sql(&format!(
        "insert into grants (id, case_id, user_id, basis, until, org) values (gen_random_uuid(), '{id}', '{bruno}', 'team', now() + interval '1 day', 1);
         insert into bars (id, case_id, user_id, reason) values (gen_random_uuid(), '{id}', '{bruno}', 'relative')"
    ))
    .await;
    w.bruno.get(&case).await.is(404);
    w.bruno.get("/cases?keeper=all").await.lacks(&code_of(&w, &case).await);
    w.amina.get(&case).await.is(200);
}

#[tokio::test]
async fn s13_lists_show_the_code_of_a_guarded_case_and_the_name_of_a_standard_one() {
    let w = World::new().await;
    let guarded = w.case(&w.amina, CHILD_PROTECTION, w.known_person("Dana Aziz").await, &[]).await;
    let omar = w.known_person("Omar Said").await;
    let household = w.household(omar).await.to_string();
    w.case(&w.amina, ASSISTANCE, omar, &[("household", &household), ("whole_household", "true")]).await;
    let code = code_of(&w, &guarded).await;
    w.amina.get("/cases").await.shows(&code).lacks("Dana").shows("Omar Said");
    w.amina.get("/").await.shows(&code).lacks("Dana").shows("Omar Said");
    w.amina.get("/cases/export").await.lacks("Dana").lacks("Omar");
}

#[tokio::test]
async fn risk_is_raised_freely_and_lowered_with_a_reason_only() {
    let w = World::new().await;
    let case = w.case(&w.amina, CHILD_PROTECTION, w.known_person("Dana Aziz").await, &[]).await;
    w.amina.post(format!("{case}/risk"), [("risk", "high"), ("version", &version_of(&w, &case).await)]).await.redirects();
    let version = version_of(&w, &case).await;
    w.amina.post(format!("{case}/risk"), [("risk", "low"), ("version", &version)]).await.is(422).shows("Fill this in");
    let mistake = [("risk", "low"), ("reason", "rated_wrongly"), ("version", &version)];
    w.amina.post(format!("{case}/risk"), mistake).await.is(422).shows("supervisor");
    w.amina.post(format!("{case}/risk"), [("risk", "low"), ("reason", "threat_gone"), ("version", &version)]).await.redirects();
    w.amina.get(&case).await.shows("The threat no longer exists");
}

#[tokio::test]
async fn a_form_opened_on_an_older_edition_is_refused() {
    let w = World::new().await;
    let case = w.case(&w.amina, CHILD_PROTECTION, w.known_person("Dana Aziz").await, &[]).await;
    let old = version_of(&w, &case).await;
    w.amina.post(format!("{case}/stage"), [("stage", "assessment"), ("version", &old)]).await.redirects();
    w.bruno
        .post(format!("{case}/stage"), [("stage", "planning"), ("version", &old)])
        .await
        .is(409)
        .shows("Somebody changed this meanwhile");
}

#[tokio::test]
async fn who_hands_a_case_on_loses_sight_of_it_and_the_next_worker_gets_a_task() {
    let w = World::new().await;
    let case = w.case(&w.amina, CHILD_PROTECTION, w.known_person("Dana Aziz").await, &[]).await;
    let (version, bruno) = (version_of(&w, &case).await, user("bruno").to_string());
    w.amina.post(format!("{case}/assignment"), [("manager", bruno.as_str()), ("version", &version)]).await.is(403);
    w.bruno.post(format!("{case}/assignment"), [("manager", bruno.as_str()), ("version", &version)]).await.redirects();
    w.amina.get(&case).await.is(404);
    w.amina.get("/").await.lacks(&code_of(&w, &case).await);
    w.bruno.get("/").await.shows(&code_of(&w, &case).await);
}

#[tokio::test]
async fn s22_a_threat_is_logged_and_nobody_goes_alone() {
    let w = World::new().await;
    let dana = w.known_person("Dana Aziz").await;
    w.sql(&format!("update persons set dont_go_alone = true where id = '{dana}'")).await;
    let case = w.case(&w.amina, CHILD_PROTECTION, dana, &[("supervisor", &user("bruno").to_string())]).await;
    w.amina.get(&case).await.shows("Don't go alone.");
    w.amina.post(format!("{case}/notes"), [("kind", "threat"), ("body", "A man at the gate shouted at us.")]).await.redirects();
    w.work_off().await;
    w.bruno.get("/notifications?due=all").await.shows("A worker was threatened").lacks("shouted");
    for who in [&w.amina, &w.bruno] {
        who.get(&case).await.shows("Threat against a worker").shows("A man at the gate shouted at us.");
    }
    assert_eq!(w.value("select count(*)::text from facts where kind = 'worker.threat_logged'").await, "1");
}

#[tokio::test]
async fn s28_a_moved_note_leaves_a_stub_without_words() {
    let w = World::new().await;
    let wrong = w.case(&w.amina, CHILD_PROTECTION, w.known_person("Dana Aziz").await, &[]).await;
    let right = w.case(&w.amina, CHILD_PROTECTION, w.known_person("Rima Aziz").await, &[]).await;
    w.amina.post(format!("{wrong}/notes"), [("kind", "note"), ("body", "Asked for a blanket.")]).await.redirects();
    let note = w.value("select id::text from case_notes").await;
    let to = code_of(&w, &right).await;
    w.amina.post(format!("{wrong}/move-note"), [("note", note.as_str()), ("to", &to)]).await.redirects();
    w.amina.get(&wrong).await.lacks("blanket").shows("was moved");
    w.amina.get(&right).await.shows("Asked for a blanket.");
}

#[tokio::test]
async fn s31_a_note_about_long_ago_says_why_it_comes_so_late() {
    let w = World::new().await;
    let case = w.case(&w.amina, CHILD_PROTECTION, w.known_person("Dana Aziz").await, &[]).await;
    let late = [("kind", "note"), ("body", "Met at the well."), ("happened_at", "2026-01-05T09:00")];
    w.amina.post(format!("{case}/notes"), late).await.is(422).shows("so late").shows("Met at the well.");
    let why = [("late_reason", "First on paper"), late[0], late[1], late[2]];
    w.amina.post(format!("{case}/notes"), why).await.redirects();
    w.amina.get(&case).await.shows("First on paper");
}

#[tokio::test]
async fn a_corrected_note_keeps_both_versions_and_a_stolen_dump_shows_neither() {
    let w = World::new().await;
    let case = w.case(&w.amina, CHILD_PROTECTION, w.known_person("Dana Aziz").await, &[]).await;
    w.amina.post(format!("{case}/notes"), [("kind", "note"), ("body", "Lives with her aunt.")]).await.redirects();
    let note = w.value("select id::text from case_notes").await;
    let better = [("kind", "note"), ("body", "Lives with her uncle."), ("corrects", note.as_str())];
    w.amina.post(format!("{case}/notes"), better).await.redirects();
    w.amina.get(&case).await.shows("Lives with her aunt.").shows("Lives with her uncle.").shows("Corrected later");
    let dump = w.value("select string_agg(encode(body, 'escape'), ' ') from case_notes").await;
    assert!(!dump.contains("Lives") && !dump.contains("aunt"));
}

#[tokio::test]
async fn s03_a_caregiver_who_is_not_safe_is_marked_and_never_printed() {
    let w = World::new().await;
    let case = w.case(&w.amina, CHILD_PROTECTION, w.known_person("Dana Aziz").await, &[]).await;
    let samir = w.known_person("Samir Aziz").await;
    let code = w.value(&format!("select code from persons where id = '{samir}'")).await;
    let unsafe_caregiver = [("person", code.as_str()), ("part", "caregiver"), ("not_safe_to_involve", "true")];
    w.amina.post(format!("{case}/people"), unsafe_caregiver).await.redirects();
    w.amina.get(&case).await.shows("Samir Aziz").shows("Not safe to involve");
    w.amina.get(format!("{case}/print")).await.is(200).lacks("Samir").lacks(&code);
    // Saving something else says nothing of it; only lifting it on purpose does.
    w.amina.post(format!("{case}/people"), [("person", code.as_str()), ("part", "member")]).await.redirects();
    w.amina.get(&case).await.shows("Not safe to involve");
    let lifted = [("person", code.as_str()), ("part", "member"), ("safe_again", "true")];
    w.amina.post(format!("{case}/people"), [lifted.as_slice(), &[("not_safe_to_involve", "true")]].concat()).await.is(422);
    w.amina.post(format!("{case}/people"), lifted).await.redirects();
    w.amina.get(&case).await.shows("Samir Aziz").lacks("Not safe to involve");
}

#[tokio::test]
async fn the_protection_officer_reads_who_opened_a_case() {
    let w = World::new().await;
    let case = w.case(&w.amina, CHILD_PROTECTION, w.known_person("Dana Aziz").await, &[]).await;
    w.amina.get(format!("{case}/log")).await.is(403);
    w.pia.get(format!("{case}/log")).await.is(200).shows("Amina Haddad").shows("Opened the case");
}

#[tokio::test]
async fn one_form_opens_one_case_and_a_second_of_its_type_is_asked_about() {
    let w = World::new().await;
    let dana = w.known_person("Dana Aziz").await;
    let form = w.amina.get(format!("/cases/new?person={dana}")).await;
    let drawn = crate::polish::hidden(&form, "draft");
    let case = w.case(&w.amina, CHILD_PROTECTION, dana, &[("draft", &drawn)]).await;
    assert_eq!(case, format!("/cases/{drawn}"));
    assert_eq!(w.case(&w.amina, CHILD_PROTECTION, dana, &[("draft", &drawn)]).await, case, "the form was sent again");
    let (person, kind) = (dana.to_string(), CHILD_PROTECTION.to_string());
    let anew = [
        ("person", person.as_str()),
        ("case_type", kind.as_str()),
        ("intake_source", "self"),
        ("priority", "normal"),
        ("keeper", "me"),
    ];
    let asked = w.amina.post("/cases/new", anew).await;
    asked.is(422).shows("already has an open case of this type").shows(&code_of(&w, &case).await);
    assert_eq!(asked.link("/cases/0"), case);
    let second = w.case(&w.amina, CHILD_PROTECTION, dana, &[("another", "true")]).await;
    assert_ne!(second, case);
    // Of another type nothing is asked.
    w.case(&w.amina, GENERAL, dana, &[]).await;
}

#[tokio::test]
async fn s11_a_restricted_case_of_somebody_else_is_no_reason_to_ask() {
    let w = World::new().await;
    w.gita().await;
    let dana = w.known_person("Dana Aziz").await;
    let gita = user("gita").to_string();
    // Salma and Lena help with an ordinary case of hers, and both may keep cases that the other does not see.
    let ordinary = w.case(&w.amina, CHILD_PROTECTION, dana, &[]).await;
    w.member("lena", crate::support::world::FIELD, "gbv_case_worker").await;
    for helper in ["salma", "lena"] {
        w.sql(&format!(
            "insert into grants (id, case_id, user_id, basis, until, org) values (gen_random_uuid(), '{}', '{}', 'team', now() + interval '1 day', 1)",
            id_of(&ordinary),
            user(helper)
        ))
        .await;
    }
    w.case(&w.salma, GBV, dana, &[("supervisor", &gita)]).await;
    // Hers is opened without a word about Salma's.
    let lena = w.browser("lena").await;
    let opened = w.case(&lena, GBV, dana, &[("supervisor", &gita)]).await;
    lena.get(opened).await.is(200);
}

#[tokio::test]
async fn s06_the_bar_of_a_case_warns_while_no_safe_way_to_the_person_is_known() {
    let w = World::new().await;
    let dana = w.known_person("Dana Aziz").await;
    let case = w.case(&w.amina, CHILD_PROTECTION, dana, &[]).await;
    w.amina.get(&case).await.shows("No safe contact is known: do not call or write");
    for (safe, warns) in [("safe_to_email", true), ("safe_to_text", false)] {
        w.sql(&format!(
            "insert into person_contacts (id, person_id, channel, value, value_key, {safe}) values (gen_random_uuid(), '{dana}', 'phone', '555 0199', '5550199', true)"
        ))
        .await;
        assert_eq!(w.amina.get(&case).await.text().contains("No safe contact is known"), warns, "{safe} of a phone");
    }
}

#[tokio::test]
async fn the_household_is_offered_where_people_are_put_on_a_case() {
    let w = World::new().await;
    let (dana, samir, omar) =
        (w.known_person("Dana Aziz").await, w.known_person("Samir Aziz").await, w.known_person("Omar Said").await);
    let home = w.household(dana).await;
    for (person, left) in [(samir, "null"), (omar, "'2025-01-01'")] {
        w.sql(&format!(
            "insert into household_members (id, household_id, person_id, relationship, joined_on, left_on)
             values (gen_random_uuid(), '{home}', '{person}', 'child', '2020-01-01', {left})"
        ))
        .await;
    }
    let case = w.case(&w.amina, CHILD_PROTECTION, dana, &[]).await;
    w.amina.get(format!("{case}/people")).await.shows("Samir Aziz").lacks("Omar Said").lacks("Dana Aziz");
    let code = w.value(&format!("select code from persons where id = '{samir}'")).await;
    w.amina.post(format!("{case}/people"), [("part", "member")]).await.is(422).shows("Fill this in");
    w.amina.post(format!("{case}/people"), [("near", code.as_str()), ("part", "member")]).await.redirects();
    w.amina.get(&case).await.shows("Samir Aziz · member");
}

#[tokio::test]
async fn a_view_whose_name_is_too_long_is_asked_for_again_with_what_was_typed() {
    let w = World::new().await;
    let (long, short) = ("x".repeat(81), "My overdue");
    let seen = w.amina.post("/cases/views", [("name", long.as_str()), ("query", "overdue=yes")]).await;
    seen.is(422).shows("This is too long.").keeps(&long);
    assert!(seen.body.contains("overdue=yes"), "the filter is kept");
    w.amina.post("/cases/views", [("name", short), ("query", "overdue=yes")]).await.redirects();
    w.amina.get("/cases").await.shows(short).lacks(&long);
}

#[tokio::test]
async fn s11_earlier_cases_of_the_same_people_stand_on_a_case_and_no_restricted_one() {
    let w = World::new().await;
    let dana = w.known_person("Dana Aziz").await;
    let first = w.case(&w.amina, GENERAL, dana, &[]).await;
    let hidden = w.only_case(dana, FIELD, "gender_based_violence", user("salma")).await;
    w.key_of(hidden).await;
    let hidden = format!("/cases/{hidden}");
    w.sql(&format!("update cases set closed_at = now(), close_reason = 'needs_met' where id = '{}'", id_of(&first))).await;
    let child = w.case(&w.amina, CHILD_PROTECTION, dana, &[]).await;
    let (code, secret) = (code_of(&w, &first).await, code_of(&w, &hidden).await);
    w.amina.get(&child).await.shows("Other cases of these people").shows(&code).lacks(&secret);
    w.amina.get(&first).await.shows(&code_of(&w, &child).await).lacks(&secret);
    // Whoever is cleared for it meets it in itself alone.
    w.salma.get(&hidden).await.is(200);
    w.odd.get(&child).await.is(404);
}
