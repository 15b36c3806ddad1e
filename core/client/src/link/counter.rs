//! A UDP socket that counts what passes: bytes are money on a bad line.

use std::{
    io::{self, IoSliceMut},
    net::{Ipv4Addr, Ipv6Addr, SocketAddr, UdpSocket},
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    task::{Context, Poll, ready},
};

use quinn::{
    AsyncUdpSocket, Runtime, TokioRuntime, UdpPoller,
    udp::{RecvMeta, Transmit},
};

/// Bytes in UDP datagrams, both ways.
#[derive(Debug, Default)]
pub struct UdpCounter {
    up: AtomicU64,
    down: AtomicU64,
}

impl UdpCounter {
    /// Bytes sent and bytes received, without UDP's and IP's own headers.
    #[must_use]
    pub fn bytes(&self) -> (u64, u64) {
        (self.up.load(Ordering::Relaxed), self.down.load(Ordering::Relaxed))
    }
}

/// A fresh socket on any port, counted.
pub(super) fn bind(v6: bool, counter: &Arc<UdpCounter>) -> io::Result<Arc<dyn AsyncUdpSocket>> {
    let any: SocketAddr =
        if v6 { (Ipv6Addr::UNSPECIFIED, 0).into() } else { (Ipv4Addr::UNSPECIFIED, 0).into() };
    let inner = TokioRuntime.wrap_udp_socket(UdpSocket::bind(any)?)?;
    Ok(Arc::new(Counted { inner, counter: counter.clone() }))
}

#[derive(Debug)]
struct Counted {
    inner: Arc<dyn AsyncUdpSocket>,
    counter: Arc<UdpCounter>,
}

impl AsyncUdpSocket for Counted {
    fn create_io_poller(self: Arc<Self>) -> Pin<Box<dyn UdpPoller>> {
        self.inner.clone().create_io_poller()
    }

    fn try_send(&self, transmit: &Transmit<'_>) -> io::Result<()> {
        self.inner.try_send(transmit)?;
        self.counter.up.fetch_add(transmit.contents.len() as u64, Ordering::Relaxed);
        Ok(())
    }

    fn poll_recv(
        &self,
        cx: &mut Context<'_>,
        bufs: &mut [IoSliceMut<'_>],
        meta: &mut [RecvMeta],
    ) -> Poll<io::Result<usize>> {
        let received = ready!(self.inner.poll_recv(cx, bufs, meta))?;
        let bytes: usize = meta[..received].iter().map(|meta| meta.len).sum();
        self.counter.down.fetch_add(bytes as u64, Ordering::Relaxed);
        Poll::Ready(Ok(received))
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        self.inner.local_addr()
    }

    fn max_transmit_segments(&self) -> usize {
        self.inner.max_transmit_segments()
    }

    fn max_receive_segments(&self) -> usize {
        self.inner.max_receive_segments()
    }

    fn may_fragment(&self) -> bool {
        self.inner.may_fragment()
    }
}
