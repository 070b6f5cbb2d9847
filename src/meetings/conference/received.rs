//! Pages of the organisations that took part: the minutes that are shared with them.
use askama::Template;
use axum::response::Response;

use super::pages::label;
use super::party::{Agreed, Minutes, Received, ToDelete};
use super::{recall, store};
use crate::access::Act;
use crate::audit::{About, Fact};
use crate::consent::recall::may_answer;
use crate::error::Error;
use crate::packs;
use crate::platform::db::Work;
use crate::platform::ids::RowId;
use crate::web::form::Path;
use crate::web::{Page, Routes};

/// The pages of what was received.
pub(super) fn routes() -> Routes {
    Routes::new().page("GET", "/conferences", index).page("GET", "/conferences/{id}", show).page(
        "POST",
        "/conferences/{id}/deletion",
        delete,
    )
}

#[derive(Template)]
#[template(path = "meetings/html/conferences.html")]
struct Index {
    p: Page,
    asked: Vec<Asked>,
    rows: Vec<Row>,
}

// Minutes that are to be deleted.
struct Asked {
    action: String,
    code: String,
    from: String,
    at: String,
    by: String,
}

struct Row {
    href: String,
    code: String,
    from: String,
    at: String,
}

/// GET /conferences
async fn index(mut work: Work) -> Result<Response, Error> {
    may_answer(&work)?;
    let p = Page::titled(&mut work, "conferences-title").await?;
    let received = store::received(&mut work).await?;
    let to_delete = store::to_delete(&mut work).await?;
    let ids: Vec<_> = received.iter().map(|one| one.id.0).chain(to_delete.iter().map(|one| one.id.0)).collect();
    let asked = |one: &ToDelete| Asked {
        action: format!("/conferences/{}/deletion", one.id),
        code: one.code.clone(),
        from: one.from_name.clone(),
        at: p.moment(&one.held_at),
        by: p.detailed(&p.t("conference-to-delete"), &p.moment(&one.due_at)),
    };
    let row = |one: &Received| Row {
        href: format!("/conferences/{}", one.id),
        code: one.code.clone(),
        from: one.from_name.clone(),
        at: p.moment(&one.held_at),
    };
    let (rows, asked) = (received.iter().map(row).collect(), to_delete.iter().map(asked).collect());
    work.show(About::subjects(ids), Index { rows, asked, p }).await
}

/// POST /conferences/{id}/deletion: no copy is left.
async fn delete(mut work: Work, Path(id): Path<RowId>) -> Result<Response, Error> {
    recall::deleted(&mut work, id).await?;
    work.then("/conferences", "conferences-are-deleted").await
}

#[derive(Template)]
#[template(path = "meetings/html/packet.html")]
struct Show {
    p: Page,
    back: String,
    code: String,
    from: String,
    at: String,
    sections: Vec<(String, String)>,
    agreed: Vec<String>,
}

/// A packet and what stands in it, for whoever may; that its receiver opened it is a fact.
pub(super) async fn opened(work: &mut Work, id: RowId) -> Result<(Received, Minutes), Error> {
    if !work.holds(Act::ReferralAnswer) {
        work.may(Act::CaseRead)?;
    }
    let packet = store::packet(work, id).await?;
    let minutes = store::opened(work, &packet).await?;
    if packet.to_org == work.standing.org {
        work.record(Fact::ConferenceOpened, About::subjects([id.0])).await?;
    }
    Ok((packet, minutes))
}

// What its reader's side agreed to do, and by when.
fn said(p: &Page, one: &Agreed) -> String {
    let day = one.due_on.map(|day| p.date(&day)).unwrap_or_default();
    if day.is_empty() { one.what.clone() } else { p.signed(&one.what, &day) }
}

/// GET /conferences/{id}
async fn show(mut work: Work, Path(id): Path<RowId>) -> Result<Response, Error> {
    let (packet, minutes) = opened(&mut work, id).await?;
    let pack = packs::store::find(&mut work, &packet.pack, packet.pack_version).await?;
    let p = Page::titled(&mut work, "conference-minutes").await?;
    let received = packet.to_org == work.standing.org;
    let page = Show {
        back: if received { "/conferences".to_owned() } else { format!("/cases/{}/meetings", packet.case_id) },
        code: packet.code,
        from: packet.from_name,
        at: p.reader.full_moment(packet.held_at),
        agreed: minutes.agreed.iter().map(|one| said(&p, one)).collect(),
        sections: minutes.sections.into_iter().map(|(section, text)| (label(&p, &pack, &section), text)).collect(),
        p,
    };
    work.show(About::subjects([id.0]), page).await
}
