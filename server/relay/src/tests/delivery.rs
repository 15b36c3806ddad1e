use tandem_proto::{ClientToRelay, Closing, Cursors, RelayToClient, Seq, Wire};

use super::rig::*;
use crate::{Config, Input};

fn small() -> Config {
    Config { max_queued_bytes: 1000, ..Config::default() }
}

#[test]
fn a_follower_gets_what_is_new_and_the_pusher_does_not_get_its_own() {
    let mut rig = Rig::new();
    let (anna, ben) = (Device::new(1), Device::new(2));
    let thread = thread_of(&mut rig, &[&anna, &ben], 0);
    let (a, b) = (rig.connect(&anna), rig.connect(&ben));
    for conn in [a, b] {
        rig.cursors(conn, &[rig.cursor_at_head(thread)]);
        assert!(caught_up(&rig.take(conn)));
    }
    rig.push(a, thread, &[sealed(1, 1), sealed(1, 2)]);
    rig.push(b, thread, &[sealed(1, 3)]);
    rig.push(a, thread, &[sealed(1, 4)]);
    assert_eq!(delivered(&rig.take(a), thread), [(5, sealed(1, 3))]);
    let to_b = delivered(&rig.take(b), thread);
    assert_eq!(to_b, [(3, sealed(1, 1)), (4, sealed(1, 2)), (6, sealed(1, 4))]);
    assert!(rig.trace.iter().all(|effect| !effect.contains("Read")), "from the bytes at hand");
}

#[test]
fn a_connection_gets_only_threads_that_its_device_named() {
    let mut rig = Rig::new();
    let (anna, ben) = (Device::new(1), Device::new(2));
    let thread = thread_of(&mut rig, &[&anna, &ben], 0);
    let (a, b) = (rig.connect(&anna), rig.connect(&ben));
    rig.take(b);
    rig.push(a, thread, &[envelope(1)]);
    assert_eq!(rig.take(b), []);
    rig.cursors(b, &[rig.cursor_at_head(thread)]);
    rig.handle(Input::Disconnected(b));
    // Back without a matching digest: what was named before does not count here.
    let b = rig.connect(&ben);
    rig.push(a, thread, &[envelope(2)]);
    assert_eq!(delivered_seqs(&rig.take(b), thread), [] as [u64; 0]);
}

#[test]
fn a_backlog_comes_in_order_in_pieces_and_then_caught_up() {
    let mut rig = Rig::new();
    let (anna, ben) = (Device::new(1), Device::new(2));
    let threads = [0, 1].map(|nonce| thread_of(&mut rig, &[&anna, &ben], nonce));
    let a = rig.connect(&anna);
    for thread in threads {
        let items: Vec<_> = (0..40).map(|n| sealed_of(1, n, 5000)).collect();
        rig.push(a, thread, &items);
    }
    let b = rig.connect(&ben);
    rig.cursors(b, &threads.map(|thread| rig.cursor(thread, 0)));
    let frames = rig.take(b);
    for thread in threads {
        assert_eq!(delivered_seqs(&frames, thread), (1..=42).collect::<Vec<_>>());
    }
    assert_eq!(frames.last(), Some(&RelayToClient::CaughtUp));
    let order: Vec<_> = frames
        .iter()
        .filter_map(|frame| match frame {
            RelayToClient::Deliver(deliver) => Some(deliver.thread),
            _ => None,
        })
        .collect();
    assert!(order.len() > 4, "in pieces");
    assert_ne!(order[0], order[1], "round robin over the threads");
}

#[test]
fn a_backlog_is_cut_around_what_this_connection_pushes_meanwhile() {
    let mut rig = Rig::new();
    let (anna, ben) = (Device::new(1), Device::new(2));
    let thread = thread_of(&mut rig, &[&anna, &ben], 0);
    let (a, b) = (rig.connect(&anna), rig.connect(&ben));
    rig.auto_read = false;
    rig.cursors(b, &[rig.cursor(thread, 0)]);
    rig.push(b, thread, &[sealed(1, 1)]);
    rig.push(a, thread, &[sealed(1, 2)]);
    rig.push(b, thread, &[sealed(1, 3), sealed(1, 4)]);
    rig.push(a, thread, &[sealed(1, 5)]);
    assert!(!caught_up(&rig.take(b)));
    rig.auto_read = true;
    rig.run();
    let frames = rig.take(b);
    assert_eq!(delivered_seqs(&frames, thread), [1, 2, 4, 7]);
    assert_eq!(frames.last(), Some(&RelayToClient::CaughtUp));
}

#[test]
fn own_items_come_back_once_the_device_says_that_it_stands_before_them() {
    let mut rig = Rig::new();
    let anna = Device::new(1);
    let thread = thread_of(&mut rig, &[&anna], 0);
    let conn = rig.connect(&anna);
    rig.push(conn, thread, &[envelope(1)]);
    rig.take(conn);
    // It has had the receipt and yet reads from the start: rule 2.
    rig.cursors(conn, &[rig.cursor(thread, 0)]);
    assert_eq!(delivered_seqs(&rig.take(conn), thread), [1, 2]);
}

#[test]
fn a_thread_founded_and_named_in_one_flight_is_not_sent_back() {
    let mut rig = Rig::new();
    let anna = Device::new(1);
    let conn = rig.connect(&anna);
    let (thread, genesis) = anna.found(0);
    rig.auto_commit = false;
    rig.push(conn, thread, &[genesis, envelope(1)]);
    let cursors = Cursors {
        generation: rig.relay.generation(),
        cursors: vec![rig.cursor(thread, 0)].try_into().unwrap(),
        first: false,
        last: false,
    };
    rig.frame(conn, ClientToRelay::Cursors(cursors));
    rig.auto_commit = true;
    rig.run();
    let frames = rig.take(conn);
    assert_eq!(delivered_seqs(&frames, thread), [] as [u64; 0]);
    assert_eq!(rig.head(thread), Seq(2));
}

#[test]
fn a_lagging_peer_rereads_the_log_from_where_it_stands() {
    let mut rig = Rig::with(small());
    let (anna, ben) = (Device::new(1), Device::new(2));
    let thread = thread_of(&mut rig, &[&anna, &ben], 0);
    let (a, b) = (rig.connect(&anna), rig.connect(&ben));
    rig.cursors(b, &[rig.cursor_at_head(thread)]);
    rig.take(b);
    rig.slow.insert(b);
    for n in 0..20 {
        rig.push(a, thread, &[sealed_of(1, n, 300)]);
    }
    let first = delivered_seqs(&rig.take(b), thread);
    assert!(first.len() < 6, "no more than its queue takes: {first:?}");
    assert_eq!(rig.relay.stats().lagging, 1);
    let mut all = first;
    for _ in 0..20 {
        rig.drain(b);
        all.extend(delivered_seqs(&rig.take(b), thread));
    }
    assert_eq!(all, (3..=22).collect::<Vec<_>>());
    rig.push(a, thread, &[sealed(1, 99)]);
    assert_eq!(delivered_seqs(&rig.take(b), thread), [23], "live again");
}

#[test]
fn a_lagging_peer_is_not_read_for_until_half_its_queue_has_drained() {
    let mut rig = Rig::with(small());
    let (anna, ben) = (Device::new(1), Device::new(2));
    let thread = thread_of(&mut rig, &[&anna, &ben], 0);
    let (a, b) = (rig.connect(&anna), rig.connect(&ben));
    rig.cursors(b, &[rig.cursor_at_head(thread)]);
    rig.slow.insert(b);
    for n in 0..20 {
        rig.push(a, thread, &[sealed_of(1, n, 300)]);
    }
    rig.take(b);
    let queued = rig.undrained[&b];
    rig.handle(Input::Drained(b, queued - 600));
    assert_eq!(rig.take(b), []);
    rig.handle(Input::Drained(b, 200));
    assert!(!delivered(&rig.take(b), thread).is_empty());
}

#[test]
fn a_slow_peer_never_delays_another() {
    let mut rig = Rig::with(small());
    let devices: Vec<_> = (1..4).map(Device::new).collect();
    let thread = thread_of(&mut rig, &devices.iter().collect::<Vec<_>>(), 0);
    let conns: Vec<_> = devices.iter().map(|device| rig.connect(device)).collect();
    for conn in &conns {
        rig.cursors(*conn, &[rig.cursor_at_head(thread)]);
        rig.take(*conn);
    }
    rig.slow.insert(conns[1]);
    for n in 0..50 {
        rig.push(conns[0], thread, &[sealed_of(2, n, 300)]);
        let frames = rig.take(conns[0]);
        assert_eq!(receipt_seqs(&frames, thread, &[sealed_of(2, n, 300)]), [n + 4]);
        assert_eq!(delivered_seqs(&rig.take(conns[2]), thread), [n + 4]);
    }
    assert!(!rig.closed.contains(&conns[1]), "lagging is no reason to be closed");
}

#[test]
fn a_queue_that_grows_to_four_times_its_limit_ends_the_connection() {
    let mut rig = Rig::with(small());
    let anna = Device::new(1);
    let thread = thread_of(&mut rig, &[&anna], 0);
    let conn = rig.connect(&anna);
    rig.slow.insert(conn);
    for n in 0..40 {
        rig.push(conn, thread, &[envelope(n)]);
    }
    assert!(rig.undrained[&conn] < 6000);
    assert_eq!(rig.closing(conn), Some(Closing::Busy(1000)));
    assert_eq!(rig.relay.stats().connections, 0);
}

#[test]
fn the_queue_is_counted_as_the_frames_are_encoded() {
    let mut rig = Rig::new();
    let (anna, ben) = (Device::new(1), Device::new(2));
    let thread = thread_of(&mut rig, &[&anna, &ben], 0);
    let a = rig.connect(&anna);
    rig.slow.insert(a);
    let before = rig.relay.stats().queued_bytes;
    rig.push(a, thread, &[envelope(1), vec![1]]);
    rig.cursors(a, &[rig.cursor(thread, 0)]);
    let bytes: usize = rig
        .take(a)
        .iter()
        .filter(|frame| !matches!(frame, RelayToClient::Greeting(_)))
        .map(|frame| frame.to_bytes().len())
        .sum();
    assert_eq!(rig.relay.stats().queued_bytes - before, bytes);
}

#[test]
fn a_log_that_can_not_be_read_ends_the_connection_instead_of_hanging_it() {
    let mut rig = Rig::new();
    let anna = Device::new(1);
    let thread = thread_of(&mut rig, &[&anna], 0);
    let conn = rig.connect(&anna);
    rig.auto_read = false;
    rig.cursors(conn, &[rig.cursor(thread, 0)]);
    let read = rig.reads.pop_front().unwrap();
    assert_eq!((read.thread, read.first), (thread, Seq(1)));
    rig.handle(Input::Items(read.id, Vec::new()));
    assert_eq!(rig.closing(conn), Some(Closing::Busy(1000)));
}

#[test]
fn a_read_that_is_answered_after_cursors_moved_is_not_believed() {
    let mut rig = Rig::new();
    let anna = Device::new(1);
    let thread = thread_of(&mut rig, &[&anna], 0);
    let a = rig.connect(&anna);
    rig.push(a, thread, &[envelope(1), envelope(2)]);
    rig.take(a);
    rig.auto_read = false;
    rig.cursors(a, &[rig.cursor(thread, 0)]);
    rig.cursors(a, &[rig.cursor(thread, 2)]);
    rig.auto_read = true;
    rig.run();
    assert_eq!(delivered_seqs(&rig.take(a), thread), [3]);
}
