//! Acknowledgements: a device's signature over what it has taken in.

use serde::{Deserialize, Serialize};

use crate::{
    BadSignature, BoundedVec, ChainHash, DeviceKey, Generation, Hash16, SecretKey, Seq, Signature,
    ThreadId, limits::MAX_EXCEPT,
};

const DOMAIN: &str = "tandem/ack/1";

/// A device's signed statement that everything of a thread's log up to `seq` is durable on it.
///
/// The relay passes it on but can't invent it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Acknowledgement {
    /// Whose log.
    pub thread: ThreadId,
    /// In which incarnation of the relay's store.
    pub generation: Generation,
    /// The last seq that was read.
    pub seq: Seq,
    /// The chain there.
    pub chain: ChainHash,
    /// Items at or below `seq` that are not in the device's document: refused, or waiting for
    /// others. Sorted.
    pub except: BoundedVec<Hash16, MAX_EXCEPT>,
    /// Whose statement this is.
    pub device: DeviceKey,
    /// The device's signature over all of it.
    pub signature: Signature,
}

impl Acknowledgement {
    /// Signs a statement.
    #[must_use]
    pub fn sign(
        key: &SecretKey,
        thread: ThreadId,
        generation: Generation,
        seq: Seq,
        chain: ChainHash,
        except: BoundedVec<Hash16, MAX_EXCEPT>,
    ) -> Self {
        let device = DeviceKey::new(key.public());
        let names = names(&except);
        let signature = key.sign(
            DOMAIN,
            &[
                thread.as_bytes(),
                generation.as_bytes(),
                &seq.0.to_le_bytes(),
                chain.as_bytes(),
                &names,
            ],
        );
        Self { thread, generation, seq, chain, except, device, signature }
    }

    /// Checks the device's signature. Whether the device is a member is the caller's to check.
    ///
    /// # Errors
    /// [`BadSignature`] when it did not sign this.
    pub fn verify(&self) -> Result<(), BadSignature> {
        let names = names(&self.except);
        self.signature.verify(
            self.device.as_bytes(),
            DOMAIN,
            &[
                self.thread.as_bytes(),
                self.generation.as_bytes(),
                &self.seq.0.to_le_bytes(),
                self.chain.as_bytes(),
                &names,
            ],
        )
    }
}

fn names(except: &[Hash16]) -> Vec<u8> {
    except.iter().flat_map(|hash| *hash.as_bytes()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_acknowledgement_can_be_neither_stretched_nor_stripped_of_its_exceptions() {
        let key = SecretKey::from_seed([3; 32]);
        let thread = ThreadId::new([1; 20]);
        let except = vec![Hash16::new([4; 16])].try_into().expect("one");
        let ack = Acknowledgement::sign(
            &key,
            thread,
            Generation::new([2; 16]),
            Seq(4),
            ChainHash::start(&thread),
            except,
        );
        assert_eq!(ack.verify(), Ok(()));
        assert!(Acknowledgement { seq: Seq(5), ..ack.clone() }.verify().is_err());
        assert!(Acknowledgement { except: BoundedVec::default(), ..ack }.verify().is_err());
    }
}
