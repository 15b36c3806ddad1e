//! `tandem read`

use std::sync::Arc;

use clap::Args;
use serde_json::json;
use tandem_engine::ThreadRow;

use crate::{
    clock,
    error::Failure,
    home::Home,
    out::{self, Done},
    plain, rows, shapes,
    words::{self, Names},
};

const EXAMPLES: &str = "\
Examples:
  tandem read Maya
  tandem read k3x9 --json          prints all of it and marks nothing as seen

Without --json, what is printed counts as seen, also into a pipe or a file; the others learn it
at the next sync.";

/// Shows a thread.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Read {
    /// The thread's id, its first letters, or its title
    thread: String,
}

impl Read {
    pub(crate) async fn run(self, home: Arc<Home>, json: bool) -> Result<Done, Failure> {
        let row = home.thread(&self.thread).await?;
        let (title, entries) = home.rows(row.thread).await?;
        let now = clock::now();
        let mut names = Names::of_inbox([&row]);
        names.add_rows(&entries);
        if json {
            let said = entries.iter().filter(|row| row.is_entry());
            let events = entries.iter().filter(|row| !row.is_entry());
            let document = json!({
                "thread": row.thread.to_string(),
                "title": title,
                "erased": row.erased.as_ref().map(shapes::erased),
                "newer_version_needed": row.newer_version_needed,
                "kept": row.kept.as_ref().map(shapes::kept),
                "entries": said.map(|row| shapes::entry(row, &names)).collect::<Vec<_>>(),
                "events": events.map(shapes::event).collect::<Vec<_>>(),
            });
            return Ok(Done::new(document, ""));
        }
        let stands = words::stands(&row, now);
        let mut body = rows::thread(&entries, &names, now);
        if !entries.iter().any(ThreadRow::is_entry) {
            body.push_str("Nothing has been said here yet.");
        }
        let warnings = words::warnings(&row, now).into_iter();
        let warnings: String =
            warnings.map(|warning| format!("\n{}", plain::fit(&warning))).collect();
        // Shown first, then marked: a mark says that it was on the screen.
        let title = plain::fit(&plain::line(&title));
        let head = format!("{title}\n{stands} Times are UTC.{warnings}");
        out::line(&format!("{head}\n\n{}", body.trim_end()))?;
        home.mark_seen(row.thread, &entries).await?;
        Ok(Done::silent())
    }
}
