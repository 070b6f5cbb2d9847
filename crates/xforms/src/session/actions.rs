//! Values that are set at certain moments: dynamic defaults and triggers.
use super::fill::Session;
use super::plan::{PlaceId, RuleKind};
use super::run::Work;
use crate::form::{Action, Deed, Event};
use crate::instance::NodeId;
use crate::xpath::{self};

impl Session {
    /// Runs the actions of an event over the whole copy, each with what follows from it.
    pub(super) fn all_actions(&mut self, event: &Event, work: &mut Work) {
        let plan = self.plan.clone();
        for action in plan.form.actions.iter().filter(|action| action.on.contains(event)) {
            let Some((place, _)) = self.target(action) else { continue };
            for element in self.index.elements(place).to_vec() {
                self.act(action, element, work);
                self.run(work);
            }
        }
    }

    /// Runs the actions of a new round, before anything in it is calculated.
    pub(super) fn new_round(&mut self, round: NodeId, repeat: PlaceId, work: &mut Work) {
        let plan = self.plan.clone();
        let depth = plan.spot(repeat).depth;
        for action in plan.form.actions.iter().filter(|action| action.on.contains(&Event::NewRepeat)) {
            let Some((place, _)) = self.target(action) else { continue };
            let elements = self.index.elements(place).to_vec();
            let inside = elements.into_iter().filter(|element| self.around(*element, place, depth) == Some(round));
            for element in inside.collect::<Vec<_>>() {
                self.act(action, element, work);
            }
        }
    }

    /// Runs the actions that wait for another value of an element, in the same rounds.
    pub(super) fn value_changed(&mut self, element: NodeId, work: &mut Work) {
        let plan = self.plan.clone();
        let Some(source) = self.index.place(element) else { return };
        let is_ours = |event: &Event| matches!(event, Event::ValueChanged(path) if plan.place(path) == Some(source));
        for action in plan.form.actions.iter().filter(|action| action.on.iter().any(is_ours)) {
            let Some((place, _)) = self.target(action) else { continue };
            let around: Vec<PlaceId> = plan.upwards(source).collect();
            let repeat = plan.upwards(place).find(|up| plan.spot(*up).is_repeat && around.contains(up));
            let depth = repeat.map_or(1, |repeat| plan.spot(repeat).depth);
            let round = self.around(element, source, depth);
            let elements = self.index.elements(place).to_vec();
            let near = elements.into_iter().filter(|target| self.around(*target, place, depth) == round);
            for target in near.collect::<Vec<_>>() {
                self.act(action, target, work);
            }
        }
    }

    /// The place that an action sets, and the attribute of it if it sets one.
    fn target<'a>(&self, action: &'a Action) -> Option<(PlaceId, Option<&'a str>)> {
        let (path, attribute) = match action.target.split_once("/@") {
            Some((path, attribute)) => (path, Some(attribute)),
            None => (action.target.as_str(), None),
        };
        Some((self.plan.place(path)?, attribute))
    }

    fn act(&mut self, action: &Action, element: NodeId, work: &mut Work) {
        let Some((place, attribute)) = self.target(action) else { return };
        let text = match &action.deed {
            Deed::SetText(text) => text.clone(),
            Deed::Set(None) => String::new(),
            Deed::Set(Some(_)) => {
                let plan = self.plan.clone();
                let Some(expr) = plan.action_expr(action) else { return };
                match self.evaluate_within(expr, xpath::Node::element(element), &mut work.limits) {
                    Ok(value) => self.stored(value, place),
                    // What can't be worked out leaves what is there.
                    Err(_) => return,
                }
            }
            Deed::SetGeopoint => return work.changes.places_wanted.push(element),
            Deed::RecordAudio(_) => return,
        };
        match attribute {
            Some(name) => self.tree.set_attribute(element, name, &text),
            None => self.set(element, &text, work),
        }
    }

    /// Whether something other than the person gives a place its value.
    pub fn is_calculated(&self, place: PlaceId) -> bool {
        let own = self.plan.own.get(place.index()).into_iter().flatten();
        own.copied().any(|rule| self.plan.rules[rule as usize].kind == RuleKind::Calculate)
    }
}
