//! `tandem sync --once`

use std::{sync::Arc, time::Duration};

use clap::Args;
use serde_json::json;
use tandem_client::SyncError;
use tandem_engine::{Author, InboxRow, SyncReport};

use crate::{
    error::Failure,
    home::Home,
    out::{self, Done},
    plain, words,
};

const EXAMPLES: &str = "\
Examples:
  tandem sync --once
  tandem sync --once --timeout 2m

Ends with 0 when everything was sent, read and acknowledged, also while a join waits to be
answered; with 3 when the relay could not be reached or time ran out.";

/// How long a sync may be silent.
const SILENCE: Duration = Duration::from_secs(1);

/// Sends what waits and fetches what is new.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Sync {
    /// Once, then end (`tandem watch` stays in touch)
    #[arg(long, required = true)]
    once: bool,
    /// How long to try: 10s, 500ms, 2m
    #[arg(long, default_value = "10s", value_parser = duration)]
    timeout: Duration,
}

impl Sync {
    pub(crate) async fn run(self, home: Arc<Home>) -> Result<Done, Failure> {
        let (before, _) = home.inbox().await?;
        let error: Failure = match synced(&home, self.timeout).await {
            Ok(report) => {
                let (entries, joins) = home.counts().await?;
                let (after, _) = home.inbox().await?;
                let mut said = vec![
                    format!("Sent {}, received {}.", report.sent, report.received),
                    waits(entries, joins),
                ];
                said.extend(news(&before, &after));
                let document = json!({
                    "sent": report.sent,
                    "received": report.received,
                    "waiting": report.waiting,
                    "relay": "reached",
                });
                return Ok(Done::new(document, said.join("\n")));
            }
            Err(error) => error.into(),
        };
        let Some(relay) = error.relay() else { return Err(error) };
        // The same shape as a sync that got through, so that a script reads one; and the error.
        let mut document = out::error_value(error.kind(), &error.to_string());
        document["sent"] = json!(0);
        document["received"] = json!(0);
        let (entries, joins) = home.counts().await?;
        document["waiting"] = json!(entries + joins);
        document["relay"] = json!(relay);
        out::aside(&error.to_string());
        Ok(Done::new(document, "").exit(error.exit()))
    }
}

/// Syncs, and says where to when that takes a while.
async fn synced(home: &Home, patience: Duration) -> Result<SyncReport, SyncError> {
    let mut syncing = std::pin::pin!(home.client().sync_once(patience));
    tokio::select! {
        synced = &mut syncing => return synced,
        () = tokio::time::sleep(SILENCE) => {}
    }
    out::aside(&format!("calling the relay at {} ...", home.client().relay().address));
    syncing.await
}

fn waits(entries: u32, joins: u32) -> String {
    let more = match (entries, joins) {
        (0, 0) => "",
        (_, 0) => " `tandem outbox` says why.",
        (0, _) => " `tandem threads` shows which.",
        (_, _) => " `tandem outbox` and `tandem threads` say more.",
    };
    format!("{}{more}", words::waits(entries, joins))
}

/// Threads that came, and people who are new in one.
fn news(before: &[InboxRow], after: &[InboxRow]) -> Vec<String> {
    let said = after.iter().filter_map(|row| {
        let title = plain::line(&row.title);
        let Some(old) = before.iter().find(|old| old.thread == row.thread) else {
            return Some(format!("You are in: {title}."));
        };
        let known = |who: &&Author| old.people.iter().any(|known| known.person == who.person);
        let new: Vec<_> = row.people.iter().filter(|who| !known(who)).map(words::author).collect();
        (!new.is_empty()).then(|| format!("New in {title}: {}.", new.join(", ")))
    });
    said.collect()
}

/// A time span as people type it: a number and `ms`, `s` or `m`.
pub(crate) fn duration(text: &str) -> Result<Duration, String> {
    let digits = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (number, unit) = text.split_at(digits);
    let number: u64 = number.parse().map_err(|_| "say how long as 10s, 500ms or 2m".to_owned())?;
    let ms = match unit {
        "ms" => Some(number),
        "s" => number.checked_mul(1_000),
        "m" => number.checked_mul(60_000),
        _ => return Err("say how long as 10s, 500ms or 2m".to_owned()),
    };
    // A day is longer than anybody waits, and keeps every sum of times far from overflowing.
    ms.filter(|ms| (1..=86_400_000).contains(ms))
        .map(Duration::from_millis)
        .ok_or_else(|| "say something between 1ms and 1440m".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_span_is_a_number_and_a_unit() {
        assert_eq!(duration("10s"), Ok(Duration::from_secs(10)));
        assert_eq!(duration("500ms"), Ok(Duration::from_millis(500)));
        assert_eq!(duration("2m"), Ok(Duration::from_secs(120)));
        for wrong in ["", "10", "s", "0s", "-1s", "1h", "1.5s", "99999999999999999999s", "9999m"] {
            assert!(duration(wrong).is_err(), "{wrong}");
        }
    }
}
