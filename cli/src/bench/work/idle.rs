//! W8: what a connected device that says nothing takes of the relay's memory.

use std::time::Duration;

use tokio::time::sleep;

use super::{Bench, wire};
use crate::{
    bench::{bare, place::Relay, quic, raw, report::Measured},
    error::Failure,
};

const DEVICES: usize = 1_000;

/// Connected before the first look: what the first few cost is the relay's own.
const FIRST: usize = 20;

/// For what a handshake needs to be given back.
const SETTLE: Duration = Duration::from_secs(2);

/// The one variant.
pub(super) async fn run(bench: &Bench<'_>) -> Result<Vec<Measured>, Failure> {
    let relay = Relay::tandem(&bench.place.folder("w8")).await?;
    let endpoint = quic::endpoint()?;
    let per_device = measure(bench, &relay, async |number| {
        raw::Link::dial(&endpoint, &relay, &raw::Device::new(number)).await
    })
    .await?;
    let metrics = vec![("bytes_per_device", per_device)];
    let floor = match bench.floor("w8").await? {
        None => None,
        Some(relay) => {
            let (endpoint, wire) = (quic::endpoint()?, wire(&relay, None));
            let per_device = measure(bench, &relay, async |_| {
                let mut link = bare::Link::dial(&endpoint, &wire).await?;
                link.ask(100).await?;
                Ok(link)
            })
            .await?;
            Some(vec![("bytes_per_device", per_device)])
        }
    };
    Ok(vec![Measured { work: "W8", variant: "idle_device", runs: 1, metrics, floor }])
}

async fn measure<L>(
    bench: &Bench<'_>,
    relay: &Relay,
    connect: impl AsyncFn(u32) -> Result<L, Failure>,
) -> Result<f64, Failure> {
    let devices = bench.size(DEVICES, 20);
    let settle = if bench.settings.smoke { Duration::from_millis(100) } else { SETTLE };
    let mut links = Vec::new();
    let mut before = 0;
    for number in (0..).take(FIRST + devices) {
        if links.len() == FIRST {
            sleep(settle).await;
            before = relay.resident()?;
        }
        links.push(connect(number).await?);
    }
    sleep(settle).await;
    let grown = relay.resident()?.saturating_sub(before);
    drop(links);
    #[allow(clippy::cast_precision_loss, reason = "a process's memory is far below 2^52")]
    Ok(grown as f64 / devices as f64)
}
