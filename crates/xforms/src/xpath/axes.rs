//! Paths: steps along axes, tests and predicates.
use std::collections::HashSet;

use super::ast::{Axis, Expr, Operator, Path, Start, Step, Test};
use super::compare;
use super::context::{self, Node, Part};
use super::error::Error;
use super::eval::{Evaluator, Focus};
use super::predicate::{is_comparison, look_up, uses_place};
use super::value::{Value, with_text};
use super::walk::{children, descendants, everything, parent, siblings};
use crate::instance::Instance;
use crate::xml::same_local;

/// Up to so many nodes are put in order by comparing them; more by going through their instance.
const FEW: usize = 16;

impl Evaluator<'_> {
    /// What a path finds; what a filtered expression without steps gives.
    pub fn path(&mut self, path: &Path, focus: Focus) -> Result<Value, Error> {
        let mut nodes = match &path.start {
            Start::Here => vec![focus.node],
            Start::Root => {
                let tree = self.context.tree(0).ok_or(Error::NotNodes)?;
                vec![Node::root(0, tree)]
            }
            Start::Filter { from, predicates } => {
                let mut nodes = self.nodes(from, focus)?;
                for predicate in predicates {
                    nodes = self.keep(nodes, predicate)?;
                }
                nodes
            }
        };
        // ODK: inside a repeat an absolute path means the round it is written in, up to its last step.
        let mut own_round = path.start == Start::Root;
        let mut flat = nodes.len() < 2;
        let mut rest = path.steps.as_slice();
        while let Some((step, after)) = rest.split_first() {
            rest = after;
            let fused = fuse(step, after);
            if fused.is_some() {
                rest = &after[1..];
            }
            let step = fused.as_ref().unwrap_or(step);
            nodes = self.step(nodes, step, flat)?;
            own_round &= step.axis == Axis::Child && step.predicates.is_empty();
            if own_round && !rest.is_empty() && nodes.len() > 1 {
                nodes = self.own_round(nodes);
            }
            flat = nodes.len() < 2 || (flat && matches!(step.axis, Axis::Child | Axis::Attribute | Axis::Itself));
        }
        Ok(Value::Nodes(nodes))
    }

    /// Of several nodes the one that the expression stands in, if it stands in one of them.
    fn own_round(&self, nodes: Vec<Node>) -> Vec<Node> {
        let Some(tree) = self.context.tree(self.current.instance) else { return nodes };
        let mut at = Some(self.current.id);
        while let Some(id) = at {
            let own = Node { instance: self.current.instance, part: Part::Element, id };
            if nodes.contains(&own) {
                return vec![own];
            }
            at = tree.parent(id);
        }
        nodes
    }

    /// One step from each of the nodes. `flat` says that they are in order and none holds another.
    fn step(&mut self, nodes: Vec<Node>, step: &Step, flat: bool) -> Result<Vec<Node>, Error> {
        let mut found = Vec::new();
        for node in nodes {
            let mut here = self.along(node, step.axis, &step.test)?;
            for predicate in &step.predicates {
                here = self.keep(here, predicate)?;
            }
            found.append(&mut here);
            if found.len() > self.limits.nodes {
                return Err(Error::TooManyNodes);
            }
        }
        let ordered =
            flat && matches!(step.axis, Axis::Child | Axis::Attribute | Axis::Itself | Axis::Descendant | Axis::DescendantOrSelf);
        if ordered || found.len() < 2 { Ok(found) } else { self.in_order(found) }
    }

    /// The nodes on an axis that pass the test, in the order of the axis.
    fn along(&mut self, node: Node, axis: Axis, test: &Test) -> Result<Vec<Node>, Error> {
        let mut found = Vec::new();
        let context = self.context;
        let Some(tree) = context.tree(node.instance) else { return Ok(found) };
        let mut looked = 0;
        let mut take = |candidate: Node| {
            looked += 1;
            if passes(tree, candidate, axis, test) {
                found.push(candidate);
            }
        };
        match axis {
            Axis::Itself => take(node),
            Axis::Child => children(tree, node).for_each(take),
            Axis::Descendant => descendants(tree, node, &mut take),
            Axis::DescendantOrSelf => {
                take(node);
                descendants(tree, node, &mut take);
            }
            Axis::Parent => parent(tree, node).into_iter().for_each(take),
            Axis::Ancestor => std::iter::successors(parent(tree, node), |up| parent(tree, *up)).for_each(take),
            Axis::AncestorOrSelf => std::iter::successors(Some(node), |up| parent(tree, *up)).for_each(take),
            Axis::FollowingSibling => siblings(tree, node).1.into_iter().for_each(take),
            Axis::PrecedingSibling => siblings(tree, node).0.into_iter().rev().for_each(take),
            Axis::Following => {
                for up in std::iter::successors(Some(node), |up| parent(tree, *up)) {
                    for sibling in siblings(tree, up).1 {
                        take(sibling);
                        descendants(tree, sibling, &mut take);
                    }
                }
            }
            Axis::Preceding => {
                for up in std::iter::successors(Some(node), |up| parent(tree, *up)) {
                    for sibling in siblings(tree, up).0.into_iter().rev() {
                        let mut below = vec![sibling];
                        descendants(tree, sibling, &mut |node| below.push(node));
                        below.into_iter().rev().for_each(&mut take);
                    }
                }
            }
            Axis::Attribute if node.part == Part::Element => {
                let count = u16::try_from(tree.get(node.id).attributes.len()).unwrap_or(u16::MAX);
                (0..count).for_each(|place| take(Node { part: Part::Attribute(place), ..node }));
            }
            Axis::Attribute | Axis::Namespace => {}
        }
        self.spend(looked)?;
        Ok(found)
    }

    /// The nodes for which a predicate holds; a number holds for the node at that place.
    fn keep(&mut self, nodes: Vec<Node>, predicate: &Expr) -> Result<Vec<Node>, Error> {
        if let Expr::Chain { first, rest } = predicate
            && !uses_place(predicate)
        {
            if rest.iter().all(|(operator, part)| *operator == Operator::And && is_comparison(part)) && is_comparison(first) {
                let mut nodes = nodes;
                for part in std::iter::once(&**first).chain(rest.iter().map(|(_, part)| part)) {
                    nodes = self.keep(nodes, part)?;
                }
                return Ok(nodes);
            }
            if let Some((name, other)) = look_up(first, rest) {
                return self.keep_equal(nodes, name, other);
            }
        }
        let size = nodes.len();
        let mut kept = Vec::new();
        for (place, node) in nodes.into_iter().enumerate() {
            let focus = Focus { node, position: place + 1, size };
            let holds = match self.value(predicate, focus)? {
                Value::Number(number) => number == focus.position as f64,
                other => other.to_bool(),
            };
            if holds {
                kept.push(node);
            }
        }
        Ok(kept)
    }

    /// `[name = other]` where `other` is the same for every node: it is worked out once.
    fn keep_equal(&mut self, nodes: Vec<Node>, name: &str, other: &Expr) -> Result<Vec<Node>, Error> {
        let Some(first) = nodes.first() else { return Ok(nodes) };
        let context = self.context;
        let other = self.value(other, Focus { node: *first, position: 1, size: nodes.len() })?;
        let texts = match &other {
            Value::Text(text) => Some(vec![text.clone()]),
            Value::Nodes(nodes) => Some(nodes.iter().map(|node| with_text(context, *node, str::to_owned)).collect()),
            _ => None,
        };
        self.spend(nodes.len().saturating_mul(2 + texts.as_ref().map_or(0, Vec::len)))?;
        let mut kept = Vec::new();
        for node in nodes {
            let Some(tree) = context.tree(node.instance) else { continue };
            let mut named = children(tree, node).filter(|child| is_named(tree, *child, name));
            let found = match (&texts, &other) {
                (Some(texts), _) => named.any(|child| with_text(context, child, |text| texts.iter().any(|one| one == text))),
                // Against true or false it counts whether there is such a child at all.
                (None, other) => compare::holds(Operator::Equal, &Value::Nodes(named.collect()), other, context),
            };
            if found {
                kept.push(node);
            }
        }
        Ok(kept)
    }

    /// Nodes in the order of their documents, none twice.
    pub fn in_order(&mut self, mut nodes: Vec<Node>) -> Result<Vec<Node>, Error> {
        self.spend(nodes.len())?;
        if nodes.len() <= FEW {
            nodes.sort_by(|one, other| context::order(self.context, *one, *other));
            nodes.dedup();
            return Ok(nodes);
        }
        let wanted: HashSet<Node> = nodes.iter().copied().collect();
        let mut numbers: Vec<u16> = nodes.iter().map(|node| node.instance).collect();
        numbers.sort_unstable();
        numbers.dedup();
        let mut found = Vec::with_capacity(wanted.len());
        for number in numbers {
            let Some(tree) = self.context.tree(number) else { continue };
            let mut looked = 0;
            let mut take = |node: Node| {
                looked += 1;
                found.extend(wanted.get(&node));
                if node.part == Part::Element {
                    let attributes = u16::try_from(tree.get(node.id).attributes.len()).unwrap_or(u16::MAX);
                    found.extend((0..attributes).filter_map(|place| wanted.get(&Node { part: Part::Attribute(place), ..node })));
                }
            };
            everything(tree, number, &mut take);
            self.spend(looked)?;
        }
        Ok(found)
    }
}

fn is_named(tree: &Instance, node: Node, name: &str) -> bool {
    node.part == Part::Element && same_local(&tree.get(node.id).name, name)
}

/// `//name` as one step, where no predicate could tell the difference.
fn fuse(step: &Step, after: &[Step]) -> Option<Step> {
    let next = after.first()?;
    let fits = step.axis == Axis::DescendantOrSelf && step.test == Test::Node && step.predicates.is_empty();
    (fits && next.axis == Axis::Child && next.predicates.is_empty()).then(|| Step::plain(Axis::Descendant, next.test.clone()))
}

fn passes(tree: &Instance, node: Node, axis: Axis, test: &Test) -> bool {
    let name = match node.part {
        Part::Element => tree.get(node.id).name.as_str(),
        Part::Attribute(place) => tree.get(node.id).attributes.get(usize::from(place)).map_or("", |(name, _)| name),
        Part::Root | Part::Text => return *test == Test::Node || (*test == Test::Text && node.part == Part::Text),
    };
    // Declarations of namespaces are no attributes.
    if axis == Axis::Attribute && (name == "xmlns" || name.starts_with("xmlns:")) {
        return false;
    }
    match test {
        Test::Node => true,
        // A name or * takes what its axis is made of: attributes on that axis, elements on all others.
        Test::Any | Test::Name(_) | Test::Prefix(_) if (axis == Axis::Attribute) != matches!(node.part, Part::Attribute(_)) => {
            false
        }
        Test::Any => true,
        // Which address a prefix stands for is not known here, so prefixes of names do not count.
        Test::Name(wanted) => same_local(name, wanted),
        Test::Prefix(wanted) => name.split_once(':').is_some_and(|(prefix, _)| prefix == wanted),
        Test::Text | Test::Comment | Test::Instruction(_) => false,
    }
}
