//! `tandem archive run`

use std::time::Duration;

use clap::Args;
use tokio::time::{Instant, sleep_until};

use super::news::{Ledger, News};
use crate::{
    error::Failure,
    home::Home,
    out::{self, Done, Page},
    stop,
};

const EXAMPLES: &str = "\
Examples:
  tandem --home /var/lib/school-records archive run
  tandem archive run --json       an array that grows by one event a line, closed at the end

Only for a home made with `tandem init --role archive`. It stays in touch, keeps everything that is
said in the threads that guardians let it into, carries it back to a relay that lost it, and gives
devices that lost their place a new one, also while nobody else is online. It says nothing and lets
nobody in or out. Its lines name threads and people by their ids only. Ends well at Ctrl-C or SIGTERM.";

/// How long changes are gathered before they are looked at: one sync moves many threads.
const GATHER: Duration = Duration::from_millis(250);

/// Stays in touch and keeps records.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Run {}

impl Run {
    pub(crate) async fn run(self, home: &Home, json: bool) -> Result<Done, Failure> {
        if !home.device().await?.keeps_records() {
            return Err(Failure::NoRecords);
        }
        let mut page = Page::new(json);
        let ran = keep(home, &mut page).await;
        page.end()?;
        ran.map(|()| Done::silent())
    }
}

async fn keep(home: &Home, page: &mut Page) -> Result<(), Failure> {
    // From before the first line on: whoever reads that may ask to stop at once.
    let mut stop = std::pin::pin!(stop::asked());
    let (mut ledger, begun) = Ledger::begin(home).await?;
    tell(page, &begun)?;
    let mut line = home.client().link_state();
    let mut changes = home.client().watch_inbox();
    home.client().set_online(true);
    let (mut said, mut due) = (None, None::<Instant>);
    loop {
        tokio::select! {
            () = &mut stop => return Ok(()),
            state = line.changed() => {
                let Some(state) = state else { return Ok(()) };
                let news = News::of_line(&state);
                if let Some(news) = news.filter(|news| said.as_ref() != Some(&news.text)) {
                    said = Some(news.text.clone());
                    tell(page, &news)?;
                }
            }
            change = changes.next() => match change {
                Some(_) => drop(due.get_or_insert_with(|| Instant::now() + GATHER)),
                None => return Ok(()),
            },
            () = sleep_until(due.unwrap_or_else(Instant::now)), if due.is_some() => {
                due = None;
                for news in ledger.look(home).await? {
                    tell(page, &news)?;
                }
            }
        }
    }
}

fn tell(page: &mut Page, news: &News) -> Result<(), Failure> {
    if page.json { page.add(&news.document()) } else { out::line(&news.line()) }
}
