//! `tandem readmit`

use std::sync::Arc;

use clap::Args;
use tandem_engine::Intent;

use super::device::{device_link, take_up};
use crate::{error::Failure, find, home::Home, out::Done};

const EXAMPLES: &str = "\
Example:
  tandem readmit Ana tandem://device/...

Ana has lost her phone. She stands before you with a new one, which has a home of its own
(`tandem init`) and shows a link (`tandem device offer`). When you follow it, the new phone is let
into every thread that you share with her, with what was said there, and every phone that she had
before is out: it can't read what is said from then on. Do it only for somebody whom you see: from
then on you vouch for that phone. It leaves with your next sync.";

/// Lets a person in again on a new phone.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Readmit {
    /// The person's name, their id, or its first letters, as `tandem members` shows them
    person: String,
    /// The link that their new phone shows
    link: String,
}

impl Readmit {
    pub(crate) async fn run(self, home: Arc<Home>) -> Result<Done, Failure> {
        let link = device_link(&self.link)?;
        let people = home.everybody().await?;
        let person = find::person(&self.person, &people)?.author.person;
        take_up(&home, Intent::Readmit { person, link }).await
    }
}
