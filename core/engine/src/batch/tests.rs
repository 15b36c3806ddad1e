#![allow(clippy::unwrap_used, reason = "a test may fail where it stands")]

use automerge::{
    ActorId, AutoCommit, Change, ObjType, ROOT, ReadDoc,
    transaction::{CommitOptions, Transactable},
};
use proptest::prelude::*;
use tandem_proto::{DeviceKey, EnvelopeKind, SecretKey, ThreadId};

use super::{leb::put_u64, read::Opened, *};

pub(crate) const THREAD: ThreadId = ThreadId::new([7; 20]);

pub(crate) fn identity(n: u8) -> SecretKey {
    SecretKey::from_seed([n; 32])
}

fn device(n: u8) -> DeviceKey {
    DeviceKey::new(identity(n).public())
}

pub(crate) fn actor(n: u8, incarnation: u8) -> ActorId {
    actor_id(&THREAD, &device(n), [incarnation; 4])
}

/// The roster of devices 1 to 3.
pub(crate) fn known(prefix: &[u8; 16]) -> Option<DeviceKey> {
    (1..=3).map(device).find(|device| actor_prefix(&THREAD, device) == *prefix)
}

/// A document with the maps that every thread begins with.
pub(crate) fn begin() -> AutoCommit {
    let mut doc = AutoCommit::new().with_actor(ActorId::from(&lean::NOBODY[..]));
    for map in ["people", "entries", "seen"] {
        doc.put_object(ROOT, map, ObjType::Map).unwrap();
    }
    doc.commit_with(CommitOptions::default().with_time(0));
    doc
}

/// Says something by that actor; gives the change.
pub(crate) fn say(doc: &mut AutoCommit, actor: &ActorId, id: &str, text: &str) -> Change {
    doc.set_actor(actor.clone());
    let (_, entries) = doc.get(ROOT, "entries").unwrap().unwrap();
    let entry = doc.put_object(&entries, id, ObjType::Map).unwrap();
    doc.put(&entry, "k", "message").unwrap();
    doc.put(&entry, "at", 1_760_000_123_456_i64).unwrap();
    doc.put(&entry, "f.text", text).unwrap();
    let hash = doc.commit_with(CommitOptions::default().with_time(1_760_000_123)).unwrap();
    doc.get_change_by_hash(&hash).unwrap()
}

/// Three changes by device 1.
fn three() -> Vec<Change> {
    let mut doc = begin();
    (0..3).map(|i| say(&mut doc, &actor(1, 0), &format!("entry{i}"), "some words")).collect()
}

fn hashes(changes: &[Change]) -> Vec<automerge::ChangeHash> {
    changes.iter().map(Change::hash).collect()
}

fn read_own(plain: &[u8]) -> Result<Opened, BatchError> {
    read(&THREAD, EnvelopeKind::Batch, plain, &known)
}

fn read_carried(plain: &[u8]) -> Result<Opened, BatchError> {
    read(&THREAD, EnvelopeKind::Carried, plain, &known)
}

/// A batch as `close` makes it, without its checks.
fn handmade(signer: &SecretKey, changes: &[Change]) -> Vec<u8> {
    let last = changes.last().unwrap();
    let signed = Attestation::sign(signer, &THREAD, last.actor_id(), last.seq(), last.hash());
    let mut out = vec![DICTIONARY];
    out.extend_from_slice(&signed.signature.to_bytes());
    let packed = carry(&[], changes).unwrap();
    out.extend_from_slice(&packed[2..]);
    out
}

fn attest(n: u8, change: &Change) -> Attestation {
    Attestation::sign(&identity(n), &THREAD, change.actor_id(), change.seq(), change.hash())
}

/// The batch alone.
fn closed(thread: &ThreadId, key: &SecretKey, changes: &[Change]) -> Result<Vec<u8>, BatchError> {
    close(thread, key, changes).map(|(plain, _)| plain)
}

#[test]
fn a_batch_reads_back_to_the_same_changes_under_its_author_s_signature() {
    let changes = three();
    let plain = closed(&THREAD, &identity(1), &changes).unwrap();
    assert_eq!(plain, closed(&THREAD, &identity(1), &three()).unwrap(), "the same bytes again");
    let opened = read_own(&plain).unwrap();
    assert_eq!(opened.changes, changes);
    assert!(opened.unvouched.is_empty());
    let [attestation] = &opened.attestations[..] else { panic!("one attestation") };
    assert_eq!(attestation.verify(&THREAD, &changes[2]), Ok(()));
    assert!(attestation.verify(&THREAD, &changes[1]).is_err());
    assert!(attestation.verify(&ThreadId::new([8; 20]), &changes[2]).is_err());
}

#[test]
fn changes_that_name_others_merge_several_heads_and_carry_a_message_come_back_too() {
    let mut doc = begin();
    say(&mut doc, &actor(2, 0), "entry", "by another");
    let mut fork = doc.fork();
    say(&mut fork, &actor(3, 0), "forked", "meanwhile");
    let mut changes = vec![say(&mut doc, &actor(1, 0), "mine", "by me")];
    doc.merge(&mut fork).unwrap();
    doc.set_actor(actor(1, 0));
    let (_, entries) = doc.get(ROOT, "entries").unwrap().unwrap();
    let (_, others) = doc.get(&entries, "entry").unwrap().unwrap();
    doc.put(&others, "state", "done").unwrap();
    let options = CommitOptions::default().with_time(-5).with_message("why");
    let hash = doc.commit_with(options).unwrap();
    changes.push(doc.get_change_by_hash(&hash).unwrap());
    assert_eq!(changes[1].deps().len(), 2);
    let plain = closed(&THREAD, &identity(1), &changes).unwrap();
    assert_eq!(hashes(&read_own(&plain).unwrap().changes), hashes(&changes));
}

#[test]
fn a_message_of_two_hundred_characters_travels_in_less_than_its_own_automerge_bytes() {
    let text = "Good afternoon, today was a good day: she read her whole story to the others, \
                laughed a lot at lunch and asked whether the grandparents might come to the \
                summer party. See you on Thursday!";
    let mut doc = begin();
    say(&mut doc, &actor(1, 0), "7ktgw3cgs6xbdpzq", "earlier");
    let change = say(&mut doc, &actor(1, 0), "mfrggzdfmztwq2lk", text);
    let plain = closed(&THREAD, &identity(1), std::slice::from_ref(&change)).unwrap();
    // Of these, 64 are the signature, 32 the dependency's hash and 20 the actor.
    assert!(plain.len() < 64 + 32 + 20 + 170, "{} of {}", plain.len(), change.raw_bytes().len());
}

#[test]
fn a_batch_with_a_flipped_bit_never_reads_as_other_words() {
    let changes = three();
    let plain = closed(&THREAD, &identity(1), &changes).unwrap();
    for bit in 0..plain.len() * 8 {
        let mut flipped = plain.clone();
        flipped[bit / 8] ^= 1 << (bit % 8);
        // The last bits of a deflate stream may mean nothing.
        if let Ok(opened) = read_own(&flipped) {
            assert!(bit / 8 == plain.len() - 1 && opened.changes == changes, "bit {bit}");
        }
    }
    for len in 0..plain.len() {
        assert!(read_own(&plain[..len]).is_err(), "{len} bytes");
    }
    assert_eq!(read_own(&[&plain[..], &[0]].concat()).unwrap_err(), BatchError::Malformed);
}

#[test]
fn nobody_puts_words_in_another_s_mouth() {
    let changes = three();
    assert_eq!(closed(&THREAD, &identity(2), &changes), Err(BatchError::WrongActor));
    let forged = handmade(&identity(2), &changes);
    assert_eq!(read_own(&forged).unwrap_err(), BatchError::Forged);

    let mut doc = begin();
    let mine = say(&mut doc, &actor(2, 0), "mine", "words");
    let theirs = say(&mut doc, &actor(1, 0), "theirs", "words");
    let mine_again = say(&mut doc, &actor(2, 0), "again", "words");
    let smuggled = handmade(&identity(2), &[mine, theirs, mine_again]);
    assert_eq!(read_own(&smuggled).unwrap_err(), BatchError::WrongActor);
}

#[test]
fn a_stranger_s_batch_waits_for_the_roster_and_one_from_another_thread_is_a_stranger_s() {
    let mut doc = begin();
    let change = say(&mut doc, &actor(9, 0), "entry", "words");
    let plain = closed(&THREAD, &identity(9), &[change]).unwrap();
    let prefix = actor_prefix(&THREAD, &device(9));
    assert_eq!(read_own(&plain).unwrap_err(), BatchError::UnknownAuthor(prefix));

    let other = ThreadId::new([8; 20]);
    let plain = closed(&THREAD, &identity(1), &three()).unwrap();
    let known = |prefix: &[u8; 16]| {
        Some(device(1)).filter(|device| actor_prefix(&other, device) == *prefix)
    };
    let read = read(&other, EnvelopeKind::Batch, &plain, &known);
    assert!(matches!(read, Err(BatchError::UnknownAuthor(_))));
}

#[test]
fn a_run_with_a_gap_or_out_of_order_is_refused_at_both_ends() {
    let [one, two, three] = <[Change; 3]>::try_from(three()).unwrap();
    for run in [vec![one.clone(), three.clone()], vec![two.clone(), one], vec![two.clone(), two]] {
        assert_eq!(closed(&THREAD, &identity(1), &run), Err(BatchError::Disordered));
        assert_eq!(read_own(&handmade(&identity(1), &run)).unwrap_err(), BatchError::Disordered);
    }
    assert_eq!(closed(&THREAD, &identity(1), &[]), Err(BatchError::Malformed));
    assert!(closed(&THREAD, &identity(1), &[three]).is_ok(), "a batch may begin anywhere");
}

#[test]
fn another_version_is_told_apart_from_garbage() {
    let mut plain = closed(&THREAD, &identity(1), &three()).unwrap();
    plain[0] = 3;
    assert_eq!(read_own(&plain).unwrap_err(), BatchError::Newer(3));
    plain[0] = 0;
    assert_eq!(read_own(&plain).unwrap_err(), BatchError::Malformed);
    assert_eq!(read_own(&[]).unwrap_err(), BatchError::Malformed);
}

#[test]
fn bombs_stop_at_a_limit() {
    let bomb = |apart: &[u8], text: &[u8]| {
        let mut out = vec![DICTIONARY];
        out.extend_from_slice(&[0; 64]);
        put_u64(&mut out, apart.len() as u64);
        out.extend_from_slice(apart);
        out.extend_from_slice(&deflate(text));
        read_own(&out).unwrap_err()
    };
    assert_eq!(bomb(&[], &vec![0; 50_000_000]), BatchError::TooBig);

    // An empty change by nobody in eight bytes, a million times.
    let empty = [0, 0, 0, 1, 0, 0, 0, 0];
    assert_eq!(bomb(&[], &empty.repeat(500_000)), BatchError::TooBig);

    // A dependency on the one before is one byte in the text and 32 in the chunk.
    let mut fan = empty.to_vec();
    put_u64(&mut fan, 1_000_000);
    fan.extend(std::iter::repeat_n(1, 1_000_000));
    assert_eq!(bomb(&[], &fan), BatchError::TooBig);

    // So is an actor that was named before.
    let mut names = vec![0, 1, 200, 1, 0, 1, 0, 0];
    put_u64(&mut names, 3_000_000);
    names.extend(std::iter::repeat_n(1, 3_000_000));
    assert_eq!(bomb(&[9; 200], &names), BatchError::TooBig);
}

#[test]
fn what_is_carried_is_vouched_for_by_its_authors_and_is_the_same_bytes_from_every_carrier() {
    let mut doc = begin();
    let a1 = say(&mut doc, &actor(1, 0), "a1", "words");
    let b1 = say(&mut doc, &actor(2, 0), "b1", "words");
    let a2 = say(&mut doc, &actor(1, 1), "a2", "in a later incarnation");
    let changes = [a1.clone(), b1.clone(), a2.clone()];
    let (by_a, by_b) = (attest(1, &a2), attest(2, &b1));
    let plain = carry(&[by_a.clone(), by_b.clone()], &changes).unwrap();
    assert_eq!(plain, carry(&[by_b.clone(), by_a.clone(), by_b.clone()], &changes).unwrap());
    let opened = read_carried(&plain).unwrap();
    assert_eq!(opened.changes, changes);
    assert_eq!(opened.attestations.len(), 2);
    assert!(opened.unvouched.is_empty(), "the later change vouches for the same device's earlier");

    let opened = read_carried(&carry(std::slice::from_ref(&by_a), &changes).unwrap()).unwrap();
    assert_eq!(opened.unvouched, [b1.hash()].into(), "an omitted attestation is named");

    let opened = read_carried(&carry(&[by_a], &[a1.clone(), a2]).unwrap()).unwrap();
    assert_eq!(opened.unvouched, [a1.hash()].into(), "the path leads outside the batch");
}

#[test]
fn what_is_carried_with_a_false_attestation_is_refused() {
    let mut doc = begin();
    let mine = say(&mut doc, &actor(1, 0), "mine", "words");
    let attested = |attestation| {
        read_carried(&carry(&[attestation], std::slice::from_ref(&mine)).unwrap()).unwrap_err()
    };
    assert_eq!(attested(attest(2, &mine)), BatchError::WrongActor);
    assert_eq!(attested(Attestation { device: device(1), ..attest(2, &mine) }), BatchError::Forged);
    let prefix = actor_prefix(&THREAD, &device(9));
    assert_eq!(attested(attest(9, &mine)), BatchError::UnknownAuthor(prefix));

    let stranger = say(&mut doc, &actor(9, 0), "theirs", "words");
    let carried = carry(&[], &[stranger]).unwrap();
    assert_eq!(read_carried(&carried).unwrap_err(), BatchError::UnknownAuthor(prefix));
}

#[test]
fn two_changes_with_one_number_are_refused() {
    let mut doc = begin();
    let mut fork = doc.fork();
    let one = say(&mut doc, &actor(1, 0), "one", "words");
    let other = say(&mut fork, &actor(1, 0), "other", "words");
    let carried = carry(&[], &[one, other]).unwrap();
    assert_eq!(read_carried(&carried).unwrap_err(), BatchError::Disordered);
}

#[test]
fn attestations_out_of_order_or_twice_are_a_second_spelling() {
    let changes = three();
    let attestation = attest(1, &changes[2]);
    let once = carry(&[attestation], &changes).unwrap();
    let record = &once[2..2 + Attestation::LEN];
    let twice = [&[DICTIONARY, 2], record, record, &once[2 + Attestation::LEN..]].concat();
    assert_eq!(read_carried(&twice).unwrap_err(), BatchError::Malformed);
    assert!(read_own(&once).is_err(), "a carried batch is no own one");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..Default::default() })]

    #[test]
    fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let _ = (read_own(&bytes), read_carried(&bytes));
        let lead = [&[DICTIONARY][..], &bytes].concat();
        prop_assert!(read_own(&lead).is_err());
        // The same, past decompression and past the signature.
        let _ = rebuild::rebuild(&bytes, &bytes);
        if let Ok(rebuilt) = rebuild::rebuild(&[3; 4096], &bytes) {
            for one in rebuilt {
                let _ = crate::thread::read_change(&one.chunk);
            }
        }
    }

    #[test]
    fn a_batch_with_any_byte_changed_in_its_text_is_read_or_refused(
        at in any::<prop::sample::Index>(), byte in any::<u8>(),
    ) {
        let changes = three();
        let made = lean::lean(changes.iter().map(|c| (c.raw_bytes(), c.hash().0))).unwrap();
        let mut text = made.text;
        let at = at.index(text.len());
        text[at] = byte;
        if let Ok(rebuilt) = rebuild::rebuild(&made.apart, &text) {
            for one in rebuilt {
                let _ = crate::thread::read_change(&one.chunk);
            }
        }
    }
}
