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

/// What is known of a case when somebody is asked to come.
pub(super) struct Coverage<'a> {
    pub(super) case: &'a Case,
    pub(super) pack: &'a Pack,
    pub(super) consents: &'a [Consent],
    pub(super) orgs: &'a [Org],
}

impl Coverage<'_> {
    /// The parts with what covers them: for the organisation that is chosen, else for which of them something does.
    pub(super) fn sections(&self, work: &Work, p: &Page, form: &Form) -> Vec<Choice> {
        let chosen = self.chosen(form);
        let hint = |section: &str| match chosen {
            Some(org) if self.covers(work, org, section) => p.t("conference-covered"),
            Some(_) => p.t("conference-uncovered"),
            None => self.for_whom(work, p, section),
        };
        let choice = |code: &str| Choice::new(code, label(p, self.pack, code)).with_hint(hint(code));
        self.pack.packet_sections.iter().map(|section| choice(&section.code)).collect()
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

    fn for_whom(&self, work: &Work, p: &Page, section: &str) -> String {
        let covered = self.orgs.iter().filter(|org| self.covers(work, org, section));
        let orgs: Vec<_> = covered.map(|org| org.name.as_str()).collect();
        match orgs.len() {
            0 => p.t("conference-uncovered"),
            all if all > 1 && all == self.orgs.len() => p.t("conference-covered-for-all"),
            _ => p.ta("conference-covered-for", "orgs", p.list(orgs)),
        }
    }
}
