//! Questions asked of a pack.

use super::achievements::Achievements;
use super::pack::{CaseType, Choice, Labels, Need, Pack, PacketSection, Priority, Process, Reason, RecordKind, RiskLevel, Role};
use super::projects::ProjectRules;
use super::tool::Tool;
use super::touchy;
use super::words::{Asks, ConsentGiver, Disclosure, Duty, Meaning, ReasonKind, Sensitivity, StateWord, Under, Word};
use crate::platform::lang::Lang;

impl Pack {
    /// The case type of this code.
    pub fn case_type(&self, code: &str) -> Option<&CaseType> {
        self.case_types.iter().find(|case_type| case_type.code == code)
    }

    /// The case type of this number.
    pub fn case_type_by_id(&self, id: u8) -> Option<&CaseType> {
        self.case_types.iter().find(|case_type| case_type.id == id)
    }

    /// The process that cases of a type follow.
    pub fn process(&self, case_type: &CaseType) -> Option<&Process> {
        self.processes.iter().find(|process| process.code == case_type.process)
    }

    /// The role of this code.
    pub fn role(&self, code: &str) -> Option<&Role> {
        self.roles.iter().find(|role| role.code == code)
    }

    /// The roles that play a part, such as supervisor.
    pub fn roles_with(&self, duty: Duty) -> impl Iterator<Item = &Role> {
        self.roles.iter().filter(move |role| role.has(duty))
    }

    /// The numbers of the case types a role is cleared for.
    pub fn cleared_ids(&self, role: &Role) -> Vec<u8> {
        let cleared = |case_type: &&CaseType| role.cleared.contains(&case_type.code);
        self.case_types.iter().filter(cleared).map(|case_type| case_type.id).collect()
    }

    /// The risk level of this code.
    pub fn risk_level(&self, code: &str) -> Option<&RiskLevel> {
        self.risk_levels.iter().find(|level| level.code == code)
    }

    /// Whether going from one risk level to another lowers it; unknown codes count as no change.
    pub fn lowers_risk(&self, from: &str, to: &str) -> bool {
        let rank = |code: &str| self.risk_levels.iter().position(|level| level.code == code);
        rank(to) > rank(from) && rank(from).is_some()
    }

    /// The share of one worker's caseload that a case takes, in per cent (S24).
    pub fn load_percent(&self, case_type: &CaseType, risk: &str) -> f64 {
        let risk_weight = self.risk_level(risk).map_or(100, |level| level.weight_percent);
        let weight = f64::from(case_type.weight_percent) * f64::from(risk_weight) / 100.0;
        weight / f64::from(case_type.caseload_limit)
    }

    /// The priority of this code.
    pub fn priority(&self, code: &str) -> Option<&Priority> {
        self.priorities.iter().find(|priority| priority.code == code)
    }

    /// The priority that skips gates and prior review (S2).
    pub fn emergency(&self) -> Option<&Priority> {
        self.priorities.iter().find(|priority| priority.emergency)
    }

    /// The reasons of a list, in the pack's order.
    pub fn reasons(&self, kind: ReasonKind) -> impl Iterator<Item = &Reason> {
        self.reasons.iter().filter(move |reason| reason.kind == kind)
    }

    /// The reason of this code in a list.
    pub fn reason(&self, kind: ReasonKind, code: &str) -> Option<&Reason> {
        self.reasons(kind).find(|reason| reason.code == code)
    }

    /// The reason that the program itself uses, for instance when consent is withdrawn.
    pub fn reason_meaning(&self, kind: ReasonKind, meaning: Meaning) -> Option<&Reason> {
        self.reasons(kind).find(|reason| reason.meaning == Some(meaning))
    }

    /// The intake source of this code.
    pub fn intake_source(&self, code: &str) -> Option<&Choice> {
        self.intake_sources.iter().find(|source| source.code == code)
    }

    /// The packet section of this code.
    pub fn section(&self, code: &str) -> Option<&PacketSection> {
        self.packet_sections.iter().find(|section| section.code == code)
    }

    /// The need of this code.
    pub fn need(&self, code: &str) -> Option<&Need> {
        self.needs.iter().find(|need| need.code == code)
    }

    /// Only one person alone may be asked about this need. A code that the pack doesn't know says nothing.
    pub fn is_asked_alone(&self, need: &str) -> bool {
        self.need(need).is_some_and(Need::is_asked_alone)
    }

    /// The kind of child record of this code.
    pub fn record_kind(&self, code: &str) -> Option<&RecordKind> {
        self.records.iter().find(|kind| kind.code == code)
    }

    /// The kinds of child records that belong here and are kept for a case type.
    pub fn record_kinds<'a>(&'a self, under: Under, case_type: &'a str) -> impl Iterator<Item = &'a RecordKind> {
        self.records.iter().filter(move |kind| kind.under == under && kind.case_types.iter().any(|known| known == case_type))
    }

    /// The assessment tool of this code.
    pub fn tool(&self, code: &str) -> Option<&Tool> {
        self.assessments.iter().find(|tool| tool.code == code)
    }

    /// The assessment tools for cases of a type, about a household or about one person.
    pub fn tools<'a>(&'a self, case_type: &'a str, of: Asks) -> impl Iterator<Item = &'a Tool> {
        self.assessments.iter().filter(move |tool| tool.of == of && tool.case_types.iter().any(|known| known == case_type))
    }

    /// The list of achievements for cases of a type.
    pub fn achievements_of(&self, case_type: &str) -> Option<&Achievements> {
        self.achievements.as_ref().filter(|list| list.case_types.iter().any(|known| known == case_type))
    }

    /// What is said of community projects for cases of a type.
    pub fn projects_of(&self, case_type: &str) -> Option<&ProjectRules> {
        self.projects.as_ref().filter(|rules| rules.case_types.iter().any(|known| known == case_type))
    }

    /// The numbers of the case types a kind is kept for.
    pub fn kept_for(&self, kind: &RecordKind) -> Vec<i16> {
        kind.case_types.iter().filter_map(|code| self.case_type(code)).map(|case_type| i16::from(case_type.id)).collect()
    }

    /// The agency's own word for a state of a referral.
    pub fn own_word(&self, state: StateWord) -> Option<&Labels> {
        self.state_words.iter().find(|word| word.state == state).map(|word| &word.labels)
    }

    /// The agency's own word for how much work a case is.
    pub fn own_intensity(&self, code: &str) -> Option<&Labels> {
        self.intensity_words.iter().find(|word| word.intensity.as_str() == code).map(|word| &word.labels)
    }

    /// Who agrees for a person of this age; none for an adult, who agrees alone (S3).
    pub fn consent_giver(&self, age: u16) -> Option<ConsentGiver> {
        let covers = self.consent_ages.iter().find(|band| (band.from..=band.to).contains(&age));
        covers.map(|band| band.giver)
    }
}

impl Need {
    /// The name alone gives something away, or speaks of violence, abuse or sexual health: what a household reads together never names it (S12).
    pub fn is_asked_alone(&self) -> bool {
        self.sensitive || Lang::ALL.iter().any(|lang| touchy::found(self.labels.get(*lang)).is_some())
    }
}

impl PacketSection {
    /// Whether the receiver sees the section while deciding on a referral of this sensitivity.
    pub fn shown_before_acceptance(&self, sensitivity: Sensitivity) -> bool {
        match self.disclosure {
            Disclosure::BeforeAcceptance => true,
            Disclosure::BeforeAcceptanceIfStandard => sensitivity == Sensitivity::Standard,
            Disclosure::AfterAcceptance => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::packs::samples::protection;
    use crate::packs::words::{Consequence, StageKind};

    #[test]
    fn codes_lead_to_what_they_name() {
        let pack = protection();
        let assistance = pack.case_type("social_assistance").expect("a case type of the pack");
        assert_eq!(pack.case_type_by_id(assistance.id), Some(assistance));
        assert_eq!(assistance.labels.get(Lang::Fr), "Assistance sociale");
        assert!(pack.process(assistance).and_then(|process| process.first(StageKind::Closed)).is_some());
        assert_eq!(pack.emergency().map(|priority| priority.code.as_str()), Some("emergency"));
        assert_eq!(pack.case_type("rent"), None);
        let withdrawn = pack.reason_meaning(ReasonKind::Cancellation, Meaning::ConsentWithdrawn);
        assert_eq!(withdrawn.map(|reason| reason.code.as_str()), Some("consent_withdrawn"));
        let declined = pack.reason(ReasonKind::Decline, "no_capacity").and_then(|reason| reason.consequence);
        assert_eq!(declined, Some(Consequence::RetryLater));
        let worker = pack.role("case_worker").expect("a role of the pack");
        assert_eq!(pack.cleared_ids(worker), [1, 2, 3]);
    }

    #[test]
    fn s03_who_agrees_depends_on_age() {
        let pack = protection();
        let rows = [
            (0, Some(ConsentGiver::Caregiver)),
            (5, Some(ConsentGiver::Caregiver)),
            (6, Some(ConsentGiver::CaregiverAndAssent)),
            (14, Some(ConsentGiver::CaregiverAndAssent)),
            (15, Some(ConsentGiver::YoungPerson)),
            (17, Some(ConsentGiver::YoungPerson)),
            (18, None),
        ];
        for (age, giver) in rows {
            assert_eq!(pack.consent_giver(age), giver, "{age}");
        }
    }

    #[test]
    fn s12_a_need_that_gives_something_away_is_for_one_person_alone() {
        let pack = protection();
        for (need, alone) in [("gbv_response", true), ("safe_accommodation", true), ("shelter", false), ("no_such_need", false)] {
            assert_eq!(pack.is_asked_alone(need), alone, "{need}");
        }
        // Whatever its author forgot to say of it.
        let gbv = pack.need("gbv_response").expect("a need of the pack");
        assert!(Need { sensitive: false, ..gbv.clone() }.is_asked_alone());
    }

    #[test]
    fn s24_a_case_weighs_by_type_and_risk() {
        let pack = protection();
        // A hundred households, twenty-five children, fifteen survivors are one caseload.
        let rows = [
            ("social_assistance", "moderate", 1.0),
            ("child_protection", "moderate", 4.0),
            ("child_protection", "high", 6.0),
            ("child_protection", "low", 3.0),
            ("gender_based_violence", "moderate", 100.0 / 15.0),
        ];
        for (code, risk, percent) in rows {
            let case_type = pack.case_type(code).expect("a case type of the pack");
            assert!((pack.load_percent(case_type, risk) - percent).abs() < 1e-9, "{code} {risk}");
        }
        assert!(pack.lowers_risk("high", "low") && !pack.lowers_risk("low", "high") && !pack.lowers_risk("low", "low"));
    }

    #[test]
    fn a_guarded_referral_shows_only_need_urgency_and_area_while_it_is_decided() {
        let pack = protection();
        for sensitivity in [Sensitivity::Protected, Sensitivity::Restricted] {
            let shown = pack.packet_sections.iter().filter(|section| section.shown_before_acceptance(sensitivity));
            assert_eq!(shown.map(|section| section.code.as_str()).collect::<Vec<_>>(), ["need", "urgency", "area"]);
        }
    }
}
