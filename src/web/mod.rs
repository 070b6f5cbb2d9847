//! Shared HTML: layout, form fields, paging, error pages, `Routes`, assets.
