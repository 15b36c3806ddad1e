#![allow(clippy::unwrap_used, reason = "a test may fail where it stands")]

use automerge::{AutoCommit, Change, ChangeHash};
use tandem_proto::{
    Card, DeviceKey, Handshake, Hash16, InviteId, InviteLink, InviteSecret, PersonId, RelayKey,
    RelayLink, Role, RosterLink, RosterLinkError, SecretKey, Statement, ThreadId, ThreadKind,
    TransportKey, invite_id,
};

use super::*;
use crate::batch::{
    Attestation, BatchError,
    tests::{THREAD, actor, begin, identity, known, say},
};

const SECRET: InviteSecret = InviteSecret::new([5; 16]);
const ONE_TIME: [u8; 32] = [6; 32];

fn transport(n: u8) -> TransportKey {
    TransportKey::new(SecretKey::from_seed([n + 100; 32]).public())
}

fn newcomer(n: u8) -> Newcomer {
    Newcomer {
        person: PersonId::new([n; 16]),
        device: DeviceKey::new(identity(n).public()),
        transport: transport(n),
    }
}

fn request() -> JoinRequest {
    let public = one_time_public(&ONE_TIME);
    let (person, package) = (PersonId::new([2; 16]), vec![4; 40].try_into().unwrap());
    JoinRequest::make(&identity(2), &SECRET, "Ana", person, transport(2), public, package).unwrap()
}

/// A roster founded by device 1 that lets in `whom` by `invite`.
fn roster(whom: &Card, invite: &InviteSecret) -> (ThreadId, Vec<Vec<u8>>) {
    roster_by(Role::Teacher, whom, invite)
}

fn roster_by(founder: Role, whom: &Card, invite: &InviteSecret) -> (ThreadId, Vec<Vec<u8>>) {
    let founder = newcomer(1).card(founder);
    let statement = Statement::Genesis { kind: ThreadKind::Joint, nonce: [1; 16], founder };
    let genesis = RosterLink::found(&identity(1), tandem_proto::Timestamp(0), statement).to_item();
    let statement = Statement::Admit { card: whom.clone(), invite: invite_id(invite) };
    let previous = tandem_proto::ItemHash::of(&genesis);
    let admit = RosterLink::sign(
        &identity(1),
        previous,
        tandem_proto::Timestamp(0),
        statement,
        Handshake::default(),
    )
    .to_item();
    (ThreadId::of_genesis(&genesis), vec![genesis, admit])
}

fn welcome() -> (InviteLink, Welcome) {
    let (thread, roster) = roster(&newcomer(2).card(Role::Guardian), &SECRET);
    let link = InviteLink {
        relay: RelayLink { address: "[::1]:7443".parse().unwrap(), key: RelayKey::new([1; 32]) },
        thread,
        role: Role::Guardian,
        secret: SECRET,
    };
    let (mut doc, _, attestations) = spoken();
    let welcome = Welcome {
        roster,
        title: "Mia, 2B".into(),
        snapshot: doc.save_nocompress(),
        attestations,
        items: vec![(Hash16::new([7; 16]), vec![0, 2])],
    };
    (link, welcome)
}

fn public() -> [u8; 32] {
    one_time_public(&ONE_TIME)
}

fn signed(welcome: &Welcome) -> SignedWelcome {
    welcome.sign(&identity(1), &invite_id(&SECRET), &public()).unwrap()
}

fn sealed(welcome: &Welcome) -> Vec<u8> {
    Reply::Welcome(signed(welcome)).seal(&public(), [8; 32]).unwrap()
}

fn attest(n: u8, change: &Change) -> Attestation {
    Attestation::sign(&identity(n), &THREAD, change.actor_id(), change.seq(), change.hash())
}

/// A conversation of devices 1 and 2, its first change, and what vouches for it.
fn spoken() -> (AutoCommit, ChangeHash, Vec<Attestation>) {
    let mut doc = begin();
    let first = doc.get_heads()[0];
    say(&mut doc, &actor(1, 0), "a1", "words");
    say(&mut doc, &actor(2, 0), "b1", "words");
    let a = say(&mut doc, &actor(1, 1), "a2", "words");
    let b = say(&mut doc, &actor(2, 0), "b2", "words");
    (doc, first, vec![attest(1, &a), attest(2, &b)])
}

fn verified(changes: &[Change], attestations: &[Attestation]) -> Result<(), JoinError> {
    verify_snapshot(&THREAD, &spoken().1, changes, attestations, &known)
}

#[test]
fn nobody_is_let_in_to_keep_records_who_did_not_ask_to_nor_the_other_way_round() {
    for (role, other) in [(Role::Archive, Role::Guardian), (Role::Guardian, Role::Archive)] {
        let (mut link, mut welcome) = welcome();
        let card = newcomer(2).card(role);
        (link.thread, welcome.roster) = roster_by(Role::Guardian, &card, &SECRET);
        let verify =
            |link: &InviteLink| signed(&welcome).verify(link, &newcomer(2), &public()).map(|_| ());
        link.role = other;
        assert_eq!(verify(&link), Err(JoinError::NotAdmitted), "{role} by a link for {other}");
        link.role = role;
        assert_eq!(verify(&link), Ok(()));
    }
}

#[test]
fn a_request_opens_with_its_invite_s_secret_only() {
    let letter = request().seal(&SECRET);
    assert_eq!(letter, request().seal(&SECRET), "a retry is the same bytes");
    let opened = JoinRequest::open(&SECRET, &letter).unwrap();
    assert_eq!(opened, request());
    assert_eq!((opened.name(), opened.newcomer()), ("Ana", &newcomer(2)));
    let other = InviteSecret::new([4; 16]);
    assert_eq!(JoinRequest::open(&other, &letter), Err(JoinError::Forged));
}

#[test]
fn a_request_for_one_invite_does_not_count_for_another() {
    let other = InviteSecret::new([4; 16]);
    let resealed = request().seal(&other); // by somebody who holds both secrets
    assert_eq!(JoinRequest::open(&other, &resealed), Err(JoinError::Forged));
}

#[test]
fn a_letter_with_any_bit_flipped_or_cut_short_is_refused() {
    let letter = request().seal(&SECRET);
    for bit in 0..letter.len() * 8 {
        let mut flipped = letter.clone();
        flipped[bit / 8] ^= 1 << (bit % 8);
        assert!(JoinRequest::open(&SECRET, &flipped).is_err(), "bit {bit}");
    }
    let letter = sealed(&welcome().1);
    for bit in (0..letter.len() * 8).step_by(7) {
        let mut flipped = letter.clone();
        flipped[bit / 8] ^= 1 << (bit % 8);
        assert!(Reply::open(&ONE_TIME, &flipped).is_err(), "bit {bit}");
    }
    for len in 0..letter.len() {
        assert!(Reply::open(&ONE_TIME, &letter[..len]).is_err(), "{len} bytes");
    }
    assert_eq!(JoinRequest::open(&SECRET, &[2]), Err(JoinError::Newer(2)));
    assert_eq!(Reply::open(&ONE_TIME, &[3]), Err(JoinError::Newer(3)));
}

#[test]
fn a_name_that_is_too_long_makes_no_request() {
    let name = "n".repeat(257);
    let person = PersonId::new([2; 16]);
    let package = vec![4; 40].try_into().unwrap();
    let made =
        JoinRequest::make(&identity(2), &SECRET, &name, person, transport(2), [0; 32], package);
    assert_eq!(made, Err(JoinError::NameTooLong));
}

#[test]
fn a_welcome_opens_with_the_one_time_key_only() {
    let (link, welcome) = welcome();
    let letter = sealed(&welcome);
    let opened = Reply::open(&ONE_TIME, &letter).unwrap();
    let Reply::Welcome(opened) = opened else { panic!("not a welcome") };
    let (opened, roster) = opened.verify(&link, &newcomer(2), &public()).unwrap();
    assert!(opened == welcome);
    assert_eq!(roster.len(), 2);
    assert_eq!(Reply::open(&[7; 32], &letter).unwrap_err(), JoinError::Forged);
    let taken = Reply::Taken.seal(&public(), [8; 32]).unwrap();
    assert_eq!(Reply::open(&ONE_TIME, &taken), Ok(Reply::Taken));
    for (answer, version) in [(Reply::Taken, 1), (Reply::Expired, 2), (Reply::Revoked, 2)] {
        let letter = answer.seal(&public(), [8; 32]).unwrap();
        assert_eq!(letter[0], version, "an older version is told that it can't read it");
        assert_eq!(Reply::open(&ONE_TIME, &letter), Ok(answer));
    }
}

#[test]
fn a_welcome_counts_only_by_the_signature_of_who_let_this_device_in_and_for_its_request() {
    let (link, welcome) = welcome();
    let verify = |signed: &SignedWelcome| {
        signed.verify(&link, &newcomer(2), &public()).map(|(_, roster)| roster.len())
    };
    let invite = invite_id(&SECRET);
    let by = |n: u8, invite: &InviteId, one_time: &[u8; 32]| {
        welcome.sign(&identity(n), invite, one_time).unwrap()
    };
    assert_eq!(verify(&by(1, &invite, &public())), Ok(2));
    // A relay that has the link knows the roster and the request, and puts its own key in.
    assert_eq!(verify(&by(9, &invite, &public())), Err(JoinError::Forged));
    assert_eq!(verify(&by(2, &invite, &public())), Err(JoinError::Forged), "the newcomer's own");
    assert_eq!(verify(&by(1, &invite, &[7; 32])), Err(JoinError::Forged), "of another request");
    let other = invite_id(&InviteSecret::new([4; 16]));
    assert_eq!(verify(&by(1, &other, &public())), Err(JoinError::Forged), "of another invite");
}

#[test]
fn a_seed_that_is_used_again_never_seals_other_words_under_the_same_key() {
    let (_, mut welcome) = welcome();
    let one = sealed(&welcome);
    assert_eq!(one, sealed(&welcome));
    welcome.title.push('!');
    let other = sealed(&welcome);
    assert_ne!(one[1..33], other[1..33], "another ephemeral key");
}

#[test]
fn a_one_time_key_that_agrees_on_nothing_is_refused() {
    assert_eq!(Reply::Taken.seal(&[0; 32], [8; 32]), Err(JoinError::BadKey));
    let letter = [&[1][..], &[0; 32], &[0; 64]].concat();
    assert_eq!(Reply::open(&ONE_TIME, &letter).unwrap_err(), JoinError::BadKey);
}

#[test]
fn a_welcome_into_another_thread_or_for_another_device_is_not_believed() {
    let (link, welcome) = welcome();
    let verify = |welcome: &Welcome, link: &InviteLink, me: Newcomer| {
        signed(welcome).verify(link, &me, &public()).unwrap_err()
    };
    let elsewhere = InviteLink { thread: ThreadId::new([9; 20]), ..link.clone() };
    assert_eq!(
        verify(&welcome, &elsewhere, newcomer(2)),
        JoinError::Roster(RosterLinkError::WrongThread)
    );
    assert_eq!(verify(&welcome, &link, newcomer(3)), JoinError::NotAdmitted);
    let other_invite = InviteLink { secret: InviteSecret::new([4; 16]), ..link.clone() };
    assert_eq!(verify(&welcome, &other_invite, newcomer(2)), JoinError::NotAdmitted);
    for changed in [
        Newcomer { transport: transport(3), ..newcomer(2) },
        Newcomer { person: PersonId::new([3; 16]), ..newcomer(2) },
    ] {
        assert_eq!(verify(&welcome, &link, changed), JoinError::NotAdmitted);
    }
    let without_me = Welcome { roster: welcome.roster[..1].to_vec(), ..welcome.clone() };
    assert_eq!(verify(&without_me, &link, newcomer(2)), JoinError::NotAdmitted);
    let empty = Welcome { roster: Vec::new(), ..welcome };
    assert_eq!(verify(&empty, &link, newcomer(2)), JoinError::NotAdmitted);
}

#[test]
fn a_snapshot_that_would_inflate_or_unroll_without_bound_is_refused() {
    let sealed = |snapshot: Vec<u8>| {
        let (link, welcome) = welcome();
        let signed = signed(&Welcome { snapshot, ..welcome });
        signed.verify(&link, &newcomer(2), &public()).map(|(opened, _)| opened.snapshot.len())
    };
    let (mut doc, ..) = spoken();
    for i in 0..40 {
        say(&mut doc, &actor(1, 1), &format!("entry {i}"), "columns long enough to be deflated");
    }
    let deflated = doc.save();
    assert_ne!(deflated, doc.save_nocompress());
    assert_eq!(sealed(deflated.clone()), Ok(deflated.len()), "a bounded one is taken");

    let document = |changes: &[u8]| {
        // Magic, checksum, type; length; no actors; no heads; change columns; no operations.
        let len = u8::try_from(changes.len() + 2).unwrap();
        [&[0x85, 0x6f, 0x4a, 0x83, 0, 0, 0, 0, 0, len, 0, 0][..], changes].concat()
    };
    let run = [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x3f, 1];
    let unrolls = document(&[&[1, 0x02, 8, 0][..], &run].concat());
    assert_eq!(sealed(unrolls), Err(JoinError::Malformed));
    assert!(sealed(document(&[1, 0x02, 2, 0, 5, 1])).is_ok());

    let mut stream = flate2::Compress::new(flate2::Compression::new(9), false);
    let mut column = Vec::with_capacity(1 << 20);
    let zeros = vec![0; 40 << 20];
    stream.compress_vec(&zeros, &mut column, flate2::FlushCompress::Finish).unwrap();
    let mut bomb = vec![0x85, 0x6f, 0x4a, 0x83, 0, 0, 0, 0, 0];
    let mut body = vec![0, 0, 1, 0x0f];
    crate::batch::put_u64(&mut body, column.len() as u64);
    body.push(0);
    body.extend_from_slice(&column);
    crate::batch::put_u64(&mut bomb, body.len() as u64);
    bomb.extend_from_slice(&body);
    assert_eq!(sealed(bomb), Err(JoinError::Malformed));
    assert_eq!(sealed(vec![0; 4 << 20]), Err(JoinError::Malformed), "not a document");
}

#[test]
fn a_snapshot_whose_every_change_is_vouched_for_is_believed() {
    let (mut doc, _, attestations) = spoken();
    assert_eq!(verified(&doc.get_changes(&[]), &attestations), Ok(()));
}

#[test]
fn a_forged_or_omitted_change_in_a_snapshot_is_refused() {
    let (mut doc, _, attestations) = spoken();
    let changes = doc.get_changes(&[]);
    assert_eq!(
        verified(&changes[..changes.len() - 1], &attestations),
        Err(JoinError::Incomplete),
        "an omitted head"
    );
    let mut gap = changes.clone();
    gap.remove(2);
    assert_eq!(verified(&gap, &attestations), Err(JoinError::Snapshot(BatchError::Disordered)));
    assert_eq!(verified(&changes, &attestations[..1]), Err(JoinError::Incomplete));

    say(&mut doc, &actor(1, 1), "forged", "in device 1's name");
    let forged = doc.get_changes(&[]);
    assert_eq!(verified(&forged, &attestations), Err(JoinError::Incomplete));
    let false_word =
        Attestation { device: attestations[0].device, ..attest(3, forged.last().unwrap()) };
    let with_false_word = [&attestations[..], &[false_word]].concat();
    assert_eq!(verified(&forged, &with_false_word), Err(JoinError::Snapshot(BatchError::Forged)));
}

#[test]
fn a_snapshot_with_a_stranger_s_change_is_refused() {
    let (mut doc, _, attestations) = spoken();
    let theirs = say(&mut doc, &actor(9, 0), "theirs", "words");
    let vouched = [&attestations[..], &[attest(9, &theirs)]].concat();
    let verified = verified(&doc.get_changes(&[]), &vouched);
    assert!(matches!(verified, Err(JoinError::Snapshot(BatchError::UnknownAuthor(_)))));
}

#[test]
fn a_snapshot_of_another_volume_of_the_same_people_is_refused() {
    const OTHER: ThreadId = ThreadId::new([8; 20]);
    let first = spoken().1;
    let actor_there =
        |n: u8| crate::batch::actor_id(&OTHER, &DeviceKey::new(identity(n).public()), [0; 4]);
    let mut doc = begin();
    let there = [1, 2].map(|n| (n, say(&mut doc, &actor_there(n), &format!("{n}"), "words")));
    let attest_in = |thread: &ThreadId, n: u8, change: &Change| {
        let (actor, seq) = (change.actor_id(), change.seq());
        Attestation::sign(&identity(n), thread, actor, seq, change.hash())
    };
    let all = doc.get_changes(&[]);
    // In its own volume it is believed.
    let signed = [0, 1].map(|at| attest_in(&OTHER, there[at].0, &there[at].1));
    let known_there = |prefix: &[u8; 16]| {
        let devices = (1..=3).map(|n| DeviceKey::new(identity(n).public()));
        devices.into_iter().find(|device| crate::batch::actor_prefix(&OTHER, device) == *prefix)
    };
    assert_eq!(verify_snapshot(&OTHER, &first, &all, &signed, &known_there), Ok(()));
    // The actors of another volume are nobody under this roster, whatever they signed.
    let here = [0, 1].map(|at| attest_in(&THREAD, there[at].0, &there[at].1));
    for vouching in [&signed, &here] {
        let refused = verified(&all, vouching);
        let by_nobody = matches!(refused, Err(JoinError::Snapshot(BatchError::UnknownAuthor(_))));
        assert!(by_nobody, "{refused:?}");
    }
    // Nor do words that are of this volume's actors count by what was signed for another.
    let (mut doc, ..) = spoken();
    let changes = doc.get_changes(&[]);
    let elsewhere: Vec<Attestation> = [1, 2]
        .map(|n| {
            let prefix = actor(n, 0).to_bytes()[..16].to_vec();
            let theirs = |change: &&Change| change.actor_id().to_bytes().starts_with(&prefix);
            attest_in(&OTHER, n, changes.iter().rfind(theirs).unwrap())
        })
        .into();
    assert_eq!(verified(&changes, &elsewhere), Err(JoinError::Snapshot(BatchError::Forged)));
}
