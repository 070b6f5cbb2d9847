//! What is kept of somebody in community projects: their places, the hours of each week, and that they are exempt. It is their own; it goes to nobody else
//! by name (S25, S30).
use super::case_file::{CaseFile, Entry, Line};
use super::gather::{entry, line};
use crate::error::Error;
use crate::platform::db::Work;
use crate::projects::store::placed;
use crate::projects::{Placement, Week};
use crate::web::Page;

/// Their places and exemptions.
pub(super) async fn places(work: &mut Work, p: &Page, file: &CaseFile) -> Result<Vec<Entry>, Error> {
    let placements = placed::list(work, file.case_id).await?;
    let weeks = placed::weeks(work, file.case_id).await?;
    let exemptions = placed::exemptions(work, file.case_id).await?;
    let own = placements.iter().filter(|one| one.person_id == file.person_id);
    let placed = own.map(|one| place(p, one, &weeks));
    let exempt = exemptions.iter().filter(|one| one.person_id == file.person_id).map(|one| {
        let until = one.until_on.map(|day| p.date(&day)).unwrap_or_default();
        let lines = vec![
            line("exempt", p.tc("project-field", "exempt"), p.tc("project-exempt", &one.reason)),
            line("until_on", p.tc("project-field", "until-on"), until),
        ];
        entry("projects", p.t("project-exemptions"), lines)
    });
    Ok(placed.chain(exempt).collect())
}

fn place(p: &Page, one: &Placement, weeks: &[Week]) -> Entry {
    let until = one.left_on.or(one.ends_on).map(|day| p.date(&day)).unwrap_or_default();
    let why = one.left_reason.as_ref().map(|reason| p.tc("project-left", reason)).unwrap_or_default();
    let wish = if one.own_wish { p.t("project-own-wish") } else { String::new() };
    let said = |field: &str| p.tc("project-field", field);
    let agreed = vec![
        line("host", said("host"), one.host.clone().unwrap_or_default()),
        line("weekly_hours", said("agreed-hours"), p.ta("project-hours", "count", i64::from(one.weekly_hours))),
        line("own_wish", said("own-wish"), wish),
        line("starts_on", said("starts-on"), p.date(&one.starts_on)),
        line("ends_on", said("ends-on"), until),
        line("left_reason", said("left-reason"), why),
    ];
    let hours = weeks.iter().filter(|week| week.placement == one.id).map(|week| of_week(p, week));
    entry("projects", one.title.clone().unwrap_or_else(|| p.t("project-elsewhere")), agreed.into_iter().chain(hours).collect())
}

// "Week of 2 Feb 2026: There: 6 · Away, for a good reason: 2 · Away, without one: 0".
fn of_week(p: &Page, week: &Week) -> Line {
    let hours = [("present", week.present), ("justified", week.justified), ("unjustified", week.unjustified)];
    let said = hours.map(|(head, hours)| p.detailed(&p.tc("project-week-head", head), &p.number(hours)));
    line(&format!("week_{}", week.week), p.ta("project-week-of", "day", p.date(&week.week)), said.join(" · "))
}
