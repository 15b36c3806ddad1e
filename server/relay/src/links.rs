//! Judges a run of roster links against the roster as it is.

use std::collections::BTreeSet;

use tandem_proto::{
    Item, ItemHash, Placed, Refusal, Roster, RosterLink, RosterLinkError, Statement, ThreadId,
    TransportKey,
};

/// What became of a run of links that a device pushed together.
#[derive(Debug)]
pub(crate) struct Judged {
    /// The roster after the accepted ones; `None` when none was accepted.
    pub(crate) roster: Option<Roster>,
    /// For each link of the run, in its order.
    pub(crate) verdicts: Vec<Result<(), Refusal>>,
}

/// Judges `run` as a whole: its links are accepted when they stand on the chain that counts once
/// all of them were tried, because they extend the head or make a longer chain together, or when
/// they take somebody out (ADR 0014).
///
/// `present` is `None` for a thread that the relay does not have; then nothing is taken before its
/// genesis. `stood` says of a link whether this relay is known to have had it.
pub(crate) fn judge(
    thread: ThreadId,
    present: Option<&Roster>,
    run: &[(ItemHash, Item)],
    by: &TransportKey,
    stood: &dyn Fn(&ItemHash) -> bool,
) -> Judged {
    let mut tried = present.cloned();
    let verdicts: Vec<_> = run
        .iter()
        .map(|(_, item)| match &mut tried {
            Some(roster) => roster.insert(item).map(|_| ()).map_err(refusal),
            None => found(thread, item).map(|roster| tried = Some(roster)),
        })
        .collect();
    let Some(tried) = tried else { return Judged { roster: None, verdicts } };

    let on_chain: BTreeSet<ItemHash> = tried.chain().map(|link| link.hash).collect();
    // A removal made from an old place undoes what whom it takes out did since. Others may show such a
    // link, to a relay that has lost it; its author, only with this relay's receipt for it. Without one
    // it may never have stood, and is made anew where the chain is now.
    // Whoever pushes is known by the roster as it is: an old place may know an older key of theirs only.
    let pusher = present.and_then(|present| present.by_transport(by));
    let author = pusher.or_else(|| tried.by_transport(by)).map(|card| card.device);
    let undoes = present
        .is_some_and(|present| !on_chain.contains(&present.head()) && tried.len() <= present.len());
    let own_removal = |hash: &ItemHash| {
        let link = tried.link(hash);
        link.is_some_and(|l| !l.statement.out().is_empty() && Some(l.author) == author)
            && !stood(hash)
    };
    let stay: Vec<_> = run.iter().filter(|(hash, _)| !own_removal(hash)).cloned().collect();
    if undoes && stay.len() < run.len() {
        // What does not need them is judged without them.
        let stale = |verdict: Result<(), Refusal>| verdict.and(Err(Refusal::StaleLink));
        let others = judge(thread, present, &stay, by, stood);
        let mut others_verdicts = others.verdicts.into_iter();
        let verdicts = run
            .iter()
            .zip(verdicts)
            .map(|((hash, _), verdict)| match own_removal(hash) {
                true => stale(verdict),
                // One for each that stayed.
                false => others_verdicts.next().unwrap_or(Err(Refusal::StaleLink)),
            })
            .collect();
        return Judged { roster: others.roster, verdicts };
    }
    // Once out is out: what takes a device out counts on whichever chain it stands, with what it
    // builds on. Its author makes one that never stood anew instead: it may just have lost against
    // another link.
    let mut kept = on_chain;
    for (hash, _) in run.iter().rev() {
        let link = tried.link(hash);
        let counts = |link: &&Placed| {
            let theirs = Some(link.author) != author || stood(hash);
            !link.statement.out().is_empty() && theirs || kept.contains(hash)
        };
        if let Some(link) = link.filter(counts) {
            kept.extend([*hash, link.previous]);
        }
    }
    let verdicts: Vec<_> = verdicts
        .into_iter()
        .zip(run)
        .map(|(verdict, (hash, _))| match verdict {
            Ok(()) if !kept.contains(hash) => Err(Refusal::StaleLink),
            other => other,
        })
        .collect();
    if verdicts.iter().all(Result::is_err) {
        return Judged { roster: None, verdicts };
    }
    // Losers must leave no trace: a roster restored from the log has never seen them.
    let roster = if verdicts.contains(&Err(Refusal::StaleLink)) {
        replay(thread, present, run, &verdicts)
    } else {
        Some(tried)
    };
    Judged { roster, verdicts }
}

fn replay(
    thread: ThreadId,
    present: Option<&Roster>,
    run: &[(ItemHash, Item)],
    verdicts: &[Result<(), Refusal>],
) -> Option<Roster> {
    let mut roster = present.cloned();
    for ((_, item), _) in run.iter().zip(verdicts).filter(|(_, verdict)| verdict.is_ok()) {
        match &mut roster {
            // Every ancestor of an accepted link is accepted or was there before.
            Some(roster) => drop(roster.insert(item)),
            None => roster = Roster::found(thread, item).ok(),
        }
    }
    roster
}

fn found(thread: ThreadId, item: &[u8]) -> Result<Roster, Refusal> {
    Roster::found(thread, item).map_err(|_| match RosterLink::from_item(item) {
        Ok(RosterLink { statement: Statement::Genesis { .. }, .. }) | Err(_) => Refusal::Malformed,
        // What it builds on is not here.
        Ok(_) => Refusal::UnknownThread,
    })
}

const fn refusal(error: RosterLinkError) -> Refusal {
    match error {
        // Its predecessor lost, or was lost: the log shows what to build on.
        RosterLinkError::UnknownPredecessor => Refusal::StaleLink,
        RosterLinkError::TooLong => Refusal::OverQuota,
        RosterLinkError::Malformed
        | RosterLinkError::Newer
        | RosterLinkError::Forged
        | RosterLinkError::WrongThread
        | RosterLinkError::NotAMember
        | RosterLinkError::AlreadyIn
        | RosterLinkError::TakenPerson
        | RosterLinkError::NotTheirsToAdmit
        | RosterLinkError::SecondArchive
        | RosterLinkError::NotTheirsToRemove
        | RosterLinkError::UnknownRole => Refusal::Malformed,
    }
}
