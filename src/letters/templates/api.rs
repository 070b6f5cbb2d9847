//! Templates over REST. A change names the version that was read.
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use utoipa::{OpenApi, ToSchema};

use super::{Edit, Template};
use crate::access::Act;
use crate::api::{Asked, IfMatch, Paged, versioned};
use crate::error::Error;
use crate::packs::{LetterTexts, Word};
use crate::platform::db::Work;
use crate::platform::lang::Lang;
use crate::web::Routes;
use crate::web::form::Path;

/// The calls and their description.
pub fn routes() -> Routes {
    Routes::new()
        .api("GET", "/api/v1/letter-templates", index)
        .api("GET", "/api/v1/letter-templates/{template}", show)
        .api("PUT", "/api/v1/letter-templates/{template}", update)
        .described::<Described>()
}

#[derive(OpenApi)]
#[openapi(paths(index, show, update))]
struct Described;

/// A letter template as the organisation uses it now.
#[derive(Debug, Serialize, ToSchema)]
pub struct TemplateWire {
    /// `<pack>.<kind>.<language>`.
    pub name: String,
    /// `letter`, `inter_agency_form` or `appointment_card`.
    pub layout: &'static str,
    /// For which referrals: `case_transfer`, `within`, `outside`.
    pub uses: Vec<&'static str>,
    /// Whether the organisation has its own words in force.
    pub own: bool,
    /// The number of the organisation's newest version; 0 if it never edited.
    pub version: i32,
    /// The texts, with their merge fields.
    pub texts: TextsWire,
}

/// The texts of a template.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct TextsWire {
    /// What people choose it by.
    pub title: String,
    /// The message's subject; no field of a person may stand in it.
    #[serde(default)]
    pub subject: String,
    /// The message's text; likewise.
    #[serde(default)]
    pub message: String,
    /// The subject on the paper.
    pub heading: String,
    /// The paragraphs on the paper, an empty line between them.
    pub letter: String,
    /// The line at the foot of each page; empty for the layout's own.
    #[serde(default)]
    pub confidentiality: String,
}

impl TextsWire {
    fn of(texts: &LetterTexts) -> Self {
        let text = |name: &str| texts.get(name).trim().to_owned();
        Self {
            title: text("title"),
            subject: text("subject"),
            message: text("message"),
            heading: text("heading"),
            letter: text("letter"),
            confidentiality: text("confidentiality"),
        }
    }

    fn read(&self) -> LetterTexts {
        LetterTexts {
            title: self.title.clone(),
            subject: self.subject.clone(),
            message: self.message.clone(),
            heading: self.heading.clone(),
            letter: self.letter.clone(),
            confidentiality: self.confidentiality.clone(),
        }
    }
}

fn wire(template: &Template) -> TemplateWire {
    TemplateWire {
        name: format!("{}.{}.{}", template.pinned.pack, template.kind, template.lang),
        layout: template.layout.as_str(),
        uses: template.uses.iter().map(|one| one.as_str()).collect(),
        own: template.pinned.own.is_some(),
        version: template.version,
        texts: TextsWire::of(&template.texts),
    }
}

fn named(name: &str) -> Result<(String, String, Lang), Error> {
    super::pages::named(name)
}

/// Every letter template, as the organisation uses it now.
#[utoipa::path(get, path = "/api/v1/letter-templates", tag = "letters", responses((status = 200, body = Paged<TemplateWire>)))]
async fn index(mut work: Work) -> Result<Response, Error> {
    work.may(Act::LetterTemplate)?;
    let org = work.standing.org;
    let mut items = Vec::new();
    for (version, pack) in super::packs_in_use(&mut work).await? {
        items.extend(super::all(&mut work, org, &pack, version).await?.iter().map(wire));
    }
    work.commit().await?;
    Ok(axum::Json(Paged { items, next: None }).into_response())
}

/// One letter template.
#[utoipa::path(get, path = "/api/v1/letter-templates/{template}", tag = "letters", params(("template" = String, Path)),
  responses((status = 200, body = TemplateWire)))]
async fn show(mut work: Work, Path(name): Path<String>) -> Result<Response, Error> {
    work.may(Act::LetterTemplate)?;
    let (pack, kind, lang) = named(&name)?;
    let (template, _) = super::find(&mut work, &pack, &kind, lang).await?;
    work.commit().await?;
    Ok(versioned(template.version, wire(&template)))
}

/// A new version of the organisation's own; letters that were sent keep theirs.
#[utoipa::path(put, path = "/api/v1/letter-templates/{template}", tag = "letters", params(("template" = String, Path)),
  request_body = TextsWire, responses((status = 200, body = TemplateWire)))]
async fn update(mut work: Work, Path(name): Path<String>, version: IfMatch, asked: Asked<TextsWire>) -> Result<Response, Error> {
    work.may(Act::LetterTemplate)?;
    let (pack, kind, lang) = named(&name)?;
    let edit = Edit { pack: &pack, kind: &kind, lang, version: version.0, texts: Some(asked.body.read()) };
    super::edit(&mut work, edit).await?;
    let (template, _) = super::find(&mut work, &pack, &kind, lang).await?;
    work.commit().await?;
    Ok(versioned(template.version, wire(&template)))
}
