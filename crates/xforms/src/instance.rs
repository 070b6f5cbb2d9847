//! One filled copy of a form: a tree of elements in an arena.
//!
//! Rounds of a repeat are elements of the same name that follow each other. A repeat's template is marked and never submitted.
mod read;
mod write;

pub use crate::xml::{Bounds, XmlError};
pub use write::Extent;

use crate::xml::local;

/// Where an element is in its instance. Valid for that instance alone, and as long as the element is not removed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct NodeId(u32);

/// A tree of elements. Two are equal if they say the same, wherever their elements lie in memory.
#[derive(Debug, Clone)]
pub struct Instance {
    nodes: Vec<Element>,
    free: Vec<NodeId>,
    root: NodeId,
}

/// One element.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Element {
    /// Its name as written, with prefix if it has one.
    pub name: String,
    /// Its text; what stands between children counts as none.
    pub text: String,
    /// Attributes in order, declarations of namespaces included.
    pub attributes: Vec<(String, String)>,
    /// Whether it is the pattern of a repeat's rounds and no round itself.
    pub template: bool,
    /// Whether it is left out of what is submitted, since its question is not asked.
    pub irrelevant: bool,
    parent: Option<NodeId>,
    children: Vec<NodeId>,
}

impl PartialEq for Instance {
    fn eq(&self, other: &Instance) -> bool {
        let mut open = vec![(self.root, other.root)];
        while let Some((mine, theirs)) = open.pop() {
            let (one, two) = (self.get(mine), other.get(theirs));
            let same = one.name == two.name
                && one.text == two.text
                && one.attributes == two.attributes
                && (one.template, one.irrelevant) == (two.template, two.irrelevant)
                && one.children.len() == two.children.len();
            if !same {
                return false;
            }
            open.extend(one.children.iter().copied().zip(two.children.iter().copied()));
        }
        true
    }
}

impl Default for Instance {
    fn default() -> Instance {
        Instance::new("data")
    }
}

impl Instance {
    /// A tree of one element.
    pub fn new(root: &str) -> Instance {
        Instance { nodes: vec![Element { name: root.to_owned(), ..Element::default() }], free: Vec::new(), root: NodeId(0) }
    }

    /// The outermost element.
    pub fn root(&self) -> NodeId {
        self.root
    }

    /// An element.
    pub fn get(&self, id: NodeId) -> &Element {
        &self.nodes[id.0 as usize]
    }

    /// An element, to be changed.
    pub fn get_mut(&mut self, id: NodeId) -> &mut Element {
        &mut self.nodes[id.0 as usize]
    }

    /// What holds an element; nothing holds the root.
    pub fn parent(&self, id: NodeId) -> Option<NodeId> {
        self.get(id).parent
    }

    /// The children of an element in order, templates included.
    pub fn children(&self, id: NodeId) -> &[NodeId] {
        &self.get(id).children
    }

    /// How many slots the arena has; each `NodeId` in it is below.
    pub fn capacity(&self) -> usize {
        self.nodes.len()
    }

    /// Its place as a number below `capacity`, for tables beside the tree.
    pub fn index(id: NodeId) -> usize {
        id.0 as usize
    }

    /// The text of an element.
    pub fn text(&self, id: NodeId) -> &str {
        &self.get(id).text
    }

    /// Sets the text of an element.
    pub fn set_text(&mut self, id: NodeId, text: &str) {
        self.get_mut(id).text = text.to_owned();
    }

    /// The value of an attribute.
    pub fn attribute(&self, id: NodeId, name: &str) -> Option<&str> {
        self.get(id).attributes.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// Sets an attribute, after those there are if it is new.
    pub fn set_attribute(&mut self, id: NodeId, name: &str, value: &str) {
        let attributes = &mut self.get_mut(id).attributes;
        match attributes.iter_mut().find(|(key, _)| key == name) {
            Some((_, old)) => value.clone_into(old),
            None => attributes.push((name.to_owned(), value.to_owned())),
        }
    }

    /// Adds an element as the last child.
    pub fn add(&mut self, parent: NodeId, name: &str) -> NodeId {
        let at = self.children(parent).len();
        self.insert(parent, at, name)
    }

    /// Adds an element as a child at a position.
    pub fn insert(&mut self, parent: NodeId, at: usize, name: &str) -> NodeId {
        let id = self.slot(Element { name: name.to_owned(), parent: Some(parent), ..Element::default() });
        let children = &mut self.get_mut(parent).children;
        let at = at.min(children.len());
        children.insert(at, id);
        id
    }

    /// Copies an element with all it holds, of this or another instance, in as a child at a position. The copy is no template itself.
    pub fn graft(&mut self, parent: NodeId, at: usize, from: &Instance, source: NodeId) -> NodeId {
        let top = self.insert(parent, at, "");
        let mut open = vec![(source, top)];
        while let Some((from_id, to_id)) = open.pop() {
            let original = from.get(from_id);
            let copy = self.get_mut(to_id);
            original.name.clone_into(&mut copy.name);
            original.text.clone_into(&mut copy.text);
            original.attributes.clone_into(&mut copy.attributes);
            copy.template = original.template && to_id != top;
            copy.irrelevant = original.irrelevant;
            for &child in &original.children {
                let new = self.add(to_id, "");
                open.push((child, new));
            }
        }
        top
    }

    /// Takes an element out, with all it holds. The root stays.
    pub fn remove(&mut self, id: NodeId) {
        let Some(parent) = self.parent(id) else { return };
        self.get_mut(parent).children.retain(|&child| child != id);
        let mut open = vec![id];
        while let Some(next) = open.pop() {
            open.append(&mut self.get_mut(next).children);
            *self.get_mut(next) = Element::default();
            self.free.push(next);
        }
    }

    /// The first child of that name that is no template; prefixes do not count.
    pub fn child(&self, id: NodeId, name: &str) -> Option<NodeId> {
        self.named(id, name).next()
    }

    /// All children of that name that are no templates; prefixes do not count.
    pub fn named<'a>(&'a self, id: NodeId, name: &'a str) -> impl Iterator<Item = NodeId> + 'a {
        let wanted = local(name);
        self.children(id).iter().copied().filter(move |&child| {
            let child = self.get(child);
            !child.template && local(&child.name) == wanted
        })
    }

    /// The template of that name.
    pub fn template(&self, id: NodeId, name: &str) -> Option<NodeId> {
        let wanted = local(name);
        self.children(id).iter().copied().find(|&child| {
            let child = self.get(child);
            child.template && local(&child.name) == wanted
        })
    }

    /// The first element at an absolute path: `/data/meta/instanceID`.
    pub fn find(&self, path: &str) -> Option<NodeId> {
        let mut steps = path.strip_prefix('/')?.split('/');
        (local(steps.next()?) == local(&self.get(self.root).name)).then_some(())?;
        steps.try_fold(self.root, |at, step| self.child(at, step))
    }

    /// The path of an element, without positions.
    pub fn path(&self, id: NodeId) -> String {
        let mut names = vec![self.get(id).name.as_str()];
        let mut at = id;
        while let Some(parent) = self.parent(at) {
            names.push(&self.get(parent).name);
            at = parent;
        }
        names.iter().rev().fold(String::new(), |path, name| path + "/" + name)
    }

    /// The id of this copy, as clients and servers know it.
    pub fn instance_id(&self) -> Option<&str> {
        self.meta("instanceID")
    }

    /// The id of the copy that this one replaces.
    pub fn deprecated_id(&self) -> Option<&str> {
        self.meta("deprecatedID")
    }

    /// What people call this copy.
    pub fn instance_name(&self) -> Option<&str> {
        self.meta("instanceName")
    }

    /// Makes this the next edition of itself: its id becomes the deprecated one.
    pub fn supersede(&mut self, new_id: &str) {
        let Some(meta) = self.child(self.root, "meta") else { return };
        let Some(id) = self.child(meta, "instanceID") else { return };
        let old = std::mem::replace(&mut self.get_mut(id).text, new_id.to_owned());
        let deprecated = self.child(meta, "deprecatedID").unwrap_or_else(|| {
            let name = self.get(id).name.replace("instanceID", "deprecatedID");
            self.add(meta, &name)
        });
        self.set_text(deprecated, &old);
    }

    fn meta(&self, name: &str) -> Option<&str> {
        let meta = self.child(self.root, "meta")?;
        self.child(meta, name).map(|id| self.text(id)).filter(|text| !text.is_empty())
    }

    fn slot(&mut self, element: Element) -> NodeId {
        if let Some(id) = self.free.pop() {
            *self.get_mut(id) = element;
            return id;
        }
        // More than four thousand million elements do not fit in memory.
        let id = NodeId(u32::try_from(self.nodes.len()).unwrap_or(u32::MAX));
        self.nodes.push(element);
        id
    }
}
