//! The model: submission, itext, instances, binds, and what sets values on opening.
use std::collections::HashSet;

use crate::form::{Action, Bind, ChoiceList, Deed, Event, Form, ItemSource, Kind, Node, SecondarySource};
use crate::instance::Extent;

use super::itext::Itext;
use super::{Out, attributes};

pub(super) fn write(form: &Form, itext: &Itext<'_>, out: &mut Out) {
    let mut about = attributes(&[("odk:xforms-version", "1.0.0")]);
    if !form.entities.is_empty() {
        let plain = form.entities.len() == 1 && form.entities[0].path.matches('/').count() == 3;
        let version = if plain { "2024.1.0" } else { "2025.1.0" };
        about.push(("entities:entities-version".to_owned(), version.to_owned()));
    }
    out.open("model", &about);
    submission(form, out);
    itext.write(out);
    instances(form, itext, out);
    form.walk(&mut |node| binds(node, itext, out));
    for action in &form.actions {
        for event in [Event::FirstLoad, Event::Load] {
            if action.on.contains(&event) {
                self::action(action, event_name(&event), out);
            }
        }
    }
    out.close("model");
}

fn submission(form: &Form, out: &mut Out) {
    let settings = &form.settings;
    let method = if settings.submission_url.is_empty() { "" } else { "post" };
    let said = attributes(&[
        ("action", &settings.submission_url),
        ("method", method),
        ("base64RsaPublicKey", &settings.public_key),
        ("orx:auto-send", &settings.auto_send),
        ("orx:auto-delete", &settings.auto_delete),
        ("odk:client-editable", &settings.client_editable),
    ]);
    if !said.is_empty() {
        out.empty("submission", &said);
    }
}

fn instances(form: &Form, itext: &Itext<'_>, out: &mut Out) {
    out.open("instance", &[]);
    form.template.push_xml(&mut out.0, Extent::Everything);
    out.0.push('\n');
    out.close("instance");
    for secondary in &form.secondary {
        let about = |source: &str| attributes(&[("id", &secondary.id), ("src", source)]);
        match &secondary.source {
            SecondarySource::File(source) => out.empty("instance", &about(source)),
            SecondarySource::LastSaved => out.empty("instance", &about("jr://instance/last-saved")),
            SecondarySource::Internal(tree) => {
                out.open("instance", &about(""));
                tree.push_xml(&mut out.0, Extent::Everything);
                out.0.push('\n');
                out.close("instance");
            }
        }
    }
    let searched = only_searched(form);
    for list in form.lists.iter().filter(|list| !list.outside && !searched.contains(list.name.as_str())) {
        self::list(list, itext, out);
    }
}

// Lists that `search()` alone looks up: they stand in the body.
fn only_searched(form: &Form) -> HashSet<&str> {
    let (mut searched, mut used) = (HashSet::new(), HashSet::new());
    form.walk(&mut |node| {
        let source = node.question().and_then(|question| question.items.as_ref()).map(|items| &items.source);
        if let Some(ItemSource::List(list)) = source {
            let kind = if node.appearance.contains("search(") { &mut searched } else { &mut used };
            kind.insert(list.as_str());
        }
    });
    &searched - &used
}

fn list(list: &ChoiceList, itext: &Itext<'_>, out: &mut Out) {
    out.open("instance", &attributes(&[("id", &list.name)]));
    out.open("root", &[]);
    let kept = itext.keeps_list(list);
    for (at, choice) in list.choices.iter().enumerate() {
        out.open("item", &[]);
        if kept {
            out.leaf("itextId", &[], &format!("{}-{at}", list.name));
        }
        out.leaf("name", &[], &choice.value);
        if !kept && !choice.label.is_empty() {
            itext.element("label", &choice.label, "", out);
        }
        for (column, value) in &choice.extra {
            out.leaf(column, &[], value);
        }
        out.close("item");
    }
    out.close("root");
    out.close("instance");
}

fn binds(node: &Node, itext: &Itext<'_>, out: &mut Out) {
    let data_type = node.question().map_or("", |question| question.data_type());
    let said = bind(&node.bind, &node.path, data_type, itext);
    // A group without rules needs none; a question always has its type.
    if said.len() > 1 && !(matches!(node.kind, Kind::Group(_)) && said.len() == 1) {
        out.empty("bind", &said);
    }
    for attribute in &node.attributes {
        let path = format!("{}/@{}", node.path, attribute.name);
        out.empty("bind", &bind(&attribute.bind, &path, "string", itext));
    }
}

fn bind(bind: &Bind, path: &str, data_type: &str, itext: &Itext<'_>) -> Vec<(String, String)> {
    let rule = |rule: &Option<crate::form::Expression>| rule.as_ref().map(|rule| rule.text.clone()).unwrap_or_default();
    let message = |text: &crate::form::Text, name: &str| {
        if text.is_empty() { String::new() } else { itext.message(text, &format!("{path}:{name}")) }
    };
    let (preload, parameter) =
        bind.preload.as_ref().map_or(("", ""), |preload| (preload.what.as_str(), preload.parameter.as_str()));
    let mut said = attributes(&[
        ("nodeset", path),
        ("type", data_type),
        ("relevant", &rule(&bind.relevant)),
        ("required", &rule(&bind.required)),
        ("jr:requiredMsg", &message(&bind.required_message, "jr:requiredMsg")),
        ("readonly", &rule(&bind.readonly)),
        ("constraint", &rule(&bind.constraint)),
        ("jr:constraintMsg", &message(&bind.constraint_message, "jr:constraintMsg")),
        ("calculate", &rule(&bind.calculate)),
        ("jr:preload", preload),
        ("jr:preloadParams", parameter),
        ("entities:saveto", &bind.save_to),
    ]);
    said.extend(bind.extra.iter().cloned());
    said
}

/// The name of a moment.
pub(super) fn event_name(event: &Event) -> &'static str {
    match event {
        Event::FirstLoad => "odk-instance-first-load",
        Event::Load => "odk-instance-load",
        Event::NewRepeat => "odk-new-repeat",
        Event::ValueChanged(_) => "xforms-value-changed",
    }
}

/// Writes what is done at one moment.
pub(super) fn action(action: &Action, event: &str, out: &mut Out) {
    let about = [("ref", action.target.as_str()), ("event", event)];
    match &action.deed {
        Deed::Set(Some(value)) => {
            out.empty("setvalue", &attributes(&[about[0], about[1], ("value", &value.text)]));
        }
        Deed::Set(None) => out.empty("setvalue", &attributes(&about)),
        Deed::SetText(text) => out.leaf("setvalue", &attributes(&about), text),
        Deed::SetGeopoint => out.empty("odk:setgeopoint", &attributes(&about)),
        Deed::RecordAudio(quality) => {
            out.empty("odk:recordaudio", &attributes(&[about[0], about[1], ("odk:quality", quality)]));
        }
    }
}
