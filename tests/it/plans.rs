//! Plans: from a draft to what both sides agreed to, what the database refuses, who may read what.
mod course;
mod kept;
mod nothing_follows;
mod together;

use crate::fences::{DENIED, is, tries};
use crate::support::World;
use crate::support::browser::{Browser, Seen};
use crate::support::sent::{CHILD, GBV, PROTECTION};
use crate::support::world::user;

/// A case of this type with Amina, whose assessment is done, and its person.
pub async fn assessed(w: &World, case_type: i16) -> (String, String) {
    let person = w.known_person("Dana Saleh").await;
    let case = w.case(&w.amina, case_type, person, &[("risk", "moderate")]).await;
    w.sql(&format!(
        "insert into assessments (id, case_id, pack, pack_version, tool, panel, round, author, author_name, writers, state, finalised_at, happened_at)
         values (gen_random_uuid(), '{}', 'protection', 1, 'member_screening', 'assessment', 1, '{1}', 'Amina', '{{{1}}}', 'finalised', now(), now())",
        id(&case),
        user("amina")
    ))
    .await;
    (case, person.to_string())
}

/// The last part of an address.
pub fn id(path: &str) -> &str {
    path.rsplit('/').next().expect("an id")
}

/// Begins a plan.
pub async fn begun(by: &Browser, case: &str) -> String {
    by.post(format!("{case}/plans"), [("", "")]).await.redirects()
}

/// Adds a line, and answers its address.
pub async fn line(w: &World, by: &Browser, plan: &str, kind: &str, under: &str, words: &str, more: &[(&str, &str)]) -> String {
    let fields = [("kind", kind), ("under", id(under)), ("words", words)];
    by.post(format!("{plan}/lines"), fields.iter().chain(more).copied().collect::<Vec<_>>()).await.redirects();
    let newest = "select id::text from plan_lines order by recorded_at desc, id desc limit 1";
    format!("{plan}/lines/{}", w.value(newest).await)
}

/// The edition of a plan.
pub async fn version(w: &World, plan: &str) -> String {
    w.value(&format!("select version::text from plans where id = '{}'", id(plan))).await
}

/// Posts a step of a plan over the edition that stands.
pub async fn step(w: &World, by: &Browser, plan: &str, tail: &str, more: &[(&str, &str)]) -> Seen {
    let version = version(w, plan).await;
    let fields = [("version", version.as_str())];
    by.post(format!("{plan}/{tail}"), fields.iter().chain(more).copied().collect::<Vec<_>>()).await
}

/// A draft with a goal, a result, a commitment of the case's person and a support.
pub async fn written(w: &World, case: &str, person: &str) -> String {
    let plan = begun(&w.amina, case).await;
    let goal = line(w, &w.amina, &plan, "goal", "", "A dry home", &[]).await;
    let result = line(w, &w.amina, &plan, "result", &goal, "The roof holds", &[]).await;
    let due = [("person", person), ("due_on", "2030-03-01")];
    line(w, &w.amina, &plan, "commitment", &result, "Clears the room", &due).await;
    let support = [("need", "shelter"), ("worker", &user("amina").to_string()), ("due_on", "2030-04-01")];
    line(w, &w.amina, &plan, "support", &result, "Shelter team looks at it", &support).await;
    plan
}

/// Both sides agree aloud.
pub async fn agreed(w: &World, plan: &str, person: &str) {
    let said = [("side", "person"), ("person", person), ("way", "said"), ("witness", "The receptionist")];
    step(w, &w.amina, plan, "agreement", &said).await.redirects();
    step(w, &w.amina, plan, "agreement", &[("side", "organisation"), ("way", "signed_in")]).await.redirects();
}

#[tokio::test]
async fn a_plan_is_written_agreed_to_by_both_sides_and_opens_what_waits_for_it() {
    let w = World::new().await;
    let (case, person) = assessed(&w, PROTECTION).await;
    w.amina.get(&case).await.shows("No plan yet").shows("Opens after: Plan (agreed)");
    let plan = begun(&w.amina, &case).await;
    assert_eq!(begun(&w.amina, &case).await, plan, "one version is written at a time");
    step(&w, &w.amina, &plan, "proposal", &[]).await.is(422).shows("Write at least one goal");
    let said = [("wants", "To stay near the school"), ("limits", "A bad knee"), ("tried", "A cousin helped")];
    step(&w, &w.amina, &plan, "words", &said).await.redirects();
    let plan = written(&w, &case, &person).await;
    w.amina
        .get(&plan)
        .await
        .shows("To stay near the school")
        .shows("A dry home")
        .shows("Who: Dana Saleh")
        .lacks("Still to agree");
    step(&w, &w.amina, &plan, "proposal", &[]).await.redirects();
    w.amina.get(&plan).await.shows("Ready to be agreed").shows("Still to agree Dana Saleh The organisation");
    // One side is not both.
    let said = [("side", "person"), ("person", person.as_str()), ("way", "said")];
    step(&w, &w.amina, &plan, "agreement", &said).await.is(422).shows("Witness");
    let witness = [&said[..], &[("witness", "The receptionist")]].concat();
    step(&w, &w.amina, &plan, "agreement", &witness).await.redirects();
    w.amina.get(&case).await.shows("Ready to be agreed").shows("Opens after: Plan (agreed)");
    assert_eq!(w.count("tasks where kind = 'plan_action'").await, 0);
    step(&w, &w.amina, &plan, "agreement", &[("side", "organisation"), ("way", "signed_in")]).await.redirects();
    w.amina
        .get(&case)
        .await
        .shows("Agreed")
        .shows("0 of 2 done")
        .shows("A plan was agreed by both sides")
        .lacks("Opens after: Plan");
    w.amina.get(&plan).await.shows("Said aloud before a witness").shows("Witness: The receptionist");
    assert_eq!(w.count("tasks where kind = 'plan_action' and done_at is null").await, 2);
    assert_eq!(w.count("tasks where kind = 'plan_review' and done_at is null").await, 1);
    // Neither words nor names reach the audit, and all words lie sealed.
    assert_eq!(w.count("facts where kind = 'plan.agreed'").await, 1);
    assert_eq!(w.count("facts where note::text ~ 'dry|school|receptionist'").await, 0);
    assert_eq!(w.count("plan_lines where position('dry'::bytea in words) > 0").await, 0);
    assert_eq!(w.count("plan_agreements where position('receptionist'::bytea in sealed) > 0").await, 0);
}

#[tokio::test]
async fn s25_safety_waits_for_no_gate_and_no_signature_and_is_never_printed() {
    let w = World::new().await;
    let person = w.known_person("Dana Saleh").await;
    let case = w.case(&w.amina, PROTECTION, person, &[("risk", "moderate")]).await;
    let person = person.to_string();
    let plan = written(&w, &case, &person).await;
    // The gate before plans is shut: nothing is put forward, but what makes safer is written, and waits to be done at once.
    w.amina.get(&plan).await.shows("Opens after: Assessment (finalised)");
    let plans = w.amina.get(format!("{case}/plans")).await;
    plans.shows("Opens after: Assessment (finalised)").shows("It can be written before").link(&format!("{case}/assessments"));
    step(&w, &w.amina, &plan, "proposal", &[]).await.is(422).shows("The plan is still shut").lacks("href=\"#f-\"");
    let bag = line(&w, &w.amina, &plan, "safety", "", "A bag stands ready", &[("due_on", "2030-01-02")]).await;
    assert_eq!(w.count("tasks where kind = 'plan_action' and done_at is null").await, 1);
    w.amina.post(format!("{bag}/state"), [("version", "1"), ("state", "done")]).await.redirects();
    assert_eq!(w.count("tasks where kind = 'plan_action' and done_at is null").await, 0);
    w.sql(&format!(
        "insert into assessments (id, case_id, pack, pack_version, tool, panel, round, author, author_name, writers, state, finalised_at, happened_at)
         values (gen_random_uuid(), '{}', 'protection', 1, 'member_screening', 'assessment', 1, '{1}', 'Amina', '{{{1}}}', 'finalised', now(), now())",
        id(&case),
        user("amina")
    ))
    .await;
    step(&w, &w.amina, &plan, "proposal", &[]).await.redirects();
    agreed(&w, &plan, &person).await;
    // What was agreed stands; what makes safer goes on being written.
    w.amina
        .post(format!("{plan}/lines"), [("kind", "goal"), ("words", "More of it")])
        .await
        .is(409)
        .shows("no draft any more")
        .shows("More of it");
    line(&w, &w.amina, &plan, "safety", "", "Calls the neighbour", &[]).await;
    w.amina.get(&plan).await.shows("A bag stands ready").shows("Calls the neighbour");
    let print = format!("{plan}/print?lang=en");
    w.amina.get(&print).await.shows("whether it is safe to carry and to keep, and tick it").lacks("A dry home");
    let paper = w.amina.get(format!("{print}&safe=true")).await;
    paper.shows("Our plan 1").shows("A dry home").shows("Clears the room").lacks("A bag stands").lacks("Calls the neighbour");
    let arabic = w.amina.get(format!("{plan}/print?lang=ar&safe=true")).await;
    arabic.shows("خطتنا").shows("التزام");
    assert!(arabic.body.contains("lang=\"ar\" dir=\"rtl\""), "the paper is in the person's language");
    assert_eq!(w.count("facts where kind = 'printed'").await, 2);
    // A referral starts from a support, never from what makes safer.
    let case_path = format!("{case}/refer");
    let to = w
        .value("select 'unit:' || id from units where org = 1 and id <> (select unit from cases limit 1) order by id limit 1")
        .await;
    let ids = [uuid::Uuid::now_v7().to_string(), uuid::Uuid::now_v7().to_string()];
    let from = |line: &str, draft: &str| {
        [("need", "shelter"), ("to", to.as_str()), ("draft", draft), ("from", id(line))]
            .map(|(a, b)| (a.to_owned(), b.to_owned()))
    };
    w.amina.post(&case_path, from(&bag, &ids[0])).await.is(404);
    let support = w.value("select id::text from plan_lines where kind = 'support'").await;
    w.amina.get(&plan).await.link(&format!("{case}/refer?need=shelter&#38;from={support}"));
    w.amina.post(&case_path, from(&support, &ids[1])).await.redirects();
    let code = w.value("select code from referrals where started_from is not null").await;
    w.amina.get(&plan).await.shows(&code);
    w.amina.get(format!("/referrals/{}", ids[1])).await.link(&plan);
}

#[tokio::test]
async fn going_along_names_a_colleague_who_has_it_to_do_and_stands_on_the_paper() {
    let w = World::new().await;
    let (case, person) = assessed(&w, PROTECTION).await;
    let plan = written(&w, &case, &person).await;
    let result = w.value("select id::text from plan_lines where kind = 'result'").await;
    let nobody = [("kind", "accompaniment"), ("under", result.as_str()), ("words", "Goes along to the school")];
    w.amina.post(format!("{plan}/lines"), nobody).await.is(422).shows("Fill this in");
    let amina = user("amina").to_string();
    let somebody = [("worker", amina.as_str()), ("due_on", "2030-05-01")];
    line(&w, &w.amina, &plan, "accompaniment", &result, "Goes along to the school", &somebody).await;
    w.amina.get(&plan).await.shows("Accompaniment").shows("Goes along to the school").shows("Amina Haddad");
    step(&w, &w.amina, &plan, "proposal", &[]).await.redirects();
    agreed(&w, &plan, &person).await;
    let to_do = format!(
        "tasks t join plan_lines l on position(l.id::text in t.once) > 0
         where l.kind = 'accompaniment' and t.kind = 'plan_action' and t.done_at is null and t.assignee = '{amina}'"
    );
    assert_eq!(w.count(&to_do).await, 1);
    let paper = w.amina.get(format!("{plan}/print?lang=en&safe=true")).await;
    paper.is(200).shows("Accompaniment").shows("Goes along to the school").shows("Amina Haddad");
}

// What goes with the person: the paper and its foot, without what stands around them for the reader.
fn on_paper(page: &Seen) -> Seen {
    let piece = |from: &str, to: &str| {
        let at = page.body.find(from).unwrap_or_else(|| panic!("{from} is missing:\n{}", page.text()));
        page.body[at..].split(to).next().unwrap_or_default().to_owned()
    };
    let body = piece("<article class=\"tc-paper\"", "</article>") + &piece("<footer class=\"tc-foot\"", "</footer>");
    Seen { status: page.status, body, bytes: page.bytes.clone(), location: None, headers: page.headers.clone() }
}

#[tokio::test]
async fn the_printed_plan_is_in_the_persons_language_to_the_last_word_that_is_ours() {
    let w = World::new().await;
    let (case, person) = assessed(&w, PROTECTION).await;
    let plan = written(&w, &case, &person).await;
    let (result, amina) = (w.value("select id::text from plan_lines where kind = 'result'").await, user("amina").to_string());
    let along = [("worker", amina.as_str()), ("due_on", "2030-05-01")];
    line(&w, &w.amina, &plan, "accompaniment", &result, "Goes along to the school", &along).await;
    step(&w, &w.amina, &plan, "words", &[("wants", "To stay near the school")]).await.redirects();
    step(&w, &w.amina, &plan, "proposal", &[]).await.redirects();
    agreed(&w, &plan, &person).await;
    let paper = on_paper(&w.amina.get(format!("{plan}/print?lang=ar&safe=true")).await);
    paper.shows("ما يريده To stay near the school").shows("من أجل: المأوى والسكن").shows("قبل: 1 أبريل 2030");
    paper.shows("مرافقة").shows("الزميل/ة: Amina Haddad").shows("قبل: 1 مايو 2030");
    paper.shows("بالقول أمام الشهود").shows("بالحساب الشخصي");
    // What people wrote, their names and codes stand as they are; all else is ours.
    let codes = w.value("select c.code || '|' || p.code from cases c join persons p on p.id = c.person_id").await;
    let theirs = [
        "To stay near the school",
        "A dry home",
        "The roof holds",
        "Clears the room",
        "Shelter team looks at it",
        "Goes along to the school",
        "Amina Haddad",
        "Harbour field unit",
        "Harbour",
    ];
    let ours = codes.split('|').chain(theirs).fold(paper.text(), |text, words| text.replace(words, ""));
    assert!(!ours.contains(|c: char| c.is_ascii_alphabetic()), "{ours}");
}

#[tokio::test]
async fn an_approval_is_somebody_elses_and_may_give_it_back() {
    let w = World::new().await;
    let (case, person) = assessed(&w, CHILD).await;
    let plan = written(&w, &case, &person).await;
    let draft = w.amina.get(&plan).await;
    draft.shows("somebody who wrote none of it must approve it").shows("Send for approval").lacks("Ready for agreement");
    step(&w, &w.amina, &plan, "proposal", &[]).await.redirects();
    w.work_off().await;
    w.amina.get(&plan).await.shows("Waits for approval").lacks(&format!("action=\"{plan}/approval\"")).lacks("Still to agree");
    let said = [("side", "person"), ("person", person.as_str()), ("way", "said"), ("witness", "The receptionist")];
    step(&w, &w.amina, &plan, "agreement", &said).await.is(409).shows("Both sides agree after that");
    step(&w, &w.amina, &plan, "approval", &[]).await.is(403);
    w.bruno.get("/notifications?due=all").await.shows("A plan waits for approval");
    w.bruno.get(&case).await.shows("Approve a plan");
    step(&w, &w.bruno, &plan, "return", &[]).await.is(422);
    step(&w, &w.bruno, &plan, "return", &[("remark", "Who goes along?")]).await.redirects();
    w.work_off().await;
    w.amina.get(&plan).await.shows("Given back").shows("Who goes along?");
    w.amina.get("/").await.shows("Mend a plan that was given back");
    // Whoever wrote in it does not approve it, whatever else they may do.
    let school = line(&w, &w.bruno, &plan, "goal", "", "School again", &[]).await;
    line(&w, &w.bruno, &plan, "result", &school, "She is enrolled", &[]).await;
    step(&w, &w.amina, &plan, "proposal", &[]).await.redirects();
    w.bruno.get(&plan).await.shows("nobody approves what they wrote in");
    step(&w, &w.bruno, &plan, "approval", &[]).await.is(409).shows("Nobody reviews what they wrote");
    let forged = "update plans set approved_at = now(), approved_by = access.me(), approved_by_name = 'x'";
    is(tries(&w, "bruno", forged).await, DENIED);
    is(tries(&w, "amina", forged).await, DENIED);
    w.member("carol", 1, "coordinator").await;
    let carol = w.browser("carol").await;
    step(&w, &carol, &plan, "approval", &[("remark", "Good.")]).await.redirects();
    w.amina.get(&plan).await.shows("Approved").shows("Carol").shows("Good.").shows("Still to agree");
    // With which words it was given back stays, on its page and in what happened on the case.
    w.amina.get(&plan).await.shows("On the way to approval").shows("Who goes along?");
    w.amina.get(&case).await.shows("Who goes along?");
    assert_eq!(w.count("approval_steps where position('along'::bytea in remark) > 0").await, 0);
    assert_eq!(w.count("approval_steps").await, 4);
    agreed(&w, &plan, &person).await;
    w.amina.get(&case).await.lacks("Opens after: Plan");
    assert_eq!(w.count("tasks where kind in ('approve_plan', 'mend_plan') and done_at is null").await, 0);
}

#[tokio::test]
async fn what_was_agreed_never_changes_and_nobody_agrees_past_the_pages() {
    let w = World::new().await;
    let (case, person) = assessed(&w, PROTECTION).await;
    let plan = written(&w, &case, &person).await;
    step(&w, &w.amina, &plan, "proposal", &[]).await.redirects();
    for change in [
        "plans set state = 'agreed', agreed_at = now()",
        "plans set sealed = null, review_on = now()",
        "plan_lines set words = ''",
    ] {
        is(tries(&w, "amina", &format!("update {change}")).await, DENIED);
    }
    agreed(&w, &plan, &person).await;
    for change in [
        "plan_lines set words = ''",
        "plan_lines set removed_at = now()",
        "plans set state = 'draft'",
        "plans set state = 'ended', ended_at = now()",
        "plans set agreed_at = now() - interval '9 days'",
        "plan_agreements set way = 'said'",
    ] {
        is(tries(&w, "amina", &format!("update {change}")).await, DENIED);
    }
    let amina = user("amina");
    let forged = format!(
        "insert into plan_agreements (id, plan_id, case_id, round, side, way, happened_at, author, author_name)
         select gen_random_uuid(), id, case_id, round, 'organisation', 'signed_in', now(), '{amina}', 'x' from plans"
    );
    is(tries(&w, "bruno", &forged).await, DENIED);
    is(tries(&w, "amina", &forged).await, DENIED);
    let line = "insert into plan_lines (id, plan_id, case_id, kind, words, author) select gen_random_uuid(), id, case_id, 'goal', '', access.me() from plans";
    is(tries(&w, "amina", line).await, DENIED);
}

#[tokio::test]
async fn s09_s10_who_does_not_see_the_case_sees_no_plan_of_it() {
    let w = World::new().await;
    w.gita().await;
    let (person, supervisor) = (w.known_person("Dana Saleh").await, user("gita").to_string());
    let case = w.case(&w.salma, GBV, person, &[("supervisor", &supervisor), ("risk", "moderate")]).await;
    let hers = begun(&w.salma, &case).await;
    line(&w, &w.salma, &hers, "safety", "", "A bag stands ready", &[]).await;
    w.salma.get(&hers).await.is(200).shows("A bag stands ready").lacks(&format!("{hers}/print"));
    // Nothing of a restricted case stands on paper (S17).
    w.salma.get(format!("{hers}/print?lang=en&safe=true")).await.is(409).lacks("A bag stands ready");
    let (own, _) = assessed(&w, PROTECTION).await;
    let plan = begun(&w.amina, &own).await;
    w.sql(&format!(
        "insert into bars (id, case_id, user_id, reason) values (gen_random_uuid(), '{}', '{}', 'relative')",
        id(&own),
        user("bruno")
    ))
    .await;
    for (plan, others) in [(&hers, &[&w.amina, &w.bruno, &w.pia, &w.chen, &w.odd][..]), (&plan, &[&w.bruno, &w.chen, &w.odd][..])]
    {
        for somebody in others {
            for tail in ["", "/words", "/lines/new?kind=goal", "/agreement", "/print?lang=en&safe=true", "/review", "/ending"] {
                somebody.get(format!("{plan}{tail}")).await.is(404);
            }
            somebody.post(format!("{plan}/lines"), [("kind", "goal"), ("words", "x")]).await.is(404);
        }
    }
}
