//! Working out who is proposed where: the neediest first, then whoever waits longest, as far as places are free.
//!
//! Nobody is proposed who said no, who is referred there or to be asked about it already, or for whom it was decided not to refer.
use std::collections::BTreeMap;

use super::course::{Line, Screening};
use super::proposals::{self, Candidate, Place};
use super::store;
use crate::error::Error;
use crate::platform::db::Work;

/// So many eligible cases of a line are looked at, the first in order: more than any provider takes at once.
const POOL: i64 = 5000;
/// So many are proposed to one service at most.
const MOST_PLACES: usize = 500;
/// Where the provider does not say how many places are free.
const PLACES_UNSAID: usize = 20;
/// So many of those that wait are named; the others are counted.
const MOST_WAITING: usize = 100;

/// Works out the proposals of the next line.
pub async fn choose_line(work: &mut Work, mut screening: Screening) -> Result<Screening, Error> {
    let nth = usize::try_from(screening.chosen).map_err(anyhow::Error::from)?;
    let Some(line) = screening.lines.get(nth).cloned() else { return Ok(screening) };
    let place = proposals::place(work, &line).await?;
    let mut left_out = BTreeMap::new();
    let (mut proposed, mut waits) = (0, 0);
    if let Some(place) = place {
        let pool = proposals::pool(work, &screening, nth, &place, POOL).await?;
        let (fit, unfit): (Vec<_>, Vec<_>) = pool.into_iter().partition(|one| one.left_out.is_none());
        for reason in unfit.into_iter().filter_map(|one| one.left_out) {
            *left_out.entry(reason).or_default() += 1;
        }
        let asked_already = proposals::asked_already(work, &line).await?;
        (proposed, waits) = keep(work, &screening, &line, &fit, room(&place, asked_already)).await?;
    }
    let counts = &mut screening.counts[nth];
    (counts.left_out, counts.proposed, counts.waits) = (left_out, proposed, waits);
    screening.chosen += 1;
    store::save_progress(work, &screening).await?;
    Ok(screening)
}

/// How many there is room for, and why the others wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Room {
    places: usize,
    reason: &'static str,
}

// What was asked for and is not answered yet takes its place already.
fn room(place: &Place, asked_already: i64) -> Room {
    let asked = usize::try_from(asked_already).unwrap_or_default();
    match place.places {
        _ if !place.accepts => Room { places: 0, reason: "not_accepting" },
        Some(free) => {
            let free = usize::try_from(free).unwrap_or_default().saturating_sub(asked);
            if free > MOST_PLACES {
                Room { places: MOST_PLACES, reason: "next_round" }
            } else {
                Room { places: free, reason: "no_place" }
            }
        }
        None => Room { places: PLACES_UNSAID.saturating_sub(asked), reason: "places_unsaid" },
    }
}

async fn keep(work: &mut Work, screening: &Screening, line: &Line, fit: &[Candidate], room: Room) -> Result<(u64, u64), Error> {
    let (first, rest) = fit.split_at(room.places.min(fit.len()));
    proposals::insert(work, screening, line, first, None).await?;
    proposals::insert(work, screening, line, &rest[..rest.len().min(MOST_WAITING)], Some(room.reason)).await?;
    Ok((first.len() as u64, rest.len() as u64))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_is_room_for_as_many_as_places_are_free_less_those_asked_for() {
        let place = |places, accepts| Place { places, accepts, ..Place::default() };
        assert_eq!(room(&place(Some(10), true), 4), Room { places: 6, reason: "no_place" });
        assert_eq!(room(&place(Some(2), true), 4), Room { places: 0, reason: "no_place" });
        assert_eq!(room(&place(Some(9000), true), 0), Room { places: MOST_PLACES, reason: "next_round" });
        assert_eq!(room(&place(None, true), 5), Room { places: 15, reason: "places_unsaid" });
        assert_eq!(room(&place(Some(10), false), 0), Room { places: 0, reason: "not_accepting" });
    }
}
