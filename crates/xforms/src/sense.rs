//! What can be read and still makes no sense to whoever fills it in: patterns that nothing fits, filters over columns that no list has,
//! defaults that are no answers, files that did not come along.
//!
//! For whoever takes a form in. A form that is published already is not asked any more.
use std::collections::HashSet;

use crate::findings::{Findings, nearest};
use crate::form::{Expression, Form, ItemSet, ItemSource, Node, Place, Question, QuestionKind, SecondarySource, Text};
use crate::instance::Instance;
use crate::problem::Problem;
use crate::session::{Files, fits};
use crate::xpath::{self, Axis, Expr, Start, Test};

/// Every such thing. `files` gives the lists beside the form by their addresses, `has` says whether a picture or sound came along.
pub fn problems(form: &Form, files: Files, has: &dyn Fn(&str) -> bool) -> Vec<Problem> {
    let mut findings = Findings::default();
    form.each_expression(&mut |expression| of_expression(expression, &mut findings));
    form.walk(&mut |node| {
        for text in [&node.label, &node.hint, &node.guidance] {
            media(text, &node.place, has, &mut findings);
        }
        let Some(question) = node.question() else { return };
        default(form, node, question, has, &mut findings);
        if let Some(items) = &question.items {
            shown(form, node, items, files, &mut findings);
            filter(form, items, files, &mut findings);
        }
        if let QuestionKind::Range(range) = &question.kind {
            let ends = (range.start.parse::<f64>(), range.end.parse::<f64>());
            if matches!(ends, (Ok(start), Ok(end)) if start > end) {
                let what = format!("The scale of `{}` runs down, from {} to {}.", node.name, range.start, range.end);
                findings.warn("falling-range", at(node, "parameters"), what, "Exchange `start` and `end`, unless this is meant.");
            }
        }
    });
    for choice in form.lists.iter().flat_map(|list| &list.choices) {
        media(&choice.label, &choice.place, has, &mut findings);
    }
    findings.finish()
}

// The row of a question, at a column; an XML file has no columns.
fn at(node: &Node, column: &str) -> Place {
    let column = if node.place.sheet == "xform" { "" } else { column };
    Place { column: column.to_owned(), ..node.place.clone() }
}

fn of_expression(expression: &Expression, findings: &mut Findings) {
    let Ok(expr) = xpath::parse(&expression.text) else { return };
    expr.walk(&mut |part| {
        let Expr::Call { function, arguments } = part else { return };
        match (function.name(), arguments.as_slice()) {
            ("regex", [_, Expr::Text(pattern)]) if !xpath::is_pattern(pattern) => {
                let what = format!(
                    "The pattern `{}` can't be read, so no answer fits it.",
                    pattern.chars().take(60).collect::<String>()
                );
                let remedy = "Close every bracket, and write `\\` before a sign that stands for itself.";
                findings.mistake("bad-pattern", expression.place.clone(), what, remedy);
            }
            ("area", [Expr::Text(_)]) => {
                let remedy = "Write the name of a question of the type `geoshape`, such as `area(${field})`.";
                findings.mistake("area-of-text", expression.place.clone(), "Field clients take no area of a text.", remedy);
            }
            _ => {}
        }
    });
}

fn media(text: &Text, place: &Place, has: &dyn Fn(&str) -> bool, findings: &mut Findings) {
    for one in text.wordings.iter().flat_map(|wording| &wording.media) {
        lacking(&one.file, &one.kind, place, has, findings);
    }
}

fn lacking(file: &str, column: &str, place: &Place, has: &dyn Fn(&str) -> bool, findings: &mut Findings) {
    let name = file.rsplit('/').next().unwrap_or(file);
    if name.is_empty() || name == "-" || has(name) {
        return;
    }
    let column = if place.sheet == "xform" { "" } else { column };
    let place = Place { column: column.to_owned(), ..place.clone() };
    let remedy = "Send it along with the form, or take its name out.";
    findings.warn("media-missing", place, format!("The file `{name}` is not there, so nothing is shown in its place."), remedy);
}

fn default(form: &Form, node: &Node, question: &Question, has: &dyn Fn(&str) -> bool, findings: &mut Findings) {
    let value = question.default.as_str();
    if value.is_empty() || !question.is_shown() {
        return;
    }
    let choices = match question.items.as_ref().map(|items| &items.source) {
        Some(ItemSource::List(name)) => form.list(name),
        _ => None,
    };
    let is_choice = |part: &str| choices.is_none_or(|list| list.choices.iter().any(|choice| choice.value == part));
    let (right, remedy) = match &question.kind {
        QuestionKind::SelectOne => (is_choice(value), "Write the `name` of a choice, or leave it blank."),
        QuestionKind::SelectMultiple | QuestionKind::Rank => {
            (value.split_whitespace().all(is_choice), "Write the names of choices with spaces between them, or leave it blank.")
        }
        QuestionKind::File(_) => return lacking(value, "default", &node.place, has, findings),
        kind => (fits(kind, value), "Write an answer that this type of question takes, or leave it blank."),
    };
    if !right {
        let shown: String = value.chars().take(60).collect();
        let what = format!("The default `{shown}` of `{}` is no answer to it.", node.name);
        findings.mistake("bad-default", at(node, "default"), what, remedy);
    }
}

// A list beside the form needs the columns from which answers are taken and which people read.
fn shown(form: &Form, node: &Node, items: &ItemSet, files: Files, findings: &mut Findings) {
    let ItemSource::Instance(id) = &items.source else { return };
    let secondary = form.secondary.iter().find(|one| one.id == *id);
    let Some(SecondarySource::File(address)) = secondary.map(|one| &one.source) else { return };
    let Some(tree) = files(address).filter(|tree| !tree.children(tree.root()).is_empty()) else { return };
    let (columns, file) = (of_tree(&tree), address.rsplit('/').next().unwrap_or(address));
    let lacks = [(&items.value, "nothing can be chosen from it"), (&items.label, "its choices have no words")];
    for (column, so) in lacks.into_iter().filter(|(column, _)| !columns.contains(*column)) {
        let what = format!("The file `{file}` has no column `{column}`, so {so}.");
        let remedy = match nearest(column, columns.iter().map(String::as_str)) {
            Some(close) => format!("Call the column `{close}` so, or say in `parameters` which column it is."),
            None => "Name its columns `name` and `label` in its first line, or say in `parameters` which they are.".to_owned(),
        };
        findings.warn("list-column", at(node, "type"), what, remedy);
    }
}

fn filter(form: &Form, items: &ItemSet, files: Files, findings: &mut Findings) {
    let Some(filter) = &items.filter else { return };
    let Some((list, columns)) = columns(form, items, files) else { return };
    let Ok(expr) = xpath::parse(&filter.text) else { return };
    let mut read = Vec::new();
    names(&expr, &mut read);
    for name in read.into_iter().filter(|name| !columns.contains(*name)) {
        let what = format!("The list `{list}` has no column `{name}`, so nothing can be chosen from it.");
        let remedy = match nearest(name, columns.iter().map(String::as_str)) {
            Some(close) => format!("Perhaps `{close}` is meant."),
            None => "Add the column to the list, or correct the filter.".to_owned(),
        };
        findings.mistake("filter-column", filter.place.clone(), what, remedy);
    }
}

// The columns of the list that a question chooses from; nothing where they are not known.
fn columns<'f>(form: &'f Form, items: &'f ItemSet, files: Files) -> Option<(&'f str, HashSet<String>)> {
    let id = match &items.source {
        ItemSource::List(id) | ItemSource::Instance(id) => id.as_str(),
        ItemSource::Nodes(_) => return None,
    };
    let mut columns: HashSet<String> = ["name", "label", "itextId"].map(str::to_owned).into();
    if let Some(list) = form.list(id) {
        columns.extend(list.choices.iter().flat_map(|choice| &choice.extra).map(|(column, _)| column.clone()));
        return Some((id, columns));
    }
    match &form.secondary.iter().find(|one| one.id == id)?.source {
        SecondarySource::Internal(tree) => columns.extend(of_tree(tree)),
        SecondarySource::File(address) => {
            let tree = files(address)?;
            // An empty list says nothing of its columns.
            if tree.children(tree.root()).is_empty() {
                return None;
            }
            columns.extend(of_tree(&tree));
        }
        SecondarySource::LastSaved => return None,
    }
    Some((id, columns))
}

fn of_tree(tree: &Instance) -> HashSet<String> {
    let items = tree.children(tree.root()).iter().take(500);
    items.flat_map(|item| tree.children(*item)).map(|column| tree.get(*column).name.clone()).collect()
}

// The children of an item that an expression reads. What stands in brackets of its own is seen from elsewhere.
fn names<'e>(expr: &'e Expr, read: &mut Vec<&'e str>) {
    match expr {
        Expr::Number(_) | Expr::Text(_) => {}
        Expr::Chain { first, rest } => {
            names(first, read);
            rest.iter().for_each(|(_, part)| names(part, read));
        }
        Expr::Negate { of, .. } => names(of, read),
        Expr::Union(parts) => parts.iter().for_each(|part| names(part, read)),
        Expr::Call { arguments, .. } => arguments.iter().for_each(|argument| names(argument, read)),
        Expr::Path(path) => match &path.start {
            Start::Root => {}
            Start::Filter { from, .. } => names(from, read),
            Start::Here => {
                let first = path.steps.iter().find(|step| step.axis != Axis::Itself);
                if let Some((Axis::Child, Test::Name(name))) = first.map(|step| (step.axis, &step.test)) {
                    read.push(name);
                }
            }
        },
    }
}

#[cfg(test)]
mod tests {
    use super::problems;
    use crate::xlsform::{self, Workbook};

    fn told(table: &str) -> Vec<String> {
        let outcome = xlsform::read(&Workbook::from_tables(table), "f");
        let form = outcome.form.unwrap_or_else(|| panic!("{:?}", outcome.problems));
        let none = |_: &str| None;
        let found = problems(&form, &none, &|name| name == "here.png");
        found.iter().map(|one| format!("{} {} {} {}", one.code, one.place.sheet, one.place.row, one.place.column)).collect()
    }

    #[test]
    fn what_makes_no_sense_is_told_with_sheet_row_and_column() {
        let told = told(
            "
            | survey  |              |      |       |               |                    |            |                |              |
            |         | type         | name | label | constraint    | choice_filter      | default    | parameters     | media::image |
            |         | text         | a    | A     | regex(., '([')|                    |            |                |              |
            |         | select_one l | b    | B     |               | governorat = 'x'   |            |                |              |
            |         | integer      | c    | C     |               |                    | abc        |                |              |
            |         | date         | d    | D     |               |                    | 2020-99-99 |                |              |
            |         | select_one l | e    | E     |               |                    | nothing    |                |              |
            |         | range        | f    | F     |               |                    |            | start=10 end=1 |              |
            |         | text         | g    | G     |               |                    |            |                | gone.png     |
            |         | integer      | h    | H     | area('0 0 0 0;1 1 0 0;1 0 0 0;0 0 0 0') > 1 | |       |                |              |
            | choices |              |      |       |               |                    |            |                |              |
            |         | list_name    | name | label | governorate   |                    |            |                |              |
            |         | l            | one  | One   | x             |                    |            |                |              |
            ",
        );
        assert_eq!(
            told,
            [
                "bad-pattern survey 2 constraint",
                "filter-column survey 3 choice_filter",
                "bad-default survey 4 default",
                "bad-default survey 5 default",
                "bad-default survey 6 default",
                "area-of-text survey 9 constraint",
                "falling-range survey 7 parameters",
                "media-missing survey 8 image",
            ]
        );
    }

    #[test]
    fn a_list_beside_the_form_without_the_columns_that_are_chosen_from_is_told() {
        let table = "
            | survey  |                                |      |       |                        |
            |         | type                           | name | label | parameters             |
            |         | select_one_from_file towns.csv | a    | A     |                        |
            |         | select_one_from_file towns.csv | b    | B     | value=code label=title |
        ";
        let form = xlsform::read(&Workbook::from_tables(table), "f").form.expect("a form");
        let told = |list: &'static str| {
            let file = move |address: &str| crate::beside::read(address, list);
            let found = problems(&form, &file, &|_| true);
            found.into_iter().map(|one| format!("{} {} {}", one.code, one.place.row, one.what)).collect::<Vec<_>>()
        };
        assert_eq!(
            told("code,title\nz,Zarqa\n"),
            [
                "list-column 2 The file `towns.csv` has no column `name`, so nothing can be chosen from it.",
                "list-column 2 The file `towns.csv` has no column `label`, so its choices have no words.",
            ]
        );
        assert!(told("name,label,code,title\nz,Zarqa,z,Zarqa\n").is_empty());
        assert!(told("").is_empty(), "an empty list says nothing of its columns");
    }

    #[test]
    fn what_makes_sense_passes() {
        let told = told(
            "
            | survey  |                   |      |       |                       |                                   |            |              |
            |         | type              | name | label | constraint            | choice_filter                     | default    | media::image |
            |         | text              | a    | A     | regex(., '[0-9]{2}')  |                                   | 12         | here.png     |
            |         | select_one l      | b    | B     |                       | area = ${a} or ./name = 'one'     | one        |              |
            |         | select_multiple l | c    | C     |                       | count(instance('l')/root/item[other = 1]) = 0 | one two | |
            |         | date              | d    | D     |                       |                                   | 2026-01-31 |              |
            |         | date              | e    | E     |                       |                                   | today()    |              |
            | choices |                   |      |       |                       |                                   |            |              |
            |         | list_name         | name | label | area                  |                                   |            |              |
            |         | l                 | one  | One   | x                     |                                   |            |              |
            |         | l                 | two  | Two   | y                     |                                   |            |              |
            ",
        );
        assert!(told.is_empty(), "{told:?}");
    }
}
