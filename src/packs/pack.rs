//! The content of a pack, as the program uses it and as the database keeps each loaded version.

use serde::{Deserialize, Serialize};

use super::achievements::Achievements;
use super::forms::PackForm;
use super::letter::LetterTemplate;
use super::own_words::{OwnIntensity, OwnWord};
use super::period::Period;
use super::plan::{ClosingRules, PlanRules};
use super::projects::ProjectRules;
use super::rules::{PackField, PackRule, PackScore};
use super::supervision::Supervision;
use super::tool::Tool;
use super::words::{
    Basis, ConsentGiver, Consequence, Demand, Disclosure, Duty, Handling, Meaning, PanelState, Reach, ReasonKind, Review,
    Sensitivity, Shape, StageKind, Subject, Under, Until,
};
use crate::platform::lang::Lang;

/// One version of a programme pack.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Pack {
    pub name: String,
    pub version: u32,
    pub title: Labels,
    pub processes: Vec<Process>,
    pub case_types: Vec<CaseType>,
    pub roles: Vec<Role>,
    /// From the highest risk to the lowest.
    pub risk_levels: Vec<RiskLevel>,
    /// From the most to the least urgent.
    pub priorities: Vec<Priority>,
    pub deadlines: Deadlines,
    pub supervision: Supervision,
    pub reasons: Vec<Reason>,
    pub intake_sources: Vec<Choice>,
    pub packet_sections: Vec<PacketSection>,
    pub needs: Vec<Need>,
    /// From birth to the age of 17, without a gap.
    pub consent_ages: Vec<ConsentAge>,
    /// What is recorded beside a case or a person.
    #[serde(default)]
    pub records: Vec<RecordKind>,
    /// The questionnaires that cases are assessed with.
    #[serde(default)]
    pub assessments: Vec<Tool>,
    /// How plans are reviewed and approved.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub plan: Option<PlanRules>,
    /// Where closing a case is approved.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closing: Option<ClosingRules>,
    /// What households are accompanied towards.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub achievements: Option<Achievements>,
    /// For which cases there are community projects.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub projects: Option<ProjectRules>,
    /// The agency's own words for states of a referral, shown beside ours.
    #[serde(default)]
    pub state_words: Vec<OwnWord>,
    /// Its own words for how much work a case is, shown instead of ours.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub intensity_words: Vec<OwnIntensity>,
    /// Each kind in every language of the program, from the folder `letters`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub letters: Vec<LetterTemplate>,
    /// Questionnaires with rules of their own, from the folder `forms`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub forms: Vec<PackForm>,
    /// What the rules know of a household and its members, from `rules/fields.toml`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<PackField>,
    /// For whom a service is, from the folder `rules`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rules: Vec<PackRule>,
    /// What is counted over a household, from `rules/scores.toml`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub scores: Vec<PackScore>,
}

/// One text in each language of the program.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Labels {
    pub en: String,
    pub ar: String,
    pub fr: String,
    pub es: String,
}

/// A course of work: the stages a case passes and the panels of its page.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Process {
    pub code: String,
    pub labels: Labels,
    /// In their usual order; work is a cycle, so any stage may follow any other.
    pub stages: Vec<Stage>,
    pub panels: Vec<Panel>,
    /// Referrals may run on after a case is closed, followed by somebody who is named; otherwise they are ended first or handed on.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub referrals_run_on: bool,
}

/// Where a case stands in its process.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Stage {
    pub code: String,
    pub labels: Labels,
    pub kind: StageKind,
    /// Whether a case that stands here may change hands.
    #[serde(default = "yes")]
    pub transferable: bool,
    /// A case goes on to the next stage by itself once this is so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Until>,
    /// All of them must be met before a case moves here.
    #[serde(default)]
    pub gates: Vec<Gate>,
}

// Packs that were stored before the property existed let a case change hands in every stage.
fn yes() -> bool {
    true
}

/// A part of the case page, open from the start unless it has gates.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Panel {
    pub code: String,
    pub labels: Labels,
    /// All of them must be met.
    pub gates: Vec<Gate>,
}

/// What opens a panel: another one that has come far enough.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gate {
    pub panel: String,
    pub state: PanelState,
}

/// A kind of case, with everything that differs from the other kinds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CaseType {
    /// The number in scope columns: 1 to 254, the same in every version of the pack.
    pub id: u8,
    pub code: String,
    pub labels: Labels,
    pub sensitivity: Sensitivity,
    pub subject: Subject,
    pub process: String,
    /// The working stage in which cases of this type end, where they need nothing of what comes behind it; unsaid, the last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ends_in: Option<String>,
    /// Whether break-glass may open a case of this type; never true for restricted ones (S9).
    pub break_glass: bool,
    /// Whether cases are given to a unit other than the one they arose in (S9, complaints about staff).
    pub outside_unit: bool,
    pub review: Review,
    pub default_risk: String,
    /// How many cases of ordinary weight one worker carries (S24).
    pub caseload_limit: u16,
    /// What one case weighs against the limit before its risk counts, in per cent.
    pub weight_percent: u16,
    /// From which level of worker, 1 to 3, somebody works on such cases alone; unsaid, of any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub level: Option<u8>,
    /// How long records are kept after closure; for a child from the age in `Supervision` (S29).
    pub retention: Period,
    pub consent_months: u16,
    /// For how many days the former holders may still read a transferred case; 0 for none. Never for restricted types.
    #[serde(default)]
    pub transfer_view_days: u16,
    /// Cases of this type are complaints: while one is open, no other case of its people is erased (S29).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub complaint: bool,
}

/// A named set of permissions with its reach.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Role {
    pub code: String,
    pub labels: Labels,
    pub reach: Reach,
    /// Names of the permission table.
    pub acts: Vec<String>,
    /// Codes of the case types it is cleared for.
    pub cleared: Vec<String>,
    pub duties: Vec<Duty>,
}

/// A level of risk with the clocks it starts (S21).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RiskLevel {
    pub code: String,
    pub labels: Labels,
    /// When the next follow-up is due.
    pub follow_up: Period,
    /// When it is overdue; the same or later.
    pub overdue: Period,
    /// By when an action that makes the person safer must be logged, if at all.
    pub safety_action: Option<Period>,
    /// When the supervisor hears that no such action was logged.
    pub alert: Option<Period>,
    /// By when a receiver acknowledges, where that is sooner than the ordinary deadline.
    pub acknowledge: Option<Period>,
    /// How often the worker and the supervisor discuss such a case.
    pub supervision: Period,
    /// What a case of this level weighs, in per cent of an ordinary one (S24).
    pub weight_percent: u16,
}

/// How soon a referral must be answered with the service.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Priority {
    pub code: String,
    pub labels: Labels,
    pub due: Period,
    /// Whether it is the one that skips gates and prior review (S2).
    pub emergency: bool,
}

/// The clocks of referrals, consent and access.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deadlines {
    pub acknowledge: Period,
    pub decide: Period,
    /// After the outcome, to ask the person.
    pub follow_up: Period,
    /// Before any deadline, to both sides.
    pub reminder: Period,
    /// For the receiver to confirm a cancellation or win it with an outcome.
    pub cancellation: Period,
    /// For the receiver to stop using and delete copies after consent was withdrawn (S4).
    pub withdrawal: Period,
    /// Before consent expires, for the renewal task (S4).
    pub consent_renewal: Period,
    /// For the review of what an emergency skipped (S2).
    pub emergency_review: Period,
    /// For the second person's agreement after sharing without consent in an emergency (S1).
    pub second_person: Period,
    /// After which a case without contact may be proposed for closing or safety review (S23).
    pub contact_lost: Period,
    /// How long the receiver sees the packet after the referral ended.
    pub packet_after_end: Period,
    /// How long the link or code for an organisation without account works.
    pub answer_link: Period,
    /// How long break-glass access lasts.
    pub break_glass: Period,
    /// For its review by the protection officer.
    pub break_glass_review: Period,
    /// After which a step typed later needs a reason (S31).
    pub late_entry: Period,
    /// After which a directory entry nobody verified is marked out of date.
    pub directory_entry: Period,
}

/// One coded reason out of a list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Reason {
    pub kind: ReasonKind,
    pub code: String,
    pub labels: Labels,
    /// Present for declines only.
    pub consequence: Option<Consequence>,
    /// Present for bases of disclosure only.
    pub basis: Option<Basis>,
    pub meaning: Option<Meaning>,
    pub demands: Vec<Demand>,
    /// What comes before a case is closed for it, as far as that can be done at all.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub gates: Vec<Gate>,
}

/// A code with its labels and nothing more.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choice {
    pub code: String,
    pub labels: Labels,
}

/// A part of what is disclosed with a referral, chosen by the sender.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PacketSection {
    pub code: String,
    pub labels: Labels,
    /// Whether consent must name the section by itself.
    pub sensitive: bool,
    pub disclosure: Disclosure,
}

/// What a person may need: the top of the taxonomy that the directory is searched by.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Need {
    pub code: String,
    pub labels: Labels,
    /// Whether the name alone gives something away, so that lists of others show no need.
    pub sensitive: bool,
    pub handling: Handling,
}

/// A kind of child record: an incident, an assessment, a session, whatever the agency keeps.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordKind {
    pub code: String,
    pub labels: Labels,
    pub shape: Shape,
    pub under: Under,
    /// The panel of the case page whose gates it waits for; written at any time where none is named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub panel: Option<String>,
    /// Codes of the case types it is kept for; under a person: whoever is cleared for one of them reads and writes it.
    pub case_types: Vec<String>,
    pub sensitivity: Sensitivity,
}

/// Who agrees for children between two ages, both included (S3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConsentAge {
    pub from: u16,
    pub to: u16,
    pub giver: ConsentGiver,
}

impl Labels {
    /// The text in a language.
    pub fn get(&self, lang: Lang) -> &str {
        match lang {
            Lang::En => &self.en,
            Lang::Ar => &self.ar,
            Lang::Fr => &self.fr,
            Lang::Es => &self.es,
        }
    }
}

impl Role {
    /// Whether the role plays this part.
    pub fn has(&self, duty: Duty) -> bool {
        self.duties.contains(&duty)
    }

    /// Whether the role may try the act at all.
    pub fn may(&self, act: &str) -> bool {
        self.acts.iter().any(|known| known == act)
    }
}

impl Reason {
    /// Whether the reason makes this demand.
    pub fn demands(&self, demand: Demand) -> bool {
        self.demands.contains(&demand)
    }
}

impl Process {
    /// The stage of this code.
    pub fn stage(&self, code: &str) -> Option<&Stage> {
        self.stages.iter().find(|stage| stage.code == code)
    }

    /// The first stage of a kind: where a new case starts, pauses or ends.
    pub fn first(&self, kind: StageKind) -> Option<&Stage> {
        self.stages.iter().find(|stage| stage.kind == kind)
    }

    /// The stage in which a case goes on that stands in this one and has somebody who keeps it; `None` where it stays.
    pub fn once_kept(&self, code: &str) -> Option<&Stage> {
        let here = self.stages.iter().position(|stage| stage.code == code && stage.until == Some(Until::Assigned))?;
        self.stages.get(here + 1).filter(|next| next.kind == StageKind::Working)
    }

    /// The panel of this code.
    pub fn panel(&self, code: &str) -> Option<&Panel> {
        self.panels.iter().find(|panel| panel.code == code)
    }
}

impl Panel {
    /// The gates still shut, given whether a panel has reached a state; none left means open.
    pub fn shut(&self, reached: impl Fn(&str, PanelState) -> bool) -> Vec<&Gate> {
        shut(&self.gates, reached)
    }
}

impl Stage {
    /// The gates still shut, likewise.
    pub fn shut(&self, reached: impl Fn(&str, PanelState) -> bool) -> Vec<&Gate> {
        shut(&self.gates, reached)
    }
}

fn shut(gates: &[Gate], reached: impl Fn(&str, PanelState) -> bool) -> Vec<&Gate> {
    gates.iter().filter(|gate| !reached(&gate.panel, gate.state)).collect()
}
