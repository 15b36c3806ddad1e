//! Reading the workspace's own source, as far as the checks of laws need it.

use std::{fs, path::Path};

use crate::run;

/// One file without its comments.
#[derive(Debug)]
pub(crate) struct Source {
    /// Where it is, from the workspace's root.
    pub(crate) path: String,
    pub(crate) text: String,
}

/// A file of the workspace.
pub(crate) fn page(path: &str) -> Result<String, String> {
    fs::read_to_string(run::root().join(path)).map_err(|error| format!("{path}: {error}"))
}

/// All Rust files under a folder of the workspace. An empty folder would pass everything.
pub(crate) fn under(folder: &str) -> Result<Vec<Source>, String> {
    with_ending(folder, "rs")
}

/// All files with this ending under a folder of the workspace.
pub(crate) fn with_ending(folder: &str, ending: &str) -> Result<Vec<Source>, String> {
    let mut found = Vec::new();
    collect(&run::root().join(folder), ending, &mut found)
        .map_err(|error| format!("{folder}: {error}"))?;
    if found.is_empty() {
        return Err(format!("{folder} holds no file that ends in .{ending}"));
    }
    found.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(found)
}

fn collect(folder: &Path, ending: &str, found: &mut Vec<Source>) -> std::io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            collect(&path, ending, found)?;
        } else if path.extension().is_some_and(|there| there == ending) {
            let text = code(&fs::read_to_string(&path)?);
            let path = path.strip_prefix(run::root()).unwrap_or(&path);
            found.push(Source { path: path.display().to_string(), text });
        }
    }
    Ok(())
}

/// What is left of a source without comments on lines of their own.
pub(crate) fn code(text: &str) -> String {
    let comment = |line: &str| ["//", "/*", "* ", "*/"].iter().any(|start| line.starts_with(start));
    text.lines().filter(|line| !comment(line.trim_start())).fold(String::new(), |mut code, line| {
        code.push_str(line);
        code.push('\n');
        code
    })
}

/// The identifiers of a text, in order.
pub(crate) fn identifiers(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric() && c != '_').filter(|word| !word.is_empty())
}

/// What an identifier is put together from, in small letters: `InviteLink` and `invite_link` alike.
pub(crate) fn parts(identifier: &str) -> Vec<String> {
    let mut parts: Vec<String> = Vec::new();
    let mut small = false;
    for c in identifier.chars() {
        if c == '_' {
            small = false;
            parts.push(String::new());
            continue;
        }
        if parts.is_empty() || (c.is_uppercase() && small) {
            parts.push(String::new());
        }
        small = !c.is_uppercase();
        if let Some(last) = parts.last_mut() {
            last.extend(c.to_lowercase());
        }
    }
    parts.retain(|part| !part.is_empty());
    parts
}
