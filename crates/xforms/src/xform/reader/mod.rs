//! XForm XML in: the body gives the order, the primary instance what is not shown, binds the rules, itext the words.
//!
//! A group whose questions stand in several places of the body becomes several nodes of the same path; the first has its rules.
mod body;
mod controls;
mod model;
mod texts;

use std::collections::{HashMap, HashSet};

use crate::findings::Findings;
use crate::form::{Form, Place};
use crate::instance::{Instance, NodeId};
use crate::problem::Problem;
use crate::xml::{Bounds, Tree};

use texts::Words;

/// What came of reading.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Outcome {
    /// The form, if there is no mistake.
    pub form: Option<Form>,
    /// Mistakes first, then warnings.
    pub problems: Vec<Problem>,
}

/// More languages than this are no form that people read.
pub(crate) const MOST_LANGUAGES: usize = 50;

/// Reads an XForm.
pub fn read(xml: &str) -> Outcome {
    read_within(xml, Bounds::FORM)
}

/// Reads an XForm within bounds of the caller's choice.
pub fn read_within(xml: &str, bounds: Bounds) -> Outcome {
    let mut findings = Findings::default();
    let form = match Tree::read(xml, bounds) {
        Ok(tree) => assemble(&tree, &mut findings),
        Err(error) => {
            let place = Place { sheet: "xform".to_owned(), row: error.line, column: String::new() };
            findings.mistake("not-xml", place, error.what, "Make the form anew with the tool that wrote it.");
            None
        }
    };
    let form = form.filter(|_| !findings.have_mistakes());
    Outcome { form, problems: findings.finish() }
}

/// Everything that the parts of the reader share.
struct Reading<'t> {
    tree: &'t Tree,
    words: Words,
    template: Instance,
    /// Where each path is in the template, patterns of repeats first.
    nodes: HashMap<String, NodeId>,
    /// Element of the bind for a path.
    binds: HashMap<String, usize>,
    /// For each element with rules for its attributes: their names and binds.
    attribute_binds: HashMap<String, Vec<(String, usize)>>,
    /// Paths by the ids of their binds.
    bind_ids: HashMap<String, String>,
    /// Names of the lists of the model.
    lists: HashSet<String>,
    /// Actions by target.
    acted: HashMap<String, Vec<usize>>,
    /// Names of lists, and of secondary instances, with how many lists were named after each.
    taken: HashMap<String, usize>,
    /// Paths that the body shows.
    shown: HashSet<String>,
    /// Paths of groups and repeats to which what is not shown has been added.
    filled: HashSet<String>,
    /// Paths of repeats.
    repeats: HashSet<String>,
    form: Form,
    findings: &'t mut Findings,
}

fn assemble(tree: &Tree, findings: &mut Findings) -> Option<Form> {
    let mut missing = |what: &str| {
        let place = Place { sheet: "xform".to_owned(), row: 1, column: String::new() };
        findings.mistake("not-an-xform", place, what, "Make the form anew with the tool that wrote it.");
    };
    let parts = || {
        let head = tree.child(0, "head")?;
        Some((head, tree.child(head, "model")?, tree.child(0, "body")?))
    };
    let Some((head, model, body)) = parts().filter(|_| tree.name(0) == "html") else {
        missing("This is no XForm: html with a head, a model and a body is expected.");
        return None;
    };
    let primary = tree.children(model).find(|&child| tree.name(child) == "instance" && tree.attribute(child, "src").is_none());
    let Some(data) = primary.and_then(|instance| tree.children(instance).next()) else {
        missing("The model has no instance to fill.");
        return None;
    };
    let words = Words::read(tree, model);
    if words.languages.len() > MOST_LANGUAGES {
        missing("The form speaks more languages than anybody can read.");
        return None;
    }
    let template = Instance::from_tree(tree, data);
    let mut reading = Reading {
        tree,
        words,
        nodes: paths(&template),
        template,
        binds: HashMap::new(),
        attribute_binds: HashMap::new(),
        bind_ids: HashMap::new(),
        lists: HashSet::new(),
        acted: HashMap::new(),
        taken: HashMap::new(),
        shown: HashSet::new(),
        filled: HashSet::new(),
        repeats: HashSet::new(),
        form: Form::default(),
        findings,
    };
    reading.about(head, model, body, data);
    reading.binds(model);
    reading.secondary(model, primary);
    reading.body(body);
    reading.actions(model, body);
    reading.entities();
    let mut form = reading.form;
    form.template = reading.template;
    let outer: Vec<(String, String)> = tree.elements[0]
        .attributes
        .iter()
        .filter_map(|(name, address)| Some((name.strip_prefix("xmlns:")?.to_owned(), address.clone())))
        .collect();
    crate::namespaces::declare(&mut form, &outer);
    crate::expressions::check(&form, findings);
    Some(form)
}

fn paths(template: &Instance) -> HashMap<String, NodeId> {
    let mut paths = HashMap::new();
    let root = template.root();
    let mut open = vec![(root, template.path(root))];
    while let Some((id, path)) = open.pop() {
        for &child in template.children(id).iter().rev() {
            open.push((child, format!("{path}/{}", template.get(child).name)));
        }
        let pattern = template.get(id).template;
        paths.entry(path).and_modify(|known| *known = if pattern { id } else { *known }).or_insert(id);
    }
    paths
}

impl Reading<'_> {
    fn place(&self, element: usize, attribute: &str) -> Place {
        Place { sheet: "xform".to_owned(), row: self.tree.elements[element].line, column: attribute.to_owned() }
    }

    fn root_path(&self) -> String {
        self.template.path(self.template.root())
    }

    /// A reference as an absolute path without blanks; relative ones begin at a parent.
    fn absolute(&self, reference: &str, parent: &str) -> String {
        let reference = reference.trim();
        if reference.starts_with('/') {
            return reference.trim_end_matches('/').to_owned();
        }
        let mut path = parent.to_owned();
        for step in reference.split('/') {
            match step {
                "." | "" => {}
                ".." => path.truncate(path.rfind('/').unwrap_or(0)),
                name => {
                    path.push('/');
                    path.push_str(name);
                }
            }
        }
        path
    }

    // The innermost repeat around a path.
    fn repeat_around(&self, path: &str) -> Option<String> {
        let mut at = path;
        while let Some((above, _)) = at.rsplit_once('/') {
            if self.repeats.contains(above) {
                return Some(above.to_owned());
            }
            at = above;
        }
        None
    }
}
