//! What a pack says of community projects: for which cases they are, and which panel must be open before somebody is placed.
use serde::{Deserialize, Serialize};

use super::entry::Entry;

/// Community projects as a support in plans.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProjectRules {
    /// The panel of the case page that must be open.
    pub panel: String,
    /// In which cases somebody may be placed.
    pub case_types: Vec<String>,
}

/// The section `[projects]`.
pub(super) fn rules(entry: &mut Entry<'_, '_>) -> ProjectRules {
    ProjectRules {
        panel: entry.text("panel").map(|(panel, _)| panel).unwrap_or_default(),
        case_types: entry.mentions("case_types", "case type"),
    }
}
