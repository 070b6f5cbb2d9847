//! An expression into a value.
use super::ast::{Expr, Operator};
use super::compare;
use super::context::{Context, Node};
use super::error::Error;
use super::value::Value;

/// How much one evaluation may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Nodes looked at and expressions worked out; some hundred million a second are possible on a server.
    pub steps: u64,
    /// Nodes in one set.
    pub nodes: usize,
    /// Bytes in one text.
    pub text: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { steps: 20_000_000, nodes: 500_000, text: 1 << 20 }
    }
}

/// Evaluates an expression at a node, within the usual limits. `current()` is that node.
pub fn evaluate(expr: &Expr, context: &dyn Context, at: Node) -> Result<Value, Error> {
    let mut limits = Limits::default();
    evaluate_within(expr, context, at, &mut limits)
}

/// Evaluates an expression at a node, and takes the steps it needed off the limits, so that several can share one.
pub fn evaluate_within(expr: &Expr, context: &dyn Context, at: Node, limits: &mut Limits) -> Result<Value, Error> {
    let mut evaluator = Evaluator { context, current: at, limits: *limits };
    let position = super::functions::nodes::place_among_namesakes(context, at);
    let value = evaluator.value(expr, Focus { node: at, position, size: position });
    limits.steps = evaluator.limits.steps;
    value
}

/// What an expression stands at: a node, and its place in the set it is in.
#[derive(Debug, Clone, Copy)]
pub(super) struct Focus {
    pub node: Node,
    pub position: usize,
    pub size: usize,
}

pub(super) struct Evaluator<'a> {
    pub context: &'a dyn Context,
    /// Where the whole expression stands.
    pub current: Node,
    pub limits: Limits,
}

impl Evaluator<'_> {
    /// Counts steps, and ends the evaluation when there are none left.
    pub fn spend(&mut self, steps: usize) -> Result<(), Error> {
        self.limits.steps = self.limits.steps.checked_sub(steps as u64).ok_or(Error::OutOfSteps)?;
        Ok(())
    }

    /// A text as a value, if it is not too long. Long ones cost steps.
    pub fn made(&mut self, text: String) -> Result<Value, Error> {
        if text.len() > self.limits.text {
            return Err(Error::TooMuchText);
        }
        self.spend(text.len() / 64)?;
        Ok(Value::Text(text))
    }

    pub fn value(&mut self, expr: &Expr, focus: Focus) -> Result<Value, Error> {
        self.spend(1)?;
        match expr {
            Expr::Number(value) => Ok(Value::Number(*value)),
            Expr::Text(text) => Ok(Value::Text(text.clone())),
            Expr::Chain { first, rest } => self.chain(first, rest, focus),
            Expr::Negate { times, of } => {
                let value = self.number(of, focus)?;
                Ok(Value::Number(if times % 2 == 1 { -value } else { value }))
            }
            Expr::Union(parts) => {
                let mut all = Vec::new();
                for part in parts {
                    all.extend(self.nodes(part, focus)?);
                }
                self.in_order(all).map(Value::Nodes)
            }
            Expr::Path(path) => self.path(path, focus),
            Expr::Call { function, arguments } => function.run(self, arguments, focus),
        }
    }

    pub fn nodes(&mut self, expr: &Expr, focus: Focus) -> Result<Vec<Node>, Error> {
        match self.value(expr, focus)? {
            Value::Nodes(nodes) => Ok(nodes),
            _ => Err(Error::NotNodes),
        }
    }

    pub fn number(&mut self, expr: &Expr, focus: Focus) -> Result<f64, Error> {
        Ok(self.value(expr, focus)?.to_number(self.context))
    }

    pub fn text(&mut self, expr: &Expr, focus: Focus) -> Result<String, Error> {
        let text = self.value(expr, focus)?.into_text(self.context);
        self.spend(text.len() / 64)?;
        Ok(text)
    }

    pub fn truth(&mut self, expr: &Expr, focus: Focus) -> Result<bool, Error> {
        Ok(self.value(expr, focus)?.to_bool())
    }

    fn chain(&mut self, first: &Expr, rest: &[(Operator, Expr)], focus: Focus) -> Result<Value, Error> {
        let mut left = self.value(first, focus)?;
        for (operator, expr) in rest {
            left = match operator {
                // The right side is left alone where the left one decides.
                Operator::Or => Value::Bool(left.to_bool() || self.truth(expr, focus)?),
                Operator::And => Value::Bool(left.to_bool() && self.truth(expr, focus)?),
                Operator::Plus | Operator::Minus | Operator::Times | Operator::Div | Operator::Mod => {
                    Value::Number(arithmetic(*operator, left.to_number(self.context), self.number(expr, focus)?))
                }
                _ => {
                    let right = self.value(expr, focus)?;
                    self.spend(size(&left) + size(&right))?;
                    Value::Bool(compare::holds(*operator, &left, &right, self.context))
                }
            };
        }
        Ok(left)
    }
}

fn size(value: &Value) -> usize {
    if let Value::Nodes(nodes) = value { nodes.len() } else { 0 }
}

fn arithmetic(operator: Operator, left: f64, right: f64) -> f64 {
    match operator {
        Operator::Plus => left + right,
        Operator::Minus => left - right,
        Operator::Times => left * right,
        Operator::Div => left / right,
        // The rest has the sign of the left side, as in XPath and unlike the remainder of IEEE 754.
        _ => libm::fmod(left, right),
    }
}
