//! The teacher's old tablet: it is let in by the phone, and taken out when it is given away.

use tandem_engine::{Answer, Intent};
use tokio::time::Instant;

use super::super::{cast::TEACHER, former::Former, texts, trip::Trip};
use crate::{error::Failure, home::unexpected};

/// The phone lets it in; then it stays in the classroom.
pub(super) async fn comes(trip: &mut Trip) -> Result<(), Failure> {
    trip.stage.chapter("The teacher's old tablet")?;
    let mut tablet = trip.another(TEACHER, "old-tablet").await?;
    let link = tablet.offer().await?;
    match trip.devices[TEACHER].perform(Intent::AddDevice { link }).await? {
        Answer::TakingUp(_) => {}
        other => return Err(unexpected(&other)),
    }
    let took = trip
        .until("the tablet is in every thread", async || caught_up(trip, &tablet).await)
        .await?;
    let mut entries = 0;
    for thread in &trip.threads {
        entries += tablet.rows(*thread).await?.1.len();
    }
    tablet.perform(Intent::MarkSeen { thread: trip.threads[0], entries: None }).await?;
    let name = trip.name(TEACHER);
    trip.stage.line(&format!(
        "{name} lets it in from the phone, by the link that it shows: {:.1} s later it is in all {} \
         threads\nand shows the {entries} entries that the phone shows. {name} reads {}'s thread on it \
         and leaves\nit in the classroom, switched off.",
        took.as_secs_f64(),
        trip.threads.len(),
        trip.families[0].child,
    ))?;
    tablet.set_signal(false)?;
    tablet.switch_off().await;
    trip.formers.push(Former::new(tablet, format!("{name}'s old tablet"), TEACHER));
    trip.pause().await;
    Ok(())
}

/// It is connected while the phone takes it out of every thread, and while everybody goes on.
pub(super) async fn goes(trip: &mut Trip) -> Result<(), Failure> {
    trip.stage.chapter("The old tablet is given away")?;
    let Some(at) = trip.formers.iter().position(|former| former.owner == TEACHER) else {
        return Err(Failure::Client("there is no old tablet".to_owned()));
    };
    trip.formers[at].device.switch_on().await?;
    let tablet = &trip.formers[at].device;
    tablet.set_signal(true)?;
    trip.until("the tablet has caught up", async || caught_up(trip, tablet).await).await?;
    let begun = Instant::now();
    let (phone, device) = (&trip.devices[TEACHER], tablet.key().await?);
    let (inbox, _) = phone.inbox().await?;
    let mut threads = 0;
    for thread in inbox.iter().map(|row| row.thread) {
        let members = phone.members(thread).await?;
        let has = |member: &&tandem_engine::MemberRow| {
            member.devices.iter().any(|row| row.device == device)
        };
        let Some(member) = members.iter().find(has) else { continue };
        let person = member.author.person;
        phone.perform(Intent::Remove { thread, person, device: Some(device) }).await?;
        threads += 1;
    }
    let done = async || Ok(phone.waiting().await?.is_empty());
    trip.until("the tablet is taken out", done).await?;
    let took = begun.elapsed().as_secs_f64();
    trip.formers[at].out_since = Some(trip.kept.len());
    for family in 0..trip.families.len() {
        trip.tell(TEACHER, family, &[texts::AFTERWARDS]).await?;
    }
    trip.rest().await?;
    trip.formers[at].device.client()?.sync_once(trip.pace.patience).await?;
    trip.stage.line(&format!(
        "Switched on, it catches up with the trip. {}'s phone takes it out of {threads} threads, among \
         them\nthe desk that the two shared; {took:.1} s. Then {0} writes to all ten families, with the \
         tablet still\nconnected.",
        trip.name(TEACHER)
    ))
}

/// Whether the tablet shows what the phone shows, in all threads.
async fn caught_up(trip: &Trip, tablet: &super::super::device::Device) -> Result<bool, Failure> {
    for family in 0..trip.families.len() {
        if !trip.shows_the_same(tablet, TEACHER, family).await? {
            return Ok(false);
        }
    }
    Ok(true)
}
