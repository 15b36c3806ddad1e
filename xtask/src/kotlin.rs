//! The Kotlin side: `android/tandem` by Maven, on the real library and a real relay process.

use std::process::Command;

use crate::{
    bindings,
    packages::{answers, see_to},
    run::{self, target},
};

/// What runs and builds it on Debian.
const PACKAGES: [&str; 2] = ["openjdk-17-jdk-headless", "maven"];

/// Builds the bindings and runs every Kotlin test.
pub(crate) fn check() -> Result<(), String> {
    see_to("Maven with a JDK", &PACKAGES, || {
        answers(Command::new("mvn").arg("--version"))
            && answers(Command::new("javac").arg("-version"))
    })?;
    bindings::generate()?;
    println!("  Maven builds and tests android/tandem");
    let mut maven = Command::new("mvn");
    maven.args(["--batch-mode", "--no-transfer-progress", "--file", "android/tandem/pom.xml"]);
    maven.arg(format!("-Dtandem.target={}", target().display()));
    maven.arg(format!("-Dtandem.native={}", bindings::native().display()));
    maven.arg(format!("-Dtandem.golden={}", bindings::golden().display()));
    // The daemon would outlive this.
    maven.args(["-Dkotlin.compiler.daemon=false", "test"]).current_dir(run::root());
    run::summarised(maven, |line| line.contains("Tests run:") || line.contains("ERROR")).map(drop)
}
