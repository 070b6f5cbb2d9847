//! A page takes the same number of statements over many rows as over few.
use std::ops::Range;

use crate::support::World;
use crate::support::browser::Browser;
use crate::support::counting::statements;
use crate::support::sent::{ASSISTANCE, Sent};
use crate::support::world::{FIELD, user};

// So many more of everything: cases of Amina's and of colleagues, referred, with tasks and meetings; and one case that has all of it.
async fn filled(w: &World, main: &Sent, more: Range<i64>) {
    for nth in more {
        let (own, colleagues) = (w.sent(ASSISTANCE).await, w.sent(ASSISTANCE).await);
        let colleague = w.member(&format!("worker{nth}"), FIELD, "case_worker").await;
        w.sql(&format!("update cases set case_manager = '{colleague}' where id = '{}'", colleagues.case)).await;
        w.referred(main.case, main.person, user("amina")).await;
        w.key_of(own.case).await;
        let (due, starts) = (w.in_days(nth % 9 + 1), w.in_hours(nth * 3 + 1));
        for case in [own.case, main.case] {
            let task = [("title", if nth % 3 == 0 { "Late" } else { "Ring the school" }), ("due_at", due.as_str())];
            w.amina.post(format!("/cases/{case}/tasks"), task).await.redirects();
            let meeting = [("kind", "interview"), ("starts_at", starts.as_str()), ("minutes", "30"), ("place", "At the centre")];
            w.amina.post(format!("/cases/{case}/meetings"), meeting).await.redirects();
        }
        let note = [("kind", "note"), ("body", "Lives with her aunt.")];
        w.amina.post(format!("/cases/{}/notes", main.case), note).await.redirects();
    }
    w.sql("update tasks set due_at = now() - interval '1 day' where title = 'Late'").await;
}

async fn counted(pages: &[(&Browser, &str)]) -> Vec<String> {
    let mut counted = Vec::new();
    for (by, path) in pages {
        counted.push(format!("{path} {}", statements(by, path).await));
    }
    counted
}

#[tokio::test]
async fn a_page_takes_as_many_statements_over_forty_rows_as_over_three() {
    let w = World::new().await;
    let main = w.sent(ASSISTANCE).await;
    w.key_of(main.case).await;
    let case = format!("/cases/{}", main.case);
    let pages = [
        (&w.amina, "/"),
        (&w.amina, "/calendar?view=week"),
        (&w.amina, "/calendar?view=month"),
        (&w.amina, "/cases"),
        (&w.amina, &*case),
        (&w.bruno, "/"),
        (&w.bruno, "/team"),
        (&w.chen, "/inbox"),
    ];
    filled(&w, &main, 0..3).await;
    let few = counted(&pages).await;
    filled(&w, &main, 3..40).await;
    assert_eq!(counted(&pages).await, few);
}
