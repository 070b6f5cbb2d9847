//! The list of cases: filters, order, saved views, a file of what is seen.
use askama::Template;
use axum::response::Response;
use uuid::Uuid;

use super::{risk_badge, stage_label, type_label};
use crate::access::Act;
use crate::audit::{About, Fact};
use crate::cases::list::{self, Filter, PAGE, Row};
use crate::error::Error;
use crate::packs;
use crate::platform::db::Work;
use crate::platform::text::text;
use crate::web::form::Query;
use crate::web::parts::{Badge, Choice, Pager, Tab, Tone};
use crate::web::{Form, Page, listing};

#[derive(Template)]
#[template(path = "cases/html/index.html")]
struct Index {
    p: Page,
    keepers: Vec<Tab>,
    chips: Vec<Tab>,
    sorts: Vec<Tab>,
    views: Vec<Tab>,
    query: String,
    export: String,
    // The coordinator's board that the list was opened from.
    team: String,
    lead: String,
    heads: [String; 7],
    rows: Vec<Line>,
    pager: Pager,
    // The name of a view that could not be kept.
    form: Form,
    may_open: bool,
    may_transfer: bool,
    may_edit: bool,
}

struct Line {
    href: String,
    who: String,
    code: String,
    kind: String,
    stage: String,
    risk: Badge,
    manager: String,
    due: String,
    due_tone: Tone,
    opened: String,
}

/// GET /cases
pub async fn index(mut work: Work, Query(query): Query) -> Result<Response, Error> {
    let (page, ids) = page(&mut work, &query, Form::default()).await?;
    work.show(About::subjects(ids), page).await
}

// The list that the query asks for, and whose cases stand on it.
async fn page(work: &mut Work, query: &Form, form: Form) -> Result<(Index, Vec<Uuid>), Error> {
    work.may(Act::CaseRead)?;
    let filter = Filter::of(query);
    let title = text(work.lang(), "cases-title");
    let p = Page::of(work, title).await?;
    let (rows, next) = list::list(work, &filter, PAGE).await?;
    let next = next.map(|place| filter.href("after", &place.write())).unwrap_or_default();
    let ids: Vec<Uuid> = rows.iter().map(|row| row.id.0).collect();
    let views = list::saved_views(work, "cases").await?;
    let views = views.into_iter().map(|(_, name, query)| Tab::new(format!("/cases?{query}"), name)).collect();
    let (chips, keepers, sorts) = tabs(work, &p, &filter).await?;
    let lines = lines(work, &p, rows).await?;
    let href = filter.href("after", "");
    let query = href.split_once('?').map(|(_, query)| query.to_owned()).unwrap_or_default();
    let team = filter.unit.filter(|_| filter.keeper == "team").map(|unit| format!("/team?unit={unit}")).unwrap_or_default();
    let page = Index {
        lead: if team.is_empty() { String::new() } else { p.t("cases-of-team") },
        team,
        keepers,
        chips,
        sorts,
        views,
        export: format!("/cases/export?{query}"),
        query,
        heads: ["who", "type", "stage", "risk", "manager", "due", "opened"].map(|head| p.t(&format!("cases-head-{head}"))),
        rows: lines,
        pager: Pager { next, ..Pager::default() },
        may_open: work.holds(Act::CaseOpen),
        may_transfer: work.holds(Act::TransferRequest) || work.holds(Act::TransferDirect),
        may_edit: work.holds(Act::CaseEdit),
        form,
        p,
    };
    Ok((page, ids))
}

async fn tabs(work: &mut Work, p: &Page, filter: &Filter) -> Result<(Vec<Tab>, Vec<Tab>, Vec<Tab>), Error> {
    let lang = work.lang();
    let cleared = crate::cases::store::cleared_types(work).await?;
    let mut chips = vec![Tab {
        on: filter.overdue,
        ..Tab::new(filter.href("overdue", if filter.overdue { "" } else { "yes" }), p.t("cases-overdue"))
    }];
    // A type one is not cleared for is no choice either (S11), and neither is anything of a pack one works nothing of.
    let mut levels: Vec<Choice> = Vec::new();
    for (pack, types) in packs::store::for_types(work, &cleared).await? {
        for level in &pack.risk_levels {
            Choice::new(&level.code, level.labels.get(lang)).add_once(&mut levels);
        }
        for case_type in &types {
            let on = filter.case_type == Some(i16::from(case_type.id));
            let id = case_type.id.to_string();
            chips.push(Tab { on, ..Tab::new(filter.href("type", if on { "" } else { &id }), case_type.labels.get(lang)) });
        }
    }
    for level in levels.into_iter().rev() {
        let on = filter.risk.as_deref() == Some(level.value.as_str());
        let href = filter.href("risk", if on { "" } else { &level.value });
        chips.insert(1, Tab { on, ..Tab::new(href, level.label) });
    }
    chips.push(Tab {
        on: filter.closed,
        ..Tab::new(filter.href("closed", if filter.closed { "" } else { "yes" }), p.t("cases-closed"))
    });
    let one = |part: &'static str, now: &str, code: &str| {
        Tab::new(filter.href(part, code), p.t(&format!("cases-{part}-{code}"))).on_when(now, code)
    };
    let keepers = ["mine", "inbox", "unit", "all"].map(|code| one("keeper", &filter.keeper, code)).to_vec();
    let sorts = ["due", "risk", "opened"].map(|code| one("sort", &filter.sort, code)).to_vec();
    Ok((chips, keepers, sorts))
}

async fn lines(work: &mut Work, p: &Page, rows: Vec<Row>) -> Result<Vec<Line>, Error> {
    let lang = work.lang();
    // The name of a guarded case is not even read (S13).
    let open: Vec<Uuid> = rows.iter().filter(|row| row.guarded == "standard").map(|row| row.person_id.0).collect();
    let names = list::names(work, &open).await?;
    let mut lines = Vec::new();
    for row in rows {
        let pack = packs::store::find(work, &row.pack, row.pack_version).await?;
        let elsewhere = row.due_elsewhere();
        let late = elsewhere.map_or(row.own_late, |due| due < work.now());
        let due = elsewhere.or(row.own_due_at);
        let elsewhere = elsewhere.is_some();
        let due = due.map(|due| if late { p.reader.overdue(due) } else { p.when(&due) }).unwrap_or_default();
        lines.push(Line {
            href: format!("/cases/{}", row.id),
            who: names.get(&row.person_id.0).filter(|_| row.guarded == "standard").cloned().unwrap_or_else(|| row.code.clone()),
            kind: type_label(&pack, row.case_type, lang),
            stage: stage_label(&pack, row.case_type, &row.stage, lang),
            risk: risk_badge(&pack, lang, row.risk.as_deref()),
            manager: row.manager_name.unwrap_or_else(|| p.t("cases-in-inbox")),
            due: if elsewhere { p.ta("cases-due-elsewhere", "due", due) } else { due },
            due_tone: match (late, elsewhere) {
                (true, true) => Tone::Warning,
                (true, false) => Tone::Danger,
                _ => Tone::Neutral,
            },
            opened: p.reader.day(row.opened_at),
            code: row.code,
        });
    }
    Ok(lines)
}

/// POST /cases/views
pub async fn save_view(mut work: Work, mut form: Form) -> Result<Response, Error> {
    let name = form.text("name", 60);
    let query = form.text_maybe("query", 1000);
    if form.check().is_err() {
        let shown = Form::parse(query.as_bytes());
        let (page, _) = page(&mut work, &shown, form).await?;
        return work.show_again(&page);
    }
    list::save_view(&mut work, "cases", &name, &query).await?;
    work.then(&format!("/cases?{query}"), "cases-view-saved").await
}

/// GET /cases/export: what the list shows, as a file; leaving the house is a fact.
pub async fn export(mut work: Work, Query(query): Query) -> Result<Response, Error> {
    work.may(Act::CaseRead)?;
    let filter = Filter { after: None, ..Filter::of(&query) };
    let p = Page::of(&mut work, "").await?;
    let (rows, _) = list::list(&mut work, &filter, list::MOST).await?;
    let ids: Vec<Uuid> = rows.iter().map(|row| row.id.0).collect();
    let heads = ["code", "type", "stage", "risk", "manager", "due", "opened"].map(|head| p.t(&format!("cases-head-{head}")));
    let mut records = Vec::new();
    for (row, line) in rows.clone().into_iter().zip(lines(&mut work, &p, rows).await?) {
        let due = row.next_due_at.map(|due| due.to_rfc3339()).unwrap_or_default();
        let opened = row.opened_at.with_timezone(&p.reader.zone).date_naive().to_string();
        records.push(vec![line.code, line.kind, line.stage, line.risk.word, line.manager, due, opened]);
    }
    work.record(Fact::Exported, About::subjects(ids).note(serde_json::json!({ "page": "cases" }))).await?;
    work.commit().await?;
    listing::as_csv(&heads, records)
}

/// The packs' priorities as choices.
pub(super) fn priorities(pack: &packs::Pack, lang: crate::platform::lang::Lang) -> Vec<Choice> {
    pack.priorities.iter().map(|priority| Choice::new(&priority.code, priority.labels.get(lang))).collect()
}
