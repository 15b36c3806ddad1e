//! Erasing a thread: what goes, what stays, and who is told.

use tandem_proto::{
    BoundedStr, ClientToRelay, ErasedBecause, Evidence, ReceiptRequest, Refusal, RelayToClient,
    SecretKey, Seq, ThreadId, Timestamp, Tombstone,
};

use super::rig::*;
use crate::{
    Act, AdminError, AdminId, AdminReply, AdminRequest, Config, ErasedThread, Input, Record,
    ThreadLook,
};

impl Rig {
    fn asked(&mut self, request: AdminRequest) -> Result<AdminReply, AdminError> {
        self.handle(Input::Admin(AdminId(1), "a test".into(), request));
        self.answers.pop().expect("every request is answered")
    }

    fn look(&mut self, name: &str) -> Result<ThreadLook, AdminError> {
        self.asked(AdminRequest::LookAtThread(name.into())).map(|reply| match reply {
            AdminReply::Thread(look) => look,
            other => panic!("{other:?}"),
        })
    }

    fn erase(&mut self, name: &str, words: &str) -> Result<ErasedThread, AdminError> {
        let request = AdminRequest::EraseThread { thread: name.into(), words: words.into() };
        self.asked(request).map(|reply| match reply {
            AdminReply::Erased(erased) => erased,
            other => panic!("{other:?}"),
        })
    }

    /// Whether anything of a thread is in what is durable.
    fn has_traces(&self, thread: ThreadId) -> bool {
        self.journal.iter().any(|record| record.thread() == Some(&thread))
    }
}

fn stones(frames: &[RelayToClient]) -> Vec<&Tombstone> {
    let stone = frames.iter().filter_map(|frame| match frame {
        RelayToClient::Erased(stone) => Some(stone),
        _ => None,
    });
    stone.collect()
}

fn reasons(frames: &[RelayToClient]) -> Vec<Refusal> {
    refusals(frames).into_iter().map(|(_, reason)| reason).collect()
}

/// A thread of two, in which one has said something.
fn two() -> (Rig, [Device; 2], ThreadId, Vec<Vec<u8>>) {
    let mut rig = Rig::new();
    let (anna, ben) = (Device::new(1), Device::new(2));
    let thread = thread_of(&mut rig, &[&anna, &ben], 0);
    let conn = rig.connect(&anna);
    rig.push(conn, thread, &[sealed(1, 1), sealed(1, 2)]);
    rig.handle(Input::Disconnected(conn));
    let log = rig.log(thread).to_vec();
    (rig, [anna, ben], thread, log)
}

#[test]
fn an_erased_thread_leaves_a_tombstone_and_nothing_else() {
    let (mut rig, [anna, ben], thread, log) = two();
    let other = thread_of(&mut rig, &[&anna], 7);
    let (a, b) = (rig.connect(&anna), rig.connect(&ben));
    rig.cursors(a, &[rig.cursor(thread, 1), rig.cursor(other, 1)]);
    let stranger = rig.connect(&Device::new(3));
    for conn in [a, b, stranger] {
        rig.take(conn);
    }
    let look = rig.look(&thread.to_string()[..6]).unwrap();
    assert_eq!((look.items, look.devices, look.newest), (4, 2, Some(rig.now)));

    let erased = rig.erase(&thread.to_string()[..6], "the family asked").unwrap();
    assert_eq!((erased.items, erased.bytes, erased.gone), (4, look.bytes, false));
    let stone = erased.tombstone;
    assert_eq!(stone.verify(&public_key()), Ok(()));
    assert_eq!((stone.thread, stone.at, &*stone.words), (thread, rig.now, "the family asked"));
    for conn in [a, b] {
        assert_eq!(stones(&rig.take(conn)), [&stone], "who is in it is told");
    }
    assert_eq!(rig.take(stranger), []);
    assert!(!rig.has_traces(thread) && rig.has_traces(other));
    assert_eq!((rig.rebuilt, rig.relay.stats().threads), (1, 1));

    // Whatever is said of it from here on is answered by the tombstone.
    rig.push(a, thread, &log);
    let frames = rig.take(a);
    assert_eq!((stones(&frames).len(), reasons(&frames)), (1, vec![Refusal::Erased; 4]));
    rig.cursors(b, &[tandem_proto::ThreadCursor { thread, seq: Seq(0), chain: [0; 32].into() }]);
    assert_eq!(stones(&rig.take(b)), [&stone]);
    let seqs = vec![Seq(1)].try_into().unwrap();
    rig.frame(b, ClientToRelay::ReceiptRequest(ReceiptRequest { thread, seqs }));
    assert_eq!(rig.take(b), [RelayToClient::Erased(stone.clone())]);
    // The other thread goes on as it was.
    rig.claim(a, &[rig.cursor_at_head(other)]);
    assert!(signed(&rig.take(a)).is_some());

    let mut rig = Rig::restored(Config::default(), 2, rig.journal.clone());
    let a = rig.connect(&anna);
    rig.push(a, thread, &log);
    assert_eq!(reasons(&rig.take(a)), vec![Refusal::Erased; 4], "also after a restart");
    let again = rig.erase(&thread.to_string(), "").unwrap_err();
    assert!(matches!(again, AdminError::Already(..)), "{again}");
}

#[test]
fn nobody_is_told_before_the_tombstone_is_durable() {
    let (mut rig, [anna, _], thread, _) = two();
    let a = rig.connect(&anna);
    rig.take(a);
    rig.auto_commit = false;
    // One item is on its way to the disk, one waits behind it.
    rig.push(a, thread, &[sealed(1, 3)]);
    rig.push(a, thread, &[sealed(1, 4)]);
    let request = AdminRequest::EraseThread { thread: thread.to_string(), words: String::new() };
    rig.handle(Input::Admin(AdminId(1), "a test".into(), request));
    rig.push(a, thread, &[sealed(1, 5)]);
    rig.commit();
    assert_eq!((rig.take(a), rig.answers.len(), rig.rebuilt), (vec![], 0, 0));
    rig.commit();
    let frames = rig.take(a);
    assert_eq!(reasons(&frames), [Refusal::Erased]);
    assert!(!stones(&frames).is_empty() && receipts(&frames, thread, &[]).is_empty());
    assert_eq!((rig.answers.len(), rig.rebuilt), (1, 1));
    assert!(!rig.has_traces(thread), "also what was on its way");
}

#[test]
fn a_relay_that_lost_its_tombstone_takes_it_from_any_device_and_erases_again() {
    let (mut rig, [anna, ben], thread, log) = two();
    let copy = rig.journal.clone();
    let stone = rig.erase(&thread.to_string(), "").unwrap().tombstone;

    // Wiped: a member who never saw the tombstone has put it there again.
    for journal in [Vec::new(), copy] {
        let mut rig = Rig::restored(Config::default(), 5, journal);
        let a = rig.connect(&anna);
        rig.push(a, thread, &log);
        assert_eq!(rig.head(thread), Seq(4));
        rig.take(a);
        let b = rig.connect(&ben);
        rig.take(b);
        rig.frame(b, ClientToRelay::Erased(stone.clone()));
        assert_eq!(stones(&rig.take(a)), [&stone], "whoever is in it hears of it");
        assert!(!rig.has_traces(thread) && rig.rebuilt == 1);
        rig.push(a, thread, &log);
        assert_eq!(reasons(&rig.take(a)), vec![Refusal::Erased; 4]);
        let records = rig.journal.len();
        rig.frame(a, ClientToRelay::Erased(stone.clone()));
        assert_eq!((rig.take(a), rig.journal.len()), (vec![], records), "once is enough");
        assert!(rig.journal.contains(&Record::Erased(stone.clone())));
        let rig = Rig::restored(Config::default(), 6, rig.journal.clone());
        assert_eq!(rig.relay.stats().threads, 0, "and it stays so");
    }
}

#[test]
fn a_tombstone_that_this_relay_did_not_sign_erases_nothing() {
    let (mut rig, [anna, _], thread, _) = two();
    let a = rig.connect(&anna);
    rig.take(a);
    let words = BoundedStr::default();
    let because = ErasedBecause::Operator;
    let key = SecretKey::from_seed([9; 32]);
    let forged = Tombstone::sign(&key, thread, Timestamp(1), because, words.clone());
    let own = Tombstone::sign(&relay_key(), ThreadId::new([9; 20]), Timestamp(1), because, words);
    for stone in [forged, Tombstone { thread, ..own }] {
        rig.frame(a, ClientToRelay::Erased(stone));
    }
    assert_eq!((rig.take(a), rig.head(thread)), (vec![], Seq(4)));
    assert_eq!(rig.relay.stats().ignored_evidence, 2);
}

#[test]
fn what_was_erased_is_not_taken_for_lost() {
    let (mut rig, [anna, _], thread, _) = two();
    let conn = rig.connect(&anna);
    let set = [rig.cursor_at_head(thread)];
    rig.cursors(conn, &set);
    rig.claim(conn, &set);
    let signed = signed(&rig.take(conn)).unwrap();
    let generation = rig.relay.generation();
    rig.erase(&thread.to_string(), "").unwrap();
    let proof = tandem_proto::CursorProof::of(&signed, &set, &thread).unwrap();
    rig.frame(conn, ClientToRelay::Evidence(Evidence { proof }));
    assert_eq!(rig.relay.generation(), generation);
}

#[test]
fn acts_that_a_store_has_lost_erase_again_when_they_are_brought_back() {
    let (mut rig, _, thread, _) = two();
    let copy = rig.journal.clone();
    rig.erase(&thread.to_string(), "").unwrap();
    let acts: Vec<_> = rig
        .journal
        .iter()
        .filter_map(|record| match record {
            Record::Audited(act) => Some(act.clone()),
            _ => None,
        })
        .collect();
    assert!(matches!(acts[0].act, Act::ThreadErased(_)));
    let mut rig = Rig::restored(Config::default(), 4, copy);
    assert_eq!(rig.relay.bring_back(acts), 1);
    rig.run();
    assert!(!rig.has_traces(thread) && rig.rebuilt == 1);
}

#[test]
fn a_thread_that_is_not_here_is_erased_by_its_whole_id_and_by_nothing_less() {
    let mut rig = Rig::new();
    let (thread, genesis) = Device::new(1).found(1);
    let short = rig.erase(&thread.to_string()[..8], "").unwrap_err();
    assert!(matches!(short, AdminError::NoThread(_)), "{short}");
    let erased = rig.erase(&thread.to_string(), "before it comes").unwrap();
    assert_eq!((erased.items, rig.rebuilt), (0, 1));
    let conn = rig.connect(&Device::new(1));
    rig.push(conn, thread, &[genesis]);
    assert_eq!(reasons(&rig.take(conn)), [Refusal::Erased]);
    assert_eq!(rig.look(&thread.to_string()[..8]).unwrap().erased, Some(erased.tombstone));
    for words in ["x".repeat(257), "two\nlines".to_owned()] {
        let (other, _) = Device::new(2).found(1);
        assert_eq!(rig.erase(&other.to_string(), &words), Err(AdminError::BadReason));
    }
}
