//! `step`: something that one side does, and how far it is.

use tandem_proto::Role;

use super::{Field, Form, Kind, Need};
use crate::Fields;

const OWNER: &str = "owner";
const HOME: &str = "home";
const SCHOOL: &str = "school";

pub(super) const STEP: Kind = Kind {
    name: "step",
    headline: "text",
    fields: &[
        Field {
            name: "text",
            need: Need::Always,
            why: "what is to be done",
            form: Form::Words,
            alias: None,
        },
        Field {
            name: OWNER,
            need: Need::Always,
            why: "who does it, home or school",
            form: Form::OneOf(&[HOME, SCHOOL]),
            alias: None,
        },
        Field { name: "due", need: Need::Never, why: "until when", form: Form::Day, alias: None },
    ],
    writers: Role::takes_part,
    owns: Some(owns),
};

fn owns(fields: &Fields, role: Role) -> Option<bool> {
    match fields.get(OWNER)?.as_str() {
        HOME => Some(role == Role::Guardian),
        SCHOOL => Some(role.is_staff()),
        _ => None,
    }
}
