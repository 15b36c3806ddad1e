//! Fuzz target: what stands in an envelope once it is open, by a member who may sign what it likes.

#![allow(clippy::unwrap_used, reason = "a test may fail where it stands")]

use sha2::{Digest as _, Sha256};
use tandem_proto::{EnvelopeKind, Timestamp};

use super::{
    lean::{self, Lean, MAGIC},
    leb::put_u64,
    tests::{THREAD, actor, identity, known},
    *,
};
use crate::{
    EntryId, Fields, StepState,
    fuzz::{Dice, Target, peak_of},
    thread::{Edit, Fold, ThreadDoc},
};

/// A batch inflates to at most 4 MiB, and each of its changes has at most 16,384 operations, which
/// Automerge writes out one change at a time with some 3 KB each.
const ALLOWANCE: usize = 96 << 20;

/// A thread in which device 2 has spoken, and then the changes of device 1.
fn talk() -> (ThreadDoc, Vec<automerge::Change>) {
    let mut doc = ThreadDoc::begin();
    let at = Timestamp(1_760_000_000_000);
    let say = |doc: &mut ThreadDoc, n: u8, entry: u8| {
        let fields = Fields::from([("text".into(), format!("words, the {entry}th"))]);
        let (entry, kind) = (EntryId::new([entry; 10]), "step".into());
        let post = Edit::Post { entry, kind, at, answers: None, fields };
        doc.edit(actor(n, 0), at, &[post]).unwrap()
    };
    say(&mut doc, 2, 1);
    let before = doc.clone();
    let mut said: Vec<_> = (2..6).map(|entry| say(&mut doc, 1, entry)).collect();
    let moved = Edit::Move { entry: EntryId::new([3; 10]), state: StepState::Doing };
    said.push(doc.edit(actor(1, 0), at, &[moved]).unwrap());
    (before, said)
}

/// Reads a batch and takes what it holds into a copy of the thread, up to the rows' fold.
fn take_in(thread: &ThreadDoc, kind: EnvelopeKind, plain: &[u8]) -> bool {
    let Ok(opened) = read(&THREAD, kind, plain, &known) else { return false };
    let mut doc = thread.clone();
    let Ok(taken) = doc.take(opened.changes) else { return false };
    let mut fold = Fold::default();
    for change in &taken {
        fold.take(change, doc.newest_before(change));
    }
    !taken.is_empty()
}

/// An own batch of device 1 with these streams, signed under whatever its newest change is then.
fn signed(made: &Lean) -> Vec<u8> {
    let mut out = vec![DICTIONARY];
    let newest = rebuild::rebuild(&made.apart, &made.text).ok().and_then(|mut all| all.pop());
    let signature = newest.map_or([0; 64], |change| {
        let actor = automerge::ActorId::from(&change.actor[..]);
        let signed = Attestation::sign(&identity(1), &THREAD, &actor, change.seq, change.hash);
        signed.signature.to_bytes()
    });
    out.extend_from_slice(&signature);
    put_u64(&mut out, made.apart.len() as u64);
    out.extend_from_slice(&made.apart);
    out.extend_from_slice(&deflate(&made.text));
    out
}

fn leaned(chunks: &[(Vec<u8>, [u8; 32])]) -> Option<Lean> {
    lean::lean(chunks.iter().map(|(chunk, hash)| (&chunk[..], *hash)))
}

/// A chunk around a changed body, as its author would have made it, and its hash.
fn rebody(chunk: &[u8], dice: &mut Dice) -> (Vec<u8>, [u8; 32]) {
    let mut reader = Reader::new(&chunk[9..]);
    reader.u64().unwrap();
    let body = dice.spoil(reader.rest());
    let mut hashed = vec![lean::CHANGE];
    put_u64(&mut hashed, body.len() as u64);
    hashed.extend_from_slice(&body);
    let hash: [u8; 32] = Sha256::digest(&hashed).into();
    ([&MAGIC[..], &hash[..4], &hashed].concat(), hash)
}

#[test]
fn a_spoiled_batch_is_read_or_refused() {
    let (thread, said) = talk();
    let (own, attestation) = close(&THREAD, &identity(1), &said).unwrap();
    let carried = carry(&[attestation], &said).unwrap();
    Target { name: "batch", rounds: 20_000, allowance: ALLOWANCE }.run(
        |dice| {
            let right = *dice.one(&[&own, &carried]);
            dice.spoil(right)
        },
        |plain| {
            let own = take_in(&thread, EnvelopeKind::Batch, plain);
            take_in(&thread, EnvelopeKind::Carried, plain) || own
        },
    );
}

#[test]
fn what_a_member_signs_over_spoiled_streams_is_read_or_refused() {
    let (thread, said) = talk();
    let chunks: Vec<_> = said.iter().map(|c| (c.raw_bytes().to_vec(), c.hash().0)).collect();
    let right = leaned(&chunks).unwrap();
    Target { name: "streams of a batch", rounds: 6_000, allowance: ALLOWANCE }.run(
        |dice| {
            let text = dice.spoil(&right.text);
            let apart =
                if dice.below(4) == 0 { dice.spoil(&right.apart) } else { right.apart.clone() };
            signed(&Lean { apart, text })
        },
        |plain| take_in(&thread, EnvelopeKind::Batch, plain),
    );
}

#[test]
fn what_a_member_signs_over_a_spoiled_change_is_read_or_refused() {
    let (thread, said) = talk();
    let chunks: Vec<_> = said.iter().map(|c| (c.raw_bytes().to_vec(), c.hash().0)).collect();
    let whole = signed(&leaned(&chunks).unwrap());
    Target { name: "change", rounds: 6_000, allowance: ALLOWANCE }.run(
        |dice| {
            // The newest one is spoiled, so that those before it still count.
            let upto = 1 + dice.below(chunks.len());
            let mut run = chunks[..upto].to_vec();
            let last = run.pop().unwrap();
            run.push(rebody(&last.0, dice));
            leaned(&run).map_or_else(|| whole.clone(), |made| signed(&made))
        },
        |plain| take_in(&thread, EnvelopeKind::Batch, plain),
    );
}

/// What a run of these found, as it was told.
const FOUND: [&str; 1] = [
    // A key of 120 megabytes, so it says: Automerge made room for it before it looked.
    "01e293d1c2ccee22e0b7989242f77569dc749051e092a51adaf37e6370d180f356a6f7d1d586d518cca8b40387\
     2a269cbba6fdae99ec29d197b9ed15d07ae4810034b36b78aed63c895aab5c48a3650305c96d5485cde7fef626\
     c5d3bf35a4cbcc249e9b9f8420c2d0b188c4743fb2fad5b90000000003d7311c0d0f7683278cd15b671270d51c\
     359b7e5dddc900048c1c0d1fe61e6703e9c302b0eb7f00d40f1c96494a4c4d2c4c86d1588a58b794678ca0a2a5\
     a161f3c139c6c0fe4f0ab8ab97aa605492c1c20000",
];

#[test]
fn what_was_found_once_is_refused_without_more_memory() {
    let (thread, _) = talk();
    for found in FOUND {
        let byte = |at: usize| u8::from_str_radix(&found[at..at + 2], 16).unwrap();
        let plain: Vec<u8> = (0..found.len()).step_by(2).map(byte).collect();
        let peak = peak_of(|| assert!(!take_in(&thread, EnvelopeKind::Batch, &plain)));
        assert!(peak < 1 << 20, "{peak} bytes were held");
    }
}

/// Each of these changes may be; together they would cost their readers minutes.
#[test]
fn many_changes_of_many_operations_are_refused_together_and_told_to_their_maker() {
    let mut doc = ThreadDoc::begin();
    let at = Timestamp(1_760_000_000_000);
    let seen: Vec<EntryId> = (0..8000u32)
        .map(|n| {
            let mut id = [0; 10];
            id[..4].copy_from_slice(&n.to_be_bytes());
            EntryId::new(id)
        })
        .collect();
    let person = tandem_proto::PersonId::new([1; 16]);
    let changes: Vec<_> = (0..9)
        .map(|n| {
            let at = Timestamp(at.0 + n);
            let edit = Edit::Seen { person, entries: seen.clone(), at };
            doc.edit(actor(1, 0), at, &[edit]).unwrap()
        })
        .collect();
    let operations: usize = changes.iter().map(automerge::Change::len).sum();
    assert!(operations > MAX_OPERATIONS && changes[0].len() < MAX_OPERATIONS, "{operations}");
    assert_eq!(close(&THREAD, &identity(1), &changes).map(drop), Err(BatchError::TooBig));
    assert!(close(&THREAD, &identity(1), &changes[..7]).is_ok());
    // Whoever makes it all the same is not read.
    let chunks: Vec<_> = changes.iter().map(|c| (c.raw_bytes().to_vec(), c.hash().0)).collect();
    let plain = signed(&leaned(&chunks).unwrap());
    let refused = read(&THREAD, EnvelopeKind::Batch, &plain, &known).map(drop);
    assert_eq!(refused, Err(BatchError::TooBig));
}
