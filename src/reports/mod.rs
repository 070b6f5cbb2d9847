//! Figures: the loop dashboard and its aggregates.
