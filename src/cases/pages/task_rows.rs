//! Tasks as rows, on the page of their case and on My day.
use crate::platform::text::text_with;
use crate::tasks::Task;
use crate::tasks::series::Series;
use crate::tasks::task::{CONTACT_LOST, FOLLOW_UP, VISIT_OUT, VISIT_OVERDUE};
use crate::web::Page;
use crate::web::parts::{Badge, TaskRow, Tone};

/// What a task asks for, in a worker's own words where there are any.
pub(super) fn task_named(p: &Page, task: &Task) -> String {
    task.called(p)
}

/// What comes again and when it comes next, and where it is ended.
pub(super) fn series_row(p: &Page, series: &Series) -> (String, String) {
    let repeat = &series.repeat;
    let every = p.ta(&format!("case-every-{}", repeat.step), "count", repeat.every);
    let next = series.next_due_at.map(|due| p.moment(&due)).unwrap_or_default();
    (p.signed(&series.title, &format!("{every} · {next}")), format!("/task-series/{}/end", series.id))
}

/// On the page of its case, where whoever answers stays.
pub(super) fn task_row_here(p: &Page, task: &Task) -> TaskRow {
    TaskRow { fields: vec![("back".to_owned(), "case".to_owned())], ..task_row(p, task, "") }
}

/// A task as a row with its one-tap answer.
pub(super) fn task_row(p: &Page, task: &Task, who: &str) -> TaskRow {
    let late = task.is_overdue(p.reader.now);
    TaskRow {
        href: task.href(),
        who: who.to_owned(),
        what: task_named(p, task),
        due: due(p, task),
        exact: p.moment(&task.due_at),
        tone: if late { Tone::Danger } else { Tone::Neutral },
        action: match task.assignee {
            Some(_) if task.is_done_by_work() => String::new(),
            Some(_) => format!("/tasks/{}/done", task.id),
            None => format!("/tasks/{}/assignment", task.id),
        },
        verb: p.t(match task.assignee {
            Some(_) if task.kind == FOLLOW_UP => "tasks-write-what-came",
            Some(_) if task.kind == CONTACT_LOST => "note-kind-contact-attempt",
            Some(_) if task.is_done_by_work() => "tasks-open",
            Some(_) => "tasks-mark-done",
            None => "tasks-take",
        }),
        fields: Vec::new(),
        note: handed(p, task),
        risk: Badge::default(),
        more: or_closing(p, task),
    }
}

// Whoever is tried for long and not reached is tried again, or closing is proposed (S23).
fn or_closing(p: &Page, task: &Task) -> Option<(String, String)> {
    let case = task.case_id.filter(|_| task.kind == CONTACT_LOST && task.assignee.is_some())?;
    Some((format!("/cases/{case}/closure"), p.t("case-closure-verb")))
}

// By when; of a visit at what time somebody is back, or was to be (S22).
fn due(p: &Page, task: &Task) -> String {
    let now = p.reader.now;
    let late_from = task.overdue_at.filter(|late| task.due_at < now && *late >= now);
    match (task.kind.as_str(), late_from) {
        (VISIT_OUT | VISIT_OVERDUE, _) => p.ta("tasks-back-at", "time", p.reader.time(task.due_at)),
        // Its time has come, and it is not late yet: the row says why it does not stand among what is.
        (_, Some(late)) => {
            let values = [("due", p.reader.relative(task.due_at).into()), ("late", p.moment(&late).into())];
            text_with(p.reader.lang, "tasks-late-from", &values)
        }
        _ if task.is_overdue(now) => p.reader.overdue(task.due_at),
        _ => p.reader.relative(task.due_at),
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
