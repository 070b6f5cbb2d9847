//! Who hears of what, and that nobody hears more than they may see.
use std::collections::BTreeSet;

use throughcare::audit::{About, Fact};
use throughcare::platform::db::{Actor, Work};
use throughcare::platform::ids::{CaseId, OrgId, ReferralId};
use uuid::Uuid;

use crate::support::World;
use crate::support::browser::{Browser, Seen};
use crate::support::world::{CLINIC, FIELD, HARBOUR, RECEPTION, user};

const CASE: Uuid = Uuid::from_u128(0xca);
const REFERRAL: Uuid = Uuid::from_u128(0x4e);
const GENERAL: i32 = 1;
const GBV: i32 = 4;

// A case of Amina's and a referral from it to the clinic's reception, of this case type.
async fn referred(case_type: i32) -> World {
    let w = World::new().await;
    let (amina, person) = (user("amina"), Uuid::from_u128(0xda));
    w.sql(&format!(
        "insert into persons (id, code, org, unit, name) values ('{person}', 'P-1', 0, {FIELD}, 'Dana Secret');
         insert into cases (id, code, org, unit, case_type, case_manager, person_id, pack, pack_version, stage, intake_source, opened_at)
           values ('{CASE}', 'C-CASE-CODE', 0, {FIELD}, {case_type}, '{amina}', '{person}', 'protection', 1, 'assessment', 'walk_in', now());
         insert into referrals (id, code, kind, case_id, from_org, from_unit, to_unit, need, priority, status, step, author)
           values ('{REFERRAL}', 'R-REFERRAL-CODE', 'partner', '{CASE}', 0, {FIELD}, {RECEPTION}, 'health', 'normal', 'requested', 'sent', '{amina}');"
    ))
    .await;
    w
}

async fn happens(w: &World, by: &str, org: OrgId, fact: Fact, about: About) {
    let mut work = Work::open(&w.ground, Actor::User(user(by))).await.expect("the database is there");
    work.standing.org = org;
    work.record(fact, about).await.expect("it is recorded");
    work.commit().await.expect("it commits");
    w.work_off().await;
}

fn referral() -> About {
    About::referral(ReferralId(REFERRAL)).between([HARBOUR, CLINIC])
}

#[tokio::test]
async fn an_answer_reaches_the_sender_and_not_whoever_gave_it() {
    let w = referred(GENERAL).await;
    happens(&w, "chen", CLINIC, Fact::ReferralAccepted, referral()).await;
    w.amina.get("/notifications").await.shows("R-REFERRAL-CODE").shows("Your referral was accepted").lacks("Dana");
    w.chen.get("/notifications").await.lacks("R-REFERRAL-CODE");
    w.odd.get("/notifications").await.lacks("R-REFERRAL-CODE").shows("Nothing here");
}

// What type of case it comes from is the sender's own (ARCHITECTURE "Access"); a restricted type is named on no list (S13).
#[tokio::test]
async fn s13_a_receiver_does_not_read_the_type_of_the_case() {
    let types = |page: crate::support::browser::Seen| page.body.matches("General protection").count();
    let w = referred(GENERAL).await;
    let before = [types(w.chen.get("/notifications").await), types(w.amina.get("/notifications").await)];
    happens(&w, "amina", HARBOUR, Fact::ReferralSubmitted, referral()).await;
    happens(&w, "chen", CLINIC, Fact::ReferralAccepted, referral()).await;
    w.chen.get("/notifications").await.shows("R-REFERRAL-CODE");
    assert_eq!(
        [types(w.chen.get("/notifications").await), types(w.amina.get("/notifications").await)],
        [before[0], before[1] + 1]
    );
    let w = referred(GBV).await;
    w.sql(&format!("update cases set case_manager = '{}' where id = '{CASE}'", user("salma"))).await;
    happens(&w, "chen", CLINIC, Fact::ReferralAccepted, referral()).await;
    w.salma.get("/notifications").await.lacks("Gender-based");
}

#[tokio::test]
async fn a_new_referral_reaches_the_receiving_unit_and_is_read_once() {
    let w = referred(GENERAL).await;
    happens(&w, "amina", HARBOUR, Fact::ReferralSubmitted, referral()).await;
    let page = w.chen.get("/notifications?show=unread&kind=referrals").await;
    page.shows("A referral has arrived").shows("R-REFERRAL-CODE");
    let form =
        page.body.split("action=\"/notifications/").nth(2).and_then(|rest| rest.split('"').next()).expect("a form opens it");
    let to = w.chen.post(format!("/notifications/{form}"), [("", "")]).await;
    assert_eq!(to.redirects(), format!("/referrals/{REFERRAL}"));
    w.chen.get("/notifications?show=unread").await.lacks("R-REFERRAL-CODE");
}

#[tokio::test]
async fn s09_a_restricted_referral_is_told_to_focal_points_alone() {
    let w = referred(GBV).await;
    happens(&w, "amina", HARBOUR, Fact::ReferralSubmitted, referral()).await;
    w.chen.get("/notifications").await.lacks("R-REFERRAL-CODE");
}

#[tokio::test]
async fn s07_a_colleague_who_received_an_internal_referral_hears_nothing_of_a_dispute() {
    let w = World::new().await;
    w.member("nils", crate::support::world::COAST, "provider").await;
    let nils = w.browser("nils").await;
    crate::referrals::scene(&w, 1, "amina", crate::referrals::COVERED).await;
    w.sql(&format!(
        "update consents set to_orgs = '{{1}}'; update services set org = 1, unit = {}",
        crate::support::world::COAST
    ))
    .await;
    let path = crate::referrals::drafted(&w, &w.amina).await;
    w.amina.post(format!("{path}/edit"), crate::referrals::answers("send", crate::referrals::ALL)).await.redirects();
    crate::referrals::does(&nils, &path, "accept", &[]).await.redirects();
    crate::referrals::does(&nils, &path, "complete", &[("what", "Seen")]).await.redirects();
    w.work_off().await;
    let heard = format!("select count(*)::text from notifications where user_id = '{}'", crate::support::world::user("nils"));
    let before = w.value(&heard).await;
    crate::referrals::does(&w.amina, &path, "confirm_receipt", &[("receipt", "not_received"), ("by", "person")])
        .await
        .redirects();
    w.work_off().await;
    assert_eq!(w.value(&heard).await, before);
}

#[tokio::test]
async fn s11_what_the_reader_no_longer_sees_is_not_shown_or_counted() {
    let w = referred(GENERAL).await;
    happens(&w, "bruno", HARBOUR, Fact::CaseAssigned, About::case(CaseId(CASE))).await;
    w.amina.get("/notifications").await.shows("C-CASE-CODE");
    let amina = user("amina");
    w.sql(&format!(
        "insert into bars (id, case_id, user_id, reason) values (gen_random_uuid(), '{CASE}', '{amina}', 'conflict')"
    ))
    .await;
    w.amina.get("/notifications").await.lacks("C-CASE-CODE").shows("Nothing here");
}

#[tokio::test]
async fn s04_withdrawal_tells_the_receiver_to_delete_and_cannot_be_switched_off() {
    let w = referred(GENERAL).await;
    w.chen.post("/account/notifications", [("", "")]).await.redirects();
    happens(&w, "amina", HARBOUR, Fact::ReferralMessage, referral()).await;
    happens(&w, "amina", HARBOUR, Fact::DeletionAsked, referral().note(serde_json::json!({ "reason": "afraid" }))).await;
    w.chen.get("/notifications").await.shows("Stop using and delete").lacks("A message on a referral").lacks("afraid");
}

#[tokio::test]
async fn my_notifications_are_narrowed_by_when_they_are_due_and_marked_done() {
    let w = referred(GENERAL).await;
    happens(&w, "chen", CLINIC, Fact::ReferralAccepted, referral()).await;
    w.sql("update referrals set next_due_at = now() - interval '2 days', next_side = 'to'").await;
    w.amina.get("/").await.shows("My notifications").shows("1 not read yet");
    w.amina.get("/notifications").await.shows("R-REFERRAL-CODE").shows("overdue by").shows("General protection");
    w.amina.get("/notifications?due=overdue").await.shows("R-REFERRAL-CODE");
    w.amina.get("/notifications?due=today").await.lacks("R-REFERRAL-CODE");
    for (due, near, far) in [("week", 3, 12), ("month", 20, 45)] {
        w.sql(&format!("update referrals set next_due_at = now() + interval '{near} days'")).await;
        w.amina.get(format!("/notifications?due={due}")).await.shows("R-REFERRAL-CODE");
        w.sql(&format!("update referrals set next_due_at = now() + interval '{far} days'")).await;
        w.amina.get(format!("/notifications?due={due}")).await.lacks("R-REFERRAL-CODE");
    }
    w.amina.get("/notifications").await.lacks("R-REFERRAL-CODE");
    let page = w.amina.get("/notifications?due=all&kind=referrals").await;
    page.shows("R-REFERRAL-CODE");
    let id = w.value("select id::text from notifications where user_id = (select id from users where login = 'amina')").await;
    let back =
        w.amina.post(format!("/notifications/{id}/done"), [("back", "/notifications?due=all&kind=referrals")]).await.redirects();
    w.amina.get(&back).await.lacks("R-REFERRAL-CODE");
    w.amina.get("/notifications?due=done").await.shows("R-REFERRAL-CODE");
    w.chen.post(format!("/notifications/{id}/done"), [("", "")]).await.is(404);
    let away = w
        .amina
        .post(format!("/notifications/{id}/reopening"), [("back", "https://elsewhere.example/?due=all")])
        .await
        .redirects();
    assert_eq!(away, "/notifications?due=all");
    w.amina.get(&away).await.shows("R-REFERRAL-CODE");
}

#[tokio::test]
async fn my_notifications_are_narrowed_by_programme_and_name_no_type_one_is_not_cleared_for() {
    let w = referred(GENERAL).await;
    w.load_pack("employment-services").await;
    happens(&w, "bruno", HARBOUR, Fact::CaseAssigned, About::case(CaseId(CASE))).await;
    w.amina
        .get("/notifications")
        .await
        .shows("C-CASE-CODE")
        .lacks("Youth at work")
        .lacks("Employment services")
        .lacks("ender-based");
    w.amina.get("/notifications?type=1").await.shows("C-CASE-CODE");
    w.amina.get("/notifications?type=2").await.lacks("C-CASE-CODE");
    let amina = w.also("amina", FIELD, "employment_case_manager").await;
    amina.get("/notifications").await.shows("Employment services").lacks("Youth at work");
    amina.get("/notifications?programme=employment-services").await.lacks("C-CASE-CODE").shows("Youth at work");
    amina.get("/notifications?programme=protection").await.shows("C-CASE-CODE");
}

#[tokio::test]
async fn one_matter_is_one_row_and_ends_with_its_task() {
    let w = referred(GENERAL).await;
    let (task, amina) = (Uuid::from_u128(0x7a5), user("amina"));
    w.sql(&format!(
        "insert into tasks (id, kind, case_id, org, unit, assignee, title, due_at) values ('{task}', 'own', '{CASE}', 0, 0, '{amina}', 'Call the school', now() - interval '1 day');
         insert into notifications (id, user_id, org, kind, task_id, recorded_at) values (gen_random_uuid(), '{amina}', {HARBOUR}, 'task_added', '{task}', now() - interval '2 days');
         insert into notifications (id, user_id, org, kind, task_id) values (gen_random_uuid(), '{amina}', {HARBOUR}, 'task_overdue', '{task}');
         insert into notifications (id, user_id, org, kind, referral_id, recorded_at) values (gen_random_uuid(), '{amina}', {HARBOUR}, 'referral.reminder', '{REFERRAL}', now() - interval '1 day');
         insert into notifications (id, user_id, org, kind, referral_id) values (gen_random_uuid(), '{amina}', {HARBOUR}, 'referral.due', '{REFERRAL}')"
    ))
    .await;
    let page = w.amina.get("/notifications").await;
    assert_eq!(
        (page.text().matches("Call the school").count(), page.text().matches("R-REFERRAL-CODE").count()),
        (1 + 2, 1 + 2),
        "{}",
        page.text()
    );
    w.amina.post(format!("/tasks/{task}/done"), [("", "")]).await.redirects();
    w.amina.get("/notifications").await.lacks("Call the school").shows("R-REFERRAL-CODE");
    w.amina.get("/notifications?due=done").await.shows("Call the school");
}

#[tokio::test]
async fn s07_the_receiver_is_not_shown_a_deadline_of_the_senders_own() {
    let w = referred(GENERAL).await;
    happens(&w, "amina", HARBOUR, Fact::ReferralSubmitted, referral()).await;
    w.sql(
        "update referrals set status = 'completed', step = 'ended', next_due_at = now() - interval '2 days', next_side = 'from'",
    )
    .await;
    w.chen.get("/notifications").await.shows("R-REFERRAL-CODE").lacks("overdue by");
    w.chen.get("/notifications?due=overdue").await.lacks("R-REFERRAL-CODE");
}

#[tokio::test]
async fn of_a_referrals_news_the_newest_stands_and_no_news_covers_a_withdrawal() {
    let w = referred(GENERAL).await;
    happens(&w, "amina", HARBOUR, Fact::ReferralSubmitted, referral()).await;
    happens(&w, "amina", HARBOUR, Fact::DeletionAsked, referral()).await;
    happens(&w, "amina", HARBOUR, Fact::ReferralMessage, referral()).await;
    w.chen
        .get("/notifications")
        .await
        .shows("Stop using and delete")
        .shows("A message on a referral")
        .lacks("A referral has arrived");
}

#[tokio::test]
async fn what_is_urgent_stands_above_a_hundred_that_are_overdue() {
    let w = referred(GENERAL).await;
    let chen = user("chen");
    w.sql(&format!(
        "insert into tasks (id, kind, org, unit, assignee, title, due_at) select gen_random_uuid(), 'own', {CLINIC}, {RECEPTION}, '{chen}', 'Call the school', now() - interval '1 day' from generate_series(1, 120);
         insert into notifications (id, user_id, org, kind, task_id) select gen_random_uuid(), '{chen}', {CLINIC}, 'task_overdue', id from tasks where title = 'Call the school'"
    ))
    .await;
    happens(&w, "amina", HARBOUR, Fact::DeletionAsked, referral()).await;
    w.sql("update referrals set next_due_at = now() + interval '60 days', next_side = 'to'").await;
    let page = w.chen.get("/notifications").await;
    let at = |words: &str| page.text().find(words).unwrap_or_else(|| panic!("{words} is not in {}", page.text()));
    assert!(at("Stop using and delete") < at("Call the school"), "{}", page.text());
}

// Where the pager leads.
fn leads(page: &Seen, rel: &str) -> Option<String> {
    let rest = page.body.split(&format!("rel=\"{rel}\" href=\"")).nth(1)?;
    Some(rest.split('"').next()?.replace("&amp;", "&").replace("&#38;", "&"))
}

async fn all_pages(reader: &Browser, first: &str) -> Vec<Seen> {
    let mut pages = vec![reader.get(first).await];
    while let Some(next) = leads(pages.last().expect("a page"), "next") {
        pages.push(reader.get(next).await);
    }
    pages
}

// Which notifications a page shows, from the top.
fn shown(page: &Seen) -> Vec<String> {
    let forms = page.body.split("action=\"/notifications/").skip(1).filter_map(|rest| rest.split('"').next());
    forms.filter_map(|to| to.strip_suffix("/done")).map(str::to_owned).collect()
}

// What was told a moment ago is due later than a hundred old tasks, and yet is found at once; page by page everything is.
#[tokio::test]
async fn the_newest_is_reachable_however_much_waits() {
    let w = referred(GENERAL).await;
    let amina = user("amina");
    happens(&w, "chen", CLINIC, Fact::ReferralAccepted, referral()).await;
    w.sql(&format!(
        "insert into tasks (id, kind, case_id, org, unit, assignee, title, due_at)
           select gen_random_uuid(), 'own', '{CASE}', 0, 0, '{amina}', 'Old errand ' || n || '.', now() - n * interval '1 day' from generate_series(1, 101) n;
         insert into notifications (id, user_id, org, kind, task_id, recorded_at)
           select gen_random_uuid(), '{amina}', {HARBOUR}, 'task_added', id, now() - interval '9 days' from tasks where title like 'Old errand%';
         update referrals set next_due_at = now() + interval '40 days', next_side = 'to'"
    ))
    .await;
    w.amina.get("/notifications?due=newest").await.shows("Your referral was accepted");
    let pages = all_pages(&w.amina, "/notifications?due=all").await;
    assert_eq!((pages.len(), leads(&pages[0], "prev")), (4, None));
    pages[0].shows("Old errand 101.").lacks("Old errand 71.").lacks("Your referral was accepted");
    pages[3].shows("Old errand 1.").shows("Your referral was accepted").lacks("Old errand 12.");
    let before = w.amina.get(leads(&pages[3], "prev").expect("a way back")).await;
    before.shows("Old errand 12.").shows("Old errand 41.").lacks("Old errand 42.").lacks("Old errand 11.");
}

// Told at one moment and due at one moment, or never: a page still begins behind the last row of the one before.
#[tokio::test]
async fn page_by_page_nothing_is_left_out_or_shown_twice() {
    let w = referred(GENERAL).await;
    let amina = user("amina");
    w.sql(&format!(
        "insert into tasks (id, kind, case_id, org, unit, assignee, title, due_at)
           select gen_random_uuid(), 'own', '{CASE}', 0, 0, '{amina}', 'Errand', now() + interval '3 days' from generate_series(1, 40);
         insert into notifications (id, user_id, org, kind, task_id) select gen_random_uuid(), '{amina}', {HARBOUR}, 'task_added', id from tasks where title = 'Errand';
         insert into notifications (id, user_id, org, kind)
           select gen_random_uuid(), '{amina}', {HARBOUR}, kind from unnest(array['correction_answered', 'worker_threat_logged']) kind, generate_series(1, 40)"
    ))
    .await;
    let of_kind = async |kind: &str| {
        let ids = w.value(&format!("select string_agg(id::text, ' ') from notifications where kind = '{kind}'")).await;
        ids.split(' ').map(str::to_owned).collect::<BTreeSet<_>>()
    };
    for list in ["/notifications", "/notifications?due=all"] {
        let pages = all_pages(&w.amina, list).await;
        let all: Vec<String> = pages.iter().flat_map(shown).collect();
        assert_eq!((pages.len(), all.len()), (4, 120), "{list}");
        for (kind, part) in ["worker_threat_logged", "task_added", "correction_answered"].into_iter().zip(all.chunks(40)) {
            assert_eq!(part.iter().cloned().collect::<BTreeSet<_>>(), of_kind(kind).await, "{kind} in {list}");
        }
    }
    let newest: Vec<String> = all_pages(&w.amina, "/notifications?due=newest").await.iter().flat_map(shown).collect();
    assert_eq!((newest.len(), newest.into_iter().collect::<BTreeSet<_>>().len()), (120, 120));
    w.amina.get("/notifications?due=week&kind=tasks").await.shows("Errand");
    w.amina.get("/notifications?due=today").await.lacks("Errand");
}

// The database puts urgent kinds first by a list of its own.
#[tokio::test]
async fn whatever_belongs_to_the_urgent_stands_first() {
    use throughcare::notifications::kinds::{Group, KINDS, codes_of};
    let w = World::new().await;
    let kinds: Vec<String> = KINDS.iter().flat_map(|kind| [kind.code(), kind.fact.code().to_owned()]).collect();
    w.sql(&format!(
        "insert into notifications (id, user_id, org, kind) select gen_random_uuid(), '{}', {HARBOUR}, kind from unnest(array['{}']) kind",
        user("amina"),
        kinds.join("','")
    ))
    .await;
    let urgent = shown(&w.amina.get("/notifications?kind=urgent").await);
    assert_eq!(urgent.len(), codes_of(Group::Urgent).len());
    let first = shown(&w.amina.get("/notifications").await);
    assert_eq!(first[..urgent.len()], urgent);
}

#[tokio::test]
async fn the_bell_counts_no_further_than_ninety_nine_and_says_so_the_same_way_round_in_every_language() {
    let w = World::new().await;
    w.sql(&format!(
        "insert into notifications (id, user_id, org, kind) select gen_random_uuid(), '{}', {HARBOUR}, 'task_overdue' from generate_series(1, 120)",
        user("amina")
    ))
    .await;
    assert!(w.amina.get("/").await.body.contains("<bdi dir=\"ltr\">99+</bdi>"));
}

#[tokio::test]
async fn whoever_marks_all_as_read_waits_for_nobody_who_changes_one_meanwhile() {
    let w = World::new().await;
    w.sql(&format!(
        "insert into notifications (id, user_id, org, kind)
           select gen_random_uuid(), '{}', {HARBOUR}, 'correction_answered' from generate_series(1, 3)",
        user("amina")
    ))
    .await;
    let mut other = w.operate().await;
    sqlx::query("select id from notifications order by id limit 1 for update").execute(other.db()).await.expect("it is held");
    w.amina.post("/notifications/reading", [("", "")]).await.redirects();
    other.commit().await.expect("it ends");
    assert_eq!(w.count("notifications where read_at is null").await, 1);
    w.amina.post("/notifications/reading", [("", "")]).await.redirects();
    assert_eq!(w.count("notifications where read_at is null").await, 0);
}
