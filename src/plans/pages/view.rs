//! The lines of a plan as its page and its paper show them.
use std::collections::HashMap;

use super::name_of;
use crate::cases::Member;
use crate::packs::Pack;
use crate::plans::line::{ACTIONS, Line, numbers};
use crate::plans::plan::Plan;
use crate::plans::store::Started;
use crate::platform::ids::PlanLineId;
use crate::projects::card as placed;
use crate::web::Page;
use crate::web::parts::{Badge, Tone};

/// A line with what stands under it.
#[derive(Debug, Clone, Default)]
pub(super) struct View {
    pub(super) kind: String,
    pub(super) words: String,
    /// Who, what by, from when, by when.
    pub(super) details: Vec<String>,
    pub(super) state: Badge,
    /// Where it is changed; empty where it may not be.
    pub(super) edit: String,
    /// What may be added under it.
    pub(super) adds: Vec<(String, String)>,
    /// Where a referral is started from it.
    pub(super) refer: String,
    /// Where somebody is placed in a community project for it.
    pub(super) place: String,
    pub(super) referrals: Vec<(String, String, Badge)>,
    /// Who was placed where for it, with hours against what was agreed.
    pub(super) placed: Vec<placed::Line>,
    /// How it may be marked, and where.
    pub(super) marks: Vec<(&'static str, String)>,
    pub(super) mark_at: String,
    pub(super) version: i32,
    pub(super) under: Vec<View>,
}

/// What a page knows when it shows lines.
pub(super) struct Around<'a> {
    pub(super) p: &'a Page,
    pub(super) plan: &'a Plan,
    pub(super) pack: &'a Pack,
    pub(super) people: &'a [Member],
    pub(super) referrals: &'a [Started],
    pub(super) placed: &'a [placed::Line],
    pub(super) may_write: bool,
    pub(super) may_refer: bool,
    pub(super) may_place: bool,
}

impl Around<'_> {
    /// The goals, with their results and actions.
    pub(super) fn goals(&self, lines: &[Line]) -> Vec<View> {
        self.below(lines, &numbers(lines), None)
    }

    /// What makes somebody safer.
    pub(super) fn safety(&self, lines: &[Line]) -> Vec<View> {
        lines.iter().filter(|line| line.is_safety()).map(|line| self.view(line, Vec::new())).collect()
    }

    // Each action with its number, by which its task names it.
    fn below(&self, lines: &[Line], numbers: &HashMap<PlanLineId, String>, parent: Option<PlanLineId>) -> Vec<View> {
        let under = lines.iter().filter(|line| line.parent == parent && !line.is_safety());
        let shown = |line: &Line| {
            let view = self.view(line, self.below(lines, numbers, Some(line.id)));
            let kind = numbers.get(&line.id).map_or_else(|| view.kind.clone(), |number| format!("{} {number}", view.kind));
            View { kind, ..view }
        };
        under.map(shown).collect()
    }

    fn view(&self, line: &Line, under: Vec<View>) -> View {
        let (p, path) = (self.p, self.plan.path());
        let open = self.may_write && (self.plan.is_draft() || (line.is_safety() && self.plan.is_alive()));
        let marked = self.may_write && line.is_action() && (self.plan.is_agreed() || (line.is_safety() && self.plan.is_alive()));
        let refers = self.may_refer && self.plan.is_alive() && matches!(line.kind.as_str(), "support" | "accompaniment");
        let need = line.need.as_deref().unwrap_or_default();
        let add = |kind: &&str| (format!("{path}/lines/new?kind={kind}&under={}", line.id), p.tc("plan-add", kind));
        let kinds: &[&str] = match line.kind.as_str() {
            "goal" => &["result"],
            "result" => ACTIONS,
            _ => &[],
        };
        let of_line = self.referrals.iter().filter(|started| started.line == line.id);
        View {
            kind: p.tc("plan-kind", &line.kind),
            words: line.words.clone(),
            details: self.details(line),
            state: self.state(line),
            edit: if open { format!("{path}/lines/{}", line.id) } else { String::new() },
            adds: if open { kinds.iter().map(add).collect() } else { Vec::new() },
            refer: if refers {
                format!("/cases/{}/refer?need={need}&from={}", self.plan.case_id, line.id)
            } else {
                String::new()
            },
            place: if self.may_place && self.may_write && self.plan.is_alive() && line.kind == "support" {
                format!("/cases/{}/placements/new?line={}", self.plan.case_id, line.id)
            } else {
                String::new()
            },
            referrals: of_line.map(|started| referral(p, started)).collect(),
            placed: self.placed_for(line).cloned().collect(),
            marks: if marked { marks(p, &line.state) } else { Vec::new() },
            mark_at: format!("{path}/lines/{}/state", line.id),
            version: line.version,
            under,
        }
    }

    fn placed_for(&self, line: &Line) -> impl Iterator<Item = &placed::Line> {
        let id = line.id;
        self.placed.iter().filter(move |one| one.of == Some(id))
    }

    /// Who, what by, from when, by when: each in words.
    pub(super) fn details(&self, line: &Line) -> Vec<String> {
        let p = self.p;
        let need =
            line.need.as_deref().and_then(|code| self.pack.need(code)).map(|need| need.labels.get(p.reader.lang).to_owned());
        let projects = p.list(self.placed_for(line).map(|one| format!("{} ({})", one.label, one.hours)));
        let all = [
            ("who", line.person_id.map(|person| name_of(self.people, person))),
            ("worker", line.worker_name.clone()),
            ("service", line.service.clone()),
            ("need", need),
            ("project", Some(projects)),
            ("from", line.starts_on.map(|day| p.date(&day))),
            ("by", line.due_on.map(|day| p.date(&day))),
        ];
        let told = all.into_iter().filter_map(|(name, words)| Some((name, words.filter(|words| !words.is_empty())?)));
        told.map(|(name, words)| p.detailed(&p.tc("plan-detail", name), &words)).collect()
    }

    fn state(&self, line: &Line) -> Badge {
        let p = self.p;
        let late = line.is_open() && line.due_on.is_some_and(|due| due < p.reader.now.with_timezone(&p.reader.zone).date_naive());
        match line.state.as_str() {
            _ if !line.is_action() || (self.plan.is_draft() && !line.is_safety() && line.is_open()) => Badge::default(),
            "done" => Badge::new(p.t("plan-action-done"), Tone::Good),
            "not_done" => Badge::new(p.t("plan-action-not-done"), Tone::Warning),
            // Nobody does it any more: the plan is over.
            _ if self.plan.ended_at.is_some() => Badge::new(p.t("plan-action-left"), Tone::Neutral),
            _ if late => Badge::new(p.t("plan-action-late"), Tone::Danger),
            _ => Badge::new(p.t("plan-action-open"), Tone::Neutral),
        }
    }
}

fn marks(p: &Page, state: &str) -> Vec<(&'static str, String)> {
    let to = if state == "open" { &["done", "not_done"][..] } else { &["open"][..] };
    to.iter().map(|state| (*state, p.tc("plan-mark", state))).collect()
}

fn referral(p: &Page, started: &Started) -> (String, String, Badge) {
    let words =
        [started.service.as_str(), &started.code].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ");
    let tone = match started.status.as_str() {
        "rejected" | "failed" => Tone::Danger,
        "completed" => Tone::Good,
        "on_hold" => Tone::Warning,
        _ => Tone::Info,
    };
    (format!("/referrals/{}", started.referral), words, Badge::new(p.tc("case-referral", &started.status), tone))
}
