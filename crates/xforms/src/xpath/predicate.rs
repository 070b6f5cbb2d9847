//! What can be said of a predicate before it is evaluated.
use super::ast::{Axis, Expr, Operator, Path, Start, Test};

/// Whether it is a comparison, so that its value is no place in the set.
pub(super) fn is_comparison(expr: &Expr) -> bool {
    matches!(expr, Expr::Chain { rest, .. } if rest.iter().any(|(operator, _)| matches!(operator.level(), 3 | 4)))
}

/// Whether it asks for the place in the set or the size of it.
pub(super) fn uses_place(expr: &Expr) -> bool {
    let mut uses = false;
    expr.walk(&mut |part| {
        uses |= matches!(part, Expr::Call { function, arguments } if arguments.is_empty() && matches!(function.name(), "position" | "last"));
    });
    uses
}

/// `name = other` or `other = name`, where `name` is a child of the node and `other` is the same for every node.
pub(super) fn look_up<'a>(first: &'a Expr, rest: &'a [(Operator, Expr)]) -> Option<(&'a str, &'a Expr)> {
    let [(Operator::Equal, second)] = rest else { return None };
    match (child(first), child(second)) {
        (Some(name), _) if is_steady(second) => Some((name, second)),
        (_, Some(name)) if is_steady(first) => Some((name, first)),
        _ => None,
    }
}

fn child(expr: &Expr) -> Option<&str> {
    let Expr::Path(Path { start: Start::Here, steps }) = expr else { return None };
    match steps.as_slice() {
        [step] if step.axis == Axis::Child && step.predicates.is_empty() => match &step.test {
            Test::Name(name) => Some(name),
            _ => None,
        },
        _ => None,
    }
}

/// Whether an expression gives the same wherever in the set it is evaluated.
fn is_steady(expr: &Expr) -> bool {
    match expr {
        Expr::Number(_) | Expr::Text(_) => true,
        Expr::Chain { first, rest } => is_steady(first) && rest.iter().all(|(_, part)| is_steady(part)),
        Expr::Negate { of, .. } => is_steady(of),
        Expr::Union(parts) => parts.iter().all(is_steady),
        // Predicates have places of their own to stand at.
        Expr::Path(Path { start, .. }) => match start {
            Start::Root => true,
            Start::Here => false,
            Start::Filter { from, .. } => is_steady(from),
        },
        Expr::Call { function, arguments } => function.is_steady(arguments.len()) && arguments.iter().all(is_steady),
    }
}
