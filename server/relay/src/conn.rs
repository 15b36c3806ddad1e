//! One connection: what is queued on it, what it follows and what it has been sent.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use tandem_proto::{
    ClaimedCursor, Hash16, ItemHash, MailboxId, SchoolAnswer, Seq, ThreadCursor, ThreadId,
    TransportKey, Version,
};

use crate::{ReadId, device::Device, spans::Spans};

/// How far one connection has been sent one thread.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Follow {
    pub(crate) sent: Seq,
    /// The last revision of acknowledgements it was sent.
    pub(crate) acks: u64,
    /// Whether it stands in the connection's backlog.
    pub(crate) waiting: bool,
}

/// A read of the log that a connection waits for.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Reading {
    pub(crate) id: ReadId,
    pub(crate) thread: ThreadId,
    pub(crate) first: Seq,
    pub(crate) count: usize,
}

/// Mail that a connection is to be sent.
#[derive(Debug, Clone, Copy)]
pub(crate) enum MailDue {
    /// What lies in a mailbox, also when that is nothing.
    Box(MailboxId),
    /// One letter.
    Letter(MailboxId, Hash16),
}

/// One connection.
#[derive(Debug)]
pub(crate) struct Conn {
    pub(crate) device: TransportKey,
    /// What both speak; `None` before `Hello`.
    pub(crate) version: Option<Version>,
    /// The device's stored cursors hold on this connection without being named.
    pub(crate) matched: bool,
    pub(crate) queued: usize,
    pub(crate) lagging: bool,
    follows: BTreeMap<ThreadId, Follow>,
    /// Where it stands in threads that it named and that are not here, or not with its device in them.
    pub(crate) strange: BTreeMap<ThreadId, ThreadCursor>,
    /// What was pushed here: the receipt stands for it, it is not sent back.
    own: BTreeMap<ThreadId, Spans>,
    pub(crate) backlog: VecDeque<ThreadId>,
    pub(crate) mail: VecDeque<MailDue>,
    pub(crate) reading: Option<Reading>,
    pub(crate) owes_caught_up: u32,
    /// The frames of a claim that has not ended.
    pub(crate) claim: Vec<ClaimedCursor>,
    pub(crate) watched: BTreeSet<MailboxId>,
    /// How many passes of schools it has shown.
    pub(crate) passes: u8,
    /// What became of the last one, until that is said.
    pub(crate) answer: Option<SchoolAnswer>,
    /// Items that this relay gave receipts for and may have lost, as shown on this connection.
    pub(crate) receipted: BTreeSet<(ThreadId, ItemHash)>,
    /// How many receipts it has shown, this relay's or not.
    pub(crate) receipts_shown: u16,
}

impl Conn {
    pub(crate) fn new(device: TransportKey) -> Self {
        Self {
            device,
            version: None,
            matched: false,
            queued: 0,
            lagging: false,
            follows: BTreeMap::new(),
            strange: BTreeMap::new(),
            own: BTreeMap::new(),
            backlog: VecDeque::new(),
            mail: VecDeque::new(),
            reading: None,
            owes_caught_up: 0,
            claim: Vec::new(),
            watched: BTreeSet::new(),
            passes: 0,
            answer: None,
            receipted: BTreeSet::new(),
            receipts_shown: 0,
        }
    }

    /// How far this connection has been sent a thread; `None` when it does not follow it. A
    /// matched connection follows all stored cursors without an entry for each: the entry is made
    /// when the thread first has news.
    pub(crate) fn follow(
        &mut self,
        device: Option<&Device>,
        thread: &ThreadId,
    ) -> Option<&mut Follow> {
        if self.matched && !self.follows.contains_key(thread) {
            let cursor = device?.cursor(thread)?;
            let follow = Follow { sent: cursor.seq, acks: cursor.acks, waiting: false };
            self.follows.insert(*thread, follow);
        }
        self.follows.get_mut(thread)
    }

    /// Follows a thread from a cursor that the device just named. It asked for what comes after,
    /// so also for own items whose receipts it has had.
    pub(crate) fn follow_from(&mut self, thread: ThreadId, seq: Seq, durable: Seq) {
        let waiting = self.follows.get(&thread).is_some_and(|follow| follow.waiting);
        self.follows.insert(thread, Follow { sent: seq, acks: 0, waiting });
        if let Some(own) = self.own.get_mut(&thread) {
            own.forget_through(durable);
        }
    }

    /// Forgets what it follows; what it pushed stays its own.
    pub(crate) fn unfollow_all(&mut self) {
        self.follows.clear();
        self.strange.clear();
        self.backlog.clear();
    }

    /// Forgets everything of a thread.
    pub(crate) fn unfollow(&mut self, thread: &ThreadId) {
        self.follows.remove(thread);
        self.own.remove(thread);
        self.backlog.retain(|waiting| waiting != thread);
    }

    /// Puts a followed thread into the backlog.
    pub(crate) fn mark(&mut self, thread: ThreadId) {
        if let Some(follow) = self.follows.get_mut(&thread)
            && !follow.waiting
        {
            follow.waiting = true;
            self.backlog.push_back(thread);
        }
    }

    /// Takes the first thread off the backlog.
    pub(crate) fn unmark_first(&mut self) {
        if let Some(thread) = self.backlog.pop_front()
            && let Some(follow) = self.follows.get_mut(&thread)
        {
            follow.waiting = false;
        }
    }

    pub(crate) fn pushed(&mut self, thread: ThreadId, seq: Seq) {
        self.own.entry(thread).or_default().insert(seq);
    }

    pub(crate) fn own(&self, thread: &ThreadId) -> Option<&Spans> {
        self.own.get(thread)
    }

    /// Moves `sent` over own items that are durable, and forgets those that lie behind it.
    pub(crate) fn skip_own(&mut self, thread: &ThreadId, durable: Seq) {
        let (Some(follow), Some(own)) = (self.follows.get_mut(thread), self.own.get_mut(thread))
        else {
            return;
        };
        if let Some(end) = own.end_of(follow.sent.next()) {
            follow.sent = follow.sent.max(end.min(durable));
        }
        own.forget_through(follow.sent);
        if own.is_empty() {
            self.own.remove(thread);
        }
    }
}
