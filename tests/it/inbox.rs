//! The receiving organisation: its inbox and its answers.
use crate::support::World;
use crate::support::sent::{ASSISTANCE, CHILD, GBV, PROTECTION};
use crate::support::world::{ELSEWHERE, RECEPTION, user};

#[tokio::test]
async fn s13_the_inbox_shows_what_is_needed_by_code_and_never_a_name() {
    let w = World::new().await;
    let sent = w.sent(PROTECTION).await;
    let inbox = w.chen.get("/inbox").await;
    inbox
        .is(200)
        .shows(&sent.code)
        .shows("Health")
        .shows("Day clinic")
        .shows("Old Port")
        .shows("Harbour")
        .shows("New 1")
        .lacks("Dana");
    w.chen.get("/inbox?shelf=scheduled").await.shows("Nothing waits here");
}

#[tokio::test]
async fn a_colleague_claims_and_accepts_from_the_list_and_returns_to_it() {
    let w = World::new().await;
    let sent = w.sent(PROTECTION).await;
    let back = w.chen.post(sent.path("assignment"), [("back", "/inbox"), ("version", "1")]).await.redirects();
    assert_eq!(back, "/inbox");
    w.chen.get("/inbox?shelf=mine").await.shows(&sent.code).shows("Chen Li");
    w.chen.post(sent.path("acceptance"), [("back", "/inbox")]).await.redirects();
    w.chen.get("/inbox?shelf=waiting").await.shows("Accepted, no appointment yet");
}

#[tokio::test]
async fn s09_only_who_could_answer_a_referral_is_given_it() {
    let w = World::new().await;
    let sent = w.sent(PROTECTION).await;
    let odd = user("odd").to_string();
    w.chen.post(sent.path("assignment"), [("assignee", odd.as_str())]).await.is(422);
    w.odd.get(format!("/referrals/{}", sent.id)).await.is(404);
    w.chen.post(sent.path("assignment"), [("version", "1")]).await;
    w.chen.get("/inbox?shelf=mine").await.shows(&sent.code);
}

#[tokio::test]
async fn an_inbox_of_any_size_takes_the_same_number_of_rows_a_page() {
    let w = World::new().await;
    for _ in 0..27 {
        w.sent(ASSISTANCE).await;
    }
    let first = w.chen.get("/inbox").await;
    first.shows("25 referrals shown").shows("All 27");
    let next = first.link("/inbox?after=").replace("&amp;", "&");
    w.chen.get(next).await.shows("2 referrals shown");
}

#[tokio::test]
async fn a_form_opened_before_somebody_else_answered_is_refused() {
    let w = World::new().await;
    let sent = w.sent(PROTECTION).await;
    w.chen.post(sent.path("acknowledgement"), [("version", "1")]).await.redirects();
    w.chen.post(sent.path("decline"), [("version", "1"), ("reason", "no_capacity")]).await.is(409).shows("in another window");
}

#[tokio::test]
async fn a_decline_says_why_and_some_reasons_ask_for_a_sentence() {
    let w = World::new().await;
    let sent = w.sent(PROTECTION).await;
    w.chen.get(sent.path("decline")).await.shows("No capacity").shows("The sender may ask again later.");
    w.chen.post(sent.path("decline"), [("reason", "other")]).await.is(422).shows("Fill this in.");
    w.chen.post(sent.path("decline"), [("reason", "made_up")]).await.is(422);
    w.chen.post(sent.path("decline"), [("reason", "no_capacity")]).await.redirects();
    w.amina.get("/referrals").await.shows(&sent.code).shows("Declined").shows("Not served");
    w.chen.post(sent.path("acceptance"), [("remark", "")]).await.is(409);
}

#[tokio::test]
async fn s08_a_decline_because_the_person_does_not_want_it_is_left_out_of_the_figure() {
    let w = World::new().await;
    let sent = w.sent(PROTECTION).await;
    w.chen.post(sent.path("decline"), [("reason", "person_declined")]).await.redirects();
    let counted =
        format!("referrals where id = '{}' and person_declined and decided_at is not null and ended_at is not null", sent.id);
    assert_eq!(w.count(&counted).await, 1);
}

#[tokio::test]
async fn a_waiting_person_has_a_place_and_an_expected_date() {
    let w = World::new().await;
    let sent = w.sent(PROTECTION).await;
    w.chen.post(sent.path("acceptance"), [("remark", "")]).await.redirects();
    w.chen.post(sent.path("waiting"), [("position", "4"), ("expected_on", "2031-03-05")]).await.redirects();
    w.chen.get("/inbox?shelf=waiting").await.shows("On the waiting list").shows("Place expected 5 Mar 2031");
    for side in [&w.amina, &w.chen] {
        side.get(format!("/referrals/{}", sent.id)).await.shows("Place 4, expected about 5 Mar 2031");
    }
    w.chen.post(sent.path("start"), [("remark", "")]).await.redirects();
    w.amina.get(format!("/referrals/{}", sent.id)).await.lacks("Place 4");
    w.chen.get("/inbox?shelf=in_progress").await.shows("Service begun");
}

#[tokio::test]
async fn a_place_that_no_list_has_and_a_day_that_is_past_are_refused() {
    let w = World::new().await;
    let sent = w.sent(PROTECTION).await;
    w.chen.post(sent.path("acceptance"), [("remark", "")]).await.redirects();
    let wrong = "A place on the list is a number from 1 to 10,000.";
    for (place, day, says) in
        [("0", "", wrong), ("-3", "", wrong), ("10001", "2031-03-05", wrong), ("3", "2020-03-05", "This day is past.")]
    {
        w.chen.post(sent.path("waiting"), [("position", place), ("expected_on", day)]).await.is(422).shows(says).keeps(place);
        let moved = [("action", "waitlist"), ("position", place), ("expected_on", day)];
        w.chen.post(sent.path("moves"), moved).await.is(422);
    }
    w.chen.post(sent.path("waiting"), [("position", "10000")]).await.redirects();
    w.amina.get(format!("/referrals/{}", sent.id)).await.shows("Place 10,000");
}

#[tokio::test]
async fn appointments_keep_their_history_with_who_asked_and_why() {
    let w = World::new().await;
    let sent = w.sent(PROTECTION).await;
    let day = |days: i64| (w.ground.clock.now() + chrono::TimeDelta::days(days)).format("%Y-%m-%dT10:00").to_string();
    let (first, second) = (day(9), day(10));
    w.chen.post(sent.path("acceptance"), [("at", first.as_str()), ("place", "Room 2")]).await.redirects();
    w.chen.get("/inbox?shelf=scheduled").await.shows("Appointment").shows(", 10:00");
    w.chen.post(sent.path("appointment"), [("at", second.as_str())]).await.is(422).shows("Fill this in.");
    let moved = [("at", second.as_str()), ("asked_by", "person"), ("why", "transport")];
    w.chen.post(sent.path("appointment"), moved).await.redirects();
    w.chen.get(format!("/referrals/{}", sent.id)).await.lacks("Did not come");
    let early = w.chen.post(sent.path("no-show"), [("remark", "")]).await;
    early.is(409).shows("Back to where you were").shows("Go to my day");
    early.link(&format!("/referrals/{}", sent.id));
    w.after(chrono::TimeDelta::days(2000)).await;
    w.chen.get(format!("/referrals/{}", sent.id)).await.shows("Did not come");
    w.chen.post(sent.path("no-show"), [("remark", "")]).await.redirects();
    let history = format!(
        "appointments where referral_id = '{}' and (state, asked_by, reason) in (('rescheduled', 'person', 'transport'), ('no_show', '', ''))",
        sent.id
    );
    assert_eq!(w.count(&history).await, 2);
}

#[tokio::test]
async fn a_cancellation_asked_for_is_lost_to_an_outcome_that_comes_first() {
    let w = World::new().await;
    let sent = w.sent(PROTECTION).await;
    w.chen.post(sent.path("acceptance"), [("remark", "")]).await.redirects();
    w.sql(&format!(
        "update referrals set step = 'cancellation_requested', cancellation_asked_at = now() where id = '{}'",
        sent.id
    ))
    .await;
    w.chen.get("/inbox").await.shows("Cancellation asked for");
    let (outcome, confirmed) = tokio::join!(
        w.chen.post(sent.path("outcome"), [("what", "A check-up")]),
        w.chen.post(sent.path("cancellation-confirmation"), [("remark", "")])
    );
    let won = [outcome.status.is_redirection(), confirmed.status.is_redirection()];
    assert_eq!(won.iter().filter(|won| **won).count(), 1, "{won:?}");
    w.chen.post(sent.path("outcome"), [("what", "Again")]).await.is(409);
}

#[tokio::test]
async fn s02_an_emergency_stands_before_everything_that_is_overdue() {
    let w = World::new().await;
    let (late, urgent) = (w.sent(PROTECTION).await, w.sent(ASSISTANCE).await);
    w.sql(&format!("update referrals set next_due_at = now() - interval '9 days' where id = '{}'", late.id)).await;
    let first = |page: &str| page.find(&late.code).zip(page.find(&urgent.code)).map(|(late, urgent)| late < urgent);
    assert_eq!(first(&w.chen.get("/inbox").await.body), Some(true));
    w.sql(&format!("update referrals set priority = 'emergency' where id = '{}'", urgent.id)).await;
    assert_eq!(first(&w.chen.get("/inbox").await.body), Some(false));
}

#[tokio::test]
async fn s02_served_now_writes_four_steps_at_once() {
    let w = World::new().await;
    let sent = w.sent(PROTECTION).await;
    w.chen.post(sent.path("outcome"), [("what", "Shelter for the night")]).await.is(409);
    w.sql(&format!("update referrals set priority = 'emergency', pace = 'same_day' where id = '{}'", sent.id)).await;
    w.chen.get(sent.path("outcome")).await.shows("Served now");
    w.chen.post(sent.path("outcome"), [("what", "Shelter for the night")]).await.redirects();
    let steps =
        format!("referral_moves where referral_id = '{}' and action in ('acknowledge', 'accept', 'start', 'complete')", sent.id);
    assert_eq!(w.count(&steps).await, 4);
}

#[tokio::test]
async fn s31_a_step_typed_late_says_why() {
    let w = World::new().await;
    let sent = w.sent(PROTECTION).await;
    w.sql(&format!("update referrals set requested_at = now() - interval '9 days', last_moved_at = now() - interval '9 days' where id = '{}'", sent.id)).await;
    let day = (w.ground.clock.now() - chrono::TimeDelta::days(3)).format("%Y-%m-%dT%H:%M").to_string();
    let when = [("happened_at", day.as_str())];
    w.chen.post(sent.path("acknowledgement"), when).await.is(422);
    w.chen.post(sent.path("acknowledgement"), [when[0], ("late_reason", "First on paper")]).await.redirects();
    for side in [&w.chen, &w.amina] {
        side.get(format!("/referrals/{}", sent.id)).await.shows("Typed in late: First on paper");
    }
    assert_eq!(w.count("referral_moves where late_reason is null and late_words is not null").await, 1, "sealed");
    assert_eq!(w.count("referral_moves where position('paper'::bytea in late_words) > 0").await, 0);
}

#[tokio::test]
async fn a_stranger_sees_neither_inbox_nor_referral() {
    let w = World::new().await;
    let sent = w.sent(PROTECTION).await;
    w.odd.get("/inbox").await.is(403);
    w.member("olaf", ELSEWHERE, "provider").await;
    let olaf = w.browser("olaf").await;
    olaf.get("/inbox").await.is(200).lacks(&sent.code).shows("Nothing waits here");
    olaf.get(sent.path("acceptance")).await.is(404);
    olaf.post(sent.path("acceptance"), [("remark", "")]).await.is(404);
}

#[tokio::test]
async fn s10_a_barred_receiver_sees_nothing_of_it() {
    let w = World::new().await;
    let sent = w.sent(CHILD).await;
    w.sql(&format!(
        "insert into bars (id, case_id, user_id, reason) values (gen_random_uuid(), '{}', '{}', 'relative')",
        sent.case,
        user("chen")
    ))
    .await;
    w.chen.get("/inbox").await.lacks(&sent.code).shows("All 0");
    w.chen.get("/referrals?tab=received").await.lacks(&sent.code);
    w.chen.post(sent.path("acceptance"), [("remark", "")]).await.is(404);
}

#[tokio::test]
async fn s09_a_restricted_referral_reaches_the_focal_point_alone() {
    let w = World::new().await;
    let sent = w.sent(GBV).await;
    let nadia = w.nadia().await;
    w.member("zora", RECEPTION, "gbv_focal_point").await;
    for outside in [w.chen.clone(), w.browser("zora").await] {
        outside.get("/inbox").await.lacks(&sent.code).shows("All 0");
        outside.post(sent.path("acceptance"), [("remark", "")]).await.is(404);
    }
    nadia.get("/inbox").await.shows(&sent.code).lacks("Dana").lacks("Salma").lacks("Day clinic");
    nadia.post(sent.path("acceptance"), [("remark", "")]).await.redirects();
}

#[tokio::test]
async fn the_board_offers_only_moves_that_are_legal() {
    let w = World::new().await;
    let sent = w.sent(PROTECTION).await;
    w.chen.get("/referrals?tab=received").await.shows(&sent.code).shows("Accept").lacks("outcome?back");
    w.amina.get("/referrals?tab=sent").await.shows(&sent.code).shows("Cancel").lacks("acceptance");
    w.amina.get("/referrals?tab=sent&overdue=true").await.lacks(&sent.code);
}

#[tokio::test]
async fn the_board_counts_all_shows_the_most_pressing_and_stays_light() {
    let w = World::new().await;
    let sent = w.sent(PROTECTION).await;
    let columns =
        "kind, case_id, from_org, from_unit, to_unit, need, area, priority, status, step, author, requested_at, last_moved_at";
    w.sql(&format!(
        "insert into referrals (id, code, {columns}, next_due_at, service_name) select gen_random_uuid(), 'R-many-' || n, {columns},
           now() + n * interval '1 hour', 'Day clinic' from referrals, generate_series(1, 400) n where id = '{}'",
        sent.id
    ))
    .await;
    let board = w.amina.get("/referrals?tab=sent").await;
    board.is(200).shows("Sent 401").shows("R-many-1").lacks("R-many-7<").shows("Show all");
    assert!(board.body.len() < 60_000, "{} bytes", board.body.len());
    let column = board.link("/referrals?tab=sent&#38;column=new").replace("&#38;", "&");
    let first = w.amina.get(&column).await;
    first.shows("1–30 of 401").shows("R-many-30").lacks("R-many-31");
    assert!(first.body.len() < 60_000, "{} bytes", first.body.len());
    w.amina.get(format!("{column}&page=14")).await.shows("391–401 of 401");
    w.amina.get("/referrals?tab=sent&service=Elsewhere").await.shows("No referrals here");
}

#[tokio::test]
async fn a_service_for_another_age_is_no_next_step() {
    let w = World::new().await;
    let sent = w.sent(ASSISTANCE).await;
    w.sql(&format!(
        "update persons set born_on = current_date - interval '9 years' where id = '{}';
         insert into services (id, org, unit, name, needs, min_age, max_age) values (gen_random_uuid(), 3, {ELSEWHERE}, 'For the old', '{{health}}', 60, null),
           (gen_random_uuid(), 3, {ELSEWHERE}, 'For children', '{{health}}', null, 17)",
        sent.person
    ))
    .await;
    w.chen.post(sent.path("decline"), [("reason", "not_eligible")]).await.redirects();
    w.amina.get(format!("/referrals/{}", sent.id)).await.shows("For children").lacks("For the old");
}

#[tokio::test]
async fn whoever_answers_too_is_told_that_the_move_is_theirs() {
    let w = World::new().await;
    let sent = w.sent(ASSISTANCE).await;
    let page = format!("/referrals/{}", sent.id);
    w.amina.get(&page).await.shows("It is the other side’s move");
    w.also("amina", RECEPTION, "provider").await.get(&page).await.shows("It is your side’s move").lacks("the other side’s move");
}

#[tokio::test]
async fn a_decline_leads_to_the_next_service_in_one_click() {
    let w = World::new().await;
    let sent = w.sent(ASSISTANCE).await;
    let (tried, other) = (uuid::Uuid::now_v7(), uuid::Uuid::now_v7().to_string());
    w.sql(&format!(
        "insert into services (id, org, unit, name, needs) values ('{tried}', 2, {RECEPTION}, 'Day clinic', '{{health}}'), ('{other}', 3, {ELSEWHERE}, 'Health post', '{{health}}');
         update referrals set service_id = '{tried}' where id = '{}'",
        sent.id
    ))
    .await;
    w.chen.post(sent.path("decline"), [("reason", "not_eligible")]).await.redirects();
    let page = w.amina.get(format!("/referrals/{}", sent.id)).await;
    page.shows("Other services that may help")
        .shows("Health post")
        .shows("Stranger")
        .shows("Accepts people now")
        .lacks(&tried.to_string());
    let draft = w.amina.post(sent.path("successor"), [("service", other.as_str())]).await.redirects();
    assert!(draft.ends_with("/edit"), "{draft}");
    w.amina.get(&draft).await.is(200);
    assert_eq!(w.amina.post(sent.path("successor"), [("service", other.as_str())]).await.redirects(), draft);
    assert_eq!(w.count(&format!("referrals where instead_of = '{}' and status = 'draft'", sent.id)).await, 1);
    w.chen.post(sent.path("successor"), [("service", other.as_str())]).await.is(404);
    w.chen.get(format!("/referrals/{}", sent.id)).await.lacks("Other services that may help");
}

#[tokio::test]
async fn the_receiver_opens_a_case_of_its_own_once_it_has_accepted() {
    let w = World::new().await;
    let sent = w.sent(ASSISTANCE).await;
    let dana = [("name", "Dana Example"), ("age", "34"), ("intake_source", "organisation")];
    w.chen.post(sent.path("case"), dana).await.is(409);
    w.chen.post(sent.path("acceptance"), [("remark", "")]).await.redirects();
    w.chen.post(sent.path("case"), [("name", "")]).await.is(422);
    let case = w.chen.post(sent.path("case"), dana).await.redirects();
    assert!(case.starts_with("/cases/"), "{case}");
    assert_eq!(w.count("cases where org = 2").await, 1);
    w.chen.post(sent.path("case"), dana).await.is(409);
    w.amina.get(sent.path("case")).await.is(404);
    w.amina.get(format!("/referrals/{}", sent.id)).await.lacks(&case);
}
