//! Frames to bytes and back: a length, a tag, a postcard body.
//!
//! On the wire a frame is its length (4 bytes, little-endian, of tag and body), its tag (1 byte)
//! and its body. A tag that is not known is skipped, and so are bytes after the fields that are
//! known: that is how a newer minor version adds things.

use serde::{Deserialize, Serialize};

use crate::limits::MAX_FRAME_BYTES;

/// Bytes were not a frame.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DecodeError {
    /// The length prefix promises more than a frame may have.
    #[error("a frame of {0} bytes is over the limit")]
    TooLong(usize),
    /// A frame without even a tag.
    #[error("an empty frame")]
    Empty,
    /// The body of a known frame could not be read.
    #[error("frame {tag} is malformed: {why}")]
    Malformed {
        /// The frame's tag.
        tag: u8,
        /// What the decoder said.
        why: String,
    },
}

/// A frame that was read, or one of a newer minor version that is to be skipped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decoded<T> {
    /// A frame we know.
    Frame(T),
    /// A frame we don't know; its tag.
    Unknown(u8),
}

/// A direction's frames: an enum with a tag for each variant.
pub trait Wire: Sized {
    /// Appends the frame, length prefix included.
    fn encode(&self, out: &mut Vec<u8>);

    /// Reads a frame from its tag and body (no length prefix).
    ///
    /// # Errors
    /// [`DecodeError`] when the bytes are empty, too long or malformed.
    fn decode(bytes: &[u8]) -> Result<Decoded<Self>, DecodeError>;

    /// The frame as bytes, length prefix included.
    fn to_bytes(&self) -> Vec<u8> {
        let mut out = Vec::new();
        self.encode(&mut out);
        out
    }
}

/// Appends one frame.
pub(crate) fn put<T: Serialize>(out: &mut Vec<u8>, tag: u8, body: &T) {
    let start = out.len();
    out.extend_from_slice(&[0, 0, 0, 0, tag]);
    let mut bytes = std::mem::take(out);
    // Writing into a Vec can't fail, and our bodies have no maps or lengths unknown in advance.
    bytes = postcard::to_extend(body, bytes).expect("a frame body always serializes");
    let len = u32::try_from(bytes.len() - start - 4).expect("a frame is far below 4 GiB");
    bytes[start..start + 4].copy_from_slice(&len.to_le_bytes());
    *out = bytes;
}

/// Splits tag and body, checking the length.
pub(crate) fn split(bytes: &[u8]) -> Result<(u8, &[u8]), DecodeError> {
    if bytes.len() > MAX_FRAME_BYTES {
        return Err(DecodeError::TooLong(bytes.len()));
    }
    let (tag, body) = bytes.split_first().ok_or(DecodeError::Empty)?;
    Ok((*tag, body))
}

/// Reads a body, leaving later additions aside.
pub(crate) fn get<'a, T: Deserialize<'a>>(tag: u8, body: &'a [u8]) -> Result<T, DecodeError> {
    postcard::take_from_bytes(body)
        .map(|(value, _)| value)
        .map_err(|e| DecodeError::Malformed { tag, why: e.to_string() })
}

/// Cuts a byte stream into frames.
///
/// Feed it what arrives; it holds at most one frame and a piece, so a peer that claims a huge
/// length is refused before anything is kept.
#[derive(Debug, Default)]
pub struct FrameReader {
    buffer: Vec<u8>,
    read: usize,
}

impl FrameReader {
    /// An empty reader.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes bytes off the wire.
    pub fn feed(&mut self, bytes: &[u8]) {
        if self.read > 0 {
            self.buffer.drain(..self.read);
            self.read = 0;
        }
        self.buffer.extend_from_slice(bytes);
    }

    /// The next whole frame, or `None` until more is fed.
    ///
    /// # Errors
    /// [`DecodeError`]; after one the stream can't be trusted and must be closed.
    pub fn next_frame<T: Wire>(&mut self) -> Result<Option<Decoded<T>>, DecodeError> {
        let rest = &self.buffer[self.read..];
        let Some((len, rest)) = rest.split_first_chunk::<4>() else { return Ok(None) };
        let len = u32::from_le_bytes(*len) as usize;
        if len > MAX_FRAME_BYTES {
            return Err(DecodeError::TooLong(len));
        }
        if len == 0 {
            return Err(DecodeError::Empty);
        }
        let Some(frame) = rest.get(..len) else { return Ok(None) };
        let decoded = T::decode(frame)?;
        self.read += 4 + len;
        if self.read == self.buffer.len() {
            // An idle connection keeps nothing of the large frames it has seen.
            *self = Self::default();
        }
        Ok(Some(decoded))
    }
}
