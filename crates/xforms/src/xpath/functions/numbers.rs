//! Numbers: conversion, rounding, sums.
use crate::xpath::ast::Expr;
use crate::xpath::error::Error;
use crate::xpath::eval::{Evaluator, Focus};
use crate::xpath::number as numbers;
use crate::xpath::value::{Value, with_text};

/// A function of one number.
pub(super) fn one(e: &mut Evaluator, a: &[Expr], f: Focus, compute: fn(f64) -> f64) -> Result<Value, Error> {
    Ok(Value::Number(compute(e.number(&a[0], f)?)))
}

/// A function of two numbers.
pub(super) fn two(e: &mut Evaluator, a: &[Expr], f: Focus, compute: fn(f64, f64) -> f64) -> Result<Value, Error> {
    Ok(Value::Number(compute(e.number(&a[0], f)?, e.number(&a[1], f)?)))
}

pub(super) fn number(e: &mut Evaluator, a: &[Expr], f: Focus) -> Result<Value, Error> {
    let value = match a.first() {
        Some(expr) => e.value(expr, f)?,
        None => Value::Nodes(vec![f.node]),
    };
    Ok(Value::Number(value.to_number(e.context)))
}

/// Towards zero.
pub(super) fn int(e: &mut Evaluator, a: &[Expr], f: Focus) -> Result<Value, Error> {
    one(e, a, f, numbers::whole)
}

pub(super) fn round(e: &mut Evaluator, a: &[Expr], f: Focus) -> Result<Value, Error> {
    let value = e.number(&a[0], f)?;
    Ok(Value::Number(match a.get(1) {
        Some(places) => numbers::round_to(value, e.number(places, f)?),
        None => numbers::round(value),
    }))
}

/// Blank answers are passed over, as Collect does; a text that is no number makes the sum NaN, as XPath says. Of nothing it is 0.
pub(super) fn sum(e: &mut Evaluator, a: &[Expr], f: Focus) -> Result<Value, Error> {
    let nodes = e.nodes(&a[0], f)?;
    let values = answered(e, Value::Nodes(nodes))?;
    Ok(Value::Number(values.into_iter().sum::<f64>() + 0.0))
}

pub(super) fn max(e: &mut Evaluator, a: &[Expr], f: Focus) -> Result<Value, Error> {
    extreme(e, a, f, |best, value| value > best)
}

pub(super) fn min(e: &mut Evaluator, a: &[Expr], f: Focus) -> Result<Value, Error> {
    extreme(e, a, f, |best, value| value < best)
}

/// Of nothing, or with a text that is no number, it is NaN.
fn extreme(e: &mut Evaluator, a: &[Expr], f: Focus, beats: fn(f64, f64) -> bool) -> Result<Value, Error> {
    let mut best: Option<f64> = None;
    for expr in a {
        let value = e.value(expr, f)?;
        for value in answered(e, value)? {
            best = Some(match best {
                Some(best) if best.is_nan() || !(beats(best, value) || value.is_nan()) => best,
                _ => value,
            });
        }
    }
    Ok(Value::Number(best.unwrap_or(f64::NAN)))
}

/// The numbers of a value, blank texts left out.
fn answered(e: &mut Evaluator, value: Value) -> Result<Vec<f64>, Error> {
    let offset = e.context.now().offset;
    let read = |text: &str| (!text.is_empty()).then(|| numbers::from_text(text, offset));
    Ok(match value {
        Value::Nodes(nodes) => {
            e.spend(nodes.len())?;
            nodes.into_iter().filter_map(|node| with_text(e.context, node, read)).collect()
        }
        Value::Text(text) => read(&text).into_iter().collect(),
        other => vec![other.to_number(e.context)],
    })
}
