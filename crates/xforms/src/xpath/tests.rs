//! Rules of the language, each with the smallest example that shows it.
mod bounds;
mod odk;
mod standard;

use std::cell::Cell;

use super::moment::Moment;
use super::{Context, Error, Node, Value, evaluate, parse};
use crate::instance::{Instance, NodeId};

/// A context over XML texts: the form's own instance, then others with their ids. It is 2026-11-27T09:30:00+03:00, and chance counts up.
pub struct World {
    trees: Vec<Instance>,
    ids: Vec<&'static str>,
    chance: Cell<u64>,
}

impl World {
    pub fn new(xml: &str) -> Self {
        Self { trees: vec![Instance::read(xml).expect("it is XML")], ids: Vec::new(), chance: Cell::new(0) }
    }

    pub fn with(mut self, id: &'static str, xml: &str) -> Self {
        self.trees.push(Instance::read(xml).expect("it is XML"));
        self.ids.push(id);
        self
    }

    /// The element at a path; the rounds of repeats are told by `[place]`.
    pub fn at(&self, path: &str) -> NodeId {
        let tree = &self.trees[0];
        path.split('/').skip(2).fold(tree.root(), |id, step| {
            let (name, place) = step
                .split_once('[')
                .map_or((step, 1), |(name, place)| (name, place.trim_end_matches(']').parse().expect("a number")));
            tree.named(id, name).nth(place - 1).unwrap_or_else(|| panic!("no {step} in {path}"))
        })
    }

    pub fn value(&self, path: &str, source: &str) -> Result<Value, Error> {
        evaluate(&parse(source)?, self, Node::element(self.at(path)))
    }

    pub fn text_at(&self, path: &str, source: &str) -> String {
        match self.value(path, source) {
            Ok(value) => value.to_text(self),
            Err(error) => panic!("{source}: {error}"),
        }
    }

    /// The text that an expression gives at the outermost element.
    pub fn text(&self, source: &str) -> String {
        self.text_at("/data", source)
    }

    /// Checks that expressions give these texts at the outermost element.
    pub fn gives(&self, cases: &[(&str, &str)]) {
        for (source, text) in cases {
            assert_eq!(self.text(source), *text, "{source}");
        }
    }
}

impl Context for World {
    fn tree(&self, number: u16) -> Option<&Instance> {
        self.trees.get(usize::from(number))
    }

    fn instance(&self, id: &str) -> Option<u16> {
        self.ids.iter().position(|one| *one == id).and_then(|place| u16::try_from(place + 1).ok())
    }

    fn now(&self) -> Moment {
        Moment { milliseconds: 1_795_761_000_000, offset: 180 }
    }

    fn chance(&self) -> u64 {
        self.chance.set(self.chance.get().wrapping_add(0x9e37_79b9_7f4a_7c15));
        self.chance.get()
    }

    fn choice_name(&self, value: &str, path: &str, _: Node) -> Option<String> {
        (path == "/data/colour" && value == "r").then(|| "Red".to_owned())
    }

    fn property(&self, name: &str) -> Option<String> {
        (name == "username").then(|| "amina".to_owned())
    }

    fn version(&self) -> &str {
        "7"
    }
}
