//! The oracle: what must hold at every step, and in the end.
//!
//! It knows what people really did (`said`, `seen`, `moves`), what the relay's records really say
//! ([`crate::truth::Truth`]) and, by opening a device's durable store beside it, what a device
//! really holds. Screens are held against that.

mod delivery;
mod finale;
mod look;
mod rows;
mod seats;

use std::collections::{BTreeMap, BTreeSet};

use tandem_engine::{Answer, Delivery, EntryId, Fields, StepState, SyncReport, ThreadRow, Trouble};
use tandem_proto::{ClientToRelay, EnvelopeHeader, Epoch, ItemHash, Seq, ThreadId};

use crate::{device::Asked, queue::Moment, truth::Truth, world::World};

/// What was on a device's screen in one thread.
#[derive(Debug, Clone, Default)]
pub(crate) struct Shown {
    pub(crate) order: Vec<EntryId>,
    pub(crate) delivery: BTreeMap<EntryId, Delivery>,
}

/// Something that somebody said.
#[derive(Debug, Clone)]
pub(crate) struct Said {
    pub(crate) device: usize,
    /// How often that device had been restored by then.
    pub(crate) restores: u32,
    pub(crate) thread: ThreadId,
    pub(crate) kind: &'static str,
    pub(crate) fields: Fields,
    pub(crate) answers: Option<EntryId>,
    pub(crate) at: Moment,
    pub(crate) entry: Option<EntryId>,
    /// Whether the engine took it; `None` when nobody heard its answer.
    pub(crate) kept: Option<bool>,
}

/// Whether a row stands outside the document because the relay did not take it.
pub(crate) fn is_stuck(row: &ThreadRow) -> bool {
    matches!(row.delivery, Some(Delivery::Stuck { .. }))
}

/// What is known about what really happened.
#[derive(Debug, Default)]
pub(crate) struct Oracle {
    pub(crate) said: Vec<Said>,
    pub(crate) by_entry: BTreeMap<EntryId, usize>,
    seen: BTreeMap<(usize, ThreadId), Moment>,
    moves: BTreeMap<EntryId, BTreeSet<StepState>>,
    /// Steps that somebody tried to move.
    tried: usize,
    /// What was found in a device's durable store.
    held: BTreeSet<(usize, EntryId)>,
    junk: Vec<(ThreadId, ItemHash)>,
    /// The relay refuses, or has refused, what is over a quota.
    pub(crate) quota: bool,
    nonces: BTreeMap<(ThreadId, Epoch, [u8; 16]), ItemHash>,
    wants: BTreeSet<(usize, ThreadId)>,
    /// The items that carried an entry, by its receipts.
    items: BTreeMap<EntryId, BTreeSet<(ThreadId, ItemHash)>>,
    /// Whom somebody wanted out of a thread: what they said that was not known then goes.
    pub(crate) out: BTreeSet<(ThreadId, usize)>,
    /// Who is out by their own device's word alone: the relay and whoever took them out have lost it.
    pub(crate) out_by_own_word: BTreeSet<(ThreadId, usize)>,
    /// Threads that somebody forgot on a device.
    pub(crate) forgotten: BTreeSet<(usize, ThreadId)>,
    /// Threads that were erased at the relay.
    pub(crate) erased: BTreeSet<ThreadId>,
}

impl Oracle {
    pub(crate) fn next_said(&self) -> usize {
        self.said.len()
    }

    pub(crate) fn notes_junk(&mut self, thread: ThreadId, item: &[u8]) {
        self.junk.push((thread, ItemHash::of(item)));
    }

    /// Which receipts it wants to see next, of threads whose rows changed.
    fn next_want(&mut self, device: usize) -> Option<ThreadId> {
        let thread = self.wants.iter().find(|(of, _)| *of == device).map(|(_, thread)| *thread)?;
        self.wants.remove(&(device, thread));
        Some(thread)
    }

    /// A frame is about to leave a device.
    pub(crate) fn device_speaks(
        &mut self,
        _device: usize,
        frame: &ClientToRelay,
    ) -> Result<(), String> {
        let ClientToRelay::Push(push) = frame else { return Ok(()) };
        for item in push.items.iter() {
            let Ok((header, _)) = EnvelopeHeader::parse(item) else { continue };
            let hash = ItemHash::of(item);
            let key = (push.thread, header.epoch, header.nonce);
            if *self.nonces.entry(key).or_insert(hash) != hash {
                return Err("one nonce was used for two envelopes".to_owned());
            }
        }
        Ok(())
    }

    /// An acknowledgement is about to leave a device: it must not cover junk.
    pub(crate) fn acknowledges(&self, truth: &Truth, frame: &ClientToRelay) -> Result<(), String> {
        let ClientToRelay::Acknowledge(ack) = frame else { return Ok(()) };
        if Some(ack.generation) != truth.generation() {
            return Ok(());
        }
        for (thread, hash) in &self.junk {
            let covered = *thread == ack.thread
                && (1..=ack.seq.0).any(|seq| truth.holds(thread, Seq(seq), hash));
            if covered && !ack.except.contains(&hash.short()) {
                return Err(format!("{:?} acknowledges {hash:?}, which is junk", ack.device));
            }
        }
        Ok(())
    }
}

impl World {
    pub(crate) fn receipts_wanted(&mut self, device: usize) -> Option<ThreadId> {
        // While a commit is under way the engine may know what the screen does not show yet.
        if !self.devices[device].disk.pending.is_empty() || self.devices[device].engine.is_none() {
            return None;
        }
        self.oracle.next_want(device)
    }

    pub(crate) fn oracle_notes_said(
        &mut self,
        device: usize,
        thread: ThreadId,
        kind: &'static str,
        fields: &Fields,
        answers: Option<EntryId>,
    ) {
        self.oracle.said.push(Said {
            device,
            restores: self.devices[device].restores,
            thread,
            kind,
            fields: fields.clone(),
            answers,
            at: self.queue.now(),
            entry: None,
            kept: None,
        });
    }

    pub(crate) fn oracle_notes_seen(&mut self, device: usize, thread: ThreadId) {
        let now = self.queue.now();
        self.oracle.seen.insert((device, thread), now);
    }

    pub(crate) fn oracle_notes_step(
        &mut self,
        device: usize,
        _thread: ThreadId,
        entry: EntryId,
        state: StepState,
    ) {
        self.oracle.tried += 1;
        if self.owns_step(device, entry) == Some(true) {
            self.oracle.moves.entry(entry).or_default().insert(state);
        }
    }

    /// Whether a device's side owns a step; `None` when nobody is left who shows it.
    fn owns_step(&self, device: usize, entry: EntryId) -> Option<bool> {
        let said = self.oracle.by_entry.get(&entry).map(|n| &self.oracle.said[*n]);
        let said_in = said.map(|said| said.thread);
        let said = said.map(|said| &said.fields);
        // Its writer may have crashed before it heard which entry it had made.
        let shown = || {
            let views = self.devices.iter().flat_map(|device| device.view.threads.values());
            views.flatten().find(|row| row.entry == entry).map(|row| &row.fields)
        };
        let fields = said.or_else(shown)?;
        // The invite's role counts, and somebody may have followed another's.
        let thread = said_in.or_else(|| self.thread_showing(&entry));
        let invited = self.plan.invites.iter().find(|invite| {
            invite.newcomer == device && self.plan.threads[invite.thread].thread == thread
        });
        let role = invited.map_or(self.devices[device].profile.role, |invite| invite.role);
        let staff = role.is_staff();
        match fields.get("owner").map(String::as_str) {
            Some("school") => Some(staff),
            Some("home") => Some(!staff),
            _ => Some(false),
        }
    }

    /// The thread in which somebody shows an entry.
    fn thread_showing(&self, entry: &EntryId) -> Option<ThreadId> {
        let views = self.devices.iter().flat_map(|device| &device.view.threads);
        let mut views = views.filter(|(_, rows)| rows.iter().any(|row| row.entry == *entry));
        views.next().map(|(thread, _)| *thread)
    }

    /// An engine answered.
    pub(crate) fn oracle_hears(
        &mut self,
        device: usize,
        asked: &Asked,
        answer: &Result<Answer, Trouble>,
    ) {
        let name = self.devices[device].name.clone();
        match (asked, answer) {
            (Asked::Post(n), Ok(Answer::Said(entry, delivery))) => {
                if !matches!(delivery, Delivery::OnThisPhone) {
                    self.violation(&format!("what was just said stands as {delivery:?}"));
                }
                self.oracle.said[*n].kept = Some(true);
                let bound = self.bind(*n, *entry);
                self.insist(bound);
                self.insist_durable(device, &[*entry]);
            }
            (Asked::Post(n), Err(trouble)) => {
                self.oracle.said[*n].kept = Some(false);
                let full = matches!(trouble, Trouble::NotKept(_));
                let out = self.may_be_out(&self.oracle.said[*n].thread, device);
                if !full && !out && self.devices[device].restores == 0 && self.story.is_none() {
                    self.violation(&format!("{name} could not say {n}: {trouble}"));
                }
            }
            (Asked::Step(_, entry, state), Ok(_))
                if self.owns_step(device, *entry) == Some(false) =>
            {
                self.violation(&format!("{name} moved a step of the other side to {state}"));
            }
            (Asked::Receipts(thread), Ok(Answer::Receipts(rows))) => {
                self.check_receipts(device, *thread, rows);
            }
            (Asked::Thread(thread), Ok(Answer::Thread(_, rows))) => {
                let view = &self.devices[device].view;
                if view.threads.get(thread).is_some_and(|shown| shown != rows)
                    && self.devices[device].disk.pending.is_empty()
                {
                    self.violation(&format!("{name}'s screen is not what its engine says"));
                }
            }
            (Asked::Inbox, Ok(Answer::Inbox(_, joins))) => {
                self.devices[device].joins.clone_from(joins);
            }
            _ => {}
        }
    }

    /// Learns which entry is the n-th thing said.
    fn bind(&mut self, n: usize, entry: EntryId) -> Result<(), String> {
        if self.oracle.said[n].entry.is_some_and(|known| known != entry) {
            return Err(format!("what was said as {n} stands there twice"));
        }
        if self.oracle.by_entry.insert(entry, n).is_some_and(|before| before != n) {
            return Err(format!("{entry:?} is two things that were said"));
        }
        self.oracle.said[n].entry = Some(entry);
        Ok(())
    }

    /// A sync is complete: from now on nothing may be shown that the relay does not hold.
    pub(crate) fn settled(&mut self, index: usize, report: SyncReport) {
        let now = self.queue.now();
        let device = &mut self.devices[index];
        let name = device.name.clone();
        let connection = device.connection.and_then(|id| self.connections.get(&id));
        let (Some(connection), Some(generation)) = (connection, device.greeted) else {
            self.violation(&format!("{name} says that it is settled without a connection"));
        };
        device.settled = Some((connection.incarnation, generation));
        device.reports.push((now, report));
        let threads: Vec<ThreadId> = device.view.inbox.iter().map(|row| row.thread).collect();
        self.note(|| format!("{name} is settled: {report:?}"));
        self.oracle.wants.extend(threads.into_iter().map(|thread| (index, thread)));
    }
}
