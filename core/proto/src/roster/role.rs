//! As what somebody is in a thread, and whom they may let in.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use super::RosterLinkError;

/// As what a person is in a thread.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Role {
    /// Parent or guardian.
    Guardian,
    /// Teacher.
    Teacher,
    /// Special education, therapy, language support.
    Specialist,
    /// Head or principal.
    Lead,
    /// The school's record keeping; a visible member.
    Archive,
    /// Reserved.
    Student,
}

impl Role {
    /// Whether this role speaks for the school.
    #[must_use]
    pub const fn is_staff(self) -> bool {
        matches!(self, Self::Teacher | Self::Specialist | Self::Lead)
    }

    /// Whether whoever is this takes part in the conversation. The others read, and nothing that they
    /// say is shown (ADR 0020).
    #[must_use]
    pub const fn takes_part(self) -> bool {
        matches!(self, Self::Guardian) || self.is_staff()
    }

    /// Whether a member in this role may let in somebody as `other` (ADR 0009): who speaks for the
    /// school lets in anybody, a guardian lets in guardians. Whoever founded a thread may do what
    /// the school may, or a family could begin none. That the school keeps records of a thread is the
    /// family's to accept (ADR 0020).
    #[must_use]
    pub const fn may_admit(self, other: Self, founded: bool) -> bool {
        match other {
            Self::Guardian => self.is_staff() || founded || matches!(self, Self::Guardian),
            Self::Teacher | Self::Specialist | Self::Lead => self.is_staff() || founded,
            Self::Archive => matches!(self, Self::Guardian),
            // Nobody is let in as this yet.
            Self::Student => false,
        }
    }

    /// Whether a member in this role may take out somebody in another (ADR 0014): guardians take out
    /// guardians, and a lead, or whoever founded the thread, takes out the others; the school's
    /// records are taken out by a guardian or a lead (ADR 0020).
    #[must_use]
    pub const fn may_remove(self, other: Self, founded: bool) -> bool {
        match other {
            Self::Guardian => matches!(self, Self::Guardian),
            Self::Archive => matches!(self, Self::Guardian | Self::Lead),
            _ => matches!(self, Self::Lead) || founded,
        }
    }

    /// Whether a member in this role may found the group anew without somebody in another: nobody
    /// must be able to stop a thread for good, but a guardian is left out by guardians only, and the
    /// school's records leave out nobody.
    #[must_use]
    pub const fn may_go_on_without(self, other: Self) -> bool {
        match self {
            Self::Guardian => true,
            Self::Archive => false,
            _ => !matches!(other, Self::Guardian),
        }
    }

    /// All of them.
    pub const ALL: [Self; 6] =
        [Self::Guardian, Self::Teacher, Self::Specialist, Self::Lead, Self::Archive, Self::Student];

    const NAMES: [(Self, &'static str); 6] = [
        (Self::Guardian, "guardian"),
        (Self::Teacher, "teacher"),
        (Self::Specialist, "specialist"),
        (Self::Lead, "lead"),
        (Self::Archive, "archive"),
        (Self::Student, "student"),
    ];
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = Self::NAMES.iter().find(|(role, _)| role == self).map_or("", |(_, name)| name);
        f.write_str(name)
    }
}

impl FromStr for Role {
    type Err = RosterLinkError;

    fn from_str(text: &str) -> Result<Self, RosterLinkError> {
        Self::NAMES
            .iter()
            .find(|(_, name)| *name == text)
            .map(|(role, _)| *role)
            .ok_or(RosterLinkError::UnknownRole)
    }
}
