//! The four types of values and how they turn into each other.
use super::context::{Context, Node, Part};
use super::number;
use super::walk::is_irrelevant;
use crate::instance::Instance;

/// What an expression gives.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// Nodes in document order, or in the order of `randomize()`; none twice.
    Nodes(Vec<Node>),
    /// A number, perhaps NaN.
    Number(f64),
    /// A text.
    Text(String),
    /// True or false.
    Bool(bool),
}

impl Value {
    /// As a text: of nodes that of the first, of none the empty one.
    pub fn to_text(&self, context: &dyn Context) -> String {
        match self {
            Self::Nodes(nodes) => nodes.first().map(|node| text_of(context, *node)).unwrap_or_default(),
            Self::Number(value) => number::to_text(*value),
            Self::Text(text) => text.clone(),
            Self::Bool(value) => value.to_string(),
        }
    }

    /// As a text, without copying one that is there.
    pub fn into_text(self, context: &dyn Context) -> String {
        if let Self::Text(text) = self { text } else { self.to_text(context) }
    }

    /// As a number; a text that is none is NaN.
    pub fn to_number(&self, context: &dyn Context) -> f64 {
        match self {
            Self::Number(value) => *value,
            Self::Bool(value) => f64::from(u8::from(*value)),
            Self::Text(text) => number::from_text(text, context.now().offset),
            Self::Nodes(_) => number::from_text(&self.to_text(context), context.now().offset),
        }
    }

    /// As a truth: nodes if there are any, numbers unless zero or NaN, texts unless empty. So the text `false` is true.
    pub fn to_bool(&self) -> bool {
        match self {
            Self::Nodes(nodes) => !nodes.is_empty(),
            Self::Number(value) => *value != 0.0 && !value.is_nan(),
            Self::Text(text) => !text.is_empty(),
            Self::Bool(value) => *value,
        }
    }
}

/// The text of a node: what it holds, and of what holds others, theirs in order. What is not relevant is blank.
pub(super) fn text_of(context: &dyn Context, node: Node) -> String {
    match context.tree(node.instance) {
        Some(tree) if !is_blank(tree, node) => kept_text(tree, node),
        _ => String::new(),
    }
}

/// Only the form's own instance has what is not asked.
fn is_blank(tree: &Instance, node: Node) -> bool {
    node.instance == 0 && is_irrelevant(tree, node.id)
}

/// The text of a node, whether it is relevant or not.
pub(super) fn kept_text(tree: &Instance, node: Node) -> String {
    let element = tree.get(node.id);
    match node.part {
        Part::Text => element.text.clone(),
        Part::Attribute(place) => element.attributes.get(usize::from(place)).map(|(_, value)| value.clone()).unwrap_or_default(),
        Part::Element if tree.children(node.id).is_empty() => element.text.clone(),
        Part::Element | Part::Root => {
            let mut out = String::new();
            let mut open = vec![node.id];
            while let Some(id) = open.pop() {
                let element = tree.get(id);
                if id == node.id || !(element.irrelevant || element.template) {
                    let children = tree.children(id);
                    out.push_str(if children.is_empty() { &element.text } else { "" });
                    open.extend(children.iter().rev());
                }
            }
            out
        }
    }
}

/// Runs `read` with the text of a node, without copying it where the node has one of its own.
pub(super) fn with_text<T>(context: &dyn Context, node: Node, read: impl FnOnce(&str) -> T) -> T {
    match context.tree(node.instance) {
        Some(tree) if is_blank(tree, node) => read(""),
        Some(tree) if node.part == Part::Element && tree.children(node.id).is_empty() => read(tree.text(node.id)),
        _ => read(&text_of(context, node)),
    }
}
