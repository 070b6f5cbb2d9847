//! One record of every kind that a route names, all Harbour's, and two people who hold every role: one at Harbour, one at the stranger.
mod desk;

use throughcare::platform::db::Work;
use throughcare::platform::ids::{ReferralId, code};
use uuid::Uuid;

use super::World;
use super::browser::Browser;
use super::sent::{ASSISTANCE, Sent};
use super::world::{CLINIC, ELSEWHERE, FIELD, HARBOUR, RECEPTION, user};

/// What belongs to a route's parameter: the first word of the path, the word before the parameter, the id of Harbour's record.
pub struct Estate {
    records: Vec<(&'static str, &'static str, String)>,
}

/// Changes of a case that share one route.
const TOPICS: &[&str] = &[
    "notes",
    "move-note",
    "stage",
    "pause",
    "risk",
    "intensity",
    "assignment",
    "type",
    "reopening",
    "people",
    "limits",
    "tasks",
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
        let listed = ["achievements", "placements", "exemptions"].into_iter().find(|room| words.contains(room));
        let room = match listed {
            Some("exemptions") => "placements",
            Some(room) => room,
            None => words.first().copied().unwrap_or_default(),
        };
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
        let which = if words.last() == Some(&"line") { "?line=assistive_products" } else { "" };
        paths.into_iter().map(|(there, nowhere)| (format!("{root}{there}{which}"), format!("{root}{nowhere}{which}"))).collect()
    }
}

// Writes sealed words into every row.
async fn put(work: &mut Work, place: &str, words: Vec<u8>) {
    let sql = format!("update {place} = $1");
    sqlx::query(sqlx::AssertSqlSafe(sql)).bind(words).execute(work.db()).await.expect("words");
}

type Row = (&'static str, &'static str, String);

fn row(room: &'static str, before: &'static str, sql: String) -> Row {
    (room, before, sql)
}

// What hangs on a case alone, and how it is made under a `new_id`.
fn rows_of_a_case(case: Uuid) -> Vec<Row> {
    let amina = user("amina");
    vec![
        row("cases", "documents", format!(
            "insert into documents (id, case_id, kind, title, media_type, size_bytes, file, added_by, added_by_name)
             values (new_id, '{case}', 'letter', '', 'application/pdf', 8, 'nowhere', '{amina}', 'Amina Haddad')")),
        row("cases", "file", format!(
            "insert into case_files (id, case_id, person_id, lang, reason, state, asked_by, asked_by_name, asked_at, expires_at)
             select new_id, id, person_id, 'en', '', 'made', '{amina}', 'Amina Haddad', now(), now() + interval '7 days' from cases where id = '{case}'")),
        row("cases", "records", format!(
            "insert into case_records (id, case_id, root, kind, happened_at, author, author_name)
             values (new_id, '{case}', new_id, 'assessment', now(), '{amina}', 'Amina Haddad')")),
        row("cases", "assessments", format!(
            "insert into assessments (id, case_id, pack, pack_version, tool, panel, round, author, author_name, writers)
             values (new_id, '{case}', 'protection', 1, 'household_screening', 'assessment', 1, '{amina}', 'Amina Haddad', '{{{amina}}}')")),
        row("cases", "meetings", format!(
            "insert into meetings (id, case_id, kind, starts_at, ends_at, holder, words, author, author_name)
             values (new_id, '{case}', 'conference', now(), now() + interval '1 hour', '{amina}', '', '{amina}', 'Amina Haddad')")),
        row("cases", "parties", format!(
            "insert into conference_parties (id, meeting_id, case_id, to_org, who, author, author_name)
             select new_id, id, case_id, {CLINIC}, '', '{amina}', 'Amina Haddad' from meetings where case_id = '{case}'")),
        row("conferences", "conferences", format!(
            "insert into conference_packets (id, party_id, case_id, from_org, to_org, code, pack, pack_version, held_at, body, author)
             select new_id, id, case_id, org, to_org, 'C-CONF', 'protection', 1, now(), '', '{amina}' from conference_parties where case_id = '{case}'")),
        row("cases", "plans", format!(
            "insert into plans (id, case_id, nth, author, author_name, writers) values (new_id, '{case}', 1, '{amina}', 'Amina Haddad', '{{{amina}}}')")),
        row("cases", "notes", format!(
            "insert into case_notes (id, case_id, kind, happened_at, author, author_name) values (new_id, '{case}', 'note', now(), '{amina}', 'Amina Haddad')")),
        row("cases", "closings", format!(
            "insert into closure_requests (id, case_id, reason, sealed, author, author_name) values (new_id, '{case}', 'needs_met', '', '{amina}', 'Amina Haddad')")),
        row("cases", "closures", format!(
            "insert into case_closures (id, case_id, reason, discussed, reviewed, letter, author, author_name)
             values (new_id, '{case}', 'needs_met', true, true, true, '{amina}', 'Amina Haddad')")),
        row("task-series", "task-series", format!(
            "insert into task_series (id, case_id, title, every, step, first_due_at, next_due_at, times, author, author_name)
             values (new_id, '{case}', 'Call', 1, 'weeks', now(), now() + interval '1 week', 4, '{amina}', 'Amina Haddad')")),
        row("cases", "lines", format!(
            "insert into plan_lines (id, plan_id, case_id, kind, words, author)
             select new_id, id, case_id, 'goal', '', '{amina}' from plans where case_id = '{case}'")),
    ]
}

// What hangs on a person alone, and what is asked of another organisation about them, and by one.
fn rows_of_a_person(person: Uuid) -> Vec<Row> {
    let amina = user("amina");
    vec![
        row("people", "contacts", format!("insert into person_contacts (id, person_id, channel, value, value_key) values (new_id, '{person}', 'phone', '555 0199', '5550199')")),
        row("people", "documents", format!("insert into person_documents (id, person_id, kind, number, number_key) values (new_id, '{person}', 'passport', 'N77', 'n77')")),
        row("people", "corrections", format!("insert into person_corrections (id, person_id, field, value, reason, author, author_name) values (new_id, '{person}', 'name', 'Dana', 'Seen', '{amina}', 'Amina')")),
        row("people", "same", format!("insert into persons (id, code, org, unit, name) values (new_id, 'P-SAME', {HARBOUR}, {FIELD}, 'Dana')")),
        row("people", "joins", format!(
            "insert into person_joins (id, org, stays, goes, goes_code, stays_version, goes_version, proposed_by, proposed_by_name, proposed_at)
               select new_id, org, '{person}', id, code, 1, 1, '{amina}', 'Amina', now() from persons where code = 'P-SAME';
             insert into person_pairs_apart (one, other, author, author_name, recorded_at)
               select least(id, '{person}'::uuid), greatest(id, '{person}'::uuid), '{amina}', 'Amina', now() from persons where code = 'P-SAME'")),
        row("people", "elsewhere", format!(
            "insert into person_questions (id, question, side, org, person_id, other_org, state, author, author_name, asked_at, due_at)
             values (new_id, gen_random_uuid(), 'asks', {HARBOUR}, '{person}', {CLINIC}, 'same', '{amina}', 'Amina', now(), now())")),
        row("questions", "questions", format!(
            "insert into person_questions (id, question, side, org, person_id, other_org, shown, asked_at, due_at)
             values (new_id, gen_random_uuid(), 'asked', {HARBOUR}, '{person}', {CLINIC}, '{{\"name\": \"Dana\"}}', now(), now() + interval '7 days')")),
    ]
}

// What hangs on a case, a person, an organisation or a user: whose route names it, and how it is made under a `new_id`.
fn rows(sent: &Sent, household: Uuid) -> Vec<Row> {
    let (case, person, referral, amina, boss) = (sent.case, sent.person, sent.id, user("amina"), user("boss"));
    let message = "insert into messages (id, org, kind, lang, lane, posted_at, due_at) values (new_id, 1, 'letter', 'en', '', now(), now())";
    let mut all = rows_of_a_person(person);
    all.extend([
        row("households", "members", format!("update household_members set id = new_id where household_id = '{household}'")),
        row("people", "records", format!(
            "insert into person_records (id, person_id, org, unit, root, pack, pack_version, kind, case_types, happened_at, author, author_name)
             values (new_id, '{person}', 0, {FIELD}, new_id, 'protection', 1, 'counselling', '{{1,2,3}}', now(), '{amina}', 'Amina Haddad')")),
        row("tasks", "tasks", format!("insert into tasks (id, kind, case_id, org, unit, assignee, title, due_at) values (new_id, 'own', '{case}', 0, 0, '{boss}', 'Call', now())")),
        row("consents", "consents", format!(
            "insert into consents (id, case_id, person_id, basis, kind, purpose, to_orgs, sections, given_on, recorded_by, recorded_by_name)
             values (new_id, '{case}', '{person}', 'consent', 'consent', 'to refer', '{{{CLINIC}}}', '{{need}}', current_date, '{amina}', 'Amina')")),
        row(
            "protection",
            "bases",
            format!(
                "insert into consents (id, case_id, person_id, basis, kind, purpose, to_orgs, sections, given_on, reason, told, recorded_by, recorded_by_name)
                 values (new_id, '{case}', '{person}', 'vital_interest', 'none', '', '{{{CLINIC}}}', '{{need}}', current_date, 'life_at_risk', true, '{amina}', 'Amina')"
            ),
        ),
        row("referrals", "attachments", format!(
            "insert into referral_attachments (id, referral_id, source, source_id, title, media_type, size_bytes, file)
             values (new_id, '{referral}', 'note', gen_random_uuid(), '', 'text/plain', 4, 'beside')")),
        row("team", "sessions", format!(
            "insert into supervision_sessions (id, org, unit, kind, held_at, supervisor, supervisor_name, workers)
             values (new_id, {HARBOUR}, {FIELD}, 'individual', now(), '{boss}', 'Boss', '{{{amina}}}')")),
        row("agreements", "agreements", format!("insert into agreements (id, from_org, to_org, kind, starts_on) values (new_id, {HARBOUR}, {CLINIC}, 'flagged', current_date)")),
        row("services", "services", format!(
            "insert into services (id, org, unit, name, needs, visibility) values (new_id, {HARBOUR}, {FIELD}, 'Shelter', '{{shelter}}', 'named');
             insert into service_viewers (service_id, user_id) values (new_id, '{boss}')")),
        row("screenings", "screenings", format!(
            "insert into screenings (id, org, unit, case_types, lines, state, total, done, chosen, begun_by_name, begun_at)
             select new_id, {HARBOUR}, {FIELD}, '{{3}}', jsonb_build_array(jsonb_build_object('service', id, 'name', name, 'provider', 'Clinic', 'rule', id,
               'number', 1, 'compiled', null)), 'done', 0, 0, 1, 'Boss', now() from services limit 1")),
        row("notifications", "notifications", format!("insert into notifications (id, user_id, org, kind, referral_id) values (new_id, '{boss}', {HARBOUR}, 'referral_accepted', '{referral}')")),
        row("account", "tokens", format!("insert into api_tokens (id, token_hash, user_id, org, name, expires_at) values (new_id, '\\x07', '{boss}', {HARBOUR}, 'Mine', now() + interval '1 day')")),
        row("messages", "messages", message.to_owned()),
        row("admin", "mail", message.to_owned()),
        row("break-glass", "break-glass", format!("insert into grants (id, case_id, user_id, basis, until, org) values (new_id, '{case}', '{amina}', 'break_glass', now() + interval '1 day', {HARBOUR})")),
        row("contacts", "contacts", format!(
            "insert into organisation_contacts (id, org, keeper, name, email) values (new_id, {HARBOUR}, {HARBOUR}, 'Front desk', 'desk@harbour.example')")),
        row("links", "links", format!(
            "insert into answer_links (id, referral_id, letter, token_hash, code_hash, issued_at, expires_at)
             values (new_id, '{referral}', gen_random_uuid(), '\\x01', '\\x01', now(), now() + interval '1 day')")),
        row("transfers", "transfers", format!(
            "insert into transfers (id, code, mode, state, from_org, from_unit, to_org, to_unit, reason, requested_by, requested_by_name)
               values (new_id, 'T-2222-2222', 'request', 'submitted', 0, {FIELD}, 0, {RECEPTION}, 'other', '{boss}', 'Boss');
             insert into transfer_items (id, transfer_id, case_id, code, from_unit) values (gen_random_uuid(), new_id, '{case}', 'C', {FIELD})")),
        row("covers", "covers", format!(
            "insert into covers (id, org, worker, colleague, from_on, arranged_by) values (new_id, {HARBOUR}, '{amina}', '{boss}', current_date, '{boss}')")),
        row("receipts", "receipts", format!(
            "insert into transfer_receipts (id, transfer_id, case_id, case_code, org, unit, case_type, manager, to_org, moved_at)
               select new_id, t.id, '{case}', new_id::text, {HARBOUR}, {FIELD}, 3, '{boss}', {CLINIC}, now() from transfers t limit 1")),
        row("field", "forms", format!("insert into forms (id, org, code, title) values (new_id, {HARBOUR}, 'visit', 'Visit')")),
        row("field", "editions", "insert into form_editions (id, form_id, number, source, source_name, xform, hash) select new_id, id, 1, '', 'visit.xml', '', repeat('a', 32) from forms where code = 'visit'".to_owned()),
        row("field", "media", "insert into form_media (edition_id, name, media_type, bytes, hash) select e.id, new_id, 'text/csv', '', repeat('a', 32) from form_editions e join forms f on f.id = e.form_id where f.code = 'visit'".to_owned()),
        row("admin", "memberships", format!("insert into memberships (id, user_id, unit, org, role) values (new_id, '{amina}', {FIELD}, {HARBOUR}, 9001)")),
    ]);
    all
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
        let (case, household, amina) = (sent.case, self.household(sent.person).await, user("amina"));
        let mut records = vec![
            ("cases", "cases", case.to_string()),
            ("field", "cases", case.to_string()),
            ("people", "people", sent.person.to_string()),
            ("households", "households", household.to_string()),
            ("referrals", "referrals", sent.id.to_string()),
            // Whose calendar it is opens nothing; only its secret does.
            ("calendar", "feed", amina.to_string()),
            ("texts", "reports", amina.to_string()),
            ("admin", "users", amina.to_string()),
            ("agenda", "hours", amina.to_string()),
            ("admin", "units", FIELD.to_string()),
            ("admin", "roles", "9001".to_owned()),
        ];
        let (case_code, referral_code) = (code('C'), code('R'));
        self.sql(&format!(
            "update referrals set code = '{referral_code}' where id = '{referral}';
             update cases set code = '{case_code}', case_manager = '{boss}', supervisor = '{boss}', household_id = '{household}' where id = '{case}';
             insert into roles (id, org, code, labels, acts, reach) values (9001, {HARBOUR}, 'helper', '{{\"en\": \"Helper\"}}', '{{}}', 'own')",
            referral = sent.id,
            boss = user("boss")
        ))
        .await;
        records.push(("achievements", "cases", self.accompanied(household).await.to_string()));
        records.extend(self.came_by_phone().await.into_iter().chain(self.placed(sent.person).await));
        let all = [rows_of_a_case(case), rows(&sent, household), desk::agenda(user("boss")), desk::forms(user("boss"))];
        for (room, before, sql) in all.into_iter().flatten() {
            let id = Uuid::now_v7();
            self.sql(&sql.replace("new_id", &format!("'{id}'"))).await;
            records.push((room, before, id.to_string()));
        }
        let mut work = self.operate().await;
        let key = work.new_key(case, Some(case)).await.expect("a key");
        let root =
            |room: &str| records.iter().find(|(of, before, _)| *of == room && *before == "records").map(|(.., id)| id.clone());
        put(&mut work, "case_records set body", key.seal("case_records.body", b"{\"account\":\"Seen\"}")).await;
        put(&mut work, "closure_requests set sealed", key.seal("closure_requests.sealed", &closing())).await;
        put(&mut work, "case_files set reason", key.seal("case_files.reason", b"She asks")).await;
        put(&mut work, "case_notes set body", key.seal("case_notes.body", b"Seen")).await;
        put(&mut work, "plan_lines set words", key.seal("plan_lines.words", b"Papers")).await;
        put(&mut work, "meetings set words", key.seal("meetings.words", b"{\"place\":\"Here\"}")).await;
        let kept: Uuid = root("people").and_then(|id| id.parse().ok()).expect("a record of the person");
        let words = work.new_key(kept, None).await.expect("a key").seal("person_records.body", b"{\"account\":\"Said\"}");
        put(&mut work, "person_records set body", words).await;
        std::fs::write(self.ground.files.join("nowhere"), key.seal("documents.file", b"%PDF-1.7")).expect("a file");
        self.answers_as_a_file(&records);
        self.correspondence(&mut work, &sent, &records).await;
        put(&mut work, "documents set title", key.seal("documents.title", b"Letter")).await;
        work.commit().await.expect("it commits");
        let leaf = self.leaf(case).await.to_string();
        records.extend([("cases", "forms", leaf), ("cases", "media", "leaf.png".to_owned())]);
        let service = records.iter().find(|(room, ..)| *room == "services").map(|(.., id)| id.clone());
        records.push(("hsds", "services", service.expect("there is a service")));
        records.extend([("r", "r", self.taken_back(sent.id).await), ("r", "attachments", attached(&records))]);
        let letter = throughcare::letters::letter::id_of(ReferralId(sent.id), 1);
        records.push(("referrals", "letters", letter.to_string()));
        Estate { records }
    }

    // An export that was made lies sealed beside the database.
    fn answers_as_a_file(&self, records: &[(&'static str, &'static str, String)]) {
        let export = records.iter().find(|(_, before, _)| *before == "exports").map(|(.., id)| id.clone()).expect("an export");
        let key = self.ground.keyring.own_key("form export", export.parse().expect("an id"));
        std::fs::create_dir_all(self.ground.files.join("form_exports")).expect("a folder");
        let sealed = key.seal("form_exports.file", b"key\n");
        std::fs::write(self.ground.files.join(format!("form_exports/{export}.sealed")), sealed).expect("a file");
    }

    // A link that was taken back answers as one that never was.
    async fn taken_back(&self, referral: Uuid) -> String {
        let token = throughcare::platform::ids::secret()[..22].to_owned();
        let hash = hex::encode(throughcare::platform::ids::hash(&token));
        self.sql(&format!(
            "insert into answer_links (id, referral_id, letter, token_hash, code_hash, issued_at, expires_at, revoked_at)
             values (gen_random_uuid(), '{referral}', gen_random_uuid(), '\\x{hash}', '\\x{hash}', now(), now() + interval '1 day', now())"
        ))
        .await;
        token
    }

    // A family that is accompanied: only its pack has a list of achievements.
    async fn accompanied(&self, household: Uuid) -> Uuid {
        self.load_pack("family-accompaniment").await;
        let (id, boss, code) = (Uuid::now_v7(), user("boss"), throughcare::platform::ids::code('C'));
        self.sql(&format!(
            "insert into memberships (id, user_id, unit, org, role)
               select gen_random_uuid(), m.user_id, m.unit, m.org, r.id from roles r, (select distinct user_id, unit, org from memberships where user_id = '{boss}') m
               where r.org is null and r.id not in (select role from memberships where user_id = '{boss}');
             insert into cases (id, code, org, unit, case_type, case_manager, supervisor, person_id, household_id, pack, pack_version, stage, intake_source, opened_at)
               select '{id}', '{code}', {HARBOUR}, {FIELD}, 80, '{boss}', '{boss}', head_id, id, 'family-accompaniment', 1, 'household_report', 'self', now()
               from households where id = '{household}';
             insert into case_people (id, case_id, person_id, part) select gen_random_uuid(), '{id}', head_id, 'subject' from households where id = '{household}'"
        ))
        .await;
        let mut work = self.operate().await;
        work.new_key(id, Some(id)).await.expect("a key");
        work.commit().await.expect("it commits");
        id
    }

    /// The stranger: holds every role, elsewhere.
    pub async fn stranger(&self) -> Browser {
        self.with_every_role("olaf", ELSEWHERE).await
    }

    // The referral's letter as it went out, and what was attached to its packet, each sealed with its own key.
    async fn correspondence(&self, work: &mut Work, sent: &Sent, records: &[(&'static str, &'static str, String)]) {
        let copy = records.iter().find(|(_, before, _)| *before == "file").map(|(.., id)| id.clone()).expect("a copy");
        let sealed = work.case_key(sent.case).await.expect("the key").seal("case_files.file", b"%PDF-1.7");
        std::fs::create_dir_all(self.ground.files.join("case_files")).expect("a folder");
        for ending in ["pdf", "zip"] {
            std::fs::write(self.ground.files.join(format!("case_files/{copy}.{ending}")), &sealed).expect("a file");
        }
        let letter = throughcare::letters::letter::id_of(ReferralId(sent.id), 1).0;
        let key = work.new_key(letter, Some(sent.case)).await.expect("a key");
        sqlx::query(
            "insert into letters (id, referral_id, state, way, lang, template_kind, typed, body) values ($1, $2, 'issued', 'email', 'en', 'referral_letter', $3, $4)",
        )
        .bind(letter)
        .bind(sent.id)
        .bind(key.seal("letters.typed", b"{}"))
        .bind(key.seal("letters.body", b"%PDF-1.7"))
        .execute(work.db())
        .await
        .expect("a letter");
        let attached = records.iter().find(|(_, before, _)| *before == "attachments").map(|(.., id)| id.parse::<Uuid>());
        let attached = attached.expect("one is attached").expect("an id");
        let key = work.new_key(attached, Some(sent.case)).await.expect("a key");
        std::fs::write(self.ground.files.join("beside"), key.seal("referral_attachments.file", b"Note")).expect("a file");
        sqlx::query("update referral_attachments set title = $1 where id = $2")
            .bind(key.seal("referral_attachments.title", b"Note"))
            .bind(attached)
            .execute(work.db())
            .await
            .expect("a title");
    }
}

// A closing that waits, as it is kept.
fn closing() -> Vec<u8> {
    serde_json::to_vec(&throughcare::cases::closing::Closure::default()).expect("JSON")
}

// What is attached to a packet.
fn attached(records: &[(&'static str, &'static str, String)]) -> String {
    let found = records.iter().find(|(room, before, _)| (*room, *before) == ("referrals", "attachments"));
    found.map(|(.., id)| id.clone()).expect("one is attached")
}
