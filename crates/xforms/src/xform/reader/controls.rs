//! Controls: which kind of question a control and a bind make, and what can be chosen in it.
use crate::form::{
    Choice, ChoiceList, Expression, ItemSet, ItemSource, Kind, Node, Question, QuestionKind, Range, Shuffle, Text,
};

use super::Reading;
use super::texts::itext_id;

impl Reading<'_> {
    /// The question of a control.
    pub(super) fn question(&mut self, control: usize, path: &str) -> Node {
        let tree = self.tree;
        let attribute = |name: &str| tree.attribute(control, name).unwrap_or_default().to_owned();
        let mut question = Question::new(self.kind(control, path));
        question.items = self.items(control, path);
        question.query = self.rule(control, "query");
        question.default = self.node_at(path).map(|id| self.template.text(id).to_owned()).unwrap_or_default();
        let mut node = self.plain_node(path, Kind::Question(question));
        node.place = self.place(control, "");
        node.appearance = attribute("appearance");
        node.control = self.other_attributes(control, &["ref", "bind", "appearance", "mediatype", "query"], &node);
        self.label_and_hint(control, &mut node);
        node
    }

    /// A node with its rules, not yet with words.
    pub(super) fn plain_node(&self, path: &str, kind: Kind) -> Node {
        let name = path.rsplit('/').next().unwrap_or_default();
        let mut node = Node::new(name, path.to_owned(), kind);
        node.bind = self.bind(path);
        node.attributes = self.attributes(path);
        node
    }

    fn other_attributes(&self, element: usize, taken: &[&str], node: &Node) -> Vec<(String, String)> {
        let scale: &[&str] = if matches!(node.question().map(|q| &q.kind), Some(QuestionKind::Range(_))) {
            &["start", "end", "step"]
        } else {
            &[]
        };
        let attributes = self.tree.elements[element].attributes.iter();
        attributes.filter(|(name, _)| !taken.contains(&name.as_str()) && !scale.contains(&name.as_str())).cloned().collect()
    }

    /// Attributes of a group or repeat that are not understood here, for clients that do.
    pub(super) fn group_attributes(&self, element: usize) -> Vec<(String, String)> {
        const TAKEN: &[&str] = &["ref", "bind", "nodeset", "appearance", "jr:count", "jr:noAddRemove"];
        self.tree.elements[element].attributes.iter().filter(|(name, _)| !TAKEN.contains(&name.as_str())).cloned().collect()
    }

    pub(super) fn label_and_hint(&mut self, element: usize, node: &mut Node) {
        let tree = self.tree;
        if let Some(label) = tree.child(element, "label") {
            node.label = self.words_of(label, false);
        }
        if let Some(hint) = tree.child(element, "hint") {
            node.hint = self.words_of(hint, false);
            node.guidance = self.words_of(hint, true);
        }
    }

    fn words_of(&mut self, element: usize, guidance: bool) -> Text {
        let Some(id) = self.tree.attribute(element, "ref").and_then(itext_id) else {
            return if guidance { Text::default() } else { self.words.in_place(self.tree, element) };
        };
        if !self.words.knows(id) {
            let place = self.place(element, "ref");
            self.findings.mistake(
                "unknown-text",
                place,
                format!("There is no text `{id}` in itext."),
                "Add it, or correct the reference.",
            );
        }
        self.words.by_id(self.tree, id, guidance)
    }

    fn kind(&self, control: usize, path: &str) -> QuestionKind {
        let tree = self.tree;
        let bound = self.binds.get(path).and_then(|&bind| tree.attribute(bind, "type")).unwrap_or("string");
        let data = bound.rsplit(':').next().unwrap_or(bound);
        let attribute = |name: &str| tree.attribute(control, name).unwrap_or_default().to_owned();
        match tree.name(control) {
            "select1" => QuestionKind::SelectOne,
            "input" if tree.attribute(control, "query").is_some() => QuestionKind::SelectOne,
            "select" => QuestionKind::SelectMultiple,
            "rank" => QuestionKind::Rank,
            "range" => QuestionKind::Range(Range {
                start: attribute("start"),
                end: attribute("end"),
                step: attribute("step"),
                whole: data != "decimal",
            }),
            "trigger" => QuestionKind::Acknowledge,
            "upload" => QuestionKind::File(tree.attribute(control, "mediatype").unwrap_or("*/*").to_owned()),
            _ => self.input_kind(data, path),
        }
    }

    fn input_kind(&self, data: &str, path: &str) -> QuestionKind {
        match data {
            "int" | "integer" => QuestionKind::Integer,
            "decimal" => QuestionKind::Decimal,
            "date" => QuestionKind::Date,
            "time" => QuestionKind::Time,
            "dateTime" => QuestionKind::DateTime,
            "geopoint" => QuestionKind::Geopoint,
            "geotrace" => QuestionKind::Geotrace,
            "geoshape" => QuestionKind::Geoshape,
            "barcode" => QuestionKind::Barcode,
            _ => {
                let bind = self.bind(path);
                // What has a value that nobody types is told with it.
                let has_value =
                    self.acted.contains_key(path) || self.node_at(path).is_some_and(|id| !self.template.text(id).is_empty());
                let fixed = bind.readonly.is_some_and(|rule| rule.text == "true()") && bind.calculate.is_none() && !has_value;
                if fixed { QuestionKind::Note } else { QuestionKind::Text }
            }
        }
    }

    fn items(&mut self, control: usize, path: &str) -> Option<ItemSet> {
        let tree = self.tree;
        if let Some(itemset) = tree.child(control, "itemset") {
            let nodes = tree.attribute(itemset, "nodeset")?.trim();
            let mut set = self.item_set(nodes, itemset);
            let child = |name: &str| tree.child(itemset, name).and_then(|child| tree.attribute(child, "ref")).map(str::to_owned);
            set.value = child("value").unwrap_or_else(|| "name".to_owned());
            set.label = child("label").filter(|label| !label.starts_with("jr:itext")).unwrap_or_else(|| "label".to_owned());
            return Some(set);
        }
        let items: Vec<usize> = tree.children(control).filter(|&child| tree.name(child) == "item").collect();
        if items.is_empty() {
            return None;
        }
        let mut choices = Vec::new();
        for item in items {
            let value = tree.child(item, "value").map(|value| tree.text(value)).unwrap_or_default();
            let label = tree.child(item, "label").map(|label| self.words_of(label, false)).unwrap_or_default();
            choices.push(Choice { value, label, extra: Vec::new(), place: self.place(item, "") });
        }
        let base = path.rsplit('/').next().unwrap_or("items").to_owned();
        let name = loop {
            let count = self.taken.entry(base.clone()).or_insert(0);
            *count += 1;
            let name = if *count == 1 { base.clone() } else { format!("{base}_{count}") };
            if name == base || !self.taken.contains_key(&name) {
                break name;
            }
        };
        self.taken.entry(name.clone()).or_insert(1);
        self.form.lists.push(ChoiceList { name: name.clone(), choices, outside: false, place: self.place(control, "") });
        Some(ItemSet::all(ItemSource::List(name)))
    }

    // `randomize(instance('id')/root/item[filter], seed)` and what is simpler.
    fn item_set(&self, nodes: &str, element: usize) -> ItemSet {
        let place = self.place(element, "nodeset");
        let said = |text: &str| Expression { text: text.trim().to_owned(), place: place.clone() };
        let inside = nodes.strip_prefix("randomize(").and_then(|rest| rest.strip_suffix(')'));
        let (nodes, shuffle) =
            match inside.map(|inside| outside_brackets(inside, ',').map_or((inside, None), |(a, b)| (a, Some(b)))) {
                Some((nodes, seed)) => (nodes.trim(), Some(Shuffle { seed: seed.map(said) })),
                None => (nodes, None),
            };
        let (path, filter) = match nodes.strip_suffix(']').and_then(|rest| outside_brackets(rest, '[')) {
            // What has filters in the middle stays whole.
            Some((path, filter)) if !path.contains('[') => (path.trim(), Some(said(filter))),
            _ => (nodes, None),
        };
        let id = path.strip_prefix("instance('").and_then(|rest| rest.strip_suffix("')/root/item"));
        let source = match id {
            Some(id) if self.lists.contains(id) => ItemSource::List(id.to_owned()),
            Some(id) => ItemSource::Instance(id.to_owned()),
            None => ItemSource::Nodes(said(path)),
        };
        ItemSet { shuffle, filter, ..ItemSet::all(source) }
    }
}

// The parts before and after the first such sign that is outside brackets and quotes.
fn outside_brackets(text: &str, sign: char) -> Option<(&str, &str)> {
    let mut depth = 0_i32;
    let mut quote = None;
    for (at, character) in text.char_indices() {
        match (quote, character) {
            (Some(open), close) if open == close => quote = None,
            (Some(_), _) => {}
            (None, '\'' | '"') => quote = Some(character),
            (None, found) if found == sign && depth == 0 => return Some((&text[..at], &text[at + sign.len_utf8()..])),
            (None, '(' | '[') => depth += 1,
            (None, ')' | ']') => depth -= 1,
            _ => {}
        }
    }
    None
}
