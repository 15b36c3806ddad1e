use super::*;

fn line(n: u8) -> TransportKey {
    TransportKey::new(key(n).public())
}

fn renew(by: u8, previous: ItemHash, transport: u8) -> Vec<u8> {
    let (_, genesis) = founded();
    let thread = ThreadId::of_genesis(&genesis);
    let statement = Statement::renew(&key(transport), &thread, &card(by).device);
    RosterLink::sign(&key(by), previous, Timestamp(0), statement, Handshake::default()).to_item()
}

fn admit(by: u8, previous: ItemHash, card: Card) -> Vec<u8> {
    let statement = Statement::Admit { card, invite: InviteId::new([7; 16]) };
    RosterLink::sign(&key(by), previous, Timestamp(0), statement, Handshake::default()).to_item()
}

fn whose(roster: &Roster, line: &TransportKey) -> Option<DeviceKey> {
    roster.by_transport(line).map(|card| card.device)
}

#[test]
fn a_renewed_device_is_admitted_by_its_new_key_and_by_the_one_before_it() {
    let (mut roster, _) = founded();
    let device = card(1).device;
    let lines = [card(1).transport, line(71), line(72)];
    roster.insert(&renew(1, roster.head(), 71)).expect("valid");
    assert_eq!(roster.members()[&device].transport, lines[1]);
    assert_eq!(lines.map(|line| whose(&roster, &line)), [Some(device), Some(device), None]);
    roster.insert(&renew(1, roster.head(), 72)).expect("valid");
    assert_eq!(lines.map(|line| whose(&roster, &line)), [None, Some(device), Some(device)]);
    let held: BTreeSet<_> = roster.lines().into_keys().collect();
    assert_eq!(held, BTreeSet::from([lines[1], lines[2]]), "as the relay holds them");
    assert_eq!(roster.lines_ever().count(), 3);
}

#[test]
fn nobody_takes_a_key_that_another_member_has_or_had() {
    let (mut roster, _) = founded();
    let head = roster.head();
    roster.insert(&admit(1, head, card(2))).expect("valid");
    roster.insert(&renew(2, roster.head(), 71)).expect("valid");
    let head = roster.head();
    let refused = Err(RosterLinkError::AlreadyIn);
    assert_eq!(roster.insert(&renew(1, head, 71)), refused, "what another has");
    assert_eq!(roster.insert(&renew(2, head, 71)), refused, "what one has oneself");
    let had = Card { transport: card(2).transport, ..card(3) };
    assert_eq!(roster.insert(&admit(1, head, had)), refused, "what another had, by a newcomer");
    assert_eq!(roster.insert(&renew(9, head, 72)), Err(RosterLinkError::NotAMember));
    assert_eq!(roster.insert(&renew(1, head, 72)), Ok(true));
}

#[test]
fn nobody_renews_with_a_key_that_is_not_theirs_and_says_so_nowhere_else() {
    let (mut roster, genesis) = founded();
    let (head, thread) = (roster.head(), ThreadId::of_genesis(&genesis));
    let say = |statement| {
        RosterLink::sign(&key(1), head, Timestamp(0), statement, Handshake::default()).to_item()
    };
    let forged = Err(RosterLinkError::Forged);
    // Somebody else's key, of which only the public half is known.
    let Statement::Renew { proof, .. } = Statement::renew(&key(71), &thread, &card(1).device)
    else {
        unreachable!("it renews")
    };
    let theirs = Statement::Renew { transport: line(72), proof };
    assert_eq!(roster.insert(&say(theirs)), forged);
    let of_another = Statement::renew(&key(71), &thread, &card(2).device);
    assert_eq!(roster.insert(&say(of_another)), forged);
    let elsewhere = Statement::renew(&key(71), &ThreadId::new([9; 20]), &card(1).device);
    assert_eq!(roster.insert(&say(elsewhere)), forged);
}

#[test]
fn however_often_somebody_renews_there_is_room_to_take_them_out() {
    let (mut roster, _) = founded();
    let head = roster.head();
    roster.insert(&admit(1, head, card(2))).expect("valid");
    let mut turns = [71, 72].into_iter().cycle();
    while roster.insert(&renew(2, roster.head(), turns.next().expect("endless"))).is_ok() {}
    assert_eq!(roster.len(), MAX_LINKS_PER_ROSTER - 127);
    let leaver = Leaver {
        device: card(2).device,
        because: Because::Decided,
        words: crate::BoundedVec::default(),
    };
    let out = vec![leaver].try_into().expect("one");
    let head = roster.head();
    let remove = RosterLink::sign(
        &key(1),
        head,
        Timestamp(0),
        Statement::Remove { out },
        Handshake::default(),
    );
    assert_eq!(roster.insert(&remove.to_item()), Ok(true));
}
