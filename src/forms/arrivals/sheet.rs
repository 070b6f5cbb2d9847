//! What a filled form says, for reading: each question that was answered with its label and its answer, in the reader's language where the form
//! speaks it.
use std::collections::HashSet;

use xforms::form::{Form, ItemSource, Kind, Node, Question, QuestionKind, Text};
use xforms::instance::{Instance, NodeId};

use crate::forms::plans;
use crate::platform::lang::Lang;
use crate::platform::text::text;
use crate::platform::typed;

/// More lines than this are read on the case, in the form itself.
const MOST_LINES: usize = 1_000;

/// A line of the sheet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Line {
    /// A heading: of a group, or of a round of a repeat.
    Heading(String),
    /// A question and what was answered.
    Answer(String, String),
}

/// The answers of a copy, in the order of the form. A heading with nothing below it is left out; that it says more than this is said.
pub(super) fn of(form: &Form, instance: &Instance, lang: Lang) -> Vec<Line> {
    let reading = Reading { form, instance, language: language(form, lang) };
    let mut lines = Vec::new();
    reading.all(&form.body, instance.root(), &mut lines);
    if lines.len() > MOST_LINES {
        lines.truncate(MOST_LINES);
        lines.push(Line::Heading(text(lang, "arrivals-says-more")));
    }
    lines
}

/// The names of the files that the answers call for.
pub(super) fn files(form: &Form, instance: &Instance) -> Vec<String> {
    let mut paths = HashSet::new();
    form.walk(&mut |node| {
        if node.question().is_some_and(|question| matches!(question.kind, QuestionKind::File(_))) {
            paths.insert(node.path.clone());
        }
    });
    let (mut open, mut found) = (vec![instance.root()], Vec::new());
    while let Some(at) = open.pop() {
        open.extend(instance.children(at));
        let element = instance.get(at);
        if !element.text.is_empty() && !element.irrelevant && paths.contains(&instance.path(at)) {
            found.push(typed::cleaned(&element.text));
        }
    }
    found.sort();
    found
}

// Which language of the form a reader of ours reads: `Arabic (ar)` by its code, else the form's own.
fn language(form: &Form, lang: Lang) -> usize {
    plans::spoken(form, lang).unwrap_or(form.default_language)
}

struct Reading<'a> {
    form: &'a Form,
    instance: &'a Instance,
    language: usize,
}

impl Reading<'_> {
    fn all(&self, nodes: &[Node], at: NodeId, lines: &mut Vec<Line>) {
        for node in nodes.iter().filter(|node| node.name != "meta") {
            match &node.kind {
                Kind::Question(question) if question.is_shown() => {
                    let element = self.instance.child(at, &node.name);
                    lines.extend(element.and_then(|element| self.answer(node, question, element)));
                }
                Kind::Question(_) => {}
                // A group without an element of its own has the path of what holds it.
                Kind::Group(children) => {
                    let inside = self.instance.child(at, &node.name);
                    let bare = inside.is_none() && self.is_without_element(node, at);
                    if let Some(inside) = inside.or(bare.then_some(at)) {
                        self.below(self.words(&node.label), children, inside, lines);
                    }
                }
                Kind::Repeat(repeat) => {
                    let rounds: Vec<NodeId> = self.instance.named(at, &node.name).collect();
                    for (nth, round) in rounds.into_iter().enumerate() {
                        let heading = format!("{} {}", self.words(&node.label), nth + 1);
                        self.below(heading.trim().to_owned(), &repeat.children, round, lines);
                    }
                }
            }
        }
    }

    fn is_without_element(&self, node: &Node, at: NodeId) -> bool {
        node.path == self.instance.path(at)
    }

    fn below(&self, heading: String, children: &[Node], at: NodeId, lines: &mut Vec<Line>) {
        if self.instance.get(at).irrelevant || lines.len() > MOST_LINES {
            return;
        }
        let mut inside = Vec::new();
        self.all(children, at, &mut inside);
        if !inside.is_empty() {
            lines.extend(Some(Line::Heading(heading)).filter(|line| *line != Line::Heading(String::new())));
            lines.append(&mut inside);
        }
    }

    fn answer(&self, node: &Node, question: &Question, at: NodeId) -> Option<Line> {
        let element = self.instance.get(at);
        let text = typed::cleaned(&element.text);
        if element.irrelevant || text.is_empty() || question.kind == QuestionKind::Note {
            return None;
        }
        let label = Some(self.words(&node.label)).filter(|words| !words.is_empty()).unwrap_or_else(|| node.name.clone());
        let said = match &question.items {
            Some(items) => self.chosen(&items.source, &text, &question.kind),
            None => text,
        };
        Some(Line::Answer(label, said))
    }

    fn chosen(&self, source: &ItemSource, text: &str, kind: &QuestionKind) -> String {
        let ItemSource::List(name) = source else { return text.to_owned() };
        let Some(list) = self.form.list(name) else { return text.to_owned() };
        let label = |value: &str| {
            let choice = list.choices.iter().find(|choice| choice.value == value);
            choice.map(|choice| self.words(&choice.label)).filter(|words| !words.is_empty()).unwrap_or_else(|| value.to_owned())
        };
        match kind {
            QuestionKind::SelectOne => label(text),
            _ => text.split_whitespace().map(label).collect::<Vec<_>>().join(" · "),
        }
    }

    fn words(&self, text: &Text) -> String {
        let wording = text.in_language(self.language).or_else(|| text.in_language(self.form.default_language));
        let wording = wording.or_else(|| text.wordings.iter().find(|wording| !wording.is_empty()));
        wording.map(|wording| typed::cleaned(&wording.outline())).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FORM: &str = r#"<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml" xmlns:jr="http://openrosa.org/javarosa"><h:head><h:title>T</h:title><model>
      <itext><translation lang="English (en)"><text id="sex:label"><value>Sex</value></text><text id="f"><value>Woman</value></text></translation>
      <translation lang="Arabic (ar)"><text id="sex:label"><value>الجنس</value></text><text id="f"><value>أنثى</value></text></translation></itext>
      <instance><data id="f"><sex/><home><rooms/></home><note/><meta><instanceID/></meta></data></instance>
      <bind nodeset="/data/sex" type="string"/><bind nodeset="/data/home/rooms" type="int"/><bind nodeset="/data/note" readonly="true()" type="string"/></model></h:head>
      <h:body><select1 ref="/data/sex"><label ref="jr:itext('sex:label')"/><item><label ref="jr:itext('f')"/><value>female</value></item></select1>
      <group ref="/data/home"><label>Home</label><input ref="/data/home/rooms"><label>Rooms</label></input></group></h:body></h:html>"#;

    fn lines(body: &str, lang: Lang) -> Vec<Line> {
        let form = xforms::xform::read(FORM).form.unwrap();
        of(&form, &Instance::read(&format!("<data id=\"f\">{body}</data>")).unwrap(), lang)
    }

    #[test]
    fn answers_are_read_in_the_readers_language_where_the_form_speaks_it() {
        let said = "<sex>female</sex><home><rooms/></home>";
        assert_eq!(lines(said, Lang::En), [Line::Answer("Sex".into(), "Woman".into())]);
        assert_eq!(lines(said, Lang::Ar), [Line::Answer("الجنس".into(), "أنثى".into())]);
        assert_eq!(lines(said, Lang::Fr), lines(said, Lang::En));
    }

    #[test]
    fn a_group_has_its_heading_where_something_below_was_answered() {
        let home = lines("<sex/><home><rooms>3</rooms></home>", Lang::En);
        assert_eq!(home, [Line::Heading("Home".into()), Line::Answer("Rooms".into(), "3".into())]);
    }
}
