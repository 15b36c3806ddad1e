#![allow(clippy::unwrap_used, reason = "a test that can't go on says where")]

use super::*;

const GOOD: Quality =
    Quality { delay_ms: 1, jitter_ms: 0, lost: 0, doubled: 0, bytes_per_second: 1_000_000 };

/// A far end that sends everything back, a line to it, and a device's socket.
async fn echo(quality: Quality) -> (Line, UdpSocket) {
    let relay = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let line = Line::lay(relay.local_addr().unwrap(), quality, Chance::new(1, 1)).await.unwrap();
    tokio::spawn(async move {
        let mut buffer = [0; 100];
        while let Ok((len, from)) = relay.recv_from(&mut buffer).await {
            relay.send_to(&buffer[..len], from).await.unwrap();
        }
    });
    let device = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    device.connect(line.address()).await.unwrap();
    (line, device)
}

async fn heard(device: &UdpSocket, patience: Duration) -> Option<Vec<u8>> {
    let mut buffer = [0; 100];
    let len = timeout(patience, device.recv(&mut buffer)).await.ok()?.unwrap();
    Some(buffer[..len].to_vec())
}

#[tokio::test]
async fn a_line_carries_both_ways_and_counts() {
    let (line, device) = echo(GOOD).await;
    device.send(b"hello").await.unwrap();
    assert_eq!(heard(&device, Duration::from_secs(10)).await.unwrap(), b"hello");
    let carried = line.carried();
    assert_eq!((carried.up, carried.down, carried.sent, carried.lost), (5, 5, 2, 0));
}

#[tokio::test]
async fn nothing_passes_without_signal_and_the_same_socket_goes_on_with_it() {
    let (line, device) = echo(GOOD).await;
    line.set_signal(false);
    device.send(b"one").await.unwrap();
    assert_eq!(heard(&device, Duration::from_millis(100)).await, None);
    assert_eq!(line.carried().lost, 1);
    line.set_signal(true);
    device.send(b"two").await.unwrap();
    assert_eq!(heard(&device, Duration::from_secs(10)).await.unwrap(), b"two");
}

#[tokio::test]
async fn a_line_that_loses_everything_delivers_nothing_and_one_that_doubles_does_so() {
    let (_line, device) = echo(Quality { lost: 1_000, ..GOOD }).await;
    device.send(b"gone").await.unwrap();
    assert_eq!(heard(&device, Duration::from_millis(100)).await, None);
    let (_line, device) = echo(Quality { doubled: 1_000, ..GOOD }).await;
    device.send(b"twice").await.unwrap();
    for _ in 0..4 {
        assert_eq!(heard(&device, Duration::from_secs(10)).await.unwrap(), b"twice");
    }
}

#[tokio::test]
async fn a_narrow_line_makes_what_follows_wait() {
    let quality = Quality { bytes_per_second: 1_000, ..GOOD };
    let nowhere = SocketAddr::from((Ipv4Addr::LOCALHOST, 9));
    let line = Line::lay(nowhere, quality, Chance::new(1, 1)).await.unwrap();
    let first = line.air.arrivals(Way::Up, 3_000)[0];
    assert!(line.air.arrivals(Way::Up, 1).is_empty(), "the queue is full");
    let back = line.air.arrivals(Way::Down, 300)[0];
    assert!(back < first, "the other way is free");
    assert_eq!(line.air.arrivals(Way::Down, 100)[0].duration_since(back).as_millis(), 100);
}
