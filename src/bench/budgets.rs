//! The speed budgets of ARCHITECTURE, in the units in which they are measured.

/// Server time of a page, 95th percentile, in milliseconds.
pub const PAGE: f64 = 10.0;
/// The same for submitting a referral.
pub const SUBMIT: f64 = 15.0;
/// How many times as long a page may take over a hundred times as many rows.
pub const RATIO: f64 = 1.5;
/// A first page with styles and scripts, compressed, in kilobytes.
pub const FIRST_PAGE: f64 = 150.0;
/// A later page, compressed, in kilobytes.
pub const LATER_PAGE: f64 = 15.0;
/// The engine of forms with its script, compressed, in kilobytes.
pub const ENGINE: f64 = 350.0;
/// The program's memory, in megabytes.
pub const MEMORY: f64 = 150.0;
/// From starting on an existing cluster to the first page, in seconds.
pub const START: f64 = 2.0;
/// Screening a million households for twenty services, results and reasons stored, in seconds on two cores.
pub const SCREENING: f64 = 180.0;
/// The program's memory while it screens, in megabytes.
pub const SCREENING_MEMORY: f64 = 500.0;
