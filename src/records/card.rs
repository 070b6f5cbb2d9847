//! The newest records, as the page of a case shows them.
use super::part::{self, Ask};
use super::place::Place;
use super::record::{self, Said};
use super::store;
use crate::error::Error;
use crate::packs::Shape;
use crate::platform::db::Work;
use crate::platform::text::text_with;
use crate::tasks::Task;
use crate::web::Page;

const MOST: usize = 4;
/// The card and the separation are told from so many of the newest records.
pub const LOOKED_THROUGH: i64 = 200;

/// The card: its lines, and where all of them stand; `None` where nothing may be kept and nothing is.
#[derive(Debug, Clone, Default)]
pub struct Card {
    /// Address, kind, day.
    pub lines: Vec<(String, String, String)>,
    /// The page with all of them.
    pub all: String,
}

/// The card of a place, from its newest records.
pub fn card(p: &Page, place: &Place, newest: &[store::Line]) -> Option<Card> {
    if newest.is_empty() && place.kinds.is_empty() {
        return None;
    }
    let all = format!("{}/records", place.path());
    let line = |line: &store::Line| (format!("{all}/{}", line.root), label(p, place, &line.kind), p.reader.day(line.happened_at));
    Some(Card { lines: newest.iter().take(MOST).map(line).collect(), all })
}

/// Says in the tasks of a case which of these records asks for another look.
pub fn name_looks(p: &Page, place: &Place, newest: &[store::Line], tasks: &mut [Task]) {
    for task in tasks.iter_mut().filter(|task| task.record.is_some()) {
        let Some(line) = newest.iter().find(|line| Some(line.root) == task.record) else { continue };
        let words = [("kind", label(p, place, &line.kind).into()), ("day", p.reader.day(line.happened_at).into())];
        task.title = text_with(p.reader.lang, "task-record-next-of", &words);
    }
}

/// How a child stands to those who cared for them, as the newest of these records that tells of that says: a code of `record-separation`.
pub async fn separation(work: &mut Work, place: &Place, newest: &[store::Line]) -> Result<Option<String>, Error> {
    let known = place.kinds.iter().filter(|known| known.kind.shape == Shape::Separation);
    let kinds: Vec<&str> = known.map(|known| known.kind.code.as_str()).collect();
    if kinds.is_empty() {
        return Ok(None);
    }
    let Some(newest) = newest.iter().find(|line| !line.moved && kinds.contains(&line.kind.as_str())) else { return Ok(None) };
    let said = store::versions(work, place.of, newest.root).await?.into_iter().next().and_then(|version| version.said);
    Ok(said.and_then(|said| said.more.get("separation").cloned()).filter(|code| !code.is_empty()))
}

/// What a record says that may be told outside the case, each part by its code, its name and its words: without who is sought, who sat on a
/// panel and who took part, and without codes and figures.
pub fn told(p: &Page, place: &Place, kind: &str, said: &Said) -> Vec<(String, String, String)> {
    const KEPT: [&str; 3] = ["panel", "sought", "took_part"];
    let parts = place.kind(kind).map_or(&["account"][..], |known| record::parts(known.kind.shape));
    let words = |name: &str| match name {
        "account" => said.account.clone(),
        "done" => said.done.clone(),
        "advice" => said.advice.clone(),
        name => part::find(name)
            .filter(|part| part.ask == Ask::Words)
            .and_then(|part| said.more.get(part.name).cloned())
            .unwrap_or_default(),
    };
    let told = parts.iter().filter(|name| !KEPT.contains(name)).map(|name| (*name, words(name)));
    told.filter(|(_, words)| !words.trim().is_empty())
        .map(|(name, words)| (name.to_owned(), p.tc("record-field", name), words))
        .collect()
}

/// A kind in words; its code where the pack no longer knows it.
pub fn label(p: &Page, place: &Place, kind: &str) -> String {
    place.kind(kind).map_or_else(|| kind.to_owned(), |known| known.kind.labels.get(p.reader.lang).to_owned())
}
