//! The Swift side: the packages of `ios/` on Linux, on the real library and a real relay process.
//!
//! Debian's Swift is unpacked into a cached root of its own and entered by chroot
//! (`ios/swift-linux.sh`); nothing of it is installed. `TandemKit` and its tests run. Views are
//! type-checked against a stand-in for SwiftUI (`ios/Stub`), which shows mistakes and does not show that
//! they compile for iOS; every state of every screen (`ios/Gallery`) is walked in it. What needs Apple's own
//! frameworks is parsed, no more.

mod assemble;
mod views;

use std::{path::Path, process::Command};

use crate::{bindings, run, source};

/// Inside the root: the folder of the library, and of the relay that stories run against.
const NATIVE: &str = "/native";

/// Inside the root: the folder of the recorded screens.
const GOLDEN: &str = "/golden";

/// Inside the root: the folder of the words that the app is built with.
const WORDS: &str = "/words";

/// What only Apple's systems can build.
const PLATFORM: [&str; 2] = ["ios/Platform", "ios/NotificationExtension"];

/// Builds the bindings, checks the form of the sources, runs every Swift test and checks every view.
pub(crate) fn check() -> Result<(), String> {
    let views = views::check()?;
    bindings::generate(bindings::For::Tests)?;
    let packages = assemble::packages()?;
    let ios = run::root().join("ios");
    println!("  Swift checks the form of ios/");
    run::quiet(swift(&ios, &["swift", "format", "lint", "--strict", "--recursive", "."]))?;
    println!("  Swift builds and tests ios/TandemKit");
    tested(&packages, "TandemKit")?;
    println!("  Swift checks the views against a stand-in for SwiftUI");
    tested(&packages, "App")?;
    println!("  {views} files of views type-checked: not a build for iOS");
    println!("  Swift walks every state of every screen");
    tested(&packages, "Gallery")?;
    parsed(&ios)
}

/// Runs a package's tests. A run in which nothing ran proves nothing.
fn tested(packages: &Path, package: &str) -> Result<(), String> {
    let tests = [
        "swift",
        "test",
        "--package-path",
        package,
        "-Xlinker",
        "-L/native",
        "-Xlinker",
        "-rpath",
        "-Xlinker",
        NATIVE,
        // Debian's library of Observation leaves a name open that is only called when threads fail.
        "-Xlinker",
        "--allow-shlib-undefined",
    ];
    let mut tests = swift(packages, &tests);
    let words = run::root().join("ios/App/Resources");
    let bind = [(bindings::native(), NATIVE), (bindings::golden(), GOLDEN), (words, WORDS)]
        .map(|(folder, inside)| format!("{}={inside}", folder.display()));
    tests.env("SWIFT_LINUX_BIND", bind.join(" "));
    tests.env("SWIFT_LINUX_ENV", "TANDEM_BIN TANDEM_GOLDEN TANDEM_WORDS");
    tests.env("TANDEM_BIN", format!("{NATIVE}/tandem")).env("TANDEM_GOLDEN", GOLDEN);
    tests.env("TANDEM_WORDS", format!("{WORDS}/Localizable.xcstrings"));
    let told =
        run::summarised(tests, |line| line.contains("Executed ") || line.contains("error:"))?;
    let any = told.iter().any(|line| !line.starts_with("Executed 0 "));
    if any { Ok(()) } else { Err(format!("no test of ios/{package} ran")) }
}

/// Parses what needs Apple's own frameworks: its syntax is all that can be seen here.
fn parsed(ios: &Path) -> Result<(), String> {
    let mut files = Vec::new();
    for folder in PLATFORM {
        files.extend(source::with_ending(folder, "swift")?.into_iter().map(|source| source.path));
    }
    let inside = files.iter().map(|path| path.trim_start_matches("ios/"));
    let words: Vec<&str> = ["swiftc", "-frontend", "-parse"].into_iter().chain(inside).collect();
    run::quiet(swift(ios, &words))?;
    println!("  {} files of Apple's platform parsed, no more", files.len());
    Ok(())
}

fn swift(folder: &Path, words: &[&str]) -> Command {
    let mut command = Command::new("bash");
    command.arg(run::root().join("ios/swift-linux.sh")).arg(folder).args(words);
    command
}
