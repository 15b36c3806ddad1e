//! Fuzz targets: a device's offer, and the answer to one, by whoever may seal and sign them.

#![allow(clippy::unwrap_used, reason = "a test may fail where it stands")]

use super::*;
use crate::{
    fuzz::Target,
    join::one_time_public,
    keys::group::Identity,
    scene::{self, NOW},
};

const SECRET: InviteSecret = InviteSecret::new([5; 16]);

/// An offer has 32 packages of 4 KiB at most.
const ALLOWANCE: usize = 4 << 20;

fn sealed(identity: &SecretKey, body: &[u8]) -> Vec<u8> {
    let signature = identity.sign(OFFER, &[invite_id(&SECRET).as_bytes(), body]);
    let signed = Signed { signature, body: body.to_vec().try_into().unwrap() };
    let plain = postcard::to_extend(&signed, Vec::new()).unwrap();
    letter::seal(&keys(&SECRET), AAD, &plain)
}

#[test]
fn a_spoiled_offer_is_read_or_refused() {
    let key = SecretKey::from_seed([1; 32]);
    let nobody = Identity { person: ANYBODYS, key: &key };
    let package = |n| Mls.package(&[n; 32], &nobody).unwrap().public.try_into().unwrap();
    let device = DeviceKey::new(key.public());
    let link = DeviceLink { relay: scene::relay(), device, secret: SECRET };
    let offer = DeviceOffer {
        device,
        transport: TransportKey::new([2; 32]),
        one_time: one_time_public(&[6; 32]),
        made: NOW,
        packages: vec![package(1), package(2)].try_into().unwrap(),
    };
    let letter = offer.seal(&key, &SECRET).unwrap();
    let right = postcard::to_extend(&offer, Vec::new()).unwrap();
    assert_eq!(sealed(&key, &right), letter);
    Target { name: "offer", rounds: 4_000, allowance: ALLOWANCE }.run(
        |dice| match dice.below(4) {
            0 => dice.spoil(&letter),
            _ => sealed(&key, &dice.spoil(&right)),
        },
        |letter| DeviceOffer::open(&link, letter).is_ok(),
    );
}

#[test]
fn a_spoiled_answer_to_an_offer_is_read_or_refused() {
    let (key, one_time) = (SecretKey::from_seed([1; 32]), [6; 32]);
    let uptake = Uptake {
        by: DeviceKey::new(key.public()),
        person: PersonId::new([1; 16]),
        name: "Ana".to_owned().try_into().unwrap(),
        role: Role::Guardian,
        threads: vec![(ThreadId::new([1; 20]), 0), (ThreadId::new([2; 20]), 1)].try_into().unwrap(),
    };
    let right = postcard::to_extend(&uptake, Vec::new()).unwrap();
    Target { name: "uptake", rounds: 4_000, allowance: ALLOWANCE }.run(
        |dice| dice.spoil(&right),
        |body| {
            let signature = key.sign(UPTAKE, &[invite_id(&SECRET).as_bytes(), &one_time, body]);
            let Ok(body) = body.to_vec().try_into() else { return false };
            SignedUptake(Signed { signature, body }).verify(&SECRET, &one_time).is_ok()
        },
    );
}
