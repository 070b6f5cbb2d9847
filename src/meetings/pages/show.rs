//! One meeting: what it is, what was said of it, and everything that is done on it.
use askama::Template;
use chrono::{DateTime, Utc};

use super::not_safe::{self, NotSafe};
use super::{choices, span, state};
use crate::access::Act;
use crate::cases::pages::whose;
use crate::cases::{self, Case};
use crate::error::Error;
use crate::meetings::correction::Former;
use crate::meetings::meeting::{ASKERS, BackSaid, CASE_CLOSED, MOST_INVITED, Meeting, OUTCOMES, REASONS};
use crate::meetings::outcome::{ATTENDANCE, Attended};
use crate::meetings::outing::Outing;
use crate::meetings::safety::{Safety, is_visit};
use crate::meetings::visit::{self, Back};
use crate::meetings::{card, conference, store, texts};
use crate::platform::db::Work;
use crate::web::parts::{Badge, Choice};
use crate::web::{Form, Page};

// The field that asks how the person took part.
const PERSON: &str = "att_person";
// So many decisions of a conference are asked for at once.
const EMPTY_ROWS: usize = 3;

#[derive(Template)]
#[template(path = "meetings/html/show.html")]
pub(super) struct Show {
    p: Page,
    form: Form,
    path: String,
    meeting: Meeting,
    title: String,
    lead: String,
    state: Badge,
    reason: String,
    out: String,
    // That whoever is out is not back in time, and when the supervisor was told.
    late: String,
    // Words about safety, one for when it was planned and one for when the worker set out.
    safety: Vec<String>,
    // Whose word it is that the worker is back.
    says_own: bool,
    says_theirs: bool,
    not_safe: NotSafe,
    // In whose words stands what was not safe.
    not_safe_by: String,
    // Every time before that somebody set out, the latest first.
    outings: Vec<Went>,
    may: bool,
    begun: bool,
    // What the page begins with: setting out, or how it went; neither where somebody is out, which comes before both.
    goes: bool,
    asks: bool,
    visit: bool,
    // Where what became of it is put right, and what stood there before.
    correction: String,
    former: Vec<Was>,
    moves: Vec<String>,
    invited: Vec<Choice>,
    attended: Vec<String>,
    decided: Vec<String>,
    // The minutes of the conference are not shared yet.
    unshared: bool,
    asked: Vec<Asked>,
    rows: Vec<Row>,
    more: bool,
    hows: Vec<Choice>,
    doers: Vec<Choice>,
    yes_no: Vec<Choice>,
    outcomes: Vec<Choice>,
    reasons: Vec<Choice>,
    askers: Vec<Choice>,
    reminder: String,
    remind: Vec<Choice>,
    no_reminder: String,
}

// Whoever was asked to a conference, with the fields that say how they took part.
pub(super) struct Asked {
    pub(super) name: String,
    pub(super) how: String,
    pub(super) role: String,
    // Whether an organisation agreed to keep it to itself; empty where it did before, and for the person.
    pub(super) agreed: String,
}

// One time that somebody set out: who and when, when they were back, and what was not safe in whose words.
struct Went {
    who: String,
    back: String,
    not_safe_by: String,
    not_safe: String,
}

// What stood there before it was put right.
struct Was {
    right: String,
    why: String,
    state: String,
    attended: Vec<String>,
    minutes: String,
}

// The fields of one decision.
struct Row {
    what: String,
    who: String,
    by: String,
    label: String,
    // What its other fields are called, with its number.
    who_label: String,
    by_label: String,
}

pub(super) async fn page(work: &mut Work, case: &Case, meeting: Meeting, mut form: Form) -> Result<Show, Error> {
    let p = Page::titled(work, "meeting-title").await?;
    let may_edit = work.may_in(Act::CaseEdit, case.unit, Some(case.id)).await.is_ok();
    let may = meeting.is_planned() && may_edit;
    let (remind, no_reminder) =
        if may { texts::offered(work, &p, case, &meeting.kind).await? } else { (Vec::new(), String::new()) };
    fill(&p, &meeting, &mut form);
    let (asked, doers) = if may && meeting.kind == "conference" {
        (asked(work, &p, &meeting).await?, doers(work, &p, case, &meeting).await?)
    } else {
        (Vec::new(), Vec::new())
    };
    let (goes, asks) = leads(&p, &meeting, &form);
    let back = if meeting.is_out() { visit::says_back(work, case, &meeting).await? } else { Back::Nobodys };
    let lead = p.signed(&whose(work, case).await?, &span(&p, &meeting));
    let not_safe = not_safe::on(work, &p, case, (&meeting, may_edit)).await?;
    Ok(Show {
        reminder: texts::standing(work, &p, &meeting).await?,
        unshared: may_edit && conference::is_unshared(work, &meeting).await?,
        moves: moves(work, &p, &meeting).await?,
        remind,
        no_reminder,
        path: format!("{}/meetings", case.path()),
        title: p.tc("meeting-kind", &meeting.kind),
        lead,
        state: state(&p, &meeting.state),
        reason: meeting.reason.as_deref().map(|code| p.tc("meeting-reason", code)).unwrap_or_default(),
        out: out(&p, &meeting),
        late: late(&p, &meeting),
        safety: safety(&p, &meeting),
        says_own: back == Back::Own,
        says_theirs: back == Back::Theirs,
        not_safe_by: meeting.words.back_said.as_ref().map(|said| not_safe_by(&p, said)).unwrap_or_default(),
        outings: meeting.words.outings.iter().rev().map(|one| went(&p, one)).collect(),
        may,
        begun: meeting.has_begun(p.reader.now),
        goes: may && goes && !not_safe.waits,
        not_safe,
        asks: may && asks,
        correction: correction(case, &meeting, may_edit),
        former: meeting.words.former.iter().rev().map(|one| was(&p, one)).collect(),
        visit: is_visit(&meeting.kind),
        invited: invited(&meeting, &asked),
        attended: attended(&p, &meeting),
        decided: meeting.words.decided.iter().map(|one| card::decision(&p, one)).collect(),
        rows: if asked.is_empty() { Vec::new() } else { (1..=shown(&form)).map(|nth| row(&p, nth)).collect() },
        more: shown(&form) < MOST_INVITED,
        asked,
        hows: choices(&p, "conference-attended", &ATTENDANCE),
        doers,
        yes_no: choices(&p, "meeting-safe", &["yes", "no"]),
        outcomes: choices(&p, "meeting-state", &OUTCOMES),
        reasons: choices(&p, "meeting-reason", &REASONS),
        askers: choices(&p, "meeting-asker", &ASKERS),
        meeting,
        form,
        p,
    })
}

// A visit begins with setting out until it is over, anything else with how it went once it has begun; a form that was sent stays in sight.
fn leads(p: &Page, meeting: &Meeting, form: &Form) -> (bool, bool) {
    let sent = |field: &str| form.entries().any(|(name, _)| name == field);
    let (now, visit) = (p.reader.now, is_visit(&meeting.kind));
    let goes = visit && !meeting.is_out() && !meeting.is_over(now);
    let asks = (meeting.starts_at <= now || meeting.is_over(now) && meeting.has_begun(now)) && !goes && !meeting.is_out();
    match (sent("minutes"), sent("safe_for_person") || sent("precaution")) {
        (true, _) => (false, true),
        (_, true) => (true, false),
        _ => (goes, asks),
    }
}

// Where what became of it is put right, for whoever may.
fn correction(case: &Case, meeting: &Meeting, may_edit: bool) -> String {
    if may_edit && !meeting.is_planned() { format!("{}/meetings/{}/correction", case.path(), meeting.id) } else { String::new() }
}

// What stands in the fields before anything is typed: the reminder as it was promised, and that whoever sets out is back when the visit ends.
pub(super) fn fill(p: &Page, meeting: &Meeting, form: &mut Form) {
    if let Some(reminder) = meeting.reminder.as_ref().filter(|_| !form.filled("remind")) {
        form.set("remind", reminder.before.to_string());
    }
    let sent = form.entries().any(|(name, _)| name == "back_by");
    let by = meeting.back_by.filter(|_| meeting.is_out()).unwrap_or(meeting.ends_at);
    if !sent && by > p.reader.now {
        form.set("back_by", by.with_timezone(&p.reader.zone).format("%Y-%m-%dT%H:%M").to_string());
    }
}

async fn moves(work: &mut Work, p: &Page, meeting: &Meeting) -> Result<Vec<String>, Error> {
    let moves = store::moves(work, meeting.case_id).await?;
    let own = moves.iter().filter(|one| one.meeting_id == meeting.id);
    let said = |one: &store::Moved| {
        let (asker, reason) = (p.tc("meeting-asker", &one.asked_by), p.tc("meeting-reason", &one.reason));
        let moved = format!("{} → {}", p.moment(&one.from_at), p.moment(&one.to_at));
        p.joined([moved, p.list([asker, reason]), one.author_name.clone()])
    };
    // What was called off with its case ends its history.
    let off = meeting.reason.as_deref().filter(|reason| *reason == CASE_CLOSED).map(|reason| {
        let (state, reason) = (p.tc("meeting-state", &meeting.state), p.tc("meeting-reason", reason));
        format!("{} → {state} · {reason}", p.moment(&meeting.starts_at))
    });
    Ok(off.into_iter().chain(own.map(said)).collect())
}

pub(super) fn out(p: &Page, meeting: &Meeting) -> String {
    match (meeting.set_out_at, meeting.back_by, meeting.back_at) {
        (Some(_), _, Some(at)) => back(p, at, meeting.words.back_said.as_ref()),
        (Some(_), Some(by), None) => p.ta("meeting-is-out", "when", p.moment(&by)),
        _ => String::new(),
    }
}

// When somebody was back, and who said so.
fn back(p: &Page, at: DateTime<Utc>, said: Option<&BackSaid>) -> String {
    let was = p.ta("meeting-was-back", "when", p.moment(&at));
    let key = |spoke: bool| if spoke { "meeting-back-spoke" } else { "meeting-back-said" };
    match said {
        Some(said) => p.joined([was, p.ta(key(said.spoke), "name", said.name.clone())]),
        None => was,
    }
}

fn not_safe_by(p: &Page, said: &BackSaid) -> String {
    p.signed(&p.t("meeting-not-safe"), &p.list(&said.not_safe_by))
}

fn went(p: &Page, one: &Outing) -> Went {
    let said = one.said.as_ref();
    let not_safe = said.and_then(|said| said.not_safe.clone()).unwrap_or_default();
    Went {
        who: p.signed(&one.who, &p.moment(&one.set_out_at)),
        back: one.back_at.map(|at| back(p, at, said)).unwrap_or_default(),
        not_safe_by: said.filter(|_| !not_safe.is_empty()).map(|said| not_safe_by(p, said)).unwrap_or_default(),
        not_safe,
    }
}

pub(super) fn late(p: &Page, meeting: &Meeting) -> String {
    let passed = meeting.back_by.is_some_and(|by| by < p.reader.now);
    match meeting.missed_at {
        _ if !meeting.is_out() || !passed => String::new(),
        Some(at) => p.ta("meeting-late-told", "when", p.moment(&at)),
        None => p.t("meeting-late"),
    }
}

// What was said when it was planned, and when the worker set out.
fn safety(p: &Page, meeting: &Meeting) -> Vec<String> {
    let said = |when: &str, one: &Safety| {
        let answer = |key: &str, safe: Option<bool>| {
            Some(format!("{} {}", p.t(key), p.tc("meeting-safe", if safe? { "yes" } else { "no" })))
        };
        let answers = [answer("refer-safe-for-person", one.person), answer("refer-safe-for-worker", one.worker)];
        let precaution = Some(one.precaution.clone()).filter(|words| !words.is_empty());
        let words: Vec<_> = answers.into_iter().flatten().chain(precaution).collect();
        p.detailed(&p.tc("meeting-safety", when), &words.join(" · "))
    };
    let planned = meeting.words.safety.as_ref().map(|one| said("planned", one));
    planned.into_iter().chain(meeting.words.safety_out.as_ref().map(|one| said("out", one))).collect()
}

// The organisations that are asked, and the person where they are; where nobody is, the person alone.
pub(super) async fn asked(work: &mut Work, p: &Page, meeting: &Meeting) -> Result<Vec<Asked>, Error> {
    let line = |key: String, name: String| {
        let (how, role) = (format!("att_{key}"), format!("role_{key}"));
        Asked { name, how, role, agreed: String::new() }
    };
    let parties = conference::asked(work, meeting).await?;
    let mut all = Vec::new();
    if parties.is_empty() || conference::asks_person(work, meeting).await? {
        all.push(line("person".to_owned(), p.t("conference-person")));
    }
    all.extend(parties.into_iter().map(|party| Asked {
        agreed: if party.agreed_how.is_none() { format!("agreed_{}", party.id) } else { String::new() },
        ..line(party.id.to_string(), party.org_name)
    }));
    Ok(all)
}

// Whoever else is invited; an organisation that is asked how it took part is not asked for a second time. Whoever stands there as having come stays a choice.
pub(super) fn invited(meeting: &Meeting, asked: &[Asked]) -> Vec<Choice> {
    let plain = |name: &str| name.trim().to_lowercase();
    let is_asked = |name: &str| asked.iter().any(|one| one.how != PERSON && plain(&one.name) == plain(name));
    let is_kept = |name: &&String| meeting.words.came.contains(*name) || !is_asked(name);
    meeting.words.invited.iter().filter(is_kept).map(|name| Choice::new(name, name)).collect()
}

// Whoever may do what is decided: oneself, colleagues who may open the case, the person, organisations that are asked.
async fn doers(work: &mut Work, p: &Page, case: &Case, meeting: &Meeting) -> Result<Vec<Choice>, Error> {
    let me = work.me()?;
    let mut all = vec![Choice::new("me", p.t("conference-me"))];
    let others = cases::actions::doers(work, case).await?.into_iter().filter(|one| one.id != me);
    all.extend(others.map(|one| Choice::new(format!("u:{}", one.id), one.name)));
    all.push(Choice::new("person", p.t("conference-person")));
    let parties = conference::asked(work, meeting).await?;
    all.extend(parties.into_iter().map(|party| Choice::new(format!("o:{}", party.id), party.org_name)));
    Ok(Choice::told_apart(p, all))
}

/// What the fields of a decision are called: what, who, and by when.
pub(super) fn fields(nth: usize) -> [String; 3] {
    ["decision", "who", "by"].map(|name| format!("{name}_{nth}"))
}

/// Something was typed or chosen in one of them.
pub(super) fn is_filled(form: &Form, nth: usize) -> bool {
    fields(nth).iter().any(|field| form.filled(field))
}

// So many decisions are asked for: after the last one that is filled come a few empty ones.
fn shown(form: &Form) -> usize {
    let last = (1..=MOST_INVITED).rev().find(|nth| is_filled(form, *nth)).unwrap_or(0);
    (last + EMPTY_ROWS).min(MOST_INVITED)
}

fn row(p: &Page, nth: usize) -> Row {
    let ([what, who, by], label) = (fields(nth), p.ta("conference-decision", "nth", nth));
    let of_it = |key: &str| p.detailed(&label, &p.t(key));
    Row { what, who, by, who_label: of_it("conference-doer"), by_label: of_it("conference-by-day"), label }
}

// What stood there, and who put it right, when and why.
fn was(p: &Page, one: &Former) -> Was {
    let state = p.tc("meeting-state", &one.state);
    Was {
        right: p.signed(&one.by, &p.moment(&one.at)),
        why: one.why.clone(),
        state: match &one.reason {
            Some(code) => p.detailed(&state, &p.tc("meeting-reason", code)),
            None => state,
        },
        attended: one.attended.iter().map(|one| took_part(p, one)).collect(),
        minutes: one.minutes.clone(),
    }
}

// Who took part in a conference, all in one place: the person and the organisations that were asked, and of the others who came.
fn attended(p: &Page, meeting: &Meeting) -> Vec<String> {
    let words = &meeting.words;
    let others = words.came.iter().filter(|_| !words.attended.is_empty());
    let others = others.map(|name| p.signed(name, &p.tc("conference-attended", "came")));
    let agreed = Some(p.t("conference-others-agreed")).filter(|_| words.others_agreed && !words.attended.is_empty());
    words.attended.iter().map(|one| took_part(p, one)).chain(others).chain(agreed).collect()
}

// Who it was, whether they came, and by what they are there.
fn took_part(p: &Page, one: &Attended) -> String {
    let name = if one.party.is_none() { p.t("conference-person") } else { one.name.clone() };
    let how = p.tc("conference-attended", &one.how);
    let how = if one.role.is_empty() { how } else { p.detailed(&how, &one.role) };
    p.signed(&name, &how)
}
