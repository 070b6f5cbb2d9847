//! The list behind a figure of what was found: each case with its verdict, condition by condition, and where what is lacking is asked.
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::Arc;

use askama::Template;
use axum::response::Response;
use rules::{Rule, Verdict};
use serde_json::Value;
use uuid::Uuid;

use super::lists::{MOST, case_href, cut, line_of};
use super::show::figure;
use crate::access::Act;
use crate::audit::About;
use crate::cases;
use crate::eligibility::judging::as_profile;
use crate::eligibility::rule;
use crate::eligibility::screening::course::Line;
use crate::eligibility::screening::figures;
use crate::eligibility::screening::found::{self, Found};
use crate::eligibility::screening::store;
use crate::eligibility::words::{self, Line as Said};
use crate::eligibility::{Clause, Judgement, Known};
use crate::error::Error;
use crate::forms::profile;
use crate::platform::db::Work;
use crate::platform::ids::ScreeningId;
use crate::web::Page;
use crate::web::form::{Path, Query};
use crate::web::parts::Pager;

#[derive(Template)]
#[template(path = "eligibility/screening/html/found.html")]
struct FoundPage {
    p: Page,
    back: String,
    lead: String,
    heads: [String; 3],
    rows: Vec<Row>,
    pager: Pager,
}

struct Row {
    href: String,
    code: String,
    name: String,
    worker: String,
    /// Every condition, as it stands today.
    conditions: Vec<Said>,
    /// What decided then; empty where today's conditions say the same.
    decided: String,
    /// By what is known today it would be judged otherwise.
    moved: bool,
}

/// GET /screenings/{id}/results?line=&verdict=
pub(super) async fn found(mut work: Work, Path(id): Path<ScreeningId>, Query(form): Query) -> Result<Response, Error> {
    let screening = store::find(&mut work, id).await?;
    work.may(Act::ScreeningRun)?;
    let (nth, line) = line_of(&screening, &form)?;
    let verdict = match form.value("verdict") {
        "" => Verdict::Eligible,
        code => found::parse(code).ok_or(Error::NotFound)?,
    };
    let count = figures::found(&screening, nth, verdict)?;
    let mut listed = found::list(&mut work, &screening, (nth, verdict), form.value("after").parse().ok(), MOST + 1).await?;
    let code = rule::code(verdict);
    let pager = cut(&mut listed, &format!("{}/results?line={nth}&verdict={code}&", screening.path()), |one| one.case.0);
    let persons: Vec<Uuid> = listed.iter().map(|one| one.person).collect();
    let names = cases::list::names(&mut work, &persons).await?;
    let ids: Vec<Uuid> = listed.iter().map(|one| one.case.0).collect();
    let p = Page::titled(&mut work, &format!("screening-head-{}", code.replace('_', "-"))).await?;
    let mut rows = Vec::new();
    if !listed.is_empty() {
        let reading = Reading::of(&mut work, line, &listed, &ids).await?;
        for one in &listed {
            let name = names.get(&one.person).cloned().unwrap_or_default();
            rows.push(reading.row(&p, one, verdict, name)?);
        }
    }
    let page = FoundPage {
        back: screening.path(),
        lead: format!("{} · {} · {}", line.name, line.provider, figure(&p, Some(count))),
        heads: ["case", "worker", "conditions"].map(|head| p.tc("screening-head", head)),
        rows,
        pager,
        p,
    };
    work.show(About::subjects(ids), page).await
}

// The rule that the screening asked, with what is known today of the cases of a page.
struct Reading<'a> {
    line: &'a Line,
    rule: Rule,
    profiles: HashMap<Uuid, Value>,
    // By type of case, what its fields are called and where they are asked.
    known: HashMap<i16, Arc<Known>>,
}

impl<'a> Reading<'a> {
    async fn of(work: &mut Work, line: &'a Line, listed: &[Found], ids: &[Uuid]) -> Result<Self, Error> {
        let rule: Rule = serde_json::from_value(line.compiled.clone()).map_err(anyhow::Error::from)?;
        let mut known = HashMap::new();
        for one in listed {
            if let Entry::Vacant(place) = known.entry(one.case_type) {
                place.insert(Arc::new(Known::of_case_type(work, one.case_type).await?));
            }
        }
        Ok(Self { line, rule, profiles: profile::known_of(work, ids).await?, known })
    }

    // The result keeps which condition decided; the others are read of what is known today, and where that says something else, it is said.
    fn row(&self, p: &Page, one: &Found, verdict: Verdict, name: String) -> Result<Row, Error> {
        let judgement = self.judgement(one)?;
        let moved = judgement.as_ref().is_none_or(|judgement| judgement.verdict != verdict);
        let decided = one.decided_by().filter(|_| moved).and_then(|place| self.decided(p, one, place, verdict));
        let conditions = judgement.as_ref().map(|judgement| words::lines(p, judgement, &format!("/cases/{}", one.case)));
        Ok(Row {
            href: case_href(one.case),
            code: one.code.clone(),
            name,
            worker: one.worker.clone().unwrap_or_else(|| p.t("cases-in-inbox")),
            moved: moved && judgement.is_some(),
            conditions: conditions.unwrap_or_default(),
            decided: decided.unwrap_or_default(),
        })
    }

    // None where the case's pack means something else by the words of the rule.
    fn judgement(&self, one: &Found) -> Result<Option<Judgement>, Error> {
        let (Some(known), Some(values)) = (self.known.get(&one.case_type), self.profiles.get(&one.case.0)) else {
            return Ok(None);
        };
        if !known.is_meant(self.line.pack.as_deref(), &self.rule.fields()) {
            return Ok(None);
        }
        Ok(Some(Judgement::explained(self.rule.explain(&as_profile(values)?), known)))
    }

    // The condition of this place as it was found: it did not hold, or was unknown.
    fn decided(&self, p: &Page, one: &Found, place: usize, verdict: Verdict) -> Option<String> {
        let known = self.known.get(&one.case_type)?;
        let clause = self.rule.explain(&rules::Profile::default()).clauses.into_iter().nth(place)?;
        let holds = (verdict == Verdict::NotEligible).then_some(false);
        let clause = Clause::Rule(rules::Clause { holds, values: Vec::new(), ..clause });
        Some(p.reader.digits(&words::sentence(p.reader.lang, known, &clause)))
    }
}
