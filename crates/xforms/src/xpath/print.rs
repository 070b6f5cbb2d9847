//! An expression back into source text that reads as the same expression.
use std::fmt;

use super::ast::{Axis, Expr, Path, Start, Step, Test};
use super::number;

impl fmt::Display for Expr {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(value) => out.write_str(&number::to_text(*value)),
            Self::Text(text) => quoted(text, out),
            Self::Chain { first, rest } => {
                let level = rest.first().map_or(0, |(operator, _)| operator.level());
                operand(first, level, out)?;
                for (operator, expr) in rest {
                    write!(out, " {} ", operator.sign())?;
                    // An operator of the same level on the right was in brackets, or it would lie in this chain.
                    operand(expr, level, out)?;
                }
                Ok(())
            }
            Self::Negate { times, of } => {
                (0..*times).try_for_each(|_| out.write_str("-"))?;
                if needs_brackets(of) { write!(out, "({of})") } else { write!(out, "{of}") }
            }
            Self::Union(parts) => {
                for (place, part) in parts.iter().enumerate() {
                    out.write_str(if place == 0 { "" } else { " | " })?;
                    let bracketed = needs_brackets(part) || matches!(part, Self::Union(_));
                    if bracketed { write!(out, "({part})")? } else { write!(out, "{part}")? }
                }
                Ok(())
            }
            Self::Path(path) => path.fmt(out),
            Self::Call { function, arguments } => {
                write!(out, "{}(", function.name())?;
                for (place, argument) in arguments.iter().enumerate() {
                    out.write_str(if place == 0 { "" } else { ", " })?;
                    argument.fmt(out)?;
                }
                out.write_str(")")
            }
        }
    }
}

fn operand(expr: &Expr, level: u8, out: &mut fmt::Formatter<'_>) -> fmt::Result {
    match expr {
        Expr::Chain { rest, .. } if rest.iter().any(|(operator, _)| operator.level() <= level) => write!(out, "({expr})"),
        // After a bare / a name or a * would be read as a step.
        _ if is_bare_root(expr) => write!(out, "({expr})"),
        _ => write!(out, "{expr}"),
    }
}

/// Whether it must stand in brackets after a minus sign or beside a `|`.
fn needs_brackets(expr: &Expr) -> bool {
    matches!(expr, Expr::Chain { .. } | Expr::Negate { .. }) || is_bare_root(expr)
}

fn is_bare_root(expr: &Expr) -> bool {
    matches!(expr, Expr::Path(Path { start: Start::Root, steps }) if steps.is_empty())
}

/// A text without a double quotation mark stands in double ones, any other in single ones: a source can't write one that holds both.
fn quoted(text: &str, out: &mut fmt::Formatter<'_>) -> fmt::Result {
    if text.contains('\'') { write!(out, "\"{text}\"") } else { write!(out, "'{text}'") }
}

impl fmt::Display for Path {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut apart = false;
        match &self.start {
            Start::Root => out.write_str("/")?,
            Start::Here => {}
            Start::Filter { from, predicates } => {
                if matches!(**from, Expr::Call { .. } | Expr::Number(_) | Expr::Text(_)) {
                    write!(out, "{from}")?
                } else {
                    write!(out, "({from})")?
                }
                all_predicates(predicates, out)?;
                apart = true;
            }
        }
        for step in &self.steps {
            out.write_str(if apart { "/" } else { "" })?;
            step.fmt(out)?;
            apart = true;
        }
        Ok(())
    }
}

impl fmt::Display for Step {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.axis, &self.test) {
            (Axis::Itself, Test::Node) if self.predicates.is_empty() => return out.write_str("."),
            (Axis::Parent, Test::Node) if self.predicates.is_empty() => return out.write_str(".."),
            (Axis::Child, _) => {}
            (Axis::Attribute, _) => out.write_str("@")?,
            (axis, _) => write!(out, "{}::", axis.name())?,
        }
        match &self.test {
            Test::Any => out.write_str("*")?,
            Test::Prefix(prefix) => write!(out, "{prefix}:*")?,
            Test::Name(name) => out.write_str(name)?,
            Test::Node => out.write_str("node()")?,
            Test::Text => out.write_str("text()")?,
            Test::Comment => out.write_str("comment()")?,
            Test::Instruction(None) => out.write_str("processing-instruction()")?,
            Test::Instruction(Some(target)) => {
                out.write_str("processing-instruction(")?;
                quoted(target, out)?;
                out.write_str(")")?;
            }
        }
        all_predicates(&self.predicates, out)
    }
}

fn all_predicates(predicates: &[Expr], out: &mut fmt::Formatter<'_>) -> fmt::Result {
    predicates.iter().try_for_each(|predicate| write!(out, "[{predicate}]"))
}
