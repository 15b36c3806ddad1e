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

/// Inside the root: the folder of the recorded screens.
const GOLDEN: &str = "/golden";

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
    let (native, golden) = (bindings::native(), bindings::golden());
    let bind = format!("{}={NATIVE} {}={GOLDEN}", native.display(), golden.display());
    tests.env("SWIFT_LINUX_BIND", bind).env("SWIFT_LINUX_ENV", "TANDEM_BIN TANDEM_GOLDEN");
    tests.env("TANDEM_BIN", format!("{NATIVE}/tandem")).env("TANDEM_GOLDEN", GOLDEN);
    let told =
        run::summarised(tests, |line| line.contains("Executed ") || line.contains("error:"))?;
    // A run in which nothing ran proves nothing.
    let any = told.iter().any(|line| !line.starts_with("Executed 0 "));
    if any { Ok(()) } else { Err("no test of Swift ran".to_owned()) }
}

fn swift(folder: &Path, words: &[&str]) -> Command {
    let mut command = Command::new("bash");
    command.arg(run::root().join("ios/swift-linux.sh")).arg(folder).args(words);
    command
}

/// The package with what is generated in it, in the build folder: the Swift sources in one target, and
/// each C header in one of its own, for each source imports the module of its crate.
fn assemble() -> Result<PathBuf, String> {
    let package = target().join("ios").join("TandemKit");
    let sources = run::root().join("ios/TandemKit");
    for folder in ["Sources", "Tests", "Generated"] {
        let folder = package.join(folder);
        if folder.exists() {
            fs::remove_dir_all(&folder).map_err(|error| failed(&folder, &error))?;
        }
    }
    copy(&sources, &package)?;
    let generated = package.join("Generated");
    for file in files(&bindings::generated().join("swift"))? {
        let name = file.file_name().unwrap_or_default();
        match file.extension().and_then(|extension| extension.to_str()) {
            Some("h") => {
                let module = file.file_stem().unwrap_or_default().to_string_lossy();
                add_module(&generated.join(&*module), &module, &file)?;
            }
            _ => write_copy(&file, &generated.join("TandemFFI").join(name))?,
        }
    }
    Ok(package)
}

/// A target of SwiftPM's that is one C header.
fn add_module(folder: &Path, module: &str, header: &Path) -> Result<(), String> {
    let include = folder.join("include");
    write_copy(header, &include.join(header.file_name().unwrap_or_default()))?;
    let map = format!("module {module} {{\n    header \"{module}.h\"\n    export *\n}}\n");
    // SwiftPM takes a folder for C when there is C in it.
    for (path, text) in [(include.join("module.modulemap"), &*map), (folder.join("empty.c"), "")] {
        fs::write(&path, text).map_err(|error| failed(&path, &error))?;
    }
    Ok(())
}

fn write_copy(from: &Path, to: &Path) -> Result<(), String> {
    if let Some(folder) = to.parent() {
        fs::create_dir_all(folder).map_err(|error| failed(folder, &error))?;
    }
    fs::copy(from, to).map(drop).map_err(|error| failed(to, &error))
}

fn copy(from: &Path, to: &Path) -> Result<(), String> {
    for file in files(from)? {
        let there = to.join(file.file_name().unwrap_or_default());
        if file.is_dir() { copy(&file, &there)? } else { write_copy(&file, &there)? }
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
