//! The pure crates link nothing that awaits, listens or writes.

use crate::run::cargo;

/// What each pure crate must not link, directly or through others.
const FORBIDDEN: &[(&str, &[&str])] = &[
    ("tandem-proto", &["tokio", "quinn", "sled", "automerge"]),
    ("tandem-engine", &["tokio", "quinn", "sled"]),
    ("tandem-words", &["tokio", "quinn", "sled"]),
    // It cannot read a document because it does not link one, nor a cipher, nor what agrees on keys.
    (
        "tandem-relay",
        &[
            "tokio",
            "quinn",
            "sled",
            "automerge",
            "openmls",
            "hpke",
            "x25519",
            "aead",
            "aes",
            "chacha20",
            "chacha20poly1305",
            "poly1305",
        ],
    ),
];

/// Reads `cargo tree` for each pure crate.
pub(crate) fn check() -> Result<(), String> {
    let found: Vec<String> = FORBIDDEN
        .iter()
        .map(|(name, forbidden)| Ok((name, links(&tree(name)?, forbidden))))
        .collect::<Result<Vec<_>, String>>()?
        .into_iter()
        .filter(|(_, links)| !links.is_empty())
        .map(|(name, links)| format!("{name} links {}", links.join(", ")))
        .collect();
    if found.is_empty() { Ok(()) } else { Err(found.join("; ")) }
}

fn tree(package: &str) -> Result<String, String> {
    let args = ["tree", "-p", package, "-e", "normal", "--prefix", "none", "--format", "{p}"];
    let output = cargo(&args).output().map_err(|error| format!("could not run cargo: {error}"))?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned());
    }
    let tree = String::from_utf8_lossy(&output.stdout).into_owned();
    // An empty or unreadable tree would pass everything.
    if tree.lines().next().is_some_and(|line| line.starts_with(package)) {
        Ok(tree)
    } else {
        Err(format!("`cargo tree -p {package}` said nothing that can be read"))
    }
}

/// The forbidden crates that a tree names: themselves, or a part of them such as `quinn-proto` or
/// `openmls_traits`.
fn links(tree: &str, forbidden: &[&str]) -> Vec<String> {
    let mut found: Vec<String> = tree
        .lines()
        .filter_map(|line| line.split(' ').next())
        .filter(|name| {
            forbidden.iter().any(|bad| {
                name.strip_prefix(bad)
                    .is_some_and(|rest| rest.is_empty() || rest.starts_with(['-', '_']))
            })
        })
        .map(str::to_owned)
        .collect();
    found.sort();
    found.dedup();
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pure_crates_link_no_runtime_no_sockets_and_no_store() {
        assert_eq!(check(), Ok(()));
    }

    #[test]
    fn a_forbidden_crate_is_found_also_by_a_part_of_it() {
        let tree =
            "tandem-relay v0.1.0 (/somewhere)\nserde v1.0.0\nquinn-proto v0.11.0\nsled v0.34.7\n";
        assert_eq!(links(tree, &["quinn", "sled", "tokio"]), ["quinn-proto", "sled"]);
        let tree = "tandem-relay v0.1.0\naes-gcm v0.10.3\nopenmls_traits v0.5.0\nopenmls v0.9.2\n";
        assert_eq!(links(tree, &["openmls", "aes"]), ["aes-gcm", "openmls", "openmls_traits"]);
        assert!(links("serde v1.0.0\ntokiolike v1\n", &["tokio"]).is_empty());
    }
}
