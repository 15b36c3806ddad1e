//! LEB128 numbers with one spelling each, and a reader that can't run past its end.

/// Bytes that are read from the front.
#[derive(Debug, Clone)]
pub(crate) struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    /// Reads from the first byte.
    pub(crate) const fn new(bytes: &'a [u8]) -> Self {
        Self(bytes)
    }

    /// Whether everything has been read.
    pub(crate) const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// What has not been read.
    pub(crate) const fn rest(&self) -> &'a [u8] {
        self.0
    }

    /// The next `len` bytes.
    pub(crate) fn take(&mut self, len: u64) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(usize::try_from(len).ok()?)?;
        self.0 = rest;
        Some(taken)
    }

    /// The next bytes, of a length known beforehand.
    pub(crate) fn array<const N: usize>(&mut self) -> Option<&'a [u8; N]> {
        let (taken, rest) = self.0.split_first_chunk::<N>()?;
        self.0 = rest;
        Some(taken)
    }

    /// An unsigned number.
    pub(crate) fn u64(&mut self) -> Option<u64> {
        let mut value = 0;
        for (at, byte) in self.0.iter().enumerate().take(10) {
            let low = u64::from(byte & 0x7f);
            if at == 9 && low > 1 {
                return None;
            }
            value |= low << (7 * at);
            if byte & 0x80 == 0 {
                if at > 0 && low == 0 {
                    return None;
                }
                self.0 = &self.0[at + 1..];
                return Some(value);
            }
        }
        None
    }

    /// A signed number.
    pub(crate) fn i64(&mut self) -> Option<i64> {
        let mut value = 0i128;
        for (at, byte) in self.0.iter().enumerate().take(10) {
            value |= i128::from(byte & 0x7f) << (7 * at);
            if byte & 0x80 == 0 {
                if byte & 0x40 != 0 {
                    value -= 1i128 << (7 * (at + 1));
                }
                let value = i64::try_from(value).ok()?;
                let mut once_more = Vec::with_capacity(10);
                put_i64(&mut once_more, value);
                if once_more.len() != at + 1 {
                    return None;
                }
                self.0 = &self.0[at + 1..];
                return Some(value);
            }
        }
        None
    }
}

/// Appends an unsigned number.
pub(crate) fn put_u64(out: &mut Vec<u8>, mut value: u64) {
    loop {
        let low = value.to_le_bytes()[0] & 0x7f;
        value >>= 7;
        if value == 0 {
            out.push(low);
            return;
        }
        out.push(low | 0x80);
    }
}

/// Appends a signed number.
pub(crate) fn put_i64(out: &mut Vec<u8>, mut value: i64) {
    loop {
        let low = value.to_le_bytes()[0] & 0x7f;
        value >>= 7;
        if (value == 0 && low & 0x40 == 0) || (value == -1 && low & 0x40 != 0) {
            out.push(low);
            return;
        }
        out.push(low | 0x80);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_read_back_and_have_one_spelling() {
        for value in [0, 1, 63, 64, 127, 128, 1 << 31, i64::MAX] {
            for value in [value, -value, i64::MIN] {
                let mut bytes = Vec::new();
                put_i64(&mut bytes, value);
                assert_eq!(Reader::new(&bytes).i64(), Some(value), "{value}");
                bytes.clear();
                put_u64(&mut bytes, value.cast_unsigned());
                assert_eq!(Reader::new(&bytes).u64(), Some(value.cast_unsigned()));
            }
        }
        for overlong in [&[0x80, 0][..], &[0xff, 0x7f], &[0x80; 11], &[0x80], &[]] {
            assert_eq!(Reader::new(overlong).i64(), None, "{overlong:?}");
        }
        for overlong in [&[0x80, 0][..], &[0x80; 11], &[0x80], &[]] {
            assert_eq!(Reader::new(overlong).u64(), None, "{overlong:?}");
        }
        let over_64_bits = [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 2];
        assert_eq!(Reader::new(&over_64_bits).u64(), None);
        assert_eq!(Reader::new(&over_64_bits).i64(), None);
    }
}
