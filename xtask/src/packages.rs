//! What a stage needs of the system: Debian's packages, installed when they are missing and this runs as
//! root.

use std::process::{Command, Stdio};

use crate::run;

/// Sees to it that `works` says so, by installing these packages if it does not.
///
/// # Errors
/// What is missing and what to run, when it could not be installed.
pub(crate) fn see_to(
    what: &str,
    packages: &[&str],
    works: impl Fn() -> bool,
) -> Result<(), String> {
    if works() {
        return Ok(());
    }
    let names = packages.join(" ");
    let missing = format!(
        "{what} is missing: run `apt-get install {names}` as root, or install your system's packages of it"
    );
    if !answers(Command::new("apt-get").arg("--version")) || !is_root() {
        return Err(missing);
    }
    println!("  {what} is missing: installing {names} with apt-get");
    for words in [&["update"][..], &["install", "--yes", "--no-install-recommends"]] {
        let mut apt = Command::new("apt-get");
        apt.args(words).env("DEBIAN_FRONTEND", "noninteractive");
        if words[0] == "install" {
            apt.args(packages);
        }
        run::quiet(apt).map_err(|why| format!("apt-get {}: {why}; {missing}", words[0]))?;
    }
    if works() { Ok(()) } else { Err(missing) }
}

/// Whether a command runs and ends well.
pub(crate) fn answers(command: &mut Command) -> bool {
    let status = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).status();
    status.is_ok_and(|status| status.success())
}

fn is_root() -> bool {
    Command::new("id").arg("-u").output().is_ok_and(|id| id.stdout.trim_ascii() == b"0")
}
