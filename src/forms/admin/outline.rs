//! A form as its readers will meet it: page by page, question by question, in one of its languages, with its rules in words beside.
//!
//! The outline shows everything, whatever would be asked or not; what depends on answers is said, not acted out.
use xforms::form::{Expression, Form, ItemSource, Kind, Node, QuestionKind};

use super::say::Sayer;
use crate::platform::text::text_with;
use crate::web::Page;

/// More choices than this are counted, not listed.
const MOST_CHOICES: usize = 25;
/// More lines than this are no page that a browser shows well.
const MOST_LINES: usize = 1_500;

/// One line: a group, a repeat or a question.
#[derive(Debug, Clone, Default)]
pub struct Line {
    /// How far in it stands, at most 4.
    pub depth: usize,
    /// "Page 3", where one begins.
    pub page: String,
    /// `group`, `repeat`, `hidden`, or the control that is shown: `text`, `long`, `number`, `date`, `time`, `one`, `many`, `file`, `note`.
    pub control: &'static str,
    /// What kind of question it is, in words.
    pub kind: String,
    /// Its name in the form and in exports.
    pub name: String,
    /// Its label in the language looked at.
    pub label: String,
    /// That language has no label, and another's is shown.
    pub untranslated: bool,
    /// The hint below.
    pub hint: String,
    /// What can be chosen.
    pub choices: Vec<String>,
    /// "and 40 more", or where the choices come from.
    pub more: String,
    /// Its rules: what each is called, and what it says.
    pub rules: Vec<(String, String)>,
}

/// The lines of a form, and whether some were left out.
pub fn lines(p: &Page, form: &Form, language: usize) -> (Vec<Line>, bool) {
    let mut writer = Writer { p, form, sayer: Sayer::new(form, p.reader.lang, language), language, lines: Vec::new(), pages: 0 };
    writer.all(&form.body, 0, false);
    let full = writer.lines.len() > MOST_LINES;
    writer.lines.truncate(MOST_LINES);
    (writer.lines, full)
}

/// How many pages it has if everything is asked.
pub fn pages(form: &Form) -> usize {
    fn count(nodes: &[Node]) -> usize {
        nodes
            .iter()
            .map(|node| match &node.kind {
                Kind::Question(question) => usize::from(question.is_shown()),
                _ if is_list(node) => 1,
                _ => count(node.children()),
            })
            .sum()
    }
    count(&form.body)
}

/// The key, below `form-kind`, of what a question is called.
pub fn kind_code(node: &Node) -> &'static str {
    match &node.kind {
        Kind::Group(_) => "group",
        Kind::Repeat(_) => "repeat",
        Kind::Question(question) => match &question.kind {
            QuestionKind::Text => "text",
            QuestionKind::Integer => "integer",
            QuestionKind::Decimal => "decimal",
            QuestionKind::Date => "date",
            QuestionKind::Time => "time",
            QuestionKind::DateTime => "datetime",
            QuestionKind::SelectOne => "one",
            QuestionKind::SelectMultiple => "many",
            QuestionKind::Rank => "rank",
            QuestionKind::Range(_) => "range",
            QuestionKind::Note => "note",
            QuestionKind::Acknowledge => "acknowledge",
            QuestionKind::Geopoint | QuestionKind::Geotrace | QuestionKind::Geoshape => "place",
            QuestionKind::File(_) => "file",
            QuestionKind::Barcode => "barcode",
            QuestionKind::Hidden(_) => "hidden",
        },
    }
}

struct Writer<'a> {
    p: &'a Page,
    form: &'a Form,
    sayer: Sayer<'a>,
    language: usize,
    lines: Vec<Line>,
    pages: usize,
}

impl<'a> Writer<'a> {
    fn all(&mut self, nodes: &'a [Node], depth: usize, within_page: bool) {
        let mut above: Option<&ItemSource> = None;
        for node in nodes {
            // What a client keeps for itself is nothing that anybody reads.
            if self.lines.len() > MOST_LINES
                || node.is_made_head()
                || (node.name == "meta" && matches!(node.kind, Kind::Group(_)))
            {
                continue;
            }
            let begins = match &node.kind {
                Kind::Question(question) => !within_page && question.is_shown(),
                _ => !within_page && is_list(node),
            };
            let mut line = self.line(node, depth);
            // The rows of a table have its choices above them once.
            let source = node.question().and_then(|question| question.items.as_ref()).map(|items| &items.source);
            let is_row = node.has_appearance("list-nolabel") || node.has_appearance("list");
            if is_row && source.is_some() && source == above {
                (line.choices, line.more) = (Vec::new(), String::new());
            }
            above = source.filter(|_| is_row || node.has_appearance("label"));
            if begins {
                self.pages += 1;
                line.page = self.p.ta("form-outline-page", "number", self.p.number(self.pages as i64));
            }
            self.lines.push(line);
            self.all(node.children(), depth + 1, within_page || is_list(node));
        }
    }

    fn line(&self, node: &'a Node, depth: usize) -> Line {
        let (choices, more) = self.choices(node);
        let own = node.label.in_language(self.language).is_some();
        Line {
            depth: depth.min(4),
            page: String::new(),
            control: control(node),
            kind: self.p.tc("form-kind", kind_code(node)),
            // What its author gave no name is called by its row, which is nothing to read.
            name: if node.is_called_by_row() { String::new() } else { node.name.clone() },
            label: self.sayer.called(node),
            untranslated: !own && !node.label.is_empty() && self.form.is_translated(),
            hint: self.sayer.words(&node.hint),
            choices,
            more,
            rules: self.rules(node),
        }
    }

    fn choices(&self, node: &Node) -> (Vec<String>, String) {
        let Some(items) = node.question().and_then(|question| question.items.as_ref()) else { return Default::default() };
        let list = match &items.source {
            ItemSource::List(name) => self.form.list(name),
            ItemSource::Instance(name) => return (Vec::new(), self.p.ta("form-outline-choices-file", "name", name.clone())),
            ItemSource::Nodes(_) => return (Vec::new(), self.p.t("form-outline-choices-answers")),
        };
        let all = list.map_or(&[][..], |list| &list.choices);
        let labelled = |choice: &xforms::form::Choice| {
            let words = self.sayer.words(&choice.label);
            if words.is_empty() { choice.value.clone() } else { words }
        };
        let more = all.len().saturating_sub(MOST_CHOICES);
        let said = if more == 0 { String::new() } else { self.p.ta("form-outline-more", "count", self.p.number(more as i64)) };
        (all.iter().take(MOST_CHOICES).map(labelled).collect(), said)
    }

    fn rules(&self, node: &'a Node) -> Vec<(String, String)> {
        let mut rules = Vec::new();
        let mut add = |key: &str, said: String| {
            if !said.is_empty() {
                rules.push((self.p.t(key), said));
            }
        };
        let say = |rule: &Option<Expression>| rule.as_ref().map(|rule| self.sayer.rule(rule, node)).unwrap_or_default();
        let bind = &node.bind;
        add("form-rule-relevant", say(&bind.relevant));
        if let Some(required) = &bind.required
            && required.text.trim() != "false()"
        {
            let always = matches!(required.text.trim(), "true()" | "1");
            add("form-rule-required", if always { self.p.t("form-say-always") } else { say(&bind.required) });
        }
        add("form-rule-constraint", say(&bind.constraint));
        add("form-rule-message", self.sayer.words(&bind.constraint_message));
        add("form-rule-calculate", say(&bind.calculate));
        if bind.readonly.as_ref().is_some_and(|rule| rule.text.trim() != "false()") && bind.calculate.is_none() {
            add("form-rule-readonly", say(&bind.readonly));
        }
        if let Kind::Repeat(repeat) = &node.kind {
            add("form-rule-count", say(&repeat.count));
        }
        if let Some(question) = node.question() {
            add("form-rule-default", question.default.clone());
            if let Some(items) = &question.items {
                add("form-rule-filter", say(&items.filter));
            }
            if let QuestionKind::Range(range) = &question.kind {
                let values =
                    [("from", range.start.clone().into()), ("to", range.end.clone().into()), ("step", range.step.clone().into())];
                add("form-rule-range", text_with(self.p.reader.lang, "form-rule-range-said", &values));
            }
        }
        rules
    }
}

fn is_list(node: &Node) -> bool {
    node.has_appearance("field-list") || node.has_appearance("table-list")
}

fn control(node: &Node) -> &'static str {
    match kind_code(node) {
        "text" if node.has_appearance("multiline") => "long",
        "text" | "barcode" | "place" => "text",
        "integer" | "decimal" | "range" => "number",
        "datetime" | "date" => "date",
        "many" | "rank" | "acknowledge" => "many",
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::forms::admin::say::tests::form;
    use crate::platform::lang::Lang;

    const SURVEY: &str = "
        | survey   |                  |       |                     |                    |             |                |
        |          | type             | name  | label::English (en) | label::Arabic (ar) | appearance  | relevant       |
        |          | begin_group      | first | First               |                    | field-list  |                |
        |          | text             | name  | Name                | الاسم              | multiline   |                |
        |          | integer          | age   | Age                 | العمر              |             |                |
        |          | end_group        |       |                     |                    |             |                |
        |          | begin_repeat     | child | Child               | طفل                |             | ${age} > 17    |
        |          | select_one yesno | class | In school?          | في المدرسة؟        |             |                |
        |          | end_repeat       |       |                     |                    |             |                |
        | choices  |                  |       |                     |                    |             |                |
        |          | list_name        | name  | label::English (en) | label::Arabic (ar) |             |                |
        |          | yesno            | yes   | Yes                 | نعم                |             |                |
        |          | yesno            | no    | No                  | لا                 |             |                |
    ";

    #[test]
    fn the_outline_shows_pages_controls_choices_and_rules_in_the_language_asked_for() {
        let form = form(SURVEY);
        let p = Page::plain(Lang::En, "", chrono::DateTime::UNIX_EPOCH);
        let arabic = form.languages.iter().position(|one| one.name.contains("(ar)")).expect("it speaks Arabic");
        let (lines, full) = lines(&p, &form, arabic);
        assert!(!full);
        let seen: Vec<_> = lines.iter().map(|line| (line.name.as_str(), line.control, line.depth, line.untranslated)).collect();
        let expected = [
            ("first", "group", 0, true),
            ("name", "long", 1, false),
            ("age", "number", 1, false),
            ("child", "repeat", 0, false),
            ("class", "one", 1, false),
        ];
        assert_eq!(seen, expected);
        assert_eq!(lines[4].choices, ["نعم", "لا"]);
        assert_eq!(lines[3].rules[0].1.replace(['\u{2068}', '\u{2069}'], ""), "“العمر” is more than 17");
        assert_eq!(lines.iter().filter(|line| !line.page.is_empty()).count(), pages(&form));
        assert_eq!(pages(&form), 2);
    }
}
