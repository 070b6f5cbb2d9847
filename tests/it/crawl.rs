//! Somebody follows the links they are offered through the demonstration: each leads somewhere, and none leads to what they may not know of.
use std::collections::{BTreeMap, BTreeSet, VecDeque};

use sqlx::AssertSqlSafe;

use super::demo::Demo;
use crate::support::browser::Browser;

/// Pages of one shape (the same path but for ids, the same questions) that are opened; the rest are alike.
const OF_A_SHAPE: usize = 2;
/// So many pages each: enough to come to most shapes, little enough to be waited for.
const MOST: usize = 60;
/// A worker who is barred from a case, a supervisor, a provider, an administrator.
const WHO: [&str; 4] = ["basma", "bruno", "chen", "ada"];
/// Files hold no links, and are made slowly.
const FILES: [&str; 3] = ["/file", "/pdf", "/bundle"];

// The addresses that a page offers, as a browser would read them.
fn links(body: &str) -> Vec<String> {
    let found = body.split("href=\"/").skip(1).filter_map(|rest| rest.split('"').next());
    found
        .map(|link| format!("/{}", link.replace("&amp;", "&").replace("&#38;", "&")))
        .map(|link| link.split('#').next().unwrap_or_default().to_owned())
        .filter(|link| !link.starts_with("/assets/") && !link.is_empty() && !FILES.iter().any(|file| link.ends_with(file)))
        .collect()
}

fn shape(link: &str) -> String {
    let (path, query) = link.split_once('?').unwrap_or((link, ""));
    let word = |word: &str| {
        if word.parse::<uuid::Uuid>().is_ok() || word.parse::<i64>().is_ok() { "{}".to_owned() } else { word.to_owned() }
    };
    let path: Vec<String> = path.split('/').map(word).collect();
    let asked: Vec<&str> = query.split('&').filter_map(|pair| pair.split('=').next()).collect();
    format!("{}?{}", path.join("/"), asked.join("&"))
}

/// Every page that somebody reaches from their first one, by its address; `broken` gathers the offers that lead nowhere.
async fn reached(by: &Browser, broken: &mut Vec<String>) -> BTreeMap<String, String> {
    let (mut waiting, mut pages) = (VecDeque::from(["/".to_owned()]), BTreeMap::new());
    let (mut known, mut shapes) = (BTreeSet::from(["/".to_owned()]), BTreeMap::<String, usize>::new());
    while let Some(link) = waiting.pop_front() {
        if pages.len() >= MOST {
            break;
        }
        let seen = by.get(&link).await;
        if !seen.status.is_success() && !seen.status.is_redirection() {
            broken.push(format!("{link} answers {}", seen.status));
        }
        for next in links(&seen.body).into_iter().chain(seen.location.clone()) {
            let of_shape = shapes.entry(shape(&next)).or_default();
            if *of_shape < OF_A_SHAPE && known.insert(next.clone()) {
                *of_shape += 1;
                waiting.push_back(next);
            }
        }
        pages.insert(link, seen.body);
    }
    pages
}

async fn list(demo: &Demo, sql: &str) -> Vec<String> {
    let mut work = demo.operate().await;
    let found: Vec<String> = sqlx::query_scalar(AssertSqlSafe(sql.to_owned())).fetch_all(work.db()).await.expect("the rows");
    assert!(!found.is_empty(), "the demonstration holds none: {sql}");
    found
}

const RESTRICTED: &str = "(select c.* from cases c join case_types t on t.id = c.case_type where t.sensitivity = 'restricted')";

// Ids, codes and names that give a restricted case away. Whoever has another case besides is known by that one.
async fn restricted(demo: &Demo) -> Vec<String> {
    let only = format!(
        "(select p.* from persons p where id in (select person_id from {RESTRICTED} r) and not exists
        (select from case_people cp join cases c on c.id = cp.case_id join case_types t on t.id = c.case_type
         where cp.person_id = p.id and t.sensitivity <> 'restricted'))"
    );
    let sql = format!(
        "select id::text from {RESTRICTED} r union select code from {RESTRICTED} r
         union select id::text from {only} p union select code from {only} p
         union select f.id::text from referrals f where case_id in (select id from {RESTRICTED} r)
         union select f.code from referrals f where case_id in (select id from {RESTRICTED} r)"
    );
    list(demo, &sql).await
}

async fn barred(demo: &Demo, login: &str) -> Vec<String> {
    let cases = format!("(select b.case_id from bars b join users u on u.id = b.user_id where u.login = '{login}')");
    list(demo, &format!("select id::text from cases where id in {cases} union select code from cases where id in {cases}")).await
}

#[track_caller]
fn lack(who: &str, pages: &BTreeMap<String, String>, secrets: &[String]) {
    for (path, body) in pages {
        let told = secrets.iter().find(|secret| body.contains(secret.as_str()));
        assert!(told.is_none(), "{path} tells {who} of {}", told.expect("it told"));
    }
}

#[tokio::test]
async fn s11_nobody_comes_upon_the_demonstrations_secrets_and_no_link_leads_nowhere() {
    let demo = Demo::loaded().await;
    let app = throughcare::cli::serve::service(demo.ground.clone());
    let hidden = restricted(&demo).await;
    let shelter = list(
        &demo,
        "select id::text from services where visibility = 'named' union select name from services where visibility = 'named'",
    )
    .await;
    let mut broken = Vec::new();
    for login in WHO {
        let before = broken.len();
        let pages = reached(&Browser::signed_in(&demo.ground, &app, login).await, &mut broken).await;
        broken[before..].iter_mut().for_each(|link| link.insert_str(0, &format!("{login}: ")));
        assert!(pages.len() > 10, "{login} reaches {} pages", pages.len());
        // None of them works with survivors, or is named by the shelter's entry.
        lack(login, &pages, &hidden);
        lack(login, &pages, &shelter);
        if login == "basma" {
            lack(login, &pages, &barred(&demo, login).await);
        }
    }
    assert!(broken.is_empty(), "offered, and leads nowhere:\n{}", broken.join("\n"));
}
