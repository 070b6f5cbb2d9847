//! The primary instance before anything is answered.
use crate::form::QuestionKind;
use crate::instance::{Instance, NodeId};

use super::defaults;
use super::draft::{Draft, Item, Shape};
use super::references::{Context, Resolver};
use super::settings::Found;
use crate::findings::Findings;

// What is written of the repeats below.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Rounds {
    /// The pattern and the first round.
    Both,
    /// The first round of what has its pattern elsewhere.
    First,
    /// The pattern of a repeat right inside a pattern.
    Pattern,
}

/// Builds it.
pub(super) fn build(resolver: &Resolver<'_>, settings: &Found, findings: &mut Findings) -> Instance {
    let draft = resolver.draft;
    let mut tree = Instance::new(&draft.items[0].name);
    let root = tree.root();
    for (name, cell) in settings.record.attributes("attribute::") {
        tree.set_attribute(root, name, &cell.text);
    }
    tree.set_attribute(root, "id", &settings.form_id);
    if let Some(namespace) = settings.record.get("instance_xmlns") {
        tree.set_attribute(root, "xmlns", namespace);
    }
    if !settings.version.is_empty() {
        tree.set_attribute(root, "version", &settings.version);
    }
    for key in ["prefix", "delimiter"] {
        if let Some(text) = settings.record.get(key) {
            tree.set_attribute(root, &format!("odk:{key}"), text);
        }
    }
    let mut filling = Filling { draft, resolver, tree, findings };
    filling.children(0, root, Rounds::Both);
    filling.tree
}

struct Filling<'a> {
    draft: &'a Draft,
    resolver: &'a Resolver<'a>,
    tree: Instance,
    findings: &'a mut Findings,
}

impl Filling<'_> {
    fn children(&mut self, id: usize, at: NodeId, rounds: Rounds) {
        let draft = self.draft;
        for &child in &draft.items[id].children {
            let item = &draft.items[child];
            match &item.shape {
                Shape::External(_) => {}
                Shape::Attribute(value) => {
                    let value = if value == "uuid()" { "" } else { value };
                    self.tree.set_attribute(at, item.name.trim_start_matches('@'), value);
                }
                Shape::Repeat => {
                    if rounds != Rounds::First {
                        let pattern = self.element(child, item, at);
                        self.tree.get_mut(pattern).template = true;
                        // Groups in a pattern hold patterns and first rounds again; repeats right in it only patterns.
                        self.children(child, pattern, Rounds::Pattern);
                    }
                    if rounds != Rounds::Pattern {
                        let first = self.element(child, item, at);
                        self.children(child, first, Rounds::First);
                    }
                }
                _ => {
                    let element = self.element(child, item, at);
                    let inner = if rounds == Rounds::Pattern { Rounds::Both } else { rounds };
                    self.children(child, element, inner);
                }
            }
        }
    }

    fn element(&mut self, id: usize, item: &Item, at: NodeId) -> NodeId {
        let element = self.tree.add(at, &item.name);
        for (name, cell) in item.record.attributes("instance::") {
            let place = item.record.at(&cell.heading);
            let value = self.resolver.expression(&cell.text, Context::of(id), &place, self.findings);
            self.tree.set_attribute(element, name, &value.text);
        }
        if let Some(asked) = item.asked()
            && let Some(text) = item.record.get("default").filter(|text| !defaults::is_dynamic(text, &asked.kind))
        {
            let image = matches!(&asked.kind, QuestionKind::File(media) if media == "image/*");
            let prefix = if image && !text.contains("jr://images/") { "jr://images/" } else { "" };
            self.tree.set_text(element, &format!("{prefix}{text}"));
        }
        element
    }
}
