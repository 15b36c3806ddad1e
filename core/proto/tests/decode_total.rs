//! Decoding any bytes ends in a value or a typed error: no panic, and no more memory than the
//! limits say.
//!
//! Inputs are arbitrary bytes, and every frozen frame and item cut short, with bits flipped and with
//! lengths that promise gigabytes. `TANDEM_SEED` chooses other mutations.

#![allow(clippy::unwrap_used, reason = "a test may fail where it stands")]
#![allow(unsafe_code, reason = "a global allocator that counts can't be had without")]

#[path = "golden/samples.rs"]
mod samples;

use std::{
    alloc::{GlobalAlloc, Layout, System},
    cell::Cell,
};

use tandem_proto::{
    ClientToRelay, DecodeError, Decoded, EnvelopeHeader, FrameReader, ItemHash, Receipt,
    RelayToClient, RosterLink, TandemLink, ThreadId, TransportKey, Wire, item_kind,
    limits::{MAX_FRAME_BYTES, MAX_ITEM_BYTES},
};

/// Counts what this thread holds; other tests run on other threads.
struct Counting;

thread_local! {
    static HELD: Cell<usize> = const { Cell::new(0) };
    static PEAK: Cell<usize> = const { Cell::new(0) };
}

fn count(grown: usize, shrunk: usize) {
    // A thread that is ending has no counters any more.
    let _ = HELD.try_with(|held| {
        held.set(held.get().wrapping_add(grown).wrapping_sub(shrunk));
        let _ = PEAK.try_with(|peak| peak.set(peak.get().max(held.get())));
    });
}

// SAFETY: every call goes to the system's allocator unchanged; counting allocates nothing.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count(layout.size(), 0);
        // SAFETY: the caller's promise is passed on.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, at: *mut u8, layout: Layout) {
        count(0, layout.size());
        // SAFETY: the caller's promise is passed on.
        unsafe { System.dealloc(at, layout) }
    }

    unsafe fn realloc(&self, at: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        // While it moves, both are held.
        count(size, 0);
        count(0, layout.size());
        // SAFETY: the caller's promise is passed on.
        unsafe { System.realloc(at, layout, size) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// Bytes held at once, beyond what was held before, while this runs.
fn peak_of(run: impl FnOnce()) -> usize {
    let before = HELD.with(Cell::get);
    PEAK.with(|peak| peak.set(before));
    run();
    PEAK.with(Cell::get).wrapping_sub(before)
}

/// What decoding an input of `len` bytes may hold: the frame in the reader's buffer and once more
/// decoded; for a short input much less, since a claimed length allocates nothing by itself.
fn allowance(len: usize) -> usize {
    if len < 1024 { 160 << 10 } else { 2 * MAX_FRAME_BYTES + (256 << 10) }
}

/// Decodes `bytes` as everything that they could be, and uses what comes out.
fn decode(bytes: &[u8]) {
    stream::<ClientToRelay>(bytes);
    stream::<RelayToClient>(bytes);
    if let Ok(Decoded::Frame(frame)) = ClientToRelay::decode(bytes) {
        if let ClientToRelay::Evidence(evidence) = &frame {
            let _ = evidence.proof.verify(&samples::relay_key(), &TransportKey::new([1; 32]));
        }
        if let ClientToRelay::Acknowledge(ack) = &frame {
            let _ = ack.verify();
        }
        if let ClientToRelay::Erased(stone) = &frame {
            let _ = stone.verify(&samples::relay_key());
        }
        drop(frame.to_bytes());
    }
    if let Ok(Decoded::Frame(frame)) = RelayToClient::decode(bytes) {
        if let RelayToClient::Receipts(batch) = &frame {
            let sent = (ThreadId::new([1; 20]), ItemHash::new([2; 32]));
            let _ = batch.open(&samples::relay_key(), |_| Some(sent));
        }
        drop(frame.to_bytes());
    }
    let _ = RosterLink::from_item(bytes);
    let _ = item_kind(bytes);
    if let Ok((header, sealed)) = EnvelopeHeader::parse(bytes) {
        assert_eq!(header.assemble(sealed), bytes, "a header has one spelling");
    }
    if let Ok((receipt, _)) = postcard::take_from_bytes::<Receipt>(bytes) {
        let _ = receipt.verify(&samples::relay_key());
    }
    if let Ok(link) = String::from_utf8_lossy(bytes).parse::<TandemLink>() {
        assert_eq!(link.to_string().parse(), Ok(link), "a link reads back");
    }
}

fn stream<T: Wire>(bytes: &[u8]) {
    let mut reader = FrameReader::new();
    for piece in bytes.chunks(1 + bytes.len() / 3) {
        reader.feed(piece);
        loop {
            match reader.next_frame::<T>() {
                Ok(Some(_)) => {}
                Ok(None) => break,
                Err(_) => return, // the connection is closed
            }
        }
    }
}

fn assert_total(bytes: &[u8]) {
    let peak = peak_of(|| decode(bytes));
    assert!(peak <= allowance(bytes.len()), "{peak} bytes held for an input of {}", bytes.len());
}

/// Every frozen frame, whole and without its length, every item, and links.
fn corpus() -> Vec<Vec<u8>> {
    let mut out: Vec<Vec<u8>> = Vec::new();
    out.extend(samples::client().iter().map(|(_, frame)| frame.to_bytes()));
    out.extend(samples::relay().iter().map(|(_, frame)| frame.to_bytes()));
    out.extend(out.clone().into_iter().map(|frame| frame[4..].to_vec()));
    out.extend(samples::items().into_iter().map(|(_, item)| item));
    let key = samples::relay_key();
    out.push(format!("tandem://relay/127.0.0.1:7443/{key}").into_bytes());
    let thread = ThreadId::new([1; 20]);
    let secret = "a".repeat(26);
    out.push(format!("tandem://join/[::1]:7443/{key}/{thread}/lead/{secret}").into_bytes());
    out
}

/// The seed of this run: SplitMix64, so that a run is replayed by its number.
struct Dice(u64);

impl Dice {
    #[allow(clippy::disallowed_methods, reason = "whoever runs the tests may choose the seed")]
    fn of_this_run(test: &str) -> Self {
        let seed = std::env::var("TANDEM_SEED").ok().and_then(|seed| seed.parse().ok());
        let seed = seed.unwrap_or(1);
        println!("{test}: TANDEM_SEED={seed}");
        Self(seed)
    }

    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((z ^ (z >> 31)) % end as u64).unwrap()
    }
}

#[test]
fn arbitrary_bytes_are_decoded_or_refused() {
    bolero::check!().with_iterations(20_000).for_each(|bytes: &[u8]| {
        assert_total(bytes);
        // Behind each tag and behind a true length the bytes get further.
        for tag in (1..=10).chain(64..=76) {
            let len = u32::try_from(bytes.len() + 1).unwrap().to_le_bytes();
            assert_total(&[&[tag][..], bytes].concat());
            assert_total(&[&len[..], &[tag], bytes].concat());
        }
    });
}

#[test]
fn what_is_cut_short_is_refused_without_more_memory() {
    for sample in corpus() {
        for len in 0..=sample.len() {
            assert_total(&sample[..len]);
        }
    }
}

#[test]
fn every_single_flipped_bit_is_decoded_or_refused() {
    for sample in corpus() {
        for bit in 0..sample.len() * 8 {
            let mut flipped = sample.clone();
            flipped[bit / 8] ^= 1 << (bit % 8);
            assert_total(&flipped);
        }
    }
}

#[test]
fn lengths_that_promise_gigabytes_allocate_nothing() {
    let promises: [&[u8]; 4] = [
        &[0xff, 0xff, 0xff, 0xff, 0x0f], // a varint of 32 bits
        &[0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01], // of 64 bits
        &[0xff, 0xff, 0x3f],             // just over a frame
        &[0xff, 0x7f],                   // within many limits
    ];
    for sample in corpus() {
        for at in 0..sample.len() {
            for promise in promises {
                let tail = &sample[at + 1..];
                assert_total(&[&sample[..at], promise, tail].concat());
                assert_total(&[&sample[..at], promise].concat());
            }
        }
    }
}

#[test]
fn several_mutations_at_once_are_decoded_or_refused() {
    let mut dice = Dice::of_this_run("several_mutations_at_once_are_decoded_or_refused");
    let corpus = corpus();
    for _ in 0..40_000 {
        let mut bytes = corpus[dice.below(corpus.len())].clone();
        for _ in 0..=dice.below(4) {
            let at = dice.below(bytes.len().max(1));
            match dice.below(4) {
                0 => bytes.truncate(at),
                1 => bytes.insert(at, dice.below(256).try_into().unwrap()),
                2 => bytes.extend(corpus[dice.below(corpus.len())].clone()),
                _ if at < bytes.len() => bytes[at] = dice.below(256).try_into().unwrap(),
                _ => {}
            }
        }
        assert_total(&bytes);
    }
}

#[test]
fn a_reader_refuses_a_length_over_the_limit_before_keeping_anything() {
    for len in [u32::MAX, u32::try_from(MAX_FRAME_BYTES).unwrap() + 1] {
        let mut reader = FrameReader::new();
        let peak = peak_of(|| {
            reader.feed(&len.to_le_bytes());
            let read = reader.next_frame::<ClientToRelay>();
            assert_eq!(read, Err(DecodeError::TooLong(len as usize)));
        });
        assert!(peak < 1024, "{peak}");
    }
    let mut reader = FrameReader::new();
    reader.feed(&[0; 4]);
    assert_eq!(reader.next_frame::<RelayToClient>(), Err(DecodeError::Empty));
}

#[test]
fn frames_at_their_limits_stay_within_twice_a_frame() {
    // A push of one item, at the limit and over it.
    let push = |len: usize| {
        let mut body = vec![2];
        body.extend([0x11; 20]);
        body.push(1);
        let mut rest = len;
        while rest > 0x7f {
            body.push(u8::try_from(rest & 0x7f).unwrap() | 0x80);
            rest >>= 7;
        }
        body.push(u8::try_from(rest).unwrap());
        body.extend(vec![0xaa; len]);
        body
    };
    assert!(matches!(ClientToRelay::decode(&push(MAX_ITEM_BYTES)), Ok(Decoded::Frame(_))));
    let over = ClientToRelay::decode(&push(MAX_ITEM_BYTES + 1));
    assert!(matches!(over, Err(DecodeError::Malformed { tag: 2, .. })));

    // The fullest frame, in the reader's buffer and decoded.
    for lead in [2, 7, 67, 74] {
        let mut frame = u32::try_from(MAX_FRAME_BYTES).unwrap().to_le_bytes().to_vec();
        frame.push(lead);
        frame.resize(4 + MAX_FRAME_BYTES, 0x01);
        assert_total(&frame);
    }
    assert_eq!(
        ClientToRelay::decode(&vec![2; MAX_FRAME_BYTES + 1]),
        Err(DecodeError::TooLong(MAX_FRAME_BYTES + 1))
    );
}
