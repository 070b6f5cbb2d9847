//! A form: its editions, who may fill it in and where, and which rules know its answers.
use askama::Template;
use axum::response::Response;

use super::super::actions::{self, Terms};
use super::super::store;
use super::upload::{self, TermsFields};
use super::{edition_name, edition_path, list, path, places, state};
use crate::access::Act;
use crate::error::Error;
use crate::forms::store as forms;
use crate::forms::{Edition, Form};
use crate::packs;
use crate::platform::db::Work;
use crate::platform::ids::FormId;
use crate::web::conflict::{self, Asked, Compared};
use crate::web::form::Path;
use crate::web::parts::{Badge, Entry};
use crate::web::{Form as Fields, Page};

#[derive(Template)]
#[template(path = "forms/admin/html/form.html")]
struct Show {
    p: Page,
    form: Fields,
    path: String,
    title: String,
    code: String,
    own: bool,
    pack: String,
    summary: Vec<Entry>,
    editions: Vec<Row>,
    heads: [String; 5],
    terms: TermsFields,
    fields: Vec<(String, String)>,
    exports: bool,
}

struct Row {
    href: String,
    name: String,
    state: Badge,
    when: String,
    by: String,
    questions: String,
    difference: String,
}

/// GET /forms/{form}
pub async fn show(mut work: Work, Path(id): Path<FormId>) -> Result<Response, Error> {
    let form = actions::form(&mut work, id).await?;
    work.may(Act::FormManage)?;
    let page = page(&mut work, &form, blank(&form)).await?;
    work.show_plain(page).await
}

/// POST /forms/{form}: who may fill it in.
pub async fn update(mut work: Work, Path(id): Path<FormId>, mut fields: Fields) -> Result<Response, Error> {
    let form = actions::form(&mut work, id).await?;
    let version = fields.parsed_maybe::<i32>("version").unwrap_or(-1);
    let terms = upload::terms(&mut fields);
    let changed = match fields.check() {
        Ok(()) => actions::change(&mut work, &form, version, &terms).await,
        Err(error) => Err(error),
    };
    match changed {
        Ok(()) => work.then(&path(&form), "form-terms-kept").await,
        Err(Error::Invalid(errors)) => {
            let mut work = work.again().await?;
            work.may(Act::FormManage)?;
            let page = page(&mut work, &form, fields.with_errors(errors)).await?;
            work.show_again(&page)
        }
        Err(Error::Conflict(_)) => clash(work.again().await?, &form, &fields).await,
        Err(error) => Err(error),
    }
}

async fn clash(mut work: Work, form: &Form, mine: &Fields) -> Result<Response, Error> {
    let form = actions::form(&mut work, form.id).await?;
    let theirs = blank(&form);
    let p = Page::plain(work.lang(), "", work.now());
    let fields =
        [("subject", "form-subject"), ("case_types", "form-case-types"), ("offline", "form-offline"), ("intake", "form-intake")];
    let compared = fields.map(|(name, label)| Compared::field(name, p.t(label), mine, &theirs)).to_vec();
    conflict::show(work, Asked { action: path(&form), back: path(&form), mine, theirs: &theirs }, compared).await
}

fn blank(form: &Form) -> Fields {
    let terms = Terms::of(form);
    let mut fields = Fields::blank([("subject", terms.subject), ("version", form.version.to_string())]);
    fields.set_all("case_types", terms.case_types.iter().map(ToString::to_string).collect());
    for (name, on) in [("offline", terms.offline), ("intake", terms.intake)] {
        if on {
            fields.set(name, "true");
        }
    }
    fields
}

async fn page(work: &mut Work, form: &Form, fields: Fields) -> Result<Show, Error> {
    let p = Page::of(work, form.title.clone()).await?;
    let editions = forms::editions(work, form.id).await?;
    let lines = store::lines(work, &[form.id]).await?;
    let types = store::case_types(work).await?;
    let named = |id: &i16| types.iter().find(|known| known.id == *id).map(|known| known.label.clone()).unwrap_or_default();
    let for_types =
        if form.case_types.is_empty() { p.t("form-case-types-all") } else { p.list(form.case_types.iter().map(named)) };
    let standard = !form.case_types.is_empty()
        && form.case_types.iter().all(|id| types.iter().any(|known| known.id == *id && known.sensitivity == "standard"));
    let terms = upload::terms_fields(work, &p).await?;
    let summary = vec![
        Entry::new(p.t("form-subject"), p.tc("form-subject", &form.subject)),
        Entry::new(p.t("form-case-types"), for_types),
        Entry::new(p.t("forms-head-where"), places(&p, form)),
        Entry::new(p.t("forms-head-filled"), list::filled(&p, lines.first(), standard)),
    ];
    Ok(Show {
        path: path(form),
        title: form.title.clone(),
        code: form.code.clone(),
        own: form.org.is_some(),
        pack: form.pack.clone().unwrap_or_default(),
        summary,
        editions: rows(&p, &editions),
        heads: ["edition", "state", "when", "by", "questions"].map(|head| p.t(&format!("form-head-{head}"))),
        terms,
        fields: used(work, form).await?,
        exports: super::super::export::may(work).is_ok(),
        form: fields,
        p,
    })
}

fn rows(p: &Page, editions: &[Edition]) -> Vec<Row> {
    let row = |(at, edition): (usize, &Edition)| Row {
        href: edition_path(edition),
        name: edition_name(p, edition),
        state: state(p, &edition.state),
        when: p.moment(&edition.retired_at.or(edition.published_at).unwrap_or(edition.recorded_at)),
        by: edition.uploaded_by_name.clone(),
        questions: p.number(edition.questions),
        difference: if at + 1 < editions.len() { format!("{}/difference", edition_path(edition)) } else { String::new() },
    };
    editions.iter().enumerate().map(row).collect()
}

// The fields that rules know by name and that this form asks: what they are called, and where.
async fn used(work: &mut Work, form: &Form) -> Result<Vec<(String, String)>, Error> {
    let lang = work.lang();
    let mut used = Vec::new();
    for (_, pack) in packs::store::newest(work).await? {
        let of = pack.fields.iter().filter(|field| field.form.as_deref() == Some(form.code.as_str()));
        used.extend(of.map(|field| {
            let name = if field.of_member { format!("member.{}", field.name) } else { format!("household.{}", field.name) };
            (field.labels.get(lang).to_owned(), name)
        }));
    }
    used.dedup();
    Ok(used)
}
