//! `tandem sync --once`

use std::{sync::Arc, time::Duration};

use clap::Args;
use serde_json::json;

use crate::{
    error::Failure,
    home::Home,
    out::{self, Done},
    words,
};

const EXAMPLES: &str = "\
Examples:
  tandem sync --once
  tandem sync --once --timeout 2m

Ends with 0 when everything was sent, read and acknowledged, also while a join waits to be
answered; with 3 when the relay could not be reached or time ran out.";

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
        let error: Failure = match home.client().sync_once(self.timeout).await {
            Ok(report) => {
                let document = json!({
                    "sent": report.sent,
                    "received": report.received,
                    "waiting": report.waiting,
                    "relay": "reached",
                });
                return Ok(Done::new(document, said(report.sent, report.received, report.waiting)));
            }
            Err(error) => error.into(),
        };
        let Some(relay) = error.relay() else { return Err(error) };
        // The same shape as a sync that got through, so that a script reads one; and the error.
        let mut document = out::error_value(error.kind(), &error.to_string());
        document["sent"] = json!(0);
        document["received"] = json!(0);
        document["waiting"] = json!(waiting(&home).await?);
        document["relay"] = json!(relay);
        eprintln!("tandem: {error}");
        Ok(Done::new(document, "").exit(error.exit()))
    }
}

/// Entries and own joins that wait, as the report of a sync counts them.
async fn waiting(home: &Home) -> Result<usize, Failure> {
    let entries = home.waiting().await?.iter().filter(|row| row.entry.is_some()).count();
    let (_, joins) = home.inbox().await?;
    Ok(entries + joins.iter().filter(|row| row.knocking.is_none()).count())
}

fn said(sent: u32, received: u32, waiting: u32) -> String {
    let mut text = format!("Sent {sent}, received {received}.");
    match waiting {
        0 => text.push_str(" Nothing waits."),
        n => {
            let waits = words::count(n, "thing waits", "things wait");
            text.push_str(&format!(" {waits}: `tandem outbox` and `tandem threads` say for what."));
        }
    }
    text
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
