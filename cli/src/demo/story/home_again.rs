//! Home again: everybody in touch, everybody reads, everything comes to rest.

use tokio::time::Instant;

use super::super::{
    board,
    trip::{TOWN, Trip},
};
use crate::error::Failure;

pub(super) async fn play(trip: &mut Trip) -> Result<(), Failure> {
    trip.stage.chapter("Home again")?;
    let begun = Instant::now();
    for device in &trip.devices {
        device.line.set_quality(TOWN);
        device.set_signal(true)?;
    }
    let took = |begun: Instant| begun.elapsed().as_secs_f64();
    if trip.rest().await? {
        trip.stage.line(&format!(
            "Everybody has everything and has read it, after {:.1} s.",
            took(begun)
        ))?;
    } else {
        trip.stage.line(&format!("After {:.1} s it has not come to rest.", took(begun)))?;
    }
    board::show(trip).await
}
