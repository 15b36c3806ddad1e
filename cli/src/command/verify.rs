//! `tandem verify`

use std::sync::Arc;

use clap::Args;
use serde_json::json;
use tandem_engine::{Answer, Intent};

use crate::{
    error::Failure,
    find,
    home::{Home, unexpected},
    out::Done,
    rows::short,
    words,
};

const EXAMPLES: &str = "\
Examples:
  tandem verify Maya Ana
  tandem verify Maya Ana --code '01234 56789 01234 56789 01234 56789'

Without --code it shows the code. The other person runs the same with your name; both phones show
the same code when nobody stands between you. Compare it where you see or hear each other, not in a
message. Then each notes it with --code and the code that the other's phone shows: from then on
everybody in the thread sees that you verified them. Works without signal.";

/// Compares a code with somebody.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Verify {
    /// The thread's id, its first letters, or its title
    thread: String,
    /// The person's name, their id, or its first letters, as `tandem members` shows them
    person: String,
    /// The code that their phone shows
    #[arg(long)]
    code: Option<String>,
}

impl Verify {
    pub(crate) async fn run(self, home: Arc<Home>) -> Result<Done, Failure> {
        let row = home.thread(&self.thread).await?;
        let members = home.members(row.thread).await?;
        let member = find::person(&self.person, &members)?;
        let (person, name) = (member.author.person, words::author(&member.author));
        let code = home.code(row.thread, person).await?;
        let text = match self.code {
            None => format!(
                "{code}\n\nThis is the code of you and {name}. Their phone shows the same with \
                 `tandem verify`.\nWhen it does: `tandem verify {} {} --code CODE`, with the code \
                 that their phone shows.",
                short(row.thread),
                short(person)
            ),
            Some(typed) => {
                let intent = Intent::Verify { thread: row.thread, person, code: typed };
                match home.perform(intent).await? {
                    Answer::Verified => format!(
                        "You have verified {name}. Everybody in the thread will see so after the \
                         next sync."
                    ),
                    other => return Err(unexpected(&other)),
                }
            }
        };
        let members = home.members(row.thread).await?;
        let verified = members.iter().any(|row| row.author.person == person && row.verified);
        let document = json!({
            "thread": row.thread.to_string(),
            "person": person.to_string(),
            "name": member.author.name,
            "code": code,
            "verified": verified,
        });
        Ok(Done::new(document, text))
    }
}
