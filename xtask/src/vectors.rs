//! `tests/vectors/open.py`, a second program that reads Tandem's formats, on the vectors beside it.
//!
//! It runs in a Python environment of its own below the target folder, with exactly what
//! `requirements.txt` names. That is made once, and again when the file changes.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use crate::{
    packages::{answers, see_to},
    run::{self, target},
};

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
    see_to("Python 3.11 or newer, with venv and pip,", &PACKAGES, can_make_environments)?;
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

fn can_make_environments() -> bool {
    answers(Command::new("python3").args(["-c", PROBE]))
}

fn read(path: &Path) -> Result<String, String> {
    fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))
}
