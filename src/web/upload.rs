//! An uploaded file with its form, or several. The session's token must be the first field: nothing of a forged upload is read past it.
use axum::extract::Request;
use http::header;

use crate::error::{Error, invalid};
use crate::platform::db::Work;
use crate::web::form::{self, Form};
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

/// One of several files.
pub struct File {
    /// The field that it was chosen in.
    pub field: String,
    /// Its bytes; never none.
    pub bytes: Vec<u8>,
}

/// A form that may bring files, as many as it has fields for them; together no larger than one.
pub struct Uploads {
    /// The other fields.
    pub form: Form,
    /// What was chosen.
    pub files: Vec<File>,
}

impl Uploads {
    /// Reads a form as browsers send it, with files or without.
    #[expect(clippy::disallowed_types, reason = "the other place that reads multipart requests")]
    pub async fn read(work: &Work, request: Request) -> Result<Self, Error> {
        use axum::extract::{FromRequest, Multipart};
        let kind = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
        if !kind.starts_with("multipart/form-data") {
            return Ok(Self { form: Form::from_request(request, &()).await?, files: Vec::new() });
        }
        let request =
            request.map(|body| axum::body::Body::new(http_body_util::Limited::new(body, MOST_BYTES + form::MOST_BYTES)));
        let mut parts = Multipart::from_request(request, &()).await.map_err(|_| invalid("", "not_understood"))?;
        let (mut fields, mut files) = (Vec::new(), Vec::new());
        let (mut trusted, mut worded) = (false, 0);
        while let Some(field) = parts.next_field().await.map_err(|_| invalid("", "too_large"))? {
            let name = field.name().unwrap_or_default().to_owned();
            let is_file = field.file_name().is_some();
            let bytes = field.bytes().await.map_err(|_| invalid("", "too_large"))?;
            if !trusted {
                trusted = name == "_csrf" && gate::same(gate::bare(&String::from_utf8_lossy(&bytes)), &work.standing.csrf);
                if !trusted {
                    return Err(Error::Forbidden("csrf"));
                }
            } else if is_file {
                // A field that was left empty takes nothing away.
                if !bytes.is_empty() {
                    files.push(File { field: name, bytes: bytes.to_vec() });
                }
            } else {
                worded += bytes.len();
                fields.push((name, String::from_utf8_lossy(&bytes).into_owned()));
            }
        }
        let size: usize = files.iter().map(|file| file.bytes.len()).sum();
        if size > MOST_BYTES || worded > form::MOST_BYTES {
            return Err(invalid("", "too_large"));
        }
        let worded = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        Ok(Self { form: Form::parse(worded.as_bytes()), files })
    }
}
