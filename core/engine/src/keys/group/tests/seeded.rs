//! The same seeds give the same bytes, and nothing asks the system for more.

use hpke_rs_crypto::error::Error;
use openmls_rust_crypto::RustCrypto;
use openmls_traits::{
    crypto::OpenMlsCrypto as _,
    random::OpenMlsRand as _,
    types::{AeadType, HashType},
};

use super::*;
use crate::keys::group::{crypto::Crypto, leaf::SUITE, primitives, provider::Provider};

/// All bytes that a group of `n` makes: founding, adding all at once, renewing, removing.
fn trace(n: u8) -> Vec<Vec<u8>> {
    let devices: Vec<Device> = (1..=n).map(Device::new).collect();
    let all: Vec<&Device> = devices.iter().collect();
    let (a, others) = (all[0], &all[1..]);
    let founded = a.found();
    let added = a.change(&founded, others, &[]);
    let joined: Vec<GroupState> =
        others.iter().map(|device| device.join(&added, a, &all)).collect();
    let renewed = others[0].change(&joined[0], &[], &[]);
    let at_a = process(&added.state, &renewed.commit, others[0], &[], &[]).unwrap();
    let removed = a.change(&at_a, &[], &[others[1]]);
    let at_b = process(&renewed.state, &removed.commit, a, &[], &[others[1]]).unwrap();
    assert_eq!(secret(&removed.state), secret(&at_b));
    let mut trace: Vec<Vec<u8>> = vec![added.commit, added.welcome.unwrap()];
    trace.extend([renewed.commit, removed.commit]);
    trace.extend(devices.into_iter().flat_map(|d| [d.package.public, d.package.secret.to_vec()]));
    let states = [founded, added.state, renewed.state, at_a, removed.state, at_b];
    trace.extend(states.iter().chain(&joined).map(|state| state.as_bytes().to_vec()));
    trace
}

#[test]
fn the_same_seeds_give_the_same_bytes() {
    assert_eq!(trace(3), trace(3));
}

/// So many that the library seals on several threads at once.
#[test]
fn the_same_seeds_give_the_same_bytes_to_forty_devices() {
    let first = trace(40);
    for _ in 0..2 {
        assert_eq!(trace(40), first);
    }
}

/// The library keeps removals in a map that is in another order each time.
#[test]
fn the_same_seeds_give_the_same_bytes_when_several_are_removed() {
    let devices: Vec<Device> = (1..=6).map(Device::new).collect();
    let all: Vec<&Device> = devices.iter().collect();
    let added = all[0].change(&all[0].found(), &all[1..], &[]);
    for removed in 2..=4 {
        let mut gone = all[2..2 + removed].to_vec();
        let first = all[0].change(&added.state, &[], &gone);
        for _ in 0..5 {
            let again = all[0].change(&added.state, &[], &gone);
            assert_eq!((&again.commit, &again.state), (&first.commit, &first.state));
        }
        let at_b = all[1].join(&added, all[0], &all);
        gone.reverse();
        let at_b = process(&at_b, &first.commit, all[0], &[], &gone).unwrap();
        assert_eq!(secret(&at_b), secret(&first.state));
    }
}

#[test]
fn another_seed_gives_other_secrets_and_so_does_another_use_of_one() {
    let (a, b, at_a, _) = pair();
    let change = |seed, state: &GroupState, change: &Change<'_>| {
        Mls.change(&[seed; 32], &a.me(), state, change).unwrap()
    };
    let nothing = Change::default();
    let (one, two) = (change(1, &at_a, &nothing), change(2, &at_a, &nothing));
    assert_ne!(one.commit, two.commit);
    assert_ne!(secret(&one.state), secret(&two.state));
    // The path of a commit is random: two commits made with one seed must not share it.
    let device = [b.device()];
    let other = change(1, &at_a, &Change { remove: &device, ..nothing });
    let keys = |state: &GroupState| {
        let (group, _, _) = state.load(Provider::unseeded()).unwrap();
        group.own_leaf_node().unwrap().encryption_key().clone()
    };
    assert_ne!(keys(&one.state), keys(&other.state));
}

#[test]
fn what_draws_nothing_cannot_draw() {
    let crypto = Crypto::unseeded();
    assert!(crypto.random_vec(1).is_err());
    assert!(crypto.random_array::<4>().is_err());
    let config = || SUITE.hpke_config();
    let pair = crypto.derive_hpke_keypair(config(), &[7; 32]).unwrap();
    assert!(crypto.hpke_seal(config(), &pair.public, b"", b"", b"words").is_err());
}

/// Ours and the library's own provider are the same cryptography.
#[test]
fn our_primitives_do_what_the_librarys_own_do() {
    let (ours, theirs) = (Crypto::seeded([3; 32]), RustCrypto::default());
    let (hash, aead, config) =
        (HashType::Sha2_256, AeadType::ChaCha20Poly1305, || SUITE.hpke_config());
    for len in [0, 1, 32, 33, 200] {
        let (key, data) = (vec![7; len], vec![8; len * 3]);
        assert_eq!(ours.hash(hash, &data), theirs.hash(hash, &data));
        let prk = ours.hkdf_extract(hash, &key, &data).unwrap();
        assert_eq!(prk, theirs.hkdf_extract(hash, &key, &data).unwrap());
        assert_eq!(ours.hmac(hash, &key, &data).unwrap(), theirs.hmac(hash, &key, &data).unwrap());
        assert_eq!(
            ours.hkdf_expand(hash, prk.as_slice(), &data, len).unwrap(),
            theirs.hkdf_expand(hash, prk.as_slice(), &data, len).unwrap()
        );
        let (key, nonce) = ([5; 32], [6; 12]);
        let sealed = ours.aead_encrypt(aead, &key, &data, &nonce, b"aad").unwrap();
        assert_eq!(Ok(&sealed), theirs.aead_encrypt(aead, &key, &data, &nonce, b"aad").as_ref());
        assert_eq!(theirs.aead_decrypt(aead, &key, &sealed, &nonce, b"aad"), Ok(data.clone()));
        assert_eq!(ours.aead_decrypt(aead, &key, &sealed, &nonce, b"aad"), Ok(data.clone()));
        assert!(ours.aead_decrypt(aead, &key, &sealed, &nonce, b"other").is_err());

        let pair = ours.derive_hpke_keypair(config(), &[9; 32]).unwrap();
        let same = theirs.derive_hpke_keypair(config(), &[9; 32]).unwrap();
        assert_eq!((&pair.public, &pair.private[..]), (&same.public, &same.private[..]));
        let sealed = ours.hpke_seal(config(), &pair.public, b"info", b"aad", &data).unwrap();
        let opened = theirs.hpke_open(config(), &sealed, &pair.private, b"info", b"aad");
        assert_eq!(opened, Ok(data.clone()));
        let sealed = theirs.hpke_seal(config(), &pair.public, b"info", b"aad", &data).unwrap();
        let opened = ours.hpke_open(config(), &sealed, &pair.private, b"info", b"aad");
        assert_eq!(opened, Ok(data));
    }
}

#[test]
fn keys_of_another_length_or_of_small_order_are_refused() {
    let secret = [7; 32];
    let public = primitives::public_of(&secret).unwrap();
    assert!(primitives::dh(&public, &secret).is_ok());
    for small in [[0; 32], std::array::from_fn(|at| u8::from(at == 0))] {
        assert!(matches!(primitives::dh(&small, &secret), Err(Error::KemInvalidPublicKey)));
    }
    for short in [&[][..], &[7; 31], &[7; 33]] {
        assert!(matches!(primitives::dh(short, &secret), Err(Error::KemInvalidPublicKey)));
        assert!(matches!(primitives::dh(&public, short), Err(Error::KemInvalidSecretKey)));
        assert!(matches!(primitives::public_of(short), Err(Error::KemInvalidSecretKey)));
        assert!(primitives::seal(short, &[0; 12], b"", b"words").is_err());
        assert!(matches!(
            primitives::seal(&secret, short, b"", b"words"),
            Err(Error::AeadInvalidNonce)
        ));
        assert!(primitives::expand(short, b"", 32).is_err() || short.len() >= 32);
    }
    assert!(primitives::expand(&secret, b"", 255 * 32).is_ok());
    // More than there is, and no room is made for it.
    let endless = primitives::expand(&secret, b"", usize::MAX);
    assert!(matches!(endless, Err(Error::HpkeInvalidOutputLength)));
}
