//! Threads and entries by what a person types: an id, its first letters, or a title.

use tandem_engine::{EntryId, InboxRow, InviteRow, JoinRow, MemberRow, ThreadRow};
use tandem_proto::DeviceKey;

use crate::{error::Failure, plain};

/// Fewer letters than this are no name for anything.
pub(crate) const FEWEST: usize = 4;

/// The thread that `name` names: by its whole id, else its exact title, else the start of its id.
pub(crate) fn thread<'a>(
    name: &str,
    rows: &'a [InboxRow],
    joining: &[JoinRow],
) -> Result<&'a InboxRow, Failure> {
    let titled: Vec<_> = rows.iter().filter(|row| row.title == name).collect();
    let begun: Vec<_> = rows.iter().filter(|row| begins(&row.thread.to_string(), name)).collect();
    let whole = rows.iter().find(|row| row.thread.to_string().eq_ignore_ascii_case(name));
    let fits = if titled.is_empty() { begun } else { titled };
    match (whole, fits.as_slice()) {
        (Some(row), _) => Ok(row),
        (None, [row]) => Ok(row),
        (None, []) if joining.iter().any(|row| begins(&row.thread.to_string(), name)) => {
            Err(Failure::StillJoining)
        }
        (None, []) => Err(Failure::UnknownThread(name.to_owned())),
        (None, many) => Err(Failure::Ambiguous {
            what: name.to_owned(),
            fits: many
                .iter()
                .map(|row| format!("{} ({})", row.thread, plain::line(&row.title)))
                .collect(),
        }),
    }
}

/// The entry whose id is, or begins with, `name`.
pub(crate) fn entry(name: &str, rows: &[ThreadRow]) -> Result<EntryId, Failure> {
    let fits: Vec<_> =
        rows.iter().map(|row| row.entry).filter(|id| begins(&id.to_string(), name)).collect();
    match fits.as_slice() {
        [one] => Ok(*one),
        [] => Err(Failure::UnknownEntry(name.to_owned())),
        many => Err(Failure::Ambiguous {
            what: name.to_owned(),
            fits: many.iter().map(ToString::to_string).collect(),
        }),
    }
}

/// The invite whose id is, or begins with, `name`.
pub(crate) fn invite<'a>(name: &str, rows: &'a [InviteRow]) -> Result<&'a InviteRow, Failure> {
    let fits: Vec<_> = rows.iter().filter(|row| begins(&row.invite.to_string(), name)).collect();
    match fits.as_slice() {
        [one] => Ok(one),
        [] => Err(Failure::UnknownInvite(name.to_owned())),
        many => Err(Failure::Ambiguous {
            what: name.to_owned(),
            fits: many.iter().map(|row| row.invite.to_string()).collect(),
        }),
    }
}

/// The person that `name` names: by their whole id, else their exact name, else the start of the id.
pub(crate) fn person<'a>(name: &str, rows: &'a [MemberRow]) -> Result<&'a MemberRow, Failure> {
    let id = |row: &MemberRow| row.author.person.to_string();
    let whole = rows.iter().find(|row| id(row).eq_ignore_ascii_case(name));
    let named: Vec<_> =
        rows.iter().filter(|row| !name.is_empty() && row.author.name == name).collect();
    let begun: Vec<_> = rows.iter().filter(|row| begins(&id(row), name)).collect();
    let fits = if named.is_empty() { begun } else { named };
    match (whole, fits.as_slice()) {
        (Some(row), _) => Ok(row),
        (None, [row]) => Ok(row),
        (None, []) => Err(Failure::UnknownPerson(name.to_owned())),
        (None, many) => Err(Failure::Ambiguous {
            what: name.to_owned(),
            fits: many
                .iter()
                .map(|row| format!("{} ({})", row.author.person, plain::line(&row.author.name)))
                .collect(),
        }),
    }
}

/// The device of a person whose key is, or begins with, `name`.
pub(crate) fn device(name: &str, member: &MemberRow) -> Result<DeviceKey, Failure> {
    let theirs = member.devices.iter().map(|row| row.device);
    let fits: Vec<_> = theirs.filter(|device| begins(&device.to_string(), name)).collect();
    match fits.as_slice() {
        [one] => Ok(*one),
        [] => Err(Failure::UnknownDevice(name.to_owned())),
        many => Err(Failure::Ambiguous {
            what: name.to_owned(),
            fits: many.iter().map(ToString::to_string).collect(),
        }),
    }
}

fn begins(id: &str, name: &str) -> bool {
    name.len() >= FEWEST
        && id.get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name))
}

#[cfg(test)]
mod tests {
    use tandem_proto::ThreadId;

    use super::*;

    fn row(id: u8, title: &str) -> InboxRow {
        InboxRow { title: title.to_owned(), ..InboxRow::blank(ThreadId::new([id; 20])) }
    }

    #[test]
    fn a_thread_is_found_by_id_by_its_first_letters_and_by_title() {
        let rows = [row(0, "Maya"), row(255, "Leo")];
        let id = rows[1].thread.to_string();
        for name in [&id[..], &id[..4], &id[..8].to_uppercase(), "Leo"] {
            assert_eq!(thread(name, &rows, &[]).map(|row| row.thread).ok(), Some(rows[1].thread));
        }
        assert!(matches!(thread(&id[..3], &rows, &[]), Err(Failure::UnknownThread(_))));
        assert!(matches!(thread("leo", &rows, &[]), Err(Failure::UnknownThread(_))));
    }

    #[test]
    fn two_threads_of_one_title_are_told_apart_by_id_only() {
        let rows = [row(0, "Maya"), row(255, "Maya")];
        assert!(matches!(thread("Maya", &rows, &[]), Err(Failure::Ambiguous { .. })));
        let id = rows[0].thread.to_string();
        assert_eq!(thread(&id, &rows, &[]).map(|row| row.thread).ok(), Some(rows[0].thread));
    }
}
