//! One round: where it stands, its points, its answers; approving it or giving it back.
use askama::Template;
use axum::response::Response;

use super::finalise::bars;
use super::{At, actions, in_words, nth, scoring, store, titled};
use crate::access::Act;
use crate::assessments::card;
use crate::assessments::scoring::{Outcome, Points};
use crate::cases::pages::whose;
use crate::error::{Error, FieldErrors};
use crate::packs::{Domain, ReasonKind};
use crate::platform::db::Work;
use crate::platform::ids::{AssessmentId, CaseId};
use crate::tasks::approved::{self, Of, Told};
use crate::web::form::Path;
use crate::web::parts::{Badge, Bar, Entry};
use crate::web::{Form, Page};

#[derive(Template)]
#[template(path = "assessments/html/show.html")]
struct Show {
    p: Page,
    form: Form,
    back: String,
    path: String,
    title: String,
    whose: String,
    state: Badge,
    remark: String,
    returned: bool,
    bars: Vec<Bar>,
    heads: [String; 2],
    facts: Vec<Entry>,
    sections: Vec<(String, Vec<Entry>)>,
    steps: Vec<Told>,
    is_draft: bool,
    may_write: bool,
    may_approve: bool,
    own: bool,
    version: i32,
}

type Ids = Path<(CaseId, AssessmentId)>;

/// GET /cases/{id}/assessments/{assessment}
pub(super) async fn show(mut work: Work, Path(ids): Ids) -> Result<Response, Error> {
    let at = At::find(&mut work, ids).await?;
    let page = page(&mut work, &at, Form::default()).await?;
    work.show(actions::about(&at.case, at.round.id), page).await
}

/// POST /cases/{id}/assessments/{assessment}/approval
pub(super) async fn approve(mut work: Work, Path(ids): Ids, mut form: Form) -> Result<Response, Error> {
    let at = At::find(&mut work, ids).await?;
    let (version, remark) = (form.parsed_maybe("version").unwrap_or(0), form.text_maybe("remark", scoring::LONGEST));
    let done = match form.check() {
        Ok(()) => actions::approve(&mut work, &at.case, &at.round, version, &remark).await,
        Err(error) => Err(error),
    };
    answer(work, ids, form, done, "assessment-approved").await
}

/// POST /cases/{id}/assessments/{assessment}/return
pub(super) async fn give_back(mut work: Work, Path(ids): Ids, mut form: Form) -> Result<Response, Error> {
    let at = At::find(&mut work, ids).await?;
    let (version, remark) = (form.parsed_maybe("version").unwrap_or(0), form.text_maybe("remark", scoring::LONGEST));
    let done = match form.check() {
        Ok(()) => actions::give_back(&mut work, &at.case, &at.round, version, &remark).await,
        Err(error) => Err(error),
    };
    answer(work, ids, form, done, "assessment-returned").await
}

async fn answer(
    work: Work,
    ids: (CaseId, AssessmentId),
    form: Form,
    done: Result<(), Error>,
    said: &str,
) -> Result<Response, Error> {
    match done {
        Ok(()) => work.then(&format!("/cases/{}/assessments/{}", ids.0, ids.1), said).await,
        Err(Error::Invalid(errors)) => again(work, ids, form, errors).await,
        Err(error) => Err(error),
    }
}

async fn again(work: Work, ids: (CaseId, AssessmentId), form: Form, errors: FieldErrors) -> Result<Response, Error> {
    let mut work = work.again().await?;
    let at = At::find(&mut work, ids).await?;
    let page = page(&mut work, &at, form.with_errors(errors)).await?;
    work.show_again(&page)
}

async fn page(work: &mut Work, at: &At, form: Form) -> Result<Show, Error> {
    let p = titled(work, &at.case).await?;
    let store::Said { answers, remark } = at.said(work).await?;
    let (round, tool) = (&at.round, at.kept.tool());
    let may_approve = round.awaits_approval() && work.may_in(Act::CaseApprove, at.case.unit, Some(at.case.id)).await.is_ok();
    let own = round.writers.contains(&work.me()?);
    let steps = approved::of(work, at.case.id, Of::Assessment(round.id)).await?;
    let points = round.domains.iter().filter_map(|code| {
        let (score, most) = round.of_domain(code)?;
        Some(Points { domain: code.clone(), score, most })
    });
    let counted = Outcome { points: points.collect(), ..Outcome::default() };
    let section = |domain: &Domain| {
        let asked = domain.questions.iter().filter(|question| scoring::is_relevant(tool, question, &answers));
        let said = asked.map(|question| {
            let answer = answers.get(&question.code).map(String::as_str).unwrap_or_default();
            Entry::new(question.labels.get(p.reader.lang), in_words(&p, question, answer))
        });
        (domain.labels.get(p.reader.lang).to_owned(), said.collect())
    };
    Ok(Show {
        back: format!("{}/assessments", at.case.path()),
        path: round.path(),
        title: format!("{} · {}", at.label(p.reader.lang), nth(&p, round)),
        whose: whose(work, &at.case).await?,
        state: card::state(&p, round),
        returned: round.was_returned(),
        remark,
        bars: bars(&p, tool, (&counted, &answers)),
        heads: ["domain", "points"].map(|head| p.tc("assessments-head", head)),
        facts: facts(&p, at),
        sections: tool.domains.iter().map(section).collect(),
        steps: steps.iter().map(|step| approved::told(&p, step)).collect(),
        is_draft: round.is_draft(),
        may_write: at.may_write(work).await,
        may_approve: may_approve && !own,
        own: may_approve && own,
        version: round.version,
        form,
        p,
    })
}

fn facts(p: &Page, at: &At) -> Vec<Entry> {
    let round = &at.round;
    let signed = |name: &Option<String>, when: &Option<chrono::DateTime<chrono::Utc>>| {
        let name = name.as_ref().filter(|_| !round.is_draft())?;
        Some(p.signed(name, &p.moment(&(*when)?)))
    };
    let (pack, lang) = (at.kept.pack(), p.reader.lang);
    let named = |code: &Option<String>| {
        let code = code.as_deref()?;
        Some(pack.risk_level(code).map_or_else(|| code.to_owned(), |level| level.labels.get(lang).to_owned()))
    };
    let why = round.risk_reason.as_deref().and_then(|reason| pack.reason(ReasonKind::LoweringRisk, reason));
    let rows = [
        ("happened", round.happened_at.as_ref().map(|at| p.moment(at))),
        ("late", round.late_reason.clone()),
        ("begun", Some(p.signed(&round.author_name, &p.moment(&round.recorded_at)))),
        ("finalised", signed(&round.finalised_by_name, &round.finalised_at)),
        ("approved", signed(&round.approved_by_name, &round.approved_at)),
        ("points", Some(card::score(p, round)).filter(|_| !round.is_draft())),
        ("level", named(&round.level)),
        ("risk", named(&round.risk)),
        ("reason", why.map(|reason| reason.labels.get(lang).to_owned())),
        ("next", round.next_due_at.as_ref().map(|due| p.when(due))),
    ];
    rows.into_iter().filter_map(|(name, text)| Some(Entry::new(p.tc("assessment-fact", name), text?))).collect()
}
