//! What sets values at certain moments: dynamic defaults, triggers, places and sounds taken by themselves.
use crate::form::{Action, Deed as Done, Event, Expression};

use super::build::Builder;
use super::defaults;
use super::draft::{Deed, Item, Shape};
use super::parameters::get;
use super::references::{Context, scan};

impl Builder<'_> {
    /// The actions of all items.
    pub fn actions(&mut self) -> Vec<Action> {
        let mut actions = Vec::new();
        for id in 0..self.draft.items.len() {
            self.actions_of(id, &mut actions);
        }
        actions
    }

    fn actions_of(&mut self, id: usize, actions: &mut Vec<Action>) {
        let draft = self.draft;
        let item = &draft.items[id];
        let repeat = draft.repeat_around(id).map(|repeat| draft.items[repeat].path.clone());
        let opening = if repeat.is_some() { vec![Event::FirstLoad, Event::NewRepeat] } else { vec![Event::FirstLoad] };
        let mut push =
            |on: Vec<Event>, deed: Done| actions.push(Action { on, target: item.path.clone(), repeat: repeat.clone(), deed });
        if item.shape == Shape::Attribute("uuid()".to_owned()) {
            push(opening, Done::Set(Some(Expression { text: "uuid()".to_owned(), place: item.record.at("") })));
            return;
        }
        let Some(asked) = item.asked() else { return };
        if let Some(text) = item.record.get("default").filter(|text| defaults::is_dynamic(text, &asked.kind)) {
            let place = item.record.place("default");
            let value = self.writer.resolver.expression(text, Context::of(id), &place, self.findings);
            push(opening, Done::Set(Some(value)));
        }
        match asked.deed {
            Deed::RecordAudio => {
                push(vec![Event::Load], Done::RecordAudio(get(&item.parameters, "quality").unwrap_or_default().to_owned()))
            }
            Deed::SetGeopoint => push(vec![Event::FirstLoad], Done::SetGeopoint),
            Deed::None | Deed::SetGeopointOnTrigger => {}
        }
        let sources = self.triggers(item);
        if !sources.is_empty() {
            let deed = if asked.deed == Deed::SetGeopointOnTrigger {
                Done::SetGeopoint
            } else {
                Done::Set(self.rule(id, "calculation"))
            };
            push(sources.into_iter().map(Event::ValueChanged).collect(), deed);
        }
    }

    // Paths of the questions that set an item off.
    fn triggers(&mut self, item: &Item) -> Vec<String> {
        let Some(text) = item.record.get("trigger") else { return Vec::new() };
        let place = item.record.place("trigger");
        let references = scan(text, &place, self.findings);
        let rest = references
            .iter()
            .rev()
            .fold(text.to_owned(), |rest, found| format!("{}{}", &rest[..found.start], &rest[found.end..]));
        if references.is_empty() || rest.chars().any(|c| c != ',' && !c.is_whitespace()) {
            let remedy = "Write one or more `${name}`, separated by commas.";
            self.findings.mistake("broken-trigger", place.clone(), format!("`{text}` is no trigger."), remedy);
        }
        let mut sources = Vec::new();
        for reference in references {
            let Some(source) = self.writer.resolver.item(reference.name, &place, self.findings) else { continue };
            let source = &self.draft.items[source];
            let seen =
                source.asked().is_some() && (source.record.cell("label").is_some() || source.record.cell("hint").is_some());
            if seen {
                sources.push(source.path.clone());
            } else {
                let what = format!("`{}` is not shown to anybody, so it can set nothing off.", reference.name);
                self.findings.mistake("unseen-trigger", place.clone(), what, "Refer to a question that people answer.");
            }
        }
        sources
    }
}
