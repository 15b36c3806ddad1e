//! Python for the programs of ours that need it: an environment of its own for each, below the target folder,
//! with exactly what its `requirements.txt` names. It is made once, and again when that file changes.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use crate::{
    packages::{answers, see_to},
    run::{self, target},
};

/// Debian's packages of what is needed, installed when they are missing and this runs as root.
const PACKAGES: [&str; 2] = ["python3", "python3-venv"];

/// Debian's python3 has venv without what it needs, so both are asked for.
const PROBE: &str = "import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))";

/// The Python of an environment that has what a file of ours requires; made when it is not there.
pub(crate) fn environment(name: &str, requirements: &str) -> Result<PathBuf, String> {
    let place = target().join("xtask").join(name);
    let (python, stamp) = (place.join("bin").join("python"), place.join("requirements.txt"));
    let file = run::root().join(requirements);
    let required = read(&file)?;
    if python.exists() && fs::read_to_string(&stamp).is_ok_and(|made| made == required) {
        return Ok(python);
    }
    see_to("Python 3.11 or newer, with venv and pip,", &PACKAGES, can_make_environments)?;
    println!("  making a Python environment in {}", place.display());
    let mut make = Command::new("python3");
    make.args(["-m", "venv", "--clear"]).arg(&place);
    run::quiet(make)?;
    println!("  installing what {requirements} names");
    let mut install = Command::new(&python);
    install.args(["-m", "pip", "install", "--disable-pip-version-check", "--no-deps", "-r"]);
    install.arg(file);
    run::quiet(install)
        .map_err(|why| format!("pip could not install what {requirements} names ({why})"))?;
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
