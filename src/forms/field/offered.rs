//! Which forms may be filled in without a network, and their definitions.
use std::collections::BTreeMap;

use axum::Json;
use axum::response::{IntoResponse, Response};
use http::header;
use serde_json::{Value, json};
use url::form_urlencoded;
use uuid::Uuid;

use super::store;
use crate::access::Act;
use crate::error::Error;
use crate::forms::form::{Edition, Form};
use crate::forms::store as forms;
use crate::packs::{Sensitivity, Word};
use crate::platform::db::Work;
use crate::platform::ids::{EditionId, FormId};
use crate::web::Routes;
use crate::web::form::Path;

/// S20: what is filled in for a protected type is forgotten by the device after this many hours.
pub const PROTECTED_HOURS: u32 = 72;

/// The list and what it names.
pub(super) fn routes() -> Routes {
    Routes::new().page("GET", "/field/forms", index).page("GET", "/field/editions/{edition}", definition).page(
        "GET",
        "/field/editions/{edition}/media/{name}",
        media,
    )
}

/// How long a device may keep copies of a form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Offline {
    /// Not at all.
    Never,
    /// For some hours.
    Hours(u32),
    /// Until they are sent.
    UntilSent,
}

/// Whether a form may be filled in without a network before there is a case. What names no type could not be placed later.
pub fn offline(form: &Form, sensitivities: &[(i16, String)]) -> Offline {
    if !form.intake || form.case_types.is_empty() {
        return Offline::Never;
    }
    along(form, Sensitivity::Standard, sensitivities)
}

/// Whether a form may be filled in without a network for a case that is guarded so. Restricted types never (S20).
pub fn along(form: &Form, case: Sensitivity, sensitivities: &[(i16, String)]) -> Offline {
    let of = |id: &i16| sensitivities.iter().find(|(known, _)| known == id).map(|(_, sensitivity)| sensitivity.as_str());
    // A type that is not known here counts as the most guarded.
    let mut guarded: Vec<&str> = form.case_types.iter().map(|id| of(id).unwrap_or("restricted")).collect();
    guarded.push(case.as_str());
    if !form.offline || guarded.contains(&"restricted") {
        return Offline::Never;
    }
    if guarded.contains(&"protected") { Offline::Hours(PROTECTED_HOURS) } else { Offline::UntilSent }
}

/// GET /field/forms: the forms that may be filled in here now, and the actor's units. Six queries, however many forms there are.
async fn index(mut work: Work) -> Result<Response, Error> {
    work.may(Act::CaseEdit)?;
    let sensitivities = forms::sensitivities(&mut work).await?;
    let cleared = store::cleared_types(&mut work).await?;
    let all = forms::forms(&mut work).await?;
    // An organisation's own form stands before a pack's of the same code.
    let own: Vec<&str> = all.iter().filter(|form| form.org.is_some()).map(|form| form.code.as_str()).collect();
    let stands = |form: &&Form| form.org.is_some() || !own.contains(&form.code.as_str());
    // What is for nothing that the actor is cleared for could not wait here either.
    let serves = |form: &&Form| form.case_types.iter().any(|id| cleared.contains(id));
    let offered: BTreeMap<FormId, (&Form, Offline)> = all
        .iter()
        .filter(stands)
        .filter(serves)
        .map(|form| (form.id, (form, offline(form, &sensitivities))))
        .filter(|(_, (_, offline))| *offline != Offline::Never)
        .collect();
    let ids: Vec<FormId> = offered.keys().copied().collect();
    let editions = forms::published(&mut work, &ids).await?;
    let edition_ids: Vec<Uuid> = editions.iter().map(|edition| edition.id.0).collect();
    let media = store::media_names(&mut work, &edition_ids).await?;
    let listed: Vec<Value> = editions
        .iter()
        .filter_map(|edition| {
            let (form, offline) = offered.get(&edition.form_id)?;
            Some(told(form, edition, *offline, &media))
        })
        .collect();
    let units = crate::people::store::own_units(&mut work).await?;
    let units: Vec<Value> = units.into_iter().map(|(id, name)| json!({ "id": id, "name": name })).collect();
    work.commit().await?;
    Ok(Json(json!({ "forms": listed, "units": units })).into_response())
}

/// A form as a device is told of it: what it is, how long copies are kept, where its definition and the files beside it are.
pub fn told(form: &Form, edition: &Edition, offline: Offline, media: &[(Uuid, String)]) -> Value {
    let address = format!("/field/editions/{}", edition.id);
    let beside = media.iter().filter(|(of, _)| *of == edition.id.0);
    let beside = beside.map(|(_, name)| json!({ "name": name, "address": format!("{address}/media/{}", encoded(name)) }));
    json!({
        "edition": edition.id, "code": form.code, "version": edition.form_version, "title": form.title, "hash": edition.hash,
        "hours": match offline { Offline::Hours(hours) => Some(hours), _ => None },
        "household": form.subject == "household", "xform": address, "media": beside.collect::<Vec<_>>(),
    })
}

// As one part of a path.
fn encoded(name: &str) -> String {
    form_urlencoded::byte_serialize(name.as_bytes()).collect::<String>().replace('+', "%20")
}

/// GET /field/editions/{edition}: its XForm.
async fn definition(mut work: Work, Path(id): Path<EditionId>) -> Result<Response, Error> {
    work.may(Act::CaseEdit)?;
    let xform = forms::xform(&mut work, id).await?;
    work.commit().await?;
    Ok(([(header::CONTENT_TYPE, "application/xml; charset=utf-8")], xform).into_response())
}

/// GET /field/editions/{edition}/media/{name}: a file beside it. What it is its author said; a browser is told to believe nothing else.
async fn media(mut work: Work, Path((id, name)): Path<(EditionId, String)>) -> Result<Response, Error> {
    work.may(Act::CaseEdit)?;
    let (media, bytes) = forms::media_file(&mut work, id, &name).await?;
    work.commit().await?;
    let shown = ["image/png", "image/jpeg", "audio/mpeg", "audio/mp4", "video/mp4", "text/csv", "application/xml"];
    let kind = shown.into_iter().find(|kind| media.media_type == *kind).unwrap_or("application/octet-stream");
    Ok(([(header::CONTENT_TYPE, kind)], bytes).into_response())
}

#[cfg(test)]
mod tests {
    use super::{Offline, along, encoded, offline};
    use crate::forms::form::Form;
    use crate::packs::Sensitivity;
    use crate::platform::ids::FormId;

    fn form(case_types: &[i16]) -> Form {
        Form {
            id: FormId::new(),
            org: None,
            pack: None,
            code: "needs".to_owned(),
            title: "Needs".to_owned(),
            case_types: case_types.to_vec(),
            subject: "household".to_owned(),
            intake: true,
            offline: true,
            version: 1,
        }
    }

    #[test]
    fn s20_the_most_guarded_type_decides_how_long_a_device_keeps_a_form() {
        let known = [(1, "standard".to_owned()), (2, "protected".to_owned()), (3, "restricted".to_owned())];
        for (types, expected) in [
            (&[1][..], Offline::UntilSent),
            (&[1, 2], Offline::Hours(72)),
            (&[1, 2, 3], Offline::Never),
            (&[], Offline::Never),
            (&[1, 9], Offline::Never),
        ] {
            assert_eq!(offline(&form(types), &known), expected, "{types:?}");
        }
        assert_eq!(offline(&Form { offline: false, ..form(&[1]) }, &known), Offline::Never);
        assert_eq!(offline(&Form { intake: false, ..form(&[1]) }, &known), Offline::Never);
    }

    #[test]
    fn s20_what_is_taken_along_is_kept_as_the_case_and_its_form_allow() {
        let known = [(1, "standard".to_owned()), (2, "protected".to_owned()), (3, "restricted".to_owned())];
        let all = Form { intake: false, ..form(&[]) };
        for (types, case, expected) in [
            (&[][..], Sensitivity::Standard, Offline::UntilSent),
            (&[], Sensitivity::Protected, Offline::Hours(72)),
            (&[1, 2], Sensitivity::Standard, Offline::Hours(72)),
            (&[], Sensitivity::Restricted, Offline::Never),
            (&[1, 3], Sensitivity::Standard, Offline::Never),
        ] {
            let form = Form { case_types: types.to_vec(), ..all.clone() };
            assert_eq!(along(&form, case, &known), expected, "{types:?} {case:?}");
        }
        assert_eq!(along(&Form { offline: false, ..all }, Sensitivity::Standard, &known), Offline::Never);
    }

    #[test]
    fn the_name_of_a_file_is_one_part_of_a_path() {
        assert_eq!(encoded("a b/../ä.csv"), "a%20b%2F..%2F%C3%A4.csv");
    }
}
