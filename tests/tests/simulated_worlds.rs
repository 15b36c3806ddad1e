//! Random worlds, each from one seed.
//!
//! `TANDEM_WORLDS` says how many (100), `TANDEM_SEED` from which seed on, `TANDEM_MINUTES` after
//! how long at most to stop.

use std::time::{Duration, Instant};

use tandem_tests::{Options, run_world};

fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}

#[test]
fn a_hundred_worlds_stay_honest() {
    let worlds = number("TANDEM_WORLDS").unwrap_or(100);
    let seed = number("TANDEM_SEED").unwrap_or(1);
    let end = number("TANDEM_MINUTES").map(|m| Instant::now() + Duration::from_secs(60 * m));
    println!("{worlds} worlds from seed {seed} on");
    for n in 0..worlds {
        if end.is_some_and(|end| Instant::now() > end) {
            println!("stopped after {n} worlds");
            break;
        }
        let outcome = run_world(seed.wrapping_add(n), &Options::default());
        assert!(outcome.steps > 0);
    }
}

#[test]
fn the_same_seed_gives_the_same_trace() {
    for seed in 1..=20 {
        let once = run_world(seed, &Options::default());
        let again = run_world(seed, &Options::default());
        assert_eq!(once, again, "seed {seed}");
    }
}

#[test]
fn another_seed_gives_another_world() {
    let (one, other) = (run_world(1, &Options::default()), run_world(2, &Options::default()));
    assert_ne!(one.trace_hash, other.trace_hash);
}
