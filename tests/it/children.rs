//! Child records of child protection: best interests, separation, tracing, reunification; what is asked of each and who reads it.
use serde_json::json;

use crate::support::World;
use crate::support::case_work::CHILD_PROTECTION;
use crate::support::sent::PROTECTION;
use crate::support::world::user;

async fn child(w: &World) -> String {
    let person = w.known_person("Dana Saleh").await;
    w.case(&w.amina, CHILD_PROTECTION, person, &[]).await
}

pub const DETERMINED: [(&str, &str); 8] = [
    ("kind", "best_interests_determination"),
    ("took_part", "Case worker, interpreter"),
    ("childs_view", "I want to stay with my aunt."),
    ("account", "Lives with her aunt since spring."),
    ("options", "Aunt; foster care"),
    ("decision", "She stays with her aunt."),
    ("reasons", "A safe and wanted home."),
    ("next_on", "2031-06-01"),
];

#[tokio::test]
async fn a_determination_names_its_panel_options_reasons_and_the_day_it_is_looked_at_again() {
    let w = World::new().await;
    let case = child(&w).await;
    let records = format!("{case}/records");
    w.amina.get(&records).await.shows("Best interests assessment").shows("Family tracing");
    w.amina.get(format!("{records}/new?kind=best_interests_determination")).await.shows("Panel members").lacks("Who is sought");
    // Whoever sends it empty reads at once all that it needs.
    let empty = w.amina.post(&records, [("kind", "best_interests_determination")]).await.is(422).text();
    assert!(empty.matches("Fill this in").count() >= 12, "seven fields, in the list and beside each: {empty}");
    let alone = [&DETERMINED[..], &[("panel", "Hana, chair")]].concat();
    w.amina.post(&records, alone).await.is(422).shows("a panel of at least two").shows("I want to stay with my aunt.");
    let panel = [&DETERMINED[..], &[("panel", "Hana, chair\nOmar, legal officer")]].concat();
    w.amina.post(&records, panel.iter().copied().filter(|(name, _)| *name != "reasons")).await.is(422);
    let path = w.amina.post(&records, panel).await.redirects();
    let page = w.amina.get(&path).await;
    page.shows("Hana, chair").shows("She stays with her aunt.").shows("A safe and wanted home.").shows("2031");
    w.amina.get(&case).await.shows("Look again");
    assert_eq!(w.count("case_records where position('aunt'::bytea in body) > 0").await, 0);
    // A case of another type keeps none.
    let other = w.case(&w.amina, PROTECTION, w.known_person("Omar Nasser").await, &[]).await;
    w.amina.get(format!("{other}/records")).await.lacks("Best interests");
}

#[tokio::test]
async fn an_assessment_of_best_interests_holds_the_childs_view_and_what_is_advised_and_lies_sealed() {
    let w = World::new().await;
    let case = child(&w).await;
    let records = format!("{case}/records");
    let form = w.amina.get(format!("{records}/new?kind=best_interests_assessment")).await;
    form.shows("The child’s own view").shows("What is advised").lacks("Panel members").lacks("What was decided");
    let assessed = [
        ("kind", "best_interests_assessment"),
        ("took_part", "Case worker, interpreter"),
        ("childs_view", "I want to stay with my aunt."),
        ("account", "Lives with her aunt since spring."),
        ("options", "With her aunt; foster care"),
        ("advice", "Support the aunt at home."),
    ];
    for (needed, _) in &assessed[1..] {
        let lacking = assessed.iter().copied().filter(|(name, _)| name != needed);
        w.amina.post(&records, lacking).await.is(422).shows("Fill this in");
    }
    let path = w.amina.post(&records, assessed).await.redirects();
    let page = w.bruno.get(&path).await;
    page.shows("Best interests assessment");
    for (_, words) in &assessed[1..] {
        page.shows(words);
    }
    w.amina.get(&records).await.shows("Best interests assessment").lacks("aunt");
    w.pia.get(&path).await.shows("Support the aunt at home.").lacks("I want to stay");
    w.odd.get(&path).await.is(404);
    // None of its words lies open, in its own column or in another.
    assert_eq!(w.count("case_records").await, 1);
    assert_eq!(w.count("case_records r where position('aunt'::bytea in body) > 0 or to_jsonb(r)::text like '%aunt%'").await, 0);
    assert_eq!(w.count("facts where note::text like '%aunt%'").await, 0);
}

#[tokio::test]
async fn s12_what_the_child_said_stays_with_those_who_work_the_case() {
    let w = World::new().await;
    let case = child(&w).await;
    let panel = [&DETERMINED[..], &[("panel", "Hana, chair\nOmar, legal officer")]].concat();
    let path = w.amina.post(format!("{case}/records"), panel).await.redirects();
    w.bruno.get(&path).await.shows("I want to stay with my aunt.");
    let officer = w.pia.get(&path).await;
    officer.is(200).shows("She stays with her aunt.").shows("Some parts stay with those who work this case");
    officer.lacks("I want to stay").lacks("Hana, chair");
    w.pia.get(format!("{path}/correction")).await.is(403);
    w.odd.get(&path).await.is(404);
    w.chen.get(&path).await.is(404);
    let read = w.amina.program().await.get(format!("/api/v1{path}")).await;
    let read: serde_json::Value = serde_json::from_str(&read.body).expect("json");
    assert_eq!(read["versions"][0]["said"]["more"]["childs_view"], "I want to stay with my aunt.");
    assert_eq!(read["versions"][0]["withheld"], json!([]));
    // A colleague who may write on the case but neither keeps nor approves on it corrects nothing that they cannot read.
    let carla = w.member("carla", crate::support::world::FIELD, "case_worker").await;
    let id = case.trim_start_matches("/cases/");
    w.sql(&format!(
        "insert into grants (id, case_id, user_id, basis, until, org) values (gen_random_uuid(), '{id}', '{carla}', 'team', now() + interval '9 days', 1)"
    ))
    .await;
    let carla = w.browser("carla").await;
    carla.get(&path).await.is(200).shows("She stays with her aunt.").lacks("I want to stay");
    carla.get(format!("{path}/correction")).await.is(403);
    carla.post(format!("{path}/correction"), [("account", "x"), ("panel", "a\nb"), ("childs_view", "x")]).await.is(403);
}

#[tokio::test]
async fn s03_nobody_is_reunited_before_both_agree_and_a_visit_is_set() {
    let w = World::new().await;
    let case = child(&w).await;
    let records = format!("{case}/records");
    let reunited = |child: &'static str, next: &'static str| {
        [
            ("kind", "reunification"),
            ("account", "Birth certificate and a talk with each alone."),
            ("consent_child", child),
            ("consent_caregiver", "agreed"),
            ("reunion", "reunited"),
            ("next_on", next),
        ]
    };
    w.amina.post(&records, reunited("refused", "2031-02-01")).await.is(422).shows("Nobody is reunited against their word");
    w.amina.post(&records, reunited("agreed", "")).await.is(422);
    let path = w.amina.post(&records, reunited("agreed", "2031-02-01")).await.redirects();
    w.amina.get(&path).await.shows("Reunited").shows("How the relationship was verified");
    assert_eq!(w.count(&format!("tasks where kind = 'record_next' and assignee = '{}'", user("amina"))).await, 1);
}

#[tokio::test]
async fn a_search_for_a_relative_says_who_is_sought_what_was_done_and_what_came_of_it() {
    let w = World::new().await;
    let case = child(&w).await;
    let fields = [
        ("kind", "tracing"),
        ("sought", "Leyla, her mother"),
        ("last_known", "A camp in the north"),
        ("account", "Asked the tracing service."),
        ("trace", "searching"),
    ];
    let path = w.amina.post(format!("{case}/records"), fields).await.redirects();
    w.amina.get(&path).await.shows("Leyla, her mother").shows("Still searching").shows("What was done to find them");
    w.pia.get(&path).await.lacks("Leyla").shows("Still searching");
    w.amina.get(format!("{case}/records")).await.lacks("Leyla");
    let program = w.amina.program().await;
    let said = json!({ "account": "x", "more": { "sought": "Her brother", "trace": "lost" } });
    let refused =
        program.call("POST", &format!("/api/v1{case}/records"), Some(&json!({ "kind": "tracing", "said": said }))).await;
    assert_eq!(refused.status, 422, "{}", refused.body);
    let said = json!({ "account": "Alone since the crossing.", "more": { "separation": "unaccompanied", "decision": "not asked here" } });
    let made =
        program.call("POST", &format!("/api/v1{case}/records"), Some(&json!({ "kind": "separation", "said": said }))).await;
    assert_eq!(made.status, 201, "{}", made.body);
    let list = w.amina.get(format!("{case}/records")).await;
    list.shows("Separation from caregivers");
    assert!(!list.body.contains("not asked here"));
}

#[tokio::test]
async fn a_panel_counts_each_person_once_and_the_next_look_lies_not_before_the_record() {
    let w = World::new().await;
    let case = child(&w).await;
    let records = format!("{case}/records");
    let twice = [&DETERMINED[..], &[("panel", "Hana Aziz, chair\nhana  aziz, legal officer")]].concat();
    w.amina.post(&records, twice).await.is(422).shows("stands on the panel twice");
    let panel = ("panel", "Hana, chair\nOmar, legal officer");
    let past = [&DETERMINED[..7], &[("next_on", "2020-01-01"), panel]].concat();
    w.amina.post(&records, past).await.is(422).shows("before the day of the record");
    let path = w.amina.post(&records, [&DETERMINED[..], &[panel]].concat()).await.redirects();
    w.amina.get("/").await.link(&path);
}

#[tokio::test]
async fn s03_the_adult_whom_a_child_chooses_is_no_child() {
    let w = World::new().await;
    let case = child(&w).await;
    let sibling = w.known_person("Sami Saleh").await;
    w.sql(&format!("update persons set born_on = '2020-01-01' where id = '{sibling}'")).await;
    let code = w.value(&format!("select code from persons where id = '{sibling}'")).await;
    let chosen = [("person", code.as_str()), ("part", "chosen_adult")];
    w.amina.post(format!("{case}/people"), chosen).await.is(422).shows("under eighteen");
    w.sql(&format!("update persons set born_on = '1980-01-01' where id = '{sibling}'")).await;
    w.amina.post(format!("{case}/people"), chosen).await.redirects();
}

#[tokio::test]
async fn s23_nobody_else_is_spoken_with_before_the_person_agreed() {
    let w = World::new().await;
    let case = child(&w).await;
    let note = [("kind", "contact_other"), ("body", "Spoke with the teacher.")];
    w.amina.post(format!("{case}/notes"), note).await.is(422).shows("Tick that the person agreed beforehand");
    w.amina.post(format!("{case}/notes"), [&note[..], &[("prior_consent", "true")]].concat()).await.redirects();
    // It stands with the note, where it is read years later, and in no fact (S28).
    assert_eq!(w.count("case_notes where kind = 'contact_other' and prior_consent").await, 1);
    assert_eq!(w.count("facts where note ? 'prior_consent'").await, 0);
    w.amina.get(&case).await.shows("the person agreed beforehand");
    // A note is not corrected into one without being asked.
    w.amina.post(format!("{case}/notes"), [("kind", "note"), ("body", "Rang.")]).await.redirects();
    let rang = w.value("select id::text from case_notes where kind = 'note'").await;
    let corrects = [("kind", "contact_other"), ("body", "Rang her aunt."), ("corrects", rang.as_str())];
    w.amina.post(format!("{case}/notes"), corrects).await.is(422).shows("Tick that the person agreed beforehand");
    w.amina.post(format!("{case}/notes"), [&corrects[..], &[("prior_consent", "true")]].concat()).await.redirects();
    assert_eq!(w.count("case_notes where kind = 'contact_other' and prior_consent").await, 2);
}

const PDF: &[u8] = b"%PDF-1.7 a page";

#[tokio::test]
async fn s12_a_document_of_a_guarded_record_is_read_by_those_who_work_the_case_alone() {
    let w = World::new().await;
    let case = child(&w).await;
    let panel = [&DETERMINED[..], &[("panel", "Hana, chair\nOmar, legal officer")]].concat();
    let record = w.amina.post(format!("{case}/records"), panel).await.redirects();
    let (papers, minutes) = (format!("{record}/documents"), [("title", "Minutes of the panel"), ("kind", "report")]);
    w.amina.upload(&papers, &minutes, Some(("file", "m.pdf", PDF))).await.redirects();
    let document =
        w.bruno.get(format!("{case}/documents")).await.shows("Minutes of the panel").link(&format!("{case}/documents/0"));
    w.bruno.get(&document).await.is(200);
    w.pia.get(&record).await.is(200).lacks("Minutes of the panel");
    w.pia.get(&document).await.is(404);
    w.pia.get(&papers).await.is(404);
    w.pia.get(format!("{case}/documents")).await.lacks("Minutes of the panel");
}

#[tokio::test]
async fn s18_a_photo_stands_with_a_search_alone_and_only_while_a_consent_of_its_own_lasts() {
    let w = World::new().await;
    let case = child(&w).await;
    let search = [("kind", "tracing"), ("sought", "Leyla"), ("account", "Asked the tracing service."), ("trace", "searching")];
    let papers = format!("{}/documents", w.amina.post(format!("{case}/records"), search).await.redirects());
    let photo = [("title", "Dana"), ("kind", "photo")];
    w.amina.get(&papers).await.lacks("Photo of a person").shows("agreed to the search by a consent of its own");
    w.amina.upload(&papers, &photo, Some(("file", "d.pdf", PDF))).await.is(422).shows("No photo of a person");
    w.amina.get(format!("{case}/consents/new?way=consent")).await.shows("This is for the search for family");
    w.sql(&format!(
        "insert into consents (id, case_id, person_id, basis, kind, purpose, given_on, recorded_by, recorded_by_name, for_tracing)
         select gen_random_uuid(), id, person_id, 'consent', 'consent', 'to find her mother', current_date, '{}', 'Amina', true
         from cases where id = '{}'",
        user("amina"),
        case.trim_start_matches("/cases/")
    ))
    .await;
    // On the case itself none is taken all the same.
    w.amina.get(format!("{case}/documents")).await.lacks("Photo of a person");
    w.amina.upload(format!("{case}/documents"), &photo, Some(("file", "d.pdf", PDF))).await.is(422);
    w.amina.get(&papers).await.shows("Photo of a person");
    w.amina.upload(&papers, &photo, Some(("file", "d.pdf", PDF))).await.redirects();
    let kept = w.amina.get(&papers).await.link(&format!("{case}/documents/0"));
    w.amina.get(&kept).await.is(200);
    // A later no to somebody whom the yes did not reach leaves it; a no to everybody, or to the search, ends it.
    let no = |column: &str, value: &str| {
        format!(
            "insert into consents (id, case_id, person_id, basis, kind, purpose, given_on, recorded_by, recorded_by_name, {column})
             select gen_random_uuid(), id, person_id, 'consent', 'refused', '', current_date, '{}', 'Amina', {value} from cases where id = '{}'",
            user("amina"),
            case.trim_start_matches("/cases/")
        )
    };
    w.sql(&no("to_orgs", "'{2}'")).await;
    w.amina.get(&kept).await.is(200);
    w.sql(&no("for_tracing", "true")).await;
    w.amina.get(&kept).await.is(409).shows("The consent to that search has ended");
    w.amina.upload(&papers, &photo, Some(("file", "d.pdf", PDF))).await.is(422);
    w.sql("update consents set withdrawn_at = now() where kind = 'refused'").await;
    w.amina.get(&kept).await.is(200);
    w.sql("update consents set withdrawn_at = now()").await;
    w.amina.get(&kept).await.is(409).shows("The consent to that search has ended");
}

#[tokio::test]
async fn s18_a_consent_to_the_search_is_recorded_by_its_own_tick_and_so_is_a_later_no() {
    let w = World::new().await;
    let case = child(&w).await;
    let search = [("kind", "tracing"), ("sought", "Leyla"), ("account", "Asked the tracing service."), ("trace", "searching")];
    let papers = format!("{}/documents", w.amina.post(format!("{case}/records"), search).await.redirects());
    let person = w.value("select id::text from persons where name = 'Dana Saleh'").await;
    let (new, today) = (format!("{case}/consents/new"), w.ground.clock.now().date_naive().to_string());
    let yes = [
        ("person", person.as_str()),
        ("answer", "yes"),
        ("purpose", "To find her mother"),
        ("to_orgs", "2"),
        ("sections", "need"),
        ("given_by", "person"),
        ("understood", "true"),
        ("language", "ar"),
        ("form", "thumb_mark"),
        ("given_on", today.as_str()),
    ];
    w.amina.post(&new, yes).await.redirects();
    w.amina.get(&papers).await.lacks("Photo of a person");
    w.amina.post(&new, [&yes[..], &[("for_tracing", "true")]].concat()).await.redirects();
    w.amina.get(&papers).await.shows("Photo of a person");
    let no = [("person", person.as_str()), ("answer", "no"), ("for_tracing", "true"), ("given_on", today.as_str())];
    w.amina.post(&new, no).await.redirects();
    w.amina.get(&papers).await.lacks("Photo of a person");
}

#[tokio::test]
async fn whether_a_child_is_alone_stands_on_the_page_of_the_case() {
    let w = World::new().await;
    let case = child(&w).await;
    let records = format!("{case}/records");
    w.amina.get(&case).await.lacks("Unaccompanied");
    w.amina
        .post(&records, [("kind", "separation"), ("account", "Came alone."), ("separation", "unaccompanied")])
        .await
        .redirects();
    w.amina.get(&case).await.shows("Unaccompanied");
    w.amina
        .post(&records, [("kind", "separation"), ("account", "Her aunt came."), ("separation", "separated")])
        .await
        .redirects();
    w.amina.get(&case).await.shows("Separated, with relatives or others").lacks("Unaccompanied");
}

#[tokio::test]
async fn s28_a_guarded_record_is_moved_by_those_alone_who_read_all_of_it() {
    let w = World::new().await;
    let case = child(&w).await;
    let panel = [&DETERMINED[..], &[("panel", "Hana, chair\nOmar, legal officer")]].concat();
    let record = w.amina.post(format!("{case}/records"), panel).await.redirects();
    let minutes = [("title", "Minutes of the panel"), ("kind", "report")];
    w.amina.upload(format!("{record}/documents"), &minutes, Some(("file", "m.pdf", PDF))).await.redirects();
    let carla = w.member("carla", crate::support::world::FIELD, "case_worker").await;
    let id = case.trim_start_matches("/cases/");
    w.sql(&format!(
        "insert into grants (id, case_id, user_id, basis, until, org) values (gen_random_uuid(), '{id}', '{carla}', 'team', now() + interval '9 days', 1)"
    ))
    .await;
    let carla = w.browser("carla").await;
    let hers = w.case(&carla, CHILD_PROTECTION, w.known_person("Omar Nasser").await, &[]).await;
    let to = w.value(&format!("select code from cases where id = '{}'", hers.trim_start_matches("/cases/"))).await;
    carla.post(format!("{record}/move"), [("to", to.as_str())]).await.is(403);
    let own = w.case(&w.amina, CHILD_PROTECTION, w.known_person("Lina Nasser").await, &[]).await;
    let to = w.value(&format!("select code from cases where id = '{}'", own.trim_start_matches("/cases/"))).await;
    w.amina.post(format!("{record}/move"), [("to", to.as_str())]).await.redirects();
    w.amina.get(format!("{own}/documents")).await.shows("Minutes of the panel");
    w.amina.get(format!("{case}/documents")).await.lacks("Minutes of the panel");
}

#[tokio::test]
async fn s28_a_photo_that_may_not_be_kept_there_is_told_beside_where_it_should_go() {
    let w = World::new().await;
    let case = child(&w).await;
    let search = [("kind", "tracing"), ("sought", "Leyla"), ("account", "Asked the tracing service."), ("trace", "searching")];
    let record = w.amina.post(format!("{case}/records"), search).await.redirects();
    let papers = format!("{record}/documents");
    w.amina.upload(&papers, &[("title", "A list"), ("kind", "report")], Some(("file", "d.pdf", PDF))).await.redirects();
    w.amina.upload(&papers, &[("title", "A trap"), ("kind", "report")], Some(("file", "t.pdf", PDF))).await.redirects();
    w.sql(
        "update documents set scan = 'infected' where id = (select id from documents order by recorded_at desc, id desc limit 1)",
    )
    .await;
    w.sql("update documents set kind = 'photo' where scan <> 'infected'").await;
    let right = w.case(&w.amina, CHILD_PROTECTION, w.known_person("Lina Nasser").await, &[]).await;
    let to = w.value(&format!("select code from cases where id = '{}'", right.trim_start_matches("/cases/"))).await;
    w.amina.post(format!("{record}/move"), [("to", to.as_str())]).await.is(422).shows("may not be kept there").keeps(&to);
    w.sql("update documents set kind = 'report' where kind = 'photo'").await;
    // What is in quarantine goes nowhere, and holds nothing up.
    w.amina.post(format!("{record}/move"), [("to", to.as_str())]).await.redirects();
    w.amina.get(format!("{right}/documents")).await.shows("A list").lacks("A trap");
    assert_eq!(w.count("documents where scan = 'infected' and withdrawn_at is null").await, 0);
}
