//! The stages and what each runs.

use std::process::Command;

use crate::{
    kotlin, names, proof, purity,
    run::{self, cargo},
    scripts, shell, swift, vectors, words,
};

/// How many worlds CI simulates.
const WORLDS: &str = "1000";

/// One step of CI.
#[derive(Clone, Copy)]
pub(crate) struct Stage {
    /// Its name on the command line.
    pub(crate) name: &'static str,
    /// What it proves, in a few words.
    pub(crate) what: &'static str,
    /// Runs it.
    pub(crate) run: fn() -> Result<(), String>,
}

/// All of them, in the order in which CI runs them: what fails fastest first.
pub(crate) const STAGES: &[Stage] = &[
    Stage { name: "fmt", what: "the formatting is rustfmt's", run: fmt },
    Stage {
        name: "purity",
        what: "the pure crates link no runtime, socket or store, and the relay's no cipher",
        run: purity::check,
    },
    Stage {
        name: "names",
        what: "each word of the design is a name in the cores, and none has a second one",
        run: names::check,
    },
    Stage {
        name: "words",
        what: "what is said is in the catalogue, in every language, and stands in no code",
        run: words::check,
    },
    Stage {
        name: "shell",
        what: "the shell knows intents and rows, and nothing behind the client",
        run: shell::check,
    },
    Stage {
        name: "proof",
        what: "every test that docs/proof.md and docs/threat-model.md name is there",
        run: proof::check,
    },
    Stage {
        name: "scripts",
        what: "shellcheck has nothing to say of any script",
        run: scripts::check,
    },
    Stage { name: "clippy", what: "no warnings in any target", run: clippy },
    Stage { name: "doc", what: "the documentation builds without warnings", run: doc },
    Stage { name: "unit", what: "all tests of the workspace", run: unit },
    Stage {
        name: "vectors",
        what: "a second program reads the formats from docs/protocol.md",
        run: vectors::check,
    },
    Stage {
        name: "kotlin",
        what: "Kotlin on the real library, against a real relay",
        run: kotlin::check,
    },
    Stage { name: "swift", what: "Swift on the same", run: swift::check },
    Stage { name: "worlds", what: "1,000 simulated worlds", run: worlds },
    Stage { name: "bugs", what: "each planted bug is caught", run: bugs },
    Stage { name: "demo", what: "the school trip ends well, on real processes", run: demo },
    Stage {
        name: "canaries",
        what: "no word is found where it should not be, and planted ones are",
        run: || canaries(&[]),
    },
    Stage { name: "bench", what: "each benchmark runs, at a tiny size", run: bench },
];

/// What needs another language than Rust.
const SHELLS: [&str; 4] = ["scripts", "vectors", "kotlin", "swift"];

/// The stages of these parts, in CI's order, each once: `rust` is all that needs no other language.
pub(crate) fn parts<'a>(names: &[&'a str]) -> Result<Vec<Stage>, &'a str> {
    let is_of = |stage: &Stage, part: &str| {
        stage.name == part || (part == "rust" && !SHELLS.contains(&stage.name))
    };
    let unknown = names.iter().find(|part| !STAGES.iter().any(|stage| is_of(stage, part)));
    match unknown {
        Some(unknown) => Err(unknown),
        None => Ok(STAGES
            .iter()
            .filter(|stage| names.iter().any(|part| is_of(stage, part)))
            .copied()
            .collect()),
    }
}

fn fmt() -> Result<(), String> {
    run::quiet(cargo(&["fmt", "--all", "--", "--check"]))
}

fn clippy() -> Result<(), String> {
    run::quiet(cargo(&[
        "clippy",
        "--workspace",
        "--exclude",
        "tandem-bindgen",
        "--all-targets",
        "--",
        "-D",
        "warnings",
    ]))
}

fn doc() -> Result<(), String> {
    let mut command = cargo(&["doc", "--workspace", "--exclude", "tandem-bindgen", "--no-deps"]);
    command.env("RUSTDOCFLAGS", "-D warnings");
    run::quiet(command)
}

fn unit() -> Result<(), String> {
    let tests = cargo(&["test", "--workspace", "--exclude", "tandem-bindgen"]);
    let told = run::summarised(tests, |line| {
        let line = line.trim_start();
        ["Running ", "Doc-tests ", "test result:"].iter().any(|start| line.starts_with(start))
            || line.ends_with("... FAILED")
    })?;
    let results: Vec<&String> = told.iter().filter(|line| line.contains("test result:")).collect();
    println!("  {} tests passed in {} programs", passed(&results), results.len());
    Ok(())
}

/// The sum of what each program of tests says that it passed.
fn passed(results: &[&String]) -> u64 {
    let counts = results.iter().filter_map(|line| {
        let before = line.split(" passed").next()?;
        before.rsplit(' ').next()?.parse::<u64>().ok()
    });
    counts.sum()
}

fn worlds() -> Result<(), String> {
    run::streamed(sim_command(&["--worlds", WORLDS]))
}

fn bugs() -> Result<(), String> {
    let args = ["run", "--quiet", "-p", "tandem-tests", "--features", "planted", "--bin", "bugs"];
    run::streamed(cargo(&args))
}

fn demo() -> Result<(), String> {
    run::streamed(cargo(&["run", "--quiet", "--release", "--", "demo", "--fast", "--plain"]))
}

fn bench() -> Result<(), String> {
    run::streamed(cargo(&["run", "--quiet", "--release", "--", "bench", "--smoke", "--floor"]))
}

/// `cargo xtask sim`: passes its words on.
pub(crate) fn sim(words: &[&str]) -> Result<(), String> {
    run::streamed(sim_command(words))
}

/// `cargo xtask powercut`: the tests of that name with more images, and what they print.
pub(crate) fn powercut(words: &[&str]) -> Result<(), String> {
    let packages = ["-p", "tandem-client", "-p", "tandem-server"];
    let mut tests = cargo(&["test", "--lib"]);
    tests.args(packages).args(["powercut", "--", "--nocapture"]);
    let mut words = words.iter();
    while let Some(word) = words.next() {
        let name = match *word {
            "--images" => "TANDEM_IMAGES",
            "--seed" => "TANDEM_SEED",
            other => return Err(format!("powercut takes --images N and --seed S, not {other:?}")),
        };
        let number = words.next().filter(|n| n.parse::<u64>().is_ok());
        let number = number.ok_or_else(|| format!("{word} takes a number"))?;
        tests.env(name, number);
    }
    run::streamed(tests)
}

/// `cargo xtask canaries`: the test of that name, and what it prints.
pub(crate) fn canaries(words: &[&str]) -> Result<(), String> {
    let mut test = cargo(&["test", "--quiet", "-p", "tandem", "--test", "canaries"]);
    test.args(["--", "--ignored", "--nocapture"]);
    match words {
        [] => {}
        ["--seed", seed] if seed.parse::<u64>().is_ok() => drop(test.env("TANDEM_SEED", seed)),
        other => return Err(format!("canaries takes --seed S, not {other:?}")),
    }
    run::streamed(test)
}

/// `cargo xtask dictionary`: passes its words on. Its crates are built for it alone.
pub(crate) fn dictionary(words: &[&str]) -> Result<(), String> {
    let args =
        ["run", "--quiet", "-p", "xtask", "--features", "dictionary", "--bin", "dictionary", "--"];
    let mut command = cargo(&args);
    command.args(words);
    run::streamed(command)
}

fn sim_command(words: &[&str]) -> Command {
    let mut command = cargo(&["run", "--quiet", "-p", "tandem-tests", "--bin", "sim", "--"]);
    command.args(words);
    command
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_stages_in_order_and_an_unknown_one_is_named() {
        let names = |parts: &[&'static str]| -> Result<Vec<&str>, &str> {
            self::parts(parts).map(|stages| stages.iter().map(|stage| stage.name).collect())
        };
        assert_eq!(names(&["swift", "kotlin"]), Ok(vec!["kotlin", "swift"]));
        assert_eq!(names(&["cobol"]), Err("cobol"));
        let rust = names(&["rust", "unit"]).unwrap_or_default();
        assert_eq!(rust.len(), STAGES.len() - SHELLS.len());
    }

    #[test]
    fn what_passed_is_added_up() {
        let line = "test result: ok. 12 passed; 0 failed; 1 ignored".to_owned();
        assert_eq!(passed(&[&line, &line]), 24);
    }
}
