//! What a person can mean or ask, and what comes back.

use std::collections::BTreeMap;

use tandem_proto::{
    DeviceKey, DeviceLink, InviteId, InviteLink, PersonId, Role, SchoolLink, ThreadId,
};

use crate::{
    EntryId, StepState,
    view::{
        Delivery, DeviceRow, HomeSchool, InboxRow, InviteRow, JoinRow, JoinState, MemberRow,
        OfferRow, Quote, ReceiptRow, RetentionRow, ThreadExport, ThreadRow, UpkeepRow, UptakeRow,
        WaitingRow,
    },
};

/// An entry's fields by name.
pub type Fields = BTreeMap<String, String>;

/// What a person means. The only way in.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Enum))]
pub enum Intent {
    /// Founds a joint thread.
    FoundThread {
        /// Its title, which only its members can read.
        title: String,
    },
    /// Makes a link that lets one device in.
    Invite {
        /// Into which thread.
        thread: ThreadId,
        /// As what.
        role: Role,
        /// It will be shown in person: whoever comes in by it counts as verified.
        in_person: bool,
    },
    /// Takes an invite back that nobody has used.
    RevokeInvite {
        /// Which.
        invite: InviteId,
    },
    /// Asks to be let in.
    Join {
        /// The link that was given.
        link: InviteLink,
    },
    /// Renews this device's keys: its place in every group, and the one that the relay knows.
    RenewKeys,
    /// Becomes one of a school's devices.
    JoinSchool {
        /// The link that was given.
        link: SchoolLink,
    },
    /// Offers this device, which is in no thread yet, to be let in as somebody's.
    OfferDevice,
    /// Lets another device of this person into all their threads.
    AddDevice {
        /// What the other device offers.
        link: DeviceLink,
    },
    /// Lets a person in again on a new device, who has lost those that they had: into all threads
    /// that are shared with them, and the others are out.
    Readmit {
        /// Who.
        person: PersonId,
        /// What the new device offers.
        link: DeviceLink,
    },
    /// Says something.
    Post {
        /// Where.
        thread: ThreadId,
        /// The kind's name: `message`, `concern`, `step`.
        kind: String,
        /// Its fields.
        fields: Fields,
        /// What it answers.
        answers: Option<EntryId>,
    },
    /// Moves a step's state forward.
    TakeStep {
        /// Where.
        thread: ThreadId,
        /// Which step.
        entry: EntryId,
        /// To what.
        state: StepState,
    },
    /// Takes a person out of a thread, or one of their devices.
    Remove {
        /// Of which thread.
        thread: ThreadId,
        /// Whom.
        person: PersonId,
        /// Which device; `None` for all that the person has in it.
        device: Option<DeviceKey>,
    },
    /// Leaves a thread, with all devices of this person.
    Leave {
        /// Which thread.
        thread: ThreadId,
    },
    /// Forgets a thread on this device: all of it goes from here.
    Forget {
        /// Which thread.
        thread: ThreadId,
    },
    /// Keeps a thread in which nothing is new for so many days, and forgets it then; `None` keeps every
    /// thread for good.
    KeepFor {
        /// How many.
        days: Option<u32>,
    },
    /// Goes on without somebody who has stopped a thread: its group is founded anew.
    Refound {
        /// Which thread.
        thread: ThreadId,
        /// Whom.
        without: PersonId,
    },
    /// Has had entries of a thread on the screen. What was marked before, what is one's own and what is not in
    /// the thread is left out.
    MarkSeen {
        /// Which thread.
        thread: ThreadId,
        /// Which entries; `None` for all that are in it now.
        entries: Option<Vec<EntryId>>,
    },
    /// Has compared codes with somebody: they are equal.
    Verify {
        /// Where.
        thread: ThreadId,
        /// With whom.
        person: PersonId,
        /// The code that the other's phone shows, as it was typed.
        code: String,
    },
}

/// What a screen asks once.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Enum))]
pub enum Query {
    /// All rows of a thread.
    Thread(ThreadId),
    /// The inbox, and the joins that wait.
    Inbox,
    /// What waits to leave this device, and why.
    Waiting,
    /// The receipts of own entries in a thread, each checked anew.
    Receipts(ThreadId),
    /// Who holds keys of a thread, by person and device, and who vouches for them.
    Members(ThreadId),
    /// The code to compare with somebody in a thread.
    Code(ThreadId, PersonId),
    /// The invites that this device made, into one thread or all.
    Invites(Option<ThreadId>),
    /// This device: its public keys, and how far it has read each thread's log.
    Device,
    /// This device's offer, and those that it takes up.
    Offers,
    /// How long this home keeps its threads, and which goes when.
    Retention,
    /// How all threads are kept up: where this device is in, and what it did so that others can read.
    Upkeep,
    /// What an entry says, in the line that quotes it.
    Quote(ThreadId, EntryId),
    /// All of a thread as it goes to whoever has a right to a copy.
    Export(ThreadId),
}

/// What comes back.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Enum))]
pub enum Answer {
    /// A thread was founded.
    Founded(ThreadId),
    /// An invite was made.
    Invited(InviteLink),
    /// The school of this home stands so.
    School(Option<HomeSchool>),
    /// The device's keys are being renewed; in how many threads that is not known yet.
    Renewing(Option<u32>),
    /// A join stands so.
    Joining(ThreadId, JoinState),
    /// An entry was said, or a step moved, and stands so.
    Said(EntryId, Delivery),
    /// It is noted who shall be in or out of a thread; it leaves with the next sync.
    Wished(ThreadId),
    /// Nothing of a thread is on this device any more that anything could open.
    Forgotten(ThreadId),
    /// Done; how many entries were marked.
    Marked(u32),
    /// A thread's title and rows.
    Thread(String, Vec<ThreadRow>),
    /// An entry in a line; none while it is not here.
    Quote(Option<Quote>),
    /// The inbox and the joins.
    Inbox(Vec<InboxRow>, Vec<JoinRow>),
    /// What waits.
    Waiting(Vec<WaitingRow>),
    /// Receipts.
    Receipts(Vec<ReceiptRow>),
    /// Who holds keys.
    Members(Vec<MemberRow>),
    /// The code to compare, in groups of five digits.
    Code(String),
    /// It was noted that the codes are equal.
    Verified,
    /// Invites.
    Invites(Vec<InviteRow>),
    /// An invite was revoked.
    Revoked(InviteRow),
    /// This device.
    Device(DeviceRow),
    /// This device offers itself, or goes on to.
    Offered(OfferRow),
    /// An offer is taken up, and stands so.
    TakingUp(UptakeRow),
    /// This device's offer, and those that it takes up.
    Offers(Option<OfferRow>, Vec<UptakeRow>),
    /// How long this home keeps its threads.
    Retention(RetentionRow),
    /// How all threads are kept up.
    Upkeep(Vec<UpkeepRow>),
    /// All of a thread.
    Export(Box<ThreadExport>),
}

/// Why an intent or a query came to nothing. Each says what to do.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Trouble {
    /// No such thread on this device.
    #[error("there is no such thread on this device; `tandem threads` lists them")]
    UnknownThread,
    /// No such entry in the thread.
    #[error("there is no such entry in this thread; `tandem read` lists them")]
    UnknownEntry,
    /// No such person in the thread.
    #[error("there is nobody like that in this thread; `tandem members` lists who is")]
    UnknownPerson,
    /// Too many at once.
    #[error("these are too many devices at once: {count}, at most {max}; take them out one by one")]
    TooMany {
        /// How many.
        count: usize,
        /// How many may be.
        max: usize,
    },
    /// No number of days that threads can be kept for.
    #[error(
        "threads are kept for 1 to {max} days, not {days}; `tandem retention --never` keeps them for good"
    )]
    BadTerm {
        /// How many were said.
        days: u32,
        /// How many may be.
        max: u32,
    },
    /// No such invite on this device.
    #[error("this device made no such invite; `tandem invite --list` shows them")]
    UnknownInvite,
    /// Not a code at all.
    #[error("a code has {needed} digits, this has {given}; type it as the other phone shows it")]
    BadCode {
        /// What it has.
        given: usize,
        /// What it needs.
        needed: usize,
    },
    /// The code is not the one that this phone has.
    #[error(
        "this is not the code that this phone shows, and nothing was noted. Sync both phones and \
         compare again: one may not know a new phone of the other. If the codes still differ, \
         somebody else may be in that person's place: write nothing here that only they should \
         read, and invite them anew in person"
    )]
    WrongCode,
    /// The kind is not one of ours.
    #[error("there is no kind {0:?}; the kinds are message, concern and step")]
    UnknownKind(String),
    /// A field is needed.
    #[error("a {kind} needs the field {field:?}: {why}")]
    MissingField {
        /// The entry's kind.
        kind: &'static str,
        /// The field's name.
        field: &'static str,
        /// What for.
        why: &'static str,
    },
    /// A field is not one of the kind's, or has a value it can't have.
    #[error("the field {field:?} of a {kind} {why}")]
    BadField {
        /// The entry's kind.
        kind: &'static str,
        /// The field's name.
        field: String,
        /// What it can be.
        why: String,
    },
    /// Too long.
    #[error("this is too long: {bytes} bytes, at most {max}; send it in parts")]
    TooLong {
        /// What it has.
        bytes: usize,
        /// What it may have.
        max: usize,
    },
    /// The relay has erased the thread.
    #[error(
        "this thread was erased at the relay, so nothing can be added to it and nobody would get it; \
         what is here can still be read"
    )]
    Erased,
    /// The rules do not let this person do this.
    #[error("{0}")]
    NotAllowed(&'static str),
    /// Whoever keeps a school's records says nothing and decides nothing.
    #[error(
        "this home keeps the school's records: it reads what is said, gives devices back their place \
         and answers requests (`tandem archive`); it says nothing and lets nobody in or out"
    )]
    ReadsOnly,
    /// The link is for a school's records, and this home is a person's.
    #[error(
        "this link is for the school's records, and whoever comes in by it writes nothing: only a \
         home that was made with `tandem init --role archive` takes it"
    )]
    ForRecords,
    /// The link is for a person, and this home keeps a school's records.
    #[error(
        "this home keeps the school's records, and this link is for a {0}: ask a guardian for one \
         that was made with `tandem invite THREAD --role archive`"
    )]
    NotForRecords(Role),
    /// The thread's log or document on this device can't be read.
    #[error("this thread can't be read on this device: {0}")]
    Damaged(String),
    /// A newer version wrote the thread's records.
    #[error("a newer version of Tandem wrote this thread (record version {0}); use that version")]
    Newer(u8),
    /// The invite is for another relay than this home's.
    #[error("this link belongs to another relay; make a home for it with `tandem init --relay`")]
    OtherRelay,
    /// The store failed; nothing was kept.
    #[error("nothing was kept: {0}")]
    NotKept(String),
}

impl Trouble {
    /// Its name in scripts, and for the words of a shell's own.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::UnknownThread => "unknown_thread",
            Self::UnknownEntry => "unknown_entry",
            Self::UnknownPerson => "unknown_person",
            Self::TooMany { .. } => "too_many",
            Self::BadTerm { .. } => "bad_term",
            Self::UnknownInvite => "unknown_invite",
            Self::BadCode { .. } => "bad_code",
            Self::WrongCode => "wrong_code",
            Self::UnknownKind(_) => "unknown_kind",
            Self::MissingField { .. } => "missing_field",
            Self::BadField { .. } => "bad_field",
            Self::TooLong { .. } => "too_long",
            Self::Erased => "erased",
            Self::NotAllowed(_) => "not_allowed",
            Self::ReadsOnly => "reads_only",
            Self::ForRecords | Self::NotForRecords(_) => "wrong_role",
            Self::Damaged(_) => "damaged",
            Self::Newer(_) => "newer_version",
            Self::OtherRelay => "other_relay",
            Self::NotKept(_) => "not_kept",
        }
    }
}
