//! A step's state: it only moves forward.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// How far a step is. Ordered: a step never moves back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Enum))]
pub enum StepState {
    /// Agreed, not begun.
    Open,
    /// Begun.
    Doing,
    /// Given up, openly.
    Dropped,
    /// Done.
    Done,
}

impl StepState {
    /// All of them, in the order in which a step moves.
    pub const ALL: [Self; 4] = [Self::Open, Self::Doing, Self::Dropped, Self::Done];

    const NAMES: [(Self, &'static str); 4] = [
        (Self::Open, "open"),
        (Self::Doing, "doing"),
        (Self::Dropped, "dropped"),
        (Self::Done, "done"),
    ];
}

impl fmt::Display for StepState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = Self::NAMES.iter().find(|(state, _)| state == self).map_or("", |(_, name)| name);
        f.write_str(name)
    }
}

/// No step state of this name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a step is open, doing, done or dropped")]
pub struct UnknownStepState;

impl FromStr for StepState {
    type Err = UnknownStepState;

    fn from_str(text: &str) -> Result<Self, UnknownStepState> {
        Self::NAMES
            .iter()
            .find(|(_, name)| *name == text)
            .map(|(state, _)| *state)
            .ok_or(UnknownStepState)
    }
}
