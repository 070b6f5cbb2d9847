//! Administration of templates: what stands where, an editor with a live preview, and the versions.
use axum::response::Response;

use super::{Edit, Template, faults};
use crate::access::Act;
use crate::error::{Error, FieldErrors};
use crate::letters::paper::{self, Answer, Card, Content, Discretion, Layout, Letterhead, Section};
use crate::letters::sample;
use crate::letters::store;
use crate::packs::letters::{Face, MESSAGE_FIELDS, PAPER_FIELDS, TEXTS};
use crate::packs::{LetterLayout, LetterTexts, Word};
use crate::platform::db::Work;
use crate::platform::lang::Lang;
use crate::platform::merge::{self, Fault};
use crate::web::conflict::{self, Asked, Compared};
use crate::web::form::Path;
use crate::web::{Form, Page, Routes};

/// The pages.
pub fn routes() -> Routes {
    Routes::new()
        .page("GET", "/admin/letters", index)
        .page("GET", "/admin/letters/{template}", show)
        .page("POST", "/admin/letters/{template}", update)
        .page("POST", "/admin/letters/{template}/preview", preview)
        .page("POST", "/admin/letters/{template}/paper", sheet)
}

/// `protection.referral_letter.fr`: pack, kind and language.
pub(super) fn named(name: &str) -> Result<(String, String, Lang), Error> {
    let mut parts = name.splitn(3, '.');
    let (Some(pack), Some(kind), Some(lang)) = (parts.next(), parts.next(), parts.next()) else { return Err(Error::NotFound) };
    let lang = Lang::ALL.into_iter().find(|known| known.code() == lang).ok_or(Error::NotFound)?;
    Ok((pack.to_owned(), kind.to_owned(), lang))
}

struct Row {
    title: String,
    layout: String,
    uses: String,
    // Address, language, and whether the organisation has its own words.
    langs: Vec<(String, &'static str, bool)>,
}

#[derive(askama::Template)]
#[template(path = "letters/html/templates.html")]
struct Index {
    p: Page,
    packs: Vec<(String, Vec<Row>)>,
    heads: [String; 4],
}

/// GET /admin/letters
async fn index(mut work: Work) -> Result<Response, Error> {
    work.may(Act::LetterTemplate)?;
    let p = Page::titled(&mut work, "template-title").await?;
    let (org, lang) = (work.standing.org, work.lang());
    let mut all = Vec::new();
    for (version, pack) in super::packs_in_use(&mut work).await? {
        let templates = super::all(&mut work, org, &pack, version).await?;
        let rows: Vec<Row> =
            templates.iter().filter(|known| known.lang == lang).map(|known| row(&p, known, &templates)).collect();
        if !rows.is_empty() {
            all.push((pack.title.get(lang).to_owned(), rows));
        }
    }
    let heads = ["name", "layout", "uses", "languages"].map(|head| p.t(&format!("template-head-{head}")));
    work.show_plain(Index { p, packs: all, heads }).await
}

fn row(p: &Page, template: &Template, all: &[Template]) -> Row {
    let in_langs = all.iter().filter(|known| known.kind == template.kind);
    Row {
        title: template.texts.title.clone(),
        layout: p.tc("template-layout", template.layout.as_str()),
        uses: p.list(template.uses.iter().map(|one| p.tc("letter-new", one.as_str()))),
        langs: in_langs
            .map(|known| {
                let path = format!("/admin/letters/{}.{}.{}", known.pinned.pack, known.kind, known.lang);
                (path, known.lang.own_name(), known.pinned.own.is_some())
            })
            .collect(),
    }
}

#[derive(askama::Template)]
#[template(path = "letters/html/template.html")]
struct Editor {
    p: Page,
    form: Form,
    path: String,
    title: String,
    lang: &'static str,
    lang_name: String,
    dir: &'static str,
    is_card: bool,
    own: bool,
    shown: Shown,
    message_fields: Vec<(String, String)>,
    paper_fields: Vec<(String, String)>,
    versions: Vec<(String, String, String)>,
    shipped: Vec<(String, String)>,
}

/// How the texts read with example values.
struct Shown {
    dir: &'static str,
    subject: String,
    message: String,
    heading: String,
    paragraphs: Vec<String>,
    faults: Vec<String>,
}

#[derive(askama::Template)]
#[template(path = "letters/html/template_preview.html")]
struct Swap {
    p: Page,
    shown: Shown,
}

fn blank(texts: &LetterTexts, version: i32) -> Form {
    let mut form = Form::blank(TEXTS.iter().map(|(name, _)| (*name, texts.get(name).trim().to_owned())));
    form.set("version", version.to_string());
    form
}

fn typed(form: &Form) -> LetterTexts {
    LetterTexts::from_each(|name| form.value(name).trim().to_owned())
}

/// GET /admin/letters/{template}
async fn show(mut work: Work, Path(name): Path<String>) -> Result<Response, Error> {
    work.may(Act::LetterTemplate)?;
    let (pack, kind, lang) = named(&name)?;
    let (template, _) = super::find(&mut work, &pack, &kind, lang).await?;
    let form = blank(&template.texts, template.version);
    let page = editor(&mut work, &name, form).await?;
    work.show_plain(page).await
}

/// POST /admin/letters/{template}: a new version; `go` = `back` puts the pack's own in force again.
async fn update(mut work: Work, Path(name): Path<String>, mut form: Form) -> Result<Response, Error> {
    work.may(Act::LetterTemplate)?;
    let (pack, kind, lang) = named(&name)?;
    let version = form.parsed_maybe::<i32>("version").unwrap_or(-1);
    let back = form.value("go") == "back";
    let texts = if back { None } else { Some(typed(&form)) };
    let edit = Edit { pack: &pack, kind: &kind, lang, version, texts };
    match super::edit(&mut work, edit).await {
        Ok(_) => work.then(&format!("/admin/letters/{name}"), if back { "template-back" } else { "template-saved" }).await,
        Err(Error::Invalid(errors)) => {
            let mut work = work.again().await?;
            let page = editor(&mut work, &name, form.with_errors(errors)).await?;
            work.show_again(&page)
        }
        Err(Error::Conflict(_)) => clash(work.again().await?, &name, &form).await,
        Err(error) => Err(error),
    }
}

async fn clash(mut work: Work, name: &str, mine: &Form) -> Result<Response, Error> {
    let (pack, kind, lang) = named(name)?;
    let (template, _) = super::find(&mut work, &pack, &kind, lang).await?;
    let theirs = blank(&template.texts, template.version);
    let reader = work.lang();
    let label = |field: &str| crate::platform::text::text(reader, &format!("template-text-{field}"));
    let compared = TEXTS.iter().map(|(field, _)| Compared::field(field, label(field), mine, &theirs)).collect();
    let action = format!("/admin/letters/{name}");
    let change = super::last_change(&mut work, &pack, &kind, lang).await?;
    let asked = Asked { action: action.clone(), back: action, mine, theirs: &theirs };
    conflict::show_after(work, change, asked, compared, String::new()).await
}

/// POST /admin/letters/{template}/preview: how the texts read with example values; nothing is kept.
async fn preview(mut work: Work, Path(name): Path<String>, form: Form) -> Result<Response, Error> {
    work.may(Act::LetterTemplate)?;
    let (pack, kind, lang) = named(&name)?;
    let (template, _) = super::find(&mut work, &pack, &kind, lang).await?;
    let p = Page::titled(&mut work, "template-title").await?;
    let shown = shown(&mut work, &p, &template, &typed(&form)).await?;
    work.show_plain(Swap { p, shown }).await
}

/// POST /admin/letters/{template}/paper: the very paper, with example values and an example code.
async fn sheet(mut work: Work, Path(name): Path<String>, form: Form) -> Result<Response, Error> {
    work.may(Act::LetterTemplate)?;
    let (pack, kind, lang) = named(&name)?;
    let (template, _) = super::find(&mut work, &pack, &kind, lang).await?;
    let texts = typed(&form);
    if !faults(&texts, template.layout).is_empty() {
        let errors = faults(&texts, template.layout);
        let page = editor(&mut work, &name, form.with_errors(errors)).await?;
        return work.show_again(&page);
    }
    let content = example(&mut work, &template, &texts).await?;
    work.commit().await?;
    let bytes = tokio::task::spawn_blocking(move || paper::render(&content)).await.map_err(anyhow::Error::from)??;
    Ok(crate::letters::pages::pdf(&format!("{kind}.{lang}.pdf"), bytes))
}

async fn example(work: &mut Work, template: &Template, texts: &LetterTexts) -> Result<Content, Error> {
    let lang = template.lang;
    let own = store::organisation(work, work.standing.org, lang).await?;
    let values = sample::values(lang, &own);
    let text = |name: &str| merge::render(texts.get(name), &values).unwrap_or_default().trim().to_owned();
    let (layout, discretion) = match template.layout {
        LetterLayout::Letter => (Layout::Letter, Discretion::Standard),
        LetterLayout::InterAgencyForm => (Layout::InterAgencyForm, Discretion::Standard),
        LetterLayout::AppointmentCard => (Layout::AppointmentCard, Discretion::CardOnly),
    };
    let need = crate::platform::text::text(lang, "packet-line-need");
    Ok(Content {
        layout,
        lang,
        discretion,
        letterhead: Letterhead { org_name: own.name.clone(), lines: own.head(), logo: own.logo.clone() },
        date: values.get("date").cloned().unwrap_or_default(),
        reference: sample::CODE.to_owned(),
        recipient: vec![values["to_organisation"].clone(), values["to_contact"].clone()],
        subject: text("heading"),
        paragraphs: paragraphs(&text("letter")),
        sections: vec![Section { title: need.clone(), rows: vec![(need, values["need"].clone())], withheld: false }],
        sender: vec![values["sender"].clone(), own.desk.clone()],
        answer: Some(Answer {
            url: format!("{}r/example", work.ground().base_url),
            address: format!("{}r", work.ground().base_url),
            short_code: "XXXXX-XXXXX".to_owned(),
            expires: values["due"].clone(),
        }),
        by_telephone: None,
        confidentiality: text("confidentiality"),
        form: (template.layout == LetterLayout::InterAgencyForm).then(paper::Form::default),
        card: (template.layout == LetterLayout::AppointmentCard).then(|| Card { phone: own.desk.clone(), ..Card::default() }),
    })
}

fn paragraphs(text: &str) -> Vec<String> {
    text.split("\n\n").map(|part| part.trim().to_owned()).filter(|part| !part.is_empty()).collect()
}

async fn shown(work: &mut Work, p: &Page, template: &Template, texts: &LetterTexts) -> Result<Shown, Error> {
    let own = store::organisation(work, work.standing.org, template.lang).await?;
    let values = sample::values(template.lang, &own);
    let errors = faults(texts, template.layout);
    let text = |name: &str| merge::render(texts.get(name), &values).unwrap_or_default().trim().to_owned();
    Ok(Shown {
        dir: template.lang.dir().attribute(),
        subject: text("subject"),
        message: text("message"),
        heading: text("heading"),
        paragraphs: paragraphs(&text("letter")),
        faults: told(p, texts, &errors),
    })
}

// Which text it is, on which of its lines, and which field or word.
fn told(p: &Page, texts: &LetterTexts, errors: &FieldErrors) -> Vec<String> {
    let slips = texts.slips();
    let line = |field: &str, code: &str| {
        let (text, error) = (p.tc("template-text", field), p.error(code));
        let Some((_, slip)) = slips.iter().find(|(name, _)| *name == field) else { return p.detailed(&text, &error) };
        let line = p.reader.digits(&p.ta("template-fault-line", "line", slip.line.to_string()));
        let place = format!("{text} ({line})");
        match &slip.fault {
            // Apart from the words around it, which may run the other way.
            Fault::Unknown(name) => format!("{} \u{2068}{{{{ {name} }}}}\u{2069}", p.detailed(&place, &error)),
            Fault::Broken => p.detailed(&place, &error),
            Fault::TooLong => p.detailed(&text, &error),
        }
    };
    errors.0.iter().map(|(field, code)| line(field, code)).collect()
}

async fn editor(work: &mut Work, name: &str, form: Form) -> Result<Editor, Error> {
    let (pack, kind, lang) = named(name)?;
    let (template, shipped) = super::find(work, &pack, &kind, lang).await?;
    let p = Page::titled(work, "template-title").await?;
    let org = work.standing.org;
    let history = super::history(work, org, &pack, &kind, lang).await?;
    let fields =
        |fields: &[&str]| fields.iter().map(|field| (format!("{{{{ {field} }}}}"), p.tc("template-field", field))).collect();
    let version = |own: &super::Own| {
        let what = if own.texts.is_some() { "template-version-own" } else { "template-version-back" };
        (p.ta(what, "version", own.version), own.by.clone(), p.moment(&own.at))
    };
    Ok(Editor {
        path: format!("/admin/letters/{name}"),
        title: template.texts.title.clone(),
        lang: lang.code(),
        lang_name: lang.own_name().to_owned(),
        dir: lang.dir().attribute(),
        is_card: template.layout == LetterLayout::AppointmentCard,
        own: template.pinned.own.is_some(),
        shown: shown(work, &p, &template, &typed(&form)).await?,
        message_fields: fields(MESSAGE_FIELDS),
        paper_fields: fields(PAPER_FIELDS),
        versions: history.iter().map(version).collect(),
        shipped: TEXTS
            .iter()
            .filter(|(name, face)| *face != Face::Plain && !shipped.texts.get(name).is_empty())
            .map(|(name, _)| (p.tc("template-text", name), shipped.texts.get(name).trim().to_owned()))
            .collect(),
        form,
        p,
    })
}
