//! Submissions and templates as XML: the same tree always gives the same bytes.
use super::{Instance, NodeId};
use crate::namespaces::JAVAROSA;
use crate::xml::{push_attribute, push_text};

/// What is written of an instance.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Extent {
    /// What is submitted: neither templates nor what was not asked.
    Submission,
    /// Everything, templates marked: drafts and forms.
    Everything,
}

impl Instance {
    /// It as a document.
    pub fn to_xml(&self, extent: Extent) -> String {
        let mut out = String::from("<?xml version='1.0' ?>");
        if extent == Extent::Everything && self.nodes.iter().any(|element| element.template) {
            let mut declared = self.clone();
            declared.set_attribute(self.root(), "xmlns:jr", JAVAROSA);
            declared.push_xml(&mut out, extent);
        } else {
            self.push_xml(&mut out, extent);
        }
        out
    }

    /// Appends it without the declaration.
    pub(crate) fn push_xml(&self, out: &mut String, extent: Extent) {
        // Depth is bounded when reading, but the engine may build any tree: so no recursion.
        let mut open: Vec<Step> = vec![Step::Open(self.root())];
        while let Some(step) = open.pop() {
            let id = match step {
                Step::Close(id) => {
                    out.push_str("</");
                    out.push_str(&self.get(id).name);
                    out.push('>');
                    continue;
                }
                Step::Open(id) => id,
            };
            let element = self.get(id);
            if extent == Extent::Submission && (element.template || element.irrelevant) {
                continue;
            }
            out.push('<');
            out.push_str(&element.name);
            for (name, value) in &element.attributes {
                push_attribute(out, name, value);
            }
            if element.template {
                push_attribute(out, "jr:template", "");
            }
            if element.children.is_empty() && element.text.is_empty() {
                out.push_str("/>");
                continue;
            }
            out.push('>');
            open.push(Step::Close(id));
            if element.children.is_empty() {
                push_text(out, &element.text);
            }
            open.extend(element.children.iter().rev().map(|&child| Step::Open(child)));
        }
    }
}

enum Step {
    Open(NodeId),
    Close(NodeId),
}

#[cfg(test)]
mod tests {
    use super::{Extent, Instance};
    use crate::xml::Bounds;

    const FILLED: &str = "<?xml version='1.0' ?><data id=\"f\" version=\"1\" xmlns:orx=\"http://openrosa.org/xforms\"><a>1 &lt; 2</a><r><b>x</b></r><r><b/></r><orx:meta><orx:instanceID>uuid:1</orx:instanceID></orx:meta></data>";

    #[test]
    fn what_is_read_is_written_byte_for_byte() {
        let instance = Instance::read(FILLED).expect("it is XML");
        assert_eq!(instance.to_xml(Extent::Submission), FILLED);
        assert_eq!(instance.instance_id(), Some("uuid:1"));
        assert_eq!(instance.find("/data/r/b").map(|id| instance.text(id)), Some("x"));
    }

    #[test]
    fn an_edit_keeps_the_id_that_it_replaces() {
        let mut instance = Instance::read(FILLED).expect("it is XML");
        instance.supersede("uuid:2");
        assert_eq!(instance.instance_id(), Some("uuid:2"));
        assert_eq!(instance.deprecated_id(), Some("uuid:1"));
        assert!(instance.to_xml(Extent::Submission).contains("<orx:deprecatedID>uuid:1</orx:deprecatedID>"));
    }

    #[test]
    fn templates_and_what_was_not_asked_are_not_submitted() {
        let mut instance = Instance::read("<d><r jr:template=\"\"><b/></r><r><b>1</b></r><c>2</c></d>").expect("it is XML");
        let root = instance.root();
        let c = instance.child(root, "c").expect("it is there");
        instance.get_mut(c).irrelevant = true;
        assert_eq!(instance.to_xml(Extent::Submission), "<?xml version='1.0' ?><d><r><b>1</b></r></d>");
        assert_eq!(instance.to_xml(Extent::Everything).matches("jr:template").count(), 1);
        let draft = instance.to_xml(Extent::Everything);
        assert!(draft.contains("xmlns:jr="));
        let again = Instance::read(&draft).expect("it is XML");
        assert_eq!(again.to_xml(Extent::Everything), draft);
        assert!(!again.to_xml(Extent::Submission).contains("jr"));
        let template = instance.template(root, "r").expect("it is there");
        let from = instance.clone();
        let new = instance.graft(root, 2, &from, template);
        assert!(!instance.get(new).template);
        assert_eq!(instance.named(root, "r").count(), 2);
        instance.remove(new);
        assert_eq!(instance.named(root, "r").count(), 1);
    }

    #[test]
    fn hostile_submissions_are_refused() {
        let bomb = "<!DOCTYPE x [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;\">]><x>&b;</x>";
        let deep = "<a>".repeat(100_000) + &"</a>".repeat(100_000);
        let wide = format!("<a>{}</a>", "<b/>".repeat(300_000));
        let long = format!("<a>{}</a>", "x".repeat(Bounds::INSTANCE.bytes));
        let attributes = format!("<a {}/>", (0..100).map(|n| format!("a{n}=\"\" ")).collect::<String>());
        for text in [
            bomb,
            &deep,
            &wide,
            &long,
            &attributes,
            "",
            "<a>",
            "<a/><b/>",
            "<a>&x;</a>",
            "<a>&#0;</a>",
            "<a b=\"1\" b=\"2\"/>",
            "x<a/>",
        ] {
            assert!(Instance::read(text).is_err(), "{}", text.chars().take(80).collect::<String>());
        }
    }
}
