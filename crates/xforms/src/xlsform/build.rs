//! Drafts become nodes: rules resolved, texts built, parameters put where clients look for them.
use crate::form::{Attribute, Bind, Expression, Kind, Node, Question, QuestionKind, Repeat};

use super::defaults;
use super::draft::{Asked, Deed, Draft, Item, Shape};
use super::parameters::{self, get};
use super::references::Context;
use super::selects;
use super::settings::{is_no, is_yes};
use super::texts::{Writer, keeping_of};
use crate::findings::Findings;

/// Builds the nodes of a form.
pub(super) struct Builder<'a> {
    pub draft: &'a Draft,
    pub writer: Writer<'a>,
    pub findings: &'a mut Findings,
}

impl Builder<'_> {
    /// What an item holds.
    pub fn children(&mut self, id: usize) -> Vec<Node> {
        let draft = self.draft;
        let shown = |child: &&usize| !matches!(draft.items[**child].shape, Shape::External(_) | Shape::Attribute(_));
        draft.items[id].children.iter().filter(shown).map(|&child| self.node(child)).collect()
    }

    fn node(&mut self, id: usize) -> Node {
        let item = &self.draft.items[id];
        let kind = match &item.shape {
            Shape::Repeat => {
                Kind::Repeat(Repeat { count: self.rule(id, "repeat_count"), fixed: false, children: self.children(id) })
            }
            Shape::Question(asked) => Kind::Question(self.question(id, item, asked)),
            _ => Kind::Group(self.children(id)),
        };
        let mut node = Node::new(&item.name, item.path.clone(), kind);
        node.place = item.record.at("");
        node.bind = self.bind(id, item);
        self.texts(id, item, &mut node);
        node.appearance = item.record.get("appearance").unwrap_or_default().to_owned();
        node.parameters.clone_from(&item.parameters);
        node.control = self.control(id, item);
        node.attributes = self.attributes(item);
        self.check_label(item, &node);
        node
    }

    fn texts(&mut self, id: usize, item: &Item, node: &mut Node) {
        // The label of an entity is an expression.
        if item.shape == Shape::Entity {
            return;
        }
        let record = &item.record;
        let context = Context::of(id);
        node.label = self.writer.label(record, keeping_of(record, "label"), context, self.findings);
        node.hint = self.writer.text(record, "hint", keeping_of(record, "hint"), context, self.findings);
        node.guidance = self.writer.text(record, "guidance_hint", keeping_of(record, "guidance_hint"), context, self.findings);
    }

    fn check_label(&mut self, item: &Item, node: &Node) {
        let Kind::Question(question) = &node.kind else { return };
        if question.is_shown() && node.label.is_empty() && node.hint.is_empty() {
            let what = format!("The question `{}` has neither label nor hint.", item.name);
            self.findings.mistake(
                "no-label",
                item.record.place("label"),
                what,
                "Say what people shall read, or use the type `hidden`.",
            );
        }
        let big = item.record.cell("big-image").is_some() && item.record.cell("image").is_none();
        if big {
            self.findings.mistake(
                "big-image-alone",
                item.record.place("big-image"),
                "A big image needs an image.",
                "Fill in `image` too.",
            );
        }
    }

    fn question(&mut self, id: usize, item: &Item, asked: &Asked) -> Question {
        let record = &item.record;
        let unseen = record.cell("label").is_none() && record.cell("hint").is_none();
        let computed = record.get("calculation").is_some() || record.get("trigger").is_some();
        let place = record.place("parameters");
        let mut kind = match &asked.kind {
            QuestionKind::Range(_) => QuestionKind::Range(parameters::range(&item.parameters, &place, self.findings)),
            kind => kind.clone(),
        };
        if unseen && computed && record.cell("image").is_none() {
            let hidden = Question::new(kind).data_type().to_owned();
            kind = QuestionKind::Hidden(hidden);
        }
        let mut question = Question::new(kind);
        question.items = selects::items(id, item, &self.writer.resolver, self.findings);
        question.query = self.query(id, item, asked);
        if let Some(text) = record.get("default").filter(|text| !defaults::is_dynamic(text, &asked.kind)) {
            question.default = match &asked.kind {
                QuestionKind::File(media) if media == "image/*" && !text.contains("jr://images/") => {
                    format!("jr://images/{text}")
                }
                _ => text.to_owned(),
            };
        }
        question
    }

    fn query(&mut self, id: usize, item: &Item, asked: &Asked) -> Option<Expression> {
        let select = asked.select.as_ref().filter(|select| select.external)?;
        let place = item.record.place("choice_filter");
        let mut query = format!("instance('{}')/root/item", select.list);
        if let Some(text) = item.record.get("choice_filter") {
            let filter = self.writer.resolver.expression(text, Context::filter_of(id), &place, self.findings);
            query = format!("{query}[{}]", filter.text);
        }
        Some(Expression { text: query, place })
    }

    /// A rule of a column, with `yes` and `no` as people write them.
    pub fn rule(&mut self, id: usize, column: &str) -> Option<Expression> {
        let record = &self.draft.items[id].record;
        let text = record.get(column)?;
        let text = match text {
            yes if is_yes(yes) => "true()",
            no if is_no(no) => "false()",
            other => other,
        };
        Some(self.writer.resolver.expression(text, Context::of(id), &record.place(column), self.findings))
    }

    // A word alone would be the name of something within the question, where nothing is.
    fn check_rule(&mut self, item: &Item, column: &str) {
        let Some(text) = item.record.get(column).map(str::trim) else { return };
        if is_yes(text) || is_no(text) || !crate::xml::is_name(text) {
            return;
        }
        let said: String = text.chars().take(50).collect();
        let what = format!("The column `{column}` says `{said}`, which is no rule, so it never holds.");
        let remedy = "Write `yes` or `no`, or a rule such as `${name} = 'yes'`.";
        self.findings.warn("no-rule", item.record.place(column), what, remedy);
    }

    fn bind(&mut self, id: usize, item: &Item) -> Bind {
        let record = &item.record;
        let context = Context::of(id);
        let asked = item.asked();
        if asked.is_some() {
            ["required", "read_only", "relevant", "constraint"].iter().for_each(|column| self.check_rule(item, column));
        }
        let mut bind = Bind {
            relevant: self.rule(id, "relevant"),
            constraint: self.rule(id, "constraint"),
            required: self.rule(id, "required"),
            readonly: self.rule(id, "read_only"),
            calculate: if record.get("trigger").is_some() { None } else { self.rule(id, "calculation") },
            preload: asked.and_then(|asked| asked.preload.clone()),
            save_to: record.get("save_to").map(|text| text.rsplit('#').next().unwrap_or(text).to_owned()).unwrap_or_default(),
            ..Bind::default()
        };
        if asked.is_some_and(|asked| asked.kind == QuestionKind::Note) && bind.readonly.is_none() {
            bind.readonly = Some(Expression { text: "true()".to_owned(), place: record.place("type") });
        }
        let message =
            |key: &str, findings: &mut Findings| self.writer.text(record, key, keeping_of(record, key), context, findings);
        bind.constraint_message = message("constraint_message", self.findings);
        bind.required_message = message("required_message", self.findings);
        bind.extra = self.bind_extra(id, item);
        bind
    }

    fn bind_extra(&mut self, id: usize, item: &Item) -> Vec<(String, String)> {
        let mut extra = self.passed_through(id, item, "bind::");
        if let Some(text) = item.record.get("no_app_error_string") {
            extra.push(("jr:noAppErrorString".to_owned(), text.to_owned()));
        }
        let in_bind: &[(&str, &str)] = match item.asked().map(|asked| (asked.deed, &asked.kind)) {
            Some((Deed::None, QuestionKind::File(_))) => &[("max-pixels", "orx:max-pixels"), ("quality", "odk:quality")],
            Some((Deed::None, QuestionKind::Geopoint | QuestionKind::Geotrace | QuestionKind::Geoshape)) => {
                &[("allow-mock-accuracy", "odk:allow-mock-accuracy")]
            }
            Some((Deed::None, QuestionKind::Hidden(kind))) if kind == "binary" => &[
                ("identify-user", "odk:identify-user"),
                ("track-changes", "odk:track-changes"),
                ("track-changes-reasons", "odk:track-changes-reasons"),
                ("location-max-age", "odk:location-max-age"),
                ("location-min-interval", "odk:location-min-interval"),
                ("location-priority", "odk:location-priority"),
            ],
            _ => &[],
        };
        extra.extend(renamed(item, in_bind));
        extra
    }

    fn control(&mut self, id: usize, item: &Item) -> Vec<(String, String)> {
        let mut control = self.passed_through(id, item, "body::");
        for key in ["autoplay", "rows", "intent"] {
            if let Some(text) = item.record.get(key) {
                let value = self.writer.resolver.expression(text, Context::of(id), &item.record.place(key), self.findings);
                control.push((key.to_owned(), value.text));
            }
        }
        control.extend(renamed(
            item,
            &[
                ("rows", "rows"),
                ("capture-accuracy", "accuracyThreshold"),
                ("warning-accuracy", "unacceptableAccuracyThreshold"),
                ("incremental", "incremental"),
                ("tick_interval", "odk:tick-interval"),
                ("placeholder", "odk:placeholder"),
                ("app", "intent"),
            ],
        ));
        for (key, value) in &item.parameters {
            let number = ["rows", "capture-accuracy", "warning-accuracy", "max-pixels"].contains(&key.as_str());
            if number && value.parse::<f64>().is_err() {
                let what = format!("`{key}={value}` is no number.");
                self.findings.mistake("broken-parameter", item.record.place("parameters"), what, "Write a number.");
            }
        }
        control
    }

    fn passed_through(&mut self, id: usize, item: &Item, family: &str) -> Vec<(String, String)> {
        let mut passed = Vec::new();
        for (name, cell) in item.record.attributes(family) {
            let place = item.record.at(&cell.heading);
            if !crate::xml::is_name(name) {
                self.findings.mistake(
                    "bad-attribute",
                    place,
                    format!("`{name}` can't be an attribute."),
                    "Use letters, digits, `_` and one `:`.",
                );
                continue;
            }
            let value = self.writer.resolver.expression(&cell.text, Context::of(id), &place, self.findings);
            passed.push((name.to_owned(), value.text));
        }
        passed
    }

    fn attributes(&mut self, item: &Item) -> Vec<Attribute> {
        let draft = self.draft;
        let of = |&&child: &&usize| matches!(draft.items[child].shape, Shape::Attribute(_));
        let with_rules = |&&child: &&usize| !draft.items[child].record.cells.is_empty();
        item.children
            .iter()
            .filter(of)
            .filter(with_rules)
            .map(|&child| {
                let attribute = &draft.items[child];
                Attribute { name: attribute.name.trim_start_matches('@').to_owned(), bind: self.bind(child, attribute) }
            })
            .collect()
    }
}

fn renamed(item: &Item, names: &[(&str, &str)]) -> Vec<(String, String)> {
    names.iter().filter_map(|(from, to)| get(&item.parameters, from).map(|value| ((*to).to_owned(), value.to_owned()))).collect()
}
