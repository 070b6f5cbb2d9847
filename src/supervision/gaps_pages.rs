//! Page: what is missing, contradictory or old in the cases of a unit; every figure opens its list below.
use std::collections::BTreeMap;

use askama::Template;
use axum::response::Response;

use super::gaps::{self, Count, GROUPS, Gapped, Whose, Within};
use crate::audit::About;
use crate::error::Error;
use crate::people::corrections::{self, Correction};
use crate::people::merge::Join;
use crate::people::merge_store;
use crate::platform::db::Work;
use crate::web::form::Query;
use crate::web::parts::Choice;
use crate::web::{Form, Page, Routes};

/// The page of gaps.
pub(super) fn routes() -> Routes {
    Routes::new().page("GET", "/team/data", show)
}

#[derive(Template)]
#[template(path = "supervision/html/gaps.html")]
struct Board {
    p: Page,
    form: Form,
    units: Vec<Choice>,
    groups: Vec<(String, Vec<Figure>)>,
    heads: Vec<String>,
    workers: Vec<(String, Vec<Figure>)>,
    listed: String,
    cases: Vec<(String, String, String, String)>,
    // Corrections that wait for a second person: where, whose, what, since when.
    corrections: Vec<(String, String, String, String)>,
    // Records that somebody proposes to join: where, which, who, since when.
    joins: Vec<(String, String, String, String)>,
}

// A count that opens its list; nothing opens where there is nothing.
struct Figure {
    label: String,
    count: String,
    href: String,
}

/// GET /team/data?unit=&of=&worker=
async fn show(mut work: Work, Query(mut form): Query) -> Result<Response, Error> {
    let at = gaps::within(&mut work, form.value("unit").parse().ok()).await?;
    form.set("unit", at.unit.map(|id| id.to_string()).unwrap_or_default());
    let counts = gaps::counts(&mut work, &at.within).await?;
    let (word, whose) = (form.value("of").to_owned(), Whose::read(form.value("worker"))?);
    let found = match word.as_str() {
        "" => Vec::new(),
        word => gaps::cases(&mut work, &at.within, &gaps::meant(word)?, whose).await?,
    };
    let p = Page::titled(&mut work, "data-title").await?;
    let ids: Vec<_> = found.iter().map(|one| one.case.0).collect();
    let waiting = corrections::waiting(&mut work).await?;
    let joining = merge_store::waiting(&mut work).await?;
    let proposed = |one: &Correction| {
        let what = p.signed(&p.tc("correction-field", &one.field), &one.author_name);
        (format!("/people/{}/corrections", one.person_id), one.person_code.clone(), what, p.moment(&one.recorded_at))
    };
    let corrections = waiting.items.iter().map(proposed).collect();
    let meant = |join: &Join| {
        let href = format!("/people/{}/same/{}", join.stays, join.goes);
        let codes = p.list([&join.stays_code, &join.goes_code]);
        (href, codes, join.proposed_by_name.clone(), p.moment(&join.proposed_at))
    };
    let joins = joining.items.iter().map(meant).collect();
    let board = Board { corrections, joins, ..board(p, form, &at, (&counts, &found)) };
    work.show(About::subjects(ids), board).await
}

fn board(p: Page, form: Form, at: &Within, (counts, found): (&[Count], &[Gapped])) -> Board {
    let unit = form.value("unit").to_owned();
    let sum = |wanted: &dyn Fn(&Count) -> bool| counts.iter().filter(|one| wanted(one)).map(|one| one.cases).sum::<i64>();
    let figure = |label: String, count: i64, tail: String| Figure {
        label,
        count: p.number(count),
        href: if count > 0 { format!("/team/data?unit={unit}&{tail}#list") } else { String::new() },
    };
    let of_gap = |gap: &&str| figure(p.tc("data-gap", gap), sum(&|one| one.gap == **gap), format!("of={gap}"));
    let groups = GROUPS.iter().map(|(group, gaps)| (p.tc("data-group", group), gaps.iter().map(of_gap).collect()));
    let mut keepers: BTreeMap<String, (String, String)> = BTreeMap::new();
    for one in counts {
        let (key, name) = (Whose::write(one.manager), one.manager_name.clone().unwrap_or_else(|| p.t("cases-in-inbox")));
        keepers.insert(format!("{name} {key}"), (key, name));
    }
    let of_worker = |(key, name): &(String, String)| {
        let own = |group: &str| sum(&|one| Whose::write(one.manager) == *key && gaps::group_of(&one.gap) == group);
        let each =
            GROUPS.iter().map(|(group, _)| figure(p.tc("data-group", group), own(group), format!("of={group}&worker={key}")));
        (name.clone(), each.collect())
    };
    let word = form.value("of");
    let listed = match word {
        "" => String::new(),
        word if GROUPS.iter().any(|(group, _)| *group == word) => p.tc("data-group", word),
        word => p.tc("data-gap", word),
    };
    let line = |one: &Gapped| {
        let gaps: Vec<String> = one.gaps.iter().map(|gap| p.tc("data-gap", gap)).collect();
        let manager = one.manager_name.clone().unwrap_or_else(|| p.t("cases-in-inbox"));
        (format!("/cases/{}", one.case), one.code.clone(), manager, gaps.join(" · "))
    };
    Board {
        units: at.units.iter().map(|unit| Choice::new(unit.id.to_string(), &unit.name)).collect(),
        groups: groups.collect(),
        heads: std::iter::once(p.t("team-head-worker"))
            .chain(GROUPS.iter().map(|(group, _)| p.tc("data-group", group)))
            .collect(),
        workers: keepers.values().map(of_worker).collect(),
        cases: found.iter().map(line).collect(),
        corrections: Vec::new(),
        joins: Vec::new(),
        listed,
        form,
        p,
    }
}
