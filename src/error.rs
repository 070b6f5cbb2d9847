//! The one error of the whole crate. Handlers return it; the surface (page, API) renders it.
use std::collections::BTreeMap;

use axum::response::{IntoResponse, Response};

/// What went wrong, in terms a surface can explain to the person in front of it.
#[derive(Debug)]
pub enum Error {
    /// Absent, or not yours to see: both answer alike.
    NotFound,
    /// Nobody is signed in.
    SignIn,
    /// Visible, but this act is not allowed to this role. Holds the act's code.
    Forbidden(&'static str),
    /// The input is not acceptable: field to stable code; the form is shown again with them.
    Invalid(FieldErrors),
    /// What came over the API can't be read: fields as for `Invalid`, and a sentence on where reading stopped. It quotes no value.
    Unread(FieldErrors, String),
    /// Somebody else was first, or the state does not allow it.
    Conflict(Clash),
    /// A write over the API did not say which version it has read.
    VersionMissing,
    /// Too many tries; seconds to wait.
    SlowDown(u64),
    /// The disk is nearly full: nothing can be written, what is there can be read.
    Full,
    /// A defect or an outage. Logged under a reference that the user can quote; its text is never shown.
    Broken(anyhow::Error),
}

/// Why a write was refused though it was well formed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Clash {
    /// The record changed since the form was opened.
    Stale,
    /// Already answered or moved: the state, as a text key's tail, and why.
    State { state: String, code: &'static str },
    /// The same idempotency key came with another request.
    KeyReused,
}

/// Field name to error code; `""` is the form as a whole.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct FieldErrors(pub BTreeMap<String, &'static str>);

impl FieldErrors {
    /// Errors with one field.
    pub fn one(field: &str, code: &'static str) -> Self {
        let mut errors = Self::default();
        errors.add(field, code);
        errors
    }

    /// Adds a field's error; the first one stays.
    pub fn add(&mut self, field: &str, code: &'static str) {
        self.0.entry(field.to_owned()).or_insert(code);
    }

    /// These and others; of a field's errors the first one stays.
    #[must_use]
    pub fn with(mut self, others: Self) -> Self {
        for (field, code) in others.0 {
            self.add(&field, code);
        }
        self
    }

    /// The code for this field, if it has one.
    pub fn get(&self, field: &str) -> Option<&'static str> {
        self.0.get(field).copied()
    }

    /// Nothing is wrong.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// `Err(Invalid)` unless empty.
    pub fn or_ok(self) -> Result<(), Error> {
        if self.is_empty() { Ok(()) } else { Err(Error::Invalid(self)) }
    }
}

/// One field is not acceptable.
pub fn invalid(field: &str, code: &'static str) -> Error {
    Error::Invalid(FieldErrors::one(field, code))
}

/// A write over the version that was read found its row; where it found none, somebody was faster: [`Clash::Stale`].
pub fn changed(rows: u64) -> Result<(), Error> {
    if rows == 0 { Err(Error::Conflict(Clash::Stale)) } else { Ok(()) }
}

/// What stands now is what the writer has read; [`Clash::Stale`] otherwise.
pub fn same_version(now: i32, read: i32) -> Result<(), Error> {
    if now == read { Ok(()) } else { Err(Error::Conflict(Clash::Stale)) }
}

impl From<anyhow::Error> for Error {
    fn from(error: anyhow::Error) -> Self {
        Self::Broken(error)
    }
}

impl From<sqlx::Error> for Error {
    fn from(error: sqlx::Error) -> Self {
        match &error {
            sqlx::Error::RowNotFound => Self::NotFound,
            sqlx::Error::Database(db) => match db.code().as_deref() {
                // Raised by our definer functions: not visible, or another version won.
                Some("P0002") => Self::NotFound,
                // Two who changed one case at once and waited for each other: one of them was let go.
                Some("40001" | "40P01") => Self::Conflict(Clash::Stale),
                Some("42501") => Self::Forbidden("database"),
                _ => Self::Broken(error.into()),
            },
            _ => Self::Broken(error.into()),
        }
    }
}

/// Translates a violated constraint, by its name, into what the user can mend.
pub trait OnConstraint<T> {
    /// If this named constraint was violated, answers with `then()` instead.
    fn on_constraint(self, name: &str, then: impl FnOnce() -> Error) -> Result<T, Error>;
}

impl<T> OnConstraint<T> for Result<T, sqlx::Error> {
    fn on_constraint(self, name: &str, then: impl FnOnce() -> Error) -> Result<T, Error> {
        self.map_err(|error| match error.as_database_error().and_then(|db| db.constraint()) {
            Some(constraint) if constraint == name => then(),
            _ => error.into(),
        })
    }
}

impl Error {
    /// The HTTP status every surface answers with.
    pub fn status(&self) -> http::StatusCode {
        use http::StatusCode;
        match self {
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::SignIn => StatusCode::UNAUTHORIZED,
            Self::Forbidden(_) => StatusCode::FORBIDDEN,
            Self::Invalid(_) | Self::Unread(..) => StatusCode::UNPROCESSABLE_ENTITY,
            Self::Conflict(_) => StatusCode::CONFLICT,
            Self::VersionMissing => StatusCode::PRECONDITION_REQUIRED,
            Self::SlowDown(_) => StatusCode::TOO_MANY_REQUESTS,
            Self::Full => StatusCode::INSUFFICIENT_STORAGE,
            Self::Broken(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }
}

/// The error travels in the response's extensions; the surface's layer turns it into a page or a problem document.
#[derive(Clone)]
pub struct Carried(pub std::sync::Arc<Error>);

impl IntoResponse for Error {
    fn into_response(self) -> Response {
        let mut response = self.status().into_response();
        response.extensions_mut().insert(Carried(std::sync::Arc::new(self)));
        response
    }
}
