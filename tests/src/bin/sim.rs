//! Runs simulated worlds: `sim [--worlds N] [--seed S] [--minutes M] [--stories | --story NAME] [--bug NAME] [--aloud]`.
//!
//! With `--stories` it tells all stories first, with `--story` only those whose names have this in them. Without `--minutes` it runs N worlds from seed S on; with it, worlds until the time is up. Ends
//! with 1 at the first violation, after printing it and the line that replays it.

use std::{
    panic::catch_unwind,
    process::ExitCode,
    time::{Duration, Instant},
};

use tandem_tests::{Options, Stats, run_world};

struct Args {
    worlds: u64,
    seed: u64,
    minutes: Option<u64>,
    aloud: bool,
    /// Of the stories those whose names have this in them.
    stories: Option<String>,
}

fn args() -> Result<Args, String> {
    let mut found = Args { worlds: 1000, seed: 1, minutes: None, aloud: false, stories: None };
    let mut args = std::env::args().skip(1);
    while let Some(name) = args.next() {
        let mut number = || -> Result<u64, String> {
            let text = args.next().ok_or(format!("{name} needs a number"))?;
            text.parse().map_err(|_| format!("{name} needs a number, not {text:?}"))
        };
        match name.as_str() {
            "--worlds" => found.worlds = number()?,
            "--seed" => found.seed = number()?,
            "--minutes" => found.minutes = Some(number()?),
            "--aloud" => found.aloud = true,
            "--stories" => found.stories = Some(String::new()),
            "--story" => found.stories = Some(args.next().ok_or("--story needs a name")?),
            "--bug" => plant(&args.next().ok_or("--bug needs a name")?)?,
            _ => {
                return Err(format!(
                    "{name}: use --worlds, --seed, --minutes, --stories, --story, --bug, \
                     --aloud"
                ));
            }
        }
    }
    Ok(found)
}

#[cfg(feature = "planted")]
fn plant(name: &str) -> Result<(), String> {
    use tandem_proto::planted::{Fault, plant};
    let fault = Fault::ALL.iter().find(|fault| fault.name() == name);
    plant(Some(*fault.ok_or(format!("there is no bug {name}"))?));
    Ok(())
}

#[cfg(not(feature = "planted"))]
fn plant(_: &str) -> Result<(), String> {
    Err("--bug needs a build with the feature `planted`".to_owned())
}

fn tell_all(named: &str) -> bool {
    let mut well = true;
    for story in tandem_tests::stories::ALL.iter().filter(|story| story.name.contains(named)) {
        let told = catch_unwind(|| (story.tell)(story.name)).is_ok();
        println!("{} {}", if told { "told" } else { "FAILED" }, story.name);
        well &= told;
    }
    well
}

fn main() -> ExitCode {
    let args = match args() {
        Ok(args) => args,
        Err(error) => {
            eprintln!("{error}");
            return ExitCode::from(2);
        }
    };
    if args.stories.as_deref().is_some_and(|named| !tell_all(named)) {
        return ExitCode::FAILURE;
    }
    let begun = Instant::now();
    let end = args.minutes.map(|minutes| begun + Duration::from_secs(60 * minutes));
    let (mut done, mut steps, mut all) = (0, 0, Stats::default());
    while end.map_or(done < args.worlds, |end| Instant::now() < end) {
        let seed = args.seed.wrapping_add(done);
        let options = Options { aloud: args.aloud };
        // The panic prints the violation, with the line that replays it.
        let Ok(outcome) = catch_unwind(|| run_world(seed, &options)) else {
            println!("world {done} (seed {seed}) failed after {:.1?}", begun.elapsed());
            return ExitCode::FAILURE;
        };
        done += 1;
        steps += outcome.steps;
        all = all + outcome.stats;
        if done % 100 == 0 {
            println!("{done} worlds, {steps} steps, {:.1?}", begun.elapsed());
        }
    }
    println!(
        "{done} worlds from seed {} in {:.1?}: {steps} steps, {all:?}",
        args.seed,
        begun.elapsed()
    );
    ExitCode::SUCCESS
}
