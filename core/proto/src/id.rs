//! Ids as types, so that no bare number or byte array crosses a function.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::hash::Domain;

/// Text or bytes that should have been an id had another length or alphabet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an id: expected {expected} bytes")]
pub struct WrongLength {
    /// Bytes that this id has.
    pub expected: usize,
}

/// Lowercase RFC 4648 base32 without padding: what people read and type.
pub(crate) fn base32(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 32] = b"abcdefghijklmnopqrstuvwxyz234567";
    let mut out = String::with_capacity(bytes.len().div_ceil(5) * 8);
    let (mut acc, mut bits) = (0u32, 0u32);
    for &byte in bytes {
        acc = (acc << 8) | u32::from(byte);
        bits += 8;
        while bits >= 5 {
            bits -= 5;
            out.push(ALPHABET[(acc >> bits) as usize & 31] as char);
        }
        acc &= (1 << bits) - 1;
    }
    if bits > 0 {
        out.push(ALPHABET[(acc << (5 - bits)) as usize & 31] as char);
    }
    out
}

/// The bytes behind [`base32`] text, in either case; `None` when a character or the tail is wrong.
pub(crate) fn from_base32(text: &str) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(text.len() * 5 / 8);
    let (mut acc, mut bits) = (0u32, 0u32);
    for c in text.bytes() {
        let value = match c {
            b'a'..=b'z' => c - b'a',
            b'A'..=b'Z' => c - b'A',
            b'2'..=b'7' => c - b'2' + 26,
            _ => return None,
        };
        acc = (acc << 5) | u32::from(value);
        bits += 5;
        if bits >= 8 {
            bits -= 8;
            out.push(((acc >> bits) & 0xff).try_into().ok()?);
            acc &= (1 << bits) - 1;
        }
    }
    // A canonical tail has fewer than five spare bits, all zero.
    (bits < 5 && acc == 0).then_some(out)
}

macro_rules! bytes_id {
    ($(#[$doc:meta])* $name:ident, $len:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub struct $name([u8; $len]);

        impl $name {
            /// How many bytes this id has.
            pub const LEN: usize = $len;

            /// Takes the bytes as they are.
            #[must_use]
            pub const fn new(bytes: [u8; $len]) -> Self {
                Self(bytes)
            }

            /// The bytes.
            #[must_use]
            pub const fn as_bytes(&self) -> &[u8; $len] {
                &self.0
            }
        }

        impl TryFrom<&[u8]> for $name {
            type Error = WrongLength;

            fn try_from(bytes: &[u8]) -> Result<Self, WrongLength> {
                bytes.try_into().map(Self).map_err(|_| WrongLength { expected: $len })
            }
        }

        impl std::str::FromStr for $name {
            type Err = WrongLength;

            fn from_str(text: &str) -> Result<Self, WrongLength> {
                let bytes = from_base32(text).ok_or(WrongLength { expected: $len })?;
                Self::try_from(bytes.as_slice())
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&base32(&self.0))
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), &base32(&self.0)[..8])
            }
        }
    };
}

bytes_id!(
    /// A thread: the first 160 bits of the hash of its signed genesis, so that nobody can found it
    /// again differently. 32 characters of base32.
    ThreadId, 20
);
bytes_id!(
    /// The first 128 bits of an [`ItemHash`] or digest, where the full one can be recomputed.
    Hash16, 16
);
bytes_id!(
    /// A device's identity: its Ed25519 public key, which signs batches, links and acknowledgements.
    DeviceKey, 32
);
bytes_id!(
    /// The Ed25519 public key that a device shows in TLS; the relay admits by it.
    TransportKey, 32
);
bytes_id!(
    /// The relay's Ed25519 public key: pinned in TLS, and the signer of receipts and cursors.
    RelayKey, 32
);
bytes_id!(
    /// A person; random, the same on all devices of that person.
    PersonId, 16
);
bytes_id!(
    /// One incarnation of a relay's store; random, never a counter.
    Generation, 16
);
bytes_id!(
    /// A mailbox at the relay; knowing it is the right to use it, for it is derived from a secret.
    MailboxId, 16
);
bytes_id!(
    /// A school at one relay; random.
    SchoolId, 16
);
bytes_id!(
    /// Names an invite without giving away its secret.
    InviteId, 16
);
bytes_id!(
    /// The BLAKE3 hash of one log item's bytes.
    ItemHash, 32
);
bytes_id!(
    /// The running hash of a thread's log up to one item.
    ChainHash, 32
);

static ITEM: Domain = Domain::new("tandem/item/1");
static CHAIN: Domain = Domain::new("tandem/chain/1");

impl ItemHash {
    /// The hash of a log item's bytes.
    #[must_use]
    pub fn of(item: &[u8]) -> Self {
        ITEM.hash(&[item]).into()
    }

    /// The first half, as receipts and refusals carry it.
    #[must_use]
    pub fn short(&self) -> Hash16 {
        let mut half = [0; 16];
        half.copy_from_slice(&self.0[..16]);
        Hash16(half)
    }
}

impl ChainHash {
    /// The chain of an empty log.
    #[must_use]
    pub fn start(thread: &ThreadId) -> Self {
        CHAIN.hash(&[thread.as_bytes()]).into()
    }

    /// The chain after one more item.
    #[must_use]
    pub fn next(&self, item: &ItemHash) -> Self {
        CHAIN.hash(&[&self.0, item.as_bytes()]).into()
    }
}

impl From<[u8; 32]> for ItemHash {
    fn from(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }
}

impl From<[u8; 32]> for ChainHash {
    fn from(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }
}

macro_rules! number {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(
            Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize,
            Deserialize,
        )]
        pub struct $name(pub u64);

        impl $name {
            /// The one after; saturates, since no log or epoch reaches the end of 64 bits.
            #[must_use]
            pub const fn next(self) -> Self {
                Self(self.0.saturating_add(1))
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    };
}

number!(
    /// A position in a thread's log; the first item is 1, and 0 means "nothing read".
    Seq
);
number!(
    /// An epoch of a thread's key agreement; the first is 0.
    Epoch
);
number!(
    /// Milliseconds since the Unix epoch, by whatever clock the caller injected.
    Timestamp
);

impl Timestamp {
    /// This moment and `ms` milliseconds; saturates.
    #[must_use]
    pub const fn plus_ms(self, ms: u64) -> Self {
        Self(self.0.saturating_add(ms))
    }

    /// Milliseconds from `earlier` to this moment; 0 when the clock stepped back.
    #[must_use]
    pub const fn since_ms(self, earlier: Self) -> u64 {
        self.0.saturating_sub(earlier.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_reads_back_from_its_text_in_either_case() {
        let id = ThreadId::new([7; 20]);
        let text = id.to_string();
        assert_eq!(text.len(), 32);
        assert_eq!(text.parse(), Ok(id));
        assert_eq!(text.to_uppercase().parse(), Ok(id));
    }

    #[test]
    fn text_with_a_wrong_length_alphabet_or_tail_is_no_id() {
        assert!("".parse::<ThreadId>().is_err());
        assert!("a1".repeat(16).parse::<ThreadId>().is_err());
        let mut person = PersonId::new([0; 16]).to_string();
        person.pop();
        person.push('b'); // spare bits set: a second spelling of the same bytes
        assert!(person.parse::<PersonId>().is_err());
    }
}
