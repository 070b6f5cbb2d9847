//! The stages of a case as a line, and what is said while it is paused.
use chrono::{DateTime, Utc};

use super::stage_label;
use crate::cases::{Case, Move};
use crate::packs::{Pack, Process, StageKind};
use crate::platform::text::has;
use crate::web::Page;
use crate::web::parts::{Entry, Step, StepAt};

// Steps of a case that go from a stage to a stage.
const COURSE: [&str; 6] = ["opened", "stage", "paused", "resumed", "closed", "reopened"];

/// The stages of its process, and where the case stands among them.
pub(super) fn stages(p: &Page, process: &Process, case: &Case, moves: &[Move]) -> Vec<Step> {
    if let Some(stood) = stood_before_pause(process, case, moves) {
        return paused(p, process, case, stood);
    }
    let line: Vec<_> =
        process.stages.iter().filter(|stage| stage.kind == StageKind::Working || stage.code == case.stage).collect();
    let here = line.iter().position(|stage| stage.code == case.stage).unwrap_or(0);
    // A case that is closed stands behind all its stages: which it had reached, its course says.
    let works = |code: &str| line.iter().position(|stage| stage.code == code && stage.kind == StageKind::Working);
    let course = moves.iter().filter(|step| COURSE.contains(&step.kind.as_str()));
    let reached = course.flat_map(|step| [step.from.as_deref(), step.to.as_deref()]).flatten().filter_map(works).max();
    let is_behind = line.get(here).is_some_and(|stage| stage.kind != StageKind::Working);
    let is_beyond = |index: usize| is_behind && reached.is_some_and(|last| index > last);
    let beyond = if case.is_open() { StepAt::Open } else { StepAt::Never };
    let at = |index: usize| match index.cmp(&here) {
        std::cmp::Ordering::Less if is_beyond(index) => beyond,
        std::cmp::Ordering::Less => StepAt::Done,
        std::cmp::Ordering::Equal => StepAt::Current,
        std::cmp::Ordering::Greater => StepAt::Open,
    };
    line.iter().enumerate().map(|(index, stage)| Step::new(stage.labels.get(p.reader.lang), "", at(index))).collect()
}

// A paused case stands where it stood: a pause is no stage that comes after all others.
fn paused(p: &Page, process: &Process, case: &Case, stood: &str) -> Vec<Step> {
    let lang = p.reader.lang;
    let pause = process.stage(&case.stage).map_or("", |stage| stage.labels.get(lang));
    let line: Vec<_> = process.stages.iter().filter(|stage| stage.kind == StageKind::Working).collect();
    let here = line.iter().position(|stage| stage.code == stood).unwrap_or(0);
    let step = |index: usize| match index.cmp(&here) {
        std::cmp::Ordering::Less => ("", StepAt::Done),
        std::cmp::Ordering::Equal => (pause, StepAt::Current),
        std::cmp::Ordering::Greater => ("", StepAt::Open),
    };
    let steps = line.iter().enumerate().map(|(index, stage)| (stage, step(index)));
    steps.map(|(stage, (note, at))| Step::new(stage.labels.get(lang), note, at)).collect()
}

// The working stage from which an open case was paused.
fn stood_before_pause<'a>(process: &Process, case: &Case, moves: &'a [Move]) -> Option<&'a str> {
    if !case.is_open() || case.paused_reason.is_none() {
        return None;
    }
    let works = |code: &&str| process.stage(code).is_some_and(|stage| stage.kind == StageKind::Working);
    moves.iter().filter(|step| step.kind == "paused").find_map(|step| step.from.as_deref().filter(works))
}

/// Why the case is paused, in words; nothing for what nobody knows any more.
pub(super) fn why_paused(p: &Page, reason: &str) -> String {
    let key = format!("case-pause-{}", reason.replace('_', "-"));
    if has(p.reader.lang, &key) { p.t(&key) } else { String::new() }
}

/// Why and since when the case is paused.
pub(super) fn pause(p: &Page, pack: &Pack, case: &Case, moves: &[Move]) -> Option<Entry> {
    let reason = case.paused_reason.as_deref().filter(|_| case.is_open())?;
    let since: Option<DateTime<Utc>> = moves.iter().find(|step| step.kind == "paused").map(|step| step.happened_at);
    let since = since.map(|moment| p.ta("case-paused-since", "day", p.reader.day(moment)));
    let words = [Some(why_paused(p, reason)), since].into_iter().flatten().filter(|words| !words.is_empty());
    let label = stage_label(pack, case.case_type, &case.stage, p.reader.lang);
    Some(Entry::new(label, words.collect::<Vec<_>>().join(" · ")))
}
