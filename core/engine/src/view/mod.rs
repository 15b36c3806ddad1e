//! What a screen shows, finished, and how it changed.

mod diff;
mod records;
mod retention;
mod row;

pub use diff::ViewDiff;
pub use records::{ExportedRow, GivenSeat, KeptOut, ThreadExport, UpkeepRow};
pub use retention::{Kept, KeptThread, RetentionRow, WaitsFor};
pub use row::{
    Author, CursorRow, Delivery, DeviceRow, ErasedRow, Event, HomeSchool, InboxRow, InviteRow,
    InviteState, JoinRow, JoinState, KeyRow, LastLine, MemberRow, Misdeed, OfferRow, OfferState,
    ReceiptRow, Remark, SeenBy, StuckReason, ThreadRow, UptakeRow, UptakeState, Waiting,
    WaitingRow,
};
