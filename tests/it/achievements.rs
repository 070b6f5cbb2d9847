//! Achievements: what shows them, what is known by itself, what is missing in all, and who may read it.
mod figures;
mod inclusion;
mod places;
mod ruling;

use uuid::Uuid;

use crate::documents::upload;
use crate::fences::{DENIED, is, tries};
use crate::support::World;
use crate::support::browser::{Browser, Seen};
use crate::support::sent::PROTECTION;
use crate::support::world::{ELSEWHERE, FIELD, user};

const FAMILY: i16 = 80;

/// A family that Amina accompanies, and the woman who heads it.
async fn family(w: &World) -> (String, Uuid) {
    w.load_pack("family-accompaniment").await;
    let amina = w.also("amina", FIELD, "family_worker").await;
    household(w, &amina, FAMILY).await
}

/// The household of Dana, accompanied by this worker.
pub async fn household(w: &World, by: &Browser, case_type: i16) -> (String, Uuid) {
    let person = w.known_person("Dana Saleh").await;
    w.sql(&format!("update persons set sex = 'female' where id = '{person}'")).await;
    let household = w.household(person).await.to_string();
    let more = [("household", household.as_str()), ("whole_household", "true"), ("risk", "low")];
    (w.case(by, case_type, person, &more).await, person)
}

/// A household of the inclusion income that this coordinator left in the unit's inbox, to be assigned to somebody.
pub async fn waiting(w: &World, by: &Browser) -> String {
    let person = w.known_person("Noor Saleh").await;
    let (household, person, unit) = (w.household(person).await.to_string(), person.to_string(), FIELD.to_string());
    let fields = [
        ("person", person.as_str()),
        ("case_type", "60"),
        ("unit", &unit),
        ("household", &household),
        ("whole_household", "true"),
        ("intake_source", "self"),
        ("priority", "normal"),
        ("risk", "low"),
        ("keeper", "inbox"),
        ("limits_explained_on", "2026-01-15"),
    ];
    by.post("/cases/new", fields).await.redirects()
}

/// Sets a line over how often it was set already.
pub async fn set(by: &Browser, case: &str, (line, version): (&str, &str), fields: &[(&str, &str)]) -> Seen {
    let over = [("line", line), ("version", version)];
    by.post(format!("{case}/achievements"), over.iter().chain(fields).copied()).await
}

/// Goes through an assessment from its first question to its end, and finds a high risk.
pub async fn assessed(w: &World, by: &Browser, case: &str, tool: &str, answers: &[(&str, &str)]) {
    assessed_as(w, by, case, (tool, "high"), answers).await;
}

/// The same with this risk.
pub async fn assessed_as(w: &World, by: &Browser, case: &str, (tool, risk): (&str, &str), answers: &[(&str, &str)]) {
    let form = by.post(format!("{case}/assessments"), [("tool", tool)]).await.redirects();
    let round = form.trim_end_matches("/answers").to_owned();
    let id = round.rsplit('/').next().expect("an id").to_owned();
    let version = async || w.value(&format!("select version::text from assessments where id = '{id}'")).await;
    let read = version().await;
    let named: Vec<(String, &str)> = answers.iter().map(|(code, answer)| (format!("q_{code}"), *answer)).collect();
    let fields = named.iter().map(|(name, answer)| (name.as_str(), *answer)).chain([("version", read.as_str())]);
    by.post(format!("{round}/answers"), fields.collect::<Vec<_>>()).await.redirects();
    let read = version().await;
    by.post(format!("{round}/finalisation"), [("version", read.as_str()), ("risk", risk)]).await.redirects();
}

#[tokio::test]
async fn a_line_is_achieved_by_what_shows_it_and_refused_without() {
    let w = World::new().await;
    let (case, dana) = family(&w).await;
    let dana = dana.to_string();
    let hers = [("person", dana.as_str()), ("state", "achieved"), ("seen_on", "2026-02-03")];
    w.amina.get(format!("{case}/achievements")).await.shows("Is covered by the health system").shows("Nobody has said so far");
    set(&w.amina, &case, ("health_insurance", "0"), &hers)
        .await
        .is(422)
        .shows("Name a document that shows it")
        .keeps("2026-02-03");
    set(&w.amina, &case, ("health_insurance", "0"), &[&hers[..2], &[("words", "Card seen")]].concat())
        .await
        .is(422)
        .shows("Fill this in");
    let ahead = [&hers[..2], &[("words", "Card seen"), ("seen_on", "2090-01-01")]].concat();
    set(&w.amina, &case, ("health_insurance", "0"), &ahead).await.is(422);
    let shown = [&hers[..], &[("words", "Card seen, number checked")]].concat();
    set(&w.amina, &case, ("health_insurance", "0"), &shown).await.redirects();
    let line = format!("{case}/achievements/line?line=health_insurance&person={dana}");
    w.amina.get(&line).await.shows("Card seen, number checked").shows("Amina Haddad").shows("known since 3 Feb");
    // Nothing is written over: what comes next stands before it, and an older reading is stale.
    let lost = [("person", dana.as_str()), ("state", "to_achieve"), ("seen_on", "2026-03-01")];
    set(&w.amina, &case, ("health_insurance", "0"), &lost).await.is(409);
    set(&w.amina, &case, ("health_insurance", "1"), &lost).await.redirects();
    w.amina.get(&line).await.shows("Card seen, number checked").shows("known since 1 Mar");
    w.amina.get(&case).await.shows("Something was achieved").shows("Something is to achieve");
    assert_eq!(w.count("achievement_marks").await, 2);
    assert_eq!(w.count("achievement_marks where position('Card'::bytea in words) > 0").await, 0);
    assert_eq!(w.count("facts where kind = 'achievement.set'").await, 2);
    assert_eq!(w.count("facts where note::text ~ 'Card|Dana'").await, 0);
}

#[tokio::test]
async fn a_document_of_the_case_shows_it_and_one_of_another_does_not() {
    let w = World::new().await;
    let (case, dana) = family(&w).await;
    let other = w.case(&w.amina, PROTECTION, dana, &[("risk", "low")]).await;
    let mut papers = Vec::new();
    for kept in [&case, &other] {
        upload(&w.amina, kept, "certificate", b"%PDF-1.7 card").await.redirects();
        let page = w.amina.get(format!("{kept}/documents")).await;
        papers.push(page.link(&format!("{kept}/documents/")).rsplit('/').next().expect("an id").to_owned());
    }
    let dana = dana.to_string();
    let hers = [("person", dana.as_str()), ("state", "achieved"), ("seen_on", "2026-02-03")];
    let shown_by = |paper| [&hers[..], &[("document", paper)]].concat();
    let wrong = set(&w.amina, &case, ("health_insurance", "0"), &shown_by(papers[1].as_str())).await;
    wrong.is(422).shows("Choose one of the answers");
    set(&w.amina, &case, ("health_insurance", "0"), &shown_by(papers[0].as_str())).await.redirects();
    let line = w.amina.get(format!("{case}/achievements/line?line=health_insurance&person={dana}")).await;
    line.shows("Birth certificate of Dana").link(&format!("{case}/documents/{}", papers[0]));
}

#[tokio::test]
async fn a_line_stays_achieved_where_its_document_was_withdrawn_and_says_so() {
    let w = World::new().await;
    let (case, dana) = family(&w).await;
    upload(&w.amina, &case, "certificate", b"%PDF-1.7 card").await.redirects();
    let paper = w.amina.get(format!("{case}/documents")).await.link(&format!("{case}/documents/"));
    let (dana, document) = (dana.to_string(), paper.rsplit('/').next().expect("an id"));
    let hers = [("person", dana.as_str()), ("state", "achieved"), ("seen_on", "2026-02-03"), ("document", document)];
    set(&w.amina, &case, ("health_insurance", "0"), &hers).await.redirects();
    w.amina.post(format!("{paper}/withdrawal"), [("", "")]).await.redirects();
    let line = w.amina.get(format!("{case}/achievements/line?line=health_insurance&person={dana}")).await;
    line.shows("A document that was withdrawn").lacks(document);
    w.amina.get(&case).await.shows("1 of 8 achieved");
}

#[tokio::test]
async fn what_does_not_apply_and_what_is_taken_back_needs_a_reason() {
    let w = World::new().await;
    let (case, _) = family(&w).await;
    for state in ["does_not_apply", "unknown"] {
        set(&w.amina, &case, ("assistive_products", "0"), &[("state", state)]).await.is(422).shows("Say why.");
    }
    let why = [("state", "does_not_apply"), ("words", "Nobody needs an aid")];
    set(&w.amina, &case, ("assistive_products", "0"), &why).await.redirects();
    w.amina
        .get(format!("{case}/achievements/line?line=assistive_products"))
        .await
        .shows("Nobody needs an aid")
        .shows("Does not apply");
    set(&w.amina, &case, ("assistive_products", "1"), &[("state", "unknown"), ("words", "Asked the wrong family")])
        .await
        .redirects();
    set(&w.amina, &case, ("assistive_products", "2"), &[("state", "reached")]).await.is(422);
    assert_eq!(w.count("achievement_marks").await, 2);
}

#[tokio::test]
async fn a_computed_line_follows_the_data_and_nobody_sets_it() {
    let w = World::new().await;
    let (case, dana) = family(&w).await;
    let list = format!("{case}/achievements");
    w.amina.get(&list).await.shows("No identity document on the registry");
    let (person, forced) = (dana.to_string(), [("state", "achieved"), ("seen_on", "2026-02-03"), ("words", "Seen")]);
    set(&w.amina, &case, ("identity_document", "0"), &[&forced[..], &[("person", person.as_str())]].concat())
        .await
        .is(422)
        .shows("known by itself");
    w.sql(&format!(
        "insert into person_documents (id, person_id, kind, number, number_key) values (gen_random_uuid(), '{dana}', 'passport', 'N77', 'n77')"
    ))
    .await;
    w.amina.get(&list).await.shows("An identity document on the registry since").lacks("No identity document");
    // An answer of the newest finalised assessment says how the household stands.
    let water = format!("{list}/line?line=safe_water");
    w.amina.get(&water).await.shows("Not yet known").shows("Nobody has said so far");
    let answers = [("water_from", "far"), ("toilet", "yes"), ("meals", "never"), ("income_line", "not_said")];
    assessed(&w, &w.amina, &case, "needs_screening", &answers).await;
    w.amina.get(&water).await.shows("To achieve").shows("Identification of needs");
    w.amina.get(format!("{list}/line?line=food_security")).await.shows("Achieved");
    w.amina.get(format!("{list}/line?line=above_line")).await.shows("Not yet known");
    set(&w.amina, &case, ("safe_water", "0"), &forced).await.is(422);
    assert_eq!(w.count("achievement_marks").await, 0);
}

#[tokio::test]
async fn a_line_is_set_only_for_those_whom_it_is_for() {
    let w = World::new().await;
    let (case, dana) = family(&w).await;
    let (dana, somebody) = (dana.to_string(), Uuid::now_v7().to_string());
    let seen = [("state", "to_achieve"), ("seen_on", "2026-02-03")];
    for (line, person) in [
        ("schooling", Some(&dana)),
        ("military_card", Some(&dana)),
        ("health_insurance", Some(&somebody)),
        ("health_insurance", None),
        ("assistive_products", Some(&dana)),
        ("no_such_line", None),
    ] {
        let whose: Vec<(&str, &str)> = person.map(|person| ("person", person.as_str())).into_iter().chain(seen).collect();
        let refused = set(&w.amina, &case, (line, "0"), &whose).await;
        assert!(matches!(refused.status.as_u16(), 404 | 422), "{line} {}", refused.status);
    }
    assert_eq!(w.count("achievement_marks").await, 0);
    w.amina.get(format!("{case}/achievements")).await.shows("For nobody in this household");
}

#[tokio::test]
async fn the_database_keeps_what_was_said_and_in_whose_name() {
    let w = World::new().await;
    let (case, _) = family(&w).await;
    let why = [("state", "does_not_apply"), ("words", "Nobody needs an aid")];
    set(&w.amina, &case, ("assistive_products", "0"), &why).await.redirects();
    for change in ["state = 'achieved'", "words = null", "seen_on = '2020-01-01'", "author_name = 'x'"] {
        is(tries(&w, "amina", &format!("update achievement_marks set {change}")).await, DENIED);
    }
    is(tries(&w, "amina", "delete from achievement_marks").await, DENIED);
    let forged = |author: &str| {
        format!(
            "insert into achievement_marks (id, case_id, line, nth, state, seen_on, author, author_name)
             select gen_random_uuid(), case_id, line, 2, 'to_achieve', now(), {author}, 'x' from achievement_marks"
        )
    };
    is(tries(&w, "amina", &forged(&format!("'{}'", user("bruno")))).await, DENIED);
    assert_eq!(tries(&w, "amina", &forged("access.me()")).await, Ok(1));
    assert_eq!(tries(&w, "odd", &forged("access.me()")).await, Ok(0));
}

#[tokio::test]
async fn s11_a_stranger_and_a_case_without_a_list_have_no_such_page() {
    let w = World::new().await;
    let (case, dana) = family(&w).await;
    let odd = w.also("odd", ELSEWHERE, "family_worker").await;
    for path in ["achievements", "achievements/line?line=assistive_products", "achievements/print?lang=en&safe=true"] {
        odd.get(format!("{case}/{path}")).await.is(404).lacks("Dana");
        w.amina.get(format!("{case}/{path}")).await.is(200);
    }
    set(&odd, &case, ("assistive_products", "0"), &[("state", "to_achieve"), ("seen_on", "2026-02-03")]).await.is(404);
    odd.program().await.get(format!("/api/v1{case}/achievements")).await.is(404);
    let other = w.case(&w.amina, PROTECTION, dana, &[("risk", "low")]).await;
    w.amina.get(format!("{other}/achievements")).await.is(404);
    w.amina.get(&other).await.is(200).lacks("Achievements");
}
