//! Who hears of which fact.
