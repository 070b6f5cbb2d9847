//! What a second edition changes: for people who read it, and for the answers that were given before.
//!
//! Questions are the same if their paths are; a name that left one place and came to another was moved. Pure: no database, no words of ours
//! but codes.
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use xforms::form::{ChoiceList, Expression, Form, Kind, Node, Text};
use xforms::xpath;

use super::outline::kind_code;

/// What happened to a question, group or repeat, or to a list.
#[derive(Debug, Clone, PartialEq)]
pub enum Change<'f> {
    /// It is asked now.
    Added(&'f Node),
    /// It is asked no longer.
    Removed(&'f Node),
    /// It stands elsewhere: in another group, or in another order within its own.
    Moved { old: &'f Node, new: &'f Node },
    /// A text says something else: which, in which language, what before and what now.
    Reworded { node: &'f Node, part: &'static str, language: String, old: String, new: String },
    /// It is another kind of question, which codes of `form-kind` name.
    Retyped { old: &'f Node, new: &'f Node },
    /// A rule is another: which, and both.
    Ruled { old: &'f Node, new: &'f Node, rule: &'static str, before: Option<&'f Expression>, now: Option<&'f Expression> },
    /// The choices of a list changed.
    Choices { list: String, added: Vec<String>, removed: Vec<String>, reworded: Vec<(String, String)> },
    /// A language came.
    LanguageAdded(String),
    /// A language went.
    LanguageRemoved(String),
    /// The form has another name.
    Titled { old: String, new: String },
}

/// What becomes of answers that were given to the earlier edition.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Consequence {
    /// They stay, and the question goes on.
    Kept,
    /// Nothing was answered before.
    New,
    /// They stay with the copies that gave them; nobody is asked any more.
    NoLongerAsked,
    /// They stay with those copies; in exports they stand in a column of their own, since the place is another.
    Apart,
    /// They stay as they are, and may not fit the new kind.
    MayNotFit,
    /// They stay; the choice can't be made any more.
    ChoiceGone,
}

impl Change<'_> {
    /// What it means for answers.
    pub fn consequence(&self) -> Consequence {
        match self {
            Self::Added(_) => Consequence::New,
            Self::Removed(_) => Consequence::NoLongerAsked,
            Self::Moved { old, new } if old.path != new.path => Consequence::Apart,
            Self::Retyped { .. } => Consequence::MayNotFit,
            Self::Choices { removed, .. } if !removed.is_empty() => Consequence::ChoiceGone,
            _ => Consequence::Kept,
        }
    }
}

/// Everything that differs, in the order of the later edition.
pub fn between<'f>(old: &'f Form, new: &'f Form) -> Vec<Change<'f>> {
    let mut changes = Vec::new();
    if old.title != new.title {
        changes.push(Change::Titled { old: old.title.clone(), new: new.title.clone() });
    }
    languages(old, new, &mut changes);
    let (before, now) = (nodes(old), nodes(new));
    let twins = twins(&before, &now);
    let taken: HashSet<&str> = twins.values().map(|node| node.path.as_str()).collect();
    let known: HashMap<&str, &'f Node> = before.iter().map(|node| (node.path.as_str(), *node)).collect();
    let moved = elsewhere(&before, &now);
    let came: HashMap<&str, &'f Node> = moved.iter().map(|(earlier, later)| (later.path.as_str(), *earlier)).collect();
    let shuffled = out_of_order(old, new);
    let mut met = HashSet::new();
    for node in &now {
        let path = node.path.as_str();
        let same = || known.get(path).or_else(|| came.get(path)).filter(|node| !taken.contains(node.path.as_str()));
        let Some(earlier) = twins.get(path).or_else(same).copied() else {
            changes.push(Change::Added(node));
            continue;
        };
        met.insert(earlier.path.as_str());
        if !node.is_called_by_row() && (earlier.path != node.path || shuffled.contains(path)) {
            changes.push(Change::Moved { old: earlier, new: node });
        }
        compare((old, new), earlier, node, &mut changes);
    }
    changes.extend(before.into_iter().filter(|node| !met.contains(node.path.as_str())).map(Change::Removed));
    lists(old, new, &mut changes);
    changes
}

// What was called by its row is the same where it stands in the same group and says the same: rows shift. By the path of the later one.
fn twins<'f>(before: &[&'f Node], now: &[&'f Node]) -> HashMap<&'f str, &'f Node> {
    let mut waiting: HashMap<(&str, Vec<String>), Vec<&'f Node>> = HashMap::new();
    for node in before.iter().copied().rev().filter(|node| node.is_called_by_row()) {
        waiting.entry(saying(node)).or_default().push(node);
    }
    let mut twins = HashMap::new();
    for node in now.iter().copied().filter(|node| node.is_called_by_row()) {
        if let Some(twin) = waiting.get_mut(&saying(node)).and_then(Vec::pop) {
            twins.insert(node.path.as_str(), twin);
        }
    }
    twins
}

// The group around it, and its label in each language.
fn saying(node: &Node) -> (&str, Vec<String>) {
    let around = node.path.rsplit_once('/').map_or("", |(around, _)| around);
    (around, node.label.wordings.iter().map(|wording| wording.outline()).collect())
}

// Everything but what a client keeps for itself and what nobody wrote; a group that stands in several places counts once.
fn nodes(form: &Form) -> Vec<&Node> {
    let mut seen = HashSet::new();
    let mut all = Vec::new();
    let meta = format!("/{}/meta", form.template.get(form.template.root()).name);
    form.walk(&mut |node| {
        if !node.path.starts_with(&meta) && !node.is_made_head() && seen.insert(node.path.as_str()) {
            all.push(node);
        }
    });
    all
}

fn languages(old: &Form, new: &Form, changes: &mut Vec<Change<'_>>) {
    let names = |form: &Form| form.languages.iter().map(|language| language.name.clone()).collect::<BTreeSet<_>>();
    let (before, now) = (names(old), names(new));
    changes.extend(now.difference(&before).filter(|name| *name != "default").cloned().map(Change::LanguageAdded));
    changes.extend(before.difference(&now).filter(|name| *name != "default").cloned().map(Change::LanguageRemoved));
}

// A question that left one place and came to another under the same name, which no other question has.
fn elsewhere<'f>(before: &[&'f Node], now: &[&'f Node]) -> Vec<(&'f Node, &'f Node)> {
    let paths = |nodes: &[&'f Node]| nodes.iter().map(|node| node.path.as_str()).collect::<HashSet<_>>();
    let (old_paths, new_paths) = (paths(before), paths(now));
    let mut came: HashMap<&str, Vec<&'f Node>> = HashMap::new();
    for node in now.iter().filter(|node| !old_paths.contains(node.path.as_str())) {
        came.entry(node.name.as_str()).or_default().push(node);
    }
    let left: Vec<&'f Node> = before.iter().copied().filter(|node| !new_paths.contains(node.path.as_str())).collect();
    let alone = |name: &str| left.iter().filter(|node| node.name == name).count() == 1;
    let pairs =
        left.iter().filter(|node| alone(&node.name)).filter_map(|node| match came.get(node.name.as_str()).map(Vec::as_slice) {
            Some([only]) => Some((*node, *only)),
            _ => None,
        });
    pairs.collect()
}

// Paths of what changed its place among its neighbours: all that is not part of the longest run in the old order.
fn out_of_order<'f>(old: &Form, new: &'f Form) -> HashSet<&'f str> {
    let place: HashMap<&str, usize> = nodes(old).into_iter().enumerate().map(|(at, node)| (node.path.as_str(), at)).collect();
    let mut moved = HashSet::new();
    let mut among = |siblings: &'f [Node]| {
        let named = siblings.iter().filter(|node| !node.is_called_by_row());
        let known: Vec<(&'f str, usize)> =
            named.filter_map(|node| Some((node.path.as_str(), *place.get(node.path.as_str())?))).collect();
        let kept = rising(&known.iter().map(|(_, at)| *at).collect::<Vec<_>>());
        moved.extend(known.iter().enumerate().filter(|(at, _)| !kept.contains(at)).map(|(_, (path, _))| *path));
    };
    among(&new.body);
    new.walk(&mut |node| among(node.children()));
    moved
}

// The places of a longest rising run, by patience: each pile's top knows what lies below it.
fn rising(values: &[usize]) -> BTreeSet<usize> {
    let mut tops: Vec<usize> = Vec::new();
    let mut below: Vec<Option<usize>> = vec![None; values.len()];
    for (at, value) in values.iter().enumerate() {
        let pile = tops.partition_point(|top| values[*top] < *value);
        below[at] = pile.checked_sub(1).map(|pile| tops[pile]);
        if pile == tops.len() { tops.push(at) } else { tops[pile] = at }
    }
    std::iter::successors(tops.last().copied(), |at| below[*at]).collect()
}

fn compare<'f>((old, new): (&Form, &Form), before: &'f Node, now: &'f Node, changes: &mut Vec<Change<'f>>) {
    if kind_code(before) != kind_code(now) {
        changes.push(Change::Retyped { old: before, new: now });
    }
    let texts: [(&'static str, &Text, &Text); 4] = [
        ("label", &before.label, &now.label),
        ("hint", &before.hint, &now.hint),
        ("message", &before.bind.constraint_message, &now.bind.constraint_message),
        ("required", &before.bind.required_message, &now.bind.required_message),
    ];
    for (part, one, other) in texts {
        for (at, language) in new.languages.iter().enumerate() {
            let was =
                old.languages.iter().position(|known| known.name == language.name).map(|at| words(one, at)).unwrap_or_default();
            let is = words(other, at);
            // A language that came as a whole is told once, not for each text.
            let known = old.languages.iter().any(|known| known.name == language.name);
            if known && was != is {
                changes.push(Change::Reworded { node: now, part, language: language.name.clone(), old: was, new: is });
            }
        }
    }
    let counts = |node: &'f Node| match &node.kind {
        Kind::Repeat(repeat) => repeat.count.as_ref(),
        _ => None,
    };
    let filter =
        |node: &'f Node| node.question().and_then(|question| question.items.as_ref()).and_then(|items| items.filter.as_ref());
    let rules: [(&'static str, Option<&'f Expression>, Option<&'f Expression>); 7] = [
        ("relevant", before.bind.relevant.as_ref(), now.bind.relevant.as_ref()),
        ("constraint", before.bind.constraint.as_ref(), now.bind.constraint.as_ref()),
        ("required", before.bind.required.as_ref(), now.bind.required.as_ref()),
        ("readonly", before.bind.readonly.as_ref(), now.bind.readonly.as_ref()),
        ("calculate", before.bind.calculate.as_ref(), now.bind.calculate.as_ref()),
        ("count", counts(before), counts(now)),
        ("filter", filter(before), filter(now)),
    ];
    for (rule, one, other) in rules {
        if one.map(|rule| bare(&rule.text)) != other.map(|rule| bare(&rule.text)) {
            changes.push(Change::Ruled { old: before, new: now, rule, before: one, now: other });
        }
    }
}

fn words(text: &Text, language: usize) -> String {
    text.in_language(language).map(|wording| wording.outline().trim().to_owned()).unwrap_or_default()
}

// Spaces and needless brackets mean nothing to a rule.
fn bare(text: &str) -> String {
    xpath::parse(text).map_or_else(|_| text.to_owned(), |expr| expr.to_string())
}

fn lists(old: &Form, new: &Form, changes: &mut Vec<Change<'_>>) {
    for list in &new.lists {
        let Some(earlier) = old.lists.iter().find(|known| known.name == list.name) else { continue };
        let (before, now) = (labels(old, earlier), labels(new, list));
        let called = |(value, label): (&String, &String)| if label.is_empty() { value.clone() } else { label.clone() };
        let added: Vec<String> = now.iter().filter(|(value, _)| !before.contains_key(*value)).map(called).collect();
        let removed: Vec<String> = before.iter().filter(|(value, _)| !now.contains_key(*value)).map(called).collect();
        let reworded: Vec<(String, String)> = now
            .iter()
            .filter_map(|(value, label)| {
                before.get(value).filter(|earlier| *earlier != label).map(|earlier| (earlier.clone(), label.clone()))
            })
            .collect();
        if !(added.is_empty() && removed.is_empty() && reworded.is_empty()) {
            changes.push(Change::Choices { list: list.name.clone(), added, removed, reworded });
        }
    }
}

fn labels(form: &Form, list: &ChoiceList) -> BTreeMap<String, String> {
    list.choices.iter().map(|choice| (choice.value.clone(), words(&choice.label, form.default_language))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::forms::admin::say::tests::form;

    const BEFORE: &str = "
        | survey   |                  |       |              |                |
        |          | type             | name  | label        | relevant       |
        |          | select_one yesno | water | Water?       |                |
        |          | integer          | walk  | Minutes      | ${water}='no'  |
        |          | text             | note  | A note       |                |
        |          | text             | gone  | Gone         |                |
        |          | integer          | size  | Members      |                |
        | choices  |                  |       |              |                |
        |          | list_name        | name  | label        |                |
        |          | yesno            | yes   | Yes          |                |
        |          | yesno            | no    | No           |                |
        |          | yesno            | dont  | Don't know   |                |
    ";
    const AFTER: &str = "
        | survey   |                  |       |              |                |
        |          | type             | name  | label        | relevant       |
        |          | integer          | size  | Members      |                |
        |          | select_one yesno | water | Clean water? |                |
        |          | begin_group      | far   | Far          |                |
        |          | decimal          | walk  | Minutes      | ${water} = 'no' |
        |          | end_group        |       |              |                |
        |          | text             | note  | A note       | ${size} > 2    |
        |          | text             | fresh | New          |                |
        | choices  |                  |       |              |                |
        |          | list_name        | name  | label        |                |
        |          | yesno            | yes   | Yes, always  |                |
        |          | yesno            | no    | No           |                |
    ";

    #[test]
    fn each_kind_of_change_is_found_and_says_what_becomes_of_answers() {
        let (before, after) = (form(BEFORE), form(AFTER));
        let told: Vec<(String, Consequence)> = between(&before, &after)
            .iter()
            .map(|change| {
                let what = match change {
                    Change::Added(node) => format!("added {}", node.name),
                    Change::Removed(node) => format!("removed {}", node.name),
                    Change::Moved { new, .. } => format!("moved {}", new.name),
                    Change::Reworded { node, part, old, new, .. } => format!("{part} of {}: {old} > {new}", node.name),
                    Change::Retyped { new, .. } => format!("kind of {}", new.name),
                    Change::Ruled { new, rule, .. } => format!("{rule} of {}", new.name),
                    Change::Choices { removed, reworded, .. } => format!("choices {removed:?} {reworded:?}"),
                    other => format!("{other:?}"),
                };
                (what, change.consequence())
            })
            .collect();
        let expected = [
            ("moved size", Consequence::Kept),
            ("label of water: Water? > Clean water?", Consequence::Kept),
            ("added far", Consequence::New),
            ("moved walk", Consequence::Apart),
            ("kind of walk", Consequence::MayNotFit),
            ("relevant of note", Consequence::Kept),
            ("added fresh", Consequence::New),
            ("removed gone", Consequence::NoLongerAsked),
            ("choices [\"Don't know\"] [(\"Yes\", \"Yes, always\")]", Consequence::ChoiceGone),
        ];
        let told: Vec<(&str, Consequence)> = told.iter().map(|(what, then)| (what.as_str(), *then)).collect();
        assert_eq!(told, expected);
        assert!(between(&after, &after).is_empty());
    }

    #[test]
    fn rows_that_shift_change_nothing_of_what_nobody_named() {
        let table = "
            | survey  |                  |      |         |            |
            |         | type             | name | label   | appearance |
            |         | begin_group      | grid | How is? | table-list |
            |         | select_one of    | roof | Roof    |            |
            |         | select_one of    | wall | Walls   |            |
            |         | end_group        |      |         |            |
            |         | note             |      | Thanks  |            |
            | choices |                  |      |         |            |
            |         | list_name        | name | label   |            |
            |         | of               | good | Good    |            |
        ";
        let before = form(table);
        let after = form(&table.replacen(
            "            |         | begin_group",
            "            |         | text             | who  | Who?    |            |\n            |         | begin_group",
            1,
        ));
        let changes = between(&before, &after);
        assert!(matches!(changes.as_slice(), [Change::Added(node)] if node.name == "who"), "{changes:?}");
    }

    #[test]
    fn the_longest_run_in_the_old_order_stays_and_the_rest_moved() {
        assert_eq!(rising(&[3, 0, 1, 2]).into_iter().collect::<Vec<_>>(), [1, 2, 3]);
        assert!(rising(&[]).is_empty());
    }
}
