//! `tandem archive export`

use std::path::PathBuf;

use clap::Args;
use serde_json::{Value, json};
use tandem_engine::{InboxRow, ThreadExport};

use super::file;
use crate::{
    clock,
    error::Failure,
    home::Home,
    out::Done,
    records,
    words::{self, Names},
};

const EXAMPLES: &str = "\
Examples:
  tandem archive export --out records.json                  all threads in one file
  tandem archive export --thread Maya --out maya.json
  tandem archive export --out ./copies                      a folder: one file for each thread

Writes what the members of a thread are shown: every entry with who said it, as what, on which device
and when, who came and went, and how much is kept out of it and why. Any home can do it, also without
signal; what is in the file is as of the last sync. The file can be read by whoever has it: nothing in
it is sealed. Another process must not have the home open: stop `tandem archive run` first.";

/// Writes a copy of what was said.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Export {
    /// Only this thread: its id, its first letters, or its title
    #[arg(long)]
    thread: Option<String>,
    /// The file, or a folder that is there
    #[arg(long, value_name = "FILE|DIR")]
    out: PathBuf,
    /// Write over files that are there
    #[arg(long)]
    force: bool,
}

impl Export {
    pub(crate) async fn run(self, home: &Home) -> Result<Done, Failure> {
        let (inbox, _) = home.inbox().await?;
        let chosen: Vec<InboxRow> = match &self.thread {
            Some(name) => vec![home.thread(name).await?],
            None => inbox.clone(),
        };
        let mut names = Names::of_inbox(&inbox);
        let mut threads = Vec::new();
        for row in &chosen {
            let all = home.export(row.thread).await?;
            all.entries.iter().for_each(|entry| names.add_rows(std::slice::from_ref(&entry.row)));
            threads.push(all);
        }
        let now = clock::now();
        let mut files: Vec<(PathBuf, Value)> = Vec::new();
        if self.out.is_dir() {
            files.extend(threads.iter().map(|all| {
                let document = records::document(std::slice::from_ref(all), &names, now);
                (self.out.join(format!("{}.json", all.thread)), document)
            }));
        } else {
            files.push((self.out.clone(), records::document(&threads, &names, now)));
        }
        // All or none, as far as that can be known before.
        if let Some((taken, _)) = files.iter().find(|(path, _)| path.exists() && !self.force) {
            return Err(Failure::FileExists(taken.clone()));
        }
        for (path, document) in &files {
            file::write(path, &format!("{document:#}\n"), self.force)?;
        }
        Ok(done(&threads, &files))
    }
}

fn done(threads: &[ThreadExport], files: &[(PathBuf, Value)]) -> Done {
    let entries: usize = threads.iter().map(|all| all.entries.len()).sum();
    let paths: Vec<String> = files.iter().map(|(path, _)| path.display().to_string()).collect();
    let as_of = threads.first().and_then(|all| all.as_of);
    let document = json!({
        "files": paths,
        "threads": threads.len(),
        "entries": entries,
        "as_of": as_of.map(|at| at.0),
    });
    let text = format!(
        "Wrote {} with {} into {}. {}",
        words::count(threads.len() as u64, "thread", "threads"),
        words::count(entries as u64, "entry", "entries"),
        match paths.as_slice() {
            [one] => one.clone(),
            many => format!("{} files", many.len()),
        },
        words::fresh(as_of, 0, clock::now())
    );
    Done::new(document, text)
}
