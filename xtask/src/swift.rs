//! The Swift side: `ios/TandemKit` on Linux, on the real library and a real relay process.
//!
//! Debian's Swift is unpacked into a cached root of its own and entered by chroot
//! (`ios/swift-linux.sh`); nothing of it is installed.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use crate::{
    bindings,
    run::{self, target},
};

/// Inside the root: the folder of the library, and of the relay that stories run against.
const NATIVE: &str = "/native";

/// Builds the bindings, checks the form of the sources and runs every Swift test.
pub(crate) fn check() -> Result<(), String> {
    bindings::generate()?;
    let package = assemble()?;
    println!("  Swift checks the form of ios/");
    let ios = run::root().join("ios");
    run::quiet(swift(&ios, &["swift", "format", "lint", "--strict", "--recursive", "."]))?;
    println!("  Swift builds and tests ios/TandemKit");
    let tests =
        ["swift", "test", "-Xlinker", "-L/native", "-Xlinker", "-rpath", "-Xlinker", NATIVE];
    let mut tests = swift(&package, &tests);
    tests.env("SWIFT_LINUX_BIND", format!("{}={NATIVE}", bindings::native().display()));
    tests.env("SWIFT_LINUX_ENV", "TANDEM_BIN").env("TANDEM_BIN", format!("{NATIVE}/tandem"));
    run::summarised(tests, |line| line.contains("Executed ") || line.contains("error:"))
}

fn swift(folder: &Path, words: &[&str]) -> Command {
    let mut command = Command::new("bash");
    command.arg(run::root().join("ios/swift-linux.sh")).arg(folder).args(words);
    command
}

/// The package with what is generated in it, in the build folder.
fn assemble() -> Result<PathBuf, String> {
    let package = target().join("ios").join("TandemKit");
    let sources = run::root().join("ios/TandemKit");
    let generated = bindings::generated().join("swift");
    let (c, swift) = ("Generated/tandem_bindingsFFI", "Generated/TandemFFI");
    for folder in ["Sources", "Tests", "Generated"] {
        let folder = package.join(folder);
        if folder.exists() {
            fs::remove_dir_all(&folder).map_err(|error| failed(&folder, &error))?;
        }
    }
    copy(&sources, &package)?;
    let headers = package.join(c).join("include");
    let sources = package.join(swift);
    for folder in [&headers, &sources] {
        fs::create_dir_all(folder).map_err(|error| failed(folder, &error))?;
    }
    for file in files(&generated)? {
        let name = file.file_name().unwrap_or_default();
        let is_source = file.extension().is_some_and(|extension| extension == "swift");
        let to = if is_source { &sources } else { &headers }.join(name);
        fs::copy(&file, &to).map_err(|error| failed(&to, &error))?;
    }
    // SwiftPM takes a folder for C when there is C in it.
    let empty = package.join(c).join("empty.c");
    fs::write(&empty, "").map_err(|error| failed(&empty, &error))?;
    Ok(package)
}

fn copy(from: &Path, to: &Path) -> Result<(), String> {
    fs::create_dir_all(to).map_err(|error| failed(to, &error))?;
    for file in files(from)? {
        let there = to.join(file.file_name().unwrap_or_default());
        if file.is_dir() {
            copy(&file, &there)?;
        } else {
            fs::copy(&file, &there).map_err(|error| failed(&there, &error))?;
        }
    }
    Ok(())
}

fn files(folder: &Path) -> Result<Vec<PathBuf>, String> {
    let entries = fs::read_dir(folder).map_err(|error| failed(folder, &error))?;
    let paths = entries.map(|entry| entry.map(|entry| entry.path()));
    paths.collect::<Result<_, _>>().map_err(|error| failed(folder, &error))
}

fn failed(path: &Path, error: &std::io::Error) -> String {
    format!("{}: {error}", path.display())
}
