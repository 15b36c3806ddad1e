//! Plants each deliberate fault in turn and says which test catches it.
//!
//! The stories told against a fault come first, then all others, then random worlds. Prints
//! `caught NAME by TEST` or `missed NAME` for each; ends with 1 when one was missed.

use std::{
    panic::{catch_unwind, set_hook},
    process::ExitCode,
    time::{Duration, Instant},
};

use tandem_proto::planted::{Fault, plant};
use tandem_tests::{
    Options, run_world,
    stories::{self, Story},
};

/// Random worlds that are tried for one fault.
const WORLDS: u64 = 300;

/// How long they may take.
const PATIENCE: Duration = Duration::from_secs(90);

fn story_that_catches(fault: Fault) -> Option<&'static str> {
    let (aimed, others): (Vec<Story>, Vec<Story>) =
        stories::ALL.iter().copied().partition(|story| story.against.contains(&fault));
    aimed
        .into_iter()
        .chain(others)
        .find(|story| catch_unwind(|| (story.tell)(story.name)).is_err())
        .map(|story| story.name)
}

/// The first world that fails with the fault and not without it.
fn world_that_catches(fault: Fault) -> Option<(u64, u64)> {
    let begun = Instant::now();
    let fails = |seed| catch_unwind(|| run_world(seed, &Options::default())).is_err();
    (0..WORLDS)
        .take_while(|_| begun.elapsed() < PATIENCE)
        .find(|n| {
            let caught = fails(1 + n) && {
                plant(None);
                !fails(1 + n)
            };
            plant(Some(fault));
            caught
        })
        .map(|n| (1 + n, n))
}

fn main() -> ExitCode {
    let only: Vec<String> = std::env::args().skip(1).collect();
    // Violations are what we hope for; only their absence is news.
    set_hook(Box::new(|_| {}));
    plant(None);
    let sound = stories::ALL.iter().all(|story| {
        let told = catch_unwind(|| (story.tell)(story.name)).is_ok();
        if !told {
            println!("without any bug, {} fails: nothing can be said", story.name);
        }
        told
    });
    if !sound {
        return ExitCode::FAILURE;
    }
    let mut missed = 0;
    for fault in Fault::ALL {
        let name = fault.name();
        if !only.is_empty() && !only.iter().any(|wanted| wanted == name) {
            continue;
        }
        plant(Some(*fault));
        if let Some(story) = story_that_catches(*fault) {
            println!("caught {name} by {story}");
        } else if let Some((seed, n)) = world_that_catches(*fault) {
            println!("caught {name} by a_hundred_worlds_stay_honest (seed {seed}, world {n})");
        } else {
            println!("missed {name}");
            missed += 1;
        }
        plant(None);
    }
    if missed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
