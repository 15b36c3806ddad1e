//! What whoever keeps records is shown of many threads, and gives out of one.

use tandem_proto::{DeviceKey, ThreadId, Timestamp};

use super::{Author, MemberRow, ThreadRow};

/// How one thread is kept up.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct UpkeepRow {
    /// Which thread.
    pub thread: ThreadId,
    /// Its title.
    pub title: String,
    /// Whether this device is in it (still).
    pub is_in: bool,
    /// How often its membership was changed or repaired: the links of its roster.
    pub links: u64,
    /// Devices that this one gave their place in the group back, in order.
    pub given: Vec<GivenSeat>,
}

/// A device that was given its place in the group back.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct GivenSeat {
    /// Which.
    pub device: DeviceKey,
    /// Whose.
    pub to: Option<Author>,
    /// When, by this device's clock.
    pub at: Timestamp,
}

/// All of a thread that its members are shown, and what they are not, counted.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct ThreadExport {
    /// Which thread.
    pub thread: ThreadId,
    /// Its title.
    pub title: String,
    /// Who made the copy.
    pub by: Author,
    /// On which device.
    pub device: DeviceKey,
    /// Everything that the relay held then is in it; `None` when nothing was ever fetched.
    pub as_of: Option<Timestamp>,
    /// Who is in.
    pub members: Vec<MemberRow>,
    /// What was said.
    pub entries: Vec<ExportedRow>,
    /// Who came and who went.
    pub events: Vec<ExportedRow>,
    /// What is not among them.
    pub kept_out: KeptOut,
}

/// A row with the device that made it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct ExportedRow {
    /// Which device; `None` when nobody knows.
    pub device: Option<DeviceKey>,
    /// An entry's main words, which are among its fields too.
    pub text: String,
    /// The row.
    pub row: ThreadRow,
}

/// What is in a thread's log or document and in no row, by why.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct KeptOut {
    /// Changes of devices that were out when they made them.
    pub after_removal: u32,
    /// Entries by whoever keeps the school's records, who says nothing.
    pub by_records: u32,
    /// Items of the log that this device can't read.
    pub unread: u32,
}
