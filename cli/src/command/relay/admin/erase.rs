//! `tandem relay admin erase`

use std::path::Path;

use clap::Args;
use serde_json::{Value, json};
use tandem_proto::Tombstone;
use tandem_server::{AdminReply, AdminRequest, ThreadLook};

use super::{ask, unexpected};
use crate::{
    clock,
    error::{Failure, OTHER},
    out::Done,
    plain, words,
};

const EXAMPLES: &str = "\
Examples:
  tandem relay admin --data ./relay erase --thread k3x9mq
  tandem relay admin --data ./relay erase --thread k3x9mq --reason 'asked for by the family' --yes

Without --yes nothing is done: it says what there is of the thread. With it, everything that the relay
has of the thread is gone from its files for good, and so is what was set aside there as damaged; a
signed tombstone stays, by which it takes the thread back from nobody, also after a wipe. The reason is
told to the people in it; what their phones hold stays there. Copies and backups of the relay's folder
are yours to remove. While the files are written anew, phones wait.";

/// Erases a thread at this relay, for good.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Erase {
    /// The thread's id; the first letters of it (4 or more) are enough for one that is here
    #[arg(long, value_name = "ID")]
    thread: String,
    /// What the people in the thread are told, in a sentence
    #[arg(long, value_name = "TEXT", default_value = "")]
    reason: String,
    /// Do it; without this it is only said what would be done
    #[arg(long)]
    yes: bool,
}

impl Erase {
    pub(super) fn run(self, data: &Path) -> Result<Done, Failure> {
        if !self.yes {
            return match ask(data, AdminRequest::LookAtThread(self.thread))? {
                AdminReply::Thread(look) => Ok(Done::new(shape(&look), would(&look))),
                other => Err(unexpected(&other)),
            };
        }
        let request = AdminRequest::EraseThread { thread: self.thread, words: self.reason };
        match ask(data, request)? {
            AdminReply::Erased(erased) => {
                let document = json!({
                    "thread": erased.tombstone.thread.to_string(),
                    "items": erased.items,
                    "bytes": erased.bytes,
                    "erased": tombstone(&erased.tombstone),
                    "gone": erased.gone,
                });
                let items = words::count(erased.items, "item", "items");
                let thread = erased.tombstone.thread;
                let text = if erased.gone {
                    format!(
                        "Erased {thread}: {items}, {} bytes, gone from this relay's files. Copies of \
                         its folder elsewhere are yours to remove.",
                        erased.bytes
                    )
                } else {
                    format!(
                        "Erased {thread}: it is refused from here on. But its bytes are still in \
                         this relay's files, for they could not be written anew: look at the log, \
                         free some space, and start the relay again."
                    )
                };
                Ok(Done::new(document, text).exit(if erased.gone { 0 } else { OTHER }))
            }
            other => Err(unexpected(&other)),
        }
    }
}

/// What there is of a thread, for scripts.
fn shape(look: &ThreadLook) -> Value {
    json!({
        "thread": look.thread.to_string(),
        "school": look.school,
        "items": look.items,
        "bytes": look.bytes,
        "devices": look.devices,
        "newest": look.newest.map(|at| at.0),
        "kept_until": look.kept_until.map(|at| at.0),
        "erased": look.erased.as_ref().map(tombstone),
    })
}

fn tombstone(stone: &Tombstone) -> Value {
    json!({ "at": stone.at.0, "because": stone.because.name(), "reason": &*stone.words })
}

fn would(look: &ThreadLook) -> String {
    let now = clock::now();
    if let Some(stone) = &look.erased {
        return format!("{} was erased, {}.", look.thread, clock::moment(stone.at, now));
    }
    let Some(newest) = look.newest else {
        return format!("This relay has nothing of {}. With --yes it never takes it.", look.thread);
    };
    let school = match &look.school {
        Some(school) => format!(" of {}", plain::line(school)),
        None => String::new(),
    };
    format!(
        "{}{school}: {}, {} bytes, {}; the newest came {}. With --yes all of it is erased here, for \
         good. Nothing was done.",
        look.thread,
        words::count(look.items, "item", "items"),
        look.bytes,
        words::count(look.devices, "device", "devices"),
        clock::moment(newest, now),
    )
}
