//! A person's devices: a new one offers itself, and a device that is in takes the offer up (ADR 0018).
//!
//! An offer is an invite turned round. The new device shows a link; whoever follows it lets the
//! device into many threads at once, each by a roster link and a welcome of its own, which are those
//! of an invite. So an offer that was taken up is, on one side, an invite for each thread that is
//! used already, and on the other a join for each thread that has asked already.

mod letters;
mod offering;
mod rows;
mod uptake;

pub(crate) use letters::SignedUptake;

#[cfg(test)]
mod tests;
