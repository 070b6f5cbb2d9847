//! How the questions of a form are shown: each kind, the author's words and languages, tables, files, and forms of many questions.
use crate::support::World;
use crate::support::browser::{Browser, Seen};
use crate::support::case_work::{ASSISTANCE, CHILD_PROTECTION};
use crate::support::phone::{photo_png, recording};

const KINDS: &str = "survey
    type | name | label::English (en) | label::Arabic (ar) | hint::English (en) | appearance | parameters | required
    note | hello | Read **this**, see [the law](https://a.example/x). <script>x</script> | اقرأ | | | |
    acknowledge | read | Have you read it? | هل قرأت؟ | | | |
    begin_group | all | All kinds | الكل | | field-list | |
    select_multiple fruit | likes | Which do you like? | ماذا تحب؟ | Any number | | |
    rank fruit | best | Which is best? | ما الأفضل؟ | | | |
    range | scale | How much? | كم؟ | | | start=1 end=5 step=2 |
    time | clock | When? | متى؟ | | | |
    dateTime | moment | Which moment? | أي لحظة؟ | | | |
    barcode | code | Card | البطاقة | | | |
    select_one fruit | agree | Agree? | موافق؟ | | likert | |
    select_one fruit | mini | Choose | اختر | | minimal | |
    select_one fruit | typed | Type it | اكتب | | autocomplete | |
    end_group | | | | | | |
    begin_group | grid | A grid | جدول | | field-list | |
    select_one fruit | head | Liked by | يحب | | label | |
    select_one fruit | dana | Dana | دانا | | list-nolabel | |
    select_one fruit | rami | Rami | رامي | | list-nolabel | |
    end_group | | | | | | |
    image | photo | A picture | صورة | | | |
    image | sign | Sign here | وقّع هنا | | signature | |
    choices
    list_name | name | label::English (en) | label::Arabic (ar)
    fruit | fig | Fig | تين
    fruit | date | Date | تمر
    fruit | plum | Plum | خوخ
    settings
    form_title | form_id | default_language
    Kinds | kinds | English (en)";

/// A picture that tells where it was taken.
pub const PNG: &[u8] =
    b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\0\0\0\x01\0\0\0\x01\x08\0\0\0\0\0\0\0\0\0\0\0\x03tEXtGPS\0\0\0\0\0\0\0\0IEND\0\0\0\0";

async fn begun(w: &World, case_type: i16, text: &str) -> String {
    let person = w.known_person("Dana Aziz").await;
    // The standard type is for households.
    if case_type == ASSISTANCE {
        let form = w.form("household", &[case_type], text).await;
        let household = w.household(person).await.to_string();
        let more = [("household", household.as_str()), ("whole_household", "true")];
        return w.amina.begins(&w.case(&w.amina, case_type, person, &more).await, form).await;
    }
    let form = w.form("person", &[case_type], text).await;
    w.amina.begins(&w.case(&w.amina, case_type, person, &[]).await, form).await
}

// Sends a page as a browser sends one with a field for a file.
async fn sends(by: &Browser, copy: &str, fields: &[(&str, &str)], file: Option<(&str, &[u8])>) -> Seen {
    by.upload(copy, fields, file.map(|(field, bytes)| (field, "dana.png", bytes))).await
}

#[tokio::test]
async fn the_authors_words_keep_their_emphasis_and_bring_no_markup() {
    let w = World::new().await;
    let copy = begun(&w, ASSISTANCE, KINDS).await;
    let page = w.amina.get(format!("{copy}?at=/data/hello")).await;
    assert!(
        page.body.contains("<strong>this</strong>") && page.body.contains("<a href=\"https://a.example/x\""),
        "{}",
        page.body
    );
    assert!(!page.body.contains("<script>x"), "{}", page.body);
    w.amina.fills(&format!("{copy}?at=/data/read"), &[("/data/read", "OK")], "next").await.redirects();
    assert!(w.amina.get(format!("{copy}?at=/data/read")).await.body.contains("value=\"OK\" checked"));
}

#[tokio::test]
async fn each_kind_of_question_is_answered_without_scripts() {
    let w = World::new().await;
    let copy = begun(&w, ASSISTANCE, KINDS).await;
    let page = format!("{copy}?at=/data/all");
    let seen = w.amina.get(&page).await;
    seen.shows("Any number").shows("From 1 to 5").shows("Such as 09:30");
    let body = seen.body.replace(['\u{2068}', '\u{2069}'], "");
    assert!(body.contains("aria-label=\"Place 3\"") && !body.contains("aria-label=\"Place 4\""));
    let answers = [
        ("/data/all/likes", "fig"),
        ("/data/all/likes", "plum"),
        ("/data/all/best", "plum"),
        ("/data/all/best", "plum"),
        ("/data/all/best", "fig"),
        ("/data/all/scale", "4"),
        ("/data/all/clock", "9:30"),
        ("/data/all/moment", "27/11/2026 09:30"),
        ("/data/all/code", "A-1"),
        ("/data/all/agree", "date"),
        ("/data/all/mini", "fig"),
        ("/data/all/typed", "plum"),
    ];
    let again = w.amina.fills(&page, &answers, "next").await.redirects();
    let seen = w.amina.get(&again).await;
    seen.shows("Put each of them in one place").shows("outside the scale").keeps("09:30").keeps("27/11/2026 09:30").keeps("Plum");
    let right = answers.map(|(name, value)| match (name, value) {
        ("/data/all/scale", _) => (name, "3"),
        _ => (name, value),
    });
    let mut right = right.to_vec();
    right[3] = ("/data/all/best", "date");
    let on = w.amina.fills(&page, &right, "next").await.redirects();
    w.amina.get(&on).await.shows("A grid");
    w.amina.get(&page).await.lacks("Put each of them").lacks("outside the scale");
}

#[tokio::test]
async fn like_questions_are_the_rows_of_a_table() {
    let w = World::new().await;
    let copy = begun(&w, ASSISTANCE, KINDS).await;
    let page = format!("{copy}?at=/data/grid");
    let seen = w.amina.get(&page).await;
    seen.shows("Liked by Fig Date Plum No answer Dana");
    assert!(!seen.body.contains("name=\"asked\" value=\"/data/grid/head\""));
    w.amina.fills(&page, &[("/data/grid/dana", "fig"), ("/data/grid/rami", "plum")], "next").await.redirects();
    assert_eq!(w.amina.get(&page).await.body.matches(" checked").count(), 2);
}

#[tokio::test]
async fn a_form_speaks_its_readers_language_and_runs_its_way() {
    let w = World::new().await;
    let copy = begun(&w, ASSISTANCE, KINDS).await;
    let page = format!("{copy}?at=/data/read");
    assert!(w.amina.get(&page).await.body.contains("<div lang=\"en\" dir=\"ltr\">"));
    let arabic = w.amina.fills(&page, &[], "lang:Arabic (ar)").await.redirects();
    let seen = w.amina.get(&arabic).await;
    seen.shows("هل قرأت؟").shows("Save and go on");
    assert!(seen.body.contains("<div lang=\"ar\" dir=\"rtl\">"), "{}", seen.body);
    let next = w.amina.fills(&arabic, &[], "next").await.redirects();
    w.amina.get(&next).await.shows("ماذا تحب؟");
}

#[tokio::test]
async fn s18_what_is_attached_becomes_a_document_without_what_it_tells() {
    let w = World::new().await;
    let copy = begun(&w, ASSISTANCE, KINDS).await;
    let page = format!("{copy}?at=/data/photo");
    let version = w.amina.get(&page).await.marked("version");
    let fields = [("version", version.as_str()), ("at", "/data/photo"), ("asked", "/data/photo"), ("go", "stay")];
    sends(&w.amina, &copy, &fields, Some(("/data/photo", b"no picture"))).await.is(422).shows("Only PDF, JPEG and PNG");
    sends(&w.odd, &copy, &fields, Some(("/data/photo", PNG))).await.is(404);
    sends(&w.amina, &copy, &fields, Some(("/data/photo", PNG))).await.redirects();
    let seen = w.amina.get(&page).await;
    seen.shows("Open what is attached").lacks("dana.png");
    let case = copy.split("/forms").next().expect("the case");
    let kept = w.amina.get(seen.link(&format!("{case}/documents/"))).await;
    assert!(kept.body.contains("IHDR") && !kept.body.contains("GPS"));
    assert_eq!(w.value("select kind from documents").await, "photo");
    // A file sent from a page that is behind is kept all the same.
    let behind = sends(&w.amina, &copy, &fields, Some(("/data/photo", PNG))).await;
    behind.is(409);
    assert_eq!(w.count("submission_files").await, 2);
}

#[tokio::test]
async fn s18_a_guarded_case_takes_a_signature_and_no_picture() {
    let w = World::new().await;
    let copy = begun(&w, CHILD_PROTECTION, KINDS).await;
    w.amina.get(format!("{copy}?at=/data/photo")).await.shows("Not asked in a case guarded like this one").lacks("type=\"file\"");
    let page = format!("{copy}?at=/data/sign");
    let version = w.amina.get(&page).await.shows("Clear the drawing").marked("version");
    let drawn = [
        ("version", version.as_str()),
        ("at", "/data/sign"),
        ("asked", "/data/sign"),
        ("asked", "/data/photo"),
        ("drawn", "/data/sign"),
        ("/data/sign", "10,10 200,50;30,30 40,60"),
        ("go", "stay"),
    ];
    sends(&w.amina, &copy, &drawn, Some(("/data/photo", PNG))).await.is(422);
    // Nor does one come in where a signature belongs, whatever its type.
    let chosen = drawn.map(|(field, value)| if field == "drawn" { ("go", "stay") } else { (field, value) });
    sends(&w.amina, &copy, &chosen, Some(("/data/sign", &photo_png()))).await.is(422);
    assert_eq!(w.count("documents").await, 0);
    sends(&w.amina, &copy, &drawn, None).await.redirects();
    w.amina.get(&page).await.shows("Open what is attached");
    assert_eq!(w.value("select kind || ' ' || media_type from documents").await, "other image/png");
}

#[tokio::test]
async fn s18_a_recording_is_taken_on_a_standard_case_alone_and_keeps_only_what_is_heard() {
    const VOICE: &str =
        "survey\ntype | name | label\naudio | said | What was said?\nsettings\nform_title | form_id\nVoice | voice";
    let w = World::new().await;
    let copy = begun(&w, ASSISTANCE, VOICE).await;
    let page = format!("{copy}?at=/data/said");
    let version = w.amina.get(&page).await.shows("five minutes").marked("version");
    let fields = [("version", version.as_str()), ("at", "/data/said"), ("asked", "/data/said"), ("go", "stay")];
    sends(&w.amina, &copy, &fields, Some(("/data/said", PNG))).await.is(422).shows("Only a recording as a WAV file");
    sends(&w.amina, &copy, &fields, Some(("/data/said", &recording()))).await.redirects();
    let seen = w.amina.get(&page).await;
    let case = copy.split("/forms").next().expect("the case");
    let kept = w.amina.get(seen.shows("Open what is attached").link(&format!("{case}/documents/"))).await;
    assert!(kept.is(200).body.contains("RIFF") && !kept.body.contains("Irbid"));
    let guarded = begun(&w, CHILD_PROTECTION, &VOICE.replace("Voice | voice", "Heard | heard")).await;
    w.amina
        .get(format!("{guarded}?at=/data/said"))
        .await
        .shows("Not asked in a case guarded like this one")
        .lacks("type=\"file\"");
}

#[tokio::test]
async fn pictures_of_the_form_come_to_who_sees_the_copy() {
    let w = World::new().await;
    let copy = begun(
        &w,
        ASSISTANCE,
        "survey\ntype | name | label | media::image\ntext | name | Name | leaf.png\nsettings\nform_title | form_id\nLeaf | leaf",
    )
    .await;
    let page = w.amina.get(&copy).await;
    let picture = page.link(&format!("{copy}/media/"));
    assert_eq!(w.amina.get(&picture).await.is(200).headers["content-type"], "image/png");
    w.odd.get(&picture).await.is(404);
    w.amina.get(format!("{copy}/media/none.png")).await.is(404);
}

const CASCADE: &str = "survey
    type | name | label | choice_filter | required | appearance
    begin_group | place | Where | | | field-list
    select_one gov | gov | Governorate | | |
    select_one district | district | District | gov = ${gov} | |
    text | street | Street | | yes |
    end_group | | | | |
    text | rest | The rest | | |
    choices
    list_name | name | label | gov
    gov | irb | Irbid |
    gov | amm | Amman |
    district | ram | Ramtha | irb
    district | mar | Marka | amm
    settings
    form_title | form_id
    Places | places";

#[tokio::test]
async fn a_page_stays_for_choices_that_an_answer_on_it_brings_and_tells_once_what_is_missing() {
    let w = World::new().await;
    let copy = begun(&w, ASSISTANCE, CASCADE).await;
    let page = format!("{copy}?at=/data/place");
    let first = w.amina.get(&page).await;
    first.shows("What can be chosen here follows from other answers").lacks("Ramtha");
    // What stands is the server's answer: browsers put nothing back by its place on the page.
    assert!(first.body.contains("class=\"tc-form tc-fill\" autocomplete=\"off\""), "{}", first.body);
    let gov = ("/data/place/gov", "irb");
    let stays = w.amina.fills(&page, &[gov], "next").await.redirects();
    assert!(!stays.contains("rest"), "{stays}");
    w.amina.get(&stays).await.shows("Ramtha").lacks("Marka");
    let told = w.amina.fills(&page, &[gov], "next").await.redirects();
    assert!(told.ends_with("&check=true"), "{told}");
    w.amina.get(&told).await.shows("Street: ");
    let on = w.amina.fills(&told, &[gov, ("told", "/data/place/street")], "next").await.redirects();
    w.amina.get(&on).await.shows("The rest");
    w.amina.get(format!("{copy}/completion")).await.shows("Street");
}

#[tokio::test]
async fn a_form_that_is_wanted_for_a_question_stands_first_and_opens_there() {
    let w = World::new().await;
    let copy = begun(&w, ASSISTANCE, CASCADE).await;
    let (case, _) = copy.split_once("/forms/").expect("the address of a copy");
    let list = w.amina.get(format!("{case}/forms?form=places&at=/data/rest")).await;
    let wanted = [("form", list.marked("form")), ("at", list.marked("at"))];
    let there = w.amina.post(format!("{case}/forms"), wanted).await.redirects();
    assert_eq!(there, format!("{copy}?at=%2Fdata%2Frest"));
    w.amina.get(&there).await.shows("The rest");
}

#[tokio::test]
async fn a_page_of_very_many_questions_comes_in_parts() {
    let w = World::new().await;
    let questions: String = (1..=600).map(|n| format!("text | q{n} | Question {n} |\n")).collect();
    let text = format!(
        "survey\ntype | name | label | appearance\nbegin_group | all | All | field-list\n{questions}end_group | | |\nsettings\nform_title | form_id\nMany | many"
    );
    let copy = begun(&w, ASSISTANCE, &text).await;
    w.amina.get(&copy).await.shows("Question 500").lacks("Question 501").shows("0 of 600 answered");
    let rest = w.amina.fills(&copy, &[("/data/all/q1", "One")], "next").await.redirects();
    w.amina.get(&rest).await.shows("Question 501").shows("Question 600").lacks("Question 499").shows("1 of 600 answered");
    let first = w.amina.fills(&rest, &[("/data/all/q600", "Last")], "previous").await.redirects();
    w.amina.get(&first).await.keeps("One").lacks("Question 501");
}
