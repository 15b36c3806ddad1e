//! The floor: a bare quinn relay with one log and group commit. It knows no threads, members,
//! receipts or chains: what is left is what QUIC and the disk cost anybody.
//!
//! Its frames are a length (4 bytes, little-endian), a kind and a body.

mod link;
mod server;

pub(super) use link::{Link, Wire};
pub(super) use server::serve;

/// What a frame is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// Append the body to the log.
    Append = 1,
    /// The last appended body is durable.
    Done = 2,
    /// Answer with as many bytes; nothing is kept.
    Ask = 3,
    /// The answer.
    Answer = 4,
    /// From now on send me what others append.
    Follow = 5,
    /// What another has appended, once it is durable.
    News = 6,
}

impl Kind {
    const ALL: [Self; 6] =
        [Self::Append, Self::Done, Self::Ask, Self::Answer, Self::Follow, Self::News];
}

fn frame(kind: Kind, body: &[u8]) -> Vec<u8> {
    let len = u32::try_from(body.len()).unwrap_or(u32::MAX).saturating_add(1);
    let mut frame = len.to_le_bytes().to_vec();
    frame.push(kind as u8);
    frame.extend_from_slice(body);
    frame
}

/// Cuts a byte stream into frames.
#[derive(Debug, Default)]
struct Cutter {
    buffer: Vec<u8>,
    read: usize,
}

impl Cutter {
    fn feed(&mut self, bytes: &[u8]) {
        self.buffer.drain(..self.read);
        self.read = 0;
        self.buffer.extend_from_slice(bytes);
    }

    fn next(&mut self) -> Option<(Kind, &[u8])> {
        let (len, rest) = self.buffer[self.read..].split_first_chunk::<4>()?;
        let len = u32::from_le_bytes(*len) as usize;
        let (kind, body) = rest.get(..len)?.split_first()?;
        let kind = Kind::ALL.into_iter().find(|known| *known as u8 == *kind)?;
        self.read += 4 + len;
        Some((kind, body))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_come_out_whole_however_they_are_cut() {
        let bytes = [frame(Kind::Append, b"one"), frame(Kind::Follow, b"")].concat();
        for cut in 0..bytes.len() {
            let mut cutter = Cutter::default();
            let mut kinds = Vec::new();
            for piece in [&bytes[..cut], &bytes[cut..]] {
                cutter.feed(piece);
                while let Some((kind, body)) = cutter.next() {
                    kinds.push((kind, body.to_vec()));
                }
            }
            assert_eq!(kinds, [(Kind::Append, b"one".to_vec()), (Kind::Follow, Vec::new())]);
        }
    }
}
