//! `docs/proof.md` names the test of each promise; every test that it names is there.

use std::{collections::BTreeSet, fs, path::Path};

use crate::run;

const PAGE: &str = "docs/proof.md";

/// A test as the page names it: `file.rs::name`.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Named<'a> {
    file: &'a str,
    name: &'a str,
}

/// Looks for each test that the page names.
pub(crate) fn check() -> Result<(), String> {
    let page = read(&run::root().join(PAGE))?;
    let named = named(&page);
    if named.is_empty() {
        return Err(format!("{PAGE} names no test that can be looked for"));
    }
    let missing: Vec<String> = named
        .iter()
        .filter_map(|test| {
            let source = match read(&run::root().join(test.file)) {
                Ok(source) => source,
                Err(why) => return Some(why),
            };
            (!is_there(&source, test.name)).then(|| format!("{} has no {}", test.file, test.name))
        })
        .collect();
    if missing.is_empty() {
        println!("  {} tests named in {PAGE} are there", named.len());
        Ok(())
    } else {
        Err(format!("{PAGE}: {}", missing.join("; ")))
    }
}

fn read(path: &Path) -> Result<String, String> {
    fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))
}

/// What stands in backticks on the page and ends in `.rs::name`. A name alone, as in
/// `::name`, is in the file that was named last before it.
fn named(page: &str) -> BTreeSet<Named<'_>> {
    let mut named = BTreeSet::new();
    let mut last = "";
    for span in page.split('`').skip(1).step_by(2) {
        let Some((file, name)) = span.split_once("::") else { continue };
        if file.ends_with(".rs") {
            last = file;
        } else if !file.is_empty() {
            continue;
        }
        named.insert(Named { file: last, name });
    }
    named
}

/// Whether a source has a test of this name: a function right below an attribute that says so, or
/// one that a macro of the file makes a test of by its name.
fn is_there(source: &str, name: &str) -> bool {
    let lines: Vec<&str> = source.lines().map(str::trim).collect();
    lines.iter().enumerate().any(|(n, line)| {
        let Some((_, rest)) = line.split_once("fn ") else { return false };
        let is_it = rest.strip_prefix(name).is_some_and(|rest| rest.starts_with(['(', '<']));
        let marked = lines[n.saturating_sub(4)..n].iter().any(|line| is_test(line));
        let made = lines.iter().any(|line| line.trim_end_matches(',') == name);
        is_it && (marked || made)
    })
}

fn is_test(line: &str) -> bool {
    line.starts_with("#[test]") || line.starts_with("#[tokio::test")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_test_that_the_page_names_is_there() {
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
    fn a_page_names_tests_with_their_file_or_in_the_one_before() {
        let page = "| a | `a/b.rs::one`, `::two` | see `Record::Append` and `c.rs` |";
        let found = named(page);
        let one = Named { file: "a/b.rs", name: "one" };
        assert_eq!(found, BTreeSet::from([one, Named { file: "a/b.rs", name: "two" }]));
    }
}
