//! Who has what: one line for each family, in the words that their screens have.

use tandem_engine::{InboxRow, ThreadRow};

use super::{cast::TEACHER, trip::Trip};
use crate::{
    clock,
    error::Failure,
    words::{self, Names},
};

/// Prints the newest entry of each side in each thread and how far it got, each as its author's own
/// device shows it.
pub(super) async fn show(trip: &Trip) -> Result<(), Failure> {
    let head = ["Thread", "Newest from", "Written", "How far it got"];
    let mut table = vec![head.map(str::to_owned).to_vec()];
    for (family, thread) in trip.families.iter().zip(&trip.threads) {
        let school = newest(trip, TEACHER, thread).await?;
        let mut home = None;
        for guardian in &family.guardians {
            home = home.max(newest(trip, *guardian, thread).await?);
        }
        for (at, Newest { cells, .. }) in [school, home].into_iter().flatten().enumerate() {
            let child = if at == 0 { family.child } else { "" };
            table.push([vec![child.to_owned()], cells.to_vec()].concat());
        }
    }
    trip.stage.table(&table)
}

/// Somebody's newest entry: the later one counts.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Newest {
    at: u64,
    cells: [String; 3],
}

async fn newest(
    trip: &Trip,
    device: usize,
    thread: &tandem_proto::ThreadId,
) -> Result<Option<Newest>, Failure> {
    let device = &trip.devices[device];
    let (inbox, _) = device.inbox().await?;
    let Some(row) = inbox.iter().find(|row| row.thread == *thread) else { return Ok(None) };
    let (_, rows) = device.rows(*thread).await?;
    let own = rows.iter().rev().find(|row| row.mine);
    Ok(own.map(|own| {
        let written = format!("{} {}", clock::time(own.at), words::label(&own.kind));
        let cells = [device.person.name.to_owned(), written, state(row, own, &rows)];
        Newest { at: own.at.0, cells }
    }))
}

fn state(inbox: &InboxRow, own: &ThreadRow, rows: &[ThreadRow]) -> String {
    let mut names = Names::of_inbox([inbox]);
    names.add_rows(rows);
    let state = own.delivery.as_ref();
    state.map_or_else(String::new, |state| words::delivery(state, &names, clock::now()))
}
