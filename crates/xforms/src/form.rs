//! The definition of a form, as both the readers and the filling engine know it.
//!
//! A form is a tree of nodes in the order of the primary instance. Expressions are XPath with `${name}` already resolved: absolute, and
//! relative where question and answer share a repeat. Texts have one wording for each language of the form.
use crate::instance::Instance;

pub use crate::actions::{Action, Deed, Entity, Event};
pub use crate::choices::{Choice, ChoiceList, ItemSet, ItemSource, Secondary, SecondarySource, Shuffle};
pub use crate::text::{Media, Piece, Text, Wording};

/// A whole form.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Form {
    /// Its id, the same in every version.
    pub id: String,
    /// Its version; empty if the author gave none.
    pub version: String,
    /// Its name for people.
    pub title: String,
    /// Languages in the order of the form; never empty. One called `default` stands for a form without translations.
    pub languages: Vec<Language>,
    /// Which of them is shown first.
    pub default_language: usize,
    /// What else the author set.
    pub settings: Settings,
    /// The questions, groups and repeats, and last the group `meta`.
    pub body: Vec<Node>,
    /// Lists of choices kept in the form.
    pub lists: Vec<ChoiceList>,
    /// Secondary instances other than those lists.
    pub secondary: Vec<Secondary>,
    /// What sets values at certain moments: dynamic defaults and triggers.
    pub actions: Vec<Action>,
    /// Which records the form makes or changes.
    pub entities: Vec<Entity>,
    /// The primary instance before anything is answered, with fixed defaults, the repeats' templates and `meta`.
    pub template: Instance,
}

/// A language of a form.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Language {
    /// As the author wrote it, such as `English (en)`.
    pub name: String,
}

/// What an author may set for a whole form.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Settings {
    /// How the form is laid out: `pages`, `theme-grid` and the like.
    pub style: String,
    /// Key for encrypted submissions.
    pub public_key: String,
    /// Where clients send submissions.
    pub submission_url: String,
    /// Whether clients send by themselves: `true`, `false` or empty.
    pub auto_send: String,
    /// Whether clients delete by themselves once sent: `true`, `false` or empty.
    pub auto_delete: String,
    /// Extra namespaces: prefix and address.
    pub namespaces: Vec<(String, String)>,
    /// Whether clients may change what they have sent: `true` or empty.
    pub client_editable: String,
}

/// An expression with the place that it was written at.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Expression {
    /// XPath, references resolved.
    pub text: String,
    /// Where the author wrote it.
    pub place: Place,
}

/// A place in the author's file: sheet, row and column of a workbook, or line and attribute of an XML file.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// Name of the sheet; `xform` in an XML file.
    pub sheet: String,
    /// Row or line, counted from 1; 0 if the whole sheet is meant.
    pub row: u32,
    /// Heading of the column, or name of the attribute; empty if the whole row is meant.
    pub column: String,
}

/// A question, a group or a repeat.
#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    /// Name of its element.
    pub name: String,
    /// Absolute path without positions: `/data/household/member`. A group without an element of its own has the path of what holds it.
    pub path: String,
    /// What it is.
    pub kind: Kind,
    /// Its rules.
    pub bind: Bind,
    /// What the person reads.
    pub label: Text,
    /// A hint below the label.
    pub hint: Text,
    /// Longer help, folded away or printed.
    pub guidance: Text,
    /// Appearances, separated by spaces.
    pub appearance: String,
    /// Parameters in the author's words, such as `max-pixels=1024`.
    pub parameters: Vec<(String, String)>,
    /// What clients are told about showing it, names as in XForms: `rows`, `accuracyThreshold`, `intent` …
    pub control: Vec<(String, String)>,
    /// Attributes of the element that have rules of their own, such as the `id` of an entity.
    pub attributes: Vec<Attribute>,
    /// Where the author wrote it.
    pub place: Place,
}

/// What a node is.
#[derive(Debug, Clone, PartialEq)]
#[expect(clippy::large_enum_variant, reason = "nearly all nodes are questions")]
pub enum Kind {
    /// Questions that belong together.
    Group(Vec<Node>),
    /// Questions asked any number of times.
    Repeat(Repeat),
    /// One question, or one value that is not asked for.
    Question(Question),
}

/// Questions asked any number of times.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Repeat {
    /// How often, if not left to the person (`jr:count`).
    pub count: Option<Expression>,
    /// Whether the person may add and remove rounds.
    pub fixed: bool,
    /// What is asked each time.
    pub children: Vec<Node>,
}

/// One question.
#[derive(Debug, Clone, PartialEq)]
pub struct Question {
    /// Its type.
    pub kind: QuestionKind,
    /// What can be chosen, for selects and ranks.
    pub items: Option<ItemSet>,
    /// The static default; dynamic ones are actions.
    pub default: String,
    /// What a select over a list outside the form may choose from (`select_one_external`).
    pub query: Option<Expression>,
}

/// Types of questions.
#[derive(Debug, Clone, PartialEq)]
pub enum QuestionKind {
    /// Free text; `barcode`, numbers shown as text and so on are appearances of it.
    Text,
    /// A whole number.
    Integer,
    /// A number.
    Decimal,
    /// A day.
    Date,
    /// A time of day.
    Time,
    /// A day and a time.
    DateTime,
    /// One of several.
    SelectOne,
    /// Any of several, separated by spaces.
    SelectMultiple,
    /// All in order of preference.
    Rank,
    /// A number on a scale.
    Range(Range),
    /// Text without an answer.
    Note,
    /// "OK", once read.
    Acknowledge,
    /// A point: latitude, longitude, altitude, accuracy.
    Geopoint,
    /// A line of points.
    Geotrace,
    /// A closed line of points.
    Geoshape,
    /// A file, by its name; the parameter is the media type: `image/*`, `audio/*`, `video/*`, `application/*`.
    File(String),
    /// What a scanner read.
    Barcode,
    /// Not shown; computed or set. The parameter is the type of the value, `string` unless said otherwise.
    Hidden(String),
}

/// Bounds of a scale.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Range {
    /// Lowest value, as written.
    pub start: String,
    /// Highest value, as written.
    pub end: String,
    /// Distance of two values, as written.
    pub step: String,
    /// Whether values are whole numbers.
    pub whole: bool,
}

/// Rules of a node.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Bind {
    /// Asked only if this holds.
    pub relevant: Option<Expression>,
    /// An answer must satisfy this.
    pub constraint: Option<Expression>,
    /// What to say if it does not.
    pub constraint_message: Text,
    /// An answer is demanded if this holds.
    pub required: Option<Expression>,
    /// What to say if it is missing.
    pub required_message: Text,
    /// Cannot be changed if this holds.
    pub readonly: Option<Expression>,
    /// Its value.
    pub calculate: Option<Expression>,
    /// What the client fills in: `uid`, `timestamp`, `date`, `property`.
    pub preload: Option<Preload>,
    /// Property of the entity that takes this value.
    pub save_to: String,
    /// Other attributes, names with prefix.
    pub extra: Vec<(String, String)>,
}

/// What a client fills in by itself.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Preload {
    /// `uid`, `timestamp`, `date`, `property` …
    pub what: String,
    /// `start`, `end`, `today`, `deviceid` …
    pub parameter: String,
}

/// An attribute of an element that has rules.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Attribute {
    /// Its name.
    pub name: String,
    /// Its rules; the context of their expressions is the attribute.
    pub bind: Bind,
}

impl Form {
    /// Calls `visit` for each node, those that hold others before what they hold.
    pub fn walk<'a>(&'a self, visit: &mut impl FnMut(&'a Node)) {
        fn go<'a>(nodes: &'a [Node], visit: &mut impl FnMut(&'a Node)) {
            for node in nodes {
                visit(node);
                go(node.children(), visit);
            }
        }
        go(&self.body, visit);
    }

    /// How many questions people see.
    pub fn shown_questions(&self) -> usize {
        let mut count = 0;
        self.walk(&mut |node| count += usize::from(node.question().is_some_and(Question::is_shown)));
        count
    }

    /// The list of that name.
    pub fn list(&self, name: &str) -> Option<&ChoiceList> {
        self.lists.iter().find(|list| list.name == name)
    }

    /// Whether it has texts in more than one language or in a named one.
    pub fn is_translated(&self) -> bool {
        self.languages.len() > 1 || self.languages.iter().any(|language| language.name != "default")
    }
}

impl Node {
    /// A node without rules or texts.
    pub fn new(name: &str, path: String, kind: Kind) -> Node {
        Node {
            name: name.to_owned(),
            path,
            kind,
            bind: Bind::default(),
            label: Text::default(),
            hint: Text::default(),
            guidance: Text::default(),
            appearance: String::new(),
            parameters: Vec::new(),
            control: Vec::new(),
            attributes: Vec::new(),
            place: Place::default(),
        }
    }

    /// What it holds; nothing for a question.
    pub fn children(&self) -> &[Node] {
        match &self.kind {
            Kind::Group(children) => children,
            Kind::Repeat(repeat) => &repeat.children,
            Kind::Question(_) => &[],
        }
    }

    /// It as a question.
    pub fn question(&self) -> Option<&Question> {
        match &self.kind {
            Kind::Question(question) => Some(question),
            _ => None,
        }
    }

    /// Whether the appearance contains this word.
    pub fn has_appearance(&self, word: &str) -> bool {
        self.appearance.split_whitespace().any(|one| one == word)
    }

    /// Whether nobody wrote it: it shows the choices above the rows of a table (`table-list`), and its name is nothing to read.
    pub fn is_made_head(&self) -> bool {
        self.name.starts_with("reserved_name_for_field_list_labels_")
    }

    /// Whether it was called by the number of its row, since its author gave it no name.
    pub fn is_called_by_row(&self) -> bool {
        ["generated_note_name_", "generated_table_list_label_"].iter().any(|made| self.name.starts_with(made))
    }

    /// Whether its answer is written with the digits 0 to 9: a text of the appearance `numbers`, or one whose pattern takes no others.
    pub fn wants_digits(&self) -> bool {
        let is_text = self.question().is_some_and(|question| question.kind == QuestionKind::Text);
        let pattern =
            |rule: &Expression| rule.text.contains("regex(") && (rule.text.contains("0-9") || rule.text.contains("\\d"));
        is_text && (self.has_appearance("numbers") || self.bind.constraint.as_ref().is_some_and(pattern))
    }

    /// A parameter by name.
    pub fn parameter(&self, name: &str) -> Option<&str> {
        self.parameters.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }
}

impl Question {
    /// A question of a kind, with nothing else said.
    pub fn new(kind: QuestionKind) -> Question {
        Question { kind, items: None, default: String::new(), query: None }
    }

    /// Whether a person sees it.
    pub fn is_shown(&self) -> bool {
        !matches!(self.kind, QuestionKind::Hidden(_))
    }

    /// The type of its value as XForms names it.
    pub fn data_type(&self) -> &str {
        match &self.kind {
            QuestionKind::Integer => "int",
            QuestionKind::Decimal => "decimal",
            QuestionKind::Date => "date",
            QuestionKind::Time => "time",
            QuestionKind::DateTime => "dateTime",
            QuestionKind::Rank => "odk:rank",
            QuestionKind::Range(range) if range.whole => "int",
            QuestionKind::Range(_) => "decimal",
            QuestionKind::Geopoint => "geopoint",
            QuestionKind::Geotrace => "geotrace",
            QuestionKind::Geoshape => "geoshape",
            QuestionKind::File(_) => "binary",
            QuestionKind::Barcode => "barcode",
            QuestionKind::Hidden(kind) => kind,
            QuestionKind::Text
            | QuestionKind::SelectOne
            | QuestionKind::SelectMultiple
            | QuestionKind::Note
            | QuestionKind::Acknowledge => "string",
        }
    }
}
