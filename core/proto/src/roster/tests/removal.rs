use super::*;
use crate::BoundedVec;

fn leaver(n: u8, because: Because) -> Leaver {
    Leaver { device: card(n).device, because, words: BoundedVec::default() }
}

fn leavers(out: Vec<Leaver>) -> Leavers {
    out.try_into().expect("few")
}

fn link(by: u8, previous: ItemHash, statement: Statement) -> Vec<u8> {
    RosterLink::sign(&key(by), previous, Timestamp(0), statement, Handshake::default()).to_item()
}

fn remove(by: u8, previous: ItemHash, whom: u8) -> Vec<u8> {
    let out = leavers(vec![leaver(whom, Because::Decided)]);
    link(by, previous, Statement::Remove { out })
}

fn let_in(by: u8, n: u8, role: Role, previous: ItemHash) -> Vec<u8> {
    let statement =
        Statement::Admit { card: Card { role, ..card(n) }, invite: InviteId::new([n; 16]) };
    link(by, previous, statement)
}

fn insert(roster: &mut Roster, item: Vec<u8>) -> ItemHash {
    roster.insert(&item).expect("valid");
    ItemHash::of(&item)
}

/// A teacher who founded it (1), two guardians (2, 3), a specialist (4).
fn family() -> (Roster, Vec<u8>) {
    let (mut roster, genesis) = founded();
    for (n, role) in [(2, Role::Guardian), (3, Role::Guardian), (4, Role::Specialist)] {
        let head = roster.head();
        insert(&mut roster, let_in(1, n, role, head));
    }
    (roster, genesis)
}

fn is_in(roster: &Roster, n: u8) -> bool {
    roster.members().contains_key(&card(n).device)
}

#[test]
fn guardians_take_out_guardians_and_a_lead_or_the_founder_the_others() {
    let (mut roster, _) = family();
    let head = roster.head();
    let refused = Err(RosterLinkError::NotTheirsToRemove);
    assert_eq!(roster.insert(&remove(1, head, 2)), refused, "the school alone takes out no parent");
    assert_eq!(roster.insert(&remove(2, head, 4)), refused, "a parent no specialist");
    assert_eq!(roster.insert(&remove(4, head, 1)), refused);
    assert_eq!(roster.insert(&remove(1, head, 1)), refused, "nobody themselves");
    assert_eq!(roster.insert(&remove(9, head, 2)), Err(RosterLinkError::NotAMember));
    assert_eq!(roster.insert(&remove(1, head, 9)), Err(RosterLinkError::NotAMember));
    assert_eq!(roster.insert(&remove(2, head, 3)), Ok(true));
    assert!(!is_in(&roster, 3) && roster.is_out(&card(3).device));
    let head = roster.head();
    assert_eq!(roster.insert(&remove(1, head, 4)), Ok(true));
    let nobody = link(1, roster.head(), Statement::Remove { out: Leavers::default() });
    assert_eq!(roster.insert(&nobody), Err(RosterLinkError::Malformed));
}

#[test]
fn who_is_out_makes_no_links_and_does_not_come_back_with_the_same_device() {
    let (mut roster, _) = family();
    let head = roster.head();
    let head = insert(&mut roster, remove(1, head, 4));
    let by_them = let_in(4, 5, Role::Teacher, head);
    assert_eq!(roster.insert(&by_them), Err(RosterLinkError::NotAMember));
    let again = let_in(1, 4, Role::Specialist, head);
    assert_eq!(roster.insert(&again), Err(RosterLinkError::AlreadyIn));
    // Nor does a stranger become the person whose words are in the thread.
    let posing = Card { person: card(4).person, role: Role::Specialist, ..card(6) };
    let posing = Statement::Admit { card: posing, invite: InviteId::new([6; 16]) };
    assert_eq!(roster.insert(&link(1, head, posing)), Err(RosterLinkError::TakenPerson));
}

#[test]
fn a_removal_counts_on_every_chain_and_unmakes_what_it_did_not_know_of() {
    let (mut roster, _) = family();
    let fork = roster.head();
    insert(&mut roster, remove(2, fork, 3));
    // Whoever was taken out makes a longer chain from before, with a device of their own on it.
    let mut longer = roster.clone();
    let first = insert(&mut longer, let_in(3, 7, Role::Guardian, fork));
    let second = insert(&mut longer, let_in(7, 8, Role::Guardian, first));
    insert(&mut longer, remove(8, second, 2));
    assert!(!is_in(&longer, 3) && !is_in(&longer, 7) && !is_in(&longer, 8));
    // It took out, too, whom it could take out while it was in, and with them what they did since:
    // both are out, and nobody comes in by it.
    assert!(!is_in(&longer, 2));
    assert_eq!(longer.head(), fork);
    let head = longer.head();
    let mut out: Vec<DeviceKey> = longer.to_take_out().into_iter().map(|(d, _)| d).collect();
    out.sort_unstable();
    let mut both = [card(2).device, card(3).device];
    both.sort_unstable();
    assert_eq!(out, both);
    // Anybody may repeat here what the other chain says, and only that.
    let removal = |n: u8| longer.removal(&card(n).device).expect("removed").hash;
    let because = Because::Removed(removal(2));
    let out = leavers(vec![leaver(2, because.clone()), leaver(3, Because::Removed(removal(3)))]);
    insert(&mut longer, link(4, head, Statement::Remove { out }));
    assert_eq!(longer.to_take_out(), []);
    let out = leavers(vec![leaver(1, because)]);
    let other = link(4, longer.head(), Statement::Remove { out });
    assert_eq!(longer.insert(&other), Err(RosterLinkError::NotTheirsToRemove));
}

#[test]
fn whatever_the_order_in_which_links_are_shown_the_same_people_are_in() {
    let (base, genesis) = family();
    let fork = base.head();
    let first = let_in(3, 7, Role::Guardian, fork);
    let links = [
        remove(2, fork, 3),
        first.clone(),
        let_in(7, 8, Role::Guardian, ItemHash::of(&first)),
        remove(1, fork, 4),
        remove(3, ItemHash::of(&first), 2),
    ];
    let mut seen = BTreeSet::new();
    // Every order that the links allow.
    let mut orders: Vec<Vec<usize>> = vec![Vec::new()];
    for _ in 0..links.len() {
        let next = |order: &Vec<usize>| {
            let order = order.clone();
            (0..links.len()).filter(move |n| !order.contains(n)).map(|n| (n, n)).collect::<Vec<_>>()
        };
        orders = orders
            .iter()
            .flat_map(|order| {
                next(order).into_iter().map(|(n, _)| [order.as_slice(), &[n]].concat())
            })
            .collect();
    }
    for order in orders {
        let mut roster = base.clone();
        if order.iter().all(|n| roster.insert(&links[*n]).is_ok()) {
            seen.insert(roster.members().keys().copied().collect::<Vec<_>>());
        }
    }
    assert_eq!(seen.len(), 1, "{seen:?}");
    assert!(Roster::found(base.thread(), &genesis).is_ok());
}

#[test]
fn a_person_who_leaves_is_taken_out_by_anybody_with_their_word_for_it() {
    let (mut roster, _) = family();
    let (head, thread) = (roster.head(), roster.thread());
    let farewell = Farewell::sign(&key(2), &thread);
    let said = |whom: u8, farewell: &Farewell| {
        let out = leavers(vec![leaver(whom, Because::Left(farewell.clone()))]);
        link(4, head, Statement::Remove { out })
    };
    let refused = Err(RosterLinkError::NotTheirsToRemove);
    assert_eq!(roster.insert(&said(3, &farewell)), refused, "their word, not another's");
    let elsewhere = Farewell::sign(&key(2), &ThreadId::new([9; 20]));
    assert_eq!(roster.insert(&said(2, &elsewhere)), Err(RosterLinkError::Forged));
    assert_eq!(roster.insert(&said(2, &farewell)), Ok(true));
    assert!(!is_in(&roster, 2));
    let item = farewell.to_item();
    assert_eq!(Farewell::from_item(&thread, &item), Ok(farewell));
    let flipped: Vec<u8> = item.iter().enumerate().map(|(n, b)| b ^ u8::from(n == 9)).collect();
    assert!(Farewell::from_item(&thread, &flipped).is_err());
}

#[test]
fn a_person_comes_back_on_a_new_device_and_the_old_ones_are_out() {
    let (mut roster, _) = family();
    let second = Card { person: card(2).person, role: Role::Guardian, ..card(5) };
    let admit = Statement::Admit { card: second, invite: InviteId::new([5; 16]) };
    let head = roster.head();
    let head = insert(&mut roster, link(2, head, admit));
    let back = Card { person: card(2).person, role: Role::Guardian, ..card(6) };
    let readmit = |by: u8, out: &[u8]| {
        let out = leavers(out.iter().map(|n| leaver(*n, Because::Decided)).collect());
        let (card, invite) = (back.clone(), InviteId::new([6; 16]));
        link(by, head, Statement::Readmit { card, invite, out })
    };
    let refused = Err(RosterLinkError::NotTheirsToRemove);
    assert_eq!(roster.insert(&readmit(1, &[2])), refused, "all of their devices, or none");
    assert_eq!(roster.insert(&readmit(5, &[2, 5])), refused);
    let mut by_school = roster.clone();
    assert_eq!(by_school.insert(&readmit(4, &[2, 5])), Ok(true), "the school has seen them");
    assert_eq!(roster.insert(&readmit(3, &[2, 5])), Ok(true), "or the other guardian");
    assert!(is_in(&roster, 6) && !is_in(&roster, 2) && !is_in(&roster, 5));
    let head = roster.head();
    let seated = roster.seated_after(&head).expect("known");
    assert_eq!(seated, roster.members().keys().copied().collect());
    // Somebody who was never in does not come back.
    let stranger = Statement::Readmit {
        card: Card { role: Role::Guardian, ..card(9) },
        invite: InviteId::new([9; 16]),
        out: Leavers::default(),
    };
    assert_eq!(roster.insert(&link(1, head, stranger)), Err(RosterLinkError::NotAMember));
}

#[test]
fn a_group_founded_anew_without_somebody_leaves_a_guardian_out_by_guardians_only() {
    let (roster, _) = family();
    let refound = |by: u8, whom: u8| {
        let out = leavers(vec![leaver(whom, Because::Decided)]);
        link(by, roster.head(), Statement::Refound { out })
    };
    let refused = Err(RosterLinkError::NotTheirsToRemove);
    assert_eq!(roster.clone().insert(&refound(4, 2)), refused);
    for (by, whom) in [(3, 2), (2, 1), (4, 1)] {
        let mut roster = roster.clone();
        assert_eq!(roster.insert(&refound(by, whom)), Ok(true), "{whom} by {by}");
        assert!(!is_in(&roster, whom));
        let head = roster.head();
        assert_eq!(roster.seated_after(&head), Some(BTreeSet::from([card(by).device])));
    }
}

#[test]
fn the_chain_says_which_last_words_count_or_else_every_removal_that_was_shown() {
    let (mut roster, _) = family();
    let fork = roster.head();
    let words = |words: &[(u8, u64)]| {
        let word =
            |(n, operation): &(u8, u64)| LastWord { incarnation: [*n; 4], operation: *operation };
        words.iter().map(word).collect::<Vec<_>>().try_into().expect("few")
    };
    let mut remove = |by: u8, said: &[(u8, u64)]| {
        let because = Because::Decided;
        let out = leavers(vec![Leaver { device: card(4).device, because, words: words(said) }]);
        let statement = Statement::Remove { out };
        roster.insert(&link(by, fork, statement)).expect("valid");
        roster.last_words(&card(4).device)
    };
    assert_eq!(remove(1, &[(1, 10), (2, 30)]), Some(BTreeMap::from([([1; 4], 10), ([2; 4], 30)])));
    let lead = let_in(1, 5, Role::Lead, fork);
    let mut other = family().0;
    let lead = insert(&mut other, lead);
    assert!(other.last_words(&card(4).device).is_none());
    let because = Because::Decided;
    for said in [&[(1, 12), (3, 9)][..], &[(1, 7), (2, 50)][..]] {
        let out = leavers(vec![Leaver {
            device: card(4).device,
            because: because.clone(),
            words: words(said),
        }]);
        let at = if said.len() == 2 && said[0].1 == 12 { fork } else { lead };
        let by = if at == lead { 5 } else { 1 };
        other.insert(&link(by, at, Statement::Remove { out })).expect("valid");
    }
    let on_chain = BTreeMap::from([([1; 4], 7), ([2; 4], 50)]);
    assert_eq!(other.last_words(&card(4).device), Some(on_chain), "the chain that counts says it");
    // Another chain becomes longer, and neither removal stands on it.
    let longer = insert(&mut other, let_in(1, 6, Role::Teacher, lead));
    insert(&mut other, let_in(1, 7, Role::Teacher, longer));
    assert!(!is_in(&other, 4));
    assert_eq!(other.last_words(&card(4).device), Some(BTreeMap::from([([1; 4], 7)])));
}
