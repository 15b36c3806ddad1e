//! Whether the new phone has everything, and whether who is out hears nothing and knows it.

use std::collections::BTreeSet;

use tandem_engine::{Event, ThreadRow};

use super::{
    super::{
        former::Former,
        ledger::{Copy, Ledger},
        trip::Trip,
    },
    Finding,
};
use crate::error::Failure;

/// All three.
pub(super) async fn all(trip: &Trip, ledger: &Ledger) -> Result<Vec<Finding>, Failure> {
    Ok(vec![history(trip, ledger), silence(trip, ledger).await?, out(trip).await?])
}

/// Whoever was let in again has every entry that the other guardian has, also those from before.
fn history(trip: &Trip, ledger: &Ledger) -> Finding {
    let entries = |copy: &Copy| -> BTreeSet<String> {
        copy.rows.iter().map(|row| row.entry.to_string()).collect()
    };
    let (mut wrong, mut counted, mut phones) = (Vec::new(), 0, 0);
    let replaced =
        |copy: &&Copy| trip.formers.iter().any(|f| f.owner == copy.device && home(trip, f));
    for copy in ledger.copies.iter().filter(replaced) {
        phones += 1;
        let here = entries(copy);
        let others = ledger.copies.iter().filter(|other| {
            other.family == copy.family
                && other.device != copy.device
                && trip.families[copy.family].guardians.contains(&other.device)
        });
        for other in others {
            let there = entries(other);
            counted += there.len();
            let missing = there.difference(&here);
            wrong.extend(
                missing.map(|entry| {
                    format!("{entry} is not on {}'s new phone", trip.name(copy.device))
                }),
            );
        }
    }
    if counted == 0 {
        wrong.push("there is nothing to have".to_owned());
    }
    let said = format!(
        "{phones} new phone of somebody whose phone was lost has each of the {counted} entries that \
         the other guardian has"
    );
    Finding::unless(&wrong, "history", said)
}

/// Whether it was a phone from home.
fn home(trip: &Trip, former: &Former) -> bool {
    trip.guardians().contains(&former.owner)
}

/// Nothing that was said after a device was out is on it, and what was written on it is nowhere else.
async fn silence(trip: &Trip, ledger: &Ledger) -> Result<Finding, Failure> {
    let (mut wrong, mut looked, mut named) = (Vec::new(), 0, Vec::new());
    for former in &trip.formers {
        let mut said_since = 0;
        for family in former.families(trip) {
            let since = former.said_since(trip, family);
            said_since += since.len();
            let shown = former.shown(trip.threads[family]).await?;
            let child = trip.families[family].child;
            let heard = since.intersection(&shown);
            wrong.extend(heard.map(|entry| format!("{entry} of {child} is on {}", former.called)));
        }
        if said_since == 0 {
            wrong.push(format!("nothing was said after {} was out", former.called));
        }
        looked += said_since;
        named.push(former.called.as_str());
        let Some((family, entry)) = &former.wrote else { continue };
        let heard = ledger
            .copies
            .iter()
            .filter(|copy| copy.family == *family)
            .filter(|copy| copy.rows.iter().any(|row| row.entry.to_string() == *entry));
        wrong.extend(heard.map(|copy| {
            format!("what was written on {} is on {}'s", former.called, trip.name(copy.device))
        }));
    }
    let said = format!(
        "of {looked} entries that were said after it was out, none is on {}; nor is what was written \
         on the lost phone anywhere else",
        named.join(" or ")
    );
    Ok(Finding::unless(&wrong, "silence", said))
}

/// Each device that is out shows it: it is not among those that hold keys, a row says who took it
/// out, and what was written on it is stuck for that reason.
async fn out(trip: &Trip) -> Result<Finding, Failure> {
    let (mut wrong, mut threads) = (Vec::new(), 0);
    for former in &trip.formers {
        let key = former.device.key().await?;
        for family in former.families(trip) {
            threads += 1;
            let thread = trip.threads[family];
            let child = trip.families[family].child;
            let members = former.device.members(thread).await?;
            if members.iter().flat_map(|member| &member.devices).any(|row| row.device == key) {
                wrong.push(format!("{} believes that it is in {child}'s thread", former.called));
            }
            let person = members.iter().find(|member| member.mine);
            let person = person.map(|member| member.author.person.to_string());
            let events = former.device.events(thread).await?;
            let tells = |row: &ThreadRow| {
                let has =
                    |field: &str, value: &str| row.fields.get(field).is_some_and(|v| v == value);
                has("event", Event::DeviceRemoved.name()) && has("device", &key.to_string())
                    || has("event", Event::CameBack.name())
                        && person.as_ref().is_some_and(|person| has("person", person))
            };
            if !events.iter().any(tells) {
                wrong.push(format!("{} has no row of it in {child}'s thread", former.called));
            }
        }
        let Some((family, entry)) = &former.wrote else { continue };
        let (_, rows) = former.device.rows(trip.threads[*family]).await?;
        let stuck = tandem_engine::StuckReason::Removed;
        let is_stuck = |row: &ThreadRow| {
            row.entry.to_string() == *entry
                && matches!(&row.delivery, Some(tandem_engine::Delivery::Stuck { reason, .. }) if *reason == stuck)
        };
        if !rows.iter().any(is_stuck) {
            wrong.push(format!("what was written on {} is not stuck", former.called));
        }
    }
    let said = format!(
        "{} devices that are out show it in {threads} copies: by a row, and by who holds keys; what \
         was written on the lost one is stuck",
        trip.formers.len()
    );
    Ok(Finding::unless(&wrong, "out", said))
}
