//! `message`: plain words.

use tandem_proto::Role;

use super::{Field, Form, Kind, Need};

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
    writers: Role::takes_part,
    owns: None,
};
