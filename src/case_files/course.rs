//! What went on with a person: what was achieved, where they took part and for how many hours, and when somebody met them.
use super::case_file::{CaseFile, Entry};
use super::gather::{coded, dated, entry, line, on};
use crate::achievements::{self, Mark};
use crate::cases::Case;
use crate::error::Error;
use crate::meetings;
use crate::platform::db::Work;
use crate::projects::store::placed;
use crate::projects::{Exemption, Placement, Week};
use crate::web::Page;

/// What was set of the person alone; a condition of the whole household stays out (S12).
pub(super) async fn achieved(work: &mut Work, p: &Page, case: &Case, file: &CaseFile) -> Result<Vec<Entry>, Error> {
    let Some(standing) = achievements::Standing::of(work, case).await? else { return Ok(Vec::new()) };
    let said = |mark: &Mark| {
        let label = standing.list().line(&mark.line)?.labels.get(p.reader.lang).to_owned();
        let lines = vec![
            coded("state", p.t("case-file-state"), &mark.state, p.tc("achievement-state", &mark.state)),
            on(p, "seen_on", p.t("case-file-on"), Some(mark.seen_on)),
        ];
        Some(Entry { kind: mark.line.clone(), ..entry("achievements", label, lines) })
    };
    let own = standing.grounds.marks.iter().filter(|mark| mark.person_id == Some(file.person_id));
    Ok(own.filter_map(said).collect())
}

/// Each place in a community project with its weeks, and why they need not take part.
pub(super) async fn took_part(work: &mut Work, p: &Page, file: &CaseFile) -> Result<Vec<Entry>, Error> {
    let places = placed::list(work, file.case_id).await?;
    let weeks = placed::weeks(work, file.case_id).await?;
    let exempt = placed::exemptions(work, file.case_id).await?;
    let places = places.iter().filter(|place| place.person_id == file.person_id).map(|place| of_place(p, place, &weeks));
    let exempt = exempt.iter().filter(|one| one.person_id == file.person_id).map(|one| of_exemption(p, one));
    Ok(places.chain(exempt).collect())
}

fn of_place(p: &Page, place: &Placement, weeks: &[Week]) -> Entry {
    let reason = place.left_reason.as_deref().map(|reason| p.tc("project-left", reason));
    let mut lines = vec![
        line("host", p.t("project-field-host"), place.host.clone().unwrap_or_default()),
        coded("weekly_hours", p.t("project-field-agreed-hours"), &place.weekly_hours.to_string(), p.number(place.weekly_hours)),
        on(p, "starts_on", p.t("project-field-starts-on"), Some(place.starts_on)),
        on(p, "left_on", p.t("project-field-left-on"), place.left_on),
        coded(
            "left_reason",
            p.t("project-field-left-reason"),
            place.left_reason.as_deref().unwrap_or_default(),
            reason.unwrap_or_default(),
        ),
    ];
    for week in weeks.iter().filter(|week| week.placement == place.id) {
        let hours = [("present", week.present), ("justified", week.justified), ("unjustified", week.unjustified)];
        let said = hours.map(|(name, hours)| p.detailed(&p.tc("project-week-head", name), &p.number(hours)));
        let label = p.ta("project-week-of", "day", p.reader.full_date(week.week));
        let code = hours.map(|(name, hours)| format!("{name} {hours}")).join(" ");
        lines.push(coded(&format!("week_{}", week.week), label, &code, said.join(" · ")));
    }
    entry("projects", place.title.clone().unwrap_or_else(|| p.t("project-elsewhere")), lines)
}

fn of_exemption(p: &Page, one: &Exemption) -> Entry {
    let lines = vec![
        coded("reason", p.t("project-field-left-reason"), &one.reason, p.tc("project-exempt", &one.reason)),
        on(p, "until_on", p.t("case-file-until"), one.until_on),
    ];
    entry("projects", p.t("project-exemptions"), lines)
}

/// When somebody met them, or was to. Who confers on a case is never said.
pub(super) async fn met(work: &mut Work, p: &Page, case: &Case, file: &CaseFile) -> Result<Vec<Entry>, Error> {
    // Of a household's case it is not known whom a meeting was with.
    if case.person_id != file.person_id {
        return Ok(Vec::new());
    }
    let all = meetings::of_case(work, case.id, None).await?;
    let told = all.iter().filter(|meeting| meeting.kind != "conference");
    Ok(told
        .map(|meeting| {
            let state = coded("state", p.t("case-file-state"), &meeting.state, p.tc("meeting-state", &meeting.state));
            let met = entry("meetings", p.tc("meeting-kind", &meeting.kind), vec![state]);
            dated(p, met, &meeting.kind, meeting.starts_at)
        })
        .collect())
}
