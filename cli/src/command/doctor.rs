//! `tandem doctor`

use std::{sync::Arc, time::Duration};

use clap::Args;
use serde_json::json;

use crate::{
    clock,
    error::Failure,
    home::Home,
    out::Done,
    rows, shapes,
    words::{self, Names},
};

const EXAMPLES: &str = "\
Examples:
  tandem doctor
  tandem doctor --json

Opening the home has already checked the store: a damaged one says so instead. The relay is
tried for three seconds; what can leave in that time leaves.";

/// How long the relay is tried.
const TRY: Duration = Duration::from_secs(3);

/// Looks at everything.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Doctor {}

impl Doctor {
    pub(crate) async fn run(self, home: Arc<Home>) -> Result<Done, Failure> {
        let tried = home.client().sync_once(TRY).await.map_err(Failure::from);
        let (threads, joins) = home.inbox().await?;
        let waiting = home.waiting().await?;
        let now = clock::now();
        let (relay, said) = match &tried {
            Ok(_) => ("reached", "In reach; everything that could be done was done.".to_owned()),
            Err(error @ Failure::Unreachable) => ("unreachable", sentence(error)),
            Err(error @ Failure::WrongKey) => ("wrong_key", sentence(error)),
            Err(error @ Failure::TimedOut) => ("timed_out", sentence(error)),
            Err(error @ Failure::RelayClosed(_)) => ("closed", sentence(error)),
            Err(error) => ("unknown", sentence(error)),
        };
        let link = home.client().relay();
        let document = json!({
            "home": home.folder().display().to_string(),
            "store": { "ok": true },
            "keys": { "relay": link.key.to_string() },
            "relay": { "link": link.to_string(), "state": relay },
            "threads": threads.iter().map(shapes::inbox).collect::<Vec<_>>(),
            "joining": joins.iter().map(shapes::joining).collect::<Vec<_>>(),
            "waiting": waiting.iter().map(shapes::waiting).collect::<Vec<_>>(),
        });
        let mut lines = vec![
            format!("Home     {}", home.folder().display()),
            "Store    opened and read".to_owned(),
            format!("Keys     this device's are here; the relay's is {}", link.key),
            format!("Relay    {}\n         {said}", link.address),
        ];
        let names = Names::of_inbox(&threads);
        for row in &threads {
            let fresh = words::fresh(row.as_of, row.waiting, now);
            lines.push(format!("Thread   {}  {}: {fresh}", rows::short(row.thread), row.title));
        }
        lines.extend(joins.iter().map(|row| format!("Join     {}", rows::joining(row, now))));
        lines.extend(waiting.iter().map(|row| {
            let title = threads.iter().find(|thread| thread.thread == row.thread);
            let title = title.map_or("a thread not here yet", |thread| thread.title.as_str());
            format!("Waits    {}", rows::waiting(row, title, &names, now))
        }));
        if waiting.is_empty() {
            lines.push("Waits    nothing".to_owned());
        }
        Ok(Done::new(document, lines.join("\n")))
    }
}

fn sentence(error: &Failure) -> String {
    let text = error.to_string();
    let mut letters = text.chars();
    let first = letters.next().map(|c| c.to_uppercase().to_string()).unwrap_or_default();
    format!("{first}{}.", letters.as_str())
}
