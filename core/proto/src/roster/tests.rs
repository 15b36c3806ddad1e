use super::*;
use crate::{BoundedBytes, SecretKey, TransportKey};

mod archive;
mod removal;
mod renewal;

fn key(n: u8) -> SecretKey {
    SecretKey::from_seed([n; 32])
}

fn card(n: u8) -> Card {
    Card {
        person: PersonId::new([n; 16]),
        role: Role::Teacher,
        device: DeviceKey::new(key(n).public()),
        transport: TransportKey::new(key(n + 100).public()),
    }
}

fn founded() -> (Roster, Vec<u8>) {
    let statement =
        Statement::Genesis { kind: ThreadKind::Joint, nonce: [0; 16], founder: card(1) };
    let genesis = RosterLink::found(&key(1), Timestamp(0), statement).to_item();
    let roster = Roster::found(ThreadId::of_genesis(&genesis), &genesis).expect("founded");
    (roster, genesis)
}

fn admit(by: u8, whom: u8, previous: ItemHash) -> Vec<u8> {
    let statement = Statement::Admit { card: card(whom), invite: InviteId::new([whom; 16]) };
    RosterLink::sign(&key(by), previous, Timestamp(0), statement, Handshake::default()).to_item()
}

#[test]
fn a_member_lets_in_others_and_a_stranger_lets_in_nobody() {
    let (mut roster, _) = founded();
    let second = admit(1, 2, roster.head());
    assert_eq!(roster.insert(&second), Ok(true));
    assert_eq!(roster.insert(&second), Ok(false), "once more changes nothing");
    let by_stranger = admit(9, 3, roster.head());
    assert_eq!(roster.insert(&by_stranger), Err(RosterLinkError::NotAMember));
    assert_eq!(roster.insert(&admit(2, 3, roster.head())), Ok(true));
    assert_eq!(roster.len(), 3);
    assert_eq!(roster.insert(&admit(2, 3, roster.head())), Err(RosterLinkError::AlreadyIn));
}

#[test]
fn a_newcomer_can_not_claim_to_be_someone_who_is_in() {
    let (mut roster, _) = founded();
    roster.insert(&admit(1, 2, roster.head())).expect("valid");
    let as_founder = Card { person: card(1).person, ..card(3) };
    let statement = Statement::Admit { card: as_founder.clone(), invite: InviteId::new([3; 16]) };
    let by_other = RosterLink::sign(
        &key(2),
        roster.head(),
        Timestamp(0),
        statement.clone(),
        Handshake::default(),
    )
    .to_item();
    assert_eq!(roster.insert(&by_other), Err(RosterLinkError::TakenPerson));
    let by_self =
        RosterLink::sign(&key(1), roster.head(), Timestamp(0), statement, Handshake::default())
            .to_item();
    assert_eq!(roster.insert(&by_self), Ok(true), "one's own second device");
}

#[test]
fn the_longest_chain_counts_and_of_two_equal_ones_the_first() {
    let (mut roster, _) = founded();
    let genesis = roster.head();
    let first = admit(1, 2, genesis);
    let other = admit(1, 3, genesis);
    roster.insert(&first).expect("valid");
    assert_eq!(roster.insert(&other), Ok(false));
    assert!(roster.members().contains_key(&card(2).device));
    let longer = admit(3, 4, ItemHash::of(&other));
    assert_eq!(roster.insert(&longer), Ok(true));
    assert!(!roster.members().contains_key(&card(2).device));
    assert!(roster.card_ever(&card(2).device).is_some());
    assert_eq!(roster.len(), 3);
}

#[test]
fn a_genesis_founds_its_own_thread_only_and_a_flipped_bit_is_no_link() {
    let (roster, genesis) = founded();
    let other = ThreadId::new([1; 20]);
    assert_eq!(Roster::found(other, &genesis).err(), Some(RosterLinkError::WrongThread));
    for at in 2..genesis.len() {
        let mut bytes = genesis.clone();
        bytes[at] ^= 1;
        assert!(Roster::found(roster.thread(), &bytes).is_err(), "byte {at}");
    }
    let mut longer = genesis;
    longer.push(0);
    assert_eq!(RosterLink::from_item(&longer), Err(RosterLinkError::Malformed));
}

fn as_role(n: u8, role: Role) -> Card {
    Card { role, ..card(n) }
}

fn admit_as(by: u8, whom: Card, previous: ItemHash) -> Vec<u8> {
    let statement = Statement::Admit { invite: InviteId::new(*whom.person.as_bytes()), card: whom };
    RosterLink::sign(&key(by), previous, Timestamp(0), statement, Handshake::default()).to_item()
}

#[test]
fn a_guardian_lets_in_guardians_and_nobody_who_would_speak_for_the_school() {
    let (mut roster, _) = founded();
    let guardian = admit_as(1, as_role(2, Role::Guardian), roster.head());
    assert_eq!(roster.insert(&guardian), Ok(true));
    for role in [Role::Teacher, Role::Specialist, Role::Lead, Role::Student] {
        let link = admit_as(2, as_role(3, role), roster.head());
        assert_eq!(roster.insert(&link), Err(RosterLinkError::NotTheirsToAdmit), "{role}");
        assert!(!roster.may_admit(&card(2).device, role));
    }
    let other = admit_as(2, as_role(3, Role::Guardian), roster.head());
    assert_eq!(roster.insert(&other), Ok(true));
    let lead = admit_as(1, as_role(4, Role::Lead), roster.head());
    assert_eq!(roster.insert(&lead), Ok(true), "the school lets in the school");
}

#[test]
fn a_desk_is_one_persons_and_nobody_else_is_let_in() {
    let statement = Statement::Genesis { kind: ThreadKind::Desk, nonce: [0; 16], founder: card(1) };
    let genesis = RosterLink::found(&key(1), Timestamp(0), statement).to_item();
    let mut roster = Roster::found(ThreadId::of_genesis(&genesis), &genesis).expect("founded");
    let other = admit(1, 2, roster.head());
    assert_eq!(roster.insert(&other), Err(RosterLinkError::NotTheirsToAdmit));
    let own = Card { person: card(1).person, ..card(3) };
    let statement = Statement::Admit { card: own, invite: InviteId::new([3; 16]) };
    let (head, handshake) = (roster.head(), Handshake::default());
    let own = RosterLink::sign(&key(1), head, Timestamp(0), statement, handshake).to_item();
    assert_eq!(roster.insert(&own), Ok(true));
}

#[test]
fn a_family_that_founds_a_thread_lets_the_school_in() {
    let founder = as_role(1, Role::Guardian);
    let statement = Statement::Genesis { kind: ThreadKind::Joint, nonce: [0; 16], founder };
    let genesis = RosterLink::found(&key(1), Timestamp(0), statement).to_item();
    let mut roster = Roster::found(ThreadId::of_genesis(&genesis), &genesis).expect("founded");
    let teacher = admit_as(1, as_role(2, Role::Teacher), roster.head());
    assert_eq!(roster.insert(&teacher), Ok(true));
}

fn request(of: u8, thread: &ThreadId) -> SeatRequest {
    SeatRequest::sign(&key(of), thread, vec![of; 8].try_into().expect("short"))
}

fn reseat(by: u8, request: SeatRequest, previous: ItemHash) -> Vec<u8> {
    let statement = Statement::Reseat { request };
    RosterLink::sign(&key(by), previous, Timestamp(0), statement, Handshake::default()).to_item()
}

#[test]
fn a_member_that_asks_is_given_a_new_seat_once_and_nobody_else_is() {
    let (mut roster, _) = founded();
    roster.insert(&admit(1, 2, roster.head())).expect("valid");
    let thread = roster.thread();
    let by_stranger = reseat(1, request(9, &thread), roster.head());
    assert_eq!(roster.insert(&by_stranger), Err(RosterLinkError::NotAMember));
    let elsewhere = reseat(1, request(2, &ThreadId::new([7; 20])), roster.head());
    assert_eq!(roster.insert(&elsewhere), Err(RosterLinkError::Forged));
    let before = roster.members().clone();
    let asked = request(2, &thread);
    let by_itself = reseat(2, asked.clone(), roster.head());
    assert_eq!(roster.insert(&by_itself), Err(RosterLinkError::NotAMember), "not by itself");
    assert_eq!(roster.insert(&reseat(1, asked.clone(), roster.head())), Ok(true));
    assert_eq!(roster.members(), &before, "who is in stays the same");
    let again = reseat(1, asked, roster.head());
    assert_eq!(roster.insert(&again), Err(RosterLinkError::AlreadyIn), "once on a chain");
}

#[test]
fn an_epoch_is_a_place_in_the_chain() {
    let (mut roster, _) = founded();
    let genesis = roster.head();
    assert_eq!(roster.epoch(), Epoch(0));
    let first = admit(1, 2, genesis);
    let other = admit(1, 3, genesis);
    roster.insert(&first).expect("valid");
    roster.insert(&other).expect("valid");
    assert_eq!(roster.epoch(), Epoch(1));
    assert_eq!(roster.epoch_of(&ItemHash::of(&first)), roster.epoch_of(&ItemHash::of(&other)));
    let after = roster.members_after(&ItemHash::of(&other)).expect("known");
    assert!(after.contains_key(&card(3).device) && !after.contains_key(&card(2).device));
}

#[test]
fn a_link_covers_its_handshake_and_a_genesis_has_none() {
    let (mut roster, _) = founded();
    let statement = Statement::Admit { card: card(2), invite: InviteId::new([2; 16]) };
    let commit = vec![1; 8].try_into().expect("short");
    let handshake = Handshake { commit, welcome: BoundedBytes::default() };
    let mut link = RosterLink::sign(&key(1), roster.head(), Timestamp(0), statement, handshake);
    link.handshake.commit = vec![2; 8].try_into().expect("short");
    assert_eq!(roster.insert(&link.to_item()), Err(RosterLinkError::Forged));
    let founder = card(1);
    let statement = Statement::Genesis { kind: ThreadKind::Joint, nonce: [0; 16], founder };
    let genesis =
        RosterLink::sign(&key(1), NO_PREDECESSOR, Timestamp(0), statement, link.handshake)
            .to_item();
    let thread = ThreadId::of_genesis(&genesis);
    assert_eq!(Roster::found(thread, &genesis).err(), Some(RosterLinkError::Malformed));
}

#[test]
fn a_group_that_is_founded_anew_has_its_founder_in_it_and_who_is_given_a_seat() {
    let (mut roster, _) = founded();
    roster.insert(&admit(1, 2, roster.head())).expect("valid");
    let (thread, before) = (roster.thread(), roster.members().clone());
    let refound = |by: u8, previous| {
        RosterLink::sign(
            &key(by),
            previous,
            Timestamp(0),
            Statement::Refound { out: Leavers::default() },
            Handshake::default(),
        )
        .to_item()
    };
    assert_eq!(roster.insert(&refound(9, roster.head())), Err(RosterLinkError::NotAMember));
    let both = BTreeSet::from([card(1).device, card(2).device]);
    assert_eq!(roster.seated_after(&roster.head()), Some(both.clone()));
    assert_eq!(roster.insert(&refound(2, roster.head())), Ok(true));
    assert_eq!(roster.members(), &before, "nobody is put out");
    let at_once = refound(2, roster.head());
    assert_eq!(roster.insert(&at_once), Err(RosterLinkError::AlreadyIn), "once in a row");
    assert_eq!(roster.seated_after(&roster.head()), Some(BTreeSet::from([card(2).device])));
    roster.insert(&reseat(2, request(1, &thread), roster.head())).expect("valid");
    assert_eq!(roster.seated_after(&roster.head()), Some(both));
}

/// Where a link's statement begins: behind version, kind, predecessor and a time of zero.
const STATEMENT: usize = 2 + ItemHash::LEN + 1;

#[test]
fn a_link_that_says_something_newer_is_told_from_one_that_is_none_and_changes_nothing() {
    let (mut roster, genesis) = founded();
    let link = admit(1, 2, roster.head());
    for newer in [statement::STATEMENTS, 100, 127] {
        let mut item = link.clone();
        item[STATEMENT] = u8::try_from(newer).expect("small");
        assert_eq!(RosterLink::parse(&item), Err(RosterLinkError::Newer), "{newer}");
        assert_eq!(roster.insert(&item), Err(RosterLinkError::Newer), "{newer}");
        let items = [genesis.clone(), item];
        let kept = Roster::from_kept(roster.thread(), &items).map(|roster| roster.len());
        assert_eq!(kept, Err(RosterLinkError::Newer), "{newer}");
    }
    assert_eq!((roster.len(), roster.members().len()), (1, 1));
    for known in 0..statement::STATEMENTS {
        let mut item = link[..=STATEMENT].to_vec();
        item[STATEMENT] = u8::try_from(known).expect("small");
        assert_eq!(RosterLink::parse(&item), Err(RosterLinkError::Malformed), "cut: {known}");
    }
    let last = Statement::renew(&key(3), &roster.thread(), &card(1).device);
    let last = postcard::to_extend(&last, Vec::new()).expect("it serializes");
    assert_eq!(u32::from(last[0]) + 1, statement::STATEMENTS, "the newest one is known");
    assert_eq!(roster.insert(&link), Ok(true), "and what is known is taken as before");
}
