//! `cargo xtask size`: how big what phones get is, and how thin what stands between.

use std::{fs, path::Path};

use crate::{
    bindings,
    run::{self, cargo, target},
};

/// The profile for phones, in the workspace's manifest.
const PROFILE: &str = "phone";

/// What the library is to stay under, stripped.
const TARGET_MB: f64 = 9.0;

/// How it is linked: by lld, as `android/natives.sh` has it done for phones. Functions that came out the same are
/// there once, and places to be filled in at loading are packed.
const LINKING: [&str; 2] = ["-Clink-args=-Wl,--icf=all", "-Clink-args=-Wl,-z,pack-relative-relocs"];

/// What a shell's adapter is to stay under: what stands between the generated code and the models of screens,
/// and what serves the platform.
const MAX_LINES: usize = 600;

/// The bindings' share of the Rust is to stay under this, in percent.
const MAX_SHARE: f64 = 5.0;

/// Each shell's adapter: the folders of what holds an open home for the screens, and of what serves the platform.
/// The app's own entry, its views and its strings are none.
const ADAPTERS: [(&str, [&str; 2]); 2] = [
    (
        "Kotlin",
        ["android/tandem/src/main/kotlin/store", "android/app/src/main/kotlin/tandem/platform"],
    ),
    ("Swift", ["ios/TandemKit/Sources/TandemKit/Store", "ios/Platform/Sources/Services"]),
];

/// Rust that is shipped to phones or runs the relay, apart from tests and tools.
const RUST: [&str; 5] = ["core", "server", "cli/src", "bindings/src", "bindings/bindgen"];

/// Builds the library as phones get it, and counts.
pub(crate) fn report() -> Result<(), String> {
    println!("building the library by profile {PROFILE}: some minutes");
    let mut build = cargo(&[
        "rustc",
        "-p",
        "tandem-bindings",
        "--lib",
        "--features",
        "quiet",
        "--profile",
        PROFILE,
        "--",
    ]);
    if cfg!(all(target_os = "linux", target_arch = "x86_64")) {
        build.args(LINKING);
    }
    run::quiet(build)?;
    let library = target().join(PROFILE).join("libtandem_bindings.so");
    let bytes =
        fs::metadata(&library).map_err(|error| format!("{}: {error}", library.display()))?;
    let mb = bytes.len() as f64 / 1e6;
    let mut over = Vec::new();
    println!("library, stripped, {}: {mb:.1} MB (target {TARGET_MB} MB)", std::env::consts::ARCH);
    over.extend((mb > TARGET_MB).then_some("the library"));
    bindings::for_libraries(&[&library.to_string_lossy()])?;
    for (shell, folders) in ADAPTERS {
        let mut lines = 0;
        for folder in folders {
            lines += lines_under(&run::root().join(folder))?;
        }
        println!("adapter in {shell}: {lines} lines (at most {MAX_LINES}); {}", folders.join(", "));
        over.extend((lines > MAX_LINES).then_some(shell));
    }
    let bindings = lines_under(&run::root().join("bindings/src"))?;
    let mut rust = 0;
    for folder in RUST {
        rust += lines_under(&run::root().join(folder))?;
    }
    let share = 100.0 * bindings as f64 / rust as f64;
    println!("bindings: {bindings} of {rust} lines of Rust, {share:.1} % (at most {MAX_SHARE} %)");
    over.extend((share > MAX_SHARE).then_some("the bindings"));
    if over.is_empty() {
        Ok(())
    } else {
        Err(format!("bigger than it may be: {}", over.join(", ")))
    }
}

/// Lines of code under a folder: blank ones, comments on lines of their own and imports are none.
fn lines_under(folder: &Path) -> Result<usize, String> {
    let failed = |error: std::io::Error| format!("{}: {error}", folder.display());
    let mut lines = 0;
    for entry in fs::read_dir(folder).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        let ending = path.extension().and_then(|ending| ending.to_str());
        // What is written from the catalogue is data.
        let written = path.file_name().is_some_and(|name| name == "WordIds.kt");
        if path.is_dir() {
            lines += lines_under(&path)?;
        } else if matches!(ending, Some("rs" | "kt" | "swift")) && !written {
            let text = fs::read_to_string(&path).map_err(failed)?;
            let none = ["//", "/*", "*", "import ", "package "];
            let code =
                |line: &&str| !line.is_empty() && !none.iter().any(|start| line.starts_with(start));
            lines += text.lines().map(str::trim).filter(code).count();
        }
    }
    Ok(lines)
}
