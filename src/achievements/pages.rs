//! Pages: the list of a case by dimension, one line with its history, the report on paper.
mod line;
mod list;
mod print;

use crate::cases::Case;
use crate::error::Error;
use crate::platform::db::Work;
use crate::platform::text::text;
use crate::web::{Page, Routes};

/// The routes of achievements.
pub fn routes() -> Routes {
    Routes::new()
        .page("GET", "/cases/{id}/achievements", list::index)
        .page("POST", "/cases/{id}/achievements", line::update)
        .page("GET", "/cases/{id}/achievements/line", line::show)
        .page("GET", "/cases/{id}/achievements/print", print::show)
}

// The title stands in the browser's history: the code, never the name (S13).
async fn titled(work: &mut Work, case: &Case) -> Result<Page, Error> {
    let title = format!("{} · {}", text(work.lang(), "achievements-title"), case.code);
    Page::of(work, title).await
}
