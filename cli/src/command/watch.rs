//! `tandem watch`

use std::sync::Arc;

use clap::Args;
use serde_json::{Value, json};
use tandem_client::LinkWatch;
use tandem_engine::{InboxRow, ThreadRow, ViewDiff};
use tandem_proto::ThreadId;

use crate::{
    clock,
    error::Failure,
    home::Home,
    out::{self, Done, Page},
    rows, shapes, stop,
    words::{self, Names},
};

const EXAMPLES: &str = "\
Examples:
  tandem watch                 the inbox
  tandem watch Maya            one thread; what is shown counts as seen
  tandem watch Maya --json     an array that grows by one change a line, closed by Ctrl-C";

/// Shows rows as they change.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Watch {
    /// The thread's id, its first letters, or its title; the inbox when left out
    thread: Option<String>,
}

impl Watch {
    pub(crate) async fn run(self, home: Arc<Home>, json: bool) -> Result<Done, Failure> {
        let mut page = Page::new(json);
        let thread = match &self.thread {
            Some(name) => Some(home.thread(name).await?),
            None => None,
        };
        home.client().set_online(true);
        let watched = match thread {
            Some(row) => watch_thread(&home, &row, &mut page).await,
            None => watch_inbox(&home, &mut page).await,
        };
        page.end()?;
        watched.map(|()| Done::silent())
    }
}

async fn watch_inbox(home: &Home, page: &mut Page) -> Result<(), Failure> {
    let mut changes = home.client().watch_inbox();
    let mut line = Line::of(home, page);
    let mut stop = std::pin::pin!(stop::asked());
    loop {
        let diff = tokio::select! {
            () = &mut stop => return Ok(()),
            () = line.tell() => continue,
            diff = changes.next() => match diff { Some(diff) => diff, None => return Ok(()) },
        };
        show(page, &diff, shapes::inbox, |row| rows::inbox(row, clock::now()))?;
    }
}

async fn watch_thread(home: &Home, inbox: &InboxRow, page: &mut Page) -> Result<(), Failure> {
    let thread = inbox.thread;
    let mut changes = home.client().watch_thread(thread);
    let mut names = Names::of_inbox([inbox]);
    let mut line = Line::of(home, page);
    let mut stop = std::pin::pin!(stop::asked());
    loop {
        let diff = tokio::select! {
            () = &mut stop => return Ok(()),
            () = line.tell() => continue,
            diff = changes.next() => match diff { Some(diff) => diff, None => return Ok(()) },
        };
        // Who is in the thread changes with what is said there.
        names.add_people(&home.inbox().await?.0, thread);
        names.add_rows(rows_of(&diff));
        show(
            page,
            &diff,
            |row| shapes::entry(row, &names),
            |row| rows::entry(row, &names, clock::now()),
        )?;
        if !page.json {
            mark_seen(home, thread, &diff).await?;
        }
    }
}

/// What came onto the screen and is another's counts as seen. An update of a row that was there
/// does not: marks make updates, and would never end.
async fn mark_seen(
    home: &Home,
    thread: ThreadId,
    diff: &ViewDiff<ThreadRow>,
) -> Result<(), Failure> {
    let new = match diff {
        ViewDiff::Reset(_) | ViewDiff::Insert { .. } => rows_of(diff),
        ViewDiff::Update { .. } | ViewDiff::Remove { .. } => &[],
    };
    home.mark_seen(thread, new).await
}

fn rows_of<R>(diff: &ViewDiff<R>) -> &[R] {
    match diff {
        ViewDiff::Reset(rows) => rows,
        ViewDiff::Insert { row, .. } | ViewDiff::Update { row, .. } => std::slice::from_ref(row),
        ViewDiff::Remove { .. } => &[],
    }
}

/// Shows a change: a block of lines for each row, or one element of the array.
fn show<R>(
    page: &mut Page,
    diff: &ViewDiff<R>,
    shape: impl Fn(&R) -> Value,
    text: impl Fn(&R) -> String,
) -> Result<(), Failure> {
    if !page.json {
        return rows_of(diff).iter().try_for_each(|row| out::line(&format!("{}\n", text(row))));
    }
    page.add(&match diff {
        ViewDiff::Reset(rows) => {
            json!({ "reset": rows.iter().map(shape).collect::<Vec<_>>() })
        }
        ViewDiff::Insert { at, row } => json!({ "insert": shape(row), "at": at }),
        ViewDiff::Update { at, row } => json!({ "update": shape(row), "at": at }),
        ViewDiff::Remove { at } => json!({ "remove": at }),
    })
}

/// How the line is, told on standard error to people.
struct Line {
    states: Option<LinkWatch>,
    told: Option<String>,
}

impl Line {
    fn of(home: &Home, page: &Page) -> Self {
        Self { states: (!page.json).then(|| home.client().link_state()), told: None }
    }

    /// Tells the next change; never returns when nobody is told.
    async fn tell(&mut self) {
        let Some(state) = (match &mut self.states {
            Some(states) => states.changed().await,
            None => None,
        }) else {
            return std::future::pending().await;
        };
        let said = words::link(&state);
        if let Some(said) = said.filter(|said| self.told.as_ref() != Some(said)) {
            eprintln!("{said}");
            self.told = Some(said);
        }
    }
}
