//! The valley: no signal for the group, while at home life goes on.

use tandem_engine::StepState;
use tokio::time::{Instant, sleep};

use super::super::{
    board,
    cast::{SPECIALIST, TEACHER},
    texts,
    trip::{HILLS, Trip},
};
use crate::{error::Failure, words::count};

pub(super) async fn play(trip: &mut Trip) -> Result<(), Failure> {
    trip.stage.chapter("The valley: the group has no signal")?;
    let entered = Instant::now();
    for at in [TEACHER, SPECIALIST] {
        trip.devices[at].set_signal(false)?;
        trip.devices[at].line.set_quality(HILLS);
    }
    for family in 0..trip.families.len() {
        trip.tell(TEACHER, family, &texts::FROM_THE_VALLEY).await?;
        if trip.families[family].supported {
            trip.tell(SPECIALIST, family, &[texts::SUPPORT]).await?;
        }
        let guardian = trip.families[family].guardians[0];
        trip.tell(guardian, family, &texts::MEANWHILE).await?;
    }
    trip.stage.line(&format!(
        "{} wrote to all ten families about their children; each family wrote too.",
        trip.name(TEACHER)
    ))?;
    two_at_once(trip).await?;
    let left = trip.pace.valley.saturating_sub(entered.elapsed());
    sleep(left).await;
    let waits = trip.devices[TEACHER].waiting().await?.len();
    let waits = count(u32::try_from(waits).unwrap_or(u32::MAX), "thing waits", "things wait");
    trip.stage.line(&format!("{waits} on {}'s phone.", trip.name(TEACHER)))?;
    board::show(trip).await?;
    trip.pause().await;
    Ok(())
}

/// Both guardians of each family with two phones move the same step, neither knowing of the other;
/// the school tries too.
async fn two_at_once(trip: &mut Trip) -> Result<(), Failure> {
    let pairs = (0..trip.families.len()).filter(|at| trip.families[*at].guardians.len() == 2);
    let pairs: Vec<usize> = pairs.collect();
    let both = |family: usize| trip.families[family].guardians.clone();
    for guardian in pairs.iter().flat_map(|family| both(*family)) {
        trip.devices[guardian].set_signal(false)?;
    }
    let (mut moved, mut refused) = (0, 0);
    for family in &pairs {
        let (_, rows) = trip.devices[TEACHER].rows(trip.threads[*family]).await?;
        let home = rows.iter().find(|row| {
            row.kind == "step" && row.fields.get("owner").is_some_and(|owner| owner == "home")
        });
        let Some(step) = home.map(|row| row.entry) else { continue };
        let guardians = both(*family);
        trip.step(guardians[0], *family, step, StepState::Doing).await?;
        trip.step(guardians[1], *family, step, StepState::Done).await?;
        moved += 1;
        if let Err(Failure::Trouble(why)) =
            trip.step(TEACHER, *family, step, StepState::Dropped).await
        {
            if refused == 0 {
                trip.stage.line(&format!(
                    "{} tries to drop a step of home: {why}.",
                    trip.name(TEACHER)
                ))?;
            }
            refused += 1;
        }
    }
    for guardian in pairs.iter().flat_map(|family| both(*family)) {
        trip.devices[guardian].set_signal(true)?;
    }
    trip.stage.line(&format!(
        "In {moved} families both guardians moved the same step at once, to doing and to done."
    ))?;
    let holds = moved == pairs.len() && refused == moved;
    let said =
        format!("{refused} of {moved} tries of the school to move a step of home were refused");
    trip.found.push(super::super::Finding { name: "authority", holds, said });
    Ok(())
}
