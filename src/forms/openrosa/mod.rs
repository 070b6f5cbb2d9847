//! OpenRosa: how ODK Collect, and whatever speaks like it, fetches forms and sends what was filled in.
//!
//! Words: a *caller* is whoever stands at the door, proved by the *key* of a phone in the address or by name and password (Basic); a *post* is one
//! request with a submission, of which there are several where its files are large. A caller is the user whose phone or name it is, and sees what
//! row security shows that user.
//!
//! Invariants. Nothing is answered before the caller is known. Forms of restricted types are never here, those of protected types only for a phone
//! that an administrator vouches for (S20). The same post sent twice keeps one submission. A submission that names a case on which the caller may
//! write lands on it, every other one waits as an arrival; the answer is the same (S11).
//! Deliberately not here: Digest, which needs a password that can be read back (docs/collect.md), and what becomes of arrivals (`arrivals`).
mod answer;
mod case_list;
mod door;
mod forms;
mod post;
mod reading;
mod store;

pub(super) use case_list::{ADDRESS as CASE_LIST, FILE as CASE_FILE};
pub(super) use reading::{CASE_CODE, asks_for_case, case_code, case_questions};

use crate::web::Routes;

/// What a collecting app asks for: under a password, and the same under the key of a phone.
pub(super) fn routes() -> Routes {
    Routes::new()
        .open("GET", "/openrosa/formList", forms::list)
        .open("GET", "/openrosa/forms/{edition}", forms::show)
        .open("GET", "/openrosa/forms/{edition}/manifest", forms::manifest)
        .open("GET", "/openrosa/forms/{edition}/media/{name}", forms::media)
        .open("HEAD", "/openrosa/submission", post::ask)
        .open("POST", "/openrosa/submission", post::send)
        .open("GET", "/openrosa/key/{token}/formList", forms::list)
        .open("GET", "/openrosa/key/{token}/forms/{edition}", forms::show_by_key)
        .open("GET", "/openrosa/key/{token}/forms/{edition}/manifest", forms::manifest_by_key)
        .open("GET", "/openrosa/key/{token}/forms/{edition}/media/{name}", forms::media_by_key)
        .open("HEAD", "/openrosa/key/{token}/submission", post::ask)
        .open("POST", "/openrosa/key/{token}/submission", post::send)
}
