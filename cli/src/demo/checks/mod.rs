//! Checks of how it ended: each really looks, and says at what.

mod copies;
mod drill;
mod files;
mod receipts;
mod search;

use tokio::task::JoinSet;

use super::{cast::TEACHER, device::Device, ledger::Ledger, line::Carried, trip::Trip};
use crate::error::Failure;

/// What a check found.
#[derive(Debug, Clone)]
pub(super) struct Finding {
    pub(super) name: &'static str,
    pub(super) holds: bool,
    /// What was looked at, with counts.
    pub(super) said: String,
}

impl Finding {
    /// A finding that holds when nothing was found wrong; else it names the first of what was.
    pub(super) fn unless(wrong: &[String], name: &'static str, said: String) -> Self {
        match wrong.first() {
            None => Self { name, holds: true, said },
            Some(first) => {
                let said = format!("{said}. {} wrong, first: {first}", wrong.len());
                Self { name, holds: false, said }
            }
        }
    }
}

/// Makes them all and prints each; ends the relay and everybody's device.
pub(super) async fn all(mut trip: Trip) -> Result<Vec<Finding>, Failure> {
    trip.stage.chapter("What was checked")?;
    let ledger = Ledger::take(&trip).await?;
    let mut findings = std::mem::take(&mut trip.found);
    findings.push(copies::equal(&trip, &ledger));
    findings.push(copies::nothing_lost(&trip, &ledger));
    findings.push(copies::steps(&trip, &ledger));
    findings.push(copies::inboxes(&trip, &ledger));
    findings.push(copies::waiting(&trip, &ledger));
    findings.push(copies::states(&trip, &ledger));
    let (finding, receipted) = receipts::verified(&trip, &ledger).await?;
    findings.push(finding);
    findings.extend(drill::all(&trip, &ledger).await?);
    let mut closing = JoinSet::new();
    let formers = trip.formers.iter_mut().map(|former| &mut former.device);
    for client in trip.devices.iter_mut().chain(formers).filter_map(Device::take_client) {
        closing.spawn(async move { client.close().await });
    }
    closing.join_all().await;
    // Not asked to stop but killed: what it promised must be on the disk already.
    trip.relay.kill().await?;
    findings.extend(files::all(&trip, &receipted).await?);
    for finding in &findings {
        trip.stage.verdict(finding.holds, finding.name, &finding.said)?;
    }
    sums(&trip, &ledger)?;
    Ok(findings)
}

/// What it took.
fn sums(trip: &Trip, ledger: &Ledger) -> Result<(), Failure> {
    trip.stage.chapter("What it took")?;
    let formers = trip.formers.iter().map(|former| &former.device);
    let all: Carried = trip.devices.iter().chain(formers).map(|d| d.line.carried()).sum();
    let teacher = trip.devices[TEACHER].line.carried();
    let entries = ledger.own().count();
    trip.stage.line(&format!(
        "{} devices, {} of them out in the end, {} threads, {} copies of them, {entries} entries.",
        trip.devices.len() + trip.formers.len(),
        trip.formers.len(),
        trip.threads.len(),
        ledger.copies.len()
    ))?;
    trip.stage.line(&format!(
        "UDP, all devices: {} up, {} down, {} datagrams of which {} were lost.\n{}'s phone: {} \
         up, {} down, {} datagrams of which {} were lost.",
        kilobytes(all.up),
        kilobytes(all.down),
        all.sent,
        all.lost,
        trip.name(TEACHER),
        kilobytes(teacher.up),
        kilobytes(teacher.down),
        teacher.sent,
        teacher.lost
    ))?;
    trip.stage.line(&format!("{:.1} s.\n", trip.stage.elapsed().as_secs_f64()))
}

/// `12 kB`.
pub(super) fn kilobytes(bytes: u64) -> String {
    format!("{} kB", bytes.div_ceil(1_000))
}
