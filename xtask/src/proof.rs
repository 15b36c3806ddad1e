//! `docs/proof.md` names the test of each promise, and so does `docs/threat-model.md`; every test that
//! they name is there, and the threat model promises nothing without one.

use std::{collections::BTreeSet, fs, path::Path};

use crate::{
    run,
    source::{self, Source},
};

const PROOF: &str = "docs/proof.md";
const THREATS: &str = "docs/threat-model.md";

/// Where tests are. The folder of planted bugs and worlds is among them.
const FOLDERS: [&str; 5] = ["core", "server", "cli", "tests", "xtask"];

/// Above the promises of a part of the threat model, and above what is not promised beside them.
const HOLDS: &str = "**Holds.**";
const DOES_NOT: &str = "**Does not hold.**";

/// A test as `docs/proof.md` names it: `file.rs::name`, `File.kt::a sentence`, `File.swift::testASentence`.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Named<'a> {
    file: &'a str,
    name: &'a str,
}

/// Looks for each test that the pages name.
pub(crate) fn check() -> Result<(), String> {
    proof()?;
    threats()
}

fn proof() -> Result<(), String> {
    let page = read(&run::root().join(PROOF))?;
    let named = named(&page);
    if named.is_empty() {
        return Err(format!("{PROOF} names no test that can be looked for"));
    }
    let missing: Vec<String> = named
        .iter()
        .filter_map(|test| {
            let source = match read(&run::root().join(test.file)) {
                Ok(source) => source,
                Err(why) => return Some(why),
            };
            let there = if test.file.ends_with(".rs") {
                is_there(&source, test.name)
            } else {
                is_there_in_a_shell(&source, test.name)
            };
            (!there).then(|| format!("{} has no {}", test.file, test.name))
        })
        .collect();
    told(PROOF, &missing)?;
    println!("  {} tests named in {PROOF} are there", named.len());
    Ok(())
}

fn threats() -> Result<(), String> {
    let page = read(&run::root().join(THREATS))?;
    let promises = promises(&page);
    if promises.is_empty() {
        return Err(format!("{THREATS} has no promise that can be looked for"));
    }
    let mut sources: Vec<Source> = Vec::new();
    for folder in FOLDERS {
        sources.extend(source::under(folder)?);
    }
    let named = sentences(&page);
    let mut wrong: Vec<String> = named
        .iter()
        .filter(|name| !sources.iter().any(|source| is_there(&source.text, name)))
        .map(|name| format!("there is no test {name}"))
        .collect();
    wrong.extend(without_a_test(&promises).map(|begins| format!("no test: {begins:?}")));
    told(THREATS, &wrong)?;
    println!(
        "  {} promises of {THREATS} name {} tests, and all are there",
        promises.len(),
        named.len()
    );
    Ok(())
}

fn told(page: &str, wrong: &[String]) -> Result<(), String> {
    if wrong.is_empty() { Ok(()) } else { Err(format!("{page}: {}", wrong.join("; "))) }
}

fn read(path: &Path) -> Result<String, String> {
    fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))
}

/// How a test is told from another function, by its file's language.
const LANGUAGES: [&str; 3] = [".rs", ".kt", ".swift"];

/// What stands in backticks on the page and ends in `.rs::name`, or so of a shell's languages. A name alone, as in
/// `::name`, is in the file that was named last before it.
fn named(page: &str) -> BTreeSet<Named<'_>> {
    let mut named = BTreeSet::new();
    let mut last = "";
    for span in spans(page) {
        let Some((file, name)) = span.split_once("::") else { continue };
        if LANGUAGES.iter().any(|ending| file.ends_with(ending)) {
            last = file;
        } else if !file.is_empty() {
            continue;
        }
        named.insert(Named { file: last, name });
    }
    named
}

/// What stands in backticks.
fn spans(text: &str) -> impl Iterator<Item = &str> {
    text.split('`').skip(1).step_by(2)
}

/// What stands in backticks and is a sentence as tests are called: words of small letters with lines
/// between them, four at least. Nothing else of ours has so long a name.
fn sentences(text: &str) -> BTreeSet<&str> {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    spans(text).filter(|span| span.chars().all(plain) && span.matches('_').count() >= 3).collect()
}

/// What the page promises: the items under **Holds.**, and the rows of tables below their heads.
fn promises(page: &str) -> Vec<String> {
    let mut promises: Vec<String> = Vec::new();
    let (mut holds, mut item, mut row) = (false, false, false);
    for line in page.lines() {
        let table = line.starts_with('|');
        if line.starts_with('#') || line == HOLDS || line == DOES_NOT {
            (holds, item) = (line == HOLDS, false);
        } else if table && line.starts_with("|---") {
            row = true;
        } else if table && row {
            promises.push(line.to_owned());
        } else if holds && line.starts_with("* ") {
            item = true;
            promises.push(line.to_owned());
        } else if item && line.starts_with("  ") {
            let promise = promises.last_mut();
            promise
                .map(|promise| *promise = format!("{promise} {}", line.trim()))
                .unwrap_or_default();
        } else {
            item = false;
        }
        row &= table;
    }
    promises
}

/// How each promise begins that names no test.
fn without_a_test(promises: &[String]) -> impl Iterator<Item = String> {
    let bare = promises.iter().filter(|promise| sentences(promise).is_empty());
    bare.map(|promise| promise.chars().take(60).collect())
}

/// Whether a source has a test of this name: a function right below an attribute that says so, or
/// one that a macro of the file makes a test of by its name.
fn is_there(source: &str, name: &str) -> bool {
    if !source.contains(name) {
        return false;
    }
    let lines: Vec<&str> = source.lines().map(str::trim).collect();
    lines.iter().enumerate().any(|(n, line)| {
        let Some((_, rest)) = line.split_once("fn ") else { return false };
        let is_it = rest.strip_prefix(name).is_some_and(|rest| rest.starts_with(['(', '<']));
        let marked = lines[n.saturating_sub(4)..n].iter().any(|line| is_test(line));
        let made = lines.iter().any(|line| line.trim_end_matches(',') == name);
        is_it && (marked || made)
    })
}

/// The same of Kotlin, whose tests are marked and named by sentences, and of Swift, whose are by how they begin.
fn is_there_in_a_shell(source: &str, name: &str) -> bool {
    let kotlin = format!("fun `{name}`(");
    let swift = format!("func {name}(");
    let mut before = "";
    source.lines().any(|line| {
        let marked = line.contains("@Test") || before.contains("@Test");
        before = line;
        (marked && line.contains(&kotlin)) || (name.starts_with("test") && line.contains(&swift))
    })
}

fn is_test(line: &str) -> bool {
    line.starts_with("#[test]") || line.starts_with("#[tokio::test")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_test_that_the_pages_name_is_there_and_every_promise_names_one() {
        assert_eq!(check(), Ok(()));
    }

    #[test]
    fn a_test_is_found_by_its_whole_name_and_only_where_it_is_one() {
        let source = "#[test]\nfn one() {}\n\n\n\n\nfn helper() {}\n\n\n\n\n\
                      contract!(\n    suite,\n);\nfn suite<R: Rig>() {}\n";
        assert!(is_there(source, "one") && is_there(source, "suite"));
        assert!(!is_there(source, "on") && !is_there(source, "helper") && !is_there(source, "two"));
    }

    #[test]
    fn a_shells_test_is_found_as_its_language_marks_it() {
        let kotlin = "    @Test fun `it is so`() =\n    @Test\n    fun `so too`() {\n    fun `no test`() {\n";
        assert!(is_there_in_a_shell(kotlin, "it is so") && is_there_in_a_shell(kotlin, "so too"));
        assert!(!is_there_in_a_shell(kotlin, "no test") && !is_there_in_a_shell(kotlin, "it is"));
        let swift = "    func testItIsSo() async throws {\n    func helper() {\n";
        assert!(is_there_in_a_shell(swift, "testItIsSo") && !is_there_in_a_shell(swift, "helper"));
    }

    #[test]
    fn a_page_names_tests_with_their_file_or_in_the_one_before() {
        let page = "| a | `a/b.rs::one`, `::two` | see `Record::Append` and `c.rs` |";
        let found = named(page);
        let one = Named { file: "a/b.rs", name: "one" };
        assert_eq!(found, BTreeSet::from([one, Named { file: "a/b.rs", name: "two" }]));
    }

    #[test]
    fn a_promise_without_a_test_is_named_and_what_is_not_promised_needs_none() {
        let page = "# Page\n* Not asked.\n## Content\n**Holds.**\n\n* It is so\n  (`what_is_so_is_so`).\n\
                    * It is so, too.\n\n**Does not hold.**\n\n* All else.\n\n\
                    | who | can |\n|---|---|\n| one | `all_that_they_can` |\n| two | `cargo xtask` |\n\n\
                    | no table |\n";
        let promises = promises(page);
        assert_eq!(promises.len(), 4, "{promises:?}");
        assert_eq!(promises[0], "* It is so (`what_is_so_is_so`).");
        let bare: Vec<String> = without_a_test(&promises).collect();
        assert_eq!(bare, ["* It is so, too.", "| two | `cargo xtask` |"]);
        assert_eq!(sentences(page), BTreeSet::from(["what_is_so_is_so", "all_that_they_can"]));
        assert!(
            sentences("`store_sealed`, `tandem forget`, `What_is_so_is`, `a_b_c_D`").is_empty()
        );
    }
}
