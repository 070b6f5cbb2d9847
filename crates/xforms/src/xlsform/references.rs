//! `${name}` becomes a path: absolute, or relative where question and answer share a repeat.
use crate::form::{Expression, Place};

use super::draft::{Draft, Shape};
use crate::findings::{Findings, nearest};

/// A `${…}` in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Reference<'t> {
    pub start: usize,
    pub end: usize,
    pub name: &'t str,
    /// Whether the last saved instance is meant: `${last-saved#name}`.
    pub last_saved: bool,
}

/// Where an expression stands, and how references in it are read.
#[derive(Debug, Clone, Copy)]
pub(super) struct Context {
    /// The item that evaluates it; none where the form has no such item, as in the label of a choice.
    pub item: Option<usize>,
    /// Whether `.` is something else than that item, as in a filter, so that paths must begin at `current()`.
    pub filter: bool,
    /// Whether a path must leave the repeat and enter it again, to see all its rounds.
    pub rounds: bool,
}

impl Context {
    pub fn of(item: usize) -> Context {
        Context { item: Some(item), filter: false, rounds: false }
    }

    pub fn filter_of(item: usize) -> Context {
        Context { item: Some(item), filter: true, rounds: false }
    }

    pub fn none() -> Context {
        Context { item: None, filter: false, rounds: false }
    }
}

/// Turns references into paths.
pub(super) struct Resolver<'d> {
    pub draft: &'d Draft,
}

impl Resolver<'_> {
    /// An expression with its references resolved; what can't be is reported and left as it is.
    pub fn expression(&self, text: &str, context: Context, place: &Place, findings: &mut Findings) -> Expression {
        let mut out = String::with_capacity(text.len() + 16);
        let mut last = 0;
        for reference in scan(text, place, findings) {
            out.push_str(&text[last..reference.start]);
            last = reference.end;
            match self.path(text, &reference, context, place, findings) {
                Some(path) => {
                    if out.ends_with(is_name_character) {
                        out.push(' ');
                    }
                    out.push_str(&path);
                    if text[last..].starts_with(|next: char| is_name_character(next) || next == ':') {
                        out.push(' ');
                    }
                }
                None => out.push_str(&text[reference.start..reference.end]),
            }
        }
        out.push_str(&text[last..]);
        Expression { text: out.trim().to_owned(), place: place.clone() }
    }

    /// The only item of a name; else the mistake is reported.
    pub fn item(&self, name: &str, place: &Place, findings: &mut Findings) -> Option<usize> {
        match self.draft.named(name) {
            [one] => Some(*one),
            [] if findings.are_full() => None,
            [] => {
                let what = format!("There is no question, group or repeat named `{name}`.");
                let remedy = nearest(name, self.draft.names()).map_or_else(
                    || format!("Add a row named `{name}` to the survey, or correct the name in `${{{name}}}`."),
                    |close| format!("Perhaps `${{{close}}}` is meant."),
                );
                findings.mistake("unknown-reference", place.clone(), what, remedy);
                None
            }
            several => {
                let several = &several[..several.len().min(20)];
                let rows: Vec<String> = several.iter().map(|&id| self.draft.items[id].record.row.to_string()).collect();
                let what = format!(
                    "More than one row is named `{name}` (rows {}), so `${{{name}}}` could mean any of them.",
                    rows.join(", ")
                );
                findings.mistake(
                    "ambiguous-reference",
                    place.clone(),
                    what,
                    "Give each row that is referred to a name of its own.",
                );
                None
            }
        }
    }

    fn path(
        &self,
        text: &str,
        reference: &Reference<'_>,
        context: Context,
        place: &Place,
        findings: &mut Findings,
    ) -> Option<String> {
        let target = self.item(reference.name, place, findings)?;
        let absolute = self.draft.items[target].path.clone();
        if reference.last_saved {
            return Some(format!("instance('__last-saved'){absolute}"));
        }
        let Some(source) = context.item else { return Some(absolute) };
        if let Some(argument) = indexed_repeat_argument(text, reference.start)
            && matches!(argument, 0 | 1 | 3 | 5)
        {
            return Some(absolute);
        }
        let Some(relative) = self.relative(source, target, context.rounds) else { return Some(absolute) };
        let elsewhere = context.filter || in_predicate_of_instance(text, reference.start);
        Some(if elsewhere { format!("current()/{relative}") } else { relative })
    }

    // Nothing if the two share no repeat.
    fn relative(&self, source: usize, target: usize, rounds: bool) -> Option<String> {
        let up = self.draft.ancestors(source);
        let around = self.draft.ancestors(target);
        let is_repeat = |&id: &usize| self.draft.items[id].shape == Shape::Repeat;
        let shared = |id: &usize| around.contains(id);
        let repeat_at = up.iter().position(|id| is_repeat(id) && shared(id))?;
        let repeat = up[repeat_at];
        let innermost_of_target = around.iter().copied().find(is_repeat);
        let innermost_of_source = up.iter().copied().find(is_repeat);
        let outermost = self.draft.repeat_around(repeat).is_none();
        if rounds && innermost_of_target == Some(repeat) && (outermost || innermost_of_source != Some(repeat)) {
            return Some(self.steps(repeat_at + 2, target, self.draft.items[repeat].parent.unwrap_or_default()));
        }
        let common_at = up.iter().position(shared)?;
        Some(self.steps(common_at + 1, target, up[common_at]))
    }

    fn steps(&self, up: usize, target: usize, from: usize) -> String {
        let down = &self.draft.items[target].path[self.draft.items[from].path.len()..];
        format!("{}{down}", vec![".."; up].join("/"))
    }
}

/// The references of a text; what begins like one and is none is reported.
pub(super) fn scan<'t>(text: &'t str, place: &Place, findings: &mut Findings) -> Vec<Reference<'t>> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(start) = text[at..].find("${").map(|offset| at + offset) {
        let inside = start + 2;
        let Some(close) = text[inside..].find('}').map(|offset| inside + offset) else {
            broken(&text[start..], place, findings);
            break;
        };
        let name = &text[inside..close];
        let (last_saved, name) = name.strip_prefix("last-saved#").map_or((false, name), |name| (true, name));
        if crate::xml::is_name(name) && !name.contains(':') {
            found.push(Reference { start, end: close + 1, name, last_saved });
        } else {
            broken(&text[start..=close], place, findings);
        }
        at = close + 1;
    }
    found
}

fn broken(text: &str, place: &Place, findings: &mut Findings) {
    let shown: String = text.chars().take(40).collect();
    let remedy = "Write `${`, the name of a row of the survey without spaces, and `}`.";
    findings.mistake("broken-reference", place.clone(), format!("`{shown}` is no reference."), remedy);
}

/// The name, if a text is one reference and nothing else.
pub(super) fn only_reference(text: &str) -> Option<&str> {
    let name = text.trim().strip_prefix("${")?.strip_suffix('}')?;
    (crate::xml::is_name(name) && !name.contains(':')).then_some(name)
}

fn is_name_character(character: char) -> bool {
    character.is_alphanumeric() || matches!(character, '_' | '-' | '.')
}

// Which argument of the innermost `indexed-repeat(…)` a position is in; nothing if it is in none.
fn indexed_repeat_argument(text: &str, position: usize) -> Option<usize> {
    const CALL: &str = "indexed-repeat(";
    let start = text[..position].rfind(CALL)? + CALL.len();
    let (mut depth, mut argument) = (0_usize, 0);
    for character in text[start..position].chars() {
        match character {
            '(' => depth += 1,
            ')' => depth = depth.checked_sub(1)?,
            ',' if depth == 0 => argument += 1,
            _ => {}
        }
    }
    Some(argument)
}

// There `.` and relative paths begin at an item of the other instance.
fn in_predicate_of_instance(text: &str, position: usize) -> bool {
    let before = &text[..position];
    let open = before.matches('[').count() > before.matches(']').count();
    open && text.contains("instance(")
}

#[cfg(test)]
mod tests {
    use super::{Context, Resolver};
    use crate::findings::Findings;
    use crate::form::{Place, QuestionKind};
    use crate::xlsform::draft::{Asked, Draft, Shape};
    use crate::xlsform::sheet::Record;

    fn draft() -> Draft {
        let mut draft = Draft::new("data");
        let asked = || Shape::Question(Asked::new(QuestionKind::Integer));
        draft.add(0, "top", asked(), Record::default());
        let repeat = draft.add(0, "r", Shape::Repeat, Record::default());
        draft.add(repeat, "ra", asked(), Record::default());
        let group = draft.add(repeat, "g", Shape::Group, Record::default());
        draft.add(group, "gb", asked(), Record::default());
        let inner = draft.add(group, "rr", Shape::Repeat, Record::default());
        draft.add(inner, "rra", asked(), Record::default());
        draft
    }

    #[track_caller]
    fn resolves(text: &str, from: &str, to: &str) {
        let draft = draft();
        let mut findings = Findings::default();
        let item = draft.named(from)[0];
        let found = Resolver { draft: &draft }.expression(text, Context::of(item), &Place::default(), &mut findings);
        assert_eq!(found.text, to);
        assert!(!findings.have_mistakes());
    }

    #[test]
    fn references_are_relative_only_within_a_shared_repeat() {
        resolves("${top} > 1", "ra", "/data/top > 1");
        resolves("${ra} > 1", "gb", "../../ra > 1");
        resolves("${gb}", "g", "../g/gb");
        resolves("${ra} + ${rra}", "rra", "../../../ra + ../rra");
        resolves("sum(${ra})", "top", "sum(/data/r/ra)");
        resolves("${ra}", "r", "/data/r/ra");
        resolves("${ra}-${ra}div 2", "ra", "../ra - ../ra div 2");
        resolves("indexed-repeat(${ra}, ${r}, ${gb}) + ${ra}", "gb", "indexed-repeat(/data/r/ra, /data/r, ../gb) + ../../ra");
        resolves("instance('l')/root/item[k = ${ra}]/x", "ra", "instance('l')/root/item[k = current()/../ra]/x");
        resolves("${last-saved#ra}", "ra", "instance('__last-saved')/data/r/ra");
    }

    #[test]
    fn what_refers_to_nothing_is_reported() {
        let draft = draft();
        let mut findings = Findings::default();
        Resolver { draft: &draft }.expression("${toop} + ${a b} + ${x", Context::none(), &Place::default(), &mut findings);
        let codes: Vec<_> = findings.finish().iter().map(|problem| problem.code).collect();
        assert_eq!(codes, ["broken-reference", "broken-reference", "unknown-reference"]);
    }
}
