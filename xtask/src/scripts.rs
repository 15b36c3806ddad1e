//! Every shell script is read by shellcheck: those that only other machines can run too.

use std::process::Command;

use crate::{
    packages::{answers, see_to},
    run, source,
};

/// Where scripts lie, and those that end otherwise.
const FOLDERS: [&str; 4] = ["android", "bindings", "ios", "tools"];
const OTHERS: [&str; 1] = [".ci/run"];

/// Reads them all.
pub(crate) fn check() -> Result<(), String> {
    see_to("shellcheck", &["shellcheck"], || answers(Command::new("shellcheck").arg("--version")))?;
    let mut scripts: Vec<String> = OTHERS.map(str::to_owned).into();
    for folder in FOLDERS {
        scripts.extend(source::with_ending(folder, "sh")?.into_iter().map(|script| script.path));
    }
    let mut shellcheck = Command::new("shellcheck");
    shellcheck.arg("--external-sources").args(&scripts).current_dir(run::root());
    run::quiet(shellcheck)?;
    println!("  {} scripts", scripts.len());
    Ok(())
}
