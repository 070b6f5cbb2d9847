//! Pages: what a conference needs before it is held, and its minutes afterwards.
use std::collections::BTreeMap;

use askama::Template;
use axum::response::Response;
use uuid::Uuid;

use super::coverage::Coverage;
use super::party::{AGREED, NOT_INVITED, NewParty, Party, Recall};
use super::{actions, store};
use crate::access::Act;
use crate::audit::{About, Fact};
use crate::cases::pages::whose;
use crate::cases::{self, Case};
use crate::error::Error;
use crate::meetings::pages::choices;
use crate::meetings::{Meeting, card};
use crate::packs::{Pack, Sensitivity};
use crate::people::guard;
use crate::platform::db::Work;
use crate::platform::ids::{CaseId, RowId};
use crate::web::form::Path;
use crate::web::format::unbroken;
use crate::web::parts::Choice;
use crate::web::{Form, Page, Routes};

/// The pages below a meeting.
pub(super) fn routes() -> Routes {
    Routes::new()
        .page("GET", "/cases/{id}/meetings/{meeting}/conference", show)
        .page("POST", "/cases/{id}/meetings/{meeting}/conference/person", say_invited)
        .page("POST", "/cases/{id}/meetings/{meeting}/conference/parties", ask)
        .page("POST", "/cases/{id}/meetings/{meeting}/conference/parties/{party}/agreement", agree)
        .page("POST", "/cases/{id}/meetings/{meeting}/conference/parties/{party}/removal", remove)
        .page("GET", "/cases/{id}/meetings/{meeting}/conference/parties/{party}/invitation", invitation)
        .page("POST", "/cases/{id}/meetings/{meeting}/conference/minutes", share)
}

#[derive(Template)]
#[template(path = "meetings/html/conference.html")]
struct Show {
    p: Page,
    form: Form,
    path: String,
    back: String,
    lead: String,
    decided: Vec<String>,
    planned: bool,
    shares: bool,
    may: bool,
    person: String,
    answers: Vec<Choice>,
    reasons: Vec<Choice>,
    parties: Vec<Line>,
    // Whoever is asked by name alone.
    others: String,
    hows: Vec<Choice>,
    orgs: Vec<Choice>,
    sections: Vec<Choice>,
    // What is wrong with the sections that were ticked.
    sections_wrong: String,
    // Where what covers them is recorded, for whoever may.
    consents: String,
    minutes: Vec<Field>,
}

struct Line {
    path: String,
    org: String,
    reads: bool,
    who: String,
    shares: Vec<Shared>,
    agreed: String,
    packet: String,
    recall: String,
    kept: bool,
}

struct Shared {
    section: String,
    basis: String,
    href: String,
    withdrawn: bool,
}

// A part of the minutes.
struct Field {
    name: String,
    label: String,
    value: String,
    wrong: String,
}

async fn found(work: &mut Work, id: CaseId, one: Uuid) -> Result<(Case, Meeting), Error> {
    let case = cases::store::find(work, id).await?;
    let meeting = actions::find(work, &case, one).await?;
    Ok((case, meeting))
}

fn path_of(case: &Case, meeting: &Meeting) -> String {
    format!("{}/meetings/{}/conference", case.path(), meeting.id)
}

/// What a section of the pack is called; its code where the pack knows it no more.
pub(super) fn label(p: &Page, pack: &Pack, section: &str) -> String {
    pack.section(section).map_or_else(|| section.to_owned(), |known| known.labels.get(p.reader.lang).to_owned())
}

async fn page(work: &mut Work, (case, meeting): (&Case, &Meeting), form: Form) -> Result<Show, Error> {
    let p = Page::titled(work, "conference-title").await?;
    let pack = cases::actions::pack_of(work, case).await?;
    let invited = store::invited(work, meeting.id).await?;
    let parties = store::parties(work, case.id, meeting.id).await?;
    let may = case.is_open() && work.may_in(Act::ReferralWrite, case.unit, Some(case.id)).await.is_ok();
    let (orgs, consents) = if may && meeting.is_planned() {
        (store::orgs(work).await?, store::consents(work, case).await?)
    } else {
        (Vec::new(), Vec::new())
    };
    let child = !orgs.is_empty() && cases::store::is_child(work, case.person_id).await?;
    let coverage = Coverage { case, pack: &pack, consents: &consents, orgs: &orgs, child };
    let reason = invited.as_ref().and_then(|said| said.reason.as_deref());
    let (path, whose) = (path_of(case, meeting), whose(work, case).await?);
    Ok(Show {
        back: format!("{}/meetings/{}", case.path(), meeting.id),
        lead: p.signed(&whose, &p.moment(&meeting.starts_at)),
        decided: meeting.words.decided.iter().map(|one| card::decision(&p, one)).collect(),
        planned: meeting.is_planned(),
        shares: meeting.took_place() && parties.iter().any(|party| party.packet.is_none()),
        may,
        person: match (&invited, reason) {
            (None, _) => String::new(),
            (Some(_), None) => p.t("conference-person-invited"),
            (Some(_), Some(code)) => p.detailed(&p.t("conference-person-not-invited"), &p.tc("conference-reason", code)),
        },
        answers: choices(&p, "conference-person", &["yes", "no"]),
        reasons: choices(&p, "conference-reason", &NOT_INVITED),
        hows: choices(&p, "conference-agreed", &AGREED),
        others: if meeting.words.invited.is_empty() {
            String::new()
        } else {
            p.ta("conference-others", "names", p.list_apart(&meeting.words.invited))
        },
        sections: coverage.sections(work, &p, &form),
        sections_wrong: coverage.wrong(work, &p, &form),
        consents: if work.holds(Act::ConsentRecord) { format!("{}/consents/new", case.path()) } else { String::new() },
        orgs: orgs.iter().map(|one| Choice::new(one.id.to_string(), one.name.clone())).collect(),
        minutes: fields(&p, &pack, &parties, &form),
        parties: parties.iter().map(|party| line(&p, (case, &*pack), &path, party)).collect(),
        path,
        form,
        p,
    })
}

fn line(p: &Page, (case, pack): (&Case, &Pack), path: &str, party: &Party) -> Line {
    let shared = party.shares.iter().map(|share| Shared {
        section: label(p, pack, &share.section),
        basis: p.tc("conference-basis", &share.basis),
        href: format!("{}/consents/{}", case.path(), share.consent),
        withdrawn: share.withdrawn,
    });
    Line {
        path: format!("{path}/parties/{}", party.id),
        org: party.org_name.clone(),
        reads: party.reads,
        who: party.who.clone(),
        shares: shared.collect(),
        agreed: party.agreed_how.as_deref().map(|how| p.tc("conference-agreed", how)).unwrap_or_default(),
        packet: party.packet.map(|packet| format!("/conferences/{packet}")).unwrap_or_default(),
        recall: party.recall.map(|asked| said_of(p, asked)).unwrap_or_default(),
        kept: party.recall.is_some_and(|asked| asked.deleted_at.is_none()),
    }
}

// How it stands with minutes that were called back.
fn said_of(p: &Page, recall: Recall) -> String {
    let asked = || p.detailed(&p.t("conference-to-delete"), &p.moment(&recall.by));
    match recall.deleted_at {
        Some(at) => p.detailed(&p.t("conference-has-deleted"), &p.moment(&at)),
        None if recall.unanswered => format!("{} · {}", asked(), p.t("conference-nobody-answers")),
        None => asked(),
    }
}

// A field for every section that is shared with somebody, in the order of the pack.
fn fields(p: &Page, pack: &Pack, parties: &[Party], form: &Form) -> Vec<Field> {
    let shared = |code: &str| parties.iter().any(|party| party.shares.iter().any(|share| share.section == code));
    let sections = pack.packet_sections.iter().filter(|section| shared(&section.code));
    let field = |code: &str| {
        let name = format!("m_{code}");
        Field { label: label(p, pack, code), value: form.value(&name).to_owned(), wrong: p.fe(form, &name), name }
    };
    sections.map(|section| field(&section.code)).collect()
}

/// GET /cases/{id}/meetings/{meeting}/conference
async fn show(mut work: Work, Path((id, one)): Path<(CaseId, Uuid)>) -> Result<Response, Error> {
    let (case, meeting) = found(&mut work, id, one).await?;
    work.may(Act::CaseRead)?;
    let page = page(&mut work, (&case, &meeting), Form::default()).await?;
    work.show(About::case(id).with(case.person_id), page).await
}

// Where a step leads, and where it leaves the reader who made a mistake: on the same page, with what was typed.
async fn answer(
    work: Work,
    (case, meeting): (&Case, &Meeting),
    form: Form,
    done: Result<(), Error>,
    flash: &str,
) -> Result<Response, Error> {
    match done {
        Ok(()) => work.then(&path_of(case, meeting), flash).await,
        Err(Error::Invalid(errors)) => {
            let mut work = work.again().await?;
            let page = page(&mut work, (case, meeting), form.with_errors(errors)).await?;
            work.show_again(&page)
        }
        Err(error) => Err(error),
    }
}

/// POST …/conference/person
async fn say_invited(mut work: Work, Path((id, one)): Path<(CaseId, Uuid)>, form: Form) -> Result<Response, Error> {
    let (case, meeting) = found(&mut work, id, one).await?;
    let said = (form.value("person"), form.value("reason"));
    let done = actions::say_invited(&mut work, &case, &meeting, said).await;
    answer(work, (&case, &meeting), form, done, "conference-person-said").await
}

/// POST …/conference/parties
async fn ask(mut work: Work, Path((id, one)): Path<(CaseId, Uuid)>, mut form: Form) -> Result<Response, Error> {
    let (case, meeting) = found(&mut work, id, one).await?;
    let new = NewParty {
        org: form.value("org").parse().ok(),
        who: form.text_maybe("who", 200),
        sections: form.all("sections").iter().filter(|code| !code.is_empty()).cloned().collect(),
    };
    let done = match form.check() {
        Ok(()) => actions::ask(&mut work, &case, &meeting, &new).await.map(drop),
        Err(error) => Err(error),
    };
    answer(work, (&case, &meeting), form, done, "conference-asked").await
}

/// POST …/conference/parties/{party}/agreement
async fn agree(mut work: Work, Path((id, one, party)): Path<(CaseId, Uuid, RowId)>, form: Form) -> Result<Response, Error> {
    let (case, meeting) = found(&mut work, id, one).await?;
    let party = actions::party(&mut work, &case, &meeting, party).await?;
    let done = actions::agree(&mut work, &case, &meeting, &party, form.value("how")).await;
    answer(work, (&case, &meeting), form, done, "conference-agreed-now").await
}

/// POST …/conference/parties/{party}/removal
async fn remove(mut work: Work, Path((id, one, party)): Path<(CaseId, Uuid, RowId)>, form: Form) -> Result<Response, Error> {
    let (case, meeting) = found(&mut work, id, one).await?;
    let party = actions::party(&mut work, &case, &meeting, party).await?;
    let done = actions::remove(&mut work, &case, &meeting, &party).await;
    answer(work, (&case, &meeting), form, done, "conference-removed").await
}

/// POST …/conference/minutes
async fn share(mut work: Work, Path((id, one)): Path<(CaseId, Uuid)>, form: Form) -> Result<Response, Error> {
    let (case, meeting) = found(&mut work, id, one).await?;
    let written: BTreeMap<String, String> = form
        .entries()
        .filter_map(|(name, values)| Some((name.strip_prefix("m_")?.to_owned(), values.first()?.trim().to_owned())))
        .collect();
    let shared = actions::share(&mut work, &case, &meeting, &written).await;
    let on_paper = shared.as_ref().is_ok_and(|shared| shared.on_paper > 0);
    let say = if on_paper { "conference-shared-on-paper" } else { "conference-shared" };
    answer(work, (&case, &meeting), form, shared.map(drop), say).await
}

#[derive(Template)]
#[template(path = "meetings/html/invitation.html")]
struct Invitation {
    p: Page,
    back: String,
    from: String,
    org: String,
    who: String,
    code: String,
    at: String,
    place: String,
    phone: String,
    sections: Vec<String>,
    promises: bool,
}

/// GET …/conference/parties/{party}/invitation: to be printed or read out. It carries the code of the case and nobody's name but the reader's. Of a
/// protected case it says no more than whom to ring; of a restricted one it is a plain appointment card (S17).
async fn invitation(mut work: Work, Path((id, one, party)): Path<(CaseId, Uuid, RowId)>) -> Result<Response, Error> {
    let (case, meeting) = found(&mut work, id, one).await?;
    work.may(Act::CaseRead)?;
    let party = actions::party(&mut work, &case, &meeting, party).await?;
    let pack = cases::actions::pack_of(&mut work, &case).await?;
    let p = Page::titled(&mut work, "conference-invitation").await?;
    work.record(Fact::Printed, About::case(case.id).with(party.id)).await?;
    let guarded = case.sensitivity();
    let (open, card) = (guarded == Sensitivity::Standard, guarded == Sensitivity::Restricted);
    // What tells who is meant does not leave with it, whoever wrote it down and when.
    let known = guard::known(&mut work, case.id).await?;
    let told = |words: &str| if guard::find(words, &known).is_empty() { words.to_owned() } else { String::new() };
    let page = Invitation {
        back: path_of(&case, &meeting),
        from: if card { String::new() } else { p.org_name.clone() },
        org: party.org_name.clone(),
        who: told(&party.who),
        code: if card { String::new() } else { case.code.clone() },
        at: p.reader.full_moment(meeting.starts_at),
        place: if open { told(&meeting.words.place) } else { String::new() },
        phone: unbroken(&store::switchboard(&mut work, case.org).await?),
        sections: party.shares.iter().filter(|_| open).map(|share| label(&p, &pack, &share.section)).collect(),
        promises: !card,
        p,
    };
    work.show(About::case(id), page).await
}
