//! `tandem doctor`

use std::{sync::Arc, time::Duration};

use clap::Args;
use serde_json::json;

use crate::{
    clock,
    error::Failure,
    home::Home,
    out::Done,
    plain, rows, shapes,
    words::{self, Names},
};

const EXAMPLES: &str = "\
Examples:
  tandem doctor
  tandem doctor --json

Opening the home has already checked the store: a damaged one says so instead. The relay is
tried for three seconds; what can leave in that time leaves. Keys are public ones. A cursor is how
far a thread's log was read; what the relay has signed of it shows if its store is ever an old one.";

/// How long the relay is tried.
const TRY: Duration = Duration::from_secs(3);

/// Looks at everything.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Doctor {}

impl Doctor {
    pub(crate) async fn run(self, home: Arc<Home>) -> Result<Done, Failure> {
        let tried = home.client().sync_once(TRY).await.map_err(Failure::from);
        let device = home.device().await?;
        let (threads, joins) = home.inbox().await?;
        let waiting = home.waiting().await?;
        let now = clock::now();
        let (relay, said) = match &tried {
            Ok(_) => ("reached", "In reach; everything that could be done was done.".to_owned()),
            Err(error) => (error.relay().unwrap_or("unknown"), sentence(error)),
        };
        let link = home.client().relay();
        let (joining, knocking) = shapes::joins(&joins);
        let document = json!({
            "home": home.folder().display().to_string(),
            "store": { "ok": true },
            "keys": {
                "device": device.device.to_string(),
                "transport": device.transport.to_string(),
                "relay": link.key.to_string(),
                "renewed": device.renewed.0,
                "renewing": device.renewing,
            },
            "relay": {
                "link": link.to_string(),
                "state": relay,
                "generation": device.generation.map(|generation| generation.to_string()),
            },
            "school": device.school.as_ref().map(shapes::school),
            "cursors": device.cursors.iter().map(shapes::cursor).collect::<Vec<_>>(),
            "threads": threads.iter().map(shapes::inbox).collect::<Vec<_>>(),
            "joining": joining,
            "knocking": knocking,
            "waiting": waiting.iter().map(shapes::waiting).collect::<Vec<_>>(),
        });
        let mut lines = vec![
            format!("Home     {}", home.folder().display()),
            "Store    opened and read".to_owned(),
            format!(
                "Keys     {}  signs what this device says\n         {}  is shown to the relay\n         \
                 {}  is the relay's",
                device.device, device.transport, link.key
            ),
            format!("Relay    {}\n         {said}", link.address),
        ];
        if device.renewing.is_some() {
            lines.push(plain::fit(&format!("         {}", words::renewing(device.renewing))));
        }
        lines
            .extend(device.school.as_ref().map(|s| format!("School   {}", words::school(Some(s)))));
        let names = Names::of_inbox(&threads);
        for row in &threads {
            let fresh = words::fresh(row.as_of, row.waiting, now);
            let (id, title) = (rows::short(row.thread), plain::line(&row.title));
            lines.push(plain::fit(&format!("Thread   {id}  {title}: {fresh}")));
            let cursor = device.cursors.iter().find(|cursor| cursor.cursor.thread == row.thread);
            lines.extend(cursor.map(|cursor| format!("         {}", words::cursor(cursor, now))));
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
    let text = plain::line(&error.to_string());
    let mut letters = text.chars();
    let first = letters.next().map(|c| c.to_uppercase().to_string()).unwrap_or_default();
    format!("{first}{}.", letters.as_str())
}
