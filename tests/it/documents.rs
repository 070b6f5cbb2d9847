//! Documents: sniffed, stripped, sealed, withdrawn.
use crate::support::World;
use crate::support::browser::{Browser, Seen};
use crate::support::case_work::{ASSISTANCE, CHILD_PROTECTION};

const PDF: &[u8] = b"%PDF-1.7 certificate of birth";

/// Sends a file to the documents of a case, as the page does.
pub async fn upload(by: &Browser, case: &str, kind: &str, bytes: &[u8]) -> Seen {
    let fields = [("title", "Birth certificate of Dana"), ("kind", kind)];
    by.upload(format!("{case}/documents"), &fields, Some(("file", "dana.exe", bytes))).await
}

#[tokio::test]
async fn a_document_is_kept_sealed_and_opened_by_who_sees_the_case() {
    let w = World::new().await;
    let case = w.case(&w.amina, CHILD_PROTECTION, w.known_person("Dana Aziz").await, &[]).await;
    upload(&w.amina, &case, "certificate", PDF).await.redirects();
    let page = w.amina.get(format!("{case}/documents")).await;
    page.shows("Birth certificate of Dana");
    let document = page.link(&format!("{case}/documents/"));
    assert_eq!(w.amina.get(&document).await.is(200).body, String::from_utf8_lossy(PDF));
    w.odd.get(&document).await.is(404);
    let file = w.ground.files.join(w.value("select file from documents").await);
    let sealed = String::from_utf8_lossy(&std::fs::read(file).expect("the file is there")).into_owned();
    assert!(!sealed.contains("certificate"));
    w.amina.post(format!("{document}/withdrawal"), [("", "")]).await.redirects();
    w.amina.get(&document).await.is(404);
    assert_eq!(w.value("select count(*)::text from documents").await, "1");
}

#[tokio::test]
async fn what_a_file_is_its_bytes_decide() {
    let w = World::new().await;
    let case = w.case(&w.amina, CHILD_PROTECTION, w.known_person("Dana Aziz").await, &[]).await;
    upload(&w.amina, &case, "letter", b"MZ not a letter").await.is(422).shows("Only PDF, JPEG and PNG");
}

#[tokio::test]
async fn a_scan_of_several_pages_is_kept_and_one_over_the_limit_is_refused_in_words() {
    let w = World::new().await;
    let case = w.case(&w.amina, CHILD_PROTECTION, w.known_person("Dana Aziz").await, &[]).await;
    let scan = |megabytes: usize| [PDF, &vec![b' '; megabytes * 1024 * 1024]].concat();
    upload(&w.amina, &case, "letter", &scan(14)).await.redirects();
    upload(&w.amina, &case, "letter", &scan(15)).await.is(422).shows("This file is too large");
    let novel = "a word ".repeat(100_000);
    w.amina
        .post(format!("{case}/notes"), [("kind", "note"), ("body", novel.as_str())])
        .await
        .is(422)
        .shows("This is too much at once");
}

#[tokio::test]
async fn s18_no_photo_of_a_person_in_a_guarded_case() {
    let w = World::new().await;
    let case = w.case(&w.amina, CHILD_PROTECTION, w.known_person("Dana Aziz").await, &[]).await;
    upload(&w.amina, &case, "photo", PDF).await.is(422).shows("No photo of a person");
}

#[tokio::test]
async fn s18_a_photo_of_a_person_is_the_exception_in_a_standard_case_and_never_what_stands_chosen() {
    let w = World::new().await;
    let person = w.known_person("Dana Aziz").await;
    let household = w.household(person).await.to_string();
    let case = w.case(&w.amina, ASSISTANCE, person, &[("household", household.as_str()), ("whole_household", "true")]).await;
    let page = w.amina.get(format!("{case}/documents")).await;
    page.shows("No photo of a person as a rule");
    let kinds = page.body.split("id=\"f-kind\"").nth(1).and_then(|rest| rest.split("</select>").next()).expect("the kinds");
    assert!(kinds.contains("<option value=\"photo\">") && !kinds.contains(" selected"), "{kinds}");
    // Nothing is kept as a photo of somebody, or at all, before somebody said what it is.
    let unsaid = w.amina.upload(format!("{case}/documents"), &[("title", "Dana")], Some(("file", "dana.pdf", PDF))).await;
    unsaid.is(422);
    assert_eq!(w.count("documents").await, 0);
    // Nor does the page of the person ask for one, or show one.
    w.amina.get(format!("/people/{person}")).await.is(200).lacks("type=\"file\"").lacks("capture=");
    // Where none may be kept, nothing is said of one.
    let guarded = w.case(&w.amina, CHILD_PROTECTION, w.known_person("Rana Aziz").await, &[]).await;
    w.amina.get(format!("{guarded}/documents")).await.lacks("value=\"photo\"").lacks("No photo of a person as a rule");
}

#[tokio::test]
async fn s18_a_picture_is_taken_by_the_camera_past_the_gallery_and_no_browser_sends_away_what_is_typed_or_said() {
    let w = World::new().await;
    let case = w.case(&w.amina, CHILD_PROTECTION, w.known_person("Dana Aziz").await, &[]).await;
    let page = w.amina.get(format!("{case}/documents")).await;
    for asked in ["type=\"file\" id=\"f-file-camera\"", "capture=\"environment\""] {
        assert!(page.body.contains(asked), "{asked}: {}", page.body);
    }
    let noted = w.amina.get(w.amina.get(&case).await.link("/quick-note?case=")).await;
    for asked in ["<textarea", "<body class=\"tc-body\" spellcheck=\"false\" writingsuggestions=\"false\""] {
        assert!(noted.body.contains(asked), "{asked}: {}", noted.body);
    }
    assert!(!noted.body.contains("spellcheck=\"true\""), "no field takes it back");
    let policy = noted.headers.get("permissions-policy").and_then(|policy| policy.to_str().ok()).unwrap_or_default();
    assert!(policy.contains("microphone=()"), "nothing of ours listens: {policy}");
}
