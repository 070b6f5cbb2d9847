//! With whom somebody would rather speak: a woman or a man, as case worker and as interpreter.
use crate::support::World;
use crate::support::case_work::CHILD_PROTECTION;

#[tokio::test]
async fn s25_with_whom_somebody_would_rather_speak_is_read_by_whoever_assigns_or_plans() {
    let w = World::new().await;
    let dana = w.person(&w.amina, "Dana Saleh", &[("worker_sex", "woman"), ("interpreter_sex", "man")]).await;
    let case = w.case(&w.amina, CHILD_PROTECTION, dana, &[]).await;
    for path in [format!("/people/{dana}"), case.clone()] {
        let page = w.amina.get(path).await;
        page.shows("Preferred case worker").shows("a woman").shows("Preferred interpreter").shows("a man");
    }
    let both = "Preferred case worker: a woman · Preferred interpreter: a man";
    w.amina.get(format!("{case}/meetings/new")).await.shows(both);
    w.bruno.get(format!("{case}/assignment")).await.shows(both);
    let program = w.amina.program().await;
    program.get(format!("/api/v1/people/{dana}")).await.shows("\"worker_sex\":\"woman\"").shows("\"interpreter_sex\":\"man\"");
}

#[tokio::test]
async fn s25_whoever_has_no_preference_is_asked_for_none() {
    let w = World::new().await;
    let dana = w.person(&w.amina, "Dana Saleh", &[("interpreter_sex", "woman")]).await;
    let case = w.case(&w.amina, CHILD_PROTECTION, dana, &[]).await;
    w.amina.get(&case).await.lacks("Preferred case worker").shows("Preferred interpreter");
    let version = w.value(&format!("select version::text from persons where id = '{dana}'")).await;
    let edit = [("name", "Dana Saleh"), ("version", version.as_str())];
    let path = format!("/people/{dana}/edit");
    w.amina.post(&path, edit.into_iter().chain([("interpreter_sex", "robot")])).await.is(422);
    w.amina.post(&path, edit).await.redirects();
    w.amina.get(&case).await.lacks("Preferred interpreter");
    assert_eq!(w.count(&format!("persons where id = '{dana}' and interpreter_sex is null")).await, 1);
}
