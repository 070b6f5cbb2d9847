//! The lists behind a screening's figures: cases whose verdict changed, and proposals. Both hold the cases that the reader sees.
use askama::Template;
use axum::response::Response;
use uuid::Uuid;

use crate::access::Act;
use crate::audit::About;
use crate::cases;
use crate::eligibility::screening::changes::{self, Turn};
use crate::eligibility::screening::course::{Line, Screening};
use crate::eligibility::screening::figures;
use crate::eligibility::screening::proposals::{self, Proposal};
use crate::eligibility::screening::store;
use crate::error::Error;
use crate::packs::{self, ReasonKind};
use crate::platform::db::Work;
use crate::platform::ids::{CaseId, ScreeningId};
use crate::web::form::{Path, Query};
use crate::web::parts::{Badge, Pager, Tone};
use crate::web::{Form, Page};

/// So many cases on a page.
pub(super) const MOST: i64 = 50;

#[derive(Template)]
#[template(path = "eligibility/screening/html/changes.html")]
struct Changes {
    p: Page,
    back: String,
    service: String,
    heads: [String; 2],
    rows: Vec<Row>,
    pager: Pager,
}

#[derive(Template)]
#[template(path = "eligibility/screening/html/proposals.html")]
struct Proposals {
    p: Page,
    back: String,
    heads: [String; 4],
    rows: Vec<Row>,
    pager: Pager,
}

struct Row {
    href: String,
    code: String,
    name: String,
    worker: String,
    service: String,
    state: Badge,
}

/// Cuts a page off what was read, and says where the next one starts.
pub(super) fn cut<T>(rows: &mut Vec<T>, path: &str, key: impl Fn(&T) -> Uuid) -> Pager {
    let most = usize::try_from(MOST).unwrap_or_default();
    let more = rows.len() > most;
    rows.truncate(most);
    let next = rows.last().filter(|_| more).map(|last| format!("{path}after={}", key(last)));
    Pager { next: next.unwrap_or_default(), ..Pager::default() }
}

/// Where a case of a list leads: to its services.
pub(super) fn case_href(case: CaseId) -> String {
    format!("/cases/{case}/services")
}

/// The line that is asked about and its place, of those that the reader sees: the first one where none is named.
pub(super) fn line_of<'a>(screening: &'a Screening, form: &Form) -> Result<(usize, &'a Line), Error> {
    let named = form.value("line");
    let is_meant = |(nth, line): &(usize, &Line)| line.is_seen && (named.is_empty() || named == nth.to_string());
    screening.lines.iter().enumerate().find(is_meant).ok_or(Error::NotFound)
}

/// GET /screenings/{id}/changes?line=&turn=
pub(super) async fn changes(mut work: Work, Path(id): Path<ScreeningId>, Query(form): Query) -> Result<Response, Error> {
    let screening = store::find(&mut work, id).await?;
    work.may(Act::ScreeningRun)?;
    let (nth, line) = line_of(&screening, &form)?;
    let turn = Turn::parse(form.value("turn")).unwrap_or(Turn::Newly);
    figures::changed(&screening, nth, turn)?;
    let mut changed = changes::list(&mut work, &screening, (nth, turn), form.value("after").parse().ok(), MOST + 1).await?;
    let path = format!("{}/changes?line={nth}&turn={}&", screening.path(), turn.code());
    let pager = cut(&mut changed, &path, |one| one.case.0);
    let persons: Vec<Uuid> = changed.iter().map(|one| one.person).collect();
    let names = cases::list::names(&mut work, &persons).await?;
    let p = Page::titled(
        &mut work,
        match turn {
            Turn::Newly => "screening-newly-title",
            Turn::NoLonger => "screening-no-longer-title",
        },
    )
    .await?;
    let ids: Vec<Uuid> = changed.iter().map(|one| one.case.0).collect();
    let rows = changed.into_iter().map(|one| Row {
        href: case_href(one.case),
        code: one.code,
        name: names.get(&one.person).cloned().unwrap_or_default(),
        worker: one.worker.unwrap_or_else(|| p.t("cases-in-inbox")),
        service: String::new(),
        state: Badge::default(),
    });
    let page = Changes {
        back: screening.path(),
        service: line.name.clone(),
        heads: ["case", "worker"].map(|head| p.tc("screening-head", head)),
        rows: rows.collect(),
        pager,
        p,
    };
    work.show(About::subjects(ids), page).await
}

/// GET /screenings/{id}/proposals
pub(super) async fn proposals(mut work: Work, Path(id): Path<ScreeningId>, Query(form): Query) -> Result<Response, Error> {
    let screening = store::find(&mut work, id).await?;
    work.may(Act::ScreeningRun)?;
    let mut listed = proposals::list(&mut work, id, form.value("after").parse().ok(), MOST + 1).await?;
    let pager = cut(&mut listed, &format!("{}/proposals?", screening.path()), |one| one.id);
    let persons: Vec<Uuid> = listed.iter().map(|one| one.person).collect();
    let names = cases::list::names(&mut work, &persons).await?;
    let p = Page::titled(&mut work, "screening-proposals-title").await?;
    let ids: Vec<Uuid> = listed.iter().map(|one| one.case.0).collect();
    let known = if listed.iter().any(|one| one.why.is_some()) { packs::store::newest(&mut work).await? } else { Vec::new() };
    // Why nobody is referred is in the words of the case's pack.
    let why = |one: &Proposal| {
        let pack = known.iter().map(|(_, pack)| pack).find(|pack| pack.name == one.pack)?;
        pack.reason(ReasonKind::NotReferred, one.why.as_deref()?).map(|reason| reason.labels.get(p.reader.lang).to_owned())
    };
    let rows = listed.into_iter().map(|one| Row {
        href: case_href(one.case),
        name: names.get(&one.person).cloned().unwrap_or_default(),
        state: state(&p, &one, why(&one)),
        worker: one.worker.unwrap_or_else(|| p.t("cases-in-inbox")),
        code: one.code,
        service: [Some(one.service), one.provider].into_iter().flatten().collect::<Vec<_>>().join(" · "),
    });
    let page = Proposals {
        back: screening.path(),
        heads: ["case", "service", "worker", "state"].map(|head| p.tc("screening-head", head)),
        rows: rows.collect(),
        pager,
        p,
    };
    work.show(About::subjects(ids), page).await
}

fn state(p: &Page, one: &Proposal, why: Option<String>) -> Badge {
    if let Some(came) = &one.came {
        return came_of(p, came, why);
    }
    let word = p.tc("screening-proposal", &one.state);
    match &one.reason {
        Some(reason) => Badge::new(p.detailed(&word, &p.tc("screening-waits", reason)), Tone::Warning),
        None if one.state == "asked" => Badge::new(word, Tone::Good),
        None => Badge::new(word, Tone::Info),
    }
}

// What came of asking: a referral, with where it stands, or why there is none.
fn came_of(p: &Page, came: &str, why: Option<String>) -> Badge {
    match came {
        "not_referred" | "unwanted" | "refused" => {
            let word = p.tc("screening-came", came);
            Badge::new(why.map_or_else(|| word.clone(), |why| p.detailed(&word, &why)), Tone::Neutral)
        }
        status => {
            let tone = match status {
                "completed" => Tone::Good,
                "rejected" | "failed" | "cancelled" => Tone::Warning,
                _ => Tone::Info,
            };
            Badge::new(p.detailed(&p.t("screening-came-referred"), &p.tc("loop-state", status)), tone)
        }
    }
}
