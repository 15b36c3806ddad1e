//! `tests/vectors/open.py`, a second program that reads Tandem's formats, on the vectors beside it.

use std::process::Command;

use crate::{python, run};

const FOLDER: &str = "tests/vectors";

/// Reads the vectors with the second program.
pub(crate) fn check() -> Result<(), String> {
    let python = python::environment("vectors", &format!("{FOLDER}/requirements.txt"))?;
    println!("  reading the vectors in {FOLDER}");
    let mut reads = Command::new(python);
    // Nothing is written beside the sources.
    reads.arg("-B").arg(run::root().join(FOLDER).join("open.py"));
    run::streamed(reads)
}
