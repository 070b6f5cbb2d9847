//! The body, in its order; then what the instance has besides, each where it stands there.
use std::collections::{HashMap, HashSet};

use crate::form::{Kind, Node, Question, QuestionKind, Repeat};
use crate::instance::NodeId;
use crate::xml::local;

use super::Reading;

impl Reading<'_> {
    pub(super) fn body(&mut self, body: usize) {
        self.note_repeats(body);
        let root = self.root_path();
        let mut nodes = self.shown(body, &root);
        self.fill_in(self.template.root(), &root, &mut nodes);
        self.form.body = nodes;
    }

    fn note_repeats(&mut self, body: usize) {
        let root = self.root_path();
        let mut open = vec![body];
        while let Some(element) = open.pop() {
            if self.tree.name(element) == "repeat"
                && let Some(nodeset) = self.tree.attribute(element, "nodeset")
            {
                self.repeats.insert(self.absolute(nodeset, &root));
            }
            open.extend(self.tree.children(element));
        }
    }

    // Depth is bounded by the bounds of reading.
    fn shown(&mut self, element: usize, parent: &str) -> Vec<Node> {
        let tree = self.tree;
        let mut nodes = Vec::new();
        for child in tree.children(element) {
            match tree.name(child) {
                "group" => {
                    if let Some(node) = self.group(child, parent) {
                        self.put(&mut nodes, node, parent);
                    }
                }
                "repeat" => {
                    if let Some(node) = self.repeat(child, None, parent) {
                        self.put(&mut nodes, node, parent);
                    }
                }
                "input" | "secret" | "select" | "select1" | "rank" | "range" | "trigger" | "upload" => {
                    let Some(path) = self.path_of(child, parent) else { continue };
                    let node = self.question(child, &path);
                    self.put(&mut nodes, node, parent);
                }
                _ => {}
            }
        }
        nodes
    }

    // The path that a control, group or repeat is for, noted as shown.
    fn path_of(&mut self, element: usize, parent: &str) -> Option<String> {
        let tree = self.tree;
        let reference = tree.attribute(element, "ref").or_else(|| tree.attribute(element, "nodeset"));
        let by_bind = || self.bind_ids.get(tree.attribute(element, "bind")?).cloned();
        let Some(path) = reference.map(|reference| self.absolute(reference, parent)).or_else(by_bind) else {
            let place = self.place(element, "ref");
            self.findings.mistake("no-ref", place, "This control says not what it is for.", "Add the attribute `ref`.");
            return None;
        };
        if !self.is_in_template(&path) {
            let place = self.place(element, "ref");
            let what = format!("`{path}` is not in the instance.");
            self.findings.mistake("unknown-path", place, what, "Correct the path, or add the element to the instance.");
            return None;
        }
        if !self.shown.insert(path.clone()) {
            let place = self.place(element, "ref");
            let what = format!("`{path}` is asked for twice; only the first place counts.");
            self.findings.warn("shown-twice", place, what, "Take one of the two out.");
            return None;
        }
        Some(path)
    }

    fn group(&mut self, element: usize, parent: &str) -> Option<Node> {
        let tree = self.tree;
        let repeats: Vec<usize> = tree.children(element).filter(|&child| tree.name(child) == "repeat").collect();
        if let [repeat] = repeats[..] {
            return self.repeat(repeat, Some(element), parent);
        }
        let bound = tree.attribute(element, "ref").is_some();
        let (path, first) = match tree.attribute(element, "ref") {
            // A group may be shown in parts.
            Some(reference) if self.shown.contains(&self.absolute(reference, parent)) => {
                (self.absolute(reference, parent), false)
            }
            Some(_) => (self.path_of(element, parent)?, true),
            None => (parent.to_owned(), false),
        };
        let children = self.shown(element, &path);
        let mut node = if first {
            self.plain_node(&path, Kind::Group(children))
        } else {
            let name = if bound { path.rsplit('/').next().unwrap_or_default() } else { "" };
            Node::new(name, path.clone(), Kind::Group(children))
        };
        self.dress(element, &mut node);
        Some(node)
    }

    fn repeat(&mut self, element: usize, around: Option<usize>, parent: &str) -> Option<Node> {
        let path = self.path_of(element, parent)?;
        let children = self.shown(element, &path);
        let fixed = self.tree.attribute(element, "jr:noAddRemove").is_some_and(|value| value.trim() != "false()");
        let repeat = Repeat { count: self.rule(element, "jr:count"), fixed, children };
        let mut node = self.plain_node(&path, Kind::Repeat(repeat));
        if let Some(group) = around {
            self.dress(group, &mut node);
            node.control.clear();
        }
        node.place = self.place(element, "");
        if let Some(appearance) = self.tree.attribute(element, "appearance") {
            appearance.clone_into(&mut node.appearance);
        }
        node.control = self.group_attributes(element);
        Some(node)
    }

    fn dress(&mut self, element: usize, node: &mut Node) {
        node.place = self.place(element, "");
        node.appearance = self.tree.attribute(element, "appearance").unwrap_or_default().to_owned();
        node.control = self.group_attributes(element);
        self.label_and_hint(element, node);
    }

    // What lies deeper than its place in the body gets the groups in between.
    fn put(&mut self, nodes: &mut Vec<Node>, node: Node, parent: &str) {
        let above = node.path.rsplit_once('/').map_or("", |(above, _)| above);
        if above == parent || node.path == parent || !above.starts_with(parent) {
            nodes.push(node);
            return;
        }
        let first = above[parent.len()..].trim_start_matches('/').split('/').next().unwrap_or_default().to_owned();
        let between = format!("{parent}/{first}");
        if let Some(Node { path, kind: Kind::Group(children), .. }) = nodes.last_mut()
            && *path == between
        {
            self.put(children, node, &between);
            return;
        }
        let mut children = Vec::new();
        self.put(&mut children, node, &between);
        let group = if self.shown.insert(between.clone()) {
            self.plain_node(&between, Kind::Group(children))
        } else {
            Node::new(&first, between, Kind::Group(children))
        };
        nodes.push(group);
    }

    // Adds what the instance has and the body does not show, after what stands before it in the instance.
    fn fill_in(&mut self, id: NodeId, path: &str, nodes: &mut Vec<Node>) {
        self.filled.insert(path.to_owned());
        let mut places: HashMap<String, usize> = HashMap::new();
        for (at, node) in nodes.iter().enumerate() {
            note_places(node, at, &mut places);
        }
        let mut seen: HashSet<String> = HashSet::new();
        // What comes before all nodes, and after each of them.
        let mut besides: Vec<Vec<Node>> = (0..=nodes.len()).map(|_| Vec::new()).collect();
        let mut after = 0;
        for child in self.template.children(id).to_vec() {
            let name = self.template.get(child).name.clone();
            let own = format!("{path}/{name}");
            if !seen.insert(name) {
                continue;
            }
            if let Some(&at) = places.get(&own) {
                after = at + 1;
                if !self.filled.contains(&own)
                    && let Some(Kind::Group(children) | Kind::Repeat(Repeat { children, .. })) =
                        at_path(&mut nodes[at], &own).map(|node| &mut node.kind)
                {
                    let pattern = self.node_at(&own).unwrap_or(child);
                    self.fill_in(pattern, &own, children);
                }
            } else if !self.shown.contains(&own) {
                let node = self.hidden(child, &own);
                besides[after].push(node);
            }
        }
        let mut besides = besides.into_iter();
        let mut all = besides.next().unwrap_or_default();
        for (node, others) in nodes.drain(..).zip(besides) {
            all.push(node);
            all.extend(others);
        }
        *nodes = all;
    }

    fn hidden(&mut self, id: NodeId, path: &str) -> Node {
        let is_repeat = self.template.get(id).template || self.repeats.contains(path);
        if !self.template.children(id).is_empty() {
            let mut children = Vec::new();
            self.fill_in(id, path, &mut children);
            let kind = if is_repeat { Kind::Repeat(Repeat { children, ..Repeat::default() }) } else { Kind::Group(children) };
            return self.plain_node(path, kind);
        }
        let empty_group = local(&self.template.get(id).name) == "meta" || self.template.attribute(id, "dataset").is_some();
        if empty_group {
            return self.plain_node(path, Kind::Group(Vec::new()));
        }
        let bound = self.binds.get(path).and_then(|&bind| self.tree.attribute(bind, "type")).unwrap_or("string");
        let mut question = Question::new(QuestionKind::Hidden(bound.to_owned()));
        self.template.text(id).clone_into(&mut question.default);
        self.plain_node(path, Kind::Question(question))
    }
}

// The paths that a node is for: its own, or those below it if it has no element.
fn note_places(node: &Node, at: usize, places: &mut HashMap<String, usize>) {
    if node.name.is_empty() {
        node.children().iter().for_each(|child| note_places(child, at, places));
    } else {
        places.entry(node.path.clone()).or_insert(at);
    }
}

fn at_path<'n>(node: &'n mut Node, path: &str) -> Option<&'n mut Node> {
    if node.path == path && !node.name.is_empty() {
        return Some(node);
    }
    match &mut node.kind {
        Kind::Group(children) if node.name.is_empty() => children.iter_mut().find_map(|child| at_path(child, path)),
        _ => None,
    }
}
