//! What is said about a row: which sentence, by its key, and what is put into it.
//!
//! The engine's rows say what is so; this crate decides what a person is told of it, once for the terminal and
//! both phones (law 5). It says no words itself: a [`Phrase`] names a key of the catalogue
//! (`catalogue/en.toml`, `catalogue/es.toml`), and whoever shows it puts the arguments in, in the phone's
//! language and with its own times and lists. `docs/screens.md` says how.
//!
//! Pure: no clock, no locale, no text.

mod delivery;
mod device;
mod draft;
mod event;
mod forms;
mod fresh;
mod join;
mod link;
mod members;
mod note;
mod phones;
mod phrase;
mod row;
mod thread;
mod trouble;
mod waiting;

#[cfg(feature = "sentences")]
mod sentences;

pub use delivery::{Mark, Remedy, Stands, delivery};
pub use device::{DeviceWords, RetentionWords, device, retention};
pub use draft::{DraftFlaw, draft};
pub use event::{event, someone};
pub use forms::{
    Choice, FieldForm, Input, KindForm, RoleChoice, field, forms, founders, kind, role_choices,
};
pub use fresh::{Line, fresh, home_line};
pub use join::{JoinWords, join};
pub use link::link;
pub use members::{InviteWords, MemberWords, invite, member};
pub use note::{Note, note};
pub use phones::{PhoneWords, offer, uptake};
pub use phrase::{ArgValue, Phrase, PhraseArg};
pub use row::{Part, RowWords, StepMove, remark, row, state};
#[cfg(feature = "sentences")]
pub use sentences::{Place, Voice};
pub use thread::{Aside, InboxWords, erased, inbox, kept};
pub use trouble::{TROUBLES, trouble};
pub use waiting::{WaitingWords, waiting, what_waits};

#[cfg(feature = "uniffi")]
uniffi::setup_scaffolding!();

#[cfg(feature = "uniffi")]
mod remote {
    use tandem_proto::{PersonId, Role, ThreadId, Timestamp};

    uniffi::use_remote_type!(tandem_engine::PersonId);
    uniffi::use_remote_type!(tandem_engine::Role);
    uniffi::use_remote_type!(tandem_engine::ThreadId);
    uniffi::use_remote_type!(tandem_engine::Timestamp);
}
