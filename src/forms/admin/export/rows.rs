//! A filled copy as rows: one of the copies' table, and one for each round of each repeat.
use std::collections::HashMap;

use xforms::form::{ItemSet, ItemSource, QuestionKind};
use xforms::instance::{Instance, NodeId};
use xforms::session::Plan;

use super::cell::Cell;
use super::columns::{Column, Table, language};
use super::wanted::Wanted;
use crate::forms::admin::say::Sayer;
use crate::forms::fill::typed;
use crate::platform::lang::Lang;
use crate::platform::text::text;

/// Labels of choices in one edition: by the path of the question, then by value.
pub type Labels = HashMap<String, HashMap<String, String>>;

/// A row and the table that it belongs to.
pub type Row = (usize, Vec<Cell>);

/// What each choice of an edition is called, in its own lists and in those beside it; that something was read, in the reader's language.
pub fn labels(plan: &Plan, wanted: &Wanted, reader: Lang) -> Labels {
    if !wanted.labels {
        return Labels::new();
    }
    let form = plan.form();
    let sayer = Sayer::new(form, Lang::En, language(form, wanted));
    let mut labels = Labels::new();
    form.walk(&mut |node| {
        if node.question().is_some_and(|question| question.kind == QuestionKind::Acknowledge) {
            labels.insert(node.path.clone(), HashMap::from([("OK".to_owned(), text(reader, "fill-acknowledged"))]));
        }
        let Some(items) = node.question().and_then(|question| question.items.as_ref()) else { return };
        let called: Vec<(String, String)> = match &items.source {
            ItemSource::List(name) => {
                let choices = form.list(name).map_or(&[][..], |list| &list.choices);
                choices.iter().map(|choice| (choice.value.clone(), sayer.words(&choice.label))).collect()
            }
            ItemSource::Instance(id) => plan.list(id).map(|list| beside(list, items)).unwrap_or_default(),
            ItemSource::Nodes(_) => return,
        };
        labels.insert(node.path.clone(), called.into_iter().filter(|(_, label)| !label.is_empty()).collect());
    });
    labels
}

// Values and labels of a list beside the form, which has one language.
fn beside(list: &Instance, items: &ItemSet) -> Vec<(String, String)> {
    let text = |item: NodeId, name: &str| list.child(item, name).map(|at| list.text(at).to_owned()).unwrap_or_default();
    list.children(list.root()).iter().map(|item| (text(*item, &items.value), text(*item, &items.label))).collect()
}

/// How the rows of a copy are made.
pub struct Cutting<'a> {
    /// The tables of the file.
    pub tables: &'a [Table],
    /// What the choices of the copy's edition are called.
    pub labels: &'a Labels,
    /// Places on the map go along, and answers that tell who somebody is, where the file has such columns.
    pub places: bool,
}

impl Cutting<'_> {
    /// The rows of a copy: `leading` stands before its answers, its first cell being the key that rounds refer to.
    pub fn rows(&self, tree: &Instance, key: &str, leading: Vec<Cell>) -> Vec<Row> {
        let mut rows = Vec::new();
        self.table(0, tree, (tree.root(), key), leading, &mut rows);
        rows
    }

    fn table(&self, at: usize, tree: &Instance, (element, key): (NodeId, &str), leading: Vec<Cell>, rows: &mut Vec<Row>) {
        let table = &self.tables[at];
        let answers = table.columns.iter().map(|column| self.cell(column, tree, element));
        rows.push((at, leading.into_iter().chain(answers).collect()));
        for (child, inner) in self.tables.iter().enumerate().filter(|(_, one)| one.parent == Some(at)) {
            for (number, round) in rounds(tree, element, table, inner).into_iter().enumerate() {
                let name = inner.path.rsplit('/').next().unwrap_or_default();
                let own = format!("{key}/{name}[{}]", number + 1);
                let leading = vec![Cell::text(own.clone()), Cell::text(key)];
                self.table(child, tree, (round, &own), leading, rows);
            }
        }
    }

    fn cell(&self, column: &Column, tree: &Instance, element: NodeId) -> Cell {
        if (column.is_place || column.is_telling) && !self.places {
            return Cell::Blank;
        }
        let found = column.steps.iter().try_fold(element, |id, step| tree.child(id, step));
        let value = found.map(|id| tree.text(id)).unwrap_or_default();
        match self.labels.get(&column.path) {
            Some(labels) if column.several => {
                let parts = value.split(' ').filter(|part| !part.is_empty());
                Cell::text(parts.map(|part| labels.get(part).map_or(part, String::as_str)).collect::<Vec<_>>().join("; "))
            }
            Some(labels) => Cell::text(labels.get(value).map_or(value, String::as_str)),
            None if column.is_time => Cell::text(typed::clock(value)),
            None => Cell::of(value, column.holds),
        }
    }
}

// The rounds of a repeat below an element of the table around it; groups may stand between.
fn rounds(tree: &Instance, element: NodeId, around: &Table, repeat: &Table) -> Vec<NodeId> {
    let base = if around.path.is_empty() { tree.path(tree.root()) } else { around.path.clone() };
    let below = repeat.path.strip_prefix(&base).unwrap_or(&repeat.path).trim_start_matches('/');
    let mut steps: Vec<&str> = below.split('/').collect();
    let Some(name) = steps.pop() else { return Vec::new() };
    let holder = steps.iter().try_fold(element, |id, step| tree.child(id, step));
    holder.map(|id| tree.named(id, name).collect()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::super::columns::{tables, tests::SURVEY, tests::wanted};
    use super::*;
    use crate::forms::admin::say::tests::form;

    fn cut(labelled: bool, places: bool) -> Vec<Row> {
        let form = form(SURVEY);
        let wanted = wanted(labelled, true);
        let tables = tables(&[&form], &wanted, Lang::En);
        let root = &form.template.get(form.template.root()).name;
        let xml = format!(
            "<{root}><head_name>Dana</head_name><home><rooms>3</rooms><spot>31.9 35.9 0 0</spot></home>\
             <member><age>7</age><needs>food rent</needs><paper><kind>pass</kind></paper></member><member><age>8</age><needs>other</needs></member></{root}>"
        );
        let plan = Plan::new(form.clone(), &|_: &str| None).expect("it can be filled in");
        let labels = labels(&plan, &wanted, Lang::En);
        let tree = Instance::read(&xml).expect("it is XML");
        Cutting { tables: &tables, labels: &labels, places }.rows(&tree, "uuid:1", vec![Cell::text("uuid:1")])
    }

    fn said(words: &str) -> Cell {
        Cell::text(words)
    }

    #[test]
    fn a_copy_becomes_a_row_and_each_round_one_that_names_what_it_hangs_on() {
        let expected = vec![
            (0, vec![said("uuid:1"), said("Dana"), Cell::Whole(3), said("31.9 35.9 0 0")]),
            (1, vec![said("uuid:1/member[1]"), said("uuid:1"), Cell::Whole(7), said("food rent")]),
            (2, vec![said("uuid:1/member[1]/paper[1]"), said("uuid:1/member[1]"), said("pass")]),
            (1, vec![said("uuid:1/member[2]"), said("uuid:1"), Cell::Whole(8), said("other")]),
        ];
        assert_eq!(cut(false, true), expected);
    }

    #[test]
    fn a_time_of_day_is_what_the_clock_showed_where_it_was_typed() {
        let form = form(
            "
        | survey |      |      |       |
        |        | type | name | label |
        |        | time | woke | When? |
    ",
        );
        let tables = tables(&[&form], &wanted(false, true), Lang::En);
        let root = &form.template.get(form.template.root()).name;
        for (sent, expected) in [("10:30:00.000+03:00", "10:30"), ("10:30:00.000-06:00", "10:30"), ("10:30:15.000", "10:30:15")] {
            let tree = Instance::read(&format!("<{root}><woke>{sent}</woke></{root}>")).expect("it is XML");
            let rows = Cutting { tables: &tables, labels: &Labels::new(), places: true }.rows(&tree, "uuid:1", Vec::new());
            assert_eq!(rows[0].1, [said(expected)]);
        }
    }

    #[test]
    fn labels_stand_for_codes_where_there_are_some_and_places_stay_behind() {
        let rows = cut(true, false);
        assert_eq!((&rows[0].1[1], &rows[0].1[3]), (&Cell::Blank, &Cell::Blank));
        assert_eq!((&rows[1].1[3], &rows[3].1[3]), (&said("Food; Rent"), &said("other")));
    }
}
