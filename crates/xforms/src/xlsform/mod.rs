//! XLSForm in: a workbook that people write becomes a form, or a list of what they must mend.
//!
//! Words: a *record* is a row below the headings; a *draft* is the survey as a tree, before references are resolved; *findings* are all
//! mistakes and warnings, each with sheet, row, column and remedy. A form with a mistake is not given out.
//! Where authors rely on what other converters do (relative references in repeats, what makes a default dynamic, `or_other`, tables),
//! this one does the same. Workbooks come as tables in text, as CSV (`csv.rs`) or as spreadsheets
//! (`workbook.rs`, behind a feature). What is not here: evaluation.
mod actions;
#[cfg(feature = "xlsx")]
mod biff;
mod build;
mod checks;
mod csv;
mod defaults;
mod draft;
mod entities;
mod headings;
mod lists;
mod meta;
mod names;
mod parameters;
mod references;
mod secondary;
mod selects;
mod settings;
mod sheet;
mod survey;
mod template;
mod texts;
mod types;
#[cfg(feature = "xlsx")]
mod workbook;

pub use csv::CsvError;
pub use sheet::{Sheet, Workbook};
#[cfg(feature = "xlsx")]
pub use workbook::{Limits, WorkbookError};

use crate::form::{Form, Language};
use crate::problem::Problem;

use crate::findings::{self, Findings};
use build::Builder;
use draft::{Draft, Shape};
use lists::ListDraft;
use references::Resolver;
use settings::Found;
use sheet::{Cleaning, Table};
use texts::{Languages, Writer};

/// What came of reading.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Outcome {
    /// The form, if there is no mistake.
    pub form: Option<Form>,
    /// With a mistake: the form as far as it was understood, for whoever looks for more of them.
    pub sketch: Option<Form>,
    /// Mistakes first, then warnings.
    pub problems: Vec<Problem>,
}

/// Reads a workbook; `name` stands in for the id of a form whose author gave none.
pub fn read(workbook: &Workbook, name: &str) -> Outcome {
    let mut findings = Findings::default();
    checks::sheets(workbook, &mut findings);
    let found = settings::read(workbook, name, &mut findings);
    let lists = lists::read(workbook, &found, &mut findings);
    let table = survey_table(workbook, &found, &mut findings);

    let mut reader = survey::Reader::new(&found.root, lists, &mut findings);
    reader.read(table);
    meta::add(&mut reader, &found.record);
    let survey::Reader { mut draft, lists, settings: on_survey, .. } = reader;
    entities::add(workbook, &mut draft, &mut findings);

    let languages = languages(&draft, &lists, &found);
    if too_much(workbook, &languages, &mut findings) {
        return Outcome { problems: findings.finish(), ..Outcome::default() };
    }
    let mut form = convert(&draft, &languages, &lists, &found, &mut findings);
    for (key, value) in on_survey {
        if key == "form_id" {
            form.template.set_attribute(form.template.root(), "id", &value);
            form.id = value;
        } else {
            form.title = value;
        }
    }
    crate::namespaces::declare(&mut form, &[]);
    checks::unused_lists(&lists, &form, &mut findings);
    checks::files(&form, &mut findings);
    crate::expressions::check(&form, &mut findings);
    let (form, sketch) = if findings.have_mistakes() { (None, Some(form)) } else { (Some(form), None) };
    Outcome { form, sketch, problems: findings.finish() }
}

fn survey_table(workbook: &Workbook, found: &Found, findings: &mut Findings) -> Table {
    for name in ["choices", "survey"] {
        let Some(sheet) = workbook.sheet(name) else { continue };
        let kind = if name == "survey" { headings::Kind::Survey } else { headings::Kind::Choices };
        let table = sheet.table(kind, found.cleaning.unwrap_or(Cleaning::QuotesAndSpaces));
        checks::translations(&sheet.name, &table, findings);
        if name == "survey" {
            checks::columns(&sheet.name, &table, findings);
            return table;
        }
    }
    Table::default()
}

// A text without a language is kept once for each: many languages times much text must stay within memory.
fn too_much(workbook: &Workbook, languages: &Languages, findings: &mut Findings) -> bool {
    const MOST: usize = 256 << 20;
    let cells = workbook.sheets.iter().flat_map(|sheet| &sheet.rows).flat_map(|(_, cells)| cells);
    let bytes: usize = cells.map(|cell| cell.len() + 48).sum();
    let many = languages.names.len() > crate::xform::MOST_LANGUAGES;
    if many || bytes.saturating_mul(languages.names.len()) > MOST {
        let remedy = "Split the form, or take languages out.";
        findings.mistake("too-large", findings::sheet("survey"), "The form has too much text in too many languages.", remedy);
        return true;
    }
    false
}

fn convert(draft: &Draft, languages: &Languages, lists: &[ListDraft], found: &Found, findings: &mut Findings) -> Form {
    checks::settings(found, languages, findings);
    let names: Vec<String> = lists.iter().filter(|list| !list.outside).map(|list| list.name.clone()).collect();
    let secondary = secondary::gather(draft, &names, findings);
    let writer = Writer { resolver: Resolver { draft }, languages };
    let built = lists.iter().map(|list| list.build(&writer, findings)).collect();
    let mut builder = Builder { draft, writer, findings };
    let body = builder.children(0);
    let actions = builder.actions();
    let entities = entities::describe(&mut builder);
    Form {
        id: found.form_id.clone(),
        version: found.version.clone(),
        title: found.title.clone(),
        default_language: languages.default(),
        languages: languages.names.iter().map(|name| Language { name: name.clone() }).collect(),
        settings: found.settings.clone(),
        body,
        lists: built,
        secondary,
        actions,
        entities,
        template: template::build(&Resolver { draft }, found, findings),
    }
}

// A text without a language speaks the default one only where it must be kept for each language; so languages are gathered first.
fn languages(draft: &Draft, lists: &[ListDraft], found: &Found) -> Languages {
    let unnamed = found.default_language.clone().unwrap_or_else(|| "default".to_owned());
    let mut languages = Languages { names: Vec::new(), unnamed };
    lists.iter().for_each(|list| list.note(&mut languages));
    let keys =
        ["label", "hint", "guidance_hint", "constraint_message", "required_message", "image", "big-image", "audio", "video"];
    for item in draft.items.iter().filter(|item| !matches!(item.shape, Shape::Entity | Shape::Attribute(_))) {
        for key in keys {
            let cells: Vec<_> = item.record.all(key).collect();
            let keeping = if key.contains("image") || key == "audio" || key == "video" {
                texts::Keeping::Translated
            } else {
                texts::keeping_of(&item.record, key)
            };
            languages.note(&cells, keeping);
        }
    }
    if languages.names.is_empty() {
        languages.names.push(languages.unnamed.clone());
    }
    languages
}
