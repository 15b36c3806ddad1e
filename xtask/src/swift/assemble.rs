//! The packages of `ios/` with what is generated in them, in the build folder.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use crate::{
    bindings,
    run::{self, target},
};

/// The packages, which name each other by their paths.
const PACKAGES: [&str; 6] = ["TandemKit", "TandemDesign", "Features", "App", "Gallery", "Stub"];

/// What Swift writes itself beside a package's files.
const BUILT: [&str; 2] = [".build", "Package.resolved"];

/// Puts the packages into the build folder, which it gives back. A file that is there as it should be is left
/// alone, so that Swift builds again what changed.
pub(super) fn packages() -> Result<PathBuf, String> {
    // Not `ios`: what Swift built there for other paths it can't use, and says so by failing.
    let (from, to) = (run::root().join("ios"), target().join("swift"));
    let mut wanted = BTreeMap::new();
    for package in PACKAGES {
        take(&from.join(package), &to.join(package), &mut wanted)?;
    }
    generated(&to.join("TandemKit/Generated"), &mut wanted)?;
    let mut others = wanted.keys().any(|path| !path.exists());
    for package in PACKAGES {
        others |= prune(&to.join(package), &wanted)?;
    }
    if others {
        forget_builds(&to)?;
    }
    for (path, bytes) in wanted {
        if fs::read(&path).is_ok_and(|there| there == bytes) {
            continue;
        }
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder).map_err(|error| failed(folder, &error))?;
        }
        fs::write(&path, bytes).map_err(|error| failed(&path, &error))?;
    }
    Ok(to)
}

type Files = BTreeMap<PathBuf, Vec<u8>>;

/// The Swift sources in one target, and each C header in one of its own, for each source imports the module
/// of its crate.
fn generated(to: &Path, wanted: &mut Files) -> Result<(), String> {
    for file in files(&bindings::For::Tests.folder().join("swift"))? {
        let name = file.file_name().unwrap_or_default();
        let bytes = fs::read(&file).map_err(|error| failed(&file, &error))?;
        if file.extension().is_none_or(|ending| ending != "h") {
            wanted.insert(to.join("TandemFFI").join(name), bytes);
            continue;
        }
        let module = file.file_stem().unwrap_or_default().to_string_lossy();
        let target = to.join(&*module);
        let map = format!("module {module} {{\n    header \"{module}.h\"\n    export *\n}}\n");
        wanted.insert(target.join("include").join(name), bytes);
        wanted.insert(target.join("include/module.modulemap"), map.into_bytes());
        // SwiftPM takes a folder for C when there is C in it.
        wanted.insert(target.join("empty.c"), Vec::new());
    }
    Ok(())
}

fn take(from: &Path, to: &Path, wanted: &mut Files) -> Result<(), String> {
    for file in files(from)? {
        let there = to.join(file.file_name().unwrap_or_default());
        if file.is_dir() {
            take(&file, &there, wanted)?;
        } else {
            let bytes = fs::read(&file).map_err(|error| failed(&file, &error))?;
            wanted.insert(there, bytes);
        }
    }
    Ok(())
}

/// What is in no package any more may not stay. Says whether anything was.
fn prune(folder: &Path, wanted: &Files) -> Result<bool, String> {
    if !folder.exists() {
        return Ok(false);
    }
    let mut pruned = false;
    for file in files(folder)? {
        if BUILT.iter().any(|built| file.ends_with(built)) || wanted.contains_key(&file) {
            continue;
        }
        if file.is_dir() {
            pruned |= prune(&file, wanted)?;
        } else {
            fs::remove_file(&file).map_err(|error| failed(&file, &error))?;
            pruned = true;
        }
    }
    Ok(pruned)
}

/// Swift's plan for a package goes on naming a file of another package that is gone, and misses one that is
/// new, and fails for it: all is built anew.
fn forget_builds(packages: &Path) -> Result<(), String> {
    for package in PACKAGES {
        let build = packages.join(package).join(".build");
        if build.exists() {
            fs::remove_dir_all(&build).map_err(|error| failed(&build, &error))?;
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
