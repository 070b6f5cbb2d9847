//! Changes between two editions in words, with both sides and what becomes of answers.
use xforms::form::{Expression, Form, Node};

use super::difference::{Change, Consequence};
use super::outline::kind_code;
use super::say::Sayer;
use crate::platform::text::text_with;
use crate::web::Page;

/// More changes than this are another form.
pub const MOST: usize = 500;

/// One change as it is shown.
pub struct Row {
    /// What it is about: the label of a question, mostly.
    pub what: String,
    /// Its name, or which of its texts or rules.
    pub which: String,
    /// As it was.
    pub old: String,
    /// As it is.
    pub new: String,
    /// What becomes of answers.
    pub then: String,
}

/// Says changes in words.
pub struct Teller<'f> {
    p: &'f Page,
    old: Sayer<'f>,
    new: Sayer<'f>,
}

impl<'f> Teller<'f> {
    /// For the reader of a page.
    pub fn new(p: &'f Page, old: &'f Form, new: &'f Form) -> Self {
        let own = |form: &Form| {
            let code = format!("({})", p.lang);
            form.languages.iter().position(|one| one.name.to_lowercase().ends_with(&code)).unwrap_or(form.default_language)
        };
        let lang = p.reader.lang;
        Self { p, old: Sayer::new(old, lang, own(old)), new: Sayer::new(new, lang, own(new)) }
    }

    /// How many of each kind, and what it comes to for answers.
    pub fn summary(&self, changes: &[Change<'f>]) -> Vec<String> {
        let count = |wanted: Consequence| changes.iter().filter(|change| change.consequence() == wanted).count();
        let said = [
            (Consequence::New, "form-then-count-new"),
            (Consequence::NoLongerAsked, "form-then-count-no-longer"),
            (Consequence::Apart, "form-then-count-apart"),
            (Consequence::MayNotFit, "form-then-count-may-not-fit"),
            (Consequence::ChoiceGone, "form-then-count-choice-gone"),
            (Consequence::Kept, "form-then-count-kept"),
        ];
        let some = said.into_iter().filter_map(|(wanted, key)| match count(wanted) {
            0 => None,
            some => Some(self.p.reader.digits(&self.p.ta(key, "count", some as i64))),
        });
        some.collect()
    }

    /// The changes by what kind they are, each group under its heading.
    pub fn groups(&self, changes: &[Change<'f>]) -> Vec<(String, Vec<Row>)> {
        let groups = ["form", "added", "removed", "moved", "kind", "wording", "rules", "choices"];
        let rows = |group: &str| -> Vec<Row> {
            changes.iter().take(MOST).filter(|change| group_of(change) == group).map(|change| self.row(change)).collect()
        };
        let all = groups.into_iter().map(|group| (self.p.tc("form-changes", group), rows(group)));
        all.filter(|(_, rows): &(String, Vec<Row>)| !rows.is_empty()).collect()
    }

    // What it is about, which part of it, and both sides.
    fn sides(&self, change: &Change<'f>) -> (String, String, String, String) {
        let p = self.p;
        let plain = |node: &'f Node, sayer: &Sayer<'f>| (sayer.called(node), node.name.clone());
        match change {
            Change::Titled { old, new } => (p.t("form-change-title"), String::new(), old.clone(), new.clone()),
            Change::LanguageAdded(name) => (p.t("form-change-language-added"), String::new(), String::new(), name.clone()),
            Change::LanguageRemoved(name) => (p.t("form-change-language-removed"), String::new(), name.clone(), String::new()),
            Change::Added(node) => {
                let (what, which) = plain(node, &self.new);
                (what, which, String::new(), p.tc("form-kind", kind_code(node)))
            }
            Change::Removed(node) => {
                let (what, which) = plain(node, &self.old);
                (what, which, p.tc("form-kind", kind_code(node)), String::new())
            }
            Change::Moved { old, new } => {
                let (what, which) = plain(new, &self.new);
                let (was, is) = (self.stands(&self.old, old), self.stands(&self.new, new));
                // Among its neighbours it stands elsewhere, though in the same group.
                if old.path == new.path { (what, which, was, p.t("form-stands-order")) } else { (what, which, was, is) }
            }
            Change::Retyped { old, new } => {
                let (what, which) = plain(new, &self.new);
                (what, which, p.tc("form-kind", kind_code(old)), p.tc("form-kind", kind_code(new)))
            }
            Change::Reworded { node, part, language, old, new } => {
                let (what, _) = plain(node, &self.new);
                let part = p.tc("form-part", part);
                let which = if language == "default" { part } else { format!("{part} · {language}") };
                (what, which, old.clone(), new.clone())
            }
            Change::Ruled { old, new, rule, before, now } => {
                let (what, _) = plain(new, &self.new);
                let say = |sayer: &Sayer<'f>, rule: Option<&'f Expression>, node: &'f Node| {
                    rule.map_or_else(|| p.t("form-rule-none"), |rule| sayer.rule(rule, node))
                };
                (what, p.tc("form-rule", rule), say(&self.old, *before, old), say(&self.new, *now, new))
            }
            Change::Choices { list, added, removed, reworded } => {
                let was = removed.iter().chain(reworded.iter().map(|(old, _)| old));
                let is = added.iter().chain(reworded.iter().map(|(_, new)| new));
                (p.ta("form-change-choices", "list", list.clone()), String::new(), p.list(was), p.list(is))
            }
        }
    }

    /// One change.
    pub fn row(&self, change: &Change<'f>) -> Row {
        let (what, which, old, new) = self.sides(change);
        Row { what, which, old, new, then: self.p.tc("form-then", consequence_code(change.consequence())) }
    }

    // Where a question stands: the groups around it.
    fn stands(&self, sayer: &Sayer<'f>, node: &Node) -> String {
        let around = sayer.around(node);
        if around.is_empty() {
            self.p.t("form-stands-top")
        } else {
            text_with(self.p.reader.lang, "form-stands-in", &[("group", around.into())])
        }
    }
}

/// The code of a consequence, in texts and on the wire.
pub fn consequence_code(consequence: Consequence) -> &'static str {
    match consequence {
        Consequence::Kept => "kept",
        Consequence::New => "new",
        Consequence::NoLongerAsked => "no_longer_asked",
        Consequence::Apart => "apart",
        Consequence::MayNotFit => "may_not_fit",
        Consequence::ChoiceGone => "choice_gone",
    }
}

/// The code of what kind of change it is.
pub fn group_of(change: &Change<'_>) -> &'static str {
    match change {
        Change::Added(_) => "added",
        Change::Removed(_) => "removed",
        Change::Moved { .. } => "moved",
        Change::Reworded { .. } => "wording",
        Change::Retyped { .. } => "kind",
        Change::Ruled { .. } => "rules",
        Change::Choices { .. } => "choices",
        Change::LanguageAdded(_) | Change::LanguageRemoved(_) | Change::Titled { .. } => "form",
    }
}
