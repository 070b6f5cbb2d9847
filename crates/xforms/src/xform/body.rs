//! The body: what people see, in order.
use crate::form::{Event, Form, ItemSet, ItemSource, Kind, Node, Question, QuestionKind, Repeat};

use super::itext::Itext;
use super::model::{action, event_name};
use super::{Out, attributes};

pub(super) fn write(form: &Form, itext: &Itext<'_>, out: &mut Out) {
    let writing = Writing { form, itext };
    for node in &form.body {
        writing.node(node, &format!("/{}", root_name(form)), out);
    }
}

fn root_name(form: &Form) -> &str {
    &form.template.get(form.template.root()).name
}

fn is_seen(node: &Node) -> bool {
    match &node.kind {
        Kind::Question(question) => question.is_shown(),
        Kind::Repeat(_) => true,
        Kind::Group(children) => crate::xml::local(&node.name) != "meta" && children.iter().any(is_seen),
    }
}

struct Writing<'f> {
    form: &'f Form,
    itext: &'f Itext<'f>,
}

impl Writing<'_> {
    fn node(&self, node: &Node, parent: &str, out: &mut Out) {
        match &node.kind {
            // What a client fills in by itself is not shown.
            Kind::Group(_) if crate::xml::local(&node.name) == "meta" => {}
            // Validators refuse a group in which there is nothing to see.
            Kind::Group(children) if !children.iter().any(is_seen) => {}
            Kind::Group(children) => self.group(node, children, parent, out),
            Kind::Repeat(repeat) => self.repeat(node, repeat, out),
            Kind::Question(question) if question.is_shown() => self.question(node, question, out),
            Kind::Question(_) => {}
        }
    }

    fn group(&self, node: &Node, children: &[Node], parent: &str, out: &mut Out) {
        let own = if node.path == parent { "" } else { node.path.as_str() };
        let mut said = attributes(&[("ref", own), ("appearance", &node.appearance)]);
        said.extend(node.control.iter().cloned());
        out.open("group", &said);
        if !node.label.is_empty() {
            self.itext.element("label", &node.label, &format!("{}:label", node.path), out);
        }
        for child in children {
            self.node(child, &node.path, out);
        }
        out.close("group");
    }

    fn repeat(&self, node: &Node, repeat: &Repeat, out: &mut Out) {
        out.open("group", &attributes(&[("ref", &node.path)]));
        if !node.label.is_empty() {
            self.itext.element("label", &node.label, &format!("{}:label", node.path), out);
        }
        let count = repeat.count.as_ref().map_or("", |count| count.text.as_str());
        let fixed = if repeat.fixed { "true()" } else { "" };
        let mut said = attributes(&[
            ("nodeset", &node.path),
            ("appearance", &node.appearance),
            ("jr:count", count),
            ("jr:noAddRemove", fixed),
        ]);
        said.extend(node.control.iter().cloned());
        out.open("repeat", &said);
        for child in &repeat.children {
            self.node(child, &node.path, out);
        }
        for action in self.form.actions.iter().filter(|action| action.repeat.as_ref() == Some(&node.path)) {
            if action.on.contains(&Event::NewRepeat) {
                self::action(action, event_name(&Event::NewRepeat), out);
            }
        }
        out.close("repeat");
        out.close("group");
    }

    fn question(&self, node: &Node, question: &Question, out: &mut Out) {
        let mut said = attributes(&[("ref", &node.path)]);
        let element = match &question.kind {
            QuestionKind::SelectOne => {
                if let Some(query) = &question.query {
                    said.extend(attributes(&[("query", &query.text)]));
                    "input"
                } else {
                    "select1"
                }
            }
            QuestionKind::SelectMultiple => "select",
            QuestionKind::Rank => "odk:rank",
            QuestionKind::Range(range) => {
                said.extend(attributes(&[("start", &range.start), ("end", &range.end), ("step", &range.step)]));
                "range"
            }
            QuestionKind::Acknowledge => "trigger",
            QuestionKind::File(media) => {
                said.extend(attributes(&[("mediatype", media)]));
                "upload"
            }
            _ => "input",
        };
        said.extend(attributes(&[("appearance", &node.appearance)]));
        said.extend(node.control.iter().cloned());
        out.open(element, &said);
        self.itext.label_and_hint(node, out);
        if let Some(items) = &question.items {
            self.items(node, items, out);
        }
        for action in &self.form.actions {
            let changed = Event::ValueChanged(node.path.clone());
            if action.on.contains(&changed) {
                self::action(action, event_name(&changed), out);
            }
        }
        out.close(element);
    }

    fn items(&self, node: &Node, items: &ItemSet, out: &mut Out) {
        let list = match &items.source {
            ItemSource::List(name) => self.form.list(name),
            _ => None,
        };
        // `search()` fills the choices in while the form is open, and looks for them right here.
        if let Some(list) = list
            && node.appearance.contains("search(")
        {
            for (at, choice) in list.choices.iter().enumerate() {
                out.open("item", &[]);
                self.itext.element("label", &choice.label, &format!("{}-{at}", list.name), out);
                out.leaf("value", &[], &choice.value);
                out.close("item");
            }
            return;
        }
        let mut nodes = items.nodes();
        if let Some(shuffle) = &items.shuffle {
            let seed = shuffle.seed.as_ref().map(|seed| format!(", {}", seed.text)).unwrap_or_default();
            nodes = format!("randomize({nodes}{seed})");
        }
        out.open("itemset", &attributes(&[("nodeset", &nodes)]));
        out.empty("value", &attributes(&[("ref", &items.value)]));
        let kept = list.is_some_and(|list| self.itext.keeps_list(list));
        out.empty("label", &attributes(&[("ref", if kept { "jr:itext(itextId)" } else { &items.label })]));
        out.close("itemset");
    }
}
