//! Who came or went.

use tandem_engine::{Event, ThreadRow};
use tandem_proto::Role;

use crate::{ArgValue, Phrase, PhraseArg};

/// What is said of a row that is about who is in; `None` for an entry.
#[must_use]
pub fn event(row: &ThreadRow) -> Option<Phrase> {
    if row.is_entry() {
        return None;
    }
    let field = |name: &str| row.fields.get(name).map(String::as_str).unwrap_or_default();
    let event = Event::ALL.into_iter().find(|event| event.name() == field("event"));
    let Some(event) = event else { return Some(Phrase::new("event.unknown")) };
    let role = field("role").parse::<Role>().ok();
    // Of oneself: whoever did it is who it is about.
    let own = field("person") == row.author.person.to_string();
    let whose = match (row.mine, own) {
        (true, true) => "_yours",
        (true, false) => "_you",
        (false, true) => "_theirs",
        (false, false) => "",
    };
    let by = if row.mine { "_you" } else { "" };
    let key = match event {
        Event::Came if role == Some(Role::Archive) => format!("event.came_records{by}"),
        Event::Came => format!("event.came{by}"),
        Event::CameBack => format!("event.came_back{by}"),
        Event::DeviceAdded => format!("event.device_added{whose}"),
        // Whoever let them go wrote it, not who left.
        Event::Left => "event.left".to_owned(),
        Event::Removed => format!("event.removed{by}"),
        Event::DeviceRemoved => format!("event.device_removed{whose}"),
        Event::Refounded => format!("event.refounded{by}"),
    };
    let mut phrase = Phrase::new(&key);
    let names_another = match event {
        Event::Came | Event::CameBack | Event::Removed | Event::Left => true,
        Event::DeviceAdded | Event::DeviceRemoved => !own,
        Event::Refounded => false,
    };
    if names_another {
        phrase = match field("name") {
            "" => phrase.word("name", someone(role)),
            name => phrase.text("name", name),
        };
    }
    if !row.mine && event != Event::Left {
        let value = match (row.author.name.as_str(), row.author.role) {
            ("", role) => ArgValue::Word { key: someone(Some(role)).to_owned() },
            _ => ArgValue::Person { person: row.author.person },
        };
        phrase.args.push(PhraseArg { name: "who".to_owned(), value });
    }
    if let (Event::Came, Some(role)) = (event, role)
        && role != Role::Archive
    {
        phrase = phrase.role(role);
    } else if event == Event::Came && role.is_none() {
        phrase = phrase.text("role", field("role"));
    }
    Some(phrase)
}

/// The key of somebody whose name is not here.
#[must_use]
pub const fn someone(role: Option<Role>) -> &'static str {
    match role {
        None => "someone.anyone",
        Some(Role::Guardian) => "someone.guardian",
        Some(Role::Teacher) => "someone.teacher",
        Some(Role::Specialist) => "someone.specialist",
        Some(Role::Lead) => "someone.lead",
        Some(Role::Archive) => "someone.archive",
        Some(Role::Student) => "someone.student",
    }
}
