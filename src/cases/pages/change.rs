//! Every change to a case: one small form for each, asked and answered in the same way.
use std::str::FromStr;

use axum::response::Response;

use super::fields::{Ask, Field};
use super::{asked, intensity_label, quick_note, reasons, wished};
use crate::cases::actions::{self, Assessed, Assignment, Chore, PAUSES, RESUMES};
use crate::cases::gates;
use crate::cases::note::{self, NewNote};
use crate::cases::store::{self, Safety};
use crate::cases::{Case, beside};
use crate::error::{Clash, Error, invalid};
use crate::packs::{Intensity, ReasonKind, Stage, Word};
use crate::platform::db::Work;
use crate::platform::ids::{CaseId, NoteId, UserId, read_code};
use crate::supervision::carrying::{self, Meant};
use crate::tasks::series::{Repeat, STEPS};
use crate::web::Form;
use crate::web::conflict::{self, Asked, Compared};
use crate::web::form::{Path, Query};
use crate::web::parts::Choice;

/// What is being changed; the last word of the address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Topic {
    Notes,
    MoveNote,
    Stage,
    Pause,
    Resumption,
    SafetyReview,
    Risk,
    Intensity,
    Assignment,
    Type,
    Reopening,
    People,
    Limits,
    Tasks,
}

const TOPICS: &[(&str, Topic)] = &[
    ("notes", Topic::Notes),
    ("move-note", Topic::MoveNote),
    ("stage", Topic::Stage),
    ("pause", Topic::Pause),
    ("resumption", Topic::Resumption),
    ("safety-review", Topic::SafetyReview),
    ("risk", Topic::Risk),
    ("intensity", Topic::Intensity),
    ("assignment", Topic::Assignment),
    ("type", Topic::Type),
    ("reopening", Topic::Reopening),
    ("people", Topic::People),
    ("limits", Topic::Limits),
    ("tasks", Topic::Tasks),
];

impl FromStr for Topic {
    type Err = Error;
    fn from_str(word: &str) -> Result<Self, Error> {
        TOPICS.iter().find(|(known, _)| *known == word).map(|(_, topic)| *topic).ok_or(Error::NotFound)
    }
}

/// GET /cases/{id}/{topic}
pub async fn edit(mut work: Work, Path((id, word)): Path<(CaseId, String)>, Query(query): Query) -> Result<Response, Error> {
    let topic: Topic = word.parse()?;
    let case = store::find(&mut work, id).await?;
    let mut form = query;
    prefill(&mut work, &case, topic, &mut form).await?;
    let page = ask(&mut work, &case, topic, &word, form).await?;
    work.show(crate::audit::About::case(id), page).await
}

/// POST /cases/{id}/{topic}
pub async fn update(mut work: Work, Path((id, word)): Path<(CaseId, String)>, mut form: Form) -> Result<Response, Error> {
    let topic: Topic = word.parse()?;
    let case = match topic {
        Topic::Notes => quick_note::noted(&mut work, id).await?,
        _ => store::find(&mut work, id).await?,
    };
    match change(&mut work, case, topic, &mut form).await {
        Ok(Seen::Still) => work.then(&format!("/cases/{id}"), &format!("case-{word}-done")).await,
        Ok(Seen::Perhaps) => {
            let seen = store::find(&mut work, id).await.is_ok();
            work.then(&if seen { format!("/cases/{id}") } else { "/cases".to_owned() }, &format!("case-{word}-done")).await
        }
        Err(Error::Invalid(errors)) => {
            let mut work = work.again().await?;
            let case = store::find(&mut work, id).await?;
            let page = ask(&mut work, &case, topic, &word, form.with_errors(errors)).await?;
            work.show_again(&page)
        }
        Err(Error::Conflict(Clash::Stale)) => show_conflict(work.again().await?, id, topic, &word, &form).await,
        Err(error) => Err(error),
    }
}

// The fields of the form beside what stands now, in the words of its own choices.
async fn show_conflict(mut work: Work, id: CaseId, topic: Topic, word: &str, mine: &Form) -> Result<Response, Error> {
    let case = store::find(&mut work, id).await?;
    let mut now = Form::blank([("version", case.version.to_string())]);
    prefill(&mut work, &case, topic, &mut now).await?;
    let page = ask(&mut work, &case, topic, word, now).await?;
    let asked = Asked { action: format!("{}/{word}", case.path()), back: case.path(), mine, theirs: page.form() };
    // What this form only adds has no other version to choose from.
    let known = |name: &str| page.form().filled(name);
    let compared = page.fields().iter().filter(|field| known(field.name)).map(|field| Compared {
        mine: field.in_words(mine.value(field.name)),
        theirs: field.in_words(page.form().value(field.name)),
        ..Compared::field(field.name, field.label.clone(), mine, page.form())
    });
    let compared = compared.collect();
    conflict::show(work, asked, compared).await
}

// Whether the actor surely still sees the case afterwards.
enum Seen {
    Still,
    Perhaps,
}

async fn change(work: &mut Work, case: Case, topic: Topic, form: &mut Form) -> Result<Seen, Error> {
    let version = form.parsed_maybe("version").unwrap_or(0);
    let reason = form.text_maybe("reason", 60);
    match topic {
        Topic::Notes => write_note(work, case, form).await?,
        Topic::MoveNote => move_note(work, &case, form).await?,
        Topic::Stage => drop(actions::move_to(work, case, form.value("stage"), version).await?),
        Topic::Pause => drop(actions::pause(work, case, &reason, version).await?),
        Topic::Resumption => drop(actions::resume(work, case, &reason, version).await?),
        Topic::SafetyReview => asked::review_safety(work, case, form).await?,
        Topic::Risk => {
            let risk = form.text("risk", 60);
            form.check()?;
            drop(actions::set_risk(work, case, Assessed { risk, reason, version }).await?);
        }
        Topic::Intensity => actions::set_intensity(work, &case, form.value("intensity"), version).await?,
        Topic::Assignment => {
            let (manager, supervisor) = (form.parsed_maybe("manager"), form.parsed_maybe("supervisor"));
            let assignment = Assignment { manager, supervisor, version, meant: Meant::ticked(form) };
            form.check()?;
            actions::assign(work, case, assignment).await?;
            return Ok(Seen::Perhaps);
        }
        Topic::Type => {
            let (to, supervisor) = (form.parsed("case_type").unwrap_or(0), form.parsed_maybe("supervisor"));
            form.check()?;
            actions::reclassify(work, case, to, supervisor, version).await?;
            return Ok(Seen::Perhaps);
        }
        Topic::Reopening => drop(actions::reopen(work, case, &reason, version).await?),
        Topic::People => set_person(work, &case, form).await?,
        Topic::Limits => {
            let day = form.date("limits_explained_on");
            form.check()?;
            drop(actions::explain_limits(work, case, day.unwrap_or_default()).await?);
        }
        Topic::Tasks => add_task(work, &case, form).await?,
    }
    Ok(Seen::Still)
}

async fn write_note(work: &mut Work, case: Case, form: &mut Form) -> Result<(), Error> {
    let zone = work.standing.time_zone.parse().unwrap_or(chrono_tz::UTC);
    let note = NewNote {
        kind: form.one_of("kind", note::KINDS.iter().copied()),
        body: form.text("body", note::MOST_CHARACTERS),
        happened_at: form.moment_maybe("happened_at", zone),
        late_reason: form.text_maybe("late_reason", 200),
        pinned: form.ticked("pinned"),
        corrects: form.parsed_maybe("corrects"),
        prior_consent: form.ticked("prior_consent"),
        kept_time: false,
        visit: form.parsed_maybe("visit"),
    };
    form.check()?;
    actions::write_note(work, case, note).await.map(drop)
}

async fn move_note(work: &mut Work, case: &Case, form: &mut Form) -> Result<(), Error> {
    let note: Option<NoteId> = form.parsed("note");
    let code = form.text("to", 20);
    form.check()?;
    let to = match read_code('C', &code) {
        Some(code) => store::find_by_code(work, &code).await?,
        None => None,
    };
    let to = store::find(work, to.ok_or_else(|| invalid("to", "no_such_case"))?).await?;
    actions::move_note(work, case, note.ok_or(Error::NotFound)?, &to).await
}

async fn set_person(work: &mut Work, case: &Case, form: &mut Form) -> Result<(), Error> {
    // A code that was typed counts more than a choice.
    let typed = form.text_maybe("person", 20);
    let code = if typed.is_empty() { form.text_maybe("near", 20) } else { typed };
    if code.is_empty() {
        form.errors.add("person", "required");
    }
    let part = form.one_of("part", ["member", "caregiver", "chosen_adult", "removed"]);
    let safety = match (form.ticked("not_safe_to_involve"), form.ticked("safe_again")) {
        (true, true) => return Err(invalid("safe_again", "contradicts")),
        (true, false) => Safety::NotSafe,
        (false, true) => Safety::SafeAgain,
        (false, false) => Safety::AsBefore,
    };
    form.check()?;
    let person = store::person_by_code(work, &read_code('P', &code).unwrap_or(code)).await?;
    let person = person.ok_or_else(|| invalid("person", "not_a_choice"))?;
    if part == "removed" {
        return actions::remove_person(work, case, person).await;
    }
    actions::set_person(work, case, person, &part, safety).await
}

async fn add_task(work: &mut Work, case: &Case, form: &mut Form) -> Result<(), Error> {
    let title = form.text("title", 200);
    let zone = work.standing.time_zone.parse().unwrap_or(chrono_tz::UTC);
    let due = form.moment_maybe("due_at", zone);
    let assignee: Option<UserId> = form.parsed_maybe("assignee");
    form.check()?;
    let due_at = due.ok_or_else(|| invalid("due_at", "required"))?;
    let repeat = match form.text_maybe("step", 20) {
        step if step.is_empty() => None,
        step => Some(Repeat {
            step,
            every: form.parsed_maybe("every").unwrap_or(1),
            until_on: form.date_maybe("until_on"),
            times: form.parsed_maybe("times"),
        }),
    };
    form.check()?;
    actions::add_task(work, case, &Chore { title, due_at, assignee, repeat }).await.map(drop)
}

async fn prefill(work: &mut Work, case: &Case, topic: Topic, form: &mut Form) -> Result<(), Error> {
    match topic {
        Topic::Stage => form.set("stage", &case.stage),
        // A score leads here with the level that it proposes.
        Topic::Risk if form.filled("risk") => {}
        Topic::Risk => form.set("risk", case.risk.clone().unwrap_or_default()),
        Topic::SafetyReview => asked::prefill_review(work, form),
        Topic::Intensity => form.set("intensity", beside::intensity(work, case.id).await?.unwrap_or_default()),
        Topic::Limits => form.set("limits_explained_on", work.today().to_string()),
        Topic::Assignment => {
            // Whoever takes up a case that waits is chosen already.
            let keeper = if form.value("manager") == "me" { Some(work.me()?) } else { case.case_manager };
            form.set("manager", keeper.map(|id| id.to_string()).unwrap_or_default());
            form.set("supervisor", case.supervisor.map(|id| id.to_string()).unwrap_or_default());
        }
        Topic::Notes => {
            if let Some(id) = form.parsed_maybe::<NoteId>("corrects") {
                let note = crate::cases::notes::find(work, case.id, id).await?;
                form.set("happened_at", note.happened_at.with_timezone(&work.zone()).format("%Y-%m-%dT%H:%M").to_string());
                form.set("kind", note.kind);
                form.set("body", note.body.unwrap_or_default());
            }
        }
        _ => {}
    }
    Ok(())
}

// Where somebody else corrected the note meanwhile, their words stand beside those typed here, and the next try corrects theirs.
async fn meanwhile(work: &mut Work, case: &Case, form: &mut Form) -> Result<Option<String>, Error> {
    let Some(corrects) = form.parsed_maybe::<NoteId>("corrects") else { return Ok(None) };
    let newest = crate::cases::notes::newest(work, case.id, corrects).await?;
    if newest.id == corrects {
        return Ok(None);
    }
    form.set("corrects", newest.id.to_string());
    Ok(Some(format!("{}: {}", newest.author_name, newest.body.unwrap_or_default())))
}

// Nobody is asked why a case goes on that is not paused, or is opened again that is open; nor what would be refused on a closed one.
fn may_be_asked(case: &Case, topic: Topic) -> Result<(), Error> {
    match topic {
        Topic::Reopening => case.must_be_closed(),
        Topic::Pause => case.must_be_open().and_then(|()| case.must_run()),
        Topic::Resumption => case.must_be_open().and_then(|()| case.must_be_paused()),
        Topic::Stage => case.must_be_open().and_then(|()| case.must_go_on()),
        Topic::SafetyReview | Topic::Risk | Topic::Intensity | Topic::Assignment | Topic::Type | Topic::People => {
            case.must_be_open()
        }
        Topic::Notes | Topic::MoveNote | Topic::Limits | Topic::Tasks => Ok(()),
    }
}

// What is refused to whoever is in for a handed task alone they are not asked either, with how much each colleague carries beside it.
fn steers(topic: Topic) -> bool {
    matches!(topic, Topic::Stage | Topic::Pause | Topic::Resumption | Topic::Assignment | Topic::Type | Topic::Reopening)
}

async fn ask(work: &mut Work, case: &Case, topic: Topic, word: &str, mut form: Form) -> Result<Ask, Error> {
    may_be_asked(case, topic)?;
    if steers(topic) {
        work.reaches_beyond_task(case.id).await?;
    }
    let written = meanwhile(work, case, &mut form).await?;
    let lang = work.lang();
    let pack = actions::pack_of(work, case).await?;
    let (_, process) = actions::rules(&pack, case)?;
    let page = Ask::about(work, case, word, form).await?;
    let p = page.page();
    let field = |kind: &'static str, name: &'static str| Field::new(p, kind, name);
    let coded =
        |family: &str, codes: &[&str]| codes.iter().map(|code| Choice::new(*code, p.tc(family, code))).collect::<Vec<_>>();
    let fields = match topic {
        Topic::Notes => vec![
            field("radios", "kind").of(coded("note-kind", note::KINDS)).required(),
            field("textarea", "body").required().hinted(written),
            field("moment", "happened_at"),
            field("text", "late_reason"),
            field("check", "prior_consent"),
            field("check", "pinned"),
            field("hidden", "corrects"),
            field("hidden", "visit"),
        ],
        Topic::MoveNote => vec![field("hidden", "note"), field("text", "to").required()],
        Topic::Stage => {
            let shut = gates::before(work, case, &process.stages).await?;
            let choice = |stage: &Stage| {
                let before = shut.iter().find(|(other, _)| other.code == stage.code).map(|(_, gates)| gates.as_slice());
                let opens = gates::opens(p, process, before.unwrap_or_default());
                Choice::new(&stage.code, stage.labels.get(lang)).with_hint(opens)
            };
            let stages = process.stages.iter().filter(|stage| case.may_stand_in(stage)).map(choice).collect();
            vec![field("radios", "stage").of(stages).required()]
        }
        Topic::Pause => vec![field("radios", "reason").of(coded("case-pause", PAUSES)).required()],
        Topic::Resumption => vec![field("radios", "reason").of(coded("case-resume", RESUMES)).required()],
        Topic::SafetyReview => return asked::safety_review(work, case, page).await,
        Topic::Intensity => {
            let words = Intensity::ALL.iter().map(|word| word.as_str());
            let choices = words.map(|code| Choice::new(code, intensity_label(p, &pack, code))).collect();
            vec![field("radios", "intensity").of(choices).required()]
        }
        Topic::Risk => return asked::risk(work, case, &pack, page).await,
        Topic::Assignment | Topic::Type | Topic::Tasks => return keepers(work, case, topic, page).await,
        Topic::Reopening => vec![field("select", "reason").of(reasons(&pack, ReasonKind::Reopening, lang)).required()],
        Topic::People => return asked::people(work, case, page).await,
        Topic::Limits => vec![field("date", "limits_explained_on").required()],
    };
    Ok(page.with(fields))
}

async fn keepers(work: &mut Work, case: &Case, topic: Topic, page: Ask) -> Result<Ask, Error> {
    let lang = work.lang();
    let types = actions::types_of_process(work, case).await?;
    let pack = actions::pack_of(work, case).await?;
    let asked = actions::rules(&pack, case)?.0.level.map(i16::from);
    // Whoever supervises the type that the case is to have, not only the one it has.
    let cleared = if topic == Topic::Type { types.iter().map(|(id, _)| *id).collect() } else { vec![case.case_type] };
    let colleagues = store::colleagues_for_any(work, &[case.unit], &cleared).await?;
    let p = page.page();
    let choice = |colleague: &store::Colleague| Choice::new(colleague.id.to_string(), &colleague.name);
    let supervisors: Vec<Choice> = colleagues.iter().filter(|colleague| colleague.supervises).map(choice).collect();
    let supervisor = Field::new(p, "select", "supervisor").of(supervisors);
    if topic == Topic::Tasks {
        let mut fields = vec![Field::new(p, "text", "title").required(), Field::new(p, "moment", "due_at").required()];
        if work.holds(crate::access::Act::TaskAssign) {
            fields.push(Field::new(p, "select", "assignee").of(colleagues.iter().map(choice).collect()));
        }
        let steps = STEPS.iter().map(|step| Choice::new(*step, p.tc("case-step", step))).collect();
        fields.push(Field::new(p, "select", "step").of(steps));
        fields.extend([("text", "every"), ("date", "until_on"), ("text", "times")].map(|(kind, name)| Field::new(p, kind, name)));
        return Ok(page.with(fields));
    }
    if topic == Topic::Type {
        let types = types.into_iter().map(|(id, labels)| Choice::new(id.to_string(), labels.get(lang))).collect();
        let types = Field::new(p, "radios", "case_type").of(types).required();
        return Ok(page.with(vec![types, supervisor]));
    }
    let carry = carrying::of(work, &colleagues.iter().map(|colleague| colleague.id).collect::<Vec<_>>()).await?;
    // Beside whoever works alone only up to a lower level than the type asks for stands which.
    let carries = |colleague: &store::Colleague| {
        let now = carry.get(&colleague.id).copied().unwrap_or_default();
        let below = colleague.level.filter(|level| asked.is_some_and(|asked| *level < asked));
        let level = below.map(|level| p.tc("team-level", &level.to_string())).unwrap_or_default();
        Choice::new(colleague.id.to_string(), p.joined([now.named(p, &colleague.name), level]))
    };
    let wished = wished(p, case, &store::people(work, case.id).await?);
    let mut manager = Field::new(p, "select", "manager").of(colleagues.iter().map(carries).collect());
    if !wished.is_empty() {
        manager.hint = format!("{} {wished}", manager.hint);
    }
    let mut fields = vec![manager, supervisor];
    fields.extend(Field::meant_of(p, page.form(), "manager"));
    Ok(page.with(fields))
}
