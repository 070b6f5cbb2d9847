//! The newest records, as the page of a case shows them.
use super::place::Place;
use super::store;
use crate::error::Error;
use crate::platform::db::Work;
use crate::web::Page;

const MOST: i64 = 4;

/// The card: its lines, and where all of them stand; `None` where nothing may be kept and nothing is.
#[derive(Debug, Clone, Default)]
pub struct Card {
    /// Address, kind, day.
    pub lines: Vec<(String, String, String)>,
    /// The page with all of them.
    pub all: String,
}

/// The card of a place.
pub async fn card(work: &mut Work, p: &Page, place: &Place) -> Result<Option<Card>, Error> {
    let newest = store::list(work, place.of, None, MOST).await?;
    if newest.is_empty() && place.kinds.is_empty() {
        return Ok(None);
    }
    let all = format!("{}/records", place.path());
    let line = |line: &store::Line| (format!("{all}/{}", line.root), label(p, place, &line.kind), p.reader.day(line.happened_at));
    Ok(Some(Card { lines: newest.iter().map(line).collect(), all }))
}

/// A kind in words; its code where the pack no longer knows it.
pub fn label(p: &Page, place: &Place, kind: &str) -> String {
    place.kind(kind).map_or_else(|| kind.to_owned(), |known| known.kind.labels.get(p.reader.lang).to_owned())
}
