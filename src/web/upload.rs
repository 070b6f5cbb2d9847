//! An uploaded file with its form, or several. The session's token must be the first field: nothing of a forged upload is read past it. What
//! a device sends comes without session, and is read part by part.
use axum::extract::Request;
use http::header;

use crate::error::{Error, invalid};
use crate::platform::db::Work;
use crate::web::form::Form;
use crate::web::gate;

/// No file is larger than this.
pub const MOST_BYTES: usize = 15 * 1024 * 1024;

/// All files of one request together are no larger than this.
const MOST_BYTES_TOGETHER: usize = 64 * 1024 * 1024;
/// What stands beside a single file is no larger than this.
const MOST_BESIDE: usize = 1024 * 1024;
/// No token is longer.
const LONGEST_TOKEN: usize = 200;
/// No upload brings more files than this.
const MOST_FILES: usize = 100;

/// The fields beside the files together are no larger than this: the answers of a long form.
const MOST_WORDS: usize = 4 * 1024 * 1024;

/// A part of what a device sent.
pub struct Part {
    /// The name of the field.
    pub name: String,
    /// The name of the file, where it is one.
    pub file: Option<String>,
    /// What it holds.
    pub bytes: Vec<u8>,
}

/// More parts than this come from no device.
const MOST_PARTS: usize = 200;

/// Reads the parts of a request of at most so many bytes, of somebody whom the caller has let in by other means than a session.
#[expect(clippy::disallowed_types, reason = "with the reading below, the one place that reads multipart requests")]
pub async fn parts(request: Request, most: usize) -> Result<Vec<Part>, Error> {
    use axum::extract::{FromRequest, Multipart};
    let request = request.map(|body| axum::body::Body::new(http_body_util::Limited::new(body, most)));
    let mut multipart = Multipart::from_request(request, &()).await.map_err(|_| invalid("", "not_understood"))?;
    let mut parts = Vec::new();
    while let Some(field) = multipart.next_field().await.map_err(|error| unread(&error))? {
        if parts.len() == MOST_PARTS {
            return Err(invalid("", "too_large"));
        }
        let (name, file) = (field.name().unwrap_or_default().to_owned(), field.file_name().map(ToOwned::to_owned));
        let bytes = field.bytes().await.map_err(|error| unread(&error))?.to_vec();
        parts.push(Part { name, file, bytes });
    }
    Ok(parts)
}

// A body that breaks off is no body that is too large: the sender tries the same again.
fn unread(error: &axum::extract::multipart::MultipartError) -> Error {
    let too_large = error.status() == http::StatusCode::PAYLOAD_TOO_LARGE;
    invalid("", if too_large { "too_large" } else { "not_understood" })
}

// What a field holds, unless it is more than this: then it is not read to its end.
async fn held(field: &mut axum::extract::multipart::Field<'_>, most: usize) -> Result<Option<Vec<u8>>, Error> {
    let mut bytes = Vec::new();
    while let Some(chunk) = field.chunk().await.map_err(|_| invalid("file", "too_large"))? {
        if bytes.len() + chunk.len() > most {
            return Ok(None);
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(Some(bytes))
}

/// One file and the fields around it.
pub struct Upload {
    /// The other fields.
    pub form: Form,
    /// The file's bytes; empty when none was chosen.
    pub bytes: Vec<u8>,
    /// The name it had on the sender's device. Never stored in the open: names of files carry names of people.
    pub name: String,
}

/// Several files and the fields around them.
pub struct Uploads {
    /// The other fields.
    pub form: Form,
    /// The files that were chosen, in their order.
    pub files: Vec<Chosen>,
}

/// A file that was chosen.
pub struct Chosen {
    /// The field that it was chosen in.
    pub field: String,
    /// The name it had on the sender's device.
    pub name: String,
    /// Its bytes; never empty.
    pub bytes: Vec<u8>,
}

impl Upload {
    /// Reads a multipart request for this work.
    pub async fn read(work: &Work, request: Request) -> Result<Self, Error> {
        let Uploads { form, mut files } = Uploads::within(work, request, MOST_BYTES + MOST_BESIDE).await?;
        // A field that was left empty beside one that was filled, such as the camera's, takes nothing away.
        let chosen = files.pop();
        let (name, bytes) = chosen.map(|file| (file.name, file.bytes)).unwrap_or_default();
        Ok(Self { form, bytes, name })
    }
}

impl Uploads {
    /// Reads a form as browsers send it, with files or without.
    pub async fn read(work: &Work, request: Request) -> Result<Self, Error> {
        Self::within(work, request, MOST_BYTES_TOGETHER).await
    }

    #[expect(clippy::disallowed_types, reason = "with the parts above, the one place that reads multipart requests")]
    async fn within(work: &Work, request: Request, most: usize) -> Result<Self, Error> {
        use axum::extract::{FromRequest, Multipart};
        let kind = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
        if !kind.starts_with("multipart/form-data") {
            return Ok(Self { form: Form::from_request(request, &()).await?, files: Vec::new() });
        }
        let request = request.map(|body| axum::body::Body::new(http_body_util::Limited::new(body, most)));
        let mut parts = Multipart::from_request(request, &()).await.map_err(|_| invalid("", "not_understood"))?;
        let (mut fields, mut files) = (Vec::new(), Vec::new());
        let (mut trusted, mut worded) = (false, 0);
        while let Some(mut field) = parts.next_field().await.map_err(|_| invalid("file", "too_large"))? {
            let name = field.name().unwrap_or_default().to_owned();
            let file = field.file_name().map(ToOwned::to_owned);
            if !trusted {
                let token = held(&mut field, LONGEST_TOKEN).await?.ok_or(Error::Forbidden("csrf"))?;
                trusted = name == "_csrf" && gate::same(gate::bare(&String::from_utf8_lossy(&token)), &work.standing.csrf);
                if !trusted {
                    return Err(Error::Forbidden("csrf"));
                }
            } else if let Some(file) = file {
                let bytes = held(&mut field, MOST_BYTES).await?.filter(|_| files.len() < MOST_FILES);
                let bytes = bytes.ok_or_else(|| invalid("file", "too_large"))?;
                // A field that was left empty takes nothing away.
                if !bytes.is_empty() {
                    files.push(Chosen { field: name, name: file, bytes });
                }
            } else {
                let bytes = held(&mut field, MOST_WORDS - worded).await?.ok_or_else(|| invalid(&name, "too_large"))?;
                worded += bytes.len();
                fields.push((name, String::from_utf8_lossy(&bytes).into_owned()));
            }
        }
        // Who sends nothing at all has shown no token either.
        if !trusted {
            return Err(Error::Forbidden("csrf"));
        }
        let worded = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        Ok(Self { form: Form::parse(worded.as_bytes()), files })
    }
}
