//! `cargo xtask bindings`: Swift and Kotlin, generated from the built library into the build folder.
//!
//! They are never committed: library and generated code carry checksums of each other, and those that
//! are made together are tested together.

use std::{collections::BTreeSet, fs, path::PathBuf, process::Command};

use crate::{
    run::{self, cargo, target},
    source,
};

/// Whom code is generated for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum For {
    /// Phones.
    Phones,
    /// The tests of this machine, whose library reads recorded screens as well. On a phone nothing has that: an
    /// app with this code would end as it starts.
    Tests,
}

impl For {
    /// Where the languages' sources are written, each in a folder of its own.
    pub(crate) fn folder(self) -> PathBuf {
        target().join(match self {
            Self::Phones => "bindings",
            Self::Tests => "bindings-tests",
        })
    }

    const fn features(self) -> &'static [&'static str] {
        match self {
            Self::Phones => &[],
            Self::Tests => &["--features", "golden"],
        }
    }
}

/// Where the built library lies.
pub(crate) fn native() -> PathBuf {
    target().join("debug")
}

/// Where the recorded screens lie that every shell replays.
pub(crate) fn golden() -> PathBuf {
    run::root().join("tests/golden")
}

/// Builds the library, the generator and, for tests, the relay that stories run against, and generates.
pub(crate) fn generate(whom: For) -> Result<(), String> {
    println!("  building the library and its generator");
    // Apart: the generator's features are not the library's.
    run::quiet(cargo(&["build", "-p", "tandem-bindgen"]))?;
    let library = ["build", "-p", "tandem-bindings"];
    run::quiet(cargo(&[&library[..], whom.features()].concat()))?;
    if whom == For::Tests {
        println!("  building a relay");
        run::quiet(cargo(&["build", "-p", "tandem"]))?;
    }
    let library = native().join("libtandem_bindings.so");
    for language in ["kotlin", "swift"] {
        let out = whom.folder().join(language);
        // What an older library had may not stay.
        if out.exists() {
            fs::remove_dir_all(&out).map_err(|error| format!("{}: {error}", out.display()))?;
        }
        let mut writes = match language {
            "kotlin" => {
                let mut bindgen = Command::new(native().join("uniffi-bindgen"));
                bindgen.args(["generate", "--language", "kotlin", "--no-format", "--out-dir"]);
                bindgen.arg(&out).arg(&library);
                bindgen
            }
            _ => {
                let mut bindgen = Command::new(native().join("uniffi-bindgen-swift"));
                bindgen.args(["--swift-sources", "--headers"]);
                bindgen.arg(&library).arg(&out);
                bindgen
            }
        };
        // It asks cargo for this workspace's packages, which is where their names are configured.
        writes.current_dir(run::root());
        run::quiet(writes).map_err(|why| format!("{language} could not be generated: {why}"))?;
    }
    println!("  generated Swift and Kotlin in {}", whom.folder().display());
    Ok(())
}

/// Generates for phones, and looks whether each of these libraries has all that the Kotlin calls: it looks everything
/// up when an app starts, and an app whose library lacks something ends there.
pub(crate) fn for_libraries(libraries: &[&str]) -> Result<(), String> {
    generate(For::Phones)?;
    let mut called = BTreeSet::new();
    let kotlin = For::Phones.folder().join("kotlin").display().to_string();
    for source in source::with_ending(&kotlin, "kt")? {
        called.extend(calls(&source.text).map(str::to_owned));
    }
    if called.is_empty() {
        return Err(
            "the generated Kotlin calls nothing: it is written otherwise than before".to_owned()
        );
    }
    for path in libraries {
        let library = fs::read(path).map_err(|error| format!("{path}: {error}"))?;
        let here = names(&library);
        let lacks: Vec<&str> = called
            .iter()
            .map(String::as_str)
            .filter(|name| !here.contains(name.as_bytes()))
            .collect();
        if !lacks.is_empty() {
            return Err(format!("{path} lacks what the Kotlin calls: {}", lacks.join(", ")));
        }
        println!("  {path} has all {} functions that the Kotlin calls", called.len());
    }
    Ok(())
}

/// The library's functions that generated Kotlin calls.
fn calls(kotlin: &str) -> impl Iterator<Item = &str> {
    let declared = kotlin.split("external fun ").skip(1);
    declared.filter_map(|rest| rest.split('(').next()).map(str::trim)
}

/// The names of uniffi's functions that a library of any system and processor says anywhere.
fn names(library: &[u8]) -> BTreeSet<&[u8]> {
    let mut names = BTreeSet::new();
    for (at, four) in library.windows(4).enumerate() {
        if four == b"ffi_" {
            let before = library.get(..at).is_some_and(|before| before.ends_with(b"uni"));
            let rest = library.get(if before { at - 3 } else { at }..).unwrap_or_default();
            let long = rest.iter().take_while(|b| b.is_ascii_alphanumeric() || **b == b'_').count();
            names.extend(rest.get(..long));
        }
    }
    names
}

#[cfg(test)]
mod tests {
    use super::{calls, names};

    #[test]
    fn a_function_that_a_library_lacks_is_seen() {
        let kotlin = "internal object UniffiLib {\n    external fun uniffi_tandem_fn_open(\n    ): Long\n\
                      \x20   external fun ffi_tandem_alloc(`size`: Long): Long\n}";
        let called: Vec<&str> = calls(kotlin).collect();
        assert_eq!(called, ["uniffi_tandem_fn_open", "ffi_tandem_alloc"]);
        let whole = names(b"\x7fELF\0uniffi_tandem_fn_open\0ffi_tandem_alloc\0");
        assert!(called.iter().all(|name| whole.contains(name.as_bytes())));
        let less = names(b"\x7fELF\0uniffi_tandem_fn_open_all\0ffi_tandem_alloc\0");
        assert!(!less.contains(called[0].as_bytes()), "another name that begins like it");
    }
}
