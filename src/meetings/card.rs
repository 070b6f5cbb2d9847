//! The coming meetings, and those that its timeline tells of, as the page of a case shows them.
use super::meeting::Meeting;
use super::outcome::Decided;
use super::store;
use crate::cases::Case;
use crate::error::Error;
use crate::platform::db::Work;
use crate::web::Page;
use crate::web::format::apart;

/// Where the next ones are, their kind and moment.
pub fn lines(p: &Page, case: &Case, next: &[Meeting]) -> Vec<(String, String, String)> {
    let line = |one: &Meeting| {
        (format!("{}/meetings/{}", case.path(), one.id), p.tc("meeting-kind", &one.kind), p.moment(&one.starts_at))
    };
    next.iter().map(line).collect()
}

/// What comes next, and what the timeline tells of, the latest first. A conference is about the person and no note of the case, and a note does not
/// say that a visit was not safe or that something was put right.
pub async fn of_case(work: &mut Work, case: &Case) -> Result<(Vec<Meeting>, Vec<Meeting>), Error> {
    let all = store::on_page(work, case.id).await?;
    let (mut next, told): (Vec<_>, Vec<_>) = all.into_iter().partition(|one| one.state == "planned");
    next.reverse();
    Ok((next, told))
}

/// What was decided, who does it, and by when.
pub fn decision(p: &Page, one: &Decided) -> String {
    let day = one.due_on.map(|day| p.date(&day)).unwrap_or_default();
    let by = if one.person { p.t("conference-person") } else { apart(&one.by) };
    let parts = [apart(&one.what), by, day];
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ")
}
