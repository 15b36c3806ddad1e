//! The README's commands, as they stand there: each terminal is a home, each line is run, and what a
//! comment has in quotes is what the line prints.

#![allow(clippy::unwrap_used, reason = "a test that can't go on says where")]

mod support;

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use support::{Relay, ran};

/// A line of the page that is to be run.
#[derive(Debug)]
struct Line {
    terminal: u32,
    command: String,
    /// What it prints.
    quoted: Vec<String>,
}

/// The lines that stand four in, from one heading to another, each in the terminal that its comment
/// names, else in that of the last **Terminal** before it.
fn lines(page: &str, from: &str, to: &str) -> Vec<Line> {
    let begun = page.lines().skip_while(|line| *line != from);
    let mut here = 0;
    let mut lines = Vec::new();
    for line in begun.take_while(|line| *line != to) {
        if let Some(rest) = line.strip_prefix("**Terminal ") {
            here = number(rest);
        }
        let Some(code) = line.strip_prefix("    ") else { continue };
        let (command, comment) = code.split_once(" # ").unwrap_or((code, ""));
        let terminal = comment.strip_prefix("terminal ").map_or(here, number);
        let quoted = comment.split('"').skip(1).step_by(2).map(str::to_owned).collect();
        lines.push(Line { terminal, command: command.trim().to_owned(), quoted });
    }
    lines
}

fn number(text: &str) -> u32 {
    let digits: String = text.chars().take_while(char::is_ascii_digit).collect();
    digits.parse().unwrap_or_else(|_| panic!("no terminal's number: {text}"))
}

/// Somebody who sits before the terminals, copies links from one to another, and compares codes.
struct Reader {
    place: PathBuf,
    homes: BTreeMap<u32, String>,
    /// What stands for what: links and codes as they were printed last.
    copied: BTreeMap<&'static str, String>,
    /// The codes that each terminal was shown.
    codes: BTreeMap<u32, String>,
}

impl Reader {
    fn run(&mut self, line: &Line) {
        if let Some(home) = line.command.strip_prefix("export TANDEM_HOME=") {
            self.homes.insert(line.terminal, home.to_owned());
            return;
        }
        let mut command = line.command.clone();
        for (stands, real) in &self.copied {
            command = command.replace(stands, real);
        }
        for left in ["RELAY_LINK", "JOIN_LINK", "DEVICE_LINK", "'CODE'"] {
            assert!(!command.contains(left), "nothing was printed that is a {left}: {line:?}");
        }
        let tandem = Path::new(env!("CARGO_BIN_EXE_tandem")).parent().unwrap();
        let path = format!("{}:{}", tandem.display(), std::env::var("PATH").unwrap());
        let mut shell = Command::new("sh");
        shell.args(["-c", &command]).current_dir(&self.place).stdin(Stdio::null());
        shell.env("LC_ALL", "C").env_remove("TANDEM_VAULT").env_remove("RUST_LOG");
        shell.env("PATH", path).env("TANDEM_HOME", &self.homes[&line.terminal]);
        let ran = ran(shell);
        assert_eq!(ran.code, 0, "{line:?}: {ran:?}");
        let said = ran.out.split_whitespace().collect::<Vec<_>>().join(" ");
        for quoted in &line.quoted {
            assert!(said.contains(quoted.as_str()), "{quoted:?} of {line:?}: {said}");
        }
        self.copy(line, &said);
    }

    fn copy(&mut self, line: &Line, said: &str) {
        for word in said.split(' ') {
            if word.starts_with("tandem://join/") {
                self.copied.insert("JOIN_LINK", word.to_owned());
            } else if word.starts_with("tandem://device/") {
                self.copied.insert("DEVICE_LINK", word.to_owned());
            }
        }
        if line.command.starts_with("tandem verify") && !line.command.contains("--code") {
            let code = said.get(..35).unwrap().to_owned();
            assert!(code.chars().all(|c| c.is_ascii_digit() || c == ' '), "{said}");
            self.codes.insert(line.terminal, code.clone());
            assert!(self.codes.values().all(|other| *other == code), "{:?}", self.codes);
            self.copied.insert("'CODE'", format!("'{code}'"));
        }
    }
}

#[test]
fn a_newcomer_runs_what_the_readme_says_lets_in_a_guardian_and_gets_back_in_on_a_new_phone() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let page = std::fs::read_to_string(root.join("README.md")).unwrap();
    let lines = lines(&page, "## Try it in three terminals", "## What else to try");
    let place = tempfile::tempdir().unwrap();
    let mut reader = Reader {
        place: place.path().to_owned(),
        homes: BTreeMap::new(),
        copied: BTreeMap::new(),
        codes: BTreeMap::new(),
    };
    let (mut relay, mut count) = (None, 0);
    for line in &lines {
        if line.command.starts_with("cargo ") || line.command.starts_with("alias ") {
            continue;
        }
        if line.command.starts_with("tandem relay run --data ./try/relay ") {
            // At a free port: that of the page may be taken here.
            let begun = Relay::start(&place.path().join("try/relay"));
            reader.copied.insert("RELAY_LINK", begun.link.clone());
            relay = Some(begun);
            continue;
        }
        reader.run(line);
        count += 1;
    }
    assert!(count > 40 && reader.homes.len() == 4, "{count} lines in {:?}", reader.homes);

    // What the page ends with: nothing that was said after is on the phone that was lost.
    let read = |home: &str| {
        let phone = support::Phone { home: place.path().join(home) };
        phone.texts("Maya")
    };
    assert_eq!(read("try/ana-again"), ["Reading went well today.", "I am back."]);
    assert_eq!(read("try/ana"), ["Reading went well today."]);
    drop(relay);
}
