//! One record of every kind that a route names, all Harbour's, and two people who hold every role: one at Harbour, one at the stranger.
use uuid::Uuid;

use super::World;
use super::browser::Browser;
use super::sent::ASSISTANCE;
use super::world::{CLINIC, ELSEWHERE, FIELD, HARBOUR, user};

/// What belongs to a route's parameter: the first word of the path, the word before the parameter, the id of Harbour's record.
pub struct Estate {
    records: Vec<(&'static str, &'static str, String)>,
}

/// Changes of a case that share one route.
const TOPICS: &[&str] = &[
    "notes", "move-note", "stage", "pause", "risk", "assignment", "type", "closure", "reopening", "people", "limits", "tasks",
];

/// An id that no record has, of the shape that this one has.
fn absent(id: &str) -> String {
    if id.parse::<i32>().is_ok() { "7999999".to_owned() } else { Uuid::from_u128(7).to_string() }
}

impl Estate {
    /// The route's path for Harbour's records, and beside it the same path for records that do not exist. A route with a parameter that
    /// nothing belongs to fails the test: say here what does.
    pub fn paths(&self, route: &str) -> Vec<(String, String)> {
        let words: Vec<&str> = route.trim_start_matches("/api/v1").split('/').skip(1).collect();
        let room = words.first().copied().unwrap_or_default();
        let mut paths = vec![(String::new(), String::new())];
        for (at, word) in words.iter().enumerate() {
            let choices: Vec<(String, String)> = match *word {
                "{topic}" => TOPICS.iter().map(|topic| ((*topic).to_owned(), (*topic).to_owned())).collect(),
                word if word.starts_with('{') => {
                    let before = words[at - 1];
                    let known = self.records.iter().find(|(of, after, _)| *of == room && *after == before);
                    let (_, _, id) = known.unwrap_or_else(|| panic!("say which record {word} of {route} is"));
                    vec![(id.clone(), absent(id))]
                }
                word => vec![(word.to_owned(), word.to_owned())],
            };
            paths = paths
                .iter()
                .flat_map(|(there, nowhere)| choices.iter().map(move |(a, b)| (format!("{there}/{a}"), format!("{nowhere}/{b}"))))
                .collect();
        }
        let root = if route.starts_with("/api/v1") { "/api/v1" } else { "" };
        paths.into_iter().map(|(there, nowhere)| (format!("{root}{there}"), format!("{root}{nowhere}"))).collect()
    }
}

impl World {
    /// Somebody who holds every role of the pack in this unit, and answers for it as focal point.
    pub async fn with_every_role(&self, login: &str, unit: i32) -> Browser {
        let id = self.member(login, unit, "case_worker").await;
        self.sql(&format!(
            "insert into memberships (id, user_id, unit, org, role)
               select gen_random_uuid(), '{id}', {unit}, 0, r.id from roles r where r.org is null and r.code <> 'case_worker';
             insert into focal_points (unit, user_id) values ({unit}, '{id}')"
        ))
        .await;
        self.browser(login).await
    }

    /// Harbour's records, one of every kind, all seen by whoever holds every role at Harbour's head office.
    pub async fn estate(&self) -> Estate {
        let sent = self.sent(ASSISTANCE).await;
        let boss = user("boss");
        let household = self.household(sent.person).await;
        let ids: Vec<Uuid> = (0..13).map(|_| Uuid::now_v7()).collect();
        let [contact, paper, member, document, task, consent, agreement, service, notification, token, grant, membership, _] = ids[..]
        else {
            unreachable!("thirteen were made")
        };
        let (case, person, referral, amina) = (sent.case, sent.person, sent.id, user("amina"));
        self.sql(&format!(
            "update cases set case_manager = '{boss}', supervisor = '{boss}', household_id = '{household}' where id = '{case}';
             insert into person_contacts (id, person_id, channel, value, value_key) values ('{contact}', '{person}', 'phone', '555 0199', '5550199');
             insert into person_documents (id, person_id, kind, number, number_key) values ('{paper}', '{person}', 'passport', 'N77', 'n77');
             update household_members set id = '{member}' where household_id = '{household}';
             insert into documents (id, case_id, kind, title, media_type, size_bytes, file, added_by, added_by_name)
               values ('{document}', '{case}', 'letter', '', 'application/pdf', 3, 'nowhere', '{amina}', 'Amina Haddad');
             insert into tasks (id, kind, case_id, org, unit, assignee, title, due_at) values ('{task}', 'other', '{case}', 0, 0, '{boss}', 'Call', now());
             insert into consents (id, case_id, person_id, basis, kind, purpose, to_orgs, sections, given_on, recorded_by, recorded_by_name)
               values ('{consent}', '{case}', '{person}', 'consent', 'consent', 'to refer', '{{{CLINIC}}}', '{{need}}', current_date, '{amina}', 'Amina');
             insert into agreements (id, from_org, to_org, kind, starts_on) values ('{agreement}', {HARBOUR}, {CLINIC}, 'flagged', current_date);
             insert into services (id, org, unit, name, needs, visibility) values ('{service}', {HARBOUR}, {FIELD}, 'Shelter', '{{shelter}}', 'named');
             insert into service_viewers (service_id, user_id) values ('{service}', '{boss}');
             insert into notifications (id, user_id, org, kind, referral_id) values ('{notification}', '{boss}', {HARBOUR}, 'referral_accepted', '{referral}');
             insert into api_tokens (id, token_hash, user_id, org, name, expires_at) values ('{token}', '\\x07', '{boss}', {HARBOUR}, 'Mine', now() + interval '1 day');
             insert into grants (id, case_id, user_id, basis, until, org) values ('{grant}', '{case}', '{amina}', 'break_glass', now() + interval '1 day', {HARBOUR});
             insert into roles (id, org, code, labels, acts, reach) values (9001, {HARBOUR}, 'helper', '{{\"en\": \"Helper\"}}', '{{}}', 'own');
             insert into memberships (id, user_id, unit, org, role) values ('{membership}', '{amina}', {FIELD}, {HARBOUR}, 9001)"
        ))
        .await;
        let mut work = self.operate().await;
        let key = work.new_key(case, Some(case)).await.expect("a key");
        let title = key.seal("documents.title", b"Letter");
        sqlx::query("update documents set title = $1").bind(title).execute(work.db()).await.expect("a title");
        work.commit().await.expect("it commits");
        let record = |room, before, id: Uuid| (room, before, id.to_string());
        Estate {
            records: vec![
                record("cases", "cases", case),
                record("cases", "documents", document),
                record("people", "people", person),
                record("people", "contacts", contact),
                record("people", "documents", paper),
                record("households", "households", household),
                record("households", "members", member),
                record("consents", "consents", consent),
                record("referrals", "referrals", referral),
                record("tasks", "tasks", task),
                record("services", "services", service),
                record("hsds", "services", service),
                record("agreements", "agreements", agreement),
                record("notifications", "notifications", notification),
                record("break-glass", "break-glass", grant),
                record("account", "tokens", token),
                record("admin", "memberships", membership),
                record("admin", "users", amina.0),
                ("admin", "roles", "9001".to_owned()),
                ("admin", "units", FIELD.to_string()),
            ],
        }
    }

    /// The stranger: holds every role, elsewhere.
    pub async fn stranger(&self) -> Browser {
        self.with_every_role("olaf", ELSEWHERE).await
    }
}
