//! The coordinator's board: who carries what, what waits, and giving it out; and the review of quality.
use serde_json::json;
use uuid::Uuid;

use crate::people::call;
use crate::support::World;
use crate::support::world::{COAST, ELSEWHERE, FIELD, user};

mod giving_out;

pub const CHILD: i16 = 2;
const GBV: i16 = 4;

/// So many open cases of this type in Harbour's field unit, kept by somebody or by nobody; answers with the id of the first.
pub async fn cases(w: &World, case_type: i16, count: i32, keeper: Option<&str>) -> Uuid {
    let (base, keeper_id) =
        (Uuid::new_v4().as_u128() & !0xffff, keeper.map_or("null".to_owned(), |login| format!("'{}'", user(login))));
    let id = |n: i32| Uuid::from_u128(base + n as u128);
    for n in 0..count {
        let (id, person) = (id(n), Uuid::new_v4());
        w.sql(&format!(
            "insert into persons (id, code, org, unit, name, languages) values ('{person}', 'P-{id}', 1, {FIELD}, 'Dana Secret', '{{ku}}');
             insert into cases (id, code, org, unit, case_type, case_manager, person_id, pack, pack_version, stage, intake_source, opened_at, risk)
               values ('{id}', 'C-{id}', 1, {FIELD}, {case_type}, {keeper_id}, '{person}', 'protection', 1, 'assessment', 'walk_in', now(), 'moderate')"
        ))
        .await;
        w.key_of(id).await;
    }
    id(0)
}

/// Who keeps a case.
pub async fn keeper(w: &World, case: Uuid) -> String {
    w.value(&format!(
        "select coalesce(u.login, 'nobody') from cases c left join users u on u.id = c.case_manager where c.id = '{case}'"
    ))
    .await
}

#[tokio::test]
async fn s24_the_board_weighs_what_each_carries_against_one_caseload() {
    let w = World::new().await;
    // Twenty-five children's cases are one caseload.
    cases(&w, CHILD, 20, Some("amina")).await;
    w.bruno
        .get("/team")
        .await
        .is(200)
        .shows("Amina Haddad 80% · Amina Haddad 20 · Amina Haddad 0")
        .lacks("More than a full caseload");
    cases(&w, CHILD, 6, Some("amina")).await;
    let board = w.bruno.get("/team").await;
    board.shows("Amina Haddad 104% · Amina Haddad 26 · Amina Haddad 0").shows("More than a full caseload Amina Haddad");
    // Six columns are too many for a phone: there each figure says what it is.
    for head in ["Load", "Cases", "Overdue", "Level", "Languages"] {
        assert!(board.body.contains(&format!("data-label=\"{head}\"")), "{head}");
    }
}

#[tokio::test]
async fn of_many_colleagues_the_board_begins_with_those_who_carry_most() {
    let w = World::new().await;
    cases(&w, CHILD, 2, Some("amina")).await;
    w.sql(&format!(
        "with come as (insert into users (id, org, login, name) select gen_random_uuid(), 1, 'many-' || n, 'Aaron ' || n from generate_series(1, 70) n returning id)
         insert into memberships (id, user_id, unit, org, role)
           select gen_random_uuid(), come.id, {FIELD}, 1, r.id from come join roles r on r.code = 'case_worker' and r.org is null"
    ))
    .await;
    w.bruno.get("/team").await.shows("The 60 who carry most").shows("Show all").shows("Amina Haddad 8%").lacks("Aaron 9 ");
    w.bruno.get("/team?workers=all").await.shows("Aaron 9 0%").shows("Amina Haddad 8%").lacks("Show all");
    // A row offers those whom the rules would take first, and leads to where everybody is offered.
    let waits = cases(&w, CHILD, 1, None).await;
    let board = w.bruno.get("/team").await;
    assert!(board.body.matches("<option").count() < 30, "{}", board.text());
    board.shows("What the reasons mean").shows("Belongs to the unit where the case waits.");
    board.link(&format!("/cases/{waits}/assignment"));
}

#[tokio::test]
async fn what_waits_where_nobody_works_on_cases_is_counted_too() {
    let w = World::new().await;
    cases(&w, CHILD, 2, None).await;
    w.sql("update memberships set ended_at = now() where role in (select id from roles where 'case.edit' = any (acts)) and not role in (select id from roles where 'case.assign' = any (acts))").await;
    w.bruno.get("/team").await.shows("Wait for a worker 2");
}

#[tokio::test]
async fn what_waits_is_proposed_with_reasons_and_given_out_as_the_coordinator_decides() {
    let w = World::new().await;
    let waits = cases(&w, CHILD, 1, None).await;
    w.sql(&format!("update users set languages = '{{ku}}' where id = '{}'", user("amina"))).await;
    w.bruno.get("/team").await.shows(&format!("C-{waits}")).shows("Amina Haddad").shows("same language").lacks("Dana Secret");
    let form = [
        ("unit", FIELD.to_string()),
        ("case", waits.to_string()),
        (&format!("version_{waits}"), "1".to_owned()),
        (&format!("to_{waits}"), user("amina").to_string()),
    ]
    .map(|(name, value)| (name.to_owned(), value));
    let form: Vec<(&str, &str)> = form.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    w.bruno.post("/team/assignments", [form[0]]).await.is(422).shows("Tick at least one case");
    w.bruno.post("/team/assignments", form.clone()).await.redirects();
    assert_eq!(keeper(&w, waits).await, "amina");
    w.amina.get("/").await.shows(&format!("C-{waits}"));
    w.bruno.get("/team").await.shows("Nothing waits");
    // A colleague who still looks at the board of before reads which case is gone, and to whom.
    let late = w.bruno.post("/team/assignments", form).await;
    late.is(422).shows(&format!("C-{waits}: Amina Haddad has it now.")).lacks(&format!("#f-to_{waits}"));
}

#[tokio::test]
async fn of_many_given_out_together_all_go_or_none() {
    let w = World::new().await;
    let (first, second) = (cases(&w, CHILD, 1, None).await, cases(&w, CHILD, 1, None).await);
    let token = w.token(&w.bruno).await;
    let give = |version: i32| json!({ "cases": [{ "case": first, "to": user("amina"), "version": 1 }, { "case": second, "to": user("amina"), "version": version }] });
    call(&w, &token, "POST", "/api/v1/team/assignments", "", give(7)).await.is(422).shows(&format!("to_{second}"));
    assert_eq!((keeper(&w, first).await.as_str(), keeper(&w, second).await.as_str()), ("nobody", "nobody"));
    call(&w, &token, "POST", "/api/v1/team/assignments", "", give(1)).await.is(200);
    assert_eq!((keeper(&w, first).await.as_str(), keeper(&w, second).await.as_str()), ("amina", "amina"));
    let board = call(&w, &token, "GET", "/api/v1/team", "", json!(null)).await;
    board.is(200).shows("\"load\":0.08");
}

#[tokio::test]
async fn s11_restricted_cases_of_others_are_in_no_figure_of_the_board() {
    let w = World::new().await;
    cases(&w, GBV, 3, Some("salma")).await;
    cases(&w, GBV, 2, None).await;
    w.bruno.get("/team").await.shows("Salma Noor 0% · Salma Noor 0 0").shows("Nothing waits").shows("Open cases 0");
}

#[tokio::test]
async fn s10_a_case_that_the_coordinator_is_barred_from_is_not_counted() {
    let w = World::new().await;
    let barred = cases(&w, CHILD, 1, Some("amina")).await;
    w.sql(&format!(
        "insert into bars (id, case_id, user_id, reason, set_by) values (gen_random_uuid(), '{barred}', '{}', '', '{}')",
        user("bruno"),
        user("ada")
    ))
    .await;
    w.bruno.get("/team").await.shows("Amina Haddad 0% · Amina Haddad 0 0");
}

#[tokio::test]
async fn the_board_is_for_coordinators_and_of_their_own_units() {
    let w = World::new().await;
    let waits = cases(&w, CHILD, 1, None).await;
    w.pia.get("/team").await.is(403);
    for beyond in [COAST, ELSEWHERE] {
        w.bruno.get(format!("/team?unit={beyond}")).await.is(404);
    }
    w.sql("update memberships set role = (select id from roles where code = 'supervisor' limit 1) where user_id = (select id from users where login = 'odd')").await;
    let odd = call(
        &w,
        &w.token(&w.odd).await,
        "POST",
        "/api/v1/team/assignments",
        "",
        json!({ "cases": [{ "case": waits, "to": user("odd") }] }),
    )
    .await;
    odd.is(404);
    assert_eq!(keeper(&w, waits).await, "nobody");
}

// Every question answered alike.
fn answers(answer: &str, result: &str, remark: &str) -> Vec<(String, String)> {
    let questions = ["consent", "assessment", "plan", "follow_up", "notes", "referrals", "safety"];
    let all = questions.into_iter().map(|question| (question.to_owned(), answer.to_owned()));
    all.chain([("result".to_owned(), result.to_owned()), ("remark".to_owned(), remark.to_owned())]).collect()
}

fn pairs(form: &[(String, String)]) -> Vec<(&str, &str)> {
    form.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect()
}

#[tokio::test]
async fn one_case_in_twenty_of_every_worker_is_drawn_each_month_and_reviewed_once() {
    let w = World::new().await;
    cases(&w, CHILD, 21, Some("amina")).await;
    w.bruno.get("/team/quality").await.shows("Nothing is drawn this month");
    w.sql("update cases set opened_at = now() - interval '40 days'").await;
    let page = w.bruno.get("/team/quality").await;
    page.shows("Reviewed this month: 0 / 2");
    assert_eq!(page.text(), w.bruno.get("/team/quality").await.text(), "the draw stays the same");
    let links = page.body.split("href=\"").filter_map(|part| part.split('"').next());
    let review = links.into_iter().find(|href| href.starts_with("/cases/") && href.ends_with("/quality")).map(str::to_owned);
    let review = review.expect("a case is drawn");
    let form = answers("partly", "improve", "");
    w.bruno.post(&review, pairs(&form)).await.is(422);
    let form = answers("partly", "improve", "Write notes on the same day.");
    w.bruno.post(&review, pairs(&form)).await.redirects();
    w.bruno.get("/team/quality").await.shows("Reviewed this month: 1 / 2").shows("To improve");
    w.work_off().await;
    w.amina.get("/notifications").await.shows("A case of yours was reviewed");
    // What else is to be done on the case is not due of the review.
    w.sql("update cases set next_due_at = now() - interval '30 hours'").await;
    assert_eq!(w.count("notifications where kind like 'quality%' and due_at is null").await, 1);
    w.amina.get(&review).await.shows("Write notes on the same day.").shows("Bruno Costa");
    w.bruno.post(&review, pairs(&form)).await.shows("This case was reviewed this month already.");
}

#[tokio::test]
async fn nobody_reviews_a_case_that_they_keep() {
    let w = World::new().await;
    let own = cases(&w, CHILD, 1, Some("bruno")).await;
    let form = answers("yes", "good", "");
    w.bruno.post(format!("/cases/{own}/quality"), pairs(&form)).await.shows("You keep this case; somebody else reviews it.");
    w.amina.post(format!("/cases/{own}/quality"), pairs(&form)).await.is(404);
    w.odd.get(format!("/cases/{own}/quality")).await.is(404);
}

// So many cases with an agreed plan; the first two did not want to say how satisfied they are, seven are, the others are not.
async fn looked_at(w: &World, from: i32, to: i32) {
    let (amina, bruno) = (user("amina"), user("bruno"));
    w.sql(&format!(
        "insert into persons (id, code, org, unit, name) select gen_random_uuid(), 'P-SAID-' || n, 1, {FIELD}, 'Somebody' from generate_series({from}, {to}) n;
         insert into cases (id, code, org, unit, case_type, case_manager, supervisor, person_id, pack, pack_version, stage, intake_source, opened_at)
           select gen_random_uuid(), replace(code, 'P-', 'C-'), 1, {FIELD}, 3, '{amina}', '{bruno}', id, 'protection', 1, 'implementation', 'self', now()
           from persons p where code like 'P-SAID-%' and not exists (select from cases c where c.person_id = p.id);
         insert into plans (id, case_id, nth, state, agreed_at, author, author_name, writers)
           select gen_random_uuid(), id, 1, 'agreed', now(), '{amina}', 'Amina Haddad', array['{amina}'::uuid] from cases c
           where not exists (select from plans p where p.case_id = c.id);
         insert into plan_reviews (id, plan_id, case_id, kind, satisfaction, unsaid, happened_at, author, author_name)
           select gen_random_uuid(), p.id, p.case_id, 'review', case when s.n <= 2 then null when s.n <= 9 then 4 else 2 end, s.n <= 2, now(), '{amina}', 'Amina Haddad'
           from plans p join cases c on c.id = p.case_id cross join lateral (select replace(c.code, 'C-SAID-', '')::int as n) s
           where not exists (select from plan_reviews r where r.case_id = c.id)"
    ))
    .await;
}

#[tokio::test]
async fn satisfaction_is_counted_once_ten_people_have_answered() {
    let w = World::new().await;
    w.bruno.get("/team").await.lacks("Satisfaction with the support");
    looked_at(&w, 1, 11).await;
    w.bruno.get("/team").await.shows("Fewer than 10 people have said so far: no figure.");
    looked_at(&w, 12, 12).await;
    w.bruno.get("/team").await.shows("7 of 10 people are satisfied or very satisfied; 2 did not want to say.");
    // Nothing of it reaches another unit's board.
    w.sql(&format!("update memberships set unit = {COAST} where user_id = '{}'", user("bruno"))).await;
    w.bruno.get("/team").await.lacks("7 of 10");
}

#[tokio::test]
async fn s13_what_is_overdue_stands_worker_by_worker_under_the_codes_of_the_cases() {
    let w = World::new().await;
    let kept = cases(&w, CHILD, 1, Some("amina")).await;
    let hidden = cases(&w, GBV, 1, Some("salma")).await;
    for (case, holder) in [(kept, "amina"), (hidden, "salma")] {
        let holder = user(holder);
        w.sql(&format!(
            "insert into tasks (id, kind, case_id, org, unit, assignee, title, due_at)
             values (gen_random_uuid(), 'own', '{case}', 1, {FIELD}, '{holder}', 'Ring the school', now() - interval '3 days')"
        ))
        .await;
    }
    // An action of a plan is called by its number there.
    w.sql(&format!(
        "insert into tasks (id, kind, case_id, org, unit, assignee, title, due_at)
         values (gen_random_uuid(), 'plan_action', '{kept}', 1, {FIELD}, '{}', '1.2', now() - interval '3 days')",
        user("amina")
    ))
    .await;
    let page = w.bruno.get("/team/overdue").await;
    page.is(200).shows("Amina Haddad").shows(&format!("C-{kept} · Ring the school")).shows("overdue by 3 days");
    page.shows(&format!("C-{kept} · Plan: action 1.2 is due"));
    page.lacks("Dana Secret").lacks(&format!("C-{hidden}"));
    w.amina.get("/team/overdue").await.is(403);
    w.bruno.get(format!("/team/overdue?unit={ELSEWHERE}")).await.is(404);
    assert_eq!(w.bruno.get("/team").await.link("/team/overdue"), format!("/team/overdue?unit={FIELD}"));
}

#[tokio::test]
async fn s15_every_figure_of_the_board_opens_the_list_that_it_counts() {
    let w = World::new().await;
    let (kept, waits) = (cases(&w, CHILD, 1, Some("amina")).await, cases(&w, CHILD, 1, None).await);
    let hidden = cases(&w, GBV, 1, Some("salma")).await;
    let late = format!(
        "insert into tasks (id, kind, case_id, org, unit, assignee, title, due_at)
           values (gen_random_uuid(), 'own', '{kept}', 1, {FIELD}, '{}', 'Ring', now() - interval '3 days');
         update cases set next_due_at = now() - interval '3 days' where id = '{kept}'",
        user("amina")
    );
    w.sql(&late).await;
    let board = w.bruno.get("/team").await;
    let list = |parts: &str| format!("/cases?keeper=team&unit={FIELD}{parts}");
    let (kept, waits, hidden) = (format!("C-{kept}"), format!("C-{waits}"), format!("C-{hidden}"));
    for (parts, there, missing) in [
        ("", vec![&kept, &waits], vec![&hidden]),
        ("&overdue=yes", vec![&kept], vec![&waits, &hidden]),
        ("&worker=inbox", vec![&waits], vec![&kept, &hidden]),
    ] {
        assert!(board.body.contains(&format!("href=\"{}\"", list(parts).replace('&', "&#38;"))), "{parts}: {}", board.body);
        let seen = w.bruno.get(list(parts)).await;
        for code in there {
            seen.shows(code);
        }
        for code in missing {
            seen.lacks(code);
        }
    }
    let hers = list(&format!("&worker={}", user("amina")));
    w.bruno.get(&hers).await.shows(&kept).lacks(&waits);
    w.odd.get(&hers).await.lacks(&kept);
    w.bruno.get(format!("/cases?keeper=team&unit={ELSEWHERE}")).await.lacks(&kept);
}

#[tokio::test]
async fn s24_a_case_goes_to_somebody_above_a_full_caseload_only_by_saying_so() {
    let w = World::new().await;
    cases(&w, CHILD, 26, Some("amina")).await;
    let waits = cases(&w, CHILD, 1, None).await;
    let (version, to) = (format!("version_{waits}"), format!("to_{waits}"));
    let (case, unit, amina) = (waits.to_string(), FIELD.to_string(), user("amina").to_string());
    let form = [("unit", unit.as_str()), ("case", &case), (&version, "1"), (&to, &amina)];
    let seen = w.bruno.post("/team/assignments", form).await;
    seen.is(422).shows("more than a full caseload").shows("Give it to them all the same");
    // Nor by a program.
    let token = w.token(&w.bruno).await;
    let body = json!({ "cases": [{ "case": waits, "to": user("amina"), "version": 1 }] });
    call(&w, &token, "POST", "/api/v1/team/assignments", "", body).await.is(422).shows("carries_full");
    assert_eq!(keeper(&w, waits).await, "nobody");
    let sure = [&form[..], &[("overfull", "true")]].concat();
    w.bruno.post("/team/assignments", sure).await.redirects();
    assert_eq!(keeper(&w, waits).await, "amina");
}

#[tokio::test]
async fn s24_whoever_opens_a_case_on_themselves_beyond_a_full_caseload_reads_so() {
    let w = World::new().await;
    let person = w.known_person("Dana Aziz").await;
    let form = format!("/cases/new?person={person}");
    cases(&w, CHILD, 24, Some("amina")).await;
    w.amina.get(&form).await.lacks("of a full caseload already");
    cases(&w, CHILD, 1, Some("amina")).await;
    w.amina.get(&form).await.shows("You carry 100% of a full caseload already.");
    let (person, child) = (person.to_string(), CHILD.to_string());
    let more = [("intake_source", "self"), ("priority", "normal"), ("keeper", "me"), ("limits_explained_on", "2026-01-15")];
    let opened = w.amina.post("/cases/new", [&[("person", &*person), ("case_type", &*child)][..], &more].concat()).await;
    assert!(opened.flash().ends_with("case-opened-full"), "{}", opened.flash());
    w.amina.get(&form).await.shows("104% of a full caseload");
}

#[tokio::test]
async fn s11_a_worker_of_restricted_cases_is_offered_no_others_while_somebody_else_takes_them() {
    let w = World::new().await;
    let waits = cases(&w, 1, 1, None).await;
    let page = w.bruno.get("/team").await;
    page.shows(&format!("C-{waits}")).shows("the only one first in line").shows("The only one who comes first for such a case.");
    let salma = format!("<option value=\"{}\"", user("salma"));
    assert!(!page.body.contains(&salma), "{}", page.body);
}

#[tokio::test]
async fn what_a_review_finds_serious_is_a_task_and_nobody_is_told_to_review_their_own() {
    let w = World::new().await;
    let case = cases(&w, CHILD, 1, Some("amina")).await;
    let own = cases(&w, CHILD, 1, Some("bruno")).await;
    w.sql("update cases set opened_at = now() - interval '40 days'").await;
    w.bruno.get("/team/quality").await.shows("Yours: a colleague reviews it");
    w.bruno.get(format!("/cases/{own}/quality")).await.shows("Another supervisor reviews it");
    // Whoever reviews nobody's cases is not told of another supervisor.
    w.amina.get(format!("/cases/{case}/quality")).await.is(200).lacks("Another supervisor reviews it");
    let form = answers("no", "serious", "No safety action in six weeks.");
    w.bruno.post(format!("/cases/{case}/quality"), pairs(&form)).await.redirects();
    w.bruno.get("/").await.shows("A review found something serious").link(&format!("/cases/{case}/quality"));
    assert_eq!(
        w.value("select u.login from tasks t join users u on u.id = t.assignee where t.kind = 'quality_serious'").await,
        "bruno"
    );
}

#[tokio::test]
async fn cover_is_reached_from_the_team_and_from_ones_own_account() {
    let w = World::new().await;
    w.bruno.get("/team").await.link("/covers");
    w.amina.get("/account").await.link("/covers");
    assert!(!w.ada.get("/account").await.body.contains("\"/covers\""));
}
