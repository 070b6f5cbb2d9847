//! What is known of whoever acts, read once with their session.
use crate::platform::ids::{OrgId, UnitId};
use crate::platform::lang::Lang;

/// What is known of the signed-in person, read with their session.
#[derive(Debug, Clone, Default)]
pub struct Standing {
    /// Their organisation.
    pub org: OrgId,
    /// Its name.
    pub org_name: String,
    /// Their own name.
    pub name: String,
    /// Their language.
    pub lang: Lang,
    /// They prefer Arabic-Indic digits.
    pub arabic_digits: bool,
    /// Acts held through any membership.
    pub acts: Vec<String>,
    /// Their units.
    pub units: Vec<UnitId>,
    /// Their organisation's time zone.
    pub time_zone: String,
    /// The password is a temporary one.
    pub must_change_password: bool,
    /// The session's token against forged requests; empty for API tokens.
    pub csrf: String,
    /// The path being served, for navigation and the audit.
    pub path: String,
    /// What the last page wanted to say on this one: a text key.
    pub flash: Option<String>,
    /// The form that is being answered, where it carries a mark.
    pub sent: Option<SentForm>,
}

/// A form by which it is known again when it is sent a second time.
#[derive(Debug, Clone)]
pub struct SentForm {
    /// The mark that its page gave it.
    pub mark: String,
    /// Under which its answer is kept.
    pub key: String,
}
