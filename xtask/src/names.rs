//! Law 4: one name in every layer. The words of ARCHITECTURE.md are names in the cores, and nothing
//! public goes by a second name for one of them.

use std::collections::BTreeSet;

use crate::source::{self, Source, identifiers, parts};

/// Where the table is.
const PAGE: &str = "ARCHITECTURE.md";

/// Where each word must be the name, or part of the name, of a type.
const CORES: [&str; 2] = ["core/proto/src", "core/engine/src"];

/// Where no second name may be public.
const LAYERS: [&str; 4] =
    ["core/proto/src", "core/engine/src", "core/client/src", "server/relay/src"];

/// What scripts read; its keys are public names too.
const JSON: &str = "docs/cli-json.md";

/// Names that would be a second one for a word, as whole parts of a name. What means something else
/// here is not among them: a `message` is a kind of entry, a `peer` a connection to the relay, `room`
/// is what a disk has.
const SECOND: &[(&str, &str)] = &[
    ("channel", "Thread"),
    ("chat", "Thread"),
    ("conversation", "Thread"),
    ("msg", "Entry"),
    ("user", "Person"),
    ("account", "Person"),
    ("contact", "Person"),
    ("participant", "Person"),
    ("handset", "Device"),
    ("timeline", "Log"),
    ("membership", "Roster"),
    ("bookmark", "Cursor"),
    ("confirmation", "Receipt"),
    ("invitation", "Join request"),
];

/// Looks at the table, the cores and the layers.
pub(crate) fn check() -> Result<(), String> {
    let words = words(&source::page(PAGE)?);
    if words.len() < 10 {
        return Err(format!("{PAGE} has no table of words that can be read"));
    }
    let mut types = BTreeSet::new();
    for folder in CORES {
        source::under(folder)?.iter().for_each(|source| types.extend(types_of(&source.text)));
    }
    let mut wrong: Vec<String> = words
        .iter()
        .filter(|word| !is_named(word, &types))
        .map(|word| format!("no type of {CORES:?} is named for {word:?} of {PAGE}"))
        .collect();
    for folder in LAYERS {
        source::under(folder)?.iter().for_each(|source| wrong.extend(second_names(source)));
    }
    wrong.extend(second_keys(&source::page(JSON)?));
    if wrong.is_empty() { Ok(()) } else { Err(wrong.join("\n")) }
}

/// The words in the first column of the table under "Words".
fn words(page: &str) -> Vec<String> {
    let table = page.split("\n## Words").nth(1).unwrap_or_default();
    let table = table.split("\n## ").next().unwrap_or_default();
    let cells = table.lines().filter_map(|line| line.strip_prefix("| ")?.split(" | ").next());
    let cells = cells.filter(|cell| *cell != "word");
    cells.flat_map(|cell| cell.split(", ")).map(|word| word.trim().to_owned()).collect()
}

/// The types that a source declares, or imports by that name.
fn types_of(text: &str) -> BTreeSet<Vec<String>> {
    let upper = |name: &&str| name.starts_with(|c: char| c.is_ascii_uppercase());
    identifiers(text).filter(upper).map(parts).collect()
}

/// Whether a type's name has the word's parts next to each other.
fn is_named(word: &str, types: &BTreeSet<Vec<String>>) -> bool {
    let word: Vec<String> = word.split(' ').flat_map(parts).collect();
    types.iter().any(|name| name.windows(word.len()).any(|run| run == word.as_slice()))
}

fn second(name: &str) -> Option<&'static (&'static str, &'static str)> {
    let parts = parts(name);
    SECOND.iter().find(|(second, _)| {
        parts.iter().any(|part| part == second || part.strip_suffix('s') == Some(second))
    })
}

/// Public items and fields that go by a second name.
fn second_names(source: &Source) -> Vec<String> {
    let public = source.text.lines().filter_map(|line| line.trim_start().strip_prefix("pub "));
    public
        .filter_map(|line| {
            let keywords = ["struct", "enum", "trait", "type", "mod", "static"];
            let skipped = ["const", "async", "unsafe", "fn"];
            let name = identifiers(line)
                .find(|word| !keywords.contains(word) && !skipped.contains(word))?;
            let (_, word) = second(name)?;
            Some(format!("{}: `{name}` is a second name for a {word}", source.path))
        })
        .collect()
}

/// Keys of JSON documents that go by a second name.
fn second_keys(page: &str) -> Vec<String> {
    let quoted = page.split('"').skip(1).step_by(2);
    let keys: BTreeSet<&str> =
        quoted.filter(|key| key.chars().all(|c| c.is_ascii_lowercase() || c == '_')).collect();
    keys.into_iter()
        .filter_map(|key| Some((key, second(key)?.1)))
        .map(|(key, word)| format!("{JSON}: `{key}` is a second name for a {word}"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_word_is_a_name_in_the_cores_and_has_no_second_name_in_public() {
        assert_eq!(check(), Ok(()));
    }

    #[test]
    fn a_word_that_is_nowhere_and_a_second_name_are_found() {
        let page = "# Map\n\n## Words\n\n| word | meaning |\n|---|---|\n| Person, Join request | x |\n\n## On\n| a | b |\n";
        assert_eq!(words(page), ["Person", "Join request"]);
        let types = types_of("struct JoinRequest; fn person() -> Personal {}");
        assert!(is_named("Join request", &types) && !is_named("Person", &types));
        let text = "pub struct ChatRow {\n    pub user_id: u8,\n    pub(crate) msg: u8,\n}\n\
                    pub const fn in_channels() {}\npub enum Chatter {}\n";
        let source = Source { path: "a.rs".into(), text: text.into() };
        let found = second_names(&source);
        assert_eq!(found.len(), 3, "{found:?}");
        let keys = second_keys("{\"thread\":{\"channel\":1,\"text\":\"a user\"}}");
        assert_eq!(keys, ["docs/cli-json.md: `channel` is a second name for a Thread"]);
    }
}
