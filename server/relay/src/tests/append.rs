use tandem_proto::{
    ClientToRelay, EnvelopeHeader, EnvelopeKind, Epoch, ItemHash, ReceiptRequest, Refusal,
    RelayToClient, Seq,
};

use super::rig::*;
use crate::{Config, Input};

#[test]
fn what_is_pushed_gets_receipts_that_verify_and_name_its_place() {
    let mut rig = Rig::new();
    let anna = Device::new(1);
    let (thread, genesis) = anna.found(0);
    let conn = rig.connect(&anna);
    let pushed = [genesis, envelope(1), envelope(2)];
    rig.push(conn, thread, &pushed);
    let receipts = receipts(&rig.take(conn), thread, &pushed);
    assert_eq!(receipts.iter().map(|r| r.seq.0).collect::<Vec<_>>(), [1, 2, 3]);
    assert_eq!(receipts[2].item, ItemHash::of(&pushed[2]));
    assert_eq!(rig.log(thread), pushed);
}

#[test]
fn a_known_item_keeps_its_seq_and_gets_its_receipt_again() {
    let mut rig = Rig::new();
    let anna = Device::new(1);
    let thread = thread_of(&mut rig, &[&anna], 0);
    let conn = rig.connect(&anna);
    let items = [envelope(1), envelope(2)];
    rig.push(conn, thread, &items);
    rig.take(conn);
    rig.push(conn, thread, &[envelope(2), envelope(1), envelope(3)]);
    let frames = rig.take(conn);
    let pushed = [envelope(1), envelope(2), envelope(3)];
    assert_eq!(receipt_seqs(&frames, thread, &pushed), [3, 2, 4]);
    assert_eq!(rig.head(thread), Seq(4));
}

#[test]
fn dedupe_comes_before_membership_epoch_and_quota() {
    let config = Config { max_items_per_thread: 2, ..Config::default() };
    let mut rig = Rig::with(config);
    let (anna, stranger) = (Device::new(1), Device::new(2));
    let thread = thread_of(&mut rig, &[&anna], 0);
    let conn = rig.connect(&anna);
    rig.push(conn, thread, &[envelope(1), envelope(2)]);
    let full = [(ItemHash::of(&envelope(2)).short(), Refusal::OverQuota)];
    assert_eq!(refusals(&rig.take(conn)), full);
    let other = rig.connect(&stranger);
    rig.push(other, thread, &[envelope(1)]);
    assert_eq!(receipt_seqs(&rig.take(other), thread, &[envelope(1)]), [2]);
}

#[test]
fn a_known_item_whose_commit_is_pending_waits_for_that_commit() {
    let mut rig = Rig::new();
    let anna = Device::new(1);
    let thread = thread_of(&mut rig, &[&anna], 0);
    let conn = rig.connect(&anna);
    rig.take(conn);
    rig.auto_commit = false;
    rig.push(conn, thread, &[envelope(1)]);
    rig.push(conn, thread, &[envelope(1)]);
    assert_eq!(rig.take(conn), []);
    rig.commit();
    assert_eq!(receipt_seqs(&rig.take(conn), thread, &[envelope(1)]), [2, 2]);
    assert!(rig.commits.is_empty(), "the second push changed nothing");
}

#[test]
fn every_reason_to_refuse_is_named() {
    let config = Config { max_bytes_per_thread: 1000, ..Config::default() };
    let mut rig = Rig::with(config);
    let (anna, ben) = (Device::new(1), Device::new(2));
    let thread = thread_of(&mut rig, &[&anna], 0);
    let (unknown, _) = anna.found(9);
    let conn = rig.connect(&anna);
    let reason = |rig: &mut Rig, conn, thread, item: Vec<u8>| {
        rig.take(conn);
        rig.push(conn, thread, std::slice::from_ref(&item));
        let refused = refusals(&rig.take(conn));
        assert_eq!(refused.len(), 1, "{refused:?}");
        assert_eq!(refused[0].0, ItemHash::of(&item).short());
        refused[0].1
    };
    assert_eq!(reason(&mut rig, conn, unknown, envelope(1)), Refusal::UnknownThread);
    assert_eq!(reason(&mut rig, conn, thread, vec![1, 2, 3]), Refusal::Malformed);
    assert_eq!(reason(&mut rig, conn, thread, vec![9; 80]), Refusal::Malformed);
    assert_eq!(reason(&mut rig, conn, thread, sealed_of(0, 1, 2000)), Refusal::OverQuota);
    let header = EnvelopeHeader { kind: EnvelopeKind::Batch, epoch: Epoch(1), nonce: [0; 16] };
    let early = header.assemble(&[0; 32]);
    assert_eq!(reason(&mut rig, conn, thread, early), Refusal::StaleEpoch);
    let other = rig.connect(&ben);
    assert_eq!(reason(&mut rig, other, thread, envelope(2)), Refusal::NotAMember);
}

#[test]
fn an_envelope_is_taken_under_the_present_epoch_only_and_a_known_one_under_any() {
    let mut rig = Rig::new();
    let (anna, ben) = (Device::new(1), Device::new(2));
    let (thread, genesis) = anna.found(0);
    let conn = rig.connect(&anna);
    let admit = anna.admit(&ben, &genesis);
    rig.push(conn, thread, &[genesis, sealed(0, 1), admit]);
    rig.take(conn);
    rig.push(conn, thread, &[sealed(0, 2), sealed(2, 3), sealed(0, 1), sealed(1, 4)]);
    let frames = rig.take(conn);
    let stale = |item: Vec<u8>| (ItemHash::of(&item).short(), Refusal::StaleEpoch);
    assert_eq!(refusals(&frames), [stale(sealed(0, 2)), stale(sealed(2, 3))]);
    let taken = [sealed(0, 1), sealed(1, 4)];
    assert_eq!(receipt_seqs(&frames, thread, &taken), [2, 4], "a known one gets its receipt");
}

#[test]
fn a_member_asks_for_a_seat_whatever_the_epoch_and_nobody_else_does() {
    let mut rig = Rig::new();
    let (anna, ben) = (Device::new(1), Device::new(2));
    let thread = thread_of(&mut rig, &[&anna], 0);
    let request = |device: &Device| {
        let package = vec![7; 40].try_into().unwrap();
        tandem_proto::SeatRequest::sign(&device.identity, &thread, package).to_item()
    };
    let conn = rig.connect(&anna);
    rig.push(conn, thread, &[request(&anna)]);
    assert_eq!(receipt_seqs(&rig.take(conn), thread, &[request(&anna)]), [2]);
    let other = rig.connect(&ben);
    rig.push(other, thread, &[request(&ben)]);
    let outside = (ItemHash::of(&request(&ben)).short(), Refusal::NotAMember);
    assert_eq!(refusals(&rig.take(other)), [outside]);
    let for_another = request(&ben);
    rig.push(conn, thread, std::slice::from_ref(&for_another));
    let not_its_own = (ItemHash::of(&for_another).short(), Refusal::Malformed);
    assert_eq!(refusals(&rig.take(conn)), [not_its_own]);
}

#[test]
fn a_device_founds_only_so_many_threads_in_a_day() {
    let config = Config { max_threads_founded_per_day: 2, ..Config::default() };
    let mut rig = Rig::with(config.clone());
    let (anna, ben) = (Device::new(1), Device::new(2));
    for nonce in 0..2 {
        thread_of(&mut rig, &[&anna], nonce);
    }
    let mut rig = Rig::restored(config, 2, rig.journal);
    let (thread, genesis) = anna.found(2);
    let conn = rig.connect(&anna);
    rig.push(conn, thread, std::slice::from_ref(&genesis));
    assert_eq!(refusals(&rig.take(conn))[0].1, Refusal::OverQuota);
    thread_of(&mut rig, &[&ben], 3);
    rig.now = rig.now.plus_ms(24 * 3600 * 1000);
    rig.push(conn, thread, &[genesis]);
    assert_eq!(rig.head(thread), Seq(1));
}

#[test]
fn a_member_gets_receipts_on_request_and_a_stranger_gets_none() {
    let mut rig = Rig::new();
    let (anna, ben, stranger) = (Device::new(1), Device::new(2), Device::new(3));
    let thread = thread_of(&mut rig, &[&anna, &ben], 0);
    let ask = |seqs: &[u64]| {
        let seqs: Vec<_> = seqs.iter().map(|seq| Seq(*seq)).collect();
        ClientToRelay::ReceiptRequest(ReceiptRequest { thread, seqs: seqs.try_into().unwrap() })
    };
    let conn = rig.connect(&ben);
    rig.auto_commit = false;
    rig.push(conn, thread, &[envelope(1)]);
    rig.frame(conn, ask(&[0, 2, 3, 99]));
    let log = rig.log(thread).to_vec();
    assert_eq!(receipt_seqs(&rig.take(conn), thread, &log), [2], "only what is durable");
    let other = rig.connect(&stranger);
    rig.take(other);
    rig.frame(other, ask(&[2]));
    assert_eq!(rig.take(other), [RelayToClient::UnknownThread(thread)]);
}

#[test]
fn more_than_four_connections_share_one_signature() {
    let mut rig = Rig::new();
    let devices: Vec<_> = (1..8).map(Device::new).collect();
    let threads: Vec<_> = devices.iter().map(|device| thread_of(&mut rig, &[device], 0)).collect();
    let conns: Vec<_> = devices.iter().map(|device| rig.connect(device)).collect();
    let many: Vec<_> = (0..1500).map(envelope).collect();
    rig.auto_commit = false;
    rig.push(conns[0], threads[0], &[envelope(5000)]);
    rig.push(conns[0], threads[0], &many[..1000]);
    rig.push(conns[0], threads[0], &many[1000..]);
    for (conn, thread) in conns.iter().zip(&threads).skip(1) {
        rig.push(*conn, *thread, &[envelope(1)]);
    }
    assert_eq!(rig.commits.len(), 1, "the rest collects behind one commit");
    rig.commit();
    for conn in &conns {
        rig.take(*conn);
    }
    rig.commit();
    let mut signatures = Vec::new();
    let mut seen = 0;
    for (at, (conn, thread)) in conns.iter().zip(&threads).enumerate() {
        let frames = rig.take(*conn);
        for frame in &frames {
            if let RelayToClient::Receipts(batch) = frame {
                signatures.push(batch.signature.to_bytes());
            }
        }
        let pushed = if at == 0 { many.clone() } else { vec![envelope(1)] };
        let count = receipts(&frames, *thread, &pushed).len();
        assert_eq!(count, pushed.len());
        seen += count;
    }
    assert_eq!(seen, 1506);
    assert_eq!(signatures.len(), 8, "the long run is cut in two frames");
    signatures.dedup();
    assert_eq!(signatures.len(), 1);
}

#[test]
fn nothing_is_told_to_anyone_before_the_commit() {
    let mut rig = Rig::new();
    let (anna, ben) = (Device::new(1), Device::new(2));
    let thread = thread_of(&mut rig, &[&anna, &ben], 0);
    let (a, b) = (rig.connect(&anna), rig.connect(&ben));
    let cursor = rig.cursor_at_head(thread);
    rig.cursors(b, &[cursor]);
    rig.take(a);
    rig.take(b);
    rig.auto_commit = false;
    rig.push(a, thread, &[sealed(1, 1)]);
    rig.push(a, thread, &[vec![0]]);
    assert_eq!(rig.take(a), [], "neither receipt nor refusal");
    assert_eq!(rig.take(b), []);
    assert_eq!(rig.reads.len(), 0);
    rig.commit();
    let frames = rig.take(a);
    assert_eq!(receipt_seqs(&frames, thread, &[sealed(1, 1)]), [3]);
    assert_eq!(refusals(&frames).len(), 1);
    assert_eq!(delivered_seqs(&rig.take(b), thread), [3]);
    let at = |what: &str| rig.trace.iter().rposition(|effect| effect.contains(what)).unwrap();
    assert!(at("Receipts") < at("Deliver"), "receipts first");
}

#[test]
fn a_gone_pusher_leaves_its_items_in_the_log() {
    let mut rig = Rig::new();
    let anna = Device::new(1);
    let thread = thread_of(&mut rig, &[&anna], 0);
    let conn = rig.connect(&anna);
    rig.auto_commit = false;
    rig.push(conn, thread, &[envelope(1)]);
    rig.handle(Input::Disconnected(conn));
    rig.commit();
    assert_eq!(rig.head(thread), Seq(2));
}
