//! Ids that only this side of the wire knows.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// One entry of a thread: 80 random bits, 16 characters of base32.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct EntryId([u8; 10]);

impl EntryId {
    /// Takes ten random bytes.
    #[must_use]
    pub const fn new(bytes: [u8; 10]) -> Self {
        Self(bytes)
    }

    /// The bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 10] {
        &self.0
    }
}

const ALPHABET: &[u8; 32] = b"abcdefghijklmnopqrstuvwxyz234567";

impl fmt::Display for EntryId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for five in self.0.chunks_exact(5) {
            let bits = five.iter().fold(0u64, |acc, byte| (acc << 8) | u64::from(*byte));
            for i in (0..8).rev() {
                let at = usize::try_from((bits >> (5 * i)) & 31).unwrap_or(0);
                write!(f, "{}", ALPHABET[at] as char)?;
            }
        }
        Ok(())
    }
}

impl fmt::Debug for EntryId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "EntryId({self})")
    }
}

/// Text was not the id of an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an entry id: 16 letters and digits as `tandem read` prints them")]
pub struct NotAnEntryId;

impl FromStr for EntryId {
    type Err = NotAnEntryId;

    fn from_str(text: &str) -> Result<Self, NotAnEntryId> {
        let text = text.as_bytes();
        if text.len() != 16 {
            return Err(NotAnEntryId);
        }
        let mut out = [0; 10];
        for (eight, five) in text.chunks_exact(8).zip(out.chunks_exact_mut(5)) {
            let mut bits = 0u64;
            for c in eight {
                let c = c.to_ascii_lowercase();
                let value = ALPHABET.iter().position(|a| *a == c).ok_or(NotAnEntryId)?;
                bits = (bits << 5) | value as u64;
            }
            five.copy_from_slice(&bits.to_be_bytes()[3..]);
        }
        Ok(Self(out))
    }
}

/// One commit, numbered by the engine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct CommitId(pub u64);

/// One question or intent, numbered by the client.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Ticket(pub u64);

/// One subscription of a screen, numbered by the client.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct WatchId(pub u64);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_id_reads_back_from_its_text() {
        let id = EntryId::new([0, 1, 2, 3, 250, 251, 252, 253, 254, 255]);
        assert_eq!(id.to_string().len(), 16);
        assert_eq!(id.to_string().parse(), Ok(id));
        assert!("short".parse::<EntryId>().is_err());
        assert!("1".repeat(16).parse::<EntryId>().is_err());
    }
}
