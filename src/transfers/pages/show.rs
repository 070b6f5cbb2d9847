//! The page of a transfer, the same for both sides: where it stands, which records, what stands in the way, what happened.
use std::collections::HashMap;

use askama::Template;
use axum::response::Response;
use uuid::Uuid;

use super::stays::Stays;
use super::{label, pack_of, risk_label, stage_label, state_badge};
use crate::audit::About;
use crate::error::Error;
use crate::packs;
use crate::platform::db::Work;
use crate::platform::ids::{CaseId, TransferId};
use crate::transfers::rules::{self, Action, Side, State};
use crate::transfers::wish::When;
use crate::transfers::{Item, Transfer, actions, choices, store};
use crate::web::form::Path;
use crate::web::parts::{Badge, Entry, Step, StepAt, Tone};
use crate::web::{Form, Page};

#[derive(Template)]
#[template(path = "transfers/html/show.html")]
struct Show {
    p: Page,
    form: Form,
    path: String,
    version: i32,
    code: String,
    state: Badge,
    lead: String,
    steps: Vec<Step>,
    facts: Vec<Entry>,
    may: Vec<&'static str>,
    progress: Records,
    left: Vec<Stays>,
    log: Vec<LogLine>,
}

impl Show {
    fn offers(&self, act: &str) -> bool {
        self.may.contains(&act)
    }
}

/// The part of the page that is asked for again while records move.
#[derive(Template)]
#[template(path = "transfers/html/progress.html")]
struct Progress {
    p: Page,
    progress: Records,
}

// The records and how far they have come.
struct Records {
    path: String,
    running: bool,
    figures: String,
    heads: [String; 4],
    rows: Vec<Row>,
    kept: Vec<(String, String)>,
}

struct Row {
    href: String,
    code: String,
    kind: String,
    detail: String,
    state: Badge,
    why: String,
}

struct LogLine {
    title: String,
    by: String,
    when: String,
    exact: String,
    words: String,
}

/// GET /transfers/{id}
pub async fn show(mut work: Work, Path(id): Path<TransferId>) -> Result<Response, Error> {
    let transfer = store::find(&mut work, id).await?;
    let (page, about) = page(&mut work, &transfer, Form::default()).await?;
    work.show(about, page).await
}

/// GET /transfers/{id}/progress
pub async fn progress(mut work: Work, Path(id): Path<TransferId>) -> Result<Response, Error> {
    let transfer = store::find(&mut work, id).await?;
    let p = Page::of(&mut work, transfer.code.clone()).await?;
    let (progress, _) = progress_of(&mut work, &p, &transfer).await?;
    work.show_plain(Progress { p, progress }).await
}

async fn page(work: &mut Work, transfer: &Transfer, form: Form) -> Result<(Show, About), Error> {
    let p = Page::of(work, transfer.code.clone()).await?;
    let sends = actions::may_send(work, transfer).await.is_ok();
    let receives = actions::may_receive(work, transfer).await.is_ok();
    let decides = work.may_in(crate::access::Act::TransferDecide, transfer.to_unit, None).await.is_ok();
    let (progress, about) = progress_of(work, &p, transfer).await?;
    let mut may: Vec<&'static str> = Vec::new();
    let offered = |by: Side, act: Action| rules::step(transfer.state(), act, by).is_ok();
    for (held, by, act, name) in [
        (sends, Side::Sender, Action::Edit, "edit"),
        (sends, Side::Sender, Action::Submit, "submit"),
        (sends, Side::Sender, Action::Discard, "discard"),
        (sends, Side::Sender, Action::TakeBack, "take_back"),
        (decides, Side::Receiver, Action::Approve, "decide"),
        (sends || receives, Side::Receiver, Action::Introduce, "introduce"),
    ] {
        if held && offered(by, act) {
            may.push(name);
        }
    }
    let left = if sends { stays(work, &p, transfer).await? } else { Vec::new() };
    let show = Show {
        left,
        path: transfer.path(),
        version: transfer.version,
        code: transfer.code.clone(),
        state: state_badge(&p, &transfer.state_code),
        lead: if transfer.overtaken { p.t("transfer-why-moved-already") } else { p.tc("transfer-lead", &transfer.state_code) },
        steps: steps(&p, transfer),
        facts: facts(work, &p, transfer).await?,
        may,
        progress,
        log: log(work, &p, transfer).await?,
        form,
        p,
    };
    Ok((show, about))
}

// While it is asked for, the sender reads who of the households stays behind.
async fn stays(work: &mut Work, p: &Page, transfer: &Transfer) -> Result<Vec<Stays>, Error> {
    let ahead = matches!(transfer.state(), State::Draft | State::Submitted);
    let to = Some(transfer.to_org).filter(|_| ahead && transfer.is_across() && transfer.with_household);
    let items = store::items(work, transfer.id).await?;
    let cases: Vec<(CaseId, String)> = items.into_iter().map(|item| (item.case_id, item.code)).collect();
    super::stays::of(work, p, &cases, to).await
}

fn steps(p: &Page, transfer: &Transfer) -> Vec<Step> {
    let state = transfer.state();
    let line: &[State] = match (transfer.mode.as_str(), state) {
        ("request", State::Rejected) => &[State::Draft, State::Submitted, State::Rejected],
        ("request", State::Failed) if transfer.ended_undecided() => &[State::Draft, State::Submitted, State::Failed],
        ("request", State::Failed) => &[State::Draft, State::Submitted, State::Approved, State::Failed],
        ("request", _) => &[State::Draft, State::Submitted, State::Approved, State::Transferred],
        (_, State::Failed) => &[State::Approved, State::Failed],
        _ => &[State::Approved, State::Transferred],
    };
    let here = line.iter().position(|step| *step == state).unwrap_or(0);
    let at = |index: usize| match index.cmp(&here) {
        std::cmp::Ordering::Less => StepAt::Done,
        std::cmp::Ordering::Equal if matches!(state, State::Rejected | State::Failed) => StepAt::Failed,
        std::cmp::Ordering::Equal if state.is_over() => StepAt::Done,
        std::cmp::Ordering::Equal => StepAt::Current,
        std::cmp::Ordering::Greater => StepAt::Open,
    };
    use crate::packs::Word;
    line.iter().enumerate().map(|(index, step)| Step::new(p.tc("transfer-state", step.as_str()), "", at(index))).collect()
}

async fn facts(work: &mut Work, p: &Page, transfer: &Transfer) -> Result<Vec<Entry>, Error> {
    let goes = |along: bool| p.t(if along { "transfer-goes-yes" } else { "transfer-goes-no" });
    let place = |org: &str, unit: &str| if transfer.is_across() { choices::placed(org, unit) } else { unit.to_owned() };
    let from = place(&transfer.from_org_name, &transfer.from_unit_name);
    let to = place(&transfer.to_org_name, &transfer.to_unit_name);
    let mut facts = vec![
        Entry::new(p.t("transfers-head-from"), from),
        Entry::new(p.t("transfers-head-to"), to),
        Entry::new(p.t("transfer-mode"), p.tc("transfer-mode", &transfer.mode)),
        Entry::new(p.t("transfer-reason"), p.tc("transfer-reason", &transfer.reason)),
        Entry::new(p.t("transfer-documents"), goes(transfer.with_documents)),
        Entry::new(p.t("transfer-referrals"), goes(transfer.with_referrals)),
        Entry::new(p.t("transfer-household"), goes(transfer.with_household)),
    ];
    let agreed = transfer.agreed_on.map(|day| format!(" · {}", p.date(&day))).unwrap_or_default();
    facts.push(Entry::new(p.t("transfer-basis"), format!("{}{agreed}", p.tc("transfer-basis", &transfer.basis))));
    if let Some(reason) = &transfer.decision_reason {
        facts.push(Entry::new(p.t("transfer-rejected-because"), p.tc("transfer-rejection", reason)));
    }
    if transfer.agreement_id.is_some() {
        let known = choices::agreements(work, transfer.to_org).await?;
        if let Some(one) = known.iter().find(|one| Some(one.id) == transfer.agreement_id) {
            facts.push(Entry::new(p.t("transfer-agreement"), super::decide::agreement(p, one)));
        }
    }
    if transfer.location_id.is_some() {
        let known = choices::locations(work, transfer.to_org).await?;
        if let Some((_, name)) = known.into_iter().find(|(id, _)| Some(*id) == transfer.location_id) {
            facts.push(Entry::new(p.t("transfer-location"), name));
        }
    }
    if let Some(day) = transfer.introduced_on {
        facts.push(Entry::new(p.t("transfer-introduced"), p.date(&day)));
    }
    Ok(facts)
}

async fn progress_of(work: &mut Work, p: &Page, transfer: &Transfer) -> Result<(Records, About), Error> {
    let items = store::items(work, transfer.id).await?;
    let kept = choices::receipts(work, Some(transfer.id), 1000).await?;
    let running = transfer.state() == State::Approved;
    let ahead = matches!(transfer.state(), State::Draft | State::Submitted);
    let ways: HashMap<Uuid, String> =
        if ahead { store::in_the_way(work, transfer.id).await?.into_iter().collect() } else { HashMap::new() };
    let own = work.standing.org;
    let mut rows = Vec::new();
    for item in &items {
        rows.push(row(work, p, transfer, item, ways.get(&item.id), own).await);
    }
    let listed: Vec<&str> = items.iter().map(|item| item.code.as_str()).collect();
    let gone: Vec<_> = kept.iter().filter(|receipt| !listed.contains(&receipt.case_code.as_str())).collect();
    let count = |state: &str| i64::try_from(items.iter().filter(|item| item.state == state).count()).unwrap_or(0);
    let done = count("done") + i64::try_from(gone.len()).unwrap_or(0);
    let figures = format!(
        "{} · {} · {}",
        p.ta("transfer-count-done", "count", done),
        p.ta("transfer-count-waiting", "count", count("waiting")),
        p.ta("transfer-count-stayed", "count", count("failed") + count("left_out"))
    );
    let about = About::subjects([transfer.id.0].into_iter().chain(items.iter().map(|item| item.case_id.0)));
    let progress = Records {
        path: transfer.path(),
        running,
        figures: p.reader.digits(&figures),
        heads: ["code", "type", "state", "why"].map(|head| p.t(&format!("transfers-head-{head}"))),
        rows,
        kept: gone
            .iter()
            .map(|receipt| (receipt.case_code.clone(), format!("{} · {}", receipt.org_name, receipt.desk)))
            .collect(),
    };
    Ok((progress, about))
}

async fn row(work: &mut Work, p: &Page, transfer: &Transfer, item: &Item, way: Option<&String>, own: i32) -> Row {
    let pack = pack_of(work, item.case_type).await;
    let tone = match item.state.as_str() {
        "done" => Tone::Good,
        "failed" | "left_out" => Tone::Danger,
        _ => Tone::Neutral,
    };
    let detail =
        [stage_label(pack.as_deref(), item.case_type, &item.stage, p), risk_label(pack.as_deref(), item.risk.as_deref(), p)];
    // Why a record stays is for the side that has it; the other learns that it could not be done (S10).
    let inside = own == transfer.from_org;
    let why = match (&item.reason, way) {
        (Some(reason), _) if item.state == "left_out" => p.tc("transfer-left-out", reason),
        (Some(reason), _) if inside || matches!(reason.as_str(), "closed" | "moved_already" | "no_such_unit") => {
            p.tc("transfer-why", reason)
        }
        (Some(_), _) => p.t("transfer-why-not-possible"),
        (None, Some(way)) => p.tc("transfer-why", way),
        (None, None) => String::new(),
    };
    Row {
        href: if item.seen { format!("/cases/{}", item.case_id) } else { String::new() },
        code: item.code.clone(),
        kind: label(p, &item.type_labels),
        detail: detail.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · "),
        state: Badge::new(p.tc("transfer-item", &item.state), tone),
        why,
    }
}

async fn log(work: &mut Work, p: &Page, transfer: &Transfer) -> Result<Vec<LogLine>, Error> {
    let steps = store::steps(work, transfer.id).await?;
    let packs = packs::store::newest(work).await?;
    let role = |code: &str| {
        let found = packs.iter().find_map(|(_, pack)| pack.roles.iter().find(|role| role.code == code));
        found.map(|role| role.labels.get(p.reader.lang).to_owned()).unwrap_or_default()
    };
    let line = |step: &crate::transfers::transfer::Step| {
        let who = if step.name.is_empty() { role(&step.role) } else { step.name.clone() };
        let by = [who, step.org_name.clone().unwrap_or_default()];
        let reason = match step.reason.as_str() {
            "" if step.action == "fail" => p.t("transfer-failed-why"),
            "" => String::new(),
            "moved_already" => p.t("transfer-why-moved-already"),
            reason => p.tc("transfer-rejection", reason),
        };
        let late =
            if step.late_reason.is_empty() { String::new() } else { p.detailed(&p.moment(&step.recorded_at), &step.late_reason) };
        LogLine {
            title: p.tc("transfer-step", &step.action),
            by: p.list(by),
            when: p.when(&step.happened_at),
            exact: p.moment(&step.happened_at),
            words: [reason, late].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · "),
        }
    };
    Ok(steps.iter().map(line).collect())
}

/// POST /transfers/{id}/submission
pub async fn submit(mut work: Work, Path(id): Path<TransferId>, mut form: Form) -> Result<Response, Error> {
    let transfer = store::find(&mut work, id).await?;
    let when = When::read(&work, &mut form);
    let done = match form.check() {
        Ok(()) => actions::submit(&mut work, id, &when).await.map(drop),
        Err(error) => Err(error),
    };
    answer(work, &transfer, form, done, "transfer-submitted-done").await
}

/// POST /transfers/{id}/taking-back
pub async fn take_back(mut work: Work, Path(id): Path<TransferId>) -> Result<Response, Error> {
    let transfer = actions::take_back(&mut work, id).await?;
    work.then(&transfer.path(), "transfer-taken-back").await
}

/// POST /transfers/{id}/removal
pub async fn discard(mut work: Work, Path(id): Path<TransferId>) -> Result<Response, Error> {
    let transfer = store::find(&mut work, id).await?;
    actions::discard(&mut work, &transfer).await?;
    work.then("/transfers?which=outgoing", "transfer-discarded").await
}

/// POST /transfers/{id}/introduction
pub async fn introduce(mut work: Work, Path(id): Path<TransferId>, mut form: Form) -> Result<Response, Error> {
    let transfer = store::find(&mut work, id).await?;
    let day = form.date("introduced_on");
    let version = form.parsed_maybe("version").unwrap_or(0);
    let done = match form.check() {
        Ok(()) => actions::introduce(&mut work, id, day.unwrap_or_default(), version).await,
        Err(error) => Err(error),
    };
    answer(work, &transfer, form, done, "transfer-introduced-done").await
}

async fn answer(work: Work, transfer: &Transfer, form: Form, done: Result<(), Error>, said: &str) -> Result<Response, Error> {
    match done {
        Ok(()) => work.then(&transfer.path(), said).await,
        Err(Error::Invalid(errors)) => {
            let mut work = work.again().await?;
            let (page, _) = page(&mut work, transfer, form.with_errors(errors)).await?;
            work.show_again(&page)
        }
        Err(error) => Err(error),
    }
}
