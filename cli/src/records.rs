//! Threads as they go into a file, for whoever has a right to a copy. The format is promised in
//! `docs/cli-json.md`.

use serde_json::{Value, json};
use tandem_engine::{Author, Delivery, ExportedRow, ThreadExport};
use tandem_proto::{DeviceKey, Timestamp};

use crate::{shapes, words::Names};

/// What such a file says it is.
const FORMAT: &str = "tandem-records";
const VERSION: u32 = 1;

/// The whole file.
pub(crate) fn document(threads: &[ThreadExport], names: &Names, now: Timestamp) -> Value {
    json!({
        "format": FORMAT,
        "version": VERSION,
        "written": now.0,
        "threads": threads.iter().map(|all| thread(all, names)).collect::<Vec<_>>(),
    })
}

fn thread(all: &ThreadExport, names: &Names) -> Value {
    json!({
        "thread": all.thread.to_string(),
        "title": all.title,
        "written_by": author(&all.by, Some(all.device)),
        "as_of": all.as_of.map(|at| at.0),
        "members": all.members.iter().map(shapes::member).collect::<Vec<_>>(),
        "entries": all.entries.iter().map(|row| entry(row, names)).collect::<Vec<_>>(),
        "events": all.events.iter().map(event).collect::<Vec<_>>(),
        "kept_out": {
            "after_removal": all.kept_out.after_removal,
            "by_records": all.kept_out.by_records,
            "unread": all.kept_out.unread,
        },
    })
}

fn author(who: &Author, device: Option<DeviceKey>) -> Value {
    json!({
        "person": who.person.to_string(),
        "name": who.name,
        "role": who.role.to_string(),
        "device": device.map(|device| device.to_string()),
    })
}

fn entry(of: &ExportedRow, names: &Names) -> Value {
    let row = &of.row;
    json!({
        "entry": row.entry.to_string(),
        "kind": row.kind,
        "author": author(&row.author, of.device),
        "at": row.at.0,
        "answers": row.answers.map(|entry| entry.to_string()),
        "text": of.text,
        "fields": row.fields,
        "remarks": row.remarks.iter().map(|remark| shapes::remark(remark, names)).collect::<Vec<_>>(),
        "state": row.delivery.as_ref().map(Delivery::name),
    })
}

/// As anywhere, but for who made it so: a copy names the device, and has no reader.
fn event(of: &ExportedRow) -> Value {
    let mut event = shapes::event(&of.row);
    if let Some(event) = event.as_object_mut() {
        event.insert("by".to_owned(), author(&of.row.author, of.device));
        event.remove("mine");
    }
    event
}
