//! Links, as they were pasted, scanned or tapped.

use tandem_proto::{RelayLink, TandemLink};
use tandem_words::Phrase;

use crate::TandemError;

/// Reads a link as it was pasted, scanned or tapped.
///
/// # Errors
/// `BadInput`, which says what is wrong with it.
#[uniffi::export]
pub fn read_link(text: &str) -> Result<TandemLink, TandemError> {
    text.parse().map_err(|error: tandem_proto::LinkError| TandemError::bad_link(&error))
}

/// What a link asks for, before it is followed.
#[uniffi::export]
pub fn link_words(link: &TandemLink) -> Vec<Phrase> {
    tandem_words::link(link)
}

/// The relay that a link names: a home that is made for the link is made at it.
#[uniffi::export]
pub fn relay_of(link: &TandemLink) -> RelayLink {
    link.relay().clone()
}
