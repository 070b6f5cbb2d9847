//! A filled copy at work.
use std::collections::BTreeMap;
use std::sync::Arc;

use super::index::Index;
use super::plan::{PlaceId, Plan};
use super::run::Work;
use super::tally::Tally;
use crate::form::Node;
use crate::instance::{Instance, NodeId};
use crate::xpath::moment::Moment;
use crate::xpath::{self, Context, Expr, Limits, Names, Value};

/// The longest answer, in bytes.
const LONGEST: usize = 1 << 20;

/// What a session knows of the world. The same surroundings and answers give the same bytes.
#[derive(Debug, Clone)]
pub struct Surroundings {
    /// What `now()` and `today()` say, and which offset from UTC the person lives by.
    pub now: Moment,
    /// Where chance begins; a draft that is resumed needs another one each time.
    pub seed: u64,
    /// Name of the language to show; the form's own default if empty or unknown.
    pub language: String,
    /// What `property()` and preloads ask for: `username`, `deviceid`, `email`, `phonenumber` …
    pub properties: Vec<(String, String)>,
    /// The copy that was saved last, if any.
    pub last_saved: Option<Instance>,
    /// Short names of months and weekdays.
    pub names: Names,
    /// Lists that are not kept beside the form but belong to where it is filled in: address and what stands in it.
    pub lists: Vec<(String, Instance)>,
}

impl Surroundings {
    /// Surroundings of which nothing is known but time and chance.
    pub fn new(now: Moment, seed: u64) -> Self {
        Self {
            now,
            seed,
            language: String::new(),
            properties: Vec::new(),
            last_saved: None,
            names: Names::ENGLISH,
            lists: Vec::new(),
        }
    }
}

/// One filled copy of a form, always worked out to the end.
#[derive(Debug, Clone)]
pub struct Session {
    pub(super) plan: Arc<Plan>,
    pub(super) tree: Instance,
    pub(super) index: Index,
    pub(super) surroundings: Surroundings,
    pub(super) last_saved: Instance,
    pub(super) language: usize,
    pub(super) chance: Tally,
    pub(super) nested: Tally,
    pub(super) troubles: BTreeMap<(u32, NodeId), xpath::Error>,
}

/// What a call changed, for whoever shows it. Elements are in the order of the changes, and some may be told twice.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Changes {
    /// Elements that have another value, also by calculation.
    pub values: Vec<NodeId>,
    /// Elements that became relevant or ceased to be, with all they hold.
    pub relevance: Vec<NodeId>,
    /// Rounds that were added.
    pub added: Vec<NodeId>,
    /// How many rounds were removed.
    pub removed: usize,
    /// Elements that wait for the place of the device.
    pub places_wanted: Vec<NodeId>,
}

/// Why a call changed nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// There is no such element, or it is no question, or no repeat.
    Unknown,
    /// It is not asked at present.
    NotAsked,
    /// It can't be changed.
    ReadOnly,
    /// The answer is longer than a mebibyte.
    TooLong,
    /// The number of rounds is fixed, or there are as many as a form may have.
    Rounds,
}

/// An expression that could not be worked out.
#[derive(Debug, Clone, PartialEq)]
pub struct Trouble {
    /// The element it belongs to.
    pub element: NodeId,
    /// Where the author wrote it.
    pub place: crate::form::Place,
    /// Why.
    pub error: xpath::Error,
}

impl Session {
    /// The plan it follows.
    pub fn plan(&self) -> &Plan {
        &self.plan
    }

    /// The copy as it is: to be stored with `Extent::Everything`, to be sent with `Extent::Submission`.
    pub fn instance(&self) -> &Instance {
        &self.tree
    }

    /// The place of the form that an element stands at.
    pub fn place(&self, element: NodeId) -> Option<PlaceId> {
        self.index.place(element)
    }

    /// The question, group or repeat that an element belongs to.
    pub fn node(&self, element: NodeId) -> Option<&Node> {
        self.plan.node(self.index.place(element)?)
    }

    /// The elements at a place: one for each round, in order.
    pub fn elements(&self, place: PlaceId) -> &[NodeId] {
        self.index.elements(place)
    }

    /// The value of a question.
    pub fn value(&self, element: NodeId) -> &str {
        self.tree.text(element)
    }

    /// Whether an element is asked: it and all around it are relevant.
    pub fn is_relevant(&self, element: NodeId) -> bool {
        let mut up = std::iter::successors(Some(element), |id| self.tree.parent(*id));
        up.all(|id| !self.tree.get(id).irrelevant && !self.tree.get(id).template)
    }

    /// Whether a question can't be changed now.
    pub fn is_readonly(&self, element: NodeId) -> bool {
        let mut up = std::iter::successors(Some(element), |id| self.tree.parent(*id));
        up.any(|id| {
            self.node(id).and_then(|node| node.bind.readonly.as_ref()).is_some_and(|rule| self.holds(self.plan.expr(rule), id))
        })
    }

    /// Whether a question demands an answer now.
    pub fn is_required(&self, element: NodeId) -> bool {
        self.node(element)
            .and_then(|node| node.bind.required.as_ref())
            .is_some_and(|rule| self.holds(self.plan.expr(rule), element))
    }

    /// Answers a question; a blank text takes the answer back. What is wrong with an answer is told by `check`, and it is kept all the same.
    pub fn answer(&mut self, element: NodeId, text: &str) -> Result<Changes, Refusal> {
        let place = self.index.place(element).filter(|place| self.plan.is_shown(*place)).ok_or(Refusal::Unknown)?;
        if !self.index.elements(place).contains(&element) {
            return Err(Refusal::Unknown);
        }
        if text.len() > LONGEST {
            return Err(Refusal::TooLong);
        }
        if !self.is_relevant(element) {
            return Err(Refusal::NotAsked);
        }
        if self.is_readonly(element) {
            return Err(Refusal::ReadOnly);
        }
        let mut work = Work::live();
        self.set(element, text, &mut work);
        self.run(&mut work);
        Ok(work.changes)
    }

    /// Moves the clock, for `now()` and `today()` from here on. Nothing is worked out again by that alone, as in Collect.
    pub fn set_now(&mut self, now: Moment) {
        self.surroundings.now = now;
    }

    /// Shows another language; whether the form has it. Texts that a language lacks are shown in the default one.
    pub fn set_language(&mut self, name: &str) -> bool {
        let found = self.plan.form.languages.iter().position(|language| language.name == name);
        self.language = found.unwrap_or(self.language);
        found.is_some()
    }

    /// The language in use, by its place in the form.
    pub fn language(&self) -> usize {
        self.language
    }

    /// Expressions that could not be worked out at present. A calculation is blank then, and what has no relevance is shown.
    pub fn troubles(&self) -> Vec<Trouble> {
        let all = self.troubles.iter().filter_map(|((rule, element), error)| {
            let rule = self.plan.rules.get(*rule as usize)?;
            Some(Trouble { element: *element, place: rule.at.clone(), error: error.clone() })
        });
        all.collect()
    }

    pub(super) fn evaluate(&self, expr: &Expr, element: NodeId) -> Result<Value, xpath::Error> {
        xpath::evaluate(expr, self, xpath::Node::element(element))
    }

    pub(super) fn evaluate_within(&self, expr: &Expr, at: xpath::Node, limits: &mut Limits) -> Result<Value, xpath::Error> {
        xpath::evaluate_within(expr, self, at, limits)
    }

    // The list of this number, where the surroundings have it and the form does not.
    fn given(&self, number: u16) -> Option<&Instance> {
        if self.surroundings.lists.is_empty() {
            return None;
        }
        let address = self.plan.others.lacks(number)?;
        self.surroundings.lists.iter().find(|(known, _)| known == address).map(|(_, list)| list)
    }

    /// Whether an expression holds; one that can't be worked out does not.
    pub(super) fn holds(&self, expr: Option<&Expr>, element: NodeId) -> bool {
        expr.and_then(|expr| self.evaluate(expr, element).ok()).is_some_and(|value| value.to_bool())
    }
}

impl Context for Session {
    fn tree(&self, number: u16) -> Option<&Instance> {
        if number == 0 {
            return Some(&self.tree);
        }
        self.given(number).or_else(|| self.plan.others.tree(number, &self.last_saved))
    }

    fn instance(&self, id: &str) -> Option<u16> {
        self.plan.others.number(id)
    }

    fn now(&self) -> Moment {
        self.surroundings.now
    }

    /// The generator "splitmix64": every seed is as good as any other, and it is the same everywhere.
    fn chance(&self) -> u64 {
        let state = self.chance.get().wrapping_add(0x9e37_79b9_7f4a_7c15);
        self.chance.set(state);
        let mixed = (state ^ state >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ mixed >> 31
    }

    fn names(&self) -> &Names {
        &self.surroundings.names
    }

    fn choice_name(&self, value: &str, path: &str, from: xpath::Node) -> Option<String> {
        self.name_of_choice(value, path, from.id)
    }

    fn itext(&self, id: &str) -> Option<String> {
        self.text_with_id(id)
    }

    fn property(&self, name: &str) -> Option<String> {
        self.surroundings.properties.iter().find(|(key, _)| key == name).map(|(_, value)| value.clone())
    }

    fn version(&self) -> &str {
        &self.plan.form.version
    }
}
