//! What a story can tell a world to do, and what it can ask.

use tandem_engine::{
    Answer, Delivery, EntryId, InboxRow, Input, Intent, JoinRow, JoinState, Query, StepState,
    StuckReason, Trouble,
};
use tandem_proto::{Generation, InviteLink, PersonId, RelayToClient, Role, ThreadId};
use tandem_relay::{AdminId, AdminRequest, Input as RelayInput, Record, Standing};

use crate::{
    device::Asked,
    disk::{CrashAt, Store},
    world::World,
};

/// What people do.
impl World {
    /// Founds a thread.
    pub fn found(&mut self, device: usize, title: &str) -> ThreadId {
        let intent = Intent::FoundThread { title: title.to_owned() };
        let ticket = self.mean(device, Asked::Found(None), intent);
        match self.await_answer(device, ticket) {
            Ok(Answer::Founded(thread)) => thread,
            other => self.violation(&format!("founding came to {other:?}")),
        }
    }

    /// Makes an invite.
    pub fn invite(&mut self, device: usize, thread: ThreadId, role: Role) -> InviteLink {
        self.invite_by(device, thread, role, false)
    }

    /// Follows a link.
    pub fn join(&mut self, device: usize, link: &InviteLink) -> JoinState {
        let intent = Intent::Join { link: link.clone() };
        let ticket = self.mean(device, Asked::Join(None), intent);
        match self.await_answer(device, ticket) {
            Ok(Answer::Joining(_, state)) => state,
            other => self.violation(&format!("joining came to {other:?}")),
        }
    }

    /// Says something; the entry, or why it was not kept.
    ///
    /// # Errors
    /// What the engine answers.
    pub fn try_post(&mut self, device: usize, thread: ThreadId) -> Result<EntryId, Trouble> {
        let ticket = self.say(device, thread, "message", &[], None);
        self.await_answer(device, ticket).map(|answer| match answer {
            Answer::Said(entry, _) => entry,
            other => self.violation(&format!("saying something came to {other:?}")),
        })
    }

    /// Says something.
    pub fn post(&mut self, device: usize, thread: ThreadId) -> EntryId {
        match self.try_post(device, thread) {
            Ok(entry) => entry,
            Err(trouble) => self.violation(&format!("saying something failed: {trouble}")),
        }
    }

    /// Agrees on a step of one side, `home` or `school`.
    pub fn post_step(&mut self, device: usize, thread: ThreadId, owner: &str) -> EntryId {
        let ticket = self.say(device, thread, "step", &[("owner", owner)], None);
        match self.await_answer(device, ticket) {
            Ok(Answer::Said(entry, _)) => entry,
            other => self.violation(&format!("agreeing on a step came to {other:?}")),
        }
    }

    /// Moves a step; whether the engine let it.
    pub fn try_step(
        &mut self,
        device: usize,
        thread: ThreadId,
        entry: EntryId,
        state: StepState,
    ) -> bool {
        let ticket = self.take_step(device, thread, entry, state);
        self.await_answer(device, ticket).is_ok()
    }

    /// Has a thread on the screen.
    pub fn mark_seen(&mut self, device: usize, thread: ThreadId) {
        let ticket = self.see(device, thread);
        if let Err(trouble) = self.await_answer(device, ticket) {
            self.violation(&format!("seeing came to {trouble}"));
        }
    }

    /// Has some entries of a thread on the screen; says how many of them were marked.
    pub fn see_entries(&mut self, device: usize, thread: ThreadId, entries: &[EntryId]) -> u32 {
        self.oracle_notes_seen(device, thread);
        let shown = Intent::MarkSeen { thread, entries: Some(entries.to_vec()) };
        let ticket = self.mean(device, Asked::Seen(thread), shown);
        match self.await_answer(device, ticket) {
            Ok(Answer::Marked(count)) => count,
            other => self.violation(&format!("seeing came to {other:?}")),
        }
    }

    /// Looks for signal.
    pub fn online(&mut self, device: usize) {
        self.go_online(device, true);
    }

    /// Stops looking.
    pub fn offline(&mut self, device: usize) {
        self.go_online(device, false);
    }

    /// A new person who was invited by `by` and is let in before this returns.
    pub fn member(&mut self, name: &str, role: Role, by: usize, thread: ThreadId) -> usize {
        let device = self.device(name, role);
        let link = self.invite(by, thread, role);
        self.join(device, &link);
        self.online(device);
        self.online(by);
        self.run_for(20_000);
        if !self.has_joined(device, &thread) {
            self.violation(&format!("{name} was not let in within 20 s"));
        }
        device
    }
}

/// What goes wrong.
impl World {
    /// The device's process ends without a word.
    pub fn kill(&mut self, device: usize) {
        self.close_device(device);
    }

    /// The device is lost, with all that is on it: nobody opens it again.
    pub fn lose(&mut self, device: usize) {
        self.close_device(device);
        self.devices[device].lost = true;
    }

    /// The app is opened again.
    pub fn open(&mut self, device: usize) {
        self.open_device(device);
    }

    /// Cuts the power at a commit point: before or after the n-th commit from now counts.
    pub fn kill_at_commit(&mut self, device: usize, nth: u32, at: CrashAt) {
        self.devices[device].disk.crash_in = Some((nth, at));
    }

    /// What is on the device's disk.
    #[must_use]
    pub fn copy_of(&self, device: usize) -> Store {
        self.devices[device].disk.durable.clone()
    }

    /// Puts an older copy on the device's disk and opens it.
    pub fn restore(&mut self, device: usize, copy: Store) {
        self.restore_device(device, copy);
        self.open_device(device);
    }

    /// Fills a device's disk, or makes space again.
    pub fn full_disk(&mut self, device: usize, full: bool) {
        self.devices[device].disk.temper.full = full;
        self.devices[device].disk.temper.full_in = None;
    }

    /// Fills a device's disk at its n-th commit from now.
    pub fn full_disk_at_commit(&mut self, device: usize, nth: u32) {
        self.devices[device].disk.temper.full_in = Some(nth);
    }

    /// Makes a device's disk slow: some commits take up to this long.
    pub fn slow_disk(&mut self, device: usize, ms: u64) {
        self.devices[device].disk.temper.slow_ms = ms;
    }

    /// Sets a device's clock.
    pub fn clock_off(&mut self, device: usize, ms: i64) {
        self.devices[device].clock_off = ms;
    }

    /// The line between a device and the relay goes dead.
    pub fn break_link(&mut self, device: usize) {
        if let Some(connection) = self.devices[device].connection {
            self.break_connection(connection);
        }
    }

    /// A line from the relay that takes this many bytes a second.
    pub fn slow_line(&mut self, device: usize, rate: Option<u64>) {
        self.devices[device].weather.down_rate = rate;
    }

    /// The relay's process ends without a word.
    pub fn kill_the_relay(&mut self) {
        self.kill_relay(0);
    }

    /// The relay's process ends at its n-th commit from now, and is started again.
    pub fn kill_relay_at_commit(&mut self, nth: u32, at: CrashAt) {
        self.hub.journal.crash_in = Some((nth, at));
    }

    /// The relay is started over the store it has.
    pub fn start_the_relay(&mut self) {
        self.start_relay();
    }

    /// Makes the relay's disk slow: some commits take up to this long.
    pub fn slow_journal(&mut self, ms: u64) {
        self.hub.journal.temper.slow_ms = ms;
    }

    /// The relay lets this many bytes wait for one peer from its next start on.
    pub fn queue_limit(&mut self, bytes: usize) {
        self.hub.config.max_queued_bytes = bytes;
    }

    /// Gives the relay another quota of items in one thread, from its next start on.
    pub fn item_quota(&mut self, items: u64) {
        self.oracle.quota = true;
        self.hub.config.max_items_per_thread = items;
    }

    /// Whoever runs the relay suspends a device, or lets it be served again.
    pub fn stand(&mut self, device: usize, standing: Standing) {
        let Some(key) = self.devices[device].transport.as_ref().map(|(_, key)| key.to_string())
        else {
            self.violation("the story needs this device to have been open");
        };
        let request = AdminRequest::SetDevice(key, standing);
        self.feed_relay(RelayInput::Admin(AdminId(1), "a story".to_owned(), request));
    }

    /// What is in the relay's store.
    #[must_use]
    pub fn relay_copy(&self) -> Vec<Record> {
        self.hub.journal.durable.clone()
    }

    /// The relay's store is another one, and the relay is started over it.
    pub fn relay_store(&mut self, records: Vec<Record>) {
        self.replace_relay_store(records);
        self.start_relay();
    }

    /// The relay tells a device what the device itself once acknowledged.
    pub fn echo_acknowledgement(&mut self, device: usize) {
        let Some(ack) = self.devices[device].ack_sent.clone() else {
            self.violation("the story needs an acknowledgement to echo");
        };
        self.feed(device, Input::Frame(RelayToClient::Acknowledged(1000, ack)));
    }

    /// A stranger repeats the evidence that a device once showed.
    pub fn repeat_evidence(&mut self, device: usize) {
        let Some(frame) = self.devices[device].evidence_sent.clone() else {
            self.violation("the story needs evidence to repeat");
        };
        self.rogue_says(device, &[self.rogue_hello(), frame]);
    }

    /// Whether a device ever showed evidence.
    #[must_use]
    pub fn has_evidence(&self, device: usize) -> bool {
        self.devices[device].evidence_sent.is_some()
    }

    /// The items of a thread's log.
    #[must_use]
    pub fn log_of(&self, thread: ThreadId) -> Vec<Vec<u8>> {
        let items = self.hub.journal.durable.iter().filter_map(|record| match record {
            Record::Append { thread: of, item, .. } if *of == thread => Some(item.clone()),
            _ => None,
        });
        items.collect()
    }
}

/// What can be asked.
impl World {
    /// The state of an own entry as a device shows it; empty when it does not.
    #[must_use]
    pub fn state(&self, device: usize, thread: ThreadId, entry: EntryId) -> &'static str {
        self.devices[device]
            .rows(&thread)
            .iter()
            .find(|row| row.entry == entry)
            .and_then(|row| row.delivery.as_ref())
            .map_or("", Delivery::name)
    }

    /// Why an own entry is stuck, if it is.
    #[must_use]
    pub fn stuck(&self, device: usize, thread: ThreadId, entry: EntryId) -> Option<StuckReason> {
        let rows = self.devices[device].rows(&thread);
        let row = rows.iter().find(|row| row.entry == entry)?;
        match row.delivery.as_ref()? {
            Delivery::Stuck { reason, .. } => Some(reason.clone()),
            _ => None,
        }
    }

    /// How many entries a device shows in a thread.
    #[must_use]
    pub fn count(&self, device: usize, thread: ThreadId) -> usize {
        self.devices[device].rows(&thread).iter().filter(|row| row.is_entry()).count()
    }

    /// Whose phones were shown another log of a thread than a device was, as its screen has it.
    #[must_use]
    pub fn warned_of(&self, device: usize, thread: ThreadId) -> Vec<PersonId> {
        let rows = self.devices[device].view.inbox.iter();
        rows.filter(|row| row.thread == thread).flat_map(|row| row.other_log.clone()).collect()
    }

    /// Whether a device shows an entry.
    #[must_use]
    pub fn shows_entry(&self, device: usize, thread: ThreadId, entry: EntryId) -> bool {
        self.devices[device].rows(&thread).iter().any(|row| row.entry == entry)
    }

    /// Whether a device has been let in.
    #[must_use]
    pub fn is_in(&self, device: usize, thread: ThreadId) -> bool {
        self.has_joined(device, &thread)
    }

    /// The joins that a device tells of.
    pub fn joins(&mut self, device: usize) -> Vec<JoinRow> {
        self.inbox(device).1
    }

    /// What a device's inbox shows.
    pub fn inbox(&mut self, device: usize) -> (Vec<InboxRow>, Vec<JoinRow>) {
        let ticket = self.ask(device, Asked::Inbox, Query::Inbox);
        match self.await_answer(device, ticket) {
            Ok(Answer::Inbox(rows, joins)) => (rows, joins),
            other => self.violation(&format!("the inbox came to {other:?}")),
        }
    }

    /// The epoch that the relay's log of a thread has come to.
    #[must_use]
    pub fn epoch(&self, thread: ThreadId) -> u64 {
        self.hub.truth.epoch(&thread).0
    }

    /// The relay's present generation.
    #[must_use]
    pub const fn generation(&self) -> Option<Generation> {
        self.hub.truth.generation()
    }

    /// How many generations were drawn because a device showed evidence.
    #[must_use]
    pub const fn renewals(&self) -> u32 {
        self.hub.truth.renewals
    }

    /// Items in the relay's log of a thread.
    #[must_use]
    pub fn log_len(&self, thread: ThreadId) -> usize {
        self.hub.truth.len(&thread)
    }

    /// Puts everything right, waits until nothing moves, and checks that everyone agrees.
    pub fn end(&mut self) {
        self.heal();
        self.rest();
        self.finale();
    }

    /// The same without touching a line or opening anything: what is connected stays so.
    pub fn come_to_rest(&mut self) {
        self.rest();
        self.finale();
    }

    /// Fails with the trace when something a story expects is not so.
    pub fn expect(&self, so: bool, what: &str) {
        if !so {
            self.violation(&format!("the story expects that {what}"));
        }
    }
}
