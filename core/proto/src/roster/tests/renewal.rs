use super::*;

fn renew(by: u8, previous: ItemHash, transport: u8) -> Vec<u8> {
    let statement = Statement::Renew { transport: TransportKey::new([transport; 32]) };
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
    let lines = [card(1).transport, TransportKey::new([71; 32]), TransportKey::new([72; 32])];
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
