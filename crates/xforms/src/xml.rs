//! XML as both readers see it: a tree of elements, read within bounds, and the escapes of writing.
//!
//! Documents with a document type are refused, so there are no entities beyond the five that XML knows and nothing is ever fetched.
use std::fmt;

use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, XmlVersion};

/// How much XML is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bounds {
    /// Bytes of the whole.
    pub bytes: usize,
    /// Elements within elements.
    pub depth: usize,
    /// Elements altogether.
    pub elements: usize,
    /// Attributes of one element.
    pub attributes: usize,
}

impl Bounds {
    /// Enough for the largest forms in use, with lists of choices of some tens of thousands.
    pub const FORM: Bounds = Bounds { bytes: 32 << 20, depth: 64, elements: 500_000, attributes: 64 };
    /// Enough for one filled copy.
    pub const INSTANCE: Bounds = Bounds { bytes: 16 << 20, depth: 64, elements: 200_000, attributes: 64 };
}

/// Why a text is no XML that we read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct XmlError {
    /// Line, counted from 1.
    pub line: u32,
    /// What is wrong, as a sentence.
    pub what: String,
}

impl fmt::Display for XmlError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "line {}: {}", self.line, self.what)
    }
}

impl std::error::Error for XmlError {}

/// A document; the outermost element is the first.
#[derive(Debug, Default)]
pub(crate) struct Tree {
    pub elements: Vec<Element>,
}

/// An element as written.
#[derive(Debug, Default)]
pub(crate) struct Element {
    /// Name with prefix.
    pub name: String,
    /// Names with prefix and values.
    pub attributes: Vec<(String, String)>,
    /// What it holds, in order.
    pub children: Vec<Child>,
    /// Line of its start.
    pub line: u32,
}

/// What an element holds.
#[derive(Debug)]
pub(crate) enum Child {
    Element(usize),
    Text(String),
}

impl Tree {
    /// Reads a document.
    pub fn read(text: &str, bounds: Bounds) -> Result<Tree, XmlError> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        if text.len() > bounds.bytes {
            return Err(XmlError { line: 1, what: format!("The document is larger than {} bytes.", bounds.bytes) });
        }
        let mut reader = Reader::from_str(text);
        reader.config_mut().check_comments = true;
        let mut building = Building { tree: Tree::default(), open: Vec::new(), bounds, lines: Lines { text, at: 0, line: 1 } };
        loop {
            let before = usize::try_from(reader.buffer_position()).unwrap_or(usize::MAX);
            let event = reader.read_event().map_err(|error| building.fail(before, &format!("This is not XML: {error}.")))?;
            if matches!(event, Event::Eof) {
                break;
            }
            building.take(&event, before)?;
        }
        if building.tree.elements.is_empty() || !building.open.is_empty() {
            return Err(building.fail(text.len(), "The document ends too early."));
        }
        Ok(building.tree)
    }

    pub fn name(&self, at: usize) -> &str {
        local(&self.elements[at].name)
    }

    /// The value of an attribute by its local name, whatever its prefix.
    pub fn attribute(&self, at: usize, name: &str) -> Option<&str> {
        let attributes = &self.elements[at].attributes;
        let found = attributes
            .iter()
            .find(|(key, _)| key == name)
            .or_else(|| attributes.iter().find(|(key, _)| !key.starts_with("xmlns") && key.contains(':') && local(key) == name));
        found.map(|(_, value)| value.as_str())
    }

    /// Child elements in order.
    pub fn children(&self, at: usize) -> impl Iterator<Item = usize> + '_ {
        self.elements[at].children.iter().filter_map(|child| match child {
            Child::Element(index) => Some(*index),
            Child::Text(_) => None,
        })
    }

    /// The first child element of a local name.
    pub fn child(&self, at: usize, name: &str) -> Option<usize> {
        self.children(at).find(|&child| self.name(child) == name)
    }

    /// The text directly in an element.
    pub fn text(&self, at: usize) -> String {
        self.elements[at]
            .children
            .iter()
            .filter_map(|child| match child {
                Child::Text(text) => Some(text.as_str()),
                Child::Element(_) => None,
            })
            .collect()
    }
}

struct Building<'t> {
    tree: Tree,
    open: Vec<usize>,
    bounds: Bounds,
    lines: Lines<'t>,
}

impl Building<'_> {
    fn take(&mut self, event: &Event<'_>, at: usize) -> Result<(), XmlError> {
        match event {
            Event::Start(start) => {
                let element = self.start(start, at)?;
                self.open.push(element);
            }
            Event::Empty(start) => {
                self.start(start, at)?;
            }
            Event::End(_) => {
                self.open.pop();
            }
            Event::Text(text) => self.text(&text.xml10_content(), at)?,
            Event::CData(text) => self.text(&text.xml10_content(), at)?,
            Event::GeneralRef(name) => {
                let resolved = match name.resolve_char_ref() {
                    Ok(Some(character)) if is_xml(character) => character,
                    Ok(None) => predefined(&name.xml10_content())
                        .ok_or_else(|| self.fail(at, "Entities other than the five of XML are refused."))?,
                    _ => return Err(self.fail(at, "A character reference names no character.")),
                };
                self.text(resolved.encode_utf8(&mut [0; 4]), at)?;
            }
            Event::DocType(_) => return Err(self.fail(at, "Documents with a document type are refused; take the DOCTYPE out.")),
            Event::Decl(_) | Event::PI(_) | Event::Comment(_) | Event::Eof => {}
        }
        Ok(())
    }

    fn start(&mut self, start: &BytesStart<'_>, at: usize) -> Result<usize, XmlError> {
        if self.open.len() >= self.bounds.depth {
            return Err(self.fail(at, &format!("Elements lie more than {} deep.", self.bounds.depth)));
        }
        if self.tree.elements.len() >= self.bounds.elements {
            return Err(self.fail(at, &format!("There are more than {} elements.", self.bounds.elements)));
        }
        let parent = self.open.last().copied();
        if parent.is_none() && !self.tree.elements.is_empty() {
            return Err(self.fail(at, "There is more than one outermost element."));
        }
        let mut attributes = Vec::new();
        for attribute in start.attributes() {
            if attributes.len() >= self.bounds.attributes {
                return Err(self.fail(at, &format!("An element has more than {} attributes.", self.bounds.attributes)));
            }
            let attribute = attribute.map_err(|error| self.fail(at, &format!("An attribute is wrong: {error}.")))?;
            let value = attribute
                .normalized_value(XmlVersion::Implicit1_0)
                .map_err(|error| self.fail(at, &format!("The value of an attribute is wrong: {error}.")))?;
            attributes.push((attribute.key.as_ref().to_owned(), value.into_owned()));
        }
        let name = start.name().as_ref().to_owned();
        // Paths are made of names, one for each element: long ones would multiply.
        if !is_name(&name) || name.len() > 200 {
            return Err(self.fail(at, "An element has no proper name, or one of more than 200 letters."));
        }
        let line = self.lines.of(at);
        let index = self.tree.elements.len();
        self.tree.elements.push(Element { name, attributes, children: Vec::new(), line });
        if let Some(parent) = parent {
            self.tree.elements[parent].children.push(Child::Element(index));
        }
        Ok(index)
    }

    fn text(&mut self, text: &str, at: usize) -> Result<(), XmlError> {
        if !text.chars().all(is_xml) {
            return Err(self.fail(at, "There is a character that XML does not allow."));
        }
        let Some(&open) = self.open.last() else {
            let blank = text.chars().all(char::is_whitespace);
            return if blank { Ok(()) } else { Err(self.fail(at, "There is text outside the outermost element.")) };
        };
        let children = &mut self.tree.elements[open].children;
        match children.last_mut() {
            Some(Child::Text(before)) => before.push_str(text),
            _ => children.push(Child::Text(text.to_owned())),
        }
        Ok(())
    }

    fn fail(&mut self, at: usize, what: &str) -> XmlError {
        XmlError { line: self.lines.of(at), what: what.to_owned() }
    }
}

// Counts lines while going forward.
struct Lines<'t> {
    text: &'t str,
    at: usize,
    line: u32,
}

impl Lines<'_> {
    fn of(&mut self, position: usize) -> u32 {
        let position = position.min(self.text.len());
        if position > self.at {
            let passed = self.text.as_bytes()[self.at..position].iter().filter(|&&byte| byte == b'\n').count();
            self.line = self.line.saturating_add(u32::try_from(passed).unwrap_or(u32::MAX));
            self.at = position;
        }
        self.line
    }
}

fn predefined(name: &str) -> Option<char> {
    Some(match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        _ => return None,
    })
}

/// Whether XML 1.0 allows a character.
pub(crate) fn is_xml(character: char) -> bool {
    matches!(character, '\t' | '\n' | '\r' | ' '..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..)
}

/// Whether a text can be the name of an element, prefix allowed.
pub fn is_name(text: &str) -> bool {
    let plain = |part: &str| {
        let mut characters = part.chars();
        characters.next().is_some_and(|first| first.is_alphabetic() || first == '_')
            && characters.all(|next| next.is_alphanumeric() || matches!(next, '_' | '-' | '.' | '\u{300}'..='\u{36f}'))
    };
    match text.split_once(':') {
        Some((prefix, name)) => plain(prefix) && plain(name),
        None => plain(text),
    }
}

/// A name without its prefix.
pub fn local(name: &str) -> &str {
    name.rsplit_once(':').map_or(name, |(_, local)| local)
}

/// Whether two names are the same without their prefixes. Read from the end, where most names differ: a path looks at every name on a page,
/// and to find all their prefixes takes longer than the rest.
pub fn same_local(one: &str, other: &str) -> bool {
    fn backwards(name: &str) -> impl Iterator<Item = u8> + '_ {
        name.bytes().rev().take_while(|byte| *byte != b':')
    }
    backwards(one).eq(backwards(other))
}

/// Appends a text with what XML needs escaped; characters that XML does not allow are left out.
pub(crate) fn push_text(out: &mut String, text: &str) {
    for character in text.chars().filter(|&character| is_xml(character)) {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '\r' => out.push_str("&#13;"),
            other => out.push(other),
        }
    }
}

/// Appends ` name="value"`.
pub(crate) fn push_attribute(out: &mut String, name: &str, value: &str) {
    out.push(' ');
    out.push_str(name);
    out.push_str("=\"");
    for character in value.chars().filter(|&character| is_xml(character)) {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\n' => out.push_str("&#10;"),
            '\t' => out.push_str("&#9;"),
            '\r' => out.push_str("&#13;"),
            other => out.push(other),
        }
    }
    out.push('"');
}
