//! Which element of an instance stands at which place of the form, and the patterns that new rounds are made of.
use super::plan::{PlaceId, Plan};
use crate::instance::{Instance, NodeId};
use crate::xml::local;

/// Tables beside an instance. They hold until an element is added or removed.
#[derive(Debug, Clone, Default)]
pub(super) struct Index {
    places: Vec<Option<PlaceId>>,
    elements: Vec<Vec<NodeId>>,
    patterns: Vec<Vec<NodeId>>,
}

impl Index {
    pub fn new(plan: &Plan, tree: &Instance) -> Self {
        let mut index = Self {
            places: vec![None; tree.capacity()],
            elements: vec![Vec::new(); plan.spots.len()],
            patterns: vec![Vec::new(); plan.spots.len()],
        };
        let mut open = vec![(tree.root(), PlaceId::ROOT)];
        while let Some((id, place)) = open.pop() {
            index.places[Instance::index(id)] = Some(place);
            if tree.get(id).template {
                index.patterns[place.index()].push(id);
                continue;
            }
            index.elements[place.index()].push(id);
            let before = open.len();
            let mut next = 0;
            for child in tree.children(id) {
                let found = child_place(plan, place, &tree.get(*child).name, next);
                if let Some((number, found)) = found {
                    next = number;
                    open.push((*child, found));
                }
            }
            open[before..].reverse();
        }
        index
    }

    /// The place that an element stands at; nothing for what the form does not know.
    pub fn place(&self, id: NodeId) -> Option<PlaceId> {
        self.places.get(Instance::index(id)).copied().flatten()
    }

    /// The elements at a place, in order.
    pub fn elements(&self, place: PlaceId) -> &[NodeId] {
        self.elements.get(place.index()).map_or(&[], Vec::as_slice)
    }

    /// The patterns of a repeat, one in each element that can hold its rounds.
    pub fn patterns(&self, place: PlaceId) -> &[NodeId] {
        self.patterns.get(place.index()).map_or(&[], Vec::as_slice)
    }
}

/// The place of a child by its name. The children of an instance mostly come in the order of the form, so the search begins at `from`.
fn child_place(plan: &Plan, place: PlaceId, name: &str, from: usize) -> Option<(usize, PlaceId)> {
    let children = &plan.spot(place).children;
    let wanted = local(name);
    let numbers = (from..children.len()).chain(0..from.min(children.len()));
    numbers.map(|number| (number, children[number])).find(|(_, child)| plan.spot(*child).name == wanted)
}

/// Sees to it that each element that can hold rounds holds their pattern: instances that were submitted come without.
pub(super) fn add_patterns(plan: &Plan, tree: &mut Instance, source: Option<&Instance>) {
    let mut open = vec![(tree.root(), PlaceId::ROOT)];
    while let Some((id, place)) = open.pop() {
        for child in plan.spot(place).children.iter().filter(|child| plan.spot(**child).is_repeat) {
            let name = &plan.spot(*child).name;
            if tree.template(id, name).is_none() {
                add_pattern(plan, tree, id, *child, source);
            }
        }
        let mut next = 0;
        for child in tree.children(id).to_vec() {
            if let Some((number, found)) = child_place(plan, place, &tree.get(child).name, next) {
                next = number;
                open.push((child, found));
            }
        }
    }
}

/// Adds the pattern of a repeat before its first round: that of `source`, or else the first round as it is, or a blank one.
fn add_pattern(plan: &Plan, tree: &mut Instance, parent: NodeId, repeat: PlaceId, source: Option<&Instance>) {
    let name = &plan.spot(repeat).name;
    let first = tree.child(parent, name);
    let at = tree.children(parent).iter().position(|id| Some(*id) == first).unwrap_or(tree.children(parent).len());
    let known = source.and_then(|source| Some((source, plan.pattern(repeat)?)));
    let pattern = match (known, first) {
        (Some((source, pattern)), _) => tree.graft(parent, at, source, pattern),
        (None, Some(first)) => {
            let copy = tree.clone();
            tree.graft(parent, at, &copy, first)
        }
        (None, None) => blank(plan, tree, parent, at, repeat),
    };
    tree.get_mut(pattern).template = true;
}

fn blank(plan: &Plan, tree: &mut Instance, parent: NodeId, at: usize, place: PlaceId) -> NodeId {
    let top = tree.insert(parent, at, &plan.spot(place).name);
    let mut open = vec![(top, place)];
    while let Some((id, place)) = open.pop() {
        for child in &plan.spot(place).children {
            let new = tree.add(id, &plan.spot(*child).name);
            open.push((new, *child));
        }
    }
    top
}

/// The first pattern of each repeat, patterns within patterns included.
pub(super) fn find_patterns(plan: &Plan, tree: &Instance) -> Vec<Option<NodeId>> {
    let mut found = vec![None; plan.spots.len()];
    let mut open = vec![(tree.root(), PlaceId::ROOT)];
    while let Some((id, place)) = open.pop() {
        if tree.get(id).template {
            found[place.index()].get_or_insert(id);
        }
        for child in tree.children(id) {
            open.extend(child_place(plan, place, &tree.get(*child).name, 0).map(|(_, place)| (*child, place)));
        }
    }
    found
}
