//! The primitives that MLS asks for: those of one suite, without the operating system's randomness.
//!
//! The library's own provider seeds a generator from the system when it is made, and HPKE's draws
//! from it at each seal. So ours names the same crates' functions for the one suite, and what is
//! random follows from the operation's seed. A test compares the two.

use std::sync::{Mutex, PoisonError};

use hpke_rs::{HpkePrivateKey, HpkePublicKey};
use openmls_traits::{
    crypto::OpenMlsCrypto,
    random::OpenMlsRand,
    types::{
        AeadType, Ciphersuite, CryptoError, ExporterSecret, HashType, HpkeCiphertext, HpkeConfig,
        HpkeKeyPair, KemOutput, SignatureScheme,
    },
};
use rand_chacha::ChaCha20Rng;
use rand_core::{Rng as _, SeedableRng as _};
use sha2::{Digest as _, Sha256};
use tandem_proto::{Signature, keyed_hash};
use tls_codec::SecretVLBytes;
use zeroize::Zeroizing;

use super::{hpke, leaf::SUITE, primitives};

/// An operation that draws no randomness asked for some.
#[derive(Debug, thiserror::Error)]
#[error("this operation has no randomness")]
pub(super) struct NoRandomness;

/// The primitives, for one operation.
pub(super) struct Crypto(Option<Drawn>);

/// Where an operation's random bytes come from.
struct Drawn {
    seed: Zeroizing<[u8; 32]>,
    stream: Mutex<ChaCha20Rng>,
}

impl Crypto {
    /// For an operation that draws: `seed` is for this operation and its inputs alone.
    pub(super) fn seeded(seed: [u8; 32]) -> Self {
        let stream = Mutex::new(ChaCha20Rng::from_seed(seed));
        Self(Some(Drawn { seed: Zeroizing::new(seed), stream }))
    }

    /// For an operation that draws nothing; if it does, it fails.
    pub(super) const fn unseeded() -> Self {
        Self(None)
    }

    fn draw(&self, out: &mut [u8]) -> Result<(), NoRandomness> {
        let drawn = self.0.as_ref().ok_or(NoRandomness)?;
        drawn.stream.lock().unwrap_or_else(PoisonError::into_inner).fill_bytes(out);
        Ok(())
    }

    /// The seed of one seal. It follows from what is sealed and for whom, not from how many seals
    /// came before: they run on several threads, in any order.
    fn seal_seed(&self, inputs: &[&[u8]]) -> Result<[u8; 32], CryptoError> {
        let drawn = self.0.as_ref().ok_or(CryptoError::InsufficientRandomness)?;
        Ok(keyed_hash(&drawn.seed, inputs))
    }
}

/// Opening and deriving draw nothing, and the generator they set up is never asked.
const UNUSED: [u8; 32] = [0; 32];

fn only(supported: bool, otherwise: CryptoError) -> Result<(), CryptoError> {
    if supported { Ok(()) } else { Err(otherwise) }
}

fn sha256(hash: HashType) -> Result<(), CryptoError> {
    only(hash == HashType::Sha2_256, CryptoError::UnsupportedHashAlgorithm)
}

fn chacha(aead: AeadType) -> Result<(), CryptoError> {
    only(aead == AeadType::ChaCha20Poly1305, CryptoError::UnsupportedAeadAlgorithm)
}

fn suite(config: &HpkeConfig) -> Result<(), CryptoError> {
    let ours = SUITE.hpke_config();
    let same = config.0 == ours.0 && config.1 == ours.1 && config.2 == ours.2;
    only(same, CryptoError::UnsupportedCiphersuite)
}

impl OpenMlsCrypto for Crypto {
    fn supports(&self, suite: Ciphersuite) -> Result<(), CryptoError> {
        only(suite == SUITE, CryptoError::UnsupportedCiphersuite)
    }

    fn supported_ciphersuites(&self) -> Vec<Ciphersuite> {
        vec![SUITE]
    }

    fn hkdf_extract(
        &self,
        hash: HashType,
        salt: &[u8],
        ikm: &[u8],
    ) -> Result<SecretVLBytes, CryptoError> {
        sha256(hash)?;
        Ok(primitives::extract(salt, ikm).into())
    }

    /// HKDF's extract is defined as HMAC, keyed with the salt (RFC 5869, 2.2).
    fn hmac(
        &self,
        hash: HashType,
        key: &[u8],
        message: &[u8],
    ) -> Result<SecretVLBytes, CryptoError> {
        self.hkdf_extract(hash, key, message)
    }

    fn hkdf_expand(
        &self,
        hash: HashType,
        prk: &[u8],
        info: &[u8],
        len: usize,
    ) -> Result<SecretVLBytes, CryptoError> {
        sha256(hash)?;
        let okm = primitives::expand(prk, info, len);
        okm.map(Into::into).map_err(|_| CryptoError::HkdfOutputLengthInvalid)
    }

    fn hash(&self, hash: HashType, data: &[u8]) -> Result<Vec<u8>, CryptoError> {
        sha256(hash)?;
        Ok(Sha256::digest(data).to_vec())
    }

    fn aead_encrypt(
        &self,
        aead: AeadType,
        key: &[u8],
        plain: &[u8],
        nonce: &[u8],
        aad: &[u8],
    ) -> Result<Vec<u8>, CryptoError> {
        chacha(aead)?;
        #[cfg(test)]
        let plain = &*super::tests::inside::instead_of(plain);
        primitives::seal(key, nonce, aad, plain).map_err(|_| CryptoError::CryptoLibraryError)
    }

    fn aead_decrypt(
        &self,
        aead: AeadType,
        key: &[u8],
        sealed: &[u8],
        nonce: &[u8],
        aad: &[u8],
    ) -> Result<Vec<u8>, CryptoError> {
        chacha(aead)?;
        primitives::open(key, nonce, aad, sealed).map_err(|_| CryptoError::AeadDecryptionError)
    }

    fn verify_signature(
        &self,
        scheme: SignatureScheme,
        data: &[u8],
        key: &[u8],
        signature: &[u8],
    ) -> Result<(), CryptoError> {
        only(scheme == SignatureScheme::ED25519, CryptoError::UnsupportedSignatureScheme)?;
        let key = key.try_into().map_err(|_| CryptoError::InvalidPublicKey)?;
        let signature = signature.try_into().map_err(|_| CryptoError::InvalidSignature)?;
        Signature::from_bytes(signature)
            .verify_mls(key, data)
            .map_err(|_| CryptoError::InvalidSignature)
    }

    /// Keys that sign are made by whoever calls the engine, never in here.
    fn signature_key_gen(&self, _: SignatureScheme) -> Result<(Vec<u8>, Vec<u8>), CryptoError> {
        Err(CryptoError::UnsupportedSignatureScheme)
    }

    /// Signing is the identity's, whose key stays where it is.
    fn sign(&self, _: SignatureScheme, _: &[u8], _: &[u8]) -> Result<Vec<u8>, CryptoError> {
        Err(CryptoError::UnsupportedSignatureScheme)
    }

    fn hpke_seal(
        &self,
        config: HpkeConfig,
        public: &[u8],
        info: &[u8],
        aad: &[u8],
        plain: &[u8],
    ) -> Result<HpkeCiphertext, CryptoError> {
        suite(&config)?;
        let seed = self.seal_seed(&[b"seal", public, info, aad, plain])?;
        let public = HpkePublicKey::from(public);
        let (kem, sealed) =
            hpke::with_seed(seed, |hpke| hpke.seal(&public, info, aad, plain, None, None, None))
                .map_err(|_| CryptoError::HpkeEncryptionError)?;
        Ok(HpkeCiphertext { kem_output: kem.into(), ciphertext: sealed.into() })
    }

    fn hpke_open(
        &self,
        config: HpkeConfig,
        sealed: &HpkeCiphertext,
        secret: &[u8],
        info: &[u8],
        aad: &[u8],
    ) -> Result<Vec<u8>, CryptoError> {
        suite(&config)?;
        let secret = HpkePrivateKey::from(secret);
        let (kem, sealed) = (sealed.kem_output.as_slice(), sealed.ciphertext.as_slice());
        hpke::with_seed(UNUSED, |hpke| hpke.open(kem, &secret, info, aad, sealed, None, None, None))
            .map_err(|_| CryptoError::HpkeDecryptionError)
    }

    fn hpke_setup_sender_and_export(
        &self,
        config: HpkeConfig,
        public: &[u8],
        info: &[u8],
        context: &[u8],
        len: usize,
    ) -> Result<(KemOutput, ExporterSecret), CryptoError> {
        suite(&config)?;
        let seed = self.seal_seed(&[b"export", public, info, context])?;
        let public = HpkePublicKey::from(public);
        let (kem, sender) =
            hpke::with_seed(seed, |hpke| hpke.setup_sender(&public, info, None, None, None))
                .map_err(|_| CryptoError::SenderSetupError)?;
        let secret = sender.export(context, len).map_err(|_| CryptoError::ExporterError)?;
        Ok((kem, secret.into()))
    }

    fn hpke_setup_receiver_and_export(
        &self,
        config: HpkeConfig,
        kem: &[u8],
        secret: &[u8],
        info: &[u8],
        context: &[u8],
        len: usize,
    ) -> Result<ExporterSecret, CryptoError> {
        suite(&config)?;
        let secret = HpkePrivateKey::from(secret);
        let receiver = hpke::with_seed(UNUSED, |hpke| {
            hpke.setup_receiver(kem, &secret, info, None, None, None)
        })
        .map_err(|_| CryptoError::ReceiverSetupError)?;
        let secret = receiver.export(context, len).map_err(|_| CryptoError::ExporterError)?;
        Ok(secret.into())
    }

    fn derive_hpke_keypair(
        &self,
        config: HpkeConfig,
        ikm: &[u8],
    ) -> Result<HpkeKeyPair, CryptoError> {
        suite(&config)?;
        let pair = hpke::with_seed(UNUSED, |hpke| hpke.derive_key_pair(ikm))
            .map_err(|_| CryptoError::CryptoLibraryError)?;
        let (secret, public) = pair.into_keys();
        Ok(HpkeKeyPair { private: secret.as_slice().into(), public: public.as_slice().into() })
    }
}

impl OpenMlsRand for Crypto {
    type Error = NoRandomness;

    fn random_array<const N: usize>(&self) -> Result<[u8; N], NoRandomness> {
        let mut out = [0; N];
        self.draw(&mut out)?;
        Ok(out)
    }

    fn random_vec(&self, len: usize) -> Result<Vec<u8>, NoRandomness> {
        let mut out = vec![0; len];
        self.draw(&mut out)?;
        Ok(out)
    }
}
