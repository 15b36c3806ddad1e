//! S1: a device is added to every thread of a class, one person joins, one is taken out.

use std::time::{Duration, Instant};

use tandem_engine::{Answer, Event, InboxRow, Intent, Query, ThreadRow, ViewDiff};
use tandem_proto::{PersonId, Role, ThreadId};
use tokio::time::timeout;

use super::{Bench, Syncs};
use crate::{
    bench::{
        phone::{PATIENCE, Phone, closed, less},
        place::Relay,
        report::Measured,
    },
    error::Failure,
    home::unexpected,
};

const THREADS: usize = 25;
const DEVICES: usize = 12;

/// Tablets that are added, each to all threads; a thread has one device more after each.
const TABLETS: usize = 3;

const WITHIN: Duration = Duration::from_secs(60);

/// All variants.
pub(super) async fn run(bench: &Bench<'_>) -> Result<Vec<Measured>, Failure> {
    let relay = Relay::tandem(&bench.place.folder("s1-relay")).await?;
    let class = Class::gather(bench, &relay).await?;
    let (joined, removed) = class.come_and_go(bench, &relay).await?;
    let added = class.add_tablets(bench, &relay).await?;
    class.teacher.close().await;
    class.parent.close().await;
    let variants = [("join_one", joined), ("remove_one", removed), ("device_to_25", added)];
    let told = |(variant, syncs): (_, Syncs)| {
        let (work, runs, metrics) = ("S1", syncs.ms.len(), syncs.metrics());
        Measured { work, variant, runs, metrics, floor: None }
    };
    Ok(variants.map(told).into())
}

/// A teacher's threads with so many devices in each, of which two are looked at.
struct Class {
    teacher: Phone,
    parent: Phone,
    threads: Vec<ThreadId>,
}

impl Class {
    async fn gather(bench: &Bench<'_>, relay: &Relay) -> Result<Self, Failure> {
        let teacher = bench.newcomer(relay, "s1-teacher", Role::Teacher).await?;
        let mut threads = Vec::new();
        for number in 0..bench.size(THREADS, 2) {
            threads.push(teacher.found(&format!("Child {number}")).await?);
        }
        teacher.stay_online().await?;
        let mut parent = None;
        for number in 1..bench.size(DEVICES, 3) {
            let phone =
                bench.newcomer(relay, &format!("s1-parent-{number}"), Role::Guardian).await?;
            phone.stay_online().await?;
            for thread in &threads {
                phone
                    .perform(Intent::Join { link: teacher.invite(*thread, Role::Guardian).await? })
                    .await?;
            }
            is_in(&phone, &threads).await?;
            // One stays to watch; the others would only take processor time from those two.
            match parent {
                None => parent = Some(phone),
                Some(_) => phone.close().await,
            }
        }
        eprintln!("  {} threads with {} devices each", threads.len(), bench.size(DEVICES, 3));
        Ok(Self { teacher, parent: parent.ok_or_else(closed)?, threads })
    }

    /// Somebody joins a thread: from their tap until they have it, with their phone's bytes. They are
    /// taken out again: from the teacher's tap until a parent sees it, with the teacher's bytes up and
    /// the parent's down.
    async fn come_and_go(
        &self,
        bench: &Bench<'_>,
        relay: &Relay,
    ) -> Result<(Syncs, Syncs), Failure> {
        let (mut joined, mut removed) = <(Syncs, Syncs)>::default();
        for run in bench.runs(self.threads.len(), WITHIN) {
            let thread = self.threads[usize::try_from(run).unwrap_or(0) % self.threads.len()];
            let name = format!("s1-newcomer-{run}");
            // Not a guardian: a teacher takes none out.
            let newcomer = bench.newcomer(relay, &name, Role::Specialist).await?;
            newcomer.stay_online().await?;
            let link = self.teacher.invite(thread, Role::Specialist).await?;
            let (before, since) = (newcomer.bytes(), Instant::now());
            newcomer.perform(Intent::Join { link }).await?;
            is_in(&newcomer, &[thread]).await?;
            joined.add(since.elapsed(), less(newcomer.bytes(), before));

            let person = person(&newcomer, thread).await?;
            newcomer.close().await;
            self.sees(thread, Event::Came, person).await?;
            let (up, down) = (self.teacher.bytes().0, self.parent.bytes().1);
            let since = Instant::now();
            self.teacher.perform(Intent::Remove { thread, person, device: None }).await?;
            self.sees(thread, Event::Removed, person).await?;
            let bytes = (self.teacher.bytes().0 - up, self.parent.bytes().1 - down);
            removed.add(since.elapsed(), bytes);
        }
        Ok((joined, removed))
    }

    /// The teacher follows a tablet's link: until the tablet has every thread, with the teacher's
    /// bytes up and the tablet's down.
    async fn add_tablets(&self, bench: &Bench<'_>, relay: &Relay) -> Result<Syncs, Failure> {
        let mut added = Syncs::default();
        for number in bench.runs(TABLETS, WITHIN) {
            let tablet =
                bench.newcomer(relay, &format!("s1-tablet-{number}"), Role::Teacher).await?;
            let link = match tablet.perform(Intent::OfferDevice).await? {
                Answer::Offered(row) => row.link,
                other => return Err(unexpected(&other)),
            };
            // The offer is at the relay.
            tablet.reconnect().await?;
            tablet.stay_online().await?;
            let (up, down) = (self.teacher.bytes().0, tablet.bytes().1);
            let since = Instant::now();
            self.teacher.perform(Intent::AddDevice { link }).await?;
            is_in(&tablet, &self.threads).await?;
            let bytes = (self.teacher.bytes().0 - up, tablet.bytes().1 - down);
            added.add(since.elapsed(), bytes);
            tablet.close().await;
        }
        Ok(added)
    }

    /// Waits until the parent's screen shows that it happened to somebody.
    async fn sees(&self, thread: ThreadId, event: Event, who: PersonId) -> Result<(), Failure> {
        let (mut changes, mut rows) = (self.parent.rows(thread), Vec::<ThreadRow>::new());
        let who = who.to_string();
        let field = |row: &ThreadRow, name, value: &str| {
            row.fields.get(name).is_some_and(|found| found == value)
        };
        let shown = async {
            loop {
                ViewDiff::apply(changes.next().await.ok_or_else(closed)?, &mut rows);
                if rows
                    .iter()
                    .any(|row| field(row, "event", event.name()) && field(row, "person", &who))
                {
                    return Ok(());
                }
            }
        };
        timeout(PATIENCE, shown).await.map_err(|_| Failure::TimedOut)?
    }
}

/// Waits until a phone has these threads.
async fn is_in(phone: &Phone, threads: &[ThreadId]) -> Result<(), Failure> {
    let has = |rows: &[InboxRow], thread: &ThreadId| rows.iter().any(|row| row.thread == *thread);
    let mut inbox = phone.inbox().await?;
    if threads.iter().all(|thread| has(inbox.rows(), thread)) {
        return Ok(());
    }
    inbox.until(|rows| threads.iter().all(|thread| has(rows, thread))).await
}

/// Whose phone it is, as a thread knows them.
async fn person(phone: &Phone, thread: ThreadId) -> Result<PersonId, Failure> {
    match phone.ask(Query::Members(thread)).await? {
        Answer::Members(rows) => {
            rows.iter().find(|row| row.mine).map(|row| row.author.person).ok_or_else(closed)
        }
        other => Err(unexpected(&other)),
    }
}
