//! What can be chosen: lists in the form, files beside it, and rounds of a repeat.
use crate::form::{Expression, Place};
use crate::instance::Instance;
use crate::text::Text;

/// A list of choices kept in the form; also a secondary instance `instance('<name>')/root/item`.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ChoiceList {
    /// Its name.
    pub name: String,
    /// Its choices in order.
    pub choices: Vec<Choice>,
    /// Whether it is kept in a file beside the form (`itemsets.csv`).
    pub outside: bool,
    /// Where it begins.
    pub place: Place,
}

/// One choice.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Choice {
    /// What is stored.
    pub value: String,
    /// What people read.
    pub label: Text,
    /// Other columns, in the author's order: for filters, maps and look-ups.
    pub extra: Vec<(String, String)>,
    /// Where the author wrote it.
    pub place: Place,
}

/// Where a select takes its choices from.
#[derive(Debug, Clone, PartialEq)]
pub struct ItemSet {
    /// The list, file or repeat.
    pub source: ItemSource,
    /// Which of them; the context of the expression is one item.
    pub filter: Option<Expression>,
    /// Whether they are shuffled, and with which seed.
    pub shuffle: Option<Shuffle>,
    /// Child that holds what is stored: `name` unless said otherwise.
    pub value: String,
    /// Child that holds what people read: `label` unless said otherwise.
    pub label: String,
}

/// Where items are.
#[derive(Debug, Clone, PartialEq)]
pub enum ItemSource {
    /// A list of the form.
    List(String),
    /// A secondary instance, by id; its items are `/root/item`.
    Instance(String),
    /// Any node-set, such as the rounds of a repeat.
    Nodes(Expression),
}

/// Choices in an order of chance.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Shuffle {
    /// The same seed gives the same order.
    pub seed: Option<Expression>,
}

/// A secondary instance.
#[derive(Debug, Clone, PartialEq)]
pub struct Secondary {
    /// Its id.
    pub id: String,
    /// What it holds.
    pub source: SecondarySource,
}

/// What a secondary instance holds.
#[derive(Debug, Clone, PartialEq)]
pub enum SecondarySource {
    /// A tree kept in the form.
    Internal(Instance),
    /// A file beside the form, by its address: `jr://file-csv/x.csv`, `jr://file/x.xml`, `jr://file/x.geojson`.
    File(String),
    /// The last instance that was saved.
    LastSaved,
}

impl ItemSet {
    /// All choices of a source, values and labels in the usual children.
    pub fn all(source: ItemSource) -> ItemSet {
        ItemSet { source, filter: None, shuffle: None, value: "name".to_owned(), label: "label".to_owned() }
    }

    /// The node-set as XPath, without the shuffle.
    pub fn nodes(&self) -> String {
        let mut text = match &self.source {
            ItemSource::List(id) | ItemSource::Instance(id) => format!("instance('{id}')/root/item"),
            ItemSource::Nodes(expression) => expression.text.clone(),
        };
        if let Some(filter) = &self.filter {
            text.push('[');
            text.push_str(&filter.text);
            text.push(']');
        }
        text
    }
}

impl ChoiceList {
    /// It as the tree that expressions see: `/root/item` with `name` and the extra columns. Labels depend on the language and are left out.
    pub fn as_instance(&self) -> Instance {
        let mut tree = Instance::new("root");
        for choice in &self.choices {
            let item = tree.add(tree.root(), "item");
            let name = tree.add(item, "name");
            tree.set_text(name, &choice.value);
            for (column, value) in &choice.extra {
                let child = tree.add(item, column);
                tree.set_text(child, value);
            }
        }
        tree
    }
}
