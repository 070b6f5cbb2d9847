//! Two records of one person: said to be two persons, or joined by two people, found again, undone; and nothing of what somebody may not see shows in it.
mod kept;
mod rest;

use uuid::Uuid;

use crate::fences::{DENIED, is, tries};
use crate::support::World;
use crate::support::browser::{Browser, Seen};
use crate::support::case_work::CHILD_PROTECTION;
use crate::support::world::{COAST, FIELD, user};

async fn twins(w: &World) -> (Uuid, Uuid) {
    (w.known_person("Dana Aziz").await, w.known_person("Danah Aziz").await)
}

async fn version(w: &World, id: Uuid) -> String {
    w.value(&format!("select version::text from persons where id = '{id}'")).await
}

async fn proposed(w: &World, by: &Browser, stays: Uuid, goes: Uuid, more: &[(&str, &str)]) -> Seen {
    let (one, other, kept) = (version(w, stays).await, version(w, goes).await, stays.to_string());
    let fields = [("stays", kept.as_str()), ("version_one", one.as_str()), ("version_other", other.as_str())];
    by.post(format!("/people/{stays}/same/{goes}/joins"), fields.iter().chain(more).copied()).await
}

async fn answered(w: &World, by: &Browser, stays: Uuid, goes: Uuid, how: &str) -> Seen {
    let sql = format!("select id::text from person_joins where stays = '{stays}' order by proposed_at desc limit 1");
    let join = w.value(&sql).await;
    let at = w.value(&format!("select version::text from person_joins where id = '{join}'")).await;
    let (one, other) = (version(w, stays).await, version(w, goes).await);
    let fields = [("answer", how), ("version", &at), ("version_stays", &one), ("version_goes", &other)];
    by.post(format!("/people/{stays}/joins/{join}/answer"), fields).await
}

// Its day is over, and the worker looks at what was agreed.
async fn a_day_later(w: &World) {
    w.sql(
        "update person_joins set due_at = due_at - interval '25 hours' where state = 'agreed';
         update jobs set run_at = run_at - interval '25 hours' where kind = 'people.join' and done_at is null",
    )
    .await;
    w.work_off().await;
}

pub async fn joined(w: &World, stays: Uuid, goes: Uuid, more: &[(&str, &str)]) {
    proposed(w, &w.amina, stays, goes, more).await.redirects();
    answered(w, &w.bruno, stays, goes, "agree").await.redirects();
    a_day_later(w).await;
    assert_eq!(w.value(&format!("select state from person_joins where stays = '{stays}'")).await, "joined");
}

async fn undone(w: &World, by: &Browser, stays: Uuid) -> Seen {
    let join = w.value(&format!("select id::text from person_joins where stays = '{stays}' and state = 'joined'")).await;
    let at = w.value(&format!("select version::text from person_joins where id = '{join}'")).await;
    by.post(format!("/people/{stays}/joins/{join}/undoing"), [("version", at)]).await
}

async fn code(w: &World, case: &str) -> String {
    w.value(&format!("select code from cases where id = '{}'", case.trim_start_matches("/cases/"))).await
}

#[tokio::test]
async fn what_was_found_to_be_two_persons_is_not_offered_again() {
    let w = World::new().await;
    let card = [("document_kind", "national_id"), ("document_number", "AB-123 456")];
    let one = w.person(&w.amina, "Fatima Hussein", &card).await;
    let other = w.person(&w.amina, "Fatima Hussein", &card).await;
    let compare = format!("/people/{one}/same/{other}");
    w.amina.get(format!("/people/{one}")).await.shows("Perhaps the same person").link(&compare);
    w.amina.get(&compare).await.shows("Is this one person?").shows("AB-123 456");
    w.odd.get(&compare).await.is(404);
    w.amina.post(format!("{compare}/apart"), [("", "")]).await.redirects();
    for who in [&w.amina, &w.bruno] {
        who.get(format!("/people/{one}")).await.is(200).lacks("Perhaps the same person");
        who.get(format!("/people/{other}")).await.is(200).lacks("Perhaps the same person");
    }
    w.bruno.get(&compare).await.shows("found two persons");
    w.odd.post(format!("{compare}/apart"), [("", "")]).await.is(404);
}

#[tokio::test]
async fn which_record_stays_is_asked_and_a_cell_without_words_says_so() {
    let w = World::new().await;
    let (dana, twin) = twins(&w).await;
    let compare = format!("/people/{dana}/same/{twin}");
    w.amina.get(&compare).await.shows("Documents None None").lacks(&format!("value=\"{dana}\" checked"));
    let unsaid = [("version_one", "1"), ("version_other", "1")];
    w.amina.post(format!("{compare}/joins"), unsaid).await.is(422).shows("Fill this in");
    // Nothing is chosen beforehand where the two say different things.
    w.amina.get(&compare).await.lacks("value=\"one\" checked").lacks("value=\"other\" checked");
    let kept = dana.to_string();
    let unchosen = unsaid.into_iter().chain([("stays", kept.as_str()), ("asked", "take_name")]);
    w.amina.post(format!("{compare}/joins"), unchosen).await.is(422).shows("Fill this in");
    assert_eq!(w.count("person_joins").await, 0);
}

#[tokio::test]
async fn joining_keeps_every_case_in_reach_and_undoing_puts_each_back() {
    let w = World::new().await;
    let (dana, twin) = twins(&w).await;
    let first = w.case(&w.amina, CHILD_PROTECTION, dana, &[]).await;
    let second = w.case(&w.amina, CHILD_PROTECTION, twin, &[]).await;
    let (first_code, second_code) = (code(&w, &first).await, code(&w, &second).await);
    let phone = |number: &'static str| [("channel", "phone"), ("value", number)];
    w.amina.post(format!("/people/{twin}/contacts"), phone("0791234567")).await.redirects();
    joined(&w, dana, twin, &[("take_name", "other")]).await;
    for who in [&w.amina, &w.bruno] {
        let page = who.get(format!("/people/{dana}")).await;
        page.shows("Danah Aziz").shows("0791234567").shows(&first_code).shows(&second_code);
        who.get(&first).await.is(200);
        who.get(&second).await.is(200);
        assert_eq!(who.get(format!("/people/{twin}")).await.redirects(), format!("/people/{dana}"));
    }
    let gone = w.value(&format!("select code from persons where id = '{twin}'")).await;
    assert_eq!(w.amina.get(format!("/people?q={gone}")).await.redirects(), format!("/people/{dana}"));
    w.odd.get(format!("/people/{twin}")).await.is(404);
    w.amina.get(format!("/people/{dana}/joins")).await.shows("Joined").shows("Undo the joining").shows(&gone);
    w.amina.post(format!("/people/{dana}/contacts"), phone("0797777777")).await.redirects();
    undone(&w, &w.amina, dana).await.redirects();
    let page = w.amina.get(format!("/people/{dana}")).await;
    page.shows("Dana Aziz").shows("0797777777").lacks("0791234567").shows(&first_code).lacks(&second_code);
    let page = w.amina.get(format!("/people/{twin}")).await;
    page.is(200).shows("0791234567").lacks("0797777777").shows(&second_code).lacks(&first_code);
    w.amina.get(format!("/people/{dana}/joins")).await.shows("what came after the joining stayed");
    assert_eq!(w.count("facts where kind in ('person.joined', 'join.undone') and note::text || fields::text ~ 'Dana'").await, 0);
}

#[tokio::test]
async fn what_was_edited_after_joining_is_not_undone() {
    let w = World::new().await;
    let (dana, twin) = twins(&w).await;
    w.sql(&format!("update persons set address = 'Quay Street 1', address_confidential = true where id = '{twin}'")).await;
    joined(&w, dana, twin, &[("take_name", "other"), ("take_address", "other")]).await;
    w.amina.get(format!("/people/{dana}")).await.shows("Quay Street 1").shows("Danah Aziz");
    assert_eq!(w.value(&format!("select address_confidential::text from persons where id = '{dana}'")).await, "true");
    w.sql(&format!("update persons set name = 'Dana Aziz Saleh' where id = '{dana}'")).await;
    undone(&w, &w.bruno, dana).await.redirects();
    w.amina.get(format!("/people/{dana}")).await.shows("Dana Aziz Saleh").lacks("Quay Street 1");
    w.amina.get(format!("/people/{twin}")).await.shows("Danah Aziz").shows("Quay Street 1");
}

#[tokio::test]
async fn whoever_saw_the_record_that_goes_by_its_registration_alone_sees_it_no_more() {
    let w = World::new().await;
    let (dana, twin) = twins(&w).await;
    w.case(&w.amina, CHILD_PROTECTION, dana, &[]).await;
    w.salma.get(format!("/people/{twin}")).await.is(200);
    joined(&w, dana, twin, &[]).await;
    w.salma.get(format!("/people/{twin}")).await.is(404);
    w.salma.get(format!("/people/{dana}")).await.is(404);
    undone(&w, &w.amina, dana).await.redirects();
    w.salma.get(format!("/people/{twin}")).await.is(200);
    w.salma.get(format!("/people/{dana}")).await.is(404);
}

#[tokio::test]
async fn two_decide_and_of_two_at_once_the_second_is_told() {
    let w = World::new().await;
    let (dana, twin) = twins(&w).await;
    proposed(&w, &w.amina, dana, twin, &[]).await.redirects();
    proposed(&w, &w.bruno, twin, dana, &[]).await.is(409).shows("Somebody has already proposed");
    answered(&w, &w.amina, dana, twin, "agree").await.is(409).shows("Nobody answers their own proposal");
    answered(&w, &w.odd, dana, twin, "agree").await.is(404);
    answered(&w, &w.bruno, dana, twin, "perhaps").await.is(422);
    w.bruno.get("/team/data").await.shows("Records that wait to be joined");
    // Whoever may agree finds it among their tasks, and it ends with the answer.
    let task = "tasks where kind = 'check_join' and done_at is null";
    assert_eq!(w.count(task).await, 1);
    let asked = "Look at two records that a colleague holds to be of one person";
    w.bruno.get("/").await.shows(asked);
    w.amina.get("/").await.lacks(asked);
    w.bruno.get("/corrections").await.link(&format!("/people/{dana}/same/{twin}"));
    w.odd.get("/corrections").await.lacks("/same/");
    let join = w.value("select id::text from person_joins").await;
    let agree = [("answer", "agree"), ("version", "1"), ("version_stays", "1"), ("version_goes", "1")];
    let path = format!("/people/{dana}/joins/{join}/answer");
    w.bruno.post(&path, agree).await.redirects();
    assert_eq!(w.count(task).await, 0);
    w.bruno.post(&path, agree).await.is(409);
    a_day_later(&w).await;
    assert_eq!(w.count("person_joins where state = 'joined'").await, 1);
    proposed(&w, &w.amina, dana, twin, &[]).await.is(404);
}

#[tokio::test]
async fn a_proposal_that_nobody_answered_for_a_month_is_over_and_its_proposer_is_told() {
    let w = World::new().await;
    let (dana, twin) = twins(&w).await;
    let a_month_later = async || {
        w.sql(
            "update person_joins set proposed_at = proposed_at - interval '31 days' where state = 'proposed';
             update jobs set run_at = run_at - interval '31 days' where kind = 'people.join_lapse' and done_at is null",
        )
        .await;
        w.work_off().await;
    };
    let told = format!("tasks where kind = 'join_lapsed' and assignee = '{}'", user("amina"));
    proposed(&w, &w.amina, dana, twin, &[]).await.redirects();
    a_month_later().await;
    assert_eq!(w.value("select state from person_joins").await, "returned");
    assert_eq!((w.count("tasks where kind = 'check_join' and done_at is null").await, w.count(&told).await), (0, 1));
    let words = "Nobody answered when you proposed to join two records";
    w.amina.get("/").await.shows(words);
    w.amina.get("/notifications").await.shows(words).lacks("Aziz");
    answered(&w, &w.bruno, dana, twin, "agree").await.is(409);
    // What was answered in time does not lapse.
    proposed(&w, &w.amina, dana, twin, &[]).await.redirects();
    answered(&w, &w.bruno, dana, twin, "agree").await.redirects();
    a_month_later().await;
    assert_eq!(w.count(&told).await, 1);
}

#[tokio::test]
async fn a_record_that_changed_meanwhile_is_not_joined() {
    let w = World::new().await;
    let (dana, twin) = twins(&w).await;
    proposed(&w, &w.amina, dana, twin, &[]).await.redirects();
    answered(&w, &w.bruno, dana, twin, "agree").await.redirects();
    // Registered by her a moment ago, so that she puts it right alone.
    w.sql(&format!("update persons set registered_by = '{}', recorded_at = now() where id = '{twin}'", user("amina"))).await;
    w.amina.post(format!("/people/{twin}/edit"), [("name", "Dana Asis"), ("version", "1")]).await.redirects();
    a_day_later(&w).await;
    w.amina.get(format!("/people/{twin}")).await.is(200).shows("Dana Asis");
    w.amina.get(format!("/people/{dana}/joins")).await.shows("Not joined").shows("a record changed meanwhile");
}

#[tokio::test]
async fn s11_a_restricted_case_shows_in_nothing_and_what_it_touches_is_not_joined() {
    let w = World::new().await;
    let (dana, twin) = twins(&w).await;
    w.case(&w.amina, CHILD_PROTECTION, dana, &[]).await;
    w.case(&w.amina, CHILD_PROTECTION, twin, &[]).await;
    let hidden = w.only_case(twin, FIELD, "gender_based_violence", user("salma")).await;
    let hidden_code = w.value(&format!("select code from cases where id = '{hidden}'")).await;
    // Beside it a pair to which somebody says no: whatever is asked, both answer alike.
    let (rana, second) = twins(&w).await;
    w.case(&w.amina, CHILD_PROTECTION, rana, &[]).await;
    w.case(&w.amina, CHILD_PROTECTION, second, &[]).await;
    for (one, other) in [(dana, twin), (rana, second)] {
        w.amina.get(format!("/people/{one}/same/{other}")).await.is(200).lacks(&hidden_code);
        proposed(&w, &w.amina, one, other, &[]).await.redirects();
        answered(&w, &w.bruno, one, other, "agree").await.redirects();
        w.amina.get(format!("/people/{one}/same/{other}")).await.shows("To be carried out").lacks(&hidden_code);
    }
    answered(&w, &w.amina, rana, second, "object").await.redirects();
    let told = format!("facts where kind = 'join.answered' and subjects && array['{rana}', '{second}']::uuid[]");
    assert_eq!(w.count(&told).await, 1, "the log of neither says who said no");
    w.bruno.get(format!("/people/{rana}/same/{second}")).await.shows("To be carried out");
    a_day_later(&w).await;
    for (one, other) in [(dana, twin), (rana, second)] {
        for who in [&w.amina, &w.bruno] {
            who.get(format!("/people/{other}")).await.is(200).lacks(&hidden_code);
            let page = who.get(format!("/people/{one}/joins")).await;
            page.shows("Not joined").shows("somebody said no, a record changed meanwhile, or the two may not be joined");
        }
    }
    // Its owner is told on their own case, and nobody else is.
    let told = format!("tasks where kind = 'same_person' and case_id = '{hidden}' and assignee = '{}'", user("salma"));
    assert_eq!(w.count(&told).await, 1);
    assert_eq!(w.count("tasks where kind = 'same_person'").await, 1);
    assert_eq!(w.count(&format!("facts where kind = 'join.stopped' and (case_id = '{hidden}' or note <> '{{}}')")).await, 0);
}

#[tokio::test]
async fn s11_a_case_that_came_since_and_that_whoever_agreed_does_not_see_keeps_them_apart() {
    for (unit, state) in [(COAST, "stopped"), (FIELD, "joined")] {
        let w = World::new().await;
        let (dana, twin) = twins(&w).await;
        let nour = w.member("nour", unit, "case_worker").await;
        proposed(&w, &w.amina, dana, twin, &[]).await.redirects();
        answered(&w, &w.bruno, dana, twin, "agree").await.redirects();
        w.only_case(twin, unit, "child_protection", nour).await;
        a_day_later(&w).await;
        assert_eq!(w.value("select state from person_joins").await, state, "a case in unit {unit}");
    }
}

#[tokio::test]
async fn s10_a_bar_on_a_case_of_either_keeps_them_apart() {
    let w = World::new().await;
    let (dana, twin) = twins(&w).await;
    let case = w.case(&w.amina, CHILD_PROTECTION, dana, &[]).await;
    w.sql(&format!(
        "insert into bars (id, case_id, user_id, reason) values (gen_random_uuid(), '{}', '{}', 'relative')",
        case.trim_start_matches("/cases/"),
        user("salma")
    ))
    .await;
    proposed(&w, &w.amina, dana, twin, &[]).await.redirects();
    answered(&w, &w.bruno, dana, twin, "agree").await.redirects();
    a_day_later(&w).await;
    assert_eq!(w.value("select state from person_joins").await, "stopped");
}

#[tokio::test]
async fn two_on_one_case_are_not_proposed() {
    let w = World::new().await;
    let (dana, twin) = twins(&w).await;
    let case = w.case(&w.amina, CHILD_PROTECTION, dana, &[]).await;
    w.sql(&format!(
        "insert into case_people (id, case_id, person_id, part) values (gen_random_uuid(), '{}', '{twin}', 'member')",
        case.trim_start_matches("/cases/")
    ))
    .await;
    proposed(&w, &w.amina, dana, twin, &[]).await.is(422).shows("Both are named on one case");
}

#[tokio::test]
async fn a_household_keeps_its_member_under_the_record_that_stays() {
    let w = World::new().await;
    let (dana, twin) = twins(&w).await;
    let (own, other) = (w.household(dana).await, w.household(twin).await);
    joined(&w, dana, twin, &[("take_household", "other")]).await;
    w.amina.get(format!("/households/{other}")).await.is(200).link(&format!("/people/{dana}"));
    w.amina.get(format!("/people/{dana}")).await.link(&format!("/households/{other}"));
    let homes = format!("household_members where person_id = '{dana}' and left_on is null");
    assert_eq!(w.count(&homes).await, 1);
    assert_eq!(w.value(&format!("select head_id::text from households where id = '{other}'")).await, dana.to_string());
    undone(&w, &w.amina, dana).await.redirects();
    w.amina.get(format!("/households/{own}")).await.is(200).link(&format!("/people/{dana}"));
    w.amina.get(format!("/households/{other}")).await.is(200).link(&format!("/people/{twin}"));
}

#[tokio::test]
async fn one_household_has_the_person_once_after_joining() {
    let w = World::new().await;
    let (dana, twin) = twins(&w).await;
    let home = w.household(twin).await;
    w.sql(&format!(
        "insert into household_members (id, household_id, person_id, relationship, joined_on)
         values (gen_random_uuid(), '{home}', '{dana}', 'other_relative', '2024-01-01')"
    ))
    .await;
    joined(&w, dana, twin, &[]).await;
    w.amina.get(format!("/households/{home}")).await.is(200).link(&format!("/people/{dana}"));
    assert_eq!(w.count(&format!("household_members where person_id = '{dana}' and relationship = 'head'")).await, 1);
    assert_eq!(w.count(&format!("household_members where person_id = '{dana}'")).await, 1);
}

#[tokio::test]
async fn nobody_joins_alone_past_the_pages_either() {
    let w = World::new().await;
    let (dana, twin) = twins(&w).await;
    proposed(&w, &w.amina, dana, twin, &[]).await.redirects();
    let join = w.value("select id::text from person_joins").await;
    let agree = format!("select access.agree_to_join('{join}', 1, 1, 1, now(), now())");
    for sql in [
        "update person_joins set state = 'agreed'",
        "select against, whole, overwritten from person_joins",
        "select count(*) from person_join_rows",
        "select access.carry_out_join(id, now()) from person_joins",
        "select access.lapse_join(id, now()) from person_joins",
        "select access.move_rows(id, stays, goes) from person_joins",
        "insert into person_pairs_apart (one, other, author, author_name, recorded_at)
           select least(stays, goes), greatest(stays, goes), proposed_by, 'x', now() from person_joins",
        agree.as_str(),
    ] {
        let tried = tries(&w, if sql.starts_with("insert") { "bruno" } else { "amina" }, sql).await;
        is(tried, DENIED);
    }
}

// Whoever adds a column that names a person says there whether joining moves it.
#[tokio::test]
async fn everything_that_names_a_person_is_moved() {
    let w = World::new().await;
    let mut work = w.operate().await;
    let left: Vec<String> = sqlx::query_scalar(
        "select c.conrelid::regclass::text || '.' || a.attname from pg_constraint c
           join pg_attribute a on a.attrelid = c.conrelid and a.attnum = c.conkey[1]
         where c.contype = 'f' and c.confrelid = 'persons'::regclass
           and c.conrelid::regclass::text <> all (array['person_keys', 'person_pairs_apart', 'person_joins'])
         except select place_table || '.' || place_column from access.places_of_people()",
    )
    .fetch_all(work.db())
    .await
    .expect("the catalogue answers");
    assert!(left.is_empty(), "add to `access.places_of_people`: {left:?}");
}
