//! A phone's process and the relay's are killed with kill -9 in the middle of their work.

use std::{process::Stdio, time::Duration};

use serde_json::Value;
use tokio::time::{sleep, timeout};

use super::super::{
    Finding,
    texts::{self, about},
    trip::{Kept, Trip},
};
use crate::error::Failure;

/// How many datagrams into its sync the phone dies: past the handshake's first, before its end.
const INTO_THE_SYNC: u64 = 8;

/// How long one command of a phone may take.
const PATIENCE: Duration = Duration::from_secs(30);

pub(super) async fn play(trip: &mut Trip) -> Result<(), Failure> {
    trip.stage.chapter("A phone dies in the middle of a sync")?;
    phone(trip).await?;
    trip.stage.chapter("The relay is killed and comes back")?;
    relay(trip).await
}

async fn phone(trip: &mut Trip) -> Result<(), Failure> {
    let family = 0;
    let guardian = trip.families[family].guardians[0];
    trip.devices[guardian].switch_off().await;
    let before = trip.kept.len();
    for text in texts::LATE {
        let text = about(text, trip.families[family].child);
        let words = ["--json", "post", trip.families[family].child, "--text", &text];
        let posted = trip.devices[guardian].process(&words)?.output();
        let posted = timeout(PATIENCE, posted).await.map_err(|_| Failure::TimedOut)??;
        let answer: Value = serde_json::from_slice(&posted.stdout).unwrap_or_default();
        let Some(entry) = answer["entry"].as_str() else {
            let said = String::from_utf8_lossy(&posted.stderr).trim().to_owned();
            return Err(Failure::Client(format!("a phone's process did not post: {said}")));
        };
        trip.kept.push(Kept { family, entry: entry.to_owned() });
        trip.said.push(text);
    }
    let mut words = trip.devices[guardian].process(&["sync", "--once", "--timeout", "30s"])?;
    let start = trip.devices[guardian].line.carried().sent;
    let mut sync = words.stdout(Stdio::null()).stderr(Stdio::null()).spawn()?;
    let pid = sync.id().unwrap_or(0);
    let dying = async {
        while trip.devices[guardian].line.carried().sent < start + INTO_THE_SYNC {
            sleep(Duration::from_millis(1)).await;
        }
    };
    // A sync that ended by itself was quicker than this machine; the phone is gone all the same.
    let died = tokio::select! {
        () = dying => true,
        _ = sync.wait() => false,
    };
    sync.kill().await?;
    let at = trip.devices[guardian].line.carried().sent - start;
    trip.devices[guardian].switch_on().await?;
    let (_, rows) = trip.devices[guardian].rows(trip.threads[family]).await?;
    let here = |kept: &&Kept| rows.iter().any(|row| row.entry.to_string() == kept.entry);
    let (wrote, found) =
        (trip.kept.len() - before, trip.kept[before..].iter().filter(here).count());
    let name = trip.name(guardian);
    let how = if died { "was killed\nwith kill -9" } else { "had ended\nby itself" };
    trip.stage.line(&format!(
        "{name} wrote {wrote} messages in processes of their own; the syncing one, {pid}, {how} \
         after {at} datagrams.\nOpened again, {found} of {wrote} are there."
    ))?;
    let said = format!("{found} of {wrote} entries outlived kill -9 of {name}'s phone");
    trip.found.push(Finding { name: "phone", holds: found == wrote, said });
    trip.devices[guardian].set_online(true)
}

async fn relay(trip: &mut Trip) -> Result<(), Failure> {
    for family in 0..trip.families.len() {
        for guardian in trip.families[family].guardians.clone() {
            trip.tell(guardian, family, &texts::LATE).await?;
        }
    }
    // While these are under way.
    sleep(Duration::from_millis(40)).await;
    let pid = trip.relay.kill().await?;
    for family in 0..trip.families.len() {
        let guardian = trip.families[family].guardians[0];
        trip.tell(guardian, family, &texts::MEANWHILE).await?;
    }
    sleep(trip.pace.relay_away).await;
    let waiting = waiting(trip).await?;
    let again = trip.relay.restart().await?;
    trip.stage.line(&format!(
        "Process {pid} was killed with kill -9 while families wrote; they went on writing. {waiting} \
         things\nwaited on their phones when it came back on the same port as process {again}."
    ))?;
    trip.pause().await;
    Ok(())
}

async fn waiting(trip: &Trip) -> Result<usize, Failure> {
    let mut waiting = 0;
    for guardian in trip.guardians() {
        waiting += trip.devices[guardian].waiting().await?.len();
    }
    Ok(waiting)
}
