//! What someone must do by when; working days and clocks.
pub mod calendar;
pub mod clock;
