//! HPKE (RFC 9180) with randomness that is given to it.
//!
//! The HPKE library asks its cryptography for a generator each time it is set up, by a function
//! without arguments. So the seed waits in a cell of the thread while one call lasts: MLS seals to
//! many leaves on several threads at once, and each seal has its own.

use std::{cell::Cell, convert::Infallible};

use hpke_rs::{
    Hpke, Mode,
    hpke_types::{AeadAlgorithm, KdfAlgorithm, KemAlgorithm},
};
use hpke_rs_crypto::{HpkeCrypto, HpkeTestRng, error::Error};
use rand_chacha::ChaCha20Rng;
use rand_core::{Rng, SeedableRng, TryCryptoRng, TryRng};
use zeroize::Zeroize;

use super::primitives;

thread_local! {
    static SEED: Cell<Option<[u8; 32]>> = const { Cell::new(None) };
}

const KEM: KemAlgorithm = KemAlgorithm::DhKem25519;
const KDF: KdfAlgorithm = KdfAlgorithm::HkdfSha256;
const AEAD: AeadAlgorithm = AeadAlgorithm::ChaCha20Poly1305;

/// The suite's HPKE, whose random bytes follow from `seed` as long as `call` lasts.
pub(super) fn with_seed<T>(seed: [u8; 32], call: impl FnOnce(&mut Hpke<Seeded>) -> T) -> T {
    /// Clears the cell also when the call panics.
    struct Clear;
    impl Drop for Clear {
        fn drop(&mut self) {
            SEED.set(None);
        }
    }
    let _clear = Clear;
    SEED.set(Some(seed));
    let mut hpke = Hpke::new(Mode::Base, KEM, KDF, AEAD);
    call(&mut hpke)
}

/// The generator of one call.
pub(super) struct Generator(ChaCha20Rng);

impl TryRng for Generator {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        Ok(self.0.next_u32())
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        Ok(self.0.next_u64())
    }

    fn try_fill_bytes(&mut self, out: &mut [u8]) -> Result<(), Infallible> {
        self.0.fill_bytes(out);
        Ok(())
    }
}

impl TryCryptoRng for Generator {}

impl Zeroize for Generator {
    fn zeroize(&mut self) {
        self.0 = ChaCha20Rng::from_seed([0; 32]);
    }
}

/// Asked for by the library's interface and never called by it as we build it.
impl HpkeTestRng for Generator {
    type Error = Infallible;

    fn try_fill_test_bytes(&mut self, out: &mut [u8]) -> Result<(), Infallible> {
        self.try_fill_bytes(out)
    }

    fn seed(&mut self, _: &[u8]) {}
}

/// The suite's primitives with a seeded generator.
#[derive(Debug)]
pub(super) struct Seeded;

impl HpkeCrypto for Seeded {
    type HpkePrng = Generator;

    fn name() -> String {
        "one suite, seeded".into()
    }

    fn prng() -> Generator {
        let seed = SEED.get().expect("HPKE is set up inside `with_seed` only");
        Generator(ChaCha20Rng::from_seed(seed))
    }

    fn supports_kdf(kdf: KdfAlgorithm) -> Result<(), Error> {
        if kdf == KDF { Ok(()) } else { Err(Error::UnknownKdfAlgorithm) }
    }

    fn supports_kem(kem: KemAlgorithm) -> Result<(), Error> {
        if kem == KEM { Ok(()) } else { Err(Error::UnknownKemAlgorithm) }
    }

    fn supports_aead(aead: AeadAlgorithm) -> Result<(), Error> {
        if aead == AEAD { Ok(()) } else { Err(Error::UnknownAeadAlgorithm) }
    }

    fn kdf_extract(kdf: KdfAlgorithm, salt: &[u8], ikm: &[u8]) -> Result<Vec<u8>, Error> {
        Self::supports_kdf(kdf)?;
        Ok(primitives::extract(salt, ikm))
    }

    fn kdf_expand(kdf: KdfAlgorithm, prk: &[u8], info: &[u8], n: usize) -> Result<Vec<u8>, Error> {
        Self::supports_kdf(kdf)?;
        primitives::expand(prk, info, n)
    }

    fn dh(kem: KemAlgorithm, public: &[u8], secret: &[u8]) -> Result<Vec<u8>, Error> {
        Self::supports_kem(kem)?;
        primitives::dh(public, secret)
    }

    fn secret_to_public(kem: KemAlgorithm, secret: &[u8]) -> Result<Vec<u8>, Error> {
        Self::supports_kem(kem)?;
        primitives::public_of(secret)
    }

    // The suite's KEM is Diffie-Hellman over X25519; these belong to others.
    fn kem_key_gen(_: KemAlgorithm, _: &mut Generator) -> Result<(Vec<u8>, Vec<u8>), Error> {
        Err(Error::UnsupportedKemOperation)
    }

    fn kem_key_gen_derand(_: KemAlgorithm, _: &[u8]) -> Result<(Vec<u8>, Vec<u8>), Error> {
        Err(Error::UnsupportedKemOperation)
    }

    fn kem_encaps(
        _: KemAlgorithm,
        _: &[u8],
        _: &mut Generator,
    ) -> Result<(Vec<u8>, Vec<u8>), Error> {
        Err(Error::UnsupportedKemOperation)
    }

    fn kem_decaps(_: KemAlgorithm, _: &[u8], _: &[u8]) -> Result<Vec<u8>, Error> {
        Err(Error::UnsupportedKemOperation)
    }

    /// Every 32 bytes are a secret of X25519; only keys of other curves are looked at.
    fn dh_validate_sk(_: KemAlgorithm, _: &[u8]) -> Result<Vec<u8>, Error> {
        Err(Error::UnknownKemAlgorithm)
    }

    fn aead_seal(
        aead: AeadAlgorithm,
        key: &[u8],
        nonce: &[u8],
        aad: &[u8],
        plain: &[u8],
    ) -> Result<Vec<u8>, Error> {
        Self::supports_aead(aead)?;
        primitives::seal(key, nonce, aad, plain)
    }

    fn aead_open(
        aead: AeadAlgorithm,
        key: &[u8],
        nonce: &[u8],
        aad: &[u8],
        sealed: &[u8],
    ) -> Result<Vec<u8>, Error> {
        Self::supports_aead(aead)?;
        primitives::open(key, nonce, aad, sealed)
    }
}
