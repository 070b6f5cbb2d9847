//! The forms a caller may fill: the list, each form with its hash, and the files beside it.
use std::fmt::Write;

use axum::response::Response;
use http::StatusCode;

use super::answer::escaped;
use super::case_list;
use super::door::Caller;
use super::store::{self, Offered};
use crate::audit::{About, Fact};
use crate::error::Error;
use crate::forms::store as kept;
use crate::platform::ids::EditionId;
use crate::web::form::{Path, Query};

const HEAD: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";

/// GET /openrosa/formList and the same under a key.
pub(super) async fn list(mut caller: Caller, Query(query): Query) -> Response {
    let wanted = Some(query.value("formID")).filter(|code| !code.is_empty());
    match store::offered(&mut caller.work, caller.is_vouched, wanted).await {
        Ok(forms) => {
            let body = listed(&forms, &caller.root, query.value("verbose") == "true");
            caller.show(StatusCode::OK, body).await
        }
        Err(error) => caller.refuse(error).await,
    }
}

fn listed(forms: &[Offered], root: &str, is_verbose: bool) -> String {
    let mut out = format!("{HEAD}<xforms xmlns=\"http://openrosa.org/xforms/xformsList\">");
    for form in forms {
        let (code, title, version) = (escaped(&form.code), escaped(&form.title), escaped(&form.form_version));
        // Writing to a String cannot fail.
        let _ = write!(
            out,
            "<xform><formID>{code}</formID><name>{title}</name><version>{version}</version><hash>md5:{}</hash>",
            form.hash
        );
        if is_verbose {
            let _ = write!(out, "<descriptionText>{title}</descriptionText>");
        }
        let _ = write!(out, "<downloadUrl>{root}/forms/{}.xml</downloadUrl>", form.id);
        if form.has_files || form.names_cases {
            let _ = write!(out, "<manifestUrl>{root}/forms/{}/manifest</manifestUrl>", form.id);
        }
        out.push_str("</xform>");
    }
    out + "</xforms>"
}

/// GET /openrosa/forms/{edition}: the form itself, `{edition}.xml`.
pub(super) async fn show(caller: Caller, Path(edition): Path<String>) -> Response {
    served(caller, &edition).await
}

/// The same under a key.
pub(super) async fn show_by_key(caller: Caller, Path((_, edition)): Path<(String, String)>) -> Response {
    served(caller, &edition).await
}

async fn served(mut caller: Caller, name: &str) -> Response {
    match xform(&mut caller, name).await {
        Ok(xform) => caller.show(StatusCode::OK, xform).await,
        Err(error) => caller.refuse(error).await,
    }
}

async fn xform(caller: &mut Caller, name: &str) -> Result<String, Error> {
    let form = find(caller, name.strip_suffix(".xml").ok_or(Error::NotFound)?).await?;
    kept::xform(&mut caller.work, form.id).await
}

// Only what is on the caller's list: whoever learns of an address gets no more by it.
async fn find(caller: &mut Caller, edition: &str) -> Result<Offered, Error> {
    let id: EditionId = edition.parse().map_err(|_| Error::NotFound)?;
    let offered = store::offered(&mut caller.work, caller.is_vouched, None).await?;
    offered.into_iter().find(|form| form.id == id).ok_or(Error::NotFound)
}

/// GET /openrosa/forms/{edition}/manifest
pub(super) async fn manifest(caller: Caller, Path(edition): Path<String>) -> Response {
    manifested(caller, &edition).await
}

/// The same under a key.
pub(super) async fn manifest_by_key(caller: Caller, Path((_, edition)): Path<(String, String)>) -> Response {
    manifested(caller, &edition).await
}

async fn manifested(mut caller: Caller, edition: &str) -> Response {
    match files(&mut caller, edition).await {
        Ok((form, files)) => {
            let body = written(&form, &files, &caller.root);
            caller.show(StatusCode::OK, body).await
        }
        Err(error) => caller.refuse(error).await,
    }
}

async fn files(caller: &mut Caller, edition: &str) -> Result<(Offered, Vec<File>), Error> {
    let form = find(caller, edition).await?;
    let beside = kept::media(&mut caller.work, form.id).await?;
    let mut files: Vec<File> = beside.into_iter().map(|file| File { name: file.name, hash: file.hash }).collect();
    if form.names_cases && !files.iter().any(|file| file.name == case_list::FILE) {
        let list = case_list::written(&mut caller.work, &form.case_types).await?;
        files.push(File { name: case_list::FILE.to_owned(), hash: kept::digest(&mut caller.work, &list.csv).await? });
    }
    Ok((form, files))
}

// A line of the manifest.
struct File {
    name: String,
    hash: String,
}

fn written(form: &Offered, files: &[File], root: &str) -> String {
    let mut out = format!("{HEAD}<manifest xmlns=\"http://openrosa.org/xforms/xformsManifest\">");
    for file in files {
        // Collect keeps a list of entities as records that a form can search, and takes out of it what the next one no longer holds.
        let kind = if file.name == case_list::FILE && form.names_cases { " type=\"entityList\"" } else { "" };
        let address: String = url::form_urlencoded::byte_serialize(file.name.as_bytes()).collect();
        let (name, address) = (escaped(&file.name), address.replace('+', "%20"));
        let _ = write!(
            out,
            "<mediaFile{kind}><filename>{name}</filename><hash>md5:{}</hash><downloadUrl>{root}/forms/{}/media/{address}</downloadUrl></mediaFile>",
            file.hash, form.id
        );
    }
    out + "</manifest>"
}

/// GET /openrosa/forms/{edition}/media/{name}
pub(super) async fn media(caller: Caller, Path((edition, name)): Path<(String, String)>) -> Response {
    handed(caller, &edition, &name).await
}

/// The same under a key.
pub(super) async fn media_by_key(caller: Caller, Path((_, edition, name)): Path<(String, String, String)>) -> Response {
    handed(caller, &edition, &name).await
}

async fn handed(mut caller: Caller, edition: &str, name: &str) -> Response {
    match file(&mut caller, edition, name).await {
        Ok((media_type, bytes)) => caller.hand_over(&media_type, bytes).await,
        Err(error) => caller.refuse(error).await,
    }
}

async fn file(caller: &mut Caller, edition: &str, name: &str) -> Result<(String, Vec<u8>), Error> {
    let form = find(caller, edition).await?;
    match kept::media_file(&mut caller.work, form.id, name).await {
        Ok((file, bytes)) => return Ok((file.media_type, bytes)),
        Err(Error::NotFound) => {}
        Err(error) => return Err(error),
    }
    if !form.names_cases || name != case_list::FILE {
        return Err(Error::NotFound);
    }
    let list = case_list::written(&mut caller.work, &form.case_types).await?;
    // Whom a list names was looked at, on whatever screen.
    let about = About::subjects(list.cases.iter().map(|case| case.0)).note(serde_json::json!({ "page": "cases.csv" }));
    caller.work.record(Fact::Viewed, about).await?;
    Ok(("text/csv; charset=utf-8".to_owned(), list.csv))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn household(names_cases: bool) -> Offered {
        Offered {
            id: EditionId(uuid::Uuid::from_u128(7)),
            code: "household".into(),
            title: "Needs & wishes".into(),
            form_version: "3".into(),
            hash: "0f".into(),
            case_types: vec![3],
            has_files: false,
            names_cases,
        }
    }

    #[test]
    fn a_form_with_files_says_where_they_are_listed() {
        let root = "https://care.example/openrosa";
        let plain = listed(&[household(false)], root, false);
        assert!(
            !plain.contains("manifestUrl")
                && plain.contains("<name>Needs &amp; wishes</name><version>3</version><hash>md5:0f</hash>")
        );
        assert!(listed(&[household(true)], root, true).contains("/manifest</manifestUrl>"));
        let files = [File { name: "a b&c.jpg".into(), hash: "1e".into() }, File { name: "cases.csv".into(), hash: "2d".into() }];
        let manifest = written(&household(true), &files, root);
        assert!(
            manifest.contains("<filename>a b&amp;c.jpg</filename>") && manifest.contains("/media/a%20b%26c.jpg</downloadUrl>")
        );
        assert_eq!(manifest.matches("type=\"entityList\"").count(), 1);
    }
}
