//! The page of a case: who, how risky, whose move, by when; what happened; what may be done next.
use askama::Template;
use axum::response::Response;
use chrono::{DateTime, Utc};

use super::timeline::{self, Event, Kept, Only, Told};
use super::{closing, closing_asked, intensity_label, related, risk_badge, stage_label, type_label, who};
use crate::access::Act;
use crate::achievements;
use crate::assessments::{self, Standing};
use crate::audit::About;
use crate::audit::looked::{self, Around, Of};
use crate::cases::closing::store as store_of_closings;
use crate::cases::gates::{self, Reached};
use crate::cases::note::Note;
use crate::cases::{Case, Member, Move, actions, beside, notes, store};
use crate::documents::Document;
use crate::eligibility;
use crate::error::Error;
use crate::forms;
use crate::meetings;
use crate::packs::{Pack, Process, ReasonKind, StageKind};
use crate::plans;
use crate::platform::db::Work;
use crate::platform::ids::CaseId;
use crate::platform::text::text;
use crate::records::card::{self, Card};
use crate::tasks::series::Series;
use crate::tasks::task::FOLLOW_UP;
use crate::tasks::{self, Task};
use crate::web::Page;
use crate::web::form::{Path, Query};
use crate::web::parts::{Badge, Entry, Identity, Step, StepAt, Tab, TaskRow, Tone};

// So much of the timeline is open at once; the rest opens with a tap.
const OPEN_EVENTS: usize = 12;
// The card beside the timeline shows so many; its page shows all.
const SIDE_ROWS: usize = 10;
// Steps of a case that go from a stage to a stage.
const COURSE: [&str; 6] = ["opened", "stage", "paused", "resumed", "closed", "reopened"];

#[derive(Template)]
#[template(path = "cases/html/show.html")]
struct Show {
    p: Page,
    path: String,
    identity: Identity,
    stages: Vec<Step>,
    panels: Vec<Step>,
    next: Option<(String, String)>,
    alarm: String,
    pinned: Option<(String, String, String)>,
    limits_missing: bool,
    hands: Vec<(String, String, String)>,
    tabs: Vec<Tab>,
    filters: Vec<Tab>,
    timeline: Vec<Event>,
    earlier: Vec<Event>,
    people: Vec<(String, String, String)>,
    related: Vec<(String, String, Badge)>,
    // Each with what it is for, which tells apart what reads alike.
    consents: Vec<(Badge, String, String)>,
    referrals: Vec<(String, String, Badge)>,
    not_referred: Vec<String>,
    documents: Vec<(String, String, String)>,
    closings: Vec<(String, String, String)>,
    records: Option<Card>,
    meetings: Vec<(String, String)>,
    assessments: Vec<assessments::card::Line>,
    plan: plans::card::Card,
    forms: Vec<forms::fill::card::Line>,
    achievements: Option<achievements::card::Card>,
    services: Option<eligibility::card::Card>,
    tasks: Vec<TaskRow>,
    series: Vec<(String, String)>,
    actions: Vec<(String, String)>,
    add_task: String,
    change_people: String,
    add_document: String,
    may_edit: bool,
    may_refer: bool,
    open: bool,
}

/// GET /cases/{id}
pub async fn show(mut work: Work, Path(id): Path<CaseId>, Query(query): Query) -> Result<Response, Error> {
    let case = Case::read(&mut work, id).await?;
    // The title stands in the browser's history: the code, never the name (S13).
    let p = Page::of(&mut work, case.code.clone()).await?;
    let pack = actions::pack_of(&mut work, &case).await?;
    let (_, process) = actions::rules(&pack, &case)?;
    let people = store::people(&mut work, id).await?;
    let notes = notes::list(&mut work, id, 200).await?;
    let moves = store::moves(&mut work, id).await?;
    let open_tasks = tasks::store::of_case(&mut work, id).await?;
    let consents = beside::consents(&mut work, id).await?;
    let referrals = beside::referrals(&mut work, id).await?;
    let standing = Standing::of(&mut work, &case).await?;
    let plan = plans::Standing::of(&mut work, &case).await?;
    let achieved = achievements::Standing::of(&mut work, &case).await?;
    let may_edit = work.may_in(Act::CaseEdit, case.unit, Some(id)).await.is_ok();
    let only: Only = query.value("only").parse().unwrap_or_default();
    let (came, reached) = ((&*plan.plans, achieved.as_ref()), Reached::by(&consents, &standing, &plan, achieved.as_ref()));
    let kept = Kept::of(&mut work, &case).await?;
    let told = Told { case: &case, pack: &pack, may_edit, notes: &notes, moves: &moves, consents: &consents, came, kept: &kept };
    let (timeline, earlier) = folded(timeline::timeline(&mut work, &p, &told, only).await?);
    let page = Show {
        path: case.path(),
        identity: whole_identity(&mut work, &p, (&pack, &case, &people), (open_tasks.first(), &kept)).await?,
        stages: stages(&p, process, &case, &moves),
        panels: gates::panels(&p, process, &reached),
        next: gates::next(&p, process, &case, &reached).filter(|_| may_edit && case.is_open()),
        assessments: assessments::card::lines(&p, &standing, &format!("{}/assessments", case.path())),
        plan: plans::card::card(&mut work, &p, &case, &plan).await?,
        forms: forms::fill::card::lines(&mut work, &p, &case).await?,
        achievements: achievements::card::card(&p, &case.path(), achieved.as_ref()),
        services: eligibility::card::card(&mut work, &p, &case).await?,
        alarm: alarm(&p, &pack, &case),
        pinned: notes::pinned(&mut work, id).await?.and_then(|note| pinned_note(&p, &case, &note)),
        limits_missing: case.limits_explained_on.is_none() && case.is_open(),
        hands: hands(&mut work, &p, &case).await?,
        tabs: tabs(&p, &work, &case),
        filters: timeline::filters(&p, &case, only),
        timeline,
        earlier,
        people: people.iter().map(|member| person_row(&p, member)).collect(),
        consents: consents.iter().take(SIDE_ROWS).map(|consent| consent_row(&p, consent)).collect(),
        referrals: referrals.iter().take(SIDE_ROWS).map(|referral| referral.row(&p)).collect(),
        not_referred: not_referred(&mut work, &p, &pack, id).await?,
        documents: kept.papers.iter().map(|paper| paper_row(&p, paper)).collect(),
        related: related::related(&mut work, &p, &case, &people).await?,
        tasks: open_tasks.iter().map(|task| task_row_here(&p, task)).collect(),
        series: tasks::series::of_case(&mut work, id).await?.iter().map(|one| series_row(&p, one)).collect(),
        actions: quiet_actions(&p, &work, &case, may_edit),
        add_task: link(&case, "tasks", may_edit && case.is_open()),
        change_people: link(&case, "people", may_edit && case.is_open()),
        add_document: link(&case, "documents", may_edit),
        records: card::card(&mut work, &p, &kept.place).await?,
        meetings: meetings::card::lines(&mut work, &p, &case).await?,
        closings: closing::lines(&p, &pack, &case, &store_of_closings::list(&mut work, id).await?),
        may_edit,
        may_refer: work.holds(Act::ReferralWrite),
        open: case.is_open(),
        p,
    };
    work.show(About::case(id).with(case.person_id), page).await
}

// What happened last stands open, the rest is folded away.
fn folded(mut events: Vec<Event>) -> (Vec<Event>, Vec<Event>) {
    let earlier = events.split_off(events.len().min(OPEN_EVENTS));
    (events, earlier)
}

// What everybody must know first: its words, who wrote them and when, and where it is taken down.
fn pinned_note(p: &Page, case: &Case, note: &Note) -> Option<(String, String, String)> {
    let by = format!("{} · {}", p.tc("note-kind", &note.kind), p.signed(&note.author_name, &p.moment(&note.happened_at)));
    Some((note.body.clone()?, by, format!("{}/notes/{}/unpin", case.path(), note.id)))
}

fn link(case: &Case, topic: &str, offered: bool) -> String {
    if offered { format!("{}/{topic}", case.path()) } else { String::new() }
}

async fn not_referred(work: &mut Work, p: &Page, pack: &Pack, case: CaseId) -> Result<Vec<String>, Error> {
    let lang = p.reader.lang;
    let row = |(need, reason, at): &(String, String, DateTime<Utc>)| {
        let need = pack.need(need).map_or(need.as_str(), |known| known.labels.get(lang));
        let reason = pack.reason(ReasonKind::NotReferred, reason).map_or(reason.as_str(), |known| known.labels.get(lang));
        format!("{} ({})", p.detailed(need, reason), p.reader.day(*at))
    };
    Ok(beside::not_referred(work, case).await?.iter().map(row).collect())
}

fn identity(p: &Page, pack: &Pack, case: &Case, people: &[Member]) -> Identity {
    let lang = p.reader.lang;
    let subject = people.iter().find(|member| member.person_id == case.person_id);
    let age = subject.and_then(|subject| Some(p.reader.age(subject.born_on?, subject.born_estimated)));
    let kind = type_label(pack, case.case_type, lang);
    let mut restrictions: Vec<String> =
        subject.iter().map(|subject| subject.contact_restriction.clone()).filter(|text| !text.is_empty()).collect();
    if subject.is_some_and(|subject| subject.dont_go_alone) {
        restrictions.push(p.t("case-dont-go-alone"));
    }
    if subject.is_some_and(|subject| !subject.has_safe_contact) {
        restrictions.push(p.t("people-no-safe-contact"));
    }
    Identity {
        who: who(case, people),
        detail: [age, Some(case.code.clone()), Some(kind)].into_iter().flatten().collect::<Vec<_>>().join(" · "),
        risk: risk_badge(pack, lang, case.risk.as_deref()),
        status: Badge::new(stage_label(pack, case.case_type, &case.stage, lang), Tone::Neutral),
        facts: Vec::new(),
        restrictions,
    }
}

// What is due next is what the panel of tasks shows first, by the same name.
type Whose<'a> = (&'a Pack, &'a Case, &'a [Member]);

async fn whole_identity(
    work: &mut Work,
    p: &Page,
    (pack, case, people): Whose<'_>,
    (next, kept): (Option<&Task>, &Kept),
) -> Result<Identity, Error> {
    let mut facts = facts(work, p, (pack, case), next).await?;
    // Whether a child is alone is what everybody on the case must know (S18).
    let separation = card::separation(work, &kept.place).await?;
    facts.extend(separation.map(|code| Entry::new(p.tc("record-field", "separation"), p.tc("record-separation", &code))));
    Ok(Identity { facts, ..identity(p, pack, case, people) })
}

async fn facts(work: &mut Work, p: &Page, (pack, case): (&Pack, &Case), next: Option<&Task>) -> Result<Vec<Entry>, Error> {
    let intensity = beside::intensity(work, case.id).await?;
    let late = next.is_some_and(|task| task.is_overdue(p.reader.now));
    let said = |task: &Task| {
        let due = if late { p.reader.overdue(task.due_at) } else { p.when(&task.due_at) };
        p.signed(&task_named(p, task), &due)
    };
    let mut facts = vec![
        Entry::new(p.t("case-manager"), case.manager_name.clone().unwrap_or_else(|| p.t("cases-in-inbox"))),
        Entry::new(p.t("case-unit"), &case.unit_name),
        Entry::new(p.t("case-next-due"), next.map(said).unwrap_or_default()).toned(if late {
            Tone::Danger
        } else {
            Tone::Neutral
        }),
    ];
    // Somebody else's task, by which the list of cases is ordered: the reader sees no more of it than that.
    let elsewhere = case.next_due_at.filter(|due| next.is_none_or(|task| *due < task.due_at));
    facts.extend(elsewhere.map(|due| {
        let when = if due < p.reader.now { p.reader.overdue(due) } else { p.when(&due) };
        Entry::new(p.t("case-due-elsewhere"), when)
    }));
    facts.extend(intensity.map(|said| Entry::new(p.t("case-field-intensity"), intensity_label(p, pack, &said))));
    Ok(facts)
}

fn task_named(p: &Page, task: &Task) -> String {
    if task.title.is_empty() { p.tc("task", &task.kind) } else { task.title.clone() }
}

fn stages(p: &Page, process: &Process, case: &Case, moves: &[Move]) -> Vec<Step> {
    let line: Vec<_> =
        process.stages.iter().filter(|stage| stage.kind == StageKind::Working || stage.code == case.stage).collect();
    let here = line.iter().position(|stage| stage.code == case.stage).unwrap_or(0);
    // A case that is paused or closed stands behind all its stages: which it had reached, its course says.
    let works = |code: &str| line.iter().position(|stage| stage.code == code && stage.kind == StageKind::Working);
    let course = moves.iter().filter(|step| COURSE.contains(&step.kind.as_str()));
    let reached = course.flat_map(|step| [step.from.as_deref(), step.to.as_deref()]).flatten().filter_map(works).max();
    let is_behind = line.get(here).is_some_and(|stage| stage.kind != StageKind::Working);
    let is_beyond = |index: usize| is_behind && reached.is_some_and(|last| index > last);
    let beyond = if case.is_open() { StepAt::Open } else { StepAt::Never };
    let at = |index: usize| match index.cmp(&here) {
        std::cmp::Ordering::Less if is_beyond(index) => beyond,
        std::cmp::Ordering::Less => StepAt::Done,
        std::cmp::Ordering::Equal => StepAt::Current,
        std::cmp::Ordering::Greater => StepAt::Open,
    };
    line.iter().enumerate().map(|(index, stage)| Step::new(stage.labels.get(p.reader.lang), "", at(index))).collect()
}

// A high risk without a logged safety action says so until one is logged (S21).
fn alarm(p: &Page, pack: &Pack, case: &Case) -> String {
    let level = case.risk.as_deref().and_then(|risk| pack.risk_level(risk));
    let needed = level.is_some_and(|level| level.safety_action.is_some());
    if needed && case.lacks_safety_action() { p.t("case-safety-action-missing") } else { String::new() }
}

// What is about to happen with the case as a whole: it waits to be closed, has just come, is about to go.
async fn hands(work: &mut Work, p: &Page, case: &Case) -> Result<Vec<(String, String, String)>, Error> {
    let mut said: Vec<_> = closing_asked::hand(work, p, case).await?.into_iter().collect();
    said.extend(beside::hands(work, p, case).await?);
    Ok(said)
}

fn tabs(p: &Page, work: &Work, case: &Case) -> Vec<Tab> {
    let path = case.path();
    let mut tabs = vec![Tab::new(path.clone(), p.t("case-tab-case")).on_when("case", "case")];
    if reads_log(work, case) {
        tabs.push(Tab::new(format!("{path}/log"), p.t("case-tab-access")));
    }
    tabs
}

// Whoever reads the organisation's access logs, and the case's named supervisor: a restricted case has no other reader (S9, S11).
fn reads_log(work: &Work, case: &Case) -> bool {
    work.holds(Act::AuditRead) || case.supervisor.is_some_and(|named| work.me().is_ok_and(|me| me == named))
}

fn quiet_actions(p: &Page, work: &Work, case: &Case, may_edit: bool) -> Vec<(String, String)> {
    let mut topics: Vec<&str> = Vec::new();
    if may_edit && case.is_open() {
        topics.extend(["stage", "risk", "intensity", "people", "tasks", "limits", "pause"]);
    }
    if case.is_open() && (work.holds(Act::CaseAssign) || (may_edit && case.case_manager.is_none())) {
        topics.push("assignment");
    }
    if case.is_open() && (work.holds(Act::TransferRequest) || work.holds(Act::TransferDirect)) {
        topics.push("transfer");
    }
    if case.is_open() && work.holds(Act::CaseClassify) {
        topics.push("type");
    }
    if work.holds(Act::CaseClose) {
        topics.push(if case.is_open() { "closure" } else { "reopening" });
    }
    if work.holds(Act::BarSet) || work.holds(Act::CaseAssign) {
        topics.push("access");
    }
    topics.extend(["quality", "print", "file"]);
    topics.iter().map(|topic| (format!("{}/{topic}", case.path()), p.t(&format!("case-{topic}-verb")))).collect()
}

fn paper_row(p: &Page, paper: &Document) -> (String, String, String) {
    (paper.path(), paper.title.clone(), p.reader.day(paper.recorded_at))
}

fn consent_row(p: &Page, consent: &beside::Consent) -> (Badge, String, String) {
    let (state, day) = consent.row(p);
    (state, day, consent.purpose.clone())
}

fn person_row(p: &Page, member: &Member) -> (String, String, String) {
    let warning = if member.not_safe_to_involve { p.t("case-not-safe-to-involve") } else { String::new() };
    (format!("/people/{}", member.person_id), p.signed(&member.name, &p.tc("case-part", &member.part)), warning)
}

// What comes again and when it comes next, and where it is ended.
fn series_row(p: &Page, series: &Series) -> (String, String) {
    let repeat = &series.repeat;
    let every = p.ta(&format!("case-every-{}", repeat.step), "count", repeat.every);
    let next = series.next_due_at.map(|due| p.moment(&due)).unwrap_or_default();
    (p.signed(&series.title, &format!("{every} · {next}")), format!("/task-series/{}/end", series.id))
}

// On the page of its case, where whoever answers stays.
fn task_row_here(p: &Page, task: &Task) -> TaskRow {
    TaskRow { fields: vec![("back".to_owned(), "case".to_owned())], ..task_row(p, task, "") }
}

/// A task as a row with its one-tap answer.
pub(super) fn task_row(p: &Page, task: &Task, who: &str) -> TaskRow {
    let late = task.is_overdue(p.reader.now);
    TaskRow {
        href: task.href(),
        who: who.to_owned(),
        what: task_named(p, task),
        due: if late { p.reader.overdue(task.due_at) } else { p.reader.relative(task.due_at) },
        exact: p.moment(&task.due_at),
        tone: if late { Tone::Danger } else { Tone::Neutral },
        action: match task.assignee {
            Some(_) if task.is_done_by_work() => String::new(),
            Some(_) => format!("/tasks/{}/done", task.id),
            None => format!("/tasks/{}/assignment", task.id),
        },
        verb: p.t(match task.assignee {
            Some(_) if task.kind == FOLLOW_UP => "tasks-write-what-came",
            Some(_) if task.is_done_by_work() => "tasks-open",
            Some(_) => "tasks-mark-done",
            None => "tasks-take",
        }),
        fields: Vec::new(),
        note: handed(p, task),
        more: None,
    }
}

// Who handed it on or gave it back, and why.
fn handed(p: &Page, task: &Task) -> String {
    if task.handed_by.is_none() {
        return String::new();
    }
    let name = task.handed_by_name.clone().unwrap_or_else(|| p.t("case-closed-somebody"));
    let words = p.ta(if task.handed_back { "tasks-given-back-by" } else { "tasks-handed-by" }, "name", name);
    p.detailed(&words, &task.handed_reason)
}

/// GET /cases/{id}/log: who saw and did what, for those who read the access log and for the case's named supervisor.
pub async fn access_log(mut work: Work, Path(id): Path<CaseId>, Query(query): Query) -> Result<Response, Error> {
    let case = store::find(&mut work, id).await?;
    if !reads_log(&work, &case) {
        work.may(Act::AuditRead)?;
    }
    let (lang, path) = (work.lang(), case.path());
    let tabs = vec![
        Tab::new(path.clone(), text(lang, "case-tab-case")),
        Tab::new(format!("{path}/log"), text(lang, "case-tab-access")).on_when("access", "access"),
    ];
    let around = Around { title: case.code.clone(), back: path, tabs };
    let page = looked::page(&mut work, Of::Case(id.0), &query, around).await?;
    work.show(About::case(id), page).await
}
