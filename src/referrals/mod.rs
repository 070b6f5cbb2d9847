//! The closed loop: send, answer, outcome, confirm, chase.
