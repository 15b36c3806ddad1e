//! Fuzz targets: the letters of a join, and the snapshot in a welcome.

#![allow(clippy::unwrap_used, reason = "a test may fail where it stands")]

use sha2::{Digest as _, Sha256};
use tandem_proto::{
    Card, DeviceKey, Handshake, Hash16, InviteLink, InviteSecret, ItemHash, PersonId, RelayKey,
    RelayLink, Role, Roster, RosterLink, SeatRequest, SecretKey, Statement, ThreadId, ThreadKind,
    Timestamp, TransportKey, derive_key, invite_id,
};
use zeroize::Zeroizing;

use super::*;
use crate::{
    EntryId, Fields,
    batch::{Attestation, Reader, actor_id, actor_prefix, put_u64},
    fuzz::{Dice, Target},
    keys::{
        SealingKeys,
        group::{GroupKeys as _, Identity, Mls},
    },
    thread::{Edit, ThreadDoc},
};

const SECRET: InviteSecret = InviteSecret::new([5; 16]);
const ONE_TIME: [u8; 32] = [6; 32];
const NOW: Timestamp = Timestamp(1_760_000_000_000);

/// A letter has at most 768 KiB, and holds a welcome of 8 MiB at most.
const LETTER: usize = 24 << 20;

/// What reading a snapshot may hold: that of a year is some hundred kilobytes.
const SNAPSHOT: usize = 256 << 20;

fn identity(n: u8) -> SecretKey {
    SecretKey::from_seed([n; 32])
}

fn newcomer(n: u8) -> Newcomer {
    Newcomer {
        person: PersonId::new([n; 16]),
        device: DeviceKey::new(identity(n).public()),
        transport: TransportKey::new(SecretKey::from_seed([n + 100; 32]).public()),
    }
}

fn package(n: u8) -> Vec<u8> {
    let (person, key) = (PersonId::new([n; 16]), identity(n));
    Mls.package(&[n; 32], &Identity { person, key: &key }).unwrap().public
}

/// A thread that device 1 founded, in which it let in device 2, with its link and a welcome.
fn joined() -> (InviteLink, Welcome) {
    let card: fn(u8, Role) -> Card = |n, role| newcomer(n).card(role);
    let founder = card(1, Role::Teacher);
    let statement = Statement::Genesis { kind: ThreadKind::Joint, nonce: [1; 16], founder };
    let genesis = RosterLink::found(&identity(1), NOW, statement).to_item();
    let invite = invite_id(&SECRET);
    let statement = Statement::Admit { card: card(2, Role::Guardian), invite };
    let previous = ItemHash::of(&genesis);
    let admit =
        RosterLink::sign(&identity(1), previous, NOW, statement, Handshake::default()).to_item();
    let thread = ThreadId::of_genesis(&genesis);
    let relay = RelayLink { address: "[::1]:7443".parse().unwrap(), key: RelayKey::new([1; 32]) };
    let link = InviteLink { relay, thread, role: Role::Guardian, secret: SECRET };
    let (mut doc, attestations) = talk(&thread);
    let items = vec![(Hash16::new([7; 16]), vec![0, 2])];
    let (roster, title, snapshot) = (vec![genesis, admit], "Mia, 2B".into(), doc.save());
    (link, Welcome { roster, title, snapshot, attestations, items })
}

/// What device 1 said in it, in two lives, and what vouches for that.
fn talk(thread: &ThreadId) -> (ThreadDoc, Vec<Attestation>) {
    let (mut doc, key) = (ThreadDoc::begin(), identity(1));
    let at = Timestamp(1_760_000_000_000);
    let mut attestations = Vec::new();
    for life in 0..2 {
        let actor = actor_id(thread, &DeviceKey::new(key.public()), [life; 4]);
        let said = (0..6u8).map(|n| {
            let fields = Fields::from([("text".into(), format!("words of life {life}, {n}"))]);
            let (entry, kind) = (EntryId::new([life * 16 + n; 10]), "message".into());
            let post = Edit::Post { entry, kind, at, answers: None, fields };
            doc.edit(actor.clone(), at, &[post]).unwrap()
        });
        let last = said.last().unwrap();
        attestations.push(Attestation::sign(&key, thread, &actor, last.seq(), last.hash()));
    }
    (doc, attestations)
}

/// As a newcomer reads a welcome: verified, loaded, verified again.
fn take_in(link: &InviteLink, signed: &SignedWelcome) -> bool {
    let verified = signed.verify(link, &newcomer(2), &one_time_public(&ONE_TIME));
    let Ok((welcome, roster)) = verified else { return false };
    let Ok(mut doc) = ThreadDoc::load(std::slice::from_ref(&welcome.snapshot)) else {
        return false;
    };
    let (changes, first) = (doc.changes(), ThreadDoc::begin().heads()[0]);
    let device_of = |prefix: &[u8; 16]| of_roster(&roster, prefix);
    verify_snapshot(&link.thread, &first, &changes, &welcome.attestations, &device_of).is_ok()
}

fn of_roster(roster: &Roster, prefix: &[u8; 16]) -> Option<DeviceKey> {
    let thread = roster.thread();
    roster.members().keys().copied().find(|device| actor_prefix(&thread, device) == *prefix)
}

/// A document chunk around a spoiled body, with the length and checksum that it would have.
fn rebody(snapshot: &[u8], dice: &mut Dice) -> Vec<u8> {
    let mut reader = Reader::new(&snapshot[9..]);
    reader.u64().unwrap();
    let body = dice.spoil(reader.rest());
    let mut hashed = vec![snapshot[8]];
    put_u64(&mut hashed, body.len() as u64);
    hashed.extend_from_slice(&body);
    let hash: [u8; 32] = Sha256::digest(&hashed).into();
    [&snapshot[..4], &hash[..4], &hashed].concat()
}

#[test]
fn a_spoiled_join_request_is_read_or_refused() {
    let (me, key) = (newcomer(2), identity(2));
    let bounded = package(2).try_into().unwrap();
    let one_time = one_time_public(&ONE_TIME);
    let made = JoinRequest::make(&key, &SECRET, "Ana", me.person, me.transport, one_time, bounded);
    let right = postcard::to_extend(&made.unwrap(), Vec::new()).unwrap();
    let keys = SealingKeys {
        seal: Zeroizing::new(SECRET.request_key()),
        nonce: Zeroizing::new(derive_key("tandem/join-request-nonce/1", &[SECRET.as_bytes()])),
    };
    // Whoever has the link can seal anything.
    let seal = |plain: &[u8]| {
        let (nonce, sealed) = keys.seal(b"tandem/join-request/1", plain, None);
        [&[1][..], &nonce, &sealed].concat()
    };
    Target { name: "join request", rounds: 20_000, allowance: 1 << 20 }.run(
        |dice| match dice.below(4) {
            0 => dice.spoil(&seal(&right)),
            _ => seal(&dice.spoil(&right)),
        },
        |letter| {
            let Ok(request) = JoinRequest::open(&SECRET, letter) else { return false };
            Mls.check_package(request.package()).is_ok()
        },
    );
}

#[test]
fn a_spoiled_seat_request_is_read_or_refused() {
    let thread = ThreadId::new([3; 20]);
    let right = package(2);
    let sign = |package: Vec<u8>| {
        let package = package.try_into().ok()?;
        Some(SeatRequest::sign(&identity(2), &thread, package).to_item())
    };
    let item = sign(right.clone()).unwrap();
    Target { name: "seat request", rounds: 8_000, allowance: 1 << 20 }.run(
        |dice| match dice.below(4) {
            0 => dice.spoil(&item),
            _ => sign(dice.spoil(&right)).unwrap_or_else(|| item.clone()),
        },
        |item| {
            let Ok(request) = SeatRequest::from_item(&thread, item) else { return false };
            Mls.check_package(&request.package).is_ok()
        },
    );
}

#[test]
fn a_spoiled_welcome_is_read_or_refused() {
    let (link, welcome) = joined();
    let public = one_time_public(&ONE_TIME);
    let signed = welcome.sign(&identity(1), &invite_id(&SECRET), &public).unwrap();
    let reply = Reply::Welcome(signed);
    let letter = reply.seal(&public, [8; 32]).unwrap();
    let right = postcard::to_extend(&reply, Vec::new()).unwrap();
    Target { name: "welcome", rounds: 6_000, allowance: LETTER }.run(
        |dice| if dice.below(4) == 0 { dice.spoil(&letter) } else { dice.spoil(&right) },
        |bytes| {
            // As a letter, and as what a letter would open to.
            let opened = Reply::open(&ONE_TIME, bytes).ok();
            let plain = postcard::from_bytes(bytes).ok();
            [opened, plain].into_iter().flatten().any(|reply: Reply| match reply {
                Reply::Welcome(signed) => take_in(&link, &signed),
                Reply::Taken | Reply::Expired | Reply::Revoked | Reply::Uptake(_) => false,
            })
        },
    );
}

#[test]
fn a_snapshot_that_a_member_spoiled_and_signed_is_read_or_refused() {
    let (link, welcome) = joined();
    let plain = automerge::AutoCommit::load(&welcome.snapshot).unwrap().save_nocompress();
    let public = one_time_public(&ONE_TIME);
    Target { name: "snapshot", rounds: 4_000, allowance: SNAPSHOT }.run(
        |dice| {
            let right = if dice.below(4) == 0 { &welcome.snapshot } else { &plain };
            rebody(right, dice)
        },
        |snapshot| {
            let welcome = Welcome { snapshot: snapshot.to_vec(), ..welcome.clone() };
            let signed = welcome.sign(&identity(1), &invite_id(&SECRET), &public).unwrap();
            take_in(&link, &signed)
        },
    );
}
