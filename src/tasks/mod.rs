//! What someone must do by when; working days and clocks.
