//! The words of an agency for what the program knows under words of its own.
use serde::{Deserialize, Serialize};

use super::pack::Labels;
use super::words::{Intensity, StateWord};

/// The agency's own word for a state of a referral.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnWord {
    pub state: StateWord,
    pub labels: Labels,
}

/// The agency's own word for how much work a case is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnIntensity {
    pub intensity: Intensity,
    pub labels: Labels,
}
