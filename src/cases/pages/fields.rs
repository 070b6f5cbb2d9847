//! A form of a few fields, made by the handler and rendered by one template: every change to a case is asked in the same way.
use askama::Template;

use crate::cases::Case;
use crate::cases::note::FACTS;
use crate::error::Error;
use crate::platform::db::Work;
use crate::supervision::carrying::{self, Tick};
use crate::web::parts::Choice;
use crate::web::{Form, Page};

/// One field.
pub(super) struct Field {
    pub(super) kind: &'static str,
    pub(super) name: &'static str,
    pub(super) label: String,
    pub(super) hint: String,
    pub(super) choices: Vec<Choice>,
    pub(super) required: bool,
}

impl Field {
    /// A field of this kind; its texts are `case-field-<name>` and, where it exists, `case-hint-<name>`.
    pub(super) fn new(p: &Page, kind: &'static str, name: &'static str) -> Self {
        let tail = name.replace('_', "-");
        let hint = format!("case-hint-{tail}");
        let hint = if crate::platform::text::has(p.reader.lang, &hint) { p.t(&hint) } else { String::new() };
        Self { kind, name, label: p.t(&format!("case-field-{tail}")), hint, choices: Vec::new(), required: false }
    }

    /// The ticks for what was said of whoever was chosen, as fields.
    pub(super) fn meant_of(p: &Page, form: &Form, who: &str) -> Vec<Self> {
        let field = |Tick { name, label, hint }| Self { kind: "check", name, label, hint, choices: Vec::new(), required: false };
        carrying::ticks(p, form, who).into_iter().map(field).collect()
    }

    /// A value as its choice reads; any other as it is.
    pub(super) fn in_words(&self, value: &str) -> String {
        self.choices.iter().find(|choice| choice.value == value).map_or(value, |choice| choice.label.as_str()).to_owned()
    }

    pub(super) fn required(mut self) -> Self {
        self.required = true;
        self
    }

    /// With these words beside it, where there are any.
    pub(super) fn hinted(mut self, words: Option<String>) -> Self {
        self.hint = words.unwrap_or(self.hint);
        self
    }

    pub(super) fn of(mut self, choices: Vec<Choice>) -> Self {
        self.choices = choices;
        self
    }
}

/// The page with the form.
#[derive(Template)]
#[template(path = "cases/html/ask.html")]
pub(super) struct Ask {
    p: Page,
    back: String,
    back_label: String,
    lead: String,
    action: String,
    verb: String,
    version: i32,
    fields: Vec<Field>,
    // What a good note is, shown beside the words of one.
    facts: Vec<(String, String)>,
    form: Form,
}

/// What a good note is, each with what that means.
pub(super) fn facts(p: &Page) -> Vec<(String, String)> {
    FACTS.iter().map(|code| (p.tc("note-fact", code), p.tc("note-fact-says", code))).collect()
}

impl Ask {
    /// A form about a case; its texts are `case-<topic>-title`, `-lead` and `-verb`. What corrects a note is called so.
    pub(super) async fn about(work: &mut Work, case: &Case, topic: &str, form: Form) -> Result<Self, Error> {
        let named = if topic == "notes" && form.filled("corrects") { "note-correction" } else { topic };
        let title = crate::platform::text::text(work.lang(), &format!("case-{named}-title"));
        let p = Page::of(work, title).await?;
        Ok(Self {
            back: case.path(),
            back_label: case.code.clone(),
            lead: p.t(&format!("case-{named}-lead")),
            action: format!("{}/{topic}", case.path()),
            verb: p.t(&format!("case-{named}-verb")),
            version: case.version,
            facts: if topic == "notes" { facts(&p) } else { Vec::new() },
            fields: Vec::new(),
            form,
            p,
        })
    }

    pub(super) fn page(&self) -> &Page {
        &self.p
    }

    pub(super) fn form(&self) -> &Form {
        &self.form
    }

    pub(super) fn fields(&self) -> &[Field] {
        &self.fields
    }

    pub(super) fn with(mut self, fields: Vec<Field>) -> Self {
        self.fields = fields;
        self
    }
}
