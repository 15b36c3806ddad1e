//! Schools: by what a device shows a relay that it is one of a school's.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{SchoolId, derive_key, id::from_base32};

/// What a school's link holds beside its id: 16 random bytes, the same for all its devices. The
/// relay keeps only their hash.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SchoolToken([u8; 16]);

impl SchoolToken {
    /// Takes 16 random bytes.
    #[must_use]
    pub const fn new(bytes: [u8; 16]) -> Self {
        Self(bytes)
    }

    pub(crate) fn from_text(text: &str) -> Option<Self> {
        from_base32(text)?.try_into().ok().map(Self)
    }

    pub(crate) fn to_text(&self) -> String {
        crate::id::base32(&self.0)
    }
}

impl fmt::Debug for SchoolToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SchoolToken(..)")
    }
}

/// What a device shows a relay, before `Hello` on each connection: "I am one of this school's".
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SchoolPass {
    /// Which school.
    pub school: SchoolId,
    /// What its link said.
    pub token: SchoolToken,
}

impl SchoolPass {
    /// What the relay keeps of the token.
    #[must_use]
    pub fn hash(&self) -> [u8; 32] {
        derive_key("tandem/school-token/1", &[self.school.as_bytes(), &self.token.0])
    }
}

/// What became of a pass.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Enrolment {
    /// The device is one of the school's.
    Enrolled,
    /// No school here has this pass: it was mistyped, replaced by a newer one, or its school is gone.
    NoSuchPass,
    /// The school has as many devices as it may.
    Full,
}

/// The relay's answer to a pass.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct SchoolAnswer {
    /// The school that the pass named.
    pub school: SchoolId,
    /// What became of it.
    pub enrolment: Enrolment,
}
