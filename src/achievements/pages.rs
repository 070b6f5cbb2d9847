//! Pages: the list of a case by dimension, one line with its history, the report on paper.
mod line;
mod list;
mod print;

use crate::achievements::card;
use crate::cases::{self, Case};
use crate::error::Error;
use crate::packs;
use crate::platform::db::Work;
use crate::web::{Page, Routes};

/// The routes of achievements.
pub fn routes() -> Routes {
    Routes::new()
        .page("GET", "/cases/{id}/achievements", list::index)
        .page("POST", "/cases/{id}/achievements", line::update)
        .page("GET", "/cases/{id}/achievements/line", line::show)
        .page("GET", "/cases/{id}/achievements/print", print::show)
}

// The page of a case, and what the list of this case is called. The title stands in the browser's history: the code, never the name (S13).
async fn titled(work: &mut Work, case: &Case) -> Result<(Page, String), Error> {
    let page = Page::of(work, "").await?;
    let (_, newest) = packs::store::of_case_type(work, case.case_type).await?;
    let list = newest.achievements_of(&case.type_code).ok_or(Error::NotFound)?;
    let pack = cases::actions::pack_of(work, case).await?;
    let (_, process) = cases::actions::rules(&pack, case)?;
    let called = card::title(&page, process, list);
    Ok((Page { title: format!("{called} · {}", case.code), ..page }, called))
}
