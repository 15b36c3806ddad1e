//! The catalogue of words: what it says is said somewhere, what is said is in it, no text stands in a
//! phone's code, and each platform's own resources are what it says.
//!
//! `cargo xtask words` writes the resources; the stage of that name in `cargo xtask test` looks whether they
//! are what would be written.

mod resources;
mod texts;

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
};

use tandem_catalogue::{Catalogue, Language};

use crate::{run, source};

/// Words that only the terminal says.
const TERMINAL: &str = "terminal.";

/// Where Rust decides what is said, and where a shell says it.
const RUST: [&str; 2] = ["core/words/src", "cli/src"];
const SHELLS: [(&str, &str); 2] = [("android", "kt"), ("ios", "swift")];

/// What shows people of no school and says nothing to anybody: tests, and states that a gallery has.
const UNSAID: [&str; 3] = ["/test/", "/Tests/", "ios/Gallery/"];

/// Looks at the catalogue, at the shells' code and at the resources.
pub(crate) fn check() -> Result<(), String> {
    let catalogues = catalogues()?;
    let english = &catalogues[&Language::English];
    let mut wrong = uses(english)?;
    wrong.extend(resources::project_differs(english)?);
    for (path, text) in resources::all(&catalogues) {
        if fs::read_to_string(run::root().join(&path)).ok().as_deref() != Some(&text) {
            wrong.push(format!("{path} is not what the catalogue says: run `cargo xtask words`"));
        }
    }
    if wrong.is_empty() { Ok(()) } else { Err(wrong.join("\n")) }
}

/// Writes every platform's resources, then looks at everything.
pub(crate) fn write() -> Result<(), String> {
    for (path, text) in resources::all(&catalogues()?) {
        let file = run::root().join(&path);
        let failed = |error: std::io::Error| format!("{path}: {error}");
        if let Some(folder) = file.parent() {
            fs::create_dir_all(folder).map_err(failed)?;
        }
        if fs::read_to_string(&file).ok().as_deref() != Some(&text) {
            fs::write(&file, text).map_err(failed)?;
            println!("wrote {path}");
        }
    }
    check()
}

fn catalogues() -> Result<BTreeMap<Language, Catalogue>, String> {
    let all = Language::ALL.into_iter().map(|language| {
        let read = Catalogue::of(language);
        read.map(|read| (language, read)).map_err(|error| format!("{}: {error}", language.code()))
    });
    all.collect()
}

/// What is said and not in the catalogue, what is in it and said nowhere, and texts that stand in code.
fn uses(catalogue: &Catalogue) -> Result<Vec<String>, String> {
    let keys: BTreeSet<&str> = catalogue.iter().map(|(key, _)| key).collect();
    let sections: BTreeSet<&str> = keys.iter().filter_map(|key| key.split('.').next()).collect();
    let mut wrong = Vec::new();
    let (mut said, mut begun) = (BTreeSet::new(), BTreeSet::new());
    let mut look = |path: &str, text: &str| {
        for literal in texts::literals(text) {
            match literal.split_once(['{', '$', '\\']) {
                // Put together: every key that begins so.
                Some((start, _)) if is_begun(start, &sections) => {
                    if !keys.iter().any(|key| key.starts_with(start)) {
                        wrong.push(format!("{path} says {literal:?}, and no key begins so"));
                    }
                    begun.insert(start.to_owned());
                }
                _ if is_key(literal, &sections) => {
                    if !keys.contains(literal) {
                        wrong.push(format!("{path} says {literal:?}, which is in no catalogue"));
                    }
                    said.insert(literal.to_owned());
                }
                _ => {}
            }
        }
    };
    for folder in RUST {
        for source in source::under(folder)? {
            if !source.path.ends_with("tests.rs") {
                look(&source.path, &source.text);
            }
        }
    }
    let mut in_code = Vec::new();
    for (folder, ending) in SHELLS {
        for source in source::with_ending(folder, ending)? {
            let is_unsaid = UNSAID.iter().any(|part| source.path.contains(part));
            if is_unsaid || resources::is_written(&source.path) {
                continue;
            }
            look(&source.path, &source.text);
            in_code.extend(texts::in_code(&source));
            let said = texts::said(&source.text);
            let unknown = said.filter(|key| !keys.contains(key) || key.starts_with(TERMINAL));
            in_code.extend(unknown.map(|key| {
                format!("{} says {key:?}, which phones have no words for", source.path)
            }));
        }
    }
    wrong.extend(in_code);
    said.extend(resources::said_by_systems().map(str::to_owned));
    let unsaid = keys.iter().filter(|key| {
        !said.contains(**key) && !begun.iter().any(|start| key.starts_with(start.as_str()))
    });
    wrong.extend(unsaid.map(|key| format!("nothing says {key:?}")));
    Ok(wrong)
}

/// Whether this is the beginning of a key, up to where a name is put in.
fn is_begun(start: &str, sections: &BTreeSet<&str>) -> bool {
    start.split_once('.').is_some_and(|(section, _)| sections.contains(section))
}

/// Whether a literal has the form of a key, of a section that there is.
fn is_key(literal: &str, sections: &BTreeSet<&str>) -> bool {
    let word = |word: &str| {
        // A platform's symbol may be called `person.2`.
        word.starts_with(|first: char| first.is_ascii_lowercase())
            && word.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
    };
    let parts = literal.split_once('.');
    parts.is_some_and(|(section, name)| sections.contains(section) && word(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_that_nobody_says_and_one_that_is_missing_are_found() {
        let text = source::page("core/words/catalogue/en.toml").expect("the catalogue");
        let other = text.replacen("\n[scan]\nhow =", "\n[scan]\nhow_else =", 1);
        assert_ne!(text, other, "the catalogue has what this test takes away");
        let wrong = uses(&Catalogue::read(&other).expect("a catalogue")).expect("sources");
        assert!(
            wrong
                .iter()
                .any(|wrong| wrong.ends_with("says \"scan.how\", which is in no catalogue"))
        );
        assert!(wrong.iter().any(|wrong| wrong == "nothing says \"scan.how_else\""));
    }
}
