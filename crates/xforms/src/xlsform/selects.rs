//! Selects: whether their list is there, and what it becomes.
use crate::form::{ItemSet, ItemSource, Place, QuestionKind, Shuffle};

use super::draft::Item;
use super::lists::ListDraft;
use super::parameters::get;
use super::references::{Context, Resolver, only_reference};
use super::sheet::Record;
use super::types::Select;
use crate::findings::{Findings, nearest};

/// Reports what is wrong with the list of a select.
pub(super) fn check(select: &Select, record: &Record, lists: &mut [ListDraft], findings: &mut Findings) {
    let place = record.place("type");
    if only_reference(&select.list).is_some() {
        return;
    }
    if select.from_file {
        if !["csv", "xml", "geojson"].iter().any(|ending| select.list.ends_with(&format!(".{ending}"))) {
            let what = format!("`{}` is no file that choices can come from.", select.list);
            findings.mistake("bad-file", place, what, "Name a file that ends in `.csv`, `.xml` or `.geojson`.");
        }
        return;
    }
    match lists.iter_mut().find(|list| list.name == select.list && list.outside == select.external) {
        Some(list) => {
            list.used = true;
            check_use(select, record, list, findings);
        }
        None => missing(select, place, lists, findings),
    }
}

fn missing(select: &Select, place: Place, lists: &[ListDraft], findings: &mut Findings) {
    let sheet = if select.external { "external_choices" } else { "choices" };
    let what = format!("There is no list `{}` on the sheet `{sheet}`.", select.list);
    let known = lists.iter().filter(|list| list.outside == select.external).map(|list| list.name.as_str());
    let remedy = match nearest(&select.list, known) {
        Some(close) => format!("Perhaps `{close}` is meant."),
        None if select.list.contains('.') => "For a file use `select_one_from_file` or `select_multiple_from_file`.".to_owned(),
        None => format!("Add choices with `list_name` `{}` to that sheet, or correct the name.", select.list),
    };
    findings.mistake("unknown-list", place, what, remedy);
}

fn check_use(select: &Select, record: &Record, list: &ListDraft, findings: &mut Findings) {
    if select.kind == QuestionKind::SelectMultiple || select.kind == QuestionKind::Rank {
        for choice in list.records.iter().filter(|choice| choice.get("name").is_some_and(|name| name.contains(' '))) {
            let what = format!("The list `{}` is used where several can be chosen, so its names can't have spaces.", list.name);
            findings.mistake("space-in-choice", choice.place("name"), what, "Write `_` instead of the space.");
        }
    }
    if select.or_other && record.get("choice_filter").is_some() {
        let remedy = "Add the choice `other` to the list, and a text question that is relevant if it is selected.";
        findings.mistake("filter-with-other", record.place("choice_filter"), "A filter does not go with `or_other`.", remedy);
    }
    let translated = list.records.iter().flat_map(|choice| choice.all("label")).any(|cell| cell.language.is_some());
    if select.or_other && translated {
        let remedy = "Write the choice and the question that specifies it yourself, in each language.";
        findings.warn("other-untranslated", record.place("type"), "What `or_other` adds is English in all languages.", remedy);
    }
    if select.external && record.get("choice_filter").is_none() {
        let remedy = "Add a `choice_filter`, or use `select_one`.";
        findings.warn("external-unfiltered", record.place("type"), "A list kept outside is meant to be filtered.", remedy);
    }
}

/// The items that a question offers, if it does.
pub(super) fn items(id: usize, item: &Item, resolver: &Resolver<'_>, findings: &mut Findings) -> Option<ItemSet> {
    let asked = item.asked()?;
    let Some(select) = &asked.select else { return reference(id, item, resolver, findings) };
    if select.external {
        return None;
    }
    let filter = item.record.get("choice_filter").map(|text| {
        let context = Context { rounds: only_reference(&select.list).is_some(), ..Context::filter_of(id) };
        resolver.expression(text, context, &item.record.place("choice_filter"), findings)
    });
    let mut set = if only_reference(&select.list).is_some() {
        rounds(id, &select.list, item, resolver, findings)?
    } else if select.from_file {
        file(&select.list, &item.parameters)
    } else {
        ItemSet::all(ItemSource::List(select.list.clone()))
    };
    match (&set.source, filter) {
        (ItemSource::Nodes(nodes), Some(mut filter)) => {
            // What lies in the round that is looked at is found from there.
            filter.text =
                filter.text.replace(&format!("current()/{}/", nodes.text), "./").replace(&format!("{}/", nodes.text), "./");
            set.filter = Some(filter);
        }
        (_, Some(filter)) => set.filter = Some(filter),
        (_, None) => {}
    }
    set.shuffle = shuffle(id, item, resolver, findings);
    Some(set)
}

fn file(name: &str, parameters: &[(String, String)]) -> ItemSet {
    let (base, ending) = name.rsplit_once('.').unwrap_or((name, ""));
    let (value, label) = if ending == "geojson" { ("id", "title") } else { ("name", "label") };
    let mut set = ItemSet::all(ItemSource::Instance(base.to_owned()));
    set.value = get(parameters, "value").unwrap_or(value).to_owned();
    set.label = get(parameters, "label").unwrap_or(label).to_owned();
    set
}

// The answers that a question in a repeat was given, those left blank aside.
fn rounds(id: usize, list: &str, item: &Item, resolver: &Resolver<'_>, findings: &mut Findings) -> Option<ItemSet> {
    let place = item.record.place("type");
    let mut path = resolver.expression(list, Context { rounds: true, ..Context::of(id) }, &place, findings);
    let (nodes, name) = path.text.rsplit_once('/').map(|(nodes, name)| (nodes.to_owned(), name.to_owned()))?;
    path.text = nodes;
    let mut set = ItemSet::all(ItemSource::Nodes(path));
    set.filter = Some(crate::form::Expression { text: format!("./{name} != ''"), place });
    set.value.clone_from(&name);
    set.label = name;
    Some(set)
}

fn shuffle(id: usize, item: &Item, resolver: &Resolver<'_>, findings: &mut Findings) -> Option<Shuffle> {
    let place = item.record.place("parameters");
    let seed = get(&item.parameters, "seed");
    match get(&item.parameters, "randomize") {
        Some("true") => {}
        Some("false") | None if seed.is_some() => {
            findings.mistake("broken-parameter", place, "`seed` says nothing without `randomize=true`.", "Add `randomize=true`.");
            return None;
        }
        Some("false") | None => return None,
        Some(other) => {
            findings.mistake(
                "broken-parameter",
                place,
                format!("`randomize={other}` is neither true nor false."),
                "Write `randomize=true`.",
            );
            return None;
        }
    }
    if seed.is_some_and(|seed| only_reference(seed).is_none() && seed.parse::<f64>().is_err()) {
        findings.mistake("broken-parameter", place.clone(), "`seed` must be a number or one `${name}`.", "Correct it.");
    }
    let seed = seed.map(|seed| resolver.expression(seed, Context::of(id), &place, findings));
    Some(Shuffle { seed })
}

// Shapes to choose from on a map, and labels of a scale.
fn reference(id: usize, item: &Item, resolver: &Resolver<'_>, findings: &mut Findings) -> Option<ItemSet> {
    if let Some(list) = get(&item.parameters, "tick_labelset") {
        return Some(ItemSet::all(ItemSource::List(list.to_owned())));
    }
    let name = get(&item.parameters, "reference-geometry")?;
    if only_reference(name).is_none() {
        return Some(ItemSet::all(ItemSource::List(name.to_owned())));
    }
    let place = item.record.place("parameters");
    let nodes = resolver.expression(name, Context { rounds: true, ..Context::of(id) }, &place, findings);
    let mut set = ItemSet::all(ItemSource::Nodes(nodes));
    set.filter = Some(crate::form::Expression { text: "./geometry != ''".to_owned(), place });
    "geometry".clone_into(&mut set.value);
    "geometry".clone_into(&mut set.label);
    Some(set)
}
