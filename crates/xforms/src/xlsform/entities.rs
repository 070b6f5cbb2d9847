//! The sheet `entities`: which records a submission makes or changes, and where in the instance they are described.
use crate::form::{Entity, QuestionKind};

use super::build::Builder;
use super::draft::{Asked, Draft, Shape};
use super::headings;
use super::references::{Context, scan};
use super::sheet::{Cleaning, Record, Workbook};
use crate::findings::Findings;

/// Reads the sheet and adds each entity to the `meta` of the repeat, or the form, that it describes.
pub(super) fn add(workbook: &Workbook, draft: &mut Draft, findings: &mut Findings) {
    let records: Vec<Record> = workbook
        .sheet("entities")
        .map(|sheet| sheet.table(headings::Kind::Entities, Cleaning::Quotes).records)
        .unwrap_or_default()
        .into_iter()
        .filter(|record| !record.cells.is_empty())
        .collect();
    check_savetos(draft, &records, findings);
    let mut taken: Vec<usize> = Vec::new();
    for record in &records {
        check(record, findings);
        let Some(container) = container(record, &records, draft, &taken, findings) else { continue };
        taken.push(container);
        let existing = draft.items[container].children.iter().copied().find(|&child| draft.items[child].name == "meta");
        let meta = existing.unwrap_or_else(|| draft.add(container, "meta", Shape::Group, Record::default()));
        declare(record, meta, draft);
    }
}

fn check(record: &Record, findings: &mut Findings) {
    let has = |key: &str| record.get(key).is_some();
    let dataset = record.get("list_name").unwrap_or_default();
    if dataset.starts_with("__") || dataset.contains('.') || !crate::xml::is_name(dataset) {
        let remedy = "Use letters, digits and `_`; not two `_` at the start, and no `.`.";
        findings.mistake(
            "bad-entity-list",
            record.place("list_name"),
            format!("`{dataset}` can't be the name of a list of entities."),
            remedy,
        );
    }
    let mut wrong =
        |column: &str, what: &str, remedy: &str| findings.mistake("broken-entity", record.place(column), what, remedy);
    if has("update_if") && !has("entity_id") {
        wrong("entity_id", "Nothing says which entity is changed.", "Fill in `entity_id`.");
    }
    if has("entity_id") && has("create_if") && !has("update_if") {
        wrong(
            "create_if",
            "An entity that has an id already can only be changed.",
            "Take `create_if` out, or fill in `update_if` too.",
        );
    }
    if !has("entity_id") && !has("label") {
        wrong("label", "A new entity needs a label.", "Fill in `label`.");
    }
}

fn check_savetos(draft: &Draft, records: &[Record], findings: &mut Findings) {
    for item in &draft.items {
        let Some(text) = item.record.get("save_to") else { continue };
        let place = item.record.place("save_to");
        let (list, property) = text.split_once('#').map_or((None, text), |(list, property)| (Some(list), property));
        let mut wrong = |what: String, remedy: &str| findings.mistake("bad-save-to", place.clone(), what, remedy);
        if records.is_empty() {
            wrong("There is no entity to save this to.".to_owned(), "Add a sheet `entities`, or clear `save_to`.");
        } else if list.is_none() && records.len() > 1 {
            wrong("The form has several entities.".to_owned(), "Write `list#property`.");
        } else if list.is_some_and(|list| !records.iter().any(|record| record.get("list_name") == Some(list))) {
            wrong(format!("There is no entity list `{}`.", list.unwrap_or_default()), "Name one of the sheet `entities`.");
        }
        if !crate::xml::is_name(property)
            || property.starts_with("__")
            || ["name", "label"].contains(&property.to_lowercase().as_str())
        {
            wrong(format!("`{property}` can't be a property."), "Choose another name; `name` and `label` are taken.");
        }
        if item.asked().is_none() {
            wrong("Groups and repeats have no value to save.".to_owned(), "Fill in `save_to` for questions only.");
        }
    }
}

// The form, or the innermost repeat of what the entity is made from; a group of it if that is taken.
fn container(record: &Record, records: &[Record], draft: &Draft, taken: &[usize], findings: &mut Findings) -> Option<usize> {
    let dataset = record.get("list_name").unwrap_or_default();
    let mut sources: Vec<usize> = Vec::new();
    for (id, item) in draft.items.iter().enumerate() {
        let Some(text) = item.record.get("save_to") else { continue };
        let list = text.split_once('#').map(|(list, _)| list);
        if list == Some(dataset) || (list.is_none() && records.len() == 1) {
            sources.push(id);
        }
    }
    let mut quiet = Findings::default();
    for key in ["label", "entity_id", "create_if", "update_if"] {
        let Some(text) = record.get(key) else { continue };
        for reference in scan(text, &record.place(key), &mut quiet) {
            sources.extend(draft.named(reference.name).first());
        }
    }
    let scope = |id: usize| draft.repeat_around(id).unwrap_or_default();
    let depth = |id: usize| draft.ancestors(id).len();
    let deepest = sources.iter().map(|&id| scope(id)).max_by_key(|&id| depth(id)).unwrap_or_default();
    let line = || std::iter::once(deepest).chain(draft.ancestors(deepest));
    if sources.iter().any(|&id| !line().any(|at| at == scope(id))) {
        let remedy = "Take everything that describes one entity from one repeat and what is around it.";
        findings.mistake(
            "entity-in-two-repeats",
            record.place("list_name"),
            format!("`{dataset}` is described in two repeats."),
            remedy,
        );
        return None;
    }
    if !taken.contains(&deepest) {
        return Some(deepest);
    }
    let group = sources
        .iter()
        .flat_map(|&id| draft.ancestors(id))
        .find(|id| !taken.contains(id) && draft.items[*id].shape == Shape::Group);
    if group.is_none() {
        let remedy = "Put the questions of each entity into a group or repeat of their own.";
        findings.mistake(
            "entities-share-place",
            record.place("list_name"),
            format!("`{dataset}` is in the same place as another entity."),
            remedy,
        );
    }
    group
}

fn declare(record: &Record, meta: usize, draft: &mut Draft) {
    let entity = draft.add(meta, "entity", Shape::Entity, record.clone());
    // First in its group, where other converters put it.
    draft.items[meta].children.rotate_right(1);
    let dataset = record.get("list_name").unwrap_or_default().to_owned();
    let computed = |cells: &[(&str, &str)], column: &str| {
        let mut made = Record::made(&record.sheet, record.row, cells);
        made.put("read_only", "true()");
        for cell in made.cells.iter_mut().filter(|cell| cell.key == "calculation") {
            column.clone_into(&mut cell.heading);
        }
        made
    };
    let mut attribute =
        |name: &str, value: &str, record: Record| draft.add(entity, name, Shape::Attribute(value.to_owned()), record);
    attribute("@dataset", &dataset, Record::default());
    let id = record.get("entity_id");
    if id.is_none() || record.get("create_if").is_some() {
        let rules = record.get("create_if").map(|text| computed(&[("calculation", text)], "create_if"));
        attribute("@create", "1", rules.unwrap_or_default());
    }
    if let Some(id) = id {
        let rules = record.get("update_if").map(|text| computed(&[("calculation", text)], "update_if"));
        attribute("@update", "1", rules.unwrap_or_default());
        for (name, child) in [("@baseVersion", "__version"), ("@trunkVersion", "__trunkVersion"), ("@branchId", "__branchId")] {
            let found = format!("instance('{dataset}')/root/item[name={id}]/{child}");
            attribute(name, "", computed(&[("calculation", &found)], "entity_id"));
        }
        attribute("@id", "", computed(&[("calculation", id)], "entity_id"));
    } else {
        attribute("@id", "uuid()", computed(&[], ""));
    }
    if let Some(label) = record.get("label") {
        let made = computed(&[("calculation", label)], "label");
        draft.add(entity, "label", Shape::Question(Asked::new(QuestionKind::Hidden("string".to_owned()))), made);
    }
}

/// The entities as the form tells of them.
pub(super) fn describe(builder: &mut Builder<'_>) -> Vec<Entity> {
    let draft = builder.draft;
    let mut entities = Vec::new();
    for (id, item) in draft.items.iter().enumerate().filter(|(_, item)| item.shape == Shape::Entity) {
        // Expressions are seen from the element's attributes, which lie where its children do.
        let inside = item.children.first().copied().unwrap_or(id);
        let mut rule = |key: &str| {
            let text = item.record.get(key)?;
            Some(builder.writer.resolver.expression(text, Context::of(inside), &item.record.place(key), builder.findings))
        };
        entities.push(Entity {
            dataset: item.record.get("list_name").unwrap_or_default().to_owned(),
            path: item.path.clone(),
            id: rule("entity_id"),
            create_if: rule("create_if"),
            update_if: rule("update_if"),
            label: rule("label"),
        });
    }
    entities
}
