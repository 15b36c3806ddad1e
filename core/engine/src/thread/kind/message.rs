//! `message`: plain words.

use super::{Field, Form, Kind, Need, takes_part};

pub(super) const MESSAGE: Kind = Kind {
    name: "message",
    headline: "text",
    fields: &[Field {
        name: "text",
        need: Need::Always,
        why: "what you want to say",
        form: Form::Words,
        alias: None,
    }],
    writers: takes_part,
    owns: None,
};
