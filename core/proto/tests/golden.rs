//! The wire, frozen.
//!
//! `golden/*.hex` holds every frame of both directions, an envelope's header, roster links and a
//! receipt as annotated hex: a line is hex, then what it means. What is built here from fixed keys
//! and ids must come to exactly those bytes, and those bytes must read back to it. A change of one
//! byte in these files is a change of the protocol.

#![allow(clippy::unwrap_used, reason = "a test may fail where it stands")]

#[path = "golden/samples.rs"]
mod samples;

use tandem_proto::{
    Closing, Decoded, EnvelopeHeader, Farewell, FrameReader, ItemKind, Receipt, Refusal, Roster,
    RosterLink, RosterLinkError, SeatRequest, ThreadId, Whom, Wire, item_kind,
};

/// The sections of a golden file: a name after `##`, then its bytes.
fn sections(text: &str) -> Vec<(&str, Vec<u8>)> {
    let mut out: Vec<(&str, Vec<u8>)> = Vec::new();
    for line in text.lines().filter(|line| !line.trim().is_empty() && !line.starts_with("# ")) {
        if let Some(name) = line.strip_prefix("## ") {
            out.push((name, Vec::new()));
            continue;
        }
        let hex = line.split("  ").next().unwrap();
        let bytes = &mut out.last_mut().expect("a section begins with its name").1;
        for pair in hex.as_bytes().chunks(2) {
            let pair = std::str::from_utf8(pair).unwrap();
            bytes.push(u8::from_str_radix(pair, 16).expect("hex up to the first two spaces"));
        }
    }
    out
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Holds samples against a golden file: the same names in the same order, the same bytes.
fn assert_golden(file: &str, samples: &[(&str, Vec<u8>)]) {
    let golden = sections(file);
    let names =
        |all: &[(&str, Vec<u8>)]| all.iter().map(|(name, _)| name.to_string()).collect::<Vec<_>>();
    assert_eq!(names(&golden), names(samples), "every sample has its section, in order");
    for ((name, frozen), (_, made)) in golden.iter().zip(samples) {
        assert_eq!(hex(frozen), hex(made), "{name}");
    }
}

fn assert_frames<T: Wire + PartialEq + std::fmt::Debug>(file: &str, frames: &[(&str, T)]) {
    let bytes: Vec<_> = frames.iter().map(|(name, frame)| (*name, frame.to_bytes())).collect();
    assert_golden(file, &bytes);
    // One stream of all of them reads back, whatever the pieces it arrives in.
    let stream: Vec<u8> = bytes.iter().flat_map(|(_, bytes)| bytes.clone()).collect();
    for piece in [1, 7, stream.len()] {
        let (mut reader, mut read) = (FrameReader::new(), Vec::new());
        for piece in stream.chunks(piece) {
            reader.feed(piece);
            while let Some(frame) = reader.next_frame::<T>().unwrap() {
                read.push(frame);
            }
        }
        let expected: Vec<_> = sections(file)
            .into_iter()
            .map(|(_, bytes)| T::decode(&bytes[4..]).expect("a frozen frame reads"))
            .collect();
        assert_eq!(read, expected);
        for (frame, (name, made)) in read.iter().zip(frames) {
            assert!(matches!(frame, Decoded::Frame(frame) if frame == made), "{name}");
        }
    }
}

#[test]
fn every_frame_of_a_client_is_frozen() {
    assert_frames(include_str!("golden/client.hex"), &samples::client());
}

#[test]
fn every_frame_of_a_relay_is_frozen() {
    assert_frames(include_str!("golden/relay.hex"), &samples::relay());
}

#[test]
fn every_log_item_and_receipt_is_frozen() {
    assert_golden(include_str!("golden/items.hex"), &samples::items());
}

#[test]
fn frozen_items_read_back_and_verify() {
    let items = sections(include_str!("golden/items.hex"));
    let item = |name: &str| &items.iter().find(|(found, _)| *found == name).unwrap().1[..];

    let (header, sealed) = EnvelopeHeader::parse(item("Envelope")).unwrap();
    assert_eq!(header, samples::header());
    assert_eq!(header.assemble(sealed), item("Envelope"));

    for name in ["Genesis", "Admit", "Reseat", "Refound", "Readmit"] {
        assert_eq!(item_kind(item(name)), Ok(ItemKind::RosterLink));
        assert_eq!(RosterLink::from_item(item(name)).unwrap().to_item(), item(name));
    }
    let thread = ThreadId::of_genesis(item("Genesis"));
    assert_eq!(thread.to_string(), samples::FOUNDED);
    assert_eq!(item_kind(item("Request for a seat")), Ok(ItemKind::SeatRequest));
    let request = SeatRequest::from_item(&thread, item("Request for a seat")).unwrap();
    assert_eq!(request.to_item(), item("Request for a seat"));
    assert_eq!(item_kind(item("Farewell")), Ok(ItemKind::Farewell));
    let farewell = Farewell::from_item(&thread, item("Farewell")).unwrap();
    assert_eq!(farewell.to_item(), item("Farewell"));
    // Its sample takes one device out twice, to have every reason; no roster takes that.
    assert_eq!(RosterLink::from_item(item("Remove")).unwrap().to_item(), item("Remove"));
    let mut roster = Roster::found(thread, item("Genesis")).unwrap();
    for name in ["Admit", "Reseat"] {
        assert_eq!(roster.insert(item(name)), Ok(true), "{name}");
    }
    // Its sample leaves a guardian out, by a teacher.
    assert_eq!(roster.insert(item("Refound")), Err(RosterLinkError::NotTheirsToRemove));

    let receipt: Receipt = postcard::from_bytes(item("Receipt")).unwrap();
    assert_eq!(receipt.verify(&samples::relay_key()), Ok(()));
    assert_eq!(receipt, samples::receipt());
}

#[test]
fn reasons_keep_their_numbers() {
    let number = |bytes: Vec<u8>| bytes[0];
    let refusals = [
        Refusal::UnknownThread,
        Refusal::NotAMember,
        Refusal::StaleEpoch,
        Refusal::StaleLink,
        Refusal::Malformed,
        Refusal::OverQuota,
        Refusal::Unavailable,
        Refusal::NotAdmitted,
        Refusal::Suspended,
        Refusal::Erased,
    ];
    for (expected, refusal) in (0..).zip(refusals) {
        assert_eq!(number(postcard::to_extend(&refusal, Vec::new()).unwrap()), expected);
    }
    let closings = [
        Closing::Version(tandem_proto::PROTOCOL),
        Closing::Malformed,
        Closing::Busy(1),
        Closing::Stopping(1),
        Closing::Replaced,
        Closing::Suspended(Whom::Device),
        Closing::Removed(Whom::Device),
    ];
    for (expected, closing) in (0..).zip(closings) {
        assert_eq!(number(postcard::to_extend(&closing, Vec::new()).unwrap()), expected);
    }
}

#[test]
fn what_a_newer_minor_version_adds_is_skipped() {
    for (name, bytes) in sections(include_str!("golden/client.hex")) {
        let longer = [&bytes[4..], &[1, 2, 3]].concat();
        let read = tandem_proto::ClientToRelay::decode(&longer).unwrap();
        let plain = tandem_proto::ClientToRelay::decode(&bytes[4..]).unwrap();
        assert_eq!(read, plain, "{name}");
    }
    assert_eq!(tandem_proto::ClientToRelay::decode(&[63, 9]), Ok(Decoded::Unknown(63)));
    assert_eq!(tandem_proto::RelayToClient::decode(&[127]), Ok(Decoded::Unknown(127)));
}
