//! Fan-out: what just became durable goes to the connections that stand right before it.
//!
//! Nobody is waited for. A connection that is behind, or whose queue is full, is marked and reads
//! the log from where it stands when it can take more.

use tandem_proto::{
    Deliver, Item, RelayToClient, Seq, ThreadId, TransportKey,
    limits::{DELIVER_BYTES, MAX_ITEMS_PER_FRAME},
    planted::{self, Fault},
};

use crate::{ConnId, commit::Appended, relay::Relay, spans::Spans};

impl Relay {
    pub(crate) fn fan_out(&mut self, thread: ThreadId, appended: &Appended) {
        let Some(state) = self.threads.get(&thread) else { return };
        let followers: Vec<TransportKey> = state.followers.iter().copied().collect();
        for follower in followers {
            if let Some(device) = self.devices.get_mut(&follower) {
                device.dirty.insert(thread);
            }
            if let Some(conn) = self.conns.of_device(&follower) {
                self.fan_out_to(conn, thread, appended);
            }
        }
    }

    fn fan_out_to(&mut self, id: ConnId, thread: ThreadId, appended: &Appended) {
        let Some(state) = self.threads.get(&thread) else { return };
        let Some(conn) = self.conns.get_mut(id) else { return };
        if state.member(&conn.device).is_none() {
            // Whoever was taken out reads up to the link that says so.
            return self.catch_up(id, thread);
        }
        let drops = is_forgotten(conn.lagging);
        let Some(follow) = conn.follow(self.devices.get(&conn.device), &thread) else { return };
        if drops {
            follow.sent = appended.last();
            return;
        }
        let sent = follow.sent;
        for deliver in runs(thread, appended, sent, conn.own(&thread)) {
            let Some(conn) = self.conns.get_mut(id) else { return };
            conn.skip_own(&thread, deliver.first);
            let lagging = conn.lagging;
            let Some(follow) = conn.follow(None, &thread) else { return };
            if lagging || follow.sent.next() != deliver.first {
                break;
            }
            follow.sent = Seq(follow.sent.0 + deliver.items.len() as u64);
            self.conns.send(id, RelayToClient::Deliver(deliver));
        }
        self.catch_up(id, thread);
    }

    /// Marks a thread for reading when the connection is not at its head.
    pub(crate) fn catch_up(&mut self, id: ConnId, thread: ThreadId) {
        let Some(state) = self.threads.get(&thread) else { return };
        let Some(conn) = self.conns.get_mut(id) else { return };
        let Some(follow) = conn.follow(self.devices.get(&conn.device), &thread) else { return };
        let acks = follow.acks;
        let Some(served) = state.served(&conn.device) else { return };
        conn.skip_own(&thread, served);
        let Some(follow) = conn.follow(None, &thread) else { return };
        if state.has_news(follow.sent, acks, &conn.device) {
            conn.mark(thread);
            self.pump(id);
        }
    }
}

/// Whether deliveries to a lagging peer are forgotten instead of being read again: never.
fn is_forgotten(lagging: bool) -> bool {
    lagging && planted::is(Fault::DropOnLag)
}

/// Cuts what was appended into deliveries for a connection that has been sent everything up to
/// `sent`: around its own items, and so that none grows far beyond [`DELIVER_BYTES`]. Stops at an
/// item whose bytes are not at hand.
fn runs(thread: ThreadId, appended: &Appended, sent: Seq, own: Option<&Spans>) -> Vec<Deliver> {
    let mut runs: Vec<Deliver> = Vec::new();
    let mut run: Vec<Item> = Vec::new();
    let mut bytes = 0;
    let mut seq = appended.first;
    let mut cut = |run: &mut Vec<Item>, end: Seq| {
        let first = Seq(end.0 - run.len() as u64);
        if let Ok(items) = std::mem::take(run).try_into() {
            runs.push(Deliver { thread, first, items });
        }
    };
    for item in &appended.items {
        let is_own = own.is_some_and(|own| own.end_of(seq).is_some());
        if !run.is_empty() && (is_own || bytes > DELIVER_BYTES || run.len() == MAX_ITEMS_PER_FRAME)
        {
            cut(&mut run, seq);
            bytes = 0;
        }
        if !is_own && seq > sent {
            let Some(item) = item else { break };
            bytes += item.len();
            run.push(item.clone());
        }
        seq = seq.next();
    }
    if !run.is_empty() {
        cut(&mut run, seq);
    }
    runs
}
