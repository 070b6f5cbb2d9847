//! A case on one sheet of paper: what whoever goes out with it must know. No notes, no plans (S25).
use askama::Template;
use axum::response::Response;

use super::{risk_badge, stage_label, type_label};
use crate::audit::{About, Fact};
use crate::cases::{Case, Member, actions, beside, store};
use crate::error::Error;
use crate::packs::Pack;
use crate::people::shown;
use crate::platform::db::Work;
use crate::platform::ids::CaseId;
use crate::tasks::{self, Task};
use crate::web::Page;
use crate::web::form::Path;
use crate::web::parts::Entry;

#[derive(Template)]
#[template(path = "cases/html/print.html")]
struct Print {
    p: Page,
    path: String,
    heading: String,
    rows: Vec<Entry>,
    people: Vec<Entry>,
    // How not to reach them, and where nobody goes alone.
    care: Vec<Entry>,
    consents: Vec<Entry>,
    referrals: Vec<Entry>,
    tasks: Vec<Entry>,
}

/// GET /cases/{id}/print: a summary for paper; whoever is not safe to involve is never printed (S3). Paper of a restricted case gives away
/// neither type nor risk, nor who is meant, nor what for.
pub async fn show(mut work: Work, Path(id): Path<CaseId>) -> Result<Response, Error> {
    let case = Case::read(&mut work, id).await?;
    let p = Page::of(&mut work, case.code.clone()).await?.on_paper();
    let pack = actions::pack_of(&mut work, &case).await?;
    let people = store::people(&mut work, id).await?;
    let open_tasks = tasks::store::of_case(&mut work, id).await?;
    let consents = beside::consents(&mut work, id).await?;
    let referrals = beside::referrals(&mut work, id).await?;
    work.record(Fact::Printed, About::case(id)).await?;
    let printed: Vec<&Member> = people.iter().filter(|member| case.paper_may_tell() && !member.not_safe_to_involve).collect();
    let page = Print {
        path: case.path(),
        heading: case.code.clone(),
        rows: rows(&p, &pack, &case, open_tasks.iter().min_by_key(|task| task.due_at)),
        people: printed.iter().map(|member| Entry::new(p.tc("case-part", &member.part), label(&case, member))).collect(),
        care: care(&p, &case, &people),
        consents: agreed(&p, &case, &people, &consents),
        referrals: referrals.iter().filter(|one| one.is_running()).map(|one| one.printed(&p, case.sensitivity())).collect(),
        tasks: open_tasks.iter().map(|task| Entry::new(p.tc("task", &task.kind), p.moment(&task.due_at))).collect(),
        p,
    };
    work.show(About::case(id), page).await
}

fn label(case: &Case, member: &Member) -> String {
    if case.goes_by_code() { member.code.clone() } else { member.name.clone() }
}

fn rows(p: &Page, pack: &Pack, case: &Case, next: Option<&Task>) -> Vec<Entry> {
    let lang = p.reader.lang;
    let mut rows = vec![Entry::new(p.t("cases-head-stage"), stage_label(pack, case.case_type, &case.stage, lang))];
    if case.paper_may_tell() {
        rows.push(Entry::new(p.t("cases-head-type"), type_label(pack, case.case_type, lang)));
        rows.push(Entry::new(p.t("cases-head-risk"), risk_badge(pack, lang, case.risk.as_deref()).word));
    }
    rows.push(Entry::new(p.t("case-manager"), case.manager_name.clone().unwrap_or_else(|| p.t("cases-in-inbox"))));
    rows.push(Entry::new(p.t("case-unit"), &case.unit_name));
    rows.push(Entry::new(p.t("cases-head-opened"), p.reader.day(case.opened_at)));
    rows.extend(next.map(|task| Entry::new(p.t("cases-head-due"), p.moment(&task.due_at))));
    rows
}

// Of a restricted case only that nobody goes alone, which is the workers' own safety.
fn care(p: &Page, case: &Case, people: &[Member]) -> Vec<Entry> {
    let alone = |member: &Member| member.dont_go_alone.then(|| p.t("people-dont-go-alone"));
    if !case.paper_may_tell() {
        let warned = people.iter().filter(|member| member.part == "subject").find_map(alone);
        return warned.map(|words| Entry::new(p.t("person-field-dont-go-alone"), words)).into_iter().collect();
    }
    let said = |member: &Member| {
        let restriction = Some(member.contact_restriction.clone()).filter(|words| !words.is_empty());
        let wished = shown::wishes(p, member.worker_sex.as_deref(), member.interpreter_sex.as_deref());
        let wished = wished.iter().map(|wish| p.detailed(&wish.term, &wish.text));
        let words: Vec<String> = alone(member).into_iter().chain(restriction).chain(wished).collect();
        (!words.is_empty()).then(|| Entry::new(label(case, member), words.join(" · ")))
    };
    people.iter().filter(|member| !member.not_safe_to_involve).filter_map(said).collect()
}

// What stands today: since when, whose, what for, until when.
fn agreed(p: &Page, case: &Case, people: &[Member], consents: &[beside::Consent]) -> Vec<Entry> {
    let member = |consent: &beside::Consent| people.iter().find(|member| member.person_id == consent.person_id);
    let said = |consent: &beside::Consent| {
        let who = member(consent).filter(|_| people.len() > 1).map(|member| label(case, member));
        let named = [who.unwrap_or_default(), consent.purpose.clone()].into_iter().filter(|_| case.paper_may_tell());
        let until = consent.expires_on.map(|last| p.ta("case-print-until", "date", p.date(&last))).unwrap_or_default();
        let words: Vec<String> = named.chain([until]).filter(|words| !words.is_empty()).collect();
        Entry::new(p.detailed(&p.t("case-consent-given"), &p.date(&consent.given_on)), words.join(" · "))
    };
    let safe = |consent: &&beside::Consent| member(consent).is_none_or(|member| !member.not_safe_to_involve);
    consents.iter().filter(|consent| consent.carries(p.reader.today())).filter(safe).map(said).collect()
}
