//! `tests/vectors/open.py`, a second program that reads Tandem's formats, on the vectors beside it.
//!
//! It runs in a Python environment of its own below the target folder, with exactly what
//! `requirements.txt` names. That is made once, and again when the file changes.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use crate::run;

const FOLDER: &str = "tests/vectors";

/// Debian's packages of what is needed, installed when they are missing and this runs as root.
const PACKAGES: [&str; 2] = ["python3", "python3-venv"];

/// Debian's python3 has venv without what it needs, so both are asked for.
const PROBE: &str = "import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))";

/// Reads the vectors with the second program.
pub(crate) fn check() -> Result<(), String> {
    let folder = run::root().join(FOLDER);
    let python = environment(&folder.join("requirements.txt"))?;
    println!("  reading the vectors in {FOLDER}");
    let mut reads = Command::new(python);
    // Nothing is written beside the sources.
    reads.arg("-B").arg(folder.join("open.py"));
    run::streamed(reads)
}

/// The Python of an environment that has what is required; made when it is not there.
fn environment(requirements: &Path) -> Result<PathBuf, String> {
    let place = target().join("xtask").join("vectors");
    let (python, stamp) = (place.join("bin").join("python"), place.join("requirements.txt"));
    let required = read(requirements)?;
    if python.exists() && fs::read_to_string(&stamp).is_ok_and(|made| made == required) {
        return Ok(python);
    }
    installed()?;
    println!("  making a Python environment in {}", place.display());
    let mut make = Command::new("python3");
    make.args(["-m", "venv", "--clear"]).arg(&place);
    run::quiet(make)?;
    println!("  installing what {FOLDER}/requirements.txt names");
    let mut install = Command::new(&python);
    install.args(["-m", "pip", "install", "--disable-pip-version-check", "--no-deps", "-r"]);
    install.arg(requirements);
    run::quiet(install).map_err(|why| {
        format!("pip could not install what {FOLDER}/requirements.txt names ({why})")
    })?;
    // Last, so that what was interrupted is made again.
    fs::write(&stamp, required).map_err(|error| format!("{}: {error}", stamp.display()))?;
    Ok(python)
}

/// Sees to a Python that can make environments.
fn installed() -> Result<(), String> {
    if can_make_environments() {
        return Ok(());
    }
    let packages = PACKAGES.join(" ");
    let missing = format!(
        "Python 3.11 or newer, with venv and pip, is missing: run `apt-get install {packages}` as root, or \
         install your system's packages of them"
    );
    if !answers(Command::new("apt-get").arg("--version")) || !is_root() {
        return Err(missing);
    }
    println!("  Python 3 with venv is missing: installing {packages} with apt-get");
    for words in [&["update"][..], &["install", "--yes", "--no-install-recommends"]] {
        let mut apt = Command::new("apt-get");
        apt.args(words).env("DEBIAN_FRONTEND", "noninteractive");
        if words[0] == "install" {
            apt.args(PACKAGES);
        }
        run::quiet(apt).map_err(|why| format!("apt-get {}: {why}; {missing}", words[0]))?;
    }
    if can_make_environments() { Ok(()) } else { Err(missing) }
}

fn can_make_environments() -> bool {
    answers(Command::new("python3").args(["-c", PROBE]))
}

fn is_root() -> bool {
    Command::new("id").arg("-u").output().is_ok_and(|id| id.stdout.trim_ascii() == b"0")
}

fn answers(command: &mut Command) -> bool {
    let status = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).status();
    status.is_ok_and(|status| status.success())
}

/// Where cargo builds.
fn target() -> PathBuf {
    let chosen = env::var_os("CARGO_TARGET_DIR").map(PathBuf::from);
    // A relative one is meant from where cargo runs, which is the workspace's folder.
    run::root().join(chosen.unwrap_or_else(|| "target".into()))
}

fn read(path: &Path) -> Result<String, String> {
    fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))
}
