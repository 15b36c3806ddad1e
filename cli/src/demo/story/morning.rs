//! Before leaving: all three kinds of entries, everybody in touch.

use tandem_engine::StepState;

use super::super::{
    board,
    cast::{SPECIALIST, TEACHER},
    texts::{self, about},
    trip::Trip,
};
use crate::error::Failure;

pub(super) async fn play(trip: &mut Trip) -> Result<(), Failure> {
    trip.stage.chapter("The morning before: messages, concerns, steps")?;
    for device in &trip.devices {
        device.set_signal(true)?;
    }
    for family in 0..trip.families.len() {
        trip.tell(TEACHER, family, &[texts::BEFORE]).await?;
        for guardian in trip.families[family].guardians.clone() {
            trip.tell(guardian, family, &texts::FROM_HOME).await?;
        }
        // Families with two phones have a step at home, for what comes later.
        if trip.families[family].guardians.len() == 2 {
            let fields = [("text", texts::AT_HOME), ("owner", "home"), ("due", "2026-12-01")];
            trip.post(TEACHER, family, "step", &fields).await?;
        }
    }
    concerns(trip).await?;
    trip.stage.line("Everybody has written; everybody reads what comes.")?;
    trip.rest().await?;
    board::show(trip).await?;
    trip.pause().await;
    Ok(())
}

async fn concerns(trip: &mut Trip) -> Result<(), Failure> {
    let last = trip.families.len() - 1;
    let worry = about(texts::WORRY, trip.families[last].child);
    let guardian = trip.families[last].guardians[0];
    trip.post(guardian, last, "concern", &[("what", &worry)]).await?;
    trip.stage.line(&format!("{} has a concern and says so.", trip.name(guardian)))?;
    let supported = (0..trip.families.len()).filter(|at| trip.families[*at].supported);
    for family in supported.collect::<Vec<_>>() {
        let what = about(texts::NOTICED, trip.families[family].child);
        let without = trip.post(SPECIALIST, family, "concern", &[("what", &what)]).await;
        if let (Err(Failure::Trouble(why)), 0) = (without, family) {
            trip.stage.line(&format!("{}, first try: {why}.", trip.name(SPECIALIST)))?;
        }
        let fields = [("what", what.as_str()), ("way_forward", texts::WAY_FORWARD)];
        trip.post(SPECIALIST, family, "concern", &fields).await?;
        let fields = [("text", texts::AT_SCHOOL), ("owner", "school")];
        let step = trip.post(SPECIALIST, family, "step", &fields).await?;
        trip.step(SPECIALIST, family, step, StepState::Doing).await?;
    }
    Ok(())
}
