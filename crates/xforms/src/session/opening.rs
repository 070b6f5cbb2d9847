//! Opening a copy and closing it: preloads, first calculations, time stamps.
use std::collections::BTreeMap;
use std::sync::Arc;

use super::fill::{Session, Surroundings};
use super::index::{self, Index};
use super::plan::{PlaceId, Plan};
use super::run::Work;
use super::tally::Tally;
use crate::form::{Event, Preload};
use crate::instance::Instance;
use crate::xpath::moment::{self};
use crate::xpath::{self, Context};

impl Session {
    /// Opens a new copy: fixed defaults, then what the client fills in, then dynamic defaults, then all calculations.
    pub fn open(plan: Arc<Plan>, surroundings: Surroundings) -> Self {
        let tree = plan.form.template.clone();
        let mut session = Self::around_tree(plan, tree, surroundings);
        let mut work = Work::quiet();
        session.preload(false);
        session.all_actions(&Event::FirstLoad, &mut work);
        session.start(work);
        session
    }

    /// Opens a draft, or a copy that was sent, again. Everything is calculated anew, so that a newer version of the form takes hold.
    /// Elements the form does not know are kept as they are.
    pub fn resume(plan: Arc<Plan>, mut tree: Instance, surroundings: Surroundings) -> Self {
        index::add_patterns(&plan, &mut tree, Some(&plan.form.template));
        let mut session = Self::around_tree(plan, tree, surroundings);
        session.start(Work::quiet());
        session
    }

    fn around_tree(plan: Arc<Plan>, tree: Instance, mut surroundings: Surroundings) -> Self {
        let index = Index::new(&plan, &tree);
        let language = plan.form.languages.iter().position(|language| language.name == surroundings.language);
        Self {
            language: language.unwrap_or(plan.form.default_language),
            last_saved: surroundings.last_saved.take().unwrap_or_default(),
            chance: Tally::new(surroundings.seed),
            nested: Tally::new(0),
            troubles: BTreeMap::new(),
            plan,
            tree,
            index,
            surroundings,
        }
    }

    fn start(&mut self, mut work: Work) {
        self.all_actions(&Event::Load, &mut work);
        self.note_all(&mut work);
        self.run(&mut work);
    }

    /// Closes the copy: sets the time stamps of its end. What is sent is `instance().to_xml(Extent::Submission)` after that.
    pub fn finish(&mut self) {
        self.preload(true);
    }

    pub(super) fn reindex(&mut self) {
        self.index = Index::new(&self.plan, &self.tree);
    }

    /// Fills in what a client knows, at the start or at the end.
    fn preload(&mut self, at_end: bool) {
        let plan = self.plan.clone();
        for number in 0..plan.spots.len() {
            let place = PlaceId(number as u32);
            let Some(preload) = plan.node(place).and_then(|node| node.bind.preload.as_ref()) else { continue };
            if (preload.what == "timestamp" && preload.parameter == "end") != at_end {
                continue;
            }
            for element in self.index.elements(place).to_vec() {
                if let Some(text) = self.preloaded(preload) {
                    self.tree.set_text(element, &text);
                }
            }
        }
    }

    fn preloaded(&self, preload: &Preload) -> Option<String> {
        match (preload.what.as_str(), preload.parameter.as_str()) {
            ("uid", _) => {
                let uuid = xpath::parse("concat('uuid:', uuid())").and_then(|expr| self.evaluate(&expr, self.tree.root()));
                uuid.ok().map(|value| value.into_text(self))
            }
            ("timestamp", _) => Some(self.surroundings.now.to_text()),
            ("date", "today") => Some(moment::day_text(self.surroundings.now.day())),
            ("property", name) => self.property(name),
            _ => None,
        }
    }
}
