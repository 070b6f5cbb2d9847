//! Assessments on the cases that have come so far: a screening, the analysis it led to, and on some a second round that shows what changed.
use chrono::{DateTime, Months, TimeDelta, Utc};
use serde_json::json;
use uuid::Uuid;

use super::casework::CaseFile;
use super::cast::{member_of, org_of, user};
use super::chance::Chance;
use super::tables::{Tables, bytes};
use crate::assessments::scoring::{self, Answers};
use crate::assessments::store;
use crate::packs::{AnswerKind, Asks, Pack, Question, StageKind, Tool, ToolShape};

/// Adds what was assessed on a case, if its pack knows how and it has come that far.
// No chance is used up: what else the world holds stays as it was.
pub fn add(tables: &mut Tables, chance: &Chance, (version, pack): (i32, &Pack), file: &CaseFile, nth: usize) {
    let Some(case_type) = u8::try_from(file.case_type).ok().and_then(|id| pack.case_type_by_id(id)) else { return };
    let Some(process) = pack.process(case_type) else { return };
    let place = |code: &str| process.stages.iter().position(|stage| stage.code == code);
    let come = place(&file.stage).unwrap_or(0);
    let kind = process.stages.get(come).map(|stage| stage.kind);
    let of = if file.for_household { Asks::Household } else { Asks::Member };
    let tool = |shape: ToolShape| pack.tools(&case_type.code, of).find(|tool| tool.shape == shape);
    let assessed = ["assessment", "preliminary_analysis", "needs_assessment"].into_iter().find_map(place);
    let (Some(screening), Some(analysis), Some(assessed)) = (tool(ToolShape::Screening), tool(ToolShape::Analysis), assessed)
    else {
        return;
    };
    if kind == Some(StageKind::Working) && come < assessed {
        return;
    }
    let until = file.closed_at.unwrap_or(chance.now);
    let at = |percent: i32| (file.opened_at + (until - file.opened_at) * percent / 100).min(chance.now - TimeDelta::hours(1));
    let world = World { version, pack, file, case_type: &case_type.code };
    let deeper = kind != Some(StageKind::Working) || come > assessed;
    if !deeper {
        // A case that is being assessed was screened in these days; the analysis that this leads to lies ahead, by one clock.
        let owed = world.add(tables, screening, (1, at(15).max(chance.now - TimeDelta::days(2)), nth + 3));
        if let Some(due) = owed {
            world.leave_task(tables, due);
        }
        return;
    }
    world.add(tables, screening, (1, at(15), nth + 3));
    world.add(tables, analysis, (1, at(30), nth + 4));
    // A second round shows that things got better, or here and there not.
    if nth.is_multiple_of(3) {
        world.add(tables, analysis, (2, at(85), if nth.is_multiple_of(4) { nth + 5 } else { nth }));
    }
}

struct World<'a> {
    version: i32,
    pack: &'a Pack,
    file: &'a CaseFile,
    case_type: &'a str,
}

impl World<'_> {
    // Answers when the analysis is due that it leads to.
    fn add(&self, tables: &mut Tables, tool: &Tool, (round, at, heavy): (i32, DateTime<Utc>, usize)) -> Option<DateTime<Utc>> {
        let (file, answers) = (self.file, scoring::counting(tool, &answers(tool, round, heavy)));
        let outcome = scoring::outcome(tool, &answers);
        let (open, hidden) = store::parted(tool, file.sensitivity, &answers);
        let sealed = json!(hidden).to_string();
        let approved = tool.approved_for(self.case_type).is_some();
        let approver = file.supervisor.filter(|supervisor| approved && *supervisor != file.worker());
        let (who, goes_on) = (file.worker(), outcome.goes_on_to.is_some());
        let next = if goes_on { Some(at + TimeDelta::days(5)) } else { at.checked_add_months(Months::new(6)) };
        let name = member_of(who).name;
        tables.met(file.id, at);
        let points = &outcome.points;
        tables.add(
            "assessments",
            json!({ "id": Uuid::new_v5(&file.id, format!("{} {round}", tool.code).as_bytes()), "case_id": file.id, "pack": self.pack.name,
                "pack_version": self.version, "tool": tool.code, "panel": tool.panel, "round": round,
                "state": if approver.is_some() { "approved" } else { "finalised" }, "answers": open,
                "sealed": bytes(&file.key.seal(store::SEALED, sealed.as_bytes())),
                "domains": points.iter().map(|one| one.domain.as_str()).collect::<Vec<_>>(),
                "scores": points.iter().map(|one| one.score).collect::<Vec<_>>(), "mosts": points.iter().map(|one| one.most).collect::<Vec<_>>(),
                "level": outcome.level, "risk": outcome.level, "risk_reason": null, "goes_on_to": outcome.goes_on_to, "next_due_at": next, "needs_approval": approver.is_some(),
                "happened_at": at, "recorded_at": at, "author": user(who), "author_name": name, "writers": [user(who)], "finalised_at": at,
                "finalised_by_name": name, "approved_at": approver.map(|_| at + TimeDelta::minutes(40)), "approved_by": approver.map(user),
                "approved_by_name": approver.map(|login| member_of(login).name), "version": 2 + i32::from(approver.is_some()) }),
        );
        next.filter(|_| goes_on)
    }

    // The analysis that a screening of these days leads to.
    fn leave_task(&self, tables: &mut Tables, due: DateTime<Utc>) {
        let file = self.file;
        tables.add(
            "tasks",
            json!({ "id": Uuid::new_v5(&file.id, b"analysis due"), "kind": "analysis_due", "case_id": file.id, "referral_id": null, "side": "from",
                "org": org_of(file.unit), "unit": file.unit, "assignee": file.manager.map(user), "title": "", "due_at": due, "overdue_at": due,
                "remind_at": due - TimeDelta::hours(20), "once": null, "version": 1, "recorded_at": file.opened_at }),
        );
    }
}

// Answers as a household or a person of this number would give them: the first round heavier than the second.
fn answers(tool: &Tool, round: i32, heavy: usize) -> Answers {
    let mut answers = Answers::new();
    for (at, question) in tool.questions().enumerate() {
        let need = (heavy * 7 + at * 5) % 10;
        let need = if round > 1 { need.saturating_sub(3) } else { need };
        if let Some(answer) = answer(question, need) {
            answers.insert(question.code.clone(), answer);
        }
    }
    answers
}

// From 0, nothing is missing, to 9. A key answer that means danger is left to the gravest.
fn answer(question: &Question, need: usize) -> Option<String> {
    match question.kind {
        AnswerKind::YesNo => {
            let worse = if question.yes >= question.no { "yes" } else { "no" };
            let better = if worse == "yes" { "no" } else { "yes" };
            let grave = if question.required { 8 } else { 5 };
            Some(if need > grave { worse } else { better }.to_owned())
        }
        AnswerKind::Choice => {
            let most = question.choices.len() - 1;
            let step = if question.required && most > 2 { need / 4 } else { need * (most + 1) / 10 };
            question.choices.get(step.min(most)).map(|choice| choice.code.clone())
        }
        AnswerKind::Scale => Some((need * usize::from(question.most) / 9).to_string()),
        AnswerKind::Number => Some((need / 3).min(usize::from(question.most)).to_string()),
        AnswerKind::Text => Some(
            if need > 4 { "Wants this looked at first; agreed on a next step." } else { "Manages, with a neighbour's help." }
                .to_owned(),
        ),
    }
}
