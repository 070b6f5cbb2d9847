//! Rounds of repeats.
use super::fill::{Changes, Refusal, Session};
use super::plan::PlaceId;
use super::run::Work;
use crate::form::{Kind, Node};
use crate::instance::{Instance, NodeId};

/// The most rounds that one element may hold of one repeat.
pub const MOST_ROUNDS: usize = 1_000;
/// The most elements that a copy may have for rounds still to be added.
const MOST_ELEMENTS: usize = 30_000;

impl Session {
    /// The rounds of a repeat that an element holds, in order.
    pub fn rounds(&self, parent: NodeId, repeat: PlaceId) -> Vec<NodeId> {
        let name = &self.plan.spot(repeat).name;
        self.tree.named(parent, name).filter(|id| self.index.place(*id) == Some(repeat)).collect()
    }

    /// Which round of its repeat an element is, from 1, and how many there are; nothing if it is no round.
    pub fn round(&self, element: NodeId) -> Option<(usize, usize)> {
        let place = self.index.place(element).filter(|place| self.plan.spot(*place).is_repeat)?;
        let rounds = self.rounds(self.tree.parent(element)?, place);
        Some((rounds.iter().position(|id| *id == element)? + 1, rounds.len()))
    }

    /// Whether the person may add a round there, and remove one.
    pub fn may_change_rounds(&self, parent: NodeId, repeat: PlaceId) -> bool {
        let fits = self
            .plan
            .spots
            .get(repeat.index())
            .is_some_and(|spot| spot.parent.is_some() && spot.parent == self.index.place(parent));
        let free = matches!(self.plan.node(repeat).map(|node| &node.kind), Some(Kind::Repeat(repeat)) if repeat.count.is_none() && !repeat.fixed);
        let relevant = || match self.rounds(parent, repeat).first() {
            Some(round) => self.is_relevant(*round),
            None => self.is_relevant(parent) && self.would_be_relevant(parent, repeat),
        };
        fits && free && relevant()
    }

    /// Whether a round would be relevant although there is none yet: seen from the pattern.
    fn would_be_relevant(&self, parent: NodeId, repeat: PlaceId) -> bool {
        let rule = self.plan.node(repeat).and_then(|node| node.bind.relevant.as_ref());
        let pattern = self.tree.template(parent, &self.plan.spot(repeat).name).unwrap_or(parent);
        rule.is_none_or(|rule| self.holds(self.plan.expr(rule), pattern))
    }

    /// Adds a round after the last one, with its defaults.
    pub fn add_round(&mut self, parent: NodeId, repeat: PlaceId) -> Result<Changes, Refusal> {
        let full = self.rounds(parent, repeat).len() >= MOST_ROUNDS || self.tree.capacity() >= MOST_ELEMENTS;
        if full || !self.may_change_rounds(parent, repeat) {
            return Err(Refusal::Rounds);
        }
        let mut work = Work::live();
        self.grow(parent, repeat, 1, &mut work);
        self.run(&mut work);
        Ok(work.changes)
    }

    /// Removes a round with its answers; those after it move up.
    pub fn remove_round(&mut self, round: NodeId) -> Result<Changes, Refusal> {
        let repeat = self.index.place(round).filter(|place| self.plan.spot(*place).is_repeat).ok_or(Refusal::Unknown)?;
        let parent = self.tree.parent(round).ok_or(Refusal::Unknown)?;
        if self.tree.get(round).template || !self.may_change_rounds(parent, repeat) {
            return Err(Refusal::Rounds);
        }
        let mut work = Work::live();
        self.shrink(&[round], repeat, parent, &mut work);
        self.run(&mut work);
        Ok(work.changes)
    }

    /// Brings the rounds beside a pattern to a number; the last ones go first.
    pub(super) fn set_rounds(&mut self, pattern: NodeId, repeat: PlaceId, count: f64, work: &mut Work) {
        let Some(parent) = self.tree.parent(pattern) else { return };
        let wanted = (count.max(0.0) as usize).min(MOST_ROUNDS);
        let rounds = self.rounds(parent, repeat);
        if wanted > rounds.len() {
            self.grow(parent, repeat, wanted - rounds.len(), work);
        } else if wanted < rounds.len() {
            self.shrink(&rounds[wanted..], repeat, parent, work);
        }
    }

    fn grow(&mut self, parent: NodeId, repeat: PlaceId, count: usize, work: &mut Work) {
        let plan = self.plan.clone();
        let Some(pattern) = plan.pattern(repeat) else { return };
        // Counts within counts would grow without end.
        let size = size(&plan.form.template, pattern);
        let count = count.min(MOST_ELEMENTS.saturating_sub(self.tree.capacity()) / size);
        if count == 0 {
            return;
        }
        let name = &plan.spot(repeat).name;
        let namesake = |id: &NodeId| crate::xml::local(&self.tree.get(*id).name) == name;
        let at = self.tree.children(parent).iter().rposition(namesake).map_or(self.tree.children(parent).len(), |last| last + 1);
        let new: Vec<NodeId> =
            (0..count).map(|number| self.tree.graft(parent, at + number, &plan.form.template, pattern)).collect();
        self.reindex();
        for round in &new {
            self.new_round(*round, repeat, work);
        }
        self.note_rounds(repeat, parent, &new, work);
        work.changes.added.extend(new);
    }

    fn shrink(&mut self, rounds: &[NodeId], repeat: PlaceId, parent: NodeId, work: &mut Work) {
        rounds.iter().for_each(|round| self.tree.remove(*round));
        self.reindex();
        let (tree, index) = (&self.tree, &self.index);
        self.troubles.retain(|(rule, element), _| {
            tree.capacity() > Instance::index(*element) && index.place(*element) == Some(self.plan.rules[*rule as usize].place)
        });
        work.changes.removed += rounds.len();
        self.note_rounds(repeat, parent, &[], work);
    }

    /// The repeats that an element can hold rounds of.
    pub fn repeats_in(&self, element: NodeId) -> Vec<PlaceId> {
        let place = self.index.place(element);
        let children = place.map_or(&[][..], |place| &self.plan.spot(place).children);
        children.iter().copied().filter(|child| self.plan.spot(*child).is_repeat).collect()
    }

    /// The question, group or repeat at a place.
    pub fn node_at(&self, place: PlaceId) -> Option<&Node> {
        self.plan.node(place)
    }
}

/// How many elements an element is made of, itself included.
fn size(tree: &Instance, id: NodeId) -> usize {
    let mut all = vec![id];
    let mut next = 0;
    while let Some(id) = all.get(next) {
        all.extend(tree.children(*id));
        next += 1;
    }
    all.len()
}
