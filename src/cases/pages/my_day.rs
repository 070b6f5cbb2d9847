//! My day: what must I do now.
use askama::Template;
use axum::response::Response;
use std::collections::HashMap;
use uuid::Uuid;

use super::show::task_row;
use crate::access::Act;
use crate::audit::About;
use crate::cases::{beside, list};
use crate::error::Error;
use crate::platform::db::Work;
use crate::platform::text::text;
use crate::tasks::{self, Task};
use crate::web::Page;
use crate::web::parts::{Badge, TaskRow};

#[derive(Template)]
#[template(path = "cases/html/my_day.html")]
struct MyDay {
    p: Page,
    overdue: Vec<TaskRow>,
    today: Vec<TaskRow>,
    later: Vec<TaskRow>,
    inbox: Vec<TaskRow>,
    answers: Vec<(String, String, Badge)>,
    waiting: Vec<(String, String, Badge)>,
    notified: String,
    nothing: bool,
    may_open: bool,
    may_refer: bool,
}

/// GET /
pub async fn show(mut work: Work) -> Result<Response, Error> {
    let title = text(work.lang(), "day-title");
    let p = Page::of(&mut work, title).await?;
    let me = work.me()?;
    let units = work.standing.units.clone();
    let mine = tasks::store::mine(&mut work, me, 100).await?;
    let inbox = tasks::store::of_inbox(&mut work, &units, 50).await?;
    let open: Vec<Uuid> = mine.iter().chain(&inbox).filter(|task| is_standard(task)).filter_map(|task| task.person_id).collect();
    let names = list::names(&mut work, &open).await?;
    let (due, undated) = beside::notifications(&mut work).await?;
    let (answers, waiting) = beside::answers_and_waiting(&mut work, me).await?;
    let subjects: Vec<Uuid> = mine.iter().chain(&inbox).filter_map(|task| task.case_id).map(|id| id.0).collect();
    let (overdue, rest): (Vec<_>, Vec<_>) = mine.into_iter().partition(|task| task.is_overdue(work.now()));
    let day = |task: &Task| task.due_at.with_timezone(&p.reader.zone).date_naive();
    let now = work.now().with_timezone(&p.reader.zone).date_naive();
    let (today, later): (Vec<_>, Vec<_>) = rest.into_iter().partition(|task| day(task) <= now);
    let rows = |list: Vec<Task>| list.iter().map(|task| row(&p, task, &names)).collect::<Vec<_>>();
    let (overdue, today, later, inbox) = (rows(overdue), rows(today), rows(later), rows(inbox));
    let page = MyDay {
        notified: notified(&p, due, undated),
        nothing: overdue.is_empty() && today.is_empty() && inbox.is_empty() && answers.is_empty(),
        overdue,
        today,
        later,
        inbox,
        answers: answers.iter().map(|referral| referral.row(&p)).collect(),
        waiting: waiting.iter().map(|referral| referral.row(&p)).collect(),
        may_open: work.holds(Act::CaseOpen),
        may_refer: work.holds(Act::ReferralWrite),
        p,
    };
    work.show(About::subjects(subjects), page).await
}

// How many notifications wait, in one line that leads to them.
fn notified(p: &Page, due: i64, undated: i64) -> String {
    let counted = |key: &str, count: i64| Some(p.ta(key, "count", count)).filter(|_| count > 0);
    let counts = [counted("day-notifications-due", due), counted("day-notifications-undated", undated)];
    let counts = counts.into_iter().flatten().collect::<Vec<_>>().join(" · ");
    if counts.is_empty() { p.t("day-notifications-none") } else { counts }
}

fn is_standard(task: &Task) -> bool {
    task.sensitivity.as_deref() == Some("standard")
}

// The name for standard cases, the code for all others (S13).
fn row(p: &Page, task: &Task, names: &HashMap<Uuid, String>) -> TaskRow {
    let name = task.person_id.filter(|_| is_standard(task)).and_then(|id| names.get(&id).cloned());
    let who = name.or_else(|| task.case_code.clone()).unwrap_or_else(|| p.t("day-unit-task"));
    let row = task_row(p, task, &who);
    match task.referral_id {
        Some(referral) => TaskRow { href: format!("/referrals/{referral}"), ..row },
        None => row,
    }
}
