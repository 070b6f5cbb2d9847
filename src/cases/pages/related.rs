//! Other cases of the people on a case, as far as the reader sees them: earlier ones, and what goes on beside it.
use super::type_label;
use crate::cases::{Case, Member, actions, store};
use crate::error::Error;
use crate::packs::Sensitivity;
use crate::platform::db::Work;
use crate::platform::ids::PersonId;
use crate::web::Page;
use crate::web::parts::{Badge, Tone};

// So many stand on the card; the page of each person has all.
const MOST: usize = 10;

/// Each with its address, what it is, and how it stands; those that go on first.
pub(super) async fn related(
    work: &mut Work,
    p: &Page,
    case: &Case,
    people: &[Member],
) -> Result<Vec<(String, String, Badge)>, Error> {
    let ids: Vec<PersonId> = people.iter().map(|member| member.person_id).collect();
    let mut others = store::list_of_people(work, &ids).await?;
    // A restricted case is named on no other, whoever looks: somebody may look over their shoulder (S11, S12).
    others.retain(|other| other.id != case.id && other.sensitivity() != Sensitivity::Restricted);
    others.sort_by_key(|other| !other.is_open());
    others.truncate(MOST);
    let mut rows = Vec::new();
    for other in &others {
        let pack = actions::pack_of(work, other).await?;
        // Of a guarded case the code alone (S13).
        let kind = match other.sensitivity() {
            Sensitivity::Standard => type_label(&pack, other.case_type, p.reader.lang),
            _ => String::new(),
        };
        let opened = p.reader.day(other.opened_at);
        let span = other.closed_at.map_or_else(|| opened.clone(), |end| format!("{opened} – {}", p.reader.day(end)));
        let words = p.joined([other.code.clone(), kind, span]);
        let state = if other.is_open() { ("case-related-open", Tone::Info) } else { ("case-related-closed", Tone::Neutral) };
        rows.push((other.path(), words, Badge::new(p.t(state.0), state.1)));
    }
    Ok(rows)
}
