//! The ridge: a few seconds of signal, in which everything that waits leaves.

use std::time::Duration;

use tokio::time::{Instant, sleep};

use super::super::{
    Finding, board,
    cast::{SPECIALIST, TEACHER},
    trip::Trip,
};
use crate::error::Failure;

pub(super) async fn play(trip: &mut Trip) -> Result<(), Failure> {
    trip.stage.chapter("The ridge: a few seconds of signal")?;
    let group = [TEACHER, SPECIALIST];
    let waited = waiting(trip, &group).await?;
    let (begun, before) = (Instant::now(), carried(trip, &group));
    for at in group {
        trip.devices[at].set_signal(true)?;
    }
    let mut left = waited;
    while left > 0 && begun.elapsed() < trip.pace.signal {
        sleep(Duration::from_millis(25)).await;
        left = waiting(trip, &group).await?;
        trip.stage.progress(&format!("{left} of {waited} still wait"))?;
    }
    let took = begun.elapsed().as_secs_f64();
    // Long enough for what comes the other way, as far as it goes.
    sleep(trip.pace.pause).await;
    for at in group {
        trip.devices[at].set_signal(false)?;
    }
    let after = carried(trip, &group);
    let said = format!(
        "{} of {waited} things that waited with the group left within {took:.1} s of signal",
        waited - left
    );
    trip.stage.line(&format!(
        "{said}: {} bytes up, {} down, {} datagrams of which {} were lost.",
        after.up - before.up,
        after.down - before.down,
        after.sent - before.sent,
        after.lost - before.lost
    ))?;
    trip.found.push(Finding { name: "ridge", holds: left == 0 && waited > 0, said });
    board::show(trip).await?;
    trip.pause().await;
    Ok(())
}

async fn waiting(trip: &Trip, devices: &[usize]) -> Result<usize, Failure> {
    let mut waiting = 0;
    for at in devices {
        waiting += trip.devices[*at].waiting().await?.len();
    }
    Ok(waiting)
}

fn carried(trip: &Trip, devices: &[usize]) -> super::super::line::Carried {
    devices.iter().map(|at| trip.devices[*at].line.carried()).sum()
}
