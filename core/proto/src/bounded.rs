//! Collections that refuse to grow past their limit while being decoded.

use std::{fmt, marker::PhantomData, ops::Deref};

use serde::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{Error, SeqAccess, Visitor},
};

/// A collection would have held more than its limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{len} is over the limit of {max}")]
pub struct TooMany {
    /// What it would have held.
    pub len: usize,
    /// The limit.
    pub max: usize,
}

/// A vector of at most `MAX` values, on the wire and in memory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BoundedVec<T, const MAX: usize>(Vec<T>);

impl<T, const MAX: usize> Default for BoundedVec<T, MAX> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T, const MAX: usize> BoundedVec<T, MAX> {
    /// The vector inside.
    #[must_use]
    pub fn into_inner(self) -> Vec<T> {
        self.0
    }
}

impl<T, const MAX: usize> TryFrom<Vec<T>> for BoundedVec<T, MAX> {
    type Error = TooMany;

    fn try_from(values: Vec<T>) -> Result<Self, TooMany> {
        if values.len() > MAX {
            return Err(TooMany { len: values.len(), max: MAX });
        }
        Ok(Self(values))
    }
}

impl<T, const MAX: usize> Deref for BoundedVec<T, MAX> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        &self.0
    }
}

impl<T: Serialize, const MAX: usize> Serialize for BoundedVec<T, MAX> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

impl<'de, T: Deserialize<'de>, const MAX: usize> Deserialize<'de> for BoundedVec<T, MAX> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Values<T, const MAX: usize>(PhantomData<T>);

        impl<'de, T: Deserialize<'de>, const MAX: usize> Visitor<'de> for Values<T, MAX> {
            type Value = Vec<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "at most {MAX} values")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Vec<T>, A::Error> {
                // A claimed length allocates nothing by itself: 64 at first, then as they come.
                let claimed = seq.size_hint().unwrap_or(0);
                if claimed > MAX {
                    return Err(A::Error::custom(TooMany { len: claimed, max: MAX }));
                }
                let mut values = Vec::with_capacity(claimed.min(64));
                while let Some(value) = seq.next_element()? {
                    if values.len() == MAX {
                        return Err(A::Error::custom(TooMany { len: MAX + 1, max: MAX }));
                    }
                    values.push(value);
                }
                Ok(values)
            }
        }

        deserializer.deserialize_seq(Values::<T, MAX>(PhantomData)).map(Self)
    }
}

/// At most `MAX` bytes.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct BoundedBytes<const MAX: usize>(Vec<u8>);

impl<const MAX: usize> BoundedBytes<MAX> {
    /// The bytes inside.
    #[must_use]
    pub fn into_inner(self) -> Vec<u8> {
        self.0
    }
}

impl<const MAX: usize> TryFrom<Vec<u8>> for BoundedBytes<MAX> {
    type Error = TooMany;

    fn try_from(bytes: Vec<u8>) -> Result<Self, TooMany> {
        if bytes.len() > MAX {
            return Err(TooMany { len: bytes.len(), max: MAX });
        }
        Ok(Self(bytes))
    }
}

impl<const MAX: usize> Deref for BoundedBytes<MAX> {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.0
    }
}

impl<const MAX: usize> fmt::Debug for BoundedBytes<MAX> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} bytes", self.0.len())
    }
}

impl<const MAX: usize> Serialize for BoundedBytes<MAX> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bytes(&self.0)
    }
}

impl<'de, const MAX: usize> Deserialize<'de> for BoundedBytes<MAX> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Bytes<const MAX: usize>;

        impl<const MAX: usize> Visitor<'_> for Bytes<MAX> {
            type Value = Vec<u8>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "at most {MAX} bytes")
            }

            fn visit_bytes<E: Error>(self, bytes: &[u8]) -> Result<Vec<u8>, E> {
                if bytes.len() > MAX {
                    return Err(E::custom(TooMany { len: bytes.len(), max: MAX }));
                }
                Ok(bytes.to_vec())
            }
        }

        deserializer.deserialize_bytes(Bytes::<MAX>).map(Self)
    }
}

/// UTF-8 text of at most `MAX` bytes.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct BoundedStr<const MAX: usize>(String);

impl<const MAX: usize> BoundedStr<MAX> {
    /// The text inside.
    #[must_use]
    pub fn into_inner(self) -> String {
        self.0
    }
}

impl<const MAX: usize> TryFrom<String> for BoundedStr<MAX> {
    type Error = TooMany;

    fn try_from(text: String) -> Result<Self, TooMany> {
        if text.len() > MAX {
            return Err(TooMany { len: text.len(), max: MAX });
        }
        Ok(Self(text))
    }
}

impl<const MAX: usize> Deref for BoundedStr<MAX> {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl<const MAX: usize> Serialize for BoundedStr<MAX> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de, const MAX: usize> Deserialize<'de> for BoundedStr<MAX> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Text<const MAX: usize>;

        impl<const MAX: usize> Visitor<'_> for Text<MAX> {
            type Value = String;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "text of at most {MAX} bytes")
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<String, E> {
                if text.len() > MAX {
                    return Err(E::custom(TooMany { len: text.len(), max: MAX }));
                }
                Ok(text.to_owned())
            }
        }

        deserializer.deserialize_str(Text::<MAX>).map(Self)
    }
}
