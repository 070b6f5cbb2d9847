//! Conditions and choices between values.
use crate::xpath::ast::Expr;
use crate::xpath::error::Error;
use crate::xpath::eval::{Evaluator, Focus};
use crate::xpath::value::{Value, kept_text, text_of};

pub(super) fn boolean(e: &mut Evaluator, a: &[Expr], f: Focus) -> Result<Value, Error> {
    Ok(Value::Bool(e.truth(&a[0], f)?))
}

pub(super) fn not(e: &mut Evaluator, a: &[Expr], f: Focus) -> Result<Value, Error> {
    Ok(Value::Bool(!e.truth(&a[0], f)?))
}

/// True for `true`, in any case, and `1`.
pub(super) fn boolean_from_string(e: &mut Evaluator, a: &[Expr], f: Focus) -> Result<Value, Error> {
    let text = e.text(&a[0], f)?;
    Ok(Value::Bool(text == "1" || text.eq_ignore_ascii_case("true")))
}

/// `if(condition, then, else)`: the other branch is left alone.
pub(super) fn choose(e: &mut Evaluator, a: &[Expr], f: Focus) -> Result<Value, Error> {
    let branch = if e.truth(&a[0], f)? { 1 } else { 2 };
    e.value(&a[branch], f)
}

/// The first argument that is neither blank nor NaN; else the last.
pub(super) fn coalesce(e: &mut Evaluator, a: &[Expr], f: Focus) -> Result<Value, Error> {
    let mut last = Value::Text(String::new());
    for expr in a {
        last = e.value(expr, f)?;
        let blank = match &last {
            Value::Number(number) => number.is_nan(),
            Value::Bool(_) => false,
            other => other.to_text(e.context).is_empty(),
        };
        if !blank {
            break;
        }
    }
    Ok(last)
}

/// What the question holds already, or the argument if it is blank.
pub(super) fn once(e: &mut Evaluator, a: &[Expr], f: Focus) -> Result<Value, Error> {
    // What is not asked counts as blank elsewhere, but must not lose its first value.
    let held = e.context.tree(e.current.instance).map(|tree| kept_text(tree, e.current)).unwrap_or_default();
    if held.is_empty() { e.value(&a[0], f) } else { Ok(Value::Text(held)) }
}

/// Whether so many answers hold; a bound of -1 is none.
pub(super) fn checklist(e: &mut Evaluator, a: &[Expr], f: Focus) -> Result<Value, Error> {
    let (least, most) = (e.number(&a[0], f)?, e.number(&a[1], f)?);
    let mut count = 0.0;
    for expr in &a[2..] {
        for holds in holding(e, expr, f)? {
            count += f64::from(u8::from(holds));
        }
    }
    Ok(Value::Bool(within(count, least, most)))
}

/// The same with a weight for each answer. Nodes stand for as many answers, if as many weights belong to them.
pub(super) fn weighted_checklist(e: &mut Evaluator, a: &[Expr], f: Focus) -> Result<Value, Error> {
    let (least, most) = (e.number(&a[0], f)?, e.number(&a[1], f)?);
    let mut total = 0.0;
    for pair in a[2..].chunks_exact(2) {
        let holds = holding(e, &pair[0], f)?;
        let weights: Vec<f64> = match e.value(&pair[1], f)? {
            Value::Nodes(nodes) => nodes.into_iter().map(|node| Value::Nodes(vec![node]).to_number(e.context)).collect(),
            other => vec![other.to_number(e.context)],
        };
        if holds.len() != weights.len() {
            return Err(Error::Unusable { function: "weighted-checklist", reason: "there must be one weight for each answer" });
        }
        total += holds.iter().zip(weights).filter(|(holds, _)| **holds).map(|(_, weight)| weight).sum::<f64>();
    }
    Ok(Value::Bool(within(total, least, most)))
}

/// Which answers count as yes: true, a number other than 0, a text that is not blank and no 0.
fn holding(e: &mut Evaluator, expr: &Expr, f: Focus) -> Result<Vec<bool>, Error> {
    let value = e.value(expr, f)?;
    let yes = |value: &Value| match value {
        Value::Text(text) => !text.is_empty() && value.to_number(e.context) != 0.0,
        other => other.to_bool(),
    };
    Ok(match value {
        Value::Nodes(nodes) => nodes.into_iter().map(|node| yes(&Value::Text(text_of(e.context, node)))).collect(),
        other => vec![yes(&other)],
    })
}

fn within(value: f64, least: f64, most: f64) -> bool {
    (least == -1.0 || value >= least) && (most == -1.0 || value <= most)
}
