//! Table of contents: one line per capability.
use crate::web::Routes;
use crate::{access, reports, web};

/// Every route of the program.
pub fn all() -> Routes {
    Routes::new().and(web::routes()).and(access::routes()).and(reports::routes())
}
