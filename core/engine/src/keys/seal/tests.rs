#![allow(clippy::unwrap_used, reason = "a test may fail where it stands")]

use super::*;
use tandem_proto::ItemHash;

const THREAD: ThreadId = ThreadId::new([7; 20]);

fn secret(epoch: u64, branch: u8, secret: [u8; 32]) -> EpochSecret {
    EpochSecret::new(ItemHash::new([branch; 32]), Epoch(epoch), Zeroizing::new(secret))
}

fn ring(secrets: impl IntoIterator<Item = EpochSecret>) -> Keyring {
    let mut ring = Keyring::default();
    for secret in secrets {
        ring.keep(secret);
    }
    ring
}

fn key() -> EpochSecret {
    secret(0, 0, [9; 32])
}

fn keys() -> Keyring {
    ring([key()])
}

fn sealed(plain: &[u8]) -> Vec<u8> {
    seal(&key(), &THREAD, EnvelopeKind::Batch, plain).unwrap()
}

fn nonce(item: &[u8]) -> [u8; 16] {
    EnvelopeHeader::parse(item).unwrap().0.nonce
}

#[test]
fn an_envelope_opens_to_its_batch_and_kind() {
    for (kind, plain) in [(EnvelopeKind::Batch, &b"words"[..]), (EnvelopeKind::Carried, b"")] {
        let item = seal(&key(), &THREAD, kind, plain).unwrap();
        assert_eq!(open(&keys(), &THREAD, &item), Ok((kind, plain.to_vec())));
    }
}

#[test]
fn the_same_batch_is_the_same_bytes_and_other_words_get_another_nonce() {
    assert_eq!(sealed(b"words"), sealed(b"words"));
    let nonces = [b"words", b"wordt", b"Words"].map(|plain| nonce(&sealed(plain)));
    assert!(nonces[0] != nonces[1] && nonces[0] != nonces[2] && nonces[1] != nonces[2]);
    let carried = seal(&key(), &THREAD, EnvelopeKind::Carried, b"words").unwrap();
    assert_ne!(nonce(&carried), nonces[0], "another kind is another envelope");
}

#[test]
fn an_envelope_with_any_bit_flipped_is_refused() {
    let item = sealed(b"the words of a batch");
    for bit in 0..item.len() * 8 {
        let mut flipped = item.clone();
        flipped[bit / 8] ^= 1 << (bit % 8);
        assert!(open(&keys(), &THREAD, &flipped).is_err(), "bit {bit}");
    }
    for len in 0..item.len() {
        assert!(open(&keys(), &THREAD, &item[..len]).is_err(), "{len} bytes");
    }
}

#[test]
fn an_envelope_opens_in_its_thread_kind_and_epoch_only() {
    let first = secret(0, 0, [1; 32]);
    let item = seal(&first, &THREAD, EnvelopeKind::Batch, b"words").unwrap();
    let now = ring([first, secret(1, 1, [1; 32]), secret(2, 2, [2; 32])]);
    assert!(open(&now, &THREAD, &item).is_ok(), "an old epoch's envelope stays readable");
    let other = ThreadId::new([8; 20]);
    assert_eq!(open(&now, &other, &item), Err(OpenError::Forged));
    let mut as_carried = item.clone();
    as_carried[1] = 2;
    assert_eq!(open(&now, &THREAD, &as_carried), Err(OpenError::Forged));
    let mut later = item.clone();
    later[2] = 1; // an epoch with the very same secret: the header is bound all the same
    assert_eq!(open(&now, &THREAD, &later), Err(OpenError::Forged));
    later[2] = 5;
    assert_eq!(open(&now, &THREAD, &later), Err(OpenError::NoKey(Epoch(5))));
}

#[test]
fn a_member_s_envelope_with_a_nonce_of_its_own_choosing_is_refused() {
    let secret = *key().secret();
    let aad = aad(&THREAD, EnvelopeKind::Batch, Epoch(0));
    let (nonce, sealed) = epoch_keys(&secret, &THREAD).seal(&aad, b"words", Some([0; 16]));
    let header = EnvelopeHeader { kind: EnvelopeKind::Batch, epoch: Epoch(0), nonce };
    assert_eq!(open(&keys(), &THREAD, &header.assemble(&sealed)), Err(OpenError::Forged));
}

#[test]
fn of_two_epochs_of_one_number_each_opens_what_was_sealed_under_it() {
    let (ours, theirs) = (secret(3, 1, [1; 32]), secret(3, 2, [2; 32]));
    let both = ring([ours.clone(), theirs.clone()]);
    for key in [&ours, &theirs] {
        let item = seal(key, &THREAD, EnvelopeKind::Batch, b"words").unwrap();
        assert!(open(&both, &THREAD, &item).is_ok());
    }
    let item = seal(&theirs, &THREAD, EnvelopeKind::Batch, b"words").unwrap();
    assert_eq!(open(&ring([ours]), &THREAD, &item), Err(OpenError::Forged));
}

#[test]
fn lengths_are_padded_and_bounded() {
    assert_eq!(sealed(b"").len(), sealed(&[1; 40]).len());
    let most = vec![1; MAX_ITEM_BYTES - 16 * 1024];
    assert!(seal(&key(), &THREAD, EnvelopeKind::Batch, &most).is_ok());
    let over = vec![1; MAX_ITEM_BYTES];
    assert!(matches!(
        seal(&key(), &THREAD, EnvelopeKind::Batch, &over),
        Err(SealError::TooLong { .. })
    ));
}
