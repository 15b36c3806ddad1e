//! The trip: everybody's devices, the relay between them, and what they do.

use std::{
    path::PathBuf,
    sync::Arc,
    time::{Duration, Instant},
};

use tandem_engine::{Answer, EntryId, Fields, Intent, StepState, SyncReport};
use tandem_proto::ThreadId;
use tokio::{task::JoinSet, time::sleep};

use super::{
    Settings,
    cast::{self, Family},
    chance::Chance,
    device::Device,
    former::Former,
    ledger::Ledger,
    line::{Line, Quality},
    pace::Pace,
    place::Place,
    relay::Relay,
    stage::Stage,
};
use crate::{error::Failure, home::unexpected};

/// A phone in a town, or at school.
pub(super) const TOWN: Quality =
    Quality { delay_ms: 20, jitter_ms: 15, lost: 20, doubled: 10, bytes_per_second: 250_000 };

/// The same phone in the hills: 128 kbit/s, and every twentieth datagram is lost.
pub(super) const HILLS: Quality =
    Quality { delay_ms: 90, jitter_ms: 40, lost: 50, doubled: 20, bytes_per_second: 16_000 };

/// How often somebody looks for what is to come.
const LOOK: Duration = Duration::from_millis(50);

/// An entry that was answered: it must never be lost.
#[derive(Debug, Clone)]
pub(super) struct Kept {
    pub(super) family: usize,
    pub(super) entry: String,
}

/// Everything that takes part.
#[derive(Debug)]
pub(super) struct Trip {
    pub(super) stage: Stage,
    pub(super) pace: Pace,
    pub(super) chance: Chance,
    pub(super) relay: Relay,
    pub(super) devices: Vec<Device>,
    /// Devices that are taken out before the end; a new one has the place of a lost one above.
    pub(super) formers: Vec<Former>,
    pub(super) families: Vec<Family>,
    /// By family.
    pub(super) threads: Vec<ThreadId>,
    /// Every entry that a device answered for.
    pub(super) kept: Vec<Kept>,
    /// Every word that was said, for the search of the relay's files.
    pub(super) said: Vec<String>,
    /// What the story itself found out, for the checks at the end.
    pub(super) found: Vec<super::Finding>,
    seed: u64,
    folder: PathBuf,
}

impl Trip {
    /// Starts the relay and makes everybody's home.
    pub(super) async fn begin(
        settings: &Settings,
        stage: Stage,
        place: &Place,
    ) -> Result<Self, Failure> {
        let mut chance = Chance::new(settings.seed, 0);
        let (people, families) = cast::draw(&mut chance);
        let relay = Relay::start(place.folder()).await?;
        let mut devices = Vec::new();
        for (at, person) in people.into_iter().enumerate() {
            let weather = Chance::new(settings.seed, at as u64 + 1);
            let line = Line::lay(relay.listen(), TOWN, weather).await?;
            stage.progress(&format!("{}'s home", person.name))?;
            let home = place.folder().join(person.name.replace(' ', "-").to_lowercase());
            devices.push(Device::make(home, person, line, relay.key()).await?);
        }
        let (pace, threads, formers) = (Pace::new(settings.fast), Vec::new(), Vec::new());
        let (kept, said, found) = (Vec::new(), Vec::new(), Vec::new());
        let (seed, folder) = (settings.seed, place.folder().to_owned());
        Ok(Self {
            stage,
            pace,
            chance,
            relay,
            devices,
            formers,
            families,
            threads,
            kept,
            said,
            found,
            seed,
            folder,
        })
    }

    /// Another device in the hands of whoever has this one, with a home of its own that nobody has
    /// let in yet; it has signal.
    pub(super) async fn another(&self, device: usize, home: &str) -> Result<Device, Failure> {
        let person = self.devices[device].person;
        let stream = (self.devices.len() + self.formers.len()) as u64 + 1;
        let line = Line::lay(self.relay.listen(), TOWN, Chance::new(self.seed, stream)).await?;
        let made = Device::make(self.folder.join(home), person, line, self.relay.key()).await?;
        made.set_signal(true)?;
        Ok(made)
    }

    /// Looks until it is so; returns how long that took. What patience does not last for is a
    /// failure of the story.
    pub(super) async fn until(
        &self,
        what: &str,
        mut so: impl AsyncFnMut() -> Result<bool, Failure>,
    ) -> Result<Duration, Failure> {
        let begun = Instant::now();
        while !so().await? {
            if begun.elapsed() > self.pace.patience {
                return Err(Failure::Client(format!("it took too long until {what}")));
            }
            self.stage.progress(&format!("until {what}"))?;
            sleep(LOOK).await;
        }
        Ok(begun.elapsed())
    }

    /// Whether a device shows the entries of a family's thread that this one of the cast shows.
    pub(super) async fn shows_the_same(
        &self,
        device: &Device,
        like: usize,
        family: usize,
    ) -> Result<bool, Failure> {
        let thread = self.threads[family];
        let (inbox, _) = device.inbox().await?;
        if !inbox.iter().any(|row| row.thread == thread) {
            return Ok(false);
        }
        let (_, here) = device.rows(thread).await?;
        let (_, there) = self.devices[like].rows(thread).await?;
        Ok(here.iter().map(|row| row.entry).eq(there.iter().map(|row| row.entry)))
    }

    /// A moment to read what was printed.
    pub(super) async fn pause(&self) {
        sleep(self.pace.pause).await;
    }

    pub(super) fn name(&self, device: usize) -> &'static str {
        self.devices[device].person.name
    }

    /// Everybody at home.
    pub(super) fn guardians(&self) -> Vec<usize> {
        self.families.iter().flat_map(|family| family.guardians.clone()).collect()
    }

    /// Says something in a family's thread.
    pub(super) async fn post(
        &mut self,
        device: usize,
        family: usize,
        kind: &str,
        fields: &[(&str, &str)],
    ) -> Result<EntryId, Failure> {
        let named = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        let fields: Fields = fields.iter().map(named).collect();
        self.said.extend(fields.values().cloned());
        let (thread, kind) = (self.threads[family], kind.to_owned());
        let intent = Intent::Post { thread, kind, fields, answers: None };
        match self.devices[device].perform(intent).await? {
            Answer::Said(entry, _) => {
                self.kept.push(Kept { family, entry: entry.to_string() });
                Ok(entry)
            }
            other => Err(unexpected(&other)),
        }
    }

    /// Says one of `texts` about the family's child.
    pub(super) async fn tell(
        &mut self,
        device: usize,
        family: usize,
        texts: &[&str],
    ) -> Result<EntryId, Failure> {
        let text = super::texts::about(self.chance.pick(texts), self.families[family].child);
        self.post(device, family, "message", &[("text", &text)]).await
    }

    /// Moves a step.
    pub(super) async fn step(
        &self,
        device: usize,
        family: usize,
        entry: EntryId,
        state: StepState,
    ) -> Result<(), Failure> {
        let thread = self.threads[family];
        self.devices[device].perform(Intent::TakeStep { thread, entry, state }).await.map(drop)
    }

    /// Syncs these devices side by side; all must get through.
    pub(super) async fn sync(&self, devices: &[usize]) -> Result<Vec<SyncReport>, Failure> {
        let mut syncs = JoinSet::new();
        for at in devices {
            let (client, patience) = (Arc::clone(self.devices[*at].client()?), self.pace.patience);
            syncs.spawn(async move { client.sync_once(patience).await });
        }
        let mut reports = Vec::new();
        while let Some(ended) = syncs.join_next().await {
            let synced = ended.map_err(|error| Failure::Client(error.to_string()))?;
            reports.push(synced?);
            if reports.len() == devices.len() {
                break;
            }
            self.stage.progress(&format!("{} of {} are through", reports.len(), devices.len()))?;
        }
        Ok(reports)
    }

    /// Waits until everybody has everything and has read it, or patience ends: the checks say what
    /// is missing then. Returns whether it came to rest.
    pub(super) async fn rest(&self) -> Result<bool, Failure> {
        let begun = Instant::now();
        loop {
            let ledger = Ledger::take(self).await?;
            match ledger.restless() {
                0 => return Ok(true),
                left => self.stage.progress(&format!("{left} things are still on their way"))?,
            }
            if begun.elapsed() > self.pace.patience {
                return Ok(false);
            }
            for (at, rows) in &ledger.inboxes {
                for row in rows.iter().filter(|row| row.unseen > 0) {
                    let seen = Intent::MarkSeen { thread: row.thread, entries: None };
                    self.devices[*at].perform(seen).await?;
                }
            }
            sleep(Duration::from_millis(150)).await;
        }
    }
}
