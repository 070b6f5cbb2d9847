//! Shared wire format: token check, problem+json, paging, the assembled OpenAPI document.
