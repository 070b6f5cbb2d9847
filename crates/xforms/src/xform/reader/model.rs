//! The model: what the form says of itself, binds, secondary instances, actions, entities.
use crate::form::{
    Action, Attribute, Bind, Choice, ChoiceList, Deed, Entity, Event, Expression, Preload, Secondary, SecondarySource, Settings,
    Text,
};
use crate::instance::{Instance, NodeId};
use crate::xml::local;

use super::Reading;
use super::texts::itext_id;

impl Reading<'_> {
    pub(super) fn about(&mut self, head: usize, model: usize, body: usize, data: usize) {
        let tree = self.tree;
        let said = |name: &str| tree.attribute(data, name).unwrap_or_default().to_owned();
        self.form.id = said("id");
        if self.form.id.is_empty() {
            // Forms of long ago are known by their namespace.
            self.form.id = said("xmlns");
        }
        if self.form.id.is_empty() {
            let place = self.place(data, "id");
            self.findings.mistake(
                "no-form-id",
                place,
                "The form has no id.",
                "Add the attribute `id` to the root of its instance.",
            );
        }
        self.form.version = said("version");
        self.form.title = tree.child(head, "title").map(|title| tree.text(title).trim().to_owned()).unwrap_or_default();
        self.form.languages = self.words.languages.clone();
        self.form.default_language = self.words.default;
        let submission = tree.child(model, "submission");
        let of = |name: &str| submission.and_then(|element| tree.attribute(element, name)).unwrap_or_default().to_owned();
        self.form.settings = Settings {
            style: tree.attribute(body, "class").unwrap_or_default().to_owned(),
            public_key: of("base64RsaPublicKey"),
            submission_url: of("action"),
            auto_send: of("auto-send"),
            auto_delete: of("auto-delete"),
            client_editable: of("client-editable"),
            namespaces: self.namespaces(),
        };
    }

    fn namespaces(&self) -> Vec<(String, String)> {
        const OURS: &[&str] = &["h", "ev", "xsd", "jr", "orx", "odk", "entities"];
        let all = self.tree.elements[0].attributes.iter();
        all.filter_map(|(name, address)| Some((name.strip_prefix("xmlns:")?.to_owned(), address.clone())))
            .filter(|(prefix, _)| !OURS.contains(&prefix.as_str()))
            .collect()
    }

    pub(super) fn binds(&mut self, model: usize) {
        let root = self.root_path();
        for bind in self.tree.children(model).filter(|&child| self.tree.name(child) == "bind") {
            let Some(nodeset) = self.tree.attribute(bind, "nodeset").or_else(|| self.tree.attribute(bind, "ref")) else {
                continue;
            };
            let path = self.absolute(nodeset, &root);
            let element = path.split_once("/@").map_or(path.as_str(), |(element, _)| element);
            if !self.is_in_template(element) {
                let place = self.place(bind, "nodeset");
                let what = format!("A bind is for `{nodeset}`, which the instance does not have.");
                self.findings.warn("bind-without-node", place, what, "Take it out, or correct the path.");
            }
            if let Some((element, name)) = path.split_once("/@") {
                self.attribute_binds.entry(element.to_owned()).or_default().push((name.to_owned(), bind));
            }
            if let Some(id) = self.tree.attribute(bind, "id") {
                self.bind_ids.insert(id.to_owned(), path.clone());
            }
            self.binds.insert(path, bind);
        }
    }

    pub(super) fn is_in_template(&self, path: &str) -> bool {
        self.node_at(path).is_some()
    }

    /// The element of a path, patterns of repeats first.
    pub(super) fn node_at(&self, path: &str) -> Option<NodeId> {
        self.nodes.get(path).copied()
    }

    /// The rules of a path.
    pub(super) fn bind(&self, path: &str) -> Bind {
        const TAKEN: &[&str] = &[
            "nodeset",
            "ref",
            "type",
            "relevant",
            "constraint",
            "required",
            "readonly",
            "calculate",
            "constraintMsg",
            "requiredMsg",
            "preload",
            "preloadParams",
            "saveto",
            "id",
        ];
        let Some(&element) = self.binds.get(path) else { return Bind::default() };
        let rule = |name: &str| self.rule(element, name);
        let attribute = |name: &str| self.tree.attribute(element, name).unwrap_or_default().to_owned();
        let preload = attribute("preload");
        Bind {
            relevant: rule("relevant"),
            constraint: rule("constraint"),
            constraint_message: self.message(element, "constraintMsg"),
            required: rule("required"),
            required_message: self.message(element, "requiredMsg"),
            readonly: rule("readonly"),
            calculate: rule("calculate"),
            preload: (!preload.is_empty()).then(|| Preload { what: preload, parameter: attribute("preloadParams") }),
            save_to: attribute("saveto"),
            extra: self.tree.elements[element]
                .attributes
                .iter()
                .filter(|(name, _)| !TAKEN.contains(&local(name)))
                .cloned()
                .collect(),
        }
    }

    pub(super) fn rule(&self, element: usize, name: &str) -> Option<Expression> {
        let text = self.tree.attribute(element, name)?.trim();
        (!text.is_empty()).then(|| Expression { text: text.to_owned(), place: self.place(element, name) })
    }

    fn message(&self, element: usize, name: &str) -> Text {
        let Some(said) = self.tree.attribute(element, name) else { return Text::default() };
        match itext_id(said) {
            Some(id) => self.words.by_id(self.tree, id, false),
            None => {
                let plain = Text::plain(said).wordings.remove(0);
                Text { wordings: vec![plain; self.words.languages.len()] }
            }
        }
    }

    pub(super) fn attributes(&self, path: &str) -> Vec<Attribute> {
        let rules = self.attribute_binds.get(path).into_iter().flatten();
        rules.map(|(name, _)| Attribute { name: name.clone(), bind: self.bind(&format!("{path}/@{name}")) }).collect()
    }

    pub(super) fn secondary(&mut self, model: usize, primary: Option<usize>) {
        let instances: Vec<usize> =
            self.tree.children(model).filter(|&child| self.tree.name(child) == "instance" && Some(child) != primary).collect();
        for instance in instances {
            let Some(id) = self.tree.attribute(instance, "id").map(str::to_owned) else { continue };
            self.taken.insert(id.clone(), 1);
            let source = match self.tree.attribute(instance, "src") {
                Some("jr://instance/last-saved") => SecondarySource::LastSaved,
                Some(source) => SecondarySource::File(source.to_owned()),
                None => {
                    let Some(root) = self.tree.children(instance).next() else { continue };
                    if let Some(list) = self.list(&id, root) {
                        self.lists.insert(id);
                        self.form.lists.push(list);
                        continue;
                    }
                    SecondarySource::Internal(Instance::from_tree(self.tree, root))
                }
            };
            self.form.secondary.push(Secondary { id, source });
        }
    }

    // A list of choices, if every item has a name and nothing but plain columns besides.
    fn list(&self, id: &str, root: usize) -> Option<ChoiceList> {
        let tree = self.tree;
        let mut choices = Vec::new();
        for item in tree.children(root) {
            let name = tree.child(item, "name").filter(|_| tree.name(item) == "item")?;
            let label = match (tree.child(item, "itextId"), tree.child(item, "label")) {
                (Some(itext), _) => self.words.by_id(tree, tree.text(itext).trim(), false),
                (None, Some(label)) => self.words.in_place(tree, label),
                (None, None) => Text::default(),
            };
            let flat = |&child: &usize| tree.children(child).next().is_none() && tree.elements[child].attributes.is_empty();
            let words = |&child: &usize| tree.name(child) == "label";
            if !tree.children(item).all(|child| words(&child) || flat(&child)) {
                return None;
            }
            let others = tree.children(item).filter(|&child| !["name", "label", "itextId"].contains(&tree.name(child)));
            let extra = others.map(|child| (tree.elements[child].name.clone(), tree.text(child))).collect();
            choices.push(Choice { value: tree.text(name), label, extra, place: self.place(item, "") });
        }
        (!choices.is_empty() && tree.name(root) == "root").then(|| ChoiceList {
            name: id.to_owned(),
            choices,
            outside: false,
            place: self.place(root, ""),
        })
    }

    pub(super) fn actions(&mut self, model: usize, body: usize) {
        let root = self.root_path();
        let mut open: Vec<(usize, String)> = vec![(body, root.clone()), (model, root)];
        while let Some((element, around)) = open.pop() {
            let mut inside = Vec::new();
            for child in self.tree.children(element) {
                match self.tree.name(child) {
                    "setvalue" | "setgeopoint" | "recordaudio" => self.action(child, &around),
                    "instance" | "itext" | "bind" | "itemset" | "item" => {}
                    _ => {
                        let own = self.tree.attribute(child, "ref").or_else(|| self.tree.attribute(child, "nodeset"));
                        inside.push((child, own.map_or_else(|| around.clone(), |own| self.absolute(own, &around))));
                    }
                }
            }
            open.extend(inside.into_iter().rev());
        }
    }

    fn action(&mut self, element: usize, around: &str) {
        let tree = self.tree;
        let Some(target) = tree.attribute(element, "ref").or_else(|| tree.attribute(element, "bind")) else { return };
        let target = self.absolute(target, around);
        let on: Vec<Event> = tree
            .attribute(element, "event")
            .unwrap_or_default()
            .split_whitespace()
            .filter_map(|name| match name {
                "odk-instance-first-load" | "xforms-ready" => Some(Event::FirstLoad),
                "odk-instance-load" => Some(Event::Load),
                "odk-new-repeat" | "jr-insert" => Some(Event::NewRepeat),
                "xforms-value-changed" => Some(Event::ValueChanged(around.to_owned())),
                _ => None,
            })
            .collect();
        let deed = match tree.name(element) {
            "setgeopoint" => Deed::SetGeopoint,
            "recordaudio" => Deed::RecordAudio(tree.attribute(element, "quality").unwrap_or_default().to_owned()),
            _ => match (self.rule(element, "value"), tree.text(element)) {
                (None, text) if !text.is_empty() => Deed::SetText(text),
                (value, _) => Deed::Set(value),
            },
        };
        // One action may be written twice: in the model for the first round, in the repeat for those added.
        let same = |a: &Deed, b: &Deed| match (a, b) {
            (Deed::Set(Some(a)), Deed::Set(Some(b))) => a.text == b.text,
            _ => a == b,
        };
        let mut those = self.acted.get(&target).into_iter().flatten().copied().take(20);
        match those.find(|&at| same(&self.form.actions[at].deed, &deed)).map(|at| &mut self.form.actions[at]) {
            Some(known) => known.on.extend(on.into_iter().filter(|event| !known.on.contains(event)).collect::<Vec<_>>()),
            None => {
                let repeat = self.repeat_around(&target);
                self.acted.entry(target.clone()).or_default().push(self.form.actions.len());
                self.form.actions.push(Action { on, target, repeat, deed });
            }
        }
    }

    pub(super) fn entities(&mut self) {
        let mut open = vec![(self.template.root(), self.root_path())];
        let mut found: Vec<Entity> = Vec::new();
        while let Some((id, path)) = open.pop() {
            let dataset = self.template.attribute(id, "dataset").filter(|_| local(&self.template.get(id).name) == "entity");
            if let Some(dataset) = dataset
                && !found.iter().any(|entity| entity.path == path)
            {
                let calculated = |name: &str| self.bind(&format!("{path}{name}")).calculate;
                let makes = self.template.attribute(id, "create").is_some();
                found.push(Entity {
                    dataset: dataset.to_owned(),
                    id: calculated("/@id"),
                    create_if: calculated("/@create").filter(|_| makes),
                    update_if: calculated("/@update"),
                    label: calculated("/label"),
                    path,
                });
                continue;
            }
            for &child in self.template.children(id).iter().rev() {
                open.push((child, format!("{path}/{}", self.template.get(child).name)));
            }
        }
        self.form.entities = found;
    }
}
