//! A form that arrives a second time does nothing twice, and one that is shown again with its errors is still the same form.
use crate::support::World;
use crate::support::sent::PROTECTION;

#[tokio::test]
async fn the_same_form_twice_is_one_act_with_one_answer() {
    let w = World::new().await;
    let case = w.case(&w.amina, PROTECTION, w.known_person("Dana Aziz").await, &[]).await;
    let page = w.amina.get(format!("{case}/notes")).await;
    let mark = page.marked("_once");
    let note = [("kind", "note"), ("body", "She likes mornings"), ("_once", &mark)];
    let path = format!("{case}/notes");
    let (first, second) = tokio::join!(w.amina.post(&path, note), w.amina.post(&path, note));
    assert_eq!(first.redirects(), second.redirects());
    let third = w.amina.post(&path, note).await;
    // Whoever meant a second one knows that there is none.
    assert_eq!((third.redirects(), third.flash().as_str()), (first.redirects(), "saved-already"));
    assert_eq!(w.count("case_notes where kind = 'note'").await, 1);
    // Other words from the same page are another act, and so are the same words from a page opened anew.
    w.amina.post(&path, [("kind", "note"), ("body", "And evenings"), ("_once", &mark)]).await.redirects();
    let anew = w.amina.get(format!("{case}/notes")).await.marked("_once");
    assert_ne!(anew, mark);
    w.amina.post(&path, [("kind", "note"), ("body", "She likes mornings"), ("_once", &anew)]).await.redirects();
    assert_eq!(w.count("case_notes where kind = 'note'").await, 3);
}

#[tokio::test]
async fn a_form_that_comes_back_with_its_errors_is_mended_once() {
    let w = World::new().await;
    let case = w.case(&w.amina, PROTECTION, w.known_person("Dana Aziz").await, &[]).await;
    let mark = w.amina.get(format!("{case}/notes")).await.marked("_once");
    let path = format!("{case}/notes");
    // Reloading what was refused asks the same again, and it is refused again.
    for _ in 0..2 {
        let refused = w.amina.post(&path, [("kind", "note"), ("body", ""), ("_once", &mark)]).await;
        assert_eq!(refused.is(422).marked("_once"), mark);
    }
    // Mended, sent, gone back to and sent once more.
    let mended = [("kind", "note"), ("body", "She likes mornings"), ("_once", &mark)];
    let first = w.amina.post(&path, mended).await.redirects();
    assert_eq!(w.amina.post(&path, mended).await.redirects(), first);
    assert_eq!(w.count("case_notes where kind = 'note'").await, 1);
    // Somebody else's mark is nobody's business.
    w.bruno.post(&path, mended).await.redirects();
    assert_eq!(w.count("case_notes where kind = 'note'").await, 2);
}
