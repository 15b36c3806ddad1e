//! `concern`: a worry, from either side. From staff it comes with at least one way forward.

use tandem_proto::Role;

use super::{Field, Form, Kind, Need};

pub(super) const CONCERN: Kind = Kind {
    name: "concern",
    headline: "what",
    fields: &[
        Field {
            name: "what",
            need: Need::Always,
            why: "what was noticed, in words that both sides can check",
            form: Form::Words,
            alias: Some("text"),
        },
        Field {
            name: "way_forward",
            need: Need::Of(Role::is_staff),
            why: "from staff a concern comes with at least one thing that can be done",
            form: Form::Words,
            alias: None,
        },
        Field {
            name: "context",
            need: Need::Never,
            why: "when and where it happens",
            form: Form::Words,
            alias: None,
        },
        Field {
            name: "effect",
            need: Need::Never,
            why: "what it does to the child or to others",
            form: Form::Words,
            alias: None,
        },
    ],
    writers: Role::takes_part,
    owns: None,
};
