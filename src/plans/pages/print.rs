//! A plan on paper, in the person's language: what both sides agreed to, never what makes somebody safer (S25), and of a restricted case
//! nothing at all (S17).
use askama::Template;
use axum::response::Response;

use super::view::{Around, View};
use super::{At, Ids, actions, name_of, store, titled};
use crate::audit::{About, Fact};
use crate::cases;
use crate::error::{Clash, Error};
use crate::packs;
use crate::plans::agreement::Agreement;
use crate::plans::card;
use crate::plans::line::Line;
use crate::platform::db::Work;
use crate::platform::lang::Lang;
use crate::projects::card as placed;
use crate::web::form::{Path, Query};
use crate::web::paper::{self, Paper};
use crate::web::parts::Entry;
use crate::web::{Form, Page};

#[derive(Template)]
#[template(path = "plans/html/print.html")]
struct Print {
    p: Page,
    // The same in the person's language: what goes with them.
    paper: Page,
    back: String,
    title: String,
    lead: String,
    said: Vec<Entry>,
    goals: Vec<View>,
    // Who, how and when, and the strokes of what was drawn.
    signed: Vec<(String, String, Vec<String>)>,
    signatures: Vec<String>,
}

/// GET /cases/{id}/plans/{plan}/print?lang=&safe=: asks for the language and whether paper is safe to carry first.
pub(super) async fn show(mut work: Work, Path(ids): Ids, Query(mut query): Query) -> Result<Response, Error> {
    let at = At::find(&mut work, ids).await?;
    if !at.case.paper_may_tell() {
        return Err(Error::Conflict(Clash::State { state: at.plan.state, code: "plan_not_printed" }));
    }
    match paper::answered(&mut query) {
        Some(lang) => print(work, &at, lang).await,
        None => ask(work, &at, query).await,
    }
}

async fn ask(mut work: Work, at: &At, form: Form) -> Result<Response, Error> {
    let p = titled(&mut work, &at.case).await?;
    let back = at.plan.path();
    let paper = Paper {
        title: p.t("plan-print"),
        lead: p.t("plan-print-lead"),
        hint: p.t("plan-hint-safe"),
        action: format!("{back}/print"),
        back_label: p.t("plan-back"),
        code: at.case.code.clone(),
        back,
    };
    work.show(actions::about(&at.case, at.plan.id), paper::Ask::about(p, paper, form)).await
}

async fn print(mut work: Work, at: &At, lang: Lang) -> Result<Response, Error> {
    let p = titled(&mut work, &at.case).await?;
    let paper = p.clone().speaking(lang);
    let (said, _) = store::said(&mut work, &at.plan).await?;
    let mut people = cases::store::people(&mut work, at.case.id).await?;
    // Whoever is not safe to involve is never printed (S3); those of a guarded case go by their code (S13).
    for member in &mut people {
        if member.not_safe_to_involve {
            member.name.clear();
        } else if at.case.goes_by_code() {
            member.name.clone_from(&member.code);
        }
    }
    let (_, pack) = packs::store::of_case_type(&mut work, at.case.case_type).await?;
    let agreements = store::agreements(&mut work, &at.plan).await?;
    let lines = at.lines_in(&mut work, lang).await?.into_iter();
    let lines: Vec<Line> = lines.filter(|line| !line.is_safety()).map(on_paper).collect();
    let placed = on_a_project(&mut work, &paper, at, &lines).await?;
    let around = Around {
        p: &paper,
        plan: &at.plan,
        pack: &pack,
        people: &people,
        referrals: &[],
        placed: &placed,
        may_write: false,
        may_refer: false,
        may_place: false,
    };
    // What was agreed to needs no line to sign on: it says who agreed, how and when.
    let given = agreements.iter().filter(|one| at.plan.agreed_at.is_some() && one.round == at.plan.round);
    let signed: Vec<_> = given.filter_map(|one| signed(&paper, at, &people, one)).collect();
    let signs = |line: &&cases::Member| lines.iter().any(|one| one.kind == "commitment" && one.person_id == Some(line.person_id));
    let mut signatures: Vec<String> =
        people.iter().filter(|one| !one.name.is_empty()).filter(signs).map(|one| one.name.clone()).collect();
    if signatures.is_empty() {
        signatures.push(paper.t("plan-side-person"));
    }
    signatures.push(format!("{} · {}", paper.t("plan-side-organisation"), at.case.unit_name));
    let page = Print {
        back: at.plan.path(),
        title: paper.ta("plan-print-title", "nth", paper.number(at.plan.nth)),
        lead: paper.signed(&at.case.code, &card::state(&paper, &at.case, &at.plan).word),
        said: [("wants", said.wants), ("limits", said.limits), ("tried", said.tried)]
            .into_iter()
            .filter(|(_, words)| !words.is_empty())
            .map(|(field, words)| Entry::new(paper.tc("plan-field", field), words))
            .collect(),
        goals: around.goals(&lines),
        signatures: if signed.is_empty() { signatures } else { Vec::new() },
        signed,
        paper,
        p,
    };
    work.record(Fact::Printed, About::case(at.case.id).with(at.plan.id)).await?;
    work.show(actions::about(&at.case, at.plan.id), page).await
}

// Nobody is named whom paper never names.
fn signed(p: &Page, at: &At, people: &[cases::Member], one: &Agreement) -> Option<(String, String, Vec<String>)> {
    let who = match one.person_id {
        Some(person) => name_of(people, person),
        None => p.signed(&one.author_name, &at.case.unit_name),
    };
    let how = p.signed(&p.tc("plan-way", &one.way), &p.moment(&one.happened_at));
    (!who.is_empty()).then(|| (who, how, one.sealed.drawn()))
}

async fn on_a_project(work: &mut Work, p: &Page, at: &At, lines: &[Line]) -> Result<Vec<placed::Line>, Error> {
    let actions: Vec<_> = lines.iter().filter(|line| line.is_action()).map(|line| line.id).collect();
    placed::of_plan(work, p, &at.case, &actions).await
}

// A service that is not public is never named on paper (S14).
fn on_paper(line: Line) -> Line {
    let service = line.service.filter(|_| line.service_is_public);
    Line { service, ..line }
}
