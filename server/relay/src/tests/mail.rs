use tandem_proto::{
    ClientToRelay, Letter, MailDrop, MailPut, MailStored, MailWatch, MailboxId, Refusal,
    RelayToClient,
    limits::{LETTER_LIFETIME_MS, MAX_LETTER_BYTES, MAX_LETTERS_PER_MAILBOX},
};

use super::rig::*;
use crate::{Config, ConnId, Input, mail::letter_hash};

const BOX: MailboxId = MailboxId::new([1; 16]);

fn letter(n: u8, len: usize) -> Letter {
    let mut bytes = vec![0; len];
    bytes[0] = n;
    bytes.try_into().unwrap()
}

fn put(rig: &mut Rig, conn: ConnId, mailbox: MailboxId, letter: &Letter) {
    let put = MailPut { mailbox, letter: letter.clone() };
    rig.frame(conn, ClientToRelay::MailPut(put));
}

fn watch(rig: &mut Rig, conn: ConnId, mailboxes: &[MailboxId]) {
    let mailboxes = mailboxes.to_vec().try_into().unwrap();
    rig.frame(conn, ClientToRelay::MailWatch(MailWatch { mailboxes }));
}

fn mail(frames: &[RelayToClient]) -> Vec<(MailboxId, Vec<Letter>)> {
    frames
        .iter()
        .filter_map(|frame| match frame {
            RelayToClient::Mail(mail) => Some((mail.mailbox, mail.letters.to_vec())),
            _ => None,
        })
        .collect()
}

fn two(rig: &mut Rig) -> (ConnId, ConnId) {
    let conns = (rig.connect(&Device::new(1)), rig.connect(&Device::new(2)));
    rig.take(conns.0);
    rig.take(conns.1);
    conns
}

#[test]
fn a_letter_reaches_who_watches_once_it_is_durable() {
    let mut rig = Rig::new();
    let (a, b) = two(&mut rig);
    watch(&mut rig, b, &[BOX]);
    assert_eq!(mail(&rig.take(b)), [(BOX, vec![])], "an empty mailbox is answered too");
    rig.auto_commit = false;
    let one = letter(1, 100);
    put(&mut rig, a, BOX, &one);
    put(&mut rig, a, BOX, &one);
    watch(&mut rig, b, &[BOX]);
    assert_eq!(rig.take(a), []);
    assert_eq!(mail(&rig.take(b)), [(BOX, vec![])]);
    rig.commit();
    let stored = MailStored { mailbox: BOX, letter: letter_hash(&one) };
    let stored = RelayToClient::MailStored(stored);
    assert_eq!(rig.take(a), [stored.clone(), stored.clone()]);
    assert_eq!(mail(&rig.take(b)), [(BOX, vec![one.clone()])], "once");
    put(&mut rig, b, BOX, &one);
    assert_eq!(rig.take(b), [stored], "known and durable: at once, stored once");
    assert!(rig.commits.is_empty());
}

#[test]
fn a_dropped_letter_is_gone_and_one_sent_again_is_new() {
    let mut rig = Rig::new();
    let (a, b) = two(&mut rig);
    let one = letter(1, 100);
    put(&mut rig, a, BOX, &one);
    let drop = MailDrop { mailbox: BOX, letter: letter_hash(&one) };
    rig.frame(b, ClientToRelay::MailDrop(drop.clone()));
    rig.frame(b, ClientToRelay::MailDrop(drop));
    watch(&mut rig, b, &[BOX]);
    assert_eq!(mail(&rig.take(b)), [(BOX, vec![])]);
    assert_eq!(rig.relay.poll_timeout(), None);
    put(&mut rig, a, BOX, &one);
    assert_eq!(mail(&rig.take(b)), [(BOX, vec![one])]);
}

#[test]
fn a_full_mailbox_and_a_sender_at_its_limit_are_refused() {
    let mut rig = Rig::with(Config { max_letters_per_device: 10, ..Config::default() });
    let (a, b) = two(&mut rig);
    for n in 0..MAX_LETTERS_PER_MAILBOX {
        put(&mut rig, a, BOX, &letter(u8::try_from(n).unwrap(), 10));
    }
    rig.take(a);
    put(&mut rig, b, BOX, &letter(99, 10));
    let refused = refusals(&rig.take(b));
    assert_eq!(refused, [(letter_hash(&letter(99, 10)), Refusal::OverQuota)]);
    let other = MailboxId::new([2; 16]);
    for n in 0..3 {
        put(&mut rig, a, other, &letter(n, 20));
    }
    let frames = rig.take(a);
    assert_eq!(refusals(&frames), [(letter_hash(&letter(2, 20)), Refusal::OverQuota)]);
    let dropped = MailDrop { mailbox: BOX, letter: letter_hash(&letter(0, 10)) };
    rig.frame(b, ClientToRelay::MailDrop(dropped));
    put(&mut rig, a, other, &letter(2, 20));
    assert_eq!(refusals(&rig.take(a)), [], "room again");
}

#[test]
fn all_mailboxes_together_hold_so_many_bytes_and_no_more() {
    let mut rig = Rig::with(Config { max_letter_bytes: 1000, ..Config::default() });
    let (a, b) = two(&mut rig);
    let boxes: Vec<_> = (0..5).map(|n| MailboxId::new([n; 16])).collect();
    for (n, mailbox) in (0..).zip(&boxes[..4]) {
        put(&mut rig, if n % 2 == 0 { a } else { b }, *mailbox, &letter(n, 240));
    }
    assert_eq!(refusals(&[rig.take(a), rig.take(b)].concat()), []);
    assert_eq!(rig.relay.stats().letter_bytes, 960);
    put(&mut rig, b, boxes[4], &letter(4, 41));
    let refused = refusals(&rig.take(b));
    assert_eq!(refused, [(letter_hash(&letter(4, 41)), Refusal::OverQuota)]);
    put(&mut rig, b, boxes[4], &letter(5, 40));
    put(&mut rig, a, boxes[0], &letter(0, 240));
    assert_eq!(refusals(&[rig.take(a), rig.take(b)].concat()), [], "just room; known already");

    let mut rig = Rig::restored(rig.relay.config.clone(), 1, rig.journal);
    assert_eq!(rig.relay.stats().letter_bytes, 1000, "counted again after a restart");
    let (a, b) = two(&mut rig);
    put(&mut rig, a, boxes[4], &letter(6, 240));
    assert_eq!(refusals(&rig.take(a)).len(), 1);
    let drop = MailDrop { mailbox: boxes[1], letter: letter_hash(&letter(1, 240)) };
    rig.frame(b, ClientToRelay::MailDrop(drop));
    put(&mut rig, a, boxes[4], &letter(6, 240));
    assert_eq!(refusals(&rig.take(a)), [], "room again");
    rig.now = rig.now.plus_ms(LETTER_LIFETIME_MS);
    rig.handle(Input::Tick);
    assert_eq!(rig.relay.stats().letter_bytes, 0, "expired");
}

#[test]
fn a_mailbox_of_large_letters_comes_in_frames_that_fit_as_the_reader_takes_them() {
    let mut rig = Rig::new();
    let (a, b) = two(&mut rig);
    let letters: Vec<_> = (0..8).map(|n| letter(n, MAX_LETTER_BYTES)).collect();
    for letter in &letters {
        put(&mut rig, a, BOX, letter);
    }
    rig.slow.insert(b);
    watch(&mut rig, b, &[BOX, MailboxId::new([2; 16])]);
    let mut got = mail(&rig.take(b));
    assert!(got.len() < 8, "no more than the queue takes");
    for _ in 0..8 {
        rig.drain(b);
        got.extend(mail(&rig.take(b)));
    }
    assert_eq!(got.pop(), Some((MailboxId::new([2; 16]), vec![])));
    let got: Vec<_> = got.into_iter().flat_map(|(_, letters)| letters).collect();
    assert!(got == letters, "all, oldest first");
}

#[test]
fn letters_expire_when_the_timeout_says() {
    let mut rig = Rig::new();
    let (a, b) = two(&mut rig);
    put(&mut rig, a, BOX, &letter(1, 10));
    let first = rig.now;
    rig.now = rig.now.plus_ms(1000);
    put(&mut rig, a, BOX, &letter(2, 10));
    assert_eq!(rig.relay.poll_timeout(), Some(first.plus_ms(LETTER_LIFETIME_MS)));
    rig.now = first.plus_ms(LETTER_LIFETIME_MS - 1);
    rig.handle(Input::Tick);
    assert_eq!(rig.relay.stats().letters, 2);
    rig.now = first.plus_ms(LETTER_LIFETIME_MS);
    rig.handle(Input::Tick);
    assert_eq!(rig.relay.poll_timeout(), Some(first.plus_ms(LETTER_LIFETIME_MS + 1000)));
    watch(&mut rig, b, &[BOX]);
    assert_eq!(mail(&rig.take(b)), [(BOX, vec![letter(2, 10)])]);
    let restored = Rig::restored(Config::default(), 1, rig.journal);
    assert_eq!(restored.relay.stats().letters, 1);
}

#[test]
fn who_disconnects_watches_no_more() {
    let mut rig = Rig::new();
    let (a, b) = two(&mut rig);
    watch(&mut rig, b, &[BOX]);
    rig.handle(Input::Disconnected(b));
    rig.take(b);
    put(&mut rig, a, BOX, &letter(1, 10));
    assert_eq!(rig.take(b), []);
    assert!(rig.relay.conns.watchers.is_empty());
}
