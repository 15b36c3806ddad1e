//! `tandem device offer`, `tandem device add`, `tandem device list` and `tandem device renew`

use std::sync::Arc;

use clap::{Args, Subcommand};
use serde_json::json;
use tandem_engine::{Answer, Intent, OfferState};
use tandem_proto::{DeviceLink, TandemLink};

use super::invite::square;
use crate::{
    clock,
    error::Failure,
    home::{Home, unexpected},
    out::Done,
    rows, shapes, words,
};

const EXAMPLES: &str = "\
Examples:
  tandem device offer                                on the new phone: a link and a QR code
  tandem device add tandem://device/...              on the old one, which follows it
  tandem device list                                 what waits, on either
  tandem device renew                                new keys for this phone

The new phone needs a home of its own first (`tandem init`, with any name): it becomes yours, with
your name and role, when the old phone lets it into your threads. Whoever follows the link makes it a
device of theirs: show it to nobody but yourself. It holds for 24 hours, and once. Each step works
without signal and leaves with the next sync: first of the new phone, then of the old, then of the
new.

A phone that is lost can't follow a link: somebody who is in your threads does, with
`tandem readmit`.";

/// What can be done about the devices of one person.
#[derive(Debug, Subcommand)]
#[command(after_help = EXAMPLES)]
pub(crate) enum Device {
    /// Offer this phone, which is in no thread yet, to be let in; prints a link and a QR code
    Offer(Offer),
    /// Let another phone of yours into all your threads, by the link that it shows
    Add(Add),
    /// Show this phone's offer, and the phones that it lets in
    List(List),
    /// Make new keys for this phone; it does so by itself every 90 days
    Renew(Renew),
}

/// Offers this phone to be let in.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Offer {}

/// Lets another phone of yours into all your threads.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Add {
    /// The link that the other phone shows
    link: String,
}

/// Shows what waits.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct List {}

/// Makes new keys for this phone.
///
/// Its place in each thread's group, and the key by which the relay knows it; not the one that signs
/// what you say. The old ones are used until every thread has read of the new ones: sync until
/// `tandem doctor` says so. Whoever had a copy of the old ones is shut out then, as far as they had no
/// other.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Renew {}

impl Device {
    pub(crate) async fn run(self, home: Arc<Home>) -> Result<Done, Failure> {
        match self {
            Self::Offer(Offer {}) => offer(&home).await,
            Self::Add(Add { link }) => {
                let link = device_link(&link)?;
                take_up(&home, Intent::AddDevice { link }).await
            }
            Self::List(List {}) => list(&home).await,
            Self::Renew(Renew {}) => renew(&home).await,
        }
    }
}

async fn offer(home: &Home) -> Result<Done, Failure> {
    let row = match home.perform(Intent::OfferDevice).await? {
        Answer::Offered(row) => row,
        other => return Err(unexpected(&other)),
    };
    let now = clock::now();
    let text = match row.state {
        OfferState::Open => {
            let link = row.link.to_string();
            format!(
                "{}\nThis link lets this phone in, until {}:\n\n{link}\n\nYour other phone runs \
                 `tandem device add LINK`. If it is lost, somebody who has seen you and is in your \
                 threads runs `tandem readmit NAME LINK`.\nShow it to nobody else: whoever follows it \
                 makes this phone theirs. Then `tandem sync --once` here.",
                square(&link),
                clock::moment(row.until, now)
            )
        }
        _ => rows::offer(&row, now),
    };
    Ok(Done::new(shapes::offer(&row), text))
}

async fn list(home: &Home) -> Result<Done, Failure> {
    let (offer, uptakes) = home.offers().await?;
    let (now, names) = (clock::now(), home.names().await?);
    let mut blocks: Vec<String> = offer.iter().map(|row| rows::offer(row, now)).collect();
    blocks.extend(uptakes.iter().map(|row| rows::uptake(row, &names, now)));
    if blocks.is_empty() {
        blocks.push("No phone waits to be let in.".to_owned());
    }
    let document = json!({
        "offer": offer.as_ref().map(shapes::offer),
        "adding": uptakes.iter().map(shapes::uptake).collect::<Vec<_>>(),
    });
    Ok(Done::new(document, blocks.join("\n\n")))
}

async fn renew(home: &Home) -> Result<Done, Failure> {
    match home.perform(Intent::RenewKeys).await? {
        Answer::Renewing(threads) => {
            let document = json!({ "state": "renewing", "threads": threads });
            Ok(Done::new(document, words::renewing(threads)))
        }
        other => Err(unexpected(&other)),
    }
}

/// Takes up an offer, one's own phone's or that of somebody who has lost theirs.
pub(super) async fn take_up(home: &Home, intent: Intent) -> Result<Done, Failure> {
    match home.perform(intent).await? {
        Answer::TakingUp(row) => {
            let text = rows::uptake(&row, &home.names().await?, clock::now());
            Ok(Done::new(shapes::uptake(&row), text))
        }
        other => Err(unexpected(&other)),
    }
}

/// A link as a new phone shows it.
pub(super) fn device_link(text: &str) -> Result<DeviceLink, Failure> {
    match text.parse()? {
        TandemLink::Device(link) => Ok(link),
        TandemLink::Relay(_) | TandemLink::Join(_) | TandemLink::School(_) => {
            Err(Failure::WrongLink(
                "this is no phone's link; `tandem device offer` on the new phone shows one, which begins \
             with tandem://device/",
            ))
        }
    }
}
