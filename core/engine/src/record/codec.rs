//! Versioned values: one byte of version, then postcard, then whatever a newer version added.
//!
//! # How a record grows
//!
//! A field is added at the end of the record's own struct and marked `#[serde(default)]`. That is
//! all: a value that was written without it gets the default, and an older version keeps the field
//! as a tail (see [`super::Tails`]) behind whatever it writes in the meantime. So a field must be
//! one that an older version may leave as it was while it changes the others; what has to follow
//! them names what it was said of.
//!
//! Anything else (a field of a struct or a variant of an enum inside a record, another type, one
//! field less) is a new [`Record::VERSION`] with a numbered migration, which an older version
//! refuses to read.

use serde::{Serialize, de::DeserializeOwned};

use super::fields;

/// A value could not be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum RecordError {
    /// A version from the future that this one can't read.
    #[error("a record of version {0}")]
    Newer(u8),
    /// Not a record.
    #[error("a record that can't be read")]
    Malformed,
}

/// A kind of record: a struct.
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

/// The value to store for a record that is new; all others are written by [`super::Tails`].
pub(crate) fn encode<T: Record>(value: &T) -> Vec<u8> {
    // Writing into a Vec can't fail, and no record has a length unknown in advance.
    postcard::to_extend(value, vec![T::VERSION]).expect("a record always serializes")
}

/// A stored value, and what a newer version wrote behind it. Private to this module, so that no
/// record is read without its tail being kept.
pub(super) fn decode<T: Record>(bytes: &[u8]) -> Result<(T, Vec<u8>), RecordError> {
    let (version, body) = bytes.split_first().ok_or(RecordError::Malformed)?;
    if *version > T::VERSION {
        return Err(RecordError::Newer(*version));
    }
    let mut body = std::borrow::Cow::Borrowed(body);
    for from in *version..T::VERSION {
        body = T::migrate(from, &body)?.into();
    }
    let (value, tail) = fields::take(&body).map_err(|_| RecordError::Malformed)?;
    Ok((value, tail.to_vec()))
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Old {
        first: u32,
    }
    impl Record for Old {}

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Grown {
        first: u32,
        #[serde(default = "unnamed")]
        name: String,
        #[serde(default)]
        more: Option<u64>,
    }
    impl Record for Grown {}

    fn unnamed() -> String {
        "unnamed".into()
    }

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Longer {
        first: u32,
        name: String,
    }
    impl Record for Longer {}

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct One(Vec<u8>);
    impl Record for One {}

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Two(Vec<u8>, #[serde(default)] bool);
    impl Record for Two {}

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Changed(String);
    impl Record for Changed {
        const VERSION: u8 = 2;
        fn migrate(from: u8, body: &[u8]) -> Result<Vec<u8>, RecordError> {
            assert_eq!(from, 1);
            let old: Old = postcard::from_bytes(body).map_err(|_| RecordError::Malformed)?;
            postcard::to_stdvec(&Self(old.first.to_string())).map_err(|_| RecordError::Malformed)
        }
    }

    fn value<T: Record>(bytes: &[u8]) -> Result<T, RecordError> {
        decode(bytes).map(|(value, _)| value)
    }

    #[test]
    fn a_field_with_a_default_is_added_without_a_migration() {
        let old = encode(&Old { first: 300 });
        let grown = Grown { first: 300, name: "unnamed".into(), more: None };
        assert_eq!(value(&old), Ok(grown));
        let tail = encode(&Grown { first: 300, name: "kept".into(), more: Some(7) });
        assert_eq!(decode(&tail), Ok((Old { first: 300 }, tail[old.len()..].to_vec())));
        assert_eq!(value(&encode(&One(vec![1, 2]))), Ok(Two(vec![1, 2], false)));
        assert_eq!(decode(&encode(&Two(vec![3], true))), Ok((One(vec![3]), vec![1])));
    }

    #[test]
    fn what_ends_within_a_field_or_before_one_without_a_default_is_no_record() {
        let whole = encode(&Grown { first: 300, name: "kept".into(), more: Some(300) });
        let ends = [3, 8];
        for len in 1..whole.len() {
            assert_eq!(value::<Grown>(&whole[..len]).is_ok(), ends.contains(&len), "{len}");
        }
        assert_eq!(value::<Longer>(&encode(&Old { first: 1 })), Err(RecordError::Malformed));
    }

    #[test]
    fn an_older_version_is_migrated_and_a_newer_one_is_refused() {
        assert_eq!(value(&encode(&Old { first: 7 })), Ok(Changed("7".into())));
        let newer = encode(&Changed(String::new()));
        assert_eq!(value::<Old>(&newer), Err(RecordError::Newer(2)));
        assert_eq!(value::<Old>(&[]), Err(RecordError::Malformed));
    }
}
