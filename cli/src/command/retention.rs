//! `tandem retention`

use std::sync::Arc;

use clap::Args;
use tandem_engine::{Answer, Intent, RetentionRow};

use crate::{
    clock,
    error::Failure,
    home::{Home, unexpected},
    out::Done,
    rows, shapes,
};

const EXAMPLES: &str = "\
Examples:
  tandem retention                 how long this home keeps its threads, and which goes when
  tandem retention --days 400      forgets a thread in which nothing was new for 400 days
  tandem retention --never         keeps every thread for good, as without a term

A thread in which nothing is new for so long is forgotten on this phone, as by `tandem forget`, at the
end of a sync; `tandem threads` says so from a month before. Where others are in it you leave first, as
by `tandem leave`, with all your phones. What you wrote and has not left is never forgotten by this, nor
are your desk and what is new. Only time that this phone is in use counts. Other phones, yours too, and
the relay keep what they have.";

/// Says how long this home keeps a thread in which nothing is new, or sets it.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Retention {
    /// Forget a thread in which nothing was new for so many days
    #[arg(long, value_name = "N", conflicts_with = "never")]
    days: Option<u32>,
    /// Keep every thread for good
    #[arg(long)]
    never: bool,
}

impl Retention {
    pub(crate) async fn run(self, home: Arc<Home>) -> Result<Done, Failure> {
        let row = match (self.days, self.never) {
            (None, false) => home.retention().await?,
            (days, _) => match home.perform(Intent::KeepFor { days }).await? {
                Answer::Retention(row) => row,
                other => return Err(unexpected(&other)),
            },
        };
        Ok(done(&row))
    }
}

fn done(row: &RetentionRow) -> Done {
    Done::new(shapes::retention(row), rows::retention(row, clock::now()))
}
