//! An uploaded file with its form. The session's token must be the first field: nothing of a forged upload is read past it. What a device
//! sends comes without session, and is read part by part.
use axum::extract::Request;

use crate::error::{Error, invalid};
use crate::platform::db::Work;
use crate::web::form::Form;
use crate::web::gate;

/// No file is larger than this.
pub const MOST_BYTES: usize = 15 * 1024 * 1024;

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

/// One file and the fields around it.
pub struct Upload {
    /// The other fields.
    pub form: Form,
    /// The file's bytes; empty when none was chosen.
    pub bytes: Vec<u8>,
    /// The name it had on the sender's device. Never stored in the open: names of files carry names of people.
    pub name: String,
}

impl Upload {
    /// Reads a multipart request for this work.
    #[expect(clippy::disallowed_types, reason = "the one place that reads multipart requests")]
    pub async fn read(work: &Work, request: Request) -> Result<Self, Error> {
        use axum::extract::{FromRequest, Multipart};
        let request = request.map(|body| axum::body::Body::new(http_body_util::Limited::new(body, MOST_BYTES + 64 * 1024)));
        let mut parts = Multipart::from_request(request, &()).await.map_err(|_| invalid("", "not_understood"))?;
        let mut upload = Self { form: Form::default(), bytes: Vec::new(), name: String::new() };
        let mut trusted = false;
        while let Some(field) = parts.next_field().await.map_err(|_| invalid("file", "too_large"))? {
            let name = field.name().unwrap_or_default().to_owned();
            if !trusted {
                trusted = name == "_csrf" && gate::same(gate::bare(&field.text().await.unwrap_or_default()), &work.standing.csrf);
                if !trusted {
                    return Err(Error::Forbidden("csrf"));
                }
            } else if let Some(file) = field.file_name().map(ToOwned::to_owned) {
                // A field that was left empty beside one that was filled, such as the camera's, takes nothing away.
                let bytes = field.bytes().await.map_err(|_| invalid("file", "too_large"))?;
                if !bytes.is_empty() {
                    upload.bytes = bytes.to_vec();
                    upload.name = file;
                }
            } else {
                upload.form.set(&name, field.text().await.map_err(|_| invalid(&name, "too_large"))?);
            }
        }
        if upload.bytes.len() > MOST_BYTES {
            return Err(invalid("file", "too_large"));
        }
        Ok(upload)
    }
}
