//! What lets a restarted relay tell devices at once that it does not know their connection.
//!
//! quinn's defaults draw both keys anew with each process: a packet of an older connection is then
//! dropped in silence, and devices wait out their idle timeout.

use quinn::{
    ConnectionId, ConnectionIdGenerator, EndpointConfig,
    crypto::{CryptoError, HmacKey},
};
use std::{sync::Arc, time::Duration};
use tandem_proto::SecretKey;

struct ResetKey([u8; 32]);

impl HmacKey for ResetKey {
    fn sign(&self, data: &[u8], out: &mut [u8]) {
        out.copy_from_slice(blake3::keyed_hash(&self.0, data).as_bytes());
    }
    fn signature_len(&self) -> usize {
        32
    }
    fn verify(&self, data: &[u8], signature: &[u8]) -> Result<(), CryptoError> {
        let ours = blake3::keyed_hash(&self.0, data);
        let theirs: [u8; 32] = signature.try_into().map_err(|_| CryptoError)?;
        // blake3 compares in constant time.
        if ours == theirs { Ok(()) } else { Err(CryptoError) }
    }
}

/// Any id may be one of ours, of an earlier process.
struct Ids;

impl ConnectionIdGenerator for Ids {
    fn generate_cid(&mut self) -> ConnectionId {
        let mut id = [0; 8];
        let _ = getrandom::fill(&mut id);
        ConnectionId::new(&id)
    }
    fn cid_len(&self) -> usize {
        8
    }
    fn cid_lifetime(&self) -> Option<Duration> {
        None
    }
}

pub(super) fn endpoint(key: &SecretKey) -> EndpointConfig {
    let reset = blake3::derive_key("tandem stateless reset 1", key.seed());
    let mut config = EndpointConfig::new(Arc::new(ResetKey(reset)));
    config.cid_generator(|| Box::new(Ids));
    config
}
