//! Nodes: counting, places, names, instances, rounds of repeats.
use crate::instance::{Instance, NodeId};
use crate::xml::local;
use crate::xpath::ast::{Axis, Expr, Path, Start, Test};
use crate::xpath::context::{Context, Node, Part, ancestry};
use crate::xpath::error::Error;
use crate::xpath::eval::{Evaluator, Focus};
use crate::xpath::number as numbers;
use crate::xpath::value::{Value, with_text};

pub(super) fn count(e: &mut Evaluator, a: &[Expr], f: Focus) -> Result<Value, Error> {
    Ok(Value::Number(e.nodes(&a[0], f)?.len() as f64))
}

pub(super) fn count_non_empty(e: &mut Evaluator, a: &[Expr], f: Focus) -> Result<Value, Error> {
    let nodes = e.nodes(&a[0], f)?;
    e.spend(nodes.len())?;
    let filled = nodes.into_iter().filter(|node| with_text(e.context, *node, |text| !text.is_empty()));
    Ok(Value::Number(filled.count() as f64))
}

pub(super) fn current(e: &mut Evaluator, _: &[Expr], _: Focus) -> Result<Value, Error> {
    Ok(Value::Nodes(vec![e.current]))
}

pub(super) fn last(_: &mut Evaluator, _: &[Expr], f: Focus) -> Result<Value, Error> {
    Ok(Value::Number(f.size as f64))
}

/// Without an argument the place in the set; with one the place of that node among its namesakes, 0 if there is none.
pub(super) fn position(e: &mut Evaluator, a: &[Expr], f: Focus) -> Result<Value, Error> {
    let Some(expr) = a.first() else { return Ok(Value::Number(f.position as f64)) };
    let place = e.nodes(expr, f)?.first().map_or(0, |node| place_among_namesakes(e.context, *node));
    e.spend(place)?;
    Ok(Value::Number(place as f64))
}

/// The place, from 1, of an element among the children of its parent that have its name.
pub(in crate::xpath) fn place_among_namesakes(context: &dyn Context, node: Node) -> usize {
    let Some(tree) = context.tree(node.instance) else { return 1 };
    let Some(parent) = tree.parent(node.id).filter(|_| node.part == Part::Element) else { return 1 };
    let before = tree.children(parent).iter().take_while(|id| **id != node.id);
    let name = &tree.get(node.id).name;
    1 + before.filter(|id| tree.get(**id).name == *name && !tree.get(**id).template).count()
}

/// Instances have no ids of elements in the sense of XML.
pub(super) fn none(_: &mut Evaluator, _: &[Expr], _: Focus) -> Result<Value, Error> {
    Ok(Value::Nodes(Vec::new()))
}

fn named(e: &mut Evaluator, a: &[Expr], f: Focus) -> Result<String, Error> {
    let node = match a.first() {
        Some(expr) => e.nodes(expr, f)?.first().copied(),
        None => Some(f.node),
    };
    let Some((node, tree)) = node.and_then(|node| Some((node, e.context.tree(node.instance)?))) else { return Ok(String::new()) };
    Ok(match node.part {
        Part::Element => tree.get(node.id).name.clone(),
        Part::Attribute(place) => {
            tree.get(node.id).attributes.get(usize::from(place)).map(|(name, _)| name.clone()).unwrap_or_default()
        }
        Part::Root | Part::Text => String::new(),
    })
}

pub(super) fn name(e: &mut Evaluator, a: &[Expr], f: Focus) -> Result<Value, Error> {
    named(e, a, f).map(Value::Text)
}

pub(super) fn local_name(e: &mut Evaluator, a: &[Expr], f: Focus) -> Result<Value, Error> {
    named(e, a, f).map(|name| Value::Text(local(&name).to_owned()))
}

/// The address declared for the prefix of the name, or for names without one.
pub(super) fn namespace_uri(e: &mut Evaluator, a: &[Expr], f: Focus) -> Result<Value, Error> {
    let name = named(e, a, f)?;
    let declared = name.split_once(':').map_or_else(|| "xmlns".to_owned(), |(prefix, _)| format!("xmlns:{prefix}"));
    let node = match a.first() {
        Some(expr) => e.nodes(expr, f)?.first().copied(),
        None => Some(f.node),
    };
    Ok(Value::Text(node.and_then(|node| inherited(e.context.tree(node.instance)?, node.id, &declared)).unwrap_or_default()))
}

/// Whether the language of the node, by `xml:lang`, is this one or a kind of it.
pub(super) fn lang(e: &mut Evaluator, a: &[Expr], f: Focus) -> Result<Value, Error> {
    let wanted = e.text(&a[0], f)?.to_ascii_lowercase();
    let own = e.context.tree(f.node.instance).and_then(|tree| inherited(tree, f.node.id, "xml:lang"));
    let fits = own.is_some_and(|own| {
        own.to_ascii_lowercase().strip_prefix(&wanted).is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
    });
    Ok(Value::Bool(fits))
}

/// The value of an attribute on an element or on the nearest one around it that has it.
fn inherited(tree: &Instance, id: NodeId, attribute: &str) -> Option<String> {
    ancestry(tree, id).into_iter().rev().find_map(|id| tree.attribute(id, attribute)).map(str::to_owned)
}

/// The root of a secondary instance; XForms has it that a path from there begins below the outermost element's parent.
pub(super) fn instance(e: &mut Evaluator, a: &[Expr], f: Focus) -> Result<Value, Error> {
    let id = e.text(&a[0], f)?;
    let found = e.context.instance(&id).and_then(|number| Some((number, e.context.tree(number)?)));
    let Some((number, tree)) = found else { return Err(Error::NoInstance(id)) };
    Ok(Value::Nodes(vec![Node::root(number, tree)]))
}

/// `indexed-repeat(question, repeat, place, …)`: the question in that round. Places below 1 count as 1.
pub(super) fn indexed_repeat(e: &mut Evaluator, a: &[Expr], f: Focus) -> Result<Value, Error> {
    let wrong = |reason| Error::Unusable { function: "indexed-repeat", reason };
    let question = names(e, &a[0]).ok_or(wrong("the first argument must be a question"))?;
    let mut rounds = Vec::new();
    for pair in a[1..].chunks_exact(2) {
        let repeat = names(e, &pair[0])
            .filter(|repeat| !repeat.is_empty() && question.starts_with(repeat))
            .ok_or(wrong("the question does not lie in that repeat"))?;
        let place = numbers::whole(e.number(&pair[1], f)?);
        rounds.push((repeat.len(), if place >= 1.0 { place as usize } else { 1 }));
    }
    let Some(tree) = e.context.tree(0) else { return Ok(Value::Nodes(Vec::new())) };
    if question.first().is_none_or(|name| local(name) != local(&tree.get(tree.root()).name)) {
        return Ok(Value::Nodes(Vec::new()));
    }
    let around = ancestry(tree, e.current.id);
    let mut found = vec![tree.root()];
    for (level, name) in question.iter().enumerate().skip(1) {
        let mut next: Vec<NodeId> = found.iter().flat_map(|id| tree.named(*id, name)).collect();
        e.spend(next.len())?;
        let chosen = match rounds.iter().find(|(depth, _)| *depth == level + 1) {
            Some((_, place)) => Some(next.get(place - 1).copied()),
            None => next.iter().find(|id| around.contains(id)).map(|id| Some(*id)),
        };
        if let Some(chosen) = chosen {
            next = chosen.into_iter().collect();
        }
        found = next;
    }
    Ok(Value::Nodes(found.into_iter().map(Node::element).collect()))
}

/// The names along a path from the root, if it is made of names, `.` and `..` alone.
fn names(e: &Evaluator, expr: &Expr) -> Option<Vec<String>> {
    let Expr::Path(Path { start, steps }) = expr else { return None };
    let tree = e.context.tree(0)?;
    let own = || ancestry(tree, e.current.id).into_iter().map(|id| tree.get(id).name.clone()).collect();
    let mut names: Vec<String> = match start {
        Start::Root => Vec::new(),
        Start::Here => own(),
        Start::Filter { from, predicates } => match &**from {
            Expr::Call { function, .. } if function.name() == "current" && predicates.is_empty() => own(),
            _ => return None,
        },
    };
    for step in steps {
        match (step.axis, &step.test) {
            (Axis::Child, Test::Name(name)) => names.push(name.clone()),
            (Axis::Itself, Test::Node) => {}
            (Axis::Parent, Test::Node) => drop(names.pop()),
            _ => return None,
        }
    }
    Some(names)
}
