//! The drill: a guardian's phone is lost, the other guardian lets the new one in, and the lost one
//! turns up in somebody else's hands.

use tandem_engine::{Answer, Delivery, Intent, StuckReason};
use tandem_proto::PersonId;
use tokio::time::Instant;

use super::super::{
    cast::TEACHER,
    former::Former,
    texts::{self, about},
    trip::Trip,
};
use crate::{error::Failure, home::unexpected, words::count};

pub(super) async fn play(trip: &mut Trip) -> Result<(), Failure> {
    trip.stage.chapter("A phone is lost")?;
    let pair = |at: &usize| trip.families[*at].supported && trip.families[*at].guardians.len() == 2;
    let Some(family) = (0..trip.families.len()).rfind(pair) else {
        return Err(Failure::Client("no family has two phones and a specialist".to_owned()));
    };
    let (co, owner) = (trip.families[family].guardians[0], trip.families[family].guardians[1]);
    trip.devices[owner].set_signal(false)?;
    trip.devices[owner].switch_off().await;
    trip.tell(TEACHER, family, &[texts::MISSING]).await?;
    let reads = async || trip.shows_the_same(&trip.devices[co], TEACHER, family).await;
    trip.until("the other guardian reads it", reads).await?;
    trip.stage.line(&format!(
        "{} has lost a phone, without knowing where. {} goes on writing.",
        trip.name(owner),
        trip.name(TEACHER)
    ))?;
    readmit(trip, family, co, owner).await?;
    trip.pause().await;
    trip.stage.chapter("The lost phone turns up")?;
    turns_up(trip, family).await
}

/// The new phone is let in, and has the lost one's place from then on.
async fn readmit(trip: &mut Trip, family: usize, co: usize, owner: usize) -> Result<(), Failure> {
    let begun = Instant::now();
    let new = trip.another(owner, "new-phone").await?;
    let link = new.offer().await?;
    let person = person(trip, family, co, owner).await?;
    match trip.devices[co].perform(Intent::Readmit { person, link }).await? {
        Answer::TakingUp(_) => {}
        other => return Err(unexpected(&other)),
    }
    let back = async || trip.shows_the_same(&new, co, family).await;
    trip.until("the new phone has everything", back).await?;
    let (history, entries) =
        (begun.elapsed().as_secs_f64(), new.rows(trip.threads[family]).await?.1.len());
    let name = trip.name(owner);
    let lost = std::mem::replace(&mut trip.devices[owner], new);
    let mut former = Former::new(lost, format!("{name}'s lost phone"), owner);
    former.out_since = Some(trip.kept.len());
    trip.formers.push(former);
    trip.post(owner, family, "message", &[("text", texts::BACK)]).await?;
    let begun_writing = Instant::now();
    let all = if trip.rest().await? { "everybody" } else { "not everybody" };
    let heard = history + begun_writing.elapsed().as_secs_f64();
    trip.stage.line(&format!(
        "{name} has a new one, whose link {} follows. The drill took {heard:.1} s: {history:.1} s after \
         the new phone\nwas first switched on it had all {entries} entries, then {all} read what \
         {name} wrote on it. No phrase,\nno password.",
        trip.name(co)
    ))
}

/// The person as the other guardian's phone knows them.
async fn person(trip: &Trip, family: usize, co: usize, owner: usize) -> Result<PersonId, Failure> {
    let members = trip.devices[co].members(trip.threads[family]).await?;
    let named = members.iter().find(|member| member.author.name == trip.name(owner));
    let gone = || Failure::Client(format!("{} is not in the thread", trip.name(owner)));
    named.map(|member| member.author.person).ok_or_else(gone)
}

/// Whoever found it writes before it has signal, and looks while everybody goes on.
async fn turns_up(trip: &mut Trip, family: usize) -> Result<(), Failure> {
    let [co, owner] = [0, 1].map(|at| trip.families[family].guardians[at]);
    let Some(at) = trip.formers.iter().position(|former| former.owner == owner) else {
        return Err(Failure::Client("no phone was lost".to_owned()));
    };
    trip.tell(co, family, &texts::WELCOME_BACK[..1]).await?;
    trip.rest().await?;
    let thread = trip.threads[family];
    let text = about(texts::THIEF, trip.families[family].child);
    let (lost, kind) = (&mut trip.formers[at].device, "message".to_owned());
    lost.switch_on().await?;
    let before = lost.rows(thread).await?.1.len();
    let fields = [("text".to_owned(), text.clone())].into_iter().collect();
    let posted = lost.perform(Intent::Post { thread, kind, fields, answers: None }).await?;
    let Answer::Said(entry, _) = posted else { return Err(unexpected(&posted)) };
    trip.said.push(text);
    lost.set_signal(true)?;
    lost.client()?.sync_once(trip.pace.patience).await?;
    // It is in touch while more is said.
    trip.tell(TEACHER, family, &texts::WELCOME_BACK[1..]).await?;
    trip.rest().await?;
    let former = &mut trip.formers[at];
    former.wrote = Some((family, entry.to_string()));
    former.device.client()?.sync_once(trip.pace.patience).await?;
    let (_, rows) = former.device.rows(thread).await?;
    let own = rows.iter().find(|row| row.entry == entry);
    let state = match own.and_then(|row| row.delivery.as_ref()) {
        Some(Delivery::Stuck { reason: StuckReason::Removed, .. }) => {
            "it does not leave that phone"
        }
        Some(Delivery::Stuck { .. }) => "it is stuck",
        _ => "it has left that phone",
    };
    let between = u32::try_from(rows.len().saturating_sub(before + 1)).unwrap_or(u32::MAX);
    trip.stage.line(&format!(
        "Whoever found it writes in the name of {}: {state}. It still gets what was said\nuntil the \
         new phone was in, {}, and stays connected while more is said.",
        trip.name(owner),
        count(between, "entry", "entries"),
    ))
}
