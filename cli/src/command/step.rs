//! `tandem step`

use std::sync::Arc;

use clap::{
    Args,
    builder::{PossibleValuesParser, TypedValueParser},
};
use serde_json::json;
use tandem_engine::{Answer, Intent, StepState};

use crate::{
    clock,
    error::Failure,
    find,
    home::{Home, unexpected},
    out::Done,
    words::{self, Names},
};

const EXAMPLES: &str = "\
Example:
  tandem step Maya k3x9 --state done

A step moves forward only, by its owner: home or school. The order is open, doing, dropped, done;
any of them may be left out, and what was dropped can still be done.";

/// Moves a step forward.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Step {
    /// The thread's id, its first letters, or its title
    thread: String,
    /// The step's id or its first letters, as `tandem read` shows it
    entry: String,
    /// How far it is now
    #[arg(long, value_parser = state())]
    state: StepState,
}

fn state() -> impl TypedValueParser<Value = StepState> {
    PossibleValuesParser::new(["open", "doing", "dropped", "done"])
        .try_map(|name| name.parse::<StepState>())
}

impl Step {
    pub(crate) async fn run(self, home: Arc<Home>) -> Result<Done, Failure> {
        let row = home.thread(&self.thread).await?;
        let (_, entries) = home.rows(row.thread).await?;
        let entry = find::entry(&self.entry, &entries)?;
        let intent = Intent::TakeStep { thread: row.thread, entry, state: self.state };
        match home.perform(intent).await? {
            Answer::Said(entry, delivery) => {
                let said = words::delivery(&delivery, &Names::of_inbox([&row]), clock::now());
                Ok(Done::new(
                    json!({ "entry": entry.to_string(), "state": delivery.name() }),
                    format!("The step is {} now. {said}", self.state),
                ))
            }
            other => Err(unexpected(&other)),
        }
    }
}
