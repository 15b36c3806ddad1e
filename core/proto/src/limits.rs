//! Every maximum of the protocol, each with its reason.

/// Bytes of one frame after its length prefix. A frame is held in memory whole before it is
/// decoded, so this bounds what a stranger can make either end keep per connection.
pub const MAX_FRAME_BYTES: usize = 1 << 20;

/// Bytes of one log item (a sealed envelope or a roster link). 256 KiB holds a concern of several
/// pages; photos travel as attachments, never as entries.
pub const MAX_ITEM_BYTES: usize = 256 << 10;

/// Items in one push or delivery. A frame is bounded by its bytes first; this bounds the per-item
/// bookkeeping of a frame full of tiny items.
pub const MAX_ITEMS_PER_FRAME: usize = 1024;

/// Bytes of deliveries packed into one frame before the next is begun, so that a long log reaches
/// a slow line in pieces that can be taken in one by one.
pub const DELIVER_BYTES: usize = 64 << 10;

/// Thread cursors in one frame. 4,096 of some 75 bytes fit a frame; more go in several frames.
pub const MAX_CURSORS_PER_FRAME: usize = 4096;

/// Threads of one device: a teacher of 180 students for some years, with room.
pub const MAX_THREADS_PER_DEVICE: usize = 16_384;

/// Links of one roster. A thread has up to some fifty members; changed phones add to the chain.
pub const MAX_LINKS_PER_ROSTER: usize = 1024;

/// Devices that one link takes out: all that a person has, with room.
pub const MAX_LEAVERS: usize = 8;

/// Links on chains that do not count which take out one device: more tell nobody anything.
pub const MAX_REMOVALS_ASIDE: usize = 8;

/// Incarnations of one device whose last words a removal names: one for each time that it was opened
/// and wrote. The newest count.
pub const MAX_INCARNATIONS: usize = 1024;

/// Bytes of one MLS commit. Some 1.4 kB with fifty devices; the path of a thousand is 40 kB.
pub const MAX_COMMIT_BYTES: usize = 64 << 10;

/// Bytes of one MLS welcome with its tree, which stands in a roster link beside the commit. Some
/// 15 kB with fifty devices.
pub const MAX_GROUP_WELCOME_BYTES: usize = 128 << 10;

/// Bytes of one MLS key package. Some 300.
pub const MAX_PACKAGE_BYTES: usize = 4 << 10;

/// Hashes named as missing by one acknowledgement. A device that lacks more stops its
/// acknowledgement before the first that would not fit.
pub const MAX_EXCEPT: usize = 256;

/// Bytes of one letter in a mailbox: a welcome with the snapshot of a year's volume.
pub const MAX_LETTER_BYTES: usize = 768 << 10;

/// Letters in one mailbox. The first join request counts; the others are shown to the inviter.
pub const MAX_LETTERS_PER_MAILBOX: usize = 8;

/// Mailboxes that one frame may watch: open invites of a school office on its first day.
pub const MAX_MAILBOXES_PER_FRAME: usize = 1024;

/// Milliseconds after which a letter is dropped: a month of holidays.
pub const LETTER_LIFETIME_MS: u64 = 31 * 24 * 3600 * 1000;

/// Milliseconds after which an invite lets nobody in any more, by the clock of the device that made it:
/// a fortnight, in which two people who are rarely in touch are so once. Shorter than a letter's
/// life, so that whoever asked in time and was not answered is answered late, and honestly.
pub const INVITE_LIFETIME_MS: u64 = 14 * 24 * 3600 * 1000;

/// Milliseconds after which a device's offer is taken up by nobody: a day, in which somebody has the
/// other phone in their hands.
pub const OFFER_LIFETIME_MS: u64 = 24 * 3600 * 1000;

/// Key packages in a device's offer, one for each thread that it is let into; the last one serves for
/// whatever is beyond. 32 are 10 kB.
pub const MAX_OFFERED_PACKAGES: usize = 32;

/// Hashes in a Merkle path: a tree of 2^32 leaves.
pub const MAX_PATH: usize = 32;

/// Hashes beside a range of leaves: at most two per level.
pub const MAX_RANGE_PROOF: usize = 64;

/// Bytes of a name or of a thread's title, in UTF-8.
pub const MAX_NAME_BYTES: usize = 256;

/// Bytes of what a tombstone says in words: a sentence or two, in UTF-8.
pub const MAX_REASON_BYTES: usize = 256;

/// Bytes of a `tandem://` link. A QR code of medium density holds it.
pub const MAX_LINK_BYTES: usize = 1024;

/// Bytes of a relay's host name or address with port.
pub const MAX_ADDRESS_BYTES: usize = 261;
