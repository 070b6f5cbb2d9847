//! Prefixes in an instance: declared on its root, so that a submission makes sense by itself.
use std::collections::BTreeSet;

use crate::form::Form;

/// The namespace of `jr:template`.
pub(crate) const JAVAROSA: &str = "http://openrosa.org/javarosa";

const KNOWN: &[(&str, &str)] = &[
    ("jr", JAVAROSA),
    ("orx", "http://openrosa.org/xforms"),
    ("odk", "http://www.opendatakit.org/xforms"),
    ("entities", "http://www.opendatakit.org/xforms/entities"),
    ("ev", "http://www.w3.org/2001/xml-events"),
    ("xsd", "http://www.w3.org/2001/XMLSchema"),
];

/// Declares what the template uses; `outer` are declarations around it that a submission will not have.
pub(crate) fn declare(form: &mut Form, outer: &[(String, String)]) {
    let mut used: BTreeSet<String> = BTreeSet::new();
    let mut open = vec![form.template.root()];
    while let Some(id) = open.pop() {
        let element = form.template.get(id);
        let names = std::iter::once(&element.name).chain(element.attributes.iter().map(|(name, _)| name));
        used.extend(names.filter_map(|name| name.split_once(':')).map(|(prefix, _)| prefix.to_owned()));
        open.extend(form.template.children(id));
    }
    let root = form.template.root();
    for prefix in used.iter().filter(|prefix| !["xml", "xmlns"].contains(&prefix.as_str())) {
        let declaration = format!("xmlns:{prefix}");
        if form.template.attribute(root, &declaration).is_some() {
            continue;
        }
        let said = outer.iter().chain(&form.settings.namespaces).map(|(known, address)| (known.as_str(), address.as_str()));
        let address = said.chain(KNOWN.iter().copied()).find(|(known, _)| known == prefix).map(|(_, address)| address.to_owned());
        if let Some(address) = address {
            form.template.set_attribute(root, &declaration, &address);
        }
    }
}
