//! The page of a case: who, how risky, whose move, by when; what happened; what may be done next.
use askama::Template;
use axum::response::Response;

use super::task_rows::{series_row, task_named, task_row_here};
use super::timeline::kept::Kept;
use super::timeline::{self, Event, Only, Told};
use super::{
    closing, closing_asked, intensity_label, menu, rail, related, risk_badge, stage_label, told_apart, type_label, who, wishes,
};
use crate::access::Act;
use crate::achievements;
use crate::assessments::{self, Standing};
use crate::audit::About;
use crate::audit::looked::{self, Around, Of};
use crate::cases::case::MOST_MOVES;
use crate::cases::closing::store as store_of_closings;
use crate::cases::gates::{self, Reached};
use crate::cases::next::{self, Reader};
use crate::cases::note::Note;
use crate::cases::{Case, Member, Move, actions, beside, notes, store};
use crate::documents::Document;
use crate::eligibility;
use crate::error::Error;
use crate::forms;
use crate::meetings;
use crate::packs::{Pack, ReasonKind};
use crate::plans;
use crate::platform::db::Work;
use crate::platform::ids::CaseId;
use crate::platform::text::text;
use crate::records::card::{self, Card};
use crate::tasks::{self, Task};
use crate::web::Page;
use crate::web::form::{Path, Query};
use crate::web::parts::{Badge, Entry, Identity, Step, Tab, TaskRow, Tone};

// So much of the timeline is open at once; the rest opens with a tap.
const OPEN_EVENTS: usize = 5;
// A card shows so many; its page shows all.
const SIDE_ROWS: usize = 10;
// So many notes are read; the one that is pinned may be older than all of them.
const MOST_NOTES: i64 = 200;
#[derive(Template)]
#[template(path = "cases/html/show.html")]
struct Show {
    p: Page,
    path: String,
    identity: Identity,
    stages: Vec<Step>,
    panels: Vec<Step>,
    next: Vec<(String, String)>,
    // The reader is out on visits of it (S22).
    out_now: Vec<meetings::OutNow>,
    alarm: String,
    pinned: Option<(String, String, String)>,
    limits_missing: bool,
    hands: Vec<(String, String, String)>,
    tabs: Vec<Tab>,
    filters: Vec<Tab>,
    // What stands open, and what is folded away.
    timeline: (Vec<Event>, Vec<Event>),
    people: Vec<(String, String, String)>,
    related: Vec<(String, String, Badge)>,
    // Each with what it is for, which tells apart what reads alike.
    consents: Vec<(Badge, String, String)>,
    referrals: Vec<(String, String, Badge)>,
    not_referred: Vec<String>,
    documents: Vec<(String, String, String)>,
    closings: Vec<(String, String, String)>,
    records: Option<Card>,
    meetings: Vec<(String, String, String)>,
    assessments: Vec<assessments::card::Line>,
    // Points stand among them, which say need.
    scored: bool,
    plan: plans::card::Card,
    forms: Vec<forms::fill::card::Line>,
    achievements: Option<achievements::card::Card>,
    services: Option<eligibility::card::Card>,
    tasks: Vec<TaskRow>,
    series: Vec<(String, String)>,
    menu: Vec<menu::Group>,
    links: Links,
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
    let (case_type, process) = actions::rules(&pack, &case)?;
    let reader = reader(&mut work, &case).await?;
    let may_edit = reader.edits;
    let (people, mut open_tasks) = (store::people(&mut work, id).await?, tasks::store::of_case(&mut work, id).await?);
    let (notes, moves) = (notes::list(&mut work, id, MOST_NOTES).await?, store::moves(&mut work, id).await?);
    let (consents, referrals) = (beside::consents(&mut work, id).await?, beside::referrals(&mut work, id).await?);
    let (standing, plan) = (Standing::of(&mut work, &case).await?, plans::Standing::of(&mut work, &case).await?);
    let achieved = achievements::Standing::of(&mut work, &case).await?;
    let done = plans::card::name_actions(&mut work, &case, &plan, &mut open_tasks).await?;
    let reached = Reached::by(&consents, &standing, &plan, achieved.as_ref());
    let only: Only = query.value("only").parse().unwrap_or_default();
    let (kept, copies) = (Kept::of(&mut work, &case).await?, forms::store::submissions(&mut work, id).await?);
    let (came, went) = ((&*plan.plans, achieved.as_ref(), &standing, &*copies), (&*consents, &*referrals));
    name_tasks(&p, &standing, &kept, &mut open_tasks);
    let told = Told { case: &case, pack: &pack, may_edit, notes: &notes, moves: &moves, went, came, kept: &kept };
    let timeline = folded(timeline::timeline(&mut work, &p, &told, only).await?);
    let page = Show {
        path: case.path(),
        identity: whole_identity(&mut work, &p, (&pack, &case, &people), (&open_tasks, &moves, &kept)).await?,
        stages: rail::stages(&p, process, &case, &moves),
        // What opens after something opens no more once the case is closed.
        panels: if case.is_open() { gates::panels(&p, process, &reached) } else { Vec::new() },
        next: if case.is_open() { next::next(&p, (case_type, process), &case, (&reached, reader)) } else { Vec::new() },
        assessments: assessments::card::lines(&p, &standing, &case, &open_tasks),
        scored: standing.rounds.iter().any(|round| !round.is_draft()),
        plan: plans::card::card(&mut work, &p, &case, (&plan, done), process).await?,
        forms: forms::fill::card::lines(&p, &copies),
        achievements: achievements::card::card(&p, &case.path(), achieved.as_ref(), (process, &reached)),
        services: eligibility::card::card(&mut work, &p, &case, (&copies, may_edit)).await?,
        out_now: meetings::out_now(&mut work, &p, &open_tasks, Some(id)).await?,
        alarm: alarm(&p, &pack, &case),
        pinned: pinned(&mut work, &p, &case, &notes).await?,
        limits_missing: case.limits_explained_on.is_none() && case.is_open(),
        hands: hands(&mut work, &p, &case, (&kept, &moves)).await?,
        tabs: tabs(&p, &work, &case),
        filters: timeline::filters(&p, &case, only),
        timeline,
        people: people.iter().map(|member| person_row(&p, &people, member)).collect(),
        consents: consents.iter().take(SIDE_ROWS).map(|consent| consent_row(&p, consent)).collect(),
        referrals: referrals.iter().take(SIDE_ROWS).map(|referral| referral.row(&p)).collect(),
        not_referred: if kept.rare.not_referred { not_referred(&mut work, &p, &pack, id).await? } else { Vec::new() },
        documents: kept.papers.iter().map(|paper| paper_row(&p, paper)).collect(),
        related: related::related(&mut work, &p, &case, &people).await?,
        tasks: open_tasks.iter().map(|task| task_for(&p, &work, &case, (task, may_edit))).collect(),
        series: if kept.rare.series { series(&mut work, &p, id).await? } else { Vec::new() },
        menu: menu::groups(&p, &work, &case, reader),
        links: Links::of(&case, may_edit),
        records: card::card(&p, &kept.place, &kept.records),
        meetings: meetings::card::lines(&p, &case, &kept.next),
        closings: closings(&mut work, &p, (&pack, &case), &moves).await?,
        may_edit,
        may_refer: work.holds(Act::ReferralWrite),
        open: case.is_open(),
        p,
    };
    work.show(About::case(id).with(case.person_id), page).await
}

// What the reader may do with this case.
async fn reader(work: &mut Work, case: &Case) -> Result<Reader, Error> {
    let acts = [Act::CaseEdit, Act::CaseAssign, Act::CaseClose];
    let ([edits, assigns, closes], in_for_task) = work.opens_with(acts, case.unit, case.id).await?;
    Ok(Reader { edits, assigns, closes, in_for_task })
}

// A task that the reader can do something about, or else as it is read.
fn task_for(p: &Page, work: &Work, case: &Case, (task, may_edit): (&Task, bool)) -> TaskRow {
    let row = task_row_here(p, task);
    let mine = task.assignee.is_some_and(|assignee| work.me().is_ok_and(|me| me == assignee));
    if mine || may_edit || [Act::CaseApprove, Act::CaseAssign, Act::CaseClose].iter().any(|act| work.holds(*act)) {
        return row;
    }
    TaskRow { href: case.path(), action: String::new(), verb: String::new(), more: None, ..row }
}

// What happened last stands open, the rest is folded away.
fn folded(mut events: Vec<Event>) -> (Vec<Event>, Vec<Event>) {
    let earlier = events.split_off(events.len().min(OPEN_EVENTS));
    (events, earlier)
}

// The note at the top, which is mostly one of those that were read.
async fn pinned(work: &mut Work, p: &Page, case: &Case, read: &[Note]) -> Result<Option<(String, String, String)>, Error> {
    if let Some(note) = read.iter().find(|note| note.pinned) {
        return Ok(pinned_note(p, case, note));
    }
    let older = if (read.len() as i64) < MOST_NOTES { None } else { notes::pinned(work, case.id).await? };
    Ok(older.and_then(|note| pinned_note(p, case, &note)))
}

// A case that was never closed has no closings to ask for; each is one of its steps.
async fn closings(
    work: &mut Work,
    p: &Page,
    (pack, case): (&Pack, &Case),
    moves: &[Move],
) -> Result<Vec<(String, String, String)>, Error> {
    if moves.len() < MOST_MOVES && moves.iter().all(|step| step.kind != "closed") {
        return Ok(Vec::new());
    }
    Ok(closing::lines(p, pack, case, &store_of_closings::list(work, case.id).await?))
}

// What everybody must know first: its words, who wrote them and when, and where it is taken down.
fn pinned_note(p: &Page, case: &Case, note: &Note) -> Option<(String, String, String)> {
    let by = p.joined([p.tc("note-kind", &note.kind), note.author_name.clone(), p.moment(&note.happened_at)]);
    Some((note.body.clone()?, by, format!("{}/notes/{}/unpin", case.path(), note.id)))
}

// What can be added or changed in its cards; empty for whoever may not.
struct Links {
    tasks: String,
    people: String,
    documents: String,
}

impl Links {
    fn of(case: &Case, may_edit: bool) -> Self {
        let link = |topic: &str, offered: bool| if offered { format!("{}/{topic}", case.path()) } else { String::new() };
        let changes = may_edit && case.is_open();
        Self { tasks: link("tasks", changes), people: link("people", changes), documents: link("documents", may_edit) }
    }
}

// Tasks in the words of what they are about: the analysis that is owed, the record that is looked at again.
fn name_tasks(p: &Page, standing: &Standing, kept: &Kept, tasks: &mut [Task]) {
    assessments::card::name_owed(p, standing, tasks);
    card::name_looks(p, &kept.place, &kept.records, tasks);
}

async fn series(work: &mut Work, p: &Page, case: CaseId) -> Result<Vec<(String, String)>, Error> {
    Ok(tasks::series::of_case(work, case).await?.iter().map(|one| series_row(p, one)).collect())
}

async fn not_referred(work: &mut Work, p: &Page, pack: &Pack, case: CaseId) -> Result<Vec<String>, Error> {
    let lang = p.reader.lang;
    let row = |one: &beside::NotReferred| {
        let need = pack.need(&one.need).map_or(one.need.as_str(), |known| known.labels.get(lang));
        let reason =
            pack.reason(ReasonKind::NotReferred, &one.reason).map_or(one.reason.as_str(), |known| known.labels.get(lang));
        let subject = match &one.service {
            Some(service) => format!("{need} · {service}"),
            None => need.to_owned(),
        };
        format!("{} ({})", p.detailed(&subject, reason), p.reader.day(one.recorded_at))
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

// What is due next goes by the name that it has in the panel of tasks.
type Whose<'a> = (&'a Pack, &'a Case, &'a [Member]);

async fn whole_identity(
    work: &mut Work,
    p: &Page,
    (pack, case, people): Whose<'_>,
    (open, moves, kept): (&[Task], &[Move], &Kept),
) -> Result<Identity, Error> {
    let paused = rail::pause(p, pack, case, moves);
    let next = open.iter().min_by_key(|task| task.due_at);
    let facts = facts(p, (pack, case), next, intensity(work, case, moves).await?);
    // Whether a child is alone is what everybody on the case must know (S18).
    let separation = card::separation(work, &kept.place, &kept.records).await?;
    let separation = separation.map(|code| Entry::new(p.tc("record-field", "separation"), p.tc("record-separation", &code)));
    let facts = paused.into_iter().chain(facts).chain(separation).chain(wishes(p, case, people)).collect();
    let mut whole = Identity { facts, ..identity(p, pack, case, people) };
    // Nobody goes there before it is decided what must change (S22).
    if !meetings::not_safe_yet(work, case.id).await?.is_empty() {
        whole.restrictions.push(p.t("meeting-not-safe-yet"));
    }
    Ok(whole)
}

// How much work the case is, as its steps say.
async fn intensity(work: &mut Work, case: &Case, moves: &[Move]) -> Result<Option<String>, Error> {
    match moves.iter().find(|step| step.kind == "intensity") {
        Some(step) => Ok(step.to.clone()),
        None if moves.len() < MOST_MOVES => Ok(None),
        None => beside::intensity(work, case.id).await,
    }
}

fn facts(p: &Page, (pack, case): (&Pack, &Case), next: Option<&Task>, intensity: Option<String>) -> Vec<Entry> {
    let late = next.is_some_and(|task| task.is_overdue(p.reader.now));
    let said = |task: &Task| {
        let due = if late { p.reader.overdue(task.due_at) } else { p.when(&task.due_at) };
        p.signed(&task_named(p, task), &due)
    };
    let mut facts = vec![
        Entry::new(p.t("case-manager"), case.manager_name.clone().unwrap_or_else(|| p.t("cases-in-inbox"))),
        Entry::new(p.t("case-unit"), &case.unit_name),
        Entry::new(p.t("case-next-due"), next.map_or_else(|| p.t("case-nothing-due"), said)).toned(if late {
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
    facts
}

// A high risk without a logged safety action says so until one is logged (S21).
fn alarm(p: &Page, pack: &Pack, case: &Case) -> String {
    let level = case.risk.as_deref().and_then(|risk| pack.risk_level(risk));
    let needed = level.is_some_and(|level| level.safety_action.is_some());
    if needed && case.lacks_safety_action() { p.t("case-safety-action-missing") } else { String::new() }
}

// What is about to happen with the case as a whole: it waits to be closed, has just come, is about to go.
async fn hands(
    work: &mut Work,
    p: &Page,
    case: &Case,
    (kept, moves): (&Kept, &[Move]),
) -> Result<Vec<(String, String, String)>, Error> {
    let mut said: Vec<_> = kept.asked.first().and_then(|asked| closing_asked::hand(p, case, asked)).into_iter().collect();
    said.extend(beside::came(work, p, case, moves).await?);
    if kept.rare.moving {
        said.extend(beside::hands(work, p, case).await?);
    }
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

fn paper_row(p: &Page, paper: &Document) -> (String, String, String) {
    (paper.path(), paper.title.clone(), p.reader.day(paper.recorded_at))
}

fn consent_row(p: &Page, consent: &beside::Consent) -> (Badge, String, String) {
    let (state, day) = consent.row(p);
    (state, day, consent.purpose.clone())
}

fn person_row(p: &Page, people: &[Member], member: &Member) -> (String, String, String) {
    let warning = if member.not_safe_to_involve { p.t("case-not-safe-to-involve") } else { String::new() };
    (format!("/people/{}", member.person_id), p.signed(&told_apart(p, people, member), &p.tc("case-part", &member.part)), warning)
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
