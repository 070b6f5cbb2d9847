//! What can be chosen.
use std::collections::{HashMap, HashSet};

use super::fill::Session;
use crate::form::{Choice, ChoiceList, ItemSet, ItemSource, Media, Question};
use crate::instance::{Instance, NodeId};
use crate::xpath::{self, Context, Expr, Value, moment};

/// A choice as it is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// What is stored.
    pub value: String,
    /// What people read; the value where there are no words.
    pub label: String,
    /// Pictures and sounds.
    pub media: Vec<Media>,
}

impl Session {
    /// What can be chosen for a question now, in the order to show it. Nothing for questions without choices.
    pub fn items(&self, element: NodeId) -> Result<Vec<Item>, xpath::Error> {
        let Some(set) = self.item_set(element) else { return Ok(Vec::new()) };
        if let Some(list) = self.whole_list(set) {
            return Ok(list.choices.iter().map(|choice| self.item(choice, element)).collect());
        }
        let nodes = self.item_nodes(set, element)?;
        Ok(self.shown(set, &nodes, element))
    }

    fn item_set(&self, element: NodeId) -> Option<&ItemSet> {
        self.node(element)?.question().and_then(|question: &Question| question.items.as_ref())
    }

    // The list of the form that a set takes as it stands: most do, and then nothing need be worked out.
    fn whole_list(&self, set: &ItemSet) -> Option<&ChoiceList> {
        let ItemSource::List(name) = &set.source else { return None };
        let as_it_stands = set.filter.is_none() && set.shuffle.is_none() && set.value == "name";
        let is_other = || self.plan.form.secondary.iter().any(|other| other.id == *name);
        if !as_it_stands || is_other() {
            return None;
        }
        self.plan.form.list(name)
    }

    fn item(&self, choice: &Choice, element: NodeId) -> Item {
        let label = self.words(&choice.label, element).filter(|words| !words.is_empty());
        Item {
            value: choice.value.clone(),
            label: label.unwrap_or_else(|| choice.value.clone()),
            media: self.media_of(&choice.label),
        }
    }

    fn item_nodes(&self, set: &ItemSet, element: NodeId) -> Result<Vec<xpath::Node>, xpath::Error> {
        let Some(expr) = self.plan.read.get(&set.nodes()) else { return Ok(Vec::new()) };
        let Value::Nodes(nodes) = self.evaluate(expr, element)? else { return Err(xpath::Error::NotNodes) };
        let Some(shuffle) = &set.shuffle else { return Ok(nodes) };
        // Without a seed of the form the order is that of the session: it must not change while the page is looked at.
        let seed = match shuffle.seed.as_ref().and_then(|seed| self.plan.expr(seed)) {
            Some(seed) => self.evaluate(seed, element)?,
            None => Value::Number((self.surroundings.seed >> 16) as f64),
        };
        Ok(xpath::shuffled(nodes, seed, self))
    }

    fn shown(&self, set: &ItemSet, nodes: &[xpath::Node], element: NodeId) -> Vec<Item> {
        let Some(tree) = nodes.first().and_then(|node| self.tree(node.instance)) else { return Vec::new() };
        if let ItemSource::List(name) = &set.source
            && let Some(list) = self.plan.form.list(name)
        {
            let places: HashMap<NodeId, usize> =
                tree.children(tree.root()).iter().enumerate().map(|(place, id)| (*id, place)).collect();
            let choices = nodes.iter().filter_map(|node| list.choices.get(*places.get(&node.id)?));
            return choices.map(|choice| self.item(choice, element)).collect();
        }
        let items = nodes.iter().map(|node| {
            let value = child(tree, node.id, &set.value);
            let label = child(tree, node.id, &set.label);
            Item {
                label: if label.is_empty() { value.to_owned() } else { label.to_owned() },
                value: value.to_owned(),
                media: Vec::new(),
            }
        });
        // Rounds whose name is still blank can't be chosen.
        items.filter(|item| !item.value.is_empty()).collect()
    }

    /// The label of a choice: among those that can be chosen, else among all of the list.
    pub(super) fn label_of_choice(&self, element: NodeId, value: &str) -> Option<String> {
        let set = self.item_set(element)?;
        if set.filter.is_some() || !matches!(set.source, ItemSource::List(_)) {
            let found = self.items(element).ok().and_then(|items| items.into_iter().find(|item| item.value == value));
            if let Some(found) = found {
                return Some(found.label);
            }
        }
        let ItemSource::List(name) = &set.source else { return None };
        let choice = self.plan.form.list(name)?.choices.iter().find(|choice| choice.value == value)?;
        self.words(&choice.label, element)
    }

    /// Whether all parts of an answer can be chosen now; the first that can't.
    pub(super) fn stranger(&self, element: NodeId, answer: &str, several: bool) -> Option<String> {
        let set = self.item_set(element)?;
        let known: HashSet<&str> = match self.whole_list(set) {
            Some(list) => list.choices.iter().map(|choice| choice.value.as_str()).collect(),
            None => {
                let nodes = self.item_nodes(set, element).ok()?;
                let tree = nodes.first().and_then(|node| self.tree(node.instance));
                tree.map(|tree| nodes.iter().map(|node| child(tree, node.id, &set.value)).collect()).unwrap_or_default()
            }
        };
        let parts: Vec<&str> = if several { answer.split(' ').filter(|part| !part.is_empty()).collect() } else { vec![answer] };
        parts.into_iter().find(|part| !known.contains(part)).map(str::to_owned)
    }

    /// The value of an expression as a date shown to people, in the names of the surroundings.
    pub fn formatted_day(&self, iso: &str, format: &str) -> Option<String> {
        match moment::read(iso, self.surroundings.now.offset)? {
            moment::Reading::Day(day) => Some(moment::format(day, 0, format, &self.surroundings.names)),
            _ => None,
        }
    }

    /// The value of an expression of the caller's own, seen from an element; for previews and tests of a form.
    pub fn look(&self, expr: &Expr, element: NodeId) -> Result<Value, xpath::Error> {
        self.evaluate(expr, element)
    }
}

/// The text of a child, or of one further down a path of names.
fn child<'a>(tree: &'a Instance, item: NodeId, path: &str) -> &'a str {
    path.split('/').try_fold(item, |id, name| tree.child(id, name)).map_or("", |id| tree.text(id))
}
