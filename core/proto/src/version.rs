//! Which protocol this is, and with which others it can talk.

use serde::{Deserialize, Serialize};

/// The protocol's name in TLS (ALPN); its number is the major version.
pub const ALPN: &[u8] = b"tandem/1";

/// The version that this code speaks.
pub const PROTOCOL: Version = Version { major: 1, minor: 0 };

/// A protocol version. Another major version can't be talked to; a newer minor version may send
/// frames and trailing fields that are skipped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Version {
    /// Changes when old ends could misunderstand new ones.
    pub major: u16,
    /// Changes when something is added that old ends can skip.
    pub minor: u16,
}

impl Version {
    /// What both ends can speak: the lower minor version of one major version, or `None`.
    #[must_use]
    pub fn agree(self, other: Self) -> Option<Self> {
        (self.major == other.major)
            .then_some(Self { major: self.major, minor: self.minor.min(other.minor) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_ends_agree_on_the_lower_minor_version_and_never_across_major_ones() {
        let (old, new) = (Version { major: 1, minor: 0 }, Version { major: 1, minor: 3 });
        assert_eq!(new.agree(old), Some(old));
        assert_eq!(old.agree(Version { major: 2, minor: 0 }), None);
    }
}
