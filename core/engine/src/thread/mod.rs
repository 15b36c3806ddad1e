//! The thread document.
mod step;
pub use step::StepState;
