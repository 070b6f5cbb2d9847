//! What an expression reads, found without evaluating it.
use super::plan::{PlaceId, Plan};
use crate::xml::local;
use crate::xpath::{Axis, Expr, Path, Start, Step, Test};

/// A place that an expression reads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Reading {
    pub place: PlaceId,
    /// Depth of the innermost repeat whose round it shares with the reader; 0 if it shares none.
    pub shared: usize,
    /// Whether predicates or places pick among several rounds, so that a circle may run from round to round and end.
    pub picked: bool,
}

/// All that `expr`, written at `place` (or at an attribute of it), reads of the form's own instance; and paths that lead nowhere.
pub(super) fn readings(plan: &Plan, expr: &Expr, place: PlaceId, at_attribute: bool) -> (Vec<Reading>, Vec<String>) {
    let mut tracer = Tracer { plan, place, at_attribute, found: Vec::new(), lost: Vec::new(), reach: usize::MAX };
    let here = tracer.here();
    tracer.read(expr, Some(&here));
    let mut found: Vec<Reading> = Vec::new();
    for reading in tracer.found {
        // The widest reading of a place covers the others.
        match found.iter_mut().find(|one| one.place == reading.place) {
            Some(one) => {
                one.picked &= reading.picked || reading.shared > one.shared;
                one.shared = one.shared.min(reading.shared);
            }
            None => found.push(reading),
        }
    }
    (found, tracer.lost)
}

/// Where a path has got to.
#[derive(Debug, Clone)]
struct Trace {
    /// Places, all of one kind; `None` stands above the outermost element.
    places: Vec<Option<PlaceId>>,
    /// Down to this depth it stays in the rounds of the reader.
    kept: usize,
    picked: bool,
    /// Whether the last step went to an attribute.
    attribute: bool,
}

struct Tracer<'a> {
    plan: &'a Plan,
    place: PlaceId,
    at_attribute: bool,
    found: Vec<Reading>,
    lost: Vec<String>,
    /// Arguments of `indexed-repeat` keep no more than this depth.
    reach: usize,
}

impl Tracer<'_> {
    fn here(&self) -> Trace {
        Trace { places: vec![Some(self.place)], kept: self.depth(Some(self.place)), picked: false, attribute: self.at_attribute }
    }

    fn depth(&self, place: Option<PlaceId>) -> usize {
        place.map_or(0, |place| self.plan.spot(place).depth)
    }

    /// `around` is what the expression stands at; nothing if that is in another instance.
    fn read(&mut self, expr: &Expr, around: Option<&Trace>) {
        match expr {
            Expr::Number(_) | Expr::Text(_) => {}
            Expr::Chain { first, rest } => {
                self.read(first, around);
                rest.iter().for_each(|(_, part)| self.read(part, around));
            }
            Expr::Negate { of, .. } => self.read(of, around),
            Expr::Union(parts) => parts.iter().for_each(|part| self.read(part, around)),
            Expr::Path(path) => {
                if let Some(trace) = self.path(path, around) {
                    self.reach_of(&trace);
                }
            }
            Expr::Call { function, arguments } if function.name() == "indexed-repeat" => self.indexed(arguments, around),
            Expr::Call { arguments, .. } => arguments.iter().for_each(|argument| self.read(argument, around)),
        }
    }

    /// `indexed-repeat(question, repeat, place, …)` may reach any round of the repeats it names.
    fn indexed(&mut self, arguments: &[Expr], around: Option<&Trace>) {
        let mut above = usize::MAX;
        for (number, argument) in arguments.iter().enumerate().skip(1) {
            match argument {
                Expr::Path(path) if number % 2 == 1 => {
                    let trace = self.path(path, around);
                    let depth = trace.iter().flat_map(|trace| &trace.places).map(|place| self.depth(*place)).min();
                    above = above.min(depth.unwrap_or(0).saturating_sub(1));
                }
                other => self.read(other, around),
            }
        }
        let before = std::mem::replace(&mut self.reach, above);
        if let Some(Expr::Path(path)) = arguments.first()
            && let Some(mut trace) = self.path(path, around)
        {
            trace.picked = true;
            self.reach_of(&trace);
        }
        self.reach = before;
    }

    /// Notes the places at the end of a path.
    fn reach_of(&mut self, trace: &Trace) {
        for place in trace.places.iter().flatten() {
            let kept = trace.kept.min(self.reach);
            let shared = self.shared(*place, kept);
            self.found.push(Reading { place: *place, shared, picked: trace.picked });
        }
    }

    /// Depth of the innermost repeat around both places, no deeper than `kept`.
    fn shared(&self, place: PlaceId, kept: usize) -> usize {
        let around: Vec<PlaceId> = self.plan.upwards(self.place).collect();
        let mut both = self.plan.upwards(place).filter(|up| around.contains(up)).map(|up| self.plan.spot(up));
        both.find(|spot| spot.is_repeat && spot.depth <= kept).map_or(0, |spot| spot.depth)
    }

    /// Where a path leads; nothing if it leads through another instance. Its predicates are read on the way.
    fn path(&mut self, path: &Path, around: Option<&Trace>) -> Option<Trace> {
        let absolute = path.start == Start::Root;
        let mut trace = match &path.start {
            Start::Root => Some(Trace { places: vec![None], kept: 0, picked: false, attribute: false }),
            Start::Here => around.cloned(),
            Start::Filter { from, predicates } => {
                let mut trace = self.start(from, around);
                predicates.iter().for_each(|predicate| self.read(predicate, trace.as_ref()));
                if let Some(trace) = &mut trace {
                    trace.picked |= !predicates.is_empty();
                }
                trace
            }
        };
        let mut plain = absolute;
        for (number, step) in path.steps.iter().enumerate() {
            plain &= step.axis == Axis::Child && step.predicates.is_empty();
            if let Some(trace) = &mut trace {
                let before = trace.places.len();
                self.step(trace, step);
                if trace.places.is_empty() && before > 0 && !trace.attribute && matches!(step.test, Test::Name(_)) {
                    self.lost.push(path.to_string());
                    return None;
                }
                // An absolute path stays in the reader's rounds, but for its last step.
                let last = number + 1 == path.steps.len();
                if plain && !last {
                    let own: Vec<PlaceId> = self.plan.upwards(self.place).collect();
                    let along =
                        trace.places.iter().flatten().filter(|place| own.contains(place)).map(|place| self.depth(Some(*place)));
                    trace.kept = along.max().unwrap_or(trace.kept);
                }
            }
            step.predicates.iter().for_each(|predicate| self.read(predicate, trace.as_ref()));
        }
        trace
    }

    /// What a path begins at that begins with an expression.
    fn start(&mut self, from: &Expr, around: Option<&Trace>) -> Option<Trace> {
        match from {
            Expr::Path(path) => self.path(path, around),
            Expr::Call { function, .. } if function.name() == "current" => Some(self.here()),
            Expr::Call { function, arguments } if function.name() == "randomize" => {
                arguments.iter().skip(1).for_each(|seed| self.read(seed, around));
                arguments.first().and_then(|from| self.start(from, around))
            }
            other => {
                self.read(other, around);
                None
            }
        }
    }

    fn step(&self, trace: &mut Trace, step: &Step) {
        let from = std::mem::take(&mut trace.places);
        if trace.attribute {
            // Of an attribute only the parent is of interest.
            trace.attribute = step.axis == Axis::Itself;
            trace.places = if matches!(step.axis, Axis::Parent | Axis::Itself) { from } else { Vec::new() };
            return;
        }
        if step.test == Test::Text && step.axis == Axis::Child {
            trace.places = from;
            return;
        }
        let plan = self.plan;
        let all = |place: Option<PlaceId>| match place {
            Some(place) => plan.downwards(place),
            None => plan.downwards(PlaceId::ROOT),
        };
        for place in from {
            let next: Vec<Option<PlaceId>> = match step.axis {
                Axis::Itself => vec![place],
                Axis::Child => self.children(place).into_iter().map(Some).collect(),
                Axis::Parent => place.map(|place| plan.spot(place).parent).into_iter().collect(),
                Axis::Descendant | Axis::DescendantOrSelf => all(place).into_iter().map(Some).collect(),
                Axis::Ancestor | Axis::AncestorOrSelf => {
                    place.into_iter().flat_map(|place| plan.upwards(place)).map(Some).collect()
                }
                Axis::FollowingSibling | Axis::PrecedingSibling => place
                    .and_then(|place| plan.spot(place).parent)
                    .map(|parent| self.children(Some(parent)))
                    .into_iter()
                    .flatten()
                    .map(Some)
                    .collect(),
                Axis::Following | Axis::Preceding => all(None).into_iter().map(Some).collect(),
                Axis::Attribute => vec![place],
                Axis::Namespace => Vec::new(),
            };
            trace.places.extend(next.into_iter().filter(|place| self.passes(*place, step)));
        }
        trace.attribute = step.axis == Axis::Attribute;
        trace.places.sort_unstable();
        trace.places.dedup();
        trace.kept = match step.axis {
            Axis::Itself | Axis::Child | Axis::Descendant | Axis::DescendantOrSelf | Axis::Attribute => trace.kept,
            Axis::Parent | Axis::Ancestor | Axis::AncestorOrSelf => {
                trace.places.iter().map(|place| self.depth(*place)).min().unwrap_or(0).min(trace.kept)
            }
            // The siblings of a round are other rounds.
            Axis::FollowingSibling | Axis::PrecedingSibling => {
                trace.places.iter().map(|place| self.depth(*place)).min().unwrap_or(1).saturating_sub(1).min(trace.kept)
            }
            Axis::Following | Axis::Preceding | Axis::Namespace => 0,
        };
        let sideways = matches!(step.axis, Axis::FollowingSibling | Axis::PrecedingSibling | Axis::Following | Axis::Preceding);
        trace.picked |= !step.predicates.is_empty() || sideways;
    }

    fn children(&self, place: Option<PlaceId>) -> Vec<PlaceId> {
        place.map_or_else(|| vec![PlaceId::ROOT], |place| self.plan.spot(place).children.clone())
    }

    fn passes(&self, place: Option<PlaceId>, step: &Step) -> bool {
        match (&step.test, place) {
            (_, _) if step.axis == Axis::Attribute => true,
            (Test::Name(name), Some(place)) => self.plan.spot(place).name == local(name),
            (Test::Node, _) | (Test::Any | Test::Prefix(_) | Test::Text, Some(_)) => true,
            _ => false,
        }
    }
}
