//! Working out what follows from a change: rules whose readings changed, in the order of their ranks, until nothing changes any more.
use std::collections::{BTreeSet, VecDeque};

use super::fill::{Changes, Session};
use super::plan::{PlaceId, Reader, RuleKind};
use crate::form::Node;
use crate::instance::NodeId;
use crate::xpath::{self, Limits, Part, Value};

/// Steps that all evaluations after one answer may take together.
const STEPS: u64 = 200_000_000;
/// How often one rule may be worked out for one element after one answer, on average.
const TURNS: usize = 64;

/// What is still to be worked out, and what was changed so far.
pub(super) struct Work {
    queue: BTreeSet<(u32, u32, NodeId)>,
    pub events: VecDeque<NodeId>,
    pub changes: Changes,
    pub limits: Limits,
    turns: usize,
    /// Whether changes set off actions: they do not while a copy is opened.
    pub live: bool,
}

impl Work {
    /// Work in which changes set off actions.
    pub fn live() -> Self {
        Self { live: true, ..Self::quiet() }
    }

    /// Work while a copy is opened.
    pub fn quiet() -> Self {
        let limits = Limits { steps: STEPS, ..Limits::default() };
        Self { queue: BTreeSet::new(), events: VecDeque::new(), changes: Changes::default(), limits, turns: 0, live: false }
    }
}

impl Session {
    /// Gives an element a value, and notes what depends on it.
    pub(super) fn set(&mut self, element: NodeId, text: &str, work: &mut Work) {
        if self.tree.text(element) == text {
            return;
        }
        self.tree.set_text(element, text);
        work.changes.values.push(element);
        if work.live {
            work.events.push_back(element);
        }
        if let Some(place) = self.index.place(element) {
            self.note_readers(place, element, work);
        }
    }

    /// Notes every rule for every element.
    pub(super) fn note_all(&self, work: &mut Work) {
        for (number, rule) in self.plan.rules.iter().enumerate() {
            let elements = self.subjects(number as u32).iter();
            work.queue.extend(elements.map(|element| (rule.rank, number as u32, *element)));
        }
    }

    /// Notes every rule of what new rounds hold, and all that reads anything in rounds of that repeat. Without new rounds some were removed.
    pub(super) fn note_rounds(&self, repeat: PlaceId, parent: NodeId, new: &[NodeId], work: &mut Work) {
        let depth = self.plan.spot(repeat).depth;
        let Some(holder) = self.index.place(parent) else { return };
        for place in self.plan.downwards(repeat) {
            for number in &self.plan.own[place.index()] {
                let rank = self.plan.rules[*number as usize].rank;
                let inside = new.iter().flat_map(|round| self.subjects_in(*number, *round, depth));
                work.queue.extend(inside.map(|element| (rank, *number, element)));
            }
            for reader in &self.plan.readers[place.index()] {
                // What reads its own round alone does not feel that another one was added; that one was removed moves its place.
                if new.is_empty() || reader.shared < depth {
                    self.note_reader(*reader, holder, parent, work);
                }
            }
        }
    }

    /// The elements inside a round, whose depth is known, that a rule is worked out for. Found from above: looking through all would take
    /// the square of the number of rounds.
    fn subjects_in(&self, rule: u32, round: NodeId, depth: usize) -> Vec<NodeId> {
        let rule = &self.plan.rules[rule as usize];
        let mut way: Vec<PlaceId> =
            self.plan.upwards(rule.place).take_while(|place| self.plan.spot(*place).depth > depth).collect();
        way.reverse();
        let mut found = vec![round];
        for (number, place) in way.iter().enumerate() {
            let name = &self.plan.spot(*place).name;
            let pattern = rule.kind == RuleKind::Count && number + 1 == way.len();
            found = if pattern {
                found.iter().filter_map(|id| self.tree.template(*id, name)).collect()
            } else {
                found.iter().flat_map(|id| self.tree.named(*id, name)).collect()
            };
        }
        // The number of rounds of the repeat itself is not decided inside one of them.
        if way.is_empty() && rule.kind == RuleKind::Count { Vec::new() } else { found }
    }

    /// The elements that a rule is worked out for: the patterns of a repeat for the number of its rounds.
    fn subjects(&self, rule: u32) -> &[NodeId] {
        let rule = &self.plan.rules[rule as usize];
        if rule.kind == RuleKind::Count { self.index.patterns(rule.place) } else { self.index.elements(rule.place) }
    }

    /// Notes the rules that read `place` at `element`, or `place` anywhere inside it.
    fn note_readers(&self, place: PlaceId, element: NodeId, work: &mut Work) {
        let Some(own) = self.index.place(element) else { return };
        for reader in &self.plan.readers[place.index()] {
            self.note_reader(*reader, own, element, work);
        }
    }

    fn note_reader(&self, reader: Reader, own: PlaceId, element: NodeId, work: &mut Work) {
        let rule = &self.plan.rules[reader.rule as usize];
        let subjects = self.subjects(reader.rule);
        let depth = reader.shared.min(self.plan.spot(own).depth);
        if depth == 0 || subjects.len() < 2 {
            work.queue.extend(subjects.iter().map(|subject| (rule.rank, reader.rule, *subject)));
            return;
        }
        if self.plan.spot(rule.place).depth < depth {
            return;
        }
        if let Some(round) = self.around(element, own, depth) {
            let near = self.subjects_in(reader.rule, round, depth);
            work.queue.extend(near.into_iter().map(|subject| (rule.rank, reader.rule, subject)));
        }
    }

    /// The element at a depth around an element whose place is known.
    pub(super) fn around(&self, element: NodeId, place: PlaceId, depth: usize) -> Option<NodeId> {
        let up = self.plan.spot(place).depth.checked_sub(depth)?;
        (0..up).try_fold(element, |id, _| self.tree.parent(id))
    }

    /// Works until nothing is left to do. Circles from round to round that do not come to rest are cut off.
    pub(super) fn run(&mut self, work: &mut Work) {
        loop {
            while let Some((_, number, element)) = work.queue.pop_first() {
                work.turns += 1;
                let most = TURNS.saturating_mul(self.plan.rules.len().saturating_add(self.tree.capacity()));
                if work.turns > most {
                    self.troubles.insert((number, element), xpath::Error::OutOfSteps);
                    work.queue.clear();
                    break;
                }
                self.work_out(number, element, work);
            }
            match work.events.pop_front() {
                Some(element) => self.value_changed(element, work),
                None => return,
            }
        }
    }

    fn work_out(&mut self, number: u32, element: NodeId, work: &mut Work) {
        let plan = self.plan.clone();
        let rule = &plan.rules[number as usize];
        // A round may have been removed since the rule was noted, and its slot given to another element.
        if self.index.place(element) != Some(rule.place) || self.tree.get(element).template != (rule.kind == RuleKind::Count) {
            return;
        }
        let at = match &rule.kind {
            RuleKind::Attribute(name) => self.attribute(element, name),
            _ => xpath::Node::element(element),
        };
        let value = match self.evaluate_within(&rule.expr, at, &mut work.limits) {
            Ok(value) => {
                self.troubles.remove(&(number, element));
                Some(value)
            }
            Err(error) => {
                self.troubles.insert((number, element), error);
                None
            }
        };
        match &rule.kind {
            RuleKind::Relevant => self.set_relevance(element, rule.place, value.is_none_or(|value| value.to_bool()), work),
            RuleKind::Calculate => {
                let text = value.map(|value| self.stored(value, rule.place)).unwrap_or_default();
                self.set(element, &text, work);
            }
            RuleKind::Attribute(name) => {
                let text = value.map(|value| value.into_text(self)).unwrap_or_default();
                self.tree.set_attribute(element, name, &text);
            }
            RuleKind::Count => {
                if let Some(value) = value {
                    self.set_rounds(element, rule.place, value.to_number(self), work);
                }
            }
        }
    }

    /// An attribute as a node; it is added if it is not there.
    fn attribute(&mut self, element: NodeId, name: &str) -> xpath::Node {
        if self.tree.attribute(element, name).is_none() {
            self.tree.set_attribute(element, name, "");
        }
        let place = self.tree.get(element).attributes.iter().position(|(key, _)| key == name);
        let place = place.and_then(|place| u16::try_from(place).ok()).unwrap_or_default();
        xpath::Node { part: Part::Attribute(place), ..xpath::Node::element(element) }
    }

    /// A value as it is stored: NaN is blank, and a whole number has no decimals.
    pub(super) fn stored(&self, value: Value, place: PlaceId) -> String {
        match value {
            Value::Number(number) if number.is_nan() => String::new(),
            Value::Number(number) => {
                let whole = self.plan.node(place).and_then(Node::question).is_some_and(|question| question.data_type() == "int");
                xpath::number::to_text(if whole { xpath::number::whole(number) } else { number })
            }
            other => other.into_text(self),
        }
    }

    fn set_relevance(&mut self, element: NodeId, place: PlaceId, relevant: bool, work: &mut Work) {
        if self.tree.get(element).irrelevant != relevant {
            return;
        }
        self.tree.get_mut(element).irrelevant = !relevant;
        work.changes.relevance.push(element);
        for inside in self.plan.downwards(place) {
            self.note_readers(inside, element, work);
        }
    }
}
