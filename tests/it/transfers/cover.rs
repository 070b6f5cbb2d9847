//! Cover: a caseload in somebody else’s hands for a while.
use crate::support::World;
use crate::support::case_work::GBV;
use crate::support::world::{FIELD, user};

#[tokio::test]
async fn a_covered_caseload_comes_back_by_itself() {
    let w = World::new().await;
    w.newcomer("karim", "Karim Saleh", 1, FIELD, "case_worker").await;
    let karim = w.browser("karim").await;
    let case = w.assistance("Dana Aziz").await;
    w.amina.post(format!("{case}/tasks"), [("title", "Call the school"), ("due_at", &w.in_days(60))]).await.redirects();
    let today = w.ground.clock.now().date_naive();
    let (from, until) = (today.to_string(), (today + chrono::TimeDelta::days(3)).to_string());
    let (worker, colleague) = (user("amina").to_string(), user("karim").to_string());
    let cover = [("worker", worker.as_str()), ("colleague", colleague.as_str()), ("from_on", &from), ("until_on", &until)];
    w.amina.post("/covers", cover).await.is(403);
    w.bruno.post("/covers", cover).await.redirects();
    w.bruno.post("/covers", cover).await.is(422).shows("in these days already");
    karim.get(&case).await.shows("Kept for Amina Haddad").shows("Call the school");
    karim.get("/").await.shows("Call the school");
    w.amina.get("/covers").await.shows("Karim Saleh").shows("Running");
    w.work_off().await;
    // Both are told of the whole cover, once, and of no case by itself.
    let told = karim.get("/notifications").await;
    told.shows("You stand in for a colleague until").shows("1 case").lacks("A case was assigned to you");
    told.link("/covers");
    w.amina.get("/notifications").await.shows("A colleague stands in for you until");
    // What arrives for her meanwhile is kept too.
    let second = w.assistance("Sami Noor").await;
    w.after(chrono::TimeDelta::hours(1)).await;
    karim.get(&second).await.is(200);
    w.after(chrono::TimeDelta::days(4)).await;
    w.amina.get(&case).await.is(200);
    w.amina.get("/").await.shows("Call the school");
    karim.get(&case).await.is(404);
    karim.get(&second).await.is(404);
    w.work_off().await;
    karim.get("/notifications").await.shows("You no longer stand in for a colleague: 2 cases went back");
    w.amina.get("/notifications").await.shows("2 cases are yours again").lacks("A case was assigned to you");
    w.bruno.get("/covers").await.shows("Ended");
}

#[tokio::test]
async fn a_cover_comes_back_when_the_colleague_leaves() {
    let w = World::new().await;
    w.newcomer("karim", "Karim Saleh", 1, FIELD, "case_worker").await;
    let case = w.assistance("Dana Aziz").await;
    let today = w.ground.clock.now().date_naive();
    let (from, until) = (today.to_string(), (today + chrono::TimeDelta::days(30)).to_string());
    let (worker, colleague) = (user("amina").to_string(), user("karim").to_string());
    w.bruno
        .post("/covers", [("worker", worker.as_str()), ("colleague", &colleague), ("from_on", &from), ("until_on", &until)])
        .await
        .redirects();
    w.amina.get(&case).await.is(404);
    w.ada
        .post(format!("/admin/users/{colleague}/deactivation"), [("colleague", user("bruno").to_string().as_str())])
        .await
        .redirects();
    w.amina.get(&case).await.is(200);
    w.bruno.get("/covers").await.shows("Ended");
}

#[tokio::test]
async fn s09_a_cover_takes_restricted_cases_only_from_their_named_supervisor() {
    let w = World::new().await;
    let gita = w.gita().await;
    w.newcomer("huda", "Huda Noor", 1, FIELD, "gbv_case_worker").await;
    let huda = w.browser("huda").await;
    let named = user("gita").to_string();
    let case = w.case(&w.salma, GBV, w.known_person("Dana Aziz").await, &[("supervisor", &named)]).await;
    let today = w.ground.clock.now().date_naive();
    let (from, until) = (today.to_string(), (today + chrono::TimeDelta::days(3)).to_string());
    let (worker, colleague) = (user("salma").to_string(), user("huda").to_string());
    let cover = [("worker", worker.as_str()), ("colleague", colleague.as_str()), ("from_on", &from), ("until_on", &until)];
    w.bruno.post("/covers", cover).await.redirects();
    huda.get(&case).await.is(404);
    w.salma.get(&case).await.is(200);
    w.bruno.get("/covers").await.shows("Huda Noor");
    gita.post("/covers", cover).await.redirects();
    huda.get(&case).await.is(200);
    w.bruno.get(&case).await.is(404);
}
