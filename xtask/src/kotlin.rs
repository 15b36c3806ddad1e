//! The Kotlin side by Maven: how it is written (ktlint), and `android/tandem` on the real library and a real
//! relay process.

use std::process::Command;

use crate::{
    bindings,
    packages::{answers, see_to},
    run::{self, target},
};

/// What runs and builds it on Debian.
const PACKAGES: [&str; 2] = ["openjdk-17-jdk-headless", "maven"];

/// Looks at how it is written, builds the bindings and runs every Kotlin test.
pub(crate) fn check() -> Result<(), String> {
    see_to("Maven with a JDK", &PACKAGES, || {
        answers(Command::new("mvn").arg("--version"))
            && answers(Command::new("javac").arg("-version"))
    })?;
    println!("  ktlint reads android");
    let mut lint = maven("android/lint/pom.xml");
    lint.arg(format!("-Dtandem.target={}", target().display())).arg("validate");
    run::quiet(lint).map_err(|why| {
        format!(
            "{why}\n`mvn --file android/lint/pom.xml validate -Dlint.how=format` mends what it can"
        )
    })?;
    bindings::generate()?;
    println!("  Maven builds and tests android/tandem");
    let mut tests = maven("android/tandem/pom.xml");
    tests.arg(format!("-Dtandem.target={}", target().display()));
    tests.arg(format!("-Dtandem.native={}", bindings::native().display()));
    tests.arg(format!("-Dtandem.golden={}", bindings::golden().display()));
    // The daemon would outlive this; what compiles by halves leaves callers of what changed behind.
    tests.args(["-Dkotlin.compiler.daemon=false", "-Dkotlin.compiler.incremental=false", "test"]);
    run::summarised(tests, |line| line.contains("Tests run:") || line.contains("ERROR")).map(drop)
}

/// Maven, for one of our projects.
fn maven(project: &str) -> Command {
    let mut maven = Command::new("mvn");
    maven.args(["--batch-mode", "--no-transfer-progress", "--file", project]);
    maven.current_dir(run::root());
    maven
}
