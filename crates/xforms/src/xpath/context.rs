//! What the caller gives to evaluate an expression.
use std::cmp::Ordering;

use super::moment::Moment;
use crate::instance::{Instance, NodeId};

/// A node of one of the instances a context has: its root, an element, an attribute, or the text of an element.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Node {
    /// Number of the instance; 0 is the form's own.
    pub instance: u16,
    /// Which part of the element is meant.
    pub part: Part,
    /// The element; of the root, the outermost one.
    pub id: NodeId,
}

/// Which part of an element a node is. The order is that of the document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Part {
    /// What holds the outermost element.
    Root,
    /// The element itself.
    Element,
    /// An attribute, by its place.
    Attribute(u16),
    /// Its text.
    Text,
}

impl Node {
    /// An element of the form's own instance.
    pub fn element(id: NodeId) -> Self {
        Self { instance: 0, part: Part::Element, id }
    }

    /// What holds everything of an instance.
    pub fn root(instance: u16, tree: &Instance) -> Self {
        Self { instance, part: Part::Root, id: tree.root() }
    }
}

/// Short names of months and weekdays in the language of the form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Names {
    /// January first.
    pub months: [&'static str; 12],
    /// Sunday first.
    pub weekdays: [&'static str; 7],
}

impl Names {
    /// Those of English.
    pub const ENGLISH: Self = Self {
        months: ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"],
        weekdays: ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"],
    };

    /// A month, 1 to 12.
    pub(super) fn month(&self, month: i64) -> &'static str {
        usize::try_from(month - 1).ok().and_then(|place| self.months.get(place)).copied().unwrap_or_default()
    }

    /// A weekday, 0 for Sunday.
    pub(super) fn weekday(&self, weekday: i64) -> &'static str {
        usize::try_from(weekday).ok().and_then(|place| self.weekdays.get(place)).copied().unwrap_or_default()
    }
}

/// What expressions are evaluated in. Only the first three are needed by every expression.
pub trait Context {
    /// The instance of that number; `None` if there is none. 0 is the form's own.
    fn tree(&self, number: u16) -> Option<&Instance>;

    /// The number of a secondary instance.
    fn instance(&self, id: &str) -> Option<u16>;

    /// The time for `now()` and `today()`; it should stand still while one answer is worked in.
    fn now(&self) -> Moment;

    /// The next 64 bits of chance, for `random()`, `uuid()` and `randomize()` without a seed.
    fn chance(&self) -> u64;

    /// Names for `format-date()`.
    fn names(&self) -> &Names {
        &Names::ENGLISH
    }

    /// The label, in the language in use, of the choice with this value for the question at `path`, which `from` refers to.
    fn choice_name(&self, _value: &str, _path: &str, _from: Node) -> Option<String> {
        None
    }

    /// The text with this id in the language in use.
    fn itext(&self, _id: &str) -> Option<String> {
        None
    }

    /// What is known of the device or the person: `username`, `deviceid`, `email` …
    fn property(&self, _name: &str) -> Option<String> {
        None
    }

    /// The version of the form.
    fn version(&self) -> &str {
        ""
    }
}

/// Which of two nodes of a context comes first.
pub(super) fn order(context: &dyn Context, one: Node, other: Node) -> Ordering {
    if one.instance != other.instance || one.id == other.id {
        return (one.instance, one.part).cmp(&(other.instance, other.part));
    }
    let Some(tree) = context.tree(one.instance) else { return Ordering::Equal };
    match (one.part, other.part) {
        (Part::Root, _) => return Ordering::Less,
        (_, Part::Root) => return Ordering::Greater,
        _ => {}
    }
    // What an element holds comes after the element, its attributes and its own text.
    let (path, other_path) = (ancestry(tree, one.id), ancestry(tree, other.id));
    let common = path.iter().zip(&other_path).take_while(|(a, b)| a == b).count();
    match (path.get(common), other_path.get(common)) {
        (None, _) => Ordering::Less,
        (_, None) => Ordering::Greater,
        (Some(a), Some(b)) => {
            let siblings = path.get(common - 1).map_or(&[][..], |parent| tree.children(*parent));
            let place = |id| siblings.iter().position(|sibling| *sibling == id);
            place(*a).cmp(&place(*b))
        }
    }
}

/// An element and what holds it, outermost first.
pub(super) fn ancestry(tree: &Instance, id: NodeId) -> Vec<NodeId> {
    let mut path = vec![id];
    let mut at = id;
    while let Some(parent) = tree.parent(at) {
        path.push(parent);
        at = parent;
    }
    path.reverse();
    path
}
