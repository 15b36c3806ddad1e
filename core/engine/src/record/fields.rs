//! Reads the fields of a record as far as they were written.
//!
//! postcard takes a value's end for an error. Where the end comes between two fields of the record
//! itself, what follows was only added later: serde then gives a field that is marked
//! `#[serde(default)]` its default, and refuses the record for any other.

use std::{cell::Cell, fmt};

use postcard::{Deserializer, Error, Result, de_flavors::Flavor};
use serde::{
    de::{DeserializeOwned, DeserializeSeed, SeqAccess, Visitor},
    forward_to_deserialize_any,
};

/// A record's value, and what stands behind it.
pub(super) fn take<T: DeserializeOwned>(body: &[u8]) -> Result<(T, &[u8])> {
    let at = Cell::new(0);
    let source = Source { body, at: &at };
    let value = T::deserialize(Top { inner: &mut Deserializer::from_flavor(source), source })?;
    Ok((value, source.rest()))
}

/// The bytes, and how far they have been read.
#[derive(Clone, Copy)]
struct Source<'b, 'a> {
    body: &'b [u8],
    at: &'a Cell<usize>,
}

impl<'b> Source<'b, '_> {
    fn rest(&self) -> &'b [u8] {
        self.body.get(self.at.get()..).unwrap_or_default()
    }
}

impl<'de> Flavor<'de> for Source<'de, 'de> {
    type Remainder = ();
    type Source = &'de [u8];

    fn pop(&mut self) -> Result<u8> {
        let first = *self.rest().first().ok_or(Error::DeserializeUnexpectedEnd)?;
        self.at.set(self.at.get() + 1);
        Ok(first)
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.rest().len())
    }

    fn try_take_n(&mut self, count: usize) -> Result<&'de [u8]> {
        let taken = self.rest().get(..count).ok_or(Error::DeserializeUnexpectedEnd)?;
        self.at.set(self.at.get() + count);
        Ok(taken)
    }

    fn finalize(self) -> Result<()> {
        Ok(())
    }
}

/// A record: a struct. What is in its fields is postcard's alone.
struct Top<'x, 'de> {
    inner: &'x mut Deserializer<'de, Source<'de, 'de>>,
    source: Source<'de, 'de>,
}

impl<'de> serde::Deserializer<'de> for Top<'_, 'de> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, _: V) -> Result<V::Value> {
        Err(Error::WontImplement)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value> {
        let visitor = Fields { visitor, source: self.source };
        self.inner.deserialize_struct(name, fields, visitor)
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        len: usize,
        visitor: V,
    ) -> Result<V::Value> {
        let visitor = Fields { visitor, source: self.source };
        self.inner.deserialize_tuple_struct(name, len, visitor)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value> {
        self.inner.deserialize_newtype_struct(name, visitor)
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option
        unit unit_struct seq tuple map enum identifier ignored_any
    }
}

/// The record's own fields, one after the other.
struct Fields<'de, T> {
    visitor: T,
    source: Source<'de, 'de>,
}

impl<'de, V: Visitor<'de>> Visitor<'de> for Fields<'de, V> {
    type Value = V::Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.visitor.expecting(f)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> std::result::Result<V::Value, A::Error> {
        self.visitor.visit_seq(Fields { visitor: seq, source: self.source })
    }
}

impl<'de, A: SeqAccess<'de>> SeqAccess<'de> for Fields<'de, A> {
    type Error = A::Error;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> std::result::Result<Option<T::Value>, A::Error> {
        if self.source.rest().is_empty() {
            return Ok(None);
        }
        self.visitor.next_element_seed(seed)
    }
}
