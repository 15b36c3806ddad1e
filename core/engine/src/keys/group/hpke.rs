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
use hpke_rs_rust_crypto::HpkeRustCrypto;
use rand_chacha::ChaCha20Rng;
use rand_core::{Rng, SeedableRng, TryCryptoRng, TryRng};
use zeroize::Zeroize;

thread_local! {
    static SEED: Cell<Option<[u8; 32]>> = const { Cell::new(None) };
}

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
    let mut hpke = Hpke::new(
        Mode::Base,
        KemAlgorithm::DhKem25519,
        KdfAlgorithm::HkdfSha256,
        AeadAlgorithm::ChaCha20Poly1305,
    );
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

/// The primitives of RustCrypto with a seeded generator.
#[derive(Debug)]
pub(super) struct Seeded;

impl HpkeCrypto for Seeded {
    type HpkePrng = Generator;

    fn name() -> String {
        "RustCrypto, seeded".into()
    }

    fn prng() -> Generator {
        let seed = SEED.get().expect("HPKE is set up inside `with_seed` only");
        Generator(ChaCha20Rng::from_seed(seed))
    }

    fn supports_kdf(kdf: KdfAlgorithm) -> Result<(), Error> {
        HpkeRustCrypto::supports_kdf(kdf)
    }

    fn supports_kem(kem: KemAlgorithm) -> Result<(), Error> {
        HpkeRustCrypto::supports_kem(kem)
    }

    fn supports_aead(aead: AeadAlgorithm) -> Result<(), Error> {
        HpkeRustCrypto::supports_aead(aead)
    }

    fn kdf_extract(kdf: KdfAlgorithm, salt: &[u8], ikm: &[u8]) -> Result<Vec<u8>, Error> {
        HpkeRustCrypto::kdf_extract(kdf, salt, ikm)
    }

    fn kdf_expand(kdf: KdfAlgorithm, prk: &[u8], info: &[u8], n: usize) -> Result<Vec<u8>, Error> {
        HpkeRustCrypto::kdf_expand(kdf, prk, info, n)
    }

    fn dh(kem: KemAlgorithm, public: &[u8], secret: &[u8]) -> Result<Vec<u8>, Error> {
        HpkeRustCrypto::dh(kem, public, secret)
    }

    fn secret_to_public(kem: KemAlgorithm, secret: &[u8]) -> Result<Vec<u8>, Error> {
        HpkeRustCrypto::secret_to_public(kem, secret)
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

    fn dh_validate_sk(kem: KemAlgorithm, secret: &[u8]) -> Result<Vec<u8>, Error> {
        HpkeRustCrypto::dh_validate_sk(kem, secret)
    }

    fn aead_seal(
        aead: AeadAlgorithm,
        key: &[u8],
        nonce: &[u8],
        aad: &[u8],
        plain: &[u8],
    ) -> Result<Vec<u8>, Error> {
        HpkeRustCrypto::aead_seal(aead, key, nonce, aad, plain)
    }

    fn aead_open(
        aead: AeadAlgorithm,
        key: &[u8],
        nonce: &[u8],
        aad: &[u8],
        sealed: &[u8],
    ) -> Result<Vec<u8>, Error> {
        HpkeRustCrypto::aead_open(aead, key, nonce, aad, sealed)
    }
}
