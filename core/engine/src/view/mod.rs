//! What a screen shows, finished, and how it changed.

mod diff;
mod inbox;
mod joins;
mod members;
mod records;
mod retention;
mod row;

pub use diff::ViewDiff;
pub use inbox::{ErasedRow, InboxRow, LastLine, Waiting, WaitingRow};
pub use joins::{
    InviteRow, InviteState, JoinRow, JoinState, NotLetIn, OfferRow, OfferState, UptakeRow,
    UptakeState,
};
pub use members::{CursorRow, DeviceRow, HomeSchool, KeyRow, MemberRow, Misdeed, ReceiptRow};
pub use records::{ExportedRow, GivenSeat, KeptOut, ThreadExport, UpkeepRow};
pub use retention::{Kept, KeptThread, RetentionRow, WaitsFor};
pub use row::{Author, Delivery, Event, Quote, Remark, SeenBy, StuckReason, ThreadRow};
