#![allow(clippy::unwrap_used, reason = "a failed unwrap fails the test")]

use std::net::Ipv4Addr;

use tandem_proto::{
    ClientToRelay, Closing, Hash16, Hello, MailDrop, MailStored, MailboxId, PROTOCOL, RelayKey,
    Wire,
};
use tandem_quic::Clients;

use super::*;

fn key(seed: u8) -> SecretKey {
    SecretKey::from_seed([seed; 32])
}

/// A listener with this key.
fn listen(seed: u8) -> (Endpoint, SocketAddr) {
    let config = tandem_quic::server(&key(seed), Clients::Proven).unwrap();
    let endpoint = Endpoint::server(config, (Ipv4Addr::LOCALHOST, 0).into()).unwrap();
    let address = endpoint.local_addr().unwrap();
    (endpoint, address)
}

/// A relay that answers each letter dropped by saying that it is stored: an echo in other words.
async fn echo(endpoint: Endpoint) {
    while let Some(incoming) = endpoint.accept().await {
        let Ok(connection) = incoming.await else { continue };
        tokio::spawn(async move {
            let (mut send, mut recv) = connection.accept_bi().await.unwrap();
            let mut reader = FrameReader::new();
            while let Ok(Some(chunk)) = recv.read_chunk(CHUNK, true).await {
                reader.feed(&chunk.bytes);
                while let Some(frame) = reader.next_frame::<ClientToRelay>().unwrap() {
                    let Decoded::Frame(ClientToRelay::MailDrop(MailDrop { mailbox, letter })) =
                        frame
                    else {
                        continue;
                    };
                    let stored = RelayToClient::MailStored(MailStored { mailbox, letter });
                    send.write_all(&stored.to_bytes()).await.unwrap();
                }
            }
        });
    }
}

fn dial(address: SocketAddr, relay: u8) -> (Dial, mpsc::Receiver<(u64, LinkEvent)>, Link) {
    let dial = Dial {
        relay: RelayLink {
            address: address.to_string().parse().unwrap(),
            key: RelayKey::new(key(relay).public()),
        },
        key: key(100),
        instead: None,
        patience: Duration::from_secs(5),
        path: PathMemory::new(None),
        counter: Arc::default(),
    };
    let (link, events) = start(&dial);
    (dial, events, link)
}

fn start(dial: &Dial) -> (Link, mpsc::Receiver<(u64, LinkEvent)>) {
    let (sender, events) = mpsc::channel(16);
    (Link::dial(dial.clone(), 7, sender), events)
}

async fn down(events: &mut mpsc::Receiver<(u64, LinkEvent)>) -> LinkFault {
    match events.recv().await.unwrap() {
        (7, LinkEvent::Down(fault)) => fault,
        other => panic!("{other:?}"),
    }
}

async fn up(events: &mut mpsc::Receiver<(u64, LinkEvent)>) {
    assert!(matches!(events.recv().await, Some((7, LinkEvent::Up))));
}

fn letter(n: u32) -> MailDrop {
    let mut bytes = [0; 16];
    bytes[..4].copy_from_slice(&n.to_le_bytes());
    MailDrop { mailbox: MailboxId::new([1; MailboxId::LEN]), letter: Hash16::new(bytes) }
}

/// Reads until this many frames have come.
async fn stored(events: &mut mpsc::Receiver<(u64, LinkEvent)>, many: usize) -> Vec<Hash16> {
    let mut letters = Vec::new();
    while letters.len() < many {
        let Some((7, LinkEvent::Frames(frames))) = events.recv().await else { panic!("no frames") };
        letters.extend(frames.into_iter().map(|frame| match frame {
            RelayToClient::MailStored(stored) => stored.letter,
            other => panic!("{other:?}"),
        }));
    }
    letters
}

#[tokio::test]
async fn frames_go_and_come_in_order_and_are_counted() {
    let (endpoint, address) = listen(1);
    tokio::spawn(echo(endpoint));
    let (dial, mut events, link) = dial(address, 1);
    up(&mut events).await;
    let mut bytes = Vec::new();
    (0..1000).for_each(|n| ClientToRelay::MailDrop(letter(n)).encode(&mut bytes));
    assert!(link.send(bytes.clone()));
    let letters = stored(&mut events, 1000).await;
    assert!(letters.into_iter().eq((0..1000).map(|n| letter(n).letter)));
    let (sent, received) = dial.counter.bytes();
    assert!(sent > bytes.len() as u64 && received > bytes.len() as u64, "{sent} {received}");
    // Hanging up says goodbye and ends.
    link.hang_up().await.unwrap();
}

#[tokio::test]
async fn another_key_than_the_pinned_one_is_told_apart() {
    let (endpoint, address) = listen(2);
    tokio::spawn(echo(endpoint));
    let (_, mut events, _link) = dial(address, 1);
    assert_eq!(down(&mut events).await, LinkFault::WrongKey);
}

#[tokio::test]
async fn nobody_there_is_unreachable_once_patience_is_over() {
    let silent = std::net::UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let (mut dial, _, _) = dial(silent.local_addr().unwrap(), 1);
    dial.patience = Duration::from_millis(300);
    let since = tokio::time::Instant::now();
    let (_link, mut events) = start(&dial);
    assert_eq!(down(&mut events).await, LinkFault::Unreachable);
    assert!(since.elapsed() < Duration::from_secs(3));
}

#[tokio::test]
async fn a_name_that_is_no_name_is_unreachable() {
    let (mut dial, _, _) = dial("127.0.0.1:1".parse().unwrap(), 1);
    dial.relay.address = "relay.invalid:7443".parse().unwrap();
    let (_link, mut events) = start(&dial);
    assert_eq!(down(&mut events).await, LinkFault::Unreachable);
}

#[tokio::test]
async fn hanging_up_while_dialling_ends_the_dial() {
    let silent = std::net::UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let (_, _events, link) = dial(silent.local_addr().unwrap(), 1);
    link.hang_up().await.unwrap();
}

#[tokio::test]
async fn a_dial_can_be_led_through_another_address() {
    let (endpoint, address) = listen(1);
    tokio::spawn(echo(endpoint));
    let (mut dial, _, _) = dial("127.0.0.1:1".parse().unwrap(), 1);
    dial.instead = Some(address);
    let (_link, mut events) = start(&dial);
    up(&mut events).await;
}

#[tokio::test]
async fn a_relay_that_closes_is_heard_with_its_reason() {
    let (endpoint, address) = listen(1);
    let (_, mut events, link) = dial(address, 1);
    let connection = endpoint.accept().await.unwrap().await.unwrap();
    up(&mut events).await;
    link.send(ClientToRelay::MailDrop(letter(1)).to_bytes());
    let (_send, _recv) = connection.accept_bi().await.unwrap();
    connection.close(1u32.into(), b"the school is closed");
    let LinkFault::Closed(why) = down(&mut events).await else { panic!("not closed") };
    assert!(why.contains("the school is closed"), "{why}");
}

#[tokio::test]
async fn bytes_that_are_no_frame_end_the_link_after_what_was_good() {
    let (endpoint, address) = listen(1);
    let (_, mut events, link) = dial(address, 1);
    let connection = endpoint.accept().await.unwrap().await.unwrap();
    up(&mut events).await;
    let hello = Hello { version: PROTOCOL, generation: None, digest: Hash16::new([0; 16]) };
    link.send(ClientToRelay::Hello(hello).to_bytes());
    let (mut send, _recv) = connection.accept_bi().await.unwrap();
    let mut bytes = RelayToClient::Closing(Closing::Replaced).to_bytes();
    bytes.extend_from_slice(&[2, 0, 0, 0, 200, 1]); // a tag of a newer version: skipped
    bytes.extend_from_slice(&[0xff; 8]);
    send.write_all(&bytes).await.unwrap();
    let mut frames = Vec::new();
    let fault = loop {
        match events.recv().await.unwrap().1 {
            LinkEvent::Frames(more) => frames.extend(more),
            LinkEvent::Down(fault) => break fault,
            LinkEvent::Up => panic!("up twice"),
        }
    };
    assert_eq!(frames, [RelayToClient::Closing(Closing::Replaced)]);
    assert!(matches!(fault, LinkFault::Closed(_)));
}

#[tokio::test]
async fn half_a_frame_at_the_end_is_never_taken_for_one() {
    let (endpoint, address) = listen(1);
    let (_, mut events, link) = dial(address, 1);
    let connection = endpoint.accept().await.unwrap().await.unwrap();
    up(&mut events).await;
    link.send(ClientToRelay::MailDrop(letter(1)).to_bytes());
    let (mut send, _recv) = connection.accept_bi().await.unwrap();
    let MailDrop { mailbox, letter } = letter(1);
    let stored = RelayToClient::MailStored(MailStored { mailbox, letter });
    let bytes = stored.to_bytes();
    send.write_all(&[&bytes[..], &bytes[..bytes.len() - 1]].concat()).await.unwrap();
    send.finish().unwrap();
    let mut frames = Vec::new();
    let fault = loop {
        match events.recv().await.unwrap().1 {
            LinkEvent::Frames(more) => frames.extend(more),
            LinkEvent::Down(fault) => break fault,
            LinkEvent::Up => panic!("up twice"),
        }
    };
    assert_eq!(frames, [stored]);
    assert!(matches!(fault, LinkFault::Closed(_)), "{fault:?}");
}

#[tokio::test]
async fn a_link_goes_on_from_another_socket() {
    let (endpoint, address) = listen(1);
    tokio::spawn(echo(endpoint));
    let (_, mut events, link) = dial(address, 1);
    up(&mut events).await;
    link.send(ClientToRelay::MailDrop(letter(1)).to_bytes());
    stored(&mut events, 1).await;
    link.rebind();
    link.send(ClientToRelay::MailDrop(letter(2)).to_bytes());
    assert_eq!(stored(&mut events, 1).await, [letter(2).letter]);
}

#[tokio::test]
async fn the_round_trip_is_remembered_when_a_link_ends() {
    let (endpoint, address) = listen(1);
    tokio::spawn(echo(endpoint));
    let dir = tempfile::tempdir().unwrap();
    let (mut dial, _, _) = dial(address, 1);
    dial.path = PathMemory::new(Some(dir.path().join("path")));
    let (link, mut events) = start(&dial);
    up(&mut events).await;
    link.hang_up().await.unwrap();
    assert!(dir.path().join("path").exists());
}
