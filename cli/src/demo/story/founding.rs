//! Ten threads are founded and everybody is let in, without any two being online together.

use tandem_engine::{Answer, Intent};
use tandem_proto::{InviteLink, Role, ThreadId};

use super::super::{
    cast::{SPECIALIST, TEACHER},
    trip::Trip,
};
use crate::{error::Failure, home::unexpected, words::count};

/// How many times a family looks whether it was let in.
const LOOKS: u32 = 5;

pub(super) async fn play(trip: &mut Trip) -> Result<(), Failure> {
    trip.stage.chapter("Ten threads, founded without signal")?;
    for at in 0..trip.devices.len() {
        trip.devices[at].set_signal(false)?;
    }
    let mut links = Vec::new();
    for family in 0..trip.families.len() {
        let title = trip.families[family].child.to_owned();
        match trip.devices[TEACHER].perform(Intent::FoundThread { title }).await? {
            Answer::Founded(thread) => trip.threads.push(thread),
            other => return Err(unexpected(&other)),
        }
        let thread = trip.threads[family];
        for member in trip.families[family].members() {
            if member != TEACHER {
                let role = trip.devices[member].person.role;
                links.push((member, invite(trip, thread, role).await?));
            }
        }
    }
    let asked = links.len();
    for (member, link) in links {
        trip.devices[member].perform(Intent::Join { link }).await?;
    }
    trip.stage.line(&format!(
        "{} founded {} threads and handed out {asked} links. Everybody has asked to be let in;\nno \
         device has had signal so far.",
        trip.name(TEACHER),
        trip.threads.len(),
    ))?;
    trip.pause().await;
    join(trip).await
}

async fn invite(trip: &Trip, thread: ThreadId, role: Role) -> Result<InviteLink, Failure> {
    match trip.devices[TEACHER].perform(Intent::Invite { thread, role, in_person: false }).await? {
        Answer::Invited(link) => Ok(link),
        other => Err(unexpected(&other)),
    }
}

async fn join(trip: &Trip) -> Result<(), Failure> {
    trip.stage.chapter("Everybody is let in, never online together")?;
    let mut others = trip.guardians();
    others.push(SPECIALIST);
    for look in 1..=LOOKS {
        alone(trip, &others).await?;
        let waiting = joining(trip, &others).await?;
        if waiting == 0 {
            return Ok(());
        }
        if look == 1 {
            let asked = count(waiting, "request is", "requests are");
            trip.stage.line(&format!("Families had signal: {asked} with the relay."))?;
        }
        alone(trip, &[TEACHER]).await?;
        trip.stage.line(&format!("{}'s phone had signal, alone.", trip.name(TEACHER)))?;
        alone(trip, &others).await?;
        let left = joining(trip, &others).await?;
        if left == 0 {
            return trip.stage.line("Families had signal again: everybody is in.");
        }
        trip.stage
            .line(&format!("{} still waiting.", count(left, "request is", "requests are")))?;
    }
    Err(Failure::Client(format!("not everybody was let in after {LOOKS} rounds")))
}

/// Gives these devices signal for one sync, and nobody else.
async fn alone(trip: &Trip, devices: &[usize]) -> Result<(), Failure> {
    for at in devices {
        trip.devices[*at].line.set_signal(true);
    }
    trip.sync(devices).await?;
    for at in devices {
        trip.devices[*at].set_signal(false)?;
    }
    Ok(())
}

async fn joining(trip: &Trip, devices: &[usize]) -> Result<u32, Failure> {
    let mut joining = 0;
    for at in devices {
        let (_, joins) = trip.devices[*at].inbox().await?;
        joining += u32::try_from(joins.len()).unwrap_or(u32::MAX);
    }
    Ok(joining)
}
