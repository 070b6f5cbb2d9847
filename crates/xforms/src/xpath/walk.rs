//! From node to node in an instance. Templates of repeats, and rounds that are not asked, are passed over.
use super::context::{Node, Part};
use crate::instance::{Instance, NodeId};

/// What a node holds: elements, or its text. Attributes are not held.
pub(super) fn children(tree: &Instance, node: Node) -> impl Iterator<Item = Node> {
    let (outermost, inner) = match node.part {
        Part::Root => (Some(node.id), &[][..]),
        Part::Element => (None, tree.children(node.id)),
        Part::Attribute(_) | Part::Text => (None, &[][..]),
    };
    let has_text = node.part == Part::Element && inner.is_empty() && !tree.text(node.id).is_empty();
    let text = has_text.then_some(Node { part: Part::Text, ..node });
    let elements = outermost.into_iter().chain(inner.iter().copied()).filter(|id| !is_hidden(tree, *id));
    elements.map(move |id| Node { part: Part::Element, id, ..node }).chain(text)
}

/// Templates are hidden, and rounds of repeats that are not asked. Other elements that are not asked are there and blank, as in Collect,
/// so that `${question} = ''` and `${question} != 'yes'` hold for them.
fn is_hidden(tree: &Instance, id: NodeId) -> bool {
    let element = tree.get(id);
    element.template || (element.irrelevant && !tree.children(id).is_empty() && is_round(tree, id))
}

fn is_round(tree: &Instance, id: NodeId) -> bool {
    tree.parent(id).is_some_and(|parent| tree.template(parent, &tree.get(id).name).is_some())
}

/// Whether an element, or anything around it, is not asked.
pub(super) fn is_irrelevant(tree: &Instance, id: NodeId) -> bool {
    std::iter::successors(Some(id), |id| tree.parent(*id)).any(|id| tree.get(id).irrelevant)
}

/// All that a node holds, and what that holds, in order.
pub(super) fn descendants(tree: &Instance, node: Node, take: &mut impl FnMut(Node)) {
    let mut open: Vec<Node> = children(tree, node).collect();
    open.reverse();
    while let Some(next) = open.pop() {
        take(next);
        let before = open.len();
        open.extend(children(tree, next));
        open[before..].reverse();
    }
}

/// Root, elements and texts of an instance in order, those passed over otherwise included.
pub(super) fn everything(tree: &Instance, number: u16, take: &mut impl FnMut(Node)) {
    take(Node::root(number, tree));
    let mut open = vec![tree.root()];
    while let Some(id) = open.pop() {
        take(Node { instance: number, part: Part::Element, id });
        take(Node { instance: number, part: Part::Text, id });
        open.extend(tree.children(id).iter().rev());
    }
}

/// What holds a node.
pub(super) fn parent(tree: &Instance, node: Node) -> Option<Node> {
    match node.part {
        Part::Root => None,
        Part::Attribute(_) | Part::Text => Some(Node { part: Part::Element, ..node }),
        Part::Element => Some(match tree.parent(node.id) {
            Some(id) => Node { id, ..node },
            None => Node { part: Part::Root, ..node },
        }),
    }
}

/// What the same parent holds before and after a node.
pub(super) fn siblings(tree: &Instance, node: Node) -> (Vec<Node>, Vec<Node>) {
    let ids = match (node.part, tree.parent(node.id)) {
        (Part::Element, Some(parent)) => tree.children(parent),
        _ => return (Vec::new(), Vec::new()),
    };
    let place = ids.iter().position(|id| *id == node.id).unwrap_or(0);
    let shown = |ids: &[NodeId]| ids.iter().filter(|id| !is_hidden(tree, **id)).map(|id| Node { id: *id, ..node }).collect();
    (shown(&ids[..place]), shown(&ids[place + 1..]))
}
