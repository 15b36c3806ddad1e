//! Runs a stage's commands: quietly, with a summary, or with all they print.

use std::{
    io::{BufRead, BufReader, Read},
    process::{Command, Stdio},
    sync::mpsc::{self, RecvTimeoutError},
    thread,
    time::{Duration, Instant},
};

use crate::stages::Stage;

/// A silent stage says that it is alive this often.
const HEARTBEAT: Duration = Duration::from_secs(60);

/// The cargo that runs us.
pub(crate) fn cargo(args: &[&str]) -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.args(args).current_dir(root());
    // What cargo says to a program that it runs is not meant for the cargo that this runs: a build script that
    // looks at it would build all behind it anew, each time after somebody called cargo by hand.
    for (name, _) in std::env::vars_os() {
        let told = name.to_string_lossy();
        if told.starts_with("CARGO_PKG_") || told.starts_with("CARGO_MANIFEST_") {
            command.env_remove(&name);
        }
    }
    command
}

/// The workspace's folder: the parent of this crate's.
pub(crate) fn root() -> &'static std::path::Path {
    let here = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here)
}

/// Where cargo builds.
pub(crate) fn target() -> std::path::PathBuf {
    let chosen = std::env::var_os("CARGO_TARGET_DIR");
    // A relative one is meant from where cargo runs, which is the workspace's folder.
    root().join(chosen.unwrap_or_else(|| "target".into()))
}

/// Runs one stage with a line before and a line after it.
pub(crate) fn stage(stage: &Stage) -> Result<(), String> {
    println!("stage {:<8} begins: {}", stage.name, stage.what);
    let begun = Instant::now();
    let ended = (stage.run)();
    let word = if ended.is_ok() { "ok" } else { "NOT OK" };
    println!("stage {:<8} {word}, {}", stage.name, took(begun));
    ended.map_err(|why| {
        format!("stage {}: {why}; `cargo xtask {}` runs it alone", stage.name, stage.name)
    })
}

/// Seconds since, for people.
pub(crate) fn took(begun: Instant) -> String {
    let seconds = begun.elapsed().as_secs_f64();
    if seconds < 60.0 {
        format!("{seconds:.1} s")
    } else {
        format!("{} min {:.0} s", (seconds / 60.0).floor(), seconds % 60.0)
    }
}

/// Checks that the cargo components that the stages need are installed.
pub(crate) fn components(stages: &[Stage]) -> Result<(), String> {
    for (stage, component) in [("fmt", "rustfmt"), ("clippy", "clippy")] {
        if !stages.iter().any(|s| s.name == stage) {
            continue;
        }
        let mut asks = cargo(&[stage, "--version"]);
        let there = asks.stdout(Stdio::null()).stderr(Stdio::null()).status();
        if !there.is_ok_and(|status| status.success()) {
            return Err(format!(
                "`cargo {stage}` is not installed: run `rustup component add {component}`, or \
                 install your system's package of it"
            ));
        }
    }
    Ok(())
}

/// Runs a command and shows what it printed only when it fails.
pub(crate) fn quiet(command: Command) -> Result<(), String> {
    summarised(command, |_| false).map(drop)
}

/// Runs a command that has its own say.
pub(crate) fn streamed(mut command: Command) -> Result<(), String> {
    match command.status() {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!("ended with {status}")),
        Err(error) => Err(format!("could not start {command:?}: {error}")),
    }
}

/// Runs a command and lets the lines through that `keep` picks, which it gives back; shows all it printed
/// when it fails.
pub(crate) fn summarised(
    mut command: Command,
    keep: fn(&str) -> bool,
) -> Result<Vec<String>, String> {
    let begun = Instant::now();
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| format!("could not start {command:?}: {error}"))?;
    let (send, lines) = mpsc::channel();
    let out = child.stdout.take().map(|pipe| forward(pipe, send.clone()));
    let err = child.stderr.take().map(|pipe| forward(pipe, send));
    let (mut all, mut kept) = (Vec::new(), Vec::new());
    loop {
        match lines.recv_timeout(HEARTBEAT) {
            Ok(line) => {
                if keep(&line) {
                    println!("  {}", line.trim());
                    kept.push(line.trim().to_owned());
                }
                all.push(line);
            }
            Err(RecvTimeoutError::Timeout) => println!("  ... {}", took(begun)),
            Err(RecvTimeoutError::Disconnected) => break,
        }
    }
    for reader in [out, err].into_iter().flatten() {
        // A reader ends with its pipe; it has no way to panic.
        let _ = reader.join();
    }
    let status = child.wait().map_err(|error| format!("could not wait for it: {error}"))?;
    if status.success() {
        return Ok(kept);
    }
    for line in all {
        println!("{line}");
    }
    Err(format!("ended with {status}"))
}

fn forward(pipe: impl Read + Send + 'static, to: mpsc::Sender<String>) -> thread::JoinHandle<()> {
    thread::spawn(move || {
        let mut pipe = BufReader::new(pipe);
        let mut line = Vec::new();
        while pipe.read_until(b'\n', &mut line).is_ok_and(|read| read > 0) {
            let text = String::from_utf8_lossy(&line).trim_end().to_owned();
            line.clear();
            if to.send(text).is_err() {
                return;
            }
        }
    })
}
