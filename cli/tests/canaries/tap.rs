//! A line that keeps every datagram that passes: a UDP proxy between the homes and the relay.

use std::{
    collections::BTreeMap,
    net::{Ipv4Addr, SocketAddr, UdpSocket},
    sync::{Arc, Mutex, OnceLock},
    thread,
};

/// Where devices find the relay, and what passed.
pub(crate) struct Tap {
    near: UdpSocket,
    relay: Arc<OnceLock<SocketAddr>>,
    kept: Arc<Mutex<Vec<Vec<u8>>>>,
}

fn socket() -> UdpSocket {
    UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).unwrap()
}

impl Tap {
    pub(crate) fn new() -> Self {
        let tap = Self { near: socket(), relay: Arc::default(), kept: Arc::default() };
        let near = tap.near.try_clone().unwrap();
        let (relay, kept) = (tap.relay.clone(), tap.kept.clone());
        thread::spawn(move || carry(&near, &relay, &kept));
        tap
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.near.local_addr().unwrap()
    }

    /// Where the relay is, from now on.
    pub(crate) fn leads_to(&self, relay: SocketAddr) {
        self.relay.set(relay).unwrap();
    }

    /// Every datagram that passed, either way.
    pub(crate) fn kept(&self) -> Vec<Vec<u8>> {
        self.kept.lock().unwrap().clone()
    }
}

fn carry(near: &UdpSocket, relay: &OnceLock<SocketAddr>, kept: &Arc<Mutex<Vec<Vec<u8>>>>) {
    let mut fars: BTreeMap<SocketAddr, UdpSocket> = BTreeMap::new();
    let mut buffer = vec![0; 1 << 16];
    loop {
        // What an earlier datagram met; the socket is as good as before.
        let Ok((len, device)) = near.recv_from(&mut buffer) else { continue };
        let Some(relay) = relay.get() else { continue };
        kept.lock().unwrap().push(buffer[..len].to_vec());
        let far = fars.entry(device).or_insert_with(|| {
            let far = socket();
            far.connect(relay).unwrap();
            let (back, near) = (far.try_clone().unwrap(), near.try_clone().unwrap());
            let kept = kept.clone();
            thread::spawn(move || carry_back(&back, &near, device, &kept));
            far
        });
        // UDP promises nothing; QUIC sends again.
        let _ = far.send(&buffer[..len]);
    }
}

fn carry_back(far: &UdpSocket, near: &UdpSocket, device: SocketAddr, kept: &Mutex<Vec<Vec<u8>>>) {
    let mut buffer = vec![0; 1 << 16];
    loop {
        // The answer to a datagram that found no relay comes as an error.
        let Ok(len) = far.recv(&mut buffer) else { continue };
        kept.lock().unwrap().push(buffer[..len].to_vec());
        let _ = near.send_to(&buffer[..len], device);
    }
}
