//! What an edition changes against an earlier one, for somebody who writes no programs; and what becomes of the answers given before.
use askama::Template;
use axum::response::Response;

use super::super::difference::between;
use super::super::telling::{MOST, Row, Teller};
use super::super::{actions, beside};
use super::{edition_name, edition_path};
use crate::access::Act;
use crate::error::Error;
use crate::forms::Edition;
use crate::forms::store as forms;
use crate::platform::db::Work;
use crate::platform::ids::{EditionId, FormId};
use crate::web::Page;
use crate::web::form::{Path, Query};
use crate::web::parts::Tab;

#[derive(Template)]
#[template(path = "forms/admin/html/difference.html")]
struct Show {
    p: Page,
    back: String,
    name: String,
    against: String,
    earlier: Vec<Tab>,
    summary: Vec<String>,
    groups: Vec<(String, Vec<Row>)>,
    // Files beside the form that differ.
    files: Vec<String>,
    heads: [String; 4],
    more: bool,
}

/// GET /forms/{form}/editions/{edition}/difference?to=…: against the one that is named; else a draft against what is published,
/// and any other against the edition before.
pub async fn show(mut work: Work, Path((form, id)): Path<(FormId, EditionId)>, Query(query): Query) -> Result<Response, Error> {
    let form = actions::form(&mut work, form).await?;
    work.may(Act::FormManage)?;
    let edition = actions::edition(&mut work, &form, id).await?;
    let editions = forms::editions(&mut work, form.id).await?;
    let others: Vec<&Edition> = editions.iter().filter(|one| one.id != edition.id).collect();
    let named = others.iter().find(|one| one.id.to_string() == query.value("to"));
    // What a draft changes is what changes for those who fill the form in now.
    let in_force = others.iter().find(|one| edition.state == "draft" && one.state == "published");
    let before = others.iter().find(|one| one.number < edition.number);
    // An edition by itself differs from nothing.
    let old = named.or(in_force).or(before).or(others.last()).copied().unwrap_or(&edition);
    let p = Page::titled(&mut work, "form-difference").await?;
    let (was, is) = (actions::definition(&mut work, old.id).await?, actions::definition(&mut work, edition.id).await?);
    let later = old.number > edition.number;
    let (old_form, new_form) = if later { (is.form(), was.form()) } else { (was.form(), is.form()) };
    let (earlier, newer) = if later { (edition.id, old.id) } else { (old.id, edition.id) };
    let files = beside::between(&mut work, earlier, newer).await?;
    let changes = between(old_form, new_form);
    let teller = Teller::new(&p, old_form, new_form);
    let tab = |one: &&Edition| {
        let href = format!("{}/difference?to={}", edition_path(&edition), one.id);
        Tab { on: one.id == old.id, ..Tab::new(href, edition_name(&p, one)) }
    };
    let page = Show {
        back: edition_path(&edition),
        name: edition_name(&p, &edition),
        against: p.ta("form-difference-against", "edition", edition_name(&p, old)),
        earlier: others.iter().take(12).map(tab).collect(),
        summary: teller.summary(&changes),
        groups: teller.groups(&changes),
        files: files.iter().map(|file| beside::said(&p, file)).collect(),
        heads: ["form-change-what", "form-change-old", "form-change-new", "form-then"].map(|key| p.t(key)),
        more: changes.len() > MOST,
        p: p.clone(),
    };
    work.show_plain(page).await
}
