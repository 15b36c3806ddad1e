//! Versioned values: one byte of version, then postcard, then whatever a newer version added.
//!
//! A field is only ever added at the end of a record. An older version reads what it knows and
//! keeps the rest as a tail, which it writes back, so that nothing a newer version wrote is lost by
//! a round trip. A change that is not an addition is a new version with a numbered migration.

use serde::{Serialize, de::DeserializeOwned};

/// A value could not be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum RecordError {
    /// A version from the future that this one can't read.
    #[error("a record of version {0}")]
    Newer(u8),
    /// Not a record.
    #[error("a record that can't be read")]
    Malformed,
}

/// A kind of record.
pub(crate) trait Record: Serialize + DeserializeOwned {
    /// The version that this code writes.
    const VERSION: u8 = 1;

    /// Rewrites a body of an older version as one of the next; the migration numbered `from`.
    ///
    /// # Errors
    /// [`RecordError::Malformed`] when there was no such version or the body is not one.
    fn migrate(_from: u8, _body: &[u8]) -> Result<Vec<u8>, RecordError> {
        Err(RecordError::Malformed)
    }
}

/// A record with what a newer version wrote behind it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Stored<T> {
    value: T,
    tail: Vec<u8>,
}

impl<T> std::ops::Deref for Stored<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

impl<T> std::ops::DerefMut for Stored<T> {
    fn deref_mut(&mut self) -> &mut T {
        &mut self.value
    }
}

impl<T: Record> Stored<T> {
    /// A new record.
    pub(crate) const fn new(value: T) -> Self {
        Self { value, tail: Vec::new() }
    }

    /// The record without what a newer version wrote behind it.
    pub(crate) fn into_inner(self) -> T {
        self.value
    }

    /// Reads a stored value.
    pub(crate) fn decode(bytes: &[u8]) -> Result<Self, RecordError> {
        let (version, body) = bytes.split_first().ok_or(RecordError::Malformed)?;
        if *version > T::VERSION {
            return Err(RecordError::Newer(*version));
        }
        let mut body = std::borrow::Cow::Borrowed(body);
        for from in *version..T::VERSION {
            body = T::migrate(from, &body)?.into();
        }
        let (value, tail) = postcard::take_from_bytes(&body).map_err(|_| RecordError::Malformed)?;
        Ok(Self { value, tail: tail.to_vec() })
    }

    /// The value to store.
    pub(crate) fn encode(&self) -> Vec<u8> {
        let mut out = encode(&self.value);
        out.extend_from_slice(&self.tail);
        out
    }
}

/// The value to store for a record that no newer version has touched.
pub(crate) fn encode<T: Record>(value: &T) -> Vec<u8> {
    // Writing into a Vec can't fail, and no record has a length unknown in advance.
    postcard::to_extend(value, vec![T::VERSION]).expect("a record always serializes")
}

/// Reads a record whose tail need not be kept, because it is never written again.
pub(crate) fn decode<T: Record>(bytes: &[u8]) -> Result<T, RecordError> {
    Stored::decode(bytes).map(|stored| stored.value)
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Old(u32);
    impl Record for Old {}

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Grown(u32, String);
    impl Record for Grown {}

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Changed(String);
    impl Record for Changed {
        const VERSION: u8 = 2;
        fn migrate(from: u8, body: &[u8]) -> Result<Vec<u8>, RecordError> {
            assert_eq!(from, 1);
            let old: Old = postcard::from_bytes(body).map_err(|_| RecordError::Malformed)?;
            postcard::to_stdvec(&Self(old.0.to_string())).map_err(|_| RecordError::Malformed)
        }
    }

    #[test]
    fn fields_of_a_newer_version_survive_a_round_trip_through_an_older_one() {
        let newer = encode(&Grown(1, "kept".into()));
        let mut old = Stored::<Old>::decode(&newer).expect("the older reads what it knows");
        old.0 = 2;
        assert_eq!(decode(&old.encode()), Ok(Grown(2, "kept".into())));
    }

    #[test]
    fn an_older_version_is_migrated_and_a_newer_one_is_refused() {
        assert_eq!(decode(&encode(&Old(7))), Ok(Changed("7".into())));
        assert_eq!(decode::<Old>(&encode(&Changed(String::new()))), Err(RecordError::Newer(2)));
        assert_eq!(decode::<Old>(&[]), Err(RecordError::Malformed));
    }
}
