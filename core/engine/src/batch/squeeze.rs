//! Compression with a dictionary that belongs to the protocol version.
//!
//! Raw deflate, since its header and checksum would tell what the signature tells already. A wrong
//! dictionary would give garbage silently, so whoever uses this puts [`DICTIONARY`] in front.

use std::cell::RefCell;

use flate2::{Compress, Compression, Decompress, FlushCompress, FlushDecompress, Status};

/// The version of [`WORDS`].
pub(crate) const DICTIONARY: u8 = 1;

/// What entries of our kind are likely to have in common; made by `cargo xtask dictionary`.
const WORDS: &[u8] = include_bytes!("../../dict/v1.dict");

/// Bytes could not be decompressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SqueezeError {
    /// They would come to more than the limit.
    TooBig,
    /// They are not what [`deflate`] makes.
    Malformed,
}

thread_local! {
    /// The compressor's tables, a quarter of a megabyte that is used again and again. Made for each
    /// message they cost more than compressing it, and what is kept of the message comes to lie
    /// between them, so that the heap grows by them. It holds nothing from one use to the next.
    static PRESS: RefCell<Compress> = RefCell::new(Compress::new(Compression::new(9), false));
}

/// Compresses.
pub(crate) fn deflate(plain: &[u8]) -> Vec<u8> {
    PRESS.with_borrow_mut(|stream| {
        stream.reset();
        deflate_with(stream, plain)
    })
}

fn deflate_with(stream: &mut Compress, plain: &[u8]) -> Vec<u8> {
    stream.set_dictionary(WORDS).expect("a stream that was just reset takes a dictionary");
    // Stored blocks cost five bytes in 16 KiB at worst.
    let mut out = Vec::with_capacity(plain.len() / 2 + 64);
    loop {
        let read = usize::try_from(stream.total_in()).expect("no more than was given");
        let status = stream
            .compress_vec(&plain[read..], &mut out, FlushCompress::Finish)
            .expect("deflate fails at misuse only");
        if status == Status::StreamEnd {
            return out;
        }
        out.reserve(plain.len() / 2 + 64);
    }
}

/// Decompresses at most `max` bytes, whatever the input promises.
pub(crate) fn inflate(squeezed: &[u8], max: usize) -> Result<Vec<u8>, SqueezeError> {
    let mut stream = Decompress::new(false);
    stream.set_dictionary(WORDS).map_err(|_| SqueezeError::Malformed)?;
    let mut out = Vec::with_capacity(squeezed.len().saturating_mul(4).min(max));
    loop {
        let (read, written) = (stream.total_in(), out.len());
        let rest = usize::try_from(read).ok().and_then(|read| squeezed.get(read..));
        let status = stream
            .decompress_vec(rest.unwrap_or_default(), &mut out, FlushDecompress::None)
            .map_err(|_| SqueezeError::Malformed)?;
        if out.len() > max {
            return Err(SqueezeError::TooBig);
        }
        if status == Status::StreamEnd {
            let all = stream.total_in() == squeezed.len() as u64;
            return if all { Ok(out) } else { Err(SqueezeError::Malformed) };
        }
        if out.len() < out.capacity() && stream.total_in() == read && out.len() == written {
            return Err(SqueezeError::Malformed); // it ends before its end
        }
        if out.len() == out.capacity() {
            // One byte more than allowed is room enough to see that there are too many.
            out.reserve(out.len().max(256).min((max + 1).saturating_sub(out.len()).max(1)));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two builds with different words under one version could not read each other: other words
    /// need another version.
    #[test]
    fn the_words_of_a_version_stay_as_they_are() {
        let hash = tandem_proto::Hasher::new("tandem/test/1").part(WORDS).finish();
        let hash: String = hash.iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(
            hash, "442a078e80cecbd25dcaf8a672dac37d0853517c9d62425e75141838701d5a4a",
            "version {DICTIONARY}"
        );
    }

    #[test]
    fn what_was_squeezed_comes_back_and_words_like_ours_get_short() {
        for plain in [&b""[..], b"a", &[7; 100_000]] {
            assert_eq!(inflate(&deflate(plain), 1 << 20).as_deref(), Ok(plain));
        }
        let noise: Vec<u8> =
            (0..50_000u32).map(|i| i.wrapping_mul(2_654_435_761).to_be_bytes()[0]).collect();
        assert_eq!(inflate(&deflate(&noise), 1 << 20), Ok(noise));
    }

    /// Carriers of the same changes must make the same bytes, whatever they compressed before.
    #[test]
    fn what_was_compressed_before_leaves_no_trace() {
        let fresh =
            |plain: &[u8]| deflate_with(&mut Compress::new(Compression::new(9), false), plain);
        for len in [0, 1, 200, 70_000, 3, 40_000] {
            let plain: Vec<u8> = (0..len).map(|i: u32| (i / 7).to_le_bytes()[0]).collect();
            assert_eq!(deflate(&plain), fresh(&plain), "{len} bytes");
        }
    }

    #[test]
    fn a_bomb_stops_at_the_limit() {
        let bomb = deflate(&vec![0; 50_000_000]);
        assert!(bomb.len() < 100_000);
        assert_eq!(inflate(&bomb, 1 << 20), Err(SqueezeError::TooBig));
        assert_eq!(inflate(&deflate(&[0; 1000]), 999), Err(SqueezeError::TooBig));
        assert_eq!(inflate(&deflate(&[0; 1000]), 1000).map(|out| out.len()), Ok(1000));
    }

    #[test]
    fn a_stream_that_is_cut_or_goes_on_is_malformed() {
        let squeezed = deflate(b"what was said on the way home");
        for len in 0..squeezed.len() {
            assert_eq!(inflate(&squeezed[..len], 1 << 20), Err(SqueezeError::Malformed), "{len}");
        }
        let longer = [&squeezed[..], &[0]].concat();
        assert_eq!(inflate(&longer, 1 << 20), Err(SqueezeError::Malformed));
    }
}
