use std::collections::BTreeMap;

use proptest::prelude::*;
use tandem_proto::{
    ClientToRelay, Letter, MailDrop, MailPut, MailWatch, MailboxId, RelayToClient, Seq,
    ThreadCursor, ThreadId,
};

use super::rig::*;
use crate::{Config, Input, Record, Relay, RestoreError, mail::letter_hash};

/// One step of a random history of three devices in three threads.
#[derive(Debug, Clone)]
enum Step {
    Push { by: usize, thread: usize, item: u64 },
    Name { by: usize, back: u64 },
    Claim { by: usize },
    Ack { by: usize, thread: usize, back: u64 },
    Mail { by: usize, letter: u8 },
    DropMail { by: usize, letter: u8 },
    Reconnect { by: usize },
    Renew,
    Later,
}

fn step() -> impl Strategy<Value = Step> {
    let (by, thread) = (0..3usize, 0..3usize);
    prop_oneof![
        4 => (by.clone(), thread.clone(), 0..12u64)
            .prop_map(|(by, thread, item)| Step::Push { by, thread, item }),
        2 => (by.clone(), 0..4u64).prop_map(|(by, back)| Step::Name { by, back }),
        3 => by.clone().prop_map(|by| Step::Claim { by }),
        3 => (by.clone(), thread, 0..2u64)
            .prop_map(|(by, thread, back)| Step::Ack { by, thread, back }),
        2 => (by.clone(), 0..4u8).prop_map(|(by, letter)| Step::Mail { by, letter }),
        1 => (by.clone(), 0..4u8).prop_map(|(by, letter)| Step::DropMail { by, letter }),
        1 => by.prop_map(|by| Step::Reconnect { by }),
        1 => Just(Step::Renew),
        1 => Just(Step::Later),
    ]
}

const BOX: MailboxId = MailboxId::new([5; 16]);

struct History {
    rig: Rig,
    devices: Vec<Device>,
    threads: Vec<ThreadId>,
    conns: Vec<crate::ConnId>,
}

impl History {
    fn begin() -> Self {
        let mut rig = Rig::new();
        let devices: Vec<_> = (1..4).map(Device::new).collect();
        let all: Vec<_> = devices.iter().collect();
        let threads = (0..3).map(|nonce| thread_of(&mut rig, &all, nonce)).collect();
        let conns = devices.iter().map(|device| rig.connect(device)).collect();
        Self { rig, devices, threads, conns }
    }

    fn take(&mut self, step: &Step) {
        let rig = &mut self.rig;
        match step {
            Step::Push { by, thread, item } => {
                rig.push(self.conns[*by], self.threads[*thread], &[envelope(*item)]);
            }
            Step::Name { by, back } => {
                let cursors: Vec<_> = self
                    .threads
                    .iter()
                    .map(|t| rig.cursor(*t, rig.head(*t).0.saturating_sub(*back)))
                    .collect();
                rig.cursors(self.conns[*by], &cursors);
            }
            Step::Claim { by } => {
                let cursors: Vec<_> =
                    self.threads.iter().map(|thread| rig.cursor_at_head(*thread)).collect();
                rig.claim(self.conns[*by], &cursors);
            }
            Step::Ack { by, thread, back } => {
                let thread = self.threads[*thread];
                let cursor = rig.cursor(thread, rig.head(thread).0 - back);
                let ack = self.devices[*by].ack(&cursor, rig.relay.generation());
                rig.frame(self.conns[*by], ClientToRelay::Acknowledge(ack));
            }
            Step::Mail { by, letter } => {
                let letter = Letter::try_from(vec![*letter; 5]).unwrap();
                let put = MailPut { mailbox: BOX, letter };
                rig.frame(self.conns[*by], ClientToRelay::MailPut(put));
            }
            Step::DropMail { by, letter } => {
                let drop = MailDrop { mailbox: BOX, letter: letter_hash(&[*letter; 5]) };
                rig.frame(self.conns[*by], ClientToRelay::MailDrop(drop));
            }
            Step::Reconnect { by } => self.conns[*by] = rig.connect(&self.devices[*by]),
            Step::Renew => {
                rig.relay.renew();
                rig.run();
            }
            Step::Later => rig.now = rig.now.plus_ms(60_000),
        }
    }
}

/// Everything that a store has to bring back, as text.
fn state(relay: &Relay) -> String {
    let mut out = format!("{:?} told {:?}\n", relay.generation(), relay.told);
    for (id, thread) in &relay.threads {
        let head = thread.head();
        let (chain, roster) = (thread.chain(head), thread.roster().head());
        let (bytes, revision, followers) = (thread.bytes, thread.revision(), &thread.followers);
        let acks: Vec<_> = relay
            .devices
            .keys()
            .map(|key| thread.acks_after(0, key).iter().map(|a| a.ack.clone()).collect::<Vec<_>>())
            .collect();
        out += &format!("{id} {head} {chain:?} {roster} {bytes} {revision} {followers:?}\n");
        out += &format!("durable {} {acks:?}\n", thread.durable);
    }
    for (key, device) in relay.devices.iter().filter(|(_, device)| device.len() > 0) {
        let cursors: Vec<_> = device.cursors().collect();
        let root = device.root_with(&relay.threads, &BTreeMap::new());
        out += &format!("{key} {cursors:?} {:?} {root:?}\n", device.dirty);
    }
    out + &format!("{:?} {:?}", relay.mail.letters(&BOX), relay.poll_timeout())
}

/// What devices that come one after another are told by this store: greeting, news, mail.
fn behaviour(rig: &mut Rig, devices: &[Device], threads: &[ThreadId]) -> Vec<Vec<RelayToClient>> {
    let mut told = Vec::new();
    for device in devices {
        let stored: BTreeMap<ThreadId, Seq> = rig
            .relay
            .devices
            .get(&device.transport())
            .into_iter()
            .flat_map(|device| device.cursors())
            .map(|(thread, cursor)| (*thread, cursor.seq))
            .collect();
        let cursors: Vec<ThreadCursor> =
            stored.iter().map(|(thread, seq)| rig.cursor(*thread, seq.0)).collect();
        let acks = rig.relay.devices.get(&device.transport()).map_or(0, |device| device.acks);
        let generation = Some(rig.relay.generation());
        let conn = rig.connect_with(device, generation, &cursors, acks);
        let mailboxes = vec![BOX].try_into().unwrap();
        rig.frame(conn, ClientToRelay::MailWatch(MailWatch { mailboxes }));
        let known: Vec<_> = threads.iter().filter(|t| rig.head(**t) > Seq(0)).copied().collect();
        for thread in known {
            rig.push(conn, thread, &[envelope(0)]);
        }
        rig.handle(Input::Disconnected(conn));
        let frames = rig.take(conn);
        assert_eq!(matched(&frames), Some(true), "a stored cursor set matches its own digest");
        told.push(frames);
    }
    told
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    /// proptest prints the history that fails, and its seed.
    #[test]
    fn a_core_restored_at_any_moment_is_the_core_that_lived_through_it(
        steps in prop::collection::vec(step(), 1..40),
    ) {
        let mut history = History::begin();
        for step in &steps {
            history.take(step);
            let journal = history.rig.journal.clone();
            let restored = Rig::restored(Config::default(), 3, journal);
            prop_assert_eq!(state(&history.rig.relay), state(&restored.relay), "{:?}", step);
        }
        let journal = history.rig.journal.clone();
        let (devices, threads) = (&history.devices, &history.threads);
        let mut restored = Rig::restored(Config::default(), 3, journal);
        restored.now = history.rig.now;
        let one = behaviour(&mut history.rig, devices, threads);
        let two = behaviour(&mut restored, devices, threads);
        prop_assert_eq!(one, two);
    }

    #[test]
    fn every_prefix_of_a_store_is_a_store_that_greets_by_its_own_digests(
        steps in prop::collection::vec(step(), 1..25),
    ) {
        let mut history = History::begin();
        for step in &steps {
            history.take(step);
        }
        let journal = &history.rig.journal;
        for end in 0..=journal.len() {
            let mut rig = Rig::restored(Config::default(), 3, journal[..end].to_vec());
            let again = Rig::restored(Config::default(), 4, rig.journal.clone());
            prop_assert_eq!(state(&rig.relay), state(&again.relay), "prefix {}", end);
            behaviour(&mut rig, &history.devices, &history.threads);
        }
    }

    #[test]
    fn the_same_inputs_give_the_same_effects(steps in prop::collection::vec(step(), 1..30)) {
        let run = || {
            let mut history = History::begin();
            for step in &steps {
                history.take(step);
            }
            history.rig.trace
        };
        prop_assert_eq!(run(), run());
    }
}

fn restore(records: Vec<Record>) -> Result<Relay, RestoreError> {
    Relay::restore(tandem_proto::Timestamp(1), Config::default(), relay_key(), [0; 32], records)
}

#[test]
fn records_that_can_not_be_a_stores_are_named() {
    let mut rig = Rig::new();
    let anna = Device::new(1);
    let thread = thread_of(&mut rig, &[&anna], 0);
    let conn = rig.connect(&anna);
    rig.push(conn, thread, &[envelope(1), envelope(2)]);
    let good = rig.journal.clone();
    assert!(restore(good.clone()).is_ok());
    let error = |records: Vec<Record>| restore(records).unwrap_err();
    assert_eq!(error(good[1..].to_vec()), RestoreError::NoGeneration);
    let mut gap = good.clone();
    gap.remove(2);
    assert_eq!(error(gap), RestoreError::Gap(thread));
    let mut no_start = good.clone();
    no_start.remove(1);
    assert_eq!(error(no_start), RestoreError::Gap(thread));
    let mut twice = good.clone();
    twice.push(good[3].clone());
    assert_eq!(error(twice), RestoreError::Gap(thread));
    let mut no_genesis = good;
    if let Record::Append { item, .. } = &mut no_genesis[1] {
        *item = envelope(7);
    }
    assert_eq!(error(no_genesis), RestoreError::NoGenesis(thread));
}
