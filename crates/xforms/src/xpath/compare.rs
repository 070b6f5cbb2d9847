//! `=`, `!=`, `<` and their kin (XPath 1.0 section 3.4).
use super::ast::Operator;
use super::context::{Context, Node};
use super::number;
use super::value::{Value, with_text};

/// Whether a comparison holds. Of nodes it holds if it does for any one of them, so `=` and `!=` may both hold.
/// Texts are compared as texts by `=` and `!=`, and as numbers, dates as days, by the others.
pub(super) fn holds(operator: Operator, left: &Value, right: &Value, context: &dyn Context) -> bool {
    let equality = matches!(operator, Operator::Equal | Operator::NotEqual);
    match (left, right) {
        (Value::Nodes(left), Value::Nodes(right)) => any_pair(operator, left, right, context),
        (Value::Nodes(_), Value::Bool(right)) => bools(operator, left.to_bool(), *right),
        (Value::Bool(left), Value::Nodes(_)) => bools(operator, *left, right.to_bool()),
        (Value::Nodes(nodes), other) => {
            nodes.iter().any(|node| with_text(context, *node, |text| single(operator, text, other, context)))
        }
        (other, Value::Nodes(nodes)) => {
            nodes.iter().any(|node| with_text(context, *node, |text| single(mirrored(operator), text, other, context)))
        }
        (Value::Bool(_), _) | (_, Value::Bool(_)) if equality => bools(operator, left.to_bool(), right.to_bool()),
        (Value::Text(left), Value::Text(right)) if equality => (left == right) == (operator == Operator::Equal),
        _ => numbers(operator, left.to_number(context), right.to_number(context)),
    }
}

/// The text of one node against a number or a text.
fn single(operator: Operator, text: &str, other: &Value, context: &dyn Context) -> bool {
    let offset = context.now().offset;
    match (operator, other) {
        (Operator::Equal, Value::Text(other)) => text == other,
        (Operator::NotEqual, Value::Text(other)) => text != other,
        _ => numbers(operator, number::from_text(text, offset), other.to_number(context)),
    }
}

fn any_pair(operator: Operator, left: &[Node], right: &[Node], context: &dyn Context) -> bool {
    let offset = context.now().offset;
    // One side is turned into texts or numbers once, or a thousand nodes against a thousand would be a million conversions.
    if matches!(operator, Operator::Equal | Operator::NotEqual) {
        let mut right: Vec<String> = right.iter().map(|node| with_text(context, *node, str::to_owned)).collect();
        right.sort_unstable();
        right.dedup();
        return left.iter().any(|node| {
            with_text(context, *node, |text| match operator {
                Operator::Equal => right.binary_search_by(|other| other.as_str().cmp(text)).is_ok(),
                // Two different texts on the right: one of them differs from whatever is on the left.
                _ => right.len() > 1 || right.first().is_some_and(|other| other != text),
            })
        });
    }
    // Whether any number on the right is greater (or less) is answered by the greatest (or least) of them alone.
    let all = right
        .iter()
        .map(|node| with_text(context, *node, |text| number::from_text(text, offset)))
        .filter(|value| !value.is_nan());
    let bound = if matches!(operator, Operator::Less | Operator::LessOrEqual) {
        all.fold(f64::NAN, f64::max)
    } else {
        all.fold(f64::NAN, f64::min)
    };
    left.iter().any(|node| with_text(context, *node, |text| numbers(operator, number::from_text(text, offset), bound)))
}

fn bools(operator: Operator, left: bool, right: bool) -> bool {
    match operator {
        Operator::Equal => left == right,
        Operator::NotEqual => left != right,
        _ => numbers(operator, f64::from(u8::from(left)), f64::from(u8::from(right))),
    }
}

fn numbers(operator: Operator, left: f64, right: f64) -> bool {
    match operator {
        Operator::Equal => left == right,
        Operator::NotEqual => left != right,
        Operator::Less => left < right,
        Operator::LessOrEqual => left <= right,
        Operator::Greater => left > right,
        Operator::GreaterOrEqual => left >= right,
        _ => false,
    }
}

/// The operator that says the same with the sides changed.
fn mirrored(operator: Operator) -> Operator {
    match operator {
        Operator::Less => Operator::Greater,
        Operator::LessOrEqual => Operator::GreaterOrEqual,
        Operator::Greater => Operator::Less,
        Operator::GreaterOrEqual => Operator::LessOrEqual,
        same => same,
    }
}
