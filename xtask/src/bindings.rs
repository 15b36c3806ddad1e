//! `cargo xtask bindings`: Swift and Kotlin, generated from the built library into the build folder.
//!
//! They are never committed: library and generated code carry checksums of each other, and those that
//! are made together are tested together.

use std::{fs, path::PathBuf};

use crate::run::{self, cargo, target};

/// Where the built library lies.
pub(crate) fn native() -> PathBuf {
    target().join("debug")
}

/// Where the languages' sources are written, each in a folder of its own.
pub(crate) fn generated() -> PathBuf {
    target().join("bindings")
}

/// Where the recorded screens lie that every shell replays.
pub(crate) fn golden() -> PathBuf {
    run::root().join("tests/golden")
}

/// Builds the library, the generator and the relay that stories run against, and generates.
pub(crate) fn generate() -> Result<(), String> {
    println!("  building the library, its generator and a relay");
    // Apart: the generator's features are not the library's.
    run::quiet(cargo(&["build", "-p", "tandem-bindgen"]))?;
    run::quiet(cargo(&["build", "-p", "tandem-bindings", "--features", "golden"]))?;
    run::quiet(cargo(&["build", "-p", "tandem"]))?;
    let library = native().join("libtandem_bindings.so");
    for language in ["kotlin", "swift"] {
        let out = generated().join(language);
        // What an older library had may not stay.
        if out.exists() {
            fs::remove_dir_all(&out).map_err(|error| format!("{}: {error}", out.display()))?;
        }
        let mut writes = match language {
            "kotlin" => {
                let mut bindgen = std::process::Command::new(native().join("uniffi-bindgen"));
                bindgen.args(["generate", "--language", "kotlin", "--no-format", "--out-dir"]);
                bindgen.arg(&out).arg(&library);
                bindgen
            }
            _ => {
                let mut bindgen = std::process::Command::new(native().join("uniffi-bindgen-swift"));
                bindgen.args(["--swift-sources", "--headers"]);
                bindgen.arg(&library).arg(&out);
                bindgen
            }
        };
        // It asks cargo for this workspace's packages, which is where their names are configured.
        writes.current_dir(run::root());
        run::quiet(writes).map_err(|why| format!("{language} could not be generated: {why}"))?;
    }
    println!("  generated Swift and Kotlin in {}", generated().display());
    Ok(())
}
