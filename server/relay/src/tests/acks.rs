use tandem_proto::{ChainHash, ClientToRelay, Generation, Seq, ThreadCursor};

use super::rig::*;
use crate::Input;

fn pair(rig: &mut Rig) -> (Device, Device, tandem_proto::ThreadId) {
    let (anna, ben) = (Device::new(1), Device::new(2));
    let thread = thread_of(rig, &[&anna, &ben], 0);
    (anna, ben, thread)
}

#[test]
fn an_acknowledgement_is_passed_on_to_the_other_members_once_durable() {
    let mut rig = Rig::new();
    let (anna, ben, thread) = pair(&mut rig);
    let (a, b) = (rig.connect(&anna), rig.connect(&ben));
    let head = rig.cursor_at_head(thread);
    for conn in [a, b] {
        rig.cursors(conn, &[head]);
        rig.take(conn);
    }
    let ack = ben.ack(&head, rig.relay.generation());
    rig.auto_commit = false;
    rig.frame(b, ClientToRelay::Acknowledge(ack.clone()));
    assert_eq!(rig.take(a), []);
    rig.commit();
    assert_eq!(acks(&rig.take(a)), [(1, ack)]);
    assert_eq!(rig.take(b), [], "not to its author");
}

#[test]
fn forged_replayed_and_untrue_acknowledgements_are_not_passed_on() {
    let mut rig = Rig::new();
    let (anna, ben, thread) = pair(&mut rig);
    let (a, b) = (rig.connect(&anna), rig.connect(&ben));
    rig.push(a, thread, &[envelope(1)]);
    let head = rig.cursor_at_head(thread);
    rig.cursors(a, &[head]);
    rig.take(a);
    let generation = rig.relay.generation();
    let good = ben.ack(&head, generation);
    let mut forged = good.clone();
    forged.signature = ben.ack(&rig.cursor(thread, 1), generation).signature;
    let bad = [
        forged,
        anna.ack(&head, generation),
        Device::new(3).ack(&head, generation),
        ben.ack(&head, Generation::new([1; 16])),
        ben.ack(&ThreadCursor { seq: Seq(9), ..head }, generation),
        ben.ack(&ThreadCursor { chain: ChainHash::new([1; 32]), ..head }, generation),
    ];
    let count = bad.len() as u64;
    for ack in bad {
        rig.frame(b, ClientToRelay::Acknowledge(ack));
    }
    assert_eq!(rig.relay.stats().ignored_acknowledgements, count);
    assert_eq!(rig.take(a), []);
    rig.frame(b, ClientToRelay::Acknowledge(good.clone()));
    assert_eq!(acks(&rig.take(a)), [(1, good.clone())]);
    // Played back, and an older one that comes late.
    rig.frame(b, ClientToRelay::Acknowledge(good));
    rig.frame(b, ClientToRelay::Acknowledge(ben.ack(&rig.cursor(thread, 2), generation)));
    assert_eq!(rig.take(a), []);
}

#[test]
fn on_reconnect_only_acknowledgements_after_the_claimed_revision_are_sent() {
    let mut rig = Rig::new();
    let (anna, ben, thread) = pair(&mut rig);
    let (a, b) = (rig.connect(&anna), rig.connect(&ben));
    let head = rig.cursor_at_head(thread);
    let generation = rig.relay.generation();
    rig.cursors(a, &[head]);
    rig.frame(b, ClientToRelay::Acknowledge(ben.ack(&rig.cursor(thread, 1), generation)));
    assert_eq!(acks(&rig.take(a)).len(), 1);
    rig.claim_acks(a, &[head], 1);
    rig.handle(Input::Disconnected(a));

    let a = rig.connect_with(&anna, Some(generation), &[head], 1);
    let frames = rig.take(a);
    assert_eq!(matched(&frames), Some(true));
    assert_eq!(acks(&frames), []);
    rig.handle(Input::Disconnected(a));

    let second = ben.ack(&head, generation);
    rig.frame(b, ClientToRelay::Acknowledge(second.clone()));
    let a = rig.connect_with(&anna, Some(generation), &[head], 1);
    let frames = rig.take(a);
    assert_eq!(matched(&frames), Some(true));
    assert_eq!(acks(&frames), [(2, second)]);
    assert!(caught_up(&frames));
}

#[test]
fn a_device_copied_back_to_before_an_acknowledgement_is_sent_it_again() {
    let mut rig = Rig::new();
    let (anna, ben, thread) = pair(&mut rig);
    let (a, b) = (rig.connect(&anna), rig.connect(&ben));
    let head = rig.cursor_at_head(thread);
    let generation = rig.relay.generation();
    rig.cursors(a, &[head]);
    rig.claim_acks(a, &[head], 0);
    let ack = ben.ack(&head, generation);
    rig.frame(b, ClientToRelay::Acknowledge(ack.clone()));
    rig.claim_acks(a, &[head], 1);
    rig.handle(Input::Disconnected(a));

    // Its copy has the very same cursors, and not the acknowledgement.
    let a = rig.connect_with(&anna, Some(generation), &[head], 0);
    assert_eq!(matched(&rig.take(a)), Some(false));
    rig.cursors(a, &[head]);
    assert_eq!(acks(&rig.take(a)), [(1, ack)]);
}

#[test]
fn an_own_acknowledgement_leaves_no_news_for_its_author() {
    let mut rig = Rig::new();
    let (anna, _, thread) = pair(&mut rig);
    let a = rig.connect(&anna);
    let head = rig.cursor_at_head(thread);
    rig.cursors(a, &[head]);
    rig.frame(a, ClientToRelay::Acknowledge(anna.ack(&head, rig.relay.generation())));
    rig.claim_acks(a, &[head], 0);
    assert!(rig.relay.devices[&anna.transport()].dirty.is_empty());
}
