//! What a filled form says, for reading: each question that was answered with its label and its answer, in the reader's language where the form
//! speaks it, and as the case's own page reads it.
use std::collections::HashMap;

use xforms::form::{Kind, Node, Question, QuestionKind, Text};
use xforms::instance::{Instance, NodeId};
use xforms::session::Session;

use crate::forms::fill::{said, words};
use crate::platform::typed;
use crate::web::Page;

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

/// The answers of a copy with which these files came, in the order of the form. A heading with nothing below it is left out; that it says more
/// than this is said.
pub(super) fn of(p: &Page, session: &Session, files: &[String]) -> Vec<Line> {
    let reading = Reading { p, session, instance: session.instance(), files };
    let mut lines = Vec::new();
    reading.all(&session.plan().form().body, session.instance().root(), &mut lines);
    if lines.len() > MOST_LINES {
        lines.truncate(MOST_LINES);
        lines.push(Line::Heading(p.t("arrivals-says-more")));
    }
    lines
}

/// A filled form as a page shows it.
pub(super) struct Sheet {
    /// What it says.
    pub lines: Vec<Line>,
    /// The files that came, each as a reader calls it.
    pub files: Vec<String>,
    /// Those that the answers call for and that are not here.
    pub missing: Vec<String>,
}

/// A copy with which these files came.
pub(super) fn read(p: &Page, session: &Session, came: &[String]) -> Sheet {
    let asked = asked(p, session);
    let missing: Vec<String> = asked.iter().map(|(name, _)| name.clone()).filter(|name| !came.contains(name)).collect();
    Sheet { lines: of(p, session, came), files: called(p, &asked, came), missing: called(p, &asked, &missing) }
}

/// Files that came when the answers were read already: there is no question left to call them by.
pub(super) fn late(p: &Page, came: &[String]) -> Vec<String> {
    called(p, &[], came)
}

// Each file by the question that it answers and its kind, with a number where several answer alike. What it was called on the phone is a
// row of signs, or names somebody.
fn called(p: &Page, asked: &[(String, String)], names: &[String]) -> Vec<String> {
    let mut met = HashMap::<String, i64>::new();
    let call = |name: &String| {
        let question = asked.iter().find(|(known, _)| known == name);
        let label = question.map_or_else(|| p.t("arrivals-file"), |(_, label)| label.clone());
        let count = met.entry(label.clone()).or_default();
        *count += 1;
        let number = Some(p.number(*count)).filter(|_| *count > 1);
        let kind = name.rsplit_once('.').map(|(_, kind)| kind.to_uppercase());
        let kind = kind.filter(|kind| kind.len() <= 4 && kind.chars().all(|sign| sign.is_ascii_alphanumeric()));
        [Some(label), number, kind].into_iter().flatten().collect::<Vec<_>>().join(" · ")
    };
    names.iter().map(call).collect()
}

// The names of the files that the answers call for, each with the label of its question.
fn asked(p: &Page, session: &Session) -> Vec<(String, String)> {
    let reading = Reading { p, session, instance: session.instance(), files: &[] };
    let mut questions = HashMap::new();
    session.plan().form().walk(&mut |node| {
        if node.question().is_some_and(|question| matches!(question.kind, QuestionKind::File(_))) {
            questions.insert(node.path.clone(), (node.label.clone(), node.name.clone()));
        }
    });
    let (mut open, mut found) = (vec![reading.instance.root()], Vec::new());
    while let Some(at) = open.pop() {
        open.extend(reading.instance.children(at));
        let element = reading.instance.get(at);
        let Some((label, name)) = questions.get(&reading.instance.path(at)) else { continue };
        if !element.text.is_empty() && !element.irrelevant {
            found.push((typed::cleaned(&element.text), reading.label(label, name, at)));
        }
    }
    found.sort();
    found
}

struct Reading<'a> {
    p: &'a Page,
    session: &'a Session,
    instance: &'a Instance,
    files: &'a [String],
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
                        self.below(self.words(&node.label, inside), children, inside, lines);
                    }
                }
                Kind::Repeat(repeat) => {
                    let place = self.session.plan().place(&node.path);
                    let rounds = place.map(|place| self.session.rounds(at, place)).unwrap_or_default();
                    for (nth, round) in rounds.into_iter().enumerate() {
                        let heading = format!("{} {}", self.words(&node.label, round), self.p.number(nth as i64 + 1));
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
        let label = self.label(&node.label, &node.name, at);
        // What a file was called on the phone may name somebody, and says nothing to a reader.
        let said = match &question.kind {
            QuestionKind::File(_) if self.files.contains(&text) => self.p.t("fill-attached"),
            QuestionKind::File(_) => self.p.t("fill-not-received"),
            _ => typed::cleaned(&said::answer(self.p, self.session, at)),
        };
        Some(Line::Answer(label, said))
    }

    fn label(&self, text: &Text, name: &str, at: NodeId) -> String {
        Some(self.words(text, at)).filter(|words| !words.is_empty()).unwrap_or_else(|| name.to_owned())
    }

    fn words(&self, text: &Text, at: NodeId) -> String {
        let words = self.session.words(text, at).map(|said| words::plain(&said));
        words.map(|said| typed::cleaned(&said)).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use xforms::session::{Plan, Surroundings};
    use xforms::xpath::moment::Moment;

    use super::*;
    use crate::forms::plans;
    use crate::platform::lang::Lang;

    const FORM: &str = r#"<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml" xmlns:jr="http://openrosa.org/javarosa"><h:head><h:title>T</h:title><model>
      <itext><translation lang="English (en)"><text id="sex:label"><value>Sex</value></text><text id="f"><value>Woman</value></text></translation>
      <translation lang="Arabic (ar)"><text id="sex:label"><value>الجنس</value></text><text id="f"><value>أنثى</value></text></translation></itext>
      <instance><data id="f"><sex/><home><rooms/></home><note/><meta><instanceID/></meta></data></instance>
      <bind nodeset="/data/sex" type="string"/><bind nodeset="/data/home/rooms" type="int"/><bind nodeset="/data/note" readonly="true()" type="string"/></model></h:head>
      <h:body><select1 ref="/data/sex"><label ref="jr:itext('sex:label')"/><item><label ref="jr:itext('f')"/><value>female</value></item></select1>
      <group ref="/data/home"><label>Home</label><input ref="/data/home/rooms"><label>Rooms</label></input></group></h:body></h:html>"#;

    fn lines(body: &str, lang: Lang) -> Vec<Line> {
        let none = |_: &str| None::<Instance>;
        let plan = Arc::new(Plan::new(xforms::xform::read(FORM).form.unwrap(), &none).ok().unwrap());
        let language = plans::language(&plan, lang);
        let surroundings = Surroundings { language, ..Surroundings::new(Moment { milliseconds: 0, offset: 0 }, 1) };
        let instance = Instance::read(&format!("<data id=\"f\">{body}</data>")).unwrap();
        let page = Page::plain(lang, "", chrono::DateTime::UNIX_EPOCH);
        of(&page, &Session::resume(plan, instance, surroundings), &[])
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
