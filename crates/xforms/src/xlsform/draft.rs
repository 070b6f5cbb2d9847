//! The survey as a tree of drafts: names and places are known, expressions are not yet resolved.
use std::collections::HashMap;

use crate::form::{Preload, QuestionKind};

use super::sheet::Record;
use super::types::Select;

/// All rows of the survey, and what is made besides; the first is the root.
#[derive(Debug)]
pub(super) struct Draft {
    pub items: Vec<Item>,
    names: HashMap<String, Vec<usize>>,
    /// For each parent and name in small letters: the first item.
    similar: HashMap<(usize, String), usize>,
}

#[derive(Debug, Clone)]
pub(super) struct Item {
    pub name: String,
    pub parent: Option<usize>,
    pub children: Vec<usize>,
    pub shape: Shape,
    /// Absolute path.
    pub path: String,
    pub record: Record,
    pub parameters: Vec<(String, String)>,
}

#[derive(Debug, Clone, PartialEq)]
#[expect(clippy::large_enum_variant, reason = "nearly all items are questions")]
pub(super) enum Shape {
    Root,
    Group,
    Repeat,
    Question(Asked),
    /// A file that becomes a secondary instance; no element.
    External(&'static str),
    /// A record that the submission makes or changes; an element of `meta`.
    Entity,
    /// An attribute of that element with its fixed value; its name begins with `@`.
    Attribute(String),
}

#[derive(Debug, Clone, PartialEq)]
pub(super) struct Asked {
    pub kind: QuestionKind,
    pub select: Option<Select>,
    pub preload: Option<Preload>,
    pub deed: Deed,
}

/// What happens to a question by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Deed {
    None,
    RecordAudio,
    SetGeopoint,
    SetGeopointOnTrigger,
}

impl Asked {
    pub fn new(kind: QuestionKind) -> Asked {
        Asked { kind, select: None, preload: None, deed: Deed::None }
    }
}

impl Draft {
    pub fn new(root: &str) -> Draft {
        let item = Item {
            name: root.to_owned(),
            parent: None,
            children: Vec::new(),
            shape: Shape::Root,
            path: format!("/{root}"),
            record: Record::default(),
            parameters: Vec::new(),
        };
        Draft { items: vec![item], names: HashMap::new(), similar: HashMap::new() }
    }

    pub fn add(&mut self, parent: usize, name: &str, shape: Shape, record: Record) -> usize {
        let id = self.items.len();
        let path = format!("{}/{name}", self.items[parent].path);
        // What the form adds by itself can't be referred to, but for the ids in `meta`.
        let own = name == "meta" || matches!(shape, Shape::External(_) | Shape::Entity | Shape::Attribute(_));
        if !own && self.items[parent].shape != Shape::Entity {
            self.names.entry(name.to_owned()).or_default().push(id);
        }
        let item = Item {
            name: name.to_owned(),
            parent: Some(parent),
            children: Vec::new(),
            shape,
            path,
            record,
            parameters: Vec::new(),
        };
        self.items.push(item);
        self.similar.entry((parent, name.to_lowercase())).or_insert(id);
        self.items[parent].children.push(id);
        id
    }

    /// Everything of that name.
    pub fn named(&self, name: &str) -> &[usize] {
        self.names.get(name).map_or(&[], Vec::as_slice)
    }

    /// The first item in the same place whose name differs at most in capital letters.
    pub fn similar(&self, parent: usize, name: &str) -> Option<&Item> {
        self.similar.get(&(parent, name.to_lowercase())).map(|&id| &self.items[id])
    }

    /// Names that can be referred to, for suggestions.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.items.iter().map(|item| item.name.as_str()).filter(|name| self.names.contains_key(*name))
    }

    /// What holds an item, what holds that, and so on to the root.
    pub fn ancestors(&self, id: usize) -> Vec<usize> {
        std::iter::successors(self.items[id].parent, |&at| self.items[at].parent).collect()
    }

    /// The innermost repeat around an item.
    pub fn repeat_around(&self, id: usize) -> Option<usize> {
        self.ancestors(id).into_iter().find(|&at| self.items[at].shape == Shape::Repeat)
    }
}

impl Item {
    pub fn asked(&self) -> Option<&Asked> {
        match &self.shape {
            Shape::Question(asked) => Some(asked),
            _ => None,
        }
    }
}
