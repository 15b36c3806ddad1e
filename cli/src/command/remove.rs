//! `tandem remove`

use std::sync::Arc;

use clap::Args;
use serde_json::json;
use tandem_engine::{Answer, Intent};

use crate::{
    error::Failure,
    find,
    home::{Home, unexpected},
    out::Done,
    plain, words,
};

const EXAMPLES: &str = "\
Examples:
  tandem remove Maya 'Mr Okafor'
  tandem remove Maya Ana --device k3x9

Guardians take out guardians; a lead, or whoever founded the thread, takes out the others; everybody
their own devices. Everybody in the thread is shown who took out whom. Whoever is out keeps what they
have, sees that they are out, and can't read what is said after. Works without signal; it counts
from your next sync on. A device that is out does not come back into the thread.";

/// Takes a person out of a thread, or one of their devices.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Remove {
    /// The thread's id, its first letters, or its title
    thread: String,
    /// The person's name, their id, or its first letters, as `tandem members` shows them
    person: String,
    /// One device only: its key's first letters, as `tandem members` shows it
    #[arg(long, value_name = "DEVICE")]
    device: Option<String>,
}

impl Remove {
    pub(crate) async fn run(self, home: Arc<Home>) -> Result<Done, Failure> {
        let row = home.thread(&self.thread).await?;
        let members = home.members(row.thread).await?;
        let member = find::person(&self.person, &members)?;
        let device = self.device.as_deref().map(|name| find::device(name, member)).transpose()?;
        let person = member.author.person;
        let intent = Intent::Remove { thread: row.thread, person, device };
        match home.perform(intent).await? {
            Answer::Wished(thread) => {
                let who = words::author(&member.author);
                let what = if device.is_some() { format!("A device of {who}") } else { who };
                let title = plain::line(&row.title);
                Ok(Done::new(
                    json!({
                        "thread": thread.to_string(),
                        "person": person.to_string(),
                        "device": device.map(|device| device.to_string()),
                        "state": "on_this_phone",
                    }),
                    format!("{what} will be out of {title} from your next sync on."),
                ))
            }
            other => Err(unexpected(&other)),
        }
    }
}
