//! One side agrees: said aloud before a witness, drawn on the screen, on paper, with a thumb mark, by a code to their telephone; the
//! organisation also as signed in.
use askama::Template;
use axum::response::{IntoResponse, Redirect, Response};

use super::{At, Ids, actions, titled};
use crate::cases;
use crate::cases::pages::told_apart;
use crate::documents;
use crate::error::{Clash, Error, FieldErrors};
use crate::packs;
use crate::plans::actions::{Agreeing, code};
use crate::plans::agreement::{Asking, BEST_INTERESTS, ways};
use crate::plans::line::LONGEST;
use crate::plans::signed::Signed;
use crate::platform::db::Work;
use crate::platform::ids::{CaseId, PersonId, PlanId};
use crate::web::form::{Path, Query};
use crate::web::parts::Choice;
use crate::web::{Form, Page};

#[derive(Template)]
#[template(path = "plans/html/agree.html")]
struct Agree {
    p: Page,
    form: Form,
    back: String,
    action: String,
    codes: String,
    may_code: bool,
    may_best: bool,
    code: String,
    lead: String,
    of_person: bool,
    people: Vec<Choice>,
    way_hint: String,
    ways: Vec<Choice>,
    interpreter_hint: String,
    papers: Vec<Choice>,
    documents: String,
}

/// GET /cases/{id}/plans/{plan}/agreement?side=&person=
pub(super) async fn new(mut work: Work, Path(ids): Ids, Query(query): Query) -> Result<Response, Error> {
    let at = At::find(&mut work, ids).await?;
    at.case.may_be_written(&mut work).await?;
    if !at.plan.awaits_agreement() {
        return Ok(Redirect::to(&at.plan.path()).into_response());
    }
    let side = if query.value("side") == "organisation" { "organisation" } else { "person" };
    let way = match (side, query.value("way")) {
        ("organisation", _) => "signed_in",
        (_, "code") => "code",
        (_, BEST_INTERESTS) => BEST_INTERESTS,
        _ => "",
    };
    let form = Form::blank([
        ("version", at.plan.version.to_string()),
        ("side", side.to_owned()),
        ("person", query.value("person").to_owned()),
        ("to", query.value("person").to_owned()),
        ("way", way.to_owned()),
    ]);
    let page = page(&mut work, &at, form).await?;
    work.show(actions::about(&at.case, at.plan.id), page).await
}

/// POST /cases/{id}/plans/{plan}/agreement
pub(super) async fn create(mut work: Work, Path(ids): Ids, mut form: Form) -> Result<Response, Error> {
    let at = At::find(&mut work, ids).await?;
    let zone = work.zone();
    let side = form.value("side").to_owned();
    let mut how = Agreeing {
        version: form.parsed_maybe("version").unwrap_or(0),
        person: form.parsed_maybe("person"),
        way: form.text_maybe("way", 40),
        proven: None,
        document: form.parsed_maybe("document"),
        sealed: Signed {
            witness: form.text_maybe("witness", 200),
            interpreter: form.text_maybe("interpreter", 200),
            interpreter_bound: form.ticked("interpreter_bound"),
            strokes: if form.value("way") == "drawn" { form.value("strokes").to_owned() } else { String::new() },
            reason: if form.value("way") == BEST_INTERESTS { form.text_maybe("reason", LONGEST) } else { String::new() },
        },
        language: form.text_maybe("language", 60),
        happened_at: form.moment_maybe("happened_at", zone),
        late_reason: form.text_maybe("late_reason", 200),
        side,
    };
    if how.way == "code" && !code::is_typed(form.value("code")) {
        form.errors.add("code", "required");
    }
    if how.way == "code" && how.person.is_some() && form.check().is_ok() {
        how.proven = code::prove(&mut work, &at.case, &at.plan, (how.person, form.value("code"))).await?;
        if how.proven.is_none() {
            // A wrong code stays counted.
            form.set("code", "");
            return again(work.committed().await?, ids, form, FieldErrors::one("code", "wrong_code")).await;
        }
    }
    let done = match form.check() {
        Ok(()) => actions::agree(&mut work, &at.case, &at.plan, &how).await,
        Err(error) => Err(error),
    };
    match done {
        Ok(()) => work.then(&at.plan.path(), "plan-was-signed").await,
        Err(Error::Invalid(errors)) => again(work, ids, form, errors).await,
        // The other side agreed meanwhile: nothing of the plan has changed, so that what was typed here may be sent once more.
        Err(Error::Conflict(Clash::Stale)) => again(work, ids, form, FieldErrors::one("", "look_again")).await,
        Err(error) => Err(error),
    }
}

/// POST /cases/{id}/plans/{plan}/codes
pub(super) async fn send_code(mut work: Work, Path(ids): Ids, mut form: Form) -> Result<Response, Error> {
    let at = At::find(&mut work, ids).await?;
    at.case.may_be_written(&mut work).await?;
    form.set("side", "person");
    let done = match form.parsed::<PersonId>("to") {
        Some(person) => {
            let to = code::CodeTo { person, in_hand: form.ticked("in_hand") };
            code::send(&mut work, &at.case, &at.plan, to).await.map(|()| person)
        }
        None => form.check().and(Err(Error::NotFound)),
    };
    match done {
        Ok(person) => {
            let to = format!("{}/agreement?side=person&person={person}&way=code", at.plan.path());
            work.then(&to, "texting-code-posted").await
        }
        Err(Error::Invalid(errors)) => {
            let named = match errors.get("in_hand") {
                Some(why) => FieldErrors::one("in_hand", why),
                None => FieldErrors::one("to", errors.get("person").or(errors.get("to")).unwrap_or("required")),
            };
            again(work, ids, form, named).await
        }
        Err(error) => Err(error),
    }
}

async fn again(work: Work, ids: (CaseId, PlanId), form: Form, errors: FieldErrors) -> Result<Response, Error> {
    let mut work = work.again().await?;
    let at = At::find(&mut work, ids).await?;
    if !at.plan.awaits_agreement() {
        return Err(Error::Conflict(Clash::State { state: at.plan.state, code: "plan_not_proposed" }));
    }
    let mut form = form.with_errors(errors);
    form.set("version", at.plan.version.to_string());
    let page = page(&mut work, &at, form).await?;
    work.show_again(&page)
}

async fn page(work: &mut Work, at: &At, form: Form) -> Result<Agree, Error> {
    let p = titled(work, &at.case).await?;
    let of_person = form.value("side") != "organisation";
    let papers = documents::store::list(work, at.case.id, None).await?;
    let paper = |one: &documents::Document| Choice::new(one.id.to_string(), p.signed(&one.title, &p.reader.day(one.recorded_at)));
    let way = |way: &&'static str| {
        let hint = match *way {
            "drawn" => p.t("plan-way-drawn-hint"),
            "code" => p.t("texting-code-hint"),
            BEST_INTERESTS => p.t("plan-way-best-interests-hint"),
            _ => String::new(),
        };
        Choice::new(*way, p.tc("plan-way", way)).with_hint(hint)
    };
    let everybody = cases::store::people(work, at.case.id).await?;
    let wished = cases::pages::wished(&p, &at.case, &everybody);
    let (people, may_best) = if of_person { people(work, &p, at).await? } else { Default::default() };
    let may_code = of_person && code::is_offered(work, &at.case);
    let offered = |way: &&&'static str| (may_code || **way != "code") && (may_best || **way != BEST_INTERESTS);
    let path = at.plan.path();
    Ok(Agree {
        lead: p.t(if of_person { "plan-agree-lead" } else { "plan-agree-lead-organisation" }),
        ways: ways(form.value("side")).iter().filter(offered).map(way).collect(),
        people,
        interpreter_hint: format!("{} {wished}", p.t("consent-interpreter-hint")).trim_end().to_owned(),
        way_hint: if of_person { p.t("plan-hint-way") } else { String::new() },
        papers: papers.iter().map(paper).collect(),
        documents: format!("{}/documents", at.case.path()),
        action: format!("{path}/agreement"),
        codes: format!("{path}/codes"),
        may_code,
        may_best,
        code: at.case.code.clone(),
        back: path,
        of_person,
        form,
        p,
    })
}

// Who may be chosen, and whether one of them is a small child for whom the reader may record what is best. A child for whom others speak is not
// among them.
async fn people(work: &mut Work, p: &Page, at: &At) -> Result<(Vec<Choice>, bool), Error> {
    let people = cases::store::people(work, at.case.id).await?;
    let lines = at.lines(work).await?;
    let placed = actions::placed_for(work, &at.case, &lines).await?;
    let (_, pack) = packs::store::of_case_type(work, at.case.case_type).await?;
    let today = work.today();
    let asking = Asking { plan: &at.plan, lines: &lines, placed: &placed, agreements: &[], people: &people, pack: &pack, today };
    let supervises = actions::may_say_what_is_best(work, &at.case, &at.plan).await.is_ok();
    let may_best =
        supervises && people.iter().any(|member| !member.not_safe_to_involve && asking.is_without_voice(member.person_id));
    let shown = people
        .iter()
        .filter(|member| !member.not_safe_to_involve && !asking.is_spoken_for(member.person_id))
        .filter(|member| may_best || !asking.is_without_voice(member.person_id))
        .map(|member| Choice::new(member.person_id.to_string(), told_apart(p, &people, member)));
    Ok((shown.collect(), may_best))
}
