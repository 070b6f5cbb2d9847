//! Submissions and templates from XML.
use super::{Instance, NodeId};
use crate::namespaces::JAVAROSA;
use crate::xml::{Bounds, Child, Tree, XmlError, local};

impl Instance {
    /// Reads a submission.
    pub fn read(xml: &str) -> Result<Instance, XmlError> {
        Instance::read_within(xml, Bounds::INSTANCE)
    }

    /// Reads a submission within bounds of the caller's choice.
    pub fn read_within(xml: &str, bounds: Bounds) -> Result<Instance, XmlError> {
        Tree::read(xml, bounds).map(|tree| Instance::from_tree(&tree, 0))
    }

    /// Copies a part of a document. The attribute `jr:template` becomes the mark of a template.
    pub(crate) fn from_tree(tree: &Tree, top: usize) -> Instance {
        let mut instance = Instance::new(&tree.elements[top].name);
        let mut open: Vec<(usize, NodeId)> = vec![(top, instance.root())];
        while let Some((from, to)) = open.pop() {
            let source = &tree.elements[from];
            for (name, value) in &source.attributes {
                if local(name) == "template" && name.contains(':') && !name.starts_with("xmlns") {
                    instance.get_mut(to).template = true;
                } else if name != "xmlns:jr" || value != JAVAROSA {
                    // That prefix is only for templates, which are marked otherwise here.
                    instance.get_mut(to).attributes.push((name.clone(), value.clone()));
                }
            }
            let is_leaf = !source.children.iter().any(|child| matches!(child, Child::Element(_)));
            if is_leaf {
                instance.set_text(to, &tree.text(from));
                continue;
            }
            for child in tree.children(from) {
                let new = instance.add(to, &tree.elements[child].name);
                open.push((child, new));
            }
        }
        instance
    }
}
