//! Which notifications a page shows: each statement walks an index in the list's own order, from behind the place where the page before ended to this
//! page's last row, so that a page costs the same among ten and among ten thousand. Row security verifies each that it meets.
use std::ops::Range;

use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use crate::error::Error;
use crate::notifications::kinds::{Group, codes_of};
use crate::notifications::wanted::{FIRST, Order, Wanted, never};
use crate::platform::db::Work;

struct Found {
    id: Uuid,
    recorded_at: DateTime<Utc>,
}

/// The first `most` behind the reader's place, in the order that is wanted.
pub(super) async fn ids(work: &mut Work, wanted: &Wanted, most: i64) -> Result<Vec<Uuid>, Error> {
    // Whom a row concerns is asked of a dozen tables: that takes ten times longer to plan than to read.
    work.keep_plans().await?;
    let found = match wanted.order {
        Order::Newest => newest(work, wanted, most).await?,
        Order::Due => by_due(work, wanted, most).await?,
    };
    Ok(found.into_iter().map(|one| one.id).collect())
}

/// One walk along an index. Only where it goes and in which order differ. Programme and type are asked of what is shown, which joins a dozen tables more: so
/// many that merely setting them up takes longer than the walk, which is why they stand in a statement of their own.
macro_rules! walk {
    ($work:ident, $wanted:ident, $most:expr, $along:literal, $order:literal, $($bound:expr),+) => {
        if $wanted.programme.is_none() && $wanted.case_type.is_none() {
            walk!(@ $work, $wanted, $most, $along, " and $8::text is null and $9::smallint is null", $order, $($bound),+)
        } else {
            walk!(@ $work, $wanted, $most, $along, " and exists (select from my_notifications n where n.id = m.id \
                and ($8::text is null or n.programme = $8) and ($9::smallint is null or n.case_type = $9))", $order, $($bound),+)
        }
    };
    (@ $work:ident, $wanted:ident, $most:expr, $along:literal, $within:literal, $order:literal, $($bound:expr),+) => {{
        let urgent = codes_of(Group::Urgent);
        sqlx::query_as!(
            Found,
            "select m.id as \"id!\", m.recorded_at as \"recorded_at!\" from my_matters m where " + $along
                + " and (not $1 or m.read_at is null) and (cardinality($2::text[]) = 0 or m.kind = any ($2))"
                + " and (not $3 or case when m.due_at is null or m.kind = any ($4::text[]) and $5 then $5"
                + " else (m.due_at >= $6 or $6 is null) and (m.due_at < $7 or $7 is null) end)"
                + $within
                + " order by " + $order + " limit $10",
            $wanted.unread,
            &$wanted.kinds,
            $wanted.due_from.is_some() || $wanted.due_before.is_some(),
            &urgent,
            $wanted.undated,
            $wanted.due_from,
            $wanted.due_before,
            $wanted.programme,
            $wanted.case_type,
            $most,
            $($bound),+
        )
        .fetch_all($work.db())
        .await?
    }};
}

async fn newest(work: &mut Work, wanted: &Wanted, most: i64) -> Result<Vec<Found>, Error> {
    let (at, id) = wanted.after.map_or((never(), Uuid::max()), |place| (place.at, place.id));
    let mut found = Vec::new();
    for done in wanted.dealt.done() {
        found.extend(walk!(
            work,
            wanted,
            most,
            "m.done = $11 and (m.recorded_at, m.id) < ($12, $13)",
            "m.recorded_at desc, m.id desc",
            *done,
            at,
            id
        ));
    }
    found.sort_by_key(|one| std::cmp::Reverse((one.recorded_at, one.id)));
    found.truncate(usize::try_from(most).unwrap_or(usize::MAX));
    Ok(found)
}

// Stretch by stretch, until the page is full.
async fn by_due(work: &mut Work, wanted: &Wanted, most: i64) -> Result<Vec<Found>, Error> {
    let mut found: Vec<Found> = Vec::new();
    for stretch in stretches(wanted) {
        let left = most.saturating_sub(i64::try_from(found.len()).unwrap_or(i64::MAX));
        let place = wanted.after.filter(|place| place.stands_at() >= stretch.start);
        // Nothing is told in the year 9999, so this begins before all that stands at the same moment.
        let (stands, at, id) =
            place.map_or((stretch.start, never(), Uuid::nil()), |place| (place.stands_at(), place.at, place.id));
        if left == 0 || stands >= stretch.end {
            continue;
        }
        found.extend(walk!(
            work,
            wanted,
            left,
            "not m.done and (m.stands_at, m.newness, m.id) > ($11, '2100-01-01 00:00:00+00'::timestamptz - $12::timestamptz, $13) and m.stands_at < $14",
            "m.stands_at, m.newness, m.id",
            stands,
            at,
            id,
            stretch.end
        ));
    }
    Ok(found)
}

// Where what is wanted stands: first what is urgent, then what is due in that time, then what is never due.
fn stretches(wanted: &Wanted) -> Vec<Range<DateTime<Utc>>> {
    let moment = TimeDelta::seconds(1);
    let end = never() + moment;
    let until = wanted.due_before.unwrap_or(if wanted.undated { end } else { never() });
    let mut found = match wanted.due_from {
        Some(from) => vec![FIRST..FIRST + moment, from..until],
        None => vec![FIRST..until],
    };
    if wanted.undated && wanted.due_before.is_some() {
        found.push(never()..end);
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_stretch_holds_what_is_not_wanted_and_none_is_walked_twice() {
        let at = |text: &str| -> DateTime<Utc> { text.parse().unwrap() };
        let (from, before) = (at("2026-05-20T00:00:00Z"), at("2026-05-21T00:00:00Z"));
        let walked = |due_from, due_before, undated| stretches(&Wanted { due_from, due_before, undated, ..Wanted::default() });
        let (urgent, end) = (FIRST + TimeDelta::seconds(1), never() + TimeDelta::seconds(1));
        assert_eq!(walked(None, None, true), [FIRST..end]);
        assert_eq!(walked(None, Some(before), true), [FIRST..before, never()..end]);
        assert_eq!(walked(None, Some(before), false), [FIRST..before]);
        assert_eq!(walked(Some(from), Some(before), false), [FIRST..urgent, from..before]);
    }
}
