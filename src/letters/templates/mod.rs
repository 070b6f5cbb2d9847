//! Templates in force: those of the pack, and over them the organisation's own versions.
//!
//! A version never changes: an edit adds one, and going back to the pack's adds one without texts. A submitted letter names the version
//! it was written with, so that it can always be said which words were the organisation's.
pub mod api;
pub mod pages;

use std::sync::Arc;

use serde_json::json;
use uuid::Uuid;

use super::letter::Pinned;
use crate::access::Act;
use crate::audit::{About, Fact};
use crate::error::{Clash, Error, FieldErrors, same_version};
use crate::packs::letters::{Face, TEXTS};
use crate::packs::{self, LetterLayout, LetterTemplate, LetterTexts, LetterUse, Pack};
use crate::platform::db::Work;
use crate::platform::ids::OrgId;
use crate::platform::lang::Lang;
use crate::platform::merge::{Fault, Slip};
use crate::web::conflict::Change;

/// A template as an organisation uses it now.
#[derive(Clone, Debug)]
pub struct Template {
    pub kind: String,
    pub lang: Lang,
    pub layout: LetterLayout,
    pub uses: Vec<LetterUse>,
    pub texts: LetterTexts,
    /// Where the texts come from.
    pub pinned: Pinned,
    /// The number of the organisation's newest version; 0 if it never edited.
    pub version: i32,
}

/// One of an organisation's own versions.
#[derive(Clone, Debug)]
pub struct Own {
    pub id: Uuid,
    pub kind: String,
    pub lang: String,
    pub version: i32,
    pub texts: Option<LetterTexts>,
    pub by: String,
    pub at: chrono::DateTime<chrono::Utc>,
}

/// The newest version of each template that an organisation edited.
async fn newest_own(work: &mut Work, org: OrgId, pack: &str) -> Result<Vec<Own>, Error> {
    let rows = sqlx::query!(
        "select distinct on (kind, lang) id, kind, lang, version, body, written_by_name, recorded_at from letter_templates
         where org = $1 and pack = $2 order by kind, lang, version desc",
        org,
        pack
    )
    .fetch_all(work.db())
    .await?;
    let own = |body: Option<serde_json::Value>| body.map(serde_json::from_value).transpose().map_err(anyhow::Error::from);
    rows.into_iter()
        .map(|row| {
            Ok(Own {
                id: row.id,
                kind: row.kind,
                lang: row.lang,
                version: row.version,
                texts: own(row.body)?,
                by: row.written_by_name,
                at: row.recorded_at,
            })
        })
        .collect()
}

/// Every version that an organisation wrote of one template, the newest first.
pub async fn history(work: &mut Work, org: OrgId, pack: &str, kind: &str, lang: Lang) -> Result<Vec<Own>, Error> {
    let rows = sqlx::query!(
        "select id, version, body is null as \"back!\", written_by_name, recorded_at from letter_templates
         where org = $1 and pack = $2 and kind = $3 and lang = $4 order by version desc limit 100",
        org,
        pack,
        kind,
        lang.code()
    )
    .fetch_all(work.db())
    .await?;
    let own = rows.into_iter().map(|row| Own {
        id: row.id,
        kind: kind.to_owned(),
        lang: lang.code().to_owned(),
        version: row.version,
        texts: (!row.back).then(LetterTexts::default),
        by: row.written_by_name,
        at: row.recorded_at,
    });
    Ok(own.collect())
}

fn in_force(shipped: &LetterTemplate, own: &[Own], pack: &Pack, pack_version: i32) -> Template {
    let own = own.iter().find(|own| own.kind == shipped.kind && own.lang == shipped.lang.code());
    let edited = own.and_then(|own| own.texts.clone().map(|texts| (own.id, texts)));
    let pinned = Pinned { pack: pack.name.clone(), pack_version, own: edited.as_ref().map(|(id, _)| *id) };
    Template {
        kind: shipped.kind.clone(),
        lang: shipped.lang,
        layout: shipped.layout,
        uses: shipped.uses.clone(),
        texts: edited.map_or_else(|| shipped.texts.clone(), |(_, texts)| texts),
        pinned,
        version: own.map_or(0, |own| own.version),
    }
}

/// Every template of a pack as an organisation uses it now.
pub async fn all(work: &mut Work, org: OrgId, pack: &Pack, pack_version: i32) -> Result<Vec<Template>, Error> {
    let own = newest_own(work, org, &pack.name).await?;
    Ok(pack.letters.iter().map(|shipped| in_force(shipped, &own, pack, pack_version)).collect())
}

/// The newest packs that the actor's organisation works with, with their numbers: its members hold their roles, or are cleared for their
/// case types by roles of its own. Letters of other packs are none of its business.
pub async fn packs_in_use(work: &mut Work) -> Result<Vec<(i32, Arc<Pack>)>, Error> {
    let org = work.standing.org;
    let held = sqlx::query!(
        "select distinct r.code, r.org is null as \"shipped!\", r.cleared from memberships m join roles r on r.id = m.role
         where m.org = $1 and m.ended_at is null",
        org
    )
    .fetch_all(work.db())
    .await?;
    let mut packs = packs::store::newest(work).await?;
    packs.retain(|(_, pack)| {
        let cleared = |types: &[i16]| pack.case_types.iter().any(|one| types.contains(&i16::from(one.id)));
        held.iter().any(|role| (role.shipped && pack.role(&role.code).is_some()) || cleared(&role.cleared))
    });
    Ok(packs)
}

/// One template of a pack in use as the actor's organisation uses it now, with the pack's own.
pub async fn find(work: &mut Work, pack: &str, kind: &str, lang: Lang) -> Result<(Template, LetterTemplate), Error> {
    let org = work.standing.org;
    let packs = packs_in_use(work).await?;
    let (version, pack) = packs.into_iter().find(|(_, known)| known.name == pack).ok_or(Error::NotFound)?;
    let shipped = pack.letter(kind, lang).ok_or(Error::NotFound)?;
    let own = newest_own(work, org, &pack.name).await?;
    Ok((in_force(shipped, &own, &pack, version), shipped.clone()))
}

/// Which template is meant, and over which version it is edited.
pub struct Edit<'a> {
    pub pack: &'a str,
    pub kind: &'a str,
    pub lang: Lang,
    /// The version that was read.
    pub version: i32,
    /// The new texts; none puts the pack's own back in force.
    pub texts: Option<LetterTexts>,
}

/// Adds a version of the organisation's own. The same words again by the same hand, as a second click sends them, add none.
pub async fn edit(work: &mut Work, edit: Edit<'_>) -> Result<i32, Error> {
    work.may(Act::LetterTemplate)?;
    let (template, shipped) = find(work, edit.pack, edit.kind, edit.lang).await?;
    let body = edit.texts.as_ref().map(serde_json::to_value).transpose().map_err(anyhow::Error::from)?;
    let version = edit.version + 1;
    if [edit.version, version].contains(&template.version) && is_mine(work, &edit, template.version, body.as_ref()).await? {
        return Ok(template.version);
    }
    same_version(template.version, edit.version)?;
    if let Some(texts) = &edit.texts {
        faults(texts, shipped.layout).or_ok()?;
    }
    let (org, me, name, now) = (work.standing.org, work.me()?, work.standing.name.clone(), work.now());
    let made = sqlx::query!(
        "insert into letter_templates (id, org, pack, kind, lang, version, body, written_by, written_by_name, recorded_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) on conflict do nothing",
        Uuid::now_v7(),
        org,
        edit.pack,
        edit.kind,
        edit.lang.code(),
        version,
        body.as_ref(),
        me.0,
        name,
        now
    )
    .execute(work.db())
    .await?;
    if made.rows_affected() != 1 {
        // The other click of two was the faster.
        let mine = is_mine(work, &edit, version, body.as_ref()).await?;
        return if mine { Ok(version) } else { Err(Error::Conflict(Clash::Stale)) };
    }
    let how = if body.is_none() { "back_to_pack" } else { "edited" };
    let note = json!({ "pack": edit.pack, "kind": edit.kind, "lang": edit.lang.code(), "version": version, "how": how });
    work.record(Fact::LetterTemplateChanged, About::default().note(note)).await?;
    Ok(version)
}

// Who wrote the organisation's newest version of a template, and whether that was the actor.
async fn last_change(work: &mut Work, pack: &str, kind: &str, lang: Lang) -> Result<Option<Change>, Error> {
    let (org, me) = (work.standing.org, work.me()?);
    let newest = sqlx::query_as!(
        Change,
        "select written_by_name as by_name, written_by = $5 as \"is_own!\" from letter_templates
         where org = $1 and pack = $2 and kind = $3 and lang = $4 order by version desc limit 1",
        org,
        pack,
        kind,
        lang.code(),
        me.0
    )
    .fetch_optional(work.db())
    .await?;
    Ok(newest)
}

// Whether this version says just this and is the actor's own.
async fn is_mine(work: &mut Work, edit: &Edit<'_>, version: i32, body: Option<&serde_json::Value>) -> Result<bool, Error> {
    let (org, me) = (work.standing.org, work.me()?);
    let mine = sqlx::query_scalar!(
        "select exists (select from letter_templates where org = $1 and pack = $2 and kind = $3 and lang = $4 and version = $5
           and written_by = $6 and body is not distinct from $7) as \"mine!\"",
        org,
        edit.pack,
        edit.kind,
        edit.lang.code(),
        version,
        me.0,
        body
    )
    .fetch_one(work.db())
    .await?;
    Ok(mine)
}

/// What is wrong with edited texts, beside their fields.
pub fn faults(texts: &LetterTexts, layout: LetterLayout) -> FieldErrors {
    let mut errors = FieldErrors::default();
    for (name, face) in TEXTS {
        let optional = *name == "confidentiality" || (*face == Face::Message && layout == LetterLayout::AppointmentCard);
        if texts.get(name).trim().is_empty() && !optional {
            errors.add(name, "required");
        }
    }
    if texts.subject.trim().contains('\n') {
        errors.add("subject", "one_line");
    }
    for (name, slip) in texts.slips() {
        errors.add(name, code_of(name, &slip));
    }
    errors
}

// A field of a person in the open message is another mistake than a field that there is nowhere.
fn code_of(name: &str, slip: &Slip) -> &'static str {
    let face = TEXTS.iter().find(|(known, _)| *known == name).map_or(Face::Plain, |(_, face)| *face);
    match &slip.fault {
        Fault::Unknown(field) if face != Face::Paper && packs::letters::PAPER_FIELDS.contains(&field.as_str()) => {
            "field_in_the_open"
        }
        Fault::Unknown(_) => "unknown_merge_field",
        Fault::Broken => "template_broken",
        Fault::TooLong => "too_long",
    }
}
