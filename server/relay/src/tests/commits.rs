use tandem_proto::{
    ClientToRelay, Closing, ItemHash, MailPut, MailboxId, Push, Refusal, RelayToClient, Seq,
};

use super::rig::*;
use crate::{Config, Input};

#[test]
fn what_arrives_while_a_commit_is_out_shares_the_next() {
    let mut rig = Rig::new();
    let anna = Device::new(1);
    let thread = thread_of(&mut rig, &[&anna], 0);
    let conn = rig.connect(&anna);
    rig.take(conn);
    rig.auto_commit = false;
    for n in 0..10 {
        rig.push(conn, thread, &[envelope(n)]);
    }
    let sizes: Vec<_> = rig.commits.iter().map(|(_, records)| records.len()).collect();
    assert_eq!(sizes, [1]);
    rig.commit();
    let sizes: Vec<_> = rig.commits.iter().map(|(_, records)| records.len()).collect();
    assert_eq!(sizes, [9]);
    rig.take(conn);
    rig.commit();
    let frames = rig.take(conn);
    assert_eq!(frames.len(), 1, "one signature for all nine");
    let pushed: Vec<_> = (1..10).map(envelope).collect();
    assert_eq!(receipt_seqs(&frames, thread, &pushed), (3..12).collect::<Vec<_>>());
}

#[test]
fn what_is_handled_before_effects_are_asked_for_is_one_commit() {
    let mut rig = Rig::new();
    let (anna, ben) = (Device::new(1), Device::new(2));
    let threads = [thread_of(&mut rig, &[&anna], 0), thread_of(&mut rig, &[&ben], 0)];
    let conns = [rig.connect(&anna), rig.connect(&ben)];
    for conn in conns {
        rig.take(conn);
    }
    for n in 0..90 {
        for (conn, thread) in conns.into_iter().zip(threads) {
            let items = vec![envelope(n).try_into().unwrap()].try_into().unwrap();
            let push = ClientToRelay::Push(Push { thread, items });
            rig.relay.handle(rig.now, Input::Frame(conn, push));
        }
    }
    rig.auto_commit = false;
    rig.run();
    let sizes: Vec<_> = rig.commits.iter().map(|(_, records)| records.len()).collect();
    assert_eq!(sizes, [180]);
    assert!(conns.iter().all(|conn| rig.take(*conn).is_empty()), "nothing before it is durable");
    rig.commit();
    assert!(rig.commits.is_empty());
    for (conn, thread) in conns.into_iter().zip(threads) {
        let frames = rig.take(conn);
        assert_eq!(frames.len(), 1, "one frame of receipts each");
        let pushed: Vec<_> = (0..90).map(envelope).collect();
        assert_eq!(receipt_seqs(&frames, thread, &pushed), (2..92).collect::<Vec<_>>());
    }
}

#[test]
fn what_waits_for_a_commit_that_fails_is_refused_and_the_core_is_finished() {
    let mut rig = Rig::new();
    let (anna, ben) = (Device::new(1), Device::new(2));
    let thread = thread_of(&mut rig, &[&anna, &ben], 0);
    let (a, b) = (rig.connect(&anna), rig.connect(&ben));
    rig.cursors(b, &[rig.cursor_at_head(thread)]);
    rig.take(a);
    rig.take(b);
    rig.auto_commit = false;
    for n in 0..4 {
        rig.push(a, thread, &[sealed(1, n)]);
    }
    let letter = vec![1; 10].try_into().unwrap();
    let put = MailPut { mailbox: MailboxId::new([1; 16]), letter };
    rig.frame(b, ClientToRelay::MailPut(put));
    let (failed, _) = rig.commits[0].clone();
    rig.handle(Input::CommitFailed(failed));
    let mut frames = rig.take(a);
    assert_eq!(frames.pop(), Some(RelayToClient::Closing(Closing::Busy(1000))));
    let expected: Vec<_> =
        (0..4).map(|n| (ItemHash::of(&sealed(1, n)).short(), Refusal::Unavailable)).collect();
    assert_eq!(refusals(&frames), expected);
    let frames = rig.take(b);
    assert_eq!(refusals(&frames).len(), 1, "the letter");
    assert!(delivered(&frames, thread).is_empty());
    assert!(rig.closed.contains(&a) && rig.closed.contains(&b));
    assert!(rig.relay.is_finished());
    rig.relay.handle(rig.now, Input::Committed(failed));
    assert_eq!(rig.relay.poll_effect(), None, "it does nothing more");

    let rig = Rig::restored(Config::default(), 1, rig.journal);
    assert_eq!(rig.head(thread), Seq(2), "a fresh core has what is durable");
}

#[test]
fn a_stop_refuses_what_is_new_and_finishes_what_is_under_way() {
    let mut rig = Rig::new();
    let anna = Device::new(1);
    let thread = thread_of(&mut rig, &[&anna], 0);
    let conn = rig.connect(&anna);
    rig.take(conn);
    rig.auto_commit = false;
    for n in 0..3 {
        rig.push(conn, thread, &[envelope(n)]);
    }
    rig.handle(Input::Stop);
    rig.push(conn, thread, &[envelope(1), envelope(9)]);
    assert!(!rig.relay.is_drained());
    rig.commit();
    assert!(!rig.relay.is_drained());
    rig.commit();
    assert!(rig.relay.is_drained());
    let mut frames = rig.take(conn);
    assert_eq!(frames.pop(), Some(RelayToClient::Closing(Closing::Stopping(1000))));
    let pushed = [envelope(0), envelope(1), envelope(2)];
    assert_eq!(receipt_seqs(&frames, thread, &pushed), [2, 3, 4, 3]);
    let refused = (ItemHash::of(&envelope(9)).short(), Refusal::Unavailable);
    assert_eq!(refusals(&frames), [refused]);
    let late = rig.open(&anna);
    assert_eq!(rig.closing(late), Some(Closing::Stopping(1000)));
}
