//! `cargo xtask phones`: core and bindings, checked for every phone's target.
//!
//! It takes minutes for each, so CI does not run it; docs/unverified.md says when it was last run, at which
//! commit, and what came out.

use std::{fs, process::Command};

use crate::run;

/// What it runs.
const SCRIPT: &str = "bindings/phones.sh";

/// Where it says what came out, between these lines.
const PAGE: &str = "docs/unverified.md";
const BEGIN: &str = "<!-- cargo xtask phones -->";
const END: &str = "<!-- end -->";

/// Checks all targets, or these, and writes down what came out.
pub(crate) fn check(targets: &[&str]) -> Result<(), String> {
    let mut script = Command::new("bash");
    script.arg(run::root().join(SCRIPT)).arg(run::root()).args(["-p", "tandem-bindings"]);
    if !targets.is_empty() {
        script.env("PHONES_TARGETS", targets.join(" "));
    }
    println!("core and bindings for phones: some minutes for each target, the first time more");
    // A target that fails is a result, too: it is written down, and then said.
    script.env("PHONES_ALL", "1");
    let lines =
        run::summarised(script, |line| line.starts_with("ok ") || line.starts_with("FAIL "))?;
    // A run of some targets says nothing of the others.
    if targets.is_empty() {
        write_down(&lines)?;
    }
    let failed: Vec<&str> = lines.iter().filter_map(|line| line.strip_prefix("FAIL")).collect();
    if failed.is_empty() { Ok(()) } else { Err(failed.join("\n")) }
}

fn write_down(lines: &[String]) -> Result<(), String> {
    let path = run::root().join(PAGE);
    let page = fs::read_to_string(&path).map_err(|error| format!("{PAGE}: {error}"))?;
    let before = page.split(BEGIN).next().unwrap_or_default();
    let after = page.split(END).nth(1).ok_or_else(|| format!("{PAGE} has no {BEGIN} and {END}"))?;
    let rows: String = lines
        .iter()
        .filter_map(|line| {
            let mut words = line.split_whitespace();
            let compiles = if words.next()? == "ok" { "compiles" } else { "does **not** compile" };
            let (date, commit) = (today(), commit());
            Some(format!("| `{}` | {compiles} | {date} | `{commit}` |\n", words.next()?))
        })
        .collect();
    let table = format!("| target | result | when | commit |\n|---|---|---|---|\n{rows}");
    let page = format!("{before}{BEGIN}\n\n{table}\n{END}{after}");
    fs::write(&path, page).map_err(|error| format!("{PAGE}: {error}"))
}

/// Today.
fn today() -> String {
    said("date", &["-u", "+%Y-%m-%d"])
}

/// What is checked out, with a mark when something beside the page is changed.
fn commit() -> String {
    let commit = said("git", &["rev-parse", "--short", "HEAD"]);
    let beside = format!(":!{PAGE}");
    let changed = said("git", &["status", "--porcelain", "--", ".", &beside]);
    if changed.is_empty() { commit } else { format!("{commit}-dirty") }
}

fn said(program: &str, words: &[&str]) -> String {
    let out = Command::new(program).args(words).current_dir(run::root()).output();
    out.map(|out| String::from_utf8_lossy(&out.stdout).trim().to_owned()).unwrap_or_default()
}
