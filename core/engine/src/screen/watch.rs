//! What a screen can watch.

use tandem_proto::ThreadId;

use crate::Window;

/// What a screen can watch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Watch {
    /// The inbox.
    Inbox,
    /// One thread's rows.
    Thread(ThreadId),
    /// So many of one thread's newest rows at first, and earlier ones as the screen asks for them
    /// ([`crate::Input::Earlier`]). A screen that is opened again says how much it showed
    /// ([`crate::Effect::Window`]) and shows at least that.
    Newest(ThreadId, usize, Option<Window>),
}

impl Watch {
    /// The thread that is watched, if it is one.
    #[must_use]
    pub const fn thread(&self) -> Option<ThreadId> {
        match self {
            Self::Inbox => None,
            Self::Thread(thread) | Self::Newest(thread, ..) => Some(*thread),
        }
    }
}
