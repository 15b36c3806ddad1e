//! What keeps something from being said as it is, told while it is written.

use tandem_engine::{Fields, Trouble, flaws};
use tandem_proto::Role;

use crate::{Phrase, trouble};

/// Something that keeps a draft from being sent.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct DraftFlaw {
    /// The field that it is about; none when it is about all of them together.
    pub field: Option<String>,
    /// Whether it is only that nothing stands there yet.
    pub missing: bool,
    /// The case's name, as errors have it.
    pub code: String,
    /// What is said of it.
    pub said: Phrase,
}

/// What keeps these words from being said by somebody in this role, what is wrong first; nothing when they can be
/// sent. The engine asks the same when they are.
#[must_use]
pub fn draft(role: Role, kind: &str, fields: &Fields) -> Vec<DraftFlaw> {
    let said = flaws(kind, fields, role).into_iter().map(|flaw| DraftFlaw {
        missing: matches!(flaw.trouble, Trouble::MissingField { .. }),
        code: flaw.trouble.name().to_owned(),
        said: trouble(flaw.trouble.name(), flaw.field.as_deref()),
        field: flaw.field,
    });
    said.collect()
}
