//! One edition as its readers will meet it, and the verbs: publish, retire, discard.
use askama::Template;
use axum::response::{IntoResponse, Response};
use http::header;

use super::super::actions;
use super::super::outline::{self, Line};
use super::super::problem::{self, Kept, Told};
use super::super::store;
use super::upload::problem_heads;
use super::{edition_name, edition_path, path, state};
use crate::access::Act;
use crate::error::Error;
use crate::forms::openrosa::asks_for_case;
use crate::forms::store as forms;
use crate::forms::{Edition, Form};
use crate::platform::db::Work;
use crate::platform::ids::{EditionId, FormId};
use crate::platform::text::{text, text_with};
use crate::web::form::{Path, Query};
use crate::web::parts::{Badge, Entry, Tab};
use crate::web::{Form as Fields, Page};

#[derive(Template)]
#[template(path = "forms/admin/html/edition.html")]
struct Show {
    p: Page,
    path: String,
    back: String,
    title: String,
    name: String,
    state: Badge,
    version: String,
    own: bool,
    is_draft: bool,
    is_published: bool,
    // What publishing does to the edition that is in force.
    replaces: String,
    // Which newer edition is in force since when: this one is not published any more then.
    newer: String,
    difference: String,
    summary: Vec<Entry>,
    languages: Vec<Tab>,
    dir: &'static str,
    lines: Vec<Line>,
    cut: bool,
    warnings: Vec<Told>,
    heads: [String; 5],
}

/// GET /forms/{form}/editions/{edition}?in=2: in the form's third language.
pub async fn show(mut work: Work, Path((form, id)): Path<(FormId, EditionId)>, Query(query): Query) -> Result<Response, Error> {
    let form = actions::form(&mut work, form).await?;
    work.may(Act::FormManage)?;
    let edition = actions::edition(&mut work, &form, id).await?;
    let page = page(&mut work, &form, &edition, query.value("in")).await?;
    work.show_plain(page).await
}

async fn page(work: &mut Work, form: &Form, edition: &Edition, asked: &str) -> Result<Show, Error> {
    let name = text(work.lang(), "form-edition-title");
    let p = Page::of(work, name).await?;
    let plan = actions::definition(work, edition.id).await?;
    let definition = plan.form();
    let own_language =
        definition.languages.iter().position(|one| speaks(&one.name, p.lang)).unwrap_or(definition.default_language);
    let language = asked.parse().ok().filter(|at| *at < definition.languages.len()).unwrap_or(own_language);
    let (lines, cut) = outline::lines(&p, definition, language);
    let editions = forms::editions(work, form.id).await?;
    let published = editions.iter().find(|one| one.state == "published");
    let before = editions.iter().any(|one| one.number < edition.number);
    let media = forms::media(work, edition.id).await?;
    let mut warnings = store::warnings(work, edition.id).await?;
    if form.offline && !form.intake && !asks_for_case(definition) {
        warnings.push(Kept::no_case_asked());
    }
    let languages = definition.languages.iter().enumerate().filter(|_| definition.is_translated());
    let tabs = languages
        .map(|(at, one)| Tab { on: at == language, ..Tab::new(format!("{}?in={at}", edition_path(edition)), one.name.clone()) });
    let newer = actions::newer(edition, &editions).map(|one| {
        let day = p.moment(&one.published_at.unwrap_or(one.recorded_at));
        text_with(p.reader.lang, "form-publish-older", &[("edition", edition_name(&p, one).into()), ("moment", day.into())])
    });
    Ok(Show {
        newer: newer.unwrap_or_default(),
        path: edition_path(edition),
        back: path(form),
        title: form.title.clone(),
        name: edition_name(&p, edition),
        state: state(&p, &edition.state),
        version: edition.version.to_string(),
        own: form.org.is_some(),
        is_draft: edition.state == "draft",
        is_published: edition.state == "published",
        replaces: published.map(|one| p.ta("form-publish-replaces", "edition", edition_name(&p, one))).unwrap_or_default(),
        difference: if before { format!("{}/difference", edition_path(edition)) } else { String::new() },
        summary: summary(&p, edition, outline::pages(definition), media.iter().map(|file| file.name.as_str())),
        languages: tabs.collect(),
        dir: if definition.languages.get(language).is_some_and(|one| runs_left(&one.name)) { "rtl" } else { "auto" },
        lines,
        cut,
        warnings: problem::told(&p, &warnings),
        heads: problem_heads(&p),
        p,
    })
}

fn summary<'m>(p: &Page, edition: &Edition, pages: usize, media: impl Iterator<Item = &'m str>) -> Vec<Entry> {
    let uploaded = p.signed(&edition.uploaded_by_name, &p.moment(&edition.recorded_at));
    let mut rows = vec![
        Entry::new(p.t("form-head-questions"), p.number(edition.questions)),
        Entry::new(p.t("form-pages"), p.number(pages as i64)),
        Entry::new(p.t("forms-head-languages"), p.list(&edition.languages)),
        Entry::new(p.t("form-uploaded-by"), uploaded.trim_start_matches(" · ")),
        Entry::new(p.t("form-source"), edition.source_name.clone()),
        Entry::new(p.t("form-media"), p.list(media)),
    ];
    for (key, moment) in [("form-published-at", edition.published_at), ("form-retired-at", edition.retired_at)] {
        rows.extend(moment.map(|at| Entry::new(p.t(key), p.moment(&at))));
    }
    rows.retain(|row| !row.text.is_empty());
    rows
}

// `English (en)` and `en` both speak English.
fn speaks(name: &str, code: &str) -> bool {
    let name = name.to_lowercase();
    name == code || name.ends_with(&format!("({code})"))
}

// Languages written from right to left, by the codes that authors put in brackets.
pub(super) fn runs_left(name: &str) -> bool {
    ["ar", "fa", "ur", "he", "ku", "ckb", "ps", "prs"].iter().any(|code| speaks(name, code))
}

/// GET /forms/{form}/editions/{edition}/source: the file as it was uploaded, to be mended and uploaded again.
pub async fn source(mut work: Work, Path((form, id)): Path<(FormId, EditionId)>) -> Result<Response, Error> {
    let form = actions::form(&mut work, form).await?;
    work.may(Act::FormManage)?;
    let edition = actions::edition(&mut work, &form, id).await?;
    let bytes = store::source(&mut work, edition.id).await?;
    work.commit().await?;
    let ending = edition.source_name.rsplit_once('.').map(|(_, ending)| ending.to_lowercase());
    let ending =
        ending.filter(|ending| ["xlsx", "xls", "csv", "xml"].contains(&ending.as_str())).unwrap_or_else(|| "bin".to_owned());
    let headers = [
        (header::CONTENT_TYPE, "application/octet-stream".to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"form-{}.{ending}\"", edition.number)),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff".to_owned()),
    ];
    Ok((headers, bytes).into_response())
}

/// POST /forms/{form}/editions/{edition}/publication
pub async fn publish(mut work: Work, Path((form, id)): Path<(FormId, EditionId)>, mut fields: Fields) -> Result<Response, Error> {
    let form = actions::form(&mut work, form).await?;
    let edition = actions::edition(&mut work, &form, id).await?;
    actions::publish(&mut work, &form, &edition, version(&mut fields)).await?;
    work.then(&edition_path(&edition), "form-published").await
}

/// POST /forms/{form}/editions/{edition}/retirement
pub async fn retire(mut work: Work, Path((form, id)): Path<(FormId, EditionId)>, mut fields: Fields) -> Result<Response, Error> {
    let form = actions::form(&mut work, form).await?;
    let edition = actions::edition(&mut work, &form, id).await?;
    actions::retire(&mut work, &form, &edition, version(&mut fields)).await?;
    work.then(&edition_path(&edition), "form-retired").await
}

/// POST /forms/{form}/editions/{edition}/removal
pub async fn discard(mut work: Work, Path((form, id)): Path<(FormId, EditionId)>, mut fields: Fields) -> Result<Response, Error> {
    let form = actions::form(&mut work, form).await?;
    let edition = actions::edition(&mut work, &form, id).await?;
    let gone = actions::discard(&mut work, &form, &edition, version(&mut fields)).await?;
    work.then(&if gone { "/forms".to_owned() } else { path(&form) }, "form-discarded").await
}

fn version(fields: &mut Fields) -> i32 {
    fields.parsed_maybe("version").unwrap_or(-1)
}
