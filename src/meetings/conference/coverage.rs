//! Which parts of a case may be spoken of with whom, before an organisation is asked to come: beside each part stands whether something covers it.
use super::actions::covered;
use super::pages::label;
use super::store::Org;
use crate::cases::Case;
use crate::consent::Consent;
use crate::packs::Pack;
use crate::platform::db::Work;
use crate::platform::ids::OrgId;
use crate::web::parts::Choice;
use crate::web::{Form, Page};

// The part about who cares for a child; nobody else has one.
const OF_A_CHILD: &str = "child";

/// What is known of a case when somebody is asked to come.
pub(super) struct Coverage<'a> {
    pub(super) case: &'a Case,
    pub(super) pack: &'a Pack,
    pub(super) consents: &'a [Consent],
    pub(super) orgs: &'a [Org],
    /// The person is under eighteen, or may be.
    pub(super) child: bool,
}

impl Coverage<'_> {
    /// The parts with what covers them: for the organisation that is chosen, else for which of them something does.
    pub(super) fn sections(&self, work: &Work, p: &Page, form: &Form) -> Vec<Choice> {
        let chosen = self.chosen(form);
        let mut said = Vec::new();
        let mut hint = |section: &str| match chosen {
            Some(org) if self.covers(work, org, section) => p.t("conference-covered"),
            Some(_) => p.t("conference-uncovered"),
            None => self.for_whom(work, p, section, &mut said),
        };
        let offered = self.pack.packet_sections.iter().map(|section| section.code.as_str());
        let offered = offered.filter(|code| self.child || *code != OF_A_CHILD);
        offered.map(|code| Choice::new(code, label(p, self.pack, code)).with_hint(hint(code))).collect()
    }

    /// What is wrong with the parts that were ticked, and which of them nothing covers.
    pub(super) fn wrong(&self, work: &Work, p: &Page, form: &Form) -> String {
        let error = p.fe(form, "sections");
        let (false, Some(org)) = (error.is_empty(), self.chosen(form)) else { return error };
        let bare = |code: &&String| self.pack.section(code.as_str()).is_some() && !self.covers(work, org, code.as_str());
        let sections: Vec<_> = form.all("sections").iter().filter(bare).map(|code| label(p, self.pack, code)).collect();
        if sections.is_empty() {
            error
        } else {
            format!("{error} {}", p.ta("conference-not-covered", "sections", p.list(sections)))
        }
    }

    fn chosen(&self, form: &Form) -> Option<&Org> {
        let id: OrgId = form.value("org").parse().ok()?;
        self.orgs.iter().find(|org| org.id == id)
    }

    fn covers(&self, work: &Work, org: &Org, section: &str) -> bool {
        covered(work, (self.case, self.pack), self.consents, (org.id, org.kind.as_str()), section).is_ok()
    }

    // Several organisations are named once, beside the first part that is covered for them; the parts for which they stand are kept in `said`.
    fn for_whom(&self, work: &Work, p: &Page, section: &str, said: &mut Vec<(Vec<OrgId>, String)>) -> String {
        let covered: Vec<&Org> = self.orgs.iter().filter(|org| self.covers(work, org, section)).collect();
        let ids: Vec<OrgId> = covered.iter().map(|org| org.id).collect();
        let before = said.iter().find(|(same, _)| *same == ids).map(|(_, first)| first.clone());
        match (ids.len(), before) {
            (0, _) => p.t("conference-uncovered"),
            (all, _) if all > 1 && all == self.orgs.len() => p.t("conference-covered-for-all"),
            (2.., Some(first)) => p.ta("conference-covered-as", "section", first),
            _ => {
                said.push((ids, label(p, self.pack, section)));
                p.ta("conference-covered-for", "orgs", p.list(covered.iter().map(|org| org.name.as_str())))
            }
        }
    }
}
