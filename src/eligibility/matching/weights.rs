//! In which order the aspects of a service count, and where their thresholds come from: the one place that says how ranking works.
//!
//! Services are compared aspect by aspect, in the order of [`Aspect`]; the first one in which they differ decides. There are no points that a
//! long list of small advantages could add up against a condition that is not met, and the worker can retrace every place in the list.
//! What ties in all of them keeps the order of the directory: accepting first, then nearest, then the freshest entry, then the name.

/// What is compared, the weightiest first.
///
/// The order is that of DOMAIN section 6 (eligible, place and reach, capacity and wait, access, the person's own preference and earlier
/// refusals, the record). Two things stand before the place: a service that takes nobody now helps nobody, however near; and a person's own
/// word outweighs what the program reckons for them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Aspect {
    /// The rule of the service, or its ages and sexes.
    Eligible,
    /// Whether it takes anybody now.
    Accepting,
    /// What the person says of it.
    Wish,
    /// Whether it, or the person, said no before.
    SaidNo,
    /// Whether its conditions are known to be met, or none are recorded: then nobody knows yet whom it takes.
    Recorded,
    /// How far it is.
    Place,
    /// Places free.
    Free,
    /// Days to wait.
    Wait,
    /// A language in common.
    Language,
    /// Whether it can be reached and used with a disability.
    Access,
    /// How many days its organisation takes to answer.
    Answers,
    /// How often people confirmed that the service came.
    Confirmed,
    /// An agreement with it.
    Agreement,
}

/// How many aspects there are.
pub const ASPECTS: usize = 13;

/// Up to here a service is near: an hour and a half on foot, or a short ride.
pub const NEAR_KM: f64 = 8.0;
/// Beyond this it takes a day to go and come back by public transport.
pub const FAR_KM: f64 = 40.0;
/// A wait up to here speaks for a service: half of the 28 days in which most packs expect a referral to be served.
pub const SHORT_WAIT_DAYS: i32 = 14;
/// Answers within so many days are quick: the working days that a normal referral has before somebody is reminded.
pub const QUICK_DAYS: i64 = 2;
/// Beyond so many days they are slow: then the sender's clock is overdue.
pub const SLOW_DAYS: i64 = 5;
/// Of all confirmations, what speaks for a service. Compared is the lower end of the range, never the share itself: of two who look alike, the
/// one that stands on more people is surer.
pub const OFTEN: f64 = 0.6;
/// Below this it speaks against it. Jordan's published rate of referrals that were served at all is 7 of 100; half of this would still be better.
pub const SELDOM: f64 = 0.3;
/// Fewer people than this say nothing about a provider (S8): no place in a list ever rests on a handful of people.
pub const ENOUGH: i32 = 30;
