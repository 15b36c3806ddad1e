//! Law 5: opinion lives in Rust's cores; a shell gets finished rows and returns intents.
//!
//! What a machine can see of it: the shell names neither the document nor what drives an engine. Of
//! the engine it knows intents, answers and rows, and all else goes through the client. Whether an
//! `if` of the shell is an opinion, review says.

use std::collections::BTreeSet;

use crate::source::{self, Source, identifiers};

/// The shell, and what in it is no shell: benchmarks stand in for others too.
const SHELL: &str = "cli/src";
const NO_SHELL: &str = "cli/src/bench/";

/// What the engine offers, by the module that it comes from.
const OFFERED: &str = "core/engine/src/lib.rs";

/// Modules of the engine whose names are made for shells, and single names beside them.
const ROOMS: [&str; 2] = ["intent", "view"];
const BESIDE: [&str; 5] = ["EntryId", "StepState", "Profile", "SyncReport", "LinkFault"];

/// Crates of which a shell knows nothing.
const BEHIND: [&str; 6] =
    ["automerge", "sled", "quinn", "tandem_quic", "tandem_relay", "chacha20poly1305"];

/// Looks at what the shell names.
pub(crate) fn check() -> Result<(), String> {
    let page = source::page(OFFERED)?;
    let offered = offered(&page);
    if offered.len() < 10 {
        return Err(format!("{OFFERED} offers nothing that can be read"));
    }
    let sources = source::under(SHELL)?;
    let shell = sources.iter().filter(|source| !source.path.starts_with(NO_SHELL));
    let wrong: Vec<String> = shell.flat_map(|source| beyond(source, &offered)).collect();
    if wrong.is_empty() { Ok(()) } else { Err(wrong.join("\n")) }
}

/// The names that the engine makes public for shells.
fn offered(text: &str) -> BTreeSet<&str> {
    let exports = text.split("pub use ").skip(1).filter_map(|rest| rest.split(';').next());
    exports
        .filter_map(|export| export.split_once("::"))
        .filter(|(room, _)| ROOMS.contains(room))
        .flat_map(|(_, names)| identifiers(names))
        .chain(BESIDE)
        .collect()
}

/// What a source of the shell names that it should not know of.
fn beyond(source: &Source, offered: &BTreeSet<&str>) -> Vec<String> {
    let crates = identifiers(&source.text).filter(|name| BEHIND.contains(name));
    let named = source.text.split("tandem_engine::").skip(1).flat_map(|rest| {
        let names = match rest.strip_prefix('{') {
            Some(list) => list.split('}').next().unwrap_or_default(),
            None => rest.split(|c: char| !c.is_alphanumeric() && c != '*').next().unwrap_or("*"),
        };
        let whole = names.contains('*').then_some("*");
        identifiers(names).chain(whole)
    });
    let named = named.filter(|name| !offered.contains(name));
    crates.chain(named).map(|name| format!("{} names {name}", source.path)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shell_knows_intents_answers_and_rows_and_nothing_behind_the_client() {
        assert_eq!(check(), Ok(()));
    }

    #[test]
    fn what_a_shell_should_not_name_is_found_however_it_is_named() {
        let lib =
            "pub use engine::{Engine, Profile};\npub use intent::{\n    Answer, Intent,\n};\n";
        let offered = offered(lib);
        let text = "use tandem_engine::{Answer,\n    Engine};\nfn f(i: tandem_engine::Intent) {}\n\
                    use tandem_engine::*;\nfn g() { tandem_engine::create(); automerge::load() }\n";
        let source = Source { path: "a.rs".into(), text: text.into() };
        let found = beyond(&source, &offered);
        let names = ["automerge", "Engine", "*", "create"];
        assert_eq!(found, names.map(|name| format!("a.rs names {name}")));
    }
}
