//! Texts: written where they belong if they are the same in all languages, else in `itext`.
use crate::form::{ChoiceList, Form, Node, Piece, Text, Wording};
use crate::xml::{push_attribute, push_text};

use super::{Out, attributes};

/// Decides where texts go, and writes those that are kept by language.
pub(super) struct Itext<'f> {
    form: &'f Form,
}

/// What a text in `itext` consists of.
struct Entry<'f> {
    id: String,
    main: Option<&'f Text>,
    guidance: Option<&'f Text>,
}

impl<'f> Itext<'f> {
    pub fn of(form: &'f Form) -> Itext<'f> {
        Itext { form }
    }

    fn is_inline(&self, text: &Text) -> bool {
        let same = text.wordings.windows(2).all(|two| two[0] == two[1]);
        !text.has_media() && same && (!self.form.is_translated() || self.form.languages.len() > 1)
    }

    /// Whether the labels of a list are kept by language.
    pub fn keeps_list(&self, list: &ChoiceList) -> bool {
        // Children of an item hold text alone, so values in a label need itext too.
        list.choices.iter().any(|choice| !self.is_inline(&choice.label) || has_output(&choice.label))
    }

    /// Writes a label or hint.
    pub fn element(&self, name: &str, text: &Text, id: &str, out: &mut Out) {
        if self.is_inline(text) {
            match text.wordings.first() {
                Some(wording) if !wording.pieces.is_empty() => out.mixed(name, &[], &markup(wording)),
                _ => out.empty(name, &[]),
            }
        } else {
            out.empty(name, &attributes(&[("ref", &format!("jr:itext('{id}')"))]));
        }
    }

    /// Writes label and hint of a node.
    pub fn label_and_hint(&self, node: &Node, out: &mut Out) {
        let has_hint = !node.hint.is_empty() || !node.guidance.is_empty();
        if !node.label.is_empty() || has_hint {
            self.element("label", &node.label, &format!("{}:label", node.path), out);
        }
        if !has_hint {
            return;
        }
        let id = format!("{}:hint", node.path);
        if node.guidance.is_empty() {
            self.element("hint", &node.hint, &id, out);
        } else {
            out.empty("hint", &attributes(&[("ref", &format!("jr:itext('{id}')"))]));
        }
    }

    /// The value of an attribute such as `jr:constraintMsg`.
    pub fn message(&self, text: &Text, id: &str) -> String {
        if self.is_inline(text) && !has_output(text) {
            text.wordings.first().map(Wording::outline).unwrap_or_default()
        } else {
            format!("jr:itext('{id}')")
        }
    }

    /// Writes the element, if there is anything in it.
    pub fn write(&self, out: &mut Out) {
        let entries = self.entries();
        if entries.is_empty() {
            return;
        }
        out.open("itext", &[]);
        for (at, language) in self.form.languages.iter().enumerate() {
            let default = if at == self.form.default_language { "true()" } else { "" };
            out.open("translation", &attributes(&[("lang", &language.name), ("default", default)]));
            for entry in &entries {
                out.open("text", &attributes(&[("id", &entry.id)]));
                write_values(entry, at, out);
                out.close("text");
            }
            out.close("translation");
        }
        out.close("itext");
    }

    fn entries(&self) -> Vec<Entry<'f>> {
        let form = self.form;
        let mut entries = Vec::new();
        for list in form.lists.iter().filter(|list| !list.outside && self.keeps_list(list)) {
            for (at, choice) in list.choices.iter().enumerate() {
                entries.push(Entry { id: format!("{}-{at}", list.name), main: Some(&choice.label), guidance: None });
            }
        }
        form.walk(&mut |node| {
            if !self.is_inline(&node.label) {
                entries.push(Entry { id: format!("{}:label", node.path), main: Some(&node.label), guidance: None });
            }
            if !node.guidance.is_empty() || !self.is_inline(&node.hint) {
                let guidance = (!node.guidance.is_empty()).then_some(&node.guidance);
                entries.push(Entry { id: format!("{}:hint", node.path), main: Some(&node.hint), guidance });
            }
            for (text, name) in
                [(&node.bind.constraint_message, "jr:constraintMsg"), (&node.bind.required_message, "jr:requiredMsg")]
            {
                if !text.is_empty() && (!self.is_inline(text) || has_output(text)) {
                    entries.push(Entry { id: format!("{}:{name}", node.path), main: Some(text), guidance: None });
                }
            }
        });
        entries
    }
}

fn write_values(entry: &Entry<'_>, language: usize, out: &mut Out) {
    if let Some(text) = entry.main {
        write_value(text, language, &[], out);
        for media in text.wordings.get(language).map_or(&[][..], |wording| &wording.media) {
            let folder = if media.kind == "big-image" { "image" } else { &media.kind };
            let folder = if folder == "image" { "images" } else { folder };
            out.leaf("value", &attributes(&[("form", &media.kind)]), &format!("jr://{folder}/{}", media.file));
        }
    }
    if let Some(text) = entry.guidance {
        write_value(text, language, &attributes(&[("form", "guidance")]), out);
    }
}

// A text that another language has is a hyphen here, since clients demand the same texts in all.
fn write_value(text: &Text, language: usize, form: &[(String, String)], out: &mut Out) {
    let said = text.wordings.iter().any(|wording| !wording.pieces.is_empty());
    match text.wordings.get(language).filter(|wording| !wording.pieces.is_empty()) {
        Some(wording) => out.mixed("value", form, &markup(wording)),
        None if said => out.leaf("value", form, "-"),
        None => {}
    }
}

fn has_output(text: &Text) -> bool {
    text.wordings.iter().flat_map(|wording| &wording.pieces).any(|piece| matches!(piece, Piece::Output(_)))
}

/// Words and values as XML.
fn markup(wording: &Wording) -> String {
    let mut out = String::new();
    for piece in &wording.pieces {
        match piece {
            Piece::Plain(words) => push_text(&mut out, words),
            Piece::Output(value) => {
                out.push_str("<output");
                push_attribute(&mut out, "value", &value.text);
                out.push_str("/>");
            }
        }
    }
    out
}
