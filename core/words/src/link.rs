//! A link, before it is followed.

use tandem_proto::{Role, TandemLink};

use crate::Phrase;

/// What a link asks for.
#[must_use]
pub fn link(link: &TandemLink) -> Vec<Phrase> {
    match link {
        TandemLink::Join(invite) if invite.role == Role::Archive => {
            vec![Phrase::new("asks.join").role(invite.role), Phrase::new("reads.archive")]
        }
        TandemLink::Join(invite) => vec![Phrase::new("asks.join").role(invite.role)],
        TandemLink::School(_) => vec![Phrase::new("asks.school")],
        TandemLink::Device(_) => vec![Phrase::new("asks.device")],
        TandemLink::Relay(_) => vec![Phrase::new("asks.relay")],
    }
}
