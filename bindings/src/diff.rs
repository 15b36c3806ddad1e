//! How lists of rows change, with a name for each list: uniffi knows no generics.

use tandem_engine::{InboxRow, ThreadRow, ViewDiff};

macro_rules! diff_of {
    ($(#[$doc:meta])* $name:ident, $row:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, uniffi::Enum)]
        pub enum $name {
            /// The whole list.
            Reset {
                /// All rows.
                rows: Vec<$row>,
            },
            /// A row is new at this place.
            Insert {
                /// From 0.
                at: u32,
                /// The row.
                row: $row,
            },
            /// The row at this place changed.
            Update {
                /// From 0.
                at: u32,
                /// The row.
                row: $row,
            },
            /// The row at this place is gone.
            Remove {
                /// From 0.
                at: u32,
            },
        }

        impl From<ViewDiff<$row>> for $name {
            fn from(diff: ViewDiff<$row>) -> Self {
                match diff {
                    ViewDiff::Reset(rows) => Self::Reset { rows },
                    ViewDiff::Insert { at, row } => Self::Insert { at: place(at), row },
                    ViewDiff::Update { at, row } => Self::Update { at: place(at), row },
                    ViewDiff::Remove { at } => Self::Remove { at: place(at) },
                }
            }
        }
    };
}

diff_of!(
    /// One change of the inbox.
    InboxDiff,
    InboxRow
);
diff_of!(
    /// One change of a thread's rows.
    ThreadDiff,
    ThreadRow
);

/// A place beyond every list is ignored by whoever applies the change.
fn place(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}
