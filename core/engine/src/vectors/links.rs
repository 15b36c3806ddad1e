//! Requests for a seat, and invitations as text.

use serde_json::{Value, json};
use tandem_proto::{
    InviteLink, InviteSecret, ItemHash, PersonId, RelayKey, RelayLink, Role, SeatRequest,
    SecretKey, TandemLink, ThreadId, invite_id, request_box, welcome_box,
};

use super::{hex, identity, same_as_committed, seed};
use crate::keys::group::{GroupKeys as _, Identity, Mls};

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
