//! Envelopes, and the attestations inside them.

use automerge::Change;
use serde_json::{Value, json};
use tandem_proto::{
    ChainHash, EnvelopeHeader, EnvelopeKind, Epoch, Generation, ItemHash, Seq, ThreadId, Timestamp,
    derive_key,
};
use zeroize::Zeroizing;

use super::{device, hex, identity, same_as_committed, seed};
use crate::{
    EntryId, Fields,
    batch::{Attestation, LogHead, actor_id, carry, close},
    keys::{EpochSecret, Keyring, open, seal},
    thread::{Edit, ThreadDoc},
};

const THREAD: ThreadId = ThreadId::new([0x11; 20]);
const NOW: Timestamp = Timestamp(1_760_000_123_456);

/// A document and the changes of one device after another.
struct Talk(ThreadDoc);

impl Talk {
    fn say(&mut self, n: u8, entry: u8, text: &str) -> Change {
        let actor = actor_id(&THREAD, &device(n), [n, 0, 0, entry / 16]);
        let mut fields = Fields::new();
        fields.insert("text".into(), text.into());
        let post = Edit::Post {
            entry: EntryId::new([entry; 10]),
            kind: "message".into(),
            at: Timestamp(NOW.0 + u64::from(entry) * 1000),
            answers: None,
            fields,
        };
        self.0.edit(actor, NOW, &[post]).unwrap()
    }
}

fn attest(n: u8, change: &Change) -> Attestation {
    Attestation::sign(&identity(n), &THREAD, change.actor_id(), change.seq(), change.hash())
}

fn attestation(one: &Attestation, change: &Change) -> Value {
    assert_eq!(one.verify(&THREAD, change), Ok(()));
    json!({
        "thread": hex(THREAD.as_bytes()),
        "device": hex(one.device.as_bytes()),
        "actor": hex(change.actor_id().to_bytes()),
        "seq": change.seq(),
        "change": hex(&one.change.0),
        "signature": hex(&one.signature.to_bytes()),
    })
}

struct Case<'a> {
    name: &'a str,
    epoch: u64,
    kind: EnvelopeKind,
    plain: Vec<u8>,
    changes: &'a [Change],
    attestations: &'a [Attestation],
}

impl Case<'_> {
    /// Everything that goes into the envelope and comes out of it.
    fn vector(&self) -> Value {
        let (epoch, secret) = (Epoch(self.epoch), [0x20 + self.epoch.to_le_bytes()[0]; 32]);
        let begun_by = ItemHash::new([0x33; 32]);
        let key = EpochSecret::new(begun_by, epoch, Zeroizing::new(secret));
        let item = seal(&key, &THREAD, self.kind, &self.plain).unwrap();
        let mut ring = Keyring::default();
        ring.keep(key);
        assert_eq!(open(&ring, &THREAD, &item), Ok((self.kind, self.plain.clone())));
        let (header, sealed) = EnvelopeHeader::parse(&item).unwrap();
        let prefix = EnvelopeHeader::prefix(self.kind, epoch);
        let kind = match self.kind {
            EnvelopeKind::Batch => "batch",
            EnvelopeKind::Carried => "carried",
        };
        let parts: [&[u8]; 2] = [&secret, THREAD.as_bytes()];
        let changes = self.changes.iter().map(|change| {
            json!({
                "actor": hex(change.actor_id().to_bytes()),
                "seq": change.seq(),
                "hash": hex(&change.hash().0),
                "chunk": hex(change.raw_bytes()),
            })
        });
        let attestations = self.attestations.iter().map(|one| {
            let change = self.changes.iter().find(|change| change.hash() == one.change).unwrap();
            attestation(one, change)
        });
        let roster = [1, 2, 3].map(|n| hex(device(n).as_bytes()));
        json!({
            "name": self.name,
            "inputs": {
                "thread": hex(THREAD.as_bytes()),
                "kind": kind,
                "epoch": self.epoch,
                "epoch_secret": hex(&secret),
                "roster": roster,
                "item": hex(&item),
            },
            "expected": {
                "sealing_key": hex(&derive_key("tandem/envelope-key/1", &parts)),
                "nonce_key": hex(&derive_key("tandem/envelope-nonce/1", &parts)),
                "aad": hex(&[&THREAD.as_bytes()[..], &prefix].concat()),
                "nonce": hex(&header.nonce),
                "sealed": hex(sealed),
                "plain": hex(&self.plain),
                "item_hash": hex(ItemHash::of(&item).as_bytes()),
                "changes": changes.collect::<Vec<_>>(),
                "attestations": attestations.collect::<Vec<_>>(),
            },
        })
    }
}

/// What devices 1 and 2 say, one after the other.
fn talk() -> Vec<Change> {
    let mut talk = Talk(ThreadDoc::begin());
    vec![
        talk.say(
            1,
            1,
            "Good afternoon, today was a good day: she read her whole story to the others.",
        ),
        talk.say(2, 2, "Thank you! Could we speak on Thursday?"),
        talk.say(1, 3, "Thursday at four."),
        talk.say(1, 4, "Zażółć gęślą jaźń — 先生より"),
        talk.say(2, 17, "Of another incarnation."),
    ]
}

#[test]
fn the_envelopes_of_the_vectors_are_those_that_the_code_makes() {
    let said = talk();
    let own = |changes: &[Change]| close(&THREAD, &identity(1), changes).unwrap();
    let (one, one_signed) = own(&said[..1]);
    let (run, run_signed) = own(&said[2..4]);
    let signed = [attest(1, &said[3]), attest(2, &said[1]), attest(2, &said[4])];
    let carried = carry(&signed, &said).unwrap();
    let mut sorted = signed.to_vec();
    sorted.sort_by_key(|attestation| (attestation.device, attestation.change));
    let (batch, carry) = (EnvelopeKind::Batch, EnvelopeKind::Carried);
    let cases = [
        Case {
            name: "one change of one device",
            epoch: 0,
            kind: batch,
            plain: one,
            changes: &said[..1],
            attestations: &[one_signed],
        },
        Case {
            name: "a run of changes that depends on another's, in an epoch of two bytes",
            epoch: 300,
            kind: batch,
            plain: run,
            changes: &said[2..4],
            attestations: &[run_signed],
        },
        Case {
            name: "changes of two devices, carried by a third",
            epoch: 7,
            kind: carry,
            plain: carried,
            changes: &said,
            attestations: &sorted,
        },
    ];
    let about = "Envelopes: sealed batches under a given epoch secret. `inputs` is what an opener \
                 has; `expected` is what it must come to.";
    same_as_committed("envelope.json", about, &cases.map(|case| case.vector()));
}

#[test]
fn the_log_heads_of_the_vectors_are_those_that_the_code_makes() {
    let generation = Generation::new([0x44; 16]);
    let (batch, _) = close(&THREAD, &identity(1), &talk()[..1]).unwrap();
    let start = ChainHash::start(&THREAD);
    let further = start.next(&ItemHash::new([0x33; 32]));
    let vectors = [(1, start), (300, further)].map(|(seq, chain)| {
        json!({
            "name": format!("whoever has read up to {seq}"),
            "inputs": { "plain": hex(&LogHead::of(&generation, Seq(seq), &chain).before(&batch)) },
            "expected": {
                "generation": hex(generation.as_bytes()),
                "seq": seq,
                "chain": hex(chain.as_bytes()),
                "batch": hex(&batch),
            },
        })
    });
    let about = "Log heads: what stands before the batch in the last envelope of an upload. `plain` is \
                 what is sealed.";
    same_as_committed("head.json", about, &vectors);
}

#[test]
fn the_attestations_of_the_vectors_are_those_that_the_code_makes() {
    let said = talk();
    let signed = [(1, &said[0]), (2, &said[1]), (1, &said[3]), (2, &said[4])];
    let vectors = signed.map(|(n, change)| {
        json!({
            "name": format!("device {n}, its change number {}", change.seq()),
            "inputs": attestation(&attest(n, change), change),
            "expected": {
                "device_seed": hex(&seed(n)),
                "chunk": hex(change.raw_bytes()),
            },
        })
    });
    let about = "Attestations: a device's signature under one of its changes. The seed of the \
                 device's key and the change itself are given beside.";
    same_as_committed("attestation.json", about, &vectors);
}
