//! Who is where: one unit with a fifth of all cases, workers with 200 and 1,000, a busy desk, a desk for restricted types.
use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::packs::Sensitivity;

/// The sending organisation.
pub const NGO: i32 = 9001;
/// The receiving organisation.
pub const PROVIDER: i32 = 9002;
/// The unit with a fifth of all cases.
pub const LARGE: i32 = 100_001;
const SMALL: u32 = 4999;
const ROOT: i32 = 100_000;
/// The unit above every desk.
const DESKS: i32 = 200_000;
/// The desk of restricted types.
pub const GUARDED_DESK: i32 = 200_201;

// The first households all live where the measured workers work, so that a small world has as large a caseload as a big one.
const MEASURED: u32 = 1250;
const OPEN_OF_FIRST: u32 = 200;
const OPEN_OF_SECOND: u32 = 1000;

/// An id of this world: the same in every one.
pub fn sid(kind: u32, number: u32) -> Uuid {
    let time = u128::from(0x0190_a000 | kind) << 96;
    Uuid::from_u128(time | (0x7000_u128 << 64) | (0x8000_u128 << 48) | u128::from(number))
}

/// A user by number.
pub fn user(number: u32) -> Uuid {
    sid(2, number)
}

/// A service by number: the first at each desk belongs to the world, the second to what is sent while measuring.
pub fn service(number: u32) -> Uuid {
    sid(3, number)
}

/// The unit in which a household is registered.
pub fn unit_of(household: u32) -> i32 {
    if household <= MEASURED || household.is_multiple_of(5) {
        LARGE
    } else {
        LARGE + 1 + i32::try_from(u64::from(household) * 7919 % u64::from(SMALL)).unwrap_or_default()
    }
}

/// The desk that a referral goes to: every tenth to the busiest.
pub fn desk_of(referral: u32) -> i32 {
    let other = i32::try_from(u64::from(referral) * 31 % 199).unwrap_or_default();
    if referral.is_multiple_of(10) { DESKS + 1 } else { DESKS + 2 + other }
}

/// The number of a desk's first service, and of whoever answers there.
pub fn number_of(desk: i32) -> u32 {
    u32::try_from(desk - DESKS).unwrap_or_default()
}

/// Whoever answers at a desk.
pub fn answers_at(desk: i32) -> Uuid {
    user(5000 + number_of(desk))
}

/// What the database's own function gives a row of this unit and type; nothing for restricted types (S9).
pub fn scope(unit: i32, case_type: i16, sensitivity: Sensitivity) -> Vec<i32> {
    let root = if unit >= DESKS { DESKS } else { ROOT };
    let token = |unit: i32| unit * 256 + i32::from(case_type);
    if sensitivity == Sensitivity::Restricted { Vec::new() } else { vec![token(root), token(unit), -token(unit)] }
}

/// Gives cases to workers.
#[derive(Default)]
pub struct Keepers {
    open: u32,
    all: u32,
}

impl Keepers {
    /// The number of whoever keeps the next case of this unit.
    pub fn next(&mut self, unit: i32, sensitivity: Sensitivity, closed_at: Option<DateTime<Utc>>) -> u32 {
        self.all += 1;
        let open = closed_at.is_none();
        if sensitivity == Sensitivity::Restricted {
            return 2000 + self.all % 200;
        }
        if unit != LARGE {
            return 400 + u32::try_from(unit - LARGE - 1).unwrap_or_default() % 1200;
        }
        self.open += u32::from(open);
        match self.open {
            nth if open && nth <= OPEN_OF_FIRST => 1,
            nth if open && nth <= OPEN_OF_FIRST + OPEN_OF_SECOND => 2,
            _ => 100 + self.all % 300,
        }
    }
}
