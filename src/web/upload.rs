//! An uploaded file with its form. The session's token must be the first field: nothing of a forged upload is read past it.
use axum::extract::Request;

use crate::error::{Error, invalid};
use crate::platform::db::Work;
use crate::web::form::Form;
use crate::web::gate;

/// No file is larger than this.
pub const MOST_BYTES: usize = 15 * 1024 * 1024;

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

/// All files of one request together are no larger than this.
const MOST_BYTES_TOGETHER: usize = 64 * 1024 * 1024;
/// One request brings no more files than this.
const MOST_FILES: usize = 100;

/// Several uploaded files with their form.
pub struct Uploads {
    /// The other fields.
    pub form: Form,
    /// The files: the name that the sender calls each by, and its bytes.
    pub files: Vec<(String, Vec<u8>)>,
}

impl Uploads {
    /// Reads a multipart request for this work.
    #[expect(clippy::disallowed_types, reason = "the one place that reads multipart requests")]
    pub async fn read(work: &Work, request: Request) -> Result<Self, Error> {
        use axum::extract::{FromRequest, Multipart};
        let request = request.map(|body| axum::body::Body::new(http_body_util::Limited::new(body, MOST_BYTES_TOGETHER)));
        let mut parts = Multipart::from_request(request, &()).await.map_err(|_| invalid("", "not_understood"))?;
        let mut uploads = Self { form: Form::default(), files: Vec::new() };
        let mut trusted = false;
        while let Some(field) = parts.next_field().await.map_err(|_| invalid("file", "too_large"))? {
            let name = field.name().unwrap_or_default().to_owned();
            if !trusted {
                trusted = name == "_csrf" && gate::same(gate::bare(&field.text().await.unwrap_or_default()), &work.standing.csrf);
                if !trusted {
                    return Err(Error::Forbidden("csrf"));
                }
            } else if let Some(file) = field.file_name().map(ToOwned::to_owned) {
                let bytes = field.bytes().await.map_err(|_| invalid("file", "too_large"))?;
                if bytes.len() > MOST_BYTES || uploads.files.len() >= MOST_FILES {
                    return Err(invalid("file", "too_large"));
                }
                uploads.files.push((file, bytes.to_vec()));
            } else {
                uploads.form.set(&name, field.text().await.map_err(|_| invalid(&name, "too_large"))?);
            }
        }
        // Who sends nothing at all has shown no token either.
        if trusted { Ok(uploads) } else { Err(Error::Forbidden("csrf")) }
    }
}
