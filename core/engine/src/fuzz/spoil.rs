//! Bytes that were right and are not any more.

/// SplitMix64, so that a run is replayed by its number.
pub(crate) struct Dice(u64);

/// Numbers that parsers go by, as LEB128: around a byte, around the limits, of 32 and 64 bits.
const PROMISES: [&[u8]; 8] = [
    &[0x7f],
    &[0x80, 0x01],
    &[0xff, 0x7f],
    &[0xff, 0xff, 0x3f],
    &[0x80, 0x80, 0x80, 0x10],
    &[0xff, 0xff, 0xff, 0xff, 0x0f],
    &[0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f],
    &[0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01],
];

impl Dice {
    /// The dice of this run, and their seed.
    pub(super) fn of_this_run() -> (Self, u64) {
        let seed = said("TANDEM_SEED").unwrap_or(1);
        (Self(seed), seed)
    }

    /// How many times as many inputs as usual this run is to make.
    pub(super) fn times() -> usize {
        said("TANDEM_ROUNDS").and_then(|times| usize::try_from(times).ok()).unwrap_or(1)
    }

    /// A number below `end`; zero when that is zero.
    pub(crate) fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((z ^ (z >> 31)) % (end as u64).max(1)).unwrap()
    }

    /// A byte.
    fn byte(&mut self) -> u8 {
        u8::try_from(self.below(256)).unwrap()
    }

    /// One of several.
    pub(crate) fn one<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        &of[self.below(of.len())]
    }

    /// Noise of at most so many bytes.
    fn noise(&mut self, most: usize) -> Vec<u8> {
        (0..self.below(most)).map(|_| self.byte()).collect()
    }

    /// Bytes that were right, with up to four things done to them; now and then nothing, now and
    /// then only noise.
    pub(crate) fn spoil(&mut self, right: &[u8]) -> Vec<u8> {
        let mut bytes = right.to_vec();
        match self.below(50) {
            0 => return bytes,
            1 => return self.noise(400),
            _ => {}
        }
        for _ in 0..=self.below(4) {
            self.change(&mut bytes);
        }
        bytes
    }

    fn change(&mut self, bytes: &mut Vec<u8>) {
        let at = self.below(bytes.len());
        let end = at + self.below(bytes.len() - at).min(64);
        match self.below(10) {
            0 => bytes.truncate(at),
            1 => bytes.insert(at, self.byte()),
            2 => drop(bytes.drain(at..end)),
            3 => {
                let again = bytes[at..end].to_vec();
                bytes.splice(at..at, again);
            }
            4 => bytes.extend(self.noise(64)),
            5 | 6 => {
                let promise = *self.one(&PROMISES);
                let replaced = (at + 1).min(bytes.len());
                bytes.splice(at..replaced, promise.iter().copied());
            }
            7 if at < bytes.len() => bytes[at] = self.byte(),
            _ if at < bytes.len() => bytes[at] ^= 1 << self.below(8),
            _ => {}
        }
    }
}

#[allow(clippy::disallowed_methods, reason = "whoever runs the tests may choose")]
fn said(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}
