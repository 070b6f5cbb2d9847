//! XForm XML out and in, as ODK describes it: what field clients fill in, and what other tools hand over.
//!
//! What is written: html with head (title, model with itext, instances, binds, actions) and body. What is read: the same, from whoever
//! wrote it, within bounds and without document types. What is not here: XLSForm, and evaluation.
mod body;
mod itext;
mod model;
mod reader;

pub(crate) use reader::MOST_LANGUAGES;
pub use reader::{Outcome, read, read_within};

use std::fmt::Write;

use crate::form::Form;
use crate::xml::{push_attribute, push_text};

use itext::Itext;

const NAMESPACES: &[(&str, &str)] = &[
    ("xmlns", "http://www.w3.org/2002/xforms"),
    ("xmlns:h", "http://www.w3.org/1999/xhtml"),
    ("xmlns:ev", "http://www.w3.org/2001/xml-events"),
    ("xmlns:xsd", "http://www.w3.org/2001/XMLSchema"),
    ("xmlns:jr", "http://openrosa.org/javarosa"),
    ("xmlns:orx", "http://openrosa.org/xforms"),
    ("xmlns:odk", "http://www.opendatakit.org/xforms"),
];

const ENTITIES: &str = "http://www.opendatakit.org/xforms/entities";

impl Form {
    /// It as XForm XML; the same form always gives the same bytes.
    pub fn to_xform(&self) -> String {
        let itext = Itext::of(self);
        let mut out = Out::default();
        out.0.push_str("<?xml version=\"1.0\"?>\n");
        let mut attributes: Vec<(String, String)> =
            NAMESPACES.iter().map(|(name, address)| ((*name).to_owned(), (*address).to_owned())).collect();
        for (prefix, address) in &self.settings.namespaces {
            let name = format!("xmlns:{prefix}");
            if !attributes.iter().any(|(known, _)| *known == name) {
                attributes.push((name, address.clone()));
            }
        }
        if !self.entities.is_empty() && !attributes.iter().any(|(name, _)| name == "xmlns:entities") {
            attributes.push(("xmlns:entities".to_owned(), ENTITIES.to_owned()));
        }
        out.open("h:html", &attributes);
        out.open("h:head", &[]);
        out.leaf("h:title", &[], &self.title);
        model::write(self, &itext, &mut out);
        out.close("h:head");
        let class = [("class".to_owned(), self.settings.style.clone())];
        out.open("h:body", if self.settings.style.is_empty() { &[] } else { &class });
        body::write(self, &itext, &mut out);
        out.close("h:body");
        out.close("h:html");
        out.0
    }
}

/// XML in the making, one element a line.
#[derive(Default)]
struct Out(String);

impl Out {
    fn start(&mut self, name: &str, attributes: &[(String, String)]) {
        self.0.push('<');
        self.0.push_str(name);
        for (name, value) in attributes {
            push_attribute(&mut self.0, name, value);
        }
    }

    fn open(&mut self, name: &str, attributes: &[(String, String)]) {
        self.start(name, attributes);
        self.0.push_str(">\n");
    }

    fn close(&mut self, name: &str) {
        // Writing to a string cannot fail.
        let _ = writeln!(self.0, "</{name}>");
    }

    fn empty(&mut self, name: &str, attributes: &[(String, String)]) {
        self.start(name, attributes);
        self.0.push_str("/>\n");
    }

    fn leaf(&mut self, name: &str, attributes: &[(String, String)], text: &str) {
        self.start(name, attributes);
        self.0.push('>');
        push_text(&mut self.0, text);
        self.close(name);
    }

    /// An element whose content is XML already.
    fn mixed(&mut self, name: &str, attributes: &[(String, String)], content: &str) {
        self.start(name, attributes);
        self.0.push('>');
        self.0.push_str(content);
        self.close(name);
    }
}

/// Attributes from names and values that are there.
fn attributes(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs.iter().filter(|(_, value)| !value.is_empty()).map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}
