//! What every fuzz target has in common: spoiled bytes, a count of memory, a seed.
//!
//! A target takes bytes that were right, spoils them, and sees that what reads them ends in a value
//! or a typed error, without a panic and without holding more memory than it should. Each stands
//! beside what it reads: `batch/fuzz.rs`, `join/fuzz.rs`, `keys/group/tests/fuzz.rs`.
//!
//! `TANDEM_SEED` chooses other bytes, `TANDEM_ROUNDS` how many times as many. What is found is told
//! with its seed and as hexadecimal text, to become a test of its own.

#![allow(clippy::unwrap_used, reason = "a test may fail where it stands")]

mod counting;
mod spoil;

use std::panic::{AssertUnwindSafe, catch_unwind};

pub(crate) use counting::peak_of;
pub(crate) use spoil::Dice;

/// One target: what it is called, how many inputs it is given, what it may hold for one.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Target {
    /// What is read.
    pub(crate) name: &'static str,
    /// How many inputs.
    pub(crate) rounds: usize,
    /// Bytes held at once while one input is read.
    pub(crate) allowance: usize,
}

impl Target {
    /// Makes inputs and reads each. Says whether `read` took at least one for right: a target that
    /// refuses everything at its door reads nothing.
    pub(crate) fn run(
        self,
        mut make: impl FnMut(&mut Dice) -> Vec<u8>,
        mut read: impl FnMut(&[u8]) -> bool,
    ) {
        let Self { name, rounds, allowance } = self;
        let (mut dice, seed) = Dice::of_this_run();
        println!("{name}: TANDEM_SEED={seed}");
        let (mut most, mut taken, rounds) = (0, 0, rounds * Dice::times());
        for round in 0..rounds {
            let input = make(&mut dice);
            let mut well = None;
            let peak = peak_of(|| {
                well = catch_unwind(AssertUnwindSafe(|| read(&input))).ok();
            });
            let told = || format!("{name}, seed {seed}, round {round}, input {}", hex(&input));
            let Some(right) = well else { panic!("a panic: {}", told()) };
            assert!(peak <= allowance, "{peak} bytes were held: {}", told());
            taken += usize::from(right);
            most = most.max(peak);
        }
        println!("{name}: {taken} of {rounds} were right; at most {most} bytes were held");
        assert!(taken > 0, "{name}: nothing was right, so nothing was read");
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
