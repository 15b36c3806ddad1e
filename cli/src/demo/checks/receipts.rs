//! What the relay signed.

use std::collections::BTreeSet;

use tandem_proto::ItemHash;

use super::{
    super::{ledger::Ledger, trip::Trip},
    Finding,
};
use crate::error::Failure;

/// Every own entry has a receipt, and each receipt's signature holds, without the relay's help.
/// Also returns the envelopes that they are for.
pub(super) async fn verified(
    trip: &Trip,
    ledger: &Ledger,
) -> Result<(Finding, Vec<ItemHash>), Failure> {
    let (mut wrong, mut hashes, mut count) = (Vec::new(), BTreeSet::new(), 0);
    for copy in &ledger.copies {
        let receipts = trip.devices[copy.device].receipts(trip.threads[copy.family]).await?;
        let name = trip.name(copy.device);
        count += receipts.len();
        let invalid = receipts.iter().filter(|receipt| !receipt.verified);
        wrong.extend(invalid.map(|receipt| format!("{name}'s receipt of {}", receipt.entry)));
        let has: BTreeSet<_> = receipts.iter().map(|receipt| receipt.entry).collect();
        let without = copy.rows.iter().filter(|row| row.mine && !has.contains(&row.entry));
        wrong.extend(without.map(|row| format!("{name} has no receipt of {}", row.entry)));
        hashes.extend(receipts.iter().map(|receipt| receipt.envelope));
    }
    let said = format!(
        "{count} receipts of {} envelopes, one for each own entry: every signature holds offline",
        hashes.len()
    );
    Ok((Finding::unless(&wrong, "receipts", said), hashes.into_iter().collect()))
}
