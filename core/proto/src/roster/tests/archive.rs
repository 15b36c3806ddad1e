//! The school's records: let in by a guardian, and there to read.

use super::{super::*, as_role, card, key, reseat};
use crate::SecretKey;

const TEACHER: u8 = 1;
const MOTHER: u8 = 2;
const LEAD: u8 = 3;
const SPECIALIST: u8 = 4;
const RECORDS: u8 = 5;

fn link(by: u8, previous: ItemHash, statement: Statement) -> Vec<u8> {
    RosterLink::sign(&key(by), previous, Timestamp(0), statement, Handshake::default()).to_item()
}

fn admit(by: u8, whom: Card, previous: ItemHash) -> Vec<u8> {
    link(by, previous, Statement::Admit { invite: InviteId::new([9; 16]), card: whom })
}

fn out(whom: u8) -> Leavers {
    let device = card(whom).device;
    let leaver = Leaver { device, because: Because::Decided, words: Default::default() };
    vec![leaver].try_into().expect("one")
}

fn insert(roster: &mut Roster, link: &[u8]) {
    assert_eq!(roster.insert(link), Ok(true));
}

fn founded(kind: ThreadKind, founder: Role) -> Result<Roster, RosterLinkError> {
    let founder = as_role(TEACHER, founder);
    let statement = Statement::Genesis { kind, nonce: [0; 16], founder };
    let genesis = RosterLink::found(&key(TEACHER), Timestamp(0), statement).to_item();
    Roster::found(ThreadId::of_genesis(&genesis), &genesis)
}

/// A teacher's thread with a mother, a lead and a specialist in it.
fn joint() -> Roster {
    let mut roster = founded(ThreadKind::Joint, Role::Teacher).expect("a thread");
    for (n, role) in [(MOTHER, Role::Guardian), (LEAD, Role::Lead), (SPECIALIST, Role::Specialist)]
    {
        let link = admit(TEACHER, as_role(n, role), roster.head());
        insert(&mut roster, &link);
    }
    roster
}

/// The same with the school's records.
fn with_records() -> Roster {
    let mut roster = joint();
    let link = admit(MOTHER, as_role(RECORDS, Role::Archive), roster.head());
    insert(&mut roster, &link);
    roster
}

#[test]
fn the_schools_records_are_let_in_by_a_guardian_and_by_nobody_else() {
    let mut roster = joint();
    for by in [TEACHER, LEAD, SPECIALIST] {
        let link = admit(by, as_role(RECORDS, Role::Archive), roster.head());
        assert_eq!(roster.insert(&link), Err(RosterLinkError::NotTheirsToAdmit), "{by}");
        assert!(!roster.may_admit(&card(by).device, Role::Archive));
    }
    assert!(roster.may_admit(&card(MOTHER).device, Role::Archive));
    let link = admit(MOTHER, as_role(RECORDS, Role::Archive), roster.head());
    insert(&mut roster, &link);
}

#[test]
fn a_thread_has_one_seat_for_records_and_they_have_one_device() {
    let mut roster = with_records();
    let other = admit(MOTHER, as_role(6, Role::Archive), roster.head());
    assert_eq!(roster.insert(&other), Err(RosterLinkError::SecondArchive));
    let second = Card { person: card(RECORDS).person, ..as_role(6, Role::Archive) };
    let by_itself = admit(RECORDS, second.clone(), roster.head());
    assert_eq!(roster.insert(&by_itself), Err(RosterLinkError::NotTheirsToAdmit));
    let by_guardian = admit(MOTHER, second.clone(), roster.head());
    assert_eq!(roster.insert(&by_guardian), Err(RosterLinkError::TakenPerson));
    // In the place of the first it comes, and by a guardian again.
    let invite = InviteId::new([9; 16]);
    let again = Statement::Readmit { card: second, invite, out: out(RECORDS) };
    let by_lead = link(LEAD, roster.head(), again.clone());
    assert_eq!(roster.insert(&by_lead), Err(RosterLinkError::NotTheirsToAdmit));
    let by_guardian = link(MOTHER, roster.head(), again);
    insert(&mut roster, &by_guardian);
    let gone = link(LEAD, roster.head(), Statement::Remove { out: out(6) });
    insert(&mut roster, &gone);
    let another = admit(MOTHER, as_role(7, Role::Archive), roster.head());
    insert(&mut roster, &another);
    // Whose place was taken meanwhile does not come back beside them.
    let card = Card { person: card(RECORDS).person, ..as_role(8, Role::Archive) };
    let again = Statement::Readmit { card, invite, out: Leavers::default() };
    let late = link(MOTHER, roster.head(), again);
    assert_eq!(roster.insert(&late), Err(RosterLinkError::SecondArchive));
}

#[test]
fn nothing_but_a_joint_thread_has_records_and_they_found_none() {
    for kind in [ThreadKind::Household, ThreadKind::Staff, ThreadKind::Desk] {
        let mut roster = founded(kind, Role::Guardian).expect("a thread");
        let link = admit(TEACHER, as_role(RECORDS, Role::Archive), roster.head());
        let refused = Err(RosterLinkError::NotTheirsToAdmit);
        assert_eq!(roster.insert(&link), refused, "{kind:?}");
    }
    let by_records = founded(ThreadKind::Joint, Role::Archive);
    assert_eq!(by_records.err(), Some(RosterLinkError::NotTheirsToAdmit));
}

#[test]
fn records_are_taken_out_by_a_guardian_or_a_lead() {
    let roster = with_records();
    for (by, may) in [(MOTHER, true), (LEAD, true), (TEACHER, false), (SPECIALIST, false)] {
        let mut roster = roster.clone();
        let said = link(by, roster.head(), Statement::Remove { out: out(RECORDS) });
        let expected = if may { Ok(true) } else { Err(RosterLinkError::NotTheirsToRemove) };
        assert_eq!(roster.insert(&said), expected, "{by}");
    }
}

#[test]
fn records_let_in_nobody_take_out_nobody_and_leave_out_nobody() {
    let mut roster = with_records();
    for role in [Role::Guardian, Role::Teacher, Role::Specialist, Role::Lead, Role::Archive] {
        let link = admit(RECORDS, as_role(6, role), roster.head());
        assert_eq!(roster.insert(&link), Err(RosterLinkError::NotTheirsToAdmit), "{role}");
    }
    for whom in [TEACHER, MOTHER, LEAD, SPECIALIST] {
        let refused = Err(RosterLinkError::NotTheirsToRemove);
        let removal = link(RECORDS, roster.head(), Statement::Remove { out: out(whom) });
        assert_eq!(roster.insert(&removal), refused, "{whom}");
        let anew = link(RECORDS, roster.head(), Statement::Refound { out: out(whom) });
        assert_eq!(roster.insert(&anew), refused, "{whom}");
    }
    let card = Card { person: card(SPECIALIST).person, ..as_role(6, Role::Specialist) };
    let invite = InviteId::new([9; 16]);
    let again = Statement::Readmit { card, invite, out: out(SPECIALIST) };
    let again = link(RECORDS, roster.head(), again);
    assert_eq!(roster.insert(&again), Err(RosterLinkError::NotTheirsToAdmit));
}

#[test]
fn records_give_back_a_seat_and_let_go_whoever_leaves() {
    let mut roster = with_records();
    let thread = roster.thread();
    let asked = SeatRequest::sign(&key(MOTHER), &thread, vec![1; 8].try_into().expect("short"));
    let given = reseat(RECORDS, asked, roster.head());
    insert(&mut roster, &given);
    let parted: &SecretKey = &key(SPECIALIST);
    let because = Because::Left(Farewell::sign(parted, &thread));
    let leaver = Leaver { device: card(SPECIALIST).device, because, words: Default::default() };
    let out = vec![leaver].try_into().expect("one");
    let let_go = link(RECORDS, roster.head(), Statement::Remove { out });
    insert(&mut roster, &let_go);
    let anew = link(RECORDS, roster.head(), Statement::Refound { out: Leavers::default() });
    insert(&mut roster, &anew);
}
