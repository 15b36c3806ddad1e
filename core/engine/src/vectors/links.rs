//! Roster links, requests for a seat, and invitations as text.

use serde_json::{Value, json};
use tandem_proto::{
    Because, Card, Farewell, Handshake, InviteId, InviteLink, InviteSecret, ItemHash, LastWord,
    Leaver, Leavers, PersonId, RelayKey, RelayLink, Role, Roster, RosterLink, SeatRequest,
    SecretKey, Statement, TandemLink, ThreadId, ThreadKind, Timestamp, TransportKey, invite_id,
    request_box, welcome_box,
};

use super::{device, hex, identity, same_as_committed, seed};
use crate::keys::group::{Change, GroupKeys as _, GroupState, Identity, Mls};

const NOW: Timestamp = Timestamp(1_760_000_000_000);

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
        let genesis = RosterLink::found(&identity(1), NOW, statement);
        let thread = ThreadId::of_genesis(&genesis.to_item());
        let (person, key) = (PersonId::new([1; 16]), identity(1));
        let group = Mls.found(&[1; 32], &Identity { person, key: &key }, &thread).unwrap();
        Self { thread, group, items: vec![genesis.to_item()], links: vec![genesis] }
    }

    /// An hour after the link before.
    fn now(&self) -> Timestamp {
        Timestamp(NOW.0 + 3_600_000 * self.items.len() as u64)
    }

    /// Device 1 says this, and its group takes the same step.
    fn say(mut self, statement: Statement, change: &Change<'_>) -> Self {
        let (person, key) = (PersonId::new([1; 16]), identity(1));
        let me = Identity { person, key: &key };
        let handshake = if statement.founds_group() {
            self.group = Mls.found(&[3; 32], &me, &self.thread).unwrap();
            Handshake::default()
        } else {
            let changed = Mls.change(&[2; 32], &me, &self.group, change).unwrap();
            self.group = changed.state;
            Handshake {
                commit: changed.commit.try_into().unwrap(),
                welcome: changed.welcome.unwrap_or_default().try_into().unwrap(),
            }
        };
        let previous = ItemHash::of(self.items.last().unwrap());
        let link = RosterLink::sign(&key, previous, self.now(), statement, handshake);
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

    /// Device `n` is out, for this reason, with what it said in two lives.
    fn leaver(n: u8, because: Because) -> Leavers {
        let words = [(3, 400), (9, 77)]
            .map(|(life, operation)| LastWord { incarnation: [life; 4], operation });
        let words = words.to_vec().try_into().unwrap();
        vec![Leaver { device: device(n), because, words }].try_into().unwrap()
    }

    /// The person of device `n` leaves by their own word.
    fn leave(self, n: u8) -> Self {
        let farewell = Farewell::sign(&identity(n), &self.thread);
        let out = Self::leaver(n, Because::Left(farewell));
        self.say(Statement::Remove { out }, &Change { add: &[], remove: &[device(n)] })
    }

    /// The founder takes out device `n`.
    fn remove(self, n: u8) -> Self {
        let out = Self::leaver(n, Because::Decided);
        self.say(Statement::Remove { out }, &Change { add: &[], remove: &[device(n)] })
    }

    /// The person of device `n` is back on device `anew`.
    fn readmit(self, n: u8, anew: u8, role: Role) -> Self {
        let card = Card { person: PersonId::new([n; 16]), ..card(anew, role) };
        let (key, person) = (identity(anew), card.person);
        let package = Mls.package(&[anew; 32], &Identity { person, key: &key }).unwrap().public;
        let (invite, out) = (InviteId::new([anew; 16]), Self::leaver(n, Because::Decided));
        let change = Change { add: &[&package], remove: &[device(n)] };
        self.say(Statement::Readmit { card, invite, out }, &change)
    }

    /// The founder has new keys.
    fn renew(self, transport: u8) -> Self {
        let statement = Statement::renew(&identity(transport), &self.thread, &device(1));
        self.say(statement, &Change::default())
    }

    fn refound(self) -> Self {
        self.say(Statement::Refound { out: Leavers::default() }, &Change::default())
    }

    fn vector(&self, name: &str) -> Value {
        let mut roster = Roster::found(self.thread, &self.items[0]).unwrap();
        for item in &self.items[1..] {
            assert_eq!(roster.insert(item), Ok(true));
        }
        let links = self.links.iter().zip(&self.items).map(|(link, item)| {
            let mut told = json!({
                "hash": hex(ItemHash::of(item).as_bytes()),
                "at": link.at.0,
                "previous": hex(link.previous.as_bytes()),
                "author": hex(link.author.as_bytes()),
                "commit": hex(&link.handshake.commit),
                "welcome": hex(&link.handshake.welcome),
            });
            told["says"] = match &link.statement {
                Statement::Genesis { .. } => "genesis",
                Statement::Admit { .. } => "admit",
                Statement::Reseat { .. } => "reseat",
                Statement::Refound { .. } => "refound",
                Statement::Readmit { .. } => "readmit",
                Statement::Remove { .. } => "remove",
                Statement::Renew { .. } => "renew",
            }
            .into();
            let out = link.statement.out().iter().map(|leaver| hex(leaver.device.as_bytes()));
            if let Statement::Renew { transport, .. } = &link.statement {
                told["transport"] = hex(transport.as_bytes()).into();
            }
            told["out"] = out.collect::<Vec<_>>().into();
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
    let left = Chain::found(Role::Lead).admit(2, Role::Guardian).admit(3, Role::Specialist);
    let left = left.admit(4, Role::Teacher).leave(2).remove(4).refound();
    let vectors = [
        Chain::found(Role::Guardian).vector("a thread that a guardian founded"),
        school.reseat(2).vector("two are let in, and one of them is given a seat again"),
        left.vector("one leaves, one is taken out, and the group is founded anew"),
        Chain::found(Role::Teacher)
            .admit(2, Role::Guardian)
            .readmit(2, 5, Role::Guardian)
            .vector("somebody is back on a new device"),
        Chain::found(Role::Teacher)
            .admit(2, Role::Guardian)
            .renew(9)
            .vector("a device has new keys"),
    ];
    let about = "Roster links: chains of signed log items from the genesis, with the group's \
                 handshakes in them.";
    same_as_committed("link.json", about, &vectors);
}

#[test]
fn the_farewells_of_the_vectors_are_those_that_the_code_makes() {
    let vectors = [4, 5].map(|n| {
        let thread = ThreadId::new([n; 20]);
        let farewell = Farewell::sign(&identity(n), &thread);
        let item = farewell.to_item();
        assert_eq!(Farewell::from_item(&thread, &item), Ok(farewell.clone()));
        json!({
            "name": format!("by device {n}"),
            "inputs": { "thread": hex(thread.as_bytes()), "item": hex(&item) },
            "expected": {
                "device_seed": hex(&seed(n)),
                "device": hex(farewell.device.as_bytes()),
                "signature": hex(&farewell.signature.to_bytes()),
                "item_hash": hex(ItemHash::of(&item).as_bytes()),
            },
        })
    });
    let about = "Farewells: log items by which a device says that its person leaves.";
    same_as_committed("farewell.json", about, &vectors);
}
