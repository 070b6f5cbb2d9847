//! Which cases go: one's own, the inbox's, the unit's or all that one sees, to tick.
use askama::Template;
use axum::response::Response;
use uuid::Uuid;

use super::write::may_ask;
use super::{pack_of, stage_label};
use crate::audit::About;
use crate::cases::list;
use crate::error::Error;
use crate::platform::db::Work;
use crate::transfers::{choices as offered, wish};
use crate::web::form::Query;
use crate::web::parts::{Choice, Tab};
use crate::web::{Form, Page};

#[derive(Template)]
#[template(path = "transfers/html/choose.html")]
struct Choose {
    p: Page,
    form: Form,
    keepers: Vec<Tab>,
    rows: Vec<Choice>,
    more: bool,
}

/// GET /transfers/choose: one's cases, to tick those that go.
pub async fn choose(mut work: Work, Query(mut query): Query) -> Result<Response, Error> {
    may_ask(&work)?;
    if query.value("chosen") == "none" {
        query.errors.add("case", "choose_cases");
    }
    let filter = list::Filter { closed: false, after: None, ..list::Filter::of(&query) };
    let (rows, next) = list::list(&mut work, &filter, wish::MOST_RECORDS).await?;
    let p = Page::titled(&mut work, "transfer-choose-title").await?;
    let ids: Vec<Uuid> = rows.iter().map(|row| row.id.0).collect();
    let open: Vec<Uuid> = rows.iter().filter(|row| row.guarded == "standard").map(|row| row.person_id.0).collect();
    let names = list::names(&mut work, &open).await?;
    let fixed = offered::fixed(&mut work, &rows.iter().map(|row| row.id).collect::<Vec<_>>()).await?;
    let mut choices = Vec::new();
    for row in rows {
        // A restricted case travels alone, from its own page (S11); another stays where it is at its stage.
        if row.guarded == "restricted" || fixed.contains(&row.id) {
            continue;
        }
        let pack = pack_of(&mut work, row.case_type).await;
        let kind = u8::try_from(row.case_type).ok().and_then(|id| pack.as_ref()?.case_type_by_id(id));
        let kind = kind.map(|kind| kind.labels.get(p.reader.lang).to_owned()).unwrap_or_default();
        let stage = stage_label(pack.as_deref(), row.case_type, &row.stage, &p);
        let name = names.get(&row.person_id.0).map(|name| format!("{name} · ")).unwrap_or_default();
        choices.push(Choice::new(row.id.to_string(), format!("{name}{}", row.code)).with_hint(format!("{kind} · {stage}")));
    }
    let tab = |name: &str| {
        Tab::new(format!("/transfers/choose?keeper={name}"), p.t(&format!("cases-keeper-{name}"))).on_when(&filter.keeper, name)
    };
    let page = Choose {
        keepers: ["mine", "inbox", "unit", "all"].map(tab).to_vec(),
        rows: choices,
        more: next.is_some(),
        form: query,
        p,
    };
    work.show(About::subjects(ids), page).await
}
