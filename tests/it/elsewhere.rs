//! Asking another organisation whether it knows somebody: it needs both sides and consent, ends by either, and tells of no case that somebody may not see.
mod asked;
mod rest;

use uuid::Uuid;

use crate::support::World;
use crate::support::browser::{Browser, Seen};
use crate::support::world::{ELSEWHERE, FIELD, user};

const AT_STRANGER: &str = "Also known at Stranger, Stranger switchboard, 555 0300";
const AT_HARBOUR: &str = "Also known at Harbour, Harbour switchboard, 555 0100";

struct Pair {
    own: Uuid,
    other: Uuid,
    consent: Uuid,
}

// Fatima, whom Amina helps and Odd too; neither knows of the other.
async fn pair(w: &World) -> Pair {
    let card =
        [("sex", "female"), ("born_on", "1990-05-01"), ("document_kind", "national_id"), ("document_number", "AB-123 456")];
    let own = w.person(&w.amina, "Fatima Hussein", &[card.as_slice(), &[("admin1", "Northland")]].concat()).await;
    let other = w.person(&w.odd, "Fatma Husain", &card).await;
    w.only_case(other, ELSEWHERE, "social_assistance", user("odd")).await;
    let case = w.only_case(own, FIELD, "social_assistance", user("amina")).await;
    w.key_of(case).await;
    Pair { own, other, consent: agreed(w, case, own, "consent", "identity").await }
}

// What she says of Stranger being told this section.
async fn agreed(w: &World, case: Uuid, person: Uuid, kind: &str, sections: &str) -> Uuid {
    let (id, amina) = (Uuid::now_v7(), user("amina"));
    w.sql(&format!(
        "insert into consents (id, case_id, person_id, basis, kind, purpose, to_orgs, sections, given_on, recorded_by, recorded_by_name)
         values ('{id}', '{case}', '{person}', 'consent', '{kind}', 'to ask', '{{3}}', '{{{sections}}}', current_date, '{amina}', 'Amina')"
    ))
    .await;
    id
}

// The handle of the first hit that this page offers.
fn handle(page: &Seen) -> String {
    let mut after = page.body.split("type=\"radio\" name=\"hit\" id=\"f-hit-").skip(1);
    let first = after.next().unwrap_or_else(|| panic!("nobody is offered:\n{}", page.text()));
    first.split('"').next().unwrap_or_default().to_owned()
}

async fn asks(by: &Browser, own: Uuid, handle: &str) -> Seen {
    by.post(format!("/people/{own}/elsewhere"), [("hit", handle), ("agreed", "true")]).await
}

async fn asked(w: &World, own: Uuid) {
    let handle = handle(&w.amina.get(format!("/people/{own}/elsewhere")).await);
    asks(&w.amina, own, &handle).await.redirects();
    w.work_off().await;
}

// One side's row, and its version.
async fn row(w: &World, person: Uuid) -> (String, String) {
    let of = |what: &str| {
        format!("select {what}::text from person_questions where person_id = '{person}' order by asked_at desc limit 1")
    };
    (w.value(&of("id")).await, w.value(&of("version")).await)
}

async fn answers(w: &World, by: &Browser, other: Uuid, answer: &str) -> Seen {
    let (id, version) = row(w, other).await;
    by.post(format!("/questions/{id}/answer"), [("answer", answer), ("version", version.as_str())]).await
}

async fn ends(w: &World, by: &Browser, person: Uuid, reason: &str) -> Seen {
    let (id, version) = row(w, person).await;
    by.post(format!("/people/{person}/elsewhere/{id}/ending"), [("reason", reason), ("version", version.as_str())]).await
}

// The day comes on which both sides are told.
async fn told(w: &World) {
    w.sql(
        "update person_questions set due_at = due_at - interval '8 days' where state = 'asked';
         update jobs set run_at = run_at - interval '8 days' where kind = 'people.settle_question' and done_at is null",
    )
    .await;
    w.work_off().await;
}

async fn known_to_both(w: &World) -> Pair {
    let pair = pair(w).await;
    asked(w, pair.own).await;
    answers(w, &w.odd, pair.other, "yes").await.redirects();
    told(w).await;
    w.amina.get(format!("/people/{}", pair.own)).await.shows(AT_STRANGER);
    w.odd.get(format!("/people/{}", pair.other)).await.shows(AT_HARBOUR);
    pair
}

async fn unknown_to_both(w: &World, pair: &Pair) {
    w.amina.get(format!("/people/{}", pair.own)).await.is(200).lacks("Also known at");
    w.odd.get(format!("/people/{}", pair.other)).await.is(200).lacks("Also known at");
}

#[tokio::test]
async fn that_somebody_is_known_elsewhere_needs_both_sides_and_says_no_more() {
    let w = World::new().await;
    let Pair { own, other, .. } = pair(&w).await;
    let page = w.amina.get(format!("/people/{own}/elsewhere")).await;
    page.shows("Stranger switchboard, 555 0300").lacks("Fatma").lacks(&other.to_string());
    w.amina.post(format!("/people/{own}/elsewhere"), [("hit", handle(&page).as_str())]).await.is(422).shows("Fill this in");
    asked(&w, own).await;
    asks(&w.amina, own, &handle(&page)).await.is(422).shows("This was asked lately");
    assert_eq!(w.count(&format!("tasks where kind = 'known_elsewhere' and unit = {ELSEWHERE} and done_at is null")).await, 1);
    let (question, _) = row(&w, other).await;
    w.odd.get("/questions").await.link(&format!("/questions/{question}"));
    let code = w.value(&format!("select code from persons where id = '{own}'")).await;
    let page = w.odd.get(format!("/questions/{question}")).await;
    page.shows("Fatima Hussein").shows("Fatma Husain").shows("1990").shows("female");
    page.lacks("Northland").lacks("Amina").lacks("AB-123").lacks(&code).lacks(&own.to_string());
    answers(&w, &w.odd, other, "yes").await.redirects();
    assert_eq!(w.count("tasks where kind = 'known_elsewhere' and done_at is null").await, 0);
    w.amina.get(format!("/people/{own}/elsewhere")).await.shows("Asked").lacks("Also known at");
    told(&w).await;
    w.amina.get(format!("/people/{own}")).await.shows(AT_STRANGER).lacks("Fatma").lacks("Odd Stranger");
    w.odd.get(format!("/people/{other}")).await.shows(AT_HARBOUR).lacks("Fatima").lacks("Amina");
    w.odd.get(format!("/questions/{question}")).await.shows("Confirmed").lacks("Fatima Hussein");
    assert_eq!(w.count("facts where kind like 'elsewhere.%' and note::text || fields::text ~ 'Fat'").await, 0);
}

#[tokio::test]
async fn the_area_is_told_where_consent_names_it() {
    let w = World::new().await;
    let Pair { own, other, consent } = pair(&w).await;
    w.sql(&format!("update consents set sections = '{{identity,area}}' where id = '{consent}'")).await;
    asked(&w, own).await;
    let (question, _) = row(&w, other).await;
    w.odd.get(format!("/questions/{question}")).await.shows("Northland");
}

#[tokio::test]
async fn s12_where_somebody_lives_is_not_told_if_they_keep_it_confidential() {
    let w = World::new().await;
    let Pair { own, other, consent } = pair(&w).await;
    w.sql(&format!("update consents set sections = '{{identity,area}}' where id = '{consent}'")).await;
    w.sql(&format!("update persons set address_confidential = true where id = '{own}'")).await;
    asked(&w, own).await;
    let (question, _) = row(&w, other).await;
    w.odd.get(format!("/questions/{question}")).await.shows("Fatima Hussein").lacks("Northland");
}

#[tokio::test]
async fn s10_a_question_is_a_task_of_each_who_may_answer_and_of_nobody_who_is_barred_or_sees_nothing() {
    let w = World::new().await;
    let pair = pair(&w).await;
    for (login, role) in [("olga", "supervisor"), ("omar", "supervisor"), ("karim", "case_worker")] {
        w.member(login, ELSEWHERE, role).await;
    }
    w.sql(&format!(
        "insert into bars (id, case_id, user_id, reason) select gen_random_uuid(), case_id, '{}', 'relative' from case_people where person_id = '{}'",
        user("omar"),
        pair.own
    ))
    .await;
    asked(&w, pair.own).await;
    let open = "tasks t left join users u on u.id = t.assignee where t.kind = 'known_elsewhere' and t.done_at is null";
    let holders = format!("select string_agg(coalesce(u.login, 'nobody'), ',' order by u.login) from {open}");
    assert_eq!(w.value(&holders).await, "odd,olga");
    let olga = w.browser("olga").await;
    olga.get("/notifications?kind=tasks&due=all").await.shows("Another organisation asks whether somebody is the same person");
    w.browser("omar").await.get("/").await.lacks("Another organisation asks");
    w.browser("karim").await.get("/").await.lacks("Another organisation asks");
    answers(&w, &olga, pair.other, "yes").await.redirects();
    assert_eq!(w.count(open).await, 0);
}

#[tokio::test]
async fn no_and_silence_come_as_one_word_on_one_day() {
    for answer in ["no", "unsure", ""] {
        let w = World::new().await;
        let pair = pair(&w).await;
        asked(&w, pair.own).await;
        if !answer.is_empty() {
            answers(&w, &w.odd, pair.other, answer).await.redirects();
        }
        w.amina.get(format!("/people/{}/elsewhere", pair.own)).await.shows("Asked").lacks("Not confirmed");
        told(&w).await;
        w.amina.get(format!("/people/{}/elsewhere", pair.own)).await.shows("Not confirmed");
        answers(&w, &w.odd, pair.other, "yes").await.is(409);
        unknown_to_both(&w, &pair).await;
        assert_eq!(w.count("person_questions where shown <> '{}'").await, 0);
    }
}

#[tokio::test]
async fn a_colleague_may_answer_anew_until_both_sides_are_told() {
    let w = World::new().await;
    let pair = pair(&w).await;
    asked(&w, pair.own).await;
    answers(&w, &w.odd, pair.other, "yes").await.redirects();
    w.member("olga", ELSEWHERE, "supervisor").await;
    answers(&w, &w.browser("olga").await, pair.other, "no").await.redirects();
    told(&w).await;
    unknown_to_both(&w, &pair).await;
}

#[tokio::test]
async fn s16_whoever_is_known_for_more_than_standard_work_is_asked_about_alike_and_never_confirmed() {
    for (whose, case_type) in
        [("theirs", "child_protection"), ("theirs", "gender_based_violence"), ("ours", "gender_based_violence")]
    {
        let w = World::new().await;
        let pair = pair(&w).await;
        let (person, unit, keeper) =
            if whose == "ours" { (pair.own, FIELD, "salma") } else { (pair.other, ELSEWHERE, "nobody_here") };
        let keeper = if whose == "ours" { user(keeper) } else { w.member(keeper, ELSEWHERE, "gbv_case_worker").await };
        w.only_case(person, unit, case_type, keeper).await;
        asked(&w, pair.own).await;
        w.amina.get(format!("/people/{}/elsewhere", pair.own)).await.shows("Asked").shows("Both sides are told");
        w.odd.get("/questions").await.shows("No question waits");
        let (question, _) = row(&w, pair.other).await;
        w.odd.get(format!("/questions/{question}")).await.is(404);
        answers(&w, &w.odd, pair.other, "yes").await.is(404);
        w.odd.get(format!("/people/{}/elsewhere", pair.other)).await.lacks("Both sides are told");
        assert_eq!(w.count("tasks where kind = 'known_elsewhere'").await, 0);
        told(&w).await;
        w.amina.get(format!("/people/{}/elsewhere", pair.own)).await.shows("Not confirmed").shows("nobody answered");
        unknown_to_both(&w, &pair).await;
    }
}

#[tokio::test]
async fn s11_a_restricted_case_that_came_meanwhile_changes_the_answer_and_not_its_day() {
    let w = World::new().await;
    let pair = pair(&w).await;
    asked(&w, pair.own).await;
    answers(&w, &w.odd, pair.other, "yes").await.redirects();
    let nina = w.member("nina", ELSEWHERE, "gbv_case_worker").await;
    w.only_case(pair.other, ELSEWHERE, "gender_based_violence", nina).await;
    w.amina.get(format!("/people/{}/elsewhere", pair.own)).await.shows("Asked");
    told(&w).await;
    let (question, _) = row(&w, pair.other).await;
    w.odd.get(format!("/questions/{question}")).await.shows("Not confirmed");
    w.amina.get(format!("/people/{}/elsewhere", pair.own)).await.shows("Not confirmed");
    unknown_to_both(&w, &pair).await;
    assert_eq!(w.count("facts where kind like 'elsewhere.%' and (case_id is not null or note <> '{}')").await, 0);
}

#[tokio::test]
async fn s16_nobody_is_asked_about_a_person_whose_protected_case_one_sees() {
    let w = World::new().await;
    let pair = pair(&w).await;
    let page = w.amina.get(format!("/people/{}/elsewhere", pair.own)).await;
    w.only_case(pair.own, FIELD, "child_protection", user("amina")).await;
    w.amina.get(format!("/people/{}/elsewhere", pair.own)).await.shows("nothing but work of standard types").lacks("f-hit-");
    asks(&w.amina, pair.own, &handle(&page)).await.is(422);
}

#[tokio::test]
async fn a_handle_is_of_no_use_to_another_asker_or_beside_another_person() {
    let w = World::new().await;
    let pair = pair(&w).await;
    let own = handle(&w.amina.get(format!("/people/{}/elsewhere", pair.own)).await);
    let brunos = handle(&w.bruno.get(format!("/people/{}/elsewhere", pair.own)).await);
    assert_ne!(own, brunos);
    asks(&w.bruno, pair.own, &own).await.is(422).shows("Choose one of the answers");
    asks(&w.odd, pair.own, &own).await.is(404);
    let stray = w.person(&w.amina, "Rana Said", &[]).await;
    asks(&w.amina, stray, &own).await.is(422);
    asks(&w.amina, pair.own, &pair.other.to_string()).await.is(422);
    assert_eq!(w.count("person_questions").await, 0);
}

#[tokio::test]
async fn s04_asking_needs_consent_and_ends_with_it() {
    let w = World::new().await;
    let pair = pair(&w).await;
    w.sql(&format!("update consents set to_orgs = '{{2}}' where id = '{}'", pair.consent)).await;
    let page = w.amina.get(format!("/people/{}/elsewhere", pair.own)).await;
    page.shows("Consent is needed").lacks("f-hit-").link("/cases/");
    w.sql(&format!("update consents set to_orgs = '{{3}}' where id = '{}'", pair.consent)).await;
    asked(&w, pair.own).await;
    let fields = [("extent", "stop_sharing"), ("how", "in_person")];
    w.amina.post(format!("/consents/{}/withdrawal", pair.consent), fields).await.redirects();
    w.odd.get("/questions").await.shows("No question waits");
    let (question, _) = row(&w, pair.other).await;
    w.odd.get(format!("/questions/{question}")).await.shows("Ended").lacks("Fatima Hussein");
    assert_eq!(w.count("tasks where kind = 'known_elsewhere' and done_at is null").await, 0);
    told(&w).await;
    w.amina.get(format!("/people/{}/elsewhere", pair.own)).await.shows("Ended").lacks("Not confirmed");
}

#[tokio::test]
async fn s04_withdrawal_refusal_and_a_last_day_end_what_both_know() {
    for how in ["withdrawn", "refused", "run out"] {
        let w = World::new().await;
        let pair = known_to_both(&w).await;
        let case: Uuid =
            w.value(&format!("select case_id::text from consents where id = '{}'", pair.consent)).await.parse().expect("a case");
        match how {
            "withdrawn" => {
                let fields = [("extent", "stop_sharing"), ("how", "in_person")];
                w.amina.post(format!("/consents/{}/withdrawal", pair.consent), fields).await.redirects();
            }
            "refused" => {
                agreed(&w, case, pair.own, "refused", "identity").await;
            }
            _ => w.sql("update person_questions set runs_until = current_date - 1").await,
        }
        unknown_to_both(&w, &pair).await;
    }
}

#[tokio::test]
async fn either_side_ends_it_and_the_other_is_not_told_why() {
    for by_asker in [true, false] {
        let w = World::new().await;
        let pair = known_to_both(&w).await;
        let (ender, person, reader, theirs) =
            if by_asker { (&w.amina, pair.own, &w.odd, pair.other) } else { (&w.odd, pair.other, &w.amina, pair.own) };
        let (id, _) = row(&w, person).await;
        let path = format!("/people/{person}/elsewhere/{id}/ending");
        ender.post(&path, [("reason", "own_wish"), ("version", "77")]).await.is(409);
        ends(&w, ender, person, "own_wish").await.redirects();
        unknown_to_both(&w, &pair).await;
        reader.get(format!("/people/{theirs}/elsewhere")).await.shows("Ended").lacks("wishes");
        assert_eq!(w.count(&format!("person_questions where reason is not null and person_id = '{theirs}'")).await, 0);
    }
}

#[tokio::test]
async fn who_asked_takes_the_question_back() {
    let w = World::new().await;
    let pair = pair(&w).await;
    asked(&w, pair.own).await;
    ends(&w, &w.odd, pair.other, "mistake").await.is(409);
    ends(&w, &w.amina, pair.own, "mistake").await.redirects();
    w.odd.get("/questions").await.shows("No question waits");
    answers(&w, &w.odd, pair.other, "yes").await.is(409);
}

#[tokio::test]
async fn each_side_reads_its_own_row_and_a_stranger_none() {
    let w = World::new().await;
    let pair = pair(&w).await;
    asked(&w, pair.own).await;
    let ((asking, _), (put, _)) = (row(&w, pair.own).await, row(&w, pair.other).await);
    for (who, id) in [(&w.amina, &put), (&w.amina, &asking), (&w.odd, &asking), (&w.chen, &put), (&w.salma, &put)] {
        who.get(format!("/questions/{id}")).await.is(404);
        who.post(format!("/questions/{id}/answer"), [("answer", "yes"), ("version", "1")]).await.is(404);
    }
    let fields = [("reason", "mistake"), ("version", "1")];
    w.odd.post(format!("/people/{}/elsewhere/{asking}/ending", pair.other), fields).await.is(404);
    w.amina.post(format!("/people/{}/elsewhere/{put}/ending", pair.own), fields).await.is(404);
    for sql in [
        "update person_questions set state = 'same'".to_owned(),
        format!("select access.settle_question('{asking}', now() + interval '30 days')"),
        format!("select access.put_question('{asking}', now())"),
        "select access.only_standard(id) from persons".to_owned(),
    ] {
        crate::fences::is(crate::fences::tries(&w, "amina", &sql).await, crate::fences::DENIED);
    }
}

#[tokio::test]
async fn s10_who_is_barred_meets_neither_hit_nor_question_nor_answer() {
    let bar = |person: Uuid, who: &str| {
        format!(
            "insert into bars (id, case_id, user_id, reason) select gen_random_uuid(), case_id, '{}', 'relative' from case_people where person_id = '{person}'",
            user(who)
        )
    };
    let w = World::new().await;
    let pair = known_to_both(&w).await;
    w.member("olga", ELSEWHERE, "supervisor").await;
    w.sql(&bar(pair.own, "odd")).await;
    w.odd.get(format!("/people/{}", pair.other)).await.is(200).lacks("Also known at");
    w.browser("olga").await.get(format!("/people/{}", pair.other)).await.shows(AT_HARBOUR);
    let w = World::new().await;
    let Pair { own, other, .. } = self::pair(&w).await;
    w.sql(&bar(other, "amina")).await;
    w.amina.get(format!("/people/{own}/elsewhere")).await.shows("Nobody like this person was found");
}

#[tokio::test]
async fn joining_takes_it_along_and_erasing_takes_it_away() {
    let w = World::new().await;
    let pair = known_to_both(&w).await;
    let twin = w.known_person("Fatima Hussain").await;
    crate::merging::joined(&w, twin, pair.own, &[]).await;
    w.amina.get(format!("/people/{twin}")).await.shows(AT_STRANGER);
    w.odd.get(format!("/people/{}", pair.other)).await.shows(AT_HARBOUR);
    let case = w.value(&format!("select case_id::text from case_people where person_id = '{}'", pair.other)).await;
    w.sql(&format!("select access.erase_again('{case}', now())")).await;
    w.amina.get(format!("/people/{twin}")).await.is(200).lacks("Also known at");
    assert_eq!(w.count(&format!("person_questions where person_id = '{}'", pair.other)).await, 0);
}
