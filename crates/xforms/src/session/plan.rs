//! A form made ready to be filled.
use std::collections::HashMap;

use super::graph;
use super::index;
use super::references::{self, Reading};
use super::secondary::{Files, Others};
use crate::form::{Action, Deed, Expression, Form, ItemSource, Kind, Node, Place, QuestionKind};
use crate::instance::{Instance, NodeId};
use crate::problem::{Problem, Severity};
use crate::xml::local;
use crate::xpath::{self, Expr};

/// How deep groups and repeats may lie in each other.
const DEEPEST: usize = 60;

/// A place of the form: a question, group or repeat, or the outermost element.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PlaceId(pub(super) u32);

impl PlaceId {
    pub(super) const ROOT: Self = Self(0);

    pub(super) fn index(self) -> usize {
        self.0 as usize
    }
}

/// A form made ready: read once, used by any number of sessions at a time.
#[derive(Debug)]
pub struct Plan {
    pub(super) form: Form,
    pub(super) spots: Vec<Spot>,
    pub(super) by_path: HashMap<String, PlaceId>,
    pub(super) rules: Vec<Rule>,
    /// For each place the rules that read it.
    pub(super) readers: Vec<Vec<Reader>>,
    /// For each place its own rules.
    pub(super) own: Vec<Vec<u32>>,
    pub(super) read: HashMap<String, Expr>,
    pub(super) others: Others,
    /// The pattern of each repeat, in the form's template.
    patterns: Vec<Option<NodeId>>,
    warnings: Vec<Problem>,
}

/// What is known of a place.
#[derive(Debug)]
pub(super) struct Spot {
    /// Name of its element.
    pub name: String,
    pub parent: Option<PlaceId>,
    pub children: Vec<PlaceId>,
    /// The outermost element has 1.
    pub depth: usize,
    pub is_repeat: bool,
    /// The way to its node through the body of the form: places in lists of children. Empty for the outermost element.
    pub way: Vec<usize>,
}

/// An expression that is worked out again whenever something it reads changes.
#[derive(Debug)]
pub(super) struct Rule {
    pub place: PlaceId,
    pub kind: RuleKind,
    pub expr: Expr,
    pub reads: Vec<Reading>,
    pub at: Place,
    /// Rules of lower ranks go first.
    pub rank: u32,
}

/// What a rule decides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum RuleKind {
    Relevant,
    Calculate,
    /// How many rounds a repeat has.
    Count,
    /// The value of an attribute.
    Attribute(String),
}

/// A rule that reads a place.
#[derive(Debug, Clone, Copy)]
pub(super) struct Reader {
    pub rule: u32,
    /// Depth of the innermost repeat whose round both share; 0 if there is none.
    pub shared: usize,
}

impl Plan {
    /// Makes a form ready. `files` gives the files beside it by their addresses. Fails if an expression can't be read or if questions
    /// depend on each other in a circle; each problem names its place, and what is unwise comes behind.
    pub fn new(form: Form, files: Files) -> Result<Self, Vec<Problem>> {
        let mut plan = Self {
            spots: Vec::new(),
            by_path: HashMap::new(),
            rules: Vec::new(),
            readers: Vec::new(),
            own: Vec::new(),
            read: HashMap::new(),
            others: Others::new(&form, files),
            patterns: Vec::new(),
            warnings: Vec::new(),
            form,
        };
        if !plan.lay_out() {
            return Err(vec![too_deep()]);
        }
        let mut template = std::mem::take(&mut plan.form.template);
        index::add_patterns(&plan, &mut template, None);
        plan.patterns = index::find_patterns(&plan, &template);
        plan.form.template = template;
        let mut problems = plan.read_all();
        plan.gather_rules();
        problems.extend(graph::order(&mut plan));
        if problems.is_empty() {
            return Ok(plan);
        }
        problems.append(&mut plan.warnings);
        Err(problems)
    }

    /// The form itself.
    pub fn form(&self) -> &Form {
        &self.form
    }

    /// What is unwise: paths that lead nowhere, and files that are missing.
    pub fn warnings(&self) -> &[Problem] {
        &self.warnings
    }

    /// A list that is kept in the form or beside it, by its id; nothing for one that is not there.
    pub fn list(&self, id: &str) -> Option<&Instance> {
        self.others.kept(id)
    }

    /// The place with this absolute path.
    pub fn place(&self, path: &str) -> Option<PlaceId> {
        self.by_path.get(path).copied()
    }

    /// The question, group or repeat at a place; the outermost element has none.
    pub fn node(&self, place: PlaceId) -> Option<&Node> {
        let (last, way) = self.spots.get(place.index())?.way.split_last()?;
        let nodes = way.iter().try_fold(self.form.body.as_slice(), |nodes, step| nodes.get(*step).map(Node::children))?;
        nodes.get(*last)
    }

    pub(super) fn spot(&self, place: PlaceId) -> &Spot {
        &self.spots[place.index()]
    }

    pub(super) fn expr(&self, expression: &Expression) -> Option<&Expr> {
        self.read.get(&expression.text)
    }

    /// A place and all that hold it, innermost first.
    pub(super) fn upwards(&self, place: PlaceId) -> impl Iterator<Item = PlaceId> + '_ {
        std::iter::successors(Some(place), |place| self.spot(*place).parent)
    }

    /// A place and all it holds.
    pub(super) fn downwards(&self, place: PlaceId) -> Vec<PlaceId> {
        let mut all = vec![place];
        let mut next = 0;
        while let Some(place) = all.get(next) {
            all.extend(&self.spot(*place).children);
            next += 1;
        }
        all
    }

    /// Whether a place is shown to people as a question.
    pub(super) fn is_shown(&self, place: PlaceId) -> bool {
        self.node(place).and_then(Node::question).is_some_and(|question| !matches!(question.kind, QuestionKind::Hidden(_)))
    }

    /// Numbers the places; fails if they lie too deep in each other.
    fn lay_out(&mut self) -> bool {
        let root = self.form.template.get(self.form.template.root()).name.clone();
        self.add(&root, &format!("/{root}"), None, false, Vec::new());
        let mut open: Vec<(Vec<usize>, PlaceId)> =
            (0..self.form.body.len()).map(|step| (vec![step], PlaceId::ROOT)).rev().collect();
        while let Some((way, parent)) = open.pop() {
            let nodes = way[..way.len() - 1].iter().fold(self.form.body.as_slice(), |nodes, step| nodes[*step].children());
            let node = &nodes[way[way.len() - 1]];
            let (name, path, count) = (node.name.clone(), node.path.clone(), node.children().len());
            let is_repeat = matches!(node.kind, Kind::Repeat(_));
            let inner = (0..count).rev().map(|step| [way.as_slice(), &[step]].concat()).collect::<Vec<_>>();
            // A group without an element of its own has the path of what holds it: its children belong there.
            let place = match self.by_path.get(&path) {
                Some(known) if *known == parent => parent,
                _ => self.add(&name, &path, Some(parent), is_repeat, way.clone()),
            };
            if way.len() > DEEPEST {
                return false;
            }
            open.extend(inner.into_iter().map(|way| (way, place)));
        }
        true
    }

    fn add(&mut self, name: &str, path: &str, parent: Option<PlaceId>, is_repeat: bool, way: Vec<usize>) -> PlaceId {
        let place = PlaceId(u32::try_from(self.spots.len()).unwrap_or(u32::MAX));
        let depth = parent.map_or(1, |parent| self.spot(parent).depth + 1);
        self.spots.push(Spot { name: local(name).to_owned(), parent, children: Vec::new(), depth, is_repeat, way });
        self.by_path.insert(path.to_owned(), place);
        if let Some(parent) = parent {
            self.spots[parent.index()].children.push(place);
        }
        place
    }

    /// The pattern of a repeat, in the form's template.
    pub(super) fn pattern(&self, repeat: PlaceId) -> Option<NodeId> {
        self.patterns.get(repeat.index()).copied().flatten()
    }

    /// Reads every expression of the form once.
    fn read_all(&mut self) -> Vec<Problem> {
        let mut problems = Vec::new();
        let mut read = HashMap::new();
        let mut one = |expression: &Expression, text: &str| match xpath::parse(text) {
            Ok(expr) => drop(read.insert(text.to_owned(), expr)),
            Err(error) => problems.push(unreadable(expression, text, &error)),
        };
        self.form.each_expression(&mut |expression| one(expression, &expression.text));
        self.form.walk(&mut |node| {
            let Some(items) = node.question().and_then(|question| question.items.as_ref()) else { return };
            let place = match (&items.filter, &items.source) {
                (Some(filter), _) | (None, ItemSource::Nodes(filter)) => filter.place.clone(),
                _ => node.place.clone(),
            };
            let nodes = items.nodes();
            one(&Expression { text: nodes.clone(), place }, &nodes);
        });
        self.read = read;
        problems
    }

    fn gather_rules(&mut self) {
        let mut found: Vec<(PlaceId, RuleKind, Expression)> = Vec::new();
        for number in 0..self.spots.len() {
            let place = PlaceId(number as u32);
            let Some(node) = self.node(place) else { continue };
            let mut add = |kind, expression: &Option<Expression>| found.extend(expression.clone().map(|one| (place, kind, one)));
            add(RuleKind::Relevant, &node.bind.relevant);
            // With a trigger the calculation is an action, and the bind has none.
            add(RuleKind::Calculate, &node.bind.calculate);
            for attribute in &node.attributes {
                add(RuleKind::Attribute(attribute.name.trim_start_matches('@').to_owned()), &attribute.bind.calculate);
            }
            if let Kind::Repeat(repeat) = &node.kind {
                add(RuleKind::Count, &repeat.count);
            }
        }
        self.readers = vec![Vec::new(); self.spots.len()];
        self.own = vec![Vec::new(); self.spots.len()];
        for (place, kind, expression) in found {
            let Some(expr) = self.read.get(&expression.text).cloned() else { continue };
            let (reads, lost) = references::readings(self, &expr, place, matches!(kind, RuleKind::Attribute(_)));
            self.warnings.extend(lost.into_iter().map(|path| nowhere(&expression, &path)));
            let number = self.rules.len() as u32;
            for reading in &reads {
                self.readers[reading.place.index()].push(Reader { rule: number, shared: reading.shared });
            }
            self.own[place.index()].push(number);
            self.rules.push(Rule { place, kind, expr, reads, at: expression.place, rank: 0 });
        }
        let asked = self.lost_in_answers();
        self.warnings.extend(asked);
        self.warnings.extend(self.others.missing().map(missing));
    }

    // What demands, accepts or forbids answers is worked out when it is asked for; a path of it that leads nowhere is warned of all the same.
    fn lost_in_answers(&self) -> Vec<Problem> {
        let mut lost = Vec::new();
        for number in 0..self.spots.len() {
            let place = PlaceId(number as u32);
            let Some(node) = self.node(place) else { continue };
            for expression in [&node.bind.required, &node.bind.constraint, &node.bind.readonly].into_iter().flatten() {
                let Some(expr) = self.expr(expression) else { continue };
                let (_, paths) = references::readings(self, expr, place, false);
                lost.extend(paths.iter().map(|path| nowhere(expression, path)));
            }
        }
        lost
    }

    /// The expression of an action, if it has one that could be read.
    pub(super) fn action_expr(&self, action: &Action) -> Option<&Expr> {
        match &action.deed {
            Deed::Set(Some(expression)) => self.expr(expression),
            _ => None,
        }
    }
}

fn unreadable(expression: &Expression, text: &str, error: &xpath::Error) -> Problem {
    let near = error.at().map(|at| {
        let rest: String = text.get(at..).unwrap_or_default().chars().take(20).collect();
        if rest.is_empty() { " At its end:".to_owned() } else { format!(" At `{rest}`:") }
    });
    Problem {
        severity: Severity::Mistake,
        code: "expression",
        place: expression.place.clone(),
        what: format!("This expression can't be read.{} {error}.", near.unwrap_or_default()),
        remedy: "Correct the expression.".to_owned(),
    }
}

fn too_deep() -> Problem {
    Problem {
        severity: Severity::Mistake,
        code: "too-deep",
        place: Place::default(),
        what: format!("Groups and repeats lie more than {DEEPEST} deep in each other."),
        remedy: "Take some of the groups away.".to_owned(),
    }
}

fn nowhere(expression: &Expression, path: &str) -> Problem {
    Problem {
        severity: Severity::Warning,
        code: "path-nowhere",
        place: expression.place.clone(),
        what: format!("The path `{path}` leads to no question of the form, so it is always blank."),
        remedy: "Correct the path.".to_owned(),
    }
}

// As its author calls it: what stands before the name says only of what kind it is.
fn file_name(address: &str) -> &str {
    address.rsplit('/').next().unwrap_or(address)
}

fn missing(address: &str) -> Problem {
    Problem {
        severity: Severity::Warning,
        code: "file-missing",
        place: Place::default(),
        what: format!("The file `{}` is not there, so nothing can be chosen from it.", file_name(address)),
        remedy: "Add the file to the form.".to_owned(),
    }
}
