//! Pages: the projects of one's organisation, what is kept on a case, and what a host writes down.
mod case;
mod hosted;
mod list;
mod place;
mod placement;
mod show;
mod write;

use super::placement::{Placement, Sum, Week};
use super::rules;
use crate::access::Act;
use crate::cases::{self, Case, Member};
use crate::error::Error;
use crate::packs::ProjectRules;
use crate::platform::db::Work;
use crate::platform::ids::{CaseId, PersonId};
use crate::platform::text::{text, text_with};
use crate::web::parts::{Badge, Tone};
use crate::web::{Page, Routes};

/// The routes of community projects.
pub fn routes() -> Routes {
    Routes::new()
        .page("GET", "/projects", list::index)
        .page("POST", "/projects", write::create)
        .page("GET", "/projects/new", write::new)
        .page("GET", "/projects/{project}", show::show)
        .page("GET", "/projects/{project}/edit", write::edit)
        .page("POST", "/projects/{project}", write::update)
        .page("POST", "/projects/{project}/ending", show::end)
        .page("GET", "/cases/{id}/placements", case::index)
        .page("POST", "/cases/{id}/placements", place::create)
        .page("GET", "/cases/{id}/placements/new", place::new)
        .page("GET", "/cases/{id}/placements/{placement}", placement::show)
        .page("POST", "/cases/{id}/placements/{placement}/attendance", placement::note)
        .page("POST", "/cases/{id}/placements/{placement}/ending", placement::leave)
        .page("POST", "/cases/{id}/exemptions", case::exempt)
        .page("POST", "/cases/{id}/exemptions/{exemption}/ending", case::end_exemption)
        .page("GET", "/hosted", hosted::index)
        .page("GET", "/hosted/{placement}", hosted::show)
        .page("POST", "/hosted/{placement}/attendance", hosted::note)
        .page("POST", "/hosted/{placement}/deletion", hosted::delete)
}

// A case of a kind that has no community projects has no such page.
async fn case_of(work: &mut Work, id: CaseId) -> Result<(Case, ProjectRules), Error> {
    let case = cases::store::find(work, id).await?;
    work.may(Act::CaseRead)?;
    let rules = rules(work, &case).await?.ok_or(Error::NotFound)?;
    Ok((case, rules))
}

// The title stands in the browser's history: the code, never the name (S13).
async fn titled(work: &mut Work, case: &Case) -> Result<Page, Error> {
    let title = format!("{} · {}", text(work.lang(), "projects-title"), case.code);
    Page::of(work, title).await
}

fn name_of(people: &[Member], id: PersonId) -> String {
    people.iter().find(|member| member.person_id == id).map(|member| member.name.clone()).unwrap_or_default()
}

// One week as a row of a table.
struct Row {
    week: String,
    present: String,
    justified: String,
    unjustified: String,
    by: String,
    // Where it is said anew; empty where it may not be.
    again: String,
}

fn row(p: &Page, said: &Week, again: String) -> Row {
    let by = match (said.by_host, said.author_name.as_str()) {
        (_, "") => p.t("project-week-by-them"),
        (true, name) => p.ta("project-week-by-host", "name", name.to_owned()),
        (false, name) => name.to_owned(),
    };
    Row {
        week: p.ta("project-week-of", "day", p.date(&said.week)),
        present: p.number(said.present),
        justified: p.number(said.justified),
        unjustified: p.number(said.unjustified),
        by: p.signed(&by, &p.moment(&said.recorded_at)),
        again,
    }
}

// What somebody else wrote of the same week since it was read for this form, which names the edition; a page that is only looked at names none.
fn meanwhile(p: &Page, read: &str, week: Option<&Week>) -> String {
    let Some(said) = week.filter(|said| !read.is_empty() && read != said.nth.to_string()) else { return String::new() };
    let stands = row(p, said, String::new());
    let hours = [("present", stands.present), ("justified", stands.justified), ("unjustified", stands.unjustified)];
    let hours = hours.map(|(head, hours)| p.detailed(&p.tc("project-week-head", head), &hours));
    p.detailed(&stands.by, &hours.join(" · "))
}

fn heads(p: &Page) -> [String; 5] {
    ["week", "present", "justified", "unjustified", "by"].map(|head| p.tc("project-week-head", head))
}

/// "20 of 24 hours agreed for the 3 weeks written down".
pub(super) fn progress(p: &Page, sum: Sum) -> String {
    if sum.weeks == 0 {
        return p.t("project-progress-none");
    }
    let values =
        [("present", p.number(sum.present).into()), ("agreed", p.number(sum.agreed).into()), ("count", sum.weeks.into())];
    text_with(p.reader.lang, "project-progress", &values)
}

/// Whether somebody has the place, and why no longer.
pub(super) fn state(p: &Page, placement: &Placement) -> Badge {
    let over = placement.ends_on.filter(|last| *last < p.reader.today());
    match (&placement.left_reason, over) {
        (Some(reason), _) => Badge::new(p.tc("project-left", reason), Tone::Neutral),
        (None, Some(last)) => Badge::new(p.ta("project-placement-over", "day", p.date(&last)), Tone::Warning),
        (None, None) if placement.starts_on > p.reader.today() => Badge::new(p.t("project-placement-coming"), Tone::Info),
        (None, None) => Badge::new(p.t("project-placement-lasts"), Tone::Good),
    }
}
