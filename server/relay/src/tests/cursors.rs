use tandem_proto::{
    ChainHash, Claim, ClientToRelay, CursorProof, Cursors, Evidence, Generation, RelayToClient,
    Seq, SignedCursors, ThreadCursor, ThreadId, cursor_root,
};

use super::rig::*;
use crate::{Config, ConnId, Input, Record};

/// Names and claims these threads at their heads, and goes.
fn settle(
    rig: &mut Rig,
    device: &Device,
    threads: &[ThreadId],
) -> (Vec<ThreadCursor>, SignedCursors) {
    let conn = rig.connect(device);
    let mut cursors: Vec<_> = threads.iter().map(|t| rig.cursor_at_head(*t)).collect();
    cursors.sort();
    rig.cursors(conn, &cursors);
    rig.take(conn);
    rig.claim(conn, &cursors);
    let signed = signed(&rig.take(conn)).unwrap();
    rig.handle(Input::Disconnected(conn));
    (cursors, signed)
}

fn show(rig: &mut Rig, conn: ConnId, signed: &SignedCursors, set: &[ThreadCursor]) {
    let proof = CursorProof::of(signed, set, &set[0].thread).unwrap();
    rig.frame(conn, ClientToRelay::Evidence(Evidence { proof }));
}

/// The store as it was after this many records.
fn rolled_back(rig: &Rig, records: usize) -> Rig {
    Rig::restored(Config::default(), 9, rig.journal[..records].to_vec())
}

#[test]
fn a_quiet_reconnect_matches_and_looks_at_no_thread() {
    let mut rig = Rig::new();
    let anna = Device::new(1);
    let threads: Vec<_> = (0..20).map(|n| thread_of(&mut rig, &[&anna], n)).collect();
    let (cursors, signed) = settle(&mut rig, &anna, &threads);
    assert_eq!(signed.verify(&public_key(), &anna.transport()), Ok(()));
    assert!(rig.relay.devices[&anna.transport()].dirty.is_empty());
    let conn = rig.connect_as(&anna, Some(rig.relay.generation()), &cursors);
    let frames = rig.take(conn);
    assert_eq!(matched(&frames), Some(true));
    assert!(caught_up(&frames));
    assert_eq!(frames.len(), 2);
    let stale = rig.connect_as(&anna, Some(rig.relay.generation()), &cursors[1..]);
    assert_eq!(matched(&rig.take(stale)), Some(false));
    let old = rig.connect_as(&anna, Some(Generation::new([1; 16])), &cursors);
    assert_eq!(matched(&rig.take(old)), Some(false));
}

#[test]
fn a_matched_reconnect_is_sent_what_came_meanwhile() {
    let mut rig = Rig::new();
    let (anna, ben) = (Device::new(1), Device::new(2));
    let threads: Vec<_> = (0..3).map(|n| thread_of(&mut rig, &[&anna, &ben], n)).collect();
    let (cursors, _) = settle(&mut rig, &ben, &threads);
    let a = rig.connect(&anna);
    rig.push(a, threads[1], &[sealed(1, 1), sealed(1, 2)]);
    let b = rig.connect_as(&ben, Some(rig.relay.generation()), &cursors);
    let frames = rig.take(b);
    assert_eq!(matched(&frames), Some(true));
    assert_eq!(delivered_seqs(&frames, threads[1]), [3, 4]);
    assert_eq!(frames.last(), Some(&RelayToClient::CaughtUp));
    // And live from here, also in threads that were quiet until now.
    rig.push(a, threads[2], &[sealed(1, 3)]);
    assert_eq!(delivered_seqs(&rig.take(b), threads[2]), [3]);
}

#[test]
fn cursors_off_the_chain_or_of_unknown_threads_are_named_and_not_stored() {
    let mut rig = Rig::new();
    let (anna, ben) = (Device::new(1), Device::new(2));
    let thread = thread_of(&mut rig, &[&anna], 0);
    let foreign = thread_of(&mut rig, &[&ben], 1);
    let unknown = ThreadId::new([9; 20]);
    let before = rig.relay.generation();
    let conn = rig.connect(&anna);
    rig.take(conn);
    let beyond = ThreadCursor { seq: Seq(7), ..rig.cursor_at_head(thread) };
    let elsewhere = ThreadCursor { chain: ChainHash::new([1; 32]), ..rig.cursor(thread, 1) };
    let not_empty = ThreadCursor { chain: ChainHash::new([1; 32]), ..rig.cursor(thread, 0) };
    for off in [beyond, elsewhere, not_empty] {
        rig.cursors(conn, &[off]);
        let frames = rig.take(conn);
        assert_eq!(frames, [RelayToClient::OffChain(thread), RelayToClient::CaughtUp]);
    }
    for other in [foreign, unknown] {
        let cursor = ThreadCursor { thread: other, seq: Seq(0), chain: ChainHash::start(&other) };
        rig.cursors(conn, &[cursor]);
        assert_eq!(rig.take(conn)[0], RelayToClient::UnknownThread(other));
    }
    assert_eq!(rig.relay.stats().devices, 0);
    assert_eq!(rig.relay.generation(), before, "rule 2: unsigned, it draws nothing");
    assert!(!rig.journal.iter().any(|record| matches!(record, Record::Cursor { .. })));
}

#[test]
fn cursors_of_another_generation_are_ignored() {
    let mut rig = Rig::new();
    let anna = Device::new(1);
    let thread = thread_of(&mut rig, &[&anna], 0);
    let conn = rig.connect(&anna);
    rig.take(conn);
    let generation = Generation::new([9; 16]);
    let cursors = vec![rig.cursor(thread, 0)].try_into().unwrap();
    let frame = Cursors { generation, cursors, first: true, last: true };
    rig.frame(conn, ClientToRelay::Cursors(frame));
    let claim = Claim { generation, moved: Vec::new().try_into().unwrap(), root: Some([0; 32]) };
    rig.frame(conn, ClientToRelay::Claim(claim));
    assert_eq!(rig.take(conn), []);
}

#[test]
fn evidence_of_the_present_generation_draws_a_new_one() {
    let mut rig = Rig::new();
    let (anna, ben) = (Device::new(1), Device::new(2));
    let thread = thread_of(&mut rig, &[&anna, &ben], 0);
    let records = rig.journal.len();
    let a = rig.connect(&anna);
    rig.push(a, thread, &[sealed(1, 1)]);
    let (set, signed) = settle(&mut rig, &anna, &[thread]);

    let mut rig = rolled_back(&rig, records);
    let old = rig.relay.generation();
    let (a, b) = (rig.connect(&anna), rig.connect(&ben));
    rig.cursors(b, &[rig.cursor_at_head(thread)]);
    rig.cursors(a, &set);
    assert!(rig.take(a).contains(&RelayToClient::OffChain(thread)));
    rig.take(b);
    rig.auto_commit = false;
    show(&mut rig, a, &signed, &set);
    assert_ne!(rig.relay.generation(), old);
    assert_eq!((rig.take(a), rig.take(b)), (vec![], vec![]), "not before it is durable");
    rig.auto_commit = true;
    rig.run();
    for conn in [a, b] {
        assert_eq!(matched(&rig.take(conn)), Some(false));
    }
    assert!(rig.relay.devices.is_empty(), "the old generation's cursors are void");
    // The same evidence again is of a generation that is past: rule 3.
    let drawn = rig.relay.generation();
    show(&mut rig, a, &signed, &set);
    assert_eq!(rig.relay.generation(), drawn);
    assert_eq!(rig.relay.stats().ignored_evidence, 1);
}

#[test]
fn evidence_proves_nothing_when_it_is_on_the_chain_forged_or_anothers() {
    let mut rig = Rig::new();
    let (anna, ben) = (Device::new(1), Device::new(2));
    let thread = thread_of(&mut rig, &[&anna, &ben], 0);
    let records = rig.journal.len();
    let a = rig.connect(&anna);
    rig.push(a, thread, &[envelope(1)]);
    let (set, signed) = settle(&mut rig, &anna, &[thread]);
    let a = rig.connect(&anna);
    show(&mut rig, a, &signed, &set);
    assert_eq!(rig.relay.stats().generations_drawn, 1, "the first one: it is on the chain");

    let mut rig = rolled_back(&rig, records);
    let b = rig.connect(&ben);
    show(&mut rig, b, &signed, &set);
    let a = rig.connect(&anna);
    let forged = SignedCursors {
        root: cursor_root(&set),
        ..SignedCursors::sign(
            &Device::new(3).identity,
            &anna.transport(),
            rig.relay.generation(),
            rig.now,
            cursor_root(&set),
        )
    };
    show(&mut rig, a, &forged, &set);
    assert_eq!(rig.relay.stats().generations_drawn, 0);
    assert_eq!(rig.relay.stats().ignored_evidence, 2);
}

#[test]
fn a_hello_while_a_generation_is_on_its_way_is_greeted_with_it() {
    let mut rig = Rig::new();
    let anna = Device::new(1);
    let thread = thread_of(&mut rig, &[&anna], 0);
    let (set, _) = settle(&mut rig, &anna, &[thread]);
    let old = rig.relay.generation();
    rig.auto_commit = false;
    rig.relay.renew();
    let conn = rig.connect_as(&anna, Some(old), &set);
    assert_eq!(rig.take(conn), []);
    rig.auto_commit = true;
    rig.run();
    let frames = rig.take(conn);
    assert_eq!(matched(&frames), Some(false));
    assert_eq!(frames.len(), 1, "greeted once");
    assert_ne!(rig.relay.generation(), old);
}

#[test]
fn a_claim_is_signed_only_when_both_come_to_the_same_root() {
    let mut rig = Rig::new();
    let anna = Device::new(1);
    let threads = [0, 1].map(|nonce| thread_of(&mut rig, &[&anna], nonce));
    let conn = rig.connect(&anna);
    rig.cursors(conn, &threads.map(|thread| rig.cursor(thread, 0)));
    rig.take(conn);
    let heads = threads.map(|thread| rig.cursor_at_head(thread));
    // One thread is missing from the root, though its cursor is stored.
    rig.claim(conn, &heads[..1]);
    assert_eq!(rig.take(conn), [RelayToClient::ClaimRefused]);
    let stored = rig.relay.devices[&anna.transport()].cursor(&threads[0]).unwrap();
    assert_eq!(stored.seq, Seq(0), "nothing moved");
    rig.claim(conn, &heads);
    assert!(signed(&rig.take(conn)).is_some());
    // Beyond the head, and of a thread that was never named.
    rig.claim(conn, &[ThreadCursor { seq: Seq(9), ..heads[0] }, heads[1]]);
    assert_eq!(rig.take(conn), [RelayToClient::ClaimRefused]);
    let third = thread_of(&mut rig, &[&anna, &Device::new(2)], 3);
    let conn = rig.connect(&anna);
    rig.take(conn);
    rig.claim(conn, &[heads[0], heads[1], rig.cursor_at_head(third)]);
    assert_eq!(rig.take(conn), [RelayToClient::ClaimRefused]);
}

#[test]
fn a_claim_in_two_frames_is_signed_after_the_second_is_durable() {
    let mut rig = Rig::new();
    let anna = Device::new(1);
    let threads = [0, 1].map(|nonce| thread_of(&mut rig, &[&anna], nonce));
    let conn = rig.connect(&anna);
    rig.cursors(conn, &threads.map(|thread| rig.cursor(thread, 0)));
    rig.take(conn);
    let mut heads = threads.map(|thread| rig.cursor_at_head(thread)).to_vec();
    heads.sort();
    rig.auto_commit = false;
    for (cursor, root) in heads.iter().zip([None, Some(cursor_root(&heads))]) {
        let (thread, seq) = (cursor.thread, cursor.seq);
        let moved = vec![tandem_proto::ClaimedCursor { thread, seq, acks: 0 }];
        let generation = rig.relay.generation();
        let claim = Claim { generation, moved: moved.try_into().unwrap(), root };
        rig.frame(conn, ClientToRelay::Claim(claim));
    }
    assert_eq!(rig.take(conn), [], "not before it is durable");
    rig.commit();
    let signed = signed(&rig.take(conn)).unwrap();
    assert_eq!(signed.root, cursor_root(&heads));
    assert_eq!(signed.verify(&public_key(), &anna.transport()), Ok(()));
}
