//! Every step of CI, runnable by name: `cargo xtask test`, `cargo xtask clippy`, ...
//!
//! Needs nothing but cargo with rustfmt and clippy; `vectors`, `kotlin` and `swift` see to what they need
//! beside. Each stage says when it begins and when it
//! ended; what a stage printed is shown whole when it fails.

mod bindings;
mod kotlin;
mod names;
mod packages;
mod phones;
mod proof;
mod purity;
mod python;
mod run;
mod screens;
mod scripts;
mod shell;
mod size;
mod source;
mod stages;
mod swift;
mod vectors;
mod versions;
mod words;

use std::process::ExitCode;

use stages::{STAGES, Stage};

const HELP: &str = "\
cargo xtask test                      every stage below, in order; stops at the first that fails
cargo xtask test --only PART...       a part: rust, kotlin, swift, or any stage
cargo xtask STAGE...                  these stages
cargo xtask sim [--worlds N] [--seed S] [--minutes M]
                                      simulated worlds; a failing seed is printed with its replay
cargo xtask powercut [--images N] [--seed S]
                                      images of disks after a power cut, opened with the real stores
cargo xtask canaries [--seed S]       random words through a scenario, and the search for them
cargo xtask bindings [LIBRARY...]     Swift and Kotlin for phones, generated into the build folder; fails where one of
                                      these libraries lacks what they call
cargo xtask phones [TARGET...]        core and bindings, checked for phones' targets; minutes for each
cargo xtask size                      how big what phones get is, and how thin what stands between
cargo xtask pictures                  draws the trip as its people see it into docs/pictures
cargo xtask words                     writes the words of the catalogue as each platform has them, and checks them
cargo xtask dictionary                trains the compression dictionary of a new protocol version
cargo xtask help

Stages:";

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words.as_slice() {
        [] | ["help" | "--help" | "-h", ..] => {
            println!("{HELP}");
            for stage in STAGES {
                println!("  {:<10} {}", stage.name, stage.what);
            }
            ExitCode::SUCCESS
        }
        ["test"] => finish(run_all(STAGES)),
        ["test", "--only", parts @ ..] if !parts.is_empty() => {
            let stages = stages::parts(parts);
            run_named(stages)
        }
        ["sim", rest @ ..] => finish(stages::sim(rest)),
        ["powercut", rest @ ..] => finish(stages::powercut(rest)),
        ["canaries", rest @ ..] => finish(stages::canaries(rest)),
        ["bindings", libraries @ ..] => finish(bindings::for_libraries(libraries)),
        ["phones", targets @ ..] => finish(phones::check(targets)),
        ["size"] => finish(size::report()),
        ["pictures"] => finish(screens::pictures()),
        ["words"] => finish(words::write()),
        ["dictionary", rest @ ..] => finish(stages::dictionary(rest)),
        names => run_named(named(names)),
    }
}

fn run_named(stages: Result<Vec<Stage>, &str>) -> ExitCode {
    match stages {
        Ok(stages) => finish(run_all(&stages)),
        Err(unknown) => {
            eprintln!("xtask: there is no stage {unknown:?}; `cargo xtask help` lists them");
            ExitCode::from(2)
        }
    }
}

fn named<'a>(names: &[&'a str]) -> Result<Vec<Stage>, &'a str> {
    names
        .iter()
        .map(|name| STAGES.iter().find(|stage| stage.name == *name).copied().ok_or(*name))
        .collect()
}

fn run_all(stages: &[Stage]) -> Result<(), String> {
    let begun = std::time::Instant::now();
    run::components(stages)?;
    for stage in stages {
        run::stage(stage)?;
    }
    if stages.len() > 1 {
        println!("all {} stages are well, {}", stages.len(), run::took(begun));
    }
    Ok(())
}

fn finish(result: Result<(), String>) -> ExitCode {
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("xtask: {why}");
            ExitCode::FAILURE
        }
    }
}
