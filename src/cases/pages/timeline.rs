//! What happened on a case, the latest first: notes, its own steps, its plans, achievements, those of its referrals, and what the person agreed to.
mod asked;
pub(super) mod kept;

use std::collections::BTreeMap;
use std::str::FromStr;

use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};

use super::{intensity_label, rail, stage_label};
use crate::achievements::{self, Mark};
use crate::assessments::{self, Round};
use crate::cases::beside::{self, Consent, Referral, ReferralMove};
use crate::cases::note::Note;
use crate::cases::{Case, Move};
use crate::error::Error;
use crate::forms::Submission;
use crate::packs::{Pack, ReasonKind};
use crate::plans::{self, Plan};
use crate::platform::clock::midnight;
use crate::platform::db::Work;
use crate::platform::text::has;
use crate::tasks::approved::{self, Of, Step};
use crate::web::Page;
use crate::web::format::apart;
use crate::web::parts::{Tab, Tone};

/// One event.
#[derive(Debug, Default)]
pub(super) struct Event {
    at: DateTime<Utc>,
    pub(super) icon: &'static str,
    pub(super) title: String,
    pub(super) by: String,
    pub(super) when: String,
    pub(super) exact: String,
    pub(super) tone: Tone,
    pub(super) words: String,
    // Where it happened, when that is a page of its own.
    pub(super) href: String,
    pub(super) link: String,
    pub(super) small: Vec<String>,
    // What a referral went through before, one line each.
    pub(super) earlier: Vec<String>,
    pub(super) pin: String,
    pub(super) correct: String,
    pub(super) elsewhere: String,
    pub(super) refer: String,
}

/// What the timeline is narrowed to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Only {
    #[default]
    All,
    Notes,
    Moves,
    Referrals,
    Consents,
    Records,
}

// So many settings of achievements stand here; each line's page has all of its own.
const MOST_MARKS: usize = 100;

const ONLY: &[(&str, Only)] = &[
    ("all", Only::All),
    ("notes", Only::Notes),
    ("moves", Only::Moves),
    ("referrals", Only::Referrals),
    ("consents", Only::Consents),
    ("records", Only::Records),
];

impl FromStr for Only {
    type Err = ();
    fn from_str(word: &str) -> Result<Self, ()> {
        ONLY.iter().find(|(known, _)| *known == word).map(|(_, only)| *only).ok_or(())
    }
}

impl Only {
    fn shows(self, part: Only) -> bool {
        self == Only::All || self == part
    }
}

/// What is told of.
pub(super) struct Told<'a> {
    pub(super) case: &'a Case,
    pub(super) pack: &'a Pack,
    pub(super) may_edit: bool,
    pub(super) notes: &'a [Note],
    pub(super) moves: &'a [Move],
    pub(super) went: (&'a [Consent], &'a [Referral]),
    // Plans, the list of achievements where there is one, assessments, and forms.
    pub(super) came: (&'a [Plan], Option<&'a achievements::Standing>, &'a assessments::Standing, &'a [Submission]),
    pub(super) kept: &'a kept::Kept,
}

/// The links that narrow the timeline.
pub(super) fn filters(p: &Page, case: &Case, only: Only) -> Vec<Tab> {
    let filter = |(name, one): &(&str, Only)| {
        let asked = if *one == Only::All { String::new() } else { format!("?only={name}") };
        let href = format!("{}{asked}#case-timeline", case.path());
        Tab::new(href, p.t(&format!("case-only-{name}"))).on_when(if *one == only { name } else { "" }, name)
    };
    ONLY.iter().map(filter).collect()
}

/// The events, the latest first.
pub(super) async fn timeline(work: &mut Work, p: &Page, told: &Told<'_>, only: Only) -> Result<Vec<Event>, Error> {
    let mut events = Vec::new();
    if only.shows(Only::Notes) {
        events.extend(told.notes.iter().map(|note| of_note(p, told, note)));
    }
    if only.shows(Only::Moves) {
        events.extend(told.moves.iter().map(|step| of_move(p, told, step)));
        events.extend(asked::events(p, told));
        events.extend(told.kept.met.iter().flat_map(|meeting| kept::of_meeting(p, told.case, meeting)));
        events.extend(told.came.0.iter().flat_map(|plan| of_plan(p, plan)));
        let submitted = told.came.0.iter().any(Plan::was_submitted) || told.came.2.rounds.iter().any(Round::was_submitted);
        let steps = if submitted { approved::of_case(work, told.case.id).await? } else { Vec::new() };
        events.extend(told.came.2.rounds.iter().filter_map(|round| of_round(p, told, round, &steps)));
        events.extend(steps.iter().filter_map(|step| of_step(p, told, step)));
        let set = told.came.1.into_iter().flat_map(|standing| standing.grounds.marks.iter().take(MOST_MARKS));
        events.extend(set.filter_map(|mark| of_mark(p, told, mark)));
    }
    if only.shows(Only::Referrals) && !told.went.1.is_empty() {
        let steps = beside::referral_moves(work, told.case.id).await?;
        let each = steps.iter().map(|step| (step.referral, of_referral(p, told.pack, step)));
        events.extend(if only == Only::Referrals { each.map(|(_, event)| event).collect() } else { folded(each) });
    }
    if only.shows(Only::Consents) {
        events.extend(told.went.0.iter().flat_map(|consent| of_consent(p, consent)));
    }
    if only.shows(Only::Records) {
        events.extend(kept::events(p, told.kept));
        events.extend(kept::of_forms(p, told.came.3));
    }
    events.sort_by_key(|event| std::cmp::Reverse(event.at));
    Ok(events)
}

fn of_note(p: &Page, told: &Told<'_>, note: &Note) -> Event {
    let case = told.case;
    let corrected = told.notes.iter().any(|other| other.corrects == Some(note.id));
    let mut small = Vec::new();
    if corrected {
        small.push(p.t("case-note-was-corrected"));
    }
    if note.corrects.is_some() {
        small.push(p.t("case-note-is-correction"));
    }
    small.extend(note.prior_consent.then(|| p.t("case-field-prior-consent")));
    if let Some(reason) = &note.late_reason {
        small.push(format!("{} {reason}", p.ta("case-note-late", "moment", p.moment(&note.recorded_at))));
    }
    let editable = told.may_edit && note.body.is_some() && !corrected;
    let link = |offered: bool, tail: &str| if offered { format!("{}/{tail}{}", case.path(), note.id) } else { String::new() };
    Event {
        icon: "notes",
        title: p.tc("note-kind", &note.kind),
        by: note.author_name.clone(),
        tone: if note.kind == "threat" { Tone::Danger } else { Tone::Neutral },
        words: note.body.clone().unwrap_or_else(|| p.t("case-note-moved-stub")),
        small,
        pin: if editable && !note.pinned { format!("{}/notes/{}/pin", case.path(), note.id) } else { String::new() },
        correct: link(editable, "notes?corrects="),
        elsewhere: link(editable, "move-note?note="),
        refer: link(editable && case.is_open(), "refer?from="),
        ..at(p, note.happened_at)
    }
}

fn of_move(p: &Page, told: &Told<'_>, step: &Move) -> Event {
    let (lang, pack) = (p.reader.lang, told.pack);
    let kinds = [ReasonKind::Closure, ReasonKind::Reopening, ReasonKind::LoweringRisk];
    let reason = kinds.iter().find_map(|kind| pack.reason(*kind, &step.reason)).map(|reason| reason.labels.get(lang).to_owned());
    let reason = reason.or_else(|| own_reason(p, step)).filter(|words| !words.is_empty());
    let to = step.to.as_deref().unwrap_or_default();
    let to = match step.kind.as_str() {
        "paused" | "assigned" | "pinned" | "unpinned" | "form_moved_away" | "form_moved_here" => None,
        "safety_review" => to.parse().ok().map(|day: NaiveDate| p.ta("case-safety-next", "day", p.date(&day))),
        "risk" => pack.risk_level(to).map(|level| level.labels.get(lang).to_owned()),
        "intensity" => Some(intensity_label(p, pack, to)),
        "type" => pack.case_type(to).map(|found| found.labels.get(lang).to_owned()),
        _ => Some(stage_label(pack, told.case.case_type, to, lang)),
    };
    // A stage says where the case moved to, in one sentence.
    let (title, to) = match (step.kind.as_str(), to) {
        ("stage", Some(stage)) => (p.ta("case-moved-to", "stage", stage), None),
        ("assigned", _) => (assigned(p, step), None),
        (kind, to) => (p.tc("case-move", kind), to),
    };
    Event {
        icon: "arrow-right",
        title,
        by: step.actor_name.clone(),
        words: [to, reason].into_iter().flatten().collect::<Vec<_>>().join(" · "),
        ..at(p, step.happened_at)
    }
}

// What is said of a pause, of what came after it, of a safety review and of a form that was moved is ours, not the pack's.
fn own_reason(p: &Page, step: &Move) -> Option<String> {
    let family = match step.kind.as_str() {
        "paused" => return Some(rail::why_paused(p, &step.reason)),
        "resumed" => "case-resume",
        "safety_review" => "case-safety-decision",
        "form_moved_away" | "form_moved_here" => "fill-move-why",
        _ => return None,
    };
    (!step.reason.is_empty()).then(|| p.tc(family, &step.reason))
}

// To whom; whoever is not known here any more is a colleague.
fn assigned(p: &Page, step: &Move) -> String {
    match step.to.as_deref() {
        None => p.t("case-assigned-inbox"),
        Some(id) if id.parse::<uuid::Uuid>().is_ok() => p.ta("case-assigned-to", "name", p.t("case-closed-somebody")),
        Some(name) => p.ta("case-assigned-to", "name", name.to_owned()),
    }
}

// A version began, both sides agreed to it, it ended.
fn of_plan(p: &Page, plan: &Plan) -> Vec<Event> {
    let event = |title: &str, moment: DateTime<Utc>| Event {
        icon: "checklist",
        title: p.t(title),
        href: plan.path(),
        link: plans::card::nth(p, plan),
        ..at(p, moment)
    };
    let begun = Event { by: plan.author_name.clone(), ..event("fact-plan-begun", plan.recorded_at) };
    let agreed = plan.agreed_at.map(|moment| Event { tone: Tone::Good, ..event("fact-plan-agreed", moment) });
    [Some(begun), agreed, plan.ended_at.map(|moment| event("plan-has-ended", moment))].into_iter().flatten().collect()
}

// A round was finalised. Where somebody else must approve it, its steps say so.
fn of_round(p: &Page, told: &Told<'_>, round: &Round, steps: &[Step]) -> Option<Event> {
    let moment = round.finalised_at.filter(|_| !round.is_draft())?;
    if steps.iter().any(|step| step.of == Of::Assessment(round.id)) {
        return None;
    }
    let title = if round.needs_approval { "fact-assessment-submitted" } else { "fact-assessment-finalised" };
    Some(Event {
        icon: "checklist",
        title: p.t(title),
        by: round.finalised_by_name.clone().unwrap_or_default(),
        href: round.path(),
        link: tool_label(p, told, round),
        ..at(p, moment)
    })
}

// A plan or an assessment was put before somebody, given back or approved, with what was said.
fn of_step(p: &Page, told: &Told<'_>, step: &Step) -> Option<Event> {
    let (family, href, link) = match step.of {
        Of::Plan(id) => {
            let plan = told.came.0.iter().find(|plan| plan.id == id)?;
            ("fact-plan", plan.path(), plans::card::nth(p, plan))
        }
        Of::Assessment(id) => {
            let round = told.came.2.rounds.iter().find(|round| round.id == id)?;
            ("fact-assessment", round.path(), tool_label(p, told, round))
        }
    };
    Some(Event {
        icon: "checklist",
        title: p.tc(family, &step.act),
        by: step.author_name.clone(),
        tone: if step.act == "returned" { Tone::Warning } else { Tone::Neutral },
        words: step.remark.clone(),
        href,
        link,
        ..at(p, step.recorded_at)
    })
}

fn tool_label(p: &Page, told: &Told<'_>, round: &Round) -> String {
    let tool = told.came.2.offered.pack.tool(&round.tool);
    tool.map_or_else(|| round.tool.clone(), |tool| tool.labels.get(p.reader.lang).to_owned())
}

// A line of the household's list was set; what was seen stands on its page.
fn of_mark(p: &Page, told: &Told<'_>, mark: &Mark) -> Option<Event> {
    let standing = told.came.1?;
    let line = standing.list().line(&mark.line)?;
    let whose = standing.grounds.people.iter().find(|person| Some(person.id) == mark.person_id);
    Some(Event {
        icon: "checklist",
        title: p.tc("achievement-event", &mark.state),
        by: mark.author_name.clone(),
        words: whose.map(|person| achievements::card::who(p, standing, person)).unwrap_or_default(),
        href: format!("{}/achievements", told.case.path()),
        link: line.labels.get(p.reader.lang).to_owned(),
        ..at(p, mark.recorded_at)
    })
}

// In the words of the referral's own movement log, as the side that sends reads it.
fn of_referral(p: &Page, pack: &Pack, step: &ReferralMove) -> Event {
    // A try at which the person was not reached leaves the loop as it was, or gives it up.
    let reached_nobody = step.action == "confirm_receipt" && matches!(step.closing.as_deref(), Some("open" | "unreachable"));
    let action = if reached_nobody { "nobody_reached" } else { step.action.as_str() };
    let family = format!("referral-log-{}", action.replace('_', "-"));
    let own_words = [format!("{family}-own"), family].into_iter().find(|key| has(p.reader.lang, key));
    let title = match (own_words, step.step.as_str()) {
        (Some(key), _) => p.t(&key),
        (None, "ended") => p.tc("inbox-status", &step.status),
        (None, reached) => p.tc("inbox-step", reached),
    };
    let role = format!("referral-role-{}", step.role.replace('_', "-"));
    let role = if has(p.reader.lang, &role) { p.t(&role) } else { String::new() };
    let who = if step.name.is_empty() { role } else { step.name.clone() };
    let reason = step.reason.as_ref().and_then(|code| pack.reasons.iter().find(|known| known.code == *code));
    Event {
        icon: "arrows-exchange",
        title,
        by: p.list_apart([&who, &step.org_name]),
        tone: match step.status.as_str() {
            _ if step.action == "copy_lost" => Tone::Danger,
            "rejected" | "failed" => Tone::Danger,
            "completed" => Tone::Good,
            _ => Tone::Neutral,
        },
        words: reason.map(|known| known.labels.get(p.reader.lang).to_owned()).unwrap_or_default(),
        href: format!("/referrals/{}", step.referral),
        link: joined(&[&step.service, &step.code], " · "),
        ..at(p, step.happened_at)
    }
}

// Among everything else a referral stands once, at its latest step; what came before opens below it.
fn folded<I: Ord>(each: impl Iterator<Item = (I, Event)>) -> Vec<Event> {
    let mut referrals: BTreeMap<I, Vec<Event>> = BTreeMap::new();
    each.for_each(|(referral, event)| referrals.entry(referral).or_default().push(event));
    let fold = |mut steps: Vec<Event>| {
        steps.sort_by_key(|step| std::cmp::Reverse(step.at));
        let mut steps = steps.into_iter();
        let latest = steps.next()?;
        Some(Event {
            earlier: steps.map(|step| joined(&[&step.title, &step.words, &apart(&step.by), &step.exact], " · ")).collect(),
            ..latest
        })
    };
    referrals.into_values().filter_map(fold).collect()
}

// What was said, when it was taken back, and that its last day has passed.
fn of_consent(p: &Page, consent: &Consent) -> Vec<Event> {
    let said = match (consent.kind.as_str(), consent.basis.as_str()) {
        ("refused", _) => "refused",
        ("assent", _) => "assent",
        (_, "consent") => "given",
        _ => "other-basis",
    };
    let event = |what: &str, tone: Tone, moment: Event| Event {
        icon: "file-check",
        title: p.tc("case-event-consent", what),
        tone,
        href: format!("/consents/{}", consent.id),
        link: p.t("case-see"),
        ..moment
    };
    let recorded_on = consent.recorded_at.with_timezone(&p.reader.zone).date_naive();
    let given = if recorded_on == consent.given_on { at(p, consent.recorded_at) } else { on(p, consent.given_on) };
    let tone = if said == "refused" { Tone::Danger } else { Tone::Neutral };
    let mut events = vec![Event { by: consent.recorded_by_name.clone(), ..event(said, tone, given) }];
    events.extend(consent.withdrawn_at.map(|moment| event("withdrawn", Tone::Danger, at(p, moment))));
    let today = p.reader.today();
    let over = consent.expires_on.filter(|last| *last < today && consent.withdrawn_at.is_none() && said != "refused");
    let what = if said == "other-basis" { "basis-expired" } else { "expired" };
    events.extend(over.map(|last| event(what, Tone::Warning, on(p, last))));
    events
}

fn joined(parts: &[&str], between: &str) -> String {
    parts.iter().filter(|part| !part.is_empty()).copied().collect::<Vec<_>>().join(between)
}

fn at(p: &Page, moment: DateTime<Utc>) -> Event {
    Event { at: moment, when: p.reader.relative(moment), exact: p.moment(&moment), ..Event::default() }
}

// Of what is known by its day alone, the end of that day.
fn on(p: &Page, day: NaiveDate) -> Event {
    let end = midnight(day.checked_add_days(Days::new(1)).unwrap_or(day), p.reader.zone);
    Event { at: end - TimeDelta::seconds(1), when: p.date(&day), exact: p.date(&day), ..Event::default() }
}
