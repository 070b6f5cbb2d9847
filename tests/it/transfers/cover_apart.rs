//! Covers that meet: nobody stands in who is away, and each case goes back to whoever owned it.
use chrono::TimeDelta;

use crate::support::World;
use crate::support::browser::Seen;
use crate::support::case_work::ASSISTANCE;
use crate::support::world::{COAST, FIELD, user};

impl World {
    // Bruno has somebody stand in, from one day to another, counted from today.
    async fn stands_in(&self, worker: &str, colleague: &str, (from, until): (i64, i64)) -> Seen {
        let day = |count: i64| (self.ground.clock.now().date_naive() + TimeDelta::days(count)).to_string();
        let (worker, colleague) = (user(worker).to_string(), user(colleague).to_string());
        let fields = [("worker", worker), ("colleague", colleague), ("from_on", day(from)), ("until_on", day(until))];
        self.bruno.post("/covers", fields.iter().map(|(name, value)| (*name, value.as_str()))).await
    }
}

const AWAY: &str = "This colleague is away on some of these days";

#[tokio::test]
async fn nobody_stands_in_who_is_away_themselves() {
    let w = World::new().await;
    w.newcomer("karim", "Karim Saleh", 1, FIELD, "case_worker").await;
    w.newcomer("huda", "Huda Noor", 1, FIELD, "case_worker").await;
    let case = w.assistance("Dana Aziz").await;
    w.stands_in("amina", "karim", (0, 3)).await.redirects();
    w.stands_in("karim", "amina", (0, 3)).await.is(422).shows(AWAY);
    w.stands_in("karim", "amina", (3, 9)).await.is(422).shows(AWAY);
    w.stands_in("huda", "amina", (1, 1)).await.is(422).shows(AWAY);
    // After her return she may stand in, and until then everything stays with Karim.
    w.stands_in("karim", "amina", (4, 6)).await.redirects();
    w.after(TimeDelta::days(1)).await;
    w.amina.get(&case).await.is(404);
    w.after(TimeDelta::days(3)).await;
    w.amina.get(&case).await.is(200);
    w.after(TimeDelta::days(4)).await;
    w.amina.get(&case).await.is(200);
}

#[tokio::test]
async fn of_two_covers_at_once_that_point_at_each_other_one_is_refused() {
    let w = World::new().await;
    w.newcomer("karim", "Karim Saleh", 1, FIELD, "case_worker").await;
    let (one, other) = tokio::join!(w.stands_in("amina", "karim", (0, 3)), w.stands_in("karim", "amina", (0, 3)));
    let mut answers = [one.status.as_u16(), other.status.as_u16()];
    answers.sort_unstable();
    assert_eq!(answers, [303, 422]);
    assert_eq!(w.count("covers").await, 1);
}

#[tokio::test]
async fn a_later_cover_leaves_what_its_worker_keeps_for_somebody_else() {
    let w = World::new().await;
    let karim = w.newcomer("karim", "Karim Saleh", 1, FIELD, "case_worker").await;
    let huda = w.newcomer("huda", "Huda Noor", 1, FIELD, "case_worker").await;
    let hers = w.assistance("Dana Aziz").await;
    let person = w.known_person("Sami Noor").await;
    let household = w.household(person).await.to_string();
    let his = w.case(&karim, ASSISTANCE, person, &[("household", &household), ("whole_household", "true")]).await;
    w.stands_in("amina", "karim", (0, 3)).await.redirects();
    // Karim falls ill while he stands in.
    w.stands_in("karim", "huda", (0, 5)).await.redirects();
    huda.get(&his).await.shows("Kept for Karim Saleh");
    huda.get(&hers).await.is(404);
    karim.get(&hers).await.shows("Kept for Amina Haddad");
    w.bruno.get("/covers").await.shows("It is kept for somebody else").shows(&w.case_code(&hers).await);
    w.after(TimeDelta::days(4)).await;
    w.amina.get(&hers).await.is(200);
    w.amina.get(&his).await.is(404);
    w.after(TimeDelta::days(2)).await;
    karim.get(&his).await.is(200);
    karim.get(&hers).await.is(404);
    w.amina.get(&hers).await.is(200);
}

#[tokio::test]
async fn a_cover_for_good_names_no_last_day_and_asks_once() {
    let w = World::new().await;
    let karim = w.newcomer("karim", "Karim Saleh", 1, FIELD, "case_worker").await;
    let case = w.assistance("Dana Aziz").await;
    let today = w.ground.clock.now().date_naive().to_string();
    let (worker, colleague) = (user("amina").to_string(), user("karim").to_string());
    let fields = [("worker", worker.as_str()), ("colleague", &colleague), ("from_on", &today)];
    let both = fields.into_iter().chain([("until_on", today.as_str()), ("for_good", "true")]);
    w.bruno.post("/covers", both).await.is(422).shows("Either a last day or for good");
    w.amina.get(&case).await.is(200);
    // What nobody can take back stands behind its own button, which says what happens; the other one asks for the last day.
    w.bruno.get("/covers").await.shows("do not come back by themselves").shows("Give everything for good");
    w.bruno.post("/covers", fields).await.is(422);
    w.bruno.post("/covers", fields.into_iter().chain([("for_good", "true")])).await.redirects();
    karim.get(&case).await.is(200);
}

#[tokio::test]
async fn of_those_who_are_away_only_who_can_be_covered_is_offered() {
    let w = World::new().await;
    w.newcomer("karim", "Karim Saleh", 1, FIELD, "case_worker").await;
    w.newcomer("huda", "Huda Noor", 1, COAST, "case_worker").await;
    w.stands_in("amina", "karim", (0, 3)).await.redirects();
    let page = w.bruno.get("/covers").await;
    let select = page.body.split("name=\"worker\"").nth(1).and_then(|rest| rest.split("</select>").next()).expect("a choice");
    // Huda works where Bruno does not supervise; Amina may be away again later.
    assert!(select.contains("Karim Saleh") && !select.contains("Huda Noor") && select.contains("Amina Haddad"), "{select}");
    w.stands_in("amina", "karim", (3, 5)).await.is(422).shows("in these days already");
    w.stands_in("amina", "karim", (4, 5)).await.redirects();
}
