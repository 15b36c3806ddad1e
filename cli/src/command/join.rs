//! `tandem join`

use std::sync::Arc;

use clap::Args;
use serde_json::json;
use tandem_engine::{Answer, Intent, JoinRow, JoinState};
use tandem_proto::TandemLink;

use crate::{
    clock,
    error::Failure,
    home::{Home, unexpected},
    out::Done,
    words,
};

const EXAMPLES: &str = "\
Example:
  tandem join tandem://join/127.0.0.1:7443/...

The request leaves at the next sync. You and the person who invited never have to be online at
the same time.";

/// Asks to be let in.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Join {
    /// The link that was given to you
    link: String,
}

impl Join {
    pub(crate) async fn run(self, home: Arc<Home>) -> Result<Done, Failure> {
        let link = match self.link.parse()? {
            TandemLink::Join(link) => link,
            TandemLink::School(_) => {
                return Err(Failure::WrongLink(
                    "this is a school's link, which `tandem school join` takes; \
                     a link into a thread begins with tandem://join/",
                ));
            }
            TandemLink::Device(_) => {
                return Err(Failure::WrongLink(
                    "this is the link of a phone that wants to be let in, which `tandem device add` \
                     takes; a link into a thread begins with tandem://join/",
                ));
            }
            TandemLink::Relay(_) => {
                return Err(Failure::WrongLink(
                    "this is a relay's link, which `tandem init --relay` takes; \
                     a link into a thread begins with tandem://join/",
                ));
            }
        };
        match home.perform(Intent::Join { link }).await? {
            Answer::Joining(thread, state) => {
                let mut document =
                    json!({ "thread": thread.to_string(), "state": words::join_name(&state) });
                if let JoinState::Refused(why) = &state {
                    document["reason"] = json!(why.name());
                }
                let now = clock::now();
                let row = JoinRow { thread, state, since: now, knocking: None };
                Ok(Done::new(document, format!("{thread}\n{}", words::join(&row, now))))
            }
            other => Err(unexpected(&other)),
        }
    }
}
