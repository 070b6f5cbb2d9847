//! One round of an assessment, without its answers, and the rules that need no database.
use chrono::{DateTime, Utc};

use crate::packs::PanelState;
use crate::platform::ids::{AssessmentId, CaseId, UserId};

/// A tool gone through once.
#[derive(Debug, Clone)]
pub struct Round {
    /// Its id.
    pub id: AssessmentId,
    /// Its case.
    pub case_id: CaseId,
    /// The pack that its tool is of.
    pub pack: String,
    /// At this version.
    pub pack_version: i32,
    /// The tool: a code of that pack.
    pub tool: String,
    /// The panel of the case that it moves.
    pub panel: String,
    /// The how-manieth of its tool on this case.
    pub round: i32,
    /// `draft`, `finalised` or `approved`.
    pub state: String,
    /// The domains, when it is finalised.
    pub domains: Vec<String>,
    /// Their points.
    pub scores: Vec<i32>,
    /// The most that each can come to.
    pub mosts: Vec<i32>,
    /// The level that the pack's rule proposed.
    pub level: Option<String>,
    /// The level that the worker set upon it.
    pub risk: Option<String>,
    /// Why that is lower than proposed, or than before: a code of the pack.
    pub risk_reason: Option<String>,
    /// The tool that it leads to.
    pub goes_on_to: Option<String>,
    /// When that, or the next round, is due.
    pub next_due_at: Option<DateTime<Utc>>,
    /// Somebody else must approve it.
    pub needs_approval: bool,
    /// When it was given back.
    pub returned_at: Option<DateTime<Utc>>,
    /// When the conversation took place.
    pub happened_at: Option<DateTime<Utc>>,
    /// Why it is written down so late (S31).
    pub late_reason: Option<String>,
    /// When it began.
    pub recorded_at: DateTime<Utc>,
    /// Who began it.
    pub author_name: String,
    /// Everybody who wrote in it.
    pub writers: Vec<UserId>,
    /// When it was finalised.
    pub finalised_at: Option<DateTime<Utc>>,
    /// By whom.
    pub finalised_by_name: Option<String>,
    /// When it was approved.
    pub approved_at: Option<DateTime<Utc>>,
    /// By whom.
    pub approved_by_name: Option<String>,
    /// Which edition of the row this is.
    pub version: i32,
}

impl Round {
    /// Its answers may still be written.
    pub fn is_draft(&self) -> bool {
        self.state == "draft"
    }

    /// Nobody need approve it any more: it opens gates.
    pub fn is_settled(&self) -> bool {
        self.state == "approved" || (self.state == "finalised" && !self.needs_approval)
    }

    /// It was put before somebody to approve, and given back since or not.
    pub fn was_submitted(&self) -> bool {
        self.needs_approval || self.approved_at.is_some() || self.returned_at.is_some()
    }

    /// It waits for somebody's approval.
    pub fn awaits_approval(&self) -> bool {
        self.state == "finalised" && self.needs_approval
    }

    /// A draft that was given back and not finalised again.
    pub fn was_returned(&self) -> bool {
        self.is_draft() && self.returned_at.is_some()
    }

    /// The word for where it stands: the tail of a text key.
    pub fn stands(&self) -> &'static str {
        match self.state.as_str() {
            "draft" if self.was_returned() => "returned",
            "draft" => "draft",
            "approved" => "approved",
            _ if self.needs_approval => "waiting",
            _ => "finalised",
        }
    }

    /// Its points in all.
    pub fn score(&self) -> i32 {
        self.scores.iter().sum()
    }

    /// The most that they can come to.
    pub fn most(&self) -> i32 {
        self.mosts.iter().sum()
    }

    /// The points of a domain, and the most that it can come to.
    pub fn of_domain(&self, code: &str) -> Option<(i32, i32)> {
        let at = self.domains.iter().position(|domain| domain == code)?;
        Some((*self.scores.get(at)?, *self.mosts.get(at)?))
    }

    /// The address of its page.
    pub fn path(&self) -> String {
        format!("/cases/{}/assessments/{}", self.case_id, self.id)
    }
}

/// Whether a panel has come so far, with these rounds; the newest of each tool first. An analysis that stands in a panel of its own, which this
/// one opens, holds nothing back here.
pub fn has_reached(rounds: &[Round], panel: &str, state: PanelState, panel_of: &dyn Fn(&str) -> Option<String>) -> bool {
    let mut of_panel = rounds.iter().filter(|round| round.panel == panel);
    match state {
        PanelState::Started => of_panel.next().is_some(),
        PanelState::Finalised => of_panel.any(Round::is_settled) && owed(rounds, Some((panel, panel_of))).is_none(),
        // Nobody agrees to an assessment; that is a plan's.
        PanelState::Agreed => false,
    }
}

/// A panel, and in which one a tool stands.
pub type Within<'a> = (&'a str, &'a dyn Fn(&str) -> Option<String>);

/// The round that leads to an analysis which nobody has settled since; of a panel, where that analysis stands in it too.
pub fn owed<'a>(rounds: &'a [Round], within: Option<Within<'_>>) -> Option<&'a Round> {
    let newest =
        |round: &&Round| !rounds.iter().any(|other| other.tool == round.tool && other.is_settled() && other.round > round.round);
    let leads = rounds.iter().filter(|round| round.is_settled() && within.is_none_or(|of| stays(round, of))).filter(newest);
    leads.filter(|round| round.goes_on_to.is_some()).find(|round| {
        let followed = |other: &Round| {
            Some(&other.tool) == round.goes_on_to.as_ref() && other.is_settled() && other.finalised_at >= round.finalised_at
        };
        !rounds.iter().any(followed)
    })
}

fn stays(round: &Round, (panel, panel_of): Within<'_>) -> bool {
    let leads_away = || round.goes_on_to.as_deref().and_then(panel_of).is_some_and(|of| of != panel);
    round.panel == panel && !leads_away()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn round(tool: &str, nth: i32, state: &str, leads_to: Option<&str>, day: i64) -> Round {
        let at = DateTime::<Utc>::from_timestamp(day * 86_400, 0).expect("a day");
        Round {
            id: AssessmentId::new(),
            case_id: CaseId::new(),
            pack: "protection".into(),
            pack_version: 1,
            tool: tool.into(),
            panel: "assessment".into(),
            round: nth,
            state: state.into(),
            domains: vec!["food".into()],
            scores: vec![2],
            mosts: vec![3],
            level: None,
            risk: None,
            risk_reason: None,
            goes_on_to: leads_to.map(Into::into),
            next_due_at: None,
            needs_approval: false,
            returned_at: None,
            happened_at: Some(at),
            late_reason: None,
            recorded_at: at,
            author_name: "Amina".into(),
            writers: Vec::new(),
            finalised_at: (state != "draft").then_some(at),
            finalised_by_name: None,
            approved_at: None,
            approved_by_name: None,
            version: 1,
        }
    }

    #[test]
    fn a_panel_is_finalised_once_a_round_is_settled_and_no_analysis_is_owed() {
        let reached = |rounds: &[Round]| {
            [PanelState::Started, PanelState::Finalised].map(|state| has_reached(rounds, "assessment", state, &|_| None))
        };
        let screening = || round("screening", 1, "finalised", Some("analysis"), 1);
        assert_eq!(reached(&[]), [false, false]);
        assert_eq!(reached(&[round("screening", 1, "draft", None, 1)]), [true, false]);
        assert_eq!(reached(&[round("screening", 1, "finalised", None, 1)]), [true, true]);
        assert_eq!(reached(&[screening()]), [true, false]);
        assert_eq!(reached(&[screening(), round("analysis", 1, "draft", None, 2)]), [true, false]);
        assert_eq!(reached(&[screening(), round("analysis", 1, "finalised", None, 2)]), [true, true]);
        // A newer screening asks anew, and one that leads nowhere takes that back.
        let again = round("screening", 2, "finalised", Some("analysis"), 9);
        assert_eq!(reached(&[again.clone(), screening(), round("analysis", 1, "finalised", None, 2)]), [true, false]);
        assert_eq!(reached(&[round("screening", 3, "finalised", None, 10), again]), [true, true]);
        let waiting = Round { needs_approval: true, ..round("analysis", 1, "finalised", None, 2) };
        assert_eq!(reached(&[screening(), waiting.clone()]), [true, false]);
        assert_eq!(reached(&[screening(), Round { state: "approved".into(), ..waiting }]), [true, true]);
        assert!(!has_reached(&[screening()], "plan", PanelState::Started, &|_| None));
        // An analysis in a panel of its own is owed, and holds the screening's back from nothing.
        let elsewhere = |_: &str| Some("framework".to_owned());
        assert!(has_reached(&[screening()], "assessment", PanelState::Finalised, &elsewhere));
        assert!(owed(&[screening()], None).is_some());
    }
}
