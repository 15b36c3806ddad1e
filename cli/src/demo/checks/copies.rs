//! What the devices show, side by side.

use std::collections::BTreeSet;

use super::{
    super::{
        ledger::{Copy, Ledger, with_others},
        trip::Trip,
    },
    Finding,
};

/// All devices of a thread show the same entries, with the same fields, authors and remarks, in the
/// same order.
pub(super) fn equal(trip: &Trip, ledger: &Ledger) -> Finding {
    let wrong = ledger.differing().into_iter().map(|(device, family)| {
        format!("{}'s copy of {}", trip.name(device), trip.families[family].child)
    });
    let wrong: Vec<_> = wrong.collect();
    let rows: usize = ledger.copies.iter().map(|copy| copy.rows.len()).sum();
    let said = format!(
        "{} copies of {} threads, {rows} rows: same entries, fields, authors and order",
        ledger.copies.len(),
        trip.threads.len()
    );
    Finding::unless(&wrong, "rows", said)
}

/// Whatever was answered for is in every copy.
pub(super) fn nothing_lost(trip: &Trip, ledger: &Ledger) -> Finding {
    let ids = |copy: &Copy| copy.rows.iter().map(|row| row.entry.to_string()).collect();
    let mut wrong = Vec::new();
    for copy in &ledger.copies {
        let ids: BTreeSet<String> = ids(copy);
        let kept = trip.kept.iter().filter(|kept| kept.family == copy.family);
        wrong.extend(kept.filter(|kept| !ids.contains(&kept.entry)).map(|kept| {
            let child = trip.families[copy.family].child;
            format!("{} of {child} is not on {}'s device", kept.entry, trip.name(copy.device))
        }));
    }
    let count = ledger.own().count();
    if count != trip.kept.len() {
        wrong.push(format!("{count} entries are here, {} were written", trip.kept.len()));
    }
    let said =
        format!("each of {} entries written is on every device of its thread", trip.kept.len());
    Finding::unless(&wrong, "kept", said)
}

/// Steps that two moved at once stand at the furthest of both, everywhere.
pub(super) fn steps(trip: &Trip, ledger: &Ledger) -> Finding {
    let paired = |copy: &&Copy| trip.families[copy.family].guardians.len() == 2;
    let (mut wrong, mut seen) = (Vec::new(), 0);
    for copy in ledger.copies.iter().filter(paired) {
        let home = |name: &str| name == "home";
        let steps = copy.rows.iter().filter(|row| row.fields.get("owner").is_some_and(|o| home(o)));
        for step in steps {
            seen += 1;
            if step.fields.get("state").is_none_or(|state| state != "done") {
                let child = trip.families[copy.family].child;
                wrong.push(format!("{child}'s step on {}'s device", trip.name(copy.device)));
            }
        }
    }
    if seen == 0 {
        wrong.push("there is no such step".to_owned());
    }
    let said =
        format!("steps that two guardians moved at once are done, on {seen} of {seen} copies");
    Finding::unless(&wrong, "steps", said)
}

/// Each inbox names its threads, their people and the last thing said, as the others do.
pub(super) fn inboxes(trip: &Trip, ledger: &Ledger) -> Finding {
    let (mut wrong, mut lines) = (Vec::new(), 0);
    for (device, all) in &ledger.inboxes {
        // Whoever has had two devices has a desk, too.
        let rows: Vec<_> = all.iter().filter(|row| !row.desk).collect();
        let own = trip.families.iter().filter(|family| family.members().contains(device)).count();
        if rows.len() != own {
            wrong.push(format!("{} has {} threads of {own}", trip.name(*device), rows.len()));
        }
        for row in rows {
            lines += 1;
            let Some(family) = trip.threads.iter().position(|thread| *thread == row.thread) else {
                wrong.push(format!("{} has a thread of nobody", trip.name(*device)));
                continue;
            };
            let mut people: Vec<_> =
                row.people.iter().map(|who| (who.name.as_str(), who.role)).collect();
            people.sort_unstable_by_key(|(name, _)| *name);
            let members = trip.families[family].members().into_iter().filter(|at| at != device);
            let mut members: Vec<_> =
                members.map(|at| (trip.name(at), trip.devices[at].person.role)).collect();
            members.sort_unstable_by_key(|(name, _)| *name);
            let newest = ledger.copies.iter().find(|copy| copy.family == family);
            let newest = newest.and_then(|copy| copy.rows.last()).map(|last| last.entry);
            let agrees = row.title == trip.families[family].child
                && people == members
                && row.last.as_ref().map(|last| last.entry) == newest
                && (row.unseen, row.waiting, row.stuck) == (0, 0, 0);
            if !agrees {
                wrong.push(format!("{} in {}'s inbox", row.title, trip.name(*device)));
            }
        }
    }
    let said =
        format!("{lines} inbox rows agree on titles, people and the last thing said; all read");
    Finding::unless(&wrong, "inboxes", said)
}

/// Nothing waits anywhere.
pub(super) fn waiting(trip: &Trip, ledger: &Ledger) -> Finding {
    let waits = ledger
        .waiting
        .iter()
        .map(|(at, row)| format!("{} on {}'s device", row.delivery.name(), trip.name(*at)));
    let joins = ledger.joins.iter().map(|(at, _)| format!("a join on {}'s device", trip.name(*at)));
    let wrong: Vec<_> = waits.chain(joins).collect();
    let said =
        format!("nothing waits in {} outboxes, nobody waits to be let in", trip.devices.len());
    Finding::unless(&wrong, "outboxes", said)
}

/// Each author knows that somebody else has what they wrote.
pub(super) fn states(trip: &Trip, ledger: &Ledger) -> Finding {
    let lagging = ledger.own().filter(|(_, row)| !with_others(row));
    let wrong: Vec<_> = lagging
        .map(|(copy, row)| {
            let state = row.delivery.as_ref().map_or("no state", |state| state.name());
            format!("{} of {} is {state}", row.entry, trip.name(copy.device))
        })
        .collect();
    let seen = |name: &str| {
        let own = ledger.own().filter_map(|(_, row)| row.delivery.as_ref());
        own.filter(|state| state.name() == name).count()
    };
    let said = format!(
        "of {} own entries {} are seen by another person and {} on another's phone",
        ledger.own().count(),
        seen("seen"),
        seen("on_their_phone")
    );
    Finding::unless(&wrong, "states", said)
}
