//! My day: what must I do now.
use askama::Template;
use axum::response::{IntoResponse, Redirect, Response};
use chrono::TimeDelta;
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

use super::risk_badge;
use super::task_rows::task_row;
use crate::access::Act;
use crate::assessments;
use crate::audit::About;
use crate::cases::{beside, list};
use crate::error::Error;
use crate::meetings::{self, OutNow};
use crate::packs;
use crate::platform::db::Work;
use crate::platform::ids::TaskId;
use crate::platform::text::text;
use crate::tasks::task::{TAKE_UP, VISIT_NOT_SAFE, VISIT_OUT};
use crate::tasks::{self, Task};
use crate::web::Page;
use crate::web::parts::{Badge, TaskRow};

// What is due within so many days is not folded away: a working day after a Friday is a Monday.
const SOON: TimeDelta = TimeDelta::days(3);
// The bell counts no further.
const MOST_UNREAD: u32 = 99;

#[derive(Template)]
#[template(path = "cases/html/my_day.html")]
struct MyDay {
    p: Page,
    // What whoever is out on a visit reads first (S22).
    out_now: Vec<OutNow>,
    overdue: Vec<TaskRow>,
    today: Vec<TaskRow>,
    soon: Vec<TaskRow>,
    later: Vec<TaskRow>,
    inbox: Vec<TaskRow>,
    handed_on: Vec<TaskRow>,
    answers: Vec<(String, String, Badge)>,
    waiting: Vec<(String, String, Badge)>,
    notified: String,
    nothing: bool,
    // Where somebody works who writes in no case.
    elsewhere: Vec<(&'static str, String)>,
    may_open: bool,
    may_read: bool,
    may_refer: bool,
    may_write: bool,
    may_give: bool,
}

/// GET /
pub async fn show(mut work: Work) -> Result<Response, Error> {
    // Who works with no case looks at figures; an empty day would send them astray.
    if !work.holds(Act::CaseRead) && !work.holds(Act::ReferralAnswer) && work.holds(Act::ReportLoop) {
        return Ok(Redirect::to("/loop").into_response());
    }
    let title = text(work.lang(), "day-title");
    let p = Page::of(&mut work, title).await?;
    let me = work.me()?;
    let units = work.standing.units.clone();
    let (mut mine, mut handed_on) = tasks::store::mine_and_handed_on(&mut work, me, (100, 50)).await?;
    let mut inbox = tasks::store::of_inbox(&mut work, &units, 50).await?;
    for list in [&mut mine, &mut handed_on, &mut inbox] {
        assessments::card::name_owed_on_list(&mut work, list).await?;
    }
    let others = tasks::handing::with_another_supervisor(&mut work, &mine).await?;
    let (answers, waiting) = beside::answers_and_waiting(&mut work, me).await?;
    let all: Vec<&Task> = mine.iter().chain(&inbox).chain(&handed_on).collect();
    let of_tasks = all.iter().filter(|task| is_standard(task)).filter_map(|task| task.person_id);
    let open: Vec<Uuid> = of_tasks.chain(answers.iter().chain(&waiting).filter_map(beside::Referral::named)).collect();
    let names = list::names(&mut work, &open).await?;
    let needs = if all.iter().any(|task| names_need(task)) { needs(&mut work).await? } else { HashMap::new() };
    let risks = risks(&mut work, &all).await?;
    let subjects: Vec<Uuid> = all.iter().filter_map(|task| task.subject()).collect();
    let out_now = meetings::out_now(&mut work, &p, &mine, None).await?;
    // Each of these visits stands above the rest.
    let stands_above = !out_now.is_empty();
    let mine = mine.into_iter().filter(|task| task.kind != VISIT_OUT || !stands_above);
    let (overdue, rest): (Vec<_>, Vec<_>) = mine.partition(|task| task.is_overdue(work.now()));
    let day = |task: &Task| task.due_at.with_timezone(&p.reader.zone).date_naive();
    let now = work.today();
    // What must change after a visit that was not safe is decided now, also where its hours end after midnight (S22).
    let (today, rest): (Vec<_>, Vec<_>) = rest.into_iter().partition(|task| day(task) <= now || task.kind == VISIT_NOT_SAFE);
    let (soon, later): (Vec<_>, Vec<_>) = rest.into_iter().partition(|task| day(task) - now <= SOON);
    let known = Known { names: &names, needs: &needs, others: &others, risks: &risks };
    let rows = |list: Vec<Task>| list.iter().map(|task| row(&p, task, known)).collect::<Vec<_>>();
    let gives = work.holds(Act::CaseAssign);
    let inbox: Vec<TaskRow> = inbox.iter().map(|task| given(&p, task, gives, row(&p, task, known))).collect();
    let (overdue, today, soon, later) = (rows(overdue), rows(today), rows(soon), rows(later));
    let handed_on = handed_on.iter().map(|task| with_colleague(&p, task, row(&p, task, known))).collect();
    let page = MyDay {
        notified: notified(&p),
        elsewhere: elsewhere(&p, &work),
        nothing: out_now.is_empty() && [&overdue, &today, &inbox].iter().all(|rows| rows.is_empty()) && answers.is_empty(),
        out_now,
        overdue,
        today,
        soon,
        later,
        inbox,
        handed_on,
        answers: answers.iter().map(|referral| referral.row_about(&p, &names)).collect(),
        waiting: waiting.iter().map(|referral| referral.row_about(&p, &names)).collect(),
        may_open: work.holds(Act::CaseOpen),
        may_read: work.holds(Act::CaseRead),
        may_refer: work.holds(Act::ReferralWrite),
        may_write: work.holds(Act::CaseEdit),
        may_give: gives,
        p,
    };
    work.show(About::subjects(subjects), page).await
}

// What the rights of somebody who neither opens nor writes a case open instead.
fn elsewhere(p: &Page, work: &Work) -> Vec<(&'static str, String)> {
    if work.holds(Act::CaseEdit) || work.holds(Act::CaseOpen) {
        return Vec::new();
    }
    let places = p.nav.iter().filter(|place| ["/inbox", "/protection", "/admin"].contains(&place.href));
    places.map(|place| (place.href, place.label.clone())).collect()
}

// How many notifications are not read yet, in one line that leads to them: the same number that the bell shows.
fn notified(p: &Page) -> String {
    match p.unread {
        0 => p.t("day-notifications-none"),
        unread if unread > MOST_UNREAD => p.ta("day-notifications-many", "count", i64::from(MOST_UNREAD)),
        unread => p.ta("day-notifications-new", "count", i64::from(unread)),
    }
}

fn is_standard(task: &Task) -> bool {
    task.sensitivity.as_deref() == Some("standard")
}

// A task of a referral whose case the reader does not see says what is needed; most people have none.
fn names_need(task: &Task) -> bool {
    task.need.is_some() && task.case_code.is_none()
}

// How risky each case is, in the words of its pack.
async fn risks(work: &mut Work, tasks: &[&Task]) -> Result<HashMap<Uuid, Badge>, Error> {
    let seen = tasks.iter().filter(|task| task.case_code.is_some());
    let cases: Vec<Uuid> = seen.filter_map(|task| task.case_id).map(|case| case.0).collect();
    let lang = work.lang();
    let mut risks = HashMap::new();
    for (case, risk, (pack, version)) in list::risks(work, &cases).await? {
        let pack = packs::store::find(work, &pack, version).await?;
        risks.insert(case, risk_badge(&pack, lang, Some(&risk)));
    }
    Ok(risks)
}

// The needs of all packs in the reader's words.
async fn needs(work: &mut Work) -> Result<HashMap<String, String>, Error> {
    let lang = work.lang();
    let packs = packs::store::newest(work).await?;
    let known = packs.iter().flat_map(|(_, pack)| &pack.needs);
    Ok(known.map(|need| (need.code.clone(), need.labels.get(lang).to_owned())).collect())
}

// What one asked a colleague to do: whose it is now, and nothing to tap.
fn with_colleague(p: &Page, task: &Task, row: TaskRow) -> TaskRow {
    let name = task.assignee_name.clone().unwrap_or_else(|| p.t("case-closed-somebody"));
    TaskRow { note: p.ta("tasks-now-with", "name", name), action: String::new(), verb: String::new(), more: None, ..row }
}

// A case that waits in the inbox is given to somebody by whoever gives out cases.
fn given(p: &Page, task: &Task, gives: bool, row: TaskRow) -> TaskRow {
    let waits = task.case_id.filter(|_| gives && task.kind == TAKE_UP && task.case_code.is_some());
    let more = waits.map(|case| (format!("/cases/{case}/assignment"), p.t("day-give-to")));
    TaskRow { more: more.or(row.more), ..row }
}

// Whoever holds a task hands it on, or back to who handed it on. What a supervisor does is handed to another one, where there is one.
fn handing(p: &Page, task: &Task, others: &HashSet<TaskId>) -> Option<(String, String)> {
    let somebody = !task.is_a_supervisors() || others.contains(&task.id);
    let verb = match (task.assignee.is_some(), task.is_handed()) {
        (true, true) => "task-hand-back",
        (true, false) if task.may_be_handed() && somebody => "task-hand-on",
        _ => return None,
    };
    Some((format!("/tasks/{}/handing", task.id), p.t(verb)))
}

// What stands beside the tasks: the names of people, the words for needs, what another supervisor may be asked to do, and how risky each case is.
#[derive(Clone, Copy)]
struct Known<'a> {
    names: &'a HashMap<Uuid, String>,
    needs: &'a HashMap<String, String>,
    others: &'a HashSet<TaskId>,
    risks: &'a HashMap<Uuid, Badge>,
}

// The name for standard cases, the code for all others (S13). Of a referral without a case that the reader sees: its code, what is needed
// and who asks; for restricted types the code alone. Of a visit whoever is out, and never whom they visit (S22).
fn row(p: &Page, task: &Task, Known { names, needs, others, risks }: Known<'_>) -> TaskRow {
    if task.is_of_a_visit() {
        return task_row(p, task, "");
    }
    let name = task.person_id.filter(|_| is_standard(task)).and_then(|id| names.get(&id).cloned());
    let who = name.or_else(|| task.case_code.clone());
    let (Some(code), true) = (&task.referral_code, who.is_none()) else {
        let row = task_row(p, task, &who.unwrap_or_else(|| p.t("day-unit-task")));
        let risk = task.case_id.and_then(|case| risks.get(&case.0)).cloned().unwrap_or_default();
        return TaskRow { more: handing(p, task, others).or(row.more), risk, ..row };
    };
    let open = task.sensitivity.as_deref() != Some("restricted");
    let need = task.need.as_ref().filter(|_| open).map(|code| needs.get(code).cloned().unwrap_or_else(|| code.clone()));
    let asks = task.other_side.clone().filter(|_| open);
    let words: Vec<String> = [Some(code.clone()), need, asks].into_iter().flatten().collect();
    task_row(p, task, &words.join(" · "))
}
