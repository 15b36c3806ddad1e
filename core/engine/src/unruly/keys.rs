//! What a store gives away to whoever keeps no rule: its keys, and all that can be made of them with
//! the links of a log.

use std::collections::BTreeMap;

use tandem_proto::{EnvelopeHeader, Handshake, ItemHash, RosterLink, ThreadId};
use zeroize::Zeroizing;

use crate::{
    Key, Kind,
    keys::{
        self, EpochSecret, Keyring,
        group::{GroupKeys as _, GroupState, Mls},
    },
    record::{GroupRecord, KeysRecord, Tails},
};

/// Every key of one thread that a device has or can come to.
#[derive(Debug, Default)]
pub struct KeysOf {
    thread: Option<ThreadId>,
    /// What it has.
    kept: KeysRecord,
    /// What it comes to: the group after each link to which it can be followed, and its secret.
    made: BTreeMap<ItemHash, (GroupState, Zeroizing<[u8; 32]>)>,
}

impl KeysOf {
    /// The keys of a device with these records: those that it keeps, and those that it comes to when it
    /// follows the links of a log from every state of the group that it keeps, and opens every welcome
    /// with every package, whatever they do and whomever they leave out.
    #[must_use]
    pub fn of(records: &[(Key, Vec<u8>)], thread: &ThreadId, log: &[Vec<u8>]) -> Self {
        let mut tails = Tails::default();
        let mut found = Self { thread: Some(*thread), ..Self::default() };
        for (key, value) in records {
            if *key == Key::thread(Kind::Keys, thread) {
                found.kept = tails.read(key, value).unwrap_or_default();
            } else if let Some(link) = key.under(Kind::Group, thread)
                && let Ok(link) = <[u8; 32]>::try_from(link)
                && let Ok(record) = tails.read::<GroupRecord>(key, value)
            {
                found.make(ItemHash::new(link), GroupState::from_bytes(record.0.to_vec()));
            }
        }
        let links: Vec<(ItemHash, ItemHash, Handshake)> = log
            .iter()
            .filter_map(|item| {
                let link = RosterLink::parse(item).ok()?;
                Some((ItemHash::of(item), link.previous, link.handshake))
            })
            .collect();
        // A log has a link behind the one that it builds on.
        for (link, previous, handshake) in &links {
            if !found.made.contains_key(link)
                && let Some(state) = found.follow(previous, handshake)
            {
                found.make(*link, state);
            }
        }
        found
    }

    fn make(&mut self, link: ItemHash, state: GroupState) {
        if let Ok(secret) = Mls.secret(&state) {
            self.made.insert(link, (state, secret));
        }
    }

    /// The group after a link, from the group before it or by the link's welcome.
    fn follow(&self, previous: &ItemHash, handshake: &Handshake) -> Option<GroupState> {
        let before = self.made.get(previous);
        let after =
            before.and_then(|(state, _)| Mls::process_anyhow(state, &handshake.commit).ok());
        after.or_else(|| {
            self.kept.packages.iter().find_map(|package| {
                Mls::join_anyhow(&package.secret, &handshake.welcome, &self.thread?).ok()
            })
        })
    }

    /// Whether any of these keys opens an item of the thread.
    #[must_use]
    pub fn open(&self, item: &[u8]) -> bool {
        let (Some(thread), Ok((header, _))) = (self.thread, EnvelopeHeader::parse(item)) else {
            return false;
        };
        let opens = |ring: &Keyring| keys::open(ring, &thread, item).is_ok();
        let made = |(link, (_, secret)): (&ItemHash, &(GroupState, Zeroizing<[u8; 32]>))| {
            let mut ring = Keyring::default();
            // Whatever number it thinks its epoch has.
            ring.keep(EpochSecret::new(*link, header.epoch, secret.clone()));
            opens(&ring)
        };
        opens(&self.kept.ring) || self.made.iter().any(made)
    }

    /// Whether the device keeps the key of the epoch that a link began, without which it seals nothing
    /// in it.
    #[must_use]
    pub fn keep(&self, link: &ItemHash) -> bool {
        self.kept.ring.after(link).is_some()
    }
}
