//! Roster links, requests for a seat, and invitations as text.

use serde_json::{Value, json};
use tandem_proto::{
    Card, Handshake, InviteId, InviteLink, InviteSecret, ItemHash, PersonId, RelayKey, RelayLink,
    Role, Roster, RosterLink, SeatRequest, SecretKey, Statement, TandemLink, ThreadId, ThreadKind,
    TransportKey, invite_id, request_box, welcome_box,
};

use super::{device, hex, identity, same_as_committed, seed};
use crate::keys::group::{Change, GroupKeys as _, GroupState, Identity, Mls};

/// A key package of device `n`, as it makes them.
fn package(n: u8) -> Vec<u8> {
    let key = identity(n);
    let me = Identity { person: PersonId::new([n; 16]), key: &key };
    Mls.package(&[n; 32], &me).unwrap().public
}

#[test]
fn the_seat_requests_of_the_vectors_are_those_that_the_code_makes() {
    let vectors = [4, 5].map(|n| {
        let (thread, package) = (ThreadId::new([n; 20]), package(n));
        let bounded = package.clone().try_into().unwrap();
        let request = SeatRequest::sign(&identity(n), &thread, bounded);
        let item = request.to_item();
        assert_eq!(SeatRequest::from_item(&thread, &item), Ok(request.clone()));
        json!({
            "name": format!("by device {n}"),
            "inputs": { "thread": hex(thread.as_bytes()), "item": hex(&item) },
            "expected": {
                "device_seed": hex(&seed(n)),
                "device": hex(request.device.as_bytes()),
                "package": hex(&package),
                "signature": hex(&request.signature.to_bytes()),
                "item_hash": hex(ItemHash::of(&item).as_bytes()),
            },
        })
    });
    let about = "Requests for a seat: log items by which a device asks for a new place in a group.";
    same_as_committed("seat.json", about, &vectors);
}

fn invitation(address: &str, role: Role, n: u8) -> Value {
    let one_time = [n + 1; 32];
    let relay = RelayKey::new(SecretKey::from_seed([n; 32]).public());
    let link = InviteLink {
        relay: RelayLink { address: address.parse().unwrap(), key: relay },
        thread: ThreadId::new([n; 20]),
        role,
        secret: InviteSecret::new([n; 16]),
    };
    let text = link.to_string();
    assert_eq!(text.parse(), Ok(TandemLink::Join(link.clone())));
    json!({
        "name": format!("as {role}"),
        "inputs": { "text": text, "one_time": hex(&one_time) },
        "expected": {
            "address": address,
            "relay": hex(link.relay.key.as_bytes()),
            "thread": hex(link.thread.as_bytes()),
            "role": role.to_string(),
            "secret": hex(link.secret.as_bytes()),
            "invite_id": hex(invite_id(&link.secret).as_bytes()),
            "request_box": hex(request_box(&link.secret).as_bytes()),
            "request_key": hex(&link.secret.request_key()),
            "welcome_box": hex(welcome_box(&link.secret, &one_time).as_bytes()),
        },
    })
}

#[test]
fn the_invitations_of_the_vectors_are_those_that_the_code_makes() {
    let vectors = [
        invitation("127.0.0.1:7443", Role::Guardian, 0x41),
        invitation("relay.school.example:443", Role::Teacher, 0x9c),
        invitation("[::1]:65535", Role::Lead, 0xfe),
    ];
    let about = "Invitations as text, and what follows from their secret and a newcomer's one-time \
                 key.";
    same_as_committed("invite.json", about, &vectors);
}

fn card(n: u8, role: Role) -> Card {
    let transport = TransportKey::new(SecretKey::from_seed([n + 100; 32]).public());
    Card { person: PersonId::new([n; 16]), role, device: device(n), transport }
}

/// A chain that is being made, with its group as the author of the last link has it.
struct Chain {
    thread: ThreadId,
    group: GroupState,
    items: Vec<Vec<u8>>,
    links: Vec<RosterLink>,
}

impl Chain {
    fn found(role: Role) -> Self {
        let founder = card(1, role);
        let statement = Statement::Genesis { kind: ThreadKind::Joint, nonce: [0x44; 16], founder };
        let genesis = RosterLink::found(&identity(1), statement);
        let thread = ThreadId::of_genesis(&genesis.to_item());
        let (person, key) = (PersonId::new([1; 16]), identity(1));
        let group = Mls.found(&[1; 32], &Identity { person, key: &key }, &thread).unwrap();
        Self { thread, group, items: vec![genesis.to_item()], links: vec![genesis] }
    }

    /// Device 1 says this, and its group takes the same step.
    fn say(mut self, statement: Statement, change: &Change<'_>) -> Self {
        let (person, key) = (PersonId::new([1; 16]), identity(1));
        let me = Identity { person, key: &key };
        let changed = Mls.change(&[2; 32], &me, &self.group, change).unwrap();
        let handshake = Handshake {
            commit: changed.commit.try_into().unwrap(),
            welcome: changed.welcome.unwrap_or_default().try_into().unwrap(),
        };
        let previous = ItemHash::of(self.items.last().unwrap());
        let link = RosterLink::sign(&key, previous, statement, handshake);
        self.group = changed.state;
        self.items.push(link.to_item());
        self.links.push(link);
        self
    }

    fn admit(self, n: u8, role: Role) -> Self {
        let statement = Statement::Admit { card: card(n, role), invite: InviteId::new([n; 16]) };
        self.say(statement, &Change { add: &[&package(n)], remove: &[] })
    }

    fn reseat(self, n: u8) -> Self {
        let package = package(n);
        let bounded = package.clone().try_into().unwrap();
        let request = SeatRequest::sign(&identity(n), &self.thread, bounded);
        let change = Change { add: &[&package], remove: &[device(n)] };
        self.say(Statement::Reseat { request }, &change)
    }

    fn vector(&self, name: &str) -> Value {
        let mut roster = Roster::found(self.thread, &self.items[0]).unwrap();
        for item in &self.items[1..] {
            assert_eq!(roster.insert(item), Ok(true));
        }
        let links = self.links.iter().zip(&self.items).map(|(link, item)| {
            let mut told = json!({
                "hash": hex(ItemHash::of(item).as_bytes()),
                "previous": hex(link.previous.as_bytes()),
                "author": hex(link.author.as_bytes()),
                "commit": hex(&link.handshake.commit),
                "welcome": hex(&link.handshake.welcome),
            });
            told["says"] = match &link.statement {
                Statement::Genesis { .. } => "genesis",
                Statement::Admit { .. } => "admit",
                _ => "reseat",
            }
            .into();
            if let Some(card) = link.statement.card() {
                told["card"] = json!({
                    "person": hex(card.person.as_bytes()),
                    "role": card.role.to_string(),
                    "device": hex(card.device.as_bytes()),
                    "transport": hex(card.transport.as_bytes()),
                });
            }
            told
        });
        let items: Vec<String> = self.items.iter().map(|item| hex(item)).collect();
        json!({
            "name": name,
            "inputs": { "thread": hex(self.thread.as_bytes()), "items": items },
            "expected": { "links": links.collect::<Vec<_>>() },
        })
    }
}

#[test]
fn the_links_of_the_vectors_are_those_that_the_code_makes() {
    let school = Chain::found(Role::Teacher).admit(2, Role::Guardian).admit(3, Role::Specialist);
    let vectors = [
        Chain::found(Role::Guardian).vector("a thread that a guardian founded"),
        school.reseat(2).vector("two are let in, and one of them is given a seat again"),
    ];
    let about = "Roster links: chains of signed log items from the genesis, with the group's \
                 handshakes in them.";
    same_as_committed("link.json", about, &vectors);
}
