//! The list of records of a case or a person, in their newest versions.
use askama::Template;
use axum::response::Response;
use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::error::Error;
use crate::platform::db::Work;
use crate::platform::text::text;
use crate::records::place::{Of, Place};
use crate::records::{actions, card, store};
use crate::web::parts::Pager;
use crate::web::{Form, Page};

const MOST: i64 = 30;

#[derive(Template)]
#[template(path = "records/html/index.html")]
struct Index {
    p: Page,
    back: String,
    code: String,
    lead: String,
    kinds: Vec<(String, String)>,
    locked: Vec<(String, String)>,
    heads: [String; 4],
    rows: Vec<Row>,
    pager: Pager,
}

struct Row {
    href: String,
    kind: String,
    when: String,
    by: String,
    state: String,
}

/// GET /cases/{id}/records and /people/{id}/records
pub(super) async fn index(mut work: Work, of: Of, query: Form) -> Result<Response, Error> {
    let place = Place::find(&mut work, of).await?;
    let title = format!("{} · {}", text(work.lang(), "records-title"), place.code);
    let p = Page::of(&mut work, title).await?;
    let mut lines = store::list(&mut work, of, read_place(query.value("before")), MOST + 1).await?;
    let more = lines.len() as i64 > MOST;
    lines.truncate(usize::try_from(MOST).unwrap_or_default());
    let base = format!("{}/records", place.path());
    let next =
        lines.last().filter(|_| more).map(|last| format!("{base}?before={}_{}", last.happened_at.timestamp_micros(), last.root));
    let may_write = place.may_write(&mut work).await.is_ok();
    let (mut kinds, mut locked) = (Vec::new(), Vec::new());
    for one in place.kinds.iter().filter(|_| may_write) {
        let (label, opens) = (one.kind.labels.get(p.reader.lang).to_owned(), place.opening(&mut work, &p, one).await?);
        if opens.is_empty() {
            kinds.push((format!("{base}/new?kind={}", one.kind.code), label));
        } else {
            locked.push((label, opens));
        }
    }
    let first = lines.first().map(|line| line.root);
    let page = Index {
        kinds,
        locked,
        heads: ["kind", "when", "by", "state"].map(|head| p.tc("records-head", head)),
        rows: lines.iter().map(|line| row(&p, &place, &base, line)).collect(),
        pager: Pager { next: next.unwrap_or_default(), ..Pager::default() },
        back: place.path(),
        lead: p.t(if matches!(of, Of::Person(_)) { "records-lead-person" } else { "records-lead" }),
        code: place.code.clone(),
        p,
    };
    let about = match first {
        Some(first) => actions::about(&place, first),
        None => actions::about(&place, crate::platform::ids::RecordId(place.person.0)),
    };
    work.show(about, page).await
}

fn row(p: &Page, place: &Place, base: &str, line: &store::Line) -> Row {
    let state = match (line.moved, line.corrected) {
        (true, _) => p.t("records-moved"),
        (_, true) => p.t("records-corrected"),
        _ => String::new(),
    };
    Row {
        href: format!("{base}/{}", line.root),
        kind: card::label(p, place, &line.kind),
        when: p.moment(&line.happened_at),
        by: line.author_name.clone(),
        state,
    }
}

fn read_place(text: &str) -> Option<(DateTime<Utc>, Uuid)> {
    let (at, id) = text.split_once('_')?;
    Some((DateTime::from_timestamp_micros(at.parse().ok()?)?, id.parse().ok()?))
}
