//! Finished rows: nothing is left for a shell to decide.

use serde::{Deserialize, Serialize};
use tandem_proto::{
    DeviceKey, DeviceLink, Enrolment, ErasedBecause, Generation, InviteId, ItemHash, PersonId,
    Role, SchoolId, Seq, ThreadCursor, ThreadId, Timestamp, TransportKey,
};

use super::Kept;
use crate::{EntryId, Fields, StepState};

/// Who said something.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct Author {
    /// The person.
    pub person: PersonId,
    /// Their name as they wrote it in this thread; empty until it is here.
    pub name: String,
    /// As what they are in this thread.
    pub role: Role,
}

impl Author {
    /// Whether this is the seat of a school's records, which read everything and say nothing.
    #[must_use]
    pub fn keeps_records(&self) -> bool {
        self.role == Role::Archive
    }
}

/// Why an item does not leave.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Enum))]
pub enum StuckReason {
    /// This device is not in the thread's roster (any more).
    NotAMember,
    /// The relay says that a limit is reached.
    OverQuota,
    /// The relay can't read the item.
    Malformed,
    /// The relay does not take it, for a reason this version does not know.
    Refused,
    /// Somebody changed who is in the thread in a way that no device can follow.
    Broken,
    /// This device was taken out of the thread.
    Removed,
    /// The relay takes new threads from devices of its schools only.
    NotAdmitted,
    /// The thread's school is suspended at the relay, or was removed from it.
    SchoolSuspended,
    /// The relay has erased the thread.
    Erased,
    /// Somebody's newer version changed who is in, in a way that this version can't read.
    NewerVersionNeeded,
}

/// That somebody has had something on the screen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct SeenBy {
    /// Who.
    pub person: PersonId,
    /// When, by their clock.
    pub at: Timestamp,
}

/// An own entry's honest state. Each is traceable to a fact.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Enum))]
pub enum Delivery {
    /// Only its writer can see it. Reserved.
    Draft,
    /// Waits for a time or a look. Reserved.
    Held {
        /// Until when.
        until: Timestamp,
    },
    /// Durable here; leaves when there is signal.
    OnThisPhone,
    /// The relay holds it, by its receipt of the present generation.
    OnRelay {
        /// When it was durable there, by the relay's clock.
        at: Timestamp,
    },
    /// A device of another person has signed that it holds it.
    OnTheirPhone {
        /// Whose.
        people: Vec<PersonId>,
    },
    /// Another person has had it on the screen.
    Seen {
        /// Who, and when.
        by: Vec<SeenBy>,
    },
    /// Another person says: heard. Reserved.
    Heard,
    /// It does not leave.
    Stuck {
        /// Why.
        reason: StuckReason,
        /// When it is tried again; `None` when a person has to do something.
        next_try: Option<Timestamp>,
    },
}

impl Delivery {
    /// The state's name in scripts.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Held { .. } => "held",
            Self::OnThisPhone => "on_this_phone",
            Self::OnRelay { .. } => "on_relay",
            Self::OnTheirPhone { .. } => "on_their_phone",
            Self::Seen { .. } => "seen",
            Self::Heard => "heard",
            Self::Stuck { .. } => "stuck",
        }
    }
}

/// Something that a row says about itself beside its words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Enum))]
pub enum Remark {
    /// Written by a newer version; shown as it is, as far as it can be.
    NewerVersionNeeded,
    /// It arrived after later entries did; when, by this device's clock.
    ArrivedLate(Timestamp),
    /// Its writer changed it after it was said.
    Edited,
    /// A required field is missing: this name. It is not shown as a valid entry.
    Incomplete(String),
    /// Someone else tried to change this field; their words are not shown as the author's.
    EditByOther {
        /// Which field.
        field: String,
        /// Who tried.
        person: PersonId,
    },
    /// Someone who does not own this step tried to move it.
    MoveByOther(PersonId),
    /// Its clock was far ahead; it stands where it belongs.
    ClockAhead,
}

/// One entry of a thread, as a screen shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct ThreadRow {
    /// Which entry.
    pub entry: EntryId,
    /// The kind's name.
    pub kind: String,
    /// Who said it.
    pub author: Author,
    /// Whether this person said it, on whichever device.
    pub mine: bool,
    /// When it was said, as rows are ordered.
    pub at: Timestamp,
    /// What it answers.
    pub answers: Option<EntryId>,
    /// Its fields, as they stand.
    pub fields: Fields,
    /// Own entries: how far it got. Others': `None`.
    pub delivery: Option<Delivery>,
    /// What else there is to say.
    pub remarks: Vec<Remark>,
}

impl ThreadRow {
    /// The kind of rows that say who came and who went. Their fields: `event` (an [`Event`]'s name),
    /// `person`, `name` and `role` of whom it is about (of who did it, when it is about all), and
    /// `device` where it is one of several.
    pub const ROSTER: &'static str = "roster";

    /// Whether somebody said this, rather than that somebody came or went.
    #[must_use]
    pub fn is_entry(&self) -> bool {
        self.kind != Self::ROSTER
    }
}

/// Something that happened to a thread's membership.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Event {
    /// Somebody was let in.
    Came,
    /// Somebody was let in again, on a new device; their old ones are out.
    CameBack,
    /// Somebody who is in has another device in it.
    DeviceAdded,
    /// Somebody left.
    Left,
    /// Somebody was taken out.
    Removed,
    /// One of somebody's devices was taken out.
    DeviceRemoved,
    /// Somebody founded the thread's group anew. Whom they left out, if anybody, says an event of
    /// its own behind it.
    Refounded,
}

impl Event {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::Came,
        Self::CameBack,
        Self::DeviceAdded,
        Self::Left,
        Self::Removed,
        Self::DeviceRemoved,
        Self::Refounded,
    ];

    /// The event's name in scripts.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Came => "came",
            Self::CameBack => "came_back",
            Self::DeviceAdded => "device_added",
            Self::Left => "left",
            Self::Removed => "removed",
            Self::DeviceRemoved => "device_removed",
            Self::Refounded => "refounded",
        }
    }
}

/// The last thing said in a thread.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct LastLine {
    /// Which entry.
    pub entry: EntryId,
    /// Its kind's name.
    pub kind: String,
    /// Who said it.
    pub author: Author,
    /// Its first words.
    pub text: String,
    /// When.
    pub at: Timestamp,
    /// Own: how far it got.
    pub delivery: Option<Delivery>,
}

/// One thread in the inbox.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct InboxRow {
    /// Which thread.
    pub thread: ThreadId,
    /// Its title.
    pub title: String,
    /// The other people in it, by name.
    pub people: Vec<Author>,
    /// The last thing said.
    pub last: Option<LastLine>,
    /// Entries of others that were not on the screen yet.
    pub unseen: u32,
    /// Entries of which something has not left this device: the words, or a step's move.
    pub waiting: u32,
    /// Entries of which something is stuck; they don't count as waiting.
    pub stuck: u32,
    /// Everything that the relay held then is here, by this device's clock; `None` before the
    /// first sync.
    pub as_of: Option<Timestamp>,
    /// Who among the people is not verified.
    #[serde(default)]
    pub unverified: Vec<PersonId>,
    /// Whose device was shown another log of this thread than this one, and signed for it: the relay
    /// keeps something from somebody, or has lost something that it does not own up to.
    #[serde(default)]
    pub other_log: Vec<PersonId>,
    /// It is this person's desk: only their own devices are in it.
    #[serde(default)]
    pub desk: bool,
    /// The relay has erased the thread: nothing comes or goes any more, what is here stays.
    #[serde(default)]
    pub erased: Option<ErasedRow>,
    /// Somebody's newer version changed who is in, in a way that this version can't read: nothing
    /// comes or goes here before this one is newer, too.
    #[serde(default)]
    pub newer_version_needed: bool,
    /// The end of the home's term for it is near, or over: until when it is kept.
    #[serde(default)]
    pub kept: Option<Kept>,
    /// As what this person can do something in it; `None` when this device is not in (any more), when it was
    /// erased, and when only a newer version can go on.
    #[serde(default)]
    pub role: Option<Role>,
    /// As what this person may let somebody in.
    #[serde(default)]
    pub admits: Vec<Role>,
}

impl InboxRow {
    /// A thread of which nothing is here yet.
    #[must_use]
    pub const fn blank(thread: ThreadId) -> Self {
        Self {
            thread,
            title: String::new(),
            people: Vec::new(),
            last: None,
            unseen: 0,
            waiting: 0,
            stuck: 0,
            as_of: None,
            unverified: Vec::new(),
            other_log: Vec::new(),
            desk: false,
            erased: None,
            newer_version_needed: false,
            kept: None,
            role: None,
            admits: Vec::new(),
        }
    }
}

/// What a relay's tombstone says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct ErasedRow {
    /// When, by the relay's clock.
    pub at: Timestamp,
    /// Why.
    pub because: ErasedBecause,
    /// The same in words; may be empty.
    pub words: String,
}

/// How a join stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Enum))]
pub enum JoinState {
    /// The request waits to leave, or for the inviter's device.
    Joining,
    /// The thread is here.
    Joined,
    /// It will not be let in; why, in words.
    Refused(String),
}

/// A join that waits, on either side of an invite.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct JoinRow {
    /// Into which thread.
    pub thread: ThreadId,
    /// How it stands.
    pub state: JoinState,
    /// Since when.
    pub since: Timestamp,
    /// On the inviter's side: who asks with an invite that lets nobody in; the state says why.
    pub knocking: Option<String>,
}

/// What it is that waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Enum))]
pub enum Waiting {
    /// The entry itself.
    Entry,
    /// A step's move, to this state.
    Move(StepState),
    /// A mark: what was on the screen.
    Seen,
    /// A name or the thread's title.
    Names,
    /// Who is in the thread.
    Members,
    /// That somebody was verified.
    Verified,
}

/// Something that waits to leave this device.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct WaitingRow {
    /// Of which thread.
    pub thread: ThreadId,
    /// Which entry; `None` for things that are not entries (a roster link, a mark).
    pub entry: Option<EntryId>,
    /// What of it.
    pub what: Waiting,
    /// How it stands.
    pub delivery: Delivery,
}

/// A person who is in a thread.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct MemberRow {
    /// Who, and as what.
    pub author: Author,
    /// Whether it is this person.
    pub mine: bool,
    /// Whether all their devices are verified.
    pub verified: bool,
    /// Who verified them, else who let them in; `None` for an unverified founder.
    pub vouched_by: Option<Author>,
    /// When they came in, by the clock of who let them in.
    pub since: Timestamp,
    /// Their devices, in the order in which they came in.
    pub devices: Vec<KeyRow>,
    /// What this device has seen theirs do that no honest device does.
    pub misdeeds: Vec<Misdeed>,
    /// Whether this person may take them out; one's own other devices always.
    pub removable: bool,
    /// Whether this person may found the thread's group anew without them.
    pub dispensable: bool,
}

/// Something that a device did which no honest device does, as its own signature shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Enum))]
pub enum Misdeed {
    /// It changed who is in a thread in a way that no device can follow.
    StoppedThread,
    /// It said two different things under one number.
    TwoWords,
    /// It said something that does not follow what it said before.
    OutOfOrder,
}

impl Misdeed {
    /// Its name in scripts.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::StoppedThread => "stopped_thread",
            Self::TwoWords => "two_words",
            Self::OutOfOrder => "out_of_order",
        }
    }
}

/// A device of a person who is in a thread.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct KeyRow {
    /// Which.
    pub device: DeviceKey,
    /// When it came in, by the clock of who let it in.
    pub since: Timestamp,
    /// Whether somebody else said that it is this person's, or said so of the device of theirs that
    /// let it in.
    pub verified: bool,
    /// Whether it can read what is said now. One that can't lost its place in the group and is given
    /// another when it asks.
    pub seated: bool,
}

/// How an invite stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Enum))]
pub enum InviteState {
    /// It lets one person in.
    Open,
    /// Somebody came in by it, or is about to.
    Used,
    /// Nobody used it in time.
    Expired,
    /// It was taken back.
    Revoked,
}

/// An invite that this device made.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct InviteRow {
    /// Which.
    pub invite: InviteId,
    /// Into which thread.
    pub thread: ThreadId,
    /// As what.
    pub role: Role,
    /// Whether it is to be shown in person.
    pub in_person: bool,
    /// When it was made.
    pub made: Timestamp,
    /// Until when it lets somebody in.
    pub until: Timestamp,
    /// How it stands.
    pub state: InviteState,
    /// Who came in by it.
    pub used_by: Option<Author>,
}

/// How this device's offer stands.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Enum))]
pub enum OfferState {
    /// It waits for somebody to take it up.
    Open,
    /// Somebody lets this device in.
    TakenUp {
        /// Whose it will be.
        name: String,
        /// Threads that were promised and are not here yet.
        waiting: u32,
    },
    /// Nobody took it up in time.
    Expired,
    /// It can't be taken up; why, in words.
    Refused(String),
}

/// This device's offer to be let in.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct OfferRow {
    /// What whoever lets it in follows.
    pub link: DeviceLink,
    /// Until when it can be taken up.
    pub until: Timestamp,
    /// How it stands.
    pub state: OfferState,
}

/// How the uptake of another device's offer stands.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Enum))]
pub enum UptakeState {
    /// The offer has not been read yet.
    Waiting,
    /// The device is let in.
    LettingIn {
        /// Into how many threads.
        threads: u32,
        /// In how many of them it was heard of.
        arrived: u32,
    },
    /// It came to nothing; why, in words.
    Refused(String),
}

/// An offer of another device that this one takes up.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct UptakeRow {
    /// Which device.
    pub device: DeviceKey,
    /// Whose it will be.
    pub person: PersonId,
    /// Whether that is this person.
    pub mine: bool,
    /// Since when it is wished for.
    pub since: Timestamp,
    /// How it stands.
    pub state: UptakeState,
}

/// A receipt of an own entry.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct ReceiptRow {
    /// Which entry.
    pub entry: EntryId,
    /// The envelope that carries it.
    pub envelope: ItemHash,
    /// In which generation.
    pub generation: Generation,
    /// Where in the log.
    pub seq: Seq,
    /// When, by the relay's clock.
    pub time: Timestamp,
    /// Whether the relay's signature holds, checked just now.
    pub verified: bool,
}

/// This device, as the doctor sees it. Public keys only.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct DeviceRow {
    /// Since when the transport key is what it is.
    pub renewed: Timestamp,
    /// In how many threads its next keys are not known yet; `None` when none are being made.
    pub renewing: Option<u32>,
    /// The key that signs what this device says.
    pub device: DeviceKey,
    /// The key that it shows the relay.
    pub transport: TransportKey,
    /// The relay's generation that the cursors are in; `None` before the first greeting.
    pub generation: Option<Generation>,
    /// How far each thread's log has been read, sorted by thread.
    pub cursors: Vec<CursorRow>,
    /// The school of this home at its relay.
    pub school: Option<HomeSchool>,
    /// As what this home was made, or let in.
    pub role: Role,
}

impl DeviceRow {
    /// Whether this home keeps a school's records.
    #[must_use]
    pub fn keeps_records(&self) -> bool {
        self.role == Role::Archive
    }
}

/// The school of a home at its relay.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct HomeSchool {
    /// Its id there.
    pub school: SchoolId,
    /// What the relay said last; `None` before it was asked.
    pub enrolment: Option<Enrolment>,
}

/// How far a thread's log has been read.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct CursorRow {
    /// How far.
    pub cursor: ThreadCursor,
    /// When the relay signed just this, by its clock; checked anew. `None` when its signature is
    /// over another place, of another generation or not there.
    pub signed: Option<Timestamp>,
}
