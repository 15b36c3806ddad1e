//! `tandem thread new`

use std::sync::Arc;

use clap::{Args, Subcommand};
use serde_json::json;
use tandem_engine::{Answer, Intent};

use crate::{
    error::Failure,
    home::{Home, unexpected},
    out::Done,
    plain,
    rows::short,
};

const EXAMPLES: &str = "\
Example:
  tandem thread new 'Maya, class 3b'

Works without signal. Then `tandem invite` makes links for the others.";

/// What can be done to threads as such.
#[derive(Debug, Subcommand)]
pub(crate) enum Thread {
    /// Found a thread
    New(New),
}

/// Founds a thread.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct New {
    /// Its title, which only its members can read
    title: String,
}

impl Thread {
    pub(crate) async fn run(self, home: Arc<Home>) -> Result<Done, Failure> {
        let Self::New(New { title }) = self;
        let founded = home.perform(Intent::FoundThread { title: title.clone() }).await;
        let founded = founded.map_err(|failure| match failure {
            Failure::Trouble(trouble) => Failure::of_name("a title", trouble),
            other => other,
        });
        match founded? {
            Answer::Founded(thread) => Ok(Done::new(
                json!({ "thread": thread.to_string() }),
                format!(
                    "{thread}  {}\nNext: `tandem invite {} --role guardian`.",
                    plain::line(&title),
                    short(thread)
                ),
            )),
            other => Err(unexpected(&other)),
        }
    }
}
