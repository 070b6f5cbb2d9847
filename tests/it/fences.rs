//! What the database refuses whoever slips past the pages: SQL tried as a signed-in user on the role the program runs as, and the verbs
//! that end somebody's sight.
use sqlx::AssertSqlSafe;
use throughcare::error::{Clash, Error};
use throughcare::platform::db::{Actor, Work};
use throughcare::platform::ids::{ConsentId, RowId};
use throughcare::procedures::{Withdrawal, withdraw_consent};
use throughcare::referrals::sending::send;
use throughcare::referrals::words::Extent;
use throughcare::web::Form;
use throughcare::{access, consent, referrals};
use uuid::Uuid;

use crate::consent::child_case;
use crate::referrals::{ALL, COVERED, answers, drafted, scene, sent};
use crate::support::World;
use crate::support::sent::{GBV, PROTECTION};
use crate::support::world::{COAST, FIELD, RECEPTION, user};

/// A user's own transaction, with what the program knows of them.
pub async fn as_user(w: &World, login: &str) -> Work {
    let id = user(login);
    let mut work = Work::open(&w.ground, Actor::User(id)).await.expect("work");
    let sql = "select u.org, s.acts, s.units from users u, access.standing(u.id) s where u.id = $1";
    let (org, acts, units): (i32, Vec<String>, Vec<i32>) =
        sqlx::query_as(sql).bind(id.0).fetch_one(work.db()).await.expect("the user");
    work.standing = throughcare::platform::standing::Standing { org, acts, units, ..Default::default() };
    work
}

/// What comes of this SQL when a user tries it: the database's refusal, or how many rows it touched. Nothing of it stays.
pub async fn tries(w: &World, login: &str, sql: &str) -> Result<u64, String> {
    let mut work = as_user(w, login).await;
    let done = sqlx::query(AssertSqlSafe(sql.to_owned())).execute(work.db()).await;
    done.map(|done| done.rows_affected())
        .map_err(|error| error.as_database_error().and_then(|db| db.code()).unwrap_or_default().into())
}

/// No privilege for it, or no right.
pub const DENIED: &str = "42501";
/// Not there, for this actor.
pub const ABSENT: &str = "P0002";
/// Somebody was faster.
const STALE: &str = "40001";

#[track_caller]
#[expect(clippy::needless_pass_by_value, reason = "what was tried is looked at once, where it was tried")]
pub fn is(tried: Result<u64, String>, code: &str) {
    assert_eq!(tried, Err(code.to_owned()));
}

fn glass(code: &str) -> [(&str, &str); 3] {
    [("case", code), ("ground", "child"), ("reason", "Found alone at the gate.")]
}

async fn code_of(w: &World, case: &str) -> String {
    w.value(&format!("select code from cases where id = '{}'", case.trim_start_matches("/cases/"))).await
}

async fn version_of(w: &World, case: &str) -> String {
    w.value(&format!("select version::text from cases where id = '{}'", case.trim_start_matches("/cases/"))).await
}

#[tokio::test]
async fn s09_a_case_that_becomes_restricted_leaves_nobody_behind_who_saw_it_before() {
    let w = World::new().await;
    let gita = w.gita().await;
    w.member("tariq", COAST, "case_worker").await;
    let (tariq, case) = (w.browser("tariq").await, w.case(&w.amina, PROTECTION, w.known_person("Dana Aziz").await, &[]).await);
    w.odd.post("/break-glass", glass(&code_of(&w, &case).await)).await.redirects();
    let who = format!("user:{}", user("tariq"));
    let day = (chrono::Utc::now() + chrono::TimeDelta::days(9)).date_naive().to_string();
    gita.post(format!("{case}/access"), [("act", "grant"), ("who", &who), ("until", &day)]).await.redirects();
    for reader in [&w.odd, &tariq, &w.amina, &w.bruno] {
        reader.get(&case).await.is(200);
    }
    let (version, supervisor) = (version_of(&w, &case).await, user("gita").to_string());
    let fields = [("case_type", GBV.to_string()), ("supervisor", supervisor), ("version", version)];
    gita.post(format!("{case}/type"), fields).await.redirects();
    gita.get(&case).await.is(200);
    for reader in [&w.odd, &tariq, &w.amina, &w.bruno] {
        reader.get(&case).await.is(404);
    }
    assert_eq!(w.count("grants where revoked_at is null").await, 0);
}

#[tokio::test]
async fn s09_emergency_access_ends_when_the_case_goes_to_another_worker() {
    let w = World::new().await;
    let case = w.case(&w.amina, PROTECTION, w.known_person("Dana Aziz").await, &[]).await;
    w.odd.post("/break-glass", glass(&code_of(&w, &case).await)).await.redirects();
    let fields =
        [("manager", user("bruno").to_string()), ("supervisor", String::new()), ("version", version_of(&w, &case).await)];
    w.bruno.post(format!("{case}/assignment"), fields).await.redirects();
    w.odd.get(&case).await.is(404);
}

#[tokio::test]
async fn s11_whoever_is_taken_off_a_case_is_found_as_far_as_their_other_cases_lie_open() {
    let w = World::new().await;
    let yara = w.person(&w.amina, "Yara Quietly", &[]).await;
    let case = w.case(&w.amina, PROTECTION, w.known_person("Dana Aziz").await, &[]).await;
    let code = w.value(&format!("select code from persons where id = '{yara}'")).await;
    let on = |part: &'static str| [("person", code.clone()), ("part", part.to_owned())];
    w.amina.post(format!("{case}/people"), on("caregiver")).await.redirects();
    w.only_case(yara, FIELD, "gender_based_violence", user("salma")).await;
    w.odd.get("/search?q=Yara+Quietly").await.shows("Harbour switchboard");
    w.amina.post(format!("{case}/people"), on("removed")).await.redirects();
    for stranger in [&w.odd, &w.bruno, &w.amina] {
        stranger.get("/search?q=Yara+Quietly").await.is(200).lacks("Harbour switchboard").lacks("Yara Quietly, ");
        stranger.get(format!("/people/{yara}")).await.is(404);
    }
    w.salma.get(format!("/people/{yara}")).await.is(200);
    w.sql(&format!("delete from case_people where person_id = '{yara}'")).await;
    w.amina.get(format!("/people/{yara}")).await.is(200);
}

#[tokio::test]
async fn s10_who_is_barred_from_somebodys_case_does_not_meet_them_in_a_search() {
    let w = World::new().await;
    let yara = w.person(&w.amina, "Yara Quietly", &[]).await;
    let case = w.case(&w.amina, PROTECTION, yara, &[]).await;
    w.odd.get("/search?q=Yara+Quietly").await.shows("Harbour switchboard");
    let (case, odd) = (case.trim_start_matches("/cases/"), user("odd"));
    w.sql(&format!("insert into bars (id, case_id, user_id, reason) values (gen_random_uuid(), '{case}', '{odd}', 'relative')"))
        .await;
    w.odd.get("/search?q=Yara+Quietly").await.is(200).lacks("Harbour switchboard");
    w.bruno.get("/search?q=Yara+Quietly").await.shows("Yara Quietly");
}

#[tokio::test]
async fn giving_a_case_away_needs_the_right_to_and_goes_no_further_than_the_house() {
    let w = World::new().await;
    let case = w.case(&w.amina, PROTECTION, w.known_person("Dana Aziz").await, &[]).await;
    let id = case.trim_start_matches("/cases/").to_owned();
    let (bruno, salma) = (user("bruno"), user("salma"));
    let over = |unit: i32, to: &str| format!("select access.hand_over('{id}', {{version}}, {unit}, {to}, null)");
    let version = version_of(&w, &case).await;
    let sql = |text: String| text.replace("{version}", &version);
    // A case worker gives nothing away; a supervisor does, within the unit, and to people who may see such a case.
    is(tries(&w, "amina", &sql(over(FIELD, "null"))).await, DENIED);
    assert!(tries(&w, "bruno", &sql(over(FIELD, &format!("'{bruno}'")))).await.is_ok());
    is(tries(&w, "bruno", &sql(over(RECEPTION, "null"))).await, DENIED);
    is(tries(&w, "bruno", &sql(over(COAST, "null"))).await, DENIED);
    is(tries(&w, "bruno", &sql(over(FIELD, &format!("'{}'", user("ada"))))).await, DENIED);
    is(tries(&w, "odd", &sql(over(FIELD, "null"))).await, ABSENT);
    let class = format!("select access.reclassify('{id}', {version}, {GBV}::smallint, null, '{salma}')");
    is(tries(&w, "amina", &class).await, DENIED);
    assert!(tries(&w, "bruno", &class).await.is_ok());
}

#[tokio::test]
async fn s04_the_receiver_neither_closes_nor_destroys_what_the_sender_shares() {
    let w = World::new().await;
    let sent = w.sent(PROTECTION).await;
    w.chen.post(sent.path("acceptance"), [("remark", "")]).await.redirects();
    let id = sent.id;
    is(tries(&w, "chen", &format!("select access.destroy_packets('{id}')")).await, ABSENT);
    is(tries(&w, "chen", &format!("select access.close_packets('{id}', now())")).await, ABSENT);
    assert!(tries(&w, "amina", &format!("select access.close_packets('{id}', now())")).await.is_ok());
    w.chen.post(sent.path("outcome"), [("what", "A check-up"), ("how_much", "1 visit")]).await.redirects();
    is(tries(&w, "chen", &format!("select access.destroy_packets('{id}')")).await, ABSENT);
}

#[tokio::test]
async fn a_key_is_stored_once_by_who_works_on_the_case_and_never_by_nobody() {
    let w = World::new().await;
    let sent = w.sent(PROTECTION).await;
    let put = |owner: Uuid, case: &str| format!("select access.put_key('{owner}', {case}, '\\x00', 1)");
    let case = format!("'{}'", sent.case);
    assert!(tries(&w, "amina", &put(Uuid::now_v7(), &case)).await.is_ok());
    is(tries(&w, "amina", &put(sent.id, &case)).await, STALE);
    is(tries(&w, "odd", &put(Uuid::now_v7(), &case)).await, ABSENT);
    let mut nobody = Work::open(&w.ground, Actor::Nobody).await.expect("work");
    let tried = sqlx::query(AssertSqlSafe(put(Uuid::now_v7(), "null"))).execute(nobody.db()).await;
    assert_eq!(tried.expect_err("nobody stores a key").as_database_error().and_then(|db| db.code()).as_deref(), Some(DENIED));
    // What is sealed with a key that was not kept could never be read again.
    let mut work = as_user(&w, "amina").await;
    assert!(matches!(work.new_key(sent.id, Some(sent.case)).await, Err(Error::Conflict(Clash::Stale))));
}

// Does the one, and while it is not committed yet the other, which waits; answers with what came of the other.
async fn second<T>(first: Work, waits: impl Future<Output = Result<T, Error>>) -> Result<T, Error> {
    let commits = async {
        tokio::time::sleep(std::time::Duration::from_millis(300)).await;
        first.commit().await.expect("the first stays");
    };
    tokio::join!(waits, commits).0
}

#[tokio::test]
async fn s01_of_two_who_agree_or_review_at_once_the_second_is_told_and_changes_nothing() {
    let w = World::new().await;
    let (case, child, _) = child_case(&w, "2017-03-01", "true").await;
    w.member("berta", FIELD, "supervisor").await;
    w.member("pavel", 1, "protection_officer").await;
    let (basis, amina) = (ConsentId::new(), user("amina"));
    w.sql(&format!(
        "insert into consents (id, case_id, person_id, basis, kind, purpose, given_on, reason, told, recorded_by, recorded_by_name)
         values ('{basis}', '{case}', '{child}', 'vital_interest', 'none', '', current_date, 'life_at_risk', true, '{amina}', 'Amina')"
    ))
    .await;
    let (mut one, mut two) = (as_user(&w, "bruno").await, as_user(&w, "berta").await);
    consent::actions::agree(&mut one, basis, None).await.expect("the first agrees");
    let late = second(one, consent::actions::agree(&mut two, basis, None)).await;
    assert!(matches!(late, Err(Error::Conflict(Clash::Stale))), "{late:?}");
    drop(two);
    let (mut one, mut two) = (as_user(&w, "pia").await, as_user(&w, "pavel").await);
    consent::actions::review(&mut one, basis, "justified").await.expect("the first reviews");
    let late = second(one, consent::actions::review(&mut two, basis, "not_justified")).await;
    assert!(matches!(late, Err(Error::Conflict(Clash::Stale))), "{late:?}");
    let kept = w
        .value("select second_person::text || ' ' || reviewed_by || ' ' || review_finding from consents where reason is not null")
        .await;
    assert_eq!(kept, format!("{} {} justified", user("bruno"), user("pia")));
}

#[tokio::test]
async fn s09_of_two_who_review_one_emergency_access_the_second_is_told() {
    let w = World::new().await;
    let (case, _, _) = child_case(&w, "2017-03-01", "false").await;
    w.member("pavel", 1, "protection_officer").await;
    w.odd.post("/break-glass", glass(&code_of(&w, &case.to_string()).await)).await.redirects();
    let grant: RowId = w.value("select id::text from grants").await.parse().expect("a grant");
    let (mut one, mut two) = (as_user(&w, "pia").await, as_user(&w, "pavel").await);
    access::break_glass::review(&mut one, grant, "not_justified").await.expect("the first reviews");
    let late = second(one, access::break_glass::review(&mut two, grant, "justified")).await;
    assert!(matches!(late, Err(Error::Conflict(Clash::Stale))), "{late:?}");
    assert_eq!(w.value("select review_finding from grants").await, "not_justified");
}

fn typed() -> Form {
    let mut form = Form::default();
    for (name, value) in answers("send", &[]) {
        form.set(name, value);
    }
    form.set_all("sections", ALL.iter().map(|section| (*section).to_owned()).collect());
    form
}

#[tokio::test]
async fn s04_what_is_sent_while_consent_is_withdrawn_is_called_back_or_never_goes() {
    let w = World::new().await;
    let withdrawal = Withdrawal { extent: Extent::StopSharing, how: "in_person".to_owned() };
    scene(&w, 1, "amina", COVERED).await;
    let id = drafted(&w, &w.amina).await.trim_start_matches("/referrals/").parse().expect("a referral");
    let consent: ConsentId = w.value("select id::text from consents").await.parse().expect("a consent");
    // The sending comes first: the withdrawal waits for it, and finds what was sent.
    let (mut sends, mut withdraws) = (as_user(&w, "amina").await, as_user(&w, "bruno").await);
    let draft = referrals::store::find(&mut sends, id).await.expect("the draft");
    send::submit(&mut sends, &draft, &typed()).await.expect("it is sent");
    let ends = async {
        withdraw_consent(&mut withdraws, consent, &withdrawal).await?;
        withdraws.commit().await
    };
    second(sends, ends).await.expect("it is withdrawn");
    assert_eq!(w.count("packets p join keys k on k.owner = p.id where k.destroyed_at is null or p.closed_at is null").await, 0);
    assert_eq!(w.count("referrals where sharing <> 'deletion_asked'").await, 0);
}

#[tokio::test]
async fn s04_what_is_sent_after_consent_was_withdrawn_never_goes() {
    let w = World::new().await;
    scene(&w, 1, "amina", COVERED).await;
    let id = drafted(&w, &w.amina).await.trim_start_matches("/referrals/").parse().expect("a referral");
    let consent: ConsentId = w.value("select id::text from consents").await.parse().expect("a consent");
    let (mut sends, mut withdraws) = (as_user(&w, "amina").await, as_user(&w, "bruno").await);
    let draft = referrals::store::find(&mut sends, id).await.expect("the draft");
    let row = consent::store::find(&mut withdraws, consent).await.expect("the consent");
    let ending = consent::store::Ending { how: "in_person", ends_service: false };
    let now = withdraws.now();
    consent::store::withdraw(&mut withdraws, &row, now, ending).await.expect("it is withdrawn");
    let late = second(withdraws, send::submit(&mut sends, &draft, &typed())).await;
    assert!(matches!(late, Err(Error::Invalid(_))), "{late:?}");
}

#[tokio::test]
async fn s01_a_job_alone_calls_nothing_back_that_nobody_found_unjustified() {
    let w = World::new().await;
    sent(&w).await;
    let consent = w.value("select id::text from consents").await;
    w.sql(&format!(
        "insert into jobs (id, kind, org, body) values (gen_random_uuid(), 'consent.unjustified', 1, '{{\"consent\": \"{consent}\"}}')"
    ))
    .await;
    w.work_off().await;
    assert_eq!(w.count("referrals where sharing = 'open'").await, 1);
    assert_eq!(w.count("jobs where kind = 'consent.unjustified' and done_at is not null").await, 1);
}

#[tokio::test]
async fn a_code_that_somebody_has_is_drawn_again_and_nobody_is_told() {
    let w = World::new().await;
    let (first, code) = (w.person(&w.amina, "Dana Aziz", &[]).await, throughcare::platform::ids::code('C'));
    let case = w.case(&w.amina, PROTECTION, first, &[]).await;
    w.household(first).await;
    // The next code that is drawn for each of them is one that is taken already.
    w.sql(&format!(
        "update cases set code = '{code}';
         create sequence drawn; grant usage on sequence drawn to throughcare_web;
         create function collide() returns trigger language plpgsql as $$ begin
           if nextval('drawn') % 2 = 1 then new.code := tg_argv[0]; end if; return new; end $$;
         create trigger collide before insert on cases for each row execute function collide('{code}')"
    ))
    .await;
    for (table, id) in [("persons", first.to_string()), ("households", String::new())] {
        let code = w.value(&format!("select code from {table} where '{id}' in ('', id::text)")).await;
        w.sql(&format!("create trigger collide before insert on {table} for each row execute function collide('{code}')")).await;
    }
    let second = w.person(&w.amina, "Omar Said", &[]).await;
    w.amina.get(format!("/people/{second}")).await.shows("Omar Said");
    let made =
        w.amina.post("/households/new", [("head", second.to_string()), ("joined_on", "2026-01-15".to_owned())]).await.redirects();
    w.amina.get(&made).await.shows("Omar Said");
    let opened = w.case(&w.amina, PROTECTION, second, &[]).await;
    assert_ne!(opened, case);
    w.amina.get(&opened).await.is(200);
}

#[tokio::test]
async fn whether_a_referrals_code_is_taken_does_not_depend_on_who_draws_it() {
    let w = World::new().await;
    let sent = w.sent(PROTECTION).await;
    for (login, code, taken) in [("odd", sent.code.as_str(), true), ("odd", "R-2222-2222", false)] {
        let mut work = as_user(&w, login).await;
        let (is,): (bool,) =
            sqlx::query_as("select access.referral_code_taken($1)").bind(code).fetch_one(work.db()).await.expect("it answers");
        assert_eq!(is, taken);
    }
}

#[tokio::test]
async fn what_was_done_a_month_ago_leaves_the_jobs_and_what_was_given_up_stays() {
    let w = World::new().await;
    w.sql(
        "insert into jobs (id, kind, done_at, given_up_at) values
           (gen_random_uuid(), 'notify', now() - interval '40 days', null), (gen_random_uuid(), 'notify', now(), null),
           (gen_random_uuid(), 'notify', null, now() - interval '40 days')",
    )
    .await;
    throughcare::worker::upkeep::forget(&w.ground).await.expect("it forgets");
    assert_eq!(w.count("jobs").await, 2);
    assert_eq!(w.count("jobs where done_at < now() - interval '31 days'").await, 0);
}
